//! Trains a model from text: counts n-grams, smooths them, prunes them, and writes them as one file.

mod corpus;
mod counts;
mod kneser_ney;
pub(super) mod packed;
mod quantise;
mod runs;
mod write;

pub use corpus::Corpus;

use super::encode::Encoder;
use super::format::MOST_ORDER;
use super::model::SMALLEST_SHARE;
use super::vocabulary::{Vocabulary, class};
use crate::error::{Error, ErrorKind, Result};
use crate::text::syllable::is_valid_syllable;
use crate::text::token::Shape;
use counts::Counter;
use kneser_ney::{Smoothed, spooled};
use packed::pack;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use write::{Frame, write};

/// How a model is trained.
#[derive(Debug, Clone)]
pub struct Options {
    /// Length of the longest n-grams: 2 to 5.
    pub order: usize,
    /// The most n-grams kept of each order from 2 up; an order that is not named keeps what passes the cut-off.
    pub keep: Vec<usize>,
    /// The smallest count that is kept, for each order from 2 up; 1 where not named.
    pub cutoffs: Vec<u32>,
    /// The smallest count of a word that can be a Vietnamese syllable.
    pub syllable_count: u32,
    /// The smallest count of any other word.
    pub word_count: u32,
    /// Whether the model is packed for keeping, rather than in the form that can be asked.
    pub packed: bool,
}

impl Default for Options {
    /// What the shipped model was trained with; docs/notes/2026-11-23-ablation.md has the measurements behind it.
    fn default() -> Self {
        Options {
            order: 4,
            keep: vec![860_000, 2_430_000, 2_430_000],
            cutoffs: vec![1, 1, 2],
            syllable_count: 2,
            word_count: 20,
            packed: false,
        }
    }
}

/// A model as it is written to a file, and what there is to say of it.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// Lines and words trained on.
    pub lines: u64,
    /// Words, numbers and marks trained on.
    pub tokens: u64,
    /// Words in the vocabulary.
    pub words: usize,
    /// N-grams kept, from order 2 up.
    pub ngrams: Vec<usize>,
    /// N-grams of those that found their bucket full.
    pub lost: usize,
}

/// What is counted of a word before it has a number.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    count: u32,
    lower: u32,
    title: u32,
    upper: u32,
}

/// Types of words kept while the vocabulary is counted; rare ones are forgotten when there are more.
const MOST_TYPES: usize = 4_000_000;

/// Trains a model on `corpus`; the same input and options give the same bytes.
///
/// # Errors
/// [`ErrorKind::Unreadable`] where the corpus cannot be read, [`ErrorKind::Unwritable`] where counts cannot be kept on disk,
/// [`ErrorKind::Definition`] for an order that there is no format for.
pub fn train(corpus: &Corpus, options: &Options) -> Result<Trained> {
    if !(2..=MOST_ORDER).contains(&options.order) {
        return Err(Error::new(ErrorKind::Definition, format!("a model of order {} cannot be made", options.order))
            .remedy(format!("choose an order from 2 to {MOST_ORDER}")));
    }
    let mut encoder = Encoder::default();
    let mut source = Sha256::new();
    let mut seen: FxHashMap<Box<str>, Seen> = FxHashMap::default();
    let mut lines = 0;
    corpus.for_each_line(|line| {
        source.update(line.as_bytes());
        source.update(b"\n");
        lines += 1;
        encoder.words(line, |word, shape, begins| {
            if !seen.contains_key(word) {
                if seen.len() >= MOST_TYPES {
                    seen.retain(|_, s| s.count > 1);
                }
                seen.insert(word.into(), Seen::default());
            }
            if let Some(s) = seen.get_mut(word) {
                s.count += 1;
                match shape {
                    _ if begins => {}
                    Shape::Lower | Shape::Other => s.lower += 1,
                    Shape::Title => s.title += 1,
                    Shape::Upper => s.upper += 1,
                }
            }
        });
        Ok(())
    })?;
    let words = vocabulary_of(seen, options);
    let vocabulary = Vocabulary::new(words.iter().map(|(w, _)| &**w));
    let mut counter = Counter::new(options.order);
    let mut ids = Vec::new();
    let mut tokens = 0;
    corpus.for_each_line(|line| {
        encoder.encode(&vocabulary, line, &mut ids);
        tokens += ids.len() as u64 - 2;
        spooled(counter.add(&ids))
    })?;
    let mut model = Smoothed::new(spooled(counter.finish())?, vocabulary.len(), &options.cutoffs)?;
    model.prune(&options.keep);
    let words = &words[..vocabulary.len() - usize::from(class::FIRST_WORD)];
    let frame = Frame {
        source: source.finalize().into(),
        text: words.iter().flat_map(|(w, _)| [&**w, "\n"]).collect(),
        shapes: words.iter().flat_map(|(_, s)| shape_codes(s)).collect(),
    };
    let ngrams = model.levels.iter().map(|l| l.keys.len()).collect();
    let (bytes, lost) = if options.packed { (pack(&model, &frame)?, 0) } else { write(&model, &frame) };
    Ok(Trained { bytes, lines, tokens, words: words.len(), ngrams, lost })
}

/// The words that are frequent enough, the most frequent first, equals by their letters.
fn vocabulary_of(seen: FxHashMap<Box<str>, Seen>, options: &Options) -> Vec<(Box<str>, Seen)> {
    let enough = |word: &str, count: u32| {
        count >= options.word_count || (count >= options.syllable_count && is_valid_syllable(word))
    };
    let mut words: Vec<_> = seen.into_iter().filter(|(w, s)| enough(w, s.count)).collect();
    words.sort_unstable_by(|a, b| b.1.count.cmp(&a.1.count).then_with(|| a.0.cmp(&b.0)));
    words
}

/// Bytes of the shares of a word's occurrences that are titled and that are capitals.
fn shape_codes(seen: &Seen) -> [u8; 2] {
    // Half an occurrence is spread over the three shapes, so that one sighting proves little.
    let all = (seen.lower + seen.title + seen.upper) as f32 + 0.5;
    [seen.title, seen.upper].map(|n| {
        let share = ((n as f32 + 0.5 / 3.0) / all).max(SMALLEST_SHARE);
        (-share.ln() * 16.0).round().clamp(0.0, 255.0) as u8
    })
}

//! Trains a model from text: counts n-grams, smooths them, prunes them, and writes them as one file.

mod corpus;
mod counts;
mod kneser_ney;
mod quantise;
mod runs;

pub use corpus::Corpus;

use super::encode::Encoder;
use super::format::{HEADER, Layout, MOST_ORDER};
use super::model::SMALLEST_SHARE;
use super::successors::{Rows, seats};
use super::table::{Builder, Entry, Hash};
use super::vocabulary::{Vocabulary, WordId, class};
use crate::error::{Error, ErrorKind, Result};
use crate::text::syllable::is_valid_syllable;
use crate::text::token::Shape;
use counts::Counter;
use kneser_ney::{Smoothed, spooled};
use quantise::Codes;
use runs::Key;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

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
}

impl Default for Options {
    /// What the shipped model was trained with; docs/ablation.md has the measurements behind it.
    fn default() -> Self {
        Options {
            order: 4,
            keep: vec![860_000, 2_430_000, 2_430_000],
            cutoffs: vec![1, 1, 2],
            syllable_count: 2,
            word_count: 20,
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
    let mut trained = write(
        &model,
        &vocabulary,
        &words[..vocabulary.len() - usize::from(class::FIRST_WORD)],
        &source.finalize().into(),
    );
    trained.lines = lines;
    trained.tokens = tokens;
    Ok(trained)
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

/// The n-grams of a bucket, on average: a load at which a bucket overflows rarely. See [`super::table`].
const INNER_LOAD: f64 = 13.2;
const OUTER_LOAD: f64 = 18.0;

fn write(model: &Smoothed, vocabulary: &Vocabulary, words: &[(Box<str>, Seen)], source: &[u8; 32]) -> Trained {
    let order = model.levels.len() + 1;
    let buckets = model.levels.iter().enumerate().skip(1).map(|(n, level)| {
        let load = if n + 2 == order { OUTER_LOAD } else { INNER_LOAD };
        ((level.keys.len() as f64 / load).ceil() as usize).max(1)
    });
    let bigrams = model.levels[0].keys.len();
    let text: String = words.iter().flat_map(|(w, _)| [&**w, "\n"]).collect();
    let layout = Layout { order, words: words.len(), word_bytes: text.len(), bigrams, buckets: buckets.collect() };
    let mut bytes = vec![0; layout.len()];
    bytes[layout.text()].copy_from_slice(text.as_bytes());
    let shapes: Vec<u8> = words.iter().flat_map(|(_, s)| shape_codes(s)).collect();
    bytes[layout.shapes()].copy_from_slice(&shapes);
    let floats = model.unigrams.iter().chain(&model.unigram_backoffs).flat_map(|p| p.to_le_bytes());
    bytes[layout.unigrams()].iter_mut().zip(floats).for_each(|(to, from)| *to = from);
    let mut lost = 0;
    for (n, level) in model.levels.iter().enumerate() {
        let this = n + 2;
        let probabilities = Codes::new(&level.probabilities, 1);
        let backoffs = Codes::new(&level.backoffs, 0);
        let floats = probabilities.book().iter().chain(backoffs.book()).flat_map(|p| p.to_le_bytes());
        bytes[layout.codebook(this)].iter_mut().zip(floats).for_each(|(to, from)| *to = from);
        let entry = |index: usize| Entry {
            probability: probabilities.code(level.probabilities[index]),
            backoff: backoffs.code(level.backoffs[index]),
        };
        if this == 2 {
            let mut rows = Rows::new(seats(vocabulary));
            for (index, &key) in level.keys.iter().enumerate() {
                rows.insert((key >> 16) as WordId, key as WordId, entry(index));
            }
            rows.write(&layout, &mut bytes);
            continue;
        }
        let mut table = Builder::new(layout.buckets[n - 1], this < order);
        for (index, &key) in level.keys.iter().enumerate() {
            table.insert(place(key, this, layout.buckets[n - 1]), entry(index), level.values[index]);
        }
        lost += table.lost();
        bytes[layout.table(this)].copy_from_slice(&table.bytes());
    }
    let header = layout.header(source, &bytes[HEADER..]);
    bytes[..HEADER].copy_from_slice(&header);
    let ngrams = model.levels.iter().map(|l| l.keys.len()).collect();
    Trained { bytes, lines: 0, tokens: 0, words: words.len(), ngrams, lost }
}

fn place(key: Key, order: usize, buckets: usize) -> (usize, u16) {
    let word = |back: usize| (key >> (16 * back)) as WordId;
    (2..order).fold(Hash::of(word(1), word(0)), |hash, back| hash.after(word(back))).place(buckets)
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

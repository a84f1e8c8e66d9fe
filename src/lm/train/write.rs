//! The file of a model that can be asked.

use super::kneser_ney::Smoothed;
use super::quantise::Codes;
use super::runs::Key;
use crate::lm::format::{HEADER, Layout};
use crate::lm::successors::{Rows, seats};
use crate::lm::table::{Builder, Entry, Hash};
use crate::lm::vocabulary::{Vocabulary, WordId};

/// A model's parts that are no n-grams.
#[derive(Debug, PartialEq)]
pub(super) struct Frame {
    /// SHA-256 of the text that the model was trained on.
    pub source: [u8; 32],
    /// The words, a line each.
    pub text: String,
    /// Two codes a word of how it is written.
    pub shapes: Vec<u8>,
}

/// The n-grams of a bucket, on average: a load at which a bucket overflows rarely. See [`super::table`].
const INNER_LOAD: f64 = 13.2;
const OUTER_LOAD: f64 = 18.0;

/// The file's bytes, and how many n-grams found their bucket full.
pub(super) fn write(model: &Smoothed, frame: &Frame) -> (Vec<u8>, usize) {
    let Frame { source, text, shapes } = frame;
    let vocabulary = Vocabulary::new(text.lines());
    let words = shapes.len() / 2;
    let order = model.levels.len() + 1;
    let buckets = model.levels.iter().enumerate().skip(1).map(|(n, level)| {
        let load = if n + 2 == order { OUTER_LOAD } else { INNER_LOAD };
        ((level.keys.len() as f64 / load).ceil() as usize).max(1)
    });
    let bigrams = model.levels[0].keys.len();
    let layout = Layout { order, words, word_bytes: text.len(), bigrams, buckets: buckets.collect() };
    let mut bytes = vec![0; layout.len()];
    bytes[layout.text()].copy_from_slice(text.as_bytes());
    bytes[layout.shapes()].copy_from_slice(shapes);
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
            let mut rows = Rows::new(seats(&vocabulary));
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
    (bytes, lost)
}

fn place(key: Key, order: usize, buckets: usize) -> (usize, u16) {
    let word = |back: usize| (key >> (16 * back)) as WordId;
    (2..order).fold(Hash::of(word(1), word(0)), |hash, back| hash.after(word(back))).place(buckets)
}

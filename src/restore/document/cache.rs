//! What is seen clearly once helps everywhere in the document: words, and pairs of neighbours, that were recognised surely are remembered,
//! and where a reading is unsure, what the document holds counts beside what the language at large does.
//!
//! A cache model in the sense of Kuhn and De Mori (1990), turned into factors of the readings' weights: each is how much more often the
//! document has a word, or a pair, than the language model expects of a text of its length, with some occurrences presumed as expected.
//! A document that is like the language at large changes nothing, and unrelated lines leave each other alone.

use super::gazetteer::Gazetteer;
use super::window::{Slot, Window};
use crate::lm::{Model, WordId, class};
use crate::text::token::Shape;
use rustc_hash::FxHashMap;

/// A token whose best reading is less probable than this may learn from others.
const UNSURE: f32 = 0.985;
/// Others count only where they are at least this sure.
const SURE: f32 = 0.9;
/// Occurrences presumed to be as expected: of a word, of a word beside another, and of a name beside another. Names come in bursts: one
/// that a document has at all it has often. These and the exponents were chosen on reports and on unrelated lines together.
const PRESUMED: f32 = 1.0;
const PRESUMED_PAIRED: f32 = 2.0;
const PRESUMED_NAMED: f32 = 0.1;
/// What a pair of names counts for each time that the document has it: it is likelier the same again than another of the gazetteer.
const AGAIN: f32 = 2.0;
/// How much of what a single word's frequency says is believed: an exponent.
const ALONE: f32 = 0.7;
/// Flattens what the first decoding made of a neighbour: where both are unsure, each may be right only if the other is.
const NEIGHBOUR: f32 = 0.5;

/// One reading of a token after the first decoding.
#[derive(Debug, Clone, Copy)]
pub(in crate::restore) struct Marginal {
    pub first: WordId,
    pub last: WordId,
    pub probability: f32,
}

/// Probabilities of the readings of every token after the first decoding.
#[derive(Debug, Default)]
pub(in crate::restore) struct Marginals {
    values: Vec<Marginal>,
    starts: Vec<u32>,
    /// By token: the place of its likeliest reading; of none, where it has none.
    best: Vec<u32>,
}

impl Marginals {
    /// Forgets all tokens.
    pub fn clear(&mut self) {
        self.values.clear();
        self.starts.clear();
        self.best.clear();
    }

    /// Adds the next token's readings.
    pub fn push(&mut self, readings: impl IntoIterator<Item = Marginal>) {
        self.starts.push(self.values.len() as u32);
        let (mut best, mut most) = (u32::MAX, f32::NEG_INFINITY);
        for reading in readings {
            if reading.probability >= most {
                (best, most) = (self.values.len() as u32, reading.probability);
            }
            self.values.push(reading);
        }
        self.best.push(best);
    }

    /// The readings of a token, in the order in which they were added.
    #[inline]
    pub fn of(&self, token: usize) -> &[Marginal] {
        let end = self.starts.get(token + 1).map_or(self.values.len(), |&e| e as usize);
        &self.values[self.starts[token] as usize..end]
    }

    /// The likeliest reading of a token.
    #[inline]
    pub fn best(&self, token: usize) -> Option<&Marginal> {
        self.values.get(self.best[token] as usize)
    }

    /// Whether the token may be another word than it seems.
    #[inline]
    pub fn is_unsure(&self, token: usize) -> bool {
        self.of(token).len() > 1 && self.best(token).is_some_and(|b| b.probability < UNSURE)
    }

    /// Whether the first decoding left the readings of a token, by their order. Where it left none, all may be.
    pub fn left(&self, token: usize) -> impl Iterator<Item = bool> {
        let none = self.best(token).is_none_or(|b| b.probability <= 0.0);
        self.of(token).iter().map(move |m| none || m.probability > 0.0)
    }

    /// The one word that the token surely is.
    fn sure_word(&self, window: &Window, token: usize) -> Option<WordId> {
        let best = match window.tokens[token].slot {
            Slot::Open(_) => self.best(token)?,
            Slot::Fixed(_) => return None,
        };
        let single = best.first == best.last && best.first >= class::FIRST_WORD;
        (single && best.probability >= SURE).then_some(best.first)
    }
}

/// The words and the pairs of neighbours that were recognised surely in a window.
#[derive(Debug, Default)]
pub(in crate::restore) struct CacheModel {
    /// How often each is there, in different surroundings.
    words: FxHashMap<WordId, f32>,
    /// All words that are sure.
    total: f32,
    pairs: FxHashMap<(WordId, WordId), f32>,
    /// Pairs that begin with a word, and that end with it.
    begun: FxHashMap<WordId, f32>,
    ended: FxHashMap<WordId, f32>,
}

impl CacheModel {
    /// Remembers what is sure.
    pub fn gather(window: &Window, marginals: &Marginals) -> Self {
        let mut memory = CacheModel::default();
        let mut before: Option<WordId> = None;
        for at in 0..window.tokens.len() {
            if window.tokens[at].begins {
                before = None;
            }
            let word = marginals.sure_word(window, at);
            if let Some(word) = word {
                *memory.words.entry(word).or_default() += 1.0;
                memory.total += 1.0;
            }
            if let (Some(before), Some(word)) = (before, word) {
                *memory.pairs.entry((before, word)).or_default() += 1.0;
                *memory.begun.entry(before).or_default() += 1.0;
                *memory.ended.entry(word).or_default() += 1.0;
            }
            before = word;
        }
        memory.count_surroundings();
        memory
    }

    /// Counts no word more often than it stands in different surroundings: `chuyên` before `môn` time and again makes that pair
    /// likelier, and not `chuyên` elsewhere.
    // Sums of ones, and words by themselves: the order changes nothing.
    #[allow(clippy::iter_over_hash_type)]
    fn count_surroundings(&mut self) {
        let mut beside: FxHashMap<WordId, [f32; 2]> = FxHashMap::default();
        for &(left, right) in self.pairs.keys() {
            beside.entry(left).or_default()[1] += 1.0;
            beside.entry(right).or_default()[0] += 1.0;
        }
        for (word, count) in &mut self.words {
            let [before, after] = beside.get(word).copied().unwrap_or_default();
            *count = count.min(1.0 + before.min(after));
        }
    }

    /// Multiplies the weights of the readings of a token, in their order, by what the memory and the gazetteer make of them.
    pub fn weigh(&self, around: &DocumentContext, at: usize, weights: &mut [f32]) {
        let DocumentContext { model, window, marginals, shapes, .. } = *around;
        let readings = marginals.of(at);
        if !readings.iter().any(|r| self.words.contains_key(&r.first)) {
            return;
        }
        // What the token itself has put into the memory proves nothing of it.
        let own = marginals.sure_word(window, at);
        let before = at.checked_sub(1).filter(|_| !window.tokens[at].begins);
        let after = Some(at + 1).filter(|&next| window.tokens.get(next).is_some_and(|n| !n.begins));
        let capital = |at: usize| shapes[at] != Shape::Lower;
        for (reading, weight) in readings.iter().zip(weights).filter(|(_, weight)| **weight > 0.0) {
            let seen = count(&self.words, &reading.first) - f32::from(u8::from(own == Some(reading.first)));
            let expected = model.unigram(reading.first) * self.total;
            *weight *= ((seen + PRESUMED) / (expected + PRESUMED)).powf(ALONE);
            if let Some(before) = before {
                *weight *= average(marginals.of(before), |left| {
                    let expected = expected_of(&self.begun, left.last, || model.bigram(left.last, reading.first));
                    self.paired((left.last, reading.first), expected, own, around, [capital(before), capital(at)])
                });
            }
            if let Some(after) = after {
                *weight *= average(marginals.of(after), |right| {
                    let (word, next) = (reading.last, right.first);
                    let p = || model.bigram(word, next) * model.unigram(word) / model.unigram(next);
                    let expected = expected_of(&self.ended, next, p);
                    self.paired((word, next), expected, own, around, [capital(at), capital(after)])
                });
            }
        }
    }

    /// How much more often the pair is in the document than is expected.
    fn paired(
        &self,
        pair: (WordId, WordId),
        expected: f32,
        own: Option<WordId>,
        around: &DocumentContext,
        capitals: [bool; 2],
    ) -> f32 {
        let seen = (count(&self.pairs, &pair) - f32::from(u8::from(own.is_some()))).max(0.0);
        let (seen, presumed) =
            if capitals == [true; 2] { (AGAIN * seen, PRESUMED_NAMED) } else { (seen, PRESUMED_PAIRED) };
        // A kind of place has no capital of its own; the name after it has.
        let named = if capitals[1] { around.gazetteer.named(pair) } else { 0.0 };
        (seen + named + presumed) / (expected + presumed)
    }
}

/// What is known of a window after its first decoding.
#[derive(Clone, Copy)]
pub(in crate::restore) struct DocumentContext<'a> {
    pub model: &'a Model,
    pub gazetteer: &'a Gazetteer,
    pub window: &'a Window,
    pub marginals: &'a Marginals,
    /// The likeliest word at each token.
    pub words: &'a [WordId],
    /// How each token is written.
    pub shapes: &'a [Shape],
}

impl DocumentContext<'_> {
    /// Multiplies the weights of the readings of a token by what phrases of the trade make of them beside their neighbours.
    pub fn weigh_phrases(&self, at: usize, weights: &mut [f32]) {
        let DocumentContext { model, gazetteer, window, marginals, .. } = *self;
        // The word before another in its paragraph.
        let before = |at: usize| at.checked_sub(1).filter(|_| !window.tokens[at].begins);
        let word = |at: Option<usize>| at.map_or(class::BREAK, |at| self.words[at]);
        let one_back = before(at);
        let two_back = one_back.and_then(before);
        for (reading, weight) in marginals.of(at).iter().zip(weights).filter(|(_, weight)| **weight > 0.0) {
            if let Some(left) = one_back {
                let factor = |left: &Marginal| gazetteer.phrase_factor(model, word(two_back), left.last, reading.first);
                *weight *= average(marginals.of(left), factor);
            }
            if let Some(right) = Some(at + 1).filter(|&next| window.tokens.get(next).is_some_and(|n| !n.begins)) {
                let factor =
                    |right: &Marginal| gazetteer.phrase_factor(model, word(one_back), reading.last, right.first);
                *weight *= average(marginals.of(right), factor);
            }
        }
    }
}

fn count<K: std::hash::Hash + Eq>(counts: &FxHashMap<K, f32>, key: &K) -> f32 {
    counts.get(key).copied().unwrap_or(0.0)
}

/// How many of the pairs with this word are expected to be the one that has this probability, which is asked for only where it matters.
fn expected_of(pairs: &FxHashMap<WordId, f32>, word: WordId, probability: impl FnOnce() -> f32) -> f32 {
    pairs.get(&word).map_or(0.0, |count| count * probability())
}

/// The average over what a neighbour may be; 1 where it is no word.
fn average(neighbours: &[Marginal], factor: impl Fn(&Marginal) -> f32) -> f32 {
    let (mut sum, mut whole) = (0.0, 0.0);
    // What the first decoding has set aside weighs nothing.
    for neighbour in neighbours.iter().filter(|n| n.first >= class::FIRST_WORD && n.probability > 0.0) {
        let weight = neighbour.probability.powf(NEIGHBOUR);
        sum += weight * factor(neighbour);
        whole += weight;
    }
    if whole > 0.0 { sum / whole } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_that_were_set_aside_are_not_left_unless_none_is() {
        let mut marginals = Marginals::default();
        let of = |probability: f32| Marginal { first: 0, last: 0, probability };
        for probabilities in [[0.7, 0.0, 0.3], [0.0; 3]] {
            marginals.push(probabilities.map(of));
        }
        assert_eq!(marginals.left(0).collect::<Vec<_>>(), [true, false, true]);
        assert_eq!(marginals.left(1).collect::<Vec<_>>(), [true; 3]);
    }
    #[test]
    fn a_word_that_comes_in_one_pair_only_is_no_likelier_elsewhere() {
        let mut memory = CacheModel::default();
        for (pair, times) in
            [((1, 2), 3.0), ((4, 2), 3.0), ((2, 3), 6.0), ((1, 5), 1.0), ((4, 5), 1.0), ((5, 6), 1.0), ((5, 7), 1.0)]
        {
            memory.pairs.insert(pair, times);
        }
        memory.words.extend([(2, 6.0), (5, 2.0), (9, 1.0)]);
        memory.count_surroundings();
        assert_eq!([2, 5, 9].map(|word| memory.words[&word]), [2.0, 2.0, 1.0]);
    }
}

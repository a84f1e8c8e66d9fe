//! What is seen clearly once helps everywhere in the document: readings of the same letters, in the same company, pool what they know.

use super::window::{What, Window};
use crate::lm::WordId;
use rustc_hash::{FxHashMap, FxHashSet};

/// A token whose best reading is less probable than this may learn from others.
const UNSURE: f32 = 0.9;
/// How much what others know of the same letters counts, and of the same letters beside the same others: exponents, chosen
/// on reports and on unrelated lines, which must not harm each other.
const ALONE: f32 = 0.1;
const IN_COMPANY: f32 = 0.75;
/// Others count only where they are at least this sure.
const SURE: f32 = 0.9;
/// Sightings presumed before any are counted, spread evenly over the readings.
const PRESUMED: f32 = 1.0;

/// Probabilities of the readings of every token after the first decoding.
#[derive(Debug, Default)]
pub(super) struct Marginals {
    values: Vec<(WordId, f32)>,
    starts: Vec<u32>,
}

impl Marginals {
    /// Adds the next token's readings, each by its first word.
    pub fn push(&mut self, readings: impl IntoIterator<Item = (WordId, f32)>) {
        self.starts.push(self.values.len() as u32);
        self.values.extend(readings);
    }

    pub fn of(&self, token: usize) -> &[(WordId, f32)] {
        let end = self.starts.get(token + 1).map_or(self.values.len(), |&e| e as usize);
        &self.values[self.starts[token] as usize..end]
    }

    fn is_unsure(&self, token: usize) -> bool {
        let readings = self.of(token);
        readings.len() > 1 && readings.iter().map(|r| r.1).fold(0.0, f32::max) < UNSURE
    }
}

/// What the whole window knows of the letters that are unsure somewhere in it.
pub(super) struct Sightings {
    /// By letters, or by letters and those beside them, and the word that they are taken for.
    sums: FxHashMap<(u64, WordId), f32>,
    counts: FxHashMap<u64, f32>,
}

impl Sightings {
    /// Gathers; None where there is nothing to learn, because all is sure or nothing is repeated.
    pub fn gather(window: &Window, marginals: &Marginals) -> Option<Self> {
        let mut unsure = FxHashSet::default();
        for (at, seen) in window.tokens.iter().enumerate() {
            if let What::Open(kind) = seen.what {
                let kind = &window.kinds[kind as usize];
                if window.counts[kind.letters as usize] > 1 && marginals.is_unsure(at) {
                    unsure.insert(kind.letters);
                }
            }
        }
        if unsure.is_empty() {
            return None;
        }
        let mut sightings = Sightings { sums: FxHashMap::default(), counts: FxHashMap::default() };
        for at in 0..window.tokens.len() {
            if letters(window, at).is_some_and(|l| unsure.contains(&l)) && marginals.of(at).iter().any(|r| r.1 >= SURE)
            {
                for key in keys(window, at).into_iter().flatten() {
                    *sightings.counts.entry(key).or_default() += 1.0;
                    for &(word, p) in marginals.of(at) {
                        *sightings.sums.entry((key, word)).or_default() += p;
                    }
                }
            }
        }
        Some(sightings)
    }

    /// Whether the token is unsure and others can help it.
    pub fn help(&self, window: &Window, marginals: &Marginals, at: usize) -> bool {
        marginals.is_unsure(at) && keys(window, at)[0].and_then(|k| self.counts.get(&k)).is_some_and(|&n| n >= 1.0)
    }

    /// What the other tokens make of a reading of this one, as a factor of its weight.
    pub fn factor(&self, window: &Window, marginals: &Marginals, at: usize, word: WordId) -> f32 {
        let readings = marginals.of(at);
        let own = readings.iter().filter(|r| r.0 == word).map(|r| r.1).sum::<f32>();
        let even = 1.0 / readings.len().max(1) as f32;
        let exponents = [ALONE, IN_COMPANY, IN_COMPANY];
        let mut factor = 1.0;
        for (key, exponent) in keys(window, at).into_iter().zip(exponents) {
            let Some(key) = key else { continue };
            let counted = f32::from(u8::from(readings.iter().any(|r| r.1 >= SURE)));
            let others = self.counts.get(&key).map_or(0.0, |n| n - counted);
            if others > 0.0 {
                let sum = (self.sums.get(&(key, word)).copied().unwrap_or(0.0) - own * counted).max(0.0);
                factor *= ((sum + PRESUMED * even) / (others + PRESUMED)).powf(exponent);
            }
        }
        factor
    }
}

fn letters(window: &Window, at: usize) -> Option<u32> {
    match window.tokens.get(at)?.what {
        What::Open(kind) => Some(window.kinds[kind as usize].letters),
        What::Fixed(_) => None,
    }
}

/// Keys of the token's letters alone, with those before, and with those after.
fn keys(window: &Window, at: usize) -> [Option<u64>; 3] {
    let Some(own) = letters(window, at).map(u64::from) else { return [None; 3] };
    let before = at.checked_sub(1).filter(|_| !window.tokens[at].begins).and_then(|b| letters(window, b));
    let after = letters(window, at + 1).filter(|_| !window.tokens[at + 1].begins);
    // Letters are numbered from 0 in a window, far below 2^30.
    [
        Some(own << 32),
        before.map(|b| own << 32 | u64::from(b) << 1 | 1),
        after.map(|a| own << 32 | 1 << 31 | u64::from(a) << 1 | 1),
    ]
}

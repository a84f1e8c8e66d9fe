//! What happened to a text, inferred from its own words: how much of it is clean, stripped, misread, and by whom.

use super::window::{Mixture, TokenType, Window};
use crate::lm::{Model, class};
use crate::restore::channel::candidate::Component;
use crate::text::syllable::is_valid_syllable;

/// Occurrences that are presumed before the text is looked at: text is clean until its words say otherwise.
const PRESUMED: Mixture = [8.0, 0.1, 0.1, 0.1, 0.1, 0.3];
/// No component is ever quite excluded: a clean text may have a stripped word.
const SMALLEST: Mixture = [1e-6, 2e-4, 1e-4, 1e-5, 2e-5, 2e-4];
const ROUNDS: usize = 25;

/// P(the token as seen | an unknown word was printed and seen as it is). A letter more makes it so much rarer; one with a mark more
/// still, as unknown words are foreign or abbreviations. Digits and signs between letters are rarely printed: `m2` and `QH14` are.
pub(in crate::restore) fn spelling(folded: &str) -> f32 {
    const LETTER: f32 = 0.07;
    const MARKED: f32 = 0.01;
    const MIXED: f32 = 0.003;
    // A name that the model has never met is built like any other syllable.
    const SYLLABLE: f32 = 3e-6;
    let letters = folded.chars().fold(1.0, |p, c| p * if c.is_ascii() { LETTER } else { MARKED });
    if folded.chars().all(char::is_alphabetic) || is_plain_mixture(folded) {
        if letters < SYLLABLE && !folded.is_ascii() && is_valid_syllable(folded) { SYLLABLE } else { letters }
    } else {
        letters * MIXED
    }
}

/// Letters and digits as they are printed side by side: a number and a unit, a letter and a number, a unit of area or volume.
fn is_plain_mixture(folded: &str) -> bool {
    let start = folded.trim_start_matches(|c: char| c.is_ascii_digit());
    let end = folded.trim_end_matches(|c: char| c.is_ascii_digit());
    let letters = |s: &str| !s.is_empty() && s.chars().all(char::is_alphabetic);
    (start.len() < folded.len() && letters(start) && start.len() <= 2)
        || (end.len() < folded.len()
            && letters(end)
            && (end.ends_with('m') || end.chars().count() == 1 && folded.len() > 2))
}

/// The share of unknown words that each component lets through unharmed.
pub(in crate::restore) const UNKNOWN_INTACT: Mixture = [1.0, 0.3, 0.3, 0.3, 0.1, 0.9];

impl Window {
    /// The mixture under which the window's words are likeliest, by expectation maximisation over words without their context.
    pub fn mixture(&self, model: &Model) -> Mixture {
        let likelihoods: Vec<(f32, Mixture)> =
            self.kinds.iter().map(|kind| (kind.count as f32, likelihood(kind, model))).collect();
        let mut mixture: Mixture = [1.0 / Component::COUNT as f32; Component::COUNT];
        for _ in 0..ROUNDS {
            let mut expected = PRESUMED;
            for (count, likelihood) in &likelihoods {
                let whole: f32 = mixture.iter().zip(likelihood).map(|(w, l)| w * l).sum();
                if whole > 0.0 {
                    for c in 0..Component::COUNT {
                        expected[c] += count * mixture[c] * likelihood[c] / whole;
                    }
                }
            }
            let sum: f32 = expected.iter().sum();
            mixture = expected.map(|e| e / sum);
        }
        std::array::from_fn(|c| mixture[c].max(SMALLEST[c]))
    }
}

/// P(the token as seen) by component, whatever word was printed.
fn likelihood(kind: &TokenType, model: &Model) -> Mixture {
    let unknown = model.unigram(class::UNKNOWN) * spelling(&kind.folded);
    let mut sums = UNKNOWN_INTACT.map(|intact| intact * unknown);
    for candidate in kind.candidates.iter() {
        let prior: f32 = candidate.words().iter().map(|&w| model.unigram(w)).product();
        for (sum, likelihood) in sums.iter_mut().zip(candidate.likelihood) {
            *sum += prior * likelihood;
        }
    }
    sums
}

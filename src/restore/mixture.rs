//! What happened to a text, inferred from its own words: how much of it is clean, stripped, misread, and by whom.

use super::reading::Component;
use super::window::{Kind, Mixture, Window};
use crate::lm::{Model, class};

/// Occurrences that are presumed before the text is looked at: text is clean until its words say otherwise.
const PRESUMED: Mixture = [8.0, 0.1, 0.1, 0.1, 0.1, 0.3];
/// No component is ever quite excluded: a clean text may have a stripped word.
const SMALLEST: Mixture = [1e-6, 2e-4, 1e-4, 1e-5, 2e-5, 2e-4];
const ROUNDS: usize = 25;

/// P(the token as seen | an unknown word was printed and seen as it is). A letter more is about so much rarer.
pub(super) fn spelling(folded: &str) -> f32 {
    const LETTER: f32 = 0.04;
    folded.chars().fold(1.0, |p, _| p * LETTER)
}

/// The share of unknown words that each component lets through unharmed.
pub(super) const UNKNOWN_INTACT: Mixture = [1.0, 0.3, 0.3, 0.3, 0.5, 0.9];

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
fn likelihood(kind: &Kind, model: &Model) -> Mixture {
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

//! Whether a posterior means what it says: of the words given 0.9, nine in ten should be right.

use super::pairing::pair;
use serde::Serialize;

/// Bins of equal width from 0 to 1.
const BINS: usize = 10;

/// The words of one range of posteriors.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Bin {
    /// How many words.
    pub words: usize,
    /// Sum of their posteriors.
    pub claimed: f64,
    /// How many are right.
    pub right: usize,
}

/// Words by their posterior.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// Ten bins of equal width from 0 to 1.
    pub bins: Vec<Bin>,
}

impl Calibration {
    /// Words with their posteriors against the reference's syllables; a word that has no partner is wrong.
    pub fn of(reference: &[&str], words: &[(&str, f64)]) -> Self {
        let other: Vec<&str> = words.iter().map(|word| word.0).collect();
        let mut bins = vec![Bin::default(); BINS];
        for (i, j) in pair(reference, &other) {
            let Some(j) = j else { continue };
            let posterior = words[j].1.clamp(0.0, 1.0);
            let bin = &mut bins[((posterior * BINS as f64) as usize).min(BINS - 1)];
            bin.words += 1;
            bin.claimed += posterior;
            bin.right += usize::from(i.is_some_and(|i| reference[i] == other[j]));
        }
        Calibration { bins }
    }

    /// Adds the words of another document.
    pub fn add(&mut self, other: &Calibration) {
        for (bin, more) in self.bins.iter_mut().zip(&other.bins) {
            bin.words += more.words;
            bin.claimed += more.claimed;
            bin.right += more.right;
        }
    }

    /// Expected calibration error: the mean distance between what was claimed and what was right, weighted by words
    /// (Naeini, Cooper and Hauskrecht, AAAI 2015). 0 without words.
    pub fn error(&self) -> f64 {
        let words: usize = self.bins.iter().map(|bin| bin.words).sum();
        let distance: f64 = self.bins.iter().map(|bin| (bin.claimed - bin.right as f64).abs()).sum();
        if words == 0 { 0.0 } else { distance / words as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_the_distance_between_claim_and_truth() {
        let calibration = Calibration::of(&["a", "b", "c", "d"], &[("a", 0.95), ("b", 0.95), ("x", 0.95), ("d", 0.35)]);
        // Two of three right at 0.95, one of one at 0.35.
        let expected = ((2.85 - 2.0) + (1.0 - 0.35)) / 4.0;
        assert!((calibration.error() - expected).abs() < 1e-9);
    }
}

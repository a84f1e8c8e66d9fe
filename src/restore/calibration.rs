//! Makes posteriors true where a person's corrections have shown that they say too much or too little.

use super::choice::Choice;
use serde::{Deserialize, Serialize};

/// What becomes of a posterior `p`: `1 / (1 + exp(-(scale · ln(p / (1 - p)) + shift)))`, a logistic regression on its log odds (Platt 1999).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// What the log odds are multiplied by; 1 leaves them.
    pub scale: f64,
    /// What is added to them; 0 leaves them.
    pub shift: f64,
}

impl Default for Calibration {
    fn default() -> Self {
        Calibration { scale: 1.0, shift: 0.0 }
    }
}

impl Calibration {
    /// The log odds of a posterior, from 0 to 1; certainty is taken for a millionth less.
    pub fn log_odds(posterior: f32) -> f64 {
        let p = f64::from(posterior).clamp(1e-6, 1.0 - 1e-6);
        (p / (1.0 - p)).ln()
    }

    /// What becomes of a posterior.
    pub fn of(&self, posterior: f32) -> f32 {
        (1.0 / (1.0 + (-(self.scale * Calibration::log_odds(posterior) + self.shift)).exp())) as f32
    }

    /// Makes the posteriors of these choices true.
    pub(super) fn apply(&self, chosen: &mut [Choice]) {
        if *self != Calibration::default() {
            chosen.iter_mut().for_each(|choice| choice.posterior = self.of(choice.posterior));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_shifted_stays_and_order_is_kept() {
        let all = [0.0, 0.2, 0.5, 0.9, 0.999, 1.0];
        let own = Calibration::default();
        assert!(all.iter().all(|&p| (own.of(p) - p).abs() < 1e-5));
        let humbler = Calibration { scale: 0.5, shift: -0.3 };
        let after = all.map(|p| humbler.of(p));
        assert!(after.windows(2).all(|pair| pair[0] < pair[1]), "{after:?}");
        assert!(after[3] < 0.9 && after[3] > 0.5);
    }
}

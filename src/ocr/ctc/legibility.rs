//! How sure the line network is of what it reads: print that lies wrong does not read as letters.

use super::LineNetwork;
use super::matrix::Steps;
use super::model::CtcModel;
use super::strip::{LineBox, Strip};
use crate::clean::Legibility;
use crate::geometry::Rect;
use image::GrayImage;

impl Legibility for CtcModel {
    fn log_odds(&self, image: &GrayImage, height: f32) -> f32 {
        let (wide, middle) = (image.width() as f32, image.height() as f32 / 2.0);
        let side = (0.3 * height).min(wide / 4.0);
        let rect = Rect::new(side, middle - height / 2.0, wide - side, middle + height / 2.0);
        let strip = Strip::cut(image, &LineBox { rect, slope: 0.0 });
        strip.and_then(|strip| self.read(&strip).ok()).map_or(0.0, |steps| of(&steps, self.letters()))
    }

    fn lines(&self, page: &GrayImage) -> Vec<[f32; 4]> {
        let found = LineNetwork::lines(self, page).unwrap_or_default();
        found.iter().map(|l| [l.rect.x0, l.rect.y0, l.rect.x1, l.rect.y1]).collect()
    }
}

/// Weights of 1, the logarithm of how far the letters' mean log probability is from 0, their number, both multiplied, and the
/// share of letters that are unsure. A logistic regression over 4,000 stretches of the pages of tools/orientation/sweep.py, each read in four
/// ways, right and wrong ones weighed alike; it parts 90 % of single stretches (docs/cleaning.md).
const WEIGHTS: [f32; 5] = [-2.672, -1.078, -0.252, -0.196, 0.664];

/// More letters than this tell nothing new.
const ENOUGH: f32 = 12.0;

/// One stretch says no more than this, whatever it looks like: a word in another script or a rule may look like anything.
const MOST: f32 = 4.0;

/// Log probability below which a letter is unsure: 0.7.
const UNSURE: f32 = -0.35;

/// Letters count with no less than this, so that one bad place does not decide.
const LEAST: f32 = -3.0;

/// The logarithm of the odds that what was read is upright print.
fn of(steps: &Steps, letters: &[char]) -> f32 {
    let runs = steps.runs();
    let peaks: Vec<f32> = runs.iter().filter(|r| letters[r.class - 1].is_alphanumeric()).map(|r| r.peak).collect();
    // A letter or two, or points alone, can be read into anything.
    if peaks.len() < 2 {
        return 0.0;
    }
    let count = peaks.len() as f32;
    let mean = peaks.iter().map(|p| p.max(LEAST)).sum::<f32>() / count;
    let unsure = peaks.iter().filter(|&&p| p < UNSURE).count() as f32 / count;
    let (far, count) = ((0.01 - mean).ln(), count.min(ENOUGH));
    let sum: f32 = [1.0, far, count, count * far, unsure].iter().zip(WEIGHTS).map(|(f, w)| f * w).sum();
    sum.clamp(-MOST, MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps that show these letters' classes, each with this probability, blanks between them.
    fn steps(probabilities: &[f32]) -> Steps {
        let row = |class: usize, p: f32| (0..3).map(move |c| if c == class { p.ln() } else { ((1.0 - p) / 2.0).ln() });
        Steps::new(probabilities.iter().flat_map(|&p| row(1, p).chain(row(0, 0.99))).collect(), 3)
    }

    #[test]
    fn clear_letters_are_print_and_doubtful_ones_are_not() {
        let letters = ['a', '.'];
        assert!(of(&steps(&[0.99; 8]), &letters) > 2.0);
        assert!(of(&steps(&[0.6; 8]), &letters) < -1.0);
        assert!(of(&steps(&[0.99; 8]), &letters) > of(&steps(&[0.99; 3]), &letters));
        assert_eq!(of(&steps(&[0.99]), &letters), 0.0);
        assert_eq!(of(&steps(&[0.99; 8]), &['.', '.']), 0.0, "points are no letters");
    }
}

//! Learning from corrections how far restoration is to be believed.

use super::truth::Truth;
use crate::restore::{Calibration, RestoredPage, Restorer};
use std::ops::Range;

/// Fewer changes than this say nothing of how often they are right.
const FEWEST: usize = 100;
/// A calibration is kept where its log loss is lower at least by this share.
const LEAST_GAIN: f64 = 0.02;
/// How firmly it is held where it is: the inverse variance of a normal prior around a scale of 1 and a shift of 0.
const HELD: f64 = 100.0;

/// How sure restoration was of a change, and whether it was right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Said {
    log_odds: f64,
    right: bool,
}

/// What is learned of them: a calibration, where it is to be kept, and the mean log loss of a change without and with it, of documents
/// that it was not fitted on.
pub(super) struct Fitted {
    pub calibration: Option<Calibration>,
    pub changes: usize,
    pub loss_before: f64,
    pub loss_after: f64,
}

/// Fits a calibration on the changes that `restorer` makes and proposes in these documents, and tries it on each of them, fitted on the others.
pub(super) fn calibrate(documents: &[&Truth], restorer: &Restorer) -> Fitted {
    let said: Vec<Vec<Said>> = documents.iter().map(|document| said_of(document, restorer)).collect();
    let all: Vec<Said> = said.concat();
    let mut after = 0.0;
    for held in 0..said.len() {
        let others: Vec<Said> =
            (0..said.len()).filter(|&at| at != held).flat_map(|at| said[at].iter().copied()).collect();
        after += loss(&said[held], fit(&others));
    }
    let mean = |sum: f64| sum / all.len().max(1) as f64;
    let (loss_before, loss_after) = (mean(loss(&all, Calibration::default())), mean(after));
    let helps = all.len() >= FEWEST && loss_after <= (1.0 - LEAST_GAIN) * loss_before;
    Fitted { calibration: helps.then(|| fit(&all)), changes: all.len(), loss_before, loss_after }
}

/// The changes of a document that is restored anew, each with whether a person left it so. Where he counted words otherwise nothing is told.
fn said_of(document: &Truth, restorer: &Restorer) -> Vec<Said> {
    let anew = restorer.restore_pages(document.seen.iter().map(|page| page.recognised.clone()).collect());
    let mut said = Vec::new();
    for (page, printed) in anew.iter().zip(&document.printed) {
        for edit in &page.edits {
            if let Some(text) = printed_at(printed, edit.line, &edit.words) {
                let right = text == edit.after;
                said.push(Said { log_odds: Calibration::log_odds(edit.posterior), right });
            }
        }
    }
    said
}

/// What is printed where these words were seen; None where an edit takes some of them with others.
fn printed_at(page: &RestoredPage, line: usize, words: &Range<usize>) -> Option<String> {
    let seen = &page.recognised.lines.get(line)?.words;
    let mut parts = Vec::new();
    let mut at = words.start;
    while at < words.end {
        let over = page.edits.iter().find(|e| e.line == line && e.words.contains(&at));
        match over.filter(|edit| edit.grade > crate::restore::Grade::Suggest) {
            Some(edit) if edit.words.start < at || edit.words.end > words.end => return None,
            Some(edit) => {
                parts.push(edit.after.as_str());
                at = edit.words.end;
            }
            None => {
                parts.push(seen.get(at)?.text.as_str());
                at += 1;
            }
        }
    }
    Some(parts.join(" "))
}

/// The likeliest calibration, by Newton's method, held to what posteriors say by themselves.
fn fit(said: &[Said]) -> Calibration {
    let (mut scale, mut shift) = (1.0, 0.0);
    for _ in 0..25 {
        // Gradient and curvature of the log likelihood, and of a normal prior around scale 1 and shift 0.
        let (mut g0, mut g1) = (-HELD * (scale - 1.0), -HELD * shift);
        let (mut h00, mut h01, mut h11) = (HELD, 0.0, HELD);
        for Said { log_odds: x, right } in said {
            let p = 1.0 / (1.0 + (-(scale * x + shift)).exp());
            let off = f64::from(u8::from(*right)) - p;
            (g0, g1) = (g0 + off * x, g1 + off);
            let w = p * (1.0 - p);
            (h00, h01, h11) = (h00 + w * x * x, h01 + w * x, h11 + w);
        }
        let determinant = h00 * h11 - h01 * h01;
        let (d0, d1) = ((h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant);
        (scale, shift) = (scale + d0.clamp(-0.5, 0.5), shift + d1.clamp(-1.0, 1.0));
        if d0.abs() + d1.abs() < 1e-9 {
            break;
        }
    }
    // Less sure where the odds are higher is no calibration.
    Calibration { scale: f64::max(scale, 0.05), shift }
}

/// The log loss of these changes, in nats.
fn loss(said: &[Said], calibration: Calibration) -> f64 {
    let of = |said: &Said| {
        let score = calibration.scale * said.log_odds + calibration.shift;
        (1.0 + (if said.right { -score } else { score }).exp()).ln()
    };
    said.iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SplitMix64;

    /// Changes whose log odds are told as `told(x)` where x is what they are.
    fn changes(told: impl Fn(f64) -> f64) -> Vec<Said> {
        let mut chance = SplitMix64::new(3);
        let mut one = || {
            let x = chance.below(8000) as f64 / 1000.0 - 2.0;
            let right = (chance.below(1_000_000) as f64) / 1e6 < 1.0 / (1.0 + (-x).exp());
            Said { log_odds: told(x), right }
        };
        (0..4000).map(|_| one()).collect()
    }

    #[test]
    fn what_promises_too_much_is_made_true_and_what_is_true_stays() {
        let boastful = changes(|x| 2.0 * x + 1.0);
        let found = fit(&boastful);
        assert!((found.scale - 0.5).abs() < 0.05 && (found.shift + 0.5).abs() < 0.15, "{found:?}");
        assert!(loss(&boastful, found) < loss(&boastful, Calibration::default()));
        let honest = fit(&changes(|x| x));
        assert!((honest.scale - 1.0).abs() < 0.1 && honest.shift.abs() < 0.15, "{honest:?}");
    }

    #[test]
    fn a_few_changes_move_nothing_far() {
        let few = vec![Said { log_odds: 6.0, right: false }; 2];
        let found = fit(&few);
        assert!(found.scale > 0.7, "{found:?}");
    }
}

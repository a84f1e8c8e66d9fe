//! How far a figure can be trusted: bootstrap intervals, and whether two systems differ by more than chance.

use super::counts::{Counts, Measures};
use crate::random::SplitMix64;

/// Resamples; enough for the second digit of a 95 % interval.
const ROUNDS: usize = 1000;
/// One seed for all: the same input gives the same interval.
const SEED: u64 = 20_230_612;

/// The 95 % percentile bootstrap intervals of all measures by name, resampling blocks (Efron and Tibshirani, 1993, chapter
/// 13); empty where there are fewer than two blocks.
pub fn intervals(blocks: &[Counts]) -> Vec<(&'static str, f64, f64)> {
    if blocks.len() < 2 {
        return Vec::new();
    }
    let mut chance = SplitMix64::new(SEED);
    let drawn: Vec<Measures> = (0..ROUNDS)
        .map(|_| {
            let mut sum = Counts::default();
            (0..blocks.len()).for_each(|_| sum += blocks[chance.below(blocks.len())]);
            sum.measures()
        })
        .collect();
    let mut total = Counts::default();
    blocks.iter().for_each(|block| total += *block);
    let interval = |name: &'static str| {
        // A draw without any table says nothing of tables.
        let mut values: Vec<f64> = drawn.iter().filter_map(|measures| measures.value(name)).collect();
        values.sort_by(f64::total_cmp);
        let end = values.len() / 40;
        Some((name, *values.get(end)?, *values.get(values.len().checked_sub(1 + end)?)?))
    };
    total.measures().named().into_iter().filter_map(|(name, _)| interval(name)).collect()
}

/// The probability of a difference at least as large where the two systems are alike: approximate randomisation on paired
/// blocks (Noreen, 1989). Both slices are of the same reference, block by block; None where they are not of one length.
pub fn significance(ours: &[Counts], theirs: &[Counts], measure: impl Fn(&Measures) -> f64) -> Option<f64> {
    if ours.len() != theirs.len() || ours.is_empty() {
        return None;
    }
    let difference = |swap: &mut dyn FnMut() -> bool| {
        let (mut a, mut b) = (Counts::default(), Counts::default());
        for (&x, &y) in ours.iter().zip(theirs) {
            let (x, y) = if swap() { (y, x) } else { (x, y) };
            a += x;
            b += y;
        }
        (measure(&a.measures()) - measure(&b.measures())).abs()
    };
    let observed = difference(&mut || false);
    let mut chance = SplitMix64::new(SEED);
    // A hair less, so that rounding does not decide between equal sums.
    let as_large = (0..ROUNDS).filter(|_| difference(&mut || chance.happens(0.5)) >= observed - 1e-12).count();
    Some((as_large + 1) as f64 / (ROUNDS + 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(edits: usize) -> Counts {
        Counts { characters: 100, character_edits: edits, ..Counts::default() }
    }

    #[test]
    fn the_interval_holds_the_rate_and_closes_where_nothing_varies() {
        let blocks: Vec<_> = (0..40).map(|n| block(n % 7)).collect();
        let (name, low, high) = intervals(&blocks)[0];
        assert!(name == "cer" && low < 0.0288 && 0.0288 < high && high - low < 0.03, "{name} {low} {high}");
        assert_eq!(intervals(&vec![block(3); 9])[0], ("cer", 0.03, 0.03));
        assert!(intervals(&[block(3)]).is_empty());
    }

    #[test]
    fn a_system_does_not_differ_from_itself_and_does_from_a_worse_one() {
        let ours: Vec<_> = (0..40).map(|n| block(n % 7)).collect();
        let theirs: Vec<_> = (0..40).map(|n| block(n % 7 + 2)).collect();
        assert_eq!(significance(&ours, &ours, |m| m.cer), Some(1.0));
        assert!(significance(&ours, &theirs, |m| m.cer).unwrap() < 0.01);
        assert_eq!(significance(&ours, &theirs[1..], |m| m.cer), None);
    }
}

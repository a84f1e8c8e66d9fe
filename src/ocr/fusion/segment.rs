//! A stretch of a line where both recognisers can be compared, the strings that may be printed there, and how likely each is.

use super::features::{Evidence, SegmentKind};
use super::scorer::{CropView, Observation, Scorer};
use super::weights::Weights;
use crate::page::Word;
use std::ops::Range;

/// A stretch of the line that both recognisers part from its neighbours by white space.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Segment {
    pub words: Range<usize>,
    pub runs: Range<usize>,
    pub span: Range<usize>,
}

/// How far, in steps of the network, a space may lie inside a word of Tesseract's and still part it from the next: half a
/// letter.
pub(super) const REACH: f32 = 1.3;

/// A place with what may be printed there and how likely each is.
#[derive(Clone)]
pub(super) struct ScoredSegment {
    pub segment: Segment,
    pub kind: SegmentKind,
    pub candidates: Vec<Evidence>,
    /// The candidates' probabilities, in their order.
    pub shares: Vec<f32>,
}

impl ScoredSegment {
    /// Weighs what `views` show at the place.
    pub fn new(scorer: &mut Scorer, words: &[Word], segment: Segment, views: Vec<CropView>) -> ScoredSegment {
        let words = &words[segment.words.clone()];
        let place = Observation { words, views, starts_line: segment.runs.start == 0 };
        let candidates = scorer.candidates(&place);
        let kind = SegmentKind::of(candidates.iter().take(2).map(|e| e.text.as_str()));
        let shares = probabilities(scorer.weights.sums(&candidates, kind));
        ScoredSegment { segment, kind, candidates, shares }
    }

    /// The same, weighed as another kind.
    pub fn of_kind(self, kind: SegmentKind, weights: &Weights) -> ScoredSegment {
        let shares = probabilities(weights.sums(&self.candidates, kind));
        ScoredSegment { kind, shares, ..self }
    }

    /// The likeliest candidate; of equals the earlier, which is what Tesseract read.
    pub fn best(&self) -> Option<usize> {
        (0..self.candidates.len()).rev().max_by(|&a, &b| self.shares[a].total_cmp(&self.shares[b]))
    }

    /// Its text; empty where there is none.
    pub fn text(&self) -> &str {
        self.best().map_or("", |at| &self.candidates[at].text)
    }

    /// Its probability; 1 where there is none.
    pub fn share(&self) -> f32 {
        self.best().map_or(1.0, |at| self.shares[at])
    }
}

/// The probabilities of which `sums` are the logarithms, up to a constant.
pub(super) fn probabilities(sums: Vec<f32>) -> Vec<f32> {
    let highest = sums.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let parts: Vec<f32> = sums.iter().map(|s| (s - highest).exp()).collect();
    let all: f32 = parts.iter().sum();
    parts.iter().map(|p| p / all).collect()
}

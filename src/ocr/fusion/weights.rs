//! What the evidence of both recognisers weighs, and what that makes the probability of each string at a place.

use super::features::{CropView, Evidence, FEATURES, Observation, Scorer, SegmentKind};
use crate::ocr::LineBox;
use crate::page::Word;
use std::ops::Range;

/// Weights of [`Evidence::features`], by [`SegmentKind`], such that the exponentials of the weighted sums are in proportion to
/// the probabilities.
///
/// Fitted as a conditional logit by tools/weights/fit.py on pages of our own, rendered from legal and administrative text in
/// three faces and worn in six ways. Words and codes are weighed by the fit before pages were cleaned, which leans less on what
/// is a word and leaves that to the restorer, who knows the context. Of dirt, the tenth number, and of what follows it
/// those pages tell too little: these are set by hand. See docs/recognisers.md.
const WEIGHTS: [[f32; FEATURES]; 3] = [
    [
        0.500, 0.722, 0.293, -0.480, -0.397, 0.475, -0.264, 0.693, 0.146, 1.500, 2.500, 1.500, 1.000, 9.000, 6.000,
        2.000, 6.000,
    ],
    [
        0.726, 1.047, 1.454, -0.217, 0.145, 0.261, 0.873, 1.522, 0.500, 3.000, 0.600, 4.000, 2.300, 9.000, 6.000,
        2.000, 6.000,
    ],
    [
        0.527, 1.320, 0.081, 2.511, 1.203, 0.221, 0.566, 2.320, 0.201, 3.000, 0.600, 2.500, 1.000, 9.000, 6.000, 2.000,
        6.000,
    ],
];

/// How far a string can be from what Tesseract read, by [`SegmentKind`]: about as much as the lowest that the network says weighs. Of a word
/// under a seal Tesseract makes something else entirely, and how much else says nothing. Figures have no such end.
const FARTHEST: [f32; 3] = [20.0, f32::INFINITY, 12.0];

/// One line as both recognisers see it.
pub(in crate::ocr) struct SeenLine {
    /// Where it is on the image.
    pub place: LineBox,
    /// Tesseract's words in it, from left to right; none where it saw nothing.
    pub words: Vec<Word>,
    /// Whether the line detector found it; else only Tesseract did.
    pub detected: bool,
    /// Tesseract's block.
    pub block: u32,
}

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
        let shares = probabilities(sums(&candidates, kind));
        ScoredSegment { segment, kind, candidates, shares }
    }

    /// The same, weighed as another kind.
    pub fn of_kind(self, kind: SegmentKind) -> ScoredSegment {
        let shares = probabilities(sums(&self.candidates, kind));
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

/// The candidates' logarithms of probability, up to a constant.
pub(super) fn sums(candidates: &[Evidence], kind: SegmentKind) -> Vec<f32> {
    let weights = WEIGHTS[kind as usize];
    let sum = |e: &Evidence| {
        let [network, distance, rest @ ..] = e.features;
        let near = [network, distance.max(-FARTHEST[kind as usize])].into_iter().chain(rest);
        near.zip(weights).map(|(f, w)| f * w).sum::<f32>()
    };
    candidates.iter().map(sum).collect()
}

/// The probabilities of which `sums` are the logarithms, up to a constant.
pub(super) fn probabilities(sums: Vec<f32>) -> Vec<f32> {
    let highest = sums.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let parts: Vec<f32> = sums.iter().map(|s| (s - highest).exp()).collect();
    let all: f32 = parts.iter().sum();
    parts.iter().map(|p| p / all).collect()
}

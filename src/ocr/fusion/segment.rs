//! A stretch of a line where both recognisers can be compared, the strings that may be printed there, and how likely each is.

use super::continued::Around;
use super::crop::{Crop, CropShape};
use super::features::{Evidence, SegmentKind};
use super::scorer::{CropView, Observation, Scorer};
use super::weights::Weights;
use crate::error::Result;
use crate::ocr::{LineBox, LineNetwork};
use crate::page::Word;
use image::GrayImage;
use std::ops::Range;

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
    /// The words of the lines before and behind it.
    pub around: Around,
    /// What the network saw of it, where it has looked.
    look: Option<Crop>,
}

impl SeenLine {
    /// A line that the network has not looked at, of whose neighbours nothing is known.
    pub fn new(place: LineBox, words: Vec<Word>, detected: bool, block: u32) -> Self {
        SeenLine { place, words, detected, block, around: Around::default(), look: None }
    }

    /// Looks at the line once; what is seen is kept until it is taken.
    pub(super) fn look(&mut self, page: &GrayImage, model: &dyn LineNetwork) -> Result<Option<&Crop>> {
        if self.look.is_none() {
            self.look = Crop::take(page, &self.place, CropShape::default(), model)?;
        }
        Ok(self.look.as_ref())
    }

    /// What the network sees of the line; None where nothing of it lies on the page.
    pub(super) fn crop(&mut self, page: &GrayImage, model: &dyn LineNetwork) -> Result<Option<Crop>> {
        self.look(page, model)?;
        Ok(self.look.take())
    }
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

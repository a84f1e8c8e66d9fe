//! The second pass over a line. Where the first leaves a place in doubt, its readings are weighed with the words around them; where that
//! does not settle it, and where a figure or a code is in doubt, the network looks at the line again in other cuts, and what it sees
//! there is weighed with what was seen before. What the first pass is sure of stays.

use super::crop::{Crop, CropShape};
use super::features::SegmentKind;
use super::language::{self, Around, Hypothesis};
use super::scorer::Scorer;
use super::seen::SeenLine;
use super::segment::{ScoredSegment, probabilities};
use super::weights::Weights;
use crate::error::Result;
use crate::lm::Model;
use crate::ocr::{LineNetwork, Run};
use image::GrayImage;

/// What is likelier than this after the first pass is not weighed again.
const SURE: f32 = 0.97;

/// What is less likely than this beside its neighbours makes the network look again.
const LIKELY: f32 = 0.9;

/// The second and third look: a little further away and lower, and a little closer.
const CUTS: [CropShape; 2] = [CropShape { height: 1.1, lower: 0.0 }, CropShape { height: 0.92, lower: 0.03 }];

/// Readings that fall behind the best by more than this, as a logarithm, are not weighed with their neighbours.
const HOPELESS: f32 = 12.0;

/// What lines are read with.
pub(in crate::ocr) struct LineReader<'a> {
    /// The line network.
    pub model: &'a dyn LineNetwork,
    /// Weighs readings by the words around them.
    pub language: &'a Model,
    /// Whether the network may look at the line again; it costs the network two thirds of its time once more.
    pub more_crops: bool,
    /// Whether words that Tesseract did not see are as high as their ink, rather than as their line: on a page that the network reads alone, in the
    /// main, small print is told from large by that.
    pub closely: bool,
}

/// Weighs the doubtful places of a line again. `first` is the look that the places come from.
pub(super) fn pass(
    page: &GrayImage,
    line: &SeenLine,
    first: &Crop,
    weighed: &mut [ScoredSegment],
    reader: &LineReader,
    scorer: &mut Scorer,
) -> Result<()> {
    let LineReader { model, language, more_crops, .. } = *reader;
    let doubtful = doubtful(weighed);
    if doubtful.is_empty() {
        return Ok(());
    }
    let before: Vec<ScoredSegment> = doubtful.iter().map(|&at| weighed[at].clone()).collect();
    weigh_together(weighed, &doubtful, &line.around, language, scorer.weights);
    let unlikely = |w: &ScoredSegment| w.share() < if w.kind == SegmentKind::Word { LIKELY } else { SURE };
    let unsettled: Vec<usize> = doubtful.iter().copied().filter(|&at| unlikely(&weighed[at])).collect();
    if more_crops && !unsettled.is_empty() {
        let mut crops = Vec::with_capacity(CUTS.len());
        for cut in CUTS {
            crops.extend(Crop::take(page, &line.place, cut, model)?);
        }
        let space = |run: &Run| model.letters()[run.class - 1] == ' ';
        for at in unsettled {
            let ScoredSegment { segment, kind, .. } = &weighed[at];
            let mut views = vec![first.view(segment.span.clone(), segment.runs.clone())];
            views.extend(crops.iter().filter_map(|crop| crop.same(first, &segment.span, space)));
            let again = ScoredSegment::new(scorer, &line.words, segment.clone(), views);
            weighed[at] = again.of_kind(*kind, scorer.weights);
        }
        weigh_together(weighed, &doubtful, &line.around, language, scorer.weights);
    }
    keep_clear(weighed, &doubtful, before);
    Ok(())
}

/// Weighs the doubtful places of a line with the words around them, and looks no further.
pub(super) fn in_context(weighed: &mut [ScoredSegment], around: &Around, language: &Model, weights: &Weights) {
    let doubtful = doubtful(weighed);
    if !doubtful.is_empty() {
        let first = doubtful.iter().map(|&at| weighed[at].clone()).collect();
        weigh_together(weighed, &doubtful, around, language, weights);
        keep_clear(weighed, &doubtful, first);
    }
}

fn doubtful(weighed: &[ScoredSegment]) -> Vec<usize> {
    (0..weighed.len()).filter(|&at| weighed[at].share() < SURE).collect()
}

/// Puts back what was there before where what was found is not clear enough.
fn keep_clear(weighed: &mut [ScoredSegment], doubtful: &[usize], before: Vec<ScoredSegment>) {
    for (&at, before) in doubtful.iter().zip(before) {
        if !wins(&weighed[at], before.text()) {
            weighed[at] = before;
        }
    }
}

/// The share that the best reading of each place has where all words of the line are weighed with those around them.
pub(super) fn in_company(weighed: &[ScoredSegment], around: &Around, language: &Model, weights: &Weights) -> Vec<f32> {
    let mut all = weighed.to_vec();
    if all.is_empty() {
        return Vec::new();
    }
    let open: Vec<usize> = (0..all.len()).collect();
    weigh_together(&mut all, &open, around, language, weights);
    weighed.iter().zip(&all).map(|(own, with)| own.best().map_or(1.0, |at| with.shares[at])).collect()
}

/// Whether what was found is clear enough to stand in place of the text `before`: likelier than all else together, and in a figure
/// twice as likely as what it takes the place of.
fn wins(found: &ScoredSegment, before: &str) -> bool {
    let old = found.candidates.iter().position(|c| c.text == before).map_or(0.0, |at| found.shares[at]);
    let share = found.share();
    found.text() == before || share > 0.5 && (found.kind != SegmentKind::Figure || share > 2.0 * old)
}

/// Weighs the words among the `open` places with what is around them, in the lines before and behind as well. Figures are left to the recognisers.
fn weigh_together(weighed: &mut [ScoredSegment], open: &[usize], around: &Around, language: &Model, weights: &Weights) {
    let last = weighed.len() - 1;
    let free =
        |at: usize| open.contains(&at) && weighed[at].kind != SegmentKind::Figure && !is_address(weighed[at].text());
    let mut numbers: Vec<Vec<usize>> = Vec::with_capacity(weighed.len());
    let mut places: Vec<Vec<Hypothesis>> = Vec::with_capacity(weighed.len());
    for (at, place) in weighed.iter().enumerate() {
        let own = weights.sums(&place.candidates, place.kind);
        let best = own.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let kept: Vec<usize> = if free(at) {
            (0..own.len()).filter(|&i| own[i] > best - HOPELESS).collect()
        } else {
            place.best().into_iter().collect()
        };
        let reading = |&i: &usize| Hypothesis {
            words: language::words(language, &place.candidates[i].text, at == last && around.behind.is_empty()),
            own: own[i] - best,
        };
        places.push(kept.iter().map(reading).collect());
        numbers.push(kept);
    }
    let found = language::weigh(language, around, &places);
    for (at, (numbers, found)) in numbers.into_iter().zip(found).enumerate().filter(|(_, (n, _))| n.len() > 1) {
        let mut sums = vec![f32::NEG_INFINITY; weighed[at].candidates.len()];
        numbers.into_iter().zip(found).for_each(|(number, sum)| sums[number] = sum);
        weighed[at].shares = probabilities(sums);
    }
}

/// Whether `text` is an address on the net, whose parts are no words: letters with several stops between them.
fn is_address(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let joint = |w: &&[char]| w[0].is_lowercase() && matches!(w[1], '.' | ',' | '/' | '@') && w[2].is_lowercase();
    chars.windows(3).filter(joint).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_words() {
        for (text, address) in [
            ("vidu.chinhphu.vn.", true),
            ("http://vidu.gov.vn", true),
            ("nhân.dân", false),
            ("và/hoặc", false),
            ("xã,", false),
        ] {
            assert_eq!(is_address(text), address, "{text}");
        }
    }
}

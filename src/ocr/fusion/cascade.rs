//! The cascade: the network reads a line, and Tesseract is asked for those stretches of it only of which the network is not sure.

use super::certainty::{self, Certainty, Sighting};
use super::crop::{Crop, CropShape};
use super::ink;
use super::rescore::{self, LineReader};
use super::rivals::Rivals;
use super::scorer::Scorer;
use super::seen::SeenLine;
use super::segment::{ScoredSegment, Segment};
use super::{finish, is_text, segments, unread, weigh};
use crate::error::Result;
use crate::ocr::{LineBox, LineNetwork, Run};
use crate::page::{Line, Word};
use image::GrayImage;
use std::ops::Range;

/// What a line is read with.
pub(in crate::ocr) struct Cascade<'a> {
    /// Reads with the network, alone and beside Tesseract.
    pub reader: LineReader<'a>,
    /// When the network is believed alone.
    pub certainty: &'a Certainty,
    /// What the words around expect.
    pub rivals: &'a Rivals,
}

/// Places to either side of a doubtful one that Tesseract is shown with it, by [`SegmentKind`](super::SegmentKind): it measures letters by
/// their neighbours. With one beside figures it took stops for commas and `1` for `I`.
const ABOUT: [usize; 3] = [1, 2, 2];

/// Where more than this share of a line would be asked for, all of it is.
const MOST: f32 = 0.75;

/// Reads the line, whose words are those that were seen before anybody was asked. `ask` is the slow recogniser, which reads a
/// stretch of a line. None where nothing is left that is surely text.
pub(in crate::ocr) fn read(
    page: &GrayImage,
    mut line: SeenLine,
    typical: f32,
    cascade: &Cascade,
    scorer: &mut Scorer,
    ask: &mut dyn FnMut(&LineBox) -> Result<Vec<Word>>,
) -> Result<Option<Line>> {
    let Cascade { certainty, rivals, ref reader } = *cascade;
    let LineReader { model, language, .. } = *reader;
    if !line.detected || !line.words.is_empty() && is_short(&line.place) {
        return super::read(page, line, typical, reader, scorer);
    }
    let Some(crop) = line.crop(page, model)? else {
        return Ok(None);
    };
    let sign = |run: &Run| model.letters()[run.class - 1];
    let known = std::mem::take(&mut line.words);
    let alone = alone(&crop, sign, scorer);
    let mut settled = alone.clone();
    rescore::in_context(&mut settled, &line.around, language, scorer.weights);
    let sightings = certainty::sightings(&settled, &line.around, &crop, sign, language, rivals, scorer);
    let seen_before = |place: &ScoredSegment| {
        let (from, to) = (place.segment.span.start as f32, place.segment.span.end as f32);
        known.iter().any(|w| crop.strip.step_of_x(w.rect.x1) > from && crop.strip.step_of_x(w.rect.x0) < to)
    };
    let is_print = is_text(&line, typical, &crop.runs, sign);
    let unread = unread::unread(&crop, sign);
    let doubted: Vec<bool> = settled
        .iter()
        .zip(&sightings)
        .map(|(place, seen)| !is_print || seen_before(place) || holds_unread(place, &unread) || !certainty.stands(seen))
        .collect();
    let steps = crop.steps.len();
    let stretches = match settled.is_empty() {
        // Nothing that the network can tell, and a line all the same.
        true => vec![Stretch { places: 0..0, runs: 0..crop.runs.len(), span: 0..steps }],
        false => stretches(&settled, &doubted, crop.runs.len(), steps),
    };
    if stretches.is_empty() {
        return finish(page, &line, typical, &crop, alone, reader, scorer);
    }
    for stretch in &stretches {
        let whole = stretch.span == (0..steps);
        let part = if whole { line.place } else { stretch.place(page, &line.place, &crop) };
        let words = ask(&part)?;
        line.words.extend(if whole && words.len() < known.len() { known.clone() } else { words });
    }
    line.words.sort_by(|a, b| a.rect.x0.total_cmp(&b.rect.x0));
    let whole = stretches[0].span == (0..steps);
    if whole && !is_text(&line, typical, &crop.runs, sign) {
        return Ok(None);
    }
    let mut weighed = Vec::with_capacity(alone.len());
    let (mut place, mut word) = (0, 0);
    for stretch in stretches {
        weighed.extend(alone[place..stretch.places.start].iter().map(|p| with_words(p.clone(), word)));
        let end = crop.strip.x_of_step(stretch.span.end as f32);
        let until = match stretch.span.end == steps {
            true => line.words.len(),
            false => word + line.words[word..].iter().take_while(|w| w.rect.centre().0 < end).count(),
        };
        let runs = &crop.runs[stretch.runs.clone()];
        for own in segments(&line.words[word..until], runs, sign, &crop.strip, stretch.span.clone()) {
            let segment = Segment {
                words: own.words.start + word..own.words.end + word,
                runs: own.runs.start + stretch.runs.start..own.runs.end + stretch.runs.start,
                span: own.span,
            };
            weighed.extend(weigh(segment, &line.words, &crop, sign, scorer));
        }
        (place, word) = (stretch.places.end, until);
    }
    weighed.extend(alone[place..].iter().map(|p| with_words(p.clone(), word)));
    finish(page, &line, typical, &crop, weighed, reader, scorer)
}

/// The line as the network reads it where it is sure of all of it; None where Tesseract must be asked. For the cells of a table, which are
/// too short to be asked for in part.
pub(in crate::ocr) fn read_if_sure(
    page: &GrayImage,
    place: &LineBox,
    cascade: &Cascade,
    scorer: &mut Scorer,
) -> Result<Option<Line>> {
    let Cascade { certainty, rivals, ref reader } = *cascade;
    let LineReader { model, language, .. } = *reader;
    let line = SeenLine::new(*place, Vec::new(), true, 0);
    let Some(crop) = Crop::take(page, place, CropShape::default(), model)? else { return Ok(None) };
    let sign = |run: &Run| model.letters()[run.class - 1];
    let typical = place.rect.height();
    let alone = alone(&crop, sign, scorer);
    let mut settled = alone.clone();
    rescore::in_context(&mut settled, &line.around, language, scorer.weights);
    let sightings = certainty::sightings(&settled, &line.around, &crop, sign, language, rivals, scorer);
    let sure =
        !alone.is_empty() && unread::unread(&crop, sign).is_empty() && sightings.iter().all(|s| certainty.stands(s));
    match sure && is_text(&line, typical, &crop.runs, sign) {
        true => finish(page, &line, typical, &crop, alone, reader, scorer),
        false => Ok(None),
    }
}

/// What the network reads at each place of a line by itself.
pub(in crate::ocr) fn sightings(
    page: &GrayImage,
    line: &mut SeenLine,
    model: &dyn LineNetwork,
    scorer: &mut Scorer,
    language: &crate::lm::Model,
    rivals: &Rivals,
) -> Result<Vec<Sighting>> {
    let Some(crop) = line.crop(page, model)? else {
        return Ok(Vec::new());
    };
    let sign = |run: &Run| model.letters()[run.class - 1];
    let mut weighed = alone(&crop, sign, scorer);
    rescore::in_context(&mut weighed, &line.around, language, scorer.weights);
    Ok(certainty::sightings(&weighed, &line.around, &crop, sign, language, rivals, scorer))
}

/// Whether print that nobody read stands in the place or in the white beside it.
fn holds_unread(place: &ScoredSegment, unread: &[usize]) -> bool {
    /// Steps of white that a sign at a word's end reaches into.
    const BESIDE: usize = 2;
    let span = &place.segment.span;
    unread.iter().any(|&step| (span.start..span.end + BESIDE).contains(&step))
}

/// The places of a line as the network sees them by itself.
fn alone(crop: &Crop, sign: impl Fn(&Run) -> char, scorer: &mut Scorer) -> Vec<ScoredSegment> {
    let places = segments(&[], &crop.runs, &sign, &crop.strip, 0..crop.steps.len());
    places.into_iter().filter_map(|segment| weigh(segment, &[], crop, &sign, scorer)).collect()
}

/// The place, which none of Tesseract's words stand in, before the word of this number.
fn with_words(place: ScoredSegment, word: usize) -> ScoredSegment {
    let ScoredSegment { segment, .. } = &place;
    let segment = Segment { words: word..word, ..segment.clone() };
    ScoredSegment { segment, ..place }
}

/// Whether the line is a sign or two, as a page's number is. Cut out by itself the slow recogniser reads nothing in it, so it is shown
/// with all else that stands alone on the page, see [`leftover`](crate::ocr::leftover).
pub(in crate::ocr) fn is_short(place: &LineBox) -> bool {
    place.rect.width() < 2.5 * place.rect.height()
}

/// Places that follow each other, for which Tesseract is asked together.
#[derive(Debug, Clone, PartialEq)]
struct Stretch {
    places: Range<usize>,
    runs: Range<usize>,
    span: Range<usize>,
}

impl Stretch {
    /// Where it stands on the page: from the middle of the white before it to the middle of that behind it.
    fn place(&self, page: &GrayImage, line: &LineBox, crop: &Crop) -> LineBox {
        let x = |step: usize| crop.strip.x_of_step(step as f32);
        let middle = |run: &Run| (x(run.steps.start) + x(run.steps.end)) / 2.0;
        let between = |before: usize, behind: usize| {
            let (before, behind) = (&crop.runs[before], &crop.runs[behind]);
            ink::white(page, line, middle(before), middle(behind))
        };
        // Between the last letter before the space and the first behind it.
        let x0 = match self.runs.start.checked_sub(2) {
            Some(before) if self.places.start > 0 => between(before, self.runs.start),
            _ => line.rect.x0,
        };
        let x1 = match crop.runs.get(self.runs.end + 1) {
            Some(_) if self.runs.end > 0 && self.span.end < crop.steps.len() => {
                between(self.runs.end - 1, self.runs.end + 1)
            }
            _ => line.rect.x1,
        };
        line.between(x0, x1)
    }
}

/// The stretches of a line with this many runs and steps that hold the doubted places and their neighbours.
fn stretches(places: &[ScoredSegment], doubted: &[bool], runs: usize, steps: usize) -> Vec<Stretch> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in (0..places.len()).filter(|&at| doubted[at]) {
        let about = ABOUT[places[at].kind as usize];
        let reach = at.saturating_sub(about)..(at + 1 + about).min(places.len());
        match found.last_mut() {
            Some(last) if reach.start <= last.end => last.end = last.end.max(reach.end),
            _ => found.push(reach),
        }
    }
    let middle = |before: usize, behind: usize| {
        (places[before].segment.span.end + places[behind].segment.span.start).div_ceil(2)
    };
    let stretch = |places_of: Range<usize>| {
        let first = if places_of.start == 0 { 0 } else { middle(places_of.start - 1, places_of.start) };
        let last = if places_of.end == places.len() { steps } else { middle(places_of.end - 1, places_of.end) };
        let from = if places_of.start == 0 { 0 } else { places[places_of.start].segment.runs.start };
        let to = if places_of.end == places.len() { runs } else { places[places_of.end - 1].segment.runs.end };
        Stretch { places: places_of, runs: from..to, span: first..last }
    };
    let found: Vec<Stretch> = found.into_iter().map(stretch).collect();
    let asked: usize = found.iter().map(|s| s.span.len()).sum();
    if asked as f32 > MOST * steps as f32 {
        return vec![Stretch { places: 0..places.len(), runs: 0..runs, span: 0..steps }];
    }
    found
}

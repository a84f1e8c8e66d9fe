//! Two recognisers, one reading: where they meet in a line, and which of them is believed.

use super::evidence::{Evidence, FEATURES, Kind, Place, Scorer};
use super::{Alternative, CtcModel, Line, LineBox, Run, Steps, Strip, Word};
use crate::dict::Dictionaries;
use crate::error::Result;
use crate::geometry::Rect;
use image::GrayImage;
use std::ops::Range;

/// Weights of [`Evidence::features`], by [`Kind`], such that the exponentials of the weighted sums are in proportion to
/// the probabilities.
///
/// Fitted as a conditional logit on pages of our own, rendered from legal and administrative text in three faces and worn in
/// six ways; see docs/recognisers.md.
const WEIGHTS: [[f32; FEATURES]; 3] = [
    [0.500, 0.722, 0.293, -0.480, -0.397, 0.475, -0.264, 0.693, 0.146],
    [0.703, 0.752, 1.836, 0.581, -0.331, 0.370, 0.907, 1.272, 0.003],
    [0.527, 1.320, 0.081, 2.511, 1.203, 0.221, 0.566, 2.320, 0.201],
];

/// Other readings less likely than this are not handed on.
const LEAST: f32 = 1e-4;
/// The most other readings of a word.
const MOST: usize = 8;

/// One line as both recognisers see it.
pub(super) struct SeenLine {
    /// Where it is on the image.
    pub place: LineBox,
    /// Tesseract's words in it, from left to right; none where it saw nothing.
    pub words: Vec<Word>,
    /// Whether the line detector found it; else only Tesseract did.
    pub detected: bool,
    /// Tesseract's block.
    pub block: u32,
}

/// Reads the line with the network too and chooses, place by place. None where nothing is left that is surely text.
/// `typical` is the height of most lines of the page.
pub(super) fn read(
    page: &GrayImage,
    line: SeenLine,
    typical: f32,
    model: &CtcModel,
    scorer: &mut Scorer,
) -> Result<Option<Line>> {
    let Some(strip) = Strip::cut(page, &line.place) else {
        return Ok(None);
    };
    let steps = model.read(&strip)?;
    let runs = steps.runs();
    let space = |run: &Run| model.letters()[run.class - 1] == ' ';
    if !is_text(&line, typical, &runs, space) {
        return Ok(None);
    }
    let mut words = Vec::with_capacity(line.words.len());
    for meeting in meetings(&line.words, &runs, space, &strip, steps.len()) {
        let place = Place {
            words: &line.words[meeting.words.clone()],
            span: meeting.span.clone(),
            runs: &runs[meeting.runs.clone()],
        };
        let candidates = scorer.candidates(&steps, &place);
        words.extend(chosen(candidates, &place, &strip, &line.place, space));
    }
    if words.is_empty() {
        return Ok(None);
    }
    let rect = Rect::bounding(words.iter().map(|w| &w.rect)).unwrap_or_default();
    Ok(Some(Line { words, rect, block: line.block }))
}

/// The candidates of every place of a line with their kinds, for the fitting of the weights.
pub(super) fn explain(
    page: &GrayImage,
    line: &SeenLine,
    model: &CtcModel,
    dictionaries: &Dictionaries,
) -> Result<Vec<(Kind, Vec<Evidence>)>> {
    let Some(strip) = Strip::cut(page, &line.place) else {
        return Ok(Vec::new());
    };
    let steps: Steps = model.read(&strip)?;
    let runs = steps.runs();
    let space = |run: &Run| model.letters()[run.class - 1] == ' ';
    let mut scorer = Scorer::new(dictionaries, model.letters());
    let places = meetings(&line.words, &runs, space, &strip, steps.len());
    Ok(places
        .into_iter()
        .map(|m| {
            let place = Place { words: &line.words[m.words], span: m.span, runs: &runs[m.runs] };
            let candidates = scorer.candidates(&steps, &place);
            (Kind::of(candidates.iter().take(2).map(|e| e.text.as_str())), candidates)
        })
        .collect())
}

/// Whether the line is text and not a seal, a signature or dirt: two of three must say so.
fn is_text(line: &SeenLine, typical: f32, runs: &[Run], space: impl Fn(&Run) -> bool) -> bool {
    let letters: Vec<&Run> = runs.iter().filter(|r| !space(r)).collect();
    let clearness = letters.iter().map(|r| r.peak.exp()).sum::<f32>() / letters.len().max(1) as f32;
    let sure = !letters.is_empty() && clearness > 0.7;
    let confidence = line.words.iter().map(|w| w.confidence).sum::<f32>() / line.words.len().max(1) as f32;
    match (line.detected, line.words.is_empty()) {
        // What Tesseract passes over and is much smaller than the text belongs to a stamp or a seal.
        (true, true) => letters.len() > 1 && clearness > 0.8 && line.place.rect.height() > 0.6 * typical,
        (true, false) => sure || confidence > 0.3,
        (false, _) => confidence > 0.85 || (sure && confidence > 0.5),
    }
}

/// A stretch of the line that both recognisers part from its neighbours by white space.
#[derive(Debug, PartialEq)]
struct Meeting {
    words: Range<usize>,
    runs: Range<usize>,
    span: Range<usize>,
}

/// How far, in steps of the network, a space may lie outside the gap that Tesseract saw: half a letter.
const REACH: f32 = 1.3;

/// Parts the line where a gap between Tesseract's words and a space of the network lie together.
fn meetings(words: &[Word], runs: &[Run], space: impl Fn(&Run) -> bool, strip: &Strip, steps: usize) -> Vec<Meeting> {
    let spaces: Vec<usize> = (0..runs.len()).filter(|&i| space(&runs[i])).collect();
    let mut out = Vec::new();
    let (mut word, mut run, mut step) = (0, 0, 0);
    let mut from = 0;
    for (index, pair) in words.windows(2).enumerate() {
        let (left, right) = (strip.step_of_x(pair[0].rect.x1) - REACH, strip.step_of_x(pair[1].rect.x0) + REACH);
        let middle = (left + right) / 2.0;
        let at = |i: &usize| (runs[*i].steps.start + runs[*i].steps.end) as f32 / 2.0;
        let met = spaces[from..]
            .iter()
            .filter(|i| (left..=right).contains(&at(i)))
            .min_by(|a, b| (at(a) - middle).abs().total_cmp(&(at(b) - middle).abs()));
        if let Some(&met) = met {
            out.push(Meeting { words: word..index + 1, runs: run..met, span: step..runs[met].steps.start });
            (word, run, step) = (index + 1, met + 1, runs[met].steps.end);
            from = spaces.partition_point(|&i| i <= met);
        }
    }
    out.push(Meeting { words: word..words.len(), runs: run..runs.len(), span: step..steps });
    if words.is_empty() {
        // Nothing to meet: every space of the network parts two words.
        out.clear();
        for &at in spaces.iter().chain(std::iter::once(&runs.len())) {
            let end = runs.get(at).map_or(steps, |r| r.steps.start);
            if at > run {
                out.push(Meeting { words: 0..0, runs: run..at, span: step..end });
            }
            run = at + 1;
            step = runs.get(at).map_or(steps, |r| r.steps.end);
        }
    }
    out
}

/// The candidates' probabilities, in their order.
fn probabilities(candidates: &[Evidence], kind: Kind) -> Vec<f32> {
    let weights = &WEIGHTS[kind as usize];
    let sums: Vec<f32> =
        candidates.iter().map(|e| e.features.iter().zip(weights).map(|(f, w)| f * w).sum::<f32>()).collect();
    let highest = sums.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let parts: Vec<f32> = sums.iter().map(|s| (s - highest).exp()).collect();
    let all: f32 = parts.iter().sum();
    parts.iter().map(|p| p / all).collect()
}

/// The words of the likeliest candidate, the others as their alternatives.
fn chosen(
    candidates: Vec<Evidence>,
    place: &Place,
    strip: &Strip,
    line: &LineBox,
    space: impl Fn(&Run) -> bool,
) -> Vec<Word> {
    let kind = Kind::of(candidates.iter().take(2).map(|e| e.text.as_str()));
    let shares = probabilities(&candidates, kind);
    // The earlier of equals: what Tesseract read.
    let Some(best) = (0..candidates.len()).rev().max_by(|&a, &b| shares[a].total_cmp(&shares[b])) else {
        return Vec::new();
    };
    let parts: Vec<&str> = candidates[best].text.split(' ').filter(|p| !p.is_empty()).collect();
    let rects = rects(&parts, place, strip, line, space);
    let mut words: Vec<Word> = parts
        .iter()
        .zip(rects)
        .map(|(&text, rect)| Word { text: text.into(), rect, confidence: 1.0, ..Word::default() })
        .collect();
    for (evidence, &share) in candidates.iter().zip(&shares).filter(|(e, _)| e.text != candidates[best].text) {
        let others: Vec<&str> = evidence.text.split(' ').filter(|p| !p.is_empty()).collect();
        if others.len() == words.len() {
            for (word, other) in words.iter_mut().zip(others).filter(|(w, o)| w.text != *o) {
                add(word, other, share);
            }
        } else if let [word] = &mut words[..] {
            add(word, &evidence.text, share);
        } else {
            words.iter_mut().for_each(|w| w.confidence -= share);
        }
    }
    for (word, read) in words.iter_mut().zip(place.words).filter(|(w, read)| w.text == read.text) {
        word.symbols.clone_from(&read.symbols);
    }
    for word in &mut words {
        word.confidence = word.confidence.clamp(0.0, 1.0);
        word.alternatives.retain(|a| a.confidence >= LEAST);
        word.alternatives.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then_with(|| a.text.cmp(&b.text)));
        word.alternatives.truncate(MOST);
    }
    words
}

fn add(word: &mut Word, text: &str, share: f32) {
    word.confidence -= share;
    match word.alternatives.iter_mut().find(|a| a.text == text) {
        Some(known) => known.confidence += share,
        None => word.alternatives.push(Alternative { text: text.into(), confidence: share }),
    }
}

/// Where the parts stand: Tesseract's rectangles where they are as many, else the network's steps, else in proportion.
fn rects(parts: &[&str], place: &Place, strip: &Strip, line: &LineBox, space: impl Fn(&Run) -> bool) -> Vec<Rect> {
    if parts.len() == place.words.len() {
        return place.words.iter().map(|w| w.rect).collect();
    }
    let spoken: Vec<&[Run]> = place.runs.split(space).filter(|r| !r.is_empty()).collect();
    let upright = |from: f32, to: f32| {
        let drop = line.slope * ((from + to) / 2.0 - line.rect.centre().0);
        Rect::new(from, line.rect.y0 + drop, to, line.rect.y1 + drop)
    };
    if parts.len() == spoken.len() {
        let x = |step: usize| strip.x_of_step(step as f32);
        // The network names a letter at its middle; half a letter stands on either side of that.
        let half = line.rect.height() * 0.12;
        return spoken
            .iter()
            .map(|r| upright(x(r[0].steps.start) - half, x(r[r.len() - 1].steps.end) + half))
            .collect();
    }
    let whole = Rect::bounding(place.words.iter().map(|w| &w.rect))
        .unwrap_or_else(|| upright(strip.x_of_step(place.span.start as f32), strip.x_of_step(place.span.end as f32)));
    let letters = |p: &&str| p.chars().count() as f32 + 1.0;
    let unit = whole.width() / parts.iter().map(letters).sum::<f32>().max(1.0);
    let mut from = whole.x0;
    parts
        .iter()
        .map(|p| {
            let to = from + unit * letters(p);
            let rect = Rect { x0: from, x1: to - unit, ..whole };
            from = to;
            rect
        })
        .collect()
}

//! Two recognisers, one reading: where they meet in a line, and which of them is believed.

mod alignment;
mod cascade;
mod certainty;
mod continued;
mod crop;
mod features;
mod figure;
mod figure_width;
mod ink;
mod language;
pub(super) mod layout;
mod orthography;
mod per_cent;
mod per_mille;
mod raised;
mod rescore;
mod rivals;
mod scorer;
mod seen;
mod segment;
mod strokes;
mod torn;
mod unread;
mod weights;

pub(super) use cascade::{Cascade, is_short, read as read_in_cascade, read_if_sure, sightings};
pub use certainty::{Certainty, Sighting};
pub(super) use continued::{LineEnds, look_ahead};
pub use features::{Evidence, Features, SegmentKind};
pub(super) use figure::read_figure;
pub(super) use rescore::LineReader;
pub(super) use rivals::Rivals;
pub(super) use scorer::Scorer;
pub(super) use seen::SeenLine;
pub use weights::Weights;

use crate::clean::ink_level;
use crate::dict::Dictionaries;
use crate::error::Result;
use crate::geometry::Rect;
use crate::ocr::{LineBox, LineNetwork, Run, Strip};
use crate::page::{Alternative, Line, Word};
use crop::{Crop, CropShape};
use image::GrayImage;
use scorer::Observation;
use std::ops::Range;

use segment::{REACH, ScoredSegment, Segment};

/// Other readings less likely than this are not handed on.
const LEAST: f32 = 1e-4;
/// The most other readings of a word.
const MOST: usize = 8;

/// Reads the line with the network too and chooses, place by place. None where nothing is left that is surely text.
/// `typical` is the height of most lines of the page.
pub(super) fn read(
    page: &GrayImage,
    mut line: SeenLine,
    typical: f32,
    reader: &LineReader,
    scorer: &mut Scorer,
) -> Result<Option<Line>> {
    let model = reader.model;
    let Some(crop) = line.crop(page, model)? else {
        return Ok(None);
    };
    let sign = |run: &Run| model.letters()[run.class - 1];
    if !is_text(&line, typical, &crop.runs, sign) {
        return Ok(None);
    }
    let mut weighed = Vec::new();
    for segment in segments(&line.words, &crop.runs, sign, &crop.strip, 0..crop.steps.len()) {
        weighed.extend(weigh(segment, &line.words, &crop, sign, scorer));
    }
    finish(page, &line, typical, &crop, weighed, reader, scorer)
}

/// What may be printed at a place, beside `words` of Tesseract's; None where nothing is.
fn weigh(
    segment: Segment,
    words: &[Word],
    crop: &Crop,
    sign: impl Fn(&Run) -> char,
    scorer: &mut Scorer,
) -> Option<ScoredSegment> {
    // Where Tesseract read something else it is believed that nothing is printed where it saw nothing, but on clear evidence.
    let clear = || clearness(&crop.runs[segment.runs.clone()], &sign) >= CLEAR;
    (!segment.words.is_empty() || words.is_empty() || clear()).then(|| {
        let views = vec![crop.view(segment.span.clone(), segment.runs.clone())];
        ScoredSegment::new(scorer, words, segment, views)
    })
}

/// The line of these places, once what is in doubt among them is looked at again; None where it is no text.
fn finish(
    page: &GrayImage,
    line: &SeenLine,
    typical: f32,
    crop: &Crop,
    mut weighed: Vec<ScoredSegment>,
    reader: &LineReader,
    scorer: &mut Scorer,
) -> Result<Option<Line>> {
    rescore::pass(page, line, crop, &mut weighed, reader, scorer)?;
    let space = |run: &Run| reader.model.letters()[run.class - 1] == ' ';
    let mut words = Vec::with_capacity(line.words.len());
    for place in weighed {
        let seen = Observation {
            words: &line.words[place.segment.words.clone()],
            views: vec![crop.view(place.segment.span.clone(), place.segment.runs.clone())],
            starts_line: place.segment.runs.start == 0,
        };
        let mut chosen = chosen(page, &place, &seen, &crop.strip, &line.place, space, reader.closely);
        if chosen.iter().any(|word| word.text.contains('%')) {
            let sign = |run: &Run| reader.model.letters()[run.class - 1];
            let by_network: String = crop.runs[place.segment.runs.clone()].iter().map(sign).collect();
            per_mille::mend(&mut chosen, [&joined_texts(seen.words), &by_network]);
        }
        words.extend(chosen);
    }
    if line.detected {
        let sign = |run: &Run| reader.model.letters()[run.class - 1];
        raised::mend(page, &line.place, crop, sign, reader.model, &mut words)?;
        torn::mend(page, &line.place, &mut words);
    }
    let scribble = is_scribble(line, typical, &words, scorer);
    if words.is_empty() || scribble && !words.iter().any(holds_digit) {
        return Ok(None);
    }
    // What holds a digit is never thrown away, nor believed where it looks like a signature and is not a figure alone.
    let of_figure = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '%' | '/' | '(' | ')' | '-');
    if scribble && !words.iter().all(|word| word.text.chars().all(of_figure)) {
        words.iter_mut().for_each(|word| word.confidence = word.confidence.min(SCRIBBLED));
    }
    // Where Tesseract saw nothing the line is as high as it was found: what order lines have is not told by the marks of a word.
    let alone =
        |word: &&Word| reader.closely && (line.detected || !line.words.iter().any(|seen| seen.rect == word.rect));
    let bands: Vec<Rect> =
        words.iter().filter(alone).map(|word| line.place.between(word.rect.x0, word.rect.x1).rect).collect();
    let rect = Rect::bounding(words.iter().map(|w| &w.rect).chain(&bands)).unwrap_or_default();
    Ok(Some(Line { words, rect, block: line.block, cell: None }))
}

/// The candidates of every place of a line with their kinds, for the fitting of the weights.
pub(super) fn explain(
    page: &GrayImage,
    line: &SeenLine,
    model: &dyn LineNetwork,
    dictionaries: &Dictionaries,
    weights: &Weights,
) -> Result<Vec<(SegmentKind, Vec<Evidence>)>> {
    let Some(crop) = Crop::take(page, &line.place, CropShape::default(), model)? else {
        return Ok(Vec::new());
    };
    let sign = |run: &Run| model.letters()[run.class - 1];
    let mut scorer = Scorer::new(dictionaries, model.letters(), weights);
    let places = segments(&line.words, &crop.runs, sign, &crop.strip, 0..crop.steps.len());
    let weighed = places.into_iter().map(|segment| {
        let views = vec![crop.view(segment.span.clone(), segment.runs.clone())];
        ScoredSegment::new(&mut scorer, &line.words, segment, views)
    });
    Ok(weighed.map(|place| (place.kind, place.candidates)).collect())
}

/// Letters of print are at least this clear to the network, as the mean of their probabilities.
const CLEAR: f32 = 0.8;

/// How sure the network is of these letters; 0 where there are none.
fn clearness(runs: &[Run], sign: impl Fn(&Run) -> char) -> f32 {
    let letters = || runs.iter().filter(|r| sign(r) != ' ');
    letters().map(|r| r.peak.exp()).sum::<f32>() / letters().count().max(1) as f32
}

/// Whether the line is text and not a seal, a signature or dirt: two of three must say so.
fn is_text(line: &SeenLine, typical: f32, runs: &[Run], sign: impl Fn(&Run) -> char) -> bool {
    let letters: Vec<char> = runs.iter().map(&sign).filter(|&c| c != ' ').collect();
    let clearness = clearness(runs, sign);
    let sure = clearness > 0.7;
    match (line.detected, line.words.is_empty()) {
        // What Tesseract passes over and is much smaller than the text belongs to a stamp or a seal. A sign that stands
        // alone is the page's number.
        (true, true) => {
            let number = letters.iter().all(char::is_ascii_digit) && clearness > 0.9;
            (letters.len() > 1 || number) && clearness > CLEAR && line.place.rect.height() > 0.6 * typical
        }
        (true, false) => sure || confidence(&line.words) > 0.3,
        (false, _) => confidence(&line.words) > 0.85 || (sure && confidence(&line.words) > 0.5),
    }
}

/// A signature or the middle of a seal is read as fewer letters than this.
const SCRIBBLE: usize = 12;

fn holds_digit(word: &Word) -> bool {
    word.text.bytes().any(|b| b.is_ascii_digit())
}

/// Words of a line that looks like a scribble are no surer than this.
const SCRIBBLED: f32 = 0.5;

/// Whether what was read is no language, and stands higher than text or was doubted by Tesseract: a signature or the middle of
/// a seal.
fn is_scribble(line: &SeenLine, typical: f32, words: &[Word], scorer: &Scorer) -> bool {
    let texts: Vec<&str> = words.iter().map(|w| w.text.as_str()).collect();
    let text = texts.join(" ");
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let signs = text.chars().filter(|c| !c.is_alphanumeric() && *c != ' ').count();
    // A scribble gives a few letters; an address of a web site gives many that are no syllables either.
    let language = letters >= SCRIBBLE || scorer.plausible(&text) >= 0.5 && letters >= signs;
    let odd = line.place.rect.height() > 1.6 * typical || confidence(&line.words) < 0.6;
    !language && odd
}

/// Mean confidence of Tesseract's words; 0 where it saw none.
fn confidence(words: &[Word]) -> f32 {
    words.iter().map(|w| w.confidence).sum::<f32>() / words.len().max(1) as f32
}

/// Parts these steps of the line, in which `runs` were read, at the network's spaces that lie between Tesseract's words, before them and
/// behind them.
///
/// A stretch with none of Tesseract's words is one that Tesseract lost, or that nothing is printed in.
fn segments(
    words: &[Word],
    runs: &[Run],
    sign: impl Fn(&Run) -> char,
    strip: &Strip,
    steps: Range<usize>,
) -> Vec<Segment> {
    let extents: Vec<(f32, f32)> =
        words.iter().map(|w| (strip.step_of_x(w.rect.x0), strip.step_of_x(w.rect.x1))).collect();
    let middle = |run: &Run| (run.steps.start + run.steps.end) as f32 / 2.0;
    let parts = |run: &Run| {
        let at = middle(run);
        sign(run) == ' ' && !extents.iter().any(|&(from, to)| from + REACH < at && at < to - REACH)
    };
    let mut all: Vec<Segment> = Vec::new();
    let (mut word, mut run, mut step) = (0, 0, steps.start);
    for (index, cut) in runs.iter().enumerate().filter(|(_, r)| parts(r)) {
        let before = extents.partition_point(|&(from, to)| (from + to) / 2.0 < middle(cut)).max(word);
        all.push(Segment { words: word..before, runs: run..index, span: step..cut.steps.start });
        (word, run, step) = (before, index + 1, cut.steps.end);
    }
    all.push(Segment { words: word..words.len(), runs: run..runs.len(), span: step..steps.end });
    if words.is_empty() {
        all.retain(|m| !m.runs.is_empty());
        return all;
    }
    // What Tesseract did not see is a place of its own where letters stand clear of all that it saw; a stop alone belongs to
    // the word before it.
    let lost = |m: &Segment| {
        let letters = || runs[m.runs.clone()].iter().filter(|&r| sign(r).is_alphanumeric());
        let seen = |r: &Run| extents.iter().any(|&(from, to)| from < middle(r) && middle(r) < to);
        m.words.is_empty() && letters().next().is_some() && !letters().any(seen)
    };
    let mut out: Vec<Segment> = Vec::with_capacity(all.len());
    let mut rest: Option<Segment> = None;
    for segment in all.into_iter().filter(|m| !m.words.is_empty() || !m.runs.is_empty()) {
        if !segment.words.is_empty() || lost(&segment) {
            out.push(rest.take().map_or(segment.clone(), |r| joined(&r, &segment)));
        } else if let Some(last) = out.last_mut() {
            *last = joined(last, &segment);
        } else {
            rest = Some(rest.map_or(segment.clone(), |r| joined(&r, &segment)));
        }
    }
    out
}

/// Two stretches that follow each other as one.
fn joined(first: &Segment, second: &Segment) -> Segment {
    Segment {
        words: first.words.start..second.words.end,
        runs: first.runs.start..second.runs.end,
        span: first.span.start..second.span.end,
    }
}

/// The words of the likeliest candidate, the others as their alternatives.
fn chosen(
    page: &GrayImage,
    weighed: &ScoredSegment,
    place: &Observation,
    strip: &Strip,
    line: &LineBox,
    space: impl Fn(&Run) -> bool,
    closely: bool,
) -> Vec<Word> {
    let ScoredSegment { candidates, shares, .. } = weighed;
    let Some(best) = weighed.best() else {
        return Vec::new();
    };
    let parts: Vec<&str> = candidates[best].text.split(' ').filter(|p| !p.is_empty()).collect();
    let rects = rects(page, &parts, place, strip, line, space, closely);
    let mut words: Vec<Word> = parts
        .iter()
        .zip(rects)
        .map(|(&text, rect)| Word { text: text.into(), rect, confidence: 1.0, ..Word::default() })
        .collect();
    for (evidence, &share) in candidates.iter().zip(shares).filter(|(e, _)| e.text != candidates[best].text) {
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
    let whole = joined_texts(place.words);
    for word in &mut words {
        word.confidence = word.confidence.clamp(0.0, 1.0);
        keep_likely(word, |text| text == whole || place.words.iter().any(|w| w.text == text));
    }
    words
}

/// Leaves the likeliest of the word's other readings, and what Tesseract `read` however unlikely it is, where that has other digits.
fn keep_likely(word: &mut Word, read: impl Fn(&str) -> bool) {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let own = digits(&word.text);
    let strokes = strokes::of_numeral(&word.text);
    let is_other_numeral = |text: &str| strokes::of_numeral(text).is_some_and(|n| strokes.is_some_and(|own| own != n));
    let is_other_figure = |a: &Alternative| read(&a.text) && (digits(&a.text) != own || is_other_numeral(&a.text));
    let others = &mut word.alternatives;
    others.retain(|a| a.confidence >= LEAST || is_other_figure(a));
    others.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then_with(|| a.text.cmp(&b.text)));
    if let Some(at) = others.iter().position(is_other_figure).filter(|&at| at >= MOST) {
        others.swap(at, MOST - 1);
    }
    others.truncate(MOST);
}

fn joined_texts(words: &[Word]) -> String {
    words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn add(word: &mut Word, text: &str, share: f32) {
    word.confidence -= share;
    match word.alternatives.iter_mut().find(|a| a.text == text) {
        Some(known) => known.confidence += share,
        None => word.alternatives.push(Alternative { text: text.into(), confidence: share }),
    }
}

/// Where the parts stand: Tesseract's rectangles where they are as many, else the network's steps, else in proportion.
fn rects(
    page: &GrayImage,
    parts: &[&str],
    place: &Observation,
    strip: &Strip,
    line: &LineBox,
    space: impl Fn(&Run) -> bool,
    closely: bool,
) -> Vec<Rect> {
    if parts.len() == place.words.len() {
        return place.words.iter().map(|w| w.rect).collect();
    }
    let spoken: Vec<&[Run]> = place.views[0].runs.split(space).filter(|r| !r.is_empty()).collect();
    if parts.len() == spoken.len() {
        let x = |step: usize| strip.x_of_step(step as f32);
        // The network names a letter at its middle; half a letter stands on either side of that.
        let half = line.rect.height() * 0.12;
        let level = ink_level(page, &line.rect);
        return spoken
            .iter()
            .map(|r| {
                let whole = line.between(x(r[0].steps.start) - half, x(r[r.len() - 1].steps.end) + half).rect;
                let close = ink::close(page, &whole, 2.0 * half, level);
                // A dash, whose height tells nothing, is as high as half of the line.
                let (middle, least) = (whole.centre().1, whole.height() / 4.0);
                match closely {
                    true => Rect { y0: close.y0.min(middle - least), y1: close.y1.max(middle + least), ..close },
                    false => Rect { x0: close.x0, x1: close.x1, ..whole },
                }
            })
            .collect();
    }
    let whole = Rect::bounding(place.words.iter().map(|w| &w.rect)).unwrap_or_else(|| {
        let x = |step: usize| strip.x_of_step(step as f32);
        line.between(x(place.views[0].span.start), x(place.views[0].span.end)).rect
    });
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

#[cfg(test)]
mod tests {
    use super::features::{Evidence, Features, SegmentKind};
    use super::*;
    use image::Luma;

    #[test]
    fn what_tesseract_lost_is_a_place_of_its_own_and_a_stop_is_not() {
        let page = GrayImage::from_pixel(400, 100, Luma([255]));
        let line = LineBox { rect: Rect::new(0.0, 40.0, 400.0, 64.0), slope: 0.0 };
        let strip = Strip::cut(&page, &line).unwrap();
        let letters = "aa aa . aa";
        let steps = [2, 4, 8, 12, 14, 18, 20, 24, 28, 30];
        let runs: Vec<Run> =
            steps.iter().zip(1..).map(|(&at, class)| Run { class, steps: at..at + 1, peak: -0.01 }).collect();
        let sign = |run: &Run| letters.chars().nth(run.class - 1).unwrap();
        let word = |from: f32, to: f32| Word {
            rect: Rect::new(strip.x_of_step(from), 45.0, strip.x_of_step(to), 60.0),
            ..Word::default()
        };
        let parts = |words: &[Word]| -> Vec<(Range<usize>, Range<usize>)> {
            segments(words, &runs, sign, &strip, 0..90).into_iter().map(|m| (m.words, m.runs)).collect()
        };
        assert_eq!(parts(&[word(11.0, 16.0)]), [(0..0, 0..2), (0..1, 3..7), (1..1, 8..10)]);
        assert_eq!(parts(&[word(1.0, 6.0), word(11.0, 32.0)]), [(0..1, 0..2), (1..2, 3..10)]);
        assert_eq!(parts(&[]), [(0..0, 0..2), (0..0, 3..5), (0..0, 6..7), (0..0, 8..10)]);
    }

    #[test]
    fn what_tesseract_makes_of_a_seal_does_not_outvote_clear_print() {
        let weights = Weights::embedded().unwrap();
        let evidence = |text: &str, network: f32, distance: f32, dirt: f32| {
            let network_first = f32::from(u8::from(network == 0.0));
            let features =
                Features { network, distance: -distance, odd_signs: -dirt, network_first, ..Features::default() };
            Evidence { text: text.into(), features }
        };
        let seen = [evidence("AC <e# LA CHÚ", -30.0, 0.0, 2.0), evidence("PHÓ CHÚ", 0.0, 38.0, 0.0)];
        let right = |kind| weights.sums(&seen, kind).windows(2).all(|pair| pair[1] > pair[0]);
        assert!(right(SegmentKind::Word) && right(SegmentKind::Code) && !right(SegmentKind::Figure));
    }

    #[test]
    fn a_figure_that_tesseract_read_stays_beside_what_takes_its_place() {
        let mut alternatives: Vec<Alternative> =
            (0..9).map(|n| Alternative { text: format!("TTH{n}x"), confidence: 0.01 }).collect();
        alternatives.extend(["1THC", "TIHC", "II."].map(|text| Alternative { text: text.into(), confidence: 1e-9 }));
        let kept = |text: &str, read: &str| {
            let mut word = Word { text: text.into(), alternatives: alternatives.clone(), ..Word::default() };
            keep_likely(&mut word, |seen| seen == read);
            word.alternatives
        };
        let has = |kept: &[Alternative], text: &str| kept.iter().any(|a| a.text == text);
        assert!(has(&kept("TTHC", "1THC"), "1THC"));
        assert!(!has(&kept("TTHC", "TIHC"), "TIHC"), "letters alone may go");
        assert!(has(&kept("III.", "II."), "II."), "a Roman number is a figure");
        assert!(kept("TTHC", "1THC").len() <= MOST);
    }

    #[test]
    fn signatures_are_told_from_text() {
        let dictionaries = Dictionaries::embedded();
        let weights = Weights::embedded().unwrap();
        let scorer = Scorer::new(&dictionaries, &[], &weights);
        for (text, height, confidence, scribble) in [
            ("—¡auL——", 140.0, 0.9, true),
            ("= .A", 50.0, 0.4, true),
            ("///", 50.0, 0.3, true),
            ("PHÓ CHỦ TỊCH", 140.0, 0.4, false),
            ("Qvzx", 50.0, 0.9, false),
            ("~/2", 140.0, 0.2, true),
            ("http://vidu.chinhphu.vn).", 50.0, 0.4, false),
        ] {
            let words = [Word { text: text.into(), confidence, ..Word::default() }];
            let place = LineBox { rect: Rect::new(0.0, 0.0, 300.0, height), slope: 0.0 };
            let line = SeenLine::new(place, words.to_vec(), true, 0);
            assert_eq!(is_scribble(&line, 50.0, &words, &scorer), scribble, "{text}");
        }
    }
}

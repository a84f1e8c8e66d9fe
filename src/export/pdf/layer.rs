//! The invisible text of a page: one base line and one size a line, words scaled to their boxes, real spaces between them.
//!
//! Readers make lines and words of a PDF's text from positions, each in its own way. What they agree on is laid out here:
//! words on the same base line are a line, a gap of more than 0.15 of the size (poppler) parts words, and lines that
//! stand beside each other are told apart only by their base lines, half a size or more (poppler, `-raw`).

use super::font::{Codes, WIDTH};
use super::number::{Fine, Number};
use crate::document::TextLine;
use crate::export::printable;
use crate::geometry::{Rect, Transform};
use crate::restore::RestoredPage;
use crate::table::text_rows;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Least gap between words, in sizes: what every reader takes for a space.
const LEAST_GAP: f64 = 0.2;
/// Least distance of the base lines of lines side by side, in sizes of the first: poppler asks for half of it, PDFium for the height of
/// the glyphs' boxes, 0.55, pdf.js for all of it.
const APART: f64 = 1.03;
/// The same where the second begins left of the end of the first: pdf.js, too, asks for half of it there, and runs the words together
/// otherwise.
const APART_BACK: f64 = 0.57;
/// Size of the third and further lines side by side, in heights of their band.
const BESIDE: f64 = 0.62;
/// Lines that sink by no more than this a pixel of their length are written level, their middles where they were read: readers find more
/// lines so. At the ends of the longest line a word is then half of its height off. On other pages each word is level, as stairs are: pdf.js
/// takes a scaled word on a turned line for a line of its own. The curve is in `docs/export.md`.
const LEVEL: f64 = 0.02;
/// How far below the middle one of a line's words its letters reach, in heights of that word: descenders and dots below.
const BELOW: f64 = 0.35;
/// How far above it: marks on capitals.
const ABOVE: f64 = 0.45;
/// A line so many times as long as it is high tells the page's slope.
const LONG: f64 = 8.0;

/// A piece of text on one base line, in pixels of the page's level frame.
#[derive(Debug, Clone, PartialEq)]
struct Segment {
    /// Which line of the page's text it belongs to.
    line: usize,
    top: f64,
    bottom: f64,
    words: Vec<Placed>,
    size: f64,
    base: f64,
}

/// A word and where it begins and ends along its line.
#[derive(Debug, Clone, PartialEq)]
struct Placed {
    text: String,
    from: f64,
    to: f64,
    top: f64,
    bottom: f64,
    /// Whether it begins a cell of a table's row.
    begins_cell: bool,
}

/// The text of a page, laid out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PageText {
    segments: Vec<Segment>,
    /// From the level frame, whose lines run to the right, to pixels of the page as scanned.
    to_page: Transform,
    /// The same for directions: it turns by quarters only.
    directions: Transform,
    /// Whether each word stands level on a base line of its own, and not each line, around its middle.
    stairs: bool,
}

impl PageText {
    /// Lays out the restored lines of a page.
    pub(super) fn of(page: &RestoredPage) -> PageText {
        let lines = page.printed_lines();
        let Frame { to_page, to_level, quarter, slant } = Frame::of(&lines);
        let stairs = slant.abs() > LEVEL;
        let mut segments = Vec::new();
        // The cells of a row are one line of the text, and stay level beside each other.
        let rows = text_rows(&page.recognised.lines);
        for (row, printed) in rows.into_iter().enumerate() {
            for line in lines.get(printed).unwrap_or_default() {
                segments.extend(segments_of(row, line, &to_level));
            }
        }
        set_apart(&mut segments, slant, !stairs);
        segments.iter_mut().for_each(Segment::part_words);
        PageText { segments, to_page, directions: quarter, stairs }
    }

    /// Whether there is nothing to show.
    pub(super) fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Adds the characters that it shows.
    pub(super) fn collect(&self, characters: &mut BTreeSet<char>) {
        characters.insert(' ');
        let words = self.segments.iter().flat_map(|s| &s.words);
        characters.extend(words.flat_map(|w| w.text.chars()));
    }

    /// The operators that show it, whole in themselves. `to_user` leads from pixels of the page as scanned to the page's
    /// user space, `font` is the font's name in the page's resources.
    pub(super) fn content(&self, to_user: &Transform, font: &str, codes: &Codes) -> Vec<u8> {
        let map = self.to_page.then(to_user);
        let [a, b, _, d, e, _] = self.directions.then(to_user).coefficients;
        // Along the line and up from it, in user space: pixels go down the page.
        let (along, up) = ((a, d), (-b, -e));
        let (step, rise) = (along.0.hypot(along.1), up.0.hypot(up.1));
        let mut out = String::from("q\nBT\n3 Tr\n");
        if step <= 0.0 || rise <= 0.0 || !step.is_finite() || !rise.is_finite() {
            return Vec::new();
        }
        let (c, s, u, v) = (along.0 / step, along.1 / step, up.0 / rise, up.1 / rise);
        for segment in &self.segments {
            let size = segment.size * rise;
            // Writing to a string cannot fail.
            let _ = writeln!(out, "/{font} {} Tf", Number(size));
            let mut at = segment.starts();
            for (index, word) in segment.words.iter().enumerate() {
                if index == 0 || self.stairs {
                    // As high as the middle of what it begins.
                    let half = (if self.stairs { word.to } else { segment.ends() } - word.from) / 2.0;
                    let (x, y) = map.point(word.from + half, segment.base);
                    let (x, y) = (x - along.0 * half, y - along.1 * half);
                    let _ =
                        writeln!(out, "{} {} {} {} {} {} Tm", Fine(c), Fine(s), Fine(u), Fine(v), Number(x), Number(y));
                    at = word.from;
                }
                at += show(&mut out, &word.text, word.to - at, size, step, codes);
                if let Some(next) = segment.words.get(index + 1) {
                    at += show(&mut out, " ", next.from - at, size, step, codes);
                }
            }
        }
        out.push_str("ET\nQ\n");
        out.into_bytes()
    }
}

/// Shows a text scaled to `length` pixels; gives the length that the rounded scale makes of it.
fn show(out: &mut String, text: &str, length: f64, size: f64, step: f64, codes: &Codes) -> f64 {
    let natural = text.chars().count() as f64 * WIDTH / 1000.0 * size / step;
    let scale = (100.0 * length / natural * 100.0).round() / 100.0;
    let scale = if scale.is_finite() { scale.clamp(0.01, 100_000.0) } else { 100.0 };
    let _ = writeln!(out, "{} Tz <{}> Tj", Number(scale), codes.encoded(text));
    natural * scale / 100.0
}

/// The frame in which the page's lines run level to the right.
struct Frame {
    /// From it to the page as scanned.
    to_page: Transform,
    /// Back.
    to_level: Transform,
    /// The nearest to `to_page` that turns by quarters only.
    quarter: Transform,
    /// By how much a line sinks on the page a pixel of its length.
    slant: f64,
}

impl Frame {
    fn of(lines: &[TextLine]) -> Frame {
        let centres: Vec<Vec<(f64, f64)>> = lines
            .iter()
            .map(|l| {
                l.words.iter().filter_map(|w| w.rect).map(|r| r.centre()).map(|(x, y)| (x.into(), y.into())).collect()
            })
            .collect();
        // A page may lie on its side or stand on its head: its words then follow each other in that direction.
        let (mut dx, mut dy) = (0.0, 0.0);
        for line in &centres {
            if let (Some(first), Some(last)) = (line.first(), line.last()) {
                dx += last.0 - first.0;
                dy += last.1 - first.1;
            }
        }
        let quarter: (f64, f64) = match () {
            () if dx.abs() >= dy.abs() && dx >= 0.0 => (1.0, 0.0),
            () if dx.abs() >= dy.abs() => (-1.0, 0.0),
            () if dy >= 0.0 => (0.0, 1.0),
            () => (0.0, -1.0),
        };
        let mut slopes: Vec<(f64, f64)> = lines
            .iter()
            .zip(&centres)
            .filter_map(|(line, centres)| {
                let turned = |(x, y): &(f64, f64)| (x * quarter.0 + y * quarter.1, y * quarter.0 - x * quarter.1);
                let points: Vec<(f64, f64)> = centres.iter().map(turned).collect();
                let across = |r: &Rect| f64::from(if quarter.0 == 0.0 { r.width() } else { r.height() });
                let high =
                    line.words.iter().filter_map(|w| w.rect).map(|r| across(&r)).sum::<f64>() / points.len() as f64;
                let long = points.last()?.0 - points.first()?.0;
                (points.len() >= 4 && long > LONG * high).then(|| (slope(&points), long))
            })
            .collect();
        slopes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let half = slopes.iter().map(|s| s.1).sum::<f64>() / 2.0;
        let mut passed = 0.0;
        let middle = slopes.iter().find(|s| {
            passed += s.1;
            passed >= half
        });
        let slant = middle.map_or(0.0, |m| m.0);
        let (sin, cos) = slant.atan().sin_cos();
        let turned = |(cos, sin): (f64, f64)| Transform { coefficients: [cos, -sin, 0.0, sin, cos, 0.0] };
        let direction = (quarter.0 * cos - quarter.1 * sin, quarter.1 * cos + quarter.0 * sin);
        Frame {
            to_page: turned(direction),
            to_level: turned((direction.0, -direction.1)),
            quarter: turned(quarter),
            slant,
        }
    }
}

/// The slope of the straight line through these points with the least squares.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let (mx, my) = (points.iter().map(|p| p.0).sum::<f64>() / count, points.iter().map(|p| p.1).sum::<f64>() / count);
    let across: f64 = points.iter().map(|p| (p.0 - mx) * (p.1 - my)).sum();
    let along: f64 = points.iter().map(|p| (p.0 - mx).powi(2)).sum();
    if along > 0.0 { across / along } else { 0.0 }
}

/// A word's box in the level frame: (from, to, top, bottom).
fn levelled(rect: &Rect, to_level: &Transform) -> (f64, f64, f64, f64) {
    let (x, y) = rect.centre();
    let (along, down) = to_level.point(x.into(), y.into());
    let [cos, sin, ..] = to_level.coefficients;
    let (width, height) = (f64::from(rect.width()), f64::from(rect.height()));
    // The box stands upright around a word that is turned: take away by how much the slant makes it wider and higher.
    let (long, high, slant) =
        if cos.abs() >= sin.abs() { (width, height, (sin / cos).abs()) } else { (height, width, (cos / sin).abs()) };
    let (true_long, true_high) = ((long - high * slant).max(long / 2.0), (high - long * slant).max(high / 2.0));
    (along - true_long / 2.0, along + true_long / 2.0, down - true_high / 2.0, down + true_high / 2.0)
}

/// The words of a line in the level frame; pieces of a word that restoration parted share its box.
fn placed(line: &TextLine, to_level: &Transform) -> Vec<Placed> {
    let mut words: Vec<Placed> = Vec::with_capacity(line.words.len());
    let mut at = 0;
    let mut cell = false;
    while at < line.words.len() {
        let rect = line.words[at].rect;
        let same = |w: &&crate::document::TextWord| w.rect == rect;
        let count = line.words[at..].iter().take_while(same).count();
        let group = &line.words[at..at + count];
        let Some(rect) = rect.filter(|r| r.width() > 0.0 && r.height() > 0.0) else {
            at += count;
            continue;
        };
        let (from, to, top, bottom) = levelled(&rect, to_level);
        let texts: Vec<String> = group.iter().map(|w| printable(&line.text[w.start..w.end]).into_owned()).collect();
        let letters: f64 = texts.iter().map(|t| t.chars().count() as f64).sum::<f64>() + (count - 1) as f64;
        let mut before = 0.0;
        for (index, text) in texts.into_iter().enumerate() {
            let word = &group[index];
            let start = at + index;
            if start > 0 {
                cell |= line.text[line.words[start - 1].end..word.start].contains('\t');
            }
            let long = text.chars().count() as f64;
            if long > 0.0 {
                let point = |letter: f64| from + (to - from) * letter / letters;
                let (from, to) = (point(before), point(before + long));
                words.push(Placed { text, from, to, top, bottom, begins_cell: std::mem::take(&mut cell) });
            }
            before += long + 1.0;
        }
        at += count;
    }
    words
}

/// A line as pieces on one base line each: a table's row is a piece a cell, and a cell of several printed lines one a line.
fn segments_of(index: usize, line: &TextLine, to_level: &Transform) -> Vec<Segment> {
    let mut pieces: Vec<Vec<Placed>> = Vec::new();
    for word in placed(line, to_level) {
        let goes_on = pieces.last().and_then(|p| p.last()).is_some_and(|before| {
            let overlap = word.bottom.min(before.bottom) - word.top.max(before.top);
            let least = (word.bottom - word.top).min(before.bottom - before.top);
            // Dots and dashes stand anywhere in the height of a line, but never before the word before them.
            let level = overlap > 0.3 * least || (word.bottom - word.top) * 3.0 < before.bottom - before.top;
            !word.begins_cell && level && word.from >= before.from
        });
        match pieces.last_mut() {
            Some(piece) if goes_on => piece.push(word),
            _ => pieces.push(vec![word]),
        }
    }
    pieces.into_iter().map(|words| Segment::new(index, words)).collect()
}

impl Segment {
    fn new(line: usize, words: Vec<Placed>) -> Segment {
        let middle = |of: &dyn Fn(&Placed) -> f64| {
            let mut all: Vec<f64> = words.iter().map(of).collect();
            all.sort_by(f64::total_cmp);
            all[all.len() / 2]
        };
        // A box that reaches far beyond the others holds more than the word: a rule, a speck, part of the next line.
        let high = middle(&|w| w.bottom - w.top).max(1.0);
        let (low, up) = (middle(&|w| w.bottom) + BELOW * high, middle(&|w| w.top) - ABOVE * high);
        let bottom = words.iter().map(|w| w.bottom).filter(|&b| b <= low).fold(f64::MIN, f64::max);
        let top = words.iter().map(|w| w.top).filter(|&t| t >= up).fold(f64::MAX, f64::min).min(bottom - 1.0);
        Segment { line, top, bottom, words, size: bottom - top, base: bottom }
    }

    fn ends(&self) -> f64 {
        self.words.last().map_or(0.0, |w| w.to)
    }

    fn starts(&self) -> f64 {
        self.words.first().map_or(0.0, |w| w.from)
    }

    /// Makes every gap wide enough for a space: words that stand too close end earlier.
    fn part_words(&mut self) {
        let gap = LEAST_GAP * self.size;
        let mut earliest = f64::MIN;
        for word in &mut self.words {
            word.from = word.from.max(earliest);
            // A word has room for its letters, however thin the box.
            let least = 0.02 * self.size * word.text.chars().count() as f64;
            word.to = word.to.max(word.from + least);
            earliest = word.from + least + gap;
        }
        for index in 1..self.words.len() {
            let latest = self.words[index].from - gap;
            let word = &mut self.words[index - 1];
            word.to = word.to.min(latest);
        }
    }
}

/// Puts lines that follow each other in the same height on base lines far enough apart to be told from one line: one stands low
/// in its band, the next high, and both are made smaller, so that they stay inside their bands. Readers compare base lines
/// on the page, where those of a skewed page sink by `slant` a pixel, at their ends, or in all where they are written `level`.
fn set_apart(segments: &mut [Segment], slant: f64, level: bool) {
    let mut settled = false;
    for index in 1..segments.len() {
        let (before, after) = segments.split_at_mut(index);
        let (Some(first), Some(second)) = (before.last_mut(), after.first_mut()) else { continue };
        let beside = second.starts() > first.ends() - first.size;
        let sunk = match level {
            true => slant * (second.starts() + second.ends() - first.starts() - first.ends()) / 2.0,
            false => slant * (second.starts() - first.words.last().map_or(0.0, |w| w.from)),
        };
        let apart = if beside { APART } else { APART_BACK };
        let near = (second.base + sunk - first.base).abs() < apart * first.size;
        if first.line == second.line || !near {
            settled = false;
            continue;
        }
        if settled {
            // The first has its place already, beside the one before it.
            let high = first.base - apart * first.size - sunk - second.top;
            if first.base + apart * first.size <= second.bottom + sunk {
                second.size *= BESIDE;
            } else if high > 0.0 {
                second.size = high.min(second.size);
                second.base = second.top + second.size;
            }
            continue;
        }
        // The size that lets the one stand at its band's bottom and the other at its top, either way round.
        let [low_first, high_first] =
            [first.bottom - second.top - sunk, second.bottom + sunk - first.top].map(|room| room / (1.0 + apart));
        first.size = first.size.min(low_first.max(high_first).max(1.0));
        second.size = second.size.min(first.size);
        if low_first >= high_first {
            second.base = second.top + second.size;
        } else {
            first.base = first.top + first.size;
        }
        settled = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Place, TextWord};
    use crate::page::{Line, RecognisedPage, Word};

    fn line(words: &[(&str, [f32; 4])]) -> TextLine {
        let mut line = TextLine::default();
        let mut rects = Vec::new();
        for (text, rect) in words {
            if !line.text.is_empty() && !text.starts_with('\t') {
                line.text.push(' ');
            }
            let start = line.text.len() + usize::from(text.starts_with('\t'));
            line.text.push_str(text);
            let rect = Rect::from(*rect);
            rects.push(rect);
            let end = line.text.len();
            line.words.push(TextWord { start, end, rect: Some(rect), confidence: None, alternatives: Vec::new() });
        }
        line.place = Place { rect: Rect::bounding(&rects), ..Place::default() };
        line
    }

    fn level(lines: &[TextLine]) -> Vec<Segment> {
        let Frame { to_level, slant, .. } = Frame::of(lines);
        let mut segments: Vec<Segment> =
            lines.iter().enumerate().flat_map(|(i, l)| segments_of(i, l, &to_level)).collect();
        set_apart(&mut segments, slant, false);
        segments.iter_mut().for_each(Segment::part_words);
        segments
    }

    #[test]
    fn words_that_touch_are_parted_and_begin_where_they_began() {
        let line = line(&[("Xã", [100., 100., 140., 140.]), ("Đại", [141., 100., 190., 140.])]);
        let segments = level(&[line]);
        let [first, second] = &segments[0].words[..] else { panic!("{segments:?}") };
        assert_eq!((first.from, second.from), (100.0, 141.0));
        assert!(second.from - first.to >= 0.2 * segments[0].size - 1e-9);
    }

    #[test]
    fn lines_side_by_side_get_base_lines_half_a_size_apart_inside_their_band() {
        let left = line(&[("UBND", [100., 100., 300., 140.])]);
        let right = line(&[("CỘNG", [600., 102., 800., 141.])]);
        let segments = level(&[left, right]);
        assert!((segments[0].base - segments[1].base).abs() > segments[0].size);
        for segment in &segments {
            assert!(segment.base <= segment.bottom && segment.base - segment.size >= segment.top - 1e-9, "{segment:?}");
        }
    }

    #[test]
    fn a_line_that_begins_in_the_height_of_the_one_before_it_is_not_run_together_with_it() {
        // A name beside the list of recipients, then the list's next line, half a line lower.
        let right = line(&[("Tuấn", [600., 100., 800., 140.])]);
        let left = line(&[("- Công", [100., 112., 300., 152.])]);
        let segments = level(&[right, left]);
        assert!((segments[0].base - segments[1].base).abs() > 0.5 * segments[0].size, "{segments:?}");
    }

    #[test]
    fn a_box_that_holds_part_of_the_next_line_changes_neither_base_line_nor_size() {
        let words = |foot: f32| {
            let mut words: Vec<(&str, [f32; 4])> =
                (0..7).map(|i| ("chữ", [100.0 * i as f32, 100., 100.0 * i as f32 + 80., 118.])).collect();
            words[3].1[3] = foot;
            line(&words)
        };
        let (clean, reaching) = (level(&[words(118.)]), level(&[words(130.)]));
        assert_eq!((clean[0].base, clean[0].size), (reaching[0].base, reaching[0].size));
        // A descender is no such box.
        assert_eq!(level(&[words(122.)])[0].base, 122.0);
    }

    #[test]
    fn cells_of_a_row_stand_on_their_own_and_a_cell_of_two_lines_is_two_pieces() {
        let row = line(&[
            ("một", [100., 100., 160., 130.]),
            ("hai", [100., 140., 150., 170.]),
            ("\t1.077", [400., 120., 480., 150.]),
        ]);
        let texts: Vec<String> = level(&[row]).iter().map(|s| s.words[0].text.clone()).collect();
        assert_eq!(texts, ["một", "hai", "1.077"]);
    }

    #[test]
    fn a_page_on_its_side_is_written_along_its_lines() {
        let word = |i: usize, text| (text, [500., 100. + 200. * i as f32, 530., 240. + 200. * i as f32]);
        let line = line(&[word(0, "một"), word(1, "hai"), word(2, "ba"), word(3, "bốn"), word(4, "năm")]);
        let Frame { to_page, .. } = Frame::of(std::slice::from_ref(&line));
        let (x, y) = to_page.point(1.0, 0.0);
        assert!(x.abs() < 1e-9 && (y - 1.0).abs() < 1e-9, "the lines run down the page");
        let segments = level(&[line]);
        assert_eq!(segments.len(), 1);
        assert!((segments[0].size - 30.0).abs() < 1e-6);
    }

    #[test]
    fn lines_that_sink_a_little_are_written_level_and_others_word_by_word() {
        for (sink, stairs) in [(0.01, false), (0.03, true), (0.12, true)] {
            let at = |i: usize| (200.0 * i as f32, 100.0 + 200.0 * sink * i as f32);
            let words: Vec<Word> = (0..9)
                .map(|i| Word {
                    text: "chữ".into(),
                    rect: Rect::new(at(i).0, at(i).1, at(i).0 + 150.0, at(i).1 + 40.0 + 150.0 * sink),
                    ..Word::default()
                })
                .collect();
            let rect = Rect::bounding(words.iter().map(|w| &w.rect)).unwrap();
            let lines = vec![Line { words, rect, ..Line::default() }];
            let page = RestoredPage { recognised: RecognisedPage { page: 1, lines }, edits: Vec::new() };
            let text = PageText::of(&page);
            assert_eq!(text.stairs, stairs);
            let mut letters = BTreeSet::new();
            text.collect(&mut letters);
            let content = text.content(&Transform::default(), "F", &Codes::of(letters));
            let content = String::from_utf8(content).unwrap();
            let numbers = |l: &str| l.split(' ').map(|n| n.parse::<f64>().unwrap()).collect::<Vec<_>>();
            let matrices: Vec<_> = content.lines().filter_map(|l| l.strip_suffix(" Tm")).map(numbers).collect();
            assert_eq!(matrices.len(), if stairs { 9 } else { 1 });
            let middle = matrices.len() / 2;
            let matrix = &matrices[middle];
            assert_eq!(matrix[1], 0.0, "{content}");
            // In pixels, which go down the page: the base line in the middle of the middle word.
            let base = matrix[5];
            assert!((base - f64::from(at(4).1 + 40.0 + 75.0 * sink)).abs() < 3.0, "{content}");
            assert!((matrix[4] - f64::from(at(middle).0)).abs() < 3.0, "{content}");
        }
    }

    #[test]
    fn the_slope_of_a_skewed_page_is_that_of_its_lines() {
        let words: Vec<(&str, [f32; 4])> = (0..10)
            .map(|i| ("chữ", [200. * i as f32, 100. + 4. * i as f32, 200. * i as f32 + 150., 140. + 4. * i as f32]))
            .collect();
        let Frame { to_page, .. } = Frame::of(&[line(&words)]);
        let (x, y) = to_page.point(1.0, 0.0);
        assert!((y / x - 0.02).abs() < 1e-4);
    }
}

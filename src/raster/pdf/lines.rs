//! Glyphs become words and lines, in the order in which a reader sees them: row by row, from left to right.

use super::super::text_layer::{LayerLine, LayerRun, LayerWord};
use super::cover::Sight;
use super::glyphs::PlacedGlyph;
use crate::geometry::{Rect, Transform};
use crate::reading_order;
use hayro::kurbo::{Point, Vec2};
use std::cmp::Ordering;

/// Parts of the font's height above and below the baseline that its letters take, marks of capitals included.
const ABOVE: f64 = 0.92;
const BELOW: f64 = 0.24;
/// Gap, in parts of the font's height, that parts words where the file has no spaces: most fonts' space is 0.25.
const WORD_GAP: f64 = 0.17;
/// The same where the file has spaces: then a gap is a tabulator or another column.
const WORD_GAP_BESIDE_SPACES: f64 = 0.4;
/// Gap beyond which text no longer is one string, even where it is letter-spaced.
const STRING_GAP: f64 = 1.2;
/// Gap, in parts of the font's height, made of spaces within which something else may stand; justified lines stretch
/// theirs to about half of the height.
const KEPT_FREE: f64 = 0.7;
/// How far, in parts of the font's height, glyphs may go back and still follow each other (kerning, marks).
const STEP_BACK: f64 = 0.6;
/// How far baselines in one string may differ, in parts of the font's height.
const SAME_BASELINE: f64 = 0.2;
/// Distance between baselines, in heights of the font, from which on another block begins.
const BLOCK_GAP: f64 = 2.0;

/// Glyphs that follow each other on one baseline, in the directions of reading: `u` along the line, `v` downwards.
struct Strip<'g> {
    glyphs: Vec<&'g PlacedGlyph>,
    start: f64,
    end: f64,
    baseline: f64,
    size: f64,
    /// Usual gap between its glyphs: not nothing where letters are spaced out.
    spacing: f64,
    has_spaces: bool,
}

impl Strip<'_> {
    /// Where it stands, in the directions of reading.
    fn area(&self) -> Rect {
        let (top, bottom) = (self.baseline - ABOVE * self.size, self.baseline + BELOW * self.size);
        Rect::new(self.start as f32, top as f32, self.end as f32, bottom as f32)
    }
}

/// The unit vectors along the lines and down the page of one direction of writing.
#[derive(Clone, Copy)]
struct Frame {
    along: Vec2,
    down: Vec2,
}

impl Frame {
    fn new(angle: f64) -> Self {
        let along = Vec2::from_angle(angle);
        Frame { along, down: Vec2::new(-along.y, along.x) }
    }

    fn u(&self, point: Point) -> f64 {
        point.to_vec2().dot(self.along)
    }

    fn v(&self, point: Point) -> f64 {
        point.to_vec2().dot(self.down)
    }
}

/// The lines of a page; `to_pixels` maps points on the page to pixels of the page as scanned.
///
/// Text that stands on its side or upside down follows the text of the page's main direction, except for the heads of columns.
pub(super) fn lines(glyphs: &[PlacedGlyph], to_pixels: &Transform) -> Vec<LayerLine> {
    // Quarter turns apart from each other; within one, text leans all alike or not at all.
    let mut quarters: [Vec<&PlacedGlyph>; 4] = Default::default();
    for glyph in glyphs {
        quarters[quarter(glyph)].push(glyph);
    }
    let mut order = [0, 1, 2, 3];
    order.sort_by_key(|&q| (std::cmp::Reverse(quarters[q].len()), q));
    let mut lines: Vec<LayerLine> = Vec::new();
    for q in order {
        let first_block = lines.last().map_or(0, |line| line.block + 1);
        let mut turned = lines_of_quarter(&quarters[q], first_block, to_pixels);
        if q != order[0] && q % 2 != order[0] % 2 {
            turned = insert_heads(&mut lines, turned);
        }
        lines.extend(turned);
    }
    lines
}

/// Puts the heads of columns that stand upright over the rows that they head, as one line; gives back the other lines.
///
/// Heads stand side by side, at least two of them, with a row close below. Only a page whose lines are level is looked at.
fn insert_heads(lines: &mut Vec<LayerLine>, turned: Vec<LayerLine>) -> Vec<LayerLine> {
    let mut rows: Vec<Vec<LayerLine>> = Vec::new();
    for line in turned {
        let beside = |row: &Vec<LayerLine>| {
            let overlap = row[0].rect.vertical_overlap(&line.rect);
            overlap > 0.5 * row[0].rect.height().min(line.rect.height())
        };
        match rows.iter_mut().find(|row| beside(row)) {
            Some(row) => row.push(line),
            None => rows.push(vec![line]),
        }
    }
    let mut rest = Vec::new();
    for mut row in rows {
        let around = Rect::bounding(row.iter().map(|l| &l.rect)).unwrap_or_default();
        let thick = row.iter().map(|l| l.rect.width()).fold(0.0, f32::max);
        let under = |line: &LayerLine| {
            let (from, to) = (line.rect.x0.max(around.x0 - thick), line.rect.x1.min(around.x1 + thick));
            line.rect.y0 > around.y1 - thick && line.rect.y0 < around.y1 + 3.0 * thick && to > from
        };
        match lines.iter().position(under).filter(|_| row.len() > 1) {
            Some(at) => {
                row.sort_by(|a, b| a.rect.x0.total_cmp(&b.rect.x0));
                let words = row.into_iter().flat_map(|l| l.words).collect();
                lines.insert(at, LayerLine { words, rect: around, block: lines[at].block });
            }
            None => rest.append(&mut row),
        }
    }
    rest
}

/// The direction of the glyph's baseline, from the up direction, which no letter lacks.
fn angle(glyph: &PlacedGlyph) -> f64 {
    let up = glyph.up;
    // Mirrored glyphs do not occur in text; the baseline is a quarter turn clockwise from up, y being downwards.
    up.y.atan2(up.x) + std::f64::consts::FRAC_PI_2
}

/// By how much its baseline leans off the nearest quarter turn, in radians.
pub(super) fn lean(glyph: &PlacedGlyph) -> f64 {
    let quarter_turn = quarter(glyph) as f64 * std::f64::consts::FRAC_PI_2;
    let d = angle(glyph) - quarter_turn;
    d.sin().atan2(d.cos())
}

fn quarter(glyph: &PlacedGlyph) -> usize {
    (angle(glyph) / std::f64::consts::FRAC_PI_2).round().rem_euclid(4.0) as usize % 4
}

fn lines_of_quarter(glyphs: &[&PlacedGlyph], first_block: u32, to_pixels: &Transform) -> Vec<LayerLine> {
    if glyphs.is_empty() {
        return Vec::new();
    }
    // The median leaves a stray leaning stamp aside and follows a recogniser's text on a page that was fed askew.
    let quarter_turn = quarter(glyphs[0]) as f64 * std::f64::consts::FRAC_PI_2;
    let mut leans: Vec<f64> = glyphs.iter().map(|glyph| lean(glyph)).collect();
    leans.sort_by(f64::total_cmp);
    let frame = Frame::new(quarter_turn + leans[leans.len() / 2]);
    let strips = strips(glyphs, &frame);
    let mut out = Vec::new();
    let mut block = first_block;
    let mut last: Option<(f64, f64)> = None;
    let boxes: Vec<Rect> = strips.iter().map(Strip::area).collect();
    let mut strips: Vec<Option<Strip<'_>>> = strips.into_iter().map(Some).collect();
    let groups = reading_order::groups(&boxes);
    // The order of drawing, which decides between strips at one height.
    let in_order = |mut group: Vec<usize>| {
        group.sort_unstable();
        group
    };
    let groups: Vec<Vec<Strip<'_>>> = groups
        .into_iter()
        .map(|group| in_order(group).into_iter().filter_map(|at| strips[at].take()).collect())
        .collect();
    for row in groups.into_iter().flat_map(rows) {
        let (baseline, size) = (row[0].baseline, row.iter().map(|s| s.size).fold(0.0, f64::max));
        if last.is_some_and(|(before, height)| baseline < before || baseline - before > BLOCK_GAP * size.max(height)) {
            block += 1;
        }
        let words = words(&row, &frame, to_pixels);
        if let Some(rect) = Rect::bounding(words.iter().map(|w| &w.rect)) {
            out.push(LayerLine { words, rect, block });
            last = Some((baseline, size));
        }
    }
    out
}

/// Strings of glyphs as they are drawn, spaces included.
fn strips<'g>(glyphs: &[&'g PlacedGlyph], frame: &Frame) -> Vec<Strip<'g>> {
    let mut strips: Vec<Vec<&PlacedGlyph>> = Vec::new();
    // The last glyph with ink in the strip that is being made.
    let mut inked: Option<&PlacedGlyph> = None;
    for &glyph in glyphs {
        let gap_after = |before: &PlacedGlyph| frame.u(glyph.origin) - frame.u(before.origin + before.advance);
        let follows = strips.last().and_then(|strip| strip.last()).is_some_and(|before| {
            let size = before.size().max(glyph.size());
            let rise = frame.v(glyph.origin) - frame.v(before.origin);
            // Spaces are also typed to keep a place free for a number that is stamped there later.
            let kept_free = !glyph.is_blank()
                && before.is_blank()
                && inked.is_some_and(|inked| gap_after(inked) > KEPT_FREE * size);
            (-STEP_BACK * size..STRING_GAP * size).contains(&gap_after(before))
                && rise.abs() < SAME_BASELINE * size
                && !kept_free
        });
        match strips.last_mut() {
            Some(strip) if follows => strip.push(glyph),
            _ => {
                strips.push(vec![glyph]);
                inked = None;
            }
        }
        if !glyph.is_blank() {
            inked = Some(glyph);
        }
    }
    let mut strips: Vec<Strip<'_>> = strips.into_iter().filter_map(|glyphs| strip(glyphs, frame)).collect();
    drop_shadows(&mut strips);
    strips
}

fn strip<'g>(glyphs: Vec<&'g PlacedGlyph>, frame: &Frame) -> Option<Strip<'g>> {
    let inked: Vec<&PlacedGlyph> = glyphs.iter().copied().filter(|g| !g.is_blank()).collect();
    let first = *inked.first()?;
    let size = inked.iter().map(|g| g.size()).fold(0.0, f64::max);
    let mut gaps: Vec<f64> = inked
        .windows(2)
        .map(|pair| frame.u(pair[1].origin) - frame.u(pair[0].origin + pair[0].advance))
        .filter(|gap| *gap < STRING_GAP * size)
        .collect();
    gaps.sort_by(f64::total_cmp);
    // The lower third, so that the gaps between words do not count even where words are short.
    let spacing = if gaps.len() < 3 { 0.0 } else { gaps[gaps.len() / 3].max(0.0) };
    let ends = inked.iter().flat_map(|g| [frame.u(g.origin), frame.u(g.origin + g.advance)]);
    Some(Strip {
        start: frame.u(first.origin),
        end: ends.fold(f64::MIN, f64::max),
        baseline: frame.v(first.origin),
        size,
        spacing,
        has_spaces: inked.len() < glyphs.len(),
        glyphs,
    })
}

/// Takes out strings that are drawn a second time beside themselves to look bold or to throw a shadow.
fn drop_shadows(strips: &mut Vec<Strip<'_>>) {
    let text = |strip: &Strip<'_>| -> Vec<u32> { strip.glyphs.iter().map(|g| g.code).collect() };
    let mut kept: Vec<(f64, f64, Vec<u32>)> = Vec::new();
    strips.retain(|strip| {
        let codes = text(strip);
        let near = |at: &(f64, f64, Vec<u32>)| {
            (at.0 - strip.start).abs() < 0.12 * strip.size && (at.1 - strip.baseline).abs() < 0.12 * strip.size
        };
        // A repetition follows closely; looking further back would be slow on pages of single letters.
        let repeated = kept.iter().rev().take(64).any(|at| near(at) && at.2 == codes);
        if !repeated {
            kept.push((strip.start, strip.baseline, codes));
        }
        !repeated
    });
}

/// Strips that stand side by side, each row from left to right, the rows from the top.
fn rows(mut strips: Vec<Strip<'_>>) -> Vec<Vec<Strip<'_>>> {
    let by = |a: f64, b: f64| a.partial_cmp(&b).unwrap_or(Ordering::Equal);
    // The order of drawing decides between equals: the sort is stable.
    strips.sort_by(|a, b| by(a.baseline, b.baseline));
    let mut rows: Vec<Vec<Strip<'_>>> = Vec::new();
    for strip in strips {
        // Columns set in different sizes are read across where their lines overlap by half; raised figures overlap
        // theirs, and the next line of the same column does not.
        let overlap = |row: &Vec<Strip<'_>>| {
            let like = row.iter().max_by(|a, b| by(a.size, b.size)).expect("rows are not empty");
            let (top, bottom) = (like.baseline - 0.7 * like.size, like.baseline + 0.2 * like.size);
            let shared = bottom.min(strip.baseline + 0.2 * strip.size) - top.max(strip.baseline - 0.7 * strip.size);
            shared / (0.9 * like.size.min(strip.size))
        };
        let beside =
            |row: &Vec<Strip<'_>>| row.iter().all(|other| other.end <= strip.start || strip.end <= other.start);
        // Strips above each other, as in close-set lines, have to share more to be one row.
        let fits = |row: &Vec<Strip<'_>>| overlap(row) > if beside(row) { 0.5 } else { 0.7 };
        let near = rows.iter_mut().rev().take(4).filter(|row| fits(row));
        match near.max_by(|a, b| by(overlap(a), overlap(b))) {
            Some(row) => row.push(strip),
            None => rows.push(vec![strip]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| by(a.start, b.start));
    }
    rows
}

/// The words of a row.
fn words(row: &[Strip<'_>], frame: &Frame, to_pixels: &Transform) -> Vec<LayerWord> {
    let notes = Notes::of(row, frame);
    let mut words: Vec<LayerWord> = Vec::new();
    let mut word = LayerWord::default();
    let mut boxes: Vec<Rect> = Vec::new();
    let mut end = f64::NEG_INFINITY;
    let mut finish = |word: &mut LayerWord, boxes: &mut Vec<Rect>| {
        if let Some(rect) = Rect::bounding(boxes.iter()) {
            words.push(LayerWord { rect, ..std::mem::take(word) });
        }
        boxes.clear();
    };
    for strip in row {
        let least = if strip.has_spaces { WORD_GAP_BESIDE_SPACES } else { WORD_GAP };
        for (index, glyph) in strip.glyphs.iter().enumerate() {
            let start = frame.u(glyph.origin);
            // Where one string ends and another begins, spaces may be missing even if there are some within.
            let least = if index == 0 { WORD_GAP } else { least };
            if glyph.is_blank() || start - end > least * strip.size + strip.spacing {
                finish(&mut word, &mut boxes);
            }
            end = frame.u(glyph.origin + glyph.advance).max(if index == 0 { f64::NEG_INFINITY } else { end });
            if glyph.is_blank() {
                continue;
            }
            add(&mut word, glyph, notes.is_raised(glyph, frame));
            boxes.push(rect(glyph, to_pixels));
        }
    }
    finish(&mut word, &mut boxes);
    words
}

/// The print of a row that small raised digits are told by: numbers of notes and powers.
struct Notes {
    baseline: f64,
    size: f64,
}

/// Raised digits are smaller than this, in parts of the print beside them.
const RAISED_SIZE: f64 = 0.8;
/// They stand at least this high over its baseline, in parts of its height.
const RAISED_BY: f64 = 0.15;

impl Notes {
    fn of(row: &[Strip<'_>], frame: &Frame) -> Notes {
        let inked = || row.iter().flat_map(|strip| &strip.glyphs).filter(|g| !g.is_blank());
        let mut sizes: Vec<f64> = inked().map(|g| g.size()).collect();
        sizes.sort_by(f64::total_cmp);
        let size = sizes.get(sizes.len() / 2).copied().unwrap_or(0.0);
        let mut baselines: Vec<f64> = inked().filter(|g| g.size() >= 0.9 * size).map(|g| frame.v(g.origin)).collect();
        baselines.sort_by(f64::total_cmp);
        Notes { baseline: baselines.get(baselines.len() / 2).copied().unwrap_or(0.0), size }
    }

    /// Whether it is a digit that is smaller than its row and stands above its baseline. A recogniser's layer, whose sizes are guessed,
    /// has none.
    fn is_raised(&self, glyph: &PlacedGlyph, frame: &Frame) -> bool {
        let rise = self.baseline - frame.v(glyph.origin);
        glyph.sight == Sight::Seen
            && glyph.size() < RAISED_SIZE * self.size
            && (RAISED_BY * self.size..self.size).contains(&rise)
    }
}

/// Adds a glyph to the word's last run, or a new one where its font changes; a digit that is `raised` as one of Unicode's raised digits.
fn add(word: &mut LayerWord, glyph: &PlacedGlyph, raised: bool) {
    let text = glyph.text.as_deref().unwrap_or("\u{fffd}").trim();
    let text: String = text.chars().map(|c| if raised { raised_digit(c) } else { c }).collect();
    match word.runs.last_mut() {
        Some(run) if run.font == glyph.font => run.text.push_str(&text),
        _ => word.runs.push(LayerRun { text, font: glyph.font.clone() }),
    }
}

/// The digit as Unicode has it raised; other characters as they are.
fn raised_digit(c: char) -> char {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    c.to_digit(10).map_or(c, |digit| RAISED[digit as usize])
}

/// The rectangle around a glyph on the page as scanned, in pixels.
fn rect(glyph: &PlacedGlyph, to_pixels: &Transform) -> Rect {
    let (top, bottom) = (glyph.up * ABOVE, glyph.up * -BELOW);
    let corners = [glyph.origin + top, glyph.origin + bottom, glyph.origin + glyph.advance + top];
    let corners = corners.into_iter().chain([glyph.origin + glyph.advance + bottom]);
    let at = |p: Point| {
        let (x, y) = to_pixels.point(p.x, p.y);
        Rect::new(x as f32, y as f32, x as f32, y as f32)
    };
    corners.map(at).reduce(|a, b| a.union(&b)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Glyphs of half their height's width, set from `x` on the baseline `y`; `spacing` between them.
    fn set(text: &str, x: f64, y: f64, size: f64, spacing: f64) -> Vec<PlacedGlyph> {
        let advance = Vec2::new(size / 2.0, 0.0);
        let place = |(i, c): (usize, char)| PlacedGlyph {
            text: Some(c.to_string()),
            code: c as u32,
            origin: Point::new(x + i as f64 * (advance.x + spacing), y),
            advance,
            up: Vec2::new(0.0, -size),
            font: None,
            sight: Sight::Seen,
        };
        text.chars().enumerate().map(place).collect()
    }

    fn texts(glyphs: &[PlacedGlyph]) -> Vec<String> {
        let words = |line: LayerLine| line.words.iter().map(LayerWord::text).collect::<Vec<_>>().join(" ");
        lines(glyphs, &Transform::IDENTITY).into_iter().map(words).collect()
    }

    #[test]
    fn columns_are_read_row_by_row_whatever_the_order_of_drawing() {
        let mut page = set("right one", 300.0, 100.0, 12.0, 0.0);
        page.extend(set("right two", 300.0, 115.0, 12.0, 0.0));
        page.extend(set("left one", 50.0, 101.0, 12.0, 0.0));
        page.extend(set("left two", 50.0, 116.0, 12.0, 0.0));
        assert_eq!(texts(&page), ["left one right one", "left two right two"]);
    }

    #[test]
    fn letter_spaced_words_stay_whole() {
        let page = [set("THÔNG", 50.0, 100.0, 12.0, 5.0), set("BÁO", 50.0 + 5.0 * 11.0 + 9.0, 100.0, 12.0, 5.0)];
        assert_eq!(texts(&page.concat()), ["THÔNG BÁO"]);
    }

    #[test]
    fn gaps_stand_for_spaces_that_are_not_there() {
        let page =
            [set("Số:", 50.0, 100.0, 12.0, 0.0), set("12", 72.0, 100.0, 12.0, 0.0), set("/BC", 84.5, 100.0, 12.0, 0.0)];
        assert_eq!(texts(&page.concat()), ["Số: 12/BC"]);
    }

    #[test]
    fn a_number_stamped_into_a_place_kept_free_is_read_there() {
        let mut page = set("Số:      /TB-UBND", 50.0, 100.0, 12.0, 0.0);
        page.extend(set("54", 76.0, 101.0, 11.0, 0.0));
        assert_eq!(texts(&page), ["Số: 54 /TB-UBND"]);
    }

    #[test]
    fn columns_in_different_sizes_are_read_across() {
        let mut page = set("Nơi nhận", 50.0, 100.0, 12.0, 0.0);
        page.extend(set("một", 50.0, 113.0, 11.0, 0.0));
        page.extend(set("CHỦ TỊCH", 300.0, 103.0, 14.0, 0.0));
        page.extend(set("PHÓ", 300.0, 118.0, 14.0, 0.0));
        assert_eq!(texts(&page), ["Nơi nhận CHỦ TỊCH", "một PHÓ"]);
    }

    #[test]
    fn raised_and_doubled_glyphs_do_not_make_lines_of_their_own() {
        let mut page = set("ghi nhớ", 50.0, 100.0, 12.0, 0.0);
        page.extend(set("1", 92.0, 96.0, 7.0, 0.0));
        page.extend(set("đậm", 150.0, 100.0, 12.0, 0.0));
        page.extend(set("đậm", 150.3, 100.0, 12.0, 0.0));
        assert_eq!(texts(&page), ["ghi nhớ¹ đậm"]);
    }

    #[test]
    fn text_on_its_side_and_askew_is_read_along_its_lines() {
        let turned = |glyphs: Vec<PlacedGlyph>, angle: f64| -> Vec<PlacedGlyph> {
            let turn = hayro::kurbo::Affine::rotate(angle);
            let vector = |v: Vec2| turn * v.to_point() - Point::ZERO;
            glyphs
                .into_iter()
                .map(|g| PlacedGlyph { origin: turn * g.origin, advance: vector(g.advance), up: vector(g.up), ..g })
                .collect()
        };
        for angle in [0.0f64, 2.0, 90.0, 178.0, 270.0] {
            let mut page = set("on the left", 50.0, 100.0, 12.0, 0.0);
            page.extend(set("far right", 450.0, 100.0, 12.0, 0.0));
            page.extend(set("below", 50.0, 114.0, 12.0, 0.0));
            assert_eq!(texts(&turned(page, angle.to_radians())), ["on the left far right", "below"], "{angle}");
        }
    }
}

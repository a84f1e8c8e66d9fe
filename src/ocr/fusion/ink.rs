//! Where letters end and white begins, on the page itself: the network tells a letter's place by its middle.

use crate::clean::ink_level;
use crate::geometry::Rect;
use crate::ocr::LineBox;
use image::GrayImage;
use std::ops::Range;

/// The page's x in the middle of the widest white between `from` and `to` in the line, or in the middle of both where there is none.
pub(super) fn white(page: &GrayImage, line: &LineBox, from: f32, to: f32) -> f32 {
    let widest = widest(page, line, from, to);
    if widest.is_empty() { (from + to) / 2.0 } else { (widest.start + widest.end) as f32 / 2.0 }
}

/// How wide the widest white between `from` and `to` in the line is, in pixels.
pub(super) fn widest_white(page: &GrayImage, line: &LineBox, from: f32, to: f32) -> f32 {
    widest(page, line, from, to).len() as f32
}

fn widest(page: &GrayImage, line: &LineBox, from: f32, to: f32) -> Range<u32> {
    let Rect { y0, y1, .. } = line.between(from, to).rect;
    let rows = clamped(y0, y1, page.height());
    let level = ink_level(page, &line.rect);
    let (mut widest, mut open) = (0..0, None);
    let columns = clamped(from, to, page.width());
    let end = columns.end;
    for x in columns {
        match (has_ink(page, x, &rows, level), open) {
            (false, None) => open = Some(x),
            (true, Some(start)) => {
                widest = wider(widest, start..x);
                open = None;
            }
            _ => {}
        }
    }
    match open {
        Some(start) => wider(widest, start..end),
        None => widest,
    }
}

fn wider(one: Range<u32>, other: Range<u32>) -> Range<u32> {
    if other.len() > one.len() { other } else { one }
}

/// The rectangle of a word drawn close around its ink: its ends reach on to the white beside them where a letter runs over them, no
/// further than `reach`. Pixels darker than `level` are ink. As it was where it holds no ink, or hardly any paper.
pub(super) fn close(page: &GrayImage, rect: &Rect, reach: f32, level: u8) -> Rect {
    let rows = clamped(rect.y0, rect.y1, page.height());
    let ends = clamped(rect.x0 - reach, rect.x1 + reach, page.width());
    let (from, to) = (rect.x0.max(ends.start as f32) as u32, rect.x1.max(0.0) as u32);
    let ink = |x: &u32| has_ink(page, *x, &rows, level);
    let x0 = match ends.contains(&from) && ink(&from) {
        true => (ends.start..from).rev().take_while(&ink).last().or(Some(from)),
        false => (from..to.min(ends.end)).find(&ink),
    };
    let x1 = match to < ends.end && ink(&to) {
        true => (to..ends.end).take_while(&ink).last(),
        false => (from..to.min(ends.end)).rev().find(&ink),
    };
    let (Some(x0), Some(x1)) = (x0, x1) else { return *rect };
    let columns = x0..x1 + 1;
    let dark = |y: &u32| columns.clone().any(|x| page.get_pixel(x, *y).0[0] < level);
    let hanging = (HANGING * rows.len() as f32) as usize;
    let (Some(y0), Some(y1)) = (first(rows.clone(), hanging, dark), first(rows.rev(), hanging, dark)) else {
        return *rect;
    };
    Rect::new(x0 as f32, y0 as f32, (x1 + 1) as f32, (y1 + 1) as f32)
}

/// What hangs into a line from the one above or below it takes no more than this share of its height, and white parts it from the line.
const HANGING: f32 = 0.3;

/// The first of `rows` that is dark, counted from behind the white that ends within the first `hanging` of them where they begin dark.
fn first(mut rows: impl Iterator<Item = u32> + Clone, hanging: usize, dark: impl Fn(&u32) -> bool) -> Option<u32> {
    let inside = rows.clone().find(&dark);
    if rows.clone().next().is_some_and(|row| dark(&row)) && rows.by_ref().take(hanging).any(|row| !dark(&row)) {
        return rows.find(&dark).or(inside);
    }
    inside
}

fn has_ink(page: &GrayImage, x: u32, rows: &Range<u32>, level: u8) -> bool {
    rows.clone().any(|y| page.get_pixel(x, y).0[0] < level)
}

/// Whole pixels between two places, of which there are `all`.
fn clamped(from: f32, to: f32, all: u32) -> Range<u32> {
    let to = (to.max(0.0).ceil() as u32).min(all);
    (from.max(0.0) as u32).min(to)..to
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    /// A page with ink in these rectangles.
    fn page(ink: &[(u32, u32, u32, u32)]) -> GrayImage {
        GrayImage::from_fn(200, 60, |x, y| {
            let inside = ink.iter().any(|&(x0, y0, x1, y1)| (x0..x1).contains(&x) && (y0..y1).contains(&y));
            Luma([if inside { 0 } else { 255 }])
        })
    }

    #[test]
    fn a_line_is_cut_in_its_widest_white() {
        let page = page(&[(20, 20, 60, 40), (63, 20, 80, 40), (100, 20, 150, 40)]);
        let line = LineBox { rect: Rect::new(10.0, 18.0, 160.0, 42.0), slope: 0.0 };
        assert_eq!(white(&page, &line, 50.0, 120.0), 90.0);
        assert_eq!(white(&page, &line, 105.0, 125.0), 115.0, "no white: the middle");
    }

    #[test]
    fn a_word_is_as_large_as_its_ink() {
        let page = page(&[(20, 24, 60, 40), (30, 18, 34, 21), (80, 20, 100, 40)]);
        let exact = Rect::new(20.0, 18.0, 60.0, 40.0);
        for (x0, x1) in [(12.0, 66.0), (24.0, 57.0), (20.0, 60.0)] {
            assert_eq!(close(&page, &Rect::new(x0, 14.0, x1, 45.0), 8.0, 150), exact, "{x0} {x1}");
        }
        // What hangs in from the line above is none of it; a letter that reaches up to the edge is.
        assert_eq!(close(&page, &Rect::new(16.0, 20.0, 64.0, 45.0), 2.0, 150).y0, 24.0);
        assert_eq!(close(&page, &Rect::new(16.0, 30.0, 64.0, 45.0), 2.0, 150).y0, 30.0);
        let blank = Rect::new(120.0, 10.0, 140.0, 50.0);
        assert_eq!(close(&page, &blank, 8.0, 150), blank);
    }
}

//! The number of a page, where it stands alone above or below the print and no recogniser took a sign or two for a line.

use super::LineBox;
use crate::clean::{Piece, Pieces, ink_level};
use crate::geometry::Rect;
use crate::page::Line;
use image::{GrayImage, imageops};

/// Least and most height of a figure, in heights of most lines of the page.
const FIGURE: (f32, f32) = (0.3, 1.1);
/// A figure is wider than this, in its heights; a bare stroke may be anything.
const STROKE: f32 = 0.3;
/// Figures of one number are no farther apart, in heights of most lines.
const APART: f32 = 0.6;
/// So much white is around the number, in heights of most lines.
const AROUND: f32 = 1.0;
/// The most figures of a number.
const FIGURES: usize = 3;
/// More pieces like figures than this are a picture or a text that was not read.
const MOST: usize = 200;
/// So many places that could be numbers are dust.
const DUST: usize = 4;
/// A piece that is lower is a speck, in heights of most lines.
const SPECK: f32 = 0.12;

/// The places above the first line and below the last where figures stand with nothing around them, from the top; `typical` is the
/// height of most lines.
pub(super) fn places(page: &GrayImage, lines: &[Line], typical: f32) -> Vec<LineBox> {
    let typical = if typical > 0.0 { typical } else { page.height() as f32 / 60.0 };
    let edge = |y: f32| (y.max(0.0) as u32).min(page.height());
    let zones = match Rect::bounding(lines.iter().map(|line| &line.rect)) {
        Some(print) => [0..edge(print.y0), edge(print.y1.ceil())..page.height()],
        None => [0..page.height(), 0..0],
    };
    let level = ink_level(page, &Rect::new(0.0, 0.0, page.width() as f32, page.height() as f32));
    let mut found = Vec::new();
    for zone in zones.into_iter().filter(|zone| (zone.end - zone.start) as f32 > typical) {
        let part = imageops::crop_imm(page, 0, zone.start, page.width(), zone.end - zone.start).to_image();
        found.extend(numbers(&part, typical, level).into_iter().map(|rect| LineBox {
            rect: Rect::new(rect.x0, rect.y0 + zone.start as f32, rect.x1, rect.y1 + zone.start as f32),
            slope: 0.0,
        }));
    }
    if found.len() < DUST { found } else { Vec::new() }
}

/// Around each of the numbers that may stand in this part of a page, pixels darker than `level` being ink.
fn numbers(part: &GrayImage, typical: f32, level: u8) -> Vec<Rect> {
    let rect = |p: &Piece| Rect::new(p.x0 as f32, p.y0 as f32, p.x1 as f32, p.y1 as f32);
    let ink: Vec<Rect> = Pieces::find(part, level).list.iter().map(rect).collect();
    let is_figure = |r: &&Rect| (FIGURE.0..FIGURE.1).contains(&(r.height() / typical)) && r.width() < 1.2 * r.height();
    let mut figures: Vec<Rect> = ink.iter().filter(is_figure).copied().collect();
    if figures.len() > MOST {
        return Vec::new();
    }
    figures.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let mut groups: Vec<Vec<Rect>> = Vec::new();
    for figure in figures {
        let beside = |group: &Vec<Rect>| {
            let last = group[group.len() - 1];
            figure.x0 - last.x1 < APART * typical && figure.vertical_overlap(&last) > 0.7 * figure.height()
        };
        match groups.iter_mut().find(|group| beside(group)) {
            Some(group) => group.push(figure),
            None => groups.push(vec![figure]),
        }
    }
    let is_number = |group: &Vec<Rect>| {
        let Some(all) = Rect::bounding(group) else { return false };
        let margin = AROUND * typical;
        let around = Rect::new(all.x0 - margin, all.y0 - margin, all.x1 + margin, all.y1 + margin);
        let near = |r: &&Rect| {
            r.x0 < around.x1 && around.x0 < r.x1 && r.y0 < around.y1 && around.y0 < r.y1 && r.height() > SPECK * typical
        };
        let bare = group.len() == 1 && all.width() < STROKE * all.height();
        group.len() <= FIGURES && !bare && ink.iter().filter(near).count() == group.len()
    };
    let mut found: Vec<Rect> =
        groups.into_iter().filter(is_number).filter_map(|g| Rect::bounding(&g)).map(|r| as_line(&r)).collect();
    found.sort_by(|a, b| a.y0.total_cmp(&b.y0));
    found
}

/// The line that figures stand in: it reaches to where marks above them and tails below them would.
fn as_line(figures: &Rect) -> Rect {
    let (above, below) = (0.28 * figures.height(), 0.3 * figures.height());
    Rect::new(figures.x0, figures.y0 - above, figures.x1, figures.y1 + below)
}

/// Whether this is what a page's number looks like.
pub(super) fn is_number(text: &str) -> bool {
    (1..=FIGURES).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0')
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    fn page(ink: &[(u32, u32, u32, u32)]) -> GrayImage {
        GrayImage::from_fn(800, 1000, |x, y| {
            let inside = ink.iter().any(|&(x0, y0, x1, y1)| (x0..x1).contains(&x) && (y0..y1).contains(&y));
            Luma([if inside { 0 } else { 255 }])
        })
    }

    fn line() -> Line {
        Line { rect: Rect::new(100.0, 200.0, 700.0, 240.0), ..Line::default() }
    }

    #[test]
    fn figures_alone_above_and_below_the_print_are_found() {
        let sheet = page(&[(400, 60, 414, 84), (418, 60, 430, 84), (690, 900, 706, 926), (300, 210, 320, 236)]);
        let found = places(&sheet, &[line()], 40.0);
        assert_eq!(found.iter().map(|l| (l.rect.x0, l.rect.x1)).collect::<Vec<_>>(), [(400.0, 430.0), (690.0, 706.0)]);
    }

    #[test]
    fn strokes_words_and_dust_are_none() {
        let stroke = page(&[(400, 900, 405, 926)]);
        let word: Vec<_> = (0..5).map(|n| (400 + 20 * n, 900, 414 + 20 * n, 926)).collect();
        let dust: Vec<_> = (0..6).map(|n| (100 * n + 50, 500 + 60 * n, 100 * n + 66, 526 + 60 * n)).collect();
        let beside = page(&[(400, 900, 416, 926), (440, 880, 520, 960)]);
        for sheet in [stroke, page(&word), page(&dust), beside] {
            assert_eq!(places(&sheet, &[line()], 40.0), []);
        }
    }

    #[test]
    fn a_number_has_one_to_three_figures() {
        assert!(["9", "12", "104"].iter().all(|n| is_number(n)));
        assert!(!["", "0", "I", "1a", "2025", "-"].iter().any(|n| is_number(n)));
    }
}

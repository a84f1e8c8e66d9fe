//! Ink that no line of the detector covers and that may be print: a page's number, a letter that stands apart, a line overlooked.

use super::LineBox;
use crate::clean::{Piece, Pieces, ink_level};
use crate::geometry::Rect;
use image::{GrayImage, Luma};

/// How far letters and their marks may overhang a line as it was found, in its heights.
const OVER: f32 = 0.25;

/// Least and most height of a piece that may be a letter, in heights of most lines of the page.
const LETTER: (f32, f32) = (0.3, 1.6);

/// White left around a piece, in heights of most lines.
const AROUND: f32 = 0.8;

/// The part of the page that holds such ink with nothing else in it, and where it begins; None where there is none.
pub(super) fn leftover(page: &GrayImage, lines: &[LineBox], typical: f32) -> Option<(GrayImage, (u32, u32))> {
    let mut rest = page.clone();
    lines.iter().for_each(|line| erase(&mut rest, line));
    let typical = if typical > 0.0 { typical } else { page.height() as f32 / 60.0 };
    let is_letter = |piece: &&Piece| {
        let (width, height) = (piece.width() as f32, piece.height() as f32);
        let full = piece.area as f32 / (width * height);
        (LETTER.0 * typical..LETTER.1 * typical).contains(&height) && width < 3.0 * typical && full > 0.08
    };
    let whole = Rect::new(0.0, 0.0, page.width() as f32, page.height() as f32);
    let pieces = Pieces::find(&rest, ink_level(page, &whole));
    let margin = AROUND * typical;
    let rect =
        |p: &Piece| Rect::new(p.x0 as f32 - margin, p.y0 as f32 - margin, p.x1 as f32 + margin, p.y1 as f32 + margin);
    let places: Vec<Rect> = pieces.list.iter().filter(is_letter).map(rect).collect();
    let all = Rect::bounding(&places)?;
    let kept = crate::layer::keep_only(&rest, &places);
    let (x0, y0) = (all.x0.max(0.0) as u32, all.y0.max(0.0) as u32);
    let (x1, y1) = ((all.x1.ceil() as u32).min(page.width()), (all.y1.ceil() as u32).min(page.height()));
    Some((image::imageops::crop_imm(&kept, x0, y0, x1 - x0, y1 - y0).to_image(), (x0, y0)))
}

/// Paints the line white, along its slope.
fn erase(page: &mut GrayImage, line: &LineBox) {
    let rect = &line.rect;
    let over = OVER * rect.height();
    let (from, to) = ((rect.x0 - over).max(0.0) as u32, ((rect.x1 + over).max(0.0) as u32).min(page.width()));
    for x in from..to {
        let drop = line.drop(x as f32);
        let (top, bottom) = ((rect.y0 + drop - over).max(0.0) as u32, (rect.y1 + drop + over).max(0.0) as u32);
        (top..bottom.min(page.height())).for_each(|y| page.put_pixel(x, y, Luma([255])));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_line_is_gone_and_a_letter_beside_it_is_left() {
        let ink = [(100, 100), (400, 100), (640, 300)];
        let page = GrayImage::from_fn(800, 400, |x, y| {
            let inside = ink.iter().any(|&(x0, y0)| (x0..x0 + 12).contains(&x) && (y0..y0 + 20).contains(&y));
            Luma([if inside || (700..702).contains(&x) && (10..12).contains(&y) { 0 } else { 255 }])
        });
        let line = |x1: f32| LineBox { rect: Rect::new(90.0, 95.0, x1, 125.0), slope: 0.0 };
        let (part, (x, y)) = leftover(&page, &[line(450.0)], 30.0).unwrap();
        assert!((616..=640).contains(&x) && (276..=300).contains(&y), "{x} {y}");
        assert!(part.width() < 64 && part.height() < 72, "{:?}", part.dimensions());
        let all = [line(450.0), LineBox { rect: Rect::new(630.0, 295.0, 660.0, 325.0), slope: 0.0 }];
        assert!(leftover(&page, &all, 30.0).is_none(), "a speck is no letter");
    }
}

//! Rows of dots: leaders from a label to its number, and blanks to be filled in. Recognisers read words and figures into them,
//! so they are taken off the page, and put back as dots into what was read.

use super::components::{Piece, Pieces};
use crate::geometry::Rect;
use crate::raster::PageImage;
use image::{DynamicImage, GrayImage};
use serde::{Deserialize, Serialize};

/// A row of dots.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Leader {
    /// Around its dots, in pixels.
    pub rect: Rect,
    /// How many there are.
    pub dots: usize,
}

/// Fewer dots are an ellipsis, which recognisers read rightly.
const DOTS: usize = 6;

/// A dot is no larger than this, in inches: the full stop of 16 points is 1.9 points across.
const LARGEST: f32 = 0.03;

/// Dots follow each other at no more than this, in inches: a space and a dot of 16 points.
const FARTHEST: f32 = 0.13;

/// A dot keeps its distance from other ink above it by this many of its own heights; the dot of an i or of a heavy tone does not.
const FREE: u32 = 2;

/// A letter's longer side is at least this, in inches: the x-height of 5 points.
const LETTER: f32 = 0.03;

/// Pieces of ink that are as large as letters.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Letters {
    /// How many there are.
    pub count: usize,
    /// How far they are spread, up and down or from side to side, without the outermost tenths, in inches.
    pub spread: f32,
}

impl Letters {
    fn of(pieces: &[Piece], dpi: f32) -> Letters {
        let large = |p: &&Piece| p.extent() as f32 > LETTER * dpi && p.extent() as f32 <= dpi;
        let spread = |place: fn(&Piece) -> u32| {
            let mut places: Vec<u32> = pieces.iter().filter(large).map(place).collect();
            places.sort_unstable();
            let outer = places.len() / 10;
            let ends = places.get(outer).zip(places.iter().rev().nth(outer));
            ends.map_or(0.0, |(from, to)| to.saturating_sub(*from) as f32 / dpi)
        };
        Letters { count: pieces.iter().filter(large).count(), spread: spread(|p| p.x0).max(spread(|p| p.y0)) }
    }
}

/// Takes the leaders off a cleaned page, and tells where they were, in its pixels, and what is left that may be letters.
pub fn take_leaders(page: &mut PageImage) -> (Vec<Leader>, Letters) {
    let dpi = page.dpi;
    let DynamicImage::ImageLuma8(grey) = &mut page.pixels else { return (Vec::new(), Letters::default()) };
    let threshold = super::paper::ink_threshold(grey);
    remove(grey, threshold, dpi)
}

fn remove(page: &mut GrayImage, threshold: u8, dpi: f32) -> (Vec<Leader>, Letters) {
    let pieces = Pieces::find(page, threshold);
    let (gone, leaders) = find(&pieces, dpi);
    if !leaders.is_empty() {
        pieces.erase(page, &gone);
    }
    (leaders, Letters::of(&pieces.list, dpi))
}

fn find(pieces: &Pieces, dpi: f32) -> (Vec<bool>, Vec<Leader>) {
    let list = &pieces.list;
    let largest = (LARGEST * dpi).max(2.0);
    let is_dot = |p: &Piece| {
        let (w, h) = (p.width(), p.height());
        // Round: as high as wide, and mostly filled.
        p.extent() as f32 <= largest && w.max(h) <= 2 * w.min(h) && p.area * 2 >= w * h
    };
    let mut dots: Vec<usize> = (0..list.len()).filter(|&i| is_dot(&list[i])).collect();
    dots.sort_by_key(|&i| (list[i].x0, list[i].y0));
    // Rows that still go on: their dots from left to right.
    let mut open: Vec<Vec<usize>> = Vec::new();
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for &at in &dots {
        let piece = &list[at];
        let (closed, still): (Vec<_>, Vec<_>) =
            open.into_iter().partition(|row| piece.x0 as f32 > list[row[row.len() - 1]].x1 as f32 + FARTHEST * dpi);
        rows.extend(closed);
        open = still;
        let follows = |row: &&mut Vec<usize>| {
            let last = &list[row[row.len() - 1]];
            let gap = |a: &Piece, b: &Piece| i64::from(b.x0) - i64::from(a.x1);
            let level = last.y1.abs_diff(piece.y1) as f32 <= 0.5 * largest;
            let even = row.len() < 2 || {
                let before = gap(&list[row[row.len() - 2]], last);
                // Two fonts of dots may meet, and a dot may be lost: twice the distance is the most.
                let here = gap(last, piece);
                here <= 2 * before + 3 && before <= 2 * here + 3
            };
            level && even && gap(last, piece) > 0
        };
        match open.iter_mut().find(follows) {
            Some(row) => row.push(at),
            None => open.push(vec![at]),
        }
    }
    rows.extend(open);

    let mut gone = vec![false; list.len()];
    let mut leaders = Vec::new();
    for row in rows.into_iter().filter(|row| row.len() >= DOTS) {
        let bounds = |i: &usize| {
            let p = &list[*i];
            Rect::new(p.x0 as f32, p.y0 as f32, p.x1 as f32, p.y1 as f32)
        };
        let rects: Vec<Rect> = row.iter().map(bounds).collect();
        let Some(rect) = Rect::bounding(&rects) else { continue };
        // Dots of letters stand under or over them.
        let over = |p: &Piece| {
            let near = rect.height() as u32 * FREE;
            p.extent() as f32 > largest
                && (p.x0 as f32) < rect.x1
                && p.x1 as f32 > rect.x0
                && p.y1 + near > rect.y0 as u32
                && (p.y0 as f32) < rect.y1
        };
        let covered: f32 =
            list.iter().filter(|p| over(p)).map(|p| (p.x1 as f32).min(rect.x1) - (p.x0 as f32).max(rect.x0)).sum();
        if covered > 0.1 * rect.width() {
            continue;
        }
        row.iter().for_each(|&i| gone[i] = true);
        leaders.push(Leader { rect, dots: row.len() });
    }
    leaders.sort_by(|a, b| a.rect.y0.total_cmp(&b.rect.y0).then(a.rect.x0.total_cmp(&b.rect.x0)));
    (gone, leaders)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    /// Twenty dots of 5 pixels, one of 12 each, at 300 dpi, between two blocks of ink.
    fn page() -> GrayImage {
        GrayImage::from_fn(500, 100, |x, y| {
            let dot = (108..348).contains(&x) && x % 12 < 5 && (60..65).contains(&y);
            let word = (20..80).contains(&x) && x % 20 < 14 && (38..65).contains(&y)
                || (380..400).contains(&x) && (38..65).contains(&y);
            Luma([if dot || word { 0 } else { 255 }])
        })
    }

    #[test]
    fn a_row_of_dots_goes_and_words_stay() {
        let mut cleaned = page();
        let (found, _) = remove(&mut cleaned, 128, 300.0);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].dots, 20);
        assert!((found[0].rect.x0 - 100.0).abs() < 10.0 && (found[0].rect.x1 - 340.0).abs() < 12.0, "{found:?}");
        assert!((90..360).all(|x| (0..100).all(|y| cleaned.get_pixel(x, y).0[0] == 255)));
        assert!((20..80).all(|x| cleaned.get_pixel(x, 50) == page().get_pixel(x, 50)));
    }

    #[test]
    fn an_ellipsis_and_dots_under_letters_stay() {
        let short = GrayImage::from_fn(300, 100, |x, y| {
            let dot = (100..136).contains(&x) && x % 12 < 5 && (60..65).contains(&y);
            Luma([if dot { 0 } else { 255 }])
        });
        assert!(remove(&mut short.clone(), 128, 300.0).0.is_empty());
        let marked = GrayImage::from_fn(500, 100, |x, y| {
            let dot = (100..340).contains(&x) && x % 12 < 5 && (60..65).contains(&y);
            let letter = (100..340).contains(&x) && x % 24 < 20 && (32..56).contains(&y);
            Luma([if dot || letter { 0 } else { 255 }])
        });
        assert!(remove(&mut marked.clone(), 128, 300.0).0.is_empty());
    }
}

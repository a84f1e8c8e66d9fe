//! Stretches of what may be a line: letters that follow each other closely, level or nearly so.
//!
//! A page's lines are found by others, later and better; here a few pieces of them suffice, in either direction, at little cost.

use super::components::{Piece, Pieces};

/// A stretch of a line, on the page turned level by the lines' own angle about the page's top left corner, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Left end.
    pub x0: f32,
    /// Top of its highest letter.
    pub y0: f32,
    /// Right end.
    pub x1: f32,
    /// Bottom of its lowest letter.
    pub y1: f32,
}

impl Stretch {
    /// Its height in pixels.
    pub fn height(&self) -> f32 {
        self.y1 - self.y0
    }

    /// Its length over its height.
    pub fn aspect(&self) -> f32 {
        (self.x1 - self.x0) / self.height().max(1.0)
    }
}

/// Letters follow each other at no more than this many heights of a small letter, a space of justified text included.
const GAP: f32 = 1.3;

/// A line with its marks and descenders is no higher than this many small letters; what is higher is several lines.
const HIGHEST: f32 = 3.8;

/// A letter's ink fills a fourth of its box or more; of two crossing rules far less.
const SOLID: f32 = 0.25;

/// A stretch is cut at this many of its heights: about two dozen letters, of which more would tell nothing new.
const LONGEST: f32 = 11.0;

/// A stretch shorter than this many of its heights, three letters, is left aside.
const SHORTEST: f32 = 1.3;

/// Up to `most` stretches of a page whose small letters are `letter` high and whose lines rise by `slope` a pixel to the
/// right; the longest first, one of each part of the page before a second.
pub fn find(pieces: &Pieces, letter: f32, slope: f32, most: usize) -> Vec<Stretch> {
    let is_letter = |p: &&Piece| {
        let (low, long) = (p.shorter() as f32, p.extent() as f32);
        let solid = p.area as f32 >= SOLID * (p.width() * p.height()) as f32;
        low >= 0.45 * letter && (p.height() as f32) < HIGHEST * letter && long < 30.0 * letter && solid
    };
    // Turned level: a piece keeps its size, its middle moves.
    let cos = 1.0 / (1.0 + slope * slope).sqrt();
    let sin = slope * cos;
    let level = |p: &Piece| {
        let (x, y) = ((p.x0 + p.x1) as f32 / 2.0, (p.y0 + p.y1) as f32 / 2.0);
        let (x, y) = (x * cos - y * sin, x * sin + y * cos);
        let (w, h) = (p.width() as f32 / 2.0, p.height() as f32 / 2.0);
        Stretch { x0: x - w, y0: y - h, x1: x + w, y1: y + h }
    };
    let mut letters: Vec<Stretch> = pieces.list.iter().filter(is_letter).map(level).collect();
    letters.sort_by(|a, b| a.x0.total_cmp(&b.x0).then(a.y0.total_cmp(&b.y0)));

    // From left to right: a letter joins the open stretch that ends nearest before it in its own height.
    let mut open: Vec<Stretch> = Vec::new();
    let mut done: Vec<Stretch> = Vec::new();
    for piece in letters {
        let follows = |s: &Stretch| {
            let overlap = s.y1.min(piece.y1) - s.y0.max(piece.y0);
            let height = s.y1.max(piece.y1) - s.y0.min(piece.y0);
            overlap > 0.5 * s.height().min(piece.height()) && height < HIGHEST * letter
        };
        let (closed, still): (Vec<Stretch>, Vec<Stretch>) =
            open.into_iter().partition(|s| s.x1 + GAP * letter < piece.x0 || s.aspect() >= LONGEST);
        done.extend(closed);
        open = still;
        let before = open.iter().enumerate().filter(|(_, s)| follows(s));
        match before.max_by(|a, b| a.1.x1.total_cmp(&b.1.x1)).map(|(at, _)| at) {
            Some(at) => {
                let s = &mut open[at];
                (s.x1, s.y0, s.y1) = (s.x1.max(piece.x1), s.y0.min(piece.y0), s.y1.max(piece.y1));
            }
            None => open.push(piece),
        }
    }
    done.extend(open);
    done.retain(|s| s.aspect() >= SHORTEST && s.height() >= 0.8 * letter);
    spread(done, most)
}

/// The longest of each band of the page, then the second of each, and so on.
fn spread(mut all: Vec<Stretch>, most: usize) -> Vec<Stretch> {
    let (top, bottom) = all.iter().fold((f32::MAX, f32::MIN), |(top, bottom), s| (top.min(s.y0), bottom.max(s.y1)));
    all.sort_by(|a, b| {
        let length = |s: &Stretch| s.aspect().min(LONGEST);
        length(b).total_cmp(&length(a)).then(a.y0.total_cmp(&b.y0)).then(a.x0.total_cmp(&b.x0))
    });
    let band = |s: &Stretch| ((s.y0 - top) / (bottom - top).max(1.0) * most as f32) as usize;
    let mut taken = vec![0usize; most + 1];
    let mut ranked: Vec<(usize, Stretch)> = Vec::with_capacity(all.len());
    for stretch in all {
        let count = &mut taken[band(&stretch).min(most)];
        ranked.push((*count, stretch));
        *count += 1;
    }
    // Stable: within a rank the longest stays first.
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, stretch)| stretch).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, Luma};

    /// Four words of six letters, a line every 30 pixels; letters 8 high and 6 wide, 2 apart, words 6 apart.
    fn page() -> GrayImage {
        GrayImage::from_fn(300, 200, |x, y| {
            let (word, line) = (x % 52, y % 30);
            let letter = x < 208 && word < 48 && word % 8 < 6 && (10..18).contains(&line);
            Luma([if letter { 0 } else { 255 }])
        })
    }

    #[test]
    fn letters_make_stretches_along_lines_and_none_across() {
        let level = Pieces::find(&page(), 128);
        let letter = super::super::letter_height::shorter_side(&level.list, u32::MAX).unwrap();
        assert_eq!(letter, 6.0);
        let found = find(&level, letter, 0.0, 8);
        assert!(found.len() >= 6, "{found:?}");
        assert!(found[..6].iter().all(|s| s.aspect() > 8.0 && s.height() == 8.0), "{found:?}");
        let upright = Pieces::find(&image::imageops::rotate90(&page()), 128);
        // Single letters, and nothing longer.
        assert!(find(&upright, letter, 0.0, 8).iter().all(|s| s.aspect() < 2.0));
    }

    #[test]
    fn skewed_lines_are_followed() {
        let (skewed, _) = super::super::resample::straighten(&page(), 15.0, 1.0, super::super::resample::Filter::Sharp);
        let pieces = Pieces::find(&skewed, 128);
        let slope = (-15f32).to_radians().tan();
        let found = find(&pieces, 6.0, slope, 8);
        assert!(found.len() >= 6 && found[..6].iter().all(|s| s.aspect() > 5.0), "{found:?}");
    }
}

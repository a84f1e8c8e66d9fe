//! Print in a line that no letter accounts for: a sign that the network does not know, such as a raised number or a closing quotation mark, or a letter
//! that it passed over.

use super::crop::Crop;
use crate::ocr::Run;
use std::ops::{Range, RangeInclusive};

/// A value of the strip above this is ink.
pub(super) const INK: f32 = 0.4;
/// Rows of the strip that the line itself takes, without the lines above and below.
const ROWS: Range<usize> = 34..62;
/// Where the line begins among them, and its height.
pub(super) const TOP: f32 = 36.5;
pub(super) const HEIGHT: f32 = 23.0;
/// A piece lower than this share of the line's height is a stop, a mark or dirt.
const LEAST: f32 = 0.22;
/// A letter accounts for pieces so far from its middle, in heights of the line.
const NEAR: f32 = 0.3;

/// Height and width of a stop, where its foot stands, from the line's top, and how far behind a letter it is, all in heights of the line.
const STOP: RangeInclusive<f32> = 0.07..=0.2;
const FOOT: RangeInclusive<f32> = 0.7..=0.9;
const NEAR_STOP: f32 = 0.3;

/// The steps of the network in whose columns pieces of print stand that no letter accounts for, ascending.
pub(super) fn unread(crop: &Crop, sign: impl Fn(&Run) -> char) -> Vec<usize> {
    let strip = &crop.strip;
    let letters: Vec<(f32, char)> = crop
        .runs
        .iter()
        .map(|run| (strip.column_of_step((run.steps.start + run.steps.end) as f32 / 2.0), sign(run)))
        .filter(|(_, letter)| *letter != ' ')
        .collect();
    let accounted = |piece: &Piece| {
        letters.iter().any(|&(x, letter)| {
            let far = (piece.left as f32 - x).max(x - piece.right as f32);
            // A stop stands on the base line and accounts for nothing above it; a raised sign for nothing below.
            let reaches = match letter {
                '.' | ',' => piece.bottom as f32 > ROWS.start as f32 + 0.75 * HEIGHT,
                '"' | '\'' | '“' | '”' => (piece.top as f32) < ROWS.start as f32 + 0.6 * HEIGHT,
                _ => true,
            };
            reaches && far <= NEAR * HEIGHT
        })
    };
    let pieces = pieces(crop, ROWS);
    let ends_in_stop = letters.last().is_some_and(|(_, letter)| !letter.is_alphanumeric() && *letter != '%');
    let last = pieces.iter().filter(|piece| piece.height() >= LEAST * HEIGHT).map(|piece| piece.right).max();
    // A stop behind the last letter, on the line that letters stand on.
    let is_stop = |piece: &Piece| {
        let (high, wide) = (piece.height() / HEIGHT, (piece.right + 1 - piece.left) as f32 / HEIGHT);
        let foot = (piece.bottom as f32 + 1.0 - TOP) / HEIGHT;
        let behind = last.is_some_and(|last| piece.left > last && ((piece.left - last) as f32) < NEAR_STOP * HEIGHT);
        !ends_in_stop && behind && STOP.contains(&high) && STOP.contains(&wide) && FOOT.contains(&foot)
    };
    let mut steps: Vec<usize> = pieces
        .iter()
        .filter(|piece| piece.height() >= LEAST * HEIGHT && !accounted(piece) || is_stop(piece))
        .map(|piece| strip.step_of_column((piece.left + piece.right) / 2))
        .collect();
    steps.sort_unstable();
    steps
}

/// Ink that hangs together, by the columns and rows that it takes.
pub(super) struct Piece {
    pub left: usize,
    pub right: usize,
    pub top: usize,
    pub bottom: usize,
}

impl Piece {
    pub fn height(&self) -> f32 {
        (self.bottom + 1 - self.top) as f32
    }
}

/// The pieces of ink that lie within these rows, from left to right.
pub(super) fn pieces(crop: &Crop, within: Range<usize>) -> Vec<Piece> {
    let (width, rows) = (crop.strip.columns(), within.len());
    let mut ink: Vec<bool> = within.clone().flat_map(|y| crop.strip.row(y).iter().map(|&v| v > INK)).collect();
    let mut pieces = Vec::new();
    let mut open = Vec::new();
    for start in 0..ink.len() {
        if !std::mem::take(&mut ink[start]) {
            continue;
        }
        let mut piece = Piece { left: width, right: 0, top: usize::MAX, bottom: 0 };
        open.push(start);
        while let Some(at) = open.pop() {
            let (x, y) = (at % width, at / width);
            (piece.left, piece.right) = (piece.left.min(x), piece.right.max(x));
            (piece.top, piece.bottom) = (piece.top.min(within.start + y), piece.bottom.max(within.start + y));
            for y in y.saturating_sub(1)..(y + 2).min(rows) {
                for x in x.saturating_sub(1)..(x + 2).min(width) {
                    if std::mem::take(&mut ink[y * width + x]) {
                        open.push(y * width + x);
                    }
                }
            }
        }
        // What comes in from the lines above and below is none of this one's.
        if piece.top > within.start && piece.bottom + 1 < within.end {
            pieces.push(piece);
        }
    }
    pieces.sort_by_key(|piece| (piece.left, piece.top));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use crate::ocr::{LineBox, Steps, Strip};
    use image::{GrayImage, Luma};

    #[test]
    fn a_raised_sign_that_nobody_read_is_found_and_what_was_read_is_not() {
        // Three letters, a stop, and a raised number before it.
        let ink =
            [(100, 90, 120, 110), (140, 90, 160, 110), (180, 90, 200, 110), (206, 88, 214, 97), (220, 106, 224, 110)];
        let page = GrayImage::from_fn(400, 200, |x, y| {
            Luma([if ink.iter().any(|&(x0, y0, x1, y1)| (x0..x1).contains(&x) && (y0..y1).contains(&y)) {
                0
            } else {
                255
            }])
        });
        let line = LineBox { rect: Rect::new(90.0, 85.0, 240.0, 113.0), slope: 0.0 };
        let strip = Strip::cut(&page, &line).unwrap();
        let run = |(x, class): (f32, usize)| {
            let step = strip.step_of_x(x) as usize;
            Run { class, steps: step..step + 1, peak: -0.01 }
        };
        let all = [(110.0, 1), (150.0, 1), (190.0, 1), (210.0, 1), (222.0, 2)];
        let sign = |run: &Run| if run.class == 1 { 'n' } else { '.' };
        let crop = |read: &[(f32, usize)]| Crop {
            runs: read.iter().copied().map(run).collect(),
            steps: Steps::new(vec![0.0; 300], 3),
            strip: Strip::cut(&page, &line).unwrap(),
        };
        assert!(unread(&crop(&all), sign).is_empty());
        let raised = unread(&crop(&[all[0], all[1], all[2], all[4]]), sign);
        assert_eq!(raised.len(), 1);
        assert!((raised[0] as f32 - strip.step_of_x(210.0)).abs() < 1.5, "{raised:?}");
        assert_eq!(unread(&crop(&all[..2]), sign).len(), 3, "a letter, the raised number and the stop");
        assert_eq!(unread(&crop(&all[..4]), sign).len(), 1, "a stop behind the last letter");
    }
}

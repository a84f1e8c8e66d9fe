//! Takes the rules of a table out of its picture, before anything is recognised.
//!
//! Across a rule the ink is a run of about its thickness. Where it is longer on both sides, a letter crosses the rule and stays whole; where
//! it is longer on one side, a letter stands on the rule, and only the rule goes.

use super::rules::{Mask, Rule};
use image::{GrayImage, Luma};

/// The grey fringe of a rule, in pixels at 300 dots an inch.
const FRINGE: f32 = 2.0;
/// A letter reaches further beyond a rule than it frays, in pixels at 300 dots an inch.
const FRAYED: f32 = 4.0;

/// Whitens the rules. `mask` is the ink of `picture`; for upright rules `swapped` says that the mask's axes are.
pub(super) fn erase(picture: &mut GrayImage, mask: &Mask, rules: &[Rule], dpi: f32, swapped: bool) {
    let unit = (dpi / 300.0).max(0.5);
    let (fringe, frayed) = ((FRINGE * unit).ceil() as i64, (FRAYED * unit).ceil() as i64);
    let mut clear = |along: i64, across: i64| {
        let (x, y) = if swapped { (across, along) } else { (along, across) };
        if x >= 0 && y >= 0 && x < i64::from(picture.width()) && y < i64::from(picture.height()) {
            picture.put_pixel(x as u32, y as u32, Luma([255]));
        }
    };
    for rule in rules {
        let half = (rule.thickness / 2.0).ceil() as i64;
        for piece in &rule.pieces {
            let (from, to) = (piece.start as i64 - half - fringe, piece.end as i64 + half + fringe);
            for along in from..to {
                let middle = piece.at(along as f32 + 0.5).floor() as i64;
                let (top, bottom) = (middle - half, middle + half);
                // The ink that is one with the rule here.
                let near = (0..=half + 1).flat_map(|d| [middle - d, middle + d]).find(|&y| mask.has(along, y));
                let (mut y0, mut y1) = near.map_or((top, bottom), |y| (y, y));
                while mask.has(along, y0 - 1) && y0 > top - frayed - 1 {
                    y0 -= 1;
                }
                while mask.has(along, y1 + 1) && y1 < bottom + frayed + 1 {
                    y1 += 1;
                }
                let (above, below) = (y0 < top - frayed, y1 > bottom + frayed);
                // Where a rule ends it meets another, which is no letter.
                let ends = along < piece.start as i64 + half + fringe || along >= piece.end as i64 - half - fringe;
                let (y0, y1) = match (above, below) {
                    _ if ends => (top - fringe, bottom + fringe),
                    (true, true) => continue,
                    (true, false) => (top, y1 + fringe),
                    (false, true) => (y0 - fringe, bottom),
                    (false, false) => (y0.min(top) - fringe, y1.max(bottom) + fringe),
                };
                (y0..=y1).for_each(|y| clear(along, y));
            }
        }
    }
}

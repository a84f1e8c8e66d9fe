//! Which way up a page lies, from where the ink of its lines ends.
//!
//! Lines show as sharp rows in one direction only: that tells upright from sideways. Of an upright line the base line is
//! its sharpest edge: few letters of Vietnamese reach below it (g p q y and the dot of the heavy tone), while capitals,
//! ascenders and stacked marks make the upper edge ragged. So lower ends fall on fewer rows than upper ends do, and the
//! other way round on a page upside down.

use super::resample::Turn;
use super::skew::{InkEnds, Lines};
use image::{GrayImage, imageops};

/// Which way up a page lies, its lines, and how clear the answer is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Orientation {
    /// The turn that makes the page stand upright; [`Turn::None`] where it is not clear.
    pub turn: Turn,
    /// The lines of the page once turned; None where it has none.
    pub lines: Option<Lines>,
    /// Sharpness of level lines over that of upright ones.
    pub level: f32,
    /// Sharpness of the base lines over that of the upper edges, as the page lies before any half turn.
    pub base: f32,
}

/// Level lines must be this much sharper than upright ones before a page is turned: a table's columns or a narrow list
/// can be sharp upright too.
const SIDEWAYS: f32 = 1.25;

/// The upper edges must be this much sharper than the lower ones before a page is turned by 180 degrees: of 83 upright
/// pages the lower edges were the sharper ones in all, by 2 to 41 % (docs/cleaning.md).
const UPSIDE_DOWN: f32 = 1.03;

/// Finds how `page`, at about 75 to 150 dpi, lies; ink is what is darker than `threshold`.
pub fn find(page: &GrayImage, threshold: u8, turnable: bool) -> Orientation {
    let level_lines = InkEnds::below(page, threshold).lines();
    if !turnable {
        return Orientation { turn: Turn::None, lines: level_lines, level: 1.0, base: 1.0 };
    }
    let upright_lines = InkEnds::beside(page, threshold).lines();
    let sharp = |lines: &Option<Lines>| lines.map_or(0.0, |l| l.sharpness);
    let level = sharp(&level_lines) / sharp(&upright_lines).max(1e-6);
    let sideways = level_lines.is_some() && upright_lines.is_some() && level * SIDEWAYS < 1.0;
    let (first, lines, page) = if sideways {
        let turned = imageops::rotate90(page);
        let lines = InkEnds::below(&turned, threshold).lines();
        (Turn::Quarter, lines, turned)
    } else {
        (Turn::None, level_lines, page.clone())
    };
    let Some(found) = lines else {
        return Orientation { turn: Turn::None, lines, level, base: 1.0 };
    };
    let lower = InkEnds::below(&page, threshold).sharpness_at(found.degrees);
    let upper = InkEnds::above(&page, threshold).sharpness_at(found.degrees);
    let base = lower / upper.max(1e-6);
    let head_down = base * UPSIDE_DOWN < 1.0;
    let turn = match (first, head_down) {
        (Turn::None, false) => Turn::None,
        (Turn::None, true) => Turn::Half,
        (_, false) => Turn::Quarter,
        (_, true) => Turn::ThreeQuarters,
    };
    Orientation { turn, lines, level, base }
}

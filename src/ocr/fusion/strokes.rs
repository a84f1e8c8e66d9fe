//! The upright strokes of Roman numerals, counted in the picture: recognisers take `III` for `II` and `HI`, and sections and
//! quarters are numbered so.

use crate::ocr::Strip;
use crate::text::roman;
use std::ops::Range;

/// Rows of the strip through the middle of capitals, clear of serifs and of the stop behind them.
const ROWS: Range<usize> = 43..54;

/// A stroke may be this much wider than the others, and stand this much further off; a letter or dust is not like them.
const ALIKE: f32 = 1.7;

/// How many strokes `text` has where it is a numeral of nothing else, whatever stops follow it; None for all other text.
pub(super) fn of_numeral(text: &str) -> Option<usize> {
    let numeral = text.trim_end_matches(['.', ',', ':', ';', ')']);
    roman::value(numeral).filter(|&strokes| strokes <= 3).map(usize::from)
}

/// How many upright strokes stand in these steps of the network, from left to right; None where something else stands there
/// too.
pub(super) fn count(strip: &Strip, steps: &Range<usize>) -> Option<usize> {
    let ink = strip.profile(steps, ROWS);
    let most = ink.iter().copied().fold(0.0, f32::max);
    // Faint dust alone is no stroke.
    if most < 0.25 {
        return None;
    }
    let mut strokes: Vec<(f32, f32)> = Vec::new();
    let mut inside = false;
    for (x, &v) in ink.iter().enumerate() {
        let here = v >= 0.5 * most;
        match strokes.last_mut().filter(|_| inside && here) {
            Some((_, end)) => *end = x as f32 + 1.0,
            None if here => strokes.push((x as f32, x as f32 + 1.0)),
            None => {}
        }
        inside = here;
    }
    let alike = |sizes: Vec<f32>| {
        let (low, high) = sizes.iter().fold((f32::MAX, 0.0f32), |(low, high), &s| (low.min(s), high.max(s)));
        // A column more or less is chance.
        high <= ALIKE * low.max(0.0) + 1.0
    };
    let widths = strokes.iter().map(|(from, to)| to - from).collect();
    let pitches = strokes.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    (alike(widths) && alike(pitches)).then_some(strokes.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use crate::ocr::LineBox;
    use image::{GrayImage, Luma};

    /// Strokes with serifs and a stop behind them, as print of 300 dpi has them.
    fn strip(strokes: &[(u32, u32)]) -> Strip {
        let page = GrayImage::from_fn(300, 160, |x, y| {
            let stem = strokes.iter().any(|&(at, wide)| (at..at + wide).contains(&x)) && (62..100).contains(&y);
            let serifs = strokes.iter().any(|&(at, wide)| (at.saturating_sub(6)..at + wide + 6).contains(&x))
                && ((60..64).contains(&y) || (96..100).contains(&y));
            let stop = strokes.last().is_some_and(|&(at, wide)| (at + wide + 14..at + wide + 21).contains(&x))
                && (93..100).contains(&y);
            Luma([if stem || serifs || stop { 30 } else { 250 }])
        });
        Strip::cut(&page, &LineBox { rect: Rect::new(10.0, 52.0, 290.0, 112.0), slope: 0.0 }).unwrap()
    }

    #[test]
    fn strokes_are_counted_where_there_is_nothing_else() {
        for (strokes, found) in [
            (&[(30, 8)][..], Some(1)),
            (&[(30, 8), (51, 8)], Some(2)),
            (&[(30, 8), (51, 8), (72, 8)], Some(3)),
            (&[(30, 8), (51, 30)], None),
            (&[(30, 8), (51, 8), (110, 8)], None),
            (&[], None),
        ] {
            let strip = strip(strokes);
            assert_eq!(count(&strip, &(0..strip.steps())), found, "{strokes:?}");
        }
    }

    #[test]
    fn numerals_of_strokes_are_told_from_others() {
        for (text, strokes) in
            [("III.", Some(3)), ("II", Some(2)), ("I)", Some(1)), ("HI.", None), ("VI.", None), (".", None)]
        {
            assert_eq!(of_numeral(text), strokes, "{text}");
        }
    }
}

//! How many digits a stretch of ink is wide for: where print is small, two digits that are alike run into one for a recogniser
//! (`22` is read as `2`), and their width tells.

use crate::ocr::Strip;
use std::ops::Range;

/// Rows of the strip that the line stands in.
const LINE: Range<usize> = 24..72;

/// How much wider than high the ink of these steps is, without faint dust at its ends. None where there is none.
pub(super) fn of_ink(strip: &Strip, steps: &Range<usize>) -> Option<f32> {
    const FAINT: f32 = 0.25;
    const WHITE: usize = 3;
    let across = strip.profile(steps, LINE);
    let most = across.iter().copied().fold(0.0, f32::max);
    let inked = |v: &f32| *v > FAINT * most && *v > 0.03;
    let (first, last) = (across.iter().position(inked)?, across.iter().rposition(inked)?);
    let start = strip.column_of_step(steps.start as f32) as usize + first;
    let columns = start..start + last - first + 1;
    let down: Vec<f32> = LINE.map(|y| strip.row(y)[columns.clone()].iter().copied().fold(0.0, f32::max)).collect();
    let middle = down.len() / 2;
    let darkest = down.iter().copied().fold(0.0, f32::max);
    let dark = |y: &usize| down[*y] > FAINT * darkest;
    let centre = (0..middle).flat_map(|off| [middle - off, middle + off]).find(dark)?;
    // What hangs in from the lines beside it is parted from it by white; a thin stroke is no white.
    let reach = |rows: &mut dyn Iterator<Item = usize>| {
        let mut end = centre;
        rows.take_while(|y| {
            let here = dark(y);
            end = if here { *y } else { end };
            here || y.abs_diff(end) < WHITE
        })
        .for_each(drop);
        end
    };
    let (top, bottom) = (reach(&mut (0..centre).rev()), reach(&mut (centre + 1..down.len())));
    Some(columns.len() as f32 / (bottom + 1 - top) as f32)
}

/// Which of the figures have more or fewer digits than the ink is wide for, where one of another number of digits is among them that fits: width
/// tells how many digits are printed, not which.
pub(super) fn misfits(texts: &[String], wide: Option<f32>) -> Vec<bool> {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let fit: Vec<Option<bool>> = texts.iter().map(|text| fits(text, wide?)).collect();
    let fitting: Vec<usize> =
        texts.iter().zip(&fit).filter(|(_, f)| **f == Some(true)).map(|(t, _)| digits(t)).collect();
    let misfit = |text: &String| fitting.iter().any(|&count| count != digits(text));
    texts.iter().zip(&fit).map(|(text, fit)| *fit == Some(false) && misfit(text)).collect()
}

/// Whether ink of this width over its height may be the figure `text`; None where that holds anything but digits and what stands between them.
///
/// The bounds hold for digits of any text face: a digit takes 0.6 to 0.9 of its height, a `1` by itself half of it, a per cent sign 1 to 1.5.
fn fits(text: &str, width: f32) -> Option<bool> {
    let (figure, per_cent) = text.strip_suffix('%').map_or((text, 0.0), |figure| (figure, 1.0));
    let digits = figure.bytes().filter(u8::is_ascii_digit).count();
    let others = figure.chars().filter(|c| matches!(c, '.' | ',' | ' ')).count();
    if digits == 0 || digits + others != figure.chars().count() || !figure.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (between, others) = ((digits - 1) as f32, others as f32);
    let alone = if figure == "1" { 0.65 } else { 0.95 };
    let least = 0.2 + 0.55 * between + 0.15 * others + 0.9 * per_cent;
    let most = alone + 0.95 * between + 0.5 * others + 1.6 * per_cent;
    Some((least..most).contains(&width))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use crate::ocr::LineBox;
    use image::{GrayImage, Luma};

    /// Boxes of 10 by 16 pixels as digits, with the foot of a letter above and dust behind them.
    fn strip(digits: u32) -> Strip {
        let page = GrayImage::from_fn(200, 80, |x, y| {
            let digit = (0..digits).any(|n| (20 + 12 * n..30 + 12 * n).contains(&x)) && (32..48).contains(&y);
            let foot = (22..26).contains(&x) && y < 22;
            Luma([if digit || foot {
                20
            } else if x == 90 && y == 40 {
                200
            } else {
                250
            }])
        });
        Strip::cut(&page, &LineBox { rect: Rect::new(14.0, 29.0, 100.0, 51.0), slope: 0.0 }).unwrap()
    }

    #[test]
    fn two_digits_that_are_alike_are_wider_than_one() {
        for (printed, fitting, others) in
            [(1, "2", ["22", "222"]), (2, "22", ["2", "2222"]), (3, "1.2", ["2", "22222"])]
        {
            let strip = strip(printed);
            let width = of_ink(&strip, &(0..strip.steps())).unwrap();
            assert_eq!(fits(fitting, width), Some(true), "{printed} {width}");
            assert!(others.iter().all(|text| fits(text, width) == Some(false)), "{printed} {width}");
        }
    }

    #[test]
    fn width_tells_how_many_digits_and_not_which() {
        let misfit = |texts: &[&str], wide: f32| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            misfits(&texts, Some(wide))
        };
        assert_eq!(misfit(&["2", "22", "Z"], 1.35), [true, false, false]);
        assert_eq!(misfit(&["1", "11"], 0.94), [true, false]);
        // A broad `1` with a foot: `7` fits better, and is no better for it.
        assert_eq!(misfit(&["1", "7", "I"], 0.7), [false, false, false]);
        assert_eq!(misfit(&["1", "2"], 5.0), [false, false], "nothing fits: dust, or a rule");
    }

    #[test]
    fn what_is_no_figure_alone_is_not_judged() {
        for text in ["", "-", "%", "2a", "22.", "II"] {
            assert_eq!(fits(text, 1.3), None, "{text}");
        }
    }
}

//! Where no digit has room between the last digit that the network saw and the per cent sign: the sign's left ring is taken for a `9` or a `6` by
//! Tesseract where print is small, and `72%` is read as `729%`.

use crate::ocr::{Run, Strip};
use std::ops::{Range, RangeInclusive};

/// Rows of the strip in which the middle of a digit lies, and those that it may reach to.
const MIDDLE: Range<usize> = 36..60;
const REACH: Range<usize> = 20..76;
/// The height of a digit in rows: three fifths of the line's, which fills 23.
const HEIGHT: Range<f32> = 11.0..22.0;
/// From the middle of the last digit to the stop behind the sign, in heights of a digit, where no digit stands between them: of 14 faces at 150 dpi 95 of
/// 100 are no further; a digit more puts it at 2.6. What is nearer is the sign's own ring, taken for a `9`; there are signs so wide that further away tells nothing.
const TO_STOP: RangeInclusive<f32> = 1.55..=2.3;
/// From there to the end of the sign's ink, where no stop is behind it.
const TO_END: RangeInclusive<f32> = 1.3..=2.0;
/// Columns with less than this share of the darkest are white.
const FAINT: f32 = 0.25;
const DARK: f32 = 0.4;

/// The digits before the one per cent sign that is seen in these `runs`, which end at step `end` of the strip. None where there is no such sign or there are
/// several, and where more may stand there than the network saw.
pub(super) fn digits(strip: &Strip, runs: &[Run], end: usize, letters: &[char]) -> Option<usize> {
    let sign = |run: &Run| letters[run.class - 1];
    let is_sign = |at: &usize| {
        let next = runs.get(at + 1).map(&sign);
        matches!(sign(&runs[*at]), '6' | '%')
            && sign(&runs[at - 1]).is_ascii_digit()
            && !next.is_some_and(|next| next.is_alphanumeric() || next == '%')
    };
    let mut signs = (1..runs.len()).filter(is_sign);
    let at = signs.next().filter(|_| signs.next().is_none())?;
    let figure = runs[..at].iter().rev().map(&sign).take_while(|c| c.is_ascii_digit() || matches!(c, ',' | '.'));
    let seen = figure.filter(char::is_ascii_digit).count();
    let middle = |run: &Run| strip.column_of_step((run.steps.start + run.steps.end) as f32 / 2.0);
    let last = &runs[at - 1];
    let height = height(strip, &last.steps)?;
    let stop = runs.get(at + 1).filter(|run| matches!(sign(run), '.' | ',' | ';' | ':' | ')'));
    let (end, room) = match stop {
        Some(stop) => (middle(stop), TO_STOP),
        None => {
            let end = runs.get(at + 1).map_or(end, |space| space.steps.end.min(end));
            (end_of_ink(strip, last.steps.start..end)?, TO_END)
        }
    };
    room.contains(&((end - middle(last)) / height)).then_some(seen)
}

/// Which of these texts have another number of digits before their per cent sign than have room, where one has as many.
pub(super) fn misfits(texts: &[String], digits: Option<usize>) -> Vec<bool> {
    let own: Vec<Option<usize>> = texts.iter().map(|text| digits_before_sign(text)).collect();
    let fits = digits.is_some() && own.contains(&digits);
    own.iter().map(|own| fits && own.is_some() && *own != digits).collect()
}

/// None where no digit stands before a per cent sign.
fn digits_before_sign(text: &str) -> Option<usize> {
    let figure = text[..text.find('%')?].chars().rev();
    let count =
        figure.take_while(|c| c.is_ascii_digit() || matches!(c, ',' | '.')).filter(char::is_ascii_digit).count();
    (count > 0).then_some(count)
}

/// How many rows the digit of these steps is high.
fn height(strip: &Strip, steps: &Range<usize>) -> Option<f32> {
    let column = |step: usize| strip.column_of_step(step as f32) as usize;
    let columns = column(steps.start).saturating_sub(3)..(column(steps.end) + 4).min(strip.columns());
    let ink = |y: usize| strip.row(y)[columns.clone()].iter().copied().fold(0.0, f32::max);
    let dark = DARK * REACH.map(ink).fold(0.0, f32::max);
    let middle = MIDDLE.clone().find(|&y| ink(y) > dark)?;
    let top = (REACH.start..middle).rev().find(|&y| ink(y) < dark)?;
    let bottom = (middle..REACH.end).find(|&y| ink(y) < dark)?;
    Some((bottom - top - 1) as f32).filter(|height| HEIGHT.contains(height))
}

/// The column behind the last ink of these steps.
fn end_of_ink(strip: &Strip, steps: Range<usize>) -> Option<f32> {
    let across = strip.profile(&steps, REACH);
    let faint = FAINT * across.iter().copied().fold(0.0, f32::max);
    let last = across.iter().rposition(|ink| *ink > faint)?;
    Some(strip.column_of_step(steps.start as f32) + last as f32 + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use crate::ocr::LineBox;
    use image::{GrayImage, Luma};

    /// What is told of a `7`, a `4` and what stands between it and the stop at these columns of the strip, of which the network sees `746,`.
    fn told(stop: usize) -> Option<usize> {
        let page = GrayImage::from_fn(400, 96, |x, y| {
            let digit = |at: u32| (at..at + 10).contains(&x) && (38..54).contains(&y);
            Luma([if digit(40) || digit(53) { 20 } else { 250 }])
        });
        // The strip is the page: its line fills a third of it, with the margins.
        let line = LineBox { rect: Rect::new(10.0, 36.6, 380.0, 59.4), slope: 0.0 };
        let strip = Strip::cut(&page, &line).unwrap();
        let step = |x: f32| strip.step_of_x(x) as usize;
        let at = [(1, step(45.0)), (2, step(58.0)), (3, step(58.0) + 4), (4, step(58.0 + stop as f32))];
        let runs: Vec<Run> = at.map(|(class, step)| Run { class, steps: step..step + 1, peak: 0.0 }).into();
        digits(&strip, &runs, strip.steps(), &['7', '4', '6', ','])
    }

    #[test]
    fn room_tells_whether_a_digit_stands_before_the_sign() {
        assert_eq!(told(32), Some(2));
        assert_eq!(told(45), None);
    }

    #[test]
    fn what_has_another_number_of_digits_is_no_fit_where_one_has_as_many() {
        let texts = ["749%,", "746,", "74%,", "đạt"].map(String::from);
        assert_eq!(misfits(&texts, Some(2)), [true, false, false, false]);
        assert_eq!(misfits(&texts, Some(3)), [false, false, true, false]);
        assert_eq!(misfits(&texts, Some(5)), [false; 4], "nothing fits");
        assert_eq!(misfits(&texts, None), [false; 4]);
    }
}

//! From where to where a number is printed, letters that were read for its digits included.

use crate::extract::amount::is_letter;
use crate::extract::layout::flow::Flow;
use std::ops::Range;

/// Signs that recognisers put for digits, as they stand in the key.
fn is_damage(byte: u8) -> bool {
    matches!(byte, b'l' | b'i' | b'|' | b']' | b'o' | b's' | b'z' | b'b')
}

/// The run of digits, separators and letters read for digits around the digit at `at`.
pub(super) fn extent(flow: &Flow<'_>, at: usize, floor: usize, limit: usize) -> Range<usize> {
    let bytes = flow.key.as_bytes();
    let mut start = at;
    // `l.077`, `O5`, `§.699`: a sign or two before the first digit.
    while start > floor && at - start < 3 {
        let before = bytes[start - 1];
        let separator = matches!(before, b'.' | b',') && start >= 2 && is_damage(bytes[start - 2]);
        if is_damage(before) || separator {
            start -= 1;
        } else if before == 0xa7 && start >= 2 && bytes[start - 2] == 0xc2 {
            start -= 2;
        } else {
            break;
        }
    }
    // One letter and one digit are a misread word (`s6` for `số`) far more often than a misread number, but for `l6`.
    let lone = !bytes.get(at + 1).is_some_and(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
    let announced = bytes[..start].ends_with(b": ");
    if start < at && lone && !announced && !matches!(bytes[start], b'l' | b'|' | b']') {
        start = at;
    }
    // Letters that belong to a word before (`m2`, `tháng5`) are none of the number's.
    if start < at && start > 0 && is_letter(bytes[start - 1]) {
        start = at;
    }
    let mut end = at;
    while end < limit {
        let next = bytes[end];
        let separates = matches!(next, b'.' | b',')
            && bytes.get(end + 1).is_some_and(|b| b.is_ascii_digit() || is_damage(*b) && digit_near(bytes, end + 2))
            && end + 1 < limit;
        if !(next.is_ascii_digit() || separates || is_damage(next) && damage_fits(bytes, end)) {
            break;
        }
        end += 1;
    }
    start..end
}

fn digit_near(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(u8::is_ascii_digit)
}

/// A letter inside or at the end of a number is a misread digit where digits follow or the word ends.
fn damage_fits(bytes: &[u8], at: usize) -> bool {
    let next = bytes.get(at + 1).copied().unwrap_or(b' ');
    // `20l` may be litres and `5b` a house; `1O`, `202]` and `15S` are nothing else.
    let ends = !is_letter(next) && matches!(bytes[at], b'o' | b']' | b'|' | b's');
    // `đã xử lý: 2l,`: behind a colon and before a mark nothing but a digit is meant.
    let first = bytes[..at].iter().rposition(|b| !b.is_ascii_digit() && !matches!(b, b'.' | b','));
    let announced = first.is_some_and(|f| bytes[f] == b' ' && f > 0 && bytes[f - 1] == b':');
    let ends = ends || announced && matches!(bytes[at], b'l' | b'i') && matches!(next, b',' | b';' | b'.' | b')');
    next.is_ascii_digit() || ends || matches!(next, b'.' | b',') && digit_near(bytes, at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TextLine;

    #[test]
    fn letters_that_were_read_for_digits_are_part_of_the_number() {
        for (text, number) in [
            ("đã nhận l.077 hồ sơ", "l.077"),
            ("đã nhận 1O hồ sơ", "1O"),
            ("đã xử lý: 2l, còn", "2l"),
            ("đã nhận 20l nước", "20"),
            ("có s6 hồ sơ", "6"),
        ] {
            let lines = TextLine::from_text(text);
            let flow = Flow::new(&lines, &[], |_| false);
            let at = flow.key.find(|c: char| c.is_ascii_digit()).unwrap();
            assert_eq!(flow.printed(extent(&flow, at, 0, flow.key.len())), number, "{text}");
        }
    }
}

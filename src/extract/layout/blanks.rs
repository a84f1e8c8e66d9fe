//! The dots of forms, on which is written: `Trước hạn ........ 18`, `Số hóa: ....98,5....%`.

use std::borrow::Cow;
use std::ops::Range;

/// The runs of dots in a line that are there to be written on, in bytes: four and more; three before a number; two and more on both sides of one.
/// Three dots behind a word or a number say that there is more of the kind, and stay.
pub(super) fn blanks(line: &str) -> Vec<Range<usize>> {
    let bytes = line.as_bytes();
    let is_dot = |at: usize| bytes.get(at) == Some(&b'.');
    let digit = |at: Option<&u8>| at.is_some_and(u8::is_ascii_digit);
    let mut found: Vec<Range<usize>> = Vec::new();
    // Where the number ends that a run of dots stands right before.
    let mut written = None;
    let mut at = 0;
    while at < bytes.len() {
        if !is_dot(at) {
            at += 1;
            continue;
        }
        let end = (at..bytes.len()).find(|&i| !is_dot(i)).unwrap_or(bytes.len());
        let dots = end - at;
        let next = bytes[end..].iter().find(|b| **b != b' ');
        if dots > 3 || dots == 3 && digit(next) || dots > 1 && (written == Some(at) || number_between_dots(bytes, end))
        {
            found.push(at..end);
            written = number_between_dots(bytes, end).then(|| number_end(bytes, end));
        }
        at = end;
    }
    found
}

/// The words of a form without what is there to be written on.
pub(in crate::extract) fn without_blanks(words: &str) -> Cow<'_, str> {
    let dots = |word: &str| word.len() > 1 && word.bytes().all(|b| b == b'.');
    match words.split(' ').any(dots) {
        true => words.split(' ').filter(|word| !dots(word)).collect::<Vec<_>>().join(" ").into(),
        false => words.into(),
    }
}

/// Where the number that begins at this byte ends; its own stop is followed by a digit.
fn number_end(bytes: &[u8], from: usize) -> usize {
    let of_number = |i: usize| {
        bytes[i].is_ascii_digit()
            || matches!(bytes[i], b'.' | b',' | b'/') && bytes.get(i + 1).is_some_and(u8::is_ascii_digit)
    };
    (from..bytes.len()).find(|&i| !of_number(i)).unwrap_or(bytes.len())
}

/// Whether a number begins at this byte and two dots follow it at once.
fn number_between_dots(bytes: &[u8], from: usize) -> bool {
    let end = number_end(bytes, from);
    end > from && bytes[end..].starts_with(b"..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_to_write_on_are_told_from_those_that_go_on() {
        let without = |line: &str| {
            let mut text = line.to_owned();
            blanks(line).into_iter().rev().for_each(|run| text.replace_range(run, "_"));
            text
        };
        for (line, want) in [
            ("Trước hạn ........ 18 hồ sơ", "Trước hạn _ 18 hồ sơ"),
            ("Trước hạn:...18 hồ sơ", "Trước hạn:_18 hồ sơ"),
            ("Số hóa: ....98,5....%", "Số hóa: _98,5_%"),
            ("ngày ..31.. tháng ..10.. năm 2025", "ngày _31_ tháng _10_ năm 2025"),
            ("(mới: ..09..; cũ: ..1.250..)", "(mới: _09_; cũ: _1.250_)"),
            ("Lý do: ......chờ xác minh......", "Lý do: _chờ xác minh_"),
            ("máy in, máy quét... Đồng thời", "máy in, máy quét... Đồng thời"),
            ("các Nghị định 61, 107, 42... của Chính phủ", "các Nghị định 61, 107, 42... của Chính phủ"),
            ("tăng 12.. so với kỳ trước", "tăng 12.. so với kỳ trước"),
            ("1.250. Trong đó", "1.250. Trong đó"),
        ] {
            assert_eq!(without(line), want);
        }
    }
}

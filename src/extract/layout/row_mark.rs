//! The numbers and marks of rows, and how deep a row stands by them.

use crate::extract::layout::outline::{self, Depth};

/// Whether a text is the number of a row within a numbered group: `I.2`.
fn is_code(text: &str) -> bool {
    text.trim().split_once('.').is_some_and(|(group, number)| {
        let digits = number.trim_end_matches('.');
        let group = !group.is_empty() && group.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
        group && (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

/// The number of a row, where it has one of digits only.
pub(in crate::extract) fn row_number(text: &str) -> Option<u32> {
    text.trim().trim_end_matches(['.', ')']).parse().ok()
}

/// How deep the number of a row stands: `I`, `1`, `1.1`, `a`, `-`; None for what is no such number. `before` is the [`row_number`] of the row before
/// it: `11` is `II` as recognisers see it, but not behind 10.
pub(in crate::extract) fn level(text: &str, before: Option<u32>) -> Option<u8> {
    let follows = before.is_some_and(|before| row_number(text) == before.checked_add(1));
    let text = text.trim().trim_end_matches(['.', ')']);
    let all = |set: &str| !text.is_empty() && text.chars().all(|c| set.contains(c));
    match text {
        "A" | "B" | "C" | "D" => Some(0),
        _ if outline::roman(text).is_some() && text != "1" && !follows => Some(1),
        // `II.1`, with rows `1` to `12` below it.
        _ if is_code(text) => Some(2),
        _ if all("0123456789") && text.len() <= 3 => Some(3),
        _ if all("0123456789.") && text.len() <= 6 => Some(4),
        "-" | "–" | "+" | "*" => Some(6),
        _ if text.chars().count() == 1 && text.chars().all(char::is_lowercase) => Some(5),
        _ => None,
    }
}

/// How deep a row stands whose words begin with a dash or with their own number: `- Trước hạn`, `2.1. Trước hạn`; None for other rows.
pub(in crate::extract) fn marked(words: &str) -> Option<u8> {
    let dash = words.trim().strip_prefix(['-', '–', '+', '*']);
    if dash.is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || c.is_alphabetic())) {
        return level("-", None);
    }
    match outline::mark(words.trim())?.depth {
        Depth::Letter => Some(0),
        Depth::Roman => Some(1),
        Depth::Arabic => Some(3),
        Depth::Nested => Some(4),
        Depth::Point => Some(5),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_within_a_group_stand_above_their_rows() {
        let depths: Vec<Option<u8>> = ["II", "II.1", "1", "1.1", "a", "-"].map(|text| level(text, None)).to_vec();
        assert!(depths.windows(2).all(|pair| pair[0] < pair[1]), "{depths:?}");
    }

    #[test]
    fn row_eleven_is_no_group() {
        let depths = |rows: &[&str]| -> Vec<Option<u8>> {
            let mut before = None;
            let depth = |text: &&str| level(text, std::mem::replace(&mut before, row_number(text)));
            rows.iter().map(depth).collect()
        };
        assert_eq!(depths(&["9", "10", "11", "12"]), [Some(3); 4]);
        assert_eq!(depths(&["110", "111", "112"]), [Some(3); 3]);
        assert_eq!(depths(&["1", "2", "11", "1"]), [Some(3), Some(3), Some(1), Some(3)], "`II` as it was read");
    }
}

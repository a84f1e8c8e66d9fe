//! The brackets, semicolons and words of comparison of a paragraph, found once for all that asks for them: a sentence may name a period in
//! each of its brackets, and what each of those closes or compares is asked for each of its numbers.

use crate::extract::labels::LISTS;
use std::ops::Range;

/// Where they stand in the key, in order.
#[derive(Debug, Default)]
pub(super) struct Signs {
    /// With whether it closes.
    brackets: Vec<(usize, bool)>,
    semicolons: Vec<usize>,
    /// Where each word of comparison begins and ends, by its end.
    compared: Vec<(usize, usize)>,
}

impl Signs {
    /// Those in these bytes of the key.
    pub(super) fn of(key: &str, region: Range<usize>) -> Signs {
        let (from, text) = (region.start, &key[region]);
        let mut signs = Signs::default();
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                b'(' | b')' => signs.brackets.push((from + at, byte == b')')),
                b';' => signs.semicolons.push(from + at),
                _ => {}
            }
        }
        for words in &LISTS.compared {
            let places = text.match_indices(words.key.as_str());
            signs.compared.extend(places.map(|(at, found)| (from + at, from + at + found.len())));
        }
        signs.compared.sort_by_key(|(_, end)| *end);
        signs
    }

    /// The first bracket among these bytes, and whether it closes.
    pub(super) fn bracket(&self, range: Range<usize>) -> Option<(usize, bool)> {
        let first = self.brackets.partition_point(|(at, _)| *at < range.start);
        self.brackets.get(first).copied().filter(|(at, _)| *at < range.end)
    }

    /// Whether a bracket closes among these bytes.
    pub(super) fn closes(&self, range: Range<usize>) -> bool {
        let first = self.brackets.partition_point(|(at, _)| *at < range.start);
        self.brackets[first..].iter().take_while(|(at, _)| *at < range.end).any(|(_, closes)| *closes)
    }

    /// Whether a semicolon stands among these bytes.
    pub(super) fn semicolon(&self, range: Range<usize>) -> bool {
        let first = self.semicolons.partition_point(|at| *at < range.start);
        self.semicolons.get(first).is_some_and(|at| *at < range.end)
    }

    /// Whether the last clause of these bytes compares.
    pub(super) fn compares(&self, range: Range<usize>) -> bool {
        let before = self.semicolons.partition_point(|at| *at < range.end).checked_sub(1);
        let clause = before.map_or(range.start, |last| self.semicolons[last].max(range.start));
        // Longer words of comparison may end with shorter ones: few end at one place.
        let ended = self.compared.partition_point(|(_, end)| *end <= range.end);
        self.compared[..ended].iter().rev().take(LISTS.compared.len()).any(|(start, _)| *start >= clause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_a_byte_is_told() {
        let key = "nhan 5 (ky truoc 4); tang so voi ky truoc 3 (nam 2023)";
        let (signs, end) = (Signs::of(key, 0..key.len()), key.len());
        assert_eq!(signs.bracket(8..end), Some((18, true)));
        assert_eq!(signs.bracket(19..end), key.find("(nam").map(|at| (at, false)));
        assert_eq!(signs.bracket(19..30), None);
        assert!(signs.closes(40..end) && !signs.closes(19..40));
        assert!(signs.semicolon(19..end) && !signs.semicolon(20..end) && !signs.semicolon(0..19));
        assert!(!signs.compares(0..10) && signs.compares(0..40));
        assert!(!signs.compares(30..45), "what compares stands before it");
    }
}

//! The letters that number the items of a list: `a)`, `b)`, `c)`, `d)`, `đ)`, `e)`. Where `đ` has lost its stroke, no language model tells
//! it from the item before it; the item before it does.

use super::window::Window;
use crate::lm::{Vocabulary, WordId};

/// How many times as likely the letter is that comes next, of the two. Three items before it are asked for, as one may belong to an
/// unrelated paragraph.
pub(in crate::restore) const NEXT: f32 = 30.0;

/// Items that are seen as `d`, with the letter that comes next there.
#[derive(Debug, Default)]
pub(in crate::restore) struct Enumeration {
    /// By the number of their token in the window, which grows.
    expected: Vec<(usize, WordId)>,
}

impl Enumeration {
    /// Finds the items of a window of these lines.
    pub fn new(window: &Window, lines: &[&str], vocabulary: &Vocabulary) -> Self {
        let mut expected = Vec::new();
        // The letters of the last three items.
        let mut last = [' '; 3];
        for (at, pair) in window.tokens.windows(2).enumerate().filter(|(_, pair)| pair[0].begins) {
            let [letter, bracket] = [&pair[0], &pair[1]].map(|seen| seen.token.text(lines[seen.line as usize]));
            let mut letters = letter.chars();
            let (Some(letter), None, ")") = (letters.next(), letters.next(), bracket) else { continue };
            let next = match (letter, last) {
                ('d', ['b', 'c', 'd']) => Some('đ'),
                ('d', ['a', 'b', 'c']) => Some('d'),
                _ => None,
            };
            let word = next.and_then(|next| vocabulary.id(next.encode_utf8(&mut [0; 2])));
            expected.extend(word.map(|word| (at, word)));
            last = [last[1], last[2], next.unwrap_or(letter)];
        }
        Enumeration { expected }
    }

    /// The letter that comes next in its list at a token; None where the list tells nothing.
    pub fn letter(&self, at: usize) -> Option<WordId> {
        let place = self.expected.binary_search_by_key(&at, |e| e.0);
        place.ok().map(|place| self.expected[place].1)
    }
}

#[cfg(test)]
mod tests {
    use crate::restore::Restorer;

    #[test]
    fn the_letter_of_an_item_follows_from_the_one_before() {
        let restorer = Restorer::embedded().unwrap();
        let list = "a) Cap moi giay phep;\nb) Cap lai giay phep;\nc) Gia han giay phep;\nd) Thu hoi giay phep;\nd) Tra lai giay phep;\ne) Huy bo giay phep.\n";
        let restored = restorer.restore_plain(list);
        let letters: Vec<&str> = restored.lines().filter_map(|l| l.split(')').next()).collect();
        assert_eq!(letters, ["a", "b", "c", "d", "đ", "e"], "{restored}");
        // What is seen with its marks stands, whatever was before it.
        let clean = "d) Thu hồi giấy phép;\nd) Trả lại giấy phép đã được cấp theo quy định của pháp luật;\n";
        assert_eq!(restorer.restore_plain(clean), clean);
    }
}

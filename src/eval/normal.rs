//! [`Normal`]: text as it is scored, with what is a matter of convention taken out.

use crate::text::fold;
use crate::text::letter::{Tone, split_tone, with_tone};
use crate::text::nfc::compose;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// A text made comparable: NFC; quotation marks and dashes of one kind; an ellipsis is three full stops; a hyphen at a line's
/// end is joined to what follows (`10/QĐ-` and `UBND`); white space is one space; tones stand in one place (`hòa` is `hoà`).
///
/// Letter case, punctuation and spacing are kept: they are scored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Normal(String);

impl Normal {
    /// The text made comparable.
    pub fn new(text: &str) -> Self {
        let composed = compose(text);
        let mut chars = Vec::with_capacity(composed.len());
        for c in composed.chars() {
            match c {
                '“' | '”' | '„' | '‟' | '«' | '»' | '″' => chars.push('"'),
                '‘' | '’' | '‚' | '‛' | '`' | '´' | '′' => chars.push('\''),
                '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '─' => chars.push('-'),
                '…' => chars.extend(['.'; 3]),
                '\u{200b}' | '\u{feff}' | '\u{ad}' => {}
                c if c.is_whitespace() => chars.push(' '),
                c => chars.push(c),
            }
        }
        let mut out = String::with_capacity(composed.len());
        let mut at = 0;
        while at < chars.len() {
            let c = chars[at];
            at += 1;
            if c == ' ' {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
                continue;
            }
            if c == '-' && out.chars().next_back().is_some_and(is_word) {
                let next = chars[at..].iter().position(|&c| c != ' ').map_or(chars.len(), |n| at + n);
                if chars.get(next).copied().is_some_and(is_word) {
                    at = next;
                }
            }
            out.push(c);
        }
        out.truncate(out.trim_end().len());
        Normal(with_tones_in_place(&out))
    }

    /// The text as a slice.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The characters as readers count them: extended grapheme clusters.
    pub fn characters(&self) -> impl Iterator<Item = &str> {
        self.0.graphemes(true)
    }

    /// What white space separates, punctuation kept.
    pub fn tokens(&self) -> Vec<&str> {
        self.0.split(' ').filter(|token| !token.is_empty()).collect()
    }

    /// Unicode's words (UAX 29) that hold a letter or digit.
    pub fn words(&self) -> Vec<&str> {
        self.0.unicode_words().collect()
    }

    /// The syllables: what white space separates, outer punctuation taken off, case kept. Figures and codes are syllables too.
    pub fn syllables(&self) -> Vec<&str> {
        let words = self.0.split("...").flat_map(|part| part.split(' '));
        words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).filter(|word| !word.is_empty()).collect()
    }
}

/// The letters without any marks, Vietnamese or foreign (a misread `ö` is an `o`), in small letters; only for comparing.
pub(super) fn letters(text: &str) -> String {
    fold::key(&text.nfd().collect::<String>())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// `òa, òe, ùy` become `oà, oè, uỳ` wherever they stand: in this form `quý` needs no exception, and where a misreading cuts a
/// rime in two the edits are those that other scorers count. Misread words are no syllables, so that
/// [`ToneStyle::apply`](crate::text::syllable::ToneStyle::apply) would leave them as they are and a convention would be an error.
fn with_tones_in_place(text: &str) -> String {
    let mut out: Vec<char> = Vec::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, 'a' | 'A' | 'e' | 'E' | 'y' | 'Y')
            && let Some(previous) = out.last_mut()
            && let (bare, tone) = split_tone(*previous)
            && tone != Tone::Level
            && matches!((bare, c), ('o' | 'O', 'a' | 'A' | 'e' | 'E') | ('u' | 'U', 'y' | 'Y'))
            && let Some(moved) = with_tone(c, tone)
        {
            *previous = bare;
            out.push(moved);
        } else {
            out.push(c);
        }
    }
    out.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conventions_are_no_errors() {
        for (a, b) in [
            ("Ủy ban  nhân\ndân", "Uỷ ban nhân dân"),
            ("số 10/QĐ-\nUBND", "số 10/QĐ-UBND"),
            ("“một” – hai…", "\"một\" - hai..."),
            ("khỏe, hòa, thúy, HÒA", "khoẻ, hoà, thuý, HOÀ"),
            ("qúy", "quý"),
            ("e\u{302}\u{301}", "ế"),
            (" đầu và cuối ", "đầu và cuối"),
        ] {
            assert_eq!(Normal::new(a), Normal::new(b));
        }
    }

    #[test]
    fn what_is_scored_stays() {
        for (a, b) in [("Độc lập - Tự do", "Độc lập -Tự do"), ("xã", "Xã"), ("1.077", "1,077"), ("a b", "ab")]
        {
            assert_ne!(Normal::new(a), Normal::new(b));
        }
    }

    #[test]
    fn syllables_lose_outer_punctuation_only() {
        let text = Normal::new("(TTHC): 1.077; Số: 10/QĐ-UBND./. hết… - rồi");
        assert_eq!(text.syllables(), ["TTHC", "1.077", "Số", "10/QĐ-UBND", "hết", "rồi"]);
    }
}

//! The user's own dictionary: a strong prior over ours.

use super::Dictionaries;
use super::check::check;
use super::table::{Kind, is_remark};
use crate::diagnostics::{Outcome, Severity};
use crate::error::{Error, ErrorKind, Result};
use crate::text::nfc::Nfc;
use crate::text::syllable::ToneStyle;
use crate::text::syllable::is_valid_syllable;
use std::path::Path;

/// One entry of the user's.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// A word, phrase, name or code; NFC, `hòa` style, one space between words.
    pub text: String,
    /// From 0.01 to 1000, 1 where the file gives none: how many times as strongly as an ordinary entry it is believed.
    pub weight: f32,
}

impl Entry {
    /// The words of the entry.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.text.split(' ')
    }

    /// Whether it is a code or abbreviation and no word: `BCĐ389`, `XKLĐ`.
    pub fn is_code(&self) -> bool {
        !self.text.contains(' ')
            && !is_valid_syllable(&self.text)
            && self.text.chars().filter(|c| c.is_uppercase() || c.is_numeric()).count() >= 2
    }
}

impl Dictionaries {
    /// The same dictionaries with the entries of a user's file over them; later files win over earlier ones.
    ///
    /// What can be read is read: a byte order mark, CRLF, NFD and an unsorted file are put right and reported.
    ///
    /// # Errors
    /// [`ErrorKind::Unreadable`] where the file cannot be read, [`ErrorKind::Definition`] where a line has a mistake
    /// that leaves it without meaning; the text names the first such line.
    pub fn with_user_file(self, path: &Path) -> Result<Outcome<Self>> {
        let bytes = std::fs::read(path).map_err(|error| Error::io(path, error))?;
        self.with_user_entries(&bytes).map_err(|error| error.file(path))
    }

    /// As [`Dictionaries::with_user_file`], the file's bytes given.
    ///
    /// # Errors
    /// [`ErrorKind::Definition`], as there.
    pub fn with_user_entries(mut self, bytes: &[u8]) -> Result<Outcome<Self>> {
        let diagnostics = check(Kind::User, bytes);
        if let Some(first) = diagnostics.iter().find(|d| d.severity == Severity::Error) {
            let line = first.place.and_then(|p| p.line).unwrap_or(1);
            let error = Error::new(ErrorKind::Definition, format!("line {line}: {}", first.message));
            return Err(error.remedy(first.hint.clone().unwrap_or_default()));
        }
        let text = String::from_utf8_lossy(bytes);
        for line in text.trim_start_matches('\u{FEFF}').lines().filter(|line| !is_remark(line)) {
            let mut columns = line.split('\t');
            let words: Vec<&str> = columns.next().unwrap_or_default().split_whitespace().collect();
            let composed = Nfc::from(words.join(" "));
            let text = ToneStyle::Old.apply(&composed).into_owned();
            let weight = columns.next().and_then(|w| w.trim().parse().ok()).unwrap_or(1.0);
            self.user_index.insert(text.to_lowercase(), self.user.len());
            self.user.push(Entry { text, weight });
        }
        Ok(Outcome { value: self, diagnostics })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str) -> Dictionaries {
        Dictionaries::default().with_user_entries(text.as_bytes()).unwrap().value
    }

    #[test]
    fn entries_are_found_in_any_case() {
        let mine = with("# bản đồ\nKrông Búk\t5\nhoa\u{300} Phu\u{301}\nXKLĐ\n");
        assert_eq!(mine.entry("KRÔNG BÚK").map(|e| e.weight), Some(5.0));
        assert_eq!(mine.entry("hòa phú").map(|e| e.text.as_str()), Some("hòa Phú"));
        assert!(mine.is_abbreviation("XKLĐ") && !mine.is_abbreviation("xklđ") && !mine.is_abbreviation("Krông Búk"));
    }

    #[test]
    fn a_byte_order_mark_and_crlf_are_put_right_and_said() {
        let outcome = Dictionaries::default().with_user_entries("\u{FEFF}Ea Kar\r\nM'Đrắk\r\n".as_bytes()).unwrap();
        assert!(outcome.value.entry("ea kar").is_some() && outcome.value.entry("m'đrắk").is_some());
        assert!(outcome.diagnostics.iter().all(|d| d.severity < Severity::Error) && !outcome.diagnostics.is_empty());
    }

    #[test]
    fn a_line_without_meaning_is_an_error_with_its_number() {
        for text in ["Ea Kar\nEa Súp\tnhiều\n", "Ea Kar\n\t3\n", "Ea Kar\na\t1\tb\n", "Ea Kar\nEa Súp\t-1\n"] {
            let error = Dictionaries::default().with_user_entries(text.as_bytes()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Definition);
            assert!(error.to_string().contains("line 2"), "{error}");
        }
    }
}

//! What is wrong with a dictionary file, line by line, with the remedy.

use super::table::{Kind, is_remark};
use crate::diagnostics::{Diagnostic, Severity};
use crate::document::Place;
use crate::text::letter::is_vietnamese;
use crate::text::nfc;
use crate::text::syllable::Syllable;
use crate::text::syllable::ToneStyle;
use rustc_hash::FxHashMap;

/// All that is wrong with a dictionary file of this kind, in the order of its lines; empty where it is right.
///
/// What leaves a line without meaning is an [`Severity::Error`]. What is merely not as our own files have to be (order,
/// line ends, normal form) is an error in ours and a warning in a user's.
pub fn check(kind: Kind, bytes: &[u8]) -> Vec<Diagnostic> {
    let mut found = Found { kind, diagnostics: Vec::new() };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => {
            found.invalid_lines(bytes);
            return found.diagnostics;
        }
    };
    let text = match text.strip_prefix('\u{FEFF}') {
        Some(rest) => {
            found.form(1, "the file starts with a byte order mark", "save it as UTF-8 without BOM");
            rest
        }
        None => text,
    };
    if let Some(line) = (1..).zip(text.split('\n')).find_map(|(n, l)| l.ends_with('\r').then_some(n)) {
        found.form(line, "lines end with CRLF", "save it with Unix line ends (LF)");
    }
    let mut first_seen: FxHashMap<String, u32> = FxHashMap::default();
    let mut before: Option<&str> = None;
    for (number, line) in (1..).zip(text.lines()) {
        if is_remark(line) {
            continue;
        }
        let columns: Vec<&str> = line.split('\t').collect();
        found.line(number, line, &columns);
        if before.is_some_and(|before| before > line) {
            found.form(number, "it comes before the line above it", "sort the file by bytes: LC_ALL=C sort");
        }
        before = Some(line);
        let key = columns[..kind.key_columns().min(columns.len())].join("\t");
        match first_seen.get(&key) {
            Some(first) => {
                found.form(number, format!("`{key}` is in line {first} already"), "delete one of the two lines");
            }
            None => {
                first_seen.insert(key, number);
            }
        }
    }
    found.diagnostics
}

struct Found {
    kind: Kind,
    diagnostics: Vec<Diagnostic>,
}

impl Found {
    fn push(&mut self, severity: Severity, line: u32, message: impl Into<String>, hint: impl Into<String>) {
        let place = Place { line: Some(line), ..Place::default() };
        self.diagnostics.push(Diagnostic::new(severity, message).at(place).hint(hint));
    }

    fn error(&mut self, line: u32, message: impl Into<String>, hint: impl Into<String>) {
        self.push(Severity::Error, line, message, hint);
    }

    /// What can be put right while reading.
    fn form(&mut self, line: u32, message: impl Into<String>, hint: impl Into<String>) {
        let severity = if self.kind == Kind::User { Severity::Warning } else { Severity::Error };
        self.push(severity, line, message, hint);
    }

    fn invalid_lines(&mut self, bytes: &[u8]) {
        for (number, line) in (1..).zip(bytes.split(|&b| b == b'\n')) {
            if let Err(error) = std::str::from_utf8(line) {
                let at = error.valid_up_to();
                let message = format!("byte 0x{:02X} in column {} is not UTF-8", line[at], at + 1);
                self.error(
                    number,
                    message,
                    "save the file as UTF-8; text in TCVN3, VNI or Windows-1258 has to be converted first",
                );
            }
        }
    }

    fn line(&mut self, number: u32, line: &str, columns: &[&str]) {
        if !self.kind.columns().contains(&columns.len()) {
            let message = format!("it has {} columns", columns.len());
            self.error(number, message, format!("write {}", self.kind.form()));
            return;
        }
        if columns.iter().any(|c| c.trim().is_empty()) {
            self.error(number, "a column is empty", format!("write {}", self.kind.form()));
            return;
        }
        if columns.iter().any(|c| c.trim() != *c || c.contains("  ")) {
            self.form(number, "there are spaces too many", "one space between words, none at the ends");
        }
        if let Some(weight) = self.kind.weight_column().and_then(|at| columns.get(at)) {
            let greatest = self.kind.greatest_weight();
            let right = weight.trim().parse().is_ok_and(|w: f32| (0.0..=greatest).contains(&w));
            let nothing = weight.trim().parse() == Ok(0.0_f32);
            if !right || (nothing && matches!(self.kind, Kind::User | Kind::Confusions)) {
                let hint = format!("write a number up to {greatest}, or leave the column out where it may be left out");
                self.error(number, format!("`{weight}` is not a weight"), hint);
            }
        }
        let groups = ["document", "law", "reading"];
        if self.kind == Kind::DocumentKinds && !groups.contains(&columns[2]) {
            self.error(number, format!("`{}` is no group of kinds", columns[2]), format!("write {}", self.kind.form()));
        }
        if !nfc::is_composed(line) {
            self.form(number, "it is not in Unicode's composed form (NFC)", "convert the file: uconv -x nfc");
        } else if let styled @ std::borrow::Cow::Owned(_) = ToneStyle::Old.apply(columns[0]) {
            self.form(
                number,
                format!("the tone of `{}` stands in the other style", columns[0]),
                format!("write `{styled}`"),
            );
        }
        self.words(number, columns[0]);
    }

    fn words(&mut self, number: u32, entry: &str) {
        if self.kind == Kind::Syllables {
            match Syllable::parse(entry) {
                None => {
                    self.error(number, format!("`{entry}` cannot be a syllable"), "delete it or correct its spelling")
                }
                Some(s) if s.compose(ToneStyle::Old) != entry => {
                    self.error(
                        number,
                        format!("`{entry}` is not in small letters"),
                        format!("write `{}`", s.compose(ToneStyle::Old)),
                    );
                }
                Some(_) => {}
            }
            return;
        }
        let small = |c: char| is_vietnamese(c) && c.is_lowercase();
        if self.kind == Kind::Confusions && !(entry.chars().count() == 1 && entry.chars().all(small)) {
            self.error(number, format!("`{entry}` is no small Vietnamese letter"), "write the letter that is printed");
        }
        if !matches!(self.kind, Kind::Phrases | Kind::User) {
            return;
        }
        // A word in small letters that has marks is meant to be Vietnamese; capitals may be a code or a foreign name.
        let meant = |w: &&str| !w.is_ascii() && w.chars().all(|c| is_vietnamese(c) && c.is_lowercase());
        for word in entry.split(|c: char| !c.is_alphanumeric()).filter(meant) {
            if Syllable::parse(word).is_none() {
                let hint = "correct its spelling; if it is meant so, leave it";
                self.push(Severity::Warning, number, format!("`{word}` cannot be a Vietnamese syllable"), hint);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_is_named_with_its_line() {
        for (kind, text, line, says) in [
            (Kind::User, b"a\n\xB8n\n".as_slice(), 2, "0xB8"),
            (Kind::User, "\u{FEFF}an".as_bytes(), 1, "byte order mark"),
            (Kind::User, b"an\r\nba\r\n", 1, "CRLF"),
            (Kind::User, "hoa\u{300}\n".as_bytes(), 1, "NFC"),
            (Kind::User, b"# b\nba\nan\n", 3, "above"),
            (Kind::User, b"an\nba\nba\n", 3, "line 2"),
            (Kind::User, "khỏe\nnghành\n".as_bytes(), 2, "nghành"),
            (Kind::User, b"an\t1\t2\n", 1, "3 columns"),
            (Kind::User, b"an\tx\n", 1, "weight"),
            (Kind::User, "hoà\n".as_bytes(), 1, "other style"),
            (Kind::User, b"an  ba\n", 1, "spaces"),
            (Kind::Syllables, "ba\t1\nqúy\t2\n".as_bytes(), 2, "cannot be a syllable"),
            (Kind::Syllables, "Ba\t1\n".as_bytes(), 1, "small letters"),
            (Kind::Syllables, b"ba\n", 1, "1 columns"),
            (Kind::Places, "Đại Sơn\txã\t\n".as_bytes(), 1, "empty"),
            (Kind::DocumentKinds, "biên bản\tBB\tbook\n".as_bytes(), 1, "`book`"),
            (Kind::Confusions, "ạ\tq\t1.5\n".as_bytes(), 1, "weight"),
            (Kind::Confusions, "5\tq\t0.1\n".as_bytes(), 1, "small Vietnamese letter"),
            (Kind::Confusions, "ạ\tq\t0\n".as_bytes(), 1, "weight"),
            (Kind::Confusions, "ươ\tu\t0.1\n".as_bytes(), 1, "small Vietnamese letter"),
            (Kind::Confusions, "ạ\tq\t0.1\nạ\tq\t0.2\n".as_bytes(), 2, "line 1"),
        ] {
            let found = check(kind, text);
            let named = found.iter().find(|d| d.message.contains(says)).unwrap_or_else(|| panic!("{says}: {found:?}"));
            assert_eq!(named.place.and_then(|p| p.line), Some(line), "{says}");
            assert!(named.hint.is_some());
        }
    }

    #[test]
    fn what_is_right_passes() {
        for (kind, text) in [
            (Kind::User, "# của xã\nBCĐ389\t20\nKrông Búk\nhòa giải viên\n"),
            (Kind::DocumentKinds, "công văn\t-\tdocument\ncông văn\tCV\treading\n"),
            (Kind::Syllables, "ba\t3\nhòa\t7\n"),
            (Kind::Confusions, "à\td\t0.03\nà\te\t0.01\n"),
        ] {
            assert_eq!(check(kind, text.as_bytes()), [], "{text}");
        }
    }
}

//! Text files whose encoding nobody tells.

use super::table::shown;
use super::{Conversion, Converter, first};
use crate::diagnostics::{Diagnostic, Outcome};
use crate::text::letter::is_distinctive;
use std::collections::BTreeSet;
use unicode_normalization::char::is_combining_mark;

/// Whether bytes may be in an old encoding: a glance that costs next to nothing, to spare text in Unicode the closer look.
fn may_be_old(bytes: &[u8]) -> bool {
    // Every third word of Vietnamese in Unicode has a letter that none of the old encodings shows.
    let (mut modern, mut others, mut stray) = (0, 0, 0);
    let mut count = |text: &str| {
        let mut at = 0;
        while let Some(found) = first(text.as_bytes(), at, |b| !b.is_ascii()) {
            let Some(c) = text[found..].chars().next() else { break };
            if is_distinctive(c) || is_combining_mark(c) {
                modern += 1
            } else {
                others += 1
            }
            at = found + c.len_utf8();
        }
    };
    match std::str::from_utf8(bytes) {
        Ok(text) => count(text),
        Err(_) => bytes.utf8_chunks().for_each(|chunk| {
            count(chunk.valid());
            stray += chunk.invalid().len();
        }),
    }
    others + stray > modern
}

/// Whether a byte order mark says that it is UTF-16.
pub fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF")
}

impl Converter<'_> {
    /// The text of a file's bytes where something of it is in an old encoding or in UTF-16, with what it was in among the
    /// remarks; None where it is to be taken as it is.
    pub fn convert_bytes(&self, bytes: &[u8]) -> Option<Outcome<String>> {
        if !is_utf16(bytes) && !may_be_old(bytes) {
            return None;
        }
        let Outcome { value, diagnostics } = self.read_bytes(bytes);
        let mut names: BTreeSet<&str> = value.runs.iter().map(|run| run.encoding.name()).collect();
        if is_utf16(bytes) {
            names.insert("UTF-16");
        }
        if names.is_empty() {
            return None;
        }
        let said = format!("converted from {}", names.into_iter().collect::<Vec<_>>().join(", "));
        let mut remarks = vec![Diagnostic::info(said)];
        remarks.extend(diagnostics);
        Some(Outcome { value: value.text, diagnostics: remarks })
    }

    /// The text of a file's bytes: UTF-8, UTF-16 with a byte order mark, an old encoding, or a mixture.
    ///
    /// A byte order mark is dropped. Bytes that are neither UTF-8 nor a letter of an old encoding are shown as
    /// Windows-1252 would and named in the diagnostics; nothing is lost.
    pub fn read_bytes(&self, bytes: &[u8]) -> Outcome<Conversion> {
        let utf16 = |order: fn([u8; 2]) -> u16| -> String {
            let units = bytes[2..].chunks(2).map(|pair| order([pair[0], pair.get(1).copied().unwrap_or(0)]));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        };
        match bytes {
            [0xFF, 0xFE, ..] => return self.convert(&utf16(u16::from_le_bytes)),
            [0xFE, 0xFF, ..] => return self.convert(&utf16(u16::from_be_bytes)),
            _ => {}
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        if let Ok(text) = std::str::from_utf8(bytes) {
            return self.convert(text);
        }
        let (mut sequences, mut strays) = (0, 0);
        for chunk in bytes.utf8_chunks() {
            sequences += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
            strays += chunk.invalid().len();
        }
        // Sequences of UTF-8 hardly ever arise by chance: where they prevail, only the stray bytes are another encoding.
        let mixed = sequences > strays;
        let mut text = String::with_capacity(bytes.len() + bytes.len() / 4);
        if mixed {
            for chunk in bytes.utf8_chunks() {
                text.push_str(chunk.valid());
                text.extend(chunk.invalid().iter().map(|&b| shown(b)));
            }
        } else {
            text.extend(bytes.iter().map(|&b| shown(b)));
        }
        let mut outcome = self.convert(&text);
        if outcome.value.runs.is_empty() {
            let first = bytes.utf8_chunks().next().map_or(0, |c| c.valid().matches('\n').count()) + 1;
            let said =
                format!("{strays} bytes are not UTF-8, the first in line {first}, and no old encoding of Vietnamese");
            outcome
                .diagnostics
                .push(Diagnostic::warning(said).hint("they are shown as Windows-1252; convert the file to UTF-8"));
        }
        outcome
    }
}

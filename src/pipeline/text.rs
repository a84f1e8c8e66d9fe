//! Plain text in place of a scan: converted from an old encoding, restored where its marks are lost, and extracted.

use crate::diagnostics::{Diagnostic, Outcome};
use crate::dict::Dictionaries;
use crate::digest;
use crate::document::{Place, TextLine};
use crate::encoding::Converter;
use crate::error::Result;
use crate::extract::{Extraction, Extractor};
use crate::report::{Report, SCHEMA, Source, Tool};
use crate::resources::Resources;
use crate::restore::RestoredText;
use crate::text::syllable::is_valid_syllable;
use std::collections::BTreeMap;

/// What a text says; `name` is what the report calls it. Text that has lost its marks is restored first, unless it is to be
/// taken `as_it_is`; places are those of the text as it was given. A form feed begins a new page.
///
/// # Errors
/// As [`Resources::extractor`] and [`Resources::restorer`]: none with what comes with the program.
pub fn read_text(resources: &Resources, bytes: &[u8], name: impl Into<String>, as_it_is: bool) -> Result<Report> {
    let mut diagnostics = Vec::new();
    let text = unicode(bytes, resources.dictionaries()).drain_into(&mut diagnostics);
    let extractor = resources.extractor()?;
    let mut model = None;
    let mut tables = Vec::new();
    let outcome = if !as_it_is && is_damaged(&text) {
        let restorer = resources.restorer()?;
        model = Some(restorer.model_sha256().to_owned());
        of_restored(extractor, &restorer.restore_text(&text))
    } else {
        let lines = TextLine::from_text(&text);
        tables = crate::table::from_text(&lines);
        extractor.extract(&lines, &tables)
    };
    let extraction = outcome.drain_into(&mut diagnostics);
    Ok(Report {
        schema: SCHEMA.to_owned(),
        source: Source { file: name.into(), sha256: Some(digest::sha256(bytes)), pages: 0 },
        tool: Tool::this(None, model),
        pages: Vec::new(),
        extraction,
        tables,
        stamps: Vec::new(),
        diagnostics,
    })
}

/// The text of the bytes; what was in an old encoding, or could not be understood, is among the remarks.
fn unicode(bytes: &[u8], dictionaries: &Dictionaries) -> Outcome<String> {
    let converter = Converter::new(dictionaries);
    if let Some(converted) = converter.convert_bytes(bytes) {
        return converted;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Outcome::clean(text.trim_start_matches('\u{FEFF}').to_owned()),
        Err(_) => {
            let Outcome { value, diagnostics } = converter.read_bytes(bytes);
            Outcome { value: value.text, diagnostics }
        }
    }
}

/// Whether a text has lost its marks: in right Vietnamese three words in four bear some, in one read by an English
/// recogniser about one in four.
fn is_damaged(text: &str) -> bool {
    /// Shorter texts tell nothing.
    const LEAST_WORDS: usize = 20;
    let words = || text.split_whitespace().filter(|w| w.chars().all(char::is_alphabetic)).take(4000);
    let marked = words().filter(|w| !w.is_ascii()).count();
    let all = words().count();
    all >= LEAST_WORDS && marked * 2 < all
}

/// What a recogniser read is not surer than this, and a text without its marks was read by one or typed in haste.
const READ_BEFORE: f32 = 0.95;

/// A number that may be a misread word, `151` for `lỗi`, is not surer than this.
const LIKE_A_WORD: f32 = 0.6;

/// Whether a token has only digits that recognisers put for letters, and no more of them than a word has letters.
fn is_like_a_word(token: &str) -> bool {
    (2..=3).contains(&token.len()) && token.bytes().all(|b| matches!(b, b'0' | b'1' | b'5' | b'6'))
}

/// The share of right syllables among the words of a line, from 0 to 1; 1 where it has fewer than three words.
fn share_of_words(line: &str) -> f32 {
    // Abbreviations in capitals are words and no syllables.
    let spelled = |w: &&str| w.chars().any(char::is_alphabetic) && w.chars().filter(|c| c.is_uppercase()).count() < 2;
    let words = || line.split(|c: char| !c.is_alphanumeric()).filter(spelled);
    let right = words().filter(|w| is_valid_syllable(&w.to_lowercase())).count();
    let all = words().count();
    if all < 3 { 1.0 } else { right as f32 / all as f32 }
}

/// The extraction from a restored text, with the places of the text as it was given.
fn of_restored(extractor: &Extractor, restored: &RestoredText) -> Outcome<Extraction> {
    let mut lines = TextLine::from_text(&restored.text);
    for line in &mut lines {
        let TextLine { text, words, .. } = line;
        let right = share_of_words(text);
        for word in words {
            let trust = if is_like_a_word(&text[word.start..word.end]) { LIKE_A_WORD } else { 1.0 };
            word.confidence = Some(READ_BEFORE * right.min(trust));
        }
    }
    let mut outcome = extractor.extract(&lines, &[]);
    let columns = Columns::new(restored);
    let extraction = &mut outcome.value;
    let figures = extraction.figures.iter_mut().map(|f| &mut f.place);
    let references = extraction.references.iter_mut().map(|r| &mut r.place);
    let remarks = outcome.diagnostics.iter_mut().filter_map(|d| d.place.as_mut());
    figures.chain(references).chain(remarks).for_each(|place| columns.lead_back(place));
    let changed = restored.tokens.iter().filter(|t| t.before != t.after).count();
    let message = format!(
        "the text has lost its marks; it was restored before figures were read ({changed} words changed, no digit)"
    );
    outcome.diagnostics.insert(0, Diagnostic::info(message).hint("give --as-it-is to read it as it is"));
    outcome
}

/// Leads from columns of the restored text back to those of the text as given.
struct Columns {
    /// For each page and line the columns at which tokens begin: restored, given.
    tokens: BTreeMap<(u32, u32), Vec<(u32, u32)>>,
    paged: bool,
}

impl Columns {
    fn new(restored: &RestoredText) -> Self {
        let mut tokens: BTreeMap<(u32, u32), Vec<(u32, u32)>> = BTreeMap::new();
        let mut rest = restored.tokens.iter().peekable();
        let (mut page, mut number) = (1, 0);
        for (index, line) in restored.text.split('\n').enumerate() {
            number += 1;
            let (mut after, mut given) = (0usize, 0u32);
            while let Some(token) = rest.next_if(|t| t.line == index) {
                let between = &line[after..token.printed.start];
                given += between.chars().count() as u32;
                // A form feed begins a page, and its lines and columns begin anew.
                for _ in between.matches('\u{c}') {
                    (page, number, given) = (page + 1, 1, 0);
                }
                after = token.printed.start;
                let start = line[..after].rfind('\u{c}').map_or(0, |at| at + 1);
                let shown = line[start..after].chars().count() as u32;
                tokens.entry((page, number)).or_default().push((shown + 1, given + 1));
                after = token.printed.end;
                given += token.before.chars().count() as u32;
            }
        }
        Columns { tokens, paged: restored.text.contains('\u{c}') }
    }

    fn lead_back(&self, place: &mut Place) {
        let page = if self.paged { place.page.unwrap_or(1) } else { 1 };
        let (Some(line), Some(column)) = (place.line, place.column) else { return };
        let Some(tokens) = self.tokens.get(&(page, line)) else { return };
        if let Some(&(shown, given)) = tokens.iter().rev().find(|(shown, _)| *shown <= column) {
            place.column = Some(given + column - shown);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOST: &str = "6. Tinh hinh, ket qua giai quyet thu tuc hanh chinh\n- Tong so ho so TTHC da tiep nhan: 1.250 ho so\n\
                        - So ho so da giai quyet: 1.240 ho so; trong do truoc han: 1.200, dung han: 40, qua han: 0\n";

    #[test]
    fn text_without_marks_is_restored_and_says_so() {
        assert!(is_damaged(LOST));
        let resources = Resources::embedded();
        let restored = resources.restorer().unwrap().restore_text(LOST);
        let outcome = of_restored(resources.extractor().unwrap(), &restored);
        assert!(outcome.diagnostics[0].message.contains("restored"));
        let figures = &outcome.value.figures;
        assert_eq!(figures.iter().map(|f| f.raw.as_str()).collect::<Vec<_>>(), ["1.250", "1.240", "1.200", "40", "0"]);
        for figure in figures {
            let line = LOST.lines().nth(figure.place.line.unwrap() as usize - 1).unwrap();
            let given: String = line.chars().skip(figure.place.column.unwrap() as usize - 1).collect();
            assert!(given.starts_with(&figure.raw), "{figure:?}");
        }
        assert!(figures[0].confidence <= 0.9);
        assert_eq!(outcome.value.indicators["dossiers.received.total"].value.to_string(), "1250");
    }

    #[test]
    fn right_text_is_left_alone() {
        assert!(!is_damaged(
            "Tổng số hồ sơ đã tiếp nhận trong kỳ báo cáo là một nghìn hồ sơ, đã giải quyết xong cả một nghìn hồ sơ này"
        ));
    }

    #[test]
    fn bytes_that_are_no_text_are_told_of_and_the_rest_is_read() {
        let mut bytes = "Số hồ sơ đã tiếp nhận: 120 hồ sơ.\nĐã giải quyết: 118 hồ sơ".as_bytes().to_vec();
        bytes.extend(b" \xF0\x28.\n");
        let report = read_text(&Resources::embedded(), &bytes, "-", false).unwrap();
        assert_eq!(report.extraction.figures.len(), 2);
        let said: Vec<&str> = report.diagnostics.iter().map(|d| d.message.as_str()).collect();
        assert!(said.iter().any(|m| m.contains("not UTF-8") && m.contains("line 2")), "{said:?}");
    }
}

//! The texts that can be scored: plain text, what `sohoa read` and `sohoa restore --json` write, ALTO, PAGE, hOCR, and PDF.

use super::markup;
use super::transcript::Transcript;
use crate::error::{Error, ErrorKind, Result};
use crate::raster::{Document, LayerLine, LayerWord};
use serde_json::Value;
use std::fs;
use std::path::Path;

impl Transcript {
    /// Reads a file; its kind is told by its content. Beside `x.txt` a report `x.json` is read, and the other way round,
    /// because `sohoa read` writes the text and the figures of a document in two files.
    ///
    /// # Errors
    /// Unreadable where the file is not there; Unsupported where it is of another kind; Damaged where its XML or JSON is broken.
    pub fn open(path: &Path) -> Result<Self> {
        let mut transcript = Self::read(path)?;
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("");
        if transcript.record.is_none() && matches!(extension, "txt") {
            let beside = path.with_extension("json");
            if beside.is_file() {
                transcript.record = Self::read(&beside)?.record;
            }
        } else if transcript.pages.is_empty() && extension == "json" {
            let beside = path.with_extension("txt");
            if beside.is_file() {
                transcript.pages = Self::read(&beside)?.pages;
            }
        }
        Ok(transcript)
    }

    fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).map_err(|e| Error::io(path, e))?;
        if bytes.starts_with(b"%PDF") {
            return from_pdf(path, bytes);
        }
        let text = String::from_utf8(bytes).map_err(|_| {
            Error::new(ErrorKind::Unsupported, "this is not text in UTF-8").remedy("convert it first").file(path)
        })?;
        Self::parse(&text).map_err(|e| e.file(path))
    }

    /// Reads a text whose kind is told by how it begins.
    ///
    /// # Errors
    /// Damaged where XML or JSON is broken.
    pub fn parse(text: &str) -> Result<Self> {
        let start = text.trim_start_matches('\u{feff}').trim_start();
        if start.starts_with('{') {
            if let Some(transcript) = from_json(start)? {
                return Ok(transcript);
            }
        } else if markup::is_markup(start) {
            return markup::parse(start);
        }
        let pages = text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect();
        Ok(Transcript { pages, ..Transcript::default() })
    }
}

/// The text layer of each page as the file has it, hidden text too; nothing is decoded or restored.
fn from_pdf(path: &Path, bytes: Vec<u8>) -> Result<Transcript> {
    let document = Document::from_bytes(path, bytes)?.value;
    let pages = (1..=document.page_count()).map(|page| {
        let layer = document.text_layer(page)?;
        let words = |line: &LayerLine| line.words.iter().map(LayerWord::text).collect::<Vec<_>>().join(" ");
        Ok(layer.map_or(String::new(), |layer| layer.lines.iter().map(|line| words(line) + "\n").collect()))
    });
    let pages: Vec<String> = pages.collect::<Result<_>>()?;
    if pages.iter().all(|page| page.trim().is_empty()) {
        return Err(Error::new(ErrorKind::Unsupported, "the PDF holds no text that could be scored, only images")
            .remedy("read it with `sohoa read` and score the text that it writes")
            .file(path));
    }
    Ok(Transcript { pages, ..Transcript::default() })
}

/// A report, or one object a line with `after` and `posterior`; None where it is text that happens to begin with a brace.
fn from_json(text: &str) -> Result<Option<Transcript>> {
    if let Ok(record) = serde_json::from_str::<Value>(text)
        && record.get("after").is_none()
    {
        return Ok(Some(Transcript { record: Some(record), ..Transcript::default() }));
    }
    let mut transcript = Transcript { pages: vec![String::new()], ..Transcript::default() };
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let Ok(token) = serde_json::from_str::<Value>(line) else { return Ok(None) };
        let Some(after) = token.get("after").or_else(|| token.get("before")).and_then(Value::as_str) else {
            let message = "a line of the JSON has no `after`";
            return Err(Error::new(ErrorKind::Damaged, message).remedy("write it with `sohoa restore --json`"));
        };
        transcript.pages[0].push_str(after);
        transcript.pages[0].push(' ');
        if let Some(posterior) = token.get("posterior").and_then(Value::as_f64) {
            // Where something is only proposed, the posterior is that of the proposal.
            let judged = token.get("proposed").and_then(Value::as_str).unwrap_or(after);
            transcript.words.push((judged.to_owned(), posterior));
        }
    }
    Ok(Some(transcript))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(text: &str) -> Vec<String> {
        Transcript::parse(text).unwrap().pages
    }

    #[test]
    fn pages_of_text_are_parted_by_form_feeds() {
        assert_eq!(pages("một\n\u{c}hai\n"), ["một\n", "hai\n"]);
        assert_eq!(pages("một\n\u{c}"), ["một\n"]);
        assert_eq!(pages("{ngoặc} đầu dòng"), ["{ngoặc} đầu dòng"]);
    }

    #[test]
    fn tokens_with_posteriors_are_words_and_a_report_is_a_record() {
        let tokens = "{\"before\":\"so\",\"after\":\"số\",\"posterior\":0.9}\n{\"before\":\"1\",\"after\":\"1\",\"posterior\":1.0}\n";
        let transcript = Transcript::parse(tokens).unwrap();
        assert_eq!(transcript.words, [("số".to_owned(), 0.9), ("1".to_owned(), 1.0)]);
        assert_eq!(transcript.pages, ["số 1 "]);
        let proposal = "{\"before\":\"Lo\",\"after\":\"Lo\",\"proposed\":\"Lò\",\"posterior\":0.5}\n";
        let transcript = Transcript::parse(proposal).unwrap();
        assert_eq!((transcript.pages, transcript.words), (vec!["Lo ".to_owned()], vec![("Lò".to_owned(), 0.5)]));
        assert!(Transcript::parse("{\n \"indicators\": {}}").unwrap().record.is_some());
    }
}

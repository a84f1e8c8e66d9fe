//! The texts that can be scored: plain text, what `sohoa read` and `sohoa restore --json` write, ALTO, PAGE and hOCR.

use crate::error::{Error, ErrorKind, Result};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A text with what else its file says of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Transcript {
    /// The text of each page; one page where the file knows none.
    pub pages: Vec<String>,
    /// Words with their posteriors, in order; empty where the file gives none.
    pub words: Vec<(String, f64)>,
    /// A report or gold record with indicators.
    pub record: Option<Value>,
}

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
            return Err(Error::new(ErrorKind::Unsupported, "the text of a PDF is not scored directly")
                .remedy("take it out with `pdftotext FILE FILE.txt` and score that")
                .file(path));
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
        } else if start.starts_with("<?xml") || start.starts_with("<!DOCTYPE") || start.starts_with("<alto") {
            return from_xml(start);
        }
        let pages = text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect();
        Ok(Transcript { pages, ..Transcript::default() })
    }

    /// All pages as one text.
    pub fn text(&self) -> String {
        self.pages.join("\n")
    }
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
            transcript.words.push((after.to_owned(), posterior));
        }
    }
    Ok(Some(transcript))
}

/// What an element means for the text, in any of the three formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Page,
    Line,
    Word,
    /// PAGE's own text of a line, which stands in `Unicode`.
    Text,
    Other,
}

fn role(element: &BytesStart<'_>) -> Role {
    match element.local_name().into_inner() {
        "Page" => Role::Page,
        "TextLine" => Role::Line,
        "Unicode" => Role::Text,
        _ => match attribute(element, "class").as_deref().and_then(|class| class.split(' ').next()) {
            Some("ocr_page") => Role::Page,
            Some("ocr_line" | "ocr_header" | "ocr_textfloat" | "ocr_caption") => Role::Line,
            Some("ocrx_word") => Role::Word,
            _ => Role::Other,
        },
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.html_attributes().flatten().find(|a| a.key.local_name().into_inner() == name)?;
    attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

fn from_xml(text: &str) -> Result<Transcript> {
    let damaged = |e: quick_xml::Error| Error::new(ErrorKind::Damaged, format!("the XML is broken: {e}")).source(e);
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut pages: Vec<String> = Vec::new();
    let mut open: Vec<Role> = Vec::new();
    let mut line = String::new();
    loop {
        let event = reader.read_event().map_err(damaged)?;
        let inside = |role: Role| open.contains(&role);
        match &event {
            Event::Start(element) | Event::Empty(element) => {
                let role = role(element);
                match role {
                    Role::Page => pages.push(String::new()),
                    Role::Line => line.clear(),
                    Role::Word if !line.is_empty() => line.push(' '),
                    _ => {}
                }
                // ALTO keeps its words in attributes; a hyphen at a line's end is `HYP`.
                match element.local_name().into_inner() {
                    "String" => {
                        if !line.is_empty() {
                            line.push(' ');
                        }
                        line.push_str(&attribute(element, "CONTENT").unwrap_or_default());
                    }
                    "HYP" => line.push_str(&attribute(element, "CONTENT").unwrap_or_default()),
                    _ => {}
                }
                if matches!(event, Event::Start(_)) {
                    open.push(role);
                }
            }
            Event::Text(content) if inside(Role::Word) || (inside(Role::Line) && inside(Role::Text)) => {
                line.push_str(&content.xml_content(quick_xml::XmlVersion::Implicit1_0));
            }
            Event::GeneralRef(reference) if inside(Role::Word) || (inside(Role::Line) && inside(Role::Text)) => {
                let named = match &*reference.xml_content(quick_xml::XmlVersion::Implicit1_0) {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                line.extend(named);
            }
            Event::End(_) => {
                let closed = open.pop();
                if closed == Some(Role::Line) && !line.trim().is_empty() {
                    if pages.is_empty() {
                        pages.push(String::new());
                    }
                    pages.last_mut().into_iter().for_each(|page| {
                        page.push_str(line.trim());
                        page.push('\n');
                    });
                    line.clear();
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(Transcript { pages, ..Transcript::default() })
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
    fn the_three_formats_of_recognisers_give_the_same_lines() {
        let alto = r#"<?xml version="1.0"?><alto><Layout><Page><PrintSpace><TextLine><String CONTENT="Số:"/><SP/>
            <String CONTENT="A&amp;B"/></TextLine><TextLine><String CONTENT="hai"/></TextLine></PrintSpace></Page></Layout></alto>"#;
        let page = r#"<?xml version="1.0"?><PcGts><Page><TextRegion><TextLine><TextEquiv><Unicode>Số: A&amp;B</Unicode></TextEquiv>
            </TextLine><TextLine><TextEquiv><Unicode>hai</Unicode></TextEquiv></TextLine>
            <TextEquiv><Unicode>Số: A&amp;B hai</Unicode></TextEquiv></TextRegion></Page></PcGts>"#;
        let hocr = r#"<?xml version="1.0"?><html><body><div class='ocr_page' id='p'><span class='ocr_line'>
            <span class='ocrx_word'>Số:</span> <span class='ocrx_word'><strong>A&amp;B</strong></span></span>
            <span class='ocr_line'><span class='ocrx_word'>hai</span></span></div></body></html>"#;
        for format in [alto, page, hocr] {
            assert_eq!(pages(format), ["Số: A&B\nhai\n"]);
        }
    }

    #[test]
    fn tokens_with_posteriors_are_words_and_a_report_is_a_record() {
        let tokens = "{\"before\":\"so\",\"after\":\"số\",\"posterior\":0.9}\n{\"before\":\"1\",\"after\":\"1\",\"posterior\":1.0}\n";
        let transcript = Transcript::parse(tokens).unwrap();
        assert_eq!(transcript.words, [("số".to_owned(), 0.9), ("1".to_owned(), 1.0)]);
        assert_eq!(transcript.pages, ["số 1 "]);
        assert!(Transcript::parse("{\n \"indicators\": {}}").unwrap().record.is_some());
    }
}

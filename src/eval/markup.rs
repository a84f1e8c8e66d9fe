//! The text of a recogniser's XML: ALTO, PAGE and hOCR, with the confidences of their words.

use super::transcript::Transcript;
use crate::error::{Error, ErrorKind, Result};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

const VERSION: XmlVersion = XmlVersion::Implicit1_0;

/// Elements of HTML that are never closed.
const VOID: [&str; 6] = ["br", "hr", "img", "input", "link", "meta"];

/// What an element means for the text, in any of the three formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Page,
    Line,
    Word,
    /// A part of a word, whose text the word repeats.
    Glyph,
    /// PAGE's reading of what encloses it.
    Reading,
    /// One of PAGE's second and further readings, or one of ALTO's alternatives.
    Alternative,
    /// The characters of such a reading.
    Characters,
    Other,
}

/// Whether a text is one of the three formats.
pub(super) fn is_markup(start: &str) -> bool {
    let begin: String = start.chars().take(9).collect::<String>().to_ascii_lowercase();
    ["<?xml", "<!doctype", "<alto", "<html", "<pcgts"].iter().any(|known| begin.starts_with(known))
}

/// Reads a text in any of the three formats: a line of it for each printed line, words in their order.
///
/// # Errors
/// Damaged where the XML is broken.
pub(super) fn parse(text: &str) -> Result<Transcript> {
    let damaged = |e: quick_xml::Error| Error::new(ErrorKind::Damaged, format!("the XML is broken: {e}")).source(e);
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut builder = Builder::default();
    loop {
        match reader.read_event().map_err(damaged)? {
            Event::Start(element) => builder.start(&element, false),
            Event::Empty(element) => builder.start(&element, true),
            Event::Text(content) => builder.text(&content.xml_content(VERSION)),
            Event::GeneralRef(reference) => {
                let named = match &*reference.xml_content(VERSION) {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    "nbsp" => Some(' '),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                named.into_iter().for_each(|c| builder.text(c.encode_utf8(&mut [0; 4])));
            }
            Event::End(_) => builder.end(),
            Event::Eof => return Ok(builder.transcript),
            _ => {}
        }
    }
}

#[derive(Debug, Default)]
struct Builder {
    transcript: Transcript,
    open: Vec<Role>,
    /// The words of the line, each with its confidence.
    words: Vec<(String, Option<f64>)>,
    /// The line's text as the line itself gives it.
    line: String,
}

impl Builder {
    fn start(&mut self, element: &BytesStart<'_>, empty: bool) {
        let role = self.role(element);
        match role {
            Role::Page => self.transcript.pages.push(String::new()),
            Role::Line => {
                self.words.clear();
                self.line.clear();
            }
            // ALTO keeps a word in an attribute, hOCR and PAGE in what follows.
            Role::Word => {
                self.words.push((attribute(element, "CONTENT").unwrap_or_default(), confidence(element)));
            }
            Role::Reading if self.inside(Role::Word) => {
                if let (Some(word), Some(sure)) = (self.words.last_mut(), fraction(attribute(element, "conf"), 1.0)) {
                    word.1 = Some(sure);
                }
            }
            // ALTO's hyphen at a line's end belongs to the word before it.
            _ if element.local_name().into_inner() == "HYP" => {
                if let (Some(word), Some(hyphen)) = (self.words.last_mut(), attribute(element, "CONTENT")) {
                    word.0.push_str(&hyphen);
                }
            }
            _ => {}
        }
        if !empty && !VOID.contains(&element.local_name().into_inner()) {
            self.open.push(role);
        }
    }

    fn role(&self, element: &BytesStart<'_>) -> Role {
        match element.local_name().into_inner() {
            "Page" => Role::Page,
            "TextLine" => Role::Line,
            "String" | "Word" => Role::Word,
            "Glyph" => Role::Glyph,
            "TextEquiv" if attribute(element, "index").is_some_and(|n| !matches!(n.as_str(), "0" | "1")) => {
                Role::Alternative
            }
            "TextEquiv" => Role::Reading,
            "ALTERNATIVE" => Role::Alternative,
            "Unicode" => Role::Characters,
            _ => match attribute(element, "class").as_deref().and_then(|class| class.split(' ').next()) {
                Some("ocr_page") => Role::Page,
                Some("ocr_line" | "ocr_header" | "ocr_textfloat" | "ocr_caption") => Role::Line,
                Some("ocrx_word") => Role::Word,
                _ => Role::Other,
            },
        }
    }

    fn inside(&self, role: Role) -> bool {
        self.open.contains(&role)
    }

    fn text(&mut self, text: &str) {
        let of_page = self.inside(Role::Characters);
        if !self.inside(Role::Line) || self.inside(Role::Glyph) || self.inside(Role::Alternative) {
            return;
        }
        // Between the elements of PAGE there is only white space.
        if self.inside(Role::Reading) && !of_page {
            return;
        }
        match self.words.last_mut().filter(|_| self.open.contains(&Role::Word)) {
            Some(word) => word.0.push_str(text),
            None => self.line.push_str(text),
        }
    }

    fn end(&mut self) {
        if self.open.pop() != Some(Role::Line) {
            return;
        }
        let words = self.words.iter().map(|word| word.0.trim()).filter(|word| !word.is_empty());
        let joined = words.collect::<Vec<_>>().join(" ");
        let text = if self.line.trim().is_empty() { joined.as_str() } else { self.line.trim() };
        if text.is_empty() {
            return;
        }
        if self.transcript.pages.is_empty() {
            self.transcript.pages.push(String::new());
        }
        if let Some(page) = self.transcript.pages.last_mut() {
            page.push_str(text);
            page.push('\n');
        }
        let sure = self.words.drain(..).filter_map(|(word, sure)| Some((word.trim().to_owned(), sure?)));
        self.transcript.words.extend(sure);
    }
}

/// ALTO's `WC` from 0 to 1, or the `x_wconf` in hOCR's title from 0 to 100.
fn confidence(element: &BytesStart<'_>) -> Option<f64> {
    let title = attribute(element, "title").unwrap_or_default();
    let percent = title.split(';').find_map(|part| part.trim().strip_prefix("x_wconf ").map(str::to_owned));
    fraction(attribute(element, "WC"), 1.0).or_else(|| fraction(percent, 100.0))
}

fn fraction(number: Option<String>, whole: f64) -> Option<f64> {
    let number: f64 = number?.trim().parse().ok()?;
    (0.0..=whole).contains(&number).then_some(number / whole)
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.html_attributes().flatten().find(|a| a.key.local_name().into_inner() == name)?;
    attribute.normalized_value(VERSION).ok().map(|value| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(text: &str) -> Vec<String> {
        parse(text).unwrap().pages
    }

    #[test]
    fn the_three_formats_give_the_same_lines_and_confidences() {
        let alto = r#"<?xml version="1.0"?><alto><Layout><Page><PrintSpace><TextLine><String CONTENT="Số:" WC="0.9"/><SP/>
            <String CONTENT="A&amp;B" WC="0.5">
            <ALTERNATIVE PURPOSE="observed">AB</ALTERNATIVE></String></TextLine><TextLine><String CONTENT="hai" WC="1"/></TextLine></PrintSpace></Page></Layout></alto>"#;
        let page = r#"<?xml version="1.0"?><PcGts><Page><TextRegion><TextLine>
            <Word><TextEquiv conf="0.9"><Unicode>Số:</Unicode></TextEquiv></Word>
            <Word><Glyph><TextEquiv><Unicode>A</Unicode></TextEquiv></Glyph><TextEquiv conf="0.5"><Unicode>A&amp;B</Unicode></TextEquiv></Word>
            <TextEquiv index="1"><Unicode>Số: A&amp;B</Unicode></TextEquiv><TextEquiv index="2"><Unicode>So: AB</Unicode></TextEquiv>
            </TextLine><TextLine><Word><TextEquiv conf="1"><Unicode>hai</Unicode></TextEquiv></Word></TextLine>
            <TextEquiv><Unicode>Số: A&amp;B hai</Unicode></TextEquiv></TextRegion></Page></PcGts>"#;
        let hocr = r#"<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><div class='ocr_page' id='p'><span class='ocr_line'>
            <span class='ocrx_word' title='bbox 1 2 3 4; x_wconf 90'>Số:</span>
            <span class='ocrx_word' title='x_wconf 50'><strong>A&amp;B</strong></span></span><br>
            <span class='ocr_line'><span class='ocrx_word' title='x_wconf 100'>hai</span></span></div></body></html>"#;
        for format in [alto, page, hocr] {
            let read = parse(format).unwrap();
            assert_eq!(read.pages, ["Số: A&B\nhai\n"]);
            let words: Vec<_> = read.words.iter().map(|(word, sure)| (word.as_str(), *sure)).collect();
            assert_eq!(words, [("Số:", 0.9), ("A&B", 0.5), ("hai", 1.0)]);
        }
    }

    #[test]
    fn lines_without_words_have_their_own_text_and_pages_stay_apart() {
        let hocr = "<html><div class='ocr_page'><span class='ocr_line'>một hai</span></div>\
                    <div class='ocr_page'></div><div class='ocr_page'><span class='ocr_line'>ba</span></div></html>";
        assert_eq!(pages(hocr), ["một hai\n", "", "ba\n"]);
        let page = "<PcGts><Page><TextLine><TextEquiv><Unicode>một hai</Unicode></TextEquiv></TextLine></Page></PcGts>";
        assert_eq!(pages(page), ["một hai\n"]);
    }

    #[test]
    fn a_hyphen_at_a_lines_end_is_kept() {
        let alto = r#"<alto><Page><TextLine><String CONTENT="số"/><String CONTENT="10/QĐ"/><HYP CONTENT="-"/></TextLine></Page></alto>"#;
        assert_eq!(pages(alto), ["số 10/QĐ-\n"]);
    }
}

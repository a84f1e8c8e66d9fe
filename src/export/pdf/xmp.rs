//! XMP metadata: what the document is, in the fields that PDF/A knows, and what became of its signatures.

use super::super::xml::{Xml, is};
use super::draft::Draft;
use crate::pipeline::Reading;
use lopdf::{Dictionary, Object};

/// What the metadata claim and tell beyond the document's fields.
pub(super) struct Claim {
    /// Part of ISO 19005 that the file conforms to, at level U; None where it does not.
    pub(super) part: Option<u8>,
    /// What was done to the original, in a sentence each.
    pub(super) history: Vec<String>,
}

/// The metadata of a searchable PDF. Fields that the document does not tell are taken from the original's information.
pub(super) fn metadata(draft: &Draft, reading: &Reading, claim: &Claim) -> Vec<u8> {
    let fields = &reading.report.extraction.document;
    let information = draft.dictionary(&draft.document.trailer, b"Info").cloned().unwrap_or_default();
    let said = |key: &[u8]| text_of(draft, &information, key);
    let title = match (&fields.kind, &fields.title) {
        (Some(kind), Some(title)) => Some(format!("{kind} {title}")),
        (kind, title) => title.clone().or_else(|| kind.clone()),
    };
    let title = title.or_else(|| said(b"Title")).unwrap_or_else(|| reading.report.source.file.clone());
    let date = fields.date.and_then(|d| Some(format!("{:04}-{:02}-{:02}", d.year?, d.month?, d.day?)));
    let mut keywords = fields.archive.keywords.clone();
    keywords.extend(said(b"Keywords"));

    let mut xml = Xml::packet();
    xml.open("x:xmpmeta", &[("xmlns:x", is("adobe:ns:meta/"))]);
    xml.open("rdf:RDF", &[("xmlns:rdf", is("http://www.w3.org/1999/02/22-rdf-syntax-ns#"))]);
    xml.open(
        "rdf:Description",
        &[
            ("rdf:about", is("")),
            ("xmlns:dc", is("http://purl.org/dc/elements/1.1/")),
            ("xmlns:xmp", is("http://ns.adobe.com/xap/1.0/")),
            ("xmlns:xmpMM", is("http://ns.adobe.com/xap/1.0/mm/")),
            ("xmlns:stEvt", is("http://ns.adobe.com/xap/1.0/sType/ResourceEvent#")),
            ("xmlns:pdf", is("http://ns.adobe.com/pdf/1.3/")),
            ("xmlns:pdfaid", is("http://www.aiim.org/pdfa/ns/id/")),
        ],
    );
    if let Some(part) = claim.part {
        xml.text("pdfaid:part", &[], &part.to_string());
        xml.text("pdfaid:conformance", &[], "U");
    }
    xml.text("dc:format", &[], "application/pdf");
    alternative(&mut xml, "dc:title", &title);
    if let Some(subject) = said(b"Subject") {
        alternative(&mut xml, "dc:description", &subject);
    }
    list(&mut xml, "dc:creator", "rdf:Seq", fields.issuer.clone().or_else(|| said(b"Author")).as_slice());
    list(&mut xml, "dc:date", "rdf:Seq", date.as_slice());
    list(&mut xml, "dc:language", "rdf:Bag", &["vi".to_owned()]);
    list(&mut xml, "dc:subject", "rdf:Bag", &keywords);
    list(&mut xml, "dc:type", "rdf:Bag", fields.kind.as_slice());
    if let Some(number) = &fields.number {
        xml.text("dc:identifier", &[], number);
    }
    if !keywords.is_empty() {
        xml.text("pdf:Keywords", &[], &keywords.join("; "));
    }
    let tool = format!("sohoa {}", reading.report.tool.version);
    xml.text("pdf:Producer", &[], &said(b"Producer").map_or_else(|| tool.clone(), |p| format!("{p}; {tool}")));
    xml.text("xmp:CreatorTool", &[], &said(b"Creator").unwrap_or_else(|| tool.clone()));
    if let Some(created) = said(b"CreationDate").as_deref().and_then(time) {
        xml.text("xmp:CreateDate", &[], &created);
    }
    xml.open("xmpMM:History", &[]);
    xml.open("rdf:Seq", &[]);
    let first = "text recognised and laid over the pages, invisible".to_owned();
    for event in std::iter::once(&first).chain(&claim.history) {
        xml.open("rdf:li", &[("rdf:parseType", is("Resource"))]);
        xml.text("stEvt:action", &[], "converted");
        xml.text("stEvt:parameters", &[], event);
        xml.text("stEvt:softwareAgent", &[], &tool);
        xml.close();
    }
    xml.end_packet()
}

fn alternative(xml: &mut Xml, name: &'static str, text: &str) {
    xml.open(name, &[]);
    xml.open("rdf:Alt", &[]);
    xml.text("rdf:li", &[("xml:lang", is("x-default"))], text);
    xml.close();
    xml.close();
}

fn list(xml: &mut Xml, name: &'static str, kind: &'static str, texts: &[String]) {
    if texts.is_empty() {
        return;
    }
    xml.open(name, &[]);
    xml.open(kind, &[]);
    for text in texts {
        xml.text("rdf:li", &[], text);
    }
    xml.close();
    xml.close();
}

/// A text of the document information; None where it is not there or empty.
fn text_of(draft: &Draft, information: &Dictionary, key: &[u8]) -> Option<String> {
    let bytes = match draft.resolved(information.get(key).ok()?) {
        Object::String(bytes, _) => bytes,
        _ => return None,
    };
    let text = match bytes.as_slice() {
        [0xFE, 0xFF, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|c| u16::from_be_bytes([c[0], c[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        // PDFDocEncoding is Latin-1 but for a few signs (ISO 32000-1, annex D.2).
        bytes => bytes.iter().map(|&b| char::from(b)).collect(),
    };
    let text = text.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// A date of PDF, such as `D:20250124142343+07'00'`, as XMP writes it; None where it is not whole.
fn time(date: &str) -> Option<String> {
    let date = date.strip_prefix("D:").unwrap_or(date);
    let part = |at: usize, most: u32| {
        let digits = date.get(at..at + 2).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
        digits.parse::<u32>().ok().filter(|&n| n <= most).map(|_| digits)
    };
    let year = date.get(..4).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
    let (month, day) = (part(4, 12)?, part(6, 31)?);
    let (hour, minute, second) = (part(8, 23)?, part(10, 59)?, part(12, 59)?);
    let rest = date.get(14..).unwrap_or("");
    let zone = match rest.chars().next() {
        Some(sign @ ('+' | '-')) => {
            let (hours, minutes) = (part(15, 14)?, part(18, 59).unwrap_or("00"));
            format!("{sign}{hours}:{minutes}")
        }
        _ => "Z".to_owned(),
    };
    Some(format!("{year}-{month}-{day}T{hour}:{minute}:{second}{zone}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_xmp_wants_them_or_not_at_all() {
        assert_eq!(time("D:20250124142343+07'00'").as_deref(), Some("2025-01-24T14:23:43+07:00"));
        assert_eq!(time("D:20250124142343Z").as_deref(), Some("2025-01-24T14:23:43Z"));
        assert_eq!(time("D:2025"), None);
        assert_eq!(time("yesterday at noon"), None);
    }
}

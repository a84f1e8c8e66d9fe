//! What a file is, by its first bytes.

use crate::error::{Error, ErrorKind, Result};

/// A kind of file that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Portable Document Format.
    Pdf,
    /// Tagged Image File Format, of one or more pages.
    Tiff,
    /// Portable Network Graphics.
    Png,
    /// JPEG, as a scanner or camera writes it.
    Jpeg,
}

/// A header may be preceded by other bytes within this distance (ISO 32000-1, annex H.3, implementation note 13).
const PDF_HEADER_WITHIN: usize = 1024;

/// Kinds that users take for documents, by their first bytes: their names, and what to do with them.
const OTHERS: &[(&[u8], &str, &str)] = &[
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "a Microsoft Office file of the old kind (.doc, .xls)", SAVE_AS_PDF),
    (b"{\\rtf", "a Rich Text file", SAVE_AS_PDF),
    (b"%!PS", "a PostScript file", "convert it with `ps2pdf`"),
    (b"AT&TFORM", "a DjVu file", "convert it with `ddjvu -format=pdf`"),
    (b"\x00\x00\x00\x0CjP  ", "a JPEG 2000 picture", SAVE_AS_PNG),
    (b"\xFF\x4F\xFF\x51", "a JPEG 2000 picture", SAVE_AS_PNG),
    (b"GIF8", "a GIF picture", SAVE_AS_PNG),
    (b"BM", "a BMP picture", SAVE_AS_PNG),
    (b"8BPS", "a Photoshop picture", SAVE_AS_PNG),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive", "unpack it first"),
    (b"\x1F\x8B", "a gzip archive", "unpack it first"),
    (b"\x28\xB5\x2F\xFD", "a zstd archive", "unpack it first"),
];

const SAVE_AS_PDF: &str = "open it in an office program and export it as PDF";
const SAVE_AS_PNG: &str = "convert it to PNG or TIFF";

/// The kind of file that starts with these bytes.
///
/// # Errors
/// [`ErrorKind::Unreadable`] where there are none, [`ErrorKind::Unsupported`] naming what it is instead.
pub(super) fn of(bytes: &[u8]) -> Result<Kind> {
    if bytes.is_empty() {
        return Err(Error::new(ErrorKind::Unreadable, "the file is empty").remedy("scan or copy it again"));
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
        return Ok(Kind::Png);
    }
    if bytes.starts_with(b"\xFF\xD8\xFF") {
        return Ok(Kind::Jpeg);
    }
    if [&b"II*\0"[..], b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|magic| bytes.starts_with(magic)) {
        return Ok(Kind::Tiff);
    }
    let head = &bytes[..bytes.len().min(PDF_HEADER_WITHIN)];
    if head.windows(5).any(|w| w == b"%PDF-") {
        return Ok(Kind::Pdf);
    }
    let (what, remedy) = other(bytes);
    let message = format!("this is {what}, not a PDF, TIFF, PNG or JPEG file");
    Err(Error::new(ErrorKind::Unsupported, message).remedy(remedy))
}

/// What else a file is, and what to do with it.
fn other(bytes: &[u8]) -> (&'static str, &'static str) {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zip(bytes);
    }
    if bytes.get(..4) == Some(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return ("a WebP picture", SAVE_AS_PNG);
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return ("a HEIC or AVIF picture, or a film", SAVE_AS_PNG);
    }
    if let Some((_, what, remedy)) = OTHERS.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        return (what, remedy);
    }
    let head = &bytes[..bytes.len().min(4096)];
    let start = head.trim_ascii_start().to_ascii_lowercase();
    if start.starts_with(b"<!doctype html") || start.starts_with(b"<html") {
        return ("a web page, perhaps in place of a download that failed", "download the document itself");
    }
    let text = match std::str::from_utf8(head) {
        Ok(_) => true,
        // The cut may have fallen within a character.
        Err(e) => e.error_len().is_none(),
    };
    if text && !head.contains(&0) {
        return ("plain text", "use `sohoa restore` or `sohoa figures` on text");
    }
    ("of an unknown kind", "if it should be a scan, it is damaged: scan or copy it again")
}

/// Which of the kinds that come as a ZIP archive it is: the names of its members stand in the file as they are.
fn zip(bytes: &[u8]) -> (&'static str, &'static str) {
    let holds = |name: &[u8]| bytes.windows(name.len()).any(|w| w == name);
    match () {
        () if holds(b"word/document.xml") => ("a Word document (.docx)", SAVE_AS_PDF),
        () if holds(b"xl/workbook.xml") => ("an Excel workbook (.xlsx)", SAVE_AS_PDF),
        () if holds(b"ppt/presentation.xml") => ("a PowerPoint presentation (.pptx)", SAVE_AS_PDF),
        () if holds(b"application/vnd.oasis.opendocument") => ("an OpenDocument file", SAVE_AS_PDF),
        () => ("a ZIP archive", "unpack it first"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_the_kind() {
        let cases: [(&[u8], Kind); 6] = [
            (b"\x89PNG\r\n\x1A\n....", Kind::Png),
            (b"\xFF\xD8\xFF\xE0....", Kind::Jpeg),
            (b"II*\0\x08\0\0\0", Kind::Tiff),
            (b"MM\0*\0\0\0\x08", Kind::Tiff),
            (b"%PDF-1.7\n", Kind::Pdf),
            (b"\xEF\xBB\xBF\r\n%PDF-1.4\n", Kind::Pdf),
        ];
        for (bytes, kind) in cases {
            assert_eq!(of(bytes).unwrap(), kind);
        }
    }

    #[test]
    fn other_kinds_are_named() {
        let cases: [(&[u8], &str); 7] = [
            (b"PK\x03\x04....[Content_Types].xml..word/document.xml", ".docx"),
            (b"PK\x03\x04....photo.jpg", "ZIP"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0", ".doc"),
            (b"  <!DOCTYPE html><html>", "web page"),
            ("Kính gửi: Sở Nội vụ".as_bytes(), "plain text"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "WebP"),
            (b"\0\x01\x02\x03\xFE\xFF", "unknown"),
        ];
        for (bytes, name) in cases {
            let error = of(bytes).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            assert!(error.message().contains(name), "{error}");
            assert!(error.remedy_text().is_some());
        }
        assert_eq!(of(b"").unwrap_err().kind(), ErrorKind::Unreadable);
    }
}

//! The checking page of one document as one HTML file that needs nothing else: its scan, words and script are in it, and its corrections are
//! saved as a file, which [`take_corrections`] takes back.

use super::checking::checked;
use super::kept::Kept;
use super::picture::picture;
use crate::correct::{Correction, CorrectionLog, in_force};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::Extractor;
use crate::pipeline::Reading;
use crate::report::Report;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::path::Path;

const STYLE: &str = include_str!("assets/desk.css");
const WORDS: &str = include_str!("assets/words.js");
const CHECK: &str = include_str!("assets/check.js");
const REVIEW: &str = include_str!("assets/review.js");

/// The page of the document whose report this is, in a folder of results that `sohoa desk` made. What the extractor finds there once it is corrected is on it.
///
/// # Errors
/// Where the report is none, the words of the document are not kept, or its scan is gone or changed.
pub fn review_page(results: &Path, report: &Path, extractor: &Extractor) -> Result<String> {
    let id = document_of(report)?;
    let kept = Kept::of(results).load(&id).ok_or_else(|| {
        Error::new(ErrorKind::Unreadable, "the places of this document's words are not kept")
            .file(report)
            .remedy("read it in the desk: sohoa desk DIR")
    })?;
    let corrections = CorrectionLog::open(results)?.value.of_document(&id);
    let mut reading = Reading { report: kept.report, pages: kept.pages };
    reading.correct(&corrections, extractor);
    let mut pictures = serde_json::Map::new();
    for page in &reading.report.pages {
        if page.size.is_some() {
            let jpeg = picture(&kept.path, &id, page.page)?;
            pictures.insert(page.page.to_string(), format!("data:image/jpeg;base64,{}", base64(&jpeg)).into());
        }
    }
    let document = &reading.report.extraction.document;
    let data = json!({
        "id": id,
        "entry": {"file": reading.report.source.file, "number": document.number},
        "report": reading.report,
        "pages": checked(&reading.pages, &reading.report.tables),
        "holding": in_force(&corrections).iter().map(|c| c.id).collect::<Vec<_>>(),
        "pictures": pictures,
    });
    // No text of the document can end the element that it stands in.
    let data = data.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    let script = script();
    let hash = |text: &str| base64(&Sha256::digest(text.as_bytes()));
    Ok(format!(
        "<!doctype html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data: blob:; style-src 'sha256-{}'; script-src 'sha256-{}'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>sohoa</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <main id=\"main\" tabindex=\"-1\"></main>\n<p id=\"told\" class=\"hidden\" role=\"status\" aria-live=\"polite\"></p>\n\
         <script type=\"application/json\" id=\"document\">{data}</script>\n<script>{script}</script>\n</body>\n</html>\n",
        hash(STYLE),
        hash(&script),
    ))
}

/// The modules of the desk as one script: each in a function of its own, over what this page has in place of a server.
fn script() -> String {
    let plain = |module: &str| {
        let lines = module.lines().filter(|line| !line.starts_with("import ") && !line.starts_with("export {"));
        lines.map(|line| line.strip_prefix("export ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
    };
    format!(
        "\"use strict\";\nconst {{ make, say, tell }} = (() => {{\n{}\nreturn {{ make, say, tell }};\n}})();\n\
         const server = (() => {{\n{}\nreturn {{ id, open, correct, undo, pagePicture, exported, formats }};\n}})();\n\
         const show = (() => {{\n{}\nreturn show;\n}})();\n\
         const view = show(document.getElementById(\"main\"), server.id);\n\
         document.addEventListener(\"keydown\", (event) => {{ if (!event.target.closest(\"input, select\") && !event.ctrlKey && !event.metaKey && !event.altKey) view.key(event); }});\n",
        plain(WORDS),
        plain(REVIEW),
        plain(CHECK)
    )
}

/// Takes the corrections of a file that a page saved into the log of the folder `results`: how many were, and why others were not.
///
/// # Errors
/// Where the report is none, the file cannot be read, or the log not be written to.
pub fn take_corrections(results: &Path, report: &Path, file: &Path) -> Result<(usize, Vec<String>)> {
    let id = document_of(report)?;
    let text = std::fs::read_to_string(file).map_err(|e| Error::io(file, e))?;
    let mut log = CorrectionLog::open(results)?.value;
    let (mut taken, mut refused) = (0, Vec::new());
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let correction = match serde_json::from_str::<Correction>(line) {
            Ok(correction) => Correction { undoes: None, ..correction },
            Err(error) => {
                refused.push(format!("line {number}: {error}"));
                continue;
            }
        };
        if correction.document != id {
            refused.push(format!("line {number}: it is of another document"));
            continue;
        }
        // The same file may be taken twice.
        let place = |c: &Correction| (c.page, <[f32; 4]>::from(c.rect), c.after.clone(), c.time.clone());
        if log.all().iter().any(|c| c.document == id && place(c) == place(&correction)) {
            continue;
        }
        match log.add(correction) {
            Ok(_) => taken += 1,
            Err(error) if error.kind() == ErrorKind::Unwritable => return Err(error),
            Err(error) => refused.push(format!("line {number}: {}", error.message())),
        }
    }
    Ok((taken, refused))
}

fn document_of(report: &Path) -> Result<String> {
    let bytes = std::fs::read(report).map_err(|e| Error::io(report, e))?;
    let found = serde_json::from_slice::<Report>(&bytes).ok().and_then(|report| report.source.sha256);
    found.ok_or_else(|| {
        let remedy = "give the JSON that `sohoa read` wrote";
        Error::new(ErrorKind::Unsupported, "this is no report of a document").file(report).remedy(remedy)
    })
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for digit in 0..4 {
            let known = digit <= three.len();
            out.push(if known { char::from(DIGITS[(bits >> (18 - 6 * digit) & 63) as usize]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_as_the_standard_says() {
        let cases =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE=")];
        for (bytes, want) in cases {
            assert_eq!(base64(bytes.as_bytes()), want);
        }
    }

    #[test]
    fn the_script_has_no_module_of_its_own_left() {
        let script = script();
        assert!(!script.contains("\nimport ") && !script.contains("\nexport "));
        assert!(!script.contains("</script"));
    }
}

//! Last step: everything that was found about one file, as the published JSON. The schema is `sohoa.report/1`.

use crate::diagnostics::{Diagnostic, Severity};
use crate::document::{PageNo, PageSize, Place};
use crate::error::Error;
use crate::extract::Extraction;
use crate::table::Table;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Name and version of the JSON's form; a change that breaks readers changes the number.
pub const SCHEMA: &str = "sohoa.report/1";

/// The report on one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The file that was read.
    pub source: Source,
    /// What read it.
    pub tool: Tool,
    /// One entry a page, by number; empty for plain text and for a file that could not be opened.
    pub pages: Vec<PageStatus>,
    /// Document fields, indicators, figures, references and checks.
    #[serde(flatten)]
    pub extraction: Extraction,
    /// The tables, in reading order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Table>,
    /// What was stamped on the pages beside their text, such as the note of arrival (`ĐẾN Số … Ngày …`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stamps: Vec<Stamp>,
    /// Remarks, by page and line, those on the whole file first.
    pub diagnostics: Vec<Diagnostic>,
}

/// Something stamped on a page, apart from its text.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Stamp {
    /// What it says, its lines joined by a space.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// From 0 to 1, the recogniser's own; None where it does not say.
    pub confidence: Option<f32>,
}

/// The file that was read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// File name without its folders, so that the same file gives the same report wherever it lies; `-` for standard input.
    pub file: String,
    /// SHA-256 of its bytes in lower-case hexadecimal; None where it could not be read.
    pub sha256: Option<String>,
    /// Number of pages; 0 for plain text and for a file that could not be opened.
    pub pages: u32,
}

/// What read the file: enough to read it again in the same way.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// Version of this program.
    pub version: String,
    /// The recogniser, its version and language, as `tesseract 5.3.0 vie`; None where none was needed.
    pub engine: Option<String>,
    /// SHA-256 of the language model in lower-case hexadecimal.
    pub model: Option<String>,
    /// SHA-256 of the program's other data: dictionaries, definitions, weights; in lower-case hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// SHA-256 of what was learned from the corrections of the folder (`sohoa learn`); None where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learned: Option<String>,
}

impl Tool {
    /// This program with the recogniser and the model that it used.
    pub fn this(engine: Option<String>, model: Option<String>) -> Self {
        let (version, data) = (env!("CARGO_PKG_VERSION").to_owned(), Some(env!("SOHOA_DATA").to_owned()));
        Tool { version, engine, model, data, learned: None }
    }
}

/// Whether a page was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// All of it was read.
    Read,
    /// Some of it was read; the diagnostics say what was not.
    Partly,
    /// None of it was read; `error` says why.
    Failed,
    /// It was not asked for.
    LeftOut,
}

/// Where a page's text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The recogniser read the page's image, or most of it.
    #[default]
    Ocr,
    /// The PDF's own text, which is right.
    TextLayer,
    /// The PDF's own text, whose misread letters and lost marks were restored.
    RestoredTextLayer,
    /// The PDF's own text, converted from a legacy encoding.
    DecodedTextLayer,
}

/// How the reading of one page ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PageStatus {
    /// Number of the page, from 1.
    pub page: PageNo,
    /// Whether it was read.
    pub status: Status,
    /// Where its text comes from; None where it failed.
    pub origin: Option<Origin>,
    /// Why it comes from there: what was found of the text layer; None where the page carries none, or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why it failed; None where it did not.
    pub error: Option<String>,
    /// Mean of the word confidences weighted by word length, from 0 to 1; None on a page without words.
    pub confidence: Option<f32>,
    /// How likely the text is the language that the page is printed in, from 0 to 1; None where it was not judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<f32>,
    /// The page as scanned, in whose pixels all rectangles are; None where the page failed before it was rendered.
    pub size: Option<PageSize>,
}

impl Report {
    /// The report on a file that could not be opened at all: nothing in it but the reason.
    pub fn of_failure(source: Source, tool: Tool, error: &Error) -> Self {
        let mut diagnostic = Diagnostic::new(Severity::Error, error.message());
        diagnostic.hint = error.remedy_text().map(str::to_owned);
        Report {
            schema: SCHEMA.to_owned(),
            source,
            tool,
            pages: Vec::new(),
            extraction: Extraction::default(),
            tables: Vec::new(),
            stamps: Vec::new(),
            diagnostics: vec![diagnostic],
        }
    }

    /// The JSON, indented by two spaces, ended by a line feed; the same report gives the same bytes.
    pub fn to_json(&self) -> String {
        // Serialising to memory fails only for maps whose keys are not strings, of which a report has none.
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }

    /// Whether any page that was asked for, or the file as a whole, could not be read or only in part.
    pub fn is_partial(&self) -> bool {
        self.pages.iter().any(|p| matches!(p.status, Status::Partly | Status::Failed))
            || self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }
}

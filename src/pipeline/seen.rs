//! What came of one page by itself, before the document as a whole is looked at.

use crate::diagnostics::{Diagnostic, Outcome};
use crate::document::{PageNo, PageSize, Place};
use crate::error::{Error, Result};
use crate::geometry::Transform;
use crate::ocr::{arrival, spacing, stamp};
use crate::page::{Line, RecognisedPage};
use crate::raster::{Document, PageImage};
use crate::report::{Origin, Stamp};
use crate::table::SeenTable;
use serde::{Deserialize, Serialize};

/// What is known of a file once it is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// SHA-256 of its bytes in lower-case hexadecimal.
    pub sha256: String,
    /// Number of pages; at least 1.
    pub pages: u32,
}

impl FileFacts {
    pub(crate) fn of(document: &Document) -> FileFacts {
        FileFacts { sha256: document.sha256().to_owned(), pages: document.page_count() }
    }
}

/// A page before the document as a whole is looked at.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct SeenPage {
    pub recognised: RecognisedPage,
    /// The tables that its lines name.
    #[serde(default)]
    pub tables: Vec<SeenTable>,
    /// Where its words come from; a text layer that is to be restored is not restored yet.
    pub origin: Origin,
    /// What was found of its text layer; None where it has none.
    pub reason: Option<String>,
    pub size: PageSize,
    /// Whether a right text layer gave some of its words, those of confidence 1, and the recogniser the others.
    #[serde(default)]
    pub mixed: bool,
    /// What was stamped beside its text.
    #[serde(default)]
    pub stamps: Vec<Stamp>,
    /// What the recognised text is worth, from 0 to 1; None where it was not recognised or nothing was.
    #[serde(default)]
    pub quality: Option<f32>,
    /// Share of its letters that stand in lines that read as no print, from 0 to 1.
    #[serde(default)]
    pub illegible: f32,
    /// Whether it was not asked for.
    #[serde(default)]
    pub left_out: bool,
    /// Whether there is print of which nothing was read, or more that was not read than that was.
    #[serde(default)]
    pub unread: bool,
}

/// What came of one page: what is on it, or why that cannot be told, and the remarks. It can be written and taken up again by another
/// process or a later run; what it holds is for [`Reader::assemble`](super::Reader::assemble) alone.
#[derive(Debug, Serialize, Deserialize)]
pub struct PageOutcome {
    result: Result<SeenPage>,
    diagnostics: Vec<Diagnostic>,
}

impl PageOutcome {
    /// Why the page cannot be read; None where it was.
    pub fn error(&self) -> Option<&Error> {
        self.result.as_ref().err()
    }
}

impl From<Result<Outcome<SeenPage>>> for PageOutcome {
    fn from(result: Result<Outcome<SeenPage>>) -> Self {
        match result {
            Ok(outcome) => PageOutcome { result: Ok(outcome.value), diagnostics: outcome.diagnostics },
            Err(error) => PageOutcome { result: Err(error), diagnostics: Vec::new() },
        }
    }
}

impl From<PageOutcome> for Result<Outcome<SeenPage>> {
    fn from(page: PageOutcome) -> Self {
        page.result.map(|value| Outcome { value, diagnostics: page.diagnostics })
    }
}

/// The page without its stamps, and the stamps; those in small print are told of, which may have been small text. The page's rectangles
/// are on the level image.
pub(super) fn without_stamps(
    mut page: RecognisedPage,
    image: &PageImage,
    diagnostics: &mut Vec<Diagnostic>,
) -> (RecognisedPage, Vec<Stamp>) {
    let arrivals = arrival::part(&mut page);
    let (mut page, stamps) = stamp::part(page);
    spacing::part_after_colons(&mut page);
    diagnostics.extend(stamps.iter().map(|stamp| {
        let place = Place { rect: Some(image.to_page.rect(&stamp.rect)), ..Place::page(image.page) };
        Diagnostic::info(format!("small print beside the text, left out of it as a stamp: {}", stamp.text())).at(place)
    }));
    let all = arrivals.iter().chain(&stamps).map(|stamp| stamped(stamp, image.page, &image.to_page));
    (page, all.collect())
}

pub(super) fn stamped(stamp: &Line, page: PageNo, to_page: &Transform) -> Stamp {
    let place = Place { rect: Some(to_page.rect(&stamp.rect)), ..Place::page(page) };
    Stamp { text: stamp.text(), place, confidence: stamp.confidence() }
}

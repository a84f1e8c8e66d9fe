//! The whole chain: [`Reader::read`] takes a file and gives its text and its report.
//!
//! A page is the unit of work and of failure. Pages are read in parallel, on as many threads as the rayon pool that the
//! caller runs in, and joined by number; a page that fails is reported in its place and the others are read.

mod page;
mod text;
mod worker;

pub use text::read_text;
pub use worker::{Isolation, serve};

use crate::clean::CleanOptions;
use crate::diagnostics::{Diagnostic, Outcome, Severity};
use crate::document::{PageNo, Place, TextLine};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::Extractor;
use crate::layer::Policy;
use crate::ocr::EngineOptions;
use crate::page::RecognisedPage;
use crate::raster::Document;
use crate::report::{Origin, PageStatus, Report, SCHEMA, Source, Status, Tool};
use crate::restore::{RestoredPage, Restorer};
use page::{PageReader, SeenPage};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use worker::{Workers, safely};

/// How files are read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ReaderOptions {
    /// What is done with the text layers of PDF pages.
    pub text_layer: Policy,
    /// How pages are made fit for recognition.
    pub clean: CleanOptions,
    /// Which recognisers read them.
    pub engine: EngineOptions,
    /// How files are opened and pages seen in processes of their own; None to do it in this one, without limits.
    pub isolation: Option<Isolation>,
}

/// Reads files. One reader serves any number of files and threads.
pub struct Reader {
    sight: Sight,
    restorer: Restorer,
    extractor: Extractor,
    tool: Tool,
    stop: Arc<AtomicBool>,
}

/// Where pages are seen.
enum Sight {
    Here(Box<PageReader>),
    Apart(Box<Workers>),
}

/// What is known of a file once it is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct FileFacts {
    sha256: String,
    pages: u32,
}

impl FileFacts {
    fn of(document: &Document) -> FileFacts {
        FileFacts { sha256: document.sha256().to_owned(), pages: document.page_count() }
    }
}

/// What was read from one file.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Everything that was found.
    pub report: Report,
    /// One entry a page, by number; a page that failed has no lines.
    pub pages: Vec<RestoredPage>,
}

impl Reading {
    /// The restored text in reading order: one printed line a line, a form feed between pages.
    pub fn text(&self) -> String {
        let pages: Vec<String> = self.pages.iter().map(RestoredPage::text).collect();
        pages.join("\u{c}")
    }
}

impl Reader {
    /// A reader; whoever holds `stop` may set it, and pages not yet begun are then not read.
    ///
    /// # Errors
    /// [`ErrorKind::EngineMissing`] or [`ErrorKind::Model`] where something that reading needs is not installed.
    pub fn new(options: ReaderOptions, stop: Arc<AtomicBool>) -> Result<Outcome<Reader>> {
        let mut diagnostics = Vec::new();
        let (sight, engine) = match options.isolation.clone() {
            Some(isolation) => {
                let (workers, engine) = Workers::start(isolation, options)?.drain_into(&mut diagnostics);
                (Sight::Apart(Box::new(workers)), engine)
            }
            None => {
                let pages = PageReader::new(options)?.drain_into(&mut diagnostics);
                let engine = pages.engine().to_owned();
                (Sight::Here(Box::new(pages)), engine)
            }
        };
        let restorer = Restorer::embedded()?;
        let tool = Tool::this(Some(engine), Some(restorer.model_sha256().to_owned()));
        let reader = Reader { sight, restorer, extractor: Extractor::embedded()?, tool, stop };
        Ok(Outcome { value: reader, diagnostics })
    }

    /// Reads the file at `path`. `on_page` is told of each page that is done, from whichever thread did it.
    ///
    /// # Errors
    /// Where the file as a whole cannot be read ([`ErrorKind::Unreadable`], `Unsupported`, `Damaged`, `Encrypted`,
    /// `Timeout`) or the run was stopped. A page that fails is in the report instead.
    pub fn read(&self, path: &Path, on_page: &(dyn Fn(PageNo) + Sync)) -> Result<Reading> {
        let mut diagnostics = Vec::new();
        let (file, seen) = match &self.sight {
            Sight::Here(pages) => {
                let document = safely(|| Document::open(path))?.drain_into(&mut diagnostics);
                let see = |page| safely(|| pages.see(&document, page));
                let file = FileFacts::of(&document);
                let seen = self.see_all(&file, &see, on_page);
                (file, seen)
            }
            Sight::Apart(workers) => {
                let file = workers.open(path)?.drain_into(&mut diagnostics);
                let seen = self.see_all(&file, &|page| workers.see(path, page), on_page);
                (file, seen)
            }
        };
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::new(ErrorKind::Interrupted, "stopped before all pages were read").file(path));
        }

        let mut pages = Vec::with_capacity(seen.len());
        let mut texts = Vec::with_capacity(seen.len());
        for (page, seen) in (1..).zip(seen) {
            let (status, text) = match seen {
                Ok(outcome) => read_page(outcome.drain_into(&mut diagnostics)),
                Err(error) => failed_page(page, &error, &mut diagnostics),
            };
            pages.push(status);
            texts.push(text);
        }

        let restored = self.restore(&pages, texts);
        let lines: Vec<TextLine> = restored.iter().flat_map(RestoredPage::lines).collect();
        let extraction = self.extractor.extract(&lines, &[]).drain_into(&mut diagnostics);

        diagnostics.sort_by_key(|d| d.place.map(|p| (p.page, p.line)));
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let source = Source { file: name, sha256: Some(file.sha256), pages: file.pages };
        let schema = SCHEMA.to_owned();
        let report = Report {
            schema,
            source,
            tool: self.tool.clone(),
            pages,
            extraction,
            tables: Vec::new(),
            stamps: Vec::new(),
            diagnostics,
        };
        Ok(Reading { report, pages: restored })
    }

    /// Sees every page of a file, in parallel, and joins them by number.
    fn see_all(
        &self,
        file: &FileFacts,
        see: &(dyn Fn(PageNo) -> Result<Outcome<SeenPage>> + Sync),
        on_page: &(dyn Fn(PageNo) + Sync),
    ) -> Vec<Result<Outcome<SeenPage>>> {
        let unless_stopped = |page| {
            if self.stop.load(Ordering::Relaxed) {
                return Err(Error::new(ErrorKind::Interrupted, "stopped").page(page));
            }
            let seen = see(page);
            on_page(page);
            seen
        };
        (1..=file.pages).into_par_iter().map(unless_stopped).collect()
    }

    /// Restores the pages that need it, together. A text layer that is right is left alone: nothing can make it better.
    fn restore(&self, pages: &[PageStatus], texts: Vec<RecognisedPage>) -> Vec<RestoredPage> {
        let right = |page: &PageStatus| matches!(page.origin, Some(Origin::TextLayer | Origin::DecodedTextLayer));
        let (right, doubtful): (Vec<_>, Vec<_>) = pages.iter().zip(texts).partition(|(page, _)| right(page));
        let mut restored = self.restorer.restore_pages(doubtful.into_iter().map(|(_, text)| text).collect());
        restored.extend(right.into_iter().map(|(_, text)| RestoredPage { recognised: text, edits: Vec::new() }));
        restored.sort_by_key(|page| page.recognised.page);
        restored
    }

    /// What a report records of this reader.
    pub fn tool(&self) -> &Tool {
        &self.tool
    }
}

fn read_page(seen: SeenPage) -> (PageStatus, RecognisedPage) {
    let status = PageStatus {
        page: seen.recognised.page,
        status: Status::Read,
        origin: Some(seen.origin),
        reason: seen.reason,
        error: None,
        confidence: seen.recognised.confidence(),
        quality: None,
        size: Some(seen.size),
    };
    (status, seen.recognised)
}

fn failed_page(page: PageNo, error: &Error, diagnostics: &mut Vec<Diagnostic>) -> (PageStatus, RecognisedPage) {
    let mut diagnostic = Diagnostic::new(Severity::Error, error.message()).at(Place::page(page));
    diagnostic.hint = error.remedy_text().map(str::to_owned);
    diagnostics.push(diagnostic);
    let status = PageStatus {
        page,
        status: Status::Failed,
        origin: None,
        reason: None,
        error: Some(error.message().to_owned()),
        confidence: None,
        quality: None,
        size: None,
    };
    (status, RecognisedPage { page, ..RecognisedPage::default() })
}

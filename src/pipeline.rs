//! The whole chain: [`Reader::read`] takes a file and gives its text and its report.
//!
//! A page is the unit of work and of failure. Pages are read in parallel, on as many threads as the rayon pool that the
//! caller runs in, and joined by number; a page that fails is reported in its place and the others are read.

use crate::clean::{CleanOptions, Cleaner};
use crate::diagnostics::{Diagnostic, Outcome, Severity};
use crate::document::{PageNo, Place, TextLine};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::Extractor;
use crate::ocr::{Engine, EngineOptions, RecognisedPage, Recogniser, spacing, stamp};
use crate::raster::{Document, PageImage};
use crate::report::{Origin, PageSize, PageStatus, Report, SCHEMA, Source, Status, Tool};
use crate::restore::{RestoredPage, Restorer};
use rayon::prelude::*;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How files are read.
#[derive(Debug, Clone, Default)]
pub struct ReaderOptions {
    /// How pages are made fit for recognition.
    pub clean: CleanOptions,
    /// Which recognisers read them.
    pub engine: EngineOptions,
}

/// Reads files. One reader serves any number of files and threads.
pub struct Reader {
    cleaner: Cleaner,
    engine: Engine,
    /// Recognisers that no thread holds at the moment. A pool, since each costs about 90 ms and 15 MiB to make.
    idle: Mutex<Vec<Box<dyn Recogniser>>>,
    restorer: Restorer,
    extractor: Extractor,
    tool: Tool,
    stop: Arc<AtomicBool>,
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

/// A page up to recognition: what the page's own steps give, before the document as a whole is looked at.
struct SeenPage {
    recognised: RecognisedPage,
    origin: Origin,
    size: PageSize,
}

impl Reader {
    /// A reader; whoever holds `stop` may set it, and pages not yet begun are then not read.
    ///
    /// # Errors
    /// [`ErrorKind::EngineMissing`] or [`ErrorKind::Model`] where something that reading needs is not installed.
    pub fn new(options: ReaderOptions, stop: Arc<AtomicBool>) -> Result<Outcome<Reader>> {
        let engine = Engine::open(options.engine)?;
        let restorer = Restorer::embedded()?;
        let reader = Reader {
            tool: Tool::this(Some(engine.value.name().to_owned()), Some(restorer.model().sha256())),
            cleaner: Cleaner::new(options.clean),
            engine: engine.value,
            idle: Mutex::default(),
            restorer,
            extractor: Extractor::embedded()?,
            stop,
        };
        Ok(Outcome { value: reader, diagnostics: engine.diagnostics })
    }

    /// Reads the file at `path`. `on_page` is told of each page that is done, from whichever thread did it.
    ///
    /// # Errors
    /// Where the file as a whole cannot be read ([`ErrorKind::Unreadable`], `Unsupported`, `Damaged`, `Encrypted`) or
    /// the run was stopped. A page that fails is in the report instead.
    pub fn read(&self, path: &Path, on_page: &(dyn Fn(PageNo) + Sync)) -> Result<Reading> {
        let mut diagnostics = Vec::new();
        let document = Document::open(path)?.drain_into(&mut diagnostics);
        let seen: Vec<Result<Outcome<SeenPage>>> = (1..=document.page_count())
            .into_par_iter()
            .map(|page| {
                let seen = self.see_safely(&document, page);
                on_page(page);
                seen
            })
            .collect();
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::new(ErrorKind::Interrupted, "stopped before all pages were read").file(path));
        }

        let mut pages = Vec::with_capacity(seen.len());
        let mut recognised = Vec::with_capacity(seen.len());
        for (page, seen) in (1..).zip(seen) {
            let (status, lines) = match seen {
                Ok(outcome) => read_page(outcome.drain_into(&mut diagnostics)),
                Err(error) => failed_page(page, &error, &mut diagnostics),
            };
            pages.push(status);
            recognised.push(lines);
        }

        let restored = self.restorer.restore_pages(recognised);
        let lines: Vec<TextLine> = restored.iter().flat_map(RestoredPage::lines).collect();
        let extraction = self.extractor.extract(&lines).drain_into(&mut diagnostics);

        diagnostics.sort_by_key(|d| d.place.map(|p| (p.page, p.line)));
        let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let source = Source { file, sha256: Some(document.sha256().to_owned()), pages: document.page_count() };
        let schema = SCHEMA.to_owned();
        let report = Report { schema, source, tool: self.tool.clone(), pages, extraction, diagnostics };
        Ok(Reading { report, pages: restored })
    }

    /// What a report records of this reader.
    pub fn tool(&self) -> &Tool {
        &self.tool
    }

    /// [`Reader::see`], a defect turned into the page's error so that it does not take the other pages with it.
    fn see_safely(&self, document: &Document, page: PageNo) -> Result<Outcome<SeenPage>> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::new(ErrorKind::Interrupted, "stopped").page(page));
        }
        panic::catch_unwind(AssertUnwindSafe(|| self.see(document, page))).unwrap_or_else(|_| {
            Err(Error::new(ErrorKind::Defect, "reading this page met a defect of the program").page(page))
        })
    }

    /// Render, clean and recognise one page.
    fn see(&self, document: &Document, page: PageNo) -> Result<Outcome<SeenPage>> {
        let mut diagnostics = Vec::new();
        let image = document.render(page)?.drain_into(&mut diagnostics);
        let size = size_of(&image);
        let clean = self.cleaner.clean(image).drain_into(&mut diagnostics);
        let (mut recognised, stamps) = stamp::part(self.recognise(&clean)?);
        spacing::part_after_colons(&mut recognised);
        diagnostics.extend(stamps.iter().map(|stamp| {
            let place = Place { rect: Some(stamp.rect), ..Place::page(page) };
            Diagnostic::info(format!("small print beside the text, left out of it as a stamp: {}", stamp.text()))
                .at(place)
        }));
        Ok(Outcome { value: SeenPage { recognised, origin: Origin::Ocr, size }, diagnostics })
    }

    /// Recognises a page with an idle recogniser, or a new one. One that failed may be in any state and is not used again.
    fn recognise(&self, image: &PageImage) -> Result<RecognisedPage> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let lent = idle().pop();
        let mut recogniser = lent.map_or_else(|| self.engine.recogniser(), Ok)?;
        let page = recogniser.recognise(image)?;
        idle().push(recogniser);
        Ok(page)
    }
}

fn size_of(image: &PageImage) -> PageSize {
    PageSize { width: image.pixels.width(), height: image.pixels.height(), dpi: image.dpi }
}

fn read_page(seen: SeenPage) -> (PageStatus, RecognisedPage) {
    let status = PageStatus {
        page: seen.recognised.page,
        status: Status::Read,
        origin: Some(seen.origin),
        error: None,
        confidence: seen.recognised.confidence(),
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
        error: Some(error.message().to_owned()),
        confidence: None,
        size: None,
    };
    (status, RecognisedPage { page, ..RecognisedPage::default() })
}

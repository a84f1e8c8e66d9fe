//! The whole chain: [`Reader::read`] takes a file and gives its text and its report.
//!
//! A page is the unit of work and of failure. Pages are read in parallel, on as many threads as the rayon pool that the
//! caller runs in, and joined by number; a page that fails is reported in its place and the others are read.

mod complete;
pub(crate) mod defect;
mod options;
pub(crate) mod page;
pub(crate) mod protocol;
mod quality;
mod seen;
mod selection;
mod text;
pub(crate) mod worker;

pub use options::{Isolation, ReaderOptions};
pub use quality::{Assessment, Evidence, assess};
pub use seen::{FileFacts, PageOutcome};
pub use selection::{PageSelection, SelectionError};
pub use text::read_text;

use crate::correct::{self, Correction, CorrectionLog};
use crate::diagnostics::{Diagnostic, Outcome, Severity};
use crate::document::{PageNo, Place, TextLine};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::Extractor;
use crate::page::RecognisedPage;
use crate::raster::Document;
use crate::report::{Origin, PageStatus, Report, SCHEMA, Source, Status, Tool};
use crate::resources::Resources;
use crate::restore::{RestoredPage, Restorer};
use crate::table::{self, SeenTable};
use defect::safely;
use page::PageReader;
use rayon::prelude::*;
use seen::SeenPage;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use worker::Workers;

/// Reads files. One reader serves any number of files and threads.
pub struct Reader {
    sight: Sight,
    assembler: Assembler,
    remarks: Vec<Diagnostic>,
    stop: Arc<AtomicBool>,
}

/// Where pages are seen.
enum Sight {
    Here(Box<PageReader>),
    Apart(Box<Workers>),
}

/// What was read from one file.
#[derive(Debug, Clone, Serialize, Deserialize)]
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

    /// Lays corrections, those of this file, over what was read, and extracts from the corrected text. Remarks of the first
    /// extraction give way to those of the second; a correction whose place is not found is a remark.
    pub fn correct(&mut self, corrections: &[Correction], extractor: &Extractor) {
        if corrections.is_empty() {
            return;
        }
        let lines = |pages: &[RestoredPage]| pages.iter().flat_map(RestoredPage::lines).collect::<Vec<_>>();
        let first = extractor.extract(&lines(&self.pages), &self.report.tables).diagnostics;
        let told = correct::apply(&mut self.pages, corrections, &self.report.tables);
        let corrected = lines(&self.pages);
        table::take_text(&mut self.report.tables, &self.pages);
        let again = extractor.extract(&corrected, &self.report.tables);
        let diagnostics = &mut self.report.diagnostics;
        diagnostics.retain(|d| !first.contains(d));
        diagnostics.extend(again.diagnostics.into_iter().chain(told));
        diagnostics.sort_by_key(|d| d.place.map(|p| (p.page, p.line)));
        self.report.extraction = again.value;
    }
}

impl Reader {
    /// A reader with what comes with the program.
    ///
    /// # Errors
    /// [`ErrorKind::EngineMissing`] or [`ErrorKind::Model`] where something that reading needs is not installed.
    pub fn new(options: ReaderOptions) -> Result<Reader> {
        Reader::with_resources(options, &Resources::embedded())
    }

    /// A reader that shares dictionaries, models and definitions with others.
    ///
    /// # Errors
    /// As [`Reader::new`].
    pub fn with_resources(options: ReaderOptions, resources: &Resources) -> Result<Reader> {
        let mut remarks = Vec::new();
        let (sight, engine) = match options.isolation.clone() {
            Some(isolation) => {
                let (workers, engine) = Workers::start(isolation, options)?.drain_into(&mut remarks);
                (Sight::Apart(Box::new(workers)), engine)
            }
            None => {
                let pages = PageReader::new(options, resources)?.drain_into(&mut remarks);
                let engine = pages.engine().to_owned();
                (Sight::Here(Box::new(pages)), engine)
            }
        };
        Ok(Reader { sight, assembler: Assembler::new(engine, resources)?, remarks, stop: Arc::default() })
    }

    /// The same, stopped by whoever sets `stop`: pages not yet begun are then not read.
    pub fn with_stop(self, stop: Arc<AtomicBool>) -> Reader {
        Reader { stop, ..self }
    }

    /// What is to be known before anything is read, such as that the second recogniser is not installed.
    pub fn remarks(&self) -> &[Diagnostic] {
        &self.remarks
    }

    /// Reads the file at `path`.
    ///
    /// # Errors
    /// As [`Reader::read_with`].
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Reading> {
        self.read_with(path, &|_| ())
    }

    /// The same reader, which lays these corrections over the readings of the files that they were made on.
    #[must_use]
    pub fn with_corrections(mut self, corrections: CorrectionLog) -> Reader {
        self.assembler.corrections = Some(corrections);
        self
    }

    /// The same reader, whose reports say that it knows what was learned from corrections.
    #[must_use]
    pub fn with_learned(mut self, learned: Option<&correct::Learned>) -> Reader {
        self.assembler.tool.learned = learned.map(correct::Learned::sha256);
        self
    }

    /// The corrections that are laid over the reading of the file with this SHA-256.
    pub fn corrections_of(&self, sha256: &str) -> Vec<Correction> {
        self.assembler.corrections.as_ref().map(|log| log.of_document(sha256)).unwrap_or_default()
    }

    /// Reads the file at `path`. `on_page` is told of each page that is done, from whichever thread did it.
    ///
    /// # Errors
    /// Where the file as a whole cannot be read ([`ErrorKind::Unreadable`], `Unsupported`, `Damaged`, `Encrypted`,
    /// `Timeout`) or the run was stopped. A page that fails is in the report instead.
    pub fn read_with(&self, path: impl AsRef<Path>, on_page: &(dyn Fn(PageNo) + Sync)) -> Result<Reading> {
        let path = path.as_ref();
        let (opened, seen) = match &self.sight {
            Sight::Here(pages) => {
                let Outcome { value: document, diagnostics } = safely(|| Document::open(path))?;
                let see = |page| safely(|| pages.see(&document, page)).into();
                let file = FileFacts::of(&document);
                let seen = self.see_all(&file, &see, on_page);
                (Outcome { value: file, diagnostics }, seen)
            }
            Sight::Apart(workers) => {
                let opened = workers.open(path)?;
                let seen = self.see_all(&opened.value, &|page| workers.see(path, page), on_page);
                (opened, seen)
            }
        };
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::new(ErrorKind::Interrupted, "stopped before all pages were read").file(path));
        }
        Ok(self.assembler.assemble(path, opened, seen))
    }

    /// What the file at `path` is: the first of the three steps of [`Reader::read`], for callers that spread the pages of
    /// many files themselves.
    ///
    /// # Errors
    /// As [`Reader::read`].
    pub fn open(&self, path: &Path) -> Result<Outcome<FileFacts>> {
        match &self.sight {
            Sight::Here(_) => Ok(safely(|| Document::open(path))?.map(|document| FileFacts::of(&document))),
            Sight::Apart(workers) => workers.open(path),
        }
    }

    /// Sees one page: the second step. What failed is in the answer, which can be kept and taken up by another run.
    pub fn see(&self, path: &Path, page: PageNo) -> PageOutcome {
        match &self.sight {
            Sight::Here(pages) => safely(|| pages.see(&Document::open(path)?.value, page)).into(),
            Sight::Apart(workers) => workers.see(path, page),
        }
    }

    /// Puts the pages of a file together, one entry a page by number: the last step. What the file is called in the report
    /// is the last part of `path`, which is not opened.
    pub fn assemble(&self, path: &Path, opened: Outcome<FileFacts>, pages: Vec<PageOutcome>) -> Reading {
        self.assembler.assemble(path, opened, pages)
    }

    /// Has the searchable PDF of a reading of `path` written to `to` by a process under the limits of this reader's; `archive` is
    /// whether as PDF/A, and whether the original is put into it. None where pages are seen in this process.
    pub(crate) fn pdf_apart(
        &self,
        reading: &Reading,
        path: &Path,
        to: &Path,
        archive: (bool, bool),
    ) -> Option<Result<Outcome<u64>>> {
        let Sight::Apart(workers) = &self.sight else { return None };
        let json = serde_json::to_vec(reading).map_err(|e| Error::new(ErrorKind::Defect, e.to_string()));
        Some(json.and_then(|json| workers.pdf(path, to, archive, &json)))
    }

    /// Sees every page of a file, in parallel, and joins them by number.
    fn see_all(
        &self,
        file: &FileFacts,
        see: &(dyn Fn(PageNo) -> PageOutcome + Sync),
        on_page: &(dyn Fn(PageNo) + Sync),
    ) -> Vec<PageOutcome> {
        let unless_stopped = |page| {
            if self.stop.load(Ordering::Relaxed) {
                return Err(Error::new(ErrorKind::Interrupted, "stopped").page(page)).into();
            }
            let seen = see(page);
            on_page(page);
            seen
        };
        (1..=file.pages).into_par_iter().map(unless_stopped).collect()
    }

    /// What a report records of this reader.
    pub fn tool(&self) -> &Tool {
        &self.assembler.tool
    }
}

/// Makes a document of its pages: restores them together and extracts.
pub(crate) struct Assembler {
    restorer: Arc<Restorer>,
    extractor: Arc<Extractor>,
    tool: Tool,
    corrections: Option<CorrectionLog>,
}

impl Assembler {
    pub(crate) fn new(engine: String, resources: &Resources) -> Result<Assembler> {
        let (restorer, extractor) = (resources.restorer()?.clone(), resources.extractor()?.clone());
        let tool = Tool::this(Some(engine), Some(restorer.model_sha256().to_owned()));
        Ok(Assembler { restorer, extractor, tool, corrections: None })
    }

    pub(crate) fn assemble(&self, path: &Path, opened: Outcome<FileFacts>, seen: Vec<PageOutcome>) -> Reading {
        let mut diagnostics = Vec::new();
        let file = opened.drain_into(&mut diagnostics);
        let mut pages = Vec::with_capacity(seen.len());
        let mut texts = Vec::with_capacity(seen.len());
        let mut tables = Vec::with_capacity(seen.len());
        let mut mixed = Vec::with_capacity(seen.len());
        let mut stamps = Vec::new();
        for (page, seen) in (1..).zip(seen) {
            let mut of_two_sources = false;
            let (status, text, seen_tables) = match seen.into() {
                Ok(outcome) => {
                    let mut seen: SeenPage = Outcome::drain_into(outcome, &mut diagnostics);
                    stamps.append(&mut seen.stamps);
                    of_two_sources = seen.mixed;
                    read_page(seen)
                }
                Err(error) => failed_page(page, &error, &mut diagnostics),
            };
            pages.push(status);
            texts.push(text);
            tables.push(seen_tables);
            mixed.push(of_two_sources);
        }

        if pages.iter().all(|page| page.status == Status::LeftOut) {
            let message = format!("none of the pages asked for is in the file, which has {}", file.pages);
            diagnostics.push(Diagnostic::new(Severity::Error, message).hint("ask for others, or leave --pages away"));
        }
        // What went wrong on a page that was read all the same left a part of it out.
        for page in pages.iter_mut().filter(|page| page.status == Status::Read) {
            let on_it = |d: &Diagnostic| d.place.is_some_and(|place| place.page == Some(page.page));
            if diagnostics.iter().any(|d| d.severity == Severity::Error && on_it(d)) {
                page.status = Status::Partly;
            }
        }
        let mut restored = self.restore(&pages, texts, &mixed);
        restored.iter_mut().for_each(table::keep_clear_words);
        diagnostics.extend(restored.iter().filter_map(words_of_digits));
        let tables = table::assemble(&restored, &tables);
        let lines: Vec<TextLine> = restored.iter().flat_map(RestoredPage::lines).collect();
        let mut extraction = self.extractor.extract(&lines, &tables).drain_into(&mut diagnostics);
        let improbable =
            |page: PageNo| pages.iter().any(|p| p.page == page && p.quality.is_some_and(|q| q < quality::RIGHT));
        for figure in extraction.figures.iter_mut().filter(|f| f.place.page.is_some_and(improbable)) {
            figure.confidence = figure.confidence.min(IMPROBABLE);
        }

        diagnostics.sort_by_key(|d| d.place.map(|p| (p.page, p.line)));
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let source = Source { file: name, sha256: Some(file.sha256), pages: file.pages };
        let schema = SCHEMA.to_owned();
        let report = Report { schema, source, tool: self.tool.clone(), pages, extraction, tables, stamps, diagnostics };
        let corrections =
            self.corrections.iter().zip(&report.source.sha256).map(|(log, id)| log.of_document(id)).next();
        let mut reading = Reading { report, pages: restored };
        reading.correct(&corrections.unwrap_or_default(), &self.extractor);
        reading
    }

    /// Restores the pages that need it, together. A text layer that is right is left alone: nothing can make it better. On the pages
    /// that are `mixed`, such a layer gave some of the words, and those are left alone.
    fn restore(&self, pages: &[PageStatus], texts: Vec<RecognisedPage>, mixed: &[bool]) -> Vec<RestoredPage> {
        let right = |at: usize| {
            let origin = pages[at].origin;
            !mixed[at] && matches!(origin, Some(Origin::TextLayer | Origin::DecodedTextLayer))
        };
        let (right, doubtful): (Vec<_>, Vec<_>) = texts.into_iter().enumerate().partition(|(at, _)| right(*at));
        let (places, doubtful): (Vec<usize>, Vec<_>) = doubtful.into_iter().unzip();
        let mut restored = self.restorer.restore_pages(doubtful);
        for (at, page) in places.into_iter().zip(&mut restored) {
            if mixed[at] {
                let RestoredPage { recognised, edits } = page;
                edits.retain(|edit| {
                    !recognised.lines[edit.line].words[edit.words.clone()].iter().any(complete::is_given)
                });
            }
        }
        restored.extend(right.into_iter().map(|(_, text)| RestoredPage { recognised: text, edits: Vec::new() }));
        restored.sort_by_key(|page| page.recognised.page);
        restored
    }
}

/// Tells how many numbers of a misread page were read as words; None where there are none.
fn words_of_digits(page: &RestoredPage) -> Option<Diagnostic> {
    let count = page.edits.iter().filter(|edit| edit.makes_a_word_of_digits()).count();
    let message = format!("numbers of misread text that were read as words: {count}");
    (count > 0)
        .then(|| Diagnostic::warning(message).at(Place::page(page.recognised.page)).hint("compare them with the image"))
}

/// No figure of a page whose text is improbable is surer than this.
const IMPROBABLE: f32 = 0.5;

fn read_page(seen: SeenPage) -> (PageStatus, RecognisedPage, Vec<SeenTable>) {
    let partly = seen.unread || seen.quality.is_some_and(|q| q < quality::RIGHT);
    // A mean over all words hides the lines that are no print: their words count as much as the page's text is worth.
    let sure = |mean: f32| seen.quality.map_or(mean, |q| mean * (1.0 - seen.illegible) + mean.min(q) * seen.illegible);
    let confidence = seen.recognised.confidence().map(sure);
    let confidence = if partly { confidence.map(|c| c.min(seen.quality.unwrap_or(c))) } else { confidence };
    let status = PageStatus {
        page: seen.recognised.page,
        status: match (seen.left_out, partly) {
            (true, _) => Status::LeftOut,
            (false, true) => Status::Partly,
            (false, false) => Status::Read,
        },
        origin: (!seen.left_out).then_some(seen.origin),
        reason: seen.reason,
        error: None,
        confidence,
        quality: seen.quality,
        size: (!seen.left_out).then_some(seen.size),
    };
    (status, seen.recognised, seen.tables)
}

fn failed_page(
    page: PageNo,
    error: &Error,
    diagnostics: &mut Vec<Diagnostic>,
) -> (PageStatus, RecognisedPage, Vec<SeenTable>) {
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
    (status, RecognisedPage { page, ..RecognisedPage::default() }, Vec::new())
}

//! Turns scanned Vietnamese administrative reports into right text and checked figures, offline, on one machine.
//!
//! # Read a scan
//!
//! A [`Reader`] takes a file (PDF, TIFF, PNG or JPEG) and gives its restored text and its [`Report`]: the document's fields, every
//! figure with its place on the page, named indicators, and the sums that hold or do not.
//!
//! ```no_run
//! # #[cfg(feature = "read")] {
//! let reader = sohoa::Reader::new(sohoa::ReaderOptions::default())?;
//! let reading = reader.read("scan.pdf")?;
//! println!("{}", reading.text());
//! for (name, indicator) in &reading.report.extraction.indicators {
//!     println!("{name} = {}", indicator.value);
//! }
//! # }
//! # Ok::<(), sohoa::Error>(())
//! ```
//!
//! # Restore a text
//!
//! A [`Restorer`] puts right what a recogniser without Vietnamese, or a hurried hand, made of it. Digits are never changed.
//!
//! ```
//! # #[cfg(feature = "restore")] {
//! let restorer = sohoa::Restorer::embedded()?;
//! let seen = "Khong co noi dung bao cao, tong so ho so: 1.250";
//! assert_eq!(restorer.restore_plain(seen), "Không có nội dung báo cáo, tổng số hồ sơ: 1.250");
//! # }
//! # Ok::<(), sohoa::Error>(())
//! ```
//!
//! # Find the figures
//!
//! An [`Extractor`] reads the lines of a text, wherever they come from.
//!
//! ```
//! # #[cfg(feature = "extract")] {
//! let lines = sohoa::TextLine::from_text("Tổng số hồ sơ đã tiếp nhận trong kỳ báo cáo: 1.077 hồ sơ.");
//! let found = sohoa::Extractor::embedded()?.extract(&lines, &[]).value;
//! assert_eq!(found.figures[0].raw, "1.077");
//! assert_eq!(found.indicators["dossiers.received.total"].value.to_string(), "1077");
//! # }
//! # Ok::<(), sohoa::Error>(())
//! ```
//!
//! # The steps
//!
//! The reader is a chain in which each step takes the product of the one before; every part of it can be called alone:
//!
//! ```text
//! file  ──Document::open────▶ Document{pages}
//!  page ──Document::render──▶ PageImage ──Cleaner::clean──▶ PageImage
//!       ──Engine::recognise─▶ RecognisedPage{lines → words}
//! pages ──Restorer::restore_pages──▶ RestoredPage{recognised, edits}
//!       ──Extractor::extract──▶ Extraction{document, indicators, figures, references, checks}
//!       ──▶ Report ──▶ JSON
//! ```
//!
//! ```no_run
//! # #[cfg(feature = "read")] {
//! use sohoa::{Cleaner, Document, Engine, EngineOptions, Resources, RestoredPage, TextLine};
//!
//! let resources = Resources::embedded();
//! let document = Document::open("scan.pdf")?.value;
//! let engine = Engine::open(EngineOptions::default(), resources.dictionaries(), resources.model()?)?.value;
//! let mut seen = Vec::new();
//! for page in 1..=document.page_count() {
//!     let image = Cleaner::default().clean(document.render(page)?.value).value;
//!     seen.push(engine.recognise(&image)?);
//! }
//! let restored = resources.restorer()?.restore_pages(seen);
//! let lines: Vec<TextLine> = restored.iter().flat_map(RestoredPage::lines).collect();
//! let found = resources.extractor()?.extract(&lines, &[]).value;
//! println!("{} figures", found.figures.len());
//! # }
//! # Ok::<(), sohoa::Error>(())
//! ```
//!
//! Remarks on what was done travel beside a value in an [`Outcome`]; the library never prints. Errors have a kind, a place and a remedy.
//!
//! # Features
//!
//! | feature | what it adds | what it needs |
//! |---|---|---|
//! | `restore` | [`Restorer`], the language model | |
//! | `extract` | [`Extractor`], [`Report`], tables | |
//! | `scan` | [`Document`], [`Cleaner`] | |
//! | `ocr` | [`Engine`]; `scan` and `restore` | libtesseract 5 with its `vie` data |
//! | `read` | [`Reader`]; `ocr` and `extract` | |
//! | `export` | searchable PDF, XLSX and other forms of the results; `read` | |
//! | `eval` | [`score`]; `scan` | |
//! | `degrade` | test material made worse on purpose; `scan` | |
//! | `bulk` | journal, tables of many documents, job service; `export` | |
//! | `desk` | the page on which results are checked and corrected; `export` | |
//! | `cli` (default) | the program; all of the above | |
//!
//! # Models
//!
//! A checkout holds the language model packed (`dictionaries/lm.packed`); the build script unpacks it and the library embeds it, so that
//! nothing lies beside the program. A package for a registry leaves it out for its size: the build then embeds none, says so, and a model
//! is mapped from a file, with [`Resources::with_model`] or `sohoa restore --model`; `sohoa train lm` makes one from text, and
//! docs/model-card.md says from which. `SOHOA_LM_PACKED` names another packed model to embed.
//!
//! The modules are hidden: they are for the program itself, its tests, benches and fuzz targets, and change without notice. What is
//! below is what others may build on.

#![deny(clippy::print_stdout, clippy::print_stderr)]
// A part of the crate leaves unused what only another part needs.
#![cfg_attr(not(feature = "cli"), allow(dead_code, unused_imports))]

#[doc(hidden)]
#[cfg(feature = "bulk")]
pub mod bulk;
#[doc(hidden)]
#[cfg(feature = "scan")]
pub mod clean;
#[doc(hidden)]
#[cfg(feature = "cli")]
pub mod cli;
#[doc(hidden)]
#[cfg(feature = "read")]
pub mod correct;
#[cfg(feature = "extract")]
mod data;
#[doc(hidden)]
#[cfg(feature = "degrade")]
pub mod degrade;
#[doc(hidden)]
#[cfg(feature = "desk")]
pub mod desk;
#[doc(hidden)]
pub mod diagnostics;
#[doc(hidden)]
pub mod dict;
#[doc(hidden)]
pub mod digest;
#[doc(hidden)]
pub mod document;
#[doc(hidden)]
pub mod encoding;
#[doc(hidden)]
pub mod error;
#[doc(hidden)]
#[cfg(feature = "eval")]
pub mod eval;
#[doc(hidden)]
#[cfg(feature = "export")]
pub mod export;
#[doc(hidden)]
#[cfg(feature = "extract")]
pub mod extract;
#[doc(hidden)]
pub mod geometry;
#[doc(hidden)]
#[cfg(all(feature = "scan", feature = "restore"))]
pub mod layer;
#[doc(hidden)]
#[cfg(feature = "restore")]
pub mod lm;
#[doc(hidden)]
#[cfg(feature = "ocr")]
pub mod ocr;
#[doc(hidden)]
#[cfg(any(feature = "bulk", feature = "cli"))]
pub mod output;
#[doc(hidden)]
pub mod page;
#[doc(hidden)]
#[cfg(feature = "read")]
pub mod pipeline;
#[doc(hidden)]
pub mod pool;
#[doc(hidden)]
pub mod random;
#[doc(hidden)]
#[cfg(feature = "scan")]
pub mod raster;
#[cfg(feature = "scan")]
mod reading_order;
#[doc(hidden)]
#[cfg(feature = "extract")]
pub mod report;
#[doc(hidden)]
#[cfg(all(feature = "restore", feature = "extract"))]
pub mod resources;
#[doc(hidden)]
#[cfg(feature = "restore")]
pub mod restore;
#[doc(hidden)]
pub mod rows;
#[doc(hidden)]
#[cfg(feature = "bulk")]
pub mod serve;
#[doc(hidden)]
#[cfg(feature = "extract")]
pub mod table;
#[doc(hidden)]
pub mod text;
#[cfg(feature = "read")]
mod whole_file;

pub use diagnostics::{Diagnostic, Outcome, Severity};
pub use document::{PageSize, Place, TextLine};
pub use error::{Error, ErrorKind, Result};
pub use geometry::Rect;
pub use page::{Line, RecognisedPage, Word};

#[cfg(feature = "scan")]
pub use {
    clean::{CleanOptions, Cleaner},
    raster::{Document, PageImage},
};

#[cfg(feature = "restore")]
pub use restore::{Edit, Expected, Grade, RestoredPage, RestoredText, RestoredToken, Restorer};

#[cfg(feature = "extract")]
pub use {
    extract::{
        Check, Date, Decimal, Definition, DocumentFields, Extraction, Extractor, Figure, Indicator, Period, Reference,
        Verdict,
    },
    report::{Origin, PageStatus, Report, Status},
    table::{Cell, Table},
};

#[cfg(feature = "ocr")]
pub use ocr::{Engine, EngineOptions, Engines};

#[cfg(feature = "read")]
pub use {
    layer::Policy,
    pipeline::{Isolation, Reader, ReaderOptions, Reading, read_text},
};

#[cfg(all(feature = "restore", feature = "extract"))]
pub use resources::Resources;

#[cfg(feature = "export")]
pub use export::{ExportOptions, Format, Product, export};

#[cfg(feature = "eval")]
pub use eval::{
    Measures,
    corpus::{Score, compare as score},
};

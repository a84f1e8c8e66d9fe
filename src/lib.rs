//! Turns scanned Vietnamese administrative reports into right text and checked figures.
//!
//! The pipeline is a chain of methods, each of which takes the product of the one before it:
//!
//! ```text
//! file ──Document::open──▶ Document{pages}
//!  page ──Document::render──▶ PageImage ──Cleaner::clean──▶ PageImage
//!       ──Recogniser::recognise──▶ RecognisedPage{lines → words}
//!       ──Restorer::restore──▶ RestoredPage{recognised, edits}
//! pages ──Extractor::extract──▶ Extraction{document, figures, indicators, references, checks}
//!       ──Report::new──▶ Report ──▶ JSON
//! ```
//!
//! [`pipeline::Reader`] is that chain; every part of it can be called alone.

#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod clean;
pub mod cli;
pub mod degrade;
pub mod diagnostics;
pub mod dict;
pub mod digest;
pub mod document;
pub mod encoding;
pub mod error;
pub mod eval;
pub mod export;
pub mod extract;
pub mod geometry;
pub mod layer;
pub mod lm;
pub mod ocr;
pub mod page;
pub mod pipeline;
pub mod pool;
pub mod random;
pub mod raster;
pub mod report;
pub mod resources;
pub mod restore;
pub(crate) mod serve;
pub mod table;
pub mod text;

pub use error::{Error, ErrorKind, Result};
pub use resources::Resources;

//! What can be chosen when files are read.

use super::selection::PageSelection;
use crate::clean::CleanOptions;
use crate::layer::Policy;
use crate::ocr::EngineOptions;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;

/// How files are read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ReaderOptions {
    /// Which pages of each file are read; the others are in the report as left out.
    pub pages: PageSelection,
    /// What is done with the text layers of PDF pages.
    pub text_layer: Policy,
    /// How pages are made fit for recognition.
    pub clean: CleanOptions,
    /// Which recognisers read them.
    pub engine: EngineOptions,
    /// How files are opened and pages seen in processes of their own; None to do it in this one, without limits.
    pub isolation: Option<Isolation>,
}

/// How pages are kept apart from the process that asks for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Isolation {
    /// The program that is called as `serve --stdio`.
    pub program: PathBuf,
    /// The longest that opening a file, or reading a page, may take.
    pub time: Duration,
    /// Bytes of address space that a worker may have.
    pub memory: u64,
}

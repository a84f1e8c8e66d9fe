//! What happens in a run, told as it happens.

use crate::diagnostics::Diagnostic;
use crate::error::{Error, ErrorKind};
use serde::Serialize;
use std::path::PathBuf;

/// Something that happened; as JSON it is an object whose `event` names it.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The inputs were found.
    Listed {
        /// How many files.
        files: u64,
        /// How many of them an earlier run has dealt with, as far as is known before they are looked at.
        done: u64,
    },
    /// A page was seen, or failed for good.
    Page {
        /// The file.
        file: PathBuf,
        /// Which page.
        page: u32,
        /// Wall time in seconds.
        seconds: f64,
        /// Why it failed; None where it did not.
        error: Option<Failure>,
    },
    /// A file is done: its results are written.
    Document {
        /// The file.
        file: PathBuf,
        /// Name of its results.
        name: String,
        /// `read`, `partly` or `failed`.
        state: State,
        /// Number of its pages; 0 where it could not be opened.
        pages: u32,
        /// Whether it holds what another file held that was read before.
        duplicate: bool,
        /// How much a person should look at it, from 0 to 1.
        score: f32,
        /// Why it failed; None where it did not.
        error: Option<Failure>,
        /// Remarks of its report that are more than information.
        #[serde(skip)]
        remarks: Vec<Diagnostic>,
    },
    /// A file was left as it is: an earlier run has read it.
    Skipped {
        /// The file.
        file: PathBuf,
    },
    /// A part of the inputs cannot be searched, or something else went wrong that ends nothing.
    Remark {
        /// What, with place and remedy.
        message: String,
    },
    /// A page or file failed, and is tried once more by itself later.
    Retry {
        /// The file.
        file: PathBuf,
        /// Which page; None for the file as a whole.
        page: Option<u32>,
        /// Why it failed.
        error: Failure,
    },
}

/// An error as an event tells it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Failure {
    /// What went wrong, for programs that act on it.
    pub kind: ErrorKind,
    /// What is wrong, and what can be done.
    pub message: String,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let remedy = error.remedy_text().map(|r| format!("; {r}")).unwrap_or_default();
        Failure { kind: error.kind(), message: format!("{}{remedy}", error.message()) }
    }
}

/// How the reading of a document ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// All of it was read.
    Read,
    /// Some pages failed, or were read in part.
    Partly,
    /// None of it was read.
    Failed,
}

impl State {
    /// As the journal and the events name it.
    pub fn name(self) -> &'static str {
        match self {
            State::Read => "read",
            State::Partly => "partly",
            State::Failed => "failed",
        }
    }
}

//! The library's one error type: a kind to match on, the file or page it concerns, its source, and the remedy in its text.

use crate::document::PageNo;
use serde::{Deserialize, Serialize};
use std::{fmt, io, path::PathBuf};

/// What went wrong, for callers that act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input is not there, may not be read, or is empty.
    Unreadable,
    /// The input is of a kind that this program does not read.
    Unsupported,
    /// The input is a document, and damaged.
    Damaged,
    /// The input is protected by a password.
    Encrypted,
    /// A page is larger than the program is willing to hold in memory.
    TooLarge,
    /// Reading a page took longer than allowed.
    Timeout,
    /// The recogniser or its language data is not installed.
    EngineMissing,
    /// The recogniser gave up on a page.
    EngineFailed,
    /// A model or dictionary is missing, damaged, or of another version.
    Model,
    /// A dictionary, definition or training file has a mistake in it.
    Definition,
    /// A result could not be written.
    Unwritable,
    /// The run was asked to stop.
    Interrupted,
    /// A defect of this program.
    Defect,
}

/// An error with its kind, place, source and remedy.
///
/// Its text is one line, lower case, that says what is wrong and what to do about it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    remedy: Option<String>,
    file: Option<PathBuf>,
    page: Option<PageNo>,
    /// What caused it; from one process to another its text goes.
    #[serde(with = "cause")]
    source: Option<Cause>,
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

mod cause {
    use super::Cause;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(cause: &Option<Cause>, to: S) -> Result<S::Ok, S::Error> {
        cause.as_ref().map(ToString::to_string).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Cause>, D::Error> {
        Ok(Option::<String>::deserialize(from)?.map(Cause::from))
    }
}

/// A result of this library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of this kind with what is wrong, in lower case and without a full stop.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error { kind, message: message.into(), remedy: None, file: None, page: None, source: None }
    }

    /// The same error with what the user can do about it.
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The same error in this file.
    pub fn file(mut self, file: impl Into<PathBuf>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// The same error on this page.
    pub fn page(mut self, page: PageNo) -> Self {
        self.page = Some(page);
        self
    }

    /// The same error with what caused it.
    pub fn source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// An input or output error on a file, its kind chosen from `io`.
    pub fn io(file: impl Into<PathBuf>, io: io::Error) -> Self {
        let message = match io.kind() {
            io::ErrorKind::NotFound => "there is no such file or folder".into(),
            io::ErrorKind::PermissionDenied => "permission to read it is denied".into(),
            _ => io.to_string(),
        };
        Error::new(ErrorKind::Unreadable, message).file(file).source(io)
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The page concerned; None where it is the whole file.
    pub fn page_no(&self) -> Option<PageNo> {
        self.page
    }

    /// What is wrong, without place and remedy.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What the user can do about it; None where nothing can be done.
    pub fn remedy_text(&self) -> Option<&str> {
        self.remedy.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}: ", file.display())?;
        }
        if let Some(page) = self.page {
            write!(f, "page {page}: ")?;
        }
        f.write_str(&self.message)?;
        if let Some(remedy) = &self.remedy {
            write!(f, "; {remedy}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|e| e as _)
    }
}

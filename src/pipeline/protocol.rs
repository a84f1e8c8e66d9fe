//! What processes that read are asked, and how they answer: lines of JSON in both directions.
//!
//! A question is one line, an object whose `ask` names what is wanted. Where it has `bytes`, so many bytes follow the line, and are the file.
//! Its answer is one line, `{"ok": …, "diagnostics": […]}` or `{"error": {"kind", "message", "remedy", …}}`. Answers come in the order of
//! the questions. [`Workers`](super::worker::Workers) asks; [`serve::stdio`](crate::serve::stdio) answers.

use super::options::ReaderOptions;
use crate::diagnostics::{Diagnostic, Outcome};
use crate::document::PageNo;
use crate::error::{Error, ErrorKind, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

/// What is asked.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub(crate) enum Question {
    /// To make ready, with these options in place of the ones that the process was started with.
    Begin { options: Box<ReaderOptions> },
    /// What a file is.
    Open { file: FileName },
    /// What is on a page of it.
    See { file: FileName, page: PageNo },
    /// The text and the report of a file, which follows in `bytes` or lies at `file`.
    Read(Given),
    /// The rows that a file gives in each of the bulk tables, by name; one that cannot be read gives a row that says why.
    Rows(Given),
    /// The rows of a file that ended the process which read it.
    Unread {
        #[serde(flatten)]
        given: Given,
        kind: ErrorKind,
        message: String,
    },
    /// The searchable PDF of a file, written to `to`. The reading as it stands follows in `bytes`, as JSON.
    Pdf { file: FileName, to: FileName, pdf_a: bool, attach_original: bool, bytes: u64 },
    /// Texts restored, each by itself, or `together` as the lines of one text.
    Restore {
        texts: Vec<String>,
        #[serde(default)]
        together: bool,
    },
    /// The report on a text.
    Figures {
        text: String,
        #[serde(default)]
        as_it_is: bool,
    },
}

impl Question {
    /// How many bytes follow the question.
    pub fn bytes(&self) -> Option<u64> {
        match self {
            Question::Read(given) | Question::Rows(given) | Question::Unread { given, .. } => given.bytes,
            Question::Pdf { bytes, .. } => Some(*bytes),
            _ => None,
        }
    }
}

/// A file at a path, or one whose bytes follow.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Given {
    /// Where it is; with `bytes`, only what it is called.
    pub file: FileName,
    /// How many bytes follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

/// The name of a file; one that is not UTF-8 goes as its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum FileName {
    Text(String),
    Raw(OsString),
}

impl FileName {
    pub fn path(&self) -> &Path {
        match self {
            FileName::Text(text) => Path::new(text),
            FileName::Raw(raw) => Path::new(raw),
        }
    }
}

impl From<&Path> for FileName {
    fn from(path: &Path) -> Self {
        path.to_str().map_or_else(|| FileName::Raw(path.into()), |text| FileName::Text(text.to_owned()))
    }
}

impl From<FileName> for PathBuf {
    fn from(name: FileName) -> Self {
        name.path().to_owned()
    }
}

/// An answer with the remarks that belong to it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Answer<T> {
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    ok: Option<T>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<Error>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    diagnostics: Vec<Diagnostic>,
}

impl<T> From<Result<Outcome<T>>> for Answer<T> {
    fn from(result: Result<Outcome<T>>) -> Self {
        match result {
            Ok(outcome) => Answer { ok: Some(outcome.value), error: None, diagnostics: outcome.diagnostics },
            Err(error) => Answer { ok: None, error: Some(error), diagnostics: Vec::new() },
        }
    }
}

impl<T> From<Answer<T>> for Result<Outcome<T>> {
    fn from(answer: Answer<T>) -> Self {
        match (answer.ok, answer.error) {
            (Some(value), None) => Ok(Outcome { value, diagnostics: answer.diagnostics }),
            (_, Some(error)) => Err(error),
            (None, None) => Err(super::defect::defect()),
        }
    }
}

/// Writes one line.
pub(crate) fn send(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    to.write_all(&line)?;
    to.flush()
}

/// Reads one line; None where the stream ends before it.
///
/// # Errors
/// Where it cannot be read, or is not what was expected ([`io::ErrorKind::InvalidData`]).
pub(crate) fn receive<T: DeserializeOwned>(from: &mut impl BufRead) -> io::Result<Option<T>> {
    let mut line = Vec::new();
    if from.read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    let value = serde_json::from_slice(&line);
    value.map(Some).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_not_utf8_goes_through() {
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            let path = Path::new(std::ffi::OsStr::from_bytes(b"a\xFFb.pdf"));
            let mut line = Vec::new();
            send(&mut line, &Question::Open { file: path.into() }).unwrap();
            let Some(Question::Open { file }) = receive(&mut &line[..]).unwrap() else { panic!("{line:?}") };
            assert_eq!(file.path(), path);
        }
        let question: Question = serde_json::from_str(r#"{"ask":"read","file":"x.pdf","bytes":3}"#).unwrap();
        assert_eq!(question.bytes(), Some(3));
    }
}

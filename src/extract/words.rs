//! What letters and reports are told by, from `dictionaries/letters.toml`.

use crate::data;
use crate::error::Result;
use serde::Deserialize;
use std::sync::LazyLock;

pub(in crate::extract) const FILE: &str = "letters.toml";
pub(in crate::extract) const EMBEDDED: &str = include_str!("../../dictionaries/letters.toml");

/// The words that the program brings along, which are checked when an extractor is made.
pub(in crate::extract) static WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::parse(FILE, EMBEDDED).expect("a test holds the file against its form"));

/// The content of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::extract) struct Words {
    /// The language of the archive's record.
    pub(in crate::extract) language: String,
    /// Words before a document's own number.
    pub(in crate::extract) number: Vec<String>,
    /// Such words where a sign follows them.
    pub(in crate::extract) number_with_sign: Vec<String>,
    /// Capitals of codes beside `A` to `Z`.
    pub(in crate::extract) code_capitals: String,
    /// Letters of points beside `a` to `z`.
    pub(in crate::extract) points: Vec<String>,
    pub(in crate::extract) kinds: Kinds,
}

/// Which kinds of documents are taken how.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::extract) struct Kinds {
    /// A document with a number that names no kind.
    pub(in crate::extract) letter: String,
    /// What it is called where another refers to it.
    pub(in crate::extract) letter_called: Vec<String>,
    /// Codes of bodies with which its number begins.
    pub(in crate::extract) letter_issuers: Vec<String>,
    /// What is always of a period.
    pub(in crate::extract) report: String,
    /// What is of a period where its title names one.
    pub(in crate::extract) of_a_period: Vec<String>,
}

impl Words {
    /// Reads the file.
    ///
    /// # Errors
    /// [`ErrorKind::Definition`](crate::error::ErrorKind::Definition) with the line or the kind where it is wrong.
    pub(in crate::extract) fn parse(file: &str, content: &str) -> Result<Words> {
        let words: Words = data::parse(file, content)?;
        let known = |name: &str| crate::dict::document_kinds().any(|kind| kind.name == name);
        let mut kinds = [&words.kinds.letter, &words.kinds.report].into_iter().chain(&words.kinds.of_a_period);
        let strange = kinds.find(|name| !known(name)).cloned();
        drop(kinds);
        let remedy = |name| data::wrong(file, format!("`{name}` is no kind of document_kinds.tsv; add it there"));
        strange.map_or(Ok(words), |name| Err(remedy(name)))
    }

    /// The class of a code's capitals, for patterns: `[A-Z…]`.
    pub(in crate::extract) fn code_capital(&self) -> String {
        format!("[A-Z{}]", self.code_capitals)
    }
}

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
    /// The national title, or that of the Party.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) nation: Vec<String>,
    /// The motto.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) motto: Vec<String>,
    /// Before the subject of a letter.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) subject: Vec<String>,
    /// Before those that it goes to.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) addressee: Vec<String>,
    /// The last item of the list of recipients.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) archive_copy: Vec<String>,
    /// With which an annex begins.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) annexes: Vec<String>,
    /// With which a table with a title of its own begins.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) titled: Vec<String>,
    /// Before the number of a part.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) parts: Vec<String>,
    /// Before the number of a section, as printed.
    pub(in crate::extract) sections: Vec<String>,
    /// With which the text below a head begins.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) text_begins: Vec<String>,
    /// What a place of issue is the name of.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) areas: Vec<String>,
    /// Who sits there.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) councils: Vec<String>,
    /// First or last in a part of a name.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) middle_names: Vec<String>,
    /// Before a month they make it a bound.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) bounds: Vec<String>,
    /// Between the number of a document and its date.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) issued: Vec<String>,
    /// How the motto ends; a key.
    #[serde(deserialize_with = "data::key_of")]
    pub(in crate::extract) motto_end: String,
    /// Above the list of those that get a copy; a key.
    #[serde(deserialize_with = "data::key_of")]
    pub(in crate::extract) recipients: String,
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
    /// Words behind a kind in a heading that say which sort of it this is.
    pub(in crate::extract) qualified: Vec<String>,
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

    /// Whether a line, as a key, begins with those that a letter goes to.
    pub(in crate::extract) fn is_addressee(&self, line: &str) -> bool {
        begins_with(line, &self.addressee)
    }

    /// The class of a code's capitals, for patterns: `[A-Z…]`.
    pub(in crate::extract) fn code_capital(&self) -> String {
        format!("[A-Z{}]", self.code_capitals)
    }
}

/// Whether a line, as a key, begins with one of the words.
pub(in crate::extract) fn begins_with(line: &str, words: &[String]) -> bool {
    words.iter().any(|word| line.starts_with(word.as_str()))
}

//! How data files of lists are read: TOML, with what is wrong named by its line.

use crate::error::{Error, ErrorKind, Result};
use crate::text::fold::key;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

/// Reads a TOML file.
///
/// # Errors
/// [`ErrorKind::Definition`] with the line that is wrong.
pub(crate) fn parse<T: DeserializeOwned>(file: &str, content: &str) -> Result<T> {
    toml::from_str(content).map_err(|e| {
        let line = e.span().map_or(0, |span| content[..span.start].matches('\n').count() + 1);
        wrong(file, format!("line {line}: {}", e.message()))
    })
}

/// What is wrong with a data file.
pub(crate) fn wrong(file: &str, message: String) -> Error {
    Error::new(ErrorKind::Definition, message).file(file)
}

/// Reads a list of words as keys, as fields of the files are written with `deserialize_with`.
pub(crate) fn keys<'de, D: Deserializer<'de>>(list: D) -> std::result::Result<Vec<String>, D::Error> {
    let words = Vec::<String>::deserialize(list)?;
    match words.iter().find(|word| key(word).is_empty()) {
        Some(word) => Err(serde::de::Error::custom(format!("`{word}` holds no letters; take it out"))),
        None => Ok(words.iter().map(|word| key(word)).collect()),
    }
}

/// Reads words as a key.
pub(crate) fn key_of<'de, D: Deserializer<'de>>(words: D) -> std::result::Result<String, D::Error> {
    Ok(key(&String::deserialize(words)?))
}

/// A pattern of one of the words, the longest first.
pub(crate) fn one_of(words: &[String]) -> String {
    let mut words: Vec<String> = words.iter().map(|word| regex::escape(word)).collect();
    words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    format!("(?:{})", words.join("|"))
}

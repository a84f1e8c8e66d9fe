//! How data files of lists are read: TOML, with what is wrong named by its line.

use crate::error::{Error, ErrorKind, Result};
use serde::de::DeserializeOwned;

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

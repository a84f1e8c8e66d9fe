//! What a user takes home of a [`Reading`]: one or more files a [`Format`], each made whole before any is written.

mod pdf;

use crate::diagnostics::{Diagnostic, Severity};
use crate::error::Result;
use crate::pipeline::Reading;
use std::borrow::Cow;
use std::path::Path;

/// A form of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum Format {
    /// The report: fields, figures, checks, each with its place.
    Json,
    /// The restored text, a line a printed line, pages separated by a form feed.
    Txt,
    /// A table: one row a figure, then one row an indicator.
    Csv,
    /// The pages as they were, with the restored text over them, invisible: to be searched and copied.
    Pdf,
}

impl Format {
    /// What the name of its file, or of the first of its files, ends in.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Json => ".json",
            Format::Txt => ".txt",
            Format::Csv => ".csv",
            Format::Pdf => ".pdf",
        }
    }
}

/// How results are written.
#[derive(Debug, Clone, Default)]
pub struct ExportOptions {}

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// What follows the document's name in the file's: `.json`; a `/` in it parts folders.
    pub ending: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// The files of a reading, in the order of `formats`. `path` is the file that was read.
///
/// Remarks on what a form could not hold go into the reading's report, which is therefore written last.
///
/// # Errors
/// Where the original can no longer be read, or a table cannot be made. A form that only this document does not
/// allow is left out, with an error in the report.
pub fn export(reading: &mut Reading, path: &Path, formats: &[Format], options: &ExportOptions) -> Result<Vec<Product>> {
    let mut formats = formats.to_vec();
    // The report goes last: it tells what the other forms could not hold.
    formats.sort_by_key(|format| (*format == Format::Json, *format));
    let mut products = Vec::new();
    for format in formats {
        if format == Format::Json {
            reading.report.diagnostics.sort_by_key(|d| d.place.map(|p| (p.page, p.line)));
        }
        products.extend(products_of(format, reading, path, options)?);
    }
    Ok(products)
}

fn products_of(format: Format, reading: &mut Reading, path: &Path, options: &ExportOptions) -> Result<Vec<Product>> {
    let one = |content| Ok(vec![Product { ending: format.ending().to_owned(), content }]);
    match format {
        Format::Json => one(reading.report.to_json().into_bytes()),
        Format::Txt => one(reading.text().into_bytes()),
        Format::Csv => one(reading.report.extraction.to_csv(&reading.report.source.file)?),
        Format::Pdf => match pdf::searchable(reading, path, options) {
            Ok(content) => one(content),
            Err(error) => {
                let mut diagnostic = Diagnostic::new(Severity::Error, error.message());
                diagnostic.hint = error.remedy_text().map(str::to_owned);
                reading.report.diagnostics.push(diagnostic);
                Ok(Vec::new())
            }
        },
    }
}

/// A text without what no format can hold or what would change how other text is shown: control characters, marks of
/// direction, and code points that are no characters.
fn printable(text: &str) -> Cow<'_, str> {
    let hostile = |c: char| {
        c.is_control()
            || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
            || (u32::from(c) & 0xFFFE) == 0xFFFE
            || matches!(c, '\u{FDD0}'..='\u{FDEF}')
    };
    if text.contains(hostile) { Cow::Owned(text.replace(hostile, "")) } else { Cow::Borrowed(text) }
}

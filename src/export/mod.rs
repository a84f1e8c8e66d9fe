//! What a user takes home of a [`Reading`]: one or more files a [`Format`], each made whole before any is written.

mod alto;
mod content;
mod hocr;
mod html;
mod markdown;
mod page_xml;
mod pdf;
mod prose;
mod record;
mod tables;
mod xlsx;
mod xml;

use crate::diagnostics::{Diagnostic, Severity};
use crate::error::Result;
use crate::pipeline::{Reader, Reading};
use std::borrow::Cow;
use std::path::Path;

/// A form of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// The report: fields, figures, checks, each with its place.
    Json,
    /// The restored text, a line a printed line, pages separated by a form feed.
    Txt,
    /// A table: one row a figure, then one row an indicator.
    Csv,
    /// The pages as they were, with the restored text over them, invisible: to be searched and copied.
    Pdf,
    /// ALTO 4.4: blocks, lines, words with boxes, confidences and what was seen.
    Alto,
    /// PAGE 2019-07-15, a file a page.
    Page,
    /// hOCR.
    Hocr,
    /// Markdown: headings, lists and tables, for people and for language models.
    Md,
    /// The same as one HTML file.
    Html,
    /// A workbook for Excel: a sheet a table, and one of all figures; what is unsure or fails a check is marked.
    Xlsx,
    /// The tables, one CSV each, in a folder.
    Tables,
    /// The archive's record as JSON and CSV, and a folder for a transfer: original, text, checksums.
    Record,
}

impl Format {
    /// All forms, in the order in which they are told.
    pub const ALL: [Format; 12] = [
        Format::Json,
        Format::Txt,
        Format::Csv,
        Format::Pdf,
        Format::Alto,
        Format::Page,
        Format::Hocr,
        Format::Md,
        Format::Html,
        Format::Xlsx,
        Format::Tables,
        Format::Record,
    ];

    /// What it is called on the command line and in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Txt => "txt",
            Format::Csv => "csv",
            Format::Pdf => "pdf",
            Format::Alto => "alto",
            Format::Page => "page",
            Format::Hocr => "hocr",
            Format::Md => "md",
            Format::Html => "html",
            Format::Xlsx => "xlsx",
            Format::Tables => "tables",
            Format::Record => "record",
        }
    }

    /// The form of this name; None where none has it.
    pub fn named(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    /// What the name of its file, or of the first of its files, ends in.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Json => ".json",
            Format::Txt => ".txt",
            Format::Csv => ".csv",
            Format::Pdf => ".pdf",
            Format::Alto => ".alto.xml",
            Format::Page => "-page1.page.xml",
            Format::Hocr => ".hocr",
            Format::Md => ".md",
            Format::Html => ".html",
            Format::Xlsx => ".xlsx",
            Format::Tables => ".tables",
            Format::Record => ".record.json",
        }
    }
}

/// How results are written.
#[derive(Debug, Clone, Default)]
pub struct ExportOptions {
    /// Whether Markdown and HTML say of each doubtful word why it is.
    pub marks: bool,
    /// Whether the searchable PDF is written as PDF/A-2u, signatures drawn flat.
    pub pdf_a: bool,
    /// Whether the original is put into the PDF/A, which then is PDF/A-3u.
    pub attach_original: bool,
}

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
    files(reading, path, formats, options, &pdf::searchable)
}

/// The same, by the reader that the reading comes from: where it sees pages in processes of their own, the searchable PDF is made in
/// one of them, since its original is read once more and may be hostile.
///
/// # Errors
/// As [`export`].
pub fn export_by(
    reader: &Reader,
    reading: &mut Reading,
    path: &Path,
    formats: &[Format],
    options: &ExportOptions,
) -> Result<Vec<Product>> {
    files(reading, path, formats, options, &|reading, path, options| pdf::searchable_by(reader, reading, path, options))
}

/// The searchable PDF of a reading, remarks in its report.
pub(crate) fn searchable_pdf(reading: &mut Reading, path: &Path, options: &ExportOptions) -> Result<Vec<u8>> {
    pdf::searchable(reading, path, options)
}

/// How a searchable PDF is made.
type Searchable<'a> = &'a dyn Fn(&mut Reading, &Path, &ExportOptions) -> Result<Vec<u8>>;

fn files(
    reading: &mut Reading,
    path: &Path,
    formats: &[Format],
    options: &ExportOptions,
    searchable: Searchable<'_>,
) -> Result<Vec<Product>> {
    let mut formats = formats.to_vec();
    // The report goes last: it tells what the other forms could not hold.
    formats.sort_by_key(|format| (*format == Format::Json, *format));
    let mut products = Vec::new();
    for format in formats {
        if format == Format::Json {
            reading.report.diagnostics.sort_by_key(|d| d.place.map(|p| (p.page, p.line)));
        }
        products.extend(products_of(format, reading, path, options, searchable)?);
    }
    Ok(products)
}

fn products_of(
    format: Format,
    reading: &mut Reading,
    path: &Path,
    options: &ExportOptions,
    searchable: Searchable<'_>,
) -> Result<Vec<Product>> {
    let one = |content| Ok(vec![Product { ending: format.ending().to_owned(), content }]);
    match format {
        Format::Json => one(reading.report.to_json().into_bytes()),
        Format::Txt => one(reading.text().into_bytes()),
        Format::Xlsx => one(xlsx::workbook(&reading.report)?),
        Format::Tables => tables::csv(&reading.report.tables, format.ending()),
        Format::Csv => one(reading.report.extraction.to_csv(&reading.report.source.file)?),
        Format::Alto => one(alto::alto(reading)),
        Format::Page => {
            let product = |(page, content)| Product { ending: format!("-page{page}.page.xml"), content };
            Ok(page_xml::page_xml(reading).into_iter().map(product).collect())
        }
        Format::Hocr => one(hocr::hocr(reading)),
        Format::Md => one(markdown::markdown(reading, options.marks)),
        Format::Html => one(html::page(reading, options.marks)),
        Format::Record => record::record(reading, path),
        Format::Pdf => match searchable(reading, path, options) {
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

/// A text as a cell of a table that is opened in a spreadsheet: one that would begin a formula is marked as a text by an apostrophe. Numbers
/// and what begins a line of a list (`- Tổng số`, `+ Trực tuyến`) are none.
fn cell(text: &str) -> Cow<'_, str> {
    let text = printable(text);
    let mut rest = text.trim_start().chars();
    let formula = match rest.next() {
        Some('=' | '@') => true,
        Some('+' | '-') => {
            rest.next().is_some_and(|c| !c.is_whitespace())
                && text.chars().any(|c| c.is_alphabetic() || "(!|".contains(c))
        }
        _ => false,
    };
    if formula { Cow::Owned(format!("'{text}")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_texts_and_numbers_and_lists_are_what_they_are() {
        for formula in
            ["=HYPERLINK(\"x\")", "@SUM(1)", "+cmd|'/c calc'!A0", "-2+3+cmd|' /C calc'!A0", " =1+1", "\u{202e}=1"]
        {
            assert_eq!(cell(formula), format!("'{}", printable(formula)), "{formula}");
        }
        for text in ["-5", "+ 12,5", "- Tổng số", "+ Trực tuyến", "1.077", "", "Báo cáo"] {
            assert_eq!(cell(text), text);
        }
    }
}

//! The archive's record of a document, and a folder that an archive's transfer takes: the original, its text, checksums.

use super::{Product, alto, printable};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::Record;
use crate::pipeline::Reading;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::path::Path;

/// What the record's JSON holds.
#[derive(Serialize)]
struct Written<'a> {
    file: &'a str,
    sha256: Option<&'a str>,
    #[serde(flatten)]
    record: Record,
}

/// The columns of the CSV, in the order of Circular 05/2025/TT-BNV, then what names the file.
const COLUMNS: [&str; 22] = [
    "document_id",
    "file_id",
    "order",
    "kind",
    "number",
    "code",
    "date",
    "issuer",
    "title",
    "language",
    "pages",
    "notes",
    "information_symbol",
    "keywords",
    "access",
    "trust",
    "handwriting",
    "physical_state",
    "procedure",
    "signer",
    "file",
    "sha256",
];

/// The record as JSON and as a CSV of one line, and the transfer folder.
///
/// # Errors
/// Where the original can no longer be read.
pub(super) fn record(reading: &Reading, path: &Path) -> Result<Vec<Product>> {
    let original = std::fs::read(path).map_err(|e| Error::io(path, e))?;
    let source = &reading.report.source;
    let mut record = reading.report.extraction.document.archive.clone();
    record.pages = record.pages.or(Some(source.pages).filter(|&n| n > 0));
    let row = row(&record, &source.file, source.sha256.as_deref());
    let written = Written { file: &source.file, sha256: source.sha256.as_deref(), record };
    let defect = |e: serde_json::Error| Error::new(ErrorKind::Defect, "the record cannot be made").source(e);
    let mut json = serde_json::to_vec_pretty(&written).map_err(defect)?;
    json.push(b'\n');
    let mut products = vec![
        Product { ending: ".record.json".to_owned(), content: json.clone() },
        // Excel takes a CSV for UTF-8 only where it begins with the mark.
        Product { ending: ".record.csv".to_owned(), content: [b"\xEF\xBB\xBF", &table(&COLUMNS, &row)?[..]].concat() },
    ];
    products.extend(transfer(reading, &written.record, original, json)?);
    Ok(products)
}

fn row(record: &Record, file: &str, sha256: Option<&str>) -> Vec<String> {
    let shown = |text: &Option<String>| text.clone().unwrap_or_default();
    let number = |n: Option<u32>| n.map_or(String::new(), |n| n.to_string());
    vec![
        shown(&record.document_id),
        shown(&record.file_id),
        number(record.order),
        shown(&record.kind),
        shown(&record.number),
        shown(&record.code),
        shown(&record.date),
        shown(&record.issuer),
        shown(&record.title),
        shown(&record.language),
        number(record.pages),
        shown(&record.notes),
        shown(&record.information_symbol),
        record.keywords.join("; "),
        shown(&record.access),
        shown(&record.trust),
        shown(&record.handwriting),
        shown(&record.physical_state),
        shown(&record.procedure),
        shown(&record.signer),
        file.to_owned(),
        sha256.unwrap_or_default().to_owned(),
    ]
}

/// A header and a row. A cell that a spreadsheet would take for a formula gets an apostrophe before it.
fn table(header: &[&str], row: &[String]) -> Result<Vec<u8>> {
    let defect = |e: csv::Error| Error::new(ErrorKind::Defect, "the record's table cannot be made").source(e);
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(header).map_err(defect)?;
    table.write_record(row.iter().map(|text| super::cell(text).into_owned())).map_err(defect)?;
    table
        .into_inner()
        .map_err(|e| Error::new(ErrorKind::Defect, "the record's table cannot be made").source(e.to_string()))
}

/// The transfer: `objects/` with the original as it is, `metadata/ocr/` with its text by name, the fields in Dublin Core,
/// and the checksums of it all, as `sha256sum -c` in `metadata/` checks them.
fn transfer(reading: &Reading, record: &Record, original: Vec<u8>, json: Vec<u8>) -> Result<Vec<Product>> {
    let name = file_name(&reading.report.source.file);
    let stem = Path::new(&name).file_stem().map_or_else(|| name.clone(), |s| s.to_string_lossy().into_owned());
    let shown = |text: &Option<String>| text.clone().unwrap_or_default();
    let number = reading.report.extraction.document.number.clone();
    let header =
        ["filename", "dc.title", "dc.creator", "dc.date", "dc.identifier", "dc.type", "dc.language", "dc.subject"];
    let row = [
        format!("objects/{name}"),
        shown(&record.title),
        shown(&record.issuer),
        shown(&record.date),
        number.unwrap_or_default(),
        shown(&record.kind),
        "vi".to_owned(),
        record.keywords.join("; "),
    ];
    let files = [
        (format!("../objects/{name}"), original),
        (format!("ocr/{stem}.txt"), reading.text().into_bytes()),
        (format!("ocr/{stem}.alto.xml"), alto::alto(reading)),
        (format!("{stem}.record.json"), json),
        ("metadata.csv".to_owned(), table(&header, &row)?),
    ];
    let mut sums = String::new();
    let mut products = Vec::new();
    for (at, content) in files {
        let sum: String = Sha256::digest(&content).iter().map(|b| format!("{b:02x}")).collect();
        sums.push_str(&format!("{sum}  {at}\n"));
        let place = at.strip_prefix("../").map_or_else(|| format!("metadata/{at}"), str::to_owned);
        products.push(Product { ending: format!(".transfer/{place}"), content });
    }
    products.push(Product { ending: ".transfer/metadata/checksum.sha256".to_owned(), content: sums.into_bytes() });
    Ok(products)
}

/// A file's name without what would lead out of a folder or break a list of names.
fn file_name(name: &str) -> String {
    let name: String = printable(name).chars().map(|c| if matches!(c, '/' | '\\') { '_' } else { c }).collect();
    if name.trim_matches('.').is_empty() { "document".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_in_its_folder() {
        assert_eq!(file_name("../../x.pdf"), ".._.._x.pdf");
        assert_eq!(file_name(".."), "document");
    }

    #[test]
    fn the_columns_are_those_of_the_record() {
        let record = Record::default();
        let json = serde_json::to_value(Written { file: "x.pdf", sha256: None, record: record.clone() }).unwrap();
        let names: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names.len(), COLUMNS.len());
        assert!(COLUMNS.iter().all(|column| names.contains(column)));
        assert_eq!(row(&record, "x.pdf", None).len(), COLUMNS.len());
    }
}

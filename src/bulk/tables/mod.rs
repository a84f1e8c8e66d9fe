//! Everything that a run read, as tables: one row a document, page, figure, indicator and so on.
//!
//! They are made of the reports that lie beside the journal, documents in the order of their SHA-256, so that the same results give the
//! same bytes, and a document that was read again has its rows once.

mod parquet;
pub mod rows;
pub mod schema;
mod sqlite;
mod text;

use self::parquet::ParquetTable;
use super::journal::{FILE, look, path_of, unreadable};
use crate::diagnostics::{Diagnostic, Outcome};
use crate::error::{Error, ErrorKind, Result};
use crate::report::Report;
use ::parquet::errors::ParquetError;
use rayon::prelude::*;
use rows::{Provenance, Row, rows};
use rusqlite::Connection;
use schema::TABLES;
use sqlite::SqliteTables;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A form of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// One file a table, with types.
    Parquet,
    /// One database.
    Sqlite,
    /// One file a table, with a head.
    Csv,
    /// One file a table, one JSON object a row.
    Jsonl,
}

/// Name of the folder of the tables.
pub const FOLDER: &str = "tables";

/// How many rows each table has.
pub type Counts = Vec<(&'static str, u64)>;

/// Documents that are looked at together; enough for all cores, little enough for any memory.
const PART: usize = 32;

/// Writes the tables of what was read into `out` as files of these formats in its folder [`FOLDER`], in place of older ones. A document whose report is
/// missing is among the remarks.
///
/// # Errors
/// Where the journal cannot be read or the tables cannot be written.
pub fn write(out: &Path, formats: &[Format]) -> Result<Outcome<Counts>> {
    let db = look(out)?;
    let folder = out.join(FOLDER);
    // Nobody sees tables that are not whole.
    let made = std::fs::create_dir_all(&folder).and_then(|()| TempDir::with_prefix_in(".new-", &folder));
    let new = made.map_err(|e| unwritable(&folder, e))?;
    let mut writers = Writers::new(new.path(), formats)?;
    let mut diagnostics = Vec::new();
    let mut counts = [0; TABLES.len()];
    let mut after = String::new();
    loop {
        let part = documents(&db, &after).map_err(|e| unreadable(&out.join(FILE), e))?;
        let Some(last) = part.last() else { break };
        after.clone_from(&last.document);
        let all: Vec<Result<Vec<Vec<Row>>>> = part.par_iter().map(|document| of_document(out, document)).collect();
        for rows in all {
            match rows {
                Ok(rows) => {
                    for (table, rows) in rows.iter().enumerate() {
                        counts[table] += rows.len() as u64;
                        for row in rows {
                            writers.row(table, row)?;
                        }
                    }
                }
                Err(error) => diagnostics.push(Diagnostic::warning(error.to_string())),
            }
        }
    }
    let files = writers.finish()?;
    for file in files {
        let name = file.file_name().unwrap_or(file.as_os_str());
        let target = folder.join(name);
        std::fs::rename(&file, &target).map_err(|e| unwritable(&target, e))?;
    }
    let counts = TABLES.iter().zip(counts).map(|(t, count)| (t.name, count)).collect();
    Ok(Outcome { value: counts, diagnostics })
}

/// The next documents in the order of their SHA-256; the name of each is that of the first file that holds it.
fn documents(db: &Connection, after: &str) -> rusqlite::Result<Vec<Provenance>> {
    let mut all = db.prepare_cached(
        "SELECT document, sha256, bytes, score, reasons FROM documents
          WHERE sha256 > ?1 AND EXISTS (SELECT 1 FROM inputs WHERE inputs.document = documents.document AND inputs.state = 'done')
          ORDER BY sha256 LIMIT ?2",
    )?;
    let mut files =
        db.prepare_cached("SELECT path, name FROM inputs WHERE document = ?1 AND state = 'done' ORDER BY path")?;
    let found = all.query_map(rusqlite::params![after, PART as i64], |row| {
        let files = files.query_map([row.get::<_, i64>(0)?], |row| {
            Ok((path_of(row.get_ref(0)?).to_string_lossy().into_owned(), row.get::<_, String>(1)?))
        })?;
        let files: Vec<(String, String)> = files.collect::<rusqlite::Result<_>>()?;
        let reasons: Option<String> = row.get(4)?;
        Ok(Provenance {
            document: row.get(1)?,
            name: files.first().map(|f| f.1.clone()),
            paths: files.into_iter().map(|f| f.0).collect(),
            bytes: row.get::<_, i64>(2)? as u64,
            score: row.get(3)?,
            reasons: reasons.and_then(|r| serde_json::from_str(&r).ok()).unwrap_or_default(),
        })
    })?;
    found.collect()
}

fn of_document(out: &Path, document: &Provenance) -> Result<Vec<Vec<Row>>> {
    let name = document.name.as_deref().unwrap_or_default();
    let path = out.join(format!("{name}.json"));
    let remedy = "give the command that read it again";
    let json = std::fs::read(&path).map_err(|e| Error::io(&path, e).remedy(remedy))?;
    let report: Report = serde_json::from_slice(&json)
        .map_err(|e| Error::new(ErrorKind::Damaged, "this is not a report").file(&path).remedy(remedy).source(e))?;
    let text = std::fs::read_to_string(out.join(format!("{name}.txt"))).ok();
    let texts: Vec<String> = match text {
        Some(text) if !report.pages.is_empty() => text.split('\u{c}').map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    Ok(rows(&report, &texts, document))
}

/// Files that are being written.
struct Writers {
    files: Vec<PathBuf>,
    parquet: Vec<ParquetTable<File>>,
    csv: Vec<csv::Writer<File>>,
    jsonl: Vec<BufWriter<File>>,
    sqlite: Option<SqliteTables>,
    folder: PathBuf,
}

impl Writers {
    fn new(folder: &Path, formats: &[Format]) -> Result<Writers> {
        let mut made = Writers {
            files: Vec::new(),
            parquet: Vec::new(),
            csv: Vec::new(),
            jsonl: Vec::new(),
            sqlite: None,
            folder: folder.to_owned(),
        };
        for table in &TABLES {
            if formats.contains(&Format::Parquet) {
                let file = made.create(&format!("{}.parquet", table.name))?;
                made.parquet.push(ParquetTable::new(table, file).map_err(|e| made.trouble(e))?);
            }
            if formats.contains(&Format::Csv) {
                let file = made.create(&format!("{}.csv", table.name))?;
                made.csv.push(text::csv_head(table, file).map_err(|e| made.trouble(e))?);
            }
            if formats.contains(&Format::Jsonl) {
                let file = made.create(&format!("{}.jsonl", table.name))?;
                made.jsonl.push(BufWriter::new(file));
            }
        }
        if formats.contains(&Format::Sqlite) {
            let path = folder.join("tables.sqlite");
            made.sqlite = Some(SqliteTables::new(&path).map_err(|e| made.trouble(e))?);
            made.files.push(path);
        }
        Ok(made)
    }

    fn create(&mut self, name: &str) -> Result<File> {
        let path = self.folder.join(name);
        let file = File::create(&path).map_err(|e| unwritable(&path, e))?;
        self.files.push(path);
        Ok(file)
    }

    fn row(&mut self, table: usize, row: &Row) -> Result<()> {
        let folder = &self.folder;
        let trouble = |error: Box<dyn std::error::Error + Send + Sync>| trouble(folder, error);
        if let Some(writer) = self.parquet.get_mut(table) {
            writer.row(row).map_err(|e: ParquetError| trouble(e.into()))?;
        }
        if let Some(writer) = self.csv.get_mut(table) {
            writer.write_record(row.iter().map(text::field)).map_err(|e| trouble(e.into()))?;
        }
        if let Some(writer) = self.jsonl.get_mut(table) {
            text::line(&TABLES[table], row, writer).map_err(|e| trouble(e.into()))?;
        }
        if let Some(writer) = &mut self.sqlite {
            writer.row(table, row).map_err(|e| trouble(e.into()))?;
        }
        Ok(())
    }

    fn finish(self) -> Result<Vec<PathBuf>> {
        let folder = &self.folder;
        for writer in self.parquet {
            writer.finish().map_err(|e| trouble(folder, e))?;
        }
        for mut writer in self.csv {
            writer.flush().map_err(|e| trouble(folder, e))?;
        }
        for mut writer in self.jsonl {
            writer.flush().map_err(|e| trouble(folder, e))?;
        }
        if let Some(writer) = self.sqlite {
            writer.finish().map_err(|e| trouble(folder, e))?;
        }
        Ok(self.files)
    }

    fn trouble(&self, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        trouble(&self.folder, error)
    }
}

fn trouble(folder: &Path, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    let remedy = "see whether the disk is full, and give the command again";
    Error::new(ErrorKind::Unwritable, "the tables cannot be written").file(folder).remedy(remedy).source(error)
}

fn unwritable(path: &Path, error: std::io::Error) -> Error {
    let remedy = "see whether the disk is full or the folder protected, and give the command again";
    Error::new(ErrorKind::Unwritable, "it cannot be written").file(path).remedy(remedy).source(error)
}

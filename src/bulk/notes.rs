//! What a run notes in the journal of the files that it reads.

use super::event::State;
use super::journal::{one, path_of, path_value};
use super::recipe::Recipe;
use super::review::Review;
use crate::diagnostics::{Diagnostic, Outcome, Severity};
use crate::extract::Verdict;
use crate::pipeline::FileFacts;
use crate::report::{Report, Status};
use rusqlite::{Connection, Row, params};
use std::path::PathBuf;

/// A file to read.
#[derive(Debug, Clone)]
pub(super) struct Input {
    pub(super) path: PathBuf,
    pub(super) name: String,
    pub(super) size: i64,
    pub(super) modified: i64,
    pub(super) state: String,
    pub(super) attempts: i64,
    pub(super) recipe: Option<String>,
    /// What the names of its results end in.
    pub(super) products: Vec<String>,
    pub(super) document_state: Option<String>,
    pub(super) sha256: Option<String>,
}

impl Input {
    /// The columns that [`Input::of_row`] takes, of `inputs LEFT JOIN documents USING (document)`.
    pub(super) const COLUMNS: &str =
        "path, name, size, modified, inputs.state, attempts, inputs.recipe, products, documents.state, sha256";

    /// The file of a row that begins with these columns.
    pub(super) fn of_row(row: &Row<'_>) -> rusqlite::Result<Input> {
        let products: Option<String> = row.get(7)?;
        Ok(Input {
            path: path_of(row.get_ref(0)?),
            name: row.get(1)?,
            size: row.get(2)?,
            modified: row.get(3)?,
            state: row.get(4)?,
            attempts: row.get(5)?,
            recipe: row.get(6)?,
            products: products.and_then(|p| serde_json::from_str(&p).ok()).unwrap_or_default(),
            document_state: row.get(8)?,
            sha256: row.get(9)?,
        })
    }
}

/// What the names of the results of a file end in, and how large they are.
pub(super) type Products = Vec<(String, u64)>;

/// The document of this content, and the file noted as holding it.
pub(super) fn document_id(db: &Connection, input: &Input, sha256: &str) -> rusqlite::Result<i64> {
    let mut add = db.prepare_cached(
        "INSERT INTO documents (sha256, bytes, state) VALUES (?1, ?2, 'open') ON CONFLICT DO NOTHING",
    )?;
    add.execute(params![sha256, input.size])?;
    let mut find = db.prepare_cached("SELECT document FROM documents WHERE sha256 = ?1")?;
    let id = find.query_row([sha256], |row| row.get(0))?;
    let mut note = db.prepare_cached("UPDATE inputs SET document = ?2 WHERE path = ?1")?;
    note.execute(params![path_value(&input.path), id])?;
    Ok(id)
}

/// What an earlier run found when it opened the document.
pub(super) fn earlier_opening(db: &Connection, id: i64, sha256: &str) -> rusqlite::Result<Option<Outcome<FileFacts>>> {
    let mut find =
        db.prepare_cached("SELECT pages, opened FROM documents WHERE document = ?1 AND opened IS NOT NULL")?;
    let found = one(find.query_row([id], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, String>(1)?))))?;
    Ok(found.and_then(|(pages, remarks)| {
        let diagnostics: Vec<Diagnostic> = serde_json::from_str(&remarks).ok()?;
        Some(Outcome { value: FileFacts { sha256: sha256.to_owned(), pages }, diagnostics })
    }))
}

/// Notes that the results of a file are written.
pub(super) fn record(
    db: &Connection,
    input: &Input,
    document: i64,
    report: &Report,
    recipe: &Recipe,
    products: &Products,
    seconds: f64,
) -> rusqlite::Result<(State, f32)> {
    let state = if report.pages.iter().all(|p| p.status == Status::Failed) {
        State::Failed
    } else if report.is_partial() {
        State::Partly
    } else {
        State::Read
    };
    let recipe = if state == State::Read { &recipe.results } else { &recipe.failed_results };
    let review = Review::of(report);
    let failed = report.extraction.checks.iter().filter(|c| c.status == Verdict::Fail).count();
    let warnings = report.diagnostics.iter().filter(|d| d.severity >= Severity::Warning).count();
    let reasons = serde_json::to_string(&review.reasons).unwrap_or_default();
    let mut note = db.prepare_cached(
        "UPDATE documents SET pages = ?2, state = ?3, recipe = ?4, seconds = ?5, error = NULL, failed_checks = ?6, warnings = ?7,
           score = ?8, reasons = ?9 WHERE document = ?1",
    )?;
    let (pages, failed, warnings) = (report.source.pages, failed as i64, warnings as i64);
    note.execute(params![document, pages, state.name(), recipe, seconds, failed, warnings, review.score, reasons])?;
    let mut note = db.prepare_cached(
        "UPDATE inputs SET state = 'done', attempts = 0, recipe = ?2, products = ?3, products_bytes = ?4, error = NULL WHERE path = ?1",
    )?;
    let endings: Vec<&str> = products.iter().map(|p| p.0.as_str()).collect();
    let endings = serde_json::to_string(&endings).unwrap_or_default();
    let size: u64 = products.iter().map(|p| p.1).sum();
    note.execute(params![path_value(&input.path), recipe, endings, size as i64])?;
    Ok((state, review.score))
}

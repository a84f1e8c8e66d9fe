//! The folders that several machines wrote, as one: results and journals together.

use super::journal::{Journal, look, path_value, unreadable};
use super::lists;
use super::notes::Input;
use crate::digest;
use crate::error::{Error, ErrorKind, Result};
use crate::output::OutputFolder;
use rusqlite::types::Value;
use rusqlite::{Connection, params};
use std::path::{Path, PathBuf};

/// What was put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Merged {
    /// Files whose results are in the new folder.
    pub files: u64,
    /// Files that several folders have results of, taken once.
    pub twice: u64,
}

/// A file of one of the folders.
struct Found {
    input: Input,
    bytes: Option<i64>,
    error: Option<String>,
}

/// Puts the results and journals of `folders` together in `out`, which may hold what was merged before. Results that lie on the same disk are
/// linked and take no room; the pages as they were seen stay in the folders that they come from.
///
/// A file that several folders have is taken from the first of them. Where two results would have the same name, the later one gets a suffix
/// made from its content.
///
/// # Errors
/// Where a folder has no journal, a result is missing, or the new folder cannot be written.
pub fn merge(folders: &[PathBuf], out: &Path) -> Result<Merged> {
    let folder = OutputFolder::create(out)?.durable();
    let journal = Journal::open(out)?;
    let run = journal.begin("null", &serde_json::json!({"merge": folders}).to_string())?;
    let mut merged = Merged::default();
    for from in folders {
        let db = look(from)?;
        let path = from.join(super::journal::FILE);
        let all = inputs(&db).map_err(|e| unreadable(&path, e))?;
        for found in all {
            if !take(&journal, run, &db, from, &folder, &found)? {
                merged.twice += 1;
                continue;
            }
            merged.files += 1;
        }
    }
    folder.settle("journal.sqlite")?;
    lists::write(&journal, &folder)?;
    journal.end(run, 0)?;
    Ok(merged)
}

fn inputs(db: &Connection) -> rusqlite::Result<Vec<Found>> {
    let mut all = db.prepare(&format!(
        "SELECT {}, products_bytes, inputs.error
           FROM inputs LEFT JOIN documents USING (document) WHERE inputs.state IN ('done', 'failed') ORDER BY path",
        Input::COLUMNS
    ))?;
    let rows =
        all.query_map([], |row| Ok(Found { input: Input::of_row(row)?, bytes: row.get(10)?, error: row.get(11)? }))?;
    rows.collect()
}

/// Takes over one file; whether it was not there yet.
fn take(journal: &Journal, run: i64, db: &Connection, from: &Path, out: &OutputFolder, found: &Found) -> Result<bool> {
    let input = &found.input;
    let there = |path: &Value| -> Result<Option<Option<String>>> {
        let sql = "SELECT sha256 FROM inputs LEFT JOIN documents USING (document) WHERE path = ?1";
        journal.with_db(|db| super::journal::one(db.query_row(sql, [path], |row| row.get(0))))
    };
    let mut path = path_value(&input.path);
    if let Some(earlier) = there(&path)? {
        if earlier == input.sha256 {
            return Ok(false);
        }
        // Another machine's file of the same name.
        path = Value::Text(format!("{}:{}", from.display(), input.path.display()));
        if there(&path)?.is_some() {
            return Ok(false);
        }
    }
    let taken = "SELECT count(*) FROM inputs WHERE folded = ?1";
    let is_taken = |name: &str| {
        journal
            .with_db(|db| db.query_row(taken, [name.to_lowercase()], |row| row.get::<_, i64>(0)))
            .map(|count| count > 0)
    };
    let mut name = input.name.clone();
    if is_taken(&name)? {
        let of_path = || digest::sha256(format!("{}:{}", from.display(), input.path.display()).as_bytes());
        let digest = input.sha256.clone().unwrap_or_else(of_path);
        name = format!("{name}-{}", digest.get(..8).unwrap_or_default());
    }
    for ending in &input.products {
        link(&from.join(format!("{}{ending}", input.name)), &out.file(&format!("{name}{ending}")))?;
    }
    let document = match &input.sha256 {
        Some(sha256) => Some(document(journal, db, sha256).map_err(|e| e.file(from))?),
        None => None,
    };
    let sql = "INSERT INTO inputs (path, name, folded, size, modified, run, state, document, recipe, products, products_bytes, error)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    let products = serde_json::to_string(&input.products).unwrap_or_default();
    journal.with_db(|db| {
        db.prepare_cached(sql)?.execute(params![
            path,
            name,
            name.to_lowercase(),
            input.size,
            input.modified,
            run,
            input.state,
            document,
            input.recipe,
            products,
            found.bytes,
            found.error
        ])
    })?;
    Ok(true)
}

/// The number of a document in the new journal, into which its facts and its pages are copied where they are not there.
fn document(journal: &Journal, from: &Connection, sha256: &str) -> Result<i64> {
    let find = "SELECT document FROM documents WHERE sha256 = ?1";
    if let Some(id) = journal.with_db(|db| super::journal::one(db.query_row(find, [sha256], |row| row.get(0))))? {
        return Ok(id);
    }
    let copied = || -> rusqlite::Result<(Vec<Value>, Vec<Vec<Value>>)> {
        let facts = "SELECT sha256, bytes, pages, state, recipe, seconds, error, failed_checks, warnings, score, reasons, document
                       FROM documents WHERE sha256 = ?1";
        let mut facts = from
            .query_row(facts, [sha256], |row| (0..12).map(|i| row.get(i)).collect::<rusqlite::Result<Vec<Value>>>())?;
        let id = facts.pop().unwrap_or(Value::Null);
        let mut pages = from.prepare_cached(
            "SELECT page, state, recipe, attempts, seconds, kind, error FROM pages WHERE document = ?1 ORDER BY page",
        )?;
        let pages =
            pages.query_map([id], |row| (0..7).map(|i| row.get(i)).collect::<rusqlite::Result<Vec<Value>>>())?;
        Ok((facts, pages.collect::<rusqlite::Result<_>>()?))
    };
    let (facts, pages) =
        copied().map_err(|e| Error::new(ErrorKind::Unreadable, "the journal cannot be read").source(e))?;
    journal.with_db(|db| {
        let mut add = db.prepare_cached(
            "INSERT INTO documents (sha256, bytes, pages, state, recipe, seconds, error, failed_checks, warnings, score, reasons)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        add.execute(rusqlite::params_from_iter(&facts))?;
        let id = db.last_insert_rowid();
        let mut add = db.prepare_cached("INSERT INTO pages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
        for page in &pages {
            add.execute(rusqlite::params_from_iter(std::iter::once(&Value::Integer(id)).chain(page)))?;
        }
        Ok(id)
    })
}

/// The same file at another place; a copy where it lies on another disk.
fn link(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(|e| unwritable(folder, e))?;
    }
    // What was left behind by a merge that was ended.
    let _ = std::fs::remove_file(to);
    if std::fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    if !from.is_file() {
        let remedy = "give the command again that wrote its folder";
        return Err(Error::new(ErrorKind::Unreadable, "this result is missing").file(from).remedy(remedy));
    }
    std::fs::copy(from, to).map(drop).map_err(|e| unwritable(to, e))
}

fn unwritable(path: &Path, error: std::io::Error) -> Error {
    let remedy = "choose a folder that may be written to and has room, with --out";
    Error::new(ErrorKind::Unwritable, "it cannot be written").file(path).remedy(remedy).source(error)
}

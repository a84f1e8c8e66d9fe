//! The desk's index of a folder of results: what documents there are, the words in them, and what in them is worth a look.
//!
//! `desk.sqlite` beside the results can be made again from them at any time; it holds nothing that is not in them.

use super::kept::Kept;
use crate::error::{Error, ErrorKind, Result};
use crate::extract::Verdict;
use crate::report::{Report, Status};
use crate::restore::{Grade, RestoredPage};
use crate::text::fold;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

/// Version of the tables; another one is thrown away and made anew.
const VERSION: i64 = 1;

/// Words and figures below this are worth a look: what is surer is right in 99 of 100 places (docs/accuracy.md).
const DOUBTFUL: f32 = 0.9;

/// The most words of a document that the queue lists; a page with more of them is bad as a whole and listed as such.
const MOST_WORDS: usize = 200;

/// An index of a folder of results.
#[derive(Debug)]
pub struct Shelf {
    folder: PathBuf,
    index: Connection,
}

/// What a list shows of a document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// SHA-256 of the file.
    pub id: String,
    /// Name of its results.
    pub name: String,
    /// Name of the file.
    pub file: String,
    /// Kind of document; None where it is not known, as for all that follow.
    pub kind: Option<String>,
    /// Number and code.
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Title or abstract.
    pub title: Option<String>,
    /// Year of issue.
    pub year: Option<i64>,
    /// Pages.
    pub pages: i64,
    /// Places that are worth a look.
    pub doubts: i64,
    /// Checks that fail.
    pub failed_checks: i64,
    /// A piece of the text around what was searched for; None where nothing was.
    pub found: Option<String>,
}

/// What a list of documents is to hold.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Words that all must be in it, with or without marks; empty for all documents.
    pub words: String,
    /// The issuer; empty for any, as for what follows.
    pub issuer: String,
    /// The kind of document.
    pub kind: String,
    /// The year.
    pub year: String,
    /// Only documents with something that is worth a look.
    pub doubtful: bool,
    /// How many to pass over.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

/// Documents, how many there are in all, and what they can be narrowed by.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Found {
    /// Those asked for.
    pub documents: Vec<Entry>,
    /// How many would be found without a limit.
    pub total: i64,
    /// Issuers, kinds and years of all documents with how many each has, by name.
    pub issuers: BTreeMap<String, i64>,
    /// As `issuers`.
    pub kinds: BTreeMap<String, i64>,
    /// As `issuers`.
    pub years: BTreeMap<String, i64>,
}

/// A place that is worth a look.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Doubt {
    /// The document.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `page`, `check`, `figure` or `word`.
    pub kind: String,
    /// The page.
    pub page: i64,
    /// The box on it, as JSON; None for a page as a whole.
    pub rect: Option<String>,
    /// What stands there.
    pub text: String,
    /// Why it is worth a look.
    pub why: String,
    /// How much, from 0 to 1.
    pub weight: f64,
}

impl Shelf {
    /// Opens the index of `folder`, or makes it.
    ///
    /// # Errors
    /// [`ErrorKind::Unwritable`] where it can be neither read nor made.
    pub fn open(folder: &Path) -> Result<Shelf> {
        let path = folder.join("desk.sqlite");
        let opened = Connection::open(&path).and_then(|index| {
            index.busy_timeout(Duration::from_secs(5))?;
            index.pragma_update(None, "journal_mode", "WAL")?;
            let version: i64 = index.pragma_query_value(None, "user_version", |row| row.get(0))?;
            if version != VERSION {
                index.execute_batch(
                    "DROP TABLE IF EXISTS documents; DROP TABLE IF EXISTS doubts; DROP TABLE IF EXISTS words;
                     CREATE TABLE documents(id TEXT PRIMARY KEY, name TEXT UNIQUE, stamp INTEGER, file TEXT, kind TEXT, number TEXT, issuer TEXT,
                         title TEXT, year INTEGER, pages INTEGER, doubts INTEGER, failed_checks INTEGER);
                     CREATE TABLE doubts(document TEXT, kind TEXT, page INTEGER, rect TEXT, text TEXT, why TEXT, weight REAL);
                     CREATE INDEX doubts_by_weight ON doubts(weight DESC);
                     CREATE INDEX doubts_by_document ON doubts(document);
                     CREATE VIRTUAL TABLE words USING fts5(marked, bare, tokenize = \"unicode61 remove_diacritics 0\");",
                )?;
                index.pragma_update(None, "user_version", VERSION)?;
            }
            Ok(index)
        });
        let index = opened.map_err(|e| failed(&path, e))?;
        Ok(Shelf { folder: folder.to_owned(), index })
    }

    /// Takes in results that are new or changed and forgets those that are gone. Gives how many it took in.
    ///
    /// # Errors
    /// Where the folder cannot be read or the index not written.
    pub fn refresh(&mut self, kept: &Kept) -> Result<usize> {
        let mut there: BTreeMap<String, i64> = BTreeMap::new();
        let entries = std::fs::read_dir(&self.folder).map_err(|e| Error::io(&self.folder, e))?;
        for entry in entries.filter_map(std::result::Result::ok) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some(name) = name.strip_suffix(".json") else { continue };
            let Ok(meta) = entry.metadata() else { continue };
            let time = meta.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
            there.insert(name.to_owned(), time.as_nanos() as i64 ^ meta.len() as i64);
        }
        let path = self.folder.join("desk.sqlite");
        self.take_in(&there, kept).map_err(|e| failed(&path, e))
    }

    fn take_in(&mut self, there: &BTreeMap<String, i64>, kept: &Kept) -> rusqlite::Result<usize> {
        let known: BTreeMap<String, i64> = {
            let mut rows = self.index.prepare("SELECT name, stamp FROM documents")?;
            rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?
        };
        let change = self.index.transaction()?;
        for name in known.keys().filter(|name| !there.contains_key(*name)) {
            forget(&change, name)?;
        }
        let mut taken = 0;
        for (name, stamp) in there.iter().filter(|(name, stamp)| known.get(*name) != Some(*stamp)) {
            let bytes = std::fs::read(self.folder.join(format!("{name}.json"))).unwrap_or_default();
            // Other JSON may lie in the folder too.
            let Ok(report) = serde_json::from_slice::<Report>(&bytes) else { continue };
            let Some(id) = report.source.sha256.clone() else { continue };
            let text = std::fs::read_to_string(self.folder.join(format!("{name}.txt"))).unwrap_or_default();
            let pages = kept.load(&id).map(|kept| kept.pages).unwrap_or_default();
            forget(&change, name)?;
            insert(&change, name, *stamp, &id, &report, &text, &pages)?;
            taken += 1;
        }
        change.commit()?;
        Ok(taken)
    }

    /// The documents that are wanted: those with every word, the best match first; all by name where there are no words.
    ///
    /// # Errors
    /// Where the index is damaged.
    pub fn find(&self, wanted: &Wanted) -> Result<Found> {
        self.ask(wanted).map_err(|e| failed(&self.folder.join("desk.sqlite"), e))
    }

    fn ask(&self, wanted: &Wanted) -> rusqlite::Result<Found> {
        let query = query_of(&wanted.words);
        let mut conditions = vec!["1"];
        let mut values: Vec<String> = Vec::new();
        for (value, condition) in [
            (&wanted.issuer, "documents.issuer = ?"),
            (&wanted.kind, "documents.kind = ?"),
            (&wanted.year, "CAST(documents.year AS TEXT) = ?"),
        ] {
            if !value.is_empty() {
                conditions.push(condition);
                values.push(value.clone());
            }
        }
        if wanted.doubtful {
            conditions.push("documents.doubts > 0");
        }
        let (from, found, order) = match &query {
            Some(query) => {
                conditions.push("words MATCH ?");
                values.push(query.clone());
                let from = "words JOIN documents ON documents.rowid = words.rowid";
                (from, "snippet(words, 0, '\u{1}', '\u{2}', '…', 12)", "bm25(words), documents.name")
            }
            None => ("documents", "NULL", "documents.name"),
        };
        let conditions = conditions.join(" AND ");
        let count = format!("SELECT count(*) FROM {from} WHERE {conditions}");
        let total = self.index.query_row(&count, params_from_iter(&values), |row| row.get(0))?;
        let select = format!(
            "SELECT documents.id, name, file, kind, number, issuer, title, year, pages, doubts, failed_checks, {found}
             FROM {from} WHERE {conditions} ORDER BY {order} LIMIT {} OFFSET {}",
            wanted.limit, wanted.offset
        );
        let mut rows = self.index.prepare(&select)?;
        let documents = rows.query_map(params_from_iter(&values), entry)?.collect::<rusqlite::Result<_>>()?;
        let groups = |column: &str| -> rusqlite::Result<BTreeMap<String, i64>> {
            let select =
                format!("SELECT CAST({column} AS TEXT), count(*) FROM documents WHERE {column} IS NOT NULL GROUP BY 1");
            let mut rows = self.index.prepare(&select)?;
            rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        };
        Ok(Found { documents, total, issuers: groups("issuer")?, kinds: groups("kind")?, years: groups("year")? })
    }

    /// One document; None where it is not there.
    ///
    /// # Errors
    /// Where the index is damaged.
    pub fn entry(&self, id: &str) -> Result<Option<Entry>> {
        let select = "SELECT id, name, file, kind, number, issuer, title, year, pages, doubts, failed_checks, NULL FROM documents WHERE id = ?";
        let row = self.index.query_row(select, [id], entry).optional();
        row.map_err(|e| failed(&self.folder.join("desk.sqlite"), e))
    }

    /// The time now, as `2026-11-28T16:50:00Z`.
    ///
    /// # Errors
    /// Where the index is damaged.
    pub fn now(&self) -> Result<String> {
        let now = self.index.query_row("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')", [], |row| row.get(0));
        now.map_err(|e| failed(&self.folder.join("desk.sqlite"), e))
    }

    /// What is worth a look over all documents, what matters most first.
    ///
    /// # Errors
    /// Where the index is damaged.
    pub fn doubts(&self, limit: u32) -> Result<Vec<Doubt>> {
        let ask = || -> rusqlite::Result<Vec<Doubt>> {
            let mut rows = self.index.prepare(
                "SELECT document, name, doubts.kind, page, rect, text, why, weight FROM doubts JOIN documents ON id = document
                 ORDER BY weight DESC, name, page, doubts.rowid LIMIT ?",
            )?;
            let doubt = |row: &rusqlite::Row| {
                Ok(Doubt {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    kind: row.get(2)?,
                    page: row.get(3)?,
                    rect: row.get(4)?,
                    text: row.get(5)?,
                    why: row.get(6)?,
                    weight: row.get(7)?,
                })
            };
            rows.query_map([limit], doubt)?.collect()
        };
        ask().map_err(|e| failed(&self.folder.join("desk.sqlite"), e))
    }
}

fn failed(path: &Path, error: rusqlite::Error) -> Error {
    let remedy = "remove desk.sqlite; it is made anew from the results";
    Error::new(ErrorKind::Unwritable, "the desk's index cannot be used").file(path).remedy(remedy).source(error)
}

fn entry(row: &rusqlite::Row) -> rusqlite::Result<Entry> {
    Ok(Entry {
        id: row.get(0)?,
        name: row.get(1)?,
        file: row.get(2)?,
        kind: row.get(3)?,
        number: row.get(4)?,
        issuer: row.get(5)?,
        title: row.get(6)?,
        year: row.get(7)?,
        pages: row.get(8)?,
        doubts: row.get(9)?,
        failed_checks: row.get(10)?,
        found: row.get(11)?,
    })
}

fn forget(index: &Connection, name: &str) -> rusqlite::Result<()> {
    index.execute("DELETE FROM words WHERE rowid IN (SELECT rowid FROM documents WHERE name = ?)", [name])?;
    index.execute("DELETE FROM doubts WHERE document IN (SELECT id FROM documents WHERE name = ?)", [name])?;
    index.execute("DELETE FROM documents WHERE name = ?", [name])?;
    Ok(())
}

fn insert(
    index: &Connection,
    name: &str,
    stamp: i64,
    id: &str,
    report: &Report,
    text: &str,
    pages: &[RestoredPage],
) -> rusqlite::Result<()> {
    let doubts = doubts_of(report, pages);
    let fields = &report.extraction.document;
    let year = fields.date.and_then(|d| d.year).or(fields.period.and_then(|p| p.year));
    let failed = report.extraction.checks.iter().filter(|c| c.status == Verdict::Fail).count() as i64;
    // The same paper under another name: the later name stands for both.
    let other: Option<String> =
        index.query_row("SELECT name FROM documents WHERE id = ?", [id], |row| row.get(0)).optional()?;
    if let Some(other) = other {
        forget(index, &other)?;
    }
    index.execute(
        "INSERT INTO documents VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            id,
            name,
            stamp,
            report.source.file,
            fields.kind,
            fields.number,
            fields.issuer,
            fields.title,
            year,
            report.source.pages,
            doubts.len() as i64,
            failed
        ],
    )?;
    let row = index.last_insert_rowid();
    let said = format!("{}\n{text}", report.source.file);
    index.execute("INSERT INTO words(rowid, marked, bare) VALUES(?, ?, ?)", params![row, said, fold::key(&said)])?;
    let mut add = index.prepare_cached("INSERT INTO doubts VALUES(?, ?, ?, ?, ?, ?, ?)")?;
    for doubt in doubts {
        add.execute(params![id, doubt.kind, doubt.page, doubt.rect, doubt.text, doubt.why, doubt.weight])?;
    }
    Ok(())
}

/// What is worth a look in a document: pages that were not read, checks that fail, figures and words that are unsure.
fn doubts_of(report: &Report, pages: &[RestoredPage]) -> Vec<Doubt> {
    let doubt =
        |kind: &str, page: u32, rect: Option<crate::geometry::Rect>, text: &str, why: String, weight: f64| Doubt {
            id: String::new(),
            name: String::new(),
            kind: kind.to_owned(),
            page: i64::from(page),
            rect: rect.and_then(|r| serde_json::to_string(&r).ok()),
            text: text.to_owned(),
            why,
            weight,
        };
    let mut all = Vec::new();
    for page in report.pages.iter().filter(|p| matches!(p.status, Status::Partly | Status::Failed)) {
        let why = page.error.clone().unwrap_or_else(|| "partly".to_owned());
        all.push(doubt("page", page.page, None, "", why, 1.0));
    }
    let figures = &report.extraction.figures;
    for check in report.extraction.checks.iter().filter(|c| c.status == Verdict::Fail) {
        let first = check.figures.iter().flatten().find_map(|id| figures.iter().find(|f| f.id == *id));
        let (page, rect) = first.map_or((1, None), |f| (f.place.page.unwrap_or(1), f.place.rect));
        all.push(doubt("check", page, rect, first.map_or("", |f| &f.raw), check.rule.clone(), 0.95));
    }
    for figure in figures.iter().filter(|f| f.confidence < DOUBTFUL) {
        let weight = 0.5 + 0.4 * f64::from(1.0 - figure.confidence);
        let page = figure.place.page.unwrap_or(1);
        all.push(doubt("figure", page, figure.place.rect, &figure.raw, figure.label.clone(), weight));
    }
    let mut words = Vec::new();
    for page in pages {
        for edit in page.edits.iter().filter(|e| e.grade != Grade::Corrected) {
            let line = page.recognised.lines.get(edit.line);
            let Some(seen) = line.and_then(|l| l.words.get(edit.words.clone())) else { continue };
            let rect = crate::geometry::Rect::bounding(seen.iter().map(|w| &w.rect));
            if edit.posterior < DOUBTFUL {
                let weight = 0.5 * f64::from(1.0 - edit.posterior);
                words.push(doubt("word", page.recognised.page, rect, &edit.after, edit.before.clone(), weight));
            }
        }
    }
    words.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    words.truncate(MOST_WORDS);
    all.extend(words);
    all
}

/// The words as a query of FTS5: a word with marks must stand so, one without may have any. None where there are none.
fn query_of(words: &str) -> Option<String> {
    let words = crate::text::nfc::Nfc::from(words.to_owned()).to_string();
    let term = |word: &str| {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let bare = fold::key(word);
        // Numbers and codes are several tokens to the index, and a phrase in quotation marks.
        if bare == word.to_lowercase() { format!("bare:{}", quoted(&bare)) } else { format!("marked:{}", quoted(word)) }
    };
    let letters = |word: &&str| word.chars().any(char::is_alphanumeric);
    let terms: Vec<String> = words.split_whitespace().filter(letters).map(term).collect();
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{PageStatus, SCHEMA, Source, Tool};

    fn lay(folder: &Path, name: &str, hash: char, text: &str, year: u16) {
        let mut report = Report {
            schema: SCHEMA.to_owned(),
            source: Source { file: format!("{name}.pdf"), sha256: Some(hash.to_string().repeat(64)), pages: 1 },
            tool: Tool::default(),
            pages: vec![PageStatus {
                page: 1,
                status: Status::Read,
                origin: None,
                reason: None,
                error: None,
                confidence: None,
                quality: None,
                size: None,
            }],
            extraction: crate::extract::Extraction::default(),
            tables: Vec::new(),
            stamps: Vec::new(),
            diagnostics: Vec::new(),
        };
        report.extraction.document.issuer = Some("UBND xã Thạch Khê".to_owned());
        report.extraction.document.date = Some(crate::extract::Date { year: Some(year), month: None, day: None });
        std::fs::write(folder.join(format!("{name}.json")), report.to_json()).unwrap();
        std::fs::write(folder.join(format!("{name}.txt")), text).unwrap();
    }

    fn names(shelf: &Shelf, wanted: Wanted) -> Vec<String> {
        let found = shelf.find(&Wanted { limit: 10, ..wanted }).unwrap();
        found.documents.into_iter().map(|d| d.name).collect()
    }

    #[test]
    fn documents_are_found_by_words_with_and_without_marks() {
        let dir = tempfile::tempdir().unwrap();
        lay(dir.path(), "a", 'a', "Xã Đại Sơn, số 195/BC-UBND", 2025);
        lay(dir.path(), "b", 'b', "Xã Đài Son", 2024);
        std::fs::write(dir.path().join("other.json"), "{}").unwrap();
        let kept = Kept::of(dir.path());
        let mut shelf = Shelf::open(dir.path()).unwrap();
        assert_eq!(shelf.refresh(&kept).unwrap(), 2);
        let words = |words: &str| Wanted { words: words.into(), ..Wanted::default() };
        assert_eq!(names(&shelf, words("dai son")).len(), 2);
        assert_eq!(names(&shelf, words("Đại Sơn")), ["a"]);
        assert_eq!(names(&shelf, words("195/bc-ubnd")), ["a"]);
        assert_eq!(names(&shelf, words("\" OR NEAR(")), Vec::<String>::new());
        assert_eq!(names(&shelf, words("  ")), ["a", "b"]);
        assert_eq!(names(&shelf, Wanted { year: "2024".into(), ..Wanted::default() }), ["b"]);
    }

    #[test]
    fn the_index_follows_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        lay(dir.path(), "a", 'a', "một", 2025);
        lay(dir.path(), "b", 'b', "hai", 2025);
        let kept = Kept::of(dir.path());
        let mut shelf = Shelf::open(dir.path()).unwrap();
        shelf.refresh(&kept).unwrap();
        assert_eq!(shelf.refresh(&kept).unwrap(), 0, "nothing changed");
        std::fs::remove_file(dir.path().join("b.json")).unwrap();
        lay(dir.path(), "a", 'a', "ba bốn năm", 2023);
        assert_eq!(shelf.refresh(&kept).unwrap(), 1);
        drop(shelf);
        let shelf = Shelf::open(dir.path()).unwrap();
        assert_eq!(names(&shelf, Wanted { words: "bốn".into(), ..Wanted::default() }), ["a"]);
        assert_eq!(names(&shelf, Wanted { words: "hai".into(), ..Wanted::default() }), Vec::<String>::new());
        assert_eq!(shelf.find(&Wanted::default()).unwrap().years.len(), 1);
    }
}

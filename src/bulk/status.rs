//! How a run stands: counted from its journal, while it goes on or after it.

use super::journal::{FILE, look, path_of, unreadable};
use crate::error::Result;
use rusqlite::Connection;
use serde::Serialize;
use std::path::Path;

/// How a folder of results stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// When its last run began, in UTC.
    pub began: String,
    /// When that ended; None while it goes on, and where it was cut short.
    pub ended: Option<String>,
    /// Its exit code.
    pub exit: Option<i64>,
    /// Version of the program.
    pub program: String,
    /// Files by state: waiting, read, partly, failed, elsewhere (another shard's).
    pub files: Vec<Count>,
    /// Different contents.
    pub documents: u64,
    /// Pages by state: waiting (of documents that are opened), seen, failed.
    pub pages: Vec<Count>,
    /// Mean wall time of a page, in seconds; None before the first.
    pub seconds_a_page: Option<f64>,
    /// Failures by kind.
    pub failures: Vec<Count>,
    /// The pages that took longest.
    pub slowest: Vec<Slow>,
    /// How many documents ask for a person, and the worst of them.
    pub review: Review,
    /// Bytes of the results that are written.
    pub results_bytes: u64,
    /// Bytes of the journal.
    pub journal_bytes: u64,
}

/// How many of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Count {
    /// Which.
    pub what: String,
    /// How many.
    pub count: u64,
}

/// A page that took long.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slow {
    /// The file.
    pub file: String,
    /// Which page.
    pub page: u32,
    /// Wall time.
    pub seconds: f64,
}

/// Documents that ask for a person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Review {
    /// How many.
    pub count: u64,
    /// The first ten.
    pub worst: Vec<Asks>,
}

/// A document that asks for a person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Asks {
    /// How much, from 0 to 1.
    pub score: f64,
    /// Name of its results.
    pub name: String,
    /// Why.
    pub reasons: Vec<String>,
}

/// Looks into the journal of the folder `out`.
///
/// # Errors
/// Where there is none, or it cannot be read.
pub fn status(out: &Path) -> Result<Status> {
    let db = look(out)?;
    let journal = out.join(FILE);
    let size = |ending: &str| std::fs::metadata(out.join(format!("{FILE}{ending}"))).map_or(0, |m| m.len());
    let journal_bytes = size("") + size("-wal");
    count(&db, journal_bytes).map_err(|e| unreadable(&journal, e))
}

fn count(db: &Connection, journal_bytes: u64) -> rusqlite::Result<Status> {
    let counts = |sql: &str| -> rusqlite::Result<Vec<Count>> {
        let mut all = db.prepare(sql)?;
        all.query_map([], |row| Ok(Count { what: row.get(0)?, count: row.get::<_, i64>(1)? as u64 }))?.collect()
    };
    let number =
        |sql: &str| db.query_row(sql, [], |row| row.get::<_, Option<i64>>(0)).map(|n| n.unwrap_or_default() as u64);
    let last = "SELECT began, ended, exit, program FROM runs ORDER BY run DESC LIMIT 1";
    let (began, ended, exit, program) =
        db.query_row(last, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let mut pages = counts("SELECT state, count(*) FROM pages GROUP BY state ORDER BY state")?;
    let known: u64 = pages.iter().map(|c| c.count).sum();
    let all = number("SELECT sum(pages) FROM documents")?;
    pages.push(Count { what: "waiting".into(), count: all.saturating_sub(known) });
    let mut slowest = db.prepare(
        "SELECT (SELECT min(path) FROM inputs WHERE inputs.document = slow.document), page, seconds
           FROM (SELECT document, page, seconds FROM pages ORDER BY seconds DESC LIMIT 5) AS slow",
    )?;
    let slowest = slowest.query_map([], |row| {
        let file = path_of(row.get_ref(0)?).to_string_lossy().into_owned();
        Ok(Slow { file, page: row.get(1)?, seconds: row.get(2)? })
    })?;
    let mut worst = db.prepare(
        "SELECT score, (SELECT name FROM inputs WHERE inputs.document = bad.document ORDER BY path LIMIT 1), reasons
           FROM (SELECT document, score, reasons FROM documents WHERE score > 0 AND state <> 'open'
                 ORDER BY score DESC, sha256 LIMIT 10) AS bad",
    )?;
    let worst = worst.query_map([], |row| {
        let reasons: Option<String> = row.get(2)?;
        let reasons = reasons.and_then(|r| serde_json::from_str(&r).ok()).unwrap_or_default();
        Ok(Asks { score: row.get(0)?, name: row.get::<_, Option<String>>(1)?.unwrap_or_default(), reasons })
    })?;
    Ok(Status {
        began,
        ended,
        exit,
        program,
        files: counts(
            "SELECT iif(inputs.state = 'done', documents.state, inputs.state) AS what, count(*)
               FROM inputs LEFT JOIN documents USING (document) GROUP BY what ORDER BY what",
        )?,
        documents: number("SELECT count(*) FROM documents")?,
        pages,
        seconds_a_page: db.query_row("SELECT avg(seconds) FROM pages WHERE state = 'seen'", [], |row| row.get(0))?,
        failures: counts(
            "SELECT kind, count(*) FROM (
               SELECT kind FROM pages WHERE state = 'failed'
               UNION ALL SELECT json_extract(error, '$.kind') FROM documents WHERE error IS NOT NULL
               UNION ALL SELECT json_extract(error, '$.kind') FROM inputs WHERE state = 'failed')
             GROUP BY kind ORDER BY count(*) DESC, kind",
        )?,
        slowest: slowest.collect::<rusqlite::Result<_>>()?,
        review: Review {
            count: number("SELECT count(*) FROM documents WHERE score > 0 AND state <> 'open'")?,
            worst: worst.collect::<rusqlite::Result<_>>()?,
        },
        results_bytes: number("SELECT sum(products_bytes) FROM inputs")?,
        journal_bytes,
    })
}

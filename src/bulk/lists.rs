//! The lists that lie beside the results: what could not be read, what a person should look at, and what is there twice.
//! Each is made anew from the journal, one JSON object a line.

use super::journal::{Journal, path_of};
use crate::error::Result;
use crate::output::OutputFolder;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

/// Files and pages that failed, each with its reason.
pub const QUARANTINE: &str = "quarantine.jsonl";
/// Documents that a person should look at, worst first.
pub const REVIEW: &str = "review.jsonl";
/// Files that hold what another file holds, too.
pub const DUPLICATES: &str = "duplicates.jsonl";

/// Writes the lists of the journal's folder; one that has no lines is written empty.
///
/// # Errors
/// Where the journal cannot be read or a list cannot be written.
pub fn write(journal: &Journal, out: &OutputFolder) -> Result<()> {
    for (name, lines) in [(QUARANTINE, quarantine as fn(&Connection) -> _), (REVIEW, review), (DUPLICATES, duplicates)]
    {
        let lines: Vec<Value> = journal.with_db(lines)?;
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        out.write(name, text.as_bytes())?;
    }
    Ok(())
}

/// What is kept as JSON in a column.
fn parsed(text: Option<String>) -> Value {
    text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

fn quarantine(db: &Connection) -> rusqlite::Result<Vec<Value>> {
    let mut all = db.prepare(
        "SELECT path, name, sha256, NULL AS page, NULL AS kind, coalesce(documents.error, inputs.error) AS error
           FROM inputs LEFT JOIN documents USING (document)
          WHERE inputs.state = 'failed' OR inputs.state = 'done' AND documents.state = 'failed' AND documents.error IS NOT NULL
         UNION ALL
         SELECT path, name, sha256, page, pages.kind, pages.error
           FROM inputs JOIN documents USING (document) JOIN pages USING (document)
          WHERE inputs.state = 'done' AND pages.state = 'failed' AND documents.error IS NULL
         ORDER BY path, page",
    )?;
    let rows = all.query_map([], |row| {
        let (kind, error): (Option<String>, Option<String>) = (row.get(4)?, row.get(5)?);
        let failure = match kind {
            Some(kind) => json!({"kind": kind, "message": error}),
            None => parsed(error),
        };
        let mut line = Map::new();
        line.insert("file".into(), json!(path_of(row.get_ref(0)?).to_string_lossy()));
        line.insert("page".into(), json!(row.get::<_, Option<u32>>(3)?));
        line.insert("kind".into(), failure["kind"].clone());
        line.insert("message".into(), failure["message"].clone());
        line.insert("name".into(), json!(row.get::<_, String>(1)?));
        line.insert("sha256".into(), json!(row.get::<_, Option<String>>(2)?));
        Ok(Value::Object(line))
    })?;
    rows.collect()
}

fn review(db: &Connection) -> rusqlite::Result<Vec<Value>> {
    let mut all = db.prepare(
        "SELECT min(path), name, sha256, score, reasons FROM inputs JOIN documents USING (document)
          WHERE inputs.state = 'done' AND score > 0 GROUP BY document ORDER BY score DESC, min(path)",
    )?;
    let rows = all.query_map([], |row| {
        Ok(json!({
            "score": row.get::<_, f64>(3)?,
            "file": path_of(row.get_ref(0)?).to_string_lossy(),
            "name": row.get::<_, String>(1)?,
            "reasons": parsed(row.get(4)?),
            "sha256": row.get::<_, String>(2)?,
        }))
    })?;
    rows.collect()
}

fn duplicates(db: &Connection) -> rusqlite::Result<Vec<Value>> {
    let mut all = db.prepare(
        "SELECT path, name, sha256, (SELECT min(path) FROM inputs AS first WHERE first.document = inputs.document) AS first
           FROM inputs JOIN documents USING (document) WHERE path <> first ORDER BY path",
    )?;
    let rows = all.query_map([], |row| {
        Ok(json!({
            "file": path_of(row.get_ref(0)?).to_string_lossy(),
            "same_as": path_of(row.get_ref(3)?).to_string_lossy(),
            "name": row.get::<_, String>(1)?,
            "sha256": row.get::<_, String>(2)?,
        }))
    })?;
    rows.collect()
}

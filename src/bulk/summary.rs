//! How a run ended, by its journal.

use super::journal::Journal;
use crate::error::Result;

/// How the files of a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Files found.
    pub files: u64,
    /// Read in full, of this shard.
    pub read: u64,
    /// Some of whose pages failed.
    pub partly: u64,
    /// Not read.
    pub failed: u64,
    /// Arguments and parts of folders that could not be searched.
    pub unsearched: u64,
    /// Not dealt with, because the run was stopped.
    pub waiting: u64,
    /// With a sum that does not hold.
    pub failed_checks: u64,
    /// With a warning.
    pub warnings: u64,
}

/// Counts the files of a run; what could not be searched the journal does not know.
///
/// # Errors
/// Where the journal cannot be read.
pub(super) fn summarise(journal: &Journal, run: i64) -> Result<Summary> {
    let sql = "SELECT count(*),
                 count(*) FILTER (WHERE inputs.state = 'done' AND documents.state = 'read'),
                 count(*) FILTER (WHERE inputs.state = 'done' AND documents.state = 'partly'),
                 count(*) FILTER (WHERE inputs.state = 'failed' OR inputs.state = 'done' AND documents.state = 'failed'),
                 count(*) FILTER (WHERE inputs.state IN ('waiting', 'settling')),
                 count(*) FILTER (WHERE documents.failed_checks > 0),
                 count(*) FILTER (WHERE documents.warnings > 0)
               FROM inputs LEFT JOIN documents USING (document) WHERE run = ?1";
    let numbers = journal.with_db(|db| {
        db.query_row(sql, [run], |row| {
            (0..7).map(|i| row.get::<_, i64>(i).map(|n| n as u64)).collect::<Result<Vec<_>, _>>()
        })
    })?;
    let [files, read, partly, failed, waiting, failed_checks, warnings] = numbers[..] else {
        return Ok(Summary::default());
    };
    Ok(Summary { files, read, partly, failed, waiting, failed_checks, warnings, unsearched: 0 })
}

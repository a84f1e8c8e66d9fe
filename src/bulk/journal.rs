//! The journal of a run: what was found, seen and written, so that a later run goes on where this one was ended.
//!
//! A SQLite database in WAL mode, with one connection that writes. What happens within a few milliseconds is committed together, by a
//! thread of its own: what a sudden end can cost is that, and the pages in hand.

use crate::error::{Error, ErrorKind, Result};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};
use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Name of the journal in the folder of the results.
pub const FILE: &str = "journal.sqlite";

const SCHEMA: &str = include_str!("journal.sql");
/// `soho`, which `file` and `sqlite3` show.
const APPLICATION: i32 = 0x736f_686f;
/// Number of the schema.
const VERSION: i32 = 1;
/// The pause between two commits: a page takes much longer, and the disk is left alone in between.
const PAUSE: Duration = Duration::from_millis(20);

/// A journal that is written.
pub struct Journal {
    shared: Arc<Shared>,
    committer: Option<JoinHandle<()>>,
    /// Held while the journal is.
    _lock: Option<File>,
}

struct Shared {
    open: Mutex<Open>,
    changed: Condvar,
}

struct Open {
    db: Connection,
    path: PathBuf,
    /// Whether anything is not committed yet.
    dirty: bool,
    /// Whether the thread that commits is to end. It is set under the lock: otherwise that could happen between the thread's look at it and
    /// its wait, which then would never end.
    ends: bool,
    failed: Option<Error>,
}

impl Journal {
    /// The journal in the folder `out`, made where there is none, for this process alone.
    ///
    /// # Errors
    /// [`ErrorKind::Unwritable`] where another run has it, it cannot be written, or is damaged.
    pub fn open(out: &Path) -> Result<Journal> {
        let path = out.join(FILE);
        let lock = lock(out)?;
        let db = Connection::open(&path).and_then(|db| {
            db.pragma_update(None, "journal_mode", "WAL")?;
            db.pragma_update(None, "synchronous", "FULL")?;
            Ok(db)
        });
        Journal::with(db.map_err(|e| trouble(&path, e))?, path, Some(lock))
    }

    /// A journal that is gone when the run is over; it lies in a temporary file that has no name.
    ///
    /// # Errors
    /// Where that cannot be made.
    pub fn temporary() -> Result<Journal> {
        let path = PathBuf::from("temporary journal");
        let db = Connection::open("").and_then(|db| {
            db.pragma_update(None, "synchronous", "OFF")?;
            Ok(db)
        });
        Journal::with(db.map_err(|e| trouble(&path, e))?, path, None)
    }

    fn with(db: Connection, path: PathBuf, lock: Option<File>) -> Result<Journal> {
        prepare(&db).map_err(|e| trouble(&path, e))?;
        expect_version(&db, &path)?;
        let open = Mutex::new(Open { db, path, dirty: false, ends: false, failed: None });
        let shared = Arc::new(Shared { open, changed: Condvar::new() });
        let theirs = Arc::clone(&shared);
        let committer = Some(std::thread::spawn(move || commit_from_time_to_time(&theirs)));
        Ok(Journal { shared, committer, _lock: lock })
    }

    /// Reads or changes the journal. Changes are seen by the next call, and by other processes after a moment.
    ///
    /// # Errors
    /// Where the journal cannot be read or written, now or before.
    pub fn with_db<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        let mut open = self.shared.lock();
        if let Some(error) = &open.failed {
            return Err(again(error));
        }
        let begun = if open.dirty { Ok(()) } else { open.db.execute_batch("BEGIN IMMEDIATE") };
        let done = begun.and_then(|()| work(&open.db));
        open.dirty = true;
        self.shared.changed.notify_one();
        done.map_err(|e| {
            let error = trouble(&open.path, e);
            open.failed = Some(again(&error));
            error
        })
    }

    /// Notes that a run begins, and gives its number. Settings are JSON.
    ///
    /// # Errors
    /// Where the journal cannot be written.
    pub fn begin(&self, tool: &str, options: &str) -> Result<i64> {
        self.with_db(|db| {
            let sql = "INSERT INTO runs (began, program, tool, options) VALUES (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?1, ?2, ?3)";
            db.execute(sql, [env!("CARGO_PKG_VERSION"), tool, options])?;
            Ok(db.last_insert_rowid())
        })
    }

    /// Notes how it ended.
    ///
    /// # Errors
    /// Where the journal cannot be written.
    pub fn end(&self, run: i64, exit: u8) -> Result<()> {
        let sql = "UPDATE runs SET ended = strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), exit = ?2 WHERE run = ?1";
        self.with_db(|db| db.execute(sql, rusqlite::params![run, exit]))?;
        self.commit()
    }

    /// Waits until everything is on the disk.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn commit(&self) -> Result<()> {
        let mut open = self.shared.lock();
        open.commit();
        open.failed.as_ref().map_or(Ok(()), |error| Err(again(error)))
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.shared.lock().ends = true;
        self.shared.changed.notify_all();
        if let Some(committer) = self.committer.take() {
            // A thread that panicked has left what was committed before.
            let _ = committer.join();
        }
        self.shared.lock().commit();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn commit(&mut self) {
        if !std::mem::take(&mut self.dirty) {
            return;
        }
        let end = if self.failed.is_some() { "ROLLBACK" } else { "COMMIT" };
        if let Err(error) = self.db.execute_batch(end)
            && self.failed.is_none()
        {
            self.failed = Some(trouble(&self.path, error));
            // What was not written is done again by a later run.
            let _ = self.db.execute_batch("ROLLBACK");
        }
    }
}

fn commit_from_time_to_time(shared: &Shared) {
    let mut open = shared.lock();
    while !open.ends {
        if open.dirty {
            open.commit();
            if open.failed.is_some() {
                // Whoever uses it next is told.
                return;
            }
            drop(open);
            std::thread::sleep(PAUSE);
            open = shared.lock();
        } else {
            open = shared.changed.wait(open).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn prepare(db: &Connection) -> rusqlite::Result<()> {
    let fresh: i64 = db.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    if fresh == 0 {
        db.execute_batch("BEGIN IMMEDIATE")?;
        db.execute_batch(SCHEMA)?;
        db.pragma_update(None, "application_id", APPLICATION)?;
        db.pragma_update(None, "user_version", VERSION)?;
        db.execute_batch("COMMIT")?;
    }
    db.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn expect_version(db: &Connection, path: &Path) -> Result<()> {
    let number = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let found = number("application_id").and_then(|a| Ok((a, number("user_version")?)));
    if found.map_err(|e| trouble(path, e))? == (APPLICATION, VERSION) {
        return Ok(());
    }
    let message = "this is not a journal of this version of the program";
    Err(Error::new(ErrorKind::Unwritable, message).file(path).remedy("choose another folder with --out"))
}

/// A journal that is looked at, which another process may write at the same time.
///
/// # Errors
/// [`ErrorKind::Unreadable`] where there is none in the folder `out`, or it cannot be read.
pub fn look(out: &Path) -> Result<Connection> {
    let path = out.join(FILE);
    if !path.is_file() {
        let remedy = "name the folder that `sohoa read FOLDER... --out` wrote to";
        return Err(Error::new(ErrorKind::Unreadable, "there is no journal here").file(out).remedy(remedy));
    }
    // On a disk that cannot be written to, the log beside the journal cannot be opened, either, and there is nobody who changes it.
    let open = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(|db| {
        db.query_row("SELECT count(*) FROM runs", [], |_| Ok(()))?;
        Ok(db)
    });
    let db = open.or_else(|error| {
        let uri = format!("file:{}?immutable=1", path.to_string_lossy().replace('?', "%3f").replace('#', "%23"));
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        if error.sqlite_error_code() != Some(ErrorCode::CannotOpen) {
            return Err(error);
        }
        Connection::open_with_flags(uri, flags)
    });
    let db = db.map_err(|e| unreadable(&path, e))?;
    expect_version(&db, &path)?;
    Ok(db)
}

/// An error of a journal that was looked at.
pub fn unreadable(path: &Path, error: rusqlite::Error) -> Error {
    Error::new(ErrorKind::Unreadable, format!("the journal cannot be read: {error}")).file(path).remedy(DAMAGED)
}

const DAMAGED: &str = "move journal.sqlite away with its -wal and -shm, and give the same command with --resume: results that are there \
                       are taken over, not read again";

fn lock(out: &Path) -> Result<File> {
    let path = out.join("journal.lock");
    let cannot = |error: std::io::Error| {
        let remedy = "choose a folder that may be written to and has room, with --out";
        Error::new(ErrorKind::Unwritable, "it cannot be written").file(&path).remedy(remedy).source(error)
    };
    let file = File::options().create(true).append(true).open(&path).map_err(cannot)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let message = "another run writes to this folder";
            Err(Error::new(ErrorKind::Unwritable, message)
                .file(out)
                .remedy("wait until it ends, or choose another with --out"))
        }
        Err(TryLockError::Error(error)) => Err(cannot(error)),
    }
}

fn trouble(path: &Path, error: rusqlite::Error) -> Error {
    let (message, remedy) = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => {
            ("the journal cannot be written: the disk is full", "make room, and give the same command again")
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => ("the journal is damaged", DAMAGED),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            ("the journal cannot be written", "choose a folder that may be written to, with --out")
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            ("another program is writing to the journal", "close what has it open, and give the same command again")
        }
        _ => ("the journal cannot be used", "see whether the disk is full or failing, and give the same command again"),
    };
    Error::new(ErrorKind::Unwritable, message).file(path).remedy(remedy).source(error)
}

/// The same error for someone else.
fn again(error: &Error) -> Error {
    let same = Error::new(error.kind(), error.to_string());
    match std::error::Error::source(error) {
        Some(source) => same.source(source.to_string()),
        None => same,
    }
}

/// A path as the journal keeps it.
pub(super) fn path_value(path: &Path) -> Value {
    match path.to_str() {
        Some(text) => Value::Text(text.to_owned()),
        None => Value::Blob(path.as_os_str().as_encoded_bytes().to_vec()),
    }
}

/// A path that the journal kept.
pub(super) fn path_of(value: ValueRef<'_>) -> PathBuf {
    match value {
        ValueRef::Text(bytes) => PathBuf::from(String::from_utf8_lossy(bytes).into_owned()),
        #[cfg(unix)]
        ValueRef::Blob(bytes) => {
            use std::os::unix::ffi::OsStrExt;
            PathBuf::from(OsStr::from_bytes(bytes))
        }
        _ => PathBuf::from(OsStr::new("")),
    }
}

/// One row, or none.
pub(super) fn one<T>(found: rusqlite::Result<T>) -> rusqlite::Result<Option<T>> {
    found.optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_there_for_the_next_run_and_for_sqlite3() {
        let out = tempfile::tempdir().unwrap();
        let journal = Journal::open(out.path()).unwrap();
        let add = "INSERT INTO documents (sha256, bytes, state) VALUES ('ab', 3, 'open')";
        journal.with_db(|db| db.execute(add, [])).unwrap();
        journal.commit().unwrap();
        let count = |db: &Connection| db.query_row("SELECT count(*) FROM documents", [], |r| r.get::<_, i64>(0));
        assert_eq!(count(&look(out.path()).unwrap()).unwrap(), 1, "seen by others while it is open");
        let error = Journal::open(out.path()).err().unwrap();
        assert!(error.to_string().contains("another run"), "{error}");
        drop(journal);
        let journal = Journal::open(out.path()).unwrap();
        assert_eq!(journal.with_db(count).unwrap(), 1);
    }

    #[test]
    fn a_damaged_journal_is_said_to_be_and_how_to_go_on() {
        let out = tempfile::tempdir().unwrap();
        std::fs::write(
            out.path().join(FILE),
            b"not a database at all, but long enough to look like one to the eye of SQLite",
        )
        .unwrap();
        let error = Journal::open(out.path()).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Unwritable);
        assert!(error.to_string().contains("--resume"), "{error}");
        assert_eq!(look(out.path()).err().unwrap().kind(), ErrorKind::Unreadable);
    }

    #[test]
    fn a_database_of_another_program_is_left_alone() {
        let out = tempfile::tempdir().unwrap();
        let db = Connection::open(out.path().join(FILE)).unwrap();
        db.execute_batch("CREATE TABLE theirs (x)").unwrap();
        drop(db);
        assert!(Journal::open(out.path()).err().unwrap().to_string().contains("not a journal"));
    }

    #[cfg(unix)]
    #[test]
    fn paths_come_back_as_they_were() {
        use std::os::unix::ffi::OsStrExt;
        for bytes in [&b"a/b.pdf"[..], b"a\xFFb.pdf", "báo cáo.pdf".as_bytes()] {
            let path = Path::new(OsStr::from_bytes(bytes));
            let value = path_value(path);
            assert_eq!(path_of(ValueRef::from(&value)), path);
        }
    }
}

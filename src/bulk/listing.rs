//! The files that the arguments of a run mean, written into the journal as they are found, and the name that each one's results get.

use super::journal::{Journal, path_of, path_value};
use crate::digest::sha256;
use crate::error::{Error, ErrorKind, Result};
use rusqlite::{Connection, params};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use walkdir::WalkDir;

/// Endings of the files that are picked out of a folder; a file that is named itself is opened whatever its ending.
const DOCUMENT_ENDINGS: [&str; 6] = ["pdf", "tif", "tiff", "png", "jpg", "jpeg"];

/// Names of results may be longer by their endings; file systems take 255 bytes.
const LONGEST_NAME: usize = 200;
/// Files that are written into the journal together.
const PART: usize = 1000;

/// What was found.
#[derive(Debug, Default)]
pub struct Listed {
    /// How many files.
    pub files: u64,
    /// One for each argument, or part of a folder, that could not be searched.
    pub errors: Vec<Error>,
}

/// A file as it was found.
struct Found {
    path: PathBuf,
    given: PathBuf,
    size: u64,
    modified: i64,
}

/// Which files are left out.
#[derive(Debug, Clone, Default)]
pub struct Except {
    /// What lies in this folder: results.
    pub out: Option<PathBuf>,
    /// What was not found with the same size and time of change before: it may still be written. Two looks at it, some time apart, need no
    /// clock that agrees with that of the machine where it lies.
    pub unsettled: bool,
}

/// Writes the files that `arguments` mean into the journal as found by this `run`, folders searched to the bottom, each file once.
/// One that has changed since it was found before is to be read again; the others keep their state.
///
/// Results are named by the file's stem. Where two files would get the same name, each gets a suffix made from its path as given, so that it
/// does not depend on the order or on which other files are read; so does one that would be too long for an ending, cut short. A name that
/// was given before stays.
///
/// # Errors
/// Where the journal cannot be written.
pub fn list(journal: &Journal, run: i64, arguments: &[PathBuf], except: &Except) -> Result<Listed> {
    let mut listed = Listed::default();
    let mut part = Vec::new();
    let out = except.out.as_deref().and_then(|out| out.canonicalize().ok());
    for argument in arguments {
        match std::fs::metadata(argument) {
            Ok(meta) if meta.is_dir() => {
                let before = (listed.files, listed.errors.len());
                let walk = WalkDir::new(argument).follow_links(true).sort_by_file_name();
                let results = |entry: &walkdir::DirEntry| {
                    entry.file_type().is_dir()
                        && out.as_deref().is_some_and(|out| entry.path().canonicalize().is_ok_and(|p| p == out))
                };
                for entry in walk.into_iter().filter_entry(|entry| !results(entry)) {
                    match entry {
                        Ok(entry) if entry.file_type().is_file() && is_document(entry.path()) => {
                            match entry.metadata().map_err(std::io::Error::from) {
                                Ok(meta) => add(entry.path(), &meta, &mut part, &mut listed),
                                Err(error) => listed.errors.push(Error::io(entry.path(), error)),
                            }
                        }
                        Ok(_) => {}
                        Err(error) => {
                            let at = error.path().unwrap_or(argument).to_owned();
                            let message = "this part of the folder cannot be searched";
                            listed.errors.push(Error::new(ErrorKind::Unreadable, message).file(at).source(error));
                        }
                    }
                    if part.len() >= PART {
                        write(journal, run, except, &mut part)?;
                    }
                }
                if (listed.files, listed.errors.len()) == before && !except.unsettled {
                    let message = format!("the folder holds no documents ({})", DOCUMENT_ENDINGS.join(", "));
                    let error = Error::new(ErrorKind::Unreadable, message).file(argument);
                    listed.errors.push(error.remedy("name a file to read it anyway"));
                }
            }
            Ok(meta) if meta.is_file() => add(argument, &meta, &mut part, &mut listed),
            Ok(_) => {
                let error = Error::new(ErrorKind::Unsupported, "this is a pipe or a device, not a file");
                listed.errors.push(error.file(argument).remedy("write it to a file first, and read that"));
            }
            Err(error) => listed.errors.push(Error::io(argument, error).remedy("check the path")),
        }
    }
    write(journal, run, except, &mut part)?;
    journal.with_db(name)?;
    Ok(listed)
}

fn add(given: &Path, meta: &std::fs::Metadata, part: &mut Vec<Found>, listed: &mut Listed) {
    let modified = nanoseconds(meta.modified().unwrap_or(UNIX_EPOCH));
    let path = std::path::absolute(given).unwrap_or_else(|_| given.to_owned());
    part.push(Found { path, given: given.to_owned(), size: meta.len(), modified });
    listed.files += 1;
}

/// When a file was changed, as the journal keeps it: nanoseconds since 1970.
pub(super) fn nanoseconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |t| t.as_nanos() as i64)
}

fn is_document(path: &Path) -> bool {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    ending.is_some_and(|e| DOCUMENT_ENDINGS.contains(&e.as_str()))
}

fn write(journal: &Journal, run: i64, except: &Except, part: &mut Vec<Found>) -> Result<()> {
    let found = std::mem::take(part);
    journal.with_db(|db| {
        // A name of its own is chosen when all files are found; until then it is the stem, with the suffix that it may need behind a slash.
        let mut add = db.prepare_cached(
            "INSERT INTO inputs (path, name, size, modified, run, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (path) DO UPDATE SET run = ?5,
               state = iif(size = ?3 AND modified = ?4, iif(state = 'settling', 'waiting', state), ?6),
               attempts = iif(size = ?3 AND modified = ?4, attempts, 0),
               document = iif(size = ?3 AND modified = ?4, document, NULL),
               size = ?3, modified = ?4",
        )?;
        let state = if except.unsettled { "settling" } else { "waiting" };
        for file in found {
            let stem = file.path.file_stem().map_or_else(|| "document".into(), |s| s.to_string_lossy());
            let digest = sha256(file.given.to_string_lossy().as_bytes());
            let suffix = &digest[..8];
            let stem = shortened(&stem, suffix);
            add.execute(params![
                path_value(&file.path),
                format!("{stem}/{suffix}"),
                file.size as i64,
                file.modified,
                run,
                state
            ])?;
        }
        Ok(())
    })
}

/// A name that endings can follow: of a longer one its beginning, and the suffix that tells it from others.
fn shortened<'a>(stem: &'a str, suffix: &str) -> Cow<'a, str> {
    match stem.len() > LONGEST_NAME {
        false => stem.into(),
        true => format!("{}-{suffix}", &stem[..stem.floor_char_boundary(LONGEST_NAME - suffix.len() - 1)]).into(),
    }
}

/// Gives names to the files that have none yet.
fn name(db: &Connection) -> rusqlite::Result<()> {
    // Some file systems do not tell capitals from small letters; SQLite's own lower() knows ASCII only.
    let unnamed = "SELECT path, name FROM inputs WHERE folded IS NULL";
    db.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS stems (stem TEXT, path, plain TEXT, suffix TEXT); DELETE FROM stems;",
    )?;
    {
        let mut all = db.prepare(unnamed)?;
        let mut put = db.prepare_cached("INSERT INTO stems VALUES (?1, ?2, ?3, ?4)")?;
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            let name: String = row.get(1)?;
            let (plain, suffix) = name.rsplit_once('/').unwrap_or((&name, ""));
            put.execute(params![plain.to_lowercase(), path_value(&path_of(row.get_ref(0)?)), plain, suffix])?;
        }
    }
    db.execute_batch(
        "CREATE INDEX IF NOT EXISTS temp.stems_stem ON stems (stem);
         UPDATE inputs SET name = plain || ending, folded = stem || ending FROM (
           SELECT path, plain, stem,
                  iif((SELECT count(*) FROM stems AS others WHERE others.stem = stems.stem) = 1
                      AND NOT EXISTS (SELECT 1 FROM inputs AS named WHERE named.folded = stems.stem),
                      '', '-' || suffix) AS ending FROM stems) AS chosen
         WHERE inputs.path = chosen.path;
         DELETE FROM stems;",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, b"x").unwrap();
        }
        dir
    }

    fn names(arguments: &[PathBuf]) -> (Vec<(PathBuf, String)>, Listed) {
        let journal = Journal::temporary().unwrap();
        let listed = list(&journal, 1, arguments, &Except::default()).unwrap();
        (named(&journal), listed)
    }

    fn named(journal: &Journal) -> Vec<(PathBuf, String)> {
        let all = |db: &Connection| {
            let mut all = db.prepare("SELECT path, name FROM inputs ORDER BY path")?;
            all.query_map([], |row| Ok((path_of(row.get_ref(0)?), row.get(1)?)))?.collect()
        };
        journal.with_db(all).unwrap()
    }

    #[test]
    fn folders_are_searched_and_other_files_left_alone() {
        let dir = folder(&["a/x.pdf", "a/deep/y.TIF", "a/notes.txt", "b/z.png"]);
        let (found, listed) = names(&[dir.path().join("b"), dir.path().join("a")]);
        assert_eq!(found.iter().map(|i| i.1.as_str()).collect::<Vec<_>>(), ["y", "x", "z"]);
        assert_eq!(listed.files, 3);
    }

    #[test]
    fn colliding_names_get_suffixes_that_do_not_depend_on_order_or_company() {
        let dir = folder(&["a/x.pdf", "b/X.pdf", "b/y.png"]);
        let [a, b] = ["a/x.pdf", "b/X.pdf"].map(|f| dir.path().join(f));
        let one_way = names(&[a.clone(), b.clone()]).0;
        let other_way = names(&[b, dir.path().join("b/y.png"), a]).0;
        assert_ne!(one_way[0].1, one_way[1].1);
        let suffixed = |i: &(PathBuf, String)| i.1.to_lowercase().starts_with("x-") && other_way.contains(i);
        assert!(one_way.iter().all(suffixed), "{one_way:?} {other_way:?}");
    }

    #[test]
    fn a_name_that_was_given_stays_when_another_file_comes() {
        let dir = folder(&["a/x.pdf"]);
        let journal = Journal::temporary().unwrap();
        let again = |run| list(&journal, run, &[dir.path().to_owned()], &Except::default()).unwrap();
        again(1);
        fs::create_dir(dir.path().join("b")).unwrap();
        fs::write(dir.path().join("b/x.pdf"), b"y").unwrap();
        again(2);
        let names = named(&journal);
        assert_eq!(names[0].1, "x");
        assert!(names[1].1.starts_with("x-"), "{names:?}");
    }

    #[test]
    fn a_name_that_leaves_no_room_for_an_ending_is_cut_short_and_stays_its_own() {
        let long = |last: &str| format!("{}{last}.pdf", "ệ".repeat(81));
        let dir = folder(&[&long("a"), &long("b"), "x.pdf"]);
        let found = names(&[dir.path().to_owned()]).0;
        assert!(found.iter().all(|f| f.1.len() <= LONGEST_NAME && f.1.is_char_boundary(f.1.len())), "{found:?}");
        let mut own: Vec<&str> = found.iter().map(|f| f.1.as_str()).collect();
        own.dedup();
        assert_eq!(own.len(), 3, "{own:?}");
    }

    #[test]
    fn a_device_is_no_file_and_stops_no_others() {
        let dir = folder(&["x.pdf"]);
        let (found, listed) = names(&["/dev/null".into(), dir.path().join("x.pdf")]);
        assert_eq!(found.len(), 1);
        assert_eq!(listed.errors[0].kind(), ErrorKind::Unsupported);
    }

    #[test]
    fn a_file_given_twice_is_found_once() {
        let dir = folder(&["x.pdf"]);
        let file = dir.path().join("x.pdf");
        let found = names(&[file.clone(), dir.path().to_owned(), file]).0;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1, "x");
    }

    #[test]
    fn an_empty_folder_and_a_missing_file_are_named_and_the_others_are_found() {
        let dir = folder(&["notes.txt"]);
        let good = folder(&["x.pdf"]);
        let bad = [dir.path().to_owned(), dir.path().join("none.pdf")];
        let (found, listed) = names(&[bad[0].clone(), good.path().to_owned(), bad[1].clone()]);
        assert_eq!(found.len(), 1);
        assert_eq!(listed.errors.len(), 2);
        for (error, path) in listed.errors.iter().zip(&bad) {
            assert_eq!(error.kind(), ErrorKind::Unreadable);
            assert!(error.to_string().contains(&*path.to_string_lossy()), "{error}");
        }
    }

    fn states(journal: &Journal) -> Vec<String> {
        let all = |db: &Connection| {
            let mut all = db.prepare("SELECT state FROM inputs ORDER BY path")?;
            all.query_map([], |row| row.get(0))?.collect()
        };
        journal.with_db(all).unwrap()
    }

    #[test]
    fn results_are_left_out_and_a_file_that_may_still_be_written_waits_until_it_is_found_as_it_was() {
        let dir = folder(&["x.pdf", "out/x.pdf"]);
        let journal = Journal::temporary().unwrap();
        let except = Except { out: Some(dir.path().join("out")), unsettled: true };
        let look = |run| list(&journal, run, &[dir.path().to_owned()], &except).unwrap().files;
        assert_eq!(look(1), 1);
        assert_eq!(states(&journal), ["settling"]);
        fs::write(dir.path().join("x.pdf"), b"more of it").unwrap();
        look(1);
        assert_eq!(states(&journal), ["settling"]);
        look(1);
        assert_eq!(states(&journal), ["waiting"]);
    }

    #[test]
    fn a_file_that_has_changed_waits_again() {
        let dir = folder(&["x.pdf", "y.pdf"]);
        let journal = Journal::temporary().unwrap();
        let again = |run| list(&journal, run, &[dir.path().to_owned()], &Except::default()).unwrap();
        again(1);
        journal.with_db(|db| db.execute("UPDATE inputs SET state = 'done', document = 1", [])).unwrap();
        fs::write(dir.path().join("y.pdf"), b"longer").unwrap();
        again(2);
        assert_eq!(states(&journal), ["done", "waiting"]);
    }
}

//! The files that the arguments of `read` mean, and the name that each one's results get.

use crate::digest::hex;
use crate::error::{Error, ErrorKind};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Endings of the files that are picked out of a folder; a file that is named itself is opened whatever its ending.
const DOCUMENT_ENDINGS: [&str; 6] = ["pdf", "tif", "tiff", "png", "jpg", "jpeg"];

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Where it is.
    pub path: PathBuf,
    /// Name of its results, without ending.
    pub name: String,
}

/// The files that `arguments` mean, folders searched to the bottom, sorted by path, each once; and an error for each
/// argument or part of a folder that could not be searched, so that one of them does not stop the others.
///
/// Results are named by the file's stem. Where two files would get the same name, each gets a suffix made from its path
/// as given, so that it does not depend on the order or on which other files are read.
pub fn collect(arguments: &[PathBuf]) -> (Vec<Input>, Vec<Error>) {
    let mut paths = BTreeSet::new();
    let mut errors = Vec::new();
    for argument in arguments {
        match std::fs::metadata(argument) {
            Ok(meta) if meta.is_dir() => errors.extend(search(argument, &mut paths)),
            Ok(_) => drop(paths.insert(argument.clone())),
            Err(error) => errors.push(Error::io(argument, error).remedy("check the path")),
        }
    }
    (named(paths), errors)
}

/// Adds the documents below `folder`; hands back what went wrong, which includes finding none.
fn search(folder: &Path, paths: &mut BTreeSet<PathBuf>) -> Vec<Error> {
    let mut errors = Vec::new();
    let mut found = false;
    for entry in WalkDir::new(folder).follow_links(true) {
        match entry {
            Ok(entry) if entry.file_type().is_file() && is_document(entry.path()) => {
                found = true;
                paths.insert(entry.into_path());
            }
            Ok(_) => {}
            Err(error) => {
                let at = error.path().unwrap_or(folder).to_owned();
                let message = "this part of the folder cannot be searched";
                errors.push(Error::new(ErrorKind::Unreadable, message).file(at).source(error));
            }
        }
    }
    if !found && errors.is_empty() {
        let message = format!("the folder holds no documents ({})", DOCUMENT_ENDINGS.join(", "));
        errors.push(Error::new(ErrorKind::Unreadable, message).file(folder).remedy("name a file to read it anyway"));
    }
    errors
}

fn is_document(path: &Path) -> bool {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    ending.is_some_and(|e| DOCUMENT_ENDINGS.contains(&e.as_str()))
}

fn named(paths: BTreeSet<PathBuf>) -> Vec<Input> {
    let mut seen = BTreeSet::new();
    let unique = |path: &PathBuf| seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone()));
    let paths: Vec<PathBuf> = paths.into_iter().filter(unique).collect();
    let stem = |path: &Path| path.file_stem().map_or_else(|| "document".into(), |s| s.to_string_lossy().into_owned());
    let mut takers: BTreeMap<String, u32> = BTreeMap::new();
    for path in &paths {
        // Some file systems do not tell capitals from small letters.
        *takers.entry(stem(path).to_lowercase()).or_default() += 1;
    }
    let name = |path: PathBuf| {
        let stem = stem(&path);
        if takers[&stem.to_lowercase()] == 1 {
            return Input { path, name: stem };
        }
        let digest = Sha256::digest(path.to_string_lossy().as_bytes());
        let suffix = hex(&digest[..4]);
        Input { name: format!("{stem}-{suffix}"), path }
    };
    paths.into_iter().map(name).collect()
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

    #[test]
    fn folders_are_searched_and_other_files_left_alone() {
        let dir = folder(&["a/x.pdf", "a/deep/y.TIF", "a/notes.txt", "b/z.png"]);
        let found = collect(&[dir.path().join("b"), dir.path().join("a")]).0;
        let names: Vec<_> = found.iter().map(|i| i.name.as_str()).collect();
        assert_eq!(names, ["y", "x", "z"]);
    }

    #[test]
    fn colliding_names_get_suffixes_that_do_not_depend_on_order_or_company() {
        let dir = folder(&["a/x.pdf", "b/x.pdf", "b/y.png"]);
        let [a, b] = ["a/x.pdf", "b/x.pdf"].map(|f| dir.path().join(f));
        let one_way = collect(&[a.clone(), b.clone()]).0;
        let other_way = collect(&[b, dir.path().join("b/y.png"), a]).0;
        assert_ne!(one_way[0].name, one_way[1].name);
        assert!(one_way.iter().all(|i| i.name.starts_with("x-") && other_way.contains(i)), "{one_way:?} {other_way:?}");
    }

    #[test]
    fn a_file_given_twice_is_read_once() {
        let dir = folder(&["x.pdf"]);
        let file = dir.path().join("x.pdf");
        let found = collect(&[file.clone(), dir.path().to_owned(), file]).0;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name, "x");
    }

    #[test]
    fn an_empty_folder_and_a_missing_file_are_named_and_the_others_are_read() {
        let dir = folder(&["notes.txt"]);
        let good = folder(&["x.pdf"]);
        let bad = [dir.path().to_owned(), dir.path().join("none.pdf")];
        let (found, errors) = collect(&[bad[0].clone(), good.path().to_owned(), bad[1].clone()]);
        assert_eq!(found.len(), 1);
        assert_eq!(errors.len(), 2);
        for (error, path) in errors.iter().zip(&bad) {
            assert_eq!(error.kind(), ErrorKind::Unreadable);
            assert!(error.to_string().contains(&*path.to_string_lossy()), "{error}");
        }
    }
}

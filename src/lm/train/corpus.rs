//! The training text, a paragraph a line, read as it streams by.

use crate::error::{Error, Result};
use crate::text::nfc;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Files of training text, and which of their lines are held back from training.
#[derive(Debug, Clone)]
pub struct Corpus {
    files: Vec<PathBuf>,
    hold_out: u64,
    fold: Option<Fold>,
}

/// One of so many folds of a corpus, or all that is not of it.
#[derive(Debug, Clone, Copy)]
struct Fold {
    number: u64,
    of: u64,
    within: bool,
}

/// Lines that lie together are of one fold, as they are of one document; so many.
const TOGETHER: u64 = 500;

impl Fold {
    fn has(self, line: u64) -> bool {
        ((line / TOGETHER) % self.of == self.number) == self.within
    }
}

impl Corpus {
    /// These files, or all `.txt` and `.txt.zst` below these folders, in the order of their paths.
    ///
    /// Of every `hold_out` lines about one is held back, chosen by the FNV-1a hash of its bytes; 0 holds nothing back.
    ///
    /// # Errors
    /// [`ErrorKind::Unreadable`](crate::ErrorKind::Unreadable) where a path is not there or nothing is found.
    pub fn open(paths: &[PathBuf], hold_out: u64) -> Result<Self> {
        let mut files = Vec::new();
        for path in paths {
            for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
                let entry = entry.map_err(|e| Error::io(path, e.into()))?;
                let name = entry.file_name().to_string_lossy();
                let wanted = name.ends_with(".txt") || name.ends_with(".txt.zst") || entry.depth() == 0;
                if entry.file_type().is_file() && wanted {
                    files.push(entry.into_path());
                }
            }
        }
        if files.is_empty() {
            let none = Error::new(crate::ErrorKind::Unreadable, "there is no text to train on");
            return Err(none.remedy("name files, or folders that hold .txt or .txt.zst files"));
        }
        Ok(Corpus { files, hold_out, fold: None })
    }

    /// One of `of` folds of this corpus, counted from 0.
    pub fn fold(&self, number: u64, of: u64) -> Self {
        Corpus { fold: Some(Fold { number, of: of.max(1), within: true }), ..self.clone() }
    }

    /// All of this corpus but one of `of` folds: what learns from it has not read that fold.
    pub fn without_fold(&self, number: u64, of: u64) -> Self {
        Corpus { fold: Some(Fold { number, of: of.max(1), within: false }), ..self.clone() }
    }

    /// The files, in the order in which they are read.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Hands every line that is trained on to `take`, in NFC.
    ///
    /// # Errors
    /// [`ErrorKind::Unreadable`](crate::ErrorKind::Unreadable) where a file cannot be read; what `take` returns.
    pub fn for_each_line(&self, mut take: impl FnMut(&str) -> Result<()>) -> Result<()> {
        for path in &self.files {
            let mut text = open(path).map_err(|e| Error::io(path, e))?;
            let mut line = Vec::new();
            for number in 0.. {
                line.clear();
                if text.read_until(b'\n', &mut line).map_err(|e| Error::io(path, e))? == 0 {
                    break;
                }
                while line.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
                    line.pop();
                }
                let held_out = self.hold_out > 0 && fnv1a(&line).is_multiple_of(self.hold_out);
                if !held_out && self.fold.is_none_or(|fold| fold.has(number)) {
                    take(&nfc::compose(&String::from_utf8_lossy(&line)))?;
                }
            }
        }
        Ok(())
    }
}

fn open(path: &Path) -> std::io::Result<Box<dyn BufRead>> {
    let file = File::open(path)?;
    let packed = path.extension().is_some_and(|e| e == "zst");
    let reader: Box<dyn Read> = if packed { Box::new(zstd::Decoder::new(file)?) } else { Box::new(file) };
    Ok(Box::new(BufReader::with_capacity(1 << 18, reader)))
}

/// The 64-bit FNV-1a hash (Fowler, Noll and Vo), by which lines are held out.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &b| (hash ^ u64::from(b)).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_share_out_the_lines_and_leave_none_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("corpus.txt");
        std::fs::write(&path, (0..2_300).map(|n| format!("{n}\n")).collect::<String>()).unwrap();
        let whole = Corpus::open(&[path], 7).unwrap();
        let lines = |corpus: &Corpus| {
            let mut lines = Vec::new();
            let take = |line: &str| {
                lines.push(line.to_owned());
                Ok(())
            };
            corpus.for_each_line(take).unwrap();
            lines
        };
        let mut all: Vec<String> = (0..3).flat_map(|n| lines(&whole.fold(n, 3))).collect();
        all.sort_unstable();
        let mut expected = lines(&whole);
        expected.sort_unstable();
        assert_eq!(all, expected);
        let (fold, rest) = (lines(&whole.fold(1, 3)), lines(&whole.without_fold(1, 3)));
        assert!(!fold.is_empty() && fold.len() + rest.len() == all.len());
        assert!(fold.iter().all(|line| !rest.contains(line)));
    }

    #[test]
    fn held_out_lines_are_told_by_their_bytes() {
        // The published test vectors of FNV-1a.
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
    }
}

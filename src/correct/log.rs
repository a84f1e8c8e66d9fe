//! `corrections.jsonl`: one [`Correction`] a line, only ever added to.

use super::Correction;
use crate::diagnostics::{Diagnostic, Outcome};
use crate::document::Place;
use crate::error::{Error, ErrorKind, Result};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The longest line that is read, in bytes; a longer one is no correction.
const LONGEST_LINE: u64 = 64 << 10;

/// The corrections of a folder of results, in the order in which they were made.
#[derive(Debug)]
pub struct CorrectionLog {
    path: PathBuf,
    corrections: Vec<Correction>,
    lines: u64,
}

impl CorrectionLog {
    /// The name of the log within a folder of results.
    pub const NAME: &str = "corrections.jsonl";

    /// Reads the log of the folder `results`; an empty one where there is none yet. A line that is no correction, such as the half of
    /// one after a loss of power, is passed over and told.
    ///
    /// # Errors
    /// [`ErrorKind::Unreadable`] where the file is there and cannot be read.
    pub fn open(results: &Path) -> Result<Outcome<Self>> {
        let path = results.join(Self::NAME);
        let mut log = CorrectionLog { path: path.clone(), corrections: Vec::new(), lines: 0 };
        let mut diagnostics = Vec::new();
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Outcome::clean(log)),
            Err(e) => return Err(Error::io(&path, e)),
        };
        let mut reader = BufReader::new(file);
        loop {
            let mut line = Vec::new();
            let read =
                (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(|e| Error::io(&path, e))?;
            if read == 0 {
                break;
            }
            log.lines += 1;
            if line.last() != Some(&b'\n') && read as u64 == LONGEST_LINE {
                skip_line(&mut reader).map_err(|e| Error::io(&path, e))?;
            }
            match parsed(&line) {
                Ok(correction) => log.corrections.push(Correction { id: log.lines, ..correction }),
                Err(why) => diagnostics.push(
                    Diagnostic::warning(format!("line {} of the corrections is passed over: {why}", log.lines))
                        .at(Place { line: Some(log.lines as u32), ..Place::default() })
                        .hint("the other lines hold; mend or remove this one"),
                ),
            }
        }
        Ok(Outcome { value: log, diagnostics })
    }

    /// All lines that are corrections, those that no longer hold included; see [`in_force`](super::in_force).
    pub fn all(&self) -> &[Correction] {
        &self.corrections
    }

    /// Those that concern the file with this SHA-256.
    pub fn of_document(&self, sha256: &str) -> Vec<Correction> {
        self.corrections.iter().filter(|c| c.document == sha256).cloned().collect()
    }

    /// Adds a correction and gives its name. It is on the disk when this returns.
    ///
    /// # Errors
    /// [`ErrorKind::Definition`] where it is none (see [`Correction::fault`]), [`ErrorKind::Unwritable`] where it cannot be written; the log
    /// is then as it was.
    pub fn add(&mut self, correction: Correction) -> Result<u64> {
        if let Some(fault) = correction.fault() {
            return Err(Error::new(ErrorKind::Definition, format!("this is no correction: {fault}")));
        }
        let id = self.lines + 1;
        let correction = Correction { id, ..correction };
        let json = serde_json::to_string(&correction).map_err(|e| Error::new(ErrorKind::Defect, e.to_string()))?;
        let written = self.append(&json);
        written.map_err(|e| {
            Error::new(ErrorKind::Unwritable, "the correction cannot be written")
                .file(&self.path)
                .remedy("see that the folder may be written to and has room")
                .source(e)
        })?;
        self.lines = id;
        self.corrections.push(correction);
        Ok(id)
    }

    fn append(&self, json: &str) -> std::io::Result<()> {
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(&self.path)?;
        let length = file.seek(SeekFrom::End(0))?;
        // The half of a line that a loss of power left must not swallow this one.
        let mut last = [b'\n'];
        if length > 0 {
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
        }
        let start = if last[0] == b'\n' { "" } else { "\n" };
        let written = file.write_all(format!("{start}{json}\n").as_bytes()).and_then(|()| file.sync_all());
        if written.is_err() {
            // A disk that is full takes a part of the line.
            let _ = file.set_len(length);
        }
        written
    }
}

fn skip_line(reader: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let end = buffer.iter().position(|b| *b == b'\n');
        let used = end.map_or(buffer.len(), |at| at + 1);
        reader.consume(used);
        if end.is_some() {
            return Ok(());
        }
    }
}

fn parsed(line: &[u8]) -> std::result::Result<Correction, String> {
    let correction: Correction = serde_json::from_slice(line).map_err(|e| e.to_string())?;
    correction.fault().map_or(Ok(correction), |fault| Err(fault.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::correction;
    use super::*;

    #[test]
    fn what_was_added_is_there_when_the_log_is_opened_again() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = CorrectionLog::open(dir.path()).unwrap().value;
        for (n, after) in ["một", "hai"].iter().enumerate() {
            let left = 100.0 * n as f32;
            assert_eq!(log.add(correction(0, [left, 0.0, left + 50.0, 20.0], "x", after)).unwrap(), n as u64 + 1);
        }
        let again = CorrectionLog::open(dir.path()).unwrap();
        assert!(again.diagnostics.is_empty());
        let texts: Vec<_> = again.value.all().iter().map(|c| (c.id, c.after.as_str())).collect();
        assert_eq!(texts, [(1, "một"), (2, "hai")]);
    }

    #[test]
    fn half_a_line_and_nonsense_cost_only_themselves() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(CorrectionLog::NAME);
        let good = serde_json::to_string(&correction(0, [0.0, 0.0, 50.0, 20.0], "a", "b")).unwrap();
        let huge = "x".repeat(200_000);
        std::fs::write(&path, format!("{good}\n[]\n{huge}\n{good}\n{}", &good[..40])).unwrap();
        let mut opened = CorrectionLog::open(dir.path()).unwrap();
        assert_eq!(opened.value.all().iter().map(|c| c.id).collect::<Vec<_>>(), [1, 4]);
        assert_eq!(opened.diagnostics.len(), 3);
        opened.value.add(correction(0, [100.0, 0.0, 150.0, 20.0], "c", "d")).unwrap();
        let again = CorrectionLog::open(dir.path()).unwrap().value;
        assert_eq!(again.all().iter().map(|c| c.after.as_str()).collect::<Vec<_>>(), ["b", "b", "d"]);
    }

    #[test]
    fn what_is_no_correction_is_not_kept() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = CorrectionLog::open(dir.path()).unwrap().value;
        let error = log.add(correction(0, [0.0, 0.0, 50.0, 20.0], "a", "b\nc")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Definition);
        assert!(!dir.path().join(CorrectionLog::NAME).exists());
    }
}

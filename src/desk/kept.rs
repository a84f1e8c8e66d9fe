//! What the desk keeps of each reading so that it can be checked: the words with their boxes, and where the file lies.

use crate::correct::{CorrectedDocument, CorrectionLog};
use crate::diagnostics::Outcome;
use crate::error::{Error, ErrorKind, Result};
use crate::report::{Origin, Report};
use crate::restore::RestoredPage;
use crate::whole_file::{unwritable, write_whole};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Compression of Zstandard that costs little time.
const LEVEL: i32 = 3;

/// A reading before corrections were laid over it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptReading {
    /// Where the file lay when it was read.
    pub path: PathBuf,
    /// Name of its results.
    pub name: String,
    /// The report.
    pub report: Report,
    /// Its pages.
    pub pages: Vec<RestoredPage>,
}

/// The folder `.desk` beside the results: a file a document, named by the document's content.
#[derive(Debug, Clone)]
pub struct Kept {
    folder: PathBuf,
}

/// Whether `text` is a SHA-256 as reports write it: the only names of files in the folder.
pub fn is_id(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

impl Kept {
    /// What is kept beside these results.
    pub fn of(results: &Path) -> Kept {
        Kept { folder: results.join(".desk") }
    }

    /// The file of this document with that ending; None where `id` is no hash.
    pub fn file(&self, id: &str, ending: &str) -> Option<PathBuf> {
        is_id(id).then(|| self.folder.join(format!("{id}{ending}")))
    }

    /// The reading of a document; None where none is kept, or it is damaged or of another version: it can be read again.
    pub fn load(&self, id: &str) -> Option<KeptReading> {
        let bytes = std::fs::read(self.file(id, ".reading")?).ok()?;
        serde_json::from_slice(&zstd::decode_all(&bytes[..]).ok()?).ok()
    }

    /// Keeps a reading in place of an earlier one.
    ///
    /// # Errors
    /// [`ErrorKind::Unwritable`] where it cannot be written; the earlier one is then still there.
    pub fn save(&self, id: &str, reading: &KeptReading) -> Result<()> {
        let json = serde_json::to_vec(reading).map_err(|e| Error::new(ErrorKind::Defect, e.to_string()))?;
        self.write(id, ".reading", &zstd::encode_all(&json[..], LEVEL).unwrap_or_default())
    }

    /// Keeps a file of the document, whole or not at all.
    ///
    /// # Errors
    /// [`ErrorKind::Unwritable`], as there.
    pub fn write(&self, id: &str, ending: &str, content: &[u8]) -> Result<()> {
        let Some(path) = self.file(id, ending) else {
            return Err(Error::new(ErrorKind::Defect, "a document is named by its SHA-256"));
        };
        std::fs::create_dir_all(&self.folder).map_err(|e| unwritable(&self.folder, e))?;
        write_whole(&path, content)
    }
}

/// The documents of a folder of results that a person corrected, in the order of their first corrections, as far as their words are kept.
/// Pages whose text layer was taken as it is have nothing to teach.
///
/// # Errors
/// [`ErrorKind::Unreadable`] where the corrections cannot be read.
pub fn corrected_documents(results: &Path) -> Result<Outcome<Vec<CorrectedDocument>>> {
    let (kept, log) = (Kept::of(results), CorrectionLog::open(results)?);
    let mut ids: Vec<&str> = Vec::new();
    for correction in log.value.all() {
        if !ids.contains(&correction.document.as_str()) {
            ids.push(&correction.document);
        }
    }
    let mut documents = Vec::new();
    for id in ids {
        let Some(KeptReading { report, mut pages, .. }) = kept.load(id) else { continue };
        let restored = |page: u32| {
            report.pages.iter().any(|p| p.page == page && !matches!(p.origin, None | Some(Origin::TextLayer)))
        };
        pages.retain(|page| restored(page.recognised.page));
        let mut corrections = log.value.of_document(id);
        corrections.retain(|c| restored(c.page));
        if !corrections.is_empty() {
            documents.push(CorrectedDocument { pages, corrections });
        }
    }
    Ok(Outcome { value: documents, diagnostics: log.diagnostics })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashes_name_files() {
        let kept = Kept::of(Path::new("/results"));
        assert!(kept.file("../../etc/passwd", "").is_none());
        assert!(kept.file(&"A".repeat(64), "").is_none());
        assert_eq!(kept.file(&"a".repeat(64), ".x").unwrap().parent(), Some(Path::new("/results/.desk")));
    }

    #[test]
    fn a_damaged_reading_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let kept = Kept::of(dir.path());
        let id = "a".repeat(64);
        kept.write(&id, ".reading", b"no such thing").unwrap();
        assert!(kept.load(&id).is_none());
        assert!(kept.load(&"b".repeat(64)).is_none());
    }
}

//! The folder that results are written to: each file whole or not at all.

use crate::error::{Error, ErrorKind, Result};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A folder that can be written to.
#[derive(Debug, Clone)]
pub struct OutputFolder {
    path: PathBuf,
}

impl OutputFolder {
    /// Makes the folder where it is not there, and tries whether it can be written to before any work is done.
    ///
    /// # Errors
    /// [`ErrorKind::Unwritable`] where it cannot.
    pub fn create(path: &Path) -> Result<Self> {
        fs::create_dir_all(path).and_then(|()| NamedTempFile::new_in(path)).map_err(|e| unwritable(path, e))?;
        Ok(OutputFolder { path: path.to_owned() })
    }

    /// Where the file of this name is or would be.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Writes the file of this name in place of an older one. Readers see the old content or the new one, never a part.
    ///
    /// # Errors
    /// [`ErrorKind::Unwritable`] where the disk is full or the folder protected; the older file is then still there.
    pub fn write(&self, name: &str, content: &[u8]) -> Result<()> {
        write_whole(&self.file(name), content)
    }
}

/// Writes a file in place of an older one, through a temporary file beside it. Readers see the old content or the new one,
/// never a part.
///
/// # Errors
/// [`ErrorKind::Unwritable`] where the disk is full or the folder protected; the older file is then still there.
pub fn write_whole(path: &Path, content: &[u8]) -> Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // Temporary files are private; a result is for whoever the user's mask lets read it.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let written = builder.tempfile_in(folder).and_then(|mut file| {
        file.write_all(content)?;
        file.persist(path).map_err(|e| e.error)
    });
    written.map(|_| ()).map_err(|e| unwritable(path, e))
}

fn unwritable(path: &Path, error: std::io::Error) -> Error {
    let remedy = "choose a folder that may be written to and has room, with --out";
    Error::new(ErrorKind::Unwritable, "it cannot be written").file(path).remedy(remedy).source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left_behind() {
        let dir = tempfile::tempdir().unwrap();
        let folder = OutputFolder::create(&dir.path().join("deep/er")).unwrap();
        folder.write("x.json", b"one").unwrap();
        folder.write("x.json", b"two").unwrap();
        assert_eq!(fs::read(folder.file("x.json")).unwrap(), b"two");
        assert_eq!(fs::read_dir(dir.path().join("deep/er")).unwrap().count(), 1);
        let [result, plain] = ["x.json", "plain"].map(|name| folder.file(name));
        fs::write(&plain, b"").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions();
        assert_eq!(mode(&result), mode(&plain), "a result may be read by whoever may read any file of the user's");
    }

    #[test]
    fn a_folder_that_is_a_file_is_unwritable() {
        let file = NamedTempFile::new().unwrap();
        let error = OutputFolder::create(file.path()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unwritable);
        let said = format!("{:#}", anyhow::Error::from(error));
        assert_eq!(said.matches("os error").count(), 1, "the reason is told once: {said}");
    }
}

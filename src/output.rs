//! The folder that results are written to: each file whole or not at all.

use crate::error::{Error, ErrorKind, Result};
use crate::whole_file::{unwritable, write_through};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A folder that can be written to.
#[derive(Debug, Clone)]
pub struct OutputFolder {
    path: PathBuf,
    /// Whether a result is on the disk, come what may, when it is said to be written.
    durable: bool,
}

impl OutputFolder {
    /// Makes the folder where it is not there, and tries whether it can be written to before any work is done.
    ///
    /// # Errors
    /// [`ErrorKind::Unwritable`] where it cannot.
    pub fn create(path: &Path) -> Result<Self> {
        fs::create_dir_all(path).and_then(|()| NamedTempFile::new_in(path)).map_err(|e| unwritable(path, e))?;
        Ok(OutputFolder { path: path.to_owned(), durable: false })
    }

    /// The same folder, whose results outlast a loss of power from the moment that they are written and [settled](OutputFolder::settle).
    pub fn durable(self) -> Self {
        OutputFolder { durable: true, ..self }
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the file of this name is or would be.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Writes the file of this name in place of an older one, and the folders in its name. Readers see the old content
    /// or the new one, never a part.
    ///
    /// # Errors
    /// [`ErrorKind::Unwritable`] where the disk is full or the folder protected; the older file is then still there.
    pub fn write(&self, name: &str, content: &[u8]) -> Result<()> {
        let file = self.file(name);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(|e| unwritable(folder, e))?;
        }
        write_through(&file, content, self.durable)
    }

    /// Writes a result of the file `original`, but never over that file itself.
    ///
    /// # Errors
    /// As [`OutputFolder::write`], and where it is the original that would be replaced.
    pub fn write_beside(&self, original: &Path, name: &str, content: &[u8]) -> Result<()> {
        let target = self.file(name);
        if let (Ok(target), Ok(original)) = (target.canonicalize(), original.canonicalize())
            && target == original
        {
            let error = Error::new(ErrorKind::Unwritable, "this result would replace the original");
            return Err(error.file(target).remedy("choose another folder with --out"));
        }
        self.write(name, content)
    }

    /// Makes sure that the names of what was written under `name` are on the disk, too, where the folder is durable.
    ///
    /// # Errors
    /// [`ErrorKind::Unwritable`] where that cannot be done.
    pub fn settle(&self, name: &str) -> Result<()> {
        if !self.durable {
            return Ok(());
        }
        let file = self.file(name);
        let folder = file.parent().unwrap_or(&self.path);
        fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|e| unwritable(folder, e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left_behind() {
        let dir = tempfile::tempdir().unwrap();
        let folder = OutputFolder::create(&dir.path().join("deep/er")).unwrap();
        folder.write("x.json", b"one").unwrap();
        folder.write("x.json", b"two").unwrap();
        assert_eq!(fs::read_dir(dir.path().join("deep/er")).unwrap().count(), 1);
        folder.write("x/metadata/y.txt", b"three").unwrap();
        assert_eq!(fs::read(folder.file("x/metadata/y.txt")).unwrap(), b"three");
        assert_eq!(fs::read(folder.file("x.json")).unwrap(), b"two");
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

//! The folder that results are written to: each file whole or not at all.

use crate::error::Result;
use crate::whole_file::{unwritable, write_whole};
use std::fs;
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
        write_whole(&file, content)
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

//! Files that are written whole or not at all.

use crate::error::{Error, ErrorKind, Result};
use std::fs;
use std::io::Write;
use std::path::Path;

/// Writes a file in place of an older one, through a temporary file beside it. Readers see the old content or the new one,
/// never a part. Where a link stands at the path, the file that it leads to is replaced and the link stays. What is not a
/// file (a device, a pipe) is never replaced but written into: a program run as root could put a file over `/dev/null`.
///
/// # Errors
/// [`ErrorKind::Unwritable`] where the disk is full or the folder protected; the older file is then still there.
pub fn write_whole(path: &Path, content: &[u8]) -> Result<()> {
    write_through(path, content, false)
}

/// The same; a `durable` file is on the disk, come what may, before it takes the place of the older one.
///
/// # Errors
/// As [`write_whole`].
pub(crate) fn write_through(path: &Path, content: &[u8], durable: bool) -> Result<()> {
    if fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        let mut there = fs::OpenOptions::new().write(true).open(path).map_err(|e| unwritable(path, e))?;
        return there.write_all(content).map_err(|e| unwritable(path, e));
    }
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // Temporary files are private; a result is for whoever the user's mask lets read it.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let written = builder.tempfile_in(folder).and_then(|mut file| {
        file.write_all(content)?;
        if durable {
            file.as_file().sync_all()?;
        }
        file.persist(&target).map_err(|e| e.error)
    });
    written.map(|_| ()).map_err(|e| unwritable(path, e))
}

/// The error of a result that cannot be written at `path`.
pub(crate) fn unwritable(path: &Path, error: std::io::Error) -> Error {
    let remedy = "choose a folder that may be written to and has room, with --out";
    Error::new(ErrorKind::Unwritable, "it cannot be written").file(path).remedy(remedy).source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_written_into_and_a_link_followed() {
        use std::os::unix::fs::{FileTypeExt, symlink};
        let dir = tempfile::tempdir().unwrap();
        let [pipe, link, file] = ["pipe", "link", "file"].map(|name| dir.path().join(name));
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe).unwrap()
        });
        write_whole(&pipe, b"through").unwrap();
        assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo(), "the pipe was replaced by a file");
        assert_eq!(reader.join().unwrap(), b"through");

        fs::write(&file, b"old").unwrap();
        symlink("file", &link).unwrap();
        write_whole(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink(), "the link was replaced by a file");
        assert_eq!(fs::read(&file).unwrap(), b"new");
    }
}

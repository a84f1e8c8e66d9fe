//! A file's bytes in memory without reading them: the one place where this module needs `unsafe`.
#![allow(unsafe_code)]

use memmap2::Mmap;
use std::fs::File;
use std::io;
use std::path::Path;

/// Maps the file.
pub(super) fn map(path: &Path) -> io::Result<Mmap> {
    let file = File::open(path)?;
    // SAFETY: the map is read only. Should another process shorten the file while it is in use, the program would be stopped by
    // a signal; should it change the bytes, look-ups return other probabilities, as every access is checked against the
    // lengths that were verified when the model was opened. Models are written whole and renamed into place, never in place.
    unsafe { Mmap::map(&file) }
}

//! Memory that is not read yet: a file's bytes in place, and cache lines asked for ahead. The one place where this module needs `unsafe`.
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

/// Asks for the cache line in which something begins, and goes on without waiting for it.
#[inline]
pub(crate) fn ask_ahead<T>(what: &T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: the address is that of a reference, and all processors of this kind have the instruction, which changes nothing
        // that a program can see.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(what).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = what;
}

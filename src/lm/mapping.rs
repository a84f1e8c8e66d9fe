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

/// A copy in memory for which large pages are asked for, from this byte of it on; None where the system knows of none.
pub(super) fn in_large_pages(bytes: &[u8]) -> Option<(Mmap, usize)> {
    #[cfg(target_os = "linux")]
    {
        use rayon::prelude::*;
        const PAGE: usize = 2 << 20;
        let mut map = memmap2::MmapMut::map_anon(bytes.len().checked_add(PAGE)?).ok()?;
        map.advise(memmap2::Advice::HugePage).ok()?;
        let start = map.as_ptr().align_offset(PAGE);
        let copy = map.get_mut(start..start + bytes.len())?;
        copy.par_chunks_mut(PAGE).zip(bytes.par_chunks(PAGE)).for_each(|(to, from)| to.copy_from_slice(from));
        Some((map.make_read_only().ok()?, start))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = bytes;
        None
    }
}

/// Asks for the cache line in which something begins, and goes on without waiting for it.
#[inline]
pub(crate) fn prefetch<T>(what: &T) {
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

#[cfg(test)]
mod tests {
    #[test]
    fn a_copy_holds_the_same_bytes() {
        for len in [0, 1, 5 << 20] {
            let bytes: Vec<u8> = (0..len).map(|n| (n * 7) as u8).collect();
            if let Some((map, start)) = super::in_large_pages(&bytes) {
                assert!(
                    map[start..].starts_with(&bytes) && (map.as_ptr() as usize + start).is_multiple_of(4096),
                    "{len}"
                );
            }
        }
    }
}

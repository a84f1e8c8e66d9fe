//! The directories of a TIFF file: for each page, tags and where their values stand (TIFF 6.0, section 2; BigTIFF).

use crate::error::{Error, ErrorKind, Result};
use std::collections::{BTreeMap, BTreeSet};

/// Pages that a file may have; more are a chain that was damaged into nonsense.
const MOST_PAGES: usize = 20_000;
/// Values that one tag may have; strip tables of the tallest pages stay far below it.
const MOST_VALUES: u64 = 4_000_000;

/// One page's tags.
#[derive(Debug, Clone)]
pub(super) struct Directory {
    big_endian: bool,
    entries: BTreeMap<u16, Entry>,
}

/// Where the values of one tag stand.
#[derive(Debug, Clone, Copy)]
struct Entry {
    kind: u16,
    count: u64,
    at: u64,
}

/// The bytes of a file with the order that it says they are in.
#[derive(Clone, Copy)]
struct Source<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl Source<'_> {
    /// The unsigned number of `size` bytes at `at`; None past the end.
    fn number(&self, at: u64, size: u64) -> Option<u64> {
        let at = usize::try_from(at).ok()?;
        let bytes = self.bytes.get(at..at.checked_add(size as usize)?)?;
        let add = |n: u64, b: &u8| n << 8 | u64::from(*b);
        Some(if self.big_endian { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) })
    }
}

/// The directories of a file in their order, and whether the chain of them ended as it should.
///
/// # Errors
/// [`ErrorKind::Damaged`] where there is not even a first.
pub(super) fn read_all(bytes: &[u8]) -> Result<(Vec<Directory>, bool)> {
    let source = Source { bytes, big_endian: bytes.starts_with(b"MM") };
    let big = source.number(2, 2) == Some(43);
    let mut next = if big { source.number(8, 8) } else { source.number(4, 4) };
    let mut directories = Vec::new();
    let mut seen = BTreeSet::new();
    let whole = loop {
        match next {
            Some(0) => break true,
            Some(at) if seen.insert(at) && directories.len() < MOST_PAGES => match read(source, at, big) {
                Some((directory, then)) => {
                    directories.push(directory);
                    next = then;
                }
                None => break false,
            },
            _ => break false,
        }
    };
    if directories.is_empty() {
        return Err(Error::new(ErrorKind::Damaged, "the TIFF file is cut off or damaged: it has no page directory")
            .remedy("scan or copy it again"));
    }
    Ok((directories, whole))
}

/// The directory at `at` and the place of the next one, 0 after the last; None where it is cut off.
fn read(source: Source<'_>, at: u64, big: bool) -> Option<(Directory, Option<u64>)> {
    let (count_size, entry_size, offset_size) = if big { (8, 20, 8) } else { (2, 12, 4) };
    let count = source.number(at, count_size)?;
    if count == 0 || count > 4096 {
        return None;
    }
    let mut entries = BTreeMap::new();
    for i in 0..count {
        let start = at + count_size + i * entry_size;
        let tag = source.number(start, 2)? as u16;
        let kind = source.number(start + 2, 2)? as u16;
        let count = source.number(start + 4, offset_size)?;
        let inline = start + 4 + offset_size;
        let fits = count.checked_mul(size_of(kind)).is_some_and(|bytes| bytes <= offset_size);
        let at = if fits { inline } else { source.number(inline, offset_size)? };
        entries.insert(tag, Entry { kind, count, at });
    }
    let next = source.number(at + count_size + count * entry_size, offset_size);
    Some((Directory { big_endian: source.big_endian, entries }, next))
}

/// Bytes that a value of this field type takes.
fn size_of(kind: u16) -> u64 {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16 | 17 | 18 => 8,
        _ => 1,
    }
}

impl Directory {
    /// All values of a tag of whole numbers; empty where it is missing or cut off.
    pub(super) fn numbers(&self, bytes: &[u8], tag: u16) -> Vec<u64> {
        let Some(entry) = self.entries.get(&tag).filter(|e| e.count <= MOST_VALUES) else { return Vec::new() };
        let source = Source { bytes, big_endian: self.big_endian };
        let size = size_of(entry.kind);
        (0..entry.count).map_while(|i| source.number(entry.at + i * size, size)).collect()
    }

    /// The first value of a tag of whole numbers.
    pub(super) fn number(&self, bytes: &[u8], tag: u16) -> Option<u64> {
        self.numbers(bytes, tag).first().copied()
    }

    /// The first value of a tag of fractions.
    pub(super) fn fraction(&self, bytes: &[u8], tag: u16) -> Option<f32> {
        let entry = self.entries.get(&tag)?;
        let source = Source { bytes, big_endian: self.big_endian };
        let numerator = source.number(entry.at, 4)? as f32;
        (entry.kind == 5).then_some(numerator / source.number(entry.at + 4, 4)? as f32)
    }

    /// The raw bytes of a tag.
    pub(super) fn raw<'a>(&self, bytes: &'a [u8], tag: u16) -> Option<&'a [u8]> {
        let entry = self.entries.get(&tag)?;
        let start = usize::try_from(entry.at).ok()?;
        bytes.get(start..start.checked_add(usize::try_from(entry.count).ok()?)?)
    }

    /// Whether samples of 16 bits have their high byte first.
    pub(super) fn big_endian(&self) -> bool {
        self.big_endian
    }
}

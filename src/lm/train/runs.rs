//! Sorting and adding up more counts than memory holds: sorted runs on disk, merged as they are read back.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::Result;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

/// An n-gram's words in 16 bits each, packed so that the order of the numbers is the order wanted.
pub(super) type Key = u128;

/// Keys held in memory before they go to disk: 400 MB.
const IN_MEMORY: usize = 20_000_000;
/// Bytes of a key and its count on disk.
const RECORD: usize = 20;

/// Takes keys in any order and gives them back sorted, each once with the sum of its counts.
pub(super) struct Sorter {
    buffer: Vec<(Key, u32)>,
    limit: usize,
    runs: Vec<File>,
}

impl Sorter {
    pub fn new() -> Self {
        Sorter::with_limit(IN_MEMORY)
    }

    fn with_limit(limit: usize) -> Self {
        Sorter { buffer: Vec::new(), limit, runs: Vec::new() }
    }

    /// Adds `count` to the key's count.
    pub fn add(&mut self, key: Key, count: u32) -> Result<()> {
        self.buffer.push((key, count));
        if self.buffer.len() >= self.limit {
            self.condense();
            // What repeats itself enough stays in memory: the run is worth writing only when it stays large.
            if self.buffer.len() > self.limit / 2 {
                self.spill()?;
            }
        }
        Ok(())
    }

    fn condense(&mut self) {
        self.buffer.sort_unstable();
        self.buffer.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                kept.1 = kept.1.saturating_add(later.1);
            }
            same
        });
    }

    fn spill(&mut self) -> Result<()> {
        let mut out = BufWriter::with_capacity(1 << 20, tempfile::tempfile()?);
        for (key, count) in self.buffer.drain(..) {
            out.write_all(&key.to_le_bytes())?;
            out.write_all(&count.to_le_bytes())?;
        }
        let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.runs.push(file);
        Ok(())
    }

    /// All keys in ascending order with their counts, handed to `take` one by one.
    pub fn for_each(mut self, mut take: impl FnMut(Key, u32) -> Result<()>) -> Result<()> {
        self.condense();
        if self.runs.is_empty() {
            return self.buffer.into_iter().try_for_each(|(key, count)| take(key, count));
        }
        self.spill()?;
        let mut runs: Vec<_> = self.runs.into_iter().map(|f| BufReader::with_capacity(1 << 20, f)).collect();
        let mut heads = BinaryHeap::new();
        for (index, run) in runs.iter_mut().enumerate() {
            heads.extend(read(run)?.map(|(key, count)| Reverse((key, index, count))));
        }
        let mut sum: Option<(Key, u32)> = None;
        while let Some(Reverse((key, index, count))) = heads.pop() {
            heads.extend(read(&mut runs[index])?.map(|(key, count)| Reverse((key, index, count))));
            match &mut sum {
                Some((same, total)) if *same == key => *total = total.saturating_add(count),
                _ => {
                    if let Some((key, total)) = sum.replace((key, count)) {
                        take(key, total)?;
                    }
                }
            }
        }
        sum.map_or(Ok(()), |(key, total)| take(key, total))
    }
}

fn read(run: &mut impl Read) -> Result<Option<(Key, u32)>> {
    let mut record = [0; RECORD];
    match run.read_exact(&mut record) {
        Ok(()) => {}
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(e) => return Err(e),
    }
    let mut key = [0; 16];
    key.copy_from_slice(&record[..16]);
    let mut count = [0; 4];
    count.copy_from_slice(&record[16..]);
    Ok(Some((Key::from_le_bytes(key), u32::from_le_bytes(count))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_the_same_whether_they_fit_in_memory_or_not() {
        let keys: Vec<Key> = (0..5000u128).map(|n| (n * 7919) % 613).collect();
        let sorted = |limit| {
            let mut sorter = Sorter::with_limit(limit);
            for &key in &keys {
                sorter.add(key, 1).unwrap();
            }
            let mut out = Vec::new();
            sorter
                .for_each(|key, count| {
                    out.push((key, count));
                    Ok(())
                })
                .unwrap();
            out
        };
        let whole = sorted(usize::MAX);
        assert_eq!(whole.iter().map(|&(_, c)| c as usize).sum::<usize>(), keys.len());
        assert!(whole.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(sorted(100), whole);
        assert_eq!(sorted(700), whole);
    }
}

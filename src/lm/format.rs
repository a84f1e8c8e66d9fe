//! The model file: a header of 128 bytes, then sections at places that follow from it. All numbers are little-endian.
//!
//! | bytes | what |
//! |---|---|
//! | 0..8 | `sohoa.lm` |
//! | 8..12 | version of the format |
//! | 12..16 | order of the model |
//! | 16..48 | SHA-256 of the lines that it was trained on |
//! | 48..56 | checksum of all that follows the header |
//! | 56..64 | length of the file |
//! | 64..68, 68..72 | number of words; bytes of the word list |
//! | 72..76 | number of bigrams |
//! | 76..88 | buckets of the tables of orders 3 to 5 |
//!
//! Sections: the words, a line feed after each; two bytes a word on its capitals; probabilities, then back-off weights, of all unigrams
//! as f32; for each order from 2 up 256 probabilities and 256 back-off weights as f32; the bigrams in four parts, which
//! [`super::successors`] explains; the tables, from a multiple of 64.

use super::table::BUCKET;
use super::vocabulary::class;
use crate::error::{Error, ErrorKind, Result};
use std::ops::Range;

pub(super) const MAGIC: &[u8; 8] = b"sohoa.lm";
pub(super) const VERSION: u32 = 2;
pub(super) const HEADER: usize = 128;
/// The longest n-gram that a file can hold.
pub(super) const MOST_ORDER: usize = 5;

/// Where everything is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub order: usize,
    /// Words, without the classes.
    pub words: usize,
    pub word_bytes: usize,
    pub bigrams: usize,
    /// Buckets of each order from 3 up.
    pub buckets: Vec<usize>,
}

impl Layout {
    pub fn text(&self) -> Range<usize> {
        HEADER..HEADER + self.word_bytes
    }

    pub fn shapes(&self) -> Range<usize> {
        let start = self.text().end.next_multiple_of(4);
        start..start + 2 * self.words
    }

    /// Words and classes.
    pub fn all_words(&self) -> usize {
        self.words + usize::from(class::FIRST_WORD)
    }

    /// Probabilities and back-off weights of unigrams.
    pub fn unigrams(&self) -> Range<usize> {
        let start = self.shapes().end.next_multiple_of(4);
        start..start + 2 * 4 * self.all_words()
    }

    /// The two codebooks of an order.
    pub fn codebook(&self, order: usize) -> Range<usize> {
        let start = self.unigrams().end + (order - 2) * 2 * 4 * 256;
        start..start + 2 * 4 * 256
    }

    /// The place of each word among its like.
    pub fn seats(&self) -> Range<usize> {
        let start = self.codebook(self.order).end;
        start..start + 2 * self.all_words()
    }

    /// Where the row of each seat begins, and the end of the last.
    pub fn rows(&self) -> Range<usize> {
        let start = self.seats().end.next_multiple_of(4);
        start..start + 4 * (self.all_words() + 1)
    }

    /// The seats of the second words of all bigrams.
    pub fn seconds(&self) -> Range<usize> {
        let start = self.rows().end;
        start..start + 2 * self.bigrams
    }

    /// The codes of all bigrams.
    pub fn bigram_codes(&self) -> Range<usize> {
        let start = self.seconds().end;
        start..start + 2 * self.bigrams
    }

    /// The table of an order from 3 up.
    pub fn table(&self, order: usize) -> Range<usize> {
        let first = self.bigram_codes().end.next_multiple_of(BUCKET);
        let start = first + self.buckets[..order - 3].iter().sum::<usize>() * BUCKET;
        start..start + self.buckets[order - 3] * BUCKET
    }

    pub fn len(&self) -> usize {
        if self.order == 2 { self.bigram_codes().end } else { self.table(self.order).end }
    }

    /// The header of a file whose bytes after it are `rest`.
    pub fn header(&self, source: &[u8; 32], rest: &[u8]) -> [u8; HEADER] {
        let mut header = [0; HEADER];
        let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, MAGIC);
        put(8, &VERSION.to_le_bytes());
        put(12, &(self.order as u32).to_le_bytes());
        put(16, source);
        put(48, &checksum(rest).to_le_bytes());
        put(56, &(self.len() as u64).to_le_bytes());
        put(64, &(self.words as u32).to_le_bytes());
        put(68, &(self.word_bytes as u32).to_le_bytes());
        put(72, &(self.bigrams as u32).to_le_bytes());
        for (n, &buckets) in self.buckets.iter().enumerate() {
            put(76 + 4 * n, &(buckets as u32).to_le_bytes());
        }
        header
    }

    /// Reads a header and makes sure that all sections are within `bytes`.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] where it is no model, of another version, or cut off.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let wrong = |what: &str| Error::new(ErrorKind::Model, what).remedy("make it anew with `sohoa train lm`");
        if bytes.len() < HEADER || &bytes[..8] != MAGIC {
            return Err(wrong("this is not a language model"));
        }
        let number = |at: usize| u32_at(bytes, at) as usize;
        if number(8) != VERSION as usize {
            return Err(wrong(&format!("the language model has format {}, this program reads {VERSION}", number(8))));
        }
        let order = number(12);
        if !(2..=MOST_ORDER).contains(&order) || number(64) > usize::from(u16::MAX - class::FIRST_WORD) {
            return Err(wrong("the language model's header is damaged"));
        }
        let buckets = (0..order - 2).map(|n| number(76 + 4 * n)).collect();
        let layout = Layout { order, words: number(64), word_bytes: number(68), bigrams: number(72), buckets };
        let length = u64::from_le_bytes(bytes[56..64].try_into().unwrap_or_default());
        if length != layout.len() as u64 || length != bytes.len() as u64 {
            return Err(wrong("the language model is cut off or has something after its end"));
        }
        Ok(layout)
    }
}

/// Whether the bytes are a model, and those that were written.
///
/// # Errors
/// [`ErrorKind::Model`] where they are not.
pub(super) fn verify_all(bytes: &[u8]) -> Result<()> {
    Layout::read(bytes)?;
    let written = u64::from_le_bytes(bytes[48..56].try_into().unwrap_or_default());
    if checksum(&bytes[HEADER..]) == written {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Model, "the language model is damaged: its checksum is not that in its header")
        .remedy("copy it anew, or make it anew with `sohoa train lm`"))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// The `f32` that stand in these bytes.
pub(super) fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

/// FNV-1a over words of eight bytes in four lanes, so that 60 MB take some ten milliseconds; it guards against accidents, not malice.
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x100_0000_01b3;
    let mut lanes = [0xcbf2_9ce4_8422_2325u64, 1, 2, 3];
    let mut chunks = bytes.chunks_exact(32);
    let word = |b: &[u8]| u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]);
    for chunk in &mut chunks {
        for (lane, bytes) in lanes.iter_mut().zip(chunk.chunks_exact(8)) {
            *lane = (*lane ^ word(bytes)).wrapping_mul(PRIME).rotate_left(23);
        }
    }
    let tail = chunks.remainder().iter().fold(bytes.len() as u64, |h, &b| (h ^ u64::from(b)).wrapping_mul(PRIME));
    lanes.into_iter().fold(tail, |h, lane| (h ^ lane).wrapping_mul(PRIME).rotate_left(23))
}

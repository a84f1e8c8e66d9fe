//! Bigrams as rows: for each word those that may follow it.
//!
//! Words that differ only in their marks are seated side by side, so that the words which may have been printed where one token was
//! seen lie close together in every row: one search finds all of them that may follow a word, and reads a cache line or two.
//! A row is sorted by seats, two bytes each; what is known of a bigram lies apart, as most searches find nothing. Rows stand in
//! the order of their words' seats. All rows together are 2.5 MB of the model that is shipped, about what a core's own
//! cache holds.

use super::format::{Layout, u32_at};
use super::table::Entry;
use super::vocabulary::{Vocabulary, WordId};
use crate::error::{Error, ErrorKind, Result};
use crate::text::letter::bare;
use std::ops::Range;

/// Place of a word among its like: words of the same letters have neighbouring ones, classes come first.
pub type CollationRank = u16;

/// The seat of every word, by its number.
pub(super) fn seats(vocabulary: &Vocabulary) -> Vec<CollationRank> {
    let mut order: Vec<(String, WordId)> =
        (0..vocabulary.len() as WordId).map(|id| (vocabulary.word(id).chars().map(bare).collect(), id)).collect();
    // Classes have no letters, so they keep their numbers.
    order.sort_unstable();
    let mut seats = vec![0; order.len()];
    for (seat, (_, id)) in order.into_iter().enumerate() {
        seats[usize::from(id)] = seat as CollationRank;
    }
    seats
}

/// Where the rows are in a model's bytes.
#[derive(Debug, Clone)]
pub(super) struct Successors {
    rows: Vec<u32>,
    seats: Vec<CollationRank>,
    seconds: Range<usize>,
    codes: Range<usize>,
}

impl Successors {
    /// Makes sure that all rows are within the model.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] where they are not.
    pub fn read(bytes: &[u8], layout: &Layout) -> Result<Self> {
        let rows: Vec<u32> = layout.rows().step_by(4).map(|at| u32_at(bytes, at)).collect();
        let seats: Vec<CollationRank> =
            bytes[layout.seats()].chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect();
        let sound = rows.is_sorted()
            && rows.first() == Some(&0)
            && rows.last() == Some(&(layout.bigrams as u32))
            && seats.iter().all(|&seat| usize::from(seat) < seats.len());
        if !sound {
            return Err(Error::new(ErrorKind::Model, "the language model's bigrams are damaged")
                .remedy("make it anew with `sohoa train lm`"));
        }
        Ok(Successors { rows, seats, seconds: layout.seconds(), codes: layout.bigram_codes() })
    }

    /// The word's seat.
    #[inline]
    pub fn seat(&self, word: WordId) -> CollationRank {
        self.seats[usize::from(word)]
    }

    /// The words seated from `low` to `high` that may follow the word seated at `before`: their seats, ascending, each with the
    /// bigram's number for [`Successors::entry`].
    #[inline]
    pub fn between<'a>(
        &self,
        bytes: &'a [u8],
        before: CollationRank,
        low: CollationRank,
        high: CollationRank,
    ) -> impl Iterator<Item = (CollationRank, u32)> + use<'a> {
        let start = self.rows[usize::from(before)] as usize;
        let end = self.rows[usize::from(before) + 1] as usize;
        let row = bytes[self.seconds.clone()].as_chunks().0.get(start..end).unwrap_or_default();
        let at = lower_bound(row, low);
        row[at..]
            .iter()
            .map(|&seat| CollationRank::from_le_bytes(seat))
            .zip((start + at) as u32..)
            .take_while(move |&(seat, _)| seat <= high)
    }

    /// The bigram's number; None where the model has none of these two.
    #[inline]
    pub fn find(&self, bytes: &[u8], first: WordId, second: WordId) -> Option<u32> {
        let second = self.seat(second);
        self.between(bytes, self.seat(first), second, second).next().map(|(_, bigram)| bigram)
    }

    /// What is known of a bigram.
    #[inline]
    pub fn entry(&self, bytes: &[u8], bigram: u32) -> Entry {
        let at = self.codes.start + 2 * bigram as usize;
        Entry { probability: bytes[at], backoff: bytes[at + 1] }
    }
}

/// How many seats of a row are below `low`. Without a branch on what is compared, which no processor could foresee.
#[inline]
fn lower_bound(row: &[[u8; 2]], low: CollationRank) -> usize {
    let mut left = row.len();
    let mut base = 0;
    while left > 0 {
        let half = left.div_ceil(2);
        base += if CollationRank::from_le_bytes(row[base + half - 1]) < low { half } else { 0 };
        left -= half;
    }
    base
}

/// Rows while a model is written: bigrams by their words, as the trainer sorts them, with what is known of each.
pub(super) struct Rows {
    seats: Vec<CollationRank>,
    bigrams: Vec<(CollationRank, CollationRank, Entry)>,
}

impl Rows {
    /// No bigrams, of the words that have these seats.
    pub fn new(seats: Vec<CollationRank>) -> Self {
        Rows { seats, bigrams: Vec::new() }
    }

    pub fn insert(&mut self, first: WordId, second: WordId, entry: Entry) {
        self.bigrams.push((self.seats[usize::from(first)], self.seats[usize::from(second)], entry));
    }

    /// Writes seats, rows, seconds and codes where the layout has them.
    pub fn write(mut self, layout: &Layout, bytes: &mut [u8]) {
        self.bigrams.sort_unstable_by_key(|b| (b.0, b.1));
        let mut put = |section: Range<usize>, content: &mut dyn Iterator<Item = u8>| {
            bytes[section].iter_mut().zip(content).for_each(|(to, from)| *to = from);
        };
        put(layout.seats(), &mut self.seats.iter().flat_map(|s| s.to_le_bytes()));
        let starts =
            (0..=self.seats.len()).map(|seat| self.bigrams.partition_point(|b| usize::from(b.0) < seat) as u32);
        put(layout.rows(), &mut starts.flat_map(u32::to_le_bytes));
        put(layout.seconds(), &mut self.bigrams.iter().flat_map(|b| b.1.to_le_bytes()));
        put(layout.bigram_codes(), &mut self.bigrams.iter().flat_map(|b| [b.2.probability, b.2.backoff]));
    }
}

#[cfg(test)]
mod tests {
    use super::super::vocabulary::class;
    use super::*;

    #[test]
    fn words_of_the_same_letters_sit_together() {
        let vocabulary = Vocabulary::new(["báo", "của", "bao", "đa", "da", "bảo"]);
        let seats = seats(&vocabulary);
        let seat = |word: &str| seats[usize::from(vocabulary.id(word).unwrap())];
        let mut like = ["báo", "bao", "bảo"].map(seat);
        like.sort_unstable();
        assert_eq!(like[2] - like[0], 2);
        assert_eq!(seat("đa").abs_diff(seat("da")), 1);
        assert_eq!(seats[usize::from(class::COMMA)], class::COMMA);
    }

    #[test]
    fn a_row_is_searched_for_a_run_of_seats() {
        let vocabulary = Vocabulary::new((0..50).map(|n| format!("w{n:02}")).collect::<Vec<_>>().iter().map(|w| &**w));
        let word = |n: u16| class::FIRST_WORD + n;
        let mut rows = Rows::new(seats(&vocabulary));
        let mut wanted = Vec::new();
        for first in [0, 7, 8, 49] {
            for second in (first % 3..50).step_by(3) {
                let entry = Entry { probability: second as u8, backoff: first as u8 };
                rows.insert(word(first), word(second), entry);
                wanted.push((first, second, entry));
            }
        }
        let layout = Layout { order: 2, words: 50, word_bytes: 200, bigrams: wanted.len(), buckets: Vec::new() };
        let mut bytes = vec![0; layout.len()];
        rows.write(&layout, &mut bytes);
        let successors = Successors::read(&bytes, &layout).unwrap();
        for first in 0..50 {
            for low in 0..50 {
                for high in low..50 {
                    let found: Vec<_> = successors
                        .between(&bytes, word(first), word(low), word(high))
                        .map(|(seat, bigram)| (first, seat - class::FIRST_WORD, successors.entry(&bytes, bigram)))
                        .collect();
                    let want: Vec<_> =
                        wanted.iter().filter(|w| w.0 == first && (low..=high).contains(&w.1)).copied().collect();
                    assert_eq!(found, want, "{first} {low} {high}");
                }
            }
        }
        assert_eq!(successors.find(&bytes, word(7), word(9)), None);
        assert!(successors.find(&bytes, word(7), word(10)).is_some());
    }

    #[test]
    fn damaged_rows_are_no_model() {
        let vocabulary = Vocabulary::new(["a", "b"]);
        let mut rows = Rows::new(seats(&vocabulary));
        rows.insert(class::FIRST_WORD, class::FIRST_WORD + 1, Entry::default());
        let layout = Layout { order: 2, words: 2, word_bytes: 4, bigrams: 1, buckets: Vec::new() };
        let mut bytes = vec![0; layout.len()];
        rows.write(&layout, &mut bytes);
        for (at, value) in [(layout.rows().start, 7), (layout.rows().end - 4, 2), (layout.seats().start + 1, 9)] {
            let mut damaged = bytes.clone();
            damaged[at] = value;
            assert!(Successors::read(&damaged, &layout).is_err(), "{at}");
        }
    }
}

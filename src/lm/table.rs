//! N-grams in cache lines: a look-up reads one line of 64 bytes and nothing else.
//!
//! An n-gram's hash names a bucket, which is one cache line, and a fingerprint of 16 bits in it. A bucket that is full when the
//! table is built loses its least valuable n-gram, so no look-up ever goes on to a second bucket; at the load chosen that is 1 to 2 % of
//! the n-grams, the least valuable ones, hence one more light pruning. An n-gram is taken for another once in about 5,000 look-ups
//! of what is not there, which the model makes rarer still by asking for them only where their last two words are a known bigram.
//! Bigrams have [rows](super::successors) of their own.

use super::WordId;

/// Bytes of a bucket: a cache line.
pub(crate) const BUCKET: usize = 64;
/// N-grams in a bucket where each has a probability and a back-off weight.
const INNER: usize = 16;
/// N-grams in a bucket of the highest order, which has no back-off weights.
const OUTER: usize = 21;

/// What a table keeps of an n-gram: numbers of its probability and back-off weight in the codebooks of its order. A probability code
/// of 0 marks an empty place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Entry {
    pub probability: u8,
    pub backoff: u8,
}

/// The hash of an n-gram, built from its last word backwards so that each order goes on from the one below.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hash(u64);

impl Hash {
    /// The hash of the last two words.
    #[inline]
    pub fn of(before: WordId, last: WordId) -> Self {
        Hash((u64::from(last) << 16 | u64::from(before) | 1 << 32).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// The hash of the n-gram that has one more word at its front.
    #[inline]
    pub fn after(self, word: WordId) -> Self {
        let mixed = (self.0 ^ self.0 >> 29 ^ u64::from(word) << 7).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        Hash(mixed ^ mixed >> 32)
    }

    /// Bucket, of so many, and fingerprint.
    #[inline]
    pub fn place(self, buckets: usize) -> (usize, u16) {
        let spread = self.0.wrapping_mul(0x94d0_49bb_1331_11eb);
        (((u128::from(spread) * buckets as u128) >> 64) as usize, spread as u16)
    }
}

/// Finds the fingerprint in a bucket of an inner order.
#[inline]
pub(super) fn find_inner(bucket: &[u8; BUCKET], fingerprint: u16) -> Option<Entry> {
    let index = position::<INNER>(bucket, fingerprint)?;
    let probability = bucket[2 * INNER + index];
    (probability != 0).then(|| Entry { probability, backoff: bucket[3 * INNER + index] })
}

/// Finds the fingerprint in a bucket of the highest order: the code of its probability.
#[inline]
pub(super) fn find_outer(bucket: &[u8; BUCKET], fingerprint: u16) -> Option<u8> {
    let index = position::<OUTER>(bucket, fingerprint)?;
    let probability = bucket[2 * OUTER + index];
    (probability != 0).then_some(probability)
}

/// The first place, of `N`, with this fingerprint. All are compared, and none is branched on: where it is no processor could foresee.
#[inline]
pub(crate) fn position<const N: usize>(bucket: &[u8; BUCKET], fingerprint: u16) -> Option<usize> {
    // Brings the lowest bits of eight bytes side by side, on top of the others.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let mut equal = 0;
    for (n, eight) in bucket.as_chunks::<16>().0.iter().take(N.div_ceil(8)).enumerate() {
        // Spelt out so that the compiler makes one comparison of the eight.
        let same: [u8; 8] =
            std::array::from_fn(|i| u8::from(u16::from_le_bytes([eight[2 * i], eight[2 * i + 1]]) == fingerprint));
        equal |= (u64::from_le_bytes(same).wrapping_mul(GATHER) >> 56) << (8 * n);
    }
    // The last eight reach beyond the fingerprints.
    equal &= (1 << N) - 1;
    (equal != 0).then(|| equal.trailing_zeros() as usize)
}

/// A table while it is built.
pub(super) struct Builder {
    buckets: Vec<Vec<Placed>>,
    capacity: usize,
    lost: usize,
}

struct Placed {
    fingerprint: u16,
    entry: Entry,
    value: f32,
}

impl Builder {
    /// An empty table; `inner` tells whether its n-grams have back-off weights.
    pub fn new(buckets: usize, inner: bool) -> Self {
        let mut rows = Vec::new();
        rows.resize_with(buckets, Vec::new);
        Builder { buckets: rows, capacity: if inner { INNER } else { OUTER }, lost: 0 }
    }

    /// Puts an n-gram in its place. `value` says how much it is worth, should the bucket be full.
    pub fn insert(&mut self, (bucket, fingerprint): (usize, u16), entry: Entry, value: f32) {
        let row = &mut self.buckets[bucket];
        row.push(Placed { fingerprint, entry, value });
        if row.len() > self.capacity {
            // Of equals the later is dropped: n-grams arrive sorted, so the outcome is the same every time.
            let worst = (0..row.len()).min_by(|&a, &b| row[a].value.total_cmp(&row[b].value).then(b.cmp(&a)));
            row.remove(worst.unwrap_or(0));
            self.lost += 1;
        }
    }

    /// How many n-grams found no place.
    pub fn lost(&self) -> usize {
        self.lost
    }

    /// The table's bytes, [`BUCKET`] a bucket.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = vec![0; self.buckets.len() * BUCKET];
        for (row, bucket) in self.buckets.iter().zip(out.chunks_exact_mut(BUCKET)) {
            for (place, placed) in row.iter().enumerate() {
                bucket[2 * place..2 * place + 2].copy_from_slice(&placed.fingerprint.to_le_bytes());
                bucket[2 * self.capacity + place] = placed.entry.probability;
                if self.capacity == INNER {
                    bucket[3 * INNER + place] = placed.entry.backoff;
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(bytes: &[u8], index: usize) -> &[u8; BUCKET] {
        bytes[index * BUCKET..][..BUCKET].try_into().unwrap()
    }

    #[test]
    fn what_was_put_in_is_found_and_nothing_else() {
        let mut builder = Builder::new(1000, true);
        let place = |word: u16, next: u16| Hash::of(word, next).after(word ^ 9).place(1000);
        for word in 0..2000u16 {
            let entry = Entry { probability: (word % 255) as u8 + 1, backoff: (word % 7) as u8 };
            builder.insert(place(word, word ^ 5), entry, 1.0);
        }
        assert_eq!(builder.lost(), 0);
        let bytes = builder.bytes();
        for first in 0..2000u16 {
            for second in (first ^ 5).saturating_sub(1)..(first ^ 5) + 1 {
                let (index, fingerprint) = place(first, second);
                let found = find_inner(bucket(&bytes, index), fingerprint);
                let want = Entry { probability: (first % 255) as u8 + 1, backoff: (first % 7) as u8 };
                assert_eq!(found, (second == first ^ 5).then_some(want), "{first} {second}");
            }
        }
    }

    #[test]
    fn the_first_of_equal_fingerprints_is_found() {
        let mut bucket = [0xff; BUCKET];
        for place in 0..OUTER {
            bucket[2 * place..2 * place + 2].copy_from_slice(&(0x8000 + place as u16).to_le_bytes());
        }
        for place in 0..OUTER {
            assert_eq!(position::<OUTER>(&bucket, 0x8000 + place as u16), Some(place));
            assert_eq!(position::<INNER>(&bucket, 0x8000 + place as u16), (place < INNER).then_some(place));
        }
        for none in [0, 1, 0x7fff, 0x8000 + OUTER as u16, 0xffff] {
            assert_eq!(position::<OUTER>(&bucket, none), None, "{none:x}");
        }
        bucket[2 * 3..2 * 4].copy_from_slice(&0x8009u16.to_le_bytes());
        assert_eq!(position::<OUTER>(&bucket, 0x8009), Some(3));
    }

    #[test]
    fn a_full_bucket_loses_what_is_worth_least() {
        let mut builder = Builder::new(1, false);
        for n in 0..30u16 {
            let entry = Entry { probability: n as u8 + 1, backoff: 0 };
            builder.insert((0, n), entry, f32::from((n * 7) % 30));
        }
        assert_eq!(builder.lost(), 9);
        let bytes = builder.bytes();
        for n in 0..30u16 {
            let kept = (n * 7) % 30 >= 9;
            assert_eq!(find_outer(bucket(&bytes, 0), n), kept.then_some(n as u8 + 1));
        }
    }
}

//! A word is known by the company it keeps: words further away than n-grams reach, on both sides, weighed to tell words of the same
//! letters apart where the language model alone is unsure.
//!
//! A log-linear model over hashed features (neighbours by place, pairs of them, words about, capitals), trained on top of the language
//! model's own probabilities, on just those places of the corpora where these are unsure. So its sums are logarithms of factors.

pub mod learn;

use crate::error::{Error, ErrorKind, Result};
use crate::lm::{BUCKET, Vocabulary, WordId, ask_ahead, class, position};
use crate::text::token::Shape;
use std::borrow::Cow;

/// The weights that come with the program.
static EMBEDDED: &Aligned<[u8]> =
    &Aligned { _before: [0; _], bytes: *include_bytes!("../../../dictionaries/company.bin") };

/// Bytes that lie so that every bucket is one cache line.
#[repr(C, align(64))]
struct Aligned<T: ?Sized> {
    _before: [u8; BUCKET - HEADER % BUCKET],
    bytes: T,
}

const MAGIC: &[u8; 8] = b"sohoaCO1";
/// Bytes before the buckets: magic, number of buckets, and the weight of each code.
const HEADER: usize = 16 + 4 * 256;
/// Weights in a bucket, which is a cache line: two bytes of fingerprint and one of code each.
const ENTRIES: usize = 21;
/// Words this far away are still about; those next to the word and next but one have features of their own.
pub(super) const ABOUT: usize = 10;

/// Weights of features, looked up where they lie.
#[derive(Debug)]
pub struct Company {
    bytes: Cow<'static, [u8]>,
    weights: Vec<f32>,
    buckets: usize,
    /// A hash of each word by number, of its letters, so that the weights are for any vocabulary.
    hashes: Vec<u32>,
}

impl Company {
    /// The weights that come with the program, for this vocabulary; a test reads them as they are shipped.
    pub fn embedded(vocabulary: &Vocabulary) -> Self {
        Company::new(EMBEDDED.bytes.into(), vocabulary).unwrap_or_else(|_| Company {
            bytes: Cow::Borrowed(&[]),
            weights: vec![],
            buckets: 0,
            hashes: word_hashes(vocabulary),
        })
    }

    /// The weights in these bytes, for this vocabulary.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] where they are none.
    pub fn new(bytes: Cow<'static, [u8]>, vocabulary: &Vocabulary) -> Result<Self> {
        let number = |at: usize| bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
        let buckets = number(8).unwrap_or(0) as usize;
        if !bytes.starts_with(MAGIC) || buckets == 0 || bytes.len() != HEADER + buckets * BUCKET {
            return Err(Error::new(ErrorKind::Model, "these are no weights of company")
                .remedy("make them with `sohoa train company`"));
        }
        let weights = (0..256).map(|n| f32::from_bits(number(16 + 4 * n).unwrap_or(0))).collect();
        Ok(Company { bytes, weights, buckets, hashes: word_hashes(vocabulary) })
    }

    /// Asks for the weights that `word` has with these keys, and appends the features that [`Company::score`] sums up: who has other work
    /// to do in between need not wait for them.
    pub fn expect(&self, keys: &[u64], word: WordId, features: &mut Vec<Feature>) {
        let word = self.hashes[usize::from(word)];
        let buckets = self.buckets();
        features.extend(keys.iter().map(|&key| {
            let feature = place(of_word(key, word), self.buckets);
            buckets.get(feature.bucket as usize).into_iter().for_each(ask_ahead);
            feature
        }));
    }

    /// The logarithm of the factor that the company around a place gives to a word there which has these features.
    pub fn score(&self, features: &[Feature]) -> f32 {
        let buckets = self.buckets();
        let weight = |feature: &Feature| {
            let bucket = buckets.get(feature.bucket as usize)?;
            let found = position::<ENTRIES>(bucket, feature.fingerprint)?;
            Some(self.weights[usize::from(bucket[2 * ENTRIES + found])])
        };
        features.iter().map(|feature| weight(feature).unwrap_or(0.0)).sum()
    }

    /// The features around a place, whatever word is there.
    ///
    /// `words` are those of the paragraph, as far as they are known, and `shapes` how they are written; `at` is the place among them.
    pub fn keys(&self, words: &[WordId], shapes: &[Shape], at: usize, keys: &mut Vec<u64>) {
        keys_around(&self.hashes, words, shapes, at, keys);
    }

    fn buckets(&self) -> &[[u8; BUCKET]] {
        self.bytes.get(HEADER..).unwrap_or_default().as_chunks().0
    }
}

/// A word in one company, by where its weight would be.
#[derive(Debug, Clone, Copy)]
pub struct Feature {
    bucket: u32,
    fingerprint: u16,
}

/// Where the weight of a feature with this hash is; a fingerprint of 0 marks an empty place.
fn place(hash: u64, buckets: usize) -> Feature {
    let bucket = ((u128::from(hash) * buckets as u128) >> 64) as u32;
    Feature { bucket, fingerprint: (hash as u16).max(1) }
}

fn word_hashes(vocabulary: &Vocabulary) -> Vec<u32> {
    let fnv = |word: &str| word.bytes().fold(0x811c_9dc5, |h: u32, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
    let classes = (0..u32::from(class::FIRST_WORD)).map(|n| n.wrapping_mul(0x9e37_79b1));
    classes.chain(vocabulary.ids().map(|id| fnv(vocabulary.word(id)))).collect()
}

fn mix(mut x: u64) -> u64 {
    x = (x ^ x >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ x >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^ x >> 32
}

fn of_word(key: u64, word: u32) -> u64 {
    mix(key ^ u64::from(word) << 20)
}

/// The features around `at`: what stands at each near place, in pairs, what is about, and how it all is written.
fn keys_around(hashes: &[u32], words: &[WordId], shapes: &[Shape], at: usize, keys: &mut Vec<u64>) {
    let len = words.len();
    let hash = |offset: isize| {
        let place = at.checked_add_signed(offset).filter(|&p| p < len);
        u64::from(hashes[usize::from(place.map_or(class::BREAK, |p| words[p]))])
    };
    let shape = |offset: isize| {
        let place = at.checked_add_signed(offset).filter(|&p| p < len);
        place.map_or(7, |p| if words[p] < class::FIRST_WORD { 6 } else { shapes[p] as u64 })
    };
    let key = |template: u64, a: u64, b: u64| mix(template << 56 ^ mix(a << 8 | 1).rotate_left(17) ^ b << 3);
    keys.clear();
    let (l1, l2, r1, r2) = (hash(-1), hash(-2), hash(1), hash(2));
    keys.extend([
        key(1, 0, 0),
        key(2, l1, 0),
        key(3, r1, 0),
        key(4, l2, 0),
        key(5, r2, 0),
        key(6, l1, r1),
        key(7, l2, l1),
        key(8, r1, r2),
        key(9, shape(0) << 8 | shape(-1) << 4 | shape(1), 0),
    ]);
    let from = at.saturating_sub(ABOUT);
    let about = (from..(at + ABOUT + 1).min(len)).filter(|&p| p.abs_diff(at) > 2);
    let about = about.map(|p| words[p]).filter(|&w| w >= class::FIRST_WORD);
    keys.extend(about.map(|w| key(10, u64::from(hashes[usize::from(w)]), 0)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_can_be_read_and_know_the_company_of_words() {
        let vocabulary = Vocabulary::new(["phương", "phường", "địa", "án"]);
        let company = Company::new(EMBEDDED.bytes.into(), &vocabulary).unwrap();
        let id = |word: &str| vocabulary.id(word).unwrap();
        let mut keys = Vec::new();
        let score = |company: &Company, left: &str, word: &str, keys: &mut Vec<u64>| {
            company.keys(&[id(left), id(word)], &[Shape::Lower; 2], 1, keys);
            let mut features = Vec::new();
            company.expect(keys, id(word), &mut features);
            company.score(&features)
        };
        let margin = score(&company, "địa", "phương", &mut keys) - score(&company, "địa", "phường", &mut keys);
        let elsewhere = score(&company, "án", "phương", &mut keys) - score(&company, "án", "phường", &mut keys);
        assert!(margin > elsewhere, "{margin} {elsewhere}");
    }

    #[test]
    fn other_bytes_are_refused() {
        let vocabulary = Vocabulary::new(["a"]);
        for bytes in [&b""[..], b"sohoaCO1", &EMBEDDED.bytes[..EMBEDDED.bytes.len() - 1]] {
            assert!(Company::new(bytes.to_vec().into(), &vocabulary).is_err());
        }
    }
}

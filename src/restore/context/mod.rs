//! A word is known by the company it keeps: words further away than n-grams reach, on both sides, weighed to tell words of the same
//! letters apart where the language model alone is unsure.
//!
//! A log-linear model over hashed features (neighbours by place, pairs of them, words about, capitals), trained on top of the language
//! model's own probabilities, on just those places of the corpora where a model that has not read them is unsure. So its sums are
//! logarithms of factors.

pub mod learn;
mod places;

use crate::error::{Error, ErrorKind, Result};
use crate::lm::{BUCKET, Vocabulary, WordId, class, position, prefetch};
use crate::text::letter::bare;
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

const MAGIC: &[u8; 8] = b"sohoaCO2";
/// Bytes before the buckets: magic, number of buckets, and the weight of each code.
const HEADER: usize = 16 + 4 * 256;
/// Weights in a bucket, which is a cache line: two bytes of fingerprint and one of code each.
const ENTRIES: usize = 21;
/// Words from so far away on are about; those next to the word and next but one have features of their own.
const NEAREST: usize = 3;
/// Words this far away are still about.
pub(in crate::restore) const ABOUT: usize = 30;

/// Weights of features, looked up where they lie.
#[derive(Debug)]
pub struct ContextModel {
    bytes: Cow<'static, [u8]>,
    weights: Vec<f32>,
    buckets: usize,
    hashes: Hashes,
}

impl ContextModel {
    /// The weights that come with the program, for this vocabulary.
    ///
    /// # Errors
    /// None with the file as it was shipped.
    pub fn embedded(vocabulary: &Vocabulary) -> Result<Self> {
        ContextModel::new(EMBEDDED.bytes.into(), vocabulary)
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
        Ok(ContextModel { bytes, weights, buckets, hashes: Hashes::new(vocabulary) })
    }

    /// Asks about a place: its weights are on their way then, and who has other work to do before [`ContextModel::factors`] need not wait for them.
    ///
    /// `words` are those of the paragraph, as far as they are known, and `shapes` how they are written; `at` is the place among them.
    /// `readings` are what may be there, with their probabilities so far.
    pub fn prefetch(
        &self,
        question: &mut Scratch,
        words: &[WordId],
        shapes: &[Shape],
        at: usize,
        readings: impl Iterator<Item = (WordId, f32)>,
    ) {
        let Scratch { keys, readings: asked, features, .. } = question;
        keys_around(&self.hashes, words, shapes, at, keys);
        asked.clear();
        asked.extend(readings);
        features.clear();
        let buckets = self.buckets();
        for &(word, _) in &*asked {
            let word = self.hashes.words[usize::from(word)];
            features.extend(keys.iter().map(|key| {
                let feature = place(of_word(key.hash, word), self.buckets);
                buckets.get(feature.bucket as usize).into_iter().for_each(prefetch);
                feature
            }));
        }
    }

    /// The factors that the company around gives to the readings of a place, in their order.
    ///
    /// Weights are learned among words of the same letters, and tell nothing of others: what such words have of all probability
    /// together stays as it was.
    pub fn factors<'a>(&'a self, question: &'a mut Scratch) -> impl Iterator<Item = f32> + use<'a> {
        let Scratch { keys, readings, features, factors } = question;
        factors.clear();
        factors.extend(features.chunks_exact(keys.len()).map(|features| self.score(keys, features).exp()));
        let (readings, factors) = (&*readings, &*factors);
        readings.iter().zip(factors).map(move |(&(word, _), &factor)| {
            let rivals = readings.iter().zip(factors).filter(move |((rival, _), _)| self.tells_apart(word, *rival));
            let (before, after) = rivals.fold((0.0, 0.0), |(b, a), ((_, p), f)| (b + p, a + p * f));
            if after > 0.0 { factor * before / after } else { factor }
        })
    }

    /// The logarithm of the factor for a word with these features.
    fn score(&self, keys: &[Key], features: &[Feature]) -> f32 {
        let buckets = self.buckets();
        let weight = |feature: &Feature| {
            let bucket = buckets.get(feature.bucket as usize)?;
            let found = position::<ENTRIES>(bucket, feature.fingerprint)?;
            Some(self.weights[usize::from(bucket[2 * ENTRIES + found])])
        };
        keys.iter().zip(features).map(|(key, feature)| weight(feature).map_or(0.0, |weight| key.share * weight)).sum()
    }

    fn tells_apart(&self, a: WordId, b: WordId) -> bool {
        let letters = |word: WordId| self.hashes.letters[usize::from(word)];
        letters(a) == letters(b)
    }

    fn buckets(&self) -> &[[u8; BUCKET]] {
        self.bytes.get(HEADER..).unwrap_or_default().as_chunks().0
    }
}

/// A place that is asked about and what may be there; keeps its memory from one to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    keys: Vec<Key>,
    readings: Vec<(WordId, f32)>,
    /// Of each reading as many as there are keys.
    features: Vec<Feature>,
    factors: Vec<f32>,
}

/// What is around a place, whatever word is there.
#[derive(Debug, Clone, Copy)]
struct Key {
    hash: u64,
    /// How much of its weight counts.
    share: f32,
}

/// A word in one company, by where its weight would be.
#[derive(Debug, Clone, Copy)]
struct Feature {
    bucket: u32,
    fingerprint: u16,
}

/// Where the weight of a feature with this hash is; a fingerprint of 0 marks an empty place.
fn place(hash: u64, buckets: usize) -> Feature {
    let bucket = ((u128::from(hash) * buckets as u128) >> 64) as u32;
    Feature { bucket, fingerprint: (hash as u16).max(1) }
}

/// Hashes of words by number, made of their letters, so that the weights are for any vocabulary.
#[derive(Debug)]
struct Hashes {
    words: Vec<u32>,
    /// Of the letters of each, without their marks.
    letters: Vec<u32>,
    /// That such a word is about.
    about: Vec<u64>,
    /// How much of that counts, by the distance: less the further away.
    shares: [f32; ABOUT + 1],
}

impl Hashes {
    fn new(vocabulary: &Vocabulary) -> Self {
        let fnv = |h: u32, n: u32| (h ^ n).wrapping_mul(0x0100_0193);
        let spelled = |id| vocabulary.word(id).bytes().fold(0x811c_9dc5, |h, byte| fnv(h, byte.into()));
        let bare = |id| vocabulary.word(id).chars().fold(0x811c_9dc5, |h, c| fnv(h, bare(c).into()));
        let classes = (0..u32::from(class::FIRST_WORD)).map(|n| n.wrapping_mul(0x9e37_79b1));
        let words: Vec<u32> = classes.clone().chain(vocabulary.ids().map(spelled)).collect();
        let letters = classes.chain(vocabulary.ids().map(bare)).collect();
        let about = words.iter().map(|&word| key(10, word.into(), 0)).collect();
        let shares = std::array::from_fn(|distance| (NEAREST as f32 / distance.max(NEAREST) as f32).sqrt());
        Hashes { words, letters, about, shares }
    }
}

/// The hash of a feature by its template and two hashes.
fn key(template: u64, a: u64, b: u64) -> u64 {
    mix(template << 56 ^ mix(a << 8 | 1).rotate_left(17) ^ b << 3)
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
fn keys_around(hashes: &Hashes, words: &[WordId], shapes: &[Shape], at: usize, keys: &mut Vec<Key>) {
    let len = words.len();
    let hash = |offset: isize| {
        let place = at.checked_add_signed(offset).filter(|&p| p < len);
        u64::from(hashes.words[usize::from(place.map_or(class::BREAK, |p| words[p]))])
    };
    let shape = |offset: isize| {
        let place = at.checked_add_signed(offset).filter(|&p| p < len);
        place.map_or(7, |p| if words[p] < class::FIRST_WORD { 6 } else { shapes[p] as u64 })
    };
    keys.clear();
    let near = |hash: u64| Key { hash, share: 1.0 };
    let (l1, l2, r1, r2) = (hash(-1), hash(-2), hash(1), hash(2));
    keys.extend(
        [
            key(1, 0, 0),
            key(2, l1, 0),
            key(3, r1, 0),
            key(4, l2, 0),
            key(5, r2, 0),
            key(6, l1, r1),
            key(7, l2, l1),
            key(8, r1, r2),
            key(9, shape(0) << 8 | shape(-1) << 4 | shape(1), 0),
        ]
        .map(near),
    );
    let from = at.saturating_sub(ABOUT);
    let about =
        (from..(at + ABOUT + 1).min(len)).filter(|&p| p.abs_diff(at) >= NEAREST && words[p] >= class::FIRST_WORD);
    let about = about.map(|p| Key { hash: hashes.about[usize::from(words[p])], share: hashes.shares[p.abs_diff(at)] });
    keys.extend(about);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_can_be_read_and_know_the_company_of_words() {
        let vocabulary = Vocabulary::new(["phương", "phường", "địa", "án"]);
        let context = ContextModel::new(EMBEDDED.bytes.into(), &vocabulary).unwrap();
        let odds = |left: &str| {
            let [left, a, b] = [left, "phương", "phường"].map(|word| vocabulary.id(word).unwrap());
            let mut question = Scratch::default();
            context.prefetch(&mut question, &[left, a], &[Shape::Lower; 2], 1, [(a, 0.5), (b, 0.5)].into_iter());
            let factors: Vec<f32> = context.factors(&mut question).collect();
            factors[0] / factors[1]
        };
        assert!(odds("địa") > odds("án"), "{} {}", odds("địa"), odds("án"));
    }

    #[test]
    fn words_of_other_letters_keep_their_share() {
        let vocabulary = Vocabulary::new(["phương", "phường", "đất", "địa"]);
        let context = ContextModel::new(EMBEDDED.bytes.into(), &vocabulary).unwrap();
        let readings =
            ["phương", "đất", "phường"].map(|word| vocabulary.id(word).unwrap()).into_iter().zip([0.3, 0.2, 0.5]);
        let mut question = Scratch::default();
        let left = vocabulary.id("địa").unwrap();
        context.prefetch(&mut question, &[left, left], &[Shape::Lower; 2], 1, readings.clone());
        let after: Vec<f32> = context.factors(&mut question).zip(readings).map(|(factor, (_, p))| factor * p).collect();
        assert_eq!(after[1], 0.2);
        assert!((after[0] + after[2] - 0.8).abs() < 1e-5 && after[0] > 0.3, "{after:?}");
    }

    #[test]
    fn other_bytes_are_refused() {
        let vocabulary = Vocabulary::new(["a"]);
        for bytes in [&b""[..], b"sohoaCO2", &EMBEDDED.bytes[..EMBEDDED.bytes.len() - 1]] {
            assert!(ContextModel::new(bytes.to_vec().into(), &vocabulary).is_err());
        }
    }
}

//! Ways of losing letters that need no weights: nothing, all marks, some marks, or letters that an alphabet lacks.

use super::candidate::{Component, Likelihood};
use super::letters::{Alphabet, LONGEST, Packed};
use crate::lm::{Vocabulary, WordId};
use crate::text::letter::bare;

/// Probability that a marked letter loses its marks, where some do.
const LOST_MARK: f32 = 0.5;
/// Probability that a marked letter is dropped, where an alphabet lacks some.
const DROPPED: f32 = 0.5;

/// The words of a vocabulary by what is left of them; words longer than a packed string are not among them.
#[derive(Debug, Clone)]
pub(in crate::restore) struct Losses {
    /// Letters without marks, with the word: sorted.
    same_letters: Vec<(Packed, WordId)>,
    /// What is left when some marked letters are dropped, with the word and the probability of just that: sorted.
    dropped: Vec<(Packed, WordId, f32)>,
}

impl Losses {
    pub(in crate::restore) fn new(vocabulary: &Vocabulary, alphabet: &Alphabet) -> Self {
        let mut losses = Losses { same_letters: Vec::with_capacity(vocabulary.len()), dropped: Vec::new() };
        let mut left = Vec::new();
        for id in vocabulary.ids() {
            let word = vocabulary.word(id);
            let Some(letters) = pack(word.chars().map(bare), alphabet) else { continue };
            losses.same_letters.push((letters, id));
            let marked = word.chars().filter(|&c| bare(c) != c).count();
            for lost in 1..1u32 << marked.min(3) {
                let mut number = 0;
                left.clear();
                left.extend(word.chars().filter(|&c| {
                    let keep = bare(c) == c || lost >> number & 1 == 0;
                    number += u32::from(bare(c) != c);
                    keep
                }));
                let n = lost.count_ones() as i32;
                let p = DROPPED.powi(n) * (1.0 - DROPPED).powi(marked as i32 - n);
                if let Some(left) = pack(left.iter().copied(), alphabet).filter(|_| !left.is_empty()) {
                    losses.dropped.push((left, id, p));
                }
            }
        }
        losses.same_letters.sort_unstable();
        losses.dropped.sort_unstable_by_key(|d| (d.0, d.1));
        losses
    }

    /// Appends the words that `seen` may be left of. A word may come twice.
    pub(in crate::restore) fn readings(
        &self,
        seen: &str,
        vocabulary: &Vocabulary,
        alphabet: &Alphabet,
        readings: &mut Vec<(WordId, Likelihood)>,
    ) {
        let (Some(letters), Some(packed)) = (pack(seen.chars().map(bare), alphabet), pack(seen.chars(), alphabet))
        else {
            return;
        };
        let first = self.same_letters.partition_point(|s| s.0 < letters);
        for &(_, id) in self.same_letters[first..].iter().take_while(|s| s.0 == letters) {
            let word = vocabulary.word(id);
            let mut likelihood = Likelihood::default();
            likelihood[Component::Clean as usize] = f32::from(u8::from(word == seen));
            likelihood[Component::Stripped as usize] = f32::from(u8::from(letters == packed));
            likelihood[Component::Partial as usize] = partial(word, seen);
            if word == seen {
                likelihood[Component::Dropped as usize] =
                    (1.0 - DROPPED).powi(word.chars().filter(|&c| bare(c) != c).count() as i32);
            }
            if likelihood.iter().any(|&p| p > 0.0) {
                readings.push((id, likelihood));
            }
        }
        let first = self.dropped.partition_point(|d| d.0 < packed);
        for &(_, id, p) in self.dropped[first..].iter().take_while(|d| d.0 == packed) {
            let mut likelihood = Likelihood::default();
            likelihood[Component::Dropped as usize] = p;
            readings.push((id, likelihood));
        }
    }
}

/// The characters as one number; None where they are too many.
fn pack(characters: impl Iterator<Item = char>, alphabet: &Alphabet) -> Option<Packed> {
    let mut codes = [0; LONGEST];
    let mut len = 0;
    for c in characters {
        *codes.get_mut(len)? = alphabet.code(c);
        len += 1;
    }
    Packed::new(&codes[..len])
}

/// P(`seen` | `word`) where each marked letter loses all its marks or none; 0 where a mark is seen that is not printed.
fn partial(word: &str, seen: &str) -> f32 {
    word.chars().zip(seen.chars()).fold(1.0, |p, (printed, seen)| {
        p * match () {
            () if printed == bare(printed) => f32::from(u8::from(seen == printed)),
            () if seen == printed => 1.0 - LOST_MARK,
            () if seen == bare(printed) => LOST_MARK,
            () => 0.0,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(seen: &str, component: Component) -> Vec<(&'static str, f32)> {
        const WORDS: [&str; 6] = ["bao", "báo", "bảo", "quyết", "định", "đỉnh"];
        let vocabulary = Vocabulary::new(WORDS);
        let mut out = Vec::new();
        let alphabet = Alphabet::default();
        Losses::new(&vocabulary, &alphabet).readings(seen, &vocabulary, &alphabet, &mut out);
        let mut out: Vec<_> = out
            .iter()
            .filter(|r| r.1[component as usize] > 0.0)
            .map(|r| (WORDS[usize::from(r.0 - vocabulary.ids().next().unwrap())], r.1[component as usize]))
            .collect();
        out.sort_by_key(|r| r.0);
        out
    }

    #[test]
    fn each_law_proposes_what_it_allows() {
        use Component::*;
        assert_eq!(readings("báo", Clean), [("báo", 1.0)]);
        assert_eq!(readings("bao", Stripped), [("bao", 1.0), ("báo", 1.0), ("bảo", 1.0)]);
        assert_eq!(readings("báo", Stripped), []);
        assert_eq!(readings("báo", Partial), [("báo", 0.5)]);
        assert_eq!(readings("đinh", Partial), [("đỉnh", 0.25), ("định", 0.25)]);
        assert_eq!(readings("quyt", Dropped), [("quyết", 0.5)]);
        assert_eq!(readings("đnh", Dropped), [("đỉnh", 0.25), ("định", 0.25)]);
    }
}

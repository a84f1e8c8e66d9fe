//! Ways of losing letters that need no weights: nothing, all marks, some marks, or letters that an alphabet lacks.

use super::Likelihood;
use crate::lm::{Vocabulary, WordId};
use crate::restore::reading::Component;
use crate::text::letter::bare;
use rustc_hash::FxHashMap;

/// Probability that a marked letter loses its marks, where some do.
const LOST_MARK: f32 = 0.5;
/// Probability that a marked letter is dropped, where an alphabet lacks some.
const DROPPED: f32 = 0.5;

/// The words of a vocabulary by what is left of them.
#[derive(Debug, Clone)]
pub(super) struct Losses {
    /// By their letters without marks.
    same_letters: FxHashMap<String, Vec<WordId>>,
    words: Vec<(String, WordId)>,
    first: WordId,
    /// By what is left when some marked letters are dropped, with the probability of just that.
    dropped: FxHashMap<String, Vec<(WordId, f32)>>,
}

impl Losses {
    pub(super) fn new(vocabulary: &Vocabulary) -> Self {
        let mut losses = Losses {
            same_letters: FxHashMap::default(),
            words: vocabulary.ids().map(|id| (vocabulary.word(id).to_owned(), id)).collect(),
            first: vocabulary.ids().next().unwrap_or(0),
            dropped: FxHashMap::default(),
        };
        for (word, id) in &losses.words {
            losses.same_letters.entry(word.chars().map(bare).collect()).or_default().push(*id);
            let marked = word.chars().filter(|&c| bare(c) != c).count();
            for lost in 1..1u32 << marked.min(3) {
                let mut number = 0;
                let left: String = word
                    .chars()
                    .filter(|&c| {
                        let keep = bare(c) == c || lost >> number & 1 == 0;
                        number += u32::from(bare(c) != c);
                        keep
                    })
                    .collect();
                let n = lost.count_ones() as i32;
                let p = DROPPED.powi(n) * (1.0 - DROPPED).powi(marked as i32 - n);
                if !left.is_empty() {
                    losses.dropped.entry(left).or_default().push((*id, p));
                }
            }
        }
        losses
    }

    /// Appends the words that `seen` may be left of. A word may come twice.
    pub(super) fn readings(&self, seen: &str, readings: &mut Vec<(WordId, Likelihood)>) {
        let letters: String = seen.chars().map(bare).collect();
        for &id in self.same_letters.get(&letters).into_iter().flatten() {
            let word = self.words[usize::from(id - self.first)].0.as_str();
            let mut likelihood = Likelihood::default();
            likelihood[Component::Clean as usize] = f32::from(u8::from(word == seen));
            likelihood[Component::Stripped as usize] = f32::from(u8::from(letters == seen));
            likelihood[Component::Partial as usize] = partial(word, seen);
            if word == seen {
                likelihood[Component::Dropped as usize] =
                    (1.0 - DROPPED).powi(word.chars().filter(|&c| bare(c) != c).count() as i32);
            }
            if likelihood.iter().any(|&p| p > 0.0) {
                readings.push((id, likelihood));
            }
        }
        for &(id, p) in self.dropped.get(seen).into_iter().flatten() {
            let mut likelihood = Likelihood::default();
            likelihood[Component::Dropped as usize] = p;
            readings.push((id, likelihood));
        }
    }
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
        Losses::new(&vocabulary).readings(seen, &mut out);
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

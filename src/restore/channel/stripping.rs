//! The simplest channel: marks are lost, letters never. The baseline that the learned channel is measured against.

use super::candidate::{Candidate, Channel, Component};
use crate::lm::{Vocabulary, WordId};
use rustc_hash::FxHashMap;

/// Proposes every word with the same letters once marks are put aside.
#[derive(Debug, Clone)]
pub struct MarkStripping {
    same_letters: FxHashMap<String, Vec<WordId>>,
}

impl MarkStripping {
    /// The channel for this vocabulary.
    pub fn new(vocabulary: &Vocabulary) -> Self {
        let mut same_letters: FxHashMap<String, Vec<WordId>> = FxHashMap::default();
        for id in vocabulary.ids() {
            same_letters.entry(stripped(vocabulary.word(id))).or_default().push(id);
        }
        MarkStripping { same_letters }
    }
}

/// The probability that one mark that is printed is not seen, where some are lost.
const LOST_MARK: f32 = 0.5;

impl Channel for MarkStripping {
    fn candidates(&self, vocabulary: &Vocabulary, observed: &str, out: &mut Vec<Candidate>) {
        let bare = stripped(observed);
        for &id in self.same_letters.get(&bare).into_iter().flatten() {
            let word = vocabulary.word(id);
            let mut likelihood = [0.0; Component::COUNT];
            if word == observed {
                likelihood[Component::Clean as usize] = 1.0;
            }
            if bare == observed {
                likelihood[Component::Stripped as usize] = 1.0;
            }
            likelihood[Component::Partial as usize] = partial(word, observed);
            if likelihood.iter().any(|&p| p > 0.0) {
                out.push(Candidate::new(&[id], likelihood));
            }
        }
    }

    fn broken_word(&self) -> [f32; Component::COUNT] {
        [0.0; Component::COUNT]
    }
}

/// P(`observed` | `word`) where each marked letter loses all its marks or none; 0 where a mark is seen that is not printed.
fn partial(word: &str, observed: &str) -> f32 {
    let mut p = 1.0;
    let mut seen = observed.chars();
    for printed in word.chars() {
        let Some(seen) = seen.next() else { return 0.0 };
        let bare = bare_letter(printed);
        p *= match () {
            () if printed == bare => f32::from(u8::from(seen == printed)),
            () if seen == printed => 1.0 - LOST_MARK,
            () if seen == bare => LOST_MARK,
            () => 0.0,
        };
    }
    if seen.next().is_some() { 0.0 } else { p }
}

/// `word` without its marks.
fn stripped(word: &str) -> String {
    word.chars().map(bare_letter).collect()
}

/// A Vietnamese small letter without its marks; any other character as it is.
fn bare_letter(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ă' => 'a',
        'è' | 'é' | 'ê' => 'e',
        'ì' | 'í' | 'ĩ' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ơ' => 'o',
        'ù' | 'ú' | 'ũ' | 'ư' => 'u',
        'ý' => 'y',
        'đ' => 'd',
        '\u{1ea0}'..='\u{1eb7}' => 'a',
        '\u{1eb8}'..='\u{1ec7}' => 'e',
        '\u{1ec8}'..='\u{1ecb}' => 'i',
        '\u{1ecc}'..='\u{1ee3}' => 'o',
        '\u{1ee4}'..='\u{1ef1}' => 'u',
        '\u{1ef2}'..='\u{1ef9}' => 'y',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(observed: &str) -> Vec<(String, [f32; Component::COUNT])> {
        let vocabulary = Vocabulary::new(["bao", "báo", "bảo", "bão", "cáo"]);
        let mut out = Vec::new();
        MarkStripping::new(&vocabulary).candidates(&vocabulary, observed, &mut out);
        out.iter().map(|c| (vocabulary.word(c.words()[0]).to_owned(), c.likelihood)).collect()
    }

    #[test]
    fn bare_letters_may_be_any_word_of_theirs() {
        let words: Vec<String> = seen("bao").into_iter().map(|(w, _)| w).collect();
        assert_eq!(words, ["bao", "báo", "bảo", "bão"]);
    }

    #[test]
    fn a_mark_that_is_seen_was_printed() {
        let words = seen("báo");
        assert_eq!(words.len(), 1);
        assert_eq!(words[0].0, "báo");
        assert_eq!(words[0].1[Component::Clean as usize], 1.0);
        assert_eq!(words[0].1[Component::Stripped as usize], 0.0);
    }
}

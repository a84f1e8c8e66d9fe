//! What the words around a place expect there, whatever the recognisers saw: marks are small, and a recogniser that loses one is often sure of it.

use super::language::{self, Around};
use super::segment::ScoredSegment;
use crate::lm::{History, Model, WordId, class};
use crate::text::fold;
use rustc_hash::FxHashMap;

/// How many words behind a place are asked whether they go with it.
const BEHIND: usize = 2;

/// How many words before a place are told to the model.
const BEFORE: usize = 3;

/// The model's words that differ from each other in marks alone.
pub(in crate::ocr) struct Rivals {
    by_letters: FxHashMap<String, Vec<WordId>>,
}

impl Rivals {
    /// The rivals among the model's words.
    pub fn new(model: &Model) -> Rivals {
        let mut by_letters: FxHashMap<String, Vec<WordId>> = FxHashMap::default();
        for id in model.vocabulary().ids() {
            by_letters.entry(fold::key(model.vocabulary().word(id))).or_default().push(id);
        }
        Rivals { by_letters }
    }

    /// For each place of a line how likely its words are among all of the same letters, by the words around alone; of several words the least likely,
    /// 1 where it holds none. `around` are the words of the lines before and behind it.
    pub(super) fn expected(&self, line: &[ScoredSegment], around: &Around, model: &Model) -> Vec<f32> {
        let mut words: Vec<WordId> = around.before.clone();
        let mut places = Vec::with_capacity(line.len());
        for (at, place) in line.iter().enumerate() {
            let own = language::words(model, place.text(), at + 1 == line.len() && around.behind.is_empty());
            places.push(words.len()..words.len() + own.len());
            words.extend(own);
        }
        words.extend(&around.behind);
        let of_place =
            |place: std::ops::Range<usize>| place.map(|at| self.share(&words, at, model)).fold(1.0, f32::min);
        places.into_iter().map(of_place).collect()
    }

    /// The word's share among its rivals.
    fn share(&self, words: &[WordId], at: usize, model: &Model) -> f32 {
        if words[at] < class::FIRST_WORD {
            return if words[at] == class::UNKNOWN { 0.0 } else { 1.0 };
        }
        let Some(rivals) = self.by_letters.get(&fold::key(model.vocabulary().word(words[at]))) else { return 0.0 };
        let before = words[at.saturating_sub(BEFORE)..at]
            .iter()
            .fold(model.history(class::NONE), |history, &word| model.next(&history, word).1);
        let behind = &words[at + 1..words.len().min(at + 1 + BEHIND)];
        let together = |word: WordId| {
            let step = |(p, history): (f32, History), &word: &WordId| {
                let (q, next) = model.next(&history, word);
                (p * q, next)
            };
            std::iter::once(&word).chain(behind).fold((1.0, before), step).0
        };
        let all: f32 = rivals.iter().map(|&rival| together(rival)).sum();
        if all > 0.0 { together(words[at]) / all } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_around_expect_one_word_among_those_of_the_same_letters() {
        let model = Model::embedded().unwrap();
        let rivals = Rivals::new(&model);
        let share = |text: &str, at: usize| rivals.share(&model.words(text), at, &model);
        for (right, wrong, at) in [
            ("thuộc thẩm quyền giải quyết của ủy ban", "thuộc thẩm quyền giải quyết cua ủy ban", 5),
            ("đã giải quyết đúng hạn", "đã giải quyết đung hạn", 3),
            ("quyết định có hiệu lực", "quyết đinh có hiệu lực", 1),
        ] {
            assert!(share(right, at) > 0.9, "{right}: {}", share(right, at));
            assert!(share(wrong, at) < 0.05, "{wrong}: {}", share(wrong, at));
        }
        assert_eq!(share("đã nhận 15 hồ sơ", 2), 1.0, "a number has no rivals");
        assert_eq!(share("đã nhận xqzt hồ sơ", 2), 0.0, "nothing is expected that the model does not know");
    }
}

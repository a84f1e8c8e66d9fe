//! What the dictionaries know of which words stand side by side: names of places after what they are, names of people, and a user's
//! own entries, which are a strong prior over all else.

use crate::dict::Dictionaries;
use crate::lm::{Model, Vocabulary, WordId, class};
use crate::text::token::fold_word;
use rustc_hash::FxHashMap;

/// What one entry of the gazetteer counts for beside pairs of names that the document itself holds.
const PLACE: f32 = 1.5;
/// How likely a user's entry is at least made, at weight 1: its first word anywhere, and each further word after the one before.
const USER_BEGUN: f32 = 1e-3;
const USER_CONTINUED: f32 = 0.3;
/// Nothing is made likelier than this by a weight.
const USER_MOST: f32 = 0.9;
/// And so much likelier besides, against what the model makes of the words around and of capitals.
const USER_STRESS: f32 = 200.0;

/// Pairs of neighbours and single words that the dictionaries know.
#[derive(Debug, Default)]
pub(super) struct Known {
    names: FxHashMap<(WordId, WordId), f32>,
    user_pairs: FxHashMap<(WordId, WordId), f32>,
    user_words: FxHashMap<WordId, f32>,
}

impl Known {
    pub fn new(dictionaries: &Dictionaries, vocabulary: &Vocabulary) -> Self {
        let mut known = Known::default();
        let mut folded = String::new();
        let mut id = |word: &str| {
            folded.clear();
            fold_word(word, &mut folded);
            vocabulary.id(&folded).unwrap_or(class::UNKNOWN)
        };
        for place in dictionaries.places() {
            let words: Vec<WordId> = place.name.split(' ').map(&mut id).collect();
            for pair in words.windows(2) {
                known.names.insert((pair[0], pair[1]), PLACE);
            }
            for kind in place.now.into_iter().chain(place.before).flat_map(|kinds| kinds.split(',')) {
                if let (Some(kind), Some(&first)) = (kind.split(' ').next_back(), words.first()) {
                    known.names.insert((id(kind), first), PLACE);
                }
            }
        }
        for entry in dictionaries.user_entries() {
            let words: Vec<WordId> = entry.words().map(&mut id).collect();
            for pair in words.windows(2) {
                known.user_pairs.insert((pair[0], pair[1]), entry.weight);
            }
            if let [word] = words[..] {
                known.user_words.insert(word, entry.weight);
            }
        }
        known
    }

    /// How often the pair counts as seen in capitals before the document is looked at.
    pub fn named(&self, pair: (WordId, WordId)) -> f32 {
        self.names.get(&pair).copied().unwrap_or(0.0)
    }

    /// Whether the user has entries of their own.
    pub fn has_user_entries(&self) -> bool {
        !self.user_pairs.is_empty() || !self.user_words.is_empty()
    }

    /// How many times as likely the user's entries make a word, alone and before or after what its neighbours may be.
    pub fn user_factor(
        &self,
        model: &Model,
        word: WordId,
        before: impl Iterator<Item = WordId>,
        mut after: impl Iterator<Item = WordId>,
    ) -> f32 {
        if word < class::FIRST_WORD {
            return 1.0;
        }
        let at_least = |least: f32, p: f32| USER_STRESS * (least.min(USER_MOST) / p.max(f32::MIN_POSITIVE)).max(1.0);
        let continued = before.filter_map(|b| self.user_pairs.get(&(b, word)).map(|w| (b, w))).next();
        if let Some((before, weight)) = continued {
            return at_least(USER_CONTINUED * weight, model.bigram(before, word));
        }
        let begun = after.find_map(|a| self.user_pairs.get(&(word, a))).or_else(|| self.user_words.get(&word));
        begun.map_or(1.0, |weight| at_least(USER_BEGUN * weight, model.unigram(word)))
    }
}

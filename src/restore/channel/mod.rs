//! The learned channel: what may have been printed where a token was seen, and how likely each recogniser was to see it so.
//!
//! Four ways of losing letters are laws and need no weights: nothing is lost, all marks are, some are, or letters are that an alphabet
//! lacks. The two recognisers, one that knows only English and one that knows Vietnamese, are learned from pairs by [`learn`].

mod adapt;
pub mod candidate;
pub mod check;
pub mod confusions;
pub mod generate;
pub mod learn;
pub mod letters;
mod loss;
pub(super) mod memo;
pub mod pairs;
mod stripping;
pub mod weights;

use crate::error::Result;
use crate::lm::{Vocabulary, WordId};
use candidate::{Candidate, Channel, Component, Likelihood, MOST_WORDS};
use generate::{Inventory, Reader, Width};
use letters::{Alphabet, Packed};
use loss::Losses;
use memo::CandidateCache;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use weights::{Confusion, Table};

pub use stripping::MarkStripping;

/// The weights that come with the program; see docs/channel.md for how they were made.
static EMBEDDED: &str = include_str!("../../../dictionaries/channel.tsv");

/// Probability that a space between two words is not seen, where no recogniser is at work.
const TYPED_TOGETHER: f32 = 1e-4;
/// Probability that a small l at a word's beginning is seen as a capital I.
const STROKE: f32 = 0.05;
/// A token is cut into several words only where no single word explains it this well, weighed with how common the word is.
const WELL_EXPLAINED: f32 = 1e-7;
/// Readings of a part of a token that are followed further, and of a whole token that are kept.
const BRANCHES: usize = 6;
/// The fewest characters that several words can be cut from.
const SHORTEST_CUT: usize = 3;

/// What all channels for a vocabulary share.
#[derive(Debug)]
struct Words {
    alphabet: Alphabet,
    inventory: Inventory,
    losses: Losses,
    /// What the English recogniser's weights were made of, from which those for a text at hand are drawn.
    english: Table,
}

/// The channel with weights learned from pairs, for one vocabulary.
#[derive(Debug)]
pub struct LearnedChannel {
    words: Arc<Words>,
    english: Reader,
    vietnamese: Arc<Reader>,
    /// How many words are looked for.
    width: Width,
    /// The best readings of parts of tokens; the same parts come in many.
    parts: CandidateCache,
}

impl LearnedChannel {
    /// The channel with the weights that come with the program.
    ///
    /// # Errors
    /// None with the file as it was shipped.
    pub fn embedded(vocabulary: &Vocabulary) -> Result<Self> {
        LearnedChannel::made(EMBEDDED, "", vocabulary)
    }

    /// The same, which knows more letters that are taken for others; `learned` has the form of `dictionaries/confusions.tsv`.
    ///
    /// # Errors
    /// [`ErrorKind::Model`](crate::ErrorKind::Model) where it has not.
    pub fn with_confusions(vocabulary: &Vocabulary, learned: &str) -> Result<Self> {
        LearnedChannel::made(EMBEDDED, learned, vocabulary)
    }

    /// The channel with the weights in `text`, a file that `sohoa train channel` wrote.
    ///
    /// # Errors
    /// [`ErrorKind::Model`](crate::ErrorKind::Model) where it is not such a file.
    pub fn new(text: &str, vocabulary: &Vocabulary) -> Result<Self> {
        LearnedChannel::made(text, "", vocabulary)
    }

    /// Whether a text is such a file.
    ///
    /// # Errors
    /// [`ErrorKind::Model`](crate::ErrorKind::Model) with the line where it is not.
    pub fn check(text: &str) -> Result<()> {
        ["eng", "vie"].into_iter().try_for_each(|name| weights::read(text, name, &Alphabet::default()).map(drop))
    }

    fn made(text: &str, learned: &str, vocabulary: &Vocabulary) -> Result<Self> {
        let alphabet = Alphabet::default();
        let inventory = Inventory::new(vocabulary, &alphabet);
        let reader = |name, confusions: &[Confusion]| {
            let mut table = weights::read(text, name, &alphabet)?;
            table.admit(confusions);
            Ok((Reader::new(table.clone().into(), &inventory), table))
        };
        let mut confusions = confusions::embedded(&alphabet)?;
        confusions.extend(confusions::read(learned, &alphabet)?);
        let (english, vietnamese) = rayon::join(|| reader("eng", &confusions), || reader("vie", &[]));
        let (english, table) = english?;
        let losses = Losses::new(vocabulary, &alphabet);
        Ok(LearnedChannel {
            english,
            vietnamese: Arc::new(vietnamese?.0),
            width: Width::KNOWN,
            parts: CandidateCache::of_tokens(),
            words: Arc::new(Words { alphabet, inventory, losses, english: table }),
        })
    }

    /// Adds the single words that explain `seen` to `readings`.
    fn single(&self, vocabulary: &Vocabulary, seen: &str, width: Width, readings: &mut Vec<(WordId, Likelihood)>) {
        let Words { alphabet, inventory, losses, .. } = &*self.words;
        losses.readings(seen, vocabulary, alphabet, readings);
        let codes = alphabet.codes(seen);
        let Some(packed) = Packed::new(&codes) else { return merge(readings) };
        for (reader, component) in [(&self.english, Component::English), (&self.vietnamese, Component::Vietnamese)] {
            for (word, p) in reader.candidates(inventory, packed, codes.len(), width) {
                let mut likelihood = Likelihood::default();
                likelihood[component as usize] = p;
                readings.push((word, likelihood));
            }
        }
        merge(readings);
    }

    /// How good a reading is, whatever the document: the most that any component makes of it, weighed with how common it is.
    fn weight(&self, words: &[WordId], likelihood: &Likelihood) -> f32 {
        let prior: f32 = words.iter().map(|&w| self.words.inventory.prior(w)).product();
        prior * likelihood.iter().copied().fold(0.0, f32::max)
    }

    /// Appends the single words that explain a part of a token best, the best first.
    fn best_words(&self, vocabulary: &Vocabulary, part: &str, out: &mut Vec<Candidate>) {
        let mut words = Vec::new();
        // The best few are among the first that are looked for.
        self.single(vocabulary, part, Width::KNOWN, &mut words);
        words.sort_by(|a, b| self.weight(&[b.0], &b.1).total_cmp(&self.weight(&[a.0], &a.1)).then(a.0.cmp(&b.0)));
        words.truncate(BRANCHES);
        out.extend(words.iter().map(|(word, likelihood)| Candidate::new(&[*word], *likelihood)));
    }

    /// Appends readings of `seen` as two or more words whose spaces were not seen.
    fn several(&self, vocabulary: &Vocabulary, seen: &str, out: &mut Vec<Candidate>) {
        let cuts: Vec<usize> = seen.char_indices().map(|(at, _)| at).chain([seen.len()]).collect();
        let lost: Likelihood = Component::ALL.map(|component| match component {
            Component::English => self.english.weights().lost_space,
            Component::Vietnamese => self.vietnamese.weights().lost_space,
            _ => TYPED_TOGETHER,
        });
        let order = |a: &Candidate, b: &Candidate| {
            let (wa, wb) = (self.weight(a.words(), &a.likelihood), self.weight(b.words(), &b.likelihood));
            wb.total_cmp(&wa).then_with(|| a.words().cmp(b.words()))
        };
        // The best readings of what comes before each cut.
        let mut until: Vec<Vec<Candidate>> = vec![Vec::new(); cuts.len()];
        for end in 1..cuts.len() {
            let mut found = Vec::new();
            for start in 0..end {
                if (start > 0 && until[start].is_empty()) || end - start > 7 {
                    continue;
                }
                let part = &seen[cuts[start]..cuts[end]];
                for word in self.parts.get(part, |out| self.best_words(vocabulary, part, out)).iter() {
                    if start == 0 {
                        found.push(*word);
                    }
                    for left in until[start].iter().filter(|left| left.words().len() < MOST_WORDS) {
                        let all: Vec<WordId> = left.words().iter().chain(word.words()).copied().collect();
                        let together = std::array::from_fn(|c| left.likelihood[c] * lost[c] * word.likelihood[c]);
                        found.push(Candidate::new(&all, together));
                    }
                }
            }
            found.retain(|c| c.likelihood.iter().any(|&p| p > 0.0));
            found.sort_by(order);
            found.truncate(BRANCHES);
            until[end] = found;
        }
        out.extend(until.pop().into_iter().flatten().filter(|c| c.words().len() > 1));
    }
}

/// Makes one of all readings of the same word, in the order of the words.
fn merge(readings: &mut Vec<(WordId, Likelihood)>) {
    readings.sort_by_key(|r| r.0);
    readings.dedup_by(|b, a| {
        a.0 == b.0 && {
            a.1.iter_mut().zip(b.1).for_each(|(a, b)| *a = a.max(b));
            true
        }
    });
}

impl Channel for LearnedChannel {
    fn candidates(&self, vocabulary: &Vocabulary, observed: &str, out: &mut Vec<Candidate>) {
        let mut readings = Vec::new();
        let mut asked = Cow::Borrowed(observed);
        if let Some(rest) = observed.strip_prefix('I') {
            self.single(vocabulary, &format!("l{rest}"), self.width, &mut readings);
            // What was printed with an l and is seen with a capital I went through a recogniser.
            for (_, likelihood) in &mut readings {
                let [.., english, vietnamese] = *likelihood;
                *likelihood = [0.0, 0.0, 0.0, 0.0, english * STROKE, vietnamese * STROKE];
            }
            asked = format!("i{rest}").into();
        }
        let observed = &*asked;
        self.single(vocabulary, observed, self.width, &mut readings);
        let best = readings.iter().map(|(word, p)| self.weight(&[*word], p)).fold(0.0, f32::max);
        out.extend(readings.iter().map(|(word, p)| Candidate::new(&[*word], *p)));
        if best < WELL_EXPLAINED && observed.chars().count() >= SHORTEST_CUT {
            self.several(vocabulary, observed, out);
        }
    }

    fn single_words(&self, vocabulary: &Vocabulary, observed: &str, least: f32, out: &mut Vec<Candidate>) {
        let mut readings = Vec::new();
        self.single(vocabulary, observed, self.width.down_to(least), &mut readings);
        readings.retain(|(_, p)| p[Component::English as usize].max(p[Component::Vietnamese as usize]) >= least);
        out.extend(readings.iter().map(|(word, p)| Candidate::new(&[*word], *p)));
    }

    fn adapted(&self, pairs: &BTreeMap<(String, String), f64>) -> Option<Box<dyn Channel>> {
        let table = adapt::adapt(&self.words.english, pairs, &self.words.alphabet);
        Some(Box::new(LearnedChannel {
            words: Arc::clone(&self.words),
            english: Reader::new(table.into(), &self.words.inventory),
            vietnamese: Arc::clone(&self.vietnamese),
            width: Width::UNKNOWN,
            parts: CandidateCache::of_tokens(),
        }))
    }

    fn broken_word(&self) -> [f32; Component::COUNT] {
        Component::ALL.map(|component| match component {
            Component::English => self.english.weights().broken_word,
            Component::Vietnamese => self.vietnamese.weights().broken_word,
            _ => 0.0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 10] = ["trong", "có", "đó", "của", "lộ", "từng", "tưng", "tin", "chữ", "số"];

    /// Weights learned from a few made-up lines: what an English recogniser does to marks, and no more.
    fn channel(vocabulary: &Vocabulary) -> LearnedChannel {
        let alphabet = Alphabet::default();
        let mut pairs = pairs::Pairs::default();
        for (printed, seen) in [
            ("lộ trình của từng xã đó", "16 trinh cua timg xa d6"),
            ("có số chữ của từng lộ", "c6 s6 chir ctia timg 16"),
            ("trong số đó có chữ", "trong sé do c6 chi"),
            ("mọi nơi đều có từ đó", "moi noi deu c6 tir do"),
            ("trong đó có số", "trongdé cé so"),
        ] {
            pairs.add(printed, seen);
        }
        let table = learn::learn(&pairs, &alphabet);
        let text = weights::write(&[("eng", table.clone()), ("vie", table)], &alphabet);
        LearnedChannel::new(&text, vocabulary).unwrap()
    }

    fn english(seen: &str) -> Vec<(String, f32)> {
        let vocabulary = Vocabulary::new(WORDS);
        let mut out = Vec::new();
        channel(&vocabulary).candidates(&vocabulary, seen, &mut out);
        let text = |c: &Candidate| c.words().iter().map(|&w| vocabulary.word(w)).collect::<Vec<_>>().join(" ");
        let mut out: Vec<_> = out.iter().map(|c| (text(c), c.likelihood[Component::English as usize])).collect();
        out.sort_by(|a, b| b.1.total_cmp(&a.1));
        out
    }

    #[test]
    fn what_was_met_is_the_likeliest() {
        for (seen, printed) in [("c6", "có"), ("16", "lộ"), ("timg", "từng"), ("chir", "chữ"), ("ctia", "của")]
        {
            assert_eq!(english(seen)[0].0, printed, "{seen}");
        }
    }

    #[test]
    fn what_was_never_met_is_put_together_from_what_was() {
        // `tir` was met for `từ`; `từng` was met as `timg` only.
        assert_eq!(english("tirng")[0].0, "từng");
    }

    #[test]
    fn a_lost_space_is_found_again() {
        assert!(english("trongdó").iter().any(|(words, p)| words == "trong đó" && *p > 0.0));
        assert!(english("trongd6").iter().any(|(words, p)| words == "trong đó" && *p > 0.0));
    }

    #[test]
    fn a_right_word_is_its_own_candidate() {
        let vocabulary = Vocabulary::new(WORDS);
        let channel = channel(&vocabulary);
        for word in WORDS {
            let mut out = Vec::new();
            channel.candidates(&vocabulary, word, &mut out);
            let own = out.iter().find(|c| c.words() == [vocabulary.id(word).unwrap()]).unwrap();
            assert_eq!(own.likelihood[Component::Clean as usize], 1.0);
        }
    }

    #[test]
    fn single_words_are_the_candidates_of_one_word() {
        let vocabulary = Vocabulary::new(WORDS);
        let channel = channel(&vocabulary);
        for seen in ["trongdó", "c6", "từng", "xyz"] {
            let (mut all, mut single) = (Vec::new(), Vec::new());
            channel.candidates(&vocabulary, seen, &mut all);
            channel.single_words(&vocabulary, seen, 0.0, &mut single);
            all.retain(|c| c.words().len() == 1);
            assert_eq!(single, all, "{seen}");
        }
    }

    #[test]
    fn the_shipped_weights_can_be_read() {
        let vocabulary = Vocabulary::new(WORDS);
        let channel = LearnedChannel::embedded(&vocabulary).unwrap();
        assert!(channel.broken_word().iter().all(|p| (0.0..0.1).contains(p)));
    }

    #[test]
    fn strange_strings_are_no_trouble() {
        let vocabulary = Vocabulary::new(WORDS);
        let channel = channel(&vocabulary);
        for seen in ["", "x", "\u{4e00}\u{fffd}", "aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", &"đ6".repeat(400)] {
            let mut out = Vec::new();
            channel.candidates(&vocabulary, seen, &mut out);
            for c in &out {
                assert!(c.likelihood.iter().all(|p| (0.0..=1.0).contains(p)), "{seen} {c:?}");
            }
        }
    }
}

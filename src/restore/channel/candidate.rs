//! What may have been printed where a token was seen: the seam between the channel, which proposes, and the decoder, which chooses.

use crate::lm::{Vocabulary, WordId};
use std::collections::BTreeMap;

/// A way in which printed text becomes what is seen. A document mixes them; how much of each, its own text tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(usize)]
pub enum Component {
    /// What is printed is what is seen.
    Clean,
    /// All marks are gone: `Khong co noi dung`.
    Stripped,
    /// Some marks are gone.
    Partial,
    /// Letters are gone that the recogniser's alphabet lacks: `QUYT ĐNH`.
    Dropped,
    /// An English recogniser read Vietnamese: `Khong c6 nd1 dung`.
    English,
    /// A Vietnamese recogniser read it and made its mistakes: `kiếm` for `kiểm`.
    Vietnamese,
}

impl Component {
    /// How many there are.
    pub const COUNT: usize = 6;

    /// All of them, in the order of their numbers.
    pub const ALL: [Component; Component::COUNT] = [
        Component::Clean,
        Component::Stripped,
        Component::Partial,
        Component::Dropped,
        Component::English,
        Component::Vietnamese,
    ];
}

/// P(a token as seen | the words printed), by [`Component`].
pub type Likelihood = [f32; Component::COUNT];

/// The most words that one token can stand for.
pub const MOST_WORDS: usize = 4;

/// Words that may have been printed where a token was seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    words: [WordId; MOST_WORDS],
    len: u8,
    /// P(the token as seen | these words printed), by [`Component`]; for one component the sum over all that can be seen is at most 1.
    pub likelihood: Likelihood,
}

impl Candidate {
    /// A candidate of one to [`MOST_WORDS`] words; what is beyond is cut off.
    pub fn new(words: &[WordId], likelihood: Likelihood) -> Self {
        let len = words.len().min(MOST_WORDS);
        let mut filled = [0; MOST_WORDS];
        filled[..len].copy_from_slice(&words[..len]);
        Candidate { words: filled, len: len as u8, likelihood }
    }

    /// The words, in order.
    pub fn words(&self) -> &[WordId] {
        &self.words[..usize::from(self.len)]
    }
}

/// Knows what can be misread as what.
pub trait Channel: Send + Sync {
    /// Appends to `out` what may have been printed where `observed` was seen: at most a few dozen candidates, no words twice.
    ///
    /// `observed` is one [token](crate::text::token) without outer punctuation, NFC, folded by [`fold_word`](crate::text::token::fold_word);
    /// it may hold digits and signs (`c6`, `hi¢u`), and it may be two neighbouring tokens put together, where a space may have been seen
    /// that was not printed. A word of the vocabulary is among its own candidates, with its [`Component::Clean`] likelihood near 1.
    /// A capital `I` at its beginning may be a small l as well as a capital. The order does not matter.
    fn candidates(&self, vocabulary: &Vocabulary, observed: &str, out: &mut Vec<Candidate>);

    /// [`Channel::candidates`] of one word each: what is asked of two tokens put together, which are seldom one word and never several.
    /// Those that none of the [`Component`]s that break words sees so with at least the probability `least` may be left out.
    fn single_words(&self, vocabulary: &Vocabulary, observed: &str, _least: f32, out: &mut Vec<Candidate>) {
        let before = out.len();
        self.candidates(vocabulary, observed, out);
        let mut at = 0;
        out.retain(|candidate| {
            at += 1;
            at <= before || candidate.words().len() == 1
        });
    }

    /// The channel drawn towards what a text shows of its recogniser: pairs of a word and what stands there for it, both folded, and how
    /// much each counts. None where there is nothing to be drawn.
    fn adapted(&self, _pairs: &BTreeMap<(String, String), f64>) -> Option<Box<dyn Channel>> {
        None
    }

    /// Probability, a printed word, that a space is seen inside it, by [`Component`].
    fn broken_word(&self) -> [f32; Component::COUNT];
}

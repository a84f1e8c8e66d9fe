//! [`Choice`]: what was decided for a token.

use super::channel::candidate::MOST_WORDS;
use crate::lm::WordId;

/// What became of one token, or of two that were one word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    /// Index of the token in its window.
    pub token: usize,
    /// Tokens taken together.
    pub span: usize,
    pub words: [WordId; MOST_WORDS],
    pub len: usize,
    /// Probability that these words were printed, before calibration.
    pub posterior: f32,
    /// Probability that the token is a word in use and right as it stands; 0 where it is none, and where it was not changed.
    pub stands: f32,
    /// ln P(the token as seen | these words printed), as the channel has it; 0 where it was not asked, as in text of a known recogniser.
    pub seen_so: f32,
    /// The token is taken to be right as it stands.
    pub as_seen: bool,
    /// The words are likelier than the token as it stands, but not by so much that it should be changed.
    pub proposed: bool,
}

impl Choice {
    pub fn words(&self) -> &[WordId] {
        &self.words[..self.len]
    }

    /// One token that is this word.
    #[cfg(test)]
    pub fn word(token: usize, word: WordId, posterior: f32) -> Self {
        Choice {
            token,
            span: 1,
            words: [word; MOST_WORDS],
            len: 1,
            posterior,
            stands: 0.0,
            seen_so: 0.0,
            as_seen: false,
            proposed: false,
        }
    }

    /// Makes it this one word.
    pub fn follow(&mut self, word: WordId, posterior: f32, as_seen: bool) {
        self.words[0] = word;
        self.len = 1;
        self.posterior = posterior;
        self.stands = 0.0;
        self.as_seen = as_seen;
        self.proposed = false;
    }
}

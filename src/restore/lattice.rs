//! What may have been printed along a run of tokens: arcs from token to token.

use super::reading::MOST_WORDS;
use crate::lm::WordId;

/// One possibility for one token, or for two neighbouring tokens that are one word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arc {
    words: [WordId; MOST_WORDS],
    len: u8,
    /// Tokens that it stands for: 1 or 2.
    pub span: u8,
    /// How well it explains the tokens, relative to the other arcs between the same places.
    pub weight: f32,
}

impl Arc {
    #[inline]
    pub fn new(words: &[WordId], span: u8, weight: f32) -> Self {
        let mut filled = [0; MOST_WORDS];
        let len = words.len().min(MOST_WORDS);
        filled[..len].copy_from_slice(&words[..len]);
        Arc { words: filled, len: len as u8, span, weight }
    }

    #[inline]
    pub fn words(&self) -> &[WordId] {
        &self.words[..usize::from(self.len)]
    }

    #[inline]
    pub fn first(&self) -> WordId {
        self.words[0]
    }

    #[inline]
    pub fn last(&self) -> WordId {
        self.words[usize::from(self.len) - 1]
    }
}

/// The arcs of a run of tokens, by the token at which they start; those that stand for two tokens after those that stand for one.
#[derive(Debug, Default)]
pub(super) struct Lattice {
    pub arcs: Vec<Arc>,
    /// For each token, and once more at the end: the place of its first arc.
    starts: Vec<u32>,
    /// For each token: the place of its first arc that stands for two tokens.
    joins: Vec<u32>,
}

impl Lattice {
    pub fn clear(&mut self) {
        self.arcs.clear();
        self.starts.clear();
        self.joins.clear();
        self.starts.push(0);
    }

    /// Adds a token with its arcs; those with a span of 2 must come last, and none may reach beyond the last token.
    pub fn push(&mut self, arcs: impl IntoIterator<Item = Arc>) {
        let first = self.arcs.len();
        self.arcs.extend(arcs);
        let singles = self.arcs[first..].iter().take_while(|a| a.span == 1).count();
        self.joins.push((first + singles) as u32);
        self.starts.push(self.arcs.len() as u32);
    }

    /// Number of tokens.
    #[inline]
    pub fn len(&self) -> usize {
        self.joins.len()
    }

    /// Places of the arcs that start at a token.
    #[inline]
    pub fn starting(&self, token: usize) -> std::ops::Range<usize> {
        self.starts[token] as usize..self.starts[token + 1] as usize
    }

    /// Places of the arcs that start at a token and stand for it alone.
    #[inline]
    pub fn singles(&self, token: usize) -> std::ops::Range<usize> {
        self.starts[token] as usize..self.joins[token] as usize
    }

    /// Places of the arcs that start at a token and take in the next one.
    #[inline]
    pub fn joined(&self, token: usize) -> std::ops::Range<usize> {
        self.joins[token] as usize..self.starts[token + 1] as usize
    }

    /// Places of the arcs that end right before a token: singles of the token before it, joins of the one before that.
    #[inline]
    pub fn ending(&self, token: usize) -> impl Iterator<Item = usize> + Clone + use<> {
        let singles = if token >= 1 { self.singles(token - 1) } else { 0..0 };
        let joins = if token >= 2 { self.joined(token - 2) } else { 0..0 };
        singles.chain(joins)
    }
}

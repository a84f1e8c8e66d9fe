//! What may have been printed along a run of tokens: arcs from token to token.

use super::channel::candidate::MOST_WORDS;
use crate::lm::{CollationRank, Model, Term, WordId};

/// One possibility for one token, or for two neighbouring tokens that are one word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arc {
    words: [WordId; MOST_WORDS],
    len: u8,
    /// Tokens that it stands for: 1 or 2.
    pub span: u8,
    /// The seat of its first word.
    pub seat: CollationRank,
    /// How well it explains the tokens, relative to the other arcs between the same places.
    pub weight: f32,
    /// P(its first word) without context.
    pub enter: f32,
    /// The share that its last word leaves to the unigrams.
    pub leave: f32,
}

impl Arc {
    /// An arc of one to [`MOST_WORDS`] words.
    #[inline]
    pub fn new(model: &Model, words: &[WordId], span: u8, weight: f32) -> Self {
        // Spelt out, as nearly all are of one word and a copy of unknown length is a call.
        let (filled, len) = match *words {
            [] => ([0; MOST_WORDS], 1),
            [a] => ([a, 0, 0, 0], 1),
            [a, b] => ([a, b, 0, 0], 2),
            [a, b, c] => ([a, b, c, 0], 3),
            [a, b, c, d, ..] => ([a, b, c, d], 4),
        };
        let (first, last) = (filled[0], filled[len - 1]);
        Arc {
            words: filled,
            len: len as u8,
            span,
            seat: model.seat(first),
            weight,
            enter: model.unigram(first),
            leave: model.unigram_backoff(last),
        }
    }

    /// The same with another weight.
    #[inline]
    pub fn weighing(self, weight: f32) -> Self {
        Arc { weight, ..self }
    }

    /// Whether it is one word.
    #[inline]
    pub fn is_one_word(&self) -> bool {
        self.len == 1
    }

    #[inline]
    pub fn words(&self) -> &[WordId] {
        &self.words[..usize::from(self.len)]
    }

    #[inline]
    pub fn first(&self) -> WordId {
        self.words[0]
    }

    /// Its first word with what the model has of it.
    #[inline]
    pub fn term(&self, model: &Model) -> Term {
        let backoff = if self.is_one_word() { self.leave } else { model.unigram_backoff(self.first()) };
        Term { word: self.first(), probability: self.enter, backoff }
    }

    #[inline]
    pub fn last(&self) -> WordId {
        self.words[usize::from(self.len) - 1]
    }
}

/// Names a list of arcs: lists of the same sort are the same but for their weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ListId(u32);

impl ListId {
    /// Of a list that has no like.
    pub const NONE: ListId = ListId(u32::MAX);

    /// Of the readings of a kind of tokens, by its number in the window.
    #[inline]
    pub fn of_list(number: u32) -> Self {
        ListId(number)
    }

    /// Of this one word or class alone.
    #[inline]
    pub fn of_word(word: WordId) -> Self {
        ListId(1 << 31 | u32::from(word))
    }

    /// Two neighbouring sorts as one number; None where either list has no like.
    #[inline]
    pub fn pair(self, next: ListId) -> Option<u64> {
        (self != ListId::NONE && next != ListId::NONE).then_some(u64::from(self.0) << 32 | u64::from(next.0))
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
    /// For each token: the sort of its arcs.
    sorts: Vec<ListId>,
}

impl Lattice {
    pub fn clear(&mut self) {
        self.sorts.clear();
        self.arcs.clear();
        self.starts.clear();
        self.joins.clear();
        self.starts.push(0);
    }

    /// Adds a token with its arcs, of which those that stand for it alone are of this sort; those with a span of 2 must come last, and
    /// none may reach beyond the last token.
    pub fn push(&mut self, sort: ListId, arcs: impl IntoIterator<Item = Arc>) {
        self.sorts.push(sort);
        let first = self.arcs.len();
        self.arcs.extend(arcs);
        let singles = self.arcs[first..].iter().take_while(|a| a.span == 1).count();
        self.joins.push((first + singles) as u32);
        self.starts.push(self.arcs.len() as u32);
    }

    /// [`Lattice::push`] for arcs that lie ready: those that stand for the token alone, and those that take in the next one.
    pub fn push_slices(&mut self, sort: ListId, singles: &[Arc], joined: &[Arc]) {
        self.sorts.push(sort);
        self.arcs.extend_from_slice(singles);
        self.joins.push(self.arcs.len() as u32);
        self.arcs.extend_from_slice(joined);
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

    /// The sort of the arcs that stand for a token alone.
    #[inline]
    pub fn sort(&self, token: usize) -> ListId {
        self.sorts[token]
    }

    /// Whether all that ends right before a token began one token earlier, and all that starts there ends one token later.
    #[inline]
    pub fn is_plain(&self, token: usize) -> bool {
        self.joined(token).is_empty() && (token < 2 || self.joined(token - 2).is_empty())
    }

    /// Places of the arcs that end right before a token: singles of the token before it, joins of the one before that.
    #[inline]
    pub fn ending(&self, token: usize) -> impl Iterator<Item = usize> + Clone + use<> {
        let singles = if token >= 1 { self.singles(token - 1) } else { 0..0 };
        let joins = if token >= 2 { self.joined(token - 2) } else { 0..0 };
        singles.chain(joins)
    }

    /// A place that none of the arcs that end right before a token comes before; all of them are near it.
    #[inline]
    pub fn ending_from(&self, token: usize) -> usize {
        if token >= 2 { self.joined(token - 2).start } else { 0 }
    }
}

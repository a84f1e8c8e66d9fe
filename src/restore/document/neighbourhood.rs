//! A place among the words that were chosen for a text, and how well other words fit in there.

use super::window::Window;
use crate::lm::{History, Model, WordId, class};
use crate::restore::choice::Choice;

/// Words on either side that have a say.
const AROUND: usize = 3;

/// The words around a place, in its paragraph.
pub(super) struct Neighbourhood<'a> {
    model: &'a Model,
    /// What stands before it.
    history: History,
    after: Vec<WordId>,
    /// The choices right before and behind it.
    pub left: Option<&'a Choice>,
    pub right: Option<&'a Choice>,
}

impl<'a> Neighbourhood<'a> {
    /// The neighbourhood of the choice with this index.
    pub fn of(window: &Window, chosen: &'a [Choice], at: usize, model: &'a Model) -> Self {
        let begins = |&i: &usize| window.tokens[chosen[i].token].begins;
        let least = at.saturating_sub(AROUND);
        let first = (least..=at).rev().find(|i| *i == least || begins(i)).unwrap_or(at);
        let until = (at + 1 + AROUND).min(chosen.len());
        let end = (at + 1..until).find(begins).unwrap_or(until);
        let words = |choices: &[Choice]| choices.iter().flat_map(|c| c.words()).copied().collect::<Vec<WordId>>();
        let mut history = model.history(class::BREAK);
        for word in words(&chosen[first..at]) {
            history = model.next(&history, word).1;
        }
        let beside = |there: bool, i: usize| chosen.get(i).filter(|_| there);
        let (left, right) = (beside(first < at, at.wrapping_sub(1)), beside(at + 1 < end, at + 1));
        Neighbourhood { model, history, after: words(&chosen[at + 1..end]), left, right }
    }

    /// The logarithm of the probability of these words, and of those behind them, after those before.
    pub fn fits(&self, words: &[WordId]) -> f32 {
        let mut history = self.history;
        let of = |&word: &WordId| {
            let (p, next) = self.model.next(&history, word);
            history = next;
            p.max(f32::MIN_POSITIVE).ln()
        };
        words.iter().chain(&self.after).map(of).sum()
    }
}

//! How well a channel does on pairs that it was not learned from.

use super::pairs::Pairs;
use crate::lm::Vocabulary;
use crate::restore::channel::candidate::{Channel, Component};

/// What was found; every word counts as often as it was met.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Check {
    /// Words of the pairs that are in the vocabulary.
    pub words: u64,
    /// Kinds of pairs, each looked up once.
    pub kinds: u64,
    /// Words for which what was printed is among the candidates.
    pub found: u64,
    /// Words for which what was printed is the likeliest candidate, weighed with `prior`.
    pub first: u64,
    /// Candidates, over all words.
    pub candidates: u64,
    /// -ln P(seen | printed), over all words; what is not found counts as 1e-9.
    pub loss: f64,
}

/// Looks every pair up, under one component.
pub fn check(
    pairs: &Pairs,
    channel: &impl Channel,
    vocabulary: &Vocabulary,
    component: Component,
    prior: impl Fn(&str) -> f32,
) -> Check {
    let mut check = Check::default();
    let mut out = Vec::new();
    for ((printed, seen), &n) in &pairs.words {
        let Some(id) = vocabulary.id(printed) else { continue };
        out.clear();
        channel.candidates(vocabulary, seen, &mut out);
        let p = |words: &[_], p: f32| p * words.iter().map(|&w| prior(vocabulary.word(w))).product::<f32>();
        let truth = out.iter().find(|c| c.words() == [id]).map_or(0.0, |c| c.likelihood[component as usize]);
        let best = out.iter().map(|c| p(c.words(), c.likelihood[component as usize])).fold(0.0, f32::max);
        check.words += n;
        check.kinds += 1;
        check.found += n * u64::from(truth > 0.0);
        check.first += n * u64::from(truth > 0.0 && p(&[id], truth) >= best);
        check.candidates += n * out.len() as u64;
        check.loss -= n as f64 * f64::from(truth.max(1e-9)).ln();
    }
    check
}

//! The likeliest words along a lattice, with a probability for each.
//!
//! A first pass, forward and backward over bigrams, sets aside what cannot be ([`prune`]); a second one with the whole model weighs
//! what is left ([`rescore`]). Both sum over all paths, so that what comes out are posteriors; of these the path is chosen that has
//! the most words right in expectation (Bahl et al. 1974; Goel and Byrne 2000).

mod bigrams;
mod prune;
mod rescore;

use super::lattice::{Arc, Lattice, ListId};
use crate::lm::Model;
use prune::{Pruner, START};
use rescore::Rescorer;

/// Decodes lattices; keeps its memory from one to the next.
#[derive(Debug, Default)]
pub(in crate::restore) struct Decoder {
    pruner: Pruner,
    rescorer: Rescorer,
    posteriors: Vec<f32>,
    best: Vec<(f32, u32)>,
    path: Vec<u32>,
}

impl Decoder {
    /// The number of a list of readings, until [`Decoder::begin`] is called.
    pub fn sort(&mut self, readings: &[Arc]) -> ListId {
        self.pruner.bigrams().sort(readings)
    }

    /// Makes room for new [lists](ListId), after which those that were handed out mean nothing any more.
    pub fn begin(&mut self) {
        self.pruner.bigrams().limit_lists();
    }

    /// Decodes; [`Decoder::posteriors`] and [`Decoder::path`] have the outcome until the next call.
    pub fn decode(&mut self, model: &Model, lattice: &Lattice) {
        self.posteriors.clear();
        self.posteriors.resize(lattice.arcs.len(), 0.0);
        self.path.clear();
        if lattice.len() == 0 {
            return;
        }
        self.pruner.prune(model, lattice, &mut self.posteriors);
        self.rescorer.rescore(model, lattice, &self.pruner, &mut self.posteriors);
        self.choose(lattice);
    }

    /// The probability of each arc of the lattice, by its place.
    pub fn posteriors(&self) -> &[f32] {
        &self.posteriors
    }

    /// The chosen arcs' places, in order.
    pub fn path(&self) -> &[u32] {
        &self.path
    }

    /// The path with the most words right in expectation.
    fn choose(&mut self, lattice: &Lattice) {
        let tokens = lattice.len();
        let best = &mut self.best;
        best.clear();
        best.push((0.0, START));
        best.resize(tokens + 1, (-1.0, START));
        for token in 0..tokens {
            let so_far = best[token].0;
            if so_far < 0.0 {
                continue;
            }
            let singles = lattice.singles(token);
            let (mut most, mut likeliest) = (-1.0, START);
            for (place, &posterior) in singles.clone().zip(&self.posteriors[singles]) {
                if posterior > most {
                    (most, likeliest) = (posterior, place as u32);
                }
            }
            if so_far + most > best[token + 1].0 {
                best[token + 1] = (so_far + most, likeliest);
            }
            for place in lattice.joined(token) {
                let gain = 2.0 * self.posteriors[place];
                if so_far + gain > best[token + 2].0 {
                    best[token + 2] = (so_far + gain, place as u32);
                }
            }
        }
        let mut token = tokens;
        while token > 0 {
            let place = best[token].1;
            self.path.push(place);
            token -= usize::from(lattice.arcs[place as usize].span);
        }
        self.path.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::super::lattice::{Arc, ListId};
    use super::*;
    use crate::lm::class;

    /// Readings of each token, best first, by the seats of their words.
    fn lattice(model: &Model, tokens: &[&[&str]], sort: impl Fn(usize) -> ListId) -> Lattice {
        let mut lattice = Lattice::default();
        lattice.clear();
        for (at, words) in tokens.iter().enumerate() {
            let id = |word: &&str| model.vocabulary().id(word).unwrap_or(class::UNKNOWN);
            let mut arcs: Vec<Arc> = words.iter().map(|w| Arc::new(model, &[id(w)], 1, 1.0)).collect();
            arcs.sort_by_key(|a| a.seat);
            lattice.push(sort(at), arcs);
        }
        lattice
    }

    const TOKENS: [&[&str]; 7] = [
        &["uy", "ủy"],
        &["ban", "bàn", "bán", "bạn"],
        &["nhân"],
        &["dân"],
        &["uy", "ủy"],
        &["ban", "bàn", "bán", "bạn"],
        &["hanh", "hành", "hạnh"],
    ];

    fn posteriors(model: &Model, decoder: &mut Decoder, lattice: &Lattice) -> Vec<f32> {
        decoder.decode(model, lattice);
        decoder.posteriors().to_vec()
    }

    #[test]
    fn what_is_remembered_of_sorts_changes_nothing() {
        let model = Model::embedded().unwrap();
        let same = |at: usize| ListId::of_list([0, 1, 2, 3, 0, 1, 4][at]);
        let want = posteriors(&model, &mut Decoder::default(), &lattice(&model, &TOKENS, |_| ListId::NONE));
        let mut decoder = Decoder::default();
        for _ in 0..2 {
            assert_eq!(posteriors(&model, &mut decoder, &lattice(&model, &TOKENS, same)), want);
        }
    }

    #[test]
    fn the_same_words_are_of_the_same_sort() {
        let model = Model::embedded().unwrap();
        let mut decoder = Decoder::default();
        let lattice = lattice(&model, &TOKENS, |_| ListId::NONE);
        let sorts: Vec<ListId> =
            (0..lattice.len()).map(|token| decoder.sort(&lattice.arcs[lattice.singles(token)])).collect();
        for (a, b) in [(0, 4), (1, 5)] {
            assert_eq!(sorts[a], sorts[b]);
        }
        for (a, b) in [(0, 1), (2, 3), (1, 6)] {
            assert_ne!(sorts[a], sorts[b]);
        }
    }

    #[test]
    fn posteriors_of_a_token_sum_to_one_and_the_phrase_is_found() {
        let model = Model::embedded().unwrap();
        let lattice = lattice(&model, &TOKENS, |at| ListId::of_list(at as u32));
        let mut decoder = Decoder::default();
        decoder.decode(&model, &lattice);
        for token in 0..lattice.len() {
            let sum: f32 = decoder.posteriors()[lattice.starting(token)].iter().sum();
            assert!((sum - 1.0).abs() < 1e-3, "{token}: {sum}");
        }
        let words: Vec<&str> =
            decoder.path().iter().map(|&p| model.vocabulary().word(lattice.arcs[p as usize].first())).collect();
        assert_eq!(words[..4], ["ủy", "ban", "nhân", "dân"]);
    }
}

//! The likeliest words along a lattice, with a probability for each.
//!
//! A first pass, forward and backward over bigrams, sets aside what cannot be ([`sieve`]); a second one with the whole model weighs
//! what is left ([`weigh`]). Both sum over all paths, so that what comes out are posteriors; of these the path is chosen that has
//! the most words right in expectation (Bahl et al. 1974; Goel and Byrne 2000).

mod sieve;
mod weigh;

use super::lattice::Lattice;
use crate::lm::Model;
use sieve::{START, Sieve};
use weigh::Scales;

/// Decodes lattices; keeps its memory from one to the next.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    sieve: Sieve,
    scales: Scales,
    posteriors: Vec<f32>,
    best: Vec<(f32, u32)>,
    path: Vec<u32>,
}

impl Decoder {
    /// Decodes; [`Decoder::posteriors`] and [`Decoder::path`] have the outcome until the next call.
    pub fn decode(&mut self, model: &Model, lattice: &Lattice) {
        self.posteriors.clear();
        self.posteriors.resize(lattice.arcs.len(), 0.0);
        self.path.clear();
        if lattice.len() == 0 {
            return;
        }
        self.sieve.sift(model, lattice, &mut self.posteriors);
        self.scales.weigh(model, lattice, &self.sieve, &mut self.posteriors);
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
            for place in lattice.starting(token) {
                let arc = &lattice.arcs[place];
                let gain = self.posteriors[place] * f32::from(arc.span);
                let end = token + usize::from(arc.span);
                if so_far + gain > best[end].0 {
                    best[end] = (so_far + gain, place as u32);
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

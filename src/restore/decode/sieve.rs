//! First pass, forward and backward over bigrams: which readings can be.
//!
//! P(next | last) is what backing off makes of it, leave(last) · enter(next), plus a gain where the model knows the bigram. So the
//! sum over all pairs of readings is one product of two sums, and only the known bigrams are gone through.

use crate::lm::{Model, Seat, WordId, class};
use crate::restore::lattice::Lattice;

/// Chains that have less than this of the sum over all at their place are not followed.
const NEGLIGIBLE: f32 = 1e-5;
/// Readings whose seats are no further apart than this are looked for together in a row of bigrams.
const NEAR: Seat = 32;

/// Sums over all paths through a lattice; keeps its memory from one to the next.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    /// By arc: unigram probability of its first word, and that word's seat.
    enter: Vec<f32>,
    seats: Vec<Seat>,
    /// By arc: its weight with the bigrams inside it.
    inner: Vec<f32>,
    forward: Vec<f32>,
    backward: Vec<f32>,
    /// By arc: the sum over all that follows, its own weight included.
    onward: Vec<f32>,
    /// The known bigrams between arcs, and where those into each token begin.
    known: Vec<Known>,
    known_starts: Vec<u32>,
    ending: Vec<Ending>,
    scales: Vec<f32>,
}

/// An arc that ends where a token begins; [`START`] for the start of the paragraph.
#[derive(Debug, Clone, Copy)]
struct Ending {
    arc: u32,
    word: WordId,
    /// The share that its last word leaves to the unigrams.
    leave: f32,
    forward: f32,
}

/// Stands for an arc where there is none.
pub(super) const START: u32 = u32::MAX;

/// A bigram that the model has, from the last word of one arc to the first of another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub from: u32,
    pub to: u32,
    /// Its number in the model.
    pub bigram: u32,
    /// How much more probable it is than backing off would make it.
    gain: f32,
}

impl Sieve {
    /// Gives every arc its probability, by its place.
    pub fn sift(&mut self, model: &Model, lattice: &Lattice, posteriors: &mut [f32]) {
        self.forwards(model, lattice);
        self.backwards(model, lattice, posteriors);
    }

    /// The known bigrams into a token, from arcs that are not negligible.
    #[inline]
    pub fn known(&self, token: usize) -> &[Known] {
        &self.known[self.known_starts[token] as usize..self.known_starts[token + 1] as usize]
    }

    /// Collects the arcs that end before `token` and are not negligible.
    fn collect_ending(&mut self, model: &Model, lattice: &Lattice, token: usize) {
        self.ending.clear();
        if token == 0 {
            let (word, arc) = (class::BREAK, START);
            self.ending.push(Ending { arc, word, leave: model.unigram_backoff(word), forward: 1.0 });
            return;
        }
        for place in lattice.ending(token) {
            let forward = self.forward[place];
            if forward >= NEGLIGIBLE {
                let word = lattice.arcs[place].last();
                let leave = model.unigram_backoff(word);
                self.ending.push(Ending { arc: place as u32, word, leave, forward });
            }
        }
    }

    /// Adds the known bigrams from what was collected to the arcs that start at `token`.
    fn collect_known(&mut self, model: &Model, lattice: &Lattice, token: usize) {
        let places = lattice.starting(token);
        let mut start = places.start;
        while start < places.end {
            let near = |pair: &[Seat]| pair[0] <= pair[1] && pair[1] - pair[0] <= NEAR;
            let end = start + 1 + self.seats[start..places.end].windows(2).take_while(|pair| near(pair)).count();
            let seats = &self.seats[start..end];
            for before in &self.ending {
                let mut at = 0;
                for (seat, bigram) in model.successors(before.word, seats[0], seats[seats.len() - 1]) {
                    while seats[at] < seat {
                        at += 1;
                    }
                    let probability = || model.bigram_probability(bigram);
                    for same in at..seats.len() {
                        if seats[same] != seat {
                            break;
                        }
                        let to = start + same;
                        let gain = probability() - before.leave * self.enter[to];
                        self.forward[to] += before.forward * gain;
                        self.known.push(Known { from: before.arc, to: to as u32, bigram, gain });
                    }
                }
            }
            start = end;
        }
    }

    fn forwards(&mut self, model: &Model, lattice: &Lattice) {
        self.enter.clear();
        self.seats.clear();
        self.inner.clear();
        for arc in &lattice.arcs {
            self.enter.push(model.unigram(arc.first()));
            self.seats.push(model.seat(arc.first()));
            self.inner.push(arc.words().windows(2).fold(arc.weight, |p, pair| p * model.bigram(pair[0], pair[1])));
        }
        self.forward.clear();
        self.forward.resize(lattice.arcs.len(), 0.0);
        self.known.clear();
        self.known_starts.clear();
        self.scales.clear();
        for token in 0..lattice.len() {
            self.known_starts.push(self.known.len() as u32);
            self.collect_ending(model, lattice, token);
            let left: f32 = self.ending.iter().map(|e| e.forward * e.leave).sum();
            for place in lattice.starting(token) {
                self.forward[place] = left * self.enter[place];
            }
            self.collect_known(model, lattice, token);
            for place in lattice.starting(token) {
                self.forward[place] = self.forward[place].max(0.0) * self.inner[place];
            }
            // All that ends before the next token sums to one; a join that passes over it is brought to the same scale.
            let scale: f32 = lattice.ending(token + 1).map(|place| self.forward[place]).sum();
            let scale = if scale > 0.0 { scale } else { f32::MIN_POSITIVE };
            for place in lattice.starting(token) {
                self.forward[place] /= scale;
            }
            if token >= 1 {
                for place in lattice.joined(token - 1) {
                    self.forward[place] /= scale;
                }
            }
            self.scales.push(scale);
        }
        self.known_starts.push(self.known.len() as u32);
    }

    fn backwards(&mut self, model: &Model, lattice: &Lattice, posteriors: &mut [f32]) {
        let tokens = lattice.len();
        self.backward.clear();
        self.backward.resize(lattice.arcs.len(), 0.0);
        self.onward.clear();
        self.onward.resize(lattice.arcs.len(), 0.0);
        for place in lattice.ending(tokens) {
            self.backward[place] = model.bigram(lattice.arcs[place].last(), class::BREAK);
        }
        for token in (1..tokens).rev() {
            let mut entered = 0.0;
            for place in lattice.starting(token) {
                let mut through = self.inner[place] / self.scales[token];
                if lattice.arcs[place].span == 2 {
                    through /= self.scales[token + 1];
                }
                self.onward[place] = through * self.backward[place];
                entered += self.enter[place] * self.onward[place];
            }
            for place in lattice.ending(token) {
                if self.forward[place] >= NEGLIGIBLE {
                    self.backward[place] = entered * model.unigram_backoff(lattice.arcs[place].last());
                }
            }
            let known = self.known_starts[token] as usize..self.known_starts[token + 1] as usize;
            for known in &self.known[known] {
                self.backward[known.from as usize] += known.gain * self.onward[known.to as usize];
            }
        }
        // The sum over all paths is the same at every place.
        let whole: f32 = lattice.ending(tokens).map(|p| self.forward[p] * self.backward[p]).sum();
        for (place, posterior) in posteriors.iter_mut().enumerate() {
            let p = self.forward[place] * self.backward[place] / whole.max(f32::MIN_POSITIVE);
            *posterior = if p.is_finite() { p.max(0.0) } else { 0.0 };
        }
    }
}

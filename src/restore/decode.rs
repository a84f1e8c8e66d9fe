//! The likeliest words along a lattice, with a probability for each.
//!
//! A first pass, forward and backward over bigrams, sets aside what cannot be; a second one with the whole model weighs what is
//! left, with chains recombined as soon as the model cannot tell them apart. Both passes sum over all paths, so that what comes out
//! are posteriors; of these the path is chosen that has the most words right in expectation (Bahl et al. 1974; Goel and Byrne 2000).

use super::lattice::Lattice;
use crate::lm::{History, Model, Seat, WordId, class};

/// Arcs less probable than this after the first pass are set aside.
const PRUNED: f32 = 3e-4;
/// Chains that have less than this of the sum over all at their place are not followed in the first pass.
const NEGLIGIBLE: f32 = 1e-6;
/// Chains less probable than this beside the best at the same place are set aside.
const BEAM: f32 = 1e-5;
/// The most chains at a place.
const MOST_CHAINS: usize = 32;
/// Readings whose seats are no further apart than this are looked for together in a row of bigrams.
const NEAR: Seat = 32;

/// Decodes lattices; keeps its memory from one to the next.
///
/// In the first pass P(next | last) is what backing off makes of it, leave(last) · enter(next), plus a gain where the model knows
/// the bigram. So the sum over all pairs of readings is one product of two sums, and only the known bigrams are gone through.
#[derive(Debug, Default)]
pub(super) struct Decoder {
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
    posteriors: Vec<f32>,
    likely: Vec<Known>,
    chains: Vec<Chain>,
    edges: Vec<Edge>,
    best: Vec<(f32, u32)>,
    path: Vec<u32>,
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
const START: u32 = u32::MAX;

/// A bigram that the model has, from the last word of one arc to the first of another.
#[derive(Debug, Clone, Copy)]
struct Known {
    from: u32,
    to: u32,
    bigram: u32,
    /// How much more probable it is than backing off would make it.
    gain: f32,
}

/// Chains of words that end at the same place and that the model cannot tell apart.
#[derive(Debug, Clone, Copy)]
struct Chain {
    history: History,
    /// The last arc of one of them; all have the same last word.
    arc: u32,
    forward: f32,
    backward: f32,
}

/// An arc that takes one chain to another.
#[derive(Debug, Clone, Copy)]
struct Edge {
    from: u32,
    to: u32,
    arc: u32,
    weight: f32,
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
        self.forwards(model, lattice);
        self.backwards(model, lattice);
        self.second_pass(model, lattice);
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

    fn backwards(&mut self, model: &Model, lattice: &Lattice) {
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
        for (place, posterior) in self.posteriors.iter_mut().enumerate() {
            let p = self.forward[place] * self.backward[place] / whole.max(f32::MIN_POSITIVE);
            *posterior = if p.is_finite() { p.max(0.0) } else { 0.0 };
        }
    }

    /// Weighs the arcs that the first pass left with the whole model.
    fn second_pass(&mut self, model: &Model, lattice: &Lattice) {
        let tokens = lattice.len();
        self.chains.clear();
        self.edges.clear();
        self.scales.clear();
        self.chains.push(Chain { history: model.history(class::BREAK), arc: START, forward: 1.0, backward: 0.0 });
        // Chains that end before the token at hand, and those that a join took one further.
        let mut here = vec![0u32];
        let mut beyond: Vec<u32> = Vec::new();
        for token in 0..tokens {
            let mut next = std::mem::take(&mut beyond);
            let best = here.iter().map(|&c| self.chains[c as usize].forward).fold(0.0, f32::max);
            self.likely.clear();
            let known = self.known_starts[token] as usize..self.known_starts[token + 1] as usize;
            let is_likely = |arc: u32| arc == START || self.posteriors[arc as usize] >= PRUNED;
            self.likely.extend(self.known[known].iter().filter(|k| is_likely(k.from) && is_likely(k.to)));
            for place in lattice.starting(token) {
                if self.posteriors[place] < PRUNED {
                    continue;
                }
                let arc = lattice.arcs[place];
                for &from in &here {
                    let chain = self.chains[from as usize];
                    if chain.forward < best * BEAM {
                        continue;
                    }
                    let (mut weight, mut history) = (arc.weight, chain.history);
                    for (n, &word) in arc.words().iter().enumerate() {
                        let (p, after) = if n == 0 && chain.arc != START {
                            let known = self.likely.iter().find(|k| k.to as usize == place && k.from == chain.arc);
                            model.next_by(&history, word, known.map(|k| k.bigram))
                        } else {
                            model.next(&history, word)
                        };
                        weight *= p;
                        history = after;
                    }
                    let ends = if arc.span == 2 { &mut beyond } else { &mut next };
                    let known =
                        ends.iter().find(|&&c| self.chains[c as usize].history.words() == history.words()).copied();
                    let to = known.unwrap_or_else(|| {
                        self.chains.push(Chain { history, arc: place as u32, forward: 0.0, backward: 0.0 });
                        ends.push(self.chains.len() as u32 - 1);
                        self.chains.len() as u32 - 1
                    });
                    self.chains[to as usize].forward += chain.forward * weight;
                    self.edges.push(Edge { from, to, arc: place as u32, weight });
                }
            }
            if next.len() > MOST_CHAINS {
                let chains = &self.chains;
                next.sort_by(|&a, &b| {
                    chains[b as usize].forward.total_cmp(&chains[a as usize].forward).then(a.cmp(&b))
                });
                // What is beyond goes no further: nothing starts from it, and backwards nothing comes back to it.
                next.truncate(MOST_CHAINS);
            }
            if next.is_empty() && beyond.is_empty() {
                // What was set aside in the first pass was all there is: the rest begins anew.
                self.chains.push(Chain {
                    history: model.history(class::BREAK),
                    arc: START,
                    forward: 1.0,
                    backward: 0.0,
                });
                next.push(self.chains.len() as u32 - 1);
            }
            let sum: f32 = next.iter().chain(&beyond).map(|&c| self.chains[c as usize].forward).sum();
            let scale = 1.0 / sum.max(f32::MIN_POSITIVE);
            for &chain in next.iter().chain(&beyond) {
                self.chains[chain as usize].forward *= scale;
            }
            self.scales.push(scale);
            here = next;
        }
        for &chain in &here {
            let (p, _) = model.next(&self.chains[chain as usize].history, class::BREAK);
            self.chains[chain as usize].backward = p;
        }
        self.second_backwards(lattice, &here);
    }

    fn second_backwards(&mut self, lattice: &Lattice, ends: &[u32]) {
        // With these scales the sum over all paths is the same at every place; it is known at the end.
        let whole = ends.iter().map(|&c| self.chains[c as usize]).map(|c| c.forward * c.backward).sum::<f32>();
        let whole = whole.max(f32::MIN_POSITIVE);
        let mut end = self.edges.len();
        for token in (0..lattice.len()).rev() {
            let places = lattice.starting(token);
            let start = self.edges[..end].partition_point(|e| (e.arc as usize) < places.start);
            self.posteriors[places.clone()].fill(0.0);
            for edge in &self.edges[start..end] {
                let mut through = edge.weight * self.scales[token] * self.chains[edge.to as usize].backward;
                if lattice.arcs[edge.arc as usize].span == 2 {
                    through *= self.scales[token + 1];
                }
                let from = &mut self.chains[edge.from as usize];
                from.backward += through;
                self.posteriors[edge.arc as usize] += (from.forward * through / whole).min(1.0);
            }
            end = start;
        }
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

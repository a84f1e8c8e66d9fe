//! Second pass: the whole model weighs what the first one left.
//!
//! Chains of words are recombined as soon as the model cannot tell them apart. Where one chain and one reading are all there is,
//! nothing is to be weighed, and the model is not asked.

use super::sieve::{START, Sieve};
use crate::lm::{History, Model, WordId, class};
use crate::restore::lattice::Lattice;

/// Arcs less probable than this after the first pass are set aside.
const PRUNED: f32 = 1e-3;
/// Chains less probable than this beside the best at the same place are set aside.
const BEAM: f32 = 1e-4;
/// The most chains at a place.
const MOST_CHAINS: usize = 12;
/// Stands for a bigram that the model does not have.
const NONE: u32 = u32::MAX;

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

/// Chains that end at one place, each with the words that tell it from the others.
#[derive(Debug, Default)]
struct Ends {
    chains: Vec<u32>,
    words: Vec<u64>,
}

impl Ends {
    fn clear(&mut self) {
        self.chains.clear();
        self.words.clear();
    }

    fn push(&mut self, chain: u32, history: &History) {
        self.chains.push(chain);
        self.words.push(history.key());
    }

    fn find(&self, history: &History) -> Option<u32> {
        let key = history.key();
        self.words.iter().position(|&words| words == key).map(|at| self.chains[at])
    }
}

/// Weighs lattices; keeps its memory from one to the next.
#[derive(Debug, Default)]
pub(super) struct Scales {
    chains: Vec<Chain>,
    edges: Vec<Edge>,
    /// Where the edges of each token begin, and the end of the last.
    edge_starts: Vec<u32>,
    factors: Vec<f32>,
    /// Chains that end before the token at hand, after it, and those that a join took one further.
    here: Ends,
    next: Ends,
    beyond: Ends,
    /// The arcs left of the token at hand.
    places: Vec<u32>,
    /// Numbers of the known bigrams from the arcs left before the token to those left of it, and the arcs' numbers in that.
    bigrams: Vec<u32>,
    ranks: Vec<u16>,
    /// The words since there has been one chain and nothing to choose.
    run: Vec<WordId>,
}

impl Scales {
    /// Puts in place of the first pass's probabilities those of the whole model.
    pub fn weigh(&mut self, model: &Model, lattice: &Lattice, sieve: &Sieve, posteriors: &mut [f32]) {
        self.chains.clear();
        self.edges.clear();
        self.edge_starts.clear();
        self.factors.clear();
        self.run.clear();
        self.ranks.clear();
        self.ranks.resize(lattice.arcs.len(), 0);
        [&mut self.here, &mut self.next, &mut self.beyond].into_iter().for_each(Ends::clear);
        self.begin(model);
        std::mem::swap(&mut self.here, &mut self.next);
        for token in 0..lattice.len() {
            self.edge_starts.push(self.edges.len() as u32);
            self.places.clear();
            self.places.extend(lattice.starting(token).map(|p| p as u32).filter(|&p| posteriors[p as usize] >= PRUNED));
            if let ([only], [chain]) = (&self.places[..], &self.here.chains[..])
                && self.beyond.chains.is_empty()
                && lattice.arcs[*only as usize].span == 1
            {
                self.run.extend_from_slice(lattice.arcs[*only as usize].words());
                self.chains[*chain as usize].arc = *only;
                self.factors.push(1.0);
                posteriors[lattice.starting(token)].fill(0.0);
                posteriors[*only as usize] = 1.0;
                continue;
            }
            self.catch_up(model);
            self.tell_bigrams(model, lattice, sieve, posteriors, token);
            std::mem::swap(&mut self.next, &mut self.beyond);
            self.extend(model, lattice, token);
            if self.next.chains.len() > MOST_CHAINS {
                self.narrow();
            }
            if self.next.chains.is_empty() && self.beyond.chains.is_empty() {
                // What was set aside in the first pass was all there is: the rest begins anew.
                self.begin(model);
            }
            let ends = || self.next.chains.iter().chain(&self.beyond.chains);
            let sum: f32 = ends().map(|&c| self.chains[c as usize].forward).sum();
            let factor = 1.0 / sum.max(f32::MIN_POSITIVE);
            for &chain in self.next.chains.iter().chain(&self.beyond.chains) {
                self.chains[chain as usize].forward *= factor;
            }
            self.factors.push(factor);
            std::mem::swap(&mut self.here, &mut self.next);
            self.next.clear();
        }
        self.edge_starts.push(self.edges.len() as u32);
        self.catch_up(model);
        for &chain in &self.here.chains {
            let chain = &mut self.chains[chain as usize];
            chain.backward = model.next(&chain.history, class::BREAK).0;
        }
        self.backwards(lattice, posteriors);
    }

    /// A chain that nothing stands before.
    fn begin(&mut self, model: &Model) {
        let history = model.history(class::BREAK);
        self.next.push(self.chains.len() as u32, &history);
        self.chains.push(Chain { history, arc: START, forward: 1.0, backward: 0.0 });
    }

    /// Takes the one chain over the run of words that nothing was to be chosen in.
    fn catch_up(&mut self, model: &Model) {
        let (Some(&chain), false) = (self.here.chains.first(), self.run.is_empty()) else { return };
        let history = &mut self.chains[chain as usize].history;
        // What is further back the model does not look at.
        let last = &self.run[self.run.len().saturating_sub(model.order() - 1)..];
        let rest = if last.len() < model.order() - 1 {
            last
        } else {
            *history = model.history(last[0]);
            &last[1..]
        };
        for &word in rest {
            *history = model.next(history, word).1;
        }
        let history = *history;
        self.here.clear();
        self.here.push(chain, &history);
        self.run.clear();
    }

    /// Lays out the known bigrams between the arcs that are left.
    fn tell_bigrams(&mut self, model: &Model, lattice: &Lattice, sieve: &Sieve, posteriors: &[f32], token: usize) {
        let is_left = |arc: u32| arc == START || posteriors[arc as usize] >= PRUNED;
        let here = self.places.len();
        self.bigrams.clear();
        let Some(known) = sieve.known(token) else {
            let before = if token == 0 { class::BREAK } else { lattice.arcs[lattice.starting(token - 1).start].last() };
            let bigram = self.places.first().and_then(|&p| model.find_bigram(before, lattice.arcs[p as usize].first()));
            self.bigrams.push(bigram.unwrap_or(NONE));
            if token > 0 {
                self.ranks[lattice.starting(token - 1).start] = 0;
            }
            return;
        };
        let mut before = 0;
        for place in lattice.ending(token).filter(|&p| is_left(p as u32)) {
            self.ranks[place] = before;
            before += 1;
        }
        for (rank, &place) in self.places.iter().enumerate() {
            self.ranks[place as usize] = rank as u16;
        }
        self.bigrams.resize(usize::from(before).max(1) * here, NONE);
        for known in known {
            if is_left(known.from) && is_left(known.to) {
                let from = self.ranks.get(known.from as usize).map_or(0, |&r| usize::from(r));
                self.bigrams[from * here + usize::from(self.ranks[known.to as usize])] = known.bigram;
            }
        }
    }

    /// The row of [`Scales::bigrams`] for what follows the chain; None where it began anew within the paragraph.
    fn row(&self, chain: &Chain, token: usize) -> Option<&[u32]> {
        let rank = match chain.arc {
            START if token == 0 => 0,
            START => return None,
            arc => usize::from(self.ranks[arc as usize]),
        };
        Some(&self.bigrams[rank * self.places.len()..][..self.places.len()])
    }

    /// Takes every chain over every arc that is left of the token.
    fn extend(&mut self, model: &Model, lattice: &Lattice, token: usize) {
        let forward = |chain: &u32| self.chains[*chain as usize].forward;
        let least = self.here.chains.iter().map(forward).fold(0.0, f32::max) * BEAM;
        // Most of the time goes into waiting for memory: a short loop lets the waits overlap.
        let mut touched = 0u8;
        for &from in &self.here.chains {
            let chain = &self.chains[from as usize];
            if let Some(row) = self.row(chain, token).filter(|_| chain.forward >= least) {
                for (&place, _) in self.places.iter().zip(row).filter(|(_, bigram)| **bigram != NONE) {
                    touched ^= model.touch(&chain.history, lattice.arcs[place as usize].first());
                }
            }
        }
        std::hint::black_box(touched);
        for at in 0..self.here.chains.len() {
            let from = self.here.chains[at];
            let chain = self.chains[from as usize];
            if chain.forward < least {
                continue;
            }
            for n in 0..self.places.len() {
                let place = self.places[n];
                let arc = &lattice.arcs[place as usize];
                let (p, mut history) = match self.row(&chain, token) {
                    Some(row) => model.next_by(&chain.history, arc.first(), (row[n] != NONE).then_some(row[n])),
                    None => model.next(&chain.history, arc.first()),
                };
                let mut weight = arc.weight * p;
                for &word in &arc.words()[1..] {
                    let (p, after) = model.next(&history, word);
                    weight *= p;
                    history = after;
                }
                let ends = if arc.span == 2 { &mut self.beyond } else { &mut self.next };
                let to = ends.find(&history).unwrap_or_else(|| {
                    let to = self.chains.len() as u32;
                    self.chains.push(Chain { history, arc: place, forward: 0.0, backward: 0.0 });
                    ends.push(to, &history);
                    to
                });
                self.chains[to as usize].forward += chain.forward * weight;
                self.edges.push(Edge { from, to, arc: place, weight });
            }
        }
    }

    /// Leaves the best chains. What is set aside goes no further: nothing starts from it, and backwards nothing comes back to it.
    fn narrow(&mut self) {
        let chains = &self.chains;
        let order =
            |&a: &u32, &b: &u32| chains[b as usize].forward.total_cmp(&chains[a as usize].forward).then(a.cmp(&b));
        let mut kept = std::mem::take(&mut self.next.chains);
        kept.sort_by(order);
        kept.truncate(MOST_CHAINS);
        self.next.clear();
        for chain in kept {
            self.next.push(chain, &self.chains[chain as usize].history);
        }
    }

    fn backwards(&mut self, lattice: &Lattice, posteriors: &mut [f32]) {
        // With these factors the sum over all paths is the same at every place; it is known at the end.
        let ends = self.here.chains.iter().map(|&c| &self.chains[c as usize]);
        let whole = ends.map(|c| c.forward * c.backward).sum::<f32>().max(f32::MIN_POSITIVE);
        for token in (0..lattice.len()).rev() {
            let edges = &self.edges[self.edge_starts[token] as usize..self.edge_starts[token + 1] as usize];
            if edges.is_empty() {
                continue;
            }
            posteriors[lattice.starting(token)].fill(0.0);
            for edge in edges {
                let mut through = edge.weight * self.factors[token] * self.chains[edge.to as usize].backward;
                if lattice.arcs[edge.arc as usize].span == 2 {
                    through *= self.factors[token + 1];
                }
                let from = &mut self.chains[edge.from as usize];
                from.backward += through;
                posteriors[edge.arc as usize] += (from.forward * through / whole).min(1.0);
            }
        }
    }
}

//! Second pass: the whole model weighs what the first one left.
//!
//! Chains of words are recombined as soon as the model cannot tell them apart. Where one chain and one reading are all there is,
//! nothing is to be weighed, and the model is not asked.

use super::prune::{Pruner, START};
use crate::lm::{Entry, History, Model, Search, WordId, class};
use crate::restore::lattice::Lattice;

/// Arcs less probable than this after the first pass are set aside.
const PRUNED: f32 = 4e-3;
/// Chains less probable than this beside the best at the same place are set aside.
const BEAM: f32 = 1e-4;
/// Ways from one arc to the next that the first pass gives less than this are not gone.
const FAINT: f32 = 1e-3;
/// The most chains at a place.
const MOST_CHAINS: usize = 12;

/// Chains of words that end at the same place and that the model cannot tell apart.
#[derive(Debug, Clone, Copy)]
struct State {
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

/// From one arc to the next.
#[derive(Debug, Clone, Copy)]
struct Transition {
    /// What the model has of the bigram.
    bigram: Option<Entry>,
    /// Its probability after the first pass.
    probability: f32,
}

/// All ways into a token.
#[derive(Debug, Default)]
struct Transitions {
    /// The token that it was laid out for.
    token: Option<usize>,
    /// The arcs left of the token.
    places: Vec<u32>,
    /// The ways from each of the arcs left before the token to each left of it.
    ways: Vec<Transition>,
    /// How many arcs are left before the token; one, where nothing is before it.
    starts: usize,
    /// By arc left of the token: the sum over all paths from it on, and the share of that which backing off comes to.
    onward: Vec<f32>,
    entered: Vec<f32>,
}

/// A chain that is to be taken over an arc.
#[derive(Debug, Clone, Copy)]
struct Pending {
    chain: u32,
    arc: u32,
    search: Search,
}

/// Chains that end at one place, each with the words that tell it from the others.
#[derive(Debug, Default)]
struct Frontier {
    chains: Vec<u32>,
    words: Vec<u64>,
}

impl Frontier {
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

impl Transitions {
    /// Begins anew with the arcs left of a token.
    fn begin(&mut self, lattice: &Lattice, posteriors: &[f32], token: usize) {
        self.token = None;
        self.places.clear();
        self.places.extend(lattice.starting(token).map(|p| p as u32).filter(|&p| posteriors[p as usize] >= PRUNED));
    }

    /// Lays out the ways from the arcs left before the token to those left of it, which get their `ranks`.
    fn lay(
        &mut self,
        model: &Model,
        lattice: &Lattice,
        pruner: &Pruner,
        posteriors: &[f32],
        ranks: &mut [u16],
        token: usize,
    ) {
        self.token = Some(token);
        self.ways.clear();
        let Some(known) = pruner.known(token) else {
            let (before, last) = match token {
                0 => (None, class::BREAK),
                _ => {
                    let before = lattice.starting(token - 1).start;
                    (Some(before), lattice.arcs[before].last())
                }
            };
            let bigram = self.places.first().and_then(|&p| model.find_bigram(last, lattice.arcs[p as usize].first()));
            self.ways.push(Transition { bigram, probability: 1.0 });
            self.starts = 1;
            before.into_iter().for_each(|before| ranks[before] = 0);
            return;
        };
        let is_left = |arc: u32| arc == START || posteriors[arc as usize] >= PRUNED;
        for (rank, &place) in self.places.iter().enumerate() {
            ranks[place as usize] = rank as u16;
        }
        self.onward.clear();
        self.onward.extend(self.places.iter().map(|&place| pruner.onward(place)));
        self.entered.clear();
        let enter = |(&place, &onward): (&u32, &f32)| lattice.arcs[place as usize].enter * onward;
        self.entered.extend(self.places.iter().zip(&self.onward).map(enter));
        let mut lay = |until: f32| {
            for &entered in &self.entered {
                self.ways.push(Transition { bigram: None, probability: until * entered });
            }
        };
        let mut before = 0;
        if token == 0 {
            lay(model.unigram_backoff(class::BREAK));
        }
        for place in lattice.ending(token).filter(|&p| is_left(p as u32)) {
            lay(pruner.until(place as u32) * lattice.arcs[place].leave);
            ranks[place] = before;
            before += 1;
        }
        self.starts = usize::from(before).max(1);
        for known in known {
            if is_left(known.from) && is_left(known.to) {
                let from = ranks.get(known.from as usize).map_or(0, |&r| usize::from(r));
                let to = usize::from(ranks[known.to as usize]);
                let way = &mut self.ways[from * self.places.len() + to];
                way.bigram = Some(known.bigram);
                way.probability += pruner.until(known.from) * known.gain * self.onward[to];
            }
        }
    }

    /// The ways from the arc of this rank, one to each arc left.
    #[inline]
    fn from(&self, rank: usize) -> impl Iterator<Item = (u32, &Transition)> {
        let ways = &self.ways[rank * self.places.len()..][..self.places.len()];
        self.places.iter().copied().zip(ways)
    }
}

/// Weighs lattices; keeps its memory from one to the next.
#[derive(Debug, Default)]
pub(in crate::restore) struct Rescorer {
    chains: Vec<State>,
    edges: Vec<Edge>,
    /// Where the edges of each token begin, and the end of the last.
    edge_starts: Vec<u32>,
    factors: Vec<f32>,
    /// Chains that end before the token at hand, after it, and those that a join took one further.
    here: Frontier,
    next: Frontier,
    beyond: Frontier,
    /// Into the token at hand, and into the one after it.
    crossing: Transitions,
    coming: Transitions,
    /// By arc: its number among those that a crossing goes from, or goes to.
    ranks: Vec<u16>,
    /// By arc left before the token: the sum over the chains that end in it.
    sums: Vec<f32>,
    /// What the model is to be asked.
    asked: Vec<Pending>,
    /// The words since there has been one chain and nothing to choose.
    run: Vec<WordId>,
}

impl Rescorer {
    /// Puts in place of the first pass's probabilities those of the whole model.
    pub fn rescore(&mut self, model: &Model, lattice: &Lattice, pruner: &Pruner, posteriors: &mut [f32]) {
        self.chains.clear();
        self.edges.clear();
        self.edge_starts.clear();
        self.factors.clear();
        self.run.clear();
        (self.crossing.token, self.coming.token) = (None, None);
        self.ranks.clear();
        self.ranks.resize(lattice.arcs.len(), 0);
        [&mut self.here, &mut self.next, &mut self.beyond].into_iter().for_each(Frontier::clear);
        self.begin(model);
        std::mem::swap(&mut self.here, &mut self.next);
        for token in 0..lattice.len() {
            self.edge_starts.push(self.edges.len() as u32);
            std::mem::swap(&mut self.crossing, &mut self.coming);
            let laid = self.crossing.token == Some(token);
            if !laid {
                self.crossing.begin(lattice, posteriors, token);
            }
            if let ([only], [chain]) = (&self.crossing.places[..], &self.here.chains[..])
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
            if !laid {
                self.crossing.lay(model, lattice, pruner, posteriors, &mut self.ranks, token);
            }
            self.ask(model, lattice, token);
            self.coming.token = None;
            if token + 1 < lattice.len() && pruner.known(token + 1).is_some() {
                self.coming.begin(lattice, posteriors, token + 1);
                self.coming.lay(model, lattice, pruner, posteriors, &mut self.ranks, token + 1);
            }
            std::mem::swap(&mut self.next, &mut self.beyond);
            self.extend(model, lattice);
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
        self.chains.push(State { history, arc: START, forward: 1.0, backward: 0.0 });
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

    /// The number of the arc that the chain ends in, among those left before the token; None where it began anew in the paragraph.
    fn rank(&self, chain: &State, token: usize) -> Option<usize> {
        match chain.arc {
            START if token == 0 => Some(0),
            START => None,
            arc => Some(usize::from(self.ranks[arc as usize])),
        }
    }

    /// Asks the model for what is to be known. Most of the time goes into waiting for memory, so all are taken a step further before
    /// any goes on to the next.
    fn ask(&mut self, model: &Model, lattice: &Lattice, token: usize) {
        self.asked.clear();
        self.sums.clear();
        self.sums.resize(self.crossing.starts, 0.0);
        let mut best = 0.0f32;
        for &chain in &self.here.chains {
            let chain = &self.chains[chain as usize];
            best = best.max(chain.forward);
            if let Some(rank) = self.rank(chain, token) {
                self.sums[rank] += chain.forward;
            }
        }
        for &from in &self.here.chains {
            let chain = &self.chains[from as usize];
            if chain.forward < best * BEAM {
                continue;
            }
            let Some(rank) = self.rank(chain, token) else {
                for &arc in &self.crossing.places {
                    let term = lattice.arcs[arc as usize].term(model);
                    let bigram = model.find_bigram(chain.history.last(), term.word);
                    let search = model.search(&chain.history, term, bigram);
                    self.asked.push(Pending { chain: from, arc, search });
                }
                continue;
            };
            let least = FAINT * self.sums[rank] / chain.forward;
            for (arc, way) in self.crossing.from(rank) {
                if way.probability >= least {
                    let search = model.search(&chain.history, lattice.arcs[arc as usize].term(model), way.bigram);
                    self.asked.push(Pending { chain: from, arc, search });
                }
            }
        }
        for _ in 2..model.order() {
            for Pending { chain, search, .. } in &mut self.asked {
                model.look_further(&self.chains[*chain as usize].history, search);
            }
        }
    }

    /// Takes the chains over the arcs.
    fn extend(&mut self, model: &Model, lattice: &Lattice) {
        for Pending { chain: from, arc: place, search } in &self.asked {
            let (from, place) = (*from, *place);
            let chain = &self.chains[from as usize];
            let arc = &lattice.arcs[place as usize];
            let (p, mut history) = model.found(&chain.history, search);
            let mut weight = arc.weight * p;
            for &word in &arc.words()[1..] {
                let (p, after) = model.next(&history, word);
                weight *= p;
                history = after;
            }
            let forward = chain.forward * weight;
            let ends = if arc.span == 2 { &mut self.beyond } else { &mut self.next };
            let to = ends.find(&history).unwrap_or_else(|| {
                let to = self.chains.len() as u32;
                self.chains.push(State { history, arc: place, forward: 0.0, backward: 0.0 });
                ends.push(to, &history);
                if arc.span == 1 && self.coming.token.is_some() {
                    let likely = |&(_, way): &(u32, &Transition)| way.bigram.is_some() && way.probability >= FAINT;
                    for (next, _) in self.coming.from(usize::from(self.ranks[place as usize])).filter(likely) {
                        model.expect(&history, lattice.arcs[next as usize].first());
                    }
                }
                to
            });
            self.chains[to as usize].forward += forward;
            self.edges.push(Edge { from, to, arc: place, weight });
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

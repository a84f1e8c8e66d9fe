//! First pass, forward and backward over bigrams: which readings can be.
//!
//! P(next | last) is what backing off makes of it, leave(last) · enter(next), plus a gain where the model knows the bigram. So the
//! sum over all pairs of readings is one product of two sums, and only the known bigrams are gone through.

use super::bigrams::{BigramCache, Place};
use crate::lm::{Entry, Model, class};
use crate::restore::lattice::{Arc, Lattice, ListId};

/// Chains that have less than this of the sum over all at their place are not followed.
const NEGLIGIBLE: f32 = 1e-5;

/// Sums over all paths through a lattice; keeps its memory from one to the next.
#[derive(Debug, Default)]
pub(in crate::restore) struct Pruner {
    forward: Vec<f32>,
    backward: Vec<f32>,
    /// By arc: its weight with the bigrams inside it, brought to the scale of what ends where it does.
    inner: Vec<f32>,
    steps: Vec<Step>,
    bigrams: BigramCache,
    /// The sum over all paths.
    whole: f32,
}

/// Stands for an arc where there is none.
pub(in crate::restore) const START: u32 = u32::MAX;

/// Which arcs end where a token begins.
#[derive(Debug, Clone, Copy)]
enum Before {
    /// Those of the token before it, side by side.
    Row,
    /// Those, and joins of the one before that.
    Any,
}

/// How a token is come to.
#[derive(Debug, Clone, Copy)]
struct Step {
    before: Before,
    /// There is one way: what it is worth is nothing to choose by, and is not looked at.
    only: bool,
    links: Place,
    /// What the arcs' numbers in the links are counted from.
    from: u32,
    to: u32,
}

/// A bigram that the model has, from the last word of one arc to the first of another.
#[derive(Debug, Clone, Copy)]
pub(in crate::restore) struct BigramArc {
    pub from: u32,
    pub to: u32,
    /// What the model has of it.
    pub bigram: Entry,
    /// How much more probable it is than backing off would make it.
    pub gain: f32,
}

impl Pruner {
    /// What is known of sorts of arcs.
    pub fn bigrams(&mut self) -> &mut BigramCache {
        &mut self.bigrams
    }

    /// The sum over all paths up to the end of an arc; that of nothing for [`START`].
    #[inline]
    pub fn until(&self, arc: u32) -> f32 {
        self.forward.get(arc as usize).copied().unwrap_or(1.0)
    }

    /// The sum over all paths from the start of an arc on, so that with what is before it, it makes a probability.
    #[inline]
    pub fn onward(&self, arc: u32) -> f32 {
        self.inner[arc as usize] * self.backward[arc as usize] / self.whole
    }

    /// Gives every arc its probability, by its place.
    pub fn prune(&mut self, model: &Model, lattice: &Lattice, posteriors: &mut [f32]) {
        self.bigrams.limit();
        self.forwards(model, lattice);
        self.backwards(model, lattice, posteriors);
    }

    /// The known bigrams into a token; None where there is but one way to it, and none was looked for.
    #[inline]
    pub fn known(&self, token: usize) -> Option<impl Iterator<Item = BigramArc>> {
        let step = self.steps[token];
        let absolute = move |link: &super::bigrams::CachedBigram| BigramArc {
            from: step.from.wrapping_add(u32::from(link.from)),
            to: step.to + u32::from(link.to),
            bigram: link.bigram,
            gain: link.gain,
        };
        (!step.only).then(|| self.bigrams.at(step.links).iter().map(absolute))
    }

    /// Finds out how `token` is come to.
    fn step(&mut self, model: &Model, lattice: &Lattice, token: usize) -> Step {
        let starting = lattice.starting(token);
        let to = starting.start as u32;
        let plain = lattice.is_plain(token);
        let lone = |token: usize| lattice.starting(token).len() == 1;
        if plain && lone(token) && (token == 0 || lone(token - 1)) {
            return Step { before: Before::Row, only: true, links: (0, 0), from: 0, to };
        }
        let arcs = &lattice.arcs[starting];
        if token == 0 {
            let start = Arc::new(model, &[class::BREAK], 1, 1.0);
            let sorts = (ListId::of_word(class::BREAK), if plain { lattice.sort(0) } else { ListId::NONE });
            let links = self.bigrams.of_sorts(model, sorts, std::iter::once((0, &start)), arcs);
            return Step { before: Before::Row, only: false, links, from: START, to };
        }
        if plain {
            let before = lattice.singles(token - 1);
            let from = before.start as u32;
            let before = (0..).zip(&lattice.arcs[before]);
            let sorts = (lattice.sort(token - 1), lattice.sort(token));
            let links = self.bigrams.of_sorts(model, sorts, before, arcs);
            return Step { before: Before::Row, only: false, links, from, to };
        }
        let followed = |&place: &usize| self.forward[place] >= NEGLIGIBLE;
        let from = lattice.ending_from(token);
        let before = lattice.ending(token).filter(followed);
        let before = before.map(|place| ((place - from) as u16, &lattice.arcs[place]));
        let links = self.bigrams.find(model, before, arcs);
        Step { before: Before::Any, only: false, links, from: from as u32, to }
    }

    fn forwards(&mut self, model: &Model, lattice: &Lattice) {
        self.inner.clear();
        self.inner.extend(lattice.arcs.iter().map(|arc| arc.weight));
        for (inner, arc) in self.inner.iter_mut().zip(&lattice.arcs).filter(|(_, arc)| !arc.is_one_word()) {
            *inner = arc.words().windows(2).fold(arc.weight, |p, pair| p * model.bigram(pair[0], pair[1]));
        }
        self.forward.clear();
        self.forward.resize(lattice.arcs.len(), 0.0);
        self.steps.clear();
        for token in 0..lattice.len() {
            let step = self.step(model, lattice, token);
            self.steps.push(step);
            let starting = lattice.starting(token);
            if step.only {
                self.forward[starting.start] = 1.0;
                self.inner[starting.start] = 1.0;
                continue;
            }
            let left = match step.before {
                _ if token == 0 => model.unigram_backoff(class::BREAK),
                Before::Row => self.left(lattice, lattice.singles(token - 1)),
                Before::Any => self.left(lattice, lattice.ending(token)),
            };
            let (before, here) = self.forward.split_at_mut(starting.start);
            let here = &mut here[..starting.len()];
            for (forward, arc) in here.iter_mut().zip(&lattice.arcs[starting.clone()]) {
                *forward = left * arc.enter;
            }
            for link in self.bigrams.at(step.links) {
                let from = if token == 0 { 1.0 } else { before[step.from as usize + usize::from(link.from)] };
                // Not branched on, as no processor could foresee it.
                let from = if from >= NEGLIGIBLE { from } else { 0.0 };
                here[usize::from(link.to)] += from * link.gain;
            }
            for (forward, inner) in here.iter_mut().zip(&self.inner[starting.clone()]) {
                *forward = forward.max(0.0) * inner;
            }
            // All that ends before the next token sums to one; a join that passes over it is brought to the same scale.
            let passing = if token >= 1 { lattice.joined(token - 1) } else { 0..0 };
            let singles: f32 = self.forward[lattice.singles(token)].iter().sum();
            let scale = self.forward[passing.clone()].iter().fold(singles, |sum, forward| sum + forward);
            let scale = if scale > 0.0 { scale } else { f32::MIN_POSITIVE };
            for range in [starting, passing] {
                self.forward[range.clone()].iter_mut().for_each(|forward| *forward /= scale);
                self.inner[range].iter_mut().for_each(|inner| *inner /= scale);
            }
        }
    }

    /// What the arcs at these places leave to the unigrams after them.
    fn left(&self, lattice: &Lattice, places: impl Iterator<Item = usize>) -> f32 {
        let arcs = places.map(|place| (self.forward[place], lattice.arcs[place].leave));
        arcs.filter(|a| a.0 >= NEGLIGIBLE).map(|(forward, leave)| forward * leave).sum()
    }

    fn backwards(&mut self, model: &Model, lattice: &Lattice, posteriors: &mut [f32]) {
        let tokens = lattice.len();
        self.backward.clear();
        self.backward.resize(lattice.arcs.len(), 0.0);
        let mut last = lattice.ending(tokens);
        match (last.next(), last.next()) {
            (Some(only), None) => self.backward[only] = 1.0,
            _ => {
                for place in lattice.ending(tokens) {
                    self.backward[place] = model.bigram(lattice.arcs[place].last(), class::BREAK);
                }
            }
        }
        // From here on an arc's share of what follows it, its own weight included, is in `posteriors`.
        for token in (1..tokens).rev() {
            let step = self.steps[token];
            let starting = lattice.starting(token);
            if step.only {
                let onward = self.backward[starting.start];
                posteriors[starting.start] = onward;
                self.backward[lattice.starting(token - 1).start] = onward;
                continue;
            }
            let mut entered = 0.0;
            for place in starting {
                let onward = self.inner[place] * self.backward[place];
                posteriors[place] = onward;
                entered += lattice.arcs[place].enter * onward;
            }
            match step.before {
                Before::Row => self.leave(lattice, lattice.singles(token - 1), entered),
                Before::Any => self.leave(lattice, lattice.ending(token), entered),
            }
            for link in self.bigrams.at(step.links) {
                let from = step.from as usize + usize::from(link.from);
                let onward = link.gain * posteriors[step.to as usize + usize::from(link.to)];
                self.backward[from] += if self.forward[from] >= NEGLIGIBLE { onward } else { 0.0 };
            }
        }
        // The sum over all paths is the same at every place.
        let whole: f32 = lattice.ending(tokens).map(|p| self.forward[p] * self.backward[p]).sum();
        let whole = whole.max(f32::MIN_POSITIVE);
        self.whole = whole;
        for (posterior, (forward, backward)) in posteriors.iter_mut().zip(self.forward.iter().zip(&self.backward)) {
            let p = forward * backward / whole;
            *posterior = if p.is_finite() { p.max(0.0) } else { 0.0 };
        }
    }

    /// Takes what is entered behind the arcs at these places back to them.
    fn leave(&mut self, lattice: &Lattice, places: impl Iterator<Item = usize>, entered: f32) {
        for place in places {
            if self.forward[place] >= NEGLIGIBLE {
                self.backward[place] = entered * lattice.arcs[place].leave;
            }
        }
    }
}

//! Which bigrams the model knows between the readings of neighbouring tokens; looked for once for each two [sorts](Sort) of tokens.

use crate::lm::{Model, Seat, WordId};
use crate::restore::lattice::{Arc, Sort};
use rustc_hash::FxHashMap;

/// Readings whose seats are no further apart than this are looked for together in a row of bigrams.
const NEAR: Seat = 32;
/// Bigrams that are remembered: 2 MiB of them, as much as stays close to a core.
const MOST: usize = 1 << 17;

/// A bigram that the model has, from the last word of one arc to the first of another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    /// The arcs' numbers, each counted from a place that whoever keeps the link knows.
    pub from: u32,
    pub to: u32,
    /// Its number in the model.
    pub bigram: u32,
    /// How much more probable it is than backing off would make it.
    pub gain: f32,
}

/// Links between arcs, by the sorts of the tokens.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    links: Vec<Link>,
    known: FxHashMap<u64, (u32, u32)>,
}

/// Where links are among those remembered.
pub(super) type Place = (u32, u32);

impl Neighbours {
    /// Forgets all, as sorts are to mean something else.
    pub fn clear(&mut self) {
        self.links.clear();
        self.known.clear();
    }

    /// Forgets what is remembered where that has become too much. Places that were handed out mean nothing afterwards.
    pub fn limit(&mut self) {
        if self.links.len() > MOST {
            self.clear();
        }
    }

    /// The links at a place.
    #[inline]
    pub fn at(&self, place: Place) -> &[Link] {
        &self.links[place.0 as usize..place.1 as usize]
    }

    /// Where the links are from one sort to the next, which `before` lists by their numbers and last words; `arcs` are counted from 0.
    #[inline]
    pub fn of_sorts<'a>(
        &mut self,
        model: &Model,
        sorts: (Sort, Sort),
        before: impl Iterator<Item = (u32, &'a Arc)> + Clone,
        arcs: &[Arc],
    ) -> Place {
        let Some(key) = sorts.0.pair(sorts.1) else { return self.find(model, before, arcs, 0) };
        if let Some(&place) = self.known.get(&key) {
            return place;
        }
        let place = self.find(model, before, arcs, 0);
        self.known.insert(key, place);
        place
    }

    /// Looks for the bigrams from arcs that end to arcs that start, whose numbers are counted from `first`.
    pub fn find<'a>(
        &mut self,
        model: &Model,
        before: impl Iterator<Item = (u32, &'a Arc)> + Clone,
        arcs: &[Arc],
        first: u32,
    ) -> Place {
        let begin = self.links.len() as u32;
        let mut start = 0;
        while start < arcs.len() {
            let near = |pair: &[Arc]| pair[0].seat <= pair[1].seat && pair[1].seat - pair[0].seat <= NEAR;
            let end = start + 1 + arcs[start..].windows(2).take_while(|pair| near(pair)).count();
            let group = &arcs[start..end];
            for (from, last) in before.clone() {
                let mut at = 0;
                let word: WordId = last.last();
                for (seat, bigram) in model.successors(word, group[0].seat, group[group.len() - 1].seat) {
                    while group[at].seat < seat {
                        at += 1;
                    }
                    if group[at].seat != seat {
                        continue;
                    }
                    let probability = model.bigram_probability(bigram);
                    for (same, arc) in group.iter().enumerate().skip(at).take_while(|(_, arc)| arc.seat == seat) {
                        let gain = probability - last.leave * arc.enter;
                        self.links.push(Link { from, to: first + (start + same) as u32, bigram, gain });
                    }
                }
            }
            start = end;
        }
        (begin, self.links.len() as u32)
    }
}

//! Which bigrams the model knows between the readings of neighbouring tokens; looked for once for each two [lists](ListId) of tokens.

use crate::lm::{CollationRank, Entry, Model, WordId};
use crate::restore::lattice::{Arc, ListId};
use rustc_hash::FxHashMap;

/// Readings whose seats are no further apart than this are looked for together in a row of bigrams.
const NEAR: CollationRank = 32;
/// Bigrams that are remembered: 1.5 MiB of them, as much as stays close to a core.
const MOST: usize = 1 << 17;
/// Pairs of sorts that they are remembered for.
const MOST_PAIRS: usize = 1 << 15;
/// Lists of readings that have a number.
const MOST_LISTS: usize = 1 << 14;

/// A bigram that the model has, from the last word of one arc to the first of another.
#[derive(Debug, Clone, Copy)]
pub(in crate::restore) struct CachedBigram {
    /// The arcs' numbers, each counted from a place that whoever keeps the link knows.
    pub from: u16,
    pub to: u16,
    /// How much more probable it is than backing off would make it.
    pub gain: f32,
    /// What the model has of it.
    pub bigram: Entry,
}

/// Links between arcs, by the sorts of the tokens.
#[derive(Debug, Default)]
pub(in crate::restore) struct BigramCache {
    links: Vec<CachedBigram>,
    known: FxHashMap<u64, (u32, u32)>,
    /// The numbers of lists of readings, by the first and last word of each.
    lists: FxHashMap<Box<[u32]>, u32>,
    /// Where such a list is put together.
    list: Vec<u32>,
}

/// Where links are among those remembered.
pub(in crate::restore) type Place = (u32, u32);

impl BigramCache {
    /// The number of a list of readings: the same for the same words in the same order, until [`BigramCache::limit_lists`] is called.
    pub fn sort(&mut self, readings: &[Arc]) -> ListId {
        self.list.clear();
        self.list.extend(readings.iter().map(|arc| u32::from(arc.first()) << 16 | u32::from(arc.last())));
        let next = self.lists.len() as u32;
        let number = self.lists.get(&self.list[..]).copied();
        ListId::of_list(number.unwrap_or_else(|| {
            self.lists.insert(self.list[..].into(), next);
            next
        }))
    }

    /// Forgets the sorts where there are too many, and all that is remembered of them.
    pub fn limit_lists(&mut self) {
        if self.lists.len() > MOST_LISTS {
            self.lists.clear();
            self.forget();
        }
    }

    /// Forgets what is remembered where that has become too much. Places that were handed out mean nothing afterwards.
    pub fn limit(&mut self) {
        if self.links.len() > MOST || self.known.len() > MOST_PAIRS {
            self.forget();
        }
    }

    fn forget(&mut self) {
        self.links.clear();
        self.known.clear();
    }

    /// The links at a place.
    #[inline]
    pub fn at(&self, place: Place) -> &[CachedBigram] {
        &self.links[place.0 as usize..place.1 as usize]
    }

    /// Where the links are from one sort to the next, which `before` lists by their numbers and last words; `arcs` are counted from 0.
    #[inline]
    pub fn of_sorts<'a>(
        &mut self,
        model: &Model,
        sorts: (ListId, ListId),
        before: impl Iterator<Item = (u16, &'a Arc)> + Clone,
        arcs: &[Arc],
    ) -> Place {
        let Some(key) = sorts.0.pair(sorts.1) else { return self.find(model, before, arcs) };
        if let Some(&place) = self.known.get(&key) {
            return place;
        }
        let place = self.find(model, before, arcs);
        self.known.insert(key, place);
        place
    }

    /// Looks for the bigrams from arcs that end to arcs that start, whose numbers are counted from 0.
    pub fn find<'a>(
        &mut self,
        model: &Model,
        before: impl Iterator<Item = (u16, &'a Arc)> + Clone,
        arcs: &[Arc],
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
                    let bigram = model.bigram_entry(bigram);
                    let probability = model.bigram_probability(bigram);
                    for (same, arc) in group.iter().enumerate().skip(at).take_while(|(_, arc)| arc.seat == seat) {
                        let gain = probability - last.leave * arc.enter;
                        self.links.push(CachedBigram { from, to: (start + same) as u16, gain, bigram });
                    }
                }
            }
            start = end;
        }
        (begin, self.links.len() as u32)
    }
}

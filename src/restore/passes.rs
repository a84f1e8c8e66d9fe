//! The two passes over a window: each paragraph by itself, and then what is unsure by what all of them hold.

use super::channel::candidate::{Component, MOST_WORDS};
use super::choice::Choice;
use super::context::{self, ContextModel, Scratch};
use super::decode::Decoder;
use super::document::cache::{CacheModel, DocumentContext, Marginal, Marginals};
use super::document::enumeration::{Enumeration, NEXT};
use super::document::gazetteer::Gazetteer;
use super::document::one_sense::follow_names;
use super::document::presumption::MOSTLY;
use super::document::window::{Mixture, Seen, Slot, Window};
use super::joins::Joins;
use super::lattice::{Arc as Reading, Lattice, ListId};
use super::protect::Codes;
use super::readings::Readings;
use super::segment::{Segment, segments};
use super::source::{Prospect, Source};
use crate::lm::{Model, WordId, class};
use crate::text::token::Shape;
use std::ops::Range;
use std::sync::Arc;

/// What decoding works in; kept from window to window, as most of it grows to the same size each time, and for what it remembers of
/// the model.
#[derive(Default)]
pub(super) struct Decoding {
    lattice: Lattice,
    decoder: Decoder,
    marginals: Marginals,
    items: Enumeration,
    joins: Joins,
    /// Of the readings of the token at hand.
    weights: Vec<f32>,
    /// Those of them that the channel did not think of.
    others: Vec<Reading>,
    /// What company its readings would keep.
    question: Scratch,
}

impl Decoding {
    /// Forgets the window before.
    fn begin(&mut self) {
        self.decoder.begin();
        self.marginals.clear();
        self.joins.clear();
    }
}

/// What the first pass makes of a window: each of its paragraphs read by itself.
pub(super) struct FirstPass<'a> {
    pub window: Window,
    pub mixture: Mixture,
    pub chosen: Vec<Choice>,
    readings: Readings,
    /// How probable each reading of each token is.
    marginals: Marginals,
    source: Source<'a>,
}

impl FirstPass<'_> {
    /// Whether there is a token that the rest of the window may say more about.
    pub fn is_unsure(&self) -> bool {
        (0..self.window.tokens.len()).any(|at| self.marginals.is_unsure(at))
    }

    fn prospect(&self) -> Prospect<'_> {
        Prospect { window: &self.window, readings: &self.readings, mixture: &self.mixture, source: self.source }
    }
}

/// A stretch of a paragraph that is decoded once more, and what is known by then.
struct Stretch<'a> {
    memory: &'a CacheModel,
    around: DocumentContext<'a>,
    /// By token: what was chosen for it, where that stands.
    settled: &'a [Option<&'a Choice>],
    /// The tokens that are to be decided.
    open: Range<usize>,
}

/// A token with a reading at least this probable is not decided anew.
const SETTLED: f32 = 0.99;
/// Below this no word is looked for across a space.
const RAREST_BREAK: f32 = 1e-6;

/// What the passes go by.
pub(super) struct Knowledge {
    pub model: Arc<Model>,
    pub context: ContextModel,
    pub codes: Codes,
    pub gazetteer: Gazetteer,
}

impl Knowledge {
    /// The first pass: cuts lines into tokens with candidates of this source, infers what happened to them, and reads each paragraph
    /// by itself.
    pub(super) fn first_pass<'a>(&self, lines: &[&str], source: Source<'a>, decoding: &mut Decoding) -> FirstPass<'a> {
        let vocabulary = self.model.vocabulary();
        let candidates = |seen: &str| source.memo.get(seen, |out| source.channel.candidates(vocabulary, seen, out));
        let window = Window::new(lines, &self.model, source.numbers, |seen| self.codes.stands(seen), candidates);
        let mixture = window.mixture(&self.model);
        decoding.begin();
        let readings = Readings::new(&window, &self.model, &mixture, source.belief, &mut decoding.decoder);
        decoding.items = Enumeration::new(&window, lines, vocabulary);
        let prospect = Prospect { window: &window, readings: &readings, mixture: &mixture, source };
        let mut chosen = Vec::with_capacity(window.tokens.len());
        for paragraph in window.paragraphs() {
            self.decode(prospect, paragraph, None, decoding, &mut chosen);
        }
        let marginals = std::mem::take(&mut decoding.marginals);
        FirstPass { window, mixture, chosen, readings, marginals, source }
    }

    /// The second pass: what the first one left unsure is read once more, by what the whole window holds and by the company that each
    /// reading would keep; all else stands.
    pub(super) fn second_pass(&self, lines: &[&str], first: &FirstPass, decoding: &mut Decoding) -> Vec<Choice> {
        let FirstPass { window, chosen, marginals, .. } = first;
        let memory = CacheModel::gather(window, marginals);
        // How a token is written is asked of those beside what is unsure.
        let mut shapes = vec![Shape::Other; window.tokens.len()];
        let unsure: Vec<bool> = (0..shapes.len()).map(|at| marginals.is_unsure(at)).collect();
        for (at, (shape, seen)) in shapes.iter_mut().zip(&window.tokens).enumerate() {
            if unsure[at.saturating_sub(1)..(at + 2).min(unsure.len())].contains(&true) {
                *shape = Shape::of(seen.token.text(lines[seen.line as usize]));
            }
        }
        let word = |(at, seen): (usize, &Seen)| match seen.slot {
            Slot::Fixed(class) => class,
            Slot::Open(_) => marginals.best(at).map_or(class::UNKNOWN, |b| b.first),
        };
        let words: Vec<WordId> = window.tokens.iter().enumerate().map(word).collect();
        let (model, gazetteer) = (&*self.model, &self.gazetteer);
        let around = DocumentContext { model, gazetteer, window, marginals, words: &words, shapes: &shapes };
        let mut settled = vec![None; window.tokens.len()];
        for choice in chosen.iter().filter(|c| c.span == 1 && c.posterior >= SETTLED) {
            settled[choice.token] = Some(choice);
        }
        let mut again = Vec::with_capacity(chosen.len());
        let mut copied = 0;
        for paragraph in window.paragraphs() {
            for Segment { whole, open } in
                segments(paragraph, self.model.order() - 1, |at| settled[at].is_some(), |at| marginals.is_unsure(at))
            {
                let until = copied + chosen[copied..].partition_point(|c| c.token < open.start);
                again.extend_from_slice(&chosen[copied..until]);
                copied = until + chosen[until..].partition_point(|c| c.token < open.end);
                let stretch = Stretch { memory: &memory, around, settled: &settled, open };
                self.decode(first.prospect(), whole, Some(stretch), decoding, &mut again);
            }
        }
        again.extend_from_slice(&chosen[copied..]);
        follow_names(window, lines, &mut again);
        again
    }

    /// Weighs the readings of a token anew: nothing, where the first decoding set them aside, and those of an unsure token by what the
    /// document holds and by the company that they would keep.
    fn weigh_again(&self, again: &Stretch, at: usize, question: &mut Scratch, weights: &mut [f32]) {
        let around = &again.around;
        let marginals = around.marginals;
        for (left, weight) in marginals.left(at).zip(weights.iter_mut()) {
            *weight = if left { *weight } else { 0.0 };
        }
        if !marginals.is_unsure(at) {
            return;
        }
        let begins = |&place: &usize| around.window.tokens[place].begins;
        let first = (at.saturating_sub(context::ABOUT)..=at).rev().find(begins);
        let start = first.unwrap_or(at.saturating_sub(context::ABOUT));
        let until = (at + 1 + context::ABOUT).min(around.words.len());
        let end = (at + 1..until).find(begins).unwrap_or(until);
        let left = marginals.left(at).zip(marginals.of(at)).filter(|(left, _)| *left);
        let readings = left.map(|(_, reading)| (reading.first, reading.probability));
        self.context.prefetch(question, &around.words[start..end], &around.shapes[start..end], at - start, readings);
        again.memory.weigh(around, at, weights);
        around.weigh_phrases(at, weights);
        let left = marginals.left(at).zip(weights).filter(|(left, _)| *left);
        for ((_, weight), factor) in left.zip(self.context.factors(question)) {
            *weight *= factor;
        }
    }

    /// Decodes a paragraph, or a stretch of it `again` when it is known what the rest of the window knows.
    fn decode(
        &self,
        prospect: Prospect,
        paragraph: Range<usize>,
        again: Option<Stretch>,
        decoding: &mut Decoding,
        chosen: &mut Vec<Choice>,
    ) {
        let Prospect { window, readings, mixture, source } = prospect;
        let Decoding { lattice, decoder, marginals, items, joins, weights, others, question } = decoding;
        let broken = source.channel.broken_word();
        let breaks = broken.iter().zip(mixture).any(|(b, w)| b * w > RAREST_BREAK);
        let open = again.as_ref().map_or(paragraph.clone(), |again| again.open.clone());
        lattice.clear();
        for at in paragraph.clone() {
            if let Some(choice) = again.as_ref().filter(|_| !open.contains(&at)).and_then(|again| again.settled[at]) {
                let sort = if let [word] = *choice.words() { ListId::of_word(word) } else { ListId::NONE };
                lattice.push(sort, [Reading::new(&self.model, choice.words(), 1, 1.0)]);
                continue;
            }
            match window.tokens[at].slot {
                Slot::Fixed(class) => {
                    lattice.push(ListId::of_word(class), [Reading::new(&self.model, &[class], 1, 1.0)]);
                }
                Slot::Open(kind) => {
                    let joined =
                        if breaks && at + 1 < open.end { joins.of(&self.model, prospect, at, &broken) } else { 0..0 };
                    let joined = &joins.readings[joined];
                    let sort = readings.sorts[kind as usize];
                    let singles = readings.of(kind);
                    let by_user = self.gazetteer.has_user_entries();
                    let letter = items.letter(at);
                    let testimony = source.witness.and_then(|w| w.testimony(window, at));
                    if again.is_none() && !by_user && letter.is_none() && testimony.is_none() {
                        lattice.push_slices(sort, singles, joined);
                        continue;
                    }
                    weights.clear();
                    weights.extend(singles.iter().map(|r| r.weight));
                    others.clear();
                    if let Some(testimony) = testimony {
                        let factors = singles.iter().map(|r| testimony.factor(&self.model, r.words()));
                        weights.iter_mut().zip(factors).for_each(|(weight, factor)| *weight *= factor);
                        let letters = window.kinds[kind as usize].folded.chars().count();
                        testimony.others(&self.model, letters, readings.scales[kind as usize], singles, others);
                        weights.extend(others.iter().map(|r| r.weight));
                    }
                    if by_user {
                        self.heed_user(prospect, &paragraph, at, weights);
                    }
                    if let Some(letter) = letter {
                        let singles = singles.iter().zip(weights.iter_mut());
                        singles.filter(|(r, _)| r.words() == [letter]).for_each(|(_, weight)| *weight *= NEXT);
                    }
                    if let Some(again) = &again {
                        self.weigh_again(again, at, question, weights);
                    }
                    let sort = if others.is_empty() { sort } else { ListId::NONE };
                    let next = source.witness.filter(|_| !joined.is_empty()).and_then(|w| w.testimony(window, at + 1));
                    let joined = joined.iter().map(|r| match testimony {
                        Some(testimony) => r.weighing(r.weight * testimony.joined(next, &self.model, r.words())),
                        None => *r,
                    });
                    let singles = singles.iter().chain(others.iter()).zip(weights.iter());
                    lattice.push(sort, singles.map(|(reading, &weight)| reading.weighing(weight)).chain(joined));
                }
            }
        }
        decoder.decode(&self.model, lattice);
        let posteriors = decoder.posteriors();
        if again.is_none() {
            for token in 0..lattice.len() {
                marginals.push(lattice.singles(token).map(|place| {
                    let arc = &lattice.arcs[place];
                    Marginal { first: arc.first(), last: arc.last(), probability: posteriors[place] }
                }));
            }
        }
        let mut token = paragraph.start;
        for &place in decoder.path() {
            let reading = &lattice.arcs[place as usize];
            let span = usize::from(reading.span);
            let mut words = [0; MOST_WORDS];
            let len = reading.words().len();
            words[..len].copy_from_slice(reading.words());
            let as_seen = span == 1
                && match window.tokens[token].slot {
                    Slot::Fixed(_) => true,
                    Slot::Open(kind) => reading.words() == [window.kinds[kind as usize].as_seen],
                };
            if open.contains(&token) {
                let posterior = posteriors[place as usize];
                // Only clean text asks for it, in which few words are changed.
                let asked = !as_seen && mixture[Component::Clean as usize] > MOSTLY;
                let stands = match window.tokens[token].slot {
                    Slot::Open(kind) if asked && window.kinds[kind as usize].as_seen >= class::FIRST_WORD => {
                        let as_seen = [window.kinds[kind as usize].as_seen];
                        let same = |&place: &usize| lattice.arcs[place].words() == as_seen;
                        lattice.singles(token - paragraph.start).find(same).map_or(0.0, |place| posteriors[place])
                    }
                    _ => 0.0,
                };
                let seen_so = match window.tokens[token].slot {
                    Slot::Open(kind) if span == 1 && source.numbers.is_some() => {
                        readings.explained(kind, reading.words()) / source.belief.channel
                    }
                    _ => 0.0,
                };
                chosen.push(Choice { token, span, words, len, posterior, stands, seen_so, as_seen, proposed: false });
            }
            token += span;
        }
    }

    /// Multiplies the weights of a token's readings by what the user's entries make of them, beside what the neighbours may be.
    fn heed_user(&self, prospect: Prospect, paragraph: &Range<usize>, at: usize, weights: &mut [f32]) {
        let Prospect { window, readings, .. } = prospect;
        let of = |place: Option<usize>| match place.filter(|p| paragraph.contains(p)).map(|p| window.tokens[p].slot) {
            Some(Slot::Open(kind)) => readings.of(kind),
            _ => &[],
        };
        let (before, after) = (of(at.checked_sub(1)), of(Some(at + 1)));
        for (reading, weight) in of(Some(at)).iter().zip(weights) {
            let (before, after) = (before.iter().map(Reading::last), after.iter().map(Reading::first));
            *weight *= self.gazetteer.user_factor(&self.model, reading.first(), before, after);
        }
    }
}

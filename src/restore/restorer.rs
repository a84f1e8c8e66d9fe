//! [`Restorer`]: text as seen in, text as printed out.

use super::channel::LearnedChannel;
use super::channel::candidate::{Channel, Component, MOST_WORDS};
use super::channel::memo::CandidateCache;
use super::choice::Choice;
use super::context::{self, ContextModel, Scratch};
use super::decode::Decoder;
use super::document::adaptation::{calibrate, evidence, is_foreign};
use super::document::cache::{CacheModel, DocumentContext, Marginal, Marginals};
use super::document::enumeration::{Enumeration, NEXT};
use super::document::gazetteer::Gazetteer;
use super::document::numbers;
use super::document::one_sense::follow_names;
use super::document::repeated;
use super::document::window::{Mixture, ReadNumber, Seen, Slot, TokenType, Window};
use super::lattice::{Arc as Reading, Lattice, ListId};
use super::protect::Codes;
use super::readings::{Belief, Joins, Readings};
use super::segment::{Segment, segments};
use crate::dict::Dictionaries;
use crate::error::Result;
use crate::lm::{Model, WordId, class};
use crate::pool::Pool;
use crate::text::token::Shape;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Restores text; shared between threads by reference.
pub struct Restorer {
    model: Arc<Model>,
    channel: Box<dyn Channel>,
    context: ContextModel,
    codes: Codes,
    gazetteer: Gazetteer,
    options: Options,
    memo: CandidateCache,
    /// Of two tokens put together.
    joins: CandidateCache,
    /// What has decoded windows and is at rest.
    decodings: Pool<Decoding>,
    sha256: OnceLock<String>,
}

/// How text is restored.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether what is seen clearly in one place helps where it is unclear, within some hundred lines. On unless told otherwise.
    pub adapt: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { adapt: true }
    }
}

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

/// A window, and what its tokens may be.
#[derive(Clone, Copy)]
struct Prospect<'a> {
    window: &'a Window,
    readings: &'a Readings,
    mixture: &'a Mixture,
    source: Source<'a>,
}

/// Where candidates come from.
#[derive(Clone, Copy)]
struct Source<'a> {
    channel: &'a dyn Channel,
    /// What it said of tokens, and of two tokens put together.
    memo: &'a CandidateCache,
    joins: &'a CandidateCache,
    belief: Belief,
    /// Those that are read anew where signs may be letters and what mixes digits and letters a word; None where nothing of it may be.
    numbers: Option<&'a [ReadNumber]>,
}

/// What is known when a stretch is decoded once more.
struct SecondPass<'a> {
    memory: &'a CacheModel,
    around: DocumentContext<'a>,
    /// By token: what was chosen for it, where that stands.
    settled: &'a [Option<&'a Choice>],
    /// The tokens that are to be decided.
    open: Range<usize>,
}

/// A token with a reading at least this probable is not decided anew.
const SETTLED: f32 = 0.99;
/// In text that is mostly clean, a word is changed only into others that are so many times as likely to have been printed: a right word
/// made wrong is worse than a wrong one left.
const LEAST_ODDS: f32 = 2.0;
/// Times that the channel is drawn towards a text that was read poorly, each time with what was read the time before; a third changes nothing.
const ADAPTATIONS: usize = 2;
/// Below this no word is looked for across a space.
const RAREST_BREAK: f32 = 1e-6;

impl Restorer {
    /// The restorer with the model and channel that come with the program.
    ///
    /// # Errors
    /// None with the files as they were shipped.
    pub fn embedded() -> Result<Self> {
        Restorer::of(Arc::new(Model::embedded()?), &Dictionaries::embedded())
    }

    /// The restorer with this model and these dictionaries, and the channel that comes with the program.
    ///
    /// # Errors
    /// None with the files as they were shipped.
    pub fn of(model: Arc<Model>, dictionaries: &Dictionaries) -> Result<Self> {
        let channel = LearnedChannel::embedded(model.vocabulary())?;
        Restorer::with(model, Box::new(channel), dictionaries, Options::default())
    }

    /// The restorer with this model, a channel for its vocabulary, and these dictionaries.
    ///
    /// # Errors
    /// None with the context model as it was shipped.
    pub fn with(
        model: Arc<Model>,
        channel: Box<dyn Channel>,
        dictionaries: &Dictionaries,
        options: Options,
    ) -> Result<Self> {
        let codes = Codes::new(dictionaries);
        let vocabulary = model.vocabulary();
        let (context, gazetteer) =
            rayon::join(|| ContextModel::embedded(vocabulary), || Gazetteer::new(dictionaries, vocabulary));
        let (memo, joins, decodings, sha256) = Default::default();
        let context = context?;
        Ok(Restorer { model, channel, context, codes, gazetteer, options, memo, joins, decodings, sha256 })
    }

    /// Does what takes a [`Decoding`], with one that remembers windows before where there is one.
    pub(super) fn with_decoding<T>(&self, work: impl FnOnce(&mut Decoding) -> T) -> T {
        let mut decoding = self.decodings.take().unwrap_or_default();
        let done = work(&mut decoding);
        self.decodings.give(decoding);
        done
    }

    /// SHA-256 of the language model's file, in hexadecimal.
    pub fn model_sha256(&self) -> &str {
        self.sha256.get_or_init(|| self.model.sha256())
    }

    /// The document number with its letters put right; None where there is nothing to change.
    pub(super) fn code(&self, seen: &str, misread: bool) -> Option<String> {
        if misread { self.codes.restore_misread(seen) } else { self.codes.restore(seen) }
    }

    /// The abbreviation that a word unknown to the model is a misreading of, as the text around has it often; None where it is none.
    pub(super) fn abbreviation(&self, seen: &str, count: impl Fn(&str) -> u32) -> Option<&'static str> {
        self.codes.abbreviation(seen, count)
    }

    /// The language model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Cuts lines, which are NFC, into tokens and chooses what was printed for each.
    pub(super) fn window(&self, lines: &[&str], decoding: &mut Decoding) -> (Window, Vec<Choice>) {
        let known = Source {
            channel: &*self.channel,
            memo: &self.memo,
            joins: &self.joins,
            belief: Belief::KNOWN,
            numbers: None,
        };
        let (mut window, mut chosen, mixture) = self.attempt(lines, known, decoding);
        if !self.options.adapt || !is_foreign(&window, &chosen, &mixture) {
            return (window, chosen);
        }
        let mut numbers = Vec::new();
        for _ in 0..ADAPTATIONS {
            let Some(channel) = self.channel.adapted(&evidence(&window, &chosen, &self.model)) else { break };
            let (memo, joins) = Default::default();
            numbers::find(&window, lines, &chosen, &self.model, &mut numbers);
            let adapted = Source {
                channel: &*channel,
                memo: &memo,
                joins: &joins,
                belief: Belief::UNKNOWN,
                numbers: Some(&numbers),
            };
            (window, chosen, _) = self.attempt(lines, adapted, decoding);
        }
        calibrate(&window, &mut chosen);
        (window, chosen)
    }

    /// Reads a window with candidates of this source.
    fn attempt(&self, lines: &[&str], source: Source, decoding: &mut Decoding) -> (Window, Vec<Choice>, Mixture) {
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
        if !self.options.adapt || !(0..window.tokens.len()).any(|at| marginals.is_unsure(at)) {
            repeated::keep(&window, &mixture, vocabulary, &mut chosen);
            return (window, chosen, mixture);
        }
        let memory = CacheModel::gather(&window, &marginals);
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
        let around = DocumentContext {
            model: &self.model,
            gazetteer: &self.gazetteer,
            window: &window,
            marginals: &marginals,
            words: &words,
            shapes: &shapes,
        };
        let mut settled = vec![None; window.tokens.len()];
        for choice in chosen.iter().filter(|c| c.span == 1 && c.posterior >= SETTLED) {
            settled[choice.token] = Some(choice);
        }
        let mut adapted = Vec::with_capacity(chosen.len());
        let mut copied = 0;
        for paragraph in window.paragraphs() {
            for Segment { whole, open } in
                segments(paragraph, self.model.order() - 1, |at| settled[at].is_some(), |at| marginals.is_unsure(at))
            {
                let until = copied + chosen[copied..].partition_point(|c| c.token < open.start);
                adapted.extend_from_slice(&chosen[copied..until]);
                copied = until + chosen[until..].partition_point(|c| c.token < open.end);
                let again = SecondPass { memory: &memory, around, settled: &settled, open };
                self.decode(prospect, whole, Some(again), decoding, &mut adapted);
            }
        }
        adapted.extend_from_slice(&chosen[copied..]);
        follow_names(&window, lines, &mut adapted);
        repeated::keep(&window, &mixture, vocabulary, &mut adapted);
        (window, adapted, mixture)
    }

    /// Weighs the readings of a token anew: nothing, where the first decoding set them aside, and those of an unsure token by what the
    /// document holds and by the company that they would keep.
    fn weigh_again(&self, again: &SecondPass, at: usize, question: &mut Scratch, weights: &mut [f32]) {
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
        again: Option<SecondPass>,
        decoding: &mut Decoding,
        chosen: &mut Vec<Choice>,
    ) {
        let Prospect { window, readings, mixture, source } = prospect;
        let Decoding { lattice, decoder, marginals, items, joins, weights, question } = decoding;
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
                        if breaks && at + 1 < open.end { self.joined(prospect, at, &broken, joins) } else { 0..0 };
                    let joined = &joins.readings[joined];
                    let sort = readings.sorts[kind as usize];
                    let singles = readings.of(kind);
                    let by_user = self.gazetteer.has_user_entries();
                    let letter = items.letter(at);
                    if again.is_none() && !by_user && letter.is_none() {
                        lattice.push_slices(sort, singles, joined);
                        continue;
                    }
                    weights.clear();
                    weights.extend(singles.iter().map(|r| r.weight));
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
                    let singles = singles.iter().zip(weights.iter()).map(|(reading, &weight)| reading.weighing(weight));
                    lattice.push(sort, singles.chain(joined.iter().copied()));
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
                let stands = || match window.tokens[token].slot {
                    Slot::Open(kind) if window.kinds[kind as usize].as_seen >= class::FIRST_WORD => {
                        let as_seen = [window.kinds[kind as usize].as_seen];
                        let same = |&place: &usize| lattice.arcs[place].words() == as_seen;
                        lattice.singles(token - paragraph.start).find(same).map_or(0.0, |place| posteriors[place])
                    }
                    _ => 0.0,
                };
                let proposed =
                    !as_seen && mixture[Component::Clean as usize] > 0.5 && posterior < LEAST_ODDS * stands();
                let seen_so = match window.tokens[token].slot {
                    Slot::Open(kind) if span == 1 && source.numbers.is_some() => {
                        readings.explained(kind, reading.words()) / source.belief.channel
                    }
                    _ => 0.0,
                };
                chosen.push(Choice { token, span, words, len, posterior, seen_so, as_seen, proposed });
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

    /// Readings of the token and the next one as one word in which a space was seen that was not printed.
    fn joined(&self, prospect: Prospect, at: usize, broken: &Mixture, joins: &mut Joins) -> Range<usize> {
        let window = prospect.window;
        let (left, right) = (&window.tokens[at], &window.tokens[at + 1]);
        let (Slot::Open(a), Slot::Open(b)) = (left.slot, right.slot) else { return 0..0 };
        if left.line != right.line || left.token.end + 1 != right.token.start {
            return 0..0;
        }
        if let Some(found) = joins.known.get(&(a, b)) {
            return found.clone();
        }
        let start = joins.readings.len();
        self.join([a as usize, b as usize], prospect, broken, &mut joins.readings);
        let found = start..joins.readings.len();
        joins.known.insert((a, b), found.clone());
        found
    }

    /// Appends the readings of two kinds of tokens as one word.
    fn join(&self, [a, b]: [usize; 2], prospect: Prospect, broken: &Mixture, joined: &mut Vec<Reading>) {
        let Prospect { window, readings, mixture, source: Source { channel, joins, belief, .. } } = prospect;
        let known = |kind: &TokenType| kind.as_seen >= class::FIRST_WORD && kind.folded.chars().count() > 1;
        if known(&window.kinds[a]) && known(&window.kinds[b]) {
            return;
        }
        let vocabulary = self.model.vocabulary();
        let mut whole = window.kinds[a].folded.to_string();
        whole.push_str(&window.kinds[b].folded);
        let candidates = joins.get(&whole, |out| channel.single_words(vocabulary, &whole, out));
        let scale = readings.scales[a] * readings.scales[b];
        let start = joined.len();
        for candidate in candidates.iter() {
            let p: f32 = (0..Component::COUNT).map(|c| mixture[c] * broken[c] * candidate.likelihood[c]).sum();
            let p = belief.of(p) / scale;
            if p > belief.unlikely {
                joined.push(Reading::new(&self.model, candidate.words(), 2, p));
            }
        }
        joined[start..].sort_by_key(|r| r.seat);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_restorer_remembers_changes_nothing() {
        let restorer = Restorer::embedded().unwrap();
        let texts =
            ["Uy ban nhan dan xa bao cao ket qua thuc hien", "B4o cdo ket qua th trc hien nhiem vu", "Ủy ban nhân dân"];
        let first = texts.map(|text| restorer.restore_plain(text));
        assert_eq!(texts.map(|text| restorer.restore_plain(text)), first);
        assert_eq!(texts.map(|text| Restorer::embedded().unwrap().restore_plain(text)), first);
    }
}

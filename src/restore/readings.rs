//! What each kind of token in a window may be: its candidates, weighed by the window's mixture, and two kinds as one word.

use super::channel::candidate::Component;
use super::decode::Decoder;
use super::document::mixture::{UNKNOWN_INTACT, spelling};
use super::document::window::{Mixture, Window};
use super::lattice::{Arc as Reading, ListId};
use crate::lm::{Model, WordId, class};
use crate::text::token::Shape;

/// How far the channel is believed against the language model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Belief {
    /// The power that its probabilities are raised to.
    pub channel: f32,
    /// Readings less likely than this beside the best of the same token, before context, are not looked at.
    pub unlikely: f32,
    /// The most readings of a token.
    pub most: usize,
}

impl Belief {
    /// Of a channel that was learned from such text.
    pub const KNOWN: Belief = Belief { channel: 1.0, unlikely: 1e-4, most: 20 };

    /// Of a recogniser that was never met: the channel knows it by what little a text shows, and the language better.
    /// Chosen with the engine of each document left out (docs/channel.md).
    pub const UNKNOWN: Belief = Belief { channel: 0.7, unlikely: 1e-6, most: 60 };

    /// What is left of a probability of the channel.
    pub fn of(self, p: f32) -> f32 {
        if self.channel == 1.0 { p } else { p.powf(self.channel) }
    }
}

/// No shape of a word is rarer than this: recognisers mistake capitals, too.
const RAREST_SHAPE: f32 = 0.003;

/// The readings of each kind of token in a window, weighed by the window's mixture.
pub(super) struct Readings {
    all: Vec<Reading>,
    starts: Vec<u32>,
    /// By kind: the sort of its readings.
    pub sorts: Vec<ListId>,
    /// By kind: what the weights were divided by.
    pub scales: Vec<f32>,
}

impl Readings {
    /// The readings of all kinds, with sorts of this decoder.
    pub fn new(window: &Window, model: &Model, mixture: &Mixture, belief: Belief, decoder: &mut Decoder) -> Self {
        let mut readings = Readings { all: Vec::new(), starts: vec![0], sorts: Vec::new(), scales: Vec::new() };
        let mut ranked: Vec<(f32, f32, &[WordId])> = Vec::new();
        for kind in &window.kinds {
            ranked.clear();
            for candidate in kind.candidates.iter() {
                let words = candidate.words();
                let mut weight: f32 = mixture.iter().zip(candidate.likelihood).map(|(w, l)| w * l).sum();
                if let (Some(shape), Some(&first)) = (kind.shape, words.first()) {
                    weight *= model.shape(first, shape).max(RAREST_SHAPE);
                }
                weight = belief.of(weight);
                let prior: f32 = words.iter().map(|&w| model.unigram(w)).product();
                ranked.push((weight * prior, weight, words));
            }
            let as_seen = std::slice::from_ref(&kind.as_seen);
            if kind.as_seen < class::FIRST_WORD {
                let intact: f32 = mixture.iter().zip(UNKNOWN_INTACT).map(|(w, i)| w * i).sum();
                let weight = belief.of(intact * spelling(&kind.folded) * unknown_shape(kind.shape));
                ranked.push((weight * model.unigram(kind.as_seen), weight, as_seen));
            } else if !ranked.iter().any(|r| matches!(*r.2, [word] if word == kind.as_seen)) {
                let weight = mixture[Component::Clean as usize];
                ranked.push((weight * model.unigram(kind.as_seen), weight, as_seen));
            }
            let best = ranked.iter().map(|r| r.0).fold(0.0, f32::max);
            let scale = ranked.iter().map(|r| r.1).fold(f32::MIN_POSITIVE, f32::max);
            ranked.retain(|r| r.0 >= best * belief.unlikely);
            ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.2.cmp(b.2)));
            ranked.truncate(belief.most);
            let start = readings.all.len();
            readings.all.extend(ranked.iter().map(|r| Reading::new(model, r.2, 1, r.1 / scale)));
            // The decoder finds bigrams of neighbouring seats together.
            readings.all[start..].sort_by_key(|r| r.seat);
            readings.starts.push(readings.all.len() as u32);
            readings.sorts.push(decoder.sort(&readings.all[start..]));
            readings.scales.push(scale);
        }
        readings
    }

    /// The logarithm of how well words explain a kind of token; 0 where they are no reading of it.
    pub fn explained(&self, kind: u32, words: &[WordId]) -> f32 {
        let reading = self.of(kind).iter().find(|r| r.words() == words);
        reading.map_or(0.0, |r| (r.weight * self.scales[kind as usize]).max(f32::MIN_POSITIVE).ln())
    }

    /// The readings of a kind.
    pub fn of(&self, kind: u32) -> &[Reading] {
        &self.all[self.starts[kind as usize] as usize..self.starts[kind as usize + 1] as usize]
    }
}

/// P(shape | unknown word): foreign words, names and abbreviations, which are seldom without a capital.
fn unknown_shape(shape: Option<Shape>) -> f32 {
    match shape {
        None => 1.0,
        Some(Shape::Lower | Shape::Other) => 0.2,
        Some(Shape::Title | Shape::Upper) => 0.4,
    }
}

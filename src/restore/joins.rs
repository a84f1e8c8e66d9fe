//! Two tokens as one word, where a space was seen that was not printed.

use super::channel::candidate::Component;
use super::document::window::{Mixture, Slot, TokenType};
use super::lattice::Arc as Reading;
use super::source::{Prospect, Source};
use crate::lm::{Model, class};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Readings of two neighbouring tokens as one word, looked for once a window for each two kinds.
#[derive(Default)]
pub(super) struct Joins {
    pub readings: Vec<Reading>,
    /// By the numbers of the kinds: where their readings are.
    known: FxHashMap<(u32, u32), Range<usize>>,
}

impl Joins {
    /// Forgets all, as kinds are to have other numbers.
    pub fn clear(&mut self) {
        self.readings.clear();
        self.known.clear();
    }

    /// Where in [`Joins::readings`] those of the token and the next one as one word are.
    pub fn of(&mut self, model: &Model, prospect: Prospect, at: usize, broken: &Mixture) -> Range<usize> {
        let window = prospect.window;
        let (left, right) = (&window.tokens[at], &window.tokens[at + 1]);
        let (Slot::Open(a), Slot::Open(b)) = (left.slot, right.slot) else { return 0..0 };
        if left.line != right.line || left.token.end + 1 != right.token.start {
            return 0..0;
        }
        if let Some(found) = self.known.get(&(a, b)) {
            return found.clone();
        }
        let start = self.readings.len();
        join(model, [a as usize, b as usize], prospect, broken, &mut self.readings);
        let found = start..self.readings.len();
        self.known.insert((a, b), found.clone());
        found
    }
}

/// The likelihoods of two tokens as one word below which none may be looked for; a few, so that what was found is asked for again.
const LEAST: [f32; 2] = [0.1, 1e-3];

/// Appends the readings of two kinds of tokens as one word.
fn join(model: &Model, [a, b]: [usize; 2], prospect: Prospect, broken: &Mixture, joined: &mut Vec<Reading>) {
    let Prospect { window, readings, mixture, source: Source { channel, joins, belief, .. } } = prospect;
    let known = |kind: &TokenType| kind.as_seen >= class::FIRST_WORD && kind.folded.chars().count() > 1;
    if known(&window.kinds[a]) && known(&window.kinds[b]) {
        return;
    }
    // No word is surer to be seen so than sure: mostly that is too little, and looking costs more than all else.
    let scale = readings.scales[a] * readings.scales[b];
    let most: f32 = (0..Component::COUNT).map(|c| mixture[c] * broken[c]).sum();
    let too_little = |likelihood: f32| belief.of(most * likelihood) / scale <= belief.unlikely;
    if too_little(1.0) {
        return;
    }
    let step = LEAST.iter().position(|&least| too_little(least));
    let least = step.map_or(0.0, |step| LEAST[step]);
    // What is remembered is so by the step, too, which one digit before the tokens says.
    let mut key = String::with_capacity(1 + window.kinds[a].folded.len() + window.kinds[b].folded.len());
    key.push(step.map_or('-', |step| char::from(b'0' + step as u8)));
    key.push_str(&window.kinds[a].folded);
    key.push_str(&window.kinds[b].folded);
    let whole = &key[1..];
    let candidates = joins.get(&key, |out| channel.single_words(model.vocabulary(), whole, least, out));
    let start = joined.len();
    for candidate in candidates.iter() {
        let p: f32 = (0..Component::COUNT).map(|c| mixture[c] * broken[c] * candidate.likelihood[c]).sum();
        let p = belief.of(p) / scale;
        if p > belief.unlikely {
            joined.push(Reading::new(model, candidate.words(), 2, p));
        }
    }
    joined[start..].sort_by_key(|r| r.seat);
}

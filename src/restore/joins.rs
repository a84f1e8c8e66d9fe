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

/// Appends the readings of two kinds of tokens as one word.
fn join(model: &Model, [a, b]: [usize; 2], prospect: Prospect, broken: &Mixture, joined: &mut Vec<Reading>) {
    let Prospect { window, readings, mixture, source: Source { channel, joins, belief, .. } } = prospect;
    let known = |kind: &TokenType| kind.as_seen >= class::FIRST_WORD && kind.folded.chars().count() > 1;
    if known(&window.kinds[a]) && known(&window.kinds[b]) {
        return;
    }
    let vocabulary = model.vocabulary();
    let mut whole = window.kinds[a].folded.to_string();
    whole.push_str(&window.kinds[b].folded);
    let candidates = joins.get(&whole, |out| channel.single_words(vocabulary, &whole, out));
    let scale = readings.scales[a] * readings.scales[b];
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

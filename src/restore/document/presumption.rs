//! The presumption of a clean text that its words are right: the less there is to mend in it, the surer a change has to be.
//!
//! A posterior says what share of such changes is right in texts of the damage that the channel was learned from. Of a text with fewer slips
//! fewer are, by as much: the odds against a word in use are divided by how much rarer slips are in this text. What a text shows of its slips
//! are the changes of its *other* words, each kind once: a word that is doubted wherever it stands is one doubt, and no proof of itself.

use super::window::{Mixture, Slot, Window};
use crate::lm::{WordId, class};
use crate::restore::channel::candidate::Component;
use crate::restore::choice::Choice;
use rustc_hash::FxHashMap;

/// Text of which more than this share of the words is clean is presumed to be right.
pub(in crate::restore) const MOSTLY: f32 = 0.5;
/// In text that is mostly clean, a word is changed only into others that are so many times as likely to have been printed: a right word
/// made wrong is worse than a wrong one left.
const LEAST_ODDS: f32 = 2.0;
/// The share of words to mend of the texts that the odds hold in.
const USUAL: f32 = 0.01;
/// Changes and words presumed before the text is looked at: of a line or two nothing is known.
const PRESUMED: (f32, f32) = (0.1, 10.0);
/// No text asks for greater odds. The curve is in docs/channel.md.
const MOST_ODDS: f32 = 30.0;

/// Of words in use that were changed, those that the text gives too little reason to doubt stand, and the others are proposed.
pub(in crate::restore) fn presume(window: &Window, mixture: &Mixture, chosen: &mut [Choice]) {
    if mixture[Component::Clean as usize] <= MOSTLY {
        return;
    }
    // By kind of word and what it became: how sure that was at best.
    let mut changes: FxHashMap<(u32, WordId), f32> = FxHashMap::default();
    let mut words = 0;
    for choice in chosen.iter() {
        let Slot::Open(kind) = window.tokens[choice.token].slot else { continue };
        words += 1;
        if !choice.as_seen && choice.words[0] >= class::FIRST_WORD {
            let best = changes.entry((window.kinds[kind as usize].letters, choice.words[0])).or_default();
            *best = best.max(choice.posterior);
        }
    }
    let mut all: Vec<f32> = changes.values().copied().collect();
    // In one order, whatever that of the map: the same text, the same sum.
    all.sort_unstable_by(f32::total_cmp);
    let all: f32 = all.iter().sum();
    for choice in chosen.iter_mut().filter(|c| !c.as_seen && c.stands > 0.0) {
        let Slot::Open(kind) = window.tokens[choice.token].slot else { continue };
        let own = changes.get(&(window.kinds[kind as usize].letters, choice.words[0])).copied().unwrap_or(0.0);
        let slips = (all - own + PRESUMED.0) / (words as f32 + PRESUMED.1);
        let odds = (LEAST_ODDS * USUAL / slips).clamp(LEAST_ODDS, MOST_ODDS);
        choice.proposed |= choice.posterior < odds * choice.stands;
    }
}

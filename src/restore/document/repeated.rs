//! What a clean text writes again and again is what it says: `45 cas`, `12 cas` are no slips for `ca`, though each by itself might be one.
//!
//! Slips of a recogniser that reads Vietnamese are rare and mostly syllables (`niêm vết` for `niêm yết`, which comes back, too); a foreign
//! word is none, and comes back.

use super::window::{Mixture, Slot, Window};
use crate::lm::{Vocabulary, WordId};
use crate::restore::channel::candidate::Component;
use crate::restore::choice::Choice;
use crate::text::letter::bare;
use crate::text::syllable::is_valid_syllable;
use rustc_hash::FxHashMap;

/// So often a word stands for itself. By hand: twice may be a slip that was made again, and of three the channel would make one in 10^12.
const OFTEN: u32 = 3;

/// Of words that the text has often, and no less often than those put in their place, the text stands, and the others are proposed. Where
/// only marks differ nothing is decided here: a recogniser that confuses two marks does so each time.
pub(in crate::restore) fn keep(window: &Window, mixture: &Mixture, vocabulary: &Vocabulary, chosen: &mut [Choice]) {
    if mixture[Component::Clean as usize] <= 0.5 {
        return;
    }
    let mut stands: FxHashMap<(u32, WordId), bool> = FxHashMap::default();
    for choice in chosen.iter_mut().filter(|c| !c.as_seen && c.span == 1) {
        let ([printed], Slot::Open(kind)) = (choice.words(), window.tokens[choice.token].slot) else { continue };
        let kind = &window.kinds[kind as usize];
        let count = window.counts[kind.letters as usize];
        let foreign = kind.folded.chars().all(char::is_alphabetic) && !is_valid_syllable(&kind.folded);
        if count < OFTEN || !foreign {
            continue;
        }
        choice.proposed |= *stands.entry((kind.letters, *printed)).or_insert_with(|| {
            let printed = vocabulary.word(*printed);
            !printed.chars().map(bare).eq(kind.folded.chars().map(bare)) && window.count(printed) <= count
        });
    }
}

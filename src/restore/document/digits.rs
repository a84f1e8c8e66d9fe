//! Digits that were letters: `đạt ty 18 100%` was `đạt tỷ lệ 100%`.
//!
//! A number that was read stays what it is. Only in misread text, and only where the tagger and the language model, each by itself, have hardly a
//! doubt that a word stands between two words, up to three digits become that word.

use super::neighbourhood::Neighbourhood;
use super::window::{Slot, Window};
use crate::lm::{Model, class};
use crate::restore::choice::Choice;
use crate::restore::tagger::Witness;
use crate::text::token::TokenKind;

/// As the logarithm of odds, what a word takes before it stands for digits: a probability of 0.999.
const SURE: f32 = 6.907;
/// What each of the two has to say for it by itself.
const EITHER: f32 = 2.0;
/// How much of what the language model says counts, as the tagger has seen the words around, too.
const LANGUAGE: f32 = 0.5;
/// Words beside it have at least this probability.
const BESIDE: f32 = 0.7;
/// The most digits.
const LONGEST: usize = 3;

/// Puts words in the place of digits that were none.
pub(in crate::restore) fn read(
    window: &Window,
    lines: &[&str],
    chosen: &mut [Choice],
    model: &Model,
    witness: &Witness,
) {
    for at in 1..chosen.len().saturating_sub(1) {
        let token = chosen[at].token;
        let seen = &window.tokens[token];
        let text = seen.token.text(lines[seen.line as usize]);
        let digits = seen.token.kind == TokenKind::Number
            && text.len() <= LONGEST
            && text.bytes().all(|b| b.is_ascii_digit())
            && matches!(seen.slot, Slot::Fixed(_))
            && window.number(token).is_none();
        if !digits {
            continue;
        }
        let Some((word, tagged)) = witness.testimony(window, token).and_then(|t| t.word_for_digits()) else { continue };
        let around = Neighbourhood::of(window, chosen, at, model);
        let is_word =
            |c: Option<&Choice>| c.is_some_and(|c| c.posterior >= BESIDE && c.words()[0] >= class::FIRST_WORD);
        if tagged < EITHER || !is_word(around.left) || !is_word(around.right) {
            continue;
        }
        let language = around.fits(&[word]) - around.fits(chosen[at].words());
        let odds = tagged + LANGUAGE * language;
        if language >= EITHER && odds >= SURE {
            chosen[at].follow(word, 1.0 / (1.0 + (-odds).exp()), false);
        }
    }
}

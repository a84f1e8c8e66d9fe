//! Words of which a recogniser saw next to nothing: `sửa đổi, m sung` was `sửa đổi, bổ sung`, though no `m` looks like `bổ`.
//!
//! The channel knows how letters are seen; blots, stamps and cracked type are none of its business. Beside what it makes of a token stands,
//! in text that was misread, that whatever was printed became any letters at all: the words around then say what it was.

use super::neighbourhood::Neighbourhood;
use super::window::{Slot, Window};
use crate::lm::{Model, class};
use crate::restore::choice::Choice;
use crate::text::token::Shape;

/// A word with at most this probability may have been another altogether.
const UNSURE: f32 = 0.9;
/// A word beside it has at least this.
const SURE: f32 = 0.6;
/// P(a word became any letters at all), and of each letter then.
const ERASED: f32 = 1e-3;
const LETTER: f32 = 0.04;
/// So much likelier, as the logarithm of odds, a word is before it takes another's place.
const CLEARLY: f32 = 3.0;
/// So much a letter by itself, which may be the name of a point or of a thing.
const LETTER_CLEARLY: f32 = 8.0;

/// Puts words that the context asks for in the place of those that neither it nor the channel has much to say for; `belief` is the power
/// that probabilities of the channel are raised to.
pub(in crate::restore) fn fill(window: &Window, lines: &[&str], chosen: &mut [Choice], model: &Model, belief: f32) {
    for at in 0..chosen.len() {
        let choice = chosen[at];
        let Slot::Open(kind) = window.tokens[choice.token].slot else { continue };
        let kind = &window.kinds[kind as usize];
        let letters = kind.folded.chars().count();
        if choice.posterior > UNSURE || choice.span > 1 || kind.as_seen >= class::FIRST_WORD && letters > 1 {
            continue;
        }
        let around = Neighbourhood::of(window, chosen, at, model);
        let sure = |c: Option<&Choice>| c.is_some_and(|c| c.posterior >= SURE && c.words()[0] >= class::FIRST_WORD);
        let (left, right) = (sure(around.left), sure(around.right));
        // A letter by itself is the name of a point, too: behind that a sign stands.
        if !(right || left && letters > 1) {
            continue;
        }
        // Capitals among small letters are an abbreviation.
        let seen = &window.tokens[choice.token];
        if Shape::of(seen.token.text(lines[seen.line as usize])) == Shape::Upper && letters > 1 {
            continue;
        }
        let own = around.fits(choice.words()) + belief * choice.seen_so;
        let erased = belief * (ERASED * LETTER.powi(letters as i32)).ln();
        let best = model
            .vocabulary()
            .ids()
            .map(|word| (around.fits(&[word]) + erased, word))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let Some((score, word)) = best else { continue };
        let odds = score - own;
        if odds < if letters > 1 { CLEARLY } else { LETTER_CLEARLY } || choice.words() == [word] {
            continue;
        }
        chosen[at].follow(word, 1.0 / (1.0 + (-odds).exp()), false);
        chosen[at].seen_so = erased / belief;
    }
}

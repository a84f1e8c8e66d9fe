//! Which encoding each word is in: the cheapest path through them, where a change costs and every word has a price in bits.

use super::kind::Encoding;
use crate::dict::Dictionaries;
use crate::text::letter::is_vietnamese;
use crate::text::syllable::{Syllable, is_valid_syllable};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// A word that may be in an old encoding.
pub(super) struct Token<'a> {
    /// Index of the piece of text that it is in.
    pub piece: usize,
    /// Its bytes there.
    pub range: Range<usize>,
    /// As it is shown.
    pub shown: &'a str,
    /// Whether it is the first such word of its line.
    pub starts_line: bool,
    /// The encoding that the font's name tells.
    pub told: Option<Encoding>,
}

/// Bits, roughly: a syllable in use costs its frequency class and these for the choice among classes.
const IN_USE: f32 = 4.0;
/// A syllable that can be spelled and is not in use: rarer than the rarest of them.
const POSSIBLE: f32 = 24.0;
/// A word that is no syllable: a foreign name, or the wrong encoding.
const IMPOSSIBLE: f32 = 32.0;
/// A letter by itself: a point of a list, an initial.
const LETTER: f32 = 12.0;
/// An abbreviation that is known.
const ABBREVIATION: f32 = 14.0;
/// What a token of several impossible words costs at most: `H’Mlay` is one name.
const NAME: f32 = 40.0;
/// A sign inside a word, and a character that means nothing in the encoding.
const STRAY: f32 = 10.0;
/// A capital after a small letter.
const CASE: f32 = 5.0;
/// A sign that hardly any office writes and that is the face of a letter's byte.
const RARE_SIGN: f32 = 20.0;
const RARE_SIGNS: &str = "€‚ƒ„†‡ˆ‰Š‹ŒŽ˜™š›œžŸ";
/// To go over to another encoding: two or three ordinary words have to speak for it.
const CHANGE: f32 = 36.0;
/// The same within a line, where encodings hardly ever meet.
const CHANGE_WITHIN: f32 = 50.0;
/// To be in an old encoding without a font that says so.
const UNTOLD: f32 = 1.0;
/// To be in another encoding than the font's name tells.
const AGAINST_FONT: f32 = 14.0;

const STATES: usize = Encoding::ALL.len();

/// The encoding of each word.
pub(super) fn encodings(tokens: &[Token], known: &Dictionaries) -> Vec<Encoding> {
    let mut prices: FxHashMap<&str, [f32; STATES]> = FxHashMap::default();
    // Text without a font starts as Unicode; the first word's font overrides by its own price.
    let mut costs = Encoding::ALL.map(|e| if e == Encoding::Unicode { 0.0 } else { CHANGE });
    if tokens.first().is_some_and(|t| t.told.is_some()) {
        costs = [0.0; STATES];
    }
    let mut came_from: Vec<[u8; STATES]> = Vec::with_capacity(tokens.len());
    for token in tokens {
        let price = prices.entry(token.shown).or_insert_with(|| Encoding::ALL.map(|e| price(e, token.shown, known)));
        let best = (0..STATES).fold(0, |best, at| if costs[at] < costs[best] { at } else { best });
        let mut from = [0; STATES];
        let mut next = [0.0; STATES];
        for (at, encoding) in Encoding::ALL.into_iter().enumerate() {
            // A font that tells its encoding makes a change of encoding at its border no surprise.
            let change = match token.told {
                Some(told) if told == encoding => 0.0,
                _ if token.starts_line => CHANGE,
                _ => CHANGE_WITHIN,
            };
            let (cost, previous) = match costs[best] + change {
                changed if changed < costs[at] => (changed, best),
                _ => (costs[at], at),
            };
            let against = match token.told {
                Some(told) if told == encoding || (told == Encoding::Tcvn3 && encoding == Encoding::Tcvn5712) => 0.0,
                Some(_) => AGAINST_FONT,
                None if encoding == Encoding::Unicode => 0.0,
                None => UNTOLD,
            };
            from[at] = previous as u8;
            next[at] = cost + price[at] + against;
        }
        came_from.push(from);
        costs = next;
    }
    let mut at = (0..STATES).fold(0, |best, at| if costs[at] < costs[best] { at } else { best });
    let mut found: Vec<Encoding> = came_from
        .iter()
        .rev()
        .map(|from| {
            let encoding = Encoding::ALL[at];
            at = from[at] as usize;
            encoding
        })
        .collect();
    found.reverse();
    withdraw(tokens, &mut found, known);
    found
}

/// Takes back runs that no font speaks for and that make syllables of less than two thirds of their words, or of less
/// than three: text in another language, or names.
fn withdraw(tokens: &[Token], found: &mut [Encoding], known: &Dictionaries) {
    let mut start = 0;
    while start < found.len() {
        let encoding = found[start];
        let length = found[start..].iter().take_while(|&&e| e == encoding).count();
        let run = start..start + length;
        start = run.end;
        if encoding == Encoding::Unicode || tokens[run.clone()].iter().any(|t| t.told.is_some()) {
            continue;
        }
        // Words that are the same in both say nothing, and neither do signs.
        let decoded = tokens[run.clone()].iter().map(|t| (t.shown, decode_word(encoding, t.shown).0));
        let changed: Vec<String> = decoded
            .filter(|(shown, word)| shown != word && words(word).next().is_some())
            .map(|(_, word)| word)
            .collect();
        let is_right = |word: &&String| words(word).all(|w| is_valid_syllable(w) || known.is_abbreviation(w));
        let right = changed.iter().filter(is_right).count();
        if right < 3 || right * 3 < changed.len() * 2 {
            found[run].fill(Encoding::Unicode);
        }
    }
}

/// What it costs to believe that a word is in this encoding.
fn price(encoding: Encoding, shown: &str, known: &Dictionaries) -> f32 {
    let (decoded, unknown) = decode_word(encoding, shown);
    let rare = decoded.chars().filter(|&c| RARE_SIGNS.contains(c)).count();
    let mut bits = STRAY * unknown.len() as f32 + RARE_SIGN * rare as f32;
    let mut impossible: f32 = 0.0;
    for word in words(&decoded) {
        match Syllable::parse(word) {
            Some(syllable) => {
                bits += known.frequency_class(syllable).map_or(POSSIBLE, |class| IN_USE + f32::from(class));
            }
            None if word.chars().nth(1).is_none() => bits += LETTER,
            None if known.is_abbreviation(word) => bits += ABBREVIATION,
            None => impossible += IMPOSSIBLE,
        }
        let small_then_capital =
            word.chars().zip(word.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase());
        // TCVN3 writes toned letters among capitals small.
        if small_then_capital && encoding != Encoding::Tcvn3 {
            bits += CASE;
        }
    }
    // Signs between letters, a row of them counted once.
    let inner = decoded.trim_matches(|c: char| !c.is_alphabetic());
    let strays = inner.split(char::is_alphabetic).filter(|signs| !matches!(*signs, "" | "’" | "‘")).count();
    bits + impossible.min(NAME) + STRAY * strays as f32
}

/// Signs that typists put around words and whose bytes are letters in VISCII, VPS and TCVN 5712.
const SIGNS: [char; 8] = ['“', '”', '‘', '’', '…', '–', '—', '•'];

/// The word in Unicode, and what means nothing in it; signs around it stay signs where the word is right without them.
pub(super) fn decode_word(encoding: Encoding, shown: &str) -> (String, Vec<char>) {
    let whole = encoding.decode(shown);
    if !matches!(encoding, Encoding::Tcvn5712 | Encoding::Viscii | Encoding::Vps) || !shown.contains(SIGNS) {
        return whole;
    }
    let right = |decoded: &str| words(decoded).next().is_some() && words(decoded).all(is_valid_syllable);
    if right(&whole.0) {
        return whole;
    }
    let core = shown.trim_matches(SIGNS);
    let start = core.as_ptr() as usize - shown.as_ptr() as usize;
    let (word, unknown) = encoding.decode(core);
    if !core.is_empty() && !right(&word) {
        return whole;
    }
    ([&shown[..start], &word, &shown[start + core.len()..]].concat(), unknown)
}

/// The words of a decoded token: runs of letters that Vietnamese has.
fn words(decoded: &str) -> impl Iterator<Item = &str> {
    decoded.split(|c: char| !is_vietnamese(c) && !c.is_alphabetic()).filter(|w| !w.is_empty())
}

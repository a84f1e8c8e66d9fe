//! VNI for Windows: a base letter, and after it a character that is shown as its marks; `Ơ Ư Đ` and `i` with tones are one.

use crate::text::letter::{Tone, is_vowel, lower, split_tone, upper, with_shape, with_tone};

/// What stands alone, in small letters: the character shown, and the letter.
const ALONE: [(char, char); 8] =
    [('ñ', 'đ'), ('ô', 'ơ'), ('ö', 'ư'), ('ì', 'ì'), ('í', 'í'), ('æ', 'ỉ'), ('ó', 'ĩ'), ('ò', 'ị')];

/// `ỵ` has a character of its own.
const Y_DOT: (char, char) = ('î', 'ỵ');

/// What stands after a letter, in small letters: the shape that it gives, if any, and the tone.
const MARKS: [(char, Option<char>, Tone); 17] = [
    ('ù', None, Tone::Acute),
    ('ø', None, Tone::Grave),
    ('û', None, Tone::Hook),
    ('õ', None, Tone::Tilde),
    ('ï', None, Tone::Dot),
    ('â', Some('\u{302}'), Tone::Level),
    ('á', Some('\u{302}'), Tone::Acute),
    ('à', Some('\u{302}'), Tone::Grave),
    ('å', Some('\u{302}'), Tone::Hook),
    ('ã', Some('\u{302}'), Tone::Tilde),
    ('ä', Some('\u{302}'), Tone::Dot),
    ('ê', Some('\u{306}'), Tone::Level),
    ('é', Some('\u{306}'), Tone::Acute),
    ('è', Some('\u{306}'), Tone::Grave),
    ('ú', Some('\u{306}'), Tone::Hook),
    ('ü', Some('\u{306}'), Tone::Tilde),
    ('ë', Some('\u{306}'), Tone::Dot),
];

/// The letter that a base letter and the character after it write; None where VNI has no such pair.
fn pair(base: char, mark: char) -> Option<char> {
    let &(_, shape, tone) = MARKS.iter().find(|(m, ..)| *m == lower(mark))?;
    let shaped = match shape {
        Some(shape) => with_shape(base, shape)?,
        None => base,
    };
    // `i` has characters of its own, and `y` has one for the dot.
    let bears = matches!(lower(base), 'a' | 'e' | 'o' | 'u' | 'ơ' | 'ư') || (lower(base) == 'y' && tone != Tone::Dot);
    if bears { with_tone(shaped, tone) } else { None }
}

/// Decodes `shown`; appends the text, and to `unknown` the characters that mean nothing in VNI.
pub(super) fn decode(shown: &str, out: &mut String, unknown: &mut Vec<char>) {
    let mut rest = shown.chars().peekable();
    while let Some(c) = rest.next() {
        let alone = ALONE.iter().chain([&Y_DOT]).find(|(s, _)| *s == lower(c)).map(|&(_, letter)| letter);
        let letter = alone.map_or(c, |letter| if c.is_uppercase() { upper(letter) } else { letter });
        // A base is a plain vowel or one of the letters ơ ư that stand alone.
        let base =
            matches!(lower(letter), 'a' | 'e' | 'o' | 'u' | 'y' | 'ơ' | 'ư') && (alone.is_some() || c.is_ascii());
        if let Some(joined) = rest.peek().filter(|_| base).and_then(|&mark| pair(letter, mark)) {
            out.push(joined);
            rest.next();
            continue;
        }
        if alone.is_none() && c.is_alphabetic() && !c.is_ascii() {
            unknown.push(c);
        }
        out.push(letter);
    }
}

/// The characters that write a letter, as they are shown; None for what VNI does not have.
pub(super) fn encode(letter: char) -> Option<String> {
    let cased = |shown: char| if letter.is_uppercase() { upper(shown) } else { shown };
    if let Some(&(shown, _)) = ALONE.iter().chain([&Y_DOT]).find(|(_, l)| *l == lower(letter)) {
        return Some(cased(shown).to_string());
    }
    if !is_vowel(letter) {
        return None;
    }
    let (shaped, tone) = split_tone(lower(letter));
    let (base, shape) = match shaped {
        'â' => ('a', Some('\u{302}')),
        'ê' => ('e', Some('\u{302}')),
        'ô' => ('o', Some('\u{302}')),
        'ă' => ('a', Some('\u{306}')),
        'ơ' => ('ô', None),
        'ư' => ('ö', None),
        plain => (plain, None),
    };
    let mark = MARKS.iter().find(|&&(_, s, t)| s == shape && t == tone)?.0;
    Some([base, mark].map(cased).into_iter().collect())
}

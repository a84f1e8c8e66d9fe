//! Per mille signs: neither recogniser has them, and reads a per cent sign with a letter behind it, `7,6%o`, or without one.

use crate::page::{Alternative, Word};

/// What the third ring is read as; a nought is a digit, and none is taken away.
const RINGS: [char; 8] = ['o', 'c', 'e', 'a', '‹', '›', '«', 'ọ'];
/// How sure it is that the sign is one where one recogniser saw its third ring, and where both did.
const SEEN: f32 = 0.8;
const AGREED: f32 = 0.95;

/// Gives words that are figures with such signs the sign that is printed; what was read stays beside it. `read` are the first choices of the recognisers.
pub(super) fn mend(words: &mut [Word], read: [&str; 2]) {
    for word in words {
        let Some((figure, behind)) = word.text.split_once('%').filter(|(figure, _)| is_figure(figure)) else {
            continue;
        };
        let stops = behind.trim_start_matches(RINGS);
        if !stops.chars().all(|c| matches!(c, '.' | ',' | ';' | ':' | ')')) || behind.len() > stops.len() + 3 {
            continue;
        }
        let saw_ring = |text: &str| {
            ["%", "6"].iter().any(|sign| {
                let seen = format!("{figure}{sign}");
                text.split(' ').any(|part| part.strip_prefix(&seen).is_some_and(|rest| rest.starts_with('o')))
            })
        };
        let count = read.into_iter().filter(|text| saw_ring(text)).count();
        if stops.len() == behind.len() && count == 0 {
            continue;
        }
        let sign = format!("{figure}‰{stops}");
        let confidence = word.confidence.min(if count == 2 { AGREED } else { SEEN });
        let seen = Alternative { text: std::mem::replace(&mut word.text, sign), confidence: 1.0 - confidence };
        word.confidence = confidence;
        word.alternatives.retain(|other| other.text != word.text && other.text != seen.text);
        word.alternatives.insert(0, seen);
    }
}

/// Whether a text is a number such as rates have: `7,6`, `(-12`.
fn is_figure(text: &str) -> bool {
    let number = text.trim_start_matches(['(', '-', '–', '+']);
    number.ends_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_behind_a_per_cent_sign_makes_it_per_mille() {
        let mended = |text: &str, read: [&str; 2]| {
            let mut words = [Word { text: text.into(), confidence: 1.0, ..Word::default() }];
            mend(&mut words, read);
            let [word] = words;
            (word.text, word.alternatives.first().map(|other| other.text.clone()))
        };
        let both = |text: &str| mended(text, [text, text]);
        assert_eq!(both("7,6%o."), ("7,6‰.".into(), Some("7,6%o.".into())));
        assert_eq!(both("14%c"), ("14‰".into(), Some("14%c".into())));
        assert_eq!(mended("7,6%", ["giảm 7,6%o so", "7,6%"]), ("7,6‰".into(), Some("7,6%".into())));
        assert_eq!(mended("7,6%;", ["7,6%;", "7,66o;"]).0, "7,6‰;");
        for text in ["7,6%", "7,6%,", "100%", "%o", "12%-15%", "7,6%của", "7,6%0"] {
            assert_eq!(both(text).0, text);
        }
        assert_eq!(mended("7,6%", ["7,6% của", "7,6% oi"]).0, "7,6%");
    }
}

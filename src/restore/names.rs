//! A name that was seen surely in one place tells what it is where it was not: a head in capitals says the name that the signature has, too.
//!
//! One sense per discourse (Gale, Church and Yarowsky 1992), as in `document/one_sense.rs`, but by how sure the recogniser was, and among
//! its own readings only: what it never saw as possible is not made a name.

use super::{Edit, Grade, RestoredPage};
use crate::page::Word;
use crate::text::letter::bare;
use crate::text::token::Shape;
use std::collections::BTreeMap;

/// A name is known from where both its words are this sure.
const SURE: f32 = 0.95;
/// Words that are surer than this follow no other.
const DOUBTED: f32 = 0.9;
/// How probable a reading is that was chosen by another place: as that of a name in restored text.
const AGREED: f32 = 0.9;

/// Two neighbours in small letters.
type Name = [String; 2];

/// Adds the edits that names seen surely elsewhere in the document make: of two words in capitals, those in doubt become what the
/// recogniser saw as another reading, where this is the name that all sure places of these letters have.
pub(super) fn follow(pages: &mut [RestoredPage]) {
    // By their letters without marks: what name it surely is; None where it is more than one.
    let mut known: BTreeMap<String, Option<Name>> = BTreeMap::new();
    for words in pages.iter().flat_map(|page| &page.recognised.lines).flat_map(|line| line.words.windows(2)) {
        let Some((letters, name)) = name_of(words) else { continue };
        if words.iter().all(|word| word.confidence >= SURE) {
            let known = known.entry(letters).or_insert_with(|| Some(name.clone()));
            known.take_if(|other| *other != name);
        }
    }
    for page in pages {
        let mut made = Vec::new();
        for (index, line) in page.recognised.lines.iter().enumerate() {
            for (at, words) in line.words.windows(2).enumerate() {
                let Some((bare_letters, name)) = name_of(words) else { continue };
                let Some(Some(sure)) = known.get(&bare_letters) else { continue };
                let others = [0, 1].map(|side| other_reading(&words[side], &name[side], &sure[side]));
                let [Some(left), Some(right)] = others else { continue };
                for (word, after) in
                    [left, right].into_iter().enumerate().filter_map(|(w, after)| Some((at + w, after?)))
                {
                    let before = line.words[word].text.clone();
                    // Only letters change, never the signs around them.
                    let (words, after) = (word..word + 1, before.replacen(letters(&before), after, 1));
                    made.push(Edit { line: index, words, before, after, posterior: AGREED, grade: Grade::of(AGREED) });
                }
            }
        }
        let taken = |edit: &Edit, edits: &[Edit]| {
            edits
                .iter()
                .any(|e| e.line == edit.line && e.words.start < edit.words.end && edit.words.start < e.words.end)
        };
        for edit in made {
            if !taken(&edit, &page.edits) {
                page.edits.push(edit);
            }
        }
        page.edits.sort_by_key(|edit| (edit.line, edit.words.start));
    }
}

/// The letters of two neighbours in capitals without their marks, and their letters with them, both small; None where these are no name.
fn name_of(words: &[Word]) -> Option<(String, Name)> {
    let mut name = Name::default();
    for (word, name) in words.iter().zip(&mut name) {
        let letters = letters(&word.text);
        let written = letters.chars().count() > 1 && letters.chars().all(char::is_alphabetic);
        if !written || !matches!(Shape::of(letters), Shape::Title | Shape::Upper) {
            return None;
        }
        *name = letters.to_lowercase();
    }
    // What stands between the two parts them.
    let [left, right] = words else { return None };
    let whole = left.text.ends_with(char::is_alphabetic) && right.text.starts_with(char::is_alphabetic);
    whole.then(|| (name.iter().flat_map(|n| n.chars().map(bare).chain([' '])).collect(), name))
}

fn letters(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric())
}

/// What the word is written as where it is to be the `sure` one: None where it cannot be that, and nothing where it is so already.
fn other_reading<'a>(word: &'a Word, own: &str, sure: &str) -> Option<Option<&'a str>> {
    if own == sure {
        return Some(None);
    }
    let reading = word.alternatives.iter().find(|other| letters(&other.text).to_lowercase() == sure);
    reading.filter(|_| word.confidence < DOUBTED).map(|other| Some(letters(&other.text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Alternative, Line, RecognisedPage};

    /// What becomes of lines of words, each with its confidence and what else it may be.
    fn followed(lines: &[&[(&str, f32, &str)]]) -> Vec<String> {
        let word = |&(text, confidence, other): &(&str, f32, &str)| Word {
            text: text.into(),
            confidence,
            alternatives: vec![Alternative { text: other.into(), confidence: 0.1 }],
            ..Word::default()
        };
        let line = |words: &&[(&str, f32, &str)]| Line { words: words.iter().map(word).collect(), ..Line::default() };
        let recognised = RecognisedPage { lines: lines.iter().map(line).collect(), ..RecognisedPage::default() };
        let mut pages = [RestoredPage { recognised, edits: Vec::new() }];
        follow(&mut pages);
        pages[0].printed_lines().into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_name_in_doubt_is_what_it_surely_is_elsewhere() {
        let sure: &[_] = &[("xã", 1.0, ""), ("Đồng", 1.0, ""), ("Mộc,", 0.99, "")];
        let head: &[_] = &[("XÃ", 1.0, ""), ("ĐÔNG", 0.67, "ĐỒNG"), ("MỘC", 0.98, "MÔC")];
        assert_eq!(followed(&[head, sure]), ["XÃ ĐỒNG MỘC", "xã Đồng Mộc,"]);
        let both: &[_] = &[("ĐÔNG", 0.67, "ĐỒNG"), ("MÔC", 0.8, "MỘC")];
        assert_eq!(followed(&[sure, both])[1], "ĐỒNG MỘC");
        // Its signs are its own.
        let marked: &[_] = &[("(ĐÔNG", 0.67, "ĐỒNG."), ("MỘC)", 0.98, "MÔC")];
        assert_eq!(followed(&[sure, marked])[1], "(ĐỒNG MỘC)");
    }

    #[test]
    fn what_is_sure_or_was_never_seen_stands() {
        let sure: &[_] = &[("Đồng", 1.0, ""), ("Mộc", 0.99, "")];
        for own in [("ĐÔNG", 0.95, "ĐỒNG"), ("ĐÔNG", 0.6, "ĐÓNG")] {
            assert_eq!(followed(&[&[own, ("MỘC", 0.98, "")], sure])[0], "ĐÔNG MỘC");
        }
        // No name, another name, a name in two parts, and two names of the same letters.
        assert_eq!(followed(&[&[("đông", 0.6, "đồng"), ("mộc", 0.9, "")], sure])[0], "đông mộc");
        assert_eq!(followed(&[&[("Đông", 0.6, "Đồng"), ("Mậu", 0.9, "")], sure])[0], "Đông Mậu");
        assert_eq!(followed(&[&[("Đông,", 0.6, "Đồng,"), ("Mộc", 0.9, "")], sure])[0], "Đông, Mộc");
        let other: &[_] = &[("Đông", 1.0, ""), ("Mộc", 0.99, "")];
        assert_eq!(followed(&[&[("Đông", 0.6, "Đồng"), ("Mộc", 0.9, "")], sure, other])[0], "Đông Mộc");
    }
}

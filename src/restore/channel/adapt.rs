//! Draws the weights of a recogniser towards what a text at hand shows: words that were read surely beside what stands there for them.
//!
//! Maximum a posteriori adaptation (Gauvain and Lee 1994): what was learned before counts as so many observations, the text's own come on
//! top. Letters borrow besides from the letters of their shape and base, of which a text has more.

use super::learn::{Counts, Example, Letters, example, letter_counts, parts_once};
use super::letters::{Alphabet, Code, Packed};
use super::weights::{Row, Size, Table};
use crate::text::letter::{bare, split_tone};
use std::collections::BTreeMap;

/// Rounds of expectation maximisation over the letters.
const ROUNDS: usize = 2;
/// What was seen n times counts as n to this power for the units that a word is made of.
const DAMPING: f64 = 0.5;
/// Observations that what was learned before counts as, of a letter and of larger units. From 10 to 100 and from 5 to 50 nothing comes out
/// half a point better or worse.
const LETTER: f64 = 30.0;
const PARTS: f64 = 20.0;
/// Weight, in observations, of what the letters that share a shape or a base show in the text, and what they are presumed to have shown.
const KINSHIP: f64 = 10.0;
const PRESUMED: f64 = 10.0;
/// Probabilities of one letter below this are not kept.
const LEAST: f64 = 2e-6;

/// The table after it has seen these pairs, each of a word, what was seen for it, and how much that counts.
pub fn adapt(prior: &Table, pairs: &BTreeMap<(String, String), f64>, alphabet: &Alphabet) -> Table {
    let examples: Vec<Example> = pairs.iter().filter_map(|(pair, &n)| example(pair, n, alphabet)).collect();
    let before = &prior.rows[Size::Letter as usize];
    let (mut letter_rows, mut letters) = (Vec::new(), Letters::of_rows(before));
    for _ in 0..ROUNDS {
        let counts = letter_counts(&examples, Some(&letters), alphabet, DAMPING);
        letter_rows = drawn(before, &counts, alphabet);
        letters = Letters::of_rows(&letter_rows);
    }
    let [onsets, rimes] = parts_once(&examples, &letters, prior, DAMPING);
    let mut syllables = Counts::new();
    for example in &examples {
        if let Some(printed) = Packed::new(&example.printed) {
            *syllables.entry(printed).or_default().entry(example.seen).or_default() += example.count;
        }
    }
    let rows = |size: Size, counts| merged(&prior.rows[size as usize], counts);
    Table {
        rows: [letter_rows, rows(Size::Onset, onsets), rows(Size::Rime, rimes), rows(Size::Syllable, syllables)],
        ..*prior
    }
}

/// Letters between what they were before and what was counted.
fn drawn(before: &[Row], counts: &BTreeMap<Code, BTreeMap<Packed, f64>>, alphabet: &Alphabet) -> Vec<Row> {
    let key = |letter: Code| {
        let c = alphabet.character(letter);
        [split_tone(c).0, bare(c)]
    };
    let mut pools: [BTreeMap<char, (f64, BTreeMap<Packed, f64>)>; 2] = Default::default();
    for (&letter, segments) in counts {
        for (pool, key) in pools.iter_mut().zip(key(letter)) {
            let pool = pool.entry(key).or_default();
            for (&segment, n) in segments {
                pool.0 += n;
                *pool.1.entry(segment).or_default() += n;
            }
        }
    }
    let mut rows = Vec::with_capacity(before.len());
    for row in before {
        let [letter] = row.printed.codes()[..] else { continue };
        let own = counts.get(&letter);
        let keys = key(letter);
        let mut gained: BTreeMap<Packed, f64> = own.cloned().unwrap_or_default();
        // Only letters that bear a mark lend and borrow: how a plain letter is seen says little of its marked ones.
        if alphabet.character(letter) != keys[1] {
            for (pool, key) in pools.iter().zip(keys) {
                if let Some((whole, segments)) = pool.get(&key) {
                    for (&segment, n) in segments {
                        *gained.entry(segment).or_default() += 0.5 * KINSHIP * n / (whole + PRESUMED);
                    }
                }
            }
        }
        let total: f64 = gained.values().sum();
        let mut seen: BTreeMap<Packed, f64> =
            row.seen.iter().map(|&(segment, p)| (segment, LETTER * f64::from(p) / (LETTER + total))).collect();
        for (segment, n) in gained {
            *seen.entry(segment).or_default() += n / (LETTER + total);
        }
        let seen = seen.into_iter().filter(|s| s.1 > LEAST).map(|(segment, p)| (segment, p as f32)).collect();
        rows.push(Row { printed: row.printed, back_off: row.back_off, seen });
    }
    rows
}

/// Rows with what was counted on top of what they were.
fn merged(prior: &[Row], counts: Counts) -> Vec<Row> {
    let mut rows: BTreeMap<Packed, (f64, BTreeMap<Packed, f64>)> = prior
        .iter()
        .map(|r| (r.printed, (f64::from(r.back_off), r.seen.iter().map(|s| (s.0, f64::from(s.1))).collect())))
        .collect();
    for (printed, seen) in counts {
        let (back_off, direct) = rows.entry(printed).or_insert_with(|| (1.0, BTreeMap::new()));
        let total: f64 = seen.values().sum();
        let share = PARTS / (PARTS + total);
        *back_off *= share;
        direct.values_mut().for_each(|p| *p *= share);
        for (segment, n) in seen {
            *direct.entry(segment).or_default() += n / (PARTS + total);
        }
    }
    rows.into_iter()
        .map(|(printed, (back_off, seen))| Row {
            printed,
            back_off: back_off as f32,
            seen: seen.into_iter().filter(|s| s.1 > 1e-7).map(|(s, p)| (s, p as f32)).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(alphabet: &Alphabet, printed: &str, seen: &[(&str, f32)]) -> Row {
        let packed = |text: &str| Packed::new(&alphabet.codes(text)).unwrap();
        Row { printed: packed(printed), back_off: 0.0, seen: seen.iter().map(|&(s, p)| (packed(s), p)).collect() }
    }

    #[test]
    fn letters_are_drawn_to_what_the_text_shows_and_their_kin_a_little() {
        let alphabet = Alphabet::default();
        let mut prior = Table::default();
        prior.rows[Size::Letter as usize] = [("n", "n"), ("m", "m"), ("t", "t"), ("ă", "a"), ("ắ", "a"), ("ô", "o")]
            .map(|(printed, seen)| row(&alphabet, printed, &[(seen, 0.9)]))
            .into();
        let pairs =
            BTreeMap::from([(("năm".to_owned(), "n[m".to_owned()), 40.0), (("tăm".to_owned(), "t[m".to_owned()), 9.0)]);
        let table = adapt(&prior, &pairs, &alphabet);
        let p = |printed: &str, seen: &str| {
            let row = table.rows[Size::Letter as usize]
                .iter()
                .find(|r| alphabet.text(&r.printed.codes()) == printed)
                .unwrap();
            row.seen.iter().find(|s| alphabet.text(&s.0.codes()) == seen).map_or(0.0, |s| s.1)
        };
        assert!(p("ă", "[") > 0.2, "{}", p("ă", "["));
        assert!(p("ắ", "[") > 0.02 && p("ắ", "[") < p("ă", "["), "{}", p("ắ", "["));
        assert!(p("ă", "a") < 0.9 && p("ă", "a") > 0.4);
        assert_eq!((p("ô", "["), p("n", "[")), (0.0, 0.0));
        let whole = &table.rows[Size::Syllable as usize];
        assert!(whole.iter().any(|r| r.back_off < 0.5 && alphabet.text(&r.printed.codes()) == "năm"));
    }
}

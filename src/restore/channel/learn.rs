//! Learns [`weights`](super::weights) from pairs by expectation maximisation: first of letters, then of onsets and rimes, whose border
//! in what was seen is not known either.

use super::letters::{Alphabet, Code, INSERTED, LONGEST, OF_WIDTH, Packed, onset_len};
use super::pairs::Pairs;
use super::weights::{Row, Size, Table};
use crate::text::letter::{bare, split_tone};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Rounds of expectation maximisation over letters; the likelihood of held-out pairs does not rise after the sixth.
const LETTER_ROUNDS: usize = 8;
/// Rounds over onsets and rimes.
const PART_ROUNDS: usize = 4;
/// The most characters that one letter is seen as.
const WIDEST: usize = 3;
/// A pair met n times counts as n to this power for the units that it is made of: small units speak for what is *not* met
/// as a whole, so that kinds of pairs matter more there than how often one came back.
const DAMPING: f64 = 0.3;
/// Weight, in observations, of what the letters that share a shape or a base do.
const KINSHIP: f64 = 20.0;
/// Discount and strength of the Pitman-Yor estimates of onsets, rimes and syllables.
const DISCOUNT: f64 = 0.7;
const STRENGTH: f64 = 14.0;
/// Probabilities of one letter below this are not kept.
const LEAST: f64 = 2e-6;
/// One kind of pair.
pub(super) struct Example {
    pub printed: Vec<Code>,
    pub onset: usize,
    pub seen: Packed,
    pub len: usize,
    pub count: f64,
}

/// P(segment | letter), as far as it was counted.
#[derive(Default)]
pub(super) struct Letters(FxHashMap<(Code, Packed), f64>);

impl Letters {
    /// What rows of letters say.
    pub fn of_rows(rows: &[Row]) -> Self {
        let mut letters = Letters::default();
        for row in rows {
            if let [letter] = row.printed.codes()[..] {
                letters.0.extend(row.seen.iter().map(|&(seen, p)| ((letter, seen), f64::from(p))));
            }
        }
        letters
    }

    /// P(`len` characters of `seen` from `start` | letter); never quite 0 for up to two characters, see [`OF_WIDTH`].
    fn p(&self, letter: Code, seen: Packed, start: usize, len: usize) -> f64 {
        let counted = |start, len| self.0.get(&(letter, seen.slice(start, len))).copied().unwrap_or(0.0);
        let rest = match len {
            2 => INSERTED * (self.p(letter, seen, start, 1) + self.p(letter, seen, start + 1, 1)),
            len => OF_WIDTH[len.min(3)],
        };
        counted(start, len).max(rest)
    }
}

/// The weights that the pairs speak for.
pub fn learn(pairs: &Pairs, alphabet: &Alphabet) -> Table {
    let examples: Vec<Example> =
        pairs.words.iter().filter_map(|(pair, &n)| example(pair, n as f64, alphabet)).collect();
    let mut letters = None;
    for _ in 0..LETTER_ROUNDS {
        let counts = letter_counts(&examples, letters.as_ref(), alphabet, DAMPING);
        letters = Some(letter_estimate(&counts, alphabet));
    }
    let letters = letters.unwrap_or_default();
    let [onsets, rimes] = parts(&examples, &letters);
    let mut syllables: BTreeMap<Packed, BTreeMap<Packed, f64>> = BTreeMap::new();
    for example in &examples {
        if let Some(printed) = Packed::new(&example.printed) {
            *syllables.entry(printed).or_default().entry(example.seen).or_default() += example.count;
        }
    }
    let share = |[no, yes]: [u64; 2]| ((yes as f64 + 0.1) / ((no + yes) as f64 + 1000.0)) as f32;
    Table {
        rows: [letter_rows(&letters), estimate(onsets, 0.5), estimate(rimes, 0.5), estimate(syllables, 0.5)],
        lost_space: share(pairs.spaces),
        broken_word: share(pairs.whole),
    }
}

pub(super) fn example((printed, seen): &(String, String), count: f64, alphabet: &Alphabet) -> Option<Example> {
    let chars: Vec<char> = printed.chars().collect();
    let codes = alphabet.codes(seen);
    // Pairs so unlike are misaligned lines, not misread words.
    if codes.len() > LONGEST.min(2 * chars.len() + 3) {
        return None;
    }
    Some(Example {
        printed: alphabet.printed(printed)?,
        onset: onset_len(&chars),
        seen: Packed::new(&codes)?,
        len: codes.len(),
        count,
    })
}

/// What one letter is taken to be seen as before anything was counted: itself with or without marks mostly.
fn guess(letter: Code, segment: &[Code], alphabet: &Alphabet) -> f64 {
    let base = bare(alphabet.character(letter));
    let same = segment.iter().any(|&c| bare(alphabet.character(c)) == base);
    match (segment.len(), same) {
        (0, _) => 0.03,
        (1, true) => 0.5,
        (1, false) => 2e-3,
        (2, true) => 5e-4,
        (2, false) => 5e-5,
        (_, true) => 1e-6,
        (_, false) => 1e-7,
    }
}

/// Expected counts of what each letter was seen as.
pub(super) fn letter_counts(
    examples: &[Example],
    letters: Option<&Letters>,
    alphabet: &Alphabet,
    damping: f64,
) -> BTreeMap<Code, BTreeMap<Packed, f64>> {
    let mut counts: BTreeMap<Code, BTreeMap<Packed, f64>> = BTreeMap::new();
    for example in examples {
        let p = |letter: Code, start: usize, len: usize| match letters {
            Some(letters) => letters.p(letter, example.seen, start, len),
            None => guess(letter, &example.seen.slice(start, len).codes(), alphabet),
        };
        let (n, m) = (example.printed.len(), example.len);
        let mut before = vec![vec![0.0; m + 1]; n + 1];
        let mut after = vec![vec![0.0; m + 1]; n + 1];
        before[0][0] = 1.0;
        after[n][m] = 1.0;
        for i in 0..n {
            for j in 0..=m {
                for len in 0..=WIDEST.min(m - j) {
                    before[i + 1][j + len] += before[i][j] * p(example.printed[i], j, len);
                }
            }
        }
        for i in (0..n).rev() {
            for j in 0..=m {
                after[i][j] =
                    (0..=WIDEST.min(m - j)).map(|len| p(example.printed[i], j, len) * after[i + 1][j + len]).sum();
            }
        }
        let total = before[n][m];
        if total <= 0.0 {
            continue;
        }
        let weight = example.count.powf(damping) / total;
        for i in 0..n {
            let letter = counts.entry(example.printed[i]).or_default();
            for j in 0..=m {
                for len in 0..=WIDEST.min(m - j) {
                    let expected = weight * before[i][j] * p(example.printed[i], j, len) * after[i + 1][j + len];
                    if expected > 1e-7 {
                        *letter.entry(example.seen.slice(j, len)).or_default() += expected;
                    }
                }
            }
        }
    }
    counts
}

/// P(segment | letter), drawn towards what the letters with the same shape, and with the same base, do.
fn letter_estimate(counts: &BTreeMap<Code, BTreeMap<Packed, f64>>, alphabet: &Alphabet) -> Letters {
    let mut shapes: BTreeMap<char, BTreeMap<Packed, f64>> = BTreeMap::new();
    let mut bases: BTreeMap<char, BTreeMap<Packed, f64>> = BTreeMap::new();
    for (&letter, segments) in counts {
        let letter = alphabet.character(letter);
        for (pool, key) in [(&mut shapes, split_tone(letter).0), (&mut bases, bare(letter))] {
            let pool = pool.entry(key).or_default();
            for (&segment, n) in segments {
                *pool.entry(segment).or_default() += n;
            }
        }
    }
    let sum = |segments: &BTreeMap<Packed, f64>| segments.values().sum::<f64>();
    let mut letters = Letters::default();
    for (&letter, segments) in counts {
        let character = alphabet.character(letter);
        let (shape, base) = (&shapes[&split_tone(character).0], &bases[&bare(character)]);
        let (total, shape_total, base_total) = (sum(segments), sum(shape), sum(base));
        for (&segment, in_base) in base {
            let kin = 0.5 * shape.get(&segment).copied().unwrap_or(0.0) / shape_total + 0.5 * in_base / base_total;
            let own = segments.get(&segment).copied().unwrap_or(0.0);
            let p = (own + KINSHIP * kin) / (total + KINSHIP);
            if p > LEAST {
                letters.0.insert((letter, segment), p);
            }
        }
    }
    letters
}

// What is gathered is sorted below.
#[allow(clippy::iter_over_hash_type)]
fn letter_rows(letters: &Letters) -> Vec<Row> {
    let mut rows: BTreeMap<Code, Vec<(Packed, f32)>> = BTreeMap::new();
    for (&(letter, segment), &p) in &letters.0 {
        rows.entry(letter).or_default().push((segment, p as f32));
    }
    let row = |(letter, mut seen): (Code, Vec<(Packed, f32)>)| {
        seen.sort_unstable_by_key(|s| s.0);
        Row { printed: Packed::new(&[letter]).unwrap_or_default(), back_off: 0.0, seen }
    };
    rows.into_iter().map(row).collect()
}

/// P(the characters from `start` on, however many | letters): by the number of characters.
fn spelled(letters: &Letters, printed: &[Code], seen: Packed, start: usize, len: usize) -> Vec<f64> {
    let mut column = vec![0.0; len + 1 - start];
    column[0] = 1.0;
    for &letter in printed {
        let mut next = vec![0.0; column.len()];
        for (j, p) in column.iter().enumerate().filter(|(_, p)| **p > 0.0) {
            for width in 0..=WIDEST.min(column.len() - 1 - j) {
                next[j + width] += p * letters.p(letter, seen, start + j, width);
            }
        }
        column = next;
    }
    column
}

/// What each unit was seen as, with expected counts.
pub(super) type Counts = BTreeMap<Packed, BTreeMap<Packed, f64>>;

/// What the letters alone say of each border of an example, which no round changes.
type Spelling = [Vec<f64>; 2];

fn spelling(example: &Example, letters: &Letters) -> Spelling {
    let (onset, rime) = example.printed.split_at(example.onset);
    let onsets = spelled(letters, onset, example.seen, 0, example.len);
    let last = |j: usize| spelled(letters, rime, example.seen, j, example.len)[example.len - j];
    [onsets, (0..=example.len).map(last).collect()]
}

/// Units by what is printed: their back-off, and what they are seen as.
type ByUnit = FxHashMap<Packed, (f64, FxHashMap<Packed, f64>)>;

/// Expected counts of onsets and of rimes.
fn parts(examples: &[Example], letters: &Letters) -> [Counts; 2] {
    let spelling: Vec<Spelling> = examples.iter().map(|e| spelling(e, letters)).collect();
    let mut counts = [Counts::new(), Counts::new()];
    for round in 0..PART_ROUNDS {
        let known = counts.map(|c| if round == 0 { FxHashMap::default() } else { by_unit(&estimate(c, 0.0)) });
        counts = part_counts(examples, &spelling, &known, DAMPING);
    }
    counts
}

/// Expected counts of onsets and of rimes under the rows of a table.
pub(super) fn parts_once(examples: &[Example], letters: &Letters, table: &Table, damping: f64) -> [Counts; 2] {
    let spelling: Vec<Spelling> = examples.iter().map(|e| spelling(e, letters)).collect();
    let known = [Size::Onset, Size::Rime].map(|size| by_unit(&table.rows[size as usize]));
    part_counts(examples, &spelling, &known, damping)
}

fn part_counts(examples: &[Example], spelling: &[Spelling], known: &[ByUnit; 2], damping: f64) -> [Counts; 2] {
    let mut counts = [Counts::new(), Counts::new()];
    for (example, [onsets, rimes]) in examples.iter().zip(spelling) {
        let (onset, rime) = example.printed.split_at(example.onset);
        let (Some(onset), Some(rime)) = (Packed::new(onset), Packed::new(rime)) else { continue };
        let p = |part: usize, unit: Packed, seen: Packed, spelled: f64| match known[part].get(&unit) {
            Some((back_off, direct)) => direct.get(&seen).copied().unwrap_or(0.0) + back_off * spelled,
            None => spelled,
        };
        let borders: Vec<f64> = (0..=example.len)
            .map(|j| {
                let (left, right) = (example.seen.slice(0, j), example.seen.slice(j, example.len - j));
                p(0, onset, left, onsets[j]) * p(1, rime, right, rimes[j])
            })
            .collect();
        let total: f64 = borders.iter().sum();
        if total <= 0.0 {
            continue;
        }
        let weight = example.count.powf(damping) / total;
        for (j, p) in borders.into_iter().enumerate().filter(|(_, p)| p * weight > 1e-4) {
            let (left, right) = (example.seen.slice(0, j), example.seen.slice(j, example.len - j));
            *counts[0].entry(onset).or_default().entry(left).or_default() += p * weight;
            *counts[1].entry(rime).or_default().entry(right).or_default() += p * weight;
        }
    }
    counts
}

/// The interpolated Pitman-Yor estimate, keeping what was counted more than `least` times.
fn estimate(counts: Counts, least: f64) -> Vec<Row> {
    let row = |(printed, seen): (Packed, BTreeMap<Packed, f64>)| {
        let total = seen.values().sum::<f64>() + STRENGTH;
        let kept = seen.into_iter().filter(|(_, n)| *n > least);
        let seen: Vec<(Packed, f32)> = kept
            .map(|(segment, n)| (segment, ((n - DISCOUNT * n.min(1.0)) / total) as f32))
            .filter(|s| s.1 > 1e-7)
            .collect();
        let back_off = 1.0 - seen.iter().map(|s| s.1).sum::<f32>();
        Row { printed, back_off, seen }
    };
    counts.into_iter().map(row).filter(|r| !r.seen.is_empty()).collect()
}

fn by_unit(rows: &[Row]) -> ByUnit {
    rows.iter()
        .map(|r| (r.printed, (f64::from(r.back_off), r.seen.iter().map(|&(s, p)| (s, f64::from(p))).collect())))
        .collect()
}

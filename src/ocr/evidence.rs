//! What both recognisers say for one string where a few words stand, as numbers that can be weighed.

use super::{Run, Steps, Word};
use crate::dict::Dictionaries;
use crate::text::syllable::Syllable;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// How many numbers [`Evidence`] has.
pub const FEATURES: usize = 9;

/// One string that may be printed at a place, and what speaks for it; larger is better for each number.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The string, words parted by one space.
    pub text: String,
    /// In this order: the network's log probability, at least [`LOWEST`] under the best; minus the cost of making the string
    /// from what Tesseract read; whether it is what Tesseract read; whether it is the network's first choice; the share
    /// of its parts that can be words; minus the mean rarity of its syllables; its length; minus the letters that
    /// the network does not have; minus the changes of case within its words.
    pub features: [f32; FEATURES],
}

/// What is not told by the network below this is told by nobody: natural logarithm.
const LOWEST: f32 = -30.0;

/// What kinds of strings are weighed apart: recognisers fail at them in different ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Syllables.
    Word,
    /// Something with a digit in one of its readings.
    Figure,
    /// Codes and abbreviations: several capitals, or letters joined by a stroke.
    Code,
}

impl Kind {
    /// The kind of a place, by all its readings.
    pub fn of<'a>(readings: impl IntoIterator<Item = &'a str>) -> Kind {
        let mut kind = Kind::Word;
        for reading in readings {
            if reading.chars().any(|c| c.is_ascii_digit()) {
                return Kind::Figure;
            }
            let inner = reading.trim_matches(|c: char| !c.is_alphanumeric());
            let joined = inner.contains(['/', '-']);
            let capitals = inner.chars().filter(|c| c.is_uppercase()).count();
            let syllable = Syllable::parse(inner).is_some();
            if joined || (capitals >= 2 && !syllable) {
                kind = Kind::Code;
            }
        }
        kind
    }
}

/// A place in a line: what Tesseract read there, and the steps of the network that show it.
pub struct Place<'a> {
    /// Tesseract's words; none where it saw nothing.
    pub words: &'a [Word],
    /// The network's steps.
    pub span: Range<usize>,
    /// The network's first choice, a part of [`Steps::runs`].
    pub runs: &'a [Run],
}

/// Weighs strings by both recognisers.
pub struct Scorer<'a> {
    dictionaries: &'a Dictionaries,
    letters: &'a [char],
    classes: FxHashMap<char, usize>,
    scratch: Vec<f32>,
}

impl<'a> Scorer<'a> {
    /// A scorer for a network with these letters.
    pub fn new(dictionaries: &'a Dictionaries, letters: &'a [char]) -> Self {
        let classes = letters.iter().zip(1..).map(|(&letter, class)| (letter, class)).collect();
        Scorer { dictionaries, letters, classes, scratch: Vec::new() }
    }

    /// Everything that may be printed at `place`, what Tesseract read first; no string twice.
    ///
    /// Proposed are both recognisers' readings, the network's next ones, and Tesseract's with one symbol exchanged.
    pub fn candidates(&mut self, steps: &Steps, place: &Place) -> Vec<Evidence> {
        let read: Vec<&str> = place.words.iter().map(|w| w.text.as_str()).collect();
        let read = read.join(" ");
        let first = self.spelt(place.runs.iter().map(|r| r.class));
        let mut texts: Vec<String> = Vec::new();
        let mut add = |text: String| {
            if !texts.contains(&text) {
                texts.push(text);
            }
        };
        if !place.words.is_empty() {
            add(read.clone());
        }
        add(first.clone());
        if !place.span.is_empty() {
            for (classes, _) in steps.best(place.span.clone(), BEAM) {
                add(self.spelt(classes.into_iter()));
            }
        }
        // A long stretch without a common space is no place to try single symbols: there are hundreds.
        if place.words.len() <= MOST_EXCHANGED {
            exchanged(place.words).into_iter().for_each(&mut add);
        }
        add(respaced(&first, &read));
        // Where anybody reads something, nothing is no reading; a digit is never taken away by silence.
        if texts.iter().any(|t| !t.is_empty()) {
            texts.retain(|t| !t.is_empty());
        }
        let symbols: Vec<Cost> = costs(place.words);
        let mut scored: Vec<Evidence> = texts
            .into_iter()
            .map(|text| {
                let (network, unknown) = self.network(steps, &place.span, &text);
                let features = [
                    network,
                    if place.words.is_empty() { 0.0 } else { -distance(&symbols, &text) },
                    f32::from(u8::from(text == read && !place.words.is_empty())),
                    f32::from(u8::from(text == first)),
                    self.plausible(&text),
                    -self.rarity(&text),
                    text.chars().count() as f32,
                    -(unknown as f32),
                    -(case_changes(&text) as f32),
                ];
                Evidence { text, features }
            })
            .collect();
        let best = scored.iter().map(|e| e.features[0]).fold(f32::NEG_INFINITY, f32::max);
        for evidence in &mut scored {
            let under = if best.is_finite() { evidence.features[0] - best } else { 0.0 };
            evidence.features[0] = under.max(LOWEST);
        }
        scored
    }

    /// The string of these classes without outer or doubled spaces.
    fn spelt(&self, classes: impl Iterator<Item = usize>) -> String {
        let text: String = classes.map(|c| self.letters[c - 1]).collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The network's log probability of `text`, and how many of its letters the network does not have.
    fn network(&mut self, steps: &Steps, span: &Range<usize>, text: &str) -> (f32, usize) {
        let mut unknown = 0;
        let mut classes = Vec::with_capacity(text.len());
        for c in text.chars() {
            match self.classes.get(&look_alike(c)) {
                Some(&class) => classes.push(class),
                None => unknown += 1,
            }
        }
        (steps.score(span.clone(), &classes, &mut self.scratch), unknown)
    }

    /// The share of the parts of `text` that are syllables in use, abbreviations, names or numbers.
    fn plausible(&self, text: &str) -> f32 {
        let (mut known, mut all) = (0.0, 0.0);
        for part in parts(text) {
            all += 1.0;
            known += f32::from(u8::from(
                part.chars().all(|c| c.is_ascii_digit())
                    || (self.dictionaries.is_in_use(part) && case_changes(part) == 0)
                    || self.dictionaries.is_abbreviation(part)
                    || is_numeral(part)
                    || heads_clause(text),
            ));
        }
        if all > 0.0 { known / all } else { 1.0 }
    }

    /// Mean frequency class of the syllables, from 0; what is no syllable counts as [`RAREST`].
    fn rarity(&self, text: &str) -> f32 {
        const RAREST: f32 = 24.0;
        let (mut sum, mut all) = (0.0, 0.0);
        for part in parts(text).filter(|p| p.chars().any(char::is_alphabetic)) {
            let class = Syllable::parse(part).and_then(|s| self.dictionaries.frequency_class(s));
            all += 1.0;
            let known = self.dictionaries.is_abbreviation(part) || is_numeral(part) || heads_clause(text);
            sum += class.map_or(if known { 8.0 } else { RAREST }, f32::from);
        }
        if all > 0.0 { sum / all } else { 8.0 }
    }
}

/// The most words in which Tesseract's other symbols are tried.
const MOST_EXCHANGED: usize = 3;

/// Prefixes kept in the search for the network's next readings.
const BEAM: usize = 8;

/// Letters and digits in a row.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty())
}

/// Section numbers: capital Roman numerals, and one letter that heads a clause.
fn is_numeral(part: &str) -> bool {
    part.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'))
}

/// Whether `text` is the letter before a clause, `b)`: as common as any word, and not a worn `bà`.
fn heads_clause(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(char::is_lowercase) && letters.as_str() == ")"
}

/// How often small letters turn to capitals within the words of `text`.
fn case_changes(text: &str) -> usize {
    let pairs = text.chars().zip(text.chars().skip(1));
    pairs.filter(|(a, b)| a.is_lowercase() && b.is_uppercase()).count()
}

/// The network's letter for signs that it writes as another.
fn look_alike(c: char) -> char {
    match c {
        '–' | '—' | '−' | '‐' => '-',
        '"' | '„' | '«' => '“',
        '»' => '”',
        '‘' | '´' => '’',
        '…' => '.',
        _ => c,
    }
}

/// The readings that differ from `words` in one symbol for which Tesseract had another.
fn exchanged(words: &[Word]) -> Vec<String> {
    let mut texts = Vec::new();
    for (at, word) in words.iter().enumerate() {
        for (position, symbol) in word.symbols.iter().enumerate() {
            for other in symbol.alternatives.iter().filter(|a| a.confidence > 0.0 && !a.text.trim().is_empty()) {
                let mut changed: Vec<String> = words.iter().map(|w| w.text.clone()).collect();
                let symbols = word.symbols.iter().enumerate();
                changed[at] =
                    symbols.map(|(i, s)| if i == position { other.text.as_str() } else { s.text.as_str() }).collect();
                texts.push(changed.join(" "));
            }
        }
    }
    texts
}

/// The characters of `letters` with the spaces of `spacing`, where those fall by the cheapest alignment of the two: the
/// network reads letters well and forgets the space behind a comma, Tesseract splits codes and sees most spaces.
fn respaced(letters: &str, spacing: &str) -> String {
    let to: Vec<char> = letters.chars().filter(|c| *c != ' ').collect();
    let from: Vec<char> = spacing.chars().filter(|c| *c != ' ').collect();
    let (rows, columns) = (from.len() + 1, to.len() + 1);
    let mut cost = vec![0u32; rows * columns];
    for i in 0..rows {
        for j in 0..columns {
            cost[i * columns + j] = match (i, j) {
                (0, _) => j as u32,
                (_, 0) => i as u32,
                _ => {
                    let exchange = cost[(i - 1) * columns + j - 1] + u32::from(from[i - 1] != to[j - 1]);
                    exchange.min(cost[(i - 1) * columns + j] + 1).min(cost[i * columns + j - 1] + 1)
                }
            };
        }
    }
    // How many of the letters lie before each of the others' positions.
    let mut before = vec![0; rows];
    let (mut i, mut j) = (rows - 1, columns - 1);
    before[i] = j;
    while i > 0 {
        let here = cost[i * columns + j];
        if j > 0 && here == cost[(i - 1) * columns + j - 1] + u32::from(from[i - 1] != to[j - 1]) {
            (i, j) = (i - 1, j - 1);
        } else if here == cost[(i - 1) * columns + j] + 1 {
            i -= 1;
        } else {
            j -= 1;
            continue;
        }
        before[i] = j;
    }
    let mut out = String::with_capacity(letters.len() + spacing.len());
    let (mut seen, mut written) = (0, 0);
    for word in spacing.split(' ') {
        seen += word.chars().count();
        let end = if seen == from.len() { to.len() } else { before[seen] };
        if !out.is_empty() && end > written {
            out.push(' ');
        }
        out.extend(&to[written.min(end)..end]);
        written = written.max(end);
    }
    out
}

/// A character that Tesseract read and what it costs to change it.
struct Cost {
    read: char,
    /// To take it away or to put another in its place.
    away: f32,
    /// Characters that it also thought of.
    others: Vec<(char, f32)>,
}

/// A letter that Tesseract did not see at all.
const INSERTION: f32 = 4.0;

fn costs(words: &[Word]) -> Vec<Cost> {
    let mut out: Vec<Cost> = Vec::new();
    for word in words {
        if !out.is_empty() {
            out.push(Cost { read: ' ', away: 2.0, others: Vec::new() });
        }
        if word.symbols.is_empty() {
            let away = 0.5 + 4.0 * word.confidence;
            out.extend(word.text.chars().map(|read| Cost { read, away, others: Vec::new() }));
        }
        for symbol in &word.symbols {
            let away = 0.5 + 4.0 * symbol.confidence;
            let other = |a: &super::Alternative| {
                let mut chars = a.text.chars();
                let single = chars.next().filter(|_| chars.next().is_none())?;
                let ratio = (symbol.confidence + 0.01) / (a.confidence + 0.01);
                Some((single, away.min(0.3 + 1.5 * ratio.ln().max(0.0))))
            };
            let others: Vec<(char, f32)> = symbol.alternatives.iter().filter_map(other).collect();
            for read in symbol.text.chars() {
                out.push(Cost { read, away, others: others.clone() });
            }
        }
    }
    out
}

/// The cheapest way from what Tesseract read to `text`.
fn distance(read: &[Cost], text: &str) -> f32 {
    let mut row: Vec<f32> = Vec::with_capacity(read.len() + 1);
    row.push(0.0);
    for cost in read {
        row.push(row[row.len() - 1] + cost.away);
    }
    for c in text.chars() {
        let mut diagonal = row[0];
        row[0] += INSERTION;
        for (i, cost) in read.iter().enumerate() {
            let exchange = if cost.read == c {
                0.0
            } else {
                cost.others.iter().find(|o| o.0 == c).map_or(cost.away + 0.5, |o| o.1)
            };
            let cheapest = (diagonal + exchange).min(row[i + 1] + INSERTION).min(row[i] + cost.away);
            diagonal = std::mem::replace(&mut row[i + 1], cheapest);
        }
    }
    row[read.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::{Alternative, Symbol};

    fn word(symbols: &[(&str, f32, &[(&str, f32)])]) -> Word {
        let symbols: Vec<Symbol> = symbols
            .iter()
            .map(|&(text, confidence, others)| Symbol {
                text: text.into(),
                confidence,
                alternatives: others.iter().map(|&(t, c)| Alternative { text: t.into(), confidence: c }).collect(),
                ..Symbol::default()
            })
            .collect();
        Word { text: symbols.iter().map(|s| s.text.as_str()).collect(), symbols, ..Word::default() }
    }

    #[test]
    fn what_tesseract_doubted_is_cheap_to_change() {
        let seen = [word(&[("k", 0.99, &[]), ("i", 0.98, &[]), ("ế", 0.6, &[("ể", 0.5)]), ("m", 0.99, &[])])];
        let costs = costs(&seen);
        let [same, doubted, sure] = ["kiếm", "kiểm", "kiếp"].map(|t| distance(&costs, t));
        assert_eq!(same, 0.0);
        assert!(doubted > 0.0 && doubted < 1.0 && sure > 4.0, "{doubted} {sure}");
        assert_eq!(exchanged(&seen), ["kiểm"]);
    }

    #[test]
    fn letters_take_the_spaces_of_the_other_reading() {
        for (letters, spacing, want) in [
            ("sơ,Gặp", "sơ, Gap", "sơ, Gặp"),
            ("297 1/QĐ-UBND", "2971/QĐ-UBN", "2971/QĐ-UBND"),
            ("2.27.3.TT.Lập", "2. 27.3TT. Lập", "2. 27.3.TT. Lập"),
            ("ab", "", "ab"),
            ("", "a b", ""),
        ] {
            assert_eq!(respaced(letters, spacing), want, "{letters} by {spacing}");
        }
    }

    #[test]
    fn kinds_are_told_by_any_reading() {
        for (readings, kind) in [
            (&["kiểm", "kiếm"][..], Kind::Word),
            (&["QUYẾT"], Kind::Word),
            (&["l6", "16"], Kind::Figure),
            (&["UBND"], Kind::Code),
            (&["QĐ-UBND"], Kind::Code),
            (&["-"], Kind::Word),
        ] {
            assert_eq!(Kind::of(readings.iter().copied()), kind, "{readings:?}");
        }
    }

    #[test]
    fn the_network_scores_strings_that_nobody_read() {
        let letters = ['c', 'ó', 'ò'];
        // Steps: c, then ó with ò second.
        let rows = [[0.1f32, 0.88, 0.01, 0.01], [0.02, 0.01, 0.6, 0.37]];
        let steps = Steps::new(rows.iter().flatten().map(|p| p.ln()).collect(), 4);
        let dictionaries = Dictionaries::embedded();
        let mut scorer = Scorer::new(&dictionaries, &letters);
        let runs = steps.runs();
        let seen = [word(&[("c", 0.9, &[]), ("ỏ", 0.5, &[])])];
        let found = scorer.candidates(&steps, &Place { words: &seen, span: 0..2, runs: &runs });
        let texts: Vec<&str> = found.iter().map(|e| e.text.as_str()).collect();
        assert_eq!(texts[..2], ["cỏ", "có"]);
        assert!(texts.contains(&"cò"));
        assert_eq!(found[1].features[0], 0.0, "the network's best is its own choice");
        assert_eq!(found[0].features[7], -1.0, "ỏ is no letter of this network");
    }
}

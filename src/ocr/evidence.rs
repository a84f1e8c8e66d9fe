//! What both recognisers say for one string where a few words stand, as numbers that can be weighed.

use super::alignment::{Cost, costs, distance, exchanged, respaced};
use super::{Run, Steps, Word};
use crate::dict::Dictionaries;
use crate::text::syllable::Syllable;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// How many numbers [`Evidence`] has.
pub const FEATURES: usize = 13;

/// One string that may be printed at a place, and what speaks for it; larger is better for each number.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The string, words parted by one space.
    pub text: String,
    /// In this order: the network's log probability, at least [`LOWEST`] under the best; minus the cost of making the string
    /// from what Tesseract read; whether it is what Tesseract read; whether it is the network's first choice; the share
    /// of its parts that can be words; minus the mean rarity of its syllables; its length; minus the letters that
    /// the network does not have; minus the changes of case within its words; minus the signs that no print has where they
    /// stand; minus the stops and hyphens between small letters; whether it is the number of
    /// a section at the head of a line; whether it ends in a per cent sign, minus one where it writes a decimal comma as a stop.
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
    /// Whether it is the first of its line.
    pub starts_line: bool,
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
        for text in [&read, &first] {
            add(without_dirt(text));
            if let Some(text) = with_raised_figure(text) {
                add(text);
            }
            if place.starts_line {
                section_numbers(text).into_iter().for_each(&mut add);
            }
        }
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
                    -(odd_signs(&text) as f32),
                    -(joints(&text) as f32),
                    f32::from(u8::from(place.starts_line && heads_section(&text))),
                    per_cent(&text),
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
    ///
    /// Quotation marks differ by a few pixels and the network's shares for them are scattered: the likeliest counts for all.
    fn network(&mut self, steps: &Steps, span: &Range<usize>, text: &str) -> (f32, usize) {
        let marks: &[char] = if text.contains(is_quotation) { &['“', '”', '’', '\''] } else { &['“'] };
        let mut best = (f32::NEG_INFINITY, 0);
        for &mark in marks {
            let mut unknown = 0;
            let mut classes = Vec::with_capacity(text.len());
            for c in text.chars() {
                let letter = if is_quotation(c) { mark } else { look_alike(c) };
                match self.classes.get(&letter) {
                    Some(&class) => classes.push(class),
                    None => unknown += 1,
                }
            }
            let score = steps.score(span.clone(), &classes, &mut self.scratch);
            if score >= best.0 {
                best = (score, unknown);
            }
        }
        best
    }

    /// The share of the parts of `text` that are syllables in use, abbreviations, names or numbers.
    pub(super) fn plausible(&self, text: &str) -> f32 {
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

/// Section numbers: Roman numerals in capitals, to thirty-nine.
fn is_numeral(part: &str) -> bool {
    let units = part.trim_start_matches('X');
    part.len() - units.len() <= 3
        && matches!(units, "" | "I" | "II" | "III" | "IV" | "V" | "VI" | "VII" | "VIII" | "IX")
        && !part.is_empty()
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

fn is_quotation(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '’' | '‘' | '´' | '\'')
}

/// The number of a section as administrative documents set it (Decree 30/2020/NĐ-CP, appendix I): `II.`, `2.`, `b)`.
fn heads_section(text: &str) -> bool {
    let digits = |t: &str| !t.is_empty() && t.len() <= 2 && t.bytes().all(|b| b.is_ascii_digit());
    match text.strip_suffix('.') {
        Some(number) => is_numeral(number) || digits(number),
        None => heads_clause(text),
    }
}

/// The section numbers that a row of upright strokes at the head of a line may be.
fn section_numbers(text: &str) -> Vec<String> {
    let strokes = |c: char| matches!(c, 'I' | 'H' | 'L' | 'l' | '1' | 'T' | 'U' | '!' | '|');
    let inner = text.trim_end_matches(['.', ',', ':']);
    let digits = inner.chars().all(|c| c.is_ascii_digit());
    if inner.is_empty() || inner.chars().count() > 4 || digits || !inner.chars().all(strokes) {
        return Vec::new();
    }
    ["I.", "II.", "III."].map(String::from).to_vec()
}

/// `160m2` as `160m²`: a unit of area or volume behind its number.
fn with_raised_figure(text: &str) -> Option<String> {
    let end = text.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    let (unit, rest) = text.split_at(end);
    let raised = match unit.chars().last()? {
        '2' => '²',
        '3' => '³',
        _ => return None,
    };
    let stem = &unit[..unit.len() - 1];
    let number = stem.trim_end_matches(['k', 'd', 'c', 'm']);
    let metres = stem.ends_with('m') && number.ends_with(|c: char| c.is_ascii_digit());
    metres.then(|| format!("{stem}{raised}{rest}"))
}

/// Signs that dust, rules and seals are taken for, and that an administrative text hardly ever prints.
fn is_odd(c: char) -> bool {
    "_~‹›¬¡`|^*<>{}[]\\¿!¦".contains(c)
}

/// 1 where `text` is a percentage, whatever stops follow it; -1 where a stop stands for its decimal comma, which Vietnamese
/// print parts decimals with, as it parts thousands with stops.
fn per_cent(text: &str) -> f32 {
    let Some(number) = text.trim_end_matches(['.', ',', ';', ':', ')']).strip_suffix('%') else {
        return 0.0;
    };
    let decimals = number.rsplit('.').next().filter(|d| d.len() < number.len());
    let stopped = decimals.is_some_and(|d| matches!(d.len(), 1 | 2) && d.bytes().all(|b| b.is_ascii_digit()));
    if stopped { -1.0 } else { 1.0 }
}

/// How many signs of `text` stand where print has none: odd ones, and stops that begin a word.
fn odd_signs(text: &str) -> usize {
    let leading = |word: &str| {
        let mut chars = word.chars();
        let stop = chars.next().is_some_and(|c| matches!(c, '.' | ',' | ':' | ';' | '-' | '\'' | '’'));
        usize::from(stop && chars.next().is_some_and(char::is_alphabetic))
    };
    text.chars().filter(|&c| is_odd(c)).count() + text.split(' ').map(leading).sum::<usize>()
}

/// Stops and hyphens between two small letters: dust in the gap between two words.
fn joints(text: &str) -> usize {
    let chars: Vec<char> = text.chars().collect();
    chars.windows(3).filter(|w| w[0].is_lowercase() && is_joint(w[1]) && w[2].is_lowercase()).count()
}

fn is_joint(c: char) -> bool {
    matches!(c, '.' | ',' | ':' | ';' | '-' | '\'' | '’')
}

/// `text` without odd signs and stops where it begins, and with a space for each joint.
fn without_dirt(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().filter(|&c| !is_odd(c)).collect();
    for at in 1..chars.len().saturating_sub(1) {
        let (before, after) = (chars[at - 1], chars[at + 1]);
        let starts = before == ' ' && after.is_alphabetic();
        if is_joint(chars[at]) && (starts || before.is_lowercase() && after.is_lowercase()) {
            chars[at] = ' ';
        }
    }
    if let [first, second, ..] = chars[..]
        && is_joint(first)
        && second.is_alphabetic()
    {
        chars[0] = ' ';
    }
    chars.into_iter().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The network's letter for signs that it writes as another.
fn look_alike(c: char) -> char {
    match c {
        '–' | '—' | '−' | '‐' => '-',
        '²' => '2',
        '³' => '3',
        '…' => '.',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::alignment::tests::word;

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
    fn dirt_is_told_from_signs_that_are_printed() {
        for (text, odd, joined, clean) in [
            ("phí-theo", 0, 1, "phí theo"),
            (":Tình", 1, 0, "Tình"),
            ("_Cao", 1, 0, "Cao"),
            ("rộng:rãi", 0, 1, "rộng rãi"),
            ("là .được", 1, 0, "là được"),
            ("QĐ-UBND", 0, 0, "QĐ-UBND"),
            ("2.5", 0, 0, "2.5"),
            ("- Lưu:", 0, 0, "- Lưu:"),
            ("b.", 0, 0, "b."),
        ] {
            assert_eq!((odd_signs(text), joints(text), without_dirt(text).as_str()), (odd, joined, clean), "{text}");
        }
    }

    #[test]
    fn upright_strokes_at_the_head_of_a_line_may_be_a_number() {
        assert!(
            section_numbers("HI.").contains(&"III.".to_owned()) && section_numbers("IIL").contains(&"II.".to_owned())
        );
        for text in ["11.", "Hai", "UBND", "."] {
            assert!(section_numbers(text).is_empty(), "{text}");
        }
        for (text, heads) in
            [("II.", true), ("2.", true), ("b)", true), ("2,", false), ("HI.", false), ("2026.", false)]
        {
            assert_eq!(heads_section(text), heads, "{text}");
        }
    }

    #[test]
    fn percentages_have_a_decimal_comma() {
        for (text, share) in [
            ("87,5%;", 1.0),
            ("100%", 1.0),
            ("1.250%", 1.0),
            ("87.5%", -1.0),
            ("87.25%).", -1.0),
            ("87.5", 0.0),
            ("%", 1.0),
        ] {
            assert_eq!(per_cent(text), share, "{text}");
        }
    }

    #[test]
    fn figures_are_raised_behind_units_alone() {
        for (text, raised) in
            [("160m2,", Some("160m²,")), ("12km2", Some("12km²")), ("m2", None), ("A2", None), ("122", None)]
        {
            assert_eq!(with_raised_figure(text).as_deref(), raised, "{text}");
        }
    }

    #[test]
    fn roman_numerals_are_well_formed() {
        for (text, numeral) in
            [("II", true), ("XIII", true), ("XXXIX", true), ("IL", false), ("IIII", false), ("VX", false)]
        {
            assert_eq!(is_numeral(text), numeral, "{text}");
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
        let found = scorer.candidates(&steps, &Place { words: &seen, span: 0..2, runs: &runs, starts_line: false });
        let texts: Vec<&str> = found.iter().map(|e| e.text.as_str()).collect();
        assert_eq!(texts[..2], ["cỏ", "có"]);
        assert!(texts.contains(&"cò"));
        assert_eq!(found[1].features[0], 0.0, "the network's best is its own choice");
        assert_eq!(found[0].features[7], -1.0, "ỏ is no letter of this network");
    }
}

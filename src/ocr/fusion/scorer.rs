//! Weighs strings by what both recognisers say for them: the strings that may be printed at a place, each with its features.

use super::alignment::{Cost, costs, distance, exchanged, respaced};
use super::features::{Evidence, Features};
use super::figure_width;
use super::orthography::{
    case_changes, has_document_number, heads_clause, heads_section, is_numeral, is_quotation, joints, mixtures,
    numeration, odd_signs, parts, section_numbers, tight_stops, with_per_cent, with_raised_figure, without_dirt,
};
use super::per_cent;
use super::strokes;
use super::weights::Weights;
use crate::dict::Dictionaries;
use crate::ocr::{Run, Steps, Strip};
use crate::page::Word;
use crate::text::syllable::Syllable;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// What is not told by the network below this is told by nobody: natural logarithm.
const LOWEST: f32 = -30.0;
/// By so much the network prefers a string at most that both recognisers read.
const MOST_AGREED: f32 = 10.0;

/// A place in a line: what Tesseract read there, and the steps of the network that show it.
pub struct Observation<'a> {
    /// Tesseract's words; none where it saw nothing.
    pub words: &'a [Word],
    /// The place as the network sees it, in one cut or in several; the first tells where it is.
    pub views: Vec<CropView<'a>>,
    /// Whether it is the first of its line.
    pub starts_line: bool,
}

/// A place as the network sees it in one cut of the line.
pub struct CropView<'a> {
    /// The cut.
    pub strip: &'a Strip,
    /// What it saw in the whole line.
    pub steps: &'a Steps,
    /// The steps that show the place.
    pub span: Range<usize>,
    /// Its first choice there, a part of [`Steps::runs`].
    pub runs: &'a [Run],
}

/// Weighs strings by both recognisers.
pub struct Scorer<'a> {
    dictionaries: &'a Dictionaries,
    letters: &'a [char],
    pub(super) weights: &'a Weights,
    classes: FxHashMap<char, usize>,
    scratch: Vec<f32>,
}

impl<'a> Scorer<'a> {
    /// A scorer for a network with these letters.
    pub fn new(dictionaries: &'a Dictionaries, letters: &'a [char], weights: &'a Weights) -> Self {
        let classes = letters.iter().zip(1..).map(|(&letter, class)| (letter, class)).collect();
        Scorer { dictionaries, letters, weights, classes, scratch: Vec::new() }
    }

    /// Everything that may be printed at `place`, what Tesseract read first; no string twice.
    ///
    /// Proposed are both recognisers' readings, the network's next ones, and Tesseract's with one symbol exchanged.
    pub fn candidates(&mut self, place: &Observation) -> Vec<Evidence> {
        let read: Vec<&str> = place.words.iter().map(|w| w.text.as_str()).collect();
        let read = read.join(" ");
        let firsts: Vec<String> = place.views.iter().map(|v| self.spelt(v.runs.iter().map(|r| r.class))).collect();
        let mut texts: Vec<String> = Vec::new();
        let mut add = |text: String| {
            if !texts.contains(&text) {
                texts.push(text);
            }
        };
        if !place.words.is_empty() {
            add(read.clone());
        }
        for (view, first) in place.views.iter().zip(&firsts) {
            add(first.clone());
            if !view.span.is_empty() {
                for (classes, _) in view.steps.best(view.span.clone(), BEAM) {
                    add(self.spelt(classes.into_iter()));
                }
            }
        }
        // A long stretch without a common space is no place to try single symbols: there are hundreds.
        if place.words.len() <= MOST_EXCHANGED {
            exchanged(place.words).into_iter().for_each(&mut add);
        }
        firsts.iter().for_each(|first| add(respaced(first, &read)));
        for text in std::iter::once(&read).chain(&firsts) {
            add(without_dirt(text));
            with_raised_figure(text).into_iter().for_each(&mut add);
            with_per_cent(text, &read).into_iter().for_each(&mut add);
            if place.starts_line {
                section_numbers(text).into_iter().for_each(&mut add);
            }
        }
        // Where anybody reads something, nothing is no reading; a digit is never taken away by silence.
        if texts.iter().any(|t| !t.is_empty()) {
            texts.retain(|t| !t.is_empty());
        }
        let symbols: Vec<Cost> = costs(place.words);
        let network = self.network(&place.views, &texts);
        let printed = match &place.views[..] {
            [first, ..] if texts.iter().any(|t| strokes::of_numeral(t).is_some()) => {
                strokes::count(first.strip, &first.span)
            }
            _ => None,
        };
        let wide = place.views.first().and_then(|first| figure_width::of_ink(first.strip, &first.span));
        let room = place.views.first();
        let room = room.and_then(|first| per_cent::digits(first.strip, first.runs, first.span.end, self.letters));
        let misfits = figure_width::misfits(&texts, wide).into_iter().zip(per_cent::misfits(&texts, room));
        let misfits: Vec<bool> = misfits.map(|(width, sign)| width || sign).collect();
        let votes = |text: &String| firsts.iter().filter(|f| *f == text).count() as f32 / firsts.len().max(1) as f32;
        let mut scored: Vec<Evidence> = texts
            .into_iter()
            .zip(network)
            .zip(misfits)
            .map(|((text, (network, unknown)), misfit)| {
                let yes = |is: bool| f32::from(u8::from(is));
                let other_strokes = printed.is_some_and(|printed| match strokes::of_numeral(&text) {
                    Some(strokes) => strokes != printed,
                    // Where strokes alone stand there is no `H`.
                    None => {
                        let stem = text.trim_end_matches(['.', ',', ':']);
                        place.starts_line
                            && stem.contains('H')
                            && stem.chars().all(|c| matches!(c, 'H' | 'I' | 'l' | '1'))
                    }
                });
                let features = Features {
                    network,
                    distance: if place.words.is_empty() { 0.0 } else { -distance(&symbols, &text) },
                    tesseract: yes(text == read && !place.words.is_empty()),
                    network_first: votes(&text),
                    plausible: self.plausible(&text),
                    rarity: -self.rarity(&text),
                    length: text.chars().count() as f32,
                    unknown_letters: -(unknown as f32),
                    case_changes: -(case_changes(&text) as f32),
                    odd_signs: -(odd_signs(&text) as f32),
                    joints: -(joints(&text) as f32),
                    section_number: yes(place.starts_line && heads_section(&text)),
                    numeration: numeration(&text),
                    document_number: yes(has_document_number(&text)),
                    mixtures: -(mixtures(&text) as f32),
                    tight_stops: -(tight_stops(&text) as f32),
                    strokes: -yes(other_strokes),
                    width: -yes(misfit),
                    agreed: 0.0,
                };
                Evidence { text, features }
            })
            .collect();
        let both = |e: &Evidence| {
            let features = &e.features;
            features.tesseract > 0.0 && features.network_first >= 1.0 && features.plausible <= 0.0
        };
        if let Some(at) = scored.iter().position(both) {
            let others = scored.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, e)| e.features.network);
            let next = others.fold(-MOST_AGREED, f32::max);
            scored[at].features.agreed = scored[at].features.network - next;
        }
        scored
    }

    /// The string of these classes without outer or doubled spaces.
    fn spelt(&self, classes: impl Iterator<Item = usize>) -> String {
        let text: String = classes.map(|c| self.letters[c - 1]).collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// For each text the network's log probability under the likeliest, as the mean over its views, and how many letters of
    /// it the network does not have.
    fn network(&mut self, views: &[CropView], texts: &[String]) -> Vec<(f32, usize)> {
        let mut all = vec![(0.0, 0); texts.len()];
        for view in views {
            let seen: Vec<(f32, usize)> = texts.iter().map(|text| self.log_probability(view, text)).collect();
            let best = seen.iter().map(|s| s.0).fold(f32::NEG_INFINITY, f32::max);
            for (sum, (score, unknown)) in all.iter_mut().zip(seen) {
                let under = if best.is_finite() { score - best } else { 0.0 };
                *sum = (sum.0 + under.max(LOWEST) / views.len() as f32, unknown);
            }
        }
        all
    }

    /// The network's log probability of `text`, and how many of its letters the network does not have.
    ///
    /// Quotation marks differ by a few pixels and the network's shares for them are scattered: the likeliest counts for all. A per cent sign it takes
    /// for a `6` where print is small, as in Liberation Serif at 150 dpi.
    pub(super) fn log_probability(&mut self, view: &CropView, text: &str) -> (f32, usize) {
        let marks: &[char] = if text.contains(is_quotation) { &['“', '”', '’', '\''] } else { &['“'] };
        let signs: &[(char, f32)] = if text.contains('%') { &[('%', 0.0), ('6', AS_SIX)] } else { &[('%', 0.0)] };
        let mut best = (f32::NEG_INFINITY, 0);
        for (&mark, &(sign, cost)) in marks.iter().flat_map(|mark| signs.iter().map(move |sign| (mark, sign))) {
            let mut unknown = 0;
            let mut classes = Vec::with_capacity(text.len());
            for c in text.chars() {
                let letter = match c {
                    '%' => sign,
                    _ if is_quotation(c) => mark,
                    _ => look_alike(c),
                };
                match self.classes.get(&letter) {
                    Some(&class) => classes.push(class),
                    None => unknown += 1,
                }
            }
            let score = view.steps.score(view.span.clone(), &classes, &mut self.scratch) + cost;
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

/// Log of the share of per cent signs that the network reads as a `6`: 555 of 4,850, of 15 faces at 150 dpi.
const AS_SIX: f32 = -2.2;

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
    use crate::geometry::Rect;
    use crate::ocr::LineBox;
    use crate::ocr::fusion::alignment::tests::word;

    #[test]
    fn the_network_scores_strings_that_nobody_read() {
        let letters = ['c', 'ó', 'ò'];
        // Steps: c, then ó with ò second.
        let rows = [[0.1f32, 0.88, 0.01, 0.01], [0.02, 0.01, 0.6, 0.37]];
        let page = image::GrayImage::from_pixel(60, 40, image::Luma([255]));
        let place = LineBox { rect: Rect::new(5.0, 5.0, 50.0, 25.0), slope: 0.0 };
        let strip = Strip::cut(&page, &place).unwrap();
        let steps = Steps::new(rows.iter().flatten().map(|p| p.ln()).collect(), 4);
        let (dictionaries, weights) = (Dictionaries::embedded(), Weights::embedded().unwrap());
        let mut scorer = Scorer::new(&dictionaries, &letters, &weights);
        let runs = steps.runs();
        let seen = [word(&[("c", 0.9, &[]), ("ỏ", 0.5, &[])])];
        let found = scorer.candidates(&Observation {
            words: &seen,
            views: vec![CropView { strip: &strip, steps: &steps, span: 0..2, runs: &runs }],
            starts_line: false,
        });
        let texts: Vec<&str> = found.iter().map(|e| e.text.as_str()).collect();
        assert_eq!(texts[..2], ["cỏ", "có"]);
        assert!(texts.contains(&"cò"));
        assert_eq!(found[1].features.network, 0.0, "the network's best is its own choice");
        assert_eq!(found[0].features.unknown_letters, -1.0, "ỏ is no letter of this network");
    }
}

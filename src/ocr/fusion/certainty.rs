//! How likely what the line network reads at a place is to be right, told from the network's reading alone: where that is likely
//! enough, nobody else is asked.

use super::crop::Crop;
use super::features::SegmentKind;
use super::language::Around;
use super::rescore;
use super::rivals::Rivals;
use super::scorer::Scorer;
use super::segment::ScoredSegment;
use crate::dict::is_remark;
use crate::error::{Error, ErrorKind, Result};
use crate::lm::Model;
use crate::ocr::Run;

/// The file that the program brings along.
static EMBEDDED: &str = include_str!("../../../dictionaries/certainty.tsv");

/// How many numbers tell how sure a reading is.
const SIGNS: usize = 9;

/// What these numbers are, as `dictionaries/certainty.tsv` has them; all grow with the certainty.
const NAMES: [&str; SIGNS] =
    ["in_company", "share", "network", "least", "line", "first", "rarity", "unexplained", "expected"];

/// The kinds of places, as that file has them, in the order of [`SegmentKind`].
const KINDS: [&str; 3] = ["word", "figure", "code"];

/// Words with capitals must be so likely.
const NAME: f32 = 0.99;

/// What a row of that file holds: how likely a reading must be to be right for it to stand without another recogniser's; what is added to
/// the sum of all units; or a unit, its weight, what is added to the sum of its numbers, and their weights.
const ROWS: [&str; 3] = ["bar", "constant", "unit"];

/// For each [`SegmentKind`] a network of one hidden layer that gives the log odds of a reading being right, and the probability
/// above which a reading stands alone. Fitted by tools/weights/certainty.py, whose curve of cost and errors is in docs/speed.md.
#[derive(Debug, Clone, PartialEq)]
pub struct Certainty {
    kinds: [Judge; 3],
}

/// How sure a place of one kind is.
#[derive(Debug, Clone, PartialEq, Default)]
struct Judge {
    bar: f32,
    constant: f32,
    units: Vec<Unit>,
}

/// A hyperbolic tangent of a weighted sum, and its weight.
#[derive(Debug, Clone, PartialEq)]
struct Unit {
    weight: f32,
    constant: f32,
    weights: [f32; SIGNS],
}

/// A place that the network read alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// What it read.
    pub text: String,
    /// What kind of string that is.
    pub kind: SegmentKind,
    /// What tells how sure that is, in the order of `dictionaries/certainty.tsv`.
    pub signs: [f32; SIGNS],
}

impl Certainty {
    /// The weights that come with the program.
    ///
    /// # Errors
    /// None with the file as it was shipped.
    pub fn embedded() -> Result<Self> {
        Certainty::parse(EMBEDDED)
    }

    /// Reads lines of a kind, what the row holds, its numbers, and `fitted`.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] where a line is none, has too few numbers, or where a kind's bar or constant is missing or told twice.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |message: String| {
            Error::new(ErrorKind::Model, message).file("dictionaries/certainty.tsv").remedy(format!(
                "for each of {} write its bar, its constant and its units, their weight, constant and those of {}, and `fitted`, with tabs between",
                KINDS.join(", "),
                NAMES.join(", ")
            ))
        };
        let mut kinds: [Judge; 3] = Default::default();
        let mut told = [[false; 2]; 3];
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !is_remark(line)) {
            let fields: Vec<&str> = line.split('\t').collect();
            let [kind, row, numbers @ .., "fitted"] = &fields[..] else {
                return Err(wrong(format!("line {} is none of numbers", number + 1)));
            };
            let numbers: Option<Vec<f32>> =
                numbers.iter().map(|w| w.parse().ok().filter(|w: &f32| w.is_finite())).collect();
            let kind = KINDS.iter().position(|known| known == kind);
            let row = ROWS.iter().position(|known| known == row);
            let (Some(kind), Some(row)) = (kind, row) else {
                return Err(wrong(format!("line {} has an unknown name", number + 1)));
            };
            match (row, numbers.as_deref()) {
                (0 | 1, Some(&[value])) if !std::mem::replace(&mut told[kind][row], true) => {
                    *(if row == 0 { &mut kinds[kind].bar } else { &mut kinds[kind].constant }) = value;
                }
                (0 | 1, Some([_])) => return Err(wrong(format!("line {} says again what was said", number + 1))),
                (2, Some(&[weight, constant, ref weights @ ..])) if weights.len() == SIGNS => {
                    let mut unit = Unit { weight, constant, weights: [0.0; SIGNS] };
                    unit.weights.copy_from_slice(weights);
                    kinds[kind].units.push(unit);
                }
                _ => return Err(wrong(format!("line {} has not as many numbers as it should", number + 1))),
            }
        }
        match told.iter().position(|told| told.contains(&false)) {
            Some(kind) => Err(wrong(format!("the bar or the constant of `{}` is missing", KINDS[kind]))),
            None => Ok(Certainty { kinds }),
        }
    }

    /// How likely the reading is to be right.
    pub fn of(&self, seen: &Sighting) -> f32 {
        let judge = &self.kinds[seen.kind as usize];
        let unit = |u: &Unit| {
            let sum: f32 = seen.signs.iter().zip(u.weights).map(|(s, w)| s * w).sum();
            u.weight * (u.constant + sum).tanh()
        };
        let sum = judge.constant + judge.units.iter().map(unit).sum::<f32>();
        1.0 / (1.0 + (-sum).exp())
    }

    /// Whether the reading stands without another recogniser's.
    pub fn stands(&self, seen: &Sighting) -> bool {
        let bar = self.kinds[seen.kind as usize].bar;
        // The words around say little of a name: `Anh` for `Ánh`.
        let is_name = seen.kind == SegmentKind::Word && seen.text.chars().any(char::is_uppercase);
        self.of(seen) >= if is_name { bar.max(NAME) } else { bar }
    }
}

/// What tells how sure each place of a line is that the network alone has read; `around` are the words of the lines before and behind it.
pub(super) fn sightings(
    weighed: &[ScoredSegment],
    around: &Around,
    crop: &Crop,
    sign: impl Fn(&Run) -> char,
    language: &Model,
    rivals: &Rivals,
    scorer: &mut Scorer,
) -> Vec<Sighting> {
    /// The logarithm of how much is wanting, turned round; `least` keeps one place from outweighing all.
    fn nearness(wanting: f32, least: f32) -> f32 {
        -(wanting.max(0.0) + least).ln()
    }
    /// Ink of paper between letters.
    const PAPER: f32 = 0.02;
    /// A logarithm of a probability below this says no more.
    const LOWEST: f32 = -15.0;
    let company = rescore::in_company(weighed, around, language, scorer.weights);
    let letters = |runs: &[Run]| -> Vec<f32> { runs.iter().filter(|r| sign(r) != ' ').map(|r| r.peak.exp()).collect() };
    let line = letters(&crop.runs);
    let line = line.iter().sum::<f32>() / line.len().max(1) as f32;
    let expected = rivals.expected(weighed, around, language);
    let mut sight = |((place, company), expected): ((&ScoredSegment, f32), f32)| {
        let own = letters(&crop.runs[place.segment.runs.clone()]);
        let features = place.best().map(|at| place.candidates[at].features).unwrap_or_default();
        let view = crop.view(place.segment.span.clone(), place.segment.runs.clone());
        let network = scorer.log_probability(&view, place.text()).0.max(LOWEST);
        let signs = [
            nearness(1.0 - company, 1e-5),
            nearness(1.0 - place.share(), 1e-5),
            nearness(-network, 1e-3),
            nearness(1.0 - own.iter().copied().fold(1.0, f32::min), 1e-3),
            nearness(1.0 - line, 1e-3),
            f32::from(u8::from(features.network_first > 0.5)),
            features.rarity / 10.0,
            -10.0 * (unexplained(place, crop) - PAPER).max(0.0),
            nearness(1.0 - expected, 1e-4),
        ];
        Sighting { text: place.text().to_owned(), kind: place.kind, signs }
    };
    weighed.iter().zip(company).zip(expected).map(&mut sight).collect()
}

/// The most ink of a step in the line's own third that lies further than a letter's width from every letter that was read.
fn unexplained(place: &ScoredSegment, crop: &Crop) -> f32 {
    const FAR: f32 = 3.0;
    let runs = &crop.runs[place.segment.runs.clone()];
    let span = &place.segment.span;
    let ink = crop.strip.profile(span, 32..64);
    let per = ink.len().div_ceil(span.len().max(1)).max(1);
    let far =
        |step: f32| !runs.iter().any(|r| (r.steps.start as f32 - step).max(step - r.steps.end as f32).max(0.0) <= FAR);
    let steps = ink.chunks(per).enumerate().filter(|(at, _)| far((span.start + at) as f32 + 0.5));
    steps.map(|(_, columns)| columns.iter().sum::<f32>() / columns.len() as f32).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighting(text: &str, kind: SegmentKind, signs: [f32; SIGNS]) -> Sighting {
        Sighting { text: text.into(), kind, signs }
    }

    #[test]
    fn what_is_clear_in_itself_and_beside_its_neighbours_stands_and_a_doubt_does_not() {
        let certainty = Certainty::embedded().unwrap();
        for (text, kind) in [("của", SegmentKind::Word), ("2025", SegmentKind::Figure), ("UBND", SegmentKind::Code)] {
            let clear = sighting(text, kind, [11.5, 11.5, 5.0, 6.5, 4.5, 1.0, -0.4, 0.0, 9.2]);
            // As wrong ones look on average.
            let doubt = sighting(text, kind, [1.1, 1.2, -0.1, 1.7, 3.4, 0.5, -0.6, 0.0, 0.4]);
            assert!(certainty.stands(&clear), "{kind:?} {}", certainty.of(&clear));
            assert!(!certainty.stands(&doubt) && certainty.of(&doubt) < 0.6, "{kind:?} {}", certainty.of(&doubt));
        }
    }

    #[test]
    fn what_the_words_around_do_not_expect_is_asked_for() {
        let certainty = Certainty::embedded().unwrap();
        // `đông` that the network is sure of, where the words around want `đồng`.
        let signs = |expected| [11.2, 5.3, 1.0, 3.2, 3.1, 1.0, -0.4, 0.0, expected];
        let [expected, not] = [9.0, 0.1].map(|e| sighting("đông", SegmentKind::Word, signs(e)));
        assert!(certainty.of(&not) < certainty.of(&expected));
        assert!(certainty.stands(&expected) && !certainty.stands(&not));
    }

    #[test]
    fn a_file_with_a_mistake_says_which() {
        let unit = "word\tunit\t1.0\t2.0\t1\t2\t3\t4\t5\t6\t7\t8\t9\tfitted\n";
        let rest = |kind: &&str| format!("{kind}\tbar\t0.9\tfitted\n{kind}\tconstant\t0.5\tfitted\n");
        let all: String = std::iter::once(unit.to_owned()).chain(KINDS.iter().map(rest)).collect();
        assert!(Certainty::parse(&all).is_ok());
        for (text, said) in [
            (all.replacen("1.0", "much", 1), "line 1 has not as many numbers as it should"),
            (all.replacen("\t9\t", "\t", 1), "line 1 has not as many numbers as it should"),
            (all.replacen("fitted", "guessed", 1), "line 1 is none of numbers"),
            (all.replacen("word", "verb", 1), "line 1 has an unknown name"),
            (all.clone() + "code\tbar\t0.9\tfitted\n", "line 8 says again what was said"),
            (all.replacen("code\tbar\t0.9\tfitted\n", "", 1), "the bar or the constant of `code` is missing"),
        ] {
            let error = Certainty::parse(&text).unwrap_err().to_string();
            assert!(error.contains(said) && error.contains("certainty.tsv"), "{error}");
        }
    }
}

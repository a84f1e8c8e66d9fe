//! How likely what the line network reads at a place is to be right, told from the network's reading alone: where that is likely
//! enough, nobody else is asked.

use super::crop::Crop;
use super::features::SegmentKind;
use super::rescore;
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

/// What these numbers are, as `dictionaries/certainty.tsv` has them; all but the first grow with the certainty.
const NAMES: [&str; SIGNS] =
    ["constant", "in_company", "share", "network", "least", "line", "first", "rarity", "unexplained"];

/// Words with capitals must be so likely.
const NAME: f32 = 0.99;

/// The row of that file that holds how likely a reading must be to be right, for it to stand without another recogniser's.
const BAR: &str = "bar";

/// Weights of a logistic regression by [`SegmentKind`], and the probability above which a reading stands alone. Fitted by
/// tools/weights/certainty.py, whose curve of cost and errors is in docs/speed.md.
#[derive(Debug, Clone, PartialEq)]
pub struct Certainty {
    weights: [[f32; SIGNS]; 3],
    bars: [f32; 3],
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

    /// Reads lines of a name, its number for words, figures and codes, and `fitted`.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] where a line is none, or a name is unknown, missing or told twice.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |message: String| {
            let known = NAMES.join(", ");
            Error::new(ErrorKind::Model, message).file("dictionaries/certainty.tsv").remedy(format!(
                "write each of {known} and {BAR} once, three numbers behind it and `fitted`, with tabs between"
            ))
        };
        let mut found: [Option<[f32; 3]>; SIGNS + 1] = [None; SIGNS + 1];
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !is_remark(line)) {
            let fields: Vec<&str> = line.split('\t').collect();
            let [name, numbers @ .., "fitted"] = &fields[..] else {
                return Err(wrong(format!("line {} is none of numbers", number + 1)));
            };
            let numbers: Option<Vec<f32>> =
                numbers.iter().map(|w| w.parse().ok().filter(|w: &f32| w.is_finite())).collect();
            let Some(Ok(numbers)) = numbers.map(<[f32; 3]>::try_from) else {
                return Err(wrong(format!("line {} has not three numbers", number + 1)));
            };
            let at = NAMES.iter().chain([&BAR]).position(|known| known == name).filter(|&at| found[at].is_none());
            found[at.ok_or_else(|| wrong(format!("`{name}` is unknown, or is told twice")))?] = Some(numbers);
        }
        let (mut weights, mut bars) = ([[0.0; SIGNS]; 3], [0.0; 3]);
        for (at, found) in found.into_iter().enumerate() {
            let name = NAMES.get(at).unwrap_or(&BAR);
            let numbers = found.ok_or_else(|| wrong(format!("`{name}` is missing")))?;
            match at {
                SIGNS => bars = numbers,
                _ => (0..3).for_each(|kind| weights[kind][at] = numbers[kind]),
            }
        }
        Ok(Certainty { weights, bars })
    }

    /// How likely the reading is to be right.
    pub fn of(&self, seen: &Sighting) -> f32 {
        let sum: f32 = seen.signs.iter().zip(self.weights[seen.kind as usize]).map(|(s, w)| s * w).sum();
        1.0 / (1.0 + (-sum).exp())
    }

    /// Whether the reading stands without another recogniser's.
    pub fn stands(&self, seen: &Sighting) -> bool {
        let bar = self.bars[seen.kind as usize];
        // The words around say little of a name: `Anh` for `Ánh`.
        let is_name = seen.kind == SegmentKind::Word && seen.text.chars().any(char::is_uppercase);
        self.of(seen) >= if is_name { bar.max(NAME) } else { bar }
    }
}

/// What tells how sure each place of a line is that the network alone has read.
pub(super) fn sightings(
    weighed: &[ScoredSegment],
    crop: &Crop,
    sign: impl Fn(&Run) -> char,
    language: &Model,
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
    let company = rescore::in_company(weighed, language, scorer.weights);
    let letters = |runs: &[Run]| -> Vec<f32> { runs.iter().filter(|r| sign(r) != ' ').map(|r| r.peak.exp()).collect() };
    let line = letters(&crop.runs);
    let line = line.iter().sum::<f32>() / line.len().max(1) as f32;
    let mut sight = |(place, company): (&ScoredSegment, f32)| {
        let own = letters(&crop.runs[place.segment.runs.clone()]);
        let features = place.best().map(|at| place.candidates[at].features).unwrap_or_default();
        let view = crop.view(place.segment.span.clone(), place.segment.runs.clone());
        let network = scorer.log_probability(&view, place.text()).0.max(LOWEST);
        let signs = [
            1.0,
            nearness(1.0 - company, 1e-5),
            nearness(1.0 - place.share(), 1e-5),
            nearness(-network, 1e-3),
            nearness(1.0 - own.iter().copied().fold(1.0, f32::min), 1e-3),
            nearness(1.0 - line, 1e-3),
            f32::from(u8::from(features.network_first > 0.5)),
            features.rarity / 10.0,
            -10.0 * (unexplained(place, crop) - PAPER).max(0.0),
        ];
        Sighting { text: place.text().to_owned(), kind: place.kind, signs }
    };
    weighed.iter().zip(company).map(&mut sight).collect()
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

    fn sighting(kind: SegmentKind, share: f32, network: f32) -> Sighting {
        let share = -(1.0 - share + 1e-5).ln();
        let signs = [1.0, share, share, -(network + 1e-3).ln(), 5.0, 5.0, 1.0, -0.8, 0.0];
        Sighting { text: String::new(), kind, signs }
    }

    #[test]
    fn what_is_clear_in_itself_and_beside_its_neighbours_stands_and_a_doubt_does_not() {
        let certainty = Certainty::embedded().unwrap();
        for kind in [SegmentKind::Word, SegmentKind::Figure, SegmentKind::Code] {
            assert!(certainty.stands(&sighting(kind, 0.999_99, 0.0)), "{kind:?}");
            assert!(!certainty.stands(&sighting(kind, 0.9, 0.5)), "{kind:?}");
        }
    }

    #[test]
    fn a_file_with_a_mistake_says_which() {
        let line = |name: &str| format!("{name}\t1.0\t2.0\t3.0\tfitted\n");
        let all: String = NAMES.iter().chain([&BAR]).map(|name| line(name)).collect();
        assert!(Certainty::parse(&all).is_ok());
        for (text, said) in [
            (all.replacen("1.0", "much", 1), "line 1 has not three numbers"),
            (all.replacen("fitted", "guessed", 1), "line 1 is none of numbers"),
            (all.clone() + &line("share"), "`share` is unknown, or is told twice"),
            (all.replacen(&line(BAR), "", 1), "`bar` is missing"),
        ] {
            let error = Certainty::parse(&text).unwrap_err().to_string();
            assert!(error.contains(said) && error.contains("certainty.tsv"), "{error}");
        }
    }
}

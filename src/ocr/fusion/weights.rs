//! What each feature weighs, read from `dictionaries/fusion.tsv`.

use super::features::{Evidence, FEATURES, Features, SegmentKind};
use crate::dict::is_remark;
use crate::error::{Error, ErrorKind, Result};

/// The file that the program brings along.
static EMBEDDED: &str = include_str!("../../../dictionaries/fusion.tsv");

/// Weights of [`Features`], by [`SegmentKind`], such that the exponentials of the weighted sums are in proportion to the
/// probabilities: those of a conditional logit (McFadden, Conditional logit analysis of qualitative choice behavior, 1974).
///
/// Fitted by tools/weights/fit.py on pages of our own, rendered from legal and administrative text in three faces and worn in six
/// ways. Words and codes are weighed by the fit before pages were cleaned, which leans less on what is a word and leaves that
/// to the restorer, who knows the context. Which are set by hand, the file says. See docs/recognisers.md.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights([[f32; FEATURES]; 3]);

/// How far a string can be from what Tesseract read, by [`SegmentKind`]: about as much as the lowest that the network says weighs. Of a word
/// under a seal Tesseract makes something else entirely, and how much else says nothing. Figures have no such end.
const FARTHEST: [f32; 3] = [20.0, f32::INFINITY, 12.0];

impl Weights {
    /// The weights that come with the program.
    ///
    /// # Errors
    /// None with the file as it was shipped.
    pub fn embedded() -> Result<Self> {
        Weights::parse(EMBEDDED)
    }

    /// Reads lines of a feature's name, its weight for each [`SegmentKind`], and whether these are fitted or set by hand.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] where a feature is unknown, missing or told twice, or a line is none.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |message: String, remedy: &str| {
            Error::new(ErrorKind::Model, message).file("dictionaries/fusion.tsv").remedy(remedy)
        };
        let form = "write the feature, three weights and `fitted` or `by hand`, with tabs between";
        let mut found: [Option<[f32; 3]>; FEATURES] = [None; FEATURES];
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !is_remark(line)) {
            let fields: Vec<&str> = line.split('\t').collect();
            let [name, weights @ .., "fitted" | "by hand"] = &fields[..] else {
                return Err(wrong(format!("line {} is not a feature's weights", number + 1), form));
            };
            let weights: Option<Vec<f32>> =
                weights.iter().map(|w| w.parse().ok().filter(|w: &f32| w.is_finite())).collect();
            let Some(Ok(weights)) = weights.map(<[f32; 3]>::try_from) else {
                return Err(wrong(format!("line {} has not three weights", number + 1), form));
            };
            let Some(at) = Features::NAMES.iter().position(|known| known == name).filter(|&at| found[at].is_none())
            else {
                let known = Features::NAMES.join(", ");
                return Err(wrong(
                    format!("`{name}` is no feature, or is told twice"),
                    &format!("write each of {known} once"),
                ));
            };
            found[at] = Some(weights);
        }
        let mut weights = [[0.0; FEATURES]; 3];
        for (at, found) in found.into_iter().enumerate() {
            let Some(found) = found else {
                return Err(wrong(format!("the weights of `{}` are missing", Features::NAMES[at]), form));
            };
            (0..3).for_each(|kind| weights[kind][at] = found[kind]);
        }
        Ok(Weights(weights))
    }

    /// The candidates' logarithms of probability, up to a constant.
    pub(super) fn sums(&self, candidates: &[Evidence], kind: SegmentKind) -> Vec<f32> {
        let weights = self.0[kind as usize];
        let sum = |e: &Evidence| {
            let near = Features { distance: e.features.distance.max(-FARTHEST[kind as usize]), ..e.features };
            near.values().into_iter().zip(weights).map(|(f, w)| f * w).sum::<f32>()
        };
        candidates.iter().map(sum).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_with_a_mistake_says_which() {
        let line = |name: &str| format!("{name}\t1.0\t2.0\t3.0\tby hand\n");
        let all: String = Features::NAMES.iter().map(|name| line(name)).collect();
        assert!(Weights::parse(&all).is_ok());
        for (text, said) in [
            (all.replacen("1.0", "much", 1), "line 1 has not three weights"),
            (all.replacen("by hand", "guessed", 1), "line 1 is not"),
            (all.clone() + &line("network"), "`network` is no feature, or is told twice"),
            (all.clone() + &line("luck"), "`luck` is no feature"),
            (all.replacen(&line("network"), "", 1), "the weights of `network` are missing"),
        ] {
            let error = Weights::parse(&text).unwrap_err().to_string();
            assert!(error.contains(said) && error.contains("fusion.tsv"), "{error}");
        }
    }
}

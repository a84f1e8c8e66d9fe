//! Learning the weights: stochastic gradient descent over the places where a language model that has not read them is unsure.

use super::places::Places;
use super::{BUCKET, ENTRIES, Feature, HEADER, MAGIC, of_word, place};
use crate::error::{Error, ErrorKind, Result};
use crate::lm::Model;
use crate::lm::train::{self, Corpus, train};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// How weights are learned.
#[derive(Debug, Clone)]
pub struct Options {
    /// Parts that the corpus is cut into: the places of each are those where a language model of the others is unsure. From 2 up.
    ///
    /// A model that has read a place is surer of it than of any text to come, and weights learned beside it leave too much to it
    /// (stacked generalisation, Wolpert 1992).
    pub folds: u64,
    /// Weights that are kept, those first that move most.
    pub keep: usize,
    /// The language models: as the one that the weights will stand beside, so nothing is pruned unless told otherwise.
    pub model: train::Options,
}

impl Default for Options {
    fn default() -> Self {
        Options { folds: 4, keep: 2_000_000, model: train::Options { keep: Vec::new(), ..train::Options::default() } }
    }
}

/// Weights are learned in a table of so many slots for each place, and up to the next power of two: 1.6 GB for the corpora. In a quarter
/// of it so many features share a slot that the two million weightiest mend a twentieth less.
const SLOTS: usize = 40;
/// The first step; later ones shrink with what a weight has been moved already (Duchi, Hazan and Singer 2011).
const STEP: f32 = 0.15;
/// A feature that was met more seldom, or weighs less, is not kept.
const FEWEST: u32 = 4;
const FAINTEST: f32 = 0.04;
/// Weights in a bucket on average. Some buckets are full then and leave out their slightest, which costs less than room in all the others.
const FILL: f64 = 20.0;

/// Learns weights from a corpus; the same input gives the same bytes.
///
/// # Errors
/// [`ErrorKind::Definition`] for less than two folds, [`ErrorKind::Unreadable`] where the corpus cannot be read or is so small that
/// nothing can be learned from it, and what `train` returns.
pub fn learn(corpus: &Corpus, options: &Options) -> Result<Vec<u8>> {
    let folds = options.folds;
    if folds < 2 {
        return Err(Error::new(ErrorKind::Definition, format!("weights cannot be learned in {folds} folds"))
            .remedy("choose 2 or more: what is learned from must not be what the language model has read"));
    }
    let places = |fold| {
        let model = Model::from_bytes(train(&corpus.without_fold(fold, folds), &options.model)?.bytes)?;
        Places::gather(&corpus.fold(fold, folds), &model)
    };
    let folds: Vec<Places> = (0..folds).into_par_iter().map(places).collect::<Result<_>>()?;
    let places: Vec<(usize, usize)> =
        folds.iter().enumerate().flat_map(|(n, fold)| (0..fold.len()).map(move |place| (n, place))).collect();
    if places.is_empty() {
        return Err(Error::new(
            ErrorKind::Unreadable,
            "there is too little text to learn which words keep which company",
        )
        .remedy("name more: some thousand paragraphs at the least"));
    }
    let weights = descend(&folds, &places);
    // What is worth keeping: what moves most, over all the places where it was met.
    let mut kept: FxHashMap<u64, Weight> = FxHashMap::default();
    let mut keys = Vec::new();
    for &(fold, place) in &places {
        folds[fold].keys(place, &mut keys);
        for (word, _) in folds[fold].readings(place) {
            for feature in keys.iter().map(|key| of_word(key.hash, word)) {
                let weight = weights[slot(&weights, feature)];
                if weight.met >= FEWEST && weight.value.abs() >= FAINTEST {
                    kept.insert(feature, weight);
                }
            }
        }
    }
    let mut kept: Vec<(u64, Weight)> = kept.into_iter().collect();
    kept.sort_unstable_by(|a, b| b.1.worth().total_cmp(&a.1.worth()).then(a.0.cmp(&b.0)));
    Ok(write(&kept, options.keep))
}

/// The weight of a feature while it is learned.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    value: f32,
    /// Sum of the squares of its gradients.
    moved: f32,
    /// How often the feature was met.
    met: u32,
}

impl Weight {
    fn worth(self) -> f32 {
        self.value * self.value * self.met as f32
    }
}

/// Where the weight of a feature is learned in a table of a power of two; some features share one.
fn slot(weights: &[Weight], feature: u64) -> usize {
    (feature >> (64 - weights.len().ilog2())) as usize
}

/// Learns from every place once. More rounds only learn the places by heart.
fn descend(folds: &[Places], places: &[(usize, usize)]) -> Vec<Weight> {
    let mut weights = vec![Weight::default(); (SLOTS * places.len()).next_power_of_two()];
    let mut keys = Vec::new();
    let mut scores: Vec<f32> = Vec::new();
    for n in 0..places.len() {
        // A fixed stride that is prime to all sizes met spreads the corpus over the round.
        let (fold, place) = places[(n as u64 * 1_000_000_007 % places.len() as u64) as usize];
        folds[fold].keys(place, &mut keys);
        let readings = folds[fold].readings(place);
        scores.clear();
        scores.extend(readings.clone().map(|(word, log)| {
            log + keys.iter().map(|key| key.share * weights[slot(&weights, of_word(key.hash, word))].value).sum::<f32>()
        }));
        let best = scores.iter().copied().fold(f32::MIN, f32::max);
        let sum: f32 = scores.iter().map(|s| (s - best).exp()).sum();
        for (n, (word, _)) in readings.enumerate() {
            let gradient = (scores[n] - best).exp() / sum - f32::from(u8::from(n == 0));
            for key in &keys {
                let slot = slot(&weights, of_word(key.hash, word));
                let weight = &mut weights[slot];
                let gradient = key.share * gradient;
                weight.met += 1;
                weight.moved += gradient * gradient;
                weight.value -= STEP * gradient / (weight.moved.sqrt() + 0.3);
            }
        }
    }
    weights
}

/// The file with about `keep` of these weights, which come with the weightiest first.
fn write(kept: &[(u64, Weight)], keep: usize) -> Vec<u8> {
    let buckets = (kept.len().min(keep) as f64 / FILL).ceil().max(1.0) as usize;
    let most = kept.iter().map(|k| k.1.value.abs()).fold(0.01, f32::max).min(3.0);
    let value = |code: usize| (code as f32 - 128.0) / 127.0 * most;
    let mut bytes = vec![0u8; HEADER + buckets * BUCKET];
    bytes[..8].copy_from_slice(MAGIC);
    bytes[8..12].copy_from_slice(&(buckets as u32).to_le_bytes());
    for code in 0..256 {
        bytes[16 + 4 * code..20 + 4 * code].copy_from_slice(&value(code).to_le_bytes());
    }
    let mut filled = vec![0usize; buckets];
    let mut written = 0;
    for &(feature, weight) in kept {
        if written == keep {
            break;
        }
        let Feature { bucket, fingerprint } = place(feature, buckets);
        let bucket = bucket as usize;
        let n = filled[bucket];
        if n < ENTRIES {
            let start = HEADER + bucket * BUCKET;
            bytes[start + 2 * n..start + 2 * n + 2].copy_from_slice(&fingerprint.to_le_bytes());
            let code = (weight.value / most * 127.0).round().clamp(-127.0, 127.0) + 128.0;
            bytes[start + 2 * ENTRIES + n] = code as u8;
            filled[bucket] += 1;
            written += 1;
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::{ContextModel, Scratch};
    use super::*;
    use crate::lm::Vocabulary;
    use crate::text::token::Shape;

    /// Lines in which the first word decides the seventh, which no n-gram reaches; those between tell nothing.
    fn lines() -> String {
        let between = ["của", "và", "các", "theo", "cho", "trong", "với"];
        let line = |n: usize| {
            let words: Vec<&str> = (0..5).map(|k| between[(n / 2 * 31 + n / 7 * k * k + k) % between.len()]).collect();
            let (first, seventh) = if n.is_multiple_of(2) { ("đất", "phương") } else { ("chợ", "phường") };
            format!("{first} {} {seventh} này\n", words.join(" "))
        };
        (0..3_000).map(line).collect()
    }

    #[test]
    fn what_n_grams_cannot_reach_is_learned() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("corpus.txt");
        std::fs::write(&path, lines()).unwrap();
        let bytes = learn(&Corpus::open(&[path], 0).unwrap(), &Options::default()).unwrap();
        let vocabulary = Vocabulary::new(["đất", "chợ", "phương", "phường", "của", "và", "các", "theo", "cho", "này"]);
        let context = ContextModel::new(bytes.into(), &vocabulary).unwrap();
        let odds = |first: &str| {
            let words = [first, "của", "và", "các", "theo", "cho", "phương", "này"].map(|w| vocabulary.id(w).unwrap());
            let readings = ["phương", "phường"].map(|w| (vocabulary.id(w).unwrap(), 0.5));
            let mut question = Scratch::default();
            context.prefetch(&mut question, &words, &[Shape::Lower; 8], 6, readings.into_iter());
            let factors: Vec<f32> = context.factors(&mut question).collect();
            factors[0] / factors[1]
        };
        assert!(odds("đất") > 1.0 && odds("chợ") < 1.0, "{} {}", odds("đất"), odds("chợ"));
    }

    #[test]
    fn too_little_text_and_one_fold_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("corpus.txt");
        std::fs::write(&path, "Ủy ban nhân dân xã\n").unwrap();
        let corpus = Corpus::open(&[path], 0).unwrap();
        let kind = |folds| learn(&corpus, &Options { folds, ..Options::default() }).unwrap_err().kind();
        assert_eq!(kind(4), ErrorKind::Unreadable);
        assert_eq!(kind(1), ErrorKind::Definition);
    }
}

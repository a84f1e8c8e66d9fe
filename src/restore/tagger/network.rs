//! The network's file, what goes in and what comes out.

use crate::error::{Error, ErrorKind, Result};
use crate::lm::{Vocabulary, WordId};
use rten::{Model, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::sync::Arc;

/// Words that are told of a token by name; all others share what is left.
const NAMED: usize = 48;
/// Tokens that are looked at together, as in training, and those at either end that were looked at with too few neighbours.
const SPAN: usize = 128;
const MARGIN: usize = 16;
/// Labels beside the syllables: what is no syllable, and what begins none.
const KEEP: usize = 0;
const NONE: usize = 1;
const FIRST: usize = 2;

/// What the network says of a token, in natural logarithms of probabilities.
#[derive(Debug, Clone, Default)]
pub(in crate::restore) struct Tag {
    /// The likeliest words that begin in it, best first.
    pub first: Vec<(WordId, f32)>,
    /// A word that is none of them.
    pub other: f32,
    /// It is a number, a code, a foreign word or a sign.
    pub keep: f32,
    /// It is the rest of a word that was torn.
    pub rest: f32,
    /// One word begins in it, and more than one.
    pub single: f32,
    pub more: f32,
    /// The likeliest words that begin in it as the second, where there is one.
    pub second: Vec<(WordId, f32)>,
    pub other_second: f32,
}

/// The network.
pub(in crate::restore) struct Tagger {
    model: Model,
    input: NodeId,
    outputs: [NodeId; 3],
    numbers: FxHashMap<char, i32>,
    count: i32,
    width: usize,
    words: Vec<Option<WordId>>,
    /// One: texts are restored in parallel, windows are not.
    threads: Arc<ThreadPool>,
}

/// What is told beside the network.
#[derive(Deserialize)]
struct Meta {
    /// Characters of a token that are looked at.
    width: usize,
    /// The characters by number; the third stands for all that are not among them.
    letters: Vec<char>,
    /// What the labels from [`FIRST`] stand for.
    syllables: Vec<String>,
}

/// The number of a character that the network does not know.
const STRANGE: i32 = 2;

impl Tagger {
    /// The network that comes with the program.
    ///
    /// # Errors
    /// None with the files as they were shipped.
    pub fn embedded(vocabulary: &Vocabulary) -> Result<Self> {
        let damaged = |what: &str| Error::new(ErrorKind::Model, what).remedy("build sohoa anew");
        let meta: Meta = serde_json::from_str(include_str!("../../../dictionaries/tagger.json"))
            .map_err(|e| damaged("the tagger's description is damaged").source(e))?;
        let model = Model::load_static_slice(include_bytes!("../../../dictionaries/tagger.onnx"))
            .map_err(|e| damaged("the tagger is damaged").source(e))?;
        let node =
            |name: &str| model.find_node(name).ok_or_else(|| damaged(&format!("the tagger has no node `{name}`")));
        let (input, outputs) = (node("letters")?, [node("first")?, node("second")?, node("more")?]);
        let numbers = (0..).zip(&meta.letters).map(|(number, &c)| (c, number)).collect();
        let words = meta.syllables.iter().map(|s| vocabulary.id(s)).collect();
        let threads = Arc::new(ThreadPool::with_num_threads(1));
        let count = meta.letters.len() as i32;
        Ok(Tagger { input, outputs, numbers, count, width: meta.width, words, threads, model })
    }

    /// What the network says of each token of a text.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] where it cannot be run, which no text is known to bring about.
    pub fn tags(&self, tokens: &[&str]) -> Result<Vec<Tag>> {
        let mut tags = Vec::with_capacity(tokens.len());
        while tags.len() < tokens.len() {
            let start = tags.len().saturating_sub(MARGIN);
            let end = (start + SPAN).min(tokens.len());
            let until = if end == tokens.len() { end } else { end - MARGIN };
            let seen = self.run(&tokens[start..end])?;
            tags.extend(seen.into_iter().take(until - start).skip(tags.len() - start));
        }
        Ok(tags)
    }

    /// The tags of tokens that are looked at together.
    fn run(&self, tokens: &[&str]) -> Result<Vec<Tag>> {
        let mut letters = NdTensor::<i32, 2>::zeros([tokens.len(), self.width]);
        for (row, token) in tokens.iter().enumerate() {
            for (place, c) in token.chars().take(self.width).enumerate() {
                let number = self.numbers.get(&c).copied().unwrap_or(STRANGE);
                letters[[row, place]] = 1 + place as i32 * self.count + number;
            }
        }
        let options = RunOptions::default().with_thread_pool(Some(self.threads.clone()));
        let failed = |what: String| {
            Error::new(ErrorKind::Model, format!("the tagger failed: {what}")).remedy("build sohoa anew")
        };
        let values = self
            .model
            .run_n(vec![(self.input, letters.view().into())], self.outputs, Some(options))
            .map_err(|e| failed(e.to_string()))?;
        let [first, second, more] = values.map(|v: Value| NdTensor::<f32, 2>::try_from(v));
        let tensor =
            |t: std::result::Result<NdTensor<f32, 2>, rten::TryFromValueError>| t.map_err(|e| failed(e.to_string()));
        let (first, second, more) = (tensor(first)?, tensor(second)?, tensor(more)?);
        let tag = |row: usize| {
            let p = more[[row, 0]].clamp(1e-6, 1.0 - 1e-6);
            let (firsts, seconds) = (first.slice(row), second.slice(row));
            let (named, other) = self.best(firsts);
            let (second, other_second) = self.best(seconds);
            Tag {
                first: named,
                other,
                keep: firsts[[KEEP]],
                rest: firsts[[NONE]],
                single: (1.0 - p).ln(),
                more: p.ln(),
                second,
                other_second,
            }
        };
        Ok((0..tokens.len()).map(tag).collect())
    }

    /// The likeliest words of a row of labels, and what any other has.
    fn best(&self, row: NdTensorView<f32, 1>) -> (Vec<(WordId, f32)>, f32) {
        let words = self.words.iter().zip(row.iter().skip(FIRST)).filter_map(|(word, &p)| Some(((*word)?, p)));
        let mut words: Vec<(WordId, f32)> = words.collect();
        let by_share = |a: &(WordId, f32), b: &(WordId, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if words.len() > NAMED {
            words.select_nth_unstable_by(NAMED, by_share);
            words.truncate(NAMED);
        }
        words.sort_unstable_by(by_share);
        let other = words.last().map_or(f32::NEG_INFINITY, |w| w.1);
        (words, other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lm::Model as LanguageModel;

    /// What the network takes each token for, `_` for what is no syllable, `~` for the rest of one.
    fn named(tagger: &Tagger, model: &LanguageModel, tokens: &[&str]) -> Vec<String> {
        let name = |tag: &Tag| {
            let (word, share) = tag.first[0];
            let second = || model.vocabulary().word(tag.second[0].0);
            match share {
                share if tag.keep > share.max(tag.rest) => "_".to_owned(),
                share if tag.rest > share => "~".to_owned(),
                _ if tag.more > tag.single => format!("{} {}", model.vocabulary().word(word), second()),
                _ => model.vocabulary().word(word).to_owned(),
            }
        };
        tagger.tags(tokens).unwrap().iter().map(name).collect()
    }

    #[test]
    fn misread_words_are_named_by_their_letters_and_their_neighbours() {
        let model = LanguageModel::embedded().unwrap();
        let tagger = Tagger::embedded(model.vocabulary()).unwrap();
        let seen = "UV BAN NHAN DAN tinh b6o c6o k6t qu6 thgc hiQn nhiQm vu nam 2024 vd phuong hudng nhiQm vu nam 2025";
        let printed = "ủy ban nhân dân tỉnh báo cáo kết quả thực hiện nhiệm vụ năm _ và phương hướng nhiệm vụ năm _";
        let tokens: Vec<&str> = seen.split(' ').collect();
        assert_eq!(named(&tagger, &model, &tokens).join(" "), printed);
    }

    #[test]
    fn a_long_text_is_read_in_stretches_that_meet() {
        let model = LanguageModel::embedded().unwrap();
        let tagger = Tagger::embedded(model.vocabulary()).unwrap();
        let words = ["b6o", "c6o", "k6t", "qu6", "thgc", "hiQn"];
        for count in [0, 1, SPAN - 1, SPAN, SPAN + 1, 3 * SPAN + 5] {
            let tokens: Vec<&str> = words.iter().copied().cycle().take(count).collect();
            let named = named(&tagger, &model, &tokens);
            assert_eq!(named.len(), count);
            let right = ["báo", "cáo", "kết", "quả", "thực", "hiện"];
            // At an end there is nothing to tell `báo` from `bảo` by.
            let inner = named.iter().zip(right.iter().cycle()).take(count.saturating_sub(1)).skip(1);
            assert!(inner.into_iter().all(|(a, b)| a == b), "{count}: {named:?}");
        }
    }
}

//! Learning the weights: stochastic gradient descent over the places where the language model is unsure.

use super::{BUCKET, ENTRIES, Feature, HEADER, MAGIC, keys_around, of_word, place, word_hashes};
use crate::error::Result;
use crate::lm::train::Corpus;
use crate::lm::{Model, WordId, class, class_of};
use crate::text::letter::bare;
use crate::text::token::{Shape, TokenKind, fold_word, tokenise};
use rustc_hash::FxHashMap;

/// How weights are learned.
#[derive(Debug, Clone)]
pub struct Options {
    /// Rounds over the places that are unsure.
    pub rounds: usize,
    /// Weights that are kept, the largest first.
    pub keep: usize,
    /// One line in so many is learned from.
    pub every: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options { rounds: 1, keep: 250_000, every: 1 }
    }
}

/// A place where the language model alone is less sure than this is learned from.
const UNSURE: f32 = 0.98;
/// Readings less likely than this beside the best are not weighed.
const UNLIKELY: f32 = 1e-3;
/// Where bigrams make no rival this likely beside the best, longer n-grams are not asked.
const SETTLED: f32 = 3e-3;
/// Weights are learned in a table of two to so many places.
const SIZE: u32 = 24;
/// The first step; later ones shrink with what a weight has been moved already (Duchi, Hazan and Singer 2011).
const STEP: f32 = 0.15;
/// A feature that was met more seldom, or weighs less, is not kept.
const FEWEST: u32 = 4;
const FAINTEST: f32 = 0.04;
/// What a weight is drawn back to nothing by, at each step.
const DECAY: f32 = 2e-4;

/// A paragraph of the corpus.
#[derive(Default)]
struct Paragraph {
    words: Vec<WordId>,
    shapes: Vec<Shape>,
}

/// One place where the model is unsure.
struct Instance {
    paragraph: u32,
    at: u32,
    /// Place of its first reading; the right one comes first.
    readings: u32,
    count: u32,
}

/// Learns weights from a corpus, given the language model that they are used with; the same input gives the same bytes.
///
/// # Errors
/// [`ErrorKind::Unreadable`](crate::ErrorKind::Unreadable) where the corpus cannot be read.
pub fn learn(corpus: &Corpus, model: &Model, options: &Options) -> Result<Vec<u8>> {
    let vocabulary = model.vocabulary();
    let mut rivals: FxHashMap<String, Vec<WordId>> = FxHashMap::default();
    for id in vocabulary.ids() {
        rivals.entry(vocabulary.word(id).chars().map(bare).collect()).or_default().push(id);
    }
    let mut rivals_of: Vec<&[WordId]> = vec![&[]; vocabulary.len()];
    for group in rivals.values().filter(|g| g.len() > 1) {
        group.iter().for_each(|&id| rivals_of[usize::from(id)] = group);
    }
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let mut instances: Vec<Instance> = Vec::new();
    let mut readings: Vec<(WordId, f32)> = Vec::new();
    let (mut tokens, mut folded, mut line_number) = (Vec::new(), String::new(), 0usize);
    corpus.for_each_line(|line| {
        line_number += 1;
        if !line_number.is_multiple_of(options.every) {
            return Ok(());
        }
        tokens.clear();
        tokenise(line, &mut tokens);
        let mut paragraph = Paragraph::default();
        for token in &tokens {
            let text = token.text(line);
            paragraph.words.push(if token.kind == TokenKind::Word {
                folded.clear();
                fold_word(text, &mut folded);
                vocabulary.id(&folded).unwrap_or(class::UNKNOWN)
            } else {
                class_of(token.kind, text)
            });
            paragraph.shapes.push(Shape::of(text));
        }
        let before = instances.len();
        for at in 0..paragraph.words.len() {
            let rivals = rivals_of[usize::from(paragraph.words[at])];
            if rivals.is_empty() {
                continue;
            }
            let start = readings.len();
            weigh(model, &paragraph, at, rivals, &mut readings);
            if readings.len() < start + 2 {
                readings.truncate(start);
                continue;
            }
            let found = &mut readings[start..];
            let right = found.iter().position(|r| r.0 == paragraph.words[at]);
            let best = found.iter().map(|r| r.1).fold(f32::MIN, f32::max);
            let sum: f32 = found.iter().map(|r| (r.1 - best).exp()).sum();
            match right {
                Some(right) if 1.0 / sum < UNSURE => {
                    found.swap(0, right);
                    let count = found.len() as u32;
                    instances.push(Instance {
                        paragraph: paragraphs.len() as u32,
                        at: at as u32,
                        readings: start as u32,
                        count,
                    });
                }
                _ => readings.truncate(start),
            }
        }
        if instances.len() > before {
            paragraphs.push(paragraph);
        }
        Ok(())
    })?;
    let hashes = word_hashes(vocabulary);
    let mut weights = vec![0.0f32; 1 << SIZE];
    let mut moved = vec![1e-6f32; 1 << SIZE];
    let slot = |feature: u64| (feature >> (64 - SIZE)) as usize;
    // How often each feature was met, by the same places.
    let mut met = vec![0u32; 1 << SIZE];
    let mut keys = Vec::new();
    let mut scores: Vec<f32> = Vec::new();
    for _ in 0..options.rounds {
        for n in 0..instances.len() {
            // A fixed stride that is prime to all sizes met spreads the corpus over the round.
            let instance = &instances[(n as u64 * 1_000_000_007 % instances.len() as u64) as usize];
            instance.keys(&hashes, &paragraphs, &mut keys);
            let readings = instance.readings(&readings);
            scores.clear();
            scores.extend(readings.iter().map(|&(word, log)| {
                let word = hashes[usize::from(word)];
                log + keys.iter().map(|&k| weights[slot(of_word(k, word))]).sum::<f32>()
            }));
            let best = scores.iter().copied().fold(f32::MIN, f32::max);
            let sum: f32 = scores.iter().map(|s| (s - best).exp()).sum();
            for (n, &(word, _)) in readings.iter().enumerate() {
                let gradient = (scores[n] - best).exp() / sum - f32::from(u8::from(n == 0));
                let word = hashes[usize::from(word)];
                for &key in &keys {
                    let at = slot(of_word(key, word));
                    met[at] += 1;
                    let gradient = gradient + DECAY * weights[at];
                    moved[at] += gradient * gradient;
                    weights[at] -= STEP * gradient / (moved[at].sqrt() + 0.3);
                }
            }
        }
    }
    // What is worth keeping: what moves most, over all the places where it was met.
    let mut kept: FxHashMap<u64, f32> = FxHashMap::default();
    for instance in &instances {
        instance.keys(&hashes, &paragraphs, &mut keys);
        for &(word, _) in instance.readings(&readings) {
            let word = hashes[usize::from(word)];
            for feature in keys.iter().map(|&key| of_word(key, word)) {
                let weight = weights[slot(feature)];
                if met[slot(feature)] >= FEWEST && weight.abs() >= FAINTEST {
                    kept.insert(feature, weight);
                }
            }
        }
    }
    let mut kept: Vec<(u64, f32)> = kept.into_iter().collect();
    let worth = |k: &(u64, f32)| k.1 * k.1 * met[slot(k.0)] as f32;
    kept.sort_unstable_by(|a, b| worth(b).total_cmp(&worth(a)).then(a.0.cmp(&b.0)));
    kept.truncate(options.keep);
    Ok(write(&kept))
}

impl Instance {
    fn keys(&self, hashes: &[u32], paragraphs: &[Paragraph], keys: &mut Vec<u64>) {
        let paragraph = &paragraphs[self.paragraph as usize];
        keys_around(hashes, &paragraph.words, &paragraph.shapes, self.at as usize, keys);
    }

    fn readings<'a>(&self, readings: &'a [(WordId, f32)]) -> &'a [(WordId, f32)] {
        &readings[self.readings as usize..][..self.count as usize]
    }
}

/// Appends the rivals with the logarithm of what the language model makes of each among the words around it.
fn weigh(model: &Model, paragraph: &Paragraph, at: usize, rivals: &[WordId], readings: &mut Vec<(WordId, f32)>) {
    let start = readings.len();
    let mut history = model.history(class::BREAK);
    for &word in &paragraph.words[at.saturating_sub(3)..at] {
        history = model.next(&history, word).1;
    }
    let after = &paragraph.words[at + 1..(at + 4).min(paragraph.words.len())];
    let next = after.first().copied().unwrap_or(class::BREAK);
    // Over bigrams first, which leaves few.
    let last = history.last();
    let mut best = 0.0f32;
    for &word in rivals {
        let p = model.bigram(last, word) * model.bigram(word, next);
        best = best.max(p);
        readings.push((word, p));
    }
    let mut to = start;
    for from in start..readings.len() {
        let (word, p) = readings[from];
        if p >= best * 1e-4 {
            readings[to] = (word, p);
            to += 1;
        }
    }
    readings.truncate(to);
    if readings[start..].iter().all(|r| r.1 >= best || r.1 < best * SETTLED) {
        readings.truncate(start);
        return;
    }
    let mut best = f32::MIN;
    for reading in &mut readings[start..] {
        let (p, mut here) = model.next(&history, reading.0);
        let mut log = p.ln() + shape(model, paragraph, at, reading.0);
        for &word in after {
            let (p, next) = model.next(&here, word);
            log += p.ln();
            here = next;
        }
        if after.len() < 3 {
            log += model.next(&here, class::BREAK).0.ln();
        }
        reading.1 = log;
        best = best.max(log);
    }
    let mut to = start;
    for from in start..readings.len() {
        if readings[from].1 >= best + UNLIKELY.ln() {
            readings[to] = readings[from];
            to += 1;
        }
    }
    readings.truncate(to);
    readings[start..].iter_mut().for_each(|r| r.1 -= best);
}

/// What the capitals say of a word inside a sentence: a logarithm.
fn shape(model: &Model, paragraph: &Paragraph, at: usize, word: WordId) -> f32 {
    let shape = paragraph.shapes[at];
    let before = at.checked_sub(1).map(|b| paragraph.words[b]);
    let free = before.is_none_or(|b| b < class::FIRST_WORD && b != class::COMMA && b != class::UNKNOWN);
    match shape {
        Shape::Lower | Shape::Title if !free => model.shape(word, shape).max(0.01).ln(),
        _ => 0.0,
    }
}

fn write(kept: &[(u64, f32)]) -> Vec<u8> {
    let buckets = (kept.len() as f64 / 17.0).ceil().max(1.0) as usize;
    let most = kept.iter().map(|k| k.1.abs()).fold(0.01, f32::max).min(3.0);
    let value = |code: usize| (code as f32 - 128.0) / 127.0 * most;
    let mut bytes = vec![0u8; HEADER + buckets * BUCKET];
    bytes[..8].copy_from_slice(MAGIC);
    bytes[8..12].copy_from_slice(&(buckets as u32).to_le_bytes());
    for code in 0..256 {
        bytes[16 + 4 * code..20 + 4 * code].copy_from_slice(&value(code).to_le_bytes());
    }
    let mut filled = vec![0usize; buckets];
    for &(feature, weight) in kept {
        let Feature { bucket, fingerprint } = place(feature, buckets);
        let bucket = bucket as usize;
        let n = filled[bucket];
        // The weightiest come first, so a full bucket leaves out the slightest.
        if n < ENTRIES {
            let start = HEADER + bucket * BUCKET;
            bytes[start + 2 * n..start + 2 * n + 2].copy_from_slice(&fingerprint.to_le_bytes());
            let code = (weight / most * 127.0).round().clamp(-127.0, 127.0) + 128.0;
            bytes[start + 2 * ENTRIES + n] = code as u8;
            filled[bucket] += 1;
        }
    }
    bytes
}

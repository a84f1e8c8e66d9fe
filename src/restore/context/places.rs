//! Places of a corpus where a language model is unsure which of some words of the same letters was written.

use super::{Hashes, Key, keys_around};
use crate::error::Result;
use crate::lm::train::Corpus;
use crate::lm::{Model, Vocabulary, WordId, class, class_of};
use crate::text::letter::bare;
use crate::text::token::{Shape, Token, TokenKind, fold_word, tokenise};
use rustc_hash::FxHashMap;

/// A place where the language model alone is less sure than this is learned from.
const UNSURE: f32 = 0.99;
/// Readings less likely than this beside the best are not weighed.
const UNLIKELY: f32 = 1e-3;
/// Where bigrams make no rival this likely beside the best, longer n-grams are not asked.
const SETTLED: f32 = 3e-3;

/// Places where a language model is unsure, and the paragraphs that they are in.
pub(in crate::restore) struct Places {
    hashes: Hashes,
    paragraphs: Vec<Paragraph>,
    places: Vec<Place>,
    readings: Vec<(WordId, f32)>,
}

/// A paragraph of the corpus.
struct Paragraph {
    words: Vec<WordId>,
    shapes: Vec<Shape>,
}

/// One place where the model is unsure.
struct Place {
    paragraph: u32,
    at: u32,
    /// Index of its first reading; the right one comes first.
    readings: u32,
    count: u32,
}

impl Places {
    /// Those of this corpus, where this model is unsure.
    ///
    /// # Errors
    /// [`ErrorKind::Unreadable`](crate::ErrorKind::Unreadable) where the corpus cannot be read.
    pub(in crate::restore) fn gather(corpus: &Corpus, model: &Model) -> Result<Self> {
        let vocabulary = model.vocabulary();
        let rivals = rivals(vocabulary);
        let (paragraphs, places, readings) = Default::default();
        let mut found = Places { hashes: Hashes::new(vocabulary), paragraphs, places, readings };
        let mut tokens = Vec::new();
        corpus.for_each_line(|line| {
            let paragraph = Paragraph::new(line, vocabulary, &mut tokens);
            found.gather_from(paragraph, model, &rivals);
            Ok(())
        })?;
        Ok(found)
    }

    fn gather_from(&mut self, paragraph: Paragraph, model: &Model, rivals: &[Vec<WordId>]) {
        let before = self.places.len();
        for (at, &word) in paragraph.words.iter().enumerate() {
            let start = self.readings.len();
            weigh(model, &paragraph, at, &rivals[usize::from(word)], &mut self.readings);
            let readings = &mut self.readings[start..];
            let sum: f32 = readings.iter().map(|r| r.1.exp()).sum();
            match readings.iter().position(|r| r.0 == word) {
                Some(right) if readings.len() > 1 && 1.0 / sum < UNSURE => {
                    readings.swap(0, right);
                    let count = readings.len() as u32;
                    let paragraph = self.paragraphs.len() as u32;
                    self.places.push(Place { paragraph, at: at as u32, readings: start as u32, count });
                }
                _ => self.readings.truncate(start),
            }
        }
        if self.places.len() > before {
            self.paragraphs.push(paragraph);
        }
    }

    pub(in crate::restore) fn len(&self) -> usize {
        self.places.len()
    }

    /// The features around a place.
    pub(in crate::restore) fn keys(&self, place: usize, keys: &mut Vec<Key>) {
        let place = &self.places[place];
        let paragraph = &self.paragraphs[place.paragraph as usize];
        keys_around(&self.hashes, &paragraph.words, &paragraph.shapes, place.at as usize, keys);
    }

    /// The readings of a place, the right one first: the hash of each, and the logarithm of what the language model makes of it beside the best.
    pub(in crate::restore) fn readings(&self, place: usize) -> impl Iterator<Item = (u32, f32)> + Clone {
        let place = &self.places[place];
        let readings = &self.readings[place.readings as usize..][..place.count as usize];
        readings.iter().map(|&(word, log)| (self.hashes.words[usize::from(word)], log))
    }
}

impl Paragraph {
    fn new(line: &str, vocabulary: &Vocabulary, tokens: &mut Vec<Token>) -> Self {
        tokens.clear();
        tokenise(line, tokens);
        let mut folded = String::new();
        let mut word = |token: &Token| {
            let text = token.text(line);
            if token.kind == TokenKind::Word {
                folded.clear();
                fold_word(text, &mut folded);
                vocabulary.id(&folded).unwrap_or(class::UNKNOWN)
            } else {
                class_of(token.kind, text)
            }
        };
        let words = tokens.iter().map(&mut word).collect();
        Paragraph { words, shapes: tokens.iter().map(|token| Shape::of(token.text(line))).collect() }
    }
}

/// By the number of a word, all words of its letters; none where it is the only one.
fn rivals(vocabulary: &Vocabulary) -> Vec<Vec<WordId>> {
    let mut groups: FxHashMap<String, Vec<WordId>> = FxHashMap::default();
    for id in vocabulary.ids() {
        groups.entry(vocabulary.word(id).chars().map(bare).collect()).or_default().push(id);
    }
    let mut rivals = vec![Vec::new(); vocabulary.len()];
    for group in groups.values().filter(|g| g.len() > 1) {
        group.iter().for_each(|&id| rivals[usize::from(id)].clone_from(group));
    }
    rivals
}

/// Appends the rivals with the logarithm of what the language model makes of each among the words around it.
fn weigh(model: &Model, paragraph: &Paragraph, at: usize, rivals: &[WordId], readings: &mut Vec<(WordId, f32)>) {
    let start = readings.len();
    if rivals.is_empty() {
        return;
    }
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
    if readings[start..].iter().filter(|r| r.1 >= best * SETTLED).count() < 2 {
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

//! What the network says of the tokens of a window: factors of their readings' weights, and readings that nothing else thought of.

use super::network::{Tag, Tagger};
use crate::error::Result;
use crate::lm::{Model, WordId, class};
use crate::restore::document::window::{Slot, Window};
use crate::restore::lattice::Arc as Reading;

/// How much of what the network says is believed beside the channel and the language model: an exponent.
const BELIEF: f32 = 0.7;
/// How much of what the language at large says of a word is taken out of it, since the language model says it again: an exponent.
const PRIOR: f32 = 0.5;
/// A word that the network thinks of and the channel does not has at least this probability.
const WORTH: f32 = 1e-3;
/// The most such words of a token.
const MOST: usize = 8;
/// P(a word is seen as something that the channel cannot make of it), and of each letter then.
const STRANGE: f32 = 1e-3;
const LETTER: f32 = 0.1;

/// Tokens of a run that are looked at on either side of one: no run of words is longer, but a line without spaces may be of any length.
const NEAR: usize = 8;

/// The network's view of a text: of each run of characters between spaces.
pub(in crate::restore) struct Witness {
    tags: Vec<Tag>,
    /// Where the runs of characters lie: line, first byte, byte after the last.
    places: Vec<(u32, usize, usize)>,
}

/// What the network says of one token of a window.
#[derive(Clone, Copy)]
pub(in crate::restore) struct Testimony<'a> {
    tag: &'a Tag,
    /// It is the second word of its run of characters.
    second: bool,
    /// It is the only one there.
    alone: bool,
}

impl Witness {
    /// Asks the network of a text, which is NFC.
    ///
    /// # Errors
    /// Where the network cannot be run.
    pub fn of(tagger: &Tagger, lines: &[&str]) -> Result<Self> {
        let mut places = Vec::new();
        for (number, line) in (0..).zip(lines) {
            let offset = |part: &str| part.as_ptr() as usize - line.as_ptr() as usize;
            places.extend(line.split_whitespace().map(|p| (number, offset(p), offset(p) + p.len())));
        }
        let runs: Vec<&str> = places.iter().map(|&(line, start, end)| &lines[line as usize][start..end]).collect();
        Ok(Witness { tags: tagger.tags(&runs)?, places })
    }

    /// What is said of token `at`; None of what is no word or the third of its run.
    pub fn testimony(&self, window: &Window, at: usize) -> Option<Testimony<'_>> {
        let seen = &window.tokens[at];
        let run = self.places.partition_point(|&(line, _, end)| (line, end) <= (seen.line, seen.token.start));
        let &(line, start, end) = self.places.get(run)?;
        let inside = |at: &usize| {
            let other = &window.tokens[*at];
            other.line == line && start <= other.token.start && other.token.end <= end
        };
        if !inside(&at) {
            return None;
        }
        let is_word = |at: &usize| matches!(window.tokens[*at].slot, Slot::Open(_));
        let before = (0..at).rev().take(NEAR).take_while(inside).filter(is_word).count();
        let after = (at + 1..window.tokens.len()).take(NEAR).take_while(inside).filter(is_word).count();
        (before < 2).then(|| Testimony { tag: &self.tags[run], second: before == 1, alone: before + after == 0 })
    }
}

impl Testimony<'_> {
    fn of(words: &[(WordId, f32)], other: f32, word: WordId) -> f32 {
        words.iter().find(|w| w.0 == word).map_or(other, |w| w.1)
    }

    /// The logarithm of the probability of these words.
    pub fn share(&self, words: &[WordId]) -> f32 {
        let tag = self.tag;
        match *words {
            [word] if word < class::FIRST_WORD => tag.keep,
            [word, ..] if self.second => Self::of(&tag.second, tag.other_second, word),
            [word] => Self::of(&tag.first, tag.other, word) + if self.alone { tag.single } else { 0.0 },
            [one, two, ..] => {
                Self::of(&tag.first, tag.other, one) + tag.more + Self::of(&tag.second, tag.other_second, two)
            }
            [] => 0.0,
        }
    }

    /// What a reading's weight is multiplied by.
    pub fn factor(&self, model: &Model, words: &[WordId]) -> f32 {
        let prior: f32 = words.iter().map(|&w| model.unigram(w).max(f32::MIN_POSITIVE).ln()).sum();
        (BELIEF * (self.share(words) - PRIOR * prior)).exp()
    }

    /// What the weight of a reading that takes in the next token, too, is multiplied by.
    pub fn joined(&self, next: Option<Testimony>, model: &Model, words: &[WordId]) -> f32 {
        self.factor(model, words) * next.map_or(1.0, |next| (BELIEF * next.tag.rest).exp())
    }

    /// The word that digits were, where one begins there, with the logarithm of its odds against a number.
    pub fn word_for_digits(&self) -> Option<(WordId, f32)> {
        let &(word, share) = self.tag.first.first().filter(|_| self.alone)?;
        Some((word, share - self.tag.keep))
    }

    /// Appends readings of a token of so many letters that are not among these; `scale` is what weights of the channel were divided by.
    pub fn others(&self, model: &Model, letters: usize, scale: f32, readings: &[Reading], out: &mut Vec<Reading>) {
        let weight = STRANGE * LETTER.powi(letters as i32) / scale;
        let list = if self.second { &self.tag.second } else { &self.tag.first };
        for &(word, _) in list.iter().take_while(|w| w.1 >= WORTH.ln()).take(MOST) {
            if !readings.iter().any(|r| r.words() == [word]) {
                out.push(Reading::new(model, &[word], 1, weight * self.factor(model, &[word])));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::channel::LearnedChannel;
    use crate::restore::channel::candidate::Channel;

    /// What is said of each token of a line: the token, whether it is the second word of its run, and whether it is alone there.
    fn said(line: &str) -> Vec<(String, Option<(bool, bool)>)> {
        let model = Model::embedded().unwrap();
        let channel = LearnedChannel::embedded(model.vocabulary()).unwrap();
        let tagger = Tagger::embedded(model.vocabulary()).unwrap();
        let candidates = |seen: &str| {
            let mut found = Vec::new();
            channel.candidates(model.vocabulary(), seen, &mut found);
            found.into()
        };
        let window = Window::new(&[line], &model, None, |_| false, candidates);
        let witness = Witness::of(&tagger, &[line]).unwrap();
        let of = |at: usize| witness.testimony(&window, at).map(|t| (t.second, t.alone));
        window.tokens.iter().enumerate().map(|(at, seen)| (seen.token.text(line).to_owned(), of(at))).collect()
    }

    #[test]
    fn a_token_is_the_first_or_the_second_word_of_what_stands_between_spaces() {
        let said = said("trach,nhiem cao a/b/c 15");
        let of = |text: &str| said.iter().find(|s| s.0 == text).unwrap().1;
        assert_eq!(of("trach"), Some((false, false)));
        assert_eq!(of("nhiem"), Some((true, false)));
        assert_eq!(of("cao"), Some((false, true)));
        assert_eq!(of("15"), Some((false, true)));
    }

    #[test]
    fn what_the_network_has_never_named_is_less_likely_than_what_it_names() {
        let model = Model::embedded().unwrap();
        let tagger = Tagger::embedded(model.vocabulary()).unwrap();
        let line = "b6o c6o k6t qu6 thgc hiQn";
        let witness = Witness::of(&tagger, &[line]).unwrap();
        let testimony = Testimony { tag: &witness.tags[4], second: false, alone: true };
        let word = |text: &str| model.vocabulary().id(text).unwrap();
        let share = |text: &str| testimony.share(&[word(text)]);
        assert!(share("thực") > share("thức") && share("thức") >= share("xã"));
        let mut others = Vec::new();
        testimony.others(&model, 4, 1.0, &[Reading::new(&model, &[word("thức")], 1, 1.0)], &mut others);
        assert!(others.iter().any(|r| r.words() == [word("thực")]), "what the channel lacks is added");
        assert!(others.iter().all(|r| r.words() != [word("thức")]), "and nothing twice");
    }
}

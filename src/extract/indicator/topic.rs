//! What a title says of its whole document, and what a heading is about, for the share below it that says nothing itself: `8. Thanh toán trực tuyến`, and below it `Đạt 79,45%`.

use crate::document::TextLine;
use crate::extract::fuzzy::Hit;
use crate::extract::indicator::definition::Reach;
use crate::extract::indicator::family::{Family, Term};
use crate::extract::indicator::sense::{Reader, Sense, TAKEN_OVER};
use crate::extract::layout::flow::Flow;
use std::ops::Range;

/// The terms of a title that hold for a whole document: those that reach below headings, of each axis that says only one.
pub(in crate::extract) fn title_terms(family: &Family, title: &str) -> Vec<Term> {
    let lines = TextLine::from_text(title);
    let flow = Flow::new(&lines, &[], |_| false);
    let words = family.lexicon.words(&flow, &[]);
    let hits = family.in_place(family.lexicon.hits(&words), &words, &[], &flow);
    let said = hits.iter().flat_map(|h| &family.meanings[h.phrase].terms);
    let mut terms: Vec<Term> = said.copied().filter(|t| family.reach[family.axis_of[*t]] == Reach::Heading).collect();
    terms.sort_unstable();
    terms.dedup();
    let axes: Vec<usize> = terms.iter().map(|t| family.axis_of[*t]).collect();
    terms.retain(|t| axes.iter().filter(|a| **a == family.axis_of[*t]).count() == 1);
    terms
}

impl Reader<'_> {
    /// The share that the words of a heading name; None where they name none, or several.
    pub(super) fn topic(&self, heading: Range<usize>) -> Option<Term> {
        let of_share = |h: &Hit| {
            let terms = &self.family.meanings[h.phrase].terms;
            terms.iter().copied().find(|t| self.family.of_shares.contains(t))
        };
        let mut topics: Vec<Term> = self.hits_in(heading).iter().filter_map(of_share).collect();
        topics.dedup();
        <[Term; 1]>::try_from(topics).ok().map(|[topic]| topic)
    }

    /// Gives a share that says nothing of its own the topic of the heading right above it.
    pub(super) fn take_heading(&self, topic: Option<Term>, sense: &mut Sense) {
        let Some(topic) = topic.filter(|_| !sense.narrowed) else { return };
        sense.terms.push(topic);
        sense.terms.sort_unstable();
        sense.narrowed = true;
        sense.score -= TAKEN_OVER[2];
    }

    /// Whether a heading says one thing on each axis that reaches to its items, and nothing that is not understood.
    pub(super) fn is_plain_heading(&self, heading: Range<usize>) -> bool {
        let hits = self.hits_in(heading.clone());
        let terms = hits.iter().flat_map(|h| &self.family.meanings[h.phrase].terms);
        let mut said: Vec<Term> = terms.copied().filter(|t| self.reach_of(*t) == Reach::Item).collect();
        said.sort_unstable();
        said.dedup();
        let known = |word: usize| hits.iter().any(|h| h.first <= word && word < h.end);
        let words = self.word_at(heading.start)..self.word_at(heading.end);
        let filler = |word: usize| self.family.filler.contains_key(&self.flow.key[self.words[word].range.clone()]);
        let mut words = words;
        said.len() == 1 && words.all(|word| known(word) || filler(word))
    }
}

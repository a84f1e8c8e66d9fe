//! What a heading is about, for the share below it that says nothing itself: `8. Thanh toán trực tuyến`, and below it `Đạt 79,45%`.

use crate::extract::fuzzy::Hit;
use crate::extract::indicator::family::Term;
use crate::extract::indicator::sense::{Reader, Sense, TAKEN_OVER};
use std::ops::Range;

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
}

//! How a phrase that is met changes what was said so far, axis by axis.

use crate::extract::amount::Amount;
use crate::extract::fuzzy::Hit;
use crate::extract::indicator::definition::Reach;
use crate::extract::indicator::family::Term;
use crate::extract::indicator::sense::{Reader, Said, State};

impl Reader<'_> {
    /// What a paragraph leads with, and what the unit of its first number says is counted where nothing before it does: `Đang thụ lý: 34 hồ sơ`.
    pub(super) fn with_unit(&self, amount: &Amount, mut lead: State) -> State {
        let hits = self.hits_in(amount.range.end..amount.unit_end).iter();
        for (hit, term) in hits.flat_map(|h| self.family.meanings[h.phrase].terms.iter().map(move |t| (h, *t))) {
            if self.reach_of(term) == Reach::Heading {
                let said = Said { term, word: hit.first, cost: hit.cost };
                lead[self.family.axis_of[term]].get_or_insert(said);
            }
        }
        lead
    }

    pub(super) fn reach_of(&self, term: Term) -> Reach {
        self.family.reach[self.family.axis_of[term]]
    }

    pub(super) fn new_subject(&self, state: &State) -> bool {
        (0..state.len()).any(|axis| self.family.reach[axis] == Reach::Heading && state[axis].is_some())
    }

    /// Takes a phrase into the state. Another subject ends what was said of the one before it in earlier clauses.
    ///
    /// On exact axes only what leads the paragraph lasts: `Cấp xã: đã nhận 5, đã xong 4`, not `đã nhận 5 (cấp xã 2)`.
    pub(super) fn hear(&self, hit: &Hit, clause: usize, leads: bool, state: &mut State) {
        let meaning = &self.family.meanings[hit.phrase];
        for &term in &meaning.terms {
            let axis = self.family.axis_of[term];
            let reach = self.family.reach[axis];
            let aside = meaning.alone && reach != Reach::Heading && !self.heads(hit);
            if aside || reach == Reach::Label || self.family.exact[axis] && !leads {
                continue;
            }
            if reach == Reach::Heading && state[axis].is_some_and(|said| said.term != term) {
                for other in 0..state.len() {
                    if self.family.reach[other] == Reach::Item && state[other].is_some_and(|s| s.word < clause) {
                        state[other] = None;
                    }
                }
            }
            state[axis] = Some(Said { term, word: hit.first, cost: hit.cost });
        }
    }
}

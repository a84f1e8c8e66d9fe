//! What a number means: the terms of its label, and those that it takes over from the words and headings above it.

use crate::extract::amount::Amount;
use crate::extract::fuzzy::{Hit, WordSeen};
use crate::extract::indicator::definition::Reach;
use crate::extract::indicator::family::{Family, Term, When};
use crate::extract::indicator::label::Label;
use crate::extract::indicator::signs::Signs;
use crate::extract::indicator::table_sums;
use crate::extract::labels::LISTS;
use crate::extract::layout::flow::{Flow, Paragraph};
use crate::extract::layout::outline::Depth;
use crate::extract::layout::sentence::sentence_start;
use crate::extract::number::decimal::Decimal;
use crate::text::fold::key;
use std::ops::Range;

/// What a number means within one family.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::extract) struct Sense {
    /// Its terms, in order.
    pub(in crate::extract) terms: Vec<Term>,
    /// How well the label says so, from 0 to 1: what is taken over, misspelt or not understood costs.
    pub(in crate::extract) score: f32,
    /// True where it names nothing: below a heading of plans, or of one place of several.
    pub(in crate::extract) planned: bool,
    /// True where the label itself says which part or topic it is.
    pub(in crate::extract) narrowed: bool,
    /// True where the label says neither stage nor part: all that is taken over.
    pub(in crate::extract) leans: bool,
    /// True where the label itself says that it is a sum: `thì tổng cộng là 149.939`. It is no part then of what was said before.
    pub(in crate::extract) sums_up: bool,
    /// True where only what follows is about it: `Đối với 41 TTHC do Cục trực tiếp giải quyết, …`. Another number tells it, if there is one.
    pub(in crate::extract) restates: bool,
    /// True where the label itself says what is counted.
    pub(in crate::extract) counts: bool,
    /// True where what says whose it is stands in its own label or in prose: an item of a list that begins with it is one of several.
    pub(in crate::extract) of_whole: bool,
    /// What is said of all that it counts: `111 hồ sơ, tất cả còn trong hạn`. In order.
    pub(in crate::extract) of_all: Vec<Term>,
}

impl Sense {
    /// Its terms and those of all of it.
    pub(in crate::extract) fn all_terms(&self) -> Vec<Term> {
        let mut terms = [&self.terms[..], &self.of_all].concat();
        terms.sort_unstable();
        terms.dedup();
        terms
    }

    /// What it is as the part that all of it is said to be, or by what was done with all of it.
    pub(in crate::extract) fn whole(&self, family: &Family) -> Sense {
        let said =
            |axis: usize| family.reach[axis] != Reach::Label && self.of_all.iter().any(|t| family.axis_of[*t] == axis);
        let mut terms = self.all_terms();
        terms.retain(|t| self.of_all.contains(t) || !said(family.axis_of[*t]));
        Sense { terms, narrowed: true, of_all: Vec::new(), ..self.clone() }
    }
}

/// A term that was said, and where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said {
    pub(super) term: Term,
    /// The word that it begins with.
    pub(super) word: usize,
    pub(super) cost: f32,
}

/// The terms that hold from one place on: one an axis that reaches beyond its label.
pub(super) type State = Vec<Option<Said>>;

/// What each paragraph hands on to those below it.
#[derive(Debug, Clone, Default)]
struct Handed {
    state: State,
    /// What holds at its end, for running text that goes on in the next paragraph.
    end: State,
    planned: bool,
    /// True where a heading or the head of a list says that all below it are parts: `Theo lĩnh vực`.
    apart: bool,
    /// True below one of several headings that each name a place: `Tại Bộ phận Một cửa`, `Tại các xã`.
    placed: bool,
    /// The share that a heading without numbers names, for the paragraph right below it.
    topic: Option<Term>,
}

/// Cost of what is not in the label itself: said before in the paragraph, in an item above, in a heading.
pub(super) const TAKEN_OVER: [f32; 3] = [0.03, 0.05, 0.08];
/// Cost of a word in the label that nothing is known about, and the most that they cost together.
const UNKNOWN_WORD: (f32, f32) = (0.05, 0.30);

/// Cost of a label that holds no known phrase at all, and of a number that counts something unknown: only a sum may name that.
const NOT_UNDERSTOOD: f32 = 0.45;
const ANOTHER_THING: f32 = 0.55;

/// So many words that nothing is known about may stand beside a phrase that stands alone.
const MOST_BESIDE: usize = 2;

/// Reads the senses of all amounts of a text.
pub(in crate::extract) struct Reader<'a> {
    pub(in crate::extract) family: &'a Family,
    pub(in crate::extract) flow: &'a Flow<'a>,
    pub(in crate::extract) words: &'a [WordSeen],
    pub(in crate::extract) hits: &'a [Hit],
    /// The periods that the text names, in order: their bytes in the key, and whether they are other than the document's.
    pub(in crate::extract) periods: &'a [(Range<usize>, bool)],
    /// Whether the document's own period began with the year.
    pub(in crate::extract) begins_year: bool,
    /// The terms that the title says of what the whole document is about; none where it tells of several things.
    pub(in crate::extract) title: &'a [Term],
}

impl Reader<'_> {
    /// The sense of each amount.
    pub(in crate::extract) fn senses(&self, amounts: &[Amount], labels: &[Label]) -> Vec<Sense> {
        let mut handed: Vec<Handed> = Vec::with_capacity(self.flow.paragraphs.len());
        let mut senses = vec![Sense::default(); amounts.len()];
        let mut next = 0;
        let mut places = self.places();
        places.append(&mut self.parts_of_tables());
        places.append(&mut self.companions_in_tables());
        let plans = self.plans();
        for index in 0..self.flow.paragraphs.len() {
            let first = next;
            while labels.get(next).is_some_and(|l| l.paragraph == index) {
                next += 1;
            }
            let apart = (places.contains(&index), plans.contains(&index));
            let given = self.paragraph(index, apart, first..next, amounts, labels, &handed, &mut senses);
            handed.push(given);
        }
        senses
    }

    /// Reads one paragraph's amounts and returns what it hands on.
    #[expect(clippy::too_many_arguments, reason = "what all paragraphs share and what is the paragraph's own")]
    fn paragraph(
        &self,
        index: usize,
        (placed, planned): (bool, bool),
        own: Range<usize>,
        amounts: &[Amount],
        labels: &[Label],
        handed: &[Handed],
        senses: &mut [Sense],
    ) -> Handed {
        let paragraph = &self.flow.paragraphs[index];
        let body = &self.flow.key[paragraph.body..paragraph.range.end];
        // A paragraph that begins with `trong đó` goes on with what the one before it says.
        let goes_on = LISTS.goes_on.iter().any(|words| body.starts_with(words.as_str()));
        let above = if goes_on { index.checked_sub(1) } else { paragraph.parent };
        let mut outer = above.map_or_else(Handed::default, |a| handed[a].clone());
        let mut topic = outer.topic.take().filter(|_| above.is_some_and(|a| a + 1 == index));
        outer.state.resize(self.family.reach.len(), None);
        if above.is_none() {
            for &term in self.title {
                outer.state[self.family.axis_of[term]] = Some(Said { term, word: 0, cost: 0.0 });
            }
        }
        // Running text goes on about the same subject.
        let plain = |p: &Paragraph| p.depth == Depth::Plain && p.cell.is_none();
        let before = index.checked_sub(1).filter(|b| plain(paragraph) && plain(&self.flow.paragraphs[*b]));
        if let Some(before) = before {
            for (axis, said) in handed[before].end.iter().enumerate() {
                if self.family.reach[axis] == Reach::Heading && outer.state[axis].is_none() {
                    outer.state[axis] = *said;
                }
            }
        }
        let depth_above = above.map(|a| self.flow.paragraphs[a].depth);
        let distance = if depth_above.is_some_and(|d| d.names_section() && d < Depth::Nested) { 2 } else { 1 };
        let hits = self.hits_in(paragraph.range.clone());
        let first_word = self.word_at(paragraph.body);
        let plan = |h: &Hit| {
            let meaning = &self.family.meanings[h.phrase];
            meaning.plan && (!meaning.leads || h.first == first_word)
        };
        if paragraph.depth.names_section() && hits.iter().any(plan) {
            outer.planned = true;
        }
        outer.placed |= placed;
        outer.planned |= planned;
        // The row of sums is of the whole, though the table is of parts.
        if paragraph.cell.as_ref().is_some_and(|cell| table_sums::is_sum(self.flow, cell)) {
            (outer.placed, outer.apart) = (false, false);
        }
        // `Tính chung toàn tỉnh`: back to the whole.
        let first_number = own.clone().next().map_or(paragraph.range.end, |i| amounts[i].range.start);
        let first_unit = own.clone().next().map_or(paragraph.range.end, |i| amounts[i].unit_end);
        let turns = |h: &&Hit| self.words[h.first].range.start < first_number && self.family.meanings[h.phrase].whole;
        let whole_of_all = hits.iter().any(|h| turns(&h));
        if whole_of_all {
            outer.placed = false;
            for axis in 0..outer.state.len() {
                if self.family.exact[axis] {
                    outer.state[axis] = None;
                }
            }
        }
        let mut state: State = vec![None; self.family.reach.len()];
        let mut lead: Option<State> = None;
        // `Việc công bố TTHC lĩnh vực thuế là của Bộ. Chi cục công khai 219 TTHC`: of which part a sentence without a number tells is over with it.
        let told = if paragraph.depth.names_section() || body.ends_with(':') {
            paragraph.range.start
        } else {
            sentence_start(&self.flow.key, paragraph.range.start, first_number)
        };
        let over = |hit: &Hit| {
            let exact = |t: &Term| self.family.exact[self.family.axis_of[*t]] && self.reach_of(*t) != Reach::Label;
            self.words[hit.first].range.start < told && self.family.meanings[hit.phrase].terms.iter().all(exact)
        };
        // `Nội dung chủ yếu về hồ sơ môi trường. Đã xử lý 11`: nor does such a sentence between two numbers turn to another subject.
        let key = &self.flow.key;
        let signs = Signs::of(&self.flow.key, paragraph.range.clone());
        let aside = |hit: &Hit, before: Option<usize>, number: usize| {
            let Some(before) = before.filter(|_| paragraph.cell.is_none()) else { return false };
            let (at, end) = (self.words[hit.first].range.start, self.words[hit.end - 1].range.end);
            let says_subject = |t: &Term| self.reach_of(*t) == Reach::Heading;
            let own_sentence = sentence_start(key, before, at) > before && sentence_start(key, end, number) > end;
            // `01 kiến nghị (hồ sơ nhà ở). Đã xử lý 05`: nor do words in brackets without a number.
            let in_brackets = at > before
                && signs.bracket(before..at).is_some()
                && signs.bracket(end..number).is_some_and(|(_, closes)| closes);
            at > before
                && (own_sentence || in_brackets)
                && self.family.meanings[hit.phrase].terms.iter().any(says_subject)
        };
        let mut last: Option<usize> = None;
        let (mut hits, mut clause) = (hits.iter().peekable(), self.word_at(paragraph.range.start));
        // `đạt 58% dự toán`: what a share is taken of is not what the numbers behind it are about.
        let mut share_end: Option<usize> = None;
        let whole = |hit: &Hit, end: Option<usize>| end.is_some_and(|end| self.words[hit.first].range.start <= end + 2);
        let denied = self.denied(paragraph.range.clone());
        // How far the words of a number reach that is of one subject, whatever they name.
        let mut owned_to: Option<(usize, Term)> = None;
        let owned = |hit: &Hit, reach: Option<(usize, Term)>| {
            reach.is_some_and(|(end, subject)| {
                let says_other = |t: &Term| *t != subject && self.reach_of(*t) == Reach::Heading;
                self.words[hit.first].range.start < end && self.family.meanings[hit.phrase].terms.iter().any(says_other)
            })
        };
        let mut closed: Vec<Range<usize>> = Vec::new();
        let mut sentence = paragraph.range.start;
        for i in own.clone() {
            let (start, at) = (self.word_at(labels[i].before.start), amounts[i].range.start);
            // A sentence that was not seen to end goes on.
            let seen = last.map_or(paragraph.range.start, |end| end.min(at));
            sentence = Some(sentence_start(key, seen, at)).filter(|begin| *begin > seen).unwrap_or(sentence);
            while let Some(hit) = hits.next_if(|h| h.first < start) {
                let named = owned(hit, owned_to) || aside(hit, last, amounts[i].range.start);
                if !whole(hit, share_end) && !over(hit) && !named {
                    self.hear(hit, clause, lead.is_none(), &mut state);
                }
            }
            let before = labels[i].antecedent.map(|b| (&amounts[b], senses[b].clone()));
            senses[i] = self.sense(&amounts[i], &labels[i], &state, &outer.state, distance);
            let narrowed = before.is_some_and(|(count, sense)| {
                self.take_topic(&amounts[i], &labels[i], count, &sense, &mut senses[i]) && sense.narrowed
            });
            if let Some(count) = labels[i].antecedent.and_then(|share| Some((share, labels[share].antecedent?))) {
                let of_count = senses[count.1].clone();
                self.take_base(&amounts[i], &amounts[count.0], &of_count, &mut senses[i]);
            }
            if amounts[i].unit == Some("%") {
                self.take_heading(topic.take().filter(|_| !narrowed), &mut senses[i]);
            }
            senses[i].planned = outer.planned
                || outer.apart
                || outer.placed
                || labels[i].part && !senses[i].narrowed && !narrowed && !self.is_of_named_place(&senses[i])
                || self.is_compared(amounts[i].range.start)
                || self.is_of_time_before(&amounts[i], labels[i].antecedent.map(|before| &amounts[before]))
                || self.is_of_other_period(&amounts[i], &labels[i])
                || self.is_companion(&senses[i], &senses[own.start..i])
                || amounts[i].readings[0] != Decimal::ZERO && senses[i].terms.iter().any(|t| denied.contains(t))
                || self.stands_apart(sentence..at, &closed, &signs);
            let subjects = senses[i].terms.iter().filter_map(|term| self.family.belongs.get(term));
            let subject = subjects.copied().find(|subject| senses[i].terms.contains(subject));
            owned_to = subject.map(|subject| (labels[i].after.end, subject));
            closed.extend(self.closed_by(&labels[i], amounts.get(i + 1).filter(|_| i + 1 < own.end)));
            let number = self.word_at(amounts[i].range.start);
            while let Some(hit) = hits.next_if(|h| h.first < number) {
                let named = owned(hit, owned_to) || aside(hit, last, amounts[i].range.start);
                if !whole(hit, share_end) && !over(hit) && !named {
                    self.hear(hit, clause, lead.is_none(), &mut state);
                }
            }
            lead.get_or_insert_with(|| self.with_unit(&amounts[i], state.clone()));
            clause = number;
            last = Some(amounts[i].unit_end);
            share_end = (amounts[i].unit == Some("%")).then_some(amounts[i].range.end);
        }
        for hit in hits {
            if !whole(hit, share_end) {
                self.hear(hit, clause, lead.is_none(), &mut state);
            }
        }
        // `… 94 TTHC. Cụ thể` at a paragraph's end announces as a colon does.
        let turns = |turn: &String| {
            body.trim_end_matches(['.', ',', ' '])
                .strip_suffix(turn.as_str())
                .is_some_and(|rest| rest.ends_with([' ', '.', ',', ';', '(']))
        };
        let announces = body.ends_with(':') || LISTS.turns.iter().any(turns);
        // What a heading or the head of a list says is apart holds for all below it.
        if paragraph.depth.names_section() && paragraph.depth < Depth::Point || announces {
            let sentence = sentence_start(&self.flow.key, paragraph.range.start, first_number);
            outer.apart |= self.stands_apart(sentence..first_number, &[], &signs);
            // `Tiếp nhận 900 hồ sơ. Phân theo nhóm việc:`: so does what announces the list behind the last number.
            outer.apart |= last.is_some_and(|end| self.tells_apart(end..paragraph.range.end));
        }
        let end: State = (0..state.len()).map(|axis| state[axis].or(outer.state[axis])).collect();
        let mut given = if announces { state } else { lead.unwrap_or(state) };
        // `Kết quả chung toàn huyện (cấp huyện và cấp xã)`: of no part, whatever it names.
        if whole_of_all && own.is_empty() && paragraph.depth.names_section() {
            given.iter_mut().zip(&self.family.exact).filter(|(_, exact)| **exact).for_each(|(said, _)| *said = None);
        }
        // `2. Giải quyết` tells which stage all below it is of; `2. Tiếp nhận, giải quyết` does not.
        let is_heading =
            paragraph.depth.names_section() && paragraph.depth < Depth::Nested || self.flow.is_caption(index);
        let rest = &self.flow.key[first_unit..paragraph.range.end];
        let tells =
            !is_heading || !rest.contains(char::is_alphanumeric) && self.is_plain_heading(paragraph.body..first_number);
        let hand_on = |axis: usize| match self.family.reach[axis] {
            Reach::Label => None,
            Reach::Item if !tells => None,
            // A new subject ends what was said of the old one.
            Reach::Item => given[axis].or_else(|| if self.new_subject(&given) { None } else { outer.state[axis] }),
            Reach::Heading => given[axis].or(outer.state[axis]),
        };
        let state = (0..self.family.reach.len()).map(hand_on).collect();
        let heads = paragraph.depth.names_section() && own.is_empty();
        let topic = heads.then(|| self.topic(paragraph.body..paragraph.range.end)).flatten();
        Handed { state, end, topic, ..outer }
    }

    /// Whether an indicator is made of these terms that says which level it is of: `146 TTHC: 108 TTHC do cấp tỉnh giải quyết`.
    fn is_of_named_place(&self, sense: &Sense) -> bool {
        let of_place = |t: &Term| self.family.is_place(self.family.axis_of[*t]);
        let made = |terms: &[Term]| terms.iter().any(of_place) && terms.iter().all(|t| sense.terms.contains(t));
        self.family.conditions.iter().flatten().any(|c| c.when == When::Always && made(&c.terms))
    }

    fn sense(&self, amount: &Amount, label: &Label, state: &State, outer: &State, distance: usize) -> Sense {
        let own = self.own_hits(amount, label);
        let axes = self.family.reach.len();
        let mut exclusive: State = vec![None; axes];
        let mut terms: Vec<Term> = Vec::new();
        let mut joined: Vec<usize> = Vec::new();
        let (mut cost, mut covered, mut narrowed, mut leans) = (0.0f32, 0usize, false, true);
        // `Lệ phí thu tại quầy, tỷ lệ thanh toán trực tuyến 61%`: of a share the last clause says which part it is, where it says any.
        let last_of =
            |sign: char| self.flow.key[label.before.clone()].rfind(sign).map_or(0, |at| label.before.start + at);
        let (comma, colon) = (last_of(','), last_of(':'));
        let says = |h: &Hit| self.family.meanings[h.phrase].terms.iter().any(|t| self.family.of_shares.contains(t));
        let last = |h: &Hit| self.words[h.first].range.start > comma;
        // `Đối với người bệnh nội trú, tỷ lệ hài lòng 92,7%`: unless the first clause says what all of it is about.
        let before = &self.flow.key[label.before.clone()];
        let concerns = LISTS.concerning.iter().any(|words| before.starts_with(words.as_str()));
        // `Đối với 41 TTHC do Cục trực tiếp giải quyết, …`: such a number was told before, and may be a part.
        let restates = LISTS.concerning.iter().any(|words| before == words);
        let of_clause = amount.unit == Some("%") && !concerns && own.iter().any(|h| last(h) && says(h));
        // `Số hóa hồ sơ, kết quả: tỷ lệ số hóa hồ sơ đạt 92%`: what stands before the colon is the head of a list.
        let listed = |h: &Hit| self.words[h.first].range.start > colon;
        let of_list = amount.unit == Some("%") && own.iter().any(|h| listed(h) && says(h));
        for hit in own.iter().filter(|h| (!of_clause || last(h) || says(h)) && (!of_list || listed(h))) {
            cost = cost.max(hit.cost);
            covered += hit.end - hit.first;
            let meaning = &self.family.meanings[hit.phrase];
            // `Trong quý trả kết quả …`: what another phrase says of the stage holds.
            let contradicts = |t: &Term| {
                exclusive[self.family.axis_of[*t]].is_some_and(|said| said.term != *t)
                    // `Trong kỳ` says a stage only by the way; `còn` says it.
                    || meaning.terms.len() > 1 && own.iter().any(|h| self.says_other(h, hit, *t))
            };
            let single = || own.len() == 1 && self.unknown_words(label, amount, &own) <= MOST_BESIDE;
            let of_share = || amount.unit == Some("%") && self.is_at_once(amount, hit);
            let whole = !meaning.alone
                || of_share()
                || self.opens_bracket(amount, hit)
                || single()
                || self.is_filled(hit) && !meaning.terms.iter().any(contradicts);
            for term in meaning.terms.iter().map(|term| self.behind_share(amount, hit, *term)) {
                let axis = self.family.axis_of[term];
                // What a phrase that does not stand alone says of the subject still holds.
                if !whole && self.family.reach[axis] != Reach::Heading {
                    continue;
                }
                leans &= self.family.reach[axis] == Reach::Heading;
                // `Trong năm có 64 phản ánh mới`: another phrase says which part.
                if meaning.alone
                    && self.family.reach[axis] == Reach::Label
                    && own.iter().any(|h| self.says_on(h, hit, axis))
                {
                    continue;
                }
                if self.family.reach[axis] == Reach::Label {
                    narrowed = true;
                    terms.push(term);
                } else if let Some(said) = exclusive[axis] {
                    if said.term != term && self.family.is_place(axis) && self.joins(said.word, hit) {
                        joined.push(axis);
                    }
                } else {
                    exclusive[axis] = Some(Said { term, word: hit.first, cost: hit.cost });
                }
            }
        }
        // `PAKN … gồm 03 về quy định TTHC tuyển sinh`: of the feedback still.
        for subject in terms.iter().filter_map(|term| self.family.belongs.get(term)) {
            let axis = self.family.axis_of[*subject];
            if state[axis].or(outer[axis]).is_some_and(|said| said.term == *subject) {
                exclusive[axis] = state[axis].or(outer[axis]);
            }
        }
        // `thẩm quyền của cấp tỉnh và cấp xã`: of two places together, and so of none.
        joined.iter().for_each(|axis| exclusive[*axis] = None);
        let counts = self.new_subject(&exclusive);
        let own_places = exclusive.clone();
        // A unit that a column or a heading gives says what is counted as a word behind the number does.
        let declared = amount.unit.filter(|_| amount.unit_end == amount.range.end);
        if let Some(&term) = declared.and_then(|unit| self.family.counted.get(&key(unit))) {
            exclusive[self.family.axis_of[term]].get_or_insert(Said {
                term,
                word: self.word_at(amount.range.start),
                cost: 0.0,
            });
        }
        let changed = self.new_subject(&exclusive) && {
            let differs = |axis: usize| {
                let before = state[axis].or(outer[axis]);
                exclusive[axis].is_some_and(|own| before.is_some_and(|b| b.term != own.term))
            };
            (0..axes).any(|axis| self.family.reach[axis] == Reach::Heading && differs(axis))
        };
        let silence = &vec![None; axes];
        let cell = self.flow.paragraphs[label.paragraph].cell.as_ref();
        // `tổng cộng toàn tỉnh tiếp nhận 12.400 hồ sơ`: of the whole, whatever places were named before.
        let turns = own.iter().any(|h| self.family.meanings[h.phrase].whole);
        // A column takes over from the one on its left only where it says itself which part it is.
        let apart = cell.is_some_and(|c| c.follows) && !narrowed;
        let mut taken_over = 0.0;
        for axis in 0..axes {
            let reach = self.family.reach[axis];
            let settled = exclusive[axis].is_some() || joined.contains(&axis) || turns && self.family.is_place(axis);
            if settled || reach == Reach::Label || (changed && reach == Reach::Item) {
                continue;
            }
            let outer = if apart && reach == Reach::Item { silence } else { outer };
            if let Some(said) = state[axis] {
                exclusive[axis] = Some(said);
                taken_over += TAKEN_OVER[0];
            } else if let Some(said) = outer[axis] {
                exclusive[axis] = Some(said);
                taken_over += TAKEN_OVER[distance];
            } else {
                continue;
            }
            cost = cost.max(exclusive[axis].map_or(0.0, |s| s.cost));
        }
        let paragraph = &self.flow.paragraphs[label.paragraph];
        let own_place = (0..axes).any(|axis| self.family.is_place(axis) && own_places[axis].is_some());
        let of_whole = own_place || paragraph.depth == Depth::Plain && paragraph.cell.is_none();
        terms.extend(exclusive.iter().flatten().map(|said| said.term));
        terms.sort_unstable();
        terms.dedup();
        let unknown = self.unknown_words(label, amount, &own);
        let prose = if label.announced { 0.0 } else { 0.03 };
        let score = 1.0 - cost - taken_over - prose - (unknown as f32 * UNKNOWN_WORD.0).min(UNKNOWN_WORD.1);
        // A label of which nothing is understood may say anything: what is taken over does not make it a total.
        let silent = covered == 0 && (unknown > 0 || !label.announced);
        // The rows of a table are parts unless their words say what they are; those of a sum are only filler.
        let row = cell.map(|c| c.row.clone());
        let foreign_row = row.is_some_and(|row| {
            let explains = |h: &Hit| {
                let meaning = &self.family.meanings[h.phrase];
                meaning.whole || !meaning.terms.is_empty()
            };
            let filler = |w: &WordSeen| self.family.filler.contains_key(&self.flow.key[w.range.clone()]);
            let words = &self.words[self.word_at(row.start)..self.word_at(row.end)];
            let sums = cell.is_some_and(|cell| table_sums::is_sum(self.flow, cell));
            !sums && !self.hits_in(row).iter().any(explains) && !words.iter().all(filler)
        });
        let score = if self.counts_something_else(amount, label) {
            score - ANOTHER_THING
        } else if silent || foreign_row {
            score - NOT_UNDERSTOOD
        } else {
            score
        };
        let of_all = if amount.unit == Some("%") { Vec::new() } else { self.of_all(amount, label) };
        let sums_up = self.sums_up(label);
        Sense { terms, score, planned: false, narrowed, leans, sums_up, restates, counts, of_whole, of_all }
    }

    /// Index of the first word that begins at this byte of the key or later.
    pub(super) fn word_at(&self, at: usize) -> usize {
        self.words.partition_point(|w| w.range.start < at)
    }

    /// The phrases that begin in these bytes of the key.
    pub(super) fn hits_in(&self, range: Range<usize>) -> &[Hit] {
        let (first, end) = (self.word_at(range.start), self.word_at(range.end));
        let from = self.hits.partition_point(|h| h.first < first);
        let to = self.hits.partition_point(|h| h.first < end);
        &self.hits[from..to.max(from)]
    }
}

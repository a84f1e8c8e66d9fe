//! Whether a number is of something apart: of another period, one field of many, or what another number is compared with.

use crate::extract::amount::Amount;
use crate::extract::fuzzy::Hit;
use crate::extract::indicator::definition::Reach;
use crate::extract::indicator::family::Term;
use crate::extract::indicator::label::Label;
use crate::extract::indicator::sense::Reader;
use crate::extract::indicator::signs::Signs;
use crate::extract::labels::{LISTS, Words};
use std::ops::Range;

/// A bracket that opened further back than this many bytes is not asked for.
const FAR: usize = 400;

/// A sentence of more bytes than this is looked at from so far back.
const LONGEST_SENTENCE: usize = 6000;

impl Reader<'_> {
    /// Whether the number at this byte of the key is what another is compared with: `tăng so với 14 hồ sơ`.
    pub(super) fn is_compared(&self, at: usize) -> bool {
        let before = self.flow.key[..at].trim_end();
        // `của Sở với 27 TTHC`: what bears no mark in the list is another word where it is printed with one.
        let reads = |words: &Words| {
            let Some(rest) = before.strip_suffix(words.key.as_str()) else { return false };
            let printed = self.flow.printed(rest.len()..before.len()).split(' ');
            words.words.split(' ').zip(printed).all(|(word, printed)| !word.is_ascii() || printed.is_ascii())
        };
        LISTS.compared.iter().any(reads)
    }

    /// Whether a number stands in brackets with nothing but another time, and is no part of the one before: `tiếp nhận 05 PAKN (tháng trước: 08)`.
    pub(super) fn is_of_time_before(&self, amount: &Amount, before: Option<&Amount>) -> bool {
        let Some(before) = before else { return false };
        let key = self.flow.key.as_str();
        let inside =
            key[before.range.end.min(amount.range.start)..amount.range.start].rsplit_once('(').map(|(_, words)| words);
        let times =
            |words: &str| LISTS.times_before.iter().any(|time| words.trim_end_matches([':', ' ']) == time.as_str());
        let closes = key[amount.unit_end..].trim_start().starts_with(')');
        closes && inside.is_some_and(times) && amount.readings[0] > before.readings[0]
    }

    /// The words behind a number, where a comma, a semicolon or `và` parts them from the next and no bracket is open: a period among them is over.
    pub(super) fn closed_by(&self, label: &Label, next: Option<&Amount>) -> Option<Range<usize>> {
        let next = next.filter(|next| label.after.end <= next.range.start)?;
        let between = &self.flow.key[label.after.end..next.range.start];
        let parted =
            between.trim_start().starts_with([',', ';']) || LISTS.and.iter().any(|and| between.trim() == and.as_str());
        let turns = LISTS.turns.iter().any(|turn| between.contains(turn.as_str()));
        let floor = self.flow.paragraphs[label.paragraph].range.start.max(label.after.start.saturating_sub(FAR));
        let before = &self.flow.key.as_bytes()[floor..label.after.start];
        let sign = before.iter().rposition(|byte| matches!(byte, b'(' | b')'));
        // `(cùng kỳ nhận 27 hồ sơ năm 2023, trả 25)`: of that time to where it closes.
        let open = sign.is_some_and(|at| {
            let within = &before[at..];
            let says = |words: &str| within.windows(words.len()).any(|bytes| bytes == words.as_bytes());
            within[0] == b'(' && LISTS.compared.iter().any(|words| says(&words.key))
        });
        (parted && !turns && !open && !label.after.is_empty()).then(|| label.after.clone())
    }

    /// Whether words right behind a number say that it is another period's: `671 hồ sơ của năm 2023`.
    pub(super) fn is_of_other_period(&self, amount: &Amount, label: &Label) -> bool {
        let from = self.periods.partition_point(|(range, _)| range.start < amount.unit_end);
        let Some((range, other)) = self.periods.get(from).filter(|(range, _)| range.end <= label.after.end) else {
            return false;
        };
        let between = self.flow.key[amount.unit_end..range.start].trim();
        let begins = |h: &Hit| self.words[h.first].range.start <= range.start;
        let covers = |h: &&Hit| begins(h) && range.start < self.words[h.end - 1].range.end;
        let said = self.hits_in(amount.range.end..range.end).iter().find(covers);
        let owned = said.is_some_and(|h| !self.family.meanings[h.phrase].terms.is_empty());
        *other && !owned && (between.is_empty() || LISTS.of.iter().any(|of| of == between))
    }

    /// Whether a phrase among these bytes says that what it announces is of something apart.
    pub(super) fn tells_apart(&self, range: Range<usize>) -> bool {
        self.hits_in(range).iter().any(|h| self.is_apart(h) && !self.is_lifted(h))
    }

    /// Whether a phrase says so by itself.
    fn is_apart(&self, hit: &Hit) -> bool {
        let meaning = &self.family.meanings[hit.phrase];
        meaning.apart && !(meaning.in_year && self.begins_year)
    }

    /// Whether the sentence of a phrase goes on with words with which it is not apart: `Bộ ban hành 02 quyết định có liên quan đến Đơn vị`.
    fn is_lifted(&self, hit: &Hit) -> bool {
        let Some(group) = self.family.meanings[hit.phrase].unless else { return false };
        let end = self.words[hit.end - 1].range.end;
        let paragraph = &self.flow.paragraphs[self.flow.paragraph_at(end.saturating_sub(1))];
        let behind = &self.flow.key.as_bytes()[end..paragraph.range.end.min(end + FAR).max(end)];
        let stops = |pair: &[u8]| pair == b". " || pair.starts_with(b";");
        let to = end + behind.windows(2).position(stops).unwrap_or(behind.len());
        self.hits_in(end..to).iter().any(|h| self.family.meanings[h.phrase].lifts == Some(group))
    }

    /// Whether a sentence begins with the time a year ago: `Cùng kỳ năm trước tiếp nhận 1.100 hồ sơ, gồm: trực tuyến 700`, not `Năm trước chuyển sang 12
    /// hồ sơ`.
    fn begins_another_year(&self, sentence: &Range<usize>, hits: &[Hit]) -> bool {
        let words = &self.flow.key[sentence.clone()];
        let start = sentence.end - words.trim_start().len();
        let ends = |time: &String| {
            let rest = self.flow.key[start..sentence.end].strip_prefix(time.as_str())?;
            rest.starts_with([' ', ':', ',', '(']).then_some(start + time.len())
        };
        let Some(end) = LISTS.a_year_ago.iter().filter_map(ends).max() else { return false };
        let goes_on = |h: &&Hit| self.words[h.first].range.start == start && self.words[h.end - 1].range.end > end;
        !hits.iter().any(|h| goes_on(&h))
    }

    /// The terms of which a paragraph says that the body itself has no such thing: `Cấp xã không thực hiện công bố TTHC`.
    pub(super) fn denied(&self, paragraph: Range<usize>) -> Vec<Term> {
        let hits = self.hits_in(paragraph).iter();
        hits.flat_map(|h| self.family.meanings[h.phrase].denies.iter().copied()).collect()
    }

    /// Whether a sentence says, before the byte that it is given to, that it tells of something apart: another period, one field.
    ///
    /// `signs` are those of its paragraph; `closed` are the words behind the numbers before it in its paragraph, each up to where the next begins: a period among them is that number's.
    pub(super) fn stands_apart(&self, sentence: Range<usize>, closed: &[Range<usize>], signs: &Signs) -> bool {
        let key = self.flow.key.as_str();
        let at = sentence.end;
        // No sentence is longer; what goes on without end is no slower for it.
        let start = key.ceil_char_boundary(sentence.start.max(at.saturating_sub(LONGEST_SENTENCE)));
        let sentence = start..at;
        let hits = self.hits_in(sentence.clone());
        if self.begins_another_year(&sentence, hits) && !signs.semicolon(sentence.clone()) {
            return true;
        }
        let from = self.periods.partition_point(|(range, _)| range.start < sentence.start);
        let to = self.periods.partition_point(|(range, _)| range.end <= sentence.end).max(from);
        if from == to && !hits.iter().any(|h| self.is_apart(h)) {
            return false;
        }
        // What a bracket says holds within it where words go on behind it: `21.305 hồ sơ (theo dõi riêng), nhận 18.240 hồ sơ`.
        let aside = |end: usize| {
            let closes = signs.bracket(end..at).filter(|(_, closes)| *closes);
            closes.is_some_and(|(sign, _)| {
                // `(năm 2024: 12 hồ sơ), 15 hồ sơ`: so it does where the list goes on.
                let rest = &key[sign + 1..at];
                rest.contains(char::is_alphabetic) || rest.starts_with([',', ';'])
            })
        };
        let apart = |h: &Hit| {
            let end = self.words[h.end - 1].range.end;
            self.is_apart(h) && !aside(end) && !self.is_lifted(h)
        };
        if hits.iter().any(apart) {
            return true;
        }
        // A period within a phrase that says something, such as `từ quý I chuyển sang`, is that phrase's.
        let owned = |range: &Range<usize>| {
            // Phrases do not overlap, and few touch the words of a period.
            let to = hits.partition_point(|h| self.words[h.first].range.start < range.end);
            hits[..to].iter().rev().take(4).any(|h| {
                let meaning = &self.family.meanings[h.phrase];
                // `Trong quý III`: the period of such a phrase is no part of it.
                let terms = if meaning.alone { &[][..] } else { &meaning.terms };
                let narrows = terms.iter().any(|t| self.family.reach[self.family.axis_of[*t]] == Reach::Label);
                let end = self.words[h.end - 1].range.end;
                // `so với cùng kỳ năm 2024`: right behind a phrase that narrows, it is that phrase's as well.
                let reach = if narrows { end + 1 } else { end };
                !terms.is_empty() && range.start <= reach && (narrows || range.start < end)
            })
        };
        let compares = |range: &Range<usize>| signs.compares(sentence.start..range.start);
        // `Cùng kỳ năm 2024: 27 PAKN, xong 25`: all that follows is of that time.
        let opens = |range: &Range<usize>| {
            let behind = key[range.end..at].trim_start();
            (behind.starts_with(':') || behind.starts_with('(') && !signs.closes(range.end..at)) && compares(range)
        };
        // `tăng so với quý II; số trước hạn là …`: a comparison is over.
        let over = |range: &Range<usize>| signs.semicolon(range.end..at) && compares(range);
        // `12 hồ sơ của năm 2024 và 95 hồ sơ mới`, `vượt 671 hồ sơ của năm 2023; 245 hồ sơ đúng hạn`: nor does it hold for the number behind.
        let before = |range: &Range<usize>| {
            let last = closed.partition_point(|words| words.start <= range.start).checked_sub(1);
            last.is_some_and(|last| range.end <= closed[last].end)
        };
        let holds = |range: &Range<usize>| {
            (opens(range) || !before(range) && !owned(range) && !over(range)) && !aside(range.end)
        };
        self.periods[from..to].iter().rfind(|(range, _)| holds(range)).is_some_and(|(_, other)| *other)
    }
}

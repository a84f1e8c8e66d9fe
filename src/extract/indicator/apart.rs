//! Whether a number is of something apart: of another period, one field of many, or what another number is compared with.

use crate::extract::amount::Amount;
use crate::extract::fuzzy::Hit;
use crate::extract::indicator::definition::Reach;
use crate::extract::indicator::sense::Reader;
use crate::extract::labels::{LISTS, Words};
use crate::extract::layout::sentence::sentence_start;
use std::ops::Range;

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

    /// Whether the sentence before this byte of the key says that it tells of something apart: another period, one field.
    pub(super) fn stands_apart(&self, paragraph: &Range<usize>, at: usize) -> bool {
        let sentence = sentence_start(&self.flow.key, paragraph.start, at)..at;
        let hits = self.hits_in(sentence.clone());
        // What a bracket says holds within it where words go on behind it: `21.305 hồ sơ (theo dõi riêng), nhận 18.240 hồ sơ`.
        let aside = |end: usize| {
            let behind = &self.flow.key[end..at];
            let closes = behind.find([')', '(']).filter(|sign| behind[*sign..].starts_with(')'));
            closes.is_some_and(|sign| behind[sign..].contains(char::is_alphabetic))
        };
        let apart = |h: &Hit| self.family.meanings[h.phrase].apart && !aside(self.words[h.end - 1].range.end);
        if hits.iter().any(apart) {
            return true;
        }
        // A period within a phrase that says something, such as `từ quý I chuyển sang`, is that phrase's.
        let owned = |range: &Range<usize>| {
            hits.iter().any(|h| {
                let terms = &self.family.meanings[h.phrase].terms;
                let narrows = terms.iter().any(|t| self.family.reach[self.family.axis_of[*t]] == Reach::Label);
                let (first, end) = (self.words[h.first].range.start, self.words[h.end - 1].range.end);
                // `so với cùng kỳ năm 2024`: right behind a phrase that narrows, it is that phrase's as well.
                let reach = if narrows { end + 1 } else { end };
                !terms.is_empty() && first < range.end && range.start <= reach && (narrows || range.start < end)
            })
        };
        let from = self.periods.partition_point(|(range, _)| range.start < sentence.start);
        let named = self.periods[from..].iter().take_while(|(range, _)| range.end <= sentence.end);
        let key = self.flow.key.as_str();
        let compares = |range: &Range<usize>| {
            let clause = key[sentence.start..range.start].rsplit(';').next().unwrap_or_default();
            LISTS.compared.iter().any(|words| clause.contains(words.key.as_str()))
        };
        // `Cùng kỳ năm 2024: 27 PAKN, xong 25`: all that follows is of that time.
        let opens = |range: &Range<usize>| {
            let behind = key[range.end..at].trim_start();
            (behind.starts_with(':') || behind.starts_with('(') && !behind.contains(')')) && compares(range)
        };
        // `tăng so với quý II; số trước hạn là …`: a comparison is over.
        let over = |range: &Range<usize>| key[range.end..at].contains(';') && compares(range);
        let holds = |range: &Range<usize>| !aside(range.end) && (opens(range) || !owned(range) && !over(range));
        named.filter(|(range, _)| holds(range)).last().is_some_and(|(_, other)| *other)
    }
}

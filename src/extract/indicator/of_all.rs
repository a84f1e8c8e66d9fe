//! What is said of all that a number counts: `111 hồ sơ, tất cả còn trong hạn`.

use crate::extract::amount::Amount;
use crate::extract::indicator::definition::Reach;
use crate::extract::indicator::family::Term;
use crate::extract::indicator::label::Label;
use crate::extract::indicator::sense::Reader;
use crate::extract::labels::{LISTS, Words};
use std::ops::Range;

impl Reader<'_> {
    /// The parts that the words behind a count say all of it is: `, tất cả còn trong hạn`, `(đều đúng hạn)`.
    pub(super) fn of_all(&self, amount: &Amount, label: &Label) -> Vec<Term> {
        /// What stands between the count and these words has no more bytes than this.
        const NEAR: usize = 48;
        /// What is said of all of it is over before so many bytes.
        const FAR: usize = 400;
        let end = self.flow.paragraphs[label.paragraph].range.end.min(amount.unit_end + FAR).max(amount.unit_end);
        let end = self.flow.key.ceil_char_boundary(end);
        let behind = &self.flow.key[amount.unit_end..end];
        if let Some(share) = hundred(behind) {
            return self.of_words(amount.unit_end, share.start, &behind[share.end..], share.end);
        }
        // To the next number.
        let ends = |c: char| c.is_ascii_digit() || matches!(c, ';' | '\n');
        let behind = behind.split(ends).next().unwrap_or_default();
        let behind = behind.split(". ").next().unwrap_or_default();
        let whole = |at: usize, word: &Words| {
            let (before, end) = (&behind[..at], at + word.key.len());
            before.ends_with([' ', '(', ','])
                && behind[end..].starts_with(' ')
                && at <= NEAR
                && before.contains([',', '(', '-', '–'])
                && word.is(self.flow.printed(amount.unit_end + at..amount.unit_end + end))
        };
        let found = LISTS.all.iter().filter_map(|word| {
            let places = behind.match_indices(word.key.as_str()).map(|(at, _)| at);
            places.filter(|at| whole(*at, word)).map(|at| (at, at + word.key.len())).next()
        });
        let Some((first, start)) = found.min() else {
            let remark = self.of_remark(amount.unit_end, behind);
            return if remark.is_empty() { self.of_clause(amount.unit_end, behind) } else { remark };
        };
        self.of_words(amount.unit_end, first, &behind[start..], start)
    }

    /// What the clause that begins `words` says; it and the word of all before it stand so far behind this byte of the key.
    fn of_words(&self, from: usize, first: usize, words: &str, start: usize) -> Vec<Term> {
        let clause = words.split([',', '(', ')', '.', ';']).next().unwrap_or_default();
        let hits = self.hits_in(from + first..from + start + clause.len()).iter();
        let mut terms: Vec<Term> = hits.flat_map(|h| self.family.meanings[h.phrase].terms.iter().copied()).collect();
        // Which part it is, and what was done with it: `226 TTHC, tất cả đều đã niêm yết`.
        terms.retain(|t| self.reach_of(*t) != Reach::Heading && !self.family.is_place(self.family.axis_of[*t]));
        terms.sort_unstable();
        terms.dedup();
        terms
    }

    /// The part that a bracket right behind a count says and nothing else: `đang giải quyết: 06 hồ sơ (chưa đến hạn).`
    fn of_remark(&self, from: usize, behind: &str) -> Vec<Term> {
        let Some(inside) = behind.trim_start().strip_prefix('(') else { return Vec::new() };
        let Some(words) = inside.split_once(')').map(|(words, _)| words) else { return Vec::new() };
        let start = from + behind.len() - behind.trim_start().len() + 1;
        self.only_part(start..start + words.len())
    }

    /// The part that these bytes of the key say and nothing else.
    fn only_part(&self, range: Range<usize>) -> Vec<Term> {
        let whole = (self.word_at(range.start), self.word_at(range.end));
        let [hit] = self.hits_in(range) else { return Vec::new() };
        if (hit.first, hit.end) != whole {
            return Vec::new();
        }
        let mut terms = self.family.meanings[hit.phrase].terms.clone();
        terms.retain(|t| self.reach_of(*t) == Reach::Label);
        terms.sort_unstable();
        terms
    }

    /// The part that a clause of its own behind a count says and nothing else: `còn 09 hồ sơ đang giải quyết, trong hạn;`. `behind` are the
    /// words from this byte of the key to the next number or the sentence's end.
    fn of_clause(&self, from: usize, behind: &str) -> Vec<Term> {
        let Some(comma) = behind.find(',').filter(|comma| !behind[..*comma].contains('(')) else { return Vec::new() };
        let words = &behind[comma + 1..];
        let end = from + comma + 1 + words.find(['.', ',', '(']).unwrap_or(words.len());
        // A number that follows is what the clause is about.
        let over =
            self.flow.key[end..].trim_start_matches(' ').starts_with([';', '.', '\n']) || end == self.flow.key.len();
        if over { self.only_part(from + comma + 1..end) } else { Vec::new() }
    }
}

/// The share of all behind a count: `163 hồ sơ, 100% trong hạn`.
fn hundred(behind: &str) -> Option<Range<usize>> {
    let words = behind.trim_start_matches([' ', ',', '(']);
    let at = behind.len() - words.len();
    let len = ["100%", "100 %"].into_iter().find(|share| words.starts_with(share))?.len();
    (behind[..at].contains([',', '(']) && words[len..].starts_with(' ')).then_some(at..at + len)
}

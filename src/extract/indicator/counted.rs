//! What a number counts beside what its phrases say: something that nothing is known about, or what the count before it counts.

use crate::extract::amount::Amount;
use crate::extract::fuzzy::WordSeen;
use crate::extract::indicator::definition::Reach;
use crate::extract::indicator::family::Term;
use crate::extract::indicator::label::Label;
use crate::extract::indicator::sense::{Reader, Sense, TAKEN_OVER};

/// What stands between a count and its share has no more bytes than this.
const LONGEST_COUNTED: usize = 48;

impl Reader<'_> {
    /// Whether a word that nothing is known about follows the number at once, as its unit would: `142 tổ`.
    pub(super) fn counts_something_else(&self, amount: &Amount, label: &Label) -> bool {
        // `không để xảy ra hồ sơ trễ hạn`: what did not happen follows a nought.
        if amount.unit.is_none() && !self.flow.key[amount.range.clone()].contains(|c: char| c.is_ascii_digit()) {
            return false;
        }
        // `04 (bốn) vị trí`
        let end = amount.words.as_ref().map_or(amount.range.end, |(_, words)| words.end + 1);
        let next = self.word_at(end);
        let Some(word) = self.words.get(next).filter(|w| amount.unit.is_none() && label.after.contains(&w.range.start))
        else {
            return false;
        };
        let at_once = word.range.start <= end + 2;
        let understood = self.hits_in(end..word.range.end).iter().any(|h| h.first == next);
        // `2 lá thư khen` counts letters: the filler `là` is printed with its own mark, or with none.
        let printed = self.flow.printed(word.range.clone()).to_lowercase();
        let filler = self.family.filler.get(&self.flow.key[word.range.clone()]);
        let filler = filler.is_some_and(|forms| printed.is_ascii() || forms.is_empty() || forms.contains(&printed));
        at_once && !understood && !filler
    }

    /// A percentage that follows a count at once says the same in other words: `… trực tuyến: 450/500 hồ sơ, đạt 90%`. Returns
    /// whether it does.
    pub(super) fn take_topic(
        &self,
        share: &Amount,
        label: &Label,
        count: &Amount,
        of_count: &Sense,
        sense: &mut Sense,
    ) -> bool {
        let silent = self.hits_in(label.before.clone()).is_empty() && self.hits_in(label.remark.clone()).is_empty();
        // `3.115/3.120 giao dịch, đạt 99,84%`: a word or two that the count counts may stand between.
        let near = self.flow.key.get(count.unit_end..label.before.start).is_none_or(|between| {
            // `97 hộ nghèo/4.533 hộ, chiếm 2,14%`: the second number of a pair stands between as well.
            let within = |c: char| c.is_ascii_digit() || c == '.';
            let between = between.split_once('/').map_or(between, |(_, rest)| rest.trim_start_matches(within));
            between.len() <= LONGEST_COUNTED
                && !between.contains(|c: char| matches!(c, '.' | ';' | ':') || c.is_ascii_digit())
        });
        if share.unit != Some("%") || count.unit == Some("%") || sense.narrowed || !silent || !near {
            return false;
        }
        self.take_parts(of_count, sense);
        let filler = |w: &WordSeen| self.family.filler.contains_key(&self.flow.key[w.range.clone()]);
        let wordless = self.words[self.word_at(label.before.start)..self.word_at(label.before.end)].iter().all(filler);
        let taken_over = of_count.score - TAKEN_OVER[0];
        sense.score = if wordless { taken_over } else { sense.score.min(taken_over) };
        true
    }

    /// Gives a number in brackets behind a share, which is what the share is taken of, the parts that the share's count says:
    /// `thu nội địa 8.937 tỷ đồng, bằng 52,9% dự toán (16.900 tỷ đồng)` tells the estimate of that part and no other.
    pub(super) fn take_base(&self, amount: &Amount, share: &Amount, of_count: &Sense, sense: &mut Sense) {
        let between = self.flow.key.get(share.range.end..amount.range.start).unwrap_or_default();
        let opens = between.trim_end().strip_suffix('(');
        let of_share = opens.is_some_and(|words| !words.contains(['(', ')', ',', ';', '.', ':']));
        if share.unit == Some("%") && of_share && !sense.narrowed {
            self.take_parts(of_count, sense);
        }
    }

    /// The terms of a count that say which part it is.
    fn take_parts(&self, of_count: &Sense, sense: &mut Sense) {
        let narrow = |t: &&Term| self.family.reach[self.family.axis_of[**t]] == Reach::Label;
        sense.terms.extend(of_count.terms.iter().filter(narrow));
        sense.terms.sort_unstable();
        sense.terms.dedup();
    }
}

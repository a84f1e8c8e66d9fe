//! Which words belong to a number: the phrases of its own label, and the words of it that nothing explains.

use crate::extract::amount::{Amount, written_out};
use crate::extract::fuzzy::{Hit, WordSeen};
use crate::extract::indicator::definition::Reach;
use crate::extract::indicator::family::Term;
use crate::extract::indicator::label::Label;
use crate::extract::indicator::sense::Reader;
use crate::extract::labels::LISTS;

impl Reader<'_> {
    /// The phrases that belong to the number, those that decide first: what follows it at once, then what stands before
    /// it from the nearest, then what stands behind it.
    pub(in crate::extract) fn own_hits(&self, amount: &Amount, label: &Label) -> Vec<Hit> {
        let before = self.hits_in(label.before.clone());
        let remark = self.hits_in(label.remark.clone());
        let says_part = |hits: &[Hit]| {
            hits.iter().any(|h| self.family.meanings[h.phrase].terms.iter().any(|t| self.family.narrows(*t)))
        };
        let percent = amount.unit == Some("%");
        // The unit is part of what follows: `25 dịch vụ công …`.
        let behind = self.hits_in(amount.range.end..label.after.end.max(amount.range.end));
        let at_once = behind.first().filter(|h| {
            !percent && self.words[h.first].range.start <= amount.range.end + 2 && amount.unit_end > amount.range.end
        });
        let unit_only = at_once.filter(|_| label.announced && !before.is_empty());
        let mut own: Vec<Hit> = Vec::new();
        if percent && !remark.is_empty() && says_part(remark) {
            own.extend(remark);
        } else if let Some(unit) = unit_only {
            let heading_only = |h: &Hit| !says_part(std::slice::from_ref(h));
            own.extend(Some(*unit).filter(heading_only));
            own.extend(before.iter().rev());
            // `Mức độ dịch vụ công: 18 TTHC toàn trình; 4 TTHC một phần`, `Hình thức nộp: 26 hồ sơ trực tuyến`.
            if !says_part(before) && says_part(behind) {
                own.extend(&behind[usize::from(heading_only(unit))..]);
            }
        } else if percent || label.announced {
            own.extend(before.iter().rev());
            if !says_part(before) && (percent || before.is_empty()) {
                own.extend(behind);
            } else if percent {
                // `đạt 62% kế hoạch`: what a share is taken of follows it at once.
                own.extend(behind.first().filter(|h| self.is_at_once(amount, h) && says_part(&behind[..1])));
            }
        } else if before.iter().any(|h| says_part(&[*h]) && !self.family.meanings[h.phrase].alone)
            && !label.shared
            && at_once.is_none()
        {
            own.extend(before.iter().rev());
        } else {
            own.extend(at_once);
            let rest = &behind[usize::from(at_once.is_some()).min(behind.len())..];
            if label.shared && says_part(behind) {
                own.extend(rest);
            } else {
                // `Niêm yết, công khai: Huyện có 402 TTHC thuộc thẩm quyền`: what stands before a colon comes last, as a heading does.
                let colon = self.flow.key[label.before.clone()].rfind(':').map_or(0, |at| label.before.start + at);
                let headed = before.iter().take_while(|h| self.words[h.first].range.start < colon).count();
                // `Ban Quản lý không tiếp nhận PAKN nào`: what there is none of stands behind the nought.
                let none = self.is_none_at_all(amount);
                own.extend(rest.iter().filter(|_| none));
                own.extend(before[headed..].iter().rev());
                let last = before[headed..].last().filter(|h| says_part(&[**h]) && self.is_right_before(h, amount));
                let of_others = |h: &Hit| last.is_some() && says_part(&[*h]) && self.is_far(amount, h);
                own.extend(rest.iter().filter(|h| !(none || of_others(h))));
                own.extend(before[..headed].iter().rev());
            }
        }
        // `327 vụ việc trong tổng số 384 vụ việc`: what leads to the next number is that number's, wherever its words begin.
        let leads = |hit: &Hit| self.family.meanings[hit.phrase].ahead;
        own.retain(|hit| {
            !(self.is_included(label, hit) || leads(hit) && self.words[hit.first].range.start >= amount.range.end)
        });
        let floor = self.flow.paragraphs[label.paragraph].range.start;
        let lead =
            self.hits_in(floor..amount.range.start).last().filter(|h| leads(h) && self.is_right_before(h, amount));
        let lead = lead.copied().filter(|lead| own.iter().all(|hit| hit.first != lead.first));
        own.extend(lead);
        own
    }

    /// Whether a number is a nought in words whose clause says of what there is none: `không có hồ sơ quá hạn`.
    fn is_none_at_all(&self, amount: &Amount) -> bool {
        let in_words = !self.flow.key[amount.range.clone()].contains(|c: char| c.is_ascii_digit());
        in_words && written_out::none_at_all(written_out::clause(&self.flow.key, amount.range.end))
    }

    /// Whether nothing stands between a phrase and a number.
    fn is_right_before(&self, hit: &Hit, amount: &Amount) -> bool {
        let end = self.words[hit.end - 1].range.end;
        self.flow.key.get(end..amount.range.start).is_some_and(|gap| gap.trim().is_empty())
    }

    /// Whether so many words that nothing is known about stand between a number and a phrase behind it that the phrase tells of those:
    /// `hủy bỏ 04 thủ tục không còn phù hợp với quy chế sửa đổi`.
    fn is_far(&self, amount: &Amount, hit: &Hit) -> bool {
        const FAR: usize = 3;
        let between = amount.unit_end..self.words[hit.first].range.start;
        self.words_beside(between.clone(), self.hits_in(between)) >= FAR
    }

    /// Whether a phrase stands in a bracket of the words before a number that says what all is in it: `TTHC tiếp nhận (gồm TTHC cấp xã và TTHC được
    /// ủy quyền): 467`. What is named there is not which part it is.
    fn is_included(&self, label: &Label, hit: &Hit) -> bool {
        let at = self.words[hit.first].range.start;
        if !label.before.contains(&at) {
            return false;
        }
        let Some((_, inside)) = self.flow.key[label.before.start..at].rsplit_once('(') else { return false };
        let closes = self.flow.key[at..label.before.end].contains(')');
        let begins = |words: &String| inside.strip_prefix(words.as_str()).is_some_and(|rest| rest.starts_with(' '));
        closes && !inside.contains(')') && LISTS.includes.iter().any(begins)
    }

    /// Whether a phrase follows a number at once, in the same sentence: `22,6% Mục tiêu của năm …` begins another.
    pub(super) fn is_at_once(&self, amount: &Amount, hit: &Hit) -> bool {
        let word = &self.words[hit.first].range;
        let near = self.flow.key.get(amount.range.end..word.start).is_some_and(|gap| matches!(gap, "" | " "));
        let printed = self.flow.printed(word.clone());
        // An abbreviation begins none: `đạt 101,6% KH`.
        near && !(printed.starts_with(char::is_uppercase) && printed.contains(char::is_lowercase))
    }

    /// What a term says that stands right behind a share, which is taken of it: `đạt 102% kế hoạch`.
    pub(super) fn behind_share(&self, amount: &Amount, hit: &Hit, term: Term) -> Term {
        let taken_of = || amount.unit == Some("%") && self.is_at_once(amount, hit);
        self.family.behind_share.get(&term).copied().filter(|_| taken_of()).unwrap_or(term)
    }

    /// Whether one of the words before a number, or the one that ends right before them, says that it sums up: `thì tổng cộng là 149.939`.
    pub(super) fn sums_up(&self, label: &Label) -> bool {
        let (first, end) = (self.word_at(label.before.start), self.word_at(label.before.end));
        let words = &self.words[first.saturating_sub(1).min(end)..end];
        let of_label = |w: &&WordSeen| w.range.end + 2 > label.before.start;
        let mut words = words.iter().filter(of_label).map(|w| self.flow.printed(w.range.clone()));
        words.any(|word| LISTS.sums.iter().any(|sum| sum.is(word)))
    }

    /// Whether a phrase stands right before the bracket that a number opens: `đạt 102,2% kế hoạch (120.000 hồ sơ)`.
    pub(super) fn opens_bracket(&self, amount: &Amount, hit: &Hit) -> bool {
        let end = self.words[hit.end - 1].range.end;
        self.flow.key.get(end..amount.range.start).is_some_and(|gap| gap.trim() == "(")
    }

    /// Words of the label that no phrase explains and that are not mere filler.
    pub(super) fn unknown_words(&self, label: &Label, amount: &Amount, own: &[Hit]) -> usize {
        let known = |word: usize| own.iter().any(|h| h.first <= word && word < h.end);
        let range = if label.announced || label.after.is_empty() || amount.unit == Some("%") {
            label.before.clone()
        } else if label.before.is_empty() {
            label.after.clone()
        } else {
            label.before.start..label.after.end
        };
        let words = self.word_at(range.start)..self.word_at(range.end);
        let hits = self.hits_in(range);
        // `Chung cả bệnh viện`: of the whole, whoever that is.
        if hits.iter().any(|h| self.family.meanings[h.phrase].whole) {
            return 0;
        }
        let explained = |word: usize| known(word) || hits.iter().any(|h| h.first <= word && word < h.end);
        words
            .rev()
            .take(24)
            .filter(|w| {
                !explained(*w) && !self.family.filler.contains_key(&self.flow.key[self.words[*w].range.clone()])
            })
            .count()
    }

    /// Whether a phrase other than this one says something on an axis, whatever else stands in its label. The words of a row say nothing of what its
    /// column is: `Số hóa tại quầy; Kế hoạch`.
    pub(super) fn says_on(&self, hit: &Hit, other: &Hit, axis: usize) -> bool {
        let meaning = &self.family.meanings[hit.phrase];
        let at = |hit: &Hit| self.words[hit.first].range.start;
        let cell = self.flow.paragraphs[self.flow.paragraph_at(at(other))].cell.as_ref();
        let of_row = cell.is_some_and(|cell| at(hit) < cell.row.end && cell.row.end <= at(other));
        // `Hình thức nhận trong kỳ: điện tử`: what heads a list says nothing of what is named in it.
        let heads = self.flow.key.get(at(hit)..at(other)).is_some_and(|between| between.contains(':'));
        hit != other
            && !of_row
            && !heads
            && !meaning.alone
            && meaning.terms.iter().any(|t| self.family.axis_of[*t] == axis)
    }

    /// Whether a phrase that must be alone is so before a colon: `Đang làm: 29 hồ sơ, 28 chưa tới hẹn`. What follows is about it.
    pub(super) fn heads(&self, hit: &Hit) -> bool {
        let behind = &self.flow.key[self.words[hit.end - 1].range.end..];
        behind.trim_start_matches(' ').starts_with(':') && self.is_filled(hit)
    }

    /// Whether a phrase other than this one, whatever else stands in its label, says another stage: `Trong kỳ không có hồ sơ nào phải dừng
    /// giải quyết`.
    pub(super) fn says_other(&self, hit: &Hit, other: &Hit, term: Term) -> bool {
        let axis = self.family.axis_of[term];
        let meaning = &self.family.meanings[hit.phrase];
        let another = |t: &Term| self.family.axis_of[*t] == axis && *t != term;
        hit != other
            && !meaning.alone
            && self.family.reach[axis] == Reach::Item
            && meaning.terms.iter().any(another)
            && !meaning.terms.contains(&term)
    }

    /// Whether nothing but a comma or `và` stands between the phrase that begins with this word and another.
    pub(super) fn joins(&self, word: usize, hit: &Hit) -> bool {
        let other = self.hits.partition_point(|h| h.first < word);
        let Some(other) = self.hits.get(other) else { return false };
        let (first, second) = if other.first < hit.first { (other, hit) } else { (hit, other) };
        let between = self.words[first.end - 1].range.end..self.words[second.first].range.start;
        let between = self.flow.key.get(between).unwrap_or_default().trim_matches([' ', ',']);
        between.is_empty() || LISTS.and.iter().any(|and| and == between)
    }

    /// Whether a phrase that must be alone in its label is so, but for filler.
    pub(super) fn is_filled(&self, hit: &Hit) -> bool {
        let start = self.words[hit.first].range.start;
        let paragraph = &self.flow.paragraphs[self.flow.paragraph_at(start)];
        // The words of a row, whatever stands above their column: `Chưa cung cấp; Số TTHC`.
        if paragraph.cell.is_some() && paragraph.body == start {
            return true;
        }
        let before = self.flow.key[..start].trim_end();
        before.is_empty() || before.ends_with([',', '.', ':', ';', '(', '\n', '•', '-', '–', '+', '*', '●'])
    }
}

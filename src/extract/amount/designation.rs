//! Numbers that name something rather than count it: dates, document numbers, articles of law, telephone numbers, addresses.

use crate::data::one_of;
use crate::error::{Error, ErrorKind, Result};
use crate::extract::labels::{LISTS, ends_with_is};
use crate::extract::layout::flow::Flow;
use crate::extract::number::unit;
use crate::extract::words::WORDS;
use regex::Regex;
use std::ops::Range;

/// Finds them. The patterns look at the key, in which a lost mark does not matter; document numbers at the text, since
/// what makes them one is their capitals.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Designations {
    in_key: Vec<Regex>,
    months: Regex,
    phones: Regex,
    before_number: Regex,
    in_text: Regex,
}

/// Document numbers: `45/2020/NĐ-CP`, `195 /BC - UBND`, `135-QĐ/TW`. A bar and a capital make the difference.
pub(in crate::extract) fn document_number() -> String {
    let capital = WORDS.code_capital();
    let small = format!("[a-z{}]", WORDS.code_capitals.to_lowercase());
    format!(
        r"(?x)
    \b [0-9]{{1,5}}[a-zA-Z]? (?: \s?-\s?{capital}(?:{capital}|{small}){{0,4}} )?
    \s{{0,2}}/\s? (?: (?:19|20)\s?[0-9]\s?[0-9] \s?/\s? )?
    {capital}[\p{{L}}0-9&]*
    (?: [-\x{{2013}}]\s?{capital}[\p{{L}}0-9&]* | \s[-\x{{2013}}]\s{capital}{{2,}}{small}? | \.{capital}[\p{{L}}0-9&]* )* "
    )
}

/// Whole patterns that hold numbers and are no figures.
const IN_KEY: [&str; 10] = [
    // Dates, in words and in digits; a blank day or month leaves the rest.
    r"\bngay\s+[0-9lo]{1,2}(?:\s*[/.-]\s*[0-9]{1,2}(?:\s*[/.-]\s*(?:19|20)?[0-9]{2}\b)?|\s+thang\s+[0-9lo]{1,2}(?:[/\s]+(?:nam\s+)?[12][0-9lo]{3})?)?",
    r"\b[0-9]{1,2}\s?[/.-]\s?[0-9]{1,2}\s?[/.-]\s?(?:19|20)[0-9]{2}\b",
    r"\b[0-9]{1,2}\s?/\s?(?:19|20)[0-9]{2}\b",
    // A day without its year, which is no part of a whole: `đến 31/12 ước 412 tỷ đồng`.
    r"\b(?:den|truoc|sau|tu|het)\s+(?:1[3-9]|2[0-9]|3[01])\s?/\s?(?:0?[1-9]|1[0-2])\b",
    // Periods: months of the year, quarters, halves and nine months, years, spans of years.
    r"\bthang\s+[0-9]{1,2}\b(?:\s*(?:/|nam\s+)\s*[12][0-9]{3})?",
    r"\b[0-9]{1,2}\s+thang(?:\s+(?:dau|cuoi))?\s*(?:/|nam\b)(?:\s*[12][0-9]{3})?|\b[0-9]{1,2}\s+thang\s+(?:dau|cuoi)\b|\b0?[69]\s+thang\b",
    r"\bquy\s+(?:[1-4]|[ivl]{1,3})\b(?:\s*(?:/|nam\s+|-\s*)\s*[12][0-9]{3})?",
    r"\b(?:nam(?:\s+hoc)?|giai doan|nhiem ky)\s+(?:19|20)[0-9]{2}(?:\s?[-–/]\s?(?:19|20)[0-9]{2})?|\b(?:19|20)[0-9]{2}\s?[-–]\s?(?:19|20)[0-9]{2}\b",
    // Times of the day and of service; those of digital signatures have seconds and a zone.
    r"\b[0-9]{1,2}:[0-9]{2}:[0-9]{2}\b(?:\s*\+\s*[0-9]{2}:?[0-9]{2}\b)?|\+[0-9]{2}:[0-9]{2}\b",
    r"\b\S{1,2}\s?gio\s[0-9]{2}\b|\b[0-9]{1,2}(?:h(?:[0-9]{2})?\b|\s?gio\b(?:\s?[0-9]{1,2}(?:\s?phut)?\b)?)|\b24\s?/\s?(?:7|24)\b",
];

/// So many months, which are a period where their number follows at once or after a word for reaching it: `giải ngân 11 tháng 958 390 triệu đồng`,
/// not `chậm 5 tháng`.
const MONTHS: &str = r"\b(?:0?[2-9]|1[0-2])\s+thang\b";
const OF_MONTHS: [&str; 6] = ["dat", "duoc", "uoc", "la", "thuc hien", "giai ngan"];

/// Telephone numbers, behind which no unit stands: a nought, nine digits or more, in groups or not; and the service numbers.
const PHONES: &str = r"\b0[0-9]{2,4}[.\s-]?[0-9]{3,4}[.\s-]?[0-9]{3,4}\b|\b1[89]00[.\s]?[0-9]{2,6}\b|\b1022\b";

/// The pattern of the words before a number that make it a name, unless something that is counted follows.
fn before_number() -> String {
    let (names, numbered, phones) = (one_of(&LISTS.names), one_of(&LISTS.numbered), one_of(&LISTS.phones));
    format!(r"\b{names}(?:\s+{numbered})?\s*[.\x{{2013}}\x{{2014}}-]?\s*$|\b{phones}\s*[:.]?\s*$")
}

/// Whether the last digits of what looks like a period or a day are the first of a number: `cuối tháng 1.978 hồ sơ`, `một ngày 2.120 lượt`.
fn begins_thousands(key: &str, found: &Range<usize>) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    let behind = &key[found.end..];
    let group = behind
        .strip_prefix(['.', ','])
        .and_then(|rest| Some(rest.get(..3)?.chars().all(digit) && !rest[3..].starts_with(digit)));
    key[..found.end].ends_with(digit) && (group == Some(true) || behind.starts_with(digit))
}

impl Designations {
    pub(in crate::extract) fn new() -> Result<Self> {
        let pattern = |pattern: &str| {
            Regex::new(pattern).map_err(|e| Error::new(ErrorKind::Defect, "a pattern is wrong").source(e))
        };
        Ok(Designations {
            in_key: IN_KEY.into_iter().map(pattern).collect::<Result<_>>()?,
            months: pattern(MONTHS)?,
            phones: pattern(PHONES)?,
            before_number: pattern(&before_number())?,
            in_text: pattern(&document_number())?,
        })
    }

    /// The bytes of the key that designations take up, in order; they may touch, not overlap.
    pub(in crate::extract) fn spans(&self, flow: &Flow<'_>) -> Vec<Range<usize>> {
        let mut spans: Vec<Range<usize>> = Vec::new();
        for pattern in &self.in_key {
            let found = pattern.find_iter(&flow.key).map(|m| m.range());
            spans.extend(found.filter(|found| !begins_thousands(&flow.key, found)));
        }
        let told = |found: &regex::Match<'_>| {
            let behind = flow.key[found.end()..].trim_start();
            let reached = |word: &&str| behind.strip_prefix(*word).is_some_and(|rest| rest.starts_with(' '));
            behind.starts_with(|c: char| c.is_ascii_digit()) || OF_MONTHS.iter().any(reached)
        };
        spans.extend(self.months.find_iter(&flow.key).filter(told).map(|m| m.range()));
        let counted = |found: &regex::Match<'_>| unit::after(&flow.key, found.end()).is_some();
        let within = |found: &regex::Match<'_>| is_within_number(&flow.key[..found.start()], found.as_str());
        let phones = self.phones.find_iter(&flow.key).filter(|m| !counted(m) && !within(m));
        spans.extend(phones.map(|m| m.range()));
        spans.extend(self.in_text.find_iter(&flow.text).map(|m| flow.folded(m.range())));
        spans.extend(addresses(&flow.key));
        spans.extend(flow.echoes.iter().cloned());
        spans.extend(flow.paragraphs.iter().map(|p| p.range.start..p.body));
        spans.sort_by_key(|s| (s.start, s.end));
        spans.dedup_by(|later, kept| {
            let overlap = later.start < kept.end;
            if overlap {
                kept.end = kept.end.max(later.end);
            }
            overlap
        });
        spans.retain(|s| !s.is_empty());
        spans
    }

    /// Whether the number at `number` is a name by the words before it: `Điều 5`, `mức độ 4`, `số 12`.
    ///
    /// `bound` is how far back the words may reach. What is followed by a unit counts after all: `mức 5 triệu đồng`.
    pub(in crate::extract) fn is_named(&self, flow: &Flow<'_>, number: Range<usize>, bound: usize) -> bool {
        if unit::after(&flow.key, number.end).is_some() {
            return false;
        }
        // The longest of the words has fewer bytes than this.
        let from = flow.key.ceil_char_boundary(number.start.saturating_sub(32).max(bound));
        let Some(found) = self.before_number.find(&flow.key[from..number.start]) else { return false };
        let printed = flow.printed(from + found.start()..from + found.end()).trim().to_lowercase();
        if LISTS.no_names.contains(&printed) {
            return false;
        }
        // `tổng số 12`, `trong số 12`: here the word counts.
        let lead = flow.key[from..from + found.start()].trim_end();
        let plain = LISTS.numbered.iter().any(|word| found.as_str().starts_with(word));
        !(plain && LISTS.counts.iter().any(|word| lead.ends_with(word)))
    }
}

/// Addresses of the network: whatever stands between two spaces and has the look of one.
fn addresses(key: &str) -> Vec<Range<usize>> {
    let signs = ["://", "www.", ".vn", ".com", "@"];
    let words = key.split_ascii_whitespace().filter(|w| signs.iter().any(|sign| w.contains(sign)));
    words
        .map(|w| {
            let start = w.as_ptr() as usize - key.as_ptr() as usize;
            start..start + w.len()
        })
        .collect()
}

/// Whether a bare number of four digits is a year: of this age, and neither counted nor announced by a colon.
pub(in crate::extract) fn is_year(flow: &Flow<'_>, number: Range<usize>) -> bool {
    let printed = &flow.key[number.clone()];
    let of_this_age = printed.len() == 4 && (printed.starts_with("19") || printed.starts_with("20"));
    let announced =
        flow.key[..number.start].trim_end().ends_with([':', '=']) || ends_with_is(&flow.key[..number.start]);
    of_this_age && !announced && unit::after(&flow.key, number.end).is_none()
}

/// Whether digits in groups of three go on with a number before them, as the last of `3.012.400.000` and `3 012 400 000` do.
fn is_within_number(before: &str, groups: &str) -> bool {
    let Some(sign) = before.chars().next_back().filter(|c| matches!(c, '.' | ',' | ' ' | '\u{a0}')) else {
        return false;
    };
    let first = before.trim_end_matches(sign);
    let threes = groups.split(sign).all(|group| group.len() == 3);
    threes && before.len() == first.len() + sign.len_utf8() && first.ends_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TextLine;

    #[test]
    fn what_only_looks_like_a_name_without_its_marks_names_nothing() {
        let named = |text: &str| {
            let lines = TextLine::from_text(text);
            let flow = Flow::new(&lines, &[], |_| false);
            let at = flow.key.find('3').unwrap();
            Designations::new().unwrap().is_named(&flow, at..at + 1, 0)
        };
        assert!(named("Theo bảng 3 và hạng 2"));
        assert!(named("THEO BẢNG 3"));
        assert!(!named("mở đầu bằng 3 rồi"));
        assert!(!named("xếp hàng 3 lần"));
    }

    #[test]
    fn months_before_their_number_and_days_without_a_year_are_times() {
        let spans = |text: &str| {
            let lines = TextLine::from_text(text);
            let flow = Flow::new(&lines, &[], |_| false);
            let found = Designations::new().unwrap().spans(&flow);
            found.into_iter().map(|s| flow.key[s].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(spans("giải ngân 11 tháng 958 390 triệu đồng"), ["11 thang"]);
        assert_eq!(spans("thu 10 tháng đạt 95 tỷ đồng"), ["10 thang"]);
        assert!(spans("chậm 5 tháng, phạt 3 lần").is_empty());
        assert_eq!(spans("thu đến 31/12 ước 412 tỷ đồng, nhận từ 5/9 xã"), ["den 31/12"]);
    }
}

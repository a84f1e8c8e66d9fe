//! Numbers that are written out in words, and nothing else beside them: `hai trăm hồ sơ`, `quá hạn: không có`.

use crate::extract::amount::{Amount, is_letter};
use crate::extract::labels::{LISTS, Words, ends_with_is};
use crate::extract::layout::flow::Flow;
use crate::extract::layout::sentence::sentence_start;
use crate::extract::number::decimal::Decimal;
use crate::extract::{number::spelled, number::unit};
use std::ops::Range;

/// No number has more bytes in words than this.
const LONGEST: usize = 80;

/// A number in letters that begins at `at`: `hai trăm hồ sơ`, and a nought that a colon announces: `quá hạn: không có`.
pub(in crate::extract) fn at(flow: &Flow<'_>, at: usize, limit: usize) -> Option<Amount> {
    let key = flow.key.as_str();
    let bytes = key.as_bytes();
    if at > 0 && is_letter(bytes[at - 1]) {
        return None;
    }
    if let Some(end) = not_yet(flow, at).filter(|end| *end <= limit && none_at_all(clause(key, *end))) {
        return Some(nought(at..end));
    }
    if !spelled::begins(key, at) {
        return None;
    }
    let printed = flow.printed(at..key.floor_char_boundary(limit.min(at + LONGEST)));
    let (value, length) = spelled::spoken(printed).or_else(|| single(flow, at, limit, printed))?;
    let end = at + printed[..length].chars().map(fold_len).sum::<usize>();
    if value == Decimal::ZERO && none_at_all(clause(key, end)) {
        return Some(nought(at..end));
    }
    let (end, unit) = if value == Decimal::ZERO {
        let there =
            LISTS.there_is.iter().find_map(|verb| key[end..limit].strip_prefix(' ')?.strip_prefix(verb.as_str()));
        let end = there.map_or(end, |rest| limit - rest.len());
        let unit = unit::after(key, end).filter(|(_, to)| *to <= limit);
        let behind = key[unit.map_or(end, |(_, to)| to)..].trim_start_matches([' ', '\u{a0}']);
        let before = key[..at].trim_end();
        let time = LISTS.within.iter().find_map(|time| before.strip_suffix(time.as_str()));
        // `thay thế không có, bãi bỏ 04`: words of which a list says how many there are need nothing that leads to a nought.
        let listed = LISTS.lacking.iter().any(|words| before.ends_with(words.as_str()));
        let announced = time.unwrap_or(before).trim_end().ends_with(':') || ends_with_is(&key[..at]) || listed;
        if !announced || !(behind.is_empty() || behind.starts_with([',', ';', '.', ')', '\n'])) {
            return None;
        }
        (end, unit)
    } else {
        let unit = unit::after(key, end).filter(|(_, to)| *to <= limit);
        // `toàn trình một trăm sáu mươi hai, một phần một trăm bốn mươi`: of several words, and nothing follows.
        let over = key[end..].is_empty() || key[end..].starts_with([',', ';', '.', ')', '\n']);
        let before = key[..at].trim_end();
        let last = before.rsplit([' ', '\n']).next().unwrap_or_default();
        // Nor is it the rest of a day or a month: `ngày hai mươi mốt`.
        let day = flow.printed(before.len() - last.len()..before.len()).to_lowercase();
        let dates =
            LISTS.dated.iter().any(|word| word == last) || LISTS.days.contains(&day) || spelled::begins(last, 0);
        if unit.is_none() && (!over || dates || !printed[..length].contains(' ')) {
            return None;
        }
        (end, unit)
    };
    Some(Amount {
        range: at..end,
        readings: vec![value],
        printed: vec![value],
        of: None,
        to: None,
        unit: unit.map(|(unit, _)| unit),
        unit_end: unit.map_or(end, |(_, to)| to),
        undecided: false,
        damaged: false,
        words: None,
    })
}

/// The number that one word says before a unit: `hai hồ sơ trả muộn`, `bảy hồ sơ còn hạn, một hồ sơ quá hạn`.
fn single(flow: &Flow<'_>, at: usize, limit: usize, printed: &str) -> Option<(Decimal, usize)> {
    let key = flow.key.as_str();
    let end = at + printed.split(' ').next()?.chars().map(fold_len).sum::<usize>();
    let (unit, to) = unit::after(key, end).filter(|(_, to)| *to <= limit)?;
    let words = key[end..to].trim();
    let floor = key.ceil_char_boundary(at.saturating_sub(2 * LONGEST));
    let before = &key[sentence_start(key, floor, at)..at];
    let counted = |before: &str| {
        let word = before.trim_end().rsplit(' ').next().unwrap_or_default();
        word.ends_with(|c: char| c.is_ascii_digit()) || !word.is_empty() && spelled::begins(word, 0)
    };
    let has_beside = before.match_indices(words).any(|(place, _)| counted(&before[..place]));
    spelled::single(printed, unit, has_beside || spelled::counts(before))
}

/// As much of a text as a clause behind this byte may have, names and dates in it.
pub(in crate::extract) fn clause(key: &str, from: usize) -> &str {
    &key[from..key.floor_char_boundary(from + 2 * LONGEST)]
}

/// Where a word ends that says that there is none yet: `chưa có hồ sơ quá hạn`. None where there is no such word.
fn not_yet(flow: &Flow<'_>, at: usize) -> Option<usize> {
    let ends = |word: &&Words| {
        flow.key[at..].strip_prefix(word.key.as_str()).is_some_and(|rest| rest.starts_with(' '))
            && word.is(flow.printed(at..at + word.key.len()))
    };
    LISTS.not_yet.iter().find(ends).map(|word| at + word.key.len())
}

/// That there is none, in words.
fn nought(range: Range<usize>) -> Amount {
    Amount {
        unit_end: range.end,
        range,
        readings: vec![Decimal::ZERO],
        printed: vec![Decimal::ZERO],
        of: None,
        to: None,
        unit: None,
        undecided: false,
        damaged: false,
        words: None,
    }
}

/// Whether the words behind `không` say that there is not one: `không nhận được phản ánh, kiến nghị nào`.
pub(in crate::extract) fn none_at_all(behind: &str) -> bool {
    /// No such clause is longer.
    const LONGEST_CLAUSE: usize = 80;
    let after = |verb: &String| behind.strip_prefix(' ')?.strip_prefix(verb.as_str())?.strip_prefix(' ');
    if !LISTS.there_is.iter().chain(&LISTS.none_happens).any(|verb| after(verb).is_some()) {
        return false;
    }
    let clause = behind.split(['.', ';', ':', '(', '\n']).next().unwrap_or_default();
    // `không có PAKN từ tháng 9 chuyển sang`: the number of a month counts nothing.
    let dates = |at: &usize| LISTS.dated.iter().any(|word| clause[..*at].trim_end().ends_with(word.as_str()));
    let first =
        |at: &usize| at.checked_sub(1).is_none_or(|before| !matches!(clause.as_bytes()[before], b'0'..=b'9' | b'/'));
    let numbers = clause.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at).filter(first);
    let digits = { numbers }.find(|at| !dates(at)).unwrap_or(clause.len());
    let ends = |any: &String| {
        let (at, found) = clause[..digits].match_indices(any.as_str()).find(|(at, _)| clause[..*at].ends_with(' '))?;
        Some(at <= LONGEST_CLAUSE && !clause[at + found.len()..].starts_with(char::is_alphanumeric))
    };
    LISTS.any.iter().any(|any| ends(any) == Some(true))
}

/// How many bytes of the key a letter of the text takes up.
fn fold_len(c: char) -> usize {
    crate::text::letter::bare(crate::text::letter::lower(c)).len_utf8()
}

//! Numbers that are written out in words, and nothing else beside them: `hai trăm hồ sơ`, `quá hạn: không có`.

use crate::extract::amount::{Amount, is_letter};
use crate::extract::layout::flow::Flow;
use crate::extract::number::decimal::Decimal;
use crate::extract::{number::spelled, number::unit};

/// The words with which a number begins, as keys.
const FIRST: [&str; 11] = ["hai ", "ba ", "bon ", "nam ", "sau ", "bay ", "tam ", "chin ", "muoi ", "mot ", "khong"];
/// No number has more bytes in words than this.
const LONGEST: usize = 80;

/// A number in letters that begins at `at`: `hai trăm hồ sơ`, and a nought that a colon announces: `quá hạn: không có`.
pub(in crate::extract) fn at(flow: &Flow<'_>, at: usize, limit: usize) -> Option<Amount> {
    let key = flow.key.as_str();
    let bytes = key.as_bytes();
    let begins = matches!(bytes[at], b'h' | b'b' | b'n' | b's' | b't' | b'c' | b'm' | b'k');
    if !begins || at > 0 && is_letter(bytes[at - 1]) || !FIRST.iter().any(|word| key[at..].starts_with(word)) {
        return None;
    }
    let mut to = limit.min(at + LONGEST);
    while !key.is_char_boundary(to) {
        to -= 1;
    }
    let printed = flow.printed(at..to);
    let (value, length) = spelled::spoken(printed)?;
    let end = at + printed[..length].chars().map(fold_len).sum::<usize>();
    if value == Decimal::ZERO && none_at_all(&key[end..limit]) {
        return Some(Amount {
            range: at..end,
            readings: vec![value],
            printed: vec![value],
            of: None,
            to: None,
            unit: None,
            unit_end: end,
            damaged: false,
            words: None,
        });
    }
    let (end, unit) = if value == Decimal::ZERO {
        let end = if key[end..limit].starts_with(" co") { end + 3 } else { end };
        let unit = unit::after(key, end).filter(|(_, to)| *to <= limit);
        let behind = key[unit.map_or(end, |(_, to)| to)..].trim_start_matches([' ', '\u{a0}']);
        let announced = key[..at].trim_end().ends_with(':') || key[..at].ends_with(" la ");
        if !announced || !(behind.is_empty() || behind.starts_with([',', ';', '.', ')', '\n'])) {
            return None;
        }
        (end, unit)
    } else {
        let unit = unit::after(key, end).filter(|(_, to)| *to <= limit)?;
        (end, Some(unit))
    };
    Some(Amount {
        range: at..end,
        readings: vec![value],
        printed: vec![value],
        of: None,
        to: None,
        unit: unit.map(|(unit, _)| unit),
        unit_end: unit.map_or(end, |(_, to)| to),
        damaged: false,
        words: None,
    })
}

/// Whether the words behind `không` say that there is not one: `không nhận được phản ánh, kiến nghị nào`.
fn none_at_all(behind: &str) -> bool {
    /// No such clause is longer.
    const LONGEST_CLAUSE: usize = 80;
    let verbs = [" co ", " nhan ", " nhan duoc ", " tiep nhan ", " ghi nhan ", " xay ra "];
    if !verbs.iter().any(|verb| behind.starts_with(verb)) {
        return false;
    }
    let clause = behind.split(['.', ';', ':', '(', '\n']).next().unwrap_or_default();
    let digits = clause.find(|c: char| c.is_ascii_digit()).unwrap_or(clause.len());
    clause[..digits]
        .find(" nao")
        .is_some_and(|at| at <= LONGEST_CLAUSE && !clause[at + 4..].starts_with(char::is_alphanumeric))
}

/// How many bytes of the key a letter of the text takes up.
fn fold_len(c: char) -> usize {
    crate::text::letter::bare(crate::text::letter::lower(c)).len_utf8()
}

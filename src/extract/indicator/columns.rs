//! Columns of tables that stand side by side for this period and for others: `Kỳ này`, `Kỳ trước`; `6T/2025`, `6T/2026`; `Thực hiện`, `Cùng kỳ`,
//! `So sánh`. Which of them is the report's own is said by the heads of all of them together, in whatever order they stand.

use crate::extract::extraction::{Period, PeriodKind};
use crate::extract::fuzzy::{Hit, WordSeen};
use crate::extract::labels::LISTS;
use crate::extract::layout::flow::Flow;
use std::collections::BTreeMap;
use std::ops::Range;

/// The head of a column, once for each of its cells.
struct Head {
    column: usize,
    range: Range<usize>,
}

/// What the head of a column says of its time: the year, and an abbreviated part of it (`6t`, `t10`, `q3`); the bytes of all that; and what else
/// the head says.
#[derive(Debug, Clone, PartialEq)]
struct Time {
    year: u16,
    part: Option<(char, u8)>,
    range: Range<usize>,
    rest: String,
}

/// The words in the heads of such columns, by their bytes in the key, in order, and whether they are of another period. Behind them `kỳ trước` does
/// not say that something was carried over, nor `kỳ này` that it is new.
pub(in crate::extract) fn period_heads(flow: &Flow<'_>, own: Option<Period>) -> Vec<(Range<usize>, bool)> {
    let mut tables: BTreeMap<usize, Vec<Head>> = BTreeMap::new();
    for paragraph in &flow.paragraphs {
        let Some(cell) = paragraph.cell.as_ref() else { continue };
        let Some(end) = flow.key[cell.row.end..paragraph.range.end].find(':').map(|at| cell.row.end + at) else {
            continue;
        };
        let range = trimmed(&flow.key, cell.row.end..end);
        tables.entry(cell.table).or_default().push(Head { column: cell.column, range });
    }
    let mut found: Vec<(Range<usize>, bool)> = Vec::new();
    for heads in tables.values() {
        let by_words = of_words(&flow.key, heads);
        let by_year = of_years(&flow.key, heads, own);
        // A column of differences says so beside columns of two times; by itself it may be anything.
        let compares = !by_words.is_empty() || by_year.iter().any(|(_, other)| *other);
        let differences = heads.iter().filter(|_| compares).filter_map(|head| {
            let text = &flow.key[head.range.clone()];
            let words = LISTS.comparison_heads.iter().filter(|words| holds(text, words));
            words.max_by_key(|words| words.len()).map(|_| (head.range.clone(), true))
        });
        let differences: Vec<(Range<usize>, bool)> = differences.collect();
        let differences = [differences, of_averages(&flow.key, heads)].concat();
        let taken = |range: &Range<usize>| {
            differences.iter().any(|(other, _)| other.start <= range.start && range.end <= other.end)
        };
        found.extend(by_words.into_iter().chain(by_year).filter(|(range, _)| !taken(range)));
        found.extend(differences.iter().cloned());
    }
    found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    found.dedup_by(|later, kept| later.0.start < kept.0.end);
    found
}

/// Heads that end with words of this period and of one before. A column of the period before is told as well where others tell differences.
fn of_words(key: &str, heads: &[Head]) -> Vec<(Range<usize>, bool)> {
    let ends = |head: &Head, list: &[String]| {
        let text = without_bracket(&key[head.range.clone()]);
        let end = head.range.start + text.len();
        let found = list.iter().filter(|words| {
            text.strip_suffix(words.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with([' ', ';', ',']))
        });
        found.map(String::len).max().map(|len| end - len..end)
    };
    let differs = |head: &Head| LISTS.comparison_heads.iter().any(|words| holds(&key[head.range.clone()], words));
    let of_now = heads.iter().any(|head| ends(head, &LISTS.this_period).is_some());
    let of_before = heads.iter().any(|head| ends(head, &LISTS.times_before).is_some() && !differs(head));
    if !of_before || !of_now && !heads.iter().any(differs) {
        return Vec::new();
    }
    let found = heads.iter().filter_map(|head| {
        let before = ends(head, &LISTS.times_before).map(|words| (words, true));
        before.or_else(|| ends(head, &LISTS.this_period).map(|words| (words, false)))
    });
    found.collect()
}

/// Heads that tell of others, beside one of what was attained: `Xã đạt`, `Bình quân toàn tỉnh`.
fn of_averages(key: &str, heads: &[Head]) -> Vec<(Range<usize>, bool)> {
    let words = |head: &Head| without_bracket(&key[head.range.clone()]);
    let tells_of_others = |head: &&Head| {
        let begins = |of: &String| words(head).strip_prefix(of.as_str()).is_some_and(|rest| rest.starts_with(' '));
        LISTS.averages.iter().any(begins)
    };
    let attained = |head: &Head| {
        let ends =
            |of: &String| words(head).strip_suffix(of.as_str()).is_some_and(|r| r.is_empty() || r.ends_with(' '));
        !tells_of_others(&head) && LISTS.attained.iter().chain(&LISTS.this_period).any(ends)
    };
    if !heads.iter().any(attained) {
        return Vec::new();
    }
    heads.iter().filter(tells_of_others).map(|head| (head.range.clone(), true)).collect()
}

/// Heads that are alike but for their years or parts of a year: those of the document's own, or else the latest, are this period's.
fn of_years(key: &str, heads: &[Head], own: Option<Period>) -> Vec<(Range<usize>, bool)> {
    let times: Vec<(usize, Time)> =
        heads.iter().filter_map(|head| Some((head.column, time(key, head.range.clone())?))).collect();
    let year = own.and_then(|own| own.year).filter(|year| times.iter().any(|(_, time)| time.year == *year));
    let Some(year) = year.or_else(|| times.iter().map(|(_, time)| time.year).max()) else { return Vec::new() };
    let part = own.and_then(|own| abbreviated(&own)).filter(|part| times.iter().any(|(_, t)| t.part == Some(*part)));
    let now: Vec<&(usize, Time)> = times.iter().filter(|(_, time)| time.year == year).collect();
    let latest = now.iter().filter_map(|(_, time)| time.part).max_by_key(|(_, number)| *number);
    let is_own = |time: &Time| {
        time.year == year
            && match (time.part, part.or(latest)) {
                (Some(one), Some(own)) => one == own,
                _ => true,
            }
    };
    // `Năm 2024 chuyển sang`, `Mới nhận năm 2025`: what says something else as well is no column of another time.
    let alike = |column: usize, time: &Time| {
        times.iter().any(|(other, t)| *other != column && is_own(t) != is_own(time) && t.rest == time.rest)
    };
    // `KH năm 2026` in a report on 2025 is next year's, whatever stands beside it; `đến 31/01/2026` is a day.
    let reported = own.and_then(|own| own.year);
    let is_day = |time: &Time| key[..time.range.start].ends_with('/');
    let is_next = |time: &Time| reported.is_some_and(|year| time.year > year) && !is_day(time);
    // All that such a head says is of that time, its plan too.
    let whole =
        |time: &Time| heads.iter().map(|head| &head.range).find(|head| head.contains(&time.range.start)).cloned();
    let found = times.iter().filter_map(|(column, time)| match is_next(time) {
        true => whole(time).map(|head| (head, true)),
        false => alike(*column, time).then(|| (time.range.clone(), !is_own(time))),
    });
    found.collect()
}

/// The only year in a head and what stands with it.
fn time(key: &str, head: Range<usize>) -> Option<Time> {
    let text = &key[head.clone()];
    let words = || {
        let mut at = 0;
        text.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(move |word| {
            let start = at;
            at += word.len() + 1;
            (!word.is_empty()).then_some((start, word))
        })
    };
    let is_year = |word: &str| {
        word.len() == 4
            && word.bytes().all(|b| b.is_ascii_digit())
            && (word.starts_with("19") || word.starts_with("20"))
    };
    if !text.is_ascii() {
        return None;
    }
    let mut years = words().filter(|(_, word)| is_year(word));
    let (at, year) = years.next().filter(|_| years.next().is_none())?;
    let part = words().find_map(|(at, word)| Some((at..at + word.len(), part_of_year(word)?)));
    let said = part.iter().map(|(range, _)| range.clone());
    let range = said.fold(at..at + year.len(), |all, part| all.start.min(part.start)..all.end.max(part.end));
    let rest: Vec<&str> = words()
        .filter(|(_, word)| !is_year(word) && part_of_year(word).is_none() && !LISTS.dated.iter().any(|d| d == word))
        .map(|(_, word)| word)
        .collect();
    Some(Time {
        year: year.parse().ok()?,
        part: part.map(|(_, part)| part),
        range: head.start + range.start..head.start + range.end,
        rest: rest.join(" "),
    })
}

/// `6T`, `T10`, `Q3`, `QIII`: whether months are counted, one of them is told, or a quarter, and its number.
fn part_of_year(word: &str) -> Option<(char, u8)> {
    let number = |text: &str| text.parse::<u8>().ok().filter(|n| (1..=12).contains(n));
    if let Some(months) = word.strip_suffix('t').and_then(number) {
        return Some(('m', months));
    }
    let roman = |text: &str| ["i", "ii", "iii", "iv"].iter().position(|n| *n == text).map(|at| at as u8 + 1);
    let quarter = word.strip_prefix('q').and_then(|rest| number(rest).filter(|n| *n <= 4).or_else(|| roman(rest)));
    quarter.map(|n| ('q', n)).or_else(|| word.strip_prefix('t').and_then(number).map(|n| ('t', n)))
}

/// A period as such heads abbreviate it.
fn abbreviated(own: &Period) -> Option<(char, u8)> {
    match own.kind {
        PeriodKind::Month => own.index.map(|month| ('t', month)),
        PeriodKind::Quarter => own.index.map(|quarter| ('q', quarter)),
        PeriodKind::HalfYear => Some(('m', 6)),
        PeriodKind::NineMonths => Some(('m', 9)),
        PeriodKind::Year => None,
    }
}

/// Whether these words stand in a head, as words of their own.
fn holds(text: &str, words: &str) -> bool {
    let inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(words)
        .any(|(at, _)| !inner(text[..at].chars().next_back()) && !inner(text[at + words.len()..].chars().next()))
}

/// A head without the bracket that it ends with: `Kỳ trước (hồ sơ)`.
fn without_bracket(text: &str) -> &str {
    text.strip_suffix(')').and_then(|text| text.rsplit_once('(')).map_or(text, |(words, _)| words.trim_end())
}

fn trimmed(key: &str, range: Range<usize>) -> Range<usize> {
    let text = &key[range.clone()];
    let lead = text.len() - text.trim_start_matches([';', ' ']).len();
    range.start + lead..range.start + text.trim_end().len().max(lead)
}

/// The phrases but for those within these heads, which are in order.
pub(in crate::extract) fn without(hits: Vec<Hit>, words: &[WordSeen], heads: &[(Range<usize>, bool)]) -> Vec<Hit> {
    let within = |hit: &Hit| {
        let (from, to) = (words[hit.first].range.start, words[hit.end - 1].range.end);
        let before = heads.partition_point(|(head, _)| head.start <= from);
        heads[..before].last().is_some_and(|(head, _)| to <= head.end)
    };
    hits.into_iter().filter(|hit| !within(hit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TextLine;
    use crate::extract::layout::grid;

    fn heads(head: &str) -> Vec<(String, bool)> {
        heads_in(head, None)
    }

    fn heads_in(head: &str, own: Option<Period>) -> Vec<(String, bool)> {
        let text = format!("Nội dung\t{head}\nTổng số PAKN\t63\t49\nĐã xử lý\t57\t44\nĐang xử lý\t6\t5\n");
        let lines = TextLine::from_text(&text);
        let tables = grid::tables(&lines, &crate::table::from_text(&lines));
        let flow = Flow::new(&lines, &tables, |_| false);
        let found = period_heads(&flow, own);
        found.into_iter().map(|(range, other)| (flow.printed(range).to_owned(), other)).collect()
    }

    #[test]
    fn two_columns_of_two_periods_are_told_and_one_by_itself_is_none() {
        let found = heads("Kỳ này\tKỳ trước");
        assert_eq!(found.len(), 6, "{found:?}");
        assert!(found.iter().all(|(words, other)| *other == (words == "Kỳ trước")), "{found:?}");
        assert_eq!(heads("Kỳ trước\tMới nhận"), []);
    }

    #[test]
    fn a_column_of_the_year_after_the_reports_own_is_of_another_time() {
        let own = Some(Period { kind: PeriodKind::Year, index: None, year: Some(2025) });
        let mut found = heads_in("KH giao\tKH năm 2026", own);
        found.dedup();
        assert_eq!(found, [("KH năm 2026".to_owned(), true)]);
        assert_eq!(heads_in("KH giao\tĐến 31/01/2026", own), []);
        assert_eq!(heads_in("KH giao\tKH năm 2025", own), []);
    }

    #[test]
    fn columns_of_years_are_told_by_all_their_heads_in_any_order() {
        let others = |head: &str| -> Vec<String> {
            let mut found: Vec<String> =
                heads(head).into_iter().filter(|(_, other)| *other).map(|(words, _)| words).collect();
            found.dedup();
            found.truncate(1);
            found
        };
        assert_eq!(others("6T/2025\t6T/2026"), ["6T/2025"]);
        assert_eq!(others("6T/2026\t6T/2025"), ["6T/2025"]);
        assert_eq!(others("T9/2025\tT10/2025"), ["T9/2025"]);
        assert_eq!(others("2025 T10\t2025 T11"), ["2025 T10"]);
        assert_eq!(others("Thực hiện 2024\tThực hiện 2025"), ["2024"]);
        assert_eq!(others("Thực hiện\tKỳ trước (hồ sơ)"), ["Kỳ trước"]);
        // Each says something else.
        assert_eq!(heads("Năm 2024 chuyển sang\tMới nhận năm 2025"), []);
        assert_eq!(heads("Thu năm 2024\tNăm 2025"), [], "`thu` is no `thứ`");
    }
}

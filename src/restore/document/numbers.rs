//! Numbers that a recogniser saw letters in or cut: the day, month and year of a date, years in the numbers of documents.
//!
//! Only where the words around or the form say that a number stands there, and never into a digit other than those that were seen:
//! letters that look like a digit become it, spaces within are left out. In text that was misread only.

use super::window::{ReadNumber, Slot, Window};
use crate::lm::{Model, class};
use crate::restore::choice::Choice;
use crate::text::token::{Token, TokenKind};
use std::ops::Range;

/// The digit that a character is, or looks like.
fn digit(c: char) -> Option<char> {
    Some(match c {
        '0'..='9' => c,
        'l' | 'I' | 'i' | '|' | '!' | ']' | '[' | '\\' | 't' | 'r' | 'j' => '1',
        'O' | 'o' | 'Q' | 'D' => '0',
        'Z' | 'z' => '2',
        'S' | 's' => '5',
        'g' | 'q' => '9',
        'B' => '8',
        _ => return None,
    })
}

/// The text with all its characters as digits; None where one looks like none.
fn digits(text: &str) -> Option<String> {
    text.chars().map(digit).collect()
}

fn holds_digit(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && ["19", "20"].iter().any(|c| text.starts_with(c)) && all_digits(text)
}

/// The parts of a date, by the word before each.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Day,
    Month,
    Year,
}

impl Part {
    fn after(word: &str) -> Option<Part> {
        Some(match word {
            "ngày" => Part::Day,
            "tháng" => Part::Month,
            "năm" => Part::Year,
            _ => return None,
        })
    }

    /// The word that comes after it in a date.
    fn next(self) -> Option<&'static str> {
        match self {
            Part::Day => Some("tháng"),
            Part::Month => Some("năm"),
            Part::Year => None,
        }
    }

    fn fits(self, number: &str) -> bool {
        let within = |most: u32| number.len() <= 2 && number.parse().is_ok_and(|n: u32| (1..=most).contains(&n));
        match self {
            Part::Day => within(31),
            Part::Month => within(12),
            Part::Year => is_year(number),
        }
    }
}

/// Adds to the numbers that are read anew, in their order, those that a window of these lines has besides.
pub(in crate::restore) fn find(
    window: &Window,
    lines: &[&str],
    chosen: &[Choice],
    model: &Model,
    numbers: &mut Vec<ReadNumber>,
) {
    let mut words: Vec<&str> = vec![""; window.tokens.len()];
    for choice in chosen.iter().filter(|c| matches!(window.tokens[c.token].slot, Slot::Open(_))) {
        if let [.., word] = *choice.words()
            && word >= class::FIRST_WORD
        {
            words[choice.token + choice.span - 1] = model.vocabulary().word(word);
        }
    }
    let known = numbers.len();
    let mut at = 0;
    while at < window.tokens.len() {
        let line = window.tokens[at].line;
        let until = at + window.tokens[at..].iter().take_while(|t| t.line == line).count();
        let tokens: Vec<Token> = window.tokens[at..until].iter().map(|t| t.token).collect();
        let text = lines[line as usize];
        for (bytes, text) in of_dates(text, &tokens, &words[at..until]).into_iter().chain(of_forms(text, lines)) {
            let line = line as usize;
            let apart = |n: &ReadNumber| n.line != line || n.bytes.end <= bytes.start || bytes.end <= n.bytes.start;
            if numbers[..known].iter().all(apart)
                && numbers[known..].iter().rev().take_while(|n| n.line == line).all(apart)
            {
                numbers.push(ReadNumber { line, bytes, text });
            }
        }
        at = until;
    }
    numbers.sort_by_key(|n| (n.line, n.bytes.start));
}

type Found = (Range<usize>, String);

/// Days, months and years after their words.
fn of_dates(line: &str, tokens: &[Token], words: &[&str]) -> Vec<Found> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let Some(part) = Part::after(words[at]) else { continue };
        let text = |token: &Token| token.text(line);
        // The longest run of tokens that is such a number together.
        let run = (1..=3).rev().find_map(|len| {
            let run = tokens.get(at + 1..at + 1 + len)?;
            let seen: String = run.iter().map(text).collect();
            let number = digits(&seen).filter(|n| part.fits(n))?;
            let goes_on = part.next().is_none_or(|next| words.get(at + 1 + len).is_some_and(|word| *word == next));
            let apart =
                run.iter().any(|t| t.kind == TokenKind::Punctuation && !matches!(text(t), "|" | "!" | "]" | "["));
            // A single letter is a number only within a date; digits that stand apart are one only where the year is not full.
            let sure = holds_digit(&seen) && (len == 1 || part == Part::Year) || goes_on && part != Part::Year;
            (sure && !apart).then_some((run[0].start..run[len - 1].end, number, seen))
        });
        if let Some((bytes, number, seen)) = run {
            if number != seen || line[bytes.clone()].contains(' ') {
                found.push((bytes, number));
            }
            continue;
        }
        // `lQndm`: the number and the word after it, without their space.
        let Some(next) = part.next() else { continue };
        let Some(glued) = tokens.get(at + 1).map(text).filter(|t| t.is_ascii()) else { continue };
        let same = |rest: &str| tokens.iter().zip(words).any(|(t, word)| *word == next && text(t) == rest);
        let cut = [2, 1].into_iter().find_map(|len| {
            let (head, rest) = glued.split_at_checked(len)?;
            let number = digits(head).filter(|n| part.fits(n))?;
            (same(rest) || rest.len() == 3 && rest.starts_with('n') && rest.ends_with('m')).then_some((len, number))
        });
        if let Some((len, number)) = cut {
            let start = tokens[at + 1].start;
            found.push((start..start + len, number + " "));
        }
    }
    found
}

/// Numbers that their form tells, whatever stands around them.
fn of_forms(line: &str, lines: &[&str]) -> Vec<Found> {
    let mut found = Vec::new();
    let chunks: Vec<Range<usize>> = chunks(line);
    for (n, bytes) in chunks.iter().enumerate() {
        let chunk = &line[bytes.clone()];
        if let Some(next) = chunks.get(n + 1).filter(|next| next.start == bytes.end + 1) {
            let joined = format!("{chunk}{}", &line[next.clone()]);
            let torn = !is_document_number(chunk) && is_document_number(&joined)
                || is_date(&joined) && !line[next.clone()].contains('/') && occurs(lines, &joined);
            if torn && chunk.starts_with(|c: char| c.is_ascii_digit()) {
                found.push((bytes.start..next.end, joined));
                continue;
            }
        }
        if !holds_digit(chunk) {
            continue;
        }
        if let Some(number) = number(chunk).or_else(|| document_number(chunk)).filter(|n| n != chunk) {
            found.push((bytes.clone(), number));
        } else if let Some(letters) = glued_year(chunk) {
            found.push((bytes.start + letters..bytes.end, format!(" {}", &chunk[letters..])));
        }
    }
    found
}

/// What stands between spaces, without the marks around it.
fn chunks(line: &str) -> Vec<Range<usize>> {
    let outer = |c: char| matches!(c, '(' | ')' | '"' | ',' | '.' | ';' | ':' | '“' | '”');
    let mut found = Vec::new();
    let mut at = 0;
    for chunk in line.split([' ', '\t', '\n', '\r']) {
        let core = chunk.trim_matches(outer);
        if !core.is_empty() {
            let start = at + (chunk.len() - chunk.trim_start_matches(outer).len());
            found.push(start..start + core.len());
        }
        at += chunk.len() + 1;
    }
    found
}

fn occurs(lines: &[&str], text: &str) -> bool {
    lines.iter().any(|line| line.contains(text))
}

/// A year, a number in groups of three, or one of an item, with letters among its digits.
fn number(chunk: &str) -> Option<String> {
    let own = chunk.bytes().filter(u8::is_ascii_digit).count();
    let mapped: String =
        chunk.chars().map(|c| if matches!(c, '.' | ',') { Some(c) } else { digit(c) }).collect::<Option<_>>()?;
    let groups: Vec<&str> = mapped.split('.').collect();
    let grouped = groups.len() > 1 && (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|g| g.len() == 3);
    let all = groups.iter().all(|g| all_digits(g));
    let item = groups.len() == 2 && groups.iter().all(|g| g.len() <= 2) && all;
    let strokes = chunk.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'I' | 'l'));
    (is_year(&mapped) && own >= 2 || grouped && all && 2 * own >= mapped.len() - groups.len() || item && strokes)
        .then_some(mapped)
}

/// The letters before a year without a space, as their number; None where this is none.
fn glued_year(chunk: &str) -> Option<usize> {
    let letters = chunk.len().checked_sub(4).filter(|&n| n >= 2 && chunk.is_char_boundary(n))?;
    let small = chunk[..letters].chars().all(|c| c.is_alphabetic() && c.is_lowercase());
    (small && is_year(&chunk[letters..])).then_some(letters)
}

/// `116/2018/TT-BTC`: a number, a year and capitals.
fn is_document_number(text: &str) -> bool {
    let mut parts = text.splitn(3, '/');
    let number = parts.next().is_some_and(|n| all_digits(n) && n.len() <= 5);
    let year = parts.next().is_some_and(is_year);
    number && year && parts.next().is_some_and(is_signature)
}

/// The kind and the body of a document number: capitals with a bar between.
fn is_signature(text: &str) -> bool {
    text.chars().take_while(|c| c.is_uppercase()).count() >= 2
        && text.chars().all(|c| c.is_uppercase() || c == '-' || c.is_ascii_digit())
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('/').collect();
    matches!(parts[..], [day, month, year] if Part::Day.fits(day) && Part::Month.fits(month) && is_year(year))
}

/// A document number in which letters stand for digits, or a stroke for the bar after the year.
fn document_number(chunk: &str) -> Option<String> {
    let (head, rest) = chunk.split_once('/')?;
    let head = digits(head).filter(|h| h.len() <= 5 && holds_digit(chunk))?;
    let (year, rest) = rest.split_at_checked(4)?;
    let year = digits(year).filter(|y| is_year(y) && year.bytes().filter(u8::is_ascii_digit).count() >= 2)?;
    let rest = rest.strip_prefix(['/', 'I', 'i', 'l', '|'])?;
    is_signature(rest).then(|| format!("{head}/{year}/{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::token::tokenise;

    /// The line with its numbers read; each word is taken to be what `words` says, or what is seen.
    fn read(line: &str, others: &[&str]) -> String {
        let mut tokens = Vec::new();
        tokenise(line, &mut tokens);
        let word = |t: &Token| match t.text(line) {
            "ngdy" => "ngày",
            "thdng" => "tháng",
            "ndm" => "năm",
            text => text,
        };
        let words: Vec<&str> = tokens.iter().map(word).collect();
        let mut numbers = of_dates(line, &tokens, &words);
        numbers.extend(of_forms(line, others));
        numbers.sort_by_key(|n| n.0.start);
        let mut out = line.to_owned();
        for (bytes, text) in numbers.into_iter().rev() {
            out.replace_range(bytes, &text);
        }
        out
    }

    #[test]
    fn numbers_are_read_where_dates_and_forms_tell_of_them() {
        for (seen, want) in [
            ("ngdy l8 thdng lO ndm 201 5 :", "ngdy 18 thdng 10 ndm 2015 :"),
            ("ngdy t8 thdng I I ndm 20 t 3;", "ngdy 18 thdng 11 ndm 2013;"),
            ("thdng lQndm 2023", "thdng 10 ndm 2023"),
            ("nam hoc 2Ol3 - 2014", "nam hoc 2013 - 2014"),
            ("s6 11/201 8/TT-ABC ngdy", "s6 11/2018/TT-ABC ngdy"),
            ("s6 11/2O18iTT-ABC ngdy", "s6 11/2018/TT-ABC ngdy"),
            ("trong nim2014.", "trong nim 2014."),
            ("phu luc 7.I, 3r9.85r", "phu luc 7.1, 319.851"),
        ] {
            assert_eq!(read(seen, &[]), want);
        }
        assert_eq!(read("ngdy 28/11/20 18 cua", &["ngay 28/11/2018"]), "ngdy 28/11/2018 cua");
    }

    #[test]
    fn what_no_form_tells_of_stays() {
        for line in [
            "ngdy 28/11/20 18 ho so",
            "ndm 2018 15 ho so",
            "thdng l co",
            "so l ho so",
            "thdng 3 8 ho so",
            "10 lo 2000",
            "QH2014 m2",
        ] {
            assert_eq!(read(line, &[]), line);
        }
    }
}

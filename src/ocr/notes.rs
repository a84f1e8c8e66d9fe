//! The raised numbers of notes. No recogniser knows them: in a text they come out as quotation marks, at the foot of the page as such or
//! as level digits. Where as many notes stand at the foot as there are such marks above, and the digits that were read there are in
//! their order, the marks are these numbers.

use crate::geometry::Rect;
use crate::page::{Line, RecognisedPage};

/// Notes are set in smaller print: their words are at most so high, in heights of the words above.
const SMALLER: f32 = 0.9;
/// The most notes of a page.
const MOST: usize = 9;
/// A number that was told by the others is no surer than this.
const TOLD: f32 = 0.9;

/// Gives the notes of a page and the places that they belong to their numbers. Lines are in reading order.
pub fn number(page: &mut RecognisedPage) {
    let Some((notes, first)) = notes(&page.lines) else { return };
    let marks = marks(&page.lines[..notes[0]]);
    if marks.len() != notes.len() {
        return;
    }
    for (number, (&note, &(line, word))) in (first..).zip(notes.iter().zip(&marks)) {
        let Some(raised) = raised(number) else { continue };
        page.lines[note].words[0].read_as(raised.to_string(), TOLD);
        let word = &mut page.lines[line].words[word];
        word.read_as(word.text.replace(is_sign, &raised.to_string()), TOLD);
    }
}

/// The lines at the foot that begin a note, and the number of the first; None where there are none or no digit tells their order.
fn notes(lines: &[Line]) -> Option<(Vec<usize>, u32)> {
    let begins = |line: &Line| {
        let mut signs = line.words.first()?.text.chars();
        let sign = signs.next().filter(|_| signs.next().is_none() && line.words.len() > 2)?;
        (is_sign(sign) || sign.is_ascii_digit()).then_some(sign)
    };
    // From the first such line on below which most of the print is small.
    let is_foot = |&at: &usize| {
        let small =
            typical(&lines[..at]).zip(typical(&lines[at..])).is_some_and(|(above, foot)| foot <= SMALLER * above);
        small && begins(&lines[at]).is_some() && lines[at..].iter().all(|line| line.cell.is_none())
    };
    let foot = (1..lines.len()).find(is_foot)?;
    let found: Vec<(usize, char)> = (foot..lines.len()).filter_map(|at| Some((at, begins(&lines[at])?))).collect();
    if found.len() > MOST {
        return None;
    }
    let firsts: Vec<i64> =
        (0..).zip(&found).filter_map(|(place, (_, sign))| Some(i64::from(sign.to_digit(10)?) - place)).collect();
    let first = *firsts.first()?;
    let agree = firsts.iter().all(|f| *f == first) && first > 0;
    agree.then(|| (found.into_iter().map(|(at, _)| at).collect(), first as u32))
}

/// The words that end in a mark which closes no quotation, by line and word. Behind a digit it may stand for degrees, minutes or inches,
/// and a raised number there would be taken for a part of the number: it is none.
fn marks(lines: &[Line]) -> Vec<(usize, usize)> {
    let mut open = 0usize;
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for (index, word) in line.words.iter().enumerate() {
            let text = word.text.trim_end_matches(['.', ',', ';', ':']);
            let opens = text.trim_start_matches('(').starts_with(['"', '“', '‘', '\'']);
            open += usize::from(opens);
            let Some(last) = text.chars().last().filter(|c| is_sign(*c)) else { continue };
            let stem = &text[..text.len() - last.len_utf8()];
            if !stem.ends_with(|c: char| c.is_alphabetic() || c == ')') {
                continue;
            }
            if open > 0 {
                open -= 1;
            } else if stem.chars().filter(|c| is_sign(*c)).count() == 0 {
                found.push((at, index));
            }
        }
    }
    found
}

/// The middle height of the words of these lines; None where they have none.
fn typical(lines: &[Line]) -> Option<f32> {
    let words = lines.iter().flat_map(|line| &line.words).filter(|w| w.text.chars().any(char::is_alphabetic));
    let mut heights: Vec<f32> = words.map(|word| word.rect).map(|rect: Rect| rect.height()).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() / 2).copied()
}

/// What recognisers take a raised number for.
fn is_sign(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '\'' | '’' | '‘' | '*' | '°')
}

fn raised(number: u32) -> Option<char> {
    ['¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'].get(number.checked_sub(1)? as usize).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Word;

    fn page(lines: &[(&str, f32)]) -> RecognisedPage {
        let line = |(row, (text, height)): (usize, &(&str, f32))| {
            let y = 60.0 * row as f32;
            let word = |(at, text): (usize, &str)| Word {
                text: text.into(),
                rect: Rect::new(80.0 * at as f32, y, 80.0 * at as f32 + 70.0, y + height),
                confidence: 0.95,
                ..Word::default()
            };
            let words: Vec<Word> = text.split(' ').enumerate().map(word).collect();
            Line { rect: Rect::new(0.0, y, 800.0, y + height), words, ..Line::default() }
        };
        RecognisedPage { page: 1, lines: lines.iter().enumerate().map(line).collect() }
    }

    fn numbered(lines: &[(&str, f32)]) -> Vec<String> {
        let mut page = page(lines);
        number(&mut page);
        page.lines.iter().map(Line::text).collect()
    }

    #[test]
    fn marks_and_notes_get_their_numbers() {
        let lines = [
            ("Toàn xã có 12 hộ mới”. Thôn Gò Me có “tổ tự quản” từ tháng trước (cả", 40.0),
            ("hai tổ)\". Việc này được giữ nguyên trong quý", 40.0),
            ("' Số liệu đến ngày 14 tháng 9", 26.0),
            ("của các thôn báo lên", 26.0),
            ("2 Theo báo cáo của thôn", 26.0),
            ("3", 40.0),
        ];
        let told = numbered(&lines);
        assert_eq!(told[0], "Toàn xã có 12 hộ mới¹. Thôn Gò Me có “tổ tự quản” từ tháng trước (cả");
        assert_eq!(&told[1][..12], "hai tổ)².");
        assert_eq!((&told[2][..3], &told[4][..3]), ("¹ ", "² "));
        assert_eq!(told[5], "3");
    }

    #[test]
    fn where_anything_does_not_fit_nothing_is_changed() {
        let above = ("Toàn xã có 12 hộ mới”. Việc này được giữ nguyên", 40.0);
        for lines in [
            // One mark, two notes; no digit that tells the order; digits out of order; notes as large as the text.
            vec![above, ("' Số liệu đến ngày 14", 26.0), ("2 Theo báo cáo của thôn", 26.0)],
            vec![above, ("' Số liệu đến ngày 14", 26.0)],
            vec![above, ("0 Số liệu đến ngày 14", 26.0)],
            vec![above, ("1 Số liệu đến ngày 14", 40.0)],
            // Degrees and inches.
            vec![("Nhiệt độ cao nhất 38°. Việc này được giữ nguyên", 40.0), ("1 Số liệu đến ngày 14", 26.0)],
            vec![above],
        ] {
            let before: Vec<String> = lines.iter().map(|l| l.0.to_owned()).collect();
            assert_eq!(numbered(&lines), before);
        }
    }
}

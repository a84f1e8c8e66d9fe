//! The numbering of rows: where a stroke or a round letter was read in the first column and the rows above and below say which number or
//! letter stands there, it is that. A digit that was read is never another one.

use crate::page::Line;

/// A number that the column says is no surer than this.
const TOLD: f32 = 0.9;
/// Letters in the order of the points of a list; `đ` may be left out.
const LETTERS: [char; 17] = ['a', 'b', 'c', 'd', 'đ', 'e', 'g', 'h', 'i', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r'];

/// What numbers a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Number {
    Digits(u32),
    /// By its place in [`LETTERS`].
    Letter(usize),
}

impl Number {
    fn of(text: &str) -> Option<Number> {
        let bare = bare(text);
        let mut letters = bare.chars();
        match (letters.next(), letters.next()) {
            (Some(c), None) if c.is_lowercase() => LETTERS.iter().position(|l| *l == c).map(Number::Letter),
            _ if (1..=3).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit()) => {
                bare.parse().ok().map(Number::Digits)
            }
            _ => None,
        }
    }

    /// What may stand in the row below.
    fn next(self) -> Vec<Number> {
        match self {
            Number::Digits(n) => vec![Number::Digits(n + 1)],
            Number::Letter(at) if LETTERS[at] == 'd' => vec![Number::Letter(at + 1), Number::Letter(at + 2)],
            Number::Letter(at) if at + 1 < LETTERS.len() => vec![Number::Letter(at + 1)],
            Number::Letter(_) => Vec::new(),
        }
    }

    fn before(self) -> Option<Number> {
        match self {
            Number::Digits(n) => n.checked_sub(1).filter(|n| *n > 0).map(Number::Digits),
            Number::Letter(at) => at.checked_sub(1).map(Number::Letter),
        }
    }

    fn text(self) -> String {
        match self {
            Number::Digits(n) => n.to_string(),
            Number::Letter(at) => LETTERS[at].to_string(),
        }
    }

    /// Whether print of this may be read as `seen`, which is no digit where it differs.
    fn looks_like(self, seen: &str) -> bool {
        let own = self.text();
        let alike = |(own, seen): (char, char)| own == seen || taken_for(own).contains(seen);
        own != seen && own.chars().count() == seen.chars().count() && own.chars().zip(seen.chars()).all(alike)
    }
}

/// The signs that recognisers take this one for, none of them a digit.
fn taken_for(c: char) -> &'static str {
    match c {
        '0' => "OoQ",
        '1' => "IlÌÍ|¡!]i",
        '2' => "Zz",
        '5' => "Ss",
        '8' => "B",
        '9' => "gq",
        'c' => "eo€¢",
        'i' => "ìíl|",
        'l' => "I|",
        _ => "",
    }
}

/// The mark of a row without what stands around it: `1.`, `a)`.
fn bare(text: &str) -> &str {
    text.trim_end_matches(['.', ')', ',']).trim_start_matches('(')
}

/// Puts the numbers of the first column of a table right; `lines` are those of one table, by row and column.
pub(super) fn mend(lines: &mut [Line]) {
    let first: Vec<usize> = (0..lines.len())
        .filter(|&at| lines[at].cell.is_some_and(|cell| cell.column == 1) && lines[at].words.len() == 1)
        .collect();
    for (place, &at) in first.iter().enumerate() {
        let text = |at: &usize| lines[*at].words[0].text.as_str();
        let above = place.checked_sub(1).and_then(|above| Number::of(text(&first[above])));
        let below = first.get(place + 1).and_then(|below| Number::of(text(below)));
        let seen = bare(text(&at));
        if seen.chars().all(|c| c.is_ascii_digit()) {
            continue;
        }
        // Two neighbours that agree, or one where the other is no number; what fits them already stays.
        let from_above = above.map(Number::next).unwrap_or_default();
        let fits = |number: &Number| {
            let leads = below.is_none_or(|below| number.next().contains(&below) || !is_like(*number, below));
            number.looks_like(seen) && leads
        };
        let stands = Number::of(seen).is_some_and(|own| from_above.contains(&own));
        let told = from_above
            .iter()
            .copied()
            .find(fits)
            .or_else(|| below.and_then(Number::before).filter(|n| above.is_none() && n.looks_like(seen)));
        if let Some(number) = told.filter(|_| !stands) {
            let word = &mut lines[at].words[0];
            word.read_as(word.text.replacen(bare(&word.text), &number.text(), 1), TOLD);
        }
    }
}

fn is_like(a: Number, b: Number) -> bool {
    matches!((a, b), (Number::Digits(_), Number::Digits(_)) | (Number::Letter(_), Number::Letter(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{CellPlace, Word};

    fn mended(texts: &[&str]) -> Vec<String> {
        let line = |(row, text): (usize, &&str)| Line {
            words: vec![Word { text: (*text).into(), confidence: 0.95, ..Word::default() }],
            cell: Some(CellPlace { table: 0, row: row as u32 + 1, column: 1 }),
            ..Line::default()
        };
        let mut lines: Vec<Line> = texts.iter().enumerate().map(line).collect();
        mend(&mut lines);
        for (line, seen) in lines.iter().zip(texts) {
            let word = &line.words[0];
            assert!(word.text == *seen || word.alternatives[0].text == *seen && word.confidence <= TOLD);
        }
        lines.into_iter().map(|line| line.words[0].text.clone()).collect()
    }

    #[test]
    fn strokes_and_round_letters_are_what_the_column_says() {
        for (seen, right) in [
            (&["STT", "I", "2", "3"][..], &["STT", "1", "2", "3"][..]),
            (&["9", "1O", "l1", "12"], &["9", "10", "11", "12"]),
            (&["6", "a", "b", "e", "d", "7"], &["6", "a", "b", "c", "d", "7"]),
            (&["9", "a", "b", "e"], &["9", "a", "b", "c"]),
            (&["1.", "2.", "3.", "4.", "S."], &["1.", "2.", "3.", "4.", "5."]),
        ] {
            assert_eq!(mended(seen), right);
        }
    }

    #[test]
    fn what_fits_and_what_is_a_digit_stays() {
        for seen in [
            &["TT", "I", "1", "2", "II", "1"][..],
            &["1", "2", "8", "4"],
            &["a", "b", "c", "d", "e"],
            &["a", "b", "c", "d", "đ", "e", "g"],
            &["A", "B"],
            &["4", "5", "B", "1"],
            &["x", "y"],
        ] {
            assert_eq!(mended(seen), seen);
        }
    }
}

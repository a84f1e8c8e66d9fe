//! What the other cells of a column or row say of one that was read as no number: a column of numbers is a reason to ask what the print says
//! as a number, the numbers of rows and columns follow each other.
//!
//! A digit that was read is never another one: digits may only come to those that were read, in place of letters and signs; but where nothing was made
//! out, and the recognisers say so, the figure that is clear to one of them stands for the signs that the other gave. What is changed
//! keeps what was seen as its first alternative, and is no surer than [`MOST`]. A cell in which print stands though nothing was read of it, as of
//! a lone stroke, comes as a line without words; it is asked for in the same way, and is no surer than [`LOST`].

use super::number_form::{LEAST_OF_FORM, digits, form, in_company, in_form, is_garbled, is_number, is_unparted};
use super::numeral::{Content, column_number, is_item};
use crate::error::Result;
use crate::geometry::Rect;
use crate::ocr::{FigurePlace, LineBox};
use crate::page::{Alternative, CellPlace, Line, Word};
use std::collections::BTreeMap;

/// A number that its neighbours say is no surer than this.
const MOST: f32 = 0.8;
/// What nothing was read of before is no surer than this, and taken where it is likelier than that.
const LOST: f32 = 0.6;
const CLEAR: f32 = 0.8;
/// What is no surer than this was not made out; a figure in its place is as clear as that.
const DISPUTED: f32 = 0.5;
const CERTAIN: f32 = 0.95;
/// A column is one of numbers where so many of its cells are.
const LEAST_NUMBERS: usize = 3;
const SHARE_OF_NUMBERS: f32 = 0.6;
/// A reading as a number is taken where it has so much of what all such readings have together.
const LIKELY: f32 = 0.5;
/// Digits that were read with other signs between or around them, as the table has them, need to be no less likely than this.
const POSSIBLE: f32 = 0.01;
/// The longest text that may be a number misread, in characters.
const LONGEST: usize = 16;
/// The longest that may be the number of a row.
const LONGEST_ITEM: usize = 4;
/// The signs of a figure, and those of a row that numbers the columns.
const FIGURE: &str = "0123456789.,-()";
const NUMBERING: &str = "0123456789()+-:/";
/// What numbers rows.
const ITEM: &str = "0123456789IVX";
/// A row that numbers the columns is none of the first and none below this.
const LOWEST_NUMBERING: u32 = 8;

/// A cell with one printed line.
#[derive(Debug, Clone, Copy)]
struct Single {
    row: u32,
    column: u32,
    line: usize,
    place: LineBox,
    /// Whether signs were read in it that the recognisers do not believe.
    garbled: bool,
}

/// What a cell is told to say.
struct Told {
    line: usize,
    text: String,
    confidence: f32,
}

/// Mends the lines of one table, by row and column; `places` are those of the lines that were read, and `ask` tells what lines say as figures.
///
/// # Errors
/// Those of `ask`.
pub(super) fn mend(
    lines: &mut [Line],
    places: &[(CellPlace, LineBox)],
    mut ask: impl FnMut(&[FigurePlace]) -> Result<Option<Vec<Vec<Alternative>>>>,
) -> Result<()> {
    let singles = singles(lines, places);
    let texts: Vec<String> = lines.iter().map(Line::text).collect();
    let numbering = numbering_row(&singles, &texts);
    let below = numbering.map_or(0, |(row, _)| row);
    let mut told = items(&singles, &texts, below);
    let mut asked: Vec<(Single, FigurePlace)> = Vec::new();
    if let Some((row, first)) = numbering {
        for cell in singles.iter().filter(|c| c.row == row && number_of(&texts[c.line]) != Some(c.column + first)) {
            asked.push((*cell, FigurePlace { place: cell.place, signs: NUMBERING, given: Vec::new() }));
        }
    }
    let form = form(singles.iter().filter(|c| c.row > below).map(|c| texts[c.line].as_str()));
    for cell in doubtful(&singles, &texts, below, form) {
        if !told.iter().any(|t| t.line == cell.line) {
            let seen = &texts[cell.line];
            let given = [seen.clone()].into_iter().chain(same_digits(seen, form)).collect();
            let signs = if cell.column == 1 { ITEM } else { FIGURE };
            asked.push((cell, FigurePlace { place: cell.place, signs, given }));
        }
    }
    if !asked.is_empty() {
        let places: Vec<FigurePlace> = asked.iter().map(|(_, place)| place.clone()).collect();
        // A recogniser that cannot tell leaves what the neighbours say.
        let found = ask(&places)?.unwrap_or_else(|| vec![Vec::new(); places.len()]);
        for ((cell, place), readings) in asked.iter().zip(found) {
            let seen = &texts[cell.line];
            let told_here = match numbering.filter(|(row, _)| *row == cell.row) {
                _ if seen.is_empty() => lost(cell.column, form, &readings),
                Some((_, first)) => numbers_column(seen, cell.column + first, &readings),
                None => as_number(seen, form, &place.given, &readings)
                    .or_else(|| made_out(form, &readings).filter(|_| cell.garbled)),
            };
            let column = singles.iter().filter(|other| other.column == cell.column && other.row > below);
            let of_company = || {
                let written = in_company(seen, column.map(|other| texts[other.line].as_str()))?;
                Some((written, LOST))
            };
            let told_here = told_here.or_else(of_company);
            told.extend(told_here.map(|(text, confidence)| Told { line: cell.line, text, confidence }));
        }
    }
    told.into_iter().filter(|t| t.text != texts[t.line]).for_each(|t| say(&mut lines[t.line], t));
    Ok(())
}

/// The cells with one line, where it was found as one.
fn singles(lines: &[Line], places: &[(CellPlace, LineBox)]) -> Vec<Single> {
    let mut found: BTreeMap<(u32, u32), (usize, usize)> = BTreeMap::new();
    for (number, line) in lines.iter().enumerate() {
        if let Some(cell) = line.cell {
            found.entry((cell.row, cell.column)).or_insert((number, 0)).1 += 1;
        }
    }
    let single = |((row, column), (line, count)): ((u32, u32), (usize, usize))| {
        let mut own = places.iter().filter(|(cell, _)| (cell.row, cell.column) == (row, column));
        let (place, others) = (own.next()?.1, own.count());
        let sure = lines[line].words.iter().map(|word| word.confidence).fold(1.0, f32::min);
        let garbled = sure <= DISPUTED && is_garbled(&lines[line].text());
        (count == 1 && others == 0).then_some(Single { row, column, line, place, garbled })
    };
    found.into_iter().filter_map(single).collect()
}

/// Gives a line the reading that it is told to have.
fn say(line: &mut Line, told: Told) {
    let Some(rect) = Rect::bounding(line.words.iter().map(|word| &word.rect)) else {
        line.words =
            vec![Word { text: told.text, rect: line.rect, confidence: LOST.min(told.confidence), ..Word::default() }];
        return;
    };
    let confidence = line.words.iter().map(|word| word.confidence).fold(1.0, f32::min);
    let mut word = Word { text: line.text(), rect, confidence, ..Word::default() };
    word.read_as(told.text, MOST.min(told.confidence));
    line.words = vec![word];
}

/// Whether a number has the digits that were read where they were read, others in place of letters only, and the sign before it.
fn keeps(number: &str, seen: &str) -> bool {
    let sign = |text: &str| text.starts_with(['-', '–', '(']);
    let read: Vec<char> = seen.chars().filter(|c| c.is_alphanumeric()).collect();
    let found: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let in_place = || found.iter().zip(&read).all(|(digit, read)| digit == read || !read.is_ascii_digit());
    sign(number) == sign(seen) && (digits(number) == digits(seen) || found.len() == read.len() && in_place())
}

/// The cells of columns of numbers that were read as something else, or against the form of the table.
fn doubtful(singles: &[Single], texts: &[String], below: u32, form: Option<char>) -> Vec<Single> {
    let mut columns: BTreeMap<u32, Vec<&Single>> = BTreeMap::new();
    singles.iter().filter(|c| c.row > below).for_each(|c| columns.entry(c.column).or_default().push(c));
    let mut found = Vec::new();
    for cells in columns.into_values() {
        let text = |cell: &&Single| texts[cell.line].as_str();
        // The numbers of rows have letters among them.
        if cells[0].column == 1 {
            found.extend(cells.iter().filter(|c| text(c).is_empty()).map(|c| **c));
            continue;
        }
        let counts = |text: &str| text.starts_with(|c: char| c.is_ascii_digit()) && may_be_number(text, None);
        let first = cells.iter().position(|c| is_number(text(c), None) || counts(text(c))).unwrap_or(cells.len());
        let body = &cells[first..];
        let filled = body.iter().filter(|c| Content::of(text(c)) != Content::Blank).count();
        let numbers = body.iter().filter(|c| is_number(text(c), None)).count();
        let open = body.iter().filter(|c| may_be_number(text(c), None)).count();
        // The network knows no per cent sign.
        let shares = body.iter().any(|c| text(c).contains('%'));
        let most = numbers >= open && numbers as f32 >= SHARE_OF_NUMBERS * (filled - open) as f32;
        if numbers >= LEAST_NUMBERS && most && !shares {
            // Where the column parts thousands, a number that does not has lost a sign.
            let parted = |c: &&&Single| form.is_some_and(|sign| is_number(text(c), form) && text(c).contains(sign));
            let unparted = body.iter().filter(|c| is_unparted(text(c))).count();
            let lost = form.is_some() && body.iter().filter(parted).count() >= (3 * unparted).max(LEAST_OF_FORM);
            let open = |c: &&&Single| {
                c.garbled || text(c).is_empty() || may_be_number(text(c), form) || lost && is_unparted(text(c))
            };
            found.extend(body.iter().filter(open).map(|c| **c));
        }
    }
    found
}

/// What a line says of which nothing was read; None where that is not clear.
fn lost(column: u32, form: Option<char>, readings: &[Alternative]) -> Option<(String, f32)> {
    let best = readings.first().filter(|reading| reading.confidence >= CLEAR && !reading.text.is_empty())?;
    let stands = if column == 1 { is_item(&best.text) } else { is_number(&best.text, form) };
    stands.then(|| (best.text.clone(), best.confidence))
}

/// The figure of a cell in which nothing was made out; None where that is not clear.
fn made_out(form: Option<char>, readings: &[Alternative]) -> Option<(String, f32)> {
    let best = readings.first().filter(|reading| reading.confidence >= CERTAIN && is_number(&reading.text, form))?;
    Some((best.text.clone(), LOST))
}

/// Whether a text that stands among numbers is perhaps one, and not read as one: no word, no dash, and no date.
fn may_be_number(text: &str, form: Option<char>) -> bool {
    let words = text.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().count() >= 3);
    let dated = text.contains('/');
    // Two numbers in a cell are two.
    let several = text.split_whitespace().filter(|piece| piece.contains(|c: char| c.is_ascii_digit())).count() > 1;
    !words
        && !dated
        && !several
        && text.chars().count() <= LONGEST
        && Content::of(text) != Content::Blank
        && !is_number(text, form)
}

/// What a doubtful cell says as a number, and how sure that is; None where that is not clear.
fn as_number(seen: &str, form: Option<char>, given: &[String], readings: &[Alternative]) -> Option<(String, f32)> {
    let possible = |text: &&String| readings.iter().any(|r| r.text == **text && r.confidence >= POSSIBLE);
    if let Some(same) = given.iter().skip(1).find(possible) {
        return Some((same.clone(), MOST));
    }
    readings
        .iter()
        .take_while(|reading| reading.confidence >= LIKELY)
        .find(|reading| {
            is_number(&reading.text, form) && !digits(&reading.text).is_empty() && keeps(&reading.text, seen)
        })
        .map(|reading| (reading.text.clone(), reading.confidence))
}

/// A number of the digits that were read, all of them, without the signs around and between them: `10"`, `.395`, `96-4`; in the form of the table.
fn same_digits(seen: &str, form: Option<char>) -> Vec<String> {
    let bare = seen.trim_end_matches(|c: char| !c.is_alphanumeric());
    let bare = bare.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '–' | '('));
    let first = bare.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let joined = bare[..first].to_owned() + &bare[first..].replace(['-', '–', '\''], "");
    let formed = form.map(|form| in_form(bare, form)).unwrap_or_default();
    let all = [bare.to_owned(), joined].into_iter().chain(formed);
    all.filter(|text| text != seen && is_number(text, form)).collect()
}

/// The numbers of rows that the rows above and below tell: `1`, `Ũ`, `3`.
fn items(singles: &[Single], texts: &[String], below_head: u32) -> Vec<Told> {
    let column: Vec<&Single> = singles.iter().filter(|cell| cell.column == 1).collect();
    let number = |cell: &Single| texts[cell.line].parse::<u32>().ok().filter(|n| (1..1000).contains(n));
    let mut told = Vec::new();
    for at in 0..column.len() {
        let (cell, seen) = (column[at], &texts[column[at].line]);
        let beside = |other: Option<usize>, rows: i64| {
            let other = column.get(other?)?;
            (i64::from(other.row) - i64::from(cell.row) == rows).then(|| number(other)).flatten()
        };
        let (above, below) = (beside(at.checked_sub(1), -1), beside(Some(at + 1), 1));
        // The first has only one below it.
        let Some(own) = above.map(|above| above + 1).or_else(|| below.filter(|n| *n == 2).map(|_| 1)) else { continue };
        let between = below.is_some_and(|below| below == own + 1);
        let read = digits(seen);
        let short = seen.chars().count() <= LONGEST_ITEM.max(own.to_string().len() + 2);
        // Digits that were read say it themselves; with none, both neighbours have to.
        let clear = if read.is_empty() { between } else { read == own.to_string() && (between || below.is_none()) };
        let letters = seen.chars().filter(|c| c.is_alphabetic()).count();
        if cell.row > below_head && number(cell).is_none() && short && clear && letters < 2 {
            told.push(Told { line: cell.line, text: own.to_string(), confidence: MOST });
        }
    }
    told
}

/// The number of a column without what a misread formula behind it makes of it.
fn number_of(text: &str) -> Option<u32> {
    column_number(text).filter(|n| *n > 0)
}

/// The row that numbers the columns, and what is to be added to a column for its number; None where there is none.
fn numbering_row(singles: &[Single], texts: &[String]) -> Option<(u32, u32)> {
    (2..LOWEST_NUMBERING).find_map(|row| {
        let cells: Vec<&Single> = singles.iter().filter(|cell| cell.row == row).collect();
        let off: Vec<i64> = cells
            .iter()
            .filter_map(|cell| Some(i64::from(number_of(&texts[cell.line])?) - i64::from(cell.column)))
            .collect();
        let same = off.iter().all(|o| *o == off[0]);
        let marks = |cell: &&Single| texts[cell.line].chars().filter(|c| c.is_alphabetic()).count() < 3;
        let most = off.len() >= LEAST_NUMBERS && 2 * off.len() >= cells.len() && cells.iter().all(marks);
        (same && most).then(|| u32::try_from(off[0]).ok().map(|first| (row, first))).flatten()
    })
}

/// What a cell of the row that numbers the columns says, where its number is `own`: the number alone, or one with its formula.
fn numbers_column(seen: &str, own: u32, readings: &[Alternative]) -> Option<(String, f32)> {
    let seen: String = seen.chars().filter(|c| *c != ' ').collect();
    let read = digits(&seen);
    let others = readings.iter().map(|reading| reading.text.clone()).filter(|text| digits(text) == read);
    let texts = [seen].into_iter().chain(others);
    let sure = readings.first().map_or(0.0, |reading| reading.confidence);
    texts.filter_map(|text| with_formula(&text, own)).next().map(|text| (text, MOST.min(sure.max(LIKELY))))
}

/// `(3)-(4)+(5)` as `(3)=(4)+(5)`: what follows the column's own number is its formula. None where the text does not begin with that number, or no formula follows.
fn with_formula(text: &str, own: u32) -> Option<String> {
    let bracketed = format!("({own})");
    let (number, rest) = match text.strip_prefix(&bracketed) {
        Some(rest) => (bracketed, rest),
        None => (own.to_string(), text.strip_prefix(&own.to_string())?),
    };
    let formula = rest.trim_start_matches(['=', '-', '–', ':', '.']);
    let open = formula.matches('(').count() == formula.matches(')').count();
    let made = if formula.is_empty() { number } else { format!("{number}={formula}") };
    let parted = formula.is_empty() || formula.len() < rest.len();
    (parted && open && number_of(&made) == Some(own)).then_some(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells with one line each, and the places of these.
    fn table(rows: &[&[&str]]) -> (Vec<Line>, Vec<(CellPlace, LineBox)>) {
        let (mut lines, mut places) = (Vec::new(), Vec::new());
        for (row, texts) in (1..).zip(rows) {
            for (column, text) in (1..).zip(*texts).filter(|(_, text)| !text.is_empty()) {
                let (x, y) = (100.0 * column as f32, 40.0 * row as f32);
                let rect = Rect::new(x, y, x + 60.0, y + 30.0);
                let cell = CellPlace { table: 0, row, column };
                let word = |text: &str| Word { text: text.into(), rect, confidence: 0.95, ..Word::default() };
                let words = text.split(' ').map(word).collect();
                lines.push(Line { words, rect, cell: Some(cell), ..Line::default() });
                places.push((cell, LineBox { rect, slope: 0.0 }));
            }
        }
        (lines, places)
    }

    /// The table after mending, where each doubtful cell that is asked for says what `print` tells of it.
    fn mended(rows: &[&[&str]], print: &[(&str, &str)]) -> Vec<Vec<String>> {
        let (mut lines, places) = table(rows);
        let before = lines.clone();
        let ask = |asked: &[FigurePlace]| {
            let of = |asked: &FigurePlace| {
                let line = before.iter().find(|line| line.rect == asked.place.rect).unwrap();
                let said = print.iter().find(|(seen, _)| *seen == line.text()).map(|(_, said)| (*said).to_owned());
                said.map(|text| Alternative { text, confidence: 0.9 }).into_iter().collect()
            };
            Ok(Some(asked.iter().map(of).collect()))
        };
        mend(&mut lines, &places, ask).unwrap();
        for (line, seen) in lines.iter().zip(&before).filter(|(line, seen)| line.text() != seen.text()) {
            assert_eq!(
                (line.words[0].alternatives[0].text.clone(), line.words[0].confidence <= MOST),
                (seen.text(), true)
            );
        }
        let mut texts = lines.iter().map(Line::text);
        rows.iter()
            .map(|row| {
                row.iter().map(|text| if text.is_empty() { String::new() } else { texts.next().unwrap() }).collect()
            })
            .collect()
    }

    #[test]
    fn letters_among_numbers_are_asked_for_as_numbers() {
        let rows: &[&[&str]] = &[
            &["Thôn", "Số hộ", "Ghi chú"],
            &["Gò", "1.412", "a"],
            &["Sậy", "G27", "b"],
            &["Bến", "2.036", "3"],
            &["Cồn", "1.1-40", ""],
            &["Ao", "817 ?", "12"],
            &["Vạc", ".395", "12"],
            &["Đồi", "không", ""],
            &["Khe", "-", ""],
            &["Lũng", "1.209", ""],
            &["Soi", "1.377", ""],
        ];
        let print = [
            ("G27", "627"),
            ("1.1-40", "1.140"),
            ("817 ?", "817"),
            (".395", "395"),
            ("không", "100"),
            ("-", "1"),
            ("a", "4"),
        ];
        let column: Vec<String> = mended(rows, &print).into_iter().map(|row| row[1].clone()).collect();
        assert_eq!(column, ["Số hộ", "1.412", "627", "2.036", "1.140", "817", "395", "không", "-", "1.209", "1.377"]);
    }

    #[test]
    fn digits_that_were_read_stay() {
        let rows: &[&[&str]] = &[&["Thôn", "Số"], &["Gò", "412"], &["Sậy", "5S7"], &["Bến", "536"], &["Ao", "817"]];
        for (print, right) in
            [("587", "587"), ("837", "5S7"), ("57", "57"), ("5877", "5S7"), ("-587", "5S7"), ("578", "5S7")]
        {
            assert_eq!(mended(rows, &[("5S7", print)])[2][1], right, "{print}");
        }
    }

    #[test]
    fn where_nothing_was_made_out_the_clear_figure_stands() {
        let rows: [&[&str]; 5] =
            [&["Gò", "41,2"], &["Sậy", "26) 5)"], &["Bến", "53,6"], &["Ao", "81,7"], &["Vạc", "9,5"]];
        for (confidence, clear, right) in [(0.5, 0.99, "23,3"), (0.9, 0.99, "26) 5)"), (0.5, 0.8, "26) 5)")] {
            let (mut lines, places) = table(&rows);
            lines[3].words.iter_mut().for_each(|word| word.confidence = confidence);
            let figure = Alternative { text: "23,3".into(), confidence: clear };
            mend(&mut lines, &places, |asked| Ok(Some(vec![vec![figure.clone()]; asked.len()]))).unwrap();
            assert_eq!(lines[3].text(), right, "{confidence} {clear}");
            assert!(
                right != "23,3"
                    || lines[3].words[0].alternatives[0].text == "26) 5)" && lines[3].words[0].confidence <= LOST
            );
        }
    }

    #[test]
    fn signs_take_the_form_of_the_table_where_the_print_allows() {
        let rows: &[&[&str]] = &[
            &["Thôn", "Số", "Tỷ lệ"],
            &["Gò", "1.412.000", "93,6"],
            &["Sậy", "4,286.000", "75.1"],
            &["Bến", "2.536.000", "61,25"],
            &["Ao", "3.817.000", "8,0"],
        ];
        let print = [("4,286.000", "4.286.000"), ("75.1", "75,1")];
        assert_eq!(mended(rows, &print)[2][1..], ["4.286.000", "75,1"]);
        assert_eq!(mended(rows, &[])[2][1..], ["4,286.000", "75.1"]);
        // A point that was lost among numbers that have theirs; a year among years stays, and so does the code of a row.
        let rows: &[&[&str]] = &[
            &["Thôn", "Số", "Năm"],
            &["Gò", "1.412.000", "2023"],
            &["Sậy", "4286000", "2024"],
            &["Bến", "2.536.000", "2025"],
            &["Ao", "3.817.000", "2025"],
            &["Đa", "1.0.34", "2025"],
        ];
        let print = [("4286000", "4.286.000"), ("2024", "2.024")];
        assert_eq!(mended(rows, &print)[2][1..], ["4.286.000", "2024"]);
        assert_eq!(mended(rows, &[])[2][1..], ["4286000", "2024"]);
        assert_eq!(mended(rows, &[])[5][1], "1.0.34");
        assert_eq!(mended(rows, &[("1.0.34", "1.034")])[5][1], "1.034");
    }

    #[test]
    fn two_numbers_are_not_one_and_a_sign_stays() {
        let rows: &[&[&str]] =
            &[&["Thôn", "Số"], &["Gò", "412"], &["Sậy", "12 5"], &["Bến", "536"], &["Ao", "817"], &["Khe", "-395.\""]];
        let told = mended(rows, &[("12 5", "125"), ("-395.\"", "-395")]);
        assert_eq!((told[2][1].as_str(), told[5][1].as_str()), ("12 5", "-395"));
        let told = mended(rows, &[("-395.\"", "395")]);
        assert_eq!(told[5][1], "-395.\"");
    }

    #[test]
    fn where_figures_cannot_be_told_the_neighbours_still_do() {
        let rows: [&[&str]; 4] = [&["1", "412"], &["Ũ", "G27"], &["3", "536"], &["4", "817"]];
        let (mut lines, places) = table(&rows);
        mend(&mut lines, &places, |_| Ok(None)).unwrap();
        assert_eq!((lines[2].text(), lines[3].text()), ("2".to_owned(), "G27".to_owned()));
    }

    #[test]
    fn lone_strokes_are_asked_for() {
        let of = |column: u32, text: &str, confidence: f32| {
            lost(column, Some('.'), &[Alternative { text: text.into(), confidence }]).map(|(text, _)| text)
        };
        assert_eq!(of(3, "1", 0.9).as_deref(), Some("1"));
        assert_eq!(of(1, "I", 0.9).as_deref(), Some("I"));
        for (column, text, confidence) in [(3, "", 0.99), (3, "1", 0.6), (3, "(", 0.9), (3, "I", 0.9)] {
            assert_eq!(of(column, text, confidence), None, "{text}");
        }
    }

    #[test]
    fn rows_are_numbered_on() {
        let marks = ["TT", "Ị", "2", "Ũ", "4", "5 —", "6", "II", "1"];
        let rows: Vec<[&str; 2]> = marks.iter().map(|mark| [*mark, "Gò"]).collect();
        let rows: Vec<&[&str]> = rows.iter().map(|row| &row[..]).collect();
        let column: Vec<String> = mended(&rows, &[]).into_iter().map(|row| row[0].clone()).collect();
        assert_eq!(column, ["TT", "1", "2", "3", "4", "5", "6", "II", "1"]);
    }

    #[test]
    fn columns_are_numbered_with_their_formulas() {
        let rows: &[&[&str]] = &[
            &["TT", "Lĩnh vực", "Nhận", "Mới", "Cũ", "Xong"],
            &["(1)", "(2)", "(3)-(4)+(5)", "(4)", "(5)", "(6)=0)+@)"],
            &["1", "Đất đai", "12", "9", "3", "11"],
        ];
        let told = mended(rows, &[("(6)=0)+@)", "(6)-(7)+(8)")]);
        assert_eq!(told[1], ["(1)", "(2)", "(3)=(4)+(5)", "(4)", "(5)", "(6)=0)+@)"]);
        assert_eq!(told[2], rows[2]);
    }
}

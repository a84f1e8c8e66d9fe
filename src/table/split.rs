//! Rows that no rule parts, in tables whose upright rules are drawn: columns of numbers tell them, with the numbers of the rows.

use super::grid::{Grid, GridCell};
use super::numeral::{Content, is_item};
use crate::geometry::Rect;
use crate::page::Line;

/// Rows are told by so many columns of numbers at least.
const LEAST_COLUMNS: usize = 2;
/// So many of the lines of such a column are numbers; one may be misread.
const NUMBERS: f32 = 0.7;
/// So much of the heights must be filled in each of them.
const FILLED: f32 = 0.5;
/// Print above the first number, by so much of its height, says that numbers stand in the middle of their rows and not at the top.
const ABOVE: f32 = 0.5;

/// Parts the rows of a grid in which several columns have several numbers below each other; the lines of the table get the rows that they stand
/// in. Everything is in pixels of the table's picture.
pub(super) fn split(grid: &mut Grid, lines: &mut [Line]) {
    for row in (0..grid.rows()).rev() {
        if let Some(cuts) = cuts(grid, lines, row) {
            cut(grid, lines, row, &cuts);
        }
    }
}

/// Where a row of the grid is to be cut, from the top; None where it is one row.
fn cuts(grid: &Grid, lines: &[Line], row: usize) -> Option<Vec<f32>> {
    let of_cell = |cell: &GridCell| -> Vec<&Line> {
        let here = |line: &&Line| {
            line.cell.is_some_and(|c| (c.row as usize, c.column as usize) == (cell.row + 1, cell.column + 1))
        };
        lines.iter().filter(here).collect()
    };
    let cells = grid.cells.iter().filter(|cell| cell.row == row && cell.row_span == 1 && cell.column_span == 1);
    let printed: Vec<(usize, Vec<&Line>)> = cells.map(|cell| (cell.column, of_cell(cell))).collect();
    let number = |line: &&Line| matches!(Content::of(&line.text()), Content::Whole | Content::Number | Content::Blank);
    let counts = |(column, own): &&(usize, Vec<&Line>)| {
        *column > 0
            && own.len() > 1
            && own.iter().filter(|line| number(line)).count() as f32 >= NUMBERS * own.len() as f32
    };
    let columns: Vec<&(usize, Vec<&Line>)> = printed.iter().filter(counts).collect();
    if columns.len() < LEAST_COLUMNS {
        return None;
    }
    let items = printed.iter().filter(|(column, own)| *column == 0 && own.iter().all(|line| is_item(&line.text())));
    let marks = || columns.iter().copied().chain(items.clone()).flat_map(|(_, own)| own).map(|line| &line.rect);
    let heights = heights(marks().collect());
    let filled = |(_, own): &&&(usize, Vec<&Line>)| own.len() as f32 >= FILLED * heights.len() as f32;
    if heights.len() < 2 || columns.iter().filter(filled).count() < LEAST_COLUMNS {
        return None;
    }
    let first = &heights[0];
    let above = |line: &&Line| line.rect.centre().1 < first.0 - ABOVE * (first.1 - first.0);
    let centred = printed.iter().flat_map(|(_, own)| own).any(above);
    let between = heights.windows(2).map(|pair| {
        let (upper, lower) = (pair[0], pair[1]);
        let gap = lower.0 - upper.1;
        if centred || gap < 0.0 {
            (upper.0 + upper.1 + lower.0 + lower.1) / 4.0
        } else {
            lower.0 - (0.3 * (lower.1 - lower.0)).min(gap / 2.0)
        }
    });
    Some(between.collect())
}

/// The heights on which these stand, from the top: each overlaps another by half or begins its own.
fn heights(mut marks: Vec<&Rect>) -> Vec<(f32, f32)> {
    marks.sort_by(|a, b| a.centre().1.total_cmp(&b.centre().1));
    let mut found: Vec<(f32, f32)> = Vec::new();
    for mark in marks {
        match found.last_mut().filter(|last| mark.y0 < (last.0 + last.1) / 2.0) {
            Some(last) => *last = (last.0.min(mark.y0), last.1.max(mark.y1)),
            None => found.push((mark.y0, mark.y1)),
        }
    }
    found
}

/// Cuts a row of the grid at these heights.
fn cut(grid: &mut Grid, lines: &mut [Line], row: usize, cuts: &[f32]) {
    let more = cuts.len();
    grid.ys.splice(row + 1..row + 1, cuts.iter().copied());
    let mut cells = Vec::with_capacity(grid.cells.len() + more);
    for cell in &grid.cells {
        let after = GridCell { row: cell.row + more, ..*cell };
        match cell {
            _ if cell.row > row => cells.push(after),
            _ if cell.row == row && cell.row_span == 1 => cells.extend((row..=row + more).map(|row| {
                let rect = Rect { y0: grid.ys[row], y1: grid.ys[row + 1], ..cell.rect };
                GridCell { row, rect, ..*cell }
            })),
            _ if cell.row + cell.row_span > row => cells.push(GridCell { row_span: cell.row_span + more, ..*cell }),
            _ => cells.push(*cell),
        }
    }
    cells.sort_by_key(|cell| (cell.row, cell.column));
    grid.cells = cells;
    for line in lines {
        let y = line.rect.centre().1;
        if let Some(place) = &mut line.cell {
            let own = place.row as usize - 1;
            if own > row {
                place.row += more as u32;
            } else if own == row {
                place.row += cuts.iter().filter(|cut| **cut < y).count() as u32;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{CellPlace, Word};

    /// A grid of a head and one row of four columns, with these lines of the row, as `column, height, text`.
    fn table(printed: &[(u32, f32, &str)]) -> (Grid, Vec<Line>) {
        let (xs, ys) = (vec![0.0, 100.0, 400.0, 500.0, 600.0], vec![0.0, 50.0, 400.0]);
        let cell = |(row, column): (usize, usize)| {
            let rect = Rect::new(xs[column], ys[row], xs[column + 1], ys[row + 1]);
            GridCell { row, column, row_span: 1, column_span: 1, rect }
        };
        let cells = (0..2).flat_map(|row| (0..4).map(move |column| (row, column))).map(cell).collect();
        let line = |&(column, y, text): &(u32, f32, &str)| {
            let rect = Rect::new(xs[column as usize - 1], y, xs[column as usize] - 10.0, y + 30.0);
            let word = Word { text: text.into(), rect, ..Word::default() };
            let cell = Some(CellPlace { table: 0, row: 2, column });
            Line { words: vec![word], rect, cell, ..Line::default() }
        };
        let lines = printed.iter().map(line).collect();
        (Grid { cells, xs, ys, level: Vec::new(), upright: Vec::new() }, lines)
    }

    fn rows(printed: &[(u32, f32, &str)]) -> (usize, Vec<u32>) {
        let (mut grid, mut lines) = table(printed);
        split(&mut grid, &mut lines);
        assert_eq!(grid.cells.len(), 4 * grid.rows());
        (grid.rows(), lines.iter().map(|line| line.cell.unwrap().row).collect())
    }

    #[test]
    fn columns_of_numbers_tell_the_rows() {
        let printed = [
            (1, 60.0, "1"),
            (1, 150.0, "2"),
            (1, 200.0, "3"),
            (2, 60.0, "Kè bờ suối"),
            (2, 100.0, "đoạn dưới"),
            (2, 150.0, "Cống"),
            (2, 200.0, "Sân"),
            (3, 60.0, "7.248"),
            (3, 150.0, "4.794"),
            (3, 200.0, "-"),
            (4, 60.0, "12,5"),
            (4, 200.0, "9,1"),
        ];
        assert_eq!(rows(&printed), (4, vec![2, 3, 4, 2, 2, 3, 4, 2, 3, 4, 2, 4]));
    }

    #[test]
    fn a_number_that_was_misread_parts_nothing_less() {
        let column = |column: u32, texts: [&'static str; 4]| {
            (0..4).map(move |row| (column, 60.0 + 50.0 * row as f32, texts[row as usize]))
        };
        let printed: Vec<(u32, f32, &str)> =
            column(3, ["1.008", "I.190", "1.238", "735"]).chain(column(4, ["255", "436", "t90", "490"])).collect();
        assert_eq!(rows(&printed), (5, vec![2, 3, 4, 5, 2, 3, 4, 5]));
    }

    #[test]
    fn numbers_in_the_middle_of_their_rows_have_the_lines_around_them() {
        let printed = [
            (2, 60.0, "Kè bờ suối"),
            (2, 95.0, "đoạn dưới"),
            (2, 150.0, "Cống hộp"),
            (2, 185.0, "số 2"),
            (3, 77.0, "7.248"),
            (3, 167.0, "4.794"),
            (4, 77.0, "12"),
            (4, 167.0, "9"),
        ];
        assert_eq!(rows(&printed), (3, vec![2, 2, 3, 3, 2, 3, 2, 3]));
    }

    #[test]
    fn lines_of_words_and_a_single_column_of_numbers_part_nothing() {
        for printed in [
            &[(2, 60.0, "Kè bờ suối"), (2, 100.0, "đoạn dưới"), (3, 60.0, "7.248"), (4, 60.0, "12")][..],
            &[(2, 60.0, "Kế hoạch"), (2, 100.0, "năm"), (3, 60.0, "Đã"), (3, 100.0, "thu")],
            &[(2, 60.0, "Điện thoại"), (3, 60.0, "0204"), (3, 100.0, "385")],
        ] {
            assert_eq!(rows(printed).0, 2, "{printed:?}");
        }
    }
}

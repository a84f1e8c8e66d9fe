//! Which rows of a table are its head.
//!
//! The head is what tells of the columns: the rows down to where the cells of the first row end, the row that numbers the columns
//! (`1`, `(3)=(4)+(5)`), and without rules the rows of words above the first row with numbers.

use super::Table;
use super::numeral::{Content, column_number, is_item};

/// A head has no more rows than this, the numbering row left aside.
const MOST_HEAD_ROWS: u32 = 5;

/// Marks the cells of the head.
pub(super) fn mark_heads(table: &mut Table) {
    let rows = head_rows(table);
    for cell in &mut table.cells {
        cell.head = cell.row <= rows;
    }
}

/// How many rows the head has.
fn head_rows(table: &Table) -> u32 {
    if let Some(numbering) = numbering_row(table) {
        return numbering;
    }
    let mut head = 0;
    for row in 1..=table.rows.min(MOST_HEAD_ROWS) {
        let reached = row <= head;
        if !reached && !tells_of_columns(table, row, head) {
            break;
        }
        let ends = table.cells.iter().filter(|c| c.row == row).map(|c| c.row + c.row_span - 1);
        // A cell beside a head of two rows belongs to it; one that fills the table is a group of rows.
        head = head.max(ends.max().unwrap_or(row)).max(row);
        // A group of columns has its columns named below it.
        let groups = table.cells.iter().any(|c| c.row == row && c.column_span > 1 && c.column_span < table.columns);
        let next_names = groups && row + 1 > head && row < MOST_HEAD_ROWS && tells_of_columns(table, row + 1, 0);
        if next_names {
            head = row + 1;
        } else if row >= head {
            break;
        }
    }
    // What is all head is a table without one: a list of words.
    if head >= table.rows { u32::from(table.rows > 1 && tells_of_columns(table, 1, 0)) } else { head }
}

/// The row that numbers the columns; None where there is none.
fn numbering_row(table: &Table) -> Option<u32> {
    (2..=table.rows.min(MOST_HEAD_ROWS + 2)).find(|&row| {
        let numbers: Vec<Option<u32>> = cells(table, row).filter(|text| !text.is_empty()).map(column_number).collect();
        let mut known: Vec<u32> = numbers.iter().flatten().copied().collect();
        let whole = known.len() == numbers.len();
        // `A B 1 2 3 C`: a column of remarks behind the numbers bears a letter as well.
        while known.len() > 1 && known.last() == Some(&0) {
            known.pop();
        }
        let ascending = known.windows(2).all(|w| w[0] < w[1] || w[0] == 0 && w[1] == 0);
        // The first or second number is 1: `A B 1 2 3` or `1 2 3`.
        let starts = known.iter().find(|&&n| n > 0).is_some_and(|&n| n <= 2);
        let steady = known.iter().filter(|&&n| n > 0).collect::<Vec<_>>().windows(2).all(|w| *w[1] <= *w[0] + 2);
        numbers.len() >= 3
            && whole
            && numbers.len() as u32 * 2 > table.columns
            && ascending
            && starts
            && steady
            && (1..row).all(|above| tells_of_columns(table, above, row))
    })
}

/// Whether a row consists of heads of columns: words, years among them, and no numbers; more than one cell, unless it is
/// above others. `within` is how far the head reaches by what is above.
fn tells_of_columns(table: &Table, row: u32, within: u32) -> bool {
    let texts: Vec<&str> = cells(table, row).filter(|t| !t.is_empty()).collect();
    let words = texts.iter().filter(|t| Content::of(t) == Content::Words).count();
    let year =
        |t: &str| t.len() == 4 && t.chars().all(|c| c.is_ascii_digit()) && (t.starts_with("19") || t.starts_with("20"));
    let numbers = texts.iter().filter(|t| Content::of(t).is_numeric() && !year(t)).count();
    let item = table.columns > 2 && texts.first().is_some_and(|t| is_item(t));
    let alone = texts.len() < 2 && row > 1 && row > within;
    !texts.is_empty() && (words > 0 || texts.iter().all(|t| year(t))) && numbers == 0 && !item && !alone
}

/// Texts of the cells that begin in a row.
fn cells(table: &Table, row: u32) -> impl Iterator<Item = &str> {
    table.cells.iter().filter(move |c| c.row == row).map(|c| c.text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Cell;

    /// Cells as `text`, or `text>3` for one of three columns, `text^2` for one of two rows; `.` for nothing of its own.
    fn table(rows: &[&str]) -> Table {
        let mut cells = Vec::new();
        let mut columns = 0;
        for (row, line) in (1..).zip(rows) {
            let mut column = 1;
            for piece in line.split('|').map(str::trim) {
                let (text, column_span) = piece.split_once('>').map_or((piece, 1), |(t, n)| (t, n.parse().unwrap()));
                let (text, row_span) = text.split_once('^').map_or((text, 1), |(t, n)| (t, n.parse().unwrap()));
                if text != "." {
                    cells.push(Cell { row, column, row_span, column_span, text: text.into(), ..Cell::default() });
                }
                column += column_span;
            }
            columns = columns.max(column - 1);
        }
        Table { rows: rows.len() as u32, columns, cells, ..Table::default() }
    }

    #[test]
    fn heads_end_where_the_rows_of_the_first_cells_do() {
        for (rows, want) in [
            (&["TT | Tên | Số", "1 | Xã A | 12"][..], 1),
            (&["TT^2 | Tên^2 | Hồ sơ>2", ". | . | Mới | Cũ", "1 | Xã A | 12 | 3"], 2),
            (&["TT | Tên | Hồ sơ>2", " | | Mới | Cũ", "1 | Xã A | 12 | 3"], 2),
            (&["TT | Tên | Số", "(1) | (2) | (3)=(1)+(2)", "1 | Xã A | 12"], 2),
            (&["TT | Tên | Năm>2", ". | . | 2023 | 2024", "1 | Xã A | 12 | 14"], 2),
            (&["TT | Tên | Số", "A. Khối xã>3", "1 | Xã A | 12"], 1),
            (&["1 | Xã A | 12", "2 | Xã B | 14"], 0),
            (&["Tên | Nơi ở", "An | Bến Thuyền"], 1),
        ] {
            assert_eq!(head_rows(&table(rows)), want, "{rows:?}");
        }
    }

    #[test]
    fn columns_that_are_numbered_backwards_are_not_numbered() {
        for numbers in ["(1) | (5) | (2)", "(2) | (1) | (3)"] {
            assert_eq!(numbering_row(&table(&["TT | Tên | Số", numbers, "1 | Xã A | 12"])), None, "{numbers}");
        }
    }

    #[test]
    fn a_row_of_counts_that_ascend_is_no_numbering() {
        assert_eq!(head_rows(&table(&["Tên | Mới | Cũ", "Xã A | 1 | 2", "Xã B | 3 | 4"])), 1);
    }
}

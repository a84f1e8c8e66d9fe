//! Tables that the step before has found, cell by cell, as extraction reads tables: rows with the words and units of each number.

use crate::document::TextLine;
use crate::extract::layout::formula::{self, Formula};
use crate::extract::layout::row_mark::{level, marked, row_number};
use crate::extract::layout::table::{Cell, Row, Table, Value, has_number};
use crate::extract::number::unit;
use crate::table::words::WORDS as TABLE_WORDS;
use crate::table::{self, CellId};
use crate::text::fold::key;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The tables as rows of numbers with their words; a cell's place in the lines is the piece between two TABs that it is.
pub(in crate::extract) fn tables(lines: &[TextLine], found: &[table::Table]) -> Vec<Table> {
    let by_place: BTreeMap<_, _> =
        lines.iter().enumerate().map(|(at, line)| ((line.place.page, line.place.line), at)).collect();
    let mut tables: Vec<Table> = found.iter().filter_map(|table| Grid::new(table, lines, &by_place)?.read()).collect();
    tables.sort_by_key(|t| t.lines.start);
    // Lines belong to one table.
    tables.dedup_by(|later, kept| later.lines.start < kept.lines.end);
    tables
}

/// A table with the pieces of text that its cells are.
struct Grid<'a> {
    table: &'a table::Table,
    lines: &'a [TextLine],
    /// By row and column: the cell, and where its text stands.
    cells: BTreeMap<(u32, u32), (&'a table::Cell, usize, Range<usize>)>,
    /// The row that numbers the columns.
    numbering: Option<u32>,
    /// The row below the last that has a cell of the head.
    body: u32,
}

impl<'a> Grid<'a> {
    fn new(
        table: &'a table::Table,
        lines: &'a [TextLine],
        by_place: &BTreeMap<(Option<u32>, Option<u32>), usize>,
    ) -> Option<Grid<'a>> {
        let mut by_line: BTreeMap<usize, Vec<&table::Cell>> = BTreeMap::new();
        for cell in table.cells.iter().filter(|c| !c.text.trim().is_empty()) {
            let line = by_place.get(&(cell.place.page, cell.place.line))?;
            by_line.entry(*line).or_default().push(cell);
        }
        let mut cells = BTreeMap::new();
        for (line, mut own) in by_line {
            own.sort_by_key(|c| (c.row, c.column));
            for (cell, piece) in own.into_iter().zip(pieces(&lines[line].text)) {
                cells.insert((cell.row, cell.column), (cell, line, piece));
            }
        }
        let body = table.cells.iter().filter(|cell| cell.head).map(|cell| cell.row + 1).max().unwrap_or_default();
        Some(Grid { table, lines, cells, numbering: numbering(table), body })
    }

    fn read(&self) -> Option<Table> {
        let line = |of: fn(usize, usize) -> usize| self.cells.values().map(|(_, line, _)| *line).reduce(of);
        let lines = line(usize::min)?..line(usize::max)? + 1;
        let declared = self.table.unit.as_deref().and_then(|u| unit::named(&key(u)));
        let unit_column = self.unit_column();
        let mut rows: Vec<Row> = Vec::new();
        let mut levels: Vec<u8> = Vec::new();
        let mut before = None;
        // The name of a group of rows, and how deep it stands.
        let mut group: Option<(Vec<Cell>, usize)> = None;
        for at in 1..=self.table.rows {
            let own: Vec<_> = self.cells.range((at, 0)..(at + 1, 0)).map(|(_, cell)| cell).collect();
            if own.is_empty() || Some(at) == self.numbering || own.iter().all(|(cell, ..)| cell.head) {
                continue;
            }
            let text = |cell: &table::Cell| cell.text.trim().to_owned();
            let words = |cell: &table::Cell| {
                !has_number(&text(cell)) && cell.text.chars().filter(|c| c.is_alphabetic()).count() >= 2
            };
            let (mut head, mut values) = (Vec::new(), Vec::new());
            let (mut own_level, mut row_unit) = (0, None);
            for (index, (cell, line, piece)) in own.iter().enumerate() {
                let piece = self.piece(*line, piece.clone());
                let item = index == 0 && own.len() > 1 && level(&text(cell), None).is_some();
                let names_row = own[1..].first().is_some_and(|(next, ..)| words(next));
                if item && (names_row || self.counts_rows(cell.column)) {
                    own_level = level(&text(cell), before).unwrap_or_default() + 1;
                    before = row_number(&text(cell));
                } else if unit_column.is_some_and(|column| column == cell.column) && !has_number(&text(cell)) {
                    row_unit = unit::after(&key(&text(cell)), 0).map(|(unit, _)| unit);
                } else if has_number(&text(cell)) {
                    let heads = self.above(cell);
                    let own = heads.iter().rev().find_map(|(_, text)| unit::declared(text));
                    values.push(Value {
                        column: cell.column as usize,
                        cell: piece,
                        heads: heads.into_iter().map(|(cell, _)| cell).collect(),
                        unit: own.or(row_unit).or(declared),
                        id: Some(CellId { table: self.table.id.clone(), row: cell.row, column: cell.column }),
                    });
                } else if values.is_empty() && words(cell) {
                    row_unit = row_unit.or_else(|| unit::bracketed(&key(&text(cell))));
                    if head.is_empty() {
                        own_level = own_level.max(marked(&text(cell)).map_or(0, |level| level + 1));
                    }
                    head.push(piece);
                } else if index == 0 && own.len() > 1 && level(&text(cell), before) == Some(1) {
                    // `Quý`: `I`, `II`. What has only a number for its name is a part all the same.
                    head.push(piece);
                }
            }
            if values.is_empty() {
                group = (!head.is_empty()).then_some((head, rows.len()));
                continue;
            }
            if let Some((words, _)) = group.as_ref().filter(|_| own_level == 0) {
                head.splice(0..0, words.iter().cloned());
            }
            let parent = (own_level > 0).then(|| levels.iter().rposition(|l| *l > 0 && *l < own_level)).flatten();
            levels.push(own_level);
            rows.push(Row { head, parent, values });
        }
        (!rows.is_empty()).then(|| Table { lines, rows, formulas: self.formulas() })
    }

    fn piece(&self, line: usize, bytes: Range<usize>) -> Cell {
        Cell::piece(self.lines, line, bytes)
    }

    /// The cells of the head, from the top.
    fn head(&self) -> impl Iterator<Item = &(&'a table::Cell, usize, Range<usize>)> {
        let above = self.cells.range(..(self.body, 0)).map(|(_, cell)| cell);
        above.filter(|(cell, ..)| cell.head && Some(cell.row) != self.numbering)
    }

    /// The words of the head by the column that they begin in, as keys.
    fn heads(&self) -> impl Iterator<Item = (u32, String)> {
        self.head().map(|(cell, ..)| (cell.column, key(cell.text.trim())))
    }

    /// The column of units, named so, which stands beside one that tells what is counted: offices, too, are `Đơn vị`. The name of the only row says
    /// no more than a unit would.
    fn unit_column(&self) -> Option<u32> {
        let heads = self.heads().filter(|(_, text)| TABLE_WORDS.is_unit_column(text)).map(|(column, _)| column);
        let names = |cell: &table::Cell| !has_number(cell.text.trim()) && level(cell.text.trim(), None).is_none();
        let body = self.cells.range((self.body, 0)..).map(|((row, _), _)| *row);
        let rows: BTreeSet<u32> = body.filter(|row| Some(*row) != self.numbering).collect();
        let named = |column: u32| {
            let beside = |row: &&u32| {
                let own = self.cells.range((**row, 0)..(**row + 1, 0));
                own.filter(|((_, at), _)| *at != column).any(|(_, (cell, ..))| names(cell))
            };
            rows.len() < 2 || 2 * rows.iter().filter(beside).count() >= rows.len()
        };
        { heads }.find(|column| named(*column))
    }

    /// Whether a column numbers the rows, by its head.
    fn counts_rows(&self, column: u32) -> bool {
        self.heads().any(|(at, text)| at == column && TABLE_WORDS.is_row_number(&text))
    }

    /// What stands above a cell in the head, from the top, with its key.
    fn above(&self, cell: &table::Cell) -> Vec<(Cell, String)> {
        let over = |head: &table::Cell| {
            head.column < cell.column + cell.column_span.max(1) && cell.column < head.column + head.column_span.max(1)
        };
        let heads = self.head().filter(|(head, ..)| over(head));
        heads.map(|(head, line, piece)| (self.piece(*line, piece.clone()), key(head.text.trim()))).collect()
    }

    /// The columns by the numbers that the numbering row gives them, and what its formulas say of them.
    fn formulas(&self) -> Vec<Formula> {
        let Some(row) = self.numbering else { return Vec::new() };
        let cells = self.table.cells.iter().filter(|c| c.row == row);
        cells.filter_map(|cell| Formula::parse(&cell.text, cell.column)).collect()
    }
}

/// The row that numbers the columns: three cells or more, all numbers of columns, ascending.
fn numbering(table: &table::Table) -> Option<u32> {
    let number = |text: &str| {
        let plain = formula::plain(text);
        let head = plain.split('=').next().unwrap_or_default().to_owned();
        if matches!(head.as_str(), "A" | "B" | "C") { Some(0) } else { head.parse::<u32>().ok() }
    };
    (1..=table.rows.min(9)).find(|row| {
        let own = table.cells.iter().filter(|c| c.row == *row && !c.text.trim().is_empty());
        let numbers: Vec<Option<u32>> = own.clone().map(|c| number(&c.text)).collect();
        let known: Vec<u32> = numbers.iter().flatten().copied().filter(|n| *n > 0).collect();
        let formula = own.clone().any(|c| c.text.contains('='));
        let counts = known.windows(2).all(|w| w[1] == w[0] + 1) && known.first().is_some_and(|n| *n <= 2);
        known.len() >= 3 && !numbers.contains(&None) && counts && (formula || own.clone().all(|c| c.head))
    })
}

/// The pieces of a line between its TABs that are not empty, without the spaces around them.
fn pieces(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.split('\t').filter_map(move |piece| {
        let trimmed = piece.trim();
        let start = trimmed.as_ptr() as usize - text.as_ptr() as usize;
        (!trimmed.is_empty()).then(|| start..start + trimmed.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands in front of the first number of each row.
    fn rows(text: &str) -> Vec<String> {
        let lines = TextLine::from_text(text);
        let read = tables(&lines, &table::from_text(&lines));
        let words = |cells: &[Cell]| cells.iter().map(|c| &lines[c.line].text[c.bytes.clone()]).collect::<Vec<_>>();
        read.iter().flat_map(|table| &table.rows).map(|row| words(&row.head).join(" ")).collect()
    }

    #[test]
    fn offices_are_no_units() {
        let text =
            "STT\tĐơn vị\tĐã nhận\tĐã xong\n\tCấp tỉnh\t40\t38\n1\tUBND huyện Đông Phú\t9\t7\n2\tXã Mường Lạn\t5\t5";
        assert_eq!(rows(text), ["Cấp tỉnh", "UBND huyện Đông Phú", "Xã Mường Lạn"]);
        let text =
            "STT\tChỉ tiêu\tĐơn vị\tNăm nay\tNăm ngoái\n1\tDân số\tngười\t4.000\t3.900\n2\tDiện tích\tha\t310\t310";
        assert_eq!(rows(text), ["Dân số", "Diện tích"]);
        let text = "Đơn vị\tĐã nhận\tĐã xong\tĐang làm\n(1)\t(2)\t(3)\t(4)\nSở Xây dựng\t40\t38\t2";
        assert_eq!(rows(text), [""]);
    }

    #[test]
    fn cells_have_the_words_of_their_row_and_column() {
        let text = "STT\tNội dung\tDự toán\tThực hiện\n(1)\t(2)\t(3)\t(4)=(3)\n1\tThu tại chỗ\t3.000\t3.250\n2\tThu khác\t10\t12";
        let lines = TextLine::from_text(text);
        let read = tables(&lines, &table::from_text(&lines));
        let said = |cells: &[Cell]| {
            let words: Vec<&str> = cells.iter().map(|c| &lines[c.line].text[c.bytes.clone()]).collect();
            words.join(" ")
        };
        let seen: Vec<(String, String)> =
            read[0].rows.iter().flat_map(|row| row.values.iter().map(|v| (said(&row.head), said(&v.heads)))).collect();
        let want = [
            ("Thu tại chỗ", "Dự toán"),
            ("Thu tại chỗ", "Thực hiện"),
            ("Thu khác", "Dự toán"),
            ("Thu khác", "Thực hiện"),
        ];
        assert_eq!(seen, want.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }
}

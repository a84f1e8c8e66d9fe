//! The cells of tables after a person corrected words in them.

use super::Table;
use crate::document::{PageNo, TextLine};
use crate::page::{CellPlace, Line};
use crate::restore::RestoredPage;

/// Gives each cell what stands in it on the corrected pages, and each table and cell the line of the text that it is in now.
pub fn take_text(tables: &mut [Table], pages: &[RestoredPage]) {
    for page in pages {
        let printed = page.printed_lines();
        let number = page.recognised.page;
        for table in tables.iter_mut().filter(|t| t.pages.contains(&number)) {
            let Some((named, first)) = place_of(table, number, &page.recognised.lines) else { continue };
            let lines =
                || page.recognised.lines.iter().zip(&printed).filter(|(l, _)| l.cell.is_some_and(|c| c.table == named));
            for cell in table.cells.iter_mut().filter(|c| c.place.page == Some(number)) {
                let here = CellPlace { table: named, row: (cell.row + 1).saturating_sub(first), column: cell.column };
                let texts: Vec<&TextLine> =
                    lines().filter(|(l, p)| l.cell == Some(here) && !p.text.is_empty()).map(|(_, p)| p).collect();
                cell.text = texts.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" ");
                cell.confidence = texts.iter().flat_map(|t| &t.words).filter_map(|w| w.confidence).reduce(f32::min);
                cell.place.line = texts.first().and_then(|t| t.place.line);
            }
            if table.place.page == Some(number) {
                table.place.line = lines().next().and_then(|(_, p)| p.place.line);
            }
        }
    }
}

/// What the lines of a page call a table, and which of its rows their first row is: one that goes on over pages counts on, and the lines of each
/// page from 1. None where no line of the page stands in it.
pub(crate) fn place_of(table: &Table, page: PageNo, lines: &[Line]) -> Option<(u32, u32)> {
    lines.iter().find_map(|line| {
        let named = line.cell?;
        let (x, y) = line.rect.centre();
        let cell = table.cells.iter().find(|cell| {
            let holds = |r: &crate::geometry::Rect| r.x0 <= x && x <= r.x1 && r.y0 <= y && y <= r.y1;
            cell.column == named.column && cell.place.page == Some(page) && cell.place.rect.as_ref().is_some_and(holds)
        })?;
        Some((named.table, (cell.row + 1).checked_sub(named.row)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Place;
    use crate::geometry::Rect;
    use crate::page::{RecognisedPage, Word};
    use crate::restore::{Edit, Grade};
    use crate::table::Cell;

    #[test]
    fn each_cell_holds_what_the_corrected_page_has_there() {
        let rect = |row: u32, column: u32| {
            let (x, y) = (100.0 * column as f32, 30.0 * row as f32);
            Rect::new(x, y, x + 100.0, y + 30.0)
        };
        // The second page of a table whose first three rows stand on the first.
        let line = |row, column, text: &str| {
            let words = vec![Word { text: text.into(), confidence: 0.5, ..Word::default() }];
            Line { words, rect: rect(row, column), cell: Some(CellPlace { table: 1, row, column }), ..Line::default() }
        };
        let lines = vec![line(1, 1, "Thu"), line(1, 3, "12"), line(2, 1, "Chi"), line(2, 2, ""), line(2, 3, "7")];
        let edit = |line, after: &str| Edit {
            line,
            words: 0..1,
            before: String::new(),
            after: after.into(),
            posterior: 1.0,
            grade: Grade::Corrected,
        };
        let edits = vec![edit(1, "15"), edit(3, "3"), edit(4, "")];
        let page = RestoredPage { recognised: RecognisedPage { page: 2, lines }, edits };
        let cell = |row, column, text: &str| Cell {
            row,
            column,
            text: text.into(),
            place: Place { page: Some(2), rect: Some(rect(row - 3, column)), ..Place::default() },
            ..Cell::default()
        };
        let cells = vec![cell(4, 1, "Thu"), cell(4, 3, "12"), cell(5, 1, "Chi"), cell(5, 2, ""), cell(5, 3, "7")];
        let mut tables = vec![Table { pages: vec![1, 2], rows: 5, columns: 3, cells, ..Table::default() }];
        take_text(&mut tables, &[page]);
        let texts: Vec<&str> = tables[0].cells.iter().map(|c| c.text.as_str()).collect();
        assert_eq!(texts, ["Thu", "15", "Chi", "3", ""]);
        assert_eq!(tables[0].cells[1].confidence, Some(1.0));
        assert_eq!(tables[0].cells[3].place.line, Some(2));
    }
}

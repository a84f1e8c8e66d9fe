//! The tables of a document, out of what was seen of them on each page and the restored text.

use super::{Cell, SeenTable, Table, structure, title};
use crate::document::{Place, TextLine};
use crate::page::RecognisedPage;
use crate::restore::RestoredPage;

/// The tables of a document, in reading order. `seen` holds by page the tables that the lines of that page name.
pub fn assemble(pages: &[RestoredPage], seen: &[Vec<SeenTable>]) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for (page, seen) in pages.iter().zip(seen) {
        if seen.is_empty() {
            continue;
        }
        let texts = page.lines();
        let rows = crate::rows::text_rows(&page.recognised.lines);
        for (number, seen) in (0..).zip(seen) {
            let table = table(&page.recognised, seen, number, &rows, &texts);
            if !table.cells.is_empty() {
                tables.push(table);
            }
        }
    }
    let mut tables = super::pages::join(tables, pages);
    for (number, table) in (1..).zip(&mut tables) {
        table.id = format!("t{number}");
    }
    tables
}

/// One table of a page. Cells hold the pieces of the text's lines.
fn table(
    page: &RecognisedPage,
    seen: &SeenTable,
    number: u32,
    rows: &[std::ops::Range<usize>],
    texts: &[TextLine],
) -> Table {
    let mut first = None;
    let mut filled = vec![None; seen.cells.len()];
    for (row, text) in rows.iter().zip(texts) {
        let lines = &page.lines[row.clone()];
        if lines[0].cell.is_none_or(|c| c.table != number) {
            continue;
        }
        first = first.or(text.place.line);
        let mut columns: Vec<u32> =
            lines.iter().filter(|l| !l.words.is_empty()).filter_map(|l| l.cell.map(|c| c.column)).collect();
        columns.dedup();
        let mut at = 0;
        for (piece, column) in text.text.split('\t').zip(columns) {
            let end = at + piece.len();
            let cell = lines[0].cell.and_then(|c| seen.cells.iter().position(|s| (s.row, s.column) == (c.row, column)));
            if let Some(cell) = cell {
                let inside = text.words.iter().filter(|w| w.start >= at && w.end <= end);
                let confidence = inside.filter_map(|w| w.confidence).reduce(f32::min);
                filled[cell] = Some((piece.to_owned(), confidence, text.place.line));
            }
            at = end + 1;
        }
    }
    let place = |line, rect| Place { page: Some(page.page), line, column: None, rect: Some(rect) };
    let cells = seen.cells.iter().zip(filled).map(|(cell, filled)| {
        let (text, confidence, line) = filled.unwrap_or_default();
        Cell {
            row: cell.row,
            column: cell.column,
            row_span: cell.row_span,
            column_span: cell.column_span,
            head: false,
            text,
            confidence,
            place: place(line, cell.rect),
        }
    });
    let mut table = Table {
        pages: vec![page.page],
        place: place(first, seen.rect),
        rows: seen.rows,
        columns: seen.columns,
        cells: cells.collect(),
        ..Table::default()
    };
    structure::mark_heads(&mut table);
    let above = first.map_or(0, |line| line as usize - 1);
    (table.title, table.unit) = title::above(&texts[..above.min(texts.len())]);
    table
}

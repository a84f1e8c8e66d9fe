//! The cells of tables after a person corrected words in them.

use super::Table;
use crate::document::TextLine;

/// Gives each cell the text that stands in its place in `lines`: the `n`-th piece of a row's line is the `n`-th cell with text that begins in
/// the row. A row whose line has another number of pieces than before is left as it is.
pub fn take_text(tables: &mut [Table], lines: &[TextLine]) {
    for table in tables {
        for row in 1..=table.rows {
            let mut cells: Vec<_> = table.cells.iter_mut().filter(|c| c.row == row && !c.text.is_empty()).collect();
            let Some(place) = cells.first().map(|c| c.place) else { continue };
            let same = |l: &&TextLine| (l.place.page, l.place.line) == (place.page, place.line);
            let Some(line) = lines.iter().find(same) else { continue };
            let pieces: Vec<&str> = line.text.split('\t').collect();
            if pieces.len() == cells.len() {
                cells.iter_mut().zip(pieces).for_each(|(cell, piece)| piece.trim().clone_into(&mut cell.text));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Place;
    use crate::table::Cell;

    #[test]
    fn a_corrected_word_is_in_its_cell_and_other_rows_stay() {
        let place = |line| Place { page: Some(1), line: Some(line), ..Place::default() };
        let cell =
            |row, column, text: &str| Cell { row, column, text: text.into(), place: place(row + 4), ..Cell::default() };
        let cells = vec![cell(1, 1, "Thu"), cell(1, 2, ""), cell(1, 3, "12"), cell(2, 1, "Chi"), cell(2, 3, "7")];
        let mut tables = vec![Table { rows: 2, columns: 3, cells, ..Table::default() }];
        take_text(&mut tables, &[TextLine::plain(place(5), "Thu\t15"), TextLine::plain(place(6), "Chi 7")]);
        let texts: Vec<&str> = tables[0].cells.iter().map(|c| c.text.as_str()).collect();
        assert_eq!(texts, ["Thu", "", "15", "Chi", "7"]);
    }
}

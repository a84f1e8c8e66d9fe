//! Tables as CSV, one file each: the grid as it stands, a merged cell's text in its first place.

use super::Product;
use crate::error::{Error, ErrorKind, Result};
use crate::table::Table;

/// A table with more places than this is no table of print.
const MOST_PLACES: u64 = 10_000_000;

/// One CSV a table, `/t1.csv` and so on, in UTF-8, for Excel with the mark that it asks for at the beginning.
pub(super) fn csv(tables: &[Table], ending: &str) -> Result<Vec<Product>> {
    tables
        .iter()
        .filter(|t| u64::from(t.rows) * u64::from(t.columns) <= MOST_PLACES)
        .map(|table| Ok(Product { ending: format!("{ending}/{}.csv", table.id), content: of(table)? }))
        .collect()
}

fn of(table: &Table) -> Result<Vec<u8>> {
    let mut rows = vec![vec![""; table.columns as usize]; table.rows as usize];
    for cell in &table.cells {
        let place = rows.get_mut(cell.row as usize - 1).and_then(|row| row.get_mut(cell.column as usize - 1));
        if let Some(place) = place {
            *place = cell.text.as_str();
        }
    }
    // Excel takes a file for UTF-8 only with this mark.
    let mut writer = csv::Writer::from_writer("\u{FEFF}".as_bytes().to_vec());
    let failed = |e: csv::Error| Error::new(ErrorKind::Defect, "a table cannot be written as CSV").source(e);
    for row in rows {
        writer.write_record(row.iter().map(|text| super::cell(text).into_owned())).map_err(failed)?;
    }
    writer.into_inner().map_err(|_| Error::new(ErrorKind::Defect, "a table cannot be written as CSV"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Cell;

    #[test]
    fn a_merged_cell_stands_in_its_first_place() {
        let cell = |row, column, column_span, text: &str| Cell {
            row,
            column,
            row_span: 1,
            column_span,
            text: text.into(),
            ..Cell::default()
        };
        let cells = vec![cell(1, 1, 2, "Hồ sơ, mới"), cell(2, 1, 1, "12"), cell(2, 2, 1, "3")];
        let table = Table { id: "t1".into(), rows: 2, columns: 2, cells, ..Table::default() };
        let files = csv(&[table], ".tables").unwrap();
        assert_eq!(files[0].ending, ".tables/t1.csv");
        assert_eq!(String::from_utf8_lossy(&files[0].content), "\u{FEFF}\"Hồ sơ, mới\",\n12,3\n");
    }
}

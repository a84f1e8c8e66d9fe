//! Tables: found on the cleaned page, read cell by cell, and given as [`Table`]s.
//!
//! In the text of a page a table's row is one line, its cells parted by a TAB, the printed lines of a cell joined by a space, empty
//! cells left out. So the `n`-th piece of that line is the `n`-th cell with text that begins in the row, and [`Cell::place`] names the line.

#[cfg(feature = "ocr")]
mod area;
#[cfg(feature = "restore")]
mod assemble;
mod columns;
#[cfg(feature = "restore")]
mod corrected;
#[cfg(feature = "ocr")]
mod erase;
#[cfg(feature = "ocr")]
mod find;
mod from_text;
#[cfg(feature = "ocr")]
mod grid;
mod insert;
#[cfg(feature = "ocr")]
mod lines;
#[cfg(feature = "ocr")]
mod number_form;
#[cfg(feature = "ocr")]
mod numbering;
mod numeral;
#[cfg(feature = "restore")]
mod pages;
#[cfg(feature = "ocr")]
mod per_cent;
#[cfg(feature = "ocr")]
mod place;
#[cfg(feature = "ocr")]
mod prior;
#[cfg(feature = "ocr")]
mod read;
#[cfg(feature = "ocr")]
mod rules;
#[cfg(feature = "ocr")]
mod screen;
#[cfg(feature = "ocr")]
mod split;
#[cfg(feature = "ocr")]
mod straight;
mod structure;
mod title;
#[cfg(feature = "restore")]
mod trust;
#[cfg(feature = "ocr")]
mod turned;
#[cfg(feature = "ocr")]
mod unruled;
#[cfg(feature = "ocr")]
mod white;
pub(crate) mod words;

pub use crate::rows::{join_row, text_rows};
#[cfg(feature = "restore")]
pub use assemble::assemble;
pub use columns::place_unruled;
#[cfg(feature = "restore")]
pub(crate) use corrected::{place_of, take_text};
#[cfg(feature = "ocr")]
pub use find::level_rules;
pub use from_text::from_text;
#[cfg(feature = "ocr")]
pub use place::{place_drawn, place_scanned};
#[cfg(feature = "ocr")]
pub use read::{TablePage, read_ruled};
#[cfg(feature = "restore")]
pub use trust::keep_clear_words;
#[cfg(feature = "ocr")]
pub use unruled::read_unruled;

use crate::document::{PageNo, Place};
use crate::geometry::{Rect, Transform};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A table of the document; one that goes on over several pages is one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Table {
    /// Name within this report: `t1`, `t2`, … in reading order.
    pub id: String,
    /// The title above it; None where there is none.
    pub title: Option<String>,
    /// The unit of its numbers, as stated above it (`Đơn vị tính: triệu đồng`); None where there is no such line.
    pub unit: Option<String>,
    /// The pages that it stands on, ascending.
    pub pages: Vec<PageNo>,
    /// Its place on the first of them.
    pub place: Place,
    /// How many rows it has, those of the head included.
    pub rows: u32,
    /// How many columns.
    pub columns: u32,
    /// The cells by row and column; none stands for a grid place that holds nothing.
    pub cells: Vec<Cell>,
}

/// A cell of a [`Table`].
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Cell {
    /// Row that it begins in, from 1.
    pub row: u32,
    /// Column that it begins in, from 1.
    pub column: u32,
    /// How many rows it takes.
    pub row_span: u32,
    /// How many columns it takes.
    pub column_span: u32,
    /// Whether it is part of the head: what its column holds, or the number of the column.
    pub head: bool,
    /// The restored text, its printed lines joined by a space.
    pub text: String,
    /// How sure its least sure word is, from 0 to 1; None in plain text and in an empty cell.
    pub confidence: Option<f32>,
    /// Page, line of the page's text, and rectangle on the page as scanned; no rectangle in plain text.
    pub place: Place,
}

/// A table as it was seen on its page; what is printed in its cells are the [lines](crate::page::Line::cell) that name them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SeenTable {
    /// Around it, in pixels of the page as scanned.
    pub rect: Rect,
    /// How many rows it has.
    pub rows: u32,
    /// How many columns.
    pub columns: u32,
    /// Its cells by row and column.
    pub cells: Vec<SeenCell>,
}

/// A cell of a [`SeenTable`]: the row and column that it begins in, from 1, how many of each it takes, and where it is on the page as
/// scanned.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct SeenCell {
    /// First row.
    pub row: u32,
    /// First column.
    pub column: u32,
    /// Rows that it takes.
    pub row_span: u32,
    /// Columns that it takes.
    pub column_span: u32,
    /// Around it, in pixels of the page as scanned.
    pub rect: Rect,
}

impl SeenTable {
    /// Moves every rectangle by `map`.
    pub fn map_rects(&mut self, map: &Transform) {
        self.rect = map.rect(&self.rect);
        self.cells.iter_mut().for_each(|cell| cell.rect = map.rect(&cell.rect));
    }
}

/// Names a cell of the report's tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CellId {
    /// The table's [`id`](Table::id).
    pub table: String,
    /// The cell's row, from 1.
    pub row: u32,
    /// The cell's column, from 1.
    pub column: u32,
}

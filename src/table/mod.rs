//! Tables: found on the cleaned page, read cell by cell, and given as [`Table`]s.
//!
//! In the text of a page a table's row is one line, its cells parted by a TAB, the printed lines of a cell joined by a space, empty
//! cells left out. So the `n`-th piece of that line is the `n`-th cell with text that begins in the row, and [`Cell::place`] names the line.

mod from_text;
mod numeral;
mod structure;
mod title;
mod words;

pub use from_text::from_text;

use crate::document::{PageNo, Place};
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

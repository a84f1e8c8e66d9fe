//! Where the lines of a table stand among those of the page.

use super::SeenTable;
use crate::page::{Line, RecognisedPage};

/// A table has so many cells with print at least.
pub(super) const LEAST_FILLED: usize = 3;

/// Puts the lines of a table, by row and column, before the first line of the page that is lower than its top and not left of it. The
/// rectangles of the table, its lines and the page's are in pixels of one picture.
pub(super) fn insert(page: &mut RecognisedPage, table: &SeenTable, mut lines: Vec<Line>) {
    let behind = |line: &Line| {
        let (x, y) = line.rect.centre();
        line.cell.is_none() && y > table.rect.y0 && (y > table.rect.y1 || x > table.rect.x0)
    };
    let at = page.lines.iter().position(behind).unwrap_or(page.lines.len());
    let mut block = page.lines.iter().map(|l| l.block + 1).max().unwrap_or(0);
    for index in 0..lines.len() {
        if index > 0 && lines[index].cell != lines[index - 1].cell {
            block += 1;
        }
        lines[index].block = block;
    }
    page.lines.splice(at..at, lines);
}

//! Tables that go on over pages: one table of several parts.

use super::numeral::is_item;
use super::{Cell, Table};
use crate::restore::RestoredPage;

/// Columns of two parts of a table lie within this share of the table's width of each other.
const SAME_COLUMNS: f32 = 0.04;

/// Joins the parts of tables that go on over pages: the last thing on one page and the first on the next, in the same columns, with the
/// same head or none.
pub(super) fn join(tables: Vec<Table>, pages: &[RestoredPage]) -> Vec<Table> {
    let mut joined: Vec<Table> = Vec::new();
    for table in tables {
        match joined.last_mut().filter(|last| goes_on(last, &table, pages)) {
            Some(last) => append(last, table),
            None => joined.push(table),
        }
    }
    joined
}

fn goes_on(table: &Table, next: &Table, pages: &[RestoredPage]) -> bool {
    let (Some(&page), Some(&next_page)) = (table.pages.last(), next.pages.first()) else { return false };
    let named = next.title.is_some() && next.title != table.title;
    next_page == page + 1
        && table.columns == next.columns
        && !named
        && is_last(table, pages)
        && is_first(next, pages)
        && same_columns(table, next)
        && (head(next).is_empty() || head(next) == head(table) || !counts_anew(table, next))
}

/// Whether no text stands below the table on its last page, but for a page's foot.
fn is_last(table: &Table, pages: &[RestoredPage]) -> bool {
    let page = table.pages.last().copied();
    let last_line = table.cells.iter().filter(|c| c.place.page == page).filter_map(|c| c.place.line).max();
    lines_of(pages, page).is_some_and(|lines| last_line.is_some_and(|line| lines as u32 <= line + 2))
}

/// Whether no more than a page's number and a note of the repetition stand above it.
fn is_first(table: &Table, _: &[RestoredPage]) -> bool {
    table.place.line.is_some_and(|line| line <= 3)
}

fn lines_of(pages: &[RestoredPage], page: Option<u32>) -> Option<usize> {
    let page = pages.iter().find(|p| Some(p.recognised.page) == page)?;
    Some(crate::rows::text_rows(&page.recognised.lines).len())
}

fn head(table: &Table) -> Vec<&str> {
    table.cells.iter().filter(|c| c.head).map(|c| c.text.as_str()).collect()
}

/// Whether the numbers of the rows begin at 1 again.
fn counts_anew(table: &Table, next: &Table) -> bool {
    let items = |table: &Table| -> Vec<String> {
        let first = table.cells.iter().filter(|c| !c.head && c.column == 1 && is_item(&c.text));
        first.map(|c| c.text.trim().to_owned()).collect()
    };
    let (before, after) = (items(table), items(next));
    after.first().is_some_and(|a| before.first() == Some(a))
}

fn same_columns(table: &Table, next: &Table) -> bool {
    let edges = |table: &Table| -> Vec<(u32, f32)> {
        let page = table.pages.last().copied();
        let cells: Vec<&Cell> = table.cells.iter().filter(|c| c.column_span == 1 && c.place.page == page).collect();
        let mut edges: Vec<(u32, f32)> = cells.iter().filter_map(|c| Some((c.column, c.place.rect?.x0))).collect();
        edges.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        edges.dedup_by_key(|e| e.0);
        edges
    };
    let (a, b) = (edges(table), edges(next));
    let (Some(width), Some(left), Some(other)) =
        (table.place.rect.map(|r| r.width()), a.first().map(|e| e.1), b.first().map(|e| e.1))
    else {
        return false;
    };
    let near = |(column, x): &(u32, f32)| {
        let twin = b.iter().find(|e| e.0 == *column);
        twin.is_none_or(|twin| ((x - left) - (twin.1 - other)).abs() < SAME_COLUMNS * width)
    };
    a.iter().all(near)
}

/// Adds the rows of the next part, without the head where that is the same again.
fn append(table: &mut Table, next: Table) {
    let again = !head(&next).is_empty() && head(&next) == head(table);
    let heads = next.cells.iter().filter(|c| c.head).map(|c| c.row).max().unwrap_or(0);
    let dropped = if again { heads } else { 0 };
    let rows = table.rows;
    table.cells.extend(next.cells.into_iter().filter(|c| c.row > dropped).map(|mut cell| {
        cell.row = cell.row - dropped + rows;
        // The table has one head; what looked like another on the next page is a row of words.
        cell.head = false;
        cell
    }));
    table.rows += next.rows - dropped;
    table.pages.extend(next.pages);
}

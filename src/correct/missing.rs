//! Print that no recogniser saw: a correction whose box holds no word puts one there, in the line, the cell or the place that it belongs to.

use super::Correction;
use crate::geometry::Rect;
use crate::page::{CellPlace, Line, Word};
use crate::restore::{Edit, Grade, RestoredPage};
use crate::table::{self, Table};

/// Puts what `correction` says on the page, as an edit of nothing that was seen; false where words stand there, so that it could be said twice.
pub(super) fn put(page: &mut RestoredPage, correction: &Correction, tables: &[Table]) -> bool {
    let rect = correction.rect;
    if correction.after.is_empty() || page.recognised.lines.iter().flat_map(|l| &l.words).any(|w| meet(&w.rect, &rect))
    {
        return false;
    }
    let cell = cell_at(page, &rect, tables);
    let line = line_at(page, &rect, cell).unwrap_or_else(|| new_line(page, rect, cell));
    let before = |word: &Word| word.rect.centre().0 < rect.centre().0;
    let words = &mut page.recognised.lines[line].words;
    let mut at = words.iter().position(|w| !before(w)).unwrap_or(words.len());
    // Words that were put right together stay together.
    let over = |e: &&Edit| e.line == line && e.words.start < at && at < e.words.end;
    at = page.edits.iter().find(over).map_or(at, |e| e.words.end);
    words.insert(at, Word { rect, ..Word::default() });
    page.recognised.lines[line].rect = page.recognised.lines[line].rect.union(&rect);
    for edit in page.edits.iter_mut().filter(|e| e.line == line && e.words.start >= at) {
        edit.words = edit.words.start + 1..edit.words.end + 1;
    }
    let edit = Edit {
        line,
        words: at..at + 1,
        before: String::new(),
        after: correction.after.clone(),
        posterior: 1.0,
        grade: Grade::Corrected,
    };
    let place = page.edits.partition_point(|e| (e.line, e.words.start) < (line, at));
    page.edits.insert(place, edit);
    true
}

/// Whether the middle of one box lies in the other.
fn meet(a: &Rect, b: &Rect) -> bool {
    inside(a.centre(), b) || inside(b.centre(), a)
}

fn inside((x, y): (f32, f32), r: &Rect) -> bool {
    r.x0 <= x && x <= r.x1 && r.y0 <= y && y <= r.y1
}

/// The cell that `rect` lies in, by the name that the page's lines have for it; None outside tables.
fn cell_at(page: &RestoredPage, rect: &Rect, tables: &[Table]) -> Option<CellPlace> {
    let number = page.recognised.page;
    let holds = |cell: &&table::Cell| {
        cell.place.page == Some(number) && cell.place.rect.is_some_and(|r| inside(rect.centre(), &r))
    };
    let (table, cell) = tables.iter().find_map(|t| t.cells.iter().find(holds).map(|c| (t, c)))?;
    let (named, first) = table::place_of(table, number, &page.recognised.lines)?;
    Some(CellPlace { table: named, row: (cell.row + 1).checked_sub(first)?, column: cell.column })
}

/// The line that `rect` stands in: on its height, in the same cell or outside tables, and not far beside it.
fn line_at(page: &RestoredPage, rect: &Rect, cell: Option<CellPlace>) -> Option<usize> {
    let near = |line: &Line| {
        let gap = (line.rect.x0 - rect.x1).max(rect.x0 - line.rect.x1);
        cell.is_some() || gap < 3.0 * line.rect.height()
    };
    let beside = |line: &Line| {
        line.cell == cell
            && line.rect.vertical_overlap(rect) > 0.5 * line.rect.height().min(rect.height())
            && near(line)
            && !line.words.is_empty()
    };
    page.recognised.lines.iter().position(beside)
}

/// A new line at `rect`, in reading order.
fn new_line(page: &mut RestoredPage, rect: Rect, cell: Option<CellPlace>) -> usize {
    let lines = &page.recognised.lines;
    let behind = |line: &Line| match (cell, line.cell) {
        (Some(new), Some(old)) => {
            (old.table, old.row, old.column) > (new.table, new.row, new.column)
                || (old == new && line.rect.centre().1 > rect.centre().1)
        }
        (Some(_), None) => false,
        (None, _) => line.rect.centre().1 > rect.centre().1 && line.rect.x0 < rect.x1 && rect.x0 < line.rect.x1,
    };
    // What follows the table's last cell, where the new one is behind all others.
    let last = || lines.iter().rposition(|l| cell.is_some_and(|c| l.cell.is_some_and(|o| o.table == c.table)));
    let at = lines.iter().position(behind).or_else(|| last().map(|l| l + 1)).unwrap_or(lines.len());
    let block = lines.get(at.saturating_sub(1)).map_or(0, |l| l.block);
    page.recognised.lines.insert(at, Line { rect, cell, block, ..Line::default() });
    page.edits.iter_mut().filter(|e| e.line >= at).for_each(|e| e.line += 1);
    at
}

#[cfg(test)]
mod tests {
    use super::super::{apply, tests::correction};
    use super::*;
    use crate::document::Place;
    use crate::page::RecognisedPage;
    use crate::table::Cell;

    fn word(text: &str, rect: [f32; 4]) -> Word {
        Word { text: text.to_owned(), rect: rect.into(), confidence: 0.9, ..Word::default() }
    }

    fn line(words: Vec<Word>, cell: Option<(u32, u32)>) -> Line {
        let rect = Rect::bounding(words.iter().map(|w| &w.rect)).unwrap();
        let cell = cell.map(|(row, column)| CellPlace { table: 0, row, column });
        Line { words, rect, cell, ..Line::default() }
    }

    /// Two lines, and a table of two rows and two columns whose last row lacks its number; the page is the second of the table.
    fn page() -> (RestoredPage, Vec<Table>) {
        let lines = vec![
            line(vec![word("Kết", [0., 0., 30., 20.]), word("xử", [70., 0., 90., 20.])], None),
            line(vec![word("Thu", [0., 105., 30., 125.])], Some((1, 1))),
            line(vec![word("12", [110., 105., 130., 125.])], Some((1, 2))),
            line(vec![word("Chi", [0., 135., 30., 155.])], Some((2, 1))),
            line(vec![word("Hết", [0., 200., 30., 220.])], None),
        ];
        let edit = |line, words, after: &str| Edit {
            line,
            words,
            before: String::new(),
            after: after.to_owned(),
            posterior: 0.9,
            grade: Grade::Probable,
        };
        let edits = vec![edit(0, 1..2, "xử lý"), edit(4, 0..1, "Hết.")];
        let cell = |row: u32, column: u32| {
            let (x, y) = (100.0 * (column - 1) as f32, 100.0 + 30.0 * (row - 8) as f32);
            let rect = Some(Rect::new(x, y, x + 100.0, y + 30.0));
            Cell { row, column, place: Place { page: Some(1), rect, ..Place::default() }, ..Cell::default() }
        };
        let cells = vec![cell(8, 1), cell(8, 2), cell(9, 1), cell(9, 2)];
        let page = RestoredPage { recognised: RecognisedPage { page: 1, lines }, edits };
        (page, vec![Table { cells, ..Table::default() }])
    }

    #[test]
    fn a_word_that_nobody_saw_stands_in_its_line_and_edits_keep_their_words() {
        let (page, tables) = page();
        let mut pages = [page];
        let said = apply(&mut pages, &[correction(1, [35.0, 1.0, 65.0, 19.0], "", "quả")], &tables);
        assert!(said.is_empty());
        assert_eq!(pages[0].text(), "Kết quả xử lý\nThu\t12\nChi\nHết.\n");
    }

    #[test]
    fn an_empty_cell_is_filled_though_the_table_began_on_another_page() {
        let (page, tables) = page();
        let mut pages = [page];
        apply(&mut pages, &[correction(1, [100.0, 130.0, 200.0, 160.0], "", "7")], &tables);
        assert_eq!(pages[0].text(), "Kết xử lý\nThu\t12\nChi\t7\nHết.\n");
        assert_eq!(pages[0].recognised.lines[4].cell, Some(CellPlace { table: 0, row: 2, column: 2 }));
    }

    #[test]
    fn a_lost_line_stands_where_it_is_read() {
        let (page, tables) = page();
        let mut pages = [page];
        apply(&mut pages, &[correction(1, [0.0, 170.0, 90.0, 190.0], "", "Nơi nhận")], &tables);
        assert_eq!(pages[0].text(), "Kết xử lý\nThu\t12\nChi\nNơi nhận\nHết.\n");
    }

    #[test]
    fn what_another_recogniser_lost_is_put_back_and_told() {
        let (page, tables) = page();
        let mut pages = [page];
        let said = apply(&mut pages, &[correction(1, [35.0, 1.0, 65.0, 19.0], "qua", "quả")], &tables);
        assert_eq!(pages[0].text(), "Kết quả xử lý\nThu\t12\nChi\nHết.\n");
        assert_eq!(said.len(), 1);
    }

    #[test]
    fn what_was_put_can_be_corrected_again_without_a_remark() {
        let (page, tables) = page();
        let mut pages = [page];
        let at = [100.0, 130.0, 200.0, 160.0];
        let said = apply(&mut pages, &[correction(1, at, "", "7"), correction(2, at, "7", "8")], &tables);
        assert!(said.is_empty(), "{said:?}");
        assert_eq!(pages[0].text(), "Kết xử lý\nThu\t12\nChi\t8\nHết.\n");
    }

    #[test]
    fn nothing_is_said_twice() {
        // Another reading has one wide word where a part of it was corrected.
        let (page, tables) = page();
        let mut pages = [page.clone()];
        let said = apply(&mut pages, &[correction(1, [10.0, 0.0, 60.0, 20.0], "ết qu", "ết quả")], &tables);
        assert_eq!((said.len(), &pages[0]), (1, &page));
    }
}

//! Puts the words of a text layer into the cells of tables: those that a PDF draws, or those of the scan under the layer.

use super::area::areas;
use super::find::find;
use super::grid::{Grid, grid};
use super::insert::{LEAST_FILLED, insert};
use super::rules::{Mask, Rule, drawn};
use super::split::split;
use super::{SeenCell, SeenTable};
use crate::geometry::{Rect, Transform};
use crate::page::{CellPlace, Line, RecognisedPage, Word};
use crate::raster::PageImage;
use std::collections::BTreeSet;

/// The words of a page, in pixels of the page as scanned, put into the tables that the file draws with these rules.
pub fn place_drawn(page: &mut RecognisedPage, rules: &[Rect], dpi: f32) -> Vec<SeenTable> {
    let (level, upright) = drawn(rules, dpi);
    let none = Mask::none();
    let inside = |rule: &Rule, along: (f32, f32), across: (f32, f32)| {
        rule.at >= across.0 - 2.0 && rule.at <= across.1 + 2.0 && rule.end > along.0 && rule.start < along.1
    };
    let grids: Vec<(Grid, Transform)> = areas(&level, &upright, dpi)
        .iter()
        .filter_map(|area| {
            let rect = area.rect;
            let (x, y) = ((rect.x0, rect.x1), (rect.y0, rect.y1));
            let level: Vec<Rule> = level.iter().filter(|r| inside(r, x, y)).cloned().collect();
            let upright: Vec<Rule> = upright.iter().filter(|r| inside(r, y, x)).cloned().collect();
            Some((grid(&level, &upright, &none, &none, dpi)?, Transform::IDENTITY))
        })
        .collect();
    place(page, &grids)
}

/// The words of a page, in pixels of the page as scanned, put into the tables that the cleaned image shows.
pub fn place_scanned(page: &mut RecognisedPage, image: &PageImage) -> Vec<SeenTable> {
    let grids: Vec<(Grid, Transform)> =
        // What white parts the layer's own words tell as well.
        find(image).into_iter().filter(|found| !found.white).map(|found| (found.grid, found.picture.to_page.then(&image.to_page))).collect();
    place(page, &grids)
}

/// `grids` with the way from their pixels to those of the page.
fn place(page: &mut RecognisedPage, grids: &[(Grid, Transform)]) -> Vec<SeenTable> {
    let mut tables = Vec::new();
    for (grid, to_page) in grids {
        let Some(from_page) = to_page.inverse() else { continue };
        let place = |word: &Word| {
            let (x, y) = word.rect.centre();
            let (x, y) = from_page.point(f64::from(x), f64::from(y));
            let (x, y) = (x as f32, y as f32);
            let inside = |r: &Rect| x >= r.x0 && x < r.x1 && y >= r.y0 && y < r.y1;
            grid.cells.iter().position(|cell| inside(&cell.rect))
        };
        let free = || page.lines.iter().filter(|l| l.cell.is_none()).flat_map(|l| &l.words);
        let filled: BTreeSet<usize> = free().filter_map(place).collect();
        if filled.len() < LEAST_FILLED {
            continue;
        }
        let mut lines: Vec<(usize, usize, Line)> = Vec::new();
        for (number, line) in page.lines.iter_mut().enumerate().filter(|(_, l)| l.cell.is_none()) {
            let (mut kept, mut before) = (Vec::new(), None);
            for word in std::mem::take(&mut line.words) {
                match place(&word) {
                    Some(cell) => {
                        // Words of one cell on one printed line follow each other.
                        if before == Some(cell)
                            && let Some((_, _, last)) = lines.last_mut()
                        {
                            last.words.push(word);
                        } else {
                            lines.push((cell, number, Line { words: vec![word], ..Line::default() }));
                        }
                        before = Some(cell);
                    }
                    None => {
                        kept.push(word);
                        before = None;
                    }
                }
            }
            line.words = kept;
            line.rect = Rect::bounding(line.words.iter().map(|w| &w.rect)).unwrap_or(line.rect);
        }
        page.lines.retain(|line| !line.words.is_empty());
        let number = tables.len() as u32;
        lines.sort_by_key(|(cell, line, _)| (*cell, *line));
        let lines = lines.into_iter().map(|(cell, _, line)| {
            let cell = &grid.cells[cell];
            let rect = Rect::bounding(line.words.iter().map(|w| &w.rect)).unwrap_or_default();
            let place = CellPlace { table: number, row: cell.row as u32 + 1, column: cell.column as u32 + 1 };
            Line { cell: Some(place), rect: from_page.rect(&rect), ..line }
        });
        let (mut grid, mut lines) = (grid.clone(), lines.collect::<Vec<Line>>());
        split(&mut grid, &mut lines);
        lines.sort_by_key(|line| line.cell.map(|cell| (cell.row, cell.column)));
        lines.iter_mut().for_each(|line| line.rect = to_page.rect(&line.rect));
        let table = seen(&grid, to_page);
        insert(page, &table, lines);
        tables.push(table);
    }
    tables
}

/// The table of a grid on its page.
pub(super) fn seen(grid: &Grid, to_page: &Transform) -> SeenTable {
    let cells = grid.cells.iter().map(|cell| SeenCell {
        row: cell.row as u32 + 1,
        column: cell.column as u32 + 1,
        row_span: cell.row_span as u32,
        column_span: cell.column_span as u32,
        rect: to_page.rect(&cell.rect),
    });
    SeenTable {
        rect: to_page.rect(&grid.rect()),
        rows: grid.rows() as u32,
        columns: grid.columns() as u32,
        cells: cells.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, x: f32, y: f32) -> Word {
        Word { text: text.into(), rect: Rect::new(x, y, x + 60.0, y + 30.0), confidence: 1.0, ..Word::default() }
    }

    #[test]
    fn words_of_a_layer_go_to_the_cells_that_the_file_draws() {
        let mut rules: Vec<Rect> = [100.0, 200.0, 300.0].map(|y| Rect::new(100.0, y, 900.0, y + 2.0)).to_vec();
        rules.extend([100.0, 500.0, 898.0].map(|x| Rect::new(x, 100.0, x + 2.0, 302.0)));
        let line = |words: Vec<Word>| Line { rect: words[0].rect, words, ..Line::default() };
        let mut page = RecognisedPage {
            page: 1,
            lines: vec![
                line(vec![word("Bảng", 120.0, 40.0)]),
                line(vec![word("Lĩnh", 120.0, 120.0), word("vực", 190.0, 120.0), word("Số", 520.0, 120.0)]),
                line(vec![word("Đất", 120.0, 220.0), word("12", 520.0, 220.0)]),
                line(vec![word("Hết", 120.0, 400.0)]),
            ],
        };
        let tables = place_drawn(&mut page, &rules, 300.0);
        assert_eq!((tables.len(), tables[0].rows, tables[0].columns), (1, 2, 2));
        let texts: Vec<String> = page.lines.iter().map(Line::text).collect();
        assert_eq!(texts, ["Bảng", "Lĩnh vực", "Số", "Đất", "12", "Hết"]);
        assert_eq!(page.lines[4].cell, Some(CellPlace { table: 0, row: 2, column: 2 }));
    }

    #[test]
    fn a_frame_around_a_paragraph_is_no_table() {
        let rules = [
            Rect::new(100.0, 100.0, 900.0, 102.0),
            Rect::new(100.0, 300.0, 900.0, 302.0),
            Rect::new(100.0, 100.0, 102.0, 302.0),
            Rect::new(898.0, 100.0, 900.0, 302.0),
        ];
        let words = vec![word("Lời", 120.0, 150.0), word("dẫn", 600.0, 150.0)];
        let mut page = RecognisedPage { page: 1, lines: vec![Line { words, ..Line::default() }] };
        let before = page.clone();
        assert!(place_drawn(&mut page, &rules, 300.0).is_empty());
        assert_eq!(page, before);
    }
}

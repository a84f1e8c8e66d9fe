//! Tables without upright rules, read cell by cell once their columns and rows are known.
//!
//! In a line that runs through several columns recognisers take the white between them for dirt, and lose what stands alone there: the
//! number of a row, a dash.

use super::area::Area;
use super::find::laid;
use super::grid::{Grid, GridCell};
use super::insert::insert;
use super::read::read;
use super::straight::Straight;
use super::{SeenCell, SeenTable, white};
use crate::error::Result;
use crate::geometry::Rect;
use crate::ocr::Engine;
use crate::page::{CellPlace, Line, RecognisedPage};
use crate::raster::PageImage;
use image::{DynamicImage, GrayImage};

/// The steepest slope of a row, in pixels down a pixel along; more is a slip of the places.
const STEEPEST: f32 = 0.07;
/// So many of the words lie in the columns that white tells, or it tells others.
const AGREES: f32 = 0.95;
/// Print reaches no further beyond the words that were found, in inches.
const AROUND: f32 = 0.04;
/// What is read of a cell has at least so many of the letters that were read of it before, if these were words.
const KEPT: f32 = 0.6;
const WORDS: f32 = 4.0;

/// Reads the cells of these tables of a page, which are numbered from `first` on; everything is in pixels of `image`. A cell of which less
/// is read than before stays as it was.
///
/// # Errors
/// As [`Engine::recognise_lines`].
pub fn read_unruled(
    page: &mut RecognisedPage,
    tables: &mut [SeenTable],
    first: u32,
    image: &PageImage,
    engine: &Engine,
) -> Result<()> {
    let DynamicImage::ImageLuma8(pixels) = &image.pixels else { return Ok(()) };
    for (number, table) in (first..).zip(tables) {
        let of_table = |line: &Line| line.cell.is_some_and(|cell| cell.table == number);
        let Some(found) = area(table, image.dpi).and_then(|area| place(pixels, &area, table, image.dpi)) else {
            continue;
        };
        let Some((grid, new)) = read(&found, image, engine)? else { return Ok(()) };
        // Rows within rows: those that were found first stay.
        if grid.rows() != found.grid.rows() {
            continue;
        }
        let old: Vec<Line> = page.lines.iter().filter(|line| of_table(line)).cloned().collect();
        page.lines.retain(|line| !of_table(line));
        let lines = better(table, number, old, new);
        insert(page, table, lines);
    }
    Ok(())
}

/// Where a table stands, with the slope of its rows; None where it has none of two cells.
fn area(table: &SeenTable, dpi: f32) -> Option<Area> {
    let mut slopes: Vec<f32> = (1..=table.rows)
        .filter_map(|row| {
            let of_row = || table.cells.iter().filter(|c| c.row == row && c.column_span == 1).map(|c| &c.rect);
            let lowest = of_row().map(Rect::height).fold(f32::MAX, f32::min);
            let mut single = of_row().filter(|rect| rect.height() < 1.6 * lowest);
            let (a, b) = (single.next()?.centre(), single.next_back()?.centre());
            Some((b.1 - a.1) / (b.0 - a.0))
        })
        .collect();
    slopes.sort_by(f32::total_cmp);
    let level = *slopes.get(slopes.len() / 2)?;
    let around = AROUND * dpi;
    let rect =
        Rect::new(table.rect.x0 - around, table.rect.y0 - around, table.rect.x1 + around, table.rect.y1 + around);
    (level.abs() <= STEEPEST).then_some(Area { rect, level, upright: 0.0 })
}

/// The table's picture with the lines of print in its cells; None where its columns or rows run into each other.
fn place(page: &GrayImage, area: &Area, table: &SeenTable, dpi: f32) -> Option<super::find::RuledTable> {
    laid(page, area, dpi, |picture, inks| {
        let between = white::columns(inks, dpi).filter(|xs| xs.len() + 1 == table.columns as usize);
        grid(picture, table, AROUND * dpi, between.as_deref().unwrap_or_default())
    })
}

/// The grid of a table whose words stand apart, its lines halfway between them; those between columns are `white` where that agrees with the words:
/// one word whose place was told amiss would leave none.
fn grid(picture: &Straight, table: &SeenTable, around: f32, white: &[f32]) -> Option<Grid> {
    let back = picture.to_page.inverse()?;
    let placed: Vec<(&SeenCell, Rect)> = table.cells.iter().map(|cell| (cell, back.rect(&cell.rect))).collect();
    let extent = |own: &dyn Fn(&SeenCell) -> bool, along: fn(&Rect) -> (f32, f32)| {
        let own = placed.iter().filter(|(cell, _)| own(cell)).map(|(_, rect)| along(rect));
        own.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    };
    let columns = (1..=table.columns).map(|n| extent(&|c| c.column == n && c.column_span == 1, |r| (r.x0, r.x1)));
    let rows = (1..=table.rows).map(|n| extent(&|c| c.row == n, |r| (r.y0, r.y1)));
    let (columns, rows): (Option<Vec<_>>, Option<Vec<_>>) = (columns.collect(), rows.collect());
    let ys = lines(&rows?, around, around)?;
    let single = || placed.iter().filter(|(cell, _)| cell.column_span == 1);
    let agrees = single()
        .filter(|(cell, rect)| white.partition_point(|&x| x <= rect.centre().0) + 1 == cell.column as usize)
        .count();
    let xs = if !white.is_empty() && agrees as f32 >= AGREES * single().count() as f32 {
        let all = Rect::bounding(placed.iter().map(|(_, rect)| rect))?;
        [all.x0 - around].into_iter().chain(white.iter().copied()).chain([all.x1 + around]).collect()
    } else {
        lines(&columns?, around, 0.0)?
    };
    let mut cells = Vec::new();
    for row in 0..ys.len() - 1 {
        let mut column = 0;
        while column < xs.len() - 1 {
            let here = |c: &&SeenCell| (c.row as usize, c.column as usize) == (row + 1, column + 1);
            let column_span = table.cells.iter().find(here).map_or(1, |c| c.column_span as usize);
            let end = (column + column_span).min(xs.len() - 1);
            let rect = Rect::new(xs[column], ys[row], xs[end], ys[row + 1]);
            cells.push(GridCell { row, column, row_span: 1, column_span: end - column, rect });
            column = end;
        }
    }
    Some(Grid { xs, ys, cells, level: Vec::new(), upright: Vec::new() })
}

/// The lines between extents that follow each other, and those around them all; None where two overlap by more than `slack`.
fn lines(extents: &[(f32, f32)], around: f32, slack: f32) -> Option<Vec<f32>> {
    let apart = extents.windows(2).all(|pair| pair[0].1 < pair[1].0 + slack && pair[0].0 < pair[1].0);
    let between = extents.windows(2).map(|pair| (pair[0].1 + pair[1].0) / 2.0);
    let first = extents.first()?.0 - around;
    apart.then(|| [first].into_iter().chain(between).chain([extents[extents.len() - 1].1 + around]).collect())
}

/// The lines of a table by row and column: of each cell what was read anew, unless it was more before.
fn better(table: &mut SeenTable, number: u32, old: Vec<Line>, new: Vec<Line>) -> Vec<Line> {
    let mut all: Vec<(CellPlace, Vec<Line>, Vec<Line>)> = Vec::new();
    for (line, anew) in old.into_iter().map(|l| (l, false)).chain(new.into_iter().map(|l| (l, true))) {
        let Some(cell) = line.cell.map(|cell| CellPlace { table: number, ..cell }) else { continue };
        let at = all.iter().position(|(known, ..)| *known == cell).unwrap_or_else(|| {
            all.push((cell, Vec::new(), Vec::new()));
            all.len() - 1
        });
        let line = Line { cell: Some(cell), ..line };
        if anew { all[at].2.push(line) } else { all[at].1.push(line) }
    }
    all.sort_by_key(|(cell, ..)| (cell.row, cell.column));
    let letters = |lines: &[Line]| {
        let of_line = |line: &Line| line.text().chars().filter(|c| c.is_alphanumeric()).count();
        lines.iter().map(of_line).sum::<usize>() as f32
    };
    let mut lines = Vec::new();
    for (cell, old, new) in all {
        let before = letters(&old);
        let fewer = new.is_empty() || before >= WORDS && letters(&new) < KEPT * before;
        let chosen = if fewer { old } else { new };
        let Some(rect) = Rect::bounding(chosen.iter().map(|line| &line.rect)) else { continue };
        match table.cells.iter_mut().find(|c| (c.row, c.column) == (cell.row, cell.column)) {
            Some(known) => known.rect = rect,
            None => {
                let (row, column) = (cell.row, cell.column);
                table.cells.push(SeenCell { row, column, row_span: 1, column_span: 1, rect });
            }
        }
        lines.extend(chosen);
    }
    table.cells.sort_by_key(|c| (c.row, c.column));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Word;

    fn line(row: u32, column: u32, text: &str) -> Line {
        let rect =
            Rect::new(100.0 * column as f32, 50.0 * row as f32, 100.0 * column as f32 + 60.0, 50.0 * row as f32 + 30.0);
        let word = Word { text: text.into(), rect, confidence: 0.9, ..Word::default() };
        Line { words: vec![word], rect, cell: Some(CellPlace { table: 0, row, column }), ..Line::default() }
    }

    fn table(lines: &[Line]) -> SeenTable {
        let cells = lines.iter().map(|line| {
            let cell = line.cell.unwrap();
            SeenCell { row: cell.row, column: cell.column, row_span: 1, column_span: 1, rect: line.rect }
        });
        let rect = Rect::bounding(lines.iter().map(|line| &line.rect)).unwrap();
        SeenTable { rect, rows: 3, columns: 3, cells: cells.collect() }
    }

    #[test]
    fn what_was_lost_is_found_and_what_is_lost_stays() {
        let old = vec![line(1, 1, "3 _"), line(1, 2, "Cầu treo"), line(2, 2, "Sân chợ"), line(3, 3, "1.204")];
        let mut seen = table(&old);
        let new = vec![line(1, 1, "3"), line(1, 3, "-"), line(2, 2, "Sâ"), line(3, 3, "1.204")];
        let lines = better(&mut seen, 0, old, new);
        let texts: Vec<String> = lines.iter().map(Line::text).collect();
        assert_eq!(texts, ["3", "Cầu treo", "-", "Sân chợ", "1.204"]);
        assert_eq!(seen.cells.len(), 5);
    }

    #[test]
    fn the_grid_lies_between_the_words() {
        let lines: Vec<Line> = (1..=3).flat_map(|row| (1..=3).map(move |column| line(row, column, "12"))).collect();
        let picture = Straight { pixels: GrayImage::new(1, 1), to_page: crate::geometry::Transform::IDENTITY };
        let found = grid(&picture, &table(&lines), 10.0, &[]).unwrap();
        assert_eq!((found.xs, found.ys), (vec![90.0, 180.0, 280.0, 370.0], vec![40.0, 90.0, 140.0, 190.0]));
        let mut run_in = table(&lines);
        run_in.cells[0].rect.x1 = 230.0;
        assert!(grid(&picture, &run_in, 10.0, &[]).is_none());
        let told = grid(&picture, &run_in, 10.0, &[185.0, 285.0]).unwrap();
        assert_eq!(told.xs, [90.0, 185.0, 285.0, 370.0]);
        assert!(grid(&picture, &run_in, 10.0, &[285.0, 355.0]).is_none());
    }
}

//! Reads the ruled tables of a page cell by cell.

use super::find::{RuledTable, find};
use super::grid::Grid;
use super::insert::{LEAST_FILLED, insert};
use super::split::split;
use super::{SeenTable, numbering, per_cent, place, prior, turned};
use crate::error::Result;
use crate::geometry::{Rect, Transform};
use crate::ocr::{Engine, LineBox};
use crate::page::{CellPlace, Line, RecognisedPage, Word};
use crate::raster::PageImage;
use image::{DynamicImage, GrayImage, Luma, imageops};

/// The tables of a page with what is printed in their cells, and the page without them.
#[derive(Debug)]
pub struct TablePage {
    /// The tables, from the top; rectangles in pixels of the page as cleaned.
    pub tables: Vec<SeenTable>,
    /// By table, its lines by row and column, in pixels of the page as cleaned.
    pub lines: Vec<Vec<Line>>,
    /// The page as cleaned, white where the tables stand.
    pub rest: PageImage,
}

/// Finds the ruled tables of a cleaned page and reads them. None where there is none, or the engine does not read single lines.
///
/// # Errors
/// As [`Engine::recognise`].
pub fn read_ruled(image: &PageImage, engine: &Engine) -> Result<Option<TablePage>> {
    let mut page = TablePage { tables: Vec::new(), lines: Vec::new(), rest: image.clone() };
    for found in find(image) {
        let Some((grid, lines)) = read(&found, image, engine)? else { return Ok(None) };
        // Rules with hardly any print are an ornament, a seal or a drawing, and read with the page.
        let mut filled: Vec<CellPlace> = lines.iter().filter_map(|l| l.cell).collect();
        filled.dedup();
        if filled.len() < LEAST_FILLED || found.white && !tells_rows(&found.grid, &grid) {
            continue;
        }
        let table = place::seen(&grid, &found.picture.to_page);
        if let DynamicImage::ImageLuma8(rest) = &mut page.rest.pixels {
            let rect = grid.rect();
            let edge = image.dpi / 50.0;
            let around = Rect::new(rect.x0 - edge, rect.y0 - edge, rect.x1 + edge, rect.y1 + edge);
            found.picture.whiten(rest, &around);
        }
        let number = page.tables.len() as u32;
        page.lines.push(lines.into_iter().map(|line| numbered(line, number)).collect());
        page.tables.push(table);
    }
    Ok((!page.tables.is_empty()).then_some(page))
}

/// White with so many rows between rules is a table, whatever is in it.
const RULED_ROWS: usize = 4;

/// Whether the rows of a table whose columns white parts are told, by rules or by columns of numbers: a frame may be around a list.
fn tells_rows(ruled: &Grid, read: &Grid) -> bool {
    ruled.rows() >= RULED_ROWS || read.rows() > ruled.rows()
}

impl TablePage {
    /// The tables numbered from `first` on, their rectangles moved by `map`: to be put into a page that has tables and pixels of its own.
    pub fn placed(mut self, first: u32, map: &Transform) -> TablePage {
        self.tables.iter_mut().for_each(|table| table.map_rects(map));
        for lines in &mut self.lines {
            let mut moved = RecognisedPage { lines: std::mem::take(lines), ..RecognisedPage::default() };
            moved.map_rects(map);
            let number =
                |line: Line| Line { cell: line.cell.map(|c| CellPlace { table: c.table + first, ..c }), ..line };
            *lines = moved.lines.into_iter().map(number).collect();
        }
        self
    }

    /// How many words stand in their cells.
    pub fn words(&self) -> usize {
        self.lines.iter().flatten().map(|line| line.words.len()).sum()
    }

    /// Puts the lines of the tables among those of the rest of the page, which are in pixels of the page as cleaned: a table stands
    /// before the first line that is lower than its top and not left of it.
    pub fn insert_into(self, page: &mut RecognisedPage) -> Vec<SeenTable> {
        for (table, lines) in self.tables.iter().zip(self.lines) {
            insert(page, table, lines);
        }
        self.tables
    }
}

fn numbered(line: Line, table: u32) -> Line {
    Line { cell: line.cell.map(|cell| CellPlace { table, ..cell }), ..line }
}

/// The grid of a table as what is read in it tells, and its lines by row and column, in pixels of the page; None where the engine does not
/// read single lines.
pub(super) fn read(found: &RuledTable, image: &PageImage, engine: &Engine) -> Result<Option<(Grid, Vec<Line>)>> {
    let picture = PageImage {
        page: image.page,
        pixels: found.picture.pixels.clone().into(),
        dpi: image.dpi,
        to_page: Default::default(),
    };
    let (mut places, mut of_places, mut dashes) = (Vec::new(), Vec::new(), Vec::new());
    for (cell, lines) in found.grid.cells.iter().zip(&found.lines) {
        let place = CellPlace { table: 0, row: cell.row as u32 + 1, column: cell.column as u32 + 1 };
        for rect in lines {
            let dash = lines.len() == 1 && is_dash(rect, image.dpi);
            dashes.push(dash);
            of_places.push(place);
            places.push(LineBox { rect: *rect, slope: 0.0 });
        }
    }
    let asked: Vec<LineBox> = places.iter().zip(&dashes).filter(|(_, dash)| !**dash).map(|(place, _)| *place).collect();
    let Some(read) = engine.recognise_lines(&picture, &asked)? else { return Ok(None) };
    let mut read = read.into_iter();
    let mut lines = Vec::with_capacity(places.len());
    for ((place, cell), dash) in places.iter().zip(&of_places).zip(dashes) {
        let line = if dash { Some(a_dash(place.rect)) } else { read.next().flatten() };
        if let Some(line) = line.filter(|l| !l.words.is_empty()) {
            lines.push(Line { cell: Some(*cell), ..line });
        }
    }
    for (cell, _) in found.grid.cells.iter().zip(&found.inked).filter(|(_, inked)| **inked) {
        let place = CellPlace { table: 0, row: cell.row as u32 + 1, column: cell.column as u32 + 1 };
        if !lines.iter().any(|line| line.cell == Some(place)) {
            let read = as_a_block(&picture, &cell.rect, engine)?;
            lines.extend(read.into_iter().map(|line| Line { cell: Some(place), ..line }));
        }
    }
    for (cell, inks) in &found.turned {
        let cell = &found.grid.cells[*cell];
        let place = CellPlace { table: 0, row: cell.row as u32 + 1, column: cell.column as u32 + 1 };
        let read = turned::read(&picture, &cell.rect, inks, found.print, engine)?;
        lines.extend(read.into_iter().map(|line| Line { cell: Some(place), ..line }));
    }
    lines.extend(unread(found, &lines, image.dpi));
    // Stable, so that the lines of a cell stay in their order.
    lines.sort_by_key(|line| line.cell.map(|c| (c.row, c.column)));
    let mut grid = found.grid.clone();
    split(&mut grid, &mut lines);
    lines.sort_by_key(|line| line.cell.map(|c| (c.row, c.column)));
    numbering::mend(&mut lines);
    per_cent::mend(&mut lines);
    let known: Vec<(CellPlace, LineBox)> = placed(&lines, &places);
    prior::mend(&mut lines, &known, |asked| engine.recognise_figures(&picture, asked))?;
    lines.retain(|line| !line.words.is_empty());
    let mut page = RecognisedPage { page: image.page, lines };
    page.map_rects(&found.picture.to_page);
    Ok(Some((grid, page.lines)))
}

/// What remains of a rule lies nearer to the edge of its cell than this, in inches.
const EDGE: f32 = 0.04;

/// The only line of each cell of which nothing was read though it is as high as letters, without words.
fn unread(found: &RuledTable, read: &[Line], dpi: f32) -> Vec<Line> {
    let (capital, edge) = (found.print.capital, EDGE * dpi);
    let lone = found.grid.cells.iter().zip(&found.lines).filter_map(|(cell, lines)| {
        let place = CellPlace { table: 0, row: cell.row as u32 + 1, column: cell.column as u32 + 1 };
        let &[rect] = lines.as_slice() else { return None };
        let inside = rect.x0 > cell.rect.x0 + edge && rect.x1 < cell.rect.x1 - edge;
        let print = inside && (0.9..2.5).contains(&(rect.height() / capital));
        let seen = read.iter().any(|line| line.cell == Some(place));
        (print && !seen).then_some(Line { rect, cell: Some(place), ..Line::default() })
    });
    lone.collect()
}

/// The places of the lines that were read as one, with the cell of each.
fn placed(lines: &[Line], places: &[LineBox]) -> Vec<(CellPlace, LineBox)> {
    let inside = |line: &Line, place: &LineBox| {
        let (x, y) = line.rect.centre();
        x >= place.rect.x0 && x <= place.rect.x1 && y >= place.rect.y0 && y <= place.rect.y1
    };
    let place = |line: &Line| {
        let mut own = places.iter().filter(|place| inside(line, place));
        line.cell.zip(own.next().copied()).filter(|_| own.next().is_none())
    };
    lines.iter().filter_map(place).collect()
}

/// Paper left around a cell that is read as a page of its own, in inches: recognisers want some.
const PAPER: f32 = 0.1;

/// What is printed in a cell of which no line could be read one by one, as where a screen or a stain runs its lines together.
fn as_a_block(picture: &PageImage, cell: &Rect, engine: &Engine) -> Result<Vec<Line>> {
    let grey = picture.pixels.to_luma8();
    let (x0, y0) = (cell.x0.max(0.0) as u32, cell.y0.max(0.0) as u32);
    let (width, height) =
        ((cell.width() as u32).min(grey.width() - x0), (cell.height() as u32).min(grey.height() - y0));
    let paper = (PAPER * picture.dpi) as u32;
    let mut pixels = GrayImage::from_pixel(width + 2 * paper, height + 2 * paper, Luma([255]));
    imageops::replace(
        &mut pixels,
        &*imageops::crop_imm(&grey, x0, y0, width, height),
        i64::from(paper),
        i64::from(paper),
    );
    let back = Transform::shift(f64::from(x0) - f64::from(paper), f64::from(y0) - f64::from(paper));
    let mut read = engine.recognise(&PageImage { pixels: pixels.into(), to_page: Transform::IDENTITY, ..*picture })?;
    read.map_rects(&back);
    Ok(read.lines)
}

/// Whether the only line of a cell is a dash: wide, flat, and no longer than a word.
fn is_dash(rect: &Rect, dpi: f32) -> bool {
    rect.height() < 0.03 * dpi && rect.width() > 1.5 * rect.height() && rect.width() < 0.3 * dpi
}

/// How sure it is that a flat stroke alone in its cell is a dash; it is no recogniser's.
const DASH: f32 = 0.9;

fn a_dash(rect: Rect) -> Line {
    let word = Word { text: "-".into(), rect, confidence: DASH, ..Word::default() };
    Line { words: vec![word], rect, ..Line::default() }
}

//! Finds the ruled tables of a cleaned page: each a straight picture without its rules, its cells, and the lines of print in them.

use super::area::{self, Area};
use super::grid::{self, Grid};
use super::lines::{Ink, Print};
use super::rules::{Mask, Rule, level};
use super::straight::{self, Straight};
use super::{erase, lines, screen, white};
use crate::clean::components::Pieces;
use crate::clean::ink_threshold;
use crate::geometry::Rect;
use crate::raster::PageImage;
use image::{DynamicImage, GrayImage, imageops};

/// Paper around a table that is cut out with it, in inches.
const MARGIN: f32 = 0.05;
/// Thin rules are lighter than letters: what is darker than this share of the way from the threshold of ink to white may be a rule.
const FAINT: f32 = 0.42;
/// Pieces that are smaller in both directions are dust; in inches.
const DUST: f32 = 0.012;
/// Remainders of rules lie this near the edge of a cell; in inches.
const EDGE: f32 = 0.03;

/// A ruled table of a page.
#[derive(Debug, Clone)]
pub(super) struct RuledTable {
    /// The table without its rules, straight.
    pub picture: Straight,
    pub grid: Grid,
    /// Whether white parts its columns, and no rules.
    pub white: bool,
    /// By cell of the grid, the lines of print, in pixels of the picture.
    pub lines: Vec<Vec<Rect>>,
    /// By cell, whether it holds pieces of ink as large as letters.
    pub inked: Vec<bool>,
    /// The cells whose print runs up or down them, with the pieces of ink in each; they have no lines.
    pub turned: Vec<(usize, Vec<Ink>)>,
    pub print: Print,
}

/// The ruled tables of a page, from the top.
pub(super) fn find(image: &PageImage) -> Vec<RuledTable> {
    let DynamicImage::ImageLuma8(page) = &image.pixels else { return Vec::new() };
    let threshold = ink_threshold(page);
    let faint = faint(threshold);
    let mask = Mask::of(page, faint);
    let across = level(&mask, image.dpi);
    // Most pages have no rules, and no time is spent on the upright ones of those.
    if across.len() < 2 {
        return Vec::new();
    }
    let down = level(&mask.swapped(), image.dpi);
    let areas = area::areas(&across, &down, image.dpi);
    let level_alone = area::of_level_rules(&across, &areas, image.dpi);
    let white = |area| parted_by_white(page, area, threshold, image.dpi);
    let ruled = areas.iter().filter_map(|area| table(page, area, threshold, image.dpi).or_else(|| white(area)));
    let mut tables: Vec<RuledTable> = ruled.chain(level_alone.iter().filter_map(white)).collect();
    let top = |table: &RuledTable| table.picture.to_page.rect(&table.grid.rect()).y0;
    tables.sort_by(|a, b| top(a).total_cmp(&top(b)));
    tables
}

fn faint(threshold: u8) -> u8 {
    threshold + (FAINT * f32::from(255 - threshold)) as u8
}

fn table(page: &GrayImage, area: &Area, threshold: u8, dpi: f32) -> Option<RuledTable> {
    let mut picture = straight::cut(page, area, MARGIN * dpi);
    let screens = screen::find(&picture.pixels, threshold, dpi);
    let mask = match &screens {
        Some(screens) => {
            let mut ink = picture.pixels.clone();
            screens.keep_ink(&mut ink, threshold);
            Mask::of(&ink, faint(threshold))
        }
        None => Mask::of(&picture.pixels, faint(threshold)),
    };
    let swapped = mask.swapped();
    let grid = grid::grid(&level(&mask, dpi), &level(&swapped, dpi), &mask, &swapped, dpi)?;
    erase::erase(&mut picture.pixels, &mask, &grid.level, dpi, false);
    erase::erase(&mut picture.pixels, &swapped, &grid.upright, dpi, true);
    if let Some(screens) = screens {
        screens.remove(&mut picture.pixels, dpi);
    }
    printed(picture, grid, threshold, dpi)
}

/// A rule from side to side of an area is so much of its width or height.
const WHOLE: f32 = 0.8;
/// One from side to side of some columns is no shorter than this, in inches.
const PART: f32 = 0.6;
/// A rule this near to the side of an area is its frame; in inches.
const FRAME: f32 = 0.1;

/// The table in an area whose columns white parts; None where there is none, or rules part some of them.
fn parted_by_white(page: &GrayImage, area: &Area, threshold: u8, dpi: f32) -> Option<RuledTable> {
    let mut picture = straight::cut(page, area, MARGIN * dpi);
    let mask = Mask::of(&picture.pixels, faint(threshold));
    let swapped = mask.swapped();
    let longer = |mask: &Mask, least: f32| -> Vec<Rule> {
        level(mask, dpi).into_iter().filter(|rule| rule.length() > least).collect()
    };
    let (across, part): (Vec<Rule>, Vec<Rule>) =
        longer(&mask, PART * dpi).into_iter().partition(|rule| rule.length() > WHOLE * area.rect.width());
    let down = longer(&swapped, WHOLE * area.rect.height());
    let by_side = |rule: &Rule| rule.at.min(picture.pixels.width() as f32 - rule.at) < (MARGIN + FRAME) * dpi;
    if !down.iter().all(by_side) {
        return None;
    }
    erase::erase(&mut picture.pixels, &mask, &across, dpi, false);
    erase::erase(&mut picture.pixels, &mask, &part, dpi, false);
    erase::erase(&mut picture.pixels, &swapped, &down, dpi, true);
    let grid = white::grid(&across, &part, &inks(&picture.pixels, threshold, dpi), dpi)?;
    printed(picture, grid, threshold, dpi).map(|table| RuledTable { white: true, ..table })
}

/// The level rules of a cleaned page, in its pixels.
pub fn level_rules(image: &PageImage) -> Vec<Rect> {
    let DynamicImage::ImageLuma8(page) = &image.pixels else { return Vec::new() };
    let rules = level(&Mask::of(page, faint(ink_threshold(page))), image.dpi);
    let rect = |rule: &Rule| {
        let half = rule.thickness / 2.0;
        Rect::new(rule.start, rule.at - half, rule.end, rule.at + half)
    };
    rules.iter().map(rect).collect()
}

/// The table in this part of a page whose places are known though no rules make them; rules within it are taken out.
pub(super) fn laid(
    page: &GrayImage,
    area: &Area,
    dpi: f32,
    grid: impl FnOnce(&Straight, &[Ink]) -> Option<Grid>,
) -> Option<RuledTable> {
    let threshold = ink_threshold(page);
    let mut picture = straight::cut(page, area, MARGIN * dpi);
    let mask = Mask::of(&picture.pixels, faint(threshold));
    let swapped = mask.swapped();
    let grid = grid(&picture, &inks(&picture.pixels, threshold, dpi))?;
    // What is shorter is a row of letters.
    let (wide, high) = (grid.rect().width() / 2.0, grid.rect().height() / 2.0);
    let long = |mask: &Mask, least: f32| -> Vec<Rule> {
        level(mask, dpi).into_iter().filter(|rule| rule.end - rule.start > least).collect()
    };
    erase::erase(&mut picture.pixels, &mask, &long(&mask, wide), dpi, false);
    erase::erase(&mut picture.pixels, &swapped, &long(&swapped, high), dpi, true);
    printed(picture, grid, threshold, dpi)
}

/// What is printed in the cells of a picture whose rules are gone; None where nothing is.
fn printed(picture: Straight, grid: Grid, threshold: u8, dpi: f32) -> Option<RuledTable> {
    let mut of_cell: Vec<Vec<Ink>> = vec![Vec::new(); grid.cells.len()];
    let owners = grid.owners();
    for ink in inks(&picture.pixels, threshold, dpi) {
        if let Some(at) = cell_of(&grid, &owners, &ink).filter(|&at| !is_remainder(&ink, &grid.cells[at].rect, dpi)) {
            of_cell[at].push(ink);
        }
    }
    let print = Print::of(of_cell.iter().flatten(), dpi)?;
    for (at, inks) in of_cell.iter_mut().enumerate() {
        if let Some(fainter) = fainter(&picture.pixels, &grid.cells[at].rect, inks, print, threshold, dpi) {
            *inks = fainter;
        }
    }
    let mut turned = Vec::new();
    for (at, inks) in of_cell.iter_mut().enumerate() {
        if lines::is_turned(inks, print) {
            turned.push((at, std::mem::take(inks)));
        }
    }
    let lines = of_cell.iter().map(|inks| lines::lines(inks, print)).collect();
    let is_letter = |ink: &&Ink| (0.55..2.0).contains(&(ink.height() / print.letter));
    let inked = of_cell.iter().map(|inks| inks.iter().filter(is_letter).count() >= 2).collect();
    Some(RuledTable { picture, grid, white: false, lines, inked, turned, print })
}

/// The pieces of ink of a picture, without dust.
fn inks(picture: &GrayImage, threshold: u8, dpi: f32) -> Vec<Ink> {
    let rects = Pieces::find(picture, threshold).list;
    let rects = rects.iter().map(|p| Rect::new(p.x0 as f32, p.y0 as f32, p.x1 as f32, p.y1 as f32));
    rects.filter(|r| r.width().max(r.height()) >= DUST * dpi).collect()
}

/// The strokes of a letter are no further apart than this, in heights of letters without marks.
const BROKEN: f32 = 0.25;

/// The pieces of ink of a cell that shows signs only, such as a dash, where more of these is printed more lightly and as high as letters: rules and
/// heads in bold set the threshold of the page, and the stem of a `7` beside them falls under it. None where there is no more.
fn fainter(picture: &GrayImage, cell: &Rect, seen: &[Ink], print: Print, threshold: u8, dpi: f32) -> Option<Vec<Ink>> {
    let is_letter = |ink: &Ink| lines::is_letter(ink, print);
    if seen.is_empty() || seen.iter().any(is_letter) {
        return None;
    }
    let (x0, y0) = (cell.x0.max(0.0) as u32, cell.y0.max(0.0) as u32);
    let inside = imageops::crop_imm(picture, x0, y0, cell.width() as u32, cell.height() as u32).to_image();
    let (x, y) = (x0 as f32, y0 as f32);
    let placed = |ink: Ink| Rect::new(ink.x0 + x, ink.y0 + y, ink.x1 + x, ink.y1 + y);
    let all: Vec<Ink> = inks(&inside, faint(threshold), dpi).into_iter().map(placed).collect();
    let fainter: Vec<Ink> = all.into_iter().filter(|ink| !is_remainder(ink, cell, dpi)).collect();
    // A stroke as faint may be broken once more.
    let gap = BROKEN * print.letter;
    let goes_on = |ink: &Ink, sign: &Ink| {
        ink.x0 < sign.x1 && sign.x0 < ink.x1 && ink.y0 < sign.y1 + gap && sign.y0 < ink.y1 + gap
    };
    let holds = |ink: &Ink| seen.iter().any(|sign| goes_on(ink, sign));
    fainter.iter().any(|ink| is_letter(ink) && holds(ink)).then_some(fainter)
}

/// The cell that the middle of a piece of ink lies in; None where the piece is larger than a letter that runs over its edge.
fn cell_of(grid: &Grid, owners: &[Option<usize>], ink: &Ink) -> Option<usize> {
    let (x, y) = ink.centre();
    let at = owners[grid.place_at(x, y)?]?;
    let cell = &grid.cells[at].rect;
    (ink.width() < 1.2 * cell.width() && ink.height() < 1.2 * cell.height()).then_some(at)
}

/// Whether a piece is what was left of a rule: thin, and all of it by the edge of its cell.
fn is_remainder(ink: &Ink, cell: &Rect, dpi: f32) -> bool {
    let edge = EDGE * dpi;
    let by_side = ink.x1 < cell.x0 + edge || ink.x0 > cell.x1 - edge;
    let by_top = ink.y1 < cell.y0 + edge || ink.y0 > cell.y1 - edge;
    by_side && ink.width() < 0.7 * edge || by_top && ink.height() < 0.7 * edge
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    /// A white page on which tests draw.
    struct Drawing(GrayImage);

    impl Drawing {
        fn new(width: u32, height: u32) -> Drawing {
            Drawing(GrayImage::from_pixel(width, height, Luma([255])))
        }

        fn fill(&mut self, x0: u32, y0: u32, x1: u32, y1: u32) {
            self.shade(x0, y0, x1, y1, 0);
        }

        fn shade(&mut self, x0: u32, y0: u32, x1: u32, y1: u32, level: u8) {
            for y in y0..y1.min(self.0.height()) {
                for x in x0..x1.min(self.0.width()) {
                    self.0.put_pixel(x, y, Luma([level]));
                }
            }
        }

        /// Letters of a word: upright strokes with feet, 26 pixels high.
        fn word(&mut self, x: u32, y: u32, letters: u32) {
            for n in 0..letters {
                let left = x + 22 * n;
                self.fill(left + 6, y, left + 11, y + 26);
                self.fill(left, y + 22, left + 17, y + 26);
            }
        }

        /// A grid of these lines, each cell with a word in it.
        fn grid(&mut self, xs: &[u32], ys: &[u32]) {
            let (x1, y1) = (xs[xs.len() - 1] + 4, ys[ys.len() - 1] + 4);
            ys.iter().for_each(|&y| self.fill(xs[0], y, x1, y + 4));
            xs.iter().for_each(|&x| self.fill(x, ys[0], x + 4, y1));
            for y in &ys[..ys.len() - 1] {
                xs[..xs.len() - 1].iter().for_each(|&x| self.word(x + 40, y + 30, 3));
            }
        }

        /// What lies on the page turned by an angle, as a scanner would have it.
        fn skewed(&self, degrees: f32) -> Drawing {
            let (w, h) = (self.0.width() as f32, self.0.height() as f32);
            let (sin, cos) = degrees.to_radians().sin_cos();
            Drawing(GrayImage::from_fn(self.0.width(), self.0.height(), |x, y| {
                let (dx, dy) = (x as f32 - w / 2.0, y as f32 - h / 2.0);
                let (u, v) = (cos * dx + sin * dy + w / 2.0, cos * dy - sin * dx + h / 2.0);
                let inside = u >= 0.0 && v >= 0.0 && u < w && v < h;
                if inside { *self.0.get_pixel(u as u32, v as u32) } else { Luma([255]) }
            }))
        }

        fn tables(self) -> Vec<RuledTable> {
            find(&PageImage { page: 1, pixels: self.0.into(), dpi: 300.0, to_page: Default::default() })
        }

        /// Rows, columns, cells and lines of print of each table.
        fn told(self) -> Vec<(usize, usize, usize, usize)> {
            let tables = self.tables();
            let lines = |t: &RuledTable| t.lines.iter().map(Vec::len).sum();
            tables.iter().map(|t| (t.grid.rows(), t.grid.columns(), t.grid.cells.len(), lines(t))).collect()
        }
    }

    const XS: [u32; 4] = [200, 500, 900, 1300];
    const YS: [u32; 5] = [300, 400, 500, 600, 700];

    #[test]
    fn a_full_grid_is_found_straight_and_skewed() {
        for degrees in [0.0, 0.7, -0.7, 2.0, -3.0] {
            let mut page = Drawing::new(1600, 1000);
            page.grid(&XS, &YS);
            assert_eq!(page.skewed(degrees).told(), [(4, 3, 12, 12)], "{degrees} degrees");
        }
    }

    #[test]
    fn a_figure_whose_stem_is_lighter_than_rules_is_no_dash() {
        let drawn = |stem: bool| {
            let mut page = Drawing::new(1600, 1000);
            page.grid(&XS, &YS);
            page.shade(504, 304, 900, 400, 255);
            page.shade(640, 330, 656, 335, 70);
            if stem {
                page.shade(650, 337, 656, 356, 165);
            }
            let table = page.tables().remove(0);
            let at = table.grid.cells.iter().position(|cell| (cell.row, cell.column) == (0, 1)).unwrap();
            table.lines[at].iter().map(Rect::height).collect::<Vec<_>>()
        };
        let (figure, dash) = (drawn(true), drawn(false));
        assert!(figure.len() == 1 && figure[0] > 26.0, "{figure:?}");
        assert!(dash.len() == 1 && dash[0] < 9.0, "{dash:?}");
    }

    #[test]
    fn broken_and_double_rules_are_rules() {
        let mut broken = Drawing::new(1600, 1000);
        broken.grid(&XS, &YS);
        for x in (210..1300).step_by(47) {
            YS.iter()
                .for_each(|&y| (y..y + 4).for_each(|y| (x..x + 7).for_each(|x| broken.0.put_pixel(x, y, Luma([255])))));
        }
        assert_eq!(broken.told(), [(4, 3, 12, 12)]);
        let mut double = Drawing::new(1600, 1000);
        double.grid(&XS, &YS);
        double.fill(200, 409, 1304, 412);
        assert_eq!(double.told(), [(4, 3, 12, 12)]);
    }

    #[test]
    fn cells_that_are_merged_are_one() {
        let mut page = Drawing::new(1600, 1000);
        page.grid(&XS, &YS);
        let white = |page: &mut Drawing, x0: u32, y0: u32, x1: u32, y1: u32| {
            (y0..y1).for_each(|y| (x0..x1).for_each(|x| page.0.put_pixel(x, y, Luma([255]))));
        };
        white(&mut page, 900, 304, 904, 400);
        white(&mut page, 204, 400, 500, 404);
        let tables = page.tables();
        let spans: Vec<_> = tables[0].grid.cells.iter().filter(|c| c.row_span + c.column_span > 2).collect();
        assert_eq!(spans.len(), 2);
        assert_eq!((spans[0].row, spans[0].column, spans[0].row_span), (0, 0, 2));
        assert_eq!((spans[1].row, spans[1].column, spans[1].column_span), (0, 1, 2));
    }

    #[test]
    fn sides_that_were_not_drawn_are_where_the_rules_end() {
        let mut page = Drawing::new(1600, 1000);
        page.grid(&XS, &YS);
        for x in [200, 1300] {
            (304..704)
                .filter(|y| (y - 300) % 100 > 3)
                .for_each(|y| (x..x + 4).for_each(|x| page.0.put_pixel(x, y, Luma([255]))));
        }
        assert_eq!(page.told(), [(4, 3, 12, 12)]);
    }

    #[test]
    fn white_parts_the_columns_under_level_rules_and_in_frames() {
        for framed in [false, true] {
            for degrees in [0.0, 0.6] {
                let mut page = Drawing::new(1800, 1000);
                let ys: &[u32] = if framed { &[300, 400, 700] } else { &YS };
                ys.iter().for_each(|&y| page.fill(200, y, 1500, y + 4));
                if framed {
                    [200, 1497].iter().for_each(|&x| page.fill(x, 300, x + 4, 704));
                }
                YS[..4].iter().for_each(|&y| XS.iter().for_each(|&x| page.word(x + 40, y + 30, 3)));
                let lines = page
                    .skewed(degrees)
                    .tables()
                    .into_iter()
                    .map(|t| (t.white, t.grid.cells.len(), t.lines.iter().map(Vec::len).sum()));
                assert_eq!(lines.collect::<Vec<_>>(), [(true, 4 * (ys.len() - 1), 16)], "{framed} {degrees}");
            }
        }
    }

    #[test]
    fn two_tables_side_by_side_are_two() {
        let mut page = Drawing::new(2400, 1000);
        page.grid(&XS, &YS);
        page.grid(&[1500, 1800, 2200], &YS);
        assert_eq!(page.told(), [(4, 3, 12, 12), (4, 2, 8, 8)]);
    }

    #[test]
    fn frames_underlines_and_rules_alone_are_no_tables() {
        let mut frame = Drawing::new(1600, 1000);
        frame.grid(&[200, 1300], &[300, 700]);
        assert_eq!(frame.told(), []);
        let mut lines = Drawing::new(1600, 1000);
        (0..5).for_each(|n| lines.fill(200, 200 + 100 * n, 700, 203 + 100 * n));
        lines.word(200, 160, 12);
        assert_eq!(lines.told(), []);
        assert_eq!(Drawing::new(50, 50).told(), []);
    }

    #[test]
    fn print_in_a_merged_cell_is_no_rule_that_goes_on() {
        let mut page = Drawing::new(1600, 1000);
        page.grid(&XS, &YS);
        // The first column's cells of two rows are one, and a line of letters stands where the rule between them would go on.
        (400..404).for_each(|y| (204..500).for_each(|x| page.0.put_pixel(x, y, Luma([255]))));
        for left in (208..480).step_by(20) {
            page.fill(left, 400, left + 16, 404);
            page.fill(left, 404, left + 4, 424);
            page.fill(left + 12, 404, left + 16, 424);
        }
        let tables = page.tables();
        let first = &tables[0].grid.cells[0];
        assert_eq!((first.row, first.column, first.row_span), (0, 0, 2));
    }

    #[test]
    fn stems_in_two_rows_are_no_rule_between_columns() {
        let mut page = Drawing::new(1600, 1000);
        page.grid(&XS, &[300, 378, 456, 534]);
        // Two stems, one below the other.
        page.fill(700, 400, 704, 447);
        page.fill(699, 464, 704, 510);
        assert_eq!(page.told(), [(3, 3, 9, 9)]);
        // What reaches from rule to rule parts the cell.
        let mut parted = Drawing::new(1600, 1000);
        parted.grid(&XS, &[300, 378, 456, 534]);
        parted.fill(700, 378, 704, 460);
        assert_eq!(parted.told()[0].1, 4);
    }

    #[test]
    fn patterns_make_no_cells() {
        let mut chequered = Drawing::new(1600, 1600);
        for n in 0..40 {
            (0..40).filter(|m| (n + m) % 2 == 0).for_each(|m| chequered.fill(40 * n, 40 * m, 40 * n + 40, 40 * m + 40));
        }
        assert_eq!(chequered.told(), []);
        let mut graph = Drawing::new(2400, 2400);
        (0..160).for_each(|n| graph.fill(0, 15 * n, 2400, 15 * n + 2));
        (0..160).for_each(|n| graph.fill(15 * n, 0, 15 * n + 2, 2400));
        assert!(graph.told().iter().all(|t| t.3 == 0));
        let mut wide = Drawing::new(30_000, 60);
        wide.fill(0, 20, 30_000, 24);
        wide.fill(0, 40, 30_000, 44);
        assert_eq!(wide.told(), []);
    }

    #[test]
    fn rules_leave_the_picture_and_letters_that_cross_them_stay() {
        let mut page = Drawing::new(1600, 1000);
        page.grid(&XS, &YS);
        page.fill(650, 380, 656, 440);
        let tables = page.tables();
        let picture = &tables[0].picture;
        let at = |x: f64, y: f64| {
            let (u, v) = picture.to_page.inverse().unwrap().point(x, y);
            picture.pixels.get_pixel(u as u32, v as u32).0[0]
        };
        assert_eq!((at(300.0, 402.0), at(502.0, 450.0), at(502.0, 402.0)), (255, 255, 255));
        assert_eq!(at(653.0, 402.0), 0, "a letter that crosses the rule");
    }
}

//! Figures drawn on their page: a box around each number and its name above it, to see whether boxes lie where they should.

use crate::document::PageNo;
use crate::extract::{Extraction, Figure, Verdict};
use crate::geometry::Rect;
use crate::table::Table;
use image::{Rgb, RgbImage};

/// Figures that bear an indicator's name.
const NAMED: Rgb<u8> = Rgb([0, 90, 200]);
/// Figures of which a check fails.
const FAILING: Rgb<u8> = Rgb([210, 0, 0]);
/// All others.
const OTHER: Rgb<u8> = Rgb([0, 140, 60]);

/// Letters are this many dots wide and high, and one apart.
const WIDTH: u32 = 5;
const HEIGHT: u32 = 7;

/// Small letters, digits and signs of indicators' names and figures' ids, row by row, the highest of five bits on the left.
const LETTERS: [(char, [u8; HEIGHT as usize]); 39] = [
    ('a', [0, 0, 14, 1, 15, 17, 15]),
    ('b', [16, 16, 30, 17, 17, 17, 30]),
    ('c', [0, 0, 14, 16, 16, 17, 14]),
    ('d', [1, 1, 15, 17, 17, 17, 15]),
    ('e', [0, 0, 14, 17, 31, 16, 14]),
    ('f', [6, 9, 8, 28, 8, 8, 8]),
    ('g', [0, 15, 17, 17, 15, 1, 14]),
    ('h', [16, 16, 22, 25, 17, 17, 17]),
    ('i', [4, 0, 12, 4, 4, 4, 14]),
    ('j', [2, 0, 6, 2, 2, 18, 12]),
    ('k', [16, 16, 18, 20, 24, 20, 18]),
    ('l', [12, 4, 4, 4, 4, 4, 14]),
    ('m', [0, 0, 26, 21, 21, 17, 17]),
    ('n', [0, 0, 22, 25, 17, 17, 17]),
    ('o', [0, 0, 14, 17, 17, 17, 14]),
    ('p', [0, 0, 30, 17, 30, 16, 16]),
    ('q', [0, 0, 13, 19, 15, 1, 1]),
    ('r', [0, 0, 22, 25, 16, 16, 16]),
    ('s', [0, 0, 14, 16, 14, 1, 30]),
    ('t', [8, 8, 28, 8, 8, 9, 6]),
    ('u', [0, 0, 17, 17, 17, 19, 13]),
    ('v', [0, 0, 17, 17, 17, 10, 4]),
    ('w', [0, 0, 17, 17, 21, 21, 10]),
    ('x', [0, 0, 17, 10, 4, 10, 17]),
    ('y', [0, 0, 17, 17, 15, 1, 14]),
    ('z', [0, 0, 31, 2, 4, 8, 31]),
    ('0', [14, 17, 19, 21, 25, 17, 14]),
    ('1', [4, 12, 4, 4, 4, 4, 14]),
    ('2', [14, 17, 1, 2, 4, 8, 31]),
    ('3', [31, 2, 4, 2, 1, 17, 14]),
    ('4', [2, 6, 10, 18, 31, 2, 2]),
    ('5', [31, 16, 30, 1, 1, 17, 14]),
    ('6', [6, 8, 16, 30, 17, 17, 14]),
    ('7', [31, 1, 2, 4, 8, 8, 8]),
    ('8', [14, 17, 17, 14, 17, 17, 14]),
    ('9', [14, 17, 17, 15, 1, 2, 12]),
    ('.', [0, 0, 0, 0, 0, 12, 12]),
    ('_', [0, 0, 0, 0, 0, 0, 31]),
    ('-', [0, 0, 0, 31, 0, 0, 0]),
];

/// Cells of a table's head, and all others.
const HEAD: Rgb<u8> = Rgb([200, 90, 0]);
const BODY: Rgb<u8> = Rgb([0, 90, 200]);

/// Draws the cells of the tables of one page on it, those of heads in another colour, and says in a line each what is in them.
pub(super) fn draw_tables(image: &mut RgbImage, page: PageNo, tables: &[Table]) -> Vec<String> {
    let scale = (image.width() / 830).max(1);
    let mut told = Vec::new();
    for table in tables.iter().filter(|t| t.pages.contains(&page)) {
        let said =
            |name: &str, text: &Option<String>| text.as_ref().map_or(String::new(), |t| format!(", {name} `{t}`"));
        let (title, unit) = (said("title", &table.title), said("unit", &table.unit));
        told.push(format!("{}: {} rows, {} columns{title}{unit}", table.id, table.rows, table.columns));
        for cell in table.cells.iter().filter(|c| c.place.page == Some(page)) {
            let Some(rect) = cell.place.rect else { continue };
            // A pixel inside, so that cells side by side both show.
            let inner = Rect::new(rect.x0 + 2.0, rect.y0 + 2.0, rect.x1 - 2.0, rect.y1 - 2.0);
            outline(image, &inner, scale, if cell.head { HEAD } else { BODY });
            let spans = [("rows", cell.row_span), ("columns", cell.column_span)];
            let spans: String = spans.iter().filter(|s| s.1 > 1).map(|(n, s)| format!(", {s} {n}")).collect();
            let head = if cell.head { ", head" } else { "" };
            told.push(format!("{} {}.{}{spans}{head}: `{}`", table.id, cell.row, cell.column, cell.text));
        }
    }
    told
}

/// Draws the figures of one page on it and says in a line each what was drawn, in reading order.
pub(super) fn draw(image: &mut RgbImage, page: PageNo, extraction: &Extraction) -> Vec<String> {
    // A name is as high as small print: 7 dots at 100 dpi on a page of A4.
    let scale = (image.width() / 830).max(1);
    let mut told = Vec::new();
    for figure in extraction.figures.iter().filter(|f| f.place.page == Some(page)) {
        let Some(rect) = figure.place.rect else { continue };
        let (name, colour) = title(figure, extraction);
        outline(image, &rect, scale, colour);
        let top = rect.y0 - ((HEIGHT + 3) * scale) as f32;
        letters(image, (rect.x0, top.max(0.0)), &name, scale, colour);
        let [x0, y0, x1, y1] = <[f32; 4]>::from(rect);
        let value = figure.value.map_or("?".to_owned(), |value| value.to_string());
        told.push(format!(
            "{name}: {value} `{}` at {x0:.0} {y0:.0} {x1:.0} {y1:.0}, {}",
            figure.raw, figure.confidence
        ));
    }
    told
}

/// The indicators that the figure is, or its id, and the colour that says how it stands.
fn title(figure: &Figure, extraction: &Extraction) -> (String, Rgb<u8>) {
    let names: Vec<&str> =
        extraction.indicators.iter().filter(|(_, i)| i.figure == figure.id).map(|(name, _)| name.as_str()).collect();
    let fails = extraction.checks.iter().any(|c| c.status == Verdict::Fail && figure.checks.contains(&c.id));
    let colour = match (fails, names.is_empty()) {
        (true, _) => FAILING,
        (false, false) => NAMED,
        (false, true) => OTHER,
    };
    if names.is_empty() { (figure.id.clone(), colour) } else { (names.join(" "), colour) }
}

fn outline(image: &mut RgbImage, rect: &Rect, thick: u32, colour: Rgb<u8>) {
    let space = thick as f32;
    let [x0, y0, x1, y1] =
        [rect.x0 - space, rect.y0 - space, rect.x1 + space, rect.y1 + space].map(|v| v.max(0.0) as u32);
    for step in 0..thick {
        for x in x0..x1 + thick {
            dot(image, x, y0 + step, colour);
            dot(image, x, y1 + step, colour);
        }
        for y in y0..y1 + thick {
            dot(image, x0 + step, y, colour);
            dot(image, x1 + step, y, colour);
        }
    }
}

fn letters(image: &mut RgbImage, (x, y): (f32, f32), text: &str, scale: u32, colour: Rgb<u8>) {
    let (mut x, y) = (x.max(0.0) as u32, y as u32);
    for c in text.chars() {
        let rows = LETTERS.iter().find(|(letter, _)| *letter == c).map_or([0; HEIGHT as usize], |(_, rows)| *rows);
        for (row, bits) in (0..).zip(rows) {
            for column in (0..WIDTH).filter(|column| bits >> (WIDTH - 1 - column) & 1 == 1) {
                for (dx, dy) in (0..scale).flat_map(|dx| (0..scale).map(move |dy| (dx, dy))) {
                    dot(image, x + column * scale + dx, y + row * scale + dy, colour);
                }
            }
        }
        x += (WIDTH + 1) * scale;
    }
}

fn dot(image: &mut RgbImage, x: u32, y: u32, colour: Rgb<u8>) {
    if x < image.width() && y < image.height() {
        image.put_pixel(x, y, colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TextLine;
    use crate::extract::Extractor;

    #[test]
    fn boxes_lie_around_their_numbers() {
        let mut lines = TextLine::from_text("\u{c}Số hồ sơ đã tiếp nhận: 120 hồ sơ");
        let rect = Rect::new(100.0, 60.0, 160.0, 80.0);
        let TextLine { words, text, .. } = &mut lines[0];
        for word in words {
            word.rect = Some(if text[word.start..].starts_with("120") { rect } else { Rect::default() });
        }
        let extraction = Extractor::embedded().unwrap().extract(&lines, &[]).value;
        let mut image = RgbImage::from_pixel(400, 200, Rgb([255; 3]));
        let told = draw(&mut image, 2, &extraction);
        assert!(told.len() == 1 && told[0].starts_with("dossiers.received.total: 120"), "{told:?}");
        let is_drawn = |x: u32, y: u32| *image.get_pixel(x, y) == NAMED;
        assert!(is_drawn(99, 70) && is_drawn(161, 70) && is_drawn(130, 59) && is_drawn(130, 81));
        assert!((101..160).all(|x| (61..80).all(|y| !is_drawn(x, y))), "the number itself stays to be seen");
        assert!((100..300).any(|x| (50..57).any(|y| is_drawn(x, y))), "its name stands above it");
    }
}

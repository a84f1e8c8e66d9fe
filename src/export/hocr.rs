//! hOCR 1.2 (<https://kba.github.io/hocr-spec/1.2/>): one HTML file a document, with standard properties only.

use super::content::{Item, Line, Page, pages};
use super::printable;
use crate::geometry::Rect;
use crate::pipeline::Reading;
use maud::{DOCTYPE, Markup, html};

/// The document as hOCR. What was seen of a changed word stands in `data-observed`.
pub(super) fn hocr(reading: &Reading) -> Vec<u8> {
    let report = &reading.report;
    let file = printable(&report.source.file).into_owned();
    let system = format!("sohoa {}", report.tool.version);
    let document = html! {
        (DOCTYPE)
        html lang="vi" {
            head {
                meta charset="utf-8";
                title { (file) }
                meta name="ocr-system" content=(system);
                meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_table ocr_line ocrx_word";
                meta name="ocr-langs" content="vi";
                meta name="ocr-number-of-pages" content=(reading.pages.len());
            }
            body {
                @for page in pages(reading) { (page_of(&page, &file)) }
            }
        }
    };
    (document.into_string() + "\n").into_bytes()
}

/// A box as hOCR's title gives it.
fn bounds(rect: &Rect) -> String {
    let [x0, y0, x1, y1] = [rect.x0, rect.y0, rect.x1, rect.y1].map(|v| v.max(0.0).round() as u32);
    format!("bbox {x0} {y0} {x1} {y1}")
}

fn page_of(page: &Page<'_>, file: &str) -> Markup {
    let (width, height, dpi) = page.size.map_or((0, 0, 0), |s| (s.width, s.height, s.dpi.round() as u32));
    // Quotes and semicolons end the property.
    let file = file.replace(['"', ';', '\\'], "_");
    let number = page.number;
    let mut bands = bands(page).into_iter();
    let title = format!(
        "image \"{file}\"; bbox 0 0 {width} {height}; ppageno {}; scan_res {dpi} {dpi}",
        number.saturating_sub(1)
    );
    html! {
        div class="ocr_page" id={ "page_" (number) } title=(title) {
            @for (index, item) in (1..).zip(&page.items) {
                @let id = format!("{number}_{index}");
                @match item {
                    Item::Block(lines) => div class="ocr_carea" id={ "block_" (id) } title=(bounds(&item.rect())) {
                        @for ((n, line), band) in (1..).zip(lines).zip(&mut bands) { (line_of(line, &band, &format!("{id}_{n}"))) }
                    }
                    Item::Table(_, rows) => div class="ocr_table" id={ "table_" (id) } title=(bounds(&item.rect())) {
                        @for (r, row) in (1..).zip(rows) {
                            @for ((c, piece), band) in (1..).zip(row).zip(&mut bands) { (line_of(&piece.line, &band, &format!("{id}_{r}_{c}"))) }
                        }
                    }
                }
            }
        }
    }
}

/// The boxes of the lines of a page, in its order, apart from each other.
fn bands(page: &Page<'_>) -> Vec<Rect> {
    let mut bands: Vec<Rect> = Vec::new();
    for item in &page.items {
        match item {
            Item::Block(lines) => bands.extend(lines.iter().map(|line| line.rect)),
            Item::Table(_, rows) => bands.extend(rows.iter().flatten().map(|piece| piece.line.rect)),
        }
    }
    part(&mut bands);
    bands
}

/// Parts the boxes of lines: those of neighbours whose letters reach into each other end halfway: hOCR wants the
/// boxes of lines apart, and those of words tell where the letters are.
fn part(bands: &mut [Rect]) {
    let mut order: Vec<usize> = (0..bands.len()).collect();
    order.sort_by(|&a, &b| bands[a].centre().1.total_cmp(&bands[b].centre().1));
    let highest = bands.iter().map(Rect::height).fold(0.0, f32::max);
    for (place, &upper) in order.iter().enumerate() {
        for &lower in &order[place + 1..] {
            let (a, b) = (bands[upper], bands[lower]);
            if b.centre().1 - a.centre().1 > highest {
                break;
            }
            let (across, down) = (a.x1.min(b.x1) - a.x0.max(b.x0), a.y1 - b.y0);
            if across <= 0.0 || down <= 0.0 {
                continue;
            }
            // Side by side, or one above the other.
            if across < down.min(b.y1 - b.y0).min(a.y1 - a.y0) && (a.x0 < b.x0) == (a.x1 < b.x1) {
                let (left, right) = if a.x0 < b.x0 { (upper, lower) } else { (lower, upper) };
                let middle = (bands[left].x1 + bands[right].x0) / 2.0;
                (bands[left].x1, bands[right].x0) = (middle, middle);
            } else {
                let middle = ((a.y1 + b.y0) / 2.0).clamp(a.y0, b.y1);
                (bands[upper].y1, bands[lower].y0) = (middle, middle);
            }
        }
    }
}

fn line_of(line: &Line, band: &Rect, id: &str) -> Markup {
    html! {
        span class="ocr_line" id={ "line_" (id) } title={ (bounds(band)) "; baseline 0 0" } {
            @for (n, word) in (1..).zip(&line.words) {
                @let sure = word.confidence.map(|c| (c.clamp(0.0, 1.0) * 100.0).round() as u32);
                @let title = match sure {
                    Some(sure) => format!("{}; x_wconf {sure}", bounds(&word.rect)),
                    None => bounds(&word.rect),
                };
                @if n > 1 { " " }
                span class="ocrx_word" id={ "word_" (id) "_" (n) } title=(title) data-observed=[word.observed.as_ref()] {
                    (word.text)
                }
            }
        }
        "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_of_lines_end_halfway_between_them() {
        let rect = |x0: f32, y0: f32, x1: f32, y1: f32| Rect::new(x0, y0, x1, y1);
        // Two lines of a skewed page, a third beside the second, and one far below.
        let mut bands = vec![
            rect(0.0, 0.0, 500.0, 60.0),
            rect(0.0, 40.0, 500.0, 100.0),
            rect(490.0, 62.0, 800.0, 100.0),
            rect(0.0, 300.0, 500.0, 340.0),
        ];
        part(&mut bands);
        assert_eq!(bands[0], rect(0.0, 0.0, 500.0, 50.0));
        assert_eq!((bands[1].y0, bands[1].x1, bands[2].x0), (50.0, 495.0, 495.0));
        assert_eq!(bands[3], rect(0.0, 300.0, 500.0, 340.0));
    }
}

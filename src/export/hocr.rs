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
                        @for (n, line) in (1..).zip(lines) { (line_of(line, &format!("{id}_{n}"))) }
                    }
                    Item::Table(_, rows) => div class="ocr_table" id={ "table_" (id) } title=(bounds(&item.rect())) {
                        @for (r, row) in (1..).zip(rows) {
                            @for (c, piece) in (1..).zip(row) { (line_of(&piece.line, &format!("{id}_{r}_{c}"))) }
                        }
                    }
                }
            }
        }
    }
}

fn line_of(line: &Line, id: &str) -> Markup {
    html! {
        span class="ocr_line" id={ "line_" (id) } title={ (bounds(&line.rect)) "; baseline 0 0" } {
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

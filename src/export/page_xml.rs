//! PAGE 2019-07-15 (PRImA, <https://github.com/PRImA-Research-Lab/PAGE-XML>): one file a page, boxes in its pixels as scanned.

use super::content::{Item, Line, Page, Piece, pages};
use super::xml::{Attributes, Xml, is};
use crate::document::PageNo;
use crate::geometry::Rect;
use crate::pipeline::Reading;
use crate::table::Table;

const NAMESPACE: &str = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15";
/// The schema asks for a time, and the same input must give the same bytes: the first second that Unix counts.
const TIME: &str = "1970-01-01T00:00:00Z";

/// The pages as PAGE, with their numbers.
///
/// Of a changed word the second `TextEquiv` is what was seen, with the comment `observed`; further ones are alternatives.
pub(super) fn page_xml(reading: &Reading) -> Vec<(PageNo, Vec<u8>)> {
    pages(reading).iter().map(|page| (page.number, written(reading, page))).collect()
}

fn written(reading: &Reading, page: &Page<'_>) -> Vec<u8> {
    let report = &reading.report;
    let mut xml = Xml::new();
    xml.open(
        "PcGts",
        &[
            ("xmlns", is(NAMESPACE)),
            ("xmlns:xsi", is("http://www.w3.org/2001/XMLSchema-instance")),
            ("xsi:schemaLocation", is(format!("{NAMESPACE} {NAMESPACE}/pagecontent.xsd"))),
        ],
    );
    xml.open("Metadata", &[]);
    xml.text("Creator", &[], &format!("sohoa {}", report.tool.version));
    xml.text("Created", &[], TIME);
    xml.text("LastChange", &[], TIME);
    let engine = report.tool.engine.as_deref().unwrap_or("none");
    xml.text("Comments", &[], &format!("page {} of {}; recogniser: {engine}", page.number, report.source.pages));
    xml.close();
    // A page that failed has no size; the schema asks for one.
    let (width, height, dpi) = page.size.map_or((1, 1, None), |s| (s.width, s.height, Some(s.dpi)));
    xml.open(
        "Page",
        &[
            ("imageFilename", is(&report.source.file)),
            ("imageWidth", is(width)),
            ("imageHeight", is(height)),
            ("imageXResolution", dpi.and_then(is)),
            ("imageYResolution", dpi.and_then(is)),
            ("imageResolutionUnit", dpi.and_then(|_| is("PPI"))),
        ],
    );
    if !page.items.is_empty() {
        xml.open("ReadingOrder", &[]);
        xml.open("OrderedGroup", &[("id", is("order"))]);
        for index in 0..page.items.len() {
            let region = format!("r{}", index + 1);
            xml.empty("RegionRefIndexed", &[("index", is(index)), ("regionRef", is(region))]);
        }
        xml.close();
        xml.close();
    }
    for (index, item) in (1..).zip(&page.items) {
        let id = format!("r{index}");
        match item {
            Item::Block(lines) => {
                xml.open("TextRegion", &[("id", is(&id)), ("primaryLanguage", is("Vietnamese"))]);
                coordinates(&mut xml, &item.rect());
                write_lines(&mut xml, &id, lines.iter());
                xml.close();
            }
            Item::Table(table, rows) => write_table(&mut xml, &id, &item.rect(), table, rows),
        }
    }
    xml.finish()
}

fn write_table(xml: &mut Xml, id: &str, rect: &Rect, table: &Table, rows: &[Vec<Piece<'_>>]) {
    let attributes: Attributes<'_> = &[
        ("id", is(id)),
        ("custom", is(format!("table {{id:{};}}", table.id))),
        ("rows", is(table.rows)),
        ("columns", is(table.columns)),
    ];
    xml.open("TableRegion", attributes);
    coordinates(xml, rect);
    for (r, row) in (1..).zip(rows) {
        for (c, piece) in (1..).zip(row) {
            let id = format!("{id}_{r}_{c}");
            xml.open("TextRegion", &[("id", is(&id)), ("primaryLanguage", is("Vietnamese"))]);
            coordinates(xml, &piece.line.rect);
            if let Some(cell) = piece.cell {
                xml.open("Roles", &[]);
                xml.empty(
                    "TableCellRole",
                    &[
                        // The schema counts rows and columns from 0.
                        ("rowIndex", is(cell.row.saturating_sub(1))),
                        ("columnIndex", is(cell.column.saturating_sub(1))),
                        ("rowSpan", is(cell.row_span)),
                        ("colSpan", is(cell.column_span)),
                        ("header", is(cell.head)),
                    ],
                );
                xml.close();
            }
            write_lines(xml, &id, std::iter::once(&piece.line));
            xml.close();
        }
    }
    xml.close();
}

fn coordinates(xml: &mut Xml, rect: &Rect) {
    let [x0, y0, x1, y1] = [rect.x0, rect.y0, rect.x1, rect.y1].map(|v| v.max(0.0).round() as u32);
    xml.empty("Coords", &[("points", is(format!("{x0},{y0} {x1},{y0} {x1},{y1} {x0},{y1}")))]);
}

fn write_lines<'a>(xml: &mut Xml, id: &str, lines: impl Iterator<Item = &'a Line>) {
    for (index, line) in (1..).zip(lines) {
        let id = format!("{id}l{index}");
        xml.open("TextLine", &[("id", is(&id))]);
        coordinates(xml, &line.rect);
        let [x0, y, x1] = [line.rect.x0, line.rect.y1, line.rect.x1].map(|v| v.max(0.0).round() as u32);
        xml.empty("Baseline", &[("points", is(format!("{x0},{y} {x1},{y}")))]);
        for (n, word) in (1..).zip(&line.words) {
            xml.open("Word", &[("id", is(format!("{id}w{n}")))]);
            coordinates(xml, &word.rect);
            let confidence = word.confidence.map(|c| format!("{:.2}", c.clamp(0.0, 1.0)));
            equivalent(xml, 1, confidence, None, &word.text);
            let observed = word.observed.iter().map(|o| (o, "observed"));
            let others = observed.chain(word.alternatives.iter().map(|a| (a, "alternative")));
            for (index, (text, comment)) in (2..).zip(others) {
                equivalent(xml, index, None, is(comment), text);
            }
            xml.close();
        }
        equivalent(xml, 1, None, None, &line.text());
        xml.close();
    }
}

fn equivalent(xml: &mut Xml, index: u32, confidence: Option<String>, comment: Option<String>, text: &str) {
    xml.open("TextEquiv", &[("index", is(index)), ("conf", confidence), ("comments", comment)]);
    xml.text("Unicode", &[], text);
    xml.close();
}

//! ALTO 4.4 (Library of Congress, <https://www.loc.gov/standards/alto/>): one file a document, boxes in pixels of the pages as scanned.

use super::content::{Item, Line, Page, pages};
use super::xml::{Xml, is};
use crate::geometry::Rect;
use crate::pipeline::Reading;

/// The document as ALTO.
///
/// A table is a `ComposedBlock` of type `table` with a `TextBlock` a cell, whose `ID` gives row and column. What was seen
/// of a changed word is an `ALTERNATIVE` with the purpose `observed`.
pub(super) fn alto(reading: &Reading) -> Vec<u8> {
    let report = &reading.report;
    let mut xml = Xml::new();
    xml.open(
        "alto",
        &[
            ("xmlns", is("http://www.loc.gov/standards/alto/ns-v4#")),
            ("xmlns:xsi", is("http://www.w3.org/2001/XMLSchema-instance")),
            (
                "xsi:schemaLocation",
                is("http://www.loc.gov/standards/alto/ns-v4# http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"),
            ),
            ("SCHEMAVERSION", is("4.4")),
        ],
    );
    xml.open("Description", &[]);
    xml.text("MeasurementUnit", &[], "pixel");
    xml.open("sourceImageInformation", &[]);
    xml.text("fileName", &[], &report.source.file);
    if let Some(sha256) = &report.source.sha256 {
        xml.text("fileIdentifier", &[("fileIdentifierLocation", is("sha256"))], sha256);
    }
    xml.close();
    xml.open("Processing", &[("ID", is("sohoa"))]);
    xml.text("processingCategory", &[], "contentGeneration");
    xml.text("processingStepDescription", &[], "text recognised, its letters and marks restored");
    if let Some(engine) = &report.tool.engine {
        xml.text("processingStepSettings", &[], engine);
    }
    xml.open("processingSoftware", &[]);
    xml.text("softwareName", &[], "sohoa");
    xml.text("softwareVersion", &[], &report.tool.version);
    xml.close();
    xml.close();
    xml.close();
    xml.open("Layout", &[]);
    for page in pages(reading) {
        write_page(&mut xml, &page);
    }
    xml.finish()
}

/// Pixels, whole ones: readers of ALTO differ on what a fraction is.
fn pixels(value: f32) -> Option<String> {
    is(value.max(0.0).round() as u32)
}

fn area(rect: &Rect) -> [(&'static str, Option<String>); 4] {
    [
        ("HPOS", pixels(rect.x0)),
        ("VPOS", pixels(rect.y0)),
        ("WIDTH", pixels(rect.x1.round() - rect.x0.max(0.0).round())),
        ("HEIGHT", pixels(rect.y1.round() - rect.y0.max(0.0).round())),
    ]
}

fn with<const N: usize>(rect: &Rect, more: [(&'static str, Option<String>); N]) -> Vec<(&'static str, Option<String>)> {
    more.into_iter().chain(area(rect)).collect()
}

fn write_page(xml: &mut Xml, page: &Page<'_>) {
    let number = page.number;
    let (width, height) = page.size.map_or((0, 0), |s| (s.width, s.height));
    xml.open(
        "Page",
        &[
            ("ID", is(format!("page{number}"))),
            ("PHYSICAL_IMG_NR", is(number)),
            ("HEIGHT", is(height)),
            ("WIDTH", is(width)),
        ],
    );
    let whole = Rect::new(0.0, 0.0, width as f32, height as f32);
    xml.open("PrintSpace", &with(&whole, []));
    for (index, item) in (1..).zip(&page.items) {
        let id = format!("p{number}b{index}");
        match item {
            Item::Block(lines) => write_block(xml, &id, &item.rect(), lines.iter()),
            Item::Table(table, rows) => {
                let id = format!("p{number}b{index}_{}", table.id);
                xml.open("ComposedBlock", &with(&item.rect(), [("ID", is(&id)), ("TYPE", is("table"))]));
                for (r, row) in (1..).zip(rows) {
                    for (c, piece) in (1..).zip(row) {
                        let (row, column) = piece.cell.map_or((r, c), |cell| (cell.row, cell.column));
                        let id = format!("{id}_r{row}c{column}_{r}_{c}");
                        write_block(xml, &id, &piece.line.rect, std::iter::once(&piece.line));
                    }
                }
                xml.close();
            }
        }
    }
    xml.close();
    xml.close();
}

fn write_block<'a>(xml: &mut Xml, id: &str, rect: &Rect, lines: impl Iterator<Item = &'a Line>) {
    xml.open("TextBlock", &with(rect, [("ID", is(id))]));
    for (index, line) in (1..).zip(lines) {
        let id = format!("{id}l{index}");
        xml.open("TextLine", &with(&line.rect, [("ID", is(&id))]));
        for (n, word) in (1..).zip(&line.words) {
            if n > 1 {
                xml.empty("SP", &[]);
            }
            let confidence = word.confidence.map(|c| format!("{:.2}", c.clamp(0.0, 1.0)));
            let attributes =
                with(&word.rect, [("ID", is(format!("{id}w{n}"))), ("CONTENT", is(&word.text)), ("WC", confidence)]);
            if word.observed.is_none() && word.alternatives.is_empty() {
                xml.empty("String", &attributes);
                continue;
            }
            xml.open("String", &attributes);
            if let Some(observed) = &word.observed {
                xml.text("ALTERNATIVE", &[("PURPOSE", is("observed"))], observed);
            }
            for alternative in &word.alternatives {
                xml.text("ALTERNATIVE", &[("PURPOSE", is("alternative"))], alternative);
            }
            xml.close();
        }
        // ALTO asks for at least one string a line.
        if line.words.is_empty() {
            xml.empty("String", &[("CONTENT", is(""))]);
        }
        xml.close();
    }
    xml.close();
}

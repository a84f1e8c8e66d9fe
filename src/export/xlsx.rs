//! Tables and figures as a workbook: a sheet a table, and one of all figures.
//!
//! A cell that is a figure is a number, shown with its own decimals and thousands; all others are text as printed. What is unsure is
//! yellow, what fails a check is red, and each of these carries a note with the page and the place on it.

use crate::error::{Error, ErrorKind, Result};
use crate::extract::{Figure, Verdict};
use crate::geometry::Rect;
use crate::report::Report;
use crate::table::{Cell, Table};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Note, Workbook, Worksheet, XlsxError,
};
use std::collections::{BTreeMap, BTreeSet};

/// A cell or figure that is less sure than this is marked.
const UNSURE: f32 = 0.9;
const YELLOW: Color = Color::RGB(0x00FF_F2CC);
const RED: Color = Color::RGB(0x00F8_CBAD);
const GREY: Color = Color::RGB(0x00ED_EDED);
/// What a sheet holds at most (the file format's own limits).
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;
/// A text of a sheet is no longer than this, in characters.
const LONGEST_TEXT: usize = 32_767;

/// The workbook of a report, the same bytes for the same report.
pub(super) fn workbook(report: &Report) -> Result<Vec<u8>> {
    make(report).map_err(|e| Error::new(ErrorKind::Defect, "the workbook cannot be made").source(e))
}

fn make(report: &Report) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The time of writing would make each file another.
    let properties = DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    workbook.set_properties(&properties);
    let marks = Marks::of(report);
    for table in report.tables.iter().filter(|t| t.rows < MOST_ROWS && t.columns < MOST_COLUMNS) {
        let sheet = workbook.add_worksheet();
        sheet.set_name(&table.id)?;
        write_table(sheet, table, &marks)?;
    }
    write_figures(workbook.add_worksheet(), report, &marks)?;
    workbook.save_to_buffer()
}

/// What is known of the figures.
struct Marks<'a> {
    /// By table, row and column.
    cells: BTreeMap<(&'a str, u32, u32), &'a Figure>,
    failed: BTreeSet<&'a str>,
}

impl<'a> Marks<'a> {
    fn of(report: &'a Report) -> Marks<'a> {
        let figures = &report.extraction.figures;
        let mut cells: BTreeMap<(&str, u32, u32), &Figure> = BTreeMap::new();
        let mut several: BTreeSet<(&str, u32, u32)> = BTreeSet::new();
        for figure in figures {
            if let Some(cell) = &figure.cell {
                let place = (cell.table.as_str(), cell.row, cell.column);
                if cells.insert(place, figure).is_some() {
                    several.insert(place);
                }
            }
        }
        // A cell with several figures is text.
        several.iter().for_each(|place| {
            cells.remove(place);
        });
        let checks = &report.extraction.checks;
        let failed = checks.iter().filter(|c| c.status == Verdict::Fail).map(|c| c.id.as_str()).collect();
        Marks { cells, failed }
    }

    fn fails(&self, figure: &Figure) -> bool {
        figure.checks.iter().any(|check| self.failed.contains(check.as_str()))
    }
}

fn write_table(sheet: &mut Worksheet, table: &Table, marks: &Marks) -> std::result::Result<(), XlsxError> {
    let mut top = 0;
    let bold = Format::new().set_bold();
    if let Some(title) = &table.title {
        sheet.write_string_with_format(top, 0, cut(title), &bold)?;
        top += 1;
    }
    if let Some(unit) = &table.unit {
        sheet.write_string(top, 0, cut(&format!("Đơn vị tính: {unit}")))?;
        top += 1;
    }
    for cell in &table.cells {
        let figure = marks.cells.get(&(table.id.as_str(), cell.row, cell.column)).copied();
        let fails = figure.is_some_and(|f| marks.fails(f));
        let unsure = cell.confidence.is_some_and(|c| c < UNSURE) && !cell.text.is_empty();
        let mut format =
            Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter);
        if cell.head {
            format = format.set_bold().set_background_color(GREY).set_align(FormatAlign::Center);
        }
        if fails || unsure {
            format = format.set_background_color(if fails { RED } else { YELLOW });
        }
        let (row, column) = (top + cell.row - 1, (cell.column - 1) as u16);
        let (last_row, last_column) = (row + cell.row_span.max(1) - 1, column + (cell.column_span.max(1) - 1) as u16);
        let value = figure.filter(|f| !cell.head && f.raw.trim() == cell.text.trim()).and_then(|f| f.value);
        if let Some(number) = value {
            format = format.set_num_format(shown_as(&cell.text));
            if (last_row, last_column) != (row, column) {
                sheet.merge_range(row, column, last_row, last_column, "", &format)?;
            }
            sheet.write_number_with_format(row, column, number.to_f64(), &format)?;
        } else if (last_row, last_column) != (row, column) {
            sheet.merge_range(row, column, last_row, last_column, &cut(&cell.text), &format)?;
        } else {
            sheet.write_string_with_format(row, column, cut(&cell.text), &format)?;
        }
        if fails || unsure {
            sheet.insert_note(row, column, &Note::new(note(cell, fails)).add_author_prefix(false))?;
        }
    }
    sheet.autofit();
    Ok(())
}

/// The number format under which a printed number looks as printed: its decimals, and thousands where it has them. A share in per cent
/// stays the number that is printed, its sign behind it.
fn shown_as(text: &str) -> String {
    let text = text.trim();
    let body = text.trim_end_matches(['%', ' ']);
    let parts: Vec<&str> = body.split(['.', ',', ' ']).collect();
    let thousands =
        parts.len() > 2 || parts.len() == 2 && parts[1].len() == 3 && parts[0] != "0" && parts[0].len() <= 3;
    let signs: Vec<char> = body.chars().filter(|c| matches!(c, '.' | ',')).collect();
    // Of two different signs the last parts the decimals; of two that are the same none does.
    let mixed = signs.len() > 1 && signs[signs.len() - 1] != signs[0];
    let decimals = match parts.last() {
        Some(last) if mixed || parts.len() == 2 && !thousands => last.chars().filter(char::is_ascii_digit).count(),
        _ => 0,
    };
    let whole = if thousands { "#,##0" } else { "0" };
    let fraction = if decimals > 0 { format!(".{}", "0".repeat(decimals)) } else { String::new() };
    let percent = if text.ends_with('%') { "\"%\"" } else { "" };
    format!("{whole}{fraction}{percent}")
}

fn note(cell: &Cell, fails: bool) -> String {
    let sure = cell.confidence.map_or(String::new(), |c| format!("; confidence {c:.2}"));
    let why = if fails { "a check fails" } else { "the reading is unsure" };
    format!("{why}{sure}; {}", place(cell.place.page, cell.place.rect))
}

fn place(page: Option<u32>, rect: Option<Rect>) -> String {
    let page = page.map_or(String::new(), |p| format!("page {p}"));
    let rect = rect.map(<[f32; 4]>::from).map_or(String::new(), |[x0, y0, x1, y1]| format!(", {x0} {y0} {x1} {y1}"));
    page + &rect
}

fn write_figures(sheet: &mut Worksheet, report: &Report, marks: &Marks) -> std::result::Result<(), XlsxError> {
    sheet.set_name("figures")?;
    let head = Format::new().set_bold().set_background_color(GREY);
    let columns = ["id", "label", "value", "unit", "raw", "confidence", "checks", "cell", "place"];
    for (column, name) in (0..).zip(columns) {
        sheet.write_string_with_format(0, column, name, &head)?;
    }
    for (row, figure) in (1..MOST_ROWS).zip(&report.extraction.figures) {
        let mut format = Format::new();
        if marks.fails(figure) || figure.confidence < UNSURE {
            format = format.set_background_color(if marks.fails(figure) { RED } else { YELLOW });
        }
        let number = format.clone().set_num_format(shown_as(&figure.raw));
        let cell = figure.cell.as_ref().map_or(String::new(), |c| format!("{} {}.{}", c.table, c.row, c.column));
        sheet.write_string_with_format(row, 0, &figure.id, &format)?;
        sheet.write_string_with_format(row, 1, cut(&figure.label), &format)?;
        if let Some(value) = figure.value {
            sheet.write_number_with_format(row, 2, value.to_f64(), &number)?;
        }
        sheet.write_string_with_format(row, 3, figure.unit.as_deref().unwrap_or_default(), &format)?;
        sheet.write_string_with_format(row, 4, cut(&figure.raw), &format)?;
        sheet.write_number_with_format(row, 5, f64::from((figure.confidence * 1000.0).round()) / 1000.0, &format)?;
        sheet.write_string_with_format(row, 6, figure.checks.join(" "), &format)?;
        sheet.write_string_with_format(row, 7, cell, &format)?;
        sheet.write_string_with_format(row, 8, place(figure.place.page, figure.place.rect), &format)?;
    }
    sheet.autofit();
    Ok(())
}

fn cut(text: &str) -> String {
    super::printable(text).chars().take(LONGEST_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_they_are_printed() {
        for (text, format) in [
            ("12", "0"),
            ("1.077", "#,##0"),
            ("312.480.500", "#,##0"),
            ("38,5", "0.0"),
            ("99.78 %", "0.00\"%\""),
            ("1.234,56", "#,##0.00"),
            ("0.125", "0.000"),
        ] {
            assert_eq!(shown_as(text), format, "{text}");
        }
    }
}

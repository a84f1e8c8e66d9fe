//! A report as rows of the tables.

use super::schema::TABLES;
use crate::diagnostics::Severity;
use crate::document::Place;
use crate::extract::{Date, Decimal};
use crate::report::{Report, Status};
use serde::{Serialize, Serializer};

/// A value of a row; which kind it is of, its column says.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A binary fraction.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// A decimal number.
    Decimal(Decimal),
    /// A day.
    Date(Day),
    /// A list.
    List(Vec<Value>),
}

impl Serialize for Value {
    /// Decimals and days go as text: a reader of JSON would make binary fractions of the former.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => to.serialize_none(),
            Value::Text(text) => to.serialize_str(text),
            Value::Int(number) => to.serialize_i64(*number),
            Value::Float(number) => to.serialize_f64(*number),
            Value::Bool(truth) => to.serialize_bool(*truth),
            Value::Decimal(number) => to.collect_str(number),
            Value::Date(day) => to.collect_str(day),
            Value::List(all) => to.collect_seq(all),
        }
    }
}

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// None where there is no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Day> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let longest = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u8::from(leap),
            _ => return None,
        };
        (1..=longest).contains(&day).then_some(Day { year, month, day })
    }

    /// The day that is written `2025-09-15`.
    pub fn parse(text: &str) -> Option<Day> {
        let mut parts = text.split('-');
        let day = Day::new(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        day.filter(|_| parts.next().is_none())
    }

    /// Days since 1 January 1970.
    pub fn number(self) -> i32 {
        // Years that begin in March have their leap day at the end.
        let (year, month) = (i32::from(self.year), i32::from(self.month));
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        days + (153 * month + 2) / 5 + i32::from(self.day) - 1 - 719_468
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// One row, its values in the order of the columns.
pub type Row = Vec<Value>;

/// What the report itself does not say of its document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Provenance {
    /// SHA-256 of the content.
    pub document: String,
    /// Name of the results.
    pub name: Option<String>,
    /// All files that hold it.
    pub paths: Vec<String>,
    /// Its size.
    pub bytes: u64,
    /// How much a person should look at it.
    pub score: f32,
    /// Why.
    pub reasons: Vec<String>,
}

/// The rows that a report gives, one entry a table of [`TABLES`]; `texts` are those of its pages.
pub fn rows(report: &Report, texts: &[String], provenance: &Provenance) -> Vec<Vec<Row>> {
    let id = || Value::Text(provenance.document.clone());
    let extraction = &report.extraction;
    let document = &extraction.document;
    let date = document.date.unwrap_or_default();
    let period = document.period;
    let signer = document.signer.as_ref();
    let failed = report.pages.iter().all(|p| p.status == Status::Failed);
    let state = match (failed, report.is_partial()) {
        (true, _) => "failed",
        (false, true) => "partly",
        (false, false) => "read",
    };
    let error = report.diagnostics.iter().find(|d| failed && d.severity == Severity::Error).map(|d| d.message.as_str());
    let documents = vec![vec![
        id(),
        text(&report.source.file),
        maybe(provenance.name.as_deref()),
        texts_of(&provenance.paths),
        Value::Int(provenance.bytes as i64),
        text(state),
        Value::Int(i64::from(report.source.pages)),
        maybe(document.kind.as_deref()),
        maybe(document.number.as_deref()),
        maybe(document.issuer.as_deref()),
        maybe(document.parent.as_deref()),
        maybe(document.place.as_deref()),
        day_of(&date),
        int(date.year),
        int(date.month),
        int(date.day),
        maybe(document.title.as_deref()),
        period.map_or(Value::Null, |p| word(&p.kind)),
        int(period.and_then(|p| p.index)),
        int(period.and_then(|p| p.year)),
        maybe(document.addressee.as_deref()),
        maybe(signer.and_then(|s| s.name.as_deref())),
        maybe(signer.and_then(|s| s.position.as_deref())),
        maybe(signer.and_then(|s| s.authority.as_deref())),
        texts_of(&document.recipients),
        float(provenance.score),
        texts_of(&provenance.reasons),
        maybe(error),
        text(&report.tool.version),
        maybe(report.tool.engine.as_deref()),
    ]];
    let pages = report.pages.iter().map(|page| {
        let size = page.size;
        vec![
            id(),
            Value::Int(i64::from(page.page)),
            word(&page.status),
            page.origin.map_or(Value::Null, |o| word(&o)),
            maybe(page.reason.as_deref()),
            maybe(page.error.as_deref()),
            page.confidence.map_or(Value::Null, float),
            page.quality.map_or(Value::Null, float),
            int(size.map(|s| s.width)),
            int(size.map(|s| s.height)),
            size.map_or(Value::Null, |s| float(s.dpi)),
        ]
    });
    let figures = extraction.figures.iter().map(|figure| {
        let cell = figure.cell.as_ref();
        let mut row = vec![
            id(),
            text(&figure.id),
            decimal(figure.value),
            decimal(figure.of),
            decimal(figure.to),
            maybe(figure.unit.as_deref()),
            text(&figure.label),
            text(&figure.raw),
            Value::List(figure.readings.iter().map(|r| Value::Decimal(*r)).collect()),
            maybe(figure.section.as_deref()),
            maybe(cell.map(|c| c.table.as_str())),
            int(cell.map(|c| c.row)),
            int(cell.map(|c| c.column)),
        ];
        row.extend(page_and_line(&figure.place));
        row.extend(rect(&figure.place));
        row.extend([float(figure.confidence), texts_of(&figure.checks)]);
        row
    });
    let indicators = extraction.indicators.iter().map(|(name, indicator)| {
        let figure = extraction.figures.iter().find(|f| f.id == indicator.figure);
        let confidence = figure.map_or(Value::Null, |f| float(f.confidence));
        let value = Value::Decimal(indicator.value);
        vec![id(), text(name), value, maybe(indicator.unit.as_deref()), text(&indicator.figure), confidence]
    });
    let references = (1..).zip(&extraction.references).map(|(number, reference)| {
        let date = reference.date.as_deref().and_then(Day::parse).map_or(Value::Null, Value::Date);
        let mut row = vec![
            id(),
            Value::Int(number),
            maybe(reference.kind.as_deref()),
            text(&reference.number),
            date,
            maybe(reference.issuer.as_deref()),
        ];
        row.extend(page_and_line(&reference.place));
        row
    });
    let checks = extraction.checks.iter().map(|check| {
        let figure = |f: &Option<String>| maybe(f.as_deref());
        vec![
            id(),
            text(&check.id),
            text(&check.rule),
            word(&check.status),
            Value::List(check.values.iter().map(|v| decimal(*v)).collect()),
            Value::List(check.figures.iter().map(figure).collect()),
        ]
    });
    let tables = report.tables.iter().map(|table| {
        vec![
            id(),
            text(&table.id),
            maybe(table.title.as_deref()),
            maybe(table.unit.as_deref()),
            Value::List(table.pages.iter().map(|p| Value::Int(i64::from(*p))).collect()),
            Value::Int(i64::from(table.rows)),
            Value::Int(i64::from(table.columns)),
        ]
    });
    let cells = report.tables.iter().flat_map(|table| table.cells.iter().map(move |cell| (table, cell))).map(
        |(table, cell)| {
            let mut row = vec![id(), text(&table.id)];
            row.extend([cell.row, cell.column, cell.row_span, cell.column_span].map(|n| Value::Int(i64::from(n))));
            row.extend([Value::Bool(cell.head), text(&cell.text), cell.confidence.map_or(Value::Null, float)]);
            row.extend(page_and_line(&cell.place));
            row.extend(rect(&cell.place));
            row
        },
    );
    let stamps = (1..).zip(&report.stamps).map(|(number, stamp)| {
        let confidence = stamp.confidence.map_or(Value::Null, float);
        let mut row = vec![id(), Value::Int(number), text(&stamp.text), confidence, int(stamp.place.page)];
        row.extend(rect(&stamp.place));
        row
    });
    let diagnostics = (1..).zip(&report.diagnostics).map(|(number, remark)| {
        let hint = maybe(remark.hint.as_deref());
        let mut row = vec![id(), Value::Int(number), word(&remark.severity), text(&remark.message), hint];
        row.extend(page_and_line(&remark.place.unwrap_or_default()));
        row
    });
    let texts = (1..).zip(texts).map(|(page, content)| vec![id(), Value::Int(page), text(content)]);
    let all = vec![
        documents,
        pages.collect(),
        figures.collect(),
        indicators.collect(),
        references.collect(),
        checks.collect(),
        tables.collect(),
        cells.collect(),
        stamps.collect(),
        diagnostics.collect(),
        texts.collect(),
    ];
    debug_assert!(all.iter().zip(&TABLES).all(|(rows, t)| rows.iter().all(|row: &Row| row.len() == t.columns.len())));
    all
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn maybe(text: Option<&str>) -> Value {
    text.map_or(Value::Null, |t| Value::Text(t.to_owned()))
}

fn texts_of(texts: &[String]) -> Value {
    Value::List(texts.iter().map(|t| Value::Text(t.clone())).collect())
}

fn int(number: Option<impl Into<i64>>) -> Value {
    number.map_or(Value::Null, |n| Value::Int(n.into()))
}

/// The shortest decimal fraction that is this number, as the report's JSON prints it, rather than its binary neighbours.
fn float(number: f32) -> Value {
    Value::Float(number.to_string().parse().unwrap_or_else(|_| f64::from(number)))
}

fn decimal(number: Option<Decimal>) -> Value {
    number.map_or(Value::Null, Value::Decimal)
}

/// The name that a unit variant has in the report.
fn word(variant: &impl Serialize) -> Value {
    let name = serde_json::to_value(variant).ok().and_then(|v| v.as_str().map(str::to_owned));
    name.map_or(Value::Null, Value::Text)
}

fn day_of(date: &Date) -> Value {
    match (date.year, date.month, date.day) {
        (Some(year), Some(month), Some(day)) => Day::new(year, month, day).map_or(Value::Null, Value::Date),
        _ => Value::Null,
    }
}

fn page_and_line(place: &Place) -> [Value; 2] {
    [int(place.page), int(place.line)]
}

fn rect(place: &Place) -> [Value; 4] {
    match &place.rect {
        // Rounded as in the report's JSON, from which the tables of a run are made.
        Some(r) => <[f32; 4]>::from(*r).map(float),
        None => [const { Value::Null }; 4],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use crate::pipeline::read_text;
    use crate::resources::Resources;

    #[test]
    fn days_are_counted_as_the_calendar_has_them() {
        for (text, number) in [("1970-01-01", 0), ("2000-02-29", 11016), ("2026-11-28", 20785), ("1945-09-02", -8887)] {
            let day = Day::parse(text).unwrap();
            assert_eq!(day.number(), number, "{text}");
            assert_eq!(day.to_string(), text);
        }
        for wrong in ["2025-02-29", "2025-13-01", "2025-00-10", "2025-04-31", "2025-1", "1-2-3-4"] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_report_has_the_same_rows_before_it_is_written_and_when_it_is_read_back() {
        let text = include_str!("../../../fixtures/reports/suoi-ngan-2025q3.txt");
        let mut report = read_text(&Resources::embedded(), text.as_bytes(), "x.txt", false).unwrap();
        for figure in &mut report.extraction.figures {
            figure.place.rect = Some(Rect::new(1432.9923, 181.47018, 1516.4509, 209.91463));
        }
        let back: Report = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
        let provenance = Provenance { document: "ab".into(), ..Provenance::default() };
        assert_eq!(rows(&report, &[], &provenance), rows(&back, &[], &provenance));
    }

    #[test]
    fn every_row_has_the_kinds_that_its_columns_say() {
        let text = include_str!("../../../fixtures/reports/suoi-ngan-2025q3.txt");
        let report = read_text(&Resources::embedded(), text.as_bytes(), "x.txt", false).unwrap();
        let provenance = Provenance { document: "ab".into(), ..Provenance::default() };
        let all = rows(&report, &["một".to_owned()], &provenance);
        assert_eq!(all[2].len(), report.extraction.figures.len());
        assert_eq!(all[3].len(), report.extraction.indicators.len());
        for (table, rows) in TABLES.iter().zip(&all) {
            for row in rows {
                assert_eq!(row.len(), table.columns.len(), "{}", table.name);
                for (column, value) in table.columns.iter().zip(row) {
                    let fits = match value {
                        Value::Null => column.nullable,
                        Value::List(_) => column.kind.element().is_some(),
                        Value::Text(_) => column.kind.name() == "text",
                        Value::Int(_) => column.kind.name() == "int64",
                        Value::Float(_) => column.kind.name() == "float64",
                        Value::Bool(_) => column.kind.name() == "bool",
                        Value::Decimal(_) => column.kind.name() == "decimal(38,18)",
                        Value::Date(_) => column.kind.name() == "date",
                    };
                    assert!(fits, "{}.{}: {value:?}", table.name, column.name);
                }
            }
        }
    }
}

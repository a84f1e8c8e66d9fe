//! The figures as a table: one row a figure, then one row an indicator, under one header.

use crate::error::{Error, ErrorKind, Result};
use crate::extract::extraction::{Extraction, Figure};

/// The columns, in order.
const COLUMNS: [&str; 17] = [
    "file",
    "row",
    "name",
    "value",
    "of",
    "to",
    "unit",
    "label",
    "raw",
    "section",
    "page",
    "line",
    "x0",
    "y0",
    "x1",
    "y1",
    "confidence",
];

impl Extraction {
    /// Comma-separated values in UTF-8 with a header. Rows with `row` = `figure` bear the figure's id as their name, those
    /// with `indicator` the indicator's; the latter repeat the place, label and confidence of their figure.
    ///
    /// # Errors
    /// [`ErrorKind::Defect`] only where memory cannot be written to.
    pub fn to_csv(&self, file: &str) -> Result<Vec<u8>> {
        let defect = |e: csv::Error| Error::new(ErrorKind::Defect, "the table could not be made").source(e);
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(COLUMNS).map_err(defect)?;
        for figure in &self.figures {
            table.write_record(row(file, "figure", &figure.id, figure.unit.as_deref(), figure)).map_err(defect)?;
        }
        for (name, indicator) in &self.indicators {
            let Some(figure) = self.figures.iter().find(|f| f.id == indicator.figure) else { continue };
            table.write_record(row(file, "indicator", name, indicator.unit.as_deref(), figure)).map_err(defect)?;
        }
        table
            .into_inner()
            .map_err(|e| Error::new(ErrorKind::Defect, "the table could not be made").source(e.to_string()))
    }
}

fn row(file: &str, kind: &str, name: &str, unit: Option<&str>, figure: &Figure) -> [String; 17] {
    let place = &figure.place;
    let edges = place.rect.map(<[f32; 4]>::from);
    let edge = |i: usize| edges.map_or(String::new(), |e| e[i].to_string());
    let shown = |value: Option<String>| value.unwrap_or_default();
    [
        file.to_owned(),
        kind.to_owned(),
        name.to_owned(),
        shown(figure.value.map(|v| v.to_string())),
        shown(figure.of.map(|v| v.to_string())),
        shown(figure.to.map(|v| v.to_string())),
        shown(unit.map(str::to_owned)),
        figure.label.clone(),
        figure.raw.clone(),
        shown(figure.section.clone()),
        shown(place.page.map(|p| p.to_string())),
        shown(place.line.map(|l| l.to_string())),
        edge(0),
        edge(1),
        edge(2),
        edge(3),
        figure.confidence.to_string(),
    ]
}

//! Tables as text: comma-separated values, and one JSON object a line.

use super::rows::{Row, Value};
use super::schema::Table;
use std::fmt::Write as _;
use std::io::{self, Write};

/// A value as JSON; decimals keep every digit.
pub(super) fn json(value: &Value, to: &mut String) {
    // Writing to a string cannot fail.
    let _ = match value {
        Value::Null => write!(to, "null"),
        Value::Text(text) => write!(to, "{}", serde_json::Value::from(text.as_str())),
        Value::Int(number) => write!(to, "{number}"),
        Value::Float(number) => write!(to, "{}", serde_json::Value::from(*number)),
        Value::Bool(truth) => write!(to, "{truth}"),
        Value::Decimal(number) => write!(to, "{number}"),
        Value::Date(day) => write!(to, "\"{day}\""),
        Value::List(all) => {
            to.push('[');
            for (index, value) in all.iter().enumerate() {
                if index > 0 {
                    to.push(',');
                }
                json(value, to);
            }
            to.push(']');
            Ok(())
        }
    };
}

/// A row as a JSON object.
pub(super) fn object(table: &Table, row: &Row, to: &mut String) {
    to.push('{');
    for (index, (column, value)) in table.columns.iter().zip(row).enumerate() {
        let _ = write!(to, "{}\"{}\":", if index > 0 { "," } else { "" }, column.name);
        json(value, to);
    }
    to.push('}');
}

/// A value as one field of a table: a list as JSON, nothing as an empty field.
pub(super) fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(text) => text.clone(),
        value => {
            let mut text = String::new();
            json(value, &mut text);
            text.trim_matches('"').to_owned()
        }
    }
}

/// Writes one table as comma-separated values, with a head.
pub(super) fn csv_head<W: Write>(table: &Table, to: W) -> csv::Result<csv::Writer<W>> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(table.columns.iter().map(|c| c.name))?;
    Ok(writer)
}

/// Writes a row as one line of JSON.
pub(super) fn line(table: &Table, row: &Row, to: &mut impl Write) -> io::Result<()> {
    let mut text = String::new();
    object(table, row, &mut text);
    text.push('\n');
    to.write_all(text.as_bytes())
}

//! Tables as Parquet: row groups of a few MB, compressed with zstd, decimals as decimals and days as days.

use super::rows::{Row, Value};
use super::schema::{Column, Kind, Table};
use parquet::basic::{Compression, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::io::Write;
use std::sync::Arc;

/// Rows are kept until they are about this large, and then written as a row group.
const GROUP: usize = 8 << 20;
/// Digits behind the point of a decimal.
const SCALE: u8 = 18;

/// Writes one table.
pub(super) struct ParquetTable<W: Write + Send> {
    table: &'static Table,
    writer: SerializedFileWriter<W>,
    columns: Vec<Buffer>,
    size: usize,
}

/// Values of a column that wait to be written, with the levels that say which are missing and where lists begin.
struct Buffer {
    values: Values,
    definition: Vec<i16>,
    repetition: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Int(Vec<i64>),
    Float(Vec<f64>),
    Bool(Vec<bool>),
    Decimal(Vec<FixedLenByteArray>),
    Date(Vec<i32>),
}

impl Values {
    fn of(kind: Kind) -> Values {
        match kind.element().unwrap_or(kind) {
            Kind::Int => Values::Int(Vec::new()),
            Kind::Float => Values::Float(Vec::new()),
            Kind::Bool => Values::Bool(Vec::new()),
            Kind::Decimal => Values::Decimal(Vec::new()),
            Kind::Date => Values::Date(Vec::new()),
            _ => Values::Text(Vec::new()),
        }
    }

    /// Adds a value; how large it is.
    fn push(&mut self, value: &Value) -> Result<usize> {
        match (self, value) {
            (Values::Text(all), Value::Text(text)) => {
                all.push(ByteArray::from(text.as_bytes().to_vec()));
                return Ok(text.len());
            }
            (Values::Int(all), Value::Int(number)) => all.push(*number),
            (Values::Float(all), Value::Float(number)) => all.push(*number),
            (Values::Bool(all), Value::Bool(truth)) => all.push(*truth),
            (Values::Date(all), Value::Date(day)) => all.push(day.number()),
            (Values::Decimal(all), Value::Decimal(number)) => {
                // Eighteen digits moved by at most eighteen places fit.
                let scaled =
                    number.at_scale(SCALE).ok_or_else(|| ParquetError::General("a decimal too long".into()))?;
                all.push(FixedLenByteArray::from(scaled.to_be_bytes().to_vec()));
                return Ok(16);
            }
            _ => return Err(ParquetError::General("a value of another kind than its column".into())),
        }
        Ok(8)
    }
}

fn message(table: &Table) -> String {
    let field = |kind: Kind| match kind {
        Kind::Int => ("INT64", ""),
        Kind::Float => ("DOUBLE", ""),
        Kind::Bool => ("BOOLEAN", ""),
        Kind::Decimal => ("FIXED_LEN_BYTE_ARRAY (16)", "(DECIMAL(38,18))"),
        Kind::Date => ("INT32", "(DATE)"),
        _ => ("BYTE_ARRAY", "(STRING)"),
    };
    let column = |c: &Column| match c.kind.element() {
        Some(element) => {
            let (physical, logical) = field(element);
            format!(
                "REQUIRED group {} (LIST) {{ REPEATED group list {{ OPTIONAL {physical} element {logical}; }} }}",
                c.name
            )
        }
        None => {
            let (physical, logical) = field(c.kind);
            format!("{} {physical} {} {logical};", if c.nullable { "OPTIONAL" } else { "REQUIRED" }, c.name)
        }
    };
    let columns: Vec<String> = table.columns.iter().map(column).collect();
    format!("message {} {{ {} }}", table.name, columns.join(" "))
}

impl<W: Write + Send> ParquetTable<W> {
    pub fn new(table: &'static Table, to: W) -> Result<Self> {
        let schema = Arc::new(parse_message_type(&message(table))?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .set_created_by(concat!("sohoa ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let writer = SerializedFileWriter::new(to, schema, Arc::new(properties))?;
        let mut made = ParquetTable { table, writer, columns: Vec::new(), size: 0 };
        made.clear();
        Ok(made)
    }

    fn clear(&mut self) {
        let buffer = |c: &Column| Buffer { values: Values::of(c.kind), definition: Vec::new(), repetition: Vec::new() };
        self.columns = self.table.columns.iter().map(buffer).collect();
        self.size = 0;
    }

    pub fn row(&mut self, row: &Row) -> Result<()> {
        for ((column, buffer), value) in self.table.columns.iter().zip(&mut self.columns).zip(row) {
            match value {
                Value::List(all) => {
                    if all.is_empty() {
                        buffer.definition.push(0);
                        buffer.repetition.push(0);
                    }
                    for (index, value) in all.iter().enumerate() {
                        buffer.repetition.push(i16::from(index > 0));
                        buffer.definition.push(if *value == Value::Null { 1 } else { 2 });
                        if *value != Value::Null {
                            self.size += buffer.values.push(value)?;
                        }
                    }
                }
                Value::Null => buffer.definition.push(0),
                value => {
                    if column.nullable {
                        buffer.definition.push(1);
                    }
                    self.size += buffer.values.push(value)?;
                }
            }
        }
        if self.size >= GROUP { self.write_group() } else { Ok(()) }
    }

    fn write_group(&mut self) -> Result<()> {
        let mut group = self.writer.next_row_group()?;
        for (column, buffer) in self.table.columns.iter().zip(&self.columns) {
            let Some(mut writer) = group.next_column()? else { break };
            let list = column.kind.element().is_some();
            let definition = (list || column.nullable).then_some(&buffer.definition[..]);
            let repetition = list.then_some(&buffer.repetition[..]);
            match (writer.untyped(), &buffer.values) {
                (ColumnWriter::ByteArrayColumnWriter(w), Values::Text(v)) => {
                    w.write_batch(v, definition, repetition)?
                }
                (ColumnWriter::Int64ColumnWriter(w), Values::Int(v)) => w.write_batch(v, definition, repetition)?,
                (ColumnWriter::DoubleColumnWriter(w), Values::Float(v)) => w.write_batch(v, definition, repetition)?,
                (ColumnWriter::BoolColumnWriter(w), Values::Bool(v)) => w.write_batch(v, definition, repetition)?,
                (ColumnWriter::Int32ColumnWriter(w), Values::Date(v)) => w.write_batch(v, definition, repetition)?,
                (ColumnWriter::FixedLenByteArrayColumnWriter(w), Values::Decimal(v)) => {
                    w.write_batch(v, definition, repetition)?
                }
                _ => return Err(ParquetError::General("a column of another kind than its schema".into())),
            };
            writer.close()?;
        }
        group.close()?;
        self.clear();
        Ok(())
    }

    pub fn finish(mut self) -> Result<()> {
        if self.size > 0 {
            self.write_group()?;
        }
        self.writer.close()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::TABLES;
    use super::*;
    use crate::extract::Decimal;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;

    #[test]
    fn what_is_written_is_read_again_lists_with_holes_and_long_decimals_too() {
        let checks = TABLES.iter().find(|t| t.name == "checks").unwrap();
        let decimal = |whole: &str, fraction: &str| Value::Decimal(Decimal::from_digits(whole, fraction).unwrap());
        let text = |t: &str| Value::Text(t.to_owned());
        let row = |terms: Vec<Value>, ids: Vec<Value>| {
            vec![text("ab"), text("c1"), text("a = b"), text("pass"), Value::List(terms), Value::List(ids)]
        };
        let file = tempfile::tempfile().unwrap();
        let mut writer = ParquetTable::new(checks, file.try_clone().unwrap()).unwrap();
        let long = decimal("12345678901234567", "8");
        writer.row(&row(vec![long, Value::Null, decimal("0", "05")], vec![text("f1"), Value::Null])).unwrap();
        writer.row(&row(vec![], vec![])).unwrap();
        writer.finish().unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 2);
        let terms = rows[0].get_list(4).unwrap().elements();
        let shown: Vec<String> = terms.iter().map(ToString::to_string).collect();
        assert_eq!(shown[0], "12345678901234567.800000000000000000");
        assert_eq!(shown[1], "null");
        assert!(shown[2].ends_with(".050000000000000000"), "{shown:?}");
        assert!(rows[1].get_list(4).unwrap().elements().is_empty());
        assert_eq!(rows[0].get_list(5).unwrap().elements().len(), 2);
    }
}

//! Tables as a SQLite database. It has no decimals: they are text there, with every digit, as days are.

use super::rows::{Row, Value};
use super::schema::{Kind, TABLES, Table};
use super::text::field;
use rusqlite::types::{ToSqlOutput, Value as Sql};
use rusqlite::{Connection, Result, ToSql, params_from_iter};
use std::path::Path;

/// Writes all tables into one file, in one transaction.
pub(super) struct SqliteTables {
    db: Connection,
    inserts: Vec<String>,
}

impl SqliteTables {
    pub fn new(path: &Path) -> Result<Self> {
        let db = Connection::open(path)?;
        // Nobody reads it before it is whole, and then it is moved to its place.
        db.pragma_update(None, "journal_mode", "OFF")?;
        db.pragma_update(None, "synchronous", "OFF")?;
        db.execute_batch("BEGIN")?;
        for table in &TABLES {
            db.execute_batch(&definition(table))?;
        }
        db.set_prepared_statement_cache_capacity(TABLES.len());
        Ok(SqliteTables { db, inserts: TABLES.iter().map(insert).collect() })
    }

    pub fn row(&mut self, table: usize, row: &Row) -> Result<()> {
        let mut insert = self.db.prepare_cached(&self.inserts[table])?;
        insert.execute(params_from_iter(row)).map(drop)
    }

    pub fn finish(self) -> Result<()> {
        self.db.execute_batch("COMMIT")?;
        self.db.close().map_err(|(_, error)| error)
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(match self {
            Value::Null => ToSqlOutput::Owned(Sql::Null),
            Value::Text(text) => text.to_sql()?,
            Value::Int(number) => ToSqlOutput::Owned(Sql::Integer(*number)),
            Value::Float(number) => ToSqlOutput::Owned(Sql::Real(*number)),
            Value::Bool(truth) => ToSqlOutput::Owned(Sql::Integer(i64::from(*truth))),
            value => ToSqlOutput::Owned(Sql::Text(field(value))),
        })
    }
}

fn definition(table: &Table) -> String {
    let kind = |kind: Kind| match kind {
        Kind::Int | Kind::Bool => "INTEGER",
        Kind::Float => "REAL",
        _ => "TEXT",
    };
    let column = |c: &super::schema::Column| {
        format!("\"{}\" {}{}", c.name, kind(c.kind), if c.nullable { "" } else { " NOT NULL" })
    };
    let columns: Vec<String> = table.columns.iter().map(column).collect();
    let key: Vec<String> = table.key.iter().map(|k| format!("\"{k}\"")).collect();
    format!("CREATE TABLE \"{}\" ({}, PRIMARY KEY ({})) WITHOUT ROWID", table.name, columns.join(", "), key.join(", "))
}

fn insert(table: &Table) -> String {
    let places = vec!["?"; table.columns.len()];
    format!("INSERT INTO \"{}\" VALUES ({})", table.name, places.join(", "))
}

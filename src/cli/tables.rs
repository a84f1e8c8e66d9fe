//! `sohoa tables`: everything that a run over folders read, as tables.

use super::Exit;
use crate::bulk::tables::{self, FOLDER, Format};
use std::io::{self, Write};
use std::path::PathBuf;

/// Gather everything that was read into tables: documents, pages, figures, indicators, references, checks, tables, cells and more.
///
/// `sohoa schema --tables` prints what they hold.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder that `sohoa read FOLDER... --out` or `sohoa watch` wrote to.
    #[arg(value_name = "DIR")]
    out: PathBuf,
    /// In which forms; they are written to the folder DIR/tables.
    #[arg(long, value_name = "FORMATS", value_delimiter = ',', default_value = "parquet")]
    format: Vec<Format>,
}

/// Writes them, and says how many rows each has.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let written = tables::write(&args.out, &args.format)?;
    let mut out = io::stdout().lock();
    for (table, count) in &written.value {
        writeln!(out, "{count:>10} {table}")?;
    }
    for remark in &written.diagnostics {
        writeln!(io::stderr(), "sohoa: {}", remark.message)?;
    }
    writeln!(io::stderr(), "sohoa: written to {}", args.out.join(FOLDER).display())?;
    Ok(if written.diagnostics.is_empty() { Exit::AllRead } else { Exit::Partly })
}

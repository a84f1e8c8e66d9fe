//! `sohoa schema`: the JSON Schema of the report.

use super::Exit;
use crate::report::Report;
use std::io::{self, Write};

/// Print the JSON Schema that every report obeys.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Prints it.
pub fn run(_: Args) -> anyhow::Result<Exit> {
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(Report))?;
    writeln!(io::stdout().lock(), "{schema}")?;
    Ok(Exit::AllRead)
}

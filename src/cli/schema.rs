//! `sohoa schema`: what the results look like, for programs that read them.

use super::Exit;
use crate::bulk::tables::schema as tables;
use crate::report::Report;
use crate::serve::http::OPENAPI;
use std::io::{self, Write};

/// Print the JSON Schema that every report obeys, or what the tables hold.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The data dictionary of the tables: their columns, types and what they mean.
    #[arg(long)]
    tables: bool,
    /// The data dictionary as JSON, for programs.
    #[arg(long, requires = "tables")]
    json: bool,
    /// The description of the job service, as OpenAPI 3.1; see `sohoa serve`.
    #[arg(long, conflicts_with = "tables")]
    openapi: bool,
}

/// Prints it.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    if args.openapi {
        io::stdout().lock().write_all(OPENAPI.as_bytes())?;
        return Ok(Exit::AllRead);
    }
    let text = match (args.tables, args.json) {
        (false, _) => serde_json::to_string_pretty(&schemars::schema_for!(Report))?,
        (true, false) => tables::dictionary().trim_end().to_owned(),
        (true, true) => serde_json::to_string_pretty(&tables::as_json())?,
    };
    writeln!(io::stdout().lock(), "{text}")?;
    Ok(Exit::AllRead)
}

//! `sohoa figures`: text in, the report's JSON out.

use super::Exit;
use crate::document::TextLine;
use crate::error::Error;
use crate::extract::Extractor;
use std::io::{self, Read, Write};
use std::path::PathBuf;

/// Find the figures, fields and references in a text and print the report.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// File of text in UTF-8; `-` or nothing reads standard input. A form feed begins a new page.
    #[arg(value_name = "FILE")]
    input: Option<PathBuf>,
}

/// Reads the text and prints its report.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let mut bytes = Vec::new();
    match args.input.filter(|file| file.as_os_str() != "-") {
        Some(file) => bytes = std::fs::read(&file).map_err(|e| Error::io(file, e))?,
        None => drop(io::stdin().lock().read_to_end(&mut bytes)?),
    }
    let text = String::from_utf8_lossy(&bytes);
    let outcome = Extractor::embedded()?.extract(&TextLine::from_text(&text));
    let json = serde_json::to_string_pretty(&outcome.value)?;
    let mut out = io::stdout().lock();
    writeln!(out, "{json}")?;
    for d in outcome.diagnostics {
        writeln!(io::stderr(), "{}", d.message)?;
    }
    Ok(Exit::AllRead)
}

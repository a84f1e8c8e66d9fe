//! `sohoa figures`: text in, the report's JSON out.

use super::Exit;
use crate::error::Error;
use crate::pipeline::read_text;
use crate::resources::Resources;
use anyhow::Context;
use clap::ValueEnum;
use std::io::{self, Read, Write};
use std::path::PathBuf;

/// Find the figures, fields and references in a text and print the report.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// File of text in UTF-8; `-` or nothing reads standard input. A form feed begins a new page.
    #[arg(value_name = "FILE")]
    input: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Take the text as it is, even where its marks are lost; otherwise it is restored first, digits apart.
    #[arg(long)]
    as_it_is: bool,
    /// Print what was understood of each number instead: its words, their terms, the indicators that it may be.
    #[arg(long)]
    explain: bool,
}

/// A form of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The report.
    Json,
    /// One row a figure, then one row an indicator.
    Csv,
}

/// Reads the text and prints its report.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let file = args.input.filter(|file| file.as_os_str() != "-");
    let mut bytes = Vec::new();
    match &file {
        Some(file) => bytes = std::fs::read(file).map_err(|e| Error::io(file, e))?,
        None => {
            io::stdin().lock().read_to_end(&mut bytes).context("standard input")?;
        }
    }
    if args.explain {
        let text = String::from_utf8(bytes).context("only text in UTF-8 can be explained")?;
        return explain(&text);
    }
    let name = file.as_deref().and_then(|f| f.file_name()).map_or("-".into(), |f| f.to_string_lossy());
    let report = read_text(&Resources::embedded(), &bytes, name, args.as_it_is)?;
    let out = match args.format {
        Format::Json => report.to_json().into_bytes(),
        Format::Csv => report.extraction.to_csv(&report.source.file)?,
    };
    io::stdout().lock().write_all(&out)?;
    Ok(Exit::AllRead)
}

/// Prints a line a number: where it stands, what is printed, its label, and for each family its terms and its names.
fn explain(text: &str) -> anyhow::Result<Exit> {
    let lines = crate::document::TextLine::from_text(text);
    let tables = crate::table::from_text(&lines);
    let mut out = io::stdout().lock();
    for number in Resources::embedded().extractor()?.explain(&lines, &tables) {
        let (line, column) = (number.place.line.unwrap_or(0), number.place.column.unwrap_or(0));
        let apart = if number.apart { " apart" } else { "" };
        let (phrases, terms) = (number.phrases.join(" | "), number.terms.join(" "));
        let names = number.indicators.join(", ");
        let (raw, label, family, score) = (number.raw, number.label, number.family, number.score);
        writeln!(out, "{line}:{column}\t{raw}\t{label}\t{phrases}\t{family}: {terms} {score:.2}{apart}\t{names}")?;
    }
    Ok(Exit::AllRead)
}

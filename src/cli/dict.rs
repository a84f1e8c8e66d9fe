//! `sohoa dict`: looks after dictionary files.

use super::Exit;
use crate::diagnostics::Severity;
use crate::dict::{Kind, check};
use crate::error::Error;
use crate::extract::check_data;
use crate::ocr::{Certainty, Weights};
use anyhow::Context;
use clap::Subcommand;
use std::io::Write;
use std::path::PathBuf;

/// Look after dictionaries.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what is wrong with dictionary files, with line and remedy
    Check {
        /// Files to check; syllables.tsv, places.tsv and their like by the rules of those, others as a user's own.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// Runs `dict`; mistakes in a file end it with the code for unreadable input.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let Command::Check { files } = args.command;
    let mut out = std::io::stdout().lock();
    let mut exit = Exit::AllRead;
    for file in files {
        let bytes = std::fs::read(&file).map_err(|error| Error::io(&file, error))?;
        let name = file.file_name().map(|n| n.to_string_lossy()).unwrap_or_default();
        if matches!(&*name, "fusion.tsv" | "certainty.tsv") {
            let text = String::from_utf8_lossy(&bytes);
            let parsed =
                if name == "fusion.tsv" { Weights::parse(&text).map(drop) } else { Certainty::parse(&text).map(drop) };
            if let Err(error) = parsed {
                writeln!(out, "{}: error: {error}", file.display()).context("stdout")?;
                exit = Exit::InputUnreadable;
            }
            continue;
        }
        if let Some(checked) = check_data(&name, &String::from_utf8_lossy(&bytes)) {
            if let Err(error) = checked {
                writeln!(out, "{}: error: {error}", file.display()).context("stdout")?;
                exit = Exit::InputUnreadable;
            }
            continue;
        }
        for found in check(Kind::of(&name), &bytes) {
            let line = found.place.and_then(|p| p.line).unwrap_or(1);
            let severity = if found.severity == Severity::Error { "error" } else { "warning" };
            write!(out, "{}:{line}: {severity}: {}", file.display(), found.message).context("stdout")?;
            match found.hint {
                Some(hint) => writeln!(out, "; {hint}"),
                None => writeln!(out),
            }
            .context("stdout")?;
            if found.severity == Severity::Error {
                exit = Exit::InputUnreadable;
            }
        }
    }
    Ok(exit)
}

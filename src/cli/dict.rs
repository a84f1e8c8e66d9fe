//! `sohoa dict`: looks after dictionary files.

use super::Exit;
use crate::data;
use crate::diagnostics::{Diagnostic, Severity};
use crate::dict::{Kind, check};
use crate::error::Error;
use crate::extract::check_data;
use crate::ocr::{Certainty, Weights};
use crate::restore::channel::LearnedChannel;
use anyhow::Context;
use clap::Subcommand;
use serde::Deserialize;
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
        /// Say as well what may be meant so: words that two phrases of a family share, indicators of the same terms.
        #[arg(long)]
        notes: bool,
    },
}

/// Runs `dict`; mistakes in a file end it with the code for unreadable input.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let Command::Check { files, notes } = args.command;
    let mut out = std::io::stdout().lock();
    let mut exit = Exit::AllRead;
    for file in files {
        let bytes = std::fs::read(&file).map_err(|error| Error::io(&file, error))?;
        let name = file.file_name().map(|n| n.to_string_lossy()).unwrap_or_default();
        let found = match check_form(&name, &String::from_utf8_lossy(&bytes)) {
            Some(Err(error)) => {
                writeln!(out, "{}: error: {error}", file.display()).context("stdout")?;
                exit = Exit::InputUnreadable;
                continue;
            }
            Some(Ok(found)) => found,
            None => check(Kind::of(&name), &bytes),
        };
        for found in found.into_iter().filter(|found| notes || found.severity > Severity::Info) {
            let line = found.place.and_then(|p| p.line).map(|line| format!(":{line}")).unwrap_or_default();
            let severity = match found.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "note",
            };
            write!(out, "{}{line}: {severity}: {}", file.display(), found.message).context("stdout")?;
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

/// Checks a file that only has a form of its own; None where it is a list of entries, or a user's own.
fn check_form(name: &str, content: &str) -> Option<Result<Vec<Diagnostic>, Error>> {
    match name {
        "fusion.tsv" => Some(Weights::parse(content).map(|_| Vec::new())),
        "certainty.tsv" => Some(Certainty::parse(content).map(|_| Vec::new())),
        "channel.tsv" => Some(LearnedChannel::check(content).map(|()| Vec::new())),
        "MANIFEST.toml" => Some(data::parse::<Manifest>(name, content).map(|_| Vec::new())),
        _ => check_data(name, content),
    }
}

/// Where data files come from, and what they must be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its form is looked at")]
struct Manifest {
    file: Vec<Origin>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its form is looked at")]
struct Origin {
    name: String,
    origin: String,
    licence: String,
    date: String,
    rows: Option<u64>,
    sha256: Option<String>,
    #[serde(default)]
    trained: bool,
}

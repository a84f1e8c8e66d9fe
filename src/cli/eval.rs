//! `sohoa eval`: a text against the truth.

use super::Exit;
use crate::error::{Error, ErrorKind};
use crate::eval::interval::significance;
use crate::eval::{Measures, corpus, html, table};
use std::io::Write;
use std::path::PathBuf;

/// Score texts against their references: errors by kind, figures, harm, calibration, with intervals.
///
/// REF and HYP are files, or folders matched by stem: text, reports, tokens of `restore --json`, ALTO, PAGE, hOCR.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What is printed on the paper: a file or a folder.
    #[arg(value_name = "REF")]
    reference: PathBuf,
    /// What was read: a file or a folder.
    #[arg(value_name = "HYP")]
    hypothesis: PathBuf,
    /// What the restorer was given, for the harm that it did.
    #[arg(long, value_name = "OBSERVED")]
    before: Option<PathBuf>,
    /// Another system's text; prints whether the two differ by more than chance.
    #[arg(long, value_name = "OTHER")]
    against: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Print CSV, one row a document.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Print a Markdown table.
    #[arg(long, conflicts_with_all = ["json", "csv"])]
    markdown: bool,
    /// Also write a report to look at in a browser.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Also print this many of the most frequent errors.
    #[arg(long, value_name = "N", default_value_t = 0)]
    errors: usize,
}

/// Measures and prints.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let before = args.before.as_deref();
    let score = corpus::compare(&args.reference, &args.hypothesis, before)?;
    let rivals = args.against.as_ref().map(|other| corpus::compare(&args.reference, other, before)).transpose()?;
    let mut json = table::json(&score);
    let mut out = match (args.csv, args.markdown) {
        (true, _) => table::csv(&score),
        (_, true) => table::markdown(&score),
        _ => table::text(&score),
    };
    if let Some(rivals) = &rivals {
        type Measure = (&'static str, fn(&Measures) -> f64);
        let measures: [Measure; 3] =
            [("cer", |m| m.cer), ("wer", |m| m.wer), ("syllable_recall", |m| m.syllable_recall)];
        let (mine, theirs) = (score.total().measures(), rivals.total().measures());
        for (name, measure) in measures {
            if let Some(p) = significance(&score.blocks(), &rivals.blocks(), measure) {
                json["significance"][name] =
                    serde_json::json!({ "difference": measure(&mine) - measure(&theirs), "p": p });
                let difference = 100.0 * (measure(&mine) - measure(&theirs));
                out += &format!("{name:24} {difference:+7.2} points against the other, p = {p:.3}\n");
            }
        }
    }
    if args.errors > 0 {
        let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "∅".into());
        for (pair, count) in score.errors().into_iter().take(args.errors) {
            out += &format!("{count:6}  {} -> {}\n", shown(&pair.reference), shown(&pair.other));
        }
    }
    if let Some(path) = &args.html {
        let unwritable = |e: std::io::Error| Error::new(ErrorKind::Unwritable, e.to_string()).file(path);
        std::fs::write(path, html::report(&score)).map_err(unwritable)?;
    }
    let mut stdout = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer_pretty(&mut stdout, &json)?;
        stdout.write_all(b"\n")?;
    } else {
        stdout.write_all(out.as_bytes())?;
    }
    Ok(Exit::AllRead)
}

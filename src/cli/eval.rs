//! `sohoa eval`: a text against the truth.

use super::Exit;
use crate::eval::interval::significance;
use crate::eval::{Measures, corpus, html, table};
use crate::whole_file::write_whole;
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  sohoa eval printed.txt read.txt                      the measures, each with what it means
  sohoa eval truth/ results/ --html report.html        two folders, and a page to look at
  sohoa eval truth/ restored/ --before observed/       what a restorer mended and what it harmed
  sohoa eval truth/ ours/ --against theirs/            is the difference more than chance?
  sohoa eval gold.json report.json                     named figures: precision and recall
  sohoa eval clean.txt <(sohoa restore --json bad.txt) do its posteriors mean what they say?

Files are told apart by their content: plain text with form feeds between pages, ALTO, PAGE, hOCR,
PDF with a text layer, and what `sohoa read` and `sohoa restore --json` write. docs/accuracy.md
says what is counted and what is not.";

/// Score texts against their references: errors by kind, figures, harm, calibration, with intervals.
///
/// REF is what is printed, HYP what was read; each is a file, or a folder whose files are matched by name: `a.gt.txt` with
/// `a.txt`, and `a-page03.gt.txt` with the third page of `a.txt`. A reference without a text counts as lost. Conventions (quotation
/// marks, dashes, line breaks, `hòa` or `hoà`) are no errors; case, spaces, punctuation and figures are scored.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
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
    /// Print JSON: totals, intervals, documents and pages, rates as fractions, and all counts.
    #[arg(long)]
    json: bool,
    /// Print CSV, one row a document.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Print a Markdown table, one row a document.
    #[arg(long, conflicts_with_all = ["json", "csv"])]
    markdown: bool,
    /// In tables, also a row for each page.
    #[arg(long, conflicts_with = "json")]
    pages: bool,
    /// Also write a report to look at in a browser: one file, with nothing outside it.
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
    let differences = rivals.map(|rivals| differences(&score, &rivals)).unwrap_or_default();
    if let Some(path) = &args.html {
        write_whole(path, html::report(&score).as_bytes())?;
    }
    let mut stdout = std::io::stdout().lock();
    if args.json {
        let mut json = table::json(&score);
        for (name, difference, p) in differences {
            json["significance"][name] = serde_json::json!({ "difference": difference, "p": p });
        }
        serde_json::to_writer_pretty(&mut stdout, &json)?;
        stdout.write_all(b"\n")?;
        return Ok(Exit::AllRead);
    }
    let mut out = match (args.csv, args.markdown) {
        (true, _) => table::csv(&score, args.pages),
        (_, true) => table::markdown(&score, args.pages),
        _ => table::text(&score, args.pages),
    };
    for (name, difference, p) in differences {
        let _ = writeln!(out, "{name:25} {:+8.2} points against the other, p = {p:.3}", 100.0 * difference);
    }
    if args.errors > 0 {
        let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "∅".into());
        for (pair, count) in score.errors().into_iter().take(args.errors) {
            let _ = writeln!(out, "{count:6}  {} -> {}", shown(&pair.reference), shown(&pair.other));
        }
    }
    stdout.write_all(out.as_bytes())?;
    Ok(Exit::AllRead)
}

/// The name of a measure, how much more ours is, and the probability of such a difference by chance.
fn differences(ours: &corpus::Score, theirs: &corpus::Score) -> Vec<(&'static str, f64, f64)> {
    type Measure = (&'static str, fn(&Measures) -> f64);
    let measures: [Measure; 4] = [
        ("cer", |m| m.cer),
        ("wer", |m| m.wer),
        ("syllable_recall", |m| m.syllable_recall),
        ("digit_exact", |m| m.digit_exact),
    ];
    let (a, b) = (ours.total().measures(), theirs.total().measures());
    let (our_blocks, their_blocks) = ours.paired(theirs);
    let difference = |(name, measure): Measure| {
        Some((name, measure(&a) - measure(&b), significance(&our_blocks, &their_blocks, measure)?))
    };
    measures.into_iter().filter_map(difference).collect()
}

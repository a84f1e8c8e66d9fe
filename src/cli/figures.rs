//! `sohoa figures`: text in, the report's JSON out; several documents in, what they say of each other.

use super::Exit;
use super::families::Families;
use crate::error::Error;
use crate::extract::{AcrossCheck, Extraction, Period, Statement, Verdict};
use crate::pipeline::read_text;
use crate::report::Report;
use crate::resources::Resources;
use anyhow::Context;
use clap::ValueEnum;
use std::io::{self, Read, Write};
use std::path::PathBuf;

/// Find the figures, fields and references in a text and print the report; of several, compare the reports of each body.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// File of text in UTF-8; `-` or nothing reads standard input. A form feed begins a new page. Of several files, which may be reports
    /// that `sohoa read` wrote as well, it is printed where those of one body disagree: what was pending and what was carried over, the
    /// parts of a year and the year.
    #[arg(value_name = "FILE")]
    input: Vec<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Take the text as it is, even where its marks are lost; otherwise it is restored first, digits apart.
    #[arg(long)]
    as_it_is: bool,
    /// Of a text that is restored, leave digits digits even where it surely had a word there.
    #[arg(long)]
    keep_digits: bool,
    /// Print what was understood of each number instead: its words, their terms, the indicators that it may be.
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    families: Families,
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
    if args.input.len() > 1 {
        return compare(&args);
    }
    let resources = args.families.among(&Resources::embedded().keeping_digits(args.keep_digits))?;
    let file = args.input.into_iter().next().filter(|file| file.as_os_str() != "-");
    let mut bytes = Vec::new();
    match &file {
        Some(file) => bytes = std::fs::read(file).map_err(|e| Error::io(file, e))?,
        None => {
            io::stdin().lock().read_to_end(&mut bytes).context("standard input")?;
        }
    }
    if args.explain {
        let text = String::from_utf8(bytes).context("only text in UTF-8 can be explained")?;
        return explain(&resources, &text);
    }
    let name = file.as_deref().and_then(|f| f.file_name()).map_or("-".into(), |f| f.to_string_lossy());
    let report = read_text(&resources, &bytes, name, args.as_it_is)?;
    let out = match args.format {
        Format::Json => report.to_json().into_bytes(),
        Format::Csv => report.extraction.to_csv(&report.source.file)?,
    };
    io::stdout().lock().write_all(&out)?;
    Ok(Exit::AllRead)
}

/// What several documents say of each other, as it is printed.
#[derive(Debug, serde::Serialize)]
struct Comparison {
    /// The files, in the order given, with the body and the period that each reports on.
    documents: Vec<Compared>,
    /// What was compared, by family, later document and rule.
    checks: Vec<AcrossCheck>,
}

#[derive(Debug, serde::Serialize)]
struct Compared {
    file: String,
    issuer: Option<String>,
    period: Option<Period>,
}

/// Compares the documents and prints the checks; those that fail are told as well.
fn compare(args: &Args) -> anyhow::Result<Exit> {
    anyhow::ensure!(!args.explain, "only one text at a time can be explained");
    anyhow::ensure!(args.format == Format::Json, "what several documents say of each other is printed as JSON only");
    let resources = args.families.among(&Resources::embedded().keeping_digits(args.keep_digits))?;
    let mut documents: Vec<(String, Extraction)> = Vec::with_capacity(args.input.len());
    for file in &args.input {
        let bytes = std::fs::read(file).map_err(|e| Error::io(file, e))?;
        let name = file.display().to_string();
        let extraction = match serde_json::from_slice::<Report>(&bytes) {
            Ok(report) => report.extraction,
            Err(_) => read_text(&resources, &bytes, &*name, args.as_it_is)?.extraction,
        };
        documents.push((name, extraction));
    }
    let named: Vec<(&str, &Extraction)> = documents.iter().map(|(name, found)| (name.as_str(), found)).collect();
    let checks = resources.extractor()?.compare(&named);
    for (name, found) in &named {
        let lacks = match (&found.document.issuer, found.document.period.and_then(|period| period.year)) {
            (None, _) => "who issued it",
            (_, None) => "which period it reports on",
            _ => continue,
        };
        writeln!(io::stderr(), "sohoa: {name}: it does not say {lacks}, so it is compared with none")?;
    }
    for check in checks.iter().filter(|check| check.status == Verdict::Fail) {
        let said = |s: &Statement| format!("{} in {}", s.value.map_or("nothing".into(), |v| v.to_string()), s.document);
        let values: Vec<String> = check.values.iter().map(said).collect();
        let values = values.join(", ");
        writeln!(io::stderr(), "sohoa: {} does not hold: {values}; compare the numbers with the papers", check.rule)?;
    }
    let compared = |(name, found): &(&str, &Extraction)| Compared {
        file: (*name).to_owned(),
        issuer: found.document.issuer.clone(),
        period: found.document.period,
    };
    let out = Comparison { documents: named.iter().map(compared).collect(), checks };
    writeln!(io::stdout().lock(), "{}", serde_json::to_string_pretty(&out)?)?;
    Ok(Exit::AllRead)
}

/// Prints a line a number: where it stands, what is printed, its label, and for each family its terms and its names.
fn explain(resources: &Resources, text: &str) -> anyhow::Result<Exit> {
    let lines = crate::document::TextLine::from_text(text);
    let tables = crate::table::from_text(&lines);
    let mut out = io::stdout().lock();
    let numbers = resources.extractor()?.explain(&lines, &tables);
    if numbers.is_empty() {
        let remedy = "a definition's `applies` and `titles` say to which texts it does (docs/indicators.md)";
        writeln!(io::stderr(), "sohoa: no family of reports applies to this text, or it has no numbers; {remedy}")?;
    }
    for number in numbers {
        let (line, column) = (number.place.line.unwrap_or(0), number.place.column.unwrap_or(0));
        let apart = if number.apart { " apart" } else { "" };
        let (phrases, terms) = (number.phrases.join(" | "), number.terms.join(" "));
        let names = number.indicators.join(", ");
        let (raw, label, family, score) = (number.raw, number.label, number.family, number.score);
        writeln!(out, "{line}:{column}\t{raw}\t{label}\t{phrases}\t{family}: {terms} {score:.2}{apart}\t{names}")?;
    }
    Ok(Exit::AllRead)
}

//! `sohoa status`: how a run over folders stands.

use super::Exit;
use crate::bulk::status::{Count, Status, status};
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;

/// Tell how a run over folders stands: counts, failures, the slowest pages, what a person should look at.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder that `sohoa read FOLDER... --out` or `sohoa watch` writes to.
    #[arg(value_name = "DIR")]
    out: PathBuf,
    /// Print it as JSON.
    #[arg(long)]
    json: bool,
}

/// Prints it.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let status = status(&args.out)?;
    let text = if args.json { format!("{}\n", serde_json::to_string_pretty(&status)?) } else { in_words(&status) };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Exit::AllRead)
}

fn in_words(status: &Status) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let mut line = |what: &str, said: String| {
        let _ = writeln!(text, "{what:<10} {said}");
    };
    let counts =
        |counts: &[Count]| counts.iter().map(|c| format!("{} {}", c.count, c.what)).collect::<Vec<_>>().join(", ");
    let ended = match (&status.ended, status.exit) {
        (Some(ended), Some(exit)) => format!("ended {ended} with exit code {exit}"),
        _ => "not ended: at work, or cut short".to_owned(),
    };
    line("run", format!("began {}, {ended} (sohoa {})", status.began, status.program));
    line("files", counts(&status.files));
    line("documents", status.documents.to_string());
    line("pages", counts(&status.pages));
    if let Some(seconds) = status.seconds_a_page {
        line("a page", format!("{seconds:.2} seconds"));
    }
    if !status.failures.is_empty() {
        line("failures", format!("{}; see quarantine.jsonl", counts(&status.failures)));
    }
    for slow in &status.slowest {
        line("slow", format!("{:.1} seconds: {} page {}", slow.seconds, slow.file, slow.page));
    }
    line("review", format!("{} documents; see review.jsonl", status.review.count));
    for asks in &status.review.worst {
        line("", format!("{:.2} {}: {}", asks.score, asks.name, asks.reasons.join("; ")));
    }
    let mib = |bytes: u64| format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20));
    line("disk", format!("results {}, journal {}", mib(status.results_bytes), mib(status.journal_bytes)));
    text
}

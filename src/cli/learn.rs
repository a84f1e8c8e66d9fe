//! `sohoa learn`: what corrections teach, kept where it helps.

use super::Exit;
use crate::correct::{Ground, Learned, learn_from};
use crate::desk::corrected_documents;
use crate::resources::Resources;
use std::io::{self, Write};
use std::path::PathBuf;

/// Learn from the corrections of a folder: letters that its recogniser misreads, words, names, and how far it is to be believed.
///
/// A third of the documents is held back; what was learned from the others is kept in DIR/learned only where it makes fewer of their words
/// wrong and spoils no more right ones. `sohoa read --out DIR` and `sohoa desk DIR` then read with it; remove the folder to forget it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder of results with `corrections.jsonl`, read by `sohoa desk`.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Print how it did as JSON.
    #[arg(long)]
    json: bool,
}

/// Learns, keeps it if it helps, and says how it did.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let mut remarks = Vec::new();
    let documents = corrected_documents(&args.folder)?.drain_into(&mut remarks);
    for remark in remarks {
        writeln!(io::stderr(), "sohoa: {}", remark.message)?;
    }
    let resources = Resources::embedded();
    let ground = Ground::of(&resources)?;
    let (learned, trial) = learn_from(&documents, &ground)?;
    let kept = learned.is_some();
    if let Some(learned) = learned {
        learned.save(&args.folder, &trial)?;
    }
    let mut out = io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::json!({ "kept": kept, "trial": trial }))?;
    } else {
        writeln!(out, "{}", trial.sentence())?;
        let verdict = match (kept, Learned::load(&args.folder)?.is_some()) {
            (true, _) => format!("kept in {}", args.folder.join(Learned::FOLDER).display()),
            (false, true) => "not kept; what was learned before stands".to_owned(),
            (false, false) => "not kept".to_owned(),
        };
        writeln!(out, "{verdict}")?;
    }
    Ok(Exit::AllRead)
}

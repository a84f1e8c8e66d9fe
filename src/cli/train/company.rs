//! `sohoa train company`: weights that tell words of the same letters apart by the words about them.

use super::TextArgs;
use crate::cli::Exit;
use crate::restore::context::learn::{Options, learn};

/// Learn from text which words keep which company, where the language model alone is unsure.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    text: TextArgs,
    /// Parts that the text is cut into; each is learned from beside a language model of the others.
    #[arg(long, value_name = "N", default_value_t = Options::default().folds)]
    folds: u64,
    /// The most weights to keep.
    #[arg(long, value_name = "N", default_value_t = Options::default().keep)]
    keep: usize,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let corpus = args.text.corpus()?;
    let options = Options { folds: args.folds, keep: args.keep, ..Options::default() };
    let weights = learn(&corpus, &options)?;
    args.text.write(&weights)?;
    Ok(Exit::AllRead)
}

//! `sohoa train company`: weights that tell words of the same letters apart by the words about them.

use super::TextArgs;
use crate::cli::Exit;
use crate::lm::Model;
use crate::restore::company::learn::{Options, learn};
use std::path::PathBuf;

/// Learn from text which words keep which company, where the language model alone is unsure.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    text: TextArgs,
    /// Language model that they are used with, in place of the one built in.
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Rounds over the places where the model is unsure.
    #[arg(long, default_value_t = Options::default().rounds)]
    rounds: usize,
    /// The most weights to keep.
    #[arg(long, value_name = "N", default_value_t = Options::default().keep)]
    keep: usize,
    /// Learn from one line in so many.
    #[arg(long, value_name = "N", default_value_t = Options::default().every)]
    every: usize,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let corpus = args.text.corpus()?;
    let model = args.model.as_deref().map_or_else(Model::embedded, Model::open)?;
    let options = Options { rounds: args.rounds, keep: args.keep, every: args.every };
    let weights = learn(&corpus, &model, &options)?;
    args.text.write(&weights)?;
    Ok(Exit::AllRead)
}

//! `sohoa train lm`: a language model from text, a paragraph a line.

use super::TextArgs;
use crate::cli::Exit;
use crate::lm::train::{Options, train};
use std::io::{self, Write};

/// Make a language model from text with one paragraph a line.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    text: TextArgs,
    /// Length of the longest n-grams, from 2 to 5.
    #[arg(long, default_value_t = Options::default().order)]
    order: usize,
    /// The most n-grams to keep of each order from 2 up.
    #[arg(long, value_name = "N,N,..", value_delimiter = ',', default_values_t = Options::default().keep)]
    keep: Vec<usize>,
    /// The smallest count to keep, for each order from 2 up.
    #[arg(long, value_name = "N,N,..", value_delimiter = ',', default_values_t = Options::default().cutoffs)]
    cutoff: Vec<u32>,
    /// Write the model packed, as the one that comes with the program is kept: a quarter of the size, and unpacked by the build.
    #[arg(long)]
    packed: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let corpus = args.text.corpus()?;
    let options = Options {
        order: args.order,
        keep: args.keep.clone(),
        cutoffs: args.cutoff.clone(),
        packed: args.packed,
        ..Options::default()
    };
    let trained = train(&corpus, &options)?;
    args.text.write(&trained.bytes)?;
    writeln!(
        io::stderr(),
        "{}: {} bytes, {} words, n-grams {:?} of which {} found no place; from {} lines, {} tokens, {} files",
        args.text.out.display(),
        trained.bytes.len(),
        trained.words,
        trained.ngrams,
        trained.lost,
        trained.lines,
        trained.tokens,
        corpus.files().len(),
    )?;
    Ok(Exit::AllRead)
}

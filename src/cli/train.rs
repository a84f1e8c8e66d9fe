//! `sohoa train`: make the models that restoration uses.

mod channel;
mod company;
mod lm;

use super::Exit;
use crate::error::Result;
use crate::lm::train::Corpus;
use crate::whole_file::write_whole;
use std::path::PathBuf;

/// Make the models that restoration uses.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    model: Model,
}

#[derive(Debug, clap::Subcommand)]
enum Model {
    Channel(channel::Args),
    Company(company::Args),
    Lm(lm::Args),
}

/// Trains a model.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    match args.model {
        Model::Channel(args) => channel::run(args),
        Model::Company(args) => company::run(&args),
        Model::Lm(args) => lm::run(&args),
    }
}

/// What a model is made from, and where it goes.
#[derive(Debug, clap::Args)]
struct TextArgs {
    /// Files of text (.txt, .txt.zst), or folders that are searched for them.
    #[arg(required = true)]
    corpus: Vec<PathBuf>,
    /// File that the model is written to.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Hold back about one of so many lines, chosen by the hash of its bytes; 0 holds back none.
    #[arg(long, value_name = "N", default_value_t = 200)]
    hold_out: u64,
}

impl TextArgs {
    fn corpus(&self) -> Result<Corpus> {
        Corpus::open(&self.corpus, self.hold_out)
    }

    fn write(&self, bytes: &[u8]) -> Result<()> {
        write_whole(&self.out, bytes)
    }
}

//! `sohoa train`: make the models that restoration uses.

mod channel;
mod company;
mod lm;

use super::Exit;

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

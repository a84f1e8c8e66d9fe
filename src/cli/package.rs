//! `sohoa package-files`: what a package of the program has beside it, man pages and completions, made from the command line itself.

use super::{Args as Program, Exit};
use anyhow::Context;
use clap::CommandFactory;
use clap_complete::{Shell, generate_to};
use std::path::PathBuf;

/// Write man pages and completions for shells, for whoever makes a package.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder that they are written to, in `man` and `completions`.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Writes them.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let [man, completions] = ["man", "completions"].map(|name| args.folder.join(name));
    for folder in [&man, &completions] {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    clap_mangen::generate_to(Program::command(), &man).context("writing man pages")?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        generate_to(shell, &mut Program::command(), "sohoa", &completions).context("writing completions")?;
    }
    Ok(Exit::AllRead)
}

//! `sohoa merge`: the folders that several machines wrote, as one.

use super::Exit;
use crate::bulk::merge;
use std::io::{self, Write};
use std::path::PathBuf;

/// Put the results and journals of several runs together, such as those of the parts that `--shard` makes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders that `sohoa read FOLDER... --out` or `sohoa watch` wrote to.
    #[arg(value_name = "DIR", required = true)]
    folder: Vec<PathBuf>,
    /// Folder for all of them; made if it is not there.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Merges, and says how many files there are.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let merged = merge::merge(&args.folder, &args.out)?;
    writeln!(io::stdout().lock(), "{} files, {} that were there before", merged.files, merged.twice)?;
    Ok(Exit::AllRead)
}

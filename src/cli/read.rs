//! `sohoa read`: files and folders in, one report a file out.

use super::Exit;
use std::path::PathBuf;

/// Read scans and PDFs: text and figures of each, written to a folder.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, or folders that are searched for documents.
    #[arg(required = true)]
    input: Vec<PathBuf>,
    /// Folder that the results are written to; made if it is not there.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Reads all inputs.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    anyhow::bail!("reading {} inputs into {} waits for the pipeline", args.input.len(), args.out.display())
}

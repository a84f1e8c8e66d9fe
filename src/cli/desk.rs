//! `sohoa desk`: the page in the browser on which results are found, checked and corrected.

use super::Exit;
use super::families::Families;
use crate::desk::{Desk, DeskOptions, Listener};
use crate::pipeline::{Isolation, ReaderOptions};
use crate::resources::Resources;
use crate::serve::http::pass_over_cut_connections;
use anyhow::Context;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Open the desk over a folder of results: drop scans in, search, check beside the scan, correct.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder of the results; made if it is not there.
    #[arg(default_value = "sohoa-desk")]
    folder: PathBuf,
    /// Port of this machine that it listens on [default: one that is free].
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// How many pages are read at a time [default: one a core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Who corrects, as the log names him [default: the user's name].
    #[arg(long, value_name = "NAME")]
    who: Option<String>,
    #[command(flatten)]
    families: Families,
}

/// Longest time and memory that a page may take.
const TIME: Duration = Duration::from_secs(180);
const MEMORY: u64 = 2048 << 20;

/// Serves until it is interrupted.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let stop = Arc::new(AtomicBool::new(false));
    let stopper = Arc::clone(&stop);
    let handler = move || {
        if stopper.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
    };
    ctrlc::set_handler(handler).context("listening for interrupts")?;
    let isolation = Isolation {
        program: std::env::current_exe().context("finding this program's own file")?,
        time: TIME,
        memory: MEMORY,
    };
    let options = DeskOptions {
        reader: ReaderOptions { isolation: Some(isolation), ..ReaderOptions::default() },
        jobs: args.jobs.map_or(0, usize::from),
        who: args.who.or_else(|| std::env::var("USER").ok()).unwrap_or_default(),
        resources: args.families.among(&Resources::embedded())?,
    };
    let mut remarks = Vec::new();
    let desk = Desk::open(&args.folder, options, stop)?.drain_into(&mut remarks);
    for remark in remarks {
        writeln!(io::stderr(), "sohoa: {}", remark.message)?;
    }
    let listener = Listener::open(args.port)?;
    let mut out = io::stdout().lock();
    writeln!(out, "{}", listener.address())?;
    out.flush()?;
    drop(out);
    writeln!(io::stderr(), "sohoa: the desk is open at the address above, on this machine only; Ctrl+C closes it")?;
    pass_over_cut_connections();
    desk.serve(&listener);
    Ok(Exit::Interrupted)
}

//! `sohoa watch`: reads what comes into folders, until it is stopped.

use super::Exit;
use super::read::{Options, Session, listen};
use crate::bulk::listing::Except;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Read what comes into folders, as it comes, until stopped.
///
/// A file is read when it was found twice with the same size and time of change, so that half of one is not read. The folders are looked through
/// again and again, which works on network disks, too; what lies in the folder of the results is left out. Nothing but a signal ends it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders that are searched for documents, to the bottom.
    #[arg(required = true)]
    folder: Vec<PathBuf>,
    /// How long to wait from one look to the next.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    interval: u64,
    #[command(flatten)]
    options: Options,
}

/// Looks again and again.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let stop = Arc::new(AtomicBool::new(false));
    listen(&stop)?;
    let except = Except { out: Some(args.options.out.clone()), unsettled: true };
    let interval = Duration::from_secs(args.interval);
    // What is wrong from the start, its user should know at once.
    let mut session = Some(Session::start(&args.options, true, false, &stop)?);
    let mut looked_at_all = false;
    while !stop.load(Ordering::Relaxed) {
        let looked = match &session {
            Some(session) => session.round(&args.folder, &except, looked_at_all).map(drop).map_err(anyhow::Error::from),
            None => Session::start(&args.options, true, false, &stop).map(|again| session = Some(again)),
        };
        match looked {
            Ok(()) => {
                looked_at_all = true;
                wait(interval, &stop);
            }
            // A full disk, a network that is away: it may pass.
            Err(error) => {
                if let Some(session) = session.take() {
                    session.progress.say(&format!("{error:#}; trying again until it can be done"));
                }
                wait(interval.max(LEAST_PAUSE), &stop);
            }
        }
    }
    let Some(session) = session else { return Ok(Exit::Interrupted) };
    session.progress.finish();
    session.end(Ok(Exit::Interrupted))
}

/// The pause after an error.
const LEAST_PAUSE: Duration = Duration::from_secs(10);

/// Waits, but not when the run is stopped.
fn wait(time: Duration, stop: &AtomicBool) {
    let began = Instant::now();
    while began.elapsed() < time && !stop.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(100));
    }
}

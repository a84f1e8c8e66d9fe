//! `sohoa serve`: reads for other programs, on standard input and output or by HTTP.

use super::Exit;
use super::families::Families;
use super::read::listen;
use crate::layer::Policy;
use crate::ocr::EngineOptions;
use crate::pipeline::{Isolation, Reader, ReaderOptions};
use crate::resources::Resources;
use crate::serve::http::{self, Limits};
use crate::serve::stdio;
use anyhow::Context;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Read for other programs, which send files by HTTP or ask on standard input.
///
/// One process on one machine, which keeps jobs while it runs. See docs/serve.md.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Answer questions in lines of JSON on standard input and output, until they end.
    #[arg(long)]
    stdio: bool,
    /// Where to listen; anything but the machine itself needs a token.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8799", conflicts_with = "stdio")]
    listen: SocketAddr,
    /// What requests must show, as `Authorization: Bearer TOKEN`; SOHOA_TOKEN in the environment says it without showing it to others.
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,
    /// Largest file that is taken.
    #[arg(long, value_name = "BYTES", default_value_t = 100 << 20)]
    max_bytes: u64,
    /// How many jobs are kept at a time, those that are done included.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    max_jobs: usize,
    /// How long a job is kept when it is done.
    #[arg(long, value_name = "MINUTES", default_value_t = 60)]
    keep: u64,
    /// How many files are read at a time [default: one a core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Which recognisers read.
    #[arg(long, value_name = "WHICH", default_value = "cascade")]
    engine: super::read::EngineChoice,
    /// What to do with the text layers of PDF pages.
    #[arg(long, value_name = "HOW", default_value = "auto")]
    text_layer: Policy,
    /// Longest time that a page may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 180, value_parser = clap::value_parser!(u64).range(1..))]
    page_seconds: u64,
    /// Memory that a process which reads pages may have.
    #[arg(long, value_name = "MIB", default_value_t = 2048, value_parser = clap::value_parser!(u64).range(256..=1 << 24))]
    page_memory: u64,
    #[command(flatten)]
    families: Families,
}

/// Answers until nobody asks any more.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let options = ReaderOptions {
        text_layer: args.text_layer,
        engine: EngineOptions { engines: args.engine.into(), ..EngineOptions::default() },
        ..ReaderOptions::default()
    };
    let resources = args.families.among(&Resources::embedded())?;
    if !args.stdio {
        return by_http(&args, options, &resources);
    }
    end_with_parent();
    match stdio::serve(io::stdin().lock(), io::stdout().lock(), options, resources) {
        // Whoever asked has gone.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Interrupted),
        done => Ok(done.map(|()| Exit::AllRead)?),
    }
}

fn by_http(args: &Args, options: ReaderOptions, resources: &Resources) -> anyhow::Result<Exit> {
    let token = args.token.clone().or_else(|| std::env::var("SOHOA_TOKEN").ok());
    if !args.listen.ip().is_loopback() && token.is_none() {
        writeln!(io::stderr(), "sohoa: whoever can reach {} could have files read; give --token", args.listen)?;
        return Ok(Exit::Usage);
    }
    let stop = Arc::new(AtomicBool::new(false));
    listen(&stop)?;
    let isolation = Isolation {
        program: std::env::current_exe().context("finding this program's own file")?,
        time: Duration::from_secs(args.page_seconds),
        memory: args.page_memory << 20,
    };
    let options = ReaderOptions { isolation: Some(isolation), ..options };
    let reader = Reader::with_resources(options, resources)?.with_stop(Arc::clone(&stop));
    for remark in reader.remarks() {
        writeln!(io::stderr(), "sohoa: {}", remark.message)?;
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let limits = Limits {
        address: args.listen,
        token,
        bytes: args.max_bytes,
        jobs: args.max_jobs,
        keep: Duration::from_secs(args.keep * 60),
        readers: args.jobs.map_or(cores, usize::from),
    };
    http::pass_over_cut_connections();
    // Nothing can be done where stderr is closed.
    http::serve(&reader, &limits, &stop, |address| {
        drop(writeln!(io::stderr(), "sohoa: listening on http://{address}"))
    })?;
    Ok(Exit::Interrupted)
}

/// Ends this process when the one that started it has ended, even in the midst of a page that nobody waits for any more.
fn end_with_parent() {
    #[cfg(unix)]
    {
        use std::os::unix::process::parent_id;
        let parent = parent_id();
        std::thread::spawn(move || {
            while parent_id() == parent {
                std::thread::sleep(Duration::from_millis(500));
            }
            std::process::exit(i32::from(Exit::Interrupted.code()));
        });
    }
}

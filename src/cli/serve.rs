//! `sohoa serve`: reads for other programs.

use super::Exit;
use crate::layer::Policy;
use crate::ocr::EngineOptions;
use crate::pipeline::ReaderOptions;
use crate::serve::stdio;
use std::io;

/// Read for other programs, which ask on standard input.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Answer questions in lines of JSON on standard input and output.
    #[arg(long, required = true)]
    stdio: bool,
    /// Which recognisers read.
    #[arg(long, value_name = "WHICH", default_value = "both")]
    engine: super::read::EngineChoice,
    /// What to do with the text layers of PDF pages.
    #[arg(long, value_name = "HOW", default_value = "auto")]
    text_layer: Policy,
}

/// Answers until nobody asks any more.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let options = ReaderOptions {
        text_layer: args.text_layer,
        engine: EngineOptions { engines: args.engine.into(), ..EngineOptions::default() },
        ..ReaderOptions::default()
    };
    end_with_parent();
    match stdio::serve(io::stdin().lock(), io::stdout().lock(), options) {
        // Whoever asked has gone.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Interrupted),
        done => Ok(done.map(|()| Exit::AllRead)?),
    }
}

/// Ends this process when the one that started it has ended, even in the midst of a page that nobody waits for any more.
fn end_with_parent() {
    #[cfg(unix)]
    {
        use std::os::unix::process::parent_id;
        let parent = parent_id();
        std::thread::spawn(move || {
            while parent_id() == parent {
                std::thread::sleep(std::time::Duration::from_millis(500));
            }
            std::process::exit(i32::from(Exit::Interrupted.code()));
        });
    }
}

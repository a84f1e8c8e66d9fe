//! `sohoa worker`: sees pages for another process of this program, which stops it where it takes too long.

use super::Exit;
use crate::pipeline;
use std::io;

/// Answers the questions of another process of this program on standard input.
pub fn run() -> anyhow::Result<Exit> {
    match pipeline::serve(io::stdin().lock(), io::stdout().lock()) {
        // Whoever asked has gone.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Interrupted),
        done => Ok(done.map(|()| Exit::AllRead)?),
    }
}

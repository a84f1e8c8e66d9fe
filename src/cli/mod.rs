//! The command line: flags as given, one file a subcommand, and the exit codes.

mod degrade;
mod desk;
mod dict;
mod eval;
mod exit;
mod families;
mod figures;
mod inspect;
mod learn;
mod marks;
mod merge;
mod package;
mod progress;
mod read;
mod restore;
mod review;
mod schema;
mod serve;
mod status;
mod tables;
mod train;
mod watch;

pub use exit::Exit;

use clap::{Parser, Subcommand};
use std::ffi::OsString;

/// Reads scanned Vietnamese administrative reports: right text, checked figures, everything offline.
#[derive(Debug, Parser)]
#[command(name = "sohoa", version, max_term_width = 100)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

/// One variant a subcommand; its flags and its `run` live in the module of the same name.
#[derive(Debug, Subcommand)]
enum Command {
    Degrade(degrade::Args),
    Desk(desk::Args),
    Dict(dict::Args),
    Eval(eval::Args),
    Inspect(inspect::Args),
    Learn(learn::Args),
    Read(read::Args),
    Watch(watch::Args),
    Status(status::Args),
    Tables(tables::Args),
    Merge(merge::Args),
    #[command(hide = true)]
    PackageFiles(package::Args),
    Restore(restore::Args),
    Review(review::Args),
    Train(train::Args),
    Figures(figures::Args),
    Schema(schema::Args),
    Serve(serve::Args),
}

/// Parses `args`, runs the subcommand and says how it ended; usage errors are printed here.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Exit {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => {
            // clap sends help and version to stdout with success, everything else to stderr.
            let asked_for = !error.use_stderr();
            let printed = error.print();
            return if asked_for && printed.is_ok() { Exit::AllRead } else { Exit::Usage };
        }
    };
    let done = match args.command {
        Command::Degrade(args) => degrade::run(args),
        Command::Desk(args) => desk::run(args),
        Command::Dict(args) => dict::run(args),
        Command::Eval(args) => eval::run(args),
        Command::Inspect(args) => inspect::run(args),
        Command::Learn(args) => learn::run(args),
        Command::Read(args) => read::run(args),
        Command::Watch(args) => watch::run(args),
        Command::Status(args) => status::run(args),
        Command::Tables(args) => tables::run(args),
        Command::Merge(args) => merge::run(args),
        Command::PackageFiles(args) => package::run(args),
        Command::Restore(args) => restore::run(args),
        Command::Review(args) => review::run(args),
        Command::Train(args) => train::run(args),
        Command::Figures(args) => figures::run(args),
        Command::Schema(args) => schema::run(args),
        Command::Serve(args) => serve::run(args),
    };
    done.unwrap_or_else(|error| exit::report(&error))
}

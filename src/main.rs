//! The command line program; everything it does is in the library.

fn main() -> sohoa::cli::Exit {
    sohoa::cli::run(std::env::args_os())
}

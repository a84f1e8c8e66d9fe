//! The program and the library as their users call them. One binary, since each would be linked with the model anew.
//!
//! `UPDATE=1 cargo test --release --test it` writes the golden files of `tests/golden` anew; look at what `git diff` then shows.
//! Tests that need what not every machine has are ignored with what they need; `make test-all` runs them, too.

mod program;

mod apart;
mod bulk;
mod clean;
mod dictionaries;
mod eval;
mod export;
mod figures;
mod fixtures;
mod golden;
mod hostile;
mod layers;
mod learn;
mod numbers;
mod open;
mod read;
mod recognise;
mod restore;
mod serve;
mod text_layers;

//! For the benchmarker: `cargo run --release --no-default-features --features eval --example score_folder -- TRUTH READ` scores a folder of texts
//! against what is printed, document by document and in all.

use sohoa::{Error, ErrorKind, Result, score};
use std::path::PathBuf;

fn main() -> Result<()> {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [truth, read] = &folders[..] else {
        let remedy = "name two folders: score_folder fixtures/reports results";
        return Err(Error::new(ErrorKind::Unreadable, "two folders are needed").remedy(remedy));
    };
    let score = score(truth, read, None)?;
    for document in &score.documents {
        let measures = document.counts.measures();
        println!("{}: CER {:.4}, syllables {:.4}", document.name, measures.cer, measures.syllable_recall);
    }
    let total = score.total().measures();
    println!(
        "in all: CER {:.4}, syllables {:.4}, tokens with digits {:?}",
        total.cer, total.syllable_recall, total.digit_exact
    );
    Ok(())
}

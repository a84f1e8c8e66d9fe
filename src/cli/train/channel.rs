//! `sohoa train channel`: pairs in, weights of the channel out; and how they do on pairs held back.

use crate::cli::Exit;
use crate::error::{Error, ErrorKind};
use crate::lm::Vocabulary;
use crate::restore::channel::candidate::Component;
use crate::restore::channel::check::check;
use crate::restore::channel::learn::learn;
use crate::restore::channel::letters::Alphabet;
use crate::restore::channel::pairs::Pairs;
use crate::restore::channel::{LearnedChannel, weights};
use crate::whole_file::write_whole;
use anyhow::Context;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Learn from pairs of printed and seen lines what a recogniser makes of print.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders of pairs as `tools/pairs/make.py` makes them: `eng-*.tsv` and `vie-*.tsv`, a line printed and a line seen a row.
    #[arg(required = true)]
    pairs: Vec<PathBuf>,
    /// File that the weights are written to.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Learn from nine files in ten and say how the weights do on the tenth; needs --words.
    #[arg(long, requires = "words")]
    check: bool,
    /// Words that candidates are chosen from when checking: one a line, the most frequent first.
    #[arg(long, value_name = "FILE")]
    words: Option<PathBuf>,
}

/// The recognisers that weights are learned for, by the names that files of pairs begin with.
const RECOGNISERS: [(&str, Component); 2] = [("eng", Component::English), ("vie", Component::Vietnamese)];

/// Learns the weights.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let alphabet = Alphabet::default();
    let mut tables = Vec::new();
    let mut held_back = Vec::new();
    for (name, _) in RECOGNISERS {
        let (mut learned, mut held) = (Pairs::default(), Pairs::default());
        for (number, file) in files(&args.pairs, name)?.iter().enumerate() {
            let text = fs::read_to_string(file).map_err(|e| Error::io(file, e))?;
            let into = if args.check && number % 10 == 9 { &mut held } else { &mut learned };
            into.add_file(&text);
        }
        if learned.words.is_empty() {
            let none = Error::new(ErrorKind::Definition, format!("there are no pairs of the recogniser `{name}`"))
                .remedy("make some with tools/pairs/make.py");
            return Err(none.into());
        }
        tables.push((name, learn(&learned, &alphabet)));
        held_back.push(held);
    }
    let text = weights::write(&tables, &alphabet);
    write_whole(&args.out, text.as_bytes())?;
    if let (true, Some(words)) = (args.check, &args.words) {
        report(&text, words, &held_back)?;
    }
    Ok(Exit::AllRead)
}

/// The files of one recogniser, sorted by name.
fn files(folders: &[PathBuf], name: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(folder).map_err(|e| Error::io(folder, e))? {
            let path = entry?.path();
            let ours =
                path.file_name().and_then(|n| n.to_str()).is_some_and(|n| n.starts_with(name) && n.ends_with(".tsv"));
            files.extend(ours.then_some(path));
        }
    }
    files.sort();
    Ok(files)
}

fn report(text: &str, words: &Path, held_back: &[Pairs]) -> anyhow::Result<()> {
    let words = fs::read_to_string(words).with_context(|| words.display().to_string())?;
    let vocabulary = Vocabulary::new(words.lines());
    let start = Instant::now();
    let channel = LearnedChannel::new(text, &vocabulary)?;
    let ready = start.elapsed();
    let ranks: BTreeMap<&str, usize> = words.lines().zip(1..).collect();
    let mut out = io::stdout().lock();
    writeln!(out, "weights {} bytes, ready in {:.1} ms", text.len(), ready.as_secs_f64() * 1e3)?;
    for ((name, component), pairs) in RECOGNISERS.into_iter().zip(held_back) {
        let start = Instant::now();
        let c =
            check(pairs, &channel, &vocabulary, component, |w| 1.0 / (ranks.get(w).map_or(1e5, |&r| r as f32) + 20.0));
        let each = start.elapsed().as_secs_f64() * 1e6 / c.kinds.max(1) as f64;
        let n = c.words.max(1) as f64;
        writeln!(
            out,
            "{name}: {} words, printed among candidates {:.3} %, likeliest {:.2} %, {:.1} candidates a word, {:.4} nats a word, {each:.1} us a look-up",
            c.words,
            100.0 * c.found as f64 / n,
            100.0 * c.first as f64 / n,
            c.candidates as f64 / n,
            c.loss / n,
        )?;
    }
    Ok(())
}

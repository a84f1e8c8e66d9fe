//! `sohoa train lm`: a language model from text, a paragraph a line.

use crate::cli::Exit;
use crate::dict::Dictionaries;
use crate::error::{Error, ErrorKind};
use crate::lm::train::{Corpus, Options, train};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Make a language model from text with one paragraph a line.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files of text (.txt, .txt.zst), or folders that are searched for them.
    #[arg(required = true)]
    corpus: Vec<PathBuf>,
    /// File that the model is written to.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Length of the longest n-grams, from 2 to 5.
    #[arg(long, default_value_t = Options::default().order)]
    order: usize,
    /// The most n-grams to keep of each order from 2 up.
    #[arg(long, value_name = "N,N,..", value_delimiter = ',', default_values_t = Options::default().keep)]
    keep: Vec<usize>,
    /// The smallest count to keep, for each order from 2 up.
    #[arg(long, value_name = "N,N,..", value_delimiter = ',', default_values_t = Options::default().cutoffs)]
    cutoff: Vec<u32>,
    /// Hold back about one of so many lines, chosen by the hash of its bytes; 0 holds back none.
    #[arg(long, value_name = "N", default_value_t = 200)]
    hold_out: u64,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let corpus = Corpus::open(&args.corpus, args.hold_out)?;
    let options =
        Options { order: args.order, keep: args.keep.clone(), cutoffs: args.cutoff.clone(), ..Options::default() };
    let trained = train(&corpus, &Dictionaries::embedded(), &options)?;
    write_whole(&args.out, &trained.bytes)?;
    writeln!(
        io::stderr(),
        "{}: {} bytes, {} words, n-grams {:?} of which {} found no place; from {} lines, {} tokens, {} files",
        args.out.display(),
        trained.bytes.len(),
        trained.words,
        trained.ngrams,
        trained.lost,
        trained.lines,
        trained.tokens,
        corpus.files().len(),
    )?;
    Ok(Exit::AllRead)
}

/// Writes beside the file and renames, so that whoever has the old model open keeps it whole.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|e| Error::new(ErrorKind::Unwritable, "the model cannot be written").file(path).source(e))
}

//! `sohoa restore`: text in, restored text out, the same lines.

use super::Exit;
use crate::dict::Dictionaries;
use crate::encoding::{Converter, is_utf16};
use crate::error::{Error, ErrorKind};
use crate::lm::Model;
use crate::restore::channel::candidate::Channel;
use crate::restore::{Expected, LearnedChannel, MarkStripping, Options, Restorer};
use anyhow::Context;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Restore text whose marks or letters were lost: text in, restored text out, the same lines.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// File to restore; `-` or nothing for standard input.
    file: Option<PathBuf>,
    /// Write one JSON object a token: before, after, posterior, grade, and what is proposed where that is not applied.
    #[arg(long)]
    json: bool,
    /// After the tokens one more object, of the text as a whole: its words, and the share of them that is expected to be right.
    #[arg(long, requires = "json")]
    summary: bool,
    /// Language model to use in place of the one built in; see `sohoa train lm`.
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Weights of the channel to use in place of those built in; see `sohoa train channel`.
    #[arg(long, value_name = "FILE")]
    channel: Option<PathBuf>,
    /// What is thought to have happened to the text.
    #[arg(long, value_enum, default_value_t = Damage::Any, hide = true)]
    damage: Damage,
    /// Let no line learn from the others.
    #[arg(long, hide = true)]
    no_adaptation: bool,
    /// Leave digits digits, even where misread text surely had a word there.
    #[arg(long)]
    keep_digits: bool,
    /// Words, phrases, names and codes of your own, one a line; see `sohoa dict check`.
    #[arg(long, value_name = "FILE")]
    dictionary: Vec<PathBuf>,
}

/// Which channel restores; the simple one is there to be compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Damage {
    /// Whatever the text itself shows.
    Any,
    /// Marks were lost, letters never.
    Marks,
}

/// Of the text as a whole.
#[derive(serde::Serialize)]
struct Summary {
    words: usize,
    expected_right: Option<f64>,
}

/// Below this share of words expected to be right it is told, and below the second it is told what to do.
const WORTH_TELLING: f64 = 0.97;
const POOR: f64 = 0.9;

/// Text that is read, restored and written at a time: enough for all threads, little enough for any machine.
const PART: usize = 8 << 20;

/// Text from which on it is worth the while to copy the model.
const LARGE: usize = 512 << 10;

/// Restores all of the input, a part at a time.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let models = || -> crate::Result<(Model, Box<dyn Channel>)> {
        let model = args.model.as_deref().map_or_else(Model::embedded, Model::open)?;
        let channel: Box<dyn Channel> = match args.damage {
            Damage::Any => Box::new(match &args.channel {
                Some(path) => {
                    let weights = std::fs::read_to_string(path).map_err(|e| Error::io(path, e))?;
                    LearnedChannel::new(&weights, model.vocabulary()).map_err(|e| e.file(path))?
                }
                None => LearnedChannel::embedded(model.vocabulary())?,
            }),
            Damage::Marks => Box::new(MarkStripping::new(model.vocabulary())),
        };
        Ok((model, channel))
    };
    let (models, mut dictionaries) = rayon::join(models, Dictionaries::embedded);
    let (model, channel) = models?;
    for path in &args.dictionary {
        let outcome = dictionaries.with_user_file(path)?;
        let mut remarks = Vec::new();
        dictionaries = outcome.drain_into(&mut remarks);
        for remark in remarks {
            writeln!(io::stderr(), "sohoa: {}: {}", path.display(), remark.message)?;
        }
    }
    let path = args.file.as_deref().filter(|p| *p != Path::new("-"));
    let mut input: Box<dyn BufRead> = match path {
        Some(path) => Box::new(BufReader::with_capacity(1 << 18, File::open(path).map_err(|e| Error::io(path, e))?)),
        None => Box::new(BufReader::with_capacity(1 << 18, io::stdin().lock())),
    };
    let converter = Converter::new(&dictionaries);
    let mut output = BufWriter::with_capacity(1 << 18, io::stdout().lock());
    let mut fill =
        |part: &mut Vec<u8>| fill(&mut input, part).map_err(|e| Error::io(path.unwrap_or(Path::new("-")), e));
    let mut part = Vec::new();
    let mut more = fill(&mut part)?;
    let mut before = 0;
    if part.starts_with(BYTE_ORDER_MARK) {
        // It is kept, and no part of the first word.
        part.drain(..BYTE_ORDER_MARK.len());
        before = BYTE_ORDER_MARK.len() as u64;
        if !args.json {
            output.write_all(BYTE_ORDER_MARK).context("standard output")?;
        }
    }
    if is_utf16(&part) {
        let error = Error::new(ErrorKind::Unsupported, "the text is in UTF-16")
            .remedy("convert it with `iconv -f UTF-16 -t UTF-8`");
        return Err(error.file(path.unwrap_or(Path::new("-"))).into());
    }
    let options = Options { adapt: !args.no_adaptation, keep_digits: args.keep_digits, ..Options::default() };
    let restorer = || {
        let model = if part.len() >= LARGE { model.in_large_pages() } else { model };
        Restorer::with(Arc::new(model), channel, &dictionaries, options)
    };
    let (restorer, mut converted) = rayon::join(restorer, || converter.convert_bytes(&part));
    let restorer = restorer?;
    let mut expected = Expected::default();
    loop {
        match converted {
            Some(outcome) => {
                for remark in &outcome.diagnostics {
                    writeln!(io::stderr(), "sohoa: from byte {before}: {}", remark.message)?;
                }
                expected += write_part(&restorer, outcome.value.as_bytes(), before, args.json, &mut output)?;
            }
            None => expected += write_part(&restorer, &part, before, args.json, &mut output)?,
        }
        before += part.len() as u64;
        if !more {
            break;
        }
        part.clear();
        more = fill(&mut part)?;
        converted = converter.convert_bytes(&part);
    }
    if args.summary {
        serde_json::to_writer(&mut output, &Summary { words: expected.words, expected_right: expected.share() })?;
        output.write_all(b"\n").context("standard output")?;
    }
    output.flush().context("standard output")?;
    if let Some(share) = expected.share().filter(|&share| share < WORTH_TELLING) {
        let advice = if share < POOR {
            "; where there is an image, recognise it anew with `sohoa read --text-layer ignore`"
        } else {
            ""
        };
        writeln!(
            io::stderr(),
            "sohoa: about {:.0} % of {} words are expected to be right{advice}",
            100.0 * share,
            expected.words
        )?;
    }
    if expected.words_of_digits > 0 {
        let count = expected.words_of_digits;
        writeln!(io::stderr(), "sohoa: numbers that were read as words: {count}; --keep-digits leaves them digits")?;
    }
    Ok(Exit::AllRead)
}

/// What some editors write at the beginning of a text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads whole lines until the part is large enough; whether there is more.
fn fill(input: &mut impl BufRead, part: &mut Vec<u8>) -> io::Result<bool> {
    while part.len() < PART {
        if input.read_until(b'\n', part)? == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Restores a part and writes it; bytes that are not UTF-8 pass through as they are, and are told of.
fn write_part(
    restorer: &Restorer,
    mut part: &[u8],
    mut before: u64,
    json: bool,
    out: &mut impl Write,
) -> anyhow::Result<Expected> {
    let mut expected = Expected::default();
    while !part.is_empty() {
        let (valid, wrong) = match std::str::from_utf8(part) {
            Ok(valid) => (valid, 0),
            Err(error) => {
                let (valid, rest) = part.split_at(error.valid_up_to());
                (std::str::from_utf8(valid)?, error.error_len().unwrap_or(rest.len()))
            }
        };
        if json {
            let restored = restorer.restore_text(valid);
            expected += restored.expected;
            for token in restored.tokens {
                serde_json::to_writer(&mut *out, &token)?;
                out.write_all(b"\n")?;
            }
        } else {
            let (text, part) = restorer.restore_expecting(valid);
            expected += part;
            out.write_all(text.as_bytes())?;
        }
        let bytes = &part[valid.len()..valid.len() + wrong];
        if wrong > 0 {
            let place = before + valid.len() as u64;
            writeln!(io::stderr(), "sohoa: byte {place}: not UTF-8; {} bytes pass through unchanged", bytes.len())?;
            if !json {
                out.write_all(bytes)?;
            }
        }
        before += (valid.len() + wrong) as u64;
        part = &part[valid.len() + wrong..];
    }
    Ok(expected)
}

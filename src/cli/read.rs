//! `sohoa read`: files and folders in, one report a file out.

use super::Exit;
use super::inputs::{self, Input};
use super::output::OutputFolder;
use super::progress::Progress;
use crate::correct::CorrectionLog;
use crate::digest;
use crate::error::{Error, ErrorKind};
use crate::export::{self, ExportOptions, Format, Product};
use crate::layer::Policy;
use crate::ocr::{EngineOptions, Engines};
use crate::pipeline::{Isolation, Reader, ReaderOptions};
use crate::report::{Report, Source};
use anyhow::Context;
use clap::ValueEnum;
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Read scans and PDFs: text and figures of each, written to a folder.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, or folders that are searched for documents.
    #[arg(required = true)]
    input: Vec<PathBuf>,
    /// Folder that the results are written to; made if it is not there.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// What to write of each file.
    #[arg(long, value_name = "FORMATS", value_delimiter = ',', default_value = "json,txt")]
    format: Vec<Format>,
    /// Write the searchable PDF as PDF/A-2u: all of it anew, signatures drawn flat.
    #[arg(long = "pdfa")]
    pdf_a: bool,
    /// Put the original into the PDF/A, signatures and all; it is then PDF/A-3u.
    #[arg(long, requires = "pdf_a")]
    attach_original: bool,
    /// In Markdown and HTML, say of each doubtful word what was seen and what it could be.
    #[arg(long)]
    marks: bool,
    /// How many pages are read at a time [default: one a core].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Leave out files whose results are there already, made from the same bytes by the same version.
    #[arg(long)]
    resume: bool,
    /// End with exit code 1 where everything was read, but one of these was found.
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    fail_on: Vec<Threshold>,
    /// Which recognisers read.
    #[arg(long, value_name = "WHICH", default_value = "both")]
    engine: EngineChoice,
    /// What to do with the text layers of PDF pages.
    #[arg(long, value_name = "HOW", default_value = "auto")]
    text_layer: Policy,
    /// Longest time that a page may take; one that takes longer fails, and the others are read.
    #[arg(long, value_name = "SECONDS", default_value_t = 180, value_parser = clap::value_parser!(u64).range(1..))]
    page_seconds: u64,
    /// Memory that a process which reads pages may have. There is one a job.
    #[arg(long, value_name = "MIB", default_value_t = 2048, value_parser = clap::value_parser!(u64).range(256..=1 << 24))]
    page_memory: u64,
}

impl Args {
    fn export_options(&self) -> ExportOptions {
        ExportOptions { marks: self.marks, pdf_a: self.pdf_a, attach_original: self.attach_original }
    }
}

/// What `--fail-on` looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Threshold {
    /// A check that fails.
    Checks,
    /// A warning.
    Warnings,
}

impl Threshold {
    fn met_by(self, report: &Report) -> bool {
        use crate::diagnostics::Severity;
        use crate::extract::Verdict;
        match self {
            Threshold::Checks => report.extraction.checks.iter().any(|c| c.status == Verdict::Fail),
            Threshold::Warnings => report.diagnostics.iter().any(|d| d.severity >= Severity::Warning),
        }
    }
}

/// Which recognisers read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum EngineChoice {
    /// Tesseract, and the line network beside it where that is installed.
    Both,
    /// Tesseract alone.
    Tesseract,
    /// The line network alone: fastest, with more errors.
    Fast,
}

impl From<EngineChoice> for Engines {
    fn from(choice: EngineChoice) -> Self {
        match choice {
            EngineChoice::Both => Engines::Both,
            EngineChoice::Tesseract => Engines::Tesseract,
            EngineChoice::Fast => Engines::Fast,
        }
    }
}

/// How one file ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Read,
    ThresholdMet,
    Partly,
    Failed,
}

/// Reads all inputs; one that fails does not stop the others.
pub fn run(mut args: Args) -> anyhow::Result<Exit> {
    args.format.sort();
    args.format.dedup();
    let out = OutputFolder::create(&args.out)?;
    let (inputs, errors) = inputs::collect(&args.input);
    let stop = Arc::new(AtomicBool::new(false));
    listen(&stop)?;
    let progress = Progress::new(inputs.len());
    for error in &errors {
        progress.say(error);
    }
    if inputs.is_empty() {
        return Ok(Exit::InputUnreadable);
    }

    let threads = args.jobs.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().context("starting the threads")?;
    let isolation = Isolation {
        program: std::env::current_exe().context("finding this program's own file")?,
        time: Duration::from_secs(args.page_seconds),
        memory: args.page_memory << 20,
    };
    let options = ReaderOptions {
        text_layer: args.text_layer,
        engine: EngineOptions { engines: args.engine.into(), ..EngineOptions::default() },
        isolation: Some(isolation),
        ..ReaderOptions::default()
    };
    let reader = Reader::new(options)?.with_stop(Arc::clone(&stop));
    let mut remarks = reader.remarks().to_vec();
    let reader = reader.with_corrections(CorrectionLog::open(&args.out)?.drain_into(&mut remarks));
    for remark in &remarks {
        progress.say(&remark.message);
    }
    let job = Job { args: &args, out: &out, reader: &reader, progress: &progress, stop: &stop };
    let ended: crate::Result<Vec<Ended>> = pool.install(|| inputs.par_iter().map(|input| job.file(input)).collect());
    progress.finish();
    if stop.load(Ordering::Relaxed) {
        return Ok(Exit::Interrupted);
    }
    let ended = ended?;
    let any = |what: Ended| ended.contains(&what);
    Ok(if ended.iter().all(|e| *e == Ended::Failed) {
        Exit::InputUnreadable
    } else if !errors.is_empty() || any(Ended::Failed) || any(Ended::Partly) {
        Exit::Partly
    } else if any(Ended::ThresholdMet) {
        Exit::ThresholdMet
    } else {
        Exit::AllRead
    })
}

/// Lets the first interrupt end the run after the pages at hand, and the second one at once.
fn listen(stop: &Arc<AtomicBool>) -> anyhow::Result<()> {
    let stop = Arc::clone(stop);
    let handler = move || {
        if stop.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
    };
    ctrlc::set_handler(handler).context("listening for interrupts")
}

/// What all files of a run share.
struct Job<'a> {
    args: &'a Args,
    out: &'a OutputFolder,
    reader: &'a Reader,
    progress: &'a Progress,
    stop: &'a AtomicBool,
}

impl Job<'_> {
    /// Reads one file and writes its results.
    ///
    /// # Errors
    /// Only what ends the whole run: results that cannot be written.
    fn file(&self, input: &Input) -> crate::Result<Ended> {
        if self.stop.load(Ordering::Relaxed) {
            return Ok(Ended::Failed);
        }
        if self.args.resume
            && let Some(report) = self.earlier(input)
        {
            self.progress.file_done();
            return Ok(self.judged(&report));
        }
        let read = self.reader.read_with(&input.path, &|_| self.progress.page_done());
        let ended = match read {
            Ok(mut reading) => {
                let products =
                    export::export(&mut reading, &input.path, &self.args.format, &self.args.export_options())?;
                for remark in &reading.report.diagnostics {
                    self.progress.remark(&input.path, remark);
                }
                for product in products {
                    self.write(input, &product)?;
                }
                self.judged(&reading.report)
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => Ended::Failed,
            Err(error) => {
                self.progress.say(&error);
                let report = Report::of_failure(source_of(&input.path), self.reader.tool().clone(), &error);
                self.out.write(&format!("{}.json", input.name), report.to_json().as_bytes())?;
                Ended::Failed
            }
        };
        self.progress.file_done();
        Ok(ended)
    }

    /// Writes a result, but never over the file that it was made from.
    fn write(&self, input: &Input, product: &Product) -> crate::Result<()> {
        let name = format!("{}{}", input.name, product.ending);
        let target = self.out.file(&name);
        if let (Ok(target), Ok(original)) = (target.canonicalize(), input.path.canonicalize())
            && target == original
        {
            let error = Error::new(ErrorKind::Unwritable, "this result would replace the original");
            return Err(error.file(target).remedy("choose another folder with --out"));
        }
        self.out.write(&name, &product.content)
    }

    fn judged(&self, report: &Report) -> Ended {
        if report.is_partial() {
            Ended::Partly
        } else if self.args.fail_on.iter().any(|t| t.met_by(report)) {
            Ended::ThresholdMet
        } else {
            Ended::Read
        }
    }

    /// The report of an earlier run, where all results are there, complete, and made from these bytes by this version.
    fn earlier(&self, input: &Input) -> Option<Report> {
        // A document without tables has no folder of them.
        let there =
            |f: &Format| *f == Format::Tables || self.out.file(&format!("{}{}", input.name, f.ending())).exists();
        let json = std::fs::read(self.out.file(&format!("{}.json", input.name))).ok()?;
        let report: Report = serde_json::from_slice(&json).ok()?;
        let same = report.tool == *self.reader.tool() && report.source.sha256 == source_of(&input.path).sha256;
        (same && !report.is_partial() && self.args.format.iter().all(there)).then_some(report)
    }
}

fn source_of(path: &Path) -> Source {
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let sha256 = std::fs::read(path).ok().map(|bytes| digest::sha256(&bytes));
    Source { file, sha256, pages: 0 }
}

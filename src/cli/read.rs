//! `sohoa read`: files and folders in, one report a file out.

use super::Exit;
use super::families::Families;
use super::progress::{Log, Progress};
use crate::bulk::journal::{self, Journal};
use crate::bulk::listing::Except;
use crate::bulk::lists;
use crate::bulk::recipe::Recipe;
use crate::bulk::run::{self as bulk, Settings};
use crate::bulk::shard::Shard;
use crate::bulk::summary::Summary;
use crate::bulk::tables;
use crate::correct::{CorrectionLog, Learned};
use crate::export::{ExportOptions, Format};
use crate::layer::Policy;
use crate::ocr::{EngineOptions, Engines};
use crate::output::OutputFolder;
use crate::pipeline::{Isolation, PageSelection, Reader, ReaderOptions};
use crate::resources::Resources;
use anyhow::Context;
use clap::ValueEnum;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Read scans and PDFs: text and figures of each, written to a folder.
///
/// Where a folder is read, what was done is kept in DIR/journal.sqlite, and the same command goes on where it was ended; see docs/bulk.md.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, or folders that are searched for documents.
    #[arg(required = true)]
    input: Vec<PathBuf>,
    /// Gather everything into tables at the end, in these forms, in DIR/tables; see `sohoa tables`.
    #[arg(long, value_name = "FORMATS", value_delimiter = ',')]
    tables: Vec<tables::Format>,
    /// Keep a journal where only files are read, too.
    #[arg(long)]
    journal: bool,
    /// Leave out files whose results are there already without a journal that tells of them, made from the same bytes by the same version.
    #[arg(long)]
    resume: bool,
    /// End with exit code 1 where everything was read, but one of these was found.
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    fail_on: Vec<Threshold>,
    #[command(flatten)]
    options: Options,
}

/// How files are read and results written, by whatever command.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Folder that the results are written to; made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
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
    /// Which pages of each file are read, as in 1-3,7 or 5-; the others are left out of the text, and said to be so [default: all].
    #[arg(long, value_name = "PAGES")]
    pages: Option<PageSelection>,
    /// Which recognisers read.
    #[arg(long, value_name = "WHICH", default_value = "cascade")]
    engine: EngineChoice,
    /// What to do with the text layers of PDF pages.
    #[arg(long, value_name = "HOW", default_value = "auto")]
    text_layer: Policy,
    /// Leave digits digits, even where a misread text layer surely had a word there.
    #[arg(long)]
    keep_digits: bool,
    #[command(flatten)]
    families: Families,
    /// Longest time that a page may take; one that takes longer fails, and the others are read.
    #[arg(long, value_name = "SECONDS", default_value_t = 180, value_parser = clap::value_parser!(u64).range(1..))]
    page_seconds: u64,
    /// Memory that a process which reads pages may have. There is one a job.
    #[arg(long, value_name = "MIB", default_value_t = 2048, value_parser = clap::value_parser!(u64).range(256..=1 << 24))]
    page_memory: u64,
    /// Read only one part of the files, chosen by their content, so that several machines read all of them.
    #[arg(long, value_name = "PART/PARTS")]
    shard: Option<Shard>,
    /// Try pages and files again that failed in an earlier run.
    #[arg(long)]
    retry_failed: bool,
    /// How to say on stderr what happens.
    #[arg(long, value_enum, default_value_t = Log::Text, value_name = "HOW")]
    log: Log,
    /// Write figures for a monitor to this file every few seconds, in the text format of Prometheus.
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,
}

impl Options {
    fn export_options(&self) -> ExportOptions {
        ExportOptions { marks: self.marks, pdf_a: self.pdf_a, attach_original: self.attach_original }
    }

    /// What results are made with that pages are not.
    fn of_results(&self) -> anyhow::Result<String> {
        let kept = if self.keep_digits { " keep_digits" } else { "" };
        Ok(format!("{:?}{kept}{}", self.export_options(), self.families.recipe()?))
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
    fn met_by(self, summary: &Summary) -> bool {
        match self {
            Threshold::Checks => summary.failed_checks > 0,
            Threshold::Warnings => summary.warnings > 0,
        }
    }
}

/// Which recognisers read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum EngineChoice {
    /// The line network, and Tesseract for what it is not sure of; Tesseract alone where the network is not installed.
    Cascade,
    /// Tesseract and the line network for all of a page.
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
            EngineChoice::Cascade => Engines::Cascade,
            EngineChoice::Tesseract => Engines::Tesseract,
            EngineChoice::Fast => Engines::Fast,
        }
    }
}

/// Reads all inputs; one that fails does not stop the others.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let stop = Arc::new(AtomicBool::new(false));
    listen(&stop)?;
    let out = &args.options.out;
    let kept = args.journal
        || !args.tables.is_empty()
        || args.input.iter().any(|input| input.is_dir())
        || out.join(journal::FILE).exists();
    let session = Session::start(&args.options, kept, args.resume, &stop)?;
    let done = session.round(&args.input, &Except { out: Some(out.clone()), unsettled: false }, false);
    if done.is_ok() && !args.tables.is_empty() && !stop.load(Ordering::Relaxed) {
        for remark in tables::write(out, &args.tables)?.diagnostics {
            session.progress.say(&remark.message);
        }
    }
    session.progress.finish();
    let exit = done
        .map(|summary| if stop.load(Ordering::Relaxed) { Exit::Interrupted } else { judge(&summary, &args.fail_on) });
    session.end(exit)
}

fn judge(summary: &Summary, thresholds: &[Threshold]) -> Exit {
    if summary.failed == summary.files {
        Exit::InputUnreadable
    } else if summary.unsearched + summary.failed + summary.partly + summary.waiting > 0 {
        Exit::Partly
    } else if thresholds.iter().any(|t| t.met_by(summary)) {
        Exit::ThresholdMet
    } else {
        Exit::AllRead
    }
}

/// How long pages in hand may take when the run is stopped.
const GRACE: Duration = Duration::from_secs(10);

/// Lets the first interrupt end the run after the pages at hand, if they do not take too long, and the second one at once.
pub(super) fn listen(stop: &Arc<AtomicBool>) -> anyhow::Result<()> {
    let stop = Arc::clone(stop);
    let exit = || std::process::exit(i32::from(Exit::Interrupted.code()));
    let handler = move || {
        if stop.swap(true, Ordering::Relaxed) {
            exit();
        }
        std::thread::spawn(move || {
            std::thread::sleep(GRACE);
            exit();
        });
    };
    ctrlc::set_handler(handler).context("listening for interrupts")
}

/// A reader with its journal, ready for one or more rounds over the inputs.
pub(super) struct Session {
    pub progress: Progress,
    journal: Journal,
    kept: bool,
    run: i64,
    reader: Reader,
    recipe: Recipe,
    formats: Vec<Format>,
    export: ExportOptions,
    out: OutputFolder,
    jobs: usize,
    shard: Option<Shard>,
    adopt: bool,
    retry: bool,
    stop: Arc<AtomicBool>,
}

impl Session {
    /// Makes everything ready; the journal is `kept`, or gone with the session.
    pub fn start(options: &Options, kept: bool, adopt: bool, stop: &Arc<AtomicBool>) -> anyhow::Result<Session> {
        let progress = Progress::new(options.log, options.metrics.clone());
        let mut out = OutputFolder::create(&options.out)?;
        let mut formats = options.format.clone();
        if kept {
            out = out.durable();
            formats.push(Format::Json);
        }
        formats.sort();
        formats.dedup();
        let journal = if kept { Journal::open(&options.out) } else { Journal::temporary() }?;
        let isolation = Isolation {
            program: std::env::current_exe().context("finding this program's own file")?,
            time: Duration::from_secs(options.page_seconds),
            memory: options.page_memory << 20,
        };
        let reading = ReaderOptions {
            pages: options.pages.clone().unwrap_or_default(),
            text_layer: options.text_layer,
            engine: EngineOptions { engines: options.engine.into(), ..EngineOptions::default() },
            isolation: Some(isolation),
            ..ReaderOptions::default()
        };
        let learned = Learned::load(&options.out)?;
        let resources = options.families.among(&Resources::embedded().keeping_digits(options.keep_digits))?;
        let resources = Learned::resources(learned.as_ref(), &resources)?;
        let reader = Reader::with_resources(reading.clone(), &resources)?;
        let reader = reader.with_stop(Arc::clone(stop)).with_learned(learned.as_ref());
        let mut remarks = reader.remarks().to_vec();
        let reader = reader.with_corrections(CorrectionLog::open(&options.out)?.drain_into(&mut remarks));
        for remark in &remarks {
            progress.say(&remark.message);
        }
        let recipe = Recipe::new(reader.tool(), &reading, &formats, &options.of_results()?);
        let run = journal.begin(&serde_json::to_string(reader.tool())?, &serde_json::to_string(&reading)?)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Session {
            progress,
            journal,
            kept,
            run,
            reader,
            recipe,
            formats,
            export: options.export_options(),
            out,
            jobs: options.jobs.map_or(cores, usize::from),
            shard: options.shard,
            adopt,
            retry: options.retry_failed,
            stop: Arc::clone(stop),
        })
    }

    /// Reads what is to be read of the inputs.
    pub fn round(&self, inputs: &[PathBuf], except: &Except, new_only: bool) -> crate::Result<Summary> {
        let settings = Settings {
            reader: &self.reader,
            recipe: self.recipe.clone(),
            formats: self.formats.clone(),
            export: self.export.clone(),
            out: self.out.clone(),
            jobs: self.jobs,
            shard: self.shard,
            adopt: self.adopt,
            retry: self.retry,
            new_only,
            stop: Arc::clone(&self.stop),
            on_event: &|event| self.progress.event(event),
        };
        let summary = bulk::run(&self.journal, self.run, inputs, except, &settings)?;
        if self.kept {
            lists::write(&self.journal, &self.out)?;
        }
        Ok(summary)
    }

    /// Notes how it ended.
    pub fn end(&self, exit: crate::Result<Exit>) -> anyhow::Result<Exit> {
        let exit = exit?;
        self.journal.end(self.run, exit.code())?;
        Ok(exit)
    }
}

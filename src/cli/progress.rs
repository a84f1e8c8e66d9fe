//! What a run says while it works: a bar on a terminal, remarks as lines or events as JSON, and figures for a monitor. Lines go to stderr.

use crate::bulk::event::{Event, State};
use crate::diagnostics::{Diagnostic, Severity};
use crate::whole_file::write_whole;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fmt::Display;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How a run speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Log {
    /// In lines for people.
    Text,
    /// In one JSON object a line and event.
    Json,
}

/// How often the figures for a monitor are written.
const METRICS_EVERY: Duration = Duration::from_secs(5);

/// Says on stderr how far a run is and what it met.
pub struct Progress {
    bar: ProgressBar,
    log: Log,
    metrics: Option<PathBuf>,
    began: Instant,
    state: Mutex<Counts>,
}

/// What was counted since the run began.
#[derive(Debug, Clone, Default)]
struct Counts {
    files: u64,
    skipped: u64,
    read: u64,
    partly: u64,
    failed: u64,
    duplicates: u64,
    pages_seen: u64,
    pages_failed: u64,
    retries: u64,
    page_seconds: f64,
    told: Option<Instant>,
}

impl Progress {
    /// The bar is hidden where stderr is not a terminal or events go there; `metrics` is the file for a monitor.
    pub fn new(log: Log, metrics: Option<PathBuf>) -> Self {
        let target = if log == Log::Json { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let style = ProgressStyle::with_template("{pos}/{len} files, {msg} [{wide_bar}] {elapsed}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Progress { bar, log, metrics, began: Instant::now(), state: Mutex::default() }
    }

    /// Takes note of what happened, and says what is worth saying.
    pub fn event(&self, event: &Event) {
        let counts = {
            let mut counts = self.counts();
            counts.note(event);
            counts.clone()
        };
        self.bar.set_length(counts.files);
        self.bar.set_position(counts.done());
        self.bar.set_message(counts.shown(self.began.elapsed()));
        match self.log {
            Log::Json => self.line(&serde_json::to_string(event).unwrap_or_default()),
            Log::Text => self.in_words(event),
        }
        self.write_metrics(false);
    }

    fn in_words(&self, event: &Event) {
        match event {
            Event::Document { file, error: Some(error), .. } => {
                self.say(&format!("{}: {}", file.display(), error.message));
            }
            Event::Document { file, remarks, .. } => {
                for remark in remarks {
                    self.remark(file, remark);
                }
            }
            Event::Remark { message } => self.say(message),
            _ => {}
        }
    }

    /// One line on stderr, above the bar.
    pub fn say(&self, what: &dyn Display) {
        match self.log {
            Log::Json => {
                let event = Event::Remark { message: what.to_string() };
                self.line(&serde_json::to_string(&event).unwrap_or_default());
            }
            Log::Text => self.line(&format!("sohoa: {what}")),
        }
    }

    fn line(&self, line: &str) {
        // Nothing can be done where stderr is closed.
        self.bar.suspend(|| drop(writeln!(io::stderr().lock(), "{line}")));
    }

    /// A diagnostic of a file; those that only inform stay in the report.
    fn remark(&self, file: &Path, remark: &Diagnostic) {
        if remark.severity == Severity::Info {
            return;
        }
        let place = remark.place.and_then(|p| p.page).map_or(String::new(), |page| format!("page {page}: "));
        let hint = remark.hint.as_ref().map_or(String::new(), |hint| format!("; {hint}"));
        self.say(&format!("{}: {place}{}{hint}", file.display(), remark.message));
    }

    /// Takes the bar away, and writes the last figures.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
        self.write_metrics(true);
    }

    fn write_metrics(&self, now: bool) {
        let Some(file) = &self.metrics else { return };
        let counts = {
            let mut counts = self.counts();
            if !now && counts.told.is_some_and(|told| told.elapsed() < METRICS_EVERY) {
                return;
            }
            counts.told = Some(Instant::now());
            counts.clone()
        };
        if let Err(error) = write_whole(file, counts.metrics(self.began.elapsed()).as_bytes()) {
            self.say(&error);
        }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn note(&mut self, event: &Event) {
        match event {
            Event::Listed { files, .. } => {
                // A run that watches lists again and again.
                *self = Counts { files: *files, skipped: 0, ..self.clone() };
                self.files += self.read + self.partly + self.failed;
            }
            Event::Page { error, seconds, .. } => {
                self.page_seconds += seconds;
                match error {
                    None => self.pages_seen += 1,
                    Some(_) => self.pages_failed += 1,
                }
            }
            Event::Document { state, duplicate, .. } => {
                self.duplicates += u64::from(*duplicate);
                match state {
                    State::Read => self.read += 1,
                    State::Partly => self.partly += 1,
                    State::Failed => self.failed += 1,
                }
            }
            Event::Skipped { .. } => self.skipped += 1,
            Event::Retry { .. } => self.retries += 1,
            Event::Remark { .. } => {}
        }
    }

    fn done(&self) -> u64 {
        self.skipped + self.read + self.partly + self.failed
    }

    fn pages_an_hour(&self, elapsed: Duration) -> f64 {
        (self.pages_seen + self.pages_failed) as f64 * 3600.0 / elapsed.as_secs_f64().max(0.001)
    }

    /// Seconds until all files are done, if they go on as those of this run did; None before the first.
    fn left(&self, elapsed: Duration) -> Option<f64> {
        let worked = self.read + self.partly + self.failed;
        let left = self.files.saturating_sub(self.done());
        (worked > 0).then(|| elapsed.as_secs_f64() * left as f64 / worked as f64)
    }

    fn shown(&self, elapsed: Duration) -> String {
        let pages = self.pages_seen + self.pages_failed;
        let mut shown = format!("{pages} pages, {:.0} an hour", self.pages_an_hour(elapsed));
        if let Some(seconds) = self.left(elapsed) {
            let minutes = (seconds / 60.0).ceil() as u64;
            shown += &format!(", {}:{:02} h left", minutes / 60, minutes % 60);
        }
        shown
    }

    /// In the text format of Prometheus, for its node exporter to collect.
    fn metrics(&self, elapsed: Duration) -> String {
        let mut text = String::new();
        let mut metric = |name: &str, kind: &str, help: &str, values: &[(&str, f64)]| {
            text += &format!("# HELP sohoa_{name} {help}\n# TYPE sohoa_{name} {kind}\n");
            for (labels, value) in values {
                text += &format!("sohoa_{name}{labels} {value}\n");
            }
        };
        let by_state = [
            ("{state=\"read\"}", self.read as f64),
            ("{state=\"partly\"}", self.partly as f64),
            ("{state=\"failed\"}", self.failed as f64),
            ("{state=\"skipped\"}", self.skipped as f64),
        ];
        metric("files_found", "gauge", "Files that the run found.", &[("", self.files as f64)]);
        metric("files_total", "counter", "Files dealt with by this run.", &by_state);
        let pages = [("{state=\"seen\"}", self.pages_seen as f64), ("{state=\"failed\"}", self.pages_failed as f64)];
        metric("pages_total", "counter", "Pages dealt with by this run.", &pages);
        metric("page_seconds_total", "counter", "Wall time that jobs spent on pages.", &[("", self.page_seconds)]);
        metric("duplicates_total", "counter", "Files that hold what another holds.", &[("", self.duplicates as f64)]);
        metric("retries_total", "counter", "Pages and files that failed once.", &[("", self.retries as f64)]);
        metric("pages_per_hour", "gauge", "Pages an hour since the run began.", &[("", self.pages_an_hour(elapsed))]);
        if let Some(left) = self.left(elapsed) {
            metric("seconds_left", "gauge", "Estimated time until all files are done.", &[("", left.round())]);
        }
        metric("run_seconds", "gauge", "Time since the run began.", &[("", elapsed.as_secs_f64().round())]);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_rests_on_what_this_run_did_not_on_what_it_skipped() {
        let mut counts = Counts::default();
        counts.note(&Event::Listed { files: 100, done: 90 });
        for _ in 0..90 {
            counts.note(&Event::Skipped { file: PathBuf::new() });
        }
        assert_eq!(counts.left(Duration::from_secs(10)), None);
        counts.note(&Event::Document {
            file: PathBuf::new(),
            name: String::new(),
            state: State::Read,
            pages: 1,
            duplicate: false,
            score: 0.0,
            error: None,
            remarks: Vec::new(),
        });
        assert_eq!(counts.left(Duration::from_secs(10)), Some(90.0));
        assert!(counts.metrics(Duration::from_secs(10)).contains("sohoa_files_total{state=\"read\"} 1\n"));
    }
}

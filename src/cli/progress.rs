//! What a run says while it works: a bar on a terminal, and remarks as lines. Everything goes to stderr.

use crate::diagnostics::{Diagnostic, Severity};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Says on stderr how far a run is and what it met.
pub struct Progress {
    bar: ProgressBar,
    pages: AtomicU64,
}

impl Progress {
    /// For this many files. The bar is hidden where stderr is not a terminal.
    pub fn new(files: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{pos}/{len} files, {msg} [{wide_bar}] {elapsed}, {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message("0 pages");
        Progress { bar, pages: AtomicU64::new(0) }
    }

    /// One more page is done.
    pub fn page_done(&self) {
        let pages = self.pages.fetch_add(1, Ordering::Relaxed) + 1;
        self.bar.set_message(format!("{pages} pages"));
    }

    /// One more file is done.
    pub fn file_done(&self) {
        self.bar.inc(1);
    }

    /// One line on stderr, above the bar.
    pub fn say(&self, what: &dyn Display) {
        // Nothing can be done where stderr is closed.
        self.bar.suspend(|| drop(writeln!(io::stderr().lock(), "sohoa: {what}")));
    }

    /// A diagnostic of a file; those that only inform stay in the report.
    pub fn remark(&self, file: &Path, remark: &Diagnostic) {
        if remark.severity == Severity::Info {
            return;
        }
        let place = remark.place.and_then(|p| p.page).map_or(String::new(), |page| format!("page {page}: "));
        let hint = remark.hint.as_ref().map_or(String::new(), |hint| format!("; {hint}"));
        self.say(&format!("{}: {place}{}{hint}", file.display(), remark.message));
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

//! Files that wait to be read, and how far the reading is. One thread reads, pages side by side on its own pool.

use serde::Serialize;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// The most files that may wait.
pub const MOST_WAITING: usize = 100_000;

/// The most ended files that are told; the list of documents has them all.
const MOST_TOLD: usize = 50;

/// How a file ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ended {
    /// The file's name.
    pub file: String,
    /// Why it failed; None where it was read.
    pub error: Option<String>,
}

/// Where the reading stands.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Progress {
    /// Files that wait.
    pub waiting: usize,
    /// The file that is being read.
    pub reading: Option<String>,
    /// Pages read since the desk was opened.
    pub pages: usize,
    /// Pages an hour over the time in which something was read; None before the first.
    pub pages_an_hour: Option<u32>,
    /// Files read and failed, the last ones first.
    pub ended: Vec<Ended>,
}

/// The queue.
#[derive(Debug, Default)]
pub struct Jobs {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<PathBuf>,
    reading: Option<(String, Instant)>,
    busy_seconds: f64,
    pages: usize,
    ended: VecDeque<Ended>,
    closed: bool,
}

impl Jobs {
    fn state(&self) -> MutexGuard<'_, State> {
        // A thread that panicked with the queue in hand left it whole: each change is one step.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts files at the end of the queue; gives how many found room.
    pub fn add(&self, files: impl IntoIterator<Item = PathBuf>) -> usize {
        let mut state = self.state();
        let before = state.waiting.len();
        for file in files {
            if state.waiting.len() < MOST_WAITING && !state.waiting.contains(&file) {
                state.waiting.push_back(file);
            }
        }
        self.changed.notify_all();
        state.waiting.len() - before
    }

    /// Waits for the next file; None once the queue is closed.
    pub fn next(&self) -> Option<PathBuf> {
        let mut state = self.state();
        loop {
            if state.closed {
                return None;
            }
            if let Some(file) = state.waiting.pop_front() {
                state.reading = Some((name(&file), Instant::now()));
                return Some(file);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A page of the file at hand is done.
    pub fn page_done(&self) {
        self.state().pages += 1;
    }

    /// The file at hand is done.
    pub fn done(&self, error: Option<String>) {
        let mut state = self.state();
        if let Some((file, since)) = state.reading.take() {
            state.busy_seconds += since.elapsed().as_secs_f64();
            state.ended.push_front(Ended { file, error });
            state.ended.truncate(MOST_TOLD);
        }
    }

    /// Lets whoever waits for a file go.
    pub fn close(&self) {
        self.state().closed = true;
        self.changed.notify_all();
    }

    /// Where the reading stands.
    pub fn progress(&self) -> Progress {
        let state = self.state();
        let now = state.reading.as_ref().map_or(0.0, |(_, since)| since.elapsed().as_secs_f64());
        let busy = state.busy_seconds + now;
        Progress {
            waiting: state.waiting.len(),
            reading: state.reading.as_ref().map(|(file, _)| file.clone()),
            pages: state.pages,
            pages_an_hour: (state.pages > 0 && busy > 0.0).then(|| (state.pages as f64 * 3600.0 / busy) as u32),
            ended: state.ended.iter().cloned().collect(),
        }
    }
}

fn name(file: &std::path::Path) -> String {
    file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_in_their_order_and_once() {
        let jobs = Jobs::default();
        assert_eq!(jobs.add(["a/x.pdf", "b.pdf", "a/x.pdf"].map(PathBuf::from)), 2);
        assert_eq!(jobs.next(), Some(PathBuf::from("a/x.pdf")));
        assert_eq!(jobs.progress().reading.as_deref(), Some("x.pdf"));
        jobs.page_done();
        jobs.done(None);
        assert_eq!(jobs.next(), Some(PathBuf::from("b.pdf")));
        jobs.done(Some("torn".into()));
        let progress = jobs.progress();
        assert_eq!((progress.waiting, progress.pages, progress.reading), (0, 1, None));
        let errors: Vec<_> = progress.ended.iter().map(|e| e.error.as_deref()).collect();
        assert_eq!(errors, [Some("torn"), None]);
        jobs.close();
        assert_eq!(jobs.next(), None);
    }
}

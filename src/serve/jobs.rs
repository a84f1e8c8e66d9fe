//! Files that were sent to be read, and what became of them.

use crate::error::{Error, ErrorKind, Result};
use crate::export::{self, ExportOptions, Format};
use crate::pipeline::Reader;
use crate::report::Status;
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Waiting,
    Reading,
    Read,
    Partly,
    Failed,
}

/// A job as its sender sees it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Job {
    pub id: String,
    pub name: String,
    pub state: State,
    pub pages_done: u32,
    pub error: Option<String>,
    pub results: Vec<String>,
    #[serde(skip)]
    formats: Vec<Format>,
    #[serde(skip)]
    settled: Option<Instant>,
}

/// All jobs of a service; their files lie in a folder that goes with it.
pub(super) struct Jobs {
    state: Mutex<Kept>,
    changed: Condvar,
    folder: TempDir,
    most: usize,
    keep: Duration,
}

#[derive(Default)]
struct Kept {
    jobs: BTreeMap<String, Job>,
    waiting: VecDeque<String>,
    stopped: bool,
}

impl Jobs {
    /// At most so many at a time, each kept so long after it is done.
    pub fn new(most: usize, keep: Duration) -> Result<Jobs> {
        let folder = TempDir::with_prefix("sohoa-").map_err(|e| {
            Error::new(ErrorKind::Unwritable, "there is no room for files that are sent").remedy("set TMPDIR").source(e)
        })?;
        Ok(Jobs { state: Mutex::default(), changed: Condvar::new(), folder, most, keep })
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn folder(&self, id: &str) -> PathBuf {
        self.folder.path().join(id)
    }

    /// A place for a file that is about to be sent, and the new job's id; None where there are too many jobs.
    ///
    /// # Errors
    /// Where the place cannot be made.
    pub fn make_room(&self, name: &str) -> Result<Option<(String, PathBuf)>> {
        self.forget_old();
        if self.kept().jobs.len() >= self.most {
            return Ok(None);
        }
        let mut bytes = [0; 16];
        let unwritable = |e| Error::new(ErrorKind::Unwritable, "the file cannot be kept").source(e);
        File::open("/dev/urandom").and_then(|mut random| random.read_exact(&mut bytes)).map_err(unwritable)?;
        let id: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        let folder = self.folder(&id).join("in");
        std::fs::create_dir_all(&folder).map_err(unwritable)?;
        // The name is the sender's: only its last part counts, and never as a path.
        let name =
            name.rsplit(['/', '\\']).next().filter(|n| !n.is_empty() && *n != "." && *n != "..").unwrap_or("document");
        let name: String = name.chars().filter(|c| !c.is_control()).take(100).collect();
        Ok(Some((id, folder.join(name))))
    }

    /// Drops the place of a file that did not come.
    pub fn drop_room(&self, id: &str) {
        let _ = std::fs::remove_dir_all(self.folder(id));
    }

    /// Queues a file that has come.
    pub fn add(&self, id: String, path: &std::path::Path, formats: Vec<Format>) -> Job {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let job = Job {
            id: id.clone(),
            name,
            state: State::Waiting,
            pages_done: 0,
            error: None,
            results: Vec::new(),
            formats,
            settled: None,
        };
        let mut kept = self.kept();
        kept.jobs.insert(id.clone(), job.clone());
        kept.waiting.push_back(id);
        drop(kept);
        self.changed.notify_one();
        job
    }

    pub fn get(&self, id: &str) -> Option<Job> {
        self.forget_old();
        self.kept().jobs.get(id).cloned()
    }

    /// The file of a result; None where the job has no such result.
    pub fn result(&self, id: &str, result: &str) -> Option<PathBuf> {
        let job = self.get(id)?;
        job.results.iter().any(|r| r == result).then(|| self.folder(id).join("out").join(result))
    }

    /// Whether there was such a job.
    pub fn forget(&self, id: &str) -> bool {
        let gone = self.kept().jobs.remove(id).is_some();
        if gone {
            self.drop_room(id);
        }
        gone
    }

    fn forget_old(&self) {
        let old = |job: &Job| job.settled.is_some_and(|settled| settled.elapsed() > self.keep);
        let ids: Vec<String> = self.kept().jobs.values().filter(|j| old(j)).map(|j| j.id.clone()).collect();
        for id in ids {
            self.forget(&id);
        }
    }

    /// Ends those who [work](Jobs::work).
    pub fn stop(&self) {
        self.kept().stopped = true;
        self.changed.notify_all();
    }

    /// Reads what waits, one file after the other, until stopped.
    pub fn work(&self, reader: &Reader, options: &ExportOptions) {
        while let Some((id, name, formats)) = self.take() {
            let done = self.read(&id, &name, &formats, reader, options);
            let mut kept = self.kept();
            // It may have been forgotten meanwhile.
            let Some(job) = kept.jobs.get_mut(&id) else {
                drop(kept);
                self.drop_room(&id);
                continue;
            };
            job.settled = Some(Instant::now());
            match done {
                Ok((state, results)) => (job.state, job.results) = (state, results),
                Err(error) => {
                    let remedy = error.remedy_text().map(|r| format!("; {r}")).unwrap_or_default();
                    (job.state, job.error) = (State::Failed, Some(format!("{}{remedy}", error.message())));
                }
            }
        }
    }

    fn take(&self) -> Option<(String, String, Vec<Format>)> {
        let mut kept = self.kept();
        loop {
            if kept.stopped {
                return None;
            }
            while let Some(id) = kept.waiting.pop_front() {
                if let Some(job) = kept.jobs.get_mut(&id) {
                    job.state = State::Reading;
                    return Some((id, job.name.clone(), job.formats.clone()));
                }
            }
            kept = self.changed.wait(kept).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn read(
        &self,
        id: &str,
        name: &str,
        formats: &[Format],
        reader: &Reader,
        options: &ExportOptions,
    ) -> Result<(State, Vec<String>)> {
        let path = self.folder(id).join("in").join(name);
        let mut reading = reader.read_with(&path, &|_| {
            if let Some(job) = self.kept().jobs.get_mut(id) {
                job.pages_done += 1;
            }
        })?;
        let products = export::export_by(reader, &mut reading, &path, formats, options)?;
        let out = self.folder(id).join("out");
        let mut results = Vec::new();
        for product in products {
            // A result may be several files, some of them in folders: here they all lie side by side.
            let result = product.ending.trim_start_matches(['.', '-', '/']).replace('/', "-");
            let written =
                std::fs::create_dir_all(&out).and_then(|()| std::fs::write(out.join(&result), product.content));
            written.map_err(|e| Error::new(ErrorKind::Unwritable, "the result cannot be kept").source(e))?;
            results.push(result);
        }
        let failed = reading.report.pages.iter().all(|p| p.status == Status::Failed);
        let state = if failed {
            State::Failed
        } else if reading.report.is_partial() {
            State::Partly
        } else {
            State::Read
        };
        Ok((state, results))
    }
}

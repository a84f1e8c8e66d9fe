//! Reading in processes of their own, each under a limit of time and memory, so that a hostile or unlucky page (an image
//! that takes minutes to decode, an engine that ends the process) costs only itself.
//!
//! A worker is this program, called as `serve --stdio`. It is asked on its standard input and answers on its standard output
//! ([`protocol`](super::protocol)). It lives until its input ends, until it has failed, or until it has answered often enough.

use super::options::{Isolation, ReaderOptions};
use super::protocol::{Answer, Question, send};
use super::seen::{FileFacts, PageOutcome, SeenPage};
use crate::diagnostics::Outcome;
use crate::document::PageNo;
use crate::error::{Error, ErrorKind, Result};
use crate::pool::Pool;
use serde::de::DeserializeOwned;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Making ready takes well under a second; this is for machines with much else to do.
const TIME_TO_BEGIN: Duration = Duration::from_secs(60);

/// Questions that a worker answers: what its allocators keep between images of unlike size grows slowly, by a tenth in so many pages, and goes with it.
const LIFE: u32 = 500;

/// Workers that wait for a question; as many as were ever needed at a time.
pub(super) struct Workers {
    isolation: Isolation,
    options: ReaderOptions,
    idle: Pool<Worker>,
}

impl Workers {
    /// Starts a first worker, and tells the name of the recognisers that it has.
    pub fn start(isolation: Isolation, options: ReaderOptions) -> Result<Outcome<(Workers, String)>> {
        let workers = Workers { isolation, options, idle: Pool::default() };
        let (worker, name) = workers.begin()?;
        workers.idle.give(worker);
        Ok(Outcome { value: (workers, name.value), diagnostics: name.diagnostics })
    }

    /// What the file is.
    pub fn open(&self, file: &Path) -> Result<Outcome<FileFacts>> {
        self.ask(file, &Question::Open { file: file.into() }).map_err(|e| e.file(file))
    }

    /// What is on a page.
    pub fn see(&self, file: &Path, page: PageNo) -> PageOutcome {
        let seen: Result<Outcome<SeenPage>> = self.ask(file, &Question::See { file: file.into(), page });
        seen.map_err(|e| e.file(file).page(page)).into()
    }

    /// Has the searchable PDF of a reading, given as JSON, written to `to`; how many bytes it has, and what there is to remark on it.
    pub fn pdf(
        &self,
        file: &Path,
        to: &Path,
        (pdf_a, attach_original): (bool, bool),
        reading: &[u8],
    ) -> Result<Outcome<u64>> {
        let (name, to, bytes) = (file.into(), to.into(), reading.len() as u64);
        self.ask_with(file, &Question::Pdf { file: name, to, pdf_a, attach_original, bytes }, reading)
    }

    fn begin(&self) -> Result<(Worker, Outcome<String>)> {
        let mut worker = Worker::start(&self.isolation)?;
        let limit = self.isolation.time.max(TIME_TO_BEGIN);
        let name = worker.ask::<String>(&Question::Begin { options: Box::new(self.options.clone()) }, &[], limit);
        match name {
            Ok(answer) => Ok((worker, Result::from(answer)?)),
            Err(end) => Err(end.error(&self.isolation)),
        }
    }

    fn ask<T: DeserializeOwned>(&self, file: &Path, question: &Question) -> Result<Outcome<T>> {
        self.ask_with(file, question, &[])
    }

    /// Asks with `content` behind the question.
    fn ask_with<T: DeserializeOwned>(&self, file: &Path, question: &Question, content: &[u8]) -> Result<Outcome<T>> {
        // One that has the file open need not open it again.
        let waiting = self.idle.take_preferring(|worker| worker.file.as_deref() == Some(file));
        let used = waiting.is_some();
        let mut worker = waiting.map_or_else(|| self.begin().map(|(worker, _)| worker), Ok)?;
        let mut answer = worker.ask(question, content, self.isolation.time);
        if used && matches!(answer, Err(End::Died { .. })) {
            // What it had done before may have been the cause; whether a page can be read must not depend on that.
            worker = self.begin()?.0;
            answer = worker.ask(question, content, self.isolation.time);
        }
        match answer {
            Ok(answer) => {
                worker.file = Some(file.to_owned());
                if worker.asked < LIFE {
                    self.idle.give(worker);
                }
                answer.into()
            }
            Err(end) => Err(end.error(&self.isolation)),
        }
    }
}

/// How a worker ended without an answer.
enum End {
    /// The time was over; it was stopped.
    Late,
    /// It ended by itself, and said this last.
    Died { status: Option<ExitStatus>, said: String },
}

impl End {
    fn error(self, isolation: &Isolation) -> Error {
        match self {
            End::Late => {
                let seconds = isolation.time.as_secs();
                Error::new(ErrorKind::Timeout, format!("it was not read within {seconds} seconds"))
                    .remedy("allow more with --page-seconds")
            }
            // What the allocators of Rust and C++ say before they end the process.
            End::Died { said, .. } if said.contains("memory allocation of") || said.contains("bad_alloc") => {
                let size = isolation.memory >> 20;
                Error::new(ErrorKind::TooLarge, format!("reading it takes more than {size} MiB of memory"))
                    .remedy("allow more with --page-memory")
            }
            End::Died { status, said } => {
                let how = status.map_or_else(|| "in an unknown way".to_owned(), |status| status.to_string());
                let last = said.lines().last().map(|line| format!(": {}", line.trim())).unwrap_or_default();
                Error::new(ErrorKind::EngineFailed, format!("the process that read it ended early ({how}){last}"))
            }
        }
    }
}

/// A process that answers.
struct Worker {
    process: Child,
    questions: Option<ChildStdin>,
    answers: Receiver<Vec<u8>>,
    /// The file that it was asked of last, and has open.
    file: Option<PathBuf>,
    /// How many questions it has been asked.
    asked: u32,
    /// Gathers the end of what the process says on standard error.
    listener: Option<JoinHandle<String>>,
}

impl Worker {
    fn start(isolation: &Isolation) -> Result<Worker> {
        let mut command = Command::new(&isolation.program);
        command.args(["serve", "--stdio"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // One arena, as one thread at a time asks for much: of several, glibc keeps in each what images of unlike size leave.
        if std::env::var_os("MALLOC_ARENA_MAX").is_none() {
            command.env("MALLOC_ARENA_MAX", "1");
        }
        // An interrupt from the terminal is for the process that asks; it lets the pages at hand be finished.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let failed = |e: io::Error| {
            Error::new(ErrorKind::Defect, format!("a process to read pages in cannot be started: {e}"))
                .remedy("check that the program's file is still there and that processes may be started")
        };
        let mut process = command.spawn().map_err(failed)?;
        let questions = process.stdin.take();
        let (sender, answers) = mpsc::channel();
        if let Some(stdout) = process.stdout.take() {
            std::thread::spawn(move || {
                let mut lines = BufReader::new(stdout);
                loop {
                    let mut line = Vec::new();
                    let whole = lines.read_until(b'\n', &mut line).is_ok() && line.ends_with(b"\n");
                    if !whole || sender.send(line).is_err() {
                        break;
                    }
                }
            });
        }
        let listener = process.stderr.take().map(|stderr| std::thread::spawn(move || last_words(stderr)));
        Ok(Worker { process, questions, answers, file: None, asked: 0, listener })
    }

    fn ask<T: DeserializeOwned>(
        &mut self,
        question: &Question,
        content: &[u8],
        limit: Duration,
    ) -> Result<Answer<T>, End> {
        let ask =
            |to: &mut ChildStdin| send(to, question).and_then(|()| to.write_all(content)).and_then(|()| to.flush());
        self.asked += 1;
        let asked = self.questions.as_mut().is_some_and(|questions| ask(questions).is_ok());
        if !asked {
            return Err(self.died());
        }
        match self.answers.recv_timeout(limit) {
            Ok(line) => serde_json::from_slice(&line).map_err(|_| {
                // Nothing more is to be had from one that does not make itself understood.
                let _ = self.process.kill();
                self.died()
            }),
            Err(RecvTimeoutError::Timeout) => Err(End::Late),
            Err(RecvTimeoutError::Disconnected) => Err(self.died()),
        }
    }

    fn died(&mut self) -> End {
        self.questions = None;
        let status = self.process.wait().ok();
        let said = self.listener.take().and_then(|listener| listener.join().ok()).unwrap_or_default();
        End::Died { status, said }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // One that waits ends when its questions do; one that is at work must not go on.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The last few kilobytes of what is said.
fn last_words(mut stderr: impl Read) -> String {
    const KEPT: usize = 4096;
    let mut said = Vec::new();
    let mut buffer = [0; 1024];
    while let Ok(count @ 1..) = stderr.read(&mut buffer) {
        said.extend_from_slice(&buffer[..count]);
        said.drain(..said.len().saturating_sub(KEPT));
    }
    String::from_utf8_lossy(&said).into_owned()
}

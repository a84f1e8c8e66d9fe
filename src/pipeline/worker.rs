//! Reading in processes of their own, each under a limit of time and memory, so that a hostile or unlucky page (an image
//! that takes minutes to decode, an engine that ends the process) costs only itself.
//!
//! A worker is this program, called with the hidden command `worker`. It is asked on its standard input and answers on its
//! standard output, in frames: the length of a JSON text as four bytes, little-endian, and the text. It lives until its
//! input ends, or until it has failed.

use super::page::{PageReader, SeenPage};
use super::{FileFacts, ReaderOptions};
use crate::diagnostics::{Diagnostic, Outcome};
use crate::document::PageNo;
use crate::error::{Error, ErrorKind, Result};
use crate::raster::Document;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How pages are kept apart from the process that asks for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Isolation {
    /// The program whose command `worker` calls [`serve`].
    pub program: PathBuf,
    /// The longest that opening a file, or reading a page, may take.
    pub time: Duration,
    /// Bytes of address space that a worker may have.
    pub memory: u64,
}

/// What a worker is asked.
#[derive(Debug, Serialize, Deserialize)]
enum Question {
    /// To make ready. The first question, and asked once.
    Begin(Box<ReaderOptions>),
    /// What a file is.
    Open { file: OsString },
    /// What is on a page of it.
    See { file: OsString, page: PageNo },
}

/// An answer with the remarks that belong to it.
#[derive(Serialize, Deserialize)]
struct Answer<T> {
    result: Result<T>,
    diagnostics: Vec<Diagnostic>,
}

impl<T> From<Result<Outcome<T>>> for Answer<T> {
    fn from(result: Result<Outcome<T>>) -> Self {
        match result {
            Ok(outcome) => Answer { result: Ok(outcome.value), diagnostics: outcome.diagnostics },
            Err(error) => Answer { result: Err(error), diagnostics: Vec::new() },
        }
    }
}

impl<T> From<Answer<T>> for Result<Outcome<T>> {
    fn from(answer: Answer<T>) -> Self {
        answer.result.map(|value| Outcome { value, diagnostics: answer.diagnostics })
    }
}

/// Answers questions until `questions` ends: the worker's side.
///
/// # Errors
/// Where the questions cannot be read or the answers cannot be written.
pub fn serve(mut questions: impl Read, mut answers: impl Write) -> io::Result<()> {
    let mut reader: Option<PageReader> = None;
    // The pages of one file are mostly asked for one after the other.
    let mut open: Option<(OsString, Document)> = None;
    while let Some(question) = receive(&mut questions)? {
        match question {
            Question::Begin(options) => {
                let limit = options.isolation.as_ref().map(|i| i.memory);
                let limited = limit.map_or(Ok(()), |limit| rlimit::setrlimit(rlimit::Resource::AS, limit, limit));
                let made = limited.map_err(|e| Error::new(ErrorKind::Defect, e.to_string()));
                let made = made.and_then(|()| PageReader::new(*options)).map(|made| {
                    let name = made.value.engine().to_owned();
                    reader = Some(made.value);
                    Outcome { value: name, diagnostics: made.diagnostics }
                });
                send(&mut answers, &Answer::from(made))?;
            }
            Question::Open { file } => {
                let opened = safely(|| Document::open(&file)).map(|opened| {
                    let facts = FileFacts::of(&opened.value);
                    open = Some((file, opened.value));
                    Outcome { value: facts, diagnostics: opened.diagnostics }
                });
                send(&mut answers, &Answer::from(opened))?;
            }
            Question::See { file, page } => {
                let seen = safely(|| {
                    let reader = reader.as_ref().ok_or_else(|| Error::new(ErrorKind::Defect, "asked too early"))?;
                    if open.as_ref().is_none_or(|(name, _)| *name != file) {
                        open = Some((file.clone(), Document::open(&file)?.value));
                    }
                    open.as_ref().map_or_else(|| Err(defect()), |(_, document)| reader.see(document, page))
                });
                send(&mut answers, &Answer::from(seen))?;
            }
        }
    }
    Ok(())
}

/// Runs `work`, a defect turned into an error.
pub(super) fn safely<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(defect()))
}

fn defect() -> Error {
    Error::new(ErrorKind::Defect, "reading this met a defect of the program").remedy("please report it with the file")
}

/// Making ready takes well under a second; this is for machines with much else to do.
const TIME_TO_BEGIN: Duration = Duration::from_secs(60);

/// Workers that wait for a question; as many as were ever needed at a time.
pub(super) struct Workers {
    isolation: Isolation,
    options: ReaderOptions,
    idle: Mutex<Vec<Worker>>,
}

impl Workers {
    /// Starts a first worker, and tells the name of the recognisers that it has.
    pub fn start(isolation: Isolation, options: ReaderOptions) -> Result<Outcome<(Workers, String)>> {
        let workers = Workers { isolation, options, idle: Mutex::default() };
        let (worker, name) = workers.begin()?;
        workers.idle().push(worker);
        Ok(Outcome { value: (workers, name.value), diagnostics: name.diagnostics })
    }

    /// What the file is.
    pub fn open(&self, file: &Path) -> Result<Outcome<FileFacts>> {
        self.ask(&Question::Open { file: file.into() }).map_err(|e| e.file(file))
    }

    /// What is on a page.
    pub fn see(&self, file: &Path, page: PageNo) -> Result<Outcome<SeenPage>> {
        self.ask(&Question::See { file: file.into(), page }).map_err(|e| e.file(file).page(page))
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Worker>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self) -> Result<(Worker, Outcome<String>)> {
        let mut worker = Worker::start(&self.isolation)?;
        let limit = self.isolation.time.max(TIME_TO_BEGIN);
        let name = worker.ask::<String>(&Question::Begin(Box::new(self.options.clone())), limit);
        match name {
            Ok(answer) => Ok((worker, Result::from(answer)?)),
            Err(end) => Err(end.error(&self.isolation)),
        }
    }

    fn ask<T: DeserializeOwned>(&self, question: &Question) -> Result<Outcome<T>> {
        let waiting = self.idle().pop();
        let used = waiting.is_some();
        let mut worker = waiting.map_or_else(|| self.begin().map(|(worker, _)| worker), Ok)?;
        let mut answer = worker.ask(question, self.isolation.time);
        if used && matches!(answer, Err(End::Died { .. })) {
            // What it had done before may have been the cause; whether a page can be read must not depend on that.
            worker = self.begin()?.0;
            answer = worker.ask(question, self.isolation.time);
        }
        match answer {
            Ok(answer) => {
                self.idle().push(worker);
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
    /// Gathers the end of what the process says on standard error.
    listener: Option<JoinHandle<String>>,
}

impl Worker {
    fn start(isolation: &Isolation) -> Result<Worker> {
        let mut command = Command::new(&isolation.program);
        command.arg("worker").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
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
        if let Some(mut stdout) = process.stdout.take() {
            std::thread::spawn(move || {
                while let Ok(Some(frame)) = read_frame(&mut stdout) {
                    if sender.send(frame).is_err() {
                        break;
                    }
                }
            });
        }
        let listener = process.stderr.take().map(|stderr| std::thread::spawn(move || last_words(stderr)));
        Ok(Worker { process, questions, answers, listener })
    }

    fn ask<T: DeserializeOwned>(&mut self, question: &Question, limit: Duration) -> Result<Answer<T>, End> {
        let asked = self.questions.as_mut().is_some_and(|questions| send(questions, question).is_ok());
        if !asked {
            return Err(self.died());
        }
        match self.answers.recv_timeout(limit) {
            Ok(frame) => serde_json::from_slice(&frame).map_err(|_| {
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

fn send(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let json = serde_json::to_vec(value)?;
    let length = u32::try_from(json.len()).map_err(|_| io::Error::other("an answer of 4 GiB"))?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(&json)?;
    to.flush()
}

fn receive<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<T>> {
    Ok(match read_frame(from)? {
        Some(frame) => Some(serde_json::from_slice(&frame)?),
        None => None,
    })
}

/// The next frame; None where the stream ends before it.
fn read_frame(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Ok(()) => {}
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(e) => return Err(e),
    }
    let mut frame = vec![0; u32::from_le_bytes(length) as usize];
    from.read_exact(&mut frame)?;
    Ok(Some(frame))
}

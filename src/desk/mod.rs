//! The desk: a page in the browser, served on this machine only, on which results are found, checked and corrected.
//!
//! [`Desk::open`] takes a folder of results; [`Desk::serve`] answers the browser and reads what is dropped in. All that it knows is in
//! the folder: results as `sohoa read` writes them, `corrections.jsonl`, an index and, under `.desk`, the words with their boxes.

mod checking;
mod http;
mod jobs;
mod kept;
mod picture;
mod review;
mod routes;
mod shelf;

pub use checking::{CheckedLine, CheckedPage, CheckedWord, checked};
pub use http::Guard;
pub use kept::corrected_documents;
pub use review::{review_page, take_corrections};

use crate::correct::{Correction, CorrectionLog, Learned};
use crate::diagnostics::Outcome;
use crate::error::{Error, ErrorKind, Result};
use crate::export::{self, ExportOptions, Format};
use crate::extract::Extractor;
use crate::pipeline::{Reader, ReaderOptions, Reading};
use crate::resources::Resources;
use crate::whole_file::{unwritable, write_whole};
use jobs::Jobs;
use kept::{Kept, KeptReading};
use shelf::Shelf;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tiny_http::Server;

/// Threads that answer: a browser asks for some pictures at a time, and a search must not wait for them.
const ANSWERING: usize = 6;

/// What a desk is made of.
#[derive(Debug, Clone, Default)]
pub struct DeskOptions {
    /// How files are read.
    pub reader: ReaderOptions,
    /// Pages read at a time; 0 for one a core.
    pub jobs: usize,
    /// Who corrects, as the log names him.
    pub who: String,
    /// What reading is done with.
    pub resources: Resources,
}

/// A folder of results with everything that is done on it.
pub struct Desk {
    folder: PathBuf,
    options: DeskOptions,
    kept: Kept,
    shelf: Mutex<Shelf>,
    log: Mutex<CorrectionLog>,
    jobs: Jobs,
    extractor: Arc<Extractor>,
    /// The document that was asked for last: a correction is followed by another on the same one.
    at_hand: Mutex<Option<(String, Arc<KeptReading>)>>,
    stop: Arc<AtomicBool>,
}

/// A server that listens and is not served yet.
pub struct Listener {
    server: Server,
    guard: Guard,
}

impl Listener {
    /// Listens on this port of the machine itself; 0 for any that is free.
    ///
    /// # Errors
    /// [`ErrorKind::Unwritable`] where the port is taken; [`ErrorKind::Defect`] where the system has no random numbers.
    pub fn open(port: u16) -> Result<Listener> {
        let server = Server::http(("127.0.0.1", port)).map_err(|e| {
            let remedy = "choose another one with --port, or let it be found";
            Error::new(ErrorKind::Unwritable, format!("port {port} cannot be listened on")).remedy(remedy).source(e)
        })?;
        let port = server.server_addr().to_ip().map_or(port, |address| address.port());
        Ok(Listener { server, guard: Guard { token: token()?, port } })
    }

    /// The address to open in a browser; it holds the secret.
    pub fn address(&self) -> String {
        self.guard.address()
    }
}

/// 128 bits that nobody can guess, in hexadecimal.
fn token() -> Result<String> {
    let mut bytes = [0u8; 16];
    let read = std::fs::File::open("/dev/urandom").and_then(|mut f| std::io::Read::read_exact(&mut f, &mut bytes));
    read.map_err(|e| Error::io("/dev/urandom", e))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    /// A desk over this folder, which is made where it is not there.
    ///
    /// # Errors
    /// Where the folder cannot be written to, or its corrections or index not be read.
    pub fn open(folder: &Path, options: DeskOptions, stop: Arc<AtomicBool>) -> Result<Outcome<Desk>> {
        let unwritable = |e| Error::new(ErrorKind::Unwritable, "the folder cannot be made").file(folder).source(e);
        std::fs::create_dir_all(folder).map_err(unwritable)?;
        let mut diagnostics = Vec::new();
        let log = CorrectionLog::open(folder)?.drain_into(&mut diagnostics);
        let kept = Kept::of(folder);
        let mut shelf = Shelf::open(folder)?;
        shelf.refresh(&kept)?;
        let desk = Desk {
            folder: folder.to_owned(),
            extractor: Arc::clone(options.resources.extractor()?),
            options,
            kept,
            shelf: Mutex::new(shelf),
            log: Mutex::new(log),
            jobs: Jobs::default(),
            at_hand: Mutex::new(None),
            stop,
        };
        Ok(Outcome { value: desk, diagnostics })
    }

    /// Answers the browser and reads what waits, until it is told to stop.
    pub fn serve(&self, listener: &Listener) {
        std::thread::scope(|scope| {
            scope.spawn(|| self.read_all());
            for _ in 0..ANSWERING {
                scope.spawn(|| self.answer_all(listener));
            }
            while !self.stop.load(Ordering::Relaxed) {
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
            self.jobs.close();
            for _ in 0..ANSWERING {
                listener.server.unblock();
            }
        });
    }

    fn answer_all(&self, listener: &Listener) {
        while let Ok(mut request) = listener.server.recv() {
            let answer = match listener.guard.admit(&request) {
                Ok(asked) => self.answer(&asked, &mut request),
                Err(refusal) => refusal,
            };
            http::respond(request, answer);
        }
    }

    /// Reads what is in the queue. The reader is made with the first file: a desk that only shows needs no recogniser.
    fn read_all(&self) {
        let mut reader: Option<(Reader, rayon::ThreadPool)> = None;
        while let Some(path) = self.jobs.next() {
            let made = match &reader {
                Some(_) => Ok(()),
                None => self.reader().map(|made| reader = Some(made)),
            };
            let read = made.and_then(|()| match &reader {
                Some((reader, pool)) => pool.install(|| self.read(reader, &path)),
                None => Ok(()),
            });
            self.jobs.done(read.err().map(|e| e.to_string()));
        }
    }

    fn reader(&self) -> Result<(Reader, rayon::ThreadPool)> {
        let learned = Learned::load(&self.folder)?;
        let resources = Learned::resources(learned.as_ref(), &self.options.resources)?;
        let reader = Reader::with_resources(self.options.reader.clone(), &resources)?;
        let reader = reader.with_stop(Arc::clone(&self.stop)).with_learned(learned.as_ref());
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.options.jobs).build();
        Ok((reader, pool.map_err(|e| Error::new(ErrorKind::Defect, e.to_string()))?))
    }

    /// Reads a file and keeps what was read.
    fn read(&self, reader: &Reader, path: &Path) -> Result<()> {
        let reading = reader.read_with(path, &|_| self.jobs.page_done())?;
        let id = reading.report.source.sha256.clone().unwrap_or_default();
        let name = self.name_for(path, &id);
        let kept = KeptReading { path: path.to_owned(), name, report: reading.report, pages: reading.pages };
        self.kept.save(&id, &kept)?;
        self.write_results(&id, &kept)
    }

    /// The name of a file's results: its stem, with a part of the content's hash where other bytes have that name already.
    fn name_for(&self, path: &Path, id: &str) -> String {
        let stem = path.file_stem().map_or_else(|| "document".into(), |s| s.to_string_lossy().into_owned());
        // Names of files end at 255 bytes; endings and a suffix need some.
        let mut stem: String = stem.chars().filter(|c| !c.is_control()).collect();
        while stem.len() > 200 {
            stem.pop();
        }
        let report = std::fs::read(self.folder.join(format!("{stem}.json"))).ok();
        let report = report.and_then(|bytes| serde_json::from_slice::<crate::report::Report>(&bytes).ok());
        let taken = report.is_some_and(|report| report.source.sha256.as_deref() != Some(id));
        if taken { format!("{stem}-{}", &id[..id.len().min(8)]) } else { stem }
    }

    /// The reading that is kept of a document; None where there is none.
    fn kept(&self, id: &str) -> Option<Arc<KeptReading>> {
        let mut at_hand = locked(&self.at_hand);
        if let Some((known, reading)) = &*at_hand
            && known == id
        {
            return Some(Arc::clone(reading));
        }
        let reading = Arc::new(self.kept.load(id)?);
        *at_hand = Some((id.to_owned(), Arc::clone(&reading)));
        Some(reading)
    }

    /// A kept reading with the corrections laid over it.
    fn corrected(&self, id: &str, kept: &KeptReading) -> Reading {
        let corrections = locked(&self.log).of_document(id);
        let mut reading = Reading { report: kept.report.clone(), pages: kept.pages.clone() };
        reading.correct(&corrections, &self.extractor);
        reading
    }

    /// Writes a document's results anew, in all forms that it has, and takes them into the index.
    fn write_results(&self, id: &str, kept: &KeptReading) -> Result<()> {
        let mut reading = self.corrected(id, kept);
        let has = |f: &Format| self.folder.join(format!("{}{}", kept.name, f.ending())).is_file();
        let usual = [Format::Json, Format::Txt];
        let formats: Vec<Format> = Format::ALL.into_iter().filter(|f| usual.contains(f) || has(f)).collect();
        for product in export::export(&mut reading, &kept.path, &formats, &ExportOptions::default())? {
            let path = self.folder.join(format!("{}{}", kept.name, product.ending));
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(|e| unwritable(folder, e))?;
            }
            write_whole(&path, &product.content)?;
        }
        locked(&self.shelf).refresh(&self.kept).map(|_| ())
    }

    /// Keeps a correction and puts the document's results right; gives the correction's name in the log.
    fn correct(&self, correction: Correction) -> Result<u64> {
        let id = correction.document.clone();
        let added = locked(&self.log).add(correction)?;
        // From here on it is kept: results that cannot be written now are written when the document is read or corrected next.
        if let Some(kept) = self.kept(&id) {
            self.write_results(&id, &kept)?;
        }
        Ok(added)
    }
}

//! A run: finds files, sees their pages in as many jobs as are allowed, writes the results, and keeps the journal.

use super::event::{Event, Failure, State};
use super::journal::{Journal, path_value};
use super::listing::{self, Except, nanoseconds};
use super::notes::{Input, Products, document_id, earlier_opening, record};
use super::queue::{Queue, Task};
use super::recipe::Recipe;
use super::shard::Shard;
use super::summary::{Summary, summarise};
use crate::diagnostics::{Outcome, Severity};
use crate::digest;
use crate::document::PageNo;
use crate::error::{Error, ErrorKind, Result};
use crate::export::{self, ExportOptions, Format};
use crate::output::OutputFolder;
use crate::pipeline::defect::safely;
use crate::pipeline::{FileFacts, PageOutcome, Reader, Reading};
use crate::report::{Report, Source};
use rayon::ThreadPool;
use rusqlite::params;
use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;

/// What a run does with each file.
pub struct Settings<'a> {
    /// Reads it.
    pub reader: &'a Reader,
    /// What its results are made with.
    pub recipe: Recipe,
    /// The forms of its results; JSON must be one of them for a journal that is kept, since tables are made of it.
    pub formats: Vec<Format>,
    /// How they are written.
    pub export: ExportOptions,
    /// Where they are written.
    pub out: OutputFolder,
    /// How many pages are seen at a time.
    pub jobs: usize,
    /// The part of the inputs that is read; None for all.
    pub shard: Option<Shard>,
    /// Whether results that are there without a record, made from the same bytes by the same program, are taken over.
    pub adopt: bool,
    /// Whether pages and files that failed in an earlier run are tried again.
    pub retry: bool,
    /// Whether only files that have not been looked at are taken up; otherwise it is seen whether the results of the others are
    /// still there and what they would be now.
    pub new_only: bool,
    /// Whoever sets it ends the run after the pages in hand.
    pub stop: Arc<AtomicBool>,
    /// Is told what happens, from any thread.
    pub on_event: &'a (dyn Fn(&Event) + Sync),
}

/// Lists the inputs and reads what is to be read of them.
///
/// # Errors
/// What ends a whole run: a journal or results that cannot be written. Everything else is in the events, the reports and the summary.
pub fn run(
    journal: &Journal,
    run: i64,
    arguments: &[PathBuf],
    except: &Except,
    settings: &Settings<'_>,
) -> Result<Summary> {
    let listed = listing::list(journal, run, arguments, except)?;
    for error in &listed.errors {
        (settings.on_event)(&Event::Remark { message: error.to_string() });
    }
    let done = "SELECT count(*) FROM inputs WHERE run = ?1 AND state IN ('done', 'elsewhere')";
    let done: i64 = journal.with_db(|db| db.query_row(done, [run], |row| row.get(0)))?;
    (settings.on_event)(&Event::Listed { files: listed.files, done: done as u64 });

    let pool = rayon::ThreadPoolBuilder::new().num_threads(settings.jobs).build();
    let pool = pool.map_err(|e| Error::new(ErrorKind::Defect, "threads cannot be started").source(e))?;
    let at_work = Run {
        journal,
        settings,
        pool,
        run,
        queue: Queue::new(settings.jobs),
        cursor: Mutex::default(),
        in_flight: Mutex::default(),
        alone: RwLock::new(()),
        failed: Mutex::default(),
    };
    std::thread::scope(|scope| {
        for _ in 0..settings.jobs {
            scope.spawn(|| at_work.work());
        }
    });
    if let Some(error) = at_work.failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    journal.commit()?;
    let mut summary = summarise(journal, run)?;
    summary.unsearched = listed.errors.len() as u64;
    Ok(summary)
}

/// Where the run is among its files: first all of them, then those that failed once.
#[derive(Default)]
struct Cursor {
    second: bool,
    after: Option<PathBuf>,
    part: VecDeque<Input>,
}

/// A document some of whose pages are not seen yet, or whose results are not written.
struct InFlight {
    id: i64,
    opened: Outcome<FileFacts>,
    left: AtomicU32,
    /// The file whose pages are seen.
    path: PathBuf,
    /// Files that hold it and whose results are to be written.
    inputs: Mutex<Vec<Input>>,
}

type Document = Arc<InFlight>;

struct Run<'a> {
    journal: &'a Journal,
    settings: &'a Settings<'a>,
    pool: ThreadPool,
    run: i64,
    queue: Queue<Document>,
    cursor: Mutex<Cursor>,
    in_flight: Mutex<HashMap<i64, Document>>,
    /// Held for writing by what is done by itself.
    alone: RwLock<()>,
    failed: Mutex<Option<Error>>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Run<'_> {
    /// One job: takes tasks until there are none.
    fn work(&self) {
        while let Some(task) = self.queue.take() {
            if self.settings.stop.load(Ordering::Relaxed) {
                self.queue.stop();
            } else if let Err(error) = self.do_task(task) {
                held(&self.failed).get_or_insert(error);
                self.queue.stop();
            }
            self.queue.done();
        }
    }

    fn do_task(&self, task: Task<Document>) -> Result<()> {
        match task {
            Task::Open => {
                let met = self.next_input().and_then(|input| match input {
                    Some(input) => self.meet(input),
                    None => {
                        self.queue.exhaust();
                        Ok(())
                    }
                });
                self.queue.opened();
                met
            }
            Task::Page { document, page, again } => self.page(&document, page, again),
            Task::Finish { document } => self.finish(&document),
        }
    }

    fn tell(&self, event: &Event) {
        (self.settings.on_event)(event);
    }

    /// The next file in the order of paths; None where there are no more.
    fn next_input(&self) -> Result<Option<Input>> {
        let mut cursor = held(&self.cursor);
        loop {
            if let Some(input) = cursor.part.pop_front() {
                return Ok(Some(input));
            }
            let after = cursor.after.as_deref().map_or(rusqlite::types::Value::Null, path_value);
            let which = if self.settings.new_only && !cursor.second {
                "AND inputs.state = 'waiting'"
            } else if cursor.second {
                "AND inputs.state = 'waiting' AND attempts > 0"
            } else {
                "AND inputs.state <> 'settling'"
            };
            let sql = format!(
                "SELECT {} FROM inputs LEFT JOIN documents USING (document)
                 WHERE run = ?1 AND (?2 IS NULL OR path > ?2) {which} ORDER BY path LIMIT 64",
                Input::COLUMNS
            );
            let part: VecDeque<Input> = self.journal.with_db(|db| {
                let mut part = db.prepare_cached(&sql)?;
                part.query_map(params![self.run, after], Input::of_row)?.collect()
            })?;
            match part.back() {
                Some(last) => cursor.after = Some(last.path.clone()),
                None if cursor.second => return Ok(None),
                None => (cursor.second, cursor.after) = (true, None),
            }
            cursor.part = part;
        }
    }

    /// Decides what is to be done about a file.
    fn meet(&self, input: Input) -> Result<()> {
        if self.is_done(&input) {
            self.tell(&Event::Skipped { file: input.path });
            return Ok(());
        }
        let sha256 = match digest::of_file(&input.path) {
            Ok(sha256) => sha256,
            Err(error) => return self.input_failed(&input, None, &error),
        };
        if let Some(shard) = self.settings.shard
            && !shard.holds(&sha256)
        {
            let sql = "UPDATE inputs SET state = 'elsewhere', recipe = ?2 WHERE path = ?1";
            self.journal.with_db(|db| db.execute(sql, params![path_value(&input.path), shard.to_string()]))?;
            self.tell(&Event::Skipped { file: input.path });
            return Ok(());
        }
        let id = self.journal.with_db(|db| document_id(db, &input, &sha256))?;
        if self.settings.adopt && self.adopted(&input, id, &sha256)? {
            self.tell(&Event::Skipped { file: input.path });
            return Ok(());
        }
        // A document is in flight until its last results are written; whoever holds the same is finished with it.
        if let Some(document) = held(&self.in_flight).get(&id) {
            held(&document.inputs).push(input);
            return Ok(());
        }
        let again = input.attempts > 0;
        let opened = match self.journal.with_db(|db| earlier_opening(db, id, &sha256))? {
            Some(opened) => Ok(opened),
            None => self.by_itself_if(again, || self.settings.reader.open(&input.path)).and_then(|opened| {
                let changed = opened.value.sha256 != sha256;
                if changed { Err(changed_while_read(&input.path)) } else { Ok(opened) }
            }),
        };
        match opened {
            Ok(opened) => self.take_up(input, id, opened),
            Err(error) => self.input_failed(&input, Some(id), &error),
        }
    }

    /// Whether an earlier run has written the results, and they are what this one would write.
    fn is_done(&self, input: &Input) -> bool {
        match (input.state.as_str(), &input.recipe) {
            ("done", Some(recipe)) => {
                let read = input.document_state.as_deref() == Some(State::Read.name());
                let wanted = self.recipe_of(input.sha256.as_deref());
                let wanted = if read { wanted.results } else { wanted.failed_results };
                let file = |ending: &String| self.settings.out.file(&format!("{}{ending}", input.name));
                let there = || input.products.iter().all(|ending| file(ending).is_file());
                *recipe == wanted && (read || !self.settings.retry) && there()
            }
            ("elsewhere", Some(recipe)) => self.settings.shard.is_some_and(|shard| shard.to_string() == *recipe),
            _ => false,
        }
    }

    /// What the results of a document are made with, its corrections among it.
    fn recipe_of(&self, sha256: Option<&str>) -> Recipe {
        let corrections = sha256.map(|id| self.settings.reader.corrections_of(id)).unwrap_or_default();
        self.settings.recipe.with_corrections(&corrections)
    }

    /// Takes over complete results without a record, made from these bytes in the same way.
    fn adopted(&self, input: &Input, id: i64, sha256: &str) -> Result<bool> {
        let file = |ending: &str| self.settings.out.file(&format!("{}{ending}", input.name));
        let report = std::fs::read(file(".json")).ok().and_then(|json| serde_json::from_slice::<Report>(&json).ok());
        let Some(report) = report else { return Ok(false) };
        let same = report.tool == *self.settings.reader.tool() && report.source.sha256.as_deref() == Some(sha256);
        // A document without tables has no folder of them.
        let there = |f: &Format| *f == Format::Tables || file(f.ending()).exists();
        if !same || report.is_partial() || !self.settings.formats.iter().all(there) {
            return Ok(false);
        }
        let size = |f: &Format| std::fs::metadata(file(f.ending())).map_or(0, |meta| meta.len());
        let single = self.settings.formats.iter().filter(|f| file(f.ending()).is_file());
        let products: Products = single.map(|f| (f.ending().to_owned(), size(f))).collect();
        let recipe = self.recipe_of(Some(sha256));
        self.journal.with_db(|db| record(db, input, id, &report, &recipe, &products, 0.0))?;
        Ok(true)
    }

    /// Queues the pages of a document that are not seen yet.
    fn take_up(&self, input: Input, id: i64, opened: Outcome<FileFacts>) -> Result<()> {
        let recipe = &self.settings.recipe;
        let remarks = serde_json::to_string(&opened.diagnostics).unwrap_or_default();
        let count = opened.value.pages;
        let seen: HashMap<PageNo, bool> = self.journal.with_db(|db| {
            let note = "UPDATE documents SET pages = ?2, opened = ?3 WHERE document = ?1";
            db.execute(note, params![id, count, remarks])?;
            // Whether it is settled; one that failed once is not.
            let mut seen = db.prepare_cached(
                "SELECT page, state = 'seen' OR attempts > 1 FROM pages JOIN outcomes USING (document, page)
                 WHERE document = ?1 AND (state = 'seen' AND recipe = ?2 OR state = 'failed' AND recipe = ?3 AND NOT ?4)",
            )?;
            let rows = seen.query_map(params![id, recipe.pages, recipe.failures, self.settings.retry], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
            rows.collect()
        })?;
        let left: Vec<PageNo> = (1..=count).filter(|page| seen.get(page) != Some(&true)).collect();
        let document = Arc::new(InFlight {
            id,
            opened,
            left: AtomicU32::new(left.len() as u32),
            path: input.path.clone(),
            inputs: Mutex::new(vec![input]),
        });
        held(&self.in_flight).insert(id, Arc::clone(&document));
        if left.is_empty() {
            self.queue.finish(document);
            return Ok(());
        }
        for page in left {
            match seen.get(&page) {
                Some(false) => self.queue.page_again(Arc::clone(&document), page),
                _ => self.queue.page(Arc::clone(&document), page),
            }
        }
        Ok(())
    }

    fn page(&self, document: &Document, page: PageNo, again: bool) -> Result<()> {
        let began = Instant::now();
        let outcome = self.by_itself_if(again, || self.settings.reader.see(&document.path, page));
        let seconds = began.elapsed().as_secs_f64();
        let json = serde_json::to_vec(&outcome).unwrap_or_default();
        let packed = zstd::bulk::compress(&json, 3).unwrap_or_default();
        let error = outcome.error();
        let recipe = &self.settings.recipe;
        self.journal.with_db(|db| {
            let mut put = db.prepare_cached("INSERT OR REPLACE INTO pages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
            let (state, recipe) = if error.is_none() { ("seen", &recipe.pages) } else { ("failed", &recipe.failures) };
            let kind = error.map(|e| kind_name(e.kind()));
            let message = error.map(|e| Failure::from(e).message);
            put.execute(params![document.id, page, state, recipe, 1 + i64::from(again), seconds, kind, message])?;
            let mut put = db.prepare_cached("INSERT OR REPLACE INTO outcomes VALUES (?1, ?2, ?3)")?;
            put.execute(params![document.id, page, packed])
        })?;
        if let Some(error) = error
            && !again
        {
            self.tell(&Event::Retry { file: document.path.clone(), page: Some(page), error: error.into() });
            self.queue.page_again(Arc::clone(document), page);
            return Ok(());
        }
        self.tell(&Event::Page { file: document.path.clone(), page, seconds, error: error.map(Failure::from) });
        if document.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.queue.finish(Arc::clone(document));
        }
        Ok(())
    }

    /// Writes the results of all files that hold the document.
    fn finish(&self, document: &Document) -> Result<()> {
        let mut first = true;
        loop {
            let inputs = {
                let mut in_flight = held(&self.in_flight);
                let inputs = std::mem::take(&mut *held(&document.inputs));
                if inputs.is_empty() {
                    in_flight.remove(&document.id);
                    return Ok(());
                }
                inputs
            };
            for input in inputs {
                self.write(document, &input, !first)?;
                first = false;
            }
        }
    }

    fn write(&self, document: &Document, input: &Input, duplicate: bool) -> Result<()> {
        let unchanged = std::fs::metadata(&input.path).is_ok_and(|meta| {
            meta.len() as i64 == input.size && meta.modified().is_ok_and(|m| nanoseconds(m) == input.modified)
        });
        if !unchanged {
            return self.input_failed(input, None, &changed_while_read(&input.path));
        }
        let began = Instant::now();
        let outcomes = self.outcomes(document)?;
        let settings = self.settings;
        let made = self.pool.install(|| {
            safely(|| {
                let mut reading: Reading = settings.reader.assemble(&input.path, document.opened.clone(), outcomes);
                let products =
                    export::export_by(settings.reader, &mut reading, &input.path, &settings.formats, &settings.export)?;
                Ok((reading.report, products))
            })
        });
        let (report, products) = match made {
            Ok(made) => made,
            Err(error) if error.kind() == ErrorKind::Unwritable => return Err(error),
            Err(error) => return self.input_failed(input, Some(document.id), &error),
        };
        let mut written = Products::new();
        for product in products {
            settings.out.write_beside(&input.path, &format!("{}{}", input.name, product.ending), &product.content)?;
            written.push((product.ending, product.content.len() as u64));
        }
        settings.out.settle(&input.name)?;
        let seconds = began.elapsed().as_secs_f64();
        let recipe = self.recipe_of(Some(&document.opened.value.sha256));
        let (state, score) =
            self.journal.with_db(|db| record(db, input, document.id, &report, &recipe, &written, seconds))?;
        let remarks = report.diagnostics.into_iter().filter(|d| d.severity > Severity::Info).collect();
        self.tell(&Event::Document {
            file: input.path.clone(),
            name: input.name.clone(),
            state,
            pages: document.opened.value.pages,
            duplicate,
            score,
            error: None,
            remarks,
        });
        Ok(())
    }

    /// What came of the pages, in their order.
    fn outcomes(&self, document: &Document) -> Result<Vec<PageOutcome>> {
        let packed: Vec<Vec<u8>> = self.journal.with_db(|db| {
            let mut all =
                db.prepare_cached("SELECT outcome FROM outcomes WHERE document = ?1 AND page <= ?2 ORDER BY page")?;
            all.query_map(params![document.id, document.opened.value.pages], |row| row.get(0))?.collect()
        })?;
        let damaged = || Error::new(ErrorKind::Unwritable, "the journal is damaged: a page in it cannot be read");
        let unpack = |packed: Vec<u8>| {
            let json = zstd::stream::decode_all(&packed[..]).map_err(|e| damaged().source(e))?;
            serde_json::from_slice(&json).map_err(|e| damaged().source(e))
        };
        packed.into_iter().map(unpack).collect()
    }

    /// A file that cannot be read as a whole: once it waits to be tried again, then it is set aside.
    fn input_failed(&self, input: &Input, document: Option<i64>, error: &Error) -> Result<()> {
        let failure = Failure::from(error);
        let path = path_value(&input.path);
        let json = serde_json::to_string(&failure).unwrap_or_default();
        if input.attempts == 0 {
            let sql = "UPDATE inputs SET state = 'waiting', attempts = 1, error = ?2 WHERE path = ?1";
            self.journal.with_db(|db| db.execute(sql, params![path, json]))?;
            // In the meantime it may have become another file.
            self.refresh(input)?;
            self.tell(&Event::Retry { file: input.path.clone(), page: None, error: failure });
            return Ok(());
        }
        let sha256 = digest::of_file(&input.path).ok();
        let file = input.path.file_name().unwrap_or(input.path.as_os_str()).to_string_lossy().into_owned();
        let sha256_of_report = sha256.clone();
        let report = Report::of_failure(Source { file, sha256, pages: 0 }, self.settings.reader.tool().clone(), error);
        let content = report.to_json();
        self.settings.out.write_beside(&input.path, &format!("{}.json", input.name), content.as_bytes())?;
        self.settings.out.settle(&input.name)?;
        let recipe = self.recipe_of(sha256_of_report.as_deref()).failed_results;
        self.journal.with_db(|db| {
            let state = if document.is_some() { "done" } else { "failed" };
            let sql = "UPDATE inputs SET state = ?2, attempts = 2, recipe = ?3, products = '[\".json\"]',
                         products_bytes = ?4, error = ?5 WHERE path = ?1";
            db.execute(sql, params![path, state, recipe, content.len() as i64, json])?;
            let sql = "UPDATE documents SET state = 'failed', recipe = ?2, error = ?3, score = 1, reasons = '[\"not read at all\"]',
                         failed_checks = 0, warnings = 0 WHERE document = ?1";
            db.execute(sql, params![document, recipe, json])
        })?;
        self.tell(&Event::Document {
            file: input.path.clone(),
            name: input.name.clone(),
            state: State::Failed,
            pages: 0,
            duplicate: false,
            score: 1.0,
            error: Some(failure),
            remarks: Vec::new(),
        });
        Ok(())
    }

    /// Notes what a file is now.
    fn refresh(&self, input: &Input) -> Result<()> {
        let Ok(meta) = std::fs::metadata(&input.path) else { return Ok(()) };
        let modified = meta.modified().map_or(0, nanoseconds);
        let sql = "UPDATE inputs SET size = ?2, modified = ?3 WHERE path = ?1";
        self.journal.with_db(|db| db.execute(sql, params![path_value(&input.path), meta.len() as i64, modified]))?;
        Ok(())
    }

    /// Does it while no other job sees a page, where that is asked for.
    fn by_itself_if<T>(&self, alone: bool, work: impl FnOnce() -> T) -> T {
        if alone {
            let _alone = self.alone.write().unwrap_or_else(PoisonError::into_inner);
            work()
        } else {
            let _shared = self.alone.read().unwrap_or_else(PoisonError::into_inner);
            work()
        }
    }
}

fn changed_while_read(path: &Path) -> Error {
    Error::new(ErrorKind::Unreadable, "the file changed while it was read")
        .file(path)
        .remedy("read it when it is complete")
}

/// An error's kind as the journal names it.
pub(super) fn kind_name(kind: ErrorKind) -> String {
    serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

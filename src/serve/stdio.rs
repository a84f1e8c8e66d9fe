//! Answers questions on a stream: what a worker of [`pipeline`](crate::pipeline) does for its pages, and what a program in another
//! language asks of a child. The questions are those of [`protocol`](crate::pipeline::protocol).

use crate::bulk::review::Review;
use crate::bulk::tables::rows::{Provenance, Row, rows};
use crate::bulk::tables::schema::TABLES;
use crate::diagnostics::Outcome;
use crate::digest;
use crate::error::{Error, ErrorKind, Result};
use crate::export::{self, ExportOptions};
use crate::pipeline::defect::safely;
use crate::pipeline::page::PageReader;
use crate::pipeline::protocol::{Answer, FileName, Given, Question, receive, send};
use crate::pipeline::{Assembler, FileFacts, PageOutcome, ReaderOptions, Reading, read_text};
use crate::raster::Document;
use crate::report::{Report, Source, Tool};
use crate::resources::Resources;
use crate::restore::{RestoredPage, Restorer};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, BufRead, Read, Write};
use std::path::Path;

/// Answers questions until they end, with these resources. `options` are for whoever does not begin with options of his own.
///
/// # Errors
/// Where the questions cannot be read or the answers cannot be written.
pub(crate) fn serve(
    mut questions: impl BufRead,
    mut answers: impl Write,
    options: ReaderOptions,
    resources: Resources,
) -> io::Result<()> {
    let mut server = Server { options, resources, pages: None, assembler: None, open: None };
    loop {
        match receive::<Question>(&mut questions) {
            Ok(None) => return Ok(()),
            Ok(Some(question)) => server.answer(question, &mut questions, &mut answers)?,
            // Whoever asks something else is told so, and may ask on.
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                let error = Error::new(ErrorKind::Unsupported, format!("not a question: {error}"));
                send(&mut answers, &Answer::<()>::from(Err(error)))?;
            }
            Err(error) => return Err(error),
        }
    }
}

/// What is needed to answer, each part made when it is first asked for.
struct Server {
    options: ReaderOptions,
    resources: Resources,
    pages: Option<PageReader>,
    assembler: Option<Assembler>,
    /// The pages of one file are mostly asked for one after the other.
    open: Option<(FileName, Document)>,
}

/// The answer to `read`.
#[derive(Serialize)]
struct ReadAnswer {
    report: Report,
    /// The restored text of each page.
    pages: Vec<String>,
}

impl Server {
    fn answer(&mut self, question: Question, rest: &mut impl Read, answers: &mut impl Write) -> io::Result<()> {
        let bytes = match question.bytes() {
            Some(count) => {
                let mut bytes = Vec::new();
                if rest.take(count).read_to_end(&mut bytes)? as u64 != count {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                Some(bytes)
            }
            None => None,
        };
        match question {
            Question::Begin { options } => {
                self.options = *options;
                send(answers, &Answer::from(self.begin()))
            }
            Question::Open { file } => send(answers, &Answer::from(self.open(file))),
            Question::See { file, page } => {
                let seen = safely(|| {
                    if self.open.as_ref().is_none_or(|(name, _)| *name != file) {
                        self.open = Some((file.clone(), Document::open(file.path())?.value));
                    }
                    self.pages()?;
                    match (&self.open, &self.pages) {
                        (Some((_, document)), Some(pages)) => pages.see(document, page),
                        _ => Err(crate::pipeline::defect::defect()),
                    }
                });
                send(answers, &Answer::from(seen))
            }
            Question::Read(given) => {
                let read = self.read(&given, bytes).map(|reading| {
                    let pages = reading.pages.iter().map(RestoredPage::text).collect();
                    Outcome::clean(ReadAnswer { report: reading.report, pages })
                });
                send(answers, &Answer::from(read))
            }
            Question::Rows(given) => {
                let read = self.read(&given, bytes.clone());
                send(answers, &Answer::from(self.rows_of(&given, bytes, read)))
            }
            Question::Unread { given, kind, message } => {
                let read = self.pages().and_then(|()| Err(Error::new(kind, message)));
                send(answers, &Answer::from(self.rows_of(&given, bytes, read)))
            }
            Question::Pdf { file, to, pdf_a, attach_original, .. } => {
                let options = ExportOptions { pdf_a, attach_original, ..ExportOptions::default() };
                let made =
                    safely(|| searchable(bytes.as_deref().unwrap_or_default(), file.path(), &options, to.path()));
                send(answers, &Answer::from(made))
            }
            Question::Restore { texts, together } => {
                let restored = safely(|| {
                    let restorer = self.resources.restorer()?;
                    if together {
                        return Ok(Outcome::clean(together_restored(restorer, &texts)));
                    }
                    Ok(Outcome::clean(texts.par_iter().map(|t| restorer.restore_plain(t)).collect::<Vec<_>>()))
                });
                send(answers, &Answer::from(restored))
            }
            Question::Figures { text, as_it_is } => {
                let report = safely(|| read_text(&self.resources, text.as_bytes(), "-", as_it_is).map(Outcome::clean));
                send(answers, &Answer::from(report))
            }
        }
    }

    /// Sets the limits and makes the recognisers ready; their name.
    fn begin(&mut self) -> Result<Outcome<String>> {
        if let Some(limit) = self.options.isolation.as_ref().map(|i| i.memory) {
            rlimit::setrlimit(rlimit::Resource::AS, limit, limit)
                .map_err(|e| Error::new(ErrorKind::Defect, e.to_string()))?;
        }
        let made = PageReader::new(self.options.clone(), &self.resources)?;
        let name = made.value.engine().to_owned();
        self.pages = Some(made.value);
        Ok(Outcome { value: name, diagnostics: made.diagnostics })
    }

    fn pages(&mut self) -> Result<()> {
        if self.pages.is_none() {
            self.begin()?;
        }
        Ok(())
    }

    fn open(&mut self, file: FileName) -> Result<Outcome<FileFacts>> {
        let Outcome { value, diagnostics } = safely(|| Document::open(file.path()))?;
        let facts = FileFacts::of(&value);
        self.open = Some((file, value));
        Ok(Outcome { value: facts, diagnostics })
    }

    /// A whole file, its pages one after the other.
    fn read(&mut self, given: &Given, bytes: Option<Vec<u8>>) -> Result<Reading> {
        self.pages()?;
        let pages = self.pages.as_ref().ok_or_else(crate::pipeline::defect::defect)?;
        let path = given.file.path();
        let opened = safely(|| match bytes {
            Some(bytes) => Document::from_bytes(path, bytes),
            None => Document::open(path),
        })?;
        let document = &opened.value;
        let seen: Vec<PageOutcome> =
            (1..=document.page_count()).map(|page| safely(|| pages.see(document, page)).into()).collect();
        let assembler = match &mut self.assembler {
            Some(assembler) => &*assembler,
            none => &*none.insert(Assembler::new(pages.engine().to_owned(), &self.resources)?),
        };
        let opened = opened.map(|document| FileFacts::of(&document));
        safely(|| Ok(assembler.assemble(path, opened, seen)))
    }

    /// The rows of each table, by its name.
    fn rows_of(
        &self,
        given: &Given,
        bytes: Option<Vec<u8>>,
        read: Result<Reading>,
    ) -> Result<Outcome<BTreeMap<&'static str, Vec<Row>>>> {
        let path = given.file.path();
        let content = match bytes {
            Some(bytes) => bytes,
            None => std::fs::read(path).map_err(|e| Error::io(path, e))?,
        };
        let sha256 = digest::sha256(&content);
        let (report, texts) = match read {
            Ok(reading) => {
                let texts = reading.pages.iter().map(RestoredPage::text).collect();
                (reading.report, texts)
            }
            Err(error) => {
                let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
                let engine = self.pages.as_ref().map(|pages| pages.engine().to_owned());
                let source = Source { file, sha256: Some(sha256.clone()), pages: 0 };
                (Report::of_failure(source, Tool::this(engine, None), &error), Vec::new())
            }
        };
        let review = Review::of(&report);
        let provenance = Provenance {
            document: sha256,
            name: None,
            paths: vec![path.to_string_lossy().into_owned()],
            bytes: content.len() as u64,
            score: review.score,
            reasons: review.reasons,
        };
        let all = rows(&report, &texts, &provenance);
        Ok(Outcome::clean(TABLES.iter().map(|table| table.name).zip(all).collect()))
    }
}

/// Writes the searchable PDF of a reading, given as JSON, to a file of the one who asks; how many bytes it has.
fn searchable(reading: &[u8], file: &Path, options: &ExportOptions, to: &Path) -> Result<Outcome<u64>> {
    let defect = |e: serde_json::Error| Error::new(ErrorKind::Defect, e.to_string());
    let mut reading: Reading = serde_json::from_slice(reading).map_err(defect)?;
    // What is known already is not to be told again.
    reading.report.diagnostics.clear();
    let pdf = export::searchable_pdf(&mut reading, file, options)?;
    std::fs::write(to, &pdf)
        .map_err(|e| Error::new(ErrorKind::Unwritable, "it cannot be written").file(to).source(e))?;
    Ok(Outcome { value: pdf.len() as u64, diagnostics: reading.report.diagnostics })
}

/// The texts, restored as the lines of one text.
fn together_restored(restorer: &Restorer, texts: &[String]) -> Vec<String> {
    let restored = restorer.restore_plain(&texts.join("\n"));
    let mut lines = restored.split('\n');
    let lines_of = |text: &String| 1 + text.matches('\n').count();
    texts.iter().map(|text| lines.by_ref().take(lines_of(text)).collect::<Vec<_>>().join("\n")).collect()
}

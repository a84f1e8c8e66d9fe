//! `sohoa figures`: text in, the report's JSON out.

use super::Exit;
use crate::diagnostics::{Diagnostic, Outcome};
use crate::dict::Dictionaries;
use crate::document::{Place, TextLine};
use crate::error::Error;
use crate::extract::{Extraction, Extractor};
use crate::report::{Report, SCHEMA, Source, Tool};
use crate::restore::{RestoredText, Restorer};
use crate::text::legacy::{Converter, may_be_old};
use anyhow::Context;
use clap::ValueEnum;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};
use std::path::PathBuf;

/// Find the figures, fields and references in a text and print the report.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// File of text in UTF-8; `-` or nothing reads standard input. A form feed begins a new page.
    #[arg(value_name = "FILE")]
    input: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Take the text as it is, even where its marks are lost; otherwise it is restored first, digits apart.
    #[arg(long)]
    as_it_is: bool,
}

/// A form of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The report.
    Json,
    /// One row a figure, then one row an indicator.
    Csv,
}

/// Reads the text and prints its report.
pub fn run(args: Args) -> anyhow::Result<Exit> {
    let file = args.input.filter(|file| file.as_os_str() != "-");
    let mut bytes = Vec::new();
    match &file {
        Some(file) => bytes = std::fs::read(file).map_err(|e| Error::io(file, e))?,
        None => {
            io::stdin().lock().read_to_end(&mut bytes).context("standard input")?;
        }
    }
    let mut remarks = Vec::new();
    let text = read(&bytes).drain_into(&mut remarks);
    let extractor = Extractor::embedded()?;
    let mut model = None;
    let outcome = if !args.as_it_is && is_damaged(&text) {
        let restorer = Restorer::embedded()?;
        model = Some(restorer.model_sha256().to_owned());
        of_restored(&extractor, &restorer.restore_text(&text))
    } else {
        extractor.extract(&TextLine::from_text(&text))
    };
    let extraction = outcome.drain_into(&mut remarks);
    let name = file.as_deref().and_then(|f| f.file_name()).map_or("-".into(), |f| f.to_string_lossy().into_owned());
    let sha256 = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    let report = Report {
        schema: SCHEMA.to_owned(),
        source: Source { file: name, sha256: Some(sha256), pages: 0 },
        tool: Tool::this(None, model),
        pages: Vec::new(),
        extraction,
        diagnostics: remarks,
    };
    let out = match args.format {
        Format::Json => report.to_json().into_bytes(),
        Format::Csv => report.extraction.to_csv(&report.source.file)?,
    };
    io::stdout().lock().write_all(&out)?;
    Ok(Exit::AllRead)
}

/// The text of the bytes: old encodings are converted, and it is said.
fn read(bytes: &[u8]) -> Outcome<String> {
    if may_be_old(bytes) {
        let dictionaries = Dictionaries::embedded();
        let Outcome { value, diagnostics } = Converter::new(&dictionaries).read_bytes(bytes);
        let names: BTreeSet<&str> = value.runs.iter().map(|run| run.encoding.name()).collect();
        if !names.is_empty() {
            let said = format!("converted from {}", names.into_iter().collect::<Vec<_>>().join(", "));
            let diagnostics = [Diagnostic::info(said)].into_iter().chain(diagnostics).collect();
            return Outcome { value: value.text, diagnostics };
        }
    }
    Outcome::clean(String::from_utf8_lossy(bytes).into_owned())
}

/// Whether a text has lost its marks: in right Vietnamese three words in four bear some, in one read by an English
/// recogniser about one in four.
fn is_damaged(text: &str) -> bool {
    /// Shorter texts tell nothing.
    const LEAST_WORDS: usize = 20;
    let words = || text.split_whitespace().filter(|w| w.chars().all(char::is_alphabetic)).take(4000);
    let marked = words().filter(|w| !w.is_ascii()).count();
    let all = words().count();
    all >= LEAST_WORDS && marked * 2 < all
}

/// What a recogniser read is not surer than this, and a text without its marks was read by one or typed in haste.
const READ_BEFORE: f32 = 0.95;

/// The extraction from a restored text, with the places of the text as it was given.
fn of_restored(extractor: &Extractor, restored: &RestoredText) -> Outcome<Extraction> {
    let mut lines = TextLine::from_text(&restored.text);
    for word in lines.iter_mut().flat_map(|l| &mut l.words) {
        word.confidence = Some(READ_BEFORE);
    }
    let mut outcome = extractor.extract(&lines);
    let columns = Columns::new(restored);
    let extraction = &mut outcome.value;
    let figures = extraction.figures.iter_mut().map(|f| &mut f.place);
    let references = extraction.references.iter_mut().map(|r| &mut r.place);
    let remarks = outcome.diagnostics.iter_mut().filter_map(|d| d.place.as_mut());
    figures.chain(references).chain(remarks).for_each(|place| columns.lead_back(place));
    let changed = restored.tokens.iter().filter(|t| t.before != t.after).count();
    let message = format!(
        "the text has lost its marks; it was restored before figures were read ({changed} words changed, no digit)"
    );
    outcome.diagnostics.insert(0, Diagnostic::info(message).hint("give --as-it-is to read it as it is"));
    outcome
}

/// Leads from columns of the restored text back to those of the text as given.
struct Columns {
    /// For each page and line the columns at which tokens begin: restored, given.
    tokens: BTreeMap<(u32, u32), Vec<(u32, u32)>>,
    paged: bool,
}

impl Columns {
    fn new(restored: &RestoredText) -> Self {
        let mut tokens: BTreeMap<(u32, u32), Vec<(u32, u32)>> = BTreeMap::new();
        let mut rest = restored.tokens.iter().peekable();
        let (mut page, mut number) = (1, 0);
        for (index, line) in restored.text.split('\n').enumerate() {
            number += 1;
            let (mut after, mut given) = (0usize, 0u32);
            while let Some(token) = rest.next_if(|t| t.line == index) {
                let Some(found) = line[after..].find(token.after.as_str()) else { continue };
                let between = &line[after..after + found];
                given += between.chars().count() as u32;
                // A form feed begins a page, and its lines and columns begin anew.
                for _ in between.matches('\u{c}') {
                    (page, number, given) = (page + 1, 1, 0);
                }
                after += found;
                let start = line[..after].rfind('\u{c}').map_or(0, |at| at + 1);
                let shown = line[start..after].chars().count() as u32;
                tokens.entry((page, number)).or_default().push((shown + 1, given + 1));
                after += token.after.len();
                given += token.before.chars().count() as u32;
            }
        }
        Columns { tokens, paged: restored.text.contains('\u{c}') }
    }

    fn lead_back(&self, place: &mut Place) {
        let page = if self.paged { place.page.unwrap_or(1) } else { 1 };
        let (Some(line), Some(column)) = (place.line, place.column) else { return };
        let Some(tokens) = self.tokens.get(&(page, line)) else { return };
        if let Some(&(shown, given)) = tokens.iter().rev().find(|(shown, _)| *shown <= column) {
            place.column = Some(given + column - shown);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOST: &str = "6. Tinh hinh, ket qua giai quyet thu tuc hanh chinh\n- Tong so ho so TTHC da tiep nhan: 1.250 ho so\n\
                        - So ho so da giai quyet: 1.240 ho so; trong do truoc han: 1.200, dung han: 40, qua han: 0\n";

    #[test]
    fn text_without_marks_is_restored_and_says_so() {
        assert!(is_damaged(LOST));
        let restored = Restorer::embedded().unwrap().restore_text(LOST);
        let outcome = of_restored(&Extractor::embedded().unwrap(), &restored);
        assert!(outcome.diagnostics[0].message.contains("restored"));
        let figures = &outcome.value.figures;
        assert_eq!(figures.iter().map(|f| f.raw.as_str()).collect::<Vec<_>>(), ["1.250", "1.240", "1.200", "40", "0"]);
        for figure in figures {
            let line = LOST.lines().nth(figure.place.line.unwrap() as usize - 1).unwrap();
            let given: String = line.chars().skip(figure.place.column.unwrap() as usize - 1).collect();
            assert!(given.starts_with(&figure.raw), "{figure:?}");
        }
        assert!(figures[0].confidence <= 0.9);
        assert_eq!(outcome.value.indicators["dossiers.received.total"].value.to_string(), "1250");
    }

    #[test]
    fn right_text_is_left_alone() {
        assert!(!is_damaged(
            "Tổng số hồ sơ đã tiếp nhận trong kỳ báo cáo là một nghìn hồ sơ, đã giải quyết xong cả một nghìn hồ sơ này"
        ));
    }
}

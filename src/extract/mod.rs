//! Fifth step: the restored lines of a document become an [`Extraction`]: document fields, figures, references, checks.
//!
//! The same code reads plain text and scanned pages: both arrive as [`TextLine`]s. The lines are put together to
//! paragraphs (`layout`); numbers that count something are found and told from those that name something (`amount`, `number`);
//! each gets the words that belong to it, their sense in the terms of a [`Definition`], a name and checks (`indicator`);
//! head and foot become the document's fields (`letter`).

mod across;
mod amount;
mod csv;
mod explain;
mod extraction;
mod files;
mod fuzzy;
mod indicator;
mod labels;
mod layout;
mod letter;
mod number;
mod words;

pub use across::{AcrossCheck, Statement};
pub use explain::Explanation;
pub use extraction::{
    Check, Date, DocumentFields, Extraction, Figure, Indicator, Period, PeriodKind, Record, Reference, Signer, Verdict,
};
pub use files::check_data;
pub use indicator::definition::{
    AcrossRules, Axis, CarriedRule, Definition, IndicatorRule, Phrases, Reach, ShareRule, SumRule,
};
pub(crate) use layout::outline::{Depth, mark};
pub use number::decimal::Decimal;

use crate::diagnostics::Outcome;
use crate::document::TextLine;
use crate::error::Result;
use crate::table::Table;
use amount::designation::Designations;
use indicator::check::SumChecker;
use indicator::consistency;
use indicator::family::Family;
use indicator::figure::{Figures, Named};
use layout::flow::Flow;
use letter::fields::FieldReader;
use std::ops::Range;

/// The text of a document as one run of paragraphs, and its tables. Lines of the letterhead and page numbers are none of it.
fn laid_out<'a>(
    lines: &'a [TextLine],
    tables: &[Table],
    letterhead: &[usize],
) -> (Flow<'a>, Vec<layout::table::Table>) {
    let page_numbers = layout::flow::page_numbers(lines);
    let given = layout::grid::tables(lines, tables);
    let free = |table: &layout::table::Table| {
        given.iter().all(|g| table.lines.end <= g.lines.start || g.lines.end <= table.lines.start)
    };
    let mut tables: Vec<_> = layout::table::find(lines).into_iter().filter(free).collect();
    tables.extend(given.iter().cloned());
    tables.sort_by_key(|t| t.lines.start);
    let apart = |line: &usize| letterhead.binary_search(line).is_ok() || page_numbers.binary_search(line).is_ok();
    let flow = Flow::new(lines, &tables, |line| apart(&line));
    (flow, tables)
}

/// Reads figures and fields out of a document's text. It holds the definitions of the indicators and nothing else;
/// one extractor may serve many documents and threads.
#[derive(Debug, Clone)]
pub struct Extractor {
    families: Vec<Family>,
    designations: Designations,
    fields: FieldReader,
}

impl Extractor {
    /// An extractor with the definitions that the program brings along.
    ///
    /// # Errors
    /// [`ErrorKind::Definition`](crate::error::ErrorKind::Definition) where one of them has a mistake in it.
    pub fn embedded() -> Result<Self> {
        Extractor::new(Definition::embedded()?)
    }

    /// An extractor with these definitions beside those that the program brings along; one of a family that comes along takes its place.
    ///
    /// # Errors
    /// [`ErrorKind::Definition`](crate::error::ErrorKind::Definition) where two are of one family or name the same indicator.
    pub fn with_families(definitions: Vec<Definition>) -> Result<Self> {
        let mut all = Definition::embedded()?;
        all.retain(|brought| !definitions.iter().any(|own| own.family == brought.family));
        all.extend(definitions);
        consistency::check_together(&all)?;
        Extractor::new(all)
    }

    /// An extractor with these definitions and no others.
    ///
    /// # Errors
    /// [`ErrorKind::Defect`](crate::error::ErrorKind::Defect) where a pattern of the program itself is wrong, and
    /// [`ErrorKind::Definition`](crate::error::ErrorKind::Definition) where one of its lists is.
    pub fn new(definitions: Vec<Definition>) -> Result<Self> {
        files::check_embedded()?;
        let families = definitions.into_iter().map(Family::new).collect();
        Ok(Extractor { families, designations: Designations::new()?, fields: FieldReader::new()? })
    }

    /// Everything that the lines of one document say, in reading order over all pages. `tables` are its tables, whose rows are
    /// lines with TABs among `lines`; what is not among them is looked for in the lines.
    pub fn extract(&self, lines: &[TextLine], tables: &[Table]) -> Outcome<Extraction> {
        let head = self.fields.head(lines);
        let (flow, tables) = laid_out(lines, tables, &head.letter);
        let Outcome { value: (mut document, references), mut diagnostics } = self.fields.read(&head, lines, &flow);
        document.archive.keywords = self.keywords(document.title.as_deref().unwrap_or_default());
        let periods = self.fields.other_periods(document.period, &flow.key);
        let title = document.title.as_deref().unwrap_or_default();
        let issuer = indicator::own_field::bodies(&document);
        let figures = self.figures(&flow, &tables, (document.period, &periods), (title, &issuer));
        diagnostics.extend(figures.diagnostics);
        let extraction = Extraction {
            document,
            references,
            indicators: figures.indicators,
            figures: figures.figures,
            checks: figures.checks,
        };
        Outcome { value: extraction, diagnostics }
    }

    fn definitions(&self) -> impl Iterator<Item = &Definition> {
        self.families.iter().map(|family| &family.definition)
    }

    /// The families that a text belongs to.
    fn applying(&self, flow: &Flow<'_>, title: &str) -> Vec<&Family> {
        let title = crate::text::fold::key(title);
        let of = |alone: bool| -> Vec<&Family> {
            let headings = || flow.headings().chain([title.as_str()]);
            self.families.iter().filter(|f| f.applies(&flow.key, headings(), alone)).collect()
        };
        let found = of(false);
        if found.is_empty() { of(true) } else { found }
    }

    /// The keywords that a title says, in its order.
    fn keywords(&self, title: &str) -> Vec<String> {
        let key = crate::text::fold::key(title);
        let mut said: Vec<(usize, &str)> = self.families.iter().flat_map(|family| family.keywords(&key)).collect();
        said.sort_unstable();
        said.dedup_by_key(|(_, keyword)| *keyword);
        said.into_iter().map(|(_, keyword)| keyword.to_owned()).collect()
    }

    /// The numbers, their names, and what was checked.
    fn figures(
        &self,
        flow: &Flow<'_>,
        tables: &[layout::table::Table],
        (period, periods): (Option<extraction::Period>, &[(Range<usize>, bool)]),
        (title, issuer): (&str, &str),
    ) -> Figures {
        let mut amounts = amount::find::find(flow, &self.designations);
        amount::form::order_readings(flow, &mut amounts);
        let labels = indicator::label::labels(flow, &amounts);
        let numbers: Vec<_> = amounts.iter().map(|a| a.range.clone()).collect();
        let (mut named, mut chosen, mut findings) =
            (Vec::new(), Vec::new(), indicator::check::plain(flow, &amounts, &labels));
        findings.extend(indicator::table_sums::findings(flow, &amounts, &labels));
        findings.extend(indicator::form::findings(flow, tables, &amounts, &labels));
        let heads = indicator::columns::period_heads(flow, period);
        let mut periods = [periods, &heads[..]].concat();
        periods.sort_by_key(|(range, _)| range.start);
        let periods = periods.as_slice();
        for family in self.applying(flow, title) {
            let words = family.lexicon.words(flow, &numbers);
            let hits = family.in_place(family.lexicon.hits(&words), &words, &numbers, flow);
            let hits = indicator::columns::without(hits, &words, &heads);
            let hits = indicator::own_field::without(hits, &words, flow, family, issuer);
            let title = indicator::topic::title_terms(family, title);
            let begins_year = period.is_some_and(|own| own.begins_year());
            let reader = indicator::sense::Reader {
                family,
                flow,
                words: &words,
                hits: &hits,
                periods,
                begins_year,
                title: &title,
            };
            let senses = reader.senses(&amounts, &labels);
            let mut claims = indicator::claim::claims(family, &amounts, &senses, &labels);
            indicator::form::claims(family, flow, tables, &amounts, (&labels, &senses), &mut claims);
            let parts = indicator::resolve::wholes(family, &mut claims, &amounts);
            let terms: Vec<Vec<usize>> = senses.iter().map(|s| s.all_terms()).collect();
            let choices = indicator::resolve::settle(family, &mut claims, &amounts, &terms);
            let checker = SumChecker::new(family, &claims);
            chosen.extend(checker.choose_readings(&mut amounts));
            findings.extend(checker.findings(flow, &amounts, &senses, &labels));
            findings.extend(parts);
            named.extend(claims.iter().filter_map(|(indicator, claims)| {
                let rule = &family.definition.indicators[*indicator];
                let claim = claims.first().filter(|_| !rule.hidden)?;
                let choice = choices.get(indicator).cloned().unwrap_or_default();
                let (indicator, unit) = (rule.name.clone(), rule.unit.clone());
                Some(Named { indicator, unit, amount: claim.amount, score: claim.score, choice })
            }));
        }
        indicator::finding::tell_once(&mut findings);
        let not_understood = amount::unreadable::not_understood(flow, &self.designations, &amounts);
        indicator::figure::assemble(flow, &amounts, &labels, &named, &findings, &chosen, &not_understood)
    }
}

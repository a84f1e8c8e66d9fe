//! Puts the head and the foot of a document together to its fields, with how sure each is.

use crate::diagnostics::{Diagnostic, Outcome};
use crate::document::TextLine;
use crate::error::Result;
use crate::extract::extraction::Record;
use crate::extract::extraction::{Date, DocumentFields, Period, PeriodKind, Reference};
use crate::extract::layout::flow::Flow;
use crate::extract::letter::date::Calendar;
use crate::extract::letter::foot;
use crate::extract::letter::head::{HeadReader, Letterhead};
use crate::extract::letter::kind;
use crate::extract::letter::reference::References;
use crate::extract::letter::signing::Signing;
use crate::extract::letter::span::Spans;
use crate::extract::words::WORDS;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Below this confidence a number or day that a recogniser read is not given: it is likely handwriting.
const LEAST_CONFIDENCE: f32 = 0.6;
/// The same for the number as a whole: of nine numbers written by hand the recogniser read seven wrong, with up to 0.94;
/// printed ones it reads with 0.96 and more.
const LEAST_NUMBER: f32 = 0.8;
/// What a recogniser read where offices write by hand is never surer than this.
const HANDWRITABLE: f32 = 0.85;
/// The confidence of fields in plain text.
const PLAIN: f32 = 0.97;

/// Reads the fields of a document and its references.
#[derive(Debug, Clone)]
pub(in crate::extract) struct FieldReader {
    calendar: Calendar,
    spans: Spans,
    head: HeadReader,
    references: References,
    signing: Signing,
}

impl FieldReader {
    pub(in crate::extract) fn new() -> Result<Self> {
        let (calendar, head) = (Calendar::new()?, HeadReader::new()?);
        Ok(FieldReader {
            calendar,
            spans: Spans::new()?,
            head,
            references: References::new()?,
            signing: Signing::embedded()?,
        })
    }

    /// The head of the document; its lines above the kind hold no figures.
    pub(in crate::extract) fn head(&self, lines: &[TextLine]) -> Letterhead {
        self.head.read(lines, &self.calendar)
    }

    /// The periods that the text names, with their bytes in its key and whether they are other than the one reported on.
    pub(in crate::extract) fn other_periods(&self, own: Option<Period>, key: &str) -> Vec<(Range<usize>, bool)> {
        let Some(own) = own else { return Vec::new() };
        let mut periods: Vec<_> = self
            .calendar
            .period_spans(key)
            .filter(|(range, period)| {
                // `đến tháng 9`, `từ tháng 6`: a bound, not a period.
                let lead = key[..range.start].trim_end();
                period.kind != PeriodKind::Month || !WORDS.bounds.iter().any(|word| lead.ends_with(word))
            })
            .map(|(range, period)| (range, own.excludes(&period)))
            .chain(self.spans.find(own, key))
            .collect();
        periods.sort_by_key(|(range, _)| range.start);
        periods
    }

    pub(in crate::extract) fn read(
        &self,
        head: &Letterhead,
        lines: &[TextLine],
        flow: &Flow<'_>,
    ) -> Outcome<(DocumentFields, Vec<Reference>)> {
        let foot = foot::read(lines, &self.signing);
        let mut remarks = Vec::new();
        let mut confidence = BTreeMap::new();
        let number = self.number(head, lines, &mut confidence, &mut remarks);
        let date = self.date(head, lines, &mut confidence, &mut remarks);
        if foot.signer.as_ref().is_some_and(|s| s.name.is_some()) {
            confidence.insert("signer".to_owned(), rounded(foot.name_confidence.unwrap_or(PLAIN)));
        }
        if let Some((seen, place)) = &foot.unread_name {
            let message = format!("the signer's name was seen as `{seen}`, which is only a part of one");
            remarks.push(
                Diagnostic::warning(message).at(*place).hint("read it from the paper; a seal often lies over it"),
            );
        }
        let issuer = head.issuer.clone().or_else(|| issuer_in_text(flow, head));
        let references = self.references.find(flow, &self.calendar, number.as_deref());
        let mut fields = DocumentFields {
            kind: head.kind.map(str::to_owned),
            number,
            issuer,
            parent: head.parent.clone(),
            place: head.place.as_deref().map(|place| most_printed(flow, place)),
            date,
            title: head.title.clone(),
            period: None,
            addressee: head.addressee.clone(),
            signer: foot.signer,
            recipients: foot.recipients,
            confidence,
            archive: Record::default(),
        };
        fields.period = self.period(&fields, flow);
        let pages: BTreeSet<u32> = lines.iter().filter_map(|l| l.place.page).collect();
        let pages = (!pages.is_empty()).then_some(pages.len() as u32);
        fields.archive = Record::of(&fields, head.code.as_deref(), pages);
        Outcome { value: (fields, references), diagnostics: remarks }
    }

    /// Number and code, unless the number is blank, no number, or too unsure.
    fn number(
        &self,
        head: &Letterhead,
        lines: &[TextLine],
        confidence: &mut BTreeMap<String, f32>,
        remarks: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        let (seen, code) = (head.number.as_ref()?, head.code.as_deref()?);
        let sure = match seen.confidence {
            Some(read) => read.min(HANDWRITABLE),
            None => PLAIN,
        };
        let accepted = seen.is_number && sure >= LEAST_NUMBER && !seen.rivalled;
        confidence.insert("number".to_owned(), if accepted { rounded(sure) } else { rounded(sure.min(0.3)) });
        if !accepted {
            let message = format!("the document number was seen as `{}` and is not sure enough to be given", seen.text);
            let remark = Diagnostic::warning(message).hint("read it from the paper; it is often handwritten");
            remarks.push(remark.at(lines[seen.line].place));
            return None;
        }
        Some(format!("{}/{code}", seen.text))
    }

    fn date(
        &self,
        head: &Letterhead,
        lines: &[TextLine],
        confidence: &mut BTreeMap<String, f32>,
        remarks: &mut Vec<Diagnostic>,
    ) -> Option<Date> {
        let mut date = head.date?;
        let place = lines[head.date_line?].place;
        let sure = head.date_confidence.map_or(PLAIN, |read| read.min(HANDWRITABLE));
        if date.day.is_some() && sure < LEAST_CONFIDENCE {
            let day = date.day.take().unwrap_or_default();
            let message = format!("the day of the date was seen as `{day}` and is not sure enough to be given");
            remarks
                .push(Diagnostic::warning(message).at(place).hint("read it from the paper; it is often handwritten"));
        } else if let Some(seen) = &head.unread_day {
            let message = format!("the day of the date was seen as `{seen}`, which is none");
            remarks
                .push(Diagnostic::warning(message).at(place).hint("read it from the paper; it is often handwritten"));
        }
        confidence.insert("date".to_owned(), rounded(sure));
        Some(date)
    }

    /// The period that the title names, or else the first one in the text; its year, where the title has none, is that of
    /// the next mention of the same period.
    fn period(&self, fields: &DocumentFields, flow: &Flow<'_>) -> Option<Period> {
        let title = fields.title.as_deref().map(crate::text::fold::key);
        let in_title = title.as_deref().and_then(|t| self.calendar.period(t));
        let opening = flow.paragraphs.iter().take(12).map(|p| &flow.key[p.range.clone()]);
        let mut in_text = opening.flat_map(|text| self.calendar.periods(text));
        let reports = fields.kind.as_deref().is_none_or(kind::may_report);
        match in_title {
            // `Kỳ thi năm 2021` in the title of an order is no period that it reports on.
            Some(period) if period.kind == PeriodKind::Year && !reports => None,
            // A bare year in the title may be what is left of `quý 2 năm 2023`: the opening says it once more.
            Some(period) if period.kind == PeriodKind::Year => {
                let closer = |p: &Period| p.kind != PeriodKind::Year && p.year == period.year;
                let opening = flow.paragraphs.iter().take_while(|p| p.section.is_none());
                let mut periods = opening.flat_map(|p| self.calendar.periods(&flow.key[p.body..p.range.end]));
                Some(periods.find(closer).unwrap_or(period))
            }
            Some(period) if period.year.is_some() => Some(period),
            Some(period) => {
                // `6 tháng đầu năm và nhiệm vụ 6 tháng cuối năm 2024`: one year for both.
                let later = title.as_deref().and_then(|t| self.calendar.periods(t).find_map(|p| p.year));
                let same = |p: &Period| p.kind == period.kind && p.index == period.index;
                let year = in_text.find(|p| same(p) && p.year.is_some()).and_then(|p| p.year);
                Some(Period { year: later.or(year), ..period })
            }
            // Letters and orders mention periods too, but report on none.
            None if fields.kind.as_deref().is_some_and(kind::is_report) => in_text.next(),
            None => None,
        }
    }
}

/// The issuer where the head is missing: the body of the place of issue, as the text names it.
fn issuer_in_text(flow: &Flow<'_>, head: &Letterhead) -> Option<String> {
    let place = crate::text::fold::key(head.place.as_deref()?);
    for area in &WORDS.areas {
        for council in &WORDS.councils {
            let name = format!("{council} {area} {place}");
            if let Some(at) = flow.key.find(&name) {
                let printed = flow.printed(at..at + name.len());
                let rest: String = printed.chars().skip(council.chars().count()).collect();
                return Some(format!("UBND{rest}"));
            }
        }
    }
    None
}

/// The name as it is printed most often in the text, if its marks were read in several ways.
fn most_printed(flow: &Flow<'_>, name: &str) -> String {
    let key = crate::text::fold::key(name);
    let mut forms: BTreeMap<&str, usize> = BTreeMap::from([(name, 1)]);
    for (at, found) in flow.key.match_indices(key.as_str()).take(200) {
        let printed = flow.printed(at..at + found.len());
        // Capitals of headings say nothing of small letters.
        if printed.chars().filter(|c| c.is_uppercase()).count() == name.chars().filter(|c| c.is_uppercase()).count() {
            *forms.entry(printed).or_default() += 1;
        }
    }
    let most = forms.values().copied().max().unwrap_or_default();
    let as_read = forms.get(name).is_some_and(|count| *count == most);
    let first = forms.iter().find(|(_, count)| **count == most).map_or(name, |(form, _)| form);
    if as_read { name.to_owned() } else { first.to_owned() }
}

fn rounded(confidence: f32) -> f32 {
    (confidence * 1000.0).round() / 1000.0
}

//! What the reports of one body say of each other's periods: what was pending at the end of one is what the next begins with, and the
//! parts of a year add up to it.

use crate::document::Place;
use crate::extract::Extractor;
use crate::extract::extraction::{DocumentFields, Extraction, Period, PeriodKind, Verdict};
use crate::extract::indicator::definition::Definition;
use crate::extract::number::decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A check over several documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AcrossCheck {
    /// What ought to hold, such as `dossiers.received.carried_over = dossiers.pending.total before`.
    pub rule: String,
    /// How it ended; [`Verdict::Unknown`] where one of the documents does not give its number.
    pub status: Verdict,
    /// The numbers in the order of the rule, the whole or the later one first.
    pub values: Vec<Statement>,
}

/// What one document says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    /// The document, by the name that it was given.
    pub document: String,
    /// The indicator.
    pub indicator: String,
    /// Its value; None where the document has none.
    pub value: Option<Decimal>,
    /// The figure that it was read from, in that document's report.
    pub figure: Option<String>,
    /// Where that stands.
    pub place: Option<Place>,
}

/// One document: its name, and what was found in it.
type Document<'d> = (&'d str, &'d Extraction);

impl Extractor {
    /// What these documents say of each other, in the order in which they are given. Only documents of the same issuer are compared, and
    /// only where each says which period it reports on.
    pub fn compare(&self, documents: &[Document<'_>]) -> Vec<AcrossCheck> {
        let mut checks = Vec::new();
        for definition in self.definitions() {
            for later in documents {
                carried(definition, later, documents, &mut checks);
                added(definition, later, documents, &mut checks);
            }
        }
        checks
    }
}

/// What the document carries over from the one before it.
fn carried(definition: &Definition, later: &Document<'_>, documents: &[Document<'_>], checks: &mut Vec<AcrossCheck>) {
    let Some(own) = months(&later.1.document) else { return };
    let before = |other: &&Document<'_>| {
        same_issuer(other, later) && months(&other.1.document).is_some_and(|months| months.end == own.start)
    };
    for earlier in documents.iter().filter(before) {
        for rule in &definition.across.carried {
            let values = vec![statement(later, &rule.to), statement(earlier, &rule.from)];
            let verdict = match (values[0].value, values[1].value) {
                (Some(a), Some(b)) if a == b => Verdict::Pass,
                (Some(_), Some(_)) => Verdict::Fail,
                (None, None) => continue,
                _ => Verdict::Unknown,
            };
            let rule = format!("{} = {} before", rule.to, rule.from);
            checks.push(AcrossCheck { rule, status: verdict, values });
        }
    }
}

/// What the document says of its whole period, and those that report on the parts of it.
fn added(definition: &Definition, whole: &Document<'_>, documents: &[Document<'_>], checks: &mut Vec<AcrossCheck>) {
    let Some(own) = months(&whole.1.document) else { return };
    let of_body = |other: &&Document<'_>| same_issuer(other, whole);
    let within = |other: &Document<'_>| {
        months(&other.1.document).filter(|m| m.start >= own.start && m.end <= own.end && m.len() < own.len())
    };
    let mut parts: Vec<(Range<u32>, &Document<'_>)> =
        documents.iter().filter(of_body).filter_map(|other| Some((within(other)?, other))).collect();
    // The longest first where several begin in one month, so that a half-year stands for its quarters.
    parts.sort_by_key(|(months, _)| (months.start, std::cmp::Reverse(months.end)));
    let (mut at, mut chosen) = (own.start, Vec::new());
    for (months, part) in parts {
        if months.start == at {
            at = months.end;
            chosen.push(part);
        }
    }
    if at != own.end || chosen.len() < 2 {
        return;
    }
    for name in &definition.across.added {
        let values: Vec<Statement> =
            [whole].into_iter().chain(chosen.iter().copied()).map(|d| statement(d, name)).collect();
        if values.iter().all(|statement| statement.value.is_none()) {
            continue;
        }
        let parts: Option<Vec<Decimal>> = values[1..].iter().map(|statement| statement.value).collect();
        let sum = parts.and_then(|parts| parts.into_iter().try_fold(Decimal::ZERO, Decimal::checked_add));
        let status = match (values[0].value, sum) {
            (Some(whole), Some(sum)) if whole == sum => Verdict::Pass,
            (Some(_), Some(_)) => Verdict::Fail,
            _ => Verdict::Unknown,
        };
        checks.push(AcrossCheck { rule: format!("{name} = the sum of its periods"), status, values });
    }
}

fn statement(document: &Document<'_>, name: &str) -> Statement {
    let (file, extraction) = document;
    let found = extraction.indicators.get(name);
    let figure = found.map(|indicator| indicator.figure.clone());
    let place = figure.as_ref().and_then(|id| extraction.figures.iter().find(|f| f.id == *id)).map(|f| f.place);
    Statement {
        document: (*file).to_owned(),
        indicator: name.to_owned(),
        value: found.map(|indicator| indicator.value),
        figure,
        place,
    }
}

/// Whether two documents are of one body, whatever the case that it is printed in.
fn same_issuer(a: &Document<'_>, b: &Document<'_>) -> bool {
    let key = |document: &Document<'_>| document.1.document.issuer.as_deref().map(crate::text::fold::key);
    !std::ptr::eq(a.1, b.1) && key(a).is_some() && key(a) == key(b)
}

/// The months that a document reports on, counted through all years; None where it does not say.
fn months(fields: &DocumentFields) -> Option<Range<u32>> {
    let Period { kind, index, year } = fields.period?;
    let length = match kind {
        PeriodKind::Month => 1,
        PeriodKind::Quarter => 3,
        PeriodKind::HalfYear => 6,
        PeriodKind::NineMonths => 9,
        PeriodKind::Year => 12,
    };
    let nth = match kind {
        PeriodKind::NineMonths | PeriodKind::Year => 1,
        _ => u32::from(index?),
    };
    let start = u32::from(year?) * 12 + length * nth.checked_sub(1)?;
    Some(start..start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(period: &str, new: u32, carried: u32, resolved: u32, pending: u32) -> Extraction {
        let text = format!(
            "ỦY BAN NHÂN DÂN\nXÃ BÃI SẬY\n\nBÁO CÁO\nKết quả giải quyết thủ tục hành chính {period}\n\n\
             I. KẾT QUẢ GIẢI QUYẾT HỒ SƠ\n- Tổng số hồ sơ tiếp nhận: {} hồ sơ, trong đó tiếp nhận mới {new} hồ sơ, \
             kỳ trước chuyển sang {carried} hồ sơ.\n- Số hồ sơ đã giải quyết: {resolved} hồ sơ.\n\
             - Số hồ sơ đang giải quyết: {pending} hồ sơ.\n",
            new + carried
        );
        let lines = crate::document::TextLine::from_text(&text);
        Extractor::embedded().unwrap().extract(&lines, &[]).value
    }

    fn told(documents: &[(&str, &Extraction)]) -> Vec<(String, Verdict)> {
        let checks = Extractor::embedded().unwrap().compare(documents);
        checks.into_iter().map(|check| (check.rule, check.status)).collect()
    }

    const CARRIED: &str = "dossiers.received.carried_over = dossiers.pending.total before";

    #[test]
    fn what_was_pending_is_carried_over() {
        let first = report("quý I năm 2025", 200, 10, 190, 20);
        let (right, wrong) = (report("quý II năm 2025", 300, 20, 290, 30), report("quý II năm 2025", 300, 25, 290, 35));
        assert_eq!(told(&[("a", &first), ("b", &right)]), [(CARRIED.to_owned(), Verdict::Pass)]);
        let checks = Extractor::embedded().unwrap().compare(&[("a", &first), ("b", &wrong)]);
        assert_eq!(checks[0].status, Verdict::Fail);
        let said: Vec<_> = checks[0].values.iter().map(|s| (s.document.as_str(), s.value.unwrap().to_f64())).collect();
        assert_eq!(said, [("b", 25.0), ("a", 20.0)]);
        assert!(checks[0].values.iter().all(|s| s.place.is_some()));
        // Across the end of a year.
        let (last, next) = (report("năm 2024", 900, 5, 895, 10), report("quý I năm 2025", 200, 10, 190, 20));
        assert_eq!(told(&[("next", &next), ("last", &last)]), [(CARRIED.to_owned(), Verdict::Pass)]);
    }

    #[test]
    fn the_quarters_of_a_year_add_up_to_it() {
        let year = report("năm 2025", 1000, 10, 980, 30);
        let half = report("6 tháng đầu năm 2025", 500, 10, 490, 20);
        let third = report("quý III năm 2025", 300, 20, 290, 30);
        let fourth = report("quý IV năm 2025", 200, 30, 205, 25);
        let all = [("y", &year), ("h", &half), ("q3", &third), ("q4", &fourth)];
        let of = |checks: &[(String, Verdict)], name: &str| {
            checks.iter().find(|c| c.0 == format!("{name} = the sum of its periods")).map(|c| c.1)
        };
        let checks = told(&all);
        assert_eq!(of(&checks, "dossiers.received.new"), Some(Verdict::Pass));
        assert_eq!(of(&checks, "dossiers.resolved.total"), Some(Verdict::Fail));
        // With a quarter missing nothing is said of the year.
        assert_eq!(of(&told(&all[..3]), "dossiers.received.new"), None);
    }

    #[test]
    fn other_bodies_are_not_compared() {
        let first = report("quý I năm 2025", 200, 10, 190, 20);
        let mut other = report("quý II năm 2025", 300, 25, 290, 35);
        other.document.issuer = Some("UBND xã Gò Me".into());
        assert_eq!(told(&[("a", &first), ("b", &other)]), []);
        other.document.issuer = None;
        assert_eq!(told(&[("a", &first), ("b", &other)]), []);
    }
}

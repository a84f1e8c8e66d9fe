//! Puts amounts, names and checks together to figures and indicators, and says how sure each is.

use crate::diagnostics::Diagnostic;
use crate::extract::amount::Amount;
use crate::extract::extraction::{Check, Figure, Indicator, Verdict};
use crate::extract::indicator::finding::{Finding, FindingKind};
use crate::extract::indicator::label::{self, Label};
use crate::extract::indicator::resolve::Choice;
use crate::extract::labels::LISTS;
use crate::extract::layout::flow::Flow;
use crate::extract::number::decimal::Decimal;
use crate::extract::number::unit;
use std::collections::BTreeMap;
use std::ops::Range;

/// The confidence of a number in plain text, where no recogniser can have erred but the label may be misunderstood.
const PLAIN: f32 = 0.97;
/// A number that a recogniser read is never surer than this unless a sum or share confirms it.
const UNCONFIRMED: f32 = 0.9;
/// A number with letters for digits is not surer than this.
const DAMAGED: f32 = 0.5;
/// A number whose comma may mark a fraction or part thousands, in a document that says neither, is not surer than this.
const UNDECIDED: f32 = 0.6;
/// A reading that the recogniser thought less likely, and that only the sums speak for, is not surer than this.
const SECOND_SIGHT: f32 = 0.8;
/// An assignment that is worth no more than this above the next best is a close call, and its labels count as these.
const NARROW: f32 = 0.1;
const CLOSE_CALL: f32 = 0.3;
/// What is left of the doubt when a sum or share confirms a number.
const DOUBT_LEFT: f32 = 0.4;
/// What is left of the confidence when a check fails.
const TRUST_LEFT: f32 = 0.5;

/// The name of an amount as it was chosen.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::extract) struct Named {
    pub(in crate::extract) indicator: String,
    pub(in crate::extract) unit: String,
    pub(in crate::extract) amount: usize,
    pub(in crate::extract) score: f32,
    /// How sure the choice among several is.
    pub(in crate::extract) choice: Choice,
}

/// Everything about the document's numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::extract) struct Figures {
    pub(in crate::extract) figures: Vec<Figure>,
    pub(in crate::extract) indicators: BTreeMap<String, Indicator>,
    pub(in crate::extract) checks: Vec<Check>,
    pub(in crate::extract) diagnostics: Vec<Diagnostic>,
}

/// The label of what is not understood has no more words than this.
const LABEL_WORDS: usize = 20;
/// A remark names no more places than this; the check lists them all.
const MOST_PLACES: usize = 8;

/// Puts them together. Figures and checks are numbered in their order; `chosen` are the amounts whose reading a sum decided.
pub(in crate::extract) fn assemble(
    flow: &Flow<'_>,
    amounts: &[Amount],
    labels: &[Label],
    named: &[Named],
    findings: &[Finding],
    chosen: &[usize],
    not_understood: &[Range<usize>],
) -> Figures {
    let rank = |at: usize| not_understood.partition_point(|range| range.start < at);
    let id = |amount: usize| format!("f{}", amount + rank(amounts[amount].range.start) + 1);
    let mut checks_of: Vec<Vec<usize>> = vec![Vec::new(); amounts.len()];
    for (index, finding) in findings.iter().enumerate() {
        for amount in finding.amounts.iter().flatten() {
            if checks_of[*amount].last() != Some(&index) {
                checks_of[*amount].push(index);
            }
        }
    }
    let mut score_of: Vec<Option<f32>> = vec![None; amounts.len()];
    for name in named {
        let score = score_of[name.amount].unwrap_or(1.0);
        // A choice that hardly wins is no surer than one of two.
        let won = if name.choice.margin < NARROW { CLOSE_CALL } else { 1.0 };
        score_of[name.amount] = Some(score.min(name.score).min(won));
    }
    let mut out = Figures::default();
    for (index, amount) in amounts.iter().enumerate() {
        let paragraph = &flow.paragraphs[labels[index].paragraph];
        let trust = Trust {
            read: flow.confidence(amount.range.clone()),
            damaged: amount.damaged,
            unlikely: !amount.printed.contains(&amount.readings[0]),
            ambiguous: amount.printed.len() > 1 && !chosen.contains(&index),
            undecided: amount.undecided && !chosen.contains(&index),
            score: score_of[index],
        };
        out.figures.push(Figure {
            id: id(index),
            value: amount.readings.first().copied(),
            of: amount.of,
            to: amount.to,
            unit: amount.unit.map(str::to_owned),
            label: own_label(flow, amounts, labels, index),
            raw: flow.printed(amount.range.clone()).to_owned(),
            readings: amount.readings.clone(),
            section: paragraph.section.clone(),
            place: flow.place(amount.range.clone()),
            confidence: trust.confidence(checks_of[index].iter().map(|c| &findings[*c])),
            cell: paragraph.cell.as_ref().and_then(|cell| cell.id.clone()),
            checks: checks_of[index].iter().map(|c| format!("c{}", c + 1)).collect(),
        });
    }
    for name in named {
        let figure = &out.figures[name.amount];
        let Some(value) = figure.value else { continue };
        // Money keeps the multiple that is printed: `triệu đồng`.
        let printed = figure.unit.as_deref().filter(|u| u.ends_with(&name.unit));
        let unit = Some(printed.unwrap_or(&name.unit).to_owned());
        let rivals = name.choice.rivals.iter().map(|amount| id(*amount)).collect();
        let indicator = Indicator { value, unit, figure: figure.id.clone(), rivals };
        out.indicators.insert(name.indicator.clone(), indicator);
    }
    for (index, finding) in findings.iter().enumerate() {
        out.checks.push(Check {
            id: format!("c{}", index + 1),
            rule: finding.rule.clone(),
            status: finding.verdict,
            values: finding.values.clone(),
            figures: finding.amounts.iter().map(|a| a.map(id)).collect(),
        });
    }
    out.diagnostics = remarks(flow, amounts, findings, chosen);
    for (index, range) in not_understood.iter().enumerate() {
        let at = amounts.partition_point(|a| a.range.start < range.start) + index;
        out.figures.insert(at, silent(flow, range, format!("f{}", at + 1)));
        let message = format!("`{}` is no number that is understood", flow.printed(range.clone()));
        let remark = Diagnostic::warning(message).at(flow.place(range.clone()));
        out.diagnostics.push(remark.hint("its value is left out; compare it with the paper"));
    }
    out
}

/// The figure of digits that make no number that is understood: what is printed, and no value.
fn silent(flow: &Flow<'_>, range: &Range<usize>, id: String) -> Figure {
    let paragraph = &flow.paragraphs[flow.paragraph_at(range.start)];
    let unit = unit::after(&flow.key, range.end).map(|(unit, _)| unit.to_owned());
    let words = flow.printed(paragraph.body.min(range.start)..range.start).trim();
    let tail: Vec<&str> = words.rsplit([';', ',', '.']).next().unwrap_or_default().split_whitespace().collect();
    Figure {
        id,
        value: None,
        of: None,
        to: None,
        unit,
        label: tail[tail.len().saturating_sub(LABEL_WORDS)..].join(" "),
        raw: flow.printed(range.clone()).to_owned(),
        readings: Vec::new(),
        section: paragraph.section.clone(),
        place: flow.place(range.clone()),
        confidence: 0.0,
        cell: paragraph.cell.as_ref().and_then(|cell| cell.id.clone()),
        checks: Vec::new(),
    }
}

/// What the confidence of a figure rests on.
struct Trust {
    read: Option<f32>,
    damaged: bool,
    unlikely: bool,
    ambiguous: bool,
    undecided: bool,
    score: Option<f32>,
}

impl Trust {
    fn confidence<'a>(&self, findings: impl Iterator<Item = &'a Finding> + Clone) -> f32 {
        let mut confidence = self.read.unwrap_or(PLAIN).clamp(0.0, 1.0);
        let mut named = false;
        if self.damaged {
            confidence = confidence.min(DAMAGED);
        }
        let noughts = |f: &Finding| f.values.iter().flatten().all(|v| *v == Decimal::ZERO);
        let decides = |f: &&Finding| f.kind != FindingKind::Repeated && !noughts(f);
        let confirmed = findings.clone().filter(decides).any(|f| f.verdict == Verdict::Pass);
        if self.ambiguous && !confirmed {
            confidence *= 0.97;
        }
        if self.undecided && !confirmed {
            confidence = confidence.min(UNDECIDED);
        }
        if let Some(score) = self.score {
            confidence = confidence.min(0.5 + 0.5 * score);
            // That a number is what its pair or its words say does not tell what it means.
            let told = |f: &Finding| matches!(f.kind, FindingKind::Sum | FindingKind::Share);
            if !findings.clone().any(|f| told(f) && f.verdict == Verdict::Pass && !noughts(f)) {
                named = true;
                confidence = confidence.min(UNCONFIRMED);
            }
        }
        if confirmed && !self.damaged && !named {
            confidence = 1.0 - (1.0 - confidence) * DOUBT_LEFT;
        } else if self.read.is_some() {
            confidence = confidence.min(UNCONFIRMED);
        }
        if self.unlikely {
            confidence = confidence.min(SECOND_SIGHT);
        }
        for _ in findings.filter(|f| f.verdict == Verdict::Fail).take(2) {
            confidence *= TRUST_LEFT;
        }
        (confidence * 1000.0).round() / 1000.0
    }
}

/// The figure's label; a number that only says `đạt` or `chiếm` goes with the one before it.
fn own_label(flow: &Flow<'_>, amounts: &[Amount], labels: &[Label], index: usize) -> String {
    let own = label::shown(flow, &labels[index], &amounts[index]);
    let words = crate::text::fold::key(&own);
    let leans = (words.is_empty() || LISTS.leaning.contains(&words)) && amounts[index].unit == Some("%");
    let before = index.checked_sub(1).filter(|b| leans && labels[*b].paragraph == labels[index].paragraph);
    before.map_or(own.clone(), |b| {
        let first = label::shown(flow, &labels[b], &amounts[b]);
        if own.is_empty() { first } else { format!("{first}, {own}") }
    })
}

/// What a reader should know: checks that fail, with all their places, and readings that a sum decided.
fn remarks(flow: &Flow<'_>, amounts: &[Amount], findings: &[Finding], chosen: &[usize]) -> Vec<Diagnostic> {
    let mut remarks = Vec::new();
    for amount in chosen {
        let amount = &amounts[*amount];
        let others: Vec<String> = amount.readings[1..].iter().map(Decimal::to_string).collect();
        let printed = flow.printed(amount.range.clone());
        let message = format!(
            "`{printed}` is read as {}, not {}, because only so the sums hold",
            amount.readings[0],
            others.join(" or ")
        );
        remarks.push(Diagnostic::info(message).at(flow.place(amount.range.clone())));
    }
    for finding in findings.iter().filter(|f| f.verdict == Verdict::Fail) {
        let shown = |value: &Option<Decimal>| value.map_or("?".to_owned(), |v| v.to_string());
        let values: Vec<String> = finding.values.iter().map(shown).collect();
        let mut places: Vec<usize> = finding.amounts.iter().flatten().copied().collect();
        places.dedup();
        let where_ = |amount: &usize| {
            let place = flow.place(amounts[*amount].range.clone());
            match (place.page, place.line) {
                (Some(page), Some(line)) => format!("page {page} line {line}"),
                (_, line) => format!("line {}", line.unwrap_or_default()),
            }
        };
        let said: Vec<String> = places.iter().take(MOST_PLACES).map(where_).collect();
        let values = &values[..values.len().min(MOST_PLACES)];
        let message = format!("{} does not hold: {} ({})", finding.rule, values.join(", "), said.join("; "));
        let mut remark = Diagnostic::warning(message).hint("compare the numbers with the paper; nothing was changed");
        remark.place = places.first().map(|a| flow.place(amounts[*a].range.clone()));
        remarks.push(remark);
    }
    for amount in amounts.iter().filter(|a| a.damaged) {
        let printed = flow.printed(amount.range.clone());
        let message = if amount.readings.iter().any(|value| *value < Decimal::ZERO) {
            format!("`{printed}` may be less than nothing, or a remark in brackets")
        } else if printed.contains(|c: char| c.is_alphabetic() || matches!(c, ' ' | '|' | ']' | '§')) {
            format!("`{printed}` has letters or spaces among its digits")
        } else {
            format!("`{printed}` stands behind a dash, which may be its sign")
        };
        let hint = format!("it is read as {}; compare it with the paper", amount.readings[0]);
        remarks.push(Diagnostic::warning(message).at(flow.place(amount.range.clone())).hint(hint));
    }
    remarks
}

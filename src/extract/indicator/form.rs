//! What the row of column numbers says of a table: formulas that each row must obey, and official forms whose columns have names.

use crate::extract::amount::Amount;
use crate::extract::extraction::Verdict;
use crate::extract::indicator::check::{is_near, is_share};
use crate::extract::indicator::claim::{Claim, fits};
use crate::extract::indicator::family::{Family, When};
use crate::extract::indicator::finding::{Finding, FindingKind};
use crate::extract::indicator::label::{self, Label};
use crate::extract::indicator::sense::Sense;
use crate::extract::indicator::table_sums;
use crate::extract::layout::flow::Flow;
use crate::extract::layout::formula::Formula;
use crate::extract::layout::table::Table;
use crate::extract::number::decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// How well the total of an official form fits its name.
const OFFICIAL: f32 = 0.97;

/// The amounts of each table by row and column.
fn cells(flow: &Flow<'_>, labels: &[Label]) -> BTreeMap<(usize, usize, usize), usize> {
    let place = |(index, label): (usize, &Label)| {
        let cell = flow.paragraphs[label.paragraph].cell.as_ref()?;
        Some(((cell.table, cell.at, cell.column), index))
    };
    labels.iter().enumerate().filter_map(place).collect()
}

/// The checks of the formulas, a row each: `(3)=(4)+(5)`, `6=4/3`. Rows in which a cell is empty tell nothing.
pub(in crate::extract) fn findings(
    flow: &Flow<'_>,
    tables: &[Table],
    amounts: &[Amount],
    labels: &[Label],
) -> Vec<Finding> {
    let cells = cells(flow, labels);
    let mut findings = Vec::new();
    for (number, table) in tables.iter().enumerate() {
        let column = |wanted: u32| table.formulas.iter().find(|f| f.number == wanted).map(|f| f.column);
        for formula in &table.formulas {
            for row in 0..table.rows.len() {
                let amount = |column: usize| cells.get(&(number, row, column)).copied();
                let Some(whole) = amount(formula.column) else { continue };
                let value = |amount: usize| amounts[amount].readings[0];
                let terms: Option<Vec<usize>> = formula.sum.iter().map(|(n, _)| amount(column(*n)?)).collect();
                let (pass, near, parts) = if let Some((part, of)) = formula.quotient {
                    let Some((part, of)) = column(part).and_then(amount).zip(column(of).and_then(amount)) else {
                        continue;
                    };
                    let pass = is_share(value(part), value(of), value(whole))
                        || (value(part).to_f64() / value(of).to_f64() - value(whole).to_f64()).abs() < 0.006;
                    (pass, true, vec![part, of])
                } else if let Some(terms) = terms.filter(|t| t.len() > 1) {
                    let mut signed = terms
                        .iter()
                        .zip(&formula.sum)
                        .map(|(a, (_, minus))| if *minus { value(*a).negated() } else { value(*a) });
                    let sum = signed.try_fold(Decimal::ZERO, Decimal::checked_add);
                    (sum == Some(value(whole)), sum.is_some_and(|sum| is_near(sum, value(whole))), terms)
                } else {
                    continue;
                };
                let verdict = match (pass, near) {
                    (true, _) => Verdict::Pass,
                    (false, true) => Verdict::Fail,
                    (false, false) => Verdict::Unknown,
                };
                let all = || [whole].into_iter().chain(parts.iter().copied());
                findings.push(Finding {
                    kind: FindingKind::Sum,
                    rule: format!("{}: {}", label::shown(flow, &labels[whole], &amounts[whole]), said(formula)),
                    verdict,
                    values: all().map(|a| Some(value(a))).collect(),
                    amounts: all().map(Some).collect(),
                });
            }
        }
    }
    findings
}

/// A formula as it is printed, without brackets.
fn said(formula: &Formula) -> String {
    if let Some((part, whole)) = formula.quotient {
        return format!("{}={part}/{whole}", formula.number);
    }
    let mut text = format!("{}=", formula.number);
    for (index, (term, minus)) in formula.sum.iter().enumerate() {
        let sign = if *minus {
            "-"
        } else if index > 0 {
            "+"
        } else {
            ""
        };
        text += &format!("{sign}{term}");
    }
    text
}

/// The claims of official forms: the numbers of their total row, which then are the only claims to their names from any table.
pub(in crate::extract) fn claims(
    family: &Family,
    flow: &Flow<'_>,
    tables: &[Table],
    amounts: &[Amount],
    (labels, senses): (&[Label], &[Sense]),
    claims: &mut BTreeMap<usize, Vec<Claim>>,
) {
    let cells = cells(flow, labels);
    let in_table = |amount: usize| flow.paragraphs[labels[amount].paragraph].cell.as_ref().map(|c| c.table);
    for (number, table) in tables.iter().enumerate() {
        let printed: Vec<String> = table.formulas.iter().map(said).collect();
        let Some(form) =
            family.definition.tables.iter().find(|form| form.formulas.iter().all(|formula| printed.contains(formula)))
        else {
            continue;
        };
        let is_total = |row: &usize| {
            let of_row = cells.range((number, *row, 0)..(number, *row + 1, 0)).next();
            let cell = of_row.and_then(|(_, a)| flow.paragraphs[labels[*a].paragraph].cell.as_ref());
            cell.is_some_and(|cell| table_sums::sums_up(flow, cell))
        };
        let total = (0..table.rows.len()).rev().find(is_total);
        // What the words of its cells were taken for does not count: its numbers say what they are. A column that an office added is none of it.
        let known = |column: usize| {
            let formula = table.formulas.iter().find(|f| f.column == column);
            formula.is_some_and(|f| form.columns.contains_key(&f.number.to_string()))
        };
        let added = |amount: usize| {
            let cell = flow.paragraphs[labels[amount].paragraph].cell.as_ref();
            cell.is_some_and(|cell| Some(cell.at) == total && !known(cell.column))
        };
        let names_form =
            |indicator: usize| form.columns.values().any(|name| *name == family.definition.indicators[indicator].name);
        for (indicator, own) in claims.iter_mut() {
            let beside = |claim: &Claim| added(claim.amount) && !names_form(*indicator);
            own.retain(|claim| in_table(claim.amount) != Some(number) || beside(claim));
        }
        let Some(total) = total else { continue };
        let of_form: Vec<(usize, usize)> = table
            .formulas
            .iter()
            .filter_map(|formula| {
                let name = form.columns.get(&formula.number.to_string())?;
                let amount = cells.get(&(number, total, formula.column)).copied()?;
                (!amounts[amount].readings.is_empty()).then_some((amount, *family.by_name.get(name)?))
            })
            .collect();
        for (amount, indicator) in by_heads(family, &of_form, senses) {
            let claim = Claim { amount, score: OFFICIAL, leans: false, when: When::Always };
            claims.entry(indicator).or_default().insert(0, claim);
        }
    }
    claims.retain(|_, own| !own.is_empty());
}

/// The columns of an official form. Offices change their order and keep the formulas, so that a head that names another column of the form is right
/// where that column's own head does not bear its name; each other column is what its place says, or what is left where that is taken.
fn by_heads(family: &Family, of_form: &[(usize, usize)], senses: &[Sense]) -> Vec<(usize, usize)> {
    let of = |indicator: usize| family.conditions[indicator].first().map_or(&[][..], |c| &c.terms);
    // What the whole form is about no head need say.
    let about = |term: &usize| of_form.iter().all(|(_, indicator)| of(*indicator).contains(term));
    let about: Vec<usize> =
        of_form.first().map_or(&[][..], |(_, first)| of(*first)).iter().copied().filter(about).collect();
    let heads: Vec<Option<usize>> = of_form
        .iter()
        .map(|(amount, _)| {
            let mut terms = [&senses[*amount].terms[..], &about].concat();
            terms.sort_unstable();
            terms.dedup();
            let sense = Sense { terms, ..senses[*amount].clone() };
            let fitting = of_form.iter().filter_map(|(_, indicator)| {
                let sets = family.conditions[*indicator].iter().filter(|c| c.when == When::Always);
                Some((sets.filter(|c| fits(family, c, &sense)).map(|c| c.terms.len()).max()?, *indicator))
            });
            fitting.max().map(|(_, indicator)| indicator)
        })
        .collect();
    let placed: Vec<usize> = of_form.iter().map(|(_, indicator)| *indicator).collect();
    let amounts = of_form.iter().map(|(amount, _)| *amount);
    amounts.zip(settled(&placed, &heads)).filter_map(|(amount, indicator)| Some((amount, indicator?))).collect()
}

/// What each column holds, of what its place says and what its head says, if it says anything.
fn settled(placed: &[usize], heads: &[Option<usize>]) -> Vec<Option<usize>> {
    let at_home: BTreeSet<usize> =
        placed.iter().zip(heads).filter(|(place, head)| **head == Some(**place)).map(|(place, _)| *place).collect();
    let bearers = |indicator: usize| heads.iter().filter(|head| **head == Some(indicator)).count();
    let told = |(place, head): (&usize, &Option<usize>)| {
        let elsewhere = |head: &usize| !at_home.contains(head) && bearers(*head) == 1;
        if at_home.contains(place) { Some(*place) } else { head.filter(elsewhere) }
    };
    let mut settled: Vec<Option<usize>> = placed.iter().zip(heads).map(told).collect();
    for at in 0..placed.len() {
        if settled[at].is_none() && !settled.contains(&Some(placed[at])) {
            settled[at] = Some(placed[at]);
        }
    }
    let left: Vec<usize> = placed.iter().copied().filter(|indicator| !settled.contains(&Some(*indicator))).collect();
    if let [only] = left[..] {
        settled.iter_mut().filter(|column| column.is_none()).for_each(|column| *column = Some(only));
    }
    settled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_that_names_another_column_is_right_where_that_ones_does_not() {
        let placed = [0, 1, 2, 3];
        let of = |heads: [Option<usize>; 4]| settled(&placed, &heads);
        let all = |columns: [usize; 4]| columns.map(Some).to_vec();
        assert_eq!(of([None; 4]), all([0, 1, 2, 3]), "no head says anything");
        assert_eq!(of([Some(0), Some(3), Some(2), Some(1)]), all([0, 3, 2, 1]), "two have changed places");
        assert_eq!(of([Some(0), Some(0), Some(2), Some(1)]), all([0, 3, 2, 1]), "one of these says what all are");
        assert_eq!(of([Some(0), Some(2), Some(2), None]), all([0, 1, 2, 3]), "its own column bears the name");
        assert_eq!(of([Some(0), Some(3), Some(3), None]), all([0, 1, 2, 3]), "two bear it");
        assert_eq!(of([Some(1), Some(0), None, Some(2)]), all([1, 0, 3, 2]), "the last is what is left");
    }
}

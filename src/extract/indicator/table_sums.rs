//! Arithmetic of tables: a row that is the sum of the rows above or below it, column by column.

use crate::extract::amount::Amount;
use crate::extract::extraction::Verdict;
use crate::extract::indicator::finding::{Finding, FindingKind, unit_class};
use crate::extract::indicator::label::{self, Label};
use crate::extract::labels::{LISTS, Words};
use crate::extract::layout::flow::{Flow, InTable};
use crate::extract::number::decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// The cells of one table.
#[derive(Default)]
struct Grid {
    /// The amount in each row and column.
    cells: BTreeMap<(usize, usize), usize>,
    /// The row that each row is a part of, and whether its words say that it is a sum.
    rows: BTreeMap<usize, (Option<usize>, bool)>,
    columns: usize,
}

/// One sum, tried.
struct Sum {
    finding: Finding,
    column: usize,
    /// Whether it comes out, and of something.
    holds: bool,
    /// Whether there is a sign in its own rows that they are added up.
    is_sure: bool,
}

/// The sums of all tables.
///
/// A column that does not come out is only told where there is a sign that it is added up, for not everything below each other is
/// (prices, rates, years): another column of the same rows comes out, or the row's words say that it is a sum and it has no other
/// column, or other rows of the same column come out.
pub(in crate::extract) fn findings(flow: &Flow<'_>, amounts: &[Amount], labels: &[Label]) -> Vec<Finding> {
    let mut grids: BTreeMap<usize, Grid> = BTreeMap::new();
    for (index, label) in labels.iter().enumerate() {
        let Some(cell) = &flow.paragraphs[label.paragraph].cell else { continue };
        let grid = grids.entry(cell.table).or_default();
        grid.cells.entry((cell.at, cell.column)).or_insert(index);
        grid.rows.insert(cell.at, (cell.part_of, is_sum(flow, cell)));
        grid.columns = grid.columns.max(cell.column + 1);
    }
    let told = |grid: &Grid| -> Vec<Finding> {
        let groups = grid.groups();
        let mut sums: Vec<Sum> =
            groups.iter().flat_map(|(total, parts)| grid.sums(*total, parts, flow, amounts, labels)).collect();
        let added: BTreeSet<usize> = sums.iter().filter(|sum| sum.holds).map(|sum| sum.column).collect();
        sums.retain(|sum| sum.finding.verdict == Verdict::Pass || sum.is_sure || added.contains(&sum.column));
        sums.into_iter().map(|sum| sum.finding).collect()
    };
    grids.values().flat_map(told).collect()
}

/// Whether the words of a row say that it is the sum of others: `Tổng cộng`, `Cộng toàn xã`.
pub(in crate::extract) fn is_sum(flow: &Flow<'_>, cell: &InTable) -> bool {
    let words = || flow.key[cell.row.clone()].split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    // `Tổng cộng (I+II+III)`
    let numbers_row = |w: &str| w.chars().all(|c| c.is_ascii_digit() || matches!(c, 'i' | 'v' | 'x'));
    sums_up(flow, cell) && words().all(|w| numbers_row(w) || LISTS.of_sums.iter().any(|s| s == w))
}

/// Whether one of the row's words says that it sums up others.
pub(in crate::extract) fn sums_up(flow: &Flow<'_>, cell: &InTable) -> bool {
    let printed = flow.printed(cell.row.clone());
    let words: Vec<&str> = printed.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    // `TỐNG SỐ`, as small capitals are read: before these words it is no name.
    let is = |word: &str, list: &[Words]| list.iter().any(|known| known.is(word));
    let misread = words.windows(2).any(|pair| is(pair[0], &LISTS.sums_misread) && is(pair[1], &LISTS.behind_sums));
    misread || words.iter().any(|word| is(word, &LISTS.sums))
}

/// Whether the parts follow each other in groups of which each makes up the whole, by level and then by service, or a part before it: what
/// is new, and then how that was handed in.
fn in_groups(parts: impl Iterator<Item = Decimal>, whole: Decimal) -> bool {
    groups(parts, whole).is_some_and(|(groups, open)| groups > 1 && open.is_none())
}

/// How many groups come out, and where the first part stands that is in none; None where a sum is too large to be taken.
fn groups(parts: impl Iterator<Item = Decimal>, whole: Decimal) -> Option<(usize, Option<usize>)> {
    let mut sum = Decimal::ZERO;
    let (mut groups, mut open) = (0, None);
    let mut before: Vec<Decimal> = Vec::new();
    for (place, part) in parts.enumerate() {
        let more = sum.checked_add(part)?;
        let full = more == whole || groups > 0 && sum != Decimal::ZERO && before.contains(&more);
        groups += usize::from(full);
        sum = if full { Decimal::ZERO } else { more };
        open = if full { None } else { open.or(Some(place)) };
        before.push(part);
    }
    // Noughts at the end are in any group.
    Some((groups, open.filter(|_| sum != Decimal::ZERO)))
}

impl Grid {
    /// The rows that are sums, each with the rows that it sums up.
    fn groups(&self) -> Vec<(usize, Vec<usize>)> {
        let sums: Vec<usize> = self.rows.iter().filter(|(_, row)| row.1).map(|(at, _)| *at).collect();
        let outermost = |from: usize, to: usize| -> Vec<usize> {
            self.rows.range(from..to).filter(|(_, row)| row.0.is_none() && !row.1).map(|(at, _)| *at).collect()
        };
        let mut groups: Vec<(usize, Vec<usize>)> = match &sums[..] {
            [sum] => vec![(*sum, outermost(0, usize::MAX))],
            // Several sums: each of what stands between it and the one before it.
            several => {
                let from = |i: usize| i.checked_sub(1).map_or(0, |before| several[before] + 1);
                several.iter().enumerate().map(|(i, sum)| (*sum, outermost(from(i), *sum))).collect()
            }
        };
        for whole in self.rows.keys() {
            let parts = self.rows.iter().filter(|(_, row)| row.0 == Some(*whole)).map(|(at, _)| *at);
            groups.push((*whole, parts.collect()));
        }
        groups.retain(|(_, parts)| parts.len() > 1);
        groups
    }

    /// The sums of one group, a column each.
    fn sums(&self, total: usize, parts: &[usize], flow: &Flow<'_>, amounts: &[Amount], labels: &[Label]) -> Vec<Sum> {
        let mut sums: Vec<Sum> = Vec::new();
        for column in 0..self.columns {
            let Some(&whole) = self.cells.get(&(total, column)) else { continue };
            let found: Vec<usize> = parts.iter().filter_map(|row| self.cells.get(&(*row, column)).copied()).collect();
            let class = unit_class(amounts[whole].unit);
            let alike = found.iter().all(|a| unit_class(amounts[*a].unit) == class && amounts[*a].of.is_none());
            if class == "%" || !alike || found.len() < 2 {
                continue;
            }
            let value = |amount: &usize| amounts[*amount].readings[0];
            let sum = found.iter().map(value).try_fold(Decimal::ZERO, Decimal::checked_add);
            let passes = sum == Some(value(&whole)) || in_groups(found.iter().map(value), value(&whole));
            // An empty cell may be a nought, or a number that was not read.
            if !passes && found.len() < parts.len() {
                continue;
            }
            // Of several groups the one that does not make up the whole is the one to look at.
            let open = groups(found.iter().map(value), value(&whole)).filter(|(groups, _)| !passes && *groups > 0);
            let from = open.and_then(|(_, from)| from).filter(|from| found.len() - from > 1).unwrap_or(0);
            let all = || [whole].into_iter().chain(found[from..].iter().copied());
            let finding = Finding {
                kind: FindingKind::Sum,
                rule: format!("{} = the sum of its rows", label::shown(flow, &labels[whole], &amounts[whole])),
                verdict: if passes { Verdict::Pass } else { Verdict::Fail },
                values: all().map(|a| Some(value(&a))).collect(),
                amounts: all().map(Some).collect(),
            };
            sums.push(Sum { finding, column, holds: passes && value(&whole) != Decimal::ZERO, is_sure: false });
        }
        let named = self.rows.get(&total).is_some_and(|row| row.1);
        let is_sure = sums.iter().any(|sum| sum.holds) || named && sums.len() == 1;
        sums.iter_mut().for_each(|sum| sum.is_sure = is_sure);
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_may_make_up_the_whole_more_than_once() {
        let groups =
            |parts: &[u32], whole: u32| in_groups(parts.iter().map(|p| Decimal::from(*p)), Decimal::from(whole));
        assert!(groups(&[171, 16, 96, 64, 27], 187));
        assert!(groups(&[1362, 57568, 30155, 27413], 58930), "the last two make up the second");
        assert!(!groups(&[171, 16, 96, 64], 187), "the second group is short");
        assert!(!groups(&[171, 16], 187), "once is an ordinary sum");
        let open = |parts: &[u32]| super::groups(parts.iter().map(|p| Decimal::from(*p)), Decimal::from(63));
        assert_eq!(open(&[5, 58, 41, 22, 57, 7]), Some((2, Some(4))), "the last group is the one that is wrong");
    }
}

//! Arithmetic on the indicators: sums, repeated values, percentages, numbers in words. It marks and never repairs.

use crate::extract::amount::Amount;
use crate::extract::extraction::Verdict;
use crate::extract::indicator::claim::Claim;
use crate::extract::indicator::definition::SumRule;
use crate::extract::indicator::family::Family;
use crate::extract::indicator::label::Label;
use crate::extract::indicator::sense::Sense;
use crate::extract::number::decimal::Decimal;
use std::collections::BTreeMap;

/// A check before its figures have their names.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::extract) struct Finding {
    pub(in crate::extract) kind: FindingKind,
    pub(in crate::extract) rule: String,
    pub(in crate::extract) verdict: Verdict,
    /// The values in the order of the rule.
    pub(in crate::extract) values: Vec<Option<Decimal>>,
    /// The amounts in the order of the rule.
    pub(in crate::extract) amounts: Vec<Option<usize>>,
}

/// What is compared with what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum FindingKind {
    /// A total with its parts.
    Sum,
    /// A value with the same one printed elsewhere.
    Repeated,
    /// A percentage with the counts that it comes from.
    Share,
    /// A number with its words.
    Words,
}

/// The indicators of one family as they stand: the claims to each, the chosen one first.
pub(in crate::extract) struct SumChecker<'a> {
    pub(in crate::extract) family: &'a Family,
    pub(in crate::extract) claims: &'a BTreeMap<usize, Vec<Claim>>,
    by_name: BTreeMap<&'a str, usize>,
}

/// Labels that fit worse than this do not contradict a better one.
const LEAST_REPEATED: f32 = 0.75;
/// Readings that are tried together, at most.
const MOST_READINGS: usize = 256;

impl<'a> SumChecker<'a> {
    pub(in crate::extract) fn new(family: &'a Family, claims: &'a BTreeMap<usize, Vec<Claim>>) -> Self {
        let by_name = family.definition.indicators.iter().enumerate().map(|(i, r)| (r.name.as_str(), i)).collect();
        SumChecker { family, claims, by_name }
    }

    /// The amount that an indicator's value is.
    fn amount(&self, name: &str) -> Option<usize> {
        Some(self.claims.get(self.by_name.get(name)?)?.first()?.amount)
    }

    /// Chooses, where a sum does not hold, the one combination of readings that makes it and all other sums hold that
    /// held before, and puts those readings first. Returns the amounts whose reading was changed.
    pub(in crate::extract) fn choose_readings(&self, amounts: &mut [Amount]) -> Vec<usize> {
        let mut changed = Vec::new();
        for sum in &self.family.definition.sums {
            let finding = self.sum(sum, amounts);
            if finding.as_ref().is_none_or(|f| f.verdict != Verdict::Fail) {
                continue;
            }
            let mut open: Vec<usize> = finding.into_iter().flat_map(|f| f.amounts).flatten().collect();
            open.sort_unstable();
            open.dedup();
            open.retain(|i| amounts[*i].readings.len() > 1);
            let combinations = open.iter().map(|i| amounts[*i].readings.len()).product::<usize>();
            if open.is_empty() || combinations > MOST_READINGS {
                continue;
            }
            let verdicts = |amounts: &[Amount]| -> Vec<Option<Verdict>> {
                self.family.definition.sums.iter().map(|s| self.sum(s, amounts).map(|f| f.verdict)).collect()
            };
            let before = verdicts(amounts);
            // Puts a combination's readings first; done twice it undoes itself.
            let turn = |amounts: &mut [Amount], number: usize| {
                let mut rest = number;
                for i in &open {
                    let readings = &mut amounts[*i].readings;
                    let turn = rest % readings.len();
                    rest /= readings.len();
                    readings.swap(0, turn);
                }
            };
            let mut solutions = Vec::new();
            for number in 1..combinations {
                turn(amounts, number);
                let holds = self.sum(sum, amounts).is_some_and(|f| f.verdict == Verdict::Pass);
                let worse = || {
                    let after = verdicts(amounts);
                    before.iter().zip(after).any(|(b, a)| *b == Some(Verdict::Pass) && a != Some(Verdict::Pass))
                };
                if holds && !worse() {
                    solutions.push(number);
                }
                turn(amounts, number);
            }
            if let [solution] = &solutions[..] {
                let values =
                    |amounts: &[Amount]| -> Vec<Decimal> { open.iter().map(|i| amounts[*i].readings[0]).collect() };
                let first = values(amounts);
                turn(amounts, *solution);
                let second = values(amounts);
                let differs = open.iter().zip(first.iter().zip(&second)).filter(|(_, (a, b))| a != b);
                changed.extend(differs.map(|(i, _)| *i));
            }
        }
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    /// How many more of the sums hold than do not.
    pub(in crate::extract) fn balance(&self, amounts: &[Amount]) -> i32 {
        let verdicts = self.family.definition.sums.iter().filter_map(|sum| self.sum(sum, amounts)).map(|f| f.verdict);
        verdicts.map(|v| i32::from(v == Verdict::Pass) - i32::from(v == Verdict::Fail)).sum()
    }

    /// All checks of the family, in the order of its definition.
    pub(in crate::extract) fn findings(&self, amounts: &[Amount], senses: &[Sense], labels: &[Label]) -> Vec<Finding> {
        let mut findings: Vec<Finding> =
            self.family.definition.sums.iter().filter_map(|sum| self.sum(sum, amounts)).collect();
        // A total that other parts decide needs no word on the ones that are missing.
        let decided: Vec<Option<usize>> =
            findings.iter().filter(|f| f.verdict != Verdict::Unknown).map(|f| f.amounts[0]).collect();
        findings.retain(|f| f.verdict != Verdict::Unknown || !decided.contains(&f.amounts[0]));
        findings
            .extend(self.claims.iter().filter_map(|(indicator, claims)| self.repeated(*indicator, claims, amounts)));
        findings.extend(self.shares(amounts, senses, labels));
        findings
    }

    /// A sum; None where its total or all its parts are missing.
    fn sum(&self, rule: &SumRule, amounts: &[Amount]) -> Option<Finding> {
        let totals: Vec<(&str, usize)> =
            rule.total.iter().filter_map(|name| Some((name.as_str(), self.amount(name)?))).collect();
        let parts: Vec<Option<usize>> = rule.parts.iter().map(|name| self.amount(name)).collect();
        if parts.iter().all(Option::is_none) {
            return None;
        }
        let mut first = None;
        for (total, total_amount) in totals {
            let optional: Vec<(&str, usize)> = rule
                .optional
                .iter()
                .filter(|name| *name != total)
                .filter_map(|name| Some((name.as_str(), self.amount(name)?)))
                .collect();
            for taken in [&[], &optional[..]] {
                let finding = self.one_sum(total, total_amount, rule, &parts, taken, amounts);
                if finding.verdict == Verdict::Pass {
                    return Some(finding);
                }
                // A sum that does not hold is shown without what is optional.
                first.get_or_insert(finding);
            }
        }
        first
    }

    fn one_sum(
        &self,
        total: &str,
        total_amount: usize,
        rule: &SumRule,
        parts: &[Option<usize>],
        optional: &[(&str, usize)],
        amounts: &[Amount],
    ) -> Finding {
        let names: Vec<&str> = rule.parts.iter().map(String::as_str).chain(optional.iter().map(|(n, _)| *n)).collect();
        let all: Vec<Option<usize>> = parts.iter().copied().chain(optional.iter().map(|(_, a)| Some(*a))).collect();
        let value = |amount: usize| amounts[amount].readings[0];
        let known: Vec<usize> = all.iter().flatten().copied().collect();
        let sum = known.iter().try_fold(Decimal::ZERO, |sum, a| sum.checked_add(value(*a)));
        let same_unit = |a: &usize| unit_class(amounts[*a].unit) == unit_class(amounts[total_amount].unit);
        let whole = value(total_amount);
        let verdict = match sum {
            Some(sum) if known.iter().all(same_unit) => match all.contains(&None) {
                false if sum == whole => Verdict::Pass,
                false => Verdict::Fail,
                // A part that is larger than its whole is wrong whatever the missing ones are.
                true if sum > whole => Verdict::Fail,
                true => Verdict::Unknown,
            },
            _ => Verdict::Unknown,
        };
        let amounts_of: Vec<Option<usize>> = [Some(total_amount)].into_iter().chain(all).collect();
        Finding {
            kind: FindingKind::Sum,
            rule: format!("{total} = {}", names.join(" + ")),
            verdict,
            values: amounts_of.iter().map(|a| a.map(value)).collect(),
            amounts: amounts_of,
        }
    }

    /// The same indicator printed in several places; None where it is printed once.
    fn repeated(&self, indicator: usize, claims: &[Claim], amounts: &[Amount]) -> Option<Finding> {
        let mut told: Vec<usize> = claims.iter().filter(|c| c.score >= LEAST_REPEATED).map(|c| c.amount).collect();
        // The value that was chosen is the first; the others follow in reading order.
        if let Some((_, others)) = told.split_first_mut() {
            others.sort_unstable();
        }
        if told.len() < 2 {
            return None;
        }
        let values: Vec<Option<Decimal>> = told.iter().map(|a| Some(amounts[*a].readings[0])).collect();
        let name = &self.family.definition.indicators[indicator].name;
        let agree = values.iter().all(|v| *v == values[0]);
        Some(Finding {
            kind: FindingKind::Repeated,
            rule: format!("{name} is the same wherever it is printed"),
            verdict: if agree { Verdict::Pass } else { Verdict::Fail },
            values,
            amounts: told.into_iter().map(Some).collect(),
        })
    }

    /// Percentages printed behind a count.
    fn shares(&self, amounts: &[Amount], senses: &[Sense], labels: &[Label]) -> Vec<Finding> {
        let mut named: BTreeMap<usize, usize> = BTreeMap::new();
        for (indicator, claims) in self.claims {
            named.extend(claims.iter().map(|c| (c.amount, *indicator)));
        }
        let mut findings = Vec::new();
        for (share, label) in labels.iter().enumerate() {
            let Some(count) = label.antecedent else { continue };
            let pair = [&amounts[count], &amounts[share]];
            let follows = pair[1].unit == Some("%") && pair[0].unit != Some("%") && !senses[share].narrowed;
            if !follows || pair[0].of.is_some() {
                continue;
            }
            let Some(indicator) = named.get(&count) else { continue };
            let name = &self.family.definition.indicators[*indicator].name;
            let Some(rule) = self.family.definition.shares.iter().find(|s| s.part == *name) else { continue };
            let wholes: Vec<(&str, usize)> = rule
                .whole
                .iter()
                .filter_map(|w| Some((w.as_str(), self.amount(w)?)))
                .filter(|w| w.1 != count)
                .collect();
            let fits = |whole: usize| is_share(pair[0].readings[0], amounts[whole].readings[0], pair[1].readings[0]);
            let Some(&(whole_name, whole)) = wholes.iter().find(|w| fits(w.1)).or(wholes.first()) else { continue };
            findings.push(Finding {
                kind: FindingKind::Share,
                rule: format!("share = {name} / {whole_name}"),
                verdict: if fits(whole) { Verdict::Pass } else { Verdict::Fail },
                values: [share, count, whole].map(|a| Some(amounts[a].readings[0])).into(),
                amounts: [share, count, whole].map(Some).into(),
            });
        }
        findings
    }
}

/// Checks that need no definition: pairs with their percentage, numbers with their words.
pub(in crate::extract) fn plain(amounts: &[Amount], labels: &[Label]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, amount) in amounts.iter().enumerate() {
        if let Some((words, _)) = &amount.words {
            let value = amount.readings[0];
            findings.push(Finding {
                kind: FindingKind::Words,
                rule: "number = its words".into(),
                verdict: if value == *words { Verdict::Pass } else { Verdict::Fail },
                values: vec![Some(value), Some(*words)],
                amounts: vec![Some(index), None],
            });
        }
        if amount.unit != Some("%") {
            continue;
        }
        // `đạt 98% (49/50 hồ sơ)` rather than the pair before it, which is of another share then.
        let behind = (index + 1 < amounts.len() && labels[index + 1].inside == Some(index)).then_some(index + 1);
        let before =
            labels[index].antecedent.filter(|count| labels[index].announced && labels[*count].inside.is_none());
        if let Some(count) = behind.or(before)
            && let Some(of) = amounts[count].of.filter(|of| *of > Decimal::ZERO)
        {
            let part = amounts[count].readings[0];
            let pass = is_share(part, of, amount.readings[0]);
            findings.push(Finding {
                kind: FindingKind::Share,
                rule: "share = part / whole".into(),
                verdict: if pass { Verdict::Pass } else { Verdict::Fail },
                values: vec![Some(amount.readings[0]), Some(part), Some(of)],
                amounts: vec![Some(index), Some(count), Some(count)],
            });
        }
    }
    findings
}

/// Whether a printed percentage is that of `part` in `whole`, rounded or cut off at its last place.
fn is_share(part: Decimal, whole: Decimal, percent: Decimal) -> bool {
    if whole == Decimal::ZERO {
        return part == Decimal::ZERO;
    }
    let exact = part.to_f64() / whole.to_f64() * 100.0;
    let text = percent.to_string();
    let places = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    (exact - percent.to_f64()).abs() < 10f64.powi(-(places as i32)) + 1e-9
}

/// Units that may be added to each other: all counts, but money only in the same multiple.
pub(in crate::extract) fn unit_class(unit: Option<&str>) -> &str {
    unit.filter(|u| u.ends_with("đồng") || *u == "%").unwrap_or("")
}

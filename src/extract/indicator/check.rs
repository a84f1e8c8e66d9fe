//! Arithmetic on the indicators: sums, repeated values, percentages, numbers in words. It marks and never repairs.

use crate::extract::amount::Amount;
use crate::extract::extraction::Verdict;
use crate::extract::indicator::claim::Claim;
use crate::extract::indicator::family::{Family, SumIndex, When};
use crate::extract::indicator::finding::{Finding, FindingKind, unit_class};
use crate::extract::indicator::label::Label;
use crate::extract::indicator::sense::Sense;
use crate::extract::indicator::table_sums;
use crate::extract::labels::LISTS;
use crate::extract::layout::flow::Flow;
use crate::extract::number::decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// The arithmetic of one family over the indicators as they stand.
pub(in crate::extract) struct SumChecker<'a> {
    pub(in crate::extract) family: &'a Family,
    /// For each indicator the amount that its value is.
    values: Vec<Option<usize>>,
    pub(in crate::extract) claims: &'a BTreeMap<usize, Vec<Claim>>,
}

/// How a sum comes out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::extract) struct Balance {
    pub(in crate::extract) verdict: Verdict,
    /// The total that was taken, as an indicator's index.
    total: usize,
    /// Whether what is optional was counted in.
    with_optional: bool,
    /// Whether total and parts are so near each other that a slip of the pen is the likeliest reason.
    pub(in crate::extract) near: bool,
    /// Whether all of them are nought.
    pub(in crate::extract) noughts: bool,
}

/// Two numbers this near, as a share of the larger, differ by a part that was forgotten or miscounted.
const NEAR: f64 = 0.05;

/// Whether one number may have been written for the other: digits exchanged, one wrong, or a small part of it missing.
pub(in crate::extract) fn is_near(a: Decimal, b: Decimal) -> bool {
    let (x, y) = (a.to_f64().abs(), b.to_f64().abs());
    // `19 hồ sơ (trong hạn 18, quá hạn 0)`: so do numbers of two digits that differ by one.
    is_slip(a, b) || (x - y).abs() <= NEAR * x.max(y) || (x - y).abs() == 1.0 && x.max(y) >= 10.0
}

/// Whether the digits of one are those of the other exchanged, or all but one of three or more.
pub(in crate::extract) fn is_slip(a: Decimal, b: Decimal) -> bool {
    let (x, y) = (a.to_string(), b.to_string());
    let differing = x.bytes().zip(y.bytes()).filter(|(x, y)| x != y).count();
    x.len() == y.len()
        && x.len() > 1
        && (differing == 1 && x.len() > 2 || {
            let sorted = |s: &str| {
                let mut bytes = s.as_bytes().to_vec();
                bytes.sort_unstable();
                bytes
            };
            differing == 2 && sorted(&x) == sorted(&y)
        })
}

/// Labels that fit worse than this do not contradict a better one.
const LEAST_REPEATED: f32 = 0.75;
/// Labels that fit at least so well leave no doubt what their number is.
pub(in crate::extract) const BEYOND_DOUBT: f32 = 0.9;
/// Two small counts with labels that fit at least so well are the same thing, and differ.
const PLAIN: f32 = 0.8;
/// Small counts that are further apart are of different things. In 50 reports of others seven checks failed wrongly without a limit and two with
/// this one; of those that were right none is lost.
const MISCOUNTED: f64 = 3.0;
/// A share that is off by more percentage points than this is of another whole.
const SHARE_SLIP: f64 = 1.0;
/// So many numbers behind one in its paragraph may be its parts.
const MOST_PARTS: usize = 8;
/// Readings that are tried together, at most.
const MOST_READINGS: usize = 256;

/// Works out a sum for an assignment of amounts to indicators; None where its total or all its parts are missing.
pub(in crate::extract) fn balance(rule: &SumIndex, values: &[Option<usize>], amounts: &[Amount]) -> Option<Balance> {
    if rule.parts.iter().all(|part| values[*part].is_none()) {
        return None;
    }
    let value = |amount: usize| amounts[amount].readings[0];
    let mut first = None;
    for &total in &rule.total {
        let Some(whole_amount) = values[total] else { continue };
        let whole = value(whole_amount);
        let class = unit_class(amounts[whole_amount].unit);
        let mut sum = Some(Decimal::ZERO);
        let (mut missing, mut alike) = (false, true);
        for part in &rule.parts {
            let Some(amount) = values[*part] else {
                missing = true;
                continue;
            };
            sum = sum.and_then(|sum| sum.checked_add(value(amount)));
            alike &= unit_class(amounts[amount].unit) == class;
        }
        let less = rule.less.iter().filter_map(|l| values[*l]).map(value);
        sum = less.fold(sum, |sum, less| sum.and_then(|sum| sum.checked_add(less.negated())));
        let uncut = rule.less.iter().any(|l| values[*l].is_none());
        // With all that some count in besides, a slip is a slip however parts are counted otherwise.
        let told = !missing && !rule.optional.is_empty() && rule.optional.iter().all(|o| values[*o].is_some());
        let unseen = rule.optional.iter().any(|o| *o != total && values[*o].is_none());
        for with_optional in [false, true] {
            if with_optional {
                let optional = rule.optional.iter().filter(|o| **o != total).filter_map(|o| values[*o]);
                let more = optional.map(value).try_fold(Decimal::ZERO, Decimal::checked_add);
                sum = sum.and_then(|sum| sum.checked_add(more?));
            }
            let verdict = match sum {
                Some(sum) if alike => match missing {
                    false if sum == whole => Verdict::Pass,
                    // What some offices count in besides may be there and not be found.
                    false if sum < whole && (unseen || rule.partial) => Verdict::Unknown,
                    // So may what was taken off.
                    false if sum > whole && uncut => Verdict::Unknown,
                    // However parts are counted, of nothing there are none.
                    _ if rule.loose && whole > Decimal::ZERO && !(with_optional && told && is_slip(sum, whole)) => {
                        Verdict::Unknown
                    }
                    false => Verdict::Fail,
                    // A part that is larger than its whole is wrong whatever the missing ones are.
                    true if sum > whole => Verdict::Fail,
                    true => Verdict::Unknown,
                },
                _ => Verdict::Unknown,
            };
            let near = !missing && sum.is_some_and(|sum| is_near(sum, whole));
            let noughts = sum == Some(Decimal::ZERO) && whole == Decimal::ZERO;
            let balance = Balance { verdict, total, with_optional, near, noughts };
            if verdict == Verdict::Pass {
                return Some(balance);
            }
            // A sum that does not hold is shown without what is optional, unless only that tells that it does not.
            if rule.loose && verdict == Verdict::Fail {
                first = Some(balance);
            }
            first.get_or_insert(balance);
        }
    }
    first
}

impl<'a> SumChecker<'a> {
    pub(in crate::extract) fn new(family: &'a Family, claims: &'a BTreeMap<usize, Vec<Claim>>) -> Self {
        let mut values = vec![None; family.definition.indicators.len()];
        for (indicator, claims) in claims {
            values[*indicator] = claims.first().map(|c| c.amount);
        }
        SumChecker { family, values, claims }
    }

    /// The amount that an indicator's value is.
    fn amount(&self, name: &str) -> Option<usize> {
        self.values[*self.family.by_name.get(name)?]
    }

    /// Chooses, where a sum does not hold, the one combination of readings that makes it and all other sums hold that
    /// held before, and puts those readings first. Returns the amounts whose reading was changed.
    pub(in crate::extract) fn choose_readings(&self, amounts: &mut [Amount]) -> Vec<usize> {
        let mut changed = Vec::new();
        for sum in &self.family.sums {
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
                self.family.sums.iter().map(|s| balance(s, &self.values, amounts).map(|b| b.verdict)).collect()
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
                let holds = balance(sum, &self.values, amounts).is_some_and(|b| b.verdict == Verdict::Pass);
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

    /// All checks of the family, in the order of its definition.
    pub(in crate::extract) fn findings(
        &self,
        flow: &Flow<'_>,
        amounts: &[Amount],
        senses: &[Sense],
        labels: &[Label],
    ) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.family.sums.iter().filter_map(|sum| self.sum(sum, amounts)).collect();
        // A total that other parts decide needs no word on the ones that are missing.
        let decided: Vec<Option<usize>> =
            findings.iter().filter(|f| f.verdict != Verdict::Unknown).map(|f| f.amounts[0]).collect();
        findings.retain(|f| f.verdict != Verdict::Unknown || !decided.contains(&f.amounts[0]));
        findings.extend(self.claims.iter().filter_map(|(i, claims)| self.repeated(*i, claims, flow, amounts, labels)));
        findings.extend(self.shares(amounts, senses, labels));
        findings
    }

    /// A sum; None where its total or all its parts are missing. One that does not come out is only told to fail where a slip
    /// is the likeliest reason, or where every label says beyond doubt what its number is: numbers that were taken for
    /// others are far more often the reason than numbers that do not add up.
    fn sum(&self, rule: &SumIndex, amounts: &[Amount]) -> Option<Finding> {
        let balance = balance(rule, &self.values, amounts)?;
        let optional = rule.optional.iter().filter(|o| balance.with_optional && **o != balance.total);
        let optional = optional.filter(|o| self.values[**o].is_some());
        let parts: Vec<usize> = rule.parts.iter().chain(optional).copied().collect();
        let name = |indicator: &usize| self.family.definition.indicators[*indicator].name.as_str();
        let names: Vec<&str> = parts.iter().map(name).collect();
        let all: Vec<usize> = [balance.total].into_iter().chain(parts.iter().copied()).collect();
        let amounts_of: Vec<Option<usize>> = all.iter().map(|i| self.values[*i]).collect();
        let score = |indicator: &usize| self.claims.get(indicator).and_then(|c| c.first()).map_or(1.0, |c| c.score);
        let plain = all.iter().all(|i| score(i) >= BEYOND_DOUBT);
        let doubtful = balance.verdict == Verdict::Fail && !balance.near && !plain;
        Some(Finding {
            kind: FindingKind::Sum,
            rule: format!("{} = {}", name(&balance.total), names.join(" + ")),
            verdict: if doubtful { Verdict::Unknown } else { balance.verdict },
            values: amounts_of.iter().map(|a| a.map(|a| amounts[a].readings[0])).collect(),
            amounts: amounts_of,
        })
    }

    /// The same indicator printed in several places; None where it is printed once, or otherwise with numbers that are too far
    /// apart to be the same thing miswritten: those count something else.
    fn repeated(
        &self,
        indicator: usize,
        claims: &[Claim],
        flow: &Flow<'_>,
        amounts: &[Amount],
        labels: &[Label],
    ) -> Option<Finding> {
        let chosen = claims.first()?.amount;
        // The rows that a row of sums adds up are not that row once more.
        let cell = |amount: usize| flow.paragraphs[labels[amount].paragraph].cell.as_ref();
        let table = cell(chosen).filter(|cell| table_sums::is_sum(flow, cell)).map(|cell| cell.table);
        let added = |amount: usize| table.is_some() && amount != chosen && cell(amount).map(|cell| cell.table) == table;
        let value = |amount: usize| amounts[amount].readings[0];
        let small = |amount: usize| (Decimal::ZERO..Decimal::from(100)).contains(&value(amount));
        let apart = |amount: usize| (value(amount).to_f64() - value(chosen).to_f64()).abs();
        let alike = |amount: usize| {
            let percent = amounts[amount].unit == Some("%");
            // Shares of different things are often near each other.
            let near = if percent { is_slip } else { is_near };
            value(amount) == value(chosen)
                || near(value(amount), value(chosen))
                || small(amount) && small(chosen) && !percent && apart(amount) <= MISCOUNTED
        };
        // A number that is another indicator's value says nothing of this one.
        let alike_elsewhere = |a: usize, amount: usize| {
            a == amount || !small(amount) && value(a) == value(amount) && value(amount) != value(chosen)
        };
        let elsewhere = |amount: usize| {
            self.values.iter().enumerate().any(|(i, a)| i != indicator && a.is_some_and(|a| alike_elsewhere(a, amount)))
        };
        let fits =
            claims.iter().filter(|c| c.score >= LEAST_REPEATED && c.when != When::SumsHold && !elsewhere(c.amount));
        // `1.377/1.412 TTHC`: a part of it; and `quá hạn 15 (đất đai 13, khác 2)`, wherever that is told once more.
        let broken_down = amounts[chosen + 1..]
            .iter()
            .zip(&labels[chosen + 1..])
            .take(MOST_PARTS)
            .take_while(|(_, label)| label.paragraph == labels[chosen].paragraph)
            .filter_map(|(part, _)| part.readings.first().copied());
        let parts: Vec<Decimal> = broken_down.filter(|part| *part != value(chosen)).collect();
        let part = |amount: usize| amounts[amount].of == Some(value(chosen)) || parts.contains(&value(amount));
        let of_another = self.paragraphs_of_others(indicator, amounts, labels);
        let another = |amount: usize| {
            let paragraph = labels[amount].paragraph;
            value(amount) != value(chosen) && paragraph != labels[chosen].paragraph && of_another.contains(&paragraph)
        };
        let mut others: Vec<usize> = fits
            .map(|c| c.amount)
            .filter(|a| *a != chosen && alike(*a) && !part(*a) && !another(*a) && !added(*a))
            .collect();
        others.sort_unstable();
        others.dedup();
        if others.is_empty() {
            return None;
        }
        let told: Vec<usize> = [chosen].into_iter().chain(others).collect();
        let values: Vec<Option<Decimal>> = told.iter().map(|a| Some(value(*a))).collect();
        let name = &self.family.definition.indicators[indicator].name;
        let agree = values.iter().all(|v| *v == values[0]);
        // A small count may well be one more elsewhere; it takes three digits for a slip to be the likeliest reason, or labels
        // that leave no doubt.
        let plain = told.iter().all(|a| claims.iter().any(|c| c.amount == *a && c.score >= PLAIN));
        let long = value(chosen).to_string().len() > 2 || plain;
        Some(Finding {
            kind: FindingKind::Repeated,
            rule: format!("{name} is the same wherever it is printed"),
            verdict: if agree {
                Verdict::Pass
            } else if long {
                Verdict::Fail
            } else {
                Verdict::Unknown
            },
            values,
            amounts: told.into_iter().map(Some).collect(),
        })
    }

    /// The paragraphs with another value of something that stands in one sum with an indicator: they count other things altogether, as
    /// `nhận 05 đơn kiến nghị về tranh chấp, đã trả lời 03 đơn` does beside seven opinions of which six were answered.
    fn paragraphs_of_others(&self, indicator: usize, amounts: &[Amount], labels: &[Label]) -> BTreeSet<usize> {
        let of_one = |sum: &&SumIndex| sum.parts.contains(&indicator) || sum.total.contains(&indicator);
        let related = self.family.sums.iter().filter(of_one).flat_map(|sum| sum.parts.iter().chain(&sum.total));
        let related: BTreeSet<usize> = related.copied().filter(|other| *other != indicator).collect();
        let mut paragraphs = BTreeSet::new();
        for (other, value) in related.iter().filter_map(|other| Some((other, self.values[*other]?))) {
            let value = amounts[value].readings[0];
            let differs = |c: &&Claim| c.when == When::Always && amounts[c.amount].readings[0] != value;
            let claims = self.claims.get(other).map_or(&[][..], Vec::as_slice);
            paragraphs.extend(claims.iter().filter(differs).map(|c| labels[c.amount].paragraph));
        }
        paragraphs
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
            // Where it is of none of them, of the one that it is nearest to: it may be a slip there.
            let off = |whole: usize| {
                let exact = pair[0].readings[0].to_f64() / amounts[whole].readings[0].to_f64() * 100.0;
                (exact - pair[1].readings[0].to_f64()).abs()
            };
            let nearest = || wholes.iter().min_by(|a, b| off(a.1).total_cmp(&off(b.1)));
            let Some(&(whole_name, whole)) = wholes.iter().find(|w| fits(w.1)).or_else(nearest) else { continue };
            findings.push(Finding {
                kind: FindingKind::Share,
                rule: format!("share = {name} / {whole_name}"),
                verdict: share_verdict([pair[0].readings[0], amounts[whole].readings[0], pair[1].readings[0]], false),
                values: [share, count, whole].map(|a| Some(amounts[a].readings[0])).into(),
                amounts: [share, count, whole].map(Some).into(),
            });
        }
        findings
    }
}

/// Checks that need no definition: pairs with their percentage, numbers with their words.
pub(in crate::extract) fn plain(flow: &Flow<'_>, amounts: &[Amount], labels: &[Label]) -> Vec<Finding> {
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
            // `đã xong 36/48 dầm, sản lượng đạt 71%`: a share with words of its own may be of something else.
            let words = flow.key[labels[index].before.clone()].trim();
            let silent = words.is_empty() || LISTS.leaning.iter().any(|leads| leads == words);
            findings.push(Finding {
                kind: FindingKind::Pair,
                rule: "share = part / whole".into(),
                verdict: share_verdict([part, of, amount.readings[0]], behind.is_some() || silent),
                values: vec![Some(amount.readings[0]), Some(part), Some(of)],
                amounts: vec![Some(index), Some(count), Some(count)],
            });
        }
    }
    findings
}

/// How a printed percentage of a part in a whole comes out. Where the whole is not printed beside it, one that is far off is of
/// another whole.
fn share_verdict([part, whole, percent]: [Decimal; 3], beside: bool) -> Verdict {
    let exact = part.to_f64() / whole.to_f64() * 100.0;
    match is_share(part, whole, percent) {
        true => Verdict::Pass,
        false if beside || (exact - percent.to_f64()).abs() <= SHARE_SLIP || one_digit_off(exact, percent) => {
            Verdict::Fail
        }
        false => Verdict::Unknown,
    }
}

/// Whether a percentage of four digits or more is the right one but for one digit: `86,04` for `85,04`.
fn one_digit_off(exact: f64, percent: Decimal) -> bool {
    let printed = percent.to_string();
    let places = printed.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let right = format!("{exact:.places$}");
    let differing = printed.bytes().zip(right.bytes()).filter(|(a, b)| a != b).count();
    printed.len() == right.len() && printed.len() > 4 && differing == 1
}

/// Whether a printed percentage is that of `part` in `whole`, rounded or cut off at its last place.
pub(in crate::extract) fn is_share(part: Decimal, whole: Decimal, percent: Decimal) -> bool {
    if whole == Decimal::ZERO {
        return part == Decimal::ZERO;
    }
    let exact = part.to_f64() / whole.to_f64() * 100.0;
    let text = percent.to_string();
    let places = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    (exact - percent.to_f64()).abs() < 10f64.powi(-(places as i32)) + 1e-9
}

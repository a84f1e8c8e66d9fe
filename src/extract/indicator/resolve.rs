//! Which of several printed numbers each indicator's value is: all indicators of a family are settled together.
//!
//! An assignment gives each indicator one of its claims or none. Its worth is the sum of how well labels fit, of the sums and
//! repeats that hold, less those that do not. It is climbed to from the best labels, one indicator at a time and then two of a
//! sum at once, until nothing is gained; how much is lost by the best other value of an indicator says how sure its value is.

use crate::extract::amount::Amount;
use crate::extract::extraction::Verdict;
use crate::extract::indicator::check::{BEYOND_DOUBT, Balance, balance, is_slip};
use crate::extract::indicator::claim::{Claim, LEANS};
use crate::extract::indicator::family::{Family, When};
use crate::extract::indicator::finding::{Finding, FindingKind, unit_class};
use crate::extract::number::decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// So many different values of one indicator are tried.
const MOST_TRIED: usize = 6;
/// A label that fits less than this is worth less than no claim at all.
const LEAST_WORTH: f32 = 0.3;
/// What a sum is worth that holds, one of noughts only that does, one that does not, and one that nearly does: a slip of the pen.
const HOLDS: f32 = 1.0;
const HOLDS_OF_NOUGHTS: f32 = 0.1;
const FAILS: f32 = -0.7;
const NEARLY_HOLDS: f32 = -0.25;
/// What another claim with the same value is worth, and how many count.
const REPEATED: (f32, usize) = (0.12, 2);
/// What it costs that one number stands for two indicators, and where one of them needs a sum to say so.
const SHARED: f32 = -2.0;
const SHARED_BY_SUM: f32 = -0.4;
/// What it costs that a label does not say what only a sum does.
const ONLY_BY_SUM: f32 = -0.6;
/// Numbers that stand no further from one, in numbers, are beside it.
const BESIDE: usize = 3;
/// Rounds of improvement; each one ends in a better assignment or is the last.
const MOST_ROUNDS: usize = 8;

/// The claims to each indicator of a family, by the indicator's index.
type Claims = BTreeMap<usize, Vec<Claim>>;

/// Puts first the claim that is the whole of all others, such as a city's total of its offices; the others are then no
/// claims any more but the parts of a sum, which is told.
pub(in crate::extract) fn wholes(family: &Family, claims: &mut Claims, amounts: &[Amount]) -> Vec<Finding> {
    let value = |claim: &Claim| amounts[claim.amount].readings[0];
    let mut findings = Vec::new();
    for (indicator, claims) in claims {
        let own = || claims.iter().filter(|c| c.when != When::SumsHold);
        let Some(largest) = own().map(value).max().filter(|largest| *largest > Decimal::ZERO) else { continue };
        let (whole, mut parts): (Vec<Claim>, Vec<Claim>) = own().partition(|c| value(c) == largest);
        let sum = parts.iter().map(value).try_fold(Decimal::ZERO, Decimal::checked_add);
        let class = |claim: &Claim| unit_class(amounts[claim.amount].unit);
        let alike = own().all(|c| class(c) == class(&claims[0]) && class(c) != "%");
        let several = parts.iter().filter(|c| value(c) > Decimal::ZERO).count() > 1;
        if sum != Some(largest) || !alike || !several {
            continue;
        }
        parts.sort_by_key(|c| c.amount);
        let all = || whole.iter().take(1).chain(&parts);
        findings.push(Finding {
            kind: FindingKind::Sum,
            rule: format!("{} = its parts", family.definition.indicators[*indicator].name),
            verdict: Verdict::Pass,
            values: all().map(|c| Some(value(c))).collect(),
            amounts: all().map(|c| Some(c.amount)).collect(),
        });
        *claims = whole;
    }
    findings
}

/// How sure a value is, and what else it might be.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::extract) struct Choice {
    /// What the assignment loses by the best other value, or by none.
    pub(in crate::extract) margin: f32,
    /// Amounts of other values that were possible, the likeliest first.
    pub(in crate::extract) rivals: Vec<usize>,
}

/// Settles which claim each indicator's value is: it is put first, and claims that lose to none at all are taken away.
/// Returns how sure each is.
pub(in crate::extract) fn settle(
    family: &Family,
    claims: &mut Claims,
    amounts: &[Amount],
    senses: &[Vec<usize>],
) -> BTreeMap<usize, Choice> {
    let indicators: Vec<usize> = claims.keys().copied().collect();
    let options: Vec<Vec<Claim>> = indicators.iter().map(|i| distinct(&claims[i], amounts)).collect();
    let search = Search { family, claims, amounts, senses, indicators: &indicators, options: &options };
    let mut chosen: Vec<Option<usize>> =
        options.iter().map(|o| o.iter().position(|c| c.when != When::SumsHold)).collect();
    search.climb(&mut chosen);
    let mut choices = BTreeMap::new();
    let taken: BTreeSet<usize> = (0..chosen.len())
        .filter_map(|at| chosen[at].map(|own| options[at][own]))
        .filter(|claim| claim.when != When::SumsHold)
        .map(|claim| claim.amount)
        .collect();
    // What only a sum says, and of a number that says something else itself, is nothing that is printed.
    let before = chosen.clone();
    for (at, own) in chosen.iter_mut().enumerate() {
        let Some(claim) = own.map(|own| options[at][own]).filter(|c| c.when == When::SumsHold) else { continue };
        let is_total = |total: &usize| {
            let own = indicators.iter().position(|i| i == total).and_then(|at| before[at].map(|own| options[at][own]));
            own.is_some_and(|c| c.amount == claim.amount)
        };
        let is_part =
            family.sums.iter().any(|sum| sum.parts.contains(&indicators[at]) && sum.total.iter().any(is_total));
        // Nor is a total what says itself that it is a part, where another part is printed: `Đang giải quyết (trong hạn): 64; (quá hạn): 0`.
        let amount_of = |part: &usize| {
            let at = indicators.iter().position(|i| i == part)?;
            before[at].map(|own| options[at][own].amount)
        };
        let is_one_of_parts = family.sums.iter().filter(|sum| !sum.first_alone && !sum.loose).any(|sum| {
            let parts = || sum.parts.iter().filter_map(amount_of);
            sum.total.contains(&indicators[at])
                && parts().any(|part| part == claim.amount)
                && parts().any(|part| part != claim.amount)
        });
        if (is_part || is_one_of_parts) && taken.contains(&claim.amount) {
            *own = None;
        }
    }
    search.add_miscounted(&mut chosen);
    for (at, indicator) in indicators.iter().enumerate() {
        let Some(own) = chosen[at] else { continue };
        let best = search.worth(&chosen);
        let mut rivals: Vec<(f32, usize)> = Vec::new();
        let mut other = chosen.clone();
        other[at] = None;
        let mut second = search.worth(&other);
        for rival in (0..options[at].len()).filter(|rival| *rival != own) {
            other[at] = Some(rival);
            let worth = search.worth(&other);
            second = second.max(worth);
            if options[at][rival].when != When::SumsHold {
                rivals.push((worth, options[at][rival].amount));
            }
        }
        rivals.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let rivals = rivals.into_iter().map(|(_, amount)| amount).collect();
        choices.insert(*indicator, Choice { margin: best - second, rivals });
    }
    for (at, indicator) in indicators.iter().enumerate() {
        match (chosen[at].map(|own| options[at][own]), claims.get_mut(indicator)) {
            (Some(claim), Some(own)) => {
                own.retain(|c| c.when != When::SumsHold || c.amount == claim.amount);
                if let Some(at) = own.iter().position(|c| c.amount == claim.amount) {
                    own[..=at].rotate_right(1);
                }
            }
            _ => {
                claims.remove(indicator);
            }
        }
    }
    first_parts(family, claims, amounts, &mut choices);
    choices
}

/// Makes a first part the total where no other part of it is printed, or only noughts are: what is received in a period is all
/// that is received where nothing was carried over.
fn first_parts(family: &Family, claims: &mut Claims, amounts: &[Amount], choices: &mut BTreeMap<usize, Choice>) {
    for sum in family.sums.iter().filter(|sum| sum.first_alone) {
        let ([total], [first, others @ ..]) = (&sum.total[..], &sum.parts[..]) else { continue };
        let counts = |part: &usize| {
            claims.get(part).and_then(|c| c.first()).is_some_and(|c| amounts[c.amount].readings[0] != Decimal::ZERO)
        };
        // One number that was taken for both, where nothing else is told of: it is all that there is.
        let amount = |indicator: &usize| claims.get(indicator).and_then(|c| c.first()).map(|c| c.amount);
        if amount(total).is_some() && amount(total) == amount(first) && others.iter().all(|o| amount(o).is_none()) {
            claims.remove(first);
            continue;
        }
        if claims.contains_key(total) || others.iter().any(counts) {
            continue;
        }
        if let Some(own) = claims.remove(first) {
            claims.insert(*total, own);
            choices.extend(choices.get(first).cloned().map(|choice| (*total, choice)));
        }
    }
}

/// The best claim to each value, the best first.
fn distinct(claims: &[Claim], amounts: &[Amount]) -> Vec<Claim> {
    let mut options: Vec<Claim> = Vec::new();
    for claim in claims {
        let value = amounts[claim.amount].readings[0];
        if options.len() < MOST_TRIED && options.iter().all(|o| amounts[o.amount].readings[0] != value) {
            options.push(*claim);
        }
    }
    options
}

struct Search<'a> {
    family: &'a Family,
    claims: &'a Claims,
    amounts: &'a [Amount],
    senses: &'a [Vec<usize>],
    indicators: &'a [usize],
    options: &'a [Vec<Claim>],
}

impl Search<'_> {
    /// Gives the one part that a sum lacks the number that only the sum would say it is, where that misses by a slip of the pen: nobody else would tell of
    /// `1.526, trong đó trực tuyến 1.187, trực tiếp 329`.
    fn add_miscounted(&self, chosen: &mut [Option<usize>]) {
        let place = |indicator: &usize| self.indicators.iter().position(|i| i == indicator);
        let value = |claim: &Claim| self.amounts[claim.amount].readings[0];
        for sum in self.family.sums.iter().filter(|sum| !sum.first_alone && !sum.loose) {
            let told = |indicator: &usize| place(indicator).and_then(|at| chosen[at].map(|own| self.options[at][own]));
            let (there, missing): (Vec<usize>, Vec<usize>) = sum.parts.iter().partition(|part| told(part).is_some());
            let (Some(whole), [missing]) = (sum.total.iter().find_map(told), &missing[..]) else { continue };
            let mut others = there.iter().filter_map(told).map(|claim| value(&claim));
            let Some(others) = others.try_fold(Decimal::ZERO, Decimal::checked_add) else { continue };
            let Some(at) = place(missing).filter(|_| !there.is_empty()) else { continue };
            let taken = |claim: &Claim| {
                (0..chosen.len())
                    .any(|other| chosen[other].is_some_and(|own| self.options[other][own].amount == claim.amount))
            };
            // What is printed beside it and makes the sum hold is a part that has no name here: `trực tiếp 07, qua BCCI 02`.
            let completed = |claim: &Claim, gap: Decimal| {
                let near = claim.amount.saturating_sub(BESIDE)..(claim.amount + BESIDE + 1).min(self.amounts.len());
                near.into_iter().any(|other| self.amounts[other].readings[0] == gap)
            };
            let slips = |claim: &Claim| {
                let Some(all) = others.checked_add(value(claim)) else { return false };
                let gap = value(&whole).checked_add(all.negated());
                claim.when == When::SumsHold
                    && !taken(claim)
                    && is_slip(all, value(&whole))
                    && gap.is_some_and(|gap| !completed(claim, gap))
            };
            chosen[at] = self.options[at].iter().position(slips);
        }
    }

    /// Improves an assignment until no change of one indicator, or of two of one sum, is worth more.
    fn climb(&self, chosen: &mut [Option<usize>]) {
        let pairs = self.pairs();
        let mut best = self.worth(chosen);
        for _ in 0..MOST_ROUNDS {
            let before = best;
            for at in 0..chosen.len() {
                for option in self.others(at) {
                    let own = std::mem::replace(&mut chosen[at], option);
                    let worth = self.worth(chosen);
                    if worth > best + 1e-6 { best = worth } else { chosen[at] = own }
                }
            }
            for &(a, b) in &pairs {
                for (x, y) in self.others(a).into_iter().flat_map(|x| self.others(b).into_iter().map(move |y| (x, y))) {
                    let own = (chosen[a], chosen[b]);
                    (chosen[a], chosen[b]) = (x, y);
                    let worth = self.worth(chosen);
                    if worth > best + 1e-6 { best = worth } else { (chosen[a], chosen[b]) = own }
                }
            }
            if best <= before + 1e-6 {
                break;
            }
        }
    }

    /// What an indicator may be. What a label says beyond doubt is not given up for a sum: the sum then fails, and it is told.
    fn others(&self, at: usize) -> Vec<Option<usize>> {
        let certain = |c: &Claim| c.when == When::Always && c.score >= BEYOND_DOUBT;
        let none = (!self.options[at].iter().any(certain)).then_some(None);
        none.into_iter().chain((0..self.options[at].len()).map(Some)).collect()
    }

    /// Pairs of indicators that stand in one sum and of which one has several claims, or that only a sum may name: neither is worth anything
    /// without the other.
    fn pairs(&self) -> Vec<(usize, usize)> {
        let place =
            |name: &String| self.indicators.iter().position(|i| self.family.definition.indicators[*i].name == *name);
        let mut pairs = Vec::new();
        for sum in &self.family.definition.sums {
            let all: Vec<usize> = sum.total.iter().chain(&sum.parts).filter_map(place).collect();
            for (i, a) in all.iter().enumerate() {
                for b in &all[i + 1..] {
                    let by_sum = |at: usize| self.options[at].iter().all(|c| c.when == When::SumsHold);
                    if self.options[*a].len() + self.options[*b].len() > 2 || by_sum(*a) && by_sum(*b) {
                        pairs.push((*a.min(b), *a.max(b)));
                    }
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// What an assignment is worth.
    fn worth(&self, chosen: &[Option<usize>]) -> f32 {
        let mut worth = 0.0;
        let mut values: Vec<Option<usize>> = vec![None; self.family.definition.indicators.len()];
        let mut taken: Vec<(usize, usize, bool)> = Vec::with_capacity(chosen.len());
        for (at, own) in chosen.iter().enumerate() {
            let Some(claim) = own.map(|own| self.options[at][own]) else { continue };
            values[self.indicators[at]] = Some(claim.amount);
            let by_sum = claim.when == When::SumsHold;
            worth += claim.score - LEAST_WORTH + if by_sum { ONLY_BY_SUM } else { 0.0 };
            worth -= if claim.leans { LEANS } else { 0.0 };
            let value = self.amounts[claim.amount].readings[0];
            let same = self.claims[&self.indicators[at]]
                .iter()
                .filter(|c| c.amount != claim.amount && c.when != When::SumsHold)
                .filter(|c| self.amounts[c.amount].readings[0] == value);
            worth += REPEATED.0 * same.count().min(REPEATED.1) as f32;
            // One number may stand for several where its own terms say so, as the definition gives one set to several.
            for &(amount, other, other_by_sum) in &taken {
                if amount == claim.amount && !self.both_named(self.indicators[at], other, amount) {
                    worth += if by_sum || other_by_sum { SHARED_BY_SUM } else { SHARED };
                }
            }
            taken.push((claim.amount, self.indicators[at], by_sum));
        }
        for sum in &self.family.sums {
            worth += match balance(sum, &values, self.amounts) {
                Some(Balance { verdict: Verdict::Pass, noughts: true, .. }) => HOLDS_OF_NOUGHTS,
                Some(Balance { verdict: Verdict::Pass, .. }) => HOLDS,
                Some(Balance { verdict: Verdict::Fail, near: true, .. }) => NEARLY_HOLDS,
                Some(Balance { verdict: Verdict::Fail, .. }) => FAILS,
                _ => 0.0,
            };
        }
        worth
    }

    /// Whether the label of a number names both of two indicators, each by a set that needs nothing else.
    fn both_named(&self, a: usize, b: usize, amount: usize) -> bool {
        let named =
            |indicator: usize| self.claims[&indicator].iter().any(|c| c.amount == amount && c.when != When::SumsHold);
        let usual = |indicator: usize| {
            self.family.conditions[indicator]
                .iter()
                .any(|c| c.when == When::Always && c.terms.iter().all(|t| self.senses[amount].contains(t)))
        };
        named(a) && named(b) && usual(a) && usual(b)
    }
}

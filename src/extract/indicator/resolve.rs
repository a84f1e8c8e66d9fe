//! Which of several printed numbers an indicator's value is: the whole of its parts, or the one with which the sums hold.

use crate::extract::amount::Amount;
use crate::extract::extraction::Verdict;
use crate::extract::indicator::check::{Finding, FindingKind, SumChecker, unit_class};
use crate::extract::indicator::claim::Claim;
use crate::extract::indicator::family::Family;
use crate::extract::number::decimal::Decimal;
use std::collections::BTreeMap;

/// Claims that fit worse than the best by more than this are not chosen for the sake of sums.
const NEARLY_AS_GOOD: f32 = 0.15;
/// So many different values of one indicator are tried.
const MOST_TRIED: usize = 6;

/// The claims to each indicator of a family, by the indicator's index.
type Claims = BTreeMap<usize, Vec<Claim>>;

/// Puts first the claim that is the whole of all others, such as a city's total of its offices; the others are then no
/// claims any more but the parts of a sum, which is told.
pub(in crate::extract) fn wholes(family: &Family, claims: &mut Claims, amounts: &[Amount]) -> Vec<Finding> {
    let value = |claim: &Claim| amounts[claim.amount].readings[0];
    let mut findings = Vec::new();
    for (indicator, claims) in claims {
        let Some(largest) = claims.iter().map(value).max().filter(|largest| *largest > Decimal::ZERO) else { continue };
        let (whole, mut parts): (Vec<Claim>, Vec<Claim>) = claims.iter().partition(|c| value(c) == largest);
        let sum = parts.iter().map(value).try_fold(Decimal::ZERO, Decimal::checked_add);
        let class = |claim: &Claim| unit_class(amounts[claim.amount].unit);
        let alike = claims.iter().all(|c| class(c) == class(&claims[0]) && class(c) != "%");
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

/// Puts first, where an indicator is printed with several values, the one with which more sums hold than with the value
/// whose label fits best. That they differ is told all the same.
pub(in crate::extract) fn by_sums(family: &Family, claims: &mut Claims, amounts: &[Amount]) {
    let indicators: Vec<usize> = claims.keys().copied().collect();
    for indicator in indicators {
        let own = &claims[&indicator];
        let mut tried: Vec<(usize, Decimal)> = Vec::new();
        for (at, claim) in own.iter().enumerate().filter(|(_, c)| c.score + NEARLY_AS_GOOD >= own[0].score) {
            let value = amounts[claim.amount].readings[0];
            if tried.len() < MOST_TRIED && tried.iter().all(|(_, other)| *other != value) {
                tried.push((at, value));
            }
        }
        if tried.len() < 2 {
            continue;
        }
        let mut best: Option<(i32, usize)> = None;
        for (at, _) in tried {
            lead(claims, indicator, at);
            let held = SumChecker::new(family, claims).balance(amounts);
            follow(claims, indicator, at);
            if best.is_none_or(|(most, _)| held > most) {
                best = Some((held, at));
            }
        }
        if let Some((_, at)) = best {
            lead(claims, indicator, at);
        }
    }
}

/// Puts a claim first and leaves the order of the others.
fn lead(claims: &mut Claims, indicator: usize, at: usize) {
    if let Some(own) = claims.get_mut(&indicator) {
        own[..=at].rotate_right(1);
    }
}

/// Undoes [`lead`].
fn follow(claims: &mut Claims, indicator: usize, at: usize) {
    if let Some(own) = claims.get_mut(&indicator) {
        own[..=at].rotate_left(1);
    }
}

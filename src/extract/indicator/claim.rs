//! Gives numbers their names: which indicator of a family each number is, and which number is an indicator's value.

use crate::extract::amount::Amount;
use crate::extract::indicator::definition::Reach;
use crate::extract::indicator::family::{Condition, Family, When};
use crate::extract::indicator::finding::unit_class;
use crate::extract::indicator::label::Label;
use crate::extract::indicator::sense::Sense;
use crate::extract::number::decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// A number that says what an indicator's value is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::extract) struct Claim {
    /// Index of the amount.
    pub(in crate::extract) amount: usize,
    /// How well its label fits, from 0 to 1.
    pub(in crate::extract) score: f32,
    /// True where the label says nothing itself.
    pub(in crate::extract) leans: bool,
    /// When it counts.
    pub(in crate::extract) when: When,
}

/// Labels that fit worse than this name nothing.
const LEAST_SCORE: f32 = 0.5;
/// Those that fit worse than that and no worse than this do where a sum then holds.
const LEAST_WITH_SUM: f32 = 0.1;
/// What it costs that a label fits one of an indicator's other sets of terms.
const OTHER_SET: f32 = 0.04;
/// What it costs that the part is said of all that was counted before.
const OF_ALL: f32 = 0.05;
/// By how much a number of which the label says nothing itself comes behind one of which it does.
pub(super) const LEANS: f32 = 0.15;
/// What it costs that a label says more closely whose it is.
const OF_ONE_PLACE: f32 = 0.1;
/// What it costs that a label does not say which part it is.
const UNSAID: f32 = 0.15;

/// The claims to each indicator of the family, by the indicator's index: the best first, then in reading order.
///
/// A number whose label says nothing of its own breaks down what the numbers before it in its item said: it does not say
/// the same again, and names nothing.
pub(in crate::extract) fn claims(
    family: &Family,
    amounts: &[Amount],
    senses: &[Sense],
    labels: &[Label],
) -> BTreeMap<usize, Vec<Claim>> {
    let mut claims: BTreeMap<usize, Vec<Claim>> = BTreeMap::new();
    let mut told: BTreeSet<(usize, usize)> = BTreeSet::new();
    // What was told of one place: `cấp trung ương 41 TTHC`, which `đối với 41 TTHC` says again, is not the whole.
    let of_places: BTreeSet<Decimal> = amounts
        .iter()
        .zip(senses)
        .filter(|(_, s)| !s.restates && s.terms.iter().any(|t| family.is_place(family.axis_of[*t])))
        .map(|(amount, _)| amount.readings[0])
        .collect();
    for (index, (amount, sense)) in amounts.iter().zip(senses).enumerate() {
        if sense.planned || sense.score < LEAST_WITH_SUM || sense.restates && of_places.contains(&amount.readings[0]) {
            continue;
        }
        let doubtful = sense.score < LEAST_SCORE;
        // `96,4% (2.410/2.500 hồ sơ)`: the counts of a share say no more than it does.
        let of_share = index.checked_sub(1).is_some_and(|before| {
            amounts[before].unit == Some("%")
                && amount.of.is_some()
                && labels[before].paragraph == labels[index].paragraph
        });
        if of_share && sense.leans {
            continue;
        }
        for (indicator, score, when) in names(family, amount, sense) {
            let when = match when {
                _ if doubtful => When::SumsHold,
                When::Always if sense.restates => When::LastResort,
                when => when,
            };
            let paragraph = labels[index].paragraph;
            // What only a sum says has not been said: `nhận mới 1.247 hồ sơ. Cộng chung 1.285 hồ sơ`.
            let said = !doubtful && when == When::Always && !told.insert((indicator, paragraph));
            // Nor is some of a number all of it: `22 thủ tục; trong số này 05 thủ tục được ban hành`.
            let smaller =
                || index.checked_sub(1).is_some_and(|before| amount.readings[0] < amounts[before].readings[0]);
            if said && !sense.sums_up && (sense.leans || labels[index].among && smaller()) {
                continue;
            }
            claims.entry(indicator).or_default().push(Claim { amount: index, score, leans: sense.leans, when });
        }
        if !sense.of_all.is_empty() && !doubtful && !sense.leans {
            let whole = sense.whole(family);
            let mut named = names(family, amount, &whole);
            if named.is_empty() && sense.of_whole {
                let terms = whole.terms.iter().copied().filter(|t| !family.is_place(family.axis_of[*t])).collect();
                named = names(family, amount, &Sense { terms, ..whole });
            }
            for (indicator, score, when) in named {
                claims.entry(indicator).or_default().push(Claim {
                    amount: index,
                    score: score - OF_ALL,
                    leans: false,
                    when,
                });
            }
        }
    }
    for (indicator, relaxed) in of_one_place(family, amounts, senses) {
        let own = claims.entry(indicator).or_default();
        if own.iter().all(|c| c.when == When::SumsHold) {
            own.extend(relaxed);
        }
    }
    claims.retain(|_, own| !own.is_empty());
    for claims in claims.values_mut() {
        if claims.iter().any(|c| c.when == When::Always) {
            claims.retain(|c| c.when != When::LastResort);
        }
        // The sort is stable, so that the first of equals stays first.
        let worth = |c: &Claim| c.score - if c.leans { LEANS } else { 0.0 };
        claims.sort_by(|a, b| {
            (a.when == When::SumsHold).cmp(&(b.when == When::SumsHold)).then(worth(b).total_cmp(&worth(a)))
        });
    }
    claims
}

/// The claims of numbers that say more closely whose they are than an indicator does, `131 TTHC ngành Giáo dục`, where the document tells of no
/// other value for it: what a body has only one number of is the body's own.
fn of_one_place(family: &Family, amounts: &[Amount], senses: &[Sense]) -> BTreeMap<usize, Vec<Claim>> {
    let places = |term: &usize| family.is_place(family.axis_of[*term]);
    // What is counted at each place that is told of: a body that tells of one level only has no other.
    let mut told: BTreeSet<(usize, usize)> = BTreeSet::new();
    for sense in senses.iter().filter(|s| !s.planned && s.score >= LEAST_SCORE) {
        let subjects = || sense.terms.iter().filter(|t| family.reach[family.axis_of[**t]] == Reach::Heading);
        told.extend(sense.terms.iter().filter(|t| places(t)).flat_map(|p| subjects().map(move |s| (*s, *p))));
    }
    let only_one = |sense: &Sense| {
        let of_subject =
            |(subject, place): &&(usize, usize)| sense.terms.contains(subject) && !sense.terms.contains(place);
        !told.iter().any(|pair| of_subject(&pair))
    };
    let mut found: BTreeMap<usize, Vec<Claim>> = BTreeMap::new();
    for (index, (amount, sense)) in amounts.iter().zip(senses).enumerate() {
        if sense.planned
            || sense.leans
            || sense.score < LEAST_SCORE
            || !sense.terms.iter().any(places)
            || !sense.of_whole
        {
            continue;
        }
        // What is only counted for sums is the whole as well where it stands alone: `25 thủ tục cấp huyện`.
        let named = names(family, amount, sense);
        let named = || named.iter().filter(|(_, _, when)| *when != When::SumsHold);
        if named().any(|(indicator, ..)| !family.definition.indicators[*indicator].hidden) && !only_one(sense) {
            continue;
        }
        // `số hóa cấp tỉnh 96%; cấp xã 81%`, `cấp huyện 268, cấp xã 137`: one of several.
        let of_other_place = |other: usize| {
            amounts.get(other).is_some_and(|a| unit_class(a.unit) == unit_class(amount.unit))
                && senses[other].terms.iter().any(|t| places(t) && !sense.terms.contains(t))
        };
        let beside = || of_other_place(index + 1) || index.checked_sub(1).is_some_and(of_other_place);
        if (amount.unit == Some("%") || named().count() > 0) && beside() {
            continue;
        }
        let terms = sense.terms.iter().copied().filter(|t| !places(t)).collect();
        let wider = Sense { terms, ..sense.clone() };
        for (indicator, score, when) in names(family, amount, &wider) {
            if when == When::Always {
                let score = score - OF_ONE_PLACE;
                let claim = Claim { amount: index, score, leans: sense.leans, when: When::LastResort };
                found.entry(indicator).or_default().push(claim);
            }
        }
    }
    let value = |claim: &Claim| amounts[claim.amount].readings.first().copied();
    found.retain(|_, claims| claims.iter().all(|c| value(c) == value(&claims[0])));
    found
}

/// The indicators that a sense fits best, with their scores and when they count: those with the most terms, several only where the
/// definition gives the same set to several, and those that it may be where sums hold.
fn names(family: &Family, amount: &Amount, sense: &Sense) -> Vec<(usize, f32, When)> {
    let mut best: Vec<(usize, f32, When)> = Vec::new();
    let mut possible: Vec<(usize, f32, When)> = Vec::new();
    let mut most = 0;
    for (index, sets) in family.conditions.iter().enumerate() {
        let rule = &family.definition.indicators[index];
        let divided = rule.undivided && amount.of.is_some_and(|of| of != amount.readings[0]);
        if divided || !family.accepts(rule, amount.unit) {
            continue;
        }
        let fitting = |held: bool| {
            let of_kind = move |(_, c): &(usize, &Condition)| (c.when == When::SumsHold) == held;
            sets.iter().enumerate().filter(of_kind).find(|(_, c)| fits(family, c, sense))
        };
        if fitting(true).is_some() {
            possible.push((index, sense.score - UNSAID, When::SumsHold));
        }
        let Some((set, condition)) = fitting(false) else { continue };
        // What makes a name in default of anything else must at least say what it counts.
        if condition.when == When::LastResort && amount.unit.is_none() && !sense.counts {
            continue;
        }
        let size = condition.terms.len() + condition.silent.len();
        if size < most {
            continue;
        }
        if size > most {
            best.clear();
            most = size;
        }
        let score = sense.score - if set > 0 { OTHER_SET } else { 0.0 };
        best.push((index, score, condition.when));
    }
    possible.retain(|(indicator, ..)| best.iter().all(|(named, ..)| named != indicator));
    best.extend(possible);
    best
}

/// Whether a sense has the terms of a condition, and on the exact axes no others.
pub(super) fn fits(family: &Family, condition: &Condition, sense: &Sense) -> bool {
    let asked = |term: &usize| condition.terms.binary_search(term).is_ok();
    let has_all = condition.terms.iter().all(|t| sense.terms.binary_search(t).is_ok());
    has_all
        && sense.terms.iter().all(|term| {
            let axis = family.axis_of[*term];
            !(family.exact[axis] && !asked(term) || condition.silent.contains(&axis))
        })
}

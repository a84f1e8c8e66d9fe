//! What a check found, before the figures have their names.

use crate::extract::extraction::Verdict;
use crate::extract::number::decimal::Decimal;
use crate::extract::number::unit::is_money;

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
    /// A percentage with the counts that it comes from, as a definition says.
    Share,
    /// A percentage with the pair beside it.
    Pair,
    /// A number with its words.
    Words,
}

/// Units that may be added to each other: all counts, but money only in the same multiple.
pub(in crate::extract) fn unit_class(unit: Option<&str>) -> &str {
    unit.filter(|u| is_money(u) || *u == "%").unwrap_or("")
}

/// Tells a slip once: where one number would mend several sums that do not come out, only the first of them fails. A total that is miscopied
/// makes its table's rows, its columns and the sum of its indicators disagree, and is one thing to look up on paper.
pub(in crate::extract) fn tell_once(findings: &mut [Finding]) {
    let mut told: Vec<(usize, Decimal)> = Vec::new();
    for finding in findings.iter_mut().filter(|f| f.kind == FindingKind::Sum && f.verdict == Verdict::Fail) {
        let mended = mended(finding);
        if mended.iter().any(|m| told.contains(m)) {
            finding.verdict = Verdict::Unknown;
        } else {
            told.extend(mended);
        }
    }
}

/// For each number of a sum what it would have to be for the sum to come out, the others being right.
fn mended(sum: &Finding) -> Vec<(usize, Decimal)> {
    let values: Option<Vec<Decimal>> = sum.values.iter().copied().collect();
    let amounts: Option<Vec<usize>> = sum.amounts.iter().copied().collect();
    let (Some(values), Some(amounts)) = (values, amounts) else { return Vec::new() };
    let Some((total, parts)) = values.split_first() else { return Vec::new() };
    let Some(whole) = parts.iter().copied().try_fold(Decimal::ZERO, Decimal::checked_add) else { return Vec::new() };
    let missing = total.checked_add(whole.negated());
    let part = |part: &Decimal| missing.and_then(|missing| part.checked_add(missing));
    let right = [Some(whole)].into_iter().chain(parts.iter().map(part));
    amounts.into_iter().zip(right).filter_map(|(amount, right)| Some((amount, right?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(values: &[u32], amounts: &[usize]) -> Finding {
        Finding {
            kind: FindingKind::Sum,
            rule: String::new(),
            verdict: Verdict::Fail,
            values: values.iter().map(|v| Some(Decimal::from(*v))).collect(),
            amounts: amounts.iter().copied().map(Some).collect(),
        }
    }

    fn told(sums: Vec<Finding>) -> Vec<bool> {
        let mut sums = sums;
        tell_once(&mut sums);
        sums.iter().map(|s| s.verdict == Verdict::Fail).collect()
    }

    #[test]
    fn one_slip_is_told_once_and_two_are_told_twice() {
        let rows = sum(&[238, 12, 193, 23], &[9, 3, 5, 7]);
        assert_eq!(told(vec![rows.clone(), sum(&[11436, 11208, 238], &[1, 2, 9])]), [true, false]);
        assert_eq!(
            told(vec![rows.clone(), sum(&[11436, 11200, 238], &[1, 2, 9])]),
            [true, true],
            "another slip besides"
        );
        assert_eq!(told(vec![rows, sum(&[248, 12, 193, 23], &[8, 4, 6, 2])]), [true, true], "numbers of their own");
    }
}

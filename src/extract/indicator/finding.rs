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

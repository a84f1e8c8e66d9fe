//! Figures extracted against a gold record: precision, recall and their harmonic mean.

use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// How many indicators were found, and which were not.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct IndicatorScore {
    /// Indicators of the gold record.
    pub expected: usize,
    /// Indicators of the report that are not null.
    pub found: usize,
    /// Those with the value of the gold record.
    pub right: usize,
    /// Name, expected and found value of those that differ; a value is None where one side lacks it.
    pub wrong: Vec<(String, Option<f64>, Option<f64>)>,
}

impl IndicatorScore {
    /// Compares a report's `indicators` with those of a gold record; None where the gold has none.
    ///
    /// A gold value is a number; a report's is a number or an object with a `value`.
    pub fn of(gold: &Value, report: &Value) -> Option<Self> {
        let (gold, report) = (values(gold)?, values(report).unwrap_or_default());
        let mut score = IndicatorScore { expected: gold.len(), found: report.len(), ..Self::default() };
        for name in gold.keys().chain(report.keys().filter(|name| !gold.contains_key(*name))) {
            let (want, got) = (gold.get(name).copied(), report.get(name).copied());
            match (want, got) {
                // Figures are decimal numbers of few digits; binary fractions may differ in the last place.
                (Some(want), Some(got)) if (want - got).abs() < 1e-6 => score.right += 1,
                _ => score.wrong.push((name.clone(), want, got)),
            }
        }
        Some(score)
    }

    /// Right / found; 1 where nothing was found.
    pub fn precision(&self) -> f64 {
        if self.found == 0 { 1.0 } else { self.right as f64 / self.found as f64 }
    }

    /// Right / expected; 1 where nothing is expected.
    pub fn recall(&self) -> f64 {
        if self.expected == 0 { 1.0 } else { self.right as f64 / self.expected as f64 }
    }

    /// The harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        let sum = self.expected + self.found;
        if sum == 0 { 1.0 } else { 2.0 * self.right as f64 / sum as f64 }
    }
}

fn values(record: &Value) -> Option<BTreeMap<String, f64>> {
    let indicators = record.get("indicators")?.as_object()?;
    let number = |value: &Value| value.as_f64().or_else(|| value.get("value")?.as_f64());
    Some(indicators.iter().filter_map(|(name, value)| Some((name.clone(), number(value)?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn wrong_missing_and_extra_are_told_apart() {
        let gold = json!({"indicators": {"a": 1077, "b": 96.16, "c": 3, "d": 0}});
        let report = json!({"indicators": {"a": {"value": 1077}, "b": {"value": 96.1}, "d": null, "e": {"value": 5}}});
        let score = IndicatorScore::of(&gold, &report).unwrap();
        assert_eq!((score.expected, score.found, score.right), (4, 3, 1));
        let wrong: Vec<_> = score.wrong.iter().map(|w| (w.0.as_str(), w.1, w.2)).collect();
        let expected =
            [("b", Some(96.16), Some(96.1)), ("c", Some(3.0), None), ("d", Some(0.0), None), ("e", None, Some(5.0))];
        assert_eq!(wrong, expected);
        assert!((score.f1() - 2.0 / 7.0).abs() < 1e-9);
    }
}

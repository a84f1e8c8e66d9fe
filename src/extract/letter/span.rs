//! Spans of days: `từ ngày 01/7/2025 đến hết ngày 14/12/2025`, `từ 01/7/2025 đến nay`.

use crate::error::{Error, ErrorKind, Result};
use crate::extract::extraction::{Period, PeriodKind};
use regex::{Captures, Regex};
use std::ops::Range;

/// Finds spans of days in keys: small letters without marks.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Spans {
    pattern: Regex,
}

/// A span begins no further from the beginning of the report's period than this share of its length, as offices close their books in the middle of a month.
const SHIFT: f32 = 0.55;
/// It is as long as the period, but for a fifth.
const AS_LONG: std::ops::RangeInclusive<f32> = 0.8..=1.25;

impl Spans {
    pub(in crate::extract) fn new() -> Result<Self> {
        let pattern = r"\btu\s+(?:ngay\s+)?(?P<d1>[0-9]{1,2})\s?[/.-]\s?(?P<m1>[0-9]{1,2})(?:\s?[/.-]\s?(?P<y1>(?:19|20)[0-9]{2}))?(?:\s*\([^()\n]{0,80}\))?,?\s*(?:(?:den|toi)\s+(?:het\s+|nay|thoi diem)?|-\s?|–\s?)(?:ngay\s+)?(?:(?P<d2>[0-9]{1,2})\s?[/.-]\s?(?P<m2>[0-9]{1,2})(?:\s?[/.-]\s?(?P<y2>(?:19|20)[0-9]{2}))?)?";
        let pattern = Regex::new(pattern)
            .map_err(|e| Error::new(ErrorKind::Defect, "the pattern of spans is wrong").source(e))?;
        Ok(Spans { pattern })
    }

    /// The spans in the key with their bytes, and whether they are of another time than the report's. None are found where it does not say its year.
    pub(in crate::extract) fn find(&self, own: Period, key: &str) -> Vec<(Range<usize>, bool)> {
        let Some(year) = own.year else { return Vec::new() };
        let (begin, length) = months(own, year);
        let find = |found: Captures<'_>| {
            let date = |d: &str, m: &str, year: u16| -> Option<f32> {
                let part = |name: &str| found.name(name)?.as_str().parse::<u16>().ok();
                let (day, month) = (part(d)?, part(m)?);
                let is_day = (1..=31).contains(&day) && (1..=12).contains(&month);
                is_day.then(|| f32::from(year) * 12.0 + f32::from(month - 1) + f32::from(day - 1) / 31.0)
            };
            let year_of = |name: &str| found.name(name).and_then(|y| y.as_str().parse().ok());
            let last = year_of("y2").unwrap_or(year);
            let end = date("d2", "m2", last);
            let mut start = date("d1", "m1", year_of("y1").unwrap_or(last))?;
            if year_of("y1").is_none() && end.is_some_and(|end| start > end) {
                start -= 12.0;
            }
            let near = (start - begin).abs() <= SHIFT * length;
            let as_long = end.is_none_or(|end| AS_LONG.contains(&((end - start) / length)));
            Some((found.get(0)?.range(), !(near && as_long)))
        };
        self.pattern.captures_iter(key).filter_map(find).collect()
    }
}

/// Where a period of `year` begins and how long it is, in months.
fn months(period: Period, year: u16) -> (f32, f32) {
    let (length, index) = match period.kind {
        PeriodKind::Month => (1, period.index),
        PeriodKind::Quarter => (3, period.index),
        PeriodKind::HalfYear => (6, period.index),
        PeriodKind::NineMonths => (9, None),
        PeriodKind::Year => (12, None),
    };
    let before = u16::from(index.unwrap_or(1).saturating_sub(1)) * length;
    (f32::from(year * 12 + before), f32::from(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_the_reports_where_it_lies_near_and_is_as_long() {
        let spans = Spans::new().unwrap();
        let period = |kind, index| Period { kind, index, year: Some(2025) };
        let quarter = period(PeriodKind::Quarter, Some(4));
        let month = period(PeriodKind::Month, Some(10));
        let year = period(PeriodKind::Year, None);
        for (own, key, other) in [
            (quarter, "tu ngay 15/9/2025 den ngay 14/12/2025", false),
            (quarter, "tu 15.9 den het ngay 14.12.2025", false),
            (quarter, "tinh tu ngay 01/7/2025 (khi van hanh 02 cap) den het 14/12/2025, da nhan 10.832", true),
            (quarter, "tu ngay 01/01/2025 den nay", true),
            (quarter, "tu 01/10/2025 den nay", false),
            (month, "(tu 16/9 - 15/10)", false),
            (month, "tu 16/8 - 15/9", true),
            (month, "tu 1/7 den nay", true),
            (year, "tu 15/12/2024 den 14/12/2025", false),
            (year, "tu 01/10/2024 den 30/9/2025", false),
            (year, "tu 01/7/2025 den 31/12/2025", true),
        ] {
            let found: Vec<bool> = spans.find(own, key).into_iter().map(|(_, other)| other).collect();
            assert_eq!(found, [other], "{key}");
        }
        assert!(spans.find(quarter, "tu ngay 01/7/2025 xa giai quyet 12 ho so").is_empty(), "no end is told");
    }
}

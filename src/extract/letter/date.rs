//! Dates and reporting periods, as offices print them.

use crate::error::{Error, ErrorKind, Result};
use crate::extract::extraction::{Date, Period, PeriodKind};
use regex::{Captures, Regex};

/// Reads dates and periods from keys: small letters without marks.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Calendar {
    spelled: Regex,
    penned: Regex,
    digits: Regex,
    periods: Regex,
}

/// The blank that is left for handwriting, or what a recogniser made of it: up to a few signs.
const BLANK: &str = r"[\s.…_/\\|-]*";

impl Calendar {
    pub(in crate::extract) fn new() -> Result<Self> {
        let compile = |pattern: String| {
            Regex::new(&pattern).map_err(|e| Error::new(ErrorKind::Defect, "a pattern is wrong").source(e))
        };
        Ok(Calendar {
            // The words of a date keep their consonants in all but the worst readings.
            spelled: compile(format!(
                r"ng[a-z]y{BLANK}(?P<day>[0-9a-z§\]|]{{0,4}}?){BLANK}th[a-z]ng{BLANK}(?P<month>[0-9lio]{{0,2}}){BLANK}n[a-z]m{BLANK}(?P<year>[0-9lo\]]{{4}})?"
            ))?,
            // What a pen wrote between the words may be any signs.
            penned: compile(
                r"\bng[a-z]{1,2}(?P<day>[^,;:\n]{0,12}?)\bth[a-z]{1,2}ng[^\w\n]{0,6}(?P<month>[0-9a-z|]{0,3}?)[^\w\n]{0,6}\bn[a-z]m[^\w\n]{0,4}(?P<year>[0-9lio\]|]{4})?"
                    .into(),
            )?,
            digits: compile(r"(?P<day>[0-9]{1,2})\s?[/.-]\s?(?P<month>[0-9]{1,2})\s?[/.-]\s?(?P<year>(?:19|20)[0-9]{2})".into())?,
            periods: compile(
                r"(?:quy|qui)\s+(?P<quarter>iv|i{1,3}|l{1,3}|1v|[1-4])\b(?:\s*(?:/|-|nam)?\s*(?P<y1>(?:19|20)[0-9]{2}))?|(?P<months>0?6|sau|0?9|chin)\s+thang\s*(?P<half>dau nam|cuoi nam|dau|cuoi)?(?:\s*(?:/|-|nam)?\s*(?P<y2>(?:19|20)[0-9]{2}))?|\bthang\s+(?P<month>[01]?[0-9])\b(?:\s*(?:/|-|nam)?\s*(?P<y3>(?:19|20)[0-9]{2}))?|\bnam\s+(?:cong tac|ngan sach|tai chinh|ke hoach)?\s*(?P<y4>(?:19|20)[0-9]{2})"
                    .into(),
            )?,
        })
    }

    /// The first date in words, `ngày 15 tháng 9 năm 2025`, with its bytes and with what stands where the day
    /// should, in case that is no day.
    pub(in crate::extract) fn spelled(&self, key: &str) -> Option<(Date, std::ops::Range<usize>, Option<String>)> {
        let found = self.spelled.captures(key).or_else(|| self.penned.captures(key))?;
        let whole = found.get(0)?;
        let day = number(&found, "day").filter(|d| (1..=31).contains(d));
        let month = printed(&found, "month").filter(|m| (1..=12).contains(m));
        let year = printed(&found, "year").filter(|y| (1945..2100).contains(y));
        let seen = found.name("day").map(|d| d.as_str().trim()).filter(|d| day.is_none() && !d.is_empty());
        let date = Date { year, month: month.map(|m| m as u8), day: day.map(|d| d as u8) };
        (date != Date::default()).then(|| (date, whole.range(), seen.map(str::to_owned)))
    }

    /// The date at the beginning of `key`, in words or digits, as `2020-04-08`, and the byte after it.
    pub(in crate::extract) fn complete(&self, key: &str) -> Option<(String, usize)> {
        let digits = self.digits.captures(key).and_then(|c| Some((c.get(0)?.range(), whole(&c)?)));
        let spelled = self.spelled.captures(key).and_then(|c| Some((c.get(0)?.range(), whole(&c)?)));
        let first = [digits, spelled].into_iter().flatten().min_by_key(|(range, _)| range.start)?;
        Some((first.1, first.0.end))
    }

    /// The first reporting period in the key.
    pub(in crate::extract) fn period(&self, key: &str) -> Option<Period> {
        self.periods(key).next()
    }

    /// The reporting periods in the key, in order. The month of a date, `ngày 28 tháng 02`, is none.
    pub(in crate::extract) fn periods(&self, key: &str) -> impl Iterator<Item = Period> {
        self.period_spans(key).map(|(_, period)| period)
    }

    /// The reporting periods in the key with their bytes.
    pub(in crate::extract) fn period_spans(&self, key: &str) -> impl Iterator<Item = (std::ops::Range<usize>, Period)> {
        self.periods.captures_iter(key).filter_map(move |found| {
            let whole = found.get(0)?.range();
            let before = key[..whole.start].trim_end();
            let of_date = found.name("month").is_some()
                && (before.ends_with(|c: char| c.is_ascii_digit()) || before.ends_with("ngay"));
            (!of_date).then(|| period_of(&found)).flatten().map(|period| (whole, period))
        })
    }
}

impl Period {
    /// Whether it began with the year, so that what is said since January is its own.
    pub(in crate::extract) fn begins_year(&self) -> bool {
        matches!(self.kind, PeriodKind::Year | PeriodKind::NineMonths) || self.index == Some(1)
    }

    /// Whether a period that is named in a report on this one is another: it is longer, of another year, or another of its kind.
    pub(in crate::extract) fn excludes(&self, named: &Period) -> bool {
        let other_year = self.year.zip(named.year).is_some_and(|(a, b)| a != b);
        match named.kind {
            PeriodKind::Year => other_year,
            kind if kind == self.kind => other_year || self.index != named.index,
            // A month, quarter or half of a report on more than that is a part of it.
            _ => true,
        }
    }
}

/// The period that a match names.
fn period_of(found: &Captures<'_>) -> Option<Period> {
    let year = ["y1", "y2", "y3", "y4"].iter().find_map(|y| number(found, y));
    let period = |kind, index| Some(Period { kind, index, year });
    if let Some(quarter) = found.name("quarter") {
        let index = match quarter.as_str() {
            "i" | "l" | "1" => 1,
            "ii" | "ll" | "2" => 2,
            "iii" | "lll" | "3" => 3,
            _ => 4,
        };
        return period(PeriodKind::Quarter, Some(index));
    }
    if let Some(months) = found.name("months") {
        let second = found.name("half").is_some_and(|h| h.as_str().starts_with("cuoi"));
        return match months.as_str() {
            "9" | "09" | "chin" => period(PeriodKind::NineMonths, None),
            _ => period(PeriodKind::HalfYear, Some(if second { 2 } else { 1 })),
        };
    }
    match number(found, "month") {
        Some(month @ 1..=12) => period(PeriodKind::Month, Some(month as u8)),
        Some(_) => None,
        None => period(PeriodKind::Year, None),
    }
}

/// The date of a match as `2020-04-08`; None where a part is missing or impossible.
fn whole(found: &Captures<'_>) -> Option<String> {
    let day = number(found, "day").filter(|d| (1..=31).contains(d))?;
    let month = number(found, "month").filter(|m| (1..=12).contains(m))?;
    let year = number(found, "year").filter(|y| (1900..2100).contains(y))?;
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// A number that is printed, not written by hand: letters that recognisers take for its digits are read as those.
fn printed(found: &Captures<'_>, name: &str) -> Option<u16> {
    let digit = |c: char| match c {
        'l' | 'i' | '|' | ']' => '1',
        'o' => '0',
        c => c,
    };
    found.name(name)?.as_str().chars().map(digit).collect::<String>().parse().ok()
}

fn number(found: &Captures<'_>, name: &str) -> Option<u16> {
    found.name(name)?.as_str().trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_with_blanks_keep_what_is_there() {
        let calendar = Calendar::new().unwrap();
        let cases = [
            ("ngay 15 thang 9 nam 2025", (Some(15), Some(9), Some(2025))),
            ("ngay      thang 6 nam 2023", (None, Some(6), Some(2023))),
            ("ngay ... thang ... nam 2024", (None, None, Some(2024))),
            ("ngay 4z thang 7 nam 2024", (None, Some(7), Some(2024))),
            ("ngay 45 thang 7 nam 2024", (None, Some(7), Some(2024))),
            ("ngay @3 thang 0i nam 202]", (None, Some(1), Some(2021))),
            ("an binh, ngaw/† thang 5 nam 2021", (None, Some(5), Some(2021))),
            ("ngay 06 thang ti nam 2024", (Some(6), None, Some(2024))),
        ];
        for (key, (day, month, year)) in cases {
            let (date, _, _) = calendar.spelled(key).unwrap();
            assert_eq!(date, Date { year, month, day }, "{key}");
        }
        assert_eq!(calendar.spelled("ngay 4z thang 7 nam 2024").unwrap().2.as_deref(), Some("4z"));
        assert!(calendar.spelled("ngay thang nam").is_none());
    }

    #[test]
    fn periods_are_read() {
        let calendar = Calendar::new().unwrap();
        let cases = [
            ("quy iii nam 2025", Some((PeriodKind::Quarter, Some(3), Some(2025)))),
            ("quy 2/2023", Some((PeriodKind::Quarter, Some(2), Some(2023)))),
            ("6 thang dau nam 2026", Some((PeriodKind::HalfYear, Some(1), Some(2026)))),
            ("06 thang cuoi nam 2026", Some((PeriodKind::HalfYear, Some(2), Some(2026)))),
            ("9 thang nam 2025", Some((PeriodKind::NineMonths, None, Some(2025)))),
            ("thang 01/2025", Some((PeriodKind::Month, Some(1), Some(2025)))),
            ("cong tac nam 2024", Some((PeriodKind::Year, None, Some(2024)))),
            ("mot cua cua toa an nam cong tac 2025", Some((PeriodKind::Year, None, Some(2025)))),
            ("quyet toan nam ngan sach 2024", Some((PeriodKind::Year, None, Some(2024)))),
            ("quy che", None),
            ("ngay 28 thang 02 nam 2023, bao cao quy ii nam 2023", Some((PeriodKind::Quarter, Some(2), Some(2023)))),
        ];
        for (key, want) in cases {
            assert_eq!(calendar.period(key).map(|p| (p.kind, p.index, p.year)), want, "{key}");
        }
    }
}

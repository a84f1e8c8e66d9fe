//! What is counted or measured: the words that follow a number, from `dictionaries/units.toml`.

use crate::data;
use crate::error::Result;
use crate::text::fold::key;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

pub(in crate::extract) const FILE: &str = "units.toml";
pub(in crate::extract) const EMBEDDED: &str = include_str!("../../../dictionaries/units.toml");

/// The units that the program brings along. They are checked when an extractor is made.
static UNITS: LazyLock<Units> =
    LazyLock::new(|| Units::parse(FILE, EMBEDDED).expect("a test holds the file against its form"));

/// The content of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// They announce a unit.
    #[serde(default, deserialize_with = "data::keys")]
    announced: Vec<String>,
    /// A head of these is of a percentage.
    #[serde(default, deserialize_with = "data::keys")]
    rates: Vec<String>,
    /// Units with which a date begins.
    #[serde(default, deserialize_with = "data::keys")]
    dates: Vec<String>,
    /// Words that begin as a unit does and are something else: `đồng bộ`, `nhà văn hóa`.
    #[serde(default, deserialize_with = "data::keys")]
    compounds: Vec<String>,
    units: Vec<Row>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    say: Vec<String>,
    /// Fractions of it are usual, so that a single separator is likelier to mark one.
    #[serde(default)]
    divided: bool,
    /// It is a currency or a multiple of one.
    #[serde(default)]
    money: bool,
}

/// Units, ready for look-up.
#[derive(Debug, Clone, Default)]
pub(in crate::extract) struct Units {
    announced: Vec<String>,
    rates: Vec<String>,
    dates: Vec<String>,
    names: Vec<Unit>,
    /// Keys of the words that only begin as a unit does.
    compounds: Vec<String>,
    /// For each first byte the keys of the forms that begin with it, the longest first, each with its unit.
    forms: BTreeMap<u8, Vec<(String, usize)>>,
}

#[derive(Debug, Clone)]
struct Unit {
    name: String,
    divided: bool,
    money: bool,
}

impl Units {
    /// Reads a file of units.
    ///
    /// # Errors
    /// [`ErrorKind::Definition`] with the line or the form where it is wrong.
    pub(in crate::extract) fn parse(file: &str, content: &str) -> Result<Units> {
        let wrong = |message: String| data::wrong(file, message);
        let table: Table = data::parse(file, content)?;
        let Table { announced, rates, dates, compounds, units: rows } = table;
        let mut units = Units { announced, rates, dates, compounds, ..Units::default() };
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for row in rows {
            for form in &row.say {
                let form = key(form);
                let Some(first) = form.bytes().next() else {
                    return Err(wrong(format!("a form of `{}` is empty; take it out", row.name)));
                };
                if let Some(other) = seen.insert(form.clone(), row.name.clone()) {
                    return Err(wrong(format!("`{form}` is a form of `{other}` and of `{}`; keep one", row.name)));
                }
                units.forms.entry(first).or_default().push((form, units.names.len()));
            }
            units.names.push(Unit { name: row.name, divided: row.divided, money: row.money });
        }
        for forms in units.forms.values_mut() {
            forms.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        }
        Ok(units)
    }

    fn after(&self, key: &str, at: usize) -> Option<(&str, usize)> {
        let rest = key[at..].trim_start_matches([' ', '\u{a0}']);
        let start = key.len() - rest.len();
        let first = *rest.as_bytes().first()?;
        let whole = |words: &String| {
            rest.strip_prefix(words.as_str()).is_some_and(|tail| !tail.starts_with(char::is_alphanumeric))
        };
        if self.compounds.iter().any(whole) {
            return None;
        }
        self.forms.get(&first)?.iter().find_map(|(form, unit)| {
            let tail = rest.strip_prefix(form.as_str())?;
            let sign = !form.ends_with(char::is_alphanumeric);
            let ends = sign || !tail.starts_with(char::is_alphanumeric);
            // A lone letter is a unit only where nothing but the number stands before it: `9.875.000đ`, not `điểm 5 d`.
            let alone = form.len() == 1 && !sign;
            let sticks = !alone || start == at && key[..at].ends_with(|c: char| c.is_ascii_digit());
            // `ngày 05/4` and `tháng 6` begin a date.
            let dates = self.dates.contains(form) && tail.trim_start().starts_with(|c: char| c.is_ascii_digit());
            (ends && sticks && !dates).then_some((self.names[*unit].name.as_str(), start + form.len()))
        })
    }
}

/// The unit that stands in the key at `at`, after spaces, and the byte after it; None where none of them does.
pub(in crate::extract) fn after(key: &str, at: usize) -> Option<(&'static str, usize)> {
    let units: &'static Units = &UNITS;
    units.after(key, at)
}

/// The unit that a line above a table declares for all of it. A percentage in it may be any sentence's: it must be announced.
pub(in crate::extract) fn of_caption(key: &str) -> Option<&'static str> {
    let announced = UNITS.announced.iter().any(|form| key.contains(form));
    declared(key).filter(|unit| announced || *unit != "%")
}

/// Whether a line, as a key, begins with what announces a unit, in brackets or not.
pub(in crate::extract) fn announces(key: &str) -> bool {
    UNITS.announced.iter().any(|form| key.trim_start_matches('(').starts_with(form))
}

/// The unit that a heading or caption declares: `ĐVT: triệu đồng`, `Diện tích (ha)`, `Tỷ lệ`; None where it does not.
pub(in crate::extract) fn declared(key: &str) -> Option<&'static str> {
    if UNITS.announced.iter().any(|form| key.contains(form)) {
        return stated(key);
    }
    if key.contains('%') {
        return Some("%");
    }
    let rate = UNITS.rates.iter().any(|form| key.contains(form));
    bracketed(key).or_else(|| rate.then_some("%"))
}

/// The unit that a heading states for all below it, behind a word that announces units: `II. THU, CHI (ĐVT: triệu đồng)`; None where it does not.
pub(in crate::extract) fn stated(key: &str) -> Option<&'static str> {
    let at = UNITS.announced.iter().find_map(|form| Some(key.find(form)? + form.len()))?;
    named(key[at..].trim_start_matches([':', ' ', '.', '(']))
}

/// The unit that these words begin with, and what counts it before them or not: `Số hồ sơ`.
pub(in crate::extract) fn named(key: &str) -> Option<&'static str> {
    let words = key.trim_start();
    after(words.strip_prefix("so ").unwrap_or(words), 0).map(|(unit, _)| unit)
}

/// Whether a label, as a key, tells how many of something there are, and no sum of money: `Số dự án:`.
pub(in crate::extract) fn counts(key: &str) -> bool {
    let of = |at: usize| after(key, at + 3).is_some_and(|(unit, _)| !is_money(unit));
    key.match_indices("so ").any(|(at, _)| (at == 0 || key[..at].ends_with(' ')) && of(at))
}

/// The unit in the last bracket of a heading or of the words of a row: `Tỷ lệ số hóa (%)`, `Diện tích (ha)`; None where it holds none.
pub(in crate::extract) fn bracketed(key: &str) -> Option<&'static str> {
    let (unit, end) = after(key, key.rfind('(')? + 1)?;
    key[end..].trim_start().starts_with([')', '/']).then_some(unit)
}

/// Whether fractions of the unit are usual, so that a single separator is likelier to mark one.
pub(in crate::extract) fn is_divided(unit: &str) -> bool {
    UNITS.names.iter().any(|known| known.divided && known.name == unit)
}

/// Whether the unit is a currency or a multiple of one.
pub(in crate::extract) fn is_money(unit: &str) -> bool {
    UNITS.names.iter().any(|known| known.money && known.name == unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_unit_is_found() {
        let cases = [
            (" ho so tthc da", Some("hồ sơ")),
            ("%", Some("%")),
            (" % so", Some("%")),
            ("m2 san", Some("m²")),
            (" m", None),
            (" trieu dong", Some("triệu đồng")),
            (" hoa", None),
            ("", None),
        ];
        for (key, unit) in cases {
            assert_eq!(after(key, 0).map(|(u, _)| u), unit, "{key}");
        }
    }

    #[test]
    fn the_file_is_right_and_mistakes_are_named() {
        assert!(Units::parse(FILE, EMBEDDED).is_ok(), "{:?}", Units::parse(FILE, EMBEDDED));
        let twice = "[[units]]\nname = 'a'\nsay = ['x']\n[[units]]\nname = 'b'\nsay = ['X']\n";
        assert!(Units::parse("units.toml", twice).unwrap_err().to_string().contains("`x` is a form of `a` and of `b`"));
        assert!(Units::parse("units.toml", "[[units]]\nname = 1").unwrap_err().to_string().contains("line"));
    }

    #[test]
    fn a_mark_of_currency_sticks_to_its_number() {
        assert_eq!(after("9.875.000d", 9), Some(("đồng", 10)));
        assert_eq!(after("5 d", 1), None);
    }
}

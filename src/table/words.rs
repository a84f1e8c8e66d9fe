//! The words that stand around tables, as `dictionaries/tables.toml` lists them.

use crate::data;
use crate::error::Result;
use crate::text::fold::key;
use serde::Deserialize;
use std::sync::LazyLock;

/// The file that the program brings along.
pub(crate) const FILE: &str = "tables.toml";
pub(crate) const EMBEDDED: &str = include_str!("../../dictionaries/tables.toml");

/// A unit is no longer than this, in characters.
const LONGEST_UNIT: usize = 40;

/// The lists, as keys.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableWords {
    #[serde(deserialize_with = "data::keys")]
    unit_lines: Vec<String>,
    #[serde(deserialize_with = "data::keys")]
    unit_columns: Vec<String>,
    #[serde(deserialize_with = "data::keys")]
    row_numbers: Vec<String>,
    #[serde(deserialize_with = "data::keys")]
    periods: Vec<String>,
    #[serde(deserialize_with = "data::keys")]
    titles: Vec<String>,
    #[serde(deserialize_with = "data::keys")]
    no_titles: Vec<String>,
    #[serde(deserialize_with = "data::keys")]
    last_heads: Vec<String>,
    #[serde(deserialize_with = "data::keys")]
    totals: Vec<String>,
    #[serde(deserialize_with = "data::keys")]
    shares: Vec<String>,
}

/// The lists that the program brings along; they are checked when an extractor is made.
pub(crate) static WORDS: LazyLock<TableWords> =
    LazyLock::new(|| TableWords::parse(FILE, EMBEDDED).expect("a test holds the file against its form"));

impl TableWords {
    /// Reads the file.
    ///
    /// # Errors
    /// [`ErrorKind::Definition`](crate::error::ErrorKind::Definition) with the line where it is wrong.
    pub fn parse(file: &str, content: &str) -> Result<TableWords> {
        data::parse(file, content)
    }

    /// Whether a head, as a key, is that of a column of units.
    pub fn is_unit_column(&self, head: &str) -> bool {
        self.unit_columns.iter().any(|word| word == head)
    }

    /// Whether a head, as a key, is that of a column that numbers the rows.
    pub fn is_row_number(&self, head: &str) -> bool {
        self.row_numbers.iter().any(|word| word == head)
    }

    /// The unit that a line above a table states: `Đơn vị tính: triệu đồng` gives `triệu đồng`. None where it states none.
    pub fn unit(&self, line: &str) -> Option<String> {
        let line = line.trim().trim_start_matches('(').trim_end_matches([')', '.', ';']).trim();
        let (lead, unit) = line.split_once(':')?;
        let unit = unit.trim();
        let named = self.unit_lines.iter().any(|word| key(lead.trim()) == *word);
        (named && !unit.is_empty() && unit.chars().count() <= LONGEST_UNIT).then(|| unit.to_owned())
    }

    /// The unit that a title states in brackets at its end: `Bảng 6. Kết quả (ĐVT: %)`. None where it states none.
    pub fn unit_of_title(&self, title: &str) -> Option<String> {
        let title = title.trim();
        self.unit(title.strip_suffix(')').and_then(|t| t.rfind('(').map(|at| &title[at..]))?)
    }

    /// Whether a line begins as titles of tables do.
    pub fn begins_title(&self, line: &str) -> bool {
        begins(line, &self.titles)
    }

    /// Whether a line above a table says of which time its numbers are.
    pub fn is_period(&self, line: &str) -> bool {
        begins(line, &self.periods)
    }

    /// Whether a line belongs to the letter around a table.
    pub fn is_no_title(&self, line: &str) -> bool {
        begins(line, &self.no_titles)
    }

    /// Whether a column's name is that of a total.
    pub fn is_total(&self, name: &str) -> bool {
        begins(name, &self.totals)
    }

    /// Whether the name of a row is that of a share.
    pub fn is_share(&self, name: &str) -> bool {
        begins(name, &self.shares)
    }

    /// Whether a head stands on its own at the right end of a table.
    pub fn is_last_head(&self, head: &str) -> bool {
        begins(head, &self.last_heads)
    }
}

/// Whether the line begins with one of the words, and not in the middle of a longer one.
fn begins(line: &str, words: &[String]) -> bool {
    let line = key(line.trim());
    words.iter().any(|word| {
        line.strip_prefix(word.as_str()).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_that_come_along_are_in_their_form() {
        let lists = TableWords::parse(FILE, EMBEDDED).unwrap();
        for list in [&lists.unit_lines, &lists.titles, &lists.no_titles, &lists.last_heads] {
            assert!(!list.is_empty() && list.iter().all(|w| !w.trim().is_empty()));
        }
        assert!(TableWords::parse(FILE, "units = []").is_err());
    }

    #[test]
    fn a_unit_is_what_the_line_says_it_is() {
        for (line, unit) in [
            ("Đơn vị tính: triệu đồng", Some("triệu đồng")),
            ("(ĐVT: 1.000 đồng/m²)", Some("1.000 đồng/m²")),
            ("Đơn vị : Hồ sơ", Some("Hồ sơ")),
            ("Đơn vị báo cáo: xã Suối Ngàn", None),
            ("Tổng số: 12", None),
            ("Đơn vị tính:", None),
        ] {
            assert_eq!(WORDS.unit(line).as_deref(), unit, "{line}");
        }
    }

    #[test]
    fn titles_begin_as_whole_words() {
        assert!(WORDS.begins_title("BẢNG 2. Kết quả"));
        assert!(!WORDS.begins_title("Bảngtin"));
        assert!(WORDS.is_last_head("Ghi chú"));
    }
}

//! The words that lead from what is said to its number, from `dictionaries/labels.toml`.

use crate::data;
use crate::error::Result;
use crate::text::fold::key;
use serde::Deserialize;
use std::sync::LazyLock;

pub(in crate::extract) const FILE: &str = "labels.toml";
pub(in crate::extract) const EMBEDDED: &str = include_str!("../../../dictionaries/labels.toml");

/// The lists that the program brings along. They are checked when an extractor is made.
pub(in crate::extract) static LISTS: LazyLock<Lists> =
    LazyLock::new(|| Lists::parse(FILE, EMBEDDED).expect("a test holds the file against its form"));

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    turns: Vec<String>,
    leads: Vec<String>,
    leaning: Vec<String>,
    sums: Vec<String>,
    of_sums: Vec<String>,
    compounds: Vec<String>,
}

/// The lists, as keys.
#[derive(Debug, Clone, Default)]
pub(in crate::extract) struct Lists {
    /// They begin a new thought within a sentence.
    pub(in crate::extract) turns: Vec<String>,
    /// They announce the number behind them.
    pub(in crate::extract) leads: Vec<String>,
    /// With these alone a percentage goes with the number before it.
    pub(in crate::extract) leaning: Vec<String>,
    /// One of these is among the words of a row of sums.
    pub(in crate::extract) sums: Vec<String>,
    /// All words of such a row are among these.
    pub(in crate::extract) of_sums: Vec<String>,
    /// What stands before and behind a comma that parts nothing.
    pub(in crate::extract) compounds: Vec<(String, String)>,
}

impl Lists {
    /// Reads the file.
    ///
    /// # Errors
    /// [`ErrorKind::Definition`] with the line or the phrase where it is wrong.
    pub(in crate::extract) fn parse(file: &str, content: &str) -> Result<Lists> {
        let wrong = |message: String| data::wrong(file, message);
        let table: Table = data::parse(file, content)?;
        let keys = |words: &[String]| words.iter().map(|word| key(word)).collect();
        let compound = |phrase: &String| {
            let (first, second) = phrase
                .split_once(',')
                .ok_or_else(|| wrong(format!("`{phrase}` of `compounds` has no comma; write one or take it out")))?;
            Ok((key(first.trim()), key(second.trim())))
        };
        Ok(Lists {
            turns: keys(&table.turns),
            leads: keys(&table.leads),
            leaning: keys(&table.leaning),
            sums: keys(&table.sums),
            of_sums: keys(&table.of_sums),
            compounds: table.compounds.iter().map(compound).collect::<Result<_>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_right_and_mistakes_are_named() {
        assert!(Lists::parse(FILE, EMBEDDED).is_ok(), "{:?}", Lists::parse(FILE, EMBEDDED));
        let wrong = EMBEDDED.replace("thu, chi", "thu chi");
        assert!(Lists::parse(FILE, &wrong).unwrap_err().to_string().contains("`thu chi`"));
    }
}

//! The words that lead from what is said to its number, from `dictionaries/labels.toml`.

use crate::data;
use crate::error::Result;
use crate::text::fold::key;
use serde::{Deserialize, Deserializer};
use std::sync::LazyLock;

pub(in crate::extract) const FILE: &str = "labels.toml";
pub(in crate::extract) const EMBEDDED: &str = include_str!("../../dictionaries/labels.toml");

/// The lists that the program brings along. They are checked when an extractor is made.
pub(in crate::extract) static LISTS: LazyLock<Lists> =
    LazyLock::new(|| Lists::parse(FILE, EMBEDDED).expect("a test holds the file against its form"));

/// Words of which the marks count.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Words {
    /// As they stand in the list.
    pub(in crate::extract) words: String,
    /// As they stand in the key of a text.
    pub(in crate::extract) key: String,
}

impl Words {
    /// Whether a printed word is this one, its marks lost or not: `công` is no `cộng`.
    pub(in crate::extract) fn is(&self, printed: &str) -> bool {
        let printed = printed.to_lowercase();
        printed == self.words || printed == self.key
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        let words = String::deserialize(from)?;
        Ok(Words { key: key(&words), words })
    }
}

/// The lists, as keys.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::extract) struct Lists {
    /// They begin a new thought within a sentence.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) turns: Vec<String>,
    /// A number right behind them is some of the one before it.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) among: Vec<String>,
    /// They begin the reason for a number, or what comes with it; in small letters, with their marks, since without `chế độ cho` is `do chờ`.
    pub(in crate::extract) reasons: Vec<String>,
    /// They announce the number behind them.
    pub(in crate::extract) leads: Vec<Words>,
    /// Those of them that lead to a number at once.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) is: Vec<String>,
    /// They part two counts.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) and: Vec<String>,
    /// They part two counts, unless what is compared stands before them.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) with: Vec<String>,
    /// What is compared.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) comparing: Vec<String>,
    /// A number right behind them is another time's.
    pub(in crate::extract) compared: Vec<Words>,
    /// Between a number and a time they say that it is that time's.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) of: Vec<String>,
    /// In brackets by themselves before a number they make it one of another time.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) times_before: Vec<String>,
    /// With which a sentence begins that tells of another year's.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) a_year_ago: Vec<String>,
    /// With which the head of a column of this period ends, beside one of the period before.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) this_period: Vec<String>,
    /// They stand in the head of a column that tells how those of two periods differ.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) comparison_heads: Vec<String>,
    /// With them and more words the head of a column begins that tells of others, beside one of what was attained.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) averages: Vec<String>,
    /// With them the head of a column of what was attained ends.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) attained: Vec<String>,
    /// Behind a place word they are the body that reports.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) bodies_themselves: Vec<String>,
    /// They may stand between a colon and a nought in words.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) within: Vec<String>,
    /// Right before a nought in words they need nothing that leads to it.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) lacking: Vec<String>,
    /// A number right behind them is that of a month, quarter or year.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) dated: Vec<String>,
    /// A number in words right behind them is that of a day; in small letters, with their marks.
    pub(in crate::extract) days: Vec<String>,
    /// With them a label begins that says of whom or what all behind it is.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) concerning: Vec<String>,
    /// With which a bracket begins that says what all is in a count.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) includes: Vec<String>,
    /// They say something of all that was counted.
    pub(in crate::extract) all: Vec<Words>,
    /// A paragraph that begins so goes on with the one before it.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) goes_on: Vec<String>,
    /// A paragraph that begins so tells of a place.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) places: Vec<String>,
    /// There is.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) there_is: Vec<String>,
    /// What did not happen, behind a nought.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) none_happens: Vec<String>,
    /// With what happens behind them they are a nought: there is none yet.
    pub(in crate::extract) not_yet: Vec<Words>,
    /// With which such a clause ends, or what did not happen ends it.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) any: Vec<String>,
    /// Before a number they make it a name.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) names: Vec<String>,
    /// These do not, though without marks they are as one of those; in small letters, with their marks.
    pub(in crate::extract) no_names: Vec<String>,
    /// They may stand between such a name and its number.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) numbered: Vec<String>,
    /// Before a number they make it that of a telephone.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) phones: Vec<String>,
    /// Behind these a number counts, whatever leads to it.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) counts: Vec<String>,
    /// With these alone a percentage goes with the number before it.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) leaning: Vec<String>,
    /// They are the first of [`Lists::sums`] as it is misread, before one of [`Lists::behind_sums`].
    pub(in crate::extract) sums_misread: Vec<Words>,
    /// Behind such a word they say that it is one of sums.
    pub(in crate::extract) behind_sums: Vec<Words>,
    /// One of these is among the words of a row of sums.
    pub(in crate::extract) sums: Vec<Words>,
    /// All words of such a row are among these.
    #[serde(deserialize_with = "data::keys")]
    pub(in crate::extract) of_sums: Vec<String>,
    /// What stands before and behind a comma that parts nothing.
    #[serde(deserialize_with = "compounds")]
    pub(in crate::extract) compounds: Vec<(String, String)>,
}

impl Lists {
    /// Reads the file.
    ///
    /// # Errors
    /// [`ErrorKind::Definition`](crate::error::ErrorKind::Definition) with the line or the phrase where it is wrong.
    pub(in crate::extract) fn parse(file: &str, content: &str) -> Result<Lists> {
        data::parse(file, content)
    }
}

/// Whether the key ends with a word that leads to a number at once.
pub(in crate::extract) fn ends_with_is(key: &str) -> bool {
    let is = |word: &String| {
        key.strip_suffix(' ').and_then(|k| k.strip_suffix(word.as_str())).is_some_and(|k| k.ends_with(' '))
    };
    LISTS.is.iter().any(is)
}

/// Compounds, cut at their commas.
fn compounds<'de, D: Deserializer<'de>>(list: D) -> std::result::Result<Vec<(String, String)>, D::Error> {
    let compound = |phrase: &String| {
        let (first, second) = phrase.split_once(',').ok_or_else(|| {
            serde::de::Error::custom(format!("`{phrase}` of `compounds` has no comma; write one or take it out"))
        })?;
        Ok((key(first.trim()), key(second.trim())))
    };
    Vec::<String>::deserialize(list)?.iter().map(compound).collect()
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

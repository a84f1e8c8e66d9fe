//! The bodies that issue documents, as `dictionaries/issuers.toml` lists their words.

use crate::data;
use crate::error::Result;
use crate::text::fold::key;
use regex::Regex;
use serde::Deserialize;
use std::ops::Range;

pub(in crate::extract) const FILE: &str = "issuers.toml";
pub(in crate::extract) const EMBEDDED: &str = include_str!("../../../dictionaries/issuers.toml");

/// The name of a body has no more words than this.
const MOST_WORDS: usize = 14;

/// Finds the names of bodies behind what they issued.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Issuers {
    begins: Regex,
    and: String,
    others: Vec<String>,
    ends: Vec<String>,
    end_pairs: Vec<(String, String)>,
    next_bodies: Vec<String>,
    behind_commas: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    of: Vec<String>,
    and: String,
    begins: Vec<String>,
    others: Vec<String>,
    ends: Vec<String>,
    end_pairs: Vec<String>,
    next_bodies: Vec<String>,
    behind_commas: Vec<String>,
}

impl Issuers {
    /// The lists that the program brings along.
    pub(in crate::extract) fn embedded() -> Result<Self> {
        Issuers::parse(FILE, EMBEDDED)
    }

    /// Reads such a file.
    ///
    /// # Errors
    /// [`ErrorKind::Definition`](crate::error::ErrorKind::Definition) with the line or the list where it is wrong.
    pub(in crate::extract) fn parse(file: &str, content: &str) -> Result<Self> {
        let wrong = |what: String| data::wrong(file, what);
        let lists: Lists = data::parse(file, content)?;
        let begin = |words: &String| regex::escape(&key(words)).replace(r"\?", "[a-z]").replace(' ', r"\s");
        let any = |words: &[String]| words.iter().map(begin).collect::<Vec<_>>().join("|");
        let (of, begins) = (any(&lists.of), any(&lists.begins));
        // Without a word that leads to it an issuer follows at once: behind a comma another clause begins.
        let begins = format!(r"^(?:[\s,]*(?:{of})\s|\s*)(?P<body>(?:{begins})\b[^;.()\n0-9\x{{201C}}]*)");
        let pair = |words: String| {
            let (a, b) =
                words.split_once(' ').ok_or_else(|| wrong(format!("end_pairs: {words:?} is not two words")))?;
            Ok((a.to_owned(), b.to_owned()))
        };
        Ok(Issuers {
            begins: Regex::new(&begins).map_err(|e| wrong(format!("begins: {e}")))?,
            and: lists.and,
            others: lists.others,
            ends: lists.ends,
            end_pairs: lists.end_pairs.into_iter().map(pair).collect::<Result<_>>()?,
            next_bodies: lists.next_bodies,
            behind_commas: lists.behind_commas,
        })
    }

    /// Where a body may be named at the beginning of `rest`, folded by [`key`], which follows a document's number and date.
    pub(in crate::extract) fn place(&self, rest: &str) -> Option<Range<usize>> {
        self.begins.captures(rest)?.name("body").map(|body| body.range())
    }

    /// The name of a body at the beginning of a text: up to a word that no name holds. `Bộ Giáo dục và Đào tạo` goes on over
    /// its `và`, `Bộ Văn hóa, Thể thao và Du lịch` and `Bộ trưởng, Chủ nhiệm …` over their commas as well.
    pub(in crate::extract) fn name(&self, text: &str) -> Option<String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let next = |at: usize| words.get(at + 1).map_or("", |w| w.trim_end_matches(','));
        let capital = |word: &str| word.starts_with(char::is_uppercase);
        let mut name: Vec<&str> = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let bare = word.trim_end_matches(',');
            let pair = self.end_pairs.iter().any(|(a, b)| *a == bare.to_lowercase() && b == next(at));
            let joins = *word == self.and && capital(next(at)) && !self.next_bodies.iter().any(|b| b == next(at));
            if pair || self.ends.iter().any(|end| end == bare) || *word == self.and && !joins {
                break;
            }
            let behind = format!("{} {}", next(at), words.get(at + 2).copied().unwrap_or_default());
            let goes_on = bare == *word || self.behind_commas.contains(&behind);
            name.push(if goes_on { word } else { bare });
            if !goes_on {
                break;
            }
        }
        let known = !name.is_empty() && name.len() <= MOST_WORDS;
        known.then(|| name.join(" ")).filter(|name| !self.others.iter().any(|other| name.starts_with(other.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_where_they_end() {
        let issuers = Issuers::embedded().unwrap();
        for (text, want) in [
            ("Bộ Giáo dục và Đào tạo về việc", Some("Bộ Giáo dục và Đào tạo")),
            ("Bộ Văn hóa, Thể thao và Du lịch, nay", Some("Bộ Văn hóa, Thể thao và Du lịch")),
            ("UBND xã và UBND phường", Some("UBND xã")),
            ("Sở Tài chính ban hành quy chế", Some("Sở Tài chính")),
            ("ban hành quy chế", None),
            ("bộ phận một cửa", None),
        ] {
            assert_eq!(issuers.name(text).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn a_letter_of_an_office_may_be_misread() {
        let issuers = Issuers::embedded().unwrap();
        assert_eq!(issuers.place(" cua chu tjch ubnd"), Some(5..18));
        assert_eq!(issuers.place(" cua nghi dinh nay"), None);
        assert_eq!(issuers.place(", ubnd tinh"), None, "another clause");
    }
}

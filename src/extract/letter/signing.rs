//! Who signs: signs of authority, positions and names, as `dictionaries/signing.toml` lists them.

use crate::data;
use crate::error::Result;
use crate::extract::fuzzy::distance;
use crate::text::fold::key;
use serde::Deserialize;

pub(in crate::extract) const FILE: &str = "signing.toml";
pub(in crate::extract) const EMBEDDED: &str = include_str!("../../../dictionaries/signing.toml");

/// A position or body may differ from what was read by this share of its letters.
const MOST_APART: f32 = 0.14;

/// What stands at the foot of documents, ready for look-up.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Signing {
    signs: Vec<String>,
    /// Positions and their deputies.
    positions: Vec<Form>,
    bodies: Vec<Form>,
    families: Vec<Form>,
}

/// A form as it is written, and its key.
#[derive(Debug, Clone)]
struct Form {
    written: String,
    key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    signs: Vec<String>,
    deputy: String,
    positions: Vec<String>,
    bodies: Vec<String>,
    families: Vec<String>,
}

impl Signing {
    /// The lists that the program brings along.
    pub(in crate::extract) fn embedded() -> Result<Self> {
        Signing::parse(FILE, EMBEDDED)
    }

    /// Reads such a file.
    ///
    /// # Errors
    /// [`ErrorKind::Definition`](crate::error::ErrorKind::Definition) with the line where it is wrong.
    pub(in crate::extract) fn parse(file: &str, content: &str) -> Result<Self> {
        let lists: Lists = data::parse(file, content)?;
        let deputies: Vec<String> = lists.positions.iter().map(|p| format!("{} {p}", lists.deputy)).collect();
        let forms = |written: Vec<String>| -> Vec<Form> {
            written.into_iter().map(|written| Form { key: key(&written), written }).collect()
        };
        Ok(Signing {
            signs: lists.signs,
            positions: forms(lists.positions.into_iter().chain(deputies).collect()),
            bodies: forms(lists.bodies),
            families: forms(lists.families),
        })
    }

    /// `KT. CHỦ TỊCH`, `TM. ỦY BAN NHÂN DÂN` and their like.
    pub(in crate::extract) fn authority_in(&self, run: &str) -> Option<String> {
        let found = self.signs.iter().filter_map(|sign| {
            let letters = sign.trim_end_matches('.');
            let at = run.find(sign.as_str()).or_else(|| run.find(&format!("{letters} ")))?;
            (at == 0 || run[..at].ends_with(' ')).then_some((at, sign, letters))
        });
        let (at, sign, letters) = found.min()?;
        let rest = run[at + letters.len()..].trim_start_matches(['.', ' ']);
        let whom = known(rest, &self.bodies).map(str::to_owned).or_else(|| self.position_in(rest));
        Some(format!("{sign} {}", whom.unwrap_or_else(|| rest.to_owned())))
    }

    /// The position that a run of capitals is or ends with; a recogniser may have misread a letter in seven.
    pub(in crate::extract) fn position_in(&self, run: &str) -> Option<String> {
        let run = run.trim_matches(|c: char| !c.is_alphabetic());
        // What stands before the position may be of the left column.
        let starts = [0].into_iter().chain(run.match_indices(' ').map(|(at, _)| at + 1));
        if let Some(found) = starts.filter_map(|at| known(&run[at..], &self.positions)).next() {
            return Some(found.to_owned());
        }
        // Positions have their fields: `TRƯỞNG PHÒNG TƯ PHÁP`.
        let folded = key(run);
        let begins =
            |p: &Form| folded.match_indices(p.key.as_str()).any(|(at, _)| folded[at + p.key.len()..].starts_with(' '));
        self.positions.iter().any(begins).then(|| run.to_owned())
    }

    /// The family name that a name begins with, as it is written; None where it is not a common one.
    pub(in crate::extract) fn family_name(&self, name: &str) -> Option<&str> {
        let first = name.split_whitespace().next()?;
        let exact = self.families.iter().find(|family| family.written == first);
        let exact = exact.or_else(|| self.families.iter().find(|family| family.key == key(first)));
        exact.map(|family| family.written.as_str())
    }
}

/// The nearest of the forms, where no more than one letter in seven differs.
fn known<'a>(run: &str, forms: &'a [Form]) -> Option<&'a str> {
    let folded = key(run);
    let apart = |form: &Form| distance(folded.as_bytes(), form.key.as_bytes()) / form.key.len() as f32;
    // A letter more or less costs half a one at least, so most forms need not be compared.
    let hopeless =
        |form: &&Form| folded.len().abs_diff(form.key.len()) as f32 * 0.5 > MOST_APART * form.key.len() as f32;
    let near = forms
        .iter()
        .filter(|form| !hopeless(form))
        .map(|form| (apart(form), form))
        .filter(|(apart, _)| *apart <= MOST_APART);
    near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, form)| form.written.as_str())
}

/// Two to five words that each begin with a capital and go on in small letters.
pub(in crate::extract) fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    // Men and women of the Central Highlands bear `A` and `Y` before their names.
    let words = match words.split_first() {
        Some((&("A" | "Y"), rest)) if (1..=3).contains(&rest.len()) => return rest.iter().all(|w| is_capitalised(w)),
        _ => words,
    };
    (2..=5).contains(&words.len()) && words.iter().all(|w| is_capitalised(w))
}

fn is_capitalised(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.clone().count() > 0 && chars.all(char::is_lowercase)
}

/// How many letters a text has.
pub(in crate::extract) fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

/// How many capitals a text has.
pub(in crate::extract) fn capitals(text: &str) -> usize {
    text.chars().filter(|c| c.is_uppercase()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misread_position_is_one_of_those_that_there_are() {
        let signing = Signing::embedded().unwrap();
        let cases = [
            ("HÓ CHỦ TỊCH", Some("PHÓ CHỦ TỊCH")),
            ("CHỦ TỊCH", Some("CHỦ TỊCH")),
            ("PHO CHANH VAN PHÒNG", Some("PHÓ CHÁNH VĂN PHÒNG")),
            ("_ GIÁM ĐÔC", Some("GIÁM ĐỐC")),
            ("TRƯỞNG PHÒNG TƯ PHÁP", Some("TRƯỞNG PHÒNG TƯ PHÁP")),
            ("KẾT LUẬN", None),
        ];
        for (seen, want) in cases {
            assert_eq!(signing.position_in(seen).as_deref(), want, "{seen}");
        }
        assert_eq!(signing.authority_in("KT CHÙ TỊCH").as_deref(), Some("KT. CHỦ TỊCH"));
        assert_eq!(signing.authority_in("TM. UY BAN NHÂN DÂN").as_deref(), Some("TM. ỦY BAN NHÂN DÂN"));
    }

    #[test]
    fn names_are_told_from_headings() {
        let signing = Signing::embedded().unwrap();
        for name in ["Trần Văn Mẫu", "Lê Thử", "A Mẫu", "Y Thử Mẫu", "Nguyễn Thị Thử Mẫu"] {
            assert!(is_name(name), "{name}");
        }
        for other in ["Mẫu", "A", "Kết quả", "BAN MẪU", "Trần Văn Mẫu và Lê Thử"] {
            assert!(!is_name(other), "{other}");
        }
        assert_eq!(signing.family_name("Cấo Văn Thử"), Some("Cao"));
        assert_eq!(signing.family_name("Phước Thử"), None);
    }
}

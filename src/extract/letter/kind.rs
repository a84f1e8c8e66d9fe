//! Kinds of administrative documents and the codes that stand for them in document numbers, as `dictionaries/document_kinds.tsv`
//! and the `kinds` of `dictionaries/letters.toml` have them.

use crate::dict;
use crate::extract::fuzzy::distance;
use crate::extract::words::{self, WORDS};
use crate::text::fold::key;
use crate::text::letter::upper;
use std::sync::LazyLock;

/// The kinds that documents of the country have.
static KINDS: LazyLock<Kinds> = LazyLock::new(|| Kinds::new(&WORDS.kinds));

struct Kinds {
    all: Vec<Kind>,
    /// The one with no code of its own.
    letter: String,
    letter_called: Vec<String>,
    report: String,
    of_a_period: Vec<String>,
    qualified: Vec<String>,
}

struct Kind {
    /// As a heading of small letters has it: `Báo cáo`.
    name: String,
    key: String,
    code: Option<&'static str>,
}

impl Kinds {
    fn new(lists: &words::Kinds) -> Kinds {
        let kind = |kind: dict::DocumentKind| Kind { name: heading(kind.name), key: key(kind.name), code: kind.code };
        Kinds {
            all: dict::document_kinds().map(kind).collect(),
            letter: heading(&lists.letter),
            letter_called: lists.letter_called.iter().map(|form| key(form)).collect(),
            report: heading(&lists.report),
            of_a_period: lists.of_a_period.iter().map(|kind| heading(kind)).collect(),
            qualified: lists.qualified.iter().map(|words| format!(" {}", key(words))).collect(),
        }
    }
}

/// A name with its first letter capital.
fn heading(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(upper).into_iter().chain(letters).collect()
}

/// The kind of a document with a number and a subject that names none.
pub(in crate::extract) fn letter() -> &'static str {
    &KINDS.letter
}

/// Whether documents of the kind are of a period in any case.
pub(in crate::extract) fn is_report(kind: &str) -> bool {
    kind == KINDS.report
}

/// Whether documents of the kind are of the period that their title names.
pub(in crate::extract) fn may_report(kind: &str) -> bool {
    KINDS.of_a_period.iter().any(|known| known == kind)
}

/// The kind that a code begins with: `BC-UBND` is a report, `UBND-VP` an official letter, which has no code of its own. Where
/// several kinds have one code (`SL`), it is the one that the words before it name, in the key `before`, or the one with the
/// shortest name.
pub(in crate::extract) fn of_code(code: &str, before: &str) -> Option<&'static str> {
    let first = code.split(['-', '.']).next()?;
    // `QH14`: laws bear the number of the National Assembly's term.
    let letters = first.trim_end_matches(|c: char| c.is_ascii_digit());
    let of = |code: &str| KINDS.all.iter().filter(move |kind| kind.code == Some(code)).collect::<Vec<_>>();
    let mut known = of(first);
    if known.is_empty() && letters == TERMS {
        known = of(letters);
    }
    let named = last(end(before), known.iter().map(|kind| (kind.key.as_str(), kind.name.as_str())));
    let shortest = || known.iter().min_by_key(|kind| kind.key.len()).map(|kind| kind.name.as_str());
    named
        .or_else(shortest)
        .or_else(|| WORDS.kinds.letter_issuers.iter().any(|issuer| issuer == first).then_some(KINDS.letter.as_str()))
}

/// The code of the National Assembly, which the number of its term follows.
const TERMS: &str = "QH";

/// The kind that is named last in a key, within a few words of its end, or the letter by any of its names.
pub(in crate::extract) fn named_last(key: &str) -> Option<&'static str> {
    let numbered = KINDS.all.iter().filter(|kind| kind.code.is_some());
    let letters = KINDS.letter_called.iter().map(|form| (form.as_str(), letter()));
    last(end(key), numbered.map(|kind| (kind.key.as_str(), kind.name.as_str())).chain(letters))
}

/// The last 40 bytes of a key.
fn end(key: &str) -> &str {
    &key[key.ceil_char_boundary(key.len().saturating_sub(40))..]
}

/// The kind whose form ends last in a text; of two that end there, the longer: every `bộ luật` is a `luật`.
fn last<'a>(text: &str, forms: impl Iterator<Item = (&'a str, &'static str)>) -> Option<&'static str> {
    let found = forms.filter_map(|(form, kind)| Some((text.rfind(form)? + form.len(), form.len(), kind)));
    found.max_by_key(|(end, length, _)| (*end, *length)).map(|(.., kind)| kind)
}

/// The kind that a heading line is, in capitals, with a word for its sort behind it or not: `BÁO CÁO NHANH`; a recogniser may have misread a letter in four.
pub(in crate::extract) fn of_heading(line: &str) -> Option<&'static str> {
    let text = line.trim_matches(|c: char| !c.is_alphanumeric());
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (upper, all) = letters.fold((0, 0), |(u, n), c| (u + usize::from(c.is_uppercase()), n + 1));
    if all < 4 || upper * 5 < all * 4 {
        return None;
    }
    let key = key(text);
    let key = KINDS.qualified.iter().find_map(|words| key.strip_suffix(words.as_str())).unwrap_or(&key);
    let apart = |kind: &Kind| distance(key.as_bytes(), kind.key.as_bytes()) / kind.key.len() as f32;
    let near = KINDS.all.iter().map(|kind| (apart(kind), kind)).filter(|(apart, _)| *apart <= 0.15);
    near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, kind)| kind.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_code_heading_and_mention() {
        assert_eq!(of_code("BC-UBND", ""), Some("Báo cáo"));
        assert_eq!(of_code("UBND-TTPVHCC", ""), Some("Công văn"));
        assert_eq!(of_code("QH14", ""), Some("Luật"));
        assert_eq!(of_code("CV", ""), Some("Công văn"));
        assert_eq!(of_code("Zz", ""), None);
        for line in ["BÁO CÁO", "BAO CAO", " BÁO CÁ0", "BÁO CÁO.", "BÁO CÁO NHANH", "BÁO CÁO TÓM TẮT"] {
            assert_eq!(of_heading(line), Some("Báo cáo"), "{line}");
        }
        assert_eq!(of_heading("Báo cáo"), None);
        assert_eq!(of_heading("XÃ AN BÌNH"), None);
        assert_eq!(named_last("theo quyet dinh so "), Some("Quyết định"));
        assert_eq!(named_last("ke hoach va cong van so "), Some("Công văn"));
        assert_eq!(named_last("theo van ban so "), Some("Công văn"));
    }

    #[test]
    fn where_kinds_share_a_code_the_words_before_it_tell() {
        assert_eq!(of_code("SL-UBND", "so"), Some("Sao lục"));
        assert_eq!(of_code("SL", "theo sac lenh so "), Some("Sắc lệnh"));
        assert_eq!(of_code("QH13", "theo bo luat so"), Some("Bộ luật"));
        assert_eq!(of_code("QH13", "can cu bo luat lao dong so"), Some("Bộ luật"));
        assert_eq!(named_last("theo phap lenh so"), Some("Pháp lệnh"));
    }
}

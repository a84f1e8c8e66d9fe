//! What is known beforehand: syllables, abbreviations, kinds of documents, places and phrases, and the user's own words.
//!
//! The files are in `dictionaries/` and embedded in the program; [`Dictionaries`] is a value that is handed to whoever
//! needs it. How a word is added is told in `docs/dictionaries.md`.

mod check;
mod table;
mod user;

pub use check::check;
pub use table::Kind;
pub use user::Entry;

use crate::text::syllable::Syllable;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;
pub(crate) use table::is_remark;
use table::rows;

/// All dictionaries, ready for look-up. Made in a few milliseconds; shared between threads by reference.
#[derive(Debug, Clone, Default)]
pub struct Dictionaries {
    syllables: FxHashMap<Syllable, u8>,
    abbreviations: FxHashMap<&'static str, Option<&'static str>>,
    kind_codes: Vec<&'static str>,
    places: Places,
    phrases: Vec<Phrase<'static>>,
    user: Vec<Entry>,
    user_index: FxHashMap<String, usize>,
}

/// The kinds of documents that the program knows, in the order of their names; a kind with several codes is there with each.
pub fn document_kinds() -> impl Iterator<Item = DocumentKind> {
    rows(include_str!("../../dictionaries/document_kinds.tsv")).map(|[name, code, group]| DocumentKind {
        name,
        code: named(code),
        group,
    })
}

/// A kind of document and the code that its number bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentKind {
    /// Its name in small letters: `báo cáo`.
    pub name: &'static str,
    /// `BC` in `195/BC-UBND`; None where the kind has no code (công văn).
    pub code: Option<&'static str>,
    /// `document`: of Decree 30/2020's administrative kinds. `law`: a legal document (luật, nghị định, thông tư). `reading`: a
    /// code that is understood where it is read, and that no misread word is taken for.
    pub group: &'static str,
}

/// The name of a place, with what bears it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceName {
    /// As it is written: `Buôn Hồ`.
    pub name: &'static str,
    /// The kinds of units that bear it since 1 July 2025, joined by commas: `xã,phường`; None where there is none now.
    pub now: Option<&'static str>,
    /// The kinds that bore it before; None where there was none.
    pub before: Option<&'static str>,
}

/// A phrase and how strongly it should be believed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Phrase<'a> {
    /// Words with one space between them, NFC, `hòa` style; proper names are capitalised, punctuation stands.
    pub text: &'a str,
    /// 1 is ordinary; greater is more.
    pub weight: f32,
}

impl<'a> Phrase<'a> {
    /// The words of the phrase, punctuation taken off.
    pub fn words(&self) -> impl Iterator<Item = &'a str> {
        self.text.split([' ', '-']).map(|w| w.trim_matches(|c: char| !c.is_alphanumeric())).filter(|w| !w.is_empty())
    }
}

/// The places, indexed when the first one is asked for: not every run needs them.
#[derive(Debug, Clone, Default)]
struct Places {
    source: &'static str,
    index: OnceLock<FxHashMap<String, PlaceName>>,
}

impl Places {
    /// By the name in small letters.
    fn by_name(&self) -> &FxHashMap<String, PlaceName> {
        self.index.get_or_init(|| rows(self.source).map(|row| (row[0].to_lowercase(), place(row))).collect())
    }
}

fn place([name, now, before]: [&'static str; 3]) -> PlaceName {
    PlaceName { name, now: named(now), before: named(before) }
}

fn named(column: &'static str) -> Option<&'static str> {
    (column != "-").then_some(column)
}

impl Dictionaries {
    /// The dictionaries that the program brings.
    pub fn embedded() -> Self {
        let mut all = Dictionaries::default();
        for [syllable, class] in rows(include_str!("../../dictionaries/syllables.tsv")) {
            if let (Some(syllable), Ok(class)) = (Syllable::parse(syllable), class.parse()) {
                all.syllables.insert(syllable, class);
            }
        }
        for [short, long] in rows(include_str!("../../dictionaries/abbreviations.tsv")) {
            all.abbreviations.insert(short, named(long));
        }
        all.kind_codes = document_kinds().filter(|kind| kind.group != "reading").filter_map(|kind| kind.code).collect();
        all.places.source = include_str!("../../dictionaries/places.tsv");
        for [text, weight] in rows(include_str!("../../dictionaries/phrases.tsv")) {
            all.phrases.push(Phrase { text, weight: weight.parse().unwrap_or(1.0) });
        }
        all
    }

    /// How rare a syllable in use is: 0 for the commonest, one more for each halving; None where it is not in use,
    /// though it may be well spelled.
    pub fn frequency_class(&self, syllable: Syllable) -> Option<u8> {
        self.syllables.get(&syllable).copied()
    }

    /// Whether the word is a syllable in use, in any case and either tone style, or the user's own.
    pub fn is_in_use(&self, word: &str) -> bool {
        Syllable::parse(word).is_some_and(|s| self.syllables.contains_key(&s)) || self.entry(word).is_some()
    }

    /// The syllables in use with their frequency class, in a fixed order.
    pub fn syllables(&self) -> impl Iterator<Item = (Syllable, u8)> {
        let mut sorted: Vec<_> = self.syllables.iter().map(|(&s, &class)| (s, class)).collect();
        sorted.sort_unstable();
        sorted.into_iter()
    }

    /// Whether the token, written so, is an abbreviation that is not to be touched: `UBND`, `QĐ`, `TTr`.
    ///
    /// The case matters. Codes of several parts are asked part by part.
    pub fn is_abbreviation(&self, token: &str) -> bool {
        self.abbreviations.contains_key(token)
            || self.kind_codes.contains(&token)
            || self.entry(token).is_some_and(|e| e.text == token && e.is_code())
    }

    /// What an abbreviation stands for; None where it is unknown or stands for several things.
    pub fn expansion(&self, abbreviation: &str) -> Option<&'static str> {
        self.abbreviations.get(abbreviation).copied().flatten()
    }

    /// All abbreviations, sorted.
    pub fn abbreviations(&self) -> impl Iterator<Item = &'static str> {
        let mut sorted: Vec<_> = self.abbreviations.keys().copied().collect();
        sorted.sort_unstable();
        sorted.into_iter()
    }

    /// Codes of kinds of documents, in the order of the kinds' names. The case matters: `CT` and `CTr` are two kinds.
    pub fn kind_codes(&self) -> &[&'static str] {
        &self.kind_codes
    }

    /// The place of this name, in any case, without the word for its kind: `đại sơn`, `Hồ Chí Minh`; None where no place
    /// of the country has it.
    pub fn place(&self, name: &str) -> Option<&PlaceName> {
        self.places.by_name().get(&name.to_lowercase())
    }

    /// Whether a place of the country, now or before July 2025, has this name.
    pub fn is_place(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    /// The names of places, in the order of the file.
    pub fn places(&self) -> impl Iterator<Item = PlaceName> {
        rows(self.places.source).map(place)
    }

    /// The phrases that the program brings, sorted. The user's own are [`Dictionaries::user_entries`].
    pub fn phrases(&self) -> impl Iterator<Item = Phrase<'static>> {
        self.phrases.iter().copied()
    }

    /// The user's words, phrases, names and codes, in the order of their files.
    pub fn user_entries(&self) -> &[Entry] {
        &self.user
    }

    /// The user's entry of this text, in any case; None where there is none.
    pub fn entry(&self, text: &str) -> Option<&Entry> {
        if self.user.is_empty() {
            return None;
        }
        self.user_index.get(&text.to_lowercase()).map(|&at| &self.user[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_clerk_knows_is_known() {
        let known = Dictionaries::embedded();
        assert!(known.is_in_use("được") && known.is_in_use("Hoà") && !known.is_in_use("bủyn"));
        assert!(known.is_abbreviation("UBND") && known.is_abbreviation("TTr") && !known.is_abbreviation("Ubnd"));
        assert_eq!(known.expansion("HĐND"), Some("hội đồng nhân dân"));
        assert!(known.kind_codes().contains(&"CTr") && !known.kind_codes().contains(&"QĐi"));
        let kind = |code| document_kinds().find(|k| k.code == Some(code)).map(|k| (k.name, k.group));
        assert_eq!([kind("BC"), kind("NĐ")], [Some(("báo cáo", "document")), Some(("nghị định", "law"))]);
    }

    #[test]
    fn places_know_both_sides_of_the_reform() {
        let known = Dictionaries::embedded();
        let now_gone = known.place("Bình Dương").and_then(|p| p.before).unwrap_or_default();
        assert!(now_gone.contains("tỉnh"), "{now_gone}");
        assert!(known.place("hà nội").is_some_and(|p| p.now == Some("thành phố")));
        assert!(known.place("Phú Quý").and_then(|p| p.now).is_some_and(|now| now.contains("đặc khu")));
    }

    #[test]
    fn phrases_are_words() {
        let known = Dictionaries::embedded();
        let phrase = known.phrases().find(|p| p.text.starts_with("độc lập")).unwrap();
        assert_eq!(phrase.words().collect::<Vec<_>>(), ["độc", "lập", "tự", "do", "hạnh", "phúc"]);
    }
}

//! The form of the files: UTF-8, one entry a line, columns parted by tabs, `#` at the start of a line for remarks.

use std::ops::RangeInclusive;

/// What a dictionary file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `syllables.tsv`.
    Syllables,
    /// `abbreviations.tsv`.
    Abbreviations,
    /// `document_kinds.tsv`.
    DocumentKinds,
    /// `places.tsv`.
    Places,
    /// `phrases.tsv`.
    Phrases,
    /// `confusions.tsv`.
    Confusions,
    /// Any other name: a user's own entries.
    User,
}

impl Kind {
    /// The kind that a file's name tells.
    pub fn of(file_name: &str) -> Kind {
        match file_name {
            "syllables.tsv" => Kind::Syllables,
            "abbreviations.tsv" => Kind::Abbreviations,
            "document_kinds.tsv" => Kind::DocumentKinds,
            "places.tsv" => Kind::Places,
            "phrases.tsv" => Kind::Phrases,
            "confusions.tsv" => Kind::Confusions,
            _ => Kind::User,
        }
    }

    /// How many columns a line has.
    pub fn columns(self) -> RangeInclusive<usize> {
        match self {
            Kind::Syllables | Kind::Abbreviations => 2..=2,
            Kind::DocumentKinds | Kind::Places | Kind::Confusions => 3..=3,
            Kind::Phrases | Kind::User => 1..=2,
        }
    }

    /// What the columns are, for messages.
    pub(super) fn form(self) -> &'static str {
        match self {
            Kind::Syllables => "syllable, tab, class",
            Kind::Abbreviations => "abbreviation, tab, expansion or -",
            Kind::DocumentKinds => "kind, tab, code or -, tab, document, law or reading",
            Kind::Places => "name, tab, kinds now or -, tab, kinds before or -",
            Kind::Confusions => "letter printed, tab, what is seen for it, tab, share up to 1",
            Kind::Phrases | Kind::User => "entry, and a tab and a weight if it needs one",
        }
    }

    /// Columns that together may not come twice.
    pub(super) fn key_columns(self) -> usize {
        if matches!(self, Kind::DocumentKinds | Kind::Confusions) { 2 } else { 1 }
    }

    /// Column of a number that weighs the entry; None where there is none.
    pub(super) fn weight_column(self) -> Option<usize> {
        match self {
            Kind::Syllables | Kind::Phrases | Kind::User => Some(1),
            Kind::Confusions => Some(2),
            _ => None,
        }
    }

    /// The greatest number that [`Kind::weight_column`] may hold: a share of all, or a weight, of which more would drown whatever the paper
    /// says.
    pub(super) fn greatest_weight(self) -> f32 {
        if self == Kind::Confusions { 1.0 } else { 1000.0 }
    }
}

/// Whether a line holds no entry.
pub(crate) fn is_remark(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with('#')
}

/// The entries of a file that is right; absent columns are empty.
pub(super) fn rows<const N: usize>(text: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    text.lines().filter(|line| !is_remark(line)).map(|line| {
        let mut columns = line.split('\t');
        std::array::from_fn(|_| columns.next().unwrap_or_default())
    })
}

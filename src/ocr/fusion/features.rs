//! What both recognisers say for one string where a few words stand, as numbers that can be weighed.

use crate::text::syllable::Syllable;

/// Defines [`Features`] with a field a feature, their names, and their order in sums.
macro_rules! features {
    ($($(#[$said:meta])* $name:ident,)*) => {
        /// What speaks for a string at a place; larger is better for each number. Where the network saw the place in several
        /// crops, `network` is the mean over them, and `network_first` the share of them whose first choice it is.
        #[derive(Debug, Clone, Copy, PartialEq, Default)]
        pub struct Features {
            $($(#[$said])* pub $name: f32,)*
        }

        impl Features {
            /// The features' names, as `dictionaries/fusion.tsv` has them, in the order in which they are summed.
            pub const NAMES: [&str; FEATURES] = [$(stringify!($name)),*];

            /// The numbers in the order of [`Features::NAMES`].
            pub fn values(&self) -> [f32; FEATURES] {
                [$(self.$name),*]
            }
        }

        /// How many features there are.
        pub const FEATURES: usize = [$(stringify!($name)),*].len();
    };
}

features! {
    /// The network's log probability under that of the likeliest string, at most 30 under it.
    network,
    /// Minus the cost of making the string from what Tesseract read.
    distance,
    /// Whether it is what Tesseract read.
    tesseract,
    /// Whether it is the network's first choice.
    network_first,
    /// The share of its parts that can be words.
    plausible,
    /// Minus the mean rarity of its syllables.
    rarity,
    /// Its length in characters.
    length,
    /// Minus the letters that the network does not have.
    unknown_letters,
    /// Minus the changes of case within its words.
    case_changes,
    /// Minus the signs that no print has where they stand.
    odd_signs,
    /// Minus the stops and hyphens between small letters.
    joints,
    /// Whether it is the number of a section at the head of a line.
    section_number,
    /// Whether it ends in a per cent sign; minus one where it writes a decimal comma as a stop or parts thousands by a colon.
    numeration,
    /// Whether it holds a document's number.
    document_number,
    /// Minus the digits that stand right before capitals.
    mixtures,
    /// Minus the stops that a space is left out behind.
    tight_stops,
    /// Minus one where it is a Roman number of other strokes than are printed.
    strokes,
    /// Minus one where it is a figure of more or fewer digits than the ink is wide for, or than have room before its per cent sign, and another one is not.
    width,
    /// Of a string without a syllable that is what Tesseract read and the network's first choice: by how much the network prefers it to
    /// the next string, as a logarithm, at most 10.
    agreed,
}

/// One string that may be printed at a place, and what speaks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The string, words parted by one space.
    pub text: String,
    /// What speaks for it.
    pub features: Features,
}

/// What kinds of strings are weighed apart: recognisers fail at them in different ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SegmentKind {
    /// Syllables.
    Word,
    /// Something with a digit in one of its readings.
    Figure,
    /// Codes and abbreviations: several capitals, or letters joined by a stroke.
    Code,
}

impl SegmentKind {
    /// The kind of a place, by all its readings.
    pub fn of<'a>(readings: impl IntoIterator<Item = &'a str>) -> SegmentKind {
        let mut kind = SegmentKind::Word;
        for reading in readings {
            if reading.chars().any(|c| c.is_ascii_digit()) {
                return SegmentKind::Figure;
            }
            let inner = reading.trim_matches(|c: char| !c.is_alphanumeric());
            let joined = inner.contains(['/', '-']);
            let capitals = inner.chars().filter(|c| c.is_uppercase()).count();
            let syllable = Syllable::parse(inner).is_some();
            if joined || (capitals >= 2 && !syllable) {
                kind = SegmentKind::Code;
            }
        }
        kind
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_any_reading() {
        for (readings, kind) in [
            (&["kiểm", "kiếm"][..], SegmentKind::Word),
            (&["QUYẾT"], SegmentKind::Word),
            (&["l6", "16"], SegmentKind::Figure),
            (&["UBND"], SegmentKind::Code),
            (&["QĐ-UBND"], SegmentKind::Code),
            (&["-"], SegmentKind::Word),
        ] {
            assert_eq!(SegmentKind::of(readings.iter().copied()), kind, "{readings:?}");
        }
    }
}

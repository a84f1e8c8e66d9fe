//! Damage to text: marks stripped, letters dropped, the confusions of a recogniser, specks read as punctuation.

use crate::random::SplitMix64;
use crate::text::letter;
use serde::{Deserialize, Serialize};

/// What is done to a text; every field at its default leaves the text as it is. Lines stay lines, and digits are not
/// touched except by line noise beside them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextRecipe {
    /// Share of the words that lose all their marks, from 0 to 1.
    pub strip: f64,
    /// Share of the marked letters that are left out, as by a recogniser whose alphabet lacks them.
    pub drop: f64,
    /// Share of the letters that the channel can confuse that it does.
    pub confuse: f64,
    /// Which confusions: `english` reads Vietnamese with an English model, `worn` joins and breaks strokes.
    pub channel: String,
    /// Share of the spaces that are lost.
    pub join: f64,
    /// Specks read as punctuation, for a hundred characters.
    pub specks: f64,
}

// What English models make of Vietnamese letters, by shape: the hook of ơ and ư is lost or read as a letter of its own,
// stacked marks turn a vowel into a digit or a consonant of like outline. The likeliest first.
const ENGLISH: &[(&str, &[&str])] = &[
    ("đ", &["d", "d", "dd", "p"]),
    ("Đ", &["D", "P", "B", "D"]),
    ("ư", &["u", "u", "w", "ur"]),
    ("ừ", &["u", "ir", "t"]),
    ("ử", &["u", "tr", "ir"]),
    ("ữ", &["u", "it", "tr"]),
    ("ứ", &["u", "tr", "t"]),
    ("ự", &["u", "y", "w"]),
    ("ơ", &["o", "o", "6"]),
    ("ờ", &["o", "0", "d"]),
    ("ở", &["o", "d", "6"]),
    ("ớ", &["o", "6", "d"]),
    ("ợ", &["o", "g", "q"]),
    ("ộ", &["o", "6", "Q", "@"]),
    ("ổ", &["6", "d", "o"]),
    ("ố", &["6", "o", "d"]),
    ("ồ", &["6", "o", "d"]),
    ("ạ", &["a", "a", "q"]),
    ("ả", &["a", "4", "4"]),
    ("ậ", &["a", "4", "@"]),
    ("ấ", &["a", "d", "4"]),
    ("ế", &["e", "é"]),
    ("ệ", &["e", "é", "¢"]),
    ("ị", &["i", "j"]),
    ("ụ", &["u", "y"]),
    ("ủ", &["u", "t"]),
];

const WORN: &[(&str, &[&str])] = &[
    ("rn", &["m"]),
    ("m", &["rn", "in"]),
    ("l", &["1", "I", "i"]),
    ("h", &["b", "li"]),
    ("c", &["e", "o"]),
    ("e", &["c"]),
    ("ế", &["ê", "é"]),
    ("ể", &["ê", "ế"]),
    ("ổ", &["ô", "ố"]),
    ("ủ", &["ú", "u"]),
    ("ỉ", &["i", "í"]),
    ("ấ", &["â", "á"]),
    ("ẩ", &["â", "ấ"]),
    ("g", &["q"]),
    ("n", &["ri"]),
    ("u", &["n", "ii"]),
];

impl TextRecipe {
    /// The recipes of the benchmark by name: `stripped`, `half` (every other word stripped), `dropped`, `english`, `worn`.
    pub fn named(name: &str) -> Option<TextRecipe> {
        let none = TextRecipe::default();
        Some(match name {
            "stripped" => TextRecipe { strip: 1.0, ..none },
            "half" => TextRecipe { strip: 0.5, ..none },
            "dropped" => TextRecipe { drop: 0.8, ..none },
            "english" => {
                TextRecipe { strip: 0.62, confuse: 0.7, channel: "english".into(), join: 0.004, specks: 0.1, ..none }
            }
            "worn" => TextRecipe { confuse: 0.06, channel: "worn".into(), join: 0.01, specks: 0.4, ..none },
            _ => return None,
        })
    }

    /// The damaged text. A channel of an unknown name confuses nothing.
    pub fn apply(&self, text: &str, seed: u64) -> String {
        let channel = match self.channel.as_str() {
            "english" => ENGLISH,
            "worn" => WORN,
            _ => &[],
        };
        let mut chance = SplitMix64::new(seed);
        let mut out = String::with_capacity(text.len());
        for piece in text.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            let space = &piece[word.len()..];
            // Letters beside digits belong to a figure or a document number, which recognisers mostly get right.
            let figure = word.contains(|c: char| c.is_ascii_digit());
            let bare = chance.happens(self.strip);
            let mut rest = word;
            while let Some(c) = rest.chars().next() {
                let mut length = c.len_utf8();
                let marked = letter::bare(c) != c;
                let confused = channel.iter().find(|(from, _)| rest.starts_with(from)).filter(|_| !figure);
                if marked && chance.happens(self.drop) {
                } else if let Some((from, to)) = confused.filter(|_| chance.happens(self.confuse)) {
                    out.push_str(to[chance.below(to.len())]);
                    length = from.len();
                } else {
                    out.push(if bare { letter::bare(c) } else { c });
                }
                if chance.happens(self.specks / 100.0) {
                    out.push(['.', ',', '\'', '`', '~', '|'][chance.below(6)]);
                }
                rest = &rest[length..];
            }
            if !(space == " " && chance.happens(self.join)) {
                out.push_str(space);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Điều 3. Ủy ban nhân dân xã\nthu được 1.250 đồng, số 12/QĐ-UBND\n";

    #[test]
    fn nothing_asked_nothing_done_and_stripping_strips_all() {
        assert_eq!(TextRecipe::default().apply(TEXT, 5), TEXT);
        let stripped = TextRecipe::named("stripped").unwrap().apply(TEXT, 5);
        assert_eq!(stripped, "Dieu 3. Uy ban nhan dan xa\nthu duoc 1.250 dong, so 12/QD-UBND\n");
    }

    #[test]
    fn dropped_letters_are_gone_and_the_others_stay() {
        let dropped = TextRecipe { drop: 1.0, ..TextRecipe::default() }.apply("QUYẾT ĐỊNH", 1);
        assert_eq!(dropped, "QUYT NH");
    }

    #[test]
    fn lines_and_digits_survive_every_recipe_and_the_seed_decides() {
        for name in ["stripped", "half", "dropped", "english", "worn"] {
            let recipe = TextRecipe { specks: 0.0, ..TextRecipe::named(name).unwrap() };
            let damaged = recipe.apply(TEXT, 9);
            assert_eq!(damaged.lines().count(), 2, "{name}");
            assert!(damaged.contains("1.250") && damaged.contains(" 3."), "{name}: {damaged}");
            assert_eq!(damaged, recipe.apply(TEXT, 9), "{name}");
        }
    }
}

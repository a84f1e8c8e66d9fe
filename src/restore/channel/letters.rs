//! Letters as small numbers, and short strings of them packed into one integer, so that a look-up is one hash of one register.

use crate::text::letter::is_vowel;

/// Number of a letter or sign; 0 is none.
pub type Code = u8;

/// The number of letters that a word may be printed with; their codes are below this.
pub const PRINTED: usize = 96;

/// The most characters that a packed string holds.
pub const LONGEST: usize = 15;

/// What a letter may be seen as although no pair shows it, the floor under all that is learned: a letter is never quite safe from being
/// lost, from being taken for any other, or from a stray character beside it (`quéa` for `quá`).
///
/// P(`width` characters, whichever they are | letter), by width. Two characters also follow [`INSERTED`]; three must have been met.
pub const OF_WIDTH: [f64; 4] = [5e-4, 1e-5, 0.0, 0.0];

/// P(two characters | letter) is at least this times the sum of what each would be alone.
///
/// A stray character comes with about one letter in a hundred of poor pages, and is one of about fifty.
pub const INSERTED: f64 = 2e-4;

/// Every character that has a number; the first [`PRINTED`] - 1 are those that words are printed with.
///
/// The signs are those that an English or Vietnamese recogniser was seen to give for Vietnamese letters.
const CHARACTERS: &str = "abcdefghijklmnopqrstuvwxyzàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ\
0123456789äåæçëïîñöøœûüÿßðþšžčćłńśźżģķļņřťůűőşţțąęėīūāēĩ¢£€¥§©®°º¹²³¼½¾¿¡µ¶ˆ¬¦«»'’‘`´\"“”„,.;:!?*+-–—_=<>()[]{}|\\/~^@#$%&\u{fffd}";

/// Characters below this are looked up in a table; above it only signs that are listed after `LAST_TABLED`.
const TABLED: usize = 0x2200;

/// The numbers of characters.
#[derive(Debug, Clone)]
pub struct Alphabet {
    codes: Vec<Code>,
    characters: Vec<char>,
}

impl Default for Alphabet {
    fn default() -> Self {
        let mut alphabet = Alphabet { codes: vec![0; TABLED], characters: vec!['\0'] };
        for c in CHARACTERS.chars() {
            if (c as usize) < TABLED {
                if alphabet.codes[c as usize] != 0 {
                    continue;
                }
                alphabet.codes[c as usize] = alphabet.characters.len() as Code;
            }
            alphabet.characters.push(c);
        }
        alphabet
    }
}

impl Alphabet {
    /// The number of `c`; all characters that have none of their own share the last one.
    pub fn code(&self, c: char) -> Code {
        match self.codes.get(c as usize) {
            Some(&code) if code != 0 => code,
            _ => (self.characters.len() - 1) as Code,
        }
    }

    /// The character of this number.
    pub fn character(&self, code: Code) -> char {
        self.characters[usize::from(code)]
    }

    /// `text` as numbers.
    pub fn codes(&self, text: &str) -> Vec<Code> {
        text.chars().map(|c| self.code(c)).collect()
    }

    /// `word` as numbers; None where it holds what no word is printed with.
    pub fn printed(&self, word: &str) -> Option<Vec<Code>> {
        let codes = self.codes(word);
        codes.iter().all(|&c| usize::from(c) < PRINTED).then_some(codes)
    }

    /// The characters of `codes`.
    pub fn text(&self, codes: &[Code]) -> String {
        codes.iter().map(|&c| self.character(c)).collect()
    }
}

/// A string of at most [`LONGEST`] codes: eight bits each, the first one lowest, the length by what is not zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Packed(u128);

impl Packed {
    /// Packs `codes`; None where they are too many.
    pub fn new(codes: &[Code]) -> Option<Packed> {
        (codes.len() <= LONGEST)
            .then(|| Packed(codes.iter().rev().fold(0, |packed, &code| packed << 8 | u128::from(code))))
    }

    /// The codes from `start`, `len` of them.
    pub fn slice(self, start: usize, len: usize) -> Packed {
        Packed(self.0 >> (8 * start) & ((1 << (8 * len)) - 1))
    }

    /// A number that sorts as strings do: by the first code, then the second.
    pub fn order(self) -> u128 {
        self.0.swap_bytes()
    }

    /// The string that sorts as `order`.
    pub fn from_order(order: u128) -> Packed {
        Packed(order.swap_bytes())
    }

    /// The codes.
    pub fn codes(self) -> Vec<Code> {
        self.0.to_le_bytes().into_iter().take_while(|&c| c != 0).collect()
    }
}

/// Whether the letters are built like a Vietnamese syllable: consonants, one to three vowels, at most two consonants.
///
/// Enough to part Vietnamese from most foreign words, and fast enough for a whole vocabulary when a program starts.
pub fn is_built_like_syllable(letters: &[char]) -> bool {
    let onset = onset_len(letters);
    let vowels = letters[onset..].iter().take_while(|&&c| is_vowel(c)).count();
    let coda = &letters[onset + vowels..];
    onset <= 3 && (1..=3).contains(&vowels) && coda.len() <= 2 && !coda.iter().any(|&c| is_vowel(c))
}

/// How many letters at the start of a word are consonants: what is before them is the onset, what follows the rime.
///
/// `gi` and `qu` are cut after their first letter, which keeps `gìn` and `quyền` in two parts without exceptions.
pub fn onset_len(letters: &[char]) -> usize {
    letters.iter().take_while(|&&c| !is_vowel(c)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vietnamese_letter_has_a_number_that_words_are_printed_with() {
        let alphabet = Alphabet::default();
        assert!(alphabet.characters.len() <= 256);
        for word in ["nghiệp", "đường", "ỷ", "wifi", "zalo", "ẵ", "ỡ", "ỹ", "đ"] {
            let codes = alphabet.printed(word).expect(word);
            assert_eq!(alphabet.text(&codes), word);
        }
        assert_eq!(alphabet.printed("c6"), None);
        assert_eq!(alphabet.text(&alphabet.codes("c6\u{4e00}")), "c6\u{fffd}");
    }

    #[test]
    fn packed_strings_are_cut_like_slices() {
        let alphabet = Alphabet::default();
        let codes = alphabet.codes("nghiệp");
        let packed = Packed::new(&codes).unwrap();
        assert_eq!(packed.codes(), codes);
        assert_eq!(packed.slice(2, 3), Packed::new(&codes[2..5]).unwrap());
        assert_eq!(packed.slice(6, 0), Packed::default());
        assert_eq!(Packed::new(&[1; LONGEST + 1]), None);
    }

    #[test]
    fn packed_strings_sort_as_strings_do() {
        let order = |codes: &[Code]| Packed::new(codes).unwrap().order();
        assert!(order(&[1]) < order(&[1, 1]));
        assert!(order(&[1, 9]) < order(&[2]));
    }

    #[test]
    fn syllables_are_told_from_foreign_words() {
        let is = |word: &str| is_built_like_syllable(&word.chars().collect::<Vec<_>>());
        for word in ["nghiệp", "quyền", "gìn", "a", "xã", "khuỷu"] {
            assert!(is(word), "{word}");
        }
        for word in ["ubnd", "internet", "stt", "", "email"] {
            assert!(!is(word), "{word}");
        }
    }
}

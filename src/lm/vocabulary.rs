//! The words that the model knows, by number.

use crate::text::token::TokenKind;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// Number of a word; the low ones are [classes](class), then words from the most frequent to the rarest.
pub type WordId = u16;

/// Numbers of the classes that stand in the chain in place of words.
pub mod class {
    use super::WordId;

    /// No word: fills up short histories.
    pub const NONE: WordId = 0;
    /// Start and end of a paragraph.
    pub const BREAK: WordId = 1;
    /// A word that the model does not know.
    pub const UNKNOWN: WordId = 2;
    /// A number of one or two digits.
    pub const SMALL: WordId = 3;
    /// A year.
    pub const YEAR: WordId = 4;
    /// Any other number.
    pub const NUMBER: WordId = 5;
    /// A share: a number with a per cent sign.
    pub const SHARE: WordId = 6;
    /// A date.
    pub const DATE: WordId = 7;
    /// A document number.
    pub const CODE: WordId = 8;
    /// Letters and digits mixed.
    pub const MIXED: WordId = 9;
    /// A network address.
    pub const ADDRESS: WordId = 10;
    /// `,`
    pub const COMMA: WordId = 11;
    /// `.`, `!`, `?`, `…`
    pub const STOP: WordId = 12;
    /// `;`
    pub const SEMICOLON: WordId = 13;
    /// `:`
    pub const COLON: WordId = 14;
    /// Opening bracket.
    pub const OPEN: WordId = 15;
    /// Closing bracket.
    pub const CLOSE: WordId = 16;
    /// Hyphens and dashes.
    pub const DASH: WordId = 17;
    /// `/`
    pub const SLASH: WordId = 18;
    /// Quotation marks.
    pub const QUOTE: WordId = 19;
    /// Any other sign.
    pub const SIGN: WordId = 20;
    /// The first number that is a word's.
    pub const FIRST_WORD: WordId = 21;
}

/// The class of a token that is not a word; [`class::UNKNOWN`] for one that is.
pub fn class_of(kind: TokenKind, text: &str) -> WordId {
    match kind {
        TokenKind::Word => class::UNKNOWN,
        TokenKind::Mixed => class::MIXED,
        TokenKind::Date => class::DATE,
        TokenKind::Code => class::CODE,
        TokenKind::Address => class::ADDRESS,
        TokenKind::Number if text.ends_with('%') => class::SHARE,
        TokenKind::Number if !text.bytes().all(|b| b.is_ascii_digit()) || text.len() > 4 => class::NUMBER,
        TokenKind::Number if text.len() <= 2 => class::SMALL,
        TokenKind::Number if text.len() == 4 && (text.starts_with("19") || text.starts_with("20")) => class::YEAR,
        TokenKind::Number => class::NUMBER,
        TokenKind::Punctuation => match text.chars().next().unwrap_or(' ') {
            ',' => class::COMMA,
            '.' | '!' | '?' | '…' => class::STOP,
            ';' => class::SEMICOLON,
            ':' => class::COLON,
            '(' | '[' | '{' => class::OPEN,
            ')' | ']' | '}' => class::CLOSE,
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => class::DASH,
            '/' => class::SLASH,
            '"' | '\'' | '\u{2018}'..='\u{201f}' | '«' | '»' => class::QUOTE,
            _ => class::SIGN,
        },
    }
}

/// Words by number and numbers by word.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    /// All words, one after the other.
    text: String,
    /// Byte after each word in `text`, from the first word on.
    ends: Vec<u32>,
    /// Open addressing over the words' hashes; 0 is an empty slot. A power of two, at most half full.
    slots: Vec<WordId>,
}

impl Vocabulary {
    /// The vocabulary of these words, which get the numbers from [`class::FIRST_WORD`] on. Of words that are given twice, or
    /// that no number is left for, the later ones have none.
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut text = String::new();
        let mut ends = Vec::new();
        for word in words.into_iter().take(usize::from(WordId::MAX - class::FIRST_WORD)) {
            text.push_str(word);
            ends.push(text.len() as u32);
        }
        let size = (ends.len() * 2).next_power_of_two().max(2);
        let mut vocabulary = Vocabulary { text, ends, slots: vec![class::NONE; size] };
        for id in vocabulary.ids() {
            let slot = vocabulary.slot(vocabulary.word(id));
            if vocabulary.slots[slot] == class::NONE {
                vocabulary.slots[slot] = id;
            }
        }
        vocabulary
    }

    /// Number of classes and words together: one more than the highest number.
    pub fn len(&self) -> usize {
        usize::from(class::FIRST_WORD) + self.ends.len()
    }

    /// Whether it holds no word.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The numbers of the words, the most frequent first.
    pub fn ids(&self) -> impl Iterator<Item = WordId> + use<> {
        class::FIRST_WORD..self.len() as WordId
    }

    /// The number of `word`, which is as [`fold_word`](crate::text::token::fold_word) writes it; None where the model does not know it.
    #[inline]
    pub fn id(&self, word: &str) -> Option<WordId> {
        let id = self.slots[self.slot(word)];
        (id != class::NONE).then_some(id)
    }

    /// The word of this number; empty for a class.
    #[inline]
    pub fn word(&self, id: WordId) -> &str {
        let Some(index) = id.checked_sub(class::FIRST_WORD).map(usize::from) else { return "" };
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.text[start..self.ends[index] as usize]
    }

    /// Where `word` stands in `slots`, or the empty slot where it would stand.
    #[inline]
    fn slot(&self, word: &str) -> usize {
        let mut hasher = FxHasher::default();
        hasher.write(word.as_bytes());
        let mask = self.slots.len() - 1;
        let mut slot = (hasher.finish() >> 20) as usize & mask;
        while self.slots[slot] != class::NONE && self.word(self.slots[slot]) != word {
            slot = (slot + 1) & mask;
        }
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_match_both_ways() {
        let words = ["hành", "chính", "thủ", "tục", "ubnd"];
        let vocabulary = Vocabulary::new(words);
        for (n, word) in words.iter().enumerate() {
            let id = vocabulary.id(word).unwrap();
            assert_eq!(usize::from(id - class::FIRST_WORD), n);
            assert_eq!(vocabulary.word(id), *word);
        }
        assert_eq!(vocabulary.id("hanh"), None);
        assert_eq!(vocabulary.word(class::COMMA), "");
        assert_eq!(Vocabulary::new([]).id("a"), None);
    }

    #[test]
    fn numbers_are_told_apart_by_what_they_can_be() {
        for (text, want) in [
            ("7", class::SMALL),
            ("2025", class::YEAR),
            ("4325", class::NUMBER),
            ("4,325", class::NUMBER),
            ("99,78%", class::SHARE),
        ] {
            assert_eq!(class_of(TokenKind::Number, text), want, "{text}");
        }
    }
}

//! How right a text looks: what share of its words are in use, have their marks, and what the language model expects.

use crate::dict::Dictionaries;
use crate::lm::{Model, class, class_of};
use crate::text::fold;
use crate::text::syllable::Syllable;
use crate::text::token::{Token, TokenKind, fold_word, tokenise};

/// The figures that a text layer is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Quality {
    /// Letters of all words.
    pub letters: usize,
    /// Words: runs of letters, misread ones with digits and signs among them included, abbreviations and codes left out.
    pub words: usize,
    /// Share of the words that are syllables in use, from 0 to 1.
    pub in_use: f32,
    /// Share of the words that bear a mark (tone, shape or `đ`); about 0.75 in Vietnamese text, near 0 in stripped text.
    pub marked: f32,
    /// Share of the words with a digit or sign among their letters: `c6`, `b@o`.
    pub mixed: f32,
    /// What a word costs in the language model, in bits, the words before it given; 0 where there is none.
    pub bits: f32,
}

/// Right text has at least this share of syllables in use; the rest are names and foreign words.
const USUAL: f32 = 0.9;
/// Text with a greater share of words with digits and signs among their letters is misread.
const MISREAD: f32 = 0.02;

impl Quality {
    /// Whether it looks like Vietnamese text, right or with some marks wrong.
    pub fn is_usual(&self) -> bool {
        self.in_use >= USUAL
    }

    /// Whether so many words have digits or signs among their letters that it is misread.
    pub fn is_misread(&self) -> bool {
        self.mixed >= MISREAD
    }

    /// The figures of these lines, which are NFC.
    pub fn of<'a>(lines: impl IntoIterator<Item = &'a str>, known: &Dictionaries, model: &Model) -> Quality {
        let mut tally = Tally::default();
        let mut history = model.history(class::BREAK);
        let mut tokens: Vec<Token> = Vec::new();
        let mut folded = String::new();
        for line in lines {
            tokens.clear();
            tokenise(line, &mut tokens);
            for token in &tokens {
                let text = token.text(line);
                let word = token.kind == TokenKind::Word || (token.kind == TokenKind::Mixed && is_misread_word(text));
                let number = if token.kind == TokenKind::Word {
                    folded.clear();
                    fold_word(text, &mut folded);
                    model.vocabulary().id(&folded).unwrap_or(class::UNKNOWN)
                } else {
                    class_of(token.kind, text)
                };
                let (probability, next) = model.next(&history, number);
                history = next;
                if !word || is_abbreviation(text, known) {
                    continue;
                }
                tally.letters += text.chars().filter(|c| c.is_alphabetic()).count();
                tally.words += 1;
                tally.mixed += usize::from(token.kind == TokenKind::Mixed);
                tally.in_use += usize::from(known.is_in_use(text));
                tally.marked += usize::from(fold::without_marks(text) != text);
                // A word that the model does not know is spelled out, some four bits a letter.
                let spelled = if number == class::UNKNOWN || word && token.kind == TokenKind::Mixed {
                    4 * text.chars().count()
                } else {
                    0
                };
                tally.bits += f64::from(-probability.max(1e-9).log2()) + spelled as f64;
            }
        }
        tally.quality()
    }
}

#[derive(Default)]
struct Tally {
    letters: usize,
    words: usize,
    in_use: usize,
    marked: usize,
    mixed: usize,
    bits: f64,
}

impl Tally {
    fn quality(&self) -> Quality {
        let share = |n: usize| if self.words == 0 { 0.0 } else { n as f32 / self.words as f32 };
        Quality {
            letters: self.letters,
            words: self.words,
            in_use: share(self.in_use),
            marked: share(self.marked),
            mixed: share(self.mixed),
            bits: if self.words == 0 { 0.0 } else { (self.bits / self.words as f64) as f32 },
        }
    }
}

/// Whether letters prevail in a token of letters, digits and signs, as in `c6` or `hi¢u` and not in `m2` or `QH14`.
fn is_misread_word(text: &str) -> bool {
    let small = text.chars().filter(|c| c.is_lowercase()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    small > 0 && small >= digits && !matches!(text, "m2" | "m3" | "km2" | "m²" | "m³" | "km²")
}

/// Whether it is a known abbreviation, or a run of capitals that no syllable is, such as a code's part.
fn is_abbreviation(text: &str, known: &Dictionaries) -> bool {
    let capitals = text.chars().all(|c| c.is_uppercase() || c.is_ascii_digit());
    known.is_abbreviation(text) || (capitals && text.chars().count() <= 6 && Syllable::parse(text).is_none())
}

//! Some hundred lines of a text, cut into tokens of which equal ones are looked at once.

use super::signs::rejoin;
use crate::lm::{Model, WordId, class, class_of};
use crate::restore::capitals::numeral;
use crate::restore::channel::candidate::{Candidate, Component};
use crate::text::letter::bare;
use crate::text::token::{Shape, Token, TokenKind, fold_word, tokenise};
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::sync::Arc;

/// A number by the bytes of its line where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::restore) struct ReadNumber {
    pub line: usize,
    pub bytes: Range<usize>,
    /// What is written there; a space at an end was not seen.
    pub text: String,
}

/// A token of a window.
#[derive(Debug, Clone, Copy)]
pub(in crate::restore) struct Seen {
    pub line: u32,
    pub token: Token,
    /// What it is to the decoder.
    pub slot: Slot,
    /// Nothing of the paragraph stands before it.
    pub begins: bool,
}

/// What a token is to the decoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::restore) enum Slot {
    /// It stays as it is; the chain sees a class.
    Fixed(WordId),
    /// It may be misread; the number of its [`TokenType`] in the window.
    Open(u32),
}

/// Tokens of the same letters and the same evidence in their capitals.
#[derive(Debug)]
pub(in crate::restore) struct TokenType {
    /// As the model would write it.
    pub folded: Box<str>,
    /// The word that it is as it stands; [`class::UNKNOWN`] or [`class::MIXED`] where the model has none.
    pub as_seen: WordId,
    /// What its capitals say; None where it stands where any word may have them.
    pub shape: Option<Shape>,
    /// Tokens of this kind.
    pub count: u32,
    /// The number of its letters in the window, the same for all kinds of these letters.
    pub letters: u32,
    pub candidates: Arc<[Candidate]>,
}

/// The tokens of a run of lines.
#[derive(Debug, Default)]
pub(in crate::restore) struct Window {
    pub tokens: Vec<Seen>,
    pub kinds: Vec<TokenType>,
    /// Tokens of the same letters, by their number.
    pub counts: Vec<u32>,
    /// Numbers that were read anew, by the number of their token: what is written there.
    rewritten: Vec<(usize, Box<str>)>,
    misread: bool,
}

/// Tokens of a paragraph after which it is cut, so that a line of any length takes bounded memory.
const LONGEST_PARAGRAPH: usize = 2000;

impl Window {
    /// Cuts lines, which are NFC, into tokens; in misread text, of which the numbers that were read anew are given, signs may be letters.
    /// `stands` tells those that are no misread words, as they are written; `candidates` is asked once for each sort of the others.
    pub fn new(
        lines: &[&str],
        model: &Model,
        numbers: Option<&[ReadNumber]>,
        stands: impl Fn(&str) -> bool,
        mut candidates: impl FnMut(&str) -> Arc<[Candidate]>,
    ) -> Self {
        let mut window = Window { misread: numbers.is_some(), ..Window::default() };
        let mut index: FxHashMap<Box<str>, u32> = FxHashMap::default();
        let mut letters: FxHashMap<Box<str>, u32> = FxHashMap::default();
        let mut cut = Vec::new();
        let mut key = String::new();
        let mut paragraph = Paragraph::default();
        for (number, line) in lines.iter().enumerate() {
            cut.clear();
            tokenise(line, &mut cut);
            if let Some(numbers) = numbers {
                rejoin(line, &mut cut);
                window.cut_numbers(line, numbers.iter().filter(|n| n.line == number), &mut cut);
            }
            let mut begins = paragraph.begins(line, &cut);
            let mut free_case = begins;
            for (at, &token) in cut.iter().enumerate() {
                let text = token.text(line);
                let slot = if let Some(numeral) = section(line, &cut, at) {
                    Slot::Fixed(model.vocabulary().id(&numeral.to_lowercase()).unwrap_or(class::UNKNOWN))
                } else if token.kind == TokenKind::Word && stands(text) {
                    Slot::Fixed(class::UNKNOWN)
                } else if is_open(token.kind, text, numbers.is_some()) {
                    let shape = if free_case { None } else { evidence(line, &cut, at) };
                    key.clear();
                    key.push(match shape {
                        None => ' ',
                        Some(Shape::Title) => 'T',
                        Some(Shape::Upper) => 'U',
                        Some(_) => 'l',
                    });
                    fold_word(text, &mut key);
                    if is_taken_for_small_l(text) {
                        key.replace_range(..1, if shape.is_some() { "J" } else { "I" });
                    } else if is_numeral(text) {
                        key.replace_range(..1, if shape.is_some() { "N" } else { "M" });
                    }
                    let kind = match index.get(key.as_str()) {
                        Some(&kind) => kind,
                        None => {
                            let folded = &key[1..];
                            let next = letters.len() as u32;
                            let number = *letters.entry(folded.into()).or_insert(next);
                            window.counts.resize(letters.len(), 0);
                            let unknown = if token.kind == TokenKind::Word { class::UNKNOWN } else { class::MIXED };
                            window.kinds.push(TokenType {
                                folded: folded.into(),
                                as_seen: model.vocabulary().id(folded).unwrap_or(unknown),
                                shape,
                                count: 0,
                                letters: number,
                                candidates: {
                                    let found = candidates(&look(text, folded));
                                    if is_numeral(text) { same_letters(&found, folded, model) } else { found }
                                },
                            });
                            let kind = window.kinds.len() as u32 - 1;
                            index.insert(key.as_str().into(), kind);
                            kind
                        }
                    };
                    window.kinds[kind as usize].count += 1;
                    window.counts[window.kinds[kind as usize].letters as usize] += 1;
                    Slot::Open(kind)
                } else {
                    Slot::Fixed(class_of(token.kind, text))
                };
                free_case = token.kind == TokenKind::Punctuation
                    && !matches!(class_of(token.kind, text), class::COMMA | class::SLASH)
                    || token.kind == TokenKind::Number && at == 0;
                window.tokens.push(Seen { line: number as u32, token, slot, begins });
                paragraph.tokens += 1;
                begins = paragraph.tokens % LONGEST_PARAGRAPH == 0;
            }
        }
        window
    }

    /// Makes one token of each number of a line that is read anew, and cuts off what stands beside it without a space.
    fn cut_numbers<'a>(&mut self, line: &str, numbers: impl Iterator<Item = &'a ReadNumber>, cut: &mut Vec<Token>) {
        for number in numbers {
            let first = cut.partition_point(|t| t.end <= number.bytes.start);
            let after = cut.partition_point(|t| t.start < number.bytes.end);
            if first >= after {
                continue;
            }
            let piece = |start: usize, end: usize| {
                let word = line[start..end].chars().all(char::is_alphabetic);
                Token { start, end, kind: if word { TokenKind::Word } else { TokenKind::Mixed } }
            };
            let (start, end) = (cut[first].start, cut[after - 1].end);
            let left = (start < number.bytes.start).then(|| piece(start, number.bytes.start));
            let right = (number.bytes.end < end).then(|| piece(number.bytes.end, end));
            let own = Token { start: number.bytes.start, end: number.bytes.end, kind: TokenKind::Number };
            let place = self.tokens.len() + first + usize::from(left.is_some());
            self.rewritten.push((place, number.text.as_str().into()));
            cut.splice(first..after, left.into_iter().chain([own]).chain(right));
        }
    }

    /// Whether it was cut as misread text is.
    pub fn is_misread(&self) -> bool {
        self.misread
    }

    /// The number that a token was read anew as; None for all others.
    pub fn number(&self, token: usize) -> Option<&str> {
        let place = self.rewritten.binary_search_by_key(&token, |r| r.0).ok()?;
        Some(&self.rewritten[place].1)
    }

    /// How often the window has a word of these letters.
    pub fn count(&self, word: &str) -> u32 {
        let mut folded = String::new();
        fold_word(word, &mut folded);
        self.kinds.iter().find(|kind| *kind.folded == *folded).map_or(0, |kind| self.counts[kind.letters as usize])
    }

    /// The tokens of each paragraph.
    pub fn paragraphs(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let mut start = 0;
        std::iter::from_fn(move || {
            let rest = self.tokens.get(start + 1..)?;
            let end = start + 1 + rest.iter().position(|t| t.begins).unwrap_or(rest.len());
            Some(std::mem::replace(&mut start, end)..end)
        })
    }
}

/// Whether a token may be a misread word. Numbers, dates, document numbers and addresses never are, nor is what holds two digits
/// side by side or more digits than letters: a digit is changed only inside what is otherwise letters; in `misread` text up to two of them
/// are, as of letters that a recogniser lacks more are seen as digits. A raised digit is the number of a note or belongs to a unit, and no
/// recogniser makes one of a letter.
fn is_open(kind: TokenKind, text: &str, misread: bool) -> bool {
    match kind {
        TokenKind::Word => true,
        TokenKind::Mixed => {
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            // Signs that recognisers see where a letter with a mark is printed.
            let letters = text.chars().filter(|&c| c.is_alphabetic() || matches!(c, '¢' | '@' | '£')).count();
            let together = text.as_bytes().windows(2).any(|w| w.iter().all(u8::is_ascii_digit));
            let raised = text.chars().any(|c| matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹'));
            // `20m` and `12hộ` are figures, whatever their text.
            let measured = together && text.starts_with(|c: char| c.is_ascii_digit());
            let few = if misread { digits <= 2 && !measured } else { letters >= digits && !together };
            letters > 0 && few && !raised
        }
        _ => false,
    }
}

/// A Roman number, which is no more changed into another than any number is; it may be a word of just these letters (`VI PHAM`).
fn is_numeral(text: &str) -> bool {
    text.len() > 1 && text.bytes().all(|b| matches!(b, b'I' | b'V' | b'X'))
}

/// The Roman number of the section that begins with the token, where it was misread.
fn section(line: &str, tokens: &[Token], at: usize) -> Option<String> {
    let marked = tokens.get(1).is_some_and(|t| matches!(t.text(line), "." | ")"));
    if at > 0 || !marked || tokens[0].kind != TokenKind::Word { None } else { numeral(tokens[0].text(line)) }
}

fn same_letters(found: &[Candidate], folded: &str, model: &Model) -> Arc<[Candidate]> {
    let same = |c: &&Candidate| match c.words() {
        [word] => model.vocabulary().word(*word).chars().map(bare).eq(folded.chars()),
        _ => false,
    };
    found.iter().filter(same).copied().collect()
}

/// Whether a word begins with a capital I that may be a small l: both are one stroke in most typefaces.
fn is_taken_for_small_l(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next() == Some('I') && characters.next().is_some_and(|c| !c.is_uppercase() && c.is_alphanumeric())
}

/// The folded word as the channel is asked of it: with a capital I where that may be a small l.
fn look<'a>(text: &str, folded: &'a str) -> std::borrow::Cow<'a, str> {
    if is_taken_for_small_l(text) { format!("I{}", &folded[1..]).into() } else { folded.into() }
}

/// What the capitals of a word inside a sentence say about it.
fn evidence(line: &str, tokens: &[Token], at: usize) -> Option<Shape> {
    let word = |n: usize| tokens.get(n).filter(|t| t.kind == TokenKind::Word).map(|t| t.text(line));
    let shape = Shape::of(word(at)?);
    let upper = |n: usize| word(n).is_some_and(|w| Shape::of(w) == Shape::Upper);
    match shape {
        Shape::Lower | Shape::Title => Some(shape),
        Shape::Upper if (at > 0 && upper(at - 1)) || upper(at + 1) => None,
        Shape::Upper => Some(shape),
        Shape::Other => None,
    }
}

/// Tells where paragraphs begin, from how lines end and begin.
#[derive(Debug, Default)]
struct Paragraph {
    /// The line before had text, and ended so that the next may go on.
    open: bool,
    /// It held capitals only.
    upper: bool,
    tokens: usize,
}

impl Paragraph {
    fn begins(&mut self, line: &str, tokens: &[Token]) -> bool {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            self.open = false;
            return true;
        };
        let upper = line.chars().any(char::is_uppercase) && !line.chars().any(char::is_lowercase);
        let begins =
            !self.open || upper != self.upper || is_bullet(line, tokens, first) || self.tokens >= LONGEST_PARAGRAPH;
        let mark = |token: &Token| {
            if token.kind == TokenKind::Punctuation { class_of(token.kind, token.text(line)) } else { class::UNKNOWN }
        };
        let ends = match mark(last) {
            class::STOP | class::SEMICOLON | class::COLON => true,
            // Documents end with `./.`, and often only `./`.
            class::SLASH => tokens.iter().nth_back(1).is_some_and(|t| mark(t) == class::STOP),
            _ => false,
        };
        self.open = !ends;
        self.upper = upper;
        if begins {
            self.tokens = 0;
        }
        begins
    }
}

/// Whether the line begins with what numbers or marks a paragraph: `-`, `+`, `1.`, `a)`, `III.`.
fn is_bullet(line: &str, tokens: &[Token], first: &Token) -> bool {
    let text = first.text(line);
    let marked = tokens.get(1).is_some_and(|t| matches!(t.text(line), "." | ")" | "/"));
    match first.kind {
        TokenKind::Punctuation => matches!(class_of(first.kind, text), class::DASH | class::SIGN),
        TokenKind::Number => marked && text.len() <= 3,
        TokenKind::Word => marked && (text.chars().count() == 1 || text.bytes().all(|b| b"IVXivxl".contains(&b))),
        _ => false,
    }
}

/// The weights of a mixture of components.
pub(in crate::restore) type Mixture = [f32; Component::COUNT];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_no_misread_word_whatever_stands_at_its_end() {
        for text in ["20m", "12hộ", "15xã", "25ngày", "m²", "10³"] {
            assert!(!is_open(TokenKind::Mixed, text, true) && !is_open(TokenKind::Mixed, text, false), "{text}");
        }
        // Letters that a recogniser lacks, seen as digits.
        for (text, known) in [("c6", true), ("quy6t", true), ("d11ng", false)] {
            assert!(is_open(TokenKind::Mixed, text, true), "{text}");
            assert_eq!(is_open(TokenKind::Mixed, text, false), known, "{text}");
        }
    }
}

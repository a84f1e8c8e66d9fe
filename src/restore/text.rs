//! Restoring plain text: the same lines, and on request every token with what became of it.

use super::Grade;
use super::capitals::{self, Beside};
use super::choice::Choice;
use super::document::window::{Seen, Slot, Window};
use super::passes::Decoding;
use super::protect;
use super::restorer::Restorer;
use crate::lm::{WordId, class};
use crate::text::nfc::compose;
use crate::text::token::{Shape, TokenKind, tone_is_misplaced};
use rayon::prelude::*;
use serde::Serialize;
use std::borrow::Cow;
use std::ops::Range;

/// A token as it was seen and as it is restored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RestoredToken {
    /// As seen; two tokens where a space was seen that was not printed.
    pub before: String,
    /// As printed; holds spaces where some were not seen. The same as `before` where nothing is changed or only proposed.
    pub after: String,
    /// What is likelier than `before`, but not by so much that a word is changed; None everywhere else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed: Option<String>,
    /// Probability that `after`, or what is proposed in its place, was printed; 1 for what is never changed.
    pub posterior: f32,
    /// What may be done with a change; None where there is none.
    pub grade: Option<Grade>,
    /// Digits that were read became a word: an edit of its own kind, which is made in misread text only.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub word_of_digits: bool,
    /// The line that it begins in, from 0.
    #[serde(skip)]
    pub line: usize,
    /// Its bytes in that line's NFC form.
    #[serde(skip)]
    pub seen: Range<usize>,
    /// The bytes of `after` in that line of the restored text.
    #[serde(skip)]
    pub printed: Range<usize>,
}

/// Text with all that restoration has to say about it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RestoredText {
    /// The restored text; the same lines as were given.
    pub text: String,
    /// The tokens in order.
    pub tokens: Vec<RestoredToken>,
    /// How much of it is expected to be right.
    pub expected: Expected,
}

/// How much of a text is expected to be right.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Expected {
    /// Words, and what mixes letters with digits and signs.
    pub words: usize,
    /// How many of them are expected to be as they were printed: the sum of their probabilities.
    pub right: f64,
    /// Numbers of misread text that became words.
    pub words_of_digits: usize,
}

impl Expected {
    /// The share of words that are expected to be right, from 0 to 1; None where there are none.
    pub fn share(&self) -> Option<f64> {
        (self.words > 0).then(|| self.right / self.words as f64)
    }
}

impl std::ops::AddAssign for Expected {
    fn add_assign(&mut self, other: Self) {
        self.words += other.words;
        self.right += other.right;
        self.words_of_digits += other.words_of_digits;
    }
}

/// Probability that capitals, the letters of a document number or an abbreviation, and a word that was seen as digits are what [`Restorer`] makes of them.
const CODE: f32 = 0.98;
/// Probability that a number in which letters or spaces stood is what it was read as.
const NUMBER: f32 = 0.8;
/// The most lines that are looked at together: some eight pages. Names and the kind of damage are learned within them.
const LINES: usize = 400;
/// The most bytes that are looked at together, unless one line is longer.
const BYTES: usize = 1 << 18;

impl Restorer {
    /// Restores text and tells of every token what became of it. Line ends stay where they are; the text becomes NFC.
    pub fn restore_text(&self, text: &str) -> RestoredText {
        let mut restored = RestoredText::default();
        let mut before = 0;
        for mut part in self.in_windows(text, |window| window.with_tokens()) {
            part.tokens.iter_mut().for_each(|t| t.line += before);
            before += part.text.matches('\n').count();
            restored.text.push_str(&part.text);
            restored.tokens.append(&mut part.tokens);
            restored.expected += part.expected;
        }
        restored
    }

    /// Restores text, and tells nothing of it: the fast way.
    pub fn restore_plain(&self, text: &str) -> String {
        self.in_windows(text, |window| window.plain()).concat()
    }

    /// Restores text, and tells only how much of it is expected to be right.
    pub fn restore_expecting(&self, text: &str) -> (String, Expected) {
        let mut expected = Expected::default();
        let mut restored = String::new();
        for (text, part) in self.in_windows(text, |window| (window.plain(), window.expected())) {
            restored.push_str(&text);
            expected += part;
        }
        (restored, expected)
    }

    fn in_windows<T: Send>(&self, text: &str, finish: impl Fn(&RestoredWindow) -> T + Sync) -> Vec<T> {
        let restore = |part| finish(&self.with_decoding(|decoding| RestoredWindow::new(self, part, decoding)));
        // Left to itself rayon hands out many windows at a time, and at the end one thread waits for the last of them.
        windows(text).into_par_iter().with_max_len(1).map(restore).collect()
    }
}

/// Cuts text after line feeds into parts that are restored by themselves.
fn windows(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut lines) = (0, 0);
    for (at, _) in text.match_indices('\n') {
        lines += 1;
        if lines == LINES || at + 1 - start >= BYTES {
            parts.push(&text[start..at + 1]);
            (start, lines) = (at + 1, 0);
        }
    }
    if start < text.len() {
        parts.push(&text[start..]);
    }
    parts
}

/// A window after decoding.
struct RestoredWindow<'a> {
    restorer: &'a Restorer,
    lines: Vec<Cow<'a, str>>,
    window: Window,
    chosen: Vec<Choice>,
}

impl<'a> RestoredWindow<'a> {
    fn new(restorer: &'a Restorer, text: &'a str, decoding: &mut Decoding) -> Self {
        let lines: Vec<Cow<str>> = text.split_inclusive('\n').map(compose).collect();
        let slices: Vec<&str> = lines.iter().map(|l| &**l).collect();
        let (window, chosen) = restorer.window(&slices, decoding);
        RestoredWindow { restorer, window, chosen, lines }
    }

    /// The bytes that the choice stands for, in its line.
    fn place(&self, chosen: &Choice) -> (usize, usize, usize) {
        let tokens = &self.window.tokens[chosen.token..chosen.token + chosen.span];
        (tokens[0].line as usize, tokens[0].token.start, tokens[chosen.span - 1].token.end)
    }

    /// Writes what the choice makes of its tokens; whether that is a change.
    fn write(&self, chosen: &Choice, out: &mut String) -> bool {
        let (line, start, end) = self.place(chosen);
        let seen = &self.lines[line][start..end];
        let kind = self.window.tokens[chosen.token].token.kind;
        let known = chosen.words().first().is_some_and(|&w| w >= class::FIRST_WORD);
        let fixed = matches!(self.window.tokens[chosen.token].slot, Slot::Fixed(_));
        if let Some(number) = self.window.number(chosen.token) {
            let code = self.restorer.code(number, true);
            let number = code.as_deref().unwrap_or(number);
            out.push_str(number);
            return number != seen;
        }
        if self.stands_glued(chosen.token) {
            out.push_str(seen);
            out.push(' ');
            return true;
        }
        if let Some(digits) = seen.strip_suffix('d').filter(|d| d.len() == 3)
            && protect::ends_in_amount(&self.lines[line][..end])
        {
            out.push_str(digits);
            out.push('đ');
            return true;
        }
        let restored = match kind {
            TokenKind::Code => Some(self.restorer.code(seen, self.window.is_misread())),
            TokenKind::Word if fixed => Some(capitals::numeral(seen)),
            _ => None,
        };
        if let Some(restored) = restored {
            out.push_str(restored.as_deref().unwrap_or(seen));
            return restored.is_some();
        }
        if chosen.words() == [class::UNKNOWN]
            && let Some(abbreviation) = self.restorer.abbreviation(seen, |word| self.window.count(word))
        {
            out.push_str(abbreviation);
            return true;
        }
        if known
            && chosen.as_seen
            && let Some(shape) = self.amiss(chosen, seen)
        {
            shape.write(self.restorer.model().vocabulary().word(chosen.words()[0]), out);
            return true;
        }
        if known && (!chosen.as_seen || tone_is_misplaced(seen)) {
            let misread = self.window.is_misread();
            capitals::write(self.restorer.model(), chosen.words(), seen, misread, || self.beside(chosen), out);
        } else {
            out.push_str(seen);
        }
        !chosen.as_seen
    }

    /// Whether a comma or semicolon stands between two words without a space, in misread text, where it is a blot as often as a comma:
    /// the words on both sides are to be found whole.
    fn stands_glued(&self, at: usize) -> bool {
        let [Some(left), Some(sign), Some(right)] =
            [at.checked_sub(1), Some(at), Some(at + 1)].map(|at| at.and_then(|at| self.window.tokens.get(at)))
        else {
            return false;
        };
        let glued = left.line == sign.line
            && left.token.end == sign.token.start
            && right.line == sign.line
            && sign.token.end == right.token.start;
        let text = |seen: &Seen| seen.token.text(&self.lines[sign.line as usize]);
        let word = |seen: &Seen| {
            matches!(seen.token.kind, TokenKind::Word | TokenKind::Mixed)
                && text(seen).starts_with(char::is_alphabetic)
                && text(seen).chars().nth(1).is_some()
        };
        self.window.is_misread()
            && glued
            && matches!(text(sign), "," | ";")
            && word(left)
            && word(right)
            && text(right).starts_with(char::is_lowercase)
    }

    /// The word that is token `at` of the window, as it is seen, if it stands in this line.
    fn word(&self, line: usize, at: usize) -> Option<(WordId, &str)> {
        let seen = self.window.tokens.get(at).filter(|s| s.line as usize == line && s.token.kind == TokenKind::Word)?;
        let Slot::Open(kind) = seen.slot else { return None };
        Some((self.window.kinds[kind as usize].as_seen, seen.token.text(&self.lines[line])))
    }

    /// The words on both sides of the choice, in its line.
    fn neighbours(&self, chosen: &Choice) -> [Option<(WordId, &str)>; 2] {
        let (line, _, _) = self.place(chosen);
        let before = chosen.token.checked_sub(1).and_then(|at| self.word(line, at));
        [before, self.word(line, chosen.token + chosen.span)]
    }

    /// How the words on both sides of the choice are written.
    fn beside(&self, chosen: &Choice) -> Beside {
        let inside = match self.window.tokens[chosen.token].slot {
            Slot::Open(kind) => self.window.kinds[kind as usize].shape.is_some() && !chosen.as_seen,
            Slot::Fixed(_) => false,
        };
        let [before, after] = self.neighbours(chosen).map(|word| word.map(|w| w.1));
        Beside::of(before, after, inside)
    }

    /// The shape of a word that is right but for its capitals.
    fn amiss(&self, chosen: &Choice, seen: &str) -> Option<Shape> {
        // Most words are small.
        seen.chars().any(char::is_uppercase).then_some(())?;
        let [before, after] = self.neighbours(chosen);
        capitals::amiss(self.restorer.model(), chosen.words()[0], seen, before, after.map(|w| w.1))
    }

    /// Writes the text out, and tells of each choice what it would write, at which byte of its line, and whether that is a change.
    fn each(&self, out: &mut String, mut tell: impl FnMut(&Choice, bool, &str, usize)) {
        let mut at = (0, 0);
        let mut line_begins = out.len();
        for chosen in &self.chosen {
            let (line, start, end) = self.place(chosen);
            while at.0 < line {
                out.push_str(&self.lines[at.0][at.1..]);
                line_begins = out.len();
                at = (at.0 + 1, 0);
            }
            out.push_str(&self.lines[line][at.1..start]);
            let written = out.len();
            let changed = self.write(chosen, out);
            tell(chosen, changed, &out[written..], written - line_begins);
            if chosen.proposed {
                out.truncate(written);
                out.push_str(&self.lines[line][start..end]);
            }
            at = (line, end);
        }
        while at.0 < self.lines.len() {
            out.push_str(&self.lines[at.0][at.1..]);
            at = (at.0 + 1, 0);
        }
    }

    fn expected(&self) -> Expected {
        let mut expected = Expected::default();
        for choice in &self.chosen {
            if matches!(self.window.tokens[choice.token].slot, Slot::Open(_)) {
                expected.words += 1;
                expected.right += f64::from(choice.posterior);
            }
            expected.words_of_digits += usize::from(self.is_word_of_digits(choice));
        }
        expected
    }

    /// Whether digits became a word.
    fn is_word_of_digits(&self, chosen: &Choice) -> bool {
        let seen = &self.window.tokens[chosen.token];
        seen.token.kind == TokenKind::Number && chosen.words().first().is_some_and(|&word| word >= class::FIRST_WORD)
    }

    fn plain(&self) -> String {
        let mut out = String::with_capacity(self.lines.iter().map(|l| l.len() * 5 / 4).sum());
        self.each(&mut out, |_, _, _, _| {});
        out
    }

    fn with_tokens(&self) -> RestoredText {
        let mut restored = RestoredText::default();
        let mut text = String::new();
        self.each(&mut text, |chosen, changed, after, begins| {
            let (line, start, end) = self.place(chosen);
            let before = &self.lines[line][start..end];
            let open = matches!(self.window.tokens[chosen.token].slot, Slot::Open(_));
            let posterior = match open {
                true if changed && chosen.as_seen => chosen.posterior.min(CODE),
                true => chosen.posterior,
                false if self.window.number(chosen.token).is_some() => NUMBER,
                false if changed => CODE,
                false => 1.0,
            };
            let proposed = chosen.proposed.then(|| after.to_owned());
            let grade = if proposed.is_some() { Grade::Suggest } else { Grade::of(posterior) };
            let after = if proposed.is_some() { before } else { after };
            restored.tokens.push(RestoredToken {
                before: before.to_owned(),
                after: after.to_owned(),
                proposed,
                posterior,
                grade: changed.then_some(grade),
                word_of_digits: self.is_word_of_digits(chosen),
                line,
                seen: start..end,
                printed: begins..begins + after.len(),
            });
        });
        restored.text = text;
        restored.expected = self.expected();
        restored
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_stands_at_its_bytes_in_the_line_as_seen_and_as_restored() {
        let restorer = Restorer::embedded().unwrap();
        let text = "Uy ban nhan dan xa bao cao\r\n\n- Tông sô h6 so tiep nhan: 1.250; b4o cdo ket qua th trc hien\n\
                    trongnăm 2025,  ngdy l0 thang 5 nam 201 5 (m6t) ông Lo/Ban\u{c}XII. Ket luan";
        let restored = restorer.restore_text(text);
        let (seen, printed): (Vec<&str>, Vec<&str>) = (text.split('\n').collect(), restored.text.split('\n').collect());
        assert!(restored.tokens.iter().filter(|t| t.before != t.after).count() > 10);
        let mut unchanged = text.to_owned();
        for token in restored.tokens.iter().rev() {
            assert_eq!(compose(seen[token.line])[token.seen.clone()], token.before);
            assert_eq!(printed[token.line][token.printed.clone()], token.after);
            let at = seen[..token.line].iter().map(|l| l.len() + 1).sum::<usize>() + token.seen.start;
            unchanged.replace_range(at..at + token.before.len(), &token.after);
        }
        assert_eq!(unchanged, restored.text, "what is between the tokens stays");
    }
}

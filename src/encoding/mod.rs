//! Old Vietnamese encodings: text whose characters stand for bytes of TCVN3, VNI, VISCII, VPS or Windows-1258, or that was
//! UTF-8 and read as something else. It is recognised word by word and converted run by run.

mod capitals;
mod file;
mod font;
mod kind;
mod path;
mod table;
mod tcvn;
mod viscii;
mod vni;
mod vps;

pub use file::is_utf16;
pub use font::encoding_of;
pub use kind::Encoding;

use crate::diagnostics::{Diagnostic, Outcome};
use crate::dict::Dictionaries;
use crate::document::Place;
use path::Token;
use std::ops::Range;

/// A run of text of one encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Bytes of the text as given, from its first foreign word to its last.
    pub range: Range<usize>,
    /// What it was in; never [`Encoding::Unicode`].
    pub encoding: Encoding,
    /// Words that were changed.
    pub words: usize,
}

/// Text that was converted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conversion {
    /// The text in Unicode, NFC where it was converted and as given elsewhere.
    pub text: String,
    /// What was converted, in order; empty where the text was right as it was.
    pub runs: Vec<Run>,
}

/// A piece of text with what is known of its font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The text as it is shown.
    pub text: &'a str,
    /// The name of its font; None where it has none, as in a text file.
    pub font: Option<&'a str>,
}

/// Recognises and converts; it weighs words by how common they are.
#[derive(Debug, Clone, Copy)]
pub struct Converter<'a> {
    known: &'a Dictionaries,
}

impl<'a> Converter<'a> {
    /// A converter that knows these words.
    pub fn new(known: &'a Dictionaries) -> Self {
        Converter { known }
    }

    /// The text in Unicode.
    ///
    /// Each run is converted by the encoding that makes its words syllables in use, where that is evident; a word or two
    /// alone do not suffice. Characters that mean nothing in their run's encoding stay and are named in the diagnostics.
    pub fn convert(&self, text: &str) -> Outcome<Conversion> {
        let mut outcome = self.convert_pieces(&[Piece { text, font: None }]);
        let text = outcome.value.pop().unwrap_or_default();
        Outcome { value: text, diagnostics: outcome.diagnostics }
    }

    /// The texts of consecutive pieces in Unicode, one for each; names of fonts tell the encoding, and whether small
    /// letters are shown as capitals.
    pub fn convert_pieces(&self, pieces: &[Piece]) -> Outcome<Vec<Conversion>> {
        let mut tokens = Vec::new();
        for (index, piece) in pieces.iter().enumerate() {
            let told = piece.font.and_then(encoding_of);
            // The first word of a piece starts a line where the piece before ended one.
            let follows = index.checked_sub(1).is_some_and(|n| !pieces[n].text.ends_with('\n'));
            let mut before = 0;
            tokens.extend(foreign_words(piece.text).map(|range| {
                let gap = &piece.text[before..range.start];
                let starts_line = gap.contains('\n') || (before == 0 && !follows);
                before = range.end;
                let shown = &piece.text[range.clone()];
                Token { piece: index, shown, range, starts_line, told: told.map(|(encoding, _)| encoding) }
            }));
        }
        let encodings = path::encodings(&tokens, self.known);
        let mut diagnostics = Vec::new();
        let mut tokens = tokens.iter().zip(encodings).peekable();
        let mut conversions = Vec::with_capacity(pieces.len());
        for (index, piece) in pieces.iter().enumerate() {
            let told = piece.font.and_then(encoding_of);
            let mut done = Conversion::default();
            let mut copied = 0;
            while let Some((token, encoding)) = tokens.next_if(|(token, _)| token.piece == index) {
                if encoding == Encoding::Unicode {
                    continue;
                }
                let (word, unknown) = path::decode_word(encoding, token.shown);
                if !unknown.is_empty() {
                    diagnostics.push(name_unknown(&unknown, encoding, piece.text, token.range.start));
                }
                done.text.push_str(&piece.text[copied..token.range.start]);
                done.text.push_str(&word);
                copied = token.range.end;
                match done.runs.last_mut() {
                    Some(run) if run.encoding == encoding => {
                        run.range.end = token.range.end;
                        run.words += 1;
                    }
                    _ => done.runs.push(Run { range: token.range.clone(), encoding, words: 1 }),
                }
            }
            done.text.push_str(&piece.text[copied..]);
            let tcvn3 = done.runs.iter().any(|r| matches!(r.encoding, Encoding::Tcvn3 | Encoding::Tcvn5712));
            // A piece in plain letters can be in a font of capitals as well: `.VnTimeH` shows `ban` as `BAN`.
            let plain = done.runs.is_empty() && piece.text.is_ascii();
            match told {
                Some((Encoding::Tcvn3, true)) if tcvn3 || plain => {
                    done.text =
                        capitals::hyphens(&done.text, self.known).chars().map(crate::text::letter::upper).collect();
                }
                Some((Encoding::Tcvn3, false)) if tcvn3 || plain => {
                    done.text = capitals::hyphens(&done.text, self.known)
                }
                _ if tcvn3 => done.text = capitals::raise(&capitals::hyphens(&done.text, self.known)),
                _ => {}
            }
            conversions.push(done);
        }
        Outcome { value: conversions, diagnostics }
    }
}

fn name_unknown(unknown: &[char], encoding: Encoding, text: &str, at: usize) -> Diagnostic {
    let names: Vec<String> = unknown
        .iter()
        .map(|&c| match table::byte_of(c) {
            Some(byte) => format!("`{}` (byte 0x{byte:02X})", c.escape_debug()),
            None => format!("`{}` (U+{:04X})", c.escape_debug(), u32::from(c)),
        })
        .collect();
    let before = &text[..at];
    let line = before.matches('\n').count() as u32 + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
    Diagnostic::warning(format!("{} has no meaning in {encoding} and was left as it is", names.join(", ")))
        .at(Place { line: Some(line), column: Some(column), ..Place::default() })
        .hint("compare the word with the page")
}

/// Words that hold more than ASCII, as byte ranges: what encodings turn letters into may be signs, no-break spaces and
/// control codes, so that only ASCII parts words.
fn foreign_words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let foreign = |b: u8| !b.is_ascii() || (b.is_ascii_control() && !b.is_ascii_whitespace() && b != b'\x0B');
    let inside = move |b: &&u8| foreign(**b) || b.is_ascii_alphabetic();
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let found = first(bytes, at, foreign)?;
        let start = found - bytes[at..found].iter().rev().take_while(inside).count();
        at = found + bytes[found..].iter().take_while(inside).count();
        Some(start..at)
    })
}

/// The place of the first such byte from a place on. Many are looked at together, as most text has few of them.
fn first(bytes: &[u8], from: usize, is_such: impl Fn(u8) -> bool) -> Option<usize> {
    const TOGETHER: usize = 64;
    let mut start = from;
    for some in bytes.get(from..)?.chunks(TOGETHER) {
        if some.iter().fold(false, |any, &b| any | is_such(b)) {
            return some.iter().position(|&b| is_such(b)).map(|at| start + at);
        }
        start += some.len();
    }
    None
}

#[cfg(test)]
mod tests;

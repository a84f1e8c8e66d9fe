//! Old Vietnamese encodings: text whose characters stand for bytes of TCVN3, VNI, VISCII, VPS or Windows-1258, or that was
//! UTF-8 and read as something else. It is recognised word by word and converted run by run.

mod capitals;
mod file;
mod font;
mod path;
mod table;
mod tcvn;
mod viscii;
mod vni;
mod vps;

pub use file::is_utf16;
pub use font::encoding_of;

use crate::diagnostics::{Diagnostic, Outcome};
use crate::dict::Dictionaries;
use crate::document::Place;
use crate::text::letter::is_vietnamese;
use crate::text::nfc;
use path::Token;
use std::fmt;
use std::ops::Range;

/// How the characters of a text are to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// As they are.
    Unicode,
    /// TCVN3 (ABC) as `.Vn` fonts have it: letters from 0xA1 on, the punctuation of Windows below.
    Tcvn3,
    /// The whole of TCVN 5712, toned capitals in the control codes.
    Tcvn5712,
    /// VNI for Windows: a letter and a second character for its marks.
    Vni,
    /// VISCII (RFC 1456).
    Viscii,
    /// VPS.
    Vps,
    /// Windows-1258: letters with their shape, and combining tones.
    Windows1258,
    /// UTF-8 that was read as Windows-1252, Windows-1258 or Latin-1.
    Utf8,
}

impl Encoding {
    /// All of them; the order settles which of two that fit equally is taken.
    pub const ALL: [Encoding; 8] = [
        Encoding::Unicode,
        Encoding::Tcvn3,
        Encoding::Tcvn5712,
        Encoding::Vni,
        Encoding::Viscii,
        Encoding::Vps,
        Encoding::Windows1258,
        Encoding::Utf8,
    ];

    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Unicode => "Unicode",
            Encoding::Tcvn3 => "TCVN3 (ABC)",
            Encoding::Tcvn5712 => "TCVN 5712",
            Encoding::Vni => "VNI",
            Encoding::Viscii => "VISCII",
            Encoding::Vps => "VPS",
            Encoding::Windows1258 => "Windows-1258",
            Encoding::Utf8 => "UTF-8 read as Windows-1252",
        }
    }

    /// The text that `shown` means in this encoding, NFC, and the characters that mean nothing in it and stay as they are.
    pub fn decode(self, shown: &str) -> (String, Vec<char>) {
        let mut out = String::with_capacity(shown.len());
        let mut unknown = Vec::new();
        match self {
            Encoding::Unicode => out.push_str(shown),
            Encoding::Vni => vni::decode(shown, &mut out, &mut unknown),
            Encoding::Utf8 => decode_utf8(shown, &mut out, &mut unknown),
            _ => {
                for c in shown.chars() {
                    match self.letter(c) {
                        Some(letter) => out.push(letter),
                        None => {
                            if self.is_unknown(c) {
                                unknown.push(c);
                            }
                            out.push(c);
                        }
                    }
                }
            }
        }
        match nfc::compose(&out) {
            std::borrow::Cow::Borrowed(_) => (out, unknown),
            std::borrow::Cow::Owned(composed) => (composed, unknown),
        }
    }

    /// The characters that are shown for a letter of this encoding; None for a letter it does not have, such as the
    /// toned capitals of TCVN3, which are small letters in a font of capitals.
    pub fn encode(self, letter: char) -> Option<String> {
        if letter.is_ascii() {
            return Some(letter.to_string());
        }
        let shown = |byte: u8| table::shown(byte).to_string();
        match self {
            Encoding::Unicode => Some(letter.to_string()),
            Encoding::Tcvn3 => {
                let byte = tcvn::TCVN5712.byte(letter)?;
                (tcvn::is_vn3(byte) && (letter.is_lowercase() || "ĂÂĐÊÔƠƯ".contains(letter))).then(|| shown(byte))
            }
            Encoding::Tcvn5712 => tcvn::TCVN5712.byte(letter).map(shown),
            Encoding::Vni => vni::encode(letter),
            Encoding::Viscii => viscii::VISCII.byte(letter).map(shown),
            Encoding::Vps => vps::VPS.byte(letter).map(shown),
            Encoding::Windows1258 => Some(table::to_windows_1258(letter)?.into_iter().map(table::shown).collect()),
            Encoding::Utf8 => Some(letter.to_string().bytes().map(table::shown).collect()),
        }
    }

    /// The letter that a character stands for; None where it stands for itself or for nothing.
    fn letter(self, shown: char) -> Option<char> {
        let byte = table::byte_of(shown)?;
        match self {
            Encoding::Tcvn3 if tcvn::is_vn3(byte) => tcvn::TCVN5712.letter(byte),
            Encoding::Tcvn5712 => match byte {
                // The tones by themselves, for combining with a letter before them.
                0xB0..=0xB4 => Some(['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'][byte as usize - 0xB0]),
                _ => tcvn::TCVN5712.letter(byte),
            },
            Encoding::Viscii => viscii::VISCII.letter(byte),
            Encoding::Vps => vps::VPS.letter(byte),
            Encoding::Windows1258 => Some(table::windows_1258(byte)).filter(|&c| c != shown && byte >= 0x80),
            _ => None,
        }
    }

    /// Whether a character without a letter in this encoding has no business there: a letter, or none of Windows' signs.
    fn is_unknown(self, shown: char) -> bool {
        match table::byte_of(shown) {
            None => shown.is_alphabetic(),
            Some(0x81 | 0x8D | 0x8F | 0x90 | 0x9D) => true,
            Some(_) => {
                self != Encoding::Windows1258
                    && shown.is_alphabetic()
                    && !shown.is_ascii()
                    && !matches!(shown, 'ª' | 'º' | 'µ')
            }
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Puts the bytes together again; what is no whole sequence stays as it is.
fn decode_utf8(shown: &str, out: &mut String, unknown: &mut Vec<char>) {
    let chars: Vec<char> = shown.chars().collect();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let first = table::byte_of_any(c).unwrap_or(0);
        let length = match first {
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => 1,
        };
        let bytes: Option<Vec<u8>> =
            chars.get(at..at + length).and_then(|s| s.iter().map(|&c| table::byte_of_any(c)).collect());
        match bytes.as_deref().map(std::str::from_utf8) {
            Some(Ok(letter)) if length > 1 => {
                out.push_str(letter);
                at += length;
            }
            // The second byte of `à` is a no-break space, which editors turn into a plain one or strip.
            _ if first == 0xC3 && at + 1 == chars.len() => {
                out.push('à');
                at += 1;
            }
            _ => {
                if !c.is_ascii() {
                    unknown.push(c);
                }
                out.push(c);
                at += 1;
            }
        }
    }
}

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

/// The words of a decoded token: runs of letters that Vietnamese has.
fn words(decoded: &str) -> impl Iterator<Item = &str> {
    decoded.split(|c: char| !is_vietnamese(c) && !c.is_alphabetic()).filter(|w| !w.is_empty())
}

#[cfg(test)]
mod tests;

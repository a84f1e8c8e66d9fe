//! The encodings, and what characters mean in each.

use super::{table, tcvn, viscii, vni, vps};
use crate::text::nfc;
use std::fmt;

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

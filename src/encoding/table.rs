//! Bytes, the characters that a program without knowledge of the encoding shows for them, and tables from byte to letter.

use crate::text::nfc;

/// Windows-1252 where it differs from Latin-1: 0x80 to 0x9F. U+0081 and its like stand where it has nothing.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// Windows-1258 where it differs from Windows-1252: letters and combining marks of Vietnamese.
const WINDOWS_1258: [(u8, char); 14] = [
    (0xC3, 'Ă'),
    (0xCC, '\u{300}'),
    (0xD0, 'Đ'),
    (0xD2, '\u{309}'),
    (0xD5, 'Ơ'),
    (0xDD, 'Ư'),
    (0xDE, '\u{303}'),
    (0xE3, 'ă'),
    (0xEC, '\u{301}'),
    (0xF0, 'đ'),
    (0xF2, '\u{323}'),
    (0xF5, 'ơ'),
    (0xFD, 'ư'),
    (0xFE, '₫'),
];

/// The character that a byte is shown as where it is taken for Windows-1252.
pub(super) fn shown(byte: u8) -> char {
    match byte {
        0x80..=0x9F => WINDOWS_1252[byte as usize - 0x80],
        _ => byte as char,
    }
}

/// The byte that is shown so by Windows-1252 or Latin-1; None for characters that neither has.
pub(super) fn byte_of(shown: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(u32::from(shown)) {
        return Some(byte);
    }
    (0x80..).zip(WINDOWS_1252).find(|&(_, c)| c == shown).map(|(byte, _)| byte)
}

/// The byte that is shown so by Windows-1252, Latin-1 or Windows-1258; None for characters that none of them has.
pub(super) fn byte_of_any(shown: char) -> Option<u8> {
    byte_of(shown).or_else(|| WINDOWS_1258.into_iter().find(|&(_, c)| c == shown).map(|(byte, _)| byte))
}

/// The character of a byte in Windows-1258.
pub(super) fn windows_1258(byte: u8) -> char {
    WINDOWS_1258.iter().find(|&&(b, _)| b == byte).map_or_else(|| shown(byte), |&(_, c)| c)
}

/// The bytes that write a Vietnamese letter in Windows-1258: the letter, or its shape and a combining tone.
pub(super) fn to_windows_1258(letter: char) -> Option<Vec<u8>> {
    let whole = |c: char| (0..=0xFF).find(|&b| windows_1258(b) == c);
    if let Some(byte) = whole(letter) {
        return Some(vec![byte]);
    }
    let (base, _) = crate::text::letter::split_tone(letter);
    let mark = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'].into_iter();
    mark.filter(|&m| nfc::letter(base, &[m]) == Some(letter)).find_map(|m| Some(vec![whole(base)?, whole(m)?]))
}

/// An encoding of one byte a letter.
pub(super) struct Table {
    /// Letters among the control codes.
    pub low: &'static [(u8, char)],
    /// Rows 0x80 to 0xF0; NUL where there is no Vietnamese letter.
    pub high: [[char; 16]; 8],
}

impl Table {
    /// The Vietnamese letter of this byte; None where it has none.
    pub fn letter(&self, byte: u8) -> Option<char> {
        match byte {
            0x80.. => Some(self.high[byte as usize / 16 - 8][byte as usize % 16]).filter(|&c| c != '\0'),
            _ => self.low.iter().find(|(b, _)| *b == byte).map(|&(_, c)| c),
        }
    }

    /// The byte of this letter.
    pub fn byte(&self, letter: char) -> Option<u8> {
        (1..=0xFF).find(|&byte| self.letter(byte) == Some(letter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_leads_back_to_its_byte() {
        for byte in 0..=0xFF {
            assert_eq!(byte_of(shown(byte)), Some(byte));
        }
        assert_eq!((byte_of('ơ'), byte_of_any('ơ')), (None, Some(0xF5)));
        assert_eq!(byte_of('ế'), None);
    }
}

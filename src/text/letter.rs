//! One letter: a base letter, its shape (`â ă ê ô ơ ư đ`) and its tone, taken apart and put together.

/// The tone of a syllable, in the order of Vietnamese dictionaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum Tone {
    /// ngang: `a`.
    #[default]
    Level,
    /// huyền: `à`.
    Grave,
    /// hỏi: `ả`.
    Hook,
    /// ngã: `ã`.
    Tilde,
    /// sắc: `á`.
    Acute,
    /// nặng: `ạ`.
    Dot,
}

impl Tone {
    /// All six, in order.
    pub const ALL: [Tone; 6] = [Tone::Level, Tone::Grave, Tone::Hook, Tone::Tilde, Tone::Acute, Tone::Dot];

    /// The tone that a combining mark writes; None for other characters.
    pub fn from_mark(mark: char) -> Option<Tone> {
        Some(match mark {
            '\u{300}' | '\u{340}' => Tone::Grave,
            '\u{309}' => Tone::Hook,
            '\u{303}' => Tone::Tilde,
            '\u{301}' | '\u{341}' => Tone::Acute,
            '\u{323}' => Tone::Dot,
            _ => return None,
        })
    }
}

/// Every vowel letter with its six tones, in the order of [`Tone`].
const VOWELS: [[char; 6]; 24] = [
    ['a', 'à', 'ả', 'ã', 'á', 'ạ'],
    ['ă', 'ằ', 'ẳ', 'ẵ', 'ắ', 'ặ'],
    ['â', 'ầ', 'ẩ', 'ẫ', 'ấ', 'ậ'],
    ['e', 'è', 'ẻ', 'ẽ', 'é', 'ẹ'],
    ['ê', 'ề', 'ể', 'ễ', 'ế', 'ệ'],
    ['i', 'ì', 'ỉ', 'ĩ', 'í', 'ị'],
    ['o', 'ò', 'ỏ', 'õ', 'ó', 'ọ'],
    ['ô', 'ồ', 'ổ', 'ỗ', 'ố', 'ộ'],
    ['ơ', 'ờ', 'ở', 'ỡ', 'ớ', 'ợ'],
    ['u', 'ù', 'ủ', 'ũ', 'ú', 'ụ'],
    ['ư', 'ừ', 'ử', 'ữ', 'ứ', 'ự'],
    ['y', 'ỳ', 'ỷ', 'ỹ', 'ý', 'ỵ'],
    ['A', 'À', 'Ả', 'Ã', 'Á', 'Ạ'],
    ['Ă', 'Ằ', 'Ẳ', 'Ẵ', 'Ắ', 'Ặ'],
    ['Â', 'Ầ', 'Ẩ', 'Ẫ', 'Ấ', 'Ậ'],
    ['E', 'È', 'Ẻ', 'Ẽ', 'É', 'Ẹ'],
    ['Ê', 'Ề', 'Ể', 'Ễ', 'Ế', 'Ệ'],
    ['I', 'Ì', 'Ỉ', 'Ĩ', 'Í', 'Ị'],
    ['O', 'Ò', 'Ỏ', 'Õ', 'Ó', 'Ọ'],
    ['Ô', 'Ồ', 'Ổ', 'Ỗ', 'Ố', 'Ộ'],
    ['Ơ', 'Ờ', 'Ở', 'Ỡ', 'Ớ', 'Ợ'],
    ['U', 'Ù', 'Ủ', 'Ũ', 'Ú', 'Ụ'],
    ['Ư', 'Ừ', 'Ử', 'Ữ', 'Ứ', 'Ự'],
    ['Y', 'Ỳ', 'Ỷ', 'Ỹ', 'Ý', 'Ỵ'],
];

/// For each code point up to the last Vietnamese one: 0, or 1 + 6 * row + tone in [`VOWELS`].
static CELLS: [u8; 0x1EFA] = {
    let mut cells = [0; 0x1EFA];
    let mut row = 0;
    while row < VOWELS.len() {
        let mut tone = 0;
        while tone < 6 {
            cells[VOWELS[row][tone] as usize] = (1 + 6 * row + tone) as u8;
            tone += 1;
        }
        row += 1;
    }
    cells
};

#[inline]
fn cell(c: char) -> Option<(usize, usize)> {
    match CELLS.get(c as usize) {
        None | Some(0) => None,
        Some(&cell) => Some(((cell as usize - 1) / 6, (cell as usize - 1) % 6)),
    }
}

/// Whether it is one of the 144 Vietnamese vowel letters, of either case.
pub fn is_vowel(c: char) -> bool {
    cell(c).is_some()
}

/// Whether a Vietnamese word may hold it: the Latin letters with and without Vietnamese marks, of either case.
pub fn is_vietnamese(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, 'đ' | 'Đ') || cell(c).is_some()
}

/// Whether no other language of the Latin script in common use writes it: shaped and toned letters beyond Latin-1.
pub fn is_distinctive(c: char) -> bool {
    matches!(c, 'ă' | 'Ă' | 'đ' | 'Đ' | 'ĩ' | 'Ĩ' | 'ũ' | 'Ũ' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | '\u{1EA0}'..='\u{1EF9}')
}

/// The letter without its tone, and the tone: `ấ` is (`â`, acute). What is not a Vietnamese vowel comes back as it is.
#[inline]
pub fn split_tone(c: char) -> (char, Tone) {
    match cell(c) {
        Some((row, tone)) => (VOWELS[row][0], Tone::ALL[tone]),
        None => (c, Tone::Level),
    }
}

/// The letter with this tone in place of its own; None where the letter is not a Vietnamese vowel.
pub fn with_tone(c: char, tone: Tone) -> Option<char> {
    cell(c).map(|(row, _)| VOWELS[row][tone as usize])
}

/// The letter with its shape changed by a combining circumflex, breve or horn, its tone kept: `á` and U+0302 is `ấ`.
/// None where Vietnamese has no such letter.
pub fn with_shape(c: char, mark: char) -> Option<char> {
    let (base, tone) = split_tone(c);
    let shaped = match (base, mark) {
        ('a', '\u{302}') => 'â',
        ('A', '\u{302}') => 'Â',
        ('e', '\u{302}') => 'ê',
        ('E', '\u{302}') => 'Ê',
        ('o', '\u{302}') => 'ô',
        ('O', '\u{302}') => 'Ô',
        ('a', '\u{306}') => 'ă',
        ('A', '\u{306}') => 'Ă',
        ('o', '\u{31B}') => 'ơ',
        ('O', '\u{31B}') => 'Ơ',
        ('u', '\u{31B}') => 'ư',
        ('U', '\u{31B}') => 'Ư',
        _ => return None,
    };
    with_tone(shaped, tone)
}

/// The letter without tone and shape: `ấ` is `a`, `Đ` is `D`. Other characters come back as they are.
#[inline]
pub fn bare(c: char) -> char {
    match split_tone(c).0 {
        'ă' | 'â' => 'a',
        'ê' => 'e',
        'ô' | 'ơ' => 'o',
        'ư' => 'u',
        'đ' => 'd',
        'Ă' | 'Â' => 'A',
        'Ê' => 'E',
        'Ô' | 'Ơ' => 'O',
        'Ư' => 'U',
        'Đ' => 'D',
        other => other,
    }
}

/// The small letter; exact for Vietnamese letters, the first character of Unicode's answer for others.
pub fn lower(c: char) -> char {
    match cell(c) {
        Some((row, tone)) => VOWELS[row % 12][tone],
        None if c.is_ascii() => c.to_ascii_lowercase(),
        None => c.to_lowercase().next().unwrap_or(c),
    }
}

/// The capital; exact for Vietnamese letters, the character itself where Unicode's answer has more than one.
pub fn upper(c: char) -> char {
    match cell(c) {
        Some((row, tone)) => VOWELS[row % 12 + 12][tone],
        None if c.is_ascii() => c.to_ascii_uppercase(),
        None => {
            let mut capitals = c.to_uppercase();
            match (capitals.next(), capitals.next()) {
                (Some(capital), None) => capital,
                _ => c,
            }
        }
    }
}

/// All letters that only Vietnamese writing needs beyond ASCII, capitals included, in the order of the alphabet's table.
pub fn marked() -> impl Iterator<Item = char> {
    VOWELS.iter().flatten().copied().filter(|c| !c.is_ascii()).chain(['đ', 'Đ'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn the_table_agrees_with_unicode() {
        for (row, vowels) in VOWELS.iter().enumerate() {
            for (tone, &c) in vowels.iter().enumerate() {
                let marks: Vec<char> = c.nfd().filter_map(|m| Tone::from_mark(m).map(|_| m)).collect();
                let expected = Tone::ALL[tone];
                assert_eq!(marks.first().and_then(|&m| Tone::from_mark(m)).unwrap_or_default(), expected, "{c}");
                let without: String = c.nfd().filter(|&m| Tone::from_mark(m).is_none()).nfc().collect();
                assert_eq!(without, vowels[0].to_string(), "{c}");
                assert_eq!(lower(c).to_string(), c.to_lowercase().to_string());
                assert_eq!(upper(c).to_string(), c.to_uppercase().to_string());
                assert_eq!(row < 12, c.is_lowercase());
                assert!(bare(c).is_ascii_alphabetic());
            }
        }
    }

    #[test]
    fn shapes_keep_the_tone() {
        assert_eq!(with_shape('é', '\u{302}'), Some('ế'));
        assert_eq!(with_shape('Ạ', '\u{306}'), Some('Ặ'));
        assert_eq!(with_shape('ị', '\u{306}'), None);
        assert_eq!(with_shape('b', '\u{302}'), None);
    }

    #[test]
    fn there_are_134_marked_letters() {
        // 67 small letters beyond ASCII (60 toned, 7 shaped) and their capitals: the figure of every Vietnamese code table.
        let letters: std::collections::BTreeSet<char> = marked().collect();
        assert_eq!(letters.len(), 134);
        assert!(letters.iter().all(|&c| is_vietnamese(c) && !c.is_ascii()));
    }
}

//! Cuts a line into tokens that know their bytes; training and restoring see text through the same cuts.
//!
//! White space is never part of a token, and every byte that is not white space belongs to exactly one, so a line can be
//! put together again with some of its tokens replaced.

/// What a token is, as far as its characters tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TokenKind {
    /// Letters only: a syllable, an abbreviation, a foreign word.
    Word,
    /// Letters with digits or signs among them: `c6`, `hi¢u`, `QH14`, `m2`. A misread word, or a short code.
    Mixed,
    /// Digits, with separators and a per cent sign where they have them: `4,374`, `96,16%`, `03/20`.
    Number,
    /// Day, month and year, or month and year, in digits: `05/7/2025`.
    Date,
    /// A document number, or another run of letters, digits and bars: `10/QĐ-UBND`.
    Code,
    /// An address of the network: `https://...`, `a@b.vn`.
    Address,
    /// One mark of punctuation, or a run of the same mark.
    Punctuation,
}

/// One token of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// First byte in the line.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// What it is.
    pub kind: TokenKind,
}

impl Token {
    /// The token's characters.
    #[inline]
    pub fn text<'a>(&self, line: &'a str) -> &'a str {
        &line[self.start..self.end]
    }
}

/// Whether the character is a letter of the Latin script or a mark on one.
///
/// Ranges rather than the Unicode table, because this is asked of every character of every line.
#[inline]
pub fn is_letter(c: char) -> bool {
    match c {
        'a'..='z' | 'A'..='Z' => true,
        '\0'..='\u{bf}' | '×' | '÷' => false,
        '\u{c0}'..='\u{24f}' | '\u{300}'..='\u{36f}' | '\u{1e00}'..='\u{1eff}' => true,
        '\u{2000}'..='\u{2bff}' | '\u{3000}'..='\u{303f}' => false,
        _ => c.is_alphabetic(),
    }
}

/// Marks that stand outside a word and are never a misread part of it.
#[inline]
fn is_outer(c: char) -> bool {
    matches!(
        c,
        '(' | ')' | '[' | ']' | '"' | '\'' | ',' | '.' | ';' | ':' | '!' | '?' | '-' | '/' | '*' | '+' | '=' | '_' | '<' | '>'
            | '\u{2010}'..='\u{2027}' | '«' | '»' | '·' | '\u{25a0}'..='\u{25ff}'
            | '\u{2212}' | '\u{f000}'..='\u{f0ff}'
    )
}

/// Marks that part two words inside a chunk: `xã,phường`, `và/hoặc`, `Huế-Đà`.
fn parts_words(c: char) -> bool {
    matches!(
        c,
        ',' | ';' | ':' | '(' | ')' | '/' | '-' | '"' | '“' | '”' | '…' | '–' | '—' | '.' | '[' | ']' | '!' | '?'
    )
}

/// Cuts `line` into tokens, which are appended to `tokens`.
pub fn tokenise(line: &str, tokens: &mut Vec<Token>) {
    let mut at = 0;
    let bytes = line.as_bytes();
    while at < bytes.len() {
        let rest = &line[at..];
        let Some(skip) = rest.find(|c: char| !is_space(c)) else { break };
        let start = at + skip;
        let end = line[start..].find(is_space).map_or(line.len(), |n| start + n);
        chunk(line, start, end, tokens);
        at = end;
    }
}

#[inline]
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{a0}' | '\r' | '\n' | '\u{c}')
        || (c > '\u{7f}' && c.is_whitespace())
        || c.is_ascii_control()
}

/// Cuts what stands between two spaces.
fn chunk(line: &str, start: usize, end: usize, tokens: &mut Vec<Token>) {
    let text = &line[start..end];
    // The common case by far: letters only.
    if text.chars().all(is_letter) {
        tokens.push(Token { start, end, kind: TokenKind::Word });
        return;
    }
    if is_address(text) {
        let core = text.trim_end_matches(['.', ',', ';', ')', ':']);
        tokens.push(Token { start, end: start + core.len(), kind: TokenKind::Address });
        punctuation(line, start + core.len(), end, tokens);
        return;
    }
    let core_start = start + (text.len() - text.trim_start_matches(is_outer).len());
    punctuation(line, start, core_start, tokens);
    if core_start == end {
        return;
    }
    let mut core_end = core_start + line[core_start..end].trim_end_matches(is_outer).len();
    let core = &line[core_start..core_end];
    let kind = whole(core);
    if kind == Some(TokenKind::Code) && line[core_end..end].starts_with('-') && core_end + 1 == end {
        // `10/QĐ-` at a line's end: the number goes on in the next line, and the bar is part of it.
        core_end = end;
    }
    match kind {
        Some(TokenKind::Word | TokenKind::Mixed) if ends_in_a_misread_mark(line, core_end, end) => {
            core_end += line[core_end..end].chars().next().map_or(0, char::len_utf8);
            tokens.push(Token { start: core_start, end: core_end, kind: TokenKind::Mixed });
        }
        Some(kind) => tokens.push(Token { start: core_start, end: core_end, kind }),
        None => pieces(line, core_start, core_end, tokens),
    }
    punctuation(line, core_end, end, tokens);
}

/// Whether the mark right after a word is the horn or hook of its last letter, misread: a closing quotation mark where none was
/// opened (`co’ quan`), or a question mark in the middle of a sentence (`thi? hai`).
fn ends_in_a_misread_mark(line: &str, word_end: usize, chunk_end: usize) -> bool {
    if !line[..word_end].ends_with(is_letter) {
        return false;
    }
    let mark = &line[word_end..chunk_end];
    if mark.starts_with(['’', '\'']) {
        return !line[..word_end].contains('‘') && !line[..word_end].contains(" '") && !line.starts_with('\'');
    }
    mark == "?" && line[chunk_end..].trim_start().starts_with(char::is_lowercase)
}

/// The kind of a chunk that is not to be cut any further; None where it holds words that a mark parts.
fn whole(core: &str) -> Option<TokenKind> {
    let digits = core.bytes().filter(u8::is_ascii_digit).count();
    let letters = core.chars().filter(|&c| is_letter(c)).count();
    let bars = core.bytes().filter(|&b| b == b'/' || b == b'-').count();
    if digits > 0 && letters == 0 {
        let plain = core.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '%' | '/' | '-' | ':' | '–'));
        return Some(match plain {
            true if is_date(core) => TokenKind::Date,
            true => TokenKind::Number,
            false => TokenKind::Mixed,
        });
    }
    if digits > 0 && bars > 0 && is_code(core) {
        return Some(TokenKind::Code);
    }
    let parted = core.chars().any(parts_words);
    match (letters > 0, parted) {
        (_, true) => None,
        (true, false) if core.chars().all(is_letter) => Some(TokenKind::Word),
        (true, false) => Some(TokenKind::Mixed),
        (false, false) => Some(TokenKind::Punctuation),
    }
}

/// A document number: it begins with a digit or holds capitals only, and has a bar.
fn is_code(core: &str) -> bool {
    let lower = core.chars().filter(|c| c.is_lowercase()).count();
    let capitals = core.chars().filter(|c| c.is_uppercase()).count();
    let digit_then_bar =
        core.split(['/', '-']).next().is_some_and(|head| !head.is_empty() && head.bytes().all(|b| b.is_ascii_digit()));
    (digit_then_bar && capitals > 0) || (capitals >= 2 && lower <= capitals / 2)
}

/// `5/7/2025`, `05.07.2025`, `7/2025`: two or three groups, the last a year.
fn is_date(core: &str) -> bool {
    let mut groups = [0usize; 4];
    let mut count = 0;
    for group in core.split(['/', '.', '-']) {
        if count == 3 || group.is_empty() || !group.bytes().all(|b| b.is_ascii_digit()) {
            return false;
        }
        groups[count] = group.len();
        count += 1;
    }
    let year = groups[count - 1] == 4 && ["19", "20"].iter().any(|c| core[core.len() - 4..].starts_with(c));
    match count {
        3 => groups[0] <= 2 && groups[1] <= 2 && (year || groups[2] == 2) && !core.contains('-'),
        2 => groups[0] <= 2 && year && core.contains('/'),
        _ => false,
    }
}

fn is_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    if !bytes.iter().any(|b| matches!(b, b'@' | b':' | b'w' | b'.')) {
        return false;
    }
    let lower = text.trim_start_matches(['(', '<', '"']);
    lower.contains("://")
        || lower.starts_with("www.")
        || is_host(lower.trim_end_matches(['.', ',', ';', ')', ':', '/']))
        || text.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty()
                && host.contains('.')
                && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-,;)".contains(&b))
        })
}

/// `dichvucong.gov.vn`: names of letters, digits and hyphens, the last one that of a country or a kind of body.
fn is_host(text: &str) -> bool {
    const LAST: [&str; 8] = ["vn", "com", "net", "org", "gov", "edu", "info", "asia"];
    let host = text.split('/').next().unwrap_or("");
    host.rsplit_once('.').is_some_and(|(_, last)| LAST.contains(&last))
        && host.split('.').all(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

/// Words and what parts them.
fn pieces(line: &str, start: usize, end: usize, tokens: &mut Vec<Token>) {
    let mut at = start;
    while at < end {
        let rest = &line[at..end];
        let word = rest.find(parts_words).unwrap_or(rest.len());
        if word > 0 {
            let kind = whole(&rest[..word]).unwrap_or(TokenKind::Mixed);
            tokens.push(Token { start: at, end: at + word, kind });
        }
        let mark = rest[word..].find(|c| !parts_words(c)).unwrap_or(rest.len() - word);
        punctuation(line, at + word, at + word + mark, tokens);
        at += word + mark;
    }
}

/// One token for each run of the same mark.
fn punctuation(line: &str, start: usize, end: usize, tokens: &mut Vec<Token>) {
    let mut last = None;
    for (offset, c) in line[start..end].char_indices() {
        let at = start + offset;
        let after = at + c.len_utf8();
        match tokens.last_mut() {
            Some(token) if last == Some(c) => token.end = after,
            _ => tokens.push(Token { start: at, end: after, kind: TokenKind::Punctuation }),
        }
        last = Some(c);
    }
}

/// How a word's letters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shape {
    /// No capital.
    Lower,
    /// The first letter is a capital, the others are not; also a single capital letter.
    Title,
    /// Capitals only, at least two.
    Upper,
    /// Capitals elsewhere.
    Other,
}

impl Shape {
    /// The shape of `word`; what has no case counts as lower.
    pub fn of(word: &str) -> Shape {
        // Nearly all words of text without marks.
        if word.bytes().all(|b| b.is_ascii_lowercase()) {
            return Shape::Lower;
        }
        let mut first = false;
        let (mut capitals, mut small) = (0, 0);
        for (index, c) in word.chars().enumerate() {
            if c.is_uppercase() {
                capitals += 1;
                first |= index == 0;
            } else if c.is_lowercase() {
                small += 1;
            }
        }
        match (capitals, small) {
            (0, _) => Shape::Lower,
            (1, _) if first => Shape::Title,
            (_, 0) => Shape::Upper,
            _ => Shape::Other,
        }
    }

    /// Writes the lower-case `word` in this shape onto `out`; [`Shape::Other`] leaves it as it is.
    pub fn write(self, word: &str, out: &mut String) {
        let mut chars = word.chars();
        match self {
            Shape::Lower | Shape::Other => out.push_str(word),
            Shape::Upper => out.extend(chars.flat_map(char::to_uppercase)),
            Shape::Title => {
                out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
                out.push_str(chars.as_str());
            }
        }
    }
}

/// Writes `word` onto `out` as the language model knows it: lower case, and the tone on the first vowel of an open `oa`, `oe`, `uy`
/// (`hòa`, `thúy`, but `quý`). `word` is NFC.
pub fn fold_word(word: &str, out: &mut String) {
    let from = out.len();
    for c in word.chars() {
        match c {
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            '\0'..='\u{7f}' => out.push(c),
            // Vietnamese capitals stand right before their small letters, on even code points.
            '\u{1ea0}'..='\u{1ef9}' => out.push(char::from_u32(c as u32 | 1).unwrap_or(c)),
            _ => out.extend(c.to_lowercase()),
        }
    }
    if let Some((tail, placed)) = misplaced_tone(&out[from..]) {
        out.truncate(out.len() - tail);
        out.push_str(placed);
    }
}

/// Whether the word's tone stands where [`fold_word`] would not put it: `hoà`, `UỶ`.
pub fn tone_is_misplaced(word: &str) -> bool {
    if word.as_bytes().last().is_none_or(u8::is_ascii) {
        return false;
    }
    let mut end = word.chars().rev().take(3).collect::<Vec<char>>();
    end.reverse();
    let lower: String = end.into_iter().flat_map(char::to_lowercase).collect();
    misplaced_tone(&lower).is_some()
}

/// The number of last bytes of a lower-case word to be replaced, and what by, where its tone stands on the second vowel of an
/// open `oa`, `oe` or `uy`.
fn misplaced_tone(word: &str) -> Option<(usize, &'static str)> {
    const PAIRS: [(&str, &str); 15] = [
        ("oà", "òa"),
        ("oá", "óa"),
        ("oả", "ỏa"),
        ("oã", "õa"),
        ("oạ", "ọa"),
        ("oè", "òe"),
        ("oé", "óe"),
        ("oẻ", "ỏe"),
        ("oẽ", "õe"),
        ("oẹ", "ọe"),
        ("uỳ", "ùy"),
        ("uý", "úy"),
        ("uỷ", "ủy"),
        ("uỹ", "ũy"),
        ("uỵ", "ụy"),
    ];
    if word.as_bytes().last().is_none_or(u8::is_ascii) {
        return None;
    }
    let (old, new) = PAIRS.iter().find(|(old, _)| word.ends_with(old))?;
    (!word[..word.len() - old.len()].ends_with('q')).then_some((old.len(), *new))
}

#[cfg(test)]
mod tests {
    use super::*;
    use TokenKind::*;

    fn cut(line: &str) -> Vec<(&str, TokenKind)> {
        let mut tokens = Vec::new();
        tokenise(line, &mut tokens);
        tokens.into_iter().map(|t| (t.text(line), t.kind)).collect()
    }

    #[test]
    fn lines_are_cut_where_a_clerk_would() {
        let p = Punctuation;
        let cases: &[(&str, &[(&str, TokenKind)])] = &[
            (
                "Tổng số: 1,077 (96,16%).",
                &[
                    ("Tổng", Word),
                    ("số", Word),
                    (":", p),
                    ("1,077", Number),
                    ("(", p),
                    ("96,16%", Number),
                    (")", p),
                    (".", p),
                ],
            ),
            (
                "số 10/QĐ-UBND ngày 05/7/2025;",
                &[("số", Word), ("10/QĐ-UBND", Code), ("ngày", Word), ("05/7/2025", Date), (";", p)],
            ),
            ("số 10/QĐ-", &[("số", Word), ("10/QĐ-", Code)]),
            ("45/2020/NĐ-CP", &[("45/2020/NĐ-CP", Code)]),
            ("co’ quan, thi? hai", &[("co’", Mixed), ("quan", Word), (",", p), ("thi?", Mixed), ("hai", Word)]),
            ("là ai? Ông ‘A’", &[("là", Word), ("ai", Word), ("?", p), ("Ông", Word), ("‘", p), ("A", Word), ("’", p)]),
            ("c6 nd1 hi¢u", &[("c6", Mixed), ("nd1", Mixed), ("hi¢u", Mixed)]),
            (
                "a) xã,phường và/hoặc",
                &[
                    ("a", Word),
                    (")", p),
                    ("xã", Word),
                    (",", p),
                    ("phường", Word),
                    ("và", Word),
                    ("/", p),
                    ("hoặc", Word),
                ],
            ),
            (
                "thư abc@vp.gov.vn, https://a.vn/b?c.",
                &[("thư", Word), ("abc@vp.gov.vn", Address), (",", p), ("https://a.vn/b?c", Address), (".", p)],
            ),
            ("trang xa.tinh.gov.vn.", &[("trang", Word), ("xa.tinh.gov.vn", Address), (".", p)]),
            ("………… 12.", &[("…………", p), ("12", Number), (".", p)]),
            ("- tháng 9/2025", &[("-", p), ("tháng", Word), ("9/2025", Date)]),
            ("04/04 đơn vị", &[("04/04", Number), ("đơn", Word), ("vị", Word)]),
        ];
        for (line, want) in cases {
            assert_eq!(cut(line), *want, "{line}");
        }
    }

    #[test]
    fn every_byte_but_space_is_in_one_token() {
        for line in ["  (Quý III năm 2025) — «x»/ y-1.2/ab\u{a0}, v{% Viéc;;..", "½ ○● 1°C 5m² (a/b)", "\u{1}x\u{7}"]
        {
            let mut covered = vec![0; line.len()];
            let mut tokens = Vec::new();
            tokenise(line, &mut tokens);
            for t in &tokens {
                covered[t.start..t.end].iter_mut().for_each(|c| *c += 1);
            }
            for (at, c) in line.char_indices() {
                assert_eq!(covered[at], u8::from(!is_space(c)), "{line:?} at {at}");
            }
        }
    }

    #[test]
    fn folding_lowers_and_places_the_tone() {
        for (word, want) in [
            ("ĐỊNH", "định"),
            ("Hoà", "hòa"),
            ("UỶ", "ủy"),
            ("Quý", "quý"),
            ("toàn", "toàn"),
            ("khoẻ", "khỏe"),
            ("Ước", "ước"),
        ] {
            let mut got = String::new();
            fold_word(word, &mut got);
            assert_eq!(got, want);
        }
    }

    #[test]
    fn shapes_are_seen_and_written() {
        for (word, shape, lower) in [
            ("SƠN", Shape::Upper, "sơn"),
            ("Đại", Shape::Title, "đại"),
            ("Đ", Shape::Title, "đ"),
            ("xã", Shape::Lower, "xã"),
        ] {
            assert_eq!(Shape::of(word), shape);
            let mut out = String::new();
            shape.write(lower, &mut out);
            assert_eq!(out, word);
        }
        assert_eq!(Shape::of("ĐắkLắk"), Shape::Other);
    }
}

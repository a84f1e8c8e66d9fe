//! The outline of a report: the marks that its parts, items and points begin with, and the section that each paragraph is in.

use crate::extract::words::{WORDS, begins_with};
use crate::text::roman;

/// How deep a paragraph's mark stands, from the outermost; plain paragraphs stand below all headings and beside points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Depth {
    /// `A.`
    Letter,
    /// `I.`
    Roman,
    /// `1.`
    Arabic,
    /// `1.1.`, `1.1.1.` and deeper
    Nested,
    /// `a)`
    Point,
    /// No mark.
    Plain,
    /// `-`
    Dash,
    /// `+`, and a bullet
    Plus,
    /// A third sign below those two
    Star,
}

/// The signs of lists that are open, outermost first: which one stands deeper is for the document to say.
#[derive(Debug, Default)]
pub(in crate::extract) struct Bullets {
    open: Vec<char>,
}

impl Bullets {
    /// The depth of a mark where it stands: that of a list's sign by when the sign came first since the last heading.
    pub(in crate::extract) fn depth(&mut self, mark: &Mark, line: &str) -> Depth {
        if mark.depth < Depth::Dash {
            self.open.clear();
            return mark.depth;
        }
        let sign = match line.trim_start().chars().next() {
            Some('–' | '—' | '~') | None => '-',
            Some(sign) if is_round(sign) => '•',
            Some(sign) => sign,
        };
        let at = self.open.iter().position(|s| *s == sign).unwrap_or_else(|| {
            self.open.push(sign);
            self.open.len() - 1
        });
        [Depth::Dash, Depth::Plus, Depth::Star][at.min(2)]
    }
}

/// Signs as which recognisers read a bullet.
fn is_round(sign: char) -> bool {
    matches!(sign, '©' | '®' | '°' | '¢')
}

impl Depth {
    /// Whether the mark gives its section a name.
    pub(in crate::extract) fn names_section(self) -> bool {
        self < Depth::Plain
    }
}

/// The mark that a line begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) depth: Depth,
    /// `I`, `6`, `1.2`, `a`; empty for dashes.
    pub(crate) name: String,
    /// Length of the mark in the line's bytes, white space before and after it included.
    pub(crate) len: usize,
}

impl Mark {
    /// Whether it is that of [`annex`].
    pub(in crate::extract) fn is_annex(&self) -> bool {
        self.depth == Depth::Letter && self.name.is_empty()
    }

    /// Whether it is that of a numbered part: `PHẦN 5.`
    fn is_part(&self) -> bool {
        self.is_annex() && self.len > 0
    }
}

/// The beginning of an annex or of a table with a title of its own: `PHỤ LỤC`, `BIỂU TỔNG HỢP …`. It stands outermost, has
/// no name, and ends all sections of the text before it.
pub(in crate::extract) fn annex(line: &str) -> Option<Mark> {
    let text = line.trim();
    let folded = crate::text::fold::key(text);
    if let Some(len) = part(text, &folded) {
        let indent = line.len() - line.trim_start().len();
        return Some(Mark { depth: Depth::Letter, name: String::new(), len: indent + len });
    }
    let titled = |word: &String| folded.strip_prefix(word.as_str()).is_some_and(|rest| rest.starts_with(' '));
    let annex = begins_with(&folded, &WORDS.annexes);
    let begins = annex || WORDS.titled.iter().any(titled);
    // `Phụ lục 1` alone in its line may be set in small letters.
    let alone = annex && text.chars().count() <= 14 && text.starts_with(char::is_uppercase);
    (begins && is_capitals(text) || alone).then(|| Mark { depth: Depth::Letter, name: String::new(), len: 0 })
}

/// The bytes of what numbers a part at the beginning of a line, `Phần thứ hai`, `PHẦN I:`; None where it numbers none. Behind it stands nothing,
/// or a title in capitals: `phần thứ hai của báo cáo` is text.
fn part(text: &str, folded: &str) -> Option<usize> {
    let word =
        WORDS.parts.iter().find(|word| folded.strip_prefix(word.as_str()).is_some_and(|rest| rest.starts_with(' ')))?;
    let words = word.split(' ').count() + 1;
    let mut ends = text.match_indices(' ').map(|(at, _)| at).chain([text.len()]);
    let end = ends.nth(words - 1)?;
    let number = text[..end].rsplit(' ').next()?;
    let closes = number.ends_with([':', '.']);
    let number = number.trim_end_matches([':', '.', ',']);
    let ordinal = words > 2 || number.len() == 1 || roman(number).is_some();
    let title = text[end..].trim_start_matches([' ', ':', '.', '-', '–']);
    let stands = title.is_empty() || is_capitals(title) || closes && title.starts_with(char::is_uppercase);
    (text.starts_with(char::is_uppercase) && ordinal && stands).then_some(end)
}

/// Whether a line of two words or more is set in capitals.
pub(in crate::extract) fn is_capitals(line: &str) -> bool {
    let letters = || line.chars().filter(|c| c.is_alphabetic());
    line.trim().contains(' ') && letters().filter(|c| c.is_uppercase()).count() * 10 >= letters().count() * 8
}

/// The mark at the beginning of a line; None where it goes on with what stands before it.
pub(crate) fn mark(line: &str) -> Option<Mark> {
    let text = line.trim_start();
    let indent = line.len() - text.len();
    let made = |depth, name: &str, used: usize| {
        let rest = &text[used..];
        let space = rest.len() - rest.trim_start().len();
        Some(Mark { depth, name: name.to_owned(), len: indent + used + space })
    };
    let first = text.chars().next()?;
    let after_first = &text[first.len_utf8()..];
    match first {
        '-' | '–' | '—' if !after_first.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
            return made(Depth::Dash, "", first.len_utf8());
        }
        // One that is printed close to its word is none before a number: `+84`.
        '+' | '*' | '•' | '●' | '◦' | '▪' | '\u{f0b7}'
            if after_first.starts_with(|c: char| c.is_whitespace() || c.is_alphabetic()) =>
        {
            return made(Depth::Plus, "", first.len_utf8());
        }
        // A dash that was read as a tilde.
        '~' if after_first.starts_with(' ') => return made(Depth::Dash, "", 1),
        _ if is_round(first) || matches!(first, '○' | '□' | '■' | '❖' | '➢' | '►' | '»' | '·') => {
            let behind = after_first.trim_start_matches(is_round);
            let rest = behind.trim_start();
            if rest.len() < behind.len() && rest.starts_with(char::is_alphabetic) {
                return made(Depth::Plus, "", text.len() - behind.len());
            }
        }
        _ => {}
    }
    // `Mục 3. Tiếp nhận phản ánh`: the word says no more than the mark.
    if let Some(rest) = WORDS.sections.iter().find_map(|word| text.strip_prefix(word.as_str())?.strip_prefix(' ')) {
        let inner =
            mark(rest).filter(|m| matches!(m.depth, Depth::Letter | Depth::Roman | Depth::Arabic | Depth::Nested))?;
        return made(inner.depth, &inner.name, text.len() - rest.len() + inner.len);
    }
    let word = text.split_whitespace().next()?;
    // Three short numbers parted by points are a mark without a point behind it as well: no number looks like that.
    let head = word.strip_suffix(['.', ')', '/']).or_else(|| (word.matches('.').count() > 1).then_some(word));
    // So are two before words that begin with a capital: `2.2 HS giải quyết xong: 4.218 HS`.
    let nested = |number: &&str| is_nested(number, text[word.len()..].trim_start());
    // Where a stop was read as a comma: `9.1, Chỉ tiêu: …`.
    let head = head.or_else(|| word.strip_suffix(',').or(Some(word)).filter(nested));
    // `I-`, `1-`: a dash that sticks; `I – KẾT QUẢ`: one that stands by itself, behind a Roman number or a letter.
    let dashes = ['-', '–'];
    let head = head.or_else(|| word.strip_suffix(dashes));
    let apart = text[word.len()..].trim_start().strip_prefix(dashes).filter(|rest| rest.starts_with(' '));
    let (head, used) = match (head, apart) {
        (Some(head), _) => (head, word.len()),
        (None, Some(rest)) if word.chars().all(|c| matches!(c, 'I' | 'V' | 'X')) => (word, text.len() - rest.len()),
        // `B - PHƯƠNG HƯỚNG`: behind a letter only capitals do.
        (None, Some(rest)) if word.len() == 1 && first.is_ascii_uppercase() && is_capitals(rest) => {
            (word, text.len() - rest.len())
        }
        _ => return None,
    };
    // `(1) Tiếp nhận`
    let enclosed = head.strip_prefix('(').filter(|_| word.ends_with(')'));
    if let Some(name) = enclosed.filter(|name| name.len() == 1 && name.bytes().all(|b| b.is_ascii_alphanumeric())) {
        let rest = text[used..].trim_start();
        return if rest.starts_with(char::is_alphabetic) { made(Depth::Point, name, used) } else { None };
    }
    let closes = word.ends_with(')');
    // A number at a line's end may close a sentence, so what follows a mark begins as a heading does.
    let rest = text[used..].trim_start();
    let begins = rest.starts_with(|c: char| c.is_uppercase() || matches!(c, '“' | '"' | '('));
    if head.len() == 1 && first.is_ascii_lowercase() || WORDS.points.iter().any(|point| point == head) {
        return if rest.is_empty() { None } else { made(Depth::Point, head, used) };
    }
    if !begins && !rest.starts_with(char::is_alphabetic) {
        return None;
    }
    if head.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        let parts: Vec<&str> = head.split('.').collect();
        if parts.iter().any(|p| p.is_empty() || p.len() > 2) {
            return None;
        }
        return match parts.len() {
            1 if begins => made(Depth::Arabic, head, used),
            2..=5 => made(Depth::Nested, head, used),
            _ => None,
        };
    }
    if closes || !begins {
        return None;
    }
    if let Some(roman) = roman(head) {
        return made(Depth::Roman, &roman, used);
    }
    if head.len() == 1 && first.is_ascii_uppercase() { made(Depth::Letter, head, used) } else { None }
}

/// Whether a word is the number of an item within a section, without a point behind it, before these words.
fn is_nested(word: &str, rest: &str) -> bool {
    let short = |part: &str| {
        (1..=2).contains(&part.len()) && !part.starts_with('0') && part.bytes().all(|b| b.is_ascii_digit())
    };
    let numbers = word.split_once('.').is_some_and(|(section, item)| short(section) && short(item));
    numbers && rest.starts_with(char::is_uppercase) && rest.split_whitespace().nth(2).is_some()
}

/// The Roman number that was printed, up to twelve, as recognisers read it: `l` and `1` for `I`, `HI` and `IH` for `III`.
pub(in crate::extract) fn roman(head: &str) -> Option<String> {
    let printed: String = head
        .chars()
        .map(|c| match c {
            'l' | '1' | '|' => "I",
            'H' => "II",
            'I' => "I",
            'V' => "V",
            'X' => "X",
            _ => "?",
        })
        .collect();
    roman::value(&printed).filter(|number| *number <= 12).map(roman::numeral)
}

/// The headings that are open while a document is read from its beginning to its end.
#[derive(Debug, Default)]
pub(in crate::extract) struct Outline {
    open: Vec<(Depth, String)>,
    /// What was open before the last table with a title of its own.
    before: Vec<(Depth, String)>,
}

impl Outline {
    /// Enters the section that a mark opens. True where it goes on with the sections before a table whose title had ended them: `2. Hồ sơ`, `BIỂU 01: …`,
    /// `3. Phản ánh`.
    pub(in crate::extract) fn enter(&mut self, mark: &Mark) -> bool {
        if mark.is_annex() {
            // Several titles may follow each other.
            if !self.open.is_empty() {
                self.before = std::mem::take(&mut self.open);
            }
            // Items may be numbered through all parts of a form, and are this part's all the same.
            if mark.is_part() {
                self.before.clear();
            }
            return false;
        }
        let goes_on = self.goes_on(mark);
        if goes_on {
            self.open = std::mem::take(&mut self.before);
        }
        if mark.depth.names_section() {
            self.open.retain(|(depth, _)| *depth < mark.depth);
            // `1.2.` bears the number of the section around it already.
            if mark.depth == Depth::Nested {
                self.open.retain(|(depth, _)| *depth != Depth::Arabic);
            }
            self.open.push((mark.depth, mark.name.clone()));
        }
        goes_on
    }

    /// Whether the mark bears the number behind that of a section that was open before the last table with a title of its own, and none of its kind
    /// stands below that title.
    fn goes_on(&self, mark: &Mark) -> bool {
        let number = |name: &str| name.parse::<u32>().ok().or_else(|| roman::value(name).map(u32::from));
        let is_next = |(depth, name): &(Depth, String)| {
            *depth == mark.depth && number(name).is_some_and(|n| number(&mark.name) == Some(n + 1))
        };
        matches!(mark.depth, Depth::Roman | Depth::Arabic)
            && !self.open.iter().any(|(depth, _)| *depth <= mark.depth)
            && self.before.iter().any(is_next)
    }

    /// The path of the section, such as `I.6`; None before the first heading.
    pub(in crate::extract) fn path(&self) -> Option<String> {
        let names: Vec<&str> = self.open.iter().map(|(_, name)| name.as_str()).collect();
        (!names.is_empty()).then(|| names.join("."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_numbered_through_the_parts_of_a_form_are_in_their_part() {
        let mut outline = Outline::default();
        let mut goes_on = |line: &str| outline.enter(&mark(line).or_else(|| annex(line)).unwrap());
        for line in ["PHẦN 4. TỶ LỆ", "21. Mức độ hài lòng: 98%", "PHẦN 5. PHẢN ÁNH, KIẾN NGHỊ", "22. Tổng số: 11"]
        {
            assert!(!goes_on(line), "{line}");
        }
    }

    #[test]
    fn the_title_of_a_table_does_not_end_the_numbering_around_it() {
        let mut outline = Outline::default();
        let mut path = |line: &str| {
            let mark = mark(line).or_else(|| annex(line)).unwrap();
            let goes_on = outline.enter(&mark);
            (goes_on, outline.path())
        };
        let at = |name: &str| Some(name.to_owned());
        path("II. KẾT QUẢ");
        assert_eq!(path("2. Hồ sơ"), (false, at("II.2")));
        assert_eq!(path("BIỂU 01: TỔNG HỢP"), (false, None));
        assert_eq!(path("BIỂU 02: PHÂN THEO LĨNH VỰC"), (false, None));
        assert_eq!(path("3. Phản ánh"), (true, at("II.3")));
        assert_eq!(path("PHỤ LỤC"), (false, None));
        assert_eq!(path("1. Hồ sơ"), (false, at("1")), "an annex counts anew");
        assert_eq!(path("III. PHƯƠNG HƯỚNG"), (true, at("III")));
    }

    #[test]
    fn marks_are_told_from_text() {
        let cases = [
            ("I. TÌNH HÌNH CHUNG", Some((Depth::Roman, "I"))),
            ("HI. PHƯƠNG HƯỚNG", Some((Depth::Roman, "III"))),
            ("lI. KẾT QUẢ", Some((Depth::Roman, "II"))),
            ("A. PHẦN THỨ NHẤT", Some((Depth::Letter, "A"))),
            ("6. Kết quả giải quyết", Some((Depth::Arabic, "6"))),
            ("1.2. Về cải cách", Some((Depth::Nested, "1.2"))),
            ("2.4.1.1. Đào tạo dài hạn", Some((Depth::Nested, "2.4.1.1"))),
            ("1.2.4 Nơi làm việc", Some((Depth::Nested, "1.2.4"))),
            ("1.250.000 đồng", None),
            ("1.2 hồ sơ", None),
            ("a) Ưu điểm", Some((Depth::Point, "a"))),
            ("đ) nội dung khác", Some((Depth::Point, "đ"))),
            ("- Trực tuyến: 5", Some((Depth::Dash, ""))),
            ("-Trực tuyến: 5", Some((Depth::Dash, ""))),
            ("+ Số mới: 5", Some((Depth::Plus, ""))),
            ("+PAKN về hành vi: 03", Some((Depth::Plus, ""))),
            ("+84 236 3812 345", None),
            ("© Số hồ sơ đã giải quyết: 627", Some((Depth::Plus, ""))),
            ("° Hồ sơ dừng: không có.", Some((Depth::Plus, ""))),
            ("®® Hồ sơ dừng: không có.", Some((Depth::Plus, ""))),
            ("~ về quy định: 0", Some((Depth::Dash, ""))),
            ("~100 hồ sơ", None),
            ("9.1, Chỉ tiêu: hồ sơ trực tuyến 99,8%", Some((Depth::Nested, "9.1"))),
            ("9,1, 8,2", None),
            ("9.1, trong đó", None),
            ("°C là đơn vị", None),
            ("© 2025 Sở", None),
            ("3/ Về số hóa", Some((Depth::Arabic, "3"))),
            ("4.1/ Tiếp nhận", Some((Depth::Nested, "4.1"))),
            ("I/ KẾT QUẢ", Some((Depth::Roman, "I"))),
            ("II- Kết quả", Some((Depth::Roman, "II"))),
            ("III – KIẾN NGHỊ", Some((Depth::Roman, "III"))),
            ("D - NHIỆM VỤ THÁNG TỚI", Some((Depth::Letter, "D"))),
            ("A - Cửa hàng", None),
            ("b/ Hạn chế", Some((Depth::Point, "b"))),
            ("(1) Tiếp nhận", Some((Depth::Point, "1"))),
            ("(2) (3) (4)", None),
            ("12/2025 Sở", None),
            ("3 – Đất đai", None),
            ("I – 12", None),
            ("-5 độ", None),
            ("2,899); số khác", None),
            ("1.077 hồ sơ", None),
            ("12. hồ sơ", None),
            ("Trong kỳ", None),
            ("", None),
        ];
        for (line, want) in cases {
            let got = mark(line);
            assert_eq!(got.as_ref().map(|m| (m.depth, m.name.as_str())), want, "{line}");
        }
        assert_eq!(mark("  6.  Kết").unwrap().len, 6);
    }

    #[test]
    fn annexes_are_told_from_text() {
        for line in ["PHỤ LỤC", "PHỤ LỤC II", "Phụ lục 1", "BIỂU TỔNG HỢP KẾT QUẢ", "BẢNG SỐ LIỆU"]
        {
            assert!(annex(line).is_some(), "{line}");
        }
        for line in ["Phần thứ hai", "PHẦN THỨ NHẤT", "Phần I: KẾT QUẢ THỰC HIỆN", "PHẦN A", "Phần IV. Phương hướng"]
        {
            assert!(annex(line).is_some(), "{line}");
        }
        for line in ["Phần thứ hai của báo cáo", "phần thứ hai", "Phần mềm", "Phần trăm", "Phần lớn hồ sơ"]
        {
            assert!(annex(line).is_none(), "{line}");
        }
        for line in ["Phụ lục kèm theo Báo cáo", "Biểu tổng hợp kết quả", "BÁO CÁO", "Bảng giá đất mới"]
        {
            assert!(annex(line).is_none(), "{line}");
        }
        let mut outline = Outline::default();
        outline.enter(&mark("II. Phương hướng").unwrap());
        outline.enter(&annex("PHỤ LỤC").unwrap());
        assert_eq!(outline.path(), None);
    }

    #[test]
    fn sections_nest_and_close() {
        let mut outline = Outline::default();
        let mut path = |line: &str| {
            outline.enter(&mark(line).unwrap());
            outline.path().unwrap()
        };
        let lines = ["I. Một", "6. Sáu", "a) Điểm", "7. Bảy", "7.1. Bảy một", "7.2. Bảy hai", "II. Hai", "1. Một"];
        let paths: Vec<String> = lines.into_iter().map(&mut path).collect();
        assert_eq!(paths, ["I", "I.6", "I.6.a", "I.7", "I.7.1", "I.7.2", "II", "II.1"]);
    }
}

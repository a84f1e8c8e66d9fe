//! The head of a document: who issued it, under what number, where and when, what kind it is, its title and addressee.

use crate::data::one_of;
use crate::document::TextLine;
use crate::error::{Error, ErrorKind, Result};
use crate::extract::extraction::Date;
use crate::extract::layout::outline;
use crate::extract::letter::body::Bodies;
use crate::extract::letter::date::Calendar;
use crate::extract::letter::kind;
use crate::extract::letter::reference::tidy;
use crate::extract::letter::title;
use crate::extract::words::WORDS;
use crate::text::fold::key;
use regex::Regex;
use std::ops::Range;

/// What the head says. `None` and empty where it says nothing or what it says could not be read.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::extract) struct Letterhead {
    pub(in crate::extract) issuer: Option<String>,
    pub(in crate::extract) parent: Option<String>,
    pub(in crate::extract) number: Option<SeenNumber>,
    /// The code without the number: `BC-UBND`.
    pub(in crate::extract) code: Option<String>,
    pub(in crate::extract) place: Option<String>,
    pub(in crate::extract) date: Option<Date>,
    /// Confidence of the day, None in plain text.
    pub(in crate::extract) date_confidence: Option<f32>,
    /// What stands where the day should and is none.
    pub(in crate::extract) unread_day: Option<String>,
    pub(in crate::extract) kind: Option<&'static str>,
    pub(in crate::extract) title: Option<String>,
    pub(in crate::extract) addressee: Option<String>,
    /// Lines of the date and number, for remarks.
    pub(in crate::extract) date_line: Option<usize>,
    pub(in crate::extract) number_line: Option<usize>,
    /// The lines of the letterhead, in order: bodies, national title, number, place and date.
    pub(in crate::extract) letter: Vec<usize>,
    /// The line after the title.
    pub(in crate::extract) end: usize,
}

/// The number as it was seen, before its code.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::extract) struct SeenNumber {
    pub(in crate::extract) text: String,
    /// True where it is digits and nothing else.
    pub(in crate::extract) is_number: bool,
    /// True where the recogniser thought another number possible as well.
    pub(in crate::extract) rivalled: bool,
    pub(in crate::extract) confidence: Option<f32>,
    pub(in crate::extract) line: usize,
}

/// The head is looked for in so many lines; a long letterhead with two bodies and stamps has about fifteen.
const LINES: usize = 28;

/// The document's own number, behind its word as recognisers see it. The Party's hold the kind before the stroke: `45-BC/ĐU`.
fn number() -> String {
    let any = |words: &[String]| words.iter().map(|word| regex::escape(word)).collect::<Vec<_>>().join("|");
    let (words, with_sign) = (any(&WORDS.number), any(&WORDS.number_with_sign));
    let capital = WORDS.code_capital();
    format!(
        r"(?x)^\W*(?:(?:{words})[:.;]?|(?:{with_sign})\s*[:.;]|S\S{{1,2}}\s*[:;])\s*(?P<number>[^\n:]{{0,14}}?)\s*/\s*
        (?:(?P<year>(?:19|20)[0-9]{{2}})\s*/\s*)?
        (?P<code>{capital}[\p{{L}}0-9]*(?:\s?[-\x{{2013}}]\s?{capital}[\p{{L}}0-9]*|\.{capital}[\p{{L}}0-9]*)*)"
    )
}

/// Reads heads.
#[derive(Debug, Clone)]
pub(in crate::extract) struct HeadReader {
    nation: Regex,
    motto: Regex,
    number: Regex,
    subject: Regex,
    body_begins: Regex,
    bodies: Bodies,
}

impl HeadReader {
    pub(in crate::extract) fn new() -> Result<Self> {
        let pattern = |pattern: &str| {
            Regex::new(pattern).map_err(|e| Error::new(ErrorKind::Defect, "a pattern is wrong").source(e))
        };
        Ok(HeadReader {
            // The national title and motto, however their letters were read: their consonants are enough.
            nation: pattern(&format!(
                r"\bc\S{{1,3}}\sh\S{{1,3}}\sx\S{{1,2}}\sh\S{{1,3}}\s\S*\s?ngh|\b{}",
                one_of(&WORDS.nation)
            ))?,
            motto: pattern(&format!(
                r"\S+ ?\S{{0,3}}[1l]?ap ?[-–—] ?t\S{{0,2}} ?d\S{{0,2}} ?[-–—]|\b{}\b|{}\S+$",
                one_of(&WORDS.motto),
                WORDS.motto_end
            ))?,
            // A pen stroke beside the number is read as a bar as often as not, so bars may stand in it.
            number: pattern(&number())?,
            subject: pattern(&format!(r"^\W*{}[\s:]*", one_of(&WORDS.subject)))?,
            bodies: Bodies::embedded()?,
            body_begins: pattern(&format!(
                // A period at the beginning, too, where a clause ends behind it.
                r"^(?:{}\b|quy [ivx0-9]+.*[,;]|nam 20[0-9]{{2}},)",
                one_of(&WORDS.text_begins)
            ))?,
        })
    }

    pub(in crate::extract) fn read(&self, lines: &[TextLine], calendar: &Calendar) -> Letterhead {
        let mut head = Letterhead::default();
        let top = &lines[..lines.len().min(LINES)];
        let kind_line = top.iter().position(|l| kind::of_heading(&l.text).is_some());
        head.kind = kind_line.and_then(|i| kind::of_heading(&top[i].text));
        let mut bodies: Vec<(usize, String)> = Vec::new();
        let mut nation = None;
        let mut before_number = true;
        for (index, line) in top.iter().enumerate().take(kind_line.unwrap_or(top.len())) {
            // Without a kind the head ends where the text begins.
            if kind_line.is_none() && (outline::mark(&line.text).is_some() || index > 14) {
                break;
            }
            // What stands above the national title, such as the mark of a signature, is no part of the letterhead.
            if nation.is_none() && self.nation.is_match(&key(line.text.trim())) {
                nation = Some(index);
                bodies.retain(|(body, _)| beside(&top[*body], line));
            }
            let known = (bodies.len(), head.number_line, head.date_line);
            self.read_line(index, line, calendar, &mut head, &mut bodies, &mut before_number);
            if nation == Some(index) || known != (bodies.len(), head.number_line, head.date_line) {
                head.letter.push(index);
            }
        }
        // Capitals alone make no letterhead: an annex begins with its title.
        if kind_line.is_none() && nation.is_none() && head.number_line.is_none() && head.date_line.is_none() {
            bodies.clear();
            head.letter.clear();
        }
        let bodies: Vec<&str> = bodies.iter().map(|(_, body)| body.as_str()).collect();
        (head.parent, head.issuer) = self.bodies.names(&bodies);
        if head.kind.is_none() {
            head.kind = head.code.as_deref().and_then(|code| kind::of_code(code, ""));
        }
        match kind_line {
            Some(kind_line) => {
                (head.title, head.end) = title::read(lines, kind_line, |key| self.body_begins.is_match(key));
            }
            None => {
                self.read_subject(top, &mut head);
                // What bears a number and a subject but no kind is a letter, whoever sent it.
                head.kind = head.kind.or((head.code.is_some() && head.title.is_some()).then(kind::letter));
            }
        }
        self.read_addressee(lines, &mut head);
        head
    }

    /// Reads one line above the kind, whose left and right halves a recogniser may have put together.
    fn read_line(
        &self,
        index: usize,
        line: &TextLine,
        calendar: &Calendar,
        head: &mut Letterhead,
        bodies: &mut Vec<(usize, String)>,
        before_number: &mut bool,
    ) {
        let text = line.text.trim();
        let folded = key(text);
        // Cuts fall at spaces, so that character counts of key and text agree.
        let cut = |at: usize| -> String { text.chars().take(folded[..at].chars().count()).collect() };
        let mut left = text.to_owned();
        if let Some(right) =
            [&self.nation, &self.motto].into_iter().filter_map(|p| p.find(&folded)).map(|m| m.start()).min()
        {
            left = cut(right);
        }
        let mut after_number = 0;
        if head.code.is_none()
            && let Some(found) = self.number.captures(text)
        {
            let (printed, code) = (&found["number"], &found["code"]);
            let code = tidy(code);
            head.code = Some(found.name("year").map_or(code.clone(), |year| format!("{}/{code}", year.as_str())));
            head.number_line = Some(index);
            after_number = found.get(0).map_or(0, |m| m.end());
            let range = found.name("number").map_or(0..0, |m| m.range());
            let indent = line.text.len() - line.text.trim_start().len();
            let printed = printed.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '…' | '_' | '/'));
            if !printed.is_empty() {
                head.number = Some(SeenNumber {
                    text: printed.to_owned(),
                    rivalled: rivals(line, indent + range.start..indent + range.end, printed).next().is_some(),
                    is_number: is_number(printed),
                    confidence: confidence(line, indent + range.start, indent + range.end),
                    line: index,
                });
            }
            *before_number = false;
            left.clear();
        }
        if head.date.is_none()
            && let Some((date, range, unread)) = calendar.spelled(&folded)
        {
            let start = cut(range.start);
            let place = start.get(after_number.min(start.len())..).unwrap_or("");
            let place = place.trim_matches(|c: char| !c.is_alphabetic());
            let named = !place.is_empty() && place.split(' ').count() <= 6 && place.starts_with(char::is_uppercase);
            head.place = named.then(|| place.to_owned());
            head.date = Some(date);
            head.unread_day = unread;
            head.date_line = Some(index);
            let from = line.text.len() - line.text.trim_start().len() + start.len();
            head.date_confidence = confidence(line, from, line.text.len());
            // Where another day was seen as well neither is sure.
            let day = date.day.map(|d| d.to_string()).unwrap_or_default();
            let is_day = |other: &str| other.parse().is_ok_and(|d: u8| (1..=31).contains(&d));
            if head.date_confidence.is_some() && rivals(line, from..line.text.len(), &day).any(is_day) {
                head.date_confidence = Some(0.0);
            }
            *before_number = false;
            return;
        }
        let left = left.trim().trim_matches(|c: char| !c.is_alphanumeric());
        if *before_number && is_capitals(left) {
            bodies.push((index, left.to_owned()));
        }
    }

    /// The subject of an official letter, `V/v …`, which stands below its number.
    fn read_subject(&self, top: &[TextLine], head: &mut Letterhead) {
        let Some(first) = top.iter().position(|l| self.subject.is_match(&key(l.text.trim()))) else { return };
        let mut title = String::new();
        for line in &top[first..] {
            let text = line.text.trim();
            let folded = key(text);
            let begins = text.starts_with(char::is_uppercase) && !title.is_empty();
            if text.is_empty() || begins || WORDS.is_addressee(&folded) {
                break;
            }
            let skip = self.subject.find(&folded).map_or(0, |m| folded[..m.end()].chars().count());
            let words: String = text.chars().skip(skip).collect();
            title = if title.is_empty() { words } else { format!("{title} {words}") };
        }
        head.title = (!title.is_empty()).then_some(title);
    }

    fn read_addressee(&self, lines: &[TextLine], head: &mut Letterhead) {
        let top = &lines[..lines.len().min(LINES + 6)];
        let Some(first) = top.iter().position(|l| WORDS.is_addressee(&key(l.text.trim()))) else { return };
        let mut named: Vec<String> = Vec::new();
        for (offset, line) in top[first..].iter().enumerate() {
            let text = line.text.trim();
            let skipped = if offset == 0 { addressed(text) } else { 0 };
            let content: String = text.chars().skip(skipped).collect();
            let content = content.trim_start_matches([':', ' ']);
            let item = content.strip_prefix(['-', '–', '+']).map(str::trim);
            match item {
                Some(item) => named.push(item.to_owned()),
                None if offset == 0 && !content.is_empty() => named.push(content.to_owned()),
                None if offset == 0 => {}
                // A list of addressees goes on over line ends until it is closed.
                None if named.last().is_some_and(|n| !n.ends_with(['.', ';']))
                    && !content.starts_with(char::is_uppercase) =>
                {
                    if let Some(last) = named.last_mut() {
                        *last = format!("{last} {content}");
                    }
                }
                None => break,
            }
            if offset > 0 && item.is_none() && named.is_empty() {
                break;
            }
        }
        let named: Vec<&str> =
            named.iter().map(|n| n.trim().trim_end_matches(['.', ';', ','])).filter(|n| !n.is_empty()).collect();
        head.addressee = (!named.is_empty()).then(|| named.join("; "));
    }
}

/// The lowest confidence of the words at these bytes of a line.
pub(in crate::extract) fn confidence(line: &TextLine, start: usize, end: usize) -> Option<f32> {
    line.words.iter().filter(|w| w.start < end && start < w.end).filter_map(|w| w.confidence).reduce(f32::min)
}

/// Whether what stands before the stroke is a number and nothing else: `45`, and `45-BC` in the Party's documents.
fn is_number(printed: &str) -> bool {
    let (digits, kind) = printed.split_once('-').unwrap_or((printed, "BC"));
    digits.bytes().all(|b| b.is_ascii_digit()) && (1..=5).contains(&digits.len()) && kind::of_code(kind, "").is_some()
}

/// Other numbers that the recogniser thought possible for the word at these bytes that holds this one, its code left off.
fn rivals<'a>(line: &'a TextLine, range: Range<usize>, own: &'a str) -> impl Iterator<Item = &'a str> {
    let digits = |text: &'a str| {
        let number = text.split('/').next().unwrap_or_default();
        (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some(number)
    };
    let same = |a: &str, b: &str| a.trim_start_matches('0') == b.trim_start_matches('0');
    let touched = line.words.iter().filter(move |w| w.start < range.end && range.start < w.end);
    let holding = touched.filter(move |w| digits(&line.text[w.start..w.end]).is_some_and(|seen| same(seen, own)));
    let others = holding.flat_map(move |w| w.alternatives.iter().filter_map(move |other| digits(other)));
    others.filter(move |other| !same(other, own))
}

/// Whether a line that comes before the national title can stand beside it: always so in plain text.
fn beside(line: &TextLine, nation: &TextLine) -> bool {
    match (line.place.rect, nation.place.rect) {
        (Some(line), Some(nation)) => line.y1 > nation.y0,
        _ => true,
    }
}

fn is_capitals(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let capitals = letters().filter(|c| c.is_uppercase()).count();
    letters().count() >= 2 && capitals * 10 >= letters().count() * 8
}

/// The characters of a line that say to whom a letter goes.
fn addressed(line: &str) -> usize {
    let folded = key(line);
    WORDS.addressee.iter().find(|word| folded.starts_with(word.as_str())).map_or(0, |word| word.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Letterhead {
        HeadReader::new().unwrap().read(&TextLine::from_text(text), &Calendar::new().unwrap())
    }

    #[test]
    fn the_two_columns_of_a_head_are_told_apart() {
        let text = "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXÃ AN BÌNH Độc lập - Tự do - Hạnh phúc\n\
                    Số: 45 /BC-UBND An Bình, ngày 05 tháng 7 năm 2025\nBÁO CÁO\nKết quả công tác quý II\n(số liệu đến ngày 30)\n\
                    Kính gửi: Sở Nội vụ.\nThực hiện kế hoạch";
        let head = head(text);
        assert_eq!(head.issuer.as_deref(), Some("Ủy ban nhân dân xã An Bình"));
        assert_eq!(head.parent, None);
        assert_eq!(head.number.as_ref().map(|n| (n.text.as_str(), n.is_number)), Some(("45", true)));
        assert_eq!(head.code.as_deref(), Some("BC-UBND"));
        assert_eq!(head.place.as_deref(), Some("An Bình"));
        assert_eq!(head.date, Some(Date { year: Some(2025), month: Some(7), day: Some(5) }));
        assert_eq!(head.kind, Some("Báo cáo"));
        assert_eq!(head.title.as_deref(), Some("Kết quả công tác quý II (số liệu đến ngày 30)"));
        assert_eq!(head.addressee.as_deref(), Some("Sở Nội vụ"));
    }

    #[test]
    fn blanks_and_handwriting_are_no_numbers() {
        let blank = head("Số:     /BC-UBND            An Bình, ngày      tháng 6  năm 2023\nBÁO CÁO");
        assert_eq!((blank.number, blank.place.as_deref()), (None, Some("An Bình")));
        assert_eq!(blank.date.unwrap().day, None);
        let scrawl = head("Số: 4Z§ /BC-UBND\nAn Bình, ngày A5 tháng 6 năm 2023\nBÁO CÁO");
        assert_eq!(scrawl.number.map(|n| n.is_number), Some(false));
        assert_eq!(scrawl.unread_day.as_deref(), Some("a5"));
    }

    #[test]
    fn a_letter_is_known_by_its_subject() {
        let head = head("SỞ THỬ\nSố: 12/SXYZ-VP\nV/v trồng cây\nHòa An, ngày 3 tháng 4 năm 2024\nKính gửi: Sở Nội vụ.");
        assert_eq!((head.kind, head.title.as_deref()), (Some("Công văn"), Some("trồng cây")));
    }

    #[test]
    fn the_party_numbers_its_documents_in_its_own_way() {
        let head = head(
            "ĐẢNG BỘ TỈNH HÒA AN ĐẢNG CỘNG SẢN VIỆT NAM\nĐẢNG ỦY XÃ AN BÌNH\n*\nSố 45-BC/ĐU An Bình, ngày 12 tháng 8 năm 2025\nBÁO CÁO",
        );
        assert_eq!(head.parent.as_deref(), Some("Đảng bộ tỉnh Hòa An"));
        assert_eq!(head.issuer.as_deref(), Some("Đảng ủy xã An Bình"));
        assert_eq!(head.number.map(|n| (n.text, n.is_number)), Some(("45-BC".to_owned(), true)));
        assert_eq!(head.code.as_deref(), Some("ĐU"));
    }

    #[test]
    fn a_body_above_is_kept_apart() {
        let head = head(
            "UBND TỈNH HÒA AN\nSỞ NỘI VỤ\nSố: 12/SNV-CCHC\nV/v báo cáo\nsố liệu\nHòa An, ngày 3 tháng 4 năm 2024\nKính gửi:\n- Bộ Nội vụ;\n- UBND tỉnh.\nThực hiện",
        );
        assert_eq!(head.parent.as_deref(), Some("Ủy ban nhân dân tỉnh Hòa An"));
        assert_eq!(head.issuer.as_deref(), Some("Sở Nội vụ tỉnh Hòa An"));
        assert_eq!(head.kind, Some("Công văn"));
        assert_eq!(head.title.as_deref(), Some("báo cáo số liệu"));
        assert_eq!(head.addressee.as_deref(), Some("Bộ Nội vụ; UBND tỉnh"));
    }
}

//! The document's text as one run of paragraphs, of which every byte knows the printed line that it comes from.

use crate::document::{Place, TextLine, TextWord};
use crate::extract::layout::blanks::blanks;
use crate::extract::layout::brackets::Brackets;
use crate::extract::layout::indent;
use crate::extract::layout::outline::{self, Bullets, Depth, Mark, Outline, mark};
use crate::extract::layout::table::Table;
use crate::geometry::Rect;
use crate::table::CellId;
use crate::table::words::WORDS as TABLE_WORDS;
use crate::text::letter::{bare, lower};
use std::ops::Range;

/// The text of a document, its lines put together to paragraphs.
///
/// `key` is the same text for look-up: small letters without marks. Searching goes on in `key`, whose bytes are mapped
/// back to `text`, so that a lost or wrong mark does not hide a word.
pub(in crate::extract) struct Flow<'a> {
    pub(in crate::extract) text: String,
    pub(in crate::extract) key: String,
    pub(in crate::extract) paragraphs: Vec<Paragraph>,
    /// Words of tables that are said once more for each cell: numbers in them are none of the text's.
    pub(in crate::extract) echoes: Vec<Range<usize>>,
    pub(super) lines: &'a [TextLine],
    /// For each byte of `key`, and for its end, the byte of `text`.
    pub(super) origins: Vec<u32>,
    pub(super) pieces: Vec<Piece>,
    /// The lines of the table that was read last.
    pub(super) linearised: Range<usize>,
    /// Every so many bytes of `text`: the first character's byte and how many characters stand before it.
    strides: Vec<(usize, usize)>,
    bullets: Bullets,
    pub(super) brackets: Brackets,
    /// The paragraphs in capitals that are titles of tables, in order.
    pub(super) titles: Vec<usize>,
}

/// Columns are counted from the last of these, so that a very long line costs no more than many short ones.
const STRIDE: usize = 512;

/// One paragraph: a heading, an item, or plain text.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Paragraph {
    /// Its bytes in `key`, mark included.
    pub(in crate::extract) range: Range<usize>,
    /// Where its words begin in `key`, after the mark.
    pub(in crate::extract) body: usize,
    pub(in crate::extract) depth: Depth,
    /// Path of the section that it is in.
    pub(in crate::extract) section: Option<String>,
    /// The paragraph that it hangs below.
    pub(in crate::extract) parent: Option<usize>,
    /// What a table's cell needs beside its words; None for text.
    pub(in crate::extract) cell: Option<InTable>,
}

/// A cell of a table, read aloud: the words of its row, those of its column, a colon, the number.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::extract) struct InTable {
    /// The words of the row, in bytes of the key.
    pub(in crate::extract) row: Range<usize>,
    /// The unit that the table declares for the number.
    pub(in crate::extract) unit: Option<&'static str>,
    /// Which table of the document, which of its rows and columns, from 0.
    pub(in crate::extract) table: usize,
    pub(in crate::extract) at: usize,
    pub(in crate::extract) column: usize,
    /// The row above that its row is a part of.
    pub(in crate::extract) part_of: Option<usize>,
    /// True where the paragraph that it hangs below is the cell on its left.
    pub(in crate::extract) follows: bool,
    /// The cell of the report's table that it is.
    pub(in crate::extract) id: Option<CellId>,
}

/// A run of text that comes from one line.
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) line: usize,
    /// The byte of the line that `start` is.
    pub(super) from: usize,
}

impl<'a> Flow<'a> {
    /// Puts the lines together; those for which `skip` is true, such as page numbers, stay out. Tables are read aloud.
    pub(in crate::extract) fn new(lines: &'a [TextLine], tables: &[Table], skip: impl Fn(usize) -> bool) -> Self {
        let width = usual_width(lines);
        let mut flow = Flow {
            text: String::new(),
            key: String::new(),
            paragraphs: Vec::new(),
            echoes: Vec::new(),
            lines,
            origins: Vec::new(),
            pieces: Vec::new(),
            linearised: 0..0,
            strides: Vec::new(),
            bullets: Bullets::default(),
            brackets: Brackets::default(),
            titles: Vec::new(),
        };
        let mut outline = Outline::default();
        let mut before: Option<usize> = None;
        let mut blank = false;
        let mut tables = tables.iter().enumerate().peekable();
        let mut caption = false;
        for (index, line) in lines.iter().enumerate() {
            if let Some((number, table)) = tables.next_if(|(_, t)| t.lines.start == index) {
                flow.linearise(number, table, &outline);
                (before, caption) = (None, false);
            }
            if flow.linearised.contains(&index) {
                continue;
            }
            let content = line.text.trim();
            if content.is_empty() {
                blank = true;
                continue;
            }
            if skip(index) {
                continue;
            }
            let mark = mark(&line.text).or_else(|| outline::annex(&line.text));
            // The title of an annex goes on in capitals.
            caption = mark.as_ref().map_or(caption && outline::is_capitals(content), Mark::is_annex);
            // A blank line parts paragraphs, but not where a sentence goes on over the page's end.
            let parted = |b: usize| {
                blank && content.starts_with(char::is_uppercase)
                    || ends_paragraph(&lines[b].text, content, width, || indent::is_indented(lines, index))
            };
            let new = mark.is_some() || before.is_none_or(parted) && !(caption && before.is_some());
            blank = false;
            if new {
                flow.open(index, mark.as_ref(), &mut outline);
            } else {
                flow.push(" ");
            }
            let from = line.text.len() - line.text.trim_start().len();
            flow.pieces.push(Piece { start: flow.text.len(), line: index, from });
            flow.push(content);
            let end = flow.key.len();
            if let Some(last) = flow.paragraphs.last_mut() {
                last.range.end = end;
                last.body = last.body.min(end);
            }
            before = Some(index);
        }
        flow.origins.push(flow.text.len() as u32);
        flow.strides.push((0, 0));
        for (count, (byte, _)) in flow.text.char_indices().enumerate() {
            if byte >= flow.strides.len() * STRIDE {
                flow.strides.push((byte, count));
            }
        }
        flow
    }

    fn open(&mut self, line: usize, mark: Option<&Mark>, outline: &mut Outline) {
        if !self.text.is_empty() {
            self.push("\n");
        }
        self.brackets = Brackets::default();
        let goes_on = mark.is_some_and(|mark| outline.enter(mark));
        let depth = mark.map_or(Depth::Plain, |m| self.bullets.depth(m, &self.lines[line].text));
        let start = self.key.len();
        // The mark is ASCII or one sign that the key keeps, so its length in the line is that in the key but for `đ)`.
        let indent = self.lines[line].text.len() - self.lines[line].text.trim_start().len();
        let body = mark.map_or(start, |m| {
            let printed = &self.lines[line].text[indent..m.len];
            start + printed.chars().map(|c| fold(c).len_utf8()).sum::<usize>()
        });
        // The section before it stands before the table whose title had ended it.
        let beside = self.paragraphs.iter().rev().find(|p| goes_on && p.depth == depth && p.cell.is_none());
        let around = (depth == Depth::Nested).then(|| self.numbered_around(mark)).flatten();
        let parent = beside.map_or_else(|| around.or_else(|| self.parent_of(depth)), |section| section.parent);
        self.paragraphs.push(Paragraph {
            range: start..start,
            body,
            depth,
            section: outline.path(),
            parent,
            cell: None,
        });
    }

    /// The paragraph whose number a deeper one begins with: `1.3.` above `1.3.2.`, in the section that is open.
    fn numbered_around(&self, mark: Option<&Mark>) -> Option<usize> {
        let name = &mark?.name;
        /// No section has more paragraphs below one of its numbers.
        const FAR: usize = 400;
        let near = self.paragraphs.iter().enumerate().rev().take(FAR);
        let open = near.take_while(|(_, p)| p.depth >= Depth::Nested);
        let bears = |p: &Paragraph| {
            let number = self.key[p.range.start..p.body].trim().trim_end_matches(['.', ')', ':']);
            let rest = name.strip_prefix(number).filter(|_| number.contains('.'));
            rest.is_some_and(|rest| rest.starts_with('.'))
        };
        { open }.find(|(_, p)| p.depth == Depth::Nested && bears(p)).map(|(at, _)| at)
    }

    /// The nearest paragraph above that stands less deep, or, beside it, one that announces a list (`trong đó:`).
    pub(super) fn parent_of(&self, depth: Depth) -> Option<usize> {
        let mut at = self.paragraphs.len().checked_sub(1)?;
        // Plain text behind the items of a list is none of them: the list is over.
        let over = depth == Depth::Plain && self.paragraphs[at].depth > Depth::Plain;
        loop {
            let above = &self.paragraphs[at];
            let announces = depth >= Depth::Plain
                && (above.depth == depth || depth == Depth::Plain)
                && !(over && above.depth == Depth::Plain)
                // Items of its own stood below it: what bears its mark again goes on beside it.
                && (depth == Depth::Plain || self.paragraphs.get(at + 1).is_none_or(|next| next.depth <= depth))
                && self.key[above.range.clone()].ends_with(':');
            // `Số TTHC được công bố: 94. Cụ thể:` and `a) Mới ban hành: 13` right below it.
            let heads_points = depth == Depth::Point
                && above.depth == Depth::Plain
                && above.parent.is_none_or(|p| self.paragraphs[p].depth < Depth::Point)
                && self.paragraphs.get(at + 1).is_none_or(|next| next.depth == depth)
                && self.key[above.range.clone()].ends_with(':');
            if announces
                || heads_points
                || above.depth < depth && (depth != Depth::Plain || above.depth.names_section())
            {
                return Some(at);
            }
            at = above.parent?;
        }
    }

    pub(super) fn push(&mut self, text: &str) {
        let blanks = blanks(text);
        // By byte, whether a dot to write on stands there.
        let mut dots = vec![false; if blanks.is_empty() { 0 } else { text.len() }];
        blanks.iter().for_each(|run| dots[run.clone()].fill(true));
        let in_blank = |at: usize| dots.get(at) == Some(&true);
        for (at, c) in text.char_indices() {
            let parted = |key: &str| key.ends_with([' ', '\n']) || key.is_empty();
            // Dots to write on are white between words, and white before or behind them is the same.
            let beside = c == ' ' && !blanks.is_empty() && at > 0 && (in_blank(at - 1) || in_blank(at + 1));
            if in_blank(at) || beside {
                // `12....345`: two numbers, and no one of five digits.
                let run = blanks.binary_search_by_key(&at, |run| run.start).map(|found| &blanks[found]);
                let digit = |c: char| c.is_ascii_digit();
                let parts = run.is_ok_and(|run| {
                    self.key.trim_end_matches(' ').ends_with(digit) && text[run.end..].trim_start().starts_with(digit)
                });
                if parts || !parted(&self.key) {
                    self.origins.push(self.text.len() as u32);
                    self.key.push(if parts { ';' } else { ' ' });
                }
                self.text.push(c);
                continue;
            }
            // `Tiếp nhận: 187 | Đang làm: 9`, where no table is.
            let bar = c == '|' && text[..at].ends_with(' ') && text[at + 1..].starts_with(' ');
            let folded = if bar { ';' } else { self.brackets.round(text, at).unwrap_or_else(|| fold(c)) };
            for _ in 0..folded.len_utf8() {
                self.origins.push(self.text.len() as u32);
            }
            self.key.push(folded);
            self.text.push(c);
        }
    }

    /// The bytes of `text` that these bytes of `key` stand for.
    pub(in crate::extract) fn original(&self, range: Range<usize>) -> Range<usize> {
        self.origins[range.start] as usize..self.origins[range.end] as usize
    }

    /// The bytes of `key` that stand for these bytes of `text`.
    pub(in crate::extract) fn folded(&self, range: Range<usize>) -> Range<usize> {
        let at = |byte: usize| self.origins.partition_point(|&o| (o as usize) < byte);
        at(range.start)..at(range.end)
    }

    /// The text as printed at these bytes of `key`.
    pub(in crate::extract) fn printed(&self, range: Range<usize>) -> &str {
        &self.text[self.original(range)]
    }

    /// The piece that the byte of `text` belongs to, its line, and the byte in that line.
    fn line_of(&self, at: usize) -> Option<(&Piece, &'a TextLine, usize)> {
        let piece = &self.pieces[self.pieces.partition_point(|p| p.start <= at).checked_sub(1)?];
        let line = &self.lines[piece.line];
        Some((piece, line, (at - piece.start + piece.from).min(line.text.len())))
    }

    /// Where these bytes of `key` stand; what runs over a line's end is placed where it begins.
    pub(in crate::extract) fn place(&self, range: Range<usize>) -> Place {
        let range = self.original(range);
        let Some((piece, line, start)) = self.line_of(range.start) else { return Place::default() };
        let end = (start + range.len()).min(line.text.len());
        let rect = Rect::bounding(touched(line, start, end).filter_map(|w| w.rect.as_ref()));
        let indent = line.text[..piece.from].chars().count();
        let column =
            rect.is_none().then(|| (self.characters(range.start) - self.characters(piece.start) + indent + 1) as u32);
        Place { column, rect, ..line.place }
    }

    /// How many characters of `text` stand before this byte.
    fn characters(&self, at: usize) -> usize {
        let stride = at / STRIDE;
        let (byte, count) = self.strides[stride.min(self.strides.len() - 1)];
        count + self.text[byte..at].chars().count()
    }

    /// The lowest confidence of the words at these bytes of `key`; None where no recogniser read them.
    pub(in crate::extract) fn confidence(&self, range: Range<usize>) -> Option<f32> {
        let range = self.original(range);
        let (_, first, start) = self.line_of(range.start)?;
        let (_, last, end) = self.line_of(range.end.max(range.start + 1) - 1)?;
        let head_end = if std::ptr::eq(first, last) { end + 1 } else { usize::MAX };
        let lowest = |line, from, to| touched(line, from, to).filter_map(|w| w.confidence).reduce(f32::min);
        let tail = if std::ptr::eq(first, last) { None } else { lowest(last, 0, end + 1) };
        [lowest(first, start, head_end), tail].into_iter().flatten().reduce(f32::min)
    }

    /// What else the recogniser thought possible for these bytes of `key`, the likeliest first; they must lie in one word.
    pub(in crate::extract) fn alternatives(&self, range: Range<usize>) -> impl Iterator<Item = &'a str> {
        let range = self.original(range);
        let word = self.line_of(range.start).and_then(|(_, line, start)| {
            let end = start + range.len();
            touched(line, start, end).find(|w| w.start <= start && end <= w.end).map(|w| (line, w, start..end))
        });
        word.into_iter().flat_map(|(line, word, own)| {
            let (head, tail) = (&line.text[word.start..own.start], &line.text[own.end..word.end]);
            word.alternatives.iter().filter_map(move |other| other.strip_prefix(head)?.strip_suffix(tail))
        })
    }

    /// The keys of headings, captions and the titles of annexes.
    pub(in crate::extract) fn headings(&self) -> impl Iterator<Item = &str> {
        // What ends with a full stop is a sentence, though it bears a number.
        let sentence = move |p: &Paragraph| self.key[p.range.clone()].ends_with(['.', ';']);
        let heads = self.paragraphs.iter().filter(move |p| p.depth < Depth::Point && !sentence(p) || p.cell.is_some());
        heads.map(|p| &self.key[p.range.clone()])
    }

    /// Whether a paragraph is the title of a table.
    pub(in crate::extract) fn is_caption(&self, paragraph: usize) -> bool {
        if self.titles.binary_search(&paragraph).is_ok() {
            return true;
        }
        let paragraph = &self.paragraphs[paragraph];
        paragraph.cell.is_none() && TABLE_WORDS.begins_title(&self.key[paragraph.range.clone()])
    }

    /// Index of the paragraph that holds this byte of `key`.
    pub(in crate::extract) fn paragraph_at(&self, at: usize) -> usize {
        self.paragraphs.partition_point(|p| p.range.start <= at).saturating_sub(1)
    }
}

/// The words of a line that have one of the bytes `from..to`.
fn touched(line: &TextLine, from: usize, to: usize) -> impl Iterator<Item = &TextWord> {
    let first = line.words.partition_point(|w| w.end <= from);
    line.words[first..].iter().take_while(move |w| w.start < to)
}

fn fold(c: char) -> char {
    bare(lower(c))
}

/// Nine tenths of the lines are not longer than this many characters.
fn usual_width(lines: &[TextLine]) -> usize {
    let mut widths: Vec<usize> = lines.iter().map(|l| l.text.trim().chars().count()).filter(|&n| n > 0).collect();
    widths.sort_unstable();
    widths.get(widths.len() * 9 / 10).copied().unwrap_or(0)
}

/// Whether a line without a mark begins a new paragraph; `indented` tells whether it begins further in than those that go on.
fn ends_paragraph(before: &str, line: &str, width: usize, indented: impl Fn() -> bool) -> bool {
    let before = before.trim_end();
    let begins_anew = line.starts_with(|c: char| c.is_uppercase() || matches!(c, '“' | '"'));
    // A line that ends so goes on, whatever the next one looks like: `12/QĐ-` and `UBND`.
    if !begins_anew || before.ends_with(['-', '–', ',', '/']) && !before.ends_with("./") {
        return false;
    }
    // A typeset line goes on to the margin unless its paragraph ends there.
    let full = before.chars().count() * 5 >= width * 4;
    !full || before.ends_with(['.', ':', ';']) || indented()
}

/// The lines that are nothing but their page's number, which Decree 30/2020/NĐ-CP puts in the middle of the top margin.
pub(in crate::extract) fn page_numbers(lines: &[TextLine]) -> Vec<usize> {
    let bare =
        |line: &TextLine| line.text.trim().trim_matches(['-', '–', ' ']).parse::<u32>().ok().filter(|n| *n < 1000);
    let mut expected = 2;
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(number) = bare(line) else { continue };
        let on_page = |i: usize| lines.get(i).is_some_and(|other| other.place.page == line.place.page);
        let edge = !index.checked_sub(1).is_some_and(on_page) || !on_page(index + 1);
        let paged = line.place.page.is_some();
        if paged && edge || !paged && number == expected {
            found.push(index);
            expected = number + 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraphs(text: &str) -> Vec<(String, Depth, Option<String>, Option<usize>)> {
        let lines = TextLine::from_text(text);
        let flow = Flow::new(&lines, &[], |_| false);
        let all = flow.paragraphs.iter();
        all.map(|p| (flow.printed(p.body..p.range.end).to_owned(), p.depth, p.section.clone(), p.parent)).collect()
    }

    #[test]
    fn wrapped_lines_make_one_paragraph() {
        let text = "I. KẾT QUẢ\n1. Giải quyết\n- Số đã nhận trong kỳ này là con số: 4,374 (trực tuyến:\n1,475; trực tiếp: 2,899)\n\
                    + Số mới: 5\n- Số khác: 3";
        let want = [
            ("KẾT QUẢ", Depth::Roman, Some("I"), None),
            ("Giải quyết", Depth::Arabic, Some("I.1"), Some(0)),
            (
                "Số đã nhận trong kỳ này là con số: 4,374 (trực tuyến: 1,475; trực tiếp: 2,899)",
                Depth::Dash,
                Some("I.1"),
                Some(1),
            ),
            ("Số mới: 5", Depth::Plus, Some("I.1"), Some(2)),
            ("Số khác: 3", Depth::Dash, Some("I.1"), Some(1)),
        ];
        let got = paragraphs(text);
        assert_eq!(got.len(), want.len(), "{got:?}");
        for (got, want) in got.iter().zip(want) {
            assert_eq!((got.0.as_str(), got.1, got.2.as_deref(), got.3), want);
        }
    }

    #[test]
    fn a_list_that_is_announced_hangs_below_its_announcement() {
        let got = paragraphs("- Đã nhận 10, trong đó:\n- Trực tuyến: 4\n- Trực tiếp: 6");
        assert_eq!(got.iter().map(|p| p.3).collect::<Vec<_>>(), [None, Some(0), Some(0)]);
    }

    #[test]
    fn a_bullet_that_was_read_as_another_sign_stands_beside_the_others() {
        let got = paragraphs(
            "• Đã giải quyết: 627\n- Trước hạn: 402\n• Chưa giải quyết: 15\n- quá hạn: không có\n° Hồ sơ dừng: không có.",
        );
        let depths: Vec<Depth> = got.iter().map(|p| p.1).collect();
        assert_eq!(depths, [Depth::Dash, Depth::Plus, Depth::Dash, Depth::Plus, Depth::Dash]);
    }

    #[test]
    fn a_long_heading_is_no_part_of_the_indented_line_below_it() {
        let mut lines = TextLine::from_text(
            "5. Về tiếp nhận, xử lý phản ánh, kiến nghị về quy định hành chính\nQua Cổng Dịch vụ công quốc gia và đường dây nóng, toàn tỉnh\n\
             nhận được 163 PAKN thuộc thẩm quyền; đã xử lý xong 149 PAKN, còn 14\nPAKN đang trong thời gian xử lý theo quy định của pháp luật về\n\
             khiếu nại.",
        );
        for (at, x0) in [160.0, 160.0, 100.0, 100.0, 100.0].into_iter().enumerate() {
            let y0 = 50.0 * at as f32;
            lines[at].place = Place { rect: Some(Rect::new(x0, y0, 900.0, y0 + 30.0)), ..Place::page(1) };
        }
        let flow = Flow::new(&lines, &[], |_| false);
        let begins: Vec<&str> = flow.paragraphs.iter().map(|p| &flow.key[p.range.clone()][..7]).collect();
        assert_eq!(begins, ["5. ve t", "qua con"]);
    }

    #[test]
    fn page_numbers_are_no_text() {
        let paged = TextLine::from_text("một\n\u{c}2\nhai 5\n7\nba\n\u{c}3\nbốn");
        assert_eq!(page_numbers(&paged), [1, 5]);
        let plain = TextLine::from_text("một\n2\nhai\n3\nba\n9");
        assert_eq!(page_numbers(&plain), [1, 3]);
    }

    #[test]
    fn bytes_lead_back_to_the_line() {
        let lines = TextLine::from_text("đã đạt\nđược 5 hồ sơ");
        let flow = Flow::new(&lines, &[], |_| false);
        let at = flow.key.find("5 ho so").unwrap();
        assert_eq!(flow.printed(at..at + 7), "5 hồ sơ");
        let place = flow.place(at..at + 1);
        assert_eq!((place.line, place.column), (Some(2), Some(6)));
        assert_eq!(flow.confidence(at..at + 1), None);
    }
}

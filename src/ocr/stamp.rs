//! Stamps told apart from the text: the small print that a digital signature or an office leaves in a margin.
//!
//! Such a stamp (who signed, an e-mail address, a time) is set in 5 to 8 points, where a document's smallest print is the 11 points of
//! its recipients beside 13 or 14 of its text (Decree 30/2020/NĐ-CP, appendix I). It is not part of the document, and in reading
//! order it would stand in the middle of it.

use crate::geometry::Rect;
use crate::page::{Line, RecognisedPage};

/// Print this much lower than the page's text is a stamp's: 8 points beside 14, and well below the 10 points of a footnote.
const STAMP_HEIGHT: f32 = 0.6;

/// The larger lines of a stamp, such as the name of the office, are still lower than any of the text.
const STAMP_HEAD: f32 = 0.75;

/// Notes at the foot begin no further right of the text than this many heights of its letters: a first line's indent.
const INDENT: f32 = 4.0;

/// Notes at the foot: small print under all of the text, that begins where the text begins and is not as small as a stamp's may be.
struct Foot {
    /// Where its text begins.
    margin: f32,
    left: f32,
    top: f32,
    least: f32,
}

/// Print lower than this share of the text's height is no note: notes are set in 9 or 10 points beside 13 or 14, whose capitals
/// with marks on them are higher still.
const NOTE_HEIGHT: f32 = 0.48;

impl Foot {
    /// Under the lines of `page` that are not smaller than its text, `text` pixels high.
    fn of(page: &RecognisedPage, text: f32) -> Foot {
        let larger = || page.lines.iter().filter(|l| height(l) >= STAMP_HEAD * text);
        let left = larger().map(|l| l.rect.x0).fold(f32::MAX, f32::min);
        // A page's number may stand under the notes.
        let long = |l: &&Line| letters(l) > 3;
        let top = larger().filter(long).map(|l| l.rect.centre().1).fold(f32::MIN, f32::max);
        Foot { margin: left, left: left + INDENT * text, top, least: NOTE_HEIGHT * text }
    }

    fn holds(&self, line: &Line) -> bool {
        line.rect.y0 > self.top && line.rect.x0 < self.left && height(line) >= self.least
    }
}

/// What spans so much of the page's print is a line of its text, however low its letters were found: of 51 stamps on 120 pages of other offices the
/// widest takes 0.13 of it.
const SPANS: f32 = 0.5;

/// Small print that is read as surely as this, and has two letters or digits, is print and no seal.
const READ: f32 = 0.9;

/// Whether a line says what the stamp of a signature does: who signed, when, and where to ask.
fn signs(line: &Line) -> bool {
    let text = line.text().to_lowercase();
    let time = |word: &str| {
        let (hours, minutes) = word.split_once(':').unwrap_or_default();
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        (1..=2).contains(&hours.len()) && digits(hours) == hours.len() && digits(minutes) == 2
    };
    text.contains('@') || text.split(' ').any(|word| word.trim_end_matches(':') == "ký" || time(word))
}

/// Whether a line is sure to be print: a note beside the text, or the last word of a paragraph, which has neither capital nor mark.
fn is_print(line: &Line) -> bool {
    let count = line.words.iter().flat_map(|word| word.text.chars()).filter(|c| c.is_alphanumeric()).count();
    count > 1 && line.words.iter().all(|word| word.confidence >= READ)
}

/// The page without its stamps, and the stamps: small print with that of a signature among it, or that is read with doubt.
pub fn part(mut page: RecognisedPage) -> (RecognisedPage, Vec<Line>) {
    let mut heights: Vec<f32> = page.lines.iter().flat_map(|l| std::iter::repeat_n(height(l), letters(l))).collect();
    heights.sort_by(f32::total_cmp);
    let Some(&text) = heights.get(heights.len() / 2) else { return (page, Vec::new()) };
    let tiny: Vec<u32> = page.lines.iter().filter(|l| height(l) < STAMP_HEIGHT * text).map(|l| l.block).collect();
    let larger: Vec<u32> = page.lines.iter().filter(|l| height(l) >= STAMP_HEAD * text).map(|l| l.block).collect();
    let foot = Foot::of(&page, text);
    let print = Rect::bounding(page.lines.iter().map(|l| &l.rect)).map_or(f32::MAX, |print| print.width());
    let spans = |line: &Line| line.rect.width() > SPANS * print && line.words.len() > 2;
    let small = |line: &Line| {
        let block = tiny.contains(&line.block) && !larger.contains(&line.block);
        !foot.holds(line) && !spans(line) && (height(line) < STAMP_HEIGHT * text || block)
    };
    let signed = page.lines.iter().any(|line| small(line) && signs(line));
    // The last word of a paragraph, which may have neither capital nor mark: `tư`.
    let ends = |line: &Line| {
        (line.rect.x0 - foot.margin).abs() < text && letters(line) > 1 && line.text().chars().all(char::is_alphabetic)
    };
    let stamped = |line: &Line| small(line) && (signed || !is_print(line) && !ends(line));
    let (stamps, lines) = std::mem::take(&mut page.lines).into_iter().partition(stamped);
    page.lines = lines;
    (page, stamps)
}

/// Height of a line's letters in pixels: that of its tallest words, since a word without capital, ascender or mark is low.
fn height(line: &Line) -> f32 {
    let mut heights: Vec<f32> = line.words.iter().map(|w| w.rect.height()).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() * 3 / 4).copied().unwrap_or(0.0)
}

fn letters(line: &Line) -> usize {
    line.words.iter().map(|w| w.text.chars().count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Word;

    fn line(text: &str, height: f32) -> Line {
        let word = |w: &str| Word { text: w.into(), rect: Rect::new(0.0, 0.0, 50.0, height), ..Word::default() };
        Line { words: text.split(' ').map(word).collect(), ..Line::default() }
    }

    #[test]
    fn small_print_is_a_stamp_and_recipients_are_not() {
        let lines = vec![
            line("Thời gian ký: 08:30 ngày 02", 20.0),
            line("ỦY BAN NHÂN DÂN XÃ SUỐI NGÀN", 46.0),
            line("Báo cáo kết quả giải quyết hồ sơ thủ tục hành chính", 46.0),
            line("- Lưu: VT, VP.", 37.0),
        ];
        let (page, stamps) = part(RecognisedPage { page: 1, lines });
        assert_eq!(stamps.len(), 1);
        assert!(stamps[0].text().starts_with("Thời gian"));
        assert_eq!(page.lines.len(), 3);
    }

    #[test]
    fn the_larger_lines_of_a_stamp_go_with_its_small_print() {
        let of = |block: u32, line: Line| Line { block, ..line };
        let lines = vec![
            of(0, line("VĂN PHÒNG", 37.0)),
            of(0, line("08:30:05 +07:00", 27.0)),
            of(1, line("Báo cáo kết quả giải quyết hồ sơ thủ tục hành chính", 53.0)),
            of(2, line("Nơi nhận:", 45.0)),
            of(2, line("- Lưu: VT.", 37.0)),
            of(2, line("-", 8.0)),
        ];
        let (page, stamps) = part(RecognisedPage { page: 1, lines });
        assert_eq!(stamps.iter().map(Line::text).collect::<Vec<_>>(), ["VĂN PHÒNG", "08:30:05 +07:00", "-"]);
        assert_eq!(page.lines.len(), 3);
    }

    #[test]
    fn notes_at_the_foot_are_text() {
        let at = |x: f32, y: f32, line: Line| {
            let mut line = Line { rect: Rect::new(x, y, x + 600.0, y + 30.0), ..line };
            line.words.iter_mut().for_each(|w| w.rect = Rect::new(x, y, x + 50.0, y + w.rect.height()));
            line
        };
        let lines = vec![
            at(800.0, 40.0, line("Thời gian ký: 08:30", 27.0)),
            at(200.0, 100.0, line("BÁO CÁO KẾT QUẢ GIẢI QUYẾT HỒ SƠ THỦ TỤC HÀNH CHÍNH", 53.0)),
            at(200.0, 160.0, line("Trong quý, bộ phận một cửa của xã đã tiếp nhận và giải quyết hồ sơ", 53.0)),
            at(200.0, 900.0, line("1 Số liệu đến hết tháng 6, theo hệ thống của tỉnh.", 29.0)),
            at(200.0, 940.0, line("2 Không kể hồ sơ chuyển kỳ sau.", 29.0)),
        ];
        let (page, stamps) = part(RecognisedPage { page: 1, lines });
        assert_eq!(stamps.len(), 1);
        assert_eq!(page.lines.len(), 4);
    }

    #[test]
    fn small_print_that_is_read_surely_is_text_where_no_signature_is_told_of() {
        let read = |text: &str, height: f32, confidence: f32| {
            let mut line = line(text, height);
            line.words.iter_mut().for_each(|word| word.confidence = confidence);
            line
        };
        let report = "Báo cáo kết quả giải quyết hồ sơ thủ tục hành chính trong quý II của xã";
        let page = |lines: &[(&str, f32)]| {
            let small = lines.iter().map(|&(text, confidence)| read(text, 26.0, confidence));
            let lines = std::iter::once(read(report, 53.0, 0.99)).chain(small).collect();
            part(RecognisedPage { page: 1, lines }).1.iter().map(Line::text).collect::<Vec<_>>()
        };
        assert_eq!(
            page(&[("viên.", 0.99), ("lưu 12 bản", 0.98), ("I F Y", 0.99), ("H", 0.99), ("ước bWo", 0.6)]),
            ["H", "ước bWo"]
        );
        assert_eq!(page(&[("Văn phòng", 0.99), ("08:30 ngày 02", 0.99)]), ["Văn phòng", "08:30 ngày 02"]);
        assert_eq!(page(&[("vp@tinh.gov.vn", 0.99)]), ["vp@tinh.gov.vn"]);
    }

    #[test]
    fn a_line_across_the_page_and_the_end_of_a_paragraph_are_text() {
        let at = |x0: f32, x1: f32, line: Line| Line { rect: Rect::new(x0, 0.0, x1, 50.0), ..line };
        let doubted = |mut line: Line| {
            line.words.iter_mut().for_each(|word| word.confidence = 0.6);
            line
        };
        let lines = vec![
            at(200.0, 1500.0, line("Báo cáo kết quả giải quyết hồ sơ thủ tục hành chính của xã", 53.0)),
            at(200.0, 1480.0, doubted(line("điện tử và chỉ đạo việc nhận", 20.0))),
            at(203.0, 240.0, doubted(line("tư", 20.0))),
            at(1400.0, 1440.0, doubted(line("tư", 20.0))),
        ];
        let (page, stamps) = part(RecognisedPage { page: 1, lines });
        assert_eq!(page.lines.len(), 3);
        assert_eq!(stamps[0].rect.x0, 1400.0);
    }

    #[test]
    fn a_page_all_in_small_print_is_text() {
        let lines = vec![line("một hai ba", 20.0), line("bốn năm sáu", 19.0)];
        assert!(part(RecognisedPage { page: 1, lines }).1.is_empty());
    }
}

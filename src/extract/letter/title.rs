//! The title of a document: the lines that are centred below its kind.

use crate::document::TextLine;
use crate::extract::layout::column::{WIDE, columns};
use crate::extract::layout::outline::{self, Depth};
use crate::extract::number::unit;
use crate::extract::words::WORDS;
use crate::geometry::Rect;
use crate::text::fold::key;

/// A title has no more lines than this.
const MOST_ROWS: usize = 9;
/// What is centred stands no farther from the axis than this share of the page's printed width; the first line of a text is
/// indented by 10 to 13 mm of 190.
const OFF_AXIS: f32 = 0.022;
/// A gap of so many of the title's own line distances, with the rule that Decree 30/2020/NĐ-CP puts below it, ends it.
const GAP: f32 = 1.6;
/// A line that is shorter than this share of the width does not fill it.
const SHORT: f32 = 0.8;
/// The white between a registry's stamp and the title beside it, in heights of a line.
const STAMP_GAP: f32 = 2.0;
/// The page's printed width is taken from so many lines.
const LINES: usize = 28;

/// What stands on one height.
struct Row {
    text: String,
    rect: Option<Rect>,
    /// The line after it.
    end: usize,
}

/// The title below the line of the kind, and the line after it; `begins` tells with which words a text begins.
pub(in crate::extract) fn read(
    lines: &[TextLine],
    kind: usize,
    begins: impl Fn(&str) -> bool,
) -> (Option<String>, usize) {
    let axis = lines[kind].place.rect.map(|r| r.centre().0);
    let rects = || lines.iter().take(LINES).filter_map(|l| l.place.rect);
    let width = rects().map(|r| r.x1).fold(0.0, f32::max);
    let left = rects().map(|r| r.x0).fold(width, f32::min);
    let mut title: Vec<String> = Vec::new();
    let mut above = lines[kind].place.rect;
    let mut pitch: Option<f32> = None;
    let (mut at, mut end) = (kind + 1, kind + 1);
    while at < lines.len() && title.len() < MOST_ROWS && at <= kind + 2 * MOST_ROWS {
        let row = row(lines, at, axis, OFF_AXIS * width);
        let text = row.text.trim();
        at = row.end;
        if text.is_empty() || !text.contains(char::is_alphanumeric) {
            end = row.end;
            if title.is_empty() || row.rect.is_some() { continue } else { break }
        }
        let folded = key(text);
        let marked = outline::mark(text).is_some_and(|m| m.depth != Depth::Dash);
        let anew = !text.starts_with(char::is_lowercase) && !title.is_empty();
        let declares = unit::announces(&folded);
        let off = axis.zip(row.rect).is_some_and(|(axis, r)| (r.centre().0 - axis).abs() > OFF_AXIS * width);
        // What is short and centred belongs to the title, whatever it begins with; a text fills its lines.
        let centred = axis.is_some() && !off && row.rect.is_some_and(|r| r.width() < SHORT * (width - left));
        let begun = title.len() >= 6 || begins(&folded) && !centred;
        if marked || declares || WORDS.is_addressee(&folded) || anew && begun {
            break;
        }
        // A title ends without a full stop; a line that follows one, or that is very long, is text.
        if title.last().is_some_and(|t| t.ends_with(['.', ':'])) || anew && text.chars().count() > 160 {
            break;
        }
        let down = above.zip(row.rect).map(|(a, r)| r.centre().1 - a.centre().1);
        let apart = down.zip(pitch).is_some_and(|(down, pitch)| down > GAP * pitch);
        if anew && (off || apart) {
            break;
        }
        pitch = [pitch, down].into_iter().flatten().reduce(f32::min);
        above = row.rect.or(above);
        title.push(text.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | '“' | '"')).to_owned());
        end = row.end;
    }
    let title = title.join(" ");
    ((!title.is_empty()).then_some(title), end)
}

/// The row that begins with a line. What stands left of where a centred row would begin, such as the stamp that a
/// registry puts beside the title, is none of it.
fn row(lines: &[TextLine], first: usize, axis: Option<f32>, tolerance: f32) -> Row {
    let line = &lines[first];
    let plain = |end| Row { text: line.text.trim().to_owned(), rect: line.place.rect, end };
    let (Some(axis), Some(rect)) = (axis, line.place.rect) else {
        // A table's line ends a title as an empty one does.
        let text = if columns(line, WIDE).len() > 2 { String::new() } else { line.text.trim().to_owned() };
        return Row { text, rect: None, end: first + 1 };
    };
    let level = |l: &TextLine| {
        let other = l.place.rect.filter(|_| l.place.page == line.place.page);
        other.is_some_and(|o| o.vertical_overlap(&rect) > 0.5 * o.height().min(rect.height()))
    };
    let end = first + 1 + lines[first + 1..].iter().take_while(|l| level(l)).count();
    let mut words: Vec<(Rect, &str)> = Vec::new();
    for line in &lines[first..end] {
        words.extend(line.words.iter().filter_map(|w| Some((w.rect?, &line.text[w.start..w.end]))));
    }
    words.sort_by(|a, b| a.0.x0.total_cmp(&b.0.x0));
    let Some(whole) = Rect::bounding(words.iter().map(|w| &w.0)) else { return plain(end) };
    if whole.centre().0 >= axis - tolerance {
        return if end == first + 1 { plain(end) } else { joined(&words, end) };
    }
    let edge = 2.0 * axis - whole.x1;
    let beside = words.partition_point(|(rect, _)| rect.x1 <= edge);
    if whole.x1 <= axis {
        words.clear();
    } else if beside < words.len() && beside > 0 {
        // A title that is not centred goes on from its left margin without a gap.
        let apart = words[beside].0.x0 - words[beside - 1].0.x1 > STAMP_GAP * rect.height();
        words.drain(..if apart { beside } else { 0 });
    }
    joined(&words, end)
}

fn joined(words: &[(Rect, &str)], end: usize) -> Row {
    let text = words.iter().map(|w| w.1).collect::<Vec<_>>().join(" ");
    Row { text, rect: Rect::bounding(words.iter().map(|w| &w.0)), end }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Place, TextWord};

    /// Lines of words, each with its left and right edge, one line every 50 pixels unless a line says otherwise.
    fn page(rows: &[(f32, &[(&str, f32, f32)])]) -> Vec<TextLine> {
        let made = |(y, words): &(f32, &[(&str, f32, f32)])| {
            let text = words.iter().map(|w| w.0).collect::<Vec<_>>().join(" ");
            let mut line = TextLine::plain(Place { page: Some(1), ..Place::default() }, text);
            let edges: Vec<(f32, f32)> = words.iter().map(|w| (w.1, w.2)).collect();
            for (word, (x0, x1)) in line.words.iter_mut().zip(edges) {
                *word = TextWord { rect: Some(Rect::new(x0, *y, x1, y + 30.0)), ..word.clone() };
            }
            line.place.rect = Rect::bounding(line.words.iter().filter_map(|w| w.rect.as_ref()));
            line
        };
        rows.iter().map(made).collect()
    }

    #[test]
    fn a_stamp_beside_the_title_is_none_of_it() {
        let lines = page(&[
            (0.0, &[("CHỈ", 900.0, 990.0), ("THỊ", 1010.0, 1100.0)]),
            (50.0, &[("ĐẾN", 300.0, 400.0), ("Về", 700.0, 760.0)]),
            (
                52.0,
                &[("việc", 775.0, 860.0), ("tăng", 880.0, 990.0), ("cường", 1010.0, 1150.0), ("thu", 1200.0, 1300.0)],
            ),
            (100.0, &[("Số:", 250.0, 320.0)]),
            (102.0, &[("trên", 900.0, 960.0), ("biển", 980.0, 1100.0)]),
            (150.0, &[("Ngày:", 250.0, 400.0)]),
            (210.0, &[("Xong", 300.0, 400.0), ("việc", 420.0, 1700.0)]),
        ]);
        let (title, end) = read(&lines, 0, |_| false);
        assert_eq!(title.as_deref(), Some("Về việc tăng cường thu trên biển"));
        assert_eq!(end, 6);
    }

    #[test]
    fn a_title_that_is_not_centred_keeps_its_second_line() {
        let lines = page(&[
            (0.0, &[("BÁO", 900.0, 990.0), ("CÁO", 1010.0, 1100.0)]),
            (50.0, &[("Kết", 300.0, 400.0), ("quả", 420.0, 1700.0)]),
            (100.0, &[("năm", 200.0, 300.0), ("2023;", 320.0, 450.0), ("nhiệm", 470.0, 700.0), ("vụ", 720.0, 1500.0)]),
        ]);
        assert_eq!(read(&lines, 0, |_| false).0.as_deref(), Some("Kết quả năm 2023; nhiệm vụ"));
    }

    #[test]
    fn a_wide_gap_ends_a_title() {
        let lines = page(&[
            (0.0, &[("BÁO", 900.0, 990.0), ("CÁO", 1010.0, 1100.0)]),
            (50.0, &[("Kết", 900.0, 990.0), ("quả", 1010.0, 1100.0)]),
            (100.0, &[("Quý", 900.0, 990.0), ("I", 1010.0, 1100.0)]),
            (200.0, &[("Xã", 300.0, 400.0), ("báo", 420.0, 1700.0)]),
        ]);
        // `Quý` begins many a text, but no line of one is short and centred.
        assert_eq!(read(&lines, 0, |key| key.starts_with("quy")), (Some("Kết quả Quý I".to_owned()), 3));
    }

    #[test]
    fn a_table_ends_a_title() {
        let lines = TextLine::from_text("BÁO CÁO\nThu, chi\nĐơn vị tính: đồng\nTT\tNội dung\tSố");
        assert_eq!(read(&lines, 0, |_| false).0.as_deref(), Some("Thu, chi"));
        let lines = TextLine::from_text("BÁO CÁO\nThu, chi\nTT\tNội dung\tSố\n1\tThu\t5");
        assert_eq!(read(&lines, 0, |_| false).0.as_deref(), Some("Thu, chi"));
    }
}

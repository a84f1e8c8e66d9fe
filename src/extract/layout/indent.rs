//! Where lines begin on the page: the first line of a paragraph stands further in than those that go on.

use super::outline;
use crate::document::TextLine;
use crate::geometry::Rect;

/// A line is compared with so many before and behind it: further away a page that lies askew has moved them.
const NEAR: usize = 15;
/// So many lines that go on must begin near a line for their margin to be known.
const LEAST: usize = 2;
/// What begins further in than the margin by so many heights of a line is indented.
const INDENT: f32 = 1.0;
/// Lines that begin nearer to each other than so many heights begin together.
const TOGETHER: f32 = 0.7;

/// Whether a line begins further in than all lines about it that go on with a sentence, which small letters begin; false where their places
/// are not known.
pub(super) fn is_indented(lines: &[TextLine], index: usize) -> bool {
    let Some(Rect { x0, y0, y1, .. }) = lines[index].place.rect else { return false };
    let height = y1 - y0;
    let about = index.saturating_sub(NEAR)..(index + 1 + NEAR).min(lines.len());
    let goes_on = |line: &&TextLine| {
        // `a) Trực tuyến` begins a point.
        line.place.page == lines[index].place.page
            && line.text.trim_start().starts_with(char::is_lowercase)
            && outline::mark(&line.text).is_none()
    };
    let begins = lines[about].iter().filter(goes_on).filter_map(|line| line.place.rect.map(|rect| rect.x0));
    let (mut count, mut margin, mut beside) = (0, f32::INFINITY, false);
    for x in begins {
        count += 1;
        margin = margin.min(x);
        beside |= (x - x0).abs() < TOGETHER * height;
    }
    count >= LEAST && !beside && x0 > margin + INDENT * height
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Place;

    fn lines(printed: &[(f32, &str)]) -> Vec<TextLine> {
        let line = |(at, &(x0, text)): (usize, &(f32, &str))| {
            let y0 = 100.0 + 50.0 * at as f32;
            let place = Place { rect: Some(Rect::new(x0, y0, 900.0, y0 + 30.0)), ..Place::page(1) };
            TextLine { place, text: text.to_owned(), words: Vec::new(), block: None }
        };
        printed.iter().enumerate().map(line).collect()
    }

    #[test]
    fn the_first_line_of_a_paragraph_stands_further_in() {
        let lines = lines(&[
            (160.0, "Trong kỳ các phòng đã rà soát 12"),
            (100.0, "thủ tục và báo cáo"),
            (160.0, "a) Đã kiểm tra"),
            (160.0, "5. Về phản ánh, kiến nghị của người dân"),
            (160.0, "Qua đường dây nóng nhận được 3 phản ánh của"),
            (100.0, "người dân"),
            (100.0, "Sở Tư pháp"),
        ]);
        let indented: Vec<usize> = (0..lines.len()).filter(|&at| is_indented(&lines, at)).collect();
        assert_eq!(indented, [0, 2, 3, 4]);
    }

    #[test]
    fn where_points_hang_nothing_is_told() {
        let hanging = lines(&[
            (100.0, "và báo cáo"),
            (100.0, "- Đã kiểm tra việc giải quyết của các xã và"),
            (140.0, "phường theo kế hoạch của"),
            (140.0, "Ủy ban nhân dân tỉnh"),
        ]);
        assert!(!is_indented(&hanging, 3));
        let without = TextLine::from_text("dòng một\ndòng hai\nDòng ba");
        assert!(!is_indented(&without, 2));
    }
}

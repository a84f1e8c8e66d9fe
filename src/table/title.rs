//! What stands above a table: its title, and the unit of its numbers.

use super::words::WORDS;
use crate::document::TextLine;

/// A title has no more lines than this.
const MOST_LINES: usize = 4;
/// Lines above a table that may come between it and its unit.
const NEAR: usize = 3;
/// A title is no longer than this, in characters.
const LONGEST: usize = 300;

/// Title and unit of the table below these lines; None where there is none.
pub(super) fn above(lines: &[TextLine]) -> (Option<String>, Option<String>) {
    let near = || lines.iter().rev().take_while(|l| !l.text.contains('\t'));
    let unit = near().take(NEAR).find_map(|line| WORDS.unit(&line.text));
    let mut title: Vec<&str> = Vec::new();
    for line in near().map(|l| l.text.trim()) {
        if title.is_empty() && (line.is_empty() || WORDS.unit(line).is_some()) {
            continue;
        }
        let fits = title.len() < MOST_LINES && !line.is_empty() && !WORDS.is_no_title(line);
        if !fits || line.ends_with([':', ';', '.', ',']) {
            break;
        }
        title.push(line);
        if WORDS.begins_title(line) {
            break;
        }
    }
    // The lines between a title's first and the table count where the first says that it is one, or all are in capitals.
    let called = title.last().is_some_and(|first| WORDS.begins_title(first));
    if !called {
        title.truncate(title.iter().take_while(|line| in_capitals(line)).count());
    }
    title.reverse();
    let title = title.join(" ");
    let unit = unit.or_else(|| WORDS.unit_of_title(&title));
    ((!title.is_empty() && title.chars().count() <= LONGEST).then_some(title), unit)
}

fn in_capitals(line: &str) -> bool {
    let letters = || line.chars().filter(|c| c.is_alphabetic());
    letters().count() >= 2 && letters().filter(|c| c.is_uppercase()).count() * 10 >= letters().count() * 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_called_so_or_in_capitals() {
        for (lines, title, unit) in [
            (
                "Kết quả như sau:\nBảng 1. Kết quả tiếp nhận\nhồ sơ quý III\n(Đơn vị tính: hồ sơ)",
                Some("Bảng 1. Kết quả tiếp nhận hồ sơ quý III"),
                Some("hồ sơ"),
            ),
            ("Bảng 6. Chất lượng phục vụ (ĐVT: %)", Some("Bảng 6. Chất lượng phục vụ (ĐVT: %)"), Some("%")),
            ("Bảng 7. Hồ sơ của xã (kể cả thôn)", Some("Bảng 7. Hồ sơ của xã (kể cả thôn)"), None),
            ("một câu.\nTỔNG HỢP SỐ LIỆU\nNĂM 2024", Some("TỔNG HỢP SỐ LIỆU NĂM 2024"), None),
            ("Kết quả cụ thể như sau:", None, None),
            ("Trong kỳ đã tiếp nhận nhiều hồ sơ", None, None),
            ("", None, None),
        ] {
            let found = above(&TextLine::from_text(lines));
            assert_eq!((found.0.as_deref(), found.1.as_deref()), (title, unit), "{lines}");
        }
    }
}

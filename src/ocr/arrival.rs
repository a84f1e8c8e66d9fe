//! The stamp of a registry, `ĐẾN Số … Ngày …`, told apart from the text that it was put beside.
//!
//! Whoever receives a document stamps it so (Decree 30/2020/NĐ-CP, appendix IV): a frame with the word, the number and the day of
//! arrival, and whom it goes to. Its number and day are not the document's.

use crate::geometry::Rect;
use crate::page::{Line, RecognisedPage};
use crate::text::fold;

/// What its lines below the first begin with, without marks.
const ENTRIES: [&str; 7] = ["so", "ngay", "gio", "chuyen", "kinh chuyen", "luu ho so", "ho so so"];
/// Its lines follow each other at no more than this many heights of a line.
const NEXT: f32 = 1.8;

/// Takes the stamps of arrival out of the page; each comes back as one line.
pub fn part(page: &mut RecognisedPage) -> Vec<Line> {
    let mut stamps = Vec::new();
    while let Some(members) = find(&page.lines) {
        let mut words = Vec::new();
        for &at in &members {
            words.extend(page.lines[at].words.iter().cloned());
        }
        let rect = Rect::bounding(words.iter().map(|w| &w.rect)).unwrap_or_default();
        stamps.push(Line { words, rect, ..Line::default() });
        let mut number = 0;
        page.lines.retain(|_| {
            number += 1;
            !members.contains(&(number - 1))
        });
    }
    stamps
}

/// The lines of a stamp by their numbers, from the top; None where there is none.
fn find(lines: &[Line]) -> Option<Vec<usize>> {
    lines.iter().enumerate().find_map(|(first, line)| {
        let key = fold::key(&line.text());
        // By itself, or with its number in the same line.
        let head =
            line.text().contains("ĐẾN") && (is_word(&key) || key.starts_with("den so") || key.ends_with("van den"));
        if !head {
            return None;
        }
        let mut members = vec![first];
        let mut area = line.rect;
        while let Some(next) = next_entry(lines, &members, &area) {
            area = area.union(&lines[next].rect);
            members.push(next);
        }
        let complete = members.len() >= 3 || (members.len() == 2 && key.contains("so"));
        complete.then_some(members)
    })
}

fn is_word(key: &str) -> bool {
    key.trim_matches(|c: char| !c.is_alphanumeric()) == "den"
}

/// The next line of the stamp: below what there is of it, close, within its width or about, and an entry of one.
fn next_entry(lines: &[Line], members: &[usize], area: &Rect) -> Option<usize> {
    let fits = |at: &usize| {
        let rect = &lines[*at].rect;
        let height = rect.height().max(1.0);
        let key = fold::key(&lines[*at].text());
        let entry = ENTRIES
            .iter()
            .any(|entry| key.strip_prefix(entry).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphabetic())));
        entry
            && !members.contains(at)
            && rect.centre().1 > area.y1 - 0.3 * height
            && rect.y0 - area.y1 < NEXT * height
            && rect.x0 < area.x1 + height
            && area.x0 < rect.x1 + height
    };
    (0..lines.len()).filter(fits).min_by(|&a, &b| lines[a].rect.y0.total_cmp(&lines[b].rect.y0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Word;

    fn line(text: &str, x: f32, y: f32) -> Line {
        let rect = Rect::new(x, y, x + 12.0 * text.chars().count() as f32, y + 24.0);
        Line { words: vec![Word { text: text.into(), rect, ..Word::default() }], rect, ..Line::default() }
    }

    #[test]
    fn a_stamp_of_arrival_is_taken_out_and_the_documents_own_number_is_not() {
        let mut page = RecognisedPage {
            page: 1,
            lines: vec![
                line("UBND XÃ SUỐI NGÀN", 100.0, 100.0),
                line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 700.0, 100.0),
                line("Số: 12/BC-UBND", 100.0, 140.0),
                line("ĐẾN", 140.0, 220.0),
                line("Kính gửi: Ủy ban nhân dân tỉnh", 700.0, 240.0),
                line("Số: 1482", 120.0, 250.0),
                line("Ngày: 03/10/2025", 110.0, 282.0),
                line("Chuyển: Văn phòng", 110.0, 310.0),
                line("Số hồ sơ đã tiếp nhận là 214.", 100.0, 500.0),
            ],
        };
        let stamps = part(&mut page);
        let texts: Vec<String> = stamps.iter().map(Line::text).collect();
        assert_eq!(texts, ["ĐẾN Số: 1482 Ngày: 03/10/2025 Chuyển: Văn phòng"]);
        assert_eq!(page.lines.len(), 5);
    }

    #[test]
    fn the_word_in_a_sentence_is_no_stamp() {
        let mut page = RecognisedPage {
            page: 1,
            lines: vec![
                line("TỪ NGÀY 01 ĐẾN NGÀY 30", 100.0, 100.0),
                line("Số liệu kèm theo", 100.0, 130.0),
                line("Ngày 02 họp giao ban", 100.0, 160.0),
            ],
        };
        assert!(part(&mut page).is_empty());
        assert_eq!(page.lines.len(), 3);
    }
}

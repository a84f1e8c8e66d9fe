//! Rows of dots that were taken off the page before it was read are put back into the lines that they stood in: a label and its
//! number at the other end of the dots are one line.

use crate::clean::Leader;
use crate::geometry::Rect;
use crate::page::{Line, RecognisedPage, Word};

/// A label ends, and a number right-aligned in its column begins, within this many heights of a word from the dots.
const NEAR: f32 = 10.0;

/// Puts the dots back as words; rectangles of both are in the same pixels.
pub fn put_back(page: &mut RecognisedPage, leaders: &[Leader]) {
    for leader in leaders {
        let dots = Word { text: ".".repeat(leader.dots), rect: leader.rect, confidence: 1.0, ..Word::default() };
        let on = |line: &Line| on_row(line, &leader.rect);
        let before = page.lines.iter().position(|l| on(l) && l.rect.centre().0 < leader.rect.centre().0);
        let behind = page.lines.iter().position(|l| on(l) && l.rect.centre().0 >= leader.rect.centre().0);
        match (before, behind) {
            (Some(first), Some(second)) => {
                let behind = std::mem::take(&mut page.lines[second].words);
                let line = &mut page.lines[first];
                line.words.push(dots);
                line.words.extend(behind);
                settle(line);
                page.lines.remove(second);
            }
            (Some(one), None) | (None, Some(one)) => {
                page.lines[one].words.push(dots);
                settle(&mut page.lines[one]);
            }
            (None, None) => {
                let at = page.lines.iter().position(|l| l.rect.y0 > leader.rect.y1).unwrap_or(page.lines.len());
                let block = page.lines.iter().map(|l| l.block + 1).max().unwrap_or(0);
                page.lines.insert(at, Line { words: vec![dots], rect: leader.rect, block, ..Line::default() });
            }
        }
    }
}

/// Whether the dots stand on the base line of a line that ends or begins near them.
fn on_row(line: &Line, leader: &Rect) -> bool {
    let near = |w: &&Word| {
        let apart = w.rect.x0.max(leader.x0) - w.rect.x1.min(leader.x1);
        apart < NEAR * w.rect.height()
    };
    let height = |w: &Word| w.rect.height().max(1.0);
    // Dots stand at the base line: between the middle of a word and its lower end, descenders included.
    line.words.iter().filter(near).any(|w| {
        let y = leader.y1;
        y > w.rect.centre().1 && y < w.rect.y1 + 0.35 * height(w)
    })
}

/// The words from left to right, and the rectangle around them.
fn settle(line: &mut Line) {
    line.words.sort_by(|a, b| a.rect.x0.total_cmp(&b.rect.x0));
    if let Some(rect) = Rect::bounding(line.words.iter().map(|w| &w.rect)) {
        line.rect = rect;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, x0: f32, y0: f32) -> Line {
        let rect = Rect::new(x0, y0, x0 + 100.0, y0 + 30.0);
        Line { words: vec![Word { text: text.into(), rect, ..Word::default() }], rect, ..Line::default() }
    }

    #[test]
    fn a_label_and_its_number_are_one_line_again() {
        let lines = vec![line("Thu", 0.0, 0.0), line("Tổng", 0.0, 100.0), line("12.500", 600.0, 100.0)];
        let mut page = RecognisedPage { page: 1, lines };
        let leader = |y: f32| Leader { rect: Rect::new(120.0, y, 580.0, y + 5.0), dots: 8 };
        put_back(&mut page, &[leader(123.0), leader(223.0)]);
        let texts: Vec<String> = page.lines.iter().map(Line::text).collect();
        assert_eq!(texts, ["Thu", "Tổng ........ 12.500", "........"]);
    }

    #[test]
    fn a_blank_at_the_end_of_a_line_stays_there() {
        let mut page = RecognisedPage { page: 1, lines: vec![line("Người nộp:", 0.0, 100.0)] };
        put_back(&mut page, &[Leader { rect: Rect::new(120.0, 123.0, 580.0, 128.0), dots: 6 }]);
        assert_eq!(page.text(), "Người nộp: ......\n");
    }
}

//! Which words make a line, and in which order lines are read.

use super::segment::SeenLine;
use crate::geometry::Rect;
use crate::ocr::LineBox;
use crate::page::{Line, RecognisedPage, Word};

/// Puts Tesseract's words into the lines of the detector; what fits none stays in lines of Tesseract's own.
pub(in crate::ocr) fn assign(read: RecognisedPage, found: Vec<LineBox>) -> Vec<SeenLine> {
    let mut lines: Vec<SeenLine> =
        found.into_iter().map(|place| SeenLine { place, words: Vec::new(), detected: true, block: u32::MAX }).collect();
    let mut apart = Vec::new();
    for line in read.lines {
        let mut rest: Vec<Word> = Vec::new();
        for word in line.words {
            match home(&word.rect, &lines) {
                Some(at) => {
                    lines[at].block = lines[at].block.min(line.block);
                    lines[at].words.push(word);
                }
                None => rest.push(word),
            }
        }
        if let Some(rect) = Rect::bounding(rest.iter().map(|w| &w.rect)) {
            let place = LineBox { rect, slope: 0.0 };
            apart.push(SeenLine { place, words: rest, detected: false, block: line.block });
        }
    }
    lines.append(&mut apart);
    for line in &mut lines {
        line.words.sort_by(|a, b| a.rect.x0.total_cmp(&b.rect.x0));
        // The detector stops short of a letter that stands apart.
        for word in &line.words {
            line.place.rect.x0 = line.place.rect.x0.min(word.rect.x0);
            line.place.rect.x1 = line.place.rect.x1.max(word.rect.x1);
        }
    }
    lines
}

/// The line that the word stands in: its middle within the line's height there, most of it within the line's ends.
fn home(word: &Rect, lines: &[SeenLine]) -> Option<usize> {
    let (x, y) = word.centre();
    let off = |line: &SeenLine| {
        let place = &line.place;
        (y - place.rect.centre().1 - place.slope * (x - place.rect.centre().0)).abs()
    };
    let near = lines.iter().enumerate().filter(|(_, line)| {
        let (rect, height) = (&line.place.rect, line.place.rect.height());
        let inside = word.x1.min(rect.x1 + height) - word.x0.max(rect.x0 - height);
        line.detected && off(line) < 0.5 * height && inside > 0.5 * word.width() && word.height() < 2.0 * height
    });
    near.min_by(|a, b| off(a.1).total_cmp(&off(b.1))).map(|(at, _)| at)
}

/// Orders lines as they are read: row by row from the top, within a row from left to right, as the header's two columns and
/// the signature beside the recipients are; and numbers the blocks anew.
pub(in crate::ocr) fn order(lines: &mut Vec<Line>) {
    lines.sort_by(|a, b| a.rect.centre().1.total_cmp(&b.rect.centre().1).then(a.rect.x0.total_cmp(&b.rect.x0)));
    let mut rows: Vec<Vec<Line>> = Vec::new();
    for line in lines.drain(..) {
        let beside = |other: &Line| {
            let lower = other.rect.height().min(line.rect.height());
            let apart = line.rect.x0.max(other.rect.x0) - line.rect.x1.min(other.rect.x1);
            line.rect.vertical_overlap(&other.rect) > 0.5 * lower && apart > -0.2 * lower
        };
        match rows.last_mut().filter(|row| row.iter().all(beside)) {
            Some(row) => row.push(line),
            None => rows.push(vec![line]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.rect.x0.total_cmp(&b.rect.x0));
    }
    *lines = rows.into_iter().flatten().collect();
    number_blocks(lines);
}

/// A line belongs to the block of the nearest line above it that it stands under, at no more than a line's distance.
fn number_blocks(lines: &mut [Line]) {
    let mut blocks = 0;
    for at in 0..lines.len() {
        let (above, here) = lines.split_at_mut(at);
        let line = &mut here[0];
        let under = |other: &&Line| {
            let overlap = line.rect.x1.min(other.rect.x1) - line.rect.x0.max(other.rect.x0);
            let gap = line.rect.y0 - other.rect.y1;
            overlap > 0.3 * line.rect.width().min(other.rect.width())
                && gap < 1.0 * line.rect.height().max(other.rect.height())
                && gap > -0.7 * line.rect.height()
        };
        match above.iter().rev().find(under) {
            Some(other) => line.block = other.block,
            None => {
                line.block = blocks;
                blocks += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, x0: f32, y0: f32, x1: f32, y1: f32) -> Line {
        let rect = Rect::new(x0, y0, x1, y1);
        Line { words: vec![Word { text: text.into(), rect, ..Word::default() }], rect, ..Line::default() }
    }

    #[test]
    fn columns_side_by_side_are_read_row_by_row() {
        let mut lines = vec![
            line("issuer", 100.0, 100.0, 500.0, 140.0),
            line("district", 100.0, 160.0, 500.0, 200.0),
            line("motto", 900.0, 103.0, 1600.0, 143.0),
            line("freedom", 900.0, 163.0, 1600.0, 203.0),
            line("title", 600.0, 300.0, 1000.0, 340.0),
        ];
        order(&mut lines);
        let seen: Vec<(String, u32)> = lines.iter().map(|l| (l.text(), l.block)).collect();
        let want = [("issuer", 0), ("motto", 1), ("district", 0), ("freedom", 1), ("title", 2)];
        assert_eq!(seen, want.map(|(t, b)| (t.to_string(), b)));
    }

    #[test]
    fn recipients_in_small_print_do_not_swallow_the_signature() {
        let mut lines = vec![
            line("to", 100.0, 100.0, 400.0, 130.0),
            line("post", 900.0, 112.0, 1400.0, 160.0),
            line("file", 100.0, 135.0, 400.0, 165.0),
        ];
        order(&mut lines);
        let seen: Vec<String> = lines.iter().map(Line::text).collect();
        assert_eq!(seen, ["to", "post", "file"]);
    }

    #[test]
    fn words_go_to_the_line_that_they_stand_in_even_where_it_slopes() {
        let word = |text: &str, x0: f32, y0: f32| Word {
            text: text.into(),
            rect: Rect::new(x0, y0, x0 + 60.0, y0 + 30.0),
            ..Word::default()
        };
        let all = Line {
            words: vec![word("a", 10.0, 100.0), word("b", 910.0, 145.0), word("x", 400.0, 600.0)],
            ..Line::default()
        };
        let read = RecognisedPage { page: 1, lines: vec![all] };
        let sloping = |y: f32| LineBox { rect: Rect::new(0.0, y, 1000.0, y + 40.0), slope: 0.05 };
        let lines = assign(read, vec![sloping(120.0), sloping(165.0)]);
        let texts: Vec<Vec<&str>> = lines.iter().map(|l| l.words.iter().map(|w| w.text.as_str()).collect()).collect();
        assert_eq!(texts, [vec!["a", "b"], vec![], vec!["x"]]);
        assert_eq!(lines.iter().map(|l| l.detected).collect::<Vec<_>>(), [true, true, false]);
    }
}

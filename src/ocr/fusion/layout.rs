//! Which words make a line.

use super::seen::SeenLine;
use crate::geometry::Rect;
use crate::ocr::LineBox;
use crate::page::{RecognisedPage, Word};

/// Puts Tesseract's words into the lines of the detector; what fits none stays in lines of Tesseract's own.
pub(in crate::ocr) fn assign(read: RecognisedPage, found: Vec<LineBox>) -> Vec<SeenLine> {
    let mut lines: Vec<SeenLine> =
        found.into_iter().map(|place| SeenLine::new(place, Vec::new(), true, u32::MAX)).collect();
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
        for words in parts(rest) {
            let rect = Rect::bounding(words.iter().map(|w| &w.rect)).unwrap_or_default();
            let place = LineBox { rect, slope: 0.0 };
            apart.push(SeenLine::new(place, words, false, line.block));
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

/// White this wide, in heights of a word, parts what Tesseract alone has in one line: a signature beside print is judged by itself, and
/// does not take the print with it.
const WHITE: f32 = 4.0;

/// Words parted where the white between them is wide.
fn parts(mut words: Vec<Word>) -> Vec<Vec<Word>> {
    words.sort_by(|a, b| a.rect.x0.total_cmp(&b.rect.x0));
    let mut parts: Vec<Vec<Word>> = Vec::new();
    let mut end = f32::NEG_INFINITY;
    for word in words {
        let near = word.rect.x0 - end < WHITE * word.rect.height();
        end = end.max(word.rect.x1);
        match parts.last_mut().filter(|_| near) {
            Some(part) => part.push(word),
            None => parts.push(vec![word]),
        }
    }
    parts
}

/// The line that the word stands in: its middle within the line's height there, most of it within the line's ends.
fn home(word: &Rect, lines: &[SeenLine]) -> Option<usize> {
    let (x, y) = word.centre();
    let off = |line: &SeenLine| {
        let place = &line.place;
        (y - place.rect.centre().1 - place.drop(x)).abs()
    };
    let near = lines.iter().enumerate().filter(|(_, line)| {
        let (rect, height) = (&line.place.rect, line.place.rect.height());
        let inside = word.x1.min(rect.x1 + height) - word.x0.max(rect.x0 - height);
        line.detected && off(line) < 0.5 * height && inside > 0.5 * word.width() && word.height() < 2.0 * height
    });
    near.min_by(|a, b| off(a.1).total_cmp(&off(b.1))).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Line;

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

    #[test]
    fn a_signature_beside_print_is_a_line_of_its_own() {
        let word = |text: &str, x0: f32| Word {
            text: text.into(),
            rect: Rect::new(x0, 100.0, x0 + 60.0, 130.0),
            ..Word::default()
        };
        let all = Line { words: vec![word("-", 10.0), word("BGH;", 80.0), word("c2;", 900.0)], ..Line::default() };
        let lines = assign(RecognisedPage { page: 1, lines: vec![all] }, Vec::new());
        let texts: Vec<Vec<&str>> = lines.iter().map(|l| l.words.iter().map(|w| w.text.as_str()).collect()).collect();
        assert_eq!(texts, [vec!["-", "BGH;"], vec!["c2;"]]);
    }
}

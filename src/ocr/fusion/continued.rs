//! Which line a line goes on with: the words at its end tell what begins the next.

use super::language;
use crate::geometry::Rect;
use crate::lm::{Model, WordId};
use crate::ocr::LineBox;

/// How many words at a line's end are told to the next.
const TOLD: usize = 4;

/// The ends of the lines that were read so far.
pub(in crate::ocr) struct LineEnds<'a> {
    model: &'a Model,
    read: Vec<(Rect, Vec<WordId>)>,
}

impl<'a> LineEnds<'a> {
    /// None as yet.
    pub fn new(model: &'a Model) -> Self {
        LineEnds { model, read: Vec::new() }
    }

    /// Keeps the end of the line that was read at this place, whose words these are.
    pub fn add(&mut self, place: &LineBox, words: &[&str]) {
        let told = &words[words.len().saturating_sub(TOLD)..];
        let ids = told.iter().flat_map(|word| language::words(self.model, word, false)).collect();
        self.read.push((place.rect, ids));
    }

    /// The words that the line at this place goes on with: those of the line next above, where that reaches as far to the right and this
    /// begins no further in, as a paragraph's first would. None where no such line was read.
    pub fn before(&self, place: &LineBox) -> Vec<WordId> {
        /// White between two lines of a paragraph is at most so many heights.
        const WHITE: f32 = 1.5;
        /// What ends and begins nearer than so many heights ends and begins alike.
        const ALIKE: f32 = 3.0;
        const INDENT: f32 = 0.8;
        let (rect, height) = (&place.rect, place.rect.height());
        let above = |other: &&(Rect, Vec<WordId>)| {
            let common = other.0.x1.min(rect.x1) - other.0.x0.max(rect.x0);
            common > 0.5 * other.0.width().min(rect.width()) && other.0.centre().1 < rect.y0
        };
        let nearest = self.read.iter().filter(above).max_by(|a, b| a.0.centre().1.total_cmp(&b.0.centre().1));
        let goes_on = |other: &&(Rect, Vec<WordId>)| {
            let like = other.0.height() / height;
            (0.7..1.4).contains(&like)
                && rect.y0 - other.0.y1 < WHITE * height
                && other.0.x1 > rect.x1 - ALIKE * height
                && rect.x0 < other.0.x0 + INDENT * height
        };
        nearest.filter(goes_on).map_or_else(Vec::new, |(_, words)| words.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_on_with_the_one_above_and_a_paragraph_and_a_column_begin() {
        let model = Model::embedded().unwrap();
        let at = |x0: f32, y0: f32, x1: f32| LineBox { rect: Rect::new(x0, y0, x1, y0 + 40.0), slope: 0.0 };
        let mut ends = LineEnds::new(&model);
        ends.add(&at(200.0, 100.0, 1500.0), &["Văn", "phòng", "đã", "tiếp"]);
        ends.add(&at(1600.0, 110.0, 2000.0), &["tháng", "6"]);
        let tiep = model.words("tiếp");
        assert!(ends.before(&at(120.0, 160.0, 1500.0)).ends_with(&tiep));
        assert!(ends.before(&at(120.0, 160.0, 700.0)).ends_with(&tiep), "the last line of a paragraph is short");
        assert!(ends.before(&at(280.0, 160.0, 1500.0)).is_empty(), "what stands further in begins a paragraph");
        assert!(ends.before(&at(120.0, 300.0, 1500.0)).is_empty(), "too far below");
        ends.add(&at(120.0, 160.0, 700.0), &["nhận."]);
        assert!(ends.before(&at(120.0, 220.0, 1500.0)).is_empty(), "a short line ends a paragraph");
    }

    #[test]
    fn what_the_line_before_ends_with_tells_what_begins_the_next() {
        use super::super::language::{Hypothesis, weigh};
        let model = Model::embedded().unwrap();
        let reading = |text: &str| Hypothesis { words: model.words(text), own: 0.0 };
        let line =
            [vec![reading("nhân"), reading("nhận")], vec![reading("04")], vec![reading("phản")], vec![reading("ánh")]];
        let sums = weigh(&model, &model.words("Văn phòng đã tiếp"), &line);
        assert!(sums[0][1] > sums[0][0], "{sums:?}");
    }
}

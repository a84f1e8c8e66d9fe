//! Which line a line goes on with: the words at its end tell what begins the next, and those what ended it.

use super::language;
use super::seen::SeenLine;
use crate::error::Result;
use crate::geometry::Rect;
use crate::lm::{Model, WordId};
use crate::ocr::{LineBox, LineNetwork};
use image::GrayImage;

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

    /// The words that the line at this place goes on with: those of the line next above, where that is one text with it. None where no such line was
    /// read.
    pub fn before(&self, place: &LineBox) -> Vec<WordId> {
        let above = |other: &&(Rect, Vec<WordId>)| stands_above(&other.0, &place.rect);
        let nearest = self.read.iter().filter(above).max_by(|a, b| a.0.centre().1.total_cmp(&b.0.centre().1));
        let goes_on = |other: &&(Rect, Vec<WordId>)| goes_on(&other.0, &place.rect);
        nearest.filter(goes_on).map_or_else(Vec::new, |(_, words)| words.clone())
    }
}

/// Looks at all lines before any is read, and tells each which words the line begins with that goes on with it, as the network sees them.
pub(in crate::ocr) fn look_ahead(
    page: &GrayImage,
    lines: &mut [SeenLine],
    network: &dyn LineNetwork,
    model: &Model,
) -> Result<()> {
    let mut begins: Vec<(Rect, Vec<WordId>)> = Vec::with_capacity(lines.len());
    for line in lines.iter_mut() {
        let rect = line.place.rect;
        let Some(crop) = line.look(page, network)? else { continue };
        let text: String = crop.runs.iter().map(|run| network.letters()[run.class - 1]).collect();
        let first = text.split(' ').filter(|word| !word.is_empty()).take(TOLD);
        begins.push((rect, first.flat_map(|word| language::words(model, word, false)).collect()));
    }
    for line in lines.iter_mut() {
        let rect = line.place.rect;
        let below = |other: &&(Rect, Vec<WordId>)| stands_above(&rect, &other.0);
        let nearest = begins.iter().filter(below).min_by(|a, b| a.0.centre().1.total_cmp(&b.0.centre().1));
        let next = nearest.filter(|other| goes_on(&rect, &other.0));
        line.around.behind = next.map_or_else(Vec::new, |(_, words)| words.clone());
    }
    Ok(())
}

fn stands_above(upper: &Rect, lower: &Rect) -> bool {
    let common = upper.x1.min(lower.x1) - upper.x0.max(lower.x0);
    common > 0.5 * upper.width().min(lower.width()) && upper.centre().1 < lower.y0
}

/// Whether the lower line goes on with the upper: that reaches as far to the right, and this begins no further in, as a paragraph's first would.
fn goes_on(upper: &Rect, lower: &Rect) -> bool {
    /// White between two lines of a paragraph is at most so many heights.
    const WHITE: f32 = 1.5;
    /// What ends and begins nearer than so many heights ends and begins alike.
    const ALIKE: f32 = 3.0;
    const INDENT: f32 = 0.8;
    let height = lower.height();
    (0.7..1.4).contains(&(upper.height() / height))
        && lower.y0 - upper.y1 < WHITE * height
        && upper.x1 > lower.x1 - ALIKE * height
        && lower.x0 < upper.x0 + INDENT * height
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
        use super::super::language::{Around, Hypothesis, weigh};
        let model = Model::embedded().unwrap();
        let reading = |text: &str| Hypothesis { words: model.words(text), own: 0.0 };
        let line =
            [vec![reading("nhân"), reading("nhận")], vec![reading("04")], vec![reading("phản")], vec![reading("ánh")]];
        let before = Around { before: model.words("Văn phòng đã tiếp"), ..Around::default() };
        let sums = weigh(&model, &before, &line);
        assert!(sums[0][1] > sums[0][0], "{sums:?}");
    }

    #[test]
    fn what_the_next_line_begins_with_tells_what_ended_this() {
        use super::super::language::{Around, Hypothesis, weigh};
        let model = Model::embedded().unwrap();
        let reading = |text: &str| Hypothesis { words: model.words(text), own: 0.0 };
        let line = [vec![reading("đã")], vec![reading("tiếp")], vec![reading("nhân"), reading("nhận")]];
        let behind = Around { behind: model.words("hồ sơ trực tuyến"), ..Around::default() };
        let alone = weigh(&model, &Around::default(), &line);
        let sums = weigh(&model, &behind, &line);
        assert!(sums[2][1] - sums[2][0] > alone[2][1] - alone[2][0], "{alone:?} {sums:?}");
        let first = [vec![reading("tuyên"), reading("tuyến")]];
        let sums = weigh(&model, &Around { behind: model.words("truyền pháp luật"), ..Around::default() }, &first);
        assert!(sums[0][0] > sums[0][1], "{sums:?}");
    }
}

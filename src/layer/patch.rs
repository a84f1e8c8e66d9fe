//! A page whose words come from two sources: its text layer, and the recogniser for what the layer lacks.

use crate::geometry::Rect;
use crate::page::{Line, RecognisedPage, Word};

/// Confidence of the surest recognised word: only what a layer gave is certain.
const SUREST: f32 = 0.9999;
/// Share of a recognised word's width that a word of the layer must take for both to be the same print.
const SAME: f32 = 0.5;

/// A page of words from two sources.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Patched {
    /// The lines, those of the layer first; they are not in order yet. The layer's words have confidence 1, the others less.
    pub lines: Vec<Line>,
    /// How many words were recognised.
    pub recognised: usize,
}

/// The words of a layer, with those that were recognised where the layer has none; all rectangles are on one image, on which lines
/// are level.
///
/// Where a printed line is partly in the layer, it stays one line.
pub fn patch(layer: Vec<Line>, recognised: RecognisedPage) -> Patched {
    let given: Vec<Rect> = layer.iter().flat_map(|line| &line.words).map(|word| word.rect).collect();
    let mut taken = vec![false; given.len()];
    let words: Vec<&Word> = layer.iter().flat_map(|line| &line.words).collect();
    let mut out = Patched::default();
    let mut apart: Vec<Line> = Vec::new();
    for mut line in recognised.lines {
        line.words.retain(|word| covered(&word.rect, &given) < SAME);
        let Some(own) = Rect::bounding(line.words.iter().map(|w| &w.rect)) else { continue };
        out.recognised += line.words.len();
        let height = own.height().max(1.0);
        // The layer's words among those that are left belong to the same printed line.
        line.words.iter_mut().for_each(|word| word.confidence = word.confidence.min(SUREST));
        for (at, word) in words.iter().enumerate() {
            if taken[at] {
                continue;
            }
            let level = word.rect.vertical_overlap(&own) > 0.6 * word.rect.height().min(height);
            let within = word.rect.centre().0 > own.x0 - height && word.rect.centre().0 < own.x1 + height;
            if level && within && word.rect.height() < 1.8 * height && height < 1.8 * word.rect.height() {
                line.words.push((*word).clone());
                taken[at] = true;
            }
        }
        line.words.sort_by(|a, b| a.rect.x0.total_cmp(&b.rect.x0));
        line.rect = Rect::bounding(line.words.iter().map(|w| &w.rect)).unwrap_or(own);
        apart.push(line);
    }
    let mut at = 0;
    for mut line in layer {
        let kept: Vec<Word> = std::mem::take(&mut line.words)
            .into_iter()
            .filter(|_| {
                at += 1;
                !taken[at - 1]
            })
            .collect();
        if let Some(rect) = Rect::bounding(kept.iter().map(|w| &w.rect)) {
            out.lines.push(Line { words: kept, rect, ..line });
        }
    }
    out.lines.append(&mut apart);
    out
}

/// Share of a word's width that words of the layer on the same level take.
pub fn covered(word: &Rect, given: &[Rect]) -> f32 {
    let level = |other: &&Rect| word.vertical_overlap(other) > 0.4 * word.height().min(other.height());
    let shared = |other: &Rect| (word.x1.min(other.x1) - word.x0.max(other.x0)).max(0.0);
    given.iter().filter(level).map(shared).sum::<f32>() / word.width().max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(words: &[(&str, f32, f32)], y: f32, confidence: f32) -> Line {
        let word = |&(text, x0, x1): &(&str, f32, f32)| Word {
            text: text.into(),
            rect: Rect::new(x0, y, x1, y + 20.0),
            confidence,
            ..Word::default()
        };
        let words: Vec<Word> = words.iter().map(word).collect();
        Line { rect: Rect::bounding(words.iter().map(|w| &w.rect)).unwrap(), words, ..Line::default() }
    }

    fn texts(patched: &Patched) -> Vec<String> {
        patched.lines.iter().map(Line::text).collect()
    }

    #[test]
    fn what_the_layer_lacks_is_added_and_what_it_has_is_not_doubled() {
        let layer = vec![line(&[("Phụ", 0.0, 50.0), ("lục", 60.0, 100.0)], 0.0, 1.0)];
        let seen = RecognisedPage {
            page: 1,
            lines: vec![
                line(&[("Phu", 1.0, 51.0), ("luc", 59.0, 101.0)], 1.0, 0.9),
                line(&[("Tổng", 0.0, 60.0), ("số", 70.0, 100.0)], 40.0, 1.0),
            ],
        };
        let patched = patch(layer, seen);
        assert_eq!(texts(&patched), ["Phụ lục", "Tổng số"]);
        let given: Vec<Vec<bool>> =
            patched.lines.iter().map(|l| l.words.iter().map(|w| w.confidence >= 1.0).collect()).collect();
        assert_eq!(given, [[true, true], [false, false]]);
        assert_eq!(patched.recognised, 2);
    }

    #[test]
    fn a_number_typed_into_a_scanned_line_stays_in_it() {
        let layer = vec![line(&[("54", 70.0, 100.0)], 2.0, 1.0)];
        let seen = line(&[("Số:", 0.0, 50.0), ("5A", 69.0, 99.0), ("/TB-UBND", 110.0, 240.0)], 0.0, 0.9);
        let patched = patch(layer, RecognisedPage { page: 1, lines: vec![seen] });
        assert_eq!(texts(&patched), ["Số: 54 /TB-UBND"]);
        let given: Vec<bool> = patched.lines[0].words.iter().map(|w| w.confidence >= 1.0).collect();
        assert_eq!(given, [false, true, false]);
    }
}

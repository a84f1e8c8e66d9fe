//! The columns that one line may hold side by side: letterhead, foot and tables are set in columns, and recognisers put
//! what stands on one height into one line.

use crate::document::{Place, TextLine, TextWord};
use crate::geometry::Rect;
use std::ops::Range;

/// A gap of so many line heights parts columns; justified text has gaps of one height at most.
pub(in crate::extract) const WIDE: f32 = 1.4;
/// A gap that parts columns in lines that are not justified, such as the heads of tables.
pub(in crate::extract) const NARROW: f32 = 0.7;

/// The bytes of the line's columns, from left to right; one where no gap is wide enough, none in an empty line.
///
/// On a scan the gap between the words' rectangles decides, in line heights, and rules that were read as bars; in plain
/// text tabs, bars and three spaces or more do.
pub(in crate::extract) fn columns(line: &TextLine, gap: f32) -> Vec<Range<usize>> {
    if line.words.iter().any(|w| w.rect.is_some()) { by_gaps(line, gap) } else { by_spaces(&line.text) }
}

/// The line cut into its columns, each a line of its own.
pub(in crate::extract) fn part(line: &TextLine) -> Vec<TextLine> {
    let cut = |range: Range<usize>| {
        let inside = line.words.iter().filter(|w| w.start >= range.start && w.end <= range.end);
        let moved = inside.map(|w| TextWord { start: w.start - range.start, end: w.end - range.start, ..w.clone() });
        let place = Place { rect: rect(line, &range).or(line.place.rect), ..line.place };
        TextLine { place, text: line.text[range.clone()].to_owned(), words: moved.collect(), block: line.block }
    };
    columns(line, WIDE).into_iter().map(cut).collect()
}

/// The rectangle around the words of these bytes; None in plain text.
pub(in crate::extract) fn rect(line: &TextLine, range: &Range<usize>) -> Option<Rect> {
    let words = line.words.iter().filter(|w| w.start < range.end && range.start < w.end);
    Rect::bounding(words.filter_map(|w| w.rect.as_ref()))
}

fn by_gaps(line: &TextLine, gap: f32) -> Vec<Range<usize>> {
    let mut heights: Vec<f32> = line.words.iter().filter_map(|w| w.rect).map(|r| r.height()).collect();
    heights.sort_unstable_by(f32::total_cmp);
    let height = heights.get(heights.len() / 2).copied().unwrap_or(0.0);
    let mut columns: Vec<Range<usize>> = Vec::new();
    let mut edge: Option<f32> = None;
    for word in &line.words {
        // A rule between two columns, read as a letter.
        if matches!(&line.text[word.start..word.end], "|" | "¦" | "‖" | "[" | "]") {
            edge = Some(f32::NEG_INFINITY);
            continue;
        }
        let apart = word.rect.zip(edge).is_some_and(|(r, edge)| r.x0 - edge > gap * height);
        match columns.last_mut().filter(|_| !apart) {
            Some(column) => column.end = word.end,
            None => columns.push(word.start..word.end),
        }
        edge = word.rect.map(|r| r.x1).or(edge);
    }
    columns
}

fn by_spaces(text: &str) -> Vec<Range<usize>> {
    let mut columns: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    let mut push = |range: Range<usize>| {
        let piece = &text[range.clone()];
        let left = range.start + piece.len() - piece.trim_start().len();
        let kept = left..left + piece.trim().len();
        if !kept.is_empty() {
            columns.push(kept);
        }
    };
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let spaces = bytes[at..].iter().take_while(|b| **b == b' ').count();
        let parts = matches!(bytes[at], b'\t' | b'|') || spaces >= 3;
        let width = spaces.max(1);
        if parts {
            push(start..at);
            start = at + width;
        }
        at += width;
    }
    push(start..bytes.len());
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_tabs_and_bars_part_columns_of_plain_text() {
        let line = TextLine::plain(Place::default(), "  Thu nội địa \t 1.250   | 98 %|");
        let seen: Vec<&str> = columns(&line, WIDE).into_iter().map(|r| &line.text[r]).collect();
        assert_eq!(seen, ["Thu nội địa", "1.250", "98 %"]);
    }

    #[test]
    fn wide_gaps_part_columns_of_a_scan() {
        let mut line = TextLine::plain(Place::default(), "Nơi nhận: CHỦ TỊCH");
        let edges = [(100.0, 160.0), (170.0, 260.0), (900.0, 980.0), (995.0, 1080.0)];
        for (word, (x0, x1)) in line.words.iter_mut().zip(edges) {
            *word = TextWord { rect: Some(Rect::new(x0, 100.0, x1, 140.0)), ..word.clone() };
        }
        let seen: Vec<&str> = columns(&line, WIDE).into_iter().map(|r| &line.text[r]).collect();
        assert_eq!(seen, ["Nơi nhận:", "CHỦ TỊCH"]);
    }
}

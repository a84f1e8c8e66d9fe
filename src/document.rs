//! Places in a document, and its text as the later steps see it: lines of words that know where they stand.

use crate::geometry::Rect;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Number of a page, from 1, in the order of the file.
pub type PageNo = u32;

/// Where something stands: on a page of a scan, or in a line of plain text.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The page; None in plain text without form feeds.
    pub page: Option<PageNo>,
    /// Line from 1, counted on its page, or in the whole text where there are no pages.
    pub line: Option<u32>,
    /// Column from 1, in characters; None where a rectangle tells more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// The rectangle on the page as scanned, in pixels; None in plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rect: Option<Rect>,
}

impl Place {
    /// The page as a whole.
    pub fn page(page: PageNo) -> Self {
        Place { page: Some(page), ..Place::default() }
    }
}

/// The page as scanned, in whose pixels all rectangles are.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct PageSize {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Resolution in dots per inch, as stated in the file or estimated (a diagnostic says so).
    pub dpi: f32,
}

/// One printed line of the restored text, as extraction reads it.
///
/// It is made from a [`RestoredPage`](crate::restore::RestoredPage) or from plain text; extraction does not know which.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TextLine {
    /// Page, line and, on a scan, the rectangle of the whole line.
    pub place: Place,
    /// The restored text, NFC, without line end.
    pub text: String,
    /// The words in reading order; their byte ranges in `text` ascend and do not overlap.
    pub words: Vec<TextWord>,
    /// Block (column, table cell or paragraph region) that the layout put the line in, from 0 on each page;
    /// None where nothing is known of it.
    pub block: Option<u32>,
}

/// One word of a [`TextLine`].
#[derive(Debug, Clone, PartialEq)]
pub struct TextWord {
    /// First byte in the line's text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Rectangle on the page as scanned; None in plain text.
    pub rect: Option<Rect>,
    /// How sure the word's text is, from 0 to 1: the recogniser's confidence and the restorer's posterior taken
    /// together; None where neither had a say, as in plain text that was not changed.
    pub confidence: Option<f32>,
    /// Other readings that the recogniser thought possible for the word as a whole, the likeliest first.
    pub alternatives: Vec<String>,
}

impl TextLine {
    /// A line of plain text; words are what white space separates.
    pub fn plain(place: Place, text: impl Into<String>) -> Self {
        let text = text.into();
        let words = text
            .split_whitespace()
            .map(|word| {
                let start = word.as_ptr() as usize - text.as_ptr() as usize;
                TextWord { start, end: start + word.len(), rect: None, confidence: None, alternatives: Vec::new() }
            })
            .collect();
        TextLine { place, text, words, block: None }
    }

    /// The lines of plain text, numbered from 1; a form feed starts the next page and its lines at 1 again.
    pub fn from_text(text: &str) -> Vec<TextLine> {
        let paged = text.contains('\u{c}');
        let mut lines = Vec::new();
        for (page, content) in (1..).zip(text.split('\u{c}')) {
            for (line, content) in (1..).zip(content.lines()) {
                let place = Place { page: paged.then_some(page), line: Some(line), ..Place::default() };
                lines.push(TextLine::plain(place, content));
            }
        }
        lines
    }

    /// The place of the bytes `start..end`: the rectangle around the words that they touch, on a scan; the column in plain text.
    pub fn place_of(&self, start: usize, end: usize) -> Place {
        let touched = self.words.iter().filter(|w| w.start < end && start < w.end);
        let rect = Rect::bounding(touched.filter_map(|w| w.rect.as_ref()));
        let column = rect.is_none().then(|| self.text[..start].chars().count() as u32 + 1);
        Place { column, rect, ..self.place }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_feeds_number_pages_and_lines_start_again() {
        let lines = TextLine::from_text("một\nhai\u{c}ba\n");
        let seen: Vec<_> = lines.iter().map(|l| (l.place.page, l.place.line, l.text.as_str())).collect();
        assert_eq!(seen, [(Some(1), Some(1), "một"), (Some(1), Some(2), "hai"), (Some(2), Some(1), "ba")]);
    }

    #[test]
    fn the_place_of_a_word_counts_characters() {
        let line = TextLine::plain(Place { line: Some(7), ..Place::default() }, "tổng số: 1.077 hồ sơ");
        let at = line.text.find("1.077").unwrap();
        assert_eq!(line.place_of(at, at + 5).column, Some(10));
    }
}

//! What is seen on a page: lines of words with boxes, confidences and alternatives, whoever saw them.

use crate::document::PageNo;
use crate::geometry::{Rect, Transform};
use serde::{Deserialize, Serialize};

/// What was seen on a page. Later steps add to it and never overwrite it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RecognisedPage {
    /// Which page.
    pub page: PageNo,
    /// Printed lines in reading order.
    pub lines: Vec<Line>,
}

/// One printed line.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Line {
    /// The words from left to right.
    pub words: Vec<Word>,
    /// Rectangle on the page as scanned, in pixels.
    pub rect: Rect,
    /// Block (column, table cell or paragraph region) that the line belongs to, from 0 on each page.
    pub block: u32,
    /// The cell of a table that it is printed in; None outside tables. The lines of a table follow each other by row, column and line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<CellPlace>,
}

/// Names a cell of a page's tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellPlace {
    /// The table, from 0 on each page.
    pub table: u32,
    /// The row that the cell begins in, from 1.
    pub row: u32,
    /// The column that it begins in, from 1.
    pub column: u32,
}

/// One word: what white space separates.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Word {
    /// The text as read, NFC.
    pub text: String,
    /// Rectangle on the page as scanned, in pixels.
    pub rect: Rect,
    /// The recogniser's own confidence, from 0 to 1; not calibrated, never mixed with a posterior.
    pub confidence: f32,
    /// The characters of `text`, where the recogniser tells them apart; empty otherwise.
    pub symbols: Vec<Symbol>,
    /// Whole-word readings by other recognisers or passes, the likeliest first; never the same as `text`.
    pub alternatives: Vec<Alternative>,
}

/// One character of a word.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Symbol {
    /// The character as read; a grapheme cluster.
    pub text: String,
    /// Rectangle on the page as scanned, in pixels.
    pub rect: Rect,
    /// From 0 to 1.
    pub confidence: f32,
    /// What else it could be, the likeliest first; never the same as `text`.
    pub alternatives: Vec<Alternative>,
}

/// Another reading and how likely the recogniser thinks it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Alternative {
    /// The other text.
    pub text: String,
    /// From 0 to 1; comparable within one word only.
    pub confidence: f32,
}

impl Word {
    /// Gives the word another reading, no surer than `most`; what was read becomes its first alternative.
    pub fn read_as(&mut self, text: String, most: f32) {
        let seen = Alternative { text: std::mem::replace(&mut self.text, text), confidence: self.confidence };
        self.alternatives.retain(|other| other.text != self.text);
        self.alternatives.insert(0, seen);
        self.symbols.clear();
        self.confidence = self.confidence.min(most);
    }
}

impl Line {
    /// The words as read, one space between them.
    pub fn text(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|w| w.text.as_str()).collect();
        words.join(" ")
    }

    /// Mean confidence of the words, weighted by their length; None without words.
    pub fn confidence(&self) -> Option<f32> {
        let letters: f32 = self.words.iter().map(|w| w.text.chars().count() as f32).sum();
        let sum: f32 = self.words.iter().map(|w| w.confidence * w.text.chars().count() as f32).sum();
        (letters > 0.0).then(|| sum / letters)
    }

    /// Whether it holds at least so many letters and digits.
    pub fn has_letters(&self, least: usize) -> bool {
        self.words.iter().flat_map(|w| w.text.chars()).filter(|c| c.is_alphanumeric()).nth(least.max(1) - 1).is_some()
    }
}

impl RecognisedPage {
    /// The lines as read, each ended by a line feed.
    pub fn text(&self) -> String {
        self.lines.iter().map(|l| l.text() + "\n").collect()
    }

    /// Moves every rectangle by `map`.
    pub fn map_rects(&mut self, map: &Transform) {
        for line in &mut self.lines {
            line.rect = map.rect(&line.rect);
            for word in &mut line.words {
                word.rect = map.rect(&word.rect);
                for symbol in &mut word.symbols {
                    symbol.rect = map.rect(&symbol.rect);
                }
            }
        }
    }

    /// Mean confidence of the words, weighted by their length; None on a page without letters and digits: a stroke of ink that was read as a dash
    /// says nothing of a page.
    pub fn confidence(&self) -> Option<f32> {
        if !self.lines.iter().any(|line| line.has_letters(1)) {
            return None;
        }
        let words = || self.lines.iter().flat_map(|l| &l.words);
        let letters: f32 = words().map(|w| w.text.chars().count() as f32).sum();
        let sum: f32 = words().map(|w| w.confidence * w.text.chars().count() as f32).sum();
        (letters > 0.0).then(|| sum / letters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_dashes_has_no_confidence() {
        let page = |text: &str| {
            let words = vec![Word { text: text.into(), confidence: 0.9, ..Word::default() }];
            RecognisedPage { page: 1, lines: vec![Line { words, ..Line::default() }] }
        };
        assert_eq!(page("-").confidence(), None);
        assert_eq!(page("5").confidence(), Some(0.9));
    }
}

//! Fourth step: a [`RecognisedPage`] becomes a [`RestoredPage`]: the words as seen, and the edits that make them right.

mod calibration;
mod capitals;
pub mod channel;
mod choice;
pub mod context;
mod decode;
mod document;
mod joins;
mod lattice;
mod names;
mod page;
mod passes;
mod protect;
mod readings;
mod restorer;
mod segment;
mod source;
mod tagger;
mod text;

pub use calibration::Calibration;
pub use channel::{LearnedChannel, MarkStripping};
pub use restorer::{Options, Restorer};
pub use text::{Expected, RestoredText, RestoredToken};

use crate::document::{Place, TextLine, TextWord};
use crate::page::RecognisedPage;
use crate::rows;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What may be done with an edit without looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Proposed, not applied: the observed text stands.
    Suggest,
    /// Applied; worth a look.
    Probable,
    /// Applied; at least 99.7 % of these are right on held-out pages.
    Sure,
    /// Made by a person, who saw the page; never changed by a later reading.
    Corrected,
}

impl Grade {
    /// The grade of a change with this posterior.
    fn of(posterior: f32) -> Grade {
        // Of held-out words changed with at least this posterior 99.7 % are right; docs/notes/2026-11-23-ablation.md has the table.
        const SURE: f32 = 0.995;
        if posterior >= SURE { Grade::Sure } else { Grade::Probable }
    }
}

/// One change that restoration makes or proposes; the words that it replaces stay where they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// Index of the line on its page, from 0.
    pub line: usize,
    /// The words of that line that it replaces; more than one where the recogniser split a word.
    pub words: Range<usize>,
    /// What was seen, words joined by one space.
    pub before: String,
    /// What was printed; holds spaces where the recogniser joined words.
    pub after: String,
    /// Probability, from 0 to 1, that `after` is what was printed; calibrated.
    pub posterior: f32,
    /// What may be done with it.
    pub grade: Grade,
}

impl Edit {
    /// Whether digits that were read became a word: an edit of its own kind, which only misread text sees (`--keep-digits` forbids it).
    pub fn makes_a_word_of_digits(&self) -> bool {
        let digit = |c: char| c.is_ascii_digit();
        self.before.contains(digit) && !self.before.contains(char::is_alphabetic) && !self.after.contains(digit)
    }
}

/// A page as seen, with the edits that make its text right, in reading order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RestoredPage {
    /// What was seen; never overwritten.
    pub recognised: RecognisedPage,
    /// The edits, by line and word; they do not overlap.
    pub edits: Vec<Edit>,
}

impl RestoredPage {
    /// The lines of the text with all edits but the suggested ones applied, each word with its place: a printed line is a line, and so is
    /// a row of a table, its cells parted by TABs.
    pub fn lines(&self) -> Vec<TextLine> {
        let (printed, seen) = (self.printed_lines(), &self.recognised.lines);
        let join = |row: Range<usize>| rows::join_row(&seen[row.clone()], &printed[row]);
        rows::text_rows(seen).into_iter().map(join).collect()
    }

    /// The printed lines as they stand on the page, one for each that was recognised, whose place names the line of the text that they are
    /// in; with all edits but the suggested ones applied.
    pub fn printed_lines(&self) -> Vec<TextLine> {
        let rows = rows::text_rows(&self.recognised.lines);
        let numbers: Vec<u32> = (1..).zip(rows).flat_map(|(number, row)| row.map(move |_| number)).collect();
        let mut edits = self.edits.iter().filter(|e| e.grade > Grade::Suggest).peekable();
        let mut lines = Vec::with_capacity(self.recognised.lines.len());
        for (index, line) in self.recognised.lines.iter().enumerate() {
            let mut out = TextLine {
                place: Place {
                    page: Some(self.recognised.page),
                    line: Some(numbers[index]),
                    column: None,
                    rect: Some(line.rect),
                },
                block: Some(line.block),
                ..TextLine::default()
            };
            let mut at = 0;
            while at < line.words.len() {
                let edit = edits.next_if(|e| e.line == index && e.words.start == at);
                let range = edit.map_or(at..at + 1, |e| e.words.clone());
                let seen = &line.words[range.clone()];
                let text = edit.map_or(seen[0].text.as_str(), |e| e.after.as_str());
                let confidence = seen.iter().map(|w| w.confidence).fold(1.0, f32::min);
                let rect = crate::geometry::Rect::bounding(seen.iter().map(|w| &w.rect));
                for piece in text.split(' ').filter(|p| !p.is_empty()) {
                    if !out.text.is_empty() {
                        out.text.push(' ');
                    }
                    let start = out.text.len();
                    out.text.push_str(piece);
                    out.words.push(TextWord {
                        start,
                        end: out.text.len(),
                        rect,
                        confidence: Some(edit.map_or(confidence, |e| e.posterior)),
                        alternatives: seen[0].alternatives.iter().map(|a| a.text.clone()).collect(),
                    });
                }
                at = range.end;
            }
            lines.push(out);
        }
        lines
    }

    /// The restored text: one printed line a line, each ended by a line feed.
    pub fn text(&self) -> String {
        self.lines().into_iter().map(|l| l.text + "\n").collect()
    }
}

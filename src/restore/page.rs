//! Restoring pages that a recogniser read.

use super::restorer::Restorer;
use super::text::RestoredToken;
use super::{Edit, RestoredPage};
use crate::ocr::RecognisedPage;

impl Restorer {
    /// Restores the pages of a document, together, so that each learns from the others. What was seen stays beside each edit.
    pub fn restore_pages(&self, pages: Vec<RecognisedPage>) -> Vec<RestoredPage> {
        let text: String = pages.iter().map(RecognisedPage::text).collect();
        let mut tokens = self.restore_text(&text).tokens.into_iter().peekable();
        let mut restored = Vec::with_capacity(pages.len());
        let mut before = 0;
        for page in pages {
            let mut edits = Vec::new();
            for (index, line) in page.lines.iter().enumerate() {
                let mut of_line = Vec::new();
                while let Some(token) = tokens.next_if(|t| t.line == before + index) {
                    of_line.push(token);
                }
                edits.extend(edits_of(index, line, &of_line));
            }
            before += page.lines.len();
            restored.push(RestoredPage { recognised: page, edits });
        }
        restored
    }
}

/// The edits of a line: one a word, or one for two words that are one.
fn edits_of(index: usize, line: &crate::ocr::Line, tokens: &[RestoredToken]) -> Vec<Edit> {
    // Where each word stands in the line's text, which words and single spaces make up.
    let mut at = 0;
    let places: Vec<(usize, usize)> = line
        .words
        .iter()
        .map(|word| {
            let start = at;
            at += word.text.len() + 1;
            (start, start + word.text.len())
        })
        .collect();
    let text = line.text();
    let mut edits = Vec::new();
    let mut word = 0;
    while word < places.len() {
        let start = places[word].0;
        let mut last = word;
        // A token that reaches over the space takes the next word in.
        while tokens.iter().any(|t| t.start < places[last].1 && t.end > places[last].1 + 1) && last + 1 < places.len() {
            last += 1;
        }
        let end = places[last].1;
        let inside = || tokens.iter().filter(|t| t.start >= start && t.end <= end);
        let mut after = String::new();
        let mut from = start;
        for token in inside() {
            after.push_str(text.get(from..token.start).unwrap_or(""));
            after.push_str(&token.after);
            from = token.end;
        }
        after.push_str(text.get(from..end).unwrap_or(""));
        let before = text.get(start..end).unwrap_or("");
        if after != before {
            let posterior = inside().map(|t| t.posterior).fold(1.0, f32::min);
            let grade = inside().filter_map(|t| t.grade).min().unwrap_or_else(|| super::Grade::of(posterior));
            edits.push(Edit { line: index, words: word..last + 1, before: before.to_owned(), after, posterior, grade });
        }
        word = last + 1;
    }
    edits
}

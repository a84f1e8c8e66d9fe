//! Restoring pages that a recogniser read.

use super::restorer::Restorer;
use super::text::RestoredToken;
use super::{Edit, Grade, RestoredPage, names};
use crate::page::RecognisedPage;

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
        names::follow(&mut restored);
        restored
    }
}

/// The edits of a line: one a word, or one for two words that are one.
fn edits_of(index: usize, line: &crate::page::Line, tokens: &[RestoredToken]) -> Vec<Edit> {
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
        while tokens.iter().any(|t| t.seen.start < places[last].1 && t.seen.end > places[last].1 + 1)
            && last + 1 < places.len()
        {
            last += 1;
        }
        let end = places[last].1;
        let inside = || tokens.iter().filter(|t| t.seen.start >= start && t.seen.end <= end);
        let with = |of: fn(&RestoredToken) -> &str| {
            let mut written = String::new();
            let mut from = start;
            for token in inside() {
                written.push_str(text.get(from..token.seen.start).unwrap_or(""));
                written.push_str(of(token));
                from = token.seen.end;
            }
            written.push_str(text.get(from..end).unwrap_or(""));
            written
        };
        let before = text.get(start..end).unwrap_or("");
        let mut after = with(|t| &t.after);
        let applied = after != before;
        if !applied {
            after = with(|t| t.proposed.as_ref().unwrap_or(&t.after));
        }
        if after != before {
            let counted = || inside().filter(|t| !applied || t.proposed.is_none());
            let posterior = counted().map(|t| t.posterior).fold(1.0, f32::min);
            let grade = counted().filter_map(|t| t.grade).min().unwrap_or_else(|| Grade::of(posterior));
            edits.push(Edit { line: index, words: word..last + 1, before: before.to_owned(), after, posterior, grade });
        }
        word = last + 1;
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Line, Word};

    fn line(text: &str) -> Line {
        let words = text.split(' ').map(|w| Word { text: w.to_owned(), ..Word::default() }).collect();
        Line { words, ..Line::default() }
    }

    fn token(text: &str, before: &str, after: &str, grade: Grade) -> RestoredToken {
        let start = text.find(before).unwrap();
        let suggested = grade == Grade::Suggest;
        RestoredToken {
            before: before.to_owned(),
            after: if suggested { before } else { after }.to_owned(),
            proposed: suggested.then(|| after.to_owned()),
            posterior: if suggested { 0.4 } else { 0.9 },
            grade: Some(grade),
            word_of_digits: false,
            line: 0,
            seen: start..start + before.len(),
            printed: 0..0,
        }
    }

    #[test]
    fn what_is_proposed_is_told_and_not_applied() {
        let text = "ông Lo/Ban văn";
        let tokens = [token(text, "Lo", "Lò", Grade::Suggest)];
        let edits = edits_of(0, &line(text), &tokens);
        assert_eq!(edits.len(), 1);
        assert_eq!((edits[0].after.as_str(), edits[0].grade), ("Lò/Ban", Grade::Suggest));
        let page = RestoredPage { recognised: RecognisedPage { lines: vec![line(text)], ..Default::default() }, edits };
        assert_eq!(page.text(), format!("{text}\n"));
    }

    #[test]
    fn beside_a_change_that_is_applied_nothing_is_proposed() {
        let text = "ông Lo/Ban văn";
        let tokens = [token(text, "Lo", "Lò", Grade::Suggest), token(text, "Ban", "Bản", Grade::Probable)];
        let edits = edits_of(0, &line(text), &tokens);
        assert_eq!((edits[0].after.as_str(), edits[0].grade), ("Lo/Bản", Grade::Probable));
        assert!((edits[0].posterior - 0.9).abs() < 1e-6);
    }
}

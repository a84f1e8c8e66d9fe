//! A document as the checking page shows it: its lines of words with boxes, what was seen, what else it could be, and how sure it is.

use crate::geometry::Rect;
use crate::page::Line;
use crate::restore::{Grade, RestoredPage};
use crate::table::{CellId, Table, place_of};
use serde::Serialize;

/// One page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckedPage {
    /// Its number, from 1.
    pub page: u32,
    /// Its lines in reading order.
    pub lines: Vec<CheckedLine>,
}

/// One printed line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckedLine {
    /// Its box, in pixels of the page as scanned.
    pub rect: Rect,
    /// The cell of the report's tables that it is printed in; None outside tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<CellId>,
    /// Its words.
    pub words: Vec<CheckedWord>,
}

/// A word, or several that were put right together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckedWord {
    /// What it is taken for; may hold spaces. Empty where a person said that nothing is printed.
    pub text: String,
    /// What was seen, where that is something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
    /// Its box.
    pub rect: Rect,
    /// How sure it is, from 0 to 1: the posterior where restoration had a say, else the recogniser's confidence.
    pub sure: f32,
    /// Whether a person said so.
    pub corrected: bool,
    /// What else it could be, the likeliest first, what was seen included.
    pub others: Vec<String>,
}

/// The most other readings that are shown: one a key.
const MOST_OTHERS: usize = 5;

/// The pages as they are to be checked; `tables` are those of their report.
pub fn checked(pages: &[RestoredPage], tables: &[Table]) -> Vec<CheckedPage> {
    pages.iter().map(|page| checked_page(page, tables)).collect()
}

fn checked_page(page: &RestoredPage, tables: &[Table]) -> CheckedPage {
    let number = page.recognised.page;
    let named: Vec<(&Table, u32, u32)> = tables
        .iter()
        .filter(|t| t.pages.contains(&number))
        .filter_map(|t| place_of(t, number, &page.recognised.lines).map(|(name, first)| (t, name, first)))
        .collect();
    let cell_of = |line: &Line| {
        let cell = line.cell?;
        let (table, _, first) = named.iter().find(|(_, name, _)| *name == cell.table)?;
        Some(CellId { table: table.id.clone(), row: cell.row + first - 1, column: cell.column })
    };
    let mut lines = Vec::with_capacity(page.recognised.lines.len());
    for (index, line) in page.recognised.lines.iter().enumerate() {
        let mut words = Vec::with_capacity(line.words.len());
        let mut at = 0;
        while at < line.words.len() {
            let edit = page.edits.iter().find(|e| e.line == index && e.words.start == at);
            let range = edit.map_or(at..at + 1, |e| e.words.start..e.words.end.clamp(at + 1, line.words.len()));
            let seen = &line.words[range.clone()];
            let said = seen.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
            let applied = edit.filter(|e| e.grade > Grade::Suggest);
            let text = applied.map_or_else(|| said.clone(), |e| e.after.clone());
            let confidence = seen.iter().map(|w| w.confidence).fold(1.0, f32::min);
            let mut others: Vec<String> = Vec::new();
            let proposed = edit.filter(|e| e.grade == Grade::Suggest).map(|e| e.after.clone());
            let recognisers =
                seen.iter().filter(|_| seen.len() == 1).flat_map(|w| &w.alternatives).map(|a| a.text.clone());
            for other in proposed.into_iter().chain([said.clone()]).chain(recognisers) {
                if other != text && !other.is_empty() && !others.contains(&other) && others.len() < MOST_OTHERS {
                    others.push(other);
                }
            }
            words.push(CheckedWord {
                seen: (said != text && !said.is_empty()).then_some(said),
                rect: Rect::bounding(seen.iter().map(|w| &w.rect)).unwrap_or(line.rect),
                sure: applied.map_or(confidence, |e| e.posterior),
                corrected: applied.is_some_and(|e| e.grade == Grade::Corrected),
                text,
                others,
            });
            at = range.end;
        }
        lines.push(CheckedLine { rect: line.rect, cell: cell_of(line), words });
    }
    CheckedPage { page: page.recognised.page, lines }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Alternative, RecognisedPage, Word};
    use crate::restore::Edit;

    #[test]
    fn what_changed_shows_what_was_seen_and_what_else_it_could_be() {
        let word = |text: &str, alternatives: &[&str]| Word {
            text: text.into(),
            rect: Rect::new(0.0, 0.0, 10.0, 10.0),
            confidence: 0.8,
            alternatives: alternatives.iter().map(|t| Alternative { text: (*t).into(), confidence: 0.1 }).collect(),
            ..Word::default()
        };
        let line =
            Line { words: vec![word("ti", &["tỉ", "tí"]), word("le", &[]), word("ok", &[])], ..Line::default() };
        let edit = |words: std::ops::Range<usize>, after: &str, grade| Edit {
            line: 0,
            words,
            before: String::new(),
            after: after.into(),
            posterior: 0.7,
            grade,
        };
        let page = RestoredPage {
            recognised: RecognisedPage { page: 3, lines: vec![line] },
            edits: vec![edit(0..2, "tỷ lệ", Grade::Probable), edit(2..3, "ôk", Grade::Suggest)],
        };
        let [shown] = &checked(&[page], &[])[..] else { panic!("one page") };
        let words = &shown.lines[0].words;
        assert_eq!((words[0].text.as_str(), words[0].seen.as_deref(), words[0].sure), ("tỷ lệ", Some("ti le"), 0.7));
        assert_eq!((words[1].text.as_str(), &words[1].others[..], words[1].sure), ("ok", &["ôk".to_owned()][..], 0.8));
        assert_eq!(words.len(), 2);
    }
}

//! What restoration may change in the cells of tables.
//!
//! The words of a cell stand alone: what is beside them says little of them, and a head such as `(thang 100)` keeps a company that running
//! text does not. So a syllable that the recogniser saw clearly stays, and what restoration would rather have read is only proposed, unless
//! another syllable stands beside it and restoration is sure: `Tông cộng`.

use crate::restore::{Grade, RestoredPage};
use crate::text::syllable::Syllable;

/// A word that was seen at least this clearly stands.
const CLEAR: f32 = 0.9;

/// A change is sure from this posterior on.
const SURE: f32 = 0.99;

/// Proposes what restoration would have changed among the clear syllables of cells, in place of changing it.
pub fn keep_clear_words(page: &mut RestoredPage) {
    for edit in &mut page.edits {
        let line = &page.recognised.lines[edit.line];
        let words = &line.words[edit.words.clone()];
        let is_syllable = |text: &str| Syllable::parse(text.trim_matches(|c: char| !c.is_alphabetic())).is_some();
        let clear = words.iter().all(|w| w.confidence >= CLEAR && is_syllable(&w.text));
        let beside = [edit.words.start.checked_sub(1), Some(edit.words.end)];
        let in_company = beside.iter().flatten().filter_map(|&at| line.words.get(at)).any(|w| is_syllable(&w.text));
        let sure = in_company && edit.posterior >= SURE;
        if line.cell.is_some() && clear && !sure {
            edit.grade = Grade::Suggest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{CellPlace, Line, RecognisedPage, Word};
    use crate::restore::Edit;

    #[test]
    fn a_clear_syllable_of_a_cell_stands() {
        let text = |cell, confidence| {
            let word = Word { text: "(thang".into(), confidence, ..Word::default() };
            let lines = vec![Line { words: vec![word], cell, ..Line::default() }];
            let (before, after) = ("(thang".to_owned(), "(tháng".to_owned());
            let edit = Edit { line: 0, words: 0..1, before, after, posterior: 0.9, grade: Grade::Probable };
            let recognised = RecognisedPage { page: 1, lines };
            let mut page = RestoredPage { recognised, edits: vec![edit] };
            keep_clear_words(&mut page);
            page.text()
        };
        let cell = Some(CellPlace { table: 0, row: 1, column: 1 });
        assert_eq!(text(cell, 0.99), "(thang\n");
        assert_eq!(text(cell, 0.5), "(tháng\n");
        assert_eq!(text(None, 0.99), "(tháng\n");
    }
}

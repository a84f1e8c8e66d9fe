//! Lays corrections over pages as they were read: the words that stand where a correction was made give way to what it says, and where none
//! stand it is put.

use super::{Correction, in_force, missing, overlap};
use crate::diagnostics::{Diagnostic, Severity};
use crate::document::Place;
use crate::geometry::Rect;
use crate::restore::{Edit, Grade, RestoredPage};
use crate::table::Table;
use std::ops::Range;

/// Words whose box shares less than this with a correction's are others: half a word more or less on either side.
const SAME_PLACE: f32 = 0.4;

/// Lays those of `corrections` that hold over the pages, as edits of grade [`Grade::Corrected`] that take the place of whatever
/// restoration found there. What was seen stays as it was. Where no word was seen, what is said to be printed is put into the line or into
/// the cell of `tables` at the place; that is told of a word that was seen when it was corrected. A correction that nothing can be made of is
/// told, and changes nothing.
///
/// `corrections` are those of the file that the pages are of.
pub fn apply(pages: &mut [RestoredPage], corrections: &[Correction], tables: &[Table]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for correction in lay(pages, corrections) {
        let page = pages.iter_mut().find(|p| p.recognised.page == correction.page);
        let put = page.is_some_and(|page| missing::put(page, correction, tables));
        // What was put before and is corrected again was never seen.
        let unseen = |c: &Correction| c.before.is_empty() && c.is_where(correction);
        let said = match (put, corrections.iter().any(unseen)) {
            (true, true) => continue,
            (true, false) => format!(
                "nothing was read where `{0}` was corrected to `{1}`; `{1}` stands there",
                correction.before, correction.after
            ),
            (false, _) => {
                format!("the correction `{}` to `{}` finds no words at its place", correction.before, correction.after)
            }
        };
        let place = Place { page: Some(correction.page), rect: Some(correction.rect), ..Place::default() };
        let told = Diagnostic::new(Severity::Warning, said).at(place);
        diagnostics.push(told.hint("correct it again on this reading; it stays in the log"));
    }
    diagnostics
}

/// The same, but for places where no word was seen; returns the corrections of those.
pub(super) fn lay<'a>(pages: &mut [RestoredPage], corrections: &'a [Correction]) -> Vec<&'a Correction> {
    let mut left = Vec::new();
    for correction in in_force(corrections) {
        let page = pages.iter_mut().find(|p| p.recognised.page == correction.page);
        let found = page.and_then(|page| place(page, &correction.rect).map(|(line, words)| (page, line, words)));
        let Some((page, line, words)) = found else {
            left.push(correction);
            continue;
        };
        let seen = &page.recognised.lines[line].words[words.clone()];
        let before = seen.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
        let overlaps = |e: &Edit| e.line == line && e.words.start < words.end && words.start < e.words.end;
        page.edits.retain(|e| !overlaps(e));
        let edit = Edit {
            line,
            words: words.clone(),
            before,
            after: correction.after.clone(),
            posterior: 1.0,
            grade: Grade::Corrected,
        };
        let at = page.edits.partition_point(|e| (e.line, e.words.start) < (line, words.start));
        page.edits.insert(at, edit);
    }
    left
}

/// The line and its words that stand in `rect`: those whose middle lies in it. An edit that takes several words is never cut in two.
fn place(page: &RestoredPage, rect: &Rect) -> Option<(usize, Range<usize>)> {
    let inside = |word: &Rect| {
        let (x, y) = word.centre();
        let slack = rect.height() / 3.0;
        rect.x0 <= x && x <= rect.x1 && rect.y0 - slack <= y && y <= rect.y1 + slack
    };
    let mut best: Option<(f32, usize, Range<usize>)> = None;
    for (index, line) in page.recognised.lines.iter().enumerate() {
        let Some(first) = line.words.iter().position(|w| inside(&w.rect)) else { continue };
        let last = line.words.iter().rposition(|w| inside(&w.rect)).unwrap_or(first);
        let mut words = first..last + 1;
        for edit in page.edits.iter().filter(|e| e.line == index && e.words.len() > 1) {
            if edit.words.start < words.end && words.start < edit.words.end {
                words = words.start.min(edit.words.start)..words.end.max(edit.words.end);
            }
        }
        let Some(around) = Rect::bounding(line.words[words.clone()].iter().map(|w| &w.rect)) else { continue };
        let same = overlap(&around, rect);
        if best.as_ref().is_none_or(|(known, ..)| same > *known) {
            best = Some((same, index, words));
        }
    }
    best.filter(|(same, ..)| *same >= SAME_PLACE).map(|(_, line, words)| (line, words))
}

#[cfg(test)]
mod tests {
    use super::super::tests::correction;
    use super::*;
    use crate::page::{Line, RecognisedPage, Word};

    /// A page of one line; each letter is ten pixels wide.
    fn page(words: &[&str]) -> RestoredPage {
        let mut at = 0.0;
        let words: Vec<Word> = words
            .iter()
            .map(|text| {
                let width = 10.0 * text.chars().count() as f32;
                let rect = Rect::new(at, 100.0, at + width, 130.0);
                at += width + 10.0;
                Word { text: (*text).to_owned(), rect, confidence: 0.9, ..Word::default() }
            })
            .collect();
        let rect = Rect::new(0.0, 100.0, at, 130.0);
        let lines = vec![Line { words, rect, ..Line::default() }];
        RestoredPage { recognised: RecognisedPage { page: 1, lines }, edits: Vec::new() }
    }

    #[test]
    fn a_correction_is_found_again_on_another_reading_of_the_page() {
        // `hồ sơ` was corrected where one recogniser read two words; another reads them as one, a little wider.
        let fix = correction(1, [40.0, 101.0, 90.0, 129.0], "hô sơ", "hồ sơ");
        for words in [&["100", "hô", "sơ", "cũ"][..], &["100", "hôxsơ", "cũ"][..]] {
            let mut pages = [page(words)];
            assert!(apply(&mut pages, std::slice::from_ref(&fix), &[]).is_empty());
            assert_eq!(pages[0].text(), "100 hồ sơ cũ\n");
        }
    }

    #[test]
    fn it_takes_the_place_of_what_restoration_made() {
        let mut pages = [page(&["so", "lieu", "12"])];
        let edit = |words: Range<usize>, after: &str| Edit {
            line: 0,
            words,
            before: String::new(),
            after: after.into(),
            posterior: 0.9,
            grade: Grade::Probable,
        };
        pages[0].edits = vec![edit(0..1, "sở"), edit(1..2, "liệu")];
        apply(&mut pages, &[correction(1, [0.0, 100.0, 20.0, 130.0], "sở", "số")], &[]);
        assert_eq!(pages[0].text(), "số liệu 12\n");
        assert_eq!(pages[0].edits[0].grade, Grade::Corrected);
    }

    #[test]
    fn one_that_takes_words_away_where_none_are_is_told_and_changes_nothing() {
        let mut pages = [page(&["so", "lieu"])];
        let before = pages[0].clone();
        let told = apply(&mut pages, &[correction(1, [0.0, 500.0, 20.0, 530.0], "a", "")], &[]);
        assert_eq!(told.len(), 1);
        assert_eq!(pages[0], before);
    }

    #[test]
    fn words_that_are_not_printed_go() {
        let mut pages = [page(&["so", "~", "lieu"])];
        apply(&mut pages, &[correction(1, [30.0, 100.0, 40.0, 130.0], "~", "")], &[]);
        assert_eq!(pages[0].text(), "so lieu\n");
    }
}

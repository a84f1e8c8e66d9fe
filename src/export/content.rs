//! A reading as the formats of text show it: pages of blocks and tables, of lines, of words with what was seen of them.

use super::printable;
use crate::document::{PageNo, PageSize};
use crate::geometry::Rect;
use crate::pipeline::Reading;
use crate::report::Status;
use crate::restore::{Edit, Grade, RestoredPage};
use crate::table::{Cell, Table, text_rows};

/// A page.
pub(super) struct Page<'a> {
    pub(super) number: PageNo,
    /// None where the page failed before it was rendered.
    pub(super) size: Option<PageSize>,
    pub(super) status: Status,
    /// What stands on it, in reading order.
    pub(super) items: Vec<Item<'a>>,
}

/// What stands on a page.
pub(super) enum Item<'a> {
    /// Lines of one block.
    Block(Vec<Line>),
    /// The part of a table that is on this page.
    Table(&'a Table, Vec<Vec<Piece<'a>>>),
}

/// What stands in a cell of a table's row.
pub(super) struct Piece<'a> {
    /// None where the row's text and the table's cells do not agree.
    pub(super) cell: Option<&'a Cell>,
    pub(super) line: Line,
}

/// A printed line, or a cell's text.
pub(super) struct Line {
    pub(super) words: Vec<Word>,
    pub(super) rect: Rect,
}

/// A word.
pub(super) struct Word {
    pub(super) text: String,
    pub(super) rect: Rect,
    /// From 0 to 1; None where nobody said.
    pub(super) confidence: Option<f32>,
    /// What was seen where restoration changed it; given with the first word of the change.
    pub(super) observed: Option<String>,
    /// What it could be besides, the likeliest first.
    pub(super) alternatives: Vec<String>,
}

impl Line {
    /// The words with one space between them.
    pub(super) fn text(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|w| w.text.as_str()).collect();
        words.join(" ")
    }
}

impl Item<'_> {
    /// The area that it takes.
    pub(super) fn rect(&self) -> Rect {
        let lines: Vec<&Rect> = match self {
            Item::Block(lines) => lines.iter().map(|l| &l.rect).collect(),
            Item::Table(_, rows) => rows.iter().flatten().map(|p| &p.line.rect).collect(),
        };
        Rect::bounding(lines).unwrap_or_default()
    }
}

/// The pages of a reading.
pub(super) fn pages(reading: &Reading) -> Vec<Page<'_>> {
    let status = reading.report.pages.iter();
    status
        .zip(&reading.pages)
        .map(|(status, page)| Page {
            number: status.page,
            size: status.size,
            status: status.status,
            items: items(page, &reading.report.tables),
        })
        .collect()
}

fn items<'a>(page: &RestoredPage, tables: &'a [Table]) -> Vec<Item<'a>> {
    let mut items: Vec<(Option<u32>, Item<'a>)> = Vec::new();
    let number = page.recognised.page;
    let rows = text_rows(&page.recognised.lines);
    for (index, pieces) in lines(page).into_iter().enumerate() {
        let printed = rows.get(index).and_then(|row| page.recognised.lines.get(row.start));
        let block = printed.map(|l| l.block);
        let line_no = index as u32 + 1;
        let in_row = |c: &&Cell| c.place.page == Some(number) && c.place.line == Some(line_no) && !c.text.is_empty();
        let table = tables.iter().find(|t| t.cells.iter().any(|c| in_row(&c)));
        if let Some(table) = table {
            let mut cells: Vec<&Cell> = table.cells.iter().filter(in_row).collect();
            cells.sort_by_key(|c| c.column);
            let agree = cells.len() == pieces.len();
            let cell = |n: usize| cells.get(n).copied().filter(|_| agree);
            let row = pieces.into_iter().enumerate().map(|(n, line)| Piece { cell: cell(n), line }).collect();
            match items.last_mut() {
                Some((_, Item::Table(last, rows))) if last.id == table.id => rows.push(row),
                _ => items.push((None, Item::Table(table, vec![row]))),
            }
            continue;
        }
        let mut words: Vec<Word> = pieces.into_iter().flat_map(|l| l.words).collect();
        trim(&mut words);
        let rect = Rect::bounding(words.iter().map(|w| &w.rect)).or(printed.map(|l| l.rect)).unwrap_or_default();
        let line = Line { words, rect };
        match items.last_mut() {
            Some((last, Item::Block(lines))) if *last == block => lines.push(line),
            _ => items.push((block, Item::Block(vec![line]))),
        }
    }
    items.into_iter().map(|(_, item)| item).collect()
}

/// The restored lines of a page, each parted at its TABs.
fn lines(page: &RestoredPage) -> Vec<Vec<Line>> {
    let mut out = Vec::new();
    for (printed, line) in text_rows(&page.recognised.lines).into_iter().zip(page.lines()) {
        let edits: Vec<Option<Edit>> = printed.flat_map(|index| observed(page, index)).collect();
        let mut pieces: Vec<Vec<Word>> = vec![Vec::new()];
        let known = edits.len() == line.words.len();
        for (n, word) in line.words.iter().enumerate() {
            let between = n.checked_sub(1).map(|before| &line.text[line.words[before].end..word.start]);
            if between.is_some_and(|between| between.contains('\t')) {
                pieces.push(Vec::new());
            }
            let group = || line.words.iter().filter(|w| w.rect == word.rect);
            let rect = word.rect.unwrap_or_default();
            let rect = if group().count() > 1 { share(&line.text, group(), word, rect) } else { rect };
            let edit = if known { edits[n].as_ref() } else { None };
            let text = printable(&line.text[word.start..word.end]).into_owned();
            if let (Some(piece), false) = (pieces.last_mut(), text.is_empty()) {
                piece.push(Word {
                    text,
                    rect,
                    confidence: word.confidence,
                    observed: edit.map(|e| printable(&e.before).into_owned()),
                    alternatives: word.alternatives.iter().map(|a| printable(a).into_owned()).collect(),
                });
            }
        }
        let whole = line.place.rect.unwrap_or_default();
        let piece = |words: Vec<Word>| {
            let rect = Rect::bounding(words.iter().map(|w| &w.rect)).unwrap_or(whole);
            Line { words, rect }
        };
        out.push(pieces.into_iter().map(piece).collect());
    }
    out
}

/// Cuts boxes that reach into the lines above or below: a stroke or a speck there, which recognition took for part of the word. What a box may
/// have beyond the middle of those of its neighbours is a mark on a capital, a descender or a dot below.
fn trim(words: &mut [Word]) {
    const NEIGHBOURS: usize = 3;
    const ABOVE: f32 = 0.45;
    const BELOW: f32 = 0.35;
    let rects: Vec<Rect> = words.iter().map(|w| w.rect).collect();
    let upright = Rect::bounding(&rects).is_none_or(|line| line.width() < line.height());
    if upright || rects.len() <= NEIGHBOURS {
        return;
    }
    for (at, word) in words.iter_mut().enumerate() {
        let near = &rects[at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS + 1).min(rects.len())];
        let middle = |of: &dyn Fn(&Rect) -> f32| {
            let mut all: Vec<f32> = near.iter().map(of).collect();
            all.sort_by(f32::total_cmp);
            all[all.len() / 2]
        };
        let high = middle(&|r| r.height());
        let (top, bottom) = (middle(&|r| r.y0) - ABOVE * high, middle(&|r| r.y1) + BELOW * high);
        let cut = Rect { y0: word.rect.y0.max(top), y1: word.rect.y1.min(bottom), ..word.rect };
        if cut.height() >= high / 2.0 {
            word.rect = cut;
        }
    }
}

/// The part of a box that belongs to one of the words that restoration made of what stood there.
fn share<'a>(
    text: &str,
    group: impl Iterator<Item = &'a crate::document::TextWord>,
    word: &crate::document::TextWord,
    rect: Rect,
) -> Rect {
    let (mut before, mut all, mut own) = (0, 0, 0);
    for other in group {
        let letters = text[other.start..other.end].chars().count() + usize::from(all > 0);
        if other.start < word.start {
            before += letters + usize::from(all == 0);
        } else if other.start == word.start {
            own = letters - usize::from(all > 0);
        }
        all += letters;
    }
    let point = |letters: usize, from: f32, to: f32| from + (to - from) * letters as f32 / all.max(1) as f32;
    if rect.width() >= rect.height() {
        Rect { x0: point(before, rect.x0, rect.x1), x1: point(before + own, rect.x0, rect.x1), ..rect }
    } else {
        Rect { y0: point(before, rect.y0, rect.y1), y1: point(before + own, rect.y0, rect.y1), ..rect }
    }
}

/// For each word of a restored line the change that made it, at the first of its words.
fn observed(page: &RestoredPage, index: usize) -> Vec<Option<Edit>> {
    let Some(line) = page.recognised.lines.get(index) else { return Vec::new() };
    let applied = |e: &&Edit| e.line == index && e.grade > Grade::Suggest;
    let mut out = Vec::new();
    let mut at = 0;
    while at < line.words.len() {
        match page.edits.iter().filter(applied).find(|e| e.words.start == at) {
            Some(edit) => {
                let pieces = edit.after.split(' ').filter(|p| !p.is_empty()).count();
                out.extend((0..pieces).map(|n| (n == 0).then(|| edit.clone())));
                at = edit.words.end.max(at + 1);
            }
            None => {
                let pieces = line.words[at].text.split(' ').filter(|p| !p.is_empty()).count();
                out.extend((0..pieces).map(|_| None));
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(rects: &[[f32; 4]]) -> Vec<Word> {
        let word = |r: &[f32; 4]| Word {
            text: "chữ".into(),
            rect: Rect::from(*r),
            confidence: None,
            observed: None,
            alternatives: Vec::new(),
        };
        rects.iter().map(word).collect()
    }

    #[test]
    fn a_box_that_reaches_into_the_next_line_is_cut_and_others_are_not() {
        // The line sinks; the fourth word has taken a stroke of the line below.
        let at = |i: usize| [100.0 * i as f32, 100.0 + 2.0 * i as f32, 100.0 * i as f32 + 80.0, 130.0 + 2.0 * i as f32];
        let mut rects: Vec<[f32; 4]> = (0..9).map(at).collect();
        rects[3][3] += 25.0;
        // A descender.
        rects[5][3] += 8.0;
        // A full stop, as low as its line.
        rects[8][1] = 138.0;
        let mut line = words(&rects);
        trim(&mut line);
        for (index, (word, rect)) in line.iter().zip(&rects).enumerate() {
            match index {
                3 => assert!(word.rect.y1 < rect[3] - 10.0 && word.rect.y1 > at(3)[3], "{:?}", word.rect),
                _ => assert_eq!(word.rect, Rect::from(*rect), "{index}"),
            }
        }
    }
}

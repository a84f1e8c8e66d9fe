//! Tables read aloud into the text's paragraphs: the words of a row, those of a column, a colon, the number.

use crate::extract::layout::brackets::Brackets;
use crate::extract::layout::flow::{Flow, InTable, Paragraph, Piece};
use crate::extract::layout::outline::{self, Depth, Outline};
use crate::extract::layout::table::{Cell, Table};
use crate::table::words::WORDS as TABLE_WORDS;

/// Whether two columns stand below different heads that each spans several.
fn are_parted(left: &[Cell], own: &[Cell]) -> bool {
    let spans = |heads: &[Cell]| {
        let shared = heads.len().saturating_sub(1);
        heads[..shared].iter().map(|cell| (cell.line, cell.bytes.clone())).collect::<Vec<_>>()
    };
    spans(left).iter().zip(&spans(own)).any(|(left, own)| left != own)
}

impl Flow<'_> {
    /// Reads a table aloud, a paragraph a cell.
    pub(super) fn linearise(&mut self, number: usize, table: &Table, outline: &Outline) {
        self.linearised = table.lines.clone();
        let title = self.title_above();
        self.titles.extend(title.filter(|at| !self.is_caption(*at)));
        let above = title.or_else(|| self.parent_of(Depth::Plain));
        // The paragraphs of each row, by column.
        let mut said: Vec<Vec<(usize, usize)>> = Vec::with_capacity(table.rows.len());
        for (at, row) in table.rows.iter().enumerate() {
            let mut own: Vec<(usize, usize)> = Vec::with_capacity(row.values.len());
            for (place, value) in row.values.iter().enumerate() {
                let parted = place > 0 && are_parted(&row.values[place - 1].heads, &value.heads);
                if !self.text.is_empty() {
                    self.push("\n");
                }
                let start = self.key.len();
                self.brackets = Brackets::default();
                self.say(&row.head);
                let head = start..self.key.len();
                if !row.head.is_empty() && !value.heads.is_empty() {
                    self.push("; ");
                }
                self.say(&value.heads);
                self.push(": ");
                self.echoes.push(start..self.key.len());
                self.say(std::slice::from_ref(&value.cell));
                let beside = row.parent.and_then(|p| {
                    let of_row = &said[p];
                    of_row.iter().find(|(column, _)| *column == value.column).or(of_row.first()).map(|(_, at)| *at)
                });
                // What a column does not say, the one on its left may: `Đã giải quyết`, `Trước hạn`, `Đúng hạn`; not one below another head:
                // `Khiếu nại; Đã giải quyết` beside `Tố cáo; Số đơn`.
                let left = own.last().map(|(_, at)| *at).filter(|_| beside.is_none() && !parted);
                own.push((value.column, self.paragraphs.len()));
                let cell = InTable {
                    row: head,
                    unit: value.unit,
                    table: number,
                    at,
                    column: value.column,
                    part_of: row.parent,
                    follows: left.is_some(),
                    id: value.id.clone(),
                };
                self.paragraphs.push(Paragraph {
                    range: start..self.key.len(),
                    body: start,
                    depth: Depth::Plain,
                    section: outline.path(),
                    parent: beside.or(left).or(above),
                    cell: Some(cell),
                });
            }
            said.push(own);
        }
    }

    /// The title of the table that comes next: words in capitals or a caption. Its unit, its period and a remark in brackets may stand between.
    fn title_above(&self) -> Option<usize> {
        /// No more paragraphs stand between a title and its table.
        const MOST_BETWEEN: usize = 3;
        let key = |p: &Paragraph| &self.key[p.range.clone()];
        let between = |p: &Paragraph| {
            let words = key(p);
            TABLE_WORDS.unit(words).is_some()
                || words.starts_with('(') && words.ends_with(')')
                || TABLE_WORDS.is_period(words)
        };
        let skipped = self.paragraphs.iter().rev().take(MOST_BETWEEN).take_while(|p| between(p)).count();
        let last = self.paragraphs.len().checked_sub(1 + skipped)?;
        let paragraph = &self.paragraphs[last];
        let in_capitals = paragraph.cell.is_none()
            && paragraph.depth == Depth::Plain
            && outline::is_capitals(self.printed_so_far(paragraph));
        (in_capitals || self.is_caption(last)).then_some(last)
    }

    /// A paragraph as printed, while the text is still being put together.
    fn printed_so_far(&self, paragraph: &Paragraph) -> &str {
        let at = |byte: usize| self.origins.get(byte).map_or(self.text.len(), |origin| *origin as usize);
        &self.text[at(paragraph.range.start)..at(paragraph.range.end)]
    }

    fn say(&mut self, cells: &[Cell]) {
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                self.push(" ");
            }
            self.pieces.push(Piece { start: self.text.len(), line: cell.line, from: cell.bytes.start });
            self.push(&self.lines[cell.line].text[cell.bytes.clone()]);
        }
    }
}

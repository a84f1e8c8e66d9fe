//! Paragraphs that tell of parts: places beside each other, and the rows of tables that a row of sums adds up.

use crate::extract::fuzzy::Hit;
use crate::extract::indicator::family::Term;
use crate::extract::indicator::sense::{Reader, Sense};
use crate::extract::indicator::table_sums;
use crate::extract::labels::LISTS;
use crate::extract::layout::flow::Paragraph;
use crate::extract::layout::outline::{self, Depth};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

impl Reader<'_> {
    /// The paragraphs below headings of plans that bear no mark, `NHIỆM VỤ TRỌNG TÂM NĂM 2026`, to the next heading of a part.
    pub(super) fn plans(&self) -> BTreeSet<usize> {
        /// No such heading has more bytes.
        const LONGEST: usize = 160;
        let paragraphs = &self.flow.paragraphs;
        let capitals = |p: &Paragraph| {
            p.cell.is_none()
                && p.depth == Depth::Plain
                && p.range.len() <= LONGEST
                && outline::is_capitals(self.flow.printed(p.range.clone()))
        };
        let plan = |h: &Hit| self.family.meanings[h.phrase].plan;
        let (mut planned, mut within, mut after_capitals) = (BTreeSet::new(), false, false);
        for (index, paragraph) in paragraphs.iter().enumerate() {
            let heads = capitals(paragraph);
            if heads || paragraph.depth <= Depth::Roman {
                // A line in capitals below another goes on with it: it may be the end of a title.
                let first = self.word_at(paragraph.body);
                let begins = self.hits_in(paragraph.body..paragraph.range.end).first().filter(|h| h.first == first);
                within = heads && !after_capitals && begins.is_some_and(plan);
            }
            if within {
                planned.insert(index);
            }
            after_capitals = heads;
        }
        planned
    }

    /// The paragraphs that begin with `tại` and have another such beside them: each tells of a part.
    pub(super) fn places(&self) -> BTreeSet<usize> {
        let mut beside: BTreeMap<(Option<usize>, Depth), Vec<usize>> = BTreeMap::new();
        for (index, paragraph) in self.flow.paragraphs.iter().enumerate() {
            let body = &self.flow.key[paragraph.body..paragraph.range.end];
            let begins =
                LISTS.places.iter().any(|at| body.strip_prefix(at.as_str()).is_some_and(|b| b.starts_with(' ')));
            // `Tại Sở`, beside `Tại các đơn vị trực thuộc`: the body itself.
            let itself = LISTS.places.iter().filter_map(|at| body.strip_prefix(at.as_str())).any(|rest| {
                let name = rest.split(['(', ':', '.', ',']).next().unwrap_or_default().trim();
                LISTS.bodies_themselves.iter().any(|body| body == name)
            });
            if begins && !itself && paragraph.depth != Depth::Plain && paragraph.cell.is_none() {
                beside.entry((paragraph.parent, paragraph.depth)).or_default().push(index);
            }
        }
        beside.into_values().filter(|places| places.len() > 1).flatten().collect()
    }

    /// The cells of tables in which a row sums up the others, which are parts: offices, fields, communes. Not so where most rows say what
    /// they count (`Trực tuyến`, `Trực tiếp`, `Tổng`); a row of which much is not known is the name of something (`Quản lý xuất nhập cảnh`,
    /// `Cho ý kiến về đưa bến cảng vào sử dụng`).
    pub(super) fn parts_of_tables(&self) -> BTreeSet<usize> {
        let mut rows: BTreeMap<(usize, usize), (bool, bool, Vec<usize>)> = BTreeMap::new();
        for (index, paragraph) in self.flow.paragraphs.iter().enumerate() {
            let Some(cell) = &paragraph.cell else { continue };
            let explains = |h: &Hit| !self.family.meanings[h.phrase].terms.is_empty();
            let row = rows.entry((cell.table, cell.at)).or_insert_with(|| {
                let hits = self.hits_in(cell.row.clone());
                let known: usize = hits.iter().filter(|h| explains(h)).map(|h| h.end - h.first).sum();
                let says = known > 2 * self.words_beside(cell.row.clone(), hits);
                // `Chung toàn Trung tâm`: the rate of all, where rates have no sum.
                let whole = hits.iter().any(|h| self.family.meanings[h.phrase].whole);
                (whole || table_sums::is_sum(self.flow, cell), says, Vec::new())
            });
            row.2.push(index);
        }
        let mut tables: BTreeMap<usize, Vec<&(bool, bool, Vec<usize>)>> = BTreeMap::new();
        for ((table, _), row) in &rows {
            tables.entry(*table).or_default().push(row);
        }
        let of_parts = |rows: &&Vec<&(bool, bool, Vec<usize>)>| {
            let parts = || rows.iter().filter(|row| !row.0);
            parts().count() < rows.len()
                && parts().count() > 1
                && parts().filter(|row| row.1).count() * 2 < parts().count()
        };
        let parts = tables.values().filter(of_parts).flatten().filter(|row| !row.0);
        parts.flat_map(|row| row.2.iter().copied()).collect()
    }

    /// The cells of rows that name a subject as a sort of another, which two other rows of the table name: `Khiếu nại`, `Tố cáo`, `Kiến nghị, phản ánh`.
    pub(super) fn companions_in_tables(&self) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for (&sort, &subject) in &self.family.companions {
            let mut tables: BTreeMap<usize, (BTreeSet<usize>, Vec<usize>)> = BTreeMap::new();
            for (index, paragraph) in self.flow.paragraphs.iter().enumerate() {
                let Some(cell) = &paragraph.cell else { continue };
                let says = |term| {
                    let mut hits = self.hits_in(cell.row.clone()).iter();
                    hits.any(|h| self.family.meanings[h.phrase].terms.contains(&term))
                };
                let table = tables.entry(cell.table).or_default();
                match (says(subject), says(sort)) {
                    (true, _) => drop(table.0.insert(cell.at)),
                    (false, true) => table.1.push(index),
                    _ => {}
                }
            }
            found.extend(tables.into_values().filter(|(rows, _)| rows.len() > 1).flat_map(|(_, cells)| cells));
        }
        found
    }

    /// Whether a number is of a subject named as a sort of another behind two numbers of that: `khiếu nại 62, tố cáo 11, kiến nghị, phản ánh 500`.
    pub(super) fn is_companion(&self, sense: &Sense, before: &[Sense]) -> bool {
        let sort = |(sort, subject): (&Term, &Term)| {
            let [.., first, second] = before else { return false };
            sense.terms.contains(sort) && [first, second].iter().all(|s| s.terms.contains(subject))
        };
        self.family.companions.iter().any(sort)
    }

    /// How many words among these bytes are in none of these phrases and no filler.
    pub(super) fn words_beside(&self, range: Range<usize>, hits: &[Hit]) -> usize {
        let known = |word: usize| hits.iter().any(|h| h.first <= word && word < h.end);
        let filler = |word: usize| self.family.filler.contains_key(&self.flow.key[self.words[word].range.clone()]);
        let words = self.word_at(range.start)..self.word_at(range.end);
        words.filter(|word| !known(*word) && !filler(*word)).count()
    }
}

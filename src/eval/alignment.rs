//! Optimal alignment of two sequences at unit cost, bit-parallel, in a band that follows the number of errors.
//!
//! Myers' algorithm in Hyyrö's form (Myers, JACM 46(3), 1999; Hyyrö, Explaining and extending the bit-parallel approximate
//! string matching algorithm of Myers, 2001), 64 rows at a time, within Ukkonen's band (1985): a path of at most k edits
//! does not leave the diagonals that k allows. k begins with what the symbols alone show to differ and is doubled until the
//! distance is within it. For the traceback the state is
//! kept at every `SPAN`th column and the columns between are computed again.

use rustc_hash::FxHashMap;
use std::hash::Hash;

/// One step of an alignment: indices into the reference and the other sequence; None where one of them has nothing.
pub type Step = (Option<usize>, Option<usize>);

/// Columns between two kept states; a span of a megabyte for pages, and twice the work whatever its length.
const SPAN: usize = 512;

/// The least number of insertions, deletions and substitutions that make `b` of `a`.
pub fn distance<T: Eq + Hash>(a: &[T], b: &[T]) -> usize {
    Matrix::new(a, b).map_or(a.len().max(b.len()), |matrix| matrix.solve().0)
}

/// An alignment of least cost, from the first element to the last.
pub fn align<T: Eq + Hash>(a: &[T], b: &[T]) -> Vec<Step> {
    let Some(matrix) = Matrix::new(a, b) else {
        return (0..a.len()).map(|i| (Some(i), None)).chain((0..b.len()).map(|j| (None, Some(j)))).collect();
    };
    let (_, band, kept) = matrix.solve();
    matrix.trace(band, &kept)
}

/// Vertical differences of 64 rows of one column: bits of +1 and of -1.
#[derive(Debug, Clone, Copy)]
struct Block {
    plus: u64,
    minus: u64,
}

const FRESH: Block = Block { plus: !0, minus: 0 };

/// A column within the band: its blocks from `first`, and the value of the matrix under the last of them.
#[derive(Debug, Clone)]
struct Column {
    first: usize,
    blocks: Vec<Block>,
    below: usize,
}

impl Column {
    fn block(&self, index: usize) -> Block {
        index.checked_sub(self.first).and_then(|at| self.blocks.get(at)).copied().unwrap_or(FRESH)
    }
}

struct Matrix {
    rows: usize,
    columns: usize,
    /// For each symbol of the columns the blocks of rows that hold it, with the rows as bits.
    places: Vec<Vec<(usize, u64)>>,
    symbols: Vec<usize>,
}

impl Matrix {
    /// None where one side is empty.
    fn new<T: Eq + Hash>(a: &[T], b: &[T]) -> Option<Self> {
        if a.is_empty() || b.is_empty() {
            return None;
        }
        let mut ids = FxHashMap::default();
        let mut places: Vec<Vec<(usize, u64)>> = vec![Vec::new()];
        for (row, symbol) in a.iter().enumerate() {
            let id = *ids.entry(symbol).or_insert_with(|| {
                places.push(Vec::new());
                places.len() - 1
            });
            let (block, bit) = (row / 64, 1 << (row % 64));
            match places[id].last_mut() {
                Some(last) if last.0 == block => last.1 |= bit,
                _ => places[id].push((block, bit)),
            }
        }
        let symbols = b.iter().map(|symbol| ids.get(symbol).copied().unwrap_or(0)).collect();
        Some(Matrix { rows: a.len(), columns: b.len(), places, symbols })
    }

    /// Edits that no alignment can do without: symbols that one side has more of than the other.
    fn least(&self) -> usize {
        let mut there = vec![0usize; self.places.len()];
        self.symbols.iter().for_each(|&id| there[id] += 1);
        let here = |id: usize| self.places[id].iter().map(|(_, bits)| bits.count_ones() as usize).sum::<usize>();
        let (mut more, mut less) = (0, 0);
        for (id, &count) in there.iter().enumerate() {
            more += count.saturating_sub(here(id));
            less += here(id).saturating_sub(count);
        }
        more.max(less)
    }

    /// The distance, the band in which it was found and the kept columns.
    fn solve(&self) -> (usize, usize, Vec<Column>) {
        // An eighth more than the least, because where many symbols differ that is nearly all, and a band too narrow is
        // work lost.
        let mut band = self.least() * 9 / 8 + 64;
        loop {
            let mut column = self.start(band);
            let mut kept = vec![column.clone()];
            for j in 1..=self.columns {
                self.advance(&mut column, j, band);
                if j % SPAN == 0 {
                    kept.push(column.clone());
                }
            }
            // The last block may reach below the last row; what it adds there is taken off again.
            let padding = column.block((self.rows - 1) / 64);
            let under = !0u64 << ((self.rows - 1) % 64) << 1;
            let distance = column.below + (padding.minus & under).count_ones() as usize
                - (padding.plus & under).count_ones() as usize;
            if distance <= band {
                return (distance, band, kept);
            }
            band *= 2;
        }
    }

    /// The blocks of column `j` that a path of at most `band` edits can touch.
    fn reach(&self, j: usize, band: usize) -> (usize, usize) {
        let difference = self.rows.abs_diff(self.columns);
        let slack = (band - difference) / 2 + 1;
        let (up, down) =
            if self.rows > self.columns { (slack, slack + difference) } else { (slack + difference, slack) };
        let first = j.saturating_sub(up).saturating_sub(1).min(self.rows - 1) / 64;
        let last = (j + down).min(self.rows - 1) / 64;
        (first, last)
    }

    fn start(&self, band: usize) -> Column {
        let (first, last) = self.reach(0, band);
        Column { first, blocks: vec![FRESH; last + 1 - first], below: (last + 1) * 64 }
    }

    /// Makes column `j` of column `j - 1`.
    fn advance(&self, column: &mut Column, j: usize, band: usize) {
        let (first, last) = self.reach(j, band);
        while column.first + column.blocks.len() <= last {
            column.blocks.push(FRESH);
            column.below += 64;
        }
        column.blocks.drain(..first - column.first);
        column.first = first;
        let places = &self.places[self.symbols[j - 1]];
        let mut next = places.partition_point(|&(block, _)| block < first);
        // Above the matrix a column adds one; above the band it adds at most one.
        let mut carry = 1i32;
        for (offset, block) in column.blocks.iter_mut().enumerate() {
            let mut same = 0;
            if places.get(next).is_some_and(|&(at, _)| at == first + offset) {
                same = places[next].1;
                next += 1;
            }
            let Block { plus, minus } = *block;
            let vertical = same | minus;
            same |= u64::from(carry < 0);
            let horizontal = ((same & plus).wrapping_add(plus) ^ plus) | same;
            let up = minus | !(horizontal | plus);
            let down = plus & horizontal;
            let shifted_up = up << 1 | u64::from(carry > 0);
            let shifted_down = down << 1 | u64::from(carry < 0);
            carry = (up >> 63) as i32 - (down >> 63) as i32;
            *block = Block { plus: shifted_down | !(vertical | shifted_up), minus: shifted_up & vertical };
        }
        column.below = column.below.wrapping_add_signed(carry as isize);
    }

    fn trace(&self, band: usize, kept: &[Column]) -> Vec<Step> {
        let (mut i, mut j) = (self.rows, self.columns);
        let mut steps = Vec::with_capacity(i.max(j));
        for (span, start) in kept.iter().enumerate().rev() {
            let from = span * SPAN;
            if j <= from && from > 0 {
                continue;
            }
            let mut columns = vec![start.clone()];
            for column in from + 1..=j {
                let mut next = columns[column - from - 1].clone();
                self.advance(&mut next, column, band);
                columns.push(next);
            }
            while i > 0 && j > from {
                let (block, bit) = ((i - 1) / 64, 1u64 << ((i - 1) % 64));
                if columns[j - from].block(block).plus & bit != 0 {
                    i -= 1;
                    steps.push((Some(i), None));
                    continue;
                }
                j -= 1;
                if j > 0 && columns[j - from].block(block).minus & bit != 0 {
                    steps.push((None, Some(j)));
                } else {
                    i -= 1;
                    steps.push((Some(i), Some(j)));
                }
            }
        }
        steps.extend((0..i).rev().map(|i| (Some(i), None)));
        steps.extend((0..j).rev().map(|j| (None, Some(j))));
        steps.reverse();
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The textbook's matrix.
    fn plainly(a: &[u8], b: &[u8]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut diagonal = i;
            row[0] = i + 1;
            for (j, y) in b.iter().enumerate() {
                let best = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
                diagonal = std::mem::replace(&mut row[j + 1], best);
            }
        }
        row[b.len()]
    }

    fn cost(a: &[u8], b: &[u8], steps: &[Step]) -> usize {
        let left: Vec<usize> = steps.iter().filter_map(|s| s.0).collect();
        let right: Vec<usize> = steps.iter().filter_map(|s| s.1).collect();
        assert_eq!(left, (0..a.len()).collect::<Vec<_>>());
        assert_eq!(right, (0..b.len()).collect::<Vec<_>>());
        steps.iter().filter(|s| !matches!(s, (Some(i), Some(j)) if a[*i] == b[*j])).count()
    }

    proptest! {
        #[test]
        fn the_distance_is_the_textbooks_and_the_alignment_costs_as_much(
            a in proptest::collection::vec(0u8..4, 0..400),
            b in proptest::collection::vec(0u8..4, 0..400),
        ) {
            prop_assert_eq!(distance(&a, &b), plainly(&a, &b));
            prop_assert_eq!(distance(&a, &b), distance(&b, &a));
            prop_assert_eq!(cost(&a, &b, &align(&a, &b)), plainly(&a, &b));
        }

        #[test]
        fn long_texts_with_few_edits_are_aligned_across_spans(
            a in proptest::collection::vec(0u8..30, 1500..2500),
            edits in proptest::collection::vec((0usize..1500, 0u8..3), 0..60),
        ) {
            let mut b = a.clone();
            for (at, kind) in edits {
                match kind {
                    0 => b[at % 1000] = 99,
                    1 => { b.remove(at % 1000); }
                    _ => b.insert(at % 1000, 98),
                }
            }
            prop_assert_eq!(cost(&a, &b, &align(&a, &b)), plainly(&a, &b));
        }
    }

    #[test]
    fn an_empty_side_is_all_insertions_or_deletions() {
        assert_eq!(distance::<u8>(&[], &[1, 2]), 2);
        assert_eq!(align::<u8>(&[1], &[]), [(Some(0), None)]);
        assert!(align::<u8>(&[], &[]).is_empty());
    }
}

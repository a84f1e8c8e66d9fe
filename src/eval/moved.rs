//! Blocks that stand in another place than in the reference: a column read too early, a letterhead read too late.

use super::alignment::{Step, align};
use super::normal::Normal;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

/// Syllables that have to be lost in one place and found in another to be called moved: shorter runs recur by chance.
const SMALLEST: usize = 6;
/// Syllables between two that agree, on either side, that do not yet end a block: misread ones.
const LARGEST_GAP: usize = 3;
/// Syllables in a row by which two runs are known to be worth aligning; a block that has none is not right anyway.
const SEED: usize = 3;
/// A run that has nothing yet.
const NONE: Range<usize> = 0..0;

/// A block of the other text that stands elsewhere in the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// Syllables of the reference.
    pub reference: Range<usize>,
    /// Syllables of the other text.
    pub other: Range<usize>,
    /// The reference's syllables that the block has right.
    pub right: Vec<usize>,
}

/// The blocks of at least [`SMALLEST`] syllables, in the order of the reference: runs that the alignment lost, aligned again
/// with the runs of the other text that it could not use, the longest first; what is left of both is tried again.
pub(super) fn find(reference: &[&str], other: &[&str], steps: &[Step]) -> Vec<Block> {
    let (mut lost, mut spare) = (vec![NONE], vec![NONE]);
    for &(i, j) in steps {
        if matches!((i, j), (Some(i), Some(j)) if reference[i] == other[j]) {
            lost.push(NONE);
            spare.push(NONE);
            continue;
        }
        extend(lost.last_mut(), i);
        extend(spare.last_mut(), j);
    }
    lost.retain(|run| run.len() >= SMALLEST);
    spare.retain(|run| run.len() >= SMALLEST);
    let mut seeds: FxHashMap<&[&str], Vec<usize>> = FxHashMap::default();
    for run in &spare {
        for (offset, seed) in other[run.clone()].windows(SEED).enumerate() {
            seeds.entry(seed).or_default().push(run.start + offset);
        }
    }
    let mut found = Vec::new();
    while let Some((at, _)) = lost.iter().enumerate().max_by_key(|(_, run)| (run.len(), Reverse(run.start))) {
        let run = lost.swap_remove(at);
        let hits = reference[run.clone()].windows(SEED).filter_map(|seed| seeds.get(seed)).flatten();
        let worth: BTreeSet<usize> = hits.filter_map(|j| spare.iter().position(|there| there.contains(j))).collect();
        let best = worth.into_iter().filter_map(|n| Some((common(reference, other, &run, &spare[n])?, n)));
        let Some((block, n)) = best.max_by_key(|(block, n)| (block.right.len(), Reverse(*n))) else { continue };
        let there = spare.swap_remove(n);
        lost.extend(around(&run, &block.reference));
        spare.extend(around(&there, &block.other));
        found.push(block);
    }
    found.sort_by_key(|block| block.reference.start);
    found
}

fn extend(run: Option<&mut Range<usize>>, index: Option<usize>) {
    if let (Some(run), Some(index)) = (run, index) {
        *run = if run.start == run.end { index..index + 1 } else { run.start..index + 1 };
    }
}

/// What is left of a run before and after a part of it, where it is long enough.
fn around(run: &Range<usize>, part: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
    [run.start..part.start, part.end..run.end].into_iter().filter(|rest| rest.len() >= SMALLEST)
}

/// The block of the most syllables that two runs have in common; None where it is too small.
fn common(reference: &[&str], other: &[&str], run: &Range<usize>, there: &Range<usize>) -> Option<Block> {
    let steps = align(&reference[run.clone()], &other[there.clone()]);
    let hits = steps.iter().filter_map(|&(i, j)| {
        let (i, j) = (run.start + i?, there.start + j?);
        (reference[i] == other[j]).then_some((i, j))
    });
    let mut blocks: Vec<Block> = Vec::new();
    for (i, j) in hits {
        match blocks.last_mut().filter(|b| i - b.reference.end <= LARGEST_GAP && j - b.other.end <= LARGEST_GAP) {
            Some(block) => {
                (block.reference.end, block.other.end) = (i + 1, j + 1);
                block.right.push(i);
            }
            None => blocks.push(Block { reference: i..i + 1, other: j..j + 1, right: vec![i] }),
        }
    }
    blocks.into_iter().max_by_key(|block| block.right.len()).filter(|block| block.right.len() >= SMALLEST)
}

/// The other text with each block where the reference has it, for the measures that do not count the order.
pub(super) fn put_back(text: &Normal, blocks: &[Block], reference: &[&str], steps: &[Step]) -> Normal {
    let other = text.syllables();
    let words: Vec<&str> = text.as_str().split(' ').collect();
    // The word that each syllable stands in; "hết...rồi" is one word of two syllables.
    let start = text.as_str().as_ptr() as usize;
    let (mut word, mut end) = (0, words.first().map_or(0, |word| word.len()));
    let mut word_of = Vec::with_capacity(other.len());
    for syllable in &other {
        while syllable.as_ptr() as usize - start > end {
            word += 1;
            end += 1 + words[word].len();
        }
        word_of.push(word);
    }
    let mut after: Vec<(Option<usize>, Range<usize>)> = Vec::new();
    let mut taken = vec![false; words.len()];
    for block in blocks {
        let span = word_of[block.other.start]..word_of[block.other.end - 1] + 1;
        taken[span.clone()].fill(true);
        // The last syllable before the block that stands right in its place.
        let before = steps.iter().rev().find_map(|&(i, j)| {
            let (i, j) = (i?, j?);
            (i < block.reference.start && reference[i] == other[j]).then(|| word_of[j])
        });
        after.push((before, span));
    }
    let moved_to = |place: Option<usize>| {
        let here = after.iter().filter(move |(before, _)| *before == place);
        here.flat_map(|(_, span)| words[span.clone()].iter().copied())
    };
    let mut out: Vec<&str> = moved_to(None).collect();
    for (n, word) in words.iter().enumerate() {
        if !taken[n] {
            out.push(word);
        }
        out.extend(moved_to(Some(n)));
    }
    Normal::new(&out.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::pairing::pair;

    const BLOCKS: [&str; 4] = [
        "một hai ba, bốn năm sáu bảy tám chín mười",
        "cam quýt mít dừa chuối ổi xoài na mận đào lê táo.",
        "xanh đỏ tím vàng nâu đen trắng hồng be lam lục chàm tía",
        "(thóc ngô khoai sắn lạc vừng đậu đỗ kê mì)",
    ];

    fn text(order: &[usize]) -> Normal {
        Normal::new(&order.iter().map(|&n| BLOCKS[n]).collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn blocks_in_any_order_are_found_and_put_back() {
        let reference = text(&[0, 1, 2, 3]);
        let syllables = reference.syllables();
        for order in [[1, 0, 2, 3], [3, 2, 1, 0], [2, 3, 0, 1], [1, 2, 3, 0], [2, 0, 3, 1]] {
            let other = text(&order);
            let there = other.syllables();
            let steps = pair(&syllables, &there);
            let blocks = find(&syllables, &there, &steps);
            assert!(!blocks.is_empty(), "{order:?}");
            let back = put_back(&other, &blocks, &syllables, &steps);
            assert_eq!(back, reference, "{order:?}");
        }
    }

    #[test]
    fn a_misread_syllable_does_not_end_a_block_and_what_is_lost_has_not_moved() {
        let reference = text(&[0, 1, 2]);
        let other = Normal::new(&format!("{} {}", BLOCKS[2].replace("tím", "tim"), BLOCKS[1]));
        let (a, b) = (reference.syllables(), other.syllables());
        let blocks = find(&a, &b, &pair(&a, &b));
        let moved: Vec<usize> = blocks.iter().map(|block| block.right.len()).collect();
        assert_eq!((moved, blocks[0].reference.len()), (vec![12], 13));
        assert!(find(&a, &a[10..], &pair(&a, &a[10..])).is_empty());
    }
}

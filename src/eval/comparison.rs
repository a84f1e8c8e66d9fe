//! One text against its truth: counts, the pairs of syllables and the confusions of characters.

use super::alignment::align;
use super::counts::Counts;
use super::normal::{Normal, letters};
use super::pairing::pair;
use crate::text::letter;
use std::collections::BTreeMap;

/// Syllables in a block of the counts that intervals are drawn from: about four printed lines.
const BLOCK: usize = 50;
/// Syllables in a row that have to be lost in one place and found in another to be called moved.
const SMALLEST_MOVE: usize = 6;

/// A reference syllable and what it became; one of the two is None where a syllable was lost or made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// What is printed.
    pub reference: Option<String>,
    /// What the other text has.
    pub other: Option<String>,
}

impl Pair {
    /// Whether both are there and identical.
    pub fn is_right(&self) -> bool {
        self.reference == self.other
    }
}

/// How often a character of the reference became another; an empty string stands for nothing.
pub type Confusion = BTreeMap<(String, String), usize>;

/// The result of comparing two texts.
#[derive(Debug, Clone, Default)]
pub struct Comparison {
    /// Everything counted.
    pub counts: Counts,
    /// The same counts by blocks of about fifty reference syllables; they add up to `counts`.
    pub blocks: Vec<Counts>,
    /// Syllables in the order of the reference.
    pub pairs: Vec<Pair>,
    /// Characters that were not reproduced.
    pub confusion: Confusion,
}

impl Comparison {
    /// Compares a text with its reference; `before` is the text that a restorer was given, for the harm that it did.
    pub fn of(reference: &str, other: &str, before: Option<&str>) -> Self {
        let (reference, other) = (Normal::new(reference), Normal::new(other));
        let mut comparison = Comparison::default();
        let syllables = reference.syllables();
        comparison.blocks = vec![Counts::default(); syllables.len().div_ceil(BLOCK).max(1)];
        comparison.characters(&reference, &other);
        comparison.syllables(&syllables, &other.syllables(), before.map(Normal::new).as_ref());
        for block in &comparison.blocks {
            comparison.counts += *block;
        }
        comparison
    }

    fn characters(&mut self, reference: &Normal, other: &Normal) {
        let (a, b): (Vec<&str>, Vec<&str>) = (reference.characters().collect(), other.characters().collect());
        let mut position = 0;
        let blocks = self.blocks.len();
        let block_of = |position: usize| (position * blocks / a.len().max(1)).min(blocks - 1);
        for i in 0..a.len() {
            self.blocks[block_of(i)].characters += 1;
        }
        for (i, j) in align(&a, &b) {
            position = i.unwrap_or(position);
            let (from, to) = (i.map_or("", |i| a[i]), j.map_or("", |j| b[j]));
            if from == to {
                continue;
            }
            let counts = &mut self.blocks[block_of(position)];
            counts.character_edits += 1;
            *kind_of_edit(counts, from, to) += 1;
            *self.confusion.entry((from.to_owned(), to.to_owned())).or_default() += 1;
        }
    }

    fn syllables(&mut self, reference: &[&str], other: &[&str], before: Option<&Normal>) {
        let steps = pair(reference, other);
        let edits = super::alignment::align(reference, other);
        let blocks = self.blocks.len();
        let block_of = |i: usize| (i / BLOCK).min(blocks - 1);
        for i in 0..reference.len() {
            self.blocks[block_of(i)].syllables += 1;
        }
        self.blocks[0].other_syllables += other.len();
        let mut position = 0;
        for (i, j) in edits {
            position = i.unwrap_or(position);
            let same = matches!((i, j), (Some(i), Some(j)) if reference[i] == other[j]);
            self.blocks[block_of(position)].syllable_edits += usize::from(!same);
        }
        let was_right = before.map(|text| rightly_paired(reference, &text.syllables()));
        for &(i, j) in &steps {
            if let Some(i) = i {
                let counts = &mut self.blocks[block_of(i)];
                let right = j.is_some_and(|j| reference[i] == other[j]);
                let figure = reference[i].contains(|c: char| c.is_numeric());
                counts.figures += usize::from(figure);
                counts.figures_right += usize::from(figure && right);
                counts.aligned += usize::from(j.is_some());
                if let Some(was) = &was_right {
                    counts.right_before += usize::from(was[i]);
                    counts.harmed += usize::from(was[i] && !right);
                    counts.mended += usize::from(!was[i] && right);
                }
                if let Some(j) = j {
                    *kind_of_pair(counts, reference[i], other[j]) += 1;
                }
            }
            let text = |of: &[&str], at: Option<usize>| at.map(|at| of[at].to_owned());
            self.pairs.push(Pair { reference: text(reference, i), other: text(other, j) });
        }
        for i in moved(reference, other, &steps) {
            self.blocks[block_of(i)].moved += 1;
        }
    }
}

/// For each reference syllable whether its partner in `text` is identical.
fn rightly_paired(reference: &[&str], text: &[&str]) -> Vec<bool> {
    let mut right = vec![false; reference.len()];
    for step in pair(reference, text) {
        if let (Some(i), Some(j)) = step {
            right[i] = reference[i] == text[j];
        }
    }
    right
}

fn kind_of_pair<'a>(counts: &'a mut Counts, from: &str, to: &str) -> &'a mut usize {
    if from == to {
        &mut counts.right
    } else if from.to_lowercase() == to.to_lowercase() {
        &mut counts.wrong_case
    } else if letters(from) == letters(to) {
        &mut counts.wrong_marks
    } else {
        &mut counts.wrong_letters
    }
}

fn kind_of_edit<'a>(counts: &'a mut Counts, from: &str, to: &str) -> &'a mut usize {
    let either = |is: fn(char) -> bool| from.contains(is) || to.contains(is);
    if either(|c| c == ' ') && (from.is_empty() || to.is_empty()) {
        &mut counts.spacing_edits
    } else if either(|c| c.is_numeric()) {
        &mut counts.digit_edits
    } else if either(|c| !c.is_alphanumeric() && !('\u{300}'..='\u{36f}').contains(&c)) {
        &mut counts.punctuation_edits
    } else if from.to_lowercase() == to.to_lowercase() {
        &mut counts.case_edits
    } else if letters(from) == letters(to) {
        &mut counts.mark_edits
    } else {
        &mut counts.letter_edits
    }
}

/// Reference syllables that stand right in another place: runs of the reference that the alignment lost, aligned again with
/// the runs of the other text that it could not use, the longest first.
fn moved(reference: &[&str], other: &[&str], steps: &[(Option<usize>, Option<usize>)]) -> Vec<usize> {
    let right = |i: usize, j: usize| reference[i] == other[j];
    let mut lost = vec![Vec::new()];
    let mut spare = vec![Vec::new()];
    for &(i, j) in steps {
        if let (Some(i), Some(j)) = (i, j)
            && right(i, j)
        {
            lost.push(Vec::new());
            spare.push(Vec::new());
            continue;
        }
        lost.last_mut().into_iter().for_each(|run: &mut Vec<usize>| run.extend(i));
        spare.last_mut().into_iter().for_each(|run: &mut Vec<usize>| run.extend(j));
    }
    let long = |run: &Vec<usize>| run.len() >= SMALLEST_MOVE;
    let mut lost: Vec<_> = lost.into_iter().filter(long).collect();
    let mut spare: Vec<_> = spare.into_iter().filter(long).collect();
    lost.sort_by_key(|run| (std::cmp::Reverse(run.len()), run[0]));
    let mut found = Vec::new();
    for run in lost {
        let text: Vec<&str> = run.iter().map(|&i| reference[i]).collect();
        let hits = |candidate: &Vec<usize>| -> Vec<usize> {
            let there: Vec<&str> = candidate.iter().map(|&j| other[j]).collect();
            let same = |step: (Option<usize>, Option<usize>)| match step {
                (Some(i), Some(j)) if text[i] == there[j] => Some(run[i]),
                _ => None,
            };
            align(&text, &there).into_iter().filter_map(same).collect()
        };
        let best = spare.iter().enumerate().map(|(n, candidate)| (hits(candidate), n));
        let Some((hits, n)) = best.max_by_key(|(hits, n)| (hits.len(), std::cmp::Reverse(*n))) else { break };
        // Half of a run has to be there; less is what any two texts share.
        if hits.len() >= SMALLEST_MOVE && hits.len() * 2 >= run.len().min(spare[n].len()) {
            found.extend(hits);
            spare.remove(n);
        }
    }
    found
}

/// The letter under the marks, for confusion tables by mark; None where the two are not the same letter.
pub(super) fn marks_of(from: &str, to: &str) -> Option<(String, String)> {
    let single = |s: &str| {
        let mut chars = s.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    let (a, b) = (letter::lower(single(from)?), letter::lower(single(to)?));
    if a == b || letter::bare(a) != letter::bare(b) {
        return None;
    }
    let marks = |c: char| -> String {
        use unicode_normalization::UnicodeNormalization;
        let marks: String = std::iter::once(c).nfd().filter(|c| ('\u{300}'..='\u{36f}').contains(c)).collect();
        if c == 'đ' {
            "đ".into()
        } else if marks.is_empty() {
            "–".into()
        } else {
            format!("◌{marks}")
        }
    };
    Some((marks(a), marks(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str =
        "Ủy ban nhân dân xã báo cáo: tổng số hồ sơ đã tiếp nhận là 1.077 hồ sơ, trong đó trực tuyến 369 hồ sơ.";

    #[test]
    fn each_injected_edit_comes_back_as_itself() {
        type Count = fn(&Counts) -> usize;
        let cases: &[(&str, &str, Count)] = &[
            ("tiếp", "tiêp", |c| c.mark_edits.min(c.wrong_marks)),
            ("trực", "trục", |c| c.mark_edits.min(c.wrong_marks)),
            ("tổng", "tỗnq", |c| c.wrong_letters),
            ("xã", "Xã", |c| c.case_edits.min(c.wrong_case)),
            ("1.077", "1.017", |c| c.digit_edits.min(c.figures - c.figures_right)),
            ("sơ,", "sơ", |c| c.punctuation_edits),
            ("báo cáo", "báocáo", |c| c.spacing_edits),
            ("ban ", "ban man ", |c| c.other_syllables - c.syllables),
            ("đã ", "", |c| c.syllables - c.aligned),
        ];
        for (from, to, count) in cases {
            let damaged = TEXT.replacen(from, to, 1);
            let counts = Comparison::of(TEXT, &damaged, None).counts;
            assert_eq!(count(&counts), 1, "{from} -> {to}: {counts:?}");
        }
    }

    #[test]
    fn the_classes_of_edits_add_up_to_all_of_them() {
        let counts = Comparison::of(TEXT, "Uy bannhan dan Xã  bao cao tong s6 hồ sơ l.077 hô", None).counts;
        let classes = [counts.spacing_edits, counts.punctuation_edits, counts.digit_edits, counts.mark_edits];
        let sum = classes.iter().sum::<usize>() + counts.case_edits + counts.letter_edits;
        assert_eq!(sum, counts.character_edits);
        let kinds = counts.right + counts.wrong_case + counts.wrong_marks + counts.wrong_letters;
        assert_eq!(kinds, counts.aligned);
    }

    #[test]
    fn harm_counts_only_what_was_right() {
        let counts = Comparison::of("một hai ba bốn", "một hãi ba bốn", Some("mot hai ba bôn")).counts;
        assert_eq!((counts.right_before, counts.harmed, counts.mended), (2, 1, 2));
    }

    #[test]
    fn a_block_that_moved_is_found() {
        let lines = ["một hai ba bốn năm sáu bảy tám", "cam quýt mít dừa chuối ổi xoài na mận đào", "xanh đỏ tím vàng"];
        let swapped = [lines[1], lines[0], lines[2]].join("\n");
        let counts = Comparison::of(&lines.join("\n"), &swapped, None).counts;
        assert_eq!((counts.moved, counts.right), (8, 14));
    }

    #[test]
    fn nothing_against_something() {
        let lost = Comparison::of(TEXT, "", None).counts.measures();
        assert_eq!((lost.cer, lost.wer, lost.syllable_recall, lost.digit_exact), (1.0, 1.0, 0.0, 0.0));
        assert_eq!(Comparison::of("", "", None).counts.measures().cer, 0.0);
    }

    proptest! {
        #[test]
        fn identity_is_free_and_line_breaks_do_not_matter(words in proptest::collection::vec("[a-zà-ỹ0-9,.]{1,6}", 1..120), width in 1usize..20) {
            let line = words.join(" ");
            let broken = words.chunks(width).map(|chunk| chunk.join(" ")).collect::<Vec<_>>().join("\n");
            let counts = Comparison::of(&line, &broken, None).counts;
            prop_assert_eq!((counts.character_edits, counts.syllable_edits, counts.moved), (0, 0, 0));
            prop_assert_eq!(counts.right, counts.syllables);
        }

        #[test]
        fn edits_are_symmetric(a in "[a-cà-ã ]{0,80}", b in "[a-cà-ã ]{0,80}") {
            let (there, back) = (Comparison::of(&a, &b, None).counts, Comparison::of(&b, &a, None).counts);
            prop_assert_eq!((there.character_edits, there.syllable_edits), (back.character_edits, back.syllable_edits));
        }
    }
}

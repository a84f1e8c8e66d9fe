//! One text against its truth: counts, the pairs of syllables and the confusions of characters.

use super::alignment::align;
use super::cells;
use super::counts::Counts;
use super::moved;
use super::normal::{Normal, letters};
use super::pairing::pair;
use std::collections::BTreeMap;

/// Syllables in a block of the counts that intervals are drawn from: about four printed lines.
const BLOCK: usize = 50;

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
        let mut of_tables = Counts::default();
        cells::count(reference, other, &mut of_tables);
        let (reference, other) = (Normal::new(reference), Normal::new(other));
        let mut comparison = Comparison::default();
        let syllables = reference.syllables();
        comparison.blocks = vec![Counts::default(); syllables.len().div_ceil(BLOCK).max(1)];
        comparison.characters(&reference, &other);
        comparison.words(&reference, &other);
        comparison.syllables(&reference, &other, before.map(Normal::new).as_ref());
        comparison.blocks[0] += of_tables;
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

    /// The two other kinds of words that scorers count.
    fn words(&mut self, reference: &Normal, other: &Normal) {
        let blocks = self.blocks.len();
        type Count = fn(&mut Counts) -> (&mut usize, &mut usize);
        let kinds: [(Vec<&str>, Vec<&str>, Count); 2] = [
            (reference.tokens(), other.tokens(), |c| (&mut c.tokens, &mut c.token_edits)),
            (reference.words(), other.words(), |c| (&mut c.words, &mut c.word_edits)),
        ];
        for (a, b, count) in kinds {
            let block_of = |i: usize| (i * blocks / a.len().max(1)).min(blocks - 1);
            (0..a.len()).for_each(|i| *count(&mut self.blocks[block_of(i)]).0 += 1);
            let edits = edits_by_block(&a, &b, block_of, blocks);
            self.blocks.iter_mut().zip(edits).for_each(|(block, edits)| *count(block).1 += edits);
        }
    }

    fn syllables(&mut self, truth: &Normal, text: &Normal, before: Option<&Normal>) {
        let (reference, other) = (truth.syllables(), text.syllables());
        let (reference, other) = (reference.as_slice(), other.as_slice());
        let steps = pair(reference, other);
        let blocks = self.blocks.len();
        let block_of = |i: usize| (i / BLOCK).min(blocks - 1);
        for i in 0..reference.len() {
            self.blocks[block_of(i)].syllables += 1;
        }
        self.blocks[0].other_syllables += other.len();
        let edits = edits_by_block(reference, other, block_of, blocks);
        self.blocks.iter_mut().zip(edits).for_each(|(block, edits)| block.syllable_edits += edits);
        let was_right = before.map(|text| rightly_paired(reference, &text.syllables()));
        for &(i, j) in &steps {
            if let Some(i) = i {
                let counts = &mut self.blocks[block_of(i)];
                let right = j.is_some_and(|j| reference[i] == other[j]);
                let figure = reference[i].contains(is_figure);
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
        let mut bag: BTreeMap<&str, usize> = BTreeMap::new();
        other.iter().for_each(|syllable| *bag.entry(syllable).or_default() += 1);
        for (i, syllable) in reference.iter().enumerate().filter(|(_, s)| s.contains(is_figure)) {
            if let Some(left) = bag.get_mut(syllable).filter(|left| **left > 0) {
                *left -= 1;
                self.blocks[block_of(i)].figures_found += 1;
            }
        }
        let moved = moved::find(reference, other, &steps);
        for &i in moved.iter().flat_map(|block| &block.right) {
            self.blocks[block_of(i)].moved += 1;
        }
        self.in_any_order(truth, (!moved.is_empty()).then(|| moved::put_back(text, &moved, reference, &steps)));
    }

    /// Counts the edits that are left when moved blocks are put back; without any they are the edits as they stand.
    fn in_any_order(&mut self, truth: &Normal, put_back: Option<Normal>) {
        for block in &mut self.blocks {
            (block.character_edits_any_order, block.syllable_edits_any_order) =
                (block.character_edits, block.syllable_edits);
        }
        let Some(text) = put_back else { return };
        let blocks = self.blocks.len();
        let (a, b): (Vec<&str>, Vec<&str>) = (truth.characters().collect(), text.characters().collect());
        let characters = edits_by_block(&a, &b, |i| (i * blocks / a.len().max(1)).min(blocks - 1), blocks);
        let (a, b) = (truth.syllables(), text.syllables());
        let syllables = edits_by_block(&a, &b, |i| (i / BLOCK).min(blocks - 1), blocks);
        let as_found = |of: fn(&Counts) -> usize| self.blocks.iter().map(of).sum::<usize>();
        // A block of a few syllables may cost more where it is put than where it stood.
        let fewer = characters.iter().sum::<usize>() < as_found(|block| block.character_edits);
        if !fewer || syllables.iter().sum::<usize>() > as_found(|block| block.syllable_edits) {
            return;
        }
        for (block, (characters, syllables)) in self.blocks.iter_mut().zip(characters.into_iter().zip(syllables)) {
            (block.character_edits_any_order, block.syllable_edits_any_order) = (characters, syllables);
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

fn edits_by_block(a: &[&str], b: &[&str], block_of: impl Fn(usize) -> usize, blocks: usize) -> Vec<usize> {
    let (mut edits, mut position) = (vec![0; blocks], 0);
    for (i, j) in align(a, b) {
        position = i.unwrap_or(position);
        let same = matches!((i, j), (Some(i), Some(j)) if a[i] == b[j]);
        edits[block_of(position)] += usize::from(!same);
    }
    edits
}

fn is_figure(c: char) -> bool {
    c.is_numeric()
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
    fn a_block_that_moved_is_an_error_in_its_place_and_none_in_any_order() {
        let lines = ["một hai ba bốn 5, sáu bảy tám", "cam quýt mít dừa chuối ổi xoài na mận đào", "xanh đỏ tím vàng"];
        let swapped = [lines[1], lines[0], lines[2]].join("\n");
        let counts = Comparison::of(&lines.join("\n"), &swapped, None).counts;
        assert_eq!((counts.moved, counts.right), (8, 14));
        assert_eq!((counts.figures, counts.figures_right, counts.figures_found), (1, 0, 1));
        assert!(counts.character_edits > 30 && counts.syllable_edits > 7);
        assert_eq!((counts.character_edits_any_order, counts.syllable_edits_any_order), (0, 0));
        let measures = counts.measures();
        assert_eq!((measures.syllable_recall_any_order, measures.digit_found), (1.0, 1.0));
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
        fn injected_edits_come_back_as_their_number(
            words in proptest::collection::vec("[a-e]{2,5}", 30..150),
            edits in proptest::collection::vec((0usize..1000, 0usize..4), 0..12),
        ) {
            // A sign of its own for each place, so that no other alignment is as cheap.
            let words: Vec<String> = words.iter().enumerate().map(|(n, word)| format!("{word}k{n}k")).collect();
            let mut damaged: Vec<Option<String>> = words.iter().cloned().map(Some).collect();
            let (mut lost, mut wrong, mut cased) = (0, 0, 0);
            for (at, kind) in edits {
                // Every third word only, so that no two edits meet.
                let at = at % (words.len() / 3) * 3;
                if damaged[at].as_ref() != Some(&words[at]) {
                    continue;
                }
                match kind {
                    0 => { damaged[at] = None; lost += 1; }
                    1 => { damaged[at] = Some(words[at].replacen('k', "z", 1)); wrong += 1; }
                    2 => { damaged[at] = Some(words[at].to_uppercase()); cased += 1; }
                    _ => { damaged[at] = Some(words[at].replacen('k', "", 1)); wrong += 1; }
                }
            }
            let damaged: Vec<String> = damaged.into_iter().flatten().collect();
            let counts = Comparison::of(&words.join(" "), &damaged.join("\n"), None).counts;
            prop_assert_eq!(counts.syllables - counts.aligned, lost);
            prop_assert_eq!((counts.wrong_letters, counts.wrong_case), (wrong, cased));
            prop_assert_eq!(counts.syllable_edits, lost + wrong + cased);
            prop_assert_eq!(counts.right, words.len() - lost - wrong - cased);
        }

        #[test]
        fn edits_are_symmetric(a in "[a-cà-ã ]{0,80}", b in "[a-cà-ã ]{0,80}") {
            let (there, back) = (Comparison::of(&a, &b, None).counts, Comparison::of(&b, &a, None).counts);
            prop_assert_eq!((there.character_edits, there.syllable_edits), (back.character_edits, back.syllable_edits));
        }
    }
}

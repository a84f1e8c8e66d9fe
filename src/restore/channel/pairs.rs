//! Training pairs: lines as printed beside lines as seen, cut into words that stand in each other's place.

use crate::text::letter::{bare, lower};
use crate::text::syllable::is_valid_syllable;
use crate::text::token::{TokenKind, fold_word, tokenise};
use std::collections::BTreeMap;

/// What was seen for what was printed, both folded, with how often; and how spaces fared.
#[derive(Debug, Clone, Default)]
pub struct Pairs {
    /// By printed syllable and what was seen for it.
    pub words: BTreeMap<(String, String), u64>,
    /// Spaces between words that were seen, and that were not.
    pub spaces: [u64; 2],
    /// Words that were seen whole, and that were seen with a space inside.
    pub whole: [u64; 2],
}

impl Pairs {
    /// Adds the words of one line.
    pub fn add(&mut self, printed: &str, seen: &str) {
        for (printed, seen) in chunks(printed, seen) {
            let (Some(words), Some(tokens)) = (syllables(&printed), seen_tokens(&seen)) else { continue };
            match (words.len(), tokens.len()) {
                (1, 1) => {
                    self.whole[0] += 1;
                    self.spaces[0] += 1;
                    *self.words.entry((words[0].clone(), tokens[0].clone())).or_default() += 1;
                }
                (1, 2) => {
                    self.whole[1] += 1;
                    self.spaces[0] += 1;
                    *self.words.entry((words[0].clone(), tokens.concat())).or_default() += 1;
                }
                (2, 1) => {
                    self.whole[0] += 2;
                    self.spaces[1] += 1;
                }
                _ => {}
            }
        }
    }

    /// Adds all lines of a file of pairs: printed, a tab, seen; other lines are passed over.
    pub fn add_file(&mut self, text: &str) {
        for (printed, seen) in text.lines().filter_map(|line| line.split_once('\t')) {
            self.add(printed, seen);
        }
    }
}

/// The words of a chunk as the model knows them; None where one is no Vietnamese syllable.
fn syllables(chunk: &str) -> Option<Vec<String>> {
    let words = cores(chunk, &[TokenKind::Word])?;
    words.iter().all(|w| is_valid_syllable(w)).then_some(words)
}

/// What was seen, without the punctuation around it; None where a mark parts it.
fn seen_tokens(chunk: &str) -> Option<Vec<String>> {
    cores(chunk, &[TokenKind::Word, TokenKind::Mixed, TokenKind::Number])
}

/// The tokens of these kinds between the spaces of `chunk`, folded; None where there is another, or not one for each space.
fn cores(chunk: &str, kinds: &[TokenKind]) -> Option<Vec<String>> {
    let mut words = Vec::new();
    for part in chunk.split(' ') {
        let mut tokens = Vec::new();
        tokenise(part, &mut tokens);
        tokens.retain(|t| t.kind != TokenKind::Punctuation);
        let [token] = tokens[..] else { return None };
        if !kinds.contains(&token.kind) {
            return None;
        }
        let mut word = String::new();
        fold_word(token.text(part), &mut word);
        words.push(word);
    }
    Some(words)
}

/// Pieces of the two lines that stand in each other's place, the shortest that begin and end at a space of both.
fn chunks(printed: &str, seen: &str) -> Vec<(String, String)> {
    let a: Vec<char> = printed.chars().collect();
    let b: Vec<char> = seen.chars().collect();
    let mut pieces = Vec::new();
    let (mut from_a, mut from_b) = (0, 0);
    let mut cut = |to_a: usize, to_b: usize| {
        pieces.push((a[from_a..to_a].iter().collect(), b[from_b..to_b].iter().collect()));
        (from_a, from_b) = (to_a + 1, to_b + 1);
    };
    for (i, j) in alignment(&a, &b) {
        if a[i] == ' ' && b[j] == ' ' {
            cut(i, j);
        }
    }
    cut(a.len(), b.len());
    pieces
}

/// The cost of seeing `b` for `a`, in tenths of an insertion.
fn cost(a: char, b: char) -> u32 {
    match () {
        () if a == b => 0,
        () if (a == ' ') != (b == ' ') => 30,
        () if bare(lower(a)) == bare(lower(b)) => 2,
        () if a.is_alphanumeric() == b.is_alphanumeric() => 11,
        () => 14,
    }
}

/// Positions of characters that stand in each other's place in the cheapest alignment of the two lines, in order.
fn alignment(a: &[char], b: &[char]) -> Vec<(usize, usize)> {
    const GAP: u32 = 10;
    let width = b.len() + 1;
    let mut best = vec![0u32; (a.len() + 1) * width];
    for i in (0..=a.len()).rev() {
        for j in (0..=b.len()).rev() {
            let step = |di: usize, dj: usize, cost: u32| best[(i + di) * width + j + dj] + cost;
            best[i * width + j] = match (i < a.len(), j < b.len()) {
                (true, true) => step(1, 1, cost(a[i], b[j])).min(step(1, 0, GAP)).min(step(0, 1, GAP)),
                (true, false) => step(1, 0, GAP),
                (false, true) => step(0, 1, GAP),
                (false, false) => 0,
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut path = Vec::new();
    while i < a.len() && j < b.len() {
        let here = best[i * width + j];
        if here == best[(i + 1) * width + j + 1] + cost(a[i], b[j]) {
            path.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if here == best[(i + 1) * width + j] + GAP {
            i += 1;
        } else {
            j += 1;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(printed: &str, seen: &str) -> Vec<(String, String)> {
        let mut pairs = Pairs::default();
        pairs.add(printed, seen);
        pairs.words.into_keys().collect()
    }

    #[test]
    fn words_meet_what_was_seen_for_them() {
        let got = words("- Tổng số hồ sơ: 12,", "- Téng s6 hd so: 12,");
        let want = [("hồ", "hd"), ("sơ", "so"), ("số", "s6"), ("tổng", "téng")];
        assert_eq!(got, want.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn lost_and_added_spaces_are_counted_and_do_not_shift_their_neighbours() {
        let mut pairs = Pairs::default();
        pairs.add("quy định trong đó có nghiệp vụ", "quy dinh trongdo c6 ngh iép vu");
        assert!(pairs.words.contains_key(&("vụ".into(), "vu".into())));
        assert!(pairs.words.contains_key(&("nghiệp".into(), "nghiép".into())));
        assert_eq!(pairs.spaces[1], 1);
        assert_eq!(pairs.whole[1], 1);
    }

    #[test]
    fn what_is_not_a_syllable_is_left_out() {
        assert_eq!(words("UBND 10/QĐ-UBND 1,2", "UBND 10/QD-UBND 12"), []);
    }
}

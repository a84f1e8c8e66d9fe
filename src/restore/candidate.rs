//! What could have been printed where a string was seen: the words of a vocabulary, laid out by onset and rime, and walked with
//! the weights of one recogniser.
//!
//! A word is an onset and a rime, so P(seen | word) is a sum over the border between the two in what was seen: the scalar product
//! of one vector of the onset and one of the rime. Both kinds of vectors come out of one walk over a trie, and seven thousand
//! words share a few hundred of them.

use super::channel::letters::{Alphabet, Code, LONGEST, PRINTED, Packed, onset_len};
use super::channel::unseen;
use super::channel::weights::{Level, Size, Weights};
use crate::lm::{Vocabulary, WordId};
use std::collections::BTreeMap;

/// No number.
const NONE: u16 = u16::MAX;

/// Candidates that are kept, for one recogniser.
const KEPT: usize = 32;

/// The walk leaves out what is this much less likely than the best that its letters allow, unless that leaves too little.
const CUTOFFS: [f32; 3] = [1e-4, 1e-8, 0.0];

/// Candidates below this share of the best one, weighted with how common they are, are not worth keeping.
const FAINTEST: f32 = 1e-7;

/// One node of a trie, in depth-first order.
#[derive(Debug, Clone, Copy)]
struct Node {
    letter: Code,
    depth: u8,
    /// First node that is not below this one.
    after: u16,
    /// The onset or rime that ends here; [`NONE`] where none does.
    part: u16,
}

/// One word by its parts.
#[derive(Debug, Clone, Copy)]
struct Entry {
    onset: u16,
    word: WordId,
    /// The word's unit on the syllable level; its back-off is taken from there.
    letters: Packed,
}

/// The words of a vocabulary, laid out for the walk.
#[derive(Debug, Clone)]
pub struct Inventory {
    onsets: Vec<Packed>,
    rimes: Vec<Packed>,
    onset_trie: Vec<Node>,
    /// Over the rimes read backwards.
    rime_trie: Vec<Node>,
    /// Words by rime; those of rime r are `entries[starts[r]..starts[r + 1]]`.
    entries: Vec<Entry>,
    starts: Vec<u32>,
    first: WordId,
}

impl Inventory {
    /// The words of `vocabulary` that are printed with letters of the alphabet.
    pub fn new(vocabulary: &Vocabulary, alphabet: &Alphabet) -> Self {
        let mut words: Vec<(Vec<Code>, Vec<Code>, WordId)> = Vec::new();
        for id in vocabulary.ids() {
            let word = vocabulary.word(id);
            let chars: Vec<char> = word.chars().collect();
            if let Some(codes) = alphabet.printed(word).filter(|c| c.len() <= LONGEST) {
                let (onset, rime) = codes.split_at(onset_len(&chars));
                words.push((rime.iter().rev().copied().collect(), onset.to_vec(), id));
            }
        }
        words.sort_unstable();
        let numbered = |parts: Vec<Vec<Code>>| {
            let mut parts = parts;
            parts.sort_unstable();
            parts.dedup();
            parts
        };
        let rimes = numbered(words.iter().map(|w| w.0.clone()).collect());
        let onsets = numbered(words.iter().map(|w| w.1.clone()).collect());
        let mut entries = Vec::with_capacity(words.len());
        let mut starts = vec![0];
        for run in words.chunk_by(|a, b| a.0 == b.0) {
            for (rime, onset, word) in run {
                let letters: Vec<Code> = onset.iter().chain(rime.iter().rev()).copied().collect();
                entries.push(Entry {
                    onset: onsets.binary_search(onset).map_or(NONE, |n| n as u16),
                    word: *word,
                    letters: Packed::new(&letters).unwrap_or_default(),
                });
            }
            starts.push(entries.len() as u32);
        }
        let forward =
            |rime: &Vec<Code>| Packed::new(&rime.iter().rev().copied().collect::<Vec<_>>()).unwrap_or_default();
        Inventory {
            onset_trie: trie(&onsets),
            rime_trie: trie(&rimes),
            rimes: rimes.iter().map(forward).collect(),
            onsets: onsets.iter().map(|o| Packed::new(o).unwrap_or_default()).collect(),
            entries,
            starts,
            first: vocabulary.ids().next().unwrap_or(0),
        }
    }

    /// How common a word is, roughly: words are numbered from the most frequent on, and frequency falls as Zipf says.
    pub fn prior(&self, word: WordId) -> f32 {
        1.0 / (f32::from(word - self.first) + 20.0)
    }
}

/// The trie of sorted, distinct strings; a string's number is its place.
fn trie(strings: &[Vec<Code>]) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut path: Vec<usize> = Vec::new();
    for (part, string) in strings.iter().enumerate() {
        let shared = path.iter().zip(string).take_while(|&(&node, &letter)| nodes[node].letter == letter).count();
        for node in path.drain(shared..) {
            nodes[node].after = nodes.len() as u16;
        }
        for &letter in &string[shared..] {
            path.push(nodes.len());
            nodes.push(Node { letter, depth: path.len() as u8, after: 0, part: NONE });
        }
        if let Some(&last) = path.last() {
            nodes[last].part = part as u16;
        }
    }
    for node in path {
        nodes[node].after = nodes.len() as u16;
    }
    nodes
}

/// The weights of one recogniser, tied to the words of an inventory.
#[derive(Debug, Clone)]
pub struct Reader {
    weights: Weights,
    /// Number in the inventory, by unit of the weights; [`NONE`] where the vocabulary has no word with it.
    onset_of: Vec<u16>,
    rime_of: Vec<u16>,
    word_of: Vec<WordId>,
    letter_of: Vec<Code>,
    /// Back-off weights by number in the inventory.
    onset_back_off: Vec<f32>,
    rime_back_off: Vec<f32>,
    entry_back_off: Vec<f32>,
}

impl Reader {
    /// Ties `weights` to `inventory`.
    pub fn new(weights: Weights, inventory: &Inventory) -> Self {
        let tie = |level: &Level, parts: &mut dyn Iterator<Item = (Packed, u16)>, back_off: &mut Vec<f32>| {
            let mut of = vec![NONE; level.units()];
            for (letters, number) in parts {
                let unit = level.unit(letters);
                back_off.push(level.back_off(unit));
                if let Some(unit) = unit {
                    of[usize::from(unit)] = number;
                }
            }
            of
        };
        let (mut onset_back_off, mut rime_back_off, mut entry_back_off) = (Vec::new(), Vec::new(), Vec::new());
        let numbered = |parts: &[Packed]| parts.iter().copied().zip(0..).collect::<Vec<(Packed, u16)>>();
        let onset_of =
            tie(weights.level(Size::Onset), &mut numbered(&inventory.onsets).into_iter(), &mut onset_back_off);
        let rime_of = tie(weights.level(Size::Rime), &mut numbered(&inventory.rimes).into_iter(), &mut rime_back_off);
        let mut words = inventory.entries.iter().map(|e| (e.letters, e.word));
        let word_of = tie(weights.level(Size::Syllable), &mut words, &mut entry_back_off);
        let letters = weights.level(Size::Letter);
        let mut letter_of = vec![0; letters.units()];
        for code in 0..PRINTED as Code {
            if let Some(unit) = Packed::new(&[code]).and_then(|letter| letters.unit(letter)) {
                letter_of[usize::from(unit)] = code;
            }
        }
        Reader { onset_of, rime_of, word_of, letter_of, onset_back_off, rime_back_off, entry_back_off, weights }
    }

    /// The weights.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// Words that were met as `seen` when the weights were learned, with their direct probability.
    fn met(&self, seen: Packed) -> impl Iterator<Item = (WordId, f32)> + '_ {
        let direct = self.weights.level(Size::Syllable).direct(seen).iter();
        direct.map(|&(unit, p)| (self.word_of[usize::from(unit)], p)).filter(|(word, _)| *word != NONE)
    }

    /// Words that could have been printed where `seen`, of `len` characters, was seen, each with P(seen | word): the best few,
    /// weighing how common they are, in the order of their numbers.
    pub fn candidates(&self, inventory: &Inventory, seen: Packed, len: usize) -> Vec<(WordId, f32)> {
        match len {
            0 => Vec::new(),
            1..8 => Walk::<8>::new(self, inventory, seen, len).candidates(),
            8..=LONGEST => Walk::<16>::new(self, inventory, seen, len).candidates(),
            _ => Vec::new(),
        }
    }
}

/// One cold look-up of a string of fewer than `N` characters.
struct Walk<'a, const N: usize> {
    reader: &'a Reader,
    inventory: &'a Inventory,
    seen: Packed,
    len: usize,
    /// P(`width` characters from `at` | letter), by letter, width and place.
    emission: Vec<[[f32; N]; 4]>,
    /// The best that any letters can make of the characters before a place.
    bound: [f32; N],
}

impl<'a, const N: usize> Walk<'a, N> {
    fn new(reader: &'a Reader, inventory: &'a Inventory, seen: Packed, len: usize) -> Self {
        let mut emission = vec![[0, 1, 2, 3].map(|width| [unseen(width); N]); PRINTED];
        let mut bound = [0.0; N];
        bound[0] = 1.0;
        for at in 0..=len {
            for width in 0..=3.min(len - at) {
                let mut best = unseen(width);
                for &(unit, p) in reader.weights.level(Size::Letter).direct(seen.slice(at, width)) {
                    emission[usize::from(reader.letter_of[usize::from(unit)])][width][at] = p;
                    best = p.max(best);
                }
                bound[at + width] = (bound[at] * best).max(bound[at + width]);
            }
        }
        Walk { reader, inventory, seen, len, emission, bound }
    }

    fn candidates(&self) -> Vec<(WordId, f32)> {
        let onsets = self.onsets();
        let mut found = Vec::new();
        for cutoff in CUTOFFS {
            found.clear();
            let cutoff = cutoff * self.bound[self.len];
            self.words(&onsets, cutoff, &mut found);
            if found.iter().any(|f| f.1 > cutoff * 100.0) && found.len() >= 8 {
                break;
            }
        }
        found.extend(self.reader.met(self.seen));
        self.best(found)
    }

    /// P(the first k characters | onset), by onset and k.
    fn onsets(&self) -> Vec<[f32; N]> {
        let inventory = self.inventory;
        let mut vectors = vec![[0.0; N]; inventory.onsets.len()];
        let mut columns = [[0.0f32; N]; LONGEST + 1];
        columns[0][0] = 1.0;
        if let Some(vector) = vectors.first_mut().filter(|_| inventory.onsets[0] == Packed::default()) {
            *vector = columns[0];
        }
        let mut at = 0;
        while let Some(node) = inventory.onset_trie.get(at) {
            let depth = usize::from(node.depth);
            let emission = &self.emission[usize::from(node.letter)];
            let from = columns[depth - 1];
            let mut column = [0.0; N];
            for (width, row) in emission.iter().enumerate() {
                for k in width..N {
                    column[k] += row[k - width] * from[k - width];
                }
            }
            columns[depth] = column;
            if node.part != NONE {
                vectors[usize::from(node.part)] = column;
            }
            at = if column.iter().all(|&p| p < 1e-10) { usize::from(node.after) } else { at + 1 };
        }
        for (vector, back_off) in vectors.iter_mut().zip(&self.reader.onset_back_off) {
            vector.iter_mut().for_each(|p| *p *= back_off);
        }
        for k in 0..=self.len {
            for &(unit, p) in self.reader.weights.level(Size::Onset).direct(self.seen.slice(0, k)) {
                // A number that is none is beyond the end.
                if let Some(vector) = vectors.get_mut(usize::from(self.reader.onset_of[usize::from(unit)])) {
                    vector[k] += p;
                }
            }
        }
        vectors
    }

    /// P(the characters from j on | rime), by rime and j, for the rimes that `cutoff` leaves.
    fn rimes(&self, cutoff: f32) -> BTreeMap<u16, [f32; N]> {
        let inventory = self.inventory;
        let mut vectors: BTreeMap<u16, [f32; N]> = BTreeMap::new();
        let mut columns = [[0.0f32; N]; LONGEST + 1];
        columns[0][self.len] = 1.0;
        if inventory.rimes.first() == Some(&Packed::default()) {
            vectors.insert(0, columns[0]);
        }
        let mut at = 0;
        while let Some(node) = inventory.rime_trie.get(at) {
            let depth = usize::from(node.depth);
            let emission = &self.emission[usize::from(node.letter)];
            let from = columns[depth - 1];
            let mut column = [0.0; N];
            for (width, row) in emission.iter().enumerate() {
                for j in 0..N - width {
                    column[j] += row[j] * from[j + width];
                }
            }
            columns[depth] = column;
            let reach = column.iter().zip(&self.bound).map(|(p, b)| p * b).fold(0.0, f32::max);
            if reach <= cutoff {
                at = usize::from(node.after);
                continue;
            }
            if node.part != NONE {
                let back_off = self.reader.rime_back_off[usize::from(node.part)];
                vectors.insert(node.part, column.map(|p| p * back_off));
            }
            at += 1;
        }
        for j in 0..=self.len {
            for &(unit, p) in self.reader.weights.level(Size::Rime).direct(self.seen.slice(j, self.len - j)) {
                let rime = self.reader.rime_of[usize::from(unit)];
                if rime != NONE {
                    vectors.entry(rime).or_insert([0.0; N])[j] += p;
                }
            }
        }
        vectors
    }

    /// Appends the words whose parts explain what was seen better than `cutoff`.
    fn words(&self, onsets: &[[f32; N]], cutoff: f32, found: &mut Vec<(WordId, f32)>) {
        let mut best_onset = [0.0f32; N];
        for onset in onsets {
            for (best, p) in best_onset.iter_mut().zip(onset) {
                *best = p.max(*best);
            }
        }
        for (rime, vector) in self.rimes(cutoff) {
            if dot(&best_onset, &vector) <= cutoff {
                continue;
            }
            let range = self.inventory.starts[usize::from(rime)] as usize
                ..self.inventory.starts[usize::from(rime) + 1] as usize;
            for (entry, back_off) in
                self.inventory.entries[range.clone()].iter().zip(&self.reader.entry_back_off[range])
            {
                let p = dot(&onsets[usize::from(entry.onset)], &vector);
                if p > cutoff {
                    found.push((entry.word, p * back_off));
                }
            }
        }
    }

    /// Adds up what was found for the same word and keeps the best.
    fn best(&self, mut found: Vec<(WordId, f32)>) -> Vec<(WordId, f32)> {
        found.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        found.dedup_by(|b, a| {
            a.0 == b.0 && {
                a.1 += b.1;
                true
            }
        });
        let weight = |f: &(WordId, f32)| f.1 * self.inventory.prior(f.0);
        found.sort_unstable_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.0.cmp(&b.0)));
        let least = found.first().map_or(0.0, weight) * FAINTEST;
        found.truncate(KEPT);
        found.retain(|f| weight(f) > least);
        found.sort_unstable_by_key(|f| f.0);
        found
    }
}

fn dot<const N: usize>(a: &[f32; N], b: &[f32; N]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::channel::weights::{Row, Table};

    fn packed(text: &str) -> Packed {
        Packed::new(&Alphabet::default().codes(text)).unwrap()
    }

    fn row(printed: &str, back_off: f32, seen: &[(&str, f32)]) -> Row {
        Row { printed: packed(printed), back_off, seen: seen.iter().map(|&(s, p)| (packed(s), p)).collect() }
    }

    #[test]
    fn likelihoods_are_those_of_letters_within_parts_within_words() {
        let vocabulary = Vocabulary::new(["tư", "từ"]);
        let inventory = Inventory::new(&vocabulary, &Alphabet::default());
        let mut table = Table::default();
        table.rows[Size::Letter as usize] = vec![
            row("t", 0.0, &[("t", 0.9)]),
            row("ư", 0.0, &[("u", 0.5)]),
            row("ừ", 0.0, &[("u", 0.25), ("ir", 0.125)]),
        ];
        table.rows[Size::Rime as usize] = vec![row("ừ", 0.5, &[("ir", 0.25)])];
        table.rows[Size::Syllable as usize] = vec![row("từ", 0.5, &[("tir", 0.0625)])];
        let reader = Reader::new(table.into(), &inventory);
        let p = |seen: &str, word: &str| {
            let word = vocabulary.id(word).unwrap();
            let found = reader.candidates(&inventory, packed(seen), seen.chars().count());
            found.into_iter().find(|f| f.0 == word).map_or(0.0, |f| f.1)
        };
        let near = |got: f32, want: f32| assert!((got / want - 1.0).abs() < 1e-2, "{got} {want}");
        near(p("tu", "tư"), 0.9 * 0.5);
        near(p("tu", "từ"), 0.5 * 0.5 * 0.9 * 0.25);
        near(p("tir", "từ"), 0.0625 + 0.5 * 0.9 * (0.25 + 0.5 * 0.125));
    }

    #[test]
    fn a_trie_skips_what_is_below_a_node() {
        let strings = [vec![1], vec![1, 2], vec![1, 2, 3], vec![4, 5]];
        let nodes = trie(&strings);
        let after: Vec<(Code, u16, bool)> = nodes.iter().map(|n| (n.letter, n.after, n.part != NONE)).collect();
        assert_eq!(after, [(1, 3, true), (2, 3, true), (3, 3, true), (4, 5, false), (5, 5, true)]);
    }
}

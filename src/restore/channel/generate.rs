//! What could have been printed where a string was seen: the words of a vocabulary, laid out by onset and rime, and walked with
//! the weights of one recogniser.
//!
//! A word is an onset and a rime, so P(seen | word) is a sum over the border between the two in what was seen: the scalar product
//! of one vector of the onset and one of the rime. Both kinds of vectors come out of one walk over a trie, and seven thousand
//! words share a few hundred of them.

use super::letters::{Alphabet, Code, INSERTED, LONGEST, OF_WIDTH, PRINTED, Packed, is_built_like_syllable, onset_len};
use super::weights::{Level, Size, Weights};
use crate::lm::{Vocabulary, WordId};

/// No number.
const NONE: u16 = u16::MAX;

/// How far a look-up goes.
#[derive(Debug, Clone, Copy)]
pub struct Width {
    /// The walk leaves out what is this much less likely than the best that its letters allow, unless that leaves fewer words than are
    /// enough; then it is walked again with the next.
    pub cutoffs: &'static [f32],
    /// It leaves out what is less likely than this in any case.
    pub least: f32,
    /// Words that are enough to choose from.
    pub enough: usize,
    /// Candidates that are kept.
    pub kept: usize,
    /// P(so many characters, whichever they are | letter), as [`OF_WIDTH`].
    pub of_width: [f64; 4],
}

impl Width {
    /// For a recogniser whose pairs were learned from.
    pub const KNOWN: Width =
        Width { cutoffs: &[1e-3, 1e-5, 1e-9], least: 0.0, enough: 12, kept: 32, of_width: OF_WIDTH };

    /// For one that was never met, of which the text at hand shows a little: more letters are lost, and more are taken for any other.
    /// Chosen with the engine of each document left out (docs/channel.md).
    pub const UNKNOWN: Width =
        Width { cutoffs: &[1e-8], least: 0.0, enough: 0, kept: 100, of_width: [2e-3, 1e-4, 0.0, 0.0] };

    /// The same, for one who asks for no words that are less likely than `least`.
    pub fn down_to(self, least: f32) -> Width {
        // What a walk leaves out may be a little of a word that it finds.
        const LITTLE: f32 = 0.01;
        Width { least: LITTLE * least, ..self }
    }
}

/// Candidates below this share of the best one, weighted with how common they are, are not worth keeping.
const FAINTEST: f32 = 1e-7;

/// One node of a trie, in depth-first order.
#[derive(Debug, Clone, Copy)]
struct Node {
    letter: Code,
    depth: u8,
    /// First node that is not below this one.
    after: u32,
    /// The onset or rime that ends here; [`NONE`] where none does.
    part: u16,
}

/// One word by its parts.
#[derive(Debug, Clone, Copy)]
struct Entry {
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
    /// The onset of each entry, apart from it, as of most nothing else is looked at.
    entry_onsets: Vec<u16>,
    first: WordId,
}

impl Inventory {
    /// The Vietnamese syllables of `vocabulary`; of other words the recognisers' weights know nothing.
    pub fn new(vocabulary: &Vocabulary, alphabet: &Alphabet) -> Self {
        let mut words: Vec<(u128, u128, WordId, Packed)> = Vec::with_capacity(vocabulary.len());
        let (mut chars, mut backwards) = (Vec::new(), Vec::new());
        for id in vocabulary.ids() {
            let word = vocabulary.word(id);
            chars.clear();
            chars.extend(word.chars());
            if chars.len() > LONGEST || !is_built_like_syllable(&chars) {
                continue;
            }
            let Some(codes) = alphabet.printed(word) else { continue };
            let (onset, rime) = codes.split_at(onset_len(&chars));
            backwards.clear();
            backwards.extend(rime.iter().rev());
            if let (Some(onset), Some(rime), Some(letters)) =
                (Packed::new(onset), Packed::new(&backwards), Packed::new(&codes))
            {
                words.push((rime.order(), onset.order(), id, letters));
            }
        }
        words.sort_unstable();
        let mut onsets: Vec<u128> = words.iter().map(|w| w.1).collect();
        onsets.sort_unstable();
        onsets.dedup();
        let mut rimes: Vec<u128> = words.iter().map(|w| w.0).collect();
        rimes.dedup();
        let (mut entries, mut entry_onsets) = (Vec::with_capacity(words.len()), Vec::with_capacity(words.len()));
        let mut starts = vec![0];
        for run in words.chunk_by(|a, b| a.0 == b.0) {
            entries.extend(run.iter().map(|&(_, _, word, letters)| Entry { word, letters }));
            entry_onsets.extend(run.iter().map(|&(_, onset, ..)| onsets.partition_point(|&o| o < onset) as u16));
            starts.push(entries.len() as u32);
        }
        let strings = |orders: &[u128]| orders.iter().map(|&o| Packed::from_order(o).codes()).collect::<Vec<_>>();
        let (onsets, mut rimes) = (strings(&onsets), strings(&rimes));
        let (onset_trie, rime_trie) = (trie(&onsets), trie(&rimes));
        rimes.iter_mut().for_each(|rime| rime.reverse());
        let packed = |strings: &[Vec<Code>]| strings.iter().map(|s| Packed::new(s).unwrap_or_default()).collect();
        Inventory {
            onsets: packed(&onsets),
            rimes: packed(&rimes),
            onset_trie,
            rime_trie,
            entries,
            starts,
            entry_onsets,
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
            nodes[node].after = nodes.len() as u32;
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
        nodes[node].after = nodes.len() as u32;
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
    pub fn candidates(&self, inventory: &Inventory, seen: Packed, len: usize, width: Width) -> Vec<(WordId, f32)> {
        match len {
            0 => Vec::new(),
            1..8 => Walk::<8>::new(self, inventory, seen, len, width).candidates(),
            8..=LONGEST => Walk::<16>::new(self, inventory, seen, len, width).candidates(),
            _ => Vec::new(),
        }
    }
}

/// The longest string, and as many places more as one letter can be seen as.
const PADDED: usize = LONGEST + 5;

/// One cold look-up of a string of fewer than `N` characters.
struct Walk<'a, const N: usize> {
    reader: &'a Reader,
    inventory: &'a Inventory,
    seen: Packed,
    len: usize,
    width: Width,
    /// P(`width` characters from `at` | letter), by letter, width and place.
    emission: Vec<[[f32; N]; 4]>,
    /// The best that any letters can make of the characters before a place.
    bound: [f32; N],
}

impl<'a, const N: usize> Walk<'a, N> {
    fn new(reader: &'a Reader, inventory: &'a Inventory, seen: Packed, len: usize, look: Width) -> Self {
        let mut emission = vec![look.of_width.map(|p| [p as f32; N]); PRINTED];
        // One character first, for what two are at least follows from it.
        for width in [1, 0, 2, 3] {
            if width == 2 {
                for letter in &mut emission {
                    let [_, one, two, _] = letter;
                    for at in 0..N - 1 {
                        two[at] = INSERTED as f32 * (one[at] + one[at + 1]);
                    }
                }
            }
            for at in 0..=len.saturating_sub(width) {
                for &(unit, p) in reader.weights.level(Size::Letter).direct(seen.slice(at, width)) {
                    let known = &mut emission[usize::from(reader.letter_of[usize::from(unit)])][width][at];
                    *known = p.max(*known);
                }
            }
        }
        // What lies beyond the end cannot be seen.
        for letter in &mut emission {
            for (width, row) in letter.iter_mut().enumerate() {
                row[(len + 1).saturating_sub(width)..].fill(0.0);
            }
        }
        let mut bound = [0.0; N];
        bound[0] = 1.0;
        for at in 0..len {
            for width in 1..=3.min(len - at) {
                let best = emission.iter().map(|letter| letter[width][at]).fold(0.0, f32::max);
                bound[at + width] = (bound[at] * best).max(bound[at + width]);
            }
        }
        Walk { reader, inventory, seen, len, width: look, emission, bound }
    }

    fn candidates(&self) -> Vec<(WordId, f32)> {
        let onsets = self.onsets();
        let mut met: Vec<(WordId, f32)> = self.reader.met(self.seen).collect();
        met.sort_unstable_by_key(|m| m.0);
        let mut found = Vec::new();
        for &cutoff in self.width.cutoffs {
            found.clear();
            let cutoff = (cutoff * self.bound[self.len]).max(self.width.least);
            self.words(&onsets, cutoff, &mut found);
            if found.len() >= self.width.enough || cutoff == self.width.least {
                break;
            }
        }
        self.best(found, &met)
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
            at = if column.iter().all(|&p| p < 1e-10) { node.after as usize } else { at + 1 };
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

    /// Rimes that `cutoff` leaves, each with P(the characters from j on | rime) by j.
    fn rimes(&self, cutoff: f32) -> Vec<(u16, [f32; N])> {
        let inventory = self.inventory;
        let mut vectors: Vec<(u16, [f32; N])> = Vec::new();
        // Where each rime stands in `vectors`.
        let mut places = vec![NONE; inventory.rimes.len()];
        // What lies beyond the end of a column is zero, so that all widths go through the same places.
        let mut columns = [[0.0f32; PADDED]; LONGEST + 1];
        columns[0][self.len] = 1.0;
        if inventory.rimes.first() == Some(&Packed::default()) {
            places[0] = 0;
            vectors.push((0, std::array::from_fn(|j| columns[0][j])));
        }
        let mut at = 0;
        while let Some(node) = inventory.rime_trie.get(at) {
            let depth = usize::from(node.depth);
            let emission = &self.emission[usize::from(node.letter)];
            let from = &columns[depth - 1];
            let mut column = [0.0; N];
            for (width, row) in emission.iter().enumerate() {
                for (p, (row, from)) in column.iter_mut().zip(row.iter().zip(&from[width..width + N])) {
                    *p += row * from;
                }
            }
            columns[depth][..N].copy_from_slice(&column);
            if dot(&column, &self.bound) <= cutoff {
                at = node.after as usize;
                continue;
            }
            if node.part != NONE {
                let back_off = self.reader.rime_back_off[usize::from(node.part)];
                places[usize::from(node.part)] = vectors.len() as u16;
                vectors.push((node.part, column.map(|p| p * back_off)));
            }
            at += 1;
        }
        for j in 0..=self.len {
            for &(unit, p) in self.reader.weights.level(Size::Rime).direct(self.seen.slice(j, self.len - j)) {
                let rime = self.reader.rime_of[usize::from(unit)];
                let Some(place) = places.get_mut(usize::from(rime)) else { continue };
                if *place == NONE {
                    *place = vectors.len() as u16;
                    vectors.push((rime, [0.0; N]));
                }
                vectors[usize::from(*place)].1[j] += p;
            }
        }
        vectors
    }

    /// Appends the words whose parts explain what was seen better than `cutoff`, with how well, by their place among the entries.
    fn words(&self, onsets: &[[f32; N]], cutoff: f32, found: &mut Vec<(usize, f32)>) {
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
            let starts = &self.inventory.starts[usize::from(rime)..];
            let places = starts[0] as usize..starts[1] as usize;
            for (at, &onset) in places.clone().zip(&self.inventory.entry_onsets[places]) {
                let p = dot(&onsets[usize::from(onset)], &vector);
                if p > cutoff {
                    found.push((at, p * self.reader.entry_back_off[at]));
                }
            }
        }
    }

    /// Puts together what the parts explain and what was met as a whole, and keeps the best, in the order of the words.
    fn best(&self, found: Vec<(usize, f32)>, met: &[(WordId, f32)]) -> Vec<(WordId, f32)> {
        let mut all: Vec<(f32, WordId, f32)> = Vec::with_capacity(found.len() + met.len());
        let mut whole = met.to_vec();
        for (at, p) in found {
            let word = self.inventory.entries[at].word;
            let direct = whole.binary_search_by_key(&word, |m| m.0).map_or(0.0, |m| std::mem::take(&mut whole[m].1));
            all.push(((p + direct) * self.inventory.prior(word), word, p + direct));
        }
        // What was met and lies beneath the cutoff of its parts.
        all.extend(whole.into_iter().filter(|m| m.1 > 0.0).map(|(word, p)| (p * self.inventory.prior(word), word, p)));
        let order = |a: &(f32, WordId, f32), b: &(f32, WordId, f32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        let kept = self.width.kept;
        if all.len() > kept {
            all.select_nth_unstable_by(kept, order);
            all.truncate(kept);
        }
        let least = all.iter().map(|a| a.0).fold(0.0, f32::max) * FAINTEST;
        let mut kept: Vec<(WordId, f32)> =
            all.into_iter().filter(|a| a.0 > least).map(|(_, word, p)| (word, p)).collect();
        kept.sort_unstable_by_key(|k| k.0);
        kept
    }
}

/// The scalar product, summed in four strands so that the compiler may use vectors.
#[inline]
fn dot<const N: usize>(a: &[f32; N], b: &[f32; N]) -> f32 {
    let mut strands = [0.0f32; 4];
    for (a, b) in a.chunks_exact(4).zip(b.chunks_exact(4)) {
        for (strand, (a, b)) in strands.iter_mut().zip(a.iter().zip(b)) {
            *strand += a * b;
        }
    }
    (strands[0] + strands[2]) + (strands[1] + strands[3])
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
            let found = reader.candidates(&inventory, packed(seen), seen.chars().count(), Width::KNOWN);
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
        let after: Vec<(Code, u32, bool)> = nodes.iter().map(|n| (n.letter, n.after, n.part != NONE)).collect();
        assert_eq!(after, [(1, 3, true), (2, 3, true), (3, 3, true), (4, 5, false), (5, 5, true)]);
    }
}

//! Finds the phrases of a definition in a text whose marks and letters may be wrong.
//!
//! Words are compared by their keys first. A word whose marks differ costs a little; a word that is no key of any phrase
//! and carries no marks that vouch for it is compared letter by letter, letters that recognisers take for each other
//! costing less.

use crate::extract::layout::flow::Flow;
use crate::text::fold::with_y;
use crate::text::syllable::is_valid_syllable;
use crate::text::token::fold_word;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// How many words `…` may stand for.
const LONGEST_GAP: usize = 4;
/// A phrase whose words cost more than this on average is not there.
const MOST_COST: f32 = 0.30;

/// One short word proves nothing unless it is exact, but for lost marks: `bộ` is not `bỏ`.
const ONE_WORD: f32 = 0.1;
/// What a word with other marks costs; and where it is a right word in a text whose marks can be relied on: `tra lại` is not
/// `trả lại`, but a longer phrase may bear one such word.
const OTHER_MARKS: f32 = 0.15;
const OTHER_WORD: f32 = 0.65;
/// The value of a phrase is this power of the number of its words, so that one long phrase is worth more than two short ones.
const LONGER_IS_BETTER: f32 = 1.5;

/// A word whose letters cost more than this share of its length is another word.
const MOST_APART: f32 = 0.34;

/// A word of the text.
#[derive(Debug, Clone)]
pub(in crate::extract) struct WordSeen {
    /// Its bytes in the key.
    pub(in crate::extract) range: Range<usize>,
    /// True where punctuation or a number stands before it that no phrase reaches across.
    pub(in crate::extract) barred: bool,
    /// True where a comma stands before it.
    comma: bool,
    /// Words of the lexicon that it can be, with their costs.
    candidates: Vec<(u32, f32)>,
}

/// A phrase that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::extract) struct Hit {
    /// Index of the phrase in the order in which they were added.
    pub(in crate::extract) phrase: usize,
    /// Its first word in the text's words.
    pub(in crate::extract) first: usize,
    /// The word after its last.
    pub(in crate::extract) end: usize,
    /// From 0 where the phrase stands there as it is written.
    pub(in crate::extract) cost: f32,
}

/// Phrases, and the words that they consist of.
#[derive(Debug, Clone, Default)]
pub(in crate::extract) struct Lexicon {
    words: Vec<LexiconWord>,
    by_key: FxHashMap<String, Vec<u32>>,
    by_spelling: FxHashMap<String, u32>,
    /// How many words each phrase has.
    lengths: Vec<usize>,
    /// The tree of the phrases: which node a part leads to from a node, the first of which is 0.
    next: FxHashMap<(u32, Part), u32>,
    /// The first phrase that ends at each node.
    ends: Vec<Option<usize>>,
}

#[derive(Debug, Clone)]
struct LexiconWord {
    marked: String,
    key: String,
    letters: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    /// A word; true where a comma may stand before it.
    Word(u32, bool),
    Gap,
}

/// What a phrase is written of.
enum Piece<'a> {
    Word(&'a str, bool),
    Gap,
}

impl Piece<'_> {
    fn part(self, number: impl FnOnce(&str) -> u32) -> Part {
        match self {
            Piece::Word(word, comma) => Part::Word(number(word), comma),
            Piece::Gap => Part::Gap,
        }
    }
}

/// The words and gaps of a phrase, and before which words a comma may stand.
fn pieces(phrase: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut behind_gap = false;
    phrase
        .split(',')
        .enumerate()
        .flat_map(|(clause, text)| {
            let words = text.split(|c: char| !(c.is_alphanumeric() || c == '…')).filter(|word| !word.is_empty());
            words.enumerate().map(move |(place, word)| (word, clause > 0 && place == 0))
        })
        .map(move |(word, comma)| match word {
            "…" => {
                behind_gap = true;
                Piece::Gap
            }
            _ => Piece::Word(word, std::mem::take(&mut behind_gap) || comma),
        })
}

impl Lexicon {
    /// Adds a phrase and returns its index. `…` stands for up to four words; case does not matter, and commas may be missing.
    pub(in crate::extract) fn add(&mut self, phrase: &str) -> usize {
        let parts: Vec<Part> = pieces(phrase).map(|piece| piece.part(|word| self.word(word))).collect();
        let index = self.lengths.len();
        self.lengths.push(parts.iter().filter(|part| **part != Part::Gap).count());
        if !matches!(parts.first(), Some(Part::Word(..))) {
            return index;
        }
        self.ends.resize(self.ends.len().max(1), None);
        let mut node = 0;
        for part in parts {
            node = *self.next.entry((node, part)).or_insert_with(|| {
                self.ends.push(None);
                self.ends.len() as u32 - 1
            });
        }
        self.ends[node as usize].get_or_insert(index);
        index
    }

    /// The first phrase of these words, if there is one.
    pub(in crate::extract) fn find(&self, phrase: &str) -> Option<usize> {
        let node = pieces(phrase).try_fold(0, |node, piece| {
            let part = match piece {
                Piece::Gap => Part::Gap,
                Piece::Word(word, comma) => Part::Word(self.known(word)?, comma),
            };
            self.next.get(&(node, part)).copied()
        })?;
        self.ends.get(node as usize).copied().flatten()
    }

    /// Number of words of a phrase.
    pub(in crate::extract) fn len_of(&self, phrase: usize) -> usize {
        self.lengths[phrase]
    }

    fn word(&mut self, word: &str) -> u32 {
        // The same few words make all phrases.
        if let Some(id) = self.by_spelling.get(word) {
            return *id;
        }
        let id = self.distinct(word);
        self.by_spelling.insert(word.to_owned(), id);
        id
    }

    fn distinct(&mut self, word: &str) -> u32 {
        let marked = spelled_alike(word);
        let key = with_y(crate::text::fold::key(word));
        let alike = self.by_key.entry(key.clone()).or_default();
        if let Some(id) = alike.iter().find(|id| self.words[**id as usize].marked == marked) {
            return *id;
        }
        let id = self.words.len() as u32;
        alike.push(id);
        self.words.push(LexiconWord { marked, letters: letters_of(&key), key });
        id
    }

    /// The number of a word that phrases have; None where none has it.
    fn known(&self, word: &str) -> Option<u32> {
        self.by_spelling.get(word).copied().or_else(|| {
            let (marked, key) = (spelled_alike(word), with_y(crate::text::fold::key(word)));
            self.by_key.get(&key)?.iter().copied().find(|id| self.words[*id as usize].marked == marked)
        })
    }

    /// The words of the text outside of `numbers`, in order, with what each can be in this lexicon.
    pub(in crate::extract) fn words(&self, flow: &Flow<'_>, numbers: &[Range<usize>]) -> Vec<WordSeen> {
        let mut known: FxHashMap<&str, Vec<(u32, f32)>> = FxHashMap::default();
        let marks = Marks::of(&flow.text);
        let mut words: Vec<WordSeen> = Vec::new();
        let mut numbers = numbers.iter().peekable();
        let key = flow.key.as_str();
        let (mut barred, mut comma) = (true, false);
        let mut chars = key.char_indices().peekable();
        while let Some(&(at, c)) = chars.peek() {
            while numbers.next_if(|n| n.end <= at).is_some() {}
            if let Some(number) = numbers.peek().filter(|n| n.contains(&at)) {
                barred = true;
                while chars.next_if(|(i, _)| *i < number.end).is_some() {}
                continue;
            }
            if !c.is_alphanumeric() {
                barred |= matches!(c, '.' | ';' | ':' | '(' | ')' | '\n' | '•' | '|');
                // `812 hồ sơ – trực tuyến 803`: a dash between spaces parts as a comma does.
                let apart = matches!(c, '-' | '–' | '—') && key[..at].ends_with(' ');
                comma |= c == ',' || apart && key[at + c.len_utf8()..].starts_with(' ');
                chars.next();
                continue;
            }
            let limit = numbers.peek().map_or(key.len(), |n| n.start);
            let mut end = at;
            while let Some((i, c)) = chars.next_if(|(i, c)| *i < limit && is_inner(*c)) {
                end = i + c.len_utf8();
            }
            let printed = flow.printed(at..end);
            let candidates =
                known.entry(printed).or_insert_with(|| self.candidates(printed, &key[at..end], marks)).clone();
            words.push(WordSeen { range: at..end, barred, comma, candidates });
            (barred, comma) = (false, false);
        }
        words
    }

    /// What a word can be, the cheapest first; `marks` says how far the text's can be relied on.
    fn candidates(&self, printed: &str, key: &str, marks: Marks) -> Vec<(u32, f32)> {
        let marked = spelled_alike(printed);
        let has_marks = !marked.is_ascii();
        // Where marks are lost `ti` is the beginning of `tiếp` as likely as it is `tỉ`.
        let varied = with_y(key.to_owned());
        if let Some(ids) = self.by_key.get(varied.as_str()).filter(|_| marks != Marks::Lost || varied == key) {
            let cost = |id: &u32| match self.words[*id as usize].marked == marked {
                true => 0.0,
                false if !has_marks && marks == Marks::Lost => 0.05,
                false if marks == Marks::Sure && is_valid_syllable(&marked) => OTHER_WORD,
                false => OTHER_MARKS,
            };
            return ids.iter().map(|id| (*id, cost(id))).collect();
        }
        // In a text whose marks are right a syllable is itself and nothing else.
        if marks != Marks::Lost && is_valid_syllable(&marked) || key.len() < 2 || key.len() > 9 {
            return Vec::new();
        }
        // `ư` and `ú` are read as two letters: `cira` for `cửa`, `diing` for `đúng`.
        let doubled = ["ii", "ir", "ur", "uu"].iter().any(|pair| key.contains(pair));
        let collapsed =
            doubled.then(|| ["ii", "ir", "ur", "uu"].iter().fold(key.to_owned(), |k, pair| k.replace(pair, "u")));
        let seen_letters = letters_of(key) | collapsed.as_deref().map_or(0, letters_of);
        let mut found: Vec<(u32, f32)> = Vec::new();
        for (id, word) in self.words.iter().enumerate() {
            // Each letter of the word that is not seen costs 0.4 at least.
            let missing = (word.letters & !seen_letters).count_ones();
            let hopeless = missing as f32 * 0.4 > word.key.len() as f32 * MOST_APART;
            if word.key.len().abs_diff(key.len()) > 2 || word.key.len() < 3 || hopeless {
                continue;
            }
            let apart = |seen: &str| distance(seen.as_bytes(), word.key.as_bytes());
            let undone = collapsed.as_deref().map_or(f32::INFINITY, |seen| apart(seen) + 0.5);
            let share = apart(key).min(undone) / word.key.len() as f32;
            if share <= MOST_APART {
                found.push((id as u32, 0.2 + share));
            }
        }
        found.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        found
    }

    /// The phrases in the text, which do not overlap: those that are worth most together, the longer the better.
    pub(in crate::extract) fn hits(&self, words: &[WordSeen]) -> Vec<Hit> {
        // From each word on: what the phrases behind it are worth, and the one that begins with it.
        let mut best: Vec<(f32, Option<Hit>)> = vec![(0.0, None); words.len() + 1];
        let mut here = Vec::new();
        for at in (0..words.len()).rev() {
            best[at].0 = best[at + 1].0;
            self.all_at(words, at, &mut here);
            for (length, hit) in &here {
                let worth = (*length as f32).powf(LONGER_IS_BETTER) - hit.cost + best[hit.end].0;
                // Of two that are worth as much, the one that begins first.
                if worth >= best[at].0 {
                    best[at] = (worth, Some(*hit));
                }
            }
        }
        let mut hits = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let hit = best[at].1;
            at = hit.map_or(at + 1, |h| h.end);
            hits.extend(hit);
        }
        hits
    }

    /// The best phrase from a word to each word that one ends with, with its length.
    fn all_at(&self, words: &[WordSeen], at: usize, found: &mut Vec<(usize, Hit)>) {
        found.clear();
        let mut whole: Vec<(usize, usize, f32)> = Vec::new();
        for (id, cost) in &words[at].candidates {
            whole.clear();
            for comma in [false, true] {
                if let Some(&node) = self.next.get(&(0, Part::Word(*id, comma))) {
                    self.follow(node, words, at + 1, *cost, &mut whole);
                }
            }
            // A gap is as short as it can be: of one phrase's ends the first that was found.
            whole.sort_by_key(|(phrase, ..)| *phrase);
            whole.dedup_by_key(|(phrase, ..)| *phrase);
            for &(phrase, end, cost) in &whole {
                let length = self.len_of(phrase);
                let cost = cost / length as f32;
                if cost > MOST_COST || length == 1 && cost > ONE_WORD {
                    continue;
                }
                let hit = Hit { phrase, first: at, end, cost };
                match found.iter_mut().find(|(_, other)| other.end == end) {
                    Some(other) if (length, -cost) > (other.0, -other.1.cost) => *other = (length, hit),
                    Some(_) => {}
                    None => found.push((length, hit)),
                }
            }
        }
    }

    /// The phrases at and below a node of the tree that go on at `at`, each with where it ends and what its words cost together with `cost`.
    fn follow(&self, node: u32, words: &[WordSeen], at: usize, cost: f32, found: &mut Vec<(usize, usize, f32)>) {
        found.extend(self.ends[node as usize].map(|phrase| (phrase, at, cost)));
        if let Some(word) = words.get(at).filter(|word| !word.barred) {
            for (place, (id, more)) in word.candidates.iter().enumerate() {
                if word.candidates[..place].iter().any(|(other, _)| other == id) {
                    continue;
                }
                for comma in [false, true] {
                    match self.next.get(&(node, Part::Word(*id, comma))) {
                        Some(&next) if comma || !word.comma => self.follow(next, words, at + 1, cost + more, found),
                        _ => {}
                    }
                }
            }
        }
        if let Some(&gap) = self.next.get(&(node, Part::Gap)) {
            let barred = |at: usize| words.get(at).is_none_or(|word| word.barred);
            for n in (0..=LONGEST_GAP).take_while(|n| *n == 0 || !barred(at + n - 1)) {
                self.follow(gap, words, at + n, cost, found);
            }
        }
    }
}

/// A word in small letters, its tone placed by one convention, and with `y` where either is written: `hoà` and `hòa`, `xử lí` and `xử lý` are one
/// word.
fn spelled_alike(word: &str) -> String {
    let mut spelled = String::with_capacity(word.len());
    fold_word(word, &mut spelled);
    with_y(spelled)
}

/// How far the marks of a text can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marks {
    /// Most are gone.
    Lost,
    /// They are there; a few may be lost or wrong.
    Kept,
    /// They are those of right Vietnamese.
    Sure,
}

impl Marks {
    /// Tells by the share of words with marks: in right Vietnamese three in four, in a text read by an English recogniser one in
    /// four. A few words tell nothing for sure.
    fn of(text: &str) -> Marks {
        const LEAST_WORDS: usize = 20;
        let words = || text.split_whitespace().filter(|w| w.chars().all(char::is_alphabetic)).take(4000);
        let (marked, all) = (words().filter(|w| !w.is_ascii()).count(), words().count());
        match marked * 3 >= all * 2 && all >= LEAST_WORDS {
            true => Marks::Sure,
            false if marked * 2 >= all => Marks::Kept,
            false => Marks::Lost,
        }
    }
}

/// Signs that recognisers put inside words.
fn is_inner(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '¢' | '§' | '©' | '@' | '$')
}

/// Letters that recognisers take for each other once marks are gone, by their looks.
const ALIKE: [&[u8]; 12] =
    [b"aeo", b"ouc", b"il1tj", b"o0d6", b"uyv", b"nr", b"hn", b"ce", b"gq9", b"s5", b"b6d", b"mn"];

/// What it costs, in tenths, that one ASCII letter stands for another.
const CHANGED: [[u8; 128]; 128] = {
    let mut costs = [[10; 128]; 128];
    let mut set = 0;
    while set < ALIKE.len() {
        let (mut i, letters) = (0, ALIKE[set]);
        while i < letters.len() {
            let mut j = 0;
            while j < letters.len() {
                costs[letters[i] as usize][letters[j] as usize] = 4;
                j += 1;
            }
            i += 1;
        }
        set += 1;
    }
    let mut same = 0;
    while same < 128 {
        costs[same][same] = 0;
        same += 1;
    }
    costs
};

/// What a lost or added letter costs, in tenths.
const ADDED: u16 = 5;
/// Longer words are cut off: no Vietnamese syllable has more than seven letters.
const LONGEST_WORD: usize = 24;

/// Edit distance between keys: a letter that looks alike costs 0.4, a lost or added one 0.5, any other 1.
///
/// The weights follow from what scanners' own text layers show: marks become letters (`ư` is read `ur`, `ộ` as `d` or
/// `6`), so letters appear and change within one shape far more often than they turn into another.
pub(in crate::extract) fn distance(seen: &[u8], word: &[u8]) -> f32 {
    let word = &word[..word.len().min(LONGEST_WORD)];
    let mut row = [0u16; LONGEST_WORD + 1];
    for (j, cost) in row.iter_mut().enumerate() {
        *cost = j as u16 * ADDED;
    }
    for (i, s) in seen.iter().take(LONGEST_WORD + 8).enumerate() {
        let mut diagonal = row[0];
        row[0] = (i as u16 + 1) * ADDED;
        for (j, w) in word.iter().enumerate() {
            let change = diagonal + substitution(*s, *w);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + ADDED).min(diagonal + ADDED);
        }
    }
    f32::from(row[word.len()]) / 10.0
}

fn substitution(a: u8, b: u8) -> u16 {
    if a < 128 && b < 128 { u16::from(CHANGED[a as usize][b as usize]) } else { 10 * u16::from(a != b) }
}

/// One bit a letter, so that words with little in common need not be compared.
fn letters_of(key: &str) -> u32 {
    key.bytes().filter(u8::is_ascii_lowercase).fold(0, |set, b| set | 1 << (b - b'a'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TextLine;

    fn found(phrases: &[&str], text: &str) -> Vec<(usize, String)> {
        let mut lexicon = Lexicon::default();
        for phrase in phrases {
            lexicon.add(phrase);
        }
        let lines = TextLine::from_text(text);
        let flow = Flow::new(&lines, &[], |_| false);
        let words = lexicon.words(&flow, &[]);
        let hits = lexicon.hits(&words);
        let text_of = |h: &Hit| flow.printed(words[h.first].range.start..words[h.end - 1].range.end).to_owned();
        hits.iter().map(|h| (h.phrase, text_of(h))).collect()
    }

    #[test]
    fn the_longest_phrase_is_found() {
        let got = found(&["trước hạn", "đúng và trước hạn", "hồ sơ"], "Hồ sơ đúng và trước hạn");
        assert_eq!(got, [(2, "Hồ sơ".to_owned()), (1, "đúng và trước hạn".to_owned())]);
    }

    #[test]
    fn damage_does_not_hide_a_phrase() {
        for text in ["giai quyet truoc han", "giải quyét trudc han", "giai quyét trude han", "giải quyết trước hạn"]
        {
            assert_eq!(found(&["giải quyết trước hạn"], text), [(0, text.to_owned())]);
        }
        assert_eq!(found(&["quá hạn"], "quéa han"), [(0, "quéa han".to_owned())]);
    }

    #[test]
    fn letters_that_became_two_are_put_together() {
        assert_eq!(
            found(&["đúng hạn", "trong hạn"], "diing han; trong han").iter().map(|f| f.0).collect::<Vec<_>>(),
            [0, 1]
        );
    }

    #[test]
    fn another_right_word_is_no_damage() {
        assert_eq!(found(&["hạn chế"], "hân hoan hàn chì"), []);
        assert_eq!(found(&["đúng hạn"], "đường về"), []);
    }

    #[test]
    fn marks_decide_between_words_of_one_key() {
        assert_eq!(
            found(&["đúng xử lý", "dừng xử lý"], "dừng xử lý, đúng xử lý").iter().map(|f| f.0).collect::<Vec<_>>(),
            [1, 0]
        );
    }

    #[test]
    fn a_gap_takes_a_few_words_and_no_punctuation() {
        let phrase = ["số hóa … kết quả"];
        assert_eq!(found(&phrase, "số hóa đầy đủ kết quả").len(), 1);
        assert_eq!(found(&phrase, "số hóa. Đầy đủ kết quả").len(), 0);
        assert_eq!(found(&phrase, "số hóa một hai ba bốn năm kết quả").len(), 0);
    }
}

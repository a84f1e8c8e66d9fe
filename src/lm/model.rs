//! The trained model as it lies in memory or in a mapped file: looked up in place, never unpacked.

use super::encode::Encoder;
use super::format::{self, Layout, floats};
use super::mapping::prefetch;
use super::successors::{CollationRank, Successors};
use super::table::{BUCKET, Entry, Hash, find_inner, find_outer};
use super::train::packed::{is_packed, unpacked};
use super::vocabulary::{Vocabulary, WordId};
use crate::digest;
use crate::error::{Error, ErrorKind, Result};
use crate::text::token::Shape;
use std::path::Path;

/// The model that comes with the program; docs/model-card.md tells what it is.
static EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lm.bin"));

/// An n-gram model with its vocabulary.
#[derive(Debug)]
pub struct Model {
    bytes: Bytes,
    layout: Layout,
    bigrams: Successors,
    /// Where the table of each order from 3 up begins, and its buckets.
    tables: Vec<(usize, usize)>,
    vocabulary: Vocabulary,
    shapes: Vec<[f32; 2]>,
    unigrams: Vec<f32>,
    backoffs: Vec<f32>,
    codebooks: Vec<Codebook>,
}

#[derive(Debug)]
enum Bytes {
    Held(Vec<u8>),
    Mapped(memmap2::Mmap),
    /// From this byte of the map on.
    Copied(memmap2::Mmap, usize),
    Embedded(&'static [u8]),
}

impl Bytes {
    #[inline]
    fn all(&self) -> &[u8] {
        match self {
            Bytes::Held(bytes) => bytes,
            Bytes::Mapped(map) => map,
            Bytes::Copied(map, start) => &map[*start..],
            Bytes::Embedded(bytes) => bytes,
        }
    }
}

/// What the codes of an order stand for.
#[derive(Debug)]
struct Codebook {
    probabilities: [f32; 256],
    backoffs: [f32; 256],
}

/// The last words of a chain, as far as the model looks back, with the back-off weights of the contexts that they form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct History {
    /// The words, sixteen bits each, the last in the lowest; [`class::NONE`](super::class::NONE) where they are of no use to the model.
    words: u64,
    /// Back-off weights of the last word, the last two, and so on; 1 for contexts that the model does not know.
    backoffs: [f32; LOOKED_BACK],
    /// How many words of it the model can use: the longest context that it knows.
    known: u8,
}

/// A word with what the model has of it without context; whoever asks for it again and again keeps this at hand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Term {
    pub word: WordId,
    /// P(`word`).
    pub probability: f32,
    /// The share that it leaves to the unigrams.
    pub backoff: f32,
}

/// A word on its way through the orders, from the bigram up; see [`Model::search`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Search {
    /// The history with the word at its end, as far as is known by now.
    next: History,
    /// What the longest n-gram found makes of the word.
    probability: f32,
    /// How many words of the history that looks back on.
    used: u8,
    /// The order that is looked up next, or [`DONE`].
    order: u8,
    fingerprint: u16,
    bucket: u32,
    hash: Hash,
}

/// Stands for the order of a search that has ended.
const DONE: u8 = 0;

/// The most words that any model looks back on; as many as [`History`] has room for.
const LOOKED_BACK: usize = format::MOST_ORDER - 1;
const _: () = assert!(LOOKED_BACK * 16 == 64);

impl History {
    /// The word so many before the last.
    #[inline]
    fn word(&self, back: usize) -> WordId {
        (self.words >> (16 * back)) as WordId
    }

    /// The last word.
    #[inline]
    pub fn last(&self) -> WordId {
        self.word(0)
    }

    /// The words as one number.
    #[inline]
    pub(crate) fn key(&self) -> u64 {
        self.words
    }
}

impl Model {
    /// The model in these bytes. A packed one is unpacked, which takes a second for a million n-grams.
    ///
    /// # Errors
    /// [`ErrorKind::Model`](crate::ErrorKind::Model) where they are none, damaged, or of another version.
    pub fn from_bytes(mut bytes: Vec<u8>) -> Result<Self> {
        if is_packed(&bytes) {
            let damaged = || {
                Error::new(ErrorKind::Model, "the packed language model is damaged")
                    .remedy("make it anew with `sohoa train lm --packed`")
            };
            bytes = unpacked(&bytes).ok_or_else(damaged)?;
        }
        format::verify_all(&bytes)?;
        Model::new(Bytes::Held(bytes))
    }

    /// The model in this file, which is mapped, or unpacked into memory where it is a packed one.
    ///
    /// # Errors
    /// [`ErrorKind::Model`](crate::ErrorKind::Model) where it is none, damaged, or of another version;
    /// [`ErrorKind::Unreadable`](crate::ErrorKind::Unreadable) where it cannot be read.
    pub fn open(path: &Path) -> Result<Self> {
        let map = super::mapping::map(path).map_err(|e| Error::io(path, e))?;
        if is_packed(&map) {
            return Model::from_bytes(map.to_vec()).map_err(|e| e.file(path));
        }
        format::verify_all(&map).map_err(|e| e.file(path))?;
        Model::new(Bytes::Mapped(map)).map_err(|e| e.file(path))
    }

    /// The model that is part of the program. Its checksum is not looked at: a test does that.
    ///
    /// # Errors
    /// [`ErrorKind::Model`] where the program was built without one, as from a package that leaves it out.
    pub fn embedded() -> Result<Self> {
        if EMBEDDED.is_empty() {
            return Err(Error::new(ErrorKind::Model, "no language model was built into this program").remedy(
                "map one from a file (`--model FILE`, `Resources::with_model`), or build it in with SOHOA_LM_PACKED",
            ));
        }
        Model::new(Bytes::Embedded(EMBEDDED))
    }

    /// The same model in memory of large pages, where the system has them: looking for where a page is takes a good part of a look-up.
    /// Copying takes 12 to 30 ms for 24 MB, and more for a larger one; a text of 50,000 words made up for that.
    pub fn in_large_pages(mut self) -> Self {
        if let Some((map, start)) = super::mapping::in_large_pages(self.bytes.all()) {
            self.bytes = Bytes::Copied(map, start);
        }
        self
    }

    fn new(bytes: Bytes) -> Result<Self> {
        let all = bytes.all();
        let layout = Layout::read(all)?;
        let text = String::from_utf8_lossy(&all[layout.text()]);
        let vocabulary = Vocabulary::new(text.lines());
        let [unigrams, backoffs] = halves(&all[layout.unigrams()]);
        let codebooks = (2..=layout.order)
            .map(|order| halves(&all[layout.codebook(order)]))
            .map(|[probabilities, backoffs]| Codebook {
                probabilities: by_code(&probabilities),
                backoffs: by_code(&backoffs),
            })
            .collect();
        let shapes = all[layout.shapes()].chunks_exact(2).map(|b| [share(b[0]), share(b[1])]).collect();
        let bigrams = Successors::read(all, &layout)?;
        let tables = (3..=layout.order).map(|n| (layout.table(n).start, layout.buckets[n - 3])).collect();
        Ok(Model { layout, bigrams, tables, vocabulary, shapes, unigrams, backoffs, codebooks, bytes })
    }

    /// The words that it knows.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The length of its longest n-grams.
    pub fn order(&self) -> usize {
        self.layout.order
    }

    /// SHA-256 of the lines that it was trained on, in hexadecimal.
    pub fn source(&self) -> String {
        digest::hex(&self.bytes.all()[16..48])
    }

    /// SHA-256 of the whole file, in hexadecimal. It reads all of it: ask once.
    pub fn sha256(&self) -> String {
        digest::sha256(self.bytes.all())
    }

    /// How many words the model hesitates between at each word of `text`, on average (its perplexity per word, unknown words
    /// counted as such); None for a text without words. Good text is below a few hundred, and noise is in the thousands.
    pub fn perplexity(&self, text: &str) -> Option<f32> {
        let mut encoder = Encoder::default();
        let mut ids = Vec::new();
        let (mut sum, mut count) = (0.0f64, 0u32);
        for line in text.lines() {
            encoder.encode(&self.vocabulary, line, &mut ids);
            let mut history = self.history(super::class::BREAK);
            for &word in &ids[1..ids.len() - 1] {
                let (p, next) = self.next(&history, word);
                history = next;
                if word >= super::class::FIRST_WORD || word == super::class::UNKNOWN {
                    sum -= f64::from(p.max(f32::MIN_POSITIVE)).ln();
                    count += 1;
                }
            }
        }
        (count > 0).then(|| (sum / f64::from(count)).exp() as f32)
    }

    /// The words and classes of a stretch of text, without a break on either side.
    pub fn words(&self, text: &str) -> Vec<WordId> {
        let mut ids = Vec::new();
        Encoder::default().encode(&self.vocabulary, text, &mut ids);
        ids.pop();
        ids.drain(1..).collect()
    }

    /// P(`word`) without context.
    #[inline]
    pub fn unigram(&self, word: WordId) -> f32 {
        self.unigrams[usize::from(word)]
    }

    /// The share that `word`, as a context, leaves to the unigrams.
    #[inline]
    pub fn unigram_backoff(&self, word: WordId) -> f32 {
        self.backoffs[usize::from(word)]
    }

    /// The word's place among its like: words of the same letters sit side by side.
    #[inline]
    pub(crate) fn seat(&self, word: WordId) -> CollationRank {
        self.bigrams.seat(word)
    }

    /// The words seated from `low` to `high` that the model knows after `before`: their seats, ascending, each with the number of
    /// the bigram.
    #[inline]
    pub(crate) fn successors(
        &self,
        before: WordId,
        low: CollationRank,
        high: CollationRank,
    ) -> impl Iterator<Item = (CollationRank, u32)> + use<'_> {
        self.bigrams.between(self.bytes.all(), self.bigrams.seat(before), low, high)
    }

    /// What is known of the bigram of this number.
    #[inline]
    pub(crate) fn bigram_entry(&self, bigram: u32) -> Entry {
        self.bigrams.entry(self.bytes.all(), bigram)
    }

    /// P(second word | first word) of a bigram of which this is known.
    #[inline]
    pub(crate) fn bigram_probability(&self, bigram: Entry) -> f32 {
        self.codebooks[0].probabilities[usize::from(bigram.probability)]
    }

    /// What is known of the bigram of these two words; None where the model has none.
    #[inline]
    pub(crate) fn find_bigram(&self, before: WordId, word: WordId) -> Option<Entry> {
        let bigram = self.bigrams.find(self.bytes.all(), before, word)?;
        Some(self.bigram_entry(bigram))
    }

    /// P(`word` | `before`), where the model has the bigram; None where it backs off.
    #[inline]
    pub fn known_bigram(&self, before: WordId, word: WordId) -> Option<f32> {
        let bigram = self.find_bigram(before, word)?;
        Some(self.bigram_probability(bigram))
    }

    /// P(`word` | `before`).
    #[inline]
    pub fn bigram(&self, before: WordId, word: WordId) -> f32 {
        self.known_bigram(before, word).unwrap_or_else(|| self.unigram_backoff(before) * self.unigram(word))
    }

    /// The history that ends in this one word, with nothing known of what is before it.
    pub fn history(&self, word: WordId) -> History {
        let mut backoffs = [1.0; LOOKED_BACK];
        backoffs[0] = self.unigram_backoff(word);
        History { words: u64::from(word), backoffs, known: 1 }
    }

    /// P(`word` | `history`), and the history with the word at its end.
    ///
    /// Longer n-grams are asked for only where the shorter ones at their end are known, as they always are in what was trained.
    pub fn next(&self, history: &History, word: WordId) -> (f32, History) {
        self.next_by(history, word, self.find_bigram(history.last(), word))
    }

    /// [`Model::next`] for whom knows what the model has of the bigram at the end; None where it has none.
    fn next_by(&self, history: &History, word: WordId, bigram: Option<Entry>) -> (f32, History) {
        let term = Term { word, probability: self.unigram(word), backoff: self.unigram_backoff(word) };
        let mut search = self.search(history, term, bigram);
        while search.order != DONE {
            self.look_further(history, &mut search);
        }
        self.found(history, &search)
    }

    /// Begins to look for a word after a history. What is known of the bigram at the end is found already; None where there is none.
    ///
    /// [`Model::look_further`] takes it one order further, [`Model::found`] ends it. Memory is asked for one step ahead: who looks
    /// for many words takes all of them a step further before any goes on to the next, so that the waits overlap.
    #[inline]
    pub(crate) fn search(&self, history: &History, term: Term, bigram: Option<Entry>) -> Search {
        let Term { word, probability, backoff } = term;
        let mut search = Search {
            next: History {
                words: history.words << 16 | u64::from(word),
                backoffs: [backoff, 1.0, 1.0, 1.0],
                known: 1,
            },
            probability,
            used: 0,
            order: DONE,
            hash: Hash::of(history.last(), word),
            bucket: 0,
            fingerprint: 0,
        };
        let Some(entry) = bigram else { return search };
        let codes = &self.codebooks[0];
        search.probability = codes.probabilities[usize::from(entry.probability)];
        search.used = 1;
        if self.layout.order > 2 {
            search.next.backoffs[1] = codes.backoffs[usize::from(entry.backoff)];
            search.next.known = 2;
            self.aim(history, 3, &mut search);
        }
        search
    }

    /// Looks up the next order.
    #[inline]
    pub(crate) fn look_further(&self, history: &History, search: &mut Search) {
        if search.order != DONE {
            self.look(history, search);
        }
    }

    fn look(&self, history: &History, search: &mut Search) {
        let order = usize::from(search.order);
        let codes = &self.codebooks[order - 2];
        let bucket = self.bucket(order, search.bucket as usize);
        search.order = DONE;
        if order == self.layout.order {
            if let Some(code) = find_outer(bucket, search.fingerprint) {
                search.probability = codes.probabilities[usize::from(code)];
                search.used = order as u8 - 1;
            }
        } else if let Some(Entry { probability, backoff }) = find_inner(bucket, search.fingerprint) {
            search.probability = codes.probabilities[usize::from(probability)];
            search.next.backoffs[order - 1] = codes.backoffs[usize::from(backoff)];
            search.next.known = order as u8;
            search.used = order as u8 - 1;
            self.aim(history, order + 1, search);
        }
    }

    /// P(word | `history`), and the history with the word at its end.
    #[inline]
    pub(crate) fn found(&self, history: &History, search: &Search) -> (f32, History) {
        let mut next = search.next;
        // What the model cannot look back on must not tell chains apart.
        next.words &= u64::MAX >> (64 - 16 * u32::from(next.known));
        let unused = usize::from(search.used)..usize::from(history.known);
        let probability =
            history.backoffs.get(unused).unwrap_or_default().iter().fold(search.probability, |p, b| p * b);
        (probability, next)
    }

    /// Makes this order the next that is looked up, where the history is long enough.
    #[inline]
    fn aim(&self, history: &History, order: usize, search: &mut Search) {
        if order > usize::from(history.known) + 1 {
            return;
        }
        search.hash = search.hash.after(history.word(order - 2));
        let (bucket, fingerprint) = search.hash.place(self.tables[order - 3].1);
        (search.order, search.bucket, search.fingerprint) = (order as u8, bucket as u32, fingerprint);
        prefetch(self.bucket(order, bucket));
    }

    /// Asks for the memory that [`Model::look_further`] reads first when it looks for this word, whose bigram is known.
    #[inline]
    pub(crate) fn expect(&self, history: &History, word: WordId) {
        if history.known >= 2 && self.layout.order >= 3 {
            let hash = Hash::of(history.last(), word).after(history.word(1));
            prefetch(self.bucket(3, hash.place(self.tables[0].1).0));
        }
    }

    /// P(`shape` | `word`) within a sentence, where other words around it are not all capitals.
    #[inline]
    pub fn shape(&self, word: WordId, shape: Shape) -> f32 {
        let Some([title, upper]) =
            usize::from(word).checked_sub(usize::from(super::class::FIRST_WORD)).map(|n| self.shapes[n])
        else {
            return 1.0 / 3.0;
        };
        match shape {
            Shape::Title => title,
            Shape::Upper => upper,
            Shape::Lower | Shape::Other => (1.0 - title - upper).max(SMALLEST_SHARE),
        }
    }

    /// A bucket of the table of an order, by its number.
    #[inline]
    fn bucket(&self, order: usize, index: usize) -> &[u8; BUCKET] {
        let (start, _) = self.tables[order - 3];
        self.bytes.all()[start..].as_chunks().0.get(index).unwrap_or(&[0; BUCKET])
    }
}

/// No word is written in one way only.
pub(super) const SMALLEST_SHARE: f32 = 0.001;

/// A share from its byte: e to the minus sixteenths.
pub(super) fn share(code: u8) -> f32 {
    (-f32::from(code) / 16.0).exp()
}

fn halves(bytes: &[u8]) -> [Vec<f32>; 2] {
    let (first, second) = bytes.split_at(bytes.len() / 2);
    [floats(first), floats(second)]
}

fn by_code(values: &[f32]) -> [f32; 256] {
    std::array::from_fn(|code| values.get(code).copied().unwrap_or(0.0))
}

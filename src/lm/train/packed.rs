//! A model packed for keeping: its n-grams with their counts, from which [`Smoothed`] makes the probabilities anew.
//!
//! An n-gram's last word is written as its place among the words that follow its context less the first word, which are few; the
//! places and counts are small numbers, and zstd packs them closer. About a byte an n-gram, where a model that can be asked takes four.

use super::kneser_ney::{Level, Smoothed, spooled, suffix};
use super::runs::Key;
use super::write::{Frame, write};
use crate::error::{Error, ErrorKind, Result};
use crate::lm::format::{checksum, floats};

const MAGIC: &[u8; 8] = b"sohoaNG1";
/// zstd's slowest level without a larger window.
const EFFORT: i32 = 19;

/// The packed form of a model.
///
/// # Errors
/// [`ErrorKind::Definition`] where a longer n-gram begins or ends in a shorter one that is not in the model.
pub(super) fn pack(model: &Smoothed, frame: &Frame) -> Result<Vec<u8>> {
    let apart = || {
        Error::new(
            ErrorKind::Definition,
            "n-grams begin or end in shorter ones that are left out, and cannot be packed",
        )
        .remedy("give a cut-off of 1 to all orders but the highest")
    };
    let mut bytes = (model.levels.len() as u32).to_le_bytes().to_vec();
    bytes.extend(frame.source);
    let mut put = |stream: &[u8]| -> Result<()> {
        let packed = spooled(zstd::bulk::compress(stream, EFFORT))?;
        bytes.extend((stream.len() as u32).to_le_bytes());
        bytes.extend((packed.len() as u32).to_le_bytes());
        bytes.extend(packed);
        Ok(())
    };
    put(frame.text.as_bytes())?;
    put(&frame.shapes)?;
    put(&model.unigrams.iter().flat_map(|p| p.to_le_bytes()).collect::<Vec<_>>())?;
    let mut tree = Tree::new(model.unigrams.len());
    for level in &model.levels {
        put(&level.taken.iter().flat_map(|d| d.to_le_bytes()).collect::<Vec<_>>())?;
        let [mut lengths, mut places, mut counts, mut rests] = [const { Vec::new() }; 4];
        let mut at = 0;
        let mut starts = vec![0];
        for &context in tree.contexts() {
            let len = level.keys[at..].iter().take_while(|&&key| key >> 16 == context).count();
            number(&mut lengths, len as u32);
            if len > 0 {
                let mut followers = tree.followers(context).iter().map(|key| key & 0xffff);
                let mut sum = 0;
                for index in at..at + len {
                    let word = level.keys[index] & 0xffff;
                    let place = followers.position(|follower| follower == word).ok_or_else(apart)?;
                    number(&mut places, place as u32);
                    number(&mut counts, level.counts[index]);
                    sum += level.counts[index];
                }
                number(&mut rests, level.totals[at].saturating_sub(sum));
            }
            at += len;
            starts.push(at);
        }
        if at < level.keys.len() {
            return Err(apart());
        }
        for stream in [lengths, places, counts, rests] {
            put(&stream)?;
        }
        tree.push(level.keys.clone(), starts);
    }
    Ok([&MAGIC[..], &checksum(&bytes).to_le_bytes(), &bytes].concat())
}

/// Whether a file that begins so is a packed model.
pub(in crate::lm) fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// The file of the model in these bytes, as training makes it without packing (of a pruned one, other n-grams may find their
/// cache line full); None where they are no packed model.
pub(in crate::lm) fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    unpack(bytes).map(|(model, frame)| write(&model, &frame).0)
}

/// The model and the rest of what [`pack`] packed; None where these bytes are not from there.
fn unpack(bytes: &[u8]) -> Option<(Smoothed, Frame)> {
    let (written, mut bytes) = bytes.strip_prefix(MAGIC)?.split_first_chunk()?;
    if checksum(bytes) != u64::from_le_bytes(*written) {
        return None;
    }
    let orders = u32::from_le_bytes(*bytes.split_off(..4)?.first_chunk()?);
    let source = *bytes.split_off(..32)?.first_chunk()?;
    let mut take = || -> Option<Vec<u8>> {
        let mut length = || Some(u32::from_le_bytes(*bytes.split_off(..4)?.first_chunk()?) as usize);
        let (plain, packed) = (length()?, length()?);
        zstd::bulk::decompress(bytes.split_off(..packed)?, plain).ok()
    };
    let text = String::from_utf8(take()?).ok()?;
    let shapes = take()?;
    let unigrams = floats(&take()?);
    let mut tree = Tree::new(unigrams.len());
    let mut levels = Vec::new();
    for _ in 0..orders {
        let taken = *floats(&take()?).first_chunk()?;
        let mut level = Level { taken, ..Level::default() };
        let [lengths, places, counts, rests] = [take()?, take()?, take()?, take()?];
        let [mut lengths, mut places, mut counts, mut rests] = [&lengths, &places, &counts, &rests].map(|s| s.iter());
        let mut starts = vec![0];
        for &context in tree.contexts() {
            let len = read(&mut lengths)?;
            if len > 0 {
                let mut followers = tree.followers(context).iter();
                let start = level.counts.len();
                for _ in 0..len {
                    let follower = followers.nth(read(&mut places)? as usize)?;
                    level.keys.push(context << 16 | follower & 0xffff);
                    level.counts.push(read(&mut counts)?);
                }
                let sum = level.counts[start..].iter().sum::<u32>();
                level.totals.resize(level.keys.len(), sum.saturating_add(read(&mut rests)?));
            }
            starts.push(level.keys.len());
        }
        tree.push(level.keys.clone(), starts);
        levels.push(level);
    }
    let words = unigrams.len();
    let mut model = Smoothed { unigram_backoffs: vec![1.0; words], unigrams, levels };
    model.interpolate();
    // Nothing is left out, but what longer n-grams need must outrank the others where a cache line is full.
    model.prune(&[]);
    Some((model, Frame { source, text, shapes }))
}

/// The n-grams of the orders below the one at work, from single words up, and where those with each context begin.
struct Tree(Vec<(Vec<Key>, Vec<usize>)>);

impl Tree {
    fn new(words: usize) -> Self {
        Tree(vec![((0..words as Key).collect(), vec![0, words])])
    }

    fn push(&mut self, keys: Vec<Key>, starts: Vec<usize>) {
        self.0.push((keys, starts));
    }

    /// What the order at work can have for contexts: the n-grams of the order below.
    fn contexts(&self) -> &[Key] {
        self.0.last().map_or(&[], |(keys, _)| keys)
    }

    /// The n-grams of the order below that begin with this context less its first word, ascending.
    fn followers(&self, context: Key) -> &[Key] {
        let [shorter @ .., (keys, starts)] = &self.0[..] else { return &[] };
        // Single words have one context, which is no word.
        let index = match shorter.last() {
            None => Ok(0),
            Some((contexts, _)) => contexts.binary_search(&suffix(context, self.0.len())),
        };
        index.map_or(&[], |index| &keys[starts[index]..starts[index + 1]])
    }
}

/// A number in as many bytes as it needs, seven bits each (LEB128).
fn number(to: &mut Vec<u8>, mut n: u32) {
    while n >= 0x80 {
        to.push(n as u8 | 0x80);
        n >>= 7;
    }
    to.push(n as u8);
}

fn read<'a>(from: &mut impl Iterator<Item = &'a u8>) -> Option<u32> {
    let mut n = 0u32;
    for shift in (0..32).step_by(7) {
        let byte = *from.next()?;
        n |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(n);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::lm::train::{Corpus, Options, train};

    fn trained(packed: bool, keep: &[usize], cutoffs: &[u32]) -> crate::Result<Vec<u8>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("corpus.txt");
        let words = ["ủy", "ban", "nhân", "dân", "xã", "tỉnh", "hồ", "sơ", "đã", "giải", "quyết", "12", "/", "2025"];
        let mut at = 1u32;
        let line = |_| {
            let mut next = || {
                at = at.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                words[((at >> 16) % 100 * ((at >> 24) % 100) / 720) as usize % words.len()]
            };
            (0..9).map(|_| next()).collect::<Vec<_>>().join(" ") + "\n"
        };
        std::fs::write(&path, (0..600).map(line).collect::<String>()).unwrap();
        let corpus = Corpus::open(&[path], 0).unwrap();
        let options = Options { keep: keep.to_vec(), cutoffs: cutoffs.to_vec(), packed, ..Options::default() };
        train(&corpus, &options).map(|t| t.bytes)
    }

    #[test]
    fn a_packed_model_is_unpacked_to_the_byte_and_much_smaller() {
        let [plain, packed] = [false, true].map(|packed| trained(packed, &[], &[1, 1, 2]).unwrap());
        assert!(super::unpacked(&packed).unwrap() == plain);
        assert!(packed.len() * 2 < plain.len(), "{} of {}", packed.len(), plain.len());
    }

    #[test]
    fn a_pruned_model_keeps_its_n_grams_and_what_was_left_to_shorter_ones() {
        let packed = trained(true, &[100, 300, 200], &[1, 1, 2]).unwrap();
        let (model, _) = super::unpack(&packed).unwrap();
        assert_eq!(model.levels[2].keys.len(), 200);
        let left = |level: &super::Level| (0..level.keys.len()).any(|n| level.totals[n] > level.counts[n]);
        assert!(model.levels.iter().all(left));
        let context = model.levels[0].keys[0] >> 16;
        let sum: f64 =
            (0..model.unigrams.len()).map(|w| f64::from(model.probability(2, context << 16 | w as u128))).sum();
        assert!((sum - 1.0).abs() < 1e-3, "{sum}");
    }

    #[test]
    fn damaged_ones_are_refused() {
        let packed = trained(true, &[], &[]).unwrap();
        for cut in [0, 7, 8, 40, 60, packed.len() / 2, packed.len() - 1] {
            assert!(super::unpacked(&packed[..cut]).is_none(), "cut off at {cut}");
        }
        for at in [3, 12, 40, 200, packed.len() - 1] {
            let mut other = packed.clone();
            other[at] ^= 4;
            assert!(super::unpacked(&other).is_none(), "changed at {at}");
        }
    }

    #[test]
    fn what_cannot_be_packed_is_said() {
        let error = trained(true, &[], &[3, 1, 1]).unwrap_err();
        assert!(error.to_string().contains("cut-off"), "{error}");
    }
}

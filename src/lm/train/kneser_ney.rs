//! Modified Kneser-Ney smoothing (Chen and Goodman 1998) and pruning.

use super::counts::Counts;
use super::runs::Key;
use crate::error::Result;
use std::io;

/// The n-grams of one order above the first, sorted, first word first.
#[derive(Debug, Default)]
pub(super) struct Level {
    pub keys: Vec<Key>,
    pub counts: Vec<u32>,
    /// The sum of the counts of all n-grams with the same context, those that are left out among them.
    pub totals: Vec<u32>,
    /// What is taken off counts of 1, of 2, and of 3 and more.
    pub taken: [f32; 3],
    /// The interpolated probability of the last word after the others.
    pub probabilities: Vec<f32>,
    /// The share that the n-gram, as a context, leaves to the order below.
    pub backoffs: Vec<f32>,
    /// What is lost without it: its count times the logarithm of what the order below would get wrong.
    pub values: Vec<f32>,
}

/// An n-gram model that holds every n-gram in memory.
#[derive(Debug)]
pub(super) struct Smoothed {
    /// P(word) by number.
    pub unigrams: Vec<f32>,
    /// The share that the word, as a context, leaves to the unigrams.
    pub unigram_backoffs: Vec<f32>,
    /// The orders from 2 up.
    pub levels: Vec<Level>,
}

/// What is taken off counts of 1, of 2, and of 3 and more.
fn discounts(of_counts: [u64; 4]) -> [f32; 3] {
    let n = of_counts.map(|n| n.max(1) as f64);
    let y = n[0] / (n[0] + 2.0 * n[1]);
    // Small corpora break the formula; the bounds leave something to every count and take something from every one.
    [1, 2, 3].map(|c| (c as f64 - (c + 1) as f64 * y * n[c] / n[c - 1]).clamp(0.1, c as f64 - 0.1) as f32)
}

fn discount(discounts: &[f32; 3], count: u32) -> f32 {
    discounts[(count.min(3) - 1) as usize]
}

impl Smoothed {
    /// The model of these counts. N-grams whose count is below their order's `cutoffs` (from order 2 up) are left out once
    /// their part in the smoothing is done.
    pub fn new(counts: Vec<Counts>, words: usize, cutoffs: &[u32]) -> Result<Self> {
        let mut counts = counts.into_iter();
        let mut unigrams = vec![0.0f32; words];
        let mut total = 0.0f64;
        if let Some(first) = counts.next() {
            let taken = discounts(first.of_counts);
            let mut rest = 0.0;
            spooled(first.sorter.for_each(|key, count| {
                let d = discount(&taken, count);
                unigrams[key as usize] = count as f32 - d;
                rest += f64::from(d);
                total += f64::from(count);
                Ok(())
            }))?;
            // What the discounts took is shared by all words, those never seen among them.
            let each = (rest / words.max(1) as f64) as f32;
            unigrams.iter_mut().for_each(|p| *p = ((*p + each) as f64 / total.max(1.0)) as f32);
        }
        let mut levels = Vec::new();
        for (index, level) in counts.enumerate() {
            levels.push(Level::new(level, cutoffs.get(index).copied().unwrap_or(1))?);
        }
        let mut model = Smoothed { unigram_backoffs: vec![1.0; words], unigrams, levels };
        model.interpolate();
        Ok(model)
    }

    /// Back-off weights and probabilities, from the lowest order to the highest.
    pub fn interpolate(&mut self) {
        self.unigram_backoffs.fill(1.0);
        for order in 2..self.levels.len() + 2 {
            let (lower, upper) = self.levels.split_at_mut(order - 2);
            let level = &mut upper[0];
            let mut start = 0;
            while start < level.keys.len() {
                let context = level.keys[start] >> 16;
                let len = level.keys[start..].iter().take_while(|&&k| k >> 16 == context).count();
                let own: f64 = (start..start + len).map(|n| f64::from(level.own(n))).sum();
                let backoff = (1.0 - own).max(1e-6) as f32;
                match lower.last_mut() {
                    None => self.unigram_backoffs[context as usize] = backoff,
                    Some(contexts) => {
                        if let Ok(at) = contexts.keys.binary_search(&context) {
                            contexts.backoffs[at] = backoff;
                        }
                    }
                }
                start += len;
            }
            level.probabilities.resize(level.keys.len(), 0.0);
            level.backoffs.clear();
            level.backoffs.resize(level.keys.len(), 1.0);
            level.values.resize(level.keys.len(), 0.0);
            for index in 0..self.levels[order - 2].keys.len() {
                let key = self.levels[order - 2].keys[index];
                let below = self.probability(order - 1, suffix(key, order));
                let backoff = self.backoff(order - 1, key >> 16);
                let level = &mut self.levels[order - 2];
                let own = level.own(index);
                let p = own + backoff * below;
                level.probabilities[index] = p;
                // Without this n-gram its context would leave more to the order below.
                let without = (backoff + own).min(1.0) * below;
                level.values[index] = level.counts[index] as f32 * (p / without.max(1e-30)).ln();
            }
        }
    }

    /// P(last word | the words before it) of an n-gram, whether it is in the model or not.
    pub fn probability(&self, order: usize, key: Key) -> f32 {
        if order == 1 {
            return self.unigrams[key as usize];
        }
        let level = &self.levels[order - 2];
        match level.keys.binary_search(&key) {
            Ok(index) => level.probabilities[index],
            Err(_) => self.backoff(order - 1, key >> 16) * self.probability(order - 1, suffix(key, order)),
        }
    }

    fn backoff(&self, order: usize, key: Key) -> f32 {
        if order == 1 {
            return self.unigram_backoffs[key as usize];
        }
        let level = &self.levels[order - 2];
        level.keys.binary_search(&key).map_or(1.0, |index| level.backoffs[index])
    }

    /// Keeps of each order from 2 up at most `most` n-grams, those without which the model loses most (the weighted difference
    /// of Seymore and Rosenfeld 1996), and whatever a kept longer one needs: its first and its last words.
    pub fn prune(&mut self, most: &[usize]) {
        let mut needed: Vec<Key> = Vec::new();
        for order in (2..self.levels.len() + 2).rev() {
            let level = &mut self.levels[order - 2];
            needed.sort_unstable();
            needed.dedup();
            for key in &needed {
                if let Ok(index) = level.keys.binary_search(key) {
                    // Needed ones outrank all others, and keep their order among themselves.
                    level.values[index] = level.values[index].max(0.0) + NEEDED;
                }
            }
            let wanted = most.get(order - 2).copied().unwrap_or(usize::MAX);
            if level.keys.len() > wanted {
                let mut ranked: Vec<u32> = (0..level.keys.len() as u32).collect();
                let better =
                    |&a: &u32, &b: &u32| level.values[b as usize].total_cmp(&level.values[a as usize]).then(a.cmp(&b));
                ranked.select_nth_unstable_by(wanted, better);
                ranked.truncate(wanted);
                let needed_count = needed.len();
                ranked.extend(
                    (0..level.keys.len() as u32)
                        .filter(|_| needed_count > wanted)
                        .filter(|&i| level.values[i as usize] >= NEEDED),
                );
                ranked.sort_unstable();
                ranked.dedup();
                level.keep(&ranked);
            }
            needed = level.keys.iter().flat_map(|&key| [key >> 16, suffix(key, order)]).collect();
        }
        let values: Vec<Vec<f32>> = self.levels.iter().map(|l| l.values.clone()).collect();
        self.interpolate();
        for (level, values) in self.levels.iter_mut().zip(values) {
            level.values = values;
        }
    }
}

/// Added to the value of n-grams that longer ones need.
const NEEDED: f32 = 1e9;

/// The n-gram without its first word.
pub(super) fn suffix(key: Key, order: usize) -> Key {
    key & ((1 << (16 * (order - 1))) - 1)
}

impl Level {
    fn new(counts: Counts, cutoff: u32) -> Result<Self> {
        let taken = discounts(counts.of_counts);
        let mut level = Level { taken, ..Level::default() };
        let mut context = Key::MAX;
        let mut group: Vec<(Key, u32)> = Vec::new();
        let mut close = |group: &mut Vec<(Key, u32)>| {
            let total = group.iter().fold(0u32, |sum, &(_, c)| sum.saturating_add(c));
            for (key, count) in group.drain(..).filter(|&(_, c)| c >= cutoff) {
                level.keys.push(key);
                level.counts.push(count);
                level.totals.push(total);
            }
        };
        spooled(counts.sorter.for_each(|key, count| {
            if key >> 16 != context {
                close(&mut group);
                context = key >> 16;
            }
            group.push((key, count));
            Ok(())
        }))?;
        close(&mut group);
        Ok(level)
    }

    /// What the n-gram's own count gives its last word.
    fn own(&self, index: usize) -> f32 {
        let count = self.counts[index];
        ((f64::from(count) - f64::from(discount(&self.taken, count))) / f64::from(self.totals[index])) as f32
    }

    /// Keeps the n-grams at these places, which ascend.
    fn keep(&mut self, places: &[u32]) {
        fn pick<T: Copy>(from: &mut Vec<T>, places: &[u32]) {
            *from = places.iter().map(|&i| from[i as usize]).collect();
        }
        pick(&mut self.keys, places);
        pick(&mut self.counts, places);
        pick(&mut self.totals, places);
        pick(&mut self.values, places);
        self.probabilities.clear();
        self.backoffs.clear();
    }
}

/// Says of an error on the files in between what can be done about it.
pub(super) fn spooled<T>(result: io::Result<T>) -> Result<T> {
    result.map_err(|e| {
        crate::Error::new(crate::ErrorKind::Unwritable, "the counts cannot be kept in the folder for temporary files")
            .remedy("set TMPDIR to a folder with more room")
            .source(e)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lm::train::counts::Counter;
    use crate::lm::vocabulary::{WordId, class};

    fn model(order: usize) -> Smoothed {
        let mut counter = Counter::new(order);
        let mut at = 1u32;
        for _ in 0..400 {
            let mut line = vec![class::BREAK];
            for _ in 0..6 {
                at = at.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                line.push(21 + (((at >> 16) % 100) * ((at >> 20) % 100) / 1000) as WordId);
            }
            line.push(class::BREAK);
            counter.add(&line).unwrap();
        }
        Smoothed::new(counter.finish().unwrap(), 40, &[1, 1, 2]).unwrap()
    }

    #[test]
    fn probabilities_after_any_context_sum_to_one() {
        let mut model = model(4);
        for pruned in [false, true] {
            if pruned {
                model.prune(&[60, 80, 50]);
                assert!(model.levels[2].keys.len() <= 50);
            }
            for context in [[21, 22, 23], [22, 22, 21], [1, 21, 21], [30, 30, 30], [1, 1, 1]] {
                for order in 1..=4 {
                    let h = context[..order - 1].iter().fold(0, |k: Key, &w: &WordId| k << 16 | Key::from(w));
                    let sum: f64 = (0..40).map(|w| f64::from(model.probability(order, h << 16 | w))).sum();
                    assert!((sum - 1.0).abs() < 1e-3, "order {order} after {context:?}, pruned {pruned}: {sum}");
                }
            }
        }
    }

    #[test]
    fn what_longer_n_grams_need_stays() {
        let mut model = model(3);
        model.prune(&[50, 40]);
        for &key in &model.levels[1].keys {
            for part in [key >> 16, suffix(key, 3)] {
                assert!(model.levels[0].keys.binary_search(&part).is_ok());
            }
        }
    }
}

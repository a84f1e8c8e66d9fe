//! N-gram counts as Kneser and Ney want them: how often the longest n-grams occur, and after how many words the shorter ones.

use super::runs::{Key, Sorter};
use crate::lm::vocabulary::{WordId, class};
use std::io::Result;

/// Counts n-grams of every order at once, from sequences of word numbers.
pub(super) struct Counter {
    order: usize,
    /// The longest n-grams, last word first.
    backwards: Sorter,
}

/// Counts of one order.
pub(super) struct Counts {
    /// N-grams, first word first, with their counts.
    pub sorter: Sorter,
    /// How many n-grams have the count 1, 2, 3 and 4.
    pub of_counts: [u64; 4],
}

impl Counter {
    pub fn new(order: usize) -> Self {
        Counter { order, backwards: Sorter::new() }
    }

    /// Counts a sequence; its first element is context only.
    pub fn add(&mut self, ids: &[WordId]) -> Result<()> {
        for end in 1..ids.len() {
            let mut key: Key = 0;
            for back in 0..self.order {
                key = key << 16 | Key::from(end.checked_sub(back).map_or(class::NONE, |at| ids[at]));
            }
            self.backwards.add(key, 1)?;
        }
        Ok(())
    }

    /// The counts of the orders from 1 up.
    ///
    /// The highest order, and n-grams at the start of a sequence, which nothing stands before, have their number of
    /// occurrences; all others the number of different words before them (Chen and Goodman 1998, section 2.7).
    pub fn finish(self) -> Result<Vec<Counts>> {
        let order = self.order;
        let mut levels: Vec<Counts> = (0..order).map(|_| Counts { sorter: Sorter::new(), of_counts: [0; 4] }).collect();
        let mut before = Vec::new();
        let mut extensions = vec![0u32; order + 1];
        let mut words = Vec::with_capacity(order);
        self.backwards.for_each(|key, count| {
            words.clear();
            words.extend(
                (0..order).map(|n| (key >> (16 * (order - 1 - n))) as WordId).take_while(|&w| w != class::NONE),
            );
            let common = words.iter().zip(&before).take_while(|(a, b)| a == b).count();
            close(&mut levels, &before, common, &extensions)?;
            let len = words.len();
            for level in common + 1..=len {
                extensions[level] = 0;
            }
            for level in common.max(1)..len {
                extensions[level] += 1;
            }
            extensions[len] = count;
            std::mem::swap(&mut before, &mut words);
            Ok(())
        })?;
        close(&mut levels, &before, 0, &extensions)?;
        Ok(levels)
    }
}

/// Hands on the n-grams of `words`, last word first, that are longer than what the next ones have in common with them.
fn close(levels: &mut [Counts], words: &[WordId], common: usize, counts: &[u32]) -> Result<()> {
    for len in common + 1..=words.len() {
        let level = &mut levels[len - 1];
        if let Some(n) = level.of_counts.get_mut(counts[len] as usize - 1) {
            *n += 1;
        }
        let key = words[..len].iter().rev().fold(0, |key, &w| key << 16 | Key::from(w));
        level.sorter.add(key, counts[len])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_n_grams_count_the_words_before_them() {
        let (a, b, c) = (50, 51, 52);
        let mut counter = Counter::new(3);
        for sequence in [[class::BREAK, a, b, c, class::BREAK], [class::BREAK, c, b, c, class::BREAK]] {
            counter.add(&sequence).unwrap();
            counter.add(&sequence).unwrap();
        }
        let levels = counter.finish().unwrap();
        let mut seen = Vec::new();
        for level in levels {
            level
                .sorter
                .for_each(|key, count| {
                    seen.push((key, count));
                    Ok(())
                })
                .unwrap();
        }
        let count = |words: &[WordId]| {
            let key = words.iter().fold(0, |key, &w| key << 16 | Key::from(w));
            seen.iter().find(|(k, _)| *k == key).map(|&(_, n)| n)
        };
        assert_eq!(count(&[a, b, c]), Some(2), "the highest order counts occurrences");
        assert_eq!(count(&[b, c]), Some(2), "two different words stand before it");
        assert_eq!(count(&[class::BREAK, a]), Some(2), "nothing can stand before it: occurrences");
        assert_eq!(count(&[c]), Some(2), "after b and after a break");
        assert_eq!(count(&[b]), Some(2));
        assert_eq!(count(&[c, class::BREAK]), Some(1));
        assert_eq!(count(&[a, c]), None);
    }
}

//! Remembers what the channel said of each sort of token, so that it is asked once.

use super::candidate::Candidate;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;
use std::sync::{Arc, PoisonError, RwLock};

/// Parts with a lock of their own, so that threads seldom wait.
const SHARDS: usize = 64;

/// Candidates by observed token, shared between threads.
///
/// What is remembered is of two ages. When the young are too many they become the old, and the old are forgotten; whoever is asked for again
/// is young again. So what is asked for often stays, however long a run is.
#[derive(Debug)]
pub(in crate::restore) struct CandidateCache {
    shards: Vec<RwLock<Shard>>,
    /// Sorts of tokens of one age in each part.
    most: usize,
}

type Known = FxHashMap<Box<str>, Arc<[Candidate]>>;

#[derive(Debug, Default)]
struct Shard {
    young: Known,
    old: Known,
}

impl Shard {
    fn keep(&mut self, seen: &str, found: &Arc<[Candidate]>, most: usize) {
        if self.young.len() >= most {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(seen.into(), Arc::clone(found));
    }
}

impl CandidateCache {
    /// For tokens: the longest reports have a few thousand sorts. Some sixty megabytes at most.
    pub fn of_tokens() -> Self {
        CandidateCache::new(200)
    }

    /// For two tokens put together, of which there are many sorts, mostly without a candidate. Some thirty megabytes at most.
    pub fn of_joins() -> Self {
        CandidateCache::new(2000)
    }

    fn new(most: usize) -> Self {
        CandidateCache { shards: (0..SHARDS).map(|_| RwLock::default()).collect(), most }
    }

    /// The candidates of `seen`, which `find` appends to an empty list where they are not known yet.
    pub fn get(&self, seen: &str, find: impl FnOnce(&mut Vec<Candidate>)) -> Arc<[Candidate]> {
        let mut hasher = FxHasher::default();
        hasher.write(seen.as_bytes());
        let shard = &self.shards[(hasher.finish() >> 32) as usize % SHARDS];
        let known = {
            let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = shard.young.get(seen) {
                return Arc::clone(known);
            }
            shard.old.get(seen).map(Arc::clone)
        };
        let found = known.unwrap_or_else(|| {
            let mut found = Vec::new();
            find(&mut found);
            found.into()
        });
        // Another thread may have found the same meanwhile; the same was found.
        shard.write().unwrap_or_else(PoisonError::into_inner).keep(seen, &found, self.most);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_often_is_found_once_and_the_rest_is_forgotten() {
        let cache = CandidateCache::new(3);
        let (mut often, mut seldom) = (0, 0);
        for n in 0..2000 {
            cache.get("often", |_| often += 1);
            cache.get(&format!("seldom {n}"), |_| seldom += 1);
        }
        assert_eq!((often, seldom), (1, 2000));
        let remembered = |shard: &RwLock<Shard>| {
            let shard = shard.read().unwrap();
            shard.young.len() + shard.old.len()
        };
        assert!(cache.shards.iter().all(|shard| remembered(shard) <= 6));
    }
}

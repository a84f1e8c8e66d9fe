//! Remembers what the channel said of each sort of token, so that it is asked once.

use super::candidate::Candidate;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;
use std::sync::{Arc, PoisonError, RwLock};

/// Parts with a lock of their own, so that threads seldom wait.
const SHARDS: usize = 64;
/// Sorts of tokens that each part remembers; then it begins anew. All parts together take some sixty megabytes, however long a run is; the
/// longest reports have a few thousand sorts.
const MOST: usize = 400;

/// Candidates by observed token, shared between threads.
#[derive(Debug)]
pub(in crate::restore) struct CandidateCache {
    shards: Vec<RwLock<Shard>>,
}

type Shard = FxHashMap<Box<str>, Arc<[Candidate]>>;

impl Default for CandidateCache {
    fn default() -> Self {
        CandidateCache { shards: (0..SHARDS).map(|_| RwLock::default()).collect() }
    }
}

impl CandidateCache {
    /// The candidates of `seen`, which `find` appends to an empty list where they are not known yet.
    pub fn get(&self, seen: &str, find: impl FnOnce(&mut Vec<Candidate>)) -> Arc<[Candidate]> {
        let mut hasher = FxHasher::default();
        hasher.write(seen.as_bytes());
        let shard = &self.shards[(hasher.finish() >> 32) as usize % SHARDS];
        if let Some(known) = shard.read().unwrap_or_else(PoisonError::into_inner).get(seen) {
            return Arc::clone(known);
        }
        let mut found = Vec::new();
        find(&mut found);
        let found: Arc<[Candidate]> = found.into();
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        if shard.len() >= MOST {
            shard.clear();
        }
        // Another thread may have found the same meanwhile; the same was found.
        shard.insert(seen.into(), Arc::clone(&found));
        found
    }
}

//! Things that are costly to make, lent to whichever thread needs one.

use std::sync::{Mutex, PoisonError};

/// Holds what no thread uses at the moment; as many as were ever needed at a time.
#[derive(Debug)]
pub struct Pool<T>(Mutex<Vec<T>>);

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Pool(Mutex::default())
    }
}

impl<T> Pool<T> {
    /// One of them; None where all are lent, and the caller makes another.
    pub fn take(&self) -> Option<T> {
        self.idle().pop()
    }

    /// One of them, of which `fits` holds if there is such a one.
    pub fn take_preferring(&self, fits: impl Fn(&T) -> bool) -> Option<T> {
        let mut idle = self.idle();
        let fitting = idle.iter().rposition(fits);
        fitting.map(|at| idle.remove(at)).or_else(|| idle.pop())
    }

    /// Gives one back, or a new one in.
    pub fn give(&self, item: T) {
        self.idle().push(item);
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<T>> {
        // A list of whole items is whole at every moment, whoever panicked.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

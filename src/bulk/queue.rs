//! What is to be done next: pages of all open documents share the jobs, and documents are opened as pages run short.

use crate::document::PageNo;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A piece of work for one job; `D` is a document.
#[derive(Debug, PartialEq)]
pub(super) enum Task<D> {
    /// Find the next file and open it.
    Open,
    /// See a page, for the first or the second time.
    Page { document: D, page: PageNo, again: bool },
    /// Put a document together, all of whose pages are seen.
    Finish { document: D },
}

/// The work of a run. Jobs take tasks until there are none and none can come.
pub(super) struct Queue<D> {
    state: Mutex<State<D>>,
    changed: Condvar,
    /// How many pages are kept ready: documents are opened only to keep so many.
    ready: usize,
}

struct State<D> {
    pages: VecDeque<(D, PageNo, bool)>,
    finished: VecDeque<D>,
    /// Tried again when nothing else is left, so that they do not stand in the way.
    later: VecDeque<(D, PageNo)>,
    /// Whether a job is looking for the next file; one at a time, so that files are met in their order.
    opening: bool,
    /// Whether all files were met.
    exhausted: bool,
    /// Tasks that were handed out and may lead to others.
    in_hand: usize,
    stopped: bool,
}

impl<D> Queue<D> {
    /// A queue for so many jobs.
    pub fn new(jobs: usize) -> Self {
        let state = State {
            pages: VecDeque::new(),
            finished: VecDeque::new(),
            later: VecDeque::new(),
            opening: false,
            exhausted: false,
            in_hand: 0,
            stopped: false,
        };
        Queue { state: Mutex::new(state), changed: Condvar::new(), ready: 2 * jobs }
    }

    /// The next task, waited for; None when all is done or the run was stopped. Whoever took one says [`done`](Queue::done) after it.
    pub fn take(&self) -> Option<Task<D>> {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return None;
            }
            let wanting = !state.exhausted && !state.opening;
            let task = if let Some(document) = state.finished.pop_front() {
                Task::Finish { document }
            } else if wanting && state.pages.len() < self.ready {
                state.opening = true;
                Task::Open
            } else if let Some((document, page, again)) = state.pages.pop_front() {
                Task::Page { document, page, again }
            } else if state.exhausted && state.in_hand == 0 && state.later.is_empty() {
                return None;
            } else if state.exhausted
                && let Some((document, page)) = state.later.pop_front()
            {
                Task::Page { document, page, again: true }
            } else {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            state.in_hand += 1;
            return Some(task);
        }
    }

    /// A task that was taken is done; what it led to was put in before.
    pub fn done(&self) {
        self.change(|state| state.in_hand -= 1);
    }

    /// The file that was looked for was met; another may be looked for.
    pub fn opened(&self) {
        self.change(|state| state.opening = false);
    }

    /// There are no more files.
    pub fn exhaust(&self) {
        self.change(|state| (state.opening, state.exhausted) = (false, true));
    }

    /// A page is to be seen.
    pub fn page(&self, document: D, page: PageNo) {
        self.change(|state| state.pages.push_back((document, page, false)));
    }

    /// A page that failed is to be seen again, when nothing else is left.
    pub fn page_again(&self, document: D, page: PageNo) {
        self.change(|state| state.later.push_back((document, page)));
    }

    /// A document is to be put together.
    pub fn finish(&self, document: D) {
        self.change(|state| state.finished.push_back(document));
    }

    /// No more tasks are handed out.
    pub fn stop(&self) {
        self.change(|state| state.stopped = true);
    }

    fn change(&self, change: impl FnOnce(&mut State<D>)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<D>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_opened_before_pages_run_out_and_a_failed_page_comes_last() {
        let queue = Queue::new(1);
        assert_eq!(queue.take(), Some(Task::Open));
        queue.page("a", 1);
        queue.page("a", 2);
        queue.page("a", 3);
        queue.opened();
        queue.done();
        assert_eq!(queue.take(), Some(Task::Page { document: "a", page: 1, again: false }));
        queue.page_again("a", 1);
        queue.done();
        assert_eq!(queue.take(), Some(Task::Page { document: "a", page: 2, again: false }));
        queue.done();
        assert_eq!(queue.take(), Some(Task::Open), "one page is left for one job");
        queue.page("b", 1);
        queue.exhaust();
        queue.done();
        let page = |document, page, again| Some(Task::Page { document, page, again });
        assert_eq!(queue.take(), page("a", 3, false));
        queue.done();
        assert_eq!(queue.take(), page("b", 1, false));
        queue.finish("b");
        queue.done();
        assert_eq!(queue.take(), Some(Task::Finish { document: "b" }));
        queue.done();
        assert_eq!(queue.take(), page("a", 1, true));
        queue.done();
        assert_eq!(queue.take(), None);
    }

    #[test]
    fn whoever_waits_is_woken_when_the_run_is_stopped() {
        let queue: Queue<()> = Queue::new(1);
        assert_eq!(queue.take(), Some(Task::Open));
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| queue.take());
            queue.stop();
            assert_eq!(waits.join().unwrap(), None);
        });
    }
}

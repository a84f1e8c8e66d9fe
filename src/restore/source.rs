//! Where candidates come from, and the window that they are weighed for.

use super::channel::candidate::Channel;
use super::channel::memo::CandidateCache;
use super::document::window::{Mixture, ReadNumber, Window};
use super::readings::{Belief, Readings};
use super::tagger::Witness;

/// A window, and what its tokens may be.
#[derive(Clone, Copy)]
pub(super) struct Prospect<'a> {
    pub window: &'a Window,
    pub readings: &'a Readings,
    pub mixture: &'a Mixture,
    pub source: Source<'a>,
}

/// Where candidates come from.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub channel: &'a dyn Channel,
    /// What it said of tokens, and of two tokens put together.
    pub memo: &'a CandidateCache,
    pub joins: &'a CandidateCache,
    pub belief: Belief,
    /// Those that are read anew where signs may be letters and what mixes digits and letters a word; None where nothing of it may be.
    pub numbers: Option<&'a [ReadNumber]>,
    /// What the tagger says of the text; None where it was not asked.
    pub witness: Option<&'a Witness>,
}

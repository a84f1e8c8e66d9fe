//! What the document itself tells of its words: how it was damaged, what it holds elsewhere, which names come again.

pub(super) mod adaptation;
pub(super) mod cache;
pub(super) mod digits;
pub(super) mod enumeration;
pub(super) mod erased;
pub(super) mod gazetteer;
pub(super) mod mixture;
mod neighbourhood;
pub(super) mod numbers;
pub(super) mod one_sense;
pub(super) mod presumption;
pub(super) mod repeated;
pub(super) mod signs;
pub(super) mod window;

//! The language model: which sequence of syllables is likely.

mod encode;
mod format;
mod mapping;
mod model;
mod successors;
mod table;
pub mod train;
mod vocabulary;

pub(crate) use mapping::prefetch;
pub use model::{History, Model};
pub(crate) use model::{Search, Term};
pub(crate) use successors::CollationRank;
pub(crate) use table::{BUCKET, Entry, position};
pub use vocabulary::{Vocabulary, WordId, class, class_of};

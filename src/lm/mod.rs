//! The language model: which sequence of syllables is likely.

mod vocabulary;

pub use vocabulary::{Vocabulary, WordId, class};

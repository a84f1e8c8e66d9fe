//! Scores a text against the truth: errors of characters and syllables by their kind, figures, harm, calibration.
//!
//! [`Comparison::of`] compares two texts; [`corpus::compare`] two files or folders. docs/accuracy.md says what counts as an
//! error and why.

pub mod alignment;
pub mod calibration;
mod cells;
mod comparison;
pub mod corpus;
mod counts;
pub mod html;
pub mod indicators;
pub mod input;
pub mod interval;
mod markup;
mod moved;
mod normal;
mod pairing;
pub mod table;
mod transcript;

pub use comparison::{Comparison, Confusion, Pair};
pub use counts::{Counts, Measures};
pub use normal::Normal;
pub use transcript::Transcript;

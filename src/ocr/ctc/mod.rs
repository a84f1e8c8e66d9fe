//! The second recogniser: a convolutional network that reads one line at a time and hands out, for every few pixels,
//! how likely each letter is there. That lets any string be scored by the image.

mod detector;
mod legibility;
mod matrix;
mod model;
mod strip;

pub use matrix::{Run, Steps};
pub use model::CtcModel;
pub use strip::{LineBox, Strip};

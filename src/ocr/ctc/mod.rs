//! The second recogniser: a convolutional network that reads one line at a time and hands out, for every few pixels,
//! how likely each letter is there. That lets any string be scored by the image.

mod detector;
mod detector_layers;
mod layers;
mod legibility;
mod line_layers;
mod matrix;
mod model;
mod strip;

pub use matrix::{Run, Steps};
pub use model::CtcModel;
pub use strip::{LineBox, Strip};

use crate::error::Result;
use image::GrayImage;

/// Finds the lines of a page and tells, for every few pixels of one, how likely each letter is there; shared by all threads.
pub trait LineNetwork: Send + Sync {
    /// Its own name, as the report records it.
    fn name(&self) -> &str;

    /// The letters in the order of its classes, of which the first, 0, is no letter.
    fn letters(&self) -> &[char];

    /// The text lines of a page of bright paper, by their tops.
    ///
    /// # Errors
    /// [`ErrorKind::EngineFailed`](crate::ErrorKind::EngineFailed) where it does not run on the page.
    fn lines(&self, page: &GrayImage) -> Result<Vec<LineBox>>;

    /// Reads one strip.
    ///
    /// # Errors
    /// [`ErrorKind::EngineFailed`](crate::ErrorKind::EngineFailed) where it does not run on the strip.
    fn read(&self, strip: &Strip) -> Result<Steps>;
}

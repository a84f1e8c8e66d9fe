//! Third step: a [`PageImage`] becomes a [`RecognisedPage`]: lines of words with boxes, confidences and alternatives.

pub mod arrival;
mod ctc;
mod cutout;
mod engine;
mod fused;
mod fusion;
pub mod leader;
mod leftover;
mod legibility;
pub mod notes;
mod openmp;
mod page_number;

mod recorded;
pub mod spacing;
pub mod stamp;
mod tesseract;

pub use ctc::{CtcModel, LineBox, LineNetwork, Run, Steps, Strip};
pub use engine::{Engine, EngineOptions, Engines};
pub use fused::FusedRecogniser;
pub use fusion::{Certainty, Evidence, Features, SegmentKind, Sighting, Weights};
pub use recorded::Recorded;
pub use tesseract::{Segmentation, Tesseract, TesseractOptions};

use crate::error::Result;
use crate::page::{Alternative, Line, RecognisedPage};
use crate::raster::PageImage;

/// Reads pages. One recogniser belongs to one thread; what it returns for a page does not depend on the pages before it.
pub trait Recogniser: Send {
    /// Name, version and language data, as the report records them: `tesseract 5.3.0 vie`.
    fn name(&self) -> String;

    /// The words of a cleaned page, in reading order.
    ///
    /// # Errors
    /// [`ErrorKind::EngineFailed`](crate::error::ErrorKind::EngineFailed) where the engine gave up on the page.
    fn recognise(&mut self, image: &PageImage) -> Result<RecognisedPage>;

    /// The words of single lines whose places on a cleaned image are known, in pixels of that image; an entry is None where nothing was
    /// read. None where this recogniser reads whole pages only.
    ///
    /// # Errors
    /// As [`Recogniser::recognise`].
    fn recognise_lines(&mut self, _image: &PageImage, _places: &[LineBox]) -> Result<Option<Vec<Option<Line>>>> {
        Ok(None)
    }

    /// What lines say if each is a figure: of each its likeliest strings of the signs that may be in it, the likeliest first, with their
    /// shares. None where this recogniser cannot tell.
    ///
    /// # Errors
    /// As [`Recogniser::recognise`].
    fn recognise_figures(
        &mut self,
        _image: &PageImage,
        _places: &[FigurePlace],
    ) -> Result<Option<Vec<Vec<Alternative>>>> {
        Ok(None)
    }
}

/// A line that may be a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct FigurePlace {
    /// Where it stands, in pixels of the image.
    pub place: LineBox,
    /// What may be in it: digits, stops, brackets.
    pub signs: &'static str,
    /// Strings to be weighed with those that are found.
    pub given: Vec<String>,
}

//! Tesseract and the line network reading the same page.

use super::combine::{self, SeenLine};
use super::evidence::{Evidence, Kind, Scorer};
use super::{CtcModel, RecognisedPage, Recogniser, Tesseract, layout};
use crate::dict::Dictionaries;
use crate::error::Result;
use crate::raster::PageImage;
use image::{DynamicImage, GrayImage};
use std::borrow::Cow;
use std::sync::Arc;

/// Reads each page with Tesseract, finds its lines again with the detector, reads each line with the network, and chooses
/// by the evidence of both.
pub struct Pair {
    tesseract: Tesseract,
    model: Arc<CtcModel>,
    dictionaries: Arc<Dictionaries>,
}

impl Pair {
    /// A pair for one thread; the model and the dictionaries are shared.
    pub fn new(tesseract: Tesseract, model: Arc<CtcModel>, dictionaries: Arc<Dictionaries>) -> Self {
        Pair { tesseract, model, dictionaries }
    }

    /// Combines what Tesseract read on `image`, rectangles in the image's own pixels, with the network's reading.
    ///
    /// # Errors
    /// [`ErrorKind::EngineFailed`](crate::error::ErrorKind::EngineFailed) where the network does not run.
    pub fn combine(&self, image: &PageImage, read: RecognisedPage) -> Result<RecognisedPage> {
        let grey = grey(&image.pixels);
        let mut page = RecognisedPage { page: read.page, lines: Vec::new() };
        let mut scorer = Scorer::new(&self.dictionaries, self.model.letters());
        for line in self.seen(&grey, read)? {
            page.lines.extend(combine::read(&grey, line, &self.model, &mut scorer)?);
        }
        layout::order(&mut page.lines);
        Ok(page)
    }

    /// The candidates of each place of each line, as [`Pair::combine`] weighs them; for fitting the weights.
    ///
    /// # Errors
    /// As [`Pair::combine`].
    pub fn explain(&self, image: &PageImage, read: RecognisedPage) -> Result<Vec<Vec<(Kind, Vec<Evidence>)>>> {
        let grey = grey(&image.pixels);
        let lines = self.seen(&grey, read)?;
        lines.iter().map(|line| combine::explain(&grey, line, &self.model, &self.dictionaries)).collect()
    }

    fn seen(&self, grey: &GrayImage, read: RecognisedPage) -> Result<Vec<SeenLine>> {
        Ok(layout::assign(read, self.model.lines(grey)?))
    }
}

impl Recogniser for Pair {
    fn name(&self) -> String {
        format!("{} + {}", self.tesseract.name(), self.model.name())
    }

    fn recognise(&mut self, image: &PageImage) -> Result<RecognisedPage> {
        let read = self.tesseract.read(image)?;
        if read.lines.is_empty() && !super::tesseract::has_ink(&image.pixels) {
            return Ok(read);
        }
        let mut page = self.combine(image, read).map_err(|e| e.page(image.page))?;
        page.map_rects(&image.to_page);
        Ok(page)
    }
}

fn grey(pixels: &DynamicImage) -> Cow<'_, GrayImage> {
    match pixels {
        DynamicImage::ImageLuma8(grey) => Cow::Borrowed(grey),
        other => Cow::Owned(other.to_luma8()),
    }
}

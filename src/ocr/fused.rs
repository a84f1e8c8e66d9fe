//! Tesseract and the line network reading the same page; or the network alone.

use super::fusion::{self, Evidence, Scorer, SecondPass, SeenLine, SegmentKind, Weights, layout};
use super::{CtcModel, LineBox, Recogniser, Tesseract};
use crate::dict::Dictionaries;
use crate::error::Result;
use crate::lm::Model;
use crate::page::{Line, RecognisedPage};
use crate::raster::PageImage;
use image::{DynamicImage, GrayImage};
use std::borrow::Cow;
use std::sync::Arc;

/// Reads each page with Tesseract, finds its lines again with the detector, reads each line with the network, and chooses
/// by the evidence of both.
pub struct FusedRecogniser {
    tesseract: Option<Tesseract>,
    model: Arc<CtcModel>,
    dictionaries: Arc<Dictionaries>,
    language: Arc<Model>,
    weights: Weights,
}

impl FusedRecogniser {
    /// A pair for one thread; the network, the dictionaries and the language model are shared. Without Tesseract the network reads
    /// alone.
    ///
    /// # Errors
    /// None with the weights as they were shipped.
    pub fn new(
        tesseract: Option<Tesseract>,
        model: Arc<CtcModel>,
        dictionaries: Arc<Dictionaries>,
        language: Arc<Model>,
    ) -> Result<Self> {
        Ok(FusedRecogniser { tesseract, model, dictionaries, language, weights: Weights::embedded()? })
    }

    /// Combines what Tesseract read on `image`, rectangles in the image's own pixels, with the network's reading.
    ///
    /// # Errors
    /// [`ErrorKind::EngineFailed`](crate::error::ErrorKind::EngineFailed) where the network does not run.
    pub fn combine(&self, image: &PageImage, read: RecognisedPage) -> Result<RecognisedPage> {
        let grey = grey(&image.pixels);
        let mut page = RecognisedPage { page: read.page, lines: Vec::new() };
        let mut scorer = Scorer::new(&self.dictionaries, self.model.letters(), &self.weights);
        let seen = self.seen(&grey, read)?;
        let typical = typical_height(&seen);
        // Alone, the network is there to be fast.
        let second = SecondPass { language: &self.language, more_crops: self.tesseract.is_some() };
        for line in seen {
            page.lines.extend(fusion::read(&grey, line, typical, &self.model, &mut scorer, &second)?);
        }
        layout::order(&mut page.lines);
        Ok(page)
    }

    /// The candidates of each place of each line, as [`FusedRecogniser::combine`] weighs them; for fitting the weights.
    ///
    /// # Errors
    /// As [`FusedRecogniser::combine`].
    pub fn explain(&self, image: &PageImage, read: RecognisedPage) -> Result<Vec<Vec<(SegmentKind, Vec<Evidence>)>>> {
        let grey = grey(&image.pixels);
        let lines = self.seen(&grey, read)?;
        lines.iter().map(|line| fusion::explain(&grey, line, &self.model, &self.dictionaries, &self.weights)).collect()
    }

    fn seen(&self, grey: &GrayImage, read: RecognisedPage) -> Result<Vec<SeenLine>> {
        Ok(layout::assign(read, self.model.lines(grey)?))
    }
}

impl Recogniser for FusedRecogniser {
    fn name(&self) -> String {
        match &self.tesseract {
            Some(tesseract) => format!("{} + {}", tesseract.name(), self.model.name()),
            None => self.model.name().to_owned(),
        }
    }

    fn recognise(&mut self, image: &PageImage) -> Result<RecognisedPage> {
        let blank = RecognisedPage { page: image.page, lines: Vec::new() };
        if !super::tesseract::has_ink(&image.pixels) {
            return Ok(blank);
        }
        let read = match &mut self.tesseract {
            Some(tesseract) => tesseract.read(image)?,
            None => blank,
        };
        let mut page = self.combine(image, read).map_err(|e| e.page(image.page))?;
        page.map_rects(&image.to_page);
        Ok(page)
    }

    fn recognise_lines(&mut self, image: &PageImage, places: &[LineBox]) -> Result<Option<Vec<Option<Line>>>> {
        let grey = grey(&image.pixels);
        let mut scorer = Scorer::new(&self.dictionaries, self.model.letters(), &self.weights);
        let mut lines = Vec::with_capacity(places.len());
        for place in places {
            let words = match &mut self.tesseract {
                Some(tesseract) => tesseract.read_line(image, &grey, &place.rect)?,
                None => Vec::new(),
            };
            let second = SecondPass { language: &self.language, more_crops: self.tesseract.is_some() };
            let sure = words.iter().all(|w| w.confidence > LONE) && !words.is_empty();
            let alone = Line { words: words.clone(), rect: place.rect, ..Line::default() };
            let seen = SeenLine { place: *place, words, detected: true, block: 0 };
            let line = fusion::read(&grey, seen, place.rect.height(), &self.model, &mut scorer, &second)?;
            // A sign that stands alone is no language, and printed all the same.
            lines.push(line.or(sure.then_some(alone)));
        }
        Ok(Some(lines))
    }
}

/// What Tesseract is surer of than this is printed in its place, whatever the network thinks.
const LONE: f32 = 0.6;

/// Height of the line in the middle when lines are sorted by it; 0 where there are none.
fn typical_height(lines: &[SeenLine]) -> f32 {
    let mut heights: Vec<f32> = lines.iter().filter(|l| l.detected).map(|l| l.place.rect.height()).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() / 2).copied().unwrap_or(0.0)
}

fn grey(pixels: &DynamicImage) -> Cow<'_, GrayImage> {
    match pixels {
        DynamicImage::ImageLuma8(grey) => Cow::Borrowed(grey),
        other => Cow::Owned(other.to_luma8()),
    }
}

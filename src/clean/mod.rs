//! Second step: orientation, skew, seal, background, speckle and borders; each keeps the transform back to the page as scanned.

use crate::diagnostics::Outcome;
use crate::raster::PageImage;
use image::DynamicImage;

/// Which cleaning steps are done.
#[derive(Debug, Clone, Default)]
pub struct CleanOptions {}

/// Makes pages fit for recognition.
#[derive(Debug, Clone, Default)]
pub struct Cleaner {}

impl Cleaner {
    /// A cleaner that does these steps.
    pub fn new(_options: CleanOptions) -> Self {
        Cleaner {}
    }

    /// The page in grey.
    pub fn clean(&self, image: PageImage) -> Outcome<PageImage> {
        Outcome::clean(PageImage { pixels: DynamicImage::ImageLuma8(image.pixels.into_luma8()), ..image })
    }
}

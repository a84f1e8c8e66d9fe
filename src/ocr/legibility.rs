//! How sure Tesseract is of what it reads: which way up a page lies where the line network is not installed.

use super::tesseract::{Segmentation, Tesseract, TesseractOptions};
use crate::clean::Legibility;
use crate::error::Result;
use crate::geometry::Transform;
use crate::raster::PageImage;
use image::{DynamicImage, GrayImage};
use std::sync::{Mutex, PoisonError};

/// A Tesseract that reads stretches of lines. Threads wait for each other: a page asks for a dozen.
pub struct TesseractLegibility {
    lines: Mutex<Tesseract>,
}

/// Height that lines are scaled to, in pixels: that of 13 point print at 200 dpi, at which reading is fastest without loss.
const HEIGHT: f32 = 36.0;

/// More letters than this tell nothing new.
const ENOUGH: f32 = 12.0;

/// One stretch says no more than this.
const MOST: f32 = 4.0;

/// Confidence at which a stretch is as likely print as not, and how much each tenth above it adds a letter.
const EVEN: f32 = 0.62;
const TENTH: f32 = 0.18;

impl TesseractLegibility {
    /// Loads the language data.
    ///
    /// # Errors
    /// As [`Tesseract::new`].
    pub fn new(options: &TesseractOptions) -> Result<Self> {
        let options = TesseractOptions { segmentation: Segmentation::Line, alternatives: false, ..options.clone() };
        Ok(TesseractLegibility { lines: Mutex::new(Tesseract::new(options)?) })
    }
}

impl Legibility for TesseractLegibility {
    fn log_odds(&self, image: &GrayImage, height: f32) -> f32 {
        let scale = HEIGHT / height.max(1.0);
        let side = |v: u32| ((v as f32 * scale) as u32).max(8);
        let (wide, high) = (side(image.width()), side(image.height()));
        let line = image::imageops::resize(image, wide, high, image::imageops::FilterType::Triangle);
        let page =
            PageImage { page: 1, pixels: DynamicImage::ImageLuma8(line), dpi: 200.0, to_page: Transform::IDENTITY };
        let mut tesseract = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(read) = tesseract.read(&page) else { return 0.0 };
        let letters = read.lines.iter().flat_map(|l| &l.words).flat_map(|w| w.text.chars());
        let count = letters.filter(|c| c.is_alphanumeric()).count() as f32;
        let Some(confidence) = read.confidence().filter(|_| count >= 2.0) else { return 0.0 };
        ((confidence - EVEN) * 10.0 * TENTH * count.min(ENOUGH)).clamp(-MOST, MOST)
    }

    fn lines(&self, _page: &GrayImage) -> Vec<[f32; 4]> {
        Vec::new()
    }
}

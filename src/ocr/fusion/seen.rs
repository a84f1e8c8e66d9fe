//! A line of the page before it is read: where it is, who saw it, and what is known of the lines beside it.

use super::crop::{Crop, CropShape};
use super::language::Around;
use crate::error::Result;
use crate::ocr::{LineBox, LineNetwork};
use crate::page::Word;
use image::GrayImage;

/// One line as both recognisers see it.
pub(in crate::ocr) struct SeenLine {
    /// Where it is on the image.
    pub place: LineBox,
    /// Tesseract's words in it, from left to right; none where it saw nothing.
    pub words: Vec<Word>,
    /// Whether the line detector found it; else only Tesseract did.
    pub detected: bool,
    /// Tesseract's block.
    pub block: u32,
    /// The words of the lines before and behind it.
    pub around: Around,
    /// What the network saw of it, where it has looked.
    look: Option<Crop>,
}

impl SeenLine {
    /// A line that the network has not looked at, of whose neighbours nothing is known.
    pub fn new(place: LineBox, words: Vec<Word>, detected: bool, block: u32) -> Self {
        SeenLine { place, words, detected, block, around: Around::default(), look: None }
    }

    /// Looks at the line once; what is seen is kept until it is taken.
    pub(super) fn look(&mut self, page: &GrayImage, model: &dyn LineNetwork) -> Result<Option<&Crop>> {
        if self.look.is_none() {
            self.look = Crop::take(page, &self.place, CropShape::default(), model)?;
        }
        Ok(self.look.as_ref())
    }

    /// What the network sees of the line; None where nothing of it lies on the page.
    pub(super) fn crop(&mut self, page: &GrayImage, model: &dyn LineNetwork) -> Result<Option<Crop>> {
        self.look(page, model)?;
        Ok(self.look.take())
    }
}

//! First step: a file becomes a document of pages, and a page a [`PageImage`].

use crate::document::PageNo;
use crate::geometry::Transform;
use image::DynamicImage;

/// One page as pixels, and the way back to the page as scanned.
#[derive(Debug, Clone)]
pub struct PageImage {
    /// Which page.
    pub page: PageNo,
    /// The pixels: `ImageLuma8` or `ImageRgb8`, nothing else; `ImageLuma8` after cleaning.
    pub pixels: DynamicImage,
    /// Resolution of `pixels` in dots per inch.
    pub dpi: f32,
    /// Maps pixels of this image to pixels of the page as scanned (the first rendering).
    pub to_page: Transform,
}

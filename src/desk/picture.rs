//! A page's picture for the browser: as scanned, no wider than a screen.

use crate::error::{Error, ErrorKind, Result};
use crate::raster::Document;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Width that a page is shown with at most, in pixels: 200 dpi on A4, at which marks can be told apart.
const WIDEST: u32 = 1654;

/// Quality of JPEG at which letters have no halos that look like marks.
const QUALITY: u8 = 80;

/// The page `number` of the file at `path`, whose content must have the hash `id`, as JPEG.
///
/// # Errors
/// Where the file is gone, changed or cannot be rendered.
pub fn picture(path: &Path, id: &str, number: u32) -> Result<Vec<u8>> {
    let render = || -> Result<Vec<u8>> {
        let document = Document::open(path)?.value;
        if document.sha256() != id {
            let remedy = "read the file again to check it beside its picture";
            return Err(Error::new(ErrorKind::Unreadable, "the file has changed since it was read")
                .file(path)
                .remedy(remedy));
        }
        let mut pixels = document.render(number)?.value.pixels;
        if pixels.width() > WIDEST {
            pixels = pixels.resize(WIDEST, u32::MAX, FilterType::Triangle);
        }
        let mut jpeg = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
        let encoded = if pixels.color().has_color() {
            pixels.to_rgb8().write_with_encoder(encoder)
        } else {
            pixels.to_luma8().write_with_encoder(encoder)
        };
        encoded.map_err(|e| Error::new(ErrorKind::Defect, "the picture cannot be made").source(e))?;
        Ok(jpeg)
    };
    // A file that upsets a decoder costs its picture, not the desk.
    catch_unwind(AssertUnwindSafe(render))
        .unwrap_or_else(|_| Err(Error::new(ErrorKind::Damaged, "the page cannot be shown").file(path)))
}

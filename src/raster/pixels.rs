//! What pages of every kind of file have in common: how many pixels may be held, and what they are reduced to.

use super::resolution::Dpi;
use crate::diagnostics::Diagnostic;
use crate::document::PageSize;
use crate::error::{Error, ErrorKind, Result};
use image::imageops::{self, FilterType};
use image::{DynamicImage, GrayImage, RgbImage};

/// Bytes of decoded samples that a page may take; decoders hold them about twice, so a page stays within 1 GiB or so.
/// Room for A3 at 600 dpi in colour (209 MB) and A0 at 400 dpi in grey (248 MB).
const DECODED_BYTES: u64 = 420_000_000;
/// Pixels of a page that is handed on: A3 at 600 dpi (70 million) passes as it is, larger ones are reduced.
const PAGE_PIXELS: u64 = 75_000_000;
/// How far red, green and blue may lie apart in a grey page that a scanner or JPEG has tinted.
const TINT: u8 = 40;
/// One pixel in so many may be more colourful than that in a page taken for grey; a hand-written number is more.
const COLOURFUL_ONE_IN: usize = 100_000;
/// Grey levels between the darkest and the lightest pixel below which nothing is to be read.
const CONTRAST: u8 = 24;

/// Refuses a page before it is decoded where its samples would take too much memory.
///
/// # Errors
/// [`ErrorKind::TooLarge`], [`ErrorKind::Damaged`] where a side is nothing.
pub(super) fn check_size(width: u32, height: u32, bytes_per_pixel: u64) -> Result<()> {
    if width == 0 || height == 0 {
        return Err(Error::new(ErrorKind::Damaged, "the image has no pixels"));
    }
    if u64::from(width) * u64::from(height) * bytes_per_pixel <= DECODED_BYTES {
        return Ok(());
    }
    let message = format!("the image of {width} x {height} pixels is too large");
    Err(Error::new(ErrorKind::TooLarge, message).remedy("scan it at 300 dpi, or in parts"))
}

/// The same page with square pixels: a fax has half as many lines as columns to the inch.
///
/// # Errors
/// [`ErrorKind::TooLarge`] where the stretched page would take too much memory.
pub(super) fn squared(pixels: DynamicImage, dpi: &Dpi) -> Result<DynamicImage> {
    let size = (pixels.width(), pixels.height());
    let (width, height) = squared_size(size, dpi);
    if (width, height) == size {
        return Ok(pixels);
    }
    check_size(width, height, if pixels.color().has_color() { 3 } else { 1 })?;
    Ok(pixels.resize_exact(width, height, FilterType::Triangle))
}

fn squared_size((width, height): (u32, u32), dpi: &Dpi) -> (u32, u32) {
    // Rounding in PDF boxes makes resolutions differ by a few thousandths.
    if (dpi.x / dpi.y - 1.0).abs() < 0.02 {
        return (width, height);
    }
    let stretch = |side: u32, dpi_there: f32| (side as f32 * dpi.larger() / dpi_there).round().max(1.0) as u32;
    (stretch(width, dpi.x), stretch(height, dpi.y))
}

/// The page, made smaller by a whole factor where it has more pixels than are handed on; with the scale, 1 or less.
pub(super) fn within_budget(pixels: DynamicImage, diagnostics: &mut Vec<Diagnostic>) -> (DynamicImage, f32) {
    let (width, height) = (pixels.width(), pixels.height());
    let factor = reduction(width, height);
    if factor == 1 {
        return (pixels, 1.0);
    }
    diagnostics.push(Diagnostic::info(format!(
        "the page of {width} x {height} pixels is very large; it is read at 1/{factor} of its resolution"
    )));
    (averaged(pixels, width / factor, height / factor), 1.0 / factor as f32)
}

/// The whole factor by which a page of this size is made smaller.
fn reduction(width: u32, height: u32) -> u32 {
    let reduced_to = |factor: u32| u64::from(width / factor) * u64::from(height / factor);
    (1..).find(|&factor| reduced_to(factor) <= PAGE_PIXELS).unwrap_or(1)
}

/// The size in pixels at which a page that is decoded to this size is handed on.
pub(super) fn handed_on(size: (u32, u32), dpi: &Dpi) -> PageSize {
    let (width, height) = squared_size(size, dpi);
    let factor = reduction(width, height);
    PageSize { width: width / factor, height: height / factor, dpi: dpi.larger() / factor as f32 }
}

/// Each pixel the mean of those that it replaces.
fn averaged(pixels: DynamicImage, width: u32, height: u32) -> DynamicImage {
    match pixels {
        DynamicImage::ImageLuma8(grey) => DynamicImage::ImageLuma8(imageops::thumbnail(&grey, width, height)),
        other => DynamicImage::ImageRgb8(imageops::thumbnail(&other.into_rgb8(), width, height)),
    }
}

/// Eight bits a sample, and what is transparent laid on white paper: `ImageLuma8` or `ImageRgb8`.
pub(super) fn on_paper(pixels: DynamicImage) -> DynamicImage {
    match pixels {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) => pixels,
        DynamicImage::ImageLuma16(_) => DynamicImage::ImageLuma8(pixels.into_luma8()),
        DynamicImage::ImageLumaA8(_) | DynamicImage::ImageLumaA16(_) => {
            let both = pixels.into_luma_alpha8();
            let grey = both.pixels().map(|p| over_white(p.0[0], p.0[1])).collect();
            DynamicImage::ImageLuma8(
                GrayImage::from_raw(both.width(), both.height(), grey).expect("one sample a pixel"),
            )
        }
        other if other.color().has_alpha() => {
            let rgba = other.into_rgba8();
            let rgb = rgba.pixels().flat_map(|p| [0, 1, 2].map(|i| over_white(p.0[i], p.0[3]))).collect();
            DynamicImage::ImageRgb8(
                RgbImage::from_raw(rgba.width(), rgba.height(), rgb).expect("three samples a pixel"),
            )
        }
        other => DynamicImage::ImageRgb8(other.into_rgb8()),
    }
}

/// A sample of this opacity on white.
fn over_white(sample: u8, alpha: u8) -> u8 {
    let (sample, alpha) = (u32::from(sample), u32::from(alpha));
    ((sample * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

/// The page in grey where its colour carries nothing.
pub(super) fn without_idle_colour(pixels: DynamicImage) -> DynamicImage {
    let DynamicImage::ImageRgb8(rgb) = &pixels else { return pixels };
    let spread = |p: &[u8; 3]| p[0].max(p[1]).max(p[2]) - p[0].min(p[1]).min(p[2]);
    let samples = rgb.as_raw().as_chunks::<3>().0;
    let colourful = samples.iter().filter(|p| spread(p) > TINT).count();
    if colourful > samples.len() / COLOURFUL_ONE_IN { pixels } else { DynamicImage::ImageLuma8(pixels.into_luma8()) }
}

/// Remarks on a page on which there is nothing to read.
pub(super) fn remark_on_emptiness(pixels: &DynamicImage, diagnostics: &mut Vec<Diagnostic>) {
    if pixels.width() < 16 || pixels.height() < 16 {
        let size = format!("{} x {}", pixels.width(), pixels.height());
        diagnostics.push(Diagnostic::warning(format!("the page of {size} pixels is too small to hold text")));
    } else if is_blank(pixels) {
        diagnostics.push(Diagnostic::info("the page is blank"));
    }
}

/// Whether all pixels are alike, so that nothing can stand on the page.
pub(super) fn is_blank(pixels: &DynamicImage) -> bool {
    let samples = pixels.as_bytes();
    let (mut dark, mut light) = (u8::MAX, u8::MIN);
    for &sample in samples {
        dark = dark.min(sample);
        light = light.max(sample);
    }
    samples.is_empty() || light - dark < CONTRAST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_format_passes_and_the_absurd_is_refused_before_it_is_decoded() {
        check_size(7016, 9921, 3).unwrap();
        check_size(13_244, 18_724, 1).unwrap();
        assert_eq!(check_size(30_000, 30_000, 1).unwrap_err().kind(), ErrorKind::TooLarge);
        assert_eq!(check_size(u32::MAX, u32::MAX, 4).unwrap_err().kind(), ErrorKind::TooLarge);
        assert_eq!(check_size(0, 10, 1).unwrap_err().kind(), ErrorKind::Damaged);
    }

    #[test]
    fn transparency_is_laid_on_white() {
        let clear = image::RgbaImage::from_pixel(2, 2, image::Rgba([0, 0, 0, 0]));
        assert_eq!(on_paper(clear.into()).into_rgb8().get_pixel(0, 0).0, [255, 255, 255]);
        let half = image::ImageBuffer::from_pixel(2, 2, image::LumaA([0u8, 128]));
        assert_eq!(on_paper(DynamicImage::ImageLumaA8(half)).into_luma8().get_pixel(0, 0).0, [127]);
    }

    #[test]
    fn a_page_is_grey_unless_something_on_it_is_coloured() {
        let mut page = RgbImage::from_pixel(400, 400, image::Rgb([250, 248, 240]));
        assert!(matches!(without_idle_colour(page.clone().into()), DynamicImage::ImageLuma8(_)));
        for x in 10..20 {
            page.put_pixel(x, 10, image::Rgb([200, 30, 40]));
        }
        assert!(matches!(without_idle_colour(page.into()), DynamicImage::ImageRgb8(_)));
    }

    #[test]
    fn fax_lines_are_stretched() {
        let fax = GrayImage::from_pixel(1728, 1100, image::Luma([255]));
        let square = squared(fax.into(), &Dpi { x: 204.0, y: 98.0 }).unwrap();
        assert_eq!((square.width(), square.height()), (1728, 2290));
    }
}

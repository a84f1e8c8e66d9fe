//! A page that is one scanned image, or strips of one: its own pixels, without rasterising.

use super::super::pixels;
use super::survey::{Placement, Survey};
use crate::error::{Error, ErrorKind, Result};
use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps, LumaData, Paint, SoftMask,
};
use hayro::hayro_syntax::object::{Array, Name, Stream};
use hayro::kurbo::{BezPath, Rect};
use image::imageops::{self, FilterType};
use image::{DynamicImage, GrayImage, Rgb, RgbImage};

/// Share of the page that images must cover for the page to be taken for a scan.
const LEAST_COVER: f64 = 0.3;
/// Share of the page's sides by which a scan may miss or overhang its edges and still be the page.
const EDGE: f64 = 0.006;
/// How far the resolutions of strips may differ from each other.
const SAME_PPI: f64 = 0.015;

/// How the images of a page make it up.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scan {
    /// The images in the order of drawing.
    images: Vec<Placement>,
    /// Resolution in dots per inch along the page's axes.
    pub(super) ppi: (f64, f64),
    /// The part of the page that the pixels show, in points: the images' area, or the page.
    pub(super) frame: Rect,
    /// Size of `frame` in pixels.
    pub(super) size: (u32, u32),
}

/// The scan that a page of this size in points consists of; None where it has to be rasterised.
pub(super) fn scan(survey: &Survey, width: f64, height: f64) -> Option<Scan> {
    let page = Rect::new(0.0, 0.0, width, height);
    let shown = |image: &&Placement| image.area().intersect(page).area() > 0.0;
    let images: Vec<Placement> = survey.images.iter().filter(shown).copied().collect();
    if survey.other_marks || survey.visible_text || images.is_empty() {
        return None;
    }
    let ppi = images[0].ppi()?;
    let near = |a: f64, b: f64| (a / b - 1.0).abs() < SAME_PPI;
    let alike = |image: &Placement| image.ppi().is_some_and(|(x, y)| near(x, ppi.0) && near(y, ppi.1));
    if !images.iter().all(alike) {
        return None;
    }
    let union = images.iter().map(Placement::area).reduce(|a, b| a.union(b))?;
    let covered: f64 = images.iter().map(|i| i.area().area()).sum();
    // Strips that lie on top of each other are layers, strips far apart are pictures in a page.
    let tiled = (0.9..1.1).contains(&(covered / union.area()));
    if !tiled || union.intersect(page).area() < LEAST_COVER * page.area() {
        return None;
    }
    let (dx, dy) = (EDGE * width, EDGE * height);
    let fills =
        union.x0.abs() < dx && union.y0.abs() < dy && (union.x1 - width).abs() < dx && (union.y1 - height).abs() < dy;
    let frame = if fills { union } else { page };
    let pixels = |points: f64, ppi: f64| (points * ppi / 72.0).round().clamp(1.0, f64::from(u32::MAX)) as u32;
    let size = match &images[..] {
        [one] if fills && one.is_turned() => (one.height, one.width),
        [one] if fills => (one.width, one.height),
        _ => (pixels(frame.width(), ppi.0), pixels(frame.height(), ppi.1)),
    };
    Some(Scan { images, ppi, frame, size })
}

/// What is wrong with an image that was decoded all the same.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flaws {
    /// Images that could not be decoded at all.
    pub(super) lost: usize,
    /// Images of which the end is missing.
    pub(super) cut_off: usize,
}

/// Puts a scan's images together; a device that is shown the page a second time.
pub(super) struct Assembly<'s> {
    scan: &'s Scan,
    seen: usize,
    canvas: Option<DynamicImage>,
    pub(super) flaws: Flaws,
    failed: Option<Error>,
}

impl<'s> Assembly<'s> {
    pub(super) fn new(scan: &'s Scan) -> Self {
        Assembly { scan, seen: 0, canvas: None, flaws: Flaws::default(), failed: None }
    }

    /// The page; None where none of its images could be decoded.
    ///
    /// # Errors
    /// [`ErrorKind::TooLarge`] where it would take too much memory.
    pub(super) fn finish(mut self) -> Result<(Option<DynamicImage>, Flaws)> {
        match self.failed.take() {
            Some(error) => Err(error),
            None => Ok((self.canvas, self.flaws)),
        }
    }

    fn place(&mut self, image: Image<'_, '_>, placement: &Placement) -> Result<()> {
        let bytes = bytes_per_pixel(&image);
        pixels::check_size(placement.width, placement.height, bytes)?;
        let (width, height) = self.scan.size;
        if self.scan.images.len() > 1 || (width, height) != (placement.width, placement.height) {
            pixels::check_size(width, height, bytes)?;
        }
        self.flaws.cut_off += usize::from(ends_early(&image));
        let Some((decoded, whole)) = decoded(&image) else {
            self.flaws.lost += 1;
            return Ok(());
        };
        self.flaws.cut_off += usize::from(!whole);
        let decoded = padded(decoded, placement);
        let upright = upright(decoded, placement);
        if (upright.width(), upright.height()) == self.scan.size {
            self.canvas = Some(upright);
            return Ok(());
        }
        let area = placement.area();
        let at = |point: f64, from: f64, ppi: f64| ((point - from) * ppi / 72.0).round() as i64;
        let x = at(area.x0, self.scan.frame.x0, self.scan.ppi.0);
        let y = at(area.y0, self.scan.frame.y0, self.scan.ppi.1);
        match (&mut self.canvas, &upright) {
            (Some(DynamicImage::ImageLuma8(canvas)), DynamicImage::ImageLuma8(strip)) => {
                imageops::replace(canvas, strip, x, y);
            }
            (None, DynamicImage::ImageLuma8(strip)) => {
                let mut canvas = GrayImage::from_pixel(width, height, image::Luma([255]));
                imageops::replace(&mut canvas, strip, x, y);
                self.canvas = Some(canvas.into());
            }
            (canvas, _) => {
                let mut rgb = match canvas.take() {
                    Some(canvas) => canvas.into_rgb8(),
                    None => RgbImage::from_pixel(width, height, Rgb([255; 3])),
                };
                imageops::replace(&mut rgb, &upright.into_rgb8(), x, y);
                *canvas = Some(rgb.into());
            }
        }
        Ok(())
    }
}

impl<'a> Device<'a> for Assembly<'_> {
    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        // The survey met the same images in the same order; those off the page were left out there.
        let Some(placement) = self.scan.images.get(self.seen).filter(|p| p.map == props.transform).copied() else {
            return;
        };
        self.seen += 1;
        if self.failed.is_none()
            && let Err(error) = self.place(image, &placement)
        {
            self.failed = Some(error);
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// The filters of a stream by their names, full or as inline images shorten them.
fn filters(stream: &Stream<'_>) -> Vec<String> {
    let text = |name: Name<'_>| name.as_str().to_owned();
    for key in ["Filter", "F"] {
        if let Some(name) = stream.dict().get::<Name<'_>>(key) {
            return vec![text(name)];
        }
        if let Some(names) = stream.dict().get::<Array<'_>>(key) {
            return names.iter::<Name<'_>>().map(text).collect();
        }
    }
    Vec::new()
}

/// Bytes that a decoder needs a pixel, for the check before it runs; JPEG 2000 is decoded in floating point.
fn bytes_per_pixel(image: &Image<'_, '_>) -> u64 {
    let Image::Raster(raster) = image else { return 1 };
    match filters(raster.stream()).last().map(String::as_str) {
        Some("JPXDecode") => 5,
        Some("CCITTFaxDecode" | "CCF" | "JBIG2Decode") => 1,
        _ => 3,
    }
}

/// Whether a JPEG stream lacks its end: its decoder fills up with grey and says nothing.
fn ends_early(image: &Image<'_, '_>) -> bool {
    let Image::Raster(raster) = image else { return false };
    if filters(raster.stream()) != ["DCTDecode"] {
        return false;
    }
    let data = raster.stream().raw_data();
    // Some writers count the line end before `endstream` as data, some add a few bytes more.
    !data[data.len().saturating_sub(64)..].windows(2).any(|w| w == b"\xFF\xD9")
}

/// The pixels of an image on white, and whether all of its rows are there; None where it cannot be decoded.
fn decoded(image: &Image<'_, '_>) -> Option<(DynamicImage, bool)> {
    let mut out = None;
    match image {
        Image::Raster(raster) => raster.with_rgba(
            |data, alpha| {
                let whole = data.scale_factors() != (1.0, 1.0) || data.height() == raster.height();
                let pixels = match data {
                    ImageData::Luma(grey) => GrayImage::from_raw(grey.width, grey.height, grey.data).map(Into::into),
                    ImageData::Rgb(rgb) => RgbImage::from_raw(rgb.width, rgb.height, rgb.data).map(Into::into),
                };
                out = pixels.map(|pixels| {
                    (
                        match alpha {
                            Some(alpha) => faded(pixels, &alpha),
                            None => pixels,
                        },
                        whole,
                    )
                });
            },
            None,
        ),
        Image::Stencil(stencil) => stencil.with_stencil(
            |mask, paint| {
                let whole = mask.scale_factors != (1.0, 1.0) || mask.height == stencil.height();
                let ink = match paint {
                    Paint::Color(colour) => colour.to_rgba().to_rgba8(),
                    Paint::Pattern(_) => [0, 0, 0, 255],
                };
                out = inked(mask, ink).map(|pixels| (pixels, whole));
            },
            None,
        ),
    }
    out
}

/// A stencil's paint on white paper.
fn inked(mask: LumaData, [r, g, b, _]: [u8; 4]) -> Option<DynamicImage> {
    let on_white = |ink: u8, cover: u8| 255 - ((255 - u16::from(ink)) * u16::from(cover) / 255) as u8;
    if r == g && g == b {
        let grey = mask.data.iter().map(|&cover| on_white(r, cover)).collect();
        return GrayImage::from_raw(mask.width, mask.height, grey).map(Into::into);
    }
    let rgb = mask.data.iter().flat_map(|&cover| [r, g, b].map(|ink| on_white(ink, cover))).collect();
    RgbImage::from_raw(mask.width, mask.height, rgb).map(Into::into)
}

/// A picture seen through its own mask, on white paper.
fn faded(pixels: DynamicImage, alpha: &LumaData) -> DynamicImage {
    let Some(mask) = GrayImage::from_raw(alpha.width, alpha.height, alpha.data.clone()) else { return pixels };
    let (width, height) = (pixels.width(), pixels.height());
    let mask = if (alpha.width, alpha.height) == (width, height) {
        mask
    } else {
        imageops::resize(&mask, width, height, FilterType::Triangle)
    };
    let mut rgba = pixels.into_rgba8();
    rgba.pixels_mut().zip(mask.pixels()).for_each(|(p, m)| p.0[3] = m.0[0]);
    pixels::on_paper(rgba.into())
}

/// The image in the size that the file says it has: what is missing below is white, other sizes are scaled.
fn padded(pixels: DynamicImage, placement: &Placement) -> DynamicImage {
    let (width, height) = (placement.width, placement.height);
    if (pixels.width(), pixels.height()) == (width, height) {
        return pixels;
    }
    if pixels.width() == width && pixels.height() < height {
        return match pixels {
            DynamicImage::ImageLuma8(grey) => {
                let mut data = grey.into_raw();
                data.resize(width as usize * height as usize, 255);
                GrayImage::from_raw(width, height, data).expect("filled up").into()
            }
            other => {
                let mut data = other.into_rgb8().into_raw();
                data.resize(3 * width as usize * height as usize, 255);
                RgbImage::from_raw(width, height, data).expect("filled up").into()
            }
        };
    }
    pixels.resize_exact(width, height, FilterType::Triangle)
}

/// The image turned and mirrored as the page shows it.
fn upright(pixels: DynamicImage, placement: &Placement) -> DynamicImage {
    let [a, b, c, d, ..] = placement.map.as_coeffs();
    if placement.is_turned() {
        match (c > 0.0, b > 0.0) {
            (true, true) => pixels.rotate90().fliph(),
            (false, true) => pixels.rotate90(),
            (true, false) => pixels.rotate270(),
            (false, false) => pixels.rotate270().fliph(),
        }
    } else {
        match (a > 0.0, d > 0.0) {
            (true, true) => pixels,
            (false, true) => pixels.fliph(),
            (true, false) => pixels.flipv(),
            (false, false) => pixels.rotate180(),
        }
    }
}

/// The error for a page of which nothing could be decoded.
pub(super) fn nothing_decoded() -> Error {
    Error::new(ErrorKind::Damaged, "the page's image is damaged: it cannot be decoded").remedy("scan or copy it again")
}

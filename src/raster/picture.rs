//! PNG and JPEG files: one page each.

use super::resolution::Claim;
use super::{Kind, Rendering, pixels};
use crate::diagnostics::Diagnostic;
use crate::error::{Error, ErrorKind, Result};
use image::codecs::{jpeg::JpegDecoder, png::PngDecoder};
use image::error::ImageError;
use image::{DynamicImage, ImageDecoder};
use std::io::Cursor;
use std::sync::Arc;

/// A PNG or JPEG file.
pub(super) struct PictureFile {
    bytes: Arc<Vec<u8>>,
    kind: Kind,
}

impl PictureFile {
    /// Opens a file of this kind, which is a picture, and looks at its header.
    pub(super) fn open(bytes: Arc<Vec<u8>>, kind: Kind) -> Result<Self> {
        let picture = PictureFile { bytes, kind };
        picture.decoder()?;
        Ok(picture)
    }

    /// PNG or JPEG.
    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// The page upright, as its EXIF data say.
    pub(super) fn render(&self, diagnostics: &mut Vec<Diagnostic>) -> Result<Rendering> {
        let mut decoder = self.decoder()?;
        let (width, height) = decoder.dimensions();
        pixels::check_size(width, height, u64::from(decoder.color_type().bytes_per_pixel()))?;
        // A wrong orientation tag does not make the picture unreadable.
        let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
        let exif = decoder.exif_metadata().ok().flatten();
        let decoded = DynamicImage::from_decoder(decoder).map_err(damaged)?;
        if self.kind == Kind::Jpeg && !self.bytes.trim_ascii_end().ends_with(b"\xFF\xD9") {
            diagnostics.push(
                Diagnostic::warning(
                    "the file is cut off or has other data at its end; part of the page may be missing",
                )
                .hint("scan or copy it again"),
            );
        }
        let mut pixels = pixels::on_paper(decoded);
        pixels.apply_orientation(orientation);
        let claim = match self.kind {
            Kind::Png => png_resolution(&self.bytes),
            _ => jfif_resolution(&self.bytes),
        };
        let claim = claim.or_else(|| exif.and_then(exif_resolution));
        let turned = pixels.width() != width && pixels.width() == height;
        let claim = claim.map_or(Claim::None, |(x, y)| if turned { Claim::Dpi(y, x) } else { Claim::Dpi(x, y) });
        Ok(Rendering { pixels, claim })
    }

    /// How the picture has to be turned, as EXIF numbers it: 1 not at all.
    pub(super) fn orientation(&self) -> u8 {
        self.decoder().ok().and_then(|mut d| d.orientation().ok()).map_or(1, |o| o.to_exif())
    }

    fn decoder(&self) -> Result<Box<dyn ImageDecoder + '_>> {
        let reader = Cursor::new(self.bytes.as_slice());
        Ok(match self.kind {
            Kind::Png => Box::new(PngDecoder::new(reader).map_err(damaged)?),
            _ => Box::new(JpegDecoder::new(reader).map_err(damaged)?),
        })
    }
}

/// The decoder's complaint as an error of this library.
fn damaged(error: ImageError) -> Error {
    match error {
        ImageError::Unsupported(e) => Error::new(ErrorKind::Unsupported, format!("the picture is not read: {e}"))
            .remedy("convert it to PNG")
            .source(e),
        e => Error::new(ErrorKind::Damaged, format!("the picture is damaged: {e}"))
            .remedy("scan or copy it again")
            .source(e),
    }
}

const METRES_PER_INCH: f32 = 0.0254;

/// Resolution in dots per inch from the pHYs chunk (PNG specification, 11.3.4.3); None where the unit is not the metre.
fn png_resolution(bytes: &[u8]) -> Option<(f32, f32)> {
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        let name = bytes.get(at + 4..at + 8)?;
        let data = bytes.get(at + 8..(at + 8).checked_add(length)?)?;
        match name {
            b"pHYs" if length == 9 && data[8] == 1 => {
                let per_metre = |d: &[u8]| u32::from_be_bytes([d[0], d[1], d[2], d[3]]) as f32;
                return Some((per_metre(data) * METRES_PER_INCH, per_metre(&data[4..]) * METRES_PER_INCH));
            }
            b"IDAT" | b"IEND" => return None,
            _ => at += 12 + length,
        }
    }
}

/// Resolution in dots per inch from the JFIF header (JFIF 1.02); None where it gives only an aspect ratio.
fn jfif_resolution(bytes: &[u8]) -> Option<(f32, f32)> {
    let mut at = 2;
    loop {
        let [0xFF, marker] = *bytes.get(at..at + 2)? else { return None };
        // Entropy-coded data start here: no header follows.
        if marker == 0xDA {
            return None;
        }
        let length = usize::from(u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?));
        let data = bytes.get(at + 4..at + 2 + length)?;
        if marker == 0xE0 && data.starts_with(b"JFIF\0") && data.len() >= 12 {
            let unit = match data[7] {
                1 => 1.0,
                2 => 2.54,
                _ => return None,
            };
            let density = |i: usize| f32::from(u16::from_be_bytes([data[i], data[i + 1]])) * unit;
            return Some((density(8), density(10)));
        }
        at += 2 + length;
    }
}

/// Resolution in dots per inch from EXIF data.
fn exif_resolution(data: Vec<u8>) -> Option<(f32, f32)> {
    use exif::{In, Tag, Value};
    let exif = exif::Reader::new().read_raw(data).ok()?;
    let number = |tag| match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Rational(v) => v.first().map(|r| r.to_f32()),
        _ => None,
    };
    let unit = match exif.get_field(Tag::ResolutionUnit, In::PRIMARY).and_then(|f| f.value.get_uint(0)) {
        Some(3) => 2.54,
        _ => 1.0,
    };
    Some((number(Tag::XResolution)? * unit, number(Tag::YResolution)? * unit))
}

//! PNG and JPEG files: one page each.

use super::resolution::Claim;
use super::{Kind, Rendering, pixels};
use crate::diagnostics::{Diagnostic, Severity};
use crate::error::{Error, ErrorKind, Result};
use image::codecs::{jpeg::JpegDecoder, png::PngDecoder};
use image::error::ImageError;
use image::{DynamicImage, GrayImage, ImageDecoder, RgbImage};
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
        if kind == Kind::Jpeg
            && let Some(name) = rare_jpeg(&bytes)
        {
            let message = format!("this kind of JPEG ({name}) is not read");
            return Err(Error::new(ErrorKind::Unsupported, message).remedy("convert it to PNG, or to a baseline JPEG"));
        }
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
        let decoded = match DynamicImage::from_decoder(decoder) {
            Err(error) if self.kind == Kind::Png => self.rows_of_png(diagnostics).ok_or_else(|| damaged(error))?,
            decoded => decoded.map_err(damaged)?,
        };
        if self.kind == Kind::Jpeg && !self.bytes.trim_ascii_end().ends_with(b"\xFF\xD9") {
            let ended = self.bytes.windows(2).any(|w| w == b"\xFF\xD9");
            let remark = if ended {
                Diagnostic::warning("the file has other data at its end; part of the page may be missing")
            } else {
                Diagnostic::new(Severity::Error, "the file is cut off; the lower part of the page is missing")
            };
            diagnostics.push(remark.hint("scan or copy it again"));
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

    /// The rows that a damaged PNG file still has, those that are missing white; None where there are none. Of an interlaced picture
    /// the first rows are only a preview, and nothing is taken.
    fn rows_of_png(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<DynamicImage> {
        let mut decoder = png::Decoder::new(Cursor::new(self.bytes.as_slice()));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        decoder.ignore_checksums(true);
        let mut reader = decoder.read_info().ok()?;
        let info = reader.info();
        if info.interlaced {
            return None;
        }
        let (width, height) = (info.width, info.height);
        let row_bytes = reader.output_line_size(width)?;
        let mut samples = vec![255; row_bytes * height as usize];
        let mut found = 0;
        while let Ok(Some(row)) = reader.next_row() {
            let start = found * row_bytes;
            samples.get_mut(start..start + row_bytes)?.copy_from_slice(row.data());
            found += 1;
        }
        if found == 0 {
            return None;
        }
        if found < height as usize {
            let share = 100.0 * found as f64 / f64::from(height);
            let message =
                format!("the page is damaged: {share:.0} % of its lines could be decoded, the others are left white");
            diagnostics.push(Diagnostic::new(Severity::Error, message).hint("scan or copy it again"));
        } else {
            diagnostics.push(Diagnostic::info("the file lacks its end; all lines of the picture are there"));
        }
        match reader.output_color_type().0 {
            png::ColorType::Grayscale => GrayImage::from_raw(width, height, samples).map(Into::into),
            png::ColorType::GrayscaleAlpha => image::GrayAlphaImage::from_raw(width, height, samples).map(Into::into),
            png::ColorType::Rgb | png::ColorType::Indexed => RgbImage::from_raw(width, height, samples).map(Into::into),
            png::ColorType::Rgba => image::RgbaImage::from_raw(width, height, samples).map(Into::into),
        }
    }

    fn decoder(&self) -> Result<Box<dyn ImageDecoder + '_>> {
        let reader = Cursor::new(self.bytes.as_slice());
        Ok(match self.kind {
            Kind::Png => Box::new(PngDecoder::new(reader).map_err(damaged)?),
            _ => Box::new(JpegDecoder::new(reader).map_err(damaged)?),
        })
    }
}

/// What a JPEG file is that common decoders do not read (ITU-T T.81, table B.1); None for the others.
fn rare_jpeg(bytes: &[u8]) -> Option<&'static str> {
    let mut at = 2;
    loop {
        let [0xFF, marker] = *bytes.get(at..at + 2)? else { return None };
        match marker {
            // Bytes that fill up.
            0xFF => {
                at += 1;
                continue;
            }
            0xC0..=0xC2 => return (*bytes.get(at + 4)? != 8).then_some("with samples of more than 8 bits"),
            0xC3 => return Some("lossless"),
            0xC5..=0xC7 => return Some("hierarchical"),
            0xC9 | 0xCA => return Some("with arithmetic coding"),
            0xCB | 0xCD..=0xCF => return Some("lossless or hierarchical, with arithmetic coding"),
            0xF7 => return Some("JPEG-LS"),
            0xDA | 0xD9 => return None,
            _ => {}
        }
        at += 2 + usize::from(u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of 40 rows, white but for its first row.
    fn png() -> Vec<u8> {
        let image = GrayImage::from_fn(300, 40, |x, y| image::Luma([if y == 0 { (x % 7) as u8 } else { 250 }]));
        let mut out = Cursor::new(Vec::new());
        image.write_to(&mut out, image::ImageFormat::Png).unwrap();
        out.into_inner()
    }

    fn render(bytes: Vec<u8>) -> Result<(DynamicImage, Vec<Diagnostic>)> {
        let mut remarks = Vec::new();
        let picture = PictureFile::open(Arc::new(bytes), Kind::Png)?;
        picture.render(&mut remarks).map(|rendering| (rendering.pixels, remarks))
    }

    #[test]
    fn a_png_without_its_end_is_read_as_far_as_it_goes() {
        let whole = png();
        let (pixels, remarks) = render(whole.clone()).unwrap();
        assert!(remarks.is_empty());
        let (no_end, _) = render(whole[..whole.len() - 12].to_vec()).unwrap();
        assert!(no_end == pixels, "all pixels are there");
        let data = whole.windows(4).position(|w| w == b"IDAT").unwrap();
        assert!(render(whole[..data + 6].to_vec()).is_err(), "nothing is there");
    }

    #[test]
    fn rare_kinds_of_jpeg_are_named() {
        let start =
            |marker: u8| [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, marker, 0, 11, 8, 0, 9, 0, 9, 1, 1, 0x11, 0];
        for marker in [0xC3, 0xC5, 0xC9, 0xCA, 0xCB, 0xF7] {
            let error = PictureFile::open(Arc::new(start(marker).to_vec()), Kind::Jpeg).map(|_| ()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{marker:X}");
            assert!(error.message().contains("JPEG"), "{error}");
        }
        assert_eq!(rare_jpeg(&start(0xC0)), None);
        assert_eq!(rare_jpeg(&start(0xC2)), None);
    }
}

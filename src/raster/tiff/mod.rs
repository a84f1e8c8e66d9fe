//! TIFF files: one page a directory, in strips or tiles.

mod codec;
mod directory;

use super::resolution::Claim;
use super::{Rendering, pixels};
use crate::diagnostics::{Diagnostic, Severity};
use crate::document::PageNo;
use crate::error::{Error, ErrorKind, Result};
use codec::Coding;
use directory::Directory;
use image::metadata::Orientation;
use image::{DynamicImage, GrayAlphaImage, GrayImage, RgbImage, RgbaImage};
use std::sync::Arc;

/// Tags of TIFF 6.0 and Technical Note 2 by their numbers.
mod tag {
    pub const SUBFILE: u16 = 254;
    pub const WIDTH: u16 = 256;
    pub const HEIGHT: u16 = 257;
    pub const BITS: u16 = 258;
    pub const COMPRESSION: u16 = 259;
    pub const PHOTOMETRIC: u16 = 262;
    pub const FILL_ORDER: u16 = 266;
    pub const STRIP_OFFSETS: u16 = 273;
    pub const ORIENTATION: u16 = 274;
    pub const SAMPLES: u16 = 277;
    pub const ROWS_PER_STRIP: u16 = 278;
    pub const STRIP_BYTES: u16 = 279;
    pub const X_RESOLUTION: u16 = 282;
    pub const Y_RESOLUTION: u16 = 283;
    pub const PLANAR: u16 = 284;
    pub const FAX_OPTIONS: u16 = 292;
    pub const RESOLUTION_UNIT: u16 = 296;
    pub const PREDICTOR: u16 = 317;
    pub const COLOUR_MAP: u16 = 320;
    pub const TILE_WIDTH: u16 = 322;
    pub const TILE_HEIGHT: u16 = 323;
    pub const TILE_OFFSETS: u16 = 324;
    pub const TILE_BYTES: u16 = 325;
    pub const SAMPLE_FORMAT: u16 = 339;
    pub const JPEG_TABLES: u16 = 347;
    pub const SUBSAMPLING: u16 = 530;
}

/// A TIFF file and its pages.
pub(super) struct TiffFile {
    bytes: Arc<Vec<u8>>,
    pages: Vec<Directory>,
}

/// The shape of a page and of its samples.
struct Shape {
    width: u32,
    height: u32,
    bits: u32,
    samples: usize,
    planes: usize,
    photometric: u64,
    predicted: bool,
    big_endian: bool,
}

impl TiffFile {
    /// Finds the pages; previews beside them are passed over.
    pub(super) fn open(bytes: Arc<Vec<u8>>, diagnostics: &mut Vec<Diagnostic>) -> Result<Self> {
        let (mut pages, whole) = directory::read_all(&bytes)?;
        if !whole {
            let found = pages.len();
            let message = format!("the file is cut off or damaged after page {found}; pages may be missing");
            diagnostics.push(Diagnostic::new(Severity::Error, message).hint("scan or copy it again"));
        }
        let preview = |page: &Directory| page.number(&bytes, tag::SUBFILE).is_some_and(|kind| kind & 1 == 1);
        if pages.iter().any(|page| !preview(page)) {
            pages.retain(|page| !preview(page));
        }
        Ok(TiffFile { bytes, pages })
    }

    /// Number of pages, at least 1.
    pub(super) fn page_count(&self) -> PageNo {
        self.pages.len() as PageNo
    }

    /// The page with this index, upright as its orientation tag says.
    pub(super) fn render(&self, index: usize, diagnostics: &mut Vec<Diagnostic>) -> Result<Rendering> {
        let page = &self.pages[index];
        let number = |tag| page.number(&self.bytes, tag);
        let shape = self.shape(page)?;
        let samples = self.samples(page, &shape, diagnostics)?;
        let mut pixels = pixels::on_paper(self.coloured(page, &shape, samples)?);
        let unit = match number(tag::RESOLUTION_UNIT) {
            Some(3) => 2.54,
            Some(1) => 0.0,
            _ => 1.0,
        };
        let fraction = |tag| page.fraction(&self.bytes, tag).map(|f| f * unit).filter(|&f| f > 0.0);
        let mut claim = match (fraction(tag::X_RESOLUTION), fraction(tag::Y_RESOLUTION)) {
            (Some(x), Some(y)) => Claim::Dpi(x, y),
            _ => Claim::None,
        };
        let turn = number(tag::ORIENTATION).and_then(|o| Orientation::from_exif(o as u8));
        if let Some(turn) = turn {
            pixels.apply_orientation(turn);
            if turn.to_exif() >= 5
                && let Claim::Dpi(x, y) = claim
            {
                claim = Claim::Dpi(y, x);
            }
        }
        Ok(Rendering { pixels, claim })
    }

    fn shape(&self, page: &Directory) -> Result<Shape> {
        let number = |tag| page.number(&self.bytes, tag);
        let side = |tag| number(tag).and_then(|n| u32::try_from(n).ok()).ok_or_else(|| damaged("it tells no size"));
        let (width, height) = (side(tag::WIDTH)?, side(tag::HEIGHT)?);
        let samples = number(tag::SAMPLES).unwrap_or(1) as usize;
        let bits = page.numbers(&self.bytes, tag::BITS);
        let bits = if bits.is_empty() { vec![1] } else { bits };
        let integers = number(tag::SAMPLE_FORMAT).is_none_or(|format| format == 1);
        if !(1..=8).contains(&samples)
            || bits.iter().any(|b| ![1, 2, 4, 8, 16].contains(b) || *b != bits[0])
            || !integers
        {
            let message = format!("the page has {samples} samples of {bits:?} bits a pixel, which is not read");
            return Err(Error::new(ErrorKind::Unsupported, message).remedy("convert it to PNG"));
        }
        pixels::check_size(width, height, samples as u64)?;
        Ok(Shape {
            width,
            height,
            bits: bits[0] as u32,
            samples,
            planes: if number(tag::PLANAR) == Some(2) { samples } else { 1 },
            photometric: number(tag::PHOTOMETRIC).unwrap_or(0),
            predicted: number(tag::PREDICTOR) == Some(2),
            big_endian: page.big_endian(),
        })
    }

    /// All samples of the page, a byte each, pixel by pixel; strips that are missing stay white.
    fn samples(&self, page: &Directory, shape: &Shape, diagnostics: &mut Vec<Diagnostic>) -> Result<Vec<u8>> {
        let bytes = self.bytes.as_slice();
        let number = |tag| page.number(bytes, tag);
        let clamp = |side: u64, most: u32| side.clamp(1, u64::from(most)) as u32;
        let tiled = number(tag::TILE_WIDTH).is_some();
        let (columns, rows) = match (number(tag::TILE_WIDTH), number(tag::TILE_HEIGHT)) {
            // Tiles overhang the page at its right and bottom, but by less than themselves.
            (Some(w), Some(h)) if w <= 1 << 16 && h <= 1 << 16 => (w.max(1) as u32, h.max(1) as u32),
            (None, None) => (shape.width, clamp(number(tag::ROWS_PER_STRIP).unwrap_or(u64::MAX), shape.height)),
            _ => return Err(damaged("its tiles have no size")),
        };
        let (offsets, lengths) = if tiled {
            (page.numbers(bytes, tag::TILE_OFFSETS), page.numbers(bytes, tag::TILE_BYTES))
        } else {
            (page.numbers(bytes, tag::STRIP_OFFSETS), page.numbers(bytes, tag::STRIP_BYTES))
        };
        let coding = Coding {
            compression: number(tag::COMPRESSION).unwrap_or(1),
            fax_options: number(tag::FAX_OPTIONS).unwrap_or(0),
            lowest_bit_first: number(tag::FILL_ORDER) == Some(2),
            jpeg_tables: page.raw(bytes, tag::JPEG_TABLES),
            luma_chroma: shape.photometric == 6,
        };
        let per_chunk = shape.samples / shape.planes;
        let row_bytes = (columns as usize * per_chunk * shape.bits as usize).div_ceil(8);
        let paper = if matches!(shape.photometric, 0 | 5) { 0 } else { 255 };
        let mut out = vec![paper; shape.width as usize * shape.height as usize * shape.samples];
        let across = shape.width.div_ceil(columns);
        let down = shape.height.div_ceil(rows);
        let (mut wanted_rows, mut found_rows, mut first_error) = (0u64, 0u64, None);
        for index in 0..across * down * shape.planes as u32 {
            let (plane, place) = (index / (across * down), index % (across * down));
            let (left, top) = (place % across * columns, place / across * rows);
            // The last strip holds only the rows that are left; a tile is always whole.
            let stored = if tiled { rows } else { rows.min(shape.height - top) };
            let shown = rows.min(shape.height - top);
            wanted_rows += u64::from(shown);
            let start = offsets.get(index as usize).and_then(|&o| usize::try_from(o).ok());
            // A missing length is taken as the rest of the file, as a writer that was interrupted leaves it.
            let length = lengths.get(index as usize).map_or(usize::MAX, |&l| l as usize);
            let Some(data) = start.and_then(|s| bytes.get(s..)) else { continue };
            let data = &data[..data.len().min(length)];
            let mut decoded = match codec::decode(&coding, data, columns, stored, row_bytes) {
                Ok(decoded) => decoded,
                Err(error) => {
                    first_error.get_or_insert(error);
                    continue;
                }
            };
            for (y, row) in decoded.chunks_exact_mut(row_bytes).take(shown as usize).enumerate() {
                found_rows += 1;
                let row = unpacked(row, shape, per_chunk);
                let row_start = (top as usize + y) * shape.width as usize;
                let visible = columns.min(shape.width - left) as usize;
                let start = (row_start + left as usize) * shape.samples + plane as usize;
                if per_chunk == shape.samples {
                    let shown = &row[..row.len().min(visible * per_chunk)];
                    out[start..start + shown.len()].copy_from_slice(shown);
                } else {
                    for (x, sample) in row.iter().take(visible).enumerate() {
                        out[start + x * shape.samples] = *sample;
                    }
                }
            }
        }
        if found_rows == 0 {
            return Err(first_error.unwrap_or_else(|| damaged("none of its pixels are there")));
        }
        if found_rows < wanted_rows {
            let share = 100.0 * found_rows as f64 / wanted_rows as f64;
            let message =
                format!("the page is damaged: {share:.0} % of its lines could be decoded, the others are left white");
            diagnostics.push(Diagnostic::new(Severity::Error, message).hint("scan or copy it again"));
        }
        Ok(out)
    }

    /// The samples as grey or coloured pixels.
    fn coloured(&self, page: &Directory, shape: &Shape, samples: Vec<u8>) -> Result<DynamicImage> {
        let (width, height, per) = (shape.width, shape.height, shape.samples);
        let first = |count: usize, samples: Vec<u8>| -> Vec<u8> {
            if per == count { samples } else { samples.chunks_exact(per).flat_map(|p| p[..count].to_vec()).collect() }
        };
        let image = match (shape.photometric, per) {
            (0 | 1, 1) => {
                let mut grey = samples;
                if shape.photometric == 0 {
                    grey.iter_mut().for_each(|v| *v = 255 - *v);
                }
                GrayImage::from_raw(width, height, grey).map(DynamicImage::from)
            }
            (photometric @ (0 | 1), _) => {
                let mut both = first(2, samples);
                if photometric == 0 {
                    both.as_chunks_mut::<2>().0.iter_mut().for_each(|p| p[0] = 255 - p[0]);
                }
                GrayAlphaImage::from_raw(width, height, both).map(DynamicImage::from)
            }
            (2 | 6, 3) => RgbImage::from_raw(width, height, self.rgb(page, shape, samples)?).map(DynamicImage::from),
            (2, 4..) => RgbaImage::from_raw(width, height, first(4, samples)).map(DynamicImage::from),
            (3, _) => {
                let palette = self.palette(page, shape)?;
                let rgb = samples.chunks_exact(per).flat_map(|p| palette[usize::from(p[0])]).collect();
                RgbImage::from_raw(width, height, rgb).map(DynamicImage::from)
            }
            (5, 4..) => {
                let ink = |p: &[u8]| [0, 1, 2].map(|i| ((255 - u16::from(p[i])) * (255 - u16::from(p[3])) / 255) as u8);
                let rgb = samples.chunks_exact(per).flat_map(ink).collect();
                RgbImage::from_raw(width, height, rgb).map(DynamicImage::from)
            }
            // Of L*a*b*, lightness is all that text needs.
            (8 | 9, 3..) => GrayImage::from_raw(width, height, first(1, samples)).map(DynamicImage::from),
            (other, _) => {
                let message = format!("the page's colours (TIFF kind {other}, {per} samples) are not read");
                return Err(Error::new(ErrorKind::Unsupported, message).remedy("convert it to PNG"));
            }
        };
        image.ok_or_else(|| damaged("its samples do not fill it"))
    }

    fn rgb(&self, page: &Directory, shape: &Shape, mut samples: Vec<u8>) -> Result<Vec<u8>> {
        let jpeg = page.number(&self.bytes, tag::COMPRESSION) == Some(7);
        if shape.photometric == 6 && !jpeg {
            if page.numbers(&self.bytes, tag::SUBSAMPLING) != [1, 1] {
                return Err(Error::new(ErrorKind::Unsupported, "the page has subsampled colours, which are not read")
                    .remedy("convert it to PNG"));
            }
            samples.as_chunks_mut::<3>().0.iter_mut().for_each(|p| *p = codec::rgb(*p));
        }
        Ok(samples)
    }

    /// Red, green and blue of each index.
    fn palette(&self, page: &Directory, shape: &Shape) -> Result<Vec<[u8; 3]>> {
        let map = page.numbers(&self.bytes, tag::COLOUR_MAP);
        let colours = 1usize << shape.bits.min(8);
        if map.len() < 3 * colours {
            return Err(damaged("its palette is cut off"));
        }
        let high = |i: usize| (map[i] >> 8) as u8;
        let mut palette: Vec<_> = (0..colours).map(|i| [high(i), high(colours + i), high(2 * colours + i)]).collect();
        palette.resize(256, [255; 3]);
        Ok(palette)
    }
}

/// The samples of a row, a byte each, stretched to 0..=255 unless they are indices into a palette.
fn unpacked(row: &mut [u8], shape: &Shape, per_pixel: usize) -> Vec<u8> {
    match shape.bits {
        8 => {
            if shape.predicted {
                for i in per_pixel..row.len() {
                    row[i] = row[i].wrapping_add(row[i - per_pixel]);
                }
            }
            row.to_vec()
        }
        16 => {
            let value = |b: &[u8; 2]| if shape.big_endian { u16::from_be_bytes(*b) } else { u16::from_le_bytes(*b) };
            let mut wide: Vec<u16> = row.as_chunks::<2>().0.iter().map(value).collect();
            if shape.predicted {
                for i in per_pixel..wide.len() {
                    wide[i] = wide[i].wrapping_add(wide[i - per_pixel]);
                }
            }
            wide.into_iter().map(|v| (v >> 8) as u8).collect()
        }
        bits => {
            let most = (1u8 << bits) - 1;
            let stretch = if shape.photometric == 3 { 1 } else { 255 / most };
            let shifts = (0..8 / bits).rev().map(|i| i * bits);
            row.iter().flat_map(|byte| shifts.clone().map(move |shift| (byte >> shift & most) * stretch)).collect()
        }
    }
}

fn damaged(what: &str) -> Error {
    Error::new(ErrorKind::Damaged, format!("the page is damaged: {what}")).remedy("scan or copy it again")
}

//! A TIFF, PNG or JPEG as a PDF: a JPEG's and most PNGs' own data, everything else without loss.

use super::draft::{Draft, refused};
use crate::document::PageSize;
use crate::error::Result;
use crate::geometry::Transform;
use crate::pipeline::Reading;
use crate::raster::{Document, Kind};
use fax::{Color, VecWriter, encoder::Encoder};
use image::DynamicImage;
use lopdf::{Dictionary, Object, Stream, dictionary};

/// A PDF with a page for each of the file's, and the way from each page's pixels to its user space.
pub(super) fn pages(source: &Document, bytes: &[u8], reading: &Reading) -> Result<(Draft, Vec<Transform>)> {
    let mut draft = Draft::new();
    let tree = draft.id();
    let mut kids = Vec::new();
    let mut maps = Vec::new();
    for status in &reading.report.pages {
        let (page, map) = match source.own_pixels(status.page) {
            Ok((pixels, dpi)) => {
                let (width, height) = (pixels.width(), pixels.height());
                // 14,400 units are the most that readers take (ISO 32000-1, annex C.2).
                let points = |pixels: u32, dpi: f32| (f64::from(pixels) * 72.0 / f64::from(dpi)).min(14_400.0);
                let (wide, high) = (points(width, dpi[0]), points(height, dpi[1]));
                let orientation = source.orientation();
                let own = match source.kind() {
                    Kind::Jpeg => jpeg(bytes),
                    Kind::Png => png(bytes),
                    Kind::Tiff | Kind::Pdf => None,
                };
                let (image, matrix) = match own {
                    Some(image) => (image, placed(orientation, wide, high)),
                    None => (image_of(pixels)?, placed(1, wide, high)),
                };
                let image = draft.add(image);
                let content = format!("q\n{} cm\n/Im0 Do\nQ\n", matrix.map(|n| format!("{n:.4}")).join(" "));
                let content = draft.add_stream(Dictionary::new(), content.into_bytes());
                let page = dictionary! {
                    "Type" => "Page", "Parent" => tree, "Contents" => content,
                    "MediaBox" => vec![0.into(), 0.into(), real(wide), real(high)],
                    "Resources" => dictionary! { "XObject" => dictionary! { "Im0" => image } },
                };
                let size = status.size.unwrap_or(PageSize { width, height, dpi: dpi[0] });
                let scale = [wide / f64::from(size.width), high / f64::from(size.height)];
                (page, Transform { coefficients: [scale[0], 0.0, 0.0, 0.0, -scale[1], high] })
            }
            // A page that is damaged keeps its place, so that numbers agree with the report.
            Err(_) => {
                let page = dictionary! {
                    "Type" => "Page", "Parent" => tree, "Resources" => Dictionary::new(),
                    "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
                };
                (page, Transform::IDENTITY)
            }
        };
        kids.push(Object::Reference(draft.add(page)));
        maps.push(map);
    }
    let count = kids.len() as i64;
    draft.put(tree, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count });
    let catalogue = draft.add(dictionary! { "Type" => "Catalog", "Pages" => tree });
    draft.document.trailer.set("Root", catalogue);
    Ok((draft, maps))
}

fn real(number: f64) -> Object {
    Object::Real(number as f32)
}

/// The matrix that puts an image upright onto a page of this size, for an orientation as EXIF numbers them.
fn placed(orientation: u8, w: f64, h: f64) -> [f64; 6] {
    match orientation {
        2 => [-w, 0.0, 0.0, h, w, 0.0],
        3 => [-w, 0.0, 0.0, -h, w, h],
        4 => [w, 0.0, 0.0, -h, 0.0, h],
        5 => [0.0, -h, -w, 0.0, w, h],
        6 => [0.0, -h, w, 0.0, 0.0, h],
        7 => [0.0, h, w, 0.0, 0.0, 0.0],
        8 => [0.0, h, -w, 0.0, w, 0.0],
        _ => [w, 0.0, 0.0, h, 0.0, 0.0],
    }
}

fn described(width: u32, height: u32, space: &str, bits: i64) -> Dictionary {
    dictionary! {
        "Type" => "XObject", "Subtype" => "Image", "Width" => i64::from(width), "Height" => i64::from(height),
        "ColorSpace" => space, "BitsPerComponent" => bits,
    }
}

/// The file's own data as an image; None where PDF's JPEG filter does not take them (arithmetic coding, 12 bits).
fn jpeg(bytes: &[u8]) -> Option<Stream> {
    let mut at = 2;
    let mut inverted = false;
    loop {
        let [0xFF, marker] = *bytes.get(at..at + 2)? else { return None };
        if marker == 0xFF {
            at += 1;
            continue;
        }
        let length = usize::from(u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?));
        let data = bytes.get(at + 4..at + 2 + length)?;
        match marker {
            // Adobe's files of four inks hold them inverted.
            0xEE => inverted = data.starts_with(b"Adobe"),
            0xC0..=0xC2 => {
                let &[8, h1, h0, w1, w0, components, ..] = data else { return None };
                let (height, width) = (u16::from_be_bytes([h1, h0]), u16::from_be_bytes([w1, w0]));
                let space = match components {
                    1 => "DeviceGray",
                    3 => "DeviceRGB",
                    4 => "DeviceCMYK",
                    _ => return None,
                };
                let mut dictionary = described(width.into(), height.into(), space, 8);
                dictionary.set("Filter", "DCTDecode");
                if components == 4 && inverted {
                    dictionary.set("Decode", [1, 0, 1, 0, 1, 0, 1, 0].map(Object::from).to_vec());
                }
                return (height > 0 && width > 0).then(|| Stream::new(dictionary, bytes.to_vec()));
            }
            0xC3..=0xCF if marker != 0xC4 && marker != 0xC8 && marker != 0xCC => return None,
            0xDA | 0xD9 => return None,
            _ => {}
        }
        at += 2 + length;
    }
}

/// The file's own data as an image; None where PDF does not take them (interlaced, transparent), where they are cut off, and
/// for black and white, which packs better as a fax.
fn png(bytes: &[u8]) -> Option<Stream> {
    let (mut head, mut palette, mut data, mut ended) = (None, None, Vec::new(), false);
    let mut at = 8;
    while let Some(start) = bytes.get(at..at + 8) {
        let length = u32::from_be_bytes(start[..4].try_into().ok()?) as usize;
        let body = bytes.get(at + 8..at.checked_add(8)?.checked_add(length)?)?;
        match &start[4..] {
            b"IHDR" => head = Some(body),
            b"PLTE" => palette = Some(body),
            b"tRNS" => return None,
            b"IDAT" => data.extend_from_slice(body),
            b"IEND" => ended = true,
            _ => {}
        }
        at += 12 + length;
    }
    let &[w3, w2, w1, w0, h3, h2, h1, h0, bits, colour, 0, 0, 0] = head? else { return None };
    let (width, height) = (u32::from_be_bytes([w3, w2, w1, w0]), u32::from_be_bytes([h3, h2, h1, h0]));
    let (space, colours): (Object, i64) = match colour {
        0 if bits > 1 => ("DeviceGray".into(), 1),
        2 => ("DeviceRGB".into(), 3),
        3 if bits > 1 => {
            let palette = palette.filter(|p| !p.is_empty() && p.len() % 3 == 0)?;
            let last = palette.len() as i64 / 3 - 1;
            let colours = Object::String(palette.to_vec(), lopdf::StringFormat::Hexadecimal);
            (vec!["Indexed".into(), "DeviceRGB".into(), last.into(), colours].into(), 1)
        }
        _ => return None,
    };
    let mut dictionary = described(width, height, "DeviceGray", bits.into());
    dictionary.set("ColorSpace", space);
    dictionary.set("Filter", "FlateDecode");
    let parameters = dictionary! {
        "Predictor" => 15, "Colors" => colours, "BitsPerComponent" => i64::from(bits), "Columns" => i64::from(width),
    };
    dictionary.set("DecodeParms", parameters);
    (ended && width > 0 && height > 0).then(|| Stream::new(dictionary, data))
}

/// Pixels as an image without loss: black and white as a fax, all else deflated with PNG's predictors.
fn image_of(pixels: DynamicImage) -> Result<Stream> {
    let (width, height) = (pixels.width(), pixels.height());
    let pixels = if pixels.color().has_color() {
        DynamicImage::ImageRgb8(pixels.into_rgb8())
    } else {
        DynamicImage::ImageLuma8(pixels.into_luma8())
    };
    if let DynamicImage::ImageLuma8(grey) = &pixels
        && let Ok(narrow) = u16::try_from(width)
        && grey.iter().all(|&p| p == 0 || p == 255)
    {
        let mut encoder = Encoder::new(VecWriter::new());
        for row in grey.rows() {
            let colours = row.map(|p| if p.0[0] == 0 { Color::Black } else { Color::White });
            encoder.encode_line(colours, narrow).unwrap_or_else(|never| match never {});
        }
        let data = encoder.finish().unwrap_or_else(|never| match never {}).finish();
        let mut dictionary = described(width, height, "DeviceGray", 1);
        dictionary.set("Filter", "CCITTFaxDecode");
        let parameters = dictionary! { "K" => -1, "Columns" => i64::from(width), "Rows" => i64::from(height) };
        dictionary.set("DecodeParms", parameters);
        return Ok(Stream::new(dictionary, data));
    }
    let colours = i64::from(pixels.color().channel_count());
    let data = deflated(&pixels).ok_or_else(|| refused("its image cannot be packed"))?;
    let mut dictionary = described(width, height, if colours == 3 { "DeviceRGB" } else { "DeviceGray" }, 8);
    dictionary.set("Filter", "FlateDecode");
    let parameters = dictionary! {
        "Predictor" => 15, "Colors" => colours, "BitsPerComponent" => 8, "Columns" => i64::from(width),
    };
    dictionary.set("DecodeParms", parameters);
    Ok(Stream::new(dictionary, data))
}

/// The pixels as PNG packs them, which PDF reads as they are: the data of its IDAT chunks.
fn deflated(pixels: &DynamicImage) -> Option<Vec<u8>> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, pixels.width(), pixels.height());
    encoder.set_color(if pixels.color().has_color() { png::ColorType::Rgb } else { png::ColorType::Grayscale });
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    encoder.set_filter(png::Filter::Adaptive);
    encoder.write_header().ok()?.write_image_data(pixels.as_bytes()).ok()?;
    let mut data = Vec::new();
    let mut at = 8;
    while let Some(head) = file.get(at..at + 8) {
        let length = u32::from_be_bytes(head[..4].try_into().ok()?) as usize;
        if &head[4..] == b"IDAT" {
            data.extend_from_slice(file.get(at + 8..at + 8 + length)?);
        }
        at += 12 + length;
    }
    Some(data)
}

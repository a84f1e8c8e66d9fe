//! The compression schemes of TIFF: a strip or tile as it is stored becomes rows of packed samples.

use crate::error::{Error, ErrorKind, Result};
use hayro_ccitt::{DecodeSettings, DecoderContext, EncodingMode};
use std::io::Read;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// What the page's tags say about how its strips or tiles are stored.
pub(super) struct Coding<'a> {
    /// The Compression tag.
    pub(super) compression: u64,
    /// T4Options: bit 0 two-dimensional, bit 2 rows end on byte boundaries.
    pub(super) fax_options: u64,
    /// Whether the first pixel is the lowest bit of its byte.
    pub(super) lowest_bit_first: bool,
    /// Quantisation and Huffman tables that the page's JPEG streams share.
    pub(super) jpeg_tables: Option<&'a [u8]>,
    /// Whether the samples are YCbCr.
    pub(super) luma_chroma: bool,
}

/// The decoded bytes of a strip or tile of `rows` rows of `row_bytes`; fewer where it is cut off or damaged.
///
/// # Errors
/// [`ErrorKind::Unsupported`] for schemes that are not read, [`ErrorKind::Damaged`] where nothing can be decoded.
pub(super) fn decode(coding: &Coding<'_>, data: &[u8], columns: u32, rows: u32, row_bytes: usize) -> Result<Vec<u8>> {
    let room = row_bytes * rows as usize;
    match coding.compression {
        1 => {
            let mut plain = data[..data.len().min(room)].to_vec();
            turn_bits(&mut plain, coding.lowest_bit_first);
            Ok(plain)
        }
        2..=4 => Ok(fax(coding, data, columns, rows, row_bytes)),
        5 => Ok(lzw(data, room)),
        7 => jpeg(coding, data),
        8 | 32946 => Ok(read_leniently(flate2::read::ZlibDecoder::new(data), room)),
        32773 => Ok(packbits(data, room)),
        other => {
            let name = match other {
                6 => "JPEG of the old kind",
                34712 => "JPEG 2000",
                50000 => "Zstandard",
                50001 => "WebP",
                _ => "an unknown scheme",
            };
            let message = format!("the page is compressed with {name} (TIFF scheme {other}), which is not read");
            Err(Error::new(ErrorKind::Unsupported, message).remedy("convert it with `tiffcp -c lzw`"))
        }
    }
}

/// Decodes CCITT modified Huffman, group 3 and group 4 (ITU-T T.4, T.6) into bits, 1 for black.
fn fax(coding: &Coding<'_>, data: &[u8], columns: u32, rows: u32, row_bytes: usize) -> Vec<u8> {
    struct Rows {
        bits: Vec<u8>,
        row_bytes: usize,
        columns: u32,
    }
    impl hayro_ccitt::Decoder for Rows {
        fn push_row(&mut self, changes: &[u32]) {
            let start = self.bits.len();
            self.bits.resize(start + self.row_bytes, 0);
            let row = &mut self.bits[start..];
            for run in changes.chunks(2) {
                for x in run[0]..run.get(1).copied().unwrap_or(self.columns).min(self.columns) {
                    row[x as usize / 8] |= 0x80 >> (x % 8);
                }
            }
        }
    }

    let mut data = data.to_vec();
    turn_bits(&mut data, coding.lowest_bit_first);
    let (encoding, aligned, end_of_line) = match coding.compression {
        2 => (EncodingMode::Group3_1D, true, false),
        3 if coding.fax_options & 1 == 1 => (EncodingMode::Group3_2D, coding.fax_options & 4 != 0, true),
        3 => (EncodingMode::Group3_1D, coding.fax_options & 4 != 0, true),
        _ => (EncodingMode::Group4, false, false),
    };
    let settings = DecodeSettings {
        columns,
        rows,
        end_of_block: coding.compression != 2,
        end_of_line,
        // The end-of-line codes, not the rows, are aligned in group 3; the decoder finds them by itself.
        rows_are_byte_aligned: aligned && coding.compression == 2,
        encoding,
        strict: false,
    };
    let mut out = Rows { bits: Vec::with_capacity(row_bytes * rows as usize), row_bytes, columns };
    // What was decoded before an error is kept; missing rows show by the length.
    let _ = hayro_ccitt::decode(&data, &mut out, &mut DecoderContext::new(settings));
    out.bits.truncate(row_bytes * rows as usize);
    out.bits
}

fn turn_bits(data: &mut [u8], lowest_bit_first: bool) {
    if lowest_bit_first {
        data.iter_mut().for_each(|b| *b = b.reverse_bits());
    }
}

/// Decodes LZW with codes that grow one early (TIFF 6.0, section 13); what precedes damage is kept.
fn lzw(data: &[u8], room: usize) -> Vec<u8> {
    let mut out = vec![0; room];
    // Every strip begins with the code that clears the table, 256. Writers of before TIFF 5.0 put the lowest bit first, and
    // lengthened their codes one code later.
    let old = data.first() == Some(&0) && data.get(1).is_some_and(|second| second & 1 == 1);
    let mut decoder = if old {
        weezl::decode::Decoder::new(weezl::BitOrder::Lsb, 8)
    } else {
        weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8)
    };
    let (mut read, mut written) = (0, 0);
    loop {
        let step = decoder.decode_bytes(&data[read..], &mut out[written..]);
        read += step.consumed_in;
        written += step.consumed_out;
        let more = matches!(step.status, Ok(weezl::LzwStatus::Ok)) && step.consumed_in + step.consumed_out > 0;
        if !more || written == room {
            break;
        }
    }
    out.truncate(written);
    out
}

/// Reads up to `room` bytes; what precedes an error is kept.
fn read_leniently(mut reader: impl Read, room: usize) -> Vec<u8> {
    let mut out = vec![0; room];
    let mut filled = 0;
    while filled < room {
        match reader.read(&mut out[filled..]) {
            Ok(0) | Err(_) => break,
            Ok(n) => filled += n,
        }
    }
    out.truncate(filled);
    out
}

/// Decodes PackBits (TIFF 6.0, section 9).
fn packbits(data: &[u8], room: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(room);
    let mut rest = data;
    while let [control, tail @ ..] = rest {
        if out.len() >= room {
            break;
        }
        rest = match *control as i8 {
            -128 => tail,
            n if n >= 0 => {
                let (literal, tail) = tail.split_at(tail.len().min(n as usize + 1));
                out.extend_from_slice(literal);
                tail
            }
            n => {
                let Some((&byte, tail)) = tail.split_first() else { break };
                out.extend(std::iter::repeat_n(byte, 1 - isize::from(n) as usize));
                tail
            }
        };
    }
    out.truncate(room);
    out
}

/// Decodes a JPEG stream with the page's shared tables in front of it (TIFF Technical Note 2) to RGB, CMYK or grey.
fn jpeg(coding: &Coding<'_>, data: &[u8]) -> Result<Vec<u8>> {
    let mut stream = Vec::with_capacity(data.len() + 1024);
    // Both the tables and the stream begin with a start and end with an end marker; only the outer ones stay.
    if let Some(tables) = coding.jpeg_tables.and_then(|t| t.strip_suffix(b"\xFF\xD9")) {
        stream.extend_from_slice(tables);
        stream.extend_from_slice(data.strip_prefix(b"\xFF\xD8").unwrap_or(data));
    } else {
        stream.extend_from_slice(data);
    }
    let damaged = |e: zune_jpeg::errors::DecodeErrors| {
        Error::new(ErrorKind::Damaged, format!("the page's JPEG data are damaged: {e}"))
    };
    let mut decoder = zune_jpeg::JpegDecoder::new(ZCursor::new(stream));
    decoder.decode_headers().map_err(damaged)?;
    // Without conversion by the decoder, which knows the page's colours only from markers that TIFF leaves out.
    let stored = decoder.input_colorspace().unwrap_or(ColorSpace::RGB);
    decoder.set_options(DecoderOptions::default().jpeg_set_out_colorspace(stored));
    let mut samples = decoder.decode().map_err(damaged)?;
    if coding.luma_chroma && samples.len() % 3 == 0 && stored.num_components() == 3 {
        samples.as_chunks_mut::<3>().0.iter_mut().for_each(|p| *p = rgb(*p));
    }
    Ok(samples)
}

/// Red, green and blue of a YCbCr sample of full range (JFIF 1.02).
pub(super) fn rgb([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb].map(|v| v.round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packbits_follows_the_specification() {
        // The example of TIFF 6.0, section 9.
        let packed = b"\xFE\xAA\x02\x80\x00\x2A\xFD\xAA\x03\x80\x00\x2A\x22\xF7\xAA";
        let plain = b"\xAA\xAA\xAA\x80\x00\x2A\xAA\xAA\xAA\xAA\x80\x00\x2A\x22\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA";
        assert_eq!(packbits(packed, 24), plain);
        assert_eq!(packbits(&packed[..5], 24), b"\xAA\xAA\xAA\x80\x00");
    }

    #[test]
    fn both_orders_of_lzw_are_read() {
        let plain: Vec<u8> = (0..4000u32).map(|i| (i * i / 7 % 251) as u8).collect();
        let new = weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8).encode(&plain).unwrap();
        let old = weezl::encode::Encoder::new(weezl::BitOrder::Lsb, 8).encode(&plain).unwrap();
        assert_eq!(lzw(&new, plain.len()), plain);
        assert_eq!(lzw(&old, plain.len()), plain);
    }

    #[test]
    fn grey_has_no_chroma() {
        assert_eq!(rgb([77, 128, 128]), [77, 77, 77]);
        assert_eq!(rgb([76, 85, 255]), [254, 0, 0]);
    }
}

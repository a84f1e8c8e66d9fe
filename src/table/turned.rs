//! Reads cells whose print seems to run up or down them.

use super::lines::{self, Ink, Print};
use crate::error::Result;
use crate::geometry::{Rect, Transform};
use crate::ocr::{Engine, LineBox};
use crate::page::{Line, RecognisedPage, Word};
use crate::raster::PageImage;
use image::{GrayImage, imageops};

/// A word that is no surer speaks against the way in which it was read.
const UNSURE: f32 = 0.4;

/// Which way the print of a cell runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As most print: short words one above the other (`Ghi chú`) look like turned ones until they are read.
    Level,
    /// From the bottom to the top, as most heads that are turned.
    Up,
    Down,
}

impl Way {
    /// The picture turned so that the print is level, and the way back to it.
    fn level(self, picture: &GrayImage) -> (GrayImage, Transform) {
        let (wide, high) = (f64::from(picture.width()), f64::from(picture.height()));
        match self {
            Way::Level => (picture.clone(), Transform::IDENTITY),
            Way::Up => (imageops::rotate90(picture), Transform { coefficients: [0.0, 1.0, 0.0, -1.0, 0.0, high] }),
            Way::Down => (imageops::rotate270(picture), Transform { coefficients: [0.0, -1.0, wide, 1.0, 0.0, 0.0] }),
        }
    }
}

/// The lines of a cell of `picture` that holds these pieces of ink, read in the way in which it reads better.
pub(super) fn read(picture: &PageImage, cell: &Rect, inks: &[Ink], print: Print, engine: &Engine) -> Result<Vec<Line>> {
    let grey = picture.pixels.to_luma8();
    let (x0, y0) = (cell.x0.max(0.0) as u32, cell.y0.max(0.0) as u32);
    let (width, height) =
        ((cell.width() as u32).min(grey.width() - x0), (cell.height() as u32).min(grey.height() - y0));
    let part = imageops::crop_imm(&grey, x0, y0, width, height).to_image();
    let mut best: (f32, Vec<Line>) = (f32::MIN, Vec::new());
    for way in [Way::Level, Way::Up, Way::Down] {
        let (pixels, back) = way.level(&part);
        let back = back.then(&Transform::shift(f64::from(x0), f64::from(y0)));
        let Some(there) = back.inverse() else { continue };
        let inks: Vec<Ink> = inks.iter().map(|ink| there.rect(ink)).collect();
        let rects = lines::lines(&inks, print);
        let places: Vec<LineBox> = rects.into_iter().map(|rect| LineBox { rect, slope: 0.0 }).collect();
        let level = PageImage { pixels: pixels.into(), to_page: Transform::IDENTITY, ..*picture };
        let Some(read) = engine.recognise_lines(&level, &places)? else { continue };
        let mut page = RecognisedPage { page: picture.page, lines: read.into_iter().flatten().collect() };
        // What is read across the way of the print is much, and none of it sure.
        let sure = |word: &Word| (word.confidence - UNSURE) * word.text.chars().count() as f32;
        let sure = page.lines.iter().flat_map(|l| &l.words).map(sure).sum();
        if sure > best.0 && !page.lines.is_empty() {
            page.map_rects(&back);
            best = (sure, page.lines);
        }
    }
    Ok(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn a_turned_picture_leads_back() {
        let mut picture = GrayImage::from_pixel(30, 80, Luma([255]));
        picture.put_pixel(7, 20, Luma([0]));
        for way in [Way::Level, Way::Up, Way::Down] {
            let (level, back) = way.level(&picture);
            let (u, v, _) = level.enumerate_pixels().find(|(_, _, p)| p.0[0] == 0).unwrap();
            let (x, y) = back.point(f64::from(u) + 0.5, f64::from(v) + 0.5);
            assert_eq!((x, y), (7.5, 20.5), "{way:?}");
        }
    }
}

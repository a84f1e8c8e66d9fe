//! The resolution of a page by the height of its letters, where a file tells one that cannot be.

use super::components::{Piece, Pieces};
use image::GrayImage;

/// The shorter side of a letter in the middle of print of 13 points, in inches: 22 pixels at 300 dpi, 7 at 100.
const LETTER: f32 = 0.074;

/// Letters less than this share of that high would be print of under 6 points, in which no page is set.
const INCREDIBLE: f32 = 0.48;

/// Fewer letters than this may be a stamp's or a note's.
const ENOUGH: usize = 120;

/// Resolutions that are measured are taken for one of these where they are near it, in dots per inch.
const USUAL: [f32; 5] = [75.0, 100.0, 150.0, 200.0, 240.0];

/// The resolution that `page` has by its letters; None where `dpi` may be right or there are too few letters to tell.
pub fn resolution(page: &GrayImage, threshold: u8, dpi: f32) -> Option<f32> {
    // A letter of 6 points at 200 dpi: below, a page that says what it is gains nothing from being measured.
    if dpi < 150.0 {
        return None;
    }
    let pieces = Pieces::find(page, threshold);
    let shorter = |p: &Piece| p.width().min(p.height());
    // Neither grain nor rules nor pictures.
    let letters = pieces.list.iter().filter(|p| {
        let (short, long) = (shorter(p), p.extent());
        short >= 3 && long <= 12 * short && p.area * 5 >= p.width() * p.height() && long as f32 <= 0.6 * dpi
    });
    let mut sides: Vec<u32> = letters.map(shorter).collect();
    sides.sort_unstable();
    // Dots and grain may be many more than the letters, and are smaller than half of them.
    let large = sides.get(sides.len() * 19 / 20).map_or(0, |s| s.div_ceil(2));
    let letters = &sides[sides.partition_point(|&s| s < large)..];
    if letters.len() < ENOUGH {
        return None;
    }
    let measured = letters[letters.len() / 2] as f32 / LETTER;
    if measured >= INCREDIBLE * dpi {
        return None;
    }
    let usual = USUAL.into_iter().min_by(|a, b| (a - measured).abs().total_cmp(&(b - measured).abs()));
    Some(usual.filter(|u| (u - measured).abs() < 0.15 * measured).unwrap_or(measured.max(60.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    /// A page of letters of these sides in pixels.
    fn letters(wide: u32, high: u32) -> GrayImage {
        GrayImage::from_fn(20 * (wide + 3), 15 * (2 * high), |x, y| {
            let (x, y) = (x % (wide + 3), y % (2 * high));
            let stroke = x < wide && y < high && (x < wide.div_ceil(4) || y < high.div_ceil(4));
            Luma([if stroke { 0 } else { 255 }])
        })
    }

    #[test]
    fn letters_of_four_points_are_letters_of_a_third_of_the_resolution() {
        assert_eq!(resolution(&letters(8, 10), 128, 300.0), Some(100.0));
        assert_eq!(resolution(&letters(22, 26), 128, 300.0), None, "13 points");
        assert_eq!(resolution(&letters(13, 15), 128, 300.0), None, "8 points are small print");
        assert_eq!(resolution(&letters(8, 10), 128, 100.0), None, "the tag is right");
    }
}

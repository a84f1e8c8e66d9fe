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
    let letters = shorter_sides(&pieces.list, (0.6 * dpi) as u32);
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

/// The shorter side of the letter in the middle, in pixels, of which none is longer than `longest`; None where there are no
/// letters. It is the same for a page on its side.
pub fn shorter_side(pieces: &[Piece], longest: u32) -> Option<f32> {
    let sides = shorter_sides(pieces, longest);
    sides.get(sides.len() / 2).map(|&s| s as f32)
}

/// The shorter sides of what may be letters, the smallest first.
fn shorter_sides(pieces: &[Piece], longest: u32) -> Vec<u32> {
    // Neither grain nor rules nor pictures.
    let letters = pieces.iter().filter(|p| {
        let (short, long) = (p.shorter(), p.extent());
        short >= 3 && long <= (12 * short).min(longest) && p.area * 5 >= p.width() * p.height()
    });
    let mut sides: Vec<u32> = letters.map(Piece::shorter).collect();
    sides.sort_unstable();
    // Dots and grain may be many more than the letters, and are smaller than half of them.
    let large = sides.get(sides.len() * 19 / 20).map_or(0, |s| s.div_ceil(2));
    sides.split_off(sides.partition_point(|&s| s < large))
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

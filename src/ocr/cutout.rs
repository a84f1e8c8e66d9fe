//! A line cut out of the page for a recogniser that is to see it alone: made level, and without what overhangs it from the lines above and below.

use super::LineBox;
use crate::geometry::Rect;
use crate::page::Word;
use image::{GrayImage, Luma};

/// Pixels darker than this are ink, blurred edges of it included.
const INK: u8 = 180;

/// What touches the upper or lower edge belongs to the line where it reaches further in than this share of the height.
const REACH: f32 = 0.4;

/// A line by itself.
pub(super) struct Cutout {
    /// It, as high and wide as its place.
    pub(super) picture: GrayImage,
    /// Its corner on the page, were the line level.
    pub(super) at: (u32, u32),
}

impl Cutout {
    /// What stands at `line`; None where nothing of it lies on the page.
    pub(super) fn take(page: &GrayImage, line: &LineBox) -> Option<Cutout> {
        let rect = &line.rect;
        let (x0, y0) = (rect.x0.max(0.0).floor() as u32, rect.y0.max(0.0).floor() as u32);
        let (x1, y1) = ((rect.x1.ceil() as u32).min(page.width()), (rect.y1.ceil() as u32).min(page.height()));
        (x1 > x0 && y1 > y0).then(|| {
            let mut picture = image::imageops::crop_imm(page, x0, y0, x1 - x0, y1 - y0).to_image();
            if is_sloping(line) {
                for (x, y, pixel) in picture.enumerate_pixels_mut() {
                    let drop = line.drop((x0 + x) as f32).round() as i64;
                    let row = u32::try_from(i64::from(y0 + y) + drop).ok().filter(|&row| row < page.height());
                    *pixel = row.map_or(Luma([255]), |row| *page.get_pixel(x0 + x, row));
                }
            }
            Cutout { picture, at: (x0, y0) }
        })
    }

    /// With the feet of the line above and the heads of the line below painted white.
    pub(super) fn without_neighbours(mut self) -> Cutout {
        let (width, height) = self.picture.dimensions();
        let reach = (REACH * height as f32) as u32;
        let mut seen = vec![false; (width * height) as usize];
        for (edge, inside) in [(0, 0..reach), (height - 1, height - reach..height)] {
            for x in 0..width {
                let mut piece = vec![(x, edge)];
                let mut at = 0;
                // All of a piece is walked through, so that each is walked through once.
                while let Some(&(x, y)) = piece.get(at) {
                    let index = (y * width + x) as usize;
                    if seen[index] || self.picture.get_pixel(x, y).0[0] >= INK {
                        piece.swap_remove(at);
                        continue;
                    }
                    seen[index] = true;
                    at += 1;
                    let near = [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)];
                    piece.extend(near.into_iter().filter(|&(x, y)| x < width && y < height));
                }
                if piece.iter().all(|(_, y)| inside.contains(y)) {
                    piece.iter().for_each(|&(x, y)| self.picture.put_pixel(x, y, Luma([255])));
                }
            }
        }
        self
    }
}

/// Moves words that were read in a line's cut-out to where they stand on the page.
pub(super) fn onto_the_page(words: &mut [Word], line: &LineBox) {
    if !is_sloping(line) {
        return;
    }
    for word in words {
        let drop = line.drop(word.rect.centre().0);
        let lower = |rect: &mut Rect| (rect.y0, rect.y1) = (rect.y0 + drop, rect.y1 + drop);
        lower(&mut word.rect);
        word.symbols.iter_mut().for_each(|symbol| lower(&mut symbol.rect));
    }
}

/// Whether one end of the line is so much lower that it matters to what is cut out.
fn is_sloping(line: &LineBox) -> bool {
    line.slope.abs() * line.rect.width() > 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page with ink in these rectangles, each as much lower as a line of this slope is there.
    fn page(slope: f32, ink: &[(i32, i32, i32, i32)]) -> GrayImage {
        GrayImage::from_fn(400, 200, |x, y| {
            let y = (y as f32 - slope * (x as f32 - 200.0)).round() as i32;
            let inside =
                |&(x0, y0, x1, y1): &(i32, i32, i32, i32)| (x0..x1).contains(&(x as i32)) && (y0..y1).contains(&y);
            Luma([if ink.iter().any(inside) { 0 } else { 255 }])
        })
    }

    #[test]
    fn feet_and_heads_of_the_lines_beside_are_left_out_and_long_letters_stay() {
        for slope in [0.0, 0.05] {
            // A letter, one with a tail, and what hangs in from above and below.
            let own = [(50, 90, 70, 110), (100, 90, 110, 125)];
            let others = [(150, 60, 160, 84), (200, 117, 220, 150)];
            let line = LineBox { rect: Rect::new(20.0, 80.0, 380.0, 120.0), slope };
            let all: Vec<_> = own.iter().chain(&others).copied().collect();
            let cut = Cutout::take(&page(slope, &all), &line).unwrap().without_neighbours();
            let alone = Cutout::take(&page(slope, &own), &line).unwrap().without_neighbours();
            assert_eq!(cut.picture, alone.picture, "{slope}");
            assert!(cut.picture.get_pixel(85, 39).0[0] == 0 && cut.picture.get_pixel(40, 20).0[0] == 0);
        }
    }

    #[test]
    fn words_stand_on_the_page_where_the_line_has_sunk() {
        let line = LineBox { rect: Rect::new(0.0, 80.0, 400.0, 120.0), slope: 0.1 };
        let mut words = [Word { rect: Rect::new(380.0, 90.0, 400.0, 110.0), ..Word::default() }];
        onto_the_page(&mut words, &line);
        assert_eq!(words[0].rect, Rect::new(380.0, 109.0, 400.0, 129.0));
    }
}

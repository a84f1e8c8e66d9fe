//! A line cut out of the page for a recogniser that is to see it alone: made level, and without what overhangs it from the lines above and below.

use super::LineBox;
use crate::clean::{Piece, Pieces, ink_level};
use crate::geometry::Rect;
use crate::page::Word;
use image::{GrayImage, Luma};

/// Pixels darker than this are ink where print is black, blurred edges of it included.
const INK: u8 = 180;

/// How much of what is above and below a line is looked at, in its heights: marks over capitals stand out of lines as they are found.
const ABOVE: f32 = 0.5;
const BELOW: f32 = 0.35;

/// The least that is left above and below a line, in its heights.
const AROUND: f32 = 0.1;

/// What reaches further into a line than this share of its height is its own.
const EDGE: f32 = 0.3;

/// What lies above it is its own where no more white is between it and a letter or mark of the line than this share of its height.
const WHITE: f32 = 0.12;

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

    /// What is printed in the line that stands at `line`, as high as its own ink, with the lines above and below it left out; None where nothing of it lies
    /// on the page.
    pub(super) fn by_itself(page: &GrayImage, line: &LineBox) -> Option<Cutout> {
        let (rect, height) = (&line.rect, line.rect.height());
        let about = Rect { y0: rect.y0 - ABOVE * height, y1: rect.y1 + BELOW * height, ..*rect };
        let Cutout { mut picture, at: (x0, y0) } = Cutout::take(page, &LineBox { rect: about, ..*line })?;
        let (top, bottom) = (rect.y0 - y0 as f32, rect.y1 - y0 as f32);
        // What comes in from beyond is cut off there, but at the edge of the page.
        let cut = (about.y0 > 0.0, about.y1 < page.height() as f32);
        let pieces = Pieces::find(&picture, ink_level(page, &line.rect).max(INK));
        let is_own = |piece: &Piece| {
            let (y0, y1) = (piece.y0 as f32, piece.y1 as f32);
            let in_core = y0 < bottom - EDGE * height && y1 > top + EDGE * height;
            let comes_in = cut.0 && piece.y0 == 0 || cut.1 && piece.y1 >= picture.height();
            in_core || !comes_in && (top..bottom).contains(&((y0 + y1) / 2.0))
        };
        let (mut own, mut others): (Vec<usize>, Vec<usize>) =
            (0..pieces.list.len()).partition(|&at| is_own(&pieces.list[at]));
        // Marks stand on letters and on each other.
        others.sort_by_key(|&at| std::cmp::Reverse(pieces.list[at].y1));
        for at in others {
            let mark = &pieces.list[at];
            let carries = |&letter: &usize| {
                let letter = &pieces.list[letter];
                let white = letter.y0 as f32 - mark.y1 as f32;
                let beside = (mark.x0 as f32 - letter.x1 as f32).max(letter.x0 as f32 - mark.x1 as f32);
                white < WHITE * height && mark.y0 < letter.y0 && beside < WHITE * height
            };
            if mark.y0 > 0 && own.iter().any(carries) {
                own.push(at);
            }
        }
        let mut gone = vec![true; pieces.list.len()];
        own.iter().for_each(|&at| gone[at] = false);
        let own = || own.iter().map(|&at| &pieces.list[at]);
        let first = own().map(|piece| piece.y0).fold((top - AROUND * height).max(0.0) as u32, u32::min);
        let last = ((bottom + AROUND * height).ceil() as u32).min(picture.height());
        let last = own().map(|piece| piece.y1).fold(last, u32::max);
        pieces.erase(&mut picture, &gone);
        let width = picture.width();
        let picture = image::imageops::crop_imm(&picture, 0, first, width, last.max(first + 1) - first).to_image();
        Some(Cutout { picture, at: (x0, y0 + first) })
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
    fn feet_and_heads_of_the_lines_beside_are_left_out_and_the_line_s_own_marks_and_long_letters_stay() {
        for slope in [0.0, 0.05] {
            // A letter, one with a tail, a mark above a capital and a dot below a letter; then what hangs in from above and below, and a dot of
            // the line above and a mark of the one below.
            let own =
                [(50, 86, 70, 110), (100, 90, 110, 125), (54, 74, 64, 82), (130, 90, 150, 110), (138, 113, 142, 117)];
            let others = [(150, 40, 160, 84), (200, 117, 220, 150), (250, 62, 254, 66), (300, 122, 310, 128)];
            let line = LineBox { rect: Rect::new(20.0, 80.0, 380.0, 120.0), slope };
            let all: Vec<_> = own.iter().chain(&others).copied().collect();
            let cut = Cutout::by_itself(&page(slope, &all), &line).unwrap();
            let alone = Cutout::by_itself(&page(slope, &own), &line).unwrap();
            assert_eq!((&cut.picture, cut.at), (&alone.picture, alone.at), "{slope}");
            let inked = |x: u32, y: u32| cut.picture.get_pixel(x - cut.at.0, y - cut.at.1).0[0] == 0;
            assert!(inked(60, 78) || slope != 0.0, "the mark above the capital");
            assert!(inked(105, 123) || slope != 0.0, "the tail");
            assert!(inked(140, 115) || slope != 0.0, "the dot below");
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

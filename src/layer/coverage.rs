//! What of a page's print its words cover: the ink that is left once the words are taken away, where it runs in lines as print does.

use crate::clean::{Piece, Pieces};
use crate::geometry::Rect;
use image::{GrayImage, Luma};

/// Pixels darker than this are ink on a cleaned page.
const INK: u8 = 150;
/// Print differs from its ground by at least so many levels of 255 somewhere; the noise of a compressed picture by less.
const CONTRAST: u8 = 60;
/// Least and most height of a letter, in inches: a small letter in 6 points, a capital with its marks in 40.
const LETTER: (f32, f32) = (0.035, 0.55);
/// Letters of one line stand no farther apart than this, in heights of the higher one; spaces and justified gaps included.
const NEXT: f32 = 1.6;
/// They share this much of the lower one's height.
const LEVEL: f32 = 0.5;
/// A line has at least so many letters.
const LETTERS: usize = 3;
/// It is at most this high, in heights of its usual letters; a seal, a drawing or a signature is higher.
const LOW: f32 = 2.6;
/// It is at least this long, in its own heights.
const LONG: f32 = 1.2;
/// More pieces than this are a picture's dots and not letters.
const MOST_PIECES: usize = 40_000;

/// A line of ink that no word covers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InkLine {
    /// Where it is, in pixels of the image.
    pub rect: Rect,
    /// How many pieces of ink, about as many as letters and marks.
    pub letters: usize,
}

/// Paints the image white where the words stand; `words` are in pixels of the image.
///
/// A word's rectangle is made a little larger, since marks and the tails of letters overhang it.
pub fn erase_words<'r>(image: &mut GrayImage, words: impl IntoIterator<Item = &'r Rect>) {
    for word in words {
        let margin = (0.12 * word.height()).max(2.0);
        fill(image, &Rect::new(word.x0 - margin, word.y0 - margin, word.x1 + margin, word.y1 + margin));
    }
}

/// Paints the image white but for these places, in pixels of the image.
pub fn keep_only(image: &GrayImage, places: &[Rect]) -> GrayImage {
    let mut kept = GrayImage::from_pixel(image.width(), image.height(), Luma([255]));
    for place in places {
        let Some((xs, ys)) = span(image, place) else { continue };
        let width = image.width() as usize;
        for y in ys {
            let row = y as usize * width;
            let range = row + xs.start as usize..row + xs.end as usize;
            kept.as_mut()[range.clone()].copy_from_slice(&image.as_raw()[range]);
        }
    }
    kept
}

fn fill(image: &mut GrayImage, rect: &Rect) {
    let Some((xs, ys)) = span(image, rect) else { return };
    let width = image.width() as usize;
    for y in ys {
        let row = y as usize * width;
        image.as_mut()[row + xs.start as usize..row + xs.end as usize].fill(255);
    }
}

/// The columns and rows of the image that the rectangle takes; None where it is off the image.
fn span(image: &GrayImage, rect: &Rect) -> Option<(std::ops::Range<u32>, std::ops::Range<u32>)> {
    let clamp = |from: f32, to: f32, most: u32| (from.max(0.0) as u32).min(most)..(to.max(0.0).ceil() as u32).min(most);
    let (xs, ys) = (clamp(rect.x0, rect.x1, image.width()), clamp(rect.y0, rect.y1, image.height()));
    (!xs.is_empty() && !ys.is_empty()).then_some((xs, ys))
}

/// Whether there is any ink within the rectangle.
pub fn has_ink(image: &GrayImage, rect: &Rect) -> bool {
    let Some((xs, ys)) = span(image, rect) else { return false };
    let width = image.width() as usize;
    ys.into_iter().any(|y| {
        let row = y as usize * width;
        image.as_raw()[row + xs.start as usize..row + xs.end as usize].iter().any(|&v| v < INK)
    })
}

/// Whether anything stands out within the rectangle: dark on light, or light on dark.
pub fn has_print(image: &GrayImage, rect: &Rect) -> bool {
    let Some((xs, ys)) = span(image, rect) else { return false };
    let width = image.width() as usize;
    let rows = ys.map(|y| &image.as_raw()[y as usize * width..][xs.start as usize..xs.end as usize]);
    let (least, most) = rows.flatten().fold((u8::MAX, u8::MIN), |(least, most), &v| (least.min(v), most.max(v)));
    most.saturating_sub(least) >= CONTRAST
}

/// How many pieces of ink within the rectangle are as high as letters and lower than a quarter of it, as print under a large word is;
/// the dots of a form that a word was typed on are lower.
pub fn small_pieces(image: &GrayImage, rect: &Rect, dpi: f32) -> usize {
    let Some((xs, ys)) = span(image, rect) else { return 0 };
    let (width, height) = (xs.end - xs.start, ys.end - ys.start);
    let part = image::imageops::crop_imm(image, xs.start, ys.start, width, height).to_image();
    let is_small = |piece: &Piece| (LETTER.0 * dpi..0.25 * rect.height()).contains(&(piece.height() as f32));
    Pieces::find(&part, INK).list.iter().filter(|piece| is_small(piece)).count()
}

/// The lines of ink on an image of this resolution, in dots per inch.
pub fn ink_lines(image: &GrayImage, dpi: f32) -> Vec<InkLine> {
    let (least, most) = ((LETTER.0 * dpi).max(4.0), LETTER.1 * dpi);
    let is_letter = |piece: &Piece| {
        let (w, h) = (piece.width() as f32, piece.height() as f32);
        let full = piece.area as f32 / (w * h);
        // A rule is long and full, a dot or speck is low.
        (least..most).contains(&h) && w < 3.0 * most && w < 12.0 * h && !(full > 0.9 && w > 3.0 * h)
    };
    let mut letters: Vec<Piece> = Pieces::find(image, INK).list.into_iter().filter(is_letter).collect();
    if letters.len() > MOST_PIECES {
        return Vec::new();
    }
    letters.sort_by_key(|piece| (piece.x0, piece.y0));
    let mut chain: Vec<usize> = (0..letters.len()).collect();
    for at in 0..letters.len() {
        let own = &letters[at];
        for next in at + 1..letters.len() {
            let other = &letters[next];
            let higher = own.height().max(other.height()) as f32;
            if other.x0 as f32 > own.x1 as f32 + NEXT * most {
                break;
            }
            let lower = own.height().min(other.height()) as f32;
            let shared = own.y1.min(other.y1) as f32 - own.y0.max(other.y0) as f32;
            let apart = other.x0 as f32 - own.x1 as f32;
            if shared >= LEVEL * lower && apart <= NEXT * higher && higher <= 3.0 * lower {
                let (a, b) = (root(&mut chain, at), root(&mut chain, next));
                chain[a.max(b)] = a.min(b);
            }
        }
    }
    let mut lines: Vec<Vec<usize>> = vec![Vec::new(); letters.len()];
    for at in 0..letters.len() {
        lines[root(&mut chain, at)].push(at);
    }
    let mut found: Vec<InkLine> =
        lines.iter().filter(|line| line.len() >= LETTERS).filter_map(|line| ink_line(&letters, line)).collect();
    found.sort_by(|a, b| a.rect.y0.total_cmp(&b.rect.y0).then(a.rect.x0.total_cmp(&b.rect.x0)));
    found
}

fn ink_line(letters: &[Piece], line: &[usize]) -> Option<InkLine> {
    let rect = |piece: &Piece| Rect::new(piece.x0 as f32, piece.y0 as f32, piece.x1 as f32, piece.y1 as f32);
    let whole = line.iter().map(|&at| rect(&letters[at])).reduce(|a, b| a.union(&b))?;
    let mut heights: Vec<u32> = line.iter().map(|&at| letters[at].height()).collect();
    heights.sort_unstable();
    let usual = heights[heights.len() / 2] as f32;
    let text = whole.height() <= LOW * usual && whole.width() >= LONG * whole.height();
    text.then_some(InkLine { rect: whole, letters: line.len() })
}

fn root(chain: &mut [usize], mut at: usize) -> usize {
    while chain[at] != at {
        chain[at] = chain[chain[at]];
        at = chain[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of 100 dpi with lines of letters 10 pixels high.
    fn page(lines: &[(u32, u32, u32)]) -> GrayImage {
        let mut image = GrayImage::from_pixel(600, 300, Luma([255]));
        for &(x, y, count) in lines {
            for letter in 0..count {
                for (dx, dy) in (0..6).flat_map(|dx| (0..10).map(move |dy| (dx, dy))) {
                    image.put_pixel(x + letter * 9 + dx, y + dy, Luma([0]));
                }
            }
        }
        image
    }

    #[test]
    fn lines_that_no_word_covers_are_found_and_covered_ones_are_not() {
        let mut image = page(&[(20, 20, 30), (20, 60, 20)]);
        assert_eq!(ink_lines(&image, 100.0).iter().map(|l| l.letters).collect::<Vec<_>>(), [30, 20]);
        erase_words(&mut image, &[Rect::new(20.0, 20.0, 300.0, 30.0)]);
        let left = ink_lines(&image, 100.0);
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].rect, Rect::new(20.0, 60.0, 197.0, 70.0));
    }

    #[test]
    fn rules_specks_and_a_signature_are_no_lines() {
        let mut image = page(&[]);
        for x in 20..500 {
            for y in 50..56 {
                image.put_pixel(x, y, Luma([0]));
            }
        }
        for x in 0..100u32 {
            let y = 150 + (f64::from(x) / 9.0).sin().mul_add(40.0, 0.0) as i32;
            (0..3).for_each(|d| image.put_pixel(100 + x, (y + d) as u32, Luma([0])));
        }
        image.put_pixel(300, 200, Luma([0]));
        assert_eq!(ink_lines(&image, 100.0), []);
    }

    #[test]
    fn only_the_places_named_are_kept() {
        let image = page(&[(20, 20, 30), (20, 60, 20)]);
        let kept = keep_only(&image, &[Rect::new(0.0, 50.0, 600.0, 90.0), Rect::new(590.0, 290.0, 9000.0, 9000.0)]);
        assert_eq!(ink_lines(&kept, 100.0).len(), 1);
        assert!(
            has_ink(&kept, &Rect::new(0.0, 55.0, 50.0, 70.0)) && !has_ink(&kept, &Rect::new(0.0, 10.0, 50.0, 40.0))
        );
    }
}

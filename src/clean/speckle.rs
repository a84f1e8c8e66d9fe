//! Dust, pepper noise and the scanner's streaks, told from dots and marks by their company.
//!
//! A dot of an i, a full stop or a mark is as small as dust. What tells them apart is that they stand by a letter: within
//! a letter's height of it, as dust between the lines does not. So dust near letters stays, unless it is much smaller
//! than the page's own dots can be.

use super::components::{Piece, Pieces};
use image::GrayImage;

/// What was taken off the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Specks {
    /// Pieces of dust; a page with few of them keeps them.
    pub dust: usize,
    /// Upright streaks of dots, as dirt on the glass of a sheet-fed scanner leaves.
    pub streaks: usize,
    /// Pieces of the size of letters that stay.
    pub letters: usize,
}

/// The usual height of letters without marks in millimetres: 13 or 14 point print has x-heights of 2.0 to 2.3 mm.
const LETTER_MM: f32 = 2.1;

/// A page with fewer specks than this is left as it is: they do the engine no harm, and an odd one is a mark after all.
const DIRTY: usize = 60;

/// Which pieces are dust, one entry a piece, and how much there is.
///
/// On a bilevel page single pixels beside letters are dust too; on a grey one they may be all that faded strokes left.
pub fn find(pieces: &Pieces, width: u32, height: u32, dpi: f32, bilevel: bool) -> (Vec<bool>, Specks) {
    let letter = LETTER_MM * dpi / 25.4;
    let is_letter = |p: &Piece| p.extent() as f32 >= 0.6 * letter && p.area as f32 >= 0.08 * letter * letter;
    let is_small = |p: &Piece| (p.extent() as f32) < 0.42 * letter;
    // The dot of a 12 point i is a fifth of the x-height across.
    let surely_dust = |p: &Piece| bilevel && (p.area as f32) < (0.012 * letter * letter).max(1.5);

    let cell = (letter / 2.0).max(2.0) as u32;
    let columns = width / cell + 1;
    let rows = height / cell + 1;
    let mut letters = vec![false; (columns * rows) as usize];
    let mut specks = Specks::default();
    for piece in pieces.list.iter().filter(|p| is_letter(p)) {
        specks.letters += 1;
        for y in piece.y0 / cell..=(piece.y1 - 1) / cell {
            for x in piece.x0 / cell..=(piece.x1 - 1) / cell {
                letters[(y * columns + x) as usize] = true;
            }
        }
    }
    let near_letter = |p: &Piece| (p.y0 / cell).saturating_sub(1)..=((p.y1 - 1) / cell + 1).min(rows - 1);
    let by_letter = |p: &Piece| {
        near_letter(p).any(|y| {
            ((p.x0 / cell).saturating_sub(1)..=((p.x1 - 1) / cell + 1).min(columns - 1))
                .any(|x| letters[(y * columns + x) as usize])
        })
    };
    let leaders = leaders(&pieces.list, is_small, letter);
    let (streaks, count) = streaks(&pieces.list, is_small, width, height);
    specks.streaks = count;
    let gone: Vec<bool> = pieces
        .list
        .iter()
        .zip(&leaders)
        .map(|(p, &leader)| {
            let lonely = is_small(p) && !leader && !by_letter(p);
            let streak = is_small(p) && streaks[(p.x0 + p.x1) as usize / 2] && (p.width() as f32) < 0.25 * letter;
            lonely || streak || surely_dust(p) && !leader
        })
        .collect();
    specks.dust = gone.iter().filter(|&&g| g).count();
    (gone, specks)
}

/// Which pieces stand in a dotted line: small ones with two fellows of their size on the same row within a letter's width.
fn leaders(list: &[Piece], is_small: impl Fn(&Piece) -> bool, letter: f32) -> Vec<bool> {
    let mut leader = vec![false; list.len()];
    let mut small: Vec<usize> = (0..list.len()).filter(|&i| is_small(&list[i])).collect();
    let row = |p: &Piece| p.y1 as f32 / (letter / 3.0);
    small.sort_by_key(|&i| (row(&list[i]) as u32, list[i].x0));
    for three in small.windows(3) {
        let [a, b, c] = [list[three[0]], list[three[1]], list[three[2]]];
        let level = a.y1.abs_diff(b.y1) <= 2 && b.y1.abs_diff(c.y1) <= 2;
        let gap = |a: &Piece, b: &Piece| b.x0 as f32 - a.x1 as f32;
        let (first, second) = (gap(&a, &b), gap(&b, &c));
        let even = (first - second).abs() <= 0.15 * letter && first < letter && second < letter;
        if level && even {
            three.iter().for_each(|&i| leader[i] = true);
        }
    }
    leader
}

/// The columns in which small pieces stand one under another down the whole page, and how many such streaks there are.
fn streaks(list: &[Piece], is_small: impl Fn(&Piece) -> bool, width: u32, height: u32) -> (Vec<bool>, usize) {
    const BANDS: u32 = 24;
    let mut bands = vec![0u32; width as usize + 1];
    for p in list.iter().filter(|p| is_small(p)) {
        let band = p.y0 * BANDS / height.max(1);
        // A streak wavers by a pixel.
        let x = (p.x0 + p.x1) / 2;
        for x in x.saturating_sub(1)..=(x + 1).min(width) {
            bands[x as usize] |= 1 << band;
        }
    }
    let streak: Vec<bool> = bands.iter().map(|b| b.count_ones() >= BANDS * 3 / 4).collect();
    let count = streak.windows(2).filter(|pair| !pair[0] && pair[1]).count();
    // On a page of noise every column looks like a streak: then none is one.
    if streak.iter().filter(|&&s| s).count() > width as usize / 40 {
        return (vec![false; streak.len()], 0);
    }
    (streak, count)
}

/// Takes the dust off `page`, where ink is darker than `threshold`.
pub fn remove(page: &mut GrayImage, dpi: f32, threshold: u8, bilevel: bool) -> Specks {
    let pieces = Pieces::find(page, threshold);
    let (gone, specks) = find(&pieces, page.width(), page.height(), dpi, bilevel);
    if specks.dust >= DIRTY || specks.letters == 0 {
        pieces.erase(page, &gone);
    }
    specks
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    /// Letters of 17 pixels at 200 dpi, each with a mark above and a dot below, and what `extra` adds.
    fn page(extra: &[(u32, u32, u32)]) -> GrayImage {
        GrayImage::from_fn(600, 600, |x, y| {
            let (lx, ly) = ((x + y / 60 * 7) % 24, y % 60);
            let letter = lx < 14 && (20..37).contains(&ly) && (!(4..=10).contains(&lx) || ly < 24);
            let mark = (5..9).contains(&lx) && (11..15).contains(&ly);
            let dot = (5..8).contains(&lx) && (40..43).contains(&ly);
            // Whole letters only, and none where the streak of the second test runs.
            let start = i64::from(x) - i64::from(lx);
            let text = (0..466).contains(&start) && !(210..240).contains(&start) && (letter || mark || dot);
            let dust = extra.iter().any(|&(ex, ey, side)| x >= ex && x < ex + side && y >= ey && y < ey + side);
            Luma([if text || dust { 0 } else { 255 }])
        })
    }

    #[test]
    fn dust_goes_and_marks_dots_and_dotted_lines_stay() {
        let dust: Vec<_> =
            (0..64).map(|n| (530 + n % 4 * 16, 10 + n / 4 * 34 + n / 32 * 50 + n % 4 * 6, 1 + n % 3)).collect();
        let leaders: Vec<_> = (0..12).map(|n| (490 + n * 8, 300, 3)).collect();
        let mut cleaned = page(&[&dust[..], &leaders[..]].concat());
        let specks = remove(&mut cleaned, 200.0, 128, true);
        assert!(cleaned == page(&leaders), "the page differs");
        assert_eq!((specks.dust, specks.streaks), (64, 0));
    }

    #[test]
    fn a_streak_down_the_page_goes_even_beside_letters() {
        let streak: Vec<_> = (0..75).map(|n| (225, n * 8 + 1, 2)).collect();
        let mut cleaned = page(&streak);
        let specks = remove(&mut cleaned, 200.0, 128, true);
        assert_eq!(specks.streaks, 1);
        assert!(cleaned == page(&[]), "the page differs");
    }
}

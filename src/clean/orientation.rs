//! Which way up a page lies, from what can be read on it.
//!
//! A few stretches of lines, as the page lies and as it would lie on its side, are held before a reader in each of the four
//! ways. What lies wrong does not read as letters. That holds in any face, in tables and lists, and for figures alone. It is a
//! sequential test (A. Wald, Annals of Mathematical Statistics 16, 1945): stretches are read until one way is likelier than
//! all others by far.

use super::components::Pieces;
use super::letter_height;
use super::resample::{Filter, Turn, straighten};
use super::skew::{InkEnds, Lines};
use super::stretches::{self, Stretch};
use image::{GrayImage, imageops};

/// Tells print from what is none, where it lies level.
pub trait Legibility: Send + Sync {
    /// How much likelier it is that the line of `height` pixels that runs through the middle of `image` is upright print
    /// than that it is not, as a logarithm of odds; 0 where nothing can be told. The image has half a line of surroundings.
    fn log_odds(&self, image: &GrayImage, height: f32) -> f32;

    /// The rectangles (left, top, right, bottom, in pixels) of what looks like level lines on a page; asked for where the
    /// stretches tell too little.
    fn lines(&self, page: &GrayImage) -> Vec<[f32; 4]>;
}

/// How a page lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Orientation {
    /// The turn that makes the page stand upright; [`Turn::None`] where it is not clear.
    pub turn: Turn,
    /// The lines of the page once turned; None where it has none.
    pub lines: Option<Lines>,
    /// How likely each way is, as logarithms of odds: as it lies, turned clockwise by 90, 180 and 270 degrees. All 0 where nothing was read.
    pub evidence: [f32; 4],
}

/// The ways in the order of [`Orientation::evidence`].
const WAYS: [Turn; 4] = [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters];

/// Evidence at which reading ends: one way is e^12 times likelier than any other.
const CERTAIN: f32 = 12.0;

/// A page is turned only where the way found is e^3 times likelier than that it lies as the file says: most do.
const TURNED: f32 = 3.0;

/// Stretches a direction that are read at most.
const MOST: usize = 16;

/// Those of level lines that are read before the other direction is looked at. No three of them can be [`CERTAIN`] by themselves that are not all
/// as clear as print can be.
const AT_FIRST: usize = 5;

/// The same of the lines that the reader finds itself.
const MOST_LINES: usize = 10;

/// Lines at least this clear (see [`Lines`]) tell the angle at which stretches are looked for.
const CLEAR: f32 = 1.25;

/// Weight of a stretch that reads in neither way. 0.25 left 26 of the sweep's 3,456 pages wrong, and 12 of 288 copies of 100 dpi in
/// faces that it was not set on, of which 0.1 leaves one (docs/cleaning.md).
const NO_PRINT: f32 = 0.1;

/// A line that the reader finds is long from this many of its heights on. Across print hardly any is, but in columns of numbers, which read well.
const LONG: f32 = 8.0;

/// What a long line says for the direction that it was found in, whether or not it can be read.
const LONG_LINE: f32 = 1.5;

/// Crops are straightened beyond this angle; the reader does not mind less.
const STRAIGHT: f32 = 1.5;

/// The page in one of its two directions.
struct Direction<'a> {
    page: &'a GrayImage,
    /// Whether the page is seen turned by a quarter.
    quarter: bool,
    lines: Option<Lines>,
    degrees: f32,
    stretches: Vec<Stretch>,
}

/// Finds how `page` lies; `small` is the same page reduced by a whole number to 75 to 150 dpi, in which ink is darker than
/// `threshold`. Without a reader it stays as it lies.
pub fn find(page: &GrayImage, small: &GrayImage, threshold: u8, reader: Option<&dyn Legibility>) -> Orientation {
    let level_lines = InkEnds::below(small, threshold).lines();
    let as_it_lies = Orientation { turn: Turn::None, lines: level_lines, evidence: [0.0; 4] };
    let Some(reader) = reader else { return as_it_lies };
    let scale = page.width() as f32 / small.width().max(1) as f32;
    let direction = |small: &GrayImage, quarter: bool, lines: Option<Lines>| {
        let degrees = lines.filter(|l| l.clearness >= CLEAR).map_or(0.0, |l| l.degrees);
        let pieces = Pieces::find(small, threshold);
        let stretches = letter_height::shorter_side(&pieces.list, u32::MAX)
            .map_or_else(Vec::new, |letter| stretches::find(&pieces, letter, degrees.to_radians().tan(), MOST));
        Direction { page, quarter, lines, degrees, stretches }
    };

    let mut evidence = [0.0f32; 4];
    let weigh = |evidence: &mut [f32; 4], first: usize, crop: &GrayImage, height: f32| {
        let upright = reader.log_odds(crop, height);
        let turned = reader.log_odds(&imageops::rotate180(crop), height);
        // What reads badly both ways is poor print, no print, or print in the other direction: it says little of the direction, though
        // which of the two is less bad still tells.
        let doubt = (1.0 - NO_PRINT) * upright.max(turned).min(0.0);
        evidence[first] += upright - doubt;
        evidence[first + 2] += turned - doubt;
    };
    let weigh_stretch = |evidence: &mut [f32; 4], direction: &Direction, stretch: &Stretch| {
        let first = usize::from(direction.quarter);
        weigh(evidence, first, &direction.crop(stretch, scale), stretch.height() * scale);
    };
    // Most pages lie level, and a few of their lines say so by themselves.
    let level = direction(small, false, level_lines);
    for stretch in level.stretches.iter().take(AT_FIRST) {
        weigh_stretch(&mut evidence, &level, stretch);
        if margin(&evidence) >= CERTAIN {
            let best = if evidence[0] > evidence[2] { 0 } else { 2 };
            return Orientation { turn: WAYS[best], lines: level_lines, evidence };
        }
    }
    let beside = imageops::rotate90(small);
    let beside = direction(&beside, true, InkEnds::below(&beside, threshold).lines());
    let directions = [level, beside];
    for round in 0..MOST {
        for direction in &directions {
            let read = !direction.quarter && round < AT_FIRST;
            if let Some(stretch) = direction.stretches.get(round).filter(|_| !read) {
                weigh_stretch(&mut evidence, direction, stretch);
            }
        }
        if round > 0 && margin(&evidence) >= CERTAIN {
            break;
        }
    }
    if margin(&evidence) < CERTAIN {
        // Too little was found, or it reads as well in two ways: the reader looks for lines itself.
        for (first, direction) in directions.iter().enumerate() {
            let turned = direction.quarter.then(|| imageops::rotate90(page));
            let seen = turned.as_ref().unwrap_or(page);
            for line in longest(reader.lines(seen)) {
                let (crop, height) = cut(seen, line);
                weigh(&mut evidence, first, &crop, height);
                if line[2] - line[0] >= LONG * height {
                    evidence[first] += LONG_LINE;
                    evidence[first + 2] += LONG_LINE;
                }
            }
        }
    }
    let best = (0..4).max_by(|&a, &b| evidence[a].total_cmp(&evidence[b])).unwrap_or(0);
    let best = if evidence[best] > evidence[0] + TURNED { best } else { 0 };
    Orientation { turn: WAYS[best], lines: directions[best % 2].lines, evidence }
}

/// By how much the likeliest way is ahead of the others.
fn margin(evidence: &[f32; 4]) -> f32 {
    let mut sorted = *evidence;
    sorted.sort_by(f32::total_cmp);
    sorted[3] - sorted[2]
}

/// The longest lines in view of their height, those of the page's top before others.
fn longest(mut lines: Vec<[f32; 4]>) -> Vec<[f32; 4]> {
    let length = |l: &[f32; 4]| ((l[2] - l[0]) / (l[3] - l[1]).max(1.0)).min(11.0);
    lines.sort_by(|a, b| length(b).total_cmp(&length(a)));
    lines.truncate(MOST_LINES);
    lines
}

/// A line of a page that stands as it is seen, with its surroundings, and its height.
fn cut(page: &GrayImage, [x0, y0, x1, y1]: [f32; 4]) -> (GrayImage, f32) {
    let height = y1 - y0;
    let low = |v: f32| v.max(0.0) as u32;
    let (left, top) = (low(x0 - 0.3 * height), low(y0 - 0.5 * height));
    // As with stretches a dozen heights are enough.
    let right = low(x1.min(x0 + 12.0 * height) + 0.3 * height).min(page.width());
    let bottom = low(y1 + 0.5 * height).min(page.height());
    let crop =
        imageops::crop_imm(page, left, top, right.saturating_sub(left).max(1), bottom.saturating_sub(top).max(1));
    (crop.to_image(), height)
}

impl Direction<'_> {
    /// The stretch with half a line of surroundings, level; `scale` is how much larger the page is than the one that it was found on.
    fn crop(&self, stretch: &Stretch, scale: f32) -> GrayImage {
        let height = stretch.height();
        let (wide, high) = ((stretch.x1 - stretch.x0 + 0.6 * height) * scale, 2.0 * height * scale);
        // Back from the level page to the one that is seen.
        let (sin, cos) = self.degrees.to_radians().sin_cos();
        let (x, y) = ((stretch.x0 + stretch.x1) / 2.0 * scale, (stretch.y0 + stretch.y1) / 2.0 * scale);
        let (x, y) = (x * cos + y * sin, y * cos - x * sin);
        let leans = self.degrees.abs() > STRAIGHT;
        let (reach_x, reach_y) = if leans {
            ((wide * cos + high * sin.abs()) / 2.0, (high * cos + wide * sin.abs()) / 2.0)
        } else {
            (wide / 2.0, high / 2.0)
        };
        let seen = self.window(x, y, reach_x, reach_y);
        if !leans {
            return seen;
        }
        let (level, _) = straighten(&seen, self.degrees, 1.0, Filter::Sharp);
        let (wide, high) = ((wide as u32).min(level.width()), (high as u32).min(level.height()));
        let (left, top) = ((level.width() - wide) / 2, (level.height() - high) / 2);
        imageops::crop_imm(&level, left, top, wide.max(1), high.max(1)).to_image()
    }

    /// What lies this far about a point of the direction's view of the page; beyond the page is white.
    fn window(&self, x: f32, y: f32, reach_x: f32, reach_y: f32) -> GrayImage {
        let (wide, high) = ((2.0 * reach_x).max(1.0) as i64, (2.0 * reach_y).max(1.0) as i64);
        let (left, top) = ((x - reach_x).round() as i64, (y - reach_y).round() as i64);
        let page_height = i64::from(self.page.height());
        let mut out = GrayImage::from_pixel(wide as u32, high as u32, image::Luma([255]));
        for v in 0..high {
            for u in 0..wide {
                let (sx, sy) = (left + u, top + v);
                // A pixel of the page turned clockwise by a quarter stood at (y, height - 1 - x).
                let (px, py) = if self.quarter { (sy, page_height - 1 - sx) } else { (sx, sy) };
                if let (Ok(px), Ok(py)) = (u32::try_from(px), u32::try_from(py))
                    && let Some(pixel) = self.page.get_pixel_checked(px, py)
                {
                    out.put_pixel(u as u32, v as u32, *pixel);
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    /// Reads nothing well: level print a little less badly upright than turned, nothing at all across; finds the level lines.
    struct Poor;

    impl Legibility for Poor {
        fn log_odds(&self, image: &GrayImage, _: f32) -> f32 {
            let dark = |x0: u32, x1: u32, y0: u32, y1: u32| {
                (y0..y1)
                    .flat_map(|y| (x0..x1).map(move |x| (x, y)))
                    .filter(|&(x, y)| image.get_pixel(x, y)[0] < 128)
                    .count()
            };
            let (w, h) = image.dimensions();
            if w < 4 * h {
                return 0.0;
            }
            // The lower halves of the letters below have more ink.
            if dark(0, w, h / 2, h) > dark(0, w, 0, h / 2) { -1.5 } else { -3.5 }
        }

        fn lines(&self, page: &GrayImage) -> Vec<[f32; 4]> {
            if page.width() < page.height() {
                return Vec::new();
            }
            (0..10).map(|line| [0.0, 10.0 + 30.0 * line as f32, 208.0, 18.0 + 30.0 * line as f32]).collect()
        }
    }

    /// Ten lines of letters, whose lower halves are wider.
    fn poor_copy() -> GrayImage {
        GrayImage::from_fn(340, 310, |x, y| {
            let (word, line) = (x % 52, y % 30);
            let wide = if line < 14 { 4 } else { 6 };
            let letter = x < 208 && word < 48 && word % 8 < wide && (10..18).contains(&line);
            Luma([if letter { 0 } else { 255 }])
        })
    }

    #[test]
    fn a_poor_copy_stands_by_its_long_lines_and_by_what_reads_less_badly() {
        let page = poor_copy();
        let found = find(&page, &page, 128, Some(&Poor));
        assert_eq!(found.turn, Turn::None, "{:?}", found.evidence);
        let turned = imageops::rotate180(&page);
        let found = find(&turned, &turned, 128, Some(&Poor));
        assert_eq!(found.turn, Turn::Half, "{:?}", found.evidence);
    }
}

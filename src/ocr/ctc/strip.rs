//! One text line cut out of the page, at the size and polarity that the network was trained on.

use crate::geometry::Rect;
use image::GrayImage;
use std::ops::Range;

/// Height of the network's input in pixels: the line itself in the middle third, its surroundings above and below.
pub(super) const HEIGHT: usize = 96;
/// The network looks at thirds; the line with its margins fills one.
const WINDOW: f32 = 3.0;
/// White that the network expects above and below the line, and to its left and right, in heights of the line.
const MARGIN: (f32, f32) = (0.3, 0.2);
/// Widths are made multiples of this, and followed by as much white: the network's context branch reaches that far.
const WIDTH_STEP: usize = 8;

/// Where a line of text stands on a page image.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LineBox {
    /// From the top of its highest letters to the bottom of its lowest, as if the line were level through its middle.
    pub rect: Rect,
    /// How much lower its right end is, a pixel to the right; 0 for a level line.
    pub slope: f32,
}

impl LineBox {
    /// How much lower the line is at `x` than in its middle.
    pub(in crate::ocr) fn drop(&self, x: f32) -> f32 {
        self.slope * (x - self.rect.centre().0)
    }

    /// The stretch of it between these places, along its slope.
    pub(in crate::ocr) fn between(&self, x0: f32, x1: f32) -> LineBox {
        let drop = self.drop((x0 + x1) / 2.0);
        LineBox { rect: Rect::new(x0, self.rect.y0 + drop, x1, self.rect.y1 + drop), slope: self.slope }
    }
}

/// Ink of a line, 0 for paper to 1 for ink, `HEIGHT` rows; and the way back to the page.
pub struct Strip {
    /// Row after row, `stride` values each.
    pub(super) ink: Vec<f32>,
    /// Values a row, white at the right end included.
    pub(super) stride: usize,
    /// Columns that show the page.
    pub(super) width: usize,
    /// Page pixels a column.
    scale: f32,
    /// The page's x at the strip's left edge.
    left: f32,
}

impl Strip {
    /// Cuts `line` out of `page`, whose paper is bright. None where nothing of it lies on the page.
    ///
    /// The cut follows the line's slope. It is three times as high as the line with its margins, since the network was
    /// trained with the lines above and below in view. It is scaled by averaging where it shrinks, linearly where it grows.
    pub fn cut(page: &GrayImage, line: &LineBox) -> Option<Strip> {
        let rect = &line.rect;
        let height = rect.height().max(1.0);
        let (wide, high) = (page.width() as usize, page.height() as usize);
        if rect.x1 <= 0.0 || rect.y1 <= 0.0 || rect.x0 >= wide as f32 || rect.y0 >= high as f32 || rect.width() < 1.0 {
            return None;
        }
        let rows = WINDOW * (1.0 + 2.0 * MARGIN.1) * height;
        let scale = rows / HEIGHT as f32;
        let (left, top) = (rect.x0 - MARGIN.0 * height, (rect.y0 + rect.y1 - rows) / 2.0);
        let width = (((rect.width() + 2.0 * MARGIN.0 * height) / scale).round() as usize).max(WIDTH_STEP);
        let stride = width.next_multiple_of(WIDTH_STEP) + WIDTH_STEP;
        // First across: every row of the page that the cut touches, at the strip's columns.
        let rise = line.slope.abs() * (rect.width() / 2.0 + height);
        let first = (top - rise).floor().clamp(0.0, high as f32) as usize;
        let last = ((top + rows + rise).ceil().clamp(0.0, high as f32) as usize + 1).min(high);
        let across: Vec<Taps> = (0..width).map(|x| Taps::at(left, scale, x)).collect();
        let mut narrow = vec![0.0f32; width * last.saturating_sub(first)];
        for (row, out) in narrow.chunks_exact_mut(width).enumerate() {
            let pixels = &page.as_raw()[(first + row) * wide..][..wide];
            out.iter_mut().zip(&across).for_each(|(out, taps)| *out = taps.ink(pixels));
        }
        // Then down, from where the slope has the line. A twentieth of a row is finer than the network sees, and lets columns
        // share their rows.
        let mut ink = vec![0.0; stride * HEIGHT];
        let middle = (rect.x0 + rect.x1) / 2.0;
        let shift = |x: usize| (line.slope * (left + (x as f32 + 0.5) * scale - middle) * 20.0).round() / 20.0;
        let mut from = 0;
        while from < width {
            let here = shift(from);
            let to = (from + 1..width).find(|&x| shift(x) != here).unwrap_or(width);
            for (y, out) in ink.chunks_exact_mut(stride).enumerate() {
                let out = &mut out[from..to];
                Taps::at(top + here, scale, y).each(|row, weight| {
                    let row = usize::try_from(row).ok().and_then(|r| r.checked_sub(first));
                    if let Some(row) = row.filter(|&r| r < last - first) {
                        let row = &narrow[row * width..][from..to];
                        out.iter_mut().zip(row).for_each(|(sum, ink)| *sum += weight * ink);
                    }
                });
            }
            from = to;
        }
        let mut strip = Strip { ink, stride, width, scale, left };
        strip.turn_light_on_dark();
        Some(strip)
    }

    /// The page's x of a step of the network, which is four columns wide.
    pub fn x_of_step(&self, step: f32) -> f32 {
        self.left + step * STEP as f32 * self.scale
    }

    /// The page's x of a column.
    pub(in crate::ocr) fn x_of_column(&self, column: f32) -> f32 {
        self.left + column * self.scale
    }

    /// Steps of the network that show the page.
    pub fn steps(&self) -> usize {
        self.width.div_ceil(STEP)
    }

    /// Columns that show the page.
    pub(in crate::ocr) fn columns(&self) -> usize {
        self.width
    }

    /// The ink of a row, from 0 for paper to 1, column by column.
    pub fn row(&self, y: usize) -> &[f32] {
        &self.ink[y * self.stride..][..self.width]
    }

    /// The column, not rounded, at which a step begins.
    pub(in crate::ocr) fn column_of_step(&self, step: f32) -> f32 {
        step * STEP as f32
    }

    /// The step that a column is in.
    pub(in crate::ocr) fn step_of_column(&self, column: usize) -> usize {
        column / STEP
    }

    /// The ink of each column of these steps, as the mean over these rows.
    pub(in crate::ocr) fn profile(&self, steps: &Range<usize>, rows: Range<usize>) -> Vec<f32> {
        let share = |x: usize| rows.clone().map(|y| self.ink[y * self.stride + x]).sum::<f32>() / rows.len() as f32;
        (steps.start * STEP..(steps.end * STEP).min(self.width)).map(share).collect()
    }

    /// The network's step, not rounded, in which the page's `x` falls.
    pub fn step_of_x(&self, x: f32) -> f32 {
        (x - self.left) / self.scale / STEP as f32
    }

    /// White letters on black become black on white: the network reads ink on paper.
    fn turn_light_on_dark(&mut self) {
        let third = HEIGHT / 3;
        let (mut sum, mut count) = (0.0, 0);
        for y in third..2 * third {
            sum += self.ink[y * self.stride..][..self.width].iter().sum::<f32>();
            count += self.width;
        }
        // Letters cover a fifth of a line; more than three fifths is a dark ground.
        if sum > 0.6 * count as f32 {
            for y in 0..HEIGHT {
                self.ink[y * self.stride..][..self.width].iter_mut().for_each(|v| *v = 1.0 - *v);
            }
        }
    }
}

/// Fills the first `width` values of each row with the ink of `page`, 0 to 1, seen from `origin` at `scale` page pixels a
/// value: averaged where that is above 1, else interpolated. Beyond the page is paper.
pub(super) fn shrink<'a>(
    page: &GrayImage,
    origin: (f32, f32),
    scale: f32,
    width: usize,
    rows: impl Iterator<Item = &'a mut [f32]>,
) {
    let across: Vec<Taps> = (0..width).map(|x| Taps::at(origin.0, scale, x)).collect();
    let stride = page.width() as usize;
    for (y, out) in rows.enumerate() {
        Taps::at(origin.1, scale, y).each(|row, weight| {
            let Some(row) = usize::try_from(row).ok().filter(|&r| r < page.height() as usize) else { return };
            let pixels = &page.as_raw()[row * stride..][..stride];
            for (sum, taps) in out[..width].iter_mut().zip(&across) {
                *sum += weight * taps.ink(pixels);
            }
        });
    }
}

/// Columns of the strip in one step of the network.
pub(super) const STEP: usize = 4;

/// The source pixels that one target pixel is made of.
struct Taps {
    first: i64,
    weights: [f32; Taps::MOST],
    len: usize,
}

impl Taps {
    /// A scale of ten, lines of 230 pixels, is as much as is averaged exactly; beyond it pixels are left out.
    const MOST: usize = 12;

    fn at(origin: f32, scale: f32, target: usize) -> Taps {
        let mut taps = Taps { first: 0, weights: [0.0; Taps::MOST], len: 0 };
        if scale > 1.0 {
            // The area of the source that the target covers.
            let (from, to) = (origin + target as f32 * scale, origin + (target + 1) as f32 * scale);
            taps.first = from.floor() as i64;
            taps.len = ((to.ceil() as i64 - taps.first).max(1) as usize).min(Taps::MOST);
            for (i, weight) in taps.weights[..taps.len].iter_mut().enumerate() {
                let pixel = (taps.first + i as i64) as f32;
                *weight = (to.min(pixel + 1.0) - from.max(pixel)).max(0.0);
            }
        } else {
            let centre = origin + (target as f32 + 0.5) * scale - 0.5;
            taps.first = centre.floor() as i64;
            taps.len = 2;
            taps.weights[1] = centre - centre.floor();
            taps.weights[0] = 1.0 - taps.weights[1];
        }
        let sum: f32 = taps.weights[..taps.len].iter().sum();
        taps.weights[..taps.len].iter_mut().for_each(|w| *w /= sum);
        taps
    }

    fn each(&self, mut visit: impl FnMut(i64, f32)) {
        for (i, &weight) in self.weights[..self.len].iter().enumerate() {
            visit(self.first + i as i64, weight);
        }
    }

    /// Ink under these taps in a row of pixels; beyond the page is paper.
    fn ink(&self, row: &[u8]) -> f32 {
        let ink = |(&value, weight): (&u8, &f32)| weight * (255.0 - f32::from(value)) / 255.0;
        let pixels = usize::try_from(self.first).ok().and_then(|first| row.get(first..first + self.len));
        if let Some(pixels) = pixels {
            return pixels.iter().zip(&self.weights).map(ink).sum();
        }
        let mut sum = 0.0;
        self.each(|at, weight| {
            if let Some(value) = usize::try_from(at).ok().and_then(|at| row.get(at)) {
                sum += ink((value, &weight));
            }
        });
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    fn level(rect: Rect) -> LineBox {
        LineBox { rect, slope: 0.0 }
    }

    #[test]
    fn the_cut_follows_the_slope() {
        // A line of ink that falls by 30 pixels in 300 must lie level in the strip.
        let mut page = GrayImage::from_pixel(400, 300, Luma([255]));
        (50..350u32).for_each(|x| (0..4).for_each(|y| page.put_pixel(x, 135 + (x - 50) / 10 + y, Luma([0]))));
        let line = LineBox { rect: Rect::new(50.0, 140.0, 350.0, 164.0), slope: 0.1 };
        let strip = Strip::cut(&page, &line).unwrap();
        let centre = |x: usize| -> f32 {
            let column = |y: usize| strip.ink[y * strip.stride + x];
            (0..HEIGHT).map(|y| y as f32 * column(y)).sum::<f32>() / (0..HEIGHT).map(column).sum::<f32>()
        };
        let (a, b) = (centre(strip.width / 8), centre(strip.width * 7 / 8));
        assert!((a - b).abs() < 1.0 && (a - 48.0).abs() < 2.0, "{a} {b}");
    }

    #[test]
    fn a_bar_keeps_its_place_and_weight() {
        // A line 20 pixels high at 100..120, a black bar four pixels wide at x = 150.
        let mut page = GrayImage::from_pixel(400, 300, Luma([255]));
        for y in 100..120 {
            (150..154).for_each(|x| page.put_pixel(x, y, Luma([0])));
        }
        let strip = Strip::cut(&page, &level(Rect::new(100.0, 100.0, 300.0, 120.0))).unwrap();
        let middle = &strip.ink[48 * strip.stride..][..strip.width];
        let total: f32 = middle.iter().sum::<f32>() * strip.scale;
        assert!((total - 4.0).abs() < 0.1, "{total}");
        let centre: f32 =
            middle.iter().enumerate().map(|(x, v)| (x as f32 + 0.5) * v).sum::<f32>() / middle.iter().sum::<f32>();
        assert!((strip.x_of_step(centre / STEP as f32) - 152.0).abs() < 0.3);
        assert!((strip.step_of_x(152.0) * STEP as f32 - centre).abs() < 0.5);
        assert_eq!(middle[0], 0.0);
    }

    #[test]
    fn what_hangs_over_the_edge_is_paper() {
        let page = GrayImage::from_pixel(50, 10, Luma([250]));
        let strip = Strip::cut(&page, &level(Rect::new(-5.0, -3.0, 80.0, 12.0))).unwrap();
        assert!(strip.ink.iter().all(|v| (0.0..0.1).contains(v)));
        assert!(Strip::cut(&page, &level(Rect::new(60.0, 0.0, 80.0, 12.0))).is_none());
    }

    #[test]
    fn white_on_black_is_turned() {
        let mut page = GrayImage::from_pixel(200, 60, Luma([0]));
        (80..90).for_each(|x| (25..35).for_each(|y| page.put_pixel(x, y, Luma([255]))));
        let strip = Strip::cut(&page, &level(Rect::new(10.0, 20.0, 190.0, 40.0))).unwrap();
        assert!(strip.ink[48 * strip.stride + 1] < 0.5);
    }
}

//! Finds the text lines of a page with the small network that comes with the line recogniser.

use super::strip::{LineBox, shrink};
use crate::geometry::Rect;
use image::GrayImage;

/// Length of the longer side of the picture that the network looks at.
const LONG_SIDE: f32 = 1024.0;
/// Where the middle line is lower than this in that picture, it looks again at a scale that makes it [`WANTED`] high.
const TOO_LOW: f32 = 9.0;
const WANTED: f32 = 12.0;
const LONGEST_SIDE: f32 = 2048.0;
/// Sides of the network's input are multiples of this; its output has half its size.
const MULTIPLE: usize = 32;
const OUTPUT_STEP: f32 = 2.0;
/// The network marks the core of a line, which ends before the line by this part of its height.
const CORE_SHORTER: f32 = 0.15;

/// Lines of `page` in its own pixels, by their tops; `run` maps ink `[height, width]` to the network's three planes
/// `[3, height / 2, width / 2]`: whether the line's core is here, and how far up and down the line reaches.
pub(super) fn lines<E>(
    page: &GrayImage,
    mut run: impl FnMut(&[f32], usize, usize) -> Result<Vec<f32>, E>,
) -> Result<Vec<LineBox>, E> {
    let longer = page.width().max(page.height()) as f32;
    let mut look = |long_side: f32| -> Result<(Vec<LineBox>, f32), E> {
        let scale = longer / long_side;
        let (ink, width, height) = picture(page, scale);
        let planes = run(&ink, width, height)?;
        Ok((decode(&planes, width / 2, height / 2), scale))
    };
    let (mut found, mut scale) = look(LONG_SIDE)?;
    if found.len() >= 8 {
        let mut heights: Vec<f32> = found.iter().map(|l| l.rect.height()).collect();
        heights.sort_by(f32::total_cmp);
        let middle = heights[heights.len() / 2];
        let closer = (LONG_SIDE * WANTED / middle.max(1.0)).min(LONGEST_SIDE);
        if middle < TOO_LOW && closer > LONG_SIDE {
            (found, scale) = look(closer)?;
        }
    }
    let (wide, high) = (page.width() as f32, page.height() as f32);
    for line in &mut found {
        line.rect = Rect::new(
            (line.rect.x0 * scale).clamp(0.0, wide),
            (line.rect.y0 * scale).clamp(0.0, high),
            (line.rect.x1 * scale).clamp(0.0, wide),
            (line.rect.y1 * scale).clamp(0.0, high),
        );
    }
    found.retain(|l| l.rect.width() >= 1.0 && l.rect.height() >= 1.0);
    found.sort_by(|a, b| a.rect.y0.total_cmp(&b.rect.y0).then(a.rect.x0.total_cmp(&b.rect.x0)));
    Ok(found)
}

/// The page's ink, shrunk by `scale`, with white at the right and below to fill the network's multiple.
fn picture(page: &GrayImage, scale: f32) -> (Vec<f32>, usize, usize) {
    let size = |side: u32| ((side as f32 / scale).round() as usize).max(1);
    let (wide, high) = (size(page.width()), size(page.height()));
    let (width, height) = (wide.next_multiple_of(MULTIPLE), high.next_multiple_of(MULTIPLE));
    let mut ink = vec![0.0; width * height];
    let rows = ink.chunks_exact_mut(width).take(high);
    shrink(page, (0.0, 0.0), scale, wide, rows);
    (ink, width, height)
}

/// Connected cores become lines: top and bottom are the means of what their points tell.
fn decode(planes: &[f32], width: usize, height: usize) -> Vec<LineBox> {
    let size = width * height;
    let (core, up, down) = (&planes[..size], &planes[size..2 * size], &planes[2 * size..3 * size]);
    let mut seen = vec![false; size];
    let mut stack = Vec::new();
    let mut lines = Vec::new();
    for start in 0..size {
        // The network's output is a logit; above 0 is more likely than not.
        if seen[start] || core[start] <= 0.0 {
            continue;
        }
        seen[start] = true;
        stack.push(start);
        let (mut left, mut right) = (width, 0);
        let (mut top, mut bottom, mut count) = (0.0, 0.0, 0usize);
        let mut fit = Fit::default();
        while let Some(at) = stack.pop() {
            let (x, y) = (at % width, at / width);
            (left, right) = (left.min(x), right.max(x));
            let middle = (y as f32 + 0.5) * OUTPUT_STEP;
            top += middle - up[at];
            bottom += middle + down[at];
            count += 1;
            fit.add(x as f64, y as f64);
            let mut visit = |next: usize| {
                if !seen[next] && core[next] > 0.0 {
                    seen[next] = true;
                    stack.push(next);
                }
            };
            if x > 0 {
                visit(at - 1);
            }
            if x + 1 < width {
                visit(at + 1);
            }
            if y > 0 {
                visit(at - width);
            }
            if y + 1 < height {
                visit(at + width);
            }
        }
        // A single point is noise.
        if count < 2 {
            continue;
        }
        let (top, bottom) = (top / count as f32, bottom / count as f32);
        let (left, right) = (left as f32 * OUTPUT_STEP, (right + 1) as f32 * OUTPUT_STEP);
        let longer = CORE_SHORTER * (bottom - top).max(1.0);
        // A slope cannot be told from the few points of a short line.
        let long = right - left > 4.0 * (bottom - top);
        let slope = if long { fit.slope() as f32 } else { 0.0 };
        // The network learned from level rectangles around lines, so that its reach holds the rise of a sloping one.
        let rise = (slope.abs() * (right - left)).min(0.4 * (bottom - top));
        let rect = Rect::new(left - longer, top + rise / 2.0, right + longer, bottom - rise / 2.0);
        lines.push(LineBox { rect, slope });
    }
    lines
}

/// The straight line through points by least squares.
#[derive(Default)]
struct Fit {
    n: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
}

impl Fit {
    fn add(&mut self, x: f64, y: f64) {
        self.n += 1.0;
        self.x += x;
        self.y += y;
        self.xx += x * x;
        self.xy += x * y;
    }

    /// Rise a unit to the right; 0 where all points stand above each other.
    fn slope(&self) -> f64 {
        let spread = self.n * self.xx - self.x * self.x;
        if spread > 0.0 { (self.n * self.xy - self.x * self.y) / spread } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cores_become_lines_with_their_reach() {
        // Two cores on a page of 1024 by 512: the "network" tells ink in the middle of what is drawn.
        let page = GrayImage::from_fn(1024, 512, |x, y| {
            let first = (100..300).contains(&x) && (100..110).contains(&y);
            let second = (500..900).contains(&x) && (104..112).contains(&y);
            image::Luma([if first || second { 0 } else { 255 }])
        });
        let network = |ink: &[f32], width: usize, height: usize| -> Result<Vec<f32>, ()> {
            let (w, h) = (width / 2, height / 2);
            let core = (0..w * h).map(|i| if ink[i / w * 2 * width + i % w * 2] > 0.5 { 1.0 } else { -1.0 });
            Ok(core.chain(std::iter::repeat_n(12.0, w * h)).chain(std::iter::repeat_n(8.0, w * h)).collect())
        };
        let found = lines(&page, network).unwrap();
        assert_eq!(found.len(), 2);
        let (a, b) = (found[0].rect, found[1].rect);
        assert!((a.x0 - 97.0).abs() < 3.0 && (a.x1 - 303.0).abs() < 3.0, "{a:?}");
        assert!((a.y0 - 93.0).abs() < 2.0 && (a.y1 - 113.0).abs() < 2.0, "{a:?}");
        assert!(b.x0 > 490.0 && b.x1 < 910.0, "{b:?}");
    }
}

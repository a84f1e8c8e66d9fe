//! Turning by quarters, which loses nothing, and one interpolation that straightens and scales at once.

use crate::geometry::Transform;
use image::{GrayImage, Luma, imageops};

/// How far a page is turned to stand upright, clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Turn {
    /// It stands upright.
    #[default]
    None,
    /// By 90 degrees.
    Quarter,
    /// By 180 degrees.
    Half,
    /// By 270 degrees.
    ThreeQuarters,
}

impl Turn {
    /// The angle in degrees, clockwise.
    pub fn degrees(self) -> u16 {
        match self {
            Turn::None => 0,
            Turn::Quarter => 90,
            Turn::Half => 180,
            Turn::ThreeQuarters => 270,
        }
    }

    /// The turned page, and the map from its pixels to those of `page`.
    pub fn apply(self, page: GrayImage) -> (GrayImage, Transform) {
        let (w, h) = (f64::from(page.width()), f64::from(page.height()));
        match self {
            Turn::None => (page, Transform::IDENTITY),
            Turn::Quarter => (imageops::rotate90(&page), Transform { coefficients: [0.0, 1.0, 0.0, -1.0, 0.0, h] }),
            Turn::Half => (imageops::rotate180(&page), Transform { coefficients: [-1.0, 0.0, w, 0.0, -1.0, h] }),
            Turn::ThreeQuarters => {
                (imageops::rotate270(&page), Transform { coefficients: [0.0, -1.0, w, 1.0, 0.0, 0.0] })
            }
        }
    }
}

/// Phases of the interpolation between two pixels; the error of rounding to one is under a sixteenth of a grey level's
/// slope, which JPEG's own noise exceeds.
const PHASES: usize = 64;

/// Cubic weights for every phase, as 64ths that sum to 64. `b` and `c` are those of Mitchell and Netravali,
/// "Reconstruction filters in computer graphics", SIGGRAPH 1988.
fn weights(b: f32, c: f32) -> Vec<[i32; 4]> {
    let kernel = |x: f32| {
        let x = x.abs();
        if x < 1.0 {
            ((12.0 - 9.0 * b - 6.0 * c) * x.powi(3) + (-18.0 + 12.0 * b + 6.0 * c) * x * x + (6.0 - 2.0 * b)) / 6.0
        } else if x < 2.0 {
            ((-b - 6.0 * c) * x.powi(3)
                + (6.0 * b + 30.0 * c) * x * x
                + (-12.0 * b - 48.0 * c) * x
                + 8.0 * b
                + 24.0 * c)
                / 6.0
        } else {
            0.0
        }
    };
    let phase = |p: usize| {
        let t = p as f32 / PHASES as f32;
        let mut w = [1.0 + t, t, 1.0 - t, 2.0 - t].map(|x| (kernel(x) * 64.0).round() as i32);
        // The rounding's remainder goes to the nearer middle tap, so that flat paper stays flat.
        let rest = 64 - w.iter().sum::<i32>();
        w[if t < 0.5 { 1 } else { 2 }] += rest;
        w
    };
    (0..PHASES).map(phase).collect()
}

/// Which cubic is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// Catmull-Rom: keeps edges as they are; for grey pages.
    Sharp,
    /// The cubic B-spline: rounds the stairs of bilevel pages off.
    Smooth,
}

/// The page turned clockwise by `degrees` about its middle and scaled by `factor`, white where the page did not reach,
/// and the map from its pixels to those of `page`. The canvas grows to hold all corners.
pub fn straighten(page: &GrayImage, degrees: f32, factor: f32, filter: Filter) -> (GrayImage, Transform) {
    let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
    let factor = f64::from(factor);
    let (w, h) = (f64::from(page.width()), f64::from(page.height()));
    let width = ((w * cos.abs() + h * sin.abs()) * factor).round().max(1.0);
    let height = ((w * sin.abs() + h * cos.abs()) * factor).round().max(1.0);
    let (a, b) = (cos / factor, sin / factor);
    let back = Transform {
        coefficients: [
            a,
            b,
            w / 2.0 - a * width / 2.0 - b * height / 2.0,
            -b,
            a,
            h / 2.0 + b * width / 2.0 - a * height / 2.0,
        ],
    };
    let weights = match filter {
        Filter::Sharp => weights(0.0, 0.5),
        Filter::Smooth => weights(1.0, 0.0),
    };
    (warp(page, &back, width as u32, height as u32, &weights), back)
}

/// Side of the cells in which white paper is skipped, in pixels: four fifths of a page is white.
const CELL: usize = 8;

fn warp(page: &GrayImage, back: &Transform, width: u32, height: u32, weights: &[[i32; 4]]) -> GrayImage {
    let (w, h) = (page.width() as usize, page.height() as usize);
    let source = page.as_raw();
    let (columns, inked) = inked_cells(source, w, h);
    let mut out = GrayImage::from_pixel(width, height, Luma([255]));
    let [a, b, c, d, e, f] = back.coefficients;
    // 1/65536 of a pixel: over 20,000 pixels the sum of the steps' roundings stays under a sixth of a pixel.
    let fixed = |v: f64| (v * 65536.0).round() as i64;
    let (step_x, step_y) = (fixed(a), fixed(d));
    for (y, row) in out.as_mut().chunks_exact_mut(width as usize).enumerate() {
        // Pixel centres lie at halves in both grids.
        let (mx, my) = (0.5, y as f64 + 0.5);
        let mut sx = fixed(a * mx + b * my + c - 0.5);
        let mut sy = fixed(d * mx + e * my + f - 0.5);
        for pixel in row {
            let (x0, y0) = ((sx >> 16) as isize, (sy >> 16) as isize);
            let (px, py) = ((sx >> 10) as usize & 63, (sy >> 10) as usize & 63);
            sx += step_x;
            sy += step_y;
            if x0 < -2 || y0 < -2 || x0 > w as isize || y0 > h as isize {
                continue;
            }
            let cell = (y0 + 2) as usize / CELL * columns + (x0 + 2) as usize / CELL;
            if !inked[cell] {
                continue;
            }
            let (wx, wy) = (&weights[px], &weights[py]);
            let mut sum = 0;
            if x0 >= 1 && y0 >= 1 && x0 + 2 < w as isize && y0 + 2 < h as isize {
                for (j, weight) in wy.iter().enumerate() {
                    let at = (y0 as usize + j - 1) * w + x0 as usize - 1;
                    let taps = &source[at..at + 4];
                    sum += weight * (0..4).map(|i| wx[i] * i32::from(taps[i])).sum::<i32>();
                }
            } else {
                for (j, weight) in wy.iter().enumerate() {
                    for (i, wx) in wx.iter().enumerate() {
                        let (x, y) = (x0 + i as isize - 1, y0 + j as isize - 1);
                        let inside = x >= 0 && y >= 0 && x < w as isize && y < h as isize;
                        sum += weight * wx * if inside { i32::from(source[y as usize * w + x as usize]) } else { 255 };
                    }
                }
            }
            *pixel = ((sum + 2048) >> 12).clamp(0, 255) as u8;
        }
    }
    out
}

/// For each cell, moved by two pixels so that cell 0 begins at -2, whether an interpolation that starts in it touches
/// anything but white; and the number of cells in a row.
fn inked_cells(source: &[u8], w: usize, h: usize) -> (usize, Vec<bool>) {
    let (columns, rows) = ((w + 3) / CELL + 1, (h + 3) / CELL + 1);
    let mut inked = vec![false; columns * rows];
    for (y, row) in source.chunks_exact(w).enumerate() {
        for (x8, run) in row.chunks(CELL).enumerate() {
            if run.iter().all(|&v| v == 255) {
                continue;
            }
            // A pixel at x is touched from x - 2 ..= x + 1, which begin at x ..= x + 3 in the moved grid.
            for cy in y / CELL..=((y + 3) / CELL).min(rows - 1) {
                for cx in x8..=(x8 + 1).min(columns - 1) {
                    inked[cy * columns + cx] = true;
                }
            }
        }
    }
    (columns, inked)
}

/// The page in blocks of `factor` by `factor` pixels, each their mean; what is left over at the edges is dropped.
pub fn shrink(page: &GrayImage, factor: u32) -> GrayImage {
    if factor <= 1 {
        return page.clone();
    }
    let (w, k) = (page.width() as usize, factor as usize);
    let (width, height) = (w / k, page.height() as usize / k);
    if width == 0 || height == 0 {
        return page.clone();
    }
    let source = page.as_raw();
    let mut out = vec![0u8; width * height];
    let mut sums = vec![0u32; w];
    for (row, lines) in out.chunks_exact_mut(width).zip(source.chunks_exact(w * k)) {
        sums.fill(0);
        for line in lines.chunks_exact(w) {
            sums.iter_mut().zip(line).for_each(|(sum, &v)| *sum += u32::from(v));
        }
        for (pixel, block) in row.iter_mut().zip(sums.chunks_exact(k)) {
            *pixel = (block.iter().sum::<u32>() / (factor * factor)) as u8;
        }
    }
    GrayImage::from_raw(width as u32, height as u32, out).unwrap_or_else(|| page.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(width: u32, height: u32, x: u32, y: u32) -> GrayImage {
        GrayImage::from_fn(width, height, |px, py| Luma([if px / 4 == x / 4 && py / 4 == y / 4 { 0 } else { 255 }]))
    }

    /// The middle of the ink, in pixels.
    fn middle(page: &GrayImage) -> (f64, f64) {
        let (mut sx, mut sy, mut n) = (0.0, 0.0, 0.0);
        for (x, y, p) in page.enumerate_pixels() {
            let ink = f64::from(255 - p.0[0]);
            sx += ink * (f64::from(x) + 0.5);
            sy += ink * (f64::from(y) + 0.5);
            n += ink;
        }
        (sx / n, sy / n)
    }

    #[test]
    fn a_spot_is_found_again_through_the_transform() {
        let page = spot(300, 200, 60, 40);
        let want = middle(&page);
        let mut turned = vec![];
        for turn in [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters] {
            turned.push(turn.apply(page.clone()));
        }
        for (degrees, factor) in [(0.0, 1.0), (3.0, 1.0), (-10.0, 2.0), (0.0, 1.5), (1.0, 0.7)] {
            turned.push(straighten(&page, degrees, factor, Filter::Sharp));
            turned.push(straighten(&page, degrees, factor, Filter::Smooth));
        }
        for (moved, back) in turned {
            let (x, y) = middle(&moved);
            let (x, y) = back.point(x, y);
            assert!((x - want.0).abs() < 0.25 && (y - want.1).abs() < 0.25, "({x}, {y}) for {want:?} by {back:?}");
        }
    }

    #[test]
    fn no_turn_and_no_scale_is_the_same_page() {
        let page = GrayImage::from_fn(61, 47, |x, y| Luma([(x * 7 + y * 13) as u8]));
        assert!(straighten(&page, 0.0, 1.0, Filter::Sharp).0 == page);
    }

    #[test]
    fn flat_paper_stays_flat() {
        let page = GrayImage::from_pixel(50, 40, Luma([200]));
        let (big, _) = straighten(&page, 0.0, 1.7, Filter::Smooth);
        let inner = image::imageops::crop_imm(&big, 10, 10, 50, 40).to_image();
        assert!(inner.pixels().all(|p| p.0[0] == 200));
    }
}

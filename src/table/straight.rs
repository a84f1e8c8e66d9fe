//! A part of a page with its level lines made level and its upright lines upright, by moving whole columns and then whole rows.
//!
//! Nothing is interpolated: letters keep their strokes, and a step of one pixel every hundred does not show.

use super::area::Area;
use crate::geometry::{Rect, Transform};
use image::{GrayImage, Luma};

/// A part of a page, straight.
#[derive(Debug, Clone)]
pub(super) struct Straight {
    pub pixels: GrayImage,
    /// From its pixels to those of the page.
    pub to_page: Transform,
}

/// Cuts the area out of the page with `margin` pixels around it.
pub(super) fn cut(page: &GrayImage, area: &Area, margin: f32) -> Straight {
    let (wide, high) = (page.width() as f32, page.height() as f32);
    let x0 = (area.rect.x0 - margin).clamp(0.0, wide - 1.0) as u32;
    let y0 = (area.rect.y0 - margin).clamp(0.0, high - 1.0) as u32;
    let width = ((area.rect.x1 + margin).clamp(1.0, wide) as u32).saturating_sub(x0).max(1);
    let height = ((area.rect.y1 + margin).clamp(1.0, high) as u32).saturating_sub(y0).max(1);
    let (cx, cy) = (width as f32 / 2.0, height as f32 / 2.0);
    let mut pixels = GrayImage::from_pixel(width, height, Luma([255]));
    let down: Vec<i64> = (0..width).map(|x| (area.level * (x as f32 + 0.5 - cx)).round() as i64).collect();
    let right: Vec<i64> = (0..height).map(|y| (area.upright * (y as f32 + 0.5 - cy)).round() as i64).collect();
    for (y, row) in pixels.as_mut().chunks_exact_mut(width as usize).enumerate() {
        for (x, out) in row.iter_mut().enumerate() {
            // What lies `right` further right on the page, and `down` lower.
            let from_x = x as i64 + right[y];
            let from_y = y as i64 + down[from_x.clamp(0, width as i64 - 1) as usize];
            let (px, py) = (x0 as i64 + from_x, y0 as i64 + from_y);
            if px >= 0 && py >= 0 && px < page.width() as i64 && py < page.height() as i64 {
                *out = page.as_raw()[py as usize * page.width() as usize + px as usize];
            }
        }
    }
    let (a, b) = (f64::from(area.level), f64::from(area.upright));
    let (cx, cy) = (f64::from(cx), f64::from(cy));
    // x' = x0 + x + b (y - cy); y' = y0 + y + a (x' - x0 - cx)
    let to_page =
        Transform { coefficients: [1.0, b, f64::from(x0) - b * cy, a, 1.0 + a * b, f64::from(y0) - a * (b * cy + cx)] };
    Straight { pixels, to_page }
}

impl Straight {
    /// Whitens on the page what this shows within `rect`.
    pub fn whiten(&self, page: &mut GrayImage, rect: &Rect) {
        let Some(back) = self.to_page.inverse() else { return };
        let around = self.to_page.rect(rect);
        let (wide, high) = (page.width(), page.height());
        let (x0, x1) = (around.x0.max(0.0) as u32, (around.x1.ceil().max(0.0) as u32).min(wide));
        let (y0, y1) = (around.y0.max(0.0) as u32, (around.y1.ceil().max(0.0) as u32).min(high));
        for y in y0..y1 {
            for x in x0..x1 {
                let (u, v) = back.point(f64::from(x) + 0.5, f64::from(y) + 0.5);
                let (u, v) = (u as f32, v as f32);
                if u >= rect.x0 && u < rect.x1 && v >= rect.y0 && v < rect.y1 {
                    page.put_pixel(x, y, Luma([255]));
                }
            }
        }
    }
}

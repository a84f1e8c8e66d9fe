//! Rectangles on the page, and the transforms that lead back to it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An axis-parallel rectangle in pixels, end-exclusive, the origin at the top left.
///
/// Wherever a rectangle leaves the library (words, figures, reports) its pixels are those of the page *as scanned*:
/// the image that the file holds, before any cleaning. It is written in JSON as `[x0, y0, x1, y1]`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(from = "[f32; 4]", into = "[f32; 4]")]
pub struct Rect {
    /// Left edge.
    pub x0: f32,
    /// Top edge.
    pub y0: f32,
    /// Right edge.
    pub x1: f32,
    /// Bottom edge.
    pub y1: f32,
}

impl From<[f32; 4]> for Rect {
    fn from([x0, y0, x1, y1]: [f32; 4]) -> Self {
        Rect { x0, y0, x1, y1 }
    }
}

impl From<Rect> for [f32; 4] {
    fn from(r: Rect) -> Self {
        // A tenth of a pixel is finer than any recogniser's box; rounding keeps the JSON short and stable.
        [r.x0, r.y0, r.x1, r.y1].map(|v| (v * 10.0).round() / 10.0)
    }
}

impl Rect {
    /// The rectangle with these edges.
    pub fn new(x0: f32, y0: f32, x1: f32, y1: f32) -> Self {
        Rect { x0, y0, x1, y1 }
    }

    /// Width in pixels, never negative.
    pub fn width(&self) -> f32 {
        (self.x1 - self.x0).max(0.0)
    }

    /// Height in pixels, never negative.
    pub fn height(&self) -> f32 {
        (self.y1 - self.y0).max(0.0)
    }

    /// The middle, as (x, y).
    pub fn centre(&self) -> (f32, f32) {
        ((self.x0 + self.x1) / 2.0, (self.y0 + self.y1) / 2.0)
    }

    /// The smallest rectangle that holds both.
    pub fn union(&self, other: &Rect) -> Rect {
        Rect {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// The smallest rectangle that holds them all; None where there are none.
    pub fn bounding<'a>(rects: impl IntoIterator<Item = &'a Rect>) -> Option<Rect> {
        rects.into_iter().copied().reduce(|a, b| a.union(&b))
    }

    /// Length of the overlap of the two rectangles' vertical extents, in pixels.
    pub fn vertical_overlap(&self, other: &Rect) -> f32 {
        (self.y1.min(other.y1) - self.y0.max(other.y0)).max(0.0)
    }
}

/// An affine map between two pixel grids: `x' = a x + b y + c`, `y' = d x + e y + f`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transform {
    /// The coefficients `[a, b, c, d, e, f]`.
    pub coefficients: [f64; 6],
}

impl Default for Transform {
    fn default() -> Self {
        Transform::IDENTITY
    }
}

impl Transform {
    /// The map that changes nothing.
    pub const IDENTITY: Transform = Transform { coefficients: [1.0, 0.0, 0.0, 0.0, 1.0, 0.0] };

    /// Multiplies both coordinates by `factor`.
    pub fn scale(factor: f64) -> Self {
        Transform { coefficients: [factor, 0.0, 0.0, 0.0, factor, 0.0] }
    }

    /// Moves by (`dx`, `dy`).
    pub fn shift(dx: f64, dy: f64) -> Self {
        Transform { coefficients: [1.0, 0.0, dx, 0.0, 1.0, dy] }
    }

    /// The map that does `self` first and `next` after it.
    pub fn then(&self, next: &Transform) -> Transform {
        let [a, b, c, d, e, f] = self.coefficients;
        let [p, q, r, s, t, u] = next.coefficients;
        Transform {
            coefficients: [
                p * a + q * d,
                p * b + q * e,
                p * c + q * f + r,
                s * a + t * d,
                s * b + t * e,
                s * c + t * f + u,
            ],
        }
    }

    /// The map back; None where this one flattens the plane.
    pub fn inverse(&self) -> Option<Transform> {
        let [a, b, c, d, e, f] = self.coefficients;
        let det = a * e - b * d;
        (det.abs() > 1e-12).then(|| Transform {
            coefficients: [e / det, -b / det, (b * f - e * c) / det, -d / det, a / det, (d * c - a * f) / det],
        })
    }

    /// Where the point (`x`, `y`) goes.
    pub fn point(&self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.coefficients;
        (a * x + b * y + c, d * x + e * y + f)
    }

    /// The axis-parallel rectangle around the mapped corners of `rect`.
    pub fn rect(&self, rect: &Rect) -> Rect {
        let corners = [(rect.x0, rect.y0), (rect.x1, rect.y0), (rect.x0, rect.y1), (rect.x1, rect.y1)]
            .map(|(x, y)| self.point(f64::from(x), f64::from(y)));
        let fold = |pick: fn(&(f64, f64)) -> f64, start: f64, best: fn(f64, f64) -> f64| {
            corners.iter().map(pick).fold(start, best) as f32
        };
        Rect {
            x0: fold(|p| p.0, f64::INFINITY, f64::min),
            y0: fold(|p| p.1, f64::INFINITY, f64::min),
            x1: fold(|p| p.0, f64::NEG_INFINITY, f64::max),
            y1: fold(|p| p.1, f64::NEG_INFINITY, f64::max),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_and_its_inverse_cancel() {
        let turn = Transform { coefficients: [0.0, -1.0, 100.0, 1.0, 0.0, 5.0] };
        let both = turn.then(&turn.inverse().unwrap());
        for (got, want) in both.coefficients.iter().zip(Transform::IDENTITY.coefficients) {
            assert!((got - want).abs() < 1e-9, "{both:?}");
        }
        assert!(Transform::scale(0.0).inverse().is_none());
    }

    #[test]
    fn composition_applies_the_first_map_first() {
        let map = Transform::scale(2.0).then(&Transform::shift(10.0, 0.0));
        assert_eq!(map.point(1.0, 1.0), (12.0, 2.0));
        assert_eq!(map.rect(&Rect::new(0.0, 0.0, 1.0, 1.0)), Rect::new(10.0, 0.0, 12.0, 2.0));
    }
}

//! The level and upright strokes that a page draws: lines, the sides of frames, and areas as thin as lines.

use crate::geometry::{Rect, Transform};
use hayro::kurbo::{BezPath, PathEl, Point};

/// Thicker than this is an area, in points.
const THICKEST: f64 = 4.0;
/// Shorter than this is a dot or a part of a drawing, in points.
const SHORTEST: f64 = 4.0;
/// A stroke that is stepped by more than this, in points, is neither level nor upright.
const ASKEW: f64 = 0.7;
/// A page with more strokes than this is a drawing; the others are left out.
const MOST: usize = 20_000;

/// Strokes in points on the upright page.
#[derive(Debug, Default)]
pub(super) struct Strokes {
    found: Vec<(Point, Point)>,
}

impl Strokes {
    /// Adds what a path draws: its lines where it is stroked, its outlines' extents where it is filled.
    pub(super) fn add(&mut self, path: &BezPath, filled: bool) {
        let (mut start, mut at) = (Point::ZERO, Point::ZERO);
        let mut extent: Option<(Point, Point)> = None;
        let mut curved = false;
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(p) => {
                    self.finish(&mut extent, filled && !curved);
                    (start, at, curved) = (p, p, false);
                    extent = Some((p, p));
                }
                PathEl::LineTo(p) => {
                    self.line(at, p, filled);
                    at = p;
                    widen(&mut extent, p);
                }
                PathEl::QuadTo(_, p) | PathEl::CurveTo(_, _, p) => {
                    curved = true;
                    at = p;
                    widen(&mut extent, p);
                }
                PathEl::ClosePath => {
                    self.line(at, start, filled);
                    at = start;
                }
            }
        }
        self.finish(&mut extent, filled && !curved);
    }

    fn line(&mut self, from: Point, to: Point, filled: bool) {
        let (width, height) = ((to.x - from.x).abs(), (to.y - from.y).abs());
        if !filled && width.min(height) <= ASKEW && width.max(height) >= SHORTEST {
            self.push((from.x.min(to.x), from.y.min(to.y)), (from.x.max(to.x), from.y.max(to.y)));
        }
    }

    fn finish(&mut self, extent: &mut Option<(Point, Point)>, thin: bool) {
        let Some((low, high)) = extent.take().filter(|_| thin) else { return };
        let (width, height) = (high.x - low.x, high.y - low.y);
        if width.min(height) <= THICKEST && width.max(height) >= SHORTEST {
            self.push((low.x, low.y), (high.x, high.y));
        }
    }

    fn push(&mut self, low: (f64, f64), high: (f64, f64)) {
        if self.found.len() < MOST && low.0.is_finite() && low.1.is_finite() && high.0.is_finite() && high.1.is_finite()
        {
            self.found.push((low.into(), high.into()));
        }
    }

    /// The strokes as rectangles on the page as scanned, in pixels.
    pub(super) fn rects(&self, to_pixels: &Transform) -> Vec<Rect> {
        let rect = |(low, high): &(Point, Point)| {
            to_pixels.rect(&Rect::new(low.x as f32, low.y as f32, high.x as f32, high.y as f32))
        };
        self.found.iter().map(rect).collect()
    }
}

fn widen(extent: &mut Option<(Point, Point)>, p: Point) {
    if let Some((low, high)) = extent {
        *low = Point::new(low.x.min(p.x), low.y.min(p.y));
        *high = Point::new(high.x.max(p.x), high.y.max(p.y));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hayro::kurbo::Shape;

    fn drawn(path: &BezPath, filled: bool) -> Vec<Rect> {
        let mut strokes = Strokes::default();
        strokes.add(path, filled);
        strokes.rects(&Transform::IDENTITY)
    }

    #[test]
    fn lines_frames_and_thin_areas_are_strokes_and_areas_and_curves_are_not() {
        let frame = hayro::kurbo::Rect::new(10.0, 10.0, 90.0, 60.0).to_path(0.1);
        assert_eq!(drawn(&frame, false).len(), 4);
        assert!(drawn(&frame, true).is_empty());
        let thin = hayro::kurbo::Rect::new(10.0, 10.0, 90.0, 10.5).to_path(0.1);
        assert_eq!(drawn(&thin, true), [Rect::new(10.0, 10.0, 90.0, 10.5)]);
        let circle = hayro::kurbo::Circle::new((50.0, 50.0), 20.0).to_path(0.1);
        assert!(drawn(&circle, false).is_empty());
        let mut askew = BezPath::new();
        askew.move_to((0.0, 0.0));
        askew.line_to((50.0, 30.0));
        assert!(drawn(&askew, false).is_empty());
    }
}

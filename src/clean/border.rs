//! What the scanner adds around a page: black edges, the shadow of the lid, punch holes.

use super::components::{Piece, Pieces};
use super::resample::shrink;
use crate::geometry::Rect;
use image::GrayImage;

/// What was whitened at the edges.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Border {
    /// Black edges, in pixels of the page.
    pub edges: Vec<Rect>,
    /// Punch holes, in pixels of the page.
    pub holes: Vec<Rect>,
}

/// Whitens black edges and punch holes. Works on a page reduced to about 75 dpi, where an edge is one piece of ink.
pub fn remove(page: &mut GrayImage, dpi: f32) -> Border {
    let factor = ((dpi / 75.0) as u32).max(1);
    let small = shrink(page, factor);
    let (w, h) = (small.width(), small.height());
    let mm = dpi / 25.4 / factor as f32;
    let pieces = Pieces::find(&small, 110);
    let mut found = Border::default();
    for piece in &pieces.list {
        let touches = piece.x0 <= 1 || piece.y0 <= 1 || piece.x1 + 1 >= w || piece.y1 + 1 >= h;
        let edge = touches && is_edge(piece, w, h, mm);
        if edge || is_hole(piece, w, mm) {
            let grown = Rect::new(
                ((piece.x0 * factor) as f32 - factor as f32).max(0.0),
                ((piece.y0 * factor) as f32 - factor as f32).max(0.0),
                (((piece.x1 + 1) * factor) as f32).min(page.width() as f32),
                (((piece.y1 + 1) * factor) as f32).min(page.height() as f32),
            );
            if edge { &mut found.edges } else { &mut found.holes }.push(grown);
        }
    }
    for area in found.edges.iter().chain(&found.holes) {
        let width = page.width() as usize;
        // The rest that the reduction left over belongs to the edge too.
        let x1 = if area.x1 as u32 + 2 * factor >= page.width() { page.width() } else { area.x1 as u32 };
        let y1 = if area.y1 as u32 + 2 * factor >= page.height() { page.height() } else { area.y1 as u32 };
        for row in page.as_mut().chunks_exact_mut(width).take(y1 as usize).skip(area.y0 as usize) {
            row[area.x0 as usize..x1 as usize].fill(255);
        }
    }
    found
}

/// A band along one side: long beside that side, thin away from it, and mostly filled. Letters that reach the edge are
/// short, rules are thinner than half a millimetre only in one direction and do not lie along the edge.
fn is_edge(p: &Piece, w: u32, h: u32, mm: f32) -> bool {
    let (width, height) = (p.width() as f32, p.height() as f32);
    let filled = p.area as f32 > 0.35 * width * height;
    let upright = (p.x0 <= 1 || p.x1 + 1 >= w) && height > 0.06 * h as f32 && width < 0.08 * w as f32;
    let level = (p.y0 <= 1 || p.y1 + 1 >= h) && width > 0.06 * w as f32 && height < 0.06 * h as f32;
    let tiny = width.max(height) < 4.0 * mm && width.min(height) < 2.0 * mm;
    filled && (upright || level) || tiny
}

/// A filled disc of 4.5 to 8 mm in the outer 22 mm of a page's sides; ISO 838 holes are 6 mm, 12 mm from the edge.
fn is_hole(p: &Piece, w: u32, mm: f32) -> bool {
    let (width, height) = (p.width() as f32 / mm, p.height() as f32 / mm);
    let round = (4.5..8.0).contains(&width) && (4.5..8.0).contains(&height) && (width - height).abs() < 1.0;
    // A disc fills 0.785 of its box; no letter of that size does without leaving it.
    let fill = p.area as f32 / (p.width() * p.height()) as f32;
    let at_side = (p.x1 as f32) < 22.0 * mm || p.x0 as f32 > w as f32 - 22.0 * mm;
    round && at_side && (0.68..0.9).contains(&fill)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    fn text(x: u32, y: u32) -> bool {
        (150..1500).contains(&x) && (150..2200).contains(&y) && y % 50 < 20 && x % 15 < 6
    }

    #[test]
    fn black_edges_and_holes_go_and_text_stays() {
        let clean = GrayImage::from_fn(1654, 2339, |x, y| Luma([if text(x, y) { 0 } else { 255 }]));
        let mut page = GrayImage::from_fn(1654, 2339, |x, y| {
            let hole = [800, 1429].iter().any(|&hy: &u32| x.abs_diff(94).pow(2) + y.abs_diff(hy).pow(2) < 24 * 24);
            Luma([if text(x, y) || hole || x < 30 + y / 100 || y > 2320 { 0 } else { 255 }])
        });
        let found = remove(&mut page, 200.0);
        assert_eq!(found.holes.len(), 2);
        assert!(!found.edges.is_empty());
        assert_eq!(page, clean);
    }

    #[test]
    fn letters_and_rules_that_reach_the_edge_stay() {
        let page = GrayImage::from_fn(1654, 2339, |x, y| {
            let table = (900..904).contains(&y) || (1200..1204).contains(&y) || x == 700 && (900..1204).contains(&y);
            Luma([if table || y % 50 < 20 && x % 30 < 22 && y > 1300 && y < 1400 { 0 } else { 255 }])
        });
        let mut cleaned = page.clone();
        assert!(remove(&mut cleaned, 200.0).holes.is_empty());
        let lost = page.pixels().zip(cleaned.pixels()).filter(|(a, b)| a != b).count();
        assert!(lost < 600, "{lost} pixels lost");
    }
}

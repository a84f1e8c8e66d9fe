//! What the scanner adds around a page: black edges, the shadow of the lid, punch holes.

use super::components::{Piece, Pieces};
use super::resample::shrink;
use crate::geometry::{Rect, Transform};
use image::GrayImage;

/// What was whitened at the edges.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Border {
    /// Black edges, in pixels of the page.
    pub edges: Vec<Rect>,
    /// Punch holes, in pixels of the page.
    pub holes: Vec<Rect>,
}

/// Whitens black edges and punch holes. Works on a page reduced to about 75 dpi, where an edge is solid.
pub fn remove(page: &mut GrayImage, dpi: f32) -> Border {
    let factor = ((dpi / 75.0) as u32).max(1);
    let mut small = shrink(page, factor);
    let (w, h) = (small.width(), small.height());
    let mm = dpi / 25.4 / factor as f32;
    let grown = |x0: u32, y0: u32, x1: u32, y1: u32| {
        let low = |v: u32| (v * factor).saturating_sub(factor) as f32;
        // The rest that the reduction left over belongs to the edge too.
        let high = |v: u32, most: u32, full: u32| if v >= most { full } else { ((v + 1) * factor).min(full) } as f32;
        Rect::new(low(x0), low(y0), high(x1, w, page.width()), high(y1, h, page.height()))
    };
    let mut areas: Vec<Rect> = Vec::new();
    let mut found = Border::default();
    for (far, upright) in [(false, true), (true, true), (false, false), (true, false)] {
        let dark = |x: u32, y: u32| small.get_pixel(x, y).0[0] < DARK;
        let mut seen: Vec<(u32, u32)> = Vec::new();
        let (along, across) = if upright { (h, w) } else { (w, h) };
        let depth = |at: u32| {
            let solid = |d: u32| {
                let d = if far { across - 1 - d } else { d };
                if upright { dark(d, at) } else { dark(at, d) }
            };
            // The outermost row is often white where the scanner's window ends.
            let start = (0..across.min(3)).find(|&d| solid(d))?;
            (start..across).find(|&d| !solid(d))
        };
        for (from, to, depths) in bands(along, across, depth) {
            let deepest = depths.iter().copied().max().unwrap_or(0);
            let area = |from: u32, to: u32, depth: u32| {
                let (a, b) = if far { (across - depth, across) } else { (0, depth) };
                if upright { grown(a, from, b, to) } else { grown(from, a, to, b) }
            };
            areas.extend((from..to).zip(&depths).map(|(at, &depth)| area(at, at + 1, depth)));
            found.edges.push(area(from, to, deepest));
            seen.extend((from..to).zip(&depths).map(|(at, &depth)| (at, depth)));
        }
        // The other sides' black shares the corners with this side's, which must not make them look deep.
        for (at, depth) in seen {
            for d in 0..depth {
                let d = if far { across - 1 - d } else { d };
                let (x, y) = if upright { (d, at) } else { (at, d) };
                small.put_pixel(x, y, image::Luma([255]));
            }
        }
    }
    let holes = Pieces::find(&small, DARK).list.into_iter().filter(|p| is_hole(p, w, mm));
    found.holes.extend(holes.map(|p| grown(p.x0, p.y0, p.x1, p.y1)));
    let width = page.width() as usize;
    for area in areas.iter().chain(&found.holes) {
        for row in page.as_mut().chunks_exact_mut(width).take(area.y1 as usize).skip(area.y0 as usize) {
            row[area.x0 as usize..area.x1 as usize].fill(255);
        }
    }
    found
}

/// The part of `page` that holds all its ink, with `margin` pixels of paper around it as far as the page has them, and the map from
/// its pixels to those of `page`. A page without ink stays whole.
pub fn trim(page: GrayImage, threshold: u8, margin: u32) -> (GrayImage, Transform) {
    let (mut x0, mut x1, mut y0, mut y1) = (u32::MAX, 0, u32::MAX, 0);
    for (y, row) in (0..).zip(page.as_raw().chunks_exact(page.width().max(1) as usize)) {
        let dark = |v: &u8| *v < threshold;
        let (Some(first), Some(last)) = (row.iter().position(dark), row.iter().rposition(dark)) else { continue };
        (x0, x1) = (x0.min(first as u32), x1.max(last as u32 + 1));
        (y0, y1) = (y0.min(y), y + 1);
    }
    if x1 == 0 {
        return (page, Transform::IDENTITY);
    }
    let (x0, y0) = (x0.saturating_sub(margin), y0.saturating_sub(margin));
    let (x1, y1) = ((x1 + margin).min(page.width()), (y1 + margin).min(page.height()));
    let mut pixels = Vec::with_capacity((x1 - x0) as usize * (y1 - y0) as usize);
    for row in page.as_raw().chunks_exact(page.width() as usize).take(y1 as usize).skip(y0 as usize) {
        pixels.extend_from_slice(&row[x0 as usize..x1 as usize]);
    }
    match GrayImage::from_raw(x1 - x0, y1 - y0, pixels) {
        Some(part) => (part, Transform::shift(f64::from(x0), f64::from(y0))),
        None => (page, Transform::IDENTITY),
    }
}

/// What is darker in the reduced page is the scanner's black.
const DARK: u8 = 110;

/// Stretches along one side of the page where black lies against it, as (first, end, depth of each): at least 6 % of the
/// side long, so that no letter is one, and at most 8 % deep, so that no picture is.
fn bands(along: u32, across: u32, depth: impl Fn(u32) -> Option<u32>) -> Vec<(u32, u32, Vec<u32>)> {
    let mut bands = Vec::new();
    let mut depths: Vec<u32> = Vec::new();
    for at in 0..=along {
        match (at < along).then(|| depth(at)).flatten().filter(|&d| d * 100 <= across * 8) {
            Some(d) => depths.push(d),
            None => {
                let length = depths.len() as u32;
                if length * 100 >= along * 6 {
                    bands.push((at - length, at, std::mem::take(&mut depths)));
                }
                depths.clear();
            }
        }
    }
    bands
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
        let differ = page.enumerate_pixels().find(|(x, y, p)| clean.get_pixel(*x, *y) != *p);
        assert!(differ.is_none(), "{differ:?} of {found:?}");
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

    #[test]
    fn the_canvas_is_cut_to_the_ink_and_its_margin() {
        let page = GrayImage::from_fn(300, 200, |x, y| {
            image::Luma([if (90..120).contains(&x) && (50..60).contains(&y) { 40 } else { 250 }])
        });
        let (part, back) = trim(page.clone(), 128, 20);
        assert_eq!((part.dimensions(), back.point(0.0, 0.0)), ((70, 50), (70.0, 30.0)));
        assert_eq!(part.get_pixel(20, 20).0[0], 40);
        assert_eq!(trim(page.clone(), 128, 60).0.dimensions(), (150, 120));
        assert!(trim(page.clone(), 20, 60).0 == page, "a page without ink stays whole");
    }
}

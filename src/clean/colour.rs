//! Colour to grey: the red ink of seals is lifted off the black letters under it, blue ink is marked.

use crate::geometry::Rect;
use image::{GrayImage, RgbImage};

/// What the colours of a page showed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inks {
    /// Red seals, in pixels of the page.
    pub seals: Vec<Rect>,
    /// Blue ink: signatures, handwritten numbers and dates, blue stamps; in pixels of the page.
    pub blue: Vec<Rect>,
}

/// A channel must lead the next by this much for a pixel to have a colour; JPEG's colour noise on black print stays
/// under it at the qualities scanners use.
const COLOURED: i32 = 40;

/// Seals are round, of 30 to 46 mm (Circular 01/2011/TT-BCA and its successors prescribe 36 mm for most offices);
/// a scanned one may be broken up, or cut in two by the page's edge where it runs over several sheets.
const SEAL_MM: (f32, f32) = (18.0, 60.0);

/// The page in grey, without the red ink of seals where `lift_seals`, and where coloured ink was found.
///
/// Red ink is as light as paper in the red channel and black ink dark in all, so inside a seal the red channel *is* the
/// print without the seal. Outside seals it is plain luma: red print stays, as does a page without any red.
pub fn to_grey(page: &RgbImage, dpi: f32, lift_seals: bool) -> (GrayImage, Inks) {
    let (w, h) = (page.width() as usize, page.height() as usize);
    let cell = ((dpi / 20.0) as usize).max(2);
    let (columns, rows) = (w.div_ceil(cell), h.div_ceil(cell));
    let (mut red, mut blue) = (vec![0u32; columns * rows], vec![0u32; columns * rows]);
    let mut grey = vec![0u8; w * h];
    for (y, (row, out)) in page.as_raw().chunks_exact(w * 3).zip(grey.chunks_exact_mut(w)).enumerate() {
        let first = y / cell * columns;
        for (x, (p, out)) in row.chunks_exact(3).zip(out).enumerate() {
            let (r, g, b) = (i32::from(p[0]), i32::from(p[1]), i32::from(p[2]));
            *out = luma(r, g, b);
            if r - g.max(b) > COLOURED {
                red[first + x / cell] += 1;
            } else if b - r > COLOURED {
                blue[first + x / cell] += 1;
            }
        }
    }
    // The thin ring and letters of a seal cover more than this of nearly every cell that they cross.
    let enough = (cell * cell / 16) as u32;
    let mut seals = Vec::new();
    for cells in clusters(&red, columns, enough, 3) {
        let whole = scaled(cells, cell, w, h);
        let ring = || ring(&red, columns, enough, cells, dpi / cell as f32).map(|r| scaled(r, cell, w, h));
        let (seal, round) = match is_seal(&whole, dpi, w as f32) {
            true => (whole, false),
            false => match ring() {
                Some(ring) => (ring, true),
                None => continue,
            },
        };
        if lift_seals {
            lift(page, &mut grey, &seal, round);
        }
        seals.push(seal);
    }
    let mm = dpi / 25.4;
    let blue = clusters(&blue, columns, enough, 1)
        .into_iter()
        .map(|r| scaled(r, cell, w, h))
        .filter(|r| r.width() > 4.0 * mm && r.height() > 3.0 * mm)
        .collect();
    let grey = GrayImage::from_raw(w as u32, h as u32, grey).unwrap_or_default();
    (grey, Inks { seals, blue })
}

/// ITU-R BT.601, as JPEG and the engine use it.
fn luma(r: i32, g: i32, b: i32) -> u8 {
    ((77 * r + 150 * g + 29 * b + 128) >> 8) as u8
}

fn scaled(cells: [usize; 4], cell: usize, w: usize, h: usize) -> Rect {
    let edge = |v: usize, most: usize| (v * cell).min(most) as f32;
    Rect::new(edge(cells[0], w), edge(cells[1], h), edge(cells[2], w), edge(cells[3], h))
}

fn is_seal(r: &Rect, dpi: f32, page_width: f32) -> bool {
    let mm = |pixels: f32| pixels * 25.4 / dpi;
    let (width, height) = (mm(r.width()), mm(r.height()));
    let size = |v: f32| v >= SEAL_MM.0 && v <= SEAL_MM.1;
    let cut = mm(r.x0) < 4.0 || mm(page_width - r.x1) < 4.0;
    size(height)
        && (size(width) || cut && width > 3.0 && width < SEAL_MM.1)
        && (cut || width / height < 1.8 && height / width < 1.8)
}

/// So much of a ring is red ink, or next to it; letters alone reach two thirds.
const CLOSED: f32 = 0.9;
/// So many cells outside it, less than this share is.
const AROUND: usize = 3;
const OPEN: f32 = 0.6;
/// A ring is looked at in so many places.
const ROUND: usize = 64;

/// The outermost closed ring of a seal's size among the red cells of a cluster that is no seal as a whole: names and positions are
/// stamped in red beside a seal and across it. `cells` an inch.
fn ring(red: &[u32], columns: usize, enough: u32, cluster: [usize; 4], cells: f32) -> Option<[usize; 4]> {
    let rows = red.len() / columns.max(1);
    let [x0, y0, x1, y1] = cluster;
    let mm = cells / 25.4;
    let (least, most) = ((SEAL_MM.0 / 2.0 * mm) as usize, (SEAL_MM.1 / 2.0 * mm) as usize);
    // Nothing to search in where a cluster is as large as a page of red print.
    if x1 - x0 < 2 * least || y1 - y0 < 2 * least || (x1 - x0).max(y1 - y0) > 6 * most {
        return None;
    }
    let is_red = |x: f32, y: f32| {
        let near = |v: f32, most: usize| (v.round() as usize).saturating_sub(1)..(v.round() as usize + 2).min(most);
        near(y, rows).any(|y| near(x, columns).any(|x| red[y * columns + x] >= enough))
    };
    let closed = |x: usize, y: usize, radius: usize| {
        let on = |at: &usize| {
            let (sin, cos) = (*at as f32 * std::f32::consts::TAU / ROUND as f32).sin_cos();
            is_red(x as f32 + radius as f32 * cos, y as f32 + radius as f32 * sin)
        };
        (0..ROUND).filter(on).count() as f32 / ROUND as f32
    };
    for radius in (least..=most.min((x1 - x0).min(y1 - y0).div_ceil(2))).rev() {
        let centres = (y0 + radius..(y1 + 1).saturating_sub(radius))
            .flat_map(|y| (x0 + radius..(x1 + 1).saturating_sub(radius)).map(move |x| (closed(x, y, radius), x, y)));
        // Of equal ones the middle one would be the best; the first is off by a cell at most.
        let best = centres.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| (b.1, b.2).cmp(&(a.1, a.2))));
        // Around a seal there is paper; in a page of red print every circle is closed.
        if let Some((_, x, y)) = best.filter(|&(share, x, y)| share >= CLOSED && closed(x, y, radius + AROUND) < OPEN) {
            let edge = radius + 1;
            return Some([x.saturating_sub(edge), y.saturating_sub(edge), x + edge + 1, y + edge + 1]);
        }
    }
    None
}

/// Thick ink hides the print under it but for a darker red, which this share of the red pixels is at least where there is print.
const DARKEST: f64 = 0.005;
/// It is darker than this share of the ink, in parts of a hundred; ink that was pressed unevenly is not.
const COVERED: i32 = 60;

/// Takes the red ink inside `seal` off `grey`; only within the circle that fills the rectangle where it is `round`.
fn lift(page: &RgbImage, grey: &mut [u8], seal: &Rect, round: bool) {
    let (w, h) = (page.width() as usize, page.height() as usize);
    // The blurred colour of JPEG reaches half a block beyond the ink.
    let (x0, y0) = ((seal.x0 as usize).saturating_sub(8), (seal.y0 as usize).saturating_sub(8));
    let (x1, y1) = ((seal.x1 as usize + 8).min(w), (seal.y1 as usize + 8).min(h));
    // How light the red ink itself is in the red channel, and the paper around it.
    let (mut ink, mut paper) = ([0u32; 256], [0u32; 256]);
    let raw = page.as_raw();
    for y in y0..y1 {
        for p in raw[(y * w + x0) * 3..(y * w + x1) * 3].chunks_exact(3) {
            let lead = i32::from(p[0]) - i32::from(p[1].max(p[2]));
            if lead > COLOURED + 20 {
                ink[p[0] as usize] += 1;
            } else if lead < 12 && p[1] > 150 {
                paper[p[0] as usize] += 1;
            }
        }
    }
    let darkest = quantile(&ink, DARKEST).unwrap_or(0);
    let (ink, paper) = (quantile(&ink, 0.3).unwrap_or(255), quantile(&paper, 0.5).unwrap_or(255));
    let print = if darkest * 100 < ink * COVERED { darkest } else { 0 };
    let ((cx, cy), radius) = (seal.centre(), seal.width().max(seal.height()) / 2.0 + 4.0);
    for y in y0..y1 {
        for x in x0..x1 {
            if round && (x as f32 - cx).powi(2) + (y as f32 - cy).powi(2) > radius * radius {
                continue;
            }
            let p = &raw[(y * w + x) * 3..][..3];
            let (r, lead) = (i32::from(p[0]), i32::from(p[0]) - i32::from(p[1].max(p[2])));
            // From no red at all to surely red, since the edges of the ink are mixtures.
            let share = ((lead - 10) * 8).clamp(0, 256);
            if share > 0 {
                let lifted = ((r - print).max(0) * paper / (ink - print).max(1)).min(paper);
                let plain = i32::from(grey[y * w + x]);
                grey[y * w + x] = (plain + (((lifted - plain) * share) >> 8)).clamp(0, 255) as u8;
            }
        }
    }
}

/// The value below which this share of the counts lies; None where there are none.
fn quantile(counts: &[u32; 256], share: f64) -> Option<i32> {
    let total: u32 = counts.iter().sum();
    let mut left = (f64::from(total) * share) as i64;
    counts
        .iter()
        .position(|&n| {
            left -= i64::from(n);
            n > 0 && left < 0
        })
        .map(|v| v as i32)
}

/// Bounding boxes, in cells and end-exclusive, of the cells with at least `enough` that lie within `reach` of each other.
/// In order of their first cell.
fn clusters(counts: &[u32], columns: usize, enough: u32, reach: usize) -> Vec<[usize; 4]> {
    let rows = counts.len() / columns.max(1);
    let mut seen: Vec<bool> = counts.iter().map(|&n| n < enough.max(1)).collect();
    let mut boxes = Vec::new();
    for start in 0..counts.len() {
        if seen[start] {
            continue;
        }
        seen[start] = true;
        let mut open = vec![start];
        let mut found = [usize::MAX, usize::MAX, 0, 0];
        while let Some(at) = open.pop() {
            let (x, y) = (at % columns, at / columns);
            found = [found[0].min(x), found[1].min(y), found[2].max(x + 1), found[3].max(y + 1)];
            for ny in y.saturating_sub(reach)..(y + reach + 1).min(rows) {
                for nx in x.saturating_sub(reach)..(x + reach + 1).min(columns) {
                    let next = ny * columns + nx;
                    if !seen[next] {
                        seen[next] = true;
                        open.push(next);
                    }
                }
            }
        }
        boxes.push(found);
    }
    boxes
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    const PAPER: Rgb<u8> = Rgb([250, 250, 248]);
    const BLACK: Rgb<u8> = Rgb([40, 38, 42]);
    const RED: Rgb<u8> = Rgb([215, 60, 70]);
    /// Black print under red ink: both take their share of the light.
    const BOTH: Rgb<u8> = Rgb([36, 12, 14]);

    /// A page of 200 dpi with lines of print and a ring of red 36 mm across.
    fn page(seal: bool) -> RgbImage {
        RgbImage::from_fn(1000, 800, |x, y| {
            let print = y % 40 < 6 && x % 12 < 5;
            let radius = ((x as f32 - 600.0).powi(2) + (y as f32 - 400.0).powi(2)).sqrt();
            match (print, seal && radius < 140.0 && radius > 100.0) {
                (true, true) => BOTH,
                (false, true) => RED,
                (true, false) => BLACK,
                (false, false) => PAPER,
            }
        })
    }

    #[test]
    fn print_under_thick_ink_stays() {
        // What is left of black print under ink that covers three quarters of it is a darker red.
        const UNDER: Rgb<u8> = Rgb([120, 40, 48]);
        let mut page = page(true);
        page.pixels_mut().filter(|p| **p == BOTH).for_each(|p| *p = UNDER);
        let (grey, _) = to_grey(&page, 200.0, true);
        for (x, y, p) in page.enumerate_pixels() {
            let v = grey.get_pixel(x, y).0[0];
            assert!(if *p == UNDER { v < 60 } else { *p != RED || v > 230 }, "{p:?} at {x},{y}: {v}");
        }
    }

    #[test]
    fn a_seal_with_a_name_stamped_beside_it_goes_and_the_name_stays() {
        let mut page = page(true);
        for (x, y) in (660..960).flat_map(|x| (545..575).map(move |y| (x, y))).filter(|(x, _)| x % 24 < 6) {
            page.put_pixel(x, y, RED);
        }
        let (grey, inks) = to_grey(&page, 200.0, true);
        assert_eq!(inks.seals.len(), 1);
        let seal = inks.seals[0];
        assert!((seal.x0 - 460.0).abs() < 30.0 && (seal.x1 - 740.0).abs() < 30.0, "{seal:?}");
        assert!(grey.get_pixel(607, 286).0[0] > 220 && grey.get_pixel(490, 410).0[0] > 220);
        assert!(grey.get_pixel(890, 560).0[0] < 150, "a red name stays");
        // Red print without a ring is no seal.
        for (x, y, p) in page.enumerate_pixels_mut() {
            if *p == RED {
                *p = if x % 24 < 6 { RED } else { PAPER };
            }
            let letters =
                y % 40 > 12 && y % 40 < 32 && x % 24 < 6 && (200..900).contains(&x) && (200..600).contains(&y);
            if letters {
                *p = RED;
            }
        }
        assert_eq!(to_grey(&page, 200.0, true).1.seals, []);
    }

    #[test]
    fn a_seal_goes_and_the_print_under_it_stays() {
        let (grey, inks) = to_grey(&page(true), 200.0, true);
        assert_eq!(inks.seals.len(), 1);
        let seal = inks.seals[0];
        assert!((seal.x0 - 460.0).abs() < 15.0 && (seal.y1 - 540.0).abs() < 15.0, "{seal:?}");
        for (x, y, p) in page(true).enumerate_pixels() {
            let v = grey.get_pixel(x, y).0[0];
            match *p {
                RED => assert!(v > 230, "red left at {x},{y}: {v}"),
                BOTH => assert!(v < 80, "print lost at {x},{y}: {v}"),
                _ => {}
            }
        }
    }

    #[test]
    fn a_page_without_red_is_plain_luma_and_red_print_is_not_a_seal() {
        let (grey, inks) = to_grey(&page(false), 200.0, true);
        assert!(inks.seals.is_empty() && inks.blue.is_empty());
        assert!(grey == to_grey(&page(false), 200.0, false).0);

        let print =
            RgbImage::from_fn(
                1000,
                300,
                |x, y| if (100..130).contains(&y) && x > 80 && x % 14 < 6 { RED } else { PAPER },
            );
        let (grey, inks) = to_grey(&print, 200.0, true);
        assert!(inks.seals.is_empty());
        assert!(grey.get_pixel(84 + 14, 110).0[0] < 130, "red print must stay");
    }

    #[test]
    fn blue_ink_is_marked_and_left() {
        let page = RgbImage::from_fn(800, 400, |x, y| {
            if (300..420).contains(&x) && (100..160).contains(&y) && (x + y) % 9 < 4 {
                Rgb([50, 70, 190])
            } else {
                PAPER
            }
        });
        let (grey, inks) = to_grey(&page, 200.0, true);
        assert_eq!(inks.blue.len(), 1);
        assert!(grey.get_pixel(304, 104).0[0] < 130 || grey.get_pixel(306, 104).0[0] < 130);
    }
}

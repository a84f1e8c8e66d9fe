//! The paper behind the print: its level everywhere, shading and show-through lifted, inverted pages turned back.

use super::resample::shrink;
use crate::geometry::Rect;
use image::GrayImage;

/// Whether the page holds two grey levels only, as fax and photocopy scans do; such a page has no shading to lift.
pub fn is_bilevel(page: &GrayImage) -> bool {
    let between = page.as_raw().iter().filter(|v| (16..240).contains(*v)).count();
    between * 500 < page.as_raw().len()
}

/// Whether paper is dark and print light. Judged on the page without its outer tenth, where scanners leave black.
pub fn is_inverted(page: &GrayImage) -> bool {
    let (w, h) = (page.width() / 10, page.height() / 10);
    let small = shrink(page, (page.width().min(page.height()) / 300).max(1));
    let k = (page.width() / small.width().max(1)).max(1);
    let mut levels = [0u32; 256];
    for y in h / k..(page.height() - h) / k {
        for x in w / k..(page.width() - w) / k {
            if let Some(p) = small.get_pixel_checked(x, y) {
                levels[p.0[0] as usize] += 1;
            }
        }
    }
    // Print covers a tenth of a page, so the middle of the levels is paper.
    let total: u32 = levels.iter().sum();
    let dark: u32 = levels[..100].iter().sum();
    total > 0 && f64::from(dark) > 0.6 * f64::from(total)
}

/// Paper at least this light everywhere is left alone: the engine is indifferent to a trace of grey, and each grey level
/// of a thin stroke that is touched costs accuracy.
const WHITE_ENOUGH: u8 = 232;

/// The page with its paper made white: each pixel over the paper's level around it, show-through with it. None where the
/// paper is white enough already.
///
/// The paper's level is the upper fifth of each cell of 4 mm, print being thinner than that; a cell much darker than the
/// page, such as a shaded heading with white letters, takes the page's level so that its letters are not lost.
pub fn lift(page: &GrayImage, dpi: f32) -> Option<GrayImage> {
    let (w, h) = (page.width() as usize, page.height() as usize);
    let cell = ((dpi / 6.35) as usize).max(8);
    let (columns, rows) = (w.div_ceil(cell), h.div_ceil(cell));
    let mut level = vec![0u8; columns * rows];
    let mut all = [0u32; 256];
    for cy in 0..rows {
        for cx in 0..columns {
            let mut counts = [0u32; 256];
            let (x0, x1) = (cx * cell, ((cx + 1) * cell).min(w));
            // Every other row and column: a quarter of the time, the same tenth to a level.
            for y in (cy * cell..((cy + 1) * cell).min(h)).step_by(2) {
                page.as_raw()[y * w + x0..y * w + x1].iter().step_by(2).for_each(|&v| counts[v as usize] += 1);
            }
            let value = quantile(&counts, 0.8);
            level[cy * columns + cx] = value;
            all[value as usize] += 1;
        }
    }
    // A tenth of the cells may be pictures, seals or black edges.
    if quantile(&all, 0.1) >= WHITE_ENOUGH {
        return None;
    }
    let usual = f32::from(quantile(&all, 0.5));
    let floor = usual * 0.6;
    let level: Vec<f32> = level.iter().map(|&v| if f32::from(v) < floor { usual } else { f32::from(v) }).collect();
    let level = smoothed(&level, columns, rows);

    let mut out = vec![255u8; w * h];
    let mut scale = vec![0i32; w];
    let mut shares = [0u32; 256];
    for (y, (row, out)) in page.as_raw().chunks_exact(w).zip(out.chunks_exact_mut(w)).enumerate() {
        // The level changes slowly: it is interpolated for every fourth row only.
        if y % 4 == 0 {
            across(&level, columns, rows, cell, y, &mut scale);
        }
        for ((&v, out), &scale) in row.iter().zip(out.iter_mut()).zip(&scale) {
            *out = ((i32::from(v) * scale) >> 16).min(255) as u8;
        }
        if y % 4 == 0 {
            out.iter().for_each(|&v| shares[v as usize] += 1);
        }
    }
    let curve = curve(&shares);
    out.iter_mut().for_each(|v| *v = curve[*v as usize]);
    GrayImage::from_raw(w as u32, h as u32, out)
}

/// Grain further than this from the paper's level is not taken for grain: strokes grow faint there.
const GRAIN: u8 = 12;

/// Gives all of the paper its usual level, the grain that scanners and JPEG leave around it with it; print keeps its levels.
///
/// What is read stays the same but for chance. But Tesseract packs every line without loss before it reads it, and grain does
/// not pack: it costs a tenth of the engine's time (docs/cleaning.md).
pub fn even(page: &mut GrayImage) {
    let mut levels = [0u32; 256];
    page.as_raw().iter().step_by(7).for_each(|&v| levels[v as usize] += 1);
    let paper = quantile(&levels, 0.5);
    // Grain reaches as far below the paper's level as above it, where there is no print: the upper twentieth begins at 1.6
    // deviations, twice that leaves one pixel in two thousand.
    let reach = (quantile(&levels, 0.95) - paper).saturating_mul(2).min(GRAIN);
    if reach > 0 {
        let grain = paper.saturating_sub(reach)..=paper.saturating_add(reach);
        page.iter_mut().filter(|v| grain.contains(&**v)).for_each(|v| *v = paper);
    }
}

/// The level under which this share of the counts lies.
fn quantile(counts: &[u32; 256], share: f64) -> u8 {
    let total: u32 = counts.iter().sum();
    let mut left = (f64::from(total) * share) as i64;
    let hit = |&n: &u32| {
        left -= i64::from(n);
        left < 0
    };
    counts.iter().position(hit).unwrap_or(255) as u8
}

/// Show-through of the other side lies within this share of the distance from paper to print.
const SHOW_THROUGH: f32 = 0.27;

/// Print lighter than this share of the paper's level is faded. Its thin strokes lie as near to the paper as show-through
/// does: whitening that would take strokes with it, so that only the shading is evened out.
const FADED: f32 = 0.55;

/// What becomes of each share (in 255ths) of the paper's level: white for paper and show-through, straight below.
fn curve(shares: &[u32; 256]) -> [u8; 256] {
    let (print, _) = classes(shares);
    let lifted = if print < FADED * 255.0 { SHOW_THROUGH } else { 0.1 };
    let white = 255.0 - lifted * (255.0 - print);
    std::array::from_fn(|v| (v as f32 / white * 255.0).min(255.0).round() as u8)
}

/// The level that parts print from paper: what is darker is ink.
pub fn ink_threshold(page: &GrayImage) -> u8 {
    let mut levels = [0u32; 256];
    page.as_raw().iter().step_by(7).for_each(|&v| levels[v as usize] += 1);
    let (print, paper) = classes(&levels);
    // A page without print has two classes of paper: then the usual level parts the darkest of it.
    if paper - print < GREY { 128 } else { half_way(print, paper) }
}

/// What is darker than this on a cleaned page is ink where the print is black.
const BLACK: u8 = 150;

/// The level for a part of a cleaned page, such as a line: another one only where the print is faded.
pub fn ink_level(page: &GrayImage, part: &Rect) -> u8 {
    /// Of a line so many columns and rows tell enough.
    const STEP: usize = 4;
    let whole =
        |from: f32, to: f32, all: u32| (from.max(0.0) as usize)..(to.max(0.0).ceil() as usize).min(all as usize);
    let (columns, rows) = (whole(part.x0, part.x1, page.width()), whole(part.y0, part.y1, page.height()));
    if columns.is_empty() {
        return BLACK;
    }
    let (mut levels, width) = ([0u32; 256], page.width() as usize);
    for y in rows.step_by(STEP) {
        page.as_raw()[y * width..][columns.clone()].iter().step_by(STEP).for_each(|&v| levels[usize::from(v)] += 1);
    }
    let (print, paper) = classes(&levels);
    if print < FADED * 255.0 || paper - print < GREY { BLACK } else { half_way(print, paper) }
}

/// Where print and paper lie no farther apart there is no print.
const GREY: f32 = 40.0;

fn half_way(print: f32, paper: f32) -> u8 {
    (0.5 * (print + paper)).clamp(90.0, 220.0) as u8
}

/// The mean levels of print and paper, the two classes that N. Otsu's threshold parts (IEEE SMC 9, 1979).
fn classes(shares: &[u32; 256]) -> (f32, f32) {
    let total: f64 = shares.iter().map(|&n| f64::from(n)).sum();
    let sum: f64 = shares.iter().enumerate().map(|(v, &n)| v as f64 * f64::from(n)).sum();
    let (mut below, mut below_sum, mut best, mut levels) = (0.0, 0.0, 0.0, (255.0, 255.0));
    for (v, &n) in shares.iter().enumerate() {
        below += f64::from(n);
        below_sum += v as f64 * f64::from(n);
        let above = total - below;
        if below > 0.0 && above > 0.0 {
            let (dark, light) = (below_sum / below, (sum - below_sum) / above);
            let between = below * above * (light - dark).powi(2);
            if between > best {
                (best, levels) = (between, (dark, light));
            }
        }
    }
    (levels.0 as f32, levels.1 as f32)
}

fn smoothed(level: &[f32], columns: usize, rows: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(level.len());
    for y in 0..rows {
        for x in 0..columns {
            let mut near: Vec<f32> = (y.saturating_sub(1)..(y + 2).min(rows))
                .flat_map(|y| (x.saturating_sub(1)..(x + 2).min(columns)).map(move |x| (x, y)))
                .map(|(x, y)| level[y * columns + x])
                .collect();
            near.sort_by(f32::total_cmp);
            out.push(near[near.len() / 2]);
        }
    }
    out
}

/// 65536 * 255 / 255 over the level at each pixel of row `y`, between the middles of the cells.
fn across(level: &[f32], columns: usize, rows: usize, cell: usize, y: usize, scale: &mut [i32]) {
    let along = |at: usize, most: usize| {
        let position = ((at as f32 + 0.5) / cell as f32 - 0.5).clamp(0.0, (most - 1) as f32);
        let first = (position as usize).min(most.saturating_sub(2));
        (first, (first + 1).min(most - 1), position - first as f32)
    };
    let (top, bottom, ty) = along(y, rows);
    for (x, scale) in scale.iter_mut().enumerate() {
        let (left, right, tx) = along(x, columns);
        let row = |r: usize| level[r * columns + left] * (1.0 - tx) + level[r * columns + right] * tx;
        let value = row(top) * (1.0 - ty) + row(bottom) * ty;
        *scale = (65536.0 * 255.0 / value.max(1.0)) as i32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn faded_print_is_ink_and_the_grain_of_paper_is_none() {
        let page = |print: u8| {
            GrayImage::from_fn(400, 400, |x, y| match (x / 4 % 8, y / 4 % 8) {
                (1..3, 2..6) => Luma([print]),
                _ => Luma([236 + ((x * 7 + y * 13) % 20) as u8]),
            })
        };
        let whole = Rect::new(0.0, 0.0, 400.0, 400.0);
        assert_eq!(ink_level(&page(20), &whole), BLACK);
        assert!((190..=220).contains(&ink_level(&page(180), &whole)));
        assert_eq!(ink_level(&page(236), &whole), BLACK);
        assert_eq!(ink_level(&page(180), &Rect::new(500.0, 0.0, 600.0, 10.0)), BLACK);
    }

    #[test]
    fn shading_and_show_through_go_and_print_stays() {
        let page = GrayImage::from_fn(800, 800, |x, y| {
            let paper = 240.0 - x as f32 * 0.1;
            let value = match (y % 40 < 6 && x % 11 < 4, y % 40 >= 20 && y % 40 < 26 && x % 13 < 5) {
                (true, _) => paper * 0.4,
                (_, true) => paper * 0.88,
                _ => paper,
            };
            Luma([value as u8])
        });
        let lifted = lift(&page, 200.0).unwrap();
        for (x, y, p) in lifted.enumerate_pixels() {
            if y % 40 < 6 && x % 11 < 4 {
                assert!(p.0[0] < 140, "print at {x},{y} is {}", p.0[0]);
            } else {
                assert_eq!(p.0[0], 255, "paper at {x},{y}");
            }
        }
    }

    #[test]
    fn grain_goes_and_print_keeps_its_levels() {
        let grain = |x: u32, y: u32| (x * 7 + y * 13) % 11;
        let print = |x: u32, y: u32| y % 40 < 6 && x % 11 < 4;
        let level = |x: u32, y: u32| if print(x, y) { 30 + (x % 190) as u8 } else { 241 + grain(x, y) as u8 };
        let mut page = GrayImage::from_fn(700, 700, |x, y| Luma([level(x, y)]));
        even(&mut page);
        for (x, y, p) in page.enumerate_pixels() {
            assert_eq!(p.0[0], if print(x, y) { level(x, y) } else { 246 }, "{x},{y}");
        }
        for (paper, light) in [(255, 250), (200, 255), (0, 255)] {
            let before = GrayImage::from_fn(700, 700, |x, y| Luma([if print(x, y) { light } else { paper }]));
            let mut page = before.clone();
            even(&mut page);
            assert_eq!(page, before, "{light} on {paper}");
        }
    }

    #[test]
    fn white_letters_on_a_shaded_heading_are_kept() {
        let page = GrayImage::from_fn(800, 800, |x, y| {
            Luma([if (300..500).contains(&y) { if y % 40 < 6 && x % 11 < 4 { 225 } else { 60 } } else { 225 }])
        });
        let lifted = lift(&page, 200.0).unwrap();
        assert!(lifted.get_pixel(397, 402).0[0] > 200 && lifted.get_pixel(402, 410).0[0] < 130);
    }

    #[test]
    fn an_inverted_page_is_told_from_one_with_black_edges() {
        let page = GrayImage::from_fn(900, 1200, |x, y| Luma([if y % 40 < 8 && x % 12 < 5 { 20 } else { 240 }]));
        assert!(!is_inverted(&page));
        let mut negative = page.clone();
        image::imageops::invert(&mut negative);
        assert!(is_inverted(&negative));
        let edged =
            GrayImage::from_fn(900, 1200, |x, y| if x < 80 || y > 1110 { Luma([0]) } else { *page.get_pixel(x, y) });
        assert!(!is_inverted(&edged));
    }
}

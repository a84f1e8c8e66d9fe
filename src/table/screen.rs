//! Takes the screen of dots off that a shaded cell is printed as, so that the letters on it can be told.

use image::GrayImage;

/// Side of the tiles that are looked at, in inches.
const TILE: f32 = 0.08;
/// In a screen ink and paper change so often a pixel, across and down; letters change as often across, but hardly half as often down.
const BUSY: f32 = 0.14;
/// Where a screen was scanned in grey, so many of its pixels are neither ink nor paper; around letters on paper it is a third.
const GREY: f32 = 0.6;
/// From so much darker than the threshold of ink up to this level pixels are neither.
const DARK: u8 = 40;
const LIGHT: u8 = 238;
/// A screen takes so many tiles at least.
const LEAST_TILES: usize = 12;

/// Where a picture has screens.
#[derive(Debug, Clone)]
pub(super) struct Screens {
    tile: usize,
    columns: usize,
    screened: Vec<bool>,
}

/// The screens of a picture; None where it has none.
pub(super) fn find(picture: &GrayImage, threshold: u8, dpi: f32) -> Option<Screens> {
    let tile = ((TILE * dpi) as usize).max(8);
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let (columns, rows) = (width.div_ceil(tile), height.div_ceil(tile));
    let pixels = picture.as_raw();
    let ink = |x: usize, y: usize| pixels[y * width + x] < threshold;
    let busy: Vec<bool> = (0..columns * rows)
        .map(|at| {
            let (x0, y0) = (at % columns * tile, at / columns * tile);
            let (x1, y1) = ((x0 + tile).min(width), (y0 + tile).min(height));
            let (mut across, mut down) = (0, 0);
            for y in y0..y1 {
                across += (x0 + 1..x1).filter(|&x| ink(x, y) != ink(x - 1, y)).count();
            }
            for y in y0 + 1..y1 {
                down += (x0..x1).filter(|&x| ink(x, y) != ink(x, y - 1)).count();
            }
            let all = ((x1 - x0) * (y1 - y0)) as f32;
            let between = |v: &&u8| (threshold.saturating_sub(DARK)..LIGHT).contains(*v);
            let grey: usize = (y0..y1).map(|y| pixels[y * width..][x0..x1].iter().filter(between).count()).sum();
            across.min(down) as f32 > BUSY * all || grey as f32 > GREY * all
        })
        .collect();
    if busy.iter().filter(|&&b| b).count() < LEAST_TILES {
        return None;
    }
    // A tile full of letters lies on the screen where most tiles around it do.
    let screened: Vec<bool> = (0..columns * rows)
        .map(|at| {
            let (cx, cy) = (at % columns, at / columns);
            let (mut near, mut all) = (0, 0);
            for y in cy.saturating_sub(2)..(cy + 3).min(rows) {
                for x in cx.saturating_sub(2)..(cx + 3).min(columns) {
                    all += 1;
                    near += usize::from(busy[y * columns + x]);
                }
            }
            near * 3 >= all || busy[at] && near > 2
        })
        .collect();
    Some(Screens { tile, columns, screened })
}

impl Screens {
    fn holds(&self, x: usize, y: usize) -> bool {
        self.screened[y / self.tile * self.columns + x / self.tile]
    }

    /// Leaves of the screens only what is surely ink, such as rules and the middles of strokes.
    pub fn keep_ink(&self, picture: &mut GrayImage, threshold: u8) {
        let width = picture.width() as usize;
        for (at, value) in picture.as_mut().iter_mut().enumerate() {
            if *value >= threshold.saturating_sub(DARK / 2) && self.holds(at % width, at / width) {
                *value = 255;
            }
        }
    }

    /// Makes the screens white and the letters on them black.
    pub fn remove(&self, picture: &mut GrayImage, dpi: f32) {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let reach = ((dpi / 100.0) as usize).max(1);
        let mean = blurred(picture.as_raw(), width, height, reach);
        let mut levels = [0u32; 256];
        let inside = |at: &usize| self.holds(at % width, at / width);
        (0..mean.len()).filter(inside).for_each(|at| levels[mean[at] as usize] += 1);
        let all: u32 = levels.iter().sum();
        let quantile = |share: f32| {
            let mut left = share * all as f32;
            let hit = |&n: &u32| {
                left -= n as f32;
                left < 0.0
            };
            levels.iter().position(hit).unwrap_or(255) as f32
        };
        let (black, screen) = (quantile(0.01), quantile(0.4));
        let white = screen - 0.25 * (screen - black);
        for at in (0..mean.len()).filter(inside) {
            let share = (f32::from(mean[at]) - black) / (white - black).max(1.0);
            picture.as_mut()[at] = (share * 255.0).clamp(0.0, 255.0) as u8;
        }
    }
}

/// The mean over a square around each pixel.
fn blurred(pixels: &[u8], width: usize, height: usize, reach: usize) -> Vec<u8> {
    let pass = |pixels: &[u8], step: usize, length: usize, start: &dyn Fn(usize) -> usize, lines: usize| {
        let mut out = vec![0u8; pixels.len()];
        for line in 0..lines {
            let at = |n: usize| start(line) + n * step;
            let mut sum: u32 = (0..reach.min(length)).map(|n| u32::from(pixels[at(n)])).sum();
            let mut count = reach.min(length) as u32;
            for n in 0..length {
                if n + reach < length {
                    sum += u32::from(pixels[at(n + reach)]);
                    count += 1;
                }
                out[at(n)] = (sum / count.max(1)) as u8;
                if n >= reach {
                    sum -= u32::from(pixels[at(n - reach)]);
                    count -= 1;
                }
            }
        }
        out
    };
    let across = pass(pixels, 1, width, &|line| line * width, height);
    pass(&across, width, height, &|line| line, width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn a_screen_goes_and_a_letter_on_it_stays() {
        let stroke = |x: u32, y: u32| (100..112).contains(&x) && (60..140).contains(&y);
        let mut page = GrayImage::from_fn(300, 200, |x, y| {
            let dot = x < 200 && (x % 4 < 2) != (y % 4 < 2);
            Luma([if stroke(x, y) || dot { 0 } else { 255 }])
        });
        find(&page, 128, 300.0).unwrap().remove(&mut page, 300.0);
        assert!(page.get_pixel(50, 50).0[0] > 200 && page.get_pixel(150, 100).0[0] > 200);
        assert!(page.get_pixel(106, 100).0[0] < 60);
    }

    #[test]
    fn print_on_paper_is_left_alone() {
        let page = GrayImage::from_fn(300, 200, |x, y| Luma([if x % 12 < 4 && y % 40 < 24 { 0 } else { 255 }]));
        assert!(find(&page, 128, 300.0).is_none());
    }
}

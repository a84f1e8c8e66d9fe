//! The angle of the text lines, from where the ink of a column ends.
//!
//! The lower ends of ink lie on base lines. Sheared by the right angle they fall on few rows, so the sum of the squared
//! row counts is greatest there: the projection profile of W. Postl (US 4,723,297, 1988), taken over ends of ink
//! instead of ink, which makes base lines sharp and rules, pictures and shading nearly mute.

use image::GrayImage;

/// Largest angle of the coarse search, in degrees; the fine one goes 0.625 beyond it. Pages are asked to be read up to 25. What leans
/// more is turned by no more than this, and as a rule still read.
pub const LARGEST: f32 = 26.0;

/// Where ink ends below, in pixels of a reduced page.
#[derive(Debug, Clone, Default)]
pub struct InkEnds {
    points: Vec<(f32, f32)>,
    width: f32,
    height: f32,
}

/// An angle, and how much clearer the lines are at it than at any odd angle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lines {
    /// Degrees by which the page must be turned clockwise for its lines to lie level.
    pub degrees: f32,
    /// The profile's sharpness at that angle over its mean of all angles; about 1 for noise, 2 to 8 for text.
    pub clearness: f32,
    /// The profile's sharpness over that of points spread evenly over the page.
    pub sharpness: f32,
}

/// Points used for the coarse search: enough for forty lines of text, and a tenth of the time of all.
const COARSE_POINTS: usize = 6_000;

impl InkEnds {
    /// The lower ends of ink darker than `threshold` in `page`.
    pub fn below(page: &GrayImage, threshold: u8) -> Self {
        let width = page.width() as usize;
        let rows: Vec<&[u8]> = page.as_raw().chunks_exact(width).collect();
        let mut points = Vec::new();
        for (y, pair) in rows.windows(2).enumerate() {
            for (x, (&ink, &paper)) in pair[0].iter().zip(pair[1]).enumerate() {
                if ink < threshold && paper >= threshold {
                    points.push((x as f32, y as f32));
                }
            }
        }
        InkEnds { points, width: width as f32, height: page.height() as f32 }
    }

    /// Sum of the squared row counts once sheared by `slope`, over the square of the number of points.
    fn sharpness(&self, points: &[(f32, f32)], slope: f32, rows: &mut Vec<u32>) -> f32 {
        let reach = self.width * slope.abs() + 2.0;
        rows.clear();
        rows.resize((self.height + 2.0 * reach) as usize + 2, 0);
        let middle = self.width / 2.0;
        for &(x, y) in points {
            rows[(y - (x - middle) * slope + reach) as usize] += 1;
        }
        let squares: u64 = rows.iter().map(|&n| u64::from(n) * u64::from(n)).sum();
        squares as f32 / (points.len() as f32).powi(2)
    }

    /// The angle at which the lines are clearest; None where there is too little ink to tell.
    pub fn lines(&self) -> Option<Lines> {
        if self.points.len() < 200 || self.width < 40.0 || self.height < 40.0 {
            return None;
        }
        let mut rows = Vec::new();
        let few: Vec<_> = self.points.iter().step_by(self.points.len() / COARSE_POINTS + 1).copied().collect();
        // Half a degree over a page 600 pixels wide moves its ends by 5 rows, under the height of a line.
        let steps = (2.0 * LARGEST) as i32;
        let coarse: Vec<(f32, f32)> = (-steps..=steps)
            .map(|half| {
                let degrees = half as f32 / 2.0;
                (degrees, self.sharpness(&few, slope(degrees), &mut rows))
            })
            .collect();
        let mean = coarse.iter().map(|c| c.1).sum::<f32>() / coarse.len() as f32;
        let best = *coarse.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        let fine = |centre: f32, step: f32, n: i32, points: &[(f32, f32)], rows: &mut Vec<u32>| {
            (-n..=n)
                .map(|i| centre + i as f32 * step)
                .map(|degrees| (degrees, self.sharpness(points, slope(degrees), rows)))
                .collect::<Vec<_>>()
        };
        let clearest = |tried: Vec<(f32, f32)>| {
            let most = tried.iter().map(|t| t.1).fold(0.0, f32::max);
            // Angles too close to move a point by a row tie: the middle of them is meant.
            let best: Vec<f32> = tried.iter().filter(|t| t.1 >= 0.999 * most).map(|t| t.0).collect();
            (best.iter().sum::<f32>() / best.len().max(1) as f32, most)
        };
        let middle = clearest(fine(best.0, 0.1, 5, &few, &mut rows));
        let (degrees, sharpness) = clearest(fine(middle.0, 0.025, 5, &self.points, &mut rows));
        let degrees = (degrees * 1000.0).round() / 1000.0 + 0.0;
        Some(Lines { degrees, clearness: best.1.max(middle.1) / mean, sharpness: sharpness * self.height })
    }
}

/// Lines that fall to the right by this angle must be turned back, that is anticlockwise, hence the sign.
fn slope(degrees: f32) -> f32 {
    (-degrees).to_radians().tan()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::resample::{Filter, straighten};
    use image::Luma;

    /// Twenty lines of words of odd lengths.
    fn text() -> GrayImage {
        GrayImage::from_fn(640, 880, |x, y| {
            let (line, within) = (y / 40, y % 40);
            let letter = x > 60 && x < 580 && (x * 7 + line * 31) % 53 > 9 && x % 6 < 4;
            Luma([if letter && (14..26).contains(&within) && line > 1 && line < 20 { 0 } else { 255 }])
        })
    }

    #[test]
    fn the_angle_is_found_to_a_tenth_of_a_degree() {
        for degrees in [-24.5, -13.0, -5.3, -1.0, -0.3, 0.0, 0.4, 2.0, 10.0, 18.0] {
            let (skewed, _) = straighten(&text(), degrees, 1.0, Filter::Sharp);
            let found = InkEnds::below(&skewed, 128).lines().unwrap();
            assert!((found.degrees + degrees).abs() < 0.1, "{found:?} for a page turned by {degrees}");
            assert!(found.clearness > 1.5, "{found:?}");
        }
    }

    #[test]
    fn noise_has_no_lines() {
        let mut state = 1u32;
        let noise = GrayImage::from_fn(600, 800, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Luma([if state >> 27 == 0 { 0 } else { 255 }])
        });
        assert!(InkEnds::below(&noise, 128).lines().unwrap().clearness < 1.2);
        assert!(InkEnds::below(&GrayImage::from_pixel(600, 800, Luma([255])), 128).lines().is_none());
    }
}

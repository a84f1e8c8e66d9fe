//! Damage to page images: what paper, copier, scanner and compression do, in the order in which they do it.

use crate::error::{Error, ErrorKind, Result};
use crate::random::SplitMix64;
use image::imageops::{self, FilterType};
use image::{DynamicImage, Rgb, RgbImage};
use serde::{Deserialize, Serialize};

/// What is done to a page; every field at its default leaves the page as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PageRecipe {
    /// Share of the reverse side's ink that shows through, from 0 to 1.
    pub bleed_through: f32,
    /// Largest skew in degrees; the page's own is drawn evenly from both directions, at least half of this.
    pub skew: f32,
    /// Resolution of the result in dots per inch; None keeps the resolution of the page.
    pub dpi: Option<u32>,
    /// Deviation of the Gaussian blur in pixels of the result.
    pub blur: f32,
    /// How much darker paper is than white, from 0 to 1, growing from one side of the page to the other.
    pub shade: f32,
    /// How much lighter ink is than black, from 0 to 1.
    pub fade: f32,
    /// Deviation of the noise in grey levels of 255.
    pub noise: f32,
    /// Specks for a thousand square millimetres of paper.
    pub speckle: f32,
    /// Whether a red round seal is put over the text, somewhere in the lower right quarter where signatures stand.
    pub seal: bool,
    /// Whether colour is lost.
    pub grey: bool,
    /// Quality of a JPEG round trip, from 1 to 100; None for none.
    pub jpeg: Option<u8>,
    /// Level from 0 to 255 under which a pixel becomes black and over which it becomes white; None keeps the greys.
    pub bilevel: Option<u8>,
}

impl Default for PageRecipe {
    fn default() -> Self {
        PageRecipe {
            bleed_through: 0.0,
            skew: 0.0,
            dpi: None,
            blur: 0.0,
            shade: 0.0,
            fade: 0.0,
            noise: 0.0,
            speckle: 0.0,
            seal: false,
            grey: false,
            jpeg: None,
            bilevel: None,
        }
    }
}

impl PageRecipe {
    /// The levels of the benchmark by name: `L0` clean, `L1` a good office scan, `L2` a poor one, `L3` a photocopy,
    /// `fax` a fax at its fine resolution.
    pub fn named(name: &str) -> Option<PageRecipe> {
        let clean = PageRecipe::default();
        Some(match name {
            "L0" => clean,
            "L1" => PageRecipe { skew: 0.4, blur: 0.6, shade: 0.03, noise: 3.0, jpeg: Some(72), ..clean },
            "L2" => PageRecipe {
                bleed_through: 0.14,
                skew: 1.4,
                dpi: Some(200),
                blur: 0.75,
                shade: 0.12,
                fade: 0.12,
                noise: 6.0,
                speckle: 0.4,
                grey: true,
                jpeg: Some(45),
                ..clean
            },
            "L3" => PageRecipe {
                bleed_through: 0.05,
                skew: 0.8,
                dpi: Some(150),
                blur: 0.5,
                fade: 0.05,
                noise: 16.0,
                speckle: 1.2,
                grey: true,
                bilevel: Some(150),
                ..clean
            },
            "fax" => PageRecipe {
                skew: 0.6,
                dpi: Some(200),
                blur: 0.9,
                fade: 0.1,
                noise: 26.0,
                speckle: 2.5,
                grey: true,
                bilevel: Some(165),
                ..clean
            },
            _ => return None,
        })
    }

    /// The damaged page; `dpi` is the resolution of `page`, and `back` the reverse side that bleeds through.
    ///
    /// # Errors
    /// [`ErrorKind::Defect`] where the page cannot be put through JPEG.
    pub fn apply(&self, page: &RgbImage, dpi: u32, back: Option<&RgbImage>, seed: u64) -> Result<RgbImage> {
        let chance = SplitMix64::new(seed);
        let mut out = page.clone();
        if self.seal {
            seal(&mut out, dpi, chance.split(4));
        }
        if let Some(back) = back.filter(|_| self.bleed_through > 0.0) {
            bleed(&mut out, back, self.bleed_through);
        }
        if self.skew != 0.0 {
            let mut chance = chance.split(1);
            let size = self.skew * (0.5 + 0.5 * chance.unit() as f32);
            out = skewed(&out, if chance.happens(0.5) { size } else { -size });
        }
        let target = self.dpi.unwrap_or(dpi);
        if target != dpi {
            let side = |length: u32| (u64::from(length) * u64::from(target) / u64::from(dpi)).max(1) as u32;
            out = imageops::resize(&out, side(out.width()), side(out.height()), FilterType::Triangle);
        }
        if self.blur > 0.0 {
            out = imageops::blur(&out, self.blur);
        }
        if self.shade > 0.0 || self.fade > 0.0 {
            tint(&mut out, self.shade, self.fade);
        }
        if self.noise > 0.0 {
            let mut chance = chance.split(2);
            for pixel in out.pixels_mut() {
                let shift = chance.normal() * self.noise;
                pixel.0 = pixel.0.map(|level| (f32::from(level) + shift).round().clamp(0.0, 255.0) as u8);
            }
        }
        if self.speckle > 0.0 {
            speckle(&mut out, self.speckle, target, chance.split(3));
        }
        if self.grey {
            out = DynamicImage::ImageLuma8(imageops::grayscale(&out)).to_rgb8();
        }
        if let Some(quality) = self.jpeg {
            out = through_jpeg(&out, quality)?;
        }
        if let Some(threshold) = self.bilevel {
            for pixel in imageops::grayscale(&out).pixels().zip(out.pixels_mut()) {
                pixel.1.0 = if pixel.0.0[0] < threshold { [0; 3] } else { [255; 3] };
            }
        }
        Ok(out)
    }
}

/// Presses a seal of 36 mm, as most offices have it: two rings, a star, strokes where its legend runs. Ink on ink darkens:
/// each channel is multiplied.
fn seal(page: &mut RgbImage, dpi: u32, mut chance: SplitMix64) {
    const RED: [u32; 3] = [214, 40, 52];
    let mm = f64::from(dpi) / 25.4;
    let (width, height) = (f64::from(page.width()), f64::from(page.height()));
    let (cx, cy) = (width * (0.55 + 0.2 * chance.unit()), height * (0.55 + 0.3 * chance.unit()));
    let reach = (18.5 * mm) as i64;
    for (x, y) in (-reach..=reach).flat_map(|y| (-reach..=reach).map(move |x| (x, y))) {
        let (radius, angle) = ((x as f64).hypot(y as f64) / mm, (x as f64).atan2(-y as f64));
        let legend = (11.5..14.5).contains(&radius) && (angle * 24.0).sin() > 0.2;
        // The edge of a five-pointed star of 6 mm, from point to notch and back.
        let wedge = std::f64::consts::PI / 5.0;
        let off = (angle.rem_euclid(2.0 * wedge) - wedge).abs() / wedge;
        let star = radius < 2.4 + 3.6 * off * off;
        let ink = (17.0..18.0).contains(&radius) || (10.2..10.6).contains(&radius) || legend || star;
        let (px, py) = (cx as i64 + x, cy as i64 + y);
        if ink && px >= 0 && py >= 0 && px < width as i64 && py < height as i64 {
            let pixel = page.get_pixel_mut(px as u32, py as u32);
            pixel.0 = std::array::from_fn(|c| (u32::from(pixel.0[c]) * RED[c] / 255) as u8);
        }
    }
}

/// Darkens the page by the mirrored and diffused ink of its reverse.
fn bleed(page: &mut RgbImage, back: &RgbImage, share: f32) {
    let mirrored = imageops::flip_horizontal(&imageops::grayscale(back));
    let diffused = imageops::blur(&mirrored, 2.5);
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        if x < diffused.width() && y < diffused.height() {
            let kept = 1.0 - share * f32::from(255 - diffused.get_pixel(x, y).0[0]) / 255.0;
            pixel.0 = pixel.0.map(|level| (f32::from(level) * kept).round() as u8);
        }
    }
}

/// The page turned about its centre on white, clockwise for positive degrees, interpolated bilinearly.
fn skewed(page: &RgbImage, degrees: f32) -> RgbImage {
    let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
    let (width, height) = page.dimensions();
    let (cx, cy) = (f64::from(width) / 2.0, f64::from(height) / 2.0);
    let at = |x: i64, y: i64| {
        let inside = x >= 0 && y >= 0 && x < i64::from(width) && y < i64::from(height);
        if inside { page.get_pixel(x as u32, y as u32).0 } else { [255; 3] }
    };
    RgbImage::from_fn(width, height, |x, y| {
        let (dx, dy) = (f64::from(x) - cx, f64::from(y) - cy);
        let (sx, sy) = (cx + cos * dx + sin * dy, cy - sin * dx + cos * dy);
        let (x0, y0) = (sx.floor(), sy.floor());
        let (fx, fy) = ((sx - x0) as f32, (sy - y0) as f32);
        let (x0, y0) = (x0 as i64, y0 as i64);
        let corners = [at(x0, y0), at(x0 + 1, y0), at(x0, y0 + 1), at(x0 + 1, y0 + 1)];
        Rgb(std::array::from_fn(|c| {
            let [a, b, d, e] = corners.map(|corner| f32::from(corner[c]));
            let level = (a * (1.0 - fx) + b * fx) * (1.0 - fy) + (d * (1.0 - fx) + e * fx) * fy;
            level.round() as u8
        }))
    })
}

/// Darkens paper and lightens ink: levels are mapped linearly between the two, paper darker towards the right edge.
fn tint(page: &mut RgbImage, shade: f32, fade: f32) {
    let width = page.width() as f32;
    for (x, _, pixel) in page.enumerate_pixels_mut() {
        let paper = 255.0 * (1.0 - shade * (0.4 + 0.6 * x as f32 / width));
        let ink = 255.0 * fade;
        pixel.0 = pixel.0.map(|level| (ink + (paper - ink) * f32::from(level) / 255.0).round() as u8);
    }
}

/// Scatters dark and light specks of up to a quarter of a millimetre.
fn speckle(page: &mut RgbImage, density: f32, dpi: u32, mut chance: SplitMix64) {
    let mm = dpi as f32 / 25.4;
    let area = page.width() as f32 * page.height() as f32 / (mm * mm);
    let largest = (0.25 * mm).ceil() as usize;
    for _ in 0..(density * area / 1000.0) as usize {
        let (x, y) = (chance.below(page.width() as usize) as u32, chance.below(page.height() as usize) as u32);
        let (w, h) = (1 + chance.below(largest) as u32, 1 + chance.below(largest) as u32);
        let level = if chance.happens(0.7) { 40 } else { 250 };
        for (x, y) in (y..y + h).flat_map(|y| (x..x + w).map(move |x| (x, y))) {
            if x < page.width() && y < page.height() {
                page.put_pixel(x, y, Rgb([level; 3]));
            }
        }
    }
}

fn through_jpeg(page: &RgbImage, quality: u8) -> Result<RgbImage> {
    let defect = |e: image::ImageError| Error::new(ErrorKind::Defect, "a page does not survive JPEG").source(e);
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(page).map_err(defect)?;
    Ok(image::load_from_memory_with_format(&bytes, image::ImageFormat::Jpeg).map_err(defect)?.to_rgb8())
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::GenericImageView;

    /// A white page with a black bar across its middle.
    fn bar() -> RgbImage {
        RgbImage::from_fn(120, 160, |_, y| Rgb([if (70..90).contains(&y) { 0 } else { 255 }; 3]))
    }

    #[test]
    fn a_recipe_that_asks_for_nothing_changes_nothing() {
        assert_eq!(PageRecipe::default().apply(&bar(), 300, None, 7).unwrap(), bar());
    }

    #[test]
    fn the_seed_decides_the_page_and_nothing_else_does() {
        for level in ["L1", "L2", "L3", "fax"] {
            let recipe = PageRecipe::named(level).unwrap();
            let made = |seed| recipe.apply(&bar(), 300, Some(&bar()), seed).unwrap();
            assert_eq!(made(7), made(7), "{level}");
            assert_ne!(made(7), made(8), "{level}");
        }
    }

    #[test]
    fn low_resolution_and_two_levels_are_what_was_asked_for() {
        let page = PageRecipe::named("L3").unwrap().apply(&bar(), 300, None, 1).unwrap();
        assert_eq!(page.dimensions(), (60, 80));
        assert!(page.pixels().all(|p| p.0 == [0; 3] || p.0 == [255; 3]));
    }

    #[test]
    fn skew_turns_clockwise() {
        let page = skewed(&bar(), 5.0);
        let first_dark = |x| (0..160).find(|&y| page.get_pixel(x, y).0[0] < 128).unwrap();
        assert!(first_dark(100) > first_dark(20) + 4);
    }

    #[test]
    fn a_seal_is_red_on_paper_and_leaves_ink_black() {
        let page = RgbImage::from_fn(620, 880, |x, _| Rgb([if x % 8 == 0 { 0 } else { 255 }; 3]));
        let sealed = PageRecipe { seal: true, ..PageRecipe::default() }.apply(&page, 75, None, 4).unwrap();
        let red = sealed.pixels().filter(|p| p.0[0] > 180 && p.0[1] < 80).count();
        assert!(red > 400, "{red}");
        let (upper, ink) =
            (sealed.view(0, 0, 620, 300).to_image(), |page: &RgbImage| page.pixels().filter(|p| p.0 == [0; 3]).count());
        assert_eq!(ink(&sealed), ink(&page));
        assert_eq!(upper, page.view(0, 0, 620, 300).to_image());
    }

    #[test]
    fn the_reverse_shows_mirrored() {
        let mut back = RgbImage::from_pixel(120, 160, Rgb([255; 3]));
        (0..160).for_each(|y| (0..20).for_each(|x| back.put_pixel(x, y, Rgb([0; 3]))));
        let recipe = PageRecipe { bleed_through: 0.5, ..PageRecipe::default() };
        let page = recipe.apply(&bar(), 300, Some(&back), 1).unwrap();
        assert!(page.get_pixel(110, 10).0[0] < 140 && page.get_pixel(10, 10).0[0] == 255);
    }
}

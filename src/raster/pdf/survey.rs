//! What a PDF page is made of, found out without drawing it: its images and where they lie, and whether there is more.

use crate::geometry::{self, Transform};
use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask,
};
use hayro::hayro_syntax::object::Stream;
use hayro::kurbo::{Affine, BezPath, Rect, Shape};

/// One image on a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placement {
    /// Columns that the file says it has.
    pub(super) width: u32,
    /// Rows that the file says it has.
    pub(super) height: u32,
    /// From its pixels to points on the upright page, y downwards.
    pub(super) map: Affine,
    /// The black that a stencil lets through; None for pictures and for other paints.
    pub(super) stencil: bool,
}

impl Placement {
    /// Of an image that is painted with this map from the unit square of its pixels.
    pub(super) fn of(image: &Image<'_, '_>, map: Affine) -> Placement {
        Placement { width: image.width(), height: image.height(), map, stencil: matches!(image, Image::Stencil(_)) }
    }

    /// Where it lies on the page, in points.
    pub(super) fn area(&self) -> Rect {
        self.map.transform_rect_bbox(Rect::new(0.0, 0.0, f64::from(self.width), f64::from(self.height)))
    }

    /// Its resolution on the page along the page's axes in dots per inch; None where it lies askew.
    pub(super) fn ppi(&self) -> Option<(f64, f64)> {
        let [a, b, c, d, ..] = self.map.as_coeffs();
        // A shift of less than half a pixel across the whole image does not show.
        let upright =
            b.abs() * f64::from(self.width) < 0.5 * d.abs() && c.abs() * f64::from(self.height) < 0.5 * a.abs();
        let turned =
            a.abs() * f64::from(self.width) < 0.5 * c.abs() && d.abs() * f64::from(self.height) < 0.5 * b.abs();
        if upright { Some((72.0 / a.abs(), 72.0 / d.abs())) } else { turned.then(|| (72.0 / c.abs(), 72.0 / b.abs())) }
    }

    /// Whether its rows run along the page's columns.
    pub(super) fn is_turned(&self) -> bool {
        let [a, b, ..] = self.map.as_coeffs();
        b.abs() > a.abs()
    }
}

/// The contents of a page, in the order of drawing.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// The images.
    pub(super) images: Vec<Placement>,
    /// Whether anything but images shows: text, lines, areas that are not white, images in a way of their own.
    pub(super) other_marks: bool,
    /// Small shapes with curves, as letters are that were turned into outlines.
    pub(super) outlines: usize,
    /// Whether there is text that shows.
    pub(super) visible_text: bool,
    /// Whether there is text that does not show, as recognisers lay over scans.
    pub(super) hidden_text: bool,
}

/// Least share of a page that images cover where it shows a scan.
const MOST_OF_A_PAGE: f64 = 0.6;

/// Least share of a page that an image covers whose resolution the page is rasterised at.
const MUCH_OF_A_PAGE: f64 = 0.25;
/// Letters are smaller than this, in points, and their outlines have at least so many pieces; a rule or box has five.
const LARGEST_LETTER: f64 = 60.0;
const CURVED: usize = 9;
/// So many outlines may be words.
const OUTLINES: usize = 12;
/// Least width and height, in points, of a picture that may hold words: a number in small print.
const LEAST_PICTURE: (f64, f64) = (20.0, 7.0);

impl Survey {
    /// Whether images cover most of the page, whatever else is on it.
    pub(super) fn shows_a_scan(&self, page: Rect) -> bool {
        let covered: f64 = self.images.iter().map(|image| image.area().intersect(page).area()).sum();
        covered >= MOST_OF_A_PAGE * page.area()
    }

    /// The finest resolution, in dots per inch, of the images that cover much of the page; 0 where there are none.
    pub(super) fn finest(&self, page: Rect) -> f64 {
        let large =
            self.images.iter().filter(|image| image.area().intersect(page).area() >= MUCH_OF_A_PAGE * page.area());
        large.filter_map(Placement::ppi).map(|(x, y)| x.max(y)).fold(0.0, f64::max)
    }

    /// Where images lie that are large enough to hold a line of text; `to_pixels` maps points to pixels of the page as scanned.
    pub(super) fn pictures(&self, page: Rect, to_pixels: &Transform) -> Vec<geometry::Rect> {
        let shown = self.images.iter().map(|image| image.area().intersect(page));
        let large = shown.filter(|area| area.width() >= LEAST_PICTURE.0 && area.height() >= LEAST_PICTURE.1);
        let large = large.chain((self.outlines >= OUTLINES).then_some(page));
        let corners = |a: Rect| geometry::Rect::new(a.x0 as f32, a.y0 as f32, a.x1 as f32, a.y1 as f32);
        large.map(|area| to_pixels.rect(&corners(area))).collect()
    }

    /// Whether nothing at all is drawn.
    pub(super) fn is_empty(&self) -> bool {
        self.images.is_empty() && !self.other_marks && !self.visible_text && !self.hidden_text
    }
}

/// Size in pixels of the mask that a picture is seen through; None where it has none.
fn mask_size(image: &Image<'_, '_>) -> Option<(u32, u32)> {
    let Image::Raster(raster) = image else { return None };
    let mask = ["SMask", "Mask"].iter().find_map(|key| raster.stream().dict().get::<Stream<'_>>(*key))?;
    let side = |key: &str| mask.dict().get::<u32>(key);
    Some((side("Width")?, side("Height")?))
}

/// Whether nothing shows through an image.
pub(super) fn is_opaque(image: &Image<'_, '_>) -> bool {
    match image {
        Image::Stencil(_) => false,
        Image::Raster(raster) => {
            ["SMask", "Mask", "SMaskInData"].iter().all(|key| !raster.stream().dict().contains_key(*key))
        }
    }
}

/// Whether paint does not show on white paper.
pub(super) fn is_white(paint: &Paint<'_>) -> bool {
    matches!(paint, Paint::Color(colour) if { let [r, g, b, a] = colour.to_rgba().to_rgba8(); a == 0 || r.min(g).min(b) > 250 })
}

impl<'a> Device<'a> for Survey {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        let area = props.transform.transform_rect_bbox(path.bounding_box());
        let nothing = matches!(mode, DrawMode::Invisible) || (area.width() <= 0.0 && area.height() <= 0.0);
        self.other_marks |= !nothing && !is_white(&props.paint);
        let letter = area.width() < LARGEST_LETTER && (2.0..LARGEST_LETTER).contains(&area.height());
        if !nothing && letter && matches!(mode, DrawMode::Fill(_)) && path.elements().len() >= CURVED {
            self.outlines += 1;
        }
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, blend: BlendMode) {
        // Layered scans put their ink through masks and blending; only rasterising does them right.
        self.other_marks |= opacity < 1.0 || mask.is_some() || blend != BlendMode::Normal;
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let blank = run.glyphs().iter().all(|g| g.as_unicode().is_some_and(|text| text_of(text).trim().is_empty()));
        match mode {
            _ if blank => {}
            DrawMode::Invisible => self.hidden_text = true,
            _ if is_white(&props.paint) => self.hidden_text = true,
            _ => self.visible_text = true,
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.other_marks |= props.soft_mask.is_some() || props.blend_mode != BlendMode::Normal;
        let placement = Placement::of(&image, props.transform);
        if let Some((width, height)) = mask_size(&image).filter(|&(w, h)| w > placement.width || h > placement.height) {
            // The print is in the mask, finer than the picture that it is seen through.
            self.other_marks = true;
            let scale =
                (f64::from(placement.width) / f64::from(width), f64::from(placement.height) / f64::from(height));
            let map = placement.map * Affine::scale_non_uniform(scale.0, scale.1);
            self.images.push(Placement { width, height, map, stencil: true });
        } else {
            self.images.push(placement);
        }
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

/// The characters of a glyph's Unicode value.
pub(super) fn text_of(value: hayro::hayro_interpret::hayro_cmap::BfString) -> String {
    use hayro::hayro_interpret::hayro_cmap::BfString;
    match value {
        BfString::Char(c) => c.into(),
        BfString::String(s) => s,
    }
}

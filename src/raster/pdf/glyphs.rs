//! The glyphs of a page with their characters and places, collected by a device that draws nothing.

use super::survey::{is_white, text_of};
use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask};
use hayro::kurbo::{BezPath, Point, Vec2};
use std::sync::Arc;

/// One glyph on the page, in points on the upright page, y downwards.
#[derive(Debug, Clone)]
pub(super) struct PlacedGlyph {
    /// Its characters; None where the file has no Unicode for it.
    pub(super) text: Option<String>,
    /// Its code in the content stream.
    pub(super) code: u32,
    /// Where its baseline starts.
    pub(super) origin: Point,
    /// From there to where the next glyph starts, without spacing.
    pub(super) advance: Vec2,
    /// From the baseline up, as long as the font is high.
    pub(super) up: Vec2,
    /// Name of its font.
    pub(super) font: Option<Arc<str>>,
    /// Whether it shows.
    pub(super) visible: bool,
}

impl PlacedGlyph {
    /// Whether it is white space.
    pub(super) fn is_blank(&self) -> bool {
        self.text.as_ref().is_some_and(|text| text.trim().is_empty())
    }

    /// The height of its font in points.
    pub(super) fn size(&self) -> f64 {
        self.up.hypot()
    }
}

/// Collects glyphs in the order of drawing.
#[derive(Default)]
pub(super) struct GlyphCollector {
    pub(super) glyphs: Vec<PlacedGlyph>,
    /// The rules that are drawn beside them.
    pub(super) strokes: super::strokes::Strokes,
    /// Names of fonts, so that glyphs share them.
    fonts: Vec<Arc<str>>,
    /// Names of the fonts that the engine does not name, for each string shown in them.
    unnamed: Option<super::fonts::ShownStrings>,
}

impl GlyphCollector {
    /// A collector that takes the names of fonts that the engine does not name from these strings.
    pub(super) fn new(unnamed: super::fonts::ShownStrings) -> Self {
        GlyphCollector { unnamed: Some(unnamed), ..GlyphCollector::default() }
    }

    fn font_of(&mut self, run: &GlyphRun<'_, '_>) -> Option<Arc<str>> {
        let own = match &**run.glyphs().first()? {
            Glyph::Outline(glyph) => glyph.font_data().and_then(|data| data.postscript_name),
            Glyph::Type3(_) => None,
        };
        let codes = || run.glyphs().iter().map(|g| g.char_code());
        let name = own.or_else(|| self.unnamed.as_mut()?.font_of(codes()))?;
        let name = super::fonts::without_subset_prefix(&name);
        let known = self.fonts.iter().find(|known| &***known == name).cloned();
        Some(known.unwrap_or_else(|| {
            self.fonts.push(name.into());
            self.fonts[self.fonts.len() - 1].clone()
        }))
    }
}

impl<'a> Device<'a> for GlyphCollector {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        // Text that is filled and stroked comes twice.
        if matches!(mode, DrawMode::Stroke(_)) && self.ends_with(run, &props) {
            return;
        }
        let font = self.font_of(run);
        let visible = !matches!(mode, DrawMode::Invisible) && !is_white(&props.paint);
        for glyph in run.glyphs() {
            let map = props.transform * glyph.transform();
            let origin = map * Point::ZERO;
            let width = match &**glyph {
                Glyph::Outline(outline) => outline.advance_width(),
                Glyph::Type3(type3) => type3.advance_width(),
            };
            let advance = (map * Point::new(f64::from(width.unwrap_or(500.0)), 0.0)) - origin;
            let up = (map * Point::new(0.0, 1000.0)) - origin;
            if !(origin.is_finite() && advance.is_finite() && up.is_finite()) || up.hypot() < 0.1 {
                continue;
            }
            let text = glyph.as_unicode().map(text_of).filter(|text| !text.is_empty() && !text.contains('\u{fffd}'));
            self.glyphs.push(PlacedGlyph {
                text,
                code: glyph.char_code(),
                origin,
                advance,
                up,
                font: font.clone(),
                visible,
            });
        }
    }

    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        if !matches!(mode, DrawMode::Invisible) && !is_white(&props.paint) {
            self.strokes.add(&(props.transform * path.clone()), matches!(mode, DrawMode::Fill(_)));
        }
    }
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

impl GlyphCollector {
    /// Whether the last glyphs collected are these.
    fn ends_with(&self, run: &GlyphRun<'_, '_>, props: &DrawProps<'_>) -> bool {
        let new = run.glyphs();
        let Some(start) = self.glyphs.len().checked_sub(new.len()) else { return false };
        self.glyphs[start..].iter().zip(new).all(|(old, new)| {
            old.code == new.char_code() && (props.transform * new.transform() * Point::ZERO - old.origin).hypot() < 0.01
        })
    }
}

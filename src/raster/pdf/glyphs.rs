//! The glyphs of a page with their characters and places, collected by a device that draws nothing.

use super::cover::{self, Cover, Ink, Sight};
use super::survey::{Placement, is_opaque, is_white, text_of};
use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask};
use hayro::kurbo::{BezPath, Point, Rect, Vec2};
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
    /// How it shows; [`Sight::Seen`] until the whole page has been drawn.
    pub(super) sight: Sight,
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

/// Collects glyphs in the order of drawing, and what is painted under and over them.
pub(super) struct GlyphCollector {
    pub(super) glyphs: Vec<PlacedGlyph>,
    /// The rules that are drawn beside them.
    pub(super) strokes: super::strokes::Strokes,
    cover: Cover,
    /// For each glyph, what it was painted with, how much had been painted before it, and within what.
    painted: Vec<(Ink, usize, Rect)>,
    /// Names of fonts, so that glyphs share them.
    fonts: Vec<Arc<str>>,
    /// Names of the fonts that the engine does not name, for each string shown in them.
    unnamed: Option<super::fonts::ShownStrings>,
}

impl GlyphCollector {
    /// A collector for a page that takes this area; it takes the names of fonts that the engine does not name from these strings.
    pub(super) fn new(page: Rect, unnamed: Option<super::fonts::ShownStrings>) -> Self {
        GlyphCollector {
            glyphs: Vec::new(),
            strokes: Default::default(),
            cover: Cover::new(page),
            painted: Vec::new(),
            fonts: Vec::new(),
            unnamed,
        }
    }

    /// The glyphs, now that all that could cover them has been painted.
    pub(super) fn finish(&mut self) -> Vec<PlacedGlyph> {
        for (glyph, (ink, before, clip)) in self.glyphs.iter_mut().zip(&self.painted) {
            let middle = glyph.origin + glyph.advance * 0.5 + glyph.up * 0.25;
            glyph.sight = self.cover.sight(middle, *ink, *before, clip);
        }
        std::mem::take(&mut self.glyphs)
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
        let ink = if matches!(mode, DrawMode::Invisible) { None } else { cover::colour(&props.paint) };
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
                sight: Sight::Seen,
            });
            self.painted.push((ink, self.cover.len(), self.cover.clip()));
        }
    }

    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        if !matches!(mode, DrawMode::Invisible) && !is_white(&props.paint) {
            self.strokes.add(&(props.transform * path.clone()), matches!(mode, DrawMode::Fill(_)));
        }
        self.cover.path(path, props.transform, mode, &props.paint, props.blend_mode, props.soft_mask.is_some());
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.cover.push_clip(&clip.path);
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, blend: BlendMode) {
        self.cover.push_group(opacity >= 1.0 && mask.is_none() && blend == BlendMode::Normal);
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let opaque = is_opaque(&image) && props.soft_mask.is_none() && props.blend_mode == BlendMode::Normal;
        self.cover.image(&Placement::of(&image, props.transform), opaque);
    }

    fn pop_clip(&mut self) {
        self.cover.pop_clip();
    }

    fn pop_transparency_group(&mut self) {
        self.cover.pop_group();
    }
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

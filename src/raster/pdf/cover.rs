//! Whether the glyphs of a page are seen: what was painted under and over them, and where painting was clipped.

use super::survey::Placement;
use hayro::hayro_interpret::{BlendMode, DrawMode, Paint};
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape};

/// How a glyph shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// On its ground.
    Seen,
    /// Not, but it stands on a picture or on other print, as recognisers lay their text over or under scans.
    Laid,
    /// Not at all: covered, in the colour of its ground, clipped away or outside the page.
    Unseen,
}

/// What a glyph is painted with; None where it is not painted.
pub(super) type Ink = Option<Colour>;

/// A colour by its red, green and blue; None where it changes from place to place.
pub(super) type Colour = Option<[u8; 3]>;

/// Areas smaller than this on a side, in points, are lines and letters and hide nothing.
const LEAST_COVER: f64 = 4.0;
/// Paths of more pieces than this are drawings, whose box stands for them no longer.
const MOST_PIECES: usize = 64;
/// Levels of red, green or blue that ink must differ from its ground by to be seen; the eye needs some 4 of 255.
const CONTRAST: u8 = 5;

/// An area that was painted.
struct Area {
    /// Its box within the clip.
    rect: Rect,
    /// Its outline where that is no rectangle.
    outline: Option<BezPath>,
    paint: Painted,
}

#[derive(Clone, Copy, PartialEq)]
enum Painted {
    /// Over and over in one colour.
    Colour([u8; 3]),
    /// A picture without holes.
    Picture,
    /// Something through which what is under it may show, in colours that are not known.
    Other,
}

impl Area {
    fn holds(&self, point: Point) -> bool {
        self.rect.contains(point) && self.outline.as_ref().is_none_or(|outline| outline.contains(point))
    }
}

/// All that was painted on a page, in the order of drawing.
pub(super) struct Cover {
    areas: Vec<Area>,
    /// Boxes of small marks, which may be letters that were drawn as outlines.
    specks: Vec<Rect>,
    clips: Vec<Rect>,
    /// Transparency groups that are open, and whether what is painted in them covers what is under it.
    groups: Vec<bool>,
}

impl Cover {
    /// Of a page that takes this area.
    pub(super) fn new(page: Rect) -> Self {
        Cover { areas: Vec::new(), specks: Vec::new(), clips: vec![page], groups: Vec::new() }
    }

    /// How many areas have been painted so far.
    pub(super) fn len(&self) -> usize {
        self.areas.len()
    }

    /// The area within which painting shows at the moment.
    pub(super) fn clip(&self) -> Rect {
        self.clips.last().copied().unwrap_or(Rect::ZERO)
    }

    pub(super) fn push_clip(&mut self, path: &BezPath) {
        let rect = self.clip().intersect(path.bounding_box());
        self.clips.push(rect);
    }

    pub(super) fn pop_clip(&mut self) {
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    pub(super) fn push_group(&mut self, opaque: bool) {
        self.groups.push(opaque && self.covers());
    }

    pub(super) fn pop_group(&mut self) {
        self.groups.pop();
    }

    fn covers(&self) -> bool {
        self.groups.last().copied().unwrap_or(true)
    }

    /// Notes that a path was painted, by itself and not through a mask where `whole`.
    pub(super) fn path(
        &mut self,
        path: &BezPath,
        map: Affine,
        mode: &DrawMode,
        paint: &Paint<'_>,
        blend: BlendMode,
        masked: bool,
    ) {
        if matches!(mode, DrawMode::Invisible) {
            return;
        }
        let rect = map.transform_rect_bbox(path.bounding_box()).intersect(self.clip());
        let filled = matches!(mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..));
        if !filled || rect.width() < LEAST_COVER || rect.height() < LEAST_COVER {
            self.specks.push(rect);
            return;
        }
        let paint = match colour(paint) {
            Some(Some(rgb)) if self.covers() && !masked && blend == BlendMode::Normal => Painted::Colour(rgb),
            Some(_) => Painted::Other,
            // Nothing is painted.
            None => return,
        };
        let pieces = path.elements().len();
        if pieces > MOST_PIECES {
            self.specks.push(rect);
            return;
        }
        let outline = map * path.clone();
        let is_box = (outline.area().abs() / map.transform_rect_bbox(path.bounding_box()).area() - 1.0).abs() < 0.02;
        self.areas.push(Area { rect, outline: (!is_box).then_some(outline), paint });
    }

    /// Notes that an image was painted, without holes where it is `opaque`.
    pub(super) fn image(&mut self, placement: &Placement, opaque: bool) {
        let rect = placement.area().intersect(self.clip());
        let paint = if opaque && self.covers() { Painted::Picture } else { Painted::Other };
        self.areas.push(Area { rect, outline: None, paint });
    }

    /// How a glyph shows with its middle here, that was painted with `ink` when `before` areas had been painted, within `clip`.
    pub(super) fn sight(&self, middle: Point, ink: Ink, before: usize, clip: &Rect) -> Sight {
        if !clip.contains(middle) {
            return Sight::Unseen;
        }
        let before = before.min(self.areas.len());
        let (under, over) = self.areas.split_at(before);
        let on_picture = || {
            let picture = |area: &Area| !matches!(area.paint, Painted::Colour(_)) && area.holds(middle);
            self.areas.iter().any(picture) || self.specks.iter().any(|speck| speck.contains(middle))
        };
        let Some(ink) = ink else {
            return if on_picture() { Sight::Laid } else { Sight::Unseen };
        };
        let covering = over.iter().rev().find(|area| area.paint != Painted::Other && area.holds(middle));
        match covering.map(|area| area.paint) {
            Some(Painted::Picture) => return Sight::Laid,
            Some(_) => return Sight::Unseen,
            None => {}
        }
        let white = Some([255; 3]);
        let ground = match under.iter().rev().find(|area| area.holds(middle)).map(|area| area.paint) {
            None => white,
            Some(Painted::Colour(rgb)) => Some(rgb),
            Some(_) => None,
        };
        match (ink, ground) {
            (Some(ink), Some(ground)) if !differ(ink, ground) => Sight::Unseen,
            // White on a scan is a recogniser's text.
            (Some(ink), None) if !differ(ink, [255; 3]) => Sight::Laid,
            _ => Sight::Seen,
        }
    }
}

fn differ(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).any(|(a, b)| a.abs_diff(b) >= CONTRAST)
}

/// What this paint paints with; None where it paints nothing.
pub(super) fn colour(paint: &Paint<'_>) -> Ink {
    match paint {
        Paint::Color(colour) => {
            let [r, g, b, a] = colour.to_rgba().to_rgba8();
            match a {
                0 => None,
                250.. => Some(Some([r, g, b])),
                _ => Some(None),
            }
        }
        Paint::Pattern(_) => Some(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hayro::hayro_interpret::FillRule;
    use hayro::hayro_interpret::color::{AlphaColor, Color};

    const BLACK: Ink = Some(Some([0; 3]));
    const WHITE: Ink = Some(Some([255; 3]));

    fn page() -> Cover {
        Cover::new(Rect::new(0.0, 0.0, 600.0, 800.0))
    }

    fn paint(cover: &mut Cover, rect: Rect, level: u8) {
        let area = Area { rect, outline: None, paint: Painted::Colour([level; 3]) };
        cover.areas.push(area);
    }

    #[test]
    fn text_is_seen_on_a_ground_of_another_colour_and_not_under_a_bar() {
        let at = Point::new(100.0, 100.0);
        let mut cover = page();
        let clip = cover.clip();
        assert_eq!(cover.sight(at, BLACK, 0, &clip), Sight::Seen);
        assert_eq!(cover.sight(at, WHITE, 0, &clip), Sight::Unseen);
        assert_eq!(cover.sight(Point::new(100.0, 900.0), BLACK, 0, &clip), Sight::Unseen);
        paint(&mut cover, Rect::new(50.0, 50.0, 200.0, 200.0), 30);
        assert_eq!(cover.sight(at, BLACK, 0, &clip), Sight::Unseen, "the bar came later");
        assert_eq!(cover.sight(at, WHITE, 1, &clip), Sight::Seen, "white on a dark ground");
        assert_eq!(cover.sight(at, Some(Some([31; 3])), 1, &clip), Sight::Unseen, "dark on a dark ground");
    }

    #[test]
    fn what_is_laid_over_or_under_a_scan_is_a_recognisers() {
        let at = Point::new(100.0, 100.0);
        let mut cover = page();
        let clip = cover.clip();
        let map = Affine::IDENTITY;
        cover.image(&Placement { width: 600, height: 800, map, stencil: false }, true);
        assert_eq!(cover.sight(at, None, 1, &clip), Sight::Laid);
        assert_eq!(cover.sight(at, WHITE, 1, &clip), Sight::Laid);
        assert_eq!(cover.sight(at, BLACK, 0, &clip), Sight::Laid, "under the scan");
        assert_eq!(cover.sight(at, BLACK, 1, &clip), Sight::Seen, "typed over the scan");
        assert_eq!(page().sight(at, None, 0, &clip), Sight::Unseen, "nothing is printed there");
    }

    #[test]
    fn drawings_and_see_through_areas_hide_nothing() {
        let at = Point::new(100.0, 100.0);
        let mut cover = page();
        let clip = cover.clip();
        let rect = Rect::new(50.0, 50.0, 200.0, 200.0).to_path(0.1);
        let paint = Paint::Color(Color::from_rgba(AlphaColor::from_rgba8(0, 0, 0, 255)));
        let fill = DrawMode::Fill(FillRule::NonZero);
        cover.path(&rect, Affine::IDENTITY, &fill, &paint, BlendMode::Multiply, false);
        assert_eq!(cover.sight(at, BLACK, 0, &clip), Sight::Seen);
        cover.path(&rect, Affine::IDENTITY, &fill, &paint, BlendMode::Normal, false);
        assert_eq!(cover.sight(at, BLACK, 0, &clip), Sight::Unseen);
    }
}

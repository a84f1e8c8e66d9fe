//! Watermarks: words drawn aslant across a page that is printed straight.

use super::cover::Sight;
use super::glyphs::PlacedGlyph;
use super::lines;

/// Degrees by which a watermark leans at least. A page fed askew leans less, and what a recogniser laid over it is not seen.
const ASLANT: f64 = 10.0;

/// Least height of its font in points: numbers and dates that are stamped aslant into their places are smaller.
const LARGE: f64 = 24.0;

/// The glyphs of a page without those of its watermarks, and these. `scan` says whether the page shows a scan, over which a
/// watermark may be all that is typed; elsewhere it is the lesser part of the text.
pub(super) fn part(glyphs: Vec<PlacedGlyph>, scan: bool) -> (Vec<PlacedGlyph>, Vec<PlacedGlyph>) {
    let all = glyphs.len();
    let is_aslant = |glyph: &PlacedGlyph| {
        glyph.sight == Sight::Seen && glyph.size() >= LARGE && lines::lean(glyph).abs() > ASLANT.to_radians()
    };
    let (aslant, level): (Vec<_>, Vec<_>) = glyphs.into_iter().partition(is_aslant);
    if scan || 2 * aslant.len() < all { (level, aslant) } else { ([level, aslant].concat(), Vec::new()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hayro::kurbo::{Point, Vec2};

    fn glyphs(count: usize, degrees: f64, sight: Sight) -> Vec<PlacedGlyph> {
        sized(count, degrees, sight, 48.0)
    }

    fn sized(count: usize, degrees: f64, sight: Sight, size: f64) -> Vec<PlacedGlyph> {
        let along = Vec2::from_angle(degrees.to_radians());
        let place = |at: usize| PlacedGlyph {
            text: Some("a".into()),
            code: 97,
            origin: Point::ZERO + along * (0.5 * size * at as f64),
            advance: along * (0.5 * size),
            up: Vec2::new(along.y, -along.x) * size,
            font: None,
            sight,
        };
        (0..count).map(place).collect()
    }

    #[test]
    fn what_leans_across_a_page_is_a_watermark() {
        for degrees in [-30.0, 45.0, 60.0, 150.0] {
            let page = [glyphs(40, 0.0, Sight::Seen), glyphs(12, degrees, Sight::Seen)].concat();
            let (level, aslant) = part(page, false);
            assert_eq!((level.len(), aslant.len()), (40, 12), "{degrees}");
            assert_eq!(part(glyphs(12, degrees, Sight::Seen), true).1.len(), 12, "{degrees}");
        }
    }

    #[test]
    fn heads_on_their_side_pages_fed_askew_and_pages_all_aslant_are_text() {
        for degrees in [0.0, 4.0, 90.0, 184.0, 270.0] {
            assert!(part(glyphs(12, degrees, Sight::Seen), true).1.is_empty(), "{degrees}");
        }
        assert!(part(glyphs(12, 18.0, Sight::Laid), true).1.is_empty());
        assert!(part(glyphs(12, 18.0, Sight::Seen), false).1.is_empty());
        // A day stamped into its place.
        let page = [glyphs(40, 0.0, Sight::Seen), sized(2, 15.0, Sight::Seen, 14.0)].concat();
        assert!(part(page, false).1.is_empty());
    }
}

//! Annotations that show on a page: stamped numbers and dates, which belong to its text, and the appearances of digital
//! signatures, which do not.

use super::glyphs::PlacedGlyph;
use hayro::hayro_interpret::hayro_syntax::page::Page;
use hayro::hayro_interpret::{RectExt, TransformExt};
use hayro::hayro_syntax::object::{Array, Dict, Name, Rect as PdfRect};
use hayro::kurbo::Rect;
use regex::Regex;
use std::sync::LazyLock;

/// One annotation of a page.
#[derive(Debug, Clone)]
pub(super) struct Annotation {
    /// Where it lies, in points on the upright page.
    area: Rect,
    /// Whether it is a signature field. Document systems also put the number and the date into such fields.
    signature_field: bool,
    /// What its appearance says, words parted by spaces.
    pub(super) text: String,
}

/// What the appearance of a signature says of itself: who signed, an address, the second of signing.
static SIGNATURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(người ký|ký bởi|ký ngày|thời gian ký|ngày ký|chữ ký số|signed by|signing time|signature valid|\S@\S+\.\w|\d\d?:\d\d:\d\d)",
    )
    .expect("the pattern is right")
});

/// The annotations of a page that may show.
pub(super) fn of(page: &Page<'_>) -> Vec<Annotation> {
    let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else { return Vec::new() };
    let upright = page.initial_transform(true).to_kurbo();
    let annotation = |dict: Dict<'_>| {
        // A field with several appearances keeps its kind in its parent.
        let kind = |dict: &Dict<'_>| dict.get::<Name<'_>>("FT").map(|name| name.as_str() == "Sig");
        let signature_field = kind(&dict).or_else(|| kind(&dict.get::<Dict<'_>>("Parent")?)).unwrap_or(false);
        dict.contains_key("AP").then_some(())?;
        let area = upright.transform_rect_bbox(dict.get::<PdfRect>("Rect")?.to_kurbo());
        Some(Annotation { area, signature_field, text: String::new() })
    };
    annotations.iter::<Dict<'_>>().filter_map(annotation).collect()
}

impl Annotation {
    /// Whether it is the appearance of a digital signature: panel or picture, and not a stamped number or date.
    pub(super) fn is_signature(&self) -> bool {
        self.signature_field && (self.text.is_empty() || SIGNATURE.is_match(&self.text))
    }

    /// Whether a glyph that was drawn with the annotations stands in it.
    fn holds(&self, glyph: &PlacedGlyph) -> bool {
        self.area.inflate(1.0, 1.0).contains(glyph.origin)
    }
}

/// Parts the glyphs that annotations draw into those that belong to the page's text and those of signatures, and notes
/// in each annotation what it says.
pub(super) fn sort_out(annotations: &mut [Annotation], glyphs: Vec<PlacedGlyph>) -> Vec<PlacedGlyph> {
    // Where annotations overlap, the smaller one is meant: a number lies in a wide panel, not the other way round.
    let smallest = |glyph: &PlacedGlyph| {
        let around = annotations.iter().enumerate().filter(|(_, a)| a.holds(glyph));
        around.min_by(|(_, a), (_, b)| a.area.area().total_cmp(&b.area.area())).map(|(index, _)| index)
    };
    let homes: Vec<Option<usize>> = glyphs.iter().map(smallest).collect();
    for (index, annotation) in annotations.iter_mut().enumerate() {
        let own: Vec<PlacedGlyph> = glyphs
            .iter()
            .zip(&homes)
            .filter(|(_, home)| **home == Some(index))
            .map(|(glyph, _)| glyph.clone())
            .collect();
        let lines = super::lines::lines(&own, &crate::geometry::Transform::IDENTITY);
        let words = lines.iter().flat_map(|line| &line.words).map(|word| word.text());
        annotation.text = words.collect::<Vec<_>>().join(" ");
    }
    let of_page = |home: &Option<usize>| home.is_none_or(|index| !annotations[index].is_signature());
    glyphs.into_iter().zip(homes).filter(|(_, home)| of_page(home)).map(|(glyph, _)| glyph).collect()
}

//! What an image hides: scanning programs put the text under the page's picture as often as they put it over it, invisible.

use super::strip::unescaped;
use super::tokens::{Operation, operations};
use crate::geometry::{Rect, Transform};

/// By how much of the page an image may fail to reach its edges: what is printed there stands in no text.
const EDGE: f32 = 0.01;

/// Up to which byte all that a page's content draws is hidden by an image that covers the page; 0 where there is none. `page` is what is
/// shown of it, in user space, and `opaque` tells whether the XObject of a name is an image that nothing shines through.
///
/// An image counts only where nothing can make less of it: no clipping path, no state that is named elsewhere, no content that is
/// optional.
pub(super) fn hidden(content: &[u8], page: &Rect, opaque: &dyn Fn(&[u8]) -> bool) -> usize {
    let Some(operations) = operations(content) else { return 0 };
    let mut hidden = 0;
    let mut state = State { map: Transform::IDENTITY, whole: true };
    let mut saved = Vec::new();
    for operation in &operations {
        match &content[operation.operator.clone()] {
            b"q" => saved.push(state),
            b"Q" => state = saved.pop().unwrap_or(state),
            b"cm" => match numbers(content, operation) {
                // PDF writes the columns of the map.
                Some([a, b, c, d, e, f]) => {
                    state.map = Transform { coefficients: [a, c, e, b, d, f] }.then(&state.map);
                }
                None => state.whole = false,
            },
            b"W" | b"W*" | b"gs" => state.whole = false,
            // Text that clips holds to the end of the state, optional content from here on.
            b"Tr" if numbers(content, operation).is_none_or(|[mode]| mode > 3.0) => state.whole = false,
            b"BDC" if content[operation.range.clone()].starts_with(b"/OC") => return hidden,
            b"Do" if state.whole && covers(&state.map, page) => {
                let name = operation.operands.first().and_then(|o| content[o.clone()].strip_prefix(b"/"));
                if name.is_some_and(|name| opaque(&unescaped(name))) {
                    hidden = operation.range.end;
                }
            }
            _ => {}
        }
    }
    hidden
}

/// What of the graphics state changes how an image covers the page.
#[derive(Clone, Copy)]
struct State {
    /// To the page's user space.
    map: Transform,
    /// Whether an image shows whole.
    whole: bool,
}

/// Whether the unit square, where images lie, covers the page: turned by quarters, since of others the box says nothing.
fn covers(map: &Transform, page: &Rect) -> bool {
    let [a, b, _, d, e, _] = map.coefficients;
    let level = b.abs().max(d.abs()) < 1e-3 * a.abs().min(e.abs());
    let turned = a.abs().max(e.abs()) < 1e-3 * b.abs().min(d.abs());
    let image = map.rect(&Rect::new(0.0, 0.0, 1.0, 1.0));
    let (across, up) = (EDGE * page.width(), EDGE * page.height());
    (level || turned)
        && image.x0 <= page.x0 + across
        && image.y0 <= page.y0 + up
        && image.x1 >= page.x1 - across
        && image.y1 >= page.y1 - up
}

fn numbers<const N: usize>(content: &[u8], operation: &Operation) -> Option<[f64; N]> {
    let number = |operand: &std::ops::Range<usize>| std::str::from_utf8(&content[operand.clone()]).ok()?.parse().ok();
    operation.operands.iter().map(number).collect::<Option<Vec<f64>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left to see of this content.
    fn seen(content: &str) -> &str {
        let page = Rect::new(0.0, 0.0, 595.0, 842.0);
        content[hidden(content.as_bytes(), &page, &|name| name == b"Im0")..].trim()
    }

    #[test]
    fn an_image_over_the_page_hides_what_was_drawn_before_it() {
        assert_eq!(seen("BT (x) Tj ET q 595 0 0 842 0 0 cm /Im0 Do Q BT (y) Tj ET"), "Q BT (y) Tj ET");
        assert_eq!(seen("BT (x) Tj ET q .5 0 0 .5 0 0 cm q 1190 0 0 1684 0 0 cm /Im#30 Do Q Q"), "Q Q");
        // A picture that is turned by a quarter.
        assert_eq!(seen("BT (x) Tj ET q 0 842 -595 0 595 0 cm /Im0 Do Q"), "Q");
    }

    #[test]
    fn an_image_that_may_leave_something_to_see_hides_nothing() {
        for content in [
            "BT (x) Tj ET q 595 0 0 500 0 0 cm /Im0 Do Q",
            "BT (x) Tj ET q 0 0 99 99 re W n 595 0 0 842 0 0 cm /Im0 Do Q",
            "BT (x) Tj ET q /GS0 gs 595 0 0 842 0 0 cm /Im0 Do Q",
            "BT 7 Tr (x) Tj ET q 595 0 0 842 0 0 cm /Im0 Do Q",
            "BT (x) Tj ET q 595 0 0 842 0 0 cm /Mask Do Q",
            "BT (x) Tj ET /OC /MC0 BDC q 595 0 0 842 0 0 cm /Im0 Do Q EMC",
            "BT (x) Tj ET q 500 300 -300 500 300 0 cm /Im0 Do Q",
        ] {
            assert_eq!(seen(content), content);
        }
    }
}

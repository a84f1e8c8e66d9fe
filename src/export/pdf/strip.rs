//! Takes text that nobody sees out of a content stream: the bytes that show it go, all others stay.

use super::tokens::{Operation, operations};
use std::ops::Range;

/// What cutting did to a content stream.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Stripped {
    /// The content without its invisible text; None where there is none.
    pub(super) content: Option<Vec<u8>>,
    /// Whether text that shows was found, which stays.
    pub(super) visible_text: bool,
    /// The names of the XObjects that it draws, with the render mode that each begins in.
    pub(super) drawn: Vec<(Vec<u8>, i64)>,
    /// How many `Q` lack their `q`, and how many `q` their `Q`.
    pub(super) unbalanced: (usize, usize),
}

/// The content without the text that it shows in render mode 3, or before the byte `hidden` (see [`super::cover`]). `mode` is the render mode
/// that it begins in.
///
/// Only what shows and places text goes, and only where a whole text object is invisible: operators that set a state
/// stay, since text that follows may rely on them. None where the content cannot be read to its end.
pub(super) fn strip(content: &[u8], mode: i64, hidden: usize) -> Option<Stripped> {
    let operations = operations(content)?;
    let mut stripped = Stripped::default();
    let mut cuts: Vec<(Range<usize>, Vec<u8>)> = Vec::new();
    let mut mode = mode;
    let mut saved = Vec::new();
    let mut object: Option<TextObject> = None;
    for operation in &operations {
        let operand = |n: usize| operation.operands.get(n).map(|o| &content[o.clone()]);
        match &content[operation.operator.clone()] {
            b"q" => saved.push(mode),
            b"Q" => match saved.pop() {
                Some(before) => mode = before,
                None => stripped.unbalanced.0 += 1,
            },
            b"Tr" => mode = operand(0).and_then(integer).unwrap_or(mode),
            b"BT" => object = Some(TextObject::default()),
            b"ET" => {
                if let Some(object) = object.take() {
                    stripped.visible_text |= object.visible;
                    if object.invisible && !object.visible {
                        cuts.extend(object.cuts);
                    }
                }
            }
            b"Do" => {
                if let Some(name) = operand(0).and_then(|n| n.strip_prefix(b"/")) {
                    stripped.drawn.push((unescaped(name), mode));
                }
            }
            operator => {
                if let Some(object) = &mut object {
                    let unseen = mode == 3 || operation.range.end <= hidden;
                    object.take(operator, operation, content, unseen);
                }
            }
        }
    }
    stripped.unbalanced.1 = saved.len();
    if !cuts.is_empty() {
        let mut rest = Vec::with_capacity(content.len());
        let mut at = 0;
        for (range, instead) in cuts {
            rest.extend_from_slice(&content[at..range.start]);
            rest.extend_from_slice(&instead);
            at = range.end;
        }
        rest.extend_from_slice(&content[at..]);
        stripped.content = Some(rest);
    }
    Some(stripped)
}

/// What a text object shows, and what would be cut from it.
#[derive(Default)]
struct TextObject {
    visible: bool,
    invisible: bool,
    cuts: Vec<(Range<usize>, Vec<u8>)>,
}

impl TextObject {
    fn take(&mut self, operator: &[u8], operation: &Operation, content: &[u8], unseen: bool) {
        let instead = match operator {
            b"Tj" | b"TJ" | b"'" => Vec::new(),
            // It sets the spacing of words and letters besides.
            b"\"" => {
                let value = |n: usize| operation.operands.get(n).map_or(&b"0"[..], |o| &content[o.clone()]);
                [value(0), b" Tw ", value(1), b" Tc"].concat()
            }
            // Where the next text stands: nothing beyond the text object depends on it.
            b"Tm" | b"Td" => {
                self.cuts.push((operation.range.clone(), Vec::new()));
                return;
            }
            _ => return,
        };
        if unseen {
            self.invisible = true;
        } else {
            self.visible = true;
        }
        self.cuts.push((operation.range.clone(), instead));
    }
}

fn integer(bytes: &[u8]) -> Option<i64> {
    let number: f64 = std::str::from_utf8(bytes).ok()?.parse().ok()?;
    Some(number as i64)
}

/// A name with its `#xx` resolved (ISO 32000-1, 7.3.5).
pub(super) fn unescaped(name: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.len());
    let mut at = 0;
    while at < name.len() {
        let hex = name.get(at + 1..at + 3).and_then(|h| std::str::from_utf8(h).ok());
        match hex.filter(|_| name[at] == b'#').and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(name[at]);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(content: &str) -> Option<String> {
        let stripped = strip(content.as_bytes(), 0, 0).unwrap();
        stripped.content.map(|c| String::from_utf8(c).unwrap().split_whitespace().collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn invisible_text_goes_and_the_image_stays_as_it_is() {
        let content = "q 595 0 0 842 0 0 cm /Im0 Do Q BT 3 Tr /F1 12 Tf 1 0 0 1 10 20 Tm (Khong c6) Tj ET";
        assert_eq!(left(content).unwrap(), "q 595 0 0 842 0 0 cm /Im0 Do Q BT 3 Tr /F1 12 Tf ET");
    }

    #[test]
    fn visible_text_is_not_touched() {
        assert_eq!(left("BT /F1 12 Tf (thật) Tj ET"), None);
        assert!(strip("BT /F1 12 Tf (a) Tj ET".as_bytes(), 0, 0).unwrap().visible_text);
        // In one text object with text that shows, the invisible text places what follows it.
        assert_eq!(left("BT 3 Tr (ẩn) Tj 0 Tr (hiện) Tj ET"), None);
    }

    #[test]
    fn the_mode_of_the_graphics_state_counts_wherever_it_was_set() {
        assert!(left("3 Tr BT (ẩn) Tj ET").is_some());
        assert_eq!(left("q 3 Tr Q BT (hiện) Tj ET"), None);
        assert!(strip(b"BT (x) Tj ET", 3, 0).unwrap().content.is_some());
    }

    #[test]
    fn what_an_operator_sets_besides_stays_set() {
        assert_eq!(left("3 Tr BT 1 2 (ẩn) \" ET (x) pop").unwrap(), "3 Tr BT 1 Tw 2 Tc ET (x) pop");
    }

    #[test]
    fn forms_are_named_with_the_mode_they_are_drawn_in() {
        let stripped = strip(b"q 3 Tr /Fm#31 Do Q /Fm2 Do Q q", 0, 0).unwrap();
        assert_eq!(stripped.drawn, [(b"Fm1".to_vec(), 3), (b"Fm2".to_vec(), 0)]);
        assert_eq!(stripped.unbalanced, (1, 1));
    }
}

//! Corrections that a person made: kept for ever in a log beside the results, and laid over every later reading of the same paper.
//!
//! A [`Correction`] names its place by the page of a file with this content, the box on it and the words around; so it is found
//! again whichever recogniser reads the page anew. The log is only ever added to: what is taken back is taken back by a line of its own.

mod apply;
mod calibrate;
mod learn;
mod log;
mod missing;
mod truth;

pub use apply::apply;
pub use learn::{Ground, Learned, Trial, learn_from};
pub use log::CorrectionLog;
pub use truth::CorrectedDocument;

use crate::document::PageNo;
use crate::geometry::Rect;
use serde::{Deserialize, Serialize};

/// One correction, a line of `corrections.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// Name within the log: the number of its line, from 1.
    #[serde(default)]
    pub id: u64,
    /// When it was made, as `2026-11-28T16:50:00Z`; empty where that is not known.
    #[serde(default)]
    pub time: String,
    /// Who made it; empty where that is not known.
    #[serde(default)]
    pub who: String,
    /// SHA-256 of the file in lower-case hexadecimal: other bytes are another paper.
    pub document: String,
    /// The file's name, for people who read the log.
    #[serde(default)]
    pub file: String,
    /// The page of that file.
    pub page: PageNo,
    /// The box of the words on the page as scanned, in pixels.
    pub rect: Rect,
    /// The word before them, as it stood; empty at the start of a line.
    #[serde(default)]
    pub left: String,
    /// The word after them, as it stood; empty at the end of a line.
    #[serde(default)]
    pub right: String,
    /// What stood there.
    pub before: String,
    /// What is printed there: one line, NFC; empty where nothing is.
    pub after: String,
    /// The correction that this one takes back; None for one that says what is printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<u64>,
}

/// The longest text of a correction, in characters: longer than any printed line.
pub const LONGEST: usize = 400;

impl Correction {
    /// Whether another one is made at the same place of the same document.
    fn is_where(&self, other: &Correction) -> bool {
        self.document == other.document && self.page == other.page && overlap(&self.rect, &other.rect) > 0.7
    }

    /// What is wrong with it, for one that came from outside; None where it can be kept.
    pub fn fault(&self) -> Option<&'static str> {
        let texts = [&self.before, &self.after, &self.left, &self.right, &self.who, &self.file, &self.time];
        let edges = [self.rect.x0, self.rect.y0, self.rect.x1, self.rect.y1];
        let is_hash =
            self.document.len() == 64 && self.document.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if !is_hash {
            Some("`document` is no SHA-256 in lower-case hexadecimal")
        } else if texts.iter().any(|t| t.chars().count() > LONGEST) {
            Some("a text is longer than a printed line")
        } else if texts.iter().any(|t| t.chars().any(is_hidden)) {
            Some("a text holds line ends, control characters or marks that turn the direction of writing")
        } else if edges.iter().any(|e| !e.is_finite()) || self.rect.width() <= 0.0 || self.rect.height() <= 0.0 {
            Some("`rect` is no box")
        } else if self.page == 0 {
            Some("pages are counted from 1")
        } else {
            None
        }
    }
}

/// Whether a character is one that nobody sees, and that could make text look like other text.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Those of `corrections` that hold: neither taken back nor followed by a later one at the same place, in their order.
pub fn in_force(corrections: &[Correction]) -> Vec<&Correction> {
    let undone: std::collections::BTreeSet<u64> = corrections.iter().filter_map(|c| c.undoes).collect();
    let says = |c: &&Correction| c.undoes.is_none() && !undone.contains(&c.id);
    let said: Vec<&Correction> = corrections.iter().filter(says).collect();
    let later = |at: usize| said[at + 1..].iter().any(|c| said[at].is_where(c));
    (0..said.len()).filter(|&at| !later(at)).map(|at| said[at]).collect()
}

/// The part that two boxes share of what they cover together, from 0 to 1.
fn overlap(a: &Rect, b: &Rect) -> f32 {
    let area = |r: &Rect| r.width() * r.height();
    let width = (a.x1.min(b.x1) - a.x0.max(b.x0)).max(0.0);
    let shared = width * a.vertical_overlap(b);
    let all = area(a) + area(b) - shared;
    if all > 0.0 { shared / all } else { 0.0 }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn correction(id: u64, rect: [f32; 4], before: &str, after: &str) -> Correction {
        Correction {
            id,
            time: String::new(),
            who: "a".into(),
            document: "0".repeat(64),
            file: "x.pdf".into(),
            page: 1,
            rect: rect.into(),
            left: String::new(),
            right: String::new(),
            before: before.into(),
            after: after.into(),
            undoes: None,
        }
    }

    #[test]
    fn the_last_word_at_a_place_holds_until_it_is_taken_back() {
        let place = [10.0, 10.0, 60.0, 30.0];
        let first = correction(1, place, "ti", "tỉ");
        let second = correction(2, [11.0, 10.0, 61.0, 31.0], "tỉ", "tỷ");
        let mut undo = correction(3, place, "tỷ", "tỉ");
        undo.undoes = Some(2);
        let said = |all: &[Correction]| in_force(all).iter().map(|c| c.after.clone()).collect::<Vec<_>>();
        assert_eq!(said(&[first.clone(), second.clone()]), ["tỷ"]);
        assert_eq!(said(&[first.clone(), second, undo]), ["tỉ"]);
        assert_eq!(said(&[first, correction(2, [100.0, 10.0, 150.0, 30.0], "a", "b")]), ["tỉ", "b"]);
    }

    #[test]
    fn what_an_enemy_would_write_is_refused() {
        let good = correction(1, [0.0, 0.0, 9.0, 9.0], "a", "b");
        assert_eq!(good.fault(), None);
        let bad = [
            Correction { document: "../../etc/passwd".into(), ..good.clone() },
            Correction { after: "a\nb".into(), ..good.clone() },
            Correction { after: "a\u{202e}b".into(), ..good.clone() },
            Correction { after: "x".repeat(401), ..good.clone() },
            Correction { rect: Rect::new(f32::NAN, 0.0, 1.0, 1.0), ..good.clone() },
            Correction { rect: Rect::new(5.0, 0.0, 1.0, 1.0), ..good.clone() },
            Correction { page: 0, ..good },
        ];
        for correction in bad {
            assert!(correction.fault().is_some(), "{correction:?}");
        }
    }
}

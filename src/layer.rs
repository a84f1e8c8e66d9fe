//! Text layers of PDF pages: each is judged, not trusted. It is taken as it is, restored, decoded from an old encoding,
//! or left aside and the page recognised again; the report says which and why.

mod coverage;
mod judge;
mod patch;
mod quality;

pub use coverage::{InkLine, erase_words, has_ink, has_print, ink_lines, keep_only, small_pieces};
pub use judge::{Decision, Judge, Judgement, Policy, agreement};
pub use patch::{Patched, covered, patch};
pub use quality::Quality;

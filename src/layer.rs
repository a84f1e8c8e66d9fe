//! Text layers of PDF pages: each is judged, not trusted. It is taken as it is, restored, decoded from an old encoding,
//! or left aside and the page recognised again; the report says which and why.

mod judge;
mod quality;

pub use judge::{Decision, Judge, Judgement, Policy, agreement};
pub use quality::Quality;

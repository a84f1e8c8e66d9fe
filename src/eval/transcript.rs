//! A text to be scored, with what else its file says of it.

use serde_json::Value;

/// A text with what else its file says of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Transcript {
    /// The text of each page; one page where the file knows none.
    pub pages: Vec<String>,
    /// Words with their posteriors, in order; empty where the file gives none.
    pub words: Vec<(String, f64)>,
    /// A report or gold record with indicators.
    pub record: Option<Value>,
}

impl Transcript {
    /// All pages as one text.
    pub fn text(&self) -> String {
        self.pages.join("\n")
    }
}

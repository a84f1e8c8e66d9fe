//! The text that a PDF page carries beside its image: words and lines in reading order, run by run as their fonts have it.

use crate::document::{PageNo, PageSize};
use crate::geometry::Rect;
use std::sync::Arc;

/// A page's text as its PDF file has it, before it is judged or converted from an old encoding.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TextLayer {
    /// Which page.
    pub page: PageNo,
    /// Printed lines in reading order: from the top, and from left to right across columns, as the page is seen.
    pub lines: Vec<LayerLine>,
    /// The page as [`Document::render`](super::Document::render) would hand it out.
    pub size: PageSize,
    /// Whether the page shows a scan: images over most of it.
    pub scan: bool,
    /// Where the page shows pictures that its text does not stand on, in pixels; empty where it shows a scan.
    pub pictures: Vec<Rect>,
    /// Lines that nobody sees: under a bar, in the colour of their ground, outside the page. They are not in `lines`.
    pub unseen: Vec<LayerLine>,
    /// Words that lie aslant across the page (`DỰ THẢO`, the address of a site); they are not in `lines`.
    pub watermarks: Vec<LayerLine>,
    /// What the glyphs of `lines` are like.
    pub glyphs: Glyphs,
    /// What the page draws that is long and thin: the rules of tables, underlines; in pixels of the page as scanned.
    pub rules: Vec<Rect>,
    /// What the appearances of digital signatures say (signer, address, time), one text each; it is not in `lines`,
    /// because it was put on the finished document.
    pub signatures: Vec<String>,
}

/// How many glyphs of a page, white space apart, are of what kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Glyphs {
    /// All of them.
    pub all: usize,
    /// Those that do not show but stand on a picture, as recognisers lay them over or under scans.
    pub hidden: usize,
    /// Those for which the file gives no Unicode; their text is U+FFFD.
    pub unmapped: usize,
}

/// One printed line.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LayerLine {
    /// The words from left to right.
    pub words: Vec<LayerWord>,
    /// Rectangle on the page as scanned, in pixels.
    pub rect: Rect,
    /// Lines that stand close together have the same number, from 0 on each page.
    pub block: u32,
}

/// One word: what spaces or gaps part. It may be set in several fonts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LayerWord {
    /// Its characters by font, in order; none is empty.
    pub runs: Vec<LayerRun>,
    /// Rectangle on the page as scanned, in pixels.
    pub rect: Rect,
}

/// Characters of one font.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LayerRun {
    /// The characters that the file gives.
    pub text: String,
    /// Name of the font without the prefix of subsets (`ABCDEF+`); None where it has none that could be found.
    pub font: Option<Arc<str>>,
}

impl TextLayer {
    /// Whether most of it does not show and stands on a scan: a recogniser laid it there. Otherwise it was typed.
    pub fn is_laid(&self) -> bool {
        self.scan && 2 * self.glyphs.hidden > self.glyphs.all
    }
}

impl LayerWord {
    /// The word as the file gives it.
    pub fn text(&self) -> String {
        self.runs.iter().map(|r| r.text.as_str()).collect()
    }
}

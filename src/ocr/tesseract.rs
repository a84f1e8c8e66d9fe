//! The first recogniser: Tesseract's LSTM, linked as a library. One engine belongs to one thread.

use super::cutout::{self, Cutout};
use super::openmp;
use super::{LineBox, Recogniser};
use crate::error::{Error, ErrorKind, Result};
use crate::geometry::{Rect, Transform};
use crate::page::{Alternative, Line, RecognisedPage, Symbol, Word};
use crate::raster::PageImage;
use image::{DynamicImage, GrayImage, Luma};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use tesseract_rs::{
    ResultIterator, TessPageIteratorLevel as Level, TessPageSegMode as Mode, TesseractAPI, TesseractError,
};
use unicode_normalization::UnicodeNormalization;

/// Tesseract keeps coordinates in sixteen bits with sign (`TDimension` in its `points.h`).
const LONGEST_SIDE: u32 = 32_767;

/// Of the LSTM only: the traineddata files that hold a legacy model too would otherwise run both.
const LSTM_ONLY: i32 = 1;

/// How Tesseract looks for lines on what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Segmentation {
    /// A page of columns, paragraphs and tables.
    #[default]
    Page,
    /// One block of lines of one size.
    Block,
    /// One line.
    Line,
    /// Bits of text in any place, without order.
    Sparse,
}

impl Segmentation {
    fn mode(self) -> Mode {
        match self {
            Segmentation::Page => Mode::PSM_AUTO,
            Segmentation::Block => Mode::PSM_SINGLE_BLOCK,
            Segmentation::Line => Mode::PSM_SINGLE_LINE,
            Segmentation::Sparse => Mode::PSM_SPARSE_TEXT,
        }
    }
}

/// What a [`Tesseract`] is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TesseractOptions {
    /// Language data, as Tesseract names it: `vie`, or several joined by `+`.
    pub language: String,
    /// Folder that holds `vie.traineddata`; None for the system's own, or `TESSDATA_PREFIX` where that is set.
    pub data: Option<PathBuf>,
    /// How lines are looked for.
    pub segmentation: Segmentation,
    /// Whether each symbol's other readings are kept; they cost a twentieth of the time.
    pub alternatives: bool,
}

impl Default for TesseractOptions {
    fn default() -> Self {
        TesseractOptions { language: "vie".into(), data: None, segmentation: Segmentation::Page, alternatives: true }
    }
}

/// One Tesseract engine. It costs about 90 ms and 15 MiB to make; make one a thread and keep it.
pub struct Tesseract {
    api: TesseractAPI,
    options: TesseractOptions,
}

impl Tesseract {
    /// Loads the language data.
    ///
    /// # Errors
    /// [`ErrorKind::EngineMissing`] where the language data is not installed.
    pub fn new(options: TesseractOptions) -> Result<Self> {
        openmp::stay_on_this_thread();
        let api = TesseractAPI::new();
        let set = |name, value| api.set_variable(name, value).map_err(failed);
        // Before the data is loaded, so that its absence is told by our error and not on stderr.
        set("debug_file", "/dev/null")?;
        let folder = options.data.as_ref().map(|d| d.to_string_lossy().into_owned()).unwrap_or_default();
        if [&folder, &options.language].into_iter().any(|s| s.contains('\0')) {
            return Err(Error::new(ErrorKind::EngineMissing, "the language or its folder has a zero byte in its name"));
        }
        api.init_2(&folder, &options.language, LSTM_ONLY).map_err(|e| missing(&options, e))?;
        if options.alternatives {
            // Mode 2 keeps the choices of the beam search. Each round searches the whole line anew for what comes next; what is
            // found after the third is hardly ever printed (docs/recognisers.md).
            set("lstm_choice_mode", "2")?;
            set("lstm_choice_iterations", "3")?;
        }
        Ok(Tesseract { api, options })
    }

    /// Version of the library in use, such as `5.3.0`.
    pub fn version() -> String {
        TesseractAPI::version()
    }

    /// Drops what the engine adapted to on earlier pages, which must not show on the next one. Not done for each of its lines, as it costs
    /// as much as a short one.
    pub(super) fn forget(&mut self) -> Result<()> {
        self.api.clear_adaptive_classifier().map_err(failed)
    }

    /// Words of the image, which has ink, in Tesseract's own order, rectangles in pixels of the image itself.
    pub(super) fn read(&mut self, image: &PageImage) -> Result<RecognisedPage> {
        self.forget()?;
        self.read_as(image, self.options.segmentation)
    }

    /// Words of the line of print that stands in `rect` of the page, which is bright; rectangles in pixels of the page.
    pub(super) fn read_line(&mut self, image: &PageImage, page: &GrayImage, rect: &Rect) -> Result<Vec<Word>> {
        let level = LineBox { rect: *rect, slope: 0.0 };
        match Cutout::take(page, &level) {
            Some(cutout) => self.read_cut(image, &cutout.picture, cutout.at),
            None => Ok(Vec::new()),
        }
    }

    /// The same of a line between others, or of a stretch of it: made level, and without what its place shows of the lines beside it.
    pub(super) fn read_between(&mut self, image: &PageImage, page: &GrayImage, line: &LineBox) -> Result<Vec<Word>> {
        let Some(cutout) = Cutout::by_itself(page, line) else { return Ok(Vec::new()) };
        let mut words = self.read_cut(image, &cutout.picture, cutout.at)?;
        cutout::onto_the_page(&mut words, line);
        Ok(words)
    }

    /// Words of a line that was cut out of the page at this place.
    fn read_cut(&mut self, image: &PageImage, part: &GrayImage, (x0, y0): (u32, u32)) -> Result<Vec<Word>> {
        /// White around a line, in its heights: the engine loses letters at the picture's edge.
        const MARGIN: f32 = 0.4;
        let margin = (MARGIN * part.height() as f32).ceil() as u32;
        let mut line = GrayImage::from_pixel(part.width() + 2 * margin, part.height() + 2 * margin, Luma([255]));
        image::imageops::replace(&mut line, part, i64::from(margin), i64::from(margin));
        let line = PageImage { pixels: line.into(), page: image.page, dpi: image.dpi, to_page: Transform::IDENTITY };
        if !has_ink(&line.pixels) {
            return Ok(Vec::new());
        }
        let mut read = self.read_as(&line, Segmentation::Line)?;
        let shift = (f64::from(x0) - f64::from(margin), f64::from(y0) - f64::from(margin));
        read.map_rects(&Transform::shift(shift.0, shift.1));
        Ok(read.lines.into_iter().flat_map(|l| l.words).collect())
    }

    fn read_as(&mut self, image: &PageImage, segmentation: Segmentation) -> Result<RecognisedPage> {
        let mut page = RecognisedPage { page: image.page, lines: Vec::new() };
        let (width, height) = (image.pixels.width(), image.pixels.height());
        if width.max(height) > LONGEST_SIDE {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!("the page is {width} by {height} pixels, the recogniser takes {LONGEST_SIDE} a side"),
            )
            .remedy("scan it at a lower resolution or cut it into parts")
            .page(image.page));
        }
        openmp::stay_on_this_thread();
        let done = self.feed(image, segmentation).and_then(|()| self.lines());
        let cleared = self.api.clear().map_err(failed);
        page.lines = done.and_then(|lines| cleared.map(|()| lines)).map_err(|e| e.page(image.page))?;
        Ok(page)
    }

    /// Hands the pixels over and recognises them.
    fn feed(&self, image: &PageImage, segmentation: Segmentation) -> Result<()> {
        self.api.set_page_seg_mode(segmentation.mode()).map_err(failed)?;
        let (bytes, depth) = match &image.pixels {
            DynamicImage::ImageLuma8(grey) => (grey.as_raw(), 1),
            DynamicImage::ImageRgb8(colour) => (colour.as_raw(), 3),
            _ => return Err(Error::new(ErrorKind::Defect, "a page image is neither grey nor RGB of eight bits")),
        };
        // Both sides are below 32,768 here, so the products fit Tesseract's 32-bit arithmetic.
        let (width, height) = (image.pixels.width() as i32, image.pixels.height() as i32);
        self.api.set_image(bytes, width, height, depth, width * depth).map_err(failed)?;
        self.api.set_source_resolution((image.dpi.round() as i32).clamp(70, 2400)).map_err(failed)?;
        self.api.recognize().map_err(failed)
    }

    /// Walks the result symbol by symbol; lines and blocks begin where their rectangles change.
    fn lines(&self) -> Result<Vec<Line>> {
        let mut lines: Vec<Line> = Vec::new();
        // The binding's null pointer means that nothing was found.
        let Ok(at) = self.api.get_iterator() else { return Ok(lines) };
        let mut block = None;
        let mut line = None;
        let mut blocks = 0;
        loop {
            let here = at.get_bounding_box(Level::RIL_TEXTLINE).ok();
            if here != line || lines.is_empty() {
                // The engine makes a block's rectangle out of all its letters, so it is asked for once a line.
                let around = at.get_bounding_box(Level::RIL_BLOCK).ok();
                blocks += u32::from(block.is_some() && around != block);
                block = around;
                if let Some(edges) = here {
                    lines.push(Line { rect: rect(edges), block: blocks, ..Line::default() });
                }
                line = here;
            }
            let (word, more) = self.word(&at)?;
            if let (Some(word), Some(line)) = (word, lines.last_mut()) {
                line.words.push(word);
            }
            if !more {
                break;
            }
        }
        lines.retain(|l| !l.words.is_empty());
        Ok(lines)
    }

    /// The word that the iterator stands on, and whether there is another, on which it then stands.
    fn word(&self, at: &ResultIterator) -> Result<(Option<Word>, bool)> {
        // Where nothing was recognised there is no text under the iterator's first position.
        let text = at.get_utf8_text(Level::RIL_WORD).unwrap_or_default();
        // The engine also makes words of white space, which have no symbols to walk.
        if text.trim().is_empty() {
            return Ok((None, at.next(Level::RIL_WORD).map_err(failed)?));
        }
        let mut word = Word {
            text: latin(text.trim()),
            rect: at.get_bounding_box(Level::RIL_WORD).map(rect).unwrap_or_default(),
            confidence: fraction(at.confidence(Level::RIL_WORD).map_err(failed)?),
            ..Word::default()
        };
        let mut read = 0;
        let mut more = true;
        while more && read < text.trim().len() {
            if let Ok(symbol) = at.get_utf8_text(Level::RIL_SYMBOL) {
                read += symbol.len();
                word.symbols.push(self.symbol(at, symbol)?);
            }
            more = at.next(Level::RIL_SYMBOL).map_err(failed)?;
        }
        Ok((Some(word), more))
    }

    fn symbol(&self, at: &ResultIterator, text: String) -> Result<Symbol> {
        let text = latin(&text);
        let mut alternatives: Vec<Alternative> = Vec::new();
        if self.options.alternatives
            && let Ok(choices) = at.get_choice_iterator()
        {
            loop {
                if let Ok(other) = choices.get_utf8_text() {
                    let other = latin(&other);
                    let known = other == text || other.is_empty() || alternatives.iter().any(|a| a.text == other);
                    if !known {
                        let confidence = fraction(choices.confidence().map_err(failed)?);
                        alternatives.push(Alternative { text: other, confidence });
                    }
                }
                if !choices.next().map_err(failed)? {
                    break;
                }
            }
        }
        Ok(Symbol {
            text,
            rect: at.get_bounding_box(Level::RIL_SYMBOL).map(rect).unwrap_or_default(),
            confidence: fraction(at.confidence(Level::RIL_SYMBOL).map_err(failed)?),
            alternatives,
        })
    }
}

impl Recogniser for Tesseract {
    fn name(&self) -> String {
        format!("tesseract {} {}", Tesseract::version(), self.options.language)
    }

    fn recognise(&mut self, image: &PageImage) -> Result<RecognisedPage> {
        if !has_ink(&image.pixels) {
            return Ok(RecognisedPage { page: image.page, lines: Vec::new() });
        }
        let mut page = self.read(image)?;
        page.map_rects(&image.to_page);
        Ok(page)
    }

    fn recognise_lines(&mut self, image: &PageImage, places: &[LineBox]) -> Result<Option<Vec<Option<Line>>>> {
        let grey = image.pixels.to_luma8();
        self.forget()?;
        let mut lines = Vec::with_capacity(places.len());
        for place in places {
            let words = self.read_line(image, &grey, &place.rect)?;
            lines.push((!words.is_empty()).then(|| Line { words, rect: place.rect, ..Line::default() }));
        }
        Ok(Some(lines))
    }
}

/// What stands in `rect` of the page, and where that begins; None where it lies beside the page.
fn rect((x0, y0, x1, y1): (i32, i32, i32, i32)) -> Rect {
    Rect::new(x0 as f32, y0 as f32, x1 as f32, y1 as f32)
}

/// NFC, in the letters of Vietnamese print: the engine's alphabet holds letters of other scripts that look the same, and
/// writes a doubled `ĐÐ` with one of each.
fn latin(text: &str) -> String {
    let same = |c: char| match c {
        'Ð' => 'Đ',
        'ð' => 'đ',
        '\u{2044}' | '\u{2215}' => '/',
        'А' => 'A',
        'В' => 'B',
        'Е' => 'E',
        'К' => 'K',
        'М' => 'M',
        'Н' => 'H',
        'О' => 'O',
        'Р' => 'P',
        'С' => 'C',
        'Т' => 'T',
        'Х' => 'X',
        'а' => 'a',
        'е' => 'e',
        'о' => 'o',
        'р' => 'p',
        'с' => 'c',
        'у' => 'y',
        'х' => 'x',
        _ => c,
    };
    text.nfc().map(same).collect()
}

/// Tesseract's scale runs to 100.
fn fraction(confidence: f32) -> f32 {
    (confidence / 100.0).clamp(0.0, 1.0)
}

fn failed(error: TesseractError) -> Error {
    Error::new(ErrorKind::EngineFailed, "the recogniser gave up").source(error)
}

fn missing(options: &TesseractOptions, error: TesseractError) -> Error {
    let packages: Vec<String> =
        options.language.split('+').map(|l| format!("tesseract-ocr-{}", l.replace('_', "-"))).collect();
    let place = options.data.as_ref().map(|d| format!(" in {}", d.display())).unwrap_or_default();
    Error::new(
        ErrorKind::EngineMissing,
        format!("tesseract's language data `{}` is not there{place}", options.language),
    )
    .remedy(format!("install it with `apt install {}`, or name its folder", packages.join(" ")))
    .source(error)
}

/// Whether anything on the page stands out from its paper. A blank page must cost nothing and give no words.
pub(super) fn has_ink(pixels: &DynamicImage) -> bool {
    let (bytes, first, step) = match pixels {
        DynamicImage::ImageLuma8(grey) => (grey.as_raw(), 0, 1),
        // The green channel carries most of what the eye and the recogniser see.
        DynamicImage::ImageRgb8(colour) => (colour.as_raw(), 1, 3),
        _ => return true,
    };
    let levels = bytes.iter().copied().skip(first).step_by(step);
    // The level in the middle of fifty thousand is the paper's as surely as that of all.
    let mut some: Vec<u8> = levels.clone().step_by((bytes.len() / step / 50_000).max(1)).collect();
    if some.is_empty() {
        return false;
    }
    let middle = some.len() / 2;
    let (_, &mut paper, _) = some.select_nth_unstable(middle);
    // A full stop at 100 dpi is a handful of pixels; 40 levels are beyond the noise of scanners and of JPEG.
    levels.filter(|v| v.abs_diff(paper) > 40).take(6).count() == 6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(pixels: GrayImage) -> PageImage {
        PageImage { page: 1, pixels: pixels.into(), dpi: 300.0, to_page: Default::default() }
    }

    #[test]
    fn letters_of_other_scripts_become_the_ones_that_are_printed() {
        for (seen, want) in
            [("Q\u{d0}", "QĐ"), ("\u{421}\u{420}", "CP"), ("12\u{2044}CT", "12/CT"), ("tie\u{302}\u{301}p", "tiếp")]
        {
            assert_eq!(latin(seen), want);
        }
    }

    #[test]
    fn an_even_page_has_no_words() {
        let mut engine = Tesseract::new(TesseractOptions::default()).unwrap();
        for paper in [0, 200, 255] {
            let seen = engine.recognise(&page(GrayImage::from_pixel(400, 300, Luma([paper])))).unwrap();
            assert_eq!(seen, RecognisedPage { page: 1, lines: Vec::new() }, "paper {paper}");
        }
    }

    #[test]
    fn missing_language_data_names_the_package() {
        let options = TesseractOptions { language: "xyz".into(), ..Default::default() };
        let error = Tesseract::new(options).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::EngineMissing);
        assert!(error.to_string().contains("tesseract-ocr-xyz"), "{error}");
    }

    #[test]
    fn a_page_longer_than_the_engine_counts_is_refused() {
        let mut pixels = GrayImage::from_pixel(LONGEST_SIDE + 1, 4, Luma([255]));
        (0..40).for_each(|x| pixels.put_pixel(x, 2, Luma([0])));
        let mut engine = Tesseract::new(TesseractOptions::default()).unwrap();
        let error = engine.recognise(&page(pixels)).unwrap_err();
        assert_eq!((error.kind(), error.page_no()), (ErrorKind::TooLarge, Some(1)));
    }
}

//! Whether what was recognised on a page is what is printed there, or gibberish: how the print itself reads, line by line, how
//! sure the recognisers were, and whether the words are in use and follow each other.

use crate::clean::Legibility;
use crate::dict::Dictionaries;
use crate::geometry::Rect;
use crate::layer::Quality;
use crate::lm::Model;
use crate::page::{Line, RecognisedPage, Word};
use crate::raster::PageImage;
use image::{GrayImage, imageops};

/// What a page's reading is worth.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Assessment {
    /// How likely the text is what is printed, from 0 to 1.
    pub quality: f32,
    /// Lines that do not read as print, in pixels of the image.
    pub illegible: Vec<Rect>,
    /// What that was judged by.
    pub evidence: Evidence,
}

impl Assessment {
    /// Whether it can be taken for what is printed.
    pub fn is_right(&self) -> bool {
        self.quality >= RIGHT
    }
}

/// A reading of less than this quality is as likely gibberish as text.
pub(super) const RIGHT: f32 = 0.5;

/// The figures that a reading is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Evidence {
    /// Lines of two letters or more.
    pub lines: usize,
    /// Logarithm of the odds that a line is upright print, mean of the lines that were looked at again, by their letters.
    pub legibility: f32,
    /// Share of the letters that stand in lines that are no print by these odds.
    pub illegible: f32,
    /// Mean confidence of the words, by their letters.
    pub confidence: f32,
    /// Share of the letters in words of a confidence below a half.
    pub unsure: f32,
    /// The text by itself.
    pub text: Quality,
}

/// Lines that are looked at again, spread over the page: every third of them first, and no more where these are print beyond doubt and
/// the words are sure and in use.
const LINES: usize = 12;
const FIRST: usize = 3;
const CLEAR: f32 = 2.0;
const SURE: f32 = 0.95;
const IN_USE: f32 = 0.8;

/// A stretch of a line of this many of its heights tells as much as the whole.
const LONGEST: f32 = 11.0;

/// Weights of 1, legibility, its illegible share, confidence, the unsure share and the share of words in use. Set by hand between 36
/// right pages and 17 ruined ones, which they part with room on either side (docs/cleaning.md): what is legible is right in any language.
const WEIGHTS: [f32; 6] = [-3.0, 1.2, -3.0, 4.0, -2.0, 1.0];

/// On a page of fewer words their share in use tells nothing, and the usual one is taken.
const FEW_WORDS: usize = 3;
const USUAL: f32 = 0.9;

/// What legibility counts as where none of the lines could be looked at.
const UNSEEN: f32 = -2.0;

/// Judges what was recognised on `image`, rectangles in the image's own pixels. None where that holds no letters.
pub fn assess(
    image: &PageImage,
    page: &RecognisedPage,
    reader: &dyn Legibility,
    known: &Dictionaries,
    model: &Model,
) -> Option<Assessment> {
    let letters = |words: &[Word]| words.iter().flat_map(|w| w.text.chars()).filter(|c| c.is_alphanumeric()).count();
    let lines: Vec<(&Line, f32)> =
        page.lines.iter().map(|l| (l, letters(&l.words) as f32)).filter(|(_, count)| *count >= 2.0).collect();
    let all: f32 = lines.iter().map(|(_, count)| count).sum();
    if all == 0.0 {
        return None;
    }
    let grey = image.pixels.as_luma8()?;
    let texts: Vec<String> = page.lines.iter().map(Line::text).collect();
    let words = || lines.iter().flat_map(|(l, _)| &l.words);
    let share = |sum: f32| sum / all;
    let mut evidence = Evidence {
        lines: lines.len(),
        confidence: share(words().map(|w| w.confidence * letters(std::slice::from_ref(w)) as f32).sum()),
        unsure: share(words().filter(|w| w.confidence < 0.5).map(|w| letters(std::slice::from_ref(w)) as f32).sum()),
        text: Quality::of(texts.iter().map(String::as_str), known, model),
        ..Evidence::default()
    };
    let mut illegible = Vec::new();
    let (mut seen, mut sum, mut bad) = (0.0, 0.0, 0.0);
    let looked = lines.len().min(LINES);
    let beyond_doubt = evidence.confidence >= SURE && evidence.unsure == 0.0 && evidence.text.in_use >= IN_USE;
    let mut clear = true;
    for (turn, at) in (0..FIRST).flat_map(|first| (first..looked).step_by(FIRST).map(move |at| (first, at))) {
        if turn > 0 && clear && beyond_doubt {
            break;
        }
        let (line, count) = lines[at * lines.len() / looked];
        let Some((crop, height)) = stretch(grey, line) else { continue };
        let odds = reader.log_odds(&crop, height);
        let count = count.min(30.0);
        clear &= odds >= CLEAR;
        (seen, sum) = (seen + count, sum + odds * count);
        if odds < 0.0 {
            bad += count;
            illegible.push(line.rect);
        }
    }
    if seen > 0.0 {
        (evidence.legibility, evidence.illegible) = (sum / seen, bad / seen);
    }
    Some(Assessment { quality: quality(&evidence), illegible, evidence })
}

fn quality(e: &Evidence) -> f32 {
    // Figures alone are no other language, and where no line could be looked at nothing speaks for print.
    let in_use = if e.text.words < FEW_WORDS { USUAL } else { e.text.in_use };
    let legibility = if e.legibility == 0.0 { UNSEEN } else { e.legibility };
    let features = [1.0, legibility, e.illegible, e.confidence, e.unsure, in_use];
    let sum: f32 = features.iter().zip(WEIGHTS).map(|(f, w)| f * w).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// The line's neighbouring words with the most letters, with half a line of surroundings, and their height.
fn stretch(page: &GrayImage, line: &Line) -> Option<(GrayImage, f32)> {
    let run = |from: usize| {
        let mut rect = line.words[from].rect;
        let mut letters = 0;
        for word in &line.words[from..] {
            let longer = Rect::bounding([&rect, &word.rect])?;
            if longer.width() > LONGEST * longer.height() && letters > 0 {
                break;
            }
            rect = longer;
            letters += word.text.chars().filter(|c| c.is_alphanumeric()).count();
        }
        Some((letters, rect))
    };
    let runs = (0..line.words.len()).filter_map(run);
    let (_, rect) = runs.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    let height = rect.height();
    let low = |v: f32| v.max(0.0) as u32;
    let (left, top) = (low(rect.x0 - 0.3 * height), low(rect.y0 - 0.5 * height));
    let right = low(rect.x1.min(rect.x0 + 2.0 * LONGEST * height) + 0.3 * height).min(page.width());
    let bottom = low(rect.y1 + 0.5 * height).min(page.height());
    (right > left && bottom > top && height >= 4.0)
        .then(|| (imageops::crop_imm(page, left, top, right - left, bottom - top).to_image(), height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Transform;
    use crate::text::fold;
    use image::{DynamicImage, Luma};

    /// Says of every line the same.
    struct Says(f32);

    impl Legibility for Says {
        fn log_odds(&self, _: &GrayImage, _: f32) -> f32 {
            self.0
        }

        fn lines(&self, _: &GrayImage) -> Vec<[f32; 4]> {
            Vec::new()
        }
    }

    fn assessed(text: &str, confidence: f32, odds: f32) -> Option<Assessment> {
        let pixels = DynamicImage::ImageLuma8(GrayImage::from_pixel(800, 400, Luma([255])));
        let image = PageImage { page: 1, pixels, dpi: 300.0, to_page: Transform::IDENTITY };
        let line = |(row, line): (usize, &str)| {
            let word = |(at, word): (usize, &str)| {
                let (x, y) = (10.0 + 60.0 * at as f32, 10.0 + 40.0 * row as f32);
                Word { text: word.into(), rect: Rect::new(x, y, x + 50.0, y + 30.0), confidence, ..Word::default() }
            };
            let words: Vec<Word> = line.split(' ').enumerate().map(word).collect();
            Line { rect: Rect::bounding(words.iter().map(|w| &w.rect)).unwrap(), words, ..Line::default() }
        };
        let page = RecognisedPage { page: 1, lines: text.lines().enumerate().map(line).collect() };
        assess(&image, &page, &Says(odds), &Dictionaries::embedded(), &Model::embedded().unwrap())
    }

    const RIGHT_TEXT: &str = "Bộ phận một cửa tiếp nhận\nhồ sơ của người dân trong kỳ";

    #[test]
    fn gibberish_is_told_from_text_figures_and_other_languages() {
        let right = |text: &str, confidence, odds| assessed(text, confidence, odds).unwrap().is_right();
        assert!(right(RIGHT_TEXT, 0.97, 3.5));
        assert!(right("1.482 377 958\n12,5 420 2.364", 0.96, 3.2), "figures");
        assert!(right("The committee met in June\nand closed most of the files", 0.96, 3.8), "English");
        assert!(right(&fold::without_marks(RIGHT_TEXT), 0.85, 1.5), "poor print");
        assert!(!right("6uop no) S/6'Z\n1eq uou ,eI", 0.62, -2.0), "upside down");
        assert!(!right("Bộ phận một cửa tiếp nhận", 0.9, -3.0), "words in use that are not printed");
        assert!(!right("Ktq- aicachh nhchnhq", 0.86, 0.0), "no line to look at");
    }

    #[test]
    fn lines_that_read_as_no_print_are_named_and_a_page_without_letters_is_not_judged() {
        assert_eq!(assessed(RIGHT_TEXT, 0.6, -1.0).unwrap().illegible.len(), 2);
        assert!(assessed(RIGHT_TEXT, 0.9, 2.0).unwrap().illegible.is_empty());
        assert_eq!(assessed("- .", 0.9, 2.0), None);
    }
}

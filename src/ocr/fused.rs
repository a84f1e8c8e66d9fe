//! Tesseract and the line network reading the same page; or the network alone.

use super::fusion::{
    self, Cascade, Certainty, Evidence, LineEnds, LineReader, Rivals, Scorer, SeenLine, SegmentKind, Sighting, Weights,
    layout,
};
use super::leftover::leftover;
use super::page_number;
use super::{FigurePlace, LineBox, LineNetwork, Recogniser, Tesseract};
use crate::dict::Dictionaries;
use crate::error::Result;
use crate::geometry::{Rect, Transform};
use crate::lm::Model;
use crate::page::{Alternative, Line, RecognisedPage, Word};
use crate::raster::PageImage;
use crate::reading_order;
use image::{DynamicImage, GrayImage};
use std::borrow::Cow;
use std::sync::Arc;

/// Reads each page with Tesseract, finds its lines again with the detector, reads each line with the network, and chooses
/// by the evidence of both.
pub struct FusedRecogniser {
    tesseract: Option<Tesseract>,
    model: Arc<dyn LineNetwork>,
    dictionaries: Arc<Dictionaries>,
    language: Arc<Model>,
    weights: Weights,
    /// When the network is believed without asking Tesseract; None where Tesseract reads every page whole.
    certainty: Option<(Certainty, Rivals)>,
}

impl FusedRecogniser {
    /// A pair for one thread; the network, the dictionaries and the language model are shared. Without Tesseract the network reads
    /// alone.
    ///
    /// # Errors
    /// None with the weights as they were shipped.
    pub fn new(
        tesseract: Option<Tesseract>,
        model: Arc<dyn LineNetwork>,
        dictionaries: Arc<Dictionaries>,
        language: Arc<Model>,
    ) -> Result<Self> {
        Ok(FusedRecogniser { tesseract, model, dictionaries, language, weights: Weights::embedded()?, certainty: None })
    }

    /// The same, with Tesseract asked only for what the network is not sure of.
    ///
    /// # Errors
    /// None with the certainty's weights as they were shipped.
    pub fn in_cascade(self) -> Result<Self> {
        let rivals = Rivals::new(&self.language);
        Ok(FusedRecogniser { certainty: Some((Certainty::embedded()?, rivals)), ..self })
    }

    /// Combines what Tesseract read on `image`, rectangles in the image's own pixels, with the network's reading.
    ///
    /// # Errors
    /// [`ErrorKind::EngineFailed`](crate::error::ErrorKind::EngineFailed) where the network does not run.
    pub fn combine(&self, image: &PageImage, read: RecognisedPage) -> Result<RecognisedPage> {
        let grey = grey(&image.pixels);
        let mut page = RecognisedPage { page: read.page, lines: Vec::new() };
        let mut scorer = Scorer::new(&self.dictionaries, self.model.letters(), &self.weights);
        let mut seen = self.seen(&grey, read)?;
        let typical = typical_height(&seen);
        // Alone, the network is there to be fast.
        let more_crops = self.tesseract.is_some();
        let reader = LineReader { model: &*self.model, language: &self.language, more_crops, closely: !more_crops };
        fusion::look_ahead(&grey, &mut seen, &*self.model, &self.language)?;
        let mut ends = LineEnds::new(&self.language);
        for mut line in seen {
            let place = line.place;
            line.around.before = ends.before(&place);
            if let Some(line) = fusion::read(&grey, line, typical, &reader, &mut scorer)? {
                ends.add(&place, &line.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>());
                page.lines.push(line);
            }
        }
        reading_order::order(&mut page.lines);
        Ok(page)
    }

    /// The candidates of each place of each line, as [`FusedRecogniser::combine`] weighs them; for fitting the weights.
    ///
    /// # Errors
    /// As [`FusedRecogniser::combine`].
    pub fn explain(&self, image: &PageImage, read: RecognisedPage) -> Result<Vec<Vec<(SegmentKind, Vec<Evidence>)>>> {
        let grey = grey(&image.pixels);
        let lines = self.seen(&grey, read)?;
        lines.iter().map(|line| fusion::explain(&grey, line, &*self.model, &self.dictionaries, &self.weights)).collect()
    }

    /// What the network alone reads at each place of each line that the detector finds; for fitting when it is believed.
    ///
    /// # Errors
    /// As [`FusedRecogniser::combine`].
    pub fn sightings(&self, image: &PageImage) -> Result<Vec<Vec<Sighting>>> {
        let grey = grey(&image.pixels);
        let mut scorer = Scorer::new(&self.dictionaries, self.model.letters(), &self.weights);
        let mut lines = self.seen(&grey, RecognisedPage { page: image.page, lines: Vec::new() })?;
        fusion::look_ahead(&grey, &mut lines, &*self.model, &self.language)?;
        let rivals = Rivals::new(&self.language);
        let mut ends = LineEnds::new(&self.language);
        let mut of = |mut line: SeenLine| {
            line.around.before = ends.before(&line.place);
            let seen = fusion::sightings(&grey, &mut line, &*self.model, &mut scorer, &self.language, &rivals)?;
            let texts: Vec<&str> = seen.iter().map(|place| place.text.as_str()).collect();
            ends.add(&line.place, &texts);
            Ok(seen)
        };
        lines.into_iter().map(&mut of).collect()
    }

    /// The page in cascade, rectangles in the image's own pixels.
    fn cascade(&mut self, image: &PageImage) -> Result<RecognisedPage> {
        let grey = grey(&image.pixels);
        let found = self.model.lines(&grey)?;
        let mut page = RecognisedPage { page: image.page, lines: Vec::new() };
        let mut read = page.clone();
        let (Some(tesseract), Some((certainty, rivals))) = (&mut self.tesseract, &self.certainty) else {
            return Ok(page);
        };
        let long: Vec<LineBox> = found.iter().filter(|line| !fusion::is_short(line)).copied().collect();
        if let Some((part, (x, y))) = leftover(&grey, &long, middle_height(found.iter().map(|line| &line.rect))) {
            let to_page = Transform::shift(f64::from(x), f64::from(y));
            let part = PageImage { pixels: part.into(), to_page, ..*image };
            read = tesseract.read(&part)?;
            read.map_rects(&to_page);
        }
        let mut seen = layout::assign(read, found);
        let typical = typical_height(&seen);
        let mut scorer = Scorer::new(&self.dictionaries, self.model.letters(), &self.weights);
        let reader = LineReader { model: &*self.model, language: &self.language, more_crops: true, closely: true };
        let cascade = Cascade { reader, certainty, rivals };
        tesseract.forget()?;
        let mut ask = |line: &LineBox| tesseract.read_between(image, &grey, line);
        fusion::look_ahead(&grey, &mut seen, &*self.model, &self.language)?;
        let mut ends = LineEnds::new(&self.language);
        for mut line in seen {
            let place = line.place;
            line.around.before = ends.before(&place);
            if let Some(line) = fusion::read_in_cascade(&grey, line, typical, &cascade, &mut scorer, &mut ask)? {
                ends.add(&place, &line.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>());
                page.lines.push(line);
            }
        }
        reading_order::order(&mut page.lines);
        Ok(page)
    }

    /// The numbers that stand alone above and below these lines: what both recognisers read alike.
    fn page_numbers(&mut self, image: &PageImage, lines: &[Line]) -> Result<Vec<Line>> {
        let grey = grey(&image.pixels);
        let typical = middle_height(lines.iter().map(|line| &line.rect));
        let places = page_number::places(&grey, lines, typical);
        let Some(tesseract) = self.tesseract.as_mut().filter(|_| !places.is_empty()) else { return Ok(Vec::new()) };
        let mut scorer = Scorer::new(&self.dictionaries, self.model.letters(), &self.weights);
        let reader = LineReader { model: &*self.model, language: &self.language, more_crops: true, closely: false };
        let mut found = Vec::new();
        tesseract.forget()?;
        for place in places {
            let words = tesseract.read_line(image, &grey, &place.rect)?;
            let text = words.iter().map(|word| word.text.as_str()).collect::<String>();
            if page_number::is_number(&text) {
                let alone = SeenLine::new(place, Vec::new(), true, 0);
                let line = fusion::read(&grey, alone, place.rect.height(), &reader, &mut scorer)?;
                found.extend(line.filter(|line| line.text() == text));
            }
        }
        Ok(found)
    }

    fn seen(&self, grey: &GrayImage, read: RecognisedPage) -> Result<Vec<SeenLine>> {
        Ok(layout::assign(read, self.model.lines(grey)?))
    }
}

impl Recogniser for FusedRecogniser {
    fn name(&self) -> String {
        match &self.tesseract {
            Some(tesseract) => format!("{} + {}", tesseract.name(), self.model.name()),
            None => self.model.name().to_owned(),
        }
    }

    fn recognise(&mut self, image: &PageImage) -> Result<RecognisedPage> {
        let blank = RecognisedPage { page: image.page, lines: Vec::new() };
        if !super::tesseract::has_ink(&image.pixels) {
            return Ok(blank);
        }
        let page = match &mut self.tesseract {
            Some(_) if self.certainty.is_some() => self.cascade(image),
            Some(tesseract) => tesseract.read(image).and_then(|read| self.combine(image, read)),
            None => self.combine(image, blank),
        };
        let mut page = page.map_err(|e| e.page(image.page))?;
        let numbers = self.page_numbers(image, &page.lines).map_err(|e| e.page(image.page))?;
        if !numbers.is_empty() {
            page.lines.extend(numbers);
            reading_order::order(&mut page.lines);
        }
        page.map_rects(&image.to_page);
        Ok(page)
    }

    fn recognise_lines(&mut self, image: &PageImage, places: &[LineBox]) -> Result<Option<Vec<Option<Line>>>> {
        let grey = grey(&image.pixels);
        let mut scorer = Scorer::new(&self.dictionaries, self.model.letters(), &self.weights);
        let mut lines = Vec::with_capacity(places.len());
        if let Some(tesseract) = &mut self.tesseract {
            tesseract.forget()?;
        }
        let more_crops = self.tesseract.is_some();
        for place in places {
            if let Some((certainty, rivals)) = &self.certainty {
                let reader = LineReader { model: &*self.model, language: &self.language, more_crops, closely: false };
                let cascade = Cascade { reader, certainty, rivals };
                if let Some(line) = fusion::read_if_sure(&grey, place, &cascade, &mut scorer)? {
                    lines.push(Some(line));
                    continue;
                }
            }
            let words = match &mut self.tesseract {
                Some(tesseract) => tesseract.read_line(image, &grey, &place.rect)?,
                None => Vec::new(),
            };
            let reader = LineReader { model: &*self.model, language: &self.language, more_crops, closely: false };
            let alone = printed(&words).map(|words| Line { words, rect: place.rect, ..Line::default() });
            let seen = SeenLine::new(*place, words, true, 0);
            let line = fusion::read(&grey, seen, place.rect.height(), &reader, &mut scorer)?;
            // What stands alone in its place, a sign or `đ/kg`, is no language, and printed all the same.
            lines.push(line.or(alone));
        }
        Ok(Some(lines))
    }

    fn recognise_figures(
        &mut self,
        image: &PageImage,
        places: &[FigurePlace],
    ) -> Result<Option<Vec<Vec<Alternative>>>> {
        let grey = grey(&image.pixels);
        let read =
            |asked: &FigurePlace| fusion::read_figure(&grey, &asked.place, asked.signs, &asked.given, &*self.model);
        places.iter().map(read).collect::<Result<_>>().map(Some)
    }
}

/// What Tesseract is surer of than this is printed in its place, whatever the network thinks; what holds letters or digits is given
/// all the same, but no surer than a reading that the two dispute.
const LONE: f32 = 0.6;
const DISPUTED: f32 = 0.5;

/// Tesseract's words of a place where print is known to stand, should nothing come of both readings together.
fn printed(words: &[Word]) -> Option<Vec<Word>> {
    let sure = words.iter().all(|word| word.confidence > LONE);
    let holds_print = |word: &Word| word.text.contains(|c: char| c.is_alphanumeric() || c == '%');
    let most = if sure { 1.0 } else { DISPUTED };
    let given = |word: &Word| Word { confidence: word.confidence.min(most), ..word.clone() };
    (!words.is_empty() && (sure || words.iter().any(holds_print))).then(|| words.iter().map(given).collect())
}

/// Height of the line in the middle when lines are sorted by it; 0 where there are none.
fn typical_height(lines: &[SeenLine]) -> f32 {
    middle_height(lines.iter().filter(|l| l.detected).map(|l| &l.place.rect))
}

fn middle_height<'a>(lines: impl IntoIterator<Item = &'a Rect>) -> f32 {
    let mut heights: Vec<f32> = lines.into_iter().map(Rect::height).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() / 2).copied().unwrap_or(0.0)
}

fn grey(pixels: &DynamicImage) -> Cow<'_, GrayImage> {
    match pixels {
        DynamicImage::ImageLuma8(grey) => Cow::Borrowed(grey),
        other => Cow::Owned(other.to_luma8()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocr::{Steps, Strip};
    use crate::page::Word;
    use std::sync::LazyLock;

    const LETTERS: &str =
        " 0123456789abcdeghiklmnopqrstuvxyBCDHKNPQTUVĐáàảãạâấầậăắặéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổộơớờởợúùủũụưứừửữựýỳđ,.:/";

    /// Sees one line with this text in it, each letter for what it is but for those that it is told to be unsure of.
    struct FakeNetwork {
        letters: Vec<char>,
        text: Vec<char>,
        /// Number of the letter, what else it may be, and how likely that is.
        doubts: Vec<(usize, char, f32)>,
    }

    impl FakeNetwork {
        fn new(text: &str, doubts: &[(usize, char, f32)]) -> Self {
            FakeNetwork { letters: LETTERS.chars().collect(), text: text.chars().collect(), doubts: doubts.to_vec() }
        }

        fn class(&self, letter: char) -> usize {
            1 + self.letters.iter().position(|&l| l == letter).expect("a letter of the network")
        }
    }

    /// Where the line stands on the page.
    const LINE: Rect = Rect { x0: 20.0, y0: 40.0, x1: 780.0, y1: 72.0 };

    impl LineNetwork for FakeNetwork {
        fn name(&self) -> &str {
            "fake"
        }

        fn letters(&self) -> &[char] {
            &self.letters
        }

        fn lines(&self, _: &GrayImage) -> Result<Vec<LineBox>> {
            Ok(vec![LineBox { rect: LINE, slope: 0.0 }])
        }

        fn read(&self, strip: &Strip) -> Result<Steps> {
            let classes = self.letters.len() + 1;
            let least = 1e-6f32;
            let mut values = vec![least.ln(); strip.steps() * classes];
            values.chunks_mut(classes).for_each(|row| row[0] = 0.99f32.ln());
            for (number, &letter) in self.text.iter().enumerate() {
                let x = LINE.x0 + (number as f32 + 0.5) * LINE.width() / self.text.len() as f32;
                let row = &mut values[strip.step_of_x(x).round() as usize * classes..][..classes];
                let doubt = self.doubts.iter().find(|d| d.0 == number);
                let other = doubt.map_or(0.0, |d| d.2);
                row[0] = least.ln();
                row[self.class(letter)] = (0.995 - other).ln();
                if let Some(&(_, letter, p)) = doubt {
                    row[self.class(letter)] = p.ln();
                }
            }
            Ok(Steps::new(values, classes))
        }
    }

    static LANGUAGE: LazyLock<Arc<Model>> = LazyLock::new(|| Arc::new(Model::embedded().unwrap()));

    /// What comes of Tesseract reading `read` and the network what the fake one is told.
    fn fused(read: &str, confidence: f32, network: FakeNetwork) -> Line {
        let all = read.chars().count() as f32;
        let mut from = 0.0;
        let mut words = Vec::new();
        for text in read.split(' ') {
            let wide = text.chars().count() as f32;
            let x = |letters: f32| LINE.x0 + LINE.width() * letters / all;
            let rect = Rect::new(x(from + 0.1), LINE.y0, x(from + wide - 0.1), LINE.y1);
            words.push(Word { text: text.into(), rect, confidence, ..Word::default() });
            from += wide + 1.0;
        }
        let page = RecognisedPage { page: 1, lines: vec![Line { words, rect: LINE, ..Line::default() }] };
        let pixels = DynamicImage::ImageLuma8(GrayImage::from_pixel(800, 120, image::Luma([255])));
        let image = PageImage { page: 1, pixels, dpi: 300.0, to_page: Transform::IDENTITY };
        let dictionaries = Arc::new(Dictionaries::embedded());
        let fused = FusedRecogniser::new(None, Arc::new(network), dictionaries, LANGUAGE.clone()).unwrap();
        let mut lines = fused.combine(&image, page).unwrap().lines;
        assert_eq!(lines.len(), 1);
        lines.remove(0)
    }

    #[test]
    fn what_both_read_is_read_and_sure() {
        let line = fused("báo cáo kết quả", 0.95, FakeNetwork::new("báo cáo kết quả", &[]));
        assert_eq!(line.text(), "báo cáo kết quả");
        assert!(line.words.iter().all(|w| w.confidence > 0.95), "{line:?}");
    }

    #[test]
    fn a_mark_that_tesseract_lost_is_seen_by_the_network() {
        let line = fused("bao cáo kêt quả", 0.7, FakeNetwork::new("báo cáo kết quả", &[]));
        assert_eq!(line.text(), "báo cáo kết quả");
    }

    #[test]
    fn a_digit_on_which_they_differ_is_less_sure_and_both_readings_are_kept() {
        let line = fused("hồ: 125", 0.9, FakeNetwork::new("hồ: 126", &[(6, '5', 0.3)]));
        let figure = &line.words[1];
        let mut readings: Vec<&str> = figure.alternatives.iter().map(|a| a.text.as_str()).collect();
        readings.push(&figure.text);
        assert!(readings.contains(&"125") && readings.contains(&"126"), "{figure:?}");
        // Without symbols Tesseract's reading is hard to outvote; it is less sure all the same than where both agree.
        let agreed = fused("hồ: 125", 0.9, FakeNetwork::new("hồ: 125", &[]));
        assert!(figure.confidence < agreed.words[1].confidence, "{figure:?} {:?}", agreed.words[1]);
    }

    #[test]
    fn a_figure_that_tesseract_overlooked_is_not_lost() {
        let network = FakeNetwork::new("đã giải quyết 1.250", &[]);
        let mut lines = fused("đã giải quyết", 0.95, network);
        lines.words.retain(|w| w.text.contains("1.250"));
        assert_eq!(lines.words.len(), 1);
    }
}

//! One page, as far as it can be read by itself: its text layer judged, or its image rendered, cleaned and recognised.

use crate::clean::{Cleaner, Legibility, take_leaders};
use crate::diagnostics::{Diagnostic, Outcome};
use crate::dict::Dictionaries;
use crate::document::{PageNo, PageSize, Place};
use crate::error::Result;
use crate::geometry::{Rect, Transform};
use crate::layer::{self, Decision, Judge, Judgement, Policy, Quality};
use crate::ocr::{Engine, arrival, leader, notes};
use crate::page::{Line, RecognisedPage};
use crate::raster::{Document, PageImage, TextLayer};
use crate::report::Origin;
use crate::resources::Resources;
use crate::restore::Restorer;
use crate::table;
use std::sync::Arc;

use super::complete::{self, Completed};
use super::options::ReaderOptions;
use super::quality::{self, Assessment};
use super::seen::{SeenPage, stamped, without_stamps};
use super::selection::PageSelection;

/// Reads single pages, from several threads at once.
pub(crate) struct PageReader {
    pages: PageSelection,
    policy: Policy,
    cleaner: Cleaner,
    engine: Engine,
    /// Tells whether what was recognised is print; None where pages are replayed.
    reader: Option<Arc<dyn Legibility>>,
    known: Arc<Dictionaries>,
    restorer: Arc<Restorer>,
}

/// Share of words in use below which a text is no language.
const LANGUAGE: f32 = 0.6;

/// Fewer words typed over a scan say nothing of their language.
const FEW_WORDS: usize = 40;

/// Pieces of ink of the size of letters of which at least two should have been read; and where they are spread over this many inches, as in
/// print that is blurred, where a piece is a word.
const UNREAD_LETTERS: usize = 40;
const FEW_LETTERS: usize = 12;
const SPREAD: f32 = 2.5;
/// Pieces of ink of the size of letters for each letter read above which a page was hardly read: of right pages, forms, tables and charts among them,
/// the most is 2.2, of pages of half letters the least 10 (docs/cleaning.md).
const PIECES: usize = 8;
/// Share of a page's letters in lines that read as no print from which that is told.
const ILLEGIBLE: f32 = 0.15;
/// How many neighbouring lines of a text layer are compared with what is printed.
const LINES_COMPARED: usize = 4;

impl PageReader {
    pub fn new(options: ReaderOptions, resources: &Resources) -> Result<Outcome<PageReader>> {
        let mut diagnostics = Vec::new();
        let engine =
            Engine::open(options.engine, resources.dictionaries(), resources.model()?)?.drain_into(&mut diagnostics);
        let cleaner = Cleaner::new(options.clean);
        let reader = engine.legibility()?;
        let cleaner = match &reader {
            Some(reader) => cleaner.with_reader(Arc::clone(reader)),
            None => cleaner,
        };
        let reader = PageReader {
            pages: options.pages,
            policy: options.text_layer,
            cleaner: if engine.is_tesseract_alone() { cleaner.for_tesseract() } else { cleaner },
            engine,
            reader,
            known: resources.dictionaries().clone(),
            restorer: resources.restorer()?.clone(),
        };
        Ok(Outcome { value: reader, diagnostics })
    }

    /// Name, version and language data of the recognisers.
    pub fn engine(&self) -> &str {
        self.engine.name()
    }

    /// The page's words, from its text layer where that is good enough, else from its image.
    pub fn see(&self, document: &Document, page: PageNo) -> Result<Outcome<SeenPage>> {
        if !self.pages.holds(page) {
            let recognised = RecognisedPage { page, ..RecognisedPage::default() };
            return Ok(Outcome::clean(SeenPage { recognised, left_out: true, ..SeenPage::default() }));
        }
        let mut diagnostics = Vec::new();
        let layer = match self.policy {
            Policy::Ignore => None,
            _ => document.text_layer(page).unwrap_or_else(|error| {
                let message = format!("the text layer cannot be read, the image is: {}", error.message());
                diagnostics.push(Diagnostic::warning(message).at(Place::page(page)));
                None
            }),
        };
        let Some(layer) = layer else {
            let (image, size) = self.clean(document, page, &mut diagnostics)?;
            let value = self.see_image(&image, size, None, &mut diagnostics)?;
            return Ok(Outcome { value, diagnostics });
        };

        complete::tell_unseen(&layer, page, &mut diagnostics);
        complete::tell_watermarks(&layer, &mut diagnostics);
        if layer.lines.is_empty() {
            let (image, size) = self.clean(document, page, &mut diagnostics)?;
            let value = self.see_image(&image, size, None, &mut diagnostics)?;
            return Ok(Outcome { value, diagnostics });
        }
        let judge = Judge::new(&self.known, &self.restorer);
        let alone = judge.judge(&layer, None, self.policy);
        let mut judged = alone.clone();
        let mut image = None;
        let auto = self.policy == Policy::Auto;
        let laid = layer.is_laid();
        // A few typed words that are no language are names and addresses.
        let odd = judged.value.quality.is_some_and(|q| !(q.is_usual() || layer.scan && q.words < FEW_WORDS));
        if (laid || odd) && auto && judged.value.decision != Decision::Recognise {
            // What lies over a scan may be another page's, or shifted, and what is no Vietnamese may be English, or
            // letters that the font shows as others: nothing but the print can tell.
            let (clean, size) = self.clean(document, page, &mut diagnostics)?;
            let agreement = self.agreement(&clean, &judged.value.text)?;
            judged = judge.judge(&layer, Some(agreement), self.policy);
            image = Some((clean, size));
        }
        let mut judgement = judged.drain_into(&mut diagnostics);
        if auto && judgement.decision != Decision::Recognise && (layer.scan || !layer.pictures.is_empty()) {
            let (clean, size) = match image.take() {
                Some(image) => image,
                None => self.clean(document, page, &mut diagnostics)?,
            };
            let trusted = judgement.decision != Decision::Restore;
            if complete::is_astray(&clean, &layer, &mut judgement.text, &mut diagnostics) {
                judgement = Judgement::recognise("most of it stands where nothing is printed", judgement.quality);
            } else {
                match complete::complete(
                    &self.engine,
                    &clean,
                    size,
                    &layer,
                    &judgement.text,
                    trusted,
                    &mut diagnostics,
                )? {
                    // Of print that the layer has in part and misread, the image tells more.
                    Completed::Page { .. } if laid && !trusted => {
                        judgement =
                            Judgement::recognise("it is misread and covers the page only in part", judgement.quality);
                    }
                    Completed::Page { mut seen, given, recognised } => {
                        seen.reason =
                            Some(format!("{}; {recognised} words that it lacks were recognised", judgement.reason));
                        seen.origin = if given < recognised { Origin::Ocr } else { origin(judgement.decision) };
                        tell_signatures(&layer, &mut diagnostics);
                        return Ok(Outcome { value: *seen, diagnostics });
                    }
                    Completed::Nothing => {}
                }
            }
            image = Some((clean, size));
        }
        let value = if judgement.decision == Decision::Recognise {
            let (image, size) = match image {
                Some(image) => image,
                None => self.clean(document, page, &mut diagnostics)?,
            };
            let seen = self.see_image(&image, size, Some(judgement.reason), &mut diagnostics)?;
            match self.is_worse(&seen, &alone.value) {
                true => {
                    let message =
                        "what was recognised on the page is no language, its text layer is: the layer was taken";
                    diagnostics.push(Diagnostic::warning(message).at(Place::page(page)));
                    take(alone.value, &layer, &mut diagnostics)
                }
                false => seen,
            }
        } else {
            let mut seen = take(judgement, &layer, &mut diagnostics);
            seen.tables = match &image {
                Some((image, _)) if layer.scan => table::place_scanned(&mut seen.recognised, image),
                _ => table::place_drawn(&mut seen.recognised, &layer.rules, layer.size.dpi),
            };
            let known = seen.tables.len();
            seen.tables.extend(table::place_unruled(&mut seen.recognised, known, || layer.rules.clone()));
            seen
        };
        Ok(Outcome { value, diagnostics })
    }

    /// Whether what was recognised is no language where the layer by itself is.
    fn is_worse(&self, seen: &SeenPage, layer: &Judgement) -> bool {
        let right =
            layer.decision != Decision::Recognise && layer.quality.is_some_and(|q| q.is_usual() && q.words >= 8);
        let lines: Vec<String> = seen.recognised.lines.iter().map(Line::text).collect();
        let quality = || Quality::of(lines.iter().map(String::as_str), &self.known, self.restorer.model());
        right && quality().in_use < LANGUAGE
    }

    /// The page made fit for recognition, and its size as scanned.
    fn clean(
        &self,
        document: &Document,
        page: PageNo,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<(PageImage, PageSize)> {
        let image = document.render(page)?.drain_into(diagnostics);
        let size = PageSize { width: image.pixels.width(), height: image.pixels.height(), dpi: image.dpi };
        Ok((self.cleaner.clean(image).drain_into(diagnostics), size))
    }

    fn see_image(
        &self,
        image: &PageImage,
        size: PageSize,
        reason: Option<String>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<SeenPage> {
        // On the page as scanned, which may lie on its side, lines are not level and letters not upright.
        let mut level = PageImage { to_page: Transform::IDENTITY, ..image.clone() };
        let (leaders, letters) = take_leaders(&mut level);
        let tables = table::read_ruled(&level, &self.engine)?;
        let rest = tables.as_ref().map_or(&level, |tables| &tables.rest);
        let all = self.engine.recognise(rest)?;
        let mut words: Vec<Rect> = all.lines.iter().flat_map(|line| &line.words).map(|word| word.rect).collect();
        let (mut recognised, stamps) = without_stamps(all, image, diagnostics);
        // After the stamps: dots are lower than any stamp's print.
        leader::put_back(&mut recognised, &leaders);
        notes::number(&mut recognised);
        let mut tables = tables.map_or_else(Vec::new, |tables| tables.insert_into(&mut recognised));
        words.extend(recognised.lines.iter().flat_map(|line| &line.words).map(|word| word.rect));
        let left = complete::tell_unread(image, &words, diagnostics);
        let mut unruled = table::place_unruled(&mut recognised, tables.len(), || table::level_rules(&level));
        table::read_unruled(&mut recognised, &mut unruled, tables.len() as u32, &level, &self.engine)?;
        tables.append(&mut unruled);
        let judge = |reader: &Arc<dyn Legibility>| {
            quality::assess(&level, &recognised, reader.as_ref(), &self.known, self.restorer.model())
        };
        let assessed = self.reader.as_ref().and_then(judge);
        let read = recognised.lines.iter().flat_map(|line| &line.words).flat_map(|word| word.text.chars());
        let read = read.filter(|c| c.is_alphanumeric()).count();
        // No line of two letters, and far fewer letters than pieces of ink: what was read is strokes.
        let strokes = read < 2 || self.reader.is_some() && assessed.is_none() && 2 * read < letters.count;
        // A seal on a back page stands close together.
        let print = letters.count >= UNREAD_LETTERS || letters.count >= FEW_LETTERS && letters.spread >= SPREAD;
        let nothing = strokes && stamps.is_empty() && print;
        let stamped = stamps.iter().map(|stamp| stamp.text.chars().count()).sum::<usize>();
        let hardly = print && self.reader.is_some() && (read + stamped) * PIECES < letters.count;
        let unread = nothing || hardly || left > read;
        let left = if hardly { left.max(letters.count - read) } else { left };
        let mut remark = |remark: Diagnostic, rect: Option<&Rect>| {
            let rect = rect.map(|r| image.to_page.rect(r));
            diagnostics.push(remark.at(Place { rect, ..Place::page(image.page) }));
        };
        if nothing {
            remark(
                Diagnostic::warning("there is ink on the page, of which nothing was read")
                    .hint("look at the page; where it holds text, scan it again, straight and at 300 dpi"),
                None,
            );
        }
        if hardly && !nothing {
            let message = format!("about {} letters are printed on the page, of which {read} were read", letters.count);
            remark(Diagnostic::warning(message).hint("look at the page; a better scan may help"), None);
        }
        if let Some(found) = &assessed {
            remarks_on(found, &mut remark);
        }
        tables.iter_mut().for_each(|table| table.map_rects(&image.to_page));
        recognised.map_rects(&image.to_page);
        let (quality, illegible) = assessed.map_or((None, 0.0), |a| (Some(a.quality), a.evidence.illegible));
        // What was read says nothing of the part that was not.
        let quality =
            if unread { Some(quality.unwrap_or(0.0) * read as f32 / (read + left).max(1) as f32) } else { quality };
        let seen = SeenPage { recognised, tables, origin: Origin::Ocr, reason, size, stamps, ..SeenPage::default() };
        Ok(SeenPage { quality, illegible, unread, ..seen })
    }

    /// How well a few lines of the layer agree with what is printed there.
    fn agreement(&self, image: &PageImage, layer: &RecognisedPage) -> Result<f32> {
        let Some((band, lines)) = band(image, layer) else {
            return Ok(1.0);
        };
        let seen = self.engine.recognise(&band)?;
        let seen: Vec<String> = seen.lines.iter().map(Line::text).collect();
        Ok(layer::agreement(lines.iter().map(String::as_str), seen.iter().map(String::as_str)))
    }
}

/// Says of a reading that is doubtful what was found and where.
fn remarks_on(found: &Assessment, remark: &mut impl FnMut(Diagnostic, Option<&Rect>)) {
    if !found.is_right() {
        let text = &found.evidence.text;
        let message = format!(
            "what was read is improbable as text: {:.0} % of {} words are in use, {:.0} % of the letters stand in lines that read as no print",
            text.in_use * 100.0,
            text.words,
            found.evidence.illegible * 100.0
        );
        let hint = "look at the page; it may be in another script, too faint, or scanned too coarsely: scan it again at 300 dpi";
        remark(Diagnostic::warning(message).hint(hint), None);
    } else if let Some(rect) = Rect::bounding(&found.illegible).filter(|_| found.evidence.illegible > ILLEGIBLE) {
        let message = format!("{} lines here read as no print", found.illegible.len());
        remark(Diagnostic::warning(message).hint("compare them with the page"), Some(&rect));
    }
}

/// The layer's words as the page's.
fn take(judgement: Judgement, layer: &TextLayer, diagnostics: &mut Vec<Diagnostic>) -> SeenPage {
    tell_signatures(layer, diagnostics);
    let origin = origin(judgement.decision);
    let (reason, size) = (Some(judgement.reason), layer.size);
    let mut recognised = judgement.text;
    let arrivals = arrival::part(&mut recognised);
    let stamps = arrivals.iter().map(|stamp| stamped(stamp, layer.page, &Transform::IDENTITY)).collect();
    SeenPage { recognised, origin, reason, size, stamps, ..SeenPage::default() }
}

fn tell_signatures(layer: &TextLayer, diagnostics: &mut Vec<Diagnostic>) {
    if !layer.signatures.is_empty() {
        let signatures = layer.signatures.join(" | ");
        let message = format!("the page bears digital signatures, not read as its text: {signatures}");
        diagnostics.push(Diagnostic::info(message).at(Place::page(layer.page)));
    }
}

fn origin(decision: Decision) -> Origin {
    match decision {
        Decision::Take => Origin::TextLayer,
        Decision::Decode => Origin::DecodedTextLayer,
        Decision::Restore => Origin::RestoredTextLayer,
        Decision::Recognise => Origin::Ocr,
    }
}

/// The strip of the page where some neighbouring lines with the most letters stand, and all of the layer that is in it;
/// None where the layer is not on the page.
fn band(image: &PageImage, layer: &RecognisedPage) -> Option<(PageImage, Vec<String>)> {
    let letters = |lines: &&[Line]| lines.iter().flat_map(|l| &l.words).map(|w| w.text.len()).sum::<usize>();
    let most = layer.lines.windows(LINES_COMPARED.min(layer.lines.len()).max(1)).max_by_key(letters)?;
    let to_image = image.to_page.inverse()?;
    let area = to_image.rect(&Rect::bounding(most.iter().map(|l| &l.rect))?);
    let margin = most.iter().map(|l| to_image.rect(&l.rect).height()).fold(0.0, f32::max) / 2.0;
    let (width, height) = (image.pixels.width(), image.pixels.height());
    let (top, bottom) = ((area.y0 - margin).max(0.0), (area.y1 + margin).min(height as f32));
    if bottom - top < 8.0 {
        return None;
    }
    let inside = |line: &&Line| {
        let (_, y) = to_image.rect(&line.rect).centre();
        (top..bottom).contains(&y)
    };
    let lines = layer.lines.iter().filter(inside).map(Line::text).collect();
    let (top, tall) = (top as u32, (bottom - top) as u32);
    let pixels = image.pixels.crop_imm(0, top, width, tall);
    let to_page = Transform::shift(0.0, f64::from(top)).then(&image.to_page);
    Some((PageImage { pixels, to_page, ..*image }, lines))
}

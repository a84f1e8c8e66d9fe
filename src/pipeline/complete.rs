//! What a text layer lacks: print that it does not cover is recognised and put in its place.

use super::seen::{SeenPage, without_stamps};
use crate::diagnostics::Diagnostic;
use crate::document::{PageNo, PageSize, Place};
use crate::error::Result;
use crate::geometry::{Rect, Transform};
use crate::layer::{self, InkLine};
use crate::ocr::Engine;
use crate::page::{Line, RecognisedPage, Word};
use crate::raster::{LayerWord, PageImage, TextLayer};
use crate::reading_order;
use crate::table::{self, TablePage};
use image::GrayImage;

/// Share of a scan's letters that its layer may leave out before the page is recognised: marks and tails that overhang words.
const LEFT_OUT: f32 = 0.03;
/// A line of so many letters that is left out is print whatever its share.
const LINE: usize = 12;
/// Share of a layer's words that stand on blank paper above which it is another page's.
const ASTRAY: f32 = 0.5;
/// Words that were recognised in a picture on a page of text with less confidence are drawing.
const SURE: f32 = 0.5;
/// Specks and marks that a typed word may hold beside its letters.
const OWN_MARKS: usize = 6;
/// A page of so many letters that no word covers has not been read.
const UNREAD: usize = 10;

/// How a layer and its page go together.
pub(super) enum Completed {
    /// The layer with what it lacked, and how many words each gave.
    Page { seen: Box<SeenPage>, given: usize, recognised: usize },
    /// The layer covers all that is printed.
    Nothing,
}

/// Leaves out of the layer's `text`, on the page as scanned, the lines that stand over a scan or under a picture where nothing is printed, and
/// says so. Whether these are most of it: then the layer is not this page's.
pub(super) fn is_astray(
    image: &PageImage,
    layer: &TextLayer,
    text: &mut RecognisedPage,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let Some(to_image) = image.to_page.inverse().filter(|_| layer.glyphs.hidden > 0) else { return false };
    let page = image.pixels.to_luma8();
    let under_picture = |word: &Word| layer.pictures.iter().any(|picture| holds(picture, &word.rect));
    let blank = |word: &Word| match layer.scan {
        true => !layer::has_ink(&page, &to_image.rect(&word.rect)),
        false => under_picture(word) && !layer::has_print(&page, &to_image.rect(&word.rect)),
    };
    let words = |lines: &[Line]| lines.iter().map(|line| line.words.len()).sum::<usize>();
    let all = words(&text.lines);
    let (astray, kept) = text.lines.drain(..).partition(|line| line.words.iter().all(blank));
    text.lines = kept;
    if words(&astray) as f32 > ASTRAY * all as f32 {
        return true;
    }
    tell_astray(&astray, image.page, diagnostics);
    false
}

/// Recognises what of the page the layer's words do not cover and puts it among them. `given` is the layer's text, on the page as
/// scanned; with `trusted`, nothing may change it later.
pub(super) fn complete(
    engine: &Engine,
    image: &PageImage,
    size: PageSize,
    layer: &TextLayer,
    given: &RecognisedPage,
    trusted: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Completed> {
    let Some(to_image) = image.to_page.inverse() else { return Ok(Completed::Nothing) };
    let mut own = given.clone();
    own.map_rects(&to_image);
    let page = image.pixels.to_luma8();
    if layer.scan && !layer.is_laid() {
        let (over, level): (Vec<Line>, Vec<Line>) =
            own.lines.into_iter().partition(|line| is_over_print(&page, line, image.dpi));
        own.lines = level;
        for line in over {
            let place = Place { rect: Some(image.to_page.rect(&line.rect)), ..Place::page(image.page) };
            diagnostics.push(watermark(&line.text()).at(place));
        }
    }
    let rects: Vec<Rect> = own.lines.iter().flat_map(|line| &line.words).map(|word| word.rect).collect();
    let mut left = if layer.scan {
        page.clone()
    } else {
        let pictures: Vec<Rect> = layer.pictures.iter().map(|rect| to_image.rect(rect)).collect();
        layer::keep_only(&page, &pictures)
    };
    layer::erase_words(&mut left, &rects);
    let lines = layer::ink_lines(&left, image.dpi);
    if !is_print(&lines, layer.scan.then_some(&page), image.dpi) {
        return Ok(Completed::Nothing);
    }
    // A scan is recognised as it is, since the lines that the layer has in part are read best as a whole.
    let pixels = if layer.scan { page } else { left };
    let level = PageImage { pixels: pixels.into(), to_page: Transform::IDENTITY, ..image.clone() };
    let tables = table::read_ruled(&level, engine)?;
    let seen = engine.recognise(tables.as_ref().map_or(&level, |tables| &tables.rest))?;
    let mut told = Vec::new();
    let (mut seen, mut stamps) = without_stamps(seen, image, &mut told);
    if !layer.scan {
        let sure = |line: &Line| line.confidence().is_some_and(|c| c >= SURE) && line.has_letters(2);
        seen.lines.retain(sure);
    }
    // What the layer has is no stamp that was left out.
    let had = |place: &Place| place.rect.is_some_and(|rect| layer::covered(&to_image.rect(&rect), &rects) > 0.5);
    told.retain(|remark: &Diagnostic| !remark.place.is_some_and(|place| had(&place)));
    stamps.retain(|stamp| !had(&stamp.place));
    diagnostics.append(&mut told);
    if let Some(tables) = &tables {
        // Their cells were read one by one, the layer's words in them with them.
        let inside = |word: &Word| tables.tables.iter().any(|table| holds(&table.rect, &word.rect));
        own.lines.iter_mut().for_each(|line| line.words.retain(|word| !inside(word)));
        own.lines.retain(|line| !line.words.is_empty());
    }
    let mut patched = layer::patch(own.lines, seen);
    let mut recognised = patched.recognised + tables.as_ref().map_or(0, TablePage::words);
    if recognised == 0 {
        return Ok(Completed::Nothing);
    }
    reading_order::order(&mut patched.lines);
    let mut page = RecognisedPage { page: image.page, lines: patched.lines };
    page.map_rects(&image.to_page);
    let mut all = if layer.scan { Vec::new() } else { table::place_drawn(&mut page, &layer.rules, layer.size.dpi) };
    if let Some(tables) = tables {
        all.append(&mut tables.placed(all.len() as u32, &image.to_page).insert_into(&mut page));
    }
    let all_words: usize = page.lines.iter().map(|line| line.words.len()).sum();
    recognised = recognised.min(all_words);
    let seen = SeenPage { recognised: page, tables: all, mixed: trusted, stamps, size, ..SeenPage::default() };
    Ok(Completed::Page { seen: Box::new(seen), given: all_words - recognised, recognised })
}

/// Whether lines of ink that no word covers are print that was left out. On a scan, of which `page` is the whole, some may be
/// what overhangs the words.
fn is_print(lines: &[InkLine], page: Option<&GrayImage>, dpi: f32) -> bool {
    let left: usize = lines.iter().map(|line| line.letters).sum();
    match page {
        None => left > 0,
        Some(_) if left == 0 => false,
        Some(page) => {
            let all: usize = layer::ink_lines(page, dpi).iter().map(|line| line.letters).sum();
            left as f32 > LEFT_OUT * all as f32 || lines.iter().any(|line| line.letters >= LINE)
        }
    }
}

/// Whether a text layer gave this word of a page of two sources; see [`layer::patch`].
pub(super) fn is_given(word: &Word) -> bool {
    word.confidence >= 1.0
}

fn holds(area: &Rect, word: &Rect) -> bool {
    let (x, y) = word.centre();
    (area.x0..area.x1).contains(&x) && (area.y0..area.y1).contains(&y)
}

/// Says which words of a layer stand where nothing is printed.
fn tell_astray(lines: &[Line], page: PageNo, diagnostics: &mut Vec<Diagnostic>) {
    let Some(area) = Rect::bounding(lines.iter().map(|l| &l.rect)) else { return };
    let words: usize = lines.iter().map(|line| line.words.len()).sum();
    let place = Place { rect: Some(area), ..Place::page(page) };
    diagnostics.push(
        Diagnostic::warning(format!(
            "{words} words of the text layer stand where nothing is printed and were left out"
        ))
        .at(place),
    );
}

/// Says where a page holds lines of ink that none of its words covers, and returns how many letters they have. `words` and the image are
/// level.
pub(super) fn tell_unread(image: &PageImage, words: &[Rect], diagnostics: &mut Vec<Diagnostic>) -> usize {
    let mut all = 0;
    let mut left = image.pixels.to_luma8();
    layer::erase_words(&mut left, words);
    let lines = layer::ink_lines(&left, image.dpi);
    for (area, letters) in regions(&lines) {
        if letters < UNREAD {
            continue;
        }
        all += letters;
        let place = Place { rect: Some(image.to_page.rect(&area)), ..Place::page(image.page) };
        diagnostics.push(
            Diagnostic::warning(format!("print of about {letters} letters was not read"))
                .hint("look at the page there; a better scan may help")
                .at(place),
        );
    }
    all
}

/// Lines that stand near each other as one region, with the letters of all.
fn regions(lines: &[InkLine]) -> Vec<(Rect, usize)> {
    let mut regions: Vec<(Rect, usize)> = Vec::new();
    for line in lines {
        let height = line.rect.height();
        let near = |(area, _): &(Rect, usize)| {
            line.rect.y0 - area.y1 < 1.5 * height
                && line.rect.x0 < area.x1 + 3.0 * height
                && area.x0 < line.rect.x1 + 3.0 * height
        };
        match regions.iter_mut().find(|region| near(region)) {
            Some((area, letters)) => {
                *area = area.union(&line.rect);
                *letters += line.letters;
            }
            None => regions.push((line.rect, line.letters)),
        }
    }
    regions
}

/// Says what the page's watermarks read, which are no part of its text.
pub(super) fn tell_watermarks(layer: &TextLayer, diagnostics: &mut Vec<Diagnostic>) {
    for line in &layer.watermarks {
        let words: Vec<String> = line.words.iter().map(LayerWord::text).collect();
        let place = Place { rect: Some(line.rect), ..Place::page(layer.page) };
        diagnostics.push(watermark(&words.join(" ")).at(place));
    }
}

fn watermark(text: &str) -> Diagnostic {
    Diagnostic::info(format!("a watermark lies across the page, not read as its text: {text}"))
}

/// Whether a line typed over a scan stands over its print: there is much more within it than its own letters, and that is small.
fn is_over_print(page: &GrayImage, line: &Line, dpi: f32) -> bool {
    let letters: usize = line.words.iter().map(|word| word.text.chars().count()).sum();
    let small: usize = line.words.iter().map(|word| layer::small_pieces(page, &word.rect, dpi)).sum();
    small > 2 * letters + OWN_MARKS
}

/// Says that words were left out which nobody sees, without repeating them: they may have been blacked out on purpose.
pub(super) fn tell_unseen(layer: &TextLayer, page: PageNo, diagnostics: &mut Vec<Diagnostic>) {
    let Some(area) = Rect::bounding(layer.unseen.iter().map(|line| &line.rect)) else { return };
    let words: usize = layer.unseen.iter().map(|line| line.words.len()).sum();
    let message = format!(
        "{words} words that do not show on the page (covered, in the colour of their ground, or outside it) were left out"
    );
    diagnostics.push(Diagnostic::warning(message).at(Place { rect: Some(area), ..Place::page(page) }));
}

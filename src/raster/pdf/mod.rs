//! PDF files: a page's own image where it is a scan, else the page rasterised.

mod annotation;
mod cover;
mod fonts;
mod glyphs;
mod lines;
mod native;
mod strokes;
mod survey;
mod watermark;

use super::resolution::{self, Claim};
use super::text_layer::{Glyphs, TextLayer};
use super::{Rendering, pixels};
use crate::diagnostics::{Diagnostic, Severity};
use crate::document::{PageNo, PageSize};
use crate::error::{Error, ErrorKind, Result};
use crate::geometry::Transform;
use annotation::Annotation;
use cover::Sight;
use glyphs::GlyphCollector;
use hayro::hayro_interpret::hayro_syntax::page::Page;
use hayro::hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro::hayro_interpret::{
    Context, Device, InterpreterCache, InterpreterSettings, InterpreterWarning, RenderContent, TransformExt,
    interpret_page,
};
use hayro::hayro_syntax::content::ops::TypedInstruction;
use hayro::hayro_syntax::object::{Array, Dict};
use hayro::kurbo::{Affine, Rect};
use hayro::vello_cpu::color::palette::css::{TRANSPARENT, WHITE};
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings};
use image::{DynamicImage, RgbImage};
use native::{Assembly, Scan};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use survey::Survey;

/// Dots per inch at which pages that are not scans are rasterised: what Tesseract's models were made for.
const RASTER_DPI: f64 = 300.0;
/// Pages whose print is a picture finer than that are rasterised as fine as it is, up to this.
const FINEST_DPI: f64 = 600.0;
/// Pixels of a rasterised page at most; larger paper is rasterised more coarsely.
const RASTER_PIXELS: f64 = 75_000_000.0;

/// A PDF file.
pub(super) struct PdfFile {
    pdf: Pdf,
    /// Pages that the file had at its end before it was cut off.
    missing: usize,
}

/// How a page becomes pixels.
enum Plan {
    /// Its images are the page.
    Scan(Scan),
    /// It is rasterised at this resolution in dots per inch.
    Raster(f64),
}

/// What went wrong while a page was interpreted.
#[derive(Default)]
struct Warnings {
    images: AtomicUsize,
    fonts: AtomicUsize,
}

impl PdfFile {
    /// Opens a file, with the empty password where it is encrypted.
    pub(super) fn open(bytes: Arc<Vec<u8>>, diagnostics: &mut Vec<Diagnostic>) -> Result<Self> {
        let complete = bytes[bytes.len().saturating_sub(2048)..].windows(5).any(|w| w == b"%%EOF");
        let linearized = linearized_pages(&bytes);
        let opened = guarded(|| Ok(Pdf::new(bytes)))?;
        let pdf = opened.map_err(|error| match error {
            LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
                Error::new(ErrorKind::Encrypted, "the PDF is protected by a password")
                    .remedy("remove it with `qpdf --decrypt --password=PASSWORD in.pdf out.pdf`")
            }
            LoadPdfError::Decryption(_) => {
                Error::new(ErrorKind::Encrypted, "the PDF is encrypted in a way that is not read")
                    .remedy("remove the protection with `qpdf --decrypt --password=PASSWORD in.pdf out.pdf`")
            }
            LoadPdfError::Invalid => damaged("no page can be found in it"),
        })?;
        let found = pdf.pages().len();
        if found == 0 {
            return Err(damaged("no page can be found in it"));
        }
        let promised = guarded(|| Ok(promised_pages(&pdf))).ok().flatten();
        if let Some(promised) = promised.filter(|&promised| promised > found) {
            let message = format!("the PDF is damaged: of its {promised} pages only {found} can be found");
            diagnostics.push(Diagnostic::new(Severity::Error, message).hint("scan or copy it again"));
        } else if !complete {
            let message = "the PDF has no end mark: it may be cut off, and pages may be missing";
            diagnostics.push(Diagnostic::warning(message).hint("compare the number of pages, or copy it again"));
        }
        // In a linearized file the pages stand in their order, so that it is the last ones that a cut takes away.
        let missing = linearized.map_or(0, |all| all.saturating_sub(found));
        Ok(PdfFile { pdf, missing })
    }

    /// Number of pages, at least 1; those that were cut off from the file's end are counted.
    pub(super) fn page_count(&self) -> PageNo {
        (self.pdf.pages().len() + self.missing) as PageNo
    }

    fn page(&self, index: usize) -> Result<&Page<'_>> {
        self.pdf.pages().get(index).ok_or_else(|| {
            Error::new(ErrorKind::Damaged, "the page is missing: the file has been cut off")
                .remedy("copy the file again")
        })
    }

    /// The page with this index, turned as its /Rotate says.
    pub(super) fn render(&self, index: usize, diagnostics: &mut Vec<Diagnostic>) -> Result<Rendering> {
        guarded(|| self.render_unguarded(index, diagnostics))
    }

    fn render_unguarded(&self, index: usize, diagnostics: &mut Vec<Diagnostic>) -> Result<Rendering> {
        let page = self.page(index)?;
        let warnings = Arc::new(Warnings::default());
        let survey = self.survey(page, RenderContent::PAGE, &warnings);
        check_for_lost_content(page, &survey)?;
        match plan(page, &survey) {
            Plan::Scan(scan) => self.render_scan(page, &scan, &warnings, diagnostics),
            Plan::Raster(dpi) => {
                let pixels = self.rasterised(page, dpi, &warnings)?;
                let lost_images = warnings.images.load(Ordering::Relaxed);
                let expected = !survey.images.is_empty() || survey.visible_text;
                if pixels::is_blank(&pixels) && expected {
                    if lost_images > 0 {
                        return Err(native::nothing_decoded());
                    }
                    if survey.visible_text {
                        return Err(damaged_page("its text cannot be drawn"));
                    }
                }
                if lost_images > 0 {
                    let message = "an image on the page is damaged and is not shown";
                    diagnostics.push(Diagnostic::new(Severity::Error, message));
                }
                if warnings.fonts.load(Ordering::Relaxed) > 0 {
                    diagnostics.push(Diagnostic::warning("a font of the page cannot be used; text may be missing"));
                }
                Ok(Rendering { pixels, claim: Claim::Exact(dpi as f32) })
            }
        }
    }

    /// Interprets a page without drawing it.
    fn survey(&self, page: &Page<'_>, content: RenderContent, warnings: &Arc<Warnings>) -> Survey {
        let mut survey = Survey::default();
        self.show(page, content, warnings, &mut survey);
        survey
    }

    /// Shows a page to a device, in points with the origin at the top left of the upright page.
    fn show<'a>(
        &'a self,
        page: &Page<'a>,
        content: RenderContent,
        warnings: &Arc<Warnings>,
        device: &mut impl Device<'a>,
    ) {
        let (width, height) = page.render_dimensions();
        let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let cache = InterpreterCache::new();
        let upright = page.initial_transform(true).to_kurbo();
        let mut context = Context::new(upright, area, &cache, page.xref(), settings(content, warnings));
        interpret_page(page, &mut context, device);
    }

    fn render_scan<'a>(
        &'a self,
        page: &'a Page<'a>,
        scan: &Scan,
        warnings: &Arc<Warnings>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<Rendering> {
        let mut assembly = Assembly::new(scan);
        self.show(page, RenderContent::PAGE, warnings, &mut assembly);
        let (pixels, flaws) = assembly.finish()?;
        let mut pixels = pixels.ok_or_else(native::nothing_decoded)?;
        if flaws.lost > 0 {
            let message = "a part of the page's image is damaged and is left white";
            diagnostics.push(Diagnostic::new(Severity::Error, message));
        }
        if flaws.cut_off > 0 {
            diagnostics.push(
                Diagnostic::new(Severity::Error, "the page's image is cut off; its lower part may be missing")
                    .hint("scan or copy it again"),
            );
        }
        let annotations = self.annotations(page, warnings).0;
        let signatures: Vec<&str> = annotations.iter().filter(|a| a.is_signature()).map(|a| a.text.as_str()).collect();
        if annotations.len() > signatures.len() {
            pixels = self.annotated(page, pixels, scan.frame, warnings)?;
        } else if signatures.iter().any(|text| !text.is_empty()) {
            let text = signatures.join(" | ");
            let message =
                format!("the page bears digital signatures that were put on the scan, not read as its text: {text}");
            diagnostics.push(Diagnostic::info(message));
        }
        Ok(Rendering { pixels, claim: Claim::Dpi(scan.ppi.0 as f32, scan.ppi.1 as f32) })
    }

    /// A scan with the page's annotations (stamped numbers, dates, signatures) drawn over it.
    fn annotated<'a>(
        &'a self,
        page: &'a Page<'a>,
        pixels: DynamicImage,
        frame: Rect,
        warnings: &Arc<Warnings>,
    ) -> Result<DynamicImage> {
        let (width, height) = (pixels.width(), pixels.height());
        pixels::check_size(width, height, 4)?;
        let scale = Affine::scale_non_uniform(f64::from(width) / frame.width(), f64::from(height) / frame.height());
        let map = scale * Affine::translate((-frame.x0, -frame.y0));
        let Some(layer) = self.drawn(page, RenderContent::ANNOTATIONS, map, (width, height), warnings) else {
            return Ok(pixels);
        };
        let mut rgb = pixels.into_rgb8();
        for (under, over) in rgb.pixels_mut().zip(layer.data()) {
            if over.a > 0 {
                // The layer's colours are already multiplied by its opacity.
                let through = |paper: u8| (u16::from(paper) * (255 - u16::from(over.a)) / 255) as u8;
                let [r, g, b] = under.0.map(through);
                under.0 = [r.saturating_add(over.r), g.saturating_add(over.g), b.saturating_add(over.b)];
            }
        }
        Ok(rgb.into())
    }

    /// The text that the page carries; None where it carries none.
    pub(super) fn text_layer(&self, index: usize) -> Result<Option<TextLayer>> {
        guarded(|| Ok(self.text_layer_unguarded(self.page(index)?, index as PageNo + 1)))
    }

    /// The size of a page as it is handed out, and the way from its pixels to its user space (ISO 32000-1, 8.3.2.3).
    pub(super) fn to_user_space(&self, index: usize) -> Result<(PageSize, Transform)> {
        guarded(|| {
            let page = self.page(index)?;
            let survey = self.survey(page, RenderContent::PAGE, &Arc::default());
            let (size, to_pixels) = pixels_of(page, &plan(page, &survey));
            let [a, b, c, d, e, f] = page.initial_transform(true).to_kurbo().as_coeffs();
            let upright = Transform { coefficients: [a, c, e, b, d, f] };
            let back = upright.then(&to_pixels).inverse().ok_or_else(|| damaged_page("it has no size"))?;
            Ok((size, back))
        })
    }

    fn text_layer_unguarded<'a>(&'a self, page: &'a Page<'a>, number: PageNo) -> Option<TextLayer> {
        let warnings = Arc::new(Warnings::default());
        let (width, height) = page.render_dimensions();
        let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let mut collector = GlyphCollector::new(area, Some(fonts::ShownStrings::of(page)));
        self.show(page, RenderContent::PAGE, &warnings, &mut collector);
        let first_of_annotations = collector.glyphs.len();
        let mut annotations = annotation::of(page);
        if !annotations.is_empty() {
            self.show(page, RenderContent::ANNOTATIONS, &warnings, &mut collector);
        }
        let mut glyphs = collector.finish();
        let of_annotations = glyphs.split_off(first_of_annotations);
        glyphs.extend(annotation::sort_out(&mut annotations, of_annotations));
        let (unseen, glyphs): (Vec<_>, Vec<_>) = glyphs.into_iter().partition(|glyph| glyph.sight == Sight::Unseen);
        let survey = self.survey(page, RenderContent::PAGE, &warnings);
        let (size, to_pixels) = pixels_of(page, &plan(page, &survey));
        let rules = collector.strokes.rects(&to_pixels);
        let scan = survey.shows_a_scan(area);
        let (glyphs, aslant) = watermark::part(glyphs, scan);
        let lines = lines::lines(&glyphs, &to_pixels);
        let watermarks = lines::lines(&aslant, &to_pixels);
        let unseen = lines::lines(&unseen, &to_pixels);
        let signatures: Vec<String> =
            annotations.into_iter().filter(|a| a.is_signature() && !a.text.is_empty()).map(|a| a.text).collect();
        let inked = || glyphs.iter().filter(|glyph| !glyph.is_blank());
        let kinds = Glyphs {
            all: inked().count(),
            hidden: inked().filter(|glyph| glyph.sight == Sight::Laid).count(),
            unmapped: inked().filter(|glyph| glyph.text.is_none()).count(),
        };
        let pictures = if scan { Vec::new() } else { survey.pictures(area, &to_pixels) };
        let glyphs = kinds;
        let layer =
            TextLayer { page: number, lines, size, scan, pictures, unseen, watermarks, glyphs, rules, signatures };
        let found = [&layer.lines, &layer.unseen, &layer.watermarks];
        found.iter().any(|lines| !lines.is_empty()).then_some(layer)
    }

    /// The annotations that show on a page, and their glyphs that are not those of signatures.
    fn annotations<'a>(
        &'a self,
        page: &Page<'a>,
        warnings: &Arc<Warnings>,
    ) -> (Vec<Annotation>, Vec<glyphs::PlacedGlyph>) {
        let mut annotations = annotation::of(page);
        if annotations.is_empty() {
            return (annotations, Vec::new());
        }
        let (width, height) = page.render_dimensions();
        let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let mut collector = GlyphCollector::new(area, None);
        self.show(page, RenderContent::ANNOTATIONS, warnings, &mut collector);
        let glyphs = annotation::sort_out(&mut annotations, collector.finish());
        (annotations, glyphs)
    }

    fn rasterised<'a>(&'a self, page: &'a Page<'a>, dpi: f64, warnings: &Arc<Warnings>) -> Result<DynamicImage> {
        let size = raster_size(page, dpi);
        let drawn = self.drawn(page, RenderContent::all(), Affine::scale(dpi / 72.0), size, warnings);
        let drawn = drawn.ok_or_else(|| damaged_page("its size cannot be"))?;
        let rgb = drawn.data().iter().flat_map(|p| [p.r, p.g, p.b]).collect();
        let image = RgbImage::from_raw(size.0, size.1, rgb);
        image.map(Into::into).ok_or_else(|| damaged_page("its size cannot be"))
    }

    /// Draws a page's content (on white) or its annotations (on nothing) with `map` from points to pixels;
    /// None where a side is longer than the rasteriser takes.
    fn drawn<'a>(
        &'a self,
        page: &'a Page<'a>,
        content: RenderContent,
        map: Affine,
        (width, height): (u32, u32),
        warnings: &Arc<Warnings>,
    ) -> Option<Pixmap> {
        let (width, height) = (u16::try_from(width).ok()?, u16::try_from(height).ok()?);
        let mut context = RenderContext::new(width, height);
        let map = map * page.initial_transform(true).to_kurbo();
        let cache = RenderCache::new();
        let settings = settings(content, warnings);
        hayro::render_into(page, &cache, &settings, &RenderSettings::default(), &mut context, map);
        context.flush();
        let mut pixmap = Pixmap::new(width, height);
        let paper = if content.contains(RenderContent::PAGE) { WHITE } else { TRANSPARENT };
        let target = RasterizerSettings { target_init: TargetInit::Clear(paper), ..Default::default() };
        context.render_with(&mut pixmap, &mut Resources::default(), target);
        Some(pixmap)
    }
}

fn settings(content: RenderContent, warnings: &Arc<Warnings>) -> InterpreterSettings {
    let warnings = Arc::clone(warnings);
    InterpreterSettings {
        render_content: content,
        warning_sink: Arc::new(move |warning| {
            let count = match warning {
                InterpreterWarning::ImageDecodeFailure => &warnings.images,
                InterpreterWarning::UnsupportedFont => &warnings.fonts,
                _ => return,
            };
            count.fetch_add(1, Ordering::Relaxed);
        }),
        ..InterpreterSettings::default()
    }
}

/// How this page becomes pixels.
fn plan(page: &Page<'_>, survey: &Survey) -> Plan {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    match native::scan(survey, width, height) {
        Some(scan) => Plan::Scan(scan),
        None => {
            let dpi = survey.finest(Rect::new(0.0, 0.0, width, height)).clamp(RASTER_DPI, FINEST_DPI);
            Plan::Raster(dpi.min(72.0 * (RASTER_PIXELS / (width * height)).sqrt()))
        }
    }
}

/// A page's rendering, without drawing it: its size, and the way from points on the upright page to its pixels.
fn pixels_of(page: &Page<'_>, plan: &Plan) -> (PageSize, Transform) {
    let (frame, size, claim) = match plan {
        Plan::Scan(scan) => (scan.frame, scan.size, Claim::Dpi(scan.ppi.0 as f32, scan.ppi.1 as f32)),
        Plan::Raster(dpi) => {
            let (width, height) = page.render_dimensions();
            let frame = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
            (frame, raster_size(page, *dpi), Claim::Exact(*dpi as f32))
        }
    };
    let dpi = resolution::settle(claim, size.0, size.1, &mut Vec::new());
    let size = pixels::handed_on(size, &dpi);
    let scale = [f64::from(size.width) / frame.width(), f64::from(size.height) / frame.height()];
    let from_corner = Transform::shift(-frame.x0, -frame.y0);
    (size, from_corner.then(&Transform { coefficients: [scale[0], 0.0, 0.0, 0.0, scale[1], 0.0] }))
}

/// Size in pixels of the page rasterised at `dpi`.
fn raster_size(page: &Page<'_>, dpi: f64) -> (u32, u32) {
    let (width, height) = page.render_dimensions();
    let pixels = |points: f32| (f64::from(points) * dpi / 72.0).round().max(1.0) as u32;
    (pixels(width), pixels(height))
}

/// Number of pages that the root of the page tree promises.
fn promised_pages(pdf: &Pdf) -> Option<usize> {
    let catalogue = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id())?;
    usize::try_from(catalogue.get::<Dict<'_>>("Pages")?.get::<i32>("Count")?).ok()
}

/// Number of pages that a linearized file says it has at its beginning (ISO 32000-1, annex F.3.3); None for other files.
fn linearized_pages(bytes: &[u8]) -> Option<usize> {
    /// The dictionary stands within the first 1024 bytes.
    const WITHIN: usize = 1024;
    /// What a damaged number may not exceed.
    const MOST: usize = 100_000;
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(WITHIN)]).into_owned();
    let dictionary = &head[head.find("/Linearized")?..];
    let dictionary = &dictionary[..dictionary.find(">>")?];
    let after =
        dictionary.match_indices("/N").find_map(|(at, _)| dictionary[at + 2..].strip_prefix([' ', '\r', '\n']))?;
    let digits: String = after.trim_start().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|pages| *pages <= MOST)
}

/// Tells a page whose content is lost from one that is empty.
///
/// Readers of PDF show both as white paper: of damaged files, a third came back so from an experiment with mutations.
fn check_for_lost_content(page: &Page<'_>, survey: &Survey) -> Result<()> {
    if !survey.is_empty() {
        return Ok(());
    }
    let named = page.raw().get_ref("Contents").is_some()
        || page.raw().get::<Array<'_>>("Contents").is_some_and(|streams| streams.raw_iter().next().is_some());
    let stream = page.page_stream();
    if named && stream.is_none_or(|content| content.trim_ascii().is_empty()) && !has_empty_content(page) {
        return Err(damaged_page("its content cannot be decoded"));
    }
    let mut operations = page.typed_operations();
    while let Some(operation) = operations.next() {
        if matches!(operation, TypedInstruction::XObject(_) | TypedInstruction::InlineImage(_)) {
            return Err(damaged_page("an image that it names is missing"));
        }
    }
    Ok(())
}

/// Whether the page's content is there and has nothing in it, as in a blank page that an office program made.
fn has_empty_content(page: &Page<'_>) -> bool {
    use hayro::hayro_syntax::object::Stream;
    // Nothing, deflated, takes 8 bytes; what takes more and decodes to nothing was something.
    let empty = |s: Stream<'_>| {
        s.decoded_data().is_ok_and(|data| data.trim_ascii().is_empty()) && s.raw_data().trim_ascii().len() <= 16
    };
    match page.raw().get::<Array<'_>>("Contents") {
        Some(streams) => {
            streams.iter::<Stream<'_>>().count() == streams.raw_iter().count() && streams.iter().all(empty)
        }
        None => page.raw().get::<Stream<'_>>("Contents").is_some_and(empty),
    }
}

/// Runs `work`, and takes a panic of the PDF engine for damage: no file may end the whole run.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(damaged("the PDF engine gave up on it")))
}

fn damaged(what: &str) -> Error {
    Error::new(ErrorKind::Damaged, format!("the PDF is cut off or damaged: {what}"))
        .remedy("copy it again, or try `qpdf in.pdf out.pdf`")
}

fn damaged_page(what: &str) -> Error {
    Error::new(ErrorKind::Damaged, format!("the page is damaged: {what}")).remedy("copy the file again")
}

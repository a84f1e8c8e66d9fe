//! PDF files: a page's own image where it is a scan, else the page rasterised.

mod annotation;
mod fonts;
mod glyphs;
mod lines;
mod native;
mod strokes;
mod survey;

use super::resolution::{self, Claim};
use super::text_layer::{Glyphs, TextLayer};
use super::{Rendering, pixels};
use crate::diagnostics::{Diagnostic, Severity};
use crate::document::{PageNo, PageSize};
use crate::error::{Error, ErrorKind, Result};
use crate::geometry::Transform;
use annotation::Annotation;
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
/// Pixels of a rasterised page at most; larger paper is rasterised more coarsely.
const RASTER_PIXELS: f64 = 75_000_000.0;

/// A PDF file.
pub(super) struct PdfFile {
    pdf: Pdf,
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
        Ok(PdfFile { pdf })
    }

    /// Number of pages, at least 1.
    pub(super) fn page_count(&self) -> PageNo {
        self.pdf.pages().len() as PageNo
    }

    /// The page with this index, turned as its /Rotate says.
    pub(super) fn render(&self, index: usize, diagnostics: &mut Vec<Diagnostic>) -> Result<Rendering> {
        guarded(|| self.render_unguarded(index, diagnostics))
    }

    fn render_unguarded(&self, index: usize, diagnostics: &mut Vec<Diagnostic>) -> Result<Rendering> {
        let page = &self.pdf.pages()[index];
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
                    diagnostics.push(Diagnostic::warning("an image on the page is damaged and is not shown"));
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
            diagnostics.push(Diagnostic::warning("a part of the page's image is damaged and is left white"));
        }
        if flaws.cut_off > 0 {
            diagnostics.push(
                Diagnostic::warning("the page's image is cut off; its lower part may be missing")
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
        guarded(|| Ok(self.text_layer_unguarded(index)))
    }

    /// The size of a page as it is handed out, and the way from its pixels to its user space (ISO 32000-1, 8.3.2.3).
    pub(super) fn to_user_space(&self, index: usize) -> Result<(PageSize, Transform)> {
        guarded(|| {
            let page = &self.pdf.pages()[index];
            let survey = self.survey(page, RenderContent::PAGE, &Arc::default());
            let (size, to_pixels) = pixels_of(page, &plan(page, &survey));
            let [a, b, c, d, e, f] = page.initial_transform(true).to_kurbo().as_coeffs();
            let upright = Transform { coefficients: [a, c, e, b, d, f] };
            let back = upright.then(&to_pixels).inverse().ok_or_else(|| damaged_page("it has no size"))?;
            Ok((size, back))
        })
    }

    fn text_layer_unguarded(&self, index: usize) -> Option<TextLayer> {
        let page = &self.pdf.pages()[index];
        let warnings = Arc::new(Warnings::default());
        let mut collector = GlyphCollector::new(fonts::ShownStrings::of(page));
        self.show(page, RenderContent::PAGE, &warnings, &mut collector);
        let first_of_annotations = collector.glyphs.len();
        let mut annotations = annotation::of(page);
        if !annotations.is_empty() {
            self.show(page, RenderContent::ANNOTATIONS, &warnings, &mut collector);
        }
        let of_annotations = collector.glyphs.split_off(first_of_annotations);
        let mut glyphs = collector.glyphs;
        glyphs.extend(annotation::sort_out(&mut annotations, of_annotations));
        let (width, height) = page.render_dimensions();
        let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        glyphs.retain(|glyph| area.contains(glyph.origin));
        let survey = self.survey(page, RenderContent::PAGE, &warnings);
        let (size, to_pixels) = pixels_of(page, &plan(page, &survey));
        let rules = collector.strokes.rects(&to_pixels);
        let lines = lines::lines(&glyphs, &to_pixels);
        let signatures: Vec<String> =
            annotations.into_iter().filter(|a| a.is_signature() && !a.text.is_empty()).map(|a| a.text).collect();
        let inked = || glyphs.iter().filter(|glyph| !glyph.is_blank());
        let kinds = Glyphs {
            all: inked().count(),
            hidden: inked().filter(|glyph| !glyph.visible).count(),
            unmapped: inked().filter(|glyph| glyph.text.is_none()).count(),
        };
        let scan = survey.shows_a_scan(area);
        let layer = TextLayer { page: index as PageNo + 1, lines, size, scan, glyphs: kinds, rules, signatures };
        (!layer.lines.is_empty()).then_some(layer)
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
        let mut collector = GlyphCollector::default();
        self.show(page, RenderContent::ANNOTATIONS, warnings, &mut collector);
        let glyphs = annotation::sort_out(&mut annotations, collector.glyphs);
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
        None => Plan::Raster(RASTER_DPI.min(72.0 * (RASTER_PIXELS / (width * height)).sqrt())),
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

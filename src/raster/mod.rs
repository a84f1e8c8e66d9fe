//! First step: a file becomes a [`Document`] of pages, and a page a [`PageImage`].
//!
//! What a file is, its first bytes decide, not its name. Files, pages and their pixels are read by one module a kind:
//! `pdf`, `tiff` and `picture` (PNG and JPEG).

mod kind;
mod pdf;
mod picture;
mod pixels;
mod resolution;
mod text_layer;
mod tiff;

pub use kind::Kind;
pub use text_layer::{Glyphs, LayerLine, LayerRun, LayerWord, TextLayer};

use crate::diagnostics::{Diagnostic, Outcome};
use crate::digest;
use crate::document::{PageNo, PageSize, Place};
use crate::error::{Error, ErrorKind, Result};
use crate::geometry::Transform;
use image::DynamicImage;
use resolution::Claim;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One page as pixels, and the way back to the page as scanned.
#[derive(Clone)]
pub struct PageImage {
    /// Which page.
    pub page: PageNo,
    /// The pixels: `ImageLuma8` or `ImageRgb8`, nothing else; `ImageLuma8` after cleaning.
    pub pixels: DynamicImage,
    /// Resolution of `pixels` in dots per inch.
    pub dpi: f32,
    /// Maps pixels of this image to pixels of the page as scanned (the first rendering).
    pub to_page: Transform,
}

impl std::fmt::Debug for PageImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The pixels of one page, written out, would be millions of numbers.
        let pixels = format_args!("{}x{} {:?}", self.pixels.width(), self.pixels.height(), self.pixels.color());
        f.debug_struct("PageImage")
            .field("page", &self.page)
            .field("pixels", &pixels)
            .field("dpi", &self.dpi)
            .field("to_page", &self.to_page)
            .finish()
    }
}

/// A file whose pages can be rendered, from several threads at once.
pub struct Document {
    file: PathBuf,
    sha256: String,
    content: Content,
}

/// The file, opened as what it is.
enum Content {
    Pdf(pdf::PdfFile),
    Tiff(tiff::TiffFile),
    Picture(picture::PictureFile),
}

/// What a kind of file hands out for a page, before its resolution is judged and its pixels are reduced.
struct Rendering {
    pixels: DynamicImage,
    claim: Claim,
}

impl Document {
    /// Reads a file whole and opens it as what its content says it is.
    ///
    /// The remarks concern the file; those about a page come with the page.
    ///
    /// # Errors
    /// [`ErrorKind::Unreadable`] where the file is not there, may not be read or is empty, [`ErrorKind::Unsupported`]
    /// for other kinds of files, [`ErrorKind::Encrypted`] where a password is asked for, and [`ErrorKind::Damaged`]
    /// where no page can be found.
    pub fn open(file: impl AsRef<Path>) -> Result<Outcome<Document>> {
        let file = file.as_ref();
        let bytes = std::fs::read(file).map_err(|e| Error::io(file, e))?;
        Document::from_bytes(file, bytes)
    }

    /// Opens a file that is in memory; `file` is its name in messages.
    ///
    /// # Errors
    /// As [`Document::open`].
    pub fn from_bytes(file: impl Into<PathBuf>, bytes: Vec<u8>) -> Result<Outcome<Document>> {
        let file = file.into();
        let sha256 = digest::sha256(&bytes);
        let bytes = Arc::new(bytes);
        let mut diagnostics = Vec::new();
        let content = match kind::of(&bytes) {
            Ok(Kind::Pdf) => pdf::PdfFile::open(bytes, &mut diagnostics).map(Content::Pdf),
            Ok(Kind::Tiff) => tiff::TiffFile::open(bytes, &mut diagnostics).map(Content::Tiff),
            Ok(kind @ (Kind::Png | Kind::Jpeg)) => picture::PictureFile::open(bytes, kind).map(Content::Picture),
            Err(error) => Err(error),
        };
        let content = content.map_err(|e| e.file(&file))?;
        Ok(Outcome { value: Document { file, sha256, content }, diagnostics })
    }

    /// The file's name as it was given.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// SHA-256 of the file in lower-case hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// What the file is.
    pub fn kind(&self) -> Kind {
        match &self.content {
            Content::Pdf(_) => Kind::Pdf,
            Content::Tiff(_) => Kind::Tiff,
            Content::Picture(picture) => picture.kind(),
        }
    }

    /// Number of pages; at least 1.
    pub fn page_count(&self) -> PageNo {
        match &self.content {
            Content::Pdf(pdf) => pdf.page_count(),
            Content::Tiff(tiff) => tiff.page_count(),
            Content::Picture(_) => 1,
        }
    }

    /// The pixels of a page, upright as the file says (EXIF and PDF rotation applied), from 1.
    ///
    /// A PDF page that is one scanned image comes at that image's own resolution, others at 300 dots per inch.
    /// A resolution that is missing or incredible is estimated, and a page too large to be read as it is comes
    /// smaller; both with a remark.
    ///
    /// # Errors
    /// [`ErrorKind::Damaged`] where nothing of the page can be shown, [`ErrorKind::TooLarge`] where its pixels would
    /// take more memory than a page may, [`ErrorKind::Unsupported`] where it is coded in a way that is not read.
    pub fn render(&self, page: PageNo) -> Result<Outcome<PageImage>> {
        let mut diagnostics = Vec::new();
        let rendered = self.rendering(page, &mut diagnostics).and_then(|rendering| {
            let (width, height) = (rendering.pixels.width(), rendering.pixels.height());
            let dpi = resolution::settle(rendering.claim, width, height, &mut diagnostics);
            let pixels = pixels::squared(rendering.pixels, &dpi)?;
            let (pixels, scale) = pixels::within_budget(pixels, &mut diagnostics);
            pixels::remark_on_emptiness(&pixels, &mut diagnostics);
            let pixels = pixels::without_idle_colour(pixels);
            Ok(PageImage { page, pixels, dpi: dpi.larger() * scale, to_page: Transform::IDENTITY })
        });
        let value = rendered.map_err(|e| e.file(&self.file).page(page))?;
        for remark in &mut diagnostics {
            remark.place.get_or_insert(Place::page(page));
        }
        Ok(Outcome { value, diagnostics })
    }

    /// The text that a PDF page carries, with its places on the page as [`Document::render`] hands it out; None where
    /// there is none, and for files that are not PDF.
    ///
    /// # Errors
    /// [`ErrorKind::Unreadable`] where there is no such page, [`ErrorKind::Damaged`] where the page cannot be interpreted.
    pub fn text_layer(&self, page: PageNo) -> Result<Option<TextLayer>> {
        let found = self.index(page).and_then(|index| match &self.content {
            Content::Pdf(pdf) => pdf.text_layer(index),
            Content::Tiff(_) | Content::Picture(_) => Ok(None),
        });
        found.map_err(|e| e.file(&self.file).page(page))
    }

    /// The way from pixels of a page of this size, as [`Document::render`] hands it out, to the user space of the PDF
    /// page; None for files that are not PDF.
    ///
    /// # Errors
    /// As [`Document::text_layer`].
    pub(crate) fn to_user_space(&self, page: PageNo, size: &PageSize) -> Result<Option<Transform>> {
        let found = self.index(page).and_then(|index| match &self.content {
            Content::Pdf(pdf) => pdf.to_user_space(index).map(Some),
            Content::Tiff(_) | Content::Picture(_) => Ok(None),
        });
        let found = found.map_err(|e| e.file(&self.file).page(page))?;
        Ok(found.map(|(seen, map)| {
            let stretch = [seen.width as f64 / size.width as f64, seen.height as f64 / size.height as f64];
            Transform { coefficients: [stretch[0], 0.0, 0.0, 0.0, stretch[1], 0.0] }.then(&map)
        }))
    }

    /// The pixels of a page of a picture file as the file has them, upright, and their resolution in dots per inch along
    /// the two sides. Nothing is stretched or made smaller.
    ///
    /// # Errors
    /// As [`Document::render`].
    pub(crate) fn own_pixels(&self, page: PageNo) -> Result<(DynamicImage, [f32; 2])> {
        let mut remarks = Vec::new();
        let rendering = self.rendering(page, &mut remarks).map_err(|e| e.file(&self.file).page(page))?;
        let (width, height) = (rendering.pixels.width(), rendering.pixels.height());
        let dpi = resolution::settle(rendering.claim, width, height, &mut remarks);
        Ok((rendering.pixels, [dpi.x, dpi.y]))
    }

    /// How a JPEG or PNG file says that it has to be turned, as EXIF numbers it (1 to 8); 1 for other files.
    pub(crate) fn orientation(&self) -> u8 {
        match &self.content {
            Content::Picture(picture) => picture.orientation(),
            Content::Pdf(_) | Content::Tiff(_) => 1,
        }
    }

    fn index(&self, page: PageNo) -> Result<usize> {
        if page == 0 || page > self.page_count() {
            let message = format!("there is no such page; the file has {}", self.page_count());
            return Err(Error::new(ErrorKind::Unreadable, message));
        }
        Ok(page as usize - 1)
    }

    fn rendering(&self, page: PageNo, diagnostics: &mut Vec<Diagnostic>) -> Result<Rendering> {
        let index = self.index(page)?;
        match &self.content {
            Content::Pdf(pdf) => pdf.render(index, diagnostics),
            Content::Tiff(tiff) => tiff.render(index, diagnostics),
            Content::Picture(picture) => picture.render(diagnostics),
        }
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document")
            .field("file", &self.file)
            .field("kind", &self.kind())
            .field("pages", &self.page_count())
            .finish_non_exhaustive()
    }
}

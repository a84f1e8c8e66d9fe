//! The searchable PDF: the pages as they were, with the restored text over them, invisible.
//!
//! A PDF that is whole keeps its bytes, and the text is appended to them as a revision, so that its signatures stay valid
//! for theirs. One that was protected or is damaged is written anew, and so is PDF/A; a picture becomes a PDF around its
//! own data. `docs/export.md` tells what is kept and why the text is laid out as it is.

mod archive;
mod conform;
mod cover;
mod draft;
mod font;
mod icc;
mod layer;
mod number;
mod pages;
mod picture;
mod strip;
mod tokens;
mod xmp;

use super::ExportOptions;
use crate::diagnostics::Diagnostic;
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline::{Reader, Reading};
use crate::raster::{Document, Kind};
use draft::Draft;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// The searchable PDF of a reading; remarks go into its report.
///
/// # Errors
/// Where the original can no longer be read, or where its objects cannot be found or decrypted.
pub(super) fn searchable(reading: &mut Reading, path: &Path, options: &ExportOptions) -> Result<Vec<u8>> {
    let mut remarks = Vec::new();
    // No file may end the whole run, whatever it does to the readers of PDF.
    let written = catch_unwind(AssertUnwindSafe(|| made(reading, path, options, &mut remarks)));
    let written = written.unwrap_or_else(|_| Err(draft::refused("it made the PDF writer give up")));
    reading.report.diagnostics.append(&mut remarks);
    written
}

/// The same, made by a process under the limits of the reader's where it has such processes.
///
/// # Errors
/// As [`searchable`], and where the process ended or went over its limits.
pub(super) fn searchable_by(
    reader: &Reader,
    reading: &mut Reading,
    path: &Path,
    options: &ExportOptions,
) -> Result<Vec<u8>> {
    let defect =
        |e: std::io::Error| Error::new(ErrorKind::Defect, "the searchable PDF cannot be handed over").source(e);
    let folder = tempfile::tempdir().map_err(defect)?;
    let to = folder.path().join("searchable.pdf");
    let Some(made) = reader.pdf_apart(reading, path, &to, (options.pdf_a, options.attach_original)) else {
        return searchable(reading, path, options);
    };
    let not_written = |e: Error| match e.kind() {
        ErrorKind::Timeout | ErrorKind::TooLarge | ErrorKind::EngineFailed => {
            let remedy =
                e.remedy_text().unwrap_or("read the file's pages as images: `pdftoppm in.pdf page`").to_owned();
            Error::new(e.kind(), format!("the searchable PDF is not written: {}", e.message())).remedy(remedy)
        }
        _ => e,
    };
    reading.report.diagnostics.append(&mut made.map_err(not_written)?.diagnostics);
    std::fs::read(&to).map_err(defect)
}

fn made(reading: &Reading, path: &Path, options: &ExportOptions, remarks: &mut Vec<Diagnostic>) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).map_err(|e| Error::io(path, e))?;
    let source = Document::from_bytes(path, bytes.clone())?.value;
    if reading.report.source.sha256.as_deref().is_some_and(|read| read != source.sha256()) {
        let message = "the file has changed since it was read";
        return Err(Error::new(ErrorKind::Unreadable, message).remedy("read it again"));
    }
    let (mut draft, to_user) = match source.kind() {
        Kind::Pdf => (Draft::open(&bytes)?, None),
        _ => {
            let (draft, to_user) = picture::pages(&source, &bytes, reading)?;
            (draft, Some(to_user))
        }
    };
    let pages: Vec<_> = draft.document.page_iter().collect();
    if pages.len() != reading.pages.len() {
        let message = format!("{} of its {} pages are found by their numbers", pages.len(), reading.pages.len());
        return Err(draft::refused(&message));
    }
    let map = |index: usize, size: &crate::document::PageSize| match &to_user {
        Some(maps) => Ok(maps[index]),
        None => Ok(source.to_user_space(index as u32 + 1, size)?.unwrap_or_default()),
    };
    pages::put_text(&mut draft, &pages, reading, &map, remarks)?;
    if options.pdf_a {
        let attached = options.attach_original.then_some(bytes.as_slice());
        archive::archive(&mut draft, &pages, reading, attached, remarks);
        return draft.rewritten();
    }
    if source.kind() != Kind::Pdf {
        return draft.rewritten();
    }
    let signatures = pages::signatures(&draft);
    match draft.rewritten {
        None => {
            if signatures > 0 {
                remarks.push(Diagnostic::info(format!(
                    "the original bears {signatures} digital signatures: in the searchable PDF its bytes stand as they \
                     were and the text is appended, so that each signature stays valid for what it signed"
                )));
            }
            draft.appended()
        }
        Some(why) => {
            let message = format!("the searchable PDF is written anew, because {why}");
            remarks.push(Diagnostic::info(message));
            if signatures > 0 {
                let message = format!(
                    "the original bears {signatures} digital signatures, which do not hold for the searchable PDF"
                );
                remarks.push(Diagnostic::warning(message).hint("keep the original beside it"));
            }
            draft.rewritten()
        }
    }
}

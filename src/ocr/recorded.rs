//! Replays what a recogniser read before, found by the pixels of the page; records where it is asked to.

use super::Recogniser;
use crate::digest;
use crate::error::{Error, ErrorKind, Result};
use crate::page::RecognisedPage;
use crate::raster::PageImage;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// A recogniser that answers from a folder of recorded pages, for tests that must not depend on an engine's version.
///
/// A page is stored as JSON under the hash of its size and pixels, with rectangles as the recorder handed them out.
pub struct Recorded {
    folder: PathBuf,
    recorder: Option<Box<dyn Recogniser>>,
}

impl Recorded {
    /// Replays from `folder`; a page that is not there is an error.
    pub fn replay(folder: impl Into<PathBuf>) -> Self {
        Recorded { folder: folder.into(), recorder: None }
    }

    /// Replays from `folder`; a page that is not there is read by `recorder` and stored.
    pub fn record(folder: impl Into<PathBuf>, recorder: Box<dyn Recogniser>) -> Self {
        Recorded { folder: folder.into(), recorder: Some(recorder) }
    }

    /// Where a page with these pixels is stored.
    pub fn path(folder: &Path, image: &PageImage) -> PathBuf {
        let mut hash = Sha256::new();
        hash.update(image.pixels.width().to_le_bytes());
        hash.update(image.pixels.height().to_le_bytes());
        hash.update(image.pixels.as_bytes());
        let name = digest::hex(&hash.finalize()[..8]);
        folder.join(name + ".json")
    }
}

impl Recogniser for Recorded {
    fn name(&self) -> String {
        self.recorder.as_ref().map_or_else(|| "recorded".into(), |r| format!("recorded {}", r.name()))
    }

    fn recognise(&mut self, image: &PageImage) -> Result<RecognisedPage> {
        let path = Recorded::path(&self.folder, image);
        match fs::read(&path) {
            Ok(stored) => {
                let mut page: RecognisedPage = serde_json::from_slice(&stored).map_err(|e| {
                    Error::new(ErrorKind::EngineFailed, "the recording cannot be read")
                        .remedy("delete it and record again")
                        .file(&path)
                        .source(e)
                })?;
                page.page = image.page;
                Ok(page)
            }
            Err(error) => {
                let Some(recorder) = &mut self.recorder else {
                    return Err(Error::new(ErrorKind::EngineFailed, "nothing is recorded for this image")
                        .remedy("record it with an engine first")
                        .file(path)
                        .page(image.page)
                        .source(error));
                };
                let page = recorder.recognise(image)?;
                let unwritable = |e: std::io::Error| {
                    Error::new(ErrorKind::Unwritable, "the recording cannot be written").file(&path).source(e)
                };
                let json = serde_json::to_vec_pretty(&page)
                    .map_err(|e| Error::new(ErrorKind::Defect, "a recognised page is not JSON").source(e))?;
                fs::create_dir_all(&self.folder).map_err(unwritable)?;
                fs::write(&path, json).map_err(unwritable)?;
                Ok(page)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use crate::page::{Line, Word};
    use image::{GrayImage, Luma};

    /// Reads every page as one word that tells the page's first pixel.
    struct FirstPixel;

    impl Recogniser for FirstPixel {
        fn name(&self) -> String {
            "first pixel".into()
        }

        fn recognise(&mut self, image: &PageImage) -> Result<RecognisedPage> {
            let text = image.pixels.as_bytes()[0].to_string();
            let word = Word { text, rect: Rect::new(1.0, 2.0, 3.0, 4.0), confidence: 0.5, ..Word::default() };
            let line = Line { rect: word.rect, words: vec![word], ..Line::default() };
            Ok(RecognisedPage { page: image.page, lines: vec![line] })
        }
    }

    fn page(value: u8) -> PageImage {
        let pixels = GrayImage::from_pixel(3, 2, Luma([value])).into();
        PageImage { page: 7, pixels, dpi: 300.0, to_page: Default::default() }
    }

    #[test]
    fn a_recorded_page_comes_back_without_the_engine() {
        let folder = tempfile::tempdir().unwrap();
        let recorded = Recorded::record(folder.path(), Box::new(FirstPixel)).recognise(&page(9)).unwrap();
        assert_eq!(recorded.text(), "9\n");
        let mut replay = Recorded::replay(folder.path());
        assert_eq!(replay.recognise(&page(9)).unwrap(), recorded);
        assert_eq!(replay.recognise(&page(10)).unwrap_err().kind(), ErrorKind::EngineFailed);
    }
}

//! `evidence PAGE.png...`: writes beside each page image what both recognisers say for each place of it, as NAME.json, from
//! which `tools/weights/fit.py` fits the weights.

use sohoa::clean::Cleaner;
use sohoa::dict::Dictionaries;
use sohoa::error::{Error, ErrorKind, Result};
use sohoa::geometry::Transform;
use sohoa::lm::Model;
use sohoa::ocr::{CtcModel, FusedRecogniser, Recogniser, Tesseract, TesseractOptions};
use sohoa::raster::Document;
use std::path::PathBuf;
use std::sync::Arc;

fn main() -> Result<()> {
    let folder = CtcModel::find(None).ok_or_else(|| {
        Error::new(ErrorKind::EngineMissing, "the second recogniser is not installed").remedy("run `make recogniser`")
    })?;
    let (model, language) = (Arc::new(CtcModel::load(&folder)?), Arc::new(Model::embedded()?));
    let pair = FusedRecogniser::new(None, model, Arc::new(Dictionaries::embedded()), language)?;
    let mut tesseract = Tesseract::new(TesseractOptions::default())?;
    for file in std::env::args_os().skip(1).map(PathBuf::from) {
        let mut page = Cleaner::default().clean(Document::open(&file)?.value.render(1)?.value).value;
        // The recognisers' rectangles must be in pixels of the cleaned page.
        page.to_page = Transform::IDENTITY;
        let read = tesseract.recognise(&page)?;
        let places = |line: Vec<(_, Vec<sohoa::ocr::Evidence>)>| -> Vec<serde_json::Value> {
            let place = |(kind, candidates): (sohoa::ocr::SegmentKind, Vec<sohoa::ocr::Evidence>)| {
                let candidates: Vec<_> = candidates.into_iter().map(|e| (e.text, e.features.values())).collect();
                serde_json::json!({"k": kind as u8, "c": candidates})
            };
            line.into_iter().map(place).collect()
        };
        let lines: Vec<_> = pair.explain(&page, read)?.into_iter().map(places).collect();
        let json = serde_json::Value::from(lines.into_iter().map(serde_json::Value::from).collect::<Vec<_>>());
        std::fs::write(file.with_extension("json"), json.to_string())
            .map_err(|e| Error::new(ErrorKind::Unwritable, "the evidence cannot be written").file(&file).source(e))?;
    }
    Ok(())
}

//! `certainty OUT PAGE...`: writes for each page image how sure the line network alone is of each place of it, as OUT/NAME.json, from
//! which `tools/weights/certainty.py` fits when the network is believed alone.

use sohoa::clean::Cleaner;
use sohoa::dict::Dictionaries;
use sohoa::error::{Error, ErrorKind, Result};
use sohoa::geometry::Transform;
use sohoa::lm::Model;
use sohoa::ocr::{CtcModel, FusedRecogniser};
use sohoa::raster::Document;
use std::path::PathBuf;
use std::sync::Arc;

fn main() -> Result<()> {
    let folder = CtcModel::find(None).ok_or_else(|| {
        Error::new(ErrorKind::EngineMissing, "the second recogniser is not installed").remedy("run `make recogniser`")
    })?;
    let (model, language) = (Arc::new(CtcModel::load(&folder)?), Arc::new(Model::embedded()?));
    let alone = FusedRecogniser::new(None, model, Arc::new(Dictionaries::embedded()), language)?;
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let out = args.next().unwrap_or_default();
    for file in args {
        let document = Document::open(&file)?.value;
        for number in 1..=document.page_count() {
            let mut page = Cleaner::default().clean(document.render(number)?.value).value;
            page.to_page = Transform::IDENTITY;
            let place =
                |s: sohoa::ocr::Sighting| serde_json::json!({"text": s.text, "kind": s.kind as u8, "signs": s.signs});
            let line = |line: Vec<_>| line.into_iter().map(place).collect::<Vec<_>>();
            let json = serde_json::json!(alone.sightings(&page)?.into_iter().map(line).collect::<Vec<_>>()).to_string();
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            let name = out.join(format!("{stem}@{number}.json"));
            std::fs::write(&name, json)
                .map_err(|e| Error::new(ErrorKind::Unwritable, "the places cannot be written").file(&name).source(e))?;
        }
    }
    Ok(())
}

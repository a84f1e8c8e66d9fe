//! `strips OUT PAGE...`: writes the lines that the network's detector finds on each page, cut as the network sees them, as OUT/NAME@PAGE.strips,
//! on which `tools/network` trains: for each line, from the top, its columns as 4 bytes, little end first, then 96 rows of ink,
//! a byte a column, 0 for paper to 255.

use sohoa::clean::Cleaner;
use sohoa::error::{Error, ErrorKind, Result};
use sohoa::ocr::{CtcModel, LineNetwork, Strip};
use sohoa::raster::Document;
use std::path::PathBuf;

const HEIGHT: usize = 96;

fn main() -> Result<()> {
    let folder = CtcModel::find(None).ok_or_else(|| {
        Error::new(ErrorKind::EngineMissing, "the second recogniser is not installed").remedy("run `make recogniser`")
    })?;
    let model = CtcModel::load(&folder)?;
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let out = args.next().unwrap_or_default();
    for file in args {
        let document = Document::open(&file)?.value;
        for number in 1..=document.page_count() {
            let page = Cleaner::default().clean(document.render(number)?.value).value.pixels.into_luma8();
            let mut bytes = Vec::new();
            for line in model.lines(&page)? {
                let Some(strip) = Strip::cut(&page, &line) else { continue };
                bytes.extend((strip.row(0).len() as u32).to_le_bytes());
                (0..HEIGHT).for_each(|y| bytes.extend(strip.row(y).iter().map(|v| (v * 255.0).round() as u8)));
            }
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            let name = out.join(format!("{stem}@{number}.strips"));
            std::fs::write(&name, bytes)
                .map_err(|e| Error::new(ErrorKind::Unwritable, "the strips cannot be written").file(&name).source(e))?;
        }
    }
    Ok(())
}

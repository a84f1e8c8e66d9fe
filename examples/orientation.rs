//! `orientation [--tesseract] [--as-it-lies] PAGE...`: turns each upright page in four ways, lets the cleaning step find how it lies, and tells what was
//! found wrongly and how long finding took. tools/orientation/sweep.py makes pages. With `--as-it-lies` no page is turned, and
//! for each page of each file the turn found is told.

use image::DynamicImage;
use sohoa::clean::{Cleaner, Turn};
use sohoa::error::Result;
use sohoa::geometry::Transform;
use sohoa::ocr::{Engine, EngineOptions, Engines};
use sohoa::raster::{Document, PageImage};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn main() -> Result<()> {
    let (flags, files): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|a| a.starts_with("--"));
    let given = |flag: &str| flags.iter().any(|f| f == flag);
    // A folder without the network stands for a machine without it.
    let options = EngineOptions {
        engines: if given("--tesseract") { Engines::Tesseract } else { Engines::Both },
        ctc_model: given("--tesseract").then(|| PathBuf::from("/nonexistent")),
        ..EngineOptions::default()
    };
    let resources = sohoa::Resources::embedded();
    let engine = Engine::open(options, resources.dictionaries(), resources.model()?)?.value;
    let plain = Cleaner::default();
    let cleaner = match engine.legibility()? {
        Some(reader) => plain.clone().with_reader(reader),
        None => plain.clone(),
    };
    let (mut all, mut wrong, mut close) = (0, 0, 0);
    // Of pages that lie upright, as most do, and of all.
    let [mut upright, mut every] = [(Duration::ZERO, Duration::ZERO); 2];
    let mut by_kind: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for file in &files {
        let document = Document::open(file)?.value;
        if given("--as-it-lies") {
            for page in 1..=document.page_count() {
                let Ok(image) = document.render(page) else { continue };
                let found = cleaner.examine(image.value).1;
                println!("{file} {page}: {:?} {:.1?} skew {:?}", found.turn, found.ways, found.skew);
            }
            continue;
        }
        let page = document.render(1)?.value;
        let name = PathBuf::from(file).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let kind = name.split('-').next().unwrap_or_default().to_owned();
        let lies: [(fn(&DynamicImage) -> DynamicImage, Turn); 4] = [
            (|p| p.clone(), Turn::None),
            (DynamicImage::rotate90, Turn::ThreeQuarters),
            (DynamicImage::rotate180, Turn::Half),
            (DynamicImage::rotate270, Turn::Quarter),
        ];
        for (lay, turn) in lies {
            let image = PageImage { pixels: lay(&page.pixels), to_page: Transform::IDENTITY, ..page.clone() };
            let start = Instant::now();
            let found = cleaner.examine(image.clone()).1;
            let with = start.elapsed();
            let start = Instant::now();
            plain.examine(image);
            let without = start.elapsed();
            every = (every.0 + with, every.1 + without);
            if turn == Turn::None {
                upright = (upright.0 + with, upright.1 + without);
            }
            all += 1;
            let counts = by_kind.entry(kind.clone()).or_default();
            counts.0 += 1;
            let mut sorted = found.ways;
            sorted.sort_by(f32::total_cmp);
            close += u32::from(sorted[3] - sorted[2] < 12.0);
            if found.turn != turn {
                wrong += 1;
                counts.1 += 1;
                println!("{name} {turn:?}: found {:?}, {:.1?}", found.turn, found.ways);
            }
        }
    }
    for (kind, (pages, wrong)) in by_kind {
        println!("{kind}: {wrong} of {pages} wrong");
    }
    let each = |(with, without): (Duration, Duration), count: u32| {
        let [with, without] = [with, without].map(|time| time.as_secs_f32() * 1000.0 / count.max(1) as f32);
        format!("{:.0} ms a page more than {without:.0}", with - without)
    };
    println!(
        "{wrong} of {all} wrong, {close} with little evidence; {}; of those that lie upright {}",
        each(every, all),
        each(upright, all / 4)
    );
    Ok(())
}

//! `quality FILE...`: recognises each page of each file and tells what its reading is judged by, tab-separated: file, page, quality, lines, legibility,
//! illegible, confidence, unsure, words, in use, marked, mixed, bits. From that of right and ruined pages the weights of the judgement are fitted
//! (tools/quality).

use sohoa::Resources;
use sohoa::clean::Cleaner;
use sohoa::error::Result;
use sohoa::geometry::Transform;
use sohoa::ocr::{Engine, EngineOptions};
use sohoa::pipeline::assess;
use sohoa::raster::Document;

fn main() -> Result<()> {
    let resources = Resources::embedded();
    let (known, model) = (resources.dictionaries(), resources.model()?);
    let engine = Engine::open(EngineOptions::default(), known, model)?.value;
    let Some(reader) = engine.legibility()? else { return Ok(()) };
    let cleaner = Cleaner::default().with_reader(reader.clone());
    for file in std::env::args().skip(1) {
        let document = Document::open(&file)?.value;
        for page in 1..=document.page_count() {
            let mut image = cleaner.clean(document.render(page)?.value).value;
            image.to_page = Transform::IDENTITY;
            let recognised = engine.recognise(&image)?;
            let Some(found) = assess(&image, &recognised, &*reader, known, model) else {
                println!("{file}\t{page}\tnothing");
                continue;
            };
            let (e, t) = (found.evidence, found.evidence.text);
            println!(
                "{file}\t{page}\t{:.3}\t{}\t{:.3}\t{:.3}\t{:.3}\t{:.3}\t{}\t{:.3}\t{:.3}\t{:.3}\t{:.2}",
                found.quality,
                e.lines,
                e.legibility,
                e.illegible,
                e.confidence,
                e.unsure,
                t.words,
                t.in_use,
                t.marked,
                t.mixed,
                t.bits
            );
        }
    }
    Ok(())
}

//! The recognisers on the sample scans: what they read must not depend on what they read before, must lie where it stands on
//! the page, and two of them must not be worse than one.

use sohoa::Resources;
use sohoa::diagnostics::Outcome;
use sohoa::geometry::{Rect, Transform};
use sohoa::ocr::{CtcModel, Engine, EngineOptions, Engines, Recogniser};
use sohoa::page::RecognisedPage;
use sohoa::pipeline::{Reader, ReaderOptions};
use sohoa::raster::PageImage;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn scans() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scans")
}

/// The rows `from..to` of a sample page, in parts of its height.
fn part(name: &str, from: f32, to: f32) -> PageImage {
    let page = image::open(scans().join(name)).unwrap().to_luma8();
    let row = |part: f32| (part * page.height() as f32) as u32;
    let cut = image::imageops::crop_imm(&page, 0, row(from), page.width(), row(to) - row(from)).to_image();
    PageImage { page: 1, pixels: cut.into(), dpi: 300.0, to_page: Transform::IDENTITY }
}

fn open(options: EngineOptions) -> sohoa::Result<Outcome<Engine>> {
    let resources = Resources::embedded();
    Engine::open(options, resources.dictionaries(), resources.model()?)
}

fn recogniser(engines: Engines) -> Box<dyn Recogniser> {
    open(EngineOptions { engines, ..EngineOptions::default() }).unwrap().value.recogniser().unwrap()
}

/// What is installed here.
fn engines() -> Vec<Engines> {
    let network = CtcModel::find(None).is_some();
    if network { vec![Engines::Tesseract, Engines::Both, Engines::Cascade] } else { vec![Engines::Tesseract] }
}

#[test]
fn a_page_reads_the_same_whatever_was_read_before() {
    let (first, second) = ("suoi-ngan-2025q3-L0-page01.png", "suoi-ngan-2025q3-L0-page02.png");
    let (a, b) = (part(first, 0.0, 0.3), part(second, 0.0, 0.3));
    for engines in engines() {
        let alone = recogniser(engines).recognise(&b).unwrap();
        let mut used = recogniser(engines);
        used.recognise(&a).unwrap();
        assert_eq!(used.recognise(&b).unwrap(), alone, "{engines:?}");
        assert!(!alone.lines.is_empty());
    }
}

#[test]
fn words_lie_on_the_page_as_scanned_with_confidences_from_0_to_1() {
    let mut image = part("suoi-ngan-2025q3-L0-page01.png", 0.0, 0.25);
    let (width, height) = (image.pixels.width() as f32, image.pixels.height() as f32);
    // As if the page had been halved and moved in cleaning.
    image.to_page = Transform::scale(2.0).then(&Transform::shift(100.0, 50.0));
    let page = Rect::new(100.0, 50.0, 100.0 + 2.0 * width, 50.0 + 2.0 * height);
    for engines in engines() {
        let seen = recogniser(engines).recognise(&image).unwrap();
        let words: Vec<_> = seen.lines.iter().flat_map(|l| &l.words).collect();
        assert!(words.len() > 20, "{engines:?}");
        for word in words {
            assert_eq!(word.rect.union(&page), page, "{engines:?}: `{}` lies off the page", word.text);
            assert!(word.rect.width() > 0.0 && word.rect.height() > 0.0, "{engines:?}: {word:?}");
            assert!((0.0..=1.0).contains(&word.confidence), "{engines:?}: {word:?}");
            assert!(word.alternatives.iter().all(|a| a.text != word.text && (0.0..=1.0).contains(&a.confidence)));
        }
    }
}

#[test]
#[ignore = "needs the second recogniser: `make recogniser`"]
fn the_header_is_read_row_by_row_with_its_columns_apart() {
    let image = part("suoi-ngan-2025q3-L0-page01.png", 0.0, 0.25);
    let seen = recogniser(Engines::default()).recognise(&image).unwrap();
    let at = |start: &str| {
        let found = seen.lines.iter().position(|l| l.text().starts_with(start));
        found.unwrap_or_else(|| panic!("no line starts with `{start}`:\n{}", seen.text()))
    };
    let (motto, freedom) = (at("CỘNG HÒA"), at("Độc lập"));
    assert!(motto > 0 && motto < freedom, "{}", seen.text());
    assert_ne!(seen.lines[motto - 1].block, seen.lines[motto].block, "the issuer stands in a column of its own");
    assert_eq!(seen.lines[motto].block, seen.lines[freedom].block);
}

/// How many words of the page are not among those that are printed, and how many printed ones are not read.
fn errors(seen: &RecognisedPage, truth: &str) -> usize {
    let mut count: BTreeMap<&str, i32> = BTreeMap::new();
    truth.split_whitespace().for_each(|w| *count.entry(w).or_default() += 1);
    let text = seen.text();
    text.split_whitespace().for_each(|w| *count.entry(w).or_default() -= 1);
    count.values().map(|n| n.unsigned_abs() as usize).sum()
}

#[test]
#[ignore = "needs the second recogniser: `make recogniser`"]
fn two_recognisers_err_less_than_one() {
    let name = "vinh-lac-2024q1-L2";
    let document = sohoa::raster::Document::open(scans().join(format!("{name}.pdf"))).unwrap().value;
    let image = document.render(1).unwrap().value;
    let truth = std::fs::read_to_string(scans().join(format!("{name}-page01.gt.txt"))).unwrap();
    let [one, two, cascade] = [Engines::Tesseract, Engines::Both, Engines::Cascade].map(|engines| {
        let seen = recogniser(engines).recognise(&image).unwrap();
        errors(&seen, &truth)
    });
    assert!(two < one, "{two} words wrong with both recognisers, {one} with tesseract alone");
    assert!(cascade < one, "{cascade} words wrong in cascade, {one} with tesseract alone");
}

#[test]
fn a_damaged_network_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("meta.json"), "{}").unwrap();
    let options = EngineOptions { ctc_model: Some(folder.path().into()), ..EngineOptions::default() };
    let error = open(options).unwrap_err();
    assert_eq!(error.kind(), sohoa::ErrorKind::Model);
    assert!(error.to_string().contains("make recogniser"), "{error}");
}

/// The text of a page image as `sohoa read` gives it.
fn read(pixels: &image::DynamicImage, engines: Engines) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.png");
    pixels.save(&file).unwrap();
    let engine = EngineOptions { engines, ..EngineOptions::default() };
    let reader = Reader::new(ReaderOptions { engine, ..ReaderOptions::default() }).unwrap();
    reader.read(&file).unwrap().text()
}

#[test]
#[ignore = "needs the second recogniser: `make recogniser`"]
fn a_page_on_its_side_keeps_its_number() {
    let upright = image::open(scans().join("suoi-ngan-2025q3-L0-page02.png")).unwrap();
    for engines in [Engines::Both, Engines::Cascade] {
        let text = read(&upright, engines);
        assert!(text.starts_with("2\n"), "{engines:?}: {text}");
        assert_eq!(read(&upright.rotate90(), engines), text, "{engines:?}");
    }
}

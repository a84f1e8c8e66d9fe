//! Cleaning a sample page that was scanned the wrong way: what comes out must be the page as if it had been scanned right, and
//! its transform must lead back to where things stood on the scan.

use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage, imageops};
use sohoa::clean::{CleanOptions, Cleaner, Turn};
use sohoa::geometry::Transform;
use sohoa::ocr::{Engine, EngineOptions};
use sohoa::raster::PageImage;
use std::path::Path;

fn sample() -> GrayImage {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scans/suoi-ngan-2025q3-L0-page02.png");
    image::open(file).unwrap().to_luma8()
}

fn page(pixels: impl Into<DynamicImage>, dpi: f32) -> PageImage {
    PageImage { page: 1, pixels: pixels.into(), dpi, to_page: Transform::IDENTITY }
}

/// The corners of the smallest rectangle around the ink of `page`, in its pixels.
fn ink(page: &GrayImage) -> [f32; 4] {
    let mut found = [f32::MAX, f32::MAX, 0.0, 0.0];
    for (x, y, _) in page.enumerate_pixels().filter(|(_, _, p)| p.0[0] < 128) {
        let (x, y) = (x as f32, y as f32);
        found = [found[0].min(x), found[1].min(y), found[2].max(x), found[3].max(y)];
    }
    found
}

#[test]
fn a_page_that_lies_wrong_comes_out_as_the_upright_one() {
    let resources = sohoa::Resources::embedded();
    let engine =
        Engine::open(EngineOptions::default(), resources.dictionaries(), resources.model().unwrap()).unwrap().value;
    let cleaner = Cleaner::default().with_reader(engine.legibility().unwrap().unwrap());
    let upright = sample();
    let (want, _) = cleaner.examine(page(upright.clone(), 300.0));
    let mut negative = upright.clone();
    imageops::invert(&mut negative);
    let cases = [
        ("on its right side", imageops::rotate90(&upright), Turn::ThreeQuarters, false),
        ("upside down", imageops::rotate180(&upright), Turn::Half, false),
        ("on its left side", imageops::rotate270(&upright), Turn::Quarter, false),
        ("white on black", negative, Turn::None, true),
    ];
    for (name, scanned, turn, inverted) in cases {
        let on_scan = ink(&scanned);
        let (clean, found) = cleaner.examine(page(scanned, 300.0));
        assert_eq!((found.turn, found.inverted), (turn, inverted), "{name}");
        assert!(clean.pixels == want.pixels, "{name}: not the upright page");
        if !inverted {
            let [x0, y0, x1, y1] = ink(&clean.pixels.to_luma8());
            let back = clean.to_page.rect(&sohoa::geometry::Rect::new(x0, y0, x1 + 1.0, y1 + 1.0));
            let off =
                [back.x0 - on_scan[0], back.y0 - on_scan[1], back.x1 - on_scan[2] - 1.0, back.y1 - on_scan[3] - 1.0];
            assert!(off.iter().all(|d| d.abs() < 1.5), "{name}: {back:?} for {on_scan:?}");
        }
    }
}

#[test]
fn an_upright_page_stays_upright_on_coloured_paper_and_of_few_lines() {
    let resources = sohoa::Resources::embedded();
    let engine =
        Engine::open(EngineOptions::default(), resources.dictionaries(), resources.model().unwrap()).unwrap().value;
    let cleaner = Cleaner::default().with_reader(engine.legibility().unwrap().unwrap());
    let upright = sample();
    let yellow = RgbImage::from_fn(upright.width(), upright.height(), |x, y| {
        let level = u32::from(upright.get_pixel(x, y).0[0]);
        Rgb([240, 222, 130].map(|paper| (level * paper / 255) as u8))
    });
    // Three lines of the page, the rest of it white.
    let third = upright.height() / 3;
    let few = GrayImage::from_fn(upright.width(), upright.height(), |x, y| {
        if (third..third + 240).contains(&y) { *upright.get_pixel(x, y) } else { Luma([255]) }
    });
    let cases: [(&str, DynamicImage); 2] = [("coloured", yellow.into()), ("few lines", few.into())];
    for (name, scanned) in cases {
        assert_eq!(cleaner.examine(page(scanned.clone(), 300.0)).1.turn, Turn::None, "{name}");
        assert_eq!(cleaner.examine(page(scanned.rotate180(), 300.0)).1.turn, Turn::Half, "{name}");
    }
}

#[test]
fn a_resolution_that_cannot_be_is_told_by_the_letters() {
    let upright = sample();
    let small = imageops::resize(&upright, upright.width() / 3, upright.height() / 3, imageops::FilterType::Triangle);
    let (clean, found) = Cleaner::default().examine(page(small.clone(), 300.0));
    let measured = found.measured.expect("letters of four points");
    assert!((85.0..=120.0).contains(&measured), "{measured}");
    assert!(clean.pixels.width() > 2 * small.width());
    assert_eq!(Cleaner::default().examine(page(small, 100.0)).1.measured, None);
    assert_eq!(Cleaner::default().examine(page(upright, 300.0)).1.measured, None);
}

#[test]
fn a_page_of_200_dpi_is_enlarged_for_the_line_network_only() {
    let scanned = sample();
    let width = |cleaner: Cleaner, dpi: f32| {
        let factor = dpi / 300.0;
        let size = |side: u32| (side as f32 * factor).round() as u32;
        let small =
            imageops::resize(&scanned, size(scanned.width()), size(scanned.height()), imageops::FilterType::Triangle);
        let width = small.width() as f32;
        cleaner.examine(page(small, dpi)).0.pixels.width() as f32 / width
    };
    let about = |found: f32, wanted: f32| assert!((found - wanted).abs() < 0.01, "{found} for {wanted}");
    about(width(Cleaner::default(), 200.0), 1.5);
    about(width(Cleaner::default().for_tesseract(), 200.0), 1.0);
    about(width(Cleaner::default().for_tesseract(), 150.0), 2.0);
}

#[test]
fn a_page_skewed_by_ten_degrees_is_level_again() {
    let upright = sample();
    let (sin, cos) = 10f32.to_radians().sin_cos();
    let (w, h) = (upright.width(), upright.height());
    let (cx, cy) = (w as f32 / 2.0, h as f32 / 2.0);
    let skewed = GrayImage::from_fn(w, h, |x, y| {
        let (dx, dy) = (x as f32 - cx, y as f32 - cy);
        let (sx, sy) = (cx + cos * dx + sin * dy, cy - sin * dx + cos * dy);
        if sx < 0.0 || sy < 0.0 {
            Luma([255])
        } else {
            upright.get_pixel_checked(sx as u32, sy as u32).copied().unwrap_or(Luma([255]))
        }
    });
    let (clean, found) = Cleaner::default().examine(page(skewed, 300.0));
    assert!((found.straightened.abs() - 10.0).abs() < 0.2, "{}", found.straightened);
    // Print that is a smaller part of the page than it was is harder to find.
    let (width, height) = (clean.pixels.width() as f32 / w as f32, clean.pixels.height() as f32 / h as f32);
    assert!(width < 1.05 && height < 1.05, "grown {width} and {height} times");
    let [x0, y0, x1, y1] = ink(&clean.pixels.to_luma8());
    let (a, b) = (clean.to_page.point(x0.into(), y0.into()), clean.to_page.point(x1.into(), y1.into()));
    assert!(((b.0 - a.0).hypot(b.1 - a.1) - f64::from((x1 - x0).hypot(y1 - y0))).abs() < 1.0, "{a:?} {b:?}");
    let (_, again) = Cleaner::default().examine(page(clean.pixels, 300.0));
    assert!(again.skew.is_some_and(|s| s.abs() < 0.2), "{:?}", again.skew);
}

#[test]
fn a_faint_seal_from_the_other_side_is_no_print() {
    let ghost = GrayImage::from_fn(1240, 1754, |x, y| {
        let radius = ((x as f32 - 800.0).powi(2) + (y as f32 - 1100.0).powi(2)).sqrt();
        let ring = (190.0..210.0).contains(&radius) || (60.0..150.0).contains(&radius) && (x / 9 + y / 7) % 3 == 0;
        Luma([if ring { 226 } else { 250 }])
    });
    let outcome = Cleaner::default().clean(page(ghost, 150.0));
    assert!(outcome.value.pixels.to_luma8().pixels().all(|p| p.0[0] == 255));
    assert!(outcome.diagnostics.iter().any(|d| d.message.contains("blank")));
}

#[test]
fn a_seal_over_print_is_lifted_and_the_print_is_not() {
    let print = sample();
    let (cx, cy) = (print.width() as f32 * 0.6, print.height() as f32 * 0.3);
    let sealed = RgbImage::from_fn(print.width(), print.height(), |x, y| {
        let ink = print.get_pixel(x, y).0[0];
        let radius = ((x as f32 - cx).powi(2) + (y as f32 - cy).powi(2)).sqrt();
        let ring = (185.0..212.0).contains(&radius) || (90.0..160.0).contains(&radius) && (x / 11 + y / 13) % 2 == 0;
        let under = |part: u32| (u32::from(ink) * part / 255) as u8;
        if ring { Rgb([under(220), under(50), under(60)]) } else { Rgb([ink, ink, ink]) }
    });
    let (clean, found) = Cleaner::default().examine(page(sealed.clone(), 300.0));
    assert_eq!(found.inks.seals.len(), 1);
    let mut negative = sealed.clone();
    imageops::invert(&mut negative);
    assert!(
        Cleaner::default().examine(page(negative, 300.0)).0.pixels == clean.pixels,
        "not the page that was inverted"
    );
    let off = |page: &GrayImage| {
        let wrong = page.pixels().zip(print.pixels()).filter(|(a, b)| (a.0[0] < 128) != (b.0[0] < 128));
        wrong.count()
    };
    let without = CleanOptions { seals: false, ..CleanOptions::default() };
    let (left, _) = Cleaner::new(without).examine(page(sealed, 300.0));
    let (lifted, left) = (off(&clean.pixels.to_luma8()), off(&left.pixels.to_luma8()));
    assert!(lifted * 20 < left, "{lifted} pixels wrong with the seal lifted, {left} with it left");
}

#[test]
fn no_step_leaves_the_page_as_it_is() {
    let sideways = imageops::rotate90(&sample());
    let (same, _) = Cleaner::new(CleanOptions::none()).examine(page(sideways.clone(), 300.0));
    assert!(same.pixels == sideways.into());
    assert_eq!(same.to_page, Transform::IDENTITY);
}

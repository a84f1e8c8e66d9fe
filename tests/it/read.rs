//! `sohoa read` as its users run it: on scans of the fixtures, and on what is no scan.

use crate::program::{Ended, Sohoa, fixture};
use std::fs;
use std::path::Path;

fn read(arguments: &[&Path], out: &Path, more: &[&str]) -> Ended {
    let call = Sohoa::new(["read", "--engine", "tesseract", "--out"]).arg(out).args(arguments).args(more);
    call.run()
}

fn report(path: &Path) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn a_scan_becomes_text_and_figures() {
    let out = tempfile::tempdir().unwrap();
    let ended = read(&[&fixture("scans/suoi-ngan-2025q3-L0-page01.png")], out.path(), &[]);
    ended.ok();
    let text = fs::read_to_string(out.path().join("suoi-ngan-2025q3-L0-page01.txt")).unwrap();
    assert!(text.contains("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), "{text}");
    let report = report(&out.path().join("suoi-ngan-2025q3-L0-page01.json"));
    assert_eq!(report["schema"], "sohoa.report/1");
    assert_eq!(report["pages"][0]["status"], "read");
    assert_eq!(report["document"]["type"], "Báo cáo");
    assert_eq!(report["indicators"]["dossiers.received.online"]["value"], 1905);
    let rect = report["figures"][0]["place"]["rect"].as_array().unwrap();
    assert_eq!(rect.len(), 4);
}

#[test]
fn the_number_of_jobs_changes_no_byte() {
    let scan = fixture("scans/suoi-ngan-2025q3-L3.tif");
    let [one, two] = ["1", "2"].map(|jobs| {
        let out = tempfile::tempdir().unwrap();
        read(&[&scan], out.path(), &["--jobs", jobs]);
        ["json", "txt"].map(|e| fs::read(out.path().join(format!("suoi-ngan-2025q3-L3.{e}"))).unwrap())
    });
    assert_eq!(one, two);
}

#[test]
fn only_the_pages_asked_for_are_read_and_the_others_are_said_to_be_left_out() {
    let out = tempfile::tempdir().unwrap();
    let scan = fixture("scans/vinh-lac-2024q1-L3.pdf");
    let more = |pages| ["--pages", pages];
    read(&[&scan], out.path(), &more("2-3")).ok();
    let name = out.path().join("vinh-lac-2024q1-L3");
    let told = report(&name.with_extension("json"));
    let states: Vec<&str> = told["pages"].as_array().unwrap().iter().map(|p| p["status"].as_str().unwrap()).collect();
    assert_eq!(states, ["left_out", "read", "read"]);
    let text = fs::read_to_string(name.with_extension("txt")).unwrap();
    let pages: Vec<&str> = text.split('\u{c}').collect();
    assert!(pages.len() == 3 && pages[0].is_empty() && !pages[1].is_empty(), "{text}");
    assert!(told["figures"].as_array().unwrap().iter().all(|f| f["place"]["page"] != 1));
    let ended = read(&[&scan], out.path(), &more("4-")).with_code(6);
    assert!(ended.stderr.contains("none of the pages asked for is in the file, which has 3"), "{}", ended.stderr);
    let ended = read(&[&scan], out.path(), &more("3-1")).with_code(2);
    assert!(ended.stderr.contains("1-3,7"), "{}", ended.stderr);
}

#[test]
fn a_bad_file_does_not_stop_the_others_and_shows_in_its_report() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("torn.pdf"), b"%PDF-1.4\nnothing more").unwrap();
    let blank = image::GrayImage::from_pixel(827, 1169, image::Luma([255]));
    blank.save(folder.path().join("blank.png")).unwrap();
    let out = tempfile::tempdir().unwrap();
    let ended = read(&[folder.path()], out.path(), &[]);
    assert!(ended.with_code(6).stderr.contains("torn.pdf"));
    assert_eq!(report(&out.path().join("blank.json"))["pages"][0]["status"], "read");
    assert_eq!(report(&out.path().join("torn.json"))["diagnostics"][0]["severity"], "error");
}

#[test]
fn what_cannot_be_read_or_written_has_its_own_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let letter = folder.path().join("letter.docx");
    fs::write(&letter, b"PK\x03\x04 an office document").unwrap();
    let empty = folder.path().join("empty.pdf");
    fs::write(&empty, b"").unwrap();
    let out = folder.path().join("out");
    for (input, word) in [(&letter, "docx"), (&empty, "empty"), (&folder.path().join("none.pdf"), "no such file")] {
        let ended = read(&[input], &out, &[]);
        let said = ended.with_code(3).stderr;
        assert!(said.contains(word), "{said}");
    }
    let nothing = tempfile::tempdir().unwrap();
    read(&[nothing.path()], &out, &[]).with_code(3);
    read(&[&letter], &letter, &[]).with_code(5);
    Sohoa::new(["read"]).run().with_code(2);
}

#[test]
fn resuming_leaves_what_is_there_alone() {
    let folder = tempfile::tempdir().unwrap();
    let scan = folder.path().join("blank.png");
    image::GrayImage::from_pixel(827, 1169, image::Luma([255])).save(&scan).unwrap();
    let out = tempfile::tempdir().unwrap();
    read(&[&scan], out.path(), &[]);
    let text = out.path().join("blank.txt");
    fs::write(&text, "marked").unwrap();
    read(&[&scan], out.path(), &["--resume"]);
    assert_eq!(fs::read_to_string(&text).unwrap(), "marked");
    image::GrayImage::from_pixel(828, 1170, image::Luma([255])).save(&scan).unwrap();
    read(&[&scan], out.path(), &["--resume"]);
    assert_ne!(fs::read_to_string(&text).unwrap(), "marked", "the scan has changed and must be read again");
}

#[test]
fn a_page_that_reads_as_no_language_is_read_partly_and_gives_no_sure_figure() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mirrored.png");
    let upright = image::open(fixture("scans/suoi-ngan-2025q3-L0-page02.png")).unwrap();
    upright.fliph().crop_imm(0, 0, upright.width(), upright.height() / 3).save(&file).unwrap();
    let ended = read(&[&file], dir.path(), &[]);
    assert_eq!(ended.code, Some(6));
    let report = report(&dir.path().join("mirrored.json"));
    let page = &report["pages"][0];
    assert_eq!(page["status"], "partly");
    assert!(page["quality"].as_f64().unwrap() < 0.5 && page["confidence"].as_f64().unwrap() < 0.6, "{page}");
    let figures = report["figures"].as_array().unwrap();
    assert!(figures.iter().all(|f| f["confidence"].as_f64().unwrap() <= 0.5));
    let told = report["diagnostics"].as_array().unwrap().iter().any(|d| d["severity"] == "warning");
    assert!(told, "nothing is said of it");
}

/// The page with the lower halves of its lines white, as a copier leaves them whose glass is not clean.
fn halved(page: &image::GrayImage) -> image::GrayImage {
    let inked = |y: u32| (0..page.width()).any(|x| page.get_pixel(x, y).0[0] < 128);
    let mut out = page.clone();
    let mut y = 0;
    while y < page.height() {
        let end = (y..page.height()).find(|&row| !inked(row)).unwrap_or(page.height());
        for row in end - (end - y) * 3 / 5..end {
            (0..page.width()).for_each(|x| out.put_pixel(x, row, image::Luma([255])));
        }
        y = end.max(y) + 1;
    }
    out
}

#[test]
fn a_page_of_print_of_which_a_word_or_two_were_read_is_read_partly() {
    let folder = tempfile::tempdir().unwrap();
    let page = image::open(fixture("scans/suoi-ngan-2025q3-L0-page01.png")).unwrap().to_luma8();
    let file = folder.path().join("halved.png");
    halved(&page).save(&file).unwrap();
    let out = tempfile::tempdir().unwrap();
    read(&[&file], out.path(), &["--format", "json"]).with_code(6);
    let report = report(&out.path().join("halved.json"));
    let page = &report["pages"][0];
    assert_eq!(page["status"], "partly", "{page:#}");
    assert!(page["confidence"].as_f64().unwrap() < 0.5, "{page:#}");
}

#[test]
fn print_of_which_nothing_could_be_read_is_told_and_a_blank_back_page_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let page = image::open(fixture("scans/suoi-ngan-2025q3-L0-page01.png")).unwrap().to_luma8();
    let (wide, high) = (page.width(), page.height() / 4);
    let head = image::imageops::crop_imm(&page, 0, page.height() / 3, wide, high).to_image();
    let blurred = image::imageops::blur(&head, wide as f32 / 250.0);
    blurred.save(folder.path().join("blurred.png")).unwrap();
    image::GrayImage::from_pixel(wide, high, image::Luma([250])).save(folder.path().join("blank.png")).unwrap();
    // The ring of a seal that went through to the back page, in pieces.
    let mut seal = image::GrayImage::from_pixel(wide, high, image::Luma([250]));
    for piece in 0..30 {
        let (sin, cos) = (f64::from(piece) * 0.21).sin_cos();
        let (x, y) = (f64::from(wide) * (0.3 + 0.06 * cos), f64::from(high) / 2.0 + f64::from(wide) * 0.06 * sin);
        for (dx, dy) in (0..14).flat_map(|d| [(d, d / 3), (d, d / 3 + 1), (d, d / 3 + 2)]) {
            seal.put_pixel(x as u32 + dx, y as u32 + dy, image::Luma([60]));
        }
    }
    seal.save(folder.path().join("seal.png")).unwrap();
    let out = tempfile::tempdir().unwrap();
    let pages = ["blurred.png", "blank.png", "seal.png"].map(|name| folder.path().join(name));
    read(&[&pages[0], &pages[1], &pages[2]], out.path(), &["--format", "json"]).with_code(6);
    let blurred = report(&out.path().join("blurred.json"));
    assert_eq!(blurred["pages"][0]["status"], "partly", "{blurred:#}");
    let told = blurred["diagnostics"].as_array().unwrap();
    assert!(told.iter().any(|d| d["message"].as_str().unwrap().contains("was read")), "{told:?}");
    for name in ["blank", "seal"] {
        let page = report(&out.path().join(name).with_extension("json"));
        assert_eq!(page["pages"][0]["status"], "read", "{page:#}");
    }
}

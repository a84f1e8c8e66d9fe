//! `sohoa eval` and `sohoa degrade` as their users call them.

use crate::program::{self, Ended, Sohoa};
use serde_json::Value;

fn sohoa(args: &[&str]) -> Ended {
    Sohoa::new(args).run()
}

fn json(args: &[&str]) -> Value {
    sohoa(args).ok().json()
}

fn fixture(name: &str) -> String {
    program::fixture(name).to_string_lossy().into_owned()
}

#[test]
fn a_report_against_itself_has_no_error_and_all_its_figures() {
    let reports = fixture("reports");
    let total = json(&["eval", &reports, &reports, "--json"])["total"].clone();
    for key in ["cer", "wer", "tone_mark_error_rate", "letter_error_rate", "spacing_error_rate", "moved"] {
        assert_eq!(total[key], 0.0, "{key}");
    }
    assert_eq!((&total["syllable_recall"], &total["digit_exact"]), (&Value::from(1.0), &Value::from(1.0)));
    assert_eq!(total["indicators"]["f1"], 1.0);
    assert_eq!(total["harm_rate"], Value::Null);
}

#[test]
fn stripped_text_loses_marks_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (clean, damaged) = (fixture("reports/vinh-lac-2024q1.txt"), folder.path().join("x.txt"));
    let out = damaged.to_str().unwrap();
    sohoa(&["degrade", &clean, "--recipe", "stripped", "--out", out]).ok();
    let total = json(&["eval", &clean, out, "--json", "--before", &clean])["total"].clone();
    let counts = &total["counts"];
    assert_eq!((&total["letter_error_rate"], &total["case_error_rate"]), (&Value::from(0.0), &Value::from(0.0)));
    assert_eq!(counts["mark_edits"], counts["character_edits"]);
    assert_eq!(counts["harmed"], counts["wrong_marks"]);
    assert!(counts["wrong_marks"].as_u64() > Some(500));
}

#[test]
fn a_sample_is_made_again_from_its_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let clean = fixture("reports/suoi-ngan-2025q3.txt");
    let (first, manifest, second) = (path("first.txt"), path("first.json"), path("second.txt"));
    let asked = ["degrade", &clean, "--recipe", "english", "--seed", "41", "--out", &first, "--manifest", &manifest];
    sohoa(&asked).ok();
    let made: Value = serde_json::from_slice(&std::fs::read(&manifest).unwrap()).unwrap();
    let (recipe, seed) = (made["recipe"].to_string(), made["seed"].to_string());
    sohoa(&["degrade", &clean, "--recipe", &recipe, "--seed", &seed, "--out", &second]).ok();
    assert_eq!(std::fs::read(&first).unwrap(), std::fs::read(&second).unwrap());
    assert_ne!(std::fs::read(&first).unwrap(), std::fs::read(&clean).unwrap());
}

#[test]
fn what_cannot_be_scored_is_named_with_its_exit_code() {
    let report = fixture("reports/suoi-ngan-2025q3.txt");
    for (args, code, said) in [
        (["eval", "no-such-file", report.as_str()], 3, "there is no such file"),
        (["eval", report.as_str(), &fixture("scans/suoi-ngan-2025q3-L1.pdf")], 3, "sohoa read"),
        (["degrade", report.as_str(), "--recipe=unheard-of"], 3, "no recipe is called `unheard-of`"),
    ] {
        let done = sohoa(&args);
        let stderr = done.with_code(code).stderr;
        assert!(stderr.contains(said), "{stderr}");
    }
}

#[test]
fn the_manifest_of_the_fixtures_is_true() {
    use sha2::{Digest, Sha256};
    let manifest: toml::Value = toml::from_str(&std::fs::read_to_string(fixture("MANIFEST.toml")).unwrap()).unwrap();
    for entry in manifest["file"].as_array().unwrap() {
        let name = entry["file"].as_str().unwrap();
        let bytes = std::fs::read(fixture(name)).unwrap();
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(Some(digest.as_str()), entry["sha256"].as_str(), "{name}: run tools/fixtures/build.py");
    }
}

/// A page of one line in a font that every reader has.
fn pdf(line: &str) -> Vec<u8> {
    use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str};
    let [catalog, tree, page, text, font] = [1, 2, 3, 4, 5].map(Ref::new);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids([page]).count(1);
    let mut sheet = pdf.page(page);
    sheet.media_box(Rect::new(0.0, 0.0, 595.0, 842.0)).parent(tree).contents(text);
    sheet.resources().fonts().pair(Name(b"F"), font);
    sheet.finish();
    pdf.type1_font(font).base_font(Name(b"Helvetica"));
    let mut content = Content::new();
    content.begin_text().set_font(Name(b"F"), 14.0).next_line(72.0, 700.0).show(Str(line.as_bytes())).end_text();
    pdf.stream(text, &content.finish());
    pdf.finish()
}

#[test]
fn the_text_of_a_pdf_is_scored_as_it_stands_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (truth, read) = (folder.path().join("x.gt.txt"), folder.path().join("x.pdf"));
    std::fs::write(&truth, "tong so ho so 1.077, da xong 369").unwrap();
    std::fs::write(&read, pdf("tong so ho so 1.017, da xong 369")).unwrap();
    let total = json(&["eval", truth.to_str().unwrap(), read.to_str().unwrap(), "--json"])["total"].clone();
    let counts = &total["counts"];
    assert_eq!((&counts["right"], &counts["syllables"]), (&Value::from(7), &Value::from(8)));
    assert_eq!(counts["digit_edits"], 1);
}

#[test]
fn a_system_is_told_apart_from_a_worse_one_and_not_from_itself() {
    let folder = tempfile::tempdir().unwrap();
    let clean = fixture("reports/vinh-lac-2024q1.txt");
    let worse = folder.path().join("vinh-lac-2024q1.txt");
    sohoa(&["degrade", &clean, "--recipe", "half", "--out", worse.to_str().unwrap()]).ok();
    let against = |other: &str| json(&["eval", &clean, &clean, "--against", other, "--json"])["significance"].clone();
    assert!(against(worse.to_str().unwrap())["syllable_recall"]["p"].as_f64() < Some(0.01));
    assert_eq!(against(&clean)["syllable_recall"]["p"], 1.0);
}

#[test]
fn the_report_for_a_browser_needs_nothing_but_itself() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("report.html");
    let (clean, damaged) = (fixture("reports/vinh-lac-2024q1.txt"), folder.path().join("x.txt"));
    sohoa(&["degrade", &clean, "--recipe", "worn", "--out", damaged.to_str().unwrap()]).ok();
    let args = ["eval", &clean, damaged.to_str().unwrap(), "--html", page.to_str().unwrap()];
    sohoa(&args).ok();
    let html = std::fs::read_to_string(page).unwrap();
    for part in ["The worst lines", "Tones", "Side by side", "class=\"heat\""] {
        assert!(html.contains(part), "{part}");
    }
    for outside in ["http:", "https:", "src=", "@import", "url("] {
        assert!(!html.contains(outside), "{outside}");
    }
}

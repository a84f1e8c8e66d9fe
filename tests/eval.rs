//! `sohoa eval` and `sohoa degrade` as their users call them.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn sohoa(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sohoa")).args(args).output().expect("the program starts")
}

fn json(args: &[&str]) -> Value {
    let done = sohoa(args);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).expect("stdout is JSON")
}

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name).to_string_lossy().into_owned()
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
    assert!(sohoa(&["degrade", &clean, "--recipe", "stripped", "--out", out]).status.success());
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
    assert!(sohoa(&asked).status.success());
    let made: Value = serde_json::from_slice(&std::fs::read(&manifest).unwrap()).unwrap();
    let (recipe, seed) = (made["recipe"].to_string(), made["seed"].to_string());
    assert!(sohoa(&["degrade", &clean, "--recipe", &recipe, "--seed", &seed, "--out", &second]).status.success());
    assert_eq!(std::fs::read(&first).unwrap(), std::fs::read(&second).unwrap());
    assert_ne!(std::fs::read(&first).unwrap(), std::fs::read(&clean).unwrap());
}

#[test]
fn what_cannot_be_scored_is_named_with_its_exit_code() {
    let report = fixture("reports/suoi-ngan-2025q3.txt");
    for (args, code, said) in [
        (["eval", "no-such-file", report.as_str()], 3, "there is no such file"),
        (["eval", report.as_str(), &fixture("scans/suoi-ngan-2025q3-L1.pdf")], 3, "pdftotext"),
        (["degrade", report.as_str(), "--recipe=unheard-of"], 3, "no recipe is called `unheard-of`"),
    ] {
        let done = sohoa(&args);
        let stderr = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(code), "{stderr}");
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

//! The files in dictionaries/ are what their manifest says, in the form that `sohoa dict check` asks for.

use crate::program::Sohoa;
use sha2::{Digest, Sha256};
use sohoa::dict::Dictionaries;
use sohoa::text::syllable::Syllable;
use sohoa::text::syllable::ToneStyle;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries")
}

fn manifest() -> Vec<toml::Table> {
    let text = fs::read_to_string(folder().join("MANIFEST.toml")).unwrap();
    let manifest: toml::Table = text.parse().unwrap();
    manifest["file"].as_array().unwrap().iter().map(|f| f.as_table().unwrap().clone()).collect()
}

fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|l| !l.is_empty() && !l.starts_with('#'))
}

#[test]
fn every_file_is_as_the_manifest_says() {
    for file in manifest() {
        let name = file["name"].as_str().unwrap();
        for field in ["origin", "licence", "date"] {
            assert!(file[field].as_str().is_some_and(|v| !v.is_empty()), "{name} has no {field}");
        }
        let bytes = fs::read(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        // Trained files are made by a command and carry the hash of what they were made from; nobody edits them.
        if file.get("trained").and_then(toml::Value::as_bool) == Some(true) {
            continue;
        }
        let sha256: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(file["sha256"].as_str(), Some(&*sha256), "{name} was edited: put its new sha256 in MANIFEST.toml");
        if let Some(rows) = file.get("rows").and_then(|r| r.as_integer()) {
            let held = entries(std::str::from_utf8(&bytes).unwrap()).count() as i64;
            assert_eq!(rows, held, "{name} was edited: put its new number of rows in MANIFEST.toml");
        }
    }
}

#[test]
fn every_list_is_in_the_manifest() {
    let listed: BTreeSet<String> = manifest().iter().map(|f| f["name"].as_str().unwrap().to_owned()).collect();
    for name in data_files() {
        assert!(name == "MANIFEST.toml" || listed.contains(&name), "{name} has no origin and licence in MANIFEST.toml");
    }
}

/// The data files by their names in the folder, but for those that a command has made and nobody edits.
fn data_files() -> Vec<String> {
    let made: BTreeSet<String> = manifest()
        .iter()
        .filter(|f| f.get("trained").and_then(toml::Value::as_bool) == Some(true))
        .map(|f| f["name"].as_str().unwrap().to_owned())
        .collect();
    let mut files = Vec::new();
    for below in ["", "indicators/"] {
        for entry in fs::read_dir(folder().join(below)).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{below}{}", entry.file_name().into_string().unwrap());
            if entry.file_type().unwrap().is_file() && !made.contains(&name) {
                files.push(name);
            }
        }
    }
    files
}

#[test]
fn dict_check_knows_every_data_file_and_finds_nothing_wrong() {
    for name in data_files() {
        let ended = Sohoa::new(["dict", "check"]).arg(folder().join(&name)).run();
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), ""), "{name}");
        // As a file of a user's own it would be taken for a list of words: a form that is not its own has to be refused.
        let strange = tempfile::tempdir().unwrap();
        let path = strange.path().join(Path::new(&name).file_name().unwrap());
        fs::write(&path, "unheard-of = 1\tof\tfour\tcolumns\n").unwrap();
        assert_eq!(Sohoa::new(["dict", "check"]).arg(&path).run().code, Some(3), "{name} is not known by its name");
    }
}

#[test]
fn every_syllable_in_use_survives_being_taken_apart() {
    use unicode_normalization::UnicodeNormalization;
    let text = fs::read_to_string(folder().join("syllables.tsv")).unwrap();
    for spelled in entries(&text).map(|l| l.split('\t').next().unwrap()) {
        let syllable = Syllable::parse(spelled).unwrap();
        let rebuilt = Syllable::new(syllable.onset(), syllable.rime(), syllable.tone()).unwrap();
        assert_eq!(rebuilt.compose(ToneStyle::Old), spelled);
        let new = syllable.compose(ToneStyle::New);
        assert_eq!(ToneStyle::Old.apply(&new), spelled);
        for written in [new.to_uppercase(), spelled.nfd().collect(), new.nfd().collect()] {
            assert_eq!(Syllable::parse(&written), Some(syllable), "{written}");
        }
    }
}

#[test]
fn the_embedded_dictionaries_are_these_files() {
    let known = Dictionaries::embedded();
    let text = fs::read_to_string(folder().join("places.tsv")).unwrap();
    for name in entries(&text).map(|l| l.split('\t').next().unwrap()) {
        assert!(known.is_place(&name.to_uppercase()), "{name}");
    }
    let text = fs::read_to_string(folder().join("phrases.tsv")).unwrap();
    let texts: Vec<_> = entries(&text).map(|l| l.split('\t').next().unwrap()).collect();
    assert_eq!(known.phrases().map(|p| p.text).collect::<Vec<_>>(), texts);
    for phrase in known.phrases() {
        let strange: Vec<_> = phrase
            .words()
            .filter(|w| !known.is_in_use(w) && !known.is_abbreviation(w) && !w.chars().all(|c| c.is_ascii_digit()))
            .collect();
        assert!(strange.is_empty(), "{}: {strange:?}", phrase.text);
    }
}

#[test]
#[ignore = "needs the reference data beside the checkout, or where SOHOA_SHARED says"]
fn the_generated_syllables_are_all_possible() {
    let shared = std::env::var_os("SOHOA_SHARED").map_or_else(|| folder().join("../../shared"), PathBuf::from);
    let path = shared.join("data/lexicon/syllables_generated.tsv");
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    // The generator also spells `gía` and `gíu`, which are `giá` and `giú` with the tone on the onset's letter.
    let misplaced = |s: &str| {
        ["g\u{ec}", "g\u{ed}", "g\u{129}", "g\u{1ec9}", "g\u{1ecb}"]
            .iter()
            .any(|g| s.strip_prefix(g).is_some_and(|rest| matches!(rest, "a" | "u")))
    };
    let refused: Vec<_> = text.lines().skip(1).filter(|s| Syllable::parse(s).is_none() && !misplaced(s)).collect();
    assert!(refused.is_empty(), "{} refused: {refused:?}", refused.len());
}

#[test]
fn dict_check_tells_line_and_remedy_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.tsv");
    fs::write(&path, "Krông Búk\t2\nan\tnhiều\n").unwrap();
    let run = |path: &Path| {
        let ended = Sohoa::new(["dict", "check"]).arg(path).run();
        (ended.code, ended.stdout)
    };
    let (code, said) = run(&path);
    assert_eq!(code, Some(3));
    assert!(said.contains("mine.tsv:2: error: `nhiều` is not a weight; write"), "{said}");
    fs::write(&path, "Krông Búk\t2\n").unwrap();
    assert_eq!(run(&path), (Some(0), String::new()));
    assert_eq!(run(&folder.path().join("absent.tsv")).0, Some(3));
}

#[test]
fn extraction_has_its_words_from_data_files() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/extract")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let code = text.lines().enumerate().take_while(|(_, line)| line.trim() != "#[cfg(test)]");
            for (number, line) in code.filter(|(_, line)| !line.trim_start().starts_with("//")) {
                let code = line.split(" // ").next().unwrap_or_default();
                let letter = code.chars().find(|c| c.is_alphabetic() && !c.is_ascii());
                assert_eq!(letter, None, "{}:{}: move the word to dictionaries/", path.display(), number + 1);
                seen += 1;
            }
        }
    }
    assert!(seen > 4000, "only {seen} lines were looked at");
}

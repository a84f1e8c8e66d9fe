//! Every fixture has its origin and licence in fixtures/MANIFEST.toml.

use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn every_fixture_is_as_the_manifest_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let manifest: toml::Table = fs::read_to_string(folder.join("MANIFEST.toml")).unwrap().parse().unwrap();
    let mut listed = BTreeSet::new();
    for file in manifest["file"].as_array().unwrap() {
        let name = file["file"].as_str().unwrap();
        for field in ["origin", "licence", "purpose"] {
            assert!(file[field].as_str().is_some_and(|v| !v.is_empty()), "{name} has no {field}");
        }
        let bytes = fs::read(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        let sha256: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(file["sha256"].as_str(), Some(&*sha256), "{name} was edited: put its new sha256 in MANIFEST.toml");
        listed.insert(folder.join(name));
    }
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let told = path.ends_with("MANIFEST.toml") || path.ends_with("README.md") || listed.contains(&path);
            if path.is_dir() {
                folders.push(path);
            } else {
                assert!(told, "{} has no origin and licence in fixtures/MANIFEST.toml", path.display());
            }
        }
    }
}

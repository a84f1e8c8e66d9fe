//! The checks of the fuzz targets over arbitrary input and over samples that were damaged. `PROPTEST_CASES` says how many.

#[path = "../../fuzz/checks.rs"]
mod checks;

use crate::program::fixture;
use proptest::prelude::*;
use std::fs;

/// A sample with some of its bytes exchanged, some of it cut out, and its end cut off.
fn damaged(names: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let exchanged = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20);
    let cut = (any::<prop::sample::Index>(), 0..200usize);
    (prop::sample::select(names), exchanged, cut, prop::option::of(any::<prop::sample::Index>())).prop_map(
        |(name, exchanged, (at, long), end)| {
            let mut bytes = fs::read(fixture(name)).expect("a fixture");
            for (at, byte) in exchanged {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let at = at.index(bytes.len());
            bytes.drain(at..(at + long).min(bytes.len()));
            if let Some(end) = end {
                bytes.truncate(end.index(bytes.len().max(1)));
            }
            bytes
        },
    )
}

const TEXTS: &[&str] =
    &["reports/ben-thuyen-2026h1.txt", "reports/suoi-ngan-2025q3.txt", "reports/vinh-lac-2024q1.txt"];

/// Small ones: each is opened and rendered many times.
const FILES: &[&str] = &["broken/user-password.pdf", "broken/owner-password.pdf", "scans/suoi-ngan-2025q3-L3.tif"];

/// Text of the signs that mean something somewhere: letters, digits, stops, brackets, TABs, line ends.
fn signs() -> impl Strategy<Value = Vec<u8>> {
    "([a-zA-Zđươáổệ]{1,7}[ \t]?|[0-9]{1,4}[.,/:%-]?|[IVXL]{1,4}[.)]|[;:()+*|\"'•]|\n|\u{c}|[ \t]){0,80}"
        .prop_map(String::into_bytes)
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..400)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_file_is_opened_or_refused(bytes in prop_oneof![1 => bytes(), 3 => damaged(FILES)]) {
        checks::open(&bytes);
    }

    #[test]
    fn any_bytes_become_text(bytes in prop_oneof![bytes(), signs(), damaged(TEXTS)]) {
        checks::encodings(&bytes);
    }

    #[test]
    fn any_line_is_parted_into_tokens(bytes in prop_oneof![bytes(), signs(), damaged(TEXTS)]) {
        checks::tokens(&bytes);
    }

    #[test]
    fn any_text_is_restored_line_by_line(bytes in prop_oneof![bytes(), signs(), damaged(TEXTS)]) {
        checks::restoring(&bytes);
    }

    #[test]
    fn any_text_has_its_figures_told_apart(bytes in prop_oneof![bytes(), signs(), damaged(TEXTS)]) {
        checks::extraction(&bytes);
    }

    #[test]
    fn any_definition_is_read_or_refused(bytes in prop_oneof![bytes(), signs()]) {
        checks::definitions(&bytes);
    }

    #[test]
    fn any_table_keeps_its_cells_inside(bytes in prop_oneof![bytes(), signs(), damaged(TEXTS)]) {
        checks::tables(&bytes);
    }
}

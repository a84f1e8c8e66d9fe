//! Whole outputs, held against golden files: what changes here, changes for those who build on it.

use crate::program::{Sohoa, assert_golden, fixture};

#[test]
fn the_published_schema() {
    assert_golden("schema.json", &Sohoa::new(["schema"]).run().ok().stdout);
}

#[test]
fn the_report_of_each_sample_text() {
    for name in ["ben-thuyen-2026h1", "suoi-ngan-2025q3", "vinh-lac-2024q1"] {
        let told = Sohoa::new(["figures"]).arg(fixture(format!("reports/{name}.txt"))).run().ok();
        let mut report = told.json();
        // Of the build, not of the text.
        report.as_object_mut().expect("a report is an object").remove("tool");
        let report = serde_json::to_string_pretty(&report).expect("what was parsed can be written");
        assert_golden(&format!("figures/{name}.json"), &(report + "\n"));
    }
}

#[test]
fn a_text_without_marks_as_it_is_restored() {
    let told = Sohoa::new(["degrade", "--recipe", "half", "--seed", "7"]).arg(fixture("reports/suoi-ngan-2025q3.txt"));
    let damaged = told.run().ok().stdout;
    assert_golden("restore/half.txt", &Sohoa::new(["restore"]).input(damaged).run().ok().stdout);
}

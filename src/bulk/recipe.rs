//! What results are made with: whoever changes a part of it gets the results that depend on that part made anew.

use crate::correct::Correction;
use crate::digest::sha256;
use crate::export::Format;
use crate::pipeline::ReaderOptions;
use crate::report::Tool;
use serde_json::json;

/// Short digests of everything that a result depends on, the file apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// Of what is seen on a page: program, recognisers, models and data, and how pages are read.
    pub pages: String,
    /// Of a page that failed: limits of time and memory, too.
    pub failures: String,
    /// Of the results: their forms, too.
    pub results: String,
    /// Of the results of a document that could not be read, or only in part: limits and forms, too.
    pub failed_results: String,
}

impl Recipe {
    /// The recipe of results in these `formats`, with `export` as the options of the forms, written in any way.
    pub fn new(tool: &Tool, options: &ReaderOptions, formats: &[Format], export: &str) -> Recipe {
        let limits = options.isolation.as_ref().map(|i| (i.time.as_millis() as u64, i.memory));
        let options = ReaderOptions { isolation: None, ..options.clone() };
        // What was learned has a say when pages are put together, not when they are seen.
        let pages = digest(&json!([Tool { learned: None, ..tool.clone() }, options]));
        let failures = digest(&json!([pages, limits]));
        let mut formats: Vec<&str> = formats.iter().map(|f| f.ending()).collect();
        formats.sort_unstable();
        Recipe {
            results: digest(&json!([pages, formats, export, tool.learned])),
            failed_results: digest(&json!([failures, formats, export, tool.learned])),
            failures,
            pages,
        }
    }

    /// The recipe of a document over whose reading these corrections are laid.
    pub fn with_corrections(&self, corrections: &[Correction]) -> Recipe {
        if corrections.is_empty() {
            return self.clone();
        }
        let with = |recipe: &str| digest(&json!([recipe, corrections]));
        Recipe { results: with(&self.results), failed_results: with(&self.failed_results), ..self.clone() }
    }
}

/// Sixteen hexadecimal digits: enough to tell the few recipes of a journal apart.
fn digest(value: &serde_json::Value) -> String {
    sha256(value.to_string().as_bytes())[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Policy;
    use crate::pipeline::Isolation;
    use std::time::Duration;

    #[test]
    fn a_change_touches_what_depends_on_it() {
        let tool = Tool::this(Some("x".into()), None);
        let limit = |seconds| Isolation { program: "p".into(), time: Duration::from_secs(seconds), memory: 1 };
        let options = ReaderOptions { isolation: Some(limit(1)), ..ReaderOptions::default() };
        let json = [Format::Json];
        let plain = Recipe::new(&tool, &options, &json, "");
        let more = Recipe::new(&tool, &options, &[Format::Txt, Format::Json], "");
        assert!(more.pages == plain.pages && more.results != plain.results);
        let patient = ReaderOptions { isolation: Some(limit(2)), ..options.clone() };
        let patient = Recipe::new(&tool, &patient, &json, "");
        assert!(patient.pages == plain.pages && patient.results == plain.results && patient.failures != plain.failures);
        let trusting = ReaderOptions { text_layer: Policy::Trust, ..options.clone() };
        assert_ne!(Recipe::new(&tool, &trusting, &json, "").pages, plain.pages);
        assert_ne!(Recipe::new(&Tool::this(Some("y".into()), None), &options, &json, "").pages, plain.pages);
    }
}

//! Which documents a person should look at, and how much.

use crate::diagnostics::Severity;
use crate::extract::Verdict;
use crate::report::{Report, Status};

/// Why a person should look at a document, and how much, from 0 (no reason) to 1.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Review {
    /// From 0 to 1; documents are listed by it, the highest first. It orders and measures nothing.
    pub score: f32,
    /// One a kind of reason, in words.
    pub reasons: Vec<String>,
}

/// What is likelier wrong than right.
const EVEN: f32 = 0.5;

impl Review {
    /// Looks through a report.
    ///
    /// The reasons are: pages that failed or were read in part, pages whose text is likelier no text of its language than that
    /// ([`quality`](crate::report::PageStatus::quality) below one half) or whose words are unsure, sums that do not hold, indicators whose figure is likelier
    /// wrong than right, and warnings. Each takes its share of what is left of the trust in the document.
    pub fn of(report: &Report) -> Review {
        let mut review = Review::default();
        let pages = |what: &dyn Fn(&crate::report::PageStatus) -> bool| -> Vec<u32> {
            report.pages.iter().filter(|p| what(p)).map(|p| p.page).collect()
        };
        let all = report.pages.len().max(1) as f32;
        let mut because = |numbers: Vec<u32>, share: f32, what: &str| {
            if !numbers.is_empty() {
                review.add(share * numbers.len() as f32 / all, format!("{what} ({})", ranges(&numbers)));
            }
        };
        because(pages(&|p| p.status == Status::Failed), 1.0, "pages not read");
        because(pages(&|p| p.status == Status::Partly), 0.8, "pages read in part");
        because(pages(&|p| p.quality.is_some_and(|q| q < EVEN)), 0.9, "text that is hardly language");
        because(pages(&|p| p.confidence.is_some_and(|c| c < EVEN)), 0.7, "words that are unsure");
        if report.pages.is_empty() {
            review.add(1.0, "not read at all".to_owned());
        }
        let checks = &report.extraction.checks;
        let failed = checks.iter().filter(|c| c.status == Verdict::Fail).count();
        if failed > 0 {
            let share = failed as f32 / checks.len() as f32;
            review.add(0.3 + 0.4 * share, format!("{failed} of {} sums do not hold", checks.len()));
        }
        let indicators = &report.extraction.indicators;
        let unsure = |figure: &str| report.extraction.figures.iter().any(|f| f.id == figure && f.confidence < EVEN);
        let names: Vec<&str> =
            indicators.iter().filter(|(_, i)| unsure(&i.figure)).map(|(name, _)| name.as_str()).collect();
        if !names.is_empty() {
            review.add(0.5 * names.len() as f32 / indicators.len() as f32, format!("unsure: {}", names.join(", ")));
        }
        let warnings = report.diagnostics.iter().filter(|d| d.severity == Severity::Warning).count();
        if warnings > 0 {
            review.add(0.1, format!("{warnings} warnings"));
        }
        review.score = (review.score * 1000.0).round() / 1000.0;
        review
    }

    fn add(&mut self, share: f32, reason: String) {
        self.score += (1.0 - self.score) * share;
        self.reasons.push(reason);
    }
}

/// Page numbers in short: `1-3, 7`.
fn ranges(pages: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for page in pages {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *page => *last = *page,
            _ => runs.push((*page, *page)),
        }
    }
    let shown = runs.iter().map(|(a, b)| if a == b { a.to_string() } else { format!("{a}-{b}") });
    format!("page {}", shown.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::read_text;
    use crate::resources::Resources;

    #[test]
    fn a_sum_that_does_not_hold_asks_for_a_person_and_one_that_does_asks_less() {
        let text = |total: u32| {
            format!(
                "- Tổng số hồ sơ TTHC đã tiếp nhận trong kỳ báo cáo: {total} hồ sơ; trong đó tiếp nhận mới: 100 hồ sơ, \
                 từ kỳ trước chuyển qua: 20 hồ sơ.\n"
            )
        };
        let review = |total| {
            let mut report = read_text(&Resources::embedded(), text(total).as_bytes(), "-", true).unwrap();
            let page = r#"{"page":1,"status":"read","origin":"ocr","error":null,"confidence":0.9,"size":null}"#;
            report.pages.push(serde_json::from_str(page).unwrap());
            Review::of(&report)
        };
        let (right, wrong) = (review(120), review(130));
        assert!(wrong.score > right.score, "{wrong:?} {right:?}");
        assert!(wrong.reasons.iter().any(|r| r.contains("do not hold")), "{wrong:?}");
        assert_eq!(right, Review::default());
    }

    #[test]
    fn pages_are_named_in_short() {
        assert_eq!(ranges(&[1, 2, 3, 7]), "page 1-3, 7");
    }
}

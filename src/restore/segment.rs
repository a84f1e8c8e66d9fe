//! The parts of a paragraph that are decoded once more, when the rest of the text has told what it knows.

use std::ops::Range;

/// Tokens that are decoded anew, between tokens that are settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// The tokens, with the settled ones on both sides that the model looks back on.
    pub whole: Range<usize>,
    /// Those among them that are to be decided.
    pub open: Range<usize>,
}

/// The segments of a paragraph that hold a token in need of help.
///
/// A chain that passes through `context` settled tokens is the same behind them whatever was before, so segments are cut there, and
/// what is in one says nothing of another.
pub(super) fn segments(
    paragraph: Range<usize>,
    context: usize,
    settled: impl Fn(usize) -> bool,
    needs_help: impl Fn(usize) -> bool,
) -> Vec<Segment> {
    let mut runs: Vec<(Range<usize>, bool)> = Vec::new();
    for at in paragraph.clone().filter(|&at| !settled(at)) {
        let needy = needs_help(at);
        match runs.last_mut() {
            Some((run, any)) if at - run.end < context => {
                run.end = at + 1;
                *any |= needy;
            }
            _ => runs.push((at..at + 1, needy)),
        }
    }
    let around = |open: Range<usize>| Segment {
        whole: open.start.saturating_sub(context).max(paragraph.start)..(open.end + context).min(paragraph.end),
        open,
    };
    runs.into_iter().filter(|(_, needy)| *needy).map(|(open, _)| around(open)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_cut_where_enough_is_settled() {
        // Settled tokens are dots, others are small letters, those in need capitals.
        let cases: [(&str, &[(Range<usize>, Range<usize>)]); 6] = [
            ("........", &[]),
            ("..a..b..", &[]),
            ("....A....", &[(1..8, 4..5)]),
            ("A..b...c", &[(0..7, 0..4)]),
            (".a..B.C..", &[(0..9, 1..7)]),
            ("A...B", &[(0..4, 0..1), (1..5, 4..5)]),
        ];
        for (tokens, want) in cases {
            let bytes = tokens.as_bytes();
            let found = segments(
                10..10 + bytes.len(),
                3,
                |at| bytes[at - 10] == b'.',
                |at| bytes[at - 10].is_ascii_uppercase(),
            );
            let found: Vec<_> = found
                .into_iter()
                .map(|s| (s.whole.start - 10..s.whole.end - 10, s.open.start - 10..s.open.end - 10))
                .collect();
            assert_eq!(found, want, "{tokens}");
        }
    }
}

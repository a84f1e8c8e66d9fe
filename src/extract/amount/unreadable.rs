//! Digits that stand where an amount may and make no number that any grammar understands.

use crate::extract::amount::Amount;
use crate::extract::amount::designation::Designations;
use crate::extract::amount::spaced::APOSTROPHES;
use crate::extract::layout::flow::Flow;
use std::ops::Range;

/// Digits with signs between them that no grammar understands, `1.23.456` or `5'60`, and that stand where an amount may: neither
/// within one nor in what names something. In reading order.
pub(in crate::extract) fn not_understood(
    flow: &Flow<'_>,
    designations: &Designations,
    amounts: &[Amount],
) -> Vec<Range<usize>> {
    let taken = designations.spans(flow).into_iter().chain(amounts.iter().map(|a| a.range.clone()));
    let mut taken: Vec<Range<usize>> = taken.collect();
    taken.sort_by_key(|range| range.start);
    let mut taken = taken.into_iter().peekable();
    let key = flow.key.as_str();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = key[at..].find(|c: char| c.is_ascii_digit()).map(|from| at + from) {
        let inner = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',') || APOSTROPHES.contains(&c);
        let run = &key[start..start + key[start..].find(|c: char| !inner(c)).unwrap_or(key.len() - start)];
        let end = start + run.trim_end_matches(|c: char| !c.is_ascii_digit()).len();
        at = start + run.len();
        while taken.next_if(|t| t.end <= start).is_some() {}
        let free = taken.peek().is_none_or(|t| end <= t.start);
        let sticks = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '/' | '-'));
        let before = key[..start].trim_end_matches(['.', ',']);
        let alone = !sticks(before.chars().next_back()) && !sticks(key[end..].chars().next());
        let parted = key[start..end].contains(|c: char| !c.is_ascii_digit());
        if free && alone && parted && !designations.is_named(flow, start..end, 0) {
            found.push(start..end);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TextLine;
    use crate::extract::amount::find::find;

    #[test]
    fn what_is_not_understood_is_told() {
        let lines = TextLine::from_text(
            "bán 10,5,3 tấn, còn 1,234.56.7 tấn, dài 5'60 mét, mục 1.2.3, số 1.2.3/BC-UBND, 1.234,5 tấn",
        );
        let flow = Flow::new(&lines, &[], |_| false);
        let designations = Designations::new().unwrap();
        let amounts = find(&flow, &designations);
        let found = not_understood(&flow, &designations, &amounts);
        let printed: Vec<&str> = found.into_iter().map(|range| flow.printed(range)).collect();
        assert_eq!(printed, ["10,5,3", "1,234.56.7", "5'60"]);
        assert_eq!(amounts.len(), 1);
    }
}

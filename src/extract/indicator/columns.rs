//! Columns of tables that stand side by side for this period and for the one before: `Kỳ này`, `Kỳ trước`.

use crate::extract::fuzzy::{Hit, WordSeen};
use crate::extract::labels::LISTS;
use crate::extract::layout::flow::Flow;
use std::collections::BTreeSet;
use std::ops::Range;

/// The words in the heads of such columns, by their bytes in the key, in order, and whether they are of another period. Behind them `kỳ trước` does
/// not say that something was carried over, nor `kỳ này` that it is new.
pub(in crate::extract) fn period_heads(flow: &Flow<'_>) -> Vec<(Range<usize>, bool)> {
    let ends = |head: Range<usize>, list: &[String]| {
        let text = &flow.key[head.clone()];
        let found = list.iter().filter(|words| {
            text.strip_suffix(words.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with([' ', ';', ',']))
        });
        found.map(String::len).max().map(|len| head.end - len..head.end)
    };
    let heads = || {
        flow.paragraphs.iter().filter_map(|paragraph| {
            let cell = paragraph.cell.as_ref()?;
            let end = cell.row.end + flow.key[cell.row.end..paragraph.range.end].find(':')?;
            Some((cell.table, cell.row.end..cell.row.end + flow.key[cell.row.end..end].trim_end().len()))
        })
    };
    let of_now: BTreeSet<usize> =
        heads().filter(|(_, head)| ends(head.clone(), &LISTS.this_period).is_some()).map(|(table, _)| table).collect();
    let of_before: BTreeSet<usize> =
        heads().filter(|(_, head)| ends(head.clone(), &LISTS.times_before).is_some()).map(|(table, _)| table).collect();
    let both = |table: &usize| of_now.contains(table) && of_before.contains(table);
    let found = heads().filter(|(table, _)| both(table)).filter_map(|(_, head)| {
        let before = ends(head.clone(), &LISTS.times_before).map(|words| (words, true));
        before.or_else(|| ends(head, &LISTS.this_period).map(|words| (words, false)))
    });
    found.collect()
}

/// The phrases but for those within these heads, which are in order.
pub(in crate::extract) fn without(hits: Vec<Hit>, words: &[WordSeen], heads: &[(Range<usize>, bool)]) -> Vec<Hit> {
    let within = |hit: &Hit| {
        let (from, to) = (words[hit.first].range.start, words[hit.end - 1].range.end);
        let before = heads.partition_point(|(head, _)| head.start <= from);
        heads[..before].last().is_some_and(|(head, _)| to <= head.end)
    };
    hits.into_iter().filter(|hit| !within(hit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TextLine;
    use crate::extract::layout::table;

    fn heads(head: &str) -> Vec<(String, bool)> {
        let text = format!("Nội dung\t{head}\nTổng số PAKN\t63\t49\nĐã xử lý\t57\t44\nĐang xử lý\t6\t5\n");
        let lines = TextLine::from_text(&text);
        let flow = Flow::new(&lines, &table::find(&lines), |_| false);
        let found = period_heads(&flow);
        found.into_iter().map(|(range, other)| (flow.printed(range).to_owned(), other)).collect()
    }

    #[test]
    fn two_columns_of_two_periods_are_told_and_one_by_itself_is_none() {
        let found = heads("Kỳ này\tKỳ trước");
        assert_eq!(found.len(), 6, "{found:?}");
        assert!(found.iter().all(|(words, other)| *other == (words == "Kỳ trước")), "{found:?}");
        assert_eq!(heads("Kỳ trước\tMới nhận"), []);
    }
}

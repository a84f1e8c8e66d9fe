//! The body's own field: what a report of Sở Công Thương says of `lĩnh vực công thương` it says of all that the body does.

use crate::extract::extraction::DocumentFields;
use crate::extract::fuzzy::{Hit, WordSeen};
use crate::extract::indicator::family::Family;
use crate::extract::labels::LISTS;
use crate::extract::layout::flow::Flow;
use crate::text::fold::key;

/// The names of the issuer and of the body above it, of which it may be an office.
pub(in crate::extract) fn bodies(document: &DocumentFields) -> String {
    [document.issuer.as_deref(), document.parent.as_deref()].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// The hits without those that tell of one field of many where the field is the issuer's own, which its name says.
pub(in crate::extract) fn without(
    hits: Vec<Hit>,
    words: &[WordSeen],
    flow: &Flow<'_>,
    family: &Family,
    issuer: &str,
) -> Vec<Hit> {
    let Some(field) = family.field else { return hits };
    /// Fewer letters are no abbreviation that one could know.
    const SHORTEST: usize = 3;
    let issuer = format!(" {} ", key(issuer));
    let joining = |word: &&str| !LISTS.and.iter().any(|and| and == word);
    let initials: String = issuer.split_whitespace().filter(joining).filter_map(|word| word.chars().next()).collect();
    let own = |hit: &Hit| {
        let word = |at: usize| words.get(at).and_then(|word| flow.key.get(word.range.clone()));
        let name = word(hit.end).zip(word(hit.end + 1)).map(|(first, second)| format!(" {first} {second} "));
        // `ngành GDĐT`, of Sở Giáo dục và Đào tạo.
        let short =
            words.get(hit.end).map(|word| (flow.printed(word.range.clone()), word)).is_some_and(|(printed, word)| {
                let capitals = printed.chars().count() >= SHORTEST && printed.chars().all(char::is_uppercase);
                capitals && flow.key.get(word.range.clone()).is_some_and(|letters| initials.contains(letters))
            });
        family.meanings[hit.phrase].terms == [field] && (short || name.is_some_and(|name| issuer.contains(&name)))
    };
    hits.into_iter().filter(|hit| !own(hit)).collect()
}

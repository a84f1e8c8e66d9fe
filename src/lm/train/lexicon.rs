//! What the dictionaries know, as lines to train on: names that a corpus of laws and news seldom or never has.

use crate::dict::Dictionaries;

/// How often each line of the dictionaries counts, beside lines of the corpus that count once: as often as a name must be met for the
/// pruning to believe in it.
pub(super) const REPEATS: usize = 2;

/// The phrases, the places after the word for what they are, abbreviations, and names of people.
pub(super) fn lines(dictionaries: &Dictionaries) -> Vec<String> {
    let mut lines: Vec<String> = dictionaries.phrases().map(|p| p.text.to_owned()).collect();
    lines.extend(dictionaries.abbreviations().map(str::to_owned));
    for place in dictionaries.places() {
        let mut kinds: Vec<&str> = place.now.into_iter().chain(place.before).flat_map(|k| k.split(',')).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            lines.push(format!("{kind} {}", place.name));
            // As the head of every letter and report has it.
            lines.push(format!("UBND {kind} {}", place.name));
        }
    }
    lines
}

//! Which readings of neighbouring places go together, by the language model.

use crate::lm::{History, Model, WordId, class};

/// The words of the lines before and behind a line, where these are one text with it.
#[derive(Debug, Clone, Default)]
pub(in crate::ocr) struct Around {
    /// The last words of the line that it goes on with, the last last.
    pub before: Vec<WordId>,
    /// The first words of the line that goes on with it.
    pub behind: Vec<WordId>,
}

/// One string that may be printed at a place.
#[derive(Debug, Clone)]
pub(super) struct Hypothesis {
    /// Its words and classes, see [`words`].
    pub words: Vec<WordId>,
    /// The logarithm of its probability by itself, up to a constant of the place.
    pub own: f32,
}

/// How much of what the model says is added to what the recognisers say. Theirs holds how rare a syllable is with a weight of
/// 0.475 for each doubling (`weights.rs`), which is 0.69 of a logarithm; this is what the words around add to that.
const COMPANY: f32 = 0.7;

/// Ways through the line that are followed at a time.
const WAYS: usize = 16;

/// How many places to either side are asked for.
const ABOUT: usize = 4;

/// What the model is asked for of `text`: its words, and the stops between them, of which all but a full stop count as a comma, as
/// they are told apart by what they look like alone. Quotation marks, brackets and other signs say nothing of the words beside
/// them and are passed over, and so are the stops that end a line, since what follows them is not known.
pub(super) fn words(model: &Model, text: &str, ends_line: bool) -> Vec<WordId> {
    let mut ids = model.words(text);
    ids.retain(|id| !matches!(*id, class::QUOTE | class::OPEN | class::CLOSE | class::SIGN));
    ids.iter_mut().filter(|id| matches!(**id, class::COLON | class::SEMICOLON)).for_each(|id| *id = class::COMMA);
    if ends_line {
        let end = ids.iter().rposition(|&id| id >= class::FIRST_WORD || id == class::UNKNOWN).map_or(0, |at| at + 1);
        ids.truncate(end);
    }
    ids
}

/// For each place the logarithms of the probabilities of its readings, up to a constant, beside those readings of the others that
/// are likeliest together. `around` are the words of the lines before and behind it.
pub(super) fn weigh(model: &Model, around: &Around, places: &[Vec<Hypothesis>]) -> Vec<Vec<f32>> {
    let begins = follow(model, model.history(class::NONE), &around.before).1;
    let taken = likeliest(model, begins, places, &around.behind);
    let chosen = |at: usize| taken.get(at).and_then(|&r| places[at].get(r)).map_or(&[][..], |r| &r.words);
    // What is further away than the places that are asked for is not known.
    let start_of = |at: usize| if at <= ABOUT { begins } else { model.history(class::NONE) };
    let weigh_one = |at: usize| {
        let history = (at.saturating_sub(ABOUT)..at).fold(start_of(at), |h, b| follow(model, h, chosen(b)).1);
        let sum = |reading: &Hypothesis| {
            let start = follow(model, history, &reading.words);
            let behind = at + 1..(at + ABOUT).min(places.len());
            let of_next = &around.behind[..around.behind.len().min((at + ABOUT).saturating_sub(places.len()))];
            let add = |(sum, history), b| {
                let (gain, next) = follow(model, history, chosen(b));
                (sum + gain, next)
            };
            let (sum, history) = behind.fold(start, add);
            reading.own + COMPANY * (sum + follow(model, history, of_next).0)
        };
        match &places[at][..] {
            [only] => vec![only.own],
            readings => readings.iter().map(sum).collect(),
        }
    };
    (0..places.len()).map(weigh_one).collect()
}

/// The readings that are likeliest together, by their numbers; found with a beam.
fn likeliest(model: &Model, begins: History, places: &[Vec<Hypothesis>], behind: &[WordId]) -> Vec<usize> {
    struct Way {
        score: f32,
        history: History,
        taken: Vec<usize>,
    }
    let mut ways = vec![Way { score: 0.0, history: begins, taken: Vec::new() }];
    for place in places {
        let mut longer = Vec::with_capacity(ways.len() * place.len());
        for way in &ways {
            for (number, reading) in place.iter().enumerate() {
                let (gain, history) = follow(model, way.history, &reading.words);
                let mut taken = way.taken.clone();
                taken.push(number);
                longer.push(Way { score: way.score + reading.own + COMPANY * gain, history, taken });
            }
        }
        // Stable: of equals the way with the earlier readings stays.
        longer.sort_by(|a, b| b.score.total_cmp(&a.score));
        longer.truncate(WAYS);
        ways = longer;
    }
    let whole = |way: &Way| way.score + COMPANY * follow(model, way.history, behind).0;
    // Of equals the first, as above.
    let best = ways.iter().map(whole).enumerate().reduce(|a, b| if b.1 > a.1 { b } else { a });
    best.map_or_else(Vec::new, |(at, _)| ways.swap_remove(at).taken)
}

/// How much better the words go with what is before them than they occur at all, as a logarithm; and what is then before.
fn follow(model: &Model, history: History, words: &[WordId]) -> (f32, History) {
    words.iter().fold((0.0, history), |(sum, history), &word| {
        let (p, next) = model.next(&history, word);
        let alone = model.unigram(word).max(f32::MIN_POSITIVE);
        (sum + (p.max(f32::MIN_POSITIVE) / alone).ln(), next)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(model: &Model, line: &[&[(&str, f32)]]) -> Vec<Vec<Hypothesis>> {
        let last = line.len() - 1;
        let reading = |at: usize, &(text, own): &(&str, f32)| Hypothesis { words: words(model, text, at == last), own };
        line.iter().enumerate().map(|(at, place)| place.iter().map(|r| reading(at, r)).collect()).collect()
    }

    #[test]
    fn two_doubtful_words_are_read_together() {
        let model = Model::embedded().unwrap();
        // Each by itself looks more like another word.
        let line = places(
            &model,
            &[&[("công", 0.0)], &[("khái", 0.0), ("khai", -2.0)], &[("minh", 0.0), ("mình", -0.2)], &[("bạch", 0.0)]],
        );
        let sums = weigh(&model, &Around::default(), &line);
        assert!(sums[1][1] > sums[1][0] && sums[2][0] > sums[2][1], "{sums:?}");
    }

    #[test]
    fn marks_around_a_word_are_left_to_the_recognisers() {
        let model = Model::embedded().unwrap();
        for (one, other, ends_line) in
            [("tuyến”", "tuyến", false), ("(xã)", "xã", false), ("hồ sơ;", "hồ sơ,", false), ("xã;", "xã.", true)]
        {
            assert_eq!(words(&model, one, ends_line), words(&model, other, ends_line), "{one}");
        }
        assert_ne!(words(&model, "xã;", false), words(&model, "xã.", false));
    }
}

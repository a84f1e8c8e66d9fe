//! One name, one reading: where a document has the same two words in capitals side by side again and again, they are the same name each
//! time, and the few that were read otherwise without being sure of it follow the many, if these are sure in one place.
//!
//! One sense per discourse (Gale, Church and Yarowsky 1992), for names only: of common words both senses may well be meant.

use super::window::{Slot, Window};
use crate::lm::WordId;
use crate::restore::choice::Choice;
use crate::text::letter::bare;
use crate::text::token::Shape;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};

/// A word that is this probable follows no other, and others follow a name only that is so in one place.
const SURE: f32 = 0.95;
/// Others have to speak so many times as strongly for theirs.
const STRONGER: f32 = 3.0;
/// And so much more strongly, as the logarithm of odds.
const CLEARLY: f32 = 2.0;
/// How probable a reading is that was chosen by what others are.
const AGREED: f32 = 0.9;

/// Two words side by side.
type Pair = [WordId; 2];

/// How a name is read in some places.
struct Reading {
    pair: Pair,
    /// How strongly these places speak for it together.
    strength: f32,
    /// How probable it is where it is most so.
    best: f32,
}

/// Gives pairs of words in capitals, of the same letters, the reading that most of them have.
pub(in crate::restore) fn follow_names(window: &Window, lines: &[&str], chosen: &mut [Choice]) {
    let mut named: FxHashMap<u64, Vec<Reading>> = FxHashMap::default();
    let places: Vec<(usize, u64)> =
        (1..chosen.len()).filter_map(|at| Some((at, letters(window, lines, &chosen[at - 1..=at])?))).collect();
    for &(at, letters) in &places {
        let place = Reading::of(&chosen[at - 1..=at]);
        let readings = named.entry(letters).or_default();
        match readings.iter_mut().find(|other| other.pair == place.pair) {
            Some(same) => {
                same.strength += place.strength;
                same.best = same.best.max(place.best);
            }
            None => readings.push(place),
        }
    }
    for (at, letters) in places {
        let readings = &named[&letters];
        let own = Reading::of(&chosen[at - 1..=at]).pair;
        let of_own = readings.iter().find(|r| r.pair == own).map_or(0.0, |r| r.strength);
        let Some(most) = readings.iter().max_by(|a, b| a.strength.total_cmp(&b.strength)) else { continue };
        if most.pair == own || most.best < SURE || most.strength < STRONGER * of_own + CLEARLY {
            continue;
        }
        for (choice, word) in chosen[at - 1..=at].iter_mut().zip(most.pair) {
            if choice.words() != [word] && choice.posterior < SURE {
                let Slot::Open(kind) = window.tokens[choice.token].slot else { continue };
                choice.follow(word, AGREED, window.kinds[kind as usize].as_seen == word);
            }
        }
    }
}

impl Reading {
    /// Two words side by side; they speak as strongly as the less probable of them, by the logarithm of its odds.
    fn of(pair: &[Choice]) -> Self {
        let best = pair[0].posterior.min(pair[1].posterior);
        let p = best.clamp(0.5, 0.999);
        Reading { pair: [pair[0].words()[0], pair[1].words()[0]], strength: (p / (1.0 - p)).ln(), best }
    }
}

/// A hash of the letters of two neighbours in capitals, without their marks; None where these are none.
fn letters(window: &Window, lines: &[&str], pair: &[Choice]) -> Option<u64> {
    let [left, right] = pair else { return None };
    if left.token + 1 != right.token || window.tokens[right.token].begins {
        return None;
    }
    let mut hasher = FxHasher::default();
    for choice in pair {
        let seen = &window.tokens[choice.token];
        let Slot::Open(kind) = seen.slot else { return None };
        let shape = Shape::of(seen.token.text(lines[seen.line as usize]));
        if choice.span != 1 || choice.words().len() != 1 || !matches!(shape, Shape::Title | Shape::Upper) {
            return None;
        }
        window.kinds[kind as usize].folded.chars().map(bare).chain([' ']).for_each(|c| c.hash(&mut hasher));
    }
    Some(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lm::Model;

    /// What becomes of the last words of these lines, each chosen with a probability; the words before them are sure.
    fn agreed(readings: &[(&str, &str, f32)]) -> Vec<String> {
        let model = Model::embedded().unwrap();
        let lines: Vec<&str> = readings.iter().map(|r| r.0).collect();
        let window = Window::new(&lines, &model, None, |_| false, |_| std::sync::Arc::from([]));
        let id = |word: &str| model.vocabulary().id(word).unwrap();
        let mut chosen = Vec::new();
        for &(line, last, posterior) in readings {
            let start = chosen.len();
            let words = line.split(' ').count();
            chosen.extend((start..start + words - 1).map(|token| Choice::word(token, id("cẩm"), 0.99)));
            chosen.push(Choice::word(start + words - 1, id(last), posterior));
        }
        follow_names(&window, &lines, &mut chosen);
        let mut last = 0;
        let of_line = |line: &&str| {
            last += line.split(' ').count();
            model.vocabulary().word(chosen[last - 1].words()[0]).to_owned()
        };
        lines.iter().map(of_line).collect()
    }

    #[test]
    fn an_unsure_name_is_what_it_is_elsewhere() {
        let seen = [("xa Cam Giang", "giang", 0.97), ("CAM GIANG", "giang", 0.9), ("xa Cam Giang", "giàng", 0.68)];
        assert_eq!(agreed(&seen), ["giang"; 3]);
    }

    #[test]
    fn what_is_sure_or_no_name_stands() {
        let sure = [("Cam Giang", "giang", 0.99), ("Cam Giang", "giang", 0.99), ("Cam Giang", "giàng", 0.97)];
        assert_eq!(agreed(&sure), ["giang", "giang", "giàng"]);
        let words = [("cam giang", "giang", 0.99), ("cam giang", "giang", 0.99), ("cam giang", "giàng", 0.6)];
        assert_eq!(agreed(&words), ["giang", "giang", "giàng"]);
        let unsure = [("Cam Giang", "giang", 0.9), ("Cam Giang", "giang", 0.9), ("Cam Giang", "giàng", 0.51)];
        assert_eq!(agreed(&unsure), ["giang", "giang", "giàng"]);
        let even = [("Cam Giang", "giang", 0.8), ("Cam Giang", "giàng", 0.7)];
        assert_eq!(agreed(&even), ["giang", "giàng"]);
        let others = [("Nam Giang", "giang", 0.99), ("Nam Giang", "giang", 0.99), ("Cam Giang", "giàng", 0.6)];
        assert_eq!(agreed(&others), ["giang", "giang", "giàng"]);
    }
}

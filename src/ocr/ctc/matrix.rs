//! What the network saw in a line: log probabilities of every letter at every step, and what can be asked of them.
//!
//! Connectionist temporal classification (Graves and others, ICML 2006): a path names one class a step; equal neighbours
//! are one letter, class 0 is none. The probability of a string is the sum over all paths that spell it.

use std::ops::Range;

/// Log probabilities, steps by classes; class 0 is the blank.
pub struct Steps {
    values: Vec<f32>,
    classes: usize,
}

/// A stretch of the best path in which one letter is seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The letter's class, from 1.
    pub class: usize,
    /// The steps that show it.
    pub steps: Range<usize>,
    /// Its log probability at its clearest step.
    pub peak: f32,
}

/// What no path can reach.
const NEVER: f32 = f32::NEG_INFINITY;

impl Steps {
    /// A matrix of `values` in rows of `classes`.
    pub fn new(values: Vec<f32>, classes: usize) -> Self {
        Steps { values, classes }
    }

    /// How many steps there are.
    pub fn len(&self) -> usize {
        self.values.len() / self.classes
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    fn row(&self, step: usize) -> &[f32] {
        &self.values[step * self.classes..][..self.classes]
    }

    /// Log probability of a class at a step.
    pub fn at(&self, step: usize, class: usize) -> f32 {
        self.row(step)[class]
    }

    /// The same where only these classes can be: what is given to the others is shared out among them and the blank.
    pub fn only(&self, classes: &[usize]) -> Steps {
        let mut values = vec![NEVER; self.values.len()];
        for (row, own) in values.chunks_mut(self.classes).zip(self.values.chunks(self.classes)) {
            let all = classes.iter().fold(own[0], |all, &class| sum(all, own[class]));
            for &class in classes.iter().chain([&0]) {
                row[class] = own[class] - all;
            }
        }
        Steps { values, classes: self.classes }
    }

    /// The letters of the most likely path, in order.
    pub fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        let mut before = 0;
        for step in 0..self.len() {
            let (class, &peak) =
                self.row(step).iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap_or((0, &0.0));
            if class != 0 {
                match runs.last_mut().filter(|_| class == before) {
                    Some(run) => {
                        run.steps.end = step + 1;
                        run.peak = run.peak.max(peak);
                    }
                    None => runs.push(Run { class, steps: step..step + 1, peak }),
                }
            }
            before = class;
        }
        runs
    }

    /// Log probability that the steps of `span` spell `classes` and nothing else; negative infinity where they cannot.
    ///
    /// The forward algorithm; its cost is the product of the span and twice the string.
    pub fn score(&self, span: Range<usize>, classes: &[usize], scratch: &mut Vec<f32>) -> f32 {
        // State 2 i is the blank before letter i, state 2 i + 1 letter i, the last state the blank behind them all.
        let states = 2 * classes.len() + 1;
        scratch.clear();
        scratch.resize(states, NEVER);
        scratch[0] = 0.0;
        let mut started = false;
        for step in span {
            let row = self.row(step);
            let blank = row[0];
            if !started {
                scratch[0] = blank;
                if let Some(&first) = classes.first() {
                    scratch[1] = row[first];
                }
                started = true;
                continue;
            }
            for state in (0..states).rev() {
                let stay = scratch[state];
                let next = if state > 0 { scratch[state - 1] } else { NEVER };
                let letter = state / 2;
                scratch[state] = if state % 2 == 0 {
                    sum(stay, next) + blank
                } else {
                    let skips = state >= 3 && classes[letter] != classes[letter - 1];
                    let skip = if skips { scratch[state - 2] } else { NEVER };
                    sum(sum(stay, next), skip) + row[classes[letter]]
                };
            }
        }
        if states == 1 { scratch[0] } else { sum(scratch[states - 1], scratch[states - 2]) }
    }

    /// The strings that the steps of `span` most likely spell, the likeliest first, with their log probabilities.
    ///
    /// Prefix beam search (Graves, 2012, section 7.5.2; Hannun and others, 2014) with `width` prefixes kept.
    pub fn best(&self, span: Range<usize>, width: usize) -> Vec<(Vec<usize>, f32)> {
        struct Prefix {
            classes: Vec<usize>,
            // Log probability of the paths that end in the blank, and of those that end in the last letter.
            blank: f32,
            letter: f32,
        }
        // A letter less likely than this at a step starts no prefix: e^-9 is one in eight thousand.
        const LEAST: f32 = -9.0;
        let mut beam = vec![Prefix { classes: Vec::new(), blank: 0.0, letter: NEVER }];
        let mut likely: Vec<usize> = Vec::new();
        for step in span {
            let row = self.row(step);
            likely.clear();
            likely.extend((1..self.classes).filter(|&c| row[c] > LEAST));
            let mut next: Vec<Prefix> = Vec::with_capacity(beam.len() * (likely.len() + 1));
            let mut add =
                |classes: Vec<usize>, blank: f32, letter: f32| match next.iter_mut().find(|p| p.classes == classes) {
                    Some(p) => (p.blank, p.letter) = (sum(p.blank, blank), sum(p.letter, letter)),
                    None => next.push(Prefix { classes, blank, letter }),
                };
            for prefix in &beam {
                let all = sum(prefix.blank, prefix.letter);
                let last = prefix.classes.last().copied();
                let again = last.map_or(NEVER, |c| prefix.letter + row[c]);
                add(prefix.classes.clone(), all + row[0], again);
                for &class in &likely {
                    let mut longer = prefix.classes.clone();
                    longer.push(class);
                    add(longer, NEVER, row[class] + if last == Some(class) { prefix.blank } else { all });
                }
            }
            // A letter cannot follow itself without a blank between: such prefixes no path spells.
            next.retain(|p| sum(p.blank, p.letter) > NEVER);
            next.sort_by(|a, b| {
                let order = sum(b.blank, b.letter).total_cmp(&sum(a.blank, a.letter));
                order.then_with(|| a.classes.cmp(&b.classes))
            });
            next.truncate(width);
            beam = next;
        }
        beam.into_iter().map(|p| (sum(p.blank, p.letter), p.classes)).map(|(score, c)| (c, score)).collect()
    }
}

/// log(e^a + e^b).
fn sum(a: f32, b: f32) -> f32 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low == NEVER { high } else { high + (low - high).exp().ln_1p() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three steps over blank, a, b.
    fn steps() -> Steps {
        let rows = [[0.5f32, 0.4, 0.1], [0.3, 0.5, 0.2], [0.6, 0.1, 0.3]];
        Steps::new(rows.iter().flatten().map(|p| p.ln()).collect(), 3)
    }

    /// The probability of a string, by spelling out every path.
    fn by_enumeration(wanted: &[usize]) -> f32 {
        let steps = steps();
        let mut total = 0.0;
        for path in 0..27usize {
            let classes = [path / 9, path / 3 % 3, path % 3];
            let mut spelt = Vec::new();
            for (i, &class) in classes.iter().enumerate() {
                if class != 0 && (i == 0 || classes[i - 1] != class) {
                    spelt.push(class);
                }
            }
            if spelt == wanted {
                total += classes.iter().enumerate().map(|(i, &c)| steps.at(i, c)).sum::<f32>().exp();
            }
        }
        total
    }

    #[test]
    fn a_string_is_the_sum_of_its_paths() {
        let mut scratch = Vec::new();
        for wanted in [&[][..], &[1], &[2], &[1, 2], &[1, 1], &[2, 1, 2]] {
            let score = steps().score(0..3, wanted, &mut scratch).exp();
            assert!((score - by_enumeration(wanted)).abs() < 1e-6, "{wanted:?}: {score}");
        }
        assert_eq!(steps().score(0..3, &[1, 1, 1], &mut scratch), NEVER);
    }

    #[test]
    fn the_beam_finds_the_likeliest_strings_in_order() {
        let found = steps().best(0..3, 20);
        let mut scratch = Vec::new();
        for (classes, score) in &found {
            // The beam leaves out steps that are next to impossible: it may lose probability and never gain any.
            let exact = steps().score(0..3, classes, &mut scratch);
            assert!(*score <= exact + 1e-4, "{classes:?}: {score} {exact}");
        }
        assert!(found.windows(2).all(|w| w[0].1 >= w[1].1));
        let (likeliest, score) = &found[0];
        assert_eq!(*likeliest, [1]);
        assert!((score - steps().score(0..3, likeliest, &mut scratch)).abs() < 1e-4);
    }

    #[test]
    fn what_cannot_be_gives_its_share_to_the_rest() {
        let only = steps().only(&[2]);
        assert_eq!(only.at(0, 1), NEVER);
        assert!((only.at(0, 0).exp() + only.at(0, 2).exp() - 1.0).abs() < 1e-6);
        assert!(only.best(0..3, 5).iter().all(|(classes, _)| !classes.contains(&1)));
    }

    #[test]
    fn equal_letters_need_a_blank_between_them() {
        let rows = [[0.1f32, 0.9], [0.9, 0.1], [0.1, 0.9], [0.2, 0.8]];
        let steps = Steps::new(rows.iter().flatten().map(|p| p.ln()).collect(), 2);
        let runs: Vec<_> = steps.runs().into_iter().map(|r| (r.class, r.steps)).collect();
        assert_eq!(runs, [(1, 0..1), (1, 2..4)]);
    }
}

//! Which syllable of the reference became which of the other text.

use super::alignment::{Step, align};
use super::normal::letters;

/// Cost of a syllable that has no partner, against a substitution that costs from 0.05 (marks only) to 1.4 (nothing alike).
const ALONE: f32 = 0.75;
/// Gaps of more cells than this keep the unit-cost alignment; they hold no pairs worth telling apart.
const LARGEST_GAP: usize = 40_000;

/// The optimal unit-cost alignment, with each stretch between two identical syllables aligned again so that like goes with
/// like: a misread syllable is paired with what it was, not with its neighbour.
pub fn pair(reference: &[&str], other: &[&str]) -> Vec<Step> {
    let steps = align(reference, other);
    let same = |step: &Step| matches!(step, (Some(i), Some(j)) if reference[*i] == other[*j]);
    let mut out = Vec::with_capacity(steps.len());
    let mut at = 0;
    while at < steps.len() {
        let end = steps[at..].iter().position(same).map_or(steps.len(), |n| at + n);
        out.extend(within(reference, other, &steps[at..end]));
        out.extend(steps.get(end));
        at = end + 1;
    }
    out
}

fn within(reference: &[&str], other: &[&str], steps: &[Step]) -> Vec<Step> {
    let left: Vec<usize> = steps.iter().filter_map(|s| s.0).collect();
    let right: Vec<usize> = steps.iter().filter_map(|s| s.1).collect();
    if left.is_empty() || right.is_empty() || left.len() * right.len() > LARGEST_GAP {
        return steps.to_vec();
    }
    let keys = |indices: &[usize], text: &[&str]| -> Vec<Vec<char>> {
        indices.iter().map(|&i| letters(text[i]).chars().collect()).collect()
    };
    let (folded_left, folded_right) = (keys(&left, reference), keys(&right, other));
    let mut row = Vec::new();
    let mut cost = |i: usize, j: usize| {
        if reference[left[i]] == other[right[j]] {
            return 0.0;
        }
        let (x, y) = (&folded_left[i], &folded_right[j]);
        if x == y { 0.05 } else { 0.1 + 1.3 * distance(x, y, &mut row) as f32 / x.len().max(y.len()).max(1) as f32 }
    };
    let width = right.len() + 1;
    let mut best = vec![0.0f32; (left.len() + 1) * width];
    let mut from = vec![0u8; best.len()];
    for i in 0..=left.len() {
        for j in 0..=right.len() {
            let at = i * width + j;
            let mut choices = [(f32::MAX, 0), (f32::MAX, 1), (f32::MAX, 2)];
            if i > 0 && j > 0 {
                choices[0].0 = best[at - width - 1] + cost(i - 1, j - 1);
            }
            if i > 0 {
                choices[1].0 = best[at - width] + ALONE;
            }
            if j > 0 {
                choices[2].0 = best[at - 1] + ALONE;
            }
            if at > 0 {
                let chosen = choices.into_iter().fold(choices[0], |a, b| if b.0 < a.0 { b } else { a });
                (best[at], from[at]) = chosen;
            }
        }
    }
    let (mut i, mut j) = (left.len(), right.len());
    let mut out = Vec::new();
    while i > 0 || j > 0 {
        match from[i * width + j] {
            0 => {
                (i, j) = (i - 1, j - 1);
                out.push((Some(left[i]), Some(right[j])));
            }
            1 => {
                i -= 1;
                out.push((Some(left[i]), None));
            }
            _ => {
                j -= 1;
                out.push((None, Some(right[j])));
            }
        }
    }
    out.reverse();
    out
}

/// The least number of edits between two words; the plain matrix, which for words of a few letters is the quickest.
fn distance(a: &[char], b: &[char], row: &mut Vec<usize>) -> usize {
    row.clear();
    row.extend(0..=b.len());
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let best = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], best);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_goes_with_like() {
        let reference = ["số", "lượng", "hồ", "sơ"];
        let other = ["S6", "luong", "x", "hd", "sơ"];
        let steps = pair(&reference, &other);
        assert!(steps.contains(&(Some(1), Some(1))), "{steps:?}");
        assert!(steps.contains(&(Some(2), Some(3))), "{steps:?}");
    }
}

//! What Tesseract read, and how far another string is from it.

use crate::page::{Alternative, Word};

/// The readings that differ from `words` in one symbol for which Tesseract had another.
pub(super) fn exchanged(words: &[Word]) -> Vec<String> {
    let mut texts = Vec::new();
    for (at, word) in words.iter().enumerate() {
        for (position, symbol) in word.symbols.iter().enumerate() {
            for other in symbol.alternatives.iter().filter(|a| a.confidence > 0.0 && !a.text.trim().is_empty()) {
                let mut changed: Vec<String> = words.iter().map(|w| w.text.clone()).collect();
                let symbols = word.symbols.iter().enumerate();
                changed[at] =
                    symbols.map(|(i, s)| if i == position { other.text.as_str() } else { s.text.as_str() }).collect();
                texts.push(changed.join(" "));
            }
        }
    }
    texts
}

/// The characters of `letters` with the spaces of `spacing`, where those fall by the cheapest alignment of the two: the
/// network reads letters well and forgets the space behind a comma, Tesseract splits codes and sees most spaces.
pub(super) fn respaced(letters: &str, spacing: &str) -> String {
    let to: Vec<char> = letters.chars().filter(|c| *c != ' ').collect();
    let from: Vec<char> = spacing.chars().filter(|c| *c != ' ').collect();
    let (rows, columns) = (from.len() + 1, to.len() + 1);
    let mut cost = vec![0u32; rows * columns];
    for i in 0..rows {
        for j in 0..columns {
            cost[i * columns + j] = match (i, j) {
                (0, _) => j as u32,
                (_, 0) => i as u32,
                _ => {
                    let exchange = cost[(i - 1) * columns + j - 1] + u32::from(from[i - 1] != to[j - 1]);
                    exchange.min(cost[(i - 1) * columns + j] + 1).min(cost[i * columns + j - 1] + 1)
                }
            };
        }
    }
    // How many of the letters lie before each of the others' positions.
    let mut before = vec![0; rows];
    let (mut i, mut j) = (rows - 1, columns - 1);
    before[i] = j;
    while i > 0 {
        let here = cost[i * columns + j];
        if j > 0 && here == cost[(i - 1) * columns + j - 1] + u32::from(from[i - 1] != to[j - 1]) {
            (i, j) = (i - 1, j - 1);
        } else if here == cost[(i - 1) * columns + j] + 1 {
            i -= 1;
        } else {
            j -= 1;
            continue;
        }
        before[i] = j;
    }
    let mut out = String::with_capacity(letters.len() + spacing.len());
    let (mut seen, mut written) = (0, 0);
    for word in spacing.split(' ') {
        seen += word.chars().count();
        let end = if seen == from.len() { to.len() } else { before[seen] };
        if !out.is_empty() && end > written {
            out.push(' ');
        }
        out.extend(&to[written.min(end)..end]);
        written = written.max(end);
    }
    out
}

/// A character that Tesseract read and what it costs to change it.
pub(super) struct Cost {
    read: char,
    /// To take it away or to put another in its place.
    away: f32,
    /// Characters that it also thought of.
    others: Vec<(char, f32)>,
}

/// To take a sign that stands high for a raised figure.
const RAISED: f32 = 0.3;

/// A letter that Tesseract did not see at all.
const INSERTION: f32 = 4.0;

/// What Tesseract read, character by character, a space between words.
pub(super) fn costs(words: &[Word]) -> Vec<Cost> {
    let mut out: Vec<Cost> = Vec::new();
    for word in words {
        if !out.is_empty() {
            out.push(Cost { read: ' ', away: 2.0, others: Vec::new() });
        }
        if word.symbols.is_empty() {
            let away = 0.5 + 4.0 * word.confidence;
            out.extend(word.text.chars().map(|read| Cost { read, away, others: Vec::new() }));
        }
        for symbol in &word.symbols {
            let away = 0.5 + 4.0 * symbol.confidence;
            let other = |a: &Alternative| {
                let mut chars = a.text.chars();
                let single = chars.next().filter(|_| chars.next().is_none())?;
                let ratio = (symbol.confidence + 0.01) / (a.confidence + 0.01);
                Some((single, away.min(0.3 + 1.5 * ratio.ln().max(0.0))))
            };
            let others: Vec<(char, f32)> = symbol.alternatives.iter().filter_map(other).collect();
            for read in symbol.text.chars() {
                out.push(Cost { read, away, others: others.clone() });
            }
        }
    }
    out
}

/// Letters that Tesseract reads for two that stand close: `III.` comes out as `HI.` and `IIL`.
const TOUCHING: [(char, [char; 2]); 3] = [('H', ['I', 'I']), ('L', ['I', '.']), ('m', ['r', 'n'])];

/// What it costs to take a letter for two that touch.
const PARTED: f32 = 1.0;

/// A raised 2 or 3, which is not in Tesseract's alphabet: it gives any small sign that stands high.
fn is_raised(c: char) -> bool {
    matches!(c, '²' | '³')
}

fn stands_high(c: char) -> bool {
    matches!(c, '”' | '“' | '"' | '’' | '‘' | '\'' | '°' | '*' | '?' | '!' | ')' | '}' | '²' | '³')
}

/// The cheapest way from what Tesseract read to `text`.
pub(super) fn distance(read: &[Cost], text: &str) -> f32 {
    let mut before: Vec<f32> = Vec::new();
    let mut row: Vec<f32> = Vec::with_capacity(read.len() + 1);
    row.push(0.0);
    for cost in read {
        row.push(row[row.len() - 1] + cost.away);
    }
    let mut last = ' ';
    for c in text.chars() {
        let mut next = Vec::with_capacity(row.len());
        next.push(row[0] + INSERTION);
        for (i, cost) in read.iter().enumerate() {
            let exchange = if cost.read == c {
                0.0
            } else if is_raised(c) && stands_high(cost.read) {
                RAISED
            } else {
                cost.others.iter().find(|o| o.0 == c).map_or(cost.away + 0.5, |o| o.1)
            };
            let mut cheapest = (row[i] + exchange).min(row[i + 1] + INSERTION).min(next[i] + cost.away);
            if !before.is_empty() && TOUCHING.contains(&(cost.read, [last, c])) {
                cheapest = cheapest.min(before[i] + PARTED);
            }
            next.push(cheapest);
        }
        before = std::mem::replace(&mut row, next);
        last = c;
    }
    row[read.len()]
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::page::Symbol;

    /// A word as Tesseract reads it: each symbol with its confidence and what else it may be.
    pub(in crate::ocr) fn word(symbols: &[(&str, f32, &[(&str, f32)])]) -> Word {
        let symbols: Vec<Symbol> = symbols
            .iter()
            .map(|&(text, confidence, others)| Symbol {
                text: text.into(),
                confidence,
                alternatives: others.iter().map(|&(t, c)| Alternative { text: t.into(), confidence: c }).collect(),
                ..Symbol::default()
            })
            .collect();
        Word { text: symbols.iter().map(|s| s.text.as_str()).collect(), symbols, ..Word::default() }
    }

    #[test]
    fn what_tesseract_doubted_is_cheap_to_change() {
        let seen = [word(&[("k", 0.99, &[]), ("i", 0.98, &[]), ("ế", 0.6, &[("ể", 0.5)]), ("m", 0.99, &[])])];
        let costs = costs(&seen);
        let [same, doubted, sure] = ["kiếm", "kiểm", "kiếp"].map(|t| distance(&costs, t));
        assert_eq!(same, 0.0);
        assert!(doubted > 0.0 && doubted < 1.0 && sure > 4.0, "{doubted} {sure}");
        assert_eq!(exchanged(&seen), ["kiểm"]);
    }

    #[test]
    fn letters_that_touch_and_raised_figures_are_near_what_they_are_taken_for() {
        let sure = |text: &str| costs(&[Word { text: text.into(), confidence: 0.9, ..Word::default() }]);
        for (read, near, far) in
            [("HI.", "III.", "VII."), ("IL", "II.", "IV."), ("160m”", "160m²", "160m2"), ("m2", "m2", "m²")]
        {
            let (near, far) = (distance(&sure(read), near), distance(&sure(read), far));
            assert!(near < far && near < 2.0, "{read}: {near} {far}");
        }
    }

    #[test]
    fn letters_take_the_spaces_of_the_other_reading() {
        for (letters, spacing, want) in [
            ("sơ,Gặp", "sơ, Gap", "sơ, Gặp"),
            ("297 1/QĐ-UBND", "2971/QĐ-UBN", "2971/QĐ-UBND"),
            ("2.27.3.TT.Lập", "2. 27.3TT. Lập", "2. 27.3.TT. Lập"),
            ("ab", "", "ab"),
            ("", "a b", ""),
        ] {
            assert_eq!(respaced(letters, spacing), want, "{letters} by {spacing}");
        }
    }
}

//! Spaces that print always has and recognisers lose.

use crate::geometry::Rect;
use crate::page::{RecognisedPage, Word};

/// Parts `Số:11` into `Số:` and `11`: after a word and its colon a space is printed, and a number's digits are kept as they are.
pub fn part_after_colons(page: &mut RecognisedPage) {
    for line in &mut page.lines {
        let words = std::mem::take(&mut line.words);
        line.words = words.into_iter().flat_map(parted).collect();
    }
}

fn parted(word: Word) -> Vec<Word> {
    let Some(at) = colon_before_number(&word.text) else { return vec![word] };
    let (head, tail) = word.text.split_at(at);
    let letters = head.chars().count();
    let share = letters as f32 / word.text.chars().count() as f32;
    let told_apart = word.symbols.iter().map(|s| s.text.as_str()).collect::<String>() == word.text;
    let border = match word.symbols.get(letters) {
        Some(first) if told_apart => first.rect.x0,
        _ => word.rect.x0 + share * word.rect.width(),
    };
    let mut symbols = if told_apart { word.symbols } else { Vec::new() };
    let after = symbols.split_off(letters.min(symbols.len()));
    let part = |text: &str, rect, symbols| Word {
        text: text.to_owned(),
        rect,
        confidence: word.confidence,
        symbols,
        alternatives: Vec::new(),
    };
    vec![part(head, Rect { x1: border, ..word.rect }, symbols), part(tail, Rect { x0: border, ..word.rect }, after)]
}

/// The byte after the colon in a word that is letters, a colon and then a digit; None in times, addresses and ratios.
fn colon_before_number(text: &str) -> Option<usize> {
    let at = text.find(':')?;
    let letters = !text[..at].is_empty() && text[..at].chars().all(char::is_alphabetic);
    (letters && text[at + 1..].starts_with(|c: char| c.is_ascii_digit())).then_some(at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Line;

    #[test]
    fn a_number_is_parted_from_the_word_before_it_and_nothing_else() {
        let cases = [
            ("Số:11/CT-UBND", vec!["Số:", "11/CT-UBND"]),
            ("hạn:4.325,", vec!["hạn:", "4.325,"]),
            ("08:30", vec!["08:30"]),
            ("http://x", vec!["http://x"]),
            ("TT1:2", vec!["TT1:2"]),
            ("gửi:", vec!["gửi:"]),
        ];
        for (text, want) in cases {
            let word = Word { text: text.into(), rect: Rect::new(0.0, 0.0, 100.0, 20.0), ..Word::default() };
            let mut page = RecognisedPage { page: 1, lines: vec![Line { words: vec![word], ..Line::default() }] };
            part_after_colons(&mut page);
            let words: Vec<_> = page.lines[0].words.iter().map(|w| w.text.as_str()).collect();
            assert_eq!(words, want);
            assert!(page.lines[0].words.windows(2).all(|w| w[0].rect.x1 <= w[1].rect.x0), "{text}");
        }
    }
}

//! A line as the model sees it: a chain of words and classes.

use super::vocabulary::{Vocabulary, WordId, class, class_of};
use crate::text::token::{Shape, Token, TokenKind, fold_word, tokenise};

/// Turns lines into word numbers; keeps its buffers from line to line.
#[derive(Debug, Default)]
pub(super) struct Encoder {
    tokens: Vec<Token>,
    folded: String,
}

impl Encoder {
    /// The line's words and classes between two breaks.
    pub fn encode(&mut self, vocabulary: &Vocabulary, line: &str, ids: &mut Vec<WordId>) {
        ids.clear();
        ids.push(class::BREAK);
        self.tokens.clear();
        tokenise(line, &mut self.tokens);
        for token in &self.tokens {
            let text = token.text(line);
            ids.push(if token.kind == TokenKind::Word {
                self.folded.clear();
                fold_word(text, &mut self.folded);
                vocabulary.id(&self.folded).unwrap_or(class::UNKNOWN)
            } else {
                class_of(token.kind, text)
            });
        }
        ids.push(class::BREAK);
    }

    /// Hands the line's words to `take`: folded, with their shape, and whether they stand where a sentence may begin.
    pub fn words(&mut self, line: &str, mut take: impl FnMut(&str, Shape, bool)) {
        self.tokens.clear();
        tokenise(line, &mut self.tokens);
        let mut begins = true;
        for token in &self.tokens {
            let text = token.text(line);
            if token.kind == TokenKind::Word {
                self.folded.clear();
                fold_word(text, &mut self.folded);
                take(&self.folded, Shape::of(text), begins);
            }
            begins = token.kind != TokenKind::Word
                && !matches!(
                    class_of(token.kind, text),
                    class::COMMA | class::SMALL | class::YEAR | class::NUMBER | class::DATE | class::CODE
                );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_chain_of_words_and_classes() {
        let vocabulary = Vocabulary::new(["ngày", "hòa"]);
        let mut ids = Vec::new();
        Encoder::default().encode(&vocabulary, "Ngày 05/7/2025, Hoà 12 lạ.", &mut ids);
        let [day, peace] = ["ngày", "hòa"].map(|w| vocabulary.id(w).unwrap());
        use class::*;
        assert_eq!(ids, [BREAK, day, DATE, COMMA, peace, SMALL, UNKNOWN, STOP, BREAK]);
    }
}

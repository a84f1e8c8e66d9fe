//! Signs inside words: a recogniser that lacks a letter sees a mark of punctuation in its place (`chil.c` for `chức`, `s*a` for `sửa`), and the
//! word is cut there. In text that was misread, such pieces are one token again.

use crate::text::token::{Token, TokenKind};

/// Puts the pieces of words together that a sign cut in a line of misread text.
pub(in crate::restore) fn rejoin(line: &str, tokens: &mut Vec<Token>) {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let token = tokens[at];
        let last = out.last().copied().filter(|last| is_word(last) && last.end == token.start);
        if let Some(left) = last
            && token.kind == TokenKind::Punctuation
        {
            let sign = token.text(line);
            let right = tokens.get(at + 1).filter(|right| is_word(right) && right.start == token.end);
            let end = match right {
                Some(right) => stands_between(line, left, sign, *right).then_some(right.end),
                None => stands_at_end(line, left, sign, out.len() == 1, tokens.get(at + 1)).then_some(token.end),
            };
            if let (Some(end), Some(joined)) = (end, out.last_mut()) {
                (joined.end, joined.kind) = (end, TokenKind::Mixed);
                at += if right.is_some() { 2 } else { 1 };
                continue;
            }
        }
        out.push(token);
        at += 1;
    }
    *tokens = out;
}

fn is_word(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::Mixed)
}

/// The most letters beside a sign that is a letter: longer pieces are words with a lost space.
const LONGEST_PIECE: usize = 4;

/// Whether a sign between two pieces is a letter of theirs.
fn stands_between(line: &str, left: Token, sign: &str, right: Token) -> bool {
    let [before, after] = [left, right].map(|t| t.text(line));
    let short = |text: &str| text.chars().count() <= LONGEST_PIECE;
    let opens = || !line[right.end..].split(' ').next().is_some_and(|rest| rest.contains(')'));
    let letter = match sign {
        "." | "'" | "*" | "!" | "]" | "[" | "<" | ">" => true,
        "(" => opens(),
        _ => false,
    };
    letter
        && short(before)
        && short(after)
        && after.starts_with(char::is_lowercase)
        && before.ends_with(char::is_alphabetic)
}

/// Whether a sign after a piece, at the end of its chunk, is the last letter of it.
fn stands_at_end(line: &str, left: Token, sign: &str, first: bool, next: Option<&Token>) -> bool {
    let letters = left.text(line).chars().count();
    let goes_on = next
        .is_some_and(|n| n.start > left.end + sign.len() && line[n.start..].starts_with(|c: char| c.is_alphanumeric()));
    let unopened = |open: char| !line[..left.start].contains(open);
    goes_on
        && match sign {
            "*" | "!" => letters <= LONGEST_PIECE,
            "]" => letters <= 2 && !first && unopened('['),
            ")" => letters <= 2 && !first && unopened('('),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::token::tokenise;

    #[test]
    fn a_sign_that_is_a_letter_belongs_to_its_word() {
        let cut = |line: &str| {
            let mut tokens = Vec::new();
            tokenise(line, &mut tokens);
            rejoin(line, &mut tokens);
            tokens.iter().map(|t| t.text(line).to_owned()).collect::<Vec<_>>().join("|")
        };
        for (line, want) in [
            ("td chil.c lai", "td|chil.c|lai"),
            ("c* vao", "c*|vao"),
            ("s(i 05", "s(i|05"),
            ("dinh k] 05 nam", "dinh|k]|05|nam"),
            ("k) dieu", "k|)|dieu"),
            ("(dinh k) 05", "(|dinh|k|)|05"),
            ("TP.HCM", "TP|.|HCM"),
            ("het. Con", "het|.|Con"),
            ("thong tin.thong tin", "thong|tin|.|thong|tin"),
        ] {
            assert_eq!(cut(line), want, "{line}");
        }
    }
}

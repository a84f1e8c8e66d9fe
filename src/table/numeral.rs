//! What a cell's text is, as far as the form of a table shows: a number, a number of its column, an item of a list, or words.

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Nothing, or a sign that stands for nothing: `-`, `…`, `x`.
    Blank,
    /// Digits alone.
    Whole,
    /// A number with a part behind a comma or stop, a share, a sign or spaces in it.
    Number,
    /// Several numbers: a range, a date, a pair.
    Numbers,
    /// Words, with or without numbers.
    Words,
}

impl Content {
    /// What `text` is.
    pub fn of(text: &str) -> Content {
        let text = text.trim();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let blank = |c: char| matches!(c, '-' | '–' | '—' | '.' | '…' | '/' | '_' | ' ');
        if digits == 0 && (text.chars().all(blank) || matches!(text, "x" | "X")) {
            Content::Blank
        } else if digits > 0 && letters == 0 {
            let body =
                text.trim_start_matches(['-', '–', '+', '(', '<', '>', '≤', '≥']).trim_end_matches([')', '%', ' ']);
            let joint = |c: char| matches!(c, '-' | '–' | '/' | ':' | '÷' | '~' | ';');
            if body.contains(joint) {
                Content::Numbers
            } else if text.chars().all(|c| c.is_ascii_digit()) {
                Content::Whole
            } else {
                Content::Number
            }
        } else {
            Content::Words
        }
    }

    /// Whether it is one number.
    pub fn is_number(self) -> bool {
        matches!(self, Content::Whole | Content::Number)
    }

    /// Whether it is made of digits: a number or several.
    pub fn is_numeric(self) -> bool {
        self.is_number() || self == Content::Numbers
    }
}

/// The number of a column as a numbering row has it: `3`, `(3)`, `3=4+5`, `(3)=(4)+(5)`, `A`. None where the text is none.
/// Letters count before numbers: `A` is 0.
pub(super) fn column_number(text: &str) -> Option<u32> {
    let plain: String = text.chars().filter(|c| !matches!(c, '(' | ')' | '[' | ']' | ' ')).collect();
    if matches!(plain.as_str(), "A" | "B" | "C") {
        return Some(0);
    }
    let (number, formula) = plain.split_once('=').map_or((plain.as_str(), None), |(n, f)| (n, Some(f)));
    let number = number.parse::<u32>().ok().filter(|n| (1..=99).contains(n) && !plain.starts_with('0'))?;
    let term =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '–' | '*' | 'x' | '×' | '/' | ':' | '%' | '.' | '…');
    formula.is_none_or(|f| !f.is_empty() && f.chars().all(term)).then_some(number)
}

/// Whether a text is the number of a row: `1`, `01`, `1.1`, `I`, `a`, `A`, `-`, with or without a stop or bracket.
pub(super) fn is_item(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['.', ')', '/']);
    let short = text.chars().count() <= 6;
    let number = !text.is_empty()
        && text.split('.').all(|p| !p.is_empty() && p.len() <= 3 && p.chars().all(|c| c.is_ascii_digit()));
    let roman = !text.is_empty() && text.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L'));
    let letter = text.chars().count() == 1 && text.chars().all(char::is_alphabetic);
    short && (number || roman || letter || matches!(text, "-" | "+" | "*"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_told_apart() {
        for (text, want) in [
            ("", Content::Blank),
            ("-", Content::Blank),
            ("x", Content::Blank),
            ("12", Content::Whole),
            ("312.480", Content::Number),
            ("38,5", Content::Number),
            ("96,16%", Content::Number),
            ("-12,5", Content::Number),
            ("(1.204)", Content::Number),
            ("27.25-30", Content::Numbers),
            ("5/7/2025", Content::Numbers),
            ("A25006", Content::Words),
            ("Năm 2023", Content::Words),
        ] {
            assert_eq!(Content::of(text), want, "{text}");
        }
    }

    #[test]
    fn numbers_of_columns_may_carry_a_formula() {
        for (text, want) in [
            ("(3)", Some(3)),
            ("3=4+5", Some(3)),
            ("(3) = (4) + (5)", Some(3)),
            ("6=4/3", Some(6)),
            ("A", Some(0)),
            ("312", None),
            ("Tổng", None),
            ("3=", None),
            ("03", None),
        ] {
            assert_eq!(column_number(text), want, "{text}");
        }
    }

    #[test]
    fn items_of_lists_are_short() {
        for (text, want) in [
            ("1", true),
            ("1.1", true),
            ("II", true),
            ("a)", true),
            ("-", true),
            ("1.250", true),
            ("Xã", false),
            ("2024", false),
            ("", false),
        ] {
            assert_eq!(is_item(text), want, "{text}");
        }
    }
}

//! How a column is made of others, as heads say: `6=4/3`, `(3)=(4)+(5)`.

/// A column's number and, where it is printed, what the column is made of: `(3)=(4)+(5)`.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::extract) struct Formula {
    /// The column, from 1.
    pub(in crate::extract) column: usize,
    /// Its number.
    pub(in crate::extract) number: u32,
    /// The numbers of the columns that are added up, and whether each is taken off instead; empty where none are.
    pub(in crate::extract) sum: Vec<(u32, bool)>,
    /// The quotient that it is, `6=4/3`: part and whole.
    pub(in crate::extract) quotient: Option<(u32, u32)>,
}

/// What a head says without brackets and spaces, with its equals sign where that was read as a dash: `11-12+13` adds up the columns behind it.
pub(super) fn plain(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !matches!(c, '(' | ')' | '[' | ']' | ' ')).collect();
    let repaired = plain.split_once(['-', '–', '—', '~']).and_then(|(number, terms)| {
        let first = terms.split('+').next()?.parse::<u32>().ok()?;
        (terms.contains('+') && number.parse::<u32>().ok()?.checked_add(1)? == first)
            .then(|| format!("{number}={terms}"))
    });
    repaired.unwrap_or(plain)
}

impl Formula {
    pub(super) fn parse(text: &str, column: u32) -> Option<Formula> {
        let plain = plain(text);
        let (number, terms) = plain.split_once('=').map_or((plain.as_str(), ""), |(number, terms)| (number, terms));
        let number = number.parse().ok()?;
        let mut formula = Formula { column: column as usize, number, ..Formula::default() };
        let terms = terms.replace('–', "-");
        if let Some((part, whole)) = terms.split_once(['/', ':']) {
            let whole: String = whole.chars().take_while(char::is_ascii_digit).collect();
            formula.quotient = part.parse().ok().zip(whole.parse().ok());
            return Some(formula);
        }
        let mut rest = terms.as_str();
        let mut minus = false;
        while !rest.is_empty() {
            let end = rest.find(['+', '-']).unwrap_or(rest.len());
            let Ok(term) = rest[..end].parse() else { return Some(Formula { sum: Vec::new(), ..formula }) };
            formula.sum.push((term, minus));
            minus = rest[end..].starts_with('-');
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        Some(formula)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_read() {
        let sum = Formula::parse("(3)=(4)+(5)-(6)", 5).unwrap();
        assert_eq!((sum.column, sum.number, sum.sum), (5, 3, vec![(4, false), (5, false), (6, true)]));
        assert_eq!(Formula::parse("6=4/3", 6).unwrap().quotient, Some((4, 3)));
        assert_eq!(Formula::parse("A", 1), None);
        assert_eq!(Formula::parse("11-12+13", 11).unwrap().sum, [(12, false), (13, false)]);
        assert_eq!(Formula::parse("(11)-(12)", 11), None, "a range");
        assert!(Formula::parse("7=x", 1).unwrap().sum.is_empty());
    }
}

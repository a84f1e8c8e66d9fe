//! The grammar of printed numbers: what one run of digits and separators can mean in a Vietnamese report.
//!
//! Points and commas both part thousands and both mark the fraction, whatever the rules say, so `4,374` and `4.374` have
//! two readings each. All that the form allows are kept, the likeliest first; which one is right is for the sums to say.

use crate::extract::number::decimal::Decimal;

/// What a printed number can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::extract) struct Number {
    /// The values, the likeliest first; never empty.
    pub(in crate::extract) readings: Vec<Decimal>,
    /// True where letters or stray spaces stand for digits: the recogniser was wrong somewhere.
    pub(in crate::extract) damaged: bool,
}

/// What is measured, as far as it decides how separators are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Scale {
    /// Things that are counted, and amounts of money in đồng: fractions are unlikely.
    Count,
    /// Areas, lengths, millions and thousands of millions: fractions are usual, and a point parts thousands, as the rules of
    /// official documents have it.
    Measure,
    /// Percentages: there are no thousands of them.
    Share,
}

/// Most damaged letters a number may have; with more it is a word.
const MOST_DAMAGE: usize = 2;

/// Reads digits with separators; None where no number looks like this.
///
/// Letters that recognisers put for digits (`l.077`, `1O`, `202]`) are read as those digits and reported as damage.
pub(in crate::extract) fn read(printed: &str, scale: Scale) -> Option<Number> {
    let damage = printed.chars().filter(|&c| !digits_of(c).is_empty() && !c.is_ascii_digit()).count();
    if damage > MOST_DAMAGE || !printed.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut readings = Vec::new();
    for spelling in spellings(printed)? {
        for value in values(&spelling, scale) {
            if !readings.contains(&value) {
                readings.push(value);
            }
        }
    }
    (!readings.is_empty()).then_some(Number { readings, damaged: damage > 0 })
}

/// The digits that a printed sign can stand for, the likeliest first; empty for what is no digit.
pub(in crate::extract) fn digits_of(c: char) -> &'static str {
    match c {
        '0' => "0",
        '1' => "1",
        '2' => "2",
        '3' => "3",
        '4' => "4",
        '5' => "5",
        '6' => "6",
        '7' => "7",
        '8' => "8",
        '9' => "9",
        'l' | 'I' | '|' | ']' => "1",
        'O' | 'o' => "0",
        'Z' => "2",
        'S' => "5",
        'B' => "8",
        '§' => "85",
        _ => "",
    }
}

/// The number with digits only, in each way that its damaged signs allow.
fn spellings(printed: &str) -> Option<Vec<String>> {
    let mut all = vec![String::new()];
    for c in printed.chars() {
        if matches!(c, '.' | ',') {
            all.iter_mut().for_each(|s| s.push(c));
            continue;
        }
        let digits = digits_of(c);
        if digits.is_empty() {
            return None;
        }
        all = digits.chars().flat_map(|d| all.iter().map(move |s| format!("{s}{d}"))).collect();
    }
    Some(all)
}

/// The values of digits with separators, the likeliest first.
fn values(number: &str, scale: Scale) -> Vec<Decimal> {
    let groups: Vec<&str> = number.split(['.', ',']).collect();
    let marks: Vec<char> = number.chars().filter(|c| matches!(c, '.' | ',')).collect();
    if groups.iter().any(|g| g.is_empty()) {
        return Vec::new();
    }
    let (Some((last, head)), Some(first)) = (groups.split_last(), groups.first()) else { return Vec::new() };
    if head.is_empty() {
        return Decimal::from_digits(last, "").into_iter().collect();
    }
    // Thousands stand in threes, and the first group is neither empty nor a mere nought.
    let first_fits = first.len() <= 3 && !first.starts_with('0');
    let threes = |groups: &[&str]| first_fits && groups[1..].iter().all(|g| g.len() == 3);
    let alike = marks.iter().all(|m| *m == marks[0]);
    let whole = (alike && threes(&groups)).then(|| Decimal::from_digits(&groups.concat(), "")).flatten();
    let before_last = &marks[..marks.len() - 1];
    let fraction_mark_differs = before_last.iter().all(|m| *m == before_last[0] && *m != marks[marks.len() - 1]);
    let fraction = (fraction_mark_differs && (head.len() == 1 || threes(head)))
        .then(|| Decimal::from_digits(&head.concat(), last))
        .flatten();
    match scale {
        Scale::Count => whole.into_iter().chain(fraction).collect(),
        Scale::Measure if marks[0] == '.' => whole.into_iter().chain(fraction).collect(),
        // Two groups of thousands cannot be a fraction, so `fraction` is None for them.
        Scale::Measure | Scale::Share => fraction.into_iter().chain(whole).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(printed: &str, scale: Scale) -> String {
        let Some(number) = read(printed, scale) else { return "none".into() };
        let values: Vec<String> = number.readings.iter().map(Decimal::to_string).collect();
        format!("{}{}", values.join(" "), if number.damaged { " damaged" } else { "" })
    }

    #[test]
    fn forms_and_their_readings() {
        let cases = [
            ("1077", "1077", "1077"),
            ("08", "8", "8"),
            ("4,374", "4374 4.374", "4.374 4374"),
            ("312.480", "312480 312.48", "312480 312.48"),
            ("96,16", "96.16", "96.16"),
            ("99.78", "99.78", "99.78"),
            ("0,125", "0.125", "0.125"),
            ("162.056.800", "162056800", "162056800"),
            ("1.234,56", "1234.56", "1234.56"),
            ("1,234,567.8", "1234567.8", "1234567.8"),
            ("1.234,567", "1234.567", "1234.567"),
            ("1.23.456", "none", "none"),
            ("12.5.2025", "none", "none"),
            ("1234.567", "1234.567", "1234.567"),
            ("l.077", "1077 1.077 damaged", "1077 1.077 damaged"),
            ("1O", "10 damaged", "10 damaged"),
            ("202]", "2021 damaged", "2021 damaged"),
            ("§.699", "8699 5699 8.699 5.699 damaged", "8699 5699 8.699 5.699 damaged"),
            ("lOl", "none", "none"),
            ("1OlO", "none", "none"),
            ("4,", "none", "none"),
            ("m2", "none", "none"),
        ];
        for (printed, count, measure) in cases {
            let sorted = |s: String| {
                let mut parts: Vec<String> = s.split(' ').map(str::to_owned).collect();
                parts[1..].sort();
                parts
            };
            assert_eq!(sorted(shown(printed, Scale::Count)), sorted(count.into()), "{printed} counted");
            assert_eq!(sorted(shown(printed, Scale::Measure)), sorted(measure.into()), "{printed} measured");
        }
    }

    #[test]
    fn a_share_has_no_thousands() {
        assert_eq!(shown("12.345", Scale::Share), "12.345 12345");
    }

    proptest! {
        #[test]
        fn thousands_are_read_back(value in 0u64..1_000_000_000_000, comma in any::<bool>()) {
            let digits = value.to_string();
            let mark = if comma { ',' } else { '.' };
            let mut printed = String::new();
            for (i, d) in digits.chars().enumerate() {
                if i > 0 && (digits.len() - i) % 3 == 0 {
                    printed.push(mark);
                }
                printed.push(d);
            }
            let number = read(&printed, Scale::Count).unwrap();
            prop_assert_eq!(number.readings[0].to_string(), digits);
            prop_assert!(!number.damaged);
        }

        #[test]
        fn percentages_are_read_back(whole in 0u32..101, hundredths in 0u32..100, comma in any::<bool>()) {
            let printed = format!("{whole}{}{hundredths:02}", if comma { ',' } else { '.' });
            let number = read(&printed, Scale::Share).unwrap();
            prop_assert_eq!(number.readings.len(), 1);
            prop_assert!((number.readings[0].to_f64() - (f64::from(whole) + f64::from(hundredths) / 100.0)).abs() < 1e-9);
        }

        #[test]
        fn nothing_printed_is_a_surprise(printed in "[0-9.,lOS§]{0,24}") {
            if let Some(number) = read(&printed, Scale::Count) {
                prop_assert!(!number.readings.is_empty());
                prop_assert!(printed.contains(|c: char| c.is_ascii_digit()));
            }
        }
    }
}

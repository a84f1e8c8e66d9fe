//! Roman numbers, as sections, quarters and chapters are numbered with.

/// Values of the signs and of the pairs that subtract, from the largest.
const PARTS: [(u16, &str); 13] = [
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
];

/// The value of a number in capitals, from 1 to 3999; None for what is not well formed, such as `IIII` or `VX`, and for small letters.
pub fn value(text: &str) -> Option<u16> {
    // The longest is MMMDCCCLXXXVIII.
    if text.is_empty() || text.len() > 15 {
        return None;
    }
    let (mut rest, mut value) = (text, 0u16);
    for (worth, sign) in PARTS {
        while let Some(behind) = rest.strip_prefix(sign) {
            value = value.checked_add(worth)?;
            rest = behind;
        }
    }
    (rest.is_empty() && value < 4000 && numeral(value) == text).then_some(value)
}

/// The number in capitals; empty for 0.
pub fn numeral(mut value: u16) -> String {
    let mut out = String::new();
    for (worth, sign) in PARTS {
        while value >= worth {
            out.push_str(sign);
            value -= worth;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_read_as_it_is_written() {
        for number in 1..4000 {
            assert_eq!(value(&numeral(number)), Some(number));
        }
        assert_eq!(["I", "IV", "XII", "XXXIX", "MCMLXXV"].map(value), [1, 4, 12, 39, 1975].map(Some));
    }

    #[test]
    fn what_is_not_well_formed_is_no_number() {
        for text in ["", "IIII", "VX", "IL", "IXI", "ii", "HI", "MMMM", "X.", "VIV"] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}

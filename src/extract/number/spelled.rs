//! Numbers written out in words: `hai trăm linh năm`, `một triệu hai trăm nghìn`.

use crate::extract::number::decimal::Decimal;

/// The number that these words spell out; None where one of them is no numeral or their order makes no number.
///
/// Marks are needed: without them `năm` (five) cannot be told from *year* nor `tư` (four) from many another word.
pub(in crate::extract) fn value(words: &str) -> Option<Decimal> {
    let (mut total, mut section, mut pending) = (0u64, 0u64, None::<u64>);
    let mut smallest = u64::MAX;
    let mut any = false;
    for word in words.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()) {
        any = true;
        match numeral(&word.to_lowercase())? {
            Numeral::Digit(digit) => {
                // `hai mươi lăm`: the digit after a ten stands alone, two digits in a row do not.
                if pending.is_some() {
                    return None;
                }
                pending = Some(digit);
            }
            Numeral::Filler => {}
            Numeral::Teen => section += pending.take().map_or(10, |tens| tens * 10),
            Numeral::Hundred => section += pending.take()? * 100,
            Numeral::Power(power) => {
                let count = section + pending.take().unwrap_or(0);
                if count == 0 || power >= smallest {
                    return None;
                }
                smallest = power;
                total = total.checked_add(count.checked_mul(power)?)?;
                section = 0;
            }
        }
    }
    let value = total + section + pending.unwrap_or(0);
    any.then(|| Decimal::from_digits(&value.to_string(), "")).flatten()
}

enum Numeral {
    Digit(u64),
    /// `mười` and `mươi`.
    Teen,
    Hundred,
    Power(u64),
    /// `linh`, `lẻ`: says that the tens are missing.
    Filler,
}

fn numeral(word: &str) -> Option<Numeral> {
    Some(match word {
        "không" => Numeral::Digit(0),
        "một" | "mốt" => Numeral::Digit(1),
        "hai" => Numeral::Digit(2),
        "ba" => Numeral::Digit(3),
        "bốn" | "tư" => Numeral::Digit(4),
        "năm" | "lăm" | "nhăm" => Numeral::Digit(5),
        "sáu" => Numeral::Digit(6),
        "bảy" | "bẩy" => Numeral::Digit(7),
        "tám" => Numeral::Digit(8),
        "chín" => Numeral::Digit(9),
        "mười" | "mươi" => Numeral::Teen,
        "trăm" => Numeral::Hundred,
        "nghìn" | "ngàn" => Numeral::Power(1_000),
        "triệu" => Numeral::Power(1_000_000),
        "tỷ" | "tỉ" => Numeral::Power(1_000_000_000),
        "linh" | "lẻ" => Numeral::Filler,
        _ => return None,
    })
}

/// How many words at the beginning of `text` are numerals, and where the last of them ends.
pub(in crate::extract) fn prefix(text: &str) -> (usize, usize) {
    let (mut count, mut end) = (0, 0);
    let mut at = 0;
    for word in text.split(char::is_whitespace) {
        let bare = word.trim_end_matches([',', '.', ')', ';', ':']);
        if numeral(&bare.to_lowercase()).is_none() {
            break;
        }
        count += 1;
        end = at + bare.len();
        if bare.len() < word.len() {
            break;
        }
        at += word.len() + 1;
    }
    (count, end)
}

/// The number that the words at the beginning of `text` spell out beyond doubt, and where they end: nought, or two words
/// and more of which one is a ten, a hundred or a power of ten. `Hai` may be a name and `một` a mere article.
pub(in crate::extract) fn spoken(text: &str) -> Option<(Decimal, usize)> {
    let (count, end) = prefix(text);
    let words = text[..end].to_lowercase();
    let ten = ["mười", "mươi", "trăm", "nghìn", "ngàn", "triệu", "tỷ", "tỉ"];
    let sure = words == "không" || count > 1 && words.split(' ').any(|w| ten.contains(&w));
    sure.then(|| value(&words)).flatten().map(|value| (value, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_spell_numbers() {
        let cases = [
            ("hai trăm", Some("200")),
            ("mười lăm", Some("15")),
            ("hai mươi mốt", Some("21")),
            ("một trăm linh năm", Some("105")),
            ("Ba nghìn không trăm bảy mươi bảy", Some("3077")),
            ("một triệu hai trăm nghìn", Some("1200000")),
            ("mười hai tỷ ba trăm triệu", Some("12300000000")),
            ("không", Some("0")),
            ("hai ba", None),
            ("trăm hai", None),
            ("nghìn", None),
            ("ba nghìn hai triệu", None),
            ("năm học", None),
            ("", None),
        ];
        for (words, want) in cases {
            assert_eq!(value(words).map(|v| v.to_string()).as_deref(), want, "{words}");
        }
    }

    #[test]
    fn what_is_spoken_is_sure() {
        let cases = [
            ("hai trăm hồ sơ", Some(("200", 2))),
            ("Không hồ sơ", Some(("0", 1))),
            ("ba cấp", None),
            ("hai ba mươi", None),
            ("một", None),
        ];
        for (text, want) in cases {
            let got = spoken(text).map(|(value, end)| (value.to_string(), text[..end].split(' ').count()));
            assert_eq!(got.as_ref().map(|(v, n)| (v.as_str(), *n)), want, "{text}");
        }
    }

    #[test]
    fn numerals_end_where_the_words_do() {
        assert_eq!(prefix("hai trăm hồ sơ"), (2, "hai trăm".len()));
        assert_eq!(prefix("hai trăm) hồ sơ"), (2, "hai trăm".len()));
        assert_eq!(prefix("hồ sơ"), (0, 0));
    }
}

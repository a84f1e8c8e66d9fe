//! Numbers written out in words: `hai trăm linh năm`, `một triệu hai trăm nghìn`, by the words of `dictionaries/numerals.toml`.

use crate::data;
use crate::error::Result;
use crate::extract::number::decimal::Decimal;
use crate::text::fold::key;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::sync::LazyLock;

pub(in crate::extract) const FILE: &str = "numerals.toml";
pub(in crate::extract) const EMBEDDED: &str = include_str!("../../../dictionaries/numerals.toml");

/// The words that the program brings along, which are checked when an extractor is made.
static NUMERALS: LazyLock<Numerals> =
    LazyLock::new(|| Numerals::parse(FILE, EMBEDDED).expect("a test holds the file against its form"));

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numeral {
    Digit(u64),
    /// Ten, and the tens behind a digit.
    Ten,
    Hundred,
    Power(u64),
    /// Says that the tens are missing.
    Filler,
}

/// The content of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    digits: [Vec<String>; 10],
    tens: Vec<String>,
    hundred: Vec<String>,
    fillers: Vec<String>,
    powers: Vec<Power>,
    #[serde(deserialize_with = "data::keys")]
    in_words: Vec<String>,
    alone: Vec<String>,
    beside: Vec<String>,
    #[serde(deserialize_with = "data::keys")]
    counted: Vec<String>,
    units: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Power {
    value: u64,
    say: Vec<String>,
}

/// The words that spell numbers.
#[derive(Debug)]
pub(in crate::extract) struct Numerals {
    words: FxHashMap<String, Numeral>,
    /// Keys of the words with which a number begins.
    first: Vec<String>,
    in_words: Vec<String>,
    /// Words that are a number by themselves before these units, and those that are one beside another of the unit.
    alone: Vec<String>,
    beside: Vec<String>,
    /// Keys of the words right behind which those of `beside` count as well.
    counted: Vec<String>,
    units: Vec<String>,
}

impl Numerals {
    /// Reads the file.
    ///
    /// # Errors
    /// [`ErrorKind::Definition`](crate::error::ErrorKind::Definition) with the line or the word where it is wrong.
    pub(in crate::extract) fn parse(file: &str, content: &str) -> Result<Numerals> {
        let table: Table = data::parse(file, content)?;
        let first = table.digits.iter().chain([&table.tens]).filter_map(|say| say.first());
        let (first, in_words) = (first.map(|word| key(word)).collect(), table.in_words);
        let (alone, beside, counted, units) = (table.alone, table.beside, table.counted, table.units);
        let digits = (0..).zip(table.digits).map(|(digit, say)| (Numeral::Digit(digit), say));
        let powers = table.powers.into_iter().map(|power| (Numeral::Power(power.value), power.say));
        let tens = [(Numeral::Ten, table.tens), (Numeral::Hundred, table.hundred), (Numeral::Filler, table.fillers)];
        let mut words = FxHashMap::default();
        for (numeral, say) in digits.chain(tens).chain(powers) {
            for word in say {
                if words.insert(word.clone(), numeral).is_some() {
                    return Err(data::wrong(file, format!("`{word}` stands twice; keep one")));
                }
            }
        }
        Ok(Numerals { words, first, in_words, alone, beside, counted, units })
    }

    fn numeral(&self, word: &str) -> Option<Numeral> {
        self.words.get(word.to_lowercase().as_str()).copied()
    }
}

/// The number that these words spell out; None where one of them is no numeral or their order makes no number.
///
/// Marks are needed: without them `năm` (five) cannot be told from *year* nor `tư` (four) from many another word.
pub(in crate::extract) fn value(words: &str) -> Option<Decimal> {
    let (mut total, mut section, mut pending) = (0u64, 0u64, None::<u64>);
    let mut smallest = u64::MAX;
    let mut any = false;
    for word in words.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()) {
        any = true;
        match NUMERALS.numeral(word)? {
            Numeral::Digit(digit) => {
                // `hai mươi lăm`: the digit after a ten stands alone, two digits in a row do not.
                if pending.is_some() {
                    return None;
                }
                pending = Some(digit);
            }
            Numeral::Filler => {}
            Numeral::Ten => section += pending.take().map_or(10, |tens| tens * 10),
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

/// Whether a number in words may begin at the byte of the key: one of the words with which they do stands there.
pub(in crate::extract) fn begins(key: &str, at: usize) -> bool {
    let ends = |word: &String| !key.as_bytes().get(at + word.len()).is_some_and(u8::is_ascii_alphabetic);
    NUMERALS.first.iter().any(|word| key.as_bytes()[at..].starts_with(word.as_bytes()) && ends(word))
}

/// What is in brackets without the words that announce a number in words; both as keys.
pub(in crate::extract) fn announced(inside: &str) -> &str {
    let inside = inside.trim_start();
    let rest = NUMERALS.in_words.iter().find_map(|words| inside.strip_prefix(words.as_str()));
    rest.unwrap_or(inside).trim_start_matches([':', ' '])
}

/// How many words at the beginning of `text` are numerals, and where the last of them ends.
pub(in crate::extract) fn prefix(text: &str) -> (usize, usize) {
    let (mut count, mut end) = (0, 0);
    let mut at = 0;
    for word in text.split(char::is_whitespace) {
        let bare = word.trim_end_matches([',', '.', ')', ';', ':']);
        if NUMERALS.numeral(bare).is_none() {
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
    let words = &text[..end];
    let ten = |word| matches!(NUMERALS.numeral(word), Some(Numeral::Ten | Numeral::Hundred | Numeral::Power(_)));
    let sure = NUMERALS.numeral(words) == Some(Numeral::Digit(0)) || count > 1 && words.split(' ').any(ten);
    sure.then(|| value(words)).flatten().map(|value| (value, end))
}

/// Whether words, as a key, end with one that something is counted behind: `nhận một phản ánh`.
pub(in crate::extract) fn counts(before: &str) -> bool {
    let words = before.trim_end();
    let ends =
        |word: &String| words.strip_suffix(word.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with(' '));
    NUMERALS.counted.iter().any(ends)
}

/// The number that one word at the beginning of `text` says before a unit of things that are counted, and where it ends. `has_beside` tells whether
/// another of the unit stands before it in its sentence.
pub(in crate::extract) fn single(text: &str, unit: &str, has_beside: bool) -> Option<(Decimal, usize)> {
    let (count, end) = prefix(text);
    let word = text[..end].to_lowercase();
    let known = NUMERALS.alone.contains(&word) || has_beside && NUMERALS.beside.contains(&word);
    let sure = count == 1 && known && NUMERALS.units.iter().any(|known| known == unit);
    sure.then(|| value(&word)).flatten().map(|value| (value, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_is_a_number_before_what_is_counted() {
        let cases = [
            ("hai hồ sơ trả muộn", "hồ sơ", false, Some("2")),
            ("Mười quyết định", "quyết định", false, Some("10")),
            ("ba cấp", "cấp", false, None),
            ("một hồ sơ", "hồ sơ", false, None),
            ("một hồ sơ đã quá hạn", "hồ sơ", true, Some("1")),
            ("năm hồ sơ", "hồ sơ", true, None),
        ];
        for (text, unit, beside, want) in cases {
            assert_eq!(single(text, unit, beside).map(|(value, _)| value.to_string()).as_deref(), want, "{text}");
        }
    }

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

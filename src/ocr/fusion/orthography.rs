//! What print looks like and what it never does: section numbers, codes and percentages, and the dirt that is read into them.

use crate::text::roman;

/// Letters and digits in a row.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty())
}

/// Section numbers: Roman numbers in capitals, to thirty-nine.
pub(super) fn is_numeral(part: &str) -> bool {
    roman::value(part).is_some_and(|number| number < 40)
}

/// Whether `text` is the letter before a clause, `b)`: as common as any word, and not a worn `bà`.
pub(super) fn heads_clause(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(char::is_lowercase) && letters.as_str() == ")"
}

/// How often small letters turn to capitals within the words of `text`.
pub(super) fn case_changes(text: &str) -> usize {
    let pairs = text.chars().zip(text.chars().skip(1));
    pairs.filter(|(a, b)| a.is_lowercase() && b.is_uppercase()).count()
}

pub(super) fn is_quotation(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '’' | '‘' | '´' | '\'')
}

/// The number of a section as administrative documents set it (Decree 30/2020/NĐ-CP, appendix I): `II.`, `2.`, `b)`; or as many do, `II/`.
pub(super) fn heads_section(text: &str) -> bool {
    let digits = |t: &str| !t.is_empty() && t.len() <= 2 && t.bytes().all(|b| b.is_ascii_digit());
    match text.strip_suffix(['.', '/']) {
        Some(number) => is_numeral(number) || digits(number),
        None => heads_clause(text),
    }
}

/// The section numbers that a row of upright strokes at the head of a line may be.
pub(super) fn section_numbers(text: &str) -> Vec<String> {
    let strokes = |c: char| matches!(c, 'I' | 'H' | 'L' | 'l' | '1' | 'T' | 'U' | '!' | '|' | '[' | ']');
    let inner = text.trim_end_matches(['.', ',', ':', '/']);
    let digits = inner.chars().all(|c| c.is_ascii_digit());
    if inner.is_empty() || inner.chars().count() > 4 || digits || !inner.chars().all(strokes) {
        return Vec::new();
    }
    let stop = if text.ends_with('/') { '/' } else { '.' };
    ["I", "II", "III"].map(|number| format!("{number}{stop}")).to_vec()
}

/// `160m2`, or `160m”` as recognisers have it that know no raised figures, as `160m²`: units of area or volume behind a number or a
/// stroke, in any word of `text`. None where there is no such.
pub(super) fn with_raised_figure(text: &str) -> Option<String> {
    let raised = |word: &str| {
        // The sign behind the unit, which may itself be one that trails: `km?.`
        let at = word.char_indices().find(|&(at, c)| {
            let (stem, high) = (&word[..at], matches!(c, '2' | '3' | '?' | '*' | '°') || is_quotation(c));
            let number = stem.trim_end_matches(['k', 'd', 'c', 'm']);
            let unit = stem.ends_with('m') && stem.len() - number.len() <= 2;
            let ends = !word[at + c.len_utf8()..].starts_with(char::is_alphanumeric);
            high && ends && unit && number.ends_with(|c: char| c.is_ascii_digit() || c == '/')
        });
        let (at, sign) = at?;
        let figure = if sign == '3' { '³' } else { '²' };
        Some(format!("{}{figure}{}", &word[..at], &word[at + sign.len_utf8()..]))
    };
    let words: Vec<Option<String>> = text.split(' ').map(raised).collect();
    let any = words.iter().any(Option::is_some);
    any.then(|| {
        text.split(' ')
            .zip(words)
            .map(|(as_is, new)| new.unwrap_or_else(|| as_is.to_owned()))
            .collect::<Vec<_>>()
            .join(" ")
    })
}

/// `72%.` for `726.` where `read`, the other recogniser's reading, ends in a per cent sign; None where either does not end so.
pub(super) fn with_per_cent(text: &str, read: &str) -> Option<String> {
    let stop = |c: char| matches!(c, '.' | ',' | ';' | ':' | ')');
    let figure = text.trim_end_matches(stop).strip_suffix('6')?;
    let seen = read.trim_end_matches(stop).ends_with('%') && figure.ends_with(|c: char| c.is_ascii_digit());
    seen.then(|| format!("{figure}%{}", &text[figure.len() + 1..]))
}

/// Signs that dust, rules and seals are taken for, and that an administrative text hardly ever prints.
fn is_odd(c: char) -> bool {
    "_~‹›¬¡`|^#*<>{}[]\\¿!¦†øØ".contains(c)
}

/// 1 where `text` is a percentage, whatever stops follow it; -1 where a stop stands for its decimal comma, which Vietnamese
/// print parts decimals with, as it parts thousands with stops, and where a colon parts thousands.
pub(super) fn numeration(text: &str) -> f32 {
    let text = text.trim_end_matches(['.', ',', ';', ':', ')']);
    let Some(number) = text.strip_suffix('%') else {
        let parted = text.split_once(':').is_some_and(|(head, tail)| {
            let digits = |t: &str, most| (1..=most).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
            digits(head, 3) && tail.len() == 3 && digits(tail, 3)
        });
        return if parted { -1.0 } else { 0.0 };
    };
    let decimals = number.rsplit('.').next().filter(|d| d.len() < number.len());
    let stopped = decimals.is_some_and(|d| matches!(d.len(), 1 | 2) && d.bytes().all(|b| b.is_ascii_digit()));
    if stopped { -1.0 } else { 1.0 }
}

/// Whether a part of `text` is a document's number as Decree 30/2020/NĐ-CP writes it: `15/BC-UBND`, `30/2020/NĐ-CP`.
pub(super) fn has_document_number(text: &str) -> bool {
    let digits = |t: &str, most: usize| !t.is_empty() && t.len() <= most && t.bytes().all(|b| b.is_ascii_digit());
    let code = |t: &str| {
        t.chars().filter(|c| c.is_uppercase()).count() >= 2
            && t.split('-').all(|part| !part.is_empty() && part.chars().all(char::is_alphabetic))
    };
    let number = |word: &str| {
        let parts: Vec<&str> = word.split('/').collect();
        match parts[..] {
            [number, kind] => digits(number, 5) && code(kind),
            [number, year, kind] => digits(number, 5) && year.len() == 4 && digits(year, 4) && code(kind),
            _ => false,
        }
    };
    text.split([' ', ':', ',', ';', '(', ')']).any(|word| number(word.trim_end_matches('.')))
}

/// How often a digit stands right before two capitals, as `1THC` has it for `TTHC`: what is counted and its sign stand apart.
pub(super) fn mixtures(text: &str) -> usize {
    let chars: Vec<char> = text.chars().collect();
    chars.windows(3).filter(|w| w[0].is_ascii_digit() && w[1].is_uppercase() && w[2].is_uppercase()).count()
}

/// How many signs of `text` stand where print has none: odd ones, and stops that begin a word.
pub(super) fn odd_signs(text: &str) -> usize {
    let leading = |word: &str| {
        let mut chars = word.chars();
        let stop = chars.next().is_some_and(|c| matches!(c, '.' | ',' | ':' | ';' | '-' | '\'' | '’'));
        usize::from(stop && chars.next().is_some_and(char::is_alphabetic))
    };
    // A document ends with `./.`, and nothing with what is left of that.
    let cut_short = usize::from(text.ends_with("./"));
    let signs = text.chars().filter(|&c| is_odd(c)).count();
    signs + text.split(' ').map(|word| leading(word) + strokes_for_ones(word)).sum::<usize>() + cut_short
}

/// How often a word has a stroke where nothing but a one can be: `lA` and `l6`, for no word goes on so behind a small `l`, and `11]`,
/// where nothing was opened.
fn strokes_for_ones(word: &str) -> usize {
    let mut chars = word.chars();
    let small_l = chars.next() == Some('l') && chars.next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
    let closed = word.trim_end_matches(['.', ',', ';', ':']).strip_suffix(']');
    let unopened = closed.is_some_and(|w| w.ends_with(|c: char| c.is_ascii_digit()) && !w.contains('['));
    usize::from(small_l) + usize::from(unopened)
}

/// Stops and hyphens between two small letters: dust in the gap between two words.
pub(super) fn joints(text: &str) -> usize {
    let chars: Vec<char> = text.chars().collect();
    chars.windows(3).filter(|w| w[0].is_lowercase() && is_joint(w[1]) && w[2].is_lowercase()).count()
}

fn is_joint(c: char) -> bool {
    matches!(c, '.' | ',' | ':' | ';' | '-') || is_quotation(c)
}

/// How often a comma, a colon or a semicolon stands between two words without the space that print has behind it: `xã;(tr`. What is
/// between small letters is a joint.
pub(super) fn tight_stops(text: &str) -> usize {
    let chars: Vec<char> = text.chars().collect();
    let tight = |w: &&[char]| {
        (w[0].is_alphanumeric() || w[0] == ')')
            && matches!(w[1], ',' | ':' | ';')
            && (w[2].is_alphabetic() || w[2] == '(')
            && !(w[0].is_lowercase() && w[2].is_lowercase())
    };
    chars.windows(3).filter(tight).count()
}

/// `text` without odd signs and stops where it begins, and with a space for each joint.
pub(super) fn without_dirt(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().filter(|&c| !is_odd(c)).collect();
    for at in 1..chars.len().saturating_sub(1) {
        let (before, after) = (chars[at - 1], chars[at + 1]);
        let starts = before == ' ' && after.is_alphabetic();
        if is_joint(chars[at]) && (starts || before.is_lowercase() && after.is_lowercase()) {
            chars[at] = ' ';
        }
    }
    if let [first, second, ..] = chars[..]
        && is_joint(first)
        && second.is_alphabetic()
    {
        chars[0] = ' ';
    }
    chars.into_iter().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_six_that_the_other_recogniser_takes_for_per_cent_may_be_that() {
        assert_eq!(with_per_cent("70,26,", "70,29%,").as_deref(), Some("70,2%,"));
        assert_eq!(with_per_cent("tăng 16", "tăng 19%").as_deref(), Some("tăng 1%"));
        for (text, read) in [("726", "726"), ("72%", "72%"), ("6", "%"), ("729", "72%"), ("", "")] {
            assert_eq!(with_per_cent(text, read), None, "{text} {read}");
        }
    }

    #[test]
    fn dirt_is_told_from_signs_that_are_printed() {
        for (text, odd, joined, clean) in [
            ("phí-theo", 0, 1, "phí theo"),
            (":Tình", 1, 0, "Tình"),
            ("_Cao", 1, 0, "Cao"),
            ("rộng:rãi", 0, 1, "rộng rãi"),
            ("rộng”rãi", 0, 1, "rộng rãi"),
            ("là .được", 1, 0, "là được"),
            ("QĐ-UBND", 0, 0, "QĐ-UBND"),
            ("2.5", 0, 0, "2.5"),
            ("- Lưu:", 0, 0, "- Lưu:"),
            ("b.", 0, 0, "b."),
            ("vidu. øgov", 1, 0, "vidu. gov"),
            ("đạo./.", 0, 0, "đạo./."),
            ("đạo./", 1, 0, "đạo./"),
            ("lA", 1, 0, "lA"),
            ("l.077", 0, 0, "l.077"),
            ("loại", 0, 0, "loại"),
            ("11]", 2, 0, "11"),
            ("[11]", 2, 0, "11"),
        ] {
            assert_eq!((odd_signs(text), joints(text), without_dirt(text).as_str()), (odd, joined, clean), "{text}");
        }
    }

    #[test]
    fn upright_strokes_at_the_head_of_a_line_may_be_a_number() {
        assert!(
            section_numbers("HI.").contains(&"III.".to_owned()) && section_numbers("IIL").contains(&"II.".to_owned())
        );
        assert!(
            section_numbers("I[I/").contains(&"III/".to_owned()) && !section_numbers("II/").contains(&"II.".to_owned())
        );
        for text in ["11.", "Hai", "UBND", "."] {
            assert!(section_numbers(text).is_empty(), "{text}");
        }
        for (text, heads) in [
            ("II.", true),
            ("2.", true),
            ("b)", true),
            ("II/", true),
            ("1/4", false),
            ("2,", false),
            ("HI.", false),
            ("2026.", false),
        ] {
            assert_eq!(heads_section(text), heads, "{text}");
        }
    }

    #[test]
    fn percentages_have_a_decimal_comma() {
        for (text, share) in [
            ("87,5%;", 1.0),
            ("100%", 1.0),
            ("1.250%", 1.0),
            ("87.5%", -1.0),
            ("87.25%).", -1.0),
            ("87.5", 0.0),
            ("%", 1.0),
            ("1:517,", -1.0),
            ("08:30", 0.0),
        ] {
            assert_eq!(numeration(text), share, "{text}");
        }
    }

    #[test]
    fn document_numbers_are_well_formed() {
        for (text, number) in [
            ("15/BC-UBND", true),
            ("Số:15/BC-UBND", true),
            ("(30/2020/NĐ-CP).", true),
            ("7/CT-TTg", true),
            ("15'BC-UBND", false),
            ("15/2026", false),
            ("15/BC-", false),
            ("05/07/2025", false),
            ("km/h", false),
        ] {
            assert_eq!(has_document_number(text), number, "{text}");
        }
    }

    #[test]
    fn a_digit_before_capitals_is_a_letter() {
        for (text, mixed) in [("1THC", 1), ("TTHC", 0), ("03b", 0), ("15/BC", 0), ("2A", 0), ("4.0", 0)] {
            assert_eq!(mixtures(text), mixed, "{text}");
        }
    }

    #[test]
    fn a_stop_is_followed_by_a_space() {
        for (text, tight) in [
            ("xã;(gửi)", 1),
            ("HĐND,UBND", 1),
            ("xã; (gửi)", 0),
            ("08:30", 0),
            ("98,5", 0),
            ("http://vidu.vn", 0),
            ("phí:theo", 0),
        ] {
            assert_eq!(tight_stops(text), tight, "{text}");
        }
    }

    #[test]
    fn figures_are_raised_behind_units_alone() {
        for (text, raised) in [
            ("160m2,", Some("160m²,")),
            ("12km2", Some("12km²")),
            ("127m2, kinh", Some("127m², kinh")),
            ("8.000m”", Some("8.000m²")),
            ("người/km?.", Some("người/km².")),
            ("75m3", Some("75m³")),
            ("15m", None),
            ("năm”", None),
            ("m2", None),
            ("A2", None),
            ("122", None),
        ] {
            assert_eq!(with_raised_figure(text).as_deref(), raised, "{text}");
        }
    }

    #[test]
    fn sections_are_numbered_to_thirty_nine() {
        for (text, numeral) in [("II", true), ("XXXIX", true), ("XL", false), ("CM", false), ("IIII", false)] {
            assert_eq!(is_numeral(text), numeral, "{text}");
        }
    }
}

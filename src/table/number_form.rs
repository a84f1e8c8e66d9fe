//! How the numbers of a table are written: which sign parts thousands, and what a number with a lost or stray sign is in that form.

/// So many numbers tell which sign parts thousands, where no more than half as many say otherwise.
pub(super) const LEAST_OF_FORM: usize = 3;

/// Whether a text is one number; `thousands` is the sign that parts them where that is known.
pub(super) fn is_number(text: &str, thousands: Option<char>) -> bool {
    let body = text.strip_prefix(['-', '–', '+', '(']).unwrap_or(text);
    let body = body.trim_end_matches([')', '%']).trim_end();
    let grouped = |part: &str, sign: char| {
        let mut groups = part.split(sign);
        let first = groups.next().unwrap_or_default();
        let all = |group: &str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
        let whole = !part.contains(sign);
        all(first) && (whole || first.len() <= 3) && groups.all(|group| group.len() == 3 && all(group))
    };
    let in_form = |sign: char| {
        let decimal = if sign == '.' { ',' } else { '.' };
        match body.split_once(decimal) {
            Some((whole, part)) => {
                grouped(whole, sign) && (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
            }
            None => grouped(body, sign),
        }
    };
    match thousands {
        Some(sign) => in_form(sign),
        None => in_form('.') || in_form(','),
    }
}

/// The sign that parts thousands in these texts; None where they do not tell.
pub(super) fn form<'a>(texts: impl Iterator<Item = &'a str>) -> Option<char> {
    let (mut dots, mut commas) = (0, 0);
    for text in texts {
        match (is_number(text, Some('.')), is_number(text, Some(','))) {
            (true, false) => dots += 1,
            (false, true) => commas += 1,
            _ => {}
        }
    }
    let clear = |own: usize, other: usize| own >= LEAST_OF_FORM && 2 * other <= own;
    if clear(dots, commas) {
        Some('.')
    } else if clear(commas, dots) {
        Some(',')
    } else {
        None
    }
}

/// Numbers of the same digits with other signs between them, in the form of the table: those whose groups are all there first (`4,286.000`), then those
/// in which a sign was lost or came in (`11.3,00`, `1.0.34`, `1124`). None where none is needed.
pub(super) fn in_form(text: &str, thousands: char) -> Vec<String> {
    let decimal = if thousands == '.' { ',' } else { '.' };
    let groups: Vec<&str> = text.split(['.', ',']).collect();
    let only_digits = groups.iter().all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()));
    if !only_digits || groups.len() > 1 && is_number(text, Some(thousands)) {
        return Vec::new();
    }
    let mut kept = groups[0].to_owned();
    for group in &groups[1..] {
        kept.push(if group.len() == 3 { thousands } else { decimal });
        kept.push_str(group);
    }
    let parted = |digits: &str| -> String {
        let sign = |at: usize| at > 0 && (digits.len() - at).is_multiple_of(3);
        digits.char_indices().flat_map(|(at, c)| sign(at).then_some(thousands).into_iter().chain([c])).collect()
    };
    let share = text.rsplit_once(decimal).filter(|(whole, _)| !whole.contains(decimal));
    let share = share.map(|(whole, part)| format!("{}{decimal}{part}", parted(&digits(whole))));
    let mut all: Vec<String> = [Some(kept), share, Some(parted(&digits(text)))].into_iter().flatten().collect();
    let leads = |text: &String| !text.starts_with('0') || text.starts_with(&format!("0{decimal}"));
    all.retain(|made| made != text && is_number(made, Some(thousands)) && leads(made));
    all.dedup();
    all
}

/// A share in the form of the other numbers of its column, where all of them have as many digits behind the same sign and this has them behind the
/// other: `84.00` among `62,50` and `7,25`. Three digits may be thousands.
pub(super) fn in_company<'a>(text: &str, others: impl Iterator<Item = &'a str>) -> Option<String> {
    let plain = |text: &'a str| text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')).then_some(text);
    let share = |text: &str| -> Option<(char, usize)> {
        let at = text.rfind(['.', ','])?;
        let sign = text[at..].chars().next()?;
        let behind = text.len() - at - 1;
        (is_number(text, Some(if sign == '.' { ',' } else { '.' })) && behind > 0 && behind != 3)
            .then_some((sign, behind))
    };
    let others: Vec<Option<(char, usize)>> =
        others.filter_map(plain).filter(|other| *other != text).map(share).collect();
    let (sign, behind) = others.first().copied().flatten()?;
    let alike = others.iter().filter(|other| **other == Some((sign, behind))).count();
    let own = share(text)?;
    let whole = &text[..text.len() - behind - 1];
    let stands = alike >= LEAST_OF_FORM && own.0 != sign && own.1 == behind && !whole.contains(['.', ',']);
    // Others may have been misread in the same way.
    (stands
        && others.iter().all(|other| *other == Some((sign, behind)) || *other == Some(own))
        && 2 * alike >= others.len())
    .then(|| format!("{whole}{sign}{}", &text[text.len() - behind..]))
}

/// Whether a text among figures is what comes of one that was not made out, and neither words nor a code: signs that no figure has, brackets without
/// their others, spaces.
pub(super) fn is_garbled(text: &str) -> bool {
    let odd = |c: char| !c.is_alphanumeric() && !matches!(c, '.' | ',' | '-' | '–' | '/' | '(' | ')' | '%' | '+');
    let brackets = text.matches('(').count() != text.matches(')').count();
    let signs = text.as_bytes().windows(2).any(|pair| pair.iter().all(|b| matches!(b, b'.' | b',' | b'-')));
    text.contains(|c: char| c.is_ascii_digit()) && (text.contains(odd) || brackets || signs)
}

/// Whether a number of four digits and more has no sign between them.
pub(super) fn is_unparted(text: &str) -> bool {
    text.len() > 3 && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit())
}

/// The digits of a text.
pub(super) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_written_as_the_others_of_its_column() {
        let others = ["62,50", "7,25", "100,00"];
        for (seen, made) in
            [("84.00", Some("84,00")), ("84.0", None), ("1.100.00", None), ("84,00", None), ("8400", None)]
        {
            assert_eq!(in_company(seen, others.iter().copied()).as_deref(), made, "{seen}");
        }
        assert_eq!(in_company("1.250", ["2,500", "7,250", "1,375"].into_iter()), None);
        assert_eq!(in_company("84.00", ["62,50", "7,25", "100,00", "1.250"].into_iter()), None);
    }

    #[test]
    fn what_is_garbled_is_told_from_words_codes_and_numbers() {
        for garbled in ["26) 5)", "E)/25 15", "I6)525)", "3.,3", "52 3"] {
            assert!(is_garbled(garbled), "{garbled}");
        }
        for text in ["A12/3", "1.250", "(1.204)", "-12,5", "không", "5S7", "27.25-30", "Ũ"] {
            assert!(!is_garbled(text), "{text}");
        }
    }

    #[test]
    fn signs_come_and_go_and_digits_stay() {
        for (seen, made) in [
            ("11.3,00", &["113,00", "11.300"][..]),
            ("1.0.34", &["1.034"]),
            ("1124", &["1.124"]),
            ("55557000", &["55.557.000"]),
            ("4,286.000", &["4.286.000"]),
            ("1,250", &[]),
            ("1.250", &[]),
            ("54,00", &[]),
            ("0.1.250", &[]),
            ("12a", &[]),
        ] {
            assert_eq!(in_form(seen, '.'), made, "{seen}");
            let bare = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            assert!(in_form(seen, '.').iter().all(|text| bare(text) == bare(seen)));
        }
        assert!(is_unparted("1124") && !is_unparted("1.124") && !is_unparted("112") && !is_unparted("0112"));
    }
}

//! Numbers whose thousands are parted by spaces or apostrophes: `12 450 300 đồng`, `3 964 hồ sơ`, `1’250’000`.
//!
//! A space parts words, too, so that a single group of three needs a reason: a unit behind it, or a document that writes its thousands so. Of
//! the two mistakes, to take two numbers for one and to leave the first digits of one out, the second is the worse: it is not seen.

use crate::extract::amount::OUTWEIGHS;
use crate::extract::amount::designation::Designations;
use crate::extract::labels::LISTS;
use crate::extract::layout::flow::Flow;
use crate::extract::number::unit;
use std::ops::Range;

/// Signs between thousands that are no points and no commas.
pub(in crate::extract) const SPACES: [char; 2] = [' ', '\u{a0}'];
pub(in crate::extract) const APOSTROPHES: [char; 2] = ['\'', '’'];

/// A number that spaces or apostrophes part.
pub(in crate::extract) struct Parted {
    /// Its bytes in the key.
    pub(in crate::extract) range: Range<usize>,
    /// False where the document parts its thousands otherwise, so that the space may be what was read of a point.
    pub(in crate::extract) usual: bool,
}

/// What parts the thousands of a document, by how many of its numbers show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::extract) struct Thousands {
    /// Spaces, before a unit or in several places: `28 415 600` in a table.
    spaces: usize,
    /// Apostrophes, or nothing: five digits and more in a row before a unit.
    others: usize,
    /// Points and commas. In `3,391 triệu đồng` it may be the fraction that the comma marks: such numbers say nothing.
    signs: usize,
}

impl Thousands {
    /// Counts them. Time is linear in the text's length.
    pub(in crate::extract) fn of(flow: &Flow<'_>) -> Thousands {
        let key = flow.key.as_str();
        let (mut found, mut at) = (Thousands::default(), 0);
        while let Some(start) = key[at..].find(|c: char| c.is_ascii_digit()).map(|from| at + from) {
            let end = start + digits(&key[start..]);
            at = end;
            if key[..start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | ',' | '/' | '-')) {
                continue;
            }
            if end - start > 4 {
                found.others += usize::from(counted(key, end));
            } else if leads(&key[start..end]) {
                let behind = |signs: &[char]| Some(groups(key, end, signs)).filter(|(_, groups)| *groups > 0);
                if let Some((after, _)) = behind(&SPACES).filter(|(after, groups)| *groups > 1 || counted(key, *after))
                {
                    found.spaces += 1;
                    at = after;
                } else if let Some((after, _)) = behind(&APOSTROPHES) {
                    found.others += 1;
                    at = after;
                } else if let Some((after, groups)) = behind(&['.', ',']) {
                    let unit = unit::after(key, after).map(|(unit, _)| unit);
                    let measured = unit.is_some_and(|unit| unit::is_money(unit) || unit::is_divided(unit));
                    found.signs += usize::from(groups > 1 || !measured);
                    at = after;
                }
            }
        }
        found
    }

    /// Whether the document parts them by spaces.
    pub(in crate::extract) fn by_spaces(&self) -> bool {
        self.spaces > OUTWEIGHS * self.signs
    }

    /// Whether it parts them neither by points nor by commas.
    pub(in crate::extract) fn without_signs(&self) -> bool {
        self.spaces + self.others > OUTWEIGHS * self.signs
    }
}

/// The number that begins with the digits at `first` and goes on behind spaces or apostrophes; None where it does not. `floor` is how far back
/// the words may reach that make a name of the first digits (`thôn 3 964 hộ`).
pub(in crate::extract) fn thousands(
    flow: &Flow<'_>,
    first: Range<usize>,
    limit: usize,
    usual: bool,
    designations: &Designations,
    floor: usize,
) -> Option<Parted> {
    let key = &flow.key[..limit];
    if !leads(&key[first.clone()]) {
        return None;
    }
    // An apostrophe parts nothing but thousands.
    if key[first.end..].starts_with(APOSTROPHES) {
        let (end, groups) = groups(key, first.end, &APOSTROPHES);
        return (groups > 0).then_some(Parted { range: first.start..end, usual: true });
    }
    let (end, groups) = groups(key, first.end, &SPACES);
    if groups == 0 {
        return None;
    }
    let money = unit::after(&flow.key, end).is_some_and(|(unit, _)| unit::is_money(unit));
    let before = key[floor.min(first.start)..first.start].trim_end();
    let plain = LISTS.numbered.iter().any(|word| before.ends_with(word.as_str()));
    let named = || !plain && designations.is_named(flow, first.clone(), floor);
    // `1 812/1 963 hồ sơ`: of a pair the unit stands behind the whole.
    let counts = || counted(&flow.key, pair_end(key, end).unwrap_or(end));
    let stands = groups > 1 || money || (usual || counts()) && !named();
    stands.then_some(Parted { range: first.start..end, usual: usual || groups > 1 || money })
}

/// The whole of a pair that begins with these digits and goes on behind spaces; None where it does not. `usual` is true where its part or its document
/// parts thousands so.
pub(super) fn whole(flow: &Flow<'_>, first: Range<usize>, limit: usize, usual: bool) -> Option<Range<usize>> {
    let key = &flow.key[..limit];
    let (end, groups) = groups(key, first.end, &SPACES);
    let stands = leads(&key[first.clone()]) && groups > 0 && (usual || counted(&flow.key, end));
    stands.then_some(first.start..end)
}

/// Where the whole of a pair ends of which the part ends here, if spaces part its thousands: `/1 963`.
fn pair_end(key: &str, from: usize) -> Option<usize> {
    let rest = key[from..].trim_start_matches(SPACES).strip_prefix('/')?.trim_start_matches(SPACES);
    let (first, tail) = rest.split_at(digits(rest));
    // What comes behind the whole is not asked for another pair: such lists may be long.
    let behind = std::iter::successors(group(tail), |tail| group(tail)).last()?;
    leads(first).then_some(key.len() - behind.len())
}

/// What comes behind a group of three that a space parts from what is before it.
fn group(tail: &str) -> Option<&str> {
    let rest = tail.strip_prefix(SPACES)?;
    (digits(rest) == 3).then(|| &rest[3..])
}

/// Whether a unit other than per cent follows.
fn counted(key: &str, end: usize) -> bool {
    unit::after(key, end).is_some_and(|(unit, _)| unit != "%")
}

/// Whether digits may be the first group: one to three, and no nought before others.
fn leads(first: &str) -> bool {
    first.len() <= 3 && !first.starts_with('0') && first.bytes().all(|b| b.is_ascii_digit())
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Where the groups of three behind one of the signs end, and how many they are; the last may have a fraction: `1 234,5`.
fn groups(key: &str, from: usize, signs: &[char]) -> (usize, usize) {
    let (mut end, mut count) = (from, 0);
    while let Some(rest) = key[end..].strip_prefix(signs) {
        let digits = digits(rest);
        let behind = &rest[digits..];
        let fraction = behind.strip_prefix(|c| matches!(c, ',' | '.') && !signs.contains(&c)).map_or(0, self::digits);
        let tail = if fraction > 0 { &behind[1 + fraction..] } else { behind };
        let pair = tail.starts_with('/') && pair_end(key, key.len() - tail.len()).is_some();
        let goes_on = tail.starts_with(|c: char| c.is_alphanumeric()) && !sticks(tail)
            || !pair
                && tail.strip_prefix(['.', ',', '/', '-']).is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit()));
        if digits != 3 || goes_on {
            break;
        }
        end = key.len() - tail.len();
        count += 1;
        if fraction > 0 {
            break;
        }
    }
    (end, count)
}

/// Whether a unit sticks to a number: `3 964m2`, `12 500đ`.
fn sticks(tail: &str) -> bool {
    unit::after(tail, 0).is_some_and(|(_, end)| !tail[end..].starts_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TextLine;
    use crate::extract::amount::find::find;

    fn read(text: &str) -> Vec<String> {
        let lines = TextLine::from_text(text);
        let flow = Flow::new(&lines, &[], |_| false);
        let found = find(&flow, &Designations::new().unwrap());
        found.iter().map(|a| format!("{}{}", a.readings[0], if a.damaged { "?" } else { "" })).collect()
    }

    #[test]
    fn no_digit_is_left_out_where_a_space_parts_thousands() {
        assert_eq!(read("có 3 964 hồ sơ, gồm 23 hồ sơ cũ và 3 941 hồ sơ mới"), ["3964", "23", "3941"]);
        assert_eq!(read("3 936 hồ sơ đã xong; là 3 931 hồ sơ. Nhận: 1 204; trễ: 002"), ["3936", "3931", "1204", "2"]);
        assert_eq!(
            read("thu 1 845,5 tỷ đồng, 12 tấn, dài 2 350 km, tổng số 12 345 hồ sơ"),
            ["1845.5", "12", "2350", "12345"]
        );
    }

    #[test]
    fn a_document_that_shows_it_without_units_parts_all_of_its_thousands_so() {
        assert_eq!(read("Sản xuất: 28 415 600; bán lẻ: 21 836; việc làm: 4 638"), ["28415600", "21836", "4638"]);
        assert_eq!(read("Dòng: 28; cột: 21 836"), ["28", "21", "836"]);
    }

    #[test]
    fn where_points_part_thousands_a_space_is_not_sure() {
        assert_eq!(
            read("nhận 1.204 hồ sơ, 2.310 hồ sơ, trả 3 964 hồ sơ; còn 12 345"),
            ["1204", "2310", "3964?", "12", "345"]
        );
    }

    #[test]
    fn what_is_named_by_a_number_is_none_of_the_next() {
        assert_eq!(read("thôn 3 964 hộ"), ["964"]);
        assert_eq!(read("theo Điều 5 300 hồ sơ, quý 2 150 hồ sơ, đợt 1 420 hồ sơ"), ["300", "150", "420"]);
        assert_eq!(read("ngày 15/9 964 hồ sơ"), ["964"]);
    }
}

//! The second number of a pair or a range: `1.250/1.400 hồ sơ`, `1 812/1 963 hồ sơ`, `5-7 ngày`.

use crate::extract::amount::Amount;
use crate::extract::amount::extent::extent;
use crate::extract::amount::spaced::{self, SPACES};
use crate::extract::layout::flow::Flow;
use crate::extract::number::grammar::{self, Number, Scale};
use crate::extract::number::unit;

/// Takes in the second number of a pair or a range; true where there is one. `by_spaces` is true where the document parts its thousands by spaces.
pub(super) fn second(flow: &Flow<'_>, found: &mut Amount, limit: usize, by_spaces: bool) -> bool {
    let key = &flow.key[..limit];
    let tail = &key[found.range.end..];
    let rest = tail.trim_start_matches(' ');
    let Some(sign) = rest.chars().next().filter(|c| matches!(c, '/' | '-' | '–')) else { return false };
    let rest = rest[sign.len_utf8()..].trim_start_matches(' ');
    let start = limit - rest.len();
    let spaced = start - found.range.end > sign.len_utf8();
    if !rest.starts_with(|c: char| c.is_ascii_digit()) || (sign != '/' && spaced) {
        return false;
    }
    let range = extent(flow, start, start, limit);
    // Of a pair the whole has the digits of its part, or more: what parts the thousands of the one parts those of the other.
    let alike = by_spaces || flow.key[found.range.clone()].contains(SPACES);
    let spaced = (sign == '/').then(|| spaced::whole(flow, range.clone(), limit, alike)).flatten();
    let range = spaced.unwrap_or(range);
    let unit = unit::after(&flow.key, range.end);
    let text: String = flow.printed(range.clone()).split(SPACES).collect();
    let Some(Number { readings, damaged }) = grammar::read(&text, Scale::Count) else {
        return false;
    };
    let ordered = readings[0] >= found.readings[0];
    match sign {
        '/' => found.of = Some(readings[0]),
        _ if ordered => found.to = Some(readings[0]),
        _ => return false,
    }
    found.range.end = range.end;
    found.unit = unit.map(|(u, _)| u);
    found.unit_end = unit.map_or(range.end, |(_, end)| end);
    found.damaged |= damaged;
    true
}

#[cfg(test)]
mod tests {
    use crate::document::TextLine;
    use crate::extract::amount::{designation::Designations, find::find};
    use crate::extract::layout::flow::Flow;

    fn read(text: &str) -> Vec<String> {
        let lines = TextLine::from_text(text);
        let flow = Flow::new(&lines, &[], |_| false);
        let found = find(&flow, &Designations::new().unwrap());
        found
            .iter()
            .map(|a| format!("{}{}", a.readings[0], a.of.map_or(String::new(), |of| format!("/{of}"))))
            .collect()
    }

    #[test]
    fn spaces_part_the_thousands_of_both_numbers_of_a_pair() {
        assert_eq!(read("Thanh toán trực tuyến: 1 812/1 963 hồ sơ phải nộp phí, đạt 92,31 %"), ["1812/1963", "92.31"]);
        assert_eq!(read("đã số hóa 812/1 963 hồ sơ; nhận 3 853 hồ sơ"), ["812/1963", "3853"]);
        assert_eq!(read("1 204 / 1 210 hồ sơ, 12 450 300/13 000 000 đồng"), ["1204/1210", "12450300/13000000"]);
        assert_eq!(read("nhận 3 853 hồ sơ, trả 2 310 hồ sơ; đạt 3 700/3 853"), ["3853", "2310", "3700/3853"]);
    }

    #[test]
    fn what_stands_behind_a_pair_is_none_of_it() {
        assert_eq!(read("đạt 96/101 công chức; 5/12 150 hồ sơ"), ["96/101", "5/12150"]);
        assert_eq!(read("đạt 1.250/1.400 hồ sơ và 03/20 đơn vị"), ["1250/1400", "3/20"]);
        assert_eq!(read("đạt 12/15 200 kg và 31/35"), ["12/15200", "31/35"]);
        assert_eq!(read("ngày 15/9 964 hồ sơ"), ["964"]);
    }
}

//! Finds the numbers of a text that count or measure something, with their readings and units.

use crate::extract::amount::designation::{Designations, is_year};
use crate::extract::amount::extent::extent;
use crate::extract::amount::spaced::{self, APOSTROPHES, SPACES, Thousands};
use crate::extract::amount::{Amount, pair};
use crate::extract::layout::flow::Flow;
use crate::extract::number::decimal::Decimal;
use crate::extract::number::grammar::{self, Number, Scale};
use crate::extract::{amount::written_out, number::spelled, number::unit};
use std::ops::Range;

/// All amounts of the text in reading order. Time is linear in its length.
pub(in crate::extract) fn find(flow: &Flow<'_>, designations: &Designations) -> Vec<Amount> {
    let spans = designations.spans(flow);
    let mut spans = spans.iter().peekable();
    let mut amounts: Vec<Amount> = Vec::new();
    let by_spaces = Thousands::of(flow).by_spaces();
    let bytes = flow.key.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        while spans.next_if(|s| s.end <= at).is_some() {}
        if let Some(span) = spans.peek().filter(|s| s.contains(&at)) {
            at = span.end;
            continue;
        }
        if !bytes[at].is_ascii_digit() {
            let limit = spans.peek().map_or(bytes.len(), |s| s.start);
            match written_out::at(flow, at, limit) {
                Some(amount) => {
                    at = amount.unit_end;
                    amounts.push(amount);
                }
                None => at += 1,
            }
            continue;
        }
        let floor = amounts.last().map_or(0, |a| a.range.end);
        let limit = spans.peek().map_or(bytes.len(), |s| s.start);
        let printed = extent(flow, at, floor, limit);
        at = printed.end;
        if let Some(amount) = amount(flow, printed, limit, designations, floor, by_spaces) {
            // What is written out behind it is no number of its own.
            at = amount.words.as_ref().map_or(amount.range.end, |(_, words)| words.end);
            amounts.push(amount);
        }
    }
    amounts
}

/// Other readings of the recogniser that are looked at for one number.
const MOST_SEEN: usize = 2;

/// The amount printed at `printed`, or None where it is a name, a date, or no number at all.
fn amount(
    flow: &Flow<'_>,
    printed: Range<usize>,
    limit: usize,
    designations: &Designations,
    floor: usize,
    by_spaces: bool,
) -> Option<Amount> {
    let key = flow.key.as_str();
    let before = key[..printed.start].chars().next_back();
    let sticks = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    // `5'60` is neither 5 nor 60.
    let digit_before =
        key[..printed.start].strip_suffix(APOSTROPHES).is_some_and(|k| k.ends_with(|c: char| c.is_ascii_digit()));
    if digit_before {
        return None;
    }
    if sticks && !lost_a_space(flow, &printed) {
        return None;
    }
    let parted = spaced::thousands(flow, printed.clone(), limit, by_spaces, designations, floor);
    let doubted = parted.as_ref().is_some_and(|parted| !parted.usual);
    let printed = parted.map_or(printed, |parted| parted.range);
    let goes_on = key[printed.end..].strip_prefix(APOSTROPHES);
    if goes_on.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    let joined = joined(flow, &printed, limit);
    let (range, spaced) = joined.map_or((printed, false), |range| (range, true));
    let cell = flow.paragraphs.get(flow.paragraph_at(range.start)).and_then(|p| p.cell.as_ref());
    // A raised digit behind a number is that of a note: `1.482¹`.
    let raised = |c: &char| matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹');
    let noted = range.end + key[range.end..].chars().take_while(raised).map(char::len_utf8).sum::<usize>();
    let printed_unit = unit::after(key, noted);
    let declared = cell.and_then(|c| c.unit).map(|unit| (unit, range.end));
    let stated = || stated_above(flow, &range).map(|unit| (unit, range.end));
    let unit = printed_unit.or(declared).or_else(stated);
    // A letter that sticks to the number makes a code of it, unless it is a unit: `40m2`, `7A`.
    if unit.is_none() && key[noted..].chars().next().is_some_and(char::is_alphanumeric) {
        return None;
    }
    let scale = |unit: Option<(&str, usize)>| match unit {
        Some(("%", _)) => Scale::Share,
        Some((unit, _)) if unit::is_divided(unit) => Scale::Measure,
        _ => Scale::Count,
    };
    let text: String = flow.printed(range.clone()).split([SPACES, APOSTROPHES].concat().as_slice()).collect();
    // Longer runs without a separator are account numbers and codes.
    let parted = flow.printed(range.clone()).len() > text.len();
    if text.len() > 9 && !parted && text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut number = grammar::read(&text, scale(unit))?;
    let mut unit = unit;
    if unit.is_none()
        && let Some(share) = misread_percent(flow, &range, &text)
    {
        number = Number { readings: share.into_iter().chain(number.readings).collect(), damaged: true };
        unit = Some(("%", range.end));
    }
    let printed = number.readings.clone();
    if !spaced {
        let seen = flow.alternatives(range.clone()).filter_map(|other| grammar::read(other, scale(unit)));
        let seen: Vec<Decimal> = seen.filter(|n| !n.damaged).map(|n| n.readings[0]).collect();
        for value in seen {
            if number.readings.len() < printed.len() + MOST_SEEN && !number.readings.contains(&value) {
                number.readings.push(value);
            }
        }
    }
    let mut found = Amount {
        range: range.clone(),
        readings: number.readings,
        printed,
        of: None,
        to: None,
        unit: unit.map(|(u, _)| u),
        unit_end: unit.map_or(range.end, |(_, end)| end),
        undecided: false,
        damaged: number.damaged || spaced || sticks || doubted,
        words: None,
    };
    sign(flow, &mut found);
    if !pair::second(flow, &mut found, limit, by_spaces)
        && (designations.is_named(flow, range.clone(), floor) || is_year(flow, range))
    {
        return None;
    }
    if found.unit == Some("%") && found.unit_end > found.range.end {
        found.range.end = found.unit_end;
    }
    found.words = in_words(flow, found.unit_end);
    Some(found)
}

/// The unit that a heading above states for what stands below it, of a number that is all its label says: `Thực hiện: 151.742.`
fn stated_above(flow: &Flow<'_>, number: &Range<usize>) -> Option<&'static str> {
    /// No such label has more bytes.
    const LONGEST_LABEL: usize = 400;
    let lead = flow.key[..number.start].trim_end().ends_with(':');
    let behind = flow.key[number.end..].trim_start_matches(' ');
    let ends = behind.chars().next().is_none_or(|c| matches!(c, '\n' | '.' | ';' | ',' | '('));
    let paragraph = flow.paragraphs.get(flow.paragraph_at(number.start))?;
    let label = &flow.key[paragraph.body.min(number.start)..number.start];
    if !lead || !ends || label.len() > LONGEST_LABEL || unit::declared(label).is_some() || unit::counts(label) {
        return None;
    }
    let parent = |at: usize| flow.paragraphs.get(at).and_then(|p| p.parent);
    let above = std::iter::successors(parent(flow.paragraph_at(number.start)), |at| parent(*at));
    above
        .filter(|at| flow.paragraphs[*at].cell.is_none())
        .find_map(|at| unit::stated(&flow.key[flow.paragraphs[at].range.clone()]))
}

/// Gives a number the sign that stands before it: `-120` in a table and `-2,5%` are less than nothing. What may as well be
/// a bracket or a dash of a list, `(120)` and `- 120`, is not sure.
fn sign(flow: &Flow<'_>, found: &mut Amount) {
    let before = &flow.key[..found.range.start];
    let in_cell = flow.paragraphs.get(flow.paragraph_at(found.range.start)).is_some_and(|p| p.cell.is_some());
    let bare = before.trim_end_matches(['-', '–']);
    let lead = bare.trim_end();
    let after_words = lead.len() < bare.len() && lead.ends_with(|c: char| c.is_alphabetic() || matches!(c, ':' | '('));
    let dash = bare.len() < before.len();
    let bracket = in_cell && before.ends_with('(') && flow.key[found.range.end..].starts_with(')');
    if dash && after_words && (in_cell || found.unit == Some("%")) || bracket {
        let negative: Vec<Decimal> = found.printed.iter().map(|value| value.negated()).collect();
        found.readings = if bracket { negative.iter().chain(&found.printed).copied().collect() } else { negative };
        found.printed.clone_from(&found.readings);
        found.damaged |= bracket;
        found.range = bare.len() - usize::from(bracket)..found.range.end + usize::from(bracket);
        found.unit_end = found.unit_end.max(found.range.end);
    } else if in_cell && lead.ends_with(['-', '–']) || dash && after_words {
        found.damaged = true;
    }
}

/// The share that a bare number is where the recogniser also saw its last digit as the sign of per cent: `1006` for `100%`.
fn misread_percent(flow: &Flow<'_>, range: &Range<usize>, text: &str) -> Option<Vec<Decimal>> {
    let head = text.strip_suffix(['6', '9'])?;
    let seen = flow.alternatives(range.clone()).any(|other| other.strip_suffix('%') == Some(head));
    let shares = grammar::read(head, Scale::Share).filter(|n| seen && n.readings[0] <= Decimal::from(100))?;
    // A whole number up to a hundred is likelier than the sign to have been read right.
    grammar::read(text, Scale::Count).filter(|n| n.readings[0] > Decimal::from(100)).map(|_| shares.readings)
}

/// Whether a space was lost between a word in small letters and a number in groups of three: `nhận412.350`. Anything else
/// that sticks together is a code.
fn lost_a_space(flow: &Flow<'_>, number: &Range<usize>) -> bool {
    let groups: Vec<&str> = flow.key[number.clone()].split(['.', ',']).collect();
    let thousands = groups.len() > 1 && groups[1..].iter().all(|g| g.len() == 3) && (1..=3).contains(&groups[0].len());
    let from = flow.key[..number.start].rfind(|c: char| !c.is_alphabetic()).map_or(0, |at| at + 1);
    let word = flow.key.get(from..number.start).map(|_| flow.printed(from..number.start)).unwrap_or_default();
    thousands && word.chars().count() > 1 && word.chars().all(char::is_lowercase)
}

/// A number that a stray space cut in two: `4,3 25`, whose pieces make groups of three only together. Where a line ends, two numbers do.
fn joined(flow: &Flow<'_>, printed: &Range<usize>, limit: usize) -> Option<Range<usize>> {
    let key = &flow.key[..limit];
    let head = &key[printed.clone()];
    let last = head.rsplit(['.', ',']).next().filter(|last| last.len() < head.len())?;
    let rest = key[printed.end..].strip_prefix(' ')?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let more = rest.as_bytes().get(digits).is_some_and(|b| b.is_ascii_alphanumeric());
    let first = head.split(['.', ',']).next()?;
    let end = printed.end + 1 + digits;
    let line = |part: Range<usize>| {
        let place = flow.place(part);
        (place.page, place.line)
    };
    let fits = last.len() + digits == 3 && digits > 0 && !more && first.len() <= 3 && !first.starts_with('0');
    (fits && line(printed.clone()) == line(printed.end + 1..end)).then_some(printed.start..end)
}

/// The number in words that follows in brackets: `15 (mười lăm) hồ sơ`, `… đồng (bằng chữ: …)`.
fn in_words(flow: &Flow<'_>, at: usize) -> Option<(Decimal, Range<usize>)> {
    let inside = flow.key[at..].trim_start().strip_prefix('(')?;
    let close = inside.find(')')?;
    let inside = &inside[..close];
    let words = spelled::announced(inside);
    let start = words.as_ptr() as usize - flow.key.as_ptr() as usize;
    let printed = flow.printed(start..start + words.len());
    let (count, end) = spelled::prefix(printed);
    // `(năm 2024: 58,9%)`: a year, not five.
    let counts = !printed[end..].contains(|c: char| c.is_ascii_digit());
    let value = (count > 0 && counts).then(|| spelled::value(&printed[..end])).flatten()?;
    // `44 hồ sơ (không đủ điều kiện)`: not, and no nought.
    let not = value == Decimal::ZERO && printed[end..].contains(char::is_alphabetic);
    if not {
        return None;
    }
    Some((value, start..start + words.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TextLine;

    fn amounts(text: &str) -> Vec<String> {
        let lines = TextLine::from_text(text);
        let flow = Flow::new(&lines, &[], |_| false);
        let found = find(&flow, &Designations::new().unwrap());
        let shown = found.iter().map(|a| {
            let mut s = a.readings[0].to_string();
            if let Some(of) = a.of {
                s += &format!("/{of}");
            }
            if let Some(to) = a.to {
                s += &format!("-{to}");
            }
            if let Some(unit) = a.unit {
                s += &format!(" {unit}");
            }
            if a.damaged { s + " damaged" } else { s }
        });
        shown.collect()
    }

    #[test]
    fn what_counts_is_found() {
        let cases: [(&str, &[&str]); 40] = [
            ("tiếp nhận 6.392 hồ sơ, đạt 99,78%", &["6392 hồ sơ", "99.78 %"]),
            ("đạt 99.78 %.", &["99.78 %"]),
            ("đã xử lý 04/04 PAKN", &["4/4 PAKN"]),
            ("đạt 1.250/1.400 hồ sơ", &["1250/1400 hồ sơ"]),
            ("03/20 đơn vị", &["3/20 đơn vị"]),
            ("trong 5-7 ngày", &["5-7 ngày"]),
            ("diện tích 40m2, 160 m²", &["40 m²", "160 m²"]),
            ("kinh phí 1.250,5 triệu đồng", &["1250.5 triệu đồng"]),
            ("thu 162.056.800 đồng/năm", &["162056800 đồng/năm"]),
            ("số mới: l.077; số cũ: 1O", &["1077 damaged", "10 damaged"]),
            ("đã nhận: 4,3 25 hồ sơ", &["4325 hồ sơ damaged"]),
            // The cells of a table that came line by line.
            ("trạm y tế xã, tỷ lệ 83,99\n2 hệ thống cấp nước", &["83.99", "2"]),
            ("quá hạn: 0.", &["0"]),
            ("Cộng: 3.012.400.000; chi: 1.000.541.000.", &["3012400000", "1000541000"]),
            ("gọi 0204.385.221 hoặc 024 3825 1234", &[]),
            ("đã xử lý: 2l, trong đó", &["21 damaged"]),
            ("trong đó có 21 TTHC sửa đổi; 7 TTHC thay thế", &["21 TTHC", "7 TTHC"]),
            ("tổng số: 2025", &["2025"]),
            ("giải quyết 2025 hồ sơ", &["2025 hồ sơ"]),
            ("mức 5 triệu đồng", &["5 triệu đồng"]),
            ("nhận 1900358 hồ sơ, gọi 1900 1234", &["1900358 hồ sơ"]),
            ("15 (mười lăm) hồ sơ", &["15"]),
            ("đạt tỷ lệ 98,5 phần trăm", &["98.5 %"]),
            ("bộ phận 10 người", &["10 người"]),
            ("đã nhận hai trăm linh năm hồ sơ của hai bên", &["205 hồ sơ"]),
            ("quá hạn: không có; tồn: Không.", &["0", "0"]),
            ("quá hạn: không hồ sơ", &["0 hồ sơ"]),
            ("ý kiến: không có nội dung mới", &[]),
            ("không có hồ sơ quá hạn; không có hồ sơ; không có hồ sơ quá phức tạp", &["0"]),
            (
                "cuối tháng 1.978 hồ sơ, trong tháng 5 có 12 hồ sơ, ngày 2.120 lượt",
                &["1978 hồ sơ", "12 hồ sơ", "2120 lượt"],
            ),
            ("tăng trưởng -2,5%, giá giảm - 3%", &["-2.5 %", "3 %"]),
            ("gồm: -12 hồ sơ", &["12 hồ sơ damaged"]),
            ("hai mươi năm qua", &[]),
            ("mười hai triệu đồng", &["12000000 đồng"]),
            ("tử vong 0 ca, áp dụng 3 mẫu", &["0", "3 mẫu"]),
            (
                "tăng –12,5%, gồm “12 hồ sơ”, thu 12 450 300 đồng, chi 9.875.000đ",
                &["-12.5 %", "12 hồ sơ", "12450300 đồng", "9875000 đồng"],
            ),
            ("thu 5'600 đồng, 1’250’000 đồng; dài 5'60 mét", &["5600 đồng", "1250000 đồng"]),
            ("151 đồng bộ, 3 nhà văn hóa, 4 nhà", &["151", "3", "4 nhà"]),
            ("đạt 1.482¹ hồ sơ và 377² văn bản", &["1482 hồ sơ", "377 văn bản"]),
            ("đã nhận412.350 hồ sơ, toàn trình101, mẫu TK12.345", &["412350 hồ sơ damaged"]),
        ];
        for (text, want) in cases {
            assert_eq!(amounts(text), want, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_digit_of_a_number_in_threes_is_left_out(n in 1_000_000u64..10_000_000_000_000, comma in proptest::bool::ANY) {
            let digits = n.to_string();
            let mut printed = String::new();
            for (at, c) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at) % 3 == 0 {
                    printed.push(if comma { ',' } else { '.' });
                }
                printed.push(c);
            }
            proptest::prop_assert_eq!(amounts(&format!("Cộng: {printed}; chi: {printed}.")), [digits.clone(), digits]);
        }
    }

    #[test]
    fn headings_state_the_unit_of_what_stands_below_them() {
        let text = "II. THU, CHI NGÂN SÁCH (xã; ĐVT: triệu đồng)\n1. Thu\n- Dự toán: 148.620.\n- Thực hiện: 158.317, gồm 12 khoản\n- Tỷ lệ: 95,3.\n- Số dự án: 12.\nIII. HỒ SƠ\n- Nhận mới: 2.918.";
        assert_eq!(amounts(text), ["148620 triệu đồng", "158317 triệu đồng", "12", "95.3", "12", "2918"]);
    }

    #[test]
    fn what_names_is_not() {
        let texts = [
            "Ngày 05/7/2025 và ngày 28 tháng 02 năm 2023",
            "Quyết định số 10/QĐ-UBND, Nghị định 45/2020/NĐ-CP, số 195 /BC - UBND, Quy định 135-QĐ/TW",
            "quý 2 năm 2023, quý III/2025, 6 tháng đầu năm 2026, 9 tháng năm 2025, tháng 01/2025",
            "giai đoạn 2021 - 2025, 2021-2025, năm 2024",
            "theo Điều 5, khoản 2, điểm 3 Mục 4",
            "mức độ 4",
            "điện thoại 0912.345.678, 02373 852 123, 1900 1234",
            "tại http://abc12.gov.vn và a1@b.vn",
            "lúc 08 giờ 30 phút, 7h30, 24/7",
            "1. Đánh giá",
            "Đề án 06",
            "mã 1234567890123",
            "máy H2 và QR1",
            "S6 lượng và s6 khác",
            "Thông tư 2023 ngày 05/4/2023",
            "Ban Chỉ đạo 389 tỉnh, Quân khu 5, dịch Covid-19, trước 1Š giờ 00 ngày 05/02/2022",
            "Dự án 5, Tiểu dự án 2",
            "Ngày ký: 09.01.2025 10:21:07 +07:00",
        ];
        for text in texts {
            assert_eq!(amounts(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn what_else_the_recogniser_saw_is_kept_behind_what_is_printed() {
        let mut lines = TextLine::from_text("đã nhận: 1.017; hài lòng đạt 1006, hay 4.");
        for (word, others) in [(2, &["1.077;", "l.0l7;"][..]), (6, &["100%,", "100%6,"]), (8, &["4,", "A."])] {
            lines[0].words[word].alternatives = others.iter().map(|o| (*o).to_owned()).collect();
        }
        let flow = Flow::new(&lines, &[], |_| false);
        let found = find(&flow, &Designations::new().unwrap());
        let seen: Vec<_> = found
            .iter()
            .map(|a| (a.readings.iter().map(Decimal::to_string).collect::<Vec<_>>().join(" "), a.unit, a.damaged))
            .collect();
        let want = [("1017 1.017 1077", None, false), ("100 1006", Some("%"), true), ("4", None, false)];
        assert_eq!(seen, want.map(|(readings, unit, damaged)| (readings.to_owned(), unit, damaged)));
        assert_eq!(found[0].printed.len(), 2);
    }

    #[test]
    fn not_in_brackets_is_no_nought() {
        let lines = TextLine::from_text("Trả lại 44 hồ sơ (không đủ điều kiện), còn 0 (không) hồ sơ.");
        let flow = Flow::new(&lines, &[], |_| false);
        let found = find(&flow, &Designations::new().unwrap());
        let words: Vec<_> = found.iter().map(|a| a.words.as_ref().map(|(v, _)| v.to_string())).collect();
        assert_eq!(words, [None, Some("0".to_owned())]);
    }

    #[test]
    fn words_behind_a_number_are_read() {
        let lines =
            TextLine::from_text("200 (hai trăm) hồ sơ; 1.200.000 đồng (bằng chữ: một triệu hai trăm nghìn đồng)");
        let flow = Flow::new(&lines, &[], |_| false);
        let found = find(&flow, &Designations::new().unwrap());
        let words: Vec<_> = found.iter().map(|a| a.words.as_ref().map(|(v, _)| v.to_string())).collect();
        assert_eq!(words, [Some("200".to_owned()), Some("1200000".to_owned())]);
    }
}

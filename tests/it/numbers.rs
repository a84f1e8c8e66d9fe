//! Numbers in all forms that offices write: no digit left out, none glued on, the value right. `SOHOA_NUMBERS=200000` for a long run.

use sohoa::document::TextLine;
use sohoa::extract::Extractor;
use sohoa::random::SplitMix64;

/// How a document writes its numbers: what parts thousands, what marks the fraction.
type Form = (&'static str, char);

const FORMS: [Form; 6] = [(".", ','), (",", '.'), (" ", ','), ("", ','), ("'", '.'), ("\u{a0}", ',')];

/// The sentences, with what is counted: places behind the fraction's sign at most, and the greatest whole part.
const SENTENCES: [(&str, u32, u64); 8] = [
    ("- Đã tiếp nhận {} hồ sơ trong đợt này.", 0, 9_999_999),
    ("- Kinh phí là {} triệu đồng, đã chi hết.", 3, 99_999),
    ("- Tỷ lệ hoàn thành đạt {}%.", 2, 99),
    ("- Đã giao {} ha cho các hộ.", 2, 9_999),
    ("- Có {} lượt người đến, đông hơn trước.", 0, 99_999),
    ("- Thu được {} đồng và nộp đủ.", 0, 999_999_999),
    ("- {} phiếu hợp lệ được kiểm.", 0, 9_999),
    ("- Chi trả cho {} người; không ai bị sót.", 0, 99_999),
];

/// A number as printed, and its value.
fn number(form: Form, places: u32, most: u64, random: &mut SplitMix64) -> (String, f64) {
    // As many short as long ones.
    let digits = 1 + random.below(most.to_string().len()) as u32;
    let whole = random.below((10u64.pow(digits).min(most + 1)) as usize) as u64;
    let plain = whole.to_string();
    let mut printed = String::new();
    for (at, digit) in plain.chars().enumerate() {
        if at > 0 && (plain.len() - at).is_multiple_of(3) {
            printed.push_str(form.0);
        }
        printed.push(digit);
    }
    let places = if random.happens(0.6) { random.below(places as usize + 1) } else { 0 };
    let fraction: String = (0..places).map(|_| char::from(b'0' + random.below(10) as u8)).collect();
    let value = format!("{plain}.{fraction}0").parse().unwrap();
    if places > 0 {
        printed.push(form.1);
        printed.push_str(&fraction);
    }
    (printed, value)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[test]
fn numbers_of_all_forms_keep_their_digits_and_their_value() {
    let many: usize = std::env::var("SOHOA_NUMBERS").ok().and_then(|n| n.parse().ok()).unwrap_or(6_000);
    let extractor = Extractor::embedded().unwrap();
    let mut random = SplitMix64::new(20);
    let (mut cut, mut wrong, mut done) = (Vec::new(), Vec::new(), 0);
    while done < many {
        let form = FORMS[random.below(FORMS.len())];
        let mut text = String::from("Kết quả thực hiện\n");
        let mut printed = Vec::new();
        for _ in 0..50 {
            let (sentence, places, most) = SENTENCES[random.below(SENTENCES.len())];
            let (number, value) = number(form, places, most, &mut random);
            text += &sentence.replace("{}", &number);
            text.push('\n');
            printed.push((number, value));
        }
        let figures = extractor.extract(&TextLine::from_text(&text), &[]).value.figures;
        for (at, (number, value)) in printed.iter().enumerate() {
            let own: Vec<_> = figures.iter().filter(|f| f.place.line == Some(at as u32 + 2)).collect();
            let line = text.lines().nth(at + 1).unwrap();
            match own[..] {
                [figure] if digits(&figure.raw) == digits(number) => {
                    let read = figure.value.map(|v| v.to_f64());
                    // Where nothing in a document says what a sign means, a number may be read wrong, and not surely.
                    if figure.confidence > 0.6 && read.is_some_and(|read| (read - value).abs() > 1e-9) {
                        wrong.push(format!("{form:?} {line}: {read:?} at {}", figure.confidence));
                    }
                }
                _ => cut.push(format!("{form:?} {line}: {:?}", own.iter().map(|f| &f.raw).collect::<Vec<_>>())),
            }
        }
        done += printed.len();
    }
    let first = |all: &[String]| all.iter().take(12).cloned().collect::<Vec<_>>().join("\n");
    assert!(cut.is_empty(), "{} of {done} cut or glued:\n{}", cut.len(), first(&cut));
    assert!(wrong.is_empty(), "{} of {done} wrong:\n{}", wrong.len(), first(&wrong));
}

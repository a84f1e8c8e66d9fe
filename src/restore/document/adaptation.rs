//! Texts that were misread by a recogniser which nothing was learned of: how they are told, and what they show of it.
//!
//! Self-training: what the first reading is sure of is taken for true, the channel is drawn towards it, and the text is read again.

use super::window::{Mixture, Slot, Window};
use crate::lm::{Model, class};
use crate::restore::channel::candidate::Component;
use crate::restore::choice::Choice;
use std::collections::BTreeMap;

/// The share of misread words that makes a misread text.
const MISREAD: f32 = 0.3;
/// A text is judged by so many tokens at least.
const ENOUGH_TO_JUDGE: usize = 40;
/// A misread text whose words are less probable than this on average was misread by a recogniser that is not known.
const POORLY_READ: f32 = 0.985;
/// A word that is this probable shows how its letters are seen.
const EVIDENT: f32 = 0.8;

/// Whether a text was misread, and by a recogniser that the channel knows little of.
pub(in crate::restore) fn is_foreign(window: &Window, chosen: &[Choice], mixture: &Mixture) -> bool {
    let open = |c: &&Choice| matches!(window.tokens[c.token].slot, Slot::Open(_));
    let (count, sum) = chosen.iter().filter(open).fold((0, 0.0), |(n, sum), c| (n + 1, sum + c.posterior));
    mixture[Component::English as usize] > MISREAD && count >= ENOUGH_TO_JUDGE && sum < POORLY_READ * count as f32
}

/// Words that were read surely, with what stands there for them.
pub(in crate::restore) fn evidence(
    window: &Window,
    chosen: &[Choice],
    model: &Model,
) -> BTreeMap<(String, String), f64> {
    let mut pairs = BTreeMap::new();
    for choice in chosen.iter().filter(|c| c.posterior >= EVIDENT) {
        let (&[word], 1, Slot::Open(kind)) = (choice.words(), choice.span, window.tokens[choice.token].slot) else {
            continue;
        };
        if word >= class::FIRST_WORD {
            let pair = (model.vocabulary().word(word).to_owned(), window.kinds[kind as usize].folded.to_string());
            *pairs.entry(pair).or_default() += f64::from(choice.posterior);
        }
    }
    pairs
}

/// Makes the posteriors of a text of an unknown recogniser true: they were fitted on texts whose engines were left out when the channel was
/// learned. A word is the surer the likelier it was among its rivals, the better the channel knows it to be seen so, and the longer it is.
pub(in crate::restore) fn calibrate(window: &Window, chosen: &mut [Choice]) {
    // Logistic regression on 10,900 words of five engines, each left out in turn; the expected error of those left out is 0.011.
    const BIAS: f32 = 1.065;
    const ODDS: f32 = 0.26;
    const SEEN_SO: f32 = 0.215;
    const SHORT: f32 = -2.219;
    // Of words over two tokens the channel's own probability is not kept; they are about as rare as this.
    const JOINED: f32 = -8.0;
    for choice in chosen {
        let Slot::Open(kind) = window.tokens[choice.token].slot else { continue };
        let p = choice.posterior.clamp(1e-4, 1.0 - 1e-6);
        let letters = window.kinds[kind as usize].folded.chars().count().max(1) as f32;
        let seen_so = if choice.span > 1 { JOINED } else { choice.seen_so };
        let score = BIAS + ODDS * (p / (1.0 - p)).ln() + SEEN_SO * seen_so + SHORT / letters;
        choice.posterior = 1.0 / (1.0 + (-score).exp());
    }
}

#[cfg(test)]
mod tests {
    use crate::dict::Dictionaries;
    use crate::lm::Model;
    use crate::random::SplitMix64;
    use crate::restore::{Grade, LearnedChannel, Options, Restorer};
    use crate::text::letter::bare;
    use std::sync::Arc;

    const PRINTED: &str = "Thực hiện nhiệm vụ được giao, trong năm qua Ủy ban nhân dân xã đã tập trung chỉ đạo công tác cải cách hành chính, \
        giải quyết kịp thời các hồ sơ của người dân và doanh nghiệp. Tổng số hồ sơ tiếp nhận trong năm là 1.250 hồ sơ, trong đó số hồ sơ giải \
        quyết đúng hạn đạt tỷ lệ cao. Việc công khai các thủ tục được thực hiện nghiêm túc tại bộ phận một cửa, cán bộ công chức có tinh \
        thần trách nhiệm. Trong năm tới tiếp tục rà soát, bắt đầu từ các lĩnh vực đất đai, hộ tịch, tư pháp và bảo vệ môi trường.";

    /// What a made-up recogniser sees: letters that it does not know as signs that no other takes for them.
    fn seen(printed: &str) -> String {
        let sign = |c: char| match c {
            'ă' | 'ắ' | 'ặ' => '#',
            'ê' | 'ế' | 'ệ' | 'ề' | 'ể' => '§',
            'ô' | 'ố' | 'ộ' | 'ổ' | 'ồ' => '¢',
            'ư' | 'ự' | 'ứ' | 'ữ' | 'ừ' | 'ử' => 'n',
            'ơ' | 'ờ' | 'ớ' | 'ợ' => 'c',
            'đ' => '€',
            c => bare(c),
        };
        printed.chars().map(sign).collect()
    }

    fn restored(adapt: bool) -> String {
        let model = Arc::new(Model::embedded().unwrap());
        let channel = LearnedChannel::embedded(model.vocabulary()).unwrap();
        let options = Options { adapt, ..Options::default() };
        Restorer::with(model, Box::new(channel), &Dictionaries::embedded(), options)
            .unwrap()
            .restore_plain(&seen(PRINTED))
    }

    /// A line as it is restored in such a text; what stands in brackets is as it was seen, not as it was printed.
    fn line(line: &str) -> String {
        let parts = line.split(['[', ']']).enumerate();
        let line: String = parts.map(|(at, part)| if at % 2 == 0 { seen(part) } else { part.to_owned() }).collect();
        let text = Restorer::embedded().unwrap().restore_plain(&format!("{}\n\n{line}", seen(PRINTED)));
        text.lines().last().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_word_that_a_blot_left_nothing_of_is_told_by_those_around_it() {
        assert_eq!(
            line("Nghị quyết về việc sửa đổi, [m] sung một số điều"),
            "Nghị quyết về việc sửa đổi, bổ sung một số điều"
        );
        // What may be the name of a body stays.
        assert_eq!(line("Lấy ý kiến của [TKX] nhà trường"), "Lấy ý kiến của TKX nhà trường");
    }

    #[test]
    fn digits_are_a_word_only_where_nothing_else_can_have_stood_there() {
        let last = |line: &str, keep_digits: bool| {
            let model = Arc::new(Model::embedded().unwrap());
            let channel = LearnedChannel::embedded(model.vocabulary()).unwrap();
            let options = Options { keep_digits, ..Options::default() };
            let restorer = Restorer::with(model, Box::new(channel), &Dictionaries::embedded(), options).unwrap();
            let restored = restorer.restore_text(&format!("{}\n\n{line}", seen(PRINTED)));
            let told = restored.tokens.iter().filter(|t| t.word_of_digits).count();
            assert_eq!(told, restored.expected.words_of_digits);
            assert!(restored.tokens.iter().filter(|t| t.word_of_digits).all(|t| t.grade == Some(Grade::Probable)));
            (restored.text.lines().last().unwrap_or_default().to_owned(), told)
        };
        let misread = "thuc hien ch6 66 bdo cdo dinh ky";
        assert_eq!(last(misread, false), ("thực hiện chế độ báo cáo định kỳ".to_owned(), 1));
        assert_eq!(last(misread, true), ("thực hiện chế 66 báo cáo định kỳ".to_owned(), 0));
        for (seen, printed) in [
            ("da giai quy6t 15 ho so", "đã giải quyết 15 hồ sơ"),
            ("trong 15 ngdy ldm viec", "trong 15 ngày làm việc"),
            ("co 66 nguoi tham gia", "có 66 người tham gia"),
        ] {
            assert_eq!(last(seen, false), (printed.to_owned(), 0));
        }
    }

    #[test]
    fn a_comma_without_its_space_leaves_both_words_whole() {
        assert_eq!(line("nêu cao tinh thần trách,nhiệm của cán bộ"), "nêu cao tinh thần trách, nhiệm của cán bộ");
        assert_eq!(line("đạt 13,5 phần trăm"), "đạt 13,5 phần trăm");
        let clean = "Sở nêu cao trách,nhiệm của cán bộ";
        assert_eq!(Restorer::embedded().unwrap().restore_plain(clean), clean);
    }

    #[test]
    fn a_text_teaches_how_its_recogniser_sees() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let right =
            |text: &str| words(text).iter().zip(words(PRINTED)).filter(|(seen, printed)| *seen == printed).count();
        let [with, without] = [restored(true), restored(false)];
        assert_eq!(words(&with).len(), words(PRINTED).len());
        assert!(right(&with) > right(&without), "{with}\n{without}");
        assert!(with.contains("1.250 hồ sơ"), "{with}");
    }

    /// Numbers of reports, whole and torn, some with letters for digits.
    fn numbers(random: &mut SplitMix64) -> String {
        let mut digits = |n: u64| -> String { (0..n).map(|_| char::from(b'0' + random.below(10) as u8)).collect() };
        let (a, b, c) = (digits(2), digits(3), digits(4));
        let forms = [
            format!("{a}.{b}"),
            format!("l{a} ho so"),
            format!("ngay {a} thang l{} nam 20 {a}", &a[..1]),
            format!("{a}/20l{}/QD-UBND", &a[..1]),
            format!("s6 {c}"),
            format!("n#m 201 {}", &a[..1]),
            format!("{a},{a}% {b}m {a}m2"),
            format!("I{} O{a} {c}rn", &b[..1]),
        ];
        forms[random.below(forms.len())].clone()
    }

    #[test]
    fn no_digit_of_a_misread_text_becomes_another() {
        let model = Arc::new(Model::embedded().unwrap());
        let channel = LearnedChannel::embedded(model.vocabulary()).unwrap();
        let restorer = Restorer::with(model, Box::new(channel), &Dictionaries::embedded(), Options::default()).unwrap();
        let mut random = SplitMix64::new(19);
        let mut text = seen(PRINTED);
        for sentence in seen(PRINTED).split(". ").cycle().take(60) {
            text += &format!("\n{sentence} {}.", numbers(&mut random));
        }
        let restored = restorer.restore_text(&text);
        assert!(restored.expected.share().is_some_and(|share| share < 0.98), "the text is read as a misread one");
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<Vec<char>>();
        for token in &restored.tokens {
            let (before, after) = (digits(&token.before), digits(&token.after));
            let mut left = after.iter();
            let kept = before.iter().all(|d| left.any(|a| a == d));
            let word = after.is_empty()
                && token.before.chars().any(|c| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '%' | '/'));
            assert!(kept || word, "{} became {}", token.before, token.after);
            assert!(before == after || token.posterior <= 0.8 || word, "{} became {}", token.before, token.after);
        }
    }
}

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
const POORLY_READ: f32 = 0.98;
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

#[cfg(test)]
mod tests {
    use crate::dict::Dictionaries;
    use crate::lm::Model;
    use crate::restore::{LearnedChannel, Options, Restorer};
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
        let options = Options { adapt };
        Restorer::with(model, Box::new(channel), &Dictionaries::embedded(), options)
            .unwrap()
            .restore_plain(&seen(PRINTED))
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
}

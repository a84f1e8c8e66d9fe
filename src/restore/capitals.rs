//! The capitals that a word was printed with: those that were seen, but where a recogniser sees capitals amiss.

use crate::lm::{Model, WordId, class};
use crate::text::token::Shape;

/// A word that is written so less often than this is not, where its letters look the same in both cases.
const SELDOM: f32 = 0.02;

/// How the words beside a word are written, as far as that tells of the word's own capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    /// Nothing is known of them.
    Unknown,
    /// The word stands inside a sentence that is not all capitals.
    Sentence,
    /// They have small letters only.
    Small,
    /// They have capitals only.
    Capitals,
}

impl Beside {
    /// From the words right before and after a word, where there are such, that stands `inside` a sentence.
    pub fn of(before: Option<&str>, after: Option<&str>, inside: bool) -> Self {
        // A letter alone is a list's, or an abbreviation.
        let shape = |word: &&str| word.chars().nth(1).map(|_| Shape::of(word));
        let shapes = [before.as_ref().and_then(shape), after.as_ref().and_then(shape)];
        match (shapes.contains(&Some(Shape::Upper)), shapes.contains(&Some(Shape::Lower))) {
            (true, false) => Beside::Capitals,
            (false, true) => Beside::Small,
            _ if inside => Beside::Sentence,
            _ => Beside::Unknown,
        }
    }
}

/// The shape that a word was printed in which was seen as `seen`. `beside` is asked only where it matters.
fn printed_shape(model: &Model, word: WordId, seen: &str, beside: impl FnOnce() -> Beside) -> Shape {
    match Shape::of(seen) {
        // A small l is taken for a capital I, and a capital L never is.
        Shape::Title if seen.starts_with('I') && model.vocabulary().word(word).starts_with('l') => Shape::Lower,
        // All but the first may be small.
        Shape::Upper if word >= class::FIRST_WORD && seen.chars().skip(1).all(looks_the_same) => match beside() {
            Beside::Small => Shape::Title,
            Beside::Sentence if model.shape(word, Shape::Upper) < SELDOM => Shape::Title,
            _ => Shape::Upper,
        },
        Shape::Other => {
            let capitals = seen.chars().filter(|c| c.is_uppercase()).count();
            let letters = seen.chars().filter(|c| c.is_alphabetic()).count();
            // `NGHiA` is capitals by itself, `CHi` among capitals; `DPéc` has two letters for one.
            if 4 * capitals > 3 * letters || 3 * capitals >= 2 * letters && beside() == Beside::Capitals {
                return Shape::Upper;
            }
            // A capital that the recogniser saw in the middle of a small word says nothing.
            if seen.chars().next().is_some_and(char::is_uppercase) { Shape::Title } else { Shape::Lower }
        }
        shape => shape,
    }
}

/// Letters that look the same as a capital and as a small letter.
fn looks_the_same(c: char) -> bool {
    matches!(c, 'C' | 'O' | 'S' | 'U' | 'V' | 'W' | 'X' | 'Z')
}

/// Writes words with the capitals of what was seen, where they can be believed.
pub(super) fn write(model: &Model, words: &[WordId], seen: &str, beside: impl FnOnce() -> Beside, out: &mut String) {
    let vocabulary = model.vocabulary();
    let shape = printed_shape(model, words.first().copied().unwrap_or(class::UNKNOWN), seen, beside);
    for (n, &word) in words.iter().enumerate() {
        if n > 0 {
            out.push(' ');
        }
        let word = vocabulary.word(word);
        let shape = if n > 0 && shape == Shape::Title { Shape::Lower } else { shape };
        shape.write(word, out);
    }
}

/// The Roman number of a section that was seen with small letters l for its strokes; None for what may be anything else.
///
/// `Il.` at the beginning of a line is `II.`.
pub(super) fn numeral(seen: &str) -> Option<String> {
    const NUMERALS: [&str; 17] = [
        "II", "III", "IV", "VI", "VII", "VIII", "IX", "XI", "XII", "XIII", "XIV", "XVI", "XVII", "XVIII", "XIX", "XXI",
        "XXII",
    ];
    let numeral = seen.replace('l', "I");
    (numeral != seen && NUMERALS.contains(&numeral.as_str())).then_some(numeral)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::Restorer;

    #[test]
    fn capitals_are_kept_unless_they_are_misread_letters() {
        let model = Model::embedded().unwrap();
        for (seen, word, beside, shape) in [
            ("Iap", "lập", Beside::Unknown, Shape::Lower),
            ("In", "in", Beside::Unknown, Shape::Title),
            ("Lap", "lập", Beside::Unknown, Shape::Title),
            ("IAP", "lập", Beside::Unknown, Shape::Upper),
            ("d@Ng", "đồng", Beside::Unknown, Shape::Lower),
            ("SO", "số", Beside::Unknown, Shape::Upper),
            ("SO", "số", Beside::Small, Shape::Title),
            ("SO", "số", Beside::Capitals, Shape::Upper),
            ("SAN", "sản", Beside::Small, Shape::Upper),
            ("NGHiA", "nghĩa", Beside::Unknown, Shape::Upper),
            ("CHi", "chỉ", Beside::Capitals, Shape::Upper),
            ("CHi", "chỉ", Beside::Small, Shape::Title),
            ("DPéc", "độc", Beside::Capitals, Shape::Title),
        ] {
            let word = model.vocabulary().id(word).unwrap();
            assert_eq!(printed_shape(&model, word, seen, || beside), shape, "{seen} beside {beside:?}");
        }
    }

    #[test]
    fn capitals_follow_the_words_beside_where_letters_do_not_tell() {
        let restorer = Restorer::embedded().unwrap();
        for (seen, want) in [
            ("- BO phan Mot cua; SO ho so da nhan", "- Bộ phận Một cửa; Số hồ sơ đã nhận"),
            ("THU TUC HANH CHiNH", "THỦ TỤC HÀNH CHÍNH"),
            ("SO TAI CHINH bao cao", "SỞ TÀI CHÍNH báo cáo"),
        ] {
            assert_eq!(restorer.restore_plain(seen), want);
        }
    }

    #[test]
    fn a_section_is_numbered_in_capitals() {
        let restorer = Restorer::embedded().unwrap();
        for (seen, want) in [
            ("Il. DANH GIA CHUNG", "II. ĐÁNH GIÁ CHUNG"),
            ("lll. PHUONG HUONG", "III. PHƯƠNG HƯỚNG"),
            ("Vl. To chuc thuc hien", "VI. Tổ chức thực hiện"),
        ] {
            assert_eq!(restorer.restore_plain(seen), want);
        }
        for seen in ["l", "II", "1l", "Ilo", "IIII"] {
            assert_eq!(numeral(seen), None, "{seen}");
        }
    }
}

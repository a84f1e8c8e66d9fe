//! The capitals that a word was printed with: those that were seen, but where a recogniser sees capitals amiss.

use crate::lm::{Model, WordId, class};
use crate::text::letter::{bare, lower};
use crate::text::token::Shape;

/// A word that is written so less often than this is not, where its letters look the same in both cases.
const SELDOM: f32 = 0.02;

/// A word that is so likely after the one before it makes one term with it.
const GOES_ON: f32 = 0.1;
/// A word that has a capital more often may be a name.
const NO_NAME: f32 = 0.2;

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

/// The shape that a word was printed in which was seen as `seen`, in `misread` text or other. `beside` is asked only where it matters.
fn printed_shape(model: &Model, word: WordId, seen: &str, misread: bool, beside: impl Fn() -> Beside) -> Shape {
    match Shape::of(seen) {
        // A small l is taken for a capital I, and a capital L never is.
        Shape::Title if seen.starts_with('I') && model.vocabulary().word(word).starts_with('l') => Shape::Lower,
        // A capital that is another letter (`A6t` for `đất`) says nothing of the one that was printed, where recognisers are unknown.
        Shape::Title
            if misread
                && word >= class::FIRST_WORD
                && !starts_alike(seen, model.vocabulary().word(word))
                && model.shape(word, Shape::Title) < NO_NAME
                && matches!(beside(), Beside::Sentence | Beside::Small) =>
        {
            Shape::Lower
        }
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

/// Whether what was seen begins with the word's own first letter, marks and case apart.
fn starts_alike(seen: &str, word: &str) -> bool {
    let first = |text: &str| text.chars().next().map(|c| bare(lower(c)));
    first(seen) == first(word)
}

/// Letters that look the same as a capital and as a small letter.
fn looks_the_same(c: char) -> bool {
    matches!(bare(c), 'C' | 'O' | 'S' | 'U' | 'V' | 'W' | 'X' | 'Z')
}

/// The shape that a word was printed in which is right but for its capitals; None where these are believed.
///
/// `before` is the word right before it, after which it stands in a line with `after`. Only what goes on with a word in small letters is
/// small itself (`phục Vụ`, `hồ SƠ`), and only where its capitals look the same as its small letters: all others are somebody's own.
pub(super) fn amiss(
    model: &Model,
    word: WordId,
    seen: &str,
    before: Option<(WordId, &str)>,
    after: Option<&str>,
) -> Option<Shape> {
    let shape = Shape::of(seen);
    if shape == Shape::Lower || word < class::FIRST_WORD {
        return None;
    }
    if shape == Shape::Other {
        // Abbreviations such as `TTr` have no marks.
        let beside = || Beside::of(before.map(|b| b.1), after, false);
        return (!seen.is_ascii()).then(|| printed_shape(model, word, seen, false, beside));
    }
    let (before, text) = before?;
    let alike = if shape == Shape::Title {
        model.shape(word, Shape::Title) < NO_NAME && seen.chars().next().is_some_and(looks_the_same)
    } else {
        seen.chars().nth(1).is_some() && seen.chars().all(looks_the_same)
    };
    let small = |word: &str| Shape::of(word) == Shape::Lower;
    let goes_on = || before >= class::FIRST_WORD && model.bigram(before, word) > GOES_ON;
    (alike && small(text) && (shape == Shape::Title || after.is_none_or(small)) && goes_on()).then_some(Shape::Lower)
}

/// Writes words with the capitals of what was seen, where they can be believed.
pub(super) fn write(
    model: &Model,
    words: &[WordId],
    seen: &str,
    misread: bool,
    beside: impl Fn() -> Beside,
    out: &mut String,
) {
    let vocabulary = model.vocabulary();
    let shape = printed_shape(model, words.first().copied().unwrap_or(class::UNKNOWN), seen, misread, beside);
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
            ("A6t", "đất", Beside::Sentence, Shape::Lower),
            ("A6t", "đất", Beside::Unknown, Shape::Title),
            ("Ddt", "đất", Beside::Sentence, Shape::Title),
        ] {
            let word = model.vocabulary().id(word).unwrap();
            assert_eq!(printed_shape(&model, word, seen, true, || beside), shape, "{seen} beside {beside:?}");
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
    fn capitals_inside_a_term_are_taken_for_small_letters() {
        let restorer = Restorer::embedded().unwrap();
        for (seen, want) in [
            ("tận tình phục Vụ nhân dân", "tận tình phục vụ nhân dân"),
            ("tiếp nhận hồ SƠ của công dân", "tiếp nhận hồ sơ của công dân"),
            ("kiểm soát thủ tỤC hành chính", "kiểm soát thủ tục hành chính"),
        ] {
            assert_eq!(restorer.restore_plain(seen), want);
        }
        for own in [
            "theo đề nghị của Vụ Pháp chế và Sở Tài chính",
            "Ủy ban nhân dân xã, các Sở, ban, ngành",
            "hồ sơ KHÔNG được bổ sung, tờ trình TTr của Sở",
            "các SỞ, BAN, NGÀNH của thành phố",
            "Mặt trận Tổ quốc và các đoàn thể",
        ] {
            assert_eq!(restorer.restore_plain(own), own);
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

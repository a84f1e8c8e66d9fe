//! The written syllable: onset, rime and tone; how it is spelled, what can be one, and where the tone stands, `hòa` or `hoà`.

use super::letter::{Tone, is_vowel, lower, split_tone, with_tone};
use super::nfc;
use std::borrow::Cow;

/// The onsets as they are spelled, sorted; the empty one first.
const ONSETS: [&str; 28] = [
    "", "b", "c", "ch", "d", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "qu", "r",
    "s", "t", "th", "tr", "v", "x", "đ",
];

/// The rimes as they are spelled without tone, sorted by bytes.
///
/// The inventory is that of the orthography (Hoàng Phê, *Chính tả tiếng Việt*), with `ăk` for `Đắk Lắk`.
const RIMES: [&str; 173] = [
    "a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "e", "ec", "em", "en", "eng", "eo",
    "ep", "et", "i", "ia", "ich", "im", "in", "inh", "ip", "it", "iu", "iêc", "iêm", "iên", "iêng", "iêp", "iêt",
    "iêu", "o", "oa", "oac", "oach", "oai", "oam", "oan", "oang", "oanh", "oao", "oap", "oat", "oay", "oc", "oe",
    "oem", "oen", "oeo", "oet", "oi", "om", "on", "ong", "ooc", "oong", "op", "ot", "oăc", "oăm", "oăn", "oăng", "oăt",
    "u", "ua", "uc", "ui", "um", "un", "ung", "up", "ut", "uy", "uya", "uych", "uyn", "uynh", "uyp", "uyt", "uyu",
    "uyên", "uyêt", "uân", "uâng", "uât", "uây", "uê", "uêch", "uên", "uênh", "uêu", "uôc", "uôi", "uôm", "uôn",
    "uông", "uôt", "uơ", "uơn", "y", "ych", "yn", "ynh", "yp", "yt", "yêm", "yên", "yêng", "yêt", "yêu", "âc", "âm",
    "ân", "âng", "âp", "ât", "âu", "ây", "ê", "êc", "êch", "êm", "ên", "êng", "ênh", "êp", "êt", "êu", "ô", "ôc", "ôi",
    "ôm", "ôn", "ông", "ôp", "ôt", "ôông", "ăc", "ăk", "ăm", "ăn", "ăng", "ăp", "ăt", "ơ", "ơi", "ơm", "ơn", "ơp",
    "ơt", "ư", "ưa", "ưc", "ưi", "ưm", "ưn", "ưng", "ưt", "ưu", "ươc", "ươi", "ươm", "ươn", "ương", "ươp", "ươt",
    "ươu",
];

/// The rimes that `qu` takes, sorted. Its `u` is the rounding that `o` or `u` writes after other onsets: `quan` as `hoan`.
const AFTER_QU: [&str; 56] = [
    "a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "e", "em", "en", "eng", "eo", "et",
    "i", "ich", "in", "inh", "it", "uôc", "y", "ych", "yn", "ynh", "yp", "yt", "yên", "yêt", "âc", "âm", "ân", "âng",
    "ât", "ây", "ê", "êch", "ên", "ênh", "êt", "êu", "ôc", "ăc", "ăm", "ăn", "ăng", "ăp", "ăt", "ơ", "ơi", "ơn", "ơt",
];

/// The longest syllable, `nghiêng`, has seven letters.
const LONGEST: usize = 7;

/// A syllable of the Vietnamese orthography.
///
/// It holds no case and no style of tone placement: `hòa`, `hoà` and `HÒA` are the same syllable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Syllable {
    onset: u8,
    rime: u8,
    tone: Tone,
}

impl Syllable {
    /// Takes a word apart; case does not matter, the tone may stand as either [`ToneStyle`] puts it.
    ///
    /// None where the word is no Vietnamese syllable: a foreign word, an abbreviation, a number, a tone on a letter that
    /// neither style would put it on (`qúy`), a final stop with a tone it cannot have (`các` is one, `càc` is not).
    pub fn parse(word: &str) -> Option<Syllable> {
        let word = nfc::compose(word);
        let mut letters = [('\0', Tone::Level); LONGEST];
        let mut count = 0;
        for c in word.chars() {
            *letters.get_mut(count)? = split_tone(lower(c));
            count += 1;
        }
        let letters = &letters[..count];
        let mut toned = letters.iter().enumerate().filter(|(_, (_, tone))| *tone != Tone::Level);
        let (place, tone) = match (toned.next(), toned.next()) {
            (None, _) => (None, Tone::Level),
            (Some((place, &(_, tone))), None) => (Some(place), tone),
            _ => return None,
        };
        let mut spelled = [0; 2 * LONGEST];
        let mut length = 0;
        for (c, _) in letters {
            // Longer characters than two bytes are no letters of ours once the tone is off.
            if c.len_utf8() > 2 {
                return None;
            }
            length += c.encode_utf8(&mut spelled[length..]).len();
        }
        let spelled = std::str::from_utf8(&spelled[..length]).ok()?;
        let (onset, rime) = divide(spelled)?;
        let syllable = Syllable { onset, rime, tone };
        let fits = syllable.is_spelled_right() && syllable.may_bear(tone);
        let placed = place.is_none_or(|place| {
            let rime_starts = count - syllable.rime().chars().count();
            [ToneStyle::Old, ToneStyle::New].iter().any(|&s| place == rime_starts + tone_place(syllable.rime(), s))
        });
        (fits && placed).then_some(syllable)
    }

    /// The syllable of these parts, spelled in small letters without tone; None where they make none.
    pub fn new(onset: &str, rime: &str, tone: Tone) -> Option<Syllable> {
        let onset = ONSETS.binary_search(&onset).ok()? as u8;
        let rime = RIMES.binary_search(&rime).ok()? as u8;
        let syllable = Syllable { onset, rime, tone };
        (syllable.is_spelled_right() && syllable.may_bear(tone)).then_some(syllable)
    }

    /// The consonants before the rime as they are spelled; empty where there are none. `qu` and `gi` are onsets.
    pub fn onset(self) -> &'static str {
        ONSETS[self.onset as usize]
    }

    /// The vowels and the final, without tone: `uyên`, `oang`, `a`.
    pub fn rime(self) -> &'static str {
        RIMES[self.rime as usize]
    }

    /// The vowel letters of the rime: `uyê` of `uyên`.
    pub fn vowels(self) -> &'static str {
        let rime = self.rime();
        &rime[..rime.len() - self.last().len()]
    }

    /// The final consonant of the rime, one of `c ch k m n ng nh p t`; empty where there is none.
    pub fn last(self) -> &'static str {
        let rime = self.rime();
        let end = rime.char_indices().filter(|&(_, c)| is_vowel(c)).map(|(at, c)| at + c.len_utf8()).next_back();
        &rime[end.unwrap_or(0)..]
    }

    /// The tone.
    pub fn tone(self) -> Tone {
        self.tone
    }

    /// The same syllable with another tone; None where a final stop does not bear it.
    pub fn with_tone(self, tone: Tone) -> Option<Syllable> {
        self.may_bear(tone).then_some(Syllable { tone, ..self })
    }

    /// The spelling in small letters, NFC, the tone placed by `style`.
    pub fn compose(self, style: ToneStyle) -> String {
        let (onset, rime) = (self.onset(), self.rime());
        let mut spelled = String::with_capacity(onset.len() + rime.len() + 2);
        spelled.push_str(onset);
        let place = tone_place(rime, style);
        spelled.extend(rime.chars().enumerate().map(|(at, c)| {
            // A rime's tone place is always a vowel.
            if at == place { with_tone(c, self.tone).unwrap_or(c) } else { c }
        }));
        spelled
    }

    /// Final stops bear no tone but sắc and nặng. Names in `k` (`Đăk`) are from other languages and may be level.
    fn may_bear(self, tone: Tone) -> bool {
        match self.last() {
            "c" | "ch" | "p" | "t" => matches!(tone, Tone::Acute | Tone::Dot),
            "k" => matches!(tone, Tone::Acute | Tone::Dot | Tone::Level),
            _ => true,
        }
    }

    /// Whether the orthography spells this rime after this onset.
    fn is_spelled_right(self) -> bool {
        let (onset, rime) = (self.onset(), self.rime());
        let front = rime.starts_with(['i', 'e', 'ê']);
        let from_y = rime.starts_with('y');
        match onset {
            "" => !rime.starts_with("iê") && !matches!(rime, "ych" | "yn" | "ynh" | "yp" | "yt" | "êc" | "ăk"),
            "qu" => AFTER_QU.binary_search(&rime).is_ok(),
            _ if rime == "êc" => onset == "gi",
            _ if rime == "ăk" => matches!(onset, "l" | "p" | "đ"),
            "c" | "ng" => !front && !from_y,
            "g" => rime == "i" || (!front && !from_y) || matches!(rime, "ich" | "im" | "in" | "inh" | "ip" | "it"),
            "gi" => !rime.starts_with('i') && !from_y,
            "gh" | "ngh" => front,
            // `k` before the other vowels writes names from other languages of the country: Bắc Kạn, Kon Tum, Kông.
            "k" => {
                front
                    || matches!(
                        rime,
                        "y" | "a" | "an" | "ang" | "o" | "on" | "ô" | "ôn" | "ông" | "u" | "um" | "un" | "ơ"
                    )
            }
            "ch" | "kh" | "nh" | "ph" | "tr" => !from_y,
            _ => !from_y || rime == "y",
        }
    }
}

/// Whether the word is a syllable that Vietnamese orthography allows, in any case and either tone style.
///
/// It says what *can* be one; which syllables are in use is a matter of [`Dictionaries`](crate::dict::Dictionaries).
pub fn is_valid_syllable(word: &str) -> bool {
    Syllable::parse(word).is_some()
}

/// Onset and rime of a syllable spelled in small letters without tone, as indices.
fn divide(spelled: &str) -> Option<(u8, u8)> {
    // The longest onset that leaves a rime; `gì` and `gìn` leave none after `gi` and are `g` + `i`, `g` + `in`.
    for length in (0..=3).rev() {
        let Some((head, tail)) = spelled.split_at_checked(length) else { continue };
        if let (Ok(onset), Ok(rime)) = (ONSETS.binary_search(&head), RIMES.binary_search(&tail)) {
            return Some((onset as u8, rime as u8));
        }
    }
    None
}

/// Which letter of the rime bears the tone, counted from 0.
///
/// The rule of the schoolbooks: the shaped vowel, the last of two (`ươ`, `uô`, `iê`); otherwise the middle one of three
/// vowels, the second of two before a final consonant, the first of two at the end, where the two styles differ on
/// `oa oe uy` (Decision 240/QĐ of 1984 wrote `hoà`; documents of state write `hòa`).
fn tone_place(rime: &str, style: ToneStyle) -> usize {
    let vowels = rime.chars().take_while(|&c| is_vowel(c)).count();
    let shaped = rime.chars().take(vowels).enumerate().filter(|(_, c)| !c.is_ascii()).map(|(at, _)| at).last();
    let closed = rime.chars().nth(vowels).is_some();
    match (shaped, vowels) {
        (Some(place), _) => place,
        (None, 3) => 1,
        (None, 2) if closed => 1,
        (None, 2) if style == ToneStyle::New && matches!(rime, "oa" | "oe" | "uy") => 1,
        _ => 0,
    }
}

/// The two conventions of placing the tone on open `oa`, `oe`, `uy`; everywhere else they agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ToneStyle {
    /// `hòa`, `khỏe`, `thủy`: how documents of state are written. The convention of all our data and output.
    #[default]
    Old,
    /// `hoà`, `khoẻ`, `thuỷ`: how schoolbooks and many keyboards write.
    New,
}

impl ToneStyle {
    /// The style that more of the text's words have; None where none of them tells, or as many tell the other.
    ///
    /// The text must be NFC.
    pub fn of(text: &str) -> Option<ToneStyle> {
        let mut balance = 0_i64;
        for (_, word) in words(text) {
            balance += match told_by(word) {
                Some(ToneStyle::Old) => 1,
                Some(ToneStyle::New) => -1,
                None => 0,
            };
        }
        match balance {
            0 => None,
            1.. => Some(ToneStyle::Old),
            _ => Some(ToneStyle::New),
        }
    }

    /// The text with every syllable's tone placed in this style, case and all else kept; borrowed where nothing changes.
    ///
    /// The text must be NFC.
    pub fn apply(self, text: &str) -> Cow<'_, str> {
        let mut out = String::new();
        let mut copied = 0;
        for (start, word) in words(text) {
            if told_by(word).is_none_or(|style| style == self) {
                continue;
            }
            let chars: Vec<char> = word.chars().collect();
            let [rest @ .., first, second] = chars.as_slice() else { continue };
            // One of the two has the tone; it moves to the other.
            let ((first, a), (second, b)) = (split_tone(*first), split_tone(*second));
            let tone = a.max(b);
            let (first, second) = match self {
                ToneStyle::Old => (with_tone(first, tone).unwrap_or(first), second),
                ToneStyle::New => (first, with_tone(second, tone).unwrap_or(second)),
            };
            out.push_str(&text[copied..start]);
            out.extend(rest);
            out.push(first);
            out.push(second);
            copied = start + word.len();
        }
        if copied == 0 {
            return Cow::Borrowed(text);
        }
        out.push_str(&text[copied..]);
        Cow::Owned(out)
    }
}

/// The style that this word shows; None where it would be written the same in both, or is no syllable.
fn told_by(word: &str) -> Option<ToneStyle> {
    // Cheap look at the end before the word is parsed: nearly all words stop here.
    let mut backwards = word.chars().rev();
    let (last, before) = (split_tone(backwards.next()?), split_tone(backwards.next()?));
    if !matches!((before.0, last.0), ('o' | 'O', 'a' | 'A' | 'e' | 'E') | ('u' | 'U', 'y' | 'Y')) {
        return None;
    }
    let style = match (before.1, last.1) {
        (Tone::Level, Tone::Level) => return None,
        (_, Tone::Level) => ToneStyle::Old,
        (Tone::Level, _) => ToneStyle::New,
        _ => return None,
    };
    let rime = Syllable::parse(word)?.rime();
    (tone_place(rime, ToneStyle::Old) != tone_place(rime, ToneStyle::New)).then_some(style)
}

/// The runs of letters that hold something beyond ASCII, each with its first byte.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_ascii())
        .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_tables_are_sorted() {
        assert!(ONSETS.is_sorted() && RIMES.is_sorted() && AFTER_QU.is_sorted());
    }

    #[test]
    fn words_come_apart() {
        for (word, onset, vowels, last, tone) in [
            ("quý", "qu", "y", "", Tone::Acute),
            ("giá", "gi", "a", "", Tone::Acute),
            ("gì", "g", "i", "", Tone::Grave),
            ("giếng", "gi", "ê", "ng", Tone::Acute),
            ("thuở", "th", "uơ", "", Tone::Hook),
            ("khuỷu", "kh", "uyu", "", Tone::Hook),
            ("NGHIÊNG", "ngh", "iê", "ng", Tone::Level),
            ("nguyễn", "ng", "uyê", "n", Tone::Tilde),
            ("Uỷ", "", "uy", "", Tone::Hook),
            ("yếu", "", "yêu", "", Tone::Acute),
            ("được", "đ", "ươ", "c", Tone::Dot),
            ("quốc", "qu", "ô", "c", Tone::Acute),
            ("xoong", "x", "oo", "ng", Tone::Level),
            ("Đắk", "đ", "ă", "k", Tone::Acute),
            ("Kạn", "k", "a", "n", Tone::Dot),
        ] {
            let syllable = Syllable::parse(word).unwrap_or_else(|| panic!("{word} is a syllable"));
            let parts = (syllable.onset(), syllable.vowels(), syllable.last(), syllable.tone());
            assert_eq!(parts, (onset, vowels, last, tone), "{word}");
        }
    }

    #[test]
    fn what_is_no_syllable_is_refused() {
        for word in [
            "",
            "b",
            "ubnd",
            "qđ",
            "cee",
            "nghành",
            "ngiệp",
            "cê",
            "kuyn",
            "cac",
            "càc",
            "các2",
            "12",
            "hòá",
            "qúy",
            "giìa",
            "thuơng",
            "internet",
            "nghiêngg",
            "с",
            "tiên\u{301}g",
        ] {
            assert!(!is_valid_syllable(word), "{word}");
        }
    }

    #[test]
    fn the_two_styles_differ_on_open_oa_oe_uy_only() {
        for (old, new) in [("hòa", "hoà"), ("khỏe", "khoẻ"), ("thủy", "thuỷ"), ("ủy", "uỷ"), ("tòa", "toà")]
        {
            let syllable = Syllable::parse(old).unwrap();
            assert_eq!(Syllable::parse(new), Some(syllable));
            assert_eq!((syllable.compose(ToneStyle::Old), syllable.compose(ToneStyle::New)), (old.into(), new.into()));
        }
        for both in
            ["quý", "quỹ", "quả", "già", "giờ", "hoàn", "thoại", "của", "mía", "khuỷu", "thuở", "ngoằn", "huỳnh"]
        {
            let syllable = Syllable::parse(both).unwrap();
            assert_eq!(syllable.compose(ToneStyle::Old), both);
            assert_eq!(syllable.compose(ToneStyle::New), both);
        }
    }

    fn any_syllable() -> impl Strategy<Value = Syllable> {
        (0..ONSETS.len(), 0..RIMES.len(), 0..6_usize)
            .prop_filter_map("spelled so", |(o, r, t)| Syllable::new(ONSETS[o], RIMES[r], Tone::ALL[t]))
    }

    proptest! {
        #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::default() })]

        #[test]
        fn every_syllable_survives_both_styles_decomposition_and_case(syllable in any_syllable(), old: bool, capital: bool) {
            use unicode_normalization::UnicodeNormalization;
            let style = if old { ToneStyle::Old } else { ToneStyle::New };
            let mut word = syllable.compose(style);
            if capital {
                word = word.to_uppercase();
            }
            let apart: String = word.nfd().collect();
            prop_assert_eq!(Syllable::parse(&word), Some(syllable), "{}", word);
            prop_assert_eq!(Syllable::parse(&apart), Some(syllable), "{}", word);
        }
    }

    #[test]
    fn text_changes_style_and_nothing_else() {
        for (old, new) in [
            ("Ủy ban nhân dân", "Uỷ ban nhân dân"),
            ("ỦY BAN, CỘNG HÒA", "UỶ BAN, CỘNG HOÀ"),
            ("thủy lợi (khỏe) hòa/hóa", "thuỷ lợi (khoẻ) hoà/hoá"),
            ("quý, quỹ, giá, của, thuở, khuỷu, hoàn", "quý, quỹ, giá, của, thuở, khuỷu, hoàn"),
            ("Bolloré, doá12, xòay", "Bolloré, doá12, xòay"),
        ] {
            if !old.contains("12") {
                assert_eq!(ToneStyle::Old.apply(new), old);
            }
            assert_eq!(ToneStyle::New.apply(old), new);
            assert_eq!(ToneStyle::New.apply(new), new);
        }
    }

    #[test]
    fn a_text_tells_its_style_by_majority() {
        for (text, style) in [
            ("Ủy ban xã", Some(ToneStyle::Old)),
            ("Uỷ ban xã hoà bình, hòa", Some(ToneStyle::New)),
            ("quý giá", None),
            ("hòa hoà", None),
            ("", None),
        ] {
            assert_eq!(ToneStyle::of(text), style, "{text}");
        }
    }

    #[test]
    fn unchanged_text_is_borrowed() {
        assert!(matches!(ToneStyle::Old.apply("Ủy ban nhân dân"), Cow::Borrowed(_)));
    }
}

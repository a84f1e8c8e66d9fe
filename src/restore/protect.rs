//! What is never rewritten, and the little that is put right in it: the letters of a document number, never its digits.

use crate::dict::Dictionaries;
use crate::text::letter::bare;
use rustc_hash::{FxHashMap, FxHashSet};

/// Knows the codes of document numbers by what is left of them without marks.
#[derive(Debug, Default)]
pub(super) struct Codes {
    /// `QD` to `QĐ`; only where one code alone has these letters and they are no code by themselves.
    by_bare: FxHashMap<String, &'static str>,
    /// Codes of the kinds of documents; recognisers see the `Đ` of some as other letters than `D`.
    kinds: Vec<&'static str>,
    /// Of three capitals and more, as they are written.
    abbreviations: Vec<&'static str>,
    /// The user's own words, which stand as they are.
    own: FxHashSet<String>,
}

/// An abbreviation is looked for in misread ones where the text around has it at least so often for each of them.
const OFTEN: u32 = 3;

impl Codes {
    pub fn new(dictionaries: &Dictionaries) -> Self {
        let kinds = dictionaries.kind_codes().to_vec();
        let mut codes = Codes::default();
        for code in dictionaries.abbreviations().chain(kinds.iter().copied()).filter(|c| c.contains('Đ')) {
            let bare = code.replace('Đ', "D");
            if !dictionaries.is_abbreviation(&bare) && !kinds.contains(&bare.as_str()) {
                codes.by_bare.entry(bare).or_insert(code);
            }
        }
        codes.kinds = kinds;
        codes.abbreviations = dictionaries.abbreviations().filter(|a| a.chars().nth(2).is_some()).collect();
        codes.own = dictionaries.user_entries().iter().flat_map(|e| e.words().map(str::to_owned)).collect();
        codes
    }

    /// The document number with the letters of its parts put right; None where nothing is to be changed.
    ///
    /// `10/Qb-UBND` becomes `10/QĐ-UBND`. Its digits, bars and unknown parts stay as they are.
    pub fn restore(&self, seen: &str) -> Option<String> {
        let mut out = String::with_capacity(seen.len() + 4);
        let mut changed = false;
        let mut after_bar = false;
        for part in seen.split_inclusive(|c: char| !c.is_alphabetic()) {
            let letters = part.trim_end_matches(|c: char| !c.is_alphabetic());
            match self.part(letters, after_bar) {
                Some(code) => {
                    changed = true;
                    out.push_str(code);
                }
                None => out.push_str(letters),
            }
            out.push_str(&part[letters.len()..]);
            after_bar = part.ends_with('/');
        }
        changed.then_some(out)
    }

    /// [`Codes::restore`] of a number in misread text, where the bar between kind and body may be lost besides: `12/2018/TTBTC`.
    pub fn restore_misread(&self, seen: &str) -> Option<String> {
        let restored = self.restore(seen);
        let text = restored.as_deref().unwrap_or(seen);
        let bar = text.rfind('/').map_or(0, |at| at + 1);
        let letters = &text[bar..];
        let whole = self.kinds.contains(&letters) || self.abbreviations.binary_search(&letters).is_ok();
        let body = |kind: &&&str| {
            letters.strip_prefix(**kind).is_some_and(|body| self.abbreviations.binary_search(&body).is_ok())
        };
        match self.kinds.iter().find(body).filter(|_| bar > 0 && !whole) {
            Some(kind) => Some(format!("{}-{}", &text[..bar + kind.len()], &text[bar + kind.len()..])),
            None => restored,
        }
    }

    /// Whether this is an abbreviation that no word can be taken for: capitals to begin with, and small letters, as in `TTr`.
    pub fn stands(&self, seen: &str) -> bool {
        seen.chars().take(2).all(char::is_uppercase)
            && seen.chars().any(char::is_lowercase)
            && self.abbreviations.binary_search(&seen).is_ok()
    }

    /// The abbreviation that was misread as `seen`: the only one with one letter like another, or one once more or once less, that the
    /// text around has often by `count`. None where `seen` may be an abbreviation by itself.
    pub fn abbreviation(&self, seen: &str, count: impl Fn(&str) -> u32) -> Option<&'static str> {
        let capitals = seen.chars().nth(2).is_some() && seen.chars().all(char::is_uppercase);
        if !capitals || self.abbreviations.binary_search(&seen).is_ok() || self.own.contains(seen) {
            return None;
        }
        let often = |a: &&'static str| count(a) >= OFTEN * count(seen).max(1);
        let mut found = self.abbreviations.iter().copied().filter(|a| is_misread(seen, a)).filter(often);
        let abbreviation = found.next()?;
        found.next().is_none().then_some(abbreviation)
    }

    /// The code that the part of a document number is; `kind_place` where a kind's code stands, right after a bar.
    fn part(&self, letters: &str, kind_place: bool) -> Option<&'static str> {
        if letters.len() < 2 {
            return None;
        }
        if let Some(code) = self.by_bare.get(letters) {
            return Some(code);
        }
        let alike = |seen: char, printed: char| match printed {
            'Đ' => matches!(seen, 'D' | 'd' | 'đ' | 'Ð' | 'b' | 'B' | 'P'),
            _ => seen == printed,
        };
        let same = |code: &&str| {
            code.chars().count() == letters.chars().count()
                && letters.chars().zip(code.chars()).all(|(s, p)| alike(s, p))
        };
        if !kind_place || self.kinds.contains(&letters) {
            return None;
        }
        let mut matching = self.kinds.iter().copied().filter(|c| c.contains('Đ')).filter(same);
        let code = matching.next()?;
        matching.next().is_none().then_some(code)
    }
}

/// Whether a text ends in an amount with the sign of the đồng behind it, whose bar was lost: `lệ phí 50.000d`.
pub(super) fn ends_in_amount(text: &str) -> bool {
    let Some(digits) = text.strip_suffix('d') else { return false };
    let Some(sign) = digits.chars().rev().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '.' | ',')) else {
        return false;
    };
    let from = digits.rfind(|c: char| !c.is_ascii_digit() && c != sign).map_or(0, |at| at + 1);
    let Some(amount) = digits.get(from..) else { return false };
    let mut groups = amount.split(sign);
    let first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()));
    first && groups.all(|group| group.len() == 3)
}

/// Whether `seen` differs from an abbreviation by one letter that looks like its own, or by a letter that stands once more or less in a run.
fn is_misread(seen: &str, printed: &str) -> bool {
    // Of the letters of a recogniser, those that it takes for each other; marks on a letter are specks.
    const ALIKE: [&str; 5] = ["TFIY", "DPBO", "COG", "HN", "UV"];
    let alike = |a: char, b: char| bare(a) == bare(b) || ALIKE.iter().any(|set| set.contains(a) && set.contains(b));
    let (seen, printed): (Vec<char>, Vec<char>) = (seen.chars().collect(), printed.chars().collect());
    let differ = |(a, b): &(&char, &char)| a != b;
    if seen.len() == printed.len() {
        let mut different = seen.iter().zip(&printed).filter(differ);
        return different.next().is_some_and(|(&a, &b)| alike(a, b)) && different.next().is_none();
    }
    let (long, short) = if seen.len() > printed.len() { (&seen, &printed) } else { (&printed, &seen) };
    // Where they part, the letter before is there once more.
    let at = long.iter().zip(short).take_while(|(a, b)| a == b).count();
    long.len() == short.len() + 1 && at > 0 && long[at] == long[at - 1] && long[at + 1..] == short[at..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_with_the_sign_of_the_dong_are_known() {
        for (text, want) in [
            ("phí 50.000d", true),
            ("9,875,000d", true),
            ("50d", false),
            ("1.2d", false),
            ("12.50d", false),
            ("d", false),
            ("50.000", false),
        ] {
            assert_eq!(ends_in_amount(text), want, "{text}");
        }
    }

    #[test]
    fn letters_of_codes_are_put_right_and_digits_stay() {
        let codes = Codes::new(&Dictionaries::embedded());
        for (seen, want) in [
            ("10/QD-UBND", Some("10/QĐ-UBND")),
            ("10/Qb-", Some("10/QĐ-")),
            ("45/2020/ND-CP", Some("45/2020/NĐ-CP")),
            ("12/NQ-HDND", Some("12/NQ-HĐND")),
            ("45/2020/NĐ-CP", None),
            ("01/HD-UBND", None),
            ("6/XB-ZZ", None),
        ] {
            assert_eq!(codes.restore(seen).as_deref(), want, "{seen}");
        }
    }

    #[test]
    fn a_lost_bar_is_put_between_kind_and_body_of_misread_text() {
        let codes = Codes::new(&Dictionaries::embedded());
        for (seen, want) in [("12/2018/TTBTC", Some("12/2018/TT-BTC")), ("12/2018/TT-BTC", None), ("34/TTHC", None)] {
            assert_eq!(codes.restore_misread(seen).as_deref(), want, "{seen}");
        }
    }

    #[test]
    fn an_abbreviation_is_put_right_where_the_text_has_it_often() {
        let codes = Codes::new(&Dictionaries::embedded());
        let often = |word: &str| if matches!(word, "TTHC" | "UBND") { 9 } else { 1 };
        for (seen, want) in [
            ("TFHC", Some("TTHC")),
            ("TTTHC", Some("TTHC")),
            ("THC", Some("TTHC")),
            ("ƯBND", Some("UBND")),
            ("UBNP", Some("UBND")),
            ("TTHCC", None),
            ("TKHC", None),
            ("TTC", None),
            ("TThc", None),
        ] {
            assert_eq!(codes.abbreviation(seen, often), want, "{seen}");
        }
        assert_eq!(codes.abbreviation("TFHC", |_| 1), None, "the text does not have it");
    }

    #[test]
    fn an_abbreviation_is_put_right_in_its_text() {
        let restorer = crate::restore::Restorer::embedded().unwrap();
        let often = "Công khai TTHC; rà soát TTHC; giải quyết TTHC.\n";
        assert_eq!(restorer.restore_plain(&format!("{often}Đơn giản hóa TFHC.")), format!("{often}Đơn giản hóa TTHC."));
        assert_eq!(restorer.restore_plain("Đơn giản hóa TFHC."), "Đơn giản hóa TFHC.");
    }

    #[test]
    fn an_abbreviation_in_capitals_and_small_letters_stands() {
        let restorer = crate::restore::Restorer::embedded().unwrap();
        for own in ["Kính trình TTr", "theo tờ trình TTr của Sở Tài chính", "đã thẩm định và được nhận TTr"]
        {
            assert_eq!(restorer.restore_plain(own), own);
        }
    }

    #[test]
    fn an_abbreviation_of_the_user_stands() {
        let dictionaries = Dictionaries::embedded();
        let often = |word: &str| if word == "TTHC" { 9 } else { 1 };
        assert_eq!(Codes::new(&dictionaries).abbreviation("TFHC", often), Some("TTHC"));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.tsv");
        std::fs::write(&file, "TFHC\n").unwrap();
        let dictionaries = dictionaries.with_user_file(&file).unwrap().value;
        assert_eq!(Codes::new(&dictionaries).abbreviation("TFHC", often), None);
    }
}

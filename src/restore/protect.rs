//! What is never rewritten, and the little that is put right in it: the letters of a document number, never its digits.

use crate::dict::Dictionaries;
use rustc_hash::FxHashMap;

/// Knows the codes of document numbers by what is left of them without marks.
#[derive(Debug, Default)]
pub(super) struct Codes {
    /// `QD` to `QĐ`; only where one code alone has these letters and they are no code by themselves.
    by_bare: FxHashMap<String, &'static str>,
    /// Codes of the kinds of documents; recognisers see the `Đ` of some as other letters than `D`.
    kinds: Vec<&'static str>,
}

impl Codes {
    pub fn new(dictionaries: &Dictionaries) -> Self {
        let kinds: Vec<&str> = dictionaries.document_kinds().iter().filter_map(|k| k.code).collect();
        let mut codes = Codes::default();
        for code in dictionaries.abbreviations().chain(kinds.iter().copied()).filter(|c| c.contains('Đ')) {
            let bare = code.replace('Đ', "D");
            if !dictionaries.is_abbreviation(&bare) && !kinds.contains(&bare.as_str()) {
                codes.by_bare.entry(bare).or_insert(code);
            }
        }
        codes.kinds = kinds;
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

#[cfg(test)]
mod tests {
    use super::*;

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
}

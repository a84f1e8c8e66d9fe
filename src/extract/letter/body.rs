//! Names of bodies: from the capitals of a letterhead to how running text writes them, by `dictionaries/bodies.toml`.

use crate::data;
use crate::error::Result;
use crate::text::fold::key;
use crate::text::letter::{lower, upper};
use crate::text::roman;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::extract) const FILE: &str = "bodies.toml";
pub(in crate::extract) const EMBEDDED: &str = include_str!("../../../dictionaries/bodies.toml");

/// The file of bodies.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    begins: Vec<String>,
    areas: Vec<String>,
    of_an_area: Vec<String>,
    offices: Vec<String>,
    names: Vec<String>,
    short: BTreeMap<String, String>,
    words: Words,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    and: String,
    plural: String,
    common: Vec<String>,
    proper: Vec<String>,
}

/// What is known of the names of bodies. All keys are small letters without marks, since recognisers misread both.
#[derive(Debug, Clone, Default)]
pub(in crate::extract) struct Bodies {
    begins: Vec<String>,
    /// Keys with how they are written: areas, offices and whole names.
    areas: Vec<(String, String)>,
    offices: Vec<(String, String)>,
    names: Vec<(String, String)>,
    of_an_area: Vec<String>,
    short: Vec<(String, String)>,
    /// Joins two words, behind which the next may be capital again; and what leads to several of a kind.
    and: String,
    plural: String,
    common: BTreeSet<String>,
    proper: Vec<(String, String)>,
}

impl Bodies {
    /// What the program brings along.
    pub(in crate::extract) fn embedded() -> Result<Bodies> {
        Bodies::parse(FILE, EMBEDDED)
    }

    /// Reads a file of bodies.
    ///
    /// # Errors
    /// [`ErrorKind::Definition`] with the line where it is wrong.
    pub(in crate::extract) fn parse(file: &str, content: &str) -> Result<Bodies> {
        let lists: Lists = data::parse(file, content)?;
        let keyed = |forms: Vec<String>| {
            let mut keyed: Vec<(String, String)> = forms.into_iter().map(|form| (key(&form), form)).collect();
            keyed.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
            keyed
        };
        Ok(Bodies {
            begins: lists.begins.iter().map(|form| key(form)).collect(),
            areas: keyed(lists.areas),
            offices: keyed(lists.offices),
            names: keyed(lists.names),
            of_an_area: lists.of_an_area.iter().map(|form| key(form)).collect(),
            short: lists.short.into_iter().map(|(short, long)| (key(&short), long)).collect(),
            and: lists.words.and,
            plural: lists.words.plural,
            common: lists.words.common.into_iter().collect(),
            proper: keyed(lists.words.proper),
        })
    }

    /// The body above and the issuing body, from the lines on the left: `ỦY BAN NHÂN DÂN` and `XÃ ĐẠI SƠN` are one body.
    ///
    /// An office that serves an area and does not say which serves that of the body above: `SỞ NỘI VỤ` below `UBND TỈNH HÒA AN`.
    pub(in crate::extract) fn names(&self, lines: &[&str]) -> (Option<String>, Option<String>) {
        let mut bodies: Vec<String> = Vec::new();
        for line in lines {
            let folded = key(line);
            let begins = self.begins.iter().any(|form| starts(&folded, form));
            match bodies.last_mut() {
                // Lines that begin with no body's name go on with the one above.
                Some(last) if !begins => *last = format!("{last} {line}"),
                _ => bodies.push((*line).to_owned()),
            }
        }
        let mut bodies = bodies.iter().map(|body| self.written(body));
        match (bodies.next(), bodies.next()) {
            (first, None) => (None, first),
            (Some(first), Some(second)) => {
                let whole = self.with_area(&second, &first);
                (Some(first), Some(whole))
            }
            (None, second) => (None, second),
        }
    }

    /// The body with the area of the one above it, where it needs one.
    fn with_area(&self, body: &str, above: &str) -> String {
        let small = |text: &str| text.chars().map(lower).collect::<String>();
        let (own, over) = (small(body), small(above));
        if !self.of_an_area.iter().any(|form| starts(&key(body), form)) {
            return body.to_owned();
        }
        let Some((at, form)) = self.area_in(&over) else { return body.to_owned() };
        let area: String = above.chars().skip(over[..at].chars().count()).collect();
        match self.area_in(&own) {
            None => format!("{body} {area}"),
            // `Bệnh viện Đa khoa tỉnh`: of which, the body above says.
            Some((at, own_form)) if own[at..].trim() == own_form && own_form == form => {
                let head: String = body.chars().take(own[..at].chars().count()).collect();
                format!("{}{area}", head)
            }
            Some(_) => body.to_owned(),
        }
    }

    /// The first area that a name in small letters names: its byte and its form.
    fn area_in(&self, small: &str) -> Option<(usize, &str)> {
        let padded = format!("{small} ");
        let found =
            self.areas.iter().filter_map(|(_, form)| Some((padded.find(&format!(" {form} "))? + 1, form.as_str())));
        found.min_by_key(|(at, form)| (*at, usize::MAX - form.len()))
    }

    /// A body's name as it is written in running text: `Ủy ban nhân dân xã Đại Sơn`, `Sở Nội vụ`.
    fn written(&self, capitals: &str) -> String {
        let words: Vec<&str> = capitals.split_whitespace().collect();
        let keys: Vec<String> = words.iter().map(|word| key(word)).collect();
        let at_words = |forms: &[(String, String)], at: usize| -> Option<(String, usize)> {
            let rest = keys[at..].join(" ");
            // `quản` is not `quận`: marks that are there count in one word.
            let is = |form: &str, written: &str| {
                let small: String = words[at].chars().map(lower).collect();
                form.contains(' ') || small.is_ascii() || small == written.to_lowercase()
            };
            let (form, written) = forms.iter().find(|(form, written)| starts(&rest, form) && is(form, written))?;
            Some((written.clone(), form.split(' ').count()))
        };
        let mut out: Vec<String> = Vec::new();
        let (mut at, mut in_place, mut capital) = (0, false, true);
        while at < words.len() {
            // The words themselves are known whatever the recogniser made of their marks.
            let short = self.short.iter().find(|(form, _)| keys[at] == *form).map(|(_, long)| (long.clone(), 1));
            let name = short.or_else(|| at_words(&self.names, at));
            let proper = at_words(&self.proper, at);
            let area = at_words(&self.areas, at).filter(|_| at > 0);
            let office = at_words(&self.offices, at).filter(|_| at == 0);
            if let Some((written, length)) = name {
                out.push(if at > 0 && !out.is_empty() { written } else { title_case(&written, false) });
                (at, in_place, capital) = (at + length, false, true);
            } else if let Some((written, length)) = proper {
                out.push(written);
                (at, capital) = (at + length, false);
            } else if let Some((written, length)) = area {
                out.push(written);
                (at, in_place, capital) = (at + length, true, true);
            } else if let Some((written, length)) = office {
                out.push(office_case(&written));
                (at, in_place, capital) = (at + length, false, true);
            } else {
                let small: String = words[at].chars().map(lower).collect();
                let bare = small.trim_end_matches(',');
                let unmarked = || bare.is_ascii() && self.common.iter().any(|word| key(word) == bare);
                let known = self.common.contains(bare) || unmarked();
                // Larger ones have other signs, and names of places are made of them: `DI`.
                let numeral = roman::value(words[at]).is_some_and(|number| number < 40);
                out.push(if numeral {
                    words[at].to_owned()
                } else if capital && small != self.plural || in_place || !known {
                    title_case(words[at], true)
                } else {
                    small.clone()
                });
                capital = (small == self.and || words[at].ends_with(',') || words[at] == "-") && small != self.plural;
                at += 1;
            }
        }
        out.join(" ")
    }
}

/// Whether a key begins with these words.
fn starts(folded: &str, form: &str) -> bool {
    folded.strip_prefix(form).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// `trường đại học` at the beginning of a name is `Trường Đại học`: each of its words that names a kind of body is capital.
fn office_case(words: &str) -> String {
    match words.split_once(' ') {
        Some((first, rest)) if first.chars().count() > 4 && rest.contains(' ') => {
            format!("{} {}", title_case(first, true), title_case(rest, false))
        }
        _ => title_case(words, false),
    }
}

/// The text with its first letter capital; the others small, or as they are.
fn title_case(text: &str, rest_small: bool) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(upper);
    first.into_iter().chain(chars.map(|c| if rest_small { lower(c) } else { c })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_become_names() {
        let cases: [(&[&str], Option<&str>, Option<&str>); 12] = [
            (&["ỦY BAN NHÂN DÂN", "XÃ AN BÌNH"], None, Some("Ủy ban nhân dân xã An Bình")),
            (
                &["UBND TỈNH HÒA AN", "SỞ GIÁO DỤC VÀ ĐÀO TẠO"],
                Some("Ủy ban nhân dân tỉnh Hòa An"),
                Some("Sở Giáo dục và Đào tạo tỉnh Hòa An"),
            ),
            (&["HỘI ĐỒNG NHÂN DÂN", "THÀNH PHỐ HÒA AN"], None, Some("Hội đồng nhân dân thành phố Hòa An")),
            (
                &["CỤC HÀNG HẢI VIỆT NAM", "CẢNG VỤ HÀNG HẢI VẠN HÒA"],
                Some("Cục Hàng hải Việt Nam"),
                Some("Cảng vụ Hàng hải Vạn Hòa"),
            ),
            (
                &["SỞ Y TẾ TỈNH AN HẢI", "BỆNH VIỆN ĐA KHOA TỈNH"],
                Some("Sở Y tế tỉnh An Hải"),
                Some("Bệnh viện Đa khoa tỉnh An Hải"),
            ),
            (
                &["BỘ GIÁO DỤC VÀ ĐÀO TẠO", "TRƯỜNG ĐẠI HỌC", "KỸ NGHỆ MIỀN TRUNG"],
                Some("Bộ Giáo dục và Đào tạo"),
                Some("Trường Đại học Kỹ nghệ Miền Trung"),
            ),
            (&["TÒA ÁN NHÂN DÂN TỈNH TÂN PHÚ"], None, Some("Tòa án nhân dân tỉnh Tân Phú")),
            (&["LIÊN ĐOÀN LAO ĐỘNG TỈNH QUẾ HÒA"], None, Some("Liên đoàn Lao động tỉnh Quế Hòa")),
            (
                &["UBND TỈNH HÒA AN", "BAN QUẢN LÝ CÁC KHU CÔNG NGHIỆP"],
                Some("Ủy ban nhân dân tỉnh Hòa An"),
                Some("Ban Quản lý các khu công nghiệp tỉnh Hòa An"),
            ),
            (
                &["VĂN PHÒNG UBND TỈNH HÒA AN", "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"],
                Some("Văn phòng Ủy ban nhân dân tỉnh Hòa An"),
                Some("Trung tâm Phục vụ hành chính công tỉnh Hòa An"),
            ),
            (&["THUẾ TỈNH HÒA GIANG", "THUẾ CƠ SỞ 4"], Some("Thuế tỉnh Hòa Giang"), Some("Thuế cơ sở 4")),
            (&[], None, None),
        ];
        let bodies = Bodies::embedded().unwrap();
        for (lines, parent, issuer) in cases {
            let got = bodies.names(lines);
            assert_eq!((got.0.as_deref(), got.1.as_deref()), (parent, issuer), "{lines:?}");
        }
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        assert!(Bodies::parse("bodies.toml", "begins = 1").unwrap_err().to_string().contains("line 1"));
    }
}

//! Names of bodies: from the capitals of a letterhead to how running text writes them.

use crate::text::fold::key;
use crate::text::letter::{lower, upper};

/// Words with which the name of a body begins.
const BODIES: [&str; 24] = [
    "uy ban",
    "ubnd",
    "hoi dong",
    "hdnd",
    "so ",
    "phong",
    "van phong",
    "ban ",
    "bo ",
    "cuc",
    "chi cuc",
    "tong cuc",
    "trung tam",
    "thanh tra",
    "cong an",
    "truong",
    "dang uy",
    "huyen uy",
    "thanh uy",
    "tinh uy",
    "vien",
    "toa an",
    "dang bo",
    "chinh phu",
];
/// Words with which the name of a place begins.
const AREAS: [&str; 8] = ["xã", "phường", "thị trấn", "tỉnh", "thành phố", "huyện", "quận", "thị xã"];
/// Words after which the field of an office begins, as in `Sở Nội vụ`.
const OFFICES: [&str; 13] = [
    "sở",
    "bộ",
    "cục",
    "tổng cục",
    "chi cục",
    "phòng",
    "ban",
    "trung tâm",
    "văn phòng",
    "thanh tra",
    "viện",
    "công an",
    "tòa án",
];

/// The body above and the issuing body, from the lines on the left: `ỦY BAN NHÂN DÂN` and `XÃ ĐẠI SƠN` are one body.
pub(in crate::extract) fn names(lines: &[&str]) -> (Option<String>, Option<String>) {
    let mut bodies: Vec<String> = Vec::new();
    for line in lines {
        let folded = key(line);
        let begins = BODIES.iter().any(|b| folded.starts_with(b));
        match bodies.last_mut() {
            // Lines that begin with no body's name go on with the one above.
            Some(last) if !begins => *last = format!("{last} {line}"),
            _ => bodies.push((*line).to_owned()),
        }
    }
    let mut bodies = bodies.iter().map(|b| body_name(b));
    match (bodies.next(), bodies.next()) {
        (first, None) => (None, first),
        (first, second) => (first, second),
    }
}

/// A body's name as it is written in running text: `UBND xã Đại Sơn`, `Sở Nội vụ`.
fn body_name(capitals: &str) -> String {
    let folded = key(capitals);
    let council = ["uy ban nhan dan", "ubnd"].into_iter().find(|form| folded.starts_with(form));
    let rest: String = capitals.chars().skip(council.map_or(0, |form| form.chars().count())).collect();
    let words: Vec<&str> = rest.split_whitespace().collect();
    let begins = |forms: &[&'static str], at: usize| {
        let rest = format!("{} ", key(&words[at..].join(" ")));
        forms.iter().filter(|form| rest.starts_with(&format!("{} ", key(form)))).max_by_key(|form| form.len()).copied()
    };
    let mut written: Vec<String> = council.map(|_| "UBND".to_owned()).into_iter().collect();
    let (mut at, mut in_place, mut anew) = (0, false, true);
    while at < words.len() {
        // The words themselves are known whatever the recogniser made of their marks.
        let known = begins(&AREAS, at).map(|form| (form, true));
        let known = known.or_else(|| begins(&OFFICES, at).filter(|_| at == 0).map(|form| (form, false)));
        if let Some((form, place)) = known {
            written.push(if written.is_empty() { title_case(form) } else { form.to_owned() });
            at += form.split(' ').count();
            (in_place, anew) = (place, true);
            continue;
        }
        let lowered: String = words[at].chars().map(lower).collect();
        written.push(if in_place || anew { title_case(words[at]) } else { lowered.clone() });
        anew = lowered == "và" || words[at].ends_with(',');
        at += 1;
    }
    written.join(" ")
}

fn title_case(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(upper).into_iter().chain(chars.map(lower)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_become_names() {
        let cases: [(&[&str], Option<&str>, Option<&str>); 4] = [
            (&["ỦY BAN NHÂN DÂN", "XÃ AN BÌNH"], None, Some("UBND xã An Bình")),
            (&["UBND TỈNH HÒA AN", "SỞ GIÁO DỤC VÀ ĐÀO TẠO"], Some("UBND tỉnh Hòa An"), Some("Sở Giáo dục và Đào tạo")),
            (&["HỘI ĐỒNG NHÂN DÂN", "THÀNH PHỐ HÒA AN"], None, Some("Hội đồng nhân dân thành phố Hòa An")),
            (&[], None, None),
        ];
        for (lines, parent, issuer) in cases {
            let got = names(lines);
            assert_eq!((got.0.as_deref(), got.1.as_deref()), (parent, issuer), "{lines:?}");
        }
    }
}

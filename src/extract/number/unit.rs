//! What is counted or measured: the words that follow a number.

/// Units and the things that offices count, as looked for (small, without marks) and as written; longer ones before
/// their own beginnings.
const UNITS: [(&str, &str); 105] = [
    ("%", "%"),
    ("phan tram", "%"),
    ("ty dong", "tỷ đồng"),
    ("trieu dong", "triệu đồng"),
    ("nghin dong", "nghìn đồng"),
    ("ngan dong", "nghìn đồng"),
    ("dong/nam", "đồng/năm"),
    ("dong", "đồng"),
    ("ty usd", "tỷ USD"),
    ("trieu usd", "triệu USD"),
    ("usd", "USD"),
    ("ty", "tỷ"),
    ("trieu", "triệu"),
    ("ho so thu tuc hanh chinh", "hồ sơ"),
    ("ho so tthc", "hồ sơ"),
    ("ho so", "hồ sơ"),
    ("hs", "hồ sơ"),
    ("thu tuc hanh chinh", "TTHC"),
    ("thu tuc", "TTHC"),
    ("tthc", "TTHC"),
    ("phan anh, kien nghi", "PAKN"),
    ("phan anh kien nghi", "PAKN"),
    ("phan anh", "PAKN"),
    ("pakn", "PAKN"),
    ("kien nghi", "kiến nghị"),
    ("dich vu cong truc tuyen", "dịch vụ"),
    ("dich vu cong", "dịch vụ"),
    ("dvctt", "dịch vụ"),
    ("dvc", "dịch vụ"),
    ("dich vu", "dịch vụ"),
    ("quyet dinh", "quyết định"),
    ("nghi quyet", "nghị quyết"),
    ("van ban", "văn bản"),
    ("cong van", "công văn"),
    ("ke hoach", "kế hoạch"),
    ("bao cao", "báo cáo"),
    ("thong bao", "thông báo"),
    ("to trinh", "tờ trình"),
    ("don thu", "đơn"),
    ("don vi", "đơn vị"),
    ("don", "đơn"),
    ("truong hop", "trường hợp"),
    ("nguoi", "người"),
    ("can bo", "người"),
    ("cong chuc", "người"),
    ("vien chuc", "người"),
    ("nhan khau", "người"),
    ("dai bieu", "người"),
    ("hoc sinh", "người"),
    ("dang vien", "người"),
    ("ho gia dinh", "hộ"),
    ("ho ngheo", "hộ"),
    ("ho", "hộ"),
    ("luot", "lượt"),
    ("phieu", "phiếu"),
    ("giao dich", "giao dịch"),
    ("giay chung nhan", "giấy"),
    ("giay", "giấy"),
    ("the", "thẻ"),
    ("cuoc hop", "cuộc"),
    ("cuoc", "cuộc"),
    ("hoi nghi", "hội nghị"),
    ("buoi", "buổi"),
    ("lop", "lớp"),
    ("tin bai", "tin, bài"),
    ("tin, bai", "tin, bài"),
    ("tin", "tin"),
    ("bai viet", "bài"),
    ("bai", "bài"),
    ("co quan", "cơ quan"),
    ("xa", "xã"),
    ("phuong", "phường"),
    ("thon", "thôn"),
    ("huyen", "huyện"),
    ("so, nganh", "cơ quan"),
    ("linh vuc", "lĩnh vực"),
    ("quy trinh", "quy trình"),
    ("nhiem vu", "nhiệm vụ"),
    ("noi dung", "nội dung"),
    ("du an", "dự án"),
    ("cong trinh", "công trình"),
    ("doanh nghiep", "doanh nghiệp"),
    ("hop tac xa", "hợp tác xã"),
    ("to chuc", "tổ chức"),
    ("mo hinh", "mô hình"),
    ("sang kien", "sáng kiến"),
    ("quay", "quầy"),
    ("may tinh", "máy"),
    ("may", "máy"),
    ("bo", "bộ"),
    ("vu", "vụ"),
    ("diem", "điểm"),
    ("lan", "lần"),
    ("km2", "km²"),
    ("km", "km"),
    ("m2", "m²"),
    ("m²", "m²"),
    ("m3", "m³"),
    ("ha", "ha"),
    ("tan", "tấn"),
    ("kg", "kg"),
    ("ngay", "ngày"),
    ("thang", "tháng"),
    ("phut", "phút"),
    ("cap", "cấp"),
];

/// The unit that stands in the key at `at`, after spaces, and the byte after it; None where none of them does.
pub(in crate::extract) fn after(key: &str, at: usize) -> Option<(&'static str, usize)> {
    let rest = key[at..].trim_start_matches([' ', '\u{a0}']);
    let start = key.len() - rest.len();
    let first = *rest.as_bytes().first()?;
    UNITS.iter().filter(|(form, _)| form.as_bytes()[0] == first).find_map(|(form, unit)| {
        let tail = rest.strip_prefix(form)?;
        let ends = !tail.starts_with(char::is_alphanumeric) || *form == "%";
        // `ngày 05/4` and `tháng 6` begin a date.
        let dates = matches!(*unit, "ngày" | "tháng") && tail.trim_start().starts_with(|c: char| c.is_ascii_digit());
        (ends && !dates).then_some((*unit, start + form.len()))
    })
}

/// The unit that a line above a table declares for all of it. A percentage in it may be any sentence's: it must be announced.
pub(in crate::extract) fn of_caption(key: &str) -> Option<&'static str> {
    let announced = ["don vi tinh", "dvt"].iter().any(|form| key.contains(form));
    declared(key).filter(|unit| announced || *unit != "%")
}

/// The unit that a heading or caption declares: `ĐVT: triệu đồng`, `Diện tích (ha)`, `Tỷ lệ`; None where it does not.
pub(in crate::extract) fn declared(key: &str) -> Option<&'static str> {
    let named = ["don vi tinh", "dvt"].into_iter().find_map(|form| Some(key.find(form)? + form.len()));
    if let Some(at) = named {
        let rest = key[at..].trim_start_matches([':', ' ', '.', '(']);
        return after(key, key.len() - rest.len()).map(|(unit, _)| unit);
    }
    if key.contains('%') {
        return Some("%");
    }
    let bracket = key.rfind('(').and_then(|at| {
        let (unit, end) = after(key, at + 1)?;
        key[end..].trim_start().starts_with([')', '/']).then_some(unit)
    });
    let rate = ["ty le", "ti le"].into_iter().any(|form| key.contains(form));
    bracket.or_else(|| rate.then_some("%"))
}

/// Whether fractions of the unit are usual, so that a single separator is likelier to mark one.
pub(in crate::extract) fn is_divided(unit: &str) -> bool {
    matches!(unit, "%" | "tỷ đồng" | "tỷ" | "triệu" | "triệu USD" | "tỷ USD" | "km²" | "km" | "ha" | "tấn" | "điểm")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_unit_is_found() {
        let cases = [
            (" ho so tthc da", Some("hồ sơ")),
            ("%", Some("%")),
            (" % so", Some("%")),
            ("m2 san", Some("m²")),
            (" m", None),
            (" trieu dong", Some("triệu đồng")),
            (" hoa", None),
            ("", None),
        ];
        for (key, unit) in cases {
            assert_eq!(after(key, 0).map(|(u, _)| u), unit, "{key}");
        }
    }

    #[test]
    fn no_unit_hides_a_longer_one() {
        for (i, (form, _)) in UNITS.iter().enumerate() {
            let hidden = UNITS[i + 1..].iter().find(|(later, _)| {
                later.strip_prefix(form).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            });
            assert_eq!(hidden, None, "{form} stands before it");
        }
    }
}

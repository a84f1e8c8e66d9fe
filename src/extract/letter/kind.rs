//! Kinds of administrative documents and the codes that stand for them in document numbers.

/// Kinds with their codes, after Decree 30/2020/NĐ-CP, Appendix III, and the kinds of legal documents.
const KINDS: [(&str, &str); 42] = [
    ("Nghị quyết", "NQ"),
    ("Quyết định", "QĐ"),
    ("Chỉ thị", "CT"),
    ("Quy chế", "QC"),
    ("Quy định", "QyĐ"),
    ("Thông cáo", "TC"),
    ("Thông báo", "TB"),
    ("Hướng dẫn", "HD"),
    ("Chương trình", "CTr"),
    ("Kế hoạch", "KH"),
    ("Phương án", "PA"),
    ("Đề án", "ĐA"),
    ("Dự án", "DA"),
    ("Báo cáo", "BC"),
    ("Biên bản", "BB"),
    ("Tờ trình", "TTr"),
    ("Hợp đồng", "HĐ"),
    ("Công điện", "CĐ"),
    ("Bản ghi nhớ", "BGN"),
    ("Bản thỏa thuận", "BTT"),
    ("Giấy ủy quyền", "GUQ"),
    ("Giấy mời", "GM"),
    ("Giấy giới thiệu", "GGT"),
    ("Giấy nghỉ phép", "GNP"),
    ("Phiếu gửi", "PG"),
    ("Phiếu chuyển", "PC"),
    ("Phiếu báo", "PB"),
    ("Nghị định", "NĐ"),
    ("Thông tư liên tịch", "TTLT"),
    ("Thông tư", "TT"),
    ("Luật", "QH"),
    ("Pháp lệnh", "PL"),
    ("Lệnh", "L"),
    ("Văn bản hợp nhất", "VBHN"),
    ("Kết luận", "KL"),
    ("Quy định", "QĐi"),
    ("Sao y", "SY"),
    ("Sao lục", "SL"),
    ("Trích sao", "TrS"),
    ("Công văn", "CV"),
    ("Lịch", "LCT"),
    ("Giấy chứng nhận", "GCN"),
];

/// The kind that a code begins with: `BC-UBND` is a report, `UBND-VP` an official letter, which has no code of its own.
pub(in crate::extract) fn of_code(code: &str) -> Option<&'static str> {
    let first = code.split(['-', '.']).next()?;
    let known = KINDS.iter().find(|(_, c)| *c == first).map(|(kind, _)| *kind);
    known.or_else(|| {
        // `QH14`: laws bear the number of the National Assembly's term.
        if first.strip_prefix("QH").is_some_and(|term| !term.is_empty() && term.bytes().all(|b| b.is_ascii_digit())) {
            return Some("Luật");
        }
        let issuers = ["UBND", "HĐND", "VP", "VPCP", "BNV", "BTP", "BTC", "SNV", "STP", "TTPVHCC", "CP", "TTg"];
        issuers.contains(&first).then_some("Công văn")
    })
}

/// The kind that is named last in a key, within a few words of its end; `văn bản` and `công văn` are letters.
pub(in crate::extract) fn named_last(key: &str) -> Option<&'static str> {
    let mut from = key.len().saturating_sub(40);
    while !key.is_char_boundary(from) {
        from += 1;
    }
    let tail = &key[from..];
    let named = KINDS.iter().filter_map(|(kind, _)| Some((tail.rfind(&crate::text::fold::key(kind))?, *kind)));
    let letters = ["van ban", "cong van"].into_iter().filter_map(|form| Some((tail.rfind(form)?, "Công văn")));
    named.chain(letters).max_by_key(|(at, kind)| (*at, kind.len())).map(|(_, kind)| kind)
}

/// The kind that a heading line is, in capitals; a recogniser may have misread a letter in four.
pub(in crate::extract) fn of_heading(line: &str) -> Option<&'static str> {
    let text = line.trim_matches(|c: char| !c.is_alphanumeric());
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (upper, all) = letters.fold((0, 0), |(u, n), c| (u + usize::from(c.is_uppercase()), n + 1));
    if all < 4 || upper * 5 < all * 4 {
        return None;
    }
    let key = crate::text::fold::key(text);
    let distance = |kind: &str| {
        let kind = crate::text::fold::key(kind);
        let length = kind.len();
        (crate::extract::fuzzy::distance(key.as_bytes(), kind.as_bytes()) / length as f32, length)
    };
    let near = KINDS.iter().map(|(kind, _)| (distance(kind), *kind)).filter(|((d, _), _)| *d <= 0.15);
    near.min_by(|a, b| a.0.0.total_cmp(&b.0.0)).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_code_heading_and_mention() {
        assert_eq!(of_code("BC-UBND"), Some("Báo cáo"));
        assert_eq!(of_code("UBND-TTPVHCC"), Some("Công văn"));
        assert_eq!(of_code("QH14"), Some("Luật"));
        assert_eq!(of_code("Zz"), None);
        for line in ["BÁO CÁO", "BAO CAO", " BÁO CÁ0", "BÁO CÁO."] {
            assert_eq!(of_heading(line), Some("Báo cáo"), "{line}");
        }
        assert_eq!(of_heading("Báo cáo"), None);
        assert_eq!(of_heading("XÃ AN BÌNH"), None);
        assert_eq!(named_last("theo quyet dinh so "), Some("Quyết định"));
        assert_eq!(named_last("ke hoach va cong van so "), Some("Công văn"));
    }
}

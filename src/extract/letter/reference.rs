//! Other documents that a text names: `Nghị định số 45/2020/NĐ-CP ngày 08/4/2020 của Chính phủ`.

use crate::data::one_of;
use crate::error::{Error, ErrorKind, Result};
use crate::extract::amount::designation::document_number;
use crate::extract::extraction::Reference;
use crate::extract::layout::flow::Flow;
use crate::extract::letter::date::Calendar;
use crate::extract::letter::issuer::Issuers;
use crate::extract::letter::kind;
use crate::extract::words::WORDS;
use crate::text::fold::key;
use regex::Regex;
use std::ops::Range;

/// Finds references.
#[derive(Debug, Clone)]
pub(in crate::extract) struct References {
    number: Regex,
    date_follows: Regex,
    date_leads: Regex,
    issuers: Issuers,
}

impl References {
    pub(in crate::extract) fn new() -> Result<Self> {
        let pattern = |pattern: &str| {
            Regex::new(pattern).map_err(|e| Error::new(ErrorKind::Defect, "a pattern is wrong").source(e))
        };
        Ok(References {
            number: pattern(&document_number())?,
            // Behind the number, a stray year at most in between: `… 2023 ngày 05/4/2023`.
            date_follows: pattern(&format!(r"^[\s,]*(?:[0-9]{{4}}\s)?(?:{}\s)?ng[a-z]y\b", one_of(&WORDS.issued)))?,
            // `Ngày 16/02/2023 … đã ban hành Kế hoạch số …`, in one sentence.
            date_leads: pattern(r"ng[a-z]y\s[0-9]{1,2}/[0-9]{1,2}/[0-9]{4},?[^.;\n0-9]*$")?,
            issuers: Issuers::embedded()?,
        })
    }

    /// The references in reading order, each number once; `own` is the document's own number.
    pub(in crate::extract) fn find(&self, flow: &Flow<'_>, calendar: &Calendar, own: Option<&str>) -> Vec<Reference> {
        let mut found: Vec<Reference> = Vec::new();
        for seen in self.number.find_iter(&flow.text) {
            let range = flow.folded(seen.range());
            let number = tidy(seen.as_str());
            let paragraph = flow.paragraphs[flow.paragraph_at(range.start)].range.clone();
            // The document's own number leads its line: `Số: 195/BC-UBND`.
            let lead = flow.key[paragraph.start..range.start].trim();
            let said = lead.trim_end_matches(':');
            let leads = said.is_empty() || WORDS.number.iter().any(|word| key(word) == said);
            if own == Some(number.as_str()) && leads || number.len() < 5 {
                continue;
            }
            // `Số: …/2025/NQ-HĐND`: what is left of a number that is blank.
            let blank = number.len() > 4
                && number.is_char_boundary(4)
                && (number.starts_with("19") || number.starts_with("20"))
                && number[4..].starts_with('/')
                && lead.ends_with('/');
            if blank {
                continue;
            }
            // `119/KH-BCĐ38§9`: where the number goes on in signs that none has, it was not read.
            let behind = flow.text[seen.end()..].chars().next();
            if behind.is_some_and(|c| {
                matches!(c, '§' | '©' | '@' | '¢' | '$' | '|' | '\\' | '†' | '‡' | '#') || c.is_alphanumeric()
            }) {
                continue;
            }
            let reference = self.reference(flow, calendar, number, range, paragraph);
            match found.iter_mut().find(|f| f.number == reference.number) {
                Some(known) => {
                    known.date = known.date.take().or(reference.date);
                    known.issuer = known.issuer.take().or(reference.issuer);
                }
                None => found.push(reference),
            }
        }
        found
    }

    fn reference(
        &self,
        flow: &Flow<'_>,
        calendar: &Calendar,
        number: String,
        range: Range<usize>,
        paragraph: Range<usize>,
    ) -> Reference {
        // A sentence that leads to a reference with a date is not longer than this.
        let from = flow.key.ceil_char_boundary(range.start.saturating_sub(400).max(paragraph.start));
        let before = &flow.key[from..range.start];
        let behind = &flow.key[range.end..paragraph.end.max(range.end)];
        let mut behind_date = range.end;
        let mut date = None;
        if self.date_follows.is_match(behind)
            && let Some((read, end)) = calendar.complete(behind).filter(|(_, end)| *end < 60)
        {
            date = Some(read);
            behind_date += end;
        }
        if date.is_none()
            && let Some(lead) = self.date_leads.find(before)
        {
            date = calendar.complete(lead.as_str()).map(|(read, _)| read);
        }
        let rest = &flow.key[behind_date..paragraph.end.max(behind_date)];
        let issuer = self.issuers.place(rest).and_then(|body| {
            let printed = flow.printed(behind_date + body.start..behind_date + body.end);
            self.issuers.name(printed)
        });
        // `27/2017/NQ-HĐND`: the year is no part of the code.
        let code = number.split('/').skip(1).find(|part| !part.bytes().all(|b| b.is_ascii_digit()));
        let kind = code.and_then(|code| kind::of_code(code, before)).or_else(|| kind::named_last(before));
        Reference { kind: kind.map(str::to_owned), number, date, issuer, place: flow.place(range) }
    }
}

/// The number as it is cited: without spaces, with plain hyphens.
pub(in crate::extract) fn tidy(number: &str) -> String {
    number.chars().filter(|c| !c.is_whitespace()).map(|c| if c == '–' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TextLine;

    fn references(text: &str) -> Vec<[String; 4]> {
        let lines = TextLine::from_text(text);
        let flow = Flow::new(&lines, &[], |_| false);
        let found = References::new().unwrap().find(&flow, &Calendar::new().unwrap(), Some("7/BC-UBND"));
        let text = |o: Option<String>| o.unwrap_or_default();
        found.into_iter().map(|r| [text(r.kind), r.number, text(r.date), text(r.issuer)]).collect()
    }

    #[test]
    fn kind_date_and_issuer_are_found() {
        let cases: [(&str, [&str; 4]); 14] = [
            (
                "Nghị định số 61/2018/NĐ-CP ngày 23 tháng 4 năm 2018 của Chính phủ về việc",
                ["Nghị định", "61/2018/NĐ-CP", "2018-04-23", "Chính phủ"],
            ),
            (
                "theo Quyết định số 12/QĐ-\nUBND ngày 5/6/2024 của Chủ tịch UBND xã ban hành kế hoạch",
                ["Quyết định", "12/QĐ-UBND", "2024-06-05", "Chủ tịch UBND xã"],
            ),
            ("có công văn số 88/UBND- VX về việc", ["Công văn", "88/UBND-VX", "", ""]),
            ("Ngày 16/02/2024, xã ban hành Kế hoạch số 9/KH-UBND về", ["Kế hoạch", "9/KH-UBND", "2024-02-16", ""]),
            (
                "Thông tư 03/2024/TT-VPCP 2024 ngày 05/4/2024 của Bộ Nội vụ",
                ["Thông tư", "03/2024/TT-VPCP", "2024-04-05", "Bộ Nội vụ"],
            ),
            ("Báo cáo số 33/BC-UBND. Ngày mai", ["Báo cáo", "33/BC-UBND", "", ""]),
            ("Chỉ thị số 16/CT - TTg, xã", ["Chỉ thị", "16/CT-TTg", "", ""]),
            ("và số 8/2019/NQ-HĐND ngày 1/2/2019", ["Nghị quyết", "8/2019/NQ-HĐND", "2019-02-01", ""]),
            (
                "tại Tờ trình số 5/TTr-SNV ngày 01/3/2024, UBND tỉnh kính trình",
                ["Tờ trình", "5/TTr-SNV", "2024-03-01", ""],
            ),
            (
                "Thông tư số 9/2024/TT-BGDĐT ngày 2/3/2024 của Bộ trưởng Bộ Giáo dục và Đào tạo về việc",
                ["Thông tư", "9/2024/TT-BGDĐT", "2024-03-02", "Bộ trưởng Bộ Giáo dục và Đào tạo"],
            ),
            (
                "Quyết định số 9/QĐ-BVHTTDL ngày 2/3/2024 của Bộ Văn hóa, Thể thao và Du lịch, nay",
                ["Quyết định", "9/QĐ-BVHTTDL", "2024-03-02", "Bộ Văn hóa, Thể thao và Du lịch"],
            ),
            (
                "Chỉ thị số 4/CT-BTC ngày 2/3/2024 của Bộ Tài chính và Chủ tịch UBND tỉnh",
                ["Chỉ thị", "4/CT-BTC", "2024-03-02", "Bộ Tài chính"],
            ),
            (
                "Quyết định số 3/QĐ-UBND ngày 2/3/2024 của Chủ tịch Ủy ban nhân dân tỉnh ban hành Quy chế",
                ["Quyết định", "3/QĐ-UBND", "2024-03-02", "Chủ tịch Ủy ban nhân dân tỉnh"],
            ),
            ("Quyết định số 3/QĐ-UBND ngày 2/3/2024 ban hành Kế hoạch", ["Quyết định", "3/QĐ-UBND", "2024-03-02", ""]),
        ];
        for (text, want) in cases {
            let got = references(text);
            assert_eq!(got, [want.map(str::to_owned)], "{text}");
        }
    }

    #[test]
    fn what_was_read_in_part_is_no_reference() {
        assert_eq!(references("Kế hoạch số 19/KH-BCĐ3§8 và 5/KH-UB†D"), Vec::<[String; 4]>::new());
    }

    #[test]
    fn the_document_is_no_reference_to_itself_and_each_stands_once() {
        assert_eq!(references("Số: 7/BC-UBND"), Vec::<[String; 4]>::new());
        let twice = references("Nghị định 5/2024/NĐ-CP; Nghị định 5/2024/NĐ-CP ngày 01/02/2024 của Chính phủ");
        assert_eq!(twice.len(), 1);
        assert_eq!(twice[0][2], "2024-02-01");
    }
}

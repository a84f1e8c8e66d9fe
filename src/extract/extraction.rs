//! The product of extraction: document fields, indicators, figures, references and checks, as the report's JSON shows them.

use crate::document::Place;
use crate::extract::number::decimal::Decimal;
use crate::extract::words::WORDS;
use crate::table::CellId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that was found in a document's text.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Extraction {
    /// What the document says of itself: issuer, number, date, title, signer.
    pub document: DocumentFields,
    /// Named values, by name.
    pub indicators: BTreeMap<String, Indicator>,
    /// Every number of the text that counts or measures something, in reading order.
    pub figures: Vec<Figure>,
    /// Other documents that the text names, in reading order, each once.
    pub references: Vec<Reference>,
    /// Arithmetic that was checked.
    pub checks: Vec<Check>,
}

/// What the document says of itself, as Decree 30/2020/NĐ-CP lays it out; None is never a guess but an absence.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct DocumentFields {
    /// Kind of document, such as `Báo cáo`; an official letter, which prints none, is `Công văn`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Number and code, such as `195/BC-UBND`; None where the number is blank or could not be read for certain.
    pub number: Option<String>,
    /// The issuing body, such as `UBND xã Đại Sơn`.
    pub issuer: Option<String>,
    /// The body above the issuer, where it is printed.
    pub parent: Option<String>,
    /// Place of issue.
    pub place: Option<String>,
    /// Date of issue; parts left blank for handwriting are None.
    pub date: Option<Date>,
    /// The title or abstract below the kind, without it.
    pub title: Option<String>,
    /// The period that is reported on.
    pub period: Option<Period>,
    /// Whom it is addressed to (`Kính gửi`); several are joined by `; `.
    pub addressee: Option<String>,
    /// Who signed it.
    pub signer: Option<Signer>,
    /// Who receives it (`Nơi nhận`), in the order printed.
    pub recipients: Vec<String>,
    /// How sure the fields are, from 0 to 1, by field name; only fields that were found or looked for and rejected.
    pub confidence: BTreeMap<String, f32>,
    /// The record that an archive keeps of the document.
    pub archive: Record,
}

/// A date of which parts may be blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Date {
    /// Year of four digits.
    pub year: Option<u16>,
    /// Month from 1 to 12.
    pub month: Option<u8>,
    /// Day from 1 to 31; None where it is blank.
    pub day: Option<u8>,
}

/// The length of a period that is reported on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// Three months.
    Quarter,
    /// Six months.
    HalfYear,
    /// The first nine months.
    NineMonths,
    /// A year.
    Year,
    /// A month.
    Month,
}

/// The period that is reported on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Period {
    /// Its length.
    pub kind: PeriodKind,
    /// Which of its kind in the year, from 1; None for a year and for nine months, of which there is one.
    pub index: Option<u8>,
    /// The year; None where it is not printed.
    pub year: Option<u16>,
}

/// Who signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signer {
    /// The name below the signature; None where it is missing.
    pub name: Option<String>,
    /// The signer's own position, such as `PHÓ CHỦ TỊCH`.
    pub position: Option<String>,
    /// On whose behalf he signs, such as `KT. CHỦ TỊCH`: the last such line above the position.
    pub authority: Option<String>,
}

/// A named value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Indicator {
    /// The value; that of its figure.
    pub value: Decimal,
    /// What is counted or measured.
    pub unit: Option<String>,
    /// The figure that it was read from.
    pub figure: String,
    /// Figures with another value that have a claim to the name as well, the likeliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rivals: Vec<String>,
}

/// A number of the text that counts or measures something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    /// Name within this report: `f1`, `f2`, … in reading order.
    pub id: String,
    /// The value; the likeliest of `readings`. None where the printed form is no number that is understood: `raw` has it.
    pub value: Option<Decimal>,
    /// The whole of which `value` is a part, where both are printed as a pair (`1.250/1.400`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Decimal>,
    /// The upper end, where a range is printed (`5-7`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Decimal>,
    /// What is counted or measured; None where nothing is printed.
    pub unit: Option<String>,
    /// The words that say what the number means.
    pub label: String,
    /// What is printed, untouched.
    pub raw: String,
    /// Every value that the printed form allows, the chosen one first, then what else the recogniser thought possible.
    pub readings: Vec<Decimal>,
    /// The section of the outline, such as `I.6`; None before the first.
    pub section: Option<String>,
    /// The cell of a table that it stands in; None in running text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<CellId>,
    /// Where it stands.
    pub place: Place,
    /// How sure the value and its meaning are, from 0 to 1.
    pub confidence: f32,
    /// The checks that it takes part in.
    pub checks: Vec<String>,
}

/// Another document that the text names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reference {
    /// Kind of document, such as `Nghị định`; None where the text does not say.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Number and code.
    pub number: String,
    /// Date as `2020-04-08`; None where it is not given in full.
    pub date: Option<String>,
    /// Who issued it, as the text says.
    pub issuer: Option<String>,
    /// Where it is named first.
    pub place: Place,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The numbers agree.
    Pass,
    /// They do not; nothing was changed to make them.
    Fail,
    /// A number that it needs is not in the document.
    Unknown,
}

/// Arithmetic that was checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// Name within this report: `c1`, `c2`, …
    pub id: String,
    /// What ought to hold, such as `dossiers.received.total = dossiers.received.new + dossiers.received.carried_over`.
    pub rule: String,
    /// How it ended.
    pub status: Verdict,
    /// The values in the order of the rule; None where one is missing.
    pub values: Vec<Option<Decimal>>,
    /// The figures in the order of the rule; None where one is missing.
    pub figures: Vec<Option<String>>,
}

/// A document's record. What the paper does not tell is None and left to the archivist.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// Identifier of the document (mã định danh văn bản).
    pub document_id: Option<String>,
    /// Identifier of its file (mã hồ sơ).
    pub file_id: Option<String>,
    /// Order in the file (số thứ tự văn bản trong hồ sơ).
    pub order: Option<u32>,
    /// Kind (tên loại văn bản).
    pub kind: Option<String>,
    /// Number without the code (số của văn bản).
    pub number: Option<String>,
    /// Code without the number (ký hiệu của văn bản).
    pub code: Option<String>,
    /// Date as `2025-09-15` (ngày, tháng, năm văn bản); None where a part of it is blank.
    pub date: Option<String>,
    /// Issuing body (tên cơ quan ban hành).
    pub issuer: Option<String>,
    /// Abstract (trích yếu nội dung).
    pub title: Option<String>,
    /// Language (ngôn ngữ).
    pub language: Option<String>,
    /// Number of pages (số lượng trang).
    pub pages: Option<u32>,
    /// Notes (ghi chú).
    pub notes: Option<String>,
    /// Information symbol (ký hiệu thông tin).
    pub information_symbol: Option<String>,
    /// Keywords (từ khóa): those of the families' definitions that the title says; empty where it says none.
    pub keywords: Vec<String>,
    /// Access level (chế độ sử dụng).
    pub access: Option<String>,
    /// Trust level (mức độ tin cậy).
    pub trust: Option<String>,
    /// Handwritten notes (bút tích).
    pub handwriting: Option<String>,
    /// Physical state (tình trạng vật lý).
    pub physical_state: Option<String>,
    /// Procedure that it belongs to (quy trình xử lý).
    pub procedure: Option<String>,
    /// Who signed it (người ký).
    pub signer: Option<String>,
}

/// Number and code of `195/BC-UBND` and, in the Party's documents, `45-BC/ĐU`.
fn parts(number: &str) -> Option<(&str, &str)> {
    let end = number.find(|c: char| !c.is_ascii_digit())?;
    Some((&number[..end], &number[end + 1..])).filter(|_| number[end..].starts_with(['/', '-']))
}

impl Record {
    /// The record of a document with these fields, this code and this many pages.
    pub(in crate::extract) fn of(fields: &DocumentFields, code: Option<&str>, pages: Option<u32>) -> Record {
        let number = fields.number.as_deref();
        let date = fields.date.and_then(|d| Some(format!("{:04}-{:02}-{:02}", d.year?, d.month?, d.day?)));
        Record {
            kind: fields.kind.clone(),
            number: number.and_then(parts).map(|(n, _)| n.to_owned()),
            code: number.and_then(parts).map(|(_, c)| c).or(code).map(str::to_owned),
            date,
            issuer: fields.issuer.clone(),
            title: fields.title.clone(),
            language: Some(WORDS.language.clone()),
            pages,
            signer: fields.signer.as_ref().and_then(|s| s.name.clone()),
            ..Record::default()
        }
    }
}

//! The archive's record of a document: the fields that Circular 05/2025/TT-BNV asks for, as far as the paper tells them.

use super::extraction::DocumentFields;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    pub(super) fn of(fields: &DocumentFields, code: Option<&str>, pages: Option<u32>) -> Record {
        let number = fields.number.as_deref();
        let date = fields.date.and_then(|d| Some(format!("{:04}-{:02}-{:02}", d.year?, d.month?, d.day?)));
        Record {
            kind: fields.kind.clone(),
            number: number.and_then(parts).map(|(n, _)| n.to_owned()),
            code: number.and_then(parts).map(|(_, c)| c).or(code).map(str::to_owned),
            date,
            issuer: fields.issuer.clone(),
            title: fields.title.clone(),
            language: Some("Tiếng Việt".to_owned()),
            pages,
            signer: fields.signer.as_ref().and_then(|s| s.name.clone()),
            ..Record::default()
        }
    }
}

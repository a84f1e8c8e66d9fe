//! What extraction costs: a page of restored text, and a page of nothing but numbers.

use divan::{Bencher, counter::ItemsCount};
use sohoa::document::TextLine;
use sohoa::extract::Extractor;

fn main() {
    divan::main();
}

/// A page as long as a full one of a report.
fn page() -> String {
    let part = "6. Tình hình, kết quả giải quyết TTHC\n\
        - Tổng số hồ sơ TTHC đã tiếp nhận: 1.532 hồ sơ, trong đó: số mới tiếp nhận 1.520 (trực tuyến: 1.210; trực tiếp và\n\
        qua dịch vụ bưu chính: 310); số từ kỳ trước chuyển qua: 12.\n\
        - Số lượng hồ sơ đã giải quyết: 1.500; trong đó, trước hạn: 1.420, đúng hạn: 75, quá hạn: 5.\n\
        - Ủy ban nhân dân xã chỉ đạo công chức Bộ phận Một cửa niêm yết công khai, hướng dẫn người dân thực hiện thủ tục\n\
        theo Quyết định số 12/QĐ-UBND ngày 05/7/2025 của Chủ tịch Ủy ban nhân dân xã, bảo đảm đúng quy định.\n";
    part.repeat(6)
}

#[divan::bench]
fn page_of_a_report(bencher: Bencher) {
    let extractor = Extractor::embedded().expect("the definitions are right");
    let lines = TextLine::from_text(&page());
    bencher.counter(ItemsCount::new(1u32)).bench(|| extractor.extract(divan::black_box(&lines), &[]));
}

#[divan::bench(args = [10_000, 100_000])]
fn page_of_numbers(bencher: Bencher, numbers: u32) {
    let extractor = Extractor::embedded().expect("the definitions are right");
    let text: String = (0..numbers).map(|n| format!("số {n} hồ sơ; ")).collect();
    let lines = TextLine::from_text(&text);
    bencher.counter(ItemsCount::new(numbers)).bench(|| extractor.extract(divan::black_box(&lines), &[]));
}

//! Forty PDF files of five kinds: the decision on each text layer is right, and conversion of old encodings is exact.

use crate::program::Sohoa;
use pdf_writer::types::{SystemInfo, TextRenderingMode, UnicodeCmap};
use pdf_writer::{Content, Name, Pdf, Rect, Ref, Str};
use sohoa::dict::Dictionaries;
use sohoa::encoding::Encoding;
use sohoa::layer::{Decision, Judge, Judgement, Policy};
use sohoa::raster::Document;
use sohoa::restore::Restorer;
use sohoa::text::fold;
use std::collections::BTreeMap;
use std::path::Path;

/// Pages of our own: a heading in capitals, and lines as offices write them.
const PAGES: [&[&str]; 8] = [
    &[
        "BÁO CÁO TÌNH HÌNH THU GOM RÁC THẢI",
        "Trong tháng, tổ vệ sinh đã thu gom 86 chuyến xe rác trên các tuyến đường chính của xã.",
        "Việc phân loại rác tại nguồn được các hộ gia đình hưởng ứng, tuy còn chậm ở hai thôn.",
        "Ủy ban nhân dân xã đề nghị huyện cấp thêm thùng đựng và một xe chở rác chuyên dùng.",
    ],
    &[
        "THÔNG BÁO LỊCH TIÊM PHÒNG CHO TRẺ EM",
        "Trạm y tế phường tổ chức tiêm phòng vào ngày 12 tháng 5, từ 7 giờ đến 11 giờ sáng.",
        "Phụ huynh mang theo sổ tiêm chủng và đưa trẻ đến đúng giờ ghi trong giấy mời.",
        "Trường hợp trẻ bị sốt, đề nghị gia đình báo trước cho cán bộ của trạm để sắp xếp lịch khác.",
    ],
    &[
        "KẾ HOẠCH SỬA CHỮA ĐƯỜNG THÔN",
        "Đoạn đường qua cánh đồng dài 640 mét, nền yếu, nhiều ổ gà, mùa mưa xe không qua được.",
        "Kinh phí dự kiến 312.500.000 đồng, trong đó nhân dân đóng góp một phần bằng ngày công.",
        "Thời gian thực hiện: khởi công sau vụ gặt, hoàn thành trước ngày 30 tháng 11.",
    ],
    &[
        "BIÊN BẢN KIỂM KÊ TÀI SẢN THƯ VIỆN",
        "Hội đồng kiểm kê gồm năm thành viên đã làm việc tại thư viện trường trong hai ngày.",
        "Số sách hiện có là 2.418 cuốn; 57 cuốn hư hỏng, đề nghị thanh lý theo quy định.",
        "Bàn ghế còn sử dụng tốt, riêng hệ thống quạt trần cần được thay thế trước năm học mới.",
    ],
    &[
        "TỜ TRÌNH VỀ VIỆC HỖ TRỢ GIỐNG LÚA",
        "Sau đợt rét đậm, nhiều diện tích mạ bị chết, các hộ phải gieo lại lần thứ hai.",
        "Hợp tác xã đề nghị hỗ trợ 4,5 tấn giống lúa ngắn ngày cho 213 hộ bị thiệt hại.",
        "Danh sách các hộ và mức hỗ trợ cụ thể được gửi kèm theo tờ trình này.",
    ],
    &[
        "HƯỚNG DẪN ĐĂNG KÝ NUÔI CÁ LỒNG",
        "Người nuôi cá lồng trên sông phải đăng ký vị trí, số lồng và loài cá với xã.",
        "Khoảng cách giữa các cụm lồng không dưới 150 mét để bảo đảm dòng chảy và nguồn nước.",
        "Khi có dịch bệnh, chủ hộ báo ngay cho cán bộ thú y, không vứt cá chết xuống sông.",
    ],
    &[
        "QUYẾT ĐỊNH CỬ CÁN BỘ ĐI HỌC",
        "Cử bà kế toán của hợp tác xã tham dự lớp bồi dưỡng nghiệp vụ tổ chức tại tỉnh.",
        "Trong thời gian học, người được cử đi hưởng nguyên lương và phụ cấp theo chế độ.",
        "Văn phòng và người có tên nêu trên chịu trách nhiệm thi hành quyết định này.",
    ],
    &[
        "CHƯƠNG TRÌNH HỘI THAO NGÀY MÙA",
        "Buổi sáng thi kéo co, nhảy bao bố và đua thuyền giữa các đội của sáu thôn.",
        "Buổi chiều thi nấu cơm, gói bánh chưng; ban giám khảo chấm điểm và trao giải.",
        "Kinh phí tổ chức do các nhà hảo tâm ủng hộ, thu chi được công khai trước dân.",
    ],
];

/// How a line is set.
struct Setting {
    /// Name of the font.
    font: &'static str,
    /// The line as its bytes are shown where they are taken for Windows-1252; None where the font has Unicode.
    encoding: Option<Encoding>,
    capitals: bool,
}

const UNICODE: Setting = Setting { font: "TimesNewRomanPSMT", encoding: None, capitals: false };

/// What a file is made of.
struct File {
    lines: Vec<(String, Setting)>,
    hidden: bool,
    scan: bool,
}

/// Writes a page of one column; text in Unicode gets a font with its own codes and a table to Unicode.
fn write(path: &Path, file: &File) {
    let mut pdf = Pdf::new();
    let mut next = 1;
    let mut fresh = || {
        next += 1;
        Ref::new(next)
    };
    let (catalog, tree, page, contents, image) = (Ref::new(1), fresh(), fresh(), fresh(), fresh());
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids([page]).count(1);

    let mut codes: BTreeMap<char, u8> = (b' '..=b'~').map(|b| (char::from(b), b)).collect();
    let mut fonts: BTreeMap<&str, (Ref, Option<Ref>)> = BTreeMap::new();
    let mut content = Content::new();
    if file.scan {
        content.save_state().transform([595.0, 0.0, 0.0, 842.0, 0.0, 0.0]).x_object(Name(b"Scan")).restore_state();
    }
    for (row, (line, setting)) in file.lines.iter().enumerate() {
        let own = setting.encoding.is_none();
        let (font, _) = *fonts.entry(setting.font).or_insert_with(|| (fresh(), own.then(&mut fresh)));
        let bytes: Vec<u8> = line
            .chars()
            .map(|c| match setting.encoding {
                None => {
                    let free = 0x80 + codes.values().filter(|&&b| b >= 0x80).count() as u8;
                    *codes.entry(c).or_insert(free)
                }
                Some(_) => windows_1252(c),
            })
            .collect();
        content.begin_text();
        if file.hidden {
            content.set_text_rendering_mode(TextRenderingMode::Invisible);
        }
        content.set_font(Name(format!("F{}", font.get()).as_bytes()), 10.0);
        content.next_line(60.0, 760.0 - 20.0 * row as f32).show(Str(&bytes)).end_text();
    }
    pdf.stream(contents, &content.finish());

    let mut written = pdf.page(page);
    written.media_box(Rect::new(0.0, 0.0, 595.0, 842.0)).parent(tree).contents(contents);
    let mut resources = written.resources();
    let mut dictionary = resources.fonts();
    for (font, _) in fonts.values() {
        dictionary.pair(Name(format!("F{}", font.get()).as_bytes()), *font);
    }
    drop(dictionary);
    resources.x_objects().pair(Name(b"Scan"), image);
    drop(resources);
    drop(written);
    // A grey sheet stands for the scan.
    let mut scan = pdf.image_xobject(image, &[200; 60 * 85]);
    scan.width(60).height(85).bits_per_component(8).color_space().device_gray();
    drop(scan);
    for (name, (font, to_unicode)) in &fonts {
        let mut written = pdf.type1_font(*font);
        written.base_font(Name(name.as_bytes())).encoding_predefined(Name(b"WinAnsiEncoding"));
        written.first_char(32).last_char(255).widths([500.0; 224]);
        if let Some(table) = to_unicode {
            written.to_unicode(*table);
        }
        drop(written);
        if let Some(table) = to_unicode {
            let system = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"UCS"), supplement: 0 };
            let mut map = UnicodeCmap::new(Name(b"Codes"), system);
            codes.iter().for_each(|(&c, &code)| map.pair(code, c));
            pdf.cmap(*table, &map.finish());
        }
    }
    std::fs::write(path, pdf.finish()).unwrap();
}

/// The byte that Windows-1252 shows so.
fn windows_1252(c: char) -> u8 {
    let special = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ";
    special.chars().position(|s| s == c).map_or(c as u32 as u8, |at| 0x80 + at as u8)
}

fn unicode(lines: &[&str]) -> Vec<(String, Setting)> {
    lines.iter().map(|l| ((*l).to_owned(), UNICODE)).collect()
}

fn encode(encoding: Encoding, text: &str) -> String {
    text.chars().map(|c| encoding.encode(c).unwrap_or_else(|| c.to_string())).collect()
}

/// The page as it was set with fonts of an old encoding; headings of TCVN3 are small letters in a font of capitals.
fn old(lines: &[&str], encoding: Encoding, font: &'static str, of_capitals: &'static str) -> Vec<(String, Setting)> {
    let set = |(row, line): (usize, &&str)| {
        let heading = row == 0 && encoding == Encoding::Tcvn3;
        // `Ủ` at the head of a line of TCVN3 would be a letter of the other font.
        let line = if heading || encoding == Encoding::Tcvn3 && line.starts_with('Ủ') {
            line.to_lowercase()
        } else {
            (*line).to_owned()
        };
        let font = if heading { of_capitals } else { font };
        (encode(encoding, &line), Setting { font, encoding: Some(encoding), capitals: heading })
    };
    lines.iter().enumerate().map(set).collect()
}

/// What is printed on the page that `old` sets.
fn printed(lines: &[(String, Setting)]) -> String {
    let line = |(shown, setting): &(String, Setting)| {
        let text = setting.encoding.map_or_else(|| shown.clone(), |e| e.decode(shown).0);
        if setting.capitals { text.to_uppercase() + "\n" } else { text + "\n" }
    };
    lines.iter().map(line).collect()
}

/// The page as a recogniser of English reads it.
fn misread(lines: &[&str]) -> Vec<(String, Setting)> {
    let wrong = |line: &&str| {
        let letters: String = line
            .chars()
            .map(|c| match c {
                'đ' => 'd',
                'ộ' | 'ổ' | 'ở' => '6',
                'ị' | 'í' => '1',
                'ệ' => '@',
                'ả' | 'ạ' => 'a',
                'ữ' | 'ứ' => 'i',
                'ê' => 'é',
                'ư' => 'w',
                _ => fold::without_marks(&c.to_string()).chars().next().unwrap_or(c),
            })
            .collect();
        (letters, UNICODE)
    };
    lines.iter().map(wrong).collect()
}

#[test]
fn forty_files_of_five_kinds_are_judged_right() {
    let folder = tempfile::tempdir().unwrap();
    let known = Dictionaries::embedded();
    let restorer = Restorer::embedded().unwrap();
    let judge = Judge::new(&known, &restorer);
    let read = |name: &str, file: &File| -> Option<Judgement> {
        let path = folder.path().join(name);
        write(&path, file);
        let document = Document::open(&path).unwrap().value;
        document.text_layer(1).unwrap().map(|layer| {
            assert_eq!(layer.scan, file.scan, "{name}");
            judge.judge(&layer, None, Policy::Auto).value
        })
    };
    let old_fonts = [
        (Encoding::Tcvn3, ".VnTime", ".VnTimeH"),
        (Encoding::Vni, "VNI-Times", "VNI-Times"),
        (Encoding::Tcvn3, "ABCDEF+.VnArial", "ABCDEF+.VnArialH"),
        // Fonts whose name tells nothing.
        (Encoding::Vni, "Helvetica", "Helvetica"),
    ];
    for (number, lines) in PAGES.into_iter().enumerate() {
        let text: String = lines.iter().map(|l| format!("{l}\n")).collect();

        let digital = File { lines: unicode(lines), hidden: false, scan: false };
        let judgement = read(&format!("digital{number}.pdf"), &digital).unwrap();
        assert_eq!(judgement.decision, Decision::Take, "digital {number}: {}", judgement.reason);
        assert_eq!(judgement.text.text(), text);

        let right = File { lines: unicode(lines), hidden: true, scan: true };
        let judgement = read(&format!("right{number}.pdf"), &right).unwrap();
        assert_eq!(judgement.decision, Decision::Take, "right {number}: {}", judgement.reason);
        assert_eq!(judgement.text.text(), text);

        let bad = File { lines: misread(lines), hidden: true, scan: true };
        let judgement = read(&format!("bad{number}.pdf"), &bad).unwrap();
        assert_eq!(judgement.decision, Decision::Recognise, "bad {number}: {}", judgement.reason);
        assert!(judgement.reason.contains("misread"), "{}", judgement.reason);

        let (encoding, font, of_capitals) = old_fonts[number % old_fonts.len()];
        let set = old(lines, encoding, font, of_capitals);
        let expected = printed(&set);
        let judgement = read(&format!("old{number}.pdf"), &File { lines: set, hidden: false, scan: false }).unwrap();
        assert_eq!(judgement.decision, Decision::Decode, "old {number}: {}", judgement.reason);
        assert_eq!(judgement.text.text(), expected, "{font}");

        let image = File { lines: Vec::new(), hidden: false, scan: true };
        assert_eq!(read(&format!("image{number}.pdf"), &image), None, "image {number}");
    }
}

#[test]
fn text_files_in_old_encodings_are_converted_before_they_are_restored() {
    let folder = tempfile::tempdir().unwrap();
    let text: String = PAGES[1].iter().skip(1).map(|l| format!("{l}\n")).collect();
    for encoding in [Encoding::Tcvn3, Encoding::Vni, Encoding::Viscii] {
        let bytes: Vec<u8> = encode(encoding, &text).chars().map(windows_1252).collect();
        let file = folder.path().join("old.txt");
        std::fs::write(&file, bytes).unwrap();
        let run = Sohoa::new(["restore"]).arg(&file).run().ok();
        let said = run.stderr;
        assert_eq!(run.stdout, text, "{}", encoding.name());
        assert!(said.contains(&format!("converted from {}", encoding.name())), "{said}");
    }
}

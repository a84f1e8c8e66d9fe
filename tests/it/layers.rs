//! Pages that are partly text and partly picture, as files of our own: every word once and in order, and what nobody sees left out.

use crate::program::{Sohoa, fixture};
use pdf_writer::types::{SystemInfo, TextRenderingMode, UnicodeCmap};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str};
use sohoa::raster::{Document, LayerWord, TextLayer};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A page of A4 that is drawn on.
struct Sheet {
    content: Content,
    codes: BTreeMap<char, u8>,
    picture: Option<image::GrayImage>,
}

impl Sheet {
    fn new() -> Sheet {
        let codes = (b' '..=b'~').map(|b| (char::from(b), b)).collect();
        Sheet { content: Content::new(), codes, picture: None }
    }

    fn bytes(&mut self, text: &str) -> Vec<u8> {
        let mut code = |c| {
            let free = 0x80 + self.codes.values().filter(|&&b| b >= 0x80).count() as u8;
            *self.codes.entry(c).or_insert(free)
        };
        text.chars().map(&mut code).collect()
    }

    /// Sets a line from the baseline (x, y), in points from the bottom left.
    fn line(&mut self, text: &str, x: f32, y: f32, size: f32) -> &mut Sheet {
        self.set(text, [1.0, 0.0, 0.0, 1.0, x, y], size, TextRenderingMode::Fill)
    }

    fn set(&mut self, text: &str, matrix: [f32; 6], size: f32, mode: TextRenderingMode) -> &mut Sheet {
        let bytes = self.bytes(text);
        self.content.begin_text().set_text_rendering_mode(mode).set_font(Name(b"F"), size);
        self.content.set_text_matrix(matrix).show(Str(&bytes)).end_text();
        self
    }

    fn lines(&mut self, lines: &[&str], x: f32, mut y: f32, size: f32, leading: f32) -> &mut Sheet {
        for line in lines {
            self.line(line, x, y, size);
            y -= leading;
        }
        self
    }

    fn grey(&mut self, level: f32) -> &mut Sheet {
        self.content.set_fill_gray(level);
        self
    }

    /// What follows lets what is under it show through.
    fn faint(&mut self) -> &mut Sheet {
        self.content.set_parameters(Name(b"Faint"));
        self
    }

    fn bar(&mut self, x: f32, y: f32, width: f32, height: f32) -> &mut Sheet {
        self.content.rect(x, y, width, height).fill_nonzero();
        self
    }

    /// Puts a picture with its lower left corner at (x, y).
    fn picture(&mut self, picture: image::GrayImage, x: f32, y: f32, width: f32) -> &mut Sheet {
        let height = width * picture.height() as f32 / picture.width() as f32;
        self.content.save_state().transform([width, 0.0, 0.0, height, x, y]).x_object(Name(b"P")).restore_state();
        self.picture = Some(picture);
        self
    }

    fn write(self, path: &Path) {
        fs::write(path, self.pdf(Pdf::new())).unwrap();
    }

    fn pdf(self, mut pdf: Pdf) -> Vec<u8> {
        let [catalog, tree, page, contents, font, map, picture] = [1, 2, 3, 4, 5, 6, 7].map(Ref::new);
        pdf.catalog(catalog).pages(tree);
        pdf.pages(tree).kids([page]).count(1);
        pdf.stream(contents, &self.content.finish());
        let mut written = pdf.page(page);
        written.media_box(Rect::new(0.0, 0.0, 595.0, 842.0)).parent(tree).contents(contents);
        let mut resources = written.resources();
        resources.fonts().pair(Name(b"F"), font);
        resources
            .ext_g_states()
            .insert(Name(b"Faint"))
            .start::<pdf_writer::writers::ExtGraphicsState>()
            .non_stroking_alpha(0.2);
        if self.picture.is_some() {
            resources.x_objects().pair(Name(b"P"), picture);
        }
        resources.finish();
        written.finish();
        if let Some(image) = &self.picture {
            let mut written = pdf.image_xobject(picture, image.as_raw());
            written.width(image.width() as i32).height(image.height() as i32).bits_per_component(8);
            written.color_space().device_gray();
        }
        let mut written = pdf.type1_font(font);
        written.base_font(Name(b"Times-Roman")).encoding_predefined(Name(b"WinAnsiEncoding"));
        written.first_char(32).last_char(255).widths([500.0; 224]).to_unicode(map);
        written.finish();
        let system = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"UCS"), supplement: 0 };
        let mut table = UnicodeCmap::new(Name(b"Codes"), system);
        self.codes.iter().for_each(|(&c, &code)| table.pair(code, c));
        pdf.cmap(map, &table.finish());
        pdf.finish()
    }

    fn layer(self) -> TextLayer {
        let document = Document::from_bytes("sheet.pdf", self.pdf(Pdf::new())).unwrap().value;
        document.text_layer(1).unwrap().expect("the sheet holds text")
    }
}

fn texts(layer: &TextLayer) -> Vec<String> {
    let text = |words: &[LayerWord]| words.iter().map(LayerWord::text).collect::<Vec<_>>().join(" ");
    layer.lines.iter().map(|line| text(&line.words)).collect()
}

const LEFT: [&str; 5] = [
    "Trong sáu tháng, xã Suối Ngàn",
    "đã trồng 214 ha rừng phòng hộ",
    "và chăm sóc 86 ha rừng đã có",
    "từ những năm trước, đạt 97,5%",
    "kế hoạch giao.",
];
const RIGHT: [&str; 5] = [
    "Trạm y tế đã khám bệnh cho 320",
    "lượt người, tiêm chủng cho 41",
    "trẻ em dưới một tuổi; không có",
    "dịch bệnh trên địa bàn, công",
    "tác dân số được duy trì tốt.",
];

#[test]
fn columns_of_text_are_read_one_after_the_other_and_recipients_beside_the_signature_are_not() {
    let mut sheet = Sheet::new();
    for (row, (left, right)) in LEFT.iter().zip(&RIGHT).enumerate() {
        let y = 700.0 - 15.0 * row as f32;
        sheet.line(left, 60.0, y, 11.0).line(right, 320.0, y - 0.5, 11.0);
    }
    assert_eq!(texts(&sheet.layer()), [LEFT, RIGHT].concat());

    let mut sheet = Sheet::new();
    sheet.line("Nơi nhận:", 60.0, 300.0, 12.0).line("TM. ỦY BAN NHÂN DÂN", 330.0, 300.0, 13.0);
    sheet.line("- Như trên;", 60.0, 286.0, 11.0).line("CHỦ TỊCH", 370.0, 285.0, 13.0);
    sheet.line("- Lưu: VT.", 60.0, 272.0, 11.0);
    let across = ["Nơi nhận: TM. ỦY BAN NHÂN DÂN", "- Như trên; CHỦ TỊCH", "- Lưu: VT."];
    assert_eq!(texts(&sheet.layer()), across);
}

#[test]
fn raised_digits_are_no_part_of_the_number_before_them() {
    let mut sheet = Sheet::new();
    sheet.line("Tổng số 1.482", 60.0, 700.0, 13.0).line("1", 144.5, 705.0, 7.0).line(
        "hồ sơ, đạt 97,5%",
        156.0,
        700.0,
        13.0,
    );
    assert_eq!(texts(&sheet.layer()), ["Tổng số 1.482¹ hồ sơ, đạt 97,5%"]);
}

#[test]
fn heads_of_columns_that_stand_upright_come_before_their_rows() {
    let mut sheet = Sheet::new();
    for (at, head) in ["TT", "Thôn", "Số hộ"].iter().enumerate() {
        let x = 80.0 + 80.0 * at as f32;
        sheet.set(head, [0.0, 1.0, -1.0, 0.0, x, 700.0], 10.0, TextRenderingMode::Fill);
    }
    sheet.line("1", 75.0, 680.0, 10.0).line("Gò Me", 150.0, 680.0, 10.0).line("214", 230.0, 680.0, 10.0);
    sheet.line("2", 75.0, 662.0, 10.0).line("Bãi Sậy", 150.0, 662.0, 10.0).line("86", 230.0, 662.0, 10.0);
    assert_eq!(texts(&sheet.layer()), ["TT Thôn Số hộ", "1 Gò Me 214", "2 Bãi Sậy 86"]);
}

#[test]
fn text_that_nobody_sees_is_not_text_of_the_page() {
    let mut sheet = Sheet::new();
    sheet.line("Thu ngân sách đạt 97,5% kế hoạch.", 60.0, 700.0, 13.0);
    // Under a bar, white on white, outside the page, invisible where nothing is printed.
    sheet.line("6543", 62.0, 600.0, 12.0).grey(0.0).bar(50.0, 590.0, 200.0, 30.0);
    sheet.grey(1.0).line("7654", 60.0, 500.0, 12.0).grey(0.0).line("8765", 60.0, -40.0, 12.0);
    sheet.set("9876", [1.0, 0.0, 0.0, 1.0, 60.0, 400.0], 12.0, TextRenderingMode::Invisible);
    // White on a dark ground is seen.
    sheet.grey(0.2).bar(50.0, 290.0, 200.0, 30.0).grey(1.0).line("Phụ lục", 62.0, 300.0, 12.0);
    let layer = sheet.layer();
    assert_eq!(texts(&layer), ["Thu ngân sách đạt 97,5% kế hoạch.", "Phụ lục"]);
    assert_eq!(layer.unseen.len(), 4);
}

/// Some printed lines out of a scan of ours, and what they say.
fn printed() -> (image::GrayImage, Vec<&'static str>) {
    let scan = image::open(fixture("scans/suoi-ngan-2025q3-L0-page01.png")).unwrap().into_luma8();
    (scan, vec!["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"])
}

fn read(path: &Path) -> (String, serde_json::Value) {
    let out = tempfile::tempdir().unwrap();
    Sohoa::new(["read", "--engine", "tesseract", "--out"]).arg(out.path()).arg(path).run().ok();
    let name = |ending: &str| out.path().join(path.file_stem().unwrap()).with_extension(ending);
    let report = fs::read_to_string(name("json")).unwrap();
    (fs::read_to_string(name("txt")).unwrap(), serde_json::from_str(&report).unwrap())
}

#[test]
fn a_line_typed_over_a_scan_does_not_stand_for_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let (scan, lines) = printed();
    let mut sheet = Sheet::new();
    sheet.picture(scan, 0.0, 0.0, 595.0);
    let foot = "Bản điện tử của Ủy ban nhân dân xã Suối Ngàn, tra cứu tại cổng thông tin, trang 1 trên 4";
    sheet.line(foot, 60.0, 14.0, 8.0);
    let path = folder.path().join("typed.pdf");
    sheet.write(&path);
    let (text, report) = read(&path);
    for line in lines.into_iter().chain([foot]) {
        assert_eq!(text.matches(line).count(), 1, "{line}\n{text}");
    }
    assert!(text.trim_end().ends_with(foot), "{text}");
    assert!(report["pages"][0]["reason"].as_str().unwrap().contains("recognised"));
}

#[test]
fn words_typed_on_the_dots_of_a_scanned_form_are_text() {
    let folder = tempfile::tempdir().unwrap();
    let (mut scan, _) = printed();
    // Four pixels of every eight, in the white at the foot of the page, where the words are typed.
    let (width, height) = scan.dimensions();
    let pixels = |points: f32| (points / 595.0 * width as f32) as u32;
    let (left, base) = (pixels(60.0), height - pixels(40.0));
    for x in (left..pixels(420.0)).filter(|x| x % 8 < 4) {
        (base..base + 4).for_each(|y| scan.put_pixel(x, y, image::Luma([0])));
    }
    let mut sheet = Sheet::new();
    sheet.picture(scan, 0.0, 0.0, 595.0);
    let typed = "Nguyễn Văn An, thôn Gò Me, xã Bãi Sậy";
    sheet.line(typed, 60.0, 41.0, 18.0);
    let path = folder.path().join("form.pdf");
    sheet.write(&path);
    let (text, report) = read(&path);
    assert_eq!(text.matches(typed).count(), 1, "{text}\n{}", report["diagnostics"]);
}

#[test]
fn a_watermark_over_a_scan_takes_none_of_its_words() {
    let folder = tempfile::tempdir().unwrap();
    let (scan, _) = printed();
    let mut whole = Sheet::new();
    whole.picture(scan.clone(), 0.0, 0.0, 595.0);
    let path = folder.path().join("whole.pdf");
    whole.write(&path);
    let (bare, _) = read(&path);
    let (sin, cos) = 35f32.to_radians().sin_cos();
    for (name, matrix, size) in [
        ("aslant.pdf", [cos, sin, -sin, cos, 120.0, 300.0], 52.0),
        ("large.pdf", [1.0, 0.0, 0.0, 1.0, 60.0, 420.0], 64.0),
    ] {
        let mut sheet = Sheet::new();
        sheet.picture(scan.clone(), 0.0, 0.0, 595.0).faint();
        sheet.set("www.luatviet.example", matrix, size, TextRenderingMode::Fill);
        let path = folder.path().join(name);
        sheet.write(&path);
        let (text, report) = read(&path);
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
        let (all, found) = (words(&bare), words(&text));
        let kept = all.intersection(&found).count();
        assert!(kept * 100 >= all.len() * 97, "{name}: {kept} of {}\n{text}", all.len());
        assert!(!text.contains("luatviet"), "{name}: {text}");
        let told = report["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .any(|d| d["message"].as_str().unwrap().contains("luatviet"));
        assert!(told, "{name}: {}", report["diagnostics"]);
    }
}

#[test]
fn a_picture_of_text_on_a_page_of_text_is_read_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let (scan, lines) = printed();
    // The right half of the letterhead.
    let (width, height) = scan.dimensions();
    let cut = image::imageops::crop_imm(&scan, width * 45 / 100, 0, width * 55 / 100, height / 7).to_image();
    let mut sheet = Sheet::new();
    sheet.lines(&LEFT, 60.0, 780.0, 11.0, 16.0);
    sheet.picture(cut, 60.0, 520.0, 330.0);
    sheet.lines(&RIGHT, 60.0, 480.0, 11.0, 16.0);
    let path = folder.path().join("picture.pdf");
    sheet.write(&path);
    let (text, report) = read(&path);
    let place = |line: &str| text.find(line).unwrap_or_else(|| panic!("{line} is missing:\n{text}"));
    assert!(place(LEFT[4]) < place(lines[0]) && place(lines[0]) < place(lines[1]) && place(lines[1]) < place(RIGHT[0]));
    assert_eq!(report["pages"][0]["origin"], "text_layer");
}

#[test]
fn text_under_a_picture_that_shows_none_is_no_text_of_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("covered.pdf");
    let mut sheet = Sheet::new();
    sheet.lines(&LEFT, 60.0, 780.0, 11.0, 16.0);
    sheet.line("Mật: 6543 triệu đồng", 64.0, 560.0, 12.0);
    sheet.picture(image::GrayImage::from_pixel(330, 40, image::Luma([120])), 60.0, 545.0, 330.0);
    sheet.lines(&RIGHT, 60.0, 480.0, 11.0, 16.0);
    sheet.write(&path);
    let (text, report) = read(&path);
    assert!(text.contains(LEFT[4]) && text.contains(RIGHT[0]), "{text}");
    assert!(!text.contains("6543"), "{text}");
    let told = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .any(|d| d["message"].as_str().unwrap().contains("nothing is printed"));
    assert!(told, "{}", report["diagnostics"]);
    // Typed over the picture it is text.
    let mut sheet = Sheet::new();
    sheet.lines(&LEFT, 60.0, 780.0, 11.0, 16.0);
    sheet.picture(image::GrayImage::from_pixel(330, 40, image::Luma([200])), 60.0, 545.0, 330.0);
    sheet.line("Mật: 6543 triệu đồng", 64.0, 560.0, 12.0);
    sheet.write(&path);
    assert!(read(&path).0.contains("Mật: 6543 triệu đồng"));
}

#[test]
fn pages_cut_off_a_linearized_file_are_told_and_the_others_keep_their_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let mut pdf = Pdf::new();
    pdf.indirect(Ref::new(20)).dict().pair(Name(b"Linearized"), 1).pair(Name(b"N"), 3);
    let mut sheet = Sheet::new();
    sheet.lines(&LEFT, 60.0, 780.0, 11.0, 16.0);
    let path = folder.path().join("cut.pdf");
    fs::write(&path, sheet.pdf(pdf)).unwrap();
    let out = tempfile::tempdir().unwrap();
    Sohoa::new(["read", "--engine", "tesseract", "--out"]).arg(out.path()).arg(&path).run().with_code(6);
    let report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.path().join("cut.json")).unwrap()).unwrap();
    let pages: Vec<&str> = report["pages"].as_array().unwrap().iter().map(|p| p["status"].as_str().unwrap()).collect();
    assert_eq!(pages, ["read", "failed", "failed"]);
}

#[test]
fn a_byte_order_mark_and_look_alikes_of_d_do_not_change_words() {
    let ended = Sohoa::new(["restore"]).input("\u{FEFF}Tổng số hồ sơ tiếp nhận là 1.482 hồ sơ.\n").run().ok();
    assert_eq!(ended.stdout, "\u{FEFF}Tổng số hồ sơ tiếp nhận là 1.482 hồ sơ.\n");
    let ended = Sohoa::new(["restore"]).input("Xã \u{D0}ồng Mít báo cáo: \u{F0}ã giải quyết 12 hồ sơ.\n").run().ok();
    assert_eq!(ended.stdout, "Xã Đồng Mít báo cáo: đã giải quyết 12 hồ sơ.\n");
}

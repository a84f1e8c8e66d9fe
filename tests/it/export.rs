//! What is taken home: searchable PDF and PDF/A, ALTO, PAGE, hOCR, Markdown, HTML, the record. Readings are made here, so
//! that nothing depends on what a recogniser sees.

use crate::program::fixture;
use lopdf::{Dictionary, Object, ObjectId, Stream, dictionary};
use sohoa::diagnostics::Severity;
use sohoa::document::{PageSize, Place};
use sohoa::error::{Error, ErrorKind};
use sohoa::eval::Transcript;
use sohoa::export::{ExportOptions, Format, export};
use sohoa::geometry::Rect;
use sohoa::page::{Alternative, Line, RecognisedPage, Word};
use sohoa::pipeline::Reading;
use sohoa::raster::{Document, LayerWord};
use sohoa::report::{Origin, PageStatus, Report, Source, Status, Tool};
use sohoa::restore::{Edit, Grade, RestoredPage};
use sohoa::table::{Cell, Table};
use std::path::{Path, PathBuf};

/// A line of words that stand one after the other from (`x`, `y`), 30 pixels high, a letter 15 wide.
fn line(text: &str, x: f32, y: f32) -> Line {
    let mut at = x;
    let mut words = Vec::new();
    for word in text.split(' ') {
        let width = 15.0 * word.chars().count() as f32;
        let rect = Rect::new(at, y, at + width, y + 30.0);
        words.push(Word { text: word.to_owned(), rect, confidence: 0.9, ..Word::default() });
        at += width + 12.0;
    }
    let rect = Rect::bounding(words.iter().map(|w| &w.rect)).unwrap();
    Line { words, rect, ..Line::default() }
}

/// A reading of a file whose pages bear these lines.
fn reading(file: &Path, origin: Origin, size: PageSize, pages: Vec<Vec<Line>>) -> Reading {
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let source = Source { file: name, sha256: None, pages: pages.len() as u32 };
    let mut report = Report::of_failure(source, Tool::default(), &Error::new(ErrorKind::Defect, "none"));
    report.diagnostics.clear();
    let mut restored = Vec::new();
    for (page, lines) in (1..).zip(pages) {
        report.pages.push(PageStatus {
            page,
            status: Status::Read,
            origin: Some(origin),
            reason: None,
            error: None,
            confidence: None,
            quality: None,
            size: Some(size),
        });
        restored.push(RestoredPage { recognised: RecognisedPage { page, lines }, edits: Vec::new() });
    }
    Reading { report, pages: restored }
}

fn written(reading: &mut Reading, file: &Path, format: Format, options: &ExportOptions) -> Vec<u8> {
    let products = export(reading, file, &[format], options).unwrap();
    products.into_iter().next().map(|p| p.content).unwrap_or_default()
}

fn pdf(reading: &mut Reading, file: &Path) -> Vec<u8> {
    written(reading, file, Format::Pdf, &ExportOptions::default())
}

/// The words of a page of a PDF with their boxes on a page of the size that it renders at.
fn words(pdf: &[u8], page: u32) -> Vec<(String, Rect)> {
    let document = Document::from_bytes("x.pdf", pdf.to_vec()).unwrap().value;
    let lines = document.text_layer(page).unwrap().map(|layer| layer.lines).unwrap_or_default();
    lines.iter().flat_map(|l| &l.words).map(|w: &LayerWord| (w.text(), w.rect)).collect()
}

fn texts(pdf: &[u8], page: u32) -> Vec<String> {
    words(pdf, page).into_iter().map(|(text, _)| text).collect()
}

/// A PDF of one page, and where it is; `page` adds to the page's dictionary, `content` comes after the page's image.
struct Made {
    document: lopdf::Document,
    page: ObjectId,
}

const PAGE: PageSize = PageSize { width: 1240, height: 1754, dpi: 150.0 };

impl Made {
    fn new(content: &str) -> Made {
        let mut document = lopdf::Document::with_version("1.5");
        let tree = document.new_object_id();
        let image = Stream::new(
            dictionary! {
                "Type" => "XObject", "Subtype" => "Image", "Width" => 1240, "Height" => 1754,
                "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
            },
            vec![250; 1240 * 1754],
        );
        let image = document.add_object(image);
        let font =
            document.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" });
        let shown = format!("q 595.2 0 0 841.92 0 0 cm /Im0 Do Q\n{content}");
        let content = document.add_object(Stream::new(Dictionary::new(), shown.into_bytes()));
        let page = document.add_object(dictionary! {
            "Type" => "Page", "Parent" => tree, "Contents" => content,
            "MediaBox" => [0.0, 0.0, 595.2, 841.92].map(|n: f32| Object::Real(n)).to_vec(),
            "Resources" => dictionary! {
                "XObject" => dictionary! { "Im0" => image }, "Font" => dictionary! { "F1" => font },
            },
        });
        document.set_object(tree, dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 });
        let outline = document.add_object(dictionary! { "Type" => "Outlines", "Count" => 0 });
        let root = document.add_object(dictionary! {
            "Type" => "Catalog", "Pages" => tree, "Outlines" => outline,
            "PageLabels" => dictionary! { "Nums" => vec![0.into(), dictionary! { "S" => "r" }.into()] },
        });
        document.trailer.set("Root", root);
        Made { document, page }
    }

    fn with(mut self, key: &str, value: impl Into<Object>) -> Made {
        self.document.get_dictionary_mut(self.page).unwrap().set(key, value);
        self
    }

    fn bytes(mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.document.save_to(&mut bytes).unwrap();
        bytes
    }
}

/// A file with these bytes that lives as long as its folder.
fn file(bytes: &[u8], name: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

const TEXT: [&str; 3] = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Tổng số: 1.077 hồ sơ", "Nguyễn Văn Ẩn"];

fn three_lines() -> Vec<Line> {
    (0..).zip(TEXT).map(|(n, text)| line(text, 200.0, 300.0 + 60.0 * n as f32)).collect()
}

fn three_lines_as_words() -> Vec<&'static str> {
    TEXT.iter().flat_map(|text| text.split(' ')).collect()
}

#[test]
fn words_stand_where_they_were_read_whatever_the_pages_box() {
    let boxes = |x: f32, y: f32| [x, y, x + 595.2, y + 841.92].map(Object::Real).to_vec();
    let plain = || Made::new("");
    let cases: [(&str, Made); 5] = [
        ("plain", plain()),
        ("turned", plain().with("Rotate", 90)),
        ("on its head", plain().with("Rotate", 180)),
        ("with a shifted box", Made::new("1 0 0 1 0 0 cm").with("MediaBox", boxes(-20.0, 35.5))),
        ("in units of its own", plain().with("UserUnit", 2.0_f32)),
    ];
    for (what, made) in cases {
        let (_folder, path) = file(&made.bytes(), "x.pdf");
        let opened = Document::open(&path).unwrap().value;
        let image = opened.render(1).unwrap().value;
        let size = PageSize { width: image.pixels.width(), height: image.pixels.height(), dpi: image.dpi };
        let mut reading = reading(&path, Origin::Ocr, size, vec![three_lines()]);
        let written = words(&pdf(&mut reading, &path), 1);
        let wanted: Vec<(String, Rect)> =
            three_lines().into_iter().flat_map(|l| l.words).map(|w| (w.text, w.rect)).collect();
        assert_eq!(written.len(), wanted.len(), "{what}: {written:?}");
        for ((text, rect), (word, place)) in written.iter().zip(&wanted) {
            assert_eq!(text, word, "{what}");
            assert!((rect.x0 - place.x0).abs() < 3.0, "{what}, {word}: {rect:?} for {place:?}");
            assert!((place.y0..place.y1).contains(&rect.centre().1), "{what}, {word}: {rect:?} for {place:?}");
        }
    }
}

#[test]
fn a_pdf_that_is_whole_is_appended_to_and_keeps_all_it_has() {
    let made = Made::new("").bytes();
    let (_folder, path) = file(&made, "x.pdf");
    let written = pdf(&mut reading(&path, Origin::Ocr, PAGE, vec![three_lines()]), &path);
    assert!(written.starts_with(&made), "the original's bytes stand");
    let document = lopdf::Document::load_mem(&written).unwrap();
    let catalogue = document.catalog().unwrap();
    assert!(catalogue.has(b"Outlines") && catalogue.has(b"PageLabels"));
    assert_eq!(document.get_pages().len(), 1);
    assert_eq!(texts(&written, 1), three_lines_as_words());
    // The same input gives the same bytes.
    assert_eq!(written, pdf(&mut reading(&path, Origin::Ocr, PAGE, vec![three_lines()]), &path));
}

#[test]
fn a_bad_layer_is_replaced_and_visible_text_stays() {
    let content = "BT 3 Tr /F1 12 Tf 50 700 Td (Khong c6 ndi dung) Tj ET BT 0 Tr /F1 12 Tf 50 50 Td (Trang 1) Tj ET";
    let (_folder, path) = file(&Made::new(content).bytes(), "x.pdf");
    let mut reading = reading(&path, Origin::RestoredTextLayer, PAGE, vec![three_lines()]);
    let written = texts(&pdf(&mut reading, &path), 1);
    assert!(!written.iter().any(|w| w == "c6"), "{written:?}");
    assert!(written.iter().any(|w| w == "Trang"), "{written:?}");
    assert!(three_lines_as_words().iter().all(|w| written.iter().any(|x| x == w)), "{written:?}");
    assert!(reading.report.diagnostics.iter().any(|d| d.message.contains("visible text")));
}

#[test]
fn a_layer_under_the_image_is_replaced_too() {
    for (before_the_image, gone) in [("", true), ("0 0 300 300 re W n ", false)] {
        let mut made = Made::new("");
        let content = format!(
            "BT /F1 12 Tf 50 700 Td (Khong c6) Tj ET q {before_the_image}595.2 0 0 841.92 0 0 cm /Im0 Do Q \
             BT /F1 12 Tf 50 50 Td (Trang 1) Tj ET"
        );
        let content = made.document.add_object(Stream::new(Dictionary::new(), content.into_bytes()));
        let (_folder, path) = file(&made.with("Contents", content).bytes(), "x.pdf");
        let mut reading = reading(&path, Origin::RestoredTextLayer, PAGE, vec![three_lines()]);
        let written = texts(&pdf(&mut reading, &path), 1);
        assert_eq!(written.iter().any(|w| w == "c6"), !gone, "{written:?}");
        assert!(written.iter().any(|w| w == "Trang"), "{written:?}");
        // On a page without a picture over all of it text in mode 3 is text that nobody sees.
        assert_eq!(three_lines_as_words().iter().all(|w| written.iter().any(|x| x == w)), gone, "{written:?}");
    }
}

#[test]
fn a_layer_in_a_form_is_replaced_too() {
    let mut made = Made::new("/Fm0 Do");
    let font =
        made.document.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" });
    let form = Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Form", "BBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        },
        b"q 3 Tr BT /F1 12 Tf 50 700 Td (Khong c6) Tj ET Q".to_vec(),
    );
    let form = made.document.add_object(form);
    let page = made.page;
    let resources = made.document.get_dictionary_mut(page).unwrap().get_mut(b"Resources").unwrap();
    resources.as_dict_mut().unwrap().get_mut(b"XObject").unwrap().as_dict_mut().unwrap().set("Fm0", form);
    let (_folder, path) = file(&made.bytes(), "x.pdf");
    let written = pdf(&mut reading(&path, Origin::Ocr, PAGE, vec![three_lines()]), &path);
    assert_eq!(texts(&written, 1), three_lines_as_words());
}

#[test]
fn a_page_whose_own_text_is_right_is_left_alone() {
    let (_folder, path) = file(&Made::new("BT /F1 12 Tf 50 700 Td (Right) Tj ET").bytes(), "x.pdf");
    let written = pdf(&mut reading(&path, Origin::TextLayer, PAGE, vec![three_lines()]), &path);
    assert_eq!(texts(&written, 1), ["Right"]);
}

#[test]
fn what_cannot_be_appended_to_is_written_anew_and_said() {
    let junk = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), Made::new("").bytes()].concat();
    let no_table = {
        let bytes = Made::new("").bytes();
        let end = bytes.windows(9).rposition(|w| w == b"startxref").unwrap();
        [&bytes[..end], b"startxref\n7\n%%EOF\n"].concat()
    };
    let protected = std::fs::read(fixture("broken/owner-password.pdf")).unwrap();
    for (bytes, word) in [(junk, "stood before"), (no_table, "damaged"), (protected, "protected")] {
        let (_folder, path) = file(&bytes, "x.pdf");
        let mut reading = reading(&path, Origin::Ocr, PAGE, vec![three_lines()]);
        let written = pdf(&mut reading, &path);
        assert!(written.starts_with(b"%PDF-"), "{word}");
        assert!(lopdf::Document::load_mem(&written).unwrap().encryption_state.is_none(), "{word}");
        if word == "protected" {
            // On a page without a picture text in mode 3 is text that nobody sees: the file's own bytes tell.
            let document = lopdf::Document::load_mem(&written).unwrap();
            let page = document.get_pages()[&1];
            let content = document.get_page_content(page);
            assert!(content.windows(4).any(|w| w == b"3 Tr"), "{word}");
        } else {
            assert_eq!(texts(&written, 1), three_lines_as_words(), "{word}");
        }
        let said: Vec<&str> = reading.report.diagnostics.iter().map(|d| d.message.as_str()).collect();
        assert!(said.iter().any(|s| s.contains(word)), "{said:?}");
    }
}

#[test]
fn damaged_files_never_end_the_run() {
    let whole = Made::new("BT 3 Tr /F1 12 Tf 50 700 Td (Khong c6) Tj ET").bytes();
    // The image is most of the file; what surrounds it is what tells.
    let image = whole.windows(6).position(|w| w == b"stream").unwrap() + 7;
    let places: Vec<usize> = (0..image).chain(image + 1240 * 1754..whole.len()).collect();
    let mut random = 1_u64;
    for _ in 0..60 {
        let mut bytes = whole.clone();
        for _ in 0..4 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            bytes[places[(random >> 33) as usize % places.len()]] = (random >> 16) as u8;
        }
        let (_folder, path) = file(&bytes, "x.pdf");
        let mut reading = reading(&path, Origin::Ocr, PAGE, vec![three_lines()]);
        match export(&mut reading, &path, &[Format::Pdf, Format::Json], &ExportOptions::default()) {
            Ok(products) if products.len() == 1 => {
                assert!(reading.report.diagnostics.iter().any(|d| d.severity == Severity::Error));
            }
            Ok(products) => assert!(lopdf::Document::load_mem(&products[0].content).is_ok()),
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn a_picture_becomes_a_pdf_with_the_same_pixels() {
    for name in ["scans/suoi-ngan-2025q3-L3.tif", "scans/suoi-ngan-2025q3-L0-page01.png"] {
        let path = fixture(name);
        let original = Document::open(&path).unwrap().value;
        let image = original.render(1).unwrap().value;
        let size = PageSize { width: image.pixels.width(), height: image.pixels.height(), dpi: image.dpi };
        let pages = (0..original.page_count()).map(|_| three_lines()).collect();
        let written = pdf(&mut reading(&path, Origin::Ocr, size, pages), &path);
        let made = Document::from_bytes("x.pdf", written.clone()).unwrap().value;
        assert_eq!(made.page_count(), original.page_count());
        let again = made.render(1).unwrap().value;
        assert!(again.pixels.to_luma8() == image.pixels.to_luma8(), "{name}: the pixels");
        assert_eq!(texts(&written, 1), three_lines_as_words());
        let largest =
            std::fs::metadata(&path).unwrap().len() as usize + 15_000 * original.page_count() as usize + 20_000;
        assert!(written.len() <= largest, "{name}: {} bytes", written.len());
    }
}

#[test]
fn a_jpeg_goes_through_byte_for_byte() {
    let image =
        image::DynamicImage::ImageLuma8(image::GrayImage::from_fn(1240, 1754, |x, y| image::Luma([(x ^ y) as u8])));
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image.write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let jpeg = jpeg.into_inner();
    let (_folder, path) = file(&jpeg, "x.jpg");
    let written = pdf(&mut reading(&path, Origin::Ocr, PAGE, vec![three_lines()]), &path);
    assert!(written.windows(jpeg.len()).any(|w| w == jpeg));
}

/// A PDF with a signature that shows a form with this font.
fn signed(font: Option<&str>) -> Vec<u8> {
    let mut made = Made::new("");
    let mut resources = Dictionary::new();
    let mut content = b"1 0 0 rg 0 0 100 40 re f".to_vec();
    if let Some(name) = font {
        let font = made.document.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => name });
        resources.set("Font", dictionary! { "F" => font });
        content.extend(b" BT /F 9 Tf 5 5 Td (Signed) Tj ET");
    }
    let form = Stream::new(
        dictionary! { "Subtype" => "Form", "BBox" => vec![0.into(), 0.into(), 100.into(), 40.into()], "Resources" => resources },
        content,
    );
    let form = made.document.add_object(form);
    let field = made.document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Sig", "T" => Object::string_literal("s1"),
        "Rect" => vec![300.into(), 100.into(), 400.into(), 140.into()], "F" => 132,
        "V" => dictionary! { "Type" => "Sig", "Filter" => "Adobe.PPKLite" }, "AP" => dictionary! { "N" => form },
    });
    let root = made.document.trailer.get(b"Root").unwrap().as_reference().unwrap();
    let acroform = dictionary! { "Fields" => vec![field.into()], "SigFlags" => 3 };
    made.document.get_dictionary_mut(root).unwrap().set("AcroForm", acroform);
    made.with("Annots", vec![Object::Reference(field)]).bytes()
}

#[test]
fn signatures_stand_by_default_and_are_drawn_flat_in_pdf_a() {
    let bytes = signed(None);
    let (_folder, path) = file(&bytes, "x.pdf");
    let mut first = reading(&path, Origin::Ocr, PAGE, vec![three_lines()]);
    assert!(pdf(&mut first, &path).starts_with(&bytes));
    assert!(first.report.diagnostics.iter().any(|d| d.message.contains("1 digital signatures")));

    let options = ExportOptions { pdf_a: true, attach_original: true, ..ExportOptions::default() };
    let mut second = reading(&path, Origin::Ocr, PAGE, vec![three_lines()]);
    let archived = written(&mut second, &path, Format::Pdf, &options);
    let document = lopdf::Document::load_mem(&archived).unwrap();
    let catalogue = document.catalog().unwrap();
    assert!(!catalogue.has(b"AcroForm") && catalogue.has(b"OutputIntents") && catalogue.has(b"AF"));
    let metadata = catalogue.get_deref(b"Metadata", &document).unwrap().as_stream().unwrap();
    let metadata = String::from_utf8(metadata.content.clone()).unwrap();
    assert!(metadata.contains("<pdfaid:part>3</pdfaid:part>") && metadata.contains("drawn flat"), "{metadata}");
    assert!(archived.windows(bytes.len()).any(|w| w == bytes), "the original is in it");
    assert!(second.report.diagnostics.iter().any(|d| d.message.contains("drawn flat")));
    // What the signature showed shows still.
    let page = |bytes: &[u8]| Document::from_bytes("x.pdf", bytes.to_vec()).unwrap().value.render(1).unwrap().value;
    let red = |bytes: &[u8]| page(bytes).pixels.to_rgb8().pixels().filter(|p| p.0[0] > 200 && p.0[1] < 50).count();
    assert!(red(&archived) > 1000);
}

/// Embedded files of the original, as word processors leave them: described within the tree of names, or by an annotation, and associated
/// with nothing. PDF/A-3 allows none that is not.
#[test]
fn files_that_the_original_carries_are_associated_with_it() {
    let mut made = Made::new("");
    let file = Stream::new(dictionary! { "Type" => "EmbeddedFile" }, b"phu luc".to_vec());
    let file = made.document.add_object(file);
    let root = made.document.trailer.get(b"Root").unwrap().as_reference().unwrap();
    let specification =
        |name: &str| dictionary! { "UF" => Object::string_literal(name), "EF" => dictionary! { "F" => file } };
    let names = vec![Object::string_literal("a"), specification("a.txt").into()];
    let names = dictionary! { "EmbeddedFiles" => dictionary! { "Names" => names } };
    made.document.get_dictionary_mut(root).unwrap().set("Names", names);
    let form = dictionary! { "Subtype" => "Form", "BBox" => vec![0.into(), 0.into(), 9.into(), 9.into()] };
    let form = made.document.add_object(Stream::new(form, Vec::new()));
    let annotation = made.document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "FileAttachment", "Rect" => vec![0.into(), 0.into(), 0.into(), 0.into()],
        "F" => 4, "FS" => specification("b.txt"), "AP" => dictionary! { "N" => form },
    });
    let bytes = made.with("Annots", vec![Object::Reference(annotation)]).bytes();
    let (_folder, path) = self::file(&bytes, "x.pdf");
    let mut reading = reading(&path, Origin::Ocr, PAGE, vec![three_lines()]);
    let options = ExportOptions { pdf_a: true, ..ExportOptions::default() };
    let archived = written(&mut reading, &path, Format::Pdf, &options);
    let document = lopdf::Document::load_mem(&archived).unwrap();
    let associated = document.catalog().unwrap().get_deref(b"AF", &document).unwrap().as_array().unwrap();
    let mut names: Vec<&[u8]> = associated
        .iter()
        .map(|file| {
            let file = document.dereference(file).unwrap().1.as_dict().unwrap();
            assert!(file.has(b"AFRelationship") && file.has(b"F"), "{file:?}");
            file.get(b"UF").unwrap().as_str().unwrap()
        })
        .collect();
    names.sort_unstable();
    assert_eq!(names, [b"a.txt", b"b.txt"]);
    assert!(archived.windows(27).any(|w| w == b"<pdfaid:part>3</pdfaid:part"), "{:?}", reading.report.diagnostics);
}

#[test]
fn what_cannot_conform_is_named_and_not_claimed() {
    let (_folder, path) = file(&signed(Some("Helvetica")), "x.pdf");
    let mut reading = reading(&path, Origin::Ocr, PAGE, vec![three_lines()]);
    let options = ExportOptions { pdf_a: true, ..ExportOptions::default() };
    let archived = written(&mut reading, &path, Format::Pdf, &options);
    assert!(!archived.windows(11).any(|w| w == b"pdfaid:part"));
    let said = reading.report.diagnostics.iter().find(|d| d.message.contains("not PDF/A")).unwrap();
    assert!(said.message.contains("the font Helvetica is not embedded"), "{}", said.message);
}

/// A reading with all that can break a format.
fn hostile(path: &Path) -> Reading {
    let mut lines = three_lines();
    lines.push(line("]]> <b>&amp;\"' \u{202E}đảo =1+1 *a*_b_|c| #", 200.0, 700.0));
    lines[1].words[2].alternatives.push(Alternative { text: "1.O77<".into(), confidence: 0.1 });
    let mut reading = reading(path, Origin::Ocr, PAGE, vec![lines, Vec::new()]);
    reading.pages[0].edits.push(Edit {
        line: 2,
        words: 0..1,
        before: "Nguyên".into(),
        after: "Nguyễn".into(),
        posterior: 0.7,
        grade: Grade::Probable,
    });
    reading.pages[0].recognised.lines[2].words[0].text = "Nguyên".into();
    reading
}

#[test]
fn every_markup_gives_its_text_back_whatever_the_text_is() {
    let path = fixture("scans/suoi-ngan-2025q3-L3.tif");
    let wanted: Vec<String> =
        hostile(&path).text().replace('\u{202E}', "").split_whitespace().map(str::to_owned).collect();
    for format in [Format::Alto, Format::Hocr, Format::Page] {
        let content = written(&mut hostile(&path), &path, format, &ExportOptions::default());
        let text = String::from_utf8(content).unwrap();
        let read = Transcript::parse(&text).unwrap().text();
        assert_eq!(read.split_whitespace().collect::<Vec<_>>(), wanted, "{format:?}");
        assert!(text.contains("Nguyên"), "{format:?}: what was seen is kept");
        assert!(!text.contains('\u{202E}'));
    }
}

#[test]
fn markdown_and_html_hold_the_text_and_tell_doubts_only_when_asked() {
    let path = fixture("scans/suoi-ngan-2025q3-L3.tif");
    for format in [Format::Md, Format::Html] {
        let plain = String::from_utf8(written(&mut hostile(&path), &path, format, &ExportOptions::default())).unwrap();
        assert!(plain.contains("Tổng số: 1.077 hồ sơ") && !plain.contains("<b>"), "{plain}");
        assert!(!plain.contains("Nguyên"));
        let options = ExportOptions { marks: true, ..ExportOptions::default() };
        let marked = String::from_utf8(written(&mut hostile(&path), &path, format, &options)).unwrap();
        assert!(marked.contains("Nguyên"), "{marked}");
    }
}

#[test]
fn a_table_comes_out_as_one() {
    let path = fixture("scans/suoi-ngan-2025q3-L3.tif");
    let cell = |row, column, text: &str, line| Cell {
        row,
        column,
        row_span: 1,
        column_span: 1,
        head: row == 1,
        text: text.to_owned(),
        place: Place { page: Some(1), line: Some(line), ..Place::default() },
        ..Cell::default()
    };
    let mut reading =
        reading(&path, Origin::Ocr, PAGE, vec![vec![line("Đơn_vị", 200.0, 300.0), line("Sở|A", 200.0, 400.0)]]);
    let table = Table {
        id: "t1".into(),
        pages: vec![1],
        rows: 2,
        columns: 1,
        cells: vec![cell(1, 1, "Đơn_vị", 1), cell(2, 1, "Sở|A", 2)],
        ..Table::default()
    };
    reading.report.tables.push(table);
    let of = |format| {
        let mut reading = reading.clone();
        String::from_utf8(written(&mut reading, &path, format, &ExportOptions::default())).unwrap()
    };
    let markdown = of(Format::Md);
    assert!(markdown.contains("| Đơn\\_vị |\n| --- |\n| Sở\\|A |"), "{markdown}");
    assert!(of(Format::Html).contains("<th>Đơn_vị</th>"));
    assert!(of(Format::Alto).contains("TYPE=\"table\""));
    assert!(of(Format::Page).contains("<TableCellRole rowIndex=\"1\" columnIndex=\"0\""));
    assert!(of(Format::Hocr).contains("class=\"ocr_table\""));
}

#[test]
fn the_transfer_holds_what_its_checksums_say() {
    let path = fixture("scans/suoi-ngan-2025q3-L3.tif");
    let mut reading = reading(&path, Origin::Ocr, PAGE, vec![three_lines(), Vec::new()]);
    reading.report.extraction.document.archive.title = Some("=cmd()".into());
    let products = export(&mut reading, &path, &[Format::Record], &ExportOptions::default()).unwrap();
    let content =
        |ending: &str| &products.iter().find(|p| p.ending == ending).unwrap_or_else(|| panic!("{ending}")).content;
    let sums = String::from_utf8(content(".transfer/metadata/checksum.sha256").clone()).unwrap();
    assert!(!sums.is_empty());
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        let at = name.strip_prefix("../").map_or_else(|| format!("metadata/{name}"), str::to_owned);
        assert_eq!(sohoa::digest::sha256(content(&format!(".transfer/{at}"))), sum, "{name}");
    }
    let original = ".transfer/objects/suoi-ngan-2025q3-L3.tif";
    assert!(*content(original) == std::fs::read(&path).unwrap());
    assert!(String::from_utf8(content(".record.csv").clone()).unwrap().contains("'=cmd()"));
}

/// Files of other programs, each with a text laid over its first page: none may end the run, and none that is written may
/// have lost a page, a bookmark or an annotation.
#[test]
#[ignore = "needs a folder of PDFs in SOHOA_PDFS"]
fn foreign_files_lose_nothing() {
    let folder = std::env::var_os("SOHOA_PDFS").expect("SOHOA_PDFS names a folder");
    // Where they are kept for `tools/export/compare.py`, if anywhere.
    let keep = std::env::var_os("SOHOA_PDFS_OUT").map(PathBuf::from);
    let (mut written, mut refused, mut unread) = (0, 0, 0);
    let mut worse = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|e| e != "pdf") {
            continue;
        }
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let kept = |folder: &str, ending: &str, content: &[u8]| {
            if let Some(keep) = &keep {
                std::fs::create_dir_all(keep.join(folder)).unwrap();
                std::fs::write(keep.join(folder).join(format!("{stem}{ending}")), content).unwrap();
            }
        };
        let sha256 = Some(sohoa::digest::sha256(&std::fs::read(path).unwrap()));
        // What is not read at all has no reading to export.
        let opened = match Document::open(path) {
            Ok(opened) => opened.value,
            Err(error) => {
                unread += 1;
                let source = Source { file: stem.clone(), sha256, pages: 0 };
                let report = Report::of_failure(source, Tool::default(), &error);
                kept("default", ".json", report.to_json().as_bytes());
                continue;
            }
        };
        for options in [ExportOptions::default(), ExportOptions { pdf_a: true, ..ExportOptions::default() }] {
            let pages = (0..opened.page_count()).map(|_| three_lines()).collect();
            let mut reading = reading(path, Origin::Ocr, PAGE, pages);
            let made = written_or_refused(&mut reading, path, &options);
            reading.report.source.sha256 = sha256.clone();
            let folder = if options.pdf_a { "pdfa" } else { "default" };
            kept(folder, ".json", reading.report.to_json().as_bytes());
            let told = reading.report.diagnostics.iter().any(|d| d.message.contains("give up"));
            assert!(!told, "{} is a defect of the writer", path.display());
            let Some(made) = made else {
                refused += 1;
                continue;
            };
            written += 1;
            kept(folder, ".pdf", &made);
            let before = counted(&std::fs::read(path).unwrap());
            let after = counted(&made);
            // Signatures are drawn flat in PDF/A, so annotations are compared where the file is as it was.
            let same = match options.pdf_a {
                true => before.0 == after.0 && before.1 == after.1,
                false => before == after,
            };
            if !same {
                worse.push(format!("{}: {before:?} became {after:?}", path.display()));
            }
        }
    }
    eprintln!("{written} written, {refused} refused by name, {unread} not read at all");
    assert!(worse.is_empty(), "{}", worse.join("\n"));
}

fn written_or_refused(reading: &mut Reading, path: &Path, options: &ExportOptions) -> Option<Vec<u8>> {
    let made = export(reading, path, &[Format::Pdf], options).unwrap().into_iter().next().map(|p| p.content);
    if made.is_none() {
        assert!(reading.report.diagnostics.iter().any(|d| d.severity == Severity::Error), "{}", path.display());
    }
    made
}

/// Pages, whether there are bookmarks, annotations.
fn counted(bytes: &[u8]) -> (usize, bool, usize) {
    let header = bytes.windows(5).position(|w| w == b"%PDF-").unwrap_or(0);
    let options = lopdf::LoadOptions::with_password("");
    let document = lopdf::Document::load_mem_with_options(&bytes[header..], options).unwrap();
    let annotations = document.page_iter().filter_map(|page| document.get_page_annotations(page).ok());
    let bookmarks = document.catalog().is_ok_and(|c| c.has(b"Outlines"));
    (document.page_iter().count(), bookmarks, annotations.map(|a| a.len()).sum())
}

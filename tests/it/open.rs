//! Files of every kind are opened by their content, damaged ones are told by what is wrong with them, and no page comes
//! out blank because its content is lost. Files are made here, but for those in `fixtures/broken`.

use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str};
use sohoa::diagnostics::Outcome;
use sohoa::raster::{Document, Kind, PageImage};
use sohoa::{ErrorKind, error::Error};
use std::io::Cursor;
use std::path::Path;

/// A page with a black bar in its upper left part: light at the right and below.
fn page(width: u32, height: u32) -> GrayImage {
    GrayImage::from_fn(width, height, |x, y| Luma([if x < width / 2 && y < height / 4 { 0 } else { 255 }]))
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn open(bytes: Vec<u8>) -> Document {
    Document::from_bytes("scan", bytes).unwrap().value
}

fn refused(bytes: Vec<u8>) -> Error {
    Document::from_bytes("scan", bytes).unwrap_err()
}

fn first(bytes: Vec<u8>) -> Outcome<PageImage> {
    open(bytes).render(1).unwrap()
}

/// Brightness at parts of the page's width and height.
fn at(page: &PageImage, x: f32, y: f32) -> u8 {
    let grey = page.pixels.to_luma8();
    grey.get_pixel((x * grey.width() as f32) as u32, (y * grey.height() as f32) as u32).0[0]
}

/// The bar of [`page`] stands where it should.
fn assert_upright(page: &PageImage, what: &str) {
    assert!(at(page, 0.2, 0.1) < 60, "{what}: the bar");
    assert!(at(page, 0.8, 0.1) > 200, "{what}: right of the bar");
    assert!(at(page, 0.2, 0.6) > 200, "{what}: below the bar");
}

/// What stands on a page of a PDF made here.
enum On<'a> {
    /// An image over the whole page: filter, encoded data, bits a sample, size.
    Image(Filter, &'a [u8], i32, (i32, i32)),
    /// The same in strips of so many rows, each with data of its own.
    Strips(&'a [(Vec<u8>, i32)], i32),
    /// A line of text.
    Text(&'a str),
    /// An operator stream as it is.
    Raw(&'a str),
    /// A content stream that cannot be inflated.
    Garbage,
}

/// A PDF whose pages are A5 at 595 x 420 points turned by `rotate`.
fn pdf(pages: &[On<'_>], rotate: i32) -> Vec<u8> {
    const WIDTH: f32 = 420.0;
    const HEIGHT: f32 = 595.0;
    let mut pdf = Pdf::new();
    let mut next = 3;
    let mut fresh = || {
        next += 1;
        Ref::new(next)
    };
    let (catalogue, tree) = (Ref::new(1), Ref::new(2));
    let font = Ref::new(3);
    pdf.catalog(catalogue).pages(tree);
    let ids: Vec<Ref> = pages.iter().map(|_| fresh()).collect();
    pdf.pages(tree).kids(ids.iter().copied()).count(ids.len() as i32);
    pdf.type1_font(font).base_font(Name(b"Helvetica"));
    for (id, on) in ids.iter().zip(pages) {
        let content_id = fresh();
        let mut content = Content::new();
        let mut images = Vec::new();
        let mut image = |data: &[u8], filter: Filter, bits: i32, (w, h): (i32, i32)| {
            let id = fresh();
            let mut object = pdf.image_xobject(id, data);
            object.width(w).height(h).bits_per_component(bits);
            object.color_space().device_gray();
            object.filter(filter);
            object.finish();
            images.push((format!("I{}", images.len()), id));
        };
        let mut raw = None;
        match on {
            On::Image(filter, data, bits, size) => {
                image(data, *filter, *bits, *size);
                content.save_state().transform([WIDTH, 0.0, 0.0, HEIGHT, 0.0, 0.0]);
                content.x_object(Name(b"I0")).restore_state();
            }
            On::Strips(strips, width) => {
                let rows: i32 = strips.iter().map(|(_, rows)| rows).sum();
                let mut top = HEIGHT;
                for (index, (data, height)) in strips.iter().enumerate() {
                    image(data, Filter::FlateDecode, 8, (*width, *height));
                    let part = HEIGHT * *height as f32 / rows as f32;
                    top -= part;
                    content.save_state().transform([WIDTH, 0.0, 0.0, part, 0.0, top]);
                    content.x_object(Name(format!("I{index}").as_bytes())).restore_state();
                }
            }
            On::Text(text) => {
                content.begin_text().set_font(Name(b"F"), 20.0).next_line(40.0, 500.0).show(Str(text.as_bytes()));
                content.end_text();
            }
            On::Raw(operators) => raw = Some(operators.as_bytes().to_vec()),
            On::Garbage => raw = Some(b"this was never deflated".to_vec()),
        }
        let bytes = raw.unwrap_or_else(|| content.finish().into_vec());
        let mut stream = pdf.stream(content_id, &bytes);
        if matches!(on, On::Garbage) {
            stream.filter(Filter::FlateDecode);
        }
        stream.finish();
        let mut page = pdf.page(*id);
        page.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(tree).contents(content_id).rotate(rotate);
        let mut resources = page.resources();
        resources.fonts().pair(Name(b"F"), font);
        let mut objects = resources.x_objects();
        for (name, id) in &images {
            objects.pair(Name(name.as_bytes()), id);
        }
    }
    pdf.finish()
}

fn deflated(samples: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(samples).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn pictures_of_every_colour_become_grey_or_rgb() {
    let grey = DynamicImage::from(page(620, 877));
    let clear = RgbaImage::from_fn(620, 877, |x, y| Rgba([0, 0, 0, if x < 310 && y < 219 { 255 } else { 0 }]));
    let red = RgbImage::from_fn(620, 877, |x, y| if x < 310 && y < 219 { Rgb([200, 0, 0]) } else { Rgb([255; 3]) });
    let cases = [
        ("grey", grey.clone(), ImageFormat::Png, false),
        ("grey as colour", grey.to_rgb8().into(), ImageFormat::Png, false),
        ("16 bits", grey.to_luma16().into(), ImageFormat::Png, false),
        ("16 bits in colour", grey.to_rgb16().into(), ImageFormat::Png, false),
        ("transparent paper", clear.into(), ImageFormat::Png, false),
        ("JPEG", grey.clone(), ImageFormat::Jpeg, false),
        ("red", red.into(), ImageFormat::Png, true),
    ];
    for (what, image, format, coloured) in cases {
        let page = first(encoded(&image, format)).value;
        assert_upright(&page, what);
        assert_eq!(matches!(page.pixels, DynamicImage::ImageRgb8(_)), coloured, "{what}");
    }
}

#[test]
fn a_missing_resolution_is_estimated_and_said() {
    let page = first(encoded(&page(1654, 2339).into(), ImageFormat::Png));
    assert_eq!(page.value.dpi, 200.0);
    assert!(page.diagnostics.iter().any(|d| d.message.contains("200 dpi is assumed")), "{:?}", page.diagnostics);
    assert_eq!(page.diagnostics[0].place.unwrap().page, Some(1));
}

#[test]
fn a_cameras_orientation_is_followed() {
    // A JPEG with an EXIF segment that says "turn a quarter clockwise to see it" (6), 300 dpi.
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01".to_vec();
    exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0");
    let jpeg = encoded(&DynamicImage::from(page(620, 877)).rotate270(), ImageFormat::Jpeg);
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xFF, 0xE1]);
    bytes.extend((exif.len() as u16 + 2).to_be_bytes());
    bytes.extend(&exif);
    bytes.extend(&jpeg[2..]);
    let page = first(bytes).value;
    assert_eq!((page.pixels.width(), page.pixels.height()), (620, 877));
    assert_upright(&page, "EXIF");
}

#[test]
fn tiff_files_have_pages_in_every_usual_compression() {
    use tiff::encoder::{Compression, DeflateLevel, TiffEncoder, colortype};
    let page = page(620, 877);
    let compressions = [
        ("uncompressed", Compression::Uncompressed),
        ("LZW", Compression::Lzw),
        ("Deflate", Compression::Deflate(DeflateLevel::Balanced)),
        ("PackBits", Compression::Packbits),
    ];
    let mut file = Cursor::new(Vec::new());
    for (what, compression) in compressions {
        let mut encoder = TiffEncoder::new(&mut file).unwrap().with_compression(compression);
        encoder.write_image::<colortype::Gray8>(620, 877, page.as_raw()).unwrap();
        let bytes = std::mem::take(&mut file).into_inner();
        assert_upright(&first(bytes).value, what);
    }
    let mut encoder = TiffEncoder::new(&mut file).unwrap();
    encoder.write_image::<colortype::Gray8>(620, 877, page.as_raw()).unwrap();
    let wide: Vec<u16> = page.as_raw().iter().map(|&v| u16::from(v) << 8).collect();
    encoder.write_image::<colortype::Gray16>(620, 877, &wide).unwrap();
    let rgb = DynamicImage::from(page.clone()).to_rgb8();
    encoder.write_image::<colortype::RGB8>(620, 877, rgb.as_raw()).unwrap();
    let document = open(file.into_inner());
    assert_eq!((document.kind(), document.page_count()), (Kind::Tiff, 3));
    for number in 1..=3 {
        assert_upright(&document.render(number).unwrap().value, &format!("page {number}"));
    }
    assert_eq!(document.render(4).unwrap_err().kind(), ErrorKind::Unreadable);
}

#[test]
fn tiff_files_of_scanners_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/broken/tiff");
    for name in
        ["fax.tif", "group4.tif", "jpeg.tif", "palette.tif", "cmyk.tif", "tiles.tif", "planes.tif", "bilevel.tif"]
    {
        let document = Document::open(folder.join(name)).unwrap().value;
        let page = document.render(1).unwrap().value;
        assert_eq!((page.pixels.width(), page.pixels.height()), (64, 48), "{name}");
        assert!(at(&page, 0.3, 0.3) < 60 && at(&page, 0.9, 0.3) > 200 && at(&page, 0.3, 0.8) > 200, "{name}");
        assert_eq!(page.dpi, 300.0, "{name}");
    }
}

#[test]
fn a_tiff_that_is_cut_off_keeps_what_there_is() {
    use tiff::encoder::{TiffEncoder, colortype};
    let mut file = Cursor::new(Vec::new());
    TiffEncoder::new(&mut file).unwrap().write_image::<colortype::Gray8>(620, 877, page(620, 877).as_raw()).unwrap();
    let mut bytes = file.into_inner();
    // The directory stands at the end of what this encoder writes; damage the file in front of it.
    assert_eq!(refused(bytes[..bytes.len() / 2].to_vec()).kind(), ErrorKind::Damaged);
    bytes.truncate(6);
    assert_eq!(refused(bytes).kind(), ErrorKind::Damaged);
}

#[test]
fn a_scanned_pdf_page_comes_as_its_own_pixels() {
    let scan = page(875, 1240);
    let jpeg = encoded(&scan.clone().into(), ImageFormat::Jpeg);
    let flate = deflated(scan.as_raw());
    let rows = scan.as_raw().chunks(875 * 310).map(|strip| (deflated(strip), (strip.len() / 875) as i32));
    let strips: Vec<_> = rows.collect();
    let size = (875, 1240);
    let document = open(pdf(
        &[
            On::Image(Filter::DctDecode, &jpeg, 8, size),
            On::Image(Filter::FlateDecode, &flate, 8, size),
            On::Strips(&strips, 875),
        ],
        0,
    ));
    assert_eq!((document.kind(), document.page_count()), (Kind::Pdf, 3));
    for number in 1..=3 {
        let page = document.render(number).unwrap().value;
        assert_eq!((page.pixels.width(), page.pixels.height()), (875, 1240), "page {number}");
        assert!((page.dpi - 150.0).abs() < 0.5, "page {number}: {}", page.dpi);
        assert_upright(&page, &format!("page {number}"));
        if number > 1 {
            assert_eq!(page.pixels.to_luma8().as_raw(), scan.as_raw(), "page {number} is not exact");
        }
    }
}

#[test]
fn a_turned_pdf_page_is_turned() {
    let scan = page(875, 1240);
    for (rotate, unturned) in [
        (90, DynamicImage::from(scan.clone()).rotate270()),
        (180, DynamicImage::from(scan.clone()).rotate180()),
        (270, DynamicImage::from(scan.clone()).rotate90()),
    ] {
        // The page is as wide as it was high before it was turned; its image is stretched to fit, as viewers do.
        let data = deflated(unturned.as_bytes());
        let size = (unturned.width() as i32, unturned.height() as i32);
        let page = first(pdf(&[On::Image(Filter::FlateDecode, &data, 8, size)], rotate)).value;
        assert_upright(&page, &format!("{rotate} degrees"));
    }
}

#[test]
fn text_is_rasterised_and_handed_out_with_its_places() {
    let document = open(pdf(&[On::Text("Bao cao 195")], 0));
    let page = document.render(1).unwrap().value;
    assert_eq!((page.pixels.width(), page.pixels.height()), (1750, 2479));
    assert_eq!(page.dpi, 300.0);
    let layer = document.text_layer(1).unwrap().unwrap();
    let words: Vec<String> = layer.lines.iter().flat_map(|l| &l.words).map(|w| w.text()).collect();
    assert_eq!(words, ["Bao", "cao", "195"]);
    // 40 points from the left, the baseline 500 points from the bottom.
    let rect = layer.lines[0].rect;
    assert!((rect.x0 - 40.0 * 300.0 / 72.0).abs() < 3.0, "{rect:?}");
    assert!(rect.y0 < 95.0 * 300.0 / 72.0 && rect.y1 > 95.0 * 300.0 / 72.0, "{rect:?}");
    let inked = page.pixels.to_luma8().enumerate_pixels().filter(|(_, _, p)| p.0[0] < 128).all(|(x, y, _)| {
        let (x, y) = (x as f32, y as f32);
        x >= rect.x0 - 3.0 && x <= rect.x1 + 3.0 && y >= rect.y0 - 3.0 && y <= rect.y1 + 3.0
    });
    assert!(inked, "ink outside of the line's rectangle");
    assert!(document.render(1).unwrap().value.to_page == sohoa::geometry::Transform::IDENTITY);
}

#[test]
fn lost_content_is_damage_and_not_a_blank_page() {
    let scan = deflated(page(100, 140).as_raw());
    let good = || On::Image(Filter::FlateDecode, &scan, 8, (100, 140));
    let cases = [
        ("JPEG data that are none", On::Image(Filter::DctDecode, b"no picture here", 8, (100, 140))),
        ("JPEG 2000 data that are none", On::Image(Filter::JpxDecode, b"no picture here", 8, (100, 140))),
        ("an image that is missing", On::Raw("q 420 0 0 595 0 0 cm /Missing Do Q")),
        ("content that cannot be inflated", On::Garbage),
    ];
    for (what, lost) in cases {
        let document = open(pdf(&[good(), lost, good()], 0));
        let error = document.render(2).expect_err(what);
        assert_eq!((error.kind(), error.page_no()), (ErrorKind::Damaged, Some(2)), "{what}: {error}");
        for number in [1, 3] {
            assert_upright(&document.render(number).unwrap().value, what);
        }
    }
}

#[test]
fn a_page_with_nothing_on_it_is_blank_and_said_to_be() {
    for (what, bytes) in [
        ("empty content", pdf(&[On::Raw("")], 0)),
        ("white picture", encoded(&GrayImage::from_pixel(620, 877, Luma([255])).into(), ImageFormat::Png)),
        ("one pixel", encoded(&GrayImage::from_pixel(1, 1, Luma([0])).into(), ImageFormat::Png)),
    ] {
        let page = first(bytes);
        let said = page.diagnostics.iter().any(|d| d.message.contains("blank") || d.message.contains("too small"));
        assert!(said, "{what}: {:?}", page.diagnostics);
    }
}

#[test]
fn files_that_are_no_scans_are_named() {
    let cases: [(&[u8], ErrorKind, &str); 5] = [
        (b"", ErrorKind::Unreadable, "empty"),
        (b"PK\x03\x04\x14\0..word/document.xml", ErrorKind::Unsupported, ".docx"),
        (b"Khong co noi dung bao cao", ErrorKind::Unsupported, "plain text"),
        (b"%PDF-1.7\n1 0 obj\n<</Type/Cat", ErrorKind::Damaged, "PDF"),
        (b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR", ErrorKind::Damaged, "damaged"),
    ];
    for (bytes, kind, named) in cases {
        let error = refused(bytes.to_vec());
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.message().contains(named), "{error}");
        assert!(error.remedy_text().is_some(), "{error}");
    }
    let missing = Document::open("there/is/no/such.pdf").unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::Unreadable);
}

#[test]
fn a_pdf_that_is_cut_off_says_so_or_is_refused() {
    let scan = deflated(page(100, 140).as_raw());
    let image = || On::Image(Filter::FlateDecode, &scan, 8, (100, 140));
    let whole = pdf(&[image(), image(), image()], 0);
    for length in (0..whole.len() - 8).step_by(whole.len() / 40) {
        let Ok(opened) = Document::from_bytes("cut.pdf", whole[..length].to_vec()) else { continue };
        assert!(!opened.diagnostics.is_empty(), "cut to {length} of {} bytes, and nothing is said", whole.len());
        for number in 1..=opened.value.page_count() {
            if let Ok(page) = opened.value.render(number) {
                let blank = page.value.pixels.as_bytes().iter().all(|&v| v == 255);
                assert!(!blank, "cut to {length} bytes, page {number} came out blank");
            }
        }
    }
}

#[test]
fn encrypted_pdfs_open_without_a_password_or_ask_for_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/broken");
    let readable = Document::open(folder.join("owner-password.pdf")).unwrap().value;
    assert!(readable.render(1).is_ok());
    let error = Document::open(folder.join("user-password.pdf")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Encrypted);
    assert!(error.remedy_text().unwrap().contains("qpdf --decrypt"));
}

#[test]
fn a_page_that_would_fill_the_memory_is_refused_before_it_is_decoded() {
    let header = |width: u32, height: u32| {
        let mut png = encoded(&page(16, 16).into(), ImageFormat::Png);
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        // The checksum of the header chunk covers its name and data.
        let crc = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&crc.to_be_bytes());
        png
    };
    let error = open(header(30_000, 30_000)).render(1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
    let huge = pdf(&[On::Image(Filter::FlateDecode, &deflated(&[0; 64]), 8, (30_000, 30_000))], 0);
    let error = open(huge).render(1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

#[test]
fn one_document_is_rendered_by_several_threads() {
    let scan = deflated(page(300, 420).as_raw());
    let pages: Vec<_> = (0..8).map(|_| On::Image(Filter::FlateDecode, &scan, 8, (300, 420))).collect();
    let document = open(pdf(&pages, 0));
    std::thread::scope(|scope| {
        let workers: Vec<_> = (1..=8)
            .map(|number| {
                let document = &document;
                scope.spawn(move || document.render(number).unwrap().value.pixels.into_luma8().into_raw())
            })
            .collect();
        let first = page(300, 420).into_raw();
        assert!(workers.into_iter().all(|worker| worker.join().unwrap() == first));
    });
}

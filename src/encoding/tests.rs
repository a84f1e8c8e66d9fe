//! Every letter in every encoding, and sentences as offices wrote them.

use super::*;
use crate::text::letter::marked;
use std::sync::LazyLock;

static KNOWN: LazyLock<Dictionaries> = LazyLock::new(Dictionaries::embedded);

const OLD: [Encoding; 7] = [
    Encoding::Tcvn3,
    Encoding::Tcvn5712,
    Encoding::Vni,
    Encoding::Viscii,
    Encoding::Vps,
    Encoding::Windows1258,
    Encoding::Utf8,
];

/// Sentences of our own, as a commune's office might write them.
const SENTENCES: [&str; 5] = [
    "Trong quý, bộ phận một cửa đã tiếp nhận 214 hồ sơ, giải quyết đúng hạn 209 hồ sơ.",
    "Đề nghị các thôn rà soát, lập danh sách những hộ bị ảnh hưởng bởi bão và gửi về văn phòng trước ngày 15 tháng 9.",
    "Việc chi trả trợ cấp cho người cao tuổi được thực hiện đầy đủ, kịp thời; không có khiếu nại.",
    "Hội đồng đã kiểm kê tài sản, phương tiện của kho cũ: 12 tủ sắt, 3 máy chữ (đã hỏng), 40 ghế gỗ.",
    "Ở xã Nghĩa Thuỷ, giữa năm, mưa lũ cuốn trôi cầu gỗ; tuyến đường vẫn đi lại được bằng thuyền.",
];

fn encode(encoding: Encoding, text: &str) -> String {
    text.chars().map(|c| encoding.encode(c).unwrap_or_else(|| c.to_string())).collect()
}

/// Only TCVN3 cannot write all: capitals with tones are small letters there.
fn writable(encoding: Encoding, letter: char) -> bool {
    encoding != Encoding::Tcvn3 || letter.is_lowercase() || "ĂÂĐÊÔƠƯ".contains(letter)
}

#[test]
fn every_letter_of_every_encoding_round_trips() {
    for encoding in OLD {
        for letter in marked().filter(|&l| writable(encoding, l)) {
            let shown = encoding.encode(letter).unwrap_or_else(|| panic!("{encoding} cannot write {letter}"));
            assert_eq!(encoding.decode(&shown), (letter.to_string(), vec![]), "{encoding}: {letter} as {shown:?}");
        }
    }
    assert_eq!(Encoding::Tcvn3.encode('Ấ'), None);
}

#[test]
fn known_spellings_are_as_the_standards_have_them() {
    // Written down from what such files look like on a screen, not through our own tables.
    for (encoding, shown, text) in [
        (Encoding::Tcvn3, "Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        (Encoding::Tcvn3, "§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
        (Encoding::Tcvn3, "ñy ban nh©n d©n tØnh, quyÕt ®Þnh \u{AD}u ®·i", "ủy ban nhân dân tỉnh, quyết định ưu đãi"),
        (Encoding::Vni, "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        (Encoding::Vni, "ÑOÄC LAÄP - TÖÏ DO - HAÏNH PHUÙC", "ĐỘC LẬP - TỰ DO - HẠNH PHÚC"),
        (
            Encoding::Vni,
            "Ñöôøng thuûy, kyõ thuaät, ngöôøi kyù, thò tröôøng",
            "Đường thủy, kỹ thuật, người ký, thị trường",
        ),
        (Encoding::Utf8, "Cá»™ng hÃ²a xÃ£ há»™i", "Cộng hòa xã hội"),
        (Encoding::Windows1258, "Côòng hoÌa xaÞ hôòi", "Cộng hòa xã hội"),
    ] {
        assert_eq!(encoding.decode(shown), (text.to_owned(), vec![]), "{encoding}");
    }
    // RFC 1456, table 1: 0xC4 ả, 0xD5 ạ, 0xAE ệ, 0xD0 Đ.
    for (byte, letter) in [('\u{C4}', 'Ả'), ('\u{D5}', 'ạ'), ('\u{AE}', 'ệ'), ('\u{D0}', 'Đ')] {
        assert_eq!(Encoding::Viscii.decode(&byte.to_string()).0, letter.to_string());
    }
}

#[test]
fn sentences_are_recognised_and_converted() {
    let converter = Converter::new(&KNOWN);
    for encoding in OLD {
        for sentence in SENTENCES {
            let sentence: String = match encoding {
                // What it cannot write would be in another font.
                Encoding::Tcvn3 => sentence.chars().filter(|&c| c.is_ascii() || writable(encoding, c)).collect(),
                _ => sentence.to_owned(),
            };
            let outcome = converter.convert(&encode(encoding, &sentence));
            assert_eq!(outcome.value.text, sentence, "{encoding}: {:?}", outcome.value.runs);
            assert_eq!(outcome.diagnostics, [], "{encoding}");
            // TCVN3 is a part of TCVN 5712, and a sentence need not tell them apart.
            let found: Vec<_> = outcome.value.runs.iter().map(|r| r.encoding).collect();
            assert!(
                found == [encoding] || (encoding == Encoding::Tcvn5712 && found == [Encoding::Tcvn3]),
                "{encoding}: {found:?}"
            );
        }
    }
}

#[test]
fn right_text_stays() {
    let converter = Converter::new(&KNOWN);
    let foreign = [
        "Café Bolloré, Saint-Étienne, Besançon: une année très chargée",
        "naïve Müller & Söhne GmbH, Köln",
        "• § 5 – 20°C ½ × 3 “x”",
    ];
    for text in
        SENTENCES.into_iter().chain(foreign).chain(["UBND xã Ea Kly, huyện Krông Pắc, tỉnh Đắk Lắk", "", "abc 123"])
    {
        let outcome = converter.convert(text);
        assert_eq!((outcome.value.text.as_str(), outcome.value.runs.len()), (text, 0));
    }
}

#[test]
fn a_mixture_is_converted_run_by_run() {
    let converter = Converter::new(&KNOWN);
    let mixed = [
        SENTENCES[0].to_owned(),
        encode(Encoding::Vni, SENTENCES[1]),
        encode(Encoding::Utf8, SENTENCES[2]),
        SENTENCES[3].to_owned(),
        encode(Encoding::Viscii, SENTENCES[4]),
    ];
    let outcome = converter.convert(&mixed.join("\n"));
    assert_eq!(outcome.value.text, SENTENCES.join("\n"));
    let found: Vec<_> = outcome.value.runs.iter().map(|r| r.encoding).collect();
    assert_eq!(found, [Encoding::Vni, Encoding::Utf8, Encoding::Viscii]);
}

#[test]
fn fonts_of_capitals_are_read_as_capitals() {
    let converter = Converter::new(&KNOWN);
    let pieces = [
        Piece { text: "ñy ban nh©n d©n x· an phó", font: Some("ABCDEF+.VnTimeH,Bold") },
        Piece { text: "B¸o c¸o kÕt qu¶ n¨m 2004 cña Ban qu¶n lý", font: Some(".VnTime") },
        Piece { text: "Ủy ban", font: Some("TimesNewRomanPSMT") },
        Piece { text: "ban", font: Some(".VnTimeH") },
        Piece { text: "ngöôøi kyù", font: Some("VNI-Times") },
    ];
    let texts: Vec<String> = converter.convert_pieces(&pieces).value.into_iter().map(|c| c.text).collect();
    assert_eq!(
        texts,
        ["ỦY BAN NHÂN DÂN XÃ AN PHÚ", "Báo cáo kết quả năm 2004 của Ban quản lý", "Ủy ban", "BAN", "người ký"]
    );
}

#[test]
fn a_font_whose_text_is_unicode_already_is_left() {
    let converter = Converter::new(&KNOWN);
    let piece = Piece { text: "Báo cáo kết quả năm 2004 của ủy ban", font: Some(".VnTime") };
    assert_eq!(converter.convert_pieces(&[piece]).value[0].text, piece.text);
}

#[test]
fn hyphens_for_u_with_horn_are_read() {
    let converter = Converter::new(&KNOWN);
    let outcome = converter.convert("Th«ng t- cña Bé tr-ëng vÒ l-¬ng ng-êi lao ®éng, kinh tÕ - x· héi");
    assert_eq!(outcome.value.text, "Thông tư của Bộ trưởng về lương người lao động, kinh tế - xã hội");
}

#[test]
fn what_means_nothing_is_named_and_kept() {
    let converter = Converter::new(&KNOWN);
    let mut shown = encode(Encoding::Vps, SENTENCES[0]);
    shown.insert_str(0, "ch\u{81}ng t\u{F6}i ");
    let outcome = converter.convert(&format!("x\n{shown}"));
    assert!(outcome.value.text.contains("t\u{F6}i"), "{}", outcome.value.text);
    let named = outcome.diagnostics.iter().find(|d| d.message.contains("0xF6")).expect("the byte is named");
    assert_eq!(named.place.and_then(|p| p.line), Some(2));
}

#[test]
fn files_are_read_whatever_they_are_in() {
    let converter = Converter::new(&KNOWN);
    let bytes = |encoding, text: &str| -> Vec<u8> {
        encode(encoding, text).chars().map(|c| table::byte_of(c).unwrap()).collect()
    };
    let utf16: Vec<u8> = [0xFEFF].into_iter().chain(SENTENCES[0].encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let mut mixed = SENTENCES[0].as_bytes().to_vec();
    mixed.push(b'\n');
    mixed.extend(SENTENCES[3].as_bytes());
    mixed.push(b'\n');
    mixed.extend(bytes(Encoding::Vni, SENTENCES[1]));
    for (file, text) in [
        (bytes(Encoding::Tcvn5712, SENTENCES[1]), SENTENCES[1].to_owned()),
        (bytes(Encoding::Viscii, SENTENCES[2]), SENTENCES[2].to_owned()),
        (bytes(Encoding::Windows1258, SENTENCES[3]), SENTENCES[3].to_owned()),
        (utf16, SENTENCES[0].to_owned()),
        (format!("\u{FEFF}{}", SENTENCES[0]).into_bytes(), SENTENCES[0].to_owned()),
        (mixed, [SENTENCES[0], SENTENCES[3], SENTENCES[1]].join("\n")),
    ] {
        assert_eq!(converter.read_bytes(&file).value.text, text);
    }
    let outcome = converter.read_bytes(b"abc\nd \xFF\xFF e\n");
    assert_eq!((outcome.value.text.as_str(), outcome.diagnostics.len()), ("abc\nd ÿÿ e\n", 1));
}

#[test]
fn foreign_words_are_found_wherever_they_stand() {
    for before in 0..140 {
        let text = format!("{} d\u{1}t, abc “việt”. x\u{B}y é", "ab ".repeat(before));
        let found: Vec<&str> = foreign_words(&text).map(|range| &text[range]).collect();
        assert_eq!(found, ["d\u{1}t", "“việt”", "é"], "{before}");
    }
    assert_eq!(foreign_words("abc 12").count() + foreign_words("").count(), 0);
}

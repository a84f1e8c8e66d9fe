//! Restoration as a whole, with the model, the channel and the dictionaries that come with the program.

use sohoa::dict::Dictionaries;
use sohoa::lm::Model;
use sohoa::restore::{LearnedChannel, Options, Restorer};
use std::sync::{Arc, LazyLock};

static RESTORER: LazyLock<Restorer> = LazyLock::new(|| Restorer::embedded().unwrap());

/// A restorer with a user's entries.
fn with_entries(entries: &str) -> Restorer {
    let model = Model::embedded().unwrap();
    let channel = LearnedChannel::embedded(model.vocabulary()).unwrap();
    let dictionaries = Dictionaries::embedded().with_user_entries(entries.as_bytes()).unwrap().value;
    Restorer::with(Arc::new(model), Box::new(channel), &dictionaries, Options::default()).unwrap()
}

#[test]
fn digits_are_those_that_were_seen() {
    let seen = "Tong s6 h6 so: 1.250; da giai quyét 1,2l5 ho so (97,2 %), ngay 05/7/2025, s6 10/Qb-UBND, ly do khac: 0";
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let restored = RESTORER.restore_plain(seen);
    for number in ["1.250", "1,2l5", "97,2", "05/7/2025", "10/QĐ-UBND"] {
        assert!(restored.contains(number), "{number} in {restored}");
    }
    // What is lost of digits was letters: `s6` and `h6`.
    assert_eq!(digits(&restored), digits("1.250 1,25 97,2 05/7/2025 10 0"));
}

#[test]
fn a_word_that_a_clean_text_repeats_is_what_it_says() {
    let seen = "Từ đầu tháng đến nay toàn huyện ghi nhận 45 cas mắc sốt xuất huyết, tăng 12 cas so với cùng kỳ năm trước.\n\
        Trong đó có 3 cas mắc nặng, không có cas tử vong; số cas mắc tay chân miệng là 18 cas.\n";
    assert_eq!(RESTORER.restore_plain(seen), seen);
}

#[test]
fn a_clean_text_is_presumed_to_be_right() {
    // What is said of a change of the neighbourhood does not make a lorry's trips one.
    let clean = "Đàn trâu có 306 con. Công tác vệ sinh môi trường tại thôn Gò Me có chuyển biến,\n\
        đã thu gom 51 chuyến rác thải. Tỷ lệ hộ dùng nước sạch là 93,4%. Công tác vệ\n\
        sinh môi trường tại thôn Đồng Mít có chuyển biến, đã thu gom 49 chuyến rác\n\
        thải. Tỷ lệ hộ dùng nước sạch là 41,9%. Công tác vệ sinh môi trường tại thôn\n\
        Cầu Đá có chuyển biến, đã thu gom 86 chuyến rác thải.\n";
    assert_eq!(RESTORER.restore_plain(clean), clean);
    // A slip is mended all the same.
    let slip = RESTORER.restore_plain(&clean.replacen("nước sạch là 93", "nước sach là 93", 1));
    assert!(slip.contains("nước sạch là 93"), "{slip}");
}

#[test]
fn a_slip_that_comes_back_is_a_slip() {
    let seen = "Trong quý I năm 2025, UBND xã đã công. khai niêm vết các thủ tục\n\
        hành chính mới ban hành; sửa đôi. bố sung được công bö tại 12 Quyết định công bố\n\
        của UBND tỉnh. Bộ phận một cửa đã niêm vết đủ các quyêt định; các thôn cũng\n\
        niêm vết tại nhà văn hoá đề nhân dân biêt, giám sát quá trình tiếp nhận. giải\n\
        quyết TTHC của cán bộ. công chức:\n";
    let restored = RESTORER.restore_plain(seen);
    assert!(restored.matches("niêm yết").count() == 3 && !restored.contains("vết"), "{restored}");
}

#[test]
fn raised_digits_are_digits() {
    let seen = "Số ca mắc ở nhóm dưới 15 tuổi³ tăng; diện tích 25 m², 3 km² và 4 m³ nước; xem ghi chú¹².\n";
    assert_eq!(RESTORER.restore_plain(seen), seen);
}

#[test]
fn a_capital_stroke_may_be_a_small_l() {
    let seen = "Danh muc thi tuc hanh chinh, trong do co I6i phan mém va Iy do khac";
    let restored = RESTORER.restore_plain(seen);
    assert!(restored.contains("lỗi phần mềm"), "{restored}");
    assert!(restored.contains("lý do"), "{restored}");
}

#[test]
fn the_end_of_a_document_is_no_middle_of_a_sentence() {
    let seen = "Tren day la bao cao ket qua quy III, UBND xa bao cao va xin y kien chi dao./\nNoi nhan:\n- Nhu tren;\n";
    let restored = RESTORER.restore_plain(seen);
    assert!(restored.contains("\nNơi nhận:\n"), "{restored}");
}

#[test]
fn a_name_that_is_clear_in_one_place_helps_in_another() {
    let clear = "Ông Hà Đình Luyên báo cáo kết quả thực hiện như sau.\nHồ sơ của ông Hà Đình Luyên nộp trực tuyến.\n";
    let bare = "Kết quả của ông Ha Dinh Luyen năm nay cao hơn năm trước.\n";
    let restored = RESTORER.restore_plain(&format!("{clear}{bare}"));
    assert!(restored.starts_with(clear), "{restored}");
    assert!(restored.contains("Hà Đình Luyên năm"), "{restored}");
    assert!(!RESTORER.restore_plain(bare).contains("Luyên"), "the name is too rare to be known");
}

#[test]
fn entries_of_the_user_are_believed() {
    let seen = "Bao cao cua xa Hoa Phu ve cong tac cai cach hanh chinh\n";
    assert!(!RESTORER.restore_plain(seen).contains("Hỏa Phù"));
    assert!(with_entries("Hỏa Phù\n").restore_plain(seen).contains("Hỏa Phù"));
}

/// As a recogniser sees it that lacks letters with marks: signs that it has for nothing else.
fn misread(printed: &str) -> String {
    let marked = |c: char| match c {
        'ă' | 'ắ' | 'ặ' | 'ằ' => '#',
        'ê' | 'ế' | 'ệ' | 'ề' | 'ể' => '§',
        'ô' | 'ố' | 'ộ' | 'ổ' | 'ồ' => '¢',
        'ư' | 'ự' | 'ứ' | 'ữ' | 'ừ' | 'ử' => 'n',
        'ơ' | 'ờ' | 'ớ' | 'ợ' => 'c',
        'đ' => '€',
        'á' | 'à' | 'ả' | 'ã' | 'ạ' | 'â' | 'ấ' | 'ầ' | 'ậ' | 'ẩ' => 'a',
        'ì' | 'í' | 'ị' | 'ỉ' | 'ĩ' => 'i',
        'ó' | 'ò' | 'ỏ' | 'ọ' | 'õ' => 'o',
        'ú' | 'ù' | 'ủ' | 'ụ' | 'ũ' => 'u',
        'é' | 'è' | 'ẽ' | 'ẹ' | 'ẻ' => 'e',
        c => c,
    };
    printed.chars().map(marked).collect()
}

#[test]
fn digits_are_kept_where_that_is_asked_for() {
    let clear = "Thực hiện nhiệm vụ được giao, trong năm qua Ủy ban nhân dân xã đã tập trung chỉ đạo công tác cải cách hành chính, giải \
        quyết kịp thời các hồ sơ của người dân và doanh nghiệp. Việc công khai các thủ tục được thực hiện nghiêm túc tại bộ phận một cửa, \
        cán bộ công chức có tinh thần trách nhiệm. Trong năm tới tiếp tục rà soát, bắt đầu từ các lĩnh vực đất đai, hộ tịch, tư pháp.";
    let text = format!("{}\n\nthuc hien ch6 66 bdo cdo dinh ky\n", misread(clear));
    let last = |keep: bool| {
        let resources = sohoa::Resources::embedded().keeping_digits(keep);
        resources.restorer().unwrap().restore_plain(&text).trim_end().rsplit('\n').next().unwrap().to_owned()
    };
    assert_eq!([last(false), last(true)], ["thực hiện chế độ báo cáo định kỳ", "thực hiện chế 66 báo cáo định kỳ"]);
}

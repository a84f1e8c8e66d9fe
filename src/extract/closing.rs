//! The foot of a document: authority, position and name of the signer, and who receives it.

use super::extraction::Signer;
use super::letterhead::confidence;
use crate::document::TextLine;
use crate::text::fold::key;

/// What the foot says.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Closing {
    pub(super) signer: Option<Signer>,
    /// Confidence of the name; None in plain text.
    pub(super) name_confidence: Option<f32>,
    pub(super) recipients: Vec<String>,
}

/// The signature stands beside or below `Nơi nhận`, whose list has at most so many lines.
const LINES_BELOW: usize = 24;
/// A recogniser may hand out the right column first.
const LINES_ABOVE: usize = 8;

/// Words of positions, as keys. A line in capitals that holds one is a position.
const POSITIONS: [&str; 22] = [
    "chu tich",
    "giam doc",
    "chanh van phong",
    "truong phong",
    "cuc truong",
    "bo truong",
    "thu truong",
    "chanh thanh tra",
    "truong ban",
    "bi thu",
    "hieu truong",
    "vien truong",
    "vu truong",
    "thu tuong",
    "tong giam doc",
    "chanh an",
    "truong cong an",
    "doi truong",
    "vien chuc",
    "thu ky",
    "van phong",
    "tram truong",
];

/// Family names that are common enough to vouch for a name, as keys.
const FAMILY_NAMES: [&str; 44] = [
    "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do", "ho", "ngo", "duong",
    "ly", "dao", "doan", "vuong", "trinh", "truong", "dinh", "lam", "phung", "mai", "to", "cao", "ta", "ha", "luong",
    "chu", "thai", "dam", "kieu", "quach", "luu", "la", "nong", "lo", "thach", "son", "giang", "cu", "tong",
];

/// Reads the foot of the document.
pub(super) fn read(lines: &[TextLine]) -> Closing {
    let list = lines.iter().rposition(|l| begins_recipients(&key(l.text.trim())));
    let zone = match list {
        Some(at) => at.saturating_sub(LINES_ABOVE)..lines.len().min(at + LINES_BELOW),
        None => lines.len().saturating_sub(LINES_BELOW)..lines.len(),
    };
    let mut closing = Closing::default();
    if let Some(list) = list {
        closing.recipients = recipients(&lines[list..zone.end]);
    }
    read_signer(&lines[zone], &mut closing);
    closing
}

fn begins_recipients(key: &str) -> bool {
    let letters: String = key.chars().filter(|c| c.is_alphanumeric()).take(7).collect();
    letters == "noinhan" || super::phrase::distance(letters.as_bytes(), b"noinhan") <= 0.9
}

/// The items of the list, without what the right column adds to its lines.
fn recipients(lines: &[TextLine]) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    let mut open = false;
    for line in lines.iter().skip(1) {
        let text = line.text.trim();
        if let Some(item) = text.strip_prefix(['-', '–', '—', '+']) {
            let item = without_right_column(item);
            open = !item.ends_with(['.', ';']);
            items.push(item.to_owned());
            // The archive's own copy ends every list.
            if key(item).starts_with("luu") {
                break;
            }
        } else if open
            && capitals(text) * 2 < letters(text)
            && !is_name(text)
            && let Some(last) = items.last_mut()
        {
            let more = without_right_column(text);
            open = !more.ends_with(['.', ';']);
            *last = format!("{last} {more}");
        }
    }
    let tidy =
        |item: &String| item.trim_matches(|c: char| c.is_whitespace() || matches!(c, ';' | '.' | ',')).to_owned();
    items.iter().map(tidy).filter(|i| !i.is_empty()).collect()
}

/// An item up to the semicolon that closes it, or up to the capitals of a position.
fn without_right_column(item: &str) -> &str {
    let item = item.trim();
    if let Some(end) = item.find("; ").filter(|end| right_column(&item[end + 2..])) {
        return &item[..=end];
    }
    let words = || item.match_indices(' ').map(|(at, _)| at);
    let cut = words().find(|at| {
        let rest = &item[at + 1..];
        capitals(rest) == letters(rest) && letters(rest) > 5 && is_position(rest)
    });
    let cut = cut.or_else(|| item.find(". ").filter(|at| right_column(&item[at + 2..])).map(|at| at + 1));
    cut.map_or(item, |at| &item[..at])
}

fn right_column(text: &str) -> bool {
    is_name(text.trim()) || capitals(text) == letters(text) && letters(text) > 5
}

fn read_signer(lines: &[TextLine], closing: &mut Closing) {
    let (mut authority, mut position, mut name) = (None, None, None);
    let mut position_line = None;
    for (index, line) in lines.iter().enumerate() {
        let text = line.text.trim();
        let Some(capital) = capital_run(text) else { continue };
        if let Some(found) = authority_in(capital) {
            authority = Some(found.to_owned());
            position_line = Some(index);
        } else if is_position(capital) {
            position = Some(capital.to_owned());
            position_line = Some(index);
        }
    }
    if let Some(below) = position_line {
        for line in &lines[below + 1..] {
            let text = line.text.trim();
            let tail = text.rsplit([';', '.', ',']).next().unwrap_or(text).trim();
            let tail = tail.trim_start_matches(|c: char| !c.is_alphabetic());
            let found = [text, tail].into_iter().find(|t| is_name(t));
            if let Some(found) = found.filter(|f| known_family(f) || *f == text) {
                // The last name is the signer's: others above it stand in the list of recipients.
                if name.is_none() || known_family(found) {
                    let at = found.as_ptr() as usize - line.text.as_ptr() as usize;
                    closing.name_confidence = confidence(line, at, at + found.len());
                    name = Some(found.to_owned());
                }
            }
        }
    }
    if name.is_some() || position.is_some() || authority.is_some() {
        closing.signer = Some(Signer { name, position, authority });
    }
}

/// The words in capitals that end a line: the whole line, or the right column of one that both columns share.
fn capital_run(text: &str) -> Option<&str> {
    let mut start = text.len();
    for (at, word) in text.split(' ').scan(0, |at, word| {
        let here = *at;
        *at += word.len() + 1;
        Some((here, word))
    }) {
        let all_capitals = letters(word) == capitals(word) && word.chars().any(char::is_alphabetic);
        match all_capitals {
            true if start == text.len() => start = at,
            true => {}
            false if word.chars().any(char::is_alphabetic) => start = text.len(),
            false => {}
        }
    }
    let run = text[start.min(text.len())..].trim();
    (letters(run) >= 5).then_some(run)
}

/// `KT. CHỦ TỊCH`, `TM. ỦY BAN NHÂN DÂN` and their like.
fn authority_in(run: &str) -> Option<&str> {
    ["TM.", "KT.", "TL.", "TUQ.", "Q.", "TM ", "KT ", "TL ", "TUQ "]
        .iter()
        .filter_map(|sign| run.find(sign))
        .filter(|at| *at == 0 || run[..*at].ends_with(' '))
        .min()
        .map(|at| run[at..].trim())
}

fn is_position(text: &str) -> bool {
    let folded = key(text);
    POSITIONS.iter().any(|p| folded.contains(p))
}

/// Two to five words that each begin with a capital and go on in small letters.
fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    (2..=5).contains(&words.len())
        && words.iter().all(|w| {
            let mut chars = w.chars();
            chars.next().is_some_and(char::is_uppercase) && chars.clone().count() > 0 && chars.all(char::is_lowercase)
        })
}

fn known_family(name: &str) -> bool {
    name.split_whitespace().next().is_some_and(|first| FAMILY_NAMES.contains(&key(first).as_str()))
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

fn capitals(text: &str) -> usize {
    text.chars().filter(|c| c.is_uppercase()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closing(text: &str) -> Closing {
        read(&TextLine::from_text(text))
    }

    #[test]
    fn one_column_after_the_other() {
        let foot = closing(
            "xin báo cáo./.\nNơi nhận:\n- UBND huyện (b/c);\n- Các phòng: Nội vụ,\nTư pháp;\n- Lưu: VT.\nTM. ỦY BAN NHÂN DÂN\n\
             KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n(Đã ký)\nTrần Văn Mẫu",
        );
        assert_eq!(foot.recipients, ["UBND huyện (b/c)", "Các phòng: Nội vụ, Tư pháp", "Lưu: VT"]);
        let signer = foot.signer.unwrap();
        assert_eq!(signer.name.as_deref(), Some("Trần Văn Mẫu"));
        assert_eq!(signer.position.as_deref(), Some("PHÓ CHỦ TỊCH"));
        assert_eq!(signer.authority.as_deref(), Some("KT. CHỦ TỊCH"));
    }

    #[test]
    fn both_columns_in_one_line() {
        let foot =
            closing("Nơi nhận: TL. GIÁM ĐỐC\n- Như trên; CHÁNH VĂN PHÒNG\n- Sở Tư pháp;\n- Lưu: VT, NC. Lê Thị Thử");
        assert_eq!(foot.recipients, ["Như trên", "Sở Tư pháp", "Lưu: VT, NC"]);
        let signer = foot.signer.unwrap();
        assert_eq!(signer.name.as_deref(), Some("Lê Thị Thử"));
        assert_eq!(signer.position.as_deref(), Some("CHÁNH VĂN PHÒNG"));
        assert_eq!(signer.authority.as_deref(), Some("TL. GIÁM ĐỐC"));
    }

    #[test]
    fn without_a_foot_there_is_no_signer() {
        assert_eq!(closing("Kết quả: 5 hồ sơ.\nĐã báo cáo Chủ tịch"), Closing::default());
    }
}

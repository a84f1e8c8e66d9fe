//! The foot of a document: authority, position and name of the signer, and who receives it.

use crate::document::{Place, TextLine};
use crate::extract::extraction::Signer;
use crate::extract::layout::column;
use crate::extract::letter::head::confidence;
use crate::extract::letter::signing::{Signing, capitals, is_name, letters};
use crate::extract::words::{WORDS, begins_with};
use crate::text::fold::key;
use std::ops::Range;

/// What the foot says.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::extract) struct Closing {
    pub(in crate::extract) signer: Option<Signer>,
    /// Confidence of the name; None in plain text.
    pub(in crate::extract) name_confidence: Option<f32>,
    /// What stands where the name should and is only a part of one, and its line.
    pub(in crate::extract) unread_name: Option<(String, Place)>,
    pub(in crate::extract) recipients: Vec<String>,
}

/// The signature stands beside or below `Nơi nhận`, whose list has at most so many lines.
const LINES_BELOW: usize = 24;
/// A recogniser may hand out the right column first.
const LINES_ABOVE: usize = 8;

/// A name beside or below which no position was read is not surer than this, nor one whose family name was read wrong.
const UNSUPPORTED: f32 = 0.7;

/// Reads the foot of the document. What follows the first list of recipients, such as an annexed draft, is none of it.
pub(in crate::extract) fn read(lines: &[TextLine], signing: &Signing) -> Closing {
    let list = lines.iter().position(|l| begins_recipients(&l.text)).or_else(|| list_without_heading(lines));
    let zone = match list {
        Some(at) => at.saturating_sub(LINES_ABOVE)..lines.len().min(at + LINES_BELOW),
        None => lines.len().saturating_sub(LINES_BELOW)..lines.len(),
    };
    let mut closing = Closing::default();
    // Another letterhead ends the foot.
    let end =
        zone.clone().find(|i| *i > list.unwrap_or(zone.start) && begins_another(&lines[*i].text)).unwrap_or(zone.end);
    let left = list.and_then(|at| lines[at].place.rect).map(|r| r.x0);
    let width = lines[zone.start..end].iter().filter_map(|l| l.place.rect).map(|r| r.x1).fold(0.0, f32::max);
    let is_right = |line: &TextLine| {
        let edges = left.zip(line.place.rect);
        edges.map(|(left, rect)| rect.x0 > left + 0.3 * (width - left))
    };
    let parts = |range: Range<usize>| lines[range].iter().flat_map(column::part).collect::<Vec<_>>();
    if let Some(list) = list {
        let left_of = |line: &TextLine| -> Option<TextLine> {
            let kept: Vec<TextLine> = column::part(line).into_iter().filter(|l| is_right(l) != Some(true)).collect();
            let text = kept.iter().map(|l| l.text.as_str()).collect::<Vec<_>>().join(" ");
            kept.into_iter().next().map(|first| TextLine { text, ..first })
        };
        let items: Vec<TextLine> = lines[list..end].iter().filter_map(left_of).collect();
        closing.recipients = recipients(&items, signing);
    }
    let mut signed = parts(zone.start..end);
    signed.retain(|l| is_right(l) != Some(false));
    read_signer(&signed, list.is_some(), signing, &mut closing);
    closing
}

/// The line above the first item of the list that `Lưu` ends, where the heading of the list could not be read.
fn list_without_heading(lines: &[TextLine]) -> Option<usize> {
    let is_item = |line: &TextLine| line.text.trim_start().starts_with(['-', '–']);
    let last =
        lines.iter().rposition(|l| is_item(l) && is_archive_copy(key(&l.text).trim_start_matches(['-', '–', ' '])))?;
    let mut first = last;
    while first > 0
        && last - first < LINES_BELOW
        && (is_item(&lines[first - 1]) || first >= 2 && is_item(&lines[first - 2]))
    {
        first -= 1;
    }
    first.checked_sub(1)
}

/// Whether an item, as a key, is the archive's own copy.
fn is_archive_copy(item: &str) -> bool {
    begins_with(item, &WORDS.archive_copy)
}

fn begins_another(text: &str) -> bool {
    let folded = key(text);
    WORDS.nation.first().is_some_and(|title| folded.contains(title.as_str()))
        || begins_with(folded.trim_start(), &WORDS.annexes)
}

/// `Nơi nhận`, alone, before a colon, or before the capitals of the right column.
fn begins_recipients(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let head = format!("{} {}", words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let closed = head.ends_with([':', ';', '.', ',']);
    let letters: String = key(&head).chars().filter(|c| c.is_alphanumeric()).collect();
    let heading: String = WORDS.recipients.split(' ').collect();
    let near = letters == heading || crate::extract::fuzzy::distance(letters.as_bytes(), heading.as_bytes()) <= 0.9;
    near && (closed || words.next().is_none_or(|next| !next.contains(char::is_lowercase)))
}

/// The items of the list, without what the right column adds to its lines.
fn recipients(lines: &[TextLine], signing: &Signing) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    let mut open = false;
    for line in lines.iter().skip(1) {
        let text = line.text.trim();
        if let Some(item) = text.strip_prefix(['-', '–', '—', '+']) {
            let item = without_right_column(item, signing);
            open = !item.ends_with(['.', ';']);
            items.push(item.to_owned());
            // The archive's own copy ends every list.
            if is_archive_copy(&key(item)) {
                break;
            }
        } else if open
            && capitals(text) * 2 < letters(text)
            && !is_name(text)
            && let Some(last) = items.last_mut()
        {
            let more = without_right_column(text, signing);
            open = !more.ends_with(['.', ';']);
            *last = format!("{last} {more}");
        }
    }
    let tidy =
        |item: &String| item.trim_matches(|c: char| c.is_whitespace() || matches!(c, ';' | '.' | ',')).to_owned();
    items.iter().map(tidy).filter(|i| !i.is_empty()).collect()
}

/// An item up to the semicolon that closes it, or up to the capitals of a position.
fn without_right_column<'a>(item: &'a str, signing: &Signing) -> &'a str {
    let item = item.trim();
    if let Some(end) = item.find("; ").filter(|end| right_column(&item[end + 2..])) {
        return &item[..=end];
    }
    let words = || item.match_indices(' ').map(|(at, _)| at);
    let cut = words().find(|at| {
        let rest = &item[at + 1..];
        capitals(rest) == letters(rest) && letters(rest) > 5 && signing.position_in(rest).is_some()
    });
    let cut = cut.or_else(|| item.find(". ").filter(|at| right_column(&item[at + 2..])).map(|at| at + 1));
    cut.map_or(item, |at| &item[..at])
}

fn right_column(text: &str) -> bool {
    is_name(text.trim()) || capitals(text) == letters(text) && letters(text) > 5
}

fn read_signer(lines: &[TextLine], listed: bool, signing: &Signing, closing: &mut Closing) {
    let (mut authority, mut position, mut name) = (None, None, None);
    let mut position_line = None;
    for (index, line) in lines.iter().enumerate() {
        let Some(capital) = capital_run(line.text.trim()) else { continue };
        if let Some(found) = signing.authority_in(capital) {
            authority = Some(found);
            position_line = Some(index);
        } else if let Some(found) = signing.position_in(capital) {
            position = Some(found);
            position_line = Some(index);
        }
    }
    // Without a position only what stands below the list, or in the right column of a scan, can be the name.
    let below = match position_line {
        Some(line) => line + 1,
        None if listed => lines.iter().position(|l| begins_recipients(&l.text)).map_or(0, |at| at + 1),
        None => lines.len(),
    };
    for line in &lines[below..] {
        let text = line.text.trim();
        let tail = text.rsplit([';', '.', ',']).next().unwrap_or(text).trim();
        let bare = |t: &str| t.trim_matches(|c: char| !c.is_alphabetic()).to_owned();
        let Some(found) = [bare(text), bare(tail)].into_iter().find(|t| is_name(t)) else { continue };
        let family = signing.family_name(&found);
        if family.is_none() && (found != text || position_line.is_none() || name.is_some()) {
            continue;
        }
        // `Văn Mẫu`, `Trần Văn`: a middle name leads or ends, so a part was lost, under a seal as a rule.
        let middle = |word: Option<&str>| word.is_some_and(|w| WORDS.middle_names.contains(&key(w)));
        if family.is_none() && middle(found.split(' ').next()) || middle(found.split(' ').next_back()) {
            closing.unread_name = Some((found, line.place));
            continue;
        }
        // The last name is the signer's: others above it stand in the list of recipients.
        let start = line.text.find(&found).unwrap_or(0);
        let seen = confidence(line, start, start + found.len());
        let (first, rest) = found.split_once(' ').unwrap_or((&found, ""));
        let written = family.unwrap_or(first);
        let sure = position_line.is_some()
            && family.is_some()
            && written == first
            && start == line.text.len() - line.text.trim_start().len();
        closing.name_confidence = if sure { seen } else { Some(seen.unwrap_or(1.0).min(UNSUPPORTED)) };
        name = Some(format!("{written} {rest}"));
        closing.unread_name = None;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn closing(text: &str) -> Closing {
        read(&TextLine::from_text(text), &Signing::embedded().unwrap())
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
    fn an_annexed_draft_is_signed_by_another() {
        let foot = closing(
            "Nơi nhận:\n- Như trên;\n- Lưu: VT.\nCHỦ TỊCH\nLê Văn Thử\nHỘI ĐỒNG NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\
             NGHỊ QUYẾT\nNơi nhận:\n- Chính phủ;\n- Lưu: VT.\nCHỦ TỊCH\nTrần Thị Khác",
        );
        assert_eq!(foot.recipients, ["Như trên", "Lưu: VT"]);
        assert_eq!(foot.signer.unwrap().name.as_deref(), Some("Lê Văn Thử"));
    }

    #[test]
    fn a_heading_that_was_not_read_does_not_lose_the_list() {
        let foot =
            closing("theo dõi./.\nnhện: KT. CHỦ TỊCH\n- Như trên; PHÓ CHỦ TỊCH\n- Sở Thử;\n- Lưu: VT.\nLê Văn Thử");
        assert_eq!(foot.recipients, ["Như trên", "Sở Thử", "Lưu: VT"]);
        assert_eq!(foot.signer.unwrap().name.as_deref(), Some("Lê Văn Thử"));
    }

    #[test]
    fn a_name_without_its_position_is_not_sure() {
        let foot = closing("Nơi nhận:\n- Như trên;\n- Lưu: VP.\n'Cấo Văn Thử");
        assert_eq!(foot.signer.unwrap().name.as_deref(), Some("Cao Văn Thử"));
        assert!(foot.name_confidence.unwrap() < 0.8);
        let foot = closing("Nơi nhận:\n- Như trên;\n- Lưu: VP.\nKT. CHỦ TỊCH\n<HÓ CHỦ TỊCH\nVăn Thử");
        let signer = foot.signer.unwrap();
        assert_eq!((signer.name, signer.position.as_deref()), (None, Some("PHÓ CHỦ TỊCH")));
        assert_eq!(foot.unread_name.unwrap().0, "Văn Thử");
        let foot = closing("Nơi nhận:\n- Như trên;\n- Lưu: VP.\nCHỦ TỊCH\nTrần Văn");
        assert_eq!((foot.signer.unwrap().name, foot.unread_name.unwrap().0.as_str()), (None, "Trần Văn"));
    }

    #[test]
    fn without_a_foot_there_is_no_signer() {
        assert_eq!(closing("Kết quả: 5 hồ sơ.\nĐã báo cáo Chủ tịch"), Closing::default());
    }
}

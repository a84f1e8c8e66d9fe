//! Which words belong to which number: `giải quyết trước hạn: 4,325`, `21 TTHC sửa đổi, bổ sung`, `đạt 98,40% (số hóa hồ sơ)`.

use crate::extract::amount::{Amount, written_out};
use crate::extract::labels::{LISTS, Words};
use crate::extract::layout::blanks::without_blanks;
use crate::extract::layout::flow::{Flow, Paragraph};
use crate::extract::number::decimal::Decimal;
use crate::text::fold::key;
use std::ops::Range;

/// The words around a number that say what it means, as bytes of the key.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::extract) struct Label {
    /// Index of the number's paragraph.
    pub(in crate::extract) paragraph: usize,
    /// Before the number, from the last cut.
    pub(in crate::extract) before: Range<usize>,
    /// Behind the number and its unit, to the next cut.
    pub(in crate::extract) after: Range<usize>,
    /// In brackets right behind it, where no other number is in them.
    pub(in crate::extract) remark: Range<usize>,
    /// True where a colon, `là`, `đạt` or the like leads from the words to the number.
    pub(in crate::extract) announced: bool,
    /// The number that a share of it may follow: the one before it in its paragraph, or, behind a bracket that closes, the
    /// one before that bracket; None where there is none.
    pub(in crate::extract) antecedent: Option<usize>,
    /// The percentage right before the bracket that the number stands in; None where there is none.
    pub(in crate::extract) inside: Option<usize>,
    /// True where nothing cuts the words before from the number that stands before them.
    pub(in crate::extract) shared: bool,
    /// True where words right before its own say that it is some of the number before: `22 thủ tục; trong số này 05 thủ tục …`.
    pub(in crate::extract) among: bool,
    /// True where a colon behind the number before announces this one and others as its parts: `23 TTHC thuộc thẩm quyền: 16 TTHC …`.
    pub(in crate::extract) part: bool,
}

/// The labels of the amounts, which are in reading order.
pub(in crate::extract) fn labels(flow: &Flow<'_>, amounts: &[Amount]) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::with_capacity(amounts.len());
    for (index, amount) in amounts.iter().enumerate() {
        let paragraph = flow.paragraph_at(amount.range.start);
        let whole = &flow.paragraphs[paragraph];
        let previous = index.checked_sub(1).map(|i| &amounts[i]).filter(|a| a.range.start >= whole.range.start);
        let next = amounts.get(index + 1).filter(|a| a.range.start < whole.range.end);
        let floor = previous.map_or(whole.body, |a| a.unit_end).min(amount.range.start);
        let ceiling = next.map_or(whole.range.end, |a| a.range.start);
        let (cut, shared) = last_cut(&flow.key, floor..amount.range.start, previous.is_some());
        // `lĩnh vực đất đai (11 hồ sơ)`: alone in its brackets, a number belongs to the words before them.
        let (cut, shared) = match alone_in_brackets(&flow.key, floor, amount, ceiling) {
            Some(open) => last_cut(&flow.key, floor..open, previous.is_some()),
            None => (cut, shared),
        };
        let cut = if whole.cell.is_some() && previous.is_none() { whole.body } else { cut };
        // `đều còn trong hạn, không có hồ sơ nào quá hạn`: such a nought is told of by its own clause.
        let none = !flow.key[amount.range.clone()].contains(|c: char| c.is_ascii_digit())
            && written_out::none_at_all(&flow.key[amount.range.end..ceiling]);
        let clause = flow.key[cut..amount.range.start].rfind(',').filter(|_| none).map(|comma| cut + comma + 1);
        let (cut, shared) = clause.map_or((cut, shared), |cut| (cut, false));
        // `(tất cả còn trong hạn, số quá hạn: 0)`: what is said of all that was counted before is not said of this number.
        let of_all = LISTS.all.iter().any(|all| {
            let begins = flow.key[cut..amount.range.start].trim_start_matches([' ', ',']);
            let at = amount.range.start - begins.len();
            begins.strip_prefix(all.key.as_str()).is_some_and(|rest| rest.starts_with(' '))
                && all.is(flow.printed(at..at + all.key.len()))
        });
        let clause = flow.key[cut..amount.range.start].rfind(',').filter(|_| of_all).map(|comma| cut + comma + 1);
        let (cut, shared) = clause.map_or((cut, shared), |cut| (cut, false));
        // `Phân loại 14 thủ tục: toàn trình: 9`: the first colon announces the list, the second its first number.
        let words = flow.key[cut..amount.range.start].trim_end();
        let first = words.strip_suffix(':').and_then(|words| words.rfind(':')).filter(|_| previous.is_some());
        let (cut, shared) = first.map_or((cut, shared), |colon| (cut + colon + 1, false));
        let around = (shared && words.ends_with(':')).then(|| around_inner(&flow.key, amounts, index, whole)).flatten();
        let (cut, shared) = around.map_or((cut, shared), |cut| (cut, false));
        // `23 TTHC thuộc thẩm quyền: 16 TTHC …`: the words before the colon are those of the number before.
        let heads_list = shared
            && previous.is_some_and(|p| !labels[index - 1].announced && p.unit != Some("%"))
            && flow.key[cut..amount.range.start].trim_end().ends_with(':');
        let (cut, shared) = if heads_list { (amount.range.start, false) } else { (cut, shared) };
        // `Tỷ lệ hài lòng (3.200 phiếu hợp lệ): 98,25%`: the words before the bracket that was just closed.
        let over = previous.and_then(|_| words_before_bracket(&flow.key, amounts, index, whole.body));
        let (cut, before_end) = over.clone().map_or((cut, amount.range.start), |words| (words.start, words.end));
        let (shared, heads_list) = (shared && over.is_none(), heads_list && over.is_none());
        let among = LISTS.among.iter().any(|words| {
            let between = &flow.key[floor..amount.range.start];
            let begins =
                between.rfind(words.as_str()).map(|at| between[at + words.len()..].trim_start_matches([',', ':', ' ']));
            previous.is_some()
                && begins.is_some_and(|rest| flow.key[cut..amount.range.start].trim_start().len() >= rest.len())
        });
        let part = heads_list || continues_list(&labels, &flow.key, amounts, index, whole.range.start);
        let behind = amount.words.as_ref().map_or(amount.unit_end, |(_, words)| words.end + 1).min(ceiling);
        let remark = remark(&flow.key, behind..ceiling);
        let after = behind..first_cut(&flow.key, behind..ceiling);
        // `thay thế 04 TTHC và bãi bỏ 03 TTHC`: where the words stand before, those behind `và` are the next number's.
        let joined = next.is_some() && cut < amount.range.start && begins_with_and(&flow.key[after.clone()]);
        let after = if joined { behind..behind } else { after };
        // `02 quyết định (số 611/QĐ-UBND và số 987/QĐ-UBND) công bố …`, `100% TTHC (2.114 TTHC) đã niêm yết`: the words behind the bracket go on.
        let whole_of = previous.is_some_and(|p| p.unit == Some("%") && p.readings[0] == Decimal::from(100))
            && !flow.key[floor..amount.range.start].contains([',', ';', '.'])
            && alone_in_brackets(&flow.key, floor, amount, ceiling).is_some();
        let close = || flow.key[behind..ceiling].find(')').filter(|_| whole_of).map(|at| behind + at + 1);
        let after = match past_bracket(&flow.key, after.end..ceiling).or_else(close) {
            Some(from) => behind..first_cut(&flow.key, from..ceiling),
            None => after,
        };
        let after = behind..reason(flow, after.clone()).unwrap_or(after.end);
        labels.push(Label {
            paragraph,
            before: trim(&flow.key, cut..before_end),
            after: trim(&flow.key, after),
            remark,
            announced: over.is_some() || is_announced(&flow.key[cut..amount.range.start]),
            shared,
            among,
            part,
            antecedent: antecedent(&flow.key, amounts, index, whole.body),
            inside: index.checked_sub(1).filter(|before| {
                let (share, from) = (&amounts[*before], amounts[*before].range.end);
                let opens = flow.key[from..amount.range.start].trim() == "(";
                share.unit == Some("%") && from >= whole.body && opens
            }),
        });
    }
    number_first(&mut labels);
    labels
}

/// Where the words of a number begin that hold another: `niêm yết tại trụ sở, 08 điểm bưu điện và cổng: 43/43 TTHC`. None where the one before it
/// stands by itself: the inner one counts nothing that is known, or something else than the last number of its paragraph.
fn around_inner(key: &str, amounts: &[Amount], index: usize, paragraph: &Paragraph) -> Option<usize> {
    let (inner, amount) = (amounts.get(index.checked_sub(1)?)?, &amounts[index]);
    let last = amounts.get(index + 1).is_none_or(|next| next.range.start >= paragraph.range.end);
    let share = [inner, amount].iter().any(|a| a.unit == Some("%"));
    let differ = inner.unit != amount.unit && !share;
    let within = differ && (last || inner.unit.is_none()) || last && inner.unit.is_none() && amount.unit.is_none();
    let words = key[inner.unit_end..amount.range.start].contains(char::is_alphabetic);
    let floor = index.checked_sub(2).map_or(0, |before| amounts[before].unit_end).max(paragraph.body);
    let region = floor.min(inner.range.start)..inner.range.start;
    (within && words && inner.of.is_none()).then(|| last_cut(key, region, floor > paragraph.body).0)
}

/// Lists that put each number before its words: `theo mức độ: 986 TTHC toàn trình, 612 TTHC một phần`. The colon announces the list, and the
/// first number belongs to the words behind it as the others do.
fn number_first(labels: &mut [Label]) {
    for at in 1..labels.len() {
        let [.., first, second] = &mut labels[..=at] else { continue };
        let follows = second.paragraph == first.paragraph && !second.announced && second.before.is_empty();
        if follows && first.announced && !first.after.is_empty() && !second.after.is_empty() {
            first.announced = false;
        }
    }
}

/// Whether the number before in the paragraph is a part as well and no sentence ends between the two.
fn continues_list(labels: &[Label], key: &str, amounts: &[Amount], index: usize, floor: usize) -> bool {
    let Some(before) = index.checked_sub(1).filter(|b| amounts[*b].range.start >= floor) else { return false };
    let between = &key[amounts[before].range.end..amounts[index].range.start];
    let ends = between.contains([';', '\n'])
        || (0..between.len()).any(|i| between.as_bytes()[i] == b'.' && ends_sentence(between.as_bytes(), i));
    labels[before].part && !ends
}

/// What stands between the two numbers of a pair beside its stroke has no more bytes.
const LONGEST_UNIT: usize = 24;
/// A bracket with more bytes in it than this is not gone back over.
const LONGEST_BRACKET: usize = 2000;

/// See [`Label::antecedent`].
fn antecedent(key: &str, amounts: &[Amount], index: usize, floor: usize) -> Option<usize> {
    let before = index.checked_sub(1).filter(|b| amounts[*b].range.start >= floor)?;
    // `97 hộ nghèo/4.533 hộ, chiếm 2,14%`: of a pair the first number is what the share is of.
    let first = before.checked_sub(1).filter(|first| amounts[*first].range.start >= floor);
    let pair = first.filter(|first| {
        let words = key.get(amounts[*first].unit_end..amounts[before].range.start).unwrap_or_default();
        words.ends_with('/') && words.len() <= LONGEST_UNIT && !words.contains([',', ';', '.', '(', ')', ':'])
    });
    if amounts[index].unit == Some("%") && pair.is_some() {
        return pair;
    }
    let from = amounts[before].range.end;
    let between = &key[from..amounts[index].range.start];
    let closes = between.find(')').filter(|at| !between[..*at].contains('('));
    let Some(close) = closes else { return Some(before) };
    let mut depth = 0usize;
    // No bracket is longer, and one that never opened is not looked for over and over.
    let floor = floor.max((from + close).saturating_sub(LONGEST_BRACKET));
    let open = key.as_bytes()[floor..from + close].iter().rposition(|byte| {
        depth += usize::from(*byte == b')');
        let opens = *byte == b'(' && depth == 0;
        depth = depth.saturating_sub(usize::from(*byte == b'('));
        opens
    })?;
    let first = amounts[..=before].partition_point(|a| a.range.start < floor + open);
    // Alone in its brackets, the number before is what the share is of: `Trước hạn (90 hồ sơ), đạt 98%`.
    if first == before { Some(before) } else { first.checked_sub(1).filter(|f| amounts[*f].range.start >= floor) }
}

/// Behind a bracket that follows at once and holds only numbers of documents; None where there is none.
fn past_bracket(key: &str, range: Range<usize>) -> Option<usize> {
    let inside = key[range.clone()].strip_prefix('(')?;
    let close = inside.find(')')?;
    let names = LISTS
        .numbered
        .iter()
        .any(|word| inside.trim_start().strip_prefix(word.as_str()).is_some_and(|r| r.starts_with(' ')));
    (names && inside[..close].contains('/')).then_some(range.start + 1 + close + 1)
}

/// The words before a bracket with numbers in it that closes before a number, where nothing but what announces it stands between.
fn words_before_bracket(key: &str, amounts: &[Amount], index: usize, floor: usize) -> Option<Range<usize>> {
    /// `) đạt tỷ lệ: ` and the like are no longer.
    const LONGEST_LEAD: usize = 20;
    let from = amounts[index - 1].range.end.min(amounts[index].range.start);
    let between = &key[from..amounts[index].range.start];
    let close = from + between.find(')').filter(|at| !between[..*at].contains('('))?;
    let lead = key[close + 1..amounts[index].range.start].trim();
    let announces = lead.len() <= LONGEST_LEAD && is_announced(lead) && !lead.contains([',', ';', '.', '(']);
    let open = key[floor..close].rfind('(').filter(|_| announces)? + floor;
    let before = amounts[..index].partition_point(|a| a.range.start < open);
    let floor = before.checked_sub(1).map_or(floor, |b| amounts[b].unit_end.max(floor)).min(open);
    let (cut, _) = last_cut(key, floor..open, before > 0 && floor > 0);
    key[cut..open].contains(char::is_alphabetic).then_some(cut..open)
}

/// The bracket before a number that stands alone with its unit in brackets, if words stand before those.
fn alone_in_brackets(key: &str, floor: usize, amount: &Amount, ceiling: usize) -> Option<usize> {
    let before = key[floor..amount.range.start].trim_end().strip_suffix('(')?;
    let closed = key[amount.unit_end..ceiling].trim_start().starts_with(')');
    let words = before.rsplit(['.', ';', ':', ',', ')']).next()?.contains(char::is_alphabetic);
    (closed && words && amount.unit != Some("%")).then_some(floor + before.len())
}

/// Where the words before a number begin: after the last full stop, semicolon or open bracket, or after `trong đó`;
/// where there is none, after the first comma or `và` behind the number before. The second value is true where
/// there is no cut at all between two numbers.
fn last_cut(key: &str, range: Range<usize>, follows_number: bool) -> (usize, bool) {
    let region = &key[range.clone()];
    let bytes = region.as_bytes();
    let mut depth = 0usize;
    let mut cut = None;
    for (i, byte) in bytes.iter().enumerate().rev() {
        match byte {
            // Brackets that close again before the number belong to its words.
            b')' if bytes[..i].contains(&b'(') => depth += 1,
            b'(' if depth > 0 => depth -= 1,
            b')' | b'(' | b';' if depth == 0 => cut = Some(i + 1),
            b'.' if depth == 0 && ends_sentence(bytes, i) => cut = Some(i + 1),
            _ => continue,
        }
        if cut.is_some() {
            break;
        }
    }
    // `thuộc thẩm quyền (bao gồm cả TTHC được ủy quyền): 212`: within a bracket that is closed again nothing turns.
    let aside = |at: &usize| region[..*at].rfind('(') > region[..*at].rfind(')') && region[*at..].contains(')');
    let turns = LISTS.turns.iter().filter_map(|turn| Some((region.rfind(turn.as_str())?, turn.len())));
    let turn = turns.filter(|(at, _)| !aside(at)).map(|(at, len)| at + len).max();
    if let Some(at) = cut.max(turn) {
        return (range.start + at, false);
    }
    if !follows_number {
        return (range.start, false);
    }
    // `09 ý kiến góp ý quy định, biểu mẫu và 205 ý kiến`: what `và` joins before a number is the list of the number before it.
    match parts_counts(region, &LISTS.and).or_else(|| soft_cut(key, range.clone())) {
        Some(at) => (range.start + at, false),
        None => (range.start, true),
    }
}

/// Where a region ends, but for one of the words that part two counts.
fn parts_counts(region: &str, words: &[String]) -> Option<usize> {
    let region = region.trim_end();
    words.iter().find_map(|word| region.strip_suffix(word.as_str())?.strip_suffix(' ')).map(str::len)
}

/// Where the words behind a number end.
fn first_cut(key: &str, range: Range<usize>) -> usize {
    let region = &key[range.clone()];
    let bytes = region.as_bytes();
    let hard = (0..bytes.len()).find(|&i| match bytes[i] {
        b';' | b'(' | b')' | b':' => true,
        b'.' => ends_sentence(bytes, i),
        _ => false,
    });
    let turn = LISTS.turns.iter().filter_map(|turn| region.find(turn.as_str())).min();
    let first = [hard, turn, soft_cut(key, range.clone())].into_iter().flatten().min();
    range.start + first.unwrap_or(region.len())
}

/// Where the reason for a number begins in the words behind it: `quá hạn do chờ ý kiến của các sở`. None where they give none.
fn reason(flow: &Flow<'_>, range: Range<usize>) -> Option<usize> {
    let found = LISTS.reasons.iter().filter_map(|reason| {
        let folded = format!(" {} ", key(reason));
        let begins = |at: usize| range.start + at;
        let printed = |at: usize| flow.printed(begins(at)..begins(at) + folded.len()).trim().to_lowercase();
        flow.key[range.clone()].match_indices(&folded).map(|(at, _)| at).find(|at| printed(*at) == *reason).map(begins)
    });
    found.min()
}

/// The first comma, `và` or dash between two numbers.
fn soft_cut(key: &str, range: Range<usize>) -> Option<usize> {
    let region = &key[range.clone()];
    // What stands before the region may be the first half of a compound: `58 hồ sơ, yêu cầu`.
    let parts = |at: &usize| !in_compound(&key[..range.end], range.start + at);
    // `về quy định (đất đai, xây dựng), 5 về hành vi`: a comma within brackets parts nothing.
    let closes = region.rfind(')').unwrap_or_default();
    let mut inside = false;
    let comma = region.match_indices([',', '(', ')']).find_map(|(at, sign)| {
        match sign {
            "," => return (!inside && parts(&at)).then_some(at),
            sign => inside = sign == "(" && at < closes,
        }
        None
    });
    // `và` parts two counts only where the second follows at once: `một phần và 23`, `quyết định với 25`.
    let compares = |at: &usize| LISTS.comparing.iter().any(|word| region[..*at].ends_with(&format!(" {word}")));
    let and = parts_counts(region, &LISTS.and);
    let with = parts_counts(region, &LISTS.with).filter(|at| !compares(at));
    let dash = region.find(" - ");
    [comma, and, with, dash].into_iter().flatten().min()
}

/// Whether words go on with `và`.
fn begins_with_and(words: &str) -> bool {
    let goes_on =
        |and: &String| words.trim_start().strip_prefix(and.as_str()).is_some_and(|rest| rest.starts_with(' '));
    LISTS.and.iter().any(goes_on)
}

/// Whether a comma stands within words that are one thing: `phản ánh, kiến nghị`.
fn in_compound(region: &str, comma: usize) -> bool {
    LISTS.compounds.iter().any(|(first, second)| {
        let ends = region[..comma].ends_with(first.as_str());
        ends && region[comma + 1..].trim_start().starts_with(second.as_str())
    })
}

fn ends_sentence(bytes: &[u8], at: usize) -> bool {
    bytes.get(at + 1).is_none_or(|b| b.is_ascii_whitespace() || *b == b'/')
}

/// The words in brackets that follow at once.
fn remark(key: &str, range: Range<usize>) -> Range<usize> {
    let region = &key[range.clone()];
    let inside = region.trim_start().strip_prefix('(');
    let found = inside.and_then(|inside| inside.find(')').map(|close| &inside[..close]));
    found.map_or(range.start..range.start, |words| {
        let start = words.as_ptr() as usize - key.as_ptr() as usize;
        start..start + words.len()
    })
}

fn is_announced(before: &str) -> bool {
    let before = before.trim_end();
    let leads = |lead: &Words| {
        let rest = before.strip_suffix(lead.key.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with([' ', '(']))
    };
    before.ends_with([':', '=']) || LISTS.leads.iter().any(leads)
}

fn trim(key: &str, range: Range<usize>) -> Range<usize> {
    let outside =
        |c: char| c.is_whitespace() || matches!(c, ',' | ':' | ';' | '.' | '-' | '–' | '(' | ')' | '=' | '+' | '*');
    let text = &key[range.clone()];
    let left = text.trim_start_matches(outside);
    let and = LISTS.and.iter().find_map(|and| left.strip_prefix(and.as_str()));
    let left = match and {
        Some("") => "",
        Some(rest) => rest.strip_prefix(' ').unwrap_or(left),
        None => left,
    };
    let start = range.end - left.len();
    let end = start + left.trim_end_matches(outside).len();
    // `So sánh (%)` keeps its bracket.
    let open = key[start..end].rfind('(') > key[start..end].rfind(')');
    start..end + usize::from(open && key[end..].starts_with(')'))
}

/// The words that the report shows for the number: as printed, shortened from the left to some 160 letters.
pub(in crate::extract) fn shown(flow: &Flow<'_>, label: &Label, amount: &Amount) -> String {
    const LONGEST: usize = 160;
    let before = flow.printed(label.before.clone()).trim();
    // A number that stands first: what it counts follows it.
    let counted = flow.printed(amount.range.end..label.after.end.max(amount.unit_end)).trim();
    let own = if label.announced || counted.is_empty() || (!before.is_empty() && amount.unit == Some("%")) {
        before.to_owned()
    } else {
        let joint = if before.is_empty() || counted.is_empty() { "" } else { " … " };
        format!("{before}{joint}{counted}")
    };
    let own = without_blanks(&own);
    let own = own.trim_end_matches([':', ',', ' ']);
    let excess = own.chars().count().saturating_sub(LONGEST);
    if excess == 0 {
        return own.to_owned();
    }
    let tail: String = own.chars().skip(excess).collect();
    tail.split_once(' ').map_or(tail.clone(), |(_, rest)| format!("… {rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::TextLine;
    use crate::extract::amount::{designation::Designations, find::find};

    fn shown_labels(text: &str) -> Vec<String> {
        let lines = TextLine::from_text(text);
        let flow = Flow::new(&lines, &[], |_| false);
        let amounts = find(&flow, &Designations::new().unwrap());
        let labels = labels(&flow, &amounts);
        labels.iter().zip(&amounts).map(|(l, a)| shown(&flow, l, a)).collect()
    }

    #[test]
    fn words_go_with_their_number() {
        let cases: [(&str, &[&str]); 13] = [
            (
                "- Đã xong: 30; trong đó, trước hạn: 20, đúng hạn: 10 (trực tuyến: 4).",
                &["Đã xong", "trước hạn", "đúng hạn", "trực tuyến"],
            ),
            ("có 25 dịch vụ một phần và 23 dịch vụ toàn trình", &["có … dịch vụ một phần", "dịch vụ toàn trình"]),
            ("(21 TTHC sửa đổi, 7 TTHC thay thế và 9 TTHC bãi bỏ)", &["TTHC sửa đổi", "TTHC thay thế", "TTHC bãi bỏ"]),
            (
                "Chậm ở lĩnh vực đất đai (11 hồ sơ), xây dựng (6 hồ sơ)",
                &["Chậm ở lĩnh vực đất đai … hồ sơ", "xây dựng … hồ sơ"],
            ),
            ("còn 6 hồ sơ quá hạn do chờ ý kiến của các sở", &["còn … hồ sơ quá hạn"]),
            ("còn 6 hồ sơ hưởng chế độ cho người có công", &["còn … hồ sơ hưởng chế độ cho người có công"]),
            ("còn 6 hồ sơ của đơn vị khác", &["còn … hồ sơ của đơn vị khác"]),
            ("Mới nhận 5 hồ sơ. Số cũ là 3", &["Mới nhận … hồ sơ", "Số cũ là"]),
            ("Thanh toán (phí, lệ phí) là 30", &["Thanh toán (phí, lệ phí) là"]),
            ("Tỷ lệ chung 100% vượt mức", &["Tỷ lệ chung"]),
            (
                "09 ý kiến góp ý quy định, biểu mẫu và 205 ý kiến phản ánh",
                &["ý kiến góp ý quy định", "ý kiến phản ánh"],
            ),
            ("12 TTHC về đất đai, nhà ở và 30 TTHC về hộ tịch", &["TTHC về đất đai", "TTHC về hộ tịch"]),
            ("công khai 68 thủ tục kèm biểu mẫu", &["công khai … thủ tục"]),
        ];
        for (text, want) in cases {
            assert_eq!(shown_labels(text), want, "{text}");
        }
    }

    #[test]
    fn some_of_a_number_is_told() {
        let among = |text: &str| -> Vec<bool> {
            let lines = TextLine::from_text(text);
            let flow = Flow::new(&lines, &[], |_| false);
            let amounts = find(&flow, &Designations::new().unwrap());
            labels(&flow, &amounts).iter().map(|label| label.among).collect()
        };
        assert_eq!(among("22 thủ tục; trong số này 05 thủ tục mới, 13 thủ tục sửa đổi"), [false, true, false]);
        assert_eq!(among("Có 31 TTHC. Trong số đó, 12 TTHC rút gọn; trong đó mới: 3"), [false, true, true]);
        assert_eq!(among("Trong số đó 12 TTHC mới; trong đó có sửa đổi; 3 TTHC cũ"), [false, false]);
    }
}

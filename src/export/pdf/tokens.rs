//! The operators of a content stream with the bytes that each takes, operands included (ISO 32000-1, 7.8.2).

use std::ops::Range;

/// An operator with its operands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operation {
    /// From the first byte of its first operand to the last of the operator.
    pub(super) range: Range<usize>,
    /// The operator itself; `BI` stands for an inline image with its data.
    pub(super) operator: Range<usize>,
    /// Its operands, each from first to last byte.
    pub(super) operands: Vec<Range<usize>>,
}

/// The operations of a content stream, in order; None where its strings or inline images are not closed.
pub(super) fn operations(content: &[u8]) -> Option<Vec<Operation>> {
    let mut operations = Vec::new();
    let mut operands: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(start) = next_token(content, at) {
        let byte = content[start];
        at = match byte {
            b'(' => end_of_string(content, start)?,
            b'<' if content.get(start + 1) != Some(&b'<') => end_of(content, start, b'>')?,
            b'[' | b'<' => end_of_group(content, start)?,
            b'/' => end_of_regular(content, start + 1),
            // Closing marks without an opening one: readers pass over them.
            b']' | b'>' | b')' | b'{' | b'}' => start + 1,
            _ => end_of_regular(content, start),
        };
        let token = &content[start..at];
        let operand = matches!(byte, b'(' | b'<' | b'[' | b'/' | b'0'..=b'9' | b'+' | b'-' | b'.')
            || matches!(token, b"true" | b"false" | b"null");
        if operand {
            operands.push(start..at);
            continue;
        }
        if token == b"BI" {
            at = end_of_image(content, at)?;
        }
        let first = operands.first().map_or(start, |o| o.start);
        let operator = start..if token == b"BI" { start + 2 } else { at };
        operations.push(Operation { range: first..at, operator, operands: std::mem::take(&mut operands) });
    }
    Some(operations)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// The first byte that is neither white space nor in a comment.
fn next_token(content: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let byte = *content.get(at)?;
        if byte == b'%' {
            at += content[at..].iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(content.len() - at);
        } else if is_space(byte) {
            at += 1;
        } else {
            return Some(at);
        }
    }
}

fn end_of_regular(content: &[u8], start: usize) -> usize {
    let rest = content.get(start..).unwrap_or_default();
    let length = rest.iter().position(|&b| is_space(b) || is_delimiter(b)).unwrap_or(rest.len());
    start + length
}

fn end_of(content: &[u8], start: usize, close: u8) -> Option<usize> {
    content[start..].iter().position(|&b| b == close).map(|n| start + n + 1)
}

fn end_of_string(content: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0;
    let mut at = start;
    loop {
        match *content.get(at)? {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// The end of an array or dictionary, whatever it nests.
fn end_of_group(content: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0;
    let mut at = start;
    loop {
        at = next_token(content, at)?;
        let pair = content.get(at + 1).copied();
        match (content[at], pair) {
            (b'(', _) => at = end_of_string(content, at)?,
            (b'<', Some(b'<')) => {
                depth += 1;
                at += 2;
            }
            (b'>', Some(b'>')) => {
                depth -= 1;
                at += 2;
            }
            (b'<', _) => at = end_of(content, at, b'>')?,
            (b'[', _) => {
                depth += 1;
                at += 1;
            }
            (b']', _) => {
                depth -= 1;
                at += 1;
            }
            (b'/', _) => at = end_of_regular(content, at + 1),
            _ => at = end_of_regular(content, at).max(at + 1),
        }
        if depth <= 0 {
            return Some(at);
        }
    }
}

/// The byte after the `EI` of an inline image whose `BI` ends at `at`.
fn end_of_image(content: &[u8], at: usize) -> Option<usize> {
    let mut data = at;
    // Keys and values up to ID, then one white space, then data that may hold anything.
    loop {
        data = next_token(content, data)?;
        if content[data..].starts_with(b"ID") && content.get(data + 2).is_none_or(|&b| is_space(b)) {
            data += 3;
            break;
        }
        data = match content[data] {
            b'(' => end_of_string(content, data)?,
            b'<' | b'[' => end_of_group(content, data)?,
            b'/' => end_of_regular(content, data + 1),
            _ => end_of_regular(content, data).max(data + 1),
        };
    }
    let mut from = data;
    loop {
        let found = content.get(from..)?.windows(2).position(|w| w == b"EI")? + from;
        let before = found > data && is_space(content[found - 1]);
        let rest = &content[found + 2..];
        let after = rest.first().is_none_or(|&b| is_space(b));
        // In the data, `EI` between spaces is followed by bytes that no operator has.
        let plausible = rest.iter().take(16).all(|&b| is_space(b) || (0x20..0x7F).contains(&b));
        if (before || found == data) && after && plausible {
            return Some(found + 2);
        }
        from = found + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(content: &[u8]) -> Vec<String> {
        let operations = operations(content).unwrap();
        operations.iter().map(|o| String::from_utf8_lossy(&content[o.range.clone()]).into_owned()).collect()
    }

    #[test]
    fn operators_come_with_their_operands() {
        let content = b"q % a (comment\n1 0 0 1 10.5 -3 cm/Im1 Do BT(a\\)b(c))Tj[<0A>(d)-20]TJ ET Q";
        let want = ["q", "1 0 0 1 10.5 -3 cm", "/Im1 Do", "BT", "(a\\)b(c))Tj", "[<0A>(d)-20]TJ", "ET", "Q"];
        assert_eq!(written(content), want);
    }

    #[test]
    fn an_inline_image_is_one_operation_whatever_its_data() {
        let content = b"q BI /W 2 /H 2 /CS [/Indexed /RGB 1 <000000ffffff>] ID \x01 EI \xff\xfe(Tj EI Q";
        let operations = operations(content).unwrap();
        let names: Vec<&[u8]> = operations.iter().map(|o| &content[o.operator.clone()]).collect();
        assert_eq!(names, [&b"q"[..], b"BI", b"Q"]);
    }

    #[test]
    fn marked_content_with_a_dictionary_is_one_operation() {
        assert_eq!(written(b"/Span <</ActualText (x>>y) /A [1 <</B 2>>]>> BDC EMC").len(), 2);
    }

    #[test]
    fn what_is_not_closed_is_not_read() {
        assert_eq!(operations(b"BT (abc Tj ET"), None);
        assert_eq!(operations(b"BI /W 2 ID abc"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_fail(content: Vec<u8>) {
            for operation in operations(&content).unwrap_or_default() {
                assert!(operation.range.end <= content.len() && operation.operator.end <= operation.range.end);
            }
        }
    }
}

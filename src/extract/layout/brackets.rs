//! Square brackets that stand for round ones: `1.947 hồ sơ [kỳ trước chuyển sang 38 hồ sơ; tiếp nhận mới 1.909 hồ sơ (trực tuyến 1.884)]`.

/// How many of them are open in a paragraph.
#[derive(Debug, Default)]
pub(super) struct Brackets {
    open: usize,
}

impl Brackets {
    /// The round bracket that a sign at this byte of a text stands for; None where it is none of them. A recogniser takes digits and the rules of
    /// tables for such signs, so that only what words follow opens, and nothing closes that was not opened.
    pub(super) fn round(&mut self, text: &str, at: usize) -> Option<char> {
        let sign = text.as_bytes()[at];
        if !matches!(sign, b'[' | b']') {
            return None;
        }
        let (before, behind) = (text[..at].chars().next_back(), text[at + 1..].chars().next());
        match sign {
            b'[' if before.is_none_or(char::is_whitespace) && behind.is_some_and(char::is_alphabetic) => {
                self.open += 1;
                Some('(')
            }
            b']' if self.open > 0 && behind.is_none_or(|c| !c.is_alphanumeric()) => {
                self.open -= 1;
                Some(')')
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(text: &str) -> String {
        let mut brackets = Brackets::default();
        text.char_indices().map(|(at, c)| brackets.round(text, at).unwrap_or(c)).collect()
    }

    #[test]
    fn brackets_around_words_are_round() {
        assert_eq!(
            rounded("1.947 hồ sơ [kỳ trước 38; mới 1.909 (đạt 98%)]."),
            "1.947 hồ sơ (kỳ trước 38; mới 1.909 (đạt 98%))."
        );
        assert_eq!(rounded("đã xong 149 [đúng hạn 149], còn 5"), "đã xong 149 (đúng hạn 149), còn 5");
    }

    #[test]
    fn digits_and_rules_that_were_read_as_brackets_are_none() {
        assert_eq!(rounded("còn 202] hồ sơ"), "còn 202] hồ sơ");
        assert_eq!(rounded("[ Hộ tịch [ 12 [ 15 ]"), "[ Hộ tịch [ 12 [ 15 ]");
        assert_eq!(rounded("số [12]"), "số [12]");
    }
}

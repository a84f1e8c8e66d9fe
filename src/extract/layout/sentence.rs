//! Where sentences begin.

/// Where the sentence begins that goes on to `at`, not before `floor`.
pub(in crate::extract) fn sentence_start(key: &str, floor: usize, at: usize) -> usize {
    let bytes = key.as_bytes();
    let ends = |i: usize| bytes[i] == b'\n' || matches!(bytes[i], b'.' | b'?' | b'!') && bytes[i + 1] == b' ';
    (floor..at.saturating_sub(1)).rev().find(|i| ends(*i)).map_or(floor, |i| i + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_within_a_number_ends_no_sentence() {
        let key = "nhan 1.204 ho so. da giai quyet 12";
        assert_eq!(sentence_start(key, 0, 10), 0);
        assert_eq!(sentence_start(key, 0, key.len()), 17);
        assert_eq!(sentence_start(key, 20, key.len()), 20);
    }
}

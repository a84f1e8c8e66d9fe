//! Letters as recognisers without Vietnamese see them that come with office scanners: `hQ tlch`, `viQc`, `t4i`.

use super::letters::{Alphabet, Packed};
use super::weights::{Confusion, Size, Table};
use crate::dict::is_remark;
use crate::error::{Error, ErrorKind, Result};

/// The file that the program brings along.
static EMBEDDED: &str = include_str!("../../../dictionaries/confusions.tsv");

/// The confusions that come with the program.
///
/// # Errors
/// None with the file as it was shipped.
pub fn embedded(alphabet: &Alphabet) -> Result<Vec<Confusion>> {
    read(EMBEDDED, alphabet)
}

/// Reads lines of a letter, what is seen for it and its share.
///
/// # Errors
/// [`ErrorKind::Model`] for a line that is not one.
pub fn read(text: &str, alphabet: &Alphabet) -> Result<Vec<Confusion>> {
    let confusion = |line: &str| {
        let mut fields = line.split('\t');
        let printed = Packed::new(&alphabet.printed(fields.next()?)?)?;
        let seen = Packed::new(&alphabet.codes(fields.next()?))?;
        let share = fields.next()?.parse().ok().filter(|&share| share > 0.0 && share <= 1.0)?;
        Some(Confusion { printed, seen, share })
    };
    let lines = text.lines().enumerate().filter(|(_, line)| !is_remark(line));
    lines
        .map(|(number, line)| {
            confusion(line).ok_or_else(|| {
                Error::new(ErrorKind::Model, format!("line {} is not a confusion", number + 1))
                    .file("confusions.tsv")
                    .remedy("write the letter, what is seen for it and a share up to 1, with tabs between, and run `sohoa dict check`")
            })
        })
        .collect()
}

/// The letters of a table that was learned, and what else than themselves they are seen as, down to a share of `rarest`.
pub fn write(table: &Table, rarest: f32, alphabet: &Alphabet) -> String {
    let mut out = String::new();
    for row in &table.rows[Size::Letter as usize] {
        let printed = alphabet.text(&row.printed.codes());
        for (seen, share) in row.seen.iter().filter(|(seen, share)| *share >= rarest && *seen != row.printed) {
            let seen = alphabet.text(&seen.codes());
            if !seen.is_empty() && !seen.contains(['\t', '#']) {
                out.push_str(&format!("{printed}\t{seen}\t{:.4}\n", share.min(1.0)));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::Restorer;

    #[test]
    fn a_damaged_file_is_named_by_its_line() {
        for share in ["many", "0", "1.5"] {
            let error = read(&format!("# head\n\nạ\tq\t{share}\n"), &Alphabet::default()).unwrap_err();
            assert!(error.to_string().contains("line 3"), "{error}");
        }
        assert_eq!(read("# head\n\nạ\tq\t0.1\n", &Alphabet::default()).unwrap().len(), 1);
    }

    #[test]
    fn text_of_an_office_scanner_is_read() {
        let restorer = Restorer::embedded().unwrap();
        let seen = "Van phong UBND xa dd ti6p nh4n hd so cria tO chric, cd nh6n nQp tqi bQ ph4n m6t cria, viQc tht hiQn dring quy dinh.";
        let restored = restorer.restore_plain(seen);
        for word in ["nộp tại bộ phận", "tiếp nhận", "việc"] {
            assert!(restored.contains(word), "{word}: {restored}");
        }
    }

    #[test]
    fn text_of_scanners_that_were_learned_from_is_read() {
        let restorer = Restorer::embedded().unwrap();
        let seen = "De nghi cac don vi khan truong trien khai, bao dam ye thoi gian thvc hien.";
        let want = "Đề nghị các đơn vị khẩn trương triển khai, bảo đảm về thời gian thực hiện.";
        assert_eq!(restorer.restore_plain(seen), want);
    }
}

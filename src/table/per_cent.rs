//! The per cent sign in a column of units: at the resolution of a fax it is read as a letter or two, a digit and a stroke (`o lj)`, `U/ a`), as it is no
//! letter of the network's; the name of its row tells what it is.

use super::words::WORDS;
use crate::geometry::Rect;
use crate::page::{CellPlace, Line, Word};
use crate::text::fold::key;

/// A sign that its row tells is no surer than this.
const MOST: f32 = 0.6;
/// The head of the column stands in one of so many rows.
const HEAD: u32 = 3;
/// The longest text that a per cent sign is read as, in characters.
const LONGEST: usize = 6;

/// Gives cells of the column of units that are no units the per cent sign, where their row is named a share. What was seen stays as the first other
/// reading. `lines` are those of one table, by row and column; what is then left without words says nothing.
pub(super) fn mend(lines: &mut [Line]) {
    let head =
        |line: &&Line| line.cell.is_some_and(|c| c.row <= HEAD) && WORDS.is_unit_column(&key(line.text().trim()));
    let Some(CellPlace { row: first, column, .. }) = lines.iter().find(head).and_then(|line| line.cell) else { return };
    let mut at = 0;
    while at < lines.len() {
        let (from, cell) = (at, lines[at].cell);
        at += lines[from..].iter().take_while(|line| line.cell == cell).count();
        let Some(cell) = cell.filter(|c| c.column == column && c.row > first) else { continue };
        // Its rings may have been taken for lines of their own.
        let words: Vec<Word> = lines[from..at].iter().flat_map(|line| line.words.clone()).collect();
        let text = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        let name = |line: &Line| {
            line.cell.is_some_and(|c| c.row == cell.row && c.column < column) && WORDS.is_share(&line.text())
        };
        if is_remains(&text) && lines.iter().any(name) {
            let rect = Rect::bounding(words.iter().map(|word| &word.rect)).unwrap_or(lines[from].rect);
            let confidence = words.iter().map(|word| word.confidence).fold(1.0, f32::min);
            let mut sign = Word { text, rect, confidence, ..Word::default() };
            sign.read_as("%".to_owned(), MOST);
            lines[from..at].iter_mut().for_each(|line| line.words.clear());
            lines[from].words = vec![sign];
        }
    }
}

/// Whether a text is what is left of a per cent sign: short, with a digit or a stroke, and neither a unit's letters (`m2`, `kg`, `đ/kg`), nor signs
/// alone, which say that it is as above, nor perhaps per mille.
fn is_remains(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let together = text.split(|c: char| !c.is_alphabetic()).all(|run| run.chars().count() < 3);
    let odd = text.contains(|c: char| !c.is_alphabetic());
    let sign = text.contains(char::is_alphanumeric) && !text.contains(['%', '‰']);
    // A number that stands there by itself is not taken away; two rings and a stroke with white between them are none (`0. 0`, `0 1`).
    let apart = text.contains(' ') && text.chars().filter(char::is_ascii_digit).count() <= 2;
    let number = !apart && !text.contains(|c: char| c.is_alphabetic() || matches!(c, '/' | '|' | '(' | ')'));
    let rings = text.chars().filter(|c| matches!(c, 'o' | 'O' | '0' | '°')).count();
    let power = text.trim_start_matches(['k', 'c', 'd', 'K']).starts_with(['m', 'M']);
    sign && !number && rings < 3 && text.chars().count() <= LONGEST && letters <= 3 && together && odd && !power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[[&str; 3]]) -> Vec<String> {
        let mut lines = Vec::new();
        for (row, cells) in (1..).zip(rows) {
            for (column, text) in (1..).zip(cells) {
                let cell = Some(CellPlace { table: 0, row, column });
                for line in text.split('\n') {
                    let words =
                        line.split(' ').map(|w| Word { text: w.to_owned(), confidence: 0.9, ..Word::default() });
                    lines.push(Line { words: words.collect(), cell, ..Line::default() });
                }
            }
        }
        mend(&mut lines);
        lines.iter().filter(|l| l.cell.is_some_and(|c| c.column == 2) && !l.words.is_empty()).map(Line::text).collect()
    }

    #[test]
    fn a_share_is_measured_in_per_cent_and_nothing_else_is_touched() {
        let rows = [
            ["Chỉ tiêu", "Đơn vị tính", "Đạt"],
            ["Tỷ lệ hộ nghèo giảm", "o lj)", "7,0"],
            ["Tỉ lệ trẻ em suy dinh dưỡng", "U/\na", "80,5"],
            ["Tỷ lệ che phủ", "%", "61"],
            ["Tỷ lệ sinh", "m2", "1"],
            ["Trồng rừng mới", "0 a", "2.302"],
            ["Tỷ lệ đường bê tông", "km", "12"],
            ["Tỷ lệ sinh", "‰", "9"],
            ["Tỷ lệ tử vong", "0/00", "9"],
            ["Tỷ lệ tăng", "\"", "9"],
            ["Tỷ lệ giảm", "9", "9"],
            ["Tỷ lệ người tham gia", "0. 0", "9"],
            ["Tỷ lệ đất trống", "1 000", "9"],
        ];
        assert_eq!(table(&rows)[..11], ["Đơn vị tính", "%", "%", "%", "m2", "0 a", "km", "‰", "0/00", "\"", "9"]);
        assert_eq!(table(&rows)[11..], ["%", "1 000"]);
        let mut other = rows;
        other[0][1] = "Năm trước";
        assert_eq!(table(&other)[1..4], ["o lj)", "U/", "a"]);
    }
}

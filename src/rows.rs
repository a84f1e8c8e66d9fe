//! Rows of a table as lines of text: a row's cells parted by TABs, the printed lines of a cell joined by a space.

use crate::document::TextLine;
use crate::geometry::Rect;
use crate::page::Line;
use std::ops::Range;

/// The printed lines that make each line of the text: the lines of a table's row together, all others alone.
pub fn text_rows(lines: &[Line]) -> Vec<Range<usize>> {
    let mut rows: Vec<Range<usize>> = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        let row = |line: &Line| line.cell.map(|c| (c.table, c.row));
        match rows.last_mut().filter(|last| row(line).is_some() && row(&lines[last.start]) == row(line)) {
            Some(last) => last.end = at + 1,
            None => rows.push(at..at + 1),
        }
    }
    rows
}

/// One line of text of the printed lines of a row; `texts` are those of `lines`.
pub fn join_row(lines: &[Line], texts: &[TextLine]) -> TextLine {
    let mut row = texts[0].clone();
    for at in 1..texts.len() {
        if texts[at].text.is_empty() {
            continue;
        }
        if !row.text.is_empty() {
            row.text.push(if lines[at].cell == lines[at - 1].cell { ' ' } else { '\t' });
        }
        let shift = row.text.len();
        row.text.push_str(&texts[at].text);
        row.words.extend(texts[at].words.iter().cloned().map(|mut word| {
            (word.start, word.end) = (word.start + shift, word.end + shift);
            word
        }));
    }
    row.place.rect = Rect::bounding(texts.iter().filter_map(|t| t.place.rect.as_ref()));
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Place;
    use crate::page::CellPlace;

    #[test]
    fn a_row_is_one_line_and_its_cells_are_parted_by_tabs() {
        let at = |row, column| Some(CellPlace { table: 0, row, column });
        let printed = [(None, "Kết quả:"), (at(1, 1), "Lĩnh"), (at(1, 1), "vực"), (at(1, 3), "12"), (at(2, 1), "Đất")];
        let lines: Vec<Line> = printed.iter().map(|(cell, _)| Line { cell: *cell, ..Line::default() }).collect();
        let texts: Vec<TextLine> = printed.iter().map(|(_, text)| TextLine::plain(Place::default(), *text)).collect();
        let rows = text_rows(&lines);
        let joined: Vec<TextLine> = rows.iter().map(|r| join_row(&lines[r.clone()], &texts[r.clone()])).collect();
        assert_eq!(joined.iter().map(|l| l.text.as_str()).collect::<Vec<_>>(), ["Kết quả:", "Lĩnh vực\t12", "Đất"]);
        let words: Vec<&str> = joined[1].words.iter().map(|w| &joined[1].text[w.start..w.end]).collect();
        assert_eq!(words, ["Lĩnh", "vực", "12"]);
    }
}

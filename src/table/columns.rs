//! Tables without rules: rows of pieces that stand below each other in columns, most of them numbers.
//!
//! A piece is what wide gaps part on one height. Rows of at least three pieces, at least three of them with as many pieces as most, make a
//! table where the pieces of each column keep clear of those beside it and many are numbers. A letterhead, the foot of a letter and lists have
//! two columns, and no numbers in them.

use super::insert::insert;
use super::numeral::Content;
use super::{SeenCell, SeenTable};
use crate::geometry::Rect;
use crate::page::{CellPlace, Line, RecognisedPage, Word};
use std::ops::Range;

/// A gap this wide parts pieces, in heights of the words beside it: spaces of justified lines are narrower.
const GAP: f32 = 1.2;
/// Fewer columns than this are no table without rules.
const LEAST_COLUMNS: usize = 3;
/// Fewer rows with all columns are none.
const LEAST_ROWS: usize = 3;
/// So much of the pieces must be numbers, or signs in their place.
const NUMBERS: f32 = 0.4;
/// Rows further apart than this, in heights of their words, are not of one table.
const APART: f32 = 3.0;
/// Rows above the first with all columns that may be the head.
const MOST_HEAD_ROWS: usize = 3;
/// A page with more pieces than this is no page of print.
const MOST_PIECES: usize = 20_000;

/// Words that stand close to each other on one height.
#[derive(Debug, Clone)]
struct Piece {
    rect: Rect,
    line: usize,
    words: Range<usize>,
    text: String,
}

type Row = Vec<Piece>;

/// The tables without rules among the lines of a page that are in no table yet; their lines are put together by cells. `known` tables have
/// been found before, whose numbers are taken.
pub fn place_unruled(page: &mut RecognisedPage, known: usize) -> Vec<SeenTable> {
    let pieces = pieces(&page.lines);
    if pieces.len() > MOST_PIECES {
        return Vec::new();
    }
    let rows = rows(pieces);
    let mut tables = Vec::new();
    let mut found = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        match table(&rows, at) {
            Some((range, columns)) => {
                at = range.end;
                found.push((range, columns));
            }
            None => at += 1,
        }
    }
    // The words are taken out of their lines at the end, so that places in these stay true.
    let mut taken: Vec<(usize, Range<usize>)> = Vec::new();
    let mut made = Vec::new();
    for (number, (range, columns)) in (known..).zip(found) {
        let (table, lines) = cells(&rows[range.clone()], &columns, &page.lines, number as u32);
        taken.extend(rows[range].iter().flatten().map(|p| (p.line, p.words.clone())));
        made.push((table, lines));
    }
    taken.sort_by_key(|(line, words)| (*line, words.start));
    for (line, words) in taken.into_iter().rev() {
        page.lines[line].words.drain(words);
    }
    for line in &mut page.lines {
        line.rect = Rect::bounding(line.words.iter().map(|w| &w.rect)).unwrap_or(line.rect);
    }
    page.lines.retain(|line| !line.words.is_empty());
    for (table, lines) in made {
        insert(page, &table, lines);
        tables.push(table);
    }
    tables
}

fn pieces(lines: &[Line]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (number, line) in lines.iter().enumerate().filter(|(_, l)| l.cell.is_none()) {
        let mut start = 0;
        for at in 1..=line.words.len() {
            let wide = line.words.get(at).is_none_or(|next| {
                let word = &line.words[at - 1];
                next.rect.x0 - word.rect.x1 > GAP * height(word).max(height(next)) || next.rect.x1 < word.rect.x0
            });
            if wide {
                let words = &line.words[start..at];
                let text: Vec<&str> = words.iter().map(|w| w.text.as_str()).collect();
                let rect = Rect::bounding(words.iter().map(|w| &w.rect)).unwrap_or_default();
                pieces.push(Piece { rect, line: number, words: start..at, text: text.join(" ") });
                start = at;
            }
        }
    }
    pieces
}

fn height(word: &Word) -> f32 {
    word.rect.height().max(1.0)
}

/// Pieces on one height as rows, from the top, each from left to right.
fn rows(mut pieces: Vec<Piece>) -> Vec<Row> {
    pieces.sort_by(|a, b| a.rect.centre().1.total_cmp(&b.rect.centre().1).then(a.rect.x0.total_cmp(&b.rect.x0)));
    let mut rows: Vec<Row> = Vec::new();
    for piece in pieces {
        let beside = |other: &Piece| {
            let lower = other.rect.height().min(piece.rect.height());
            let clear = piece.rect.x0 >= other.rect.x1 || piece.rect.x1 <= other.rect.x0;
            clear && piece.rect.vertical_overlap(&other.rect) > 0.5 * lower
        };
        match rows.last_mut().filter(|row| row.iter().all(beside)) {
            Some(row) => row.push(piece),
            None => rows.push(vec![piece]),
        }
    }
    rows.iter_mut().for_each(|row| row.sort_by(|a, b| a.rect.x0.total_cmp(&b.rect.x0)));
    rows
}

/// The rows of the table that has its first full row at `from`, head and rows between included, and the extents of its columns; None where
/// there is none.
fn table(rows: &[Row], from: usize) -> Option<(Range<usize>, Vec<(f32, f32)>)> {
    let count = rows[from].len();
    if count < LEAST_COLUMNS {
        return None;
    }
    let mut columns: Vec<(f32, f32)> = rows[from].iter().map(|p| (p.rect.x0, p.rect.x1)).collect();
    let (mut full, mut last) = (vec![from], from);
    for at in from + 1..rows.len() {
        if distance(&rows[at - 1], &rows[at]) > APART {
            break;
        }
        if rows[at].len() == count {
            let wider: Vec<(f32, f32)> =
                columns.iter().zip(&rows[at]).map(|(c, p)| (c.0.min(p.rect.x0), c.1.max(p.rect.x1))).collect();
            if wider.windows(2).any(|w| w[0].1 >= w[1].0) {
                break;
            }
            columns = wider;
            full.push(at);
            last = at;
        } else if rows[at].len() > count || !fits(&rows[at], &columns) {
            break;
        } else if rows[at].len() > 1 {
            last = at;
        }
    }
    let pieces = || full.iter().flat_map(|&at| &rows[at]);
    let numbers = pieces().filter(|p| Content::of(&p.text) != Content::Words).count();
    // Every column but the names' has numbers, else it is a list set in columns.
    let of_words =
        (0..count).filter(|&c| full.iter().all(|&at| Content::of(&rows[at][c].text) == Content::Words)).count();
    let many = full.len() >= LEAST_ROWS && numbers as f32 >= NUMBERS * pieces().count() as f32 && 2 * of_words <= count;
    if !many {
        return None;
    }
    let head = (from.saturating_sub(MOST_HEAD_ROWS)..from)
        .rev()
        .take_while(|&at| {
            rows[at].len() > 1 && distance(&rows[at], &rows[at + 1]) <= APART && fits(&rows[at], &columns)
        })
        .count();
    Some((from - head..last + 1, columns))
}

/// How far apart two rows are, in heights of their words.
fn distance(above: &Row, below: &Row) -> f32 {
    let bottom = above.iter().map(|p| p.rect.y1).fold(f32::MIN, f32::max);
    let top = below.iter().map(|p| p.rect.y0).fold(f32::MAX, f32::min);
    let height = above.iter().chain(below).map(|p| p.rect.height()).fold(1.0, f32::max);
    (top - bottom) / height
}

/// Whether each piece of a row lies over columns of its own.
fn fits(row: &Row, columns: &[(f32, f32)]) -> bool {
    let mut next = 0;
    row.iter().all(|piece| {
        let over = over(piece, columns);
        let own = !over.is_empty() && over.start >= next;
        next = over.end;
        own
    })
}

/// The columns that a piece stands over.
fn over(piece: &Piece, columns: &[(f32, f32)]) -> Range<usize> {
    let touches = |c: &(f32, f32)| piece.rect.x0 < c.1 && piece.rect.x1 > c.0;
    match columns.iter().position(touches) {
        Some(first) => first..first + columns[first..].iter().take_while(|c| touches(c)).count(),
        None => {
            let middle = piece.rect.centre().0;
            let off = |c: &(f32, f32)| (c.0 - middle).max(middle - c.1);
            let near = (0..columns.len()).min_by(|&a, &b| off(&columns[a]).total_cmp(&off(&columns[b])));
            let inside = middle > columns[0].0 && middle < columns[columns.len() - 1].1;
            near.filter(|_| inside).map_or(0..0, |at| at..at + 1)
        }
    }
}

/// The table of these rows and its lines by row and column.
fn cells(rows: &[Row], columns: &[(f32, f32)], lines: &[Line], number: u32) -> (SeenTable, Vec<Line>) {
    let rect = Rect::bounding(rows.iter().flatten().map(|p| &p.rect)).unwrap_or_default();
    let mut table = SeenTable { rect, rows: 0, columns: columns.len() as u32, cells: Vec::new() };
    let mut made: Vec<Line> = Vec::new();
    for row in rows {
        // A lone piece goes on with the cell above it.
        let goes_on = row.len() == 1 && table.rows > 0 && over(&row[0], columns).start > 0;
        table.rows += u32::from(!goes_on);
        for piece in row {
            let over = over(piece, columns);
            let (column, span) = (over.start as u32 + 1, over.len().max(1) as u32);
            let words = lines[piece.line].words[piece.words.clone()].to_vec();
            let place = CellPlace { table: number, row: table.rows, column };
            let known = table.cells.iter_mut().find(|c| (c.row, c.column) == (place.row, column));
            match known {
                Some(cell) => cell.rect = cell.rect.union(&piece.rect),
                None => table.cells.push(SeenCell {
                    row: table.rows,
                    column,
                    row_span: 1,
                    column_span: span,
                    rect: piece.rect,
                }),
            }
            made.push(Line { words, rect: piece.rect, cell: Some(place), ..Line::default() });
        }
    }
    table.cells.sort_by_key(|c| (c.row, c.column));
    made.sort_by_key(|line| line.cell.map(|c| (c.row, c.column)));
    (table, made)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page whose lines hold pieces as `column text`, the column being its left edge in letters.
    fn page(rows: &[&[(u32, &str)]]) -> RecognisedPage {
        let line = |(number, row): (usize, &&[(u32, &str)])| {
            let y = 60.0 * number as f32;
            let mut words = Vec::new();
            for (column, text) in row.iter() {
                let mut x = 20.0 * *column as f32;
                for word in text.split(' ') {
                    let wide = 16.0 * word.chars().count() as f32;
                    let rect = Rect::new(x, y, x + wide, y + 30.0);
                    words.push(Word { text: word.into(), rect, confidence: 1.0, ..Word::default() });
                    x += wide + 10.0;
                }
            }
            let rect = Rect::bounding(words.iter().map(|w| &w.rect)).unwrap();
            Line { words, rect, ..Line::default() }
        };
        RecognisedPage { page: 1, lines: rows.iter().enumerate().map(line).collect() }
    }

    fn read(rows: &[&[(u32, &str)]]) -> (usize, Vec<String>) {
        let mut page = page(rows);
        let tables = place_unruled(&mut page, 0);
        let lines = page.lines.iter().map(|l| {
            let cell = l.cell.map_or(String::new(), |c| format!("{}.{} ", c.row, c.column));
            cell + &l.text()
        });
        (tables.len(), lines.collect())
    }

    #[test]
    fn numbers_below_each_other_make_a_table() {
        let (tables, lines) = read(&[
            &[(0, "Kết quả như sau:")],
            &[(0, "Thôn"), (30, "Số hộ"), (50, "Nghèo")],
            &[(0, "Gò Sỏi"), (30, "412"), (50, "9")],
            &[(0, "Bàu Sen"), (30, "387"), (50, "0")],
            &[(0, "Đồng Giữa"), (29, "1.056"), (50, "21")],
            &[(0, "Hết bảng.")],
        ]);
        assert_eq!(tables, 1);
        assert_eq!(lines[..5], ["Kết quả như sau:", "1.1 Thôn", "1.2 Số hộ", "1.3 Nghèo", "2.1 Gò Sỏi"]);
        assert_eq!(lines[lines.len() - 2..], ["4.3 21", "Hết bảng."]);
    }

    #[test]
    fn letterheads_lists_and_prose_are_none() {
        for rows in [
            &[
                &[(0, "ỦY BAN NHÂN DÂN"), (40, "CỘNG HÒA XÃ HỘI")][..],
                &[(0, "XÃ ĐỒNG MỘC"), (40, "Độc lập")],
                &[(0, "Số: 12"), (40, "ngày 5")],
            ][..],
            &[
                &[(0, "An"), (20, "Bình"), (40, "Chi")],
                &[(0, "Dung"), (20, "Em"), (40, "Giang")],
                &[(0, "Hà"), (20, "Khoa"), (40, "Lan")],
            ],
            &[
                &[(0, "Tổng số 12 hồ sơ, trong đó")],
                &[(0, "nhận mới 10 hồ sơ và kỳ trước")],
                &[(0, "chuyển qua 2 hồ sơ.")],
            ],
        ] {
            assert_eq!(read(rows).0, 0, "{rows:?}");
        }
    }
}

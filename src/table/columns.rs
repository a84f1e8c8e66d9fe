//! Tables without rules: rows of pieces that stand below each other in columns, most of them numbers.
//!
//! A piece is what wide gaps part on one height. Rows of at least three pieces, at least three of them with as many pieces as most, make a
//! table where the pieces of each column keep clear of those beside it and many are numbers. A letterhead, the foot of a letter and lists have
//! two columns, and no numbers in them.
//!
//! Where level rules part the rows, all between two of them is one row; without, each height is one, but for what goes on with the row above.

use super::insert::insert;
use super::numeral::{Content, is_item};
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
/// Rows that do not fit the columns, as where dirt stands beside the words, may come between those that do.
const MOST_ODD: usize = 2;
/// In a place where columns part, so wide a gap parts pieces too, in heights of the words beside it.
const GAP_OF_COLUMNS: f32 = 0.45;
/// A rule parts rows where it runs under so much of the table.
const CROSSES: f32 = 0.7;
/// Lines of one cell are nearer to each other than this, in heights of their words.
const CLOSE: f32 = 0.5;
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
/// been found before, whose numbers are taken. `rules` gives the level rules of the page, in the pixels of its lines; it is asked only where there is a table.
pub fn place_unruled(page: &mut RecognisedPage, known: usize, rules: impl FnOnce() -> Vec<Rect>) -> Vec<SeenTable> {
    let pieces = pieces(&page.lines);
    if pieces.len() > MOST_PIECES {
        return Vec::new();
    }
    let rows = rows(pieces);
    let mut tables = Vec::new();
    let mut found = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let free = found.last().map_or(0, |(range, _): &(Range<usize>, _)| range.end);
        match table(&rows, at, free) {
            Some((range, columns)) => {
                at = range.end;
                found.push((range, columns));
            }
            None => at += 1,
        }
    }
    let rules = if found.is_empty() { Vec::new() } else { rules() };
    // The words are taken out of their lines at the end, so that places in these stay true.
    let mut taken: Vec<(usize, Range<usize>)> = Vec::new();
    let mut made = Vec::new();
    for (number, (range, columns)) in (known..).zip(found) {
        let parted: Vec<Row> =
            rows[range.clone()].iter().map(|row| parted_at_columns(row, &columns, &page.lines)).collect();
        let (table, lines) = cells(&logical(parted, &columns, &rules), &columns, &page.lines, number as u32);
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
    let wide = |word: &Word, next: &Word| {
        next.rect.x0 - word.rect.x1 > GAP * height(word).max(height(next)) || next.rect.x1 < word.rect.x0
    };
    let free = lines.iter().enumerate().filter(|(_, line)| line.cell.is_none());
    free.flat_map(|(number, line)| parted(line, number, 0..line.words.len(), wide)).collect()
}

/// These words of a line as pieces that end where a word and the next are apart.
fn parted(line: &Line, number: usize, words: Range<usize>, apart: impl Fn(&Word, &Word) -> bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut start = words.start;
    for at in words.start + 1..=words.end {
        if at == words.end || apart(&line.words[at - 1], &line.words[at]) {
            let own = &line.words[start..at];
            let text: Vec<&str> = own.iter().map(|w| w.text.as_str()).collect();
            let rect = Rect::bounding(own.iter().map(|w| &w.rect)).unwrap_or_default();
            pieces.push(Piece { rect, line: number, words: start..at, text: text.join(" ") });
            start = at;
        }
    }
    pieces
}

/// A row whose pieces are parted between columns by narrower gaps, too: `2 Nâng cấp đường` where the number has a column of its own.
fn parted_at_columns(row: &Row, columns: &[(f32, f32)], lines: &[Line]) -> Row {
    let apart = |word: &Word, next: &Word| {
        let (from, to) = (word.rect.x1, next.rect.x0);
        let between = columns.windows(2).any(|pair| from < pair[1].0 && to > pair[0].1);
        // The number of a row may stand close to its words, or be given part of the white beside it.
        let least = if is_item(&word.text) && from < columns[1].0 { 0.0 } else { GAP_OF_COLUMNS };
        between && to - from > least * height(word).max(height(next))
    };
    row.iter().flat_map(|piece| parted(&lines[piece.line], piece.line, piece.words.clone(), apart)).collect()
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
/// there is none. Rows before `free` are another's.
fn table(rows: &[Row], from: usize, free: usize) -> Option<(Range<usize>, Vec<(f32, f32)>)> {
    let count = rows[from].len();
    if count < LEAST_COLUMNS {
        return None;
    }
    let mut columns: Vec<(f32, f32)> = rows[from].iter().map(|p| (p.rect.x0, p.rect.x1)).collect();
    let (mut full, mut last, mut odd) = (vec![from], from, 0);
    for at in from + 1..rows.len() {
        if distance(&rows[at - 1], &rows[at]) > APART {
            break;
        }
        match widened(&columns, &rows[at]) {
            Some(wider) => {
                (columns, last, odd) = (wider, at, 0);
                full.push(at);
            }
            None if rows[at].len() >= count || !fits(&rows[at], &columns) => {
                odd += 1;
                if odd > MOST_ODD {
                    break;
                }
            }
            None if odd == 0 && rows[at].len() > 1 => last = at,
            None => {}
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
    // A lone piece is a head's second line where more stands above it, and else the title.
    let above = |at: &usize| distance(&rows[*at], &rows[*at + 1]) <= APART && fits(&rows[*at], &columns);
    let first = (from.saturating_sub(MOST_HEAD_ROWS).max(free)..from)
        .rev()
        .take_while(above)
        .filter(|&at| rows[at].len() > 1)
        .last();
    // The last cell's further lines are close below it, and in its column.
    let goes_on = |at: &usize| match rows[*at].as_slice() {
        [piece] => {
            let own = over(piece, &columns);
            let column = columns.get(own.start).filter(|_| own.start > 0 && own.len() == 1);
            let inside =
                column.is_some_and(|c| (piece.rect.x0 - c.0).abs() < piece.rect.height() && piece.rect.x1 <= c.1);
            inside && distance(&rows[*at - 1], &rows[*at]) < CLOSE
        }
        _ => false,
    };
    let end = last + 1 + (last + 1..rows.len()).take_while(goes_on).count();
    Some((first.unwrap_or(from)..end, columns))
}

/// The columns with room for the pieces of a row that has one in each; None where it has not.
fn widened(columns: &[(f32, f32)], row: &Row) -> Option<Vec<(f32, f32)>> {
    let wider = columns.iter().zip(row).map(|(c, p)| (c.0.min(p.rect.x0), c.1.max(p.rect.x1)));
    let wider: Vec<(f32, f32)> = (row.len() == columns.len()).then(|| wider.collect())?;
    wider.windows(2).all(|w| w[0].1 < w[1].0).then_some(wider)
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

/// The heights on which print stands as the rows of the table.
fn logical(rows: Vec<Row>, columns: &[(f32, f32)], rules: &[Rect]) -> Vec<Row> {
    let (left, right) = (columns[0].0, columns[columns.len() - 1].1);
    let crosses = |rule: &&Rect| rule.x1.min(right) - rule.x0.max(left) > CROSSES * (right - left);
    let crossing: Vec<f32> = rules.iter().filter(crosses).map(|rule| rule.centre().1).collect();
    let band = |row: &Row| {
        let y = Rect::bounding(row.iter().map(|p| &p.rect)).unwrap_or_default().centre().1;
        crossing.iter().filter(|rule| **rule < y).count()
    };
    let numbers = |row: &Row| row.iter().filter(|p| Content::of(&p.text) != Content::Words).count();
    let of_columns = |row: &Row| row.iter().all(|piece| over(piece, columns).len() < 2);
    // The name of a group stands below the head and has no numbers either.
    let heads_group =
        |row: &Row| row.first().is_some_and(|p| is_item(&p.text) && over(p, columns) == (0..1)) && row.len() > 1;
    let head =
        rows.iter().enumerate().take_while(|(n, row)| numbers(row) == 0 && !(*n > 0 && heads_group(row))).count();
    let ruled = rows.first().zip(rows.last()).is_some_and(|(first, last)| band(first) != band(last));
    let mut made: Vec<Row> = Vec::new();
    let (mut at, mut before) = (0, None);
    while at < rows.len() {
        // Without rules the lines of a head are one row where each names columns of its own.
        let end = match ruled {
            true => at + rows[at..].iter().take_while(|row| band(row) == band(&rows[at])).count(),
            false if at == 0 && head > 0 && head < rows.len() => head,
            false => rows.len(),
        };
        let group = &rows[at..end];
        let one = (ruled || at == 0 && end == head)
            && group.iter().filter(|row| numbers(row) > 1).count() < 2
            && (group.len() == 1 || group.iter().all(of_columns));
        for (n, row) in group.iter().enumerate() {
            match made.last_mut() {
                Some(last) if n > 0 && (one || goes_on(row, before, columns)) => last.extend(row.iter().cloned()),
                _ => made.push(row.clone()),
            }
            before = Some(row);
        }
        at = end;
    }
    made
}

/// Whether a height holds but further lines of the cells above it: a lone piece, or words close below words; the first column's begin rows.
fn goes_on(row: &Row, above: Option<&Row>, columns: &[(f32, f32)]) -> bool {
    let beside_first = |piece: &Piece| over(piece, columns).start > 0;
    let words = |piece: &Piece| Content::of(&piece.text) == Content::Words;
    let below_words = |piece: &Piece| {
        let own = over(piece, columns).start;
        above.is_some_and(|row| row.iter().any(|other| words(other) && over(other, columns).start == own))
    };
    let close = above.is_some_and(|above| distance(above, row) < CLOSE);
    row.iter().all(beside_first) && (row.len() == 1 || close && row.iter().all(|p| words(p) && below_words(p)))
}

/// The table of these rows and its lines by row and column.
fn cells(rows: &[Row], columns: &[(f32, f32)], lines: &[Line], number: u32) -> (SeenTable, Vec<Line>) {
    let rect = Rect::bounding(rows.iter().flatten().map(|p| &p.rect)).unwrap_or_default();
    let mut table = SeenTable { rect, rows: 0, columns: columns.len() as u32, cells: Vec::new() };
    let mut made: Vec<Line> = Vec::new();
    for row in rows {
        table.rows += 1;
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
        read_with(rows, &[])
    }

    fn read_with(rows: &[&[(u32, &str)]], rules: &[Rect]) -> (usize, Vec<String>) {
        let mut page = page(rows);
        let tables = place_unruled(&mut page, 0, || rules.to_vec());
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
    fn what_stands_between_two_level_rules_is_one_row() {
        let rows: [&[(u32, &str)]; 7] = [
            &[(0, "TT"), (8, "Công trình"), (30, "Tổng mức"), (50, "Đã chi")],
            &[(31, "đầu tư")],
            &[(0, "1"), (8, "Kè bờ suối,"), (30, "7.248"), (50, "724")],
            &[(8, "đoạn dưới cầu")],
            &[(0, "2"), (8, "Cống hộp"), (30, "4.794"), (50, "2.349")],
            &[(0, "3"), (8, "Sân nhà"), (30, "5.780"), (50, "1.618")],
            &[(8, "Hết bảng rồi.")],
        ];
        let rules: Vec<Rect> = [-10.0, 105.0, 225.0, 285.0, 345.0].map(|y| Rect::new(0.0, y, 1200.0, y + 3.0)).to_vec();
        let (tables, lines) = read_with(&rows[..6], &rules);
        assert_eq!(tables, 1);
        assert_eq!(lines[..5], ["1.1 TT", "1.2 Công trình", "1.3 Tổng mức", "1.3 đầu tư", "1.4 Đã chi"]);
        assert_eq!(lines[5..8], ["2.1 1", "2.2 Kè bờ suối,", "2.2 đoạn dưới cầu"]);
        assert_eq!(lines.last().unwrap(), "4.4 1.618");
        // Without them a lone line goes on with the cell above it.
        assert_eq!(read(&rows[..6]).1, lines);
    }

    #[test]
    fn dirt_between_the_words_of_a_row_does_not_end_the_table() {
        let (tables, lines) = read(&[
            &[(0, "1"), (8, "Kè bờ suối"), (30, "412"), (50, "9")],
            &[(0, "2"), (8, "Cống hộp"), (30, "387"), (50, "0")],
            &[(0, "3"), (4, "_"), (8, "Sân nhà"), (30, "366"), (50, "7")],
            &[(0, "4"), (8, "Chợ"), (29, "1.056"), (50, "21")],
            &[(0, "5"), (8, "Đường"), (30, "105"), (50, "2")],
        ]);
        assert_eq!((tables, lines.last().map(String::as_str)), (1, Some("5.4 2")));
        assert!(lines.iter().any(|line| line == "3.2 Sân nhà" || line == "3.2 _"), "{lines:?}");
    }

    #[test]
    fn the_name_of_a_group_is_no_part_of_the_head() {
        let (_, lines) = read(&[
            &[(0, "TT"), (8, "Công trình"), (30, "Số"), (50, "Đã chi")],
            &[(0, "I"), (8, "Giao thông")],
            &[(0, "1"), (8, "Kè bờ suối"), (30, "412"), (50, "9")],
            &[(0, "2"), (8, "Cống hộp"), (30, "387"), (50, "0")],
            &[(0, "3"), (8, "Sân nhà"), (30, "366"), (50, "7")],
        ]);
        assert_eq!(lines[3..7], ["1.4 Đã chi", "2.1 I", "2.2 Giao thông", "3.1 1"]);
    }

    #[test]
    fn the_last_cell_has_its_further_lines() {
        let mut page = page(&[
            &[(0, "1"), (8, "Kè bờ suối Bến"), (40, "412"), (60, "9")],
            &[(0, "2"), (8, "Cống hộp"), (40, "387"), (60, "0")],
            &[(0, "3"), (8, "Sân nhà đoạn"), (40, "366"), (60, "7")],
            &[(8, "số 2")],
            &[(8, "Hết bảng.")],
        ]);
        let up = |rect: &mut Rect| (rect.y0, rect.y1) = (rect.y0 - 20.0, rect.y1 - 20.0);
        page.lines[3].words.iter_mut().for_each(|word| up(&mut word.rect));
        place_unruled(&mut page, 0, Vec::new);
        let of_row: Vec<String> =
            page.lines.iter().filter(|l| l.cell.is_some_and(|c| c.row == 3)).map(Line::text).collect();
        assert_eq!(of_row, ["3", "Sân nhà đoạn", "số 2", "366", "7"]);
        assert!(page.lines.last().is_some_and(|line| line.cell.is_none() && line.text() == "Hết bảng."));
    }

    #[test]
    fn a_number_close_to_its_words_has_the_column_that_other_rows_give_it() {
        let (_, lines) = read(&[
            &[(0, "8"), (3, "Chợ"), (30, "412"), (50, "9")],
            &[(0, "9"), (3, "Sân"), (29, "1.056"), (50, "21")],
            &[(0, "10"), (3, "Bến"), (30, "387"), (50, "0")],
            &[(0, "9"), (3, "Cầu"), (29, "1.120"), (50, "12")],
        ]);
        assert_eq!(lines[8..10], ["3.1 10", "3.2 Bến"]);
    }

    #[test]
    fn two_tables_that_meet_take_no_words_of_each_other() {
        let (tables, lines) = read(&[
            &[(0, "Gò Sỏi"), (30, "412"), (50, "9")],
            &[(0, "Bàu Sen"), (30, "387"), (50, "0")],
            &[(0, "Đồng Giữa"), (29, "1.056"), (50, "21")],
            &[(0, "Xã"), (30, "Lúa")],
            &[(0, "Ao Cả"), (20, "12"), (30, "387"), (50, "40")],
            &[(0, "Ngòi"), (20, "31"), (30, "366"), (50, "22")],
            &[(0, "Đồi Chè"), (20, "17"), (30, "1.056"), (50, "21")],
        ]);
        assert_eq!((tables, lines.len()), (2, 23));
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

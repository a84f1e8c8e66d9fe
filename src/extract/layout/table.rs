//! Tables, ruled or not: rows that hold words on the left and numbers in columns below each other.
//!
//! Rules are seldom read by recognisers, so a table is known by its shape: columns parted by wide gaps, and numbers that
//! stand below each other. A cell is then *read aloud*: the words of its row, those above its column, and the number.

use crate::document::TextLine;
use crate::extract::layout::column::{NARROW, WIDE, columns, rect};
use crate::extract::layout::formula::Formula;
use crate::extract::layout::outline::{self, Depth};
use crate::extract::layout::row_mark::{level, marked, row_number};
use crate::extract::{number::grammar, number::unit};
use crate::table::CellId;
use crate::table::words::WORDS as TABLE_WORDS;
use crate::text::fold::key;
use std::ops::Range;

/// A table among the lines of a document.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::extract) struct Table {
    /// The lines that it takes up.
    pub(in crate::extract) lines: Range<usize>,
    pub(in crate::extract) rows: Vec<Row>,
    /// What the row of column numbers says.
    pub(in crate::extract) formulas: Vec<Formula>,
}

/// One row that holds numbers.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::extract) struct Row {
    /// The words that say what the row is about; empty where the paper has none.
    pub(in crate::extract) head: Vec<Cell>,
    /// The row above that it is a part of, by its number: `1` below `I`.
    pub(in crate::extract) parent: Option<usize>,
    pub(in crate::extract) values: Vec<Value>,
}

/// A number in a table.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::extract) struct Value {
    pub(in crate::extract) column: usize,
    pub(in crate::extract) cell: Cell,
    /// What stands above the column, from the top.
    pub(in crate::extract) heads: Vec<Cell>,
    /// The unit that the column, the row or the table declares.
    pub(in crate::extract) unit: Option<&'static str>,
    /// The cell of the report's table that it is; None where the table was found in the lines alone.
    pub(in crate::extract) id: Option<CellId>,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::extract) struct Cell {
    pub(in crate::extract) line: usize,
    pub(in crate::extract) bytes: Range<usize>,
    left: f32,
    right: f32,
    middle: f32,
}

impl Cell {
    /// The piece of a line that is a cell of a table that is known already.
    pub(in crate::extract) fn piece(lines: &[TextLine], line: usize, bytes: Range<usize>) -> Cell {
        let rect = rect(&lines[line], &bytes);
        let (left, right) = rect.map_or((bytes.start as f32, bytes.end as f32), |r| (r.x0, r.x1));
        Cell { line, bytes, left, right, middle: line as f32 }
    }
}

/// What stands on one height.
type Strip = Vec<Cell>;

/// A head has no more strips than this.
const MOST_HEADS: usize = 7;
/// So many strips of words may stand between two strips with numbers, where the words of a row take several lines.
const MOST_WORDS: usize = 3;

/// The tables of a document, in order.
pub(in crate::extract) fn find(lines: &[TextLine]) -> Vec<Table> {
    let strips = strips(lines);
    let mut tables = Vec::new();
    let mut at = 0;
    while at < strips.len() {
        match grid(lines, &strips, at) {
            Some((grid, end)) => {
                tables.extend(table(lines, &strips, &grid, tables.last()));
                at = end;
            }
            None => at += 1,
        }
    }
    tables
}

/// The strips of a document: lines that stand side by side on a scan are one.
fn strips(lines: &[TextLine]) -> Vec<Strip> {
    let mut strips: Vec<Strip> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let cells = cells(index, line, WIDE);
        let beside = |strip: &Strip| {
            let last = &lines[strip[strip.len() - 1].line];
            let rects = last.place.rect.zip(line.place.rect).filter(|_| last.place.page == line.place.page);
            rects.is_some_and(|(a, b)| a.vertical_overlap(&b) > 0.5 * a.height().min(b.height()) && b.x0 > a.x0)
        };
        match strips.last_mut() {
            Some(strip) if !cells.is_empty() && beside(strip) => strip.extend(cells),
            _ if !cells.is_empty() => strips.push(cells),
            _ => {}
        }
    }
    for strip in &mut strips {
        strip.sort_by(|a, b| a.left.total_cmp(&b.left));
    }
    strips
}

/// The cells of a line. Where tabs or bars part them their order is their place.
fn cells(index: usize, line: &TextLine, gap: f32) -> Strip {
    let ordinal = line.text.contains(['\t', '|']);
    let mut order =
        line.text.bytes().enumerate().filter(|(_, b)| matches!(b, b'\t' | b'|')).map(|(at, _)| at).collect::<Vec<_>>();
    order.sort_unstable();
    let made = |bytes: Range<usize>| {
        let rect = rect(line, &bytes);
        let (left, right) = match rect {
            Some(rect) => (rect.x0, rect.x1),
            None if ordinal => {
                let column = order.partition_point(|at| *at < bytes.start) as f32 * 100.0;
                (column, column + 90.0)
            }
            None => {
                let left = line.text[..bytes.start].chars().count();
                (left as f32, (left + line.text[bytes.clone()].chars().count()) as f32)
            }
        };
        Cell { line: index, bytes, left, right, middle: rect.map_or(index as f32, |r| r.centre().1) }
    };
    columns(line, gap).into_iter().map(made).collect()
}

/// The strips with numbers that make one table, by index, and where their numbers begin.
struct Grid {
    data: Vec<usize>,
    /// Words of rows that take several lines.
    words: Vec<usize>,
    edge: f32,
}

/// The grid that begins with the strip at `first`, and the strip after it; None where there is none.
fn grid(lines: &[TextLine], strips: &[Strip], first: usize) -> Option<(Grid, usize)> {
    let page = |strip: usize| lines[strips[strip][0].line].place.page;
    let numbers = |strip: usize| numbers(lines, &strips[strip]);
    let own = numbers(first)?;
    let mut grid = Grid { data: vec![first], words: Vec::new(), edge: strips[first][own.start].left };
    let mut columns: Vec<(f32, f32)> = strips[first][own].iter().map(|c| (c.left, c.right)).collect();
    let mut pending: Vec<usize> = Vec::new();
    let mut aligned = 0;
    for at in first + 1..strips.len() {
        if page(at) != page(first) {
            break;
        }
        if let Some(found) = numbers(at) {
            let cells = &strips[at][found];
            let met = cells.iter().filter(|c| meets(&columns, c).is_some()).count();
            if met * 2 < cells.len() {
                break;
            }
            aligned += met;
            for cell in cells {
                match meets(&columns, cell) {
                    Some(at) => columns[at] = (columns[at].0.min(cell.left), columns[at].1.max(cell.right)),
                    None => columns.push((cell.left, cell.right)),
                }
            }
            grid.edge = grid.edge.min(cells[0].left);
            grid.data.push(at);
            grid.words.append(&mut pending);
        } else if pending.len() < MOST_WORDS && strips[at].iter().all(|c| c.right <= grid.edge) {
            pending.push(at);
        } else {
            break;
        }
    }
    // The last row's words may go on below its numbers, on a scan at less than a line's distance.
    let last = *grid.data.last()?;
    let near = |strip: &usize| {
        let (a, b) = (&strips[last][0], &strips[*strip][0]);
        let height = lines[a.line].place.rect.map_or(0.0, |r| r.height());
        b.middle - a.middle < 1.2 * height
    };
    grid.words.extend(pending.iter().take_while(|s| near(s)));
    let end = grid.data.iter().chain(&grid.words).max()? + 1;
    let words = grid.data.iter().filter(|s| strips[**s].iter().any(|c| c.right <= grid.edge)).count();
    (grid.data.len() >= 2 && aligned >= 2 && words * 2 >= grid.data.len()).then_some((grid, end))
}

/// The column that a cell stands in.
fn meets(columns: &[(f32, f32)], cell: &Cell) -> Option<usize> {
    columns.iter().position(|(left, right)| cell.left < *right && *left < cell.right)
}

/// The cells of a strip that are numbers: all from the first one behind the words of the row; None where there are none.
fn numbers(lines: &[TextLine], strip: &Strip) -> Option<Range<usize>> {
    if strip.len() < 2 {
        return None;
    }
    let text = |c: &Cell| lines[c.line].text[c.bytes.clone()].trim();
    let is_words = |c: &Cell| text(c).chars().filter(|c| c.is_alphabetic()).count() >= 2;
    let last_words = (0..strip.len()).rev().find(|i| is_words(&strip[*i]) && !has_number(text(&strip[*i])));
    // The number of a row stands before its words, but a row may have none.
    let first = match last_words {
        Some(at) if strip[..at].iter().skip(1).any(|c| has_number(text(c)) && !is_words(c)) => {
            // A column of notes behind the numbers.
            strip[..at].iter().position(is_words)? + 1
        }
        Some(at) => at + 1,
        None => usize::from(strip.len() > 2 && level(text(&strip[0]), None).is_some()),
    };
    let end =
        (first..strip.len()).find(|i| is_words(&strip[*i]) && !has_number(text(&strip[*i]))).unwrap_or(strip.len());
    let found = (first..end).any(|i| has_number(text(&strip[i])));
    found.then_some(first..end)
}

/// Whether a cell is a number, alone or with its unit or share.
pub(in crate::extract) fn has_number(text: &str) -> bool {
    // `2.3. Quá hạn` is a row's words with their number.
    if outline::mark(text).is_some_and(|mark| mark.depth <= Depth::Point && mark.len < text.len()) {
        return false;
    }
    if grammar::read(text, grammar::Scale::Count).is_some() {
        return true;
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    digits > 0
        && text.trim_start_matches(['(', '-', '–', '+']).starts_with(|c: char| c.is_ascii_digit())
        && letters <= 2 * digits.max(3)
        && text.chars().count() <= 28
}

/// Makes the table of a grid; None where it is a mere list.
fn table(lines: &[TextLine], strips: &[Strip], grid: &Grid, before: Option<&Table>) -> Option<Table> {
    let text = |c: &Cell| lines[c.line].text[c.bytes.clone()].trim();
    let first = grid.data[0];
    let floor = before.map_or(0, |t| t.lines.end);
    let columns = column_edges(strips, grid, lines);
    let heads = heads(lines, strips, first, floor, &columns);
    let top = heads.first().map_or(first, |h| *h);
    // Heads are not justified, so that smaller gaps part them.
    let mut lines_of_heads: Vec<usize> = heads.iter().flat_map(|h| &strips[*h]).map(|c| c.line).collect();
    lines_of_heads.dedup();
    let head_cells: Vec<Cell> = lines_of_heads.into_iter().flat_map(|line| cells(line, &lines[line], NARROW)).collect();
    let declared = strips[..top]
        .iter()
        .rev()
        .take(3)
        .filter(|s| s[0].line >= floor)
        .find_map(|strip| strip.iter().find_map(|c| unit::of_caption(&key(text(c)))));
    // A column of units, named so above, with what is counted in another: offices, too, are `Đơn vị`.
    let unit_column = head_cells.iter().find(|c| {
        let beside = |cell: &Cell| {
            cell.left < grid.edge
                && (cell.right <= c.left || c.right <= cell.left)
                && level(text(cell), None).is_none()
                && text(cell).contains(char::is_alphabetic)
        };
        let named = grid.data.iter().filter(|&&data| strips[data].iter().any(beside)).count();
        TABLE_WORDS.is_unit_column(&key(text(c))) && 2 * named >= grid.data.len()
    });
    let mut rows: Vec<Row> = Vec::new();
    let mut levels: Vec<u8> = Vec::new();
    let mut before = None;
    for &data in &grid.data {
        let found = numbers(lines, &strips[data])?;
        let mut head: Vec<Cell> = Vec::new();
        let (mut own_level, mut row_unit) = (0, None);
        let nearest = |words: usize| {
            let middle = strips[words][0].middle;
            let apart = |d: &usize| (strips[*d][found_middle(lines, &strips[*d])].middle - middle).abs();
            grid.data.iter().copied().min_by(|a, b| apart(a).total_cmp(&apart(b)))
        };
        let mut around: Vec<usize> = grid.words.iter().copied().filter(|w| nearest(*w) == Some(data)).collect();
        around.push(data);
        around.sort_unstable();
        for strip in around {
            for (at, cell) in strips[strip].iter().enumerate() {
                if strip == data && at >= found.start || cell.left >= grid.edge {
                    continue;
                }
                let above_unit = unit_column.is_some_and(|u| cell.left < u.right && u.left < cell.right);
                if let Some(level) = level(text(cell), before).filter(|_| at == 0) {
                    before = row_number(text(cell));
                    own_level = level + 1;
                } else if above_unit {
                    row_unit = unit::after(&key(text(cell)), 0).map(|(unit, _)| unit);
                } else {
                    row_unit = row_unit.or_else(|| unit::bracketed(&key(text(cell))));
                    // `8 | - Quá hạn`: numbered throughout, and a part all the same.
                    if head.is_empty() {
                        own_level = own_level.max(marked(text(cell)).map_or(0, |level| level + 1));
                    }
                    head.push(cell.clone());
                }
            }
        }
        let values = strips[data][found].iter().filter(|c| has_number(text(c))).map(|cell| {
            let middle = (cell.left + cell.right) / 2.0;
            let column = columns.partition_point(|edge| edge.1 <= middle).min(columns.len() - 1);
            let (left, right) = columns[column];
            let above = |c: &&Cell| {
                c.left < right.min(cell.right.max(left)) && left.max(cell.left.min(right)) < c.right
                    || c.left < middle && middle < c.right
            };
            let heads: Vec<Cell> = head_cells.iter().filter(above).cloned().collect();
            let own = heads.iter().rev().find_map(|c| unit::declared(&key(text(c))));
            Value { column, cell: cell.clone(), heads, unit: own.or(row_unit).or(declared), id: None }
        });
        let values = values.collect();
        let parent = (own_level > 0).then(|| levels.iter().rposition(|l| *l > 0 && *l < own_level)).flatten();
        levels.push(own_level);
        rows.push(Row { head, parent, values });
    }
    // Without words above its columns it is a list, which is read as text.
    let headed = rows.iter().flat_map(|r| &r.values).filter(|v| !v.heads.is_empty()).count();
    let begin = strips[top].iter().map(|c| c.line).min()?;
    let end = grid.data.iter().chain(&grid.words).flat_map(|s| &strips[*s]).map(|c| c.line).max()? + 1;
    (headed > 0).then_some(Table { lines: begin..end, rows, formulas: Vec::new() })
}

/// The cell of a strip by which its height is measured: the first number.
fn found_middle(lines: &[TextLine], strip: &Strip) -> usize {
    numbers(lines, strip).map_or(0, |found| found.start)
}

/// The columns of numbers from left to right; each reaches to the middle of the gaps beside it.
fn column_edges(strips: &[Strip], grid: &Grid, lines: &[TextLine]) -> Vec<(f32, f32)> {
    let mut columns: Vec<(f32, f32)> = Vec::new();
    let mut cells: Vec<&Cell> =
        grid.data.iter().flat_map(|s| numbers(lines, &strips[*s]).map_or(&[][..], |f| &strips[*s][f])).collect();
    cells.sort_by(|a, b| a.left.total_cmp(&b.left));
    for cell in cells {
        match columns.last_mut().filter(|c| cell.left < c.1) {
            Some(column) => column.1 = column.1.max(cell.right),
            None => columns.push((cell.left, cell.right)),
        }
    }
    let own = columns.clone();
    for at in 0..columns.len() {
        columns[at].0 = at.checked_sub(1).map_or(own[at].0, |before| (own[before].1 + own[at].0) / 2.0);
        columns[at].1 = own.get(at + 1).map_or(own[at].1, |next| (own[at].1 + next.0) / 2.0);
    }
    columns
}

/// The strips above the first row that say what the columns hold, from the top.
fn heads(lines: &[TextLine], strips: &[Strip], first: usize, floor: usize, columns: &[(f32, f32)]) -> Vec<usize> {
    let text = |c: &Cell| lines[c.line].text[c.bytes.clone()].trim();
    let page = lines[strips[first][0].line].place.page;
    let edge = columns.first().map_or(0.0, |c| c.0);
    let mut heads = Vec::new();
    for at in (0..first).rev().take(MOST_HEADS) {
        let strip = &strips[at];
        let same_page = lines[strip[0].line].place.page == page && strip[0].line >= floor;
        let over = strip.iter().any(|c| c.right > edge);
        let declares = strip.len() == 1 && unit::announces(&key(text(&strip[0])));
        let sentence = strip.len() == 1
            && (strip[0].left < edge && strip[0].right > edge || text(&strip[0]).ends_with(['.', ';', ':']));
        let beside = strip.len() == 1 && !over && heads.is_empty();
        if !same_page || declares || sentence || beside {
            break;
        }
        // `A  B  1  2  3=1+2`: numbers of columns say nothing of them.
        let names_nothing = |c: &Cell| {
            let small = text(c).chars().filter(|c| c.is_lowercase()).count();
            text(c).chars().count() <= 8 && small < 2 || !text(c).contains(char::is_alphabetic)
        };
        let numbered = strip.iter().all(names_nothing);
        if !numbered {
            heads.push(at);
        }
    }
    heads.reverse();
    // The topmost of them may be a caption that stands over the words of the rows alone.
    while heads.first().is_some_and(|h| strips[*h].iter().all(|c| c.right <= edge)) {
        heads.remove(0);
    }
    heads
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let lines = TextLine::from_text(text);
        let said = |cells: &[Cell]| {
            let words: Vec<&str> = cells.iter().map(|c| lines[c.line].text[c.bytes.clone()].trim()).collect();
            words.join(" ")
        };
        let mut out = Vec::new();
        for table in find(&lines) {
            for row in &table.rows {
                for value in &row.values {
                    let number = said(std::slice::from_ref(&value.cell));
                    let unit = value.unit.unwrap_or("-");
                    out.push(format!("{} | {} | {number} | {unit}", said(&row.head), said(&value.heads)));
                }
            }
        }
        out
    }

    #[test]
    fn cells_are_read_with_the_words_of_row_and_column() {
        let text = "Đơn vị tính: triệu đồng\n\
                    STT   Nội dung            Dự toán    Thực hiện   So sánh (%)\n\
                    1     Thu tại chỗ         3.000      3.250       108,33\n\
                    2     Thu từ cấp trên     4.000      4.000       100\n";
        let want = [
            "Thu tại chỗ | Dự toán | 3.000 | triệu đồng",
            "Thu tại chỗ | Thực hiện | 3.250 | triệu đồng",
            "Thu tại chỗ | So sánh (%) | 108,33 | %",
            "Thu từ cấp trên | Dự toán | 4.000 | triệu đồng",
            "Thu từ cấp trên | Thực hiện | 4.000 | triệu đồng",
            "Thu từ cấp trên | So sánh (%) | 100 | %",
        ];
        assert_eq!(shown(text), want);
    }

    #[test]
    fn offices_are_no_units() {
        let text =
            "STT\tĐơn vị\tĐã nhận\tĐã xong\n\tCấp tỉnh\t40\t38\n1\tUBND huyện Đông Phú\t9\t7\n2\tXã Mường Lạn\t5\t5\n";
        let want = [
            "Cấp tỉnh | Đã nhận | 40 | -",
            "Cấp tỉnh | Đã xong | 38 | -",
            "UBND huyện Đông Phú | Đã nhận | 9 | -",
            "UBND huyện Đông Phú | Đã xong | 7 | -",
            "Xã Mường Lạn | Đã nhận | 5 | -",
            "Xã Mường Lạn | Đã xong | 5 | -",
        ];
        assert_eq!(shown(text), want);
        let text =
            "STT\tChỉ tiêu\tĐơn vị\tNăm nay\tNăm ngoái\n1\tDân số\tngười\t4.000\t3.900\n2\tDiện tích\tha\t310\t310\n";
        let units = ["người", "người", "ha", "ha"];
        assert!(
            shown(text).iter().zip(units).all(|(row, unit)| row.ends_with(&format!("| {unit}"))),
            "{:?}",
            shown(text)
        );
    }

    #[test]
    fn tabs_part_cells_whatever_their_width() {
        let text = "TT\tLĩnh vực\tĐã nhận\tĐã xong\n1\tHộ tịch\t40\t38\n2\tĐất đai và môi trường\t1.100\t90";
        let want = [
            "Hộ tịch | Đã nhận | 40 | -",
            "Hộ tịch | Đã xong | 38 | -",
            "Đất đai và môi trường | Đã nhận | 1.100 | -",
            "Đất đai và môi trường | Đã xong | 90 | -",
        ];
        assert_eq!(shown(text), want);
    }

    #[test]
    fn running_text_is_no_table() {
        let text = "Trong kỳ đã nhận 40 hồ sơ, đã xong 38 hồ sơ,\ncòn 2 hồ sơ.   Tổng số 40\n- Mới: 5\n- Cũ: 6";
        assert_eq!(shown(text), Vec::<String>::new());
    }
}

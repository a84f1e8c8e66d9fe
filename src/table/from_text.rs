//! Tables out of plain text, in which a row is one line and its cells are parted by TABs, empty cells left out.
//!
//! Which cells were empty is not in the text. A row with fewer cells than the table has columns is laid over them such that numbers
//! come to stand below numbers and words below words; groups of columns are found by counting (a head of four cells over one of six, in
//! a table of seven columns, has three groups of two).
//!
//! Other programs keep the TABs of empty cells. Where rows have as many places as the table has columns, and some of them are empty, each cell
//! stands in its place, and a head takes the empty ones beside and below it.

use super::numeral::{Content, is_item};
use super::words::WORDS;
use super::{Cell, Table, structure};
use crate::document::{Place, TextLine};
use std::collections::BTreeMap;

/// A line without a TAB within a table is no longer than this, in characters: the name of a group of rows.
const LONGEST_GROUP: usize = 70;

/// What speaks against a way to lay the names of a head under its groups: a formula that is torn apart, a total within a group, a single column
/// behind a group, a width unlike the others'; and what speaks for it: a word that head and name share. Set by hand on a dozen heads.
const FORMULA: f32 = 3.0;
const TOTAL: f32 = 2.0;
const ALONE: f32 = 1.0;
const UNEVEN: f32 = 0.2;
const SHARED: f32 = 0.15;

/// A row of the text.
struct Row<'a> {
    line: &'a TextLine,
    /// Column in characters, from 1, and text of each piece.
    pieces: Vec<(u32, &'a str)>,
    /// By piece: its place between the TABs, from 0.
    places: Vec<usize>,
}

impl<'a> Row<'a> {
    fn of(line: &'a TextLine) -> Row<'a> {
        let (mut pieces, mut places) = (Vec::new(), Vec::new());
        let mut column = 1;
        for (place, piece) in line.text.split('\t').enumerate() {
            let blank = piece.chars().take_while(|c| c.is_whitespace()).count() as u32;
            if !piece.trim().is_empty() {
                pieces.push((column + blank, piece.trim()));
                places.push(place);
            }
            column += piece.chars().count() as u32 + 1;
        }
        Row { line, pieces, places }
    }

    /// The places that it has, empty ones too.
    fn width(&self) -> usize {
        self.line.text.split('\t').count()
    }

    /// Words alone, several of them: the head of another table.
    fn is_head(&self) -> bool {
        let digits = |t: &str| t.chars().any(|c| c.is_ascii_digit());
        self.pieces.len() >= 3 && self.pieces.iter().all(|(_, t)| !digits(t)) && !is_item(self.pieces[0].1)
    }

    /// Words alone, though with digits among them: below a title the head of another table, `TP giao năm 2026`, `6 tháng đạt`.
    fn names_columns(&self) -> bool {
        let words = |t: &str| Content::of(t) == Content::Words && t.chars().any(char::is_alphabetic);
        self.pieces.len() >= 3 && self.pieces.iter().all(|(_, t)| words(t)) && !is_item(self.pieces[0].1)
    }

    fn has_numbers(&self) -> bool {
        self.pieces.iter().any(|(_, text)| Content::of(text).is_numeric())
    }
}

/// The tables among the lines of a plain text, in order; each cell's place is the page, line and column of its piece. A table has
/// two rows with TABs at least.
pub fn from_text(lines: &[TextLine]) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let end = table_end(lines, at);
        if end > at {
            let rows: Vec<Row> = lines[at..end].iter().map(Row::of).filter(|r| !r.pieces.is_empty()).collect();
            if rows.iter().filter(|r| r.pieces.len() > 1).count() > 1 {
                let mut table = table(&rows);
                table.id = format!("t{}", tables.len() + 1);
                (table.title, table.unit) = super::title::above(&lines[..at]);
                tables.push(table);
            }
        }
        at = end.max(at + 1);
    }
    tables
}

/// The line behind the table that begins at `from`; `from` itself where none does.
fn table_end(lines: &[TextLine], from: usize) -> usize {
    let row = |at: usize| lines.get(at).filter(|l| l.text.contains('\t')).map(Row::of);
    let Some(first) = row(from) else { return from };
    let page = lines[from].place.page;
    let (mut numbers, mut end) = (first.has_numbers(), from + 1);
    loop {
        // Up to two names of groups may stand between rows.
        let groups = (end..lines.len()).take_while(|&at| is_group(&lines[at])).take(3).count();
        let next = row(end + groups).filter(|_| groups < 3 && lines[end + groups].place.page == page);
        let begins = |next: &Row| next.is_head() || groups > 0 && next.names_columns();
        let Some(next) = next.filter(|next| !(numbers && begins(next))) else { return end };
        numbers |= next.has_numbers();
        end += groups + 1;
    }
}

/// Whether a line may be the name of a group of rows.
fn is_group(line: &TextLine) -> bool {
    let text = line.text.trim();
    !line.text.contains('\t')
        && !text.is_empty()
        && text.chars().count() <= LONGEST_GROUP
        && !text.ends_with(':')
        && WORDS.unit(text).is_none()
        && !WORDS.begins_title(text)
}

fn table(rows: &[Row]) -> Table {
    if let Some(columns) = kept_places(rows) {
        return finished(rows, columns, by_place(rows, columns));
    }
    let most = rows.iter().map(|r| r.pieces.len()).max().unwrap_or(0);
    let (columns, levels) = match groups(rows) {
        Some(columns) if columns >= most => (columns, 2),
        _ => (most, 1),
    };
    let mut cells = Vec::new();
    let profile = Profile::of(&rows[levels.min(rows.len() - 1)..], columns);
    let spans = (levels == 2).then(|| head_spans(&rows[0], &rows[1], rows.get(2), columns));
    let mut below = spans
        .iter()
        .flatten()
        .scan(1, |column, &span| {
            *column += span;
            Some((*column - span, span))
        })
        .filter(|&(_, span)| span > 1)
        .flat_map(|(column, span)| column..column + span);
    for (index, row) in rows.iter().enumerate() {
        let place = |column| Place { column: Some(column), ..row.line.place };
        let number = index as u32 + 1;
        let mut add = |(at, text): (u32, &str), column: usize, column_span: usize, row_span: u32| {
            cells.push(Cell {
                row: number,
                column: column as u32,
                row_span,
                column_span: column_span as u32,
                head: false,
                text: text.to_owned(),
                confidence: None,
                place: place(at),
            });
        };
        match (&spans, index) {
            (Some(spans), 0) => {
                let mut column = 1;
                for (&piece, &span) in row.pieces.iter().zip(spans) {
                    add(piece, column, span, if span > 1 { 1 } else { 2 });
                    column += span;
                }
            }
            (Some(_), 1) => row.pieces.iter().zip(&mut below).for_each(|(&piece, column)| add(piece, column, 1, 1)),
            _ if row.pieces.len() == 1 && row.line.text.trim() == row.pieces[0].1 && columns > 1 => {
                add(row.pieces[0], 1, columns, 1);
            }
            _ => profile
                .lay(&row.pieces)
                .into_iter()
                .zip(&row.pieces)
                .for_each(|(column, &piece)| add(piece, column, 1, 1)),
        }
    }
    finished(rows, columns, cells)
}

/// The columns of a table whose empty cells have kept their places: nearly all of its rows have as many places, and some of them are
/// empty. None where empty cells are left out.
fn kept_places(rows: &[Row]) -> Option<usize> {
    let tabbed = || rows.iter().filter(|r| r.line.text.contains('\t'));
    let columns = tabbed().map(Row::width).max()?;
    // What stands at the end of a line is often cut off.
    let short = tabbed().filter(|r| r.width() < columns && r.pieces.len() < r.width()).count();
    let full = tabbed().filter(|r| r.width() == columns).count();
    let kept = tabbed().any(|r| r.width() == columns && r.pieces.len() < columns);
    (kept && full + short == tabbed().count() && full * 2 > rows.len()).then_some(columns)
}

/// The cells of a table whose empty cells have kept their places. What stands above the first row of numbers is the head: its cells reach
/// over the empty places to their right under which something stands, or else down.
fn by_place(rows: &[Row], columns: usize) -> Vec<Cell> {
    let numbers = |row: &Row| {
        let counts = |(_, text): &&(u32, &str)| Content::of(text).is_numeric() && !is_year(text);
        let numbers = row.pieces.iter().skip(1).filter(counts).count();
        // `1`, the words of a row, its unit and two numbers, where a third is missing.
        numbers > 1 || numbers * 2 >= row.pieces.len().max(1)
    };
    let head = rows.iter().position(numbers).unwrap_or(0);
    let filled = |row: usize, column: usize| rows[row].places.contains(&column);
    let mut cells = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        for (&column, &(from, text)) in row.places.iter().zip(&row.pieces) {
            let alone = row.pieces.len() == 1 && row.line.text.trim() == text && at >= head;
            let below = |column: usize| (at + 1..head).any(|row| filled(row, column));
            let right = (column + 1..columns).take_while(|&c| at < head && !filled(at, c) && below(column) && below(c));
            let down = (at + 1..head).take_while(|&row| !filled(row, column)).count();
            cells.push(Cell {
                row: at as u32 + 1,
                column: if alone { 1 } else { column as u32 + 1 },
                row_span: 1 + if at < head && !below(column) { down as u32 } else { 0 },
                column_span: if alone { columns as u32 } else { 1 + right.count() as u32 },
                head: false,
                text: text.to_owned(),
                confidence: None,
                place: Place { column: Some(from), ..row.line.place },
            });
        }
    }
    cells
}

/// The table of these rows and cells.
fn finished(rows: &[Row], columns: usize, cells: Vec<Cell>) -> Table {
    let place = Place { column: None, ..rows[0].line.place };
    let pages = place.page.into_iter().collect();
    let mut table = Table { pages, place, rows: rows.len() as u32, columns: columns as u32, cells, ..Table::default() };
    structure::mark_heads(&mut table);
    table
}

/// The number of columns, where the first two rows are a head of two levels; None where they are not.
fn groups(rows: &[Row]) -> Option<usize> {
    let [first, second, rest @ ..] = rows else { return None };
    let words = |row: &Row| row.pieces.iter().all(|(_, t)| Content::of(t) == Content::Words || is_year(t));
    let (above, below) = (first.pieces.len(), second.pieces.len());
    let columns = rest.iter().map(|r| r.pieces.len()).max()?;
    let named = words(first) && words(second) && above > 1 && below > 1 && !is_item(second.pieces[0].1);
    // So many of the upper cells are groups, with all of the lower ones below them.
    let groups = (above + below).checked_sub(columns.max(above))?;
    (named
        && groups >= 1
        && groups <= above
        && below >= 2 * groups
        && columns >= above
        && columns > above.max(below) - 1)
        .then_some(above + below - groups)
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && (text.starts_with("19") || text.starts_with("20")) && text.chars().all(|c| c.is_ascii_digit())
}

/// How many columns each cell of the upper head takes. Of all ways to lay `below` names under them the likeliest: groups stand at the
/// right, but for a last column of remarks, and are of like width; a total begins its group (`Tổng số`); a column that the numbering row
/// makes of others stands with them (`(1)=(2)+(3)`); a name shares words with the head of its group.
fn head_spans(head: &Row, below: &Row, numbering: Option<&Row>, columns: usize) -> Vec<usize> {
    let (above, names) = (head.pieces.len(), below.pieces.len());
    let groups = above + names - columns;
    let sets: Vec<(usize, Vec<usize>)> =
        numbering.filter(|row| row.pieces.len() == columns).map_or_else(Vec::new, |row| {
            let term = |text: &str| text.trim().trim_matches(['(', ')', '[', ']', ' ']).parse::<usize>().ok();
            let places: Vec<Option<usize>> = row.pieces.iter().map(|(_, t)| term(t.split('=').next()?)).collect();
            let place = |number: usize| places.iter().position(|p| *p == Some(number));
            let set = |(at, (_, text)): (usize, &(u32, &str))| {
                let (_, formula) = text.split_once('=')?;
                let parts: Option<Vec<usize>> = formula.split('+').map(|part| place(term(part)?)).collect();
                Some((at, parts.filter(|parts| parts.len() > 1)?))
            };
            row.pieces.iter().enumerate().filter_map(set).collect()
        });
    // With their marks, as `Đăng` and `Đang` have nothing in common.
    let words = |text: &str| text.to_lowercase().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let heads: Vec<Vec<String>> = head.pieces.iter().map(|(_, t)| words(t)).collect();
    let under: Vec<Vec<String>> = below.pieces.iter().map(|(_, t)| words(t)).collect();
    let last = |at: usize| at + 1 == above && WORDS.is_last_head(head.pieces[at].1);
    // What it costs that the upper cell `at` takes `span` columns from `column` on, `named` names being laid before it and `done` groups.
    let cost = |at: usize, column: usize, span: usize, named: usize, done: usize| -> f32 {
        let own = column..column + span;
        let parted = |set: &&(usize, Vec<usize>)| {
            own.contains(&set.0) != set.1.iter().all(|part| own.contains(part))
                && (own.contains(&set.0) || set.1.iter().any(|part| own.contains(part)))
        };
        let split = FORMULA * sets.iter().filter(parted).count() as f32;
        if span == 1 {
            // Single columns stand at the left.
            return split + if done == 0 || last(at) { 0.0 } else { ALONE };
        }
        let names = &under[named..named + span];
        let total = |piece: &&(u32, &str)| WORDS.is_total(piece.1);
        let totals = below.pieces[named + 1..named + span].iter().filter(total).count() as f32;
        let shared = names.iter().filter(|name| name.iter().any(|word| heads[at].contains(word))).count() as f32;
        let uneven = (span as f32 - under.len() as f32 / groups as f32).abs();
        // What does not come out even is the first group's.
        split + TOTAL * totals - SHARED * shared
            + UNEVEN * uneven
            + 0.001 * (done * span) as f32
            + if last(at) { ALONE } else { 0.0 }
    };
    // By the number of upper cells, and of groups and names that they take: the cheapest spans.
    let mut best: BTreeMap<(usize, usize), (f32, Vec<usize>)> = BTreeMap::from([((0, 0), (0.0, Vec::new()))]);
    for at in 0..above {
        let mut next: BTreeMap<(usize, usize), (f32, Vec<usize>)> = BTreeMap::new();
        for (&(done, named), (so_far, spans)) in &best {
            let column: usize = spans.iter().sum();
            for span in 1..=names - named.min(names) + 1 {
                let group = usize::from(span > 1);
                let (done_then, named_then) = (done + group, named + group * span);
                if done_then > groups || named_then > names || column + span > columns {
                    continue;
                }
                let cost = so_far + cost(at, column, span, named, done);
                if next.get(&(done_then, named_then)).is_none_or(|(known, _)| cost < *known) {
                    let spans = spans.iter().copied().chain([span]).collect();
                    next.insert((done_then, named_then), (cost, spans));
                }
            }
        }
        best = next;
    }
    best.remove(&(groups, names)).map(|(_, spans)| spans).unwrap_or_default()
}

/// What the columns of a table hold, by the rows that have all of them.
struct Profile {
    /// By column the share of rows with a number, with a whole number, with an item of a list, and the mean length in characters.
    columns: Vec<[f32; 4]>,
}

impl Profile {
    fn of(rows: &[Row], columns: usize) -> Profile {
        let mut sums = vec![[0.0f32; 4]; columns];
        let full: Vec<&Row> = rows.iter().filter(|r| r.pieces.len() == columns && r.has_numbers()).collect();
        for row in &full {
            for ((_, text), sum) in row.pieces.iter().zip(&mut sums) {
                sum.iter_mut().zip(features(text)).for_each(|(sum, f)| *sum += f / full.len() as f32);
            }
        }
        if full.is_empty() {
            // Numbers stand at the right of names, behind the number of the row.
            for (column, sum) in sums.iter_mut().enumerate() {
                *sum = if column < 2 { [0.5, 0.5, 0.5 - 0.5 * column as f32, 8.0] } else { [0.8, 0.6, 0.0, 4.0] };
            }
        }
        Profile { columns: sums }
    }

    /// The columns, from 1, that the pieces of a row stand in, from left to right.
    fn lay(&self, pieces: &[(u32, &str)]) -> Vec<usize> {
        let (n, m) = (pieces.len().min(self.columns.len()), self.columns.len());
        let cost = |piece: usize, column: usize| {
            let ([number, whole, item, length], own) = (self.columns[column], features(pieces[piece].1));
            (number - own[0]).abs() + 0.3 * (whole - own[1]).abs() + 0.5 * (item - own[2]).abs()
                + 0.2 * ((length + 1.0) / (own[3] + 1.0)).ln().abs()
                // Of equals the leftmost.
                + 0.001 * column as f32
        };
        // best[i][j]: the first i pieces over the first j columns.
        let mut best = vec![vec![f32::INFINITY; m + 1]; n + 1];
        best[0].fill(0.0);
        for i in 1..=n {
            for j in i..=m {
                best[i][j] = best[i][j - 1].min(best[i - 1][j - 1] + cost(i - 1, j - 1));
            }
        }
        let (mut i, mut j, mut laid) = (n, m, Vec::with_capacity(n));
        while i > 0 {
            if j > i && best[i][j] == best[i][j - 1] {
                j -= 1;
            } else {
                laid.push(j);
                (i, j) = (i - 1, j - 1);
            }
        }
        laid.reverse();
        laid
    }
}

fn features(text: &str) -> [f32; 4] {
    let content = Content::of(text);
    let is = |b: bool| f32::from(u8::from(b));
    [is(content.is_numeric()), is(content == Content::Whole), is(is_item(text)), text.chars().count() as f32]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(text: &str) -> Vec<Table> {
        from_text(&TextLine::from_text(text))
    }

    /// `row.column[+spans] text` of each cell.
    fn told(table: &Table) -> Vec<String> {
        let span = |c: &Cell| {
            let spans = [(c.row_span, 'r'), (c.column_span, 'c')];
            spans.iter().filter(|s| s.0 > 1).map(|s| format!("{}{}", s.1, s.0)).collect::<String>()
        };
        let head = |c: &Cell| if c.head { "*" } else { "" };
        table.cells.iter().map(|c| format!("{}.{}{}{} {}", c.row, c.column, span(c), head(c), c.text)).collect()
    }

    #[test]
    fn a_row_with_fewer_cells_is_laid_by_what_columns_hold() {
        let text = "Đơn vị tính: hồ sơ\nTT\tLĩnh vực\tMới\tTỷ lệ\tCũ\tTỷ lệ\n1\tĐất đai\t120\t60,5\t80\t39,5\n2\tHộ tịch\t40\t50,0\t40\t50,0\nTổng\t160\t120\n";
        let found = tables(text);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].rows, found[0].columns, found[0].unit.as_deref()), (4, 6, Some("hồ sơ")));
        let told = told(&found[0]);
        assert_eq!(&told[told.len() - 3..], ["4.2 Tổng", "4.3 160", "4.5 120"]);
        assert!(found[0].cells.iter().all(|c| c.head == (c.row == 1)));
        assert_eq!(found[0].cells[7].place, Place { line: Some(3), column: Some(3), ..Place::default() });
    }

    #[test]
    fn a_head_of_two_levels_is_found_by_counting() {
        let text = "Xã\tHồ sơ mới\tHồ sơ cũ\tGhi chú\nSố\tTỷ lệ\tSố\tTỷ lệ\nSuối Ngàn\t12\t60,0\t8\t40,0\tđủ\n";
        let found = tables(text);
        assert_eq!(
            told(&found[0])[..8],
            [
                "1.1r2* Xã",
                "1.2c2* Hồ sơ mới",
                "1.4c2* Hồ sơ cũ",
                "1.6r2* Ghi chú",
                "2.2* Số",
                "2.3* Tỷ lệ",
                "2.4* Số",
                "2.5* Tỷ lệ"
            ]
        );
    }

    #[test]
    fn groups_of_unlike_width_are_found_by_formulas_totals_and_shared_words() {
        let heads = |text: &str| -> Vec<String> {
            told(&tables(text)[0]).into_iter().filter(|cell| cell.starts_with("1.")).collect()
        };
        let text = "Tiếp nhận\tPhân loại\tKết quả xử lý\tĐã đăng tải\nTổng số\tCũ\tMới\tQuy định\tHành vi\tĐã xử lý\tChuyển đi\tĐang xử lý\n\
                    (1)=(2)+(3)\t(2)\t(3)\t(4)\t(5)\t(6)\t(7)\t(8)\t(9)\n31\t3\t28\t11\t20\t25\t4\t2\t19\n";
        assert_eq!(heads(text), ["1.1c3* Tiếp nhận", "1.4c2* Phân loại", "1.6c3* Kết quả xử lý", "1.9r2* Đã đăng tải"]);
        // Without formulas the totals tell.
        let text = "TT\tThôn\tTiếp nhận\tĐã giải quyết\nTổng\tMạng\tQuầy\tBưu chính\tTổng\tĐúng hạn\n1\tBãi Sậy\t9\t4\t4\t1\t8\t8\n";
        assert_eq!(heads(text), ["1.1r2* TT", "1.2r2* Thôn", "1.3c4* Tiếp nhận", "1.7c2* Đã giải quyết"]);
    }

    #[test]
    fn cells_stand_in_their_places_where_empty_ones_have_kept_theirs() {
        let text = "TT\tCơ quan\tTiếp nhận\t\t\tĐã giải quyết\t\tRút\n\t\tTổng\tKỳ trước\tTrực tuyến\tTổng\tQuá hạn\t\n\
                    (1)\t(2)\t(3)\t(4)\t(5)\t(6)\t(7)\t(8)\n1\tSở Xây dựng\t43\t3\t40\t30\t\t1\n\tTổng cộng\t43\t3\t40\t30\t\t1\n";
        let found = tables(text);
        assert_eq!((found[0].rows, found[0].columns), (5, 8));
        let told = told(&found[0]);
        assert_eq!(
            told[..11],
            [
                "1.1r2* TT",
                "1.2r2* Cơ quan",
                "1.3c3* Tiếp nhận",
                "1.6c2* Đã giải quyết",
                "1.8r2* Rút",
                "2.3* Tổng",
                "2.4* Kỳ trước",
                "2.5* Trực tuyến",
                "2.6* Tổng",
                "2.7* Quá hạn",
                "3.1* (1)"
            ]
        );
        assert_eq!(&told[told.len() - 6..], ["5.2 Tổng cộng", "5.3 43", "5.4 3", "5.5 40", "5.6 30", "5.8 1"]);
    }

    #[test]
    fn names_of_groups_stand_within_a_table_and_sentences_do_not() {
        let text = "TT\tTên\tSố\nI. Khối xã\n1\tSuối Ngàn\t12\n2\tBến Thuyền\t14\nKết quả như sau:\nA\tB\n";
        let found = tables(text);
        assert_eq!(found.len(), 1);
        assert_eq!(told(&found[0])[3], "2.1c3 I. Khối xã");
        let another = "TT\tTên\tSố\n1\tSuối Ngàn\t12\nSố máy\nTT\tTên máy\tNơi đặt\n1\tMáy in\tMột cửa\n";
        assert_eq!(tables(another).len(), 2);
    }

    #[test]
    fn text_without_tables_has_none() {
        assert!(tables("Một dòng\nSố:\t12/BC\nHai dòng\n").is_empty());
        assert!(tables("").is_empty());
    }
}

//! Columns of prose, told from whatever else stands side by side.
//!
//! A letterhead, a signature beside its recipients and a table are read across, left before right; columns of prose and the two
//! pages of a spread are not. What tells them apart is print, not place: prose fills its column line after line at one distance.

use crate::geometry::Rect;

/// Width of the white between two columns, in heights of a line: a letter and a half of common print.
const GUTTER: f32 = 0.7;
/// Fewer lines side by side may be a letterhead or a signature.
const LINES: usize = 4;
/// Columns of prose are wider than this, in heights of a line: some twenty letters.
const WIDTH: f32 = 8.0;
/// A line this long, in parts of its column, goes on in the next line.
const FULL: f32 = 0.75;
/// Share of full lines in a column of prose; the others end paragraphs.
const FULL_LINES: f32 = 0.6;
/// Share of lines that begin where the column does; the others are indented.
const ALIGNED: f32 = 0.7;
/// How far the first line of a paragraph is set in, in heights of a line.
const INDENT: (f32, f32) = (0.6, 5.0);
/// Shares of lines that short paragraphs account for, that begin where the column does, and that fill it.
const EXPLAINED: f32 = 0.9;
const FLUSH: f32 = 0.35;
/// Distance between lines, in parts of the usual one, beyond which there is a break; in a table every row ends with one.
const BREAK: f32 = 1.3;
/// Share of breaks between the lines of a column of prose.
const BREAKS: f32 = 0.34;
/// Sorted by their middles, boxes side by side are within this many of each other.
const NEAR: usize = 24;
/// What stands after a white of this many usual distances, where the other column has ended, is not part of the columns.
const APART: f32 = 1.8;

/// The boxes of a page, in pixels or points, as groups by their numbers: the groups in the order of reading, each to be read row by row.
pub(crate) fn groups(boxes: &[Rect]) -> Vec<Vec<usize>> {
    let (joined, parts) = joined(boxes);
    let all: Vec<usize> = (0..joined.len()).collect();
    let mut out = Vec::new();
    part(&joined, &all, &mut out);
    out.into_iter().map(|group| group.into_iter().flat_map(|at| parts[at].iter().copied()).collect()).collect()
}

/// Boxes that are parts of one line as one, sorted by their middles from the top; and the parts of each by their numbers.
fn joined(boxes: &[Rect]) -> (Vec<Rect>, Vec<Vec<usize>>) {
    let mut order: Vec<usize> = (0..boxes.len()).collect();
    order.sort_by(|&a, &b| boxes[a].x0.total_cmp(&boxes[b].x0).then(a.cmp(&b)));
    order.sort_by(|&a, &b| boxes[a].centre().1.total_cmp(&boxes[b].centre().1));
    let mut whole: Vec<(Rect, Vec<usize>)> = Vec::new();
    for at in order {
        let own = &boxes[at];
        let near = whole.iter_mut().rev().take(NEAR);
        let same_line = |other: &Rect| {
            let height = own.height().min(other.height());
            let apart = own.x0.max(other.x0) - own.x1.min(other.x1);
            own.vertical_overlap(other) > 0.7 * height && apart < 0.8 * GUTTER * height
        };
        match near.into_iter().find(|(other, _)| same_line(other)) {
            Some((other, parts)) => {
                *other = other.union(own);
                parts.push(at);
            }
            None => whole.push((*own, vec![at])),
        }
    }
    whole.sort_by(|a, b| a.0.centre().1.total_cmp(&b.0.centre().1));
    whole.into_iter().unzip()
}

/// Parts `members`, sorted from the top, at the columns that are found in them.
fn part(boxes: &[Rect], members: &[usize], out: &mut Vec<Vec<usize>>) {
    if members.is_empty() {
        return;
    }
    match split(boxes, members) {
        None => out.push(members.to_vec()),
        Some(columns) => {
            let mut above = Vec::new();
            let mut below = Vec::new();
            for &at in members.iter().filter(|at| !columns.left.contains(at) && !columns.right.contains(at)) {
                if boxes[at].centre().1 < columns.top { above.push(at) } else { below.push(at) }
            }
            for side in [above, columns.left, columns.right, below] {
                part(boxes, &side, out);
            }
        }
    }
}

/// Boxes on both sides of a white that runs down between them.
struct Columns {
    left: Vec<usize>,
    right: Vec<usize>,
    top: f32,
}

/// The columns with the most boxes; None where there are none.
fn split(boxes: &[Rect], members: &[usize]) -> Option<Columns> {
    if members.len() < 2 * LINES {
        return None;
    }
    let mut best: Option<Columns> = None;
    let mut tried: Vec<(usize, usize, i32)> = Vec::new();
    for seed in gaps(boxes, members) {
        let Some((range, gutter)) = run(boxes, members, &seed) else { continue };
        let middle = (gutter.0 + gutter.1) / 2.0;
        let key = (range.start, range.end, middle as i32);
        if tried.contains(&key) {
            continue;
        }
        tried.push(key);
        let size = range.len();
        if best.as_ref().is_some_and(|best| size <= best.left.len() + best.right.len()) {
            continue;
        }
        let (left, right): (Vec<usize>, Vec<usize>) =
            members[range].iter().partition(|&&at| boxes[at].centre().0 < middle);
        let Some(columns) = trimmed(boxes, left, right) else { continue };
        let size = columns.left.len() + columns.right.len();
        let prose = is_column(boxes, &columns.left) && is_column(boxes, &columns.right);
        if (prose || is_spread(boxes, &columns, middle))
            && best.as_ref().is_none_or(|best| size > best.left.len() + best.right.len())
        {
            best = Some(columns);
        }
    }
    best
}

/// A white between two boxes side by side: the number of the left one among the members, and its ends.
struct Gap {
    member: usize,
    from: f32,
    to: f32,
}

/// The whites beside boxes that are wide enough to part columns.
fn gaps(boxes: &[Rect], members: &[usize]) -> Vec<Gap> {
    let mut found = Vec::new();
    for (number, &at) in members.iter().enumerate() {
        let own = &boxes[at];
        let near = number.saturating_sub(NEAR)..(number + NEAR).min(members.len());
        let beside = members[near]
            .iter()
            .map(|&other| &boxes[other])
            .filter(|other| other.x0 > own.x1 && own.vertical_overlap(other) > 0.4 * own.height().min(other.height()));
        if let Some(next) = beside.map(|b| b.x0).min_by(f32::total_cmp)
            && next - own.x1 > GUTTER * own.height()
        {
            found.push(Gap { member: number, from: own.x1, to: next });
        }
    }
    found
}

/// How far up and down no box crosses the white, and what is left of it.
fn run(boxes: &[Rect], members: &[usize], seed: &Gap) -> Option<(std::ops::Range<usize>, (f32, f32))> {
    let mut gutter = (seed.from, seed.to);
    let least = |rect: &Rect| GUTTER * rect.height().min(boxes[members[seed.member]].height() * 1.5);
    let mut narrowed = |rect: &Rect| {
        let middle = (gutter.0 + gutter.1) / 2.0;
        let new = if rect.centre().0 < middle {
            (gutter.0.max(rect.x1), gutter.1)
        } else {
            (gutter.0, gutter.1.min(rect.x0))
        };
        let open = new.1 - new.0 >= least(rect);
        if open {
            gutter = new;
        }
        open
    };
    let mut end = seed.member + 1;
    while end < members.len() && narrowed(&boxes[members[end]]) {
        end += 1;
    }
    let mut start = seed.member;
    while start > 0 && narrowed(&boxes[members[start - 1]]) {
        start -= 1;
    }
    (end - start >= 2 * LINES).then_some((start..end, gutter))
}

/// The columns without what stands apart from them above and below, where only one side goes on; None where a side is too short.
fn trimmed(boxes: &[Rect], mut left: Vec<usize>, mut right: Vec<usize>) -> Option<Columns> {
    for _ in 0..2 {
        for upward in [false, true] {
            let (ends_left, ends_right) = (end(boxes, &left, upward)?, end(boxes, &right, upward)?);
            let beyond = |a: f32, b: f32| if upward { a < b } else { a > b };
            let (longer, other_end) =
                if beyond(ends_left, ends_right) { (&mut left, ends_right) } else { (&mut right, ends_left) };
            let rows = rows(boxes, longer);
            let usual = usual_distance(&rows)?;
            let mut cut = None;
            for pair in rows.windows(2) {
                let (a, b) = (pair[0].centre().1, pair[1].centre().1);
                let outside = if upward { a < other_end - usual / 2.0 } else { b > other_end + usual / 2.0 };
                if b - a > APART * usual && outside {
                    cut = Some((a + b) / 2.0);
                    if !upward {
                        break;
                    }
                }
            }
            if let Some(cut) = cut {
                longer.retain(|&at| (boxes[at].centre().1 > cut) == upward);
            }
        }
    }
    let top = left.iter().chain(&right).map(|&at| boxes[at].centre().1).min_by(f32::total_cmp)?;
    Some(Columns { left, right, top: top - 0.5 })
}

/// Where the side's first or last box has its middle.
fn end(boxes: &[Rect], side: &[usize], first: bool) -> Option<f32> {
    let middles = side.iter().map(|&at| boxes[at].centre().1);
    if first { middles.min_by(f32::total_cmp) } else { middles.max_by(f32::total_cmp) }
}

/// The boxes row by row, each row as one box, from the top.
fn rows(boxes: &[Rect], members: &[usize]) -> Vec<Rect> {
    let mut rows: Vec<Rect> = Vec::new();
    let mut sorted: Vec<&Rect> = members.iter().map(|&at| &boxes[at]).collect();
    sorted.sort_by(|a, b| a.centre().1.total_cmp(&b.centre().1));
    for rect in sorted {
        match rows.last_mut().filter(|row| row.vertical_overlap(rect) > 0.5 * row.height().min(rect.height())) {
            Some(row) => *row = row.union(rect),
            None => rows.push(*rect),
        }
    }
    rows
}

/// The distance between the middles of most rows that follow each other; None where there are fewer than three rows.
fn usual_distance(rows: &[Rect]) -> Option<f32> {
    let mut distances: Vec<f32> = rows.windows(2).map(|pair| pair[1].centre().1 - pair[0].centre().1).collect();
    distances.sort_by(f32::total_cmp);
    (distances.len() >= 2).then(|| distances[distances.len() / 2])
}

/// Whether these boxes are a column of prose, or columns of it in turn.
fn is_column(boxes: &[Rect], members: &[usize]) -> bool {
    is_prose(boxes, members) || split(boxes, members).is_some()
}

fn is_prose(boxes: &[Rect], members: &[usize]) -> bool {
    let rows = rows(boxes, members);
    let Some(usual) = usual_distance(&rows).filter(|_| rows.len() >= LINES) else { return false };
    let mut heights: Vec<f32> = rows.iter().map(Rect::height).collect();
    heights.sort_by(f32::total_cmp);
    let height = heights[heights.len() / 2];
    let Some(whole) = Rect::bounding(&rows) else { return false };
    let share = |holds: &dyn Fn(&Rect) -> bool| rows.iter().filter(|row| holds(row)).count() as f32 / rows.len() as f32;
    let full = share(&|row| row.width() > FULL * whole.width());
    let aligned = share(&|row| row.x0 < whole.x0 + height);
    whole.width() > WIDTH * height
        && (full >= FULL_LINES && aligned >= ALIGNED || is_paragraphs(&rows, &whole, height))
        && runs_on(&rows, usual)
        && usual < 3.0 * height
        && members.len() < 2 * rows.len()
}

/// Whether these are short paragraphs, the first line of each indented alike: a line that ends early is the last of one, so that an indented
/// line or none follows it. Half of the lines may be indented then.
fn is_paragraphs(rows: &[Rect], whole: &Rect, height: f32) -> bool {
    let indent = |row: &Rect| row.x0 - whole.x0;
    let mut indents: Vec<f32> = rows.iter().map(indent).filter(|indent| *indent > INDENT.0 * height).collect();
    indents.sort_by(f32::total_cmp);
    let Some(&usual) = indents.get(indents.len() / 2).filter(|usual| **usual < INDENT.1 * height) else { return false };
    let is_first = |row: &Rect| (indent(row) - usual).abs() < INDENT.0 * height;
    let is_full = |row: &Rect| row.x1 > whole.x1 - (1.0 - FULL) * whole.width();
    let share = |count: usize| count as f32 / rows.len() as f32;
    let firsts = share(rows.iter().filter(|row| is_first(row)).count());
    let flush = share(rows.iter().filter(|row| indent(row) <= INDENT.0 * height).count());
    let follows = |at: usize| rows.get(at + 1).is_none_or(is_first);
    let explained = share((0..rows.len()).filter(|&at| is_full(&rows[at]) || follows(at)).count());
    rows.len() >= 2 * LINES
        && firsts + flush >= EXPLAINED
        && explained >= EXPLAINED
        && flush >= FLUSH
        && share(rows.iter().filter(|row| is_full(row)).count()) >= FLUSH
}

/// Whether rows follow each other at the usual distance, but for the breaks that prose has.
fn runs_on(rows: &[Rect], usual: f32) -> bool {
    let breaks = rows.windows(2).filter(|p| p[1].centre().1 - p[0].centre().1 > BREAK * usual).count();
    breaks as f32 <= BREAKS * (rows.len() - 1) as f32
}

/// Whether the columns are the two pages of a spread: a landscape page with a white down its middle, and lines on both sides.
fn is_spread(boxes: &[Rect], columns: &Columns, middle: f32) -> bool {
    let members = || columns.left.iter().chain(&columns.right);
    let Some(whole) = Rect::bounding(boxes) else { return false };
    let Some(spread) = Rect::bounding(members().map(|&at| &boxes[at])) else { return false };
    let central = ((middle - whole.x0) / whole.width() - 0.5).abs() < 0.08;
    let side_is_text = |side: &[usize]| {
        let rows = rows(boxes, side);
        let Some(own) = Rect::bounding(&rows) else { return false };
        let full = rows.iter().filter(|row| row.width() > 0.6 * own.width()).count();
        let prose = usual_distance(&rows).is_some_and(|usual| runs_on(&rows, usual));
        prose && rows.len() >= 2 * LINES - 2 && side.len() < rows.len() * 3 / 2 + 1 && full * 5 >= rows.len() * 2
    };
    whole.width() > 1.15 * whole.height()
        && central
        && spread.height() > 0.8 * whole.height()
        && side_is_text(&columns.left)
        && side_is_text(&columns.right)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A box a line: its left end, its length, its row.
    fn line(x: f32, width: f32, row: f32) -> Rect {
        Rect::new(x, row * 15.0, x + width, row * 15.0 + 12.0)
    }

    fn column(x: f32, widths: &[f32], first_row: f32) -> Vec<Rect> {
        widths.iter().zip(0..).map(|(&width, row)| line(x, width, first_row + row as f32)).collect()
    }

    #[test]
    fn short_paragraphs_in_columns_are_prose_and_lists_and_signatures_are_none() {
        let paragraphs = |x: f32| -> Vec<Rect> {
            let lines = [
                (12.0, 188.0),
                (0.0, 199.0),
                (0.0, 60.0),
                (12.0, 90.0),
                (12.0, 186.0),
                (0.0, 110.0),
                (12.0, 180.0),
                (0.0, 40.0),
            ];
            lines.iter().zip(0..).map(|(&(from, width), row)| line(x + from, width, row as f32)).collect()
        };
        let mut page = paragraphs(0.0);
        page.extend(paragraphs(240.0));
        let order: Vec<usize> = groups(&page).concat();
        assert_eq!(order, (0..16).collect::<Vec<_>>());
        // Names beside what they stand for: lines end anywhere, and none is set in behind them.
        let list = |x: f32| column(x, &[188.0, 120.0, 199.0, 60.0, 190.0, 110.0, 180.0, 140.0], 0.0);
        let mut page = list(0.0);
        page.extend(list(240.0));
        page.push(line(0.0, 200.0, 40.0));
        assert_eq!(groups(&page).len(), 1);
    }

    #[test]
    fn columns_of_prose_are_read_one_after_the_other_below_their_title_and_above_what_follows() {
        let mut page = vec![line(100.0, 300.0, 0.0)];
        page.extend(column(0.0, &[200.0, 195.0, 198.0, 201.0, 80.0], 2.0));
        page.extend(column(230.0, &[200.0, 190.0, 205.0, 199.0, 197.0, 150.0], 2.3));
        page.push(line(0.0, 420.0, 10.0));
        let order = groups(&page);
        assert_eq!(order, [vec![0], vec![1, 2, 3, 4, 5], vec![6, 7, 8, 9, 10, 11], vec![12]]);
    }

    #[test]
    fn three_columns_are_three() {
        let widths = [130.0, 128.0, 131.0, 126.0, 60.0];
        let page = [column(0.0, &widths, 0.0), column(150.0, &widths, 0.0), column(300.0, &widths, 0.0)].concat();
        assert_eq!(groups(&page).len(), 3);
    }

    #[test]
    fn letterheads_signatures_and_tables_are_read_across() {
        let letterhead =
            [column(20.0, &[150.0, 100.0, 60.0, 120.0], 0.0), column(220.0, &[250.0, 180.0, 90.0, 200.0], 0.0)]
                .concat();
        assert_eq!(groups(&letterhead).len(), 1);
        let recipients =
            [column(0.0, &[60.0, 80.0, 190.0, 150.0, 70.0, 90.0], 0.0), column(300.0, &[120.0, 110.0], 0.0)].concat();
        assert_eq!(groups(&recipients).len(), 1);
        // Rows of three columns, each cell two lines, with a white between the rows.
        let table: Vec<Rect> = (0..6)
            .flat_map(|row| {
                let y = row as f32 * 3.5;
                [
                    line(0.0, 20.0, y),
                    line(60.0, 170.0, y),
                    line(60.0, 160.0, y + 1.0),
                    line(260.0, 170.0, y),
                    line(260.0, 165.0, y + 1.0),
                ]
            })
            .collect();
        assert_eq!(groups(&table).len(), 1);
    }

    #[test]
    fn the_left_page_of_a_spread_is_read_before_the_right_one() {
        let ragged = [300.0, 120.0, 290.0, 295.0, 100.0, 280.0, 310.0, 90.0, 305.0, 140.0];
        let page = [column(0.0, &ragged, 0.0), column(420.0, &ragged, 0.4)].concat();
        assert_eq!(groups(&page).len(), 2);
    }

    #[test]
    fn a_page_of_one_column_is_one_group() {
        assert_eq!(groups(&column(0.0, &[400.0; 30], 0.0)).len(), 1);
        assert!(groups(&[]).is_empty());
    }
}

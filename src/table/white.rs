//! The grid of a table whose columns no rule parts: under level rules alone, or in a frame. White tells the columns, where it runs down
//! all rows of print.
//!
//! The first row may be the head, whose words stand over several columns, so it says nothing where other rows follow.

use super::grid::{Grid, GridCell, MOST_CELLS};
use super::lines::{Ink, Print};
use super::rules::Rule;
use crate::geometry::Rect;
use std::ops::Range;

/// Rules nearer to each other than this are one, in inches.
const ONE_RULE: f32 = 0.045;
/// Fewer columns than this are told better by their words.
const LEAST_COLUMNS: usize = 3;
/// White between columns is as wide as this, in heights of letters; spaces between words are half as wide.
const GAP: f32 = 0.8;
/// Words nearer to each other than this are of one cell, in heights of letters.
const TOGETHER: f32 = 0.65;
/// Titles over columns stand further apart than this, in heights of letters.
const APART: f32 = 1.2;
/// Of so many heights of print one may run across the white: a sum, the name of a group.
const ACROSS: usize = 8;
/// A row higher than this holds several, of which none may run across; in heights of letters.
const TALL: f32 = 9.0;
/// Flat ink wider than this, in heights of letters, is a rule.
const RULE: f32 = 4.0;
/// Ink smaller than this share of a letter is dirt, here.
const DIRT: f32 = 0.3;

/// The grid of level `rules`, of those that reach over a `part` of it only, and of white between pieces of ink, all in pixels of a straight picture; None where there is no table of
/// [`LEAST_COLUMNS`].
pub(super) fn grid(rules: &[Rule], part: &[Rule], inks: &[Ink], dpi: f32) -> Option<Grid> {
    let mut ys = heights(rules, ONE_RULE * dpi);
    if ys.len() < 2 {
        return None;
    }
    // Those inside the head part it in two levels; in other rows cells go on over several, which white does not tell.
    let within = |rule: &&Rule, from: f32, to: f32| rule.at > from + ONE_RULE * dpi && rule.at < to - ONE_RULE * dpi;
    let levels: Vec<Rule> = part.iter().filter(|rule| within(rule, ys[0], ys[1])).cloned().collect();
    if part.iter().any(|rule| ys[1..].windows(2).any(|row| within(&rule, row[0], row[1]))) {
        return None;
    }
    let head = 1 + usize::from(!levels.is_empty());
    match heights(&levels, ONE_RULE * dpi)[..] {
        [] => {}
        [level] => ys.insert(1, level),
        _ => return None,
    }
    let x0 = rules.iter().map(|rule| rule.start).fold(f32::MAX, f32::min);
    let x1 = rules.iter().map(|rule| rule.end).fold(f32::MIN, f32::max);
    let print = Print::of(inks.iter(), dpi)?;
    let edge = ONE_RULE * dpi;
    let inside = |ink: &&Ink| {
        let (x, y) = ink.centre();
        let large = ink.width().max(ink.height()) > DIRT * print.letter;
        large && x > x0 + edge && x < x1 - edge && y > ys[0] && y < ys[ys.len() - 1]
    };
    let mut bands: Vec<Vec<Ink>> = vec![Vec::new(); ys.len() - 1];
    for ink in inks.iter().filter(inside) {
        let y = ink.centre().1;
        bands[ys.partition_point(|&line| line <= y) - 1].push(*ink);
    }
    let body = if bands.len() > head { &bands[head..] } else { &bands[..] };
    let rows: Vec<Vec<Ink>> = body.iter().flat_map(|band| heights_of_print(band, print)).collect();
    let mut xs = vec![x0];
    xs.extend(between(&rows, &heights_of_print(&bands[head - 1], print), print));
    xs.push(x1);
    let columns = xs.len() - 1;
    if columns < LEAST_COLUMNS || columns * bands.len() > MOST_CELLS {
        return None;
    }
    let mut cells = if head == 2 { two_levels(&xs, &ys, &levels, &titles(&bands[0], print)) } else { Vec::new() };
    for (row, band) in bands.iter().enumerate().skip(if head == 2 { 2 } else { 0 }) {
        let high = ys[row + 1] - ys[row];
        let printed = heights_of_print(band, print);
        let across = |x: f32| printed.iter().filter(|inks| runs_across(inks, x, x, print)).count();
        let open: Vec<usize> = xs[1..columns].iter().map(|&x| across(x)).collect();
        // Where some heights of a row run across and others do not, these are rows of their own, and not told by white.
        let several = high > TALL * print.letter && open.iter().any(|&n| n > 0);
        let mixed = (1..columns).any(|at| {
            let beside = |inks: &Vec<Ink>| {
                inks.iter().any(|ink| ink.x1 < xs[at] && ink.x0 > xs[at - 1])
                    && inks.iter().any(|ink| ink.x0 > xs[at] && ink.x1 < xs[at + 1])
                    && !runs_across(inks, xs[at], xs[at], print)
            };
            open[at - 1] > 0 && printed.iter().any(beside)
        });
        if several || mixed {
            return None;
        }
        let mut column = 0;
        while column < columns {
            let wide = 1 + open[column..].iter().take_while(|&&n| n > 0).count();
            let rect = Rect::new(xs[column], ys[row], xs[column + wide], ys[row + 1]);
            cells.push(GridCell { row, column, row_span: 1, column_span: wide, rect });
            column += wide;
        }
    }
    Some(Grid { xs, ys, cells, level: Vec::new(), upright: Vec::new() })
}

/// What stands over several columns: from where to where, from left to right, parted by more white than words are.
fn titles(inks: &[Ink], print: Print) -> Vec<(f32, f32)> {
    let mut sorted = inks.to_vec();
    sorted.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let mut found: Vec<(f32, f32)> = Vec::new();
    for ink in sorted {
        match found.last_mut().filter(|last| ink.x0 - last.1 < APART * print.letter) {
            Some(last) => last.1 = last.1.max(ink.x1),
            None => found.push((ink.x0, ink.x1)),
        }
    }
    found
}

/// The cells of a head of two levels: what stands over a rule names the columns below it, and where there is none a column has one cell. A rule
/// below several `titles` is parted at the column nearest to the middle between them.
fn two_levels(xs: &[f32], ys: &[f32], levels: &[Rule], titles: &[(f32, f32)]) -> Vec<GridCell> {
    let columns = xs.len() - 1;
    let middle = |column: usize| (xs[column] + xs[column + 1]) / 2.0;
    let over = |column: usize| levels.iter().position(|rule| rule.start < middle(column) && rule.end > middle(column));
    let parts: Vec<usize> = titles
        .windows(2)
        .filter_map(|pair| {
            let between = (pair[0].1 + pair[1].0) / 2.0;
            let off = |at: &usize| (xs[*at] - between).abs();
            (1..columns).filter(|&at| xs[at] > pair[0].0 && xs[at] < pair[1].1).min_by(|a, b| off(a).total_cmp(&off(b)))
        })
        .collect();
    let cell = |row: usize, column: usize, row_span: usize, column_span: usize| {
        let rect = Rect::new(xs[column], ys[row], xs[column + column_span], ys[row + row_span]);
        GridCell { row, column, row_span, column_span, rect }
    };
    let mut cells = Vec::new();
    let mut column = 0;
    while column < columns {
        let rule = over(column);
        let goes_on =
            |next: &usize| rule.is_some() && over(*next) == rule && (*next == column || !parts.contains(next));
        let wide = (column..columns).take_while(goes_on).count().max(1);
        cells.push(cell(0, column, if rule.is_some() { 1 } else { 2 }, wide));
        column += wide;
    }
    cells.extend((0..columns).filter(|&column| over(column).is_some()).map(|column| cell(1, column, 1, 1)));
    cells
}

/// Where white parts the columns of all this ink, from left to right; rules in it are passed over.
pub(super) fn columns(inks: &[Ink], dpi: f32) -> Option<Vec<f32>> {
    let print = Print::of(inks.iter(), dpi)?;
    let letters = |ink: &&Ink| {
        let large = ink.width().max(ink.height()) > DIRT * print.letter;
        large && (ink.height() > DIRT * print.letter || ink.width() < RULE * print.letter)
    };
    let inks: Vec<Ink> = inks.iter().filter(letters).copied().collect();
    Some(between(&heights_of_print(&inks, print), &[], print))
}

/// The heights of rules, from the top, two that are one as their middle.
fn heights(rules: &[Rule], near: f32) -> Vec<f32> {
    let mut all: Vec<f32> = rules.iter().map(|rule| rule.at).collect();
    all.sort_by(f32::total_cmp);
    let mut found: Vec<f32> = Vec::new();
    for at in all {
        match found.last_mut().filter(|last| at - **last <= near) {
            Some(last) => *last = (*last + at) / 2.0,
            None => found.push(at),
        }
    }
    found
}

/// Pieces of ink by the height on which they stand, from the top. Rows of cells of several lines need not stand on common heights; what
/// overlaps by less than half is of two.
fn heights_of_print(inks: &[Ink], print: Print) -> Vec<Vec<Ink>> {
    let mut sorted: Vec<Ink> = inks.iter().filter(|ink| ink.height() < 2.5 * print.letter).copied().collect();
    sorted.sort_by(|a, b| a.centre().1.total_cmp(&b.centre().1));
    let mut found: Vec<(f32, Vec<Ink>)> = Vec::new();
    for ink in sorted {
        let y = ink.centre().1;
        match found.last_mut().filter(|(first, _)| y - *first < print.letter) {
            Some((_, own)) => own.push(ink),
            None => found.push((y, vec![ink])),
        }
    }
    found.into_iter().map(|(_, own)| own).collect()
}

/// The middles of the white that runs down the heights of print, where the `head` is white as well if it can be: its words are centred and may
/// reach over the white below them.
fn between(rows: &[Vec<Ink>], head: &[Vec<Ink>], print: Print) -> Vec<f32> {
    let all = rows.iter().flatten();
    let (left, right) = all.fold((f32::MAX, f32::MIN), |(a, b), ink| (a.min(ink.x0), b.max(ink.x1)));
    if left >= right {
        return Vec::new();
    }
    let wide = (right - left).ceil() as usize + 1;
    let held = |rows: &[&Vec<Ink>]| {
        let mut held = vec![0usize; wide];
        for row in rows {
            let mut own = vec![false; wide];
            for ink in row.iter() {
                let (x0, x1) = ((ink.x0 - left).max(0.0) as usize, (ink.x1 - left).max(0.0) as usize);
                own[x0.min(wide - 1)..=x1.min(wide - 1)].fill(true);
            }
            held.iter_mut().zip(own).for_each(|(sum, own)| *sum += usize::from(own));
        }
        held
    };
    let most = rows.len() / ACROSS;
    let head = held(&head.iter().collect::<Vec<_>>());
    let mut found = Vec::new();
    for run in runs(&held(&rows.iter().collect::<Vec<_>>()), 0..wide, |n| n <= most) {
        if run.start == 0 || run.end == wide {
            continue;
        }
        // What runs across says nothing of where the columns end.
        let (from, to) = (left + run.start as f32, left + run.end as f32);
        let own: Vec<&Vec<Ink>> = rows.iter().filter(|row| !runs_across(row, from, to, print)).collect();
        let Some(white) = whitest(&held(&own), run) else { continue };
        if white.len() as f32 >= GAP * print.letter {
            let clear = whitest(&head, white.clone()).unwrap_or(white);
            found.push(left + (clear.start + clear.end) as f32 / 2.0);
        }
    }
    found
}

/// The runs within `span` of places of which `stands`.
fn runs(held: &[usize], span: Range<usize>, stands: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = span.start;
    while at < span.end {
        let end = at + held[at..span.end].iter().take_while(|&&n| stands(n)).count();
        if end > at {
            found.push(at..end);
        }
        at = end + 1;
    }
    found
}

/// Where within `span` fewest heights run across, and that is widest.
fn whitest(held: &[usize], span: Range<usize>) -> Option<Range<usize>> {
    let least = held[span.clone()].iter().min().copied()?;
    runs(held, span, |n| n == least).into_iter().max_by_key(|run| (run.len(), std::cmp::Reverse(run.start)))
}

/// Whether print on one height runs on from one place to another without white between columns.
fn runs_across(inks: &[Ink], from: f32, to: f32, print: Print) -> bool {
    let mut end = inks.iter().filter(|ink| ink.x1 <= from).map(|ink| ink.x1).fold(f32::MIN, f32::max);
    let mut behind: Vec<&Ink> = inks.iter().filter(|ink| ink.x1 > from).collect();
    behind.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    for ink in behind {
        if ink.x0 - end >= TOGETHER * print.letter {
            return false;
        }
        end = end.max(ink.x1);
        if ink.x0 >= to || end > to {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::rules::Rule;

    fn rules(ys: &[f32]) -> Vec<Rule> {
        let rule = |&at: &f32| Rule { start: 100.0, end: 1300.0, at, slope: 0.0, thickness: 3.0, pieces: Vec::new() };
        ys.iter().map(rule).collect()
    }

    /// Letters of words of so many letters each that begin at `x` on this height.
    fn print(x: f32, y: f32, words: &[usize]) -> Vec<Ink> {
        let mut at = x;
        let mut inks = Vec::new();
        for letters in words {
            for _ in 0..*letters {
                inks.push(Rect::new(at, y, at + 18.0, y + 24.0));
                at += 21.0;
            }
            at += 9.0;
        }
        inks
    }

    fn body(ys: &[f32]) -> Vec<Ink> {
        let name = |row: usize| [&[3, 4][..], &[2, 5, 3], &[4]][row % 3];
        let row = |(n, &y): (usize, &f32)| {
            [print(130.0, y, &[1]), print(220.0, y, name(n)), print(800.0, y, &[4]), print(1100.0, y, &[3])].concat()
        };
        ys.iter().enumerate().flat_map(row).collect()
    }

    fn told(ys: &[f32], inks: &[Ink]) -> Option<(usize, usize, usize)> {
        grid(&rules(ys), &[], inks, 300.0).map(|grid| (grid.rows(), grid.columns(), grid.cells.len()))
    }

    #[test]
    fn level_rules_and_white_make_cells() {
        let inks = body(&[140.0, 220.0, 300.0, 380.0]);
        assert_eq!(told(&[100.0, 190.0, 270.0, 350.0, 430.0], &inks), Some((4, 4, 16)));
        // A frame: the rows are for the numbers to tell.
        assert_eq!(told(&[100.0, 190.0, 430.0], &inks), Some((2, 4, 8)));
    }

    #[test]
    fn a_head_and_a_sum_may_stand_over_several_columns() {
        let ys: Vec<f32> = (1..=9).map(|n| 60.0 + 80.0 * n as f32).collect();
        let mut inks = body(&ys);
        inks.extend(print(130.0, 20.0 + 40.0, &[1]));
        inks.extend(print(700.0, 60.0, &[5, 6, 7, 4]));
        inks.extend(print(130.0, 860.0, &[4, 6, 5]));
        inks.extend(print(1100.0, 860.0, &[3]));
        let rules: Vec<f32> = (0..=11).map(|n| 20.0 + 80.0 * n as f32).collect();
        let found = told(&rules, &inks).unwrap();
        assert_eq!((found.0, found.1), (11, 4));
        assert_eq!(found.2, 44 - 2);
    }

    #[test]
    fn the_words_of_a_head_may_reach_over_the_white_below_them() {
        let mut inks = body(&[220.0, 300.0, 380.0]);
        inks.extend([print(225.0, 140.0, &[3, 4]), print(740.0, 140.0, &[7, 5]), print(1030.0, 140.0, &[8])].concat());
        assert_eq!(told(&[100.0, 190.0, 270.0, 350.0, 430.0], &inks), Some((4, 4, 16)));
    }

    #[test]
    fn a_head_of_two_levels_is_parted_by_its_short_rule() {
        let mut inks = body(&[260.0, 340.0, 420.0]);
        inks.extend([print(225.0, 150.0, &[4]), print(860.0, 120.0, &[7, 5]), print(790.0, 190.0, &[4])].concat());
        inks.extend(print(1090.0, 190.0, &[4]));
        let part = |at: f32| Rule { start: 740.0, end: 1300.0, at, slope: 0.0, thickness: 3.0, pieces: Vec::new() };
        let ys = [100.0, 230.0, 310.0, 390.0, 470.0];
        let found = grid(&rules(&ys), &[part(165.0)], &inks, 300.0).unwrap();
        let spans: Vec<_> = found.cells[..6].iter().map(|c| (c.row, c.column, c.row_span, c.column_span)).collect();
        assert_eq!(spans, [(0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 1, 2), (1, 2, 1, 1), (1, 3, 1, 1), (2, 0, 1, 1)]);
        // One rule under two titles.
        let mut two = inks.clone();
        two.extend([print(225.0, 120.0, &[6]), print(225.0, 190.0, &[3])].concat());
        two.retain(|ink| ink.y0 != 150.0);
        let long = Rule { start: 190.0, ..part(165.0) };
        let found = grid(&rules(&ys), &[long], &two, 300.0).unwrap();
        let upper: Vec<_> = found.cells[..3].iter().map(|c| (c.column, c.row_span, c.column_span)).collect();
        assert_eq!(upper, [(0, 2, 1), (1, 1, 1), (2, 1, 2)]);
        // In another row a cell goes on beside it.
        assert_eq!(grid(&rules(&ys), &[part(350.0)], &inks, 300.0), None);
    }

    #[test]
    fn prose_between_rules_has_no_columns() {
        let line = |y: f32| print(110.0 + (y as usize % 7) as f32 * 5.0, y, &[3, 4, 2, 5, 4, 3, 5, 2, 4, 4, 3, 4]);
        let inks: Vec<Ink> = (0..8).flat_map(|n| line(140.0 + 83.0 * n as f32)).collect();
        let rules: Vec<f32> = (0..=8).map(|n| 110.0 + 83.0 * n as f32).collect();
        assert_eq!(told(&rules, &inks), None);
        assert_eq!(told(&[100.0, 900.0], &[]), None);
    }

    #[test]
    fn a_row_of_several_heights_some_of_which_run_across_is_not_told() {
        let mut inks = body(&[140.0, 220.0, 300.0, 380.0, 460.0, 540.0, 620.0, 700.0, 780.0]);
        inks.extend(print(130.0, 340.0, &[4, 6, 5, 5]));
        assert_eq!(told(&[100.0, 190.0, 830.0], &inks), None);
    }
}

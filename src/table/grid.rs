//! The cells that the rules of a straight table make.

use super::area::REACH;
use super::rules::{Mask, Rule};
use crate::geometry::Rect;

/// Rules nearer to each other than this are one line, such as the two of a double rule; in inches.
const ONE_LINE: f32 = 0.045;
/// A rule that is shorter must end at other rules; in inches.
const SHORT: f32 = 0.35;
/// Two letters with a rule between them are no longer than this; in inches.
const TWO_STEMS: f32 = 0.6;
/// So near a short rule must come to the rules that it ends at; in inches.
const TOUCH: f32 = 0.02;
/// An edge of a cell is there where so much of it has ink. A broken rule loses less, and between merged cells there is none.
const PRESENT: f32 = 0.55;
/// So many lengths of an edge away a rule may have been found of which the edge is thought to be a part.
const NEARBY: f32 = 4.0;
/// Of a line around the table so much must be there.
const BORDER: f32 = 0.5;
/// Rules that reach this far beyond the last one across stand for a border that was not drawn; in inches.
const OPEN: f32 = 0.15;
/// More cells than this are a pattern.
pub(super) const MOST_CELLS: usize = 10_000;
/// Rows of print are higher and columns wider than this; in inches.
const LEAST_SIDE: f32 = 0.07;

/// Fewer cells are a frame with a heading.
const LEAST_CELLS: usize = 4;
/// A table is wider than this, in inches.
const NARROWEST: f32 = 1.5;
/// The cells of a table fill so much of the rectangle around it; those of a drawing do not.
const COVERED: f32 = 0.8;
/// A stamped frame is smaller than this, in inches.
const STAMP: (f32, f32) = (2.6, 1.5);

/// A grid of rows and columns, and what is one cell of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grid {
    /// The lines between columns, from left to right, one more than there are columns; in pixels of the picture.
    pub xs: Vec<f32>,
    /// The lines between rows, from the top.
    pub ys: Vec<f32>,
    /// The cells, by row and column.
    pub cells: Vec<GridCell>,
    /// The level rules that part them, each as far as it does.
    pub level: Vec<Rule>,
    /// The upright ones.
    pub upright: Vec<Rule>,
}

/// A cell of a [`Grid`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct GridCell {
    /// First row, from 0.
    pub row: usize,
    /// First column, from 0.
    pub column: usize,
    pub row_span: usize,
    pub column_span: usize,
    /// Between the middles of the rules around it.
    pub rect: Rect,
}

impl Grid {
    pub fn rows(&self) -> usize {
        self.ys.len() - 1
    }

    pub fn columns(&self) -> usize {
        self.xs.len() - 1
    }

    /// By row and column, which cell a place of the grid belongs to; None for what is outside of all.
    pub fn owners(&self) -> Vec<Option<usize>> {
        let mut owners = vec![None; self.rows() * self.columns()];
        for (at, cell) in self.cells.iter().enumerate() {
            for row in cell.row..cell.row + cell.row_span {
                let first = row * self.columns() + cell.column;
                owners[first..first + cell.column_span].fill(Some(at));
            }
        }
        owners
    }

    /// The number of the place in which a point lies, for [`Grid::owners`].
    pub fn place_at(&self, x: f32, y: f32) -> Option<usize> {
        let column = self.xs.partition_point(|&line| line <= x).checked_sub(1).filter(|&c| c < self.columns())?;
        let row = self.ys.partition_point(|&line| line <= y).checked_sub(1).filter(|&r| r < self.rows())?;
        Some(row * self.columns() + column)
    }

    /// Around all of it.
    pub fn rect(&self) -> Rect {
        Rect::new(self.xs[0], self.ys[0], self.xs[self.columns()], self.ys[self.rows()])
    }
}

/// Rules that are one line across the table.
struct Line<'a> {
    at: f32,
    rules: Vec<&'a Rule>,
    /// Stands for a border that was not drawn.
    open: bool,
}

impl Line<'_> {
    /// The rules that show between two places along.
    fn between(&self, mask: &Mask, from: f32, to: f32) -> Vec<&Rule> {
        let margin = (0.1 * (to - from)).min(6.0);
        let (from, to) = (from + margin, to - margin);
        // A rule that was found nearby is followed where it is broken.
        let near = |r: &&Rule| r.start < to + NEARBY * (to - from) && r.end > from - NEARBY * (to - from);
        let shown: Vec<&Rule> = self
            .rules
            .iter()
            .copied()
            .filter(near)
            .filter(|r| r.cover(from, to) >= PRESENT || r.shows(mask, from, to))
            .collect();
        let together = self.rules.iter().map(|r| r.cover(from, to)).sum::<f32>() >= PRESENT;
        if shown.is_empty() && together {
            self.rules.iter().copied().filter(|r| r.cover(from, to) > 0.0).collect()
        } else {
            shown
        }
    }

    fn cover(&self, from: f32, to: f32) -> f32 {
        self.rules.iter().map(|r| r.cover(from, to)).sum::<f32>().min(1.0)
    }
}

/// The grid of these rules; None where they make no cells that could be a table's.
///
/// `mask` is the ink of the picture, `swapped` the same with its axes swapped.
pub(super) fn grid(level: &[Rule], upright: &[Rule], mask: &Mask, swapped: &Mask, dpi: f32) -> Option<Grid> {
    let (level, upright) = grounded(level, upright, dpi);
    let mut rows = lines(&level, ONE_LINE * dpi);
    let mut columns = lines(&upright, ONE_LINE * dpi);
    close(&mut columns, &level, OPEN * dpi);
    close(&mut rows, &upright, OPEN * dpi);
    if rows.len() < 2 || columns.len() < 3 || (rows.len() - 1) * (columns.len() - 1) > MOST_CELLS {
        return None;
    }
    let xs: Vec<f32> = columns.iter().map(|l| l.at).collect();
    let ys: Vec<f32> = rows.iter().map(|l| l.at).collect();
    let (mut level, mut upright) = (Vec::new(), Vec::new());
    let across = edges(&rows, &xs, mask, &mut level);
    let down = edges(&columns, &ys, swapped, &mut upright);
    let cells = cells(&xs, &ys, &across, &down);
    let grid = Grid { xs, ys, cells, level, upright };
    is_table(&grid, dpi).then_some(grid)
}

/// The rules without the short ones that do not end at others.
fn grounded<'a>(level: &'a [Rule], upright: &'a [Rule], dpi: f32) -> (Vec<&'a Rule>, Vec<&'a Rule>) {
    let reach = REACH * dpi;
    let ends = |rule: &Rule, others: &[Rule], along: f32, touch: f32| {
        others.iter().any(|o| (o.at - along).abs() < touch && o.start - reach < rule.at && rule.at < o.end + reach)
    };
    let crosses = |rule: &Rule, others: &[Rule]| {
        others.iter().any(|o| {
            rule.start - reach < o.at && o.at < rule.end + reach && o.start - reach < rule.at && rule.at < o.end + reach
        })
    };
    let keep = |rule: &&Rule, others: &[Rule]| {
        // The stem of a letter comes near the rules above and below it, but does not touch them; two stems, one below the other in two
        // rows, begin and end within these.
        let touch = match rule.length() / dpi {
            ..SHORT => TOUCH * dpi,
            ..TWO_STEMS => reach,
            _ => return crosses(rule, others),
        };
        ends(rule, others, rule.start, touch) && ends(rule, others, rule.end, touch)
    };
    (level.iter().filter(|r| keep(r, upright)).collect(), upright.iter().filter(|r| keep(r, level)).collect())
}

/// Rules side by side as lines.
fn lines<'a>(rules: &[&'a Rule], near: f32) -> Vec<Line<'a>> {
    let mut sorted = rules.to_vec();
    sorted.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut lines: Vec<Line> = Vec::new();
    for rule in sorted {
        match lines.last_mut().filter(|l| rule.at - l.at <= near) {
            Some(line) => {
                line.rules.push(rule);
                let all: f32 = line.rules.iter().map(|r| r.length()).sum();
                line.at = line.rules.iter().map(|r| r.at * r.length()).sum::<f32>() / all.max(1.0);
            }
            None => lines.push(Line { at: rule.at, rules: vec![rule], open: false }),
        }
    }
    lines
}

/// Adds the borders that the ends of most rules across stand for.
fn close(lines: &mut Vec<Line>, across: &[&Rule], open: f32) {
    let (Some(first), Some(last)) = (lines.first().map(|l| l.at), lines.last().map(|l| l.at)) else { return };
    let all: f32 = across.iter().map(|r| r.length()).sum();
    let border = |beyond: &dyn Fn(&Rule) -> Option<f32>| {
        let mut ends: Vec<(f32, f32)> = across.iter().filter_map(|r| Some((beyond(r)?, r.length()))).collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let most = ends.iter().map(|e| e.1).sum::<f32>() > 0.6 * all && ends.len() > 1;
        most.then(|| Line { at: ends[ends.len() / 2].0, rules: Vec::new(), open: true })
    };
    let before = border(&|r| (r.start < first - open).then_some(r.start));
    let behind = border(&|r| (r.end > last + open).then_some(r.end));
    if let Some(line) = before {
        lines.insert(0, line);
    }
    lines.extend(behind);
}

/// By line and place between the lines across, whether the edge is there. What is there of the rules goes to `shown`.
fn edges(lines: &[Line], across: &[f32], mask: &Mask, shown: &mut Vec<Rule>) -> Vec<Vec<bool>> {
    let count = lines.len();
    lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let whole = line.cover(across[0], across[across.len() - 1]) >= BORDER;
            let border = line.open || (index == 0 || index + 1 == count) && whole;
            let mut edge = |w: &[f32]| {
                let rules = line.between(mask, w[0], w[1]);
                shown.extend(rules.iter().map(|r| r.part(w[0], w[1])));
                border || !rules.is_empty()
            };
            across.windows(2).map(&mut edge).collect()
        })
        .collect()
}

/// Boxes of the grid joined where no edge parts them; what is open to the outside is no cell.
fn cells(xs: &[f32], ys: &[f32], across: &[Vec<bool>], down: &[Vec<bool>]) -> Vec<GridCell> {
    let (rows, columns) = (ys.len() - 1, xs.len() - 1);
    let outside = rows * columns;
    let mut group: Vec<usize> = (0..=outside).collect();
    for row in 0..rows {
        for column in 0..columns {
            let here = row * columns + column;
            let mut join = |open: bool, other: usize| {
                if open {
                    let (a, b) = (root(&mut group, here), root(&mut group, other));
                    group[a.max(b)] = a.min(b);
                }
            };
            // The outside has the highest number, so that inner boxes lead; it is asked for by its root.
            join(!across[row][column], if row == 0 { outside } else { here - columns });
            join(!down[column][row], if column == 0 { outside } else { here - 1 });
            join(row + 1 == rows && !across[rows][column], outside);
            join(column + 1 == columns && !down[columns][row], outside);
        }
    }
    let out = root(&mut group, outside);
    let mut taken: Vec<bool> = (0..outside).map(|at| root(&mut group, at) == out).collect();
    let mut found = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            let here = row * columns + column;
            if taken[here] {
                continue;
            }
            let own = root(&mut group, here);
            let mut free = |at: usize| !taken[at] && root(&mut group, at) == own;
            let wide = (column..columns).take_while(|&c| free(row * columns + c)).count();
            // A region that is no rectangle is cut into such, from the top.
            let high = (row..rows).take_while(|&r| (column..column + wide).all(|c| free(r * columns + c))).count();
            for r in row..row + high {
                taken[r * columns + column..r * columns + column + wide].fill(true);
            }
            let rect = Rect::new(xs[column], ys[row], xs[column + wide], ys[row + high]);
            found.push(GridCell { row, column, row_span: high, column_span: wide, rect });
        }
    }
    found
}

/// Whether cells are as many and as large as a table's.
fn is_table(grid: &Grid, dpi: f32) -> bool {
    let sides = |of: fn(&GridCell) -> f32| {
        let mut all: Vec<f32> = grid.cells.iter().map(of).collect();
        all.sort_by(f32::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(0.0)
    };
    let whole = grid.rect();
    let area: f32 = grid.cells.iter().map(|c| c.rect.width() * c.rect.height()).sum();
    let many = grid.cells.len() >= LEAST_CELLS && grid.columns() >= 2 && (grid.rows() >= 2 || grid.columns() >= 3);
    // The note of arrival is stamped as a frame of a few places.
    let is_stamp =
        grid.columns() <= 2 && grid.rows() <= 3 && whole.width() < STAMP.0 * dpi && whole.height() < STAMP.1 * dpi;
    many && !is_stamp
        && whole.width() > NARROWEST * dpi
        && area >= COVERED * whole.width() * whole.height()
        && sides(|c| c.rect.height()) > LEAST_SIDE * dpi
        && sides(|c| c.rect.width()) > LEAST_SIDE * dpi
}

fn root(group: &mut [usize], mut at: usize) -> usize {
    while group[at] != at {
        group[at] = group[group[at]];
        at = group[at];
    }
    at
}

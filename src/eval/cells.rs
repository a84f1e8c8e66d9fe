//! Tables in texts: which cells were reproduced, and how far the table as a tree is from the printed one.
//!
//! A table's row is a line whose cells are parted by TABs, empty cells left out on both sides. Rows are aligned in order at the best total
//! of equal cells; in a pair of rows the cells that agree are counted in order. TEDS is the similarity by tree edit distance of Zhong,
//! ShafieiBavani and Jimeno Yepes (2020), over the tree of a table, its rows and their cells, with cells compared by the share of
//! characters that differ; rows are matched whole, so that the distance is at most larger than the one over all tree mappings.

use super::counts::Counts;
use super::normal::Normal;

/// Texts of more rows than this are aligned only as far as it, so that time stays bounded.
const MOST_ROWS: usize = 4000;

/// Counts the cells of `reference` that `other` reproduces.
pub(super) fn count(reference: &str, other: &str, counts: &mut Counts) {
    let (r, h) = (rows(reference), rows(other));
    counts.cells += r.iter().map(Vec::len).sum::<usize>();
    counts.other_cells += h.iter().map(Vec::len).sum::<usize>();
    counts.digit_cells += r.iter().flatten().filter(|c| c.contains(is_digit)).count();
    counts.rows += r.len();
    for (i, j, common) in aligned(&r, &h) {
        counts.cells_right += common.len();
        counts.digit_cells_right += common.iter().filter(|&&k| r[i][k].contains(is_digit)).count();
        counts.rows_right += usize::from(r[i] == h[j]);
    }
    if !r.is_empty() {
        let nodes = |rows: &[Vec<String>]| 1 + rows.iter().map(|row| 1 + row.len()).sum::<usize>();
        counts.tree_nodes += nodes(&r).max(if h.is_empty() { 0 } else { nodes(&h) });
        counts.tree_edits += thousandths(tree_distance(&r, &h, unlike));
        counts.structure_edits += thousandths(tree_distance(&r, &h, |_, _| 0.0));
    }
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let lines =
        text.split(['\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}']);
    let cells = |line: &str| -> Vec<String> {
        let normal = line.split('\t').map(|cell| Normal::new(cell).as_str().to_owned());
        normal.filter(|cell| !cell.is_empty()).collect()
    };
    lines.filter(|line| line.contains('\t')).map(cells).filter(|row| !row.is_empty()).take(MOST_ROWS).collect()
}

/// What Unicode calls a digit, raised ones among them, as in `m²`.
fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '²' | '³' | '¹' | '\u{2070}'..='\u{2079}' | '\u{2080}'..='\u{2089}')
}

/// The pairs of rows at the best total of equal cells, each with the reference's cells that agree.
fn aligned(r: &[Vec<String>], h: &[Vec<String>]) -> Vec<(usize, usize, Vec<usize>)> {
    let common: Vec<Vec<Vec<usize>>> = r.iter().map(|a| h.iter().map(|b| in_common(a, b)).collect()).collect();
    let (n, m) = (r.len(), h.len());
    let mut best = vec![vec![0usize; m + 1]; n + 1];
    for i in 0..n {
        for j in 0..m {
            best[i + 1][j + 1] = best[i][j + 1].max(best[i + 1][j]).max(best[i][j] + common[i][j].len());
        }
    }
    let (mut i, mut j, mut pairs) = (n, m, Vec::new());
    while i > 0 && j > 0 {
        let here = &common[i - 1][j - 1];
        if !here.is_empty() && best[i][j] == best[i - 1][j - 1] + here.len() {
            pairs.push((i - 1, j - 1, here.clone()));
            (i, j) = (i - 1, j - 1);
        } else if best[i][j] == best[i - 1][j] {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    pairs
}

/// The longest common subsequence of two rows, as places in the first.
fn in_common(a: &[String], b: &[String]) -> Vec<usize> {
    let mut best = vec![vec![0usize; b.len() + 1]; a.len() + 1];
    for i in 0..a.len() {
        for j in 0..b.len() {
            best[i + 1][j + 1] = if a[i] == b[j] { best[i][j] + 1 } else { best[i][j + 1].max(best[i + 1][j]) };
        }
    }
    let (mut i, mut j, mut found) = (a.len(), b.len(), Vec::new());
    while i > 0 && j > 0 {
        if a[i - 1] == b[j - 1] {
            found.push(i - 1);
            (i, j) = (i - 1, j - 1);
        } else if best[i - 1][j] >= best[i][j - 1] {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    found
}

/// Edits of rows and cells that make one table the other; a cell that is replaced costs what `unlike` says.
fn tree_distance(a: &[Vec<String>], b: &[Vec<String>], unlike: impl Fn(&str, &str) -> f64) -> f64 {
    let row = |x: &Vec<String>, y: &Vec<String>| edits(x, y, |_| 1.0, |p, q| unlike(p, q));
    if b.is_empty() {
        return a.iter().map(|row| 1.0 + row.len() as f64).sum::<f64>() + 1.0;
    }
    edits(a, b, |row| 1.0 + row.len() as f64, row)
}

/// The least cost of making one sequence the other.
fn edits<T>(a: &[T], b: &[T], lost: impl Fn(&T) -> f64, replaced: impl Fn(&T, &T) -> f64) -> f64 {
    let mut above = vec![0.0; b.len() + 1];
    for j in 0..b.len() {
        above[j + 1] = above[j] + lost(&b[j]);
    }
    for x in a {
        let mut here = vec![above[0] + lost(x); b.len() + 1];
        for (j, y) in b.iter().enumerate() {
            let kept = (above[j + 1] + lost(x)).min(here[j] + lost(y));
            // Nothing is cheaper than what stays the same.
            here[j + 1] = if above[j] >= kept { kept } else { kept.min(above[j] + replaced(x, y)) };
        }
        above = here;
    }
    above[b.len()]
}

/// The share of characters that differ between two cells.
fn unlike(a: &str, b: &str) -> f64 {
    if a == b {
        return 0.0;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    edits(&a, &b, |_| 1.0, |x, y| f64::from(u8::from(x != y))) / a.len().max(b.len()).max(1) as f64
}

fn thousandths(cost: f64) -> usize {
    (cost * 1000.0).round() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(reference: &str, other: &str) -> Counts {
        let mut counts = Counts::default();
        count(reference, other, &mut counts);
        counts
    }

    #[test]
    fn cells_count_in_their_row_and_order() {
        let reference = "Bảng\nTT\tTên\tSố\n1\tĐất đai\t12\n2\tHộ tịch\t3\n";
        let c = counted(reference, "TT\tTên\tSố\n1\tĐất đai\t12\n2\tHộ tích\t3\n");
        assert_eq!((c.cells, c.cells_right, c.other_cells), (9, 8, 9));
        assert_eq!((c.digit_cells, c.digit_cells_right), (4, 4));
        assert_eq!((c.rows, c.rows_right), (3, 2));
        assert_eq!((c.tree_nodes, c.structure_edits), (13, 0));
        assert_eq!(c.tree_edits, 143, "one letter of seven");
    }

    #[test]
    fn what_was_not_read_as_a_table_is_lost_and_a_text_without_tables_has_none() {
        let c = counted("a\tb\nc\td\n", "a b\nc d\n");
        assert_eq!((c.cells, c.cells_right, c.rows_right), (4, 0, 0));
        assert_eq!(c.tree_edits, 1000 * c.tree_nodes);
        assert_eq!(counted("a b\n", "a\tb\n").tree_nodes, 0);
    }

    #[test]
    fn an_area_counts_as_a_cell_with_a_digit() {
        assert_eq!(counted("đồng/m²\tx\n", "đồng/m²\tx\n").digit_cells_right, 1);
    }
}

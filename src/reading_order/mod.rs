//! In which order the parts of a page are read: columns of prose one after the other, everything else row by row.

mod columns;

pub(crate) use columns::groups;

use crate::geometry::Rect;
use crate::page::Line;

/// Orders lines as they are read: columns of prose one after the other, all else row by row from the top, within a row from left to
/// right, as the letterhead's two halves and the signature beside the recipients are; and numbers the blocks anew.
pub(crate) fn order(lines: &mut Vec<Line>) {
    let sequence = sequence(lines);
    let mut taken: Vec<Option<Line>> = lines.drain(..).map(Some).collect();
    lines.extend(sequence.into_iter().filter_map(|at| taken[at].take()));
    number_blocks(lines);
}

/// The numbers of the lines in the order of reading.
pub(crate) fn sequence(lines: &[Line]) -> Vec<usize> {
    let boxes: Vec<Rect> = lines.iter().map(|line| line.rect).collect();
    let blocks = small_blocks(&boxes);
    let follows = |at: &usize| blocks.iter().any(|block| block[1..].contains(at));
    let first: Vec<usize> = (0..boxes.len()).filter(|at| !follows(at)).collect();
    let kept: Vec<Rect> = first.iter().map(|&at| boxes[at]).collect();
    let order = groups(&kept).into_iter().flat_map(|group| row_by_row(&kept, group)).map(|at| first[at]);
    order.flat_map(|at| blocks.iter().find(|block| block[0] == at).cloned().unwrap_or_else(|| vec![at])).collect()
}

/// Print this much lower than most of the page's is a note at the side or a signature's: 8 points beside 13. Capitals of a letterhead are higher.
const SMALL: f32 = 0.65;

/// Lines of small print that follow each other closely beside larger print, from the top: they are read as one, and not row by row with
/// what they stand beside.
fn small_blocks(boxes: &[Rect]) -> Vec<Vec<usize>> {
    let mut heights: Vec<f32> = boxes.iter().map(Rect::height).collect();
    heights.sort_by(f32::total_cmp);
    let Some(&usual) = heights.get(heights.len() / 2) else { return Vec::new() };
    let mut small: Vec<usize> = (0..boxes.len()).filter(|&at| boxes[at].height() < SMALL * usual).collect();
    small.sort_by(|&a, &b| boxes[a].y0.total_cmp(&boxes[b].y0).then(a.cmp(&b)));
    let mut blocks: Vec<Vec<usize>> = Vec::new();
    for at in small {
        let own = &boxes[at];
        let under = |block: &Vec<usize>| {
            let last = &boxes[block[block.len() - 1]];
            let gap = own.y0 - last.y1;
            let height = own.height().max(last.height());
            gap < height && gap > -0.5 * height && (own.x0 - last.x0).abs() < 2.0 * height
        };
        match blocks.iter_mut().find(|block| under(block)) {
            Some(block) => block.push(at),
            None => blocks.push(vec![at]),
        }
    }
    let beside_larger = |block: &Vec<usize>| {
        block.iter().any(|&at| {
            boxes.iter().any(|other| {
                other.height() >= SMALL * usual && other.vertical_overlap(&boxes[at]) > 0.3 * boxes[at].height()
            })
        })
    };
    blocks.retain(|block| block.len() > 2 && beside_larger(block));
    blocks
}

fn row_by_row(boxes: &[Rect], mut group: Vec<usize>) -> Vec<usize> {
    let by_place = |&a: &usize, &b: &usize| {
        let (a, b) = (&boxes[a], &boxes[b]);
        a.centre().1.total_cmp(&b.centre().1).then(a.x0.total_cmp(&b.x0))
    };
    group.sort_by(by_place);
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for at in group {
        let beside = |&other: &usize| {
            let (own, other) = (&boxes[at], &boxes[other]);
            let lower = other.height().min(own.height());
            let apart = own.x0.max(other.x0) - own.x1.min(other.x1);
            own.vertical_overlap(other) > 0.5 * lower && apart > -0.2 * lower
        };
        match rows.last_mut().filter(|row| row.iter().all(beside)) {
            Some(row) => row.push(at),
            None => rows.push(vec![at]),
        }
    }
    for row in &mut rows {
        row.sort_by(|&a, &b| boxes[a].x0.total_cmp(&boxes[b].x0));
    }
    rows.concat()
}

/// A line belongs to the block of the nearest line above it that it stands under, at no more than a line's distance.
pub(crate) fn number_blocks(lines: &mut [Line]) {
    let mut blocks = 0;
    for at in 0..lines.len() {
        let (above, here) = lines.split_at_mut(at);
        let line = &mut here[0];
        let under = |other: &&Line| {
            let overlap = line.rect.x1.min(other.rect.x1) - line.rect.x0.max(other.rect.x0);
            let gap = line.rect.y0 - other.rect.y1;
            overlap > 0.3 * line.rect.width().min(other.rect.width())
                && gap < 1.0 * line.rect.height().max(other.rect.height())
                && gap > -0.7 * line.rect.height()
        };
        match above.iter().rev().find(under) {
            Some(other) => line.block = other.block,
            None => {
                line.block = blocks;
                blocks += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Word;

    fn line(text: &str, x0: f32, y0: f32, x1: f32, y1: f32) -> Line {
        let rect = Rect::new(x0, y0, x1, y1);
        Line { words: vec![Word { text: text.into(), rect, ..Word::default() }], rect, ..Line::default() }
    }

    #[test]
    fn columns_side_by_side_are_read_row_by_row() {
        let mut lines = vec![
            line("issuer", 100.0, 100.0, 500.0, 140.0),
            line("district", 100.0, 160.0, 500.0, 200.0),
            line("motto", 900.0, 103.0, 1600.0, 143.0),
            line("freedom", 900.0, 163.0, 1600.0, 203.0),
            line("title", 600.0, 300.0, 1000.0, 340.0),
        ];
        order(&mut lines);
        let seen: Vec<(String, u32)> = lines.iter().map(|l| (l.text(), l.block)).collect();
        let want = [("issuer", 0), ("motto", 1), ("district", 0), ("freedom", 1), ("title", 2)];
        assert_eq!(seen, want.map(|(t, b)| (t.to_string(), b)));
    }

    #[test]
    fn recipients_in_small_print_do_not_swallow_the_signature() {
        let mut lines = vec![
            line("to", 100.0, 100.0, 400.0, 130.0),
            line("post", 900.0, 112.0, 1400.0, 160.0),
            line("file", 100.0, 135.0, 400.0, 165.0),
        ];
        order(&mut lines);
        let seen: Vec<String> = lines.iter().map(Line::text).collect();
        assert_eq!(seen, ["to", "post", "file"]);
    }

    #[test]
    fn small_print_at_the_side_is_not_read_between_the_lines() {
        let mut lines = vec![
            line("signed by", 10.0, 100.0, 200.0, 112.0),
            line("issuer", 400.0, 102.0, 700.0, 126.0),
            line("on", 10.0, 114.0, 200.0, 126.0),
            line("at", 10.0, 128.0, 200.0, 140.0),
            line("title", 400.0, 140.0, 700.0, 164.0),
            line("text", 400.0, 180.0, 700.0, 204.0),
            line("more", 400.0, 220.0, 700.0, 244.0),
        ];
        order(&mut lines);
        let seen: Vec<String> = lines.iter().map(Line::text).collect();
        assert_eq!(seen, ["signed by", "on", "at", "issuer", "title", "text", "more"]);
    }
}

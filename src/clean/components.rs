//! Connected pieces of ink, by runs: what speckle, borders and punch holes are told from letters with.

use image::GrayImage;

/// One connected piece of ink; the box is in pixels, end-exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Left edge.
    pub x0: u32,
    /// Top edge.
    pub y0: u32,
    /// Right edge.
    pub x1: u32,
    /// Bottom edge.
    pub y1: u32,
    /// Number of pixels of ink.
    pub area: u32,
}

impl Piece {
    /// Width of the box.
    pub fn width(&self) -> u32 {
        self.x1 - self.x0
    }

    /// Height of the box.
    pub fn height(&self) -> u32 {
        self.y1 - self.y0
    }

    /// Its shorter side in pixels.
    pub fn shorter(&self) -> u32 {
        self.width().min(self.height())
    }

    /// The longer side of the box.
    pub fn extent(&self) -> u32 {
        self.width().max(self.height())
    }
}

struct Run {
    y: u32,
    x0: u32,
    x1: u32,
    piece: u32,
}

/// The pieces of ink of a page, eight-connected, in order of their first pixel.
pub struct Pieces {
    /// The pieces.
    pub list: Vec<Piece>,
    runs: Vec<Run>,
    threshold: u8,
}

impl Pieces {
    /// The pieces of ink darker than `threshold`.
    pub fn find(page: &GrayImage, threshold: u8) -> Self {
        let width = page.width() as usize;
        let mut runs: Vec<Run> = Vec::new();
        let mut parent: Vec<u32> = Vec::new();
        let mut above = 0..0;
        for (y, row) in page.as_raw().chunks_exact(width.max(1)).enumerate() {
            let first = runs.len();
            let mut candidate = above.start;
            let mut x = 0;
            while let Some(start) = next(row, x, |v| v < threshold) {
                let end = next(row, start, |v| v >= threshold).unwrap_or(width);
                let (x0, x1) = (start as u32, end as u32);
                let own = parent.len() as u32;
                parent.push(own);
                // Runs above that reach x0 - 1 ..= x1 touch this one, corners included.
                while candidate < above.end && runs[candidate].x1 < x0 {
                    candidate += 1;
                }
                let mut touching = candidate;
                while touching < above.end && runs[touching].x0 <= x1 {
                    join(&mut parent, runs[touching].piece, own);
                    touching += 1;
                }
                runs.push(Run { y: y as u32, x0, x1, piece: own });
                x = end;
            }
            above = first..runs.len();
        }
        let mut number = vec![u32::MAX; parent.len()];
        let mut list: Vec<Piece> = Vec::new();
        for run in &mut runs {
            let root = root(&mut parent, run.piece) as usize;
            if number[root] == u32::MAX {
                number[root] = list.len() as u32;
                list.push(Piece { x0: run.x0, y0: run.y, x1: run.x1, y1: run.y + 1, area: 0 });
            }
            run.piece = number[root];
            let piece = &mut list[number[root] as usize];
            piece.x0 = piece.x0.min(run.x0);
            piece.x1 = piece.x1.max(run.x1);
            piece.y1 = run.y + 1;
            piece.area += run.x1 - run.x0;
        }
        Pieces { list, runs, threshold }
    }

    /// Paints the pieces for which `gone` holds white, with the grey fringe of a pixel around them.
    pub fn erase(&self, page: &mut GrayImage, gone: &[bool]) {
        let (width, height) = (page.width(), page.height());
        for run in self.runs.iter().filter(|run| gone[run.piece as usize]) {
            for y in run.y.saturating_sub(1)..(run.y + 2).min(height) {
                let row = (y * width) as usize;
                let (x0, x1) = (run.x0.saturating_sub(1), (run.x1 + 1).min(width));
                for (x, pixel) in (x0..x1).zip(&mut page.as_mut()[row + x0 as usize..row + x1 as usize]) {
                    let own = y == run.y && x >= run.x0 && x < run.x1;
                    if own || *pixel >= self.threshold {
                        *pixel = 255;
                    }
                }
            }
        }
    }
}

/// The first place from `from` on that `holds`.
fn next(row: &[u8], from: usize, holds: impl Fn(u8) -> bool) -> Option<usize> {
    row[from..].iter().position(|&v| holds(v)).map(|n| from + n)
}

fn root(parent: &mut [u32], mut at: u32) -> u32 {
    while parent[at as usize] != at {
        parent[at as usize] = parent[parent[at as usize] as usize];
        at = parent[at as usize];
    }
    at
}

fn join(parent: &mut [u32], a: u32, b: u32) {
    let (a, b) = (root(parent, a), root(parent, b));
    parent[a.max(b) as usize] = a.min(b);
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    fn drawn(rows: &[&str]) -> GrayImage {
        GrayImage::from_fn(rows[0].len() as u32, rows.len() as u32, |x, y| {
            Luma([if rows[y as usize].as_bytes()[x as usize] == b'#' { 0 } else { 255 }])
        })
    }

    #[test]
    fn arms_that_meet_below_and_corners_that_touch_are_one_piece() {
        let page = drawn(&["#...#..##", "#...#....", ".###.....", ".......#.", "......#.."]);
        let found = Pieces::find(&page, 128);
        let boxes: Vec<_> = found.list.iter().map(|p| (p.x0, p.y0, p.x1, p.y1, p.area)).collect();
        assert_eq!(boxes, [(0, 0, 5, 3, 7), (7, 0, 9, 1, 2), (6, 3, 8, 5, 2)]);
    }

    #[test]
    fn erasing_one_piece_leaves_the_others() {
        let mut page = drawn(&["##.#", "##.#", "...#"]);
        let pieces = Pieces::find(&page, 128);
        pieces.erase(&mut page, &[true, false]);
        assert!(page == drawn(&["...#", "...#", "...#"]));
    }
}

//! The printed lines of a cell, found by its own ink: letters whose middles stand on one height.

use crate::geometry::Rect;

/// A connected piece of ink.
pub(super) type Ink = Rect;

/// What print measures in a table, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Print {
    /// Height of letters without marks, of small ones and capitals alike: that of the middle one.
    pub letter: f32,
    /// Height of capitals and figures: that of the upper quarter.
    pub capital: f32,
}

/// A line of print reaches so far above and below its base line, in heights of a capital: two thirds of the size are a capital, marks
/// above capitals reach nine tenths, descenders two tenths.
const ABOVE: f32 = 1.28;
const BELOW: f32 = 0.3;

/// A letter is no lower than this, in heights of letters without marks.
const LEAST: f32 = 0.55;
/// A letter with its marks is no higher than this, in heights of letters without marks; a tail that touches the mark below it is.
const BRIDGE: f32 = 2.3;

impl Print {
    /// Of these pieces; None where there is no print.
    pub fn of<'a>(pieces: impl Iterator<Item = &'a Ink>, dpi: f32) -> Option<Print> {
        // Six to 24 points: x-heights of 0.035 to 0.16 inches.
        let mut heights: Vec<f32> =
            pieces.map(|p| p.height()).filter(|h| (0.035 * dpi..0.2 * dpi).contains(h)).collect();
        heights.sort_by(f32::total_cmp);
        (!heights.is_empty())
            .then(|| Print { letter: heights[heights.len() / 2], capital: heights[heights.len() * 3 / 4] })
    }
}

/// Whether a piece is as high as letters are.
pub(super) fn is_letter(piece: &Ink, print: Print) -> bool {
    (LEAST..BRIDGE).contains(&(piece.height() / print.letter))
}

/// The rectangles of the lines of print among the pieces of a cell, from the top; each reaches from where the highest letters would end
/// to where the lowest would, as recognisers expect it of a line, whichever letters are in it.
pub(super) fn lines(pieces: &[Ink], print: Print) -> Vec<Rect> {
    let letter = print.letter;
    let body = |least: f32, most: f32| -> Vec<&Ink> {
        pieces.iter().filter(|p| (least..most).contains(&(p.height() / letter))).collect()
    };
    // Letters of two lines that touch each other are of neither, unless all is as high.
    let (mut body, mut bridges) = (body(LEAST, BRIDGE), body(BRIDGE, 3.5));
    if body.is_empty() {
        std::mem::swap(&mut body, &mut bridges);
    }
    // The middle of each letter, a third of it around; these overlap along a line and not between lines.
    let mut cores: Vec<(f32, f32)> = body
        .iter()
        .map(|p| {
            let (middle, reach) = (p.centre().1, 0.17 * p.height().min(1.5 * letter));
            (middle - reach, middle + reach)
        })
        .collect();
    cores.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut bands: Vec<(f32, f32, usize)> = Vec::new();
    for (top, bottom) in cores {
        match bands.last_mut().filter(|b| top <= b.1) {
            Some(band) => {
                band.1 = band.1.max(bottom);
                band.2 += 1;
            }
            None => bands.push((top, bottom, 1)),
        }
    }
    if bands.is_empty() {
        // Signs alone: a dash, dots.
        let all = Rect::bounding(pieces);
        return all.into_iter().filter(|r| r.height() < 2.0 * letter).collect();
    }
    let mut found: Vec<Option<Rect>> = vec![None; bands.len()];
    let nearest = |piece: &Ink| {
        let y = piece.centre().1;
        let off = |band: &(f32, f32, usize)| (band.0 - y).max(y - band.1).max(0.0);
        let at = (0..bands.len()).min_by(|&a, &b| off(&bands[a]).total_cmp(&off(&bands[b])))?;
        (off(&bands[at]) < 1.6 * letter).then_some(at)
    };
    // By line, where each piece ends below, and how wide it is: letters that touch are one piece.
    let mut feet: Vec<Vec<(f32, f32)>> = vec![Vec::new(); bands.len()];
    let mut tallest = vec![0.0f32; bands.len()];
    for piece in body {
        if let Some(at) = nearest(piece) {
            found[at] = Some(found[at].map_or(*piece, |r| r.union(piece)));
            feet[at].push((piece.y1, piece.width()));
            tallest[at] = tallest[at].max(piece.height());
        }
    }
    for bridge in bridges {
        for rect in found.iter_mut().flatten() {
            if (bridge.y0..bridge.y1).contains(&rect.centre().1) {
                (rect.x0, rect.x1) = (rect.x0.min(bridge.x0), rect.x1.max(bridge.x1));
            }
        }
    }
    // Marks and stops stand by letters; what is left of rules does not.
    let letters = found.clone();
    for piece in pieces.iter().filter(|p| p.height() < LEAST * letter) {
        let near = |r: &Rect| piece.x0 < r.x1 + 1.5 * letter && piece.x1 > r.x0 - 1.5 * letter;
        if let Some(at) = nearest(piece).filter(|&at| letters[at].as_ref().is_some_and(near)) {
            found[at] = found[at].map(|r| r.union(piece));
        }
    }
    join_marks(&mut found, &mut feet, &mut tallest, letter);
    let inked: Vec<(Rect, f32, f32)> = (0..found.len())
        .filter_map(|at| {
            let ink = found[at]?;
            // Small letters alone do not tell the size, the table's other print does.
            let capital = tallest[at].clamp(0.8 * print.capital, 1.6 * print.capital);
            Some((ink, base(&mut feet[at]).unwrap_or(ink.y1), capital))
        })
        .collect();
    let reach = |at: usize| {
        let (ink, base, capital) = inked[at];
        // As far as the lines beside it leave room.
        let above = at.checked_sub(1).map_or(f32::MIN, |before| inked[before].0.y1);
        let below = inked.get(at + 1).map_or(f32::MAX, |next| next.0.y0);
        let y0 = ink.y0.min((base - ABOVE * capital).max(above));
        Rect::new(ink.x0, y0, ink.x1, ink.y1.max((base + BELOW * capital).min(below)))
    };
    (0..inked.len()).map(reach).collect()
}

/// The base line of pieces that end there and are so wide: the median of the ends by width. None where there are none.
fn base(feet: &mut [(f32, f32)]) -> Option<f32> {
    feet.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = feet.iter().map(|f| f.1).sum::<f32>() / 2.0;
    let mut sum = 0.0;
    feet.iter()
        .find(|foot| {
            sum += foot.1;
            sum >= half
        })
        .map(|foot| foot.0)
}

/// Joins to the line below what are no lines: the marks above its capitals, one upon the other, and small figures raised beside its letters,
/// as in `m²`; and to the line above the commas that hang from it.
fn join_marks(found: &mut [Option<Rect>], feet: &mut [Vec<(f32, f32)>], tallest: &mut [f32], letter: f32) {
    for at in 0..found.len().saturating_sub(1) {
        let (Some(marks), Some(line)) = (found[at], found[at + 1]) else { continue };
        let near = line.y0 - marks.y1 < 0.5 * letter;
        let is_mark = near && tallest[at] < 0.8 * letter && tallest[at + 1] > 1.2 * tallest[at];
        let shared = marks.vertical_overlap(&line);
        let is_raised = shared > 0.35 * marks.height() && tallest[at] < 0.85 * tallest[at + 1];
        if is_mark || is_raised {
            found[at + 1] = Some(line.union(&marks));
            (found[at], tallest[at]) = (None, 0.0);
            feet[at].clear();
            continue;
        }
        let (above, commas) = (marks, line);
        let hangs = base(&mut feet[at]).is_some_and(|base| commas.y0 < base) && commas.y1 < above.y1 + 0.5 * letter;
        if hangs && tallest[at + 1] < 0.85 * tallest[at] {
            found[at + 1] = Some(above.union(&commas));
            found[at] = None;
            tallest[at + 1] = std::mem::take(&mut tallest[at]);
            feet[at + 1] = std::mem::take(&mut feet[at]);
        }
    }
}

/// Letters of a word are nearer to each other than this, in heights of letters.
const CLOSE: f32 = 0.5;

/// Whether the print of a cell runs up or down it, as that of narrow heads does: its letters stand in rows of several there, and hardly
/// one beside the other across.
pub(super) fn is_turned(pieces: &[Ink], print: Print) -> bool {
    let Some(all) = Rect::bounding(pieces) else { return false };
    let mut large: Vec<&Ink> = pieces.iter().filter(|p| p.height().max(p.width()) >= LEAST * print.letter).collect();
    let letters = large.len() as f32;
    if letters < 4.0 || all.height() < 2.5 * print.letter || all.height() < all.width() {
        return false;
    }
    // Numbers stand below each other, too, and further apart than the letters of a word.
    large.sort_by(|a, b| a.y0.total_cmp(&b.y0));
    let (mut below, mut near, mut foot) = (0, 0, large[0].y1);
    for ink in &large[1..] {
        if ink.y0 >= foot {
            below += 1;
            near += usize::from(ink.y0 - foot < CLOSE * print.letter);
        }
        foot = foot.max(ink.y1);
    }
    if 2 * near < below {
        return false;
    }
    let swapped: Vec<Ink> = pieces.iter().map(|p| Rect::new(p.y0, p.x0, p.y1, p.x1)).collect();
    let a_line = |pieces: &[Ink]| letters / lines(pieces, print).len().max(1) as f32;
    let (across, along) = (a_line(pieces), a_line(&swapped));
    along >= 3.0 && along >= 2.0 * across
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINT: Print = Print { letter: 25.0, capital: 34.0 };

    #[test]
    fn letters_marks_and_stops_make_lines() {
        let letter = |x: f32, base: f32| Rect::new(x, base - 25.0, x + 18.0, base);
        let pieces = [
            letter(10.0, 100.0),
            letter(30.0, 100.0),
            Rect::new(12.0, 60.0, 26.0, 68.0),
            Rect::new(50.0, 95.0, 55.0, 101.0),
            letter(10.0, 160.0),
            Rect::new(30.0, 126.0, 48.0, 160.0),
        ];
        let found = lines(&pieces, PRINT);
        assert_eq!(found.len(), 2);
        assert!(found[0].y0 <= 60.0 && found[0].y1 >= 101.0 && found[0].x1 == 55.0, "{found:?}");
        assert!(found[1].y0 <= 126.0 && found[1].y1 > 160.0);
    }

    #[test]
    fn numbers_of_rows_below_each_other_are_not_turned() {
        let row = |n: usize| Rect::new(10.0, 60.0 * n as f32, 28.0, 60.0 * n as f32 + 34.0);
        let rows: Vec<Ink> = (0..7).map(row).collect();
        assert!(!is_turned(&rows, PRINT));
        let letter = |n: usize| Rect::new(10.0, 23.0 * n as f32, 35.0, 23.0 * n as f32 + 18.0);
        let word: Vec<Ink> = (0..7).map(letter).collect();
        assert!(is_turned(&word, PRINT));
    }

    #[test]
    fn a_column_of_numbers_in_one_cell_is_not_turned() {
        let digit = |row: usize, at: usize| {
            let (x, y) = (40.0 + 19.0 * at as f32, 62.0 * row as f32);
            Rect::new(x, y, x + 16.0, y + 25.0)
        };
        let numbers: Vec<Ink> = (0..24).map(|n| digit(n / 3, n % 3)).collect();
        assert!(!is_turned(&numbers, PRINT));
    }

    #[test]
    fn what_is_left_of_a_rule_far_from_letters_is_in_no_line() {
        let pieces = [Rect::new(10.0, 66.0, 30.0, 100.0), Rect::new(200.0, 98.0, 206.0, 102.0)];
        assert_eq!(lines(&pieces, PRINT)[0].x1, 30.0);
    }

    #[test]
    fn a_raised_figure_belongs_to_its_line() {
        let pieces =
            [Rect::new(10.0, 66.0, 34.0, 100.0), Rect::new(40.0, 75.0, 75.0, 100.0), Rect::new(78.0, 58.0, 90.0, 79.0)];
        assert_eq!(lines(&pieces, PRINT).len(), 1);
    }

    #[test]
    fn a_tail_that_touches_the_line_below_does_not_join_the_lines() {
        let letter = |x: f32, base: f32| Rect::new(x, base - 25.0, x + 20.0, base);
        let both = Rect::new(34.0, 75.0, 54.0, 160.0);
        let pieces = [letter(10.0, 100.0), both, letter(58.0, 100.0), letter(10.0, 160.0), letter(58.0, 160.0)];
        let found = lines(&pieces, PRINT);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].y1 < 130.0 && found[1].y0 > 100.0);
    }

    #[test]
    fn a_line_takes_none_of_the_print_above_and_below_it() {
        let row = |base: f32| {
            (0..4).map(move |n| Rect::new(10.0 + 24.0 * n as f32, base - 25.0, 30.0 + 24.0 * n as f32, base))
        };
        // A high letter in the middle line would reach for the lines beside it.
        let mut pieces: Vec<Ink> = row(100.0).chain(row(145.0)).chain(row(190.0)).collect();
        pieces.push(Rect::new(110.0, 102.0, 130.0, 152.0));
        let found = lines(&pieces, PRINT);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[1].y0 >= 100.0 && found[1].y1 <= 165.0, "{found:?}");
    }

    #[test]
    fn commas_are_no_line_of_their_own() {
        let letter = |x: f32| Rect::new(x, 75.0, x + 20.0, 100.0);
        let comma = |x: f32| Rect::new(x, 94.0, x + 7.0, 108.0);
        let pieces = [letter(10.0), letter(34.0), comma(57.0), letter(80.0), letter(104.0), comma(127.0)];
        let found = lines(&pieces, PRINT);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].y1 >= 108.0 && found[0].x1 == 134.0);
    }

    #[test]
    fn letters_that_touch_count_by_their_width() {
        // `đ/k` in one piece, and a `g`.
        let found = lines(&[Rect::new(10.0, 60.0, 83.0, 102.0), Rect::new(85.0, 73.0, 112.0, 112.0)], PRINT);
        assert_eq!(found.len(), 1);
        assert!(found[0].y1 < 116.0 && found[0].y0 < 60.0, "{found:?}");
    }

    #[test]
    fn print_that_runs_up_a_cell_is_told_from_lines_above_each_other() {
        let up: Vec<Ink> =
            (0..7).map(|n| Rect::new(20.0, 300.0 - 22.0 * n as f32, 45.0, 318.0 - 22.0 * n as f32)).collect();
        assert!(is_turned(&up, PRINT));
        let letter = |column: usize, row: usize| {
            let (x, y) = (20.0 + 22.0 * column as f32, 60.0 * row as f32);
            Rect::new(x, y, x + 18.0, y + 25.0)
        };
        let level: Vec<Ink> = (0..9).map(|n| letter(n % 3, n / 3)).collect();
        assert!(!is_turned(&level, PRINT));
        assert!(!is_turned(&[], PRINT));
    }

    #[test]
    fn a_dash_alone_is_a_line_and_nothing_is_none() {
        assert_eq!(lines(&[Rect::new(10.0, 50.0, 24.0, 54.0)], PRINT).len(), 1);
        assert!(lines(&[], PRINT).is_empty());
    }
}

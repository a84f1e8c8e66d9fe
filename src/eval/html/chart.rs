//! The pictures of the report: confusions as heat maps, posteriors as a reliability diagram.

use super::escaped;
use crate::eval::calibration::Calibration;
use crate::eval::comparison::Confusion;
use crate::text::letter::{self, Tone};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Confusions of letters that are shown; the rest are rare.
const LETTERS: usize = 60;

/// A table of counts: a row for what is printed, a column for what was read.
type Cells = BTreeMap<(String, String), usize>;

/// The heat maps of tones, of shapes, and of letters, figures and signs.
pub(super) fn heat_maps(confusion: &Confusion, out: &mut String) {
    let (mut tones, mut shapes) = (Cells::new(), Cells::new());
    for ((from, to), count) in confusion {
        let Some((a, b)) = same_letter(from, to) else { continue };
        let ((a, tone_a), (b, tone_b)) = (letter::split_tone(a), letter::split_tone(b));
        if tone_a != tone_b {
            *tones.entry((tone_name(tone_a), tone_name(tone_b))).or_default() += count;
        }
        if a != b {
            *shapes.entry((shape_name(a), shape_name(b))).or_default() += count;
        }
    }
    out.push_str("<h2>Which was read as which</h2><p>Down: printed. Across: read. A letter whose tone and shape are both wrong counts in both tables.</p><div class=\"maps\">");
    let tone_order: Vec<String> = Tone::ALL.into_iter().map(tone_name).collect();
    let shape_order: Vec<String> = SHAPES.iter().map(|shape| shape.1.to_owned()).collect();
    heat("Tones", &tones, Some(&tone_order), out);
    heat("Shapes", &shapes, Some(&shape_order), out);
    out.push_str("</div>");
    let mut others: Vec<_> = confusion.iter().filter(|((from, to), _)| same_letter(from, to).is_none()).collect();
    others.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let shown = |c: &str| match c {
        "" => "∅".to_owned(),
        " " => "␣".to_owned(),
        c => c.to_owned(),
    };
    let cells =
        others.into_iter().take(LETTERS).map(|((from, to), count)| ((shown(from), shown(to)), *count)).collect();
    heat("Letters, figures and signs: the sixty most frequent; ∅ is nothing, ␣ a space", &cells, None, out);
}

/// The two small letters, where they differ in their marks only.
fn same_letter(from: &str, to: &str) -> Option<(char, char)> {
    let single = |s: &str| {
        let mut chars = s.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    let (a, b) = (letter::lower(single(from)?), letter::lower(single(to)?));
    (a != b && letter::bare(a) == letter::bare(b)).then_some((a, b))
}

fn tone_name(tone: Tone) -> String {
    match tone {
        Tone::Level => "ngang a",
        Tone::Grave => "huyền à",
        Tone::Hook => "hỏi ả",
        Tone::Tilde => "ngã ã",
        Tone::Acute => "sắc á",
        Tone::Dot => "nặng ạ",
    }
    .to_owned()
}

/// The letters of each shape, and its name.
const SHAPES: [(&str, &str); 5] = [("", "none"), ("âêô", "mũ ^"), ("ă", "trăng ă"), ("ơư", "móc ơ"), ("đ", "gạch đ")];

fn shape_name(letter: char) -> String {
    let shape = SHAPES.iter().find(|(letters, _)| letters.contains(letter));
    shape.map_or(SHAPES[0].1, |shape| shape.1).to_owned()
}

/// A table whose cells are as dark as they are frequent; in the order given, else in that of the alphabet.
fn heat(title: &str, cells: &Cells, order: Option<&[String]>, out: &mut String) {
    let Some(most) = cells.values().max() else { return };
    let sorted = |side: fn(&(String, String)) -> &String| {
        let mut names: Vec<&String> = cells.keys().map(side).collect();
        names.sort();
        names.dedup();
        names
    };
    let rows = order.map_or_else(|| sorted(|cell| &cell.0), |order| order.iter().collect());
    let columns = order.map_or_else(|| sorted(|cell| &cell.1), |order| order.iter().collect());
    let _ = write!(out, "<div class=\"wide\"><table class=\"heat\"><caption>{title}</caption><tr><th>");
    columns.iter().for_each(|column| {
        let _ = write!(out, "<th>{}", escaped(column));
    });
    out.push_str("<th class=\"sum\">all");
    for row in rows {
        let _ = write!(out, "<tr><th>{}", escaped(row));
        for column in &columns {
            match cells.get(&(row.clone(), (*column).clone())) {
                // The root, because a few confusions are far more frequent than all others.
                Some(count) => {
                    let share = (*count as f64 / *most as f64).sqrt();
                    let dark = if share > 0.7 { ";color:#fff" } else { "" };
                    let title = format!("{} → {}: {count}", escaped(row), escaped(column));
                    let _ = write!(
                        out,
                        "<td title=\"{title}\" style=\"background:rgba(190,50,35,{share:.2}){dark}\">{count}"
                    );
                }
                None if row == *column => out.push_str("<td class=\"same\">"),
                None => out.push_str("<td>"),
            }
        }
        let sum: usize = cells.iter().filter(|((from, _), _)| from == row).map(|(_, count)| count).sum();
        let _ = write!(out, "<td class=\"sum\">{sum}");
    }
    out.push_str("</table></div>");
}

/// What was claimed against what was right: a dot for each bin, as large as it has words, and a bar from the diagonal to it.
pub(super) fn reliability(calibration: &Calibration, out: &mut String) {
    let _ = write!(
        out,
        "<h2>Reliability</h2><p>Of the words that were given a posterior, how many are right. On the line a posterior means what it says; a dot's \
         area is its number of words. Expected calibration error {:.2} %.</p><div class=\"maps\"><svg viewBox=\"-34 -10 254 244\" width=\"440\" role=\"img\" \
         aria-label=\"share right against posterior\">",
        100.0 * calibration.error()
    );
    for tenth in (0..=10).step_by(2) {
        let at = 20 * tenth;
        let label = format!("{:.1}", f64::from(tenth) / 10.0);
        let _ = write!(
            out,
            "<path class=\"grid\" d=\"M{at} 0V200M0 {at}H200\"/><text x=\"{at}\" y=\"212\" text-anchor=\"middle\">{label}</text>\
             <text x=\"-4\" y=\"{}\" text-anchor=\"end\">{label}</text>",
            203 - at
        );
    }
    out.push_str(
        "<path class=\"axis\" d=\"M0 200L200 0\"/><text x=\"100\" y=\"228\" text-anchor=\"middle\">posterior</text>\
         <text x=\"-24\" y=\"100\" text-anchor=\"middle\" transform=\"rotate(-90 -24 100)\">share right</text>",
    );
    let most = calibration.bins.iter().map(|bin| bin.words).max().unwrap_or(1).max(1) as f64;
    let mut rows = String::new();
    for bin in calibration.bins.iter().filter(|bin| bin.words > 0) {
        let words = bin.words as f64;
        let (claimed, right) = (bin.claimed / words, bin.right as f64 / words);
        let (x, y) = (200.0 * claimed, 200.0 - 200.0 * right);
        let radius = 2.0 + 9.0 * (words / most).sqrt();
        let _ = write!(
            out,
            "<path class=\"off\" d=\"M{x:.1} {y:.1}V{:.1}\"/><circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"><title>{} words: claimed {claimed:.3}, right {right:.3}</title></circle>",
            200.0 - x,
            bin.words
        );
        let _ = write!(rows, "<tr><td>{:.2}<td>{:.2}<td>{}", 100.0 * claimed, 100.0 * right, bin.words);
    }
    let _ = write!(out, "</svg><table><tr><th>claimed, %<th>right, %<th>words{rows}</table></div>");
}

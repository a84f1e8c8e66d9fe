//! A score as one self-contained page: measures, confusion tables, the worst lines, the whole text side by side.

use super::comparison::{Confusion, Pair, marks_of};
use super::corpus::Score;
use super::interval::bootstrap;
use super::normal::letters;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Syllables in a row of the side-by-side text: about one printed line.
const LINE: usize = 14;
/// Rows in the list of the worst; more is not read.
const WORST: usize = 150;

/// No script and no outer file; `content-visibility` keeps hundreds of pages quick to open.
const STYLE: &str = "body{font:15px/1.5 'Liberation Serif','Noto Serif',serif;max-width:75em;margin:1.5em auto;padding:0 1em;color:#1c1c20}
h1{font-size:1.5em}h2{font-size:1.2em;margin-top:2em;border-bottom:1px solid #bbb}table{border-collapse:collapse;margin:.6em 0}
td,th{padding:.15em .6em;text-align:right;border-bottom:1px solid #e4e4e4}th:first-child,td:first-child{text-align:left}
.side{display:grid;grid-template-columns:1fr 1fr;gap:.1em 1.6em;padding:.25em 0;border-bottom:1px solid #eee;content-visibility:auto;contain-intrinsic-size:auto 2.2em}
.m{background:#fff0b8}.l{background:#ffd3cf}.c{background:#dcebff}.x{background:#e6d6f5}.n{opacity:.5}
details{margin:.4em 0}summary{cursor:pointer}.heat td{text-align:center;border:1px solid #fff;min-width:2.2em}.k span{padding:0 .4em;margin-right:.6em}
@media(prefers-color-scheme:dark){body{background:#17171a;color:#e6e6e6}.m{background:#5a4a00}.l{background:#6b2119}.c{background:#123a66}.x{background:#43285f}}";

/// The page.
pub fn report(score: &Score) -> String {
    let mut out = format!(
        "<!doctype html><html lang=\"vi\"><meta charset=\"utf-8\"><title>sohoa eval</title><link rel=\"icon\" href=\"data:,\">\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style><h1>Text against the truth</h1>"
    );
    summary(score, &mut out);
    documents(score, &mut out);
    let confusion = score.confusion();
    mark_heat(&confusion, &mut out);
    letter_heat(&confusion, &mut out);
    frequent(score, &mut out);
    reliability(score, &mut out);
    worst(score, &mut out);
    side_by_side(score, &mut out);
    out.push_str("</html>\n");
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn summary(score: &Score, out: &mut String) {
    let total = score.total();
    let blocks = score.blocks();
    let _ = write!(
        out,
        "<p>{} documents, {} syllables, {} characters.</p><table><tr><th>measure<th>%<th>95 % interval",
        score.documents.len(),
        total.syllables,
        total.characters
    );
    for (index, (name, rate)) in total.measures().named().into_iter().enumerate() {
        let interval = bootstrap(&blocks, |m| m.named().get(index).map_or(0.0, |named| named.1));
        let interval = interval.map_or(String::new(), |(a, b)| format!("{:.2} to {:.2}", 100.0 * a, 100.0 * b));
        let _ = write!(out, "<tr><td>{}<td>{:.2}<td>{interval}", name.replace('_', " "), 100.0 * rate);
    }
    out.push_str("</table>");
    if let Some(indicators) = score.indicators() {
        let [p, r, f] = [indicators.precision(), indicators.recall(), indicators.f1()].map(|x| 100.0 * x);
        let _ = write!(
            out,
            "<p>Indicators: precision {p:.2} %, recall {r:.2} %, F1 {f:.2} %.</p><table><tr><th>wrong<th>expected<th>found"
        );
        for (name, want, got) in &indicators.wrong {
            let shown = |value: &Option<f64>| value.map_or("–".to_owned(), |value| value.to_string());
            let _ = write!(out, "<tr><td>{}<td>{}<td>{}", escaped(name), shown(want), shown(got));
        }
        out.push_str("</table>");
    }
}

fn documents(score: &Score, out: &mut String) {
    out.push_str(
        "<h2>Documents, the worst first</h2><table><tr><th>document<th>CER<th>WER<th>syllables right<th>figures exact",
    );
    let mut order: Vec<_> = score.documents.iter().map(|d| (d.counts.measures(), d)).collect();
    order.sort_by(|a, b| b.0.cer.total_cmp(&a.0.cer));
    for (m, document) in order {
        let row = [m.cer, m.wer, m.syllable_recall, m.digit_exact].map(|x| format!("<td>{:.2}", 100.0 * x)).concat();
        let missing = if score.missing.contains(&document.name) { " (no text)" } else { "" };
        let _ = write!(out, "<tr><td>{}{missing}{row}", escaped(&document.name));
    }
    out.push_str("</table>");
}

/// Which mark was read as which, as a heat map.
fn mark_heat(confusion: &Confusion, out: &mut String) {
    let mut cells: BTreeMap<(String, String), usize> = BTreeMap::new();
    for ((from, to), count) in confusion {
        if let Some(marks) = marks_of(from, to) {
            *cells.entry(marks).or_default() += count;
        }
    }
    heat("Marks: printed (down) and read (across)", &cells, out);
}

/// Which letter was read as which, where the letters differ: the rows and columns that occur most.
fn letter_heat(confusion: &Confusion, out: &mut String) {
    let other = |(from, to): &(String, String)| !from.is_empty() && !to.is_empty() && marks_of(from, to).is_none();
    let mut top: Vec<_> = confusion.iter().filter(|(pair, _)| other(pair)).collect();
    top.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let shown = |c: &str| if c == " " { "␣".to_owned() } else { c.to_owned() };
    let cells = top.into_iter().take(60).map(|((from, to), count)| ((shown(from), shown(to)), *count)).collect();
    heat("Letters, figures and signs: printed (down) and read (across), the sixty most frequent", &cells, out);
}

fn heat(title: &str, cells: &BTreeMap<(String, String), usize>, out: &mut String) {
    let Some(most) = cells.values().max() else { return };
    let mut columns: Vec<&String> = cells.keys().map(|(_, to)| to).collect();
    columns.sort();
    columns.dedup();
    let mut rows: Vec<&String> = cells.keys().map(|(from, _)| from).collect();
    rows.dedup();
    let _ = write!(out, "<h2>{title}</h2><div style=\"overflow-x:auto\"><table class=\"heat\"><tr><th>");
    columns.iter().for_each(|column| {
        let _ = write!(out, "<th>{}", escaped(column));
    });
    for row in rows {
        let _ = write!(out, "<tr><th>{}", escaped(row));
        for column in &columns {
            match cells.get(&(row.clone(), (*column).clone())) {
                // The root, because a few confusions are far more frequent than all others.
                Some(count) => {
                    let share = (*count as f64 / *most as f64).sqrt();
                    let _ = write!(out, "<td style=\"background:rgba(200,60,40,{share:.2})\">{count}");
                }
                None => out.push_str("<td>"),
            }
        }
    }
    out.push_str("</table></div>");
}

fn frequent(score: &Score, out: &mut String) {
    out.push_str("<h2>The most frequent errors</h2><table><tr><th>printed<th>read<th>times");
    for (pair, count) in score.errors().into_iter().take(40) {
        let shown = |text: &Option<String>| text.as_deref().map_or("∅".to_owned(), escaped);
        let _ = write!(out, "<tr><td>{}<td>{}<td>{count}", shown(&pair.reference), shown(&pair.other));
    }
    out.push_str("</table>");
}

/// What was claimed against what was right, with the number of words.
fn reliability(score: &Score, out: &mut String) {
    let Some(calibration) = score.calibration() else { return };
    let _ = write!(
        out,
        "<h2>Reliability</h2><p>Expected calibration error {:.4}; a dot's area is its number of words.</p>\
         <svg viewBox=\"-30 -10 260 240\" width=\"420\" role=\"img\" aria-label=\"share right against posterior\">\
         <path d=\"M0 200L200 0M0 0V200H200\" fill=\"none\" stroke=\"gray\"/><text x=\"60\" y=\"222\" font-size=\"11\">posterior</text>\
         <text x=\"-12\" y=\"130\" font-size=\"11\" transform=\"rotate(-90 -12 130)\">share right</text>",
        calibration.error()
    );
    let most = calibration.bins.iter().map(|bin| bin.words).max().unwrap_or(1).max(1) as f64;
    for bin in calibration.bins.iter().filter(|bin| bin.words > 0) {
        let words = bin.words as f64;
        let (claimed, right) = (bin.claimed / words, bin.right as f64 / words);
        let radius = 2.0 + 9.0 * (words / most).sqrt();
        let _ = write!(
            out,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius:.1}\" fill=\"#c83c28\" fill-opacity=\".6\"><title>{} words: claimed {claimed:.3}, right {right:.3}</title></circle>",
            200.0 * claimed,
            200.0 - 200.0 * right,
            bin.words
        );
    }
    out.push_str("</svg>");
}

fn worst(score: &Score, out: &mut String) {
    let mut lines: Vec<(usize, String, &[Pair])> = Vec::new();
    for document in &score.documents {
        for (page, comparison) in (1..).zip(&document.pages) {
            for line in comparison.pairs.chunks(LINE) {
                let wrong = line.iter().filter(|pair| !pair.is_right()).count();
                if wrong > 0 {
                    lines.push((wrong, format!("{}, page {page}", document.name), line));
                }
            }
        }
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.0));
    out.push_str(
        "<h2>The worst lines</h2><p class=\"k\"><span class=\"m\">marks</span><span class=\"l\">letters</span>\
         <span class=\"c\">case</span><span class=\"x\">lost or made up</span> left: printed, right: read</p>",
    );
    for (_, place, line) in lines.into_iter().take(WORST) {
        let _ = write!(out, "<div class=\"n\">{}</div>", escaped(&place));
        row(line, out);
    }
}

fn side_by_side(score: &Score, out: &mut String) {
    out.push_str("<h2>Side by side</h2>");
    for document in &score.documents {
        for (page, comparison) in (1..).zip(&document.pages) {
            let wrong = comparison.pairs.iter().filter(|pair| !pair.is_right()).count();
            let _ = write!(out, "<details><summary>{}, page {page}: {wrong} wrong</summary>", escaped(&document.name));
            comparison.pairs.chunks(LINE).for_each(|line| row(line, out));
            out.push_str("</details>");
        }
    }
}

fn row(line: &[Pair], out: &mut String) {
    let class = |pair: &Pair| match (&pair.reference, &pair.other) {
        (Some(a), Some(b)) if a == b => "",
        (Some(a), Some(b)) if a.to_lowercase() == b.to_lowercase() => "c",
        (Some(a), Some(b)) if letters(a) == letters(b) => "m",
        (Some(_), Some(_)) => "l",
        _ => "x",
    };
    out.push_str("<div class=\"side\">");
    for side in [|pair: &Pair| pair.reference.clone(), |pair: &Pair| pair.other.clone()] {
        out.push_str("<div>");
        for pair in line {
            let Some(text) = side(pair) else { continue };
            match class(pair) {
                "" => out.push_str(&escaped(&text)),
                class => {
                    let _ = write!(out, "<span class=\"{class}\">{}</span>", escaped(&text));
                }
            }
            out.push(' ');
        }
        out.push_str("</div>");
    }
    out.push_str("</div>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Comparison;
    use crate::eval::corpus::DocumentScore;

    #[test]
    fn what_was_read_cannot_write_into_the_page() {
        let comparison = Comparison::of("một <b> hai", "một <script>x</script> hai", None);
        let document = DocumentScore {
            name: "<i>".into(),
            counts: comparison.counts,
            pages: vec![comparison],
            ..Default::default()
        };
        let page = report(&Score { documents: vec![document], missing: Vec::new() });
        assert!(!page.contains("<script") && !page.contains("<i>") && page.contains("&lt;i&gt;"));
    }
}

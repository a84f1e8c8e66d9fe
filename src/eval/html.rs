//! A score as one self-contained page: measures, confusions as heat maps, the worst lines, the whole text side by side.

mod chart;

use super::alignment::align;
use super::comparison::Pair;
use super::corpus::Score;
use super::counts::meaning;
use super::interval::intervals;
use super::normal::letters;
use std::fmt::Write;
use unicode_segmentation::UnicodeSegmentation;

/// Syllables in a row of the side-by-side text: about one printed line.
const LINE: usize = 14;
/// Rows in the list of the worst; more is not read.
const WORST: usize = 100;
/// Errors in the list of the most frequent.
const FREQUENT: usize = 60;
/// The measures that are shown large, with the words for them.
const HEADLINE: [(&str, &str); 4] = [
    ("syllable_recall", "syllables right"),
    ("cer", "character errors"),
    ("tone_mark_error_rate", "marks wrong"),
    ("digit_exact", "figures exact"),
];

/// No script and no outer file; what is folded away or out of sight is not laid out, so that hundreds of pages open quickly.
const STYLE: &str = "body{font:15px/1.5 'Liberation Serif','Noto Serif',serif;max-width:76em;margin:1.5em auto;padding:0 1em;color:#1c1c20}
h1{font-size:1.6em;margin-bottom:0}h2{font-size:1.2em;margin-top:2.2em;border-bottom:1px solid #bbb}table{border-collapse:collapse;margin:.6em 0}
td,th{padding:.15em .7em;text-align:right;border-bottom:1px solid #8883;font-variant-numeric:tabular-nums}th:first-child,td:first-child,.t{text-align:left}.t,.n{opacity:.65}.n{color:inherit}
.cards,.maps{display:flex;flex-wrap:wrap;gap:1em 2.5em;align-items:flex-start}.cards div{border-left:3px solid #be3223;padding-left:.7em}.cards b{display:block;font-size:1.9em;line-height:1.2}
.frequent{columns:5 11em;margin:.6em 0;padding:0;list-style:none}.frequent li{break-inside:avoid}.frequent em{float:right;font-style:normal;opacity:.65}
.side{display:grid;grid-template-columns:1fr 1fr;gap:.1em 1.6em;padding:.25em 0;border-bottom:1px solid #8883;content-visibility:auto;contain-intrinsic-size:auto 2.2em}
.m{background:#fff0b8}.l{background:#ffd3cf}.c{background:#dcebff}.x{background:#e6d6f5}u{text-decoration-thickness:2px;text-underline-offset:3px}
details{margin:.25em 0}summary{cursor:pointer}.k span{padding:0 .4em;margin-right:.6em}.wide{overflow-x:auto}
.heat td{text-align:center;border:1px solid #8883;min-width:2.3em;padding:.15em .3em}.heat th{text-align:center;border:0;white-space:nowrap}.heat caption{text-align:left;font-weight:bold}.heat .same{background:#8884}.heat .sum{opacity:.65;border:0}
svg text{font-size:9px;fill:currentColor}.grid{stroke:#8883}.axis{stroke:gray;fill:none}.off{stroke:#be3223;stroke-width:2}circle{fill:#be3223;fill-opacity:.65}
@media(prefers-color-scheme:dark){body{background:#17171a;color:#e6e6e6}.m{background:#5a4a00}.l{background:#6b2119}.c{background:#123a66}.x{background:#43285f}}";

/// The page.
pub fn report(score: &Score) -> String {
    let mut out = format!(
        "<!doctype html><html lang=\"vi\"><meta charset=\"utf-8\"><title>sohoa eval</title><link rel=\"icon\" href=\"data:,\">\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style><h1>Text against the truth</h1>"
    );
    summary(score, &mut out);
    indicators(score, &mut out);
    documents(score, &mut out);
    frequent(score, &mut out);
    chart::heat_maps(&score.confusion(), &mut out);
    if let Some(calibration) = score.calibration() {
        chart::reliability(&calibration, &mut out);
    }
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
    let measures = total.measures();
    let pages: usize = score.documents.iter().map(|document| document.pages.len()).sum();
    let _ = write!(
        out,
        "<p>{} documents, {pages} pages, {} syllables, {} characters.</p><div class=\"cards\">",
        score.documents.len(),
        total.syllables,
        total.characters
    );
    for (name, words) in HEADLINE.into_iter().chain([("harm_rate", "harm")]) {
        if let Some(rate) = measures.value(name) {
            let _ = write!(out, "<div><b>{:.2} %</b>{words}</div>", 100.0 * rate);
        }
    }
    out.push_str("</div><details open><summary>All measures</summary><table><tr><th>measure<th>%<th>95 % interval<th class=\"t\">meaning");
    let drawn = intervals(&score.blocks());
    for (name, rate) in measures.named() {
        let interval = drawn.iter().find(|(known, ..)| *known == name);
        let interval =
            interval.map_or(String::new(), |(_, low, high)| format!("{:.2} to {:.2}", 100.0 * low, 100.0 * high));
        let _ = write!(
            out,
            "<tr><td>{}<td>{:.2}<td>{interval}<td class=\"t\">{}",
            name.replace('_', " "),
            100.0 * rate,
            meaning(name)
        );
    }
    out.push_str("</table></details>");
}

fn indicators(score: &Score, out: &mut String) {
    let Some(indicators) = score.indicators() else { return };
    let [p, r, f] = [indicators.precision(), indicators.recall(), indicators.f1()].map(|x| 100.0 * x);
    let _ = write!(out, "<h2>Indicators</h2><p>Precision {p:.2} %, recall {r:.2} %, F1 {f:.2} %.</p>");
    if !indicators.wrong.is_empty() {
        out.push_str("<table><tr><th>wrong<th>expected<th>found");
    }
    for (name, want, got) in &indicators.wrong {
        let shown = |value: &Option<f64>| value.map_or("–".to_owned(), |value| value.to_string());
        let _ = write!(out, "<tr><td>{}<td>{}<td>{}", escaped(name), shown(want), shown(got));
    }
    if !indicators.wrong.is_empty() {
        out.push_str("</table>");
    }
}

fn documents(score: &Score, out: &mut String) {
    out.push_str(
        "<h2>Documents, the worst first</h2><table><tr><th>document<th>pages<th>syllables<th>syllables right, %<th>CER, %<th>WER, %<th>marks wrong, %<th>figures exact, %",
    );
    let mut order: Vec<_> = score.documents.iter().map(|d| (d.counts.measures(), d)).collect();
    order.sort_by(|a, b| b.0.cer.total_cmp(&a.0.cer));
    for (m, document) in order {
        let row = [m.syllable_recall, m.cer, m.wer, m.tone_mark_error_rate, m.digit_exact];
        let row = row.map(|x| format!("<td>{:.2}", 100.0 * x)).concat();
        let missing = if score.missing.contains(&document.name) { " (no text)" } else { "" };
        let (pages, syllables) = (document.pages.len(), document.counts.syllables);
        let _ = write!(out, "<tr><td>{}{missing}<td>{pages}<td>{syllables}{row}", escaped(&document.name));
    }
    out.push_str("</table>");
}

fn frequent(score: &Score, out: &mut String) {
    let errors = score.errors();
    if errors.is_empty() {
        return;
    }
    out.push_str("<h2>The most frequent errors</h2><p>Printed → read, and how often.</p><ul class=\"frequent\">");
    for (pair, count) in errors.into_iter().take(FREQUENT) {
        let shown = |text: &Option<String>| text.as_deref().map_or("∅".to_owned(), escaped);
        let (class, from, to) = (class(&pair), shown(&pair.reference), shown(&pair.other));
        let _ = write!(out, "<li><em>{count}</em>{from} → <span class=\"{class}\">{to}</span>");
    }
    out.push_str("</ul>");
}

fn worst(score: &Score, out: &mut String) {
    let mut lines: Vec<(usize, usize, usize, &[Pair])> = Vec::new();
    for (number, document) in score.documents.iter().enumerate() {
        for (page, comparison) in document.pages.iter().enumerate() {
            for line in comparison.pairs.chunks(LINE) {
                let wrong = line.iter().filter(|pair| !pair.is_right()).count();
                if wrong > 0 {
                    lines.push((wrong, number, page, line));
                }
            }
        }
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.0));
    out.push_str(
        "<h2>The worst lines</h2><p class=\"k\">Left: printed. Right: read. <span class=\"m\">marks</span><span class=\"l\">letters</span>\
         <span class=\"c\">case</span><span class=\"x\">lost or made up</span></p>",
    );
    for (_, number, page, line) in lines.into_iter().take(WORST) {
        let name = escaped(&score.documents[number].name);
        let _ = write!(out, "<a class=\"n\" href=\"#d{number}p{page}\">{name}, page {}</a>", page + 1);
        row(line, out);
    }
}

fn side_by_side(score: &Score, out: &mut String) {
    out.push_str("<h2>Side by side</h2><p>Left: printed. Right: read. Open a page to see it.</p>");
    for (number, document) in score.documents.iter().enumerate() {
        for (page, comparison) in document.pages.iter().enumerate() {
            let m = comparison.counts.measures();
            let wrong = comparison.pairs.iter().filter(|pair| !pair.is_right()).count();
            let _ = write!(
                out,
                "<details id=\"d{number}p{page}\"><summary>{}, page {}: {wrong} wrong, CER {:.2} %</summary>",
                escaped(&document.name),
                page + 1,
                100.0 * m.cer
            );
            comparison.pairs.chunks(LINE).for_each(|line| row(line, out));
            out.push_str("</details>");
        }
    }
}

/// The style of a pair, by what is wrong with it.
fn class(pair: &Pair) -> &'static str {
    match (&pair.reference, &pair.other) {
        (Some(a), Some(b)) if a == b => "",
        (Some(a), Some(b)) if a.to_lowercase() == b.to_lowercase() => "c",
        (Some(a), Some(b)) if letters(a) == letters(b) => "m",
        (Some(_), Some(_)) => "l",
        _ => "x",
    }
}

/// A line of syllables, left as printed and right as read; in what was read wrongly the differing characters are underlined.
fn row(line: &[Pair], out: &mut String) {
    let (mut left, mut right) = (String::new(), String::new());
    for pair in line {
        match (class(pair), &pair.reference, &pair.other) {
            ("", Some(text), _) => {
                let text = escaped(text);
                let _ = write!(left, "{text} ");
                let _ = write!(right, "{text} ");
            }
            (class, Some(from), Some(to)) => {
                let _ = write!(left, "<span class=\"{class}\">{}</span> ", escaped(from));
                let _ = write!(right, "<span class=\"{class}\">{}</span> ", underlined(from, to));
            }
            (class, from, to) => {
                for (text, side) in [(from, &mut left), (to, &mut right)] {
                    if let Some(text) = text {
                        let _ = write!(side, "<span class=\"{class}\">{}</span> ", escaped(text));
                    }
                }
            }
        }
    }
    let _ = write!(out, "<div class=\"side\"><div>{}</div><div>{}</div></div>", left.trim_end(), right.trim_end());
}

/// What was read, with the characters underlined that are not as printed; as it is where most of it is not.
fn underlined(from: &str, to: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (from.graphemes(true).collect(), to.graphemes(true).collect());
    let mut same = vec![false; b.len()];
    for step in align(&a, &b) {
        if let (Some(i), Some(j)) = step {
            same[j] = a[i] == b[j];
        }
    }
    if 2 * same.iter().filter(|same| **same).count() < b.len() {
        return escaped(to);
    }
    let mut out = String::new();
    for (n, character) in b.iter().enumerate() {
        if !same[n] && (n == 0 || same[n - 1]) {
            out.push_str("<u>");
        }
        out.push_str(&escaped(character));
        if !same[n] && (n + 1 == b.len() || same[n + 1]) {
            out.push_str("</u>");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Comparison;
    use crate::eval::corpus::DocumentScore;

    fn page(printed: &str, read: &str) -> String {
        let comparison = Comparison::of(printed, read, None);
        let counts = comparison.counts;
        let document = DocumentScore { name: "<i>".into(), counts, pages: vec![comparison], ..Default::default() };
        report(&Score { documents: vec![document], missing: Vec::new() })
    }

    #[test]
    fn what_was_read_cannot_write_into_the_page() {
        let page = page("một <b> hai \"x\"", "một <script>x</script> hai \"<a>\"");
        assert!(!page.contains("<script") && !page.contains("<i>") && page.contains("&lt;i&gt;"));
    }

    #[test]
    fn wrong_letters_are_underlined_and_their_tones_stand_in_the_heat_map() {
        let page = page("kiểm tra hồ sơ", "kiếm tra hô sơ");
        assert!(page.contains("k<u>iế</u>m") || page.contains("ki<u>ế</u>m"), "{page}");
        assert!(page.contains("title=\"hỏi ả → sắc á: 1\"") && page.contains("title=\"huyền à → ngang a: 1\""));
        assert!(!page.contains("mũ ^ →"));
    }
}

//! A score as text, JSON, CSV and a Markdown table.

use super::corpus::Score;
use super::counts::{Counts, meaning};
use super::interval::intervals;
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// The JSON of `sohoa eval --json`: `total`, `intervals` and `documents` with their pages, rates as fractions.
pub fn json(score: &Score) -> Value {
    let mut all = rates(&score.total());
    if let Some(indicators) = score.indicators() {
        all.insert(
            "indicators".into(),
            json!({
                "precision": indicators.precision(), "recall": indicators.recall(), "f1": indicators.f1(),
                "expected": indicators.expected, "found": indicators.found, "right": indicators.right,
            }),
        );
    }
    if let Some(calibration) = score.calibration() {
        all.insert("calibration_error".into(), json!(calibration.error()));
    }
    let drawn = intervals(&score.blocks());
    let drawn: Map<String, Value> =
        drawn.into_iter().map(|(name, low, high)| (name.to_owned(), json!([low, high]))).collect();
    let documents: Vec<Value> = score
        .documents
        .iter()
        .map(|document| {
            let mut fields = Map::from_iter([("name".to_owned(), json!(document.name))]);
            fields.extend(rates(&document.counts));
            if let Some(indicators) = &document.indicators {
                fields.insert("indicators".into(), json!(indicators));
            }
            let pages: Vec<Value> = document.pages.iter().map(|page| Value::Object(rates(&page.counts))).collect();
            fields.insert("pages".into(), json!(pages));
            Value::Object(fields)
        })
        .collect();
    json!({ "total": all, "intervals": drawn, "missing": score.missing, "documents": documents })
}

fn rates(counts: &Counts) -> Map<String, Value> {
    let measures = counts.measures();
    let mut out: Map<String, Value> =
        measures.named().into_iter().map(|(name, v)| (name.to_owned(), json!(v))).collect();
    out.entry("harm_rate").or_insert(Value::Null);
    out.insert("counts".into(), json!(counts));
    out
}

/// The documents, each with its pages after it where those are asked for and there is more than one, by name.
fn rows(score: &Score, pages: bool) -> Vec<(String, Counts)> {
    let mut out = Vec::new();
    for document in &score.documents {
        out.push((document.name.clone(), document.counts));
        if pages && document.pages.len() > 1 {
            let page = |(number, page): (usize, _)| (format!("{}, page {number}", document.name), page);
            out.extend((1..).zip(document.pages.iter().map(|page| page.counts)).map(page));
        }
    }
    out
}

/// The table that is printed: the total with its intervals and what each measure means, then one line a document.
pub fn text(score: &Score, pages: bool) -> String {
    let total = score.total();
    let drawn = intervals(&score.blocks());
    let mut out = format!(
        "{} documents, {} syllables, {} characters\n\n{:25} {:>8}   {:18} meaning\n",
        score.documents.len(),
        total.syllables,
        total.characters,
        "measure",
        "%",
        "95 % interval"
    );
    for (name, rate) in total.measures().named() {
        let interval = drawn.iter().find(|(known, ..)| *known == name);
        let interval =
            interval.map_or(String::new(), |(_, low, high)| format!("{:.2} to {:.2}", 100.0 * low, 100.0 * high));
        let _ = writeln!(out, "{name:25} {:8.2}   {interval:18} {}", 100.0 * rate, meaning(name));
    }
    if let Some(indicators) = score.indicators() {
        let percent = [indicators.precision(), indicators.recall(), indicators.f1()].map(|x| 100.0 * x);
        let _ = writeln!(
            out,
            "{:25} precision {:.2} %, recall {:.2} %, F1 {:.2} %",
            "indicators", percent[0], percent[1], percent[2]
        );
        for (name, want, got) in &indicators.wrong {
            let shown = |value: &Option<f64>| value.map_or("none".to_owned(), |v| v.to_string());
            let _ = writeln!(out, "  {name}: expected {}, found {}", shown(want), shown(got));
        }
    }
    if let Some(calibration) = score.calibration() {
        let _ = writeln!(
            out,
            "{:25} {:8.2}   {:18} mean distance of posteriors from the truth",
            "calibration_error",
            100.0 * calibration.error(),
            ""
        );
    }
    for name in &score.missing {
        let _ = writeln!(out, "no text for {name}: counted as lost");
    }
    let rows = rows(score, pages);
    if rows.len() > 1 {
        let _ = writeln!(out, "\n{:40} {:>7} {:>7} {:>7} {:>7}", "document", "cer", "wer", "recall", "digits");
        for (name, counts) in &rows {
            let m = counts.measures();
            let row = [m.cer, m.wer, m.syllable_recall, m.digit_exact].map(|x| format!("{:7.2}", 100.0 * x));
            let _ = writeln!(out, "{name:40} {}", row.join(" "));
        }
    }
    out
}

/// One row a document, or a page too, and a last one for the total; counts and rates.
pub fn csv(score: &Score, pages: bool) -> String {
    let mut out = String::new();
    let rows = rows(score, pages).into_iter().chain([("total".to_owned(), score.total())]);
    let mut all = score.total().measures();
    all.harm_rate = Some(all.harm_rate.unwrap_or(0.0));
    let names: Vec<&str> = all.named().into_iter().map(|(name, _)| name).collect();
    let _ = writeln!(out, "document,characters,syllables,{}", names.join(","));
    for (name, counts) in rows {
        let mut measures = counts.measures();
        measures.harm_rate = Some(measures.harm_rate.unwrap_or(0.0));
        let quoted = if name.contains([',', '"', '\n']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name };
        // A document without tables has no rates of tables.
        let value = |name: &&str| measures.value(name).map_or(String::new(), |value| format!("{value:.6}"));
        let values: Vec<String> = names.iter().map(value).collect();
        let _ = writeln!(out, "{quoted},{},{},{}", counts.characters, counts.syllables, values.join(","));
    }
    out
}

/// The rates of a few measures as a Markdown table, in per cent.
pub fn markdown(score: &Score, pages: bool) -> String {
    let mut out = "| document | CER | WER | syllables right | marks wrong | letters wrong | figures exact |\n|---|---|---|---|---|---|---|\n".to_owned();
    for (name, counts) in rows(score, pages).into_iter().chain([("**total**".to_owned(), score.total())]) {
        let m = counts.measures();
        let shown = [m.cer, m.wer, m.syllable_recall, m.tone_mark_error_rate, m.letter_error_rate, m.digit_exact];
        let shown: Vec<String> = shown.iter().map(|rate| format!("{:.2}", 100.0 * rate)).collect();
        let _ = writeln!(out, "| {} | {} |", name.replace('|', "\\|"), shown.join(" | "));
    }
    out
}

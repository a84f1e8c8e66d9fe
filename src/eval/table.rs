//! A score as text, JSON, CSV and a Markdown table.

use super::corpus::Score;
use super::counts::{Counts, Measures};
use super::interval::bootstrap;
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// The value of one measure by its name; None where it was not measured.
fn value(measures: &Measures, name: &str) -> Option<f64> {
    measures.named().into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// The JSON of `sohoa eval --json`: `total`, `intervals` and `documents`, rates as fractions.
pub fn json(score: &Score) -> Value {
    let total = score.total();
    let mut all = rates(&total);
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
    let blocks = score.blocks();
    let mut intervals = Map::new();
    for (name, _) in total.measures().named() {
        if let Some((low, high)) = bootstrap(&blocks, |m| value(m, name).unwrap_or(0.0)) {
            intervals.insert(name.into(), json!([low, high]));
        }
    }
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
    json!({ "total": all, "intervals": intervals, "missing": score.missing, "documents": documents })
}

fn rates(counts: &Counts) -> Map<String, Value> {
    let measures = counts.measures();
    let mut out: Map<String, Value> =
        measures.named().into_iter().map(|(name, v)| (name.to_owned(), json!(v))).collect();
    out.entry("harm_rate").or_insert(Value::Null);
    out.insert("counts".into(), json!(counts));
    out
}

/// The table that is printed: the total with its intervals, then one line a document.
pub fn text(score: &Score) -> String {
    let total = score.total();
    let blocks = score.blocks();
    let mut out = format!(
        "{} documents, {} syllables, {} characters\n",
        score.documents.len(),
        total.syllables,
        total.characters
    );
    for (name, rate) in total.measures().named() {
        let interval = bootstrap(&blocks, |m| value(m, name).unwrap_or(0.0));
        let interval = interval.map_or(String::new(), |(a, b)| format!("   [{:.2} .. {:.2}]", 100.0 * a, 100.0 * b));
        let _ = writeln!(out, "{name:24} {:7.2} %{interval}", 100.0 * rate);
    }
    if let Some(indicators) = score.indicators() {
        let percent = [indicators.precision(), indicators.recall(), indicators.f1()].map(|x| 100.0 * x);
        let _ = writeln!(
            out,
            "{:24} precision {:.2} %, recall {:.2} %, F1 {:.2} %",
            "indicators", percent[0], percent[1], percent[2]
        );
        for (name, want, got) in &indicators.wrong {
            let shown = |value: &Option<f64>| value.map_or("none".to_owned(), |v| v.to_string());
            let _ = writeln!(out, "  {name}: expected {}, found {}", shown(want), shown(got));
        }
    }
    if let Some(calibration) = score.calibration() {
        let _ = writeln!(out, "{:24} {:7.4}", "calibration_error", calibration.error());
    }
    for name in &score.missing {
        let _ = writeln!(out, "no text for {name}: counted as lost");
    }
    if score.documents.len() > 1 {
        let _ = writeln!(out, "\n{:40} {:>7} {:>7} {:>7} {:>7}", "document", "cer", "wer", "recall", "digits");
        for document in &score.documents {
            let m = document.counts.measures();
            let row = [m.cer, m.wer, m.syllable_recall, m.digit_exact].map(|x| format!("{:7.2}", 100.0 * x));
            let _ = writeln!(out, "{:40} {}", document.name, row.join(" "));
        }
    }
    out
}

/// One row a document and a last one for the total; counts and rates.
pub fn csv(score: &Score) -> String {
    let total = ("total", score.total());
    let mut out = String::new();
    let rows = score.documents.iter().map(|d| (d.name.as_str(), d.counts)).chain([total]);
    for (number, (name, counts)) in rows.enumerate() {
        let mut measures = counts.measures();
        measures.harm_rate = Some(measures.harm_rate.unwrap_or(0.0));
        let named = measures.named();
        if number == 0 {
            let names: Vec<&str> = named.iter().map(|(name, _)| *name).collect();
            let _ = writeln!(out, "document,characters,syllables,{}", names.join(","));
        }
        let quoted = if name.contains([',', '"', '\n']) {
            format!("\"{}\"", name.replace('"', "\"\""))
        } else {
            name.to_owned()
        };
        let values: Vec<String> = named.iter().map(|(_, value)| format!("{value:.6}")).collect();
        let _ = writeln!(out, "{quoted},{},{},{}", counts.characters, counts.syllables, values.join(","));
    }
    out
}

/// The rates of a few measures as a Markdown table, in per cent.
pub fn markdown(score: &Score) -> String {
    let mut out = "| document | CER | WER | syllables right | marks wrong | letters wrong | figures exact |\n|---|---|---|---|---|---|---|\n".to_owned();
    let rows = score.documents.iter().map(|d| (d.name.as_str(), d.counts)).chain([("**total**", score.total())]);
    for (name, counts) in rows {
        let m = counts.measures();
        let shown = [m.cer, m.wer, m.syllable_recall, m.tone_mark_error_rate, m.letter_error_rate, m.digit_exact];
        let shown: Vec<String> = shown.iter().map(|rate| format!("{:.2}", 100.0 * rate)).collect();
        let _ = writeln!(out, "| {} | {} |", name.replace('|', "\\|"), shown.join(" | "));
    }
    out
}

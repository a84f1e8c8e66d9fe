//! The tables of a bulk run: what they are called, their columns and types, and what each column holds. Everything that writes or
//! explains them is made from this.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text in UTF-8, NFC.
    Text,
    /// A whole number of 64 bits.
    Int,
    /// A binary fraction of 64 bits: probabilities and coordinates, never a value that is printed.
    Float,
    /// True or false.
    Bool,
    /// An exact decimal number: 38 digits, 18 of them after the point.
    Decimal,
    /// A day.
    Date,
    /// A list of texts.
    Texts,
    /// A list of whole numbers.
    Ints,
    /// A list of exact decimal numbers, in which one may be missing.
    Decimals,
}

impl Kind {
    /// As the data dictionary names it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Int => "int64",
            Kind::Float => "float64",
            Kind::Bool => "bool",
            Kind::Decimal => "decimal(38,18)",
            Kind::Date => "date",
            Kind::Texts => "list<text>",
            Kind::Ints => "list<int64>",
            Kind::Decimals => "list<decimal(38,18)>",
        }
    }

    /// The kind of its elements, where it is a list.
    pub fn element(self) -> Option<Kind> {
        match self {
            Kind::Texts => Some(Kind::Text),
            Kind::Ints => Some(Kind::Int),
            Kind::Decimals => Some(Kind::Decimal),
            _ => None,
        }
    }
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may be null. A list never is; it may be empty.
    pub nullable: bool,
    /// What it means.
    pub meaning: &'static str,
}

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name, and that of its file.
    pub name: &'static str,
    /// What a row is.
    pub meaning: &'static str,
    /// The columns that together name a row.
    pub key: &'static [&'static str],
    /// Its columns.
    pub columns: &'static [Column],
}

const fn always(name: &'static str, kind: Kind, meaning: &'static str) -> Column {
    Column { name, kind, nullable: false, meaning }
}

const fn maybe(name: &'static str, kind: Kind, meaning: &'static str) -> Column {
    Column { name, kind, nullable: true, meaning }
}

use Kind::{Bool, Date, Decimal, Decimals, Float, Int, Ints, Text, Texts};

const DOCUMENT: Column =
    always("document", Text, "SHA-256 of the file's bytes: the same content has the same name everywhere");
const PAGE: Column = maybe("page", Int, "page, from 1");
const LINE: Column = maybe("line", Int, "line of the page's text, from 1");
const X0: Column = maybe("x0", Float, "left edge in pixels of the page as scanned");
const Y0: Column = maybe("y0", Float, "upper edge in pixels of the page as scanned");
const X1: Column = maybe("x1", Float, "right edge in pixels of the page as scanned");
const Y1: Column = maybe("y1", Float, "lower edge in pixels of the page as scanned");

/// All tables, in the order in which [`rows`](super::rows::rows) gives theirs.
pub const TABLES: [Table; 11] = [
    Table {
        name: "documents",
        meaning: "a document: one content, whatever files hold it",
        key: &["document"],
        columns: &[
            DOCUMENT,
            always("file", Text, "name of the file; of the first in the order of paths where several hold it"),
            maybe("name", Text, "name of its results, without ending; null where they were not written to a folder"),
            always("paths", Texts, "absolute paths of all files that hold it, sorted"),
            always("bytes", Int, "size of the file"),
            always("state", Text, "read, partly (some pages failed) or failed"),
            always("pages", Int, "number of pages; 0 where it could not be opened"),
            maybe("type", Text, "kind of document, such as Báo cáo"),
            maybe("number", Text, "number and code, such as 195/BC-UBND"),
            maybe("issuer", Text, "the issuing body"),
            maybe("parent", Text, "the body above it"),
            maybe("place", Text, "place of issue"),
            maybe("date", Date, "date of issue; null where a part of it is blank"),
            maybe("date_year", Int, "year of the date"),
            maybe("date_month", Int, "month of the date, 1 to 12"),
            maybe("date_day", Int, "day of the date, 1 to 31"),
            maybe("title", Text, "title or abstract"),
            maybe("period_kind", Text, "quarter, half_year, nine_months, year or month"),
            maybe("period_index", Int, "which of its kind in the year, from 1"),
            maybe("period_year", Int, "year of the period"),
            maybe("addressee", Text, "whom it is addressed to"),
            maybe("signer_name", Text, "who signed"),
            maybe("signer_position", Text, "the signer's position"),
            maybe("signer_authority", Text, "on whose behalf he signed"),
            always("recipients", Texts, "who receives it, in the order printed"),
            always("score", Float, "how much a person should look at it, from 0 to 1"),
            always("reasons", Texts, "why"),
            maybe("error", Text, "why it could not be read; null where it was"),
            always("program", Text, "version of the program that read it"),
            maybe("engine", Text, "the recognisers, their versions and languages"),
        ],
    },
    Table {
        name: "pages",
        meaning: "a page",
        key: &["document", "page"],
        columns: &[
            DOCUMENT,
            always("page", Int, "number of the page, from 1"),
            always("status", Text, "read, partly, failed or left_out (not asked for)"),
            maybe(
                "origin",
                Text,
                "where its text comes from: ocr, text_layer, restored_text_layer, decoded_text_layer; null where it failed",
            ),
            maybe("reason", Text, "what was found of its text layer; null where it has none"),
            maybe("error", Text, "why it failed"),
            maybe("confidence", Float, "mean of the word confidences, from 0 to 1; null on a page without words"),
            maybe(
                "quality",
                Float,
                "how likely its text is the language of the page, from 0 to 1; null where not judged",
            ),
            maybe("width", Int, "width in pixels"),
            maybe("height", Int, "height in pixels"),
            maybe("dpi", Float, "resolution in dots per inch"),
        ],
    },
    Table {
        name: "figures",
        meaning: "a number of the text that counts or measures something",
        key: &["document", "figure_id"],
        columns: &[
            DOCUMENT,
            always("figure_id", Text, "name within the document: f1, f2, … in reading order"),
            maybe("value", Decimal, "the value; null where the print is no number that is understood, and raw has it"),
            maybe("whole", Decimal, "the whole of which it is a part, where both are printed as a pair"),
            maybe("upper", Decimal, "the upper end of a range"),
            maybe("unit", Text, "what is counted or measured"),
            always("label", Text, "the words that say what it means"),
            always("raw", Text, "what is printed, untouched"),
            always("readings", Decimals, "every value that the print allows, the chosen one first"),
            maybe("section", Text, "section of the outline, such as I.6"),
            maybe("table_id", Text, "the table that it stands in"),
            maybe("row_no", Int, "row of its cell, from 1"),
            maybe("column_no", Int, "column of its cell, from 1"),
            PAGE,
            LINE,
            X0,
            Y0,
            X1,
            Y1,
            always("confidence", Float, "how sure value and meaning are, from 0 to 1"),
            always("check_ids", Texts, "the checks that it takes part in"),
        ],
    },
    Table {
        name: "indicators",
        meaning: "a named value",
        key: &["document", "indicator"],
        columns: &[
            DOCUMENT,
            always("indicator", Text, "its name, such as dossiers.received.total"),
            always("value", Decimal, "the value"),
            maybe("unit", Text, "what is counted or measured"),
            always("figure_id", Text, "the figure that it was read from"),
            maybe("confidence", Float, "how sure that figure is, from 0 to 1"),
        ],
    },
    Table {
        name: "references",
        meaning: "another document that the text names",
        key: &["document", "reference_no"],
        columns: &[
            DOCUMENT,
            always("reference_no", Int, "its number in reading order, from 1"),
            maybe("type", Text, "kind of document"),
            always("number", Text, "number and code"),
            maybe("date", Date, "its date; null where it is not given in full"),
            maybe("issuer", Text, "who issued it, as the text says"),
            PAGE,
            LINE,
        ],
    },
    Table {
        name: "checks",
        meaning: "arithmetic that was checked",
        key: &["document", "check_id"],
        columns: &[
            DOCUMENT,
            always("check_id", Text, "name within the document: c1, c2, …"),
            always("rule", Text, "what ought to hold"),
            always("status", Text, "pass, fail, or unknown where a number is missing"),
            always("terms", Decimals, "the values in the order of the rule; null where one is missing"),
            always("figure_ids", Texts, "the figures in the order of the rule; null where one is missing"),
        ],
    },
    Table {
        name: "tables",
        meaning: "a table of the document",
        key: &["document", "table_id"],
        columns: &[
            DOCUMENT,
            always("table_id", Text, "name within the document: t1, t2, …"),
            maybe("title", Text, "the title above it"),
            maybe("unit", Text, "the unit of its numbers, as stated above it"),
            always("pages", Ints, "the pages that it stands on"),
            always("row_count", Int, "how many rows, those of the head included"),
            always("column_count", Int, "how many columns"),
        ],
    },
    Table {
        name: "cells",
        meaning: "a cell of a table",
        key: &["document", "table_id", "row_no", "column_no"],
        columns: &[
            DOCUMENT,
            always("table_id", Text, "the table"),
            always("row_no", Int, "row that it begins in, from 1"),
            always("column_no", Int, "column that it begins in, from 1"),
            always("row_span", Int, "how many rows it takes"),
            always("column_span", Int, "how many columns it takes"),
            always("head", Bool, "whether it is part of the head"),
            always("text", Text, "the restored text"),
            maybe("confidence", Float, "how sure its least sure word is, from 0 to 1"),
            PAGE,
            LINE,
            X0,
            Y0,
            X1,
            Y1,
        ],
    },
    Table {
        name: "stamps",
        meaning: "something stamped on a page beside its text",
        key: &["document", "stamp_no"],
        columns: &[
            DOCUMENT,
            always("stamp_no", Int, "its number in the report, from 1"),
            always("text", Text, "what it says"),
            maybe("confidence", Float, "the recogniser's own, from 0 to 1"),
            PAGE,
            X0,
            Y0,
            X1,
            Y1,
        ],
    },
    Table {
        name: "diagnostics",
        meaning: "a remark on the input or the result",
        key: &["document", "diagnostic_no"],
        columns: &[
            DOCUMENT,
            always("diagnostic_no", Int, "its number in the report, from 1"),
            always("severity", Text, "info, warning or error"),
            always("message", Text, "what was found"),
            maybe("hint", Text, "what to do about it"),
            PAGE,
            LINE,
        ],
    },
    Table {
        name: "texts",
        meaning: "the restored text of a page",
        key: &["document", "page"],
        columns: &[
            DOCUMENT,
            always("page", Int, "number of the page, from 1"),
            always("text", Text, "its lines in reading order, parted by line feeds"),
        ],
    },
];

/// The data dictionary as Markdown.
pub fn dictionary() -> String {
    let mut text = String::new();
    for table in &TABLES {
        text += &format!("## {}\n\nA row is {}. Key: {}.\n\n", table.name, table.meaning, table.key.join(", "));
        text += "| column | type | null | meaning |\n|---|---|---|---|\n";
        for column in table.columns {
            let null = if column.nullable { "yes" } else { "" };
            text += &format!("| {} | {} | {null} | {} |\n", column.name, column.kind.name(), column.meaning);
        }
        text.push('\n');
    }
    text
}

/// The data dictionary for programs.
pub fn as_json() -> serde_json::Value {
    let column = |c: &Column| serde_json::json!({"name": c.name, "type": c.kind.name(), "nullable": c.nullable, "meaning": c.meaning});
    let table = |t: &Table| {
        let columns: Vec<_> = t.columns.iter().map(column).collect();
        serde_json::json!({"name": t.name, "meaning": t.meaning, "key": t.key, "columns": columns})
    };
    serde_json::json!({"schema": "sohoa.tables/1", "tables": TABLES.iter().map(table).collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_columns_that_are_never_null_and_begin_with_the_document() {
        for table in &TABLES {
            assert_eq!(table.key[0], "document", "{}", table.name);
            for key in table.key {
                let column = table.columns.iter().find(|c| c.name == *key).expect(key);
                assert!(!column.nullable, "{}.{key}", table.name);
            }
        }
    }

    #[test]
    fn no_printed_value_is_a_binary_fraction() {
        for column in TABLES.iter().flat_map(|t| t.columns).filter(|c| c.kind == Float) {
            let measures = ["x0", "y0", "x1", "y1", "confidence", "quality", "score", "dpi"];
            assert!(measures.contains(&column.name), "{}", column.name);
        }
    }
}

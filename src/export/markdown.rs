//! Markdown (CommonMark with GitHub's tables): headings by the outline, lists, tables, a comment where a page begins.

use super::content::Word;
use super::html::table_of;
use super::printable;
use super::prose::{Node, doubt, nodes};
use crate::pipeline::Reading;
use crate::table::Table;
use std::fmt::Write as _;

/// The document as Markdown; `marks` gives each doubtful word a footnote.
pub(super) fn markdown(reading: &Reading, marks: bool) -> Vec<u8> {
    let mut writer = Writer { out: String::new(), notes: Vec::new(), marks };
    let mut in_list = false;
    for node in nodes(reading) {
        let item = matches!(node, Node::Item(..));
        // Items that follow each other are one list; a blank line parts everything else.
        if !(writer.out.is_empty() || in_list && item) {
            writer.out.push('\n');
        }
        in_list = item;
        writer.node(&node);
    }
    let notes = std::mem::take(&mut writer.notes);
    for (n, note) in (1..).zip(&notes) {
        // Writing to a string cannot fail.
        let _ = write!(writer.out, "\n[^{n}]: {}\n", escaped(note));
    }
    writer.out.into_bytes()
}

struct Writer {
    out: String,
    notes: Vec<String>,
    marks: bool,
}

impl Writer {
    fn node(&mut self, node: &Node<'_>) {
        match node {
            Node::Page(number) => self.line(&format!("<!-- page {number} -->")),
            Node::Missing(message) => self.line(&format!("**{}**", escaped(&printable(message)))),
            Node::Title(text) => {
                let text = self.words(text);
                self.line(&format!("# {text}"));
            }
            Node::Heading(level, text) => {
                let text = self.words(text);
                self.line(&format!("{} {text}", "#".repeat(usize::from(*level))));
            }
            Node::Paragraph(lines) => {
                let lines: Vec<String> = lines.iter().map(|l| at_start(&self.words(l))).collect();
                self.line(&lines.join("\\\n"));
            }
            Node::Item(depth, text) => {
                let text = at_start(&self.words(text));
                self.line(&format!("{}- {text}", "  ".repeat(usize::from(*depth))));
            }
            Node::Table(table) => self.table(table),
        }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn words(&mut self, words: &[Word]) -> String {
        let mut out = String::new();
        for (n, word) in words.iter().enumerate() {
            if n > 0 {
                out.push(' ');
            }
            out.push_str(&escaped(&word.text));
            if let Some(doubt) = doubt(word).filter(|_| self.marks) {
                self.notes.push(doubt);
                let _ = write!(out, "[^{}]", self.notes.len());
            }
        }
        out
    }

    /// A table with pipes, where that can show it; one with cells over several rows or columns as HTML, which Markdown takes.
    fn table(&mut self, table: &Table) {
        let heads = table.cells.iter().filter(|c| c.head).map(|c| c.row).max().unwrap_or(0);
        let plain = table.cells.iter().all(|c| c.row_span <= 1 && c.column_span <= 1);
        if !plain || heads > 1 || table.columns == 0 {
            self.line(&table_of(table).into_string());
            return;
        }
        let row = |row: u32| {
            let texts = (1..=table.columns).map(|column| {
                let cell = table.cells.iter().find(|c| c.row == row && c.column == column);
                cell.map_or(String::new(), |c| escaped(&printable(&c.text)))
            });
            format!("| {} |", texts.collect::<Vec<_>>().join(" | "))
        };
        // The form asks for a head, be it empty.
        if heads == 0 {
            self.line(&format!("|{}", "  |".repeat(table.columns as usize)));
        } else {
            self.line(&row(1));
        }
        self.line(&format!("|{}", " --- |".repeat(table.columns as usize)));
        for r in heads + 1..=table.rows {
            self.line(&row(r));
        }
    }
}

/// A text in which no character means anything to Markdown.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// An escaped text that begins a line: a number and a full stop there would begin a list, whose items are numbered anew.
fn at_start(text: &str) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => format!("{}\\{}", &text[..digits], &text[digits..]),
        Some(b'#' | b'+' | b'-' | b'=') if digits == 0 => format!("\\{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_means_anything_to_markdown() {
        assert_eq!(escaped("*a* <b> [c](d) x_y | `e` &lt;"), "\\*a\\* \\<b\\> \\[c\\](d) x\\_y \\| \\`e\\` \\&lt;");
        assert_eq!(at_start("3. Về việc"), "3\\. Về việc");
        assert_eq!(at_start("# a"), "\\# a");
        assert_eq!(at_start("1.077 hồ sơ"), "1\\.077 hồ sơ");
    }
}

//! One HTML file: for people, and for programs that take text with its structure.

use super::content::Word;
use super::printable;
use super::prose::{Node, doubt, nodes};
use crate::pipeline::Reading;
use crate::table::{Cell, Table};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = "body{font-family:serif;max-width:50em;margin:2em auto;padding:0 1em;line-height:1.5}\
table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #888;padding:.2em .5em;vertical-align:top}\
.page{color:#888;font-size:.8em;text-align:right;border-top:1px solid #ccc}mark{background:#fe9}";

/// The document as HTML; `marks` says of each doubtful word why it is.
pub(super) fn page(reading: &Reading, marks: bool) -> Vec<u8> {
    let document = &reading.report.extraction.document;
    let name = printable(&reading.report.source.file).into_owned();
    let title = document.title.as_deref().map_or(name, |t| printable(t).into_owned());
    let page = html! {
        (DOCTYPE)
        html lang="vi" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { (body(&nodes(reading), marks)) }
        }
    };
    (page.into_string() + "\n").into_bytes()
}

fn body(nodes: &[Node<'_>], marks: bool) -> Markup {
    let is_item = |n: &Node<'_>| matches!(n, Node::Item(..));
    html! {
        // Items that follow each other are one list.
        @for group in nodes.chunk_by(|a, b| is_item(a) && is_item(b)) {
            @if is_item(&group[0]) {
                ul { @for node in group { (shown(node, marks)) } }
            } @else {
                @for node in group { (shown(node, marks)) }
            }
        }
    }
}

fn shown(node: &Node<'_>, marks: bool) -> Markup {
    html! {
        @match node {
            Node::Page(number) => div class="page" id={ "page" (number) } { (number) }
            Node::Missing(message) => p { strong { (printable(message)) } }
            Node::Title(text) => h1 { (words(text, marks)) }
            Node::Heading(2, text) => h2 { (words(text, marks)) }
            Node::Heading(3, text) => h3 { (words(text, marks)) }
            Node::Heading(_, text) => h4 { (words(text, marks)) }
            Node::Paragraph(lines) => p {
                @for (n, line) in lines.iter().enumerate() {
                    @if n > 0 { br; }
                    (words(line, marks))
                }
            }
            Node::Item(0, text) => li { (words(text, marks)) }
            Node::Item(_, text) => li style="margin-left:1.5em" { (words(text, marks)) }
            Node::Table(table) => (table_of(table))
        }
        "\n"
    }
}

fn words(words: &[Word], marks: bool) -> Markup {
    html! {
        @for (n, word) in words.iter().enumerate() {
            @if n > 0 { " " }
            @match doubt(word).filter(|_| marks) {
                Some(doubt) => mark title=(doubt) { (word.text) }
                None => (word.text)
            }
        }
    }
}

/// A table with its spans; its title and unit above it, where no text says them already.
pub(super) fn table_of(table: &Table) -> Markup {
    let rows = (1..=table.rows).map(|row| {
        let mut cells: Vec<&Cell> = table.cells.iter().filter(|c| c.row == row).collect();
        cells.sort_by_key(|c| c.column);
        cells
    });
    let span = |n: u32| (n > 1).then_some(n);
    html! {
        table id=(printable(&table.id)) {
            @for row in rows {
                tr {
                    @for cell in row {
                        @if cell.head {
                            th rowspan=[span(cell.row_span)] colspan=[span(cell.column_span)] { (printable(&cell.text)) }
                        } @else {
                            td rowspan=[span(cell.row_span)] colspan=[span(cell.column_span)] { (printable(&cell.text)) }
                        }
                    }
                }
                "\n"
            }
        }
    }
}

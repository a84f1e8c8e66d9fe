//! A reading as running text with its structure: title, headings, paragraphs, list items, tables, page by page.

use super::content::{Item, Line, Page, Word, pages};
use crate::document::PageNo;
use crate::extract::{Depth, mark};
use crate::pipeline::Reading;
use crate::report::Status;
use crate::table::Table;
use crate::text::fold;
use std::collections::BTreeSet;

/// Share of a block's width that a line must fill for the next one to go on with it.
const FULL: f32 = 0.88;
/// Longest heading of a numbered item, in characters; what is longer is an item of text.
const LONGEST_HEADING: usize = 140;
/// Below this, a word is marked as unsure.
const SURE: f32 = 0.8;

/// A part of the text.
pub(super) enum Node<'a> {
    /// A page begins.
    Page(PageNo),
    /// A page, or a part of it, could not be read.
    Missing(String),
    /// What the document is called.
    Title(Vec<Word>),
    /// A heading; 2 is the outermost.
    Heading(u8, Vec<Word>),
    /// Lines that are kept apart, each one or more printed lines.
    Paragraph(Vec<Vec<Word>>),
    /// An item of a list, without its dash; 0 is the outermost.
    Item(u8, Vec<Word>),
    /// A table, whole, where it begins.
    Table(&'a Table),
}

/// What is to be said of a word that is not sure, or that was changed; None where it is sure as it was seen.
pub(super) fn doubt(word: &Word) -> Option<String> {
    let unsure = word.confidence.filter(|&c| c < SURE);
    if unsure.is_none() && word.observed.is_none() {
        return None;
    }
    let mut said = Vec::new();
    if let Some(observed) = &word.observed {
        said.push(format!("seen as \u{201C}{observed}\u{201D}"));
    }
    if let Some(confidence) = unsure {
        said.push(format!("{:.0} % sure", confidence * 100.0));
    }
    if !word.alternatives.is_empty() {
        said.push(format!("could be \u{201C}{}\u{201D}", word.alternatives.join("\u{201D}, \u{201C}")));
    }
    Some(said.join("; "))
}

/// The text of a reading, in reading order.
pub(super) fn nodes(reading: &Reading) -> Vec<Node<'_>> {
    let mut nodes = Vec::new();
    let mut title = TitleFinder::new(reading);
    let mut told = BTreeSet::new();
    for (page, status) in pages(reading).into_iter().zip(&reading.report.pages) {
        nodes.push(Node::Page(page.number));
        if matches!(page.status, Status::Partly | Status::Failed) {
            let error = status.error.as_deref().unwrap_or("a part of it could not be read");
            nodes.push(Node::Missing(format!("page {}: {error}", page.number)));
        }
        of_page(page, &mut title, &mut told, &mut nodes);
    }
    nodes.into_iter().map(heading_or_text).collect()
}

/// A numbered item that went on over several lines is no heading.
fn heading_or_text(node: Node<'_>) -> Node<'_> {
    let Node::Heading(level, words) = node else { return node };
    let letters: usize = words.iter().map(|w| w.text.chars().count() + 1).sum();
    let closed = words.last().is_some_and(|w| w.text.ends_with(['.', ';', ',']));
    let long = if level == 2 { 2 * LONGEST_HEADING } else { LONGEST_HEADING };
    if letters > long || closed { Node::Paragraph(vec![words]) } else { Node::Heading(level, words) }
}

fn of_page<'a>(page: Page<'a>, title: &mut TitleFinder, told: &mut BTreeSet<&'a str>, nodes: &mut Vec<Node<'a>>) {
    for item in page.items {
        match item {
            Item::Table(table, _) => {
                if told.insert(table.id.as_str()) {
                    nodes.push(Node::Table(table));
                }
            }
            Item::Block(lines) => of_block(lines, title, nodes),
        }
    }
}

fn of_block<'a>(lines: Vec<Line>, title: &mut TitleFinder, nodes: &mut Vec<Node<'a>>) {
    let right = lines.iter().map(|l| l.rect.x1).fold(f32::MIN, f32::max);
    let left = lines.iter().map(|l| l.rect.x0).fold(f32::MAX, f32::min);
    let is_full = |line: &Line| line.rect.x1 - left >= FULL * (right - left);
    let mut full = false;
    let (mut ended, mut paused) = (true, true);
    for line in lines {
        let text = line.text();
        if text.is_empty() {
            continue;
        }
        let indented = line.rect.x0 - left > line.rect.height();
        let (now_full, now_ended) = (is_full(&line), text.ends_with(['.', ';', ':', '!', '?']));
        if title.takes(&text) {
            match nodes.last_mut() {
                Some(Node::Title(words)) => words.extend(line.words),
                _ => nodes.push(Node::Title(line.words)),
            }
        } else if let Some(mark) = mark(&text) {
            nodes.push(marked(mark.depth, line.words));
        } else {
            let capital = text.chars().next().is_some_and(char::is_uppercase);
            let goes_on = full && !(indented && (ended || capital && paused));
            match nodes.last_mut() {
                Some(Node::Heading(_, words) | Node::Item(_, words)) if goes_on => words.extend(line.words),
                Some(Node::Paragraph(lines)) if goes_on => match lines.last_mut() {
                    Some(last) => last.extend(line.words),
                    None => lines.push(line.words),
                },
                // Short lines below each other, as in a letter's head and foot, stay lines of one paragraph.
                Some(Node::Paragraph(lines)) if !full && !now_full => lines.push(line.words),
                _ => nodes.push(Node::Paragraph(vec![line.words])),
            }
        }
        (full, ended, paused) = (now_full, now_ended, text.ends_with([',', '/']));
    }
}

/// A line that begins with a mark of the outline.
fn marked<'a>(depth: Depth, words: Vec<Word>) -> Node<'a> {
    match depth {
        Depth::Letter | Depth::Roman => Node::Heading(2, words),
        Depth::Arabic => Node::Heading(3, words),
        Depth::Nested => Node::Heading(4, words),
        Depth::Dash | Depth::Plus => {
            let mut words = words;
            // The list shows a dash of its own; one that is written onto its word goes, too.
            if let Some(first) = words.first_mut() {
                let rest = first.text.trim_start_matches(['-', '–', '—', '+', '*', '•', '●', '◦', '▪', '\u{f0b7}']);
                first.text = rest.to_owned();
                if first.text.is_empty() {
                    words.remove(0);
                }
            }
            Node::Item(u8::from(depth == Depth::Plus), words)
        }
        _ => Node::Paragraph(vec![words]),
    }
}

/// Finds the lines of the document's kind and title, which its fields name.
struct TitleFinder {
    kind: Option<String>,
    /// What of the title has not been met yet, folded; None before its kind was met.
    rest: Option<String>,
    title: String,
}

impl TitleFinder {
    fn new(reading: &Reading) -> Self {
        let document = &reading.report.extraction.document;
        let key = |text: &Option<String>| text.as_deref().map(folded);
        TitleFinder { kind: key(&document.kind), rest: None, title: key(&document.title).unwrap_or_default() }
    }

    /// Whether the title goes on with this line.
    fn takes(&mut self, line: &str) -> bool {
        let line = folded(line);
        match &self.rest {
            None => {
                let found = self.kind.as_ref().is_some_and(|kind| *kind == line);
                if found {
                    self.rest = Some(std::mem::take(&mut self.title));
                    self.kind = None;
                }
                found
            }
            Some(rest) => match rest.strip_prefix(line.as_str()).filter(|_| !line.is_empty()) {
                Some(left) => {
                    self.rest = Some(left.trim_start().to_owned());
                    true
                }
                None => {
                    self.rest = Some(String::new());
                    false
                }
            },
        }
    }
}

fn folded(text: &str) -> String {
    fold::key(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

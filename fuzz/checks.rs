//! What holds for every input, however hostile: one function a fuzz target, and the same functions as property tests in
//! `tests/it/hostile.rs`. Each panics where something does not hold.

use sohoa::dict::{self, Dictionaries};
use sohoa::encoding::{Converter, is_utf16};
use sohoa::text::token::{Shape, Token, fold_word, tokenise};
use sohoa::text::{nfc, syllable::Syllable};
use sohoa::{Definition, Document, Extractor, Restorer, TextLine, table};
use std::sync::LazyLock;

/// A file of unknown kind is opened or refused; its first pages are rendered, or an error says why not.
pub fn open(bytes: &[u8]) {
    let Ok(opened) = Document::from_bytes("hostile", bytes.to_vec()) else { return };
    let document = opened.value;
    assert!(document.page_count() > 0, "a file without pages is refused");
    for page in 1..=document.page_count().min(2) {
        if let Ok(Some(layer)) = document.text_layer(page) {
            assert_eq!(layer.page, page);
        }
        if let Ok(image) = document.render(page) {
            assert!(image.value.pixels.width() > 0 && image.value.pixels.height() > 0);
            assert!(image.value.dpi.is_finite() && image.value.dpi > 0.0);
        }
    }
    assert!(document.render(document.page_count() + 1).is_err(), "there is no such page");
}

static KNOWN: LazyLock<Dictionaries> = LazyLock::new(Dictionaries::embedded);

/// Bytes of any encoding become text.
pub fn encodings(bytes: &[u8]) {
    let converter = Converter::new(&KNOWN);
    let _ = is_utf16(bytes);
    if let Some(converted) = converter.convert_bytes(bytes) {
        assert!(!converted.diagnostics.is_empty(), "what is converted is said to be");
    }
    let read = converter.read_bytes(bytes).value.text;
    // What is text once is text for good.
    let _ = converter.convert(&read);
}

/// A line is parted into tokens that follow each other on the borders of characters.
pub fn tokens(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (mut tokens, mut folded): (Vec<Token>, String) = Default::default();
    for line in text.lines() {
        let line = nfc::compose(line);
        assert_eq!(nfc::compose(&line), line, "composing twice is composing once");
        tokens.clear();
        tokenise(&line, &mut tokens);
        let mut before = 0;
        for token in &tokens {
            let part = token.text(&line);
            let start = part.as_ptr() as usize - line.as_ptr() as usize;
            assert!(start >= before && !part.is_empty(), "{line:?}: {part:?}");
            before = start + part.len();
            Shape::of(part);
            folded.clear();
            fold_word(part, &mut folded);
            if let Some(syllable) = Syllable::parse(part) {
                assert!(!syllable.rime().is_empty());
            }
        }
    }
}

static RESTORER: LazyLock<Restorer> =
    LazyLock::new(|| Restorer::embedded().expect("the models that come with the program"));

/// Restored text has the same lines, and every number that stands by itself.
pub fn restoring(bytes: &[u8]) {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]);
    let restored = RESTORER.restore_plain(&text);
    assert_eq!(restored.matches('\n').count(), text.matches('\n').count());
    let numbers = |text: &str| -> Vec<String> {
        let alone = |word: &&str| word.bytes().all(|b| b.is_ascii_digit());
        text.split_whitespace().filter(alone).map(str::to_owned).collect()
    };
    let after = numbers(&restored);
    for number in numbers(&text) {
        assert!(after.contains(&number) || restored.contains(&number), "{number} is lost: {text:?} -> {restored:?}");
    }
}

static EXTRACTOR: LazyLock<Extractor> =
    LazyLock::new(|| Extractor::embedded().expect("the definitions that come with the program"));

/// Whatever a text says, its figures have names of their own, and stand in the text as they are told.
pub fn extraction(bytes: &[u8]) {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(10_000)]);
    let lines = TextLine::from_text(&text);
    let found = EXTRACTOR.extract(&lines, &table::from_text(&lines)).value;
    let mut names: Vec<&str> = found.figures.iter().map(|f| f.id.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), found.figures.len());
    for figure in &found.figures {
        assert!((0.0..=1.0).contains(&figure.confidence), "{figure:?}");
        let line = lines.iter().find(|l| (l.place.page, l.place.line) == (figure.place.page, figure.place.line));
        assert!(line.is_some(), "{figure:?} stands in no line");
    }
    for (name, indicator) in &found.indicators {
        assert!(names.binary_search(&indicator.figure.as_str()).is_ok(), "{name} is no figure's");
    }
}

/// A definition or dictionary of the user's is read, or what is wrong with it is said with its line.
pub fn definitions(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(definition) = Definition::parse("mine.toml", &text) {
        let extractor = Extractor::new(vec![definition]).expect("what was checked can be used");
        extractor.extract(&TextLine::from_text("Tổng số hồ sơ: 12"), &[]);
    }
    let _ = Dictionaries::default().with_user_entries(bytes);
    for kind in [dict::Kind::Syllables, dict::Kind::Places] {
        dict::check(kind, bytes);
    }
}

/// The tables of a text have their cells within their rows and columns.
pub fn tables(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for table in table::from_text(&TextLine::from_text(&text)) {
        for cell in &table.cells {
            assert!(
                cell.row.min(cell.column).min(cell.row_span).min(cell.column_span) > 0,
                "they count from 1: {cell:?}"
            );
            let (row, column) = (cell.row + cell.row_span - 1, cell.column + cell.column_span - 1);
            assert!(row <= table.rows && column <= table.columns, "{} x {}: {cell:?}", table.rows, table.columns);
        }
    }
}

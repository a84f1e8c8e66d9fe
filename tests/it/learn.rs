//! Learning from corrections, as it goes in an office: documents come in the damage of a recogniser that nothing was learned of before, a
//! person corrects them as they are printed, and the next ones are read better.

use crate::program::{Sohoa, fixture};
use sohoa::correct::{CorrectedDocument, Correction, Ground, Learned, learn_from};
use sohoa::geometry::Rect;
use sohoa::page::{Line, RecognisedPage, Word};
use sohoa::random::SplitMix64;
use sohoa::restore::{RestoredPage, Restorer};
use sohoa::{ErrorKind, Resources};

/// Letters as no recogniser that comes with the program sees them, each so in four of five places.
const DAMAGE: [(char, &str); 16] = [
    ('ấ', "3"),
    ('ầ', "w"),
    ('ế', "g"),
    ('ề', "g"),
    ('ệ', "z"),
    ('ộ', "9"),
    ('ố', "j"),
    ('ợ', "pj"),
    ('ư', "vv"),
    ('ừ', "vv"),
    ('ữ', "vV"),
    ('ạ', "q"),
    ('ả', "f"),
    ('đ', "cl"),
    ('ủ', "y"),
    ('ị', "ll"),
];

fn seen(word: &str, chance: &mut SplitMix64) -> String {
    // Figures come through: what is learned here is letters.
    if word.chars().any(char::is_numeric) {
        return word.to_owned();
    }
    let letter = |c: char| match DAMAGE.iter().find(|(printed, _)| *printed == c) {
        Some((_, seen)) if chance.below(5) > 0 => (*seen).to_owned(),
        _ => c.to_string(),
    };
    word.chars().map(letter).collect()
}

/// A page as it was seen, restored as the program does before it has learned, and what is printed on it.
fn page(printed: &[&str], restorer: &Restorer, chance: &mut SplitMix64) -> (RestoredPage, Vec<Vec<String>>) {
    let (mut lines, mut truth) = (Vec::new(), Vec::new());
    for (row, text) in (0..).zip(printed) {
        let words: Vec<&str> = text.split_whitespace().collect();
        let place = |at: usize| {
            Rect::new(100.0 * at as f32, 50.0 * row as f32, 100.0 * at as f32 + 90.0, 50.0 * row as f32 + 40.0)
        };
        let word = |(at, word): (usize, &&str)| Word {
            text: seen(word, chance),
            rect: place(at),
            confidence: 0.8,
            ..Word::default()
        };
        let words_seen: Vec<Word> = words.iter().enumerate().map(word).collect();
        let rect = Rect::bounding(words_seen.iter().map(|w| &w.rect)).unwrap();
        lines.push(Line { words: words_seen, rect, ..Line::default() });
        truth.push(words.into_iter().map(str::to_owned).collect());
    }
    let restored = restorer.restore_pages(vec![RecognisedPage { page: 1, lines }]).remove(0);
    (restored, truth)
}

/// What stands at each word of the page: its text and how it is shown.
fn shown(page: &RestoredPage) -> Vec<Vec<String>> {
    let line = |(index, line): (usize, &Line)| {
        let word = |(at, word): (usize, &Word)| {
            let edit = page
                .edits
                .iter()
                .find(|e| e.line == index && e.words == (at..at + 1) && e.grade > sohoa::restore::Grade::Suggest);
            edit.map_or_else(|| word.text.clone(), |e| e.after.clone())
        };
        line.words.iter().enumerate().map(word).collect()
    };
    page.recognised.lines.iter().enumerate().map(line).collect()
}

fn wrong(page: &RestoredPage, truth: &[Vec<String>]) -> usize {
    shown(page).iter().flatten().zip(truth.iter().flatten()).filter(|(a, b)| a != b).count()
}

/// What a person makes of the page: every word that is not as printed, corrected.
fn corrected(number: usize, page: RestoredPage, truth: &[Vec<String>]) -> CorrectedDocument {
    let mut corrections = Vec::new();
    for (index, (shown, printed)) in shown(&page).iter().zip(truth).enumerate() {
        for (at, (before, after)) in shown.iter().zip(printed).enumerate().filter(|(_, (a, b))| a != b) {
            let beside = |at: Option<usize>| at.and_then(|at| printed.get(at)).cloned().unwrap_or_default();
            corrections.push(Correction {
                id: corrections.len() as u64 + 1,
                time: String::new(),
                who: String::new(),
                document: format!("{number:064x}"),
                file: format!("{number}.pdf"),
                page: 1,
                rect: page.recognised.lines[index].words[at].rect,
                left: beside(at.checked_sub(1)),
                right: beside(Some(at + 1)),
                before: before.clone(),
                after: after.clone(),
                undoes: None,
            });
        }
    }
    CorrectedDocument { pages: vec![page], corrections }
}

/// Thirty documents: those of the fixtures' reports that were there when this was measured, the longer ones in parts.
fn documents() -> Vec<String> {
    let mut files: Vec<_> =
        walkdir::WalkDir::new(fixture("reports")).sort_by_file_name().into_iter().flatten().collect();
    files.retain(|f| f.path().extension().is_some_and(|e| e == "txt"));
    let number = |f: &walkdir::DirEntry| f.file_name().to_str().and_then(|n| n.split_once('-')?.0.parse::<u32>().ok());
    files.retain(|f| number(f).is_none_or(|n| n < 70));
    let mut parts = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file.path()).unwrap();
        let lines: Vec<&str> = text.lines().filter(|l| l.split_whitespace().count() > 2).collect();
        parts.extend(lines.chunks(lines.len().div_ceil(3).max(8)).map(|part| part.join("\n")));
    }
    // As they come: of all bodies in turn.
    let mut chance = SplitMix64::new(7);
    for at in (1..parts.len()).rev() {
        parts.swap(at, chance.below(at + 1));
    }
    parts.truncate(30);
    assert_eq!(parts.len(), 30);
    parts
}

#[test]
fn after_ten_corrected_documents_a_third_of_the_errors_is_gone() {
    let resources = Resources::embedded();
    let ground = Ground::of(&resources).unwrap();
    let plain = ground.restorer(&Learned::default()).unwrap();
    let mut chance = SplitMix64::new(1);
    let texts = documents();
    let pages: Vec<_> = texts.iter().map(|t| page(&t.lines().collect::<Vec<_>>(), &plain, &mut chance)).collect();
    let next_ten = |learned: &Learned| {
        let restorer = ground.restorer(learned).unwrap();
        let (mut errors, mut spoiled) = (0, 0);
        for (page, truth) in &pages[20..] {
            let anew = restorer.restore_pages(vec![page.recognised.clone()]).remove(0);
            errors += wrong(&anew, truth);
            let seen = page.recognised.lines.iter().flat_map(|l| &l.words);
            let words = seen.zip(shown(&anew).into_iter().flatten().collect::<Vec<_>>()).zip(truth.iter().flatten());
            spoiled += words.filter(|((seen, anew), truth)| seen.text == **truth && anew != *truth).count();
        }
        (errors, spoiled)
    };
    let words: usize = pages[20..].iter().map(|(_, truth)| truth.iter().flatten().count()).sum();
    let before = next_ten(&Learned::default());
    for learned_from in [10, 20] {
        let corrected: Vec<CorrectedDocument> = pages[..learned_from]
            .iter()
            .enumerate()
            .map(|(n, (page, truth))| corrected(n, page.clone(), truth))
            .collect();
        let (learned, trial) = learn_from(&corrected, &ground).unwrap();
        let learned = learned.expect("what helps is kept");
        let after = next_ten(&learned);
        eprintln!("after {learned_from}: {}", trial.sentence());
        eprintln!("the last ten documents, {words} words: {before:?} wrong and spoiled before, {after:?} now");
        if learned_from == 10 {
            assert!(3 * after.0 <= 2 * before.0, "{before:?} became {after:?}");
        }
        assert!(after.0 < before.0, "{before:?} became {after:?}");
        assert!(after.1 <= before.1, "right words are spoiled: {before:?} became {after:?}");
    }
}

#[test]
fn what_does_not_help_is_not_kept() {
    let resources = Resources::embedded();
    let ground = Ground::of(&resources).unwrap();
    let plain = ground.restorer(&Learned::default()).unwrap();
    // Corrections that contradict each other and the paper.
    let documents: Vec<CorrectedDocument> = (0..6)
        .map(|n| {
            let line = Line {
                words: vec![Word {
                    text: "báo".into(),
                    rect: Rect::new(0.0, 0.0, 90.0, 40.0),
                    confidence: 0.9,
                    ..Word::default()
                }],
                rect: Rect::new(0.0, 0.0, 90.0, 40.0),
                ..Line::default()
            };
            let page = plain.restore_pages(vec![RecognisedPage { page: 1, lines: vec![line] }]).remove(0);
            corrected(n, page, &[vec![["bão", "bào", "bảo"][n % 3].to_owned()]])
        })
        .collect();
    let (learned, trial) = learn_from(&documents, &ground).unwrap();
    assert!(learned.is_none(), "{}", trial.sentence());
    let error = learn_from(&documents[..2], &ground).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Definition);
}

#[test]
fn without_corrections_it_says_what_is_missing() {
    let empty = tempfile::tempdir().unwrap();
    let ended = Sohoa::new(["learn"]).arg(empty.path()).run();
    assert_ne!(ended.code, Some(0));
    assert!(ended.stderr.contains("correct"), "{}", ended.stderr);
}

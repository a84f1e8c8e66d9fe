//! Two files, or two folders whose files are matched by stem.

use super::calibration::Calibration;
use super::comparison::{Comparison, Confusion, Pair};
use super::counts::Counts;
use super::indicators::IndicatorScore;
use super::normal::Normal;
use super::transcript::Transcript;
use crate::error::{Error, ErrorKind, Result};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Everything measured on a set of documents.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// In the order of their names.
    pub documents: Vec<DocumentScore>,
    /// References for which there is no text to score: each counts as wholly lost.
    pub missing: Vec<String>,
}

/// One document.
#[derive(Debug, Clone, Default)]
pub struct DocumentScore {
    /// The stem by which the two files were matched.
    pub name: String,
    /// All pages added up.
    pub counts: Counts,
    /// The pages, where reference and text have the same number of them; otherwise one entry for the whole.
    pub pages: Vec<Comparison>,
    /// The figures, where both sides have a record.
    pub indicators: Option<IndicatorScore>,
    /// The posteriors, where the text gives them.
    pub calibration: Option<Calibration>,
}

impl Score {
    /// All counts added up.
    pub fn total(&self) -> Counts {
        let mut sum = Counts::default();
        self.documents.iter().for_each(|document| sum += document.counts);
        sum
    }

    /// The blocks of all pages, which intervals are drawn from.
    pub fn blocks(&self) -> Vec<Counts> {
        self.documents.iter().flat_map(|d| &d.pages).flat_map(|page| page.blocks.iter().copied()).collect()
    }

    /// The counts of the same parts of the reference for two systems: blocks where both were compared in the same way, else
    /// whole documents, because a text with other page breaks is compared as a whole.
    pub fn paired(&self, other: &Score) -> (Vec<Counts>, Vec<Counts>) {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for (a, b) in self.documents.iter().zip(&other.documents) {
            if a.pages.len() == b.pages.len() {
                ours.extend(a.pages.iter().flat_map(|page| page.blocks.iter().copied()));
                theirs.extend(b.pages.iter().flat_map(|page| page.blocks.iter().copied()));
            } else {
                ours.push(a.counts);
                theirs.push(b.counts);
            }
        }
        (ours, theirs)
    }

    /// The confusions of all pages.
    pub fn confusion(&self) -> Confusion {
        let mut sum = Confusion::new();
        for ((from, to), count) in self.documents.iter().flat_map(|d| &d.pages).flat_map(|page| &page.confusion) {
            *sum.entry((from.clone(), to.clone())).or_default() += count;
        }
        sum
    }

    /// The wrong pairs with how often they occur, the most frequent first.
    pub fn errors(&self) -> Vec<(Pair, usize)> {
        let mut counted: BTreeMap<(Option<&str>, Option<&str>), usize> = BTreeMap::new();
        for pair in self.documents.iter().flat_map(|d| &d.pages).flat_map(|page| &page.pairs).filter(|p| !p.is_right())
        {
            *counted.entry((pair.reference.as_deref(), pair.other.as_deref())).or_default() += 1;
        }
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let pairs = counted.into_iter().map(|((a, b), n)| (Pair { reference: owned(a), other: owned(b) }, n));
        let mut pairs: Vec<_> = pairs.collect();
        pairs.sort_by_key(|pair| std::cmp::Reverse(pair.1));
        pairs
    }

    /// The figures of all documents that have a record; None where none has.
    pub fn indicators(&self) -> Option<IndicatorScore> {
        self.documents.iter().filter_map(|d| d.indicators.clone()).reduce(|mut sum, more| {
            sum.expected += more.expected;
            sum.found += more.found;
            sum.right += more.right;
            sum.wrong.extend(more.wrong);
            sum
        })
    }

    /// The calibration over all documents; None where none gives posteriors.
    pub fn calibration(&self) -> Option<Calibration> {
        self.documents.iter().filter_map(|d| d.calibration.clone()).reduce(|mut sum, more| {
            sum.add(&more);
            sum
        })
    }
}

/// Compares `other` with `reference`; `before` is what a restorer was given. All are files, or all folders.
///
/// In folders `x.gt.txt`, `x.clean.txt` and `x.txt` have the stem `x`; a reference `x-page03` or `x-p3` for which there is no text
/// of its own is compared with the third page of `x`. A reference without text counts as lost and is named in
/// [`Score::missing`].
///
/// # Errors
/// What [`Transcript::open`] returns; Unreadable where a folder holds nothing to compare.
pub fn compare(reference: &Path, other: &Path, before: Option<&Path>) -> Result<Score> {
    if !reference.is_dir() {
        let name = stem(reference);
        let document = document(name, reference, Some((other.to_owned(), None)), before.map(|b| (b.to_owned(), None)))?;
        return Ok(Score { documents: vec![document], missing: Vec::new() });
    }
    let references = files(reference)?;
    if references.is_empty() {
        return Err(Error::new(ErrorKind::Unreadable, "the folder holds no text or record").file(reference));
    }
    let (others, befores) = (files(other)?, before.map(files).transpose()?.unwrap_or_default());
    let work: Vec<_> = references.iter().collect();
    let documents: Result<Vec<(DocumentScore, bool)>> = work
        .par_iter()
        .map(|(name, path)| {
            let found = partner(name, &others);
            let missing = found.is_none();
            Ok((document((*name).clone(), path, found, partner(name, &befores))?, missing))
        })
        .collect();
    let documents = documents?;
    let missing = documents.iter().filter(|d| d.1).map(|d| d.0.name.clone()).collect();
    Ok(Score { documents: documents.into_iter().map(|d| d.0).collect(), missing })
}

/// A file, and the page of it from 0 where only that is meant.
type Partner = (PathBuf, Option<usize>);

fn partner(name: &str, others: &BTreeMap<String, PathBuf>) -> Option<Partner> {
    if let Some(path) = others.get(name) {
        return Some((path.clone(), None));
    }
    let (document, page) = name.rsplit_once("-page").or_else(|| name.rsplit_once("-p"))?;
    let page: usize = page.parse().ok()?;
    Some((others.get(document)?.clone(), Some(page.checked_sub(1)?)))
}

fn document(name: String, reference: &Path, other: Option<Partner>, before: Option<Partner>) -> Result<DocumentScore> {
    let truth = Transcript::open(reference)?;
    let open = |partner: Partner| -> Result<Transcript> {
        let mut text = Transcript::open(&partner.0)?;
        if let Some(page) = partner.1 {
            text.pages = vec![text.pages.get(page).cloned().unwrap_or_default()];
            text.words.clear();
        }
        Ok(text)
    };
    let text = other.map(open).transpose()?.unwrap_or_default();
    let before = before.map(open).transpose()?;
    let paged = truth.pages.len() == text.pages.len()
        && before.as_ref().is_none_or(|before| before.pages.len() == truth.pages.len());
    let pages: Vec<Comparison> = if truth.pages.is_empty() {
        Vec::new()
    } else if paged {
        let page = |n: usize| {
            Comparison::of(&truth.pages[n], &text.pages[n], before.as_ref().map(|before| before.pages[n].as_str()))
        };
        (0..truth.pages.len()).into_par_iter().map(page).collect()
    } else {
        vec![Comparison::of(&truth.text(), &text.text(), before.map(|before| before.text()).as_deref())]
    };
    let mut counts = Counts::default();
    pages.iter().for_each(|page| counts += page.counts);
    let indicators = match (&truth.record, &text.record) {
        (Some(gold), Some(report)) => IndicatorScore::of(gold, report),
        _ => None,
    };
    let calibration = (!text.words.is_empty()).then(|| {
        let (whole, words) = (Normal::new(&truth.text()), normal_words(&text.words));
        let words: Vec<(&str, f64)> = words.iter().map(|word| (word.0.as_str(), word.1)).collect();
        Calibration::of(&whole.syllables(), &words)
    });
    Ok(DocumentScore { name, counts, pages, indicators, calibration })
}

/// The words as they are scored; a word of several syllables gives each its posterior, punctuation none.
fn normal_words(words: &[(String, f64)]) -> Vec<(String, f64)> {
    let mut out = Vec::new();
    for (word, posterior) in words {
        out.extend(Normal::new(word).syllables().into_iter().map(|s| (s.to_owned(), *posterior)));
    }
    out
}

/// The name without `.gt`, `.clean` or `.scan` and extension.
fn stem(path: &Path) -> String {
    let name = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let short = [".gt", ".clean", ".scan"].iter().find_map(|end| name.strip_suffix(end));
    short.map_or_else(|| name.clone(), str::to_owned)
}

/// The files that can be scored, by stem; text is preferred to the record beside it.
fn files(folder: &Path) -> Result<BTreeMap<String, PathBuf>> {
    const ORDER: [&str; 8] = ["txt", "hocr", "html", "xml", "alto", "jsonl", "json", "pdf"];
    let mut found: BTreeMap<String, (usize, PathBuf)> = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(|e| Error::io(folder, e))? {
        let path = entry.map_err(|e| Error::io(folder, e))?.path();
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("");
        let Some(rank) = ORDER.iter().position(|known| *known == extension) else { continue };
        if path.is_file() {
            let candidate = (rank, path.clone());
            let kept = found.entry(stem(&path)).or_insert_with(|| candidate.clone());
            if candidate < *kept {
                *kept = candidate;
            }
        }
    }
    Ok(found.into_iter().map(|(name, (_, path))| (name, path)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        files.iter().for_each(|(name, text)| std::fs::write(folder.path().join(name), text).unwrap());
        folder
    }

    #[test]
    fn stems_pages_and_records_find_each_other() {
        let truth = folder(&[
            ("a.gt.txt", "một hai"),
            ("b-page01.gt.txt", "ba"),
            ("b-page02.gt.txt", "bốn năm"),
            ("c.txt", "sáu"),
            ("a.json", r#"{"indicators": {"x": 2}}"#),
        ]);
        let text = folder(&[
            ("a.txt", "một hai"),
            ("a.json", r#"{"indicators": {"x": {"value": 3}}}"#),
            ("b.txt", "ba\u{c}bôn năm"),
        ]);
        let score = compare(truth.path(), text.path(), None).unwrap();
        let right: Vec<_> =
            score.documents.iter().map(|d| (d.name.as_str(), d.counts.right, d.counts.syllables)).collect();
        assert_eq!(right, [("a", 2, 2), ("b-page01", 1, 1), ("b-page02", 1, 2), ("c", 0, 1)]);
        assert_eq!(score.missing, ["c"]);
        assert_eq!(score.total().right, 4);
        let other = folder(&[("b.txt", "ba bốn năm")]);
        let (ours, theirs) = score.paired(&compare(truth.path(), other.path(), None).unwrap());
        assert_eq!(ours.len(), theirs.len());
    }

    #[test]
    fn the_total_does_not_depend_on_the_order_of_pages() {
        let there = folder(&[("x.txt", "một hai\u{c}ba bốn năm")]);
        let text = folder(&[("x.txt", "một hại\u{c}ba bon năm")]);
        let back = folder(&[("x.txt", "ba bốn năm\u{c}một hai")]);
        let text_back = folder(&[("x.txt", "ba bon năm\u{c}một hại")]);
        let one = compare(there.path(), text.path(), None).unwrap();
        let two = compare(back.path(), text_back.path(), None).unwrap();
        assert_eq!(one.total(), two.total());
    }
}

//! Learning from corrections: which letters the recogniser takes for which, the words that a person had to write, and how far restoration is to
//! be believed. What was learned is kept only where it mends more than it spoils on documents that it was not learned from.

use super::calibrate::calibrate;
use super::truth::{CorrectedDocument, Truth};
use crate::dict::Dictionaries;
use crate::digest::sha256;
use crate::error::{Error, ErrorKind, Result};
use crate::lm::Model;
use crate::resources::Resources;
use crate::restore::channel::letters::Alphabet;
use crate::restore::channel::pairs::Pairs;
use crate::restore::channel::{LearnedChannel, confusions, learn};
use crate::restore::{Calibration, Options, RestoredPage, Restorer};
use crate::whole_file::{unwritable, write_whole};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// One document in so many is held back to measure on.
const HELD_BACK: usize = 3;
/// Fewer documents teach nothing that could be measured on others.
const FEWEST: usize = 3;
/// The rarest confusions of letters that are kept, as shares of the letter's occurrences: what is tried. Rare ones mend more, and spoil more.
const RAREST: [f32; 2] = [0.01, 0.1];
/// A word, or a word with the one beside it, is believed where it was written so often.
const OFTEN: usize = 2;
/// What was learned is kept where errors fall at least by this share.
const LEAST_GAIN: f64 = 0.02;
/// A right word that is spoiled weighs as much as so many wrong ones that are mended.
const SPOILED: usize = 50;

/// What was learned, as it is kept in the folder `learned` beside the results.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Learned {
    /// Letters and what they are seen as, in the form of `dictionaries/confusions.tsv`.
    pub confusions: String,
    /// Words and phrases, in the form of a user's dictionary.
    pub words: String,
    /// What makes posteriors true; None where they are.
    pub calibration: Option<Calibration>,
}

/// How it did on the documents that were held back: words, each counted where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Trial {
    /// Documents that it was learned from.
    pub learned_from: usize,
    /// Documents that it was measured on.
    pub held_back: usize,
    /// Their words.
    pub words: usize,
    /// Wrong words without it.
    pub wrong_before: usize,
    /// Wrong words with it.
    pub wrong_after: usize,
    /// Words that were seen right and restored wrong, without it.
    pub spoiled_before: usize,
    /// The same with it.
    pub spoiled_after: usize,
    /// Words that restoration changed or would change in them.
    pub changes: usize,
    /// Log loss of a change's posterior, in nats, without a calibration.
    pub loss_before: f64,
    /// The same with the calibration that the other documents held back give.
    pub loss_after: f64,
}

impl Trial {
    /// Whether it is worth keeping: fewer words are wrong, and no right ones are spoiled but for fifty times as many that are mended.
    pub fn helps(&self) -> bool {
        let gain = self.wrong_before.saturating_sub(self.wrong_after);
        let spoiled = self.spoiled_after.saturating_sub(self.spoiled_before);
        gain > 0 && gain as f64 >= LEAST_GAIN * self.wrong_before as f64 && SPOILED * spoiled <= gain
    }

    /// A sentence for the user.
    pub fn sentence(&self) -> String {
        let percent = |part: usize| 100.0 * part as f64 / self.wrong_before.max(1) as f64;
        let change = match self.wrong_before.checked_sub(self.wrong_after) {
            Some(fewer) => format!("{:.0} % fewer", percent(fewer)),
            None => format!("{:.0} % more", percent(self.wrong_after - self.wrong_before)),
        };
        format!(
            "on {} documents held back, {} of {} words were wrong and are {} now ({change}); right words made wrong: {}, now {}; \
             how sure it says it is of {} changes: log loss {:.3}, calibrated {:.3}",
            self.held_back,
            self.wrong_before,
            self.words,
            self.wrong_after,
            self.spoiled_before,
            self.spoiled_after,
            self.changes,
            self.loss_before,
            self.loss_after
        )
    }
}

/// The parts of a restorer that are shared by all that are tried.
pub struct Ground {
    /// The language model.
    pub model: Arc<Model>,
    /// The dictionaries, without what was learned.
    pub dictionaries: Arc<Dictionaries>,
    /// How text is restored, but for what corrections have shown.
    pub options: Options,
}

impl Ground {
    /// What these resources restore with.
    ///
    /// # Errors
    /// As [`Resources::model`].
    pub fn of(resources: &Resources) -> Result<Ground> {
        let (model, dictionaries) = (Arc::clone(resources.model()?), Arc::clone(resources.dictionaries()));
        Ok(Ground { model, dictionaries, options: resources.restoring() })
    }

    /// A restorer that knows what was learned.
    ///
    /// # Errors
    /// [`ErrorKind::Definition`] or [`ErrorKind::Model`] where it is not in its form.
    pub fn restorer(&self, learned: &Learned) -> Result<Restorer> {
        let channel = LearnedChannel::with_confusions(self.model.vocabulary(), &learned.confusions)?;
        let dictionaries = Dictionaries::clone(&self.dictionaries).with_user_entries(learned.words.as_bytes())?.value;
        let options = Options { calibration: learned.calibration.unwrap_or_default(), ..self.options.clone() };
        Restorer::with(Arc::clone(&self.model), Box::new(channel), &dictionaries, options)
    }
}

/// Learns from all documents what was seen to help when learned from two thirds of them; None where it did not. Documents are taken in the
/// order given.
///
/// # Errors
/// [`ErrorKind::Definition`] where there are too few documents to measure on.
pub fn learn_from(documents: &[CorrectedDocument], ground: &Ground) -> Result<(Option<Learned>, Trial)> {
    if documents.len() < FEWEST {
        let message = format!("{} corrected documents are too few to learn from", documents.len());
        let remedy = format!("correct {FEWEST} documents or more: every third is held back to measure on");
        return Err(Error::new(ErrorKind::Definition, message).remedy(remedy));
    }
    let documents: Vec<Truth> = documents.iter().map(Truth::of).collect();
    let is_held_back = |index: usize| index % HELD_BACK == HELD_BACK - 1;
    let (held, rest): (Vec<_>, Vec<_>) = documents.iter().enumerate().partition(|(index, _)| is_held_back(*index));
    let [held, rest] = [held, rest].map(|part| part.into_iter().map(|(_, d)| d).collect::<Vec<_>>());

    let mut trial = Trial { learned_from: rest.len(), held_back: held.len(), ..Trial::default() };
    let before = count(&held, &ground.restorer(&Learned::default())?);
    (trial.words, trial.wrong_before, trial.spoiled_before) = before;
    // Letters and words help by themselves or together; the best that spoils nothing more is kept.
    let mut best: Option<(Parts, Trial)> = None;
    let [rare, usual] = RAREST.map(Some);
    for parts in [(rare, true), (rare, false), (usual, true), (usual, false), (None, true)] {
        let mut tried = trial;
        (_, tried.wrong_after, tried.spoiled_after) = count(&held, &ground.restorer(&learned(&rest, parts))?);
        let better =
            |known: &(Parts, Trial)| (!tried.helps(), tried.wrong_after) < (!known.1.helps(), known.1.wrong_after);
        if best.as_ref().is_none_or(better) {
            best = Some((parts, tried));
        }
    }
    let (parts, mut trial) = best.unwrap_or(((None, false), trial));
    let parts = if trial.helps() { parts } else { (None, false) };
    // With what restoration will know, and on documents that it has not learned from.
    let fitted = calibrate(&held, &ground.restorer(&learned(&rest, parts))?);
    (trial.changes, trial.loss_before, trial.loss_after) = (fitted.changes, fitted.loss_before, fitted.loss_after);
    let all: Vec<&Truth> = documents.iter().collect();
    let kept = Learned { calibration: fitted.calibration, ..learned(&all, parts) };
    Ok(((kept != Learned::default()).then_some(kept), trial))
}

/// What is learned: letters down to a share, if any, and whether words.
type Parts = (Option<f32>, bool);

/// What these documents teach.
fn learned(documents: &[&Truth], (letters, words): Parts) -> Learned {
    Learned {
        confusions: letters.map_or_else(String::new, |rarest| confusions_of(documents, rarest)),
        words: if words { words_of(documents) } else { String::new() },
        calibration: None,
    }
}

/// The letters that were taken for others, by expectation maximisation over the lines as seen and as printed.
fn confusions_of(documents: &[&Truth], rarest: f32) -> String {
    let mut pairs = Pairs::default();
    for document in documents {
        for (seen, printed) in document.seen.iter().zip(&document.printed) {
            for (seen, printed) in seen.recognised.lines.iter().zip(printed.printed_lines()) {
                pairs.add(&printed.text, &seen.text());
            }
        }
    }
    let alphabet = Alphabet::default();
    let table = learn::learn(&pairs, &alphabet);
    confusions::write(&table, rarest, &alphabet)
}

/// What a person wrote: phrases as they are; single syllables, alone and with the words beside them, where they came often.
fn words_of(documents: &[&Truth]) -> String {
    let mut written: BTreeMap<String, usize> = BTreeMap::new();
    let mut whole: BTreeSet<String> = BTreeSet::new();
    for correction in documents.iter().flat_map(|d| &d.corrections).filter(|c| c.before != c.after) {
        let word = |text: &str| {
            let text = text.trim_matches(|c: char| !c.is_alphanumeric());
            let wordy = text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\''));
            (wordy && !text.is_empty()).then(|| text.to_owned())
        };
        let Some(after) = word(&correction.after) else { continue };
        if !after.contains(' ') {
            // Beside a full stop or a bracket nothing belongs together.
            let open = |text: &str| text.chars().all(char::is_alphabetic);
            if let Some(left) = word(&correction.left).filter(|_| open(&correction.left)) {
                *written.entry(format!("{left} {after}")).or_default() += 1;
            }
            if let Some(right) = word(&correction.right).filter(|_| open(&correction.after)) {
                *written.entry(format!("{after} {right}")).or_default() += 1;
            }
        }
        if after.contains(' ') {
            whole.insert(after.clone());
        }
        *written.entry(after).or_default() += 1;
    }
    let mut out = String::new();
    for (text, times) in &written {
        if *times >= OFTEN || whole.contains(text) {
            out.push_str(&format!("{text}\n"));
        }
    }
    out
}

/// Words, those that are wrong when restored, and those of them that were seen right.
fn count(documents: &[&Truth], restorer: &Restorer) -> (usize, usize, usize) {
    let (mut all, mut wrong, mut spoiled) = (0, 0, 0);
    for document in documents {
        let pages: Vec<_> = document.seen.iter().map(|p| p.recognised.clone()).collect();
        let restored = restorer.restore_pages(pages);
        let lines = |pages: &[RestoredPage]| pages.iter().flat_map(RestoredPage::printed_lines).collect::<Vec<_>>();
        let seen = document.seen.iter().flat_map(|p| &p.recognised.lines);
        for ((restored, printed), seen) in lines(&restored).iter().zip(&lines(&document.printed)).zip(seen) {
            let seen = seen.text();
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let (restored, seen, printed) = (words(&restored.text), words(&seen), words(&printed.text));
            all += printed.len();
            if restored.len() != printed.len() {
                // Words that fell together or apart: as many as do not come back.
                wrong += printed.iter().filter(|word| !restored.contains(word)).count();
                continue;
            }
            for (at, word) in printed.iter().enumerate().filter(|(at, word)| restored[*at] != **word) {
                wrong += 1;
                spoiled += usize::from(seen.len() == printed.len() && seen[at] == *word);
            }
        }
    }
    (all, wrong, spoiled)
}

impl Learned {
    /// The folder beside results that it is kept in.
    pub const FOLDER: &str = "learned";

    /// What is kept beside these results; None where nothing is.
    ///
    /// # Errors
    /// [`ErrorKind::Unreadable`] where it is there and cannot be read.
    pub fn load(results: &Path) -> Result<Option<Learned>> {
        let read = |name: &str| {
            let path = results.join(Learned::FOLDER).join(name);
            match std::fs::read_to_string(&path) {
                Ok(text) => Ok(text),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
                Err(error) => Err(Error::io(&path, error)),
            }
        };
        let calibration = match read("calibration.json")? {
            text if text.is_empty() => None,
            text => Some(serde_json::from_str(&text).map_err(|e| {
                Error::new(ErrorKind::Definition, "this calibration is not in its form")
                    .file(results.join(Learned::FOLDER).join("calibration.json"))
                    .remedy("run `sohoa learn` again, or remove the file")
                    .source(e)
            })?),
        };
        let learned = Learned { confusions: read("confusions.tsv")?, words: read("words.tsv")?, calibration };
        Ok((learned != Learned::default()).then_some(learned))
    }

    /// Keeps it beside these results, with how it did.
    ///
    /// # Errors
    /// [`ErrorKind::Unwritable`] where it cannot be written.
    pub fn save(&self, results: &Path, trial: &Trial) -> Result<()> {
        let folder = results.join(Learned::FOLDER);
        std::fs::create_dir_all(&folder)
            .map_err(|e| Error::new(ErrorKind::Unwritable, "the folder cannot be made").file(&folder).source(e))?;
        let trial = serde_json::to_string_pretty(trial).unwrap_or_default() + "\n";
        for (name, text) in [("confusions.tsv", &self.confusions), ("words.tsv", &self.words), ("trial.json", &trial)] {
            write_whole(&folder.join(name), text.as_bytes())?;
        }
        let calibration = folder.join("calibration.json");
        match self.calibration {
            Some(found) => {
                let text = serde_json::to_string_pretty(&found).unwrap_or_default() + "\n";
                write_whole(&calibration, text.as_bytes())
            }
            None => match std::fs::remove_file(&calibration) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unwritable(&calibration, error)),
                _ => Ok(()),
            },
        }
    }

    /// `resources` with a restorer that knows what was learned, if anything was.
    ///
    /// # Errors
    /// Where what is kept is not in its form any more.
    pub fn resources(learned: Option<&Learned>, resources: &Resources) -> Result<Resources> {
        let Some(learned) = learned else { return Ok(resources.clone()) };
        Ok(resources.with_restorer(Ground::of(resources)?.restorer(learned)?))
    }

    /// SHA-256 of it, in lower-case hexadecimal.
    pub fn sha256(&self) -> String {
        let calibration = self.calibration.map(|c| serde_json::to_string(&c).unwrap_or_default()).unwrap_or_default();
        sha256(format!("{}\0{}\0{calibration}", self.confusions, self.words).as_bytes())
    }
}

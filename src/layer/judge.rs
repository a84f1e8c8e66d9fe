//! What is done with a text layer, and why.

use super::Quality;
use crate::diagnostics::{Diagnostic, Outcome};
use crate::dict::Dictionaries;
use crate::document::Place;
use crate::encoding::{Converter, Encoding, Piece};
use crate::page::{Line, RecognisedPage, Word};
use crate::raster::{LayerLine, LayerWord, TextLayer};
use crate::restore::Restorer;
use crate::text::fold;
use crate::text::nfc::{self, Nfc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which text of a page is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// The layer as it is.
    Take,
    /// The layer, its misread letters and lost marks restored.
    Restore,
    /// The layer, converted from an old encoding.
    Decode,
    /// None of it: the page's image is recognised.
    Recognise,
}

/// What the user wants done with text layers: `--text-layer`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Policy {
    /// Judge each page's layer.
    #[default]
    Auto,
    /// Take every layer as it is, old encodings converted.
    Trust,
    /// Restore every layer.
    Restore,
    /// Recognise every page.
    Ignore,
}

/// The decision on one page's layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// What is to be done.
    pub decision: Decision,
    /// Why, for the report: lower case, no full stop.
    pub reason: String,
    /// The layer's words, NFC and converted where they were in an old encoding: what is taken, or restored. Empty with
    /// [`Decision::Recognise`].
    pub text: RecognisedPage,
    /// The figures of the converted text; None where it was not looked at.
    pub quality: Option<Quality>,
}

/// Of the words of right pages the restorer changes 0.1 % (decrees) to 0.7 % (news), of pages with one word in twenty
/// stripped of its marks 5 %.
const RESTORED: f32 = 0.02;
/// This many changes more are allowed, for pages of few words.
const RESTORED_ANYWAY: f32 = 1.0;
/// Above this, words are lost in such numbers that the image, where there is one, tells more: pages that an English model
/// read measure 14 to 18 bits, stripped ones 16.
const HOPELESS_BITS: f32 = 11.0;
/// Share of glyphs without Unicode above which a layer is no text.
const UNMAPPED: f32 = 0.03;
/// A recogniser's layer with fewer letters is of one that lost the page.
const FEW_LETTERS: usize = 60;
/// A page where fewer words agree with what is printed has another page's layer, or one that is shifted.
const AGREES: f32 = 0.5;
/// Where fewer words are in use, a layer that the print agrees with is in another language.
const OTHER_LANGUAGE: f32 = 0.5;

/// Judges text layers.
#[derive(Clone, Copy)]
pub struct Judge<'a> {
    known: &'a Dictionaries,
    restorer: &'a Restorer,
}

impl<'a> Judge<'a> {
    /// A judge that knows these words, and takes for right what this restorer leaves as it is.
    pub fn new(known: &'a Dictionaries, restorer: &'a Restorer) -> Self {
        Judge { known, restorer }
    }

    /// Decides what is done with a page's layer. `agreement` is what [`agreement`] gave with a quick recognition of a few
    /// of its lines; None where none was made.
    pub fn judge(&self, layer: &TextLayer, agreement: Option<f32>, policy: Policy) -> Outcome<Judgement> {
        if policy == Policy::Ignore {
            return Outcome::clean(Judgement::recognise("text layers are to be ignored", None));
        }
        let mut outcome = self.convert(layer);
        for diagnostic in &mut outcome.diagnostics {
            diagnostic.place = Some(Place::page(layer.page));
        }
        let converted = outcome.value;
        let mut diagnostics = outcome.diagnostics;
        let lines: Vec<String> = converted.text.lines.iter().map(|l| l.text()).collect();
        let quality = Quality::of(lines.iter().map(String::as_str), self.known, self.restorer.model());
        let taken = match &converted.encodings {
            None => Decision::Take,
            Some(_) => Decision::Decode,
        };
        let (decision, reason) = match policy {
            Policy::Trust => (taken, "text layers are to be trusted".to_owned()),
            Policy::Restore => (Decision::Restore, "text layers are to be restored".to_owned()),
            Policy::Auto | Policy::Ignore => self.weigh(layer, agreement, &quality, &converted, &lines),
        };
        if decision == Decision::Recognise {
            // What could not be converted is of no interest where nothing of it is used.
            return Outcome::clean(Judgement::recognise(reason, Some(quality)));
        }
        if decision == Decision::Take && quality.words >= 20 && quality.in_use < OTHER_LANGUAGE {
            let message = "the text layer is not in Vietnamese, as far as can be told, and was taken as it is";
            diagnostics.push(Diagnostic::info(message).at(Place::page(layer.page)));
        }
        let judgement = Judgement { decision, reason, text: converted.text, quality: Some(quality) };
        Outcome { value: judgement, diagnostics }
    }

    fn weigh(
        &self,
        layer: &TextLayer,
        agreement: Option<f32>,
        quality: &Quality,
        converted: &Converted,
        lines: &[String],
    ) -> (Decision, String) {
        let unmapped = layer.glyphs.unmapped as f32 / layer.glyphs.all.max(1) as f32;
        if unmapped > UNMAPPED {
            return (Decision::Recognise, format!("{} of its glyphs have no Unicode", percent(unmapped)));
        }
        if layer.is_laid() && quality.letters < FEW_LETTERS {
            return (Decision::Recognise, format!("the layer has only {} letters over a scan", quality.letters));
        }
        if let Some(agreement) = agreement.filter(|&a| a < AGREES) {
            let reason = format!("only {} of its words agree with what is printed", percent(agreement));
            return (Decision::Recognise, reason);
        }
        let figures = format!("{} of its words are in use, {:.1} bits a word", percent(quality.in_use), quality.bits);
        if agreement.is_some() && quality.in_use < OTHER_LANGUAGE && !quality.is_misread() {
            return (Decision::Take, format!("it is in another language: {figures}"));
        }
        let restored = self.restored(lines);
        let few = restored as f32 <= RESTORED_ANYWAY + RESTORED * quality.words as f32;
        if few && (quality.words < 5 || quality.is_usual() || agreement.is_some()) {
            return match &converted.encodings {
                Some(names) => (Decision::Decode, format!("it was in {names}; converted, {figures}")),
                None => (Decision::Take, figures),
            };
        }
        let figures = format!("{figures}, {restored} of {} words to restore", quality.words);
        if layer.is_laid() && quality.bits > HOPELESS_BITS {
            return (Decision::Recognise, format!("too much of it is misread: {figures}"));
        }
        (Decision::Restore, format!("some of it is misread: {figures}"))
    }

    /// How many words the restorer would change.
    fn restored(&self, lines: &[String]) -> usize {
        self.restorer.restore_text(&lines.join("\n")).tokens.iter().filter(|t| t.before != t.after).count()
    }

    /// The layer's words in Unicode.
    fn convert(&self, layer: &TextLayer) -> Outcome<Converted> {
        let fragments = Fragments::of(layer);
        let pieces: Vec<Piece> =
            fragments.pieces.iter().map(|(text, font)| Piece { text, font: font.as_deref() }).collect();
        let outcome = Converter::new(self.known).convert_pieces(&pieces);
        let mut text = recognised(layer);
        let mut names: BTreeSet<Encoding> = BTreeSet::new();
        names.extend(outcome.value.iter().flat_map(|c| &c.runs).map(|r| r.encoding));
        // A font of capitals changes even words in plain letters, with no run to show for it.
        if outcome.value.iter().zip(&pieces).any(|(converted, piece)| converted.text != piece.text) {
            let mut texts = vec![String::new(); fragments.count];
            let parts = outcome.value.iter().flat_map(|c| c.text.split_inclusive([' ', '\n']));
            for (&word, part) in fragments.words.iter().zip(parts) {
                texts[word].push_str(part.trim_end_matches([' ', '\n']));
            }
            let words = text.lines.iter_mut().flat_map(|l| &mut l.words);
            words.zip(texts).for_each(|(word, text)| word.text = Nfc::from(text).into_string());
        }
        let names: Vec<&str> = names.into_iter().map(Encoding::name).collect();
        let encodings = (!names.is_empty()).then(|| names.join(", "));
        Outcome { value: Converted { text, encodings }, diagnostics: outcome.diagnostics }
    }
}

/// The layer as a recogniser would hand it on: its words as the file gives them, NFC, with confidence 1.
fn recognised(layer: &TextLayer) -> RecognisedPage {
    let word = |word: &LayerWord| Word {
        text: nfc::compose(&word.text()).into_owned(),
        rect: word.rect,
        confidence: 1.0,
        ..Word::default()
    };
    let line = |line: &LayerLine| Line {
        words: line.words.iter().map(word).collect(),
        rect: line.rect,
        block: line.block,
        cell: None,
    };
    RecognisedPage { page: layer.page, lines: layer.lines.iter().map(line).collect() }
}

impl Judgement {
    /// That the page's image is to be recognised, for this reason.
    pub fn recognise(reason: impl Into<String>, quality: Option<Quality>) -> Judgement {
        Judgement { decision: Decision::Recognise, reason: reason.into(), text: RecognisedPage::default(), quality }
    }
}

fn percent(share: f32) -> String {
    format!("{:.0} %", share * 100.0)
}

struct Converted {
    text: RecognisedPage,
    /// Names of the encodings that something was in; None where nothing was changed.
    encodings: Option<String>,
}

/// The layer's letters as pieces of one font each, and which word each fragment belongs to.
struct Fragments {
    /// Fragments of one font, each followed by a space or, at a line's end, a line feed; the last one of a piece by nothing
    /// where the word goes on in another font.
    pieces: Vec<(String, Option<Arc<str>>)>,
    /// For each fragment, in order, the number of its word on the page.
    words: Vec<usize>,
    /// Words of the page.
    count: usize,
}

impl Fragments {
    fn of(layer: &TextLayer) -> Fragments {
        let mut found = Fragments { pieces: Vec::new(), words: Vec::new(), count: 0 };
        for line in &layer.lines {
            for (at, word) in line.words.iter().enumerate() {
                for (number, run) in word.runs.iter().enumerate() {
                    let same = found.pieces.last().is_some_and(|(_, font)| *font == run.font);
                    // A run of the same font within the word goes on in the same fragment.
                    if !(same && number > 0) {
                        found.words.push(found.count);
                    }
                    if !same {
                        found.pieces.push((String::new(), run.font.clone()));
                    }
                    if let Some((piece, _)) = found.pieces.last_mut() {
                        // Only what parts fragments may be a plain space or a line feed.
                        piece.extend(run.text.chars().map(|c| if matches!(c, ' ' | '\n') { '\u{A0}' } else { c }));
                        if number + 1 == word.runs.len() {
                            piece.push(if at + 1 == line.words.len() { '\n' } else { ' ' });
                        }
                    }
                }
                found.count += 1;
            }
        }
        found
    }
}

/// The share of the recognised words that the layer has as well, marks and case left aside, from 0 to 1; 1 where nothing
/// was recognised.
///
/// A layer that was read by another recogniser agrees in most of its letters; one that belongs elsewhere does not.
pub fn agreement<'a>(layer: impl IntoIterator<Item = &'a str>, recognised: impl IntoIterator<Item = &'a str>) -> f32 {
    let words = |line: &str| line.split_whitespace().map(fold::key).filter(|w| w.len() > 1).collect::<Vec<_>>();
    let mut held: BTreeMap<String, usize> = BTreeMap::new();
    for word in layer.into_iter().flat_map(words) {
        *held.entry(word).or_default() += 1;
    }
    let (mut all, mut found) = (0, 0);
    for word in recognised.into_iter().flat_map(words) {
        all += 1;
        if let Some(left) = held.get_mut(&word).filter(|left| **left > 0) {
            *left -= 1;
            found += 1;
        }
    }
    if all == 0 { 1.0 } else { found as f32 / all as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::{Glyphs, LayerRun};
    use std::sync::LazyLock;

    static KNOWN: LazyLock<Dictionaries> = LazyLock::new(Dictionaries::embedded);
    static RESTORER: LazyLock<Restorer> = LazyLock::new(|| Restorer::embedded().unwrap());

    const RIGHT: &str = "Trong quý, Ủy ban nhân dân xã đã chỉ đạo các thôn rà soát hồ sơ, giải quyết đúng hạn.\n\
        Bộ phận một cửa tiếp nhận 214 hồ sơ; không có hồ sơ quá hạn. Người dân đánh giá hài lòng.";

    /// A layer whose first letters are in a font of capitals where a word is written as `ñ|y`.
    fn layer(text: &str, font: Option<&str>) -> TextLayer {
        let run = |part: &str, font: Option<&str>| LayerRun { text: part.into(), font: font.map(Into::into) };
        let word = |word: &str| LayerWord {
            runs: match word.split_once('|') {
                Some((capital, rest)) => vec![run(capital, Some(".VnTimeH")), run(rest, font)],
                None => vec![run(word, font)],
            },
            ..LayerWord::default()
        };
        let lines = text.lines().map(|l| LayerLine { words: l.split(' ').map(word).collect(), ..LayerLine::default() });
        let all = text.chars().filter(|c| !c.is_whitespace()).count();
        let glyphs = Glyphs { all, ..Glyphs::default() };
        TextLayer { page: 3, lines: lines.collect(), glyphs, ..TextLayer::default() }
    }

    fn judge(layer: &TextLayer, policy: Policy) -> Judgement {
        Judge::new(&KNOWN, &RESTORER).judge(layer, None, policy).value
    }

    fn over_a_scan(layer: TextLayer) -> TextLayer {
        let glyphs = Glyphs { hidden: layer.glyphs.all, ..layer.glyphs };
        TextLayer { scan: true, glyphs, ..layer }
    }

    #[test]
    fn a_right_layer_is_taken_whatever_is_under_it() {
        for layer in [layer(RIGHT, None), over_a_scan(layer(RIGHT, None))] {
            let judgement = judge(&layer, Policy::Auto);
            assert_eq!(judgement.decision, Decision::Take, "{}", judgement.reason);
            assert_eq!(judgement.text.text(), format!("{RIGHT}\n"));
        }
    }

    #[test]
    fn a_stripped_layer_is_restored_or_read_again() {
        let stripped = layer(&fold::without_marks(RIGHT), None);
        assert_eq!(judge(&stripped, Policy::Auto).decision, Decision::Restore);
        assert_eq!(judge(&over_a_scan(stripped), Policy::Auto).decision, Decision::Recognise);
    }

    #[test]
    fn words_in_several_fonts_are_decoded_as_one() {
        let old =
            "ñ|y ban nh©n d©n x· ®· chØ ®¹o c¸c th«n rµ so¸t hå s¬,\ngi¶i quyÕt ®óng h¹n hå s¬ cña ng\u{AD}êi d©n.";
        let judgement = judge(&layer(old, Some("ABCDEF+.VnTime")), Policy::Auto);
        assert_eq!(judgement.decision, Decision::Decode, "{}", judgement.reason);
        let text = "Ủy ban nhân dân xã đã chỉ đạo các thôn rà soát hồ sơ,\ngiải quyết đúng hạn hồ sơ của người dân.\n";
        assert_eq!(judgement.text.text(), text);
        assert!(judgement.reason.contains("TCVN3"), "{}", judgement.reason);
    }

    #[test]
    fn layers_that_are_no_text_are_left() {
        let mut unmapped = layer(RIGHT, None);
        unmapped.glyphs.unmapped = unmapped.glyphs.all / 5;
        assert_eq!(judge(&unmapped, Policy::Auto).decision, Decision::Recognise);
        assert_eq!(judge(&over_a_scan(layer("Số: 12", None)), Policy::Auto).decision, Decision::Recognise);
        let elsewhere = Judge::new(&KNOWN, &RESTORER).judge(&over_a_scan(layer(RIGHT, None)), Some(0.1), Policy::Auto);
        assert_eq!(elsewhere.value.decision, Decision::Recognise);
    }

    #[test]
    fn the_user_has_the_last_word() {
        let stripped = over_a_scan(layer(&fold::without_marks(RIGHT), None));
        for (policy, decision) in [
            (Policy::Trust, Decision::Take),
            (Policy::Restore, Decision::Restore),
            (Policy::Ignore, Decision::Recognise),
        ] {
            assert_eq!(judge(&stripped, policy).decision, decision);
        }
    }

    #[test]
    fn another_language_is_taken_and_said() {
        let english = "The committee received two hundred files during the second quarter and returned most of them in time.\n\
            Nothing was left undone, and no complaint was made by any of the parties concerned in the matter.";
        let outcome = Judge::new(&KNOWN, &RESTORER).judge(&layer(english, None), Some(0.9), Policy::Auto);
        assert_eq!(outcome.value.decision, Decision::Take, "{}", outcome.value.reason);
        assert_eq!(outcome.diagnostics.len(), 1);
    }

    #[test]
    fn agreement_counts_words_whatever_their_marks() {
        assert_eq!(agreement(["Uy ban nhan dan"], ["Ủy ban nhân dân"]), 1.0);
        assert_eq!(agreement(["một hai ba"], ["bốn năm sáu bảy"]), 0.0);
        assert_eq!(agreement(["một hai"], []), 1.0);
    }
}

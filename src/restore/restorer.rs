//! [`Restorer`]: text as seen in, text as printed out.

use super::calibration::Calibration;
use super::channel::LearnedChannel;
use super::channel::candidate::Channel;
use super::channel::memo::CandidateCache;
use super::choice::Choice;
use super::context::ContextModel;
use super::document::adaptation::{calibrate, evidence, is_foreign};
use super::document::digits;
use super::document::erased;
use super::document::gazetteer::Gazetteer;
use super::document::numbers;
use super::document::window::{Mixture, Window};
use super::document::{presumption, repeated};
use super::passes::{Decoding, Knowledge};
use super::protect::Codes;
use super::readings::Belief;
use super::source::Source;
use super::tagger::{Tagger, Witness};
use crate::dict::Dictionaries;
use crate::error::Result;
use crate::lm::Model;
use crate::pool::Pool;
use std::sync::{Arc, OnceLock};

/// Restores text; shared between threads by reference.
pub struct Restorer {
    knowledge: Knowledge,
    channel: Box<dyn Channel>,
    options: Options,
    memo: CandidateCache,
    /// Of two tokens put together.
    joins: CandidateCache,
    /// What has decoded windows and is at rest.
    decodings: Pool<Decoding>,
    sha256: OnceLock<String>,
    /// Loaded with the first text that needs it.
    tagger: OnceLock<Option<Tagger>>,
}

/// How text is restored.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether what is seen clearly in one place helps where it is unclear, within some hundred lines. On unless told otherwise.
    pub adapt: bool,
    /// Whether digits stay digits even where misread text surely had a word there. Off unless told otherwise.
    pub keep_digits: bool,
    /// What corrections have shown of how far posteriors are to be believed; leaves them as they are unless told otherwise.
    pub calibration: Calibration,
}

impl Default for Options {
    fn default() -> Self {
        Options { adapt: true, keep_digits: false, calibration: Calibration::default() }
    }
}

/// Times that the channel is drawn towards a text that was read poorly, each time with what was read the time before; a third changes nothing.
const ADAPTATIONS: usize = 2;
impl Restorer {
    /// The restorer with the model and channel that come with the program.
    ///
    /// # Errors
    /// None with the files as they were shipped.
    pub fn embedded() -> Result<Self> {
        Restorer::of(Arc::new(Model::embedded()?), &Dictionaries::embedded())
    }

    /// The restorer with this model and these dictionaries, and the channel that comes with the program.
    ///
    /// # Errors
    /// None with the files as they were shipped.
    pub fn of(model: Arc<Model>, dictionaries: &Dictionaries) -> Result<Self> {
        let channel = LearnedChannel::embedded(model.vocabulary())?;
        Restorer::with(model, Box::new(channel), dictionaries, Options::default())
    }

    /// The restorer with this model, a channel for its vocabulary, and these dictionaries.
    ///
    /// # Errors
    /// None with the context model as it was shipped.
    pub fn with(
        model: Arc<Model>,
        channel: Box<dyn Channel>,
        dictionaries: &Dictionaries,
        options: Options,
    ) -> Result<Self> {
        let codes = Codes::new(dictionaries);
        let vocabulary = model.vocabulary();
        let (context, gazetteer) =
            rayon::join(|| ContextModel::embedded(vocabulary), || Gazetteer::new(dictionaries, vocabulary));
        let (memo, joins) = (CandidateCache::of_tokens(), CandidateCache::of_joins());
        let (decodings, sha256, tagger) = Default::default();
        let context = context?;
        let knowledge = Knowledge { model, context, codes, gazetteer };
        Ok(Restorer { knowledge, channel, options, memo, joins, decodings, sha256, tagger })
    }

    /// Does what takes a [`Decoding`], with one that remembers windows before where there is one.
    pub(super) fn with_decoding<T>(&self, work: impl FnOnce(&mut Decoding) -> T) -> T {
        let mut decoding = self.decodings.take().unwrap_or_default();
        let done = work(&mut decoding);
        self.decodings.give(decoding);
        done
    }

    /// SHA-256 of the language model's file, in hexadecimal.
    pub fn model_sha256(&self) -> &str {
        self.sha256.get_or_init(|| self.knowledge.model.sha256())
    }

    /// The document number with its letters put right; None where there is nothing to change.
    pub(super) fn code(&self, seen: &str, misread: bool) -> Option<String> {
        if misread { self.knowledge.codes.restore_misread(seen) } else { self.knowledge.codes.restore(seen) }
    }

    /// The abbreviation that a word unknown to the model is a misreading of, as the text around has it often; None where it is none.
    pub(super) fn abbreviation(&self, seen: &str, count: impl Fn(&str) -> u32) -> Option<&'static str> {
        self.knowledge.codes.abbreviation(seen, count)
    }

    /// The language model.
    pub fn model(&self) -> &Model {
        &self.knowledge.model
    }

    /// Cuts lines, which are NFC, into tokens and chooses what was printed for each.
    pub(super) fn window(&self, lines: &[&str], decoding: &mut Decoding) -> (Window, Vec<Choice>) {
        let (window, mut chosen) = self.decide(lines, decoding);
        self.options.calibration.apply(&mut chosen);
        (window, chosen)
    }

    fn decide(&self, lines: &[&str], decoding: &mut Decoding) -> (Window, Vec<Choice>) {
        let known = Source {
            channel: &*self.channel,
            memo: &self.memo,
            joins: &self.joins,
            belief: Belief::KNOWN,
            numbers: None,
            witness: None,
        };
        let (mut window, mut chosen, mixture) = self.read(lines, known, decoding);
        if !self.options.adapt || !is_foreign(&window, &chosen, &mixture) {
            return (window, chosen);
        }
        let witness = self.tagger().and_then(|tagger| Witness::of(tagger, lines).ok());
        let mut numbers = Vec::new();
        for _ in 0..ADAPTATIONS {
            let Some(channel) = self.channel.adapted(&evidence(&window, &chosen, &self.knowledge.model)) else { break };
            let (memo, joins) = (CandidateCache::of_tokens(), CandidateCache::of_joins());
            numbers::find(&window, lines, &chosen, &self.knowledge.model, &mut numbers);
            let adapted = Source {
                channel: &*channel,
                memo: &memo,
                joins: &joins,
                belief: Belief::UNKNOWN,
                numbers: Some(&numbers),
                witness: witness.as_ref(),
            };
            (window, chosen, _) = self.read(lines, adapted, decoding);
        }
        erased::fill(&window, lines, &mut chosen, &self.knowledge.model, Belief::UNKNOWN.channel);
        calibrate(&window, &mut chosen);
        if let Some(witness) = witness.as_ref().filter(|_| !self.options.keep_digits) {
            digits::read(&window, lines, &mut chosen, &self.knowledge.model, witness);
        }
        (window, chosen)
    }

    /// The tagger that comes with the program; None where its files are damaged.
    fn tagger(&self) -> Option<&Tagger> {
        // In a thread of its own: loading waits for threads of its own, and one of rayon's that waits so takes up the next window meanwhile,
        // which may ask for the tagger, too.
        let load = || Tagger::embedded(self.knowledge.model.vocabulary()).ok();
        let load = || std::thread::scope(|scope| scope.spawn(load).join().ok().flatten());
        self.tagger.get_or_init(load).as_ref()
    }

    /// Reads a window in two passes, with candidates of this source.
    fn read(&self, lines: &[&str], source: Source, decoding: &mut Decoding) -> (Window, Vec<Choice>, Mixture) {
        let mut first = self.knowledge.first_pass(lines, source, decoding);
        let again = self.options.adapt && first.is_unsure();
        let mut chosen =
            if again { self.knowledge.second_pass(lines, &first, decoding) } else { std::mem::take(&mut first.chosen) };
        presumption::presume(&first.window, &first.mixture, &mut chosen);
        presumption::presume(&first.window, &first.mixture, &mut chosen);
        repeated::keep(&first.window, &first.mixture, self.knowledge.model.vocabulary(), &mut chosen);
        (first.window, chosen, first.mixture)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_restorer_remembers_changes_nothing() {
        let restorer = Restorer::embedded().unwrap();
        let texts =
            ["Uy ban nhan dan xa bao cao ket qua thuc hien", "B4o cdo ket qua th trc hien nhiem vu", "Ủy ban nhân dân"];
        let first = texts.map(|text| restorer.restore_plain(text));
        assert_eq!(texts.map(|text| restorer.restore_plain(text)), first);
        assert_eq!(texts.map(|text| Restorer::embedded().unwrap().restore_plain(text)), first);
    }

    #[test]
    fn what_corrections_have_shown_makes_changes_less_sure_and_no_others() {
        let with = |calibration| {
            let model = Arc::new(Model::embedded().unwrap());
            let channel = LearnedChannel::embedded(model.vocabulary()).unwrap();
            let options = Options { calibration, ..Options::default() };
            let restorer = Restorer::with(model, Box::new(channel), &Dictionaries::embedded(), options).unwrap();
            restorer.restore_text("Uy ban nhan dan xa bao cao ket qua thuc hien nhiem vu nam 2025")
        };
        let plain = with(Calibration::default());
        let humble = with(Calibration { scale: 0.5, shift: -1.0 });
        assert_eq!(plain.text, humble.text);
        let changed = |t: &&crate::restore::RestoredToken| t.grade.is_some();
        let posteriors = |all: &crate::restore::RestoredText| {
            all.tokens.iter().filter(changed).map(|t| t.posterior).collect::<Vec<_>>()
        };
        let pairs: Vec<(f32, f32)> = posteriors(&plain).into_iter().zip(posteriors(&humble)).collect();
        assert!(pairs.len() > 8 && pairs.iter().all(|(before, after)| after < before), "{pairs:?}");
    }
}

//! Which recognisers read, chosen once for a run; hands each thread one of its own.

use super::ctc::{CtcModel, LineBox};
use super::legibility::TesseractLegibility;
use super::tesseract::{Tesseract, TesseractOptions};
use super::{FigurePlace, FusedRecogniser, Recogniser, Recorded};
use crate::clean::Legibility;
use crate::diagnostics::{Diagnostic, Outcome};
use crate::dict::Dictionaries;
use crate::error::{Error, ErrorKind, Result};
use crate::lm::Model;
use crate::page::{Alternative, Line, RecognisedPage};
use crate::pool::Pool;
use crate::raster::PageImage;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Which recognisers read a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Engines {
    /// The line network first, Tesseract for what it is not sure of; where the network is not installed Tesseract alone, with a remark.
    #[default]
    Cascade,
    /// Both for all of a page; where the network is not installed as [`Engines::Cascade`].
    Both,
    /// Tesseract alone.
    Tesseract,
    /// The line network alone: the fastest, with more errors.
    Fast,
}

/// What the recognisers of a run are made of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EngineOptions {
    /// Which of them read.
    pub engines: Engines,
    /// The first recogniser.
    pub tesseract: TesseractOptions,
    /// Folder of the line network; None to look for it, see [`CtcModel::find`].
    pub ctc_model: Option<PathBuf>,
    /// Replay pages from this folder in place of reading them; None to read.
    pub replay: Option<PathBuf>,
}

/// The line network and what its readings are weighed with.
struct Network {
    model: Arc<CtcModel>,
    dictionaries: Arc<Dictionaries>,
    language: Arc<Model>,
}

/// Makes recognisers, and lends them to whichever thread has a page.
pub struct Engine {
    options: EngineOptions,
    network: Option<Network>,
    name: String,
    /// Recognisers that no thread holds at the moment. A pool, since each costs about 90 ms and 15 MiB to make.
    idle: Pool<Box<dyn Recogniser>>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_tuple("Engine").field(&self.name).finish()
    }
}

impl Engine {
    /// Loads what the recognisers share, and checks that everything that they need is installed. Where the line network reads, its
    /// readings are weighed with the dictionaries and the language model.
    ///
    /// # Errors
    /// [`ErrorKind::EngineMissing`] where Tesseract's language data is not there, or the line network where it reads
    /// alone; [`ErrorKind::Model`] where the network's files are damaged.
    pub fn open(
        options: EngineOptions,
        dictionaries: &Arc<Dictionaries>,
        language: &Arc<Model>,
    ) -> Result<Outcome<Engine>> {
        let mut diagnostics = Vec::new();
        let mut network = None;
        if options.engines != Engines::Tesseract && options.replay.is_none() {
            match CtcModel::find(options.ctc_model.as_deref()) {
                Some(folder) => {
                    network = Some(Network {
                        model: Arc::new(CtcModel::load(&folder)?),
                        dictionaries: dictionaries.clone(),
                        language: language.clone(),
                    });
                }
                None if options.engines == Engines::Fast => {
                    return Err(Error::new(ErrorKind::EngineMissing, "the line recogniser is not installed")
                        .remedy("run `make recogniser`, or name its folder in SOHOA_CTC_MODEL"));
                }
                None => diagnostics.push(
                    Diagnostic::info("the second recogniser is not installed; pages are read by tesseract alone")
                        .hint("run `make recogniser`, or name its folder in SOHOA_CTC_MODEL"),
                ),
            }
        }
        let mut engine = Engine { options, network, name: String::new(), idle: Pool::default() };
        let first = engine.recogniser()?;
        engine.name = first.name();
        engine.idle.give(first);
        Ok(Outcome { value: engine, diagnostics })
    }

    /// The words of a cleaned page, in reading order, by a recogniser that is idle or a new one.
    ///
    /// # Errors
    /// As [`Recogniser::recognise`] and [`Engine::open`].
    pub fn recognise(&self, image: &PageImage) -> Result<RecognisedPage> {
        self.lend(|recogniser| recogniser.recognise(image))
    }

    /// Has this done by a recogniser that is idle or a new one.
    fn lend<T>(&self, work: impl FnOnce(&mut dyn Recogniser) -> Result<T>) -> Result<T> {
        let mut recogniser = self.idle.take().map_or_else(|| self.recogniser(), Ok)?;
        let done = work(&mut *recogniser)?;
        // One that failed may be in any state and is not used again.
        self.idle.give(recogniser);
        Ok(done)
    }

    /// What tells which way up a page lies: the line network, which is a hundred times faster at it, even where it reads no page
    /// in this run, else Tesseract. None where pages are replayed.
    ///
    /// # Errors
    /// As [`Engine::open`].
    pub fn legibility(&self) -> Result<Option<Arc<dyn Legibility>>> {
        if self.options.replay.is_some() {
            return Ok(None);
        }
        if let Some(network) = &self.network {
            return Ok(Some(network.model.clone()));
        }
        match CtcModel::find(self.options.ctc_model.as_deref()).filter(|f| f.join("rec.onnx").is_file()) {
            Some(folder) => Ok(Some(Arc::new(CtcModel::load(&folder)?))),
            None => Ok(Some(Arc::new(TesseractLegibility::new(&self.options.tesseract)?))),
        }
    }

    /// The words of single lines of an image, as [`Recogniser::recognise_lines`].
    ///
    /// # Errors
    /// As [`Recogniser::recognise`] and [`Engine::open`].
    pub fn recognise_lines(&self, image: &PageImage, places: &[LineBox]) -> Result<Option<Vec<Option<Line>>>> {
        self.lend(|recogniser| recogniser.recognise_lines(image, places))
    }

    /// What lines say if each is a figure, as [`Recogniser::recognise_figures`].
    ///
    /// # Errors
    /// As [`Recogniser::recognise`] and [`Engine::open`].
    pub fn recognise_figures(
        &self,
        image: &PageImage,
        places: &[FigurePlace],
    ) -> Result<Option<Vec<Vec<Alternative>>>> {
        self.lend(|recogniser| recogniser.recognise_figures(image, places))
    }

    /// Whether Tesseract reads without the line network beside it.
    pub fn is_tesseract_alone(&self) -> bool {
        self.network.is_none()
    }

    /// A recogniser of the caller's own.
    ///
    /// # Errors
    /// As [`Engine::open`].
    pub fn recogniser(&self) -> Result<Box<dyn Recogniser>> {
        if let Some(folder) = &self.options.replay {
            return Ok(Box::new(Recorded::replay(folder)));
        }
        let mut options = self.options.tesseract.clone();
        // Only beside the line network is anything made of what else a symbol may be.
        options.alternatives &= self.network.is_some();
        let tesseract = match self.options.engines {
            Engines::Fast => None,
            Engines::Both | Engines::Cascade | Engines::Tesseract => Some(Tesseract::new(options)?),
        };
        match (tesseract, &self.network) {
            (tesseract, Some(Network { model, dictionaries, language })) => {
                let (model, dictionaries, language) = (model.clone(), dictionaries.clone(), language.clone());
                let fused = FusedRecogniser::new(tesseract, model, dictionaries, language)?;
                Ok(Box::new(if self.options.engines == Engines::Cascade { fused.in_cascade()? } else { fused }))
            }
            (Some(tesseract), None) => Ok(Box::new(tesseract)),
            (None, None) => Err(Error::new(ErrorKind::Defect, "no recogniser was chosen")),
        }
    }

    /// Name, version and language data of the recognisers, as the report records them.
    pub fn name(&self) -> &str {
        &self.name
    }
}

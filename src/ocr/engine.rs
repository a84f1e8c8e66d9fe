//! Which recognisers read, chosen once for a run; hands each thread one of its own.

use super::tesseract::{Tesseract, TesseractOptions};
use super::{Recogniser, Recorded};
use crate::diagnostics::Outcome;
use crate::error::Result;
use std::path::PathBuf;

/// What the recognisers of a run are made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EngineOptions {
    /// The first recogniser.
    pub tesseract: TesseractOptions,
    /// Replay pages from this folder in place of reading them; None to read.
    pub replay: Option<PathBuf>,
}

/// Makes recognisers. It may be shared by threads; each makes one with [`Engine::recogniser`] and keeps it.
#[derive(Debug, Clone)]
pub struct Engine {
    options: EngineOptions,
    name: String,
}

impl Engine {
    /// Checks that everything the recognisers need is installed.
    ///
    /// # Errors
    /// [`ErrorKind::EngineMissing`](crate::error::ErrorKind::EngineMissing) where Tesseract's language data is not there.
    pub fn open(options: EngineOptions) -> Result<Outcome<Engine>> {
        let mut engine = Engine { options, name: String::new() };
        engine.name = engine.recogniser()?.name();
        Ok(Outcome::clean(engine))
    }

    /// A recogniser for the calling thread.
    ///
    /// # Errors
    /// As [`Engine::open`].
    pub fn recogniser(&self) -> Result<Box<dyn Recogniser>> {
        if let Some(folder) = &self.options.replay {
            return Ok(Box::new(Recorded::replay(folder)));
        }
        Ok(Box::new(Tesseract::new(self.options.tesseract.clone())?))
    }

    /// Name, version and language data of the recognisers, as the report records them.
    pub fn name(&self) -> &str {
        &self.name
    }
}

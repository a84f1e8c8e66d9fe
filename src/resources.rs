//! What reading is done with, made once and shared: dictionaries, language model, restorer, extractor.

use crate::dict::Dictionaries;
use crate::error::Result;
use crate::extract::{Definition, Extractor};
use crate::lm::Model;
use crate::restore::{LearnedChannel, Options, Restorer};
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// The dictionaries, models and definitions that come with the program. Each is made when it is first asked for, and then
/// shared: a clone is another handle on the same.
#[derive(Clone, Default)]
pub struct Resources {
    parts: Arc<Parts>,
}

#[derive(Default)]
struct Parts {
    dictionaries: OnceLock<Arc<Dictionaries>>,
    model: OnceLock<Arc<Model>>,
    restorer: OnceLock<Arc<Restorer>>,
    extractor: OnceLock<Arc<Extractor>>,
    keep_digits: bool,
}

impl Parts {
    fn without_restorer(&self) -> Parts {
        Parts {
            dictionaries: self.dictionaries.clone(),
            model: self.model.clone(),
            restorer: OnceLock::new(),
            extractor: self.extractor.clone(),
            keep_digits: self.keep_digits,
        }
    }
}

impl std::fmt::Debug for Resources {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.debug_struct("Resources").finish_non_exhaustive()
    }
}

impl Resources {
    /// Those that are embedded in the program.
    pub fn embedded() -> Self {
        Resources::default()
    }

    /// The same with a language model that is mapped from a file, as `sohoa train lm` writes it.
    ///
    /// # Errors
    /// [`ErrorKind::Unreadable`](crate::ErrorKind::Unreadable) or [`ErrorKind::Model`](crate::ErrorKind::Model) where it is not there, or is none.
    pub fn with_model(path: impl AsRef<Path>) -> Result<Self> {
        let parts = Parts { model: OnceLock::from(Arc::new(Model::open(path.as_ref())?)), ..Parts::default() };
        Ok(Resources { parts: Arc::new(parts) })
    }

    /// The same with another restorer.
    pub fn with_restorer(&self, restorer: Restorer) -> Resources {
        let parts = Parts { restorer: OnceLock::from(Arc::new(restorer)), ..self.parts.without_restorer() };
        Resources { parts: Arc::new(parts) }
    }

    /// The same with definitions of further families of reports, see [`Extractor::with_families`].
    ///
    /// # Errors
    /// As there.
    pub fn with_families(&self, definitions: Vec<Definition>) -> Result<Resources> {
        let extractor = OnceLock::from(Arc::new(Extractor::with_families(definitions)?));
        let parts = Parts { extractor, restorer: self.parts.restorer.clone(), ..self.parts.without_restorer() };
        Ok(Resources { parts: Arc::new(parts) })
    }

    /// The same with a restorer that leaves digits digits, or does not, see [`Options::keep_digits`].
    pub fn keeping_digits(&self, keep_digits: bool) -> Resources {
        Resources { parts: Arc::new(Parts { keep_digits, ..self.parts.without_restorer() }) }
    }

    /// How text is restored.
    pub fn restoring(&self) -> Options {
        Options { keep_digits: self.parts.keep_digits, ..Options::default() }
    }

    /// Syllables, abbreviations, kinds of documents, places and phrases.
    pub fn dictionaries(&self) -> &Arc<Dictionaries> {
        self.parts.dictionaries.get_or_init(|| Arc::new(Dictionaries::embedded()))
    }

    /// The language model.
    ///
    /// # Errors
    /// [`ErrorKind::Model`](crate::ErrorKind::Model) where the program was built with another one.
    pub fn model(&self) -> Result<&Arc<Model>> {
        once(&self.parts.model, Model::embedded)
    }

    /// What puts text right.
    ///
    /// # Errors
    /// As [`Resources::model`].
    pub fn restorer(&self) -> Result<&Arc<Restorer>> {
        once(&self.parts.restorer, || {
            let channel = LearnedChannel::embedded(self.model()?.vocabulary())?;
            Restorer::with(self.model()?.clone(), Box::new(channel), self.dictionaries(), self.restoring())
        })
    }

    /// What finds figures and fields.
    ///
    /// # Errors
    /// [`ErrorKind::Definition`](crate::ErrorKind::Definition) where a definition has a mistake in it.
    pub fn extractor(&self) -> Result<&Arc<Extractor>> {
        once(&self.parts.extractor, Extractor::embedded)
    }
}

/// What the cell holds, made now if it is empty. Of two threads that make it at a time one keeps its own.
fn once<T>(cell: &OnceLock<Arc<T>>, make: impl FnOnce() -> Result<T>) -> Result<&Arc<T>> {
    if let Some(made) = cell.get() {
        return Ok(made);
    }
    let made = Arc::new(make()?);
    Ok(cell.get_or_init(|| made))
}

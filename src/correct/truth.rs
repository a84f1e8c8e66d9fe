//! What corrections say of a document: how it was seen, and what is printed.

use super::{Correction, apply, in_force};
use crate::restore::RestoredPage;

/// A document that a person corrected.
#[derive(Debug, Clone)]
pub struct CorrectedDocument {
    /// Its pages before corrections; those whose text layer was taken as it is have nothing to teach and are left out.
    pub pages: Vec<RestoredPage>,
    /// All its corrections.
    pub corrections: Vec<Correction>,
}

/// A document as it was seen and as it is printed.
pub(super) struct Truth {
    pub(super) seen: Vec<RestoredPage>,
    pub(super) printed: Vec<RestoredPage>,
    pub(super) corrections: Vec<Correction>,
}

impl Truth {
    pub(super) fn of(document: &CorrectedDocument) -> Truth {
        let mut printed = document.pages.clone();
        // What nobody saw teaches nothing of what is seen.
        apply::lay(&mut printed, &document.corrections);
        let corrections = in_force(&document.corrections).into_iter().cloned().collect();
        Truth { seen: document.pages.clone(), printed, corrections }
    }
}

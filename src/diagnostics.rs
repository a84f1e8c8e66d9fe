//! What a step has to say beside its product: [`Diagnostic`]s, carried upward in an [`Outcome`] and never lost.

use crate::document::Place;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Something the reader may want to know, such as an estimated resolution.
    Info,
    /// The result may be wrong here and should be looked at.
    Warning,
    /// A page or a part of it could not be read.
    Error,
}

/// One remark about the input or the result, with its place and, where there is one, the remedy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// Where; None for the document as a whole.
    pub place: Option<Place>,
    /// What was found: lower case, no full stop.
    pub message: String,
    /// What to do about it; None where nothing can be done.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// A remark of this severity without place or hint.
    pub fn new(severity: Severity, message: impl Into<String>) -> Self {
        Diagnostic { severity, place: None, message: message.into(), hint: None }
    }

    /// An [`Severity::Info`] remark.
    pub fn info(message: impl Into<String>) -> Self {
        Diagnostic::new(Severity::Info, message)
    }

    /// A [`Severity::Warning`].
    pub fn warning(message: impl Into<String>) -> Self {
        Diagnostic::new(Severity::Warning, message)
    }

    /// The same remark at this place.
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same remark with a remedy.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A step's product together with what the step has to say about it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome<T> {
    /// The product.
    pub value: T,
    /// Remarks in the order in which they arose.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Outcome<T> {
    /// A product that needs no remark.
    pub fn clean(value: T) -> Self {
        Outcome { value, diagnostics: Vec::new() }
    }

    /// The same remarks with what is made of the product.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Outcome<U> {
        Outcome { value: make(self.value), diagnostics: self.diagnostics }
    }

    /// Hands out the product and moves the remarks to the end of `sink`.
    pub fn drain_into(self, sink: &mut Vec<Diagnostic>) -> T {
        sink.extend(self.diagnostics);
        self.value
    }
}

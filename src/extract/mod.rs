//! Fifth step: restored lines become an extraction: document fields, figures, indicators, references and checks.

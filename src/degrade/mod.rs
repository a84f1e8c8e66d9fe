//! Controlled damage for test sets: clean text and clean pages become what scanners and old recognisers leave.
//!
//! Every sample is made from a recipe and a seed alone, so that its manifest is enough to make it again.

mod page;
mod text;

pub use page::PageRecipe;
pub use text::TextRecipe;

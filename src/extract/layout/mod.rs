//! The lines of a document as running text: columns, tables, the outline, paragraphs.

mod aloud;
pub(in crate::extract) mod blanks;
mod brackets;
pub(in crate::extract) mod column;
pub(in crate::extract) mod flow;
pub(in crate::extract) mod formula;
pub(in crate::extract) mod grid;
mod indent;
pub(in crate::extract) mod outline;
mod row_mark;
pub(in crate::extract) mod sentence;
pub(in crate::extract) mod table;

//! Reading for other programs: over standard input and output.

pub(crate) mod stdio;

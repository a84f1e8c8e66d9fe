//! Reading for other programs: over standard input and output, and by HTTP.

#[cfg(feature = "cli")]
pub mod http;
#[cfg(feature = "cli")]
mod jobs;
pub(crate) mod stdio;

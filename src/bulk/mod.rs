//! Many files: found, read page by page on as many cores as there are, resumed where a run was ended, and gathered into tables.
//!
//! [`run`](run::run) is the flow; [`journal`] is what it remembers; [`lists`] and [`status`] are what a person looks at,
//! [`tables`] what a program does.

pub mod event;
pub mod journal;
pub mod listing;
pub mod lists;
pub mod merge;
mod notes;
mod queue;
pub mod recipe;
pub mod review;
pub mod run;
pub mod shard;
pub mod status;
pub mod summary;
pub mod tables;

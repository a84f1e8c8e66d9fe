//! A panic is a defect of ours: it becomes an error that costs one page, or one file.

use crate::error::{Error, ErrorKind, Result};
use std::panic::{self, AssertUnwindSafe};

/// Runs `work`, a defect turned into an error.
pub(crate) fn safely<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(defect()))
}

pub(crate) fn defect() -> Error {
    Error::new(ErrorKind::Defect, "reading this met a defect of the program").remedy("please report it with the file")
}

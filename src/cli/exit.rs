//! The exit codes, which are an interface: scripts depend on them. The only place that knows their numbers.

use crate::error::{Error, ErrorKind};
use std::io::{self, Write};
use std::process::{ExitCode, Termination};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything was read.
    AllRead,
    /// Everything was read, and the `--fail-on` threshold was met.
    ThresholdMet,
    /// The command line is not right.
    Usage,
    /// The input cannot be read: not there, encrypted, not a document.
    InputUnreadable,
    /// The recogniser, its language data or a model is missing or of the wrong version.
    EngineMissing,
    /// The results cannot be written.
    OutputUnwritable,
    /// Some pages or files failed; the report says which.
    Partly,
    /// A defect of this program.
    Defect,
    /// Stopped by the user.
    Interrupted,
}

impl Exit {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Exit::AllRead => 0,
            Exit::ThresholdMet => 1,
            Exit::Usage => 2,
            Exit::InputUnreadable => 3,
            Exit::EngineMissing => 4,
            Exit::OutputUnwritable => 5,
            Exit::Partly => 6,
            Exit::Defect => 70,
            Exit::Interrupted => 130,
        }
    }
}

impl From<ErrorKind> for Exit {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::EngineMissing | ErrorKind::Model => Exit::EngineMissing,
            ErrorKind::Unwritable => Exit::OutputUnwritable,
            ErrorKind::Interrupted => Exit::Interrupted,
            ErrorKind::Defect => Exit::Defect,
            ErrorKind::Unreadable
            | ErrorKind::Unsupported
            | ErrorKind::Damaged
            | ErrorKind::Encrypted
            | ErrorKind::TooLarge
            | ErrorKind::Timeout
            | ErrorKind::EngineFailed
            | ErrorKind::Definition => Exit::InputUnreadable,
        }
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self.code())
    }
}

/// Says on stderr what ended the run, with its causes, and chooses the exit code. A broken pipe is success and silent.
pub(super) fn report(error: &anyhow::Error) -> Exit {
    let broken_pipe = |e: &(dyn std::error::Error + 'static)| {
        e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(broken_pipe) {
        return Exit::AllRead;
    }
    // Nothing can be done where stderr is closed as well.
    let _ = writeln!(io::stderr(), "sohoa: {error:#}");
    error.chain().find_map(|e| e.downcast_ref::<Error>()).map_or(Exit::Defect, |e| e.kind().into())
}

//! The program that is tested: a command is built up, run, and what it gives is compared.

use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A file of `fixtures/`.
pub fn fixture(name: impl AsRef<Path>) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// The program itself, for what is not run as a command with arguments.
pub fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_sohoa"))
}

/// A call of the program, which runs in the repository's root.
pub struct Sohoa {
    command: Command,
    input: Option<Vec<u8>>,
}

impl Sohoa {
    /// `sohoa` with these arguments.
    pub fn new(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Sohoa {
        let mut command = Command::new(program());
        command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
        // Help is set as wide as the terminal, which a test may or may not have.
        command.env("COLUMNS", "100").stdin(Stdio::null());
        Sohoa { command, input: None }
    }

    /// With one more argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Sohoa {
        self.command.arg(argument);
        self
    }

    /// With more arguments.
    pub fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Sohoa {
        self.command.args(arguments);
        self
    }

    /// With this on standard input.
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Sohoa {
        self.input = Some(bytes.into());
        self
    }

    /// Runs it to its end.
    pub fn run(mut self) -> Ended {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let call = format!("{:?}", self.command);
        if self.input.is_some() {
            self.command.stdin(Stdio::piped());
        }
        let mut process = self.command.spawn().expect("the program starts");
        let writer = self.input.zip(process.stdin.take()).map(|(bytes, mut stdin)| {
            // What ends before it has read all of its input is no failure of the test.
            std::thread::spawn(move || stdin.write_all(&bytes).is_ok())
        });
        let output = process.wait_with_output().expect("the program ends");
        writer.map(std::thread::JoinHandle::join);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what it says is UTF-8");
        Ended { call, code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// What a call gave.
pub struct Ended {
    call: String,
    /// None where a signal ended it.
    pub code: Option<i32>,
    /// Its results.
    pub stdout: String,
    /// Its messages.
    pub stderr: String,
}

impl Ended {
    /// The same, having ended with this code.
    #[track_caller]
    pub fn with_code(self, code: i32) -> Ended {
        assert_eq!(self.code, Some(code), "{}\n{}", self.call, self.stderr);
        self
    }

    /// The same, having done what it was called for.
    #[track_caller]
    pub fn ok(self) -> Ended {
        self.with_code(0)
    }

    /// Its results as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{}: {e}:\n{}", self.call, self.stdout))
    }
}

/// Holds `seen` against the golden file of that name; with `UPDATE` in the environment it becomes the golden file.
#[track_caller]
pub fn assert_golden(name: &str, seen: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("the folder can be made");
        fs::write(&path, seen).expect("the golden file can be written");
        return;
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    if golden == seen {
        return;
    }
    let (mut number, mut old, mut new) = (0, golden.lines(), seen.lines());
    let (old, new) = loop {
        number += 1;
        match (old.next(), new.next()) {
            (old, new) if old == new && old.is_some() => {}
            (old, new) => break (old.unwrap_or("(the end)"), new.unwrap_or("(the end)")),
        }
    };
    panic!(
        "tests/golden/{name}, line {number}:\n  golden: {old}\n  seen:   {new}\nwrite it anew with UPDATE=1 if that is right"
    );
}

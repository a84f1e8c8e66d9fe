//! Pages seen by processes of their own: the same words as in one process, and a page that fails costs only itself.

use crate::program::{fixture, program};
use sohoa::ErrorKind;
use sohoa::pipeline::{Isolation, Reader, ReaderOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

fn isolation(program: impl Into<PathBuf>) -> Isolation {
    Isolation { program: program.into(), time: Duration::from_secs(600), memory: 4 << 30 }
}

fn sohoa() -> Isolation {
    isolation(program())
}

fn reader(isolation: Option<Isolation>) -> sohoa::Result<Reader> {
    let options = ReaderOptions { isolation, ..ReaderOptions::default() };
    Reader::new(options)
}

/// A program in the place of the worker.
fn script(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("worker");
    // Written by a process of its own: a file that this one had open could be open still in what another test starts at that moment,
    // and could not be run then (ETXTBSY).
    let mut writer = Command::new("sh")
        .args(["-c", "cat > \"$0\" && chmod 755 \"$0\""])
        .arg(&path)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    writer.stdin.take().unwrap().write_all(format!("#!/bin/sh\n{text}\n").as_bytes()).unwrap();
    assert!(writer.wait().unwrap().success());
    path
}

#[test]
fn apart_and_here_give_the_same_report() {
    let file = fixture("scans/suoi-ngan-2025q3-L3.tif");
    let here = reader(None).unwrap().read(&file).unwrap();
    let apart = reader(Some(sohoa())).unwrap().read(&file).unwrap();
    assert!(here.text().contains("BÁO CÁO"), "{}", here.text());
    assert_eq!(here.report.to_json(), apart.report.to_json());
    assert_eq!(here.text(), apart.text());
}

#[test]
fn errors_come_through_as_they_are() {
    let reader = reader(Some(sohoa())).unwrap();
    let missing = reader.read(Path::new("no/such/file.pdf")).unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::Unreadable);
    assert!(missing.to_string().starts_with("no/such/file.pdf: there is no such file"), "{missing}");
    let encrypted = fixture("broken/user-password.pdf");
    assert_eq!(reader.read(&encrypted).unwrap_err().kind(), ErrorKind::Encrypted);
}

#[test]
fn a_page_that_ends_its_process_fails_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let asked = folder.path().join("asked");
    // Lets the first two questions (to begin, and what the file is) through to a worker, and ends at the third; those
    // that are started after it answer everything.
    let program = script(
        folder.path(),
        &format!(
            "if [ -e {asked} ]; then exec {sohoa} serve --stdio; fi\n\
             touch {asked}\n\
             ( for n in 1 2; do IFS= read -r line; printf '%s\\n' \"$line\"; done; read -r line ) | {sohoa} serve --stdio\n\
             echo 'memory allocation of 1 bytes failed' >&2; exit 134",
            asked = asked.display(),
            sohoa = program().display(),
        ),
    );
    let reader = reader(Some(isolation(program))).unwrap();
    // The worker that had answered before is not blamed on the page: it is asked of a new one.
    let read = reader.read(fixture("scans/suoi-ngan-2025q3-L0-page02.png")).unwrap();
    assert!(asked.exists());
    assert!(!read.report.is_partial(), "{:?}", read.report.diagnostics);
    assert!(!read.text().is_empty());
}

#[test]
fn a_worker_that_runs_out_of_memory_is_said_to() {
    let folder = tempfile::tempdir().unwrap();
    let program = script(folder.path(), "echo 'memory allocation of 99 bytes failed' >&2; exit 134");
    let error = reader(Some(isolation(program))).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.to_string().contains("4096 MiB"), "{error}");
}

#[test]
fn pages_that_take_too_long_fail_and_the_report_is_written() {
    let folder = tempfile::tempdir().unwrap();
    // Makes ready, says that a file has two pages, and answers nothing else.
    let program = script(
        folder.path(),
        r#"read -r question; echo '{"ok":"nobody"}'
           while read -r question && expr "$question" : '.*"open"' > /dev/null; do echo '{"ok":{"sha256":"","pages":2}}'; done
           exec sleep 1000"#,
    );
    let reader = reader(Some(Isolation { time: Duration::from_secs(1), ..isolation(program) })).unwrap();
    let report = reader.read(fixture("scans/suoi-ngan-2025q3-L3.tif")).unwrap().report;
    assert_eq!(report.tool.engine.as_deref(), Some("nobody"));
    assert!(report.is_partial());
    let errors: Vec<&str> = report.pages.iter().filter_map(|p| p.error.as_deref()).collect();
    assert_eq!(errors, ["it was not read within 1 seconds"; 2]);
    let hints: Vec<&str> = report.diagnostics.iter().filter_map(|d| d.hint.as_deref()).collect();
    assert_eq!(hints, ["allow more with --page-seconds"; 2]);
}

#[test]
fn a_program_that_is_no_worker_is_an_error() {
    for program in ["/no/such/program", "/bin/true", "/bin/echo"] {
        let error = reader(Some(isolation(program))).err().unwrap();
        assert!(matches!(error.kind(), ErrorKind::Defect | ErrorKind::EngineFailed), "{program}: {error}");
    }
}

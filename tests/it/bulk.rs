//! Runs over folders as their users make them: interrupted, resumed, with files that change, are there twice, or cannot be read.

use crate::program::{fixture, program};
use pdf_writer::types::{SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Name, Pdf, Rect, Ref, Str};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A PDF whose text layer is right, so that its pages are read in no time; one entry a page.
fn pdf(pages: &[String]) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let mut codes: BTreeMap<char, u8> = (b' '..=b'~').map(|b| (char::from(b), b)).collect();
    let [catalog, tree, font, table] = [1, 2, 3, 4].map(Ref::new);
    let page_refs: Vec<Ref> = (0..pages.len()).map(|i| Ref::new(10 + 2 * i as i32)).collect();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids(page_refs.iter().copied()).count(pages.len() as i32);
    for (page, text) in page_refs.iter().zip(pages) {
        let mut content = Content::new();
        for (row, line) in text.lines().enumerate() {
            let bytes: Vec<u8> = line
                .chars()
                .map(|c| {
                    let free = 0x80 + codes.values().filter(|&&b| b >= 0x80).count() as u8;
                    *codes.entry(c).or_insert(free)
                })
                .collect();
            content.begin_text().set_font(Name(b"F"), 10.0).next_line(60.0, 760.0 - 20.0 * row as f32);
            content.show(Str(&bytes)).end_text();
        }
        let contents = Ref::new(page.get() + 1);
        pdf.stream(contents, &content.finish());
        let mut written = pdf.page(*page);
        written.media_box(Rect::new(0.0, 0.0, 595.0, 842.0)).parent(tree).contents(contents);
        written.resources().fonts().pair(Name(b"F"), font);
    }
    let mut written = pdf.type1_font(font);
    written.base_font(Name(b"TimesNewRomanPSMT")).encoding_predefined(Name(b"WinAnsiEncoding"));
    written.first_char(32).last_char(255).widths([500.0; 224]).to_unicode(table);
    drop(written);
    let system = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"UCS"), supplement: 0 };
    let mut map = UnicodeCmap::new(Name(b"Codes"), system);
    codes.iter().for_each(|(&c, &code)| map.pair(code, c));
    pdf.cmap(table, &map.finish());
    pdf.finish()
}

fn page(total: u32) -> String {
    format!(
        "BÁO CÁO\nKết quả giải quyết thủ tục hành chính quý II năm 2025\n\
         - Tổng số hồ sơ TTHC đã tiếp nhận trong kỳ báo cáo: {total} hồ sơ; trong đó tiếp nhận mới: {} hồ sơ,\n\
         từ kỳ trước chuyển qua: 20 hồ sơ.\n\
         Bộ phận một cửa bố trí đủ người trực và hướng dẫn người dân nộp hồ sơ qua mạng.",
        total - 20
    )
}

fn report(total: u32, pages: u32) -> Vec<u8> {
    let first = page(total);
    let talk = |n: u32| {
        format!(
            "Trang {n}. Công tác tuyên truyền được thực hiện thường xuyên trên hệ thống loa của thôn và bảng tin của xã."
        )
    };
    let pages: Vec<String> = std::iter::once(first).chain((2..=pages).map(talk)).collect();
    pdf(&pages)
}

fn put(folder: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    path
}

fn sohoa(command: &str) -> Command {
    let mut sohoa = Command::new(program());
    sohoa.arg(command);
    sohoa
}

fn reading(folder: &Path, out: &Path, more: &[&str]) -> Command {
    let mut command = sohoa("read");
    command
        .arg(folder)
        .arg("--out")
        .arg(out)
        .args(["--engine", "tesseract", "--jobs", "2", "--log", "json"])
        .args(more);
    command
}

fn read(folder: &Path, out: &Path, more: &[&str]) -> Output {
    reading(folder, out, more).output().unwrap()
}

fn lines(text: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(text).lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// The events of a run, by name.
fn events(ended: &Output, name: &str) -> Vec<Value> {
    lines(&ended.stderr).into_iter().filter(|e| e["event"] == name).collect()
}

fn list(out: &Path, name: &str) -> Vec<Value> {
    lines(&fs::read(out.join(name)).unwrap())
}

/// All results, without what belongs to the run itself.
fn results(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(out).unwrap().map(Result::unwrap).filter(|e| e.file_type().unwrap().is_file());
    entries
        .map(|e| (e.file_name().to_string_lossy().into_owned(), fs::read(e.path()).unwrap()))
        .filter(|(name, _)| !name.starts_with("journal"))
        .collect()
}

#[test]
fn the_same_command_does_what_is_left_and_nothing_twice() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    put(folder.path(), "a.pdf", &report(120, 2));
    put(folder.path(), "deep/b.pdf", &report(130, 1));
    let first = read(folder.path(), out.path(), &[]);
    assert_eq!(first.status.code(), Some(0), "{}", String::from_utf8_lossy(&first.stderr));
    assert_eq!(events(&first, "page").len(), 3);
    let before = results(out.path());
    let second = read(folder.path(), out.path(), &[]);
    assert_eq!((events(&second, "page").len(), events(&second, "skipped").len()), (0, 2));

    put(folder.path(), "deep/b.pdf", &report(140, 1));
    put(folder.path(), "c.pdf", &report(150, 1));
    let third = read(folder.path(), out.path(), &[]);
    let files: Vec<String> =
        events(&third, "document").iter().map(|e| e["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(files.len(), 2, "{files:?}");
    let after = results(out.path());
    assert_eq!(before["a.json"], after["a.json"]);
    let changed: Value = serde_json::from_slice(&after["b.json"]).unwrap();
    assert_eq!(changed["indicators"]["dossiers.received.total"]["value"], 140);

    fs::remove_file(out.path().join("a.txt")).unwrap();
    let fourth = read(folder.path(), out.path(), &[]);
    assert_eq!(
        (events(&fourth, "page").len(), events(&fourth, "document").len()),
        (0, 1),
        "a result that is gone is made again"
    );
    assert_eq!(results(out.path())["a.txt"], before["a.txt"]);
    let fifth = read(folder.path(), out.path(), &["--format", "json,txt,csv"]);
    assert_eq!(
        (events(&fifth, "page").len(), events(&fifth, "document").len()),
        (0, 3),
        "another form needs no page again"
    );
    let sixth = read(folder.path(), out.path(), &["--text-layer", "trust"]);
    assert_eq!(events(&sixth, "page").len(), 4, "another way of reading needs all of them");
}

#[test]
fn what_is_there_twice_is_read_once_and_listed() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for name in ["a.pdf", "b.pdf", "deep/c.pdf"] {
        put(folder.path(), name, &report(120, 2));
    }
    let ended = read(folder.path(), out.path(), &[]);
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(events(&ended, "page").len(), 2);
    let listed = list(out.path(), "duplicates.jsonl");
    let names: Vec<&str> = listed.iter().map(|l| l["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["b", "c"]);
    assert!(listed[0]["same_as"].as_str().unwrap().ends_with("a.pdf"));
    // Whoever looks for the results of any of them finds them.
    let [a, c] = ["a.json", "c.json"]
        .map(|name| serde_json::from_slice::<Value>(&fs::read(out.path().join(name)).unwrap()).unwrap());
    assert_eq!(a["indicators"], c["indicators"]);
    assert_eq!(c["source"]["file"], "c.pdf");
    assert_eq!(events(&read(folder.path(), out.path(), &[]), "skipped").len(), 3);
}

#[test]
fn what_cannot_be_read_is_tried_twice_set_aside_and_does_not_stand_in_the_way() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    put(folder.path(), "a-empty.pdf", b"");
    put(folder.path(), "b-empty.pdf", b"");
    put(folder.path(), "c-torn.pdf", b"%PDF-1.4\nnothing more");
    let encrypted = fs::read(fixture("broken/user-password.pdf")).unwrap();
    put(folder.path(), "d-encrypted.pdf", &encrypted);
    put(folder.path(), "e-good.pdf", &report(120, 1));
    let ended = read(folder.path(), out.path(), &[]);
    assert_eq!(ended.status.code(), Some(6));
    assert!(events(&ended, "retry").len() >= 3, "{}", String::from_utf8_lossy(&ended.stderr));
    let set_aside = list(out.path(), "quarantine.jsonl");
    let names: Vec<&str> = set_aside.iter().map(|l| l["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["a-empty", "b-empty", "c-torn", "d-encrypted"]);
    assert_eq!(set_aside[3]["kind"], "Encrypted");
    assert!(set_aside.iter().all(|l| !l["message"].as_str().unwrap().is_empty()), "{set_aside:?}");
    let report: Value = serde_json::from_slice(&fs::read(out.path().join("c-torn.json")).unwrap()).unwrap();
    assert_eq!(report["diagnostics"][0]["severity"], "error");
    let again = read(folder.path(), out.path(), &[]);
    assert_eq!(again.status.code(), Some(6), "they are still not read");
    assert_eq!(events(&again, "skipped").len(), 5);
    let forced = read(folder.path(), out.path(), &["--retry-failed"]);
    assert_eq!(events(&forced, "document").len(), 4);
}

/// Starts a run and ends it a while after it has told of so many pages; how many it told of.
fn killed_after(folder: &Path, out: &Path, pages: usize, a_while: Duration) -> usize {
    let mut child = reading(folder, out, &[]).stderr(Stdio::piped()).spawn().unwrap();
    let mut seen = 0;
    for line in BufReader::new(child.stderr.take().unwrap()).lines() {
        let event: Value = serde_json::from_str(&line.unwrap()).unwrap_or_default();
        seen += usize::from(event["event"] == "page");
        if seen == pages && event["event"] == "page" {
            std::thread::sleep(a_while);
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    seen
}

#[test]
fn after_sudden_ends_the_results_are_those_of_a_whole_run() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.pdf", &report(120, 12));
    put(folder.path(), "b.pdf", &report(130, 3));
    put(folder.path(), "c.pdf", &report(130, 3));
    put(folder.path(), "d-torn.pdf", b"%PDF-1.4\nnothing more");
    let whole = tempfile::tempdir().unwrap();
    assert_eq!(read(folder.path(), whole.path(), &[]).status.code(), Some(6));
    let out = tempfile::tempdir().unwrap();
    for pages in [1, 4, 2, 3] {
        killed_after(folder.path(), out.path(), pages, Duration::ZERO);
    }
    assert_eq!(read(folder.path(), out.path(), &[]).status.code(), Some(6));
    assert_eq!(results(whole.path()), results(out.path()));
}

#[test]
fn after_a_sudden_end_the_same_command_goes_on_at_the_page() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "scan.pdf", &fs::read(fixture("scans/vinh-lac-2024q1-L3.pdf")).unwrap());
    let out = tempfile::tempdir().unwrap();
    // What was told of is in the journal twenty milliseconds later; a page takes much longer.
    let told = killed_after(folder.path(), out.path(), 1, Duration::from_millis(200));
    let last = read(folder.path(), out.path(), &[]);
    assert_eq!(last.status.code(), Some(0));
    // Of three pages. The last may have been told of too late.
    let again = events(&last, "page").len();
    assert!(again < 3 && told + again <= 4, "{told} pages were told of, and {again} when it went on");
}

#[test]
fn a_journal_in_use_is_left_alone_and_a_damaged_one_is_said_to_be() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    put(folder.path(), "a.pdf", &report(120, 1));
    read(folder.path(), out.path(), &[]);
    let lock = fs::File::open(out.path().join("journal.lock")).unwrap();
    lock.lock().unwrap();
    let ended = read(folder.path(), out.path(), &[]);
    assert_eq!(ended.status.code(), Some(5));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("another run writes to this folder"));
    drop(lock);

    let journal = out.path().join("journal.sqlite");
    let mut bytes = fs::read(&journal).unwrap();
    bytes[..4096].fill(0xA5);
    fs::write(&journal, bytes).unwrap();
    let ended = read(folder.path(), out.path(), &[]);
    assert_eq!(ended.status.code(), Some(5), "{}", String::from_utf8_lossy(&ended.stderr));
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(said.contains("damaged") && said.contains("--resume"), "{said}");
    // What the message says to do.
    for ending in ["", "-wal", "-shm"] {
        let _ =
            fs::rename(out.path().join(format!("journal.sqlite{ending}")), folder.path().join(format!("old{ending}")));
    }
    let ended = read(folder.path(), out.path(), &["--resume"]);
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(events(&ended, "skipped").len(), 1, "results that are there are taken over");
}

#[test]
fn one_file_leaves_no_journal_unless_it_is_asked_for() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = put(folder.path(), "a.pdf", &report(120, 1));
    assert_eq!(read(&file, out.path(), &[]).status.code(), Some(0));
    assert_eq!(results(out.path()).len(), 2);
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 2);
    assert_eq!(read(&file, out.path(), &["--journal"]).status.code(), Some(0));
    assert!(out.path().join("journal.sqlite").is_file());
    let ended = sohoa("status").arg(out.path()).arg("--json").output().unwrap();
    let status: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!((&status["exit"], &status["documents"]), (&Value::from(0), &Value::from(1)));
    assert_eq!(sohoa("status").arg(folder.path()).output().unwrap().status.code(), Some(3));
}

#[test]
fn shards_read_every_file_once() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..9 {
        put(folder.path(), &format!("{number}.pdf"), &report(100 + number, 1));
    }
    let mut read_by_any = Vec::new();
    for shard in ["1/3", "2/3", "3/3"] {
        let out = tempfile::tempdir().unwrap();
        let ended = read(folder.path(), out.path(), &["--shard", shard]);
        assert_eq!(ended.status.code(), Some(0));
        read_by_any.extend(events(&ended, "document").iter().map(|e| e["name"].as_str().unwrap().to_owned()));
    }
    read_by_any.sort();
    assert_eq!(read_by_any, (0..9).map(|n| n.to_string()).collect::<Vec<_>>());
}

/// A run that watches, stopped when the test ends.
struct Watching(Child);

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn until(what: &str, there: impl Fn() -> bool) {
    let began = Instant::now();
    while !there() {
        assert!(began.elapsed() < Duration::from_secs(120), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_folder_is_watched_until_a_signal_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut command = sohoa("watch");
    command.arg(folder.path()).arg("--out").arg(&out).args(["--engine", "tesseract", "--interval", "1"]);
    let mut watching = Watching(command.stderr(Stdio::null()).spawn().unwrap());
    let whole = report(120, 2);
    // It comes in two parts.
    put(folder.path(), "a.pdf", &whole[..whole.len() / 2]);
    std::thread::sleep(Duration::from_millis(300));
    put(folder.path(), "a.pdf", &whole);
    put(folder.path(), "b-torn.pdf", b"%PDF-1.4\nnothing more");
    until("both files", || out.join("a.json").exists() && out.join("b-torn.json").exists());
    let first: Value = serde_json::from_slice(&fs::read(out.join("a.json")).unwrap()).unwrap();
    assert_eq!(first["indicators"]["dossiers.received.total"]["value"], 120);
    put(folder.path(), "c.pdf", &report(140, 1));
    until("the next one", || out.join("c.json").exists());
    assert!(Command::new("kill").arg(watching.0.id().to_string()).status().unwrap().success());
    assert_eq!(watching.0.wait().unwrap().code(), Some(130));
    assert_eq!(results(&out).keys().filter(|n| n.ends_with(".json")).count(), 3, "nothing of its own was read");
}

#[test]
fn the_parts_of_several_machines_are_one_run_and_give_the_same_tables() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..5 {
        put(folder.path(), &format!("{number}.pdf"), &report(100 + number, 1));
    }
    put(folder.path(), "again/0.pdf", &report(100, 1));
    put(folder.path(), "torn.pdf", b"%PDF-1.4\nnothing more");
    let whole = tempfile::tempdir().unwrap();
    read(folder.path(), whole.path(), &["--tables", "parquet,sqlite,csv,jsonl"]);
    let parts: Vec<_> = ["1/2", "2/2"]
        .iter()
        .map(|shard| {
            let out = tempfile::tempdir().unwrap();
            read(folder.path(), out.path(), &["--shard", shard]);
            out
        })
        .collect();
    let merged = tempfile::tempdir().unwrap();
    let merging = sohoa("merge").args(parts.iter().map(|p| p.path())).arg("--out").arg(merged.path()).output().unwrap();
    assert_eq!(merging.status.code(), Some(0), "{}", String::from_utf8_lossy(&merging.stderr));
    let tables = sohoa("tables").arg(merged.path()).args(["--format", "parquet,sqlite,csv,jsonl"]).output().unwrap();
    assert_eq!(tables.status.code(), Some(0), "{}", String::from_utf8_lossy(&tables.stderr));
    assert_eq!(results(whole.path()), results(merged.path()));
    assert_eq!(results(&whole.path().join("tables")), results(&merged.path().join("tables")));
    let documents = list(&merged.path().join("tables"), "documents.jsonl");
    assert_eq!(documents.len(), 6);
    let twice = documents.iter().find(|d| d["paths"].as_array().unwrap().len() == 2).unwrap();
    assert!(twice["file"] == "0.pdf" && twice["state"] == "read", "{twice}");
    let indicators = list(&merged.path().join("tables"), "indicators.jsonl");
    let totals = indicators.iter().filter(|i| i["indicator"] == "dossiers.received.total");
    assert_eq!(totals.map(|i| i["value"].as_u64().unwrap()).sum::<u64>(), 100 + 101 + 102 + 103 + 104);
}

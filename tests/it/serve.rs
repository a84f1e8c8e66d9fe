//! `sohoa serve` as programs use it: questions on standard input, and files by HTTP.

use crate::program::{fixture, program};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

#[test]
fn questions_are_answered_in_their_order_and_nonsense_is_said_to_be() {
    let mut child = Command::new(program())
        .args(["serve", "--stdio", "--engine", "tesseract"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut asks = child.stdin.take().unwrap();
    let torn = b"%PDF-1.4\nnothing more";
    writeln!(asks, r#"{{"ask":"restore","texts":["Uy ban nhan dan xa"]}}"#).unwrap();
    writeln!(asks, "what?").unwrap();
    writeln!(asks, r#"{{"ask":"rows","file":"torn.pdf","bytes":{}}}"#, torn.len()).unwrap();
    asks.write_all(torn).unwrap();
    writeln!(asks, r#"{{"ask":"figures","text":"Đã tiếp nhận 1.077 hồ sơ."}}"#).unwrap();
    writeln!(asks, r#"{{"ask":"read","file":"no/such.pdf"}}"#).unwrap();
    writeln!(asks, r#"{{"ask":"restore","texts":["Uy ban nhan dan xa","","thu tuc\nhanh chinh"],"together":true}}"#)
        .unwrap();
    drop(asks);
    let answers: Vec<Value> = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .collect();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(answers[0]["ok"][0], "Ủy ban nhân dân xã");
    assert_eq!(answers[1]["error"]["kind"], "Unsupported");
    assert_eq!(answers[2]["ok"]["documents"][0][1], "torn.pdf");
    assert_eq!(answers[2]["ok"]["documents"][0][5], "failed");
    let engine = answers[2]["ok"]["documents"][0].as_array().unwrap().last().unwrap();
    assert!(engine.as_str().unwrap().starts_with("tesseract"), "what could not read it is told as `sohoa read` does");
    assert_eq!(answers[3]["ok"]["figures"][0]["value"], 1077);
    assert_eq!(answers[4]["error"]["kind"], "Unreadable");
    assert_eq!(answers[5]["ok"], serde_json::json!(["Ủy ban nhân dân xã", "", "thủ tục\nhành chính"]));
}

/// A service, ended with the test.
struct Service {
    child: Child,
    address: String,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Service {
    fn start(more: &[&str]) -> Service {
        let mut command = Command::new(program());
        command.args(["serve", "--listen", "127.0.0.1:0", "--engine", "tesseract"]).args(more);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut said).unwrap();
        let address = said.trim().rsplit("http://").next().unwrap().to_owned();
        Service { child, address }
    }

    /// Status and body of the answer.
    fn ask(&self, request: &str, headers: &[&str], body: &[u8]) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let host = format!("Host: {}", self.address);
        let host = if headers.iter().any(|h| h.starts_with("Host:")) { "X: y" } else { host.as_str() };
        let headers: String = headers.iter().map(|h| format!("{h}\r\n")).collect();
        write!(stream, "{request} HTTP/1.1\r\n{host}\r\n{headers}Connection: close\r\n\r\n").unwrap();
        // A service that refuses need not read what is sent.
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let head = answer.windows(4).position(|w| w == b"\r\n\r\n").expect("an answer");
        let status = String::from_utf8_lossy(&answer[9..12]).parse().unwrap();
        (status, answer[head + 4..].to_vec())
    }

    fn send(&self, query: &str, content: &[u8]) -> (u16, Value) {
        let length = format!("Content-Length: {}", content.len());
        let (status, body) = self.ask(&format!("POST /jobs{query}"), &[&length], content);
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    fn done(&self, id: &str) -> Value {
        let began = Instant::now();
        loop {
            let (status, body) = self.ask(&format!("GET /jobs/{id}"), &[], b"");
            assert_eq!(status, 200);
            let job: Value = serde_json::from_slice(&body).unwrap();
            if !["waiting", "reading"].contains(&job["state"].as_str().unwrap()) {
                return job;
            }
            assert!(began.elapsed() < Duration::from_secs(120), "{job}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

#[test]
fn a_file_that_is_sent_is_read_and_its_results_fetched() {
    let service = Service::start(&[]);
    let scan = std::fs::read(fixture("scans/suoi-ngan-2025q3-L0-page01.png")).unwrap();
    let (status, job) = service.send("?name=../../etc/b%C3%A1o%20c%C3%A1o.png&format=json,txt,csv", &scan);
    assert_eq!((status, job["name"].as_str()), (202, Some("báo cáo.png")));
    let id = job["id"].as_str().unwrap();
    let job = service.done(id);
    assert_eq!((job["state"].as_str(), job["pages_done"].as_u64()), (Some("read"), Some(1)), "{job}");
    for result in job["results"].as_array().unwrap() {
        assert_eq!(service.ask(&format!("GET /jobs/{id}/{}", result.as_str().unwrap()), &[], b"").0, 200);
    }
    let report: Value = serde_json::from_slice(&service.ask(&format!("GET /jobs/{id}/json"), &[], b"").1).unwrap();
    assert_eq!(report["indicators"]["dossiers.received.online"]["value"], 1905);
    assert_eq!(report["source"]["file"], "báo cáo.png");
    assert_eq!(service.ask(&format!("DELETE /jobs/{id}"), &[], b"").0, 204);
    assert_eq!(service.ask(&format!("GET /jobs/{id}"), &[], b"").0, 404);
    let (status, job) = service.send("", b"PK\x03\x04 an office document");
    assert_eq!(status, 202);
    let job = service.done(job["id"].as_str().unwrap());
    assert_eq!(job["state"], "failed");
    assert!(!job["error"].as_str().unwrap().is_empty());
}

#[test]
fn what_is_not_allowed_is_refused_and_nothing_is_left_behind() {
    let service = Service::start(&["--max-bytes", "1000", "--max-jobs", "2"]);
    let zeros = "0".repeat(32);
    for (request, headers, status) in [
        ("GET /", &[][..], 404),
        ("GET /jobs/../../etc/passwd", &[], 404),
        ("GET /jobs/%2e%2e/json", &[], 404),
        (&format!("GET /jobs/{zeros}/../in"), &[], 404),
        (&format!("GET /jobs/{zeros}"), &[], 404),
        ("PUT /jobs", &[], 405),
        ("POST /jobs", &["Content-Length: 1001"], 413),
        ("POST /jobs", &["Transfer-Encoding: chunked"], 411),
        ("POST /jobs?format=exe", &["Content-Length: 0"], 400),
        ("GET /health", &["Host: evil.example"], 403),
        ("GET /health", &["Origin: https://evil.example"], 403),
        ("GET /health", &[], 200),
        ("GET /openapi.json", &[], 200),
    ] {
        let has = |what: &str| headers.iter().any(|h| h.starts_with(what));
        let body: &[u8] = if has("Transfer") {
            b"0\r\n\r\n"
        } else if has("Content-Length: 1001") {
            &[b'x'; 1001]
        } else {
            b""
        };
        assert_eq!(service.ask(request, headers, body).0, status, "{request} {headers:?}");
    }
    // A sender that goes away before all has come.
    let mut stream = TcpStream::connect(&service.address).unwrap();
    write!(stream, "POST /jobs HTTP/1.1\r\nHost: {}\r\nContent-Length: 900\r\n\r\nhalf", service.address).unwrap();
    stream.shutdown(Shutdown::Both).unwrap();
    drop(stream);
    assert_eq!(service.send("", b"a").0, 202);
    assert_eq!(service.send("", b"b").0, 202);
    assert_eq!(service.send("", b"c").0, 503);
}

#[test]
fn a_token_is_asked_for_where_there_is_one() {
    let service = Service::start(&["--token", "only-for-us"]);
    assert_eq!(service.ask("GET /health", &[], b"").0, 401);
    assert_eq!(service.ask("GET /health", &["Authorization: Bearer only-for-them"], b"").0, 401);
    assert_eq!(service.ask("GET /health", &["Authorization: Bearer only-for-us"], b"").0, 200);
    let open = Command::new(program()).args(["serve", "--listen", "0.0.0.0:0"]).output().unwrap();
    assert_eq!(open.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&open.stderr).contains("--token"));
}

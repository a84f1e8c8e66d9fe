//! The job service: files come by HTTP and are read one after the other; whoever sent one asks how far it is and fetches the results.
//!
//! One process on one machine. On the loopback interface it answers whoever is on the machine, but no page of another site that a browser shows
//! there: the `Host` must be the machine itself, and an `Origin` the service. Elsewhere it wants a token.

use super::jobs::Jobs;
use crate::error::{Error, ErrorKind, Result};
use crate::export::{ExportOptions, Format};
use crate::pipeline::Reader;
use clap::ValueEnum;
use serde_json::json;
use std::fs::File;
use std::io::{self, Read};
use std::net::SocketAddr;
use std::panic;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tiny_http::{Header, Method, Request, Response, ResponseBox, Server};

/// What the service allows.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Where it listens.
    pub address: SocketAddr,
    /// What a request must show; None only on the loopback interface.
    pub token: Option<String>,
    /// Bytes of a file.
    pub bytes: u64,
    /// Jobs that are kept at a time, those that are done included.
    pub jobs: usize,
    /// How long a job is kept when it is done.
    pub keep: Duration,
    /// Files that are read at a time.
    pub readers: usize,
}

/// The description of the service for programs.
pub const OPENAPI: &str = include_str!("openapi.json");

/// Requests that are answered at a time; each is short, but for the sending of a file.
const ANSWERERS: usize = 32;

/// Serves until `stop` is set. `on_ready` is told where.
///
/// # Errors
/// Where it cannot listen there, or would listen to others without a token.
pub fn serve(reader: &Reader, limits: &Limits, stop: &AtomicBool, on_ready: impl FnOnce(SocketAddr)) -> Result<()> {
    if !limits.address.ip().is_loopback() && limits.token.is_none() {
        let message = "whoever can reach this machine could have files read";
        return Err(Error::new(ErrorKind::Definition, message).remedy("give --token, or listen on 127.0.0.1"));
    }
    let server = Server::http(limits.address).map_err(|e| {
        Error::new(ErrorKind::Unwritable, format!("cannot listen on {}: {e}", limits.address))
            .remedy("choose another --listen")
    })?;
    let address = server.server_addr().to_ip().unwrap_or(limits.address);
    let jobs = Jobs::new(limits.jobs, limits.keep)?;
    let service = Service { jobs: &jobs, limits, address };
    on_ready(address);
    std::thread::scope(|scope| {
        for _ in 0..limits.readers {
            scope.spawn(|| jobs.work(reader, &ExportOptions::default()));
        }
        for _ in 0..ANSWERERS {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    // A request that cannot be received or answered is its sender's loss.
                    if let Ok(Some(request)) = server.recv_timeout(Duration::from_millis(200)) {
                        service.answer(request);
                    }
                }
                jobs.stop();
            });
        }
    });
    Ok(())
}

/// Has nothing told of connections that were cut before they were looked at: tiny_http panics at one, in a thread of its own, which costs
/// nothing but that connection.
pub fn pass_over_cut_connections() {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|place| place.file().contains("tiny_http")) {
            tell(panic);
        }
    }));
}

struct Service<'a> {
    jobs: &'a Jobs,
    limits: &'a Limits,
    address: SocketAddr,
}

/// An answer that says what is wrong.
struct Refusal(u16, &'static str);

impl Service<'_> {
    fn answer(&self, mut request: Request) {
        let answer = match self.allowed(&request).and_then(|()| self.answer_to(&mut request)) {
            Ok(answer) => answer,
            Err(Refusal(status, said)) => as_json(status, &json!({"error": said})),
        };
        let _ = request.respond(answer);
    }

    fn allowed(&self, request: &Request) -> std::result::Result<(), Refusal> {
        let header = |name: &'static str| {
            request.headers().iter().find(|h| h.field.equiv(name)).map(|h| h.value.as_str().to_owned())
        };
        if let Some(token) = &self.limits.token {
            let shown = header("Authorization").unwrap_or_default();
            let shown = shown.strip_prefix("Bearer ").unwrap_or_default();
            return if same(shown, token) {
                Ok(())
            } else {
                Err(Refusal(401, "a token is needed: Authorization: Bearer ..."))
            };
        }
        let port = self.address.port();
        let own = |host: &str| {
            ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| host == *name || host == format!("{name}:{port}"))
        };
        if !header("Host").is_some_and(|host| own(&host)) {
            return Err(Refusal(403, "this service answers to localhost only"));
        }
        match header("Origin") {
            Some(origin) if !origin.strip_prefix("http://").is_some_and(own) => {
                Err(Refusal(403, "this service does not answer pages of other sites"))
            }
            _ => Ok(()),
        }
    }

    fn answer_to(&self, request: &mut Request) -> std::result::Result<ResponseBox, Refusal> {
        const NONE: Refusal = Refusal(404, "there is nothing here");
        let url = request.url().to_owned();
        let (path, query) = url.split_once('?').unwrap_or((&url, ""));
        let parts: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
        let id = |id: &str| id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit());
        match (request.method(), &parts[..]) {
            (Method::Get, ["health"]) => Ok(as_json(200, &json!({"state": "ready"}))),
            (Method::Get, ["openapi.json"]) => {
                Ok(with_type(Response::from_string(OPENAPI), "application/json").boxed())
            }
            (Method::Post, ["jobs"]) => self.take_in(request, query),
            (Method::Get, ["jobs", job]) if id(job) => {
                let job = self.jobs.get(job).ok_or(NONE)?;
                Ok(as_json(200, &serde_json::to_value(job).unwrap_or_default()))
            }
            (Method::Delete, ["jobs", job]) if id(job) && self.jobs.forget(job) => Ok(Response::empty(204).boxed()),
            (Method::Get, ["jobs", job, result]) if id(job) => {
                let file = self.jobs.result(job, result).and_then(|path| File::open(path).ok()).ok_or(NONE)?;
                Ok(with_type(Response::from_file(file), media_type(result)).boxed())
            }
            (_, ["health" | "openapi.json" | "jobs", ..]) if parts.len() < 4 => match request.method() {
                Method::Get | Method::Delete => Err(NONE),
                _ => Err(Refusal(405, "not in this way; see /openapi.json")),
            },
            _ => Err(NONE),
        }
    }

    fn take_in(&self, request: &mut Request, query: &str) -> std::result::Result<ResponseBox, Refusal> {
        let length =
            request.body_length().ok_or(Refusal(411, "how long the file is must be said: Content-Length"))? as u64;
        if length > self.limits.bytes {
            return Err(Refusal(413, "the file is larger than this service allows"));
        }
        let mut name = "document".to_owned();
        let mut formats = vec![Format::Json, Format::Txt];
        for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            let value = unescape(value).ok_or(Refusal(400, "the query is not UTF-8"))?;
            match key {
                "name" => name = value,
                "format" => {
                    let parsed =
                        value.split(',').map(|f| Format::from_str(f, false)).collect::<std::result::Result<_, _>>();
                    formats =
                        parsed.map_err(|_| Refusal(400, "there is no such format; those of sohoa read are known"))?;
                    formats.sort();
                    formats.dedup();
                }
                _ => return Err(Refusal(400, "the query has something other than name and format")),
            }
        }
        let room = self.jobs.make_room(&name).map_err(|_| Refusal(507, "the file cannot be kept"))?;
        let (id, path) = room.ok_or(Refusal(503, "there are too many jobs; ask again later"))?;
        match receive(request.as_reader(), &path, length) {
            Ok(()) => Ok(as_json(202, &serde_json::to_value(self.jobs.add(id, &path, formats)).unwrap_or_default())),
            Err(_) => {
                self.jobs.drop_room(&id);
                Err(Refusal(400, "the file did not come whole"))
            }
        }
    }
}

/// Writes what comes to a file.
fn receive(from: &mut dyn Read, path: &Path, length: u64) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    let came = io::copy(&mut from.take(length), &mut file)?;
    if came == length { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// Compares in a time that does not tell how much agrees.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

/// A value of a query without its escapes; None where it is not UTF-8.
fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |b: u8| char::from(b).to_digit(16);
                (digit(rest.next()?)? * 16 + digit(rest.next()?)?) as u8
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

fn media_type(result: &str) -> &'static str {
    match result.rsplit('.').next() {
        Some("json") => "application/json",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        Some("csv") => "text/csv; charset=utf-8",
        Some("pdf") => "application/pdf",
        Some("xml") => "application/xml",
        // What came of a scan is never run as a page of this service.
        _ => "application/octet-stream",
    }
}

fn as_json(status: u16, value: &serde_json::Value) -> ResponseBox {
    with_type(Response::from_string(format!("{value}\n")).with_status_code(status), "application/json").boxed()
}

fn with_type<R: Read>(response: Response<R>, media_type: &str) -> Response<R> {
    let headers = [("Content-Type", media_type), ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")];
    headers
        .into_iter()
        .filter_map(|(name, value)| Header::from_bytes(name, value).ok())
        .fold(response, Response::with_header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_what_is_no_text_is_not_guessed() {
        assert_eq!(unescape("b%C3%A1o+c%C3%A1o.pdf").as_deref(), Some("báo cáo.pdf"));
        for wrong in ["%ff", "%4", "%zz"] {
            assert_eq!(unescape(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn tokens_are_the_same_or_not() {
        assert!(same("geheim", "geheim"));
        assert!(!same("geheim", "geheimer") && !same("", "geheim"));
    }

    #[test]
    fn the_description_names_every_answer_as_json() {
        let parsed: serde_json::Value = serde_json::from_str(OPENAPI).unwrap();
        assert!(parsed["paths"]["/jobs/{id}/{result}"]["get"].is_object());
    }
}

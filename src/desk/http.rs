//! What of HTTP the desk needs: who may ask, how much, and answers with the headers that keep a browser from doing anything else.

use std::io::Read;
use tiny_http::{Header, Method, Request, Response, StatusCode};

/// The largest body of a request, a scan that is dropped in, in bytes.
pub const LARGEST_UPLOAD: usize = 512 << 20;
/// The largest body that says something, in bytes.
pub const LARGEST_MESSAGE: usize = 64 << 10;

/// A page may load what this server gives and nothing else, run no script but its modules, and be framed by nobody.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; \
                      font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Whom a server answers: those who know its token, from a page of its own.
#[derive(Debug, Clone)]
pub struct Guard {
    /// First part of every path: a secret.
    pub token: String,
    /// The port that it listens on; names the server in `Host` and `Origin`.
    pub port: u16,
}

/// A request that was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Whether it changes something.
    pub posts: bool,
    /// The parts of the path behind the token, percent signs decoded.
    pub path: Vec<String>,
    /// The query's pairs, in their order, decoded.
    pub query: Vec<(String, String)>,
}

impl Asked {
    /// The first value of this name in the query; empty where there is none.
    pub fn value(&self, name: &str) -> &str {
        self.query.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
}

/// An answer: status, kind of content, content.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code of HTTP.
    pub status: u16,
    /// The content's media type.
    pub kind: &'static str,
    /// The content.
    pub body: Vec<u8>,
    /// The name under which a browser saves it; None to show it.
    pub save_as: Option<String>,
    /// Whether the browser may keep it; what is named by its content's hash never changes.
    pub keep: bool,
}

impl Answer {
    /// Something of this kind.
    pub fn of(kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Answer { status: 200, kind, body: body.into(), save_as: None, keep: false }
    }

    /// JSON.
    pub fn json(value: &impl serde::Serialize) -> Self {
        // Only maps whose keys are no strings fail, of which there are none.
        Answer::of("application/json", serde_json::to_vec(value).unwrap_or_default())
    }

    /// A refusal or failure, with what to do.
    pub fn refusal(status: u16, message: impl Into<String>) -> Self {
        Answer { status, ..Answer::json(&serde_json::json!({ "error": message.into() })) }
    }
}

impl Guard {
    /// The address of the page.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.port, self.token)
    }

    /// What a request asks for; an answer of refusal where it may not.
    ///
    /// # Errors
    /// 400 where `Host` names another server (a page elsewhere that calls itself this one), 403 where the token is wrong or `Origin`
    /// another page, 405 for methods other than GET, HEAD and POST.
    pub fn admit(&self, request: &Request) -> Result<Asked, Answer> {
        let of = |name: &'static str| request.headers().iter().find(|h| h.field.equiv(name)).map(|h| h.value.as_str());
        self.check(request.method(), request.url(), of("Host"), of("Origin"))
    }

    fn check(&self, method: &Method, url: &str, host: Option<&str>, origin: Option<&str>) -> Result<Asked, Answer> {
        let names = [format!("127.0.0.1:{}", self.port), format!("localhost:{}", self.port)];
        if !host.is_some_and(|host| names.iter().any(|n| n == host)) {
            return Err(Answer::refusal(400, "this server answers to its own address only"));
        }
        if origin.is_some_and(|origin| !names.iter().any(|n| origin.strip_prefix("http://") == Some(n))) {
            return Err(Answer::refusal(403, "another page may not ask"));
        }
        let posts = match method {
            Method::Get | Method::Head => false,
            Method::Post => true,
            _ => return Err(Answer::refusal(405, "GET and POST only")),
        };
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let mut parts = path.strip_prefix('/').unwrap_or(path).split('/').map(|p| decoded(p, false));
        if !parts.next().is_some_and(|token| same(&token, &self.token)) {
            return Err(Answer::refusal(403, "open the address that `sohoa desk` printed"));
        }
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name, true), decoded(value, true))
        };
        let query = query.split('&').filter(|p| !p.is_empty()).map(pair).collect();
        Ok(Asked { posts, path: parts.collect(), query })
    }
}

/// Compares in a time that does not tell how much was right.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

/// Percent signs decoded, and plus signs where they stand for spaces.
fn decoded(text: &str, plus: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |i: usize| bytes.get(i).and_then(|b| (*b as char).to_digit(16));
        match (bytes[at], hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 2;
            }
            (b'+', ..) if plus => out.push(b' '),
            (byte, ..) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The body of a request.
///
/// # Errors
/// 413 where it is larger than `most`, 400 where it breaks off.
pub fn body(request: &mut Request, most: usize) -> Result<Vec<u8>, Answer> {
    let large = || Answer::refusal(413, format!("more than {} MiB", most >> 20));
    if request.body_length().is_some_and(|length| length > most) {
        return Err(large());
    }
    let said = request.body_length();
    let mut body = Vec::new();
    let read = request.as_reader().take(most as u64 + 1).read_to_end(&mut body);
    if read.is_err() || said.is_some_and(|said| body.len() < said) {
        return Err(Answer::refusal(400, "the connection was cut"));
    }
    if body.len() > most { Err(large()) } else { Ok(body) }
}

/// Sends the answer; a browser that went away does not matter.
pub fn respond(request: Request, answer: Answer) {
    let header = |name: &str, value: &str| Header::from_bytes(name, value).ok();
    let mut headers = vec![
        header("Content-Type", answer.kind),
        header("Content-Security-Policy", POLICY),
        header("X-Content-Type-Options", "nosniff"),
        header("Referrer-Policy", "no-referrer"),
        header("Cross-Origin-Resource-Policy", "same-origin"),
        header("Cache-Control", if answer.keep { "private, max-age=86400, immutable" } else { "no-store" }),
    ];
    if let Some(name) = &answer.save_as {
        headers.push(header("Content-Disposition", &disposition(name)));
    }
    let mut response = Response::from_data(answer.body).with_status_code(StatusCode(answer.status));
    headers.into_iter().flatten().for_each(|h| response.add_header(h));
    let _ = request.respond(response);
}

/// The header that names a download; names beyond ASCII go as RFC 5987 has them.
fn disposition(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let ascii: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let escaped: String =
        name.bytes().map(|b| if plain(b as char) { (b as char).to_string() } else { format!("%{b:02X}") }).collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{escaped}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> Guard {
        Guard { token: "secret".into(), port: 8080 }
    }

    fn status(url: &str, host: Option<&str>, origin: Option<&str>) -> u16 {
        guard().check(&Method::Get, url, host, origin).map_or_else(|a| a.status, |_| 200)
    }

    #[test]
    fn only_who_knows_the_token_and_asks_from_here_is_answered() {
        let here = Some("127.0.0.1:8080");
        assert_eq!(status("/secret/", here, None), 200);
        assert_eq!(status("/secret/api/documents?q=a", Some("localhost:8080"), Some("http://127.0.0.1:8080")), 200);
        assert_eq!(status("/", here, None), 403);
        assert_eq!(status("/secre/", here, None), 403);
        assert_eq!(status("/secret2/", here, None), 403);
        assert_eq!(status("/secret/", Some("evil.example:8080"), None), 400);
        assert_eq!(status("/secret/", None, None), 400);
        assert_eq!(status("/secret/", here, Some("http://evil.example")), 403);
        assert_eq!(status("/secret/", here, Some("null")), 403);
        let method = guard().check(&Method::Delete, "/secret/", here, None);
        assert_eq!(method.unwrap_err().status, 405);
    }

    #[test]
    fn paths_and_queries_are_decoded_part_by_part() {
        let url = "/secret/api/..%2F..%2Fetc?q=%C4%91%E1%BA%A1i+s%C6%A1n&x=%zz&empty";
        let asked = guard().check(&Method::Get, url, Some("127.0.0.1:8080"), None).unwrap();
        assert_eq!(asked.path, ["api", "../../etc"], "a slash that was escaped parts nothing");
        assert_eq!(asked.value("q"), "đại sơn");
        assert_eq!(asked.value("x"), "%zz");
        assert_eq!(asked.value("none"), "");
    }

    #[test]
    fn a_download_keeps_its_name() {
        assert_eq!(
            disposition("Đại\r\n\"x\".pdf"),
            "attachment; filename=\"__i___x_.pdf\"; filename*=UTF-8''%C4%90%E1%BA%A1i%0D%0A%22x%22.pdf"
        );
    }
}

//! What the browser may ask of a desk. Every path is matched whole.

use super::http::{self, Answer, Asked, LARGEST_MESSAGE, LARGEST_UPLOAD};
use super::shelf::Wanted;
use super::{Desk, checked, locked, picture};
use crate::correct::{Correction, in_force};
use crate::error::{Error, ErrorKind};
use crate::export::{self, ExportOptions, Format};
use crate::geometry::Rect;
use crate::whole_file::{unwritable, write_whole};
use serde::Deserialize;
use serde_json::json;
use std::path::{Path, PathBuf};
use tiny_http::Request;
use walkdir::WalkDir;

/// Endings of the files that are picked out of a folder.
const ENDINGS: [&str; 6] = ["pdf", "tif", "tiff", "png", "jpg", "jpeg"];

/// The most documents that a list shows at a time.
const LIST: u32 = 200;
/// The most places that the queue shows at a time.
const QUEUE: u32 = 500;

/// Where documents are written that are taken home together, in the folder of the results.
const TAKEN: &str = "export";

const PAGE: &[u8] = include_bytes!("assets/desk.html");
const STYLE: &[u8] = include_bytes!("assets/desk.css");
/// The modules, by name.
const MODULES: [(&str, &[u8]); 5] = [
    ("desk.js", include_bytes!("assets/desk.js")),
    ("list.js", include_bytes!("assets/list.js")),
    ("check.js", include_bytes!("assets/check.js")),
    ("server.js", include_bytes!("assets/server.js")),
    ("words.js", include_bytes!("assets/words.js")),
];

/// A correction as the browser sends it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    page: u32,
    rect: Rect,
    before: String,
    after: String,
    #[serde(default)]
    left: String,
    #[serde(default)]
    right: String,
}

/// A correction to take back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Undo {
    id: u64,
}

/// A folder to read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Folder {
    path: PathBuf,
}

impl Desk {
    /// Answers a request that was let in.
    pub(super) fn answer(&self, asked: &Asked, request: &mut Request) -> Answer {
        let path: Vec<&str> = asked.path.iter().map(String::as_str).collect();
        let done = match (asked.posts, &path[..]) {
            (false, [""]) => Ok(Answer::of("text/html; charset=utf-8", PAGE)),
            (false, ["desk.css"]) => Ok(Answer::of("text/css; charset=utf-8", STYLE)),
            (false, ["api", "progress"]) => Ok(Answer::json(&self.jobs.progress())),
            (false, ["api", "documents"]) => self.documents(asked),
            (false, ["api", "doubts"]) => locked(&self.shelf).doubts(QUEUE).map(|d| Answer::json(&d)),
            (false, ["api", "documents", id]) => self.document(id),
            (false, ["api", "documents", id, "pages", number]) => self.picture(id, number),
            (false, ["api", "documents", id, "export", format]) => self.export(id, format),
            (false, [module]) => Ok(MODULES
                .iter()
                .find(|(name, _)| name == module)
                .map_or_else(missing, |(_, body)| Answer::of("text/javascript; charset=utf-8", *body))),
            (true, ["api", "documents", id, "corrections"]) => match message::<Said>(request) {
                Ok(said) => self.say(id, said),
                Err(refusal) => return refusal,
            },
            (true, ["api", "documents", id, "undo"]) => match message::<Undo>(request) {
                Ok(undo) => self.undo(id, undo.id),
                Err(refusal) => return refusal,
            },
            (true, ["api", "documents", id, "save", format]) => self.save(id, format),
            (true, ["api", "upload"]) => match http::body(request, LARGEST_UPLOAD) {
                Ok(body) => self.upload(asked.value("name"), &body),
                Err(refusal) => return refusal,
            },
            (true, ["api", "folder"]) => match message::<Folder>(request) {
                Ok(folder) => self.folder(&folder.path),
                Err(refusal) => return refusal,
            },
            _ => Ok(missing()),
        };
        done.unwrap_or_else(|error| failure(&error))
    }

    fn documents(&self, asked: &Asked) -> crate::Result<Answer> {
        let text = |name: &str| asked.value(name).to_owned();
        let wanted = Wanted {
            words: text("q"),
            issuer: text("issuer"),
            kind: text("kind"),
            year: text("year"),
            doubtful: asked.value("doubtful") == "1",
            offset: asked.value("offset").parse().unwrap_or(0),
            limit: asked.value("limit").parse().unwrap_or(LIST).min(LIST),
        };
        Ok(Answer::json(&locked(&self.shelf).find(&wanted)?))
    }

    /// Everything about a document: its report, its words with boxes, its corrections.
    fn document(&self, id: &str) -> crate::Result<Answer> {
        let Some(entry) = locked(&self.shelf).entry(id)? else { return Ok(missing()) };
        let Some(kept) = self.kept(id) else {
            // Results of `sohoa read` without the words: the report and the text can be looked at.
            let file = |ending: &str| self.folder.join(format!("{}{ending}", entry.name));
            let report: serde_json::Value = std::fs::read(file(".json"))
                .ok()
                .and_then(|bytes| serde_json::from_slice(&bytes).ok())
                .unwrap_or_default();
            let text = std::fs::read_to_string(file(".txt")).unwrap_or_default();
            return Ok(Answer::json(&json!({ "entry": entry, "report": report, "text": text })));
        };
        let reading = self.corrected(id, &kept);
        let corrections = locked(&self.log).of_document(id);
        let holding: Vec<u64> = in_force(&corrections).iter().map(|c| c.id).collect();
        Ok(Answer::json(&json!({
            "entry": entry,
            "report": reading.report,
            "pages": checked(&reading.pages, &reading.report.tables),
            "corrections": corrections,
            "holding": holding,
        })))
    }

    fn picture(&self, id: &str, number: &str) -> crate::Result<Answer> {
        let (Some(kept), Ok(number)) = (self.kept(id), number.parse::<u32>()) else { return Ok(missing()) };
        let ending = format!("-{number}.jpg");
        let Some(file) = self.kept.file(id, &ending) else { return Ok(missing()) };
        let jpeg = match std::fs::read(file) {
            Ok(jpeg) => jpeg,
            Err(_) => {
                if number == 0 || number > kept.report.source.pages {
                    return Ok(missing());
                }
                let jpeg = picture::picture(&kept.path, id, number)?;
                // A picture that cannot be kept is made again.
                let _ = self.kept.write(id, &ending, &jpeg);
                jpeg
            }
        };
        Ok(Answer { keep: true, ..Answer::of("image/jpeg", jpeg) })
    }

    fn export(&self, id: &str, format: &str) -> crate::Result<Answer> {
        let (Some(kept), Some(format)) = (self.kept(id), Format::named(format)) else { return Ok(missing()) };
        let mut reading = self.corrected(id, &kept);
        let products = export::export(&mut reading, &kept.path, &[format], &ExportOptions::default())?;
        let Some(product) = products.into_iter().next() else {
            let why = reading.report.diagnostics.pop().map_or_else(String::new, |d| d.message);
            return Ok(Answer::refusal(422, format!("this document cannot be given in this form: {why}")));
        };
        let file = product.ending.rsplit('/').next().unwrap_or_default();
        let save_as = Some(format!("{}{file}", kept.name));
        Ok(Answer { save_as, ..Answer::of("application/octet-stream", product.content) })
    }

    /// Writes a document in one form into the folder of what is taken home, beside the results.
    fn save(&self, id: &str, format: &str) -> crate::Result<Answer> {
        let (Some(kept), Some(format)) = (self.kept(id), Format::named(format)) else { return Ok(missing()) };
        let mut reading = self.corrected(id, &kept);
        let products = export::export(&mut reading, &kept.path, &[format], &ExportOptions::default())?;
        if products.is_empty() {
            let why = reading.report.diagnostics.pop().map_or_else(String::new, |d| d.message);
            return Ok(Answer::refusal(422, format!("this document cannot be given in this form: {why}")));
        }
        let folder = self.folder.join(TAKEN);
        for product in products {
            let path = folder.join(format!("{}{}", kept.name, product.ending));
            let parent = path.parent().unwrap_or(&folder);
            std::fs::create_dir_all(parent).map_err(|e| unwritable(parent, e))?;
            write_whole(&path, &product.content)?;
        }
        Ok(Answer::json(&json!({ "folder": folder })))
    }

    fn say(&self, id: &str, said: Said) -> crate::Result<Answer> {
        let Some(kept) = self.kept(id) else { return Ok(missing()) };
        let Said { page, rect, before, after, left, right } = said;
        let after = crate::text::nfc::Nfc::from(after.split_whitespace().collect::<Vec<_>>().join(" ")).to_string();
        let correction = Correction {
            id: 0,
            time: locked(&self.shelf).now()?,
            who: self.options.who.clone(),
            document: id.to_owned(),
            file: kept.report.source.file.clone(),
            page,
            rect,
            left,
            right,
            before,
            after,
            undoes: None,
        };
        let added = self.correct(correction)?;
        Ok(Answer::json(&json!({ "id": added })))
    }

    fn undo(&self, id: &str, undone: u64) -> crate::Result<Answer> {
        let found = locked(&self.log).all().iter().find(|c| c.id == undone && c.document == id).cloned();
        let Some(found) = found.filter(|c| c.undoes.is_none()) else { return Ok(missing()) };
        let (before, after) = (found.after.clone(), found.before.clone());
        let who = self.options.who.clone();
        // Not within the call: the index must be free when the results are written.
        let time = locked(&self.shelf).now()?;
        let added = self.correct(Correction { time, who, before, after, undoes: Some(undone), ..found })?;
        Ok(Answer::json(&json!({ "id": added })))
    }

    /// Lays a file that was dropped in beside the results and has it read.
    fn upload(&self, name: &str, content: &[u8]) -> crate::Result<Answer> {
        let Some(name) = plain_name(name) else {
            return Ok(Answer::refusal(400, "the file has a name that no file may have"));
        };
        if content.is_empty() {
            return Ok(Answer::refusal(400, "the file is empty"));
        }
        let inbox = self.folder.join("inbox");
        let path = inbox.join(&name);
        // Another file of this name is another file.
        let other = std::fs::read(&path).is_ok_and(|there| there != content);
        if other {
            return Ok(Answer::refusal(
                409,
                format!("another file `{name}` was dropped in before; give this one another name"),
            ));
        }
        std::fs::create_dir_all(&inbox).map_err(|e| unwritable(&inbox, e))?;
        write_whole(&path, content)?;
        Ok(Answer::json(&json!({ "added": self.jobs.add([path]) })))
    }

    fn folder(&self, folder: &Path) -> crate::Result<Answer> {
        if !folder.is_absolute() || !folder.is_dir() {
            return Ok(Answer::refusal(400, "there is no such folder on this machine; give its whole path"));
        }
        let is_document = |path: &Path| {
            let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
            ending.is_some_and(|e| ENDINGS.contains(&e.as_str()))
        };
        let own = self.folder.join("inbox");
        let mut files: Vec<PathBuf> = WalkDir::new(folder)
            .into_iter()
            .filter_map(std::result::Result::ok)
            .filter(|entry| entry.file_type().is_file() && is_document(entry.path()))
            .map(walkdir::DirEntry::into_path)
            // What was written here is no scan to read.
            .filter(|path| !path.starts_with(&self.folder) || path.starts_with(&own))
            .collect();
        files.sort();
        Ok(Answer::json(&json!({ "added": self.jobs.add(files) })))
    }
}

fn missing() -> Answer {
    Answer::refusal(404, "there is no such thing here")
}

fn failure(error: &Error) -> Answer {
    let status = match error.kind() {
        ErrorKind::Definition => 400,
        ErrorKind::Unreadable | ErrorKind::Damaged | ErrorKind::Encrypted | ErrorKind::Unsupported => 422,
        ErrorKind::Unwritable => 507,
        _ => 500,
    };
    Answer::refusal(status, error.to_string())
}

fn message<T: serde::de::DeserializeOwned>(request: &mut Request) -> Result<T, Answer> {
    let body = http::body(request, LARGEST_MESSAGE)?;
    serde_json::from_slice(&body).map_err(|e| Answer::refusal(400, format!("this cannot be understood: {e}")))
}

/// The name of a file that is dropped in, without folders; None where nothing of it is left that a file may be called.
fn plain_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown = |c: &char| {
        !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let name: String = last.chars().filter(shown).collect();
    let name = name.trim_start_matches('.').trim();
    (!name.is_empty() && name.len() <= 220).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_dropped_files_lead_nowhere_else() {
        assert_eq!(plain_name("../../etc/Báo cáo.pdf").as_deref(), Some("Báo cáo.pdf"));
        assert_eq!(plain_name("C:\\scans\\x.tif").as_deref(), Some("x.tif"));
        assert_eq!(plain_name(".hidden.pdf").as_deref(), Some("hidden.pdf"));
        assert_eq!(plain_name("a\u{202e}fdp.exe").as_deref(), Some("afdp.exe"));
        for bad in ["", "..", "/", "a/", &"x".repeat(300)] {
            assert_eq!(plain_name(bad), None, "{bad}");
        }
    }
}

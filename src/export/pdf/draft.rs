//! A PDF in the making: the objects of the original, those that change, and the two ways to write them.

use crate::error::{Error, ErrorKind, Result};
use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId, SaveOptions, Stream};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Bytes that a stream which has to be looked into may decode to; more is a bomb.
const LARGEST_STREAM: usize = 1 << 28;

/// Why what its owner protected is written anew.
const PROTECTED: &str = "the original was protected by its owner";

/// Why a file whose table of objects does not lead to them is written anew.
const DAMAGED: &str = "the original's table of objects was damaged";

/// A PDF whose objects may be read and changed.
pub(super) struct Draft {
    pub(super) document: Document,
    /// The file as it was; empty for a PDF that is made anew.
    original: Vec<u8>,
    changed: BTreeSet<ObjectId>,
    /// Why the original's bytes cannot be kept as they are; None where they can.
    pub(super) rewritten: Option<&'static str>,
}

impl Draft {
    /// The PDF in these bytes, decrypted where that takes no password.
    ///
    /// # Errors
    /// [`ErrorKind::Damaged`] where its objects cannot be found, [`ErrorKind::Encrypted`] where it takes a password.
    pub(super) fn open(bytes: &[u8]) -> Result<Draft> {
        // Offsets count from the header: what stands before it would have to be counted in what is appended.
        let header = bytes[..bytes.len().min(1024)].windows(5).position(|w| w == b"%PDF-").unwrap_or(0);
        let document =
            Document::load_mem(&bytes[header..]).map_err(|e| refused("its objects cannot be found").source(e))?;
        let mut rewritten = None;
        let document = if document.is_encrypted() {
            rewritten = Some(PROTECTED);
            Document::load_mem_with_options(&bytes[header..], lopdf::LoadOptions::with_password(""))
                .map_err(|e| protected().source(e))?
        } else {
            if document.was_encrypted() {
                rewritten = Some(PROTECTED);
            } else if header > 0 {
                rewritten = Some("other bytes stood before the original in its file");
            } else if document.xref_recovery.is_some() || document.xref_start == 0 {
                rewritten = Some(DAMAGED);
            }
            document
        };
        let mut draft = Draft { document, original: bytes.to_vec(), changed: BTreeSet::new(), rewritten };
        if rewritten == Some(DAMAGED) {
            draft.find_information();
        }
        // A kind of protection that is not understood leaves streams that are noise.
        let is_noise = |page| draft.contents(page).iter().any(|id| draft.is_noise(*id));
        if rewritten == Some(PROTECTED) && draft.document.page_iter().any(is_noise) {
            return Err(protected());
        }
        Ok(draft)
    }

    /// Names the document's information in the trailer where what recovered the objects has lost it, by the last place that names it.
    fn find_information(&mut self) {
        const KEY: &[u8] = b"/Info";
        if self.document.trailer.has(b"Info") {
            return;
        }
        let places = self.original.windows(KEY.len()).enumerate().rev().filter(|(_, w)| *w == KEY).map(|(at, _)| at);
        let named = places.filter_map(|at| {
            let end = self.original.len().min(at + KEY.len() + 32);
            let text =
                std::str::from_utf8(self.original.get(at + KEY.len()..end)?.split(|b| *b == b'R').next()?).ok()?;
            let (number, generation) = text.trim().split_once(' ')?;
            Some((number.parse().ok()?, generation.trim().parse().ok()?))
        });
        let is_there = |id: &ObjectId| matches!(self.document.objects.get(id), Some(Object::Dictionary(_)));
        if let Some(id) = named.into_iter().find(is_there) {
            self.document.trailer.set("Info", id);
        }
    }

    /// Whether what a stream holds cannot be what was put into it: it cannot be decoded, or is not packed as it says.
    fn is_noise(&self, id: ObjectId) -> bool {
        let Ok(stream) = self.document.get_object(id).and_then(Object::as_stream) else { return true };
        let packed = stream.filters().ok().and_then(|filters| filters.first().map(|f| f.to_vec()));
        let deflated = packed.is_some_and(|name| name == b"FlateDecode" || name == b"Fl");
        // The first two bytes of deflated data check themselves (RFC 1950, 2.2).
        let marked =
            stream.content.first_chunk::<2>().is_some_and(|m| m[0] & 15 == 8 && u16::from_be_bytes(*m) % 31 == 0);
        (deflated && !marked) || self.decoded(id).is_none()
    }

    /// Whether the data of an image are missing: a damaged file does not tell where they end.
    fn lacks_image(&self) -> bool {
        let empty = |object: &Object| match object {
            Object::Stream(stream) => {
                stream.content.is_empty()
                    && stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|s| s == b"Image")
            }
            _ => false,
        };
        self.document.objects.values().any(empty)
    }

    /// An empty PDF.
    pub(super) fn new() -> Draft {
        let document = Document::with_version("1.7");
        let rewritten = Some("it is made anew");
        Draft { document, original: Vec::new(), changed: BTreeSet::new(), rewritten }
    }

    /// A number for a new object.
    pub(super) fn id(&mut self) -> ObjectId {
        self.document.new_object_id()
    }

    /// Adds or replaces an object.
    pub(super) fn put(&mut self, id: ObjectId, object: impl Into<Object>) {
        self.changed.insert(id);
        self.document.objects.insert(id, object.into());
    }

    /// Adds an object.
    pub(super) fn add(&mut self, object: impl Into<Object>) -> ObjectId {
        let id = self.id();
        self.put(id, object);
        id
    }

    /// Adds a stream, deflated.
    pub(super) fn add_stream(&mut self, dictionary: Dictionary, content: Vec<u8>) -> ObjectId {
        let mut stream = Stream::new(dictionary, content);
        // Where compressing fails the stream stays as it is, which is as right.
        let _ = stream.compress();
        self.add(stream)
    }

    /// The object that a value is or refers to.
    pub(super) fn resolved<'a>(&'a self, object: &'a Object) -> &'a Object {
        const NOTHING: &Object = &Object::Null;
        self.document.dereference(object).map_or(NOTHING, |(_, object)| object)
    }

    /// The dictionary under a key of a dictionary, followed through references.
    pub(super) fn dictionary<'a>(&'a self, of: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
        match self.resolved(of.get(key).ok()?) {
            Object::Dictionary(dictionary) => Some(dictionary),
            Object::Stream(stream) => Some(&stream.dict),
            _ => None,
        }
    }

    /// The array under a key of a dictionary, followed through references.
    pub(super) fn array<'a>(&'a self, of: &'a Dictionary, key: &[u8]) -> Option<&'a Vec<Object>> {
        self.resolved(of.get(key).ok()?).as_array().ok()
    }

    /// The dictionary with this number.
    pub(super) fn dictionary_of(&self, id: ObjectId) -> Option<&Dictionary> {
        match self.document.get_object(id).ok()? {
            Object::Dictionary(dictionary) => Some(dictionary),
            Object::Stream(stream) => Some(&stream.dict),
            _ => None,
        }
    }

    /// What a stream holds, its filters undone; None where it cannot be decoded.
    pub(super) fn decoded(&self, id: ObjectId) -> Option<Vec<u8>> {
        let stream = self.document.get_object(id).ok()?.as_stream().ok()?;
        stream.get_plain_content_with_limit(LARGEST_STREAM).ok()
    }

    /// What a page has under a key, of its own or inherited, followed through references.
    pub(super) fn inherited(&self, page: ObjectId, key: &[u8]) -> Option<&Object> {
        let mut at = self.dictionary_of(page);
        // A page tree is a few levels deep; a circle in it ends here.
        for _ in 0..64 {
            let node = at?;
            match node.get(key).map(|value| self.resolved(value)) {
                Ok(value) if *value != Object::Null => return Some(value),
                _ => at = self.dictionary(node, b"Parent"),
            }
        }
        None
    }

    /// The resources of a page, its own or inherited.
    pub(super) fn resources(&self, page: ObjectId) -> Dictionary {
        self.inherited(page, b"Resources").and_then(|r| r.as_dict().ok()).cloned().unwrap_or_default()
    }

    /// The streams of a page's content, in order.
    pub(super) fn contents(&self, page: ObjectId) -> Vec<ObjectId> {
        self.document.get_page_contents(page)
    }

    /// The original with what changed appended.
    ///
    /// # Errors
    /// [`ErrorKind::Defect`] only where memory cannot be written to.
    pub(super) fn appended(mut self) -> Result<Vec<u8>> {
        self.document.trailer.remove(b"XRefStm");
        self.name_revision();
        let changed: Vec<(ObjectId, Object)> = self
            .changed
            .iter()
            .filter_map(|id| self.document.objects.get(id).map(|object| (*id, object.clone())))
            .collect();
        let mut revision = IncrementalDocument::create_from(self.original, self.document);
        for (id, object) in changed {
            revision.new_document.set_object(id, object);
        }
        let mut out = Vec::new();
        revision.save_to(&mut out).map_err(unwritten)?;
        out.push(b'\n');
        Ok(out)
    }

    /// All objects anew.
    ///
    /// # Errors
    /// [`ErrorKind::Damaged`] where an image would be lost, [`ErrorKind::Defect`] where memory cannot be written to.
    pub(super) fn rewritten(mut self) -> Result<Vec<u8>> {
        if self.lacks_image() {
            return Err(refused("the data of an image cannot be found"));
        }
        self.name_revision();
        for key in [&b"Prev"[..], b"XRefStm", b"Type", b"W", b"Index", b"Filter", b"DecodeParms", b"Length", b"Encrypt"]
        {
            self.document.trailer.remove(key);
        }
        self.document.encryption_state = None;
        self.document.max_id = self.document.objects.keys().map(|id| id.0).max().unwrap_or(0);
        let mut out = Vec::new();
        let options = SaveOptions::builder().use_object_streams(true).use_xref_streams(true).build();
        self.document.save_with_options(&mut out, options).map_err(unwritten)?;
        out.push(b'\n');
        Ok(out)
    }

    /// Gives the revision its name in the trailer's `ID` (ISO 32000-1, 14.4), made from what it consists of, so that the
    /// same input gives the same bytes.
    fn name_revision(&mut self) {
        let mut digest = Sha256::new();
        digest.update(&self.original);
        for id in &self.changed {
            if let Some(object) = self.document.objects.get(id) {
                digest.update(format!("{id:?}{object:?}"));
                if let Object::Stream(stream) = object {
                    digest.update(&stream.content);
                }
            }
        }
        let name = Object::String(digest.finalize()[..16].to_vec(), lopdf::StringFormat::Hexadecimal);
        let first = self.document.trailer.get(b"ID").ok().map(|id| self.resolved(id));
        let first = first.and_then(|id| id.as_array().ok()).and_then(|id| id.first());
        let first = first.filter(|f| f.as_str().is_ok_and(|s| !s.is_empty())).cloned();
        self.document.trailer.set("ID", vec![first.unwrap_or_else(|| name.clone()), name]);
    }
}

/// An error of the searchable PDF only: the document's other results do not depend on it.
pub(super) fn refused(why: &str) -> Error {
    Error::new(ErrorKind::Damaged, format!("the searchable PDF is not written: {why}"))
        .remedy("mend the file with `qpdf in.pdf out.pdf` and read that")
}

fn protected() -> Error {
    Error::new(ErrorKind::Encrypted, "the searchable PDF is not written: the protection cannot be undone")
        .remedy("remove it with `qpdf --decrypt in.pdf out.pdf`")
}

fn unwritten(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Defect, "the searchable PDF cannot be put together").source(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lopdf::dictionary;

    /// A file of one page with an image and document information, its `from` replaced by `to` wherever it stands.
    fn damaged(from: &str, to: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut draft = Draft::new();
        let image = dictionary! { "Subtype" => "Image", "Width" => 1, "Height" => 1, "ColorSpace" => "DeviceGray" };
        let image = draft.add(Stream::new(image, b"pixel".to_vec()));
        let tree = draft.id();
        let resources = dictionary! { "XObject" => dictionary! { "Im0" => image } };
        let page = draft.add(dictionary! { "Type" => "Page", "Parent" => tree, "Resources" => resources });
        draft.put(tree, dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 });
        let root = draft.add(dictionary! { "Type" => "Catalog", "Pages" => tree });
        let information = draft.add(dictionary! { "Title" => Object::string_literal("Title") });
        draft.document.trailer.set("Root", root);
        draft.document.trailer.set("Info", information);
        draft.document.save_to(&mut bytes).unwrap();
        let mut out = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let here = bytes[at..].starts_with(from.as_bytes());
            out.extend_from_slice(if here { to.as_bytes() } else { &bytes[at..=at] });
            at += if here { from.len() } else { 1 };
        }
        out
    }

    #[test]
    fn information_that_recovery_loses_is_found_again() {
        let mut bytes = b"%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n\
            3 0 obj\n<</Title(Title)>>\nendobj\n"
            .to_vec();
        let table = bytes.len();
        bytes.extend(
            b"9 0 obj\n<</Type/XRef/Root 1 0 R/Info 3 0 R/Size 10/W[1 3 0]/Index[0 9]/Filter/ASCII85Decode/Length 5>>\nstream\n",
        );
        bytes.extend(b"z!\xb1!!\nendstream\nendobj\nstartxref\n");
        bytes.extend(format!("{table}\n%%EOF\n").bytes());
        assert!(!Document::load_mem(&bytes).unwrap().trailer.has(b"Info"));
        let draft = Draft::open(&bytes).unwrap();
        assert_eq!(draft.rewritten, Some(DAMAGED));
        let information = draft.dictionary(&draft.document.trailer, b"Info").unwrap();
        assert_eq!(information.get(b"Title").unwrap().as_str().unwrap(), b"Title");
    }

    #[test]
    fn a_file_whose_image_cannot_be_found_is_not_written_anew_without_it() {
        let whole = Draft::open(&damaged("startxref", "st@rtxref")).unwrap();
        assert!(whole.rewritten.is_some() && whole.rewritten().is_ok());
        let lacking = damaged("startxref", "st@rtxref");
        let text = String::from_utf8_lossy(&lacking).replace("/Length 5", "/Length 99 0 R");
        let error = Draft::open(text.as_bytes()).unwrap().rewritten().unwrap_err();
        assert!(error.message().contains("image"), "{error}");
    }

    #[test]
    fn data_that_do_not_begin_as_deflated_data_do_are_noise() {
        let mut draft = Draft::new();
        let whole = draft.add_stream(Dictionary::new(), vec![b'x'; 1000]);
        let noise = draft.add(Stream::new(dictionary! { "Filter" => "FlateDecode" }, b"\x13\x37noise".to_vec()));
        let plain = draft.add(Stream::new(Dictionary::new(), b"q Q".to_vec()));
        assert_eq!([whole, noise, plain].map(|id| draft.is_noise(id)), [false, true, false]);
    }
}

//! A PDF in the making: the objects of the original, those that change, and the two ways to write them.

use crate::error::{Error, ErrorKind, Result};
use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId, SaveOptions, Stream};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Bytes that a stream which has to be looked into may decode to; more is a bomb.
const LARGEST_STREAM: usize = 1 << 28;

/// Why what its owner protected is written anew.
const PROTECTED: &str = "it was protected by its owner";

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
                rewritten = Some("other bytes stood before it in its file");
            } else if document.xref_recovery.is_some() || document.xref_start == 0 {
                rewritten = Some("its table of objects was damaged");
            }
            document
        };
        let draft = Draft { document, original: bytes.to_vec(), changed: BTreeSet::new(), rewritten };
        // A kind of protection that is not understood leaves streams that are noise.
        let is_noise = |page| draft.contents(page).iter().any(|id| draft.decoded(*id).is_none());
        if rewritten == Some(PROTECTED) && draft.document.page_iter().any(is_noise) {
            return Err(protected());
        }
        Ok(draft)
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

    /// The resources of a page, its own or inherited.
    pub(super) fn resources(&self, page: ObjectId) -> Dictionary {
        let mut at = self.dictionary_of(page);
        // A page tree is a few levels deep; a circle in it ends here.
        for _ in 0..64 {
            let Some(node) = at else { break };
            if let Some(resources) = self.dictionary(node, b"Resources") {
                return resources.clone();
            }
            at = self.dictionary(node, b"Parent");
        }
        Dictionary::new()
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
    /// [`ErrorKind::Defect`] only where memory cannot be written to.
    pub(super) fn rewritten(mut self) -> Result<Vec<u8>> {
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

//! What PDF/A-2 and 3 forbid: taken out where nothing that shows depends on it, named where it does.

use super::draft::Draft;
use super::tokens::operations;
use lopdf::{Dictionary, Object, ObjectId, Stream};
use std::collections::BTreeSet;

/// What became of a PDF's objects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Findings {
    /// What stands in the way of conformity, once each.
    pub(super) faults: BTreeSet<String>,
    /// What was taken out, once each.
    pub(super) removed: BTreeSet<String>,
    /// Whether files are embedded, which only part 3 allows.
    pub(super) attachments: bool,
}

/// Kinds of annotations that PDF/A-2 allows (ISO 19005-2, 6.3.1).
const ANNOTATIONS: [&[u8]; 20] = [
    b"Text",
    b"Link",
    b"FreeText",
    b"Line",
    b"Square",
    b"Circle",
    b"Polygon",
    b"PolyLine",
    b"Highlight",
    b"Underline",
    b"Squiggly",
    b"StrikeOut",
    b"Stamp",
    b"Caret",
    b"Ink",
    b"Popup",
    b"FileAttachment",
    b"Widget",
    b"PrinterMark",
    b"Watermark",
];
/// Actions that PDF/A-2 allows (ISO 19005-2, 6.5.1).
const ACTIONS: [&[u8]; 7] = [b"GoTo", b"GoToR", b"GoToE", b"Thread", b"URI", b"Named", b"SubmitForm"];
/// Named actions that PDF/A-2 allows.
const NAMED: [&[u8]; 4] = [b"NextPage", b"PrevPage", b"FirstPage", b"LastPage"];
/// How deep forms are followed into forms.
const DEEPEST: usize = 12;

/// Whether PDF/A allows this action.
pub(super) fn is_allowed(action: &Dictionary) -> bool {
    let name = |key: &[u8]| action.get(key).and_then(Object::as_name).ok();
    match name(b"S") {
        // A destination, not an action.
        None => !action.has(b"JS"),
        Some(b"Named") => name(b"N").is_some_and(|n| NAMED.contains(&n)),
        Some(kind) => ACTIONS.contains(&kind),
    }
}

/// Mends every object that can be mended and names what cannot.
pub(super) fn conform(draft: &mut Draft, pages: &[ObjectId]) -> Findings {
    let mut findings = Findings::default();
    let ids: Vec<ObjectId> = draft.document.objects.keys().copied().collect();
    for id in ids {
        let Some(object) = draft.document.objects.get(&id).cloned() else { continue };
        let mut changed = object.clone();
        match &mut changed {
            Object::Dictionary(dictionary) => mend(draft, dictionary, &mut findings),
            Object::Stream(stream) => {
                mend_stream(stream, &mut findings);
                mend(draft, &mut stream.dict, &mut findings);
            }
            Object::Array(array) => {
                for dictionary in array.iter_mut().filter_map(|o| o.as_dict_mut().ok()) {
                    mend(draft, dictionary, &mut findings);
                }
            }
            _ => {}
        }
        if changed != object {
            draft.put(id, changed);
        }
    }
    let mut used = Used::default();
    for &page in pages {
        annotations(draft, page, &mut findings, &mut used);
        let resources = draft.resources(page);
        let content: Option<Vec<Vec<u8>>> = draft.contents(page).iter().map(|id| draft.decoded(*id)).collect();
        match content {
            Some(parts) => used.look(draft, &parts.join(&b"\n"[..]), &resources, DEEPEST),
            None => drop(findings.faults.insert("the content of a page cannot be read".to_owned())),
        }
    }
    fonts(draft, &used, &mut findings);
    findings.faults.extend(used.faults);
    findings
}

/// Mends a dictionary and those that stand in it.
fn mend(draft: &Draft, dictionary: &mut Dictionary, findings: &mut Findings) {
    let name = |d: &Dictionary, key: &[u8]| d.get(key).and_then(Object::as_name).ok().map(<[u8]>::to_vec);
    if dictionary.has(b"AA") {
        dictionary.remove(b"AA");
        findings.removed.insert("actions that run by themselves".to_owned());
    }
    if dictionary.has(b"A")
        && let Some(action) = draft.dictionary(dictionary, b"A").cloned()
        && action.has(b"S")
        && !is_allowed(&action)
    {
        dictionary.remove(b"A");
        findings.removed.insert("an action that runs a program or script".to_owned());
    }
    match name(dictionary, b"Type").as_deref() {
        Some(b"Page") => {
            dictionary.remove(b"PresSteps");
        }
        Some(b"FontDescriptor") => {
            // Lists of a subset's characters, which have to be whole where they are there.
            dictionary.remove(b"CIDSet");
            dictionary.remove(b"CharSet");
        }
        Some(b"Font")
            if name(dictionary, b"Subtype").as_deref() == Some(b"CIDFontType2") && !dictionary.has(b"CIDToGIDMap") =>
        {
            dictionary.set("CIDToGIDMap", "Identity");
        }
        Some(b"ExtGState") => {
            for key in [&b"TR"[..], b"HTP", b"TR2"] {
                dictionary.remove(key);
            }
        }
        _ if dictionary.has(b"EF") => {
            findings.attachments = true;
            dictionary.set("Type", "Filespec");
            if !dictionary.has(b"AFRelationship") {
                dictionary.set("AFRelationship", "Unspecified");
            }
            match (dictionary.get(b"F").cloned(), dictionary.get(b"UF").cloned()) {
                (Ok(name), Err(_)) => dictionary.set("UF", name),
                (Err(_), Ok(name)) => dictionary.set("F", name),
                _ => {}
            }
        }
        _ => {}
    }
    for (_, value) in dictionary.iter_mut() {
        if let Object::Dictionary(inner) = value {
            mend(draft, inner, findings);
        }
    }
}

fn mend_stream(stream: &mut Stream, findings: &mut Findings) {
    if [&b"F"[..], b"FFilter", b"FDecodeParms"].iter().any(|key| stream.dict.has(key)) {
        findings.faults.insert("a part of it lies in another file".to_owned());
    }
    let filters: Vec<Vec<u8>> = stream.filters().map(|f| f.iter().map(|f| f.to_vec()).collect()).unwrap_or_default();
    if filters.iter().any(|f| f == b"LZWDecode" || f == b"LZW") {
        match stream.get_plain_content_with_limit(1 << 28) {
            // Only the packing changes: LZW was patented when PDF/A was made.
            Ok(content) => {
                stream.set_plain_content(content);
                let _ = stream.compress();
            }
            Err(_) => drop(findings.faults.insert("data packed by LZW cannot be unpacked".to_owned())),
        }
    }
    if filters.iter().any(|f| f == b"Crypt") {
        findings.faults.insert("a part of it is encrypted".to_owned());
    }
    let subtype = stream.dict.get(b"Subtype").and_then(Object::as_name).ok().map(<[u8]>::to_vec);
    match subtype.as_deref() {
        Some(b"Image") => {
            for key in [&b"Alternates"[..], b"OPI"] {
                stream.dict.remove(key);
            }
            if stream.dict.get(b"Interpolate").and_then(Object::as_bool).unwrap_or(false) {
                stream.dict.set("Interpolate", false);
            }
        }
        Some(b"Form") => {
            stream.dict.remove(b"OPI");
            if stream.dict.has(b"Ref") {
                findings.faults.insert("a part of it is another PDF's".to_owned());
            }
        }
        Some(b"PS") => drop(findings.faults.insert("it holds PostScript".to_owned())),
        _ => {}
    }
    let embedded = stream.dict.get(b"Type").and_then(Object::as_name).is_ok_and(|t| t == b"EmbeddedFile");
    if embedded && !stream.dict.has(b"Subtype") {
        stream.dict.set("Subtype", "application/octet-stream");
    }
}

/// Makes a page's annotations printable and names those that PDF/A does not allow.
fn annotations(draft: &mut Draft, page: ObjectId, findings: &mut Findings, used: &mut Used) {
    const PRINT: i64 = 4;
    const INVISIBLE: i64 = 0b1_0010_0011;
    let Some(dictionary) = draft.dictionary_of(page).cloned() else { return };
    let Some(list) = draft.array(&dictionary, b"Annots").cloned() else { return };
    let mut direct = Vec::new();
    for entry in &list {
        let Ok(mut annotation) = draft.resolved(entry).as_dict().cloned() else { continue };
        let kind = annotation.get(b"Subtype").and_then(Object::as_name).unwrap_or(b"").to_vec();
        let shown = String::from_utf8_lossy(&kind).into_owned();
        if !ANNOTATIONS.contains(&kind.as_slice()) {
            findings.faults.insert(format!("it bears an annotation of a kind that is not allowed: {shown}"));
        }
        if kind == b"FileAttachment" {
            findings.attachments = true;
        }
        let flags = annotation.get(b"F").and_then(Object::as_i64).unwrap_or(0);
        if flags & INVISIBLE != 0 && kind != b"Popup" {
            findings.faults.insert(format!("it bears a hidden annotation: {shown}"));
        } else if kind != b"Popup" {
            annotation.set("F", flags | PRINT);
        }
        if let Some(mut appearance) = draft.dictionary(&annotation, b"AP").cloned() {
            appearance.remove(b"D");
            appearance.remove(b"R");
            annotation.set("AP", appearance.clone());
            if let Ok(form) = appearance.get(b"N").and_then(Object::as_reference) {
                used.look_into(draft, form, &Dictionary::new(), DEEPEST);
            }
        } else if !matches!(kind.as_slice(), b"Popup" | b"Link") {
            findings.faults.insert(format!("it bears an annotation without an appearance: {shown}"));
        }
        match entry.as_reference() {
            Ok(id) => {
                draft.put(id, annotation);
                direct.push(entry.clone());
            }
            Err(_) => direct.push(Object::Dictionary(annotation)),
        }
    }
    let mut dictionary = dictionary;
    dictionary.set("Annots", direct);
    draft.put(page, dictionary);
}

/// What the content of pages uses.
#[derive(Default)]
struct Used {
    /// The dictionaries of fonts that show text.
    fonts: Vec<Dictionary>,
    seen_fonts: BTreeSet<ObjectId>,
    seen_forms: BTreeSet<ObjectId>,
    faults: BTreeSet<String>,
}

impl Used {
    fn look(&mut self, draft: &Draft, content: &[u8], resources: &Dictionary, depth: usize) {
        let Some(operations) = operations(content) else {
            self.faults.insert("the content of a page cannot be read to its end".to_owned());
            return;
        };
        let (mut font, mut mode) = (Vec::new(), 0.0);
        let mut saved = Vec::new();
        for operation in &operations {
            let operand = |n: usize| operation.operands.get(n).map(|o| &content[o.clone()]);
            let name = |n: usize| operand(n).and_then(|o| o.strip_prefix(b"/")).map(<[u8]>::to_vec);
            match &content[operation.operator.clone()] {
                b"q" => saved.push((font.clone(), mode)),
                b"Q" => (font, mode) = saved.pop().unwrap_or((font, mode)),
                b"Tf" => font = name(0).unwrap_or_default(),
                b"Tr" => mode = operand(0).and_then(|o| std::str::from_utf8(o).ok()?.parse().ok()).unwrap_or(mode),
                b"Tj" | b"TJ" | b"'" | b"\"" if mode != 3.0 => self.font(draft, resources, &font),
                b"k" | b"K" => drop(self.faults.insert(CMYK.to_owned())),
                b"cs" | b"CS" if name(0).as_deref() == Some(b"DeviceCMYK") => {
                    self.faults.insert(CMYK.to_owned());
                }
                b"Do" => {
                    let object = name(0)
                        .and_then(|n| draft.dictionary(resources, b"XObject")?.get(&n).ok()?.as_reference().ok());
                    if let Some(id) = object {
                        self.look_into(draft, id, resources, depth);
                    }
                }
                _ => {}
            }
        }
    }

    /// Looks at a form or an image that is drawn.
    fn look_into(&mut self, draft: &Draft, id: ObjectId, resources: &Dictionary, depth: usize) {
        if depth == 0 || !self.seen_forms.insert(id) {
            return;
        }
        let Ok(Object::Stream(stream)) = draft.document.get_object(id) else { return };
        if stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|s| s == b"Image") {
            let space = stream.dict.get(b"ColorSpace").map(|s| draft.resolved(s));
            if space.and_then(Object::as_name).is_ok_and(|s| s == b"DeviceCMYK") {
                self.faults.insert(CMYK.to_owned());
            }
            return;
        }
        let own = draft.dictionary(&stream.dict, b"Resources").cloned();
        match draft.decoded(id) {
            Some(content) => self.look(draft, &content, own.as_ref().unwrap_or(resources), depth - 1),
            None => drop(self.faults.insert("the content of a page cannot be read".to_owned())),
        }
    }

    fn font(&mut self, draft: &Draft, resources: &Dictionary, name: &[u8]) {
        let Some(entry) = draft.dictionary(resources, b"Font").and_then(|fonts| fonts.get(name).ok()) else {
            self.faults.insert("text is set in a font that is not there".to_owned());
            return;
        };
        if entry.as_reference().is_ok_and(|id| !self.seen_fonts.insert(id)) {
            return;
        }
        if let Ok(font) = draft.resolved(entry).as_dict() {
            self.fonts.push(font.clone());
        }
    }
}

const CMYK: &str = "its colours are inks (CMYK) of no stated kind";

/// Names the fonts that show text and are not embedded, or whose letters nothing tells.
fn fonts(draft: &Draft, used: &Used, findings: &mut Findings) {
    for font in &used.fonts {
        let name = |d: &Dictionary, key: &[u8]| d.get(key).and_then(Object::as_name).ok().map(<[u8]>::to_vec);
        let called = String::from_utf8_lossy(&name(font, b"BaseFont").unwrap_or_default()).into_owned();
        let kind = name(font, b"Subtype").unwrap_or_default();
        let descendant = draft.array(font, b"DescendantFonts").and_then(|d| draft.resolved(d.first()?).as_dict().ok());
        let described = descendant.unwrap_or(font);
        let descriptor = draft.dictionary(described, b"FontDescriptor");
        let embedded =
            descriptor.is_some_and(|d| [&b"FontFile"[..], b"FontFile2", b"FontFile3"].iter().any(|key| d.has(key)));
        if !embedded && kind != b"Type3" {
            findings.faults.insert(format!("the font {called} is not embedded"));
            continue;
        }
        let symbolic = descriptor.and_then(|d| d.get(b"Flags").and_then(Object::as_i64).ok()).unwrap_or(0) & 4 != 0;
        let encoding = font.get(b"Encoding").map(|e| draft.resolved(e)).ok();
        let told = font.has(b"ToUnicode")
            || match (kind.as_slice(), encoding) {
                (b"Type0" | b"Type3", _) => false,
                (b"TrueType", Some(_)) => !symbolic,
                (_, encoding) => encoding.is_some() || !symbolic,
            };
        if !told {
            findings.faults.insert(format!("the font {called} does not tell its letters (no ToUnicode)"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lopdf::dictionary;

    #[test]
    fn scripts_are_not_allowed_and_links_are() {
        assert!(!is_allowed(&dictionary! { "S" => "JavaScript" }));
        assert!(!is_allowed(&dictionary! { "S" => "Launch" }));
        assert!(!is_allowed(&dictionary! { "S" => "Named", "N" => "Print" }));
        assert!(is_allowed(&dictionary! { "S" => "URI" }));
        assert!(is_allowed(&dictionary! { "S" => "Named", "N" => "NextPage" }));
    }

    #[test]
    fn only_fonts_that_show_text_have_to_be_embedded() {
        let mut draft = Draft::new();
        let font = |name: &str| dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => name };
        let (shown, hidden) = (draft.add(font("Helvetica")), draft.add(font("Courier")));
        let content =
            draft.add_stream(Dictionary::new(), b"BT /A 12 Tf (x) Tj ET q 3 Tr BT /B 12 Tf (y) Tj ET Q".to_vec());
        let page = draft.add(dictionary! {
            "Type" => "Page", "Contents" => content,
            "Resources" => dictionary! { "Font" => dictionary! { "A" => shown, "B" => hidden } },
        });
        let faults: Vec<String> = conform(&mut draft, &[page]).faults.into_iter().collect();
        assert_eq!(faults, ["the font Helvetica is not embedded"]);
    }
}

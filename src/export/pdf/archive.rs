//! PDF/A-2u and 3u (ISO 19005): signatures drawn flat, metadata, output intent, what is forbidden taken out.

use super::conform;
use super::draft::Draft;
use super::icc;
use super::pages::free_name;
use super::strip::strip;
use super::xmp::{Claim, metadata};
use crate::diagnostics::Diagnostic;
use crate::geometry::{Rect, Transform};
use crate::pipeline::Reading;
use lopdf::{Dictionary, Object, ObjectId, Stream, dictionary};
use std::collections::BTreeSet;

/// Makes a draft conform as far as it can be made to, and claims it where nothing is left that cannot. `attached` is the
/// original, where it is to be put into the file.
pub(super) fn archive(
    draft: &mut Draft,
    pages: &[ObjectId],
    reading: &Reading,
    attached: Option<&[u8]>,
    remarks: &mut Vec<Diagnostic>,
) {
    let mut history = Vec::new();
    let signatures = flatten_signatures(draft, pages);
    if signatures > 0 {
        let what = format!("{signatures} digital signatures were drawn flat: they show and no longer sign");
        remarks.push(Diagnostic::warning(format!("in the PDF/A {what}")).hint("keep the original, or attach it"));
        history.push(what);
    }
    clear_catalogue(draft);
    stand_alone(draft);
    draft.document.prune_objects();
    let findings = conform::conform(draft, pages);
    for removed in &findings.removed {
        remarks.push(Diagnostic::info(format!("left out of the PDF/A, which does not allow it: {removed}")));
        history.push(format!("left out: {removed}"));
    }
    if let Some(original) = attached {
        attach(draft, reading, original);
    }
    associate(draft);
    let part = if attached.is_some() || findings.attachments { 3 } else { 2 };
    let part = findings.faults.is_empty().then_some(part);
    if part.is_none() {
        let faults: Vec<&str> = findings.faults.iter().map(String::as_str).collect();
        let message = format!("the searchable PDF is not PDF/A: {}", faults.join("; "));
        remarks.push(Diagnostic::warning(message).hint("what the original lacks cannot be added: print and scan it"));
    }
    let xmp = metadata(draft, reading, &Claim { part, history });
    let mut stream = Stream::new(dictionary! { "Type" => "Metadata", "Subtype" => "XML" }, xmp);
    stream.allows_compression = false;
    let xmp = draft.add(stream);
    let intent = output_intent(draft);
    change_catalogue(draft, |catalogue| {
        catalogue.set("Metadata", xmp);
        if let Some(intent) = intent {
            catalogue.set("OutputIntents", vec![intent]);
        }
        if !catalogue.has(b"Lang") {
            catalogue.set("Lang", Object::string_literal("vi"));
        }
    });
    // What it said is in the metadata; PDF/A lets the two differ in nothing.
    draft.document.trailer.remove(b"Info");
    draft.document.version = "1.7".to_owned();
}

fn change_catalogue(draft: &mut Draft, change: impl FnOnce(&mut Dictionary)) {
    let Ok(id) = draft.document.trailer.get(b"Root").and_then(Object::as_reference) else { return };
    let Some(mut catalogue) = draft.dictionary_of(id).cloned() else { return };
    change(&mut catalogue);
    draft.put(id, catalogue);
}

/// An output intent of sRGB; None where the original has one for PDF/A.
fn output_intent(draft: &mut Draft) -> Option<Object> {
    let catalogue = draft.document.catalog().ok()?.clone();
    let own = draft.array(&catalogue, b"OutputIntents").is_some_and(|intents| {
        intents.iter().filter_map(|i| draft.resolved(i).as_dict().ok()).any(|intent| {
            intent.get(b"S").and_then(Object::as_name).is_ok_and(|s| s == b"GTS_PDFA1")
                && intent.has(b"DestOutputProfile")
        })
    });
    if own {
        return None;
    }
    let profile = draft.add_stream(dictionary! { "N" => 3 }, icc::srgb());
    let text = || Object::string_literal("sRGB IEC61966-2.1");
    Some(Object::Dictionary(dictionary! {
        "Type" => "OutputIntent", "S" => "GTS_PDFA1", "OutputConditionIdentifier" => text(), "Info" => text(),
        "RegistryName" => Object::string_literal("http://www.color.org"), "DestOutputProfile" => profile,
    }))
}

/// Takes out of the catalogue what would run, sign or hide something.
fn clear_catalogue(draft: &mut Draft) {
    let Ok(catalogue) = draft.document.catalog().cloned() else { return };
    let runs = draft.dictionary(&catalogue, b"OpenAction").is_some_and(|action| !conform::is_allowed(action));
    let names = draft.dictionary(&catalogue, b"Names").cloned().map(|mut names| {
        names.remove(b"JavaScript");
        names.remove(b"AlternatePresentations");
        names
    });
    let optional = draft.dictionary(&catalogue, b"OCProperties").cloned().map(|mut properties| {
        if let Some(mut usual) = draft.dictionary(&properties, b"D").cloned() {
            usual.remove(b"AS");
            if !usual.has(b"Name") {
                usual.set("Name", Object::string_literal("Default"));
            }
            properties.set("D", usual);
        }
        properties
    });
    change_catalogue(draft, |catalogue| {
        for key in [&b"AA"[..], b"Perms", b"DSS", b"NeedsRendering", b"Requirements"] {
            catalogue.remove(key);
        }
        if runs {
            catalogue.remove(b"OpenAction");
        }
        if let Some(names) = names {
            catalogue.set("Names", names);
        }
        if let Some(optional) = optional {
            catalogue.set("OCProperties", optional);
        }
    });
}

/// Puts the original into the file, as the source that it was made from.
fn attach(draft: &mut Draft, reading: &Reading, original: &[u8]) {
    let name = super::super::printable(&reading.report.source.file).into_owned();
    let kind = match original {
        [b'%', b'P', b'D', b'F', ..] => "application/pdf",
        [0x89, b'P', ..] => "image/png",
        [0xFF, 0xD8, ..] => "image/jpeg",
        [b'I', b'I', ..] | [b'M', b'M', ..] => "image/tiff",
        _ => "application/octet-stream",
    };
    let file = Stream::new(
        dictionary! {
            "Type" => "EmbeddedFile", "Subtype" => kind,
            "Params" => dictionary! { "Size" => original.len() as i64 },
        },
        original.to_vec(),
    )
    .with_compression(false);
    let file = draft.add(file);
    let utf16 = || {
        let units = std::iter::once(0xFEFF).chain(name.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        Object::String(units, lopdf::StringFormat::Hexadecimal)
    };
    let specification = draft.add(dictionary! {
        "Type" => "Filespec", "F" => utf16(), "UF" => utf16(), "AFRelationship" => "Source",
        "Desc" => Object::string_literal("The file that this PDF was made from"),
        "EF" => dictionary! { "F" => file, "UF" => file },
    });
    let Ok(catalogue) = draft.document.catalog().cloned() else { return };
    let mut names = draft.dictionary(&catalogue, b"Names").cloned().unwrap_or_default();
    // A tree of names is put under a new root, with the original as its first leaf's neighbour.
    let leaf = dictionary! { "Names" => vec![utf16(), specification.into()], "Limits" => vec![utf16(), utf16()] };
    let tree = match draft.dictionary(&names, b"EmbeddedFiles") {
        None => dictionary! { "Names" => vec![utf16(), specification.into()] },
        Some(tree) => match draft.array(tree, b"Names") {
            Some(own) => {
                let mut pairs: Vec<Object> = own.clone();
                pairs.extend([utf16(), specification.into()]);
                dictionary! { "Names" => sorted(draft, &pairs) }
            }
            None => {
                let mut kids = draft.array(tree, b"Kids").cloned().unwrap_or_default();
                kids.push(Object::Dictionary(leaf));
                dictionary! { "Kids" => kids }
            }
        },
    };
    names.set("EmbeddedFiles", tree);
    change_catalogue(draft, |catalogue| catalogue.set("Names", names));
}

/// Gives the descriptions of embedded files that stand within other objects numbers of their own, so that more than one place can name them.
fn stand_alone(draft: &mut Draft) {
    fn taken_out(value: &mut Object, draft: &mut Draft) {
        match value {
            Object::Array(values) => values.iter_mut().for_each(|value| taken_out(value, draft)),
            Object::Dictionary(dictionary) => {
                dictionary.iter_mut().for_each(|(_, value)| taken_out(value, draft));
                if dictionary.has(b"EF") {
                    let id = draft.add(std::mem::take(dictionary));
                    *value = Object::Reference(id);
                }
            }
            _ => {}
        }
    }
    let ids: Vec<ObjectId> = draft.document.objects.keys().copied().collect();
    for id in ids {
        let Some(object) = draft.document.objects.get(&id).cloned() else { continue };
        let mut changed = object.clone();
        match &mut changed {
            Object::Dictionary(dictionary) => dictionary.iter_mut().for_each(|(_, value)| taken_out(value, draft)),
            Object::Stream(stream) => stream.dict.iter_mut().for_each(|(_, value)| taken_out(value, draft)),
            other => taken_out(other, draft),
        }
        if changed != object {
            draft.put(id, changed);
        }
    }
}

/// Associates each embedded file with something, with the document where nothing else names it (ISO 19005-3, 6.8).
fn associate(draft: &mut Draft) {
    let objects = || draft.document.objects.values();
    let dictionaries = || {
        objects().filter_map(|object| match object {
            Object::Dictionary(dictionary) => Some(dictionary),
            Object::Stream(stream) => Some(&stream.dict),
            _ => None,
        })
    };
    let named: BTreeSet<ObjectId> = dictionaries()
        .filter_map(|dictionary| draft.array(dictionary, b"AF"))
        .flatten()
        .filter_map(|file| file.as_reference().ok())
        .collect();
    let is_file = |object: &Object| object.as_dict().is_ok_and(|dictionary| dictionary.has(b"EF"));
    let files = draft.document.objects.iter().filter(|(_, object)| is_file(object)).map(|(id, _)| *id);
    let missing: Vec<Object> = files.filter(|id| !named.contains(id)).map(Object::Reference).collect();
    if missing.is_empty() {
        return;
    }
    let Ok(catalogue) = draft.document.catalog() else { return };
    let mut associated = draft.array(catalogue, b"AF").cloned().unwrap_or_default();
    associated.extend(missing);
    change_catalogue(draft, |catalogue| catalogue.set("AF", associated));
}

/// The pairs of a name tree in the order of their names.
fn sorted(draft: &Draft, pairs: &[Object]) -> Vec<Object> {
    let key = |pair: &[Object]| draft.resolved(&pair[0]).as_str().map(<[u8]>::to_vec).unwrap_or_default();
    let mut pairs: Vec<&[Object]> = pairs.chunks_exact(2).collect();
    pairs.sort_by_key(|pair| key(pair));
    pairs.concat()
}

/// Draws the appearances of signatures into their pages and takes the fields away. How many there were.
fn flatten_signatures(draft: &mut Draft, pages: &[ObjectId]) -> usize {
    let mut flattened = BTreeSet::new();
    let mut count = 0;
    for &page in pages {
        let Some(dictionary) = draft.dictionary_of(page).cloned() else { continue };
        let Some(annotations) = draft.array(&dictionary, b"Annots").cloned() else { continue };
        let (signatures, rest): (Vec<Object>, Vec<Object>) =
            annotations.into_iter().partition(|a| draft.resolved(a).as_dict().is_ok_and(|a| is_signature(draft, a)));
        if signatures.is_empty() {
            continue;
        }
        count += signatures.len();
        flattened.extend(signatures.iter().filter_map(|s| s.as_reference().ok()));
        let appearances: Vec<(ObjectId, Transform)> = signatures.iter().filter_map(|s| appearance(draft, s)).collect();
        let mut dictionary = dictionary;
        if rest.is_empty() {
            dictionary.remove(b"Annots");
        } else {
            dictionary.set("Annots", rest);
        }
        draft.put(page, dictionary);
        draw(draft, page, &appearances);
    }
    drop_fields(draft, &flattened);
    count
}

/// Whether a widget is that of a signature, by its own type or its field's.
fn is_signature(draft: &Draft, annotation: &Dictionary) -> bool {
    let mut at = Some(annotation);
    for _ in 0..16 {
        let Some(field) = at else { break };
        if let Ok(kind) = field.get(b"FT").and_then(Object::as_name) {
            return kind == b"Sig";
        }
        at = draft.dictionary(field, b"Parent");
    }
    false
}

/// A widget's normal appearance and the map that puts it onto the page (ISO 32000-1, 12.5.5); None where it shows nothing.
fn appearance(draft: &Draft, widget: &Object) -> Option<(ObjectId, Transform)> {
    const HIDDEN: i64 = 0b10_0010;
    let widget = draft.resolved(widget).as_dict().ok()?;
    if widget.get(b"F").and_then(Object::as_i64).is_ok_and(|flags| flags & HIDDEN != 0) {
        return None;
    }
    let place = numbers(draft, widget, b"Rect").filter(|r| r.len() == 4)?;
    let place = Rect::new(
        place[0].min(place[2]) as f32,
        place[1].min(place[3]) as f32,
        place[0].max(place[2]) as f32,
        place[1].max(place[3]) as f32,
    );
    let id = draft.dictionary(widget, b"AP")?.get(b"N").and_then(Object::as_reference).ok()?;
    let form = draft.document.get_object(id).ok()?.as_stream().ok()?;
    let bounds = numbers(draft, &form.dict, b"BBox").filter(|b| b.len() == 4)?;
    let matrix = numbers(draft, &form.dict, b"Matrix").filter(|m| m.len() == 6).unwrap_or(vec![1., 0., 0., 1., 0., 0.]);
    let map = Transform { coefficients: [matrix[0], matrix[2], matrix[4], matrix[1], matrix[3], matrix[5]] };
    let bounds = Rect::new(
        bounds[0].min(bounds[2]) as f32,
        bounds[1].min(bounds[3]) as f32,
        bounds[0].max(bounds[2]) as f32,
        bounds[1].max(bounds[3]) as f32,
    );
    let shown = map.rect(&bounds);
    if place.width() <= 0.0 || place.height() <= 0.0 || shown.width() <= 0.0 || shown.height() <= 0.0 {
        return None;
    }
    let scale = [f64::from(place.width() / shown.width()), f64::from(place.height() / shown.height())];
    let shift =
        [f64::from(place.x0) - f64::from(shown.x0) * scale[0], f64::from(place.y0) - f64::from(shown.y0) * scale[1]];
    Some((id, Transform { coefficients: [scale[0], 0.0, shift[0], 0.0, scale[1], shift[1]] }))
}

fn numbers(draft: &Draft, of: &Dictionary, key: &[u8]) -> Option<Vec<f64>> {
    draft.array(of, key)?.iter().map(|n| draft.resolved(n).as_float().ok().map(f64::from)).collect()
}

/// Draws forms over a page's content, whose graphics state is shut in first.
fn draw(draft: &mut Draft, page: ObjectId, forms: &[(ObjectId, Transform)]) {
    if forms.is_empty() {
        return;
    }
    let streams = draft.contents(page);
    let parts: Option<Vec<Vec<u8>>> = streams.iter().map(|id| draft.decoded(*id)).collect();
    let balance = parts.and_then(|parts| strip(&parts.join(&b"\n"[..]), 0, 0)).map_or((0, 0), |s| s.unbalanced);
    let mut resources = draft.resources(page);
    let mut objects = draft.dictionary(&resources, b"XObject").cloned().unwrap_or_default();
    let mut content = "Q\n".repeat(1 + balance.1);
    for (id, map) in forms {
        if let Ok(Object::Stream(form)) = draft.document.get_object(*id) {
            let mut form = form.clone();
            form.dict.set("Type", "XObject");
            form.dict.set("Subtype", "Form");
            draft.put(*id, form);
        }
        let name = free_name(&objects, "Signature");
        let [a, b, c, d, e, f] = map.coefficients;
        content.push_str(&format!("q {a:.5} {d:.5} {b:.5} {e:.5} {c:.3} {f:.3} cm /{name} Do Q\n"));
        objects.set(name, *id);
    }
    resources.set("XObject", objects);
    let before = draft.add_stream(Dictionary::new(), "q\n".repeat(1 + balance.0).into_bytes());
    let after = draft.add_stream(Dictionary::new(), content.into_bytes());
    let contents: Vec<Object> =
        std::iter::once(before).chain(streams).chain(std::iter::once(after)).map(Object::Reference).collect();
    let Some(mut dictionary) = draft.dictionary_of(page).cloned() else { return };
    dictionary.set("Contents", contents);
    dictionary.set("Resources", resources);
    draft.put(page, dictionary);
}

/// Takes signature fields out of the form; a form without fields goes, too.
fn drop_fields(draft: &mut Draft, flattened: &BTreeSet<ObjectId>) {
    let Ok(catalogue) = draft.document.catalog().cloned() else { return };
    let Some(mut form) = draft.dictionary(&catalogue, b"AcroForm").cloned() else { return };
    let fields = draft.array(&form, b"Fields").cloned().unwrap_or_default();
    let stays = |field: &Object| {
        let known = field.as_reference().is_ok_and(|id| flattened.contains(&id));
        !known && !draft.resolved(field).as_dict().is_ok_and(|f| is_signature(draft, f))
    };
    let fields: Vec<Object> = fields.into_iter().filter(|f| stays(f)).collect();
    for key in [&b"SigFlags"[..], b"XFA", b"NeedAppearances"] {
        form.remove(key);
    }
    let empty = fields.is_empty();
    form.set("Fields", fields);
    change_catalogue(draft, |catalogue| {
        if empty {
            catalogue.remove(b"AcroForm");
        } else {
            catalogue.set("AcroForm", form);
        }
    });
}

//! Puts the text of a reading onto the pages of a PDF, and takes a bad layer that it replaces away.

use super::cover::hidden;
use super::draft::Draft;
use super::font::{self, Codes};
use super::layer::PageText;
use super::strip::{Stripped, strip};
use crate::diagnostics::Diagnostic;
use crate::document::{PageSize, Place};
use crate::error::Result;
use crate::geometry::{Rect, Transform};
use crate::pipeline::Reading;
use crate::report::Origin;
use lopdf::{Dictionary, Object, ObjectId, Stream};
use std::collections::{BTreeMap, BTreeSet};

/// How deep forms are followed into forms.
const DEEPEST: usize = 8;

/// Adds the text of every page that was recognised, restored or decoded; a page whose own text is right stays as it is.
pub(super) fn put_text(
    draft: &mut Draft,
    pages: &[ObjectId],
    reading: &Reading,
    to_user: &dyn Fn(usize, &PageSize) -> Result<Transform>,
    remarks: &mut Vec<Diagnostic>,
) -> Result<()> {
    let mut texts = BTreeMap::new();
    let mut characters = BTreeSet::new();
    for (index, (status, page)) in reading.report.pages.iter().zip(&reading.pages).enumerate() {
        let replaced = !matches!(status.origin, None | Some(Origin::TextLayer));
        if let (true, Some(size)) = (replaced, &status.size) {
            let text = PageText::of(page);
            if !text.is_empty() {
                text.collect(&mut characters);
            }
            texts.insert(index, (text, to_user(index, size)?));
        }
    }
    if texts.is_empty() {
        return Ok(());
    }
    let kept: BTreeSet<ObjectId> =
        (0..pages.len()).filter(|i| !texts.contains_key(i)).flat_map(|i| forms_of(draft, pages[i])).collect();
    let codes = Codes::of(characters);
    let objects = font::objects(&codes, || draft.id());
    let font = objects[0].0;
    for (id, object) in objects {
        draft.put(id, object);
    }
    let mut left = Vec::new();
    for (index, (text, map)) in &texts {
        let page = pages[*index];
        let number = *index as u32 + 1;
        if draft.rewritten.is_none() || !draft.contents(page).is_empty() {
            match without_layer(draft, page, &kept) {
                Some(visible) if visible => left.push(number),
                Some(_) => {}
                None => remarks.push(
                    Diagnostic::warning(
                        "the page's content cannot be taken apart: an old text layer would stay in the searchable PDF",
                    )
                    .at(Place::page(number)),
                ),
            }
        }
        add(draft, page, font, |name| text.content(map, name, &codes));
    }
    if !left.is_empty() {
        let pages: Vec<String> = left.iter().map(u32::to_string).collect();
        let message = format!(
            "the visible text of these pages is kept as it was in the searchable PDF, beside the restored text: {}",
            pages.join(", ")
        );
        remarks.push(Diagnostic::info(message));
    }
    Ok(())
}

/// Puts text before a page's content: there nothing that the page does to the graphics state can reach it.
fn add(draft: &mut Draft, page: ObjectId, font: ObjectId, text: impl Fn(&str) -> Vec<u8>) {
    let mut resources = draft.resources(page);
    let mut fonts = draft.dictionary(&resources, b"Font").cloned().unwrap_or_default();
    let name = free_name(&fonts, "Sohoa");
    let content = text(&name);
    if content.is_empty() {
        return;
    }
    fonts.set(name, font);
    resources.set("Font", fonts);
    let stream = draft.add_stream(Dictionary::new(), content);
    let contents = std::iter::once(stream).chain(draft.contents(page)).map(Object::Reference).collect::<Vec<_>>();
    let Some(dictionary) = draft.dictionary_of(page) else { return };
    let mut dictionary = dictionary.clone();
    dictionary.set("Resources", resources);
    dictionary.set("Contents", contents);
    draft.put(page, dictionary);
}

/// A name that a dictionary does not have yet.
pub(super) fn free_name(taken: &Dictionary, like: &str) -> String {
    let mut names = std::iter::once(like.to_owned()).chain((1..).map(|n| format!("{like}{n}")));
    // There are more numbers than names in any file.
    names.find(|name| !taken.has(name.as_bytes())).unwrap_or_default()
}

/// Takes the text that nobody sees out of a page and the forms that it draws. Whether text that shows is left; None where the
/// content cannot be read, and then nothing is changed.
fn without_layer(draft: &mut Draft, page: ObjectId, kept: &BTreeSet<ObjectId>) -> Option<bool> {
    let streams = draft.contents(page);
    let mut parts = Vec::with_capacity(streams.len());
    for id in &streams {
        parts.push(draft.decoded(*id)?);
    }
    // The streams of a page are one content, parted between tokens (ISO 32000-1, 7.8.2).
    let whole = parts.join(&b"\n"[..]);
    let resources = draft.resources(page);
    let covered = hidden(&whole, &shown(draft, page), &|name| is_opaque_image(draft, &resources, name));
    let stripped = strip(&whole, 0, covered)?;
    let mut visible = stripped.visible_text;
    visible |= without_forms(draft, &resources, &stripped, kept, DEEPEST)?;
    if let Some(content) = stripped.content {
        let id = draft.add_stream(Dictionary::new(), content);
        let mut dictionary = draft.dictionary_of(page)?.clone();
        dictionary.set("Contents", vec![Object::Reference(id)]);
        draft.put(page, dictionary);
    }
    Some(visible)
}

/// The same for the forms that a content draws.
fn without_forms(
    draft: &mut Draft,
    resources: &Dictionary,
    content: &Stripped,
    kept: &BTreeSet<ObjectId>,
    depth: usize,
) -> Option<bool> {
    let mut visible = false;
    if depth == 0 {
        return Some(visible);
    }
    for (name, mode) in &content.drawn {
        let found = draft.dictionary(resources, b"XObject").and_then(|x| x.get(name).ok()?.as_reference().ok());
        let Some(id) = found else { continue };
        let form = match draft.document.get_object(id) {
            Ok(Object::Stream(form)) if is_form(&form.dict) => form.dict.clone(),
            _ => continue,
        };
        let stripped = strip(&draft.decoded(id)?, *mode, 0)?;
        let own = draft.dictionary(&form, b"Resources").cloned();
        visible |= stripped.visible_text;
        visible |= without_forms(draft, own.as_ref().unwrap_or(resources), &stripped, kept, depth - 1)?;
        // A form that another page draws, whose layer is right, is left as it is.
        if let Some(content) = stripped.content.filter(|_| !kept.contains(&id)) {
            let mut stream = Stream::new(form, Vec::new());
            stream.set_plain_content(content);
            let _ = stream.compress();
            draft.put(id, stream);
        }
    }
    Some(visible)
}

/// What is shown of a page, in its user space; where nothing tells it is all of the plane, which nothing covers.
fn shown(draft: &Draft, page: ObjectId) -> Rect {
    let media = draft.inherited(page, b"MediaBox").and_then(|b| rectangle(draft, b));
    let crop = draft.inherited(page, b"CropBox").and_then(|b| rectangle(draft, b));
    crop.or(media).unwrap_or(Rect::new(f32::MIN, f32::MIN, f32::MAX, f32::MAX))
}

fn rectangle(draft: &Draft, object: &Object) -> Option<Rect> {
    let numbers: Option<Vec<f32>> = object.as_array().ok()?.iter().map(|n| draft.resolved(n).as_float().ok()).collect();
    match numbers?[..] {
        [x0, y0, x1, y1] => Some(Rect::new(x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1))),
        _ => None,
    }
}

/// Whether a name in the resources is that of an image that nothing shines through and that is always shown.
fn is_opaque_image(draft: &Draft, resources: &Dictionary, name: &[u8]) -> bool {
    let image = draft.dictionary(resources, b"XObject").and_then(|objects| draft.dictionary(objects, name));
    image.is_some_and(|image| {
        let lets_through = [&b"ImageMask"[..], b"Mask", b"SMask", b"SMaskInData", b"OC"];
        image.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Image")
            && !lets_through.iter().any(|key| image.has(key))
    })
}

fn is_form(dictionary: &Dictionary) -> bool {
    dictionary.get(b"Subtype").and_then(Object::as_name).is_ok_and(|n| n == b"Form")
}

/// The forms that a page can draw, and those that they can.
fn forms_of(draft: &Draft, page: ObjectId) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![draft.resources(page)];
    while let Some(resources) = waiting.pop() {
        let Some(objects) = draft.dictionary(&resources, b"XObject") else { continue };
        for (_, object) in objects.iter() {
            let Ok(id) = object.as_reference() else { continue };
            let Some(form) = draft.dictionary_of(id).filter(|d| is_form(d)) else { continue };
            if found.insert(id)
                && let Some(own) = draft.dictionary(form, b"Resources")
            {
                waiting.push(own.clone());
            }
        }
    }
    found
}

/// How many digital signatures a PDF bears.
pub(super) fn signatures(draft: &Draft) -> usize {
    let signed = |object: &Object| {
        let Object::Dictionary(field) = object else { return false };
        field.get(b"FT").and_then(Object::as_name).is_ok_and(|n| n == b"Sig") && field.has(b"V")
    };
    draft.document.objects.values().filter(|o| signed(o)).count()
}

//! Names of fonts that are not embedded: the engine draws them with a substitute and does not tell their names, but the
//! name alone says that a text is in TCVN3 or VNI.

use hayro::hayro_interpret::hayro_syntax::page::Page;
use hayro::hayro_syntax::content::ops::TypedInstruction;
use hayro::hayro_syntax::object::{Name, Object, String as PdfString};

/// The strings that a page's own content shows in simple fonts, in their order, with the names of the fonts.
#[derive(Debug, Default)]
pub(super) struct ShownStrings {
    strings: Vec<(Option<usize>, Vec<u8>)>,
    names: Vec<String>,
    next: usize,
}

/// Strings that may be passed over to find the one that a run of glyphs came from: those in forms are not in the list,
/// and hidden optional content is in the list and not drawn.
const LOOK_AHEAD: usize = 400;

impl ShownStrings {
    /// The strings of this page; those of forms and annotations are left out.
    pub(super) fn of(page: &Page<'_>) -> Self {
        let mut shown = ShownStrings::default();
        let mut font = None;
        let mut saved = Vec::new();
        let mut operations = page.typed_operations();
        while let Some(operation) = operations.next() {
            match operation {
                TypedInstruction::SaveState(_) => saved.push(font),
                TypedInstruction::RestoreState(_) => font = saved.pop().unwrap_or(font),
                TypedInstruction::TextFont(set) => font = shown.font_index(page, set.0),
                TypedInstruction::ShowText(show) => shown.push(font, show.0.as_bytes()),
                TypedInstruction::NextLineAndShowText(show) => shown.push(font, show.0.as_bytes()),
                TypedInstruction::ShowTextWithParameters(show) => shown.push(font, show.2.as_bytes()),
                TypedInstruction::ShowTexts(show) => {
                    // The engine hands the strings of one operator out together.
                    let mut all = Vec::new();
                    for part in show.0.iter::<Object<'_>>() {
                        if let Object::String(part) = part {
                            all.extend_from_slice(bytes_of(&part));
                        }
                    }
                    shown.push(font, &all);
                }
                _ => {}
            }
        }
        shown
    }

    fn push(&mut self, font: Option<usize>, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.strings.push((font, bytes.to_vec()));
        }
    }

    fn font_index(&mut self, page: &Page<'_>, resource: &Name<'_>) -> Option<usize> {
        let name = page.resources().get_font(resource)?.get::<Name<'_>>("BaseFont")?.as_str().to_owned();
        Some(self.names.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        }))
    }

    /// The font of the string that these codes of one byte each came from, which is not before the last one found.
    pub(super) fn font_of(&mut self, codes: impl Iterator<Item = u32>) -> Option<String> {
        let codes: Vec<u8> = codes.map(u8::try_from).collect::<Result<_, _>>().ok()?;
        let ahead = self.strings.get(self.next..)?.iter().take(LOOK_AHEAD);
        let found = self.next + ahead.into_iter().position(|(_, bytes)| *bytes == codes)?;
        self.next = found + 1;
        self.strings[found].0.map(|font| self.names[font].clone())
    }
}

fn bytes_of<'b>(string: &'b PdfString<'_>) -> &'b [u8] {
    string.as_bytes()
}

/// A font's name without the six letters that mark a subset (ISO 32000-1, 9.6.4).
pub(super) fn without_subset_prefix(name: &str) -> &str {
    match name.split_once('+') {
        Some((prefix, rest)) if prefix.len() == 6 && prefix.bytes().all(|b| b.is_ascii_uppercase()) => rest,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_find_their_strings_in_order() {
        let mut shown = ShownStrings {
            strings: vec![(Some(0), b"ab".to_vec()), (Some(1), b"ab".to_vec()), (None, b"c".to_vec())],
            names: vec![".VnTime".into(), ".VnTimeH".into()],
            next: 0,
        };
        let mut font = |text: &str| shown.font_of(text.bytes().map(u32::from));
        assert_eq!(font("ab").as_deref(), Some(".VnTime"));
        assert_eq!(font("zz"), None, "a string of a form");
        assert_eq!(font("ab").as_deref(), Some(".VnTimeH"));
        assert_eq!(font("ab"), None);
    }

    #[test]
    fn subset_prefixes_are_taken_off() {
        let cases = [("ABCDEF+.VnTime", ".VnTime"), ("VNI-Times", "VNI-Times"), ("A+B", "A+B")];
        for (name, bare) in cases {
            assert_eq!(without_subset_prefix(name), bare);
        }
    }
}

//! A writer of XML: elements closed in their order, texts escaped, indented by two spaces.

use super::printable;
use quick_xml::escape::escape;

/// XML in the making.
pub(super) struct Xml {
    out: String,
    open: Vec<&'static str>,
}

/// An element's attributes; those that are None are left out.
pub(super) type Attributes<'a> = &'a [(&'static str, Option<String>)];

impl Xml {
    /// A document that begins with its declaration.
    pub(super) fn new() -> Self {
        Xml { out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), open: Vec::new() }
    }

    /// A packet of XMP (ISO 16684-1, 7.3.2).
    pub(super) fn packet() -> Self {
        let begin = "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n";
        Xml { out: begin.to_owned(), open: Vec::new() }
    }

    /// The packet, everything closed.
    pub(super) fn end_packet(self) -> Vec<u8> {
        let mut out = self.finish();
        out.extend_from_slice(b"<?xpacket end=\"w\"?>\n");
        out
    }

    /// Opens an element.
    pub(super) fn open(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.tag(name, attributes);
        self.out.push_str(">\n");
        self.open.push(name);
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.tag(name, attributes);
        self.out.push_str("/>\n");
    }

    /// An element with a text.
    pub(super) fn text(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) {
        self.tag(name, attributes);
        self.out.push('>');
        self.out.push_str(&escape(&*printable(text)));
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    /// Closes the element that was opened last.
    pub(super) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push_str(">\n");
        }
    }

    /// The document, everything closed.
    pub(super) fn finish(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.close();
        }
        self.out.into_bytes()
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n("  ", self.open.len()));
    }

    fn tag(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            let Some(value) = value else { continue };
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            self.out.push_str(&escape(&*printable(value)));
            self.out.push('"');
        }
    }
}

/// An attribute that is there.
pub(super) fn is(value: impl ToString) -> Option<String> {
    Some(value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        let mut xml = Xml::new();
        xml.open("a", &[("b", is("\"><c/>\u{1}\u{202E}")), ("none", None)]);
        xml.text("d", &[], "]]></d>&\u{0}\u{FFFE}");
        let written = String::from_utf8(xml.finish()).unwrap();
        assert!(
            written.contains("<a b=\"&quot;&gt;&lt;c/&gt;\">\n  <d>]]&gt;&lt;/d&gt;&amp;</d>\n</a>\n"),
            "{written}"
        );
    }
}

//! The font of invisible text: nothing to see, one width, a code for each character that occurs.

use lopdf::{Dictionary, Object, ObjectId, Stream, dictionary};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Width of every character in thousandths of the size; boxes of words are met by scaling.
pub(super) const WIDTH: f64 = 500.0;
/// Lines of a `beginbfchar` block (Adobe technical note 5411, 1.4).
const BLOCK: usize = 100;
/// The name in the PDF, with the tag that a subset must bear (ISO 32000-1, 9.6.4).
const NAME: &str = "SOHOAA+SohoaInvisible";

/// Codes for the characters of a document, from 1, in the order of Unicode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Codes(BTreeMap<char, u16>);

impl Codes {
    /// Codes for these characters; those beyond 65,535 different ones get none.
    pub(super) fn of(characters: BTreeSet<char>) -> Self {
        Codes(characters.into_iter().zip(1..=u16::MAX).collect())
    }

    /// A text as the hexadecimal string that shows it, without angle brackets.
    pub(super) fn encoded(&self, text: &str) -> String {
        let mut hex = String::with_capacity(4 * text.len());
        for code in text.chars().filter_map(|c| self.0.get(&c)) {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{code:04X}");
        }
        hex
    }

    /// What the codes mean, for searching and copying: a CMap (ISO 32000-1, 9.10.3).
    fn to_unicode(&self) -> Vec<u8> {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
             /CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n\
             /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
             1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        );
        let all: Vec<(char, u16)> = self.0.iter().map(|(&character, &code)| (character, code)).collect();
        for block in all.chunks(BLOCK) {
            let _ = writeln!(map, "{} beginbfchar", block.len());
            for (character, code) in block {
                let units: String = character.encode_utf16(&mut [0; 2]).iter().map(|u| format!("{u:04X}")).collect();
                let _ = writeln!(map, "<{code:04X}> <{units}>");
            }
            map.push_str("endbfchar\n");
        }
        map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
        map.into_bytes()
    }
}

/// The font's objects; the first is the font itself. `id` gives the number of each new object.
pub(super) fn objects(codes: &Codes, mut id: impl FnMut() -> ObjectId) -> Vec<(ObjectId, Object)> {
    let [font, descendant, descriptor, file, glyphs, unicode] = std::array::from_fn(|_| id());
    let outlines = true_type();
    let length = outlines.len() as i64;
    // `.notdef`, glyph 0, must not be shown (ISO 19005-2, 6.2.11.8), so every code but 0 is glyph 1.
    let count = codes.0.len();
    let map: Vec<u8> = std::iter::once([0, 0]).chain(std::iter::repeat_n([0, 1], count)).flatten().collect();
    let compressed = |dictionary: Dictionary, content: Vec<u8>| {
        let mut stream = Stream::new(dictionary, content);
        // Where compressing fails the stream stays as it is, which is as right.
        let _ = stream.compress();
        Object::Stream(stream)
    };
    vec![
        (
            font,
            dictionary! {
                "Type" => "Font", "Subtype" => "Type0", "BaseFont" => NAME, "Encoding" => "Identity-H",
                "DescendantFonts" => vec![descendant.into()], "ToUnicode" => unicode,
            }
            .into(),
        ),
        (
            descendant,
            dictionary! {
                "Type" => "Font", "Subtype" => "CIDFontType2", "BaseFont" => NAME,
                "CIDSystemInfo" => dictionary! {
                    "Registry" => Object::string_literal("Adobe"), "Ordering" => Object::string_literal("Identity"),
                    "Supplement" => 0,
                },
                "DW" => WIDTH as i64, "CIDToGIDMap" => glyphs, "FontDescriptor" => descriptor,
            }
            .into(),
        ),
        (
            descriptor,
            dictionary! {
                "Type" => "FontDescriptor", "FontName" => NAME, "Flags" => 5, "ItalicAngle" => 0,
                "FontBBox" => vec![0.into(), 0.into(), 500.into(), 1000.into()],
                // The size is the height of the line's box and the base line its lower edge.
                "Ascent" => 1000, "Descent" => -1, "CapHeight" => 1000, "StemV" => 80, "FontFile2" => file,
            }
            .into(),
        ),
        (file, compressed(dictionary! { "Length1" => length }, outlines)),
        (glyphs, compressed(Dictionary::new(), map)),
        (unicode, compressed(Dictionary::new(), codes.to_unicode())),
    ]
}

/// A TrueType font of two glyphs, the first empty, with the tables that a PDF's font needs (ISO 32000-1, 9.9).
///
/// The second is a line without area, there and back: PDFium leaves out a text of one letter whose glyph has no box, and
/// takes texts whose boxes overlap in height for one line, so that the box is lower than lines stand apart.
fn true_type() -> Vec<u8> {
    const UNITS: u16 = 1000;
    let words = |words: &[u16]| words.iter().flat_map(|w| w.to_be_bytes()).collect::<Vec<u8>>();
    let width = WIDTH as u16;
    let mut head = words(&[1, 0, 1, 0]);
    head.extend([0, 0, 0, 0]); // The sum over the whole file, set at the end.
    head.extend(0x5F0F_3CF5_u32.to_be_bytes());
    head.extend(words(&[0b11, UNITS]));
    head.extend([0; 16]); // Made and changed: nothing that would differ from one run to the next.
    head.extend(words(&[0, LOW, width, HIGH, 0, 8, 2, 0, 0]));
    let hhea = words(&[1, 0, UNITS, 0, 0, width, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
    let maxp = words(&[1, 0, 2, 3, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    const LOW: u16 = 125;
    const HIGH: u16 = 675;
    let (half, middle) = (width / 2, (HIGH - LOW) / 2);
    let mut glyf = words(&[1, 0, LOW, width, HIGH, 2, 0]);
    glyf.extend([1, 1, 1]);
    glyf.extend(words(&[0, width, half.wrapping_neg(), LOW, HIGH - LOW, middle.wrapping_neg()]));
    glyf.resize(glyf.len().next_multiple_of(4), 0);
    let loca = words(&[0, 0, glyf.len() as u16 / 2]);
    let hmtx = words(&[width, 0, width, 0]);
    // Readers want the tables of names and characters, though a PDF does not ask for them.
    let cmap =
        words(&[0, 1, 3, 1, 0, 12, 4, 32, 0, 4, 4, 1, 0, 32, 0xFFFF, 0, 32, 0xFFFF, (1_u16).wrapping_sub(32), 1, 0, 0]);
    let post = words(&[3, 0, 0, 0, 0xFF9C, 50, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    let tables: [(&[u8; 4], Vec<u8>); 8] = [
        (b"cmap", cmap),
        (b"glyf", glyf),
        (b"head", head),
        (b"hhea", hhea),
        (b"hmtx", hmtx),
        (b"loca", loca),
        (b"maxp", maxp),
        (b"post", post),
    ];
    let mut font = words(&[1, 0, tables.len() as u16, 128, 3, 0]);
    let mut at = font.len() + 16 * tables.len();
    let mut bodies = Vec::new();
    let mut head_at = 0;
    for (name, body) in &tables {
        font.extend(*name);
        font.extend(sum(body).to_be_bytes());
        font.extend((at as u32).to_be_bytes());
        font.extend((body.len() as u32).to_be_bytes());
        if *name == b"head" {
            head_at = at;
        }
        bodies.extend(body);
        bodies.resize(bodies.len().next_multiple_of(4), 0);
        at = 12 + 16 * tables.len() + bodies.len();
    }
    font.extend(bodies);
    let adjustment = 0xB1B0_AFBA_u32.wrapping_sub(sum(&font));
    font[head_at + 8..head_at + 12].copy_from_slice(&adjustment.to_be_bytes());
    font
}

/// The checksum of a table: its 32-bit words added up.
fn sum(bytes: &[u8]) -> u32 {
    let word = |chunk: &[u8]| {
        let mut word = [0; 4];
        word[..chunk.len()].copy_from_slice(chunk);
        u32::from_be_bytes(word)
    };
    bytes.chunks(4).fold(0, |sum, chunk| sum.wrapping_add(word(chunk)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_code_a_letter_and_the_map_gives_the_letters_back() {
        let codes = Codes::of("ậ 𠀀A".chars().collect());
        assert_eq!(codes.encoded("Aậ "), "000200030001");
        let map = String::from_utf8(codes.to_unicode()).unwrap();
        assert!(map.contains("<0003> <1EAD>") && map.contains("<0004> <D840DC00>"), "{map}");
    }

    #[test]
    fn blocks_of_the_map_have_at_most_a_hundred_lines() {
        let codes = Codes::of(('\u{1000}'..).take(250).collect());
        let map = String::from_utf8(codes.to_unicode()).unwrap();
        let sizes: Vec<&str> = map.lines().filter_map(|l| l.strip_suffix(" beginbfchar")).collect();
        assert_eq!(sizes, ["100", "100", "50"]);
    }

    #[test]
    fn the_font_file_holds_its_tables_whole_and_its_sum_comes_out() {
        let font = true_type();
        let count = usize::from(u16::from_be_bytes([font[4], font[5]]));
        let number = |at: usize| u32::from_be_bytes(font[at..at + 4].try_into().unwrap());
        for table in 0..count {
            let entry = 12 + 16 * table;
            let (at, length) = (number(entry + 8) as usize, number(entry + 12) as usize);
            assert_eq!(at % 4, 0);
            let body = &font[at..at + length];
            if &font[entry..entry + 4] != b"head" {
                assert_eq!(sum(body), number(entry + 4));
            }
        }
        assert_eq!(sum(&font), 0xB1B0_AFBA);
    }
}

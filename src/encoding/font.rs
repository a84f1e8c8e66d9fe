//! What the name of a font tells about the encoding of its text.

use super::kind::Encoding;

/// The encoding of the text that is set in this font, and whether the font shows small letters as capitals
/// (`.VnTimeH`); None where the name tells nothing.
///
/// Takes names as PDF files have them: `ABCDEF+.VnTime,Bold`, `VNI-Times`, `#2EVnArialH`.
pub fn encoding_of(font: &str) -> Option<(Encoding, bool)> {
    let name = match font.split_once('+') {
        Some((tag, name)) if tag.len() == 6 && tag.bytes().all(|b| b.is_ascii_uppercase()) => name,
        _ => font,
    };
    let name = name.trim_start_matches("#2E").trim_start_matches(['.', '_', '#']);
    let has = |prefix: &str| name.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    if has("VNI-") || has("VNI ") || has("VNI_") {
        return Some((Encoding::Vni, false));
    }
    if has("VPS ") || has("VPS-") || has("VPSTimes") || has("VPSHelv") {
        return Some((Encoding::Vps, false));
    }
    if name.to_ascii_uppercase().contains("VISCII") || has("VI Times") || has("VI-Times") || has("VI Arial") {
        return Some((Encoding::Viscii, false));
    }
    // `.VnTime`, `.Vn3DH`: the family name begins with a capital or a digit after `Vn`.
    let family = name.strip_prefix("Vn").or_else(|| name.strip_prefix("VN"))?;
    if !family.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit()) {
        return None;
    }
    let family = family.split([',', '-']).next().unwrap_or_default().trim_end();
    let family = ["BoldItalic", "Bold", "Italic"].iter().find_map(|style| family.strip_suffix(style)).unwrap_or(family);
    let family = family.trim_end();
    let capitals =
        family.strip_suffix('H').is_some_and(|rest| rest.ends_with(|c: char| !c.is_ascii_uppercase() || rest == "3D"));
    Some((Encoding::Tcvn3, capitals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_fonts_tell() {
        for (font, expected) in [
            (".VnTime", Some((Encoding::Tcvn3, false))),
            (".VnTimeH", Some((Encoding::Tcvn3, true))),
            ("ABCDEF+.VnTimeH,Bold", Some((Encoding::Tcvn3, true))),
            (".VnArial NarrowH", Some((Encoding::Tcvn3, true))),
            ("#2EVnArial-Bold", Some((Encoding::Tcvn3, false))),
            (".Vn3DH", Some((Encoding::Tcvn3, true))),
            ("VnTimeHBold", Some((Encoding::Tcvn3, true))),
            ("VNI-Times", Some((Encoding::Vni, false))),
            ("GHIJKL+VNI-Helve-Bold", Some((Encoding::Vni, false))),
            ("VPS Times", Some((Encoding::Vps, false))),
            ("Times VISCII", Some((Encoding::Viscii, false))),
            ("TimesNewRomanPSMT", None),
            ("Vnf", None),
            ("Arial", None),
            ("", None),
        ] {
            assert_eq!(encoding_of(font), expected, "{font}");
        }
    }
}

//! An ICC profile of sRGB, made from its definition: the output intent of PDF/A.

/// The colorants of sRGB adapted to D50 by Bradford's matrix, as (X, Y, Z) of red, green and blue (IEC 61966-2-1 with
/// ICC.1:2001-04, annex E).
const COLORANTS: [(&[u8; 4], [f64; 3]); 3] = [
    (b"rXYZ", [0.436_066, 0.222_488, 0.013_916]),
    (b"gXYZ", [0.385_147, 0.716_873, 0.097_076]),
    (b"bXYZ", [0.143_066, 0.060_608, 0.714_096]),
];
/// The white of the profile connection space, D50.
const D50: [f64; 3] = [0.964_20, 1.0, 0.824_91];
/// Points of the tone curve: with 1,024 its error is below one step of eight bits everywhere.
const POINTS: u16 = 1024;
/// What its owner says of its use; it is made by this program and owned by nobody.
const RIGHTS: &str = "No copyright, use freely";
const NAME: &str = "sRGB IEC61966-2.1";

/// The profile, version 2.1: a matrix and one tone curve for the three colours.
pub(super) fn srgb() -> Vec<u8> {
    let mut tags: Vec<(&[u8; 4], usize)> = Vec::new();
    let mut bodies: Vec<Vec<u8>> = Vec::new();
    let mut add = |names: &[&'static [u8; 4]], body: Vec<u8>| {
        tags.extend(names.iter().map(|name| (*name, bodies.len())));
        bodies.push(body);
    };
    add(&[b"desc"], described(NAME));
    add(&[b"cprt"], [b"text\0\0\0\0", RIGHTS.as_bytes(), b"\0"].concat());
    add(&[b"wtpt"], xyz(D50));
    for (name, colorant) in COLORANTS {
        add(&[name], xyz(colorant));
    }
    add(&[b"rTRC", b"gTRC", b"bTRC"], curve());

    let mut at = 128 + 4 + 12 * tags.len();
    let mut places = Vec::new();
    for body in &bodies {
        places.push((at as u32, body.len() as u32));
        at = (at + body.len()).next_multiple_of(4);
    }
    let mut profile = header(at as u32);
    profile.extend((tags.len() as u32).to_be_bytes());
    for (name, body) in &tags {
        profile.extend(*name);
        profile.extend(places[*body].0.to_be_bytes());
        profile.extend(places[*body].1.to_be_bytes());
    }
    for body in bodies {
        profile.extend(body);
        profile.resize(profile.len().next_multiple_of(4), 0);
    }
    profile
}

/// The header (ICC.1:2001-04, 6.1): a display's profile from RGB to XYZ.
fn header(size: u32) -> Vec<u8> {
    let mut header = Vec::with_capacity(128);
    header.extend(size.to_be_bytes());
    header.extend([0; 4]);
    header.extend([2, 0x10, 0, 0]);
    header.extend(b"mntrRGB XYZ ");
    // The date of the profile: that of the standard's first year, the same in every run.
    header.extend([2000_u16, 1, 1, 0, 0, 0].iter().flat_map(|n| n.to_be_bytes()));
    header.extend(b"acsp");
    header.extend([0; 28]);
    header.extend(D50.iter().flat_map(|&n| fixed(n)));
    header.resize(128, 0);
    header
}

/// A number with 16 bits after the point.
fn fixed(number: f64) -> [u8; 4] {
    ((number * 65536.0).round() as i32).to_be_bytes()
}

fn xyz(values: [f64; 3]) -> Vec<u8> {
    let mut body = b"XYZ \0\0\0\0".to_vec();
    body.extend(values.iter().flat_map(|&v| fixed(v)));
    body
}

fn described(text: &str) -> Vec<u8> {
    let mut body = b"desc\0\0\0\0".to_vec();
    body.extend((text.len() as u32 + 1).to_be_bytes());
    body.extend(text.as_bytes());
    // The end of the text, then no text in Unicode and none for Macintosh, whose room is kept.
    body.resize(body.len() + 1 + 4 + 4 + 2 + 1 + 67, 0);
    body
}

/// The tone curve of sRGB (IEC 61966-2-1, 5.2).
fn curve() -> Vec<u8> {
    let mut body = b"curv\0\0\0\0".to_vec();
    body.extend(u32::from(POINTS).to_be_bytes());
    for point in 0..POINTS {
        let value = f64::from(point) / f64::from(POINTS - 1);
        let light = if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
        body.extend(((light * 65535.0).round() as u16).to_be_bytes());
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_lies_in_the_profile_and_the_colorants_make_white() {
        let profile = srgb();
        let number = |at: usize| u32::from_be_bytes(profile[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(number(0), profile.len());
        for tag in 0..number(128) {
            let entry = 132 + 12 * tag;
            assert!(number(entry + 4) + number(entry + 8) <= profile.len());
            assert_eq!(number(entry + 4) % 4, 0);
        }
        for axis in 0..3 {
            let sum: f64 = COLORANTS.iter().map(|c| c.1[axis]).sum();
            assert!((sum - D50[axis]).abs() < 2e-3, "{axis}: {sum}");
        }
    }
}

//! The resolution of a page: what the file claims, whether that can be, and what it must be otherwise.

use crate::diagnostics::Diagnostic;

/// A4 in inches (ISO 216), the paper of nearly every administrative document.
const A4: (f32, f32) = (8.27, 11.69);
/// No scanner or fax works below or above these, in dots per inch.
const DEVICES: std::ops::RangeInclusive<f32> = 50.0..=1300.0;
/// Longest side in inches that office scanners take (A3, with some margin).
const LONGEST_OFFICE: f32 = 17.5;
/// Longest side in inches that is credible at all (A0, with some margin).
const LONGEST: f32 = 50.0;
/// Claims below this are what cameras and programs write when they know nothing (72 and 96).
const UNSURE_BELOW: f32 = 100.0;
/// Shortest credible long side of a whole page in inches; below it, only usual resolutions are believed.
const SHORTEST: f32 = 3.0;
/// Resolutions that scanners offer, in dots per inch; estimates this near (3 %) are taken for them.
const USUAL: [f32; 10] = [75.0, 100.0, 150.0, 200.0, 240.0, 300.0, 360.0, 400.0, 600.0, 1200.0];

/// What a file says about a page's resolution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Claim {
    /// Nothing.
    None,
    /// Dots per inch, horizontally and vertically.
    Dpi(f32, f32),
    /// Known, because the page was rasterised at it.
    Exact(f32),
}

/// The resolution that a page is taken to have, horizontally and vertically.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dpi {
    pub(super) x: f32,
    pub(super) y: f32,
}

impl Dpi {
    /// The larger of the two; pixels are made square at it.
    pub(super) fn larger(&self) -> f32 {
        self.x.max(self.y)
    }
}

/// The resolution of a page of this size in pixels: the claim where it can be true, an estimate with a remark otherwise.
pub(super) fn settle(claim: Claim, width: u32, height: u32, diagnostics: &mut Vec<Diagnostic>) -> Dpi {
    let said = match claim {
        Claim::Exact(dpi) => return Dpi { x: dpi, y: dpi },
        Claim::Dpi(x, y) if credible(x, y, width, height) => return Dpi { x: whole(x), y: whole(y) },
        Claim::Dpi(x, y) if (x - y).abs() < 0.5 => format!("its resolution is said to be {x:.0} dpi, which cannot be"),
        Claim::Dpi(x, y) => format!("its resolution is said to be {x:.0} x {y:.0} dpi, which cannot be"),
        Claim::None => "the file does not tell its resolution".into(),
    };
    let dpi = estimate(width, height);
    diagnostics.push(
        Diagnostic::info(format!("{said}; {dpi:.0} dpi is assumed, as for a page of A4"))
            .hint("scan with the resolution recorded in the file"),
    );
    Dpi { x: dpi, y: dpi }
}

/// The whole number that is meant where dots per metre or centimetre were rounded on the way.
fn whole(dpi: f32) -> f32 {
    if (dpi - dpi.round()).abs() < 0.05 { dpi.round() } else { dpi }
}

/// Whether a page of this size in pixels can have been made at this resolution.
fn credible(x: f32, y: f32, width: u32, height: u32) -> bool {
    let (low, high) = (x.min(y), x.max(y));
    // Fax modes differ by a factor of two between the directions (204 x 98 dpi), nothing by much more.
    if !(x.is_finite() && y.is_finite() && DEVICES.contains(&low) && DEVICES.contains(&high) && high / low <= 2.5) {
        return false;
    }
    let (w, h) = (width as f32 / x, height as f32 / y);
    let long = w.max(h);
    if long < SHORTEST {
        return (UNSURE_BELOW..=600.0).contains(&high);
    }
    long <= LONGEST_OFFICE || (low >= UNSURE_BELOW && long <= LONGEST)
}

/// The resolution at which a page of this size in pixels is A4; a strip or a cutting is as wide as the paper.
fn estimate(width: u32, height: u32) -> f32 {
    let (width, height) = (width as f32, height as f32);
    let (short, long) = (width.min(height), width.max(height));
    let dpi = if long <= 1.6 * short { (short / A4.0).max(long / A4.1) } else { width / A4.0 };
    let near = USUAL.into_iter().find(|usual| (dpi / usual - 1.0).abs() < 0.03);
    near.unwrap_or(dpi.round()).clamp(*DEVICES.start(), *DEVICES.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_believed_where_they_can_be_true() {
        let cases = [
            (Claim::Dpi(300.0, 300.0), 2480, 3508, 300.0, true),
            (Claim::Dpi(100.0, 100.0), 829, 1181, 100.0, true),
            (Claim::Dpi(204.0, 98.0), 1728, 1100, 204.0, true),
            (Claim::Dpi(300.0, 300.0), 600, 120, 300.0, true),
            (Claim::Dpi(600.0, 600.0), 7016, 9921, 600.0, true),
            (Claim::Dpi(72.0, 72.0), 2480, 3508, 300.0, false),
            (Claim::Dpi(1.0, 1.0), 1653, 2339, 200.0, false),
            (Claim::Dpi(10_000.0, 10_000.0), 2480, 3508, 300.0, false),
            (Claim::Dpi(f32::NAN, 300.0), 2480, 3508, 300.0, false),
            (Claim::None, 3508, 2480, 300.0, false),
            (Claim::None, 2000, 300, 242.0, false),
            (Claim::None, 1, 1, 50.0, false),
        ];
        for (claim, width, height, dpi, believed) in cases {
            let mut remarks = Vec::new();
            let settled = settle(claim, width, height, &mut remarks);
            assert!((settled.larger() - dpi).abs() < 3.0, "{claim:?} {width}x{height}: {settled:?}");
            assert_eq!(remarks.is_empty(), believed, "{claim:?} {width}x{height}");
        }
    }
}

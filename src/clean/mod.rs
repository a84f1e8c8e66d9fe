//! Second step: orientation, skew, seal, background, speckle and borders; each keeps the transform back to the page as scanned.
//!
//! Each step is a function on pixels that hands out what it found; [`Cleaner`] puts them in order. Straightening and
//! scaling share one interpolation, and what needs neither is not interpolated at all.

mod border;
mod colour;
pub(crate) mod components;
mod leader;
mod letter_height;
mod orientation;
mod paper;
mod resample;
mod skew;
mod speckle;
mod stretches;

pub use colour::Inks;
pub(crate) use components::{Piece, Pieces};
pub use leader::{Leader, Letters, take_leaders};
pub use orientation::Legibility;
pub(crate) use paper::{ink_level, ink_threshold};
pub use resample::Turn;
pub use speckle::Specks;

use crate::diagnostics::{Diagnostic, Outcome};
use crate::document::Place;
use crate::geometry::{Rect, Transform};
use crate::raster::PageImage;
use image::{DynamicImage, GrayImage, Luma, imageops};
use resample::Filter;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Defines the cleaning steps: the switch of each, and what it sees to.
macro_rules! steps {
    ($($(#[doc = $does:literal])* $switch:ident: $(#[doc = $about:literal])* $step:ident,)*) => {
        /// Which cleaning steps are done; all of them unless switched off.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub struct CleanOptions {
            $($(#[doc = $does])* pub $switch: bool,)*
        }

        /// A cleaning step, by what it sees to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
        pub enum CleaningStep {
            $($(#[doc = $about])* $step,)*
        }

        impl CleanOptions {
            fn each(done: impl Fn(CleaningStep) -> bool) -> Self {
                CleanOptions { $($switch: done(CleaningStep::$step),)* }
            }
        }
    };
}

steps! {
    /// Take the red ink of seals off the print under it.
    seals:
    /// Red ink of seals.
    Seals,
    /// Turn pages of light print on dark paper into dark on light.
    invert:
    /// Light print on dark paper.
    Invert,
    /// Make grey paper white and take show-through off.
    paper:
    /// Grey paper and show-through.
    Paper,
    /// Take black edges and punch holes off.
    borders:
    /// Black edges and punch holes.
    Borders,
    /// Take dust and streaks off.
    specks:
    /// Dust and streaks.
    Specks,
    /// Turn pages that lie on their side or head.
    turn:
    /// Pages on their side or head.
    Turn,
    /// Straighten skewed pages.
    skew:
    /// Skewed pages.
    Skew,
    /// Scale pages of low resolution up and of high resolution down.
    scale:
    /// Low and high resolutions.
    Scale,
}

impl Default for CleanOptions {
    fn default() -> Self {
        CleanOptions::each(|_| true)
    }
}

impl CleanOptions {
    /// No step at all: the page in grey.
    pub fn none() -> Self {
        CleanOptions::each(|_| false)
    }

    /// All steps but these.
    pub fn without(steps: &[CleaningStep]) -> Self {
        CleanOptions::each(|step| !steps.contains(&step))
    }
}

/// What the steps found on one page. Rectangles are in pixels of the page as it came.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Findings {
    /// Seals and blue ink.
    pub inks: Inks,
    /// Whether the page was light on dark.
    pub inverted: bool,
    /// Whether the page has two grey levels only.
    pub bilevel: bool,
    /// Whether the paper was grey and has been made white.
    pub lifted: bool,
    /// Black edges that were whitened.
    pub edges: Vec<Rect>,
    /// Punch holes that were whitened.
    pub holes: Vec<Rect>,
    /// Dust and streaks that were taken off.
    pub specks: Specks,
    /// The resolution by the height of the letters, in dots per inch, where the one that the file tells cannot be; else None.
    pub measured: Option<f32>,
    /// How the page was turned to stand upright.
    pub turn: Turn,
    /// How likely print is to be upright on the page as it lay and turned by 90, 180 and 270 degrees, as logarithms of odds; all 0
    /// where none was read.
    pub ways: [f32; 4],
    /// Degrees by which the lines were turned clockwise to lie level; 0 where they were left alone.
    pub straightened: f32,
    /// Degrees by which they would have had to be turned; None where no lines were found.
    pub skew: Option<f32>,
    /// How much larger the page was made.
    pub scale: f32,
    /// Share of the cleaned page that is ink.
    pub ink: f32,
    /// Whether nothing that could be read is on the page. Such a page comes out wholly white.
    pub blank: bool,
}

/// A skew under this, in degrees, is left alone where nothing else asks for interpolation: on a 300 dpi bilevel page
/// skewed by 0.65 degrees straightening raised the engine's word errors from 4.9 to 8.3 % (docs/cleaning.md).
const SKEW_LEFT_ALONE: f32 = 1.0;

/// The same for pages that are scaled anyway, for which straightening costs nothing.
const SKEW_SCALED: f32 = 0.1;

/// Paper that is left around the print of a page that was straightened, 20 mm as around any document (Decree 30/2020/NĐ-CP, appendix I).
/// Its canvas has grown by the corners, up to three tenths a side of it white, and a line finder that looks at the whole of it
/// sees print that much smaller.
const MARGIN_INCHES: f32 = 0.8;

/// The resolution in dots per inch at which the engine reads best.
const BEST_DPI: f32 = 300.0;

/// Lines at least this clear (see `skew::Lines`) are believed.
const CLEAR: f32 = 1.25;

/// Pages of less than this are enlarged: the line network reads figures of 200 dpi better so (docs/cleaning.md).
const ENLARGED_BELOW: f32 = 240.0;

/// The same where Tesseract reads alone, which takes 1.4 times as long for enlarged pages of 200 dpi and reads them no better.
const ENLARGED_BELOW_ALONE: f32 = 190.0;

/// Makes pages fit for recognition.
#[derive(Clone)]
pub struct Cleaner {
    options: CleanOptions,
    enlarged_below: f32,
    reader: Option<Arc<dyn Legibility>>,
}

impl fmt::Debug for Cleaner {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Cleaner").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Default for Cleaner {
    fn default() -> Self {
        Cleaner::new(CleanOptions::default())
    }
}

impl Cleaner {
    /// A cleaner that does these steps.
    pub fn new(options: CleanOptions) -> Self {
        Cleaner { options, enlarged_below: ENLARGED_BELOW, reader: None }
    }

    /// The same with a reader that tells which way up a page lies; without one no page is turned.
    pub fn with_reader(self, reader: Arc<dyn Legibility>) -> Self {
        Cleaner { reader: Some(reader), ..self }
    }

    /// The same for pages that Tesseract reads alone.
    pub fn for_tesseract(self) -> Self {
        Cleaner { enlarged_below: ENLARGED_BELOW_ALONE, ..self }
    }

    /// The page in grey, upright, level, white where there is no print, at a resolution that the engine likes; its
    /// `to_page` leads back to the page as scanned. A blank page comes out wholly white, with a remark that says so.
    pub fn clean(&self, image: PageImage) -> Outcome<PageImage> {
        let place = Place::page(image.page);
        let (page, findings) = self.examine(image);
        Outcome { value: page, diagnostics: findings.remarks().into_iter().map(|d| d.at(place)).collect() }
    }

    /// As [`Cleaner::clean`], with what each step found.
    pub fn examine(&self, image: PageImage) -> (PageImage, Findings) {
        let options = &self.options;
        let mut found = Findings { scale: 1.0, ..Findings::default() };
        let mut dpi = image.dpi;
        let mut back = Transform::IDENTITY;

        let mut grey = match image.pixels {
            DynamicImage::ImageRgb8(mut colour) => {
                // Seals are told by their red, which a negative shows as its opposite.
                if options.invert && paper::is_inverted(&imageops::grayscale(&colour)) {
                    imageops::invert(&mut colour);
                    found.inverted = true;
                }
                let (grey, inks) = colour::to_grey(&colour, dpi, options.seals);
                found.inks = inks;
                grey
            }
            other => other.into_luma8(),
        };
        if options.scale && dpi >= 1.5 * BEST_DPI {
            let factor = (dpi / BEST_DPI).round();
            grey = resample::shrink(&grey, factor as u32);
            back = Transform::scale(f64::from(factor));
            dpi /= factor;
        }
        if options.invert && !found.inverted && paper::is_inverted(&grey) {
            imageops::invert(&mut grey);
            found.inverted = true;
        }
        found.bilevel = paper::is_bilevel(&grey);
        if options.paper
            && !found.bilevel
            && let Some(lifted) = paper::lift(&grey, dpi)
        {
            grey = lifted;
            found.lifted = true;
        }
        let threshold = paper::ink_threshold(&grey);
        if options.scale
            && let Some(measured) = letter_height::resolution(&grey, threshold, dpi)
        {
            found.measured = Some(measured);
            dpi = measured;
        }
        if options.borders {
            let border = border::remove(&mut grey, dpi);
            found.edges = border.edges.iter().map(|r| back.rect(r)).collect();
            found.holes = border.holes.iter().map(|r| back.rect(r)).collect();
        }
        if options.specks {
            found.specks = speckle::remove(&mut grey, dpi, threshold, found.bilevel);
        }

        let small = resample::shrink(&grey, ((dpi / 75.0) as u32).max(1));
        found.ink = ink(&small, threshold);
        found.blank = options.specks && found.specks.letters == 0 || found.ink < 2e-5;
        let reader = self.reader.as_deref().filter(|_| options.turn && !found.blank);
        let seen = orientation::find(&grey, &small, threshold.saturating_add(20), reader);
        let clear = seen.lines.filter(|l| l.clearness >= CLEAR);
        (found.turn, found.ways) = (seen.turn, seen.evidence);
        found.skew = clear.map(|l| l.degrees);
        if found.blank {
            grey.pixels_mut().for_each(|p| *p = Luma([255]));
        }
        let (mut grey, turned) = found.turn.apply(grey);
        back = turned.then(&back);

        let enlarged = options.scale && dpi < self.enlarged_below;
        let scale = if enlarged { (BEST_DPI / dpi).min(4.0) } else { 1.0 };
        let least = if scale == 1.0 { SKEW_LEFT_ALONE } else { SKEW_SCALED };
        let skew = found.skew.filter(|d| options.skew && d.abs() >= least).unwrap_or(0.0);
        if !found.blank && (skew != 0.0 || scale != 1.0) {
            let filter = if found.bilevel { Filter::Smooth } else { Filter::Sharp };
            let (straight, moved) = resample::straighten(&grey, skew, scale, filter);
            grey = straight;
            back = moved.then(&back);
            dpi *= scale;
            if skew.abs() >= SKEW_LEFT_ALONE {
                let (part, moved) = border::trim(grey, threshold.saturating_add(20), (MARGIN_INCHES * dpi) as u32);
                grey = part;
                back = moved.then(&back);
            }
            (found.straightened, found.scale) = (skew, scale);
        }
        if options.paper {
            paper::even(&mut grey);
        }
        let to_page = back.then(&image.to_page);
        (PageImage { page: image.page, pixels: DynamicImage::ImageLuma8(grey), dpi, to_page }, found)
    }
}

/// Share of the page that is ink.
fn ink(page: &GrayImage, threshold: u8) -> f32 {
    page.as_raw().iter().filter(|&&v| v < threshold).count() as f32 / page.as_raw().len().max(1) as f32
}

impl Findings {
    /// What a reader of the report should know of it.
    pub fn remarks(&self) -> Vec<Diagnostic> {
        let mut remarks = Vec::new();
        if self.blank {
            remarks.push(Diagnostic::info("the page is blank"));
        }
        if let Some(dpi) = self.measured {
            let message = format!(
                "by the height of its letters the page has {dpi:.0} dpi, not what the file says; it is read so"
            );
            remarks.push(Diagnostic::info(message).hint("scan with the resolution recorded in the file"));
        }
        if self.inverted {
            remarks.push(Diagnostic::info("the page was light on dark and has been inverted"));
        }
        if self.turn != Turn::None {
            remarks.push(Diagnostic::info(format!("the page was turned by {} degrees", self.turn.degrees())));
        }
        if self.straightened.abs() >= 3.0 {
            remarks.push(Diagnostic::info(format!("the page was skewed by {:.1} degrees", -self.straightened)));
        }
        if !self.inks.seals.is_empty() {
            remarks.push(Diagnostic::info("a red seal lies over the page; words under it may be misread"));
        }
        remarks
    }
}

//! A line as the network sees it in one cut. The same line cut a little higher, lower or wider gives other values at every pixel of
//! the network's input, and another chance to tell what is printed.

use super::scorer::CropView;
use super::segment::REACH;
use crate::error::Result;
use crate::ocr::{LineBox, LineNetwork, Run, Steps, Strip};
use image::GrayImage;
use std::ops::Range;

/// How a cut differs from the one around the line as it was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct CropShape {
    /// Its height over that of the line.
    pub height: f32,
    /// How much lower it lies, in heights of the line.
    pub lower: f32,
}

impl Default for CropShape {
    fn default() -> Self {
        CropShape { height: 1.0, lower: 0.0 }
    }
}

/// One cut and what the network reads in it.
pub(super) struct Crop {
    pub strip: Strip,
    pub steps: Steps,
    pub runs: Vec<Run>,
}

impl Crop {
    /// Cuts the line and reads it. None where nothing of it lies on the page.
    pub fn take(page: &GrayImage, line: &LineBox, cut: CropShape, model: &dyn LineNetwork) -> Result<Option<Crop>> {
        let mut line = *line;
        let height = line.rect.height();
        let (middle, half) = (line.rect.centre().1 + cut.lower * height, cut.height * height / 2.0);
        (line.rect.y0, line.rect.y1) = (middle - half, middle + half);
        let Some(strip) = Strip::cut(page, &line) else { return Ok(None) };
        let steps = model.read(&strip)?;
        let runs = steps.runs();
        Ok(Some(Crop { strip, steps, runs }))
    }

    /// What it shows in these steps, with these of its runs.
    pub fn view(&self, span: Range<usize>, runs: Range<usize>) -> CropView<'_> {
        CropView { strip: &self.strip, steps: &self.steps, span, runs: &self.runs[runs] }
    }

    /// What it shows of the place that is `span` in another look at the same line. None where it does not see the white that
    /// parts the place from its neighbours there.
    pub fn same(&self, other: &Crop, span: &Range<usize>, space: impl Fn(&Run) -> bool) -> Option<CropView<'_>> {
        let here = |step: usize| self.strip.step_of_x(other.strip.x_of_step(step as f32));
        let parting = |step: usize| {
            let at = here(step);
            let off = |run: &Run| {
                let (from, to) = (run.steps.start as f32, run.steps.end as f32);
                (from - at).max(at - to).max(0.0)
            };
            let spaces = self.runs.iter().enumerate().filter(|(_, r)| space(r) && off(r) <= 2.0 * REACH);
            spaces.min_by(|a, b| off(a.1).total_cmp(&off(b.1))).map(|(index, _)| index)
        };
        let (mut steps, mut runs) = (0..self.steps.len(), 0..self.runs.len());
        if span.start > 0 {
            let index = parting(span.start)?;
            (steps.start, runs.start) = (self.runs[index].steps.end, index + 1);
        }
        if span.end < other.steps.len() {
            let index = parting(span.end)?;
            (steps.end, runs.end) = (self.runs[index].steps.start, index);
        }
        (steps.start < steps.end && runs.start <= runs.end).then(|| self.view(steps, runs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use image::Luma;

    /// A look with letters, class 2, and spaces, class 1, at these places of the page.
    fn crop(height: f32, letters: &[f32], spaces: &[f32]) -> Crop {
        let page = GrayImage::from_pixel(600, 200, Luma([255]));
        let half = 15.0 * height;
        let line = LineBox { rect: Rect::new(50.0, 100.0 - half, 550.0, 100.0 + half), slope: 0.0 };
        let strip = Strip::cut(&page, &line).unwrap();
        let length = strip.step_of_x(550.0) as usize + 2;
        let run = |class: usize| {
            let strip = &strip;
            move |&x: &f32| {
                let step = strip.step_of_x(x) as usize;
                Run { class, steps: step..step + 1, peak: -0.01 }
            }
        };
        let mut runs: Vec<Run> = letters.iter().map(run(2)).chain(spaces.iter().map(run(1))).collect();
        runs.sort_by_key(|r| r.steps.start);
        Crop { steps: Steps::new(vec![0.0; 3 * length], 3), runs, strip }
    }

    #[test]
    fn a_place_is_found_again_in_another_cut() {
        let space = |run: &Run| run.class == 1;
        let letters = [80.0, 120.0, 200.0, 240.0, 330.0, 400.0];
        let first = crop(1.0, &letters, &[160.0, 290.0]);
        let spans = [0..first.runs[2].steps.start, first.runs[2].steps.end..first.runs[5].steps.start];
        let other = crop(1.15, &letters, &[163.0, 287.0]);
        for (span, shown) in spans.iter().zip([0..2, 3..5]) {
            let view = other.same(&first, span, space).unwrap();
            assert_eq!(view.runs, &other.runs[shown]);
            assert!(view.runs.iter().all(|r| view.span.contains(&r.steps.start)), "{:?}", view.span);
        }
        // Where the other cut shows no white, it is another place.
        assert!(crop(1.15, &letters, &[163.0]).same(&first, &spans[1], space).is_none());
    }
}

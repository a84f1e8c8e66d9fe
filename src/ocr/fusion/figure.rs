//! What a line says if it is a figure: the network's likeliest strings of digits and signs.

use super::crop::{Crop, CropShape};
use crate::error::Result;
use crate::ocr::{LineBox, LineNetwork};
use crate::page::Alternative;
use image::GrayImage;

/// The looks at a line of which the likeliest strings are taken.
const CUTS: [CropShape; 3] = [
    CropShape { height: 1.0, lower: 0.0 },
    CropShape { height: 1.1, lower: 0.0 },
    CropShape { height: 0.92, lower: 0.03 },
];
/// Strings kept of each look.
const WIDTH: usize = 8;

/// The likeliest strings of `signs` in this line, the likeliest first, with their shares; `given` are weighed with them. Signs that the network does not know
/// count for nothing.
pub(in crate::ocr) fn read_figure(
    page: &GrayImage,
    place: &LineBox,
    signs: &str,
    given: &[String],
    model: &dyn LineNetwork,
) -> Result<Vec<Alternative>> {
    let class = |sign: char| model.letters().iter().position(|&letter| letter == sign).map(|at| at + 1);
    let allowed: Vec<usize> = signs.chars().filter_map(class).collect();
    let classes = |text: &str| text.chars().map(class).collect::<Option<Vec<usize>>>();
    let mut views = Vec::with_capacity(CUTS.len());
    for cut in CUTS {
        views.extend(Crop::take(page, place, cut, model)?.map(|crop| crop.steps.only(&allowed)));
    }
    let mut strings: Vec<Vec<usize>> = given.iter().filter_map(|text| classes(text)).collect();
    strings.extend(views.iter().flat_map(|view| view.best(0..view.len(), WIDTH)).map(|(string, _)| string));
    strings.sort();
    strings.dedup();
    let mut scratch = Vec::new();
    let mut weigh = |string: &Vec<usize>| {
        let of_views = views.iter().map(|view| view.score(0..view.len(), string, &mut scratch));
        of_views.sum::<f32>() / views.len() as f32
    };
    let scored: Vec<(f32, String)> = strings
        .iter()
        .map(|string| (weigh(string), string.iter().map(|&class| model.letters()[class - 1]).collect()))
        .filter(|(score, _): &(f32, String)| *score > f32::NEG_INFINITY)
        .collect();
    let best = scored.iter().map(|(score, _)| *score).fold(f32::NEG_INFINITY, f32::max);
    let all: f32 = scored.iter().map(|(score, _)| (score - best).exp()).sum();
    let mut found: Vec<Alternative> =
        scored.into_iter().map(|(score, text)| Alternative { text, confidence: (score - best).exp() / all }).collect();
    found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then_with(|| a.text.cmp(&b.text)));
    Ok(found)
}

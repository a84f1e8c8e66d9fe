//! Where on a page ruled tables stand: level and upright rules that touch each other.

use super::rules::Rule;
use crate::geometry::Rect;

/// How far apart a rule may end from the one that it meets, in inches.
pub(super) const REACH: f32 = 0.06;

/// The most rules a page may have of one direction; more are a pattern.
const MOST_RULES: usize = 2000;

/// A place with a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Area {
    /// Around its rules, in pixels.
    pub rect: Rect,
    /// How much lower the level rules lie, a pixel to the right.
    pub level: f32,
    /// How much further right the upright rules lie, a pixel down.
    pub upright: f32,
}

/// The places where rules touch such that they may make cells, from the top.
pub(super) fn areas(level: &[Rule], upright: &[Rule], dpi: f32) -> Vec<Area> {
    if level.len() > MOST_RULES || upright.len() > MOST_RULES {
        return Vec::new();
    }
    let reach = REACH * dpi;
    let count = level.len() + upright.len();
    let mut group: Vec<usize> = (0..count).collect();
    for (i, h) in level.iter().enumerate() {
        for (j, v) in upright.iter().enumerate() {
            if meet(h, v, reach) {
                let (a, b) = (root(&mut group, i), root(&mut group, level.len() + j));
                group[a.max(b)] = a.min(b);
            }
        }
    }
    let mut found = Vec::new();
    for first in 0..level.len() {
        if root(&mut group, first) != first {
            continue;
        }
        let h: Vec<&Rule> = (0..level.len()).filter(|&i| root(&mut group, i) == first).map(|i| &level[i]).collect();
        let v: Vec<&Rule> =
            (0..upright.len()).filter(|&j| root(&mut group, level.len() + j) == first).map(|j| &upright[j]).collect();
        if h.len() < 2 || v.is_empty() {
            continue;
        }
        let across = h.iter().map(|r| Rect::new(r.start, r.at - r.thickness / 2.0, r.end, r.at + r.thickness / 2.0));
        let down = v.iter().map(|r| Rect::new(r.at - r.thickness / 2.0, r.start, r.at + r.thickness / 2.0, r.end));
        let rects: Vec<Rect> = across.chain(down).collect();
        if let Some(rect) = Rect::bounding(&rects) {
            found.push(Area { rect, level: slope(&h), upright: slope(&v) });
        }
    }
    found.sort_by(|a, b| a.rect.y0.total_cmp(&b.rect.y0).then(a.rect.x0.total_cmp(&b.rect.x0)));
    found
}

/// Whether two rules touch or cross.
fn meet(level: &Rule, upright: &Rule, reach: f32) -> bool {
    let x = upright.at(level.at);
    let y = level.at(x.clamp(level.start, level.end));
    let x = upright.at(y.clamp(upright.start, upright.end));
    x >= level.start - reach && x <= level.end + reach && y >= upright.start - reach && y <= upright.end + reach
}

/// The slope of most of the rules, by their lengths.
fn slope(rules: &[&Rule]) -> f32 {
    let mut slopes: Vec<(f32, f32)> = rules.iter().map(|r| (r.slope, r.length())).collect();
    slopes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = slopes.iter().map(|s| s.1).sum::<f32>() / 2.0;
    let mut sum = 0.0;
    for (slope, length) in slopes {
        sum += length;
        if sum >= half {
            return slope;
        }
    }
    0.0
}

fn root(group: &mut [usize], mut at: usize) -> usize {
    while group[at] != at {
        group[at] = group[group[at]];
        at = group[at];
    }
    at
}

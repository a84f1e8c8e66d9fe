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

/// Level rules that stand below each other and end where each other do are a table's where they are no shorter than this, in inches,
const LONG: f32 = 3.0;
/// end this near to each other,
const ALIKE: f32 = 0.1;
/// are no further apart,
const APART: f32 = 3.0;
/// and no fewer.
const LEAST_RULES: usize = 3;

/// The places where level rules alone stand as those of a table do, in none of the areas that are `known`, from the top.
pub(super) fn of_level_rules(level: &[Rule], known: &[Area], dpi: f32) -> Vec<Area> {
    let free = |rule: &&Rule| {
        let x = (rule.start + rule.end) / 2.0;
        let inside = |area: &Area| {
            x >= area.rect.x0 && x <= area.rect.x1 && rule.at >= area.rect.y0 - 1.0 && rule.at <= area.rect.y1 + 1.0
        };
        rule.length() >= LONG * dpi && !known.iter().any(inside)
    };
    let mut sorted: Vec<&Rule> = level.iter().filter(free).collect();
    sorted.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut groups: Vec<Vec<&Rule>> = Vec::new();
    for rule in sorted {
        let alike = |other: &Rule| {
            (rule.start - other.start).abs() < ALIKE * dpi
                && (rule.end - other.end).abs() < ALIKE * dpi
                && rule.at - other.at < APART * dpi
        };
        match groups.iter_mut().find(|group| group.last().is_some_and(|last| alike(last))) {
            Some(group) => group.push(rule),
            None => groups.push(vec![rule]),
        }
    }
    groups.retain(|group| group.len() >= LEAST_RULES);
    let area = |group: Vec<&Rule>| {
        let rects = group.iter().map(|r| Rect::new(r.start, r.at - r.thickness / 2.0, r.end, r.at + r.thickness / 2.0));
        let rect = Rect::bounding(&rects.collect::<Vec<_>>())?;
        let slope = slope(&group);
        Some(Area { rect, level: slope, upright: -slope })
    };
    groups.into_iter().filter_map(area).collect()
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

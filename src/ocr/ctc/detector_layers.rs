//! The line detector: of every second place of a picture whether it is the core of a line, and how far up and down the line reaches.
//!
//! Four stages, each half as large as the one before, of inverted residual blocks (Sandler and others, MobileNetV2, CVPR 2018), whose
//! maps are added up from the smallest to the largest (Lin and others, feature pyramid networks, CVPR 2017).

use super::layers::{Dense, Depthwise, Map, Tensors};

/// Channels of the picture at half of its size, of each stage and of what is added up; sides of what a stage looks at, and its residual
/// blocks.
const STEM: usize = 16;
const STAGES: [(usize, usize, usize); 4] = [(24, 3, 1), (32, 3, 2), (48, 5, 2), (64, 5, 2)];
const PYRAMID: usize = 24;
/// Channels of the stem that the head sees once more.
const FINE: usize = 4;
/// The planes that come out.
const PLANES: usize = 3;
/// What the network's reaches are multiplied by, in places of the picture.
const REACH: f32 = 8.0;

/// The network's layers, ready to run.
pub(super) struct DetectorLayers {
    stem: Dense,
    stages: Vec<Stage>,
    /// By stage.
    laterals: Vec<Dense>,
    smooth: Depthwise,
    fine: Dense,
    head: (Dense, Depthwise, Dense),
}

struct Stage {
    shrink: Depthwise,
    widen: Dense,
    blocks: Vec<Residual>,
}

struct Residual {
    expand: Dense,
    around: Depthwise,
    project: Dense,
}

/// The exporter numbered the weights in the order of the graph, three to a layer.
struct Numbered<'a> {
    tensors: &'a Tensors<'a>,
    next: usize,
}

impl Numbered<'_> {
    fn names(&mut self) -> (String, String) {
        self.next += 3;
        (format!("onnx::Conv_{}", self.next - 3), format!("onnx::Conv_{}", self.next - 2))
    }

    fn dense(&mut self, outputs: usize, inputs: usize) -> Result<Dense, String> {
        let (weights, bias) = self.names();
        Dense::load(self.tensors, &weights, &bias, &[outputs, inputs, 1, 1])
    }

    fn depthwise(&mut self, channels: usize, size: usize, stride: usize) -> Result<Depthwise, String> {
        let (weights, bias) = self.names();
        Depthwise::load(self.tensors, &weights, Some(&bias), channels, (size, size), stride)
    }
}

impl DetectorLayers {
    pub fn load(tensors: &Tensors) -> Result<DetectorLayers, String> {
        let mut numbered = Numbered { tensors, next: 451 };
        let (weights, bias) = numbered.names();
        let stem = Dense::load(tensors, &weights, &bias, &[STEM, 1, 3, 3])?;
        let mut stages = Vec::with_capacity(STAGES.len());
        let mut before = STEM;
        for (channels, size, blocks) in STAGES {
            let (shrink, widen) = (numbered.depthwise(before, size, 2)?, numbered.dense(channels, before)?);
            let mut residual = || {
                Ok::<_, String>(Residual {
                    expand: numbered.dense(2 * channels, channels)?,
                    around: numbered.depthwise(2 * channels, size, 1)?,
                    project: numbered.dense(channels, 2 * channels)?,
                })
            };
            stages.push(Stage { shrink, widen, blocks: (0..blocks).map(|_| residual()).collect::<Result<_, _>>()? });
            before = channels;
        }
        let mut laterals = Vec::with_capacity(STAGES.len());
        for (channels, ..) in STAGES.iter().rev() {
            laterals.insert(0, numbered.dense(PYRAMID, *channels)?);
        }
        Ok(DetectorLayers {
            stem,
            stages,
            laterals,
            smooth: numbered.depthwise(PYRAMID, 3, 1)?,
            fine: numbered.dense(FINE, STEM)?,
            head: (
                numbered.dense(PYRAMID, PYRAMID + 4 * FINE)?,
                numbered.depthwise(PYRAMID, 3, 1)?,
                Dense::load(tensors, "head.2.weight", "head.2.bias", &[4 * PLANES, PYRAMID, 1, 1])?,
            ),
        })
    }

    /// The planes `[3, height / 2, width / 2]` of a picture whose sides are multiples of 32: the core as a logit, and the reaches, in places
    /// of the picture, where the core is more likely than not.
    pub fn run(&self, ink: &[f32], width: usize, height: usize) -> Result<Vec<f32>, String> {
        let stem = self.stem.run(&neighbourhoods(ink, width, height))?.hard_swish();
        let fine = self.fine.run(&stem)?.hard_swish();
        let mut maps: Vec<Map> = Vec::with_capacity(self.stages.len());
        for stage in &self.stages {
            let map = stage.run(maps.last().unwrap_or(&stem))?;
            maps.push(map);
        }
        let mut sum: Option<Map> = None;
        for (map, lateral) in maps.iter().zip(&self.laterals).rev() {
            let mut own = lateral.run(map)?.hard_swish();
            if let Some(smaller) = sum {
                own.add(&doubled(&smaller));
            }
            sum = Some(own);
        }
        let smooth = sum.map(|sum| self.smooth.run(&sum).hard_swish()).ok_or("the network has no stages")?;
        let (narrow, around, last) = &self.head;
        let seen = narrow.run(&beside(&smooth, &fine))?.hard_swish();
        let out = last.run(&around.run(&seen).hard_swish())?;
        Ok(planes(&out))
    }
}

impl Stage {
    fn run(&self, input: &Map) -> Result<Map, String> {
        let mut map = self.widen.run(&self.shrink.run(input).hard_swish())?.hard_swish();
        for block in &self.blocks {
            let wide = block.expand.run(&map)?.hard_swish();
            let wide = block.around.run(&wide).hard_swish();
            map.add(&block.project.run(&wide)?);
        }
        Ok(map)
    }
}

/// The nine places around every second place; beyond the picture is paper.
fn neighbourhoods(ink: &[f32], width: usize, height: usize) -> Map {
    let (high, wide) = (height / 2, width / 2);
    let mut map = Map::new(high, wide, 9);
    for (at, values) in map.values.chunks_exact_mut(9).enumerate() {
        let (y, x) = (at / wide * 2, at % wide * 2);
        for (k, value) in values.iter_mut().enumerate() {
            // Only above and to the left can one be beyond, as the sides are even.
            if let (Some(y), Some(x)) = ((y + k / 3).checked_sub(1), (x + k % 3).checked_sub(1)) {
                *value = ink[y * width + x];
            }
        }
    }
    map
}

/// Twice as large, each place as four.
fn doubled(map: &Map) -> Map {
    let mut out = Map::new(2 * map.height, 2 * map.width, map.channels);
    let wide = out.width;
    for (at, values) in out.values.chunks_exact_mut(map.channels).enumerate() {
        values.copy_from_slice(map.at(at / wide / 2, at % wide / 2));
    }
    out
}

/// The channels of `map`, and behind them those of the four places that `fine`, which is twice as large, has for each.
fn beside(map: &Map, fine: &Map) -> Map {
    let channels = map.channels + 4 * fine.channels;
    let mut out = Map::new(map.height, map.width, channels);
    for (at, values) in out.values.chunks_exact_mut(channels).enumerate() {
        let (y, x) = (at / map.width, at % map.width);
        let (own, more) = values.split_at_mut(map.channels);
        own.copy_from_slice(map.at(y, x));
        for corner in 0..4 {
            let seen = fine.at(2 * y + corner / 2, 2 * x + corner % 2);
            seen.iter().enumerate().for_each(|(c, value)| more[4 * c + corner] = *value);
        }
    }
    out
}

/// Each place's four corners as places of planes.
fn planes(map: &Map) -> Vec<f32> {
    let wide = 2 * map.width;
    let size = 2 * map.height * wide;
    let mut planes = vec![0.0; PLANES * size];
    for (at, values) in map.values.chunks_exact(4 * PLANES).enumerate() {
        let (y, x) = (at / map.width * 2, at % map.width * 2);
        for (channel, &value) in values.iter().enumerate() {
            let (plane, corner) = (channel / 4, channel % 4);
            let reach = || value.max(0.0) + (-value.abs()).exp().ln_1p();
            planes[plane * size + (y + corner / 2) * wide + x + corner % 2] = match plane {
                0 => value,
                // Of what is no core nobody asks how far it reaches.
                _ if values[corner] <= 0.0 => 0.0,
                _ => REACH * reach(),
            };
        }
    }
    planes
}
